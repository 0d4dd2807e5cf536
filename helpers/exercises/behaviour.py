"""Exercises of the lesson behaviour."""

import numpy as np

from helpers.exercises.engine import Exercise


def _shares(products, of, start=0, end=0):
    """Return for each place the shares of what was bought from `start` to the place + `end`; of nothing, zeros."""
    one_hot = np.eye(of)[np.asarray(products, dtype=int)]
    parts = [one_hot[start : max(place + end, 0)] for place in range(len(one_hot))]
    return np.array([part.mean(axis=0) if len(part) else np.zeros(of) for part in parts])


def _whole(products, of):
    return np.tile(np.eye(of)[np.asarray(products)].mean(axis=0), (len(products), 1))


def _without_today(products, of):
    one_hot = np.eye(of)[np.asarray(products)]
    return (one_hot.sum(axis=0) - one_hot) / (len(one_hot) - 1)


def _counts(products, of):
    return _shares(products, of) * np.arange(len(products))[:, np.newaxis]


def _last(products, of):
    return np.vstack([np.zeros((1, of)), np.eye(of)[np.asarray(products)][:-1]])


shares_so_far = Exercise(
    right=_shares,
    draw=lambda rng: [
        (np.array([1, 1, 0]), 2),
        *[(rng.integers(0, of, size), of) for of, size in ((3, 5), (4, 9), (10, 20))],
    ],
    mistakes={
        "that holds what is bought today, which is to be forecast": lambda p, of: _shares(p, of, end=1),
        "that is the share of the whole history: it knows the future": [_whole, _without_today],
        "those are counts; shares of what was bought so far add up to 1": _counts,
        "that is the last purchase alone": _last,
        "divide by the number of purchases so far, not by that of all": lambda p, of: _counts(p, of) / len(p),
        "before the first purchase there is no share: zeros": lambda p, of: np.vstack(
            [np.full((1, of), 1 / of), _shares(p, of)[1:]]
        ),
        "one purchase too few: the one just before is known": lambda p, of: _shares(p, of, end=-1),
    },
    also=[lambda p, of: _shares(p, of).tolist()],
)


def _losses(probabilities, products):
    return -np.log(np.take_along_axis(probabilities, products[..., np.newaxis], axis=-1)[..., 0])


def _real(losses, lengths):
    return np.arange(losses.shape[1]) < np.asarray(lengths)[:, np.newaxis]


def _by(total):
    """Return a function of a batch, which puts the losses and what is real together by `total`."""

    def loss(probabilities, products, lengths):
        losses = _losses(probabilities, products)
        return total(losses, _real(losses, lengths), np.asarray(lengths))

    return loss


def _batches(rng):
    def batch(households, steps, of):
        scores = rng.exponential(size=(households, steps, of)) + 0.05
        lengths = rng.permutation(np.r_[steps, 1, rng.integers(1, steps + 1, households - 2)])
        products = rng.integers(0, of, (households, steps))
        return scores / scores.sum(axis=-1, keepdims=True), np.where(_real(products, lengths), products, 0), lengths

    return [batch(2, 3, 2), batch(4, 6, 3), batch(7, 9, 10)]


masked_loss = Exercise(
    right=_by(lambda losses, real, _: losses[real].mean()),
    draw=_batches,
    mistakes={
        "the padded steps are counted": _by(lambda losses, *_: losses.mean()),
        "the padded steps cost nothing now, but they still count in the number that you divide by": _by(
            lambda losses, real, _: (losses * real).mean()
        ),
        "that is the mean of the households' means; each purchase counts the same": _by(
            lambda losses, real, lengths: ((losses * real).sum(axis=1) / lengths).mean()
        ),
        "that is the sum; the mean over the purchases is asked for": _by(lambda losses, real, _: losses[real].sum()),
        "that is the mean over households of their sums; divide by the number of purchases": _by(
            lambda losses, real, lengths: losses[real].sum() / len(lengths)
        ),
        "a loss is above 0: mind the sign": _by(lambda losses, real, _: -losses[real].mean()),
        "those are the padded steps alone": _by(
            lambda losses, real, _: losses[~real].mean() if (~real).any() else np.nan
        ),
        "take the natural logarithm": _by(lambda losses, real, _: losses[real].mean() / np.log(2)),
        "that is the mean probability: where is the logarithm?": _by(
            lambda losses, real, _: np.exp(-losses[real]).mean()
        ),
        "first the logarithm, then the mean": _by(lambda losses, real, _: -np.log(np.exp(-losses[real]).mean())),
    },
    also=[_by(lambda losses, real, lengths: (losses * real).sum() / sum(lengths))],
)


def _splits(rng):
    def drawn(rows, groups):
        households = np.sort(rng.integers(1, groups + 1, rows))
        order = rng.permutation(rows)
        return households, order[: rows // 2], order[rows // 2 : rows * 3 // 4]

    return [(np.array([1, 1, 1, 2, 2, 3]), np.array([0, 2, 3]), np.array([1, 4, 5])), drawn(30, 12), drawn(60, 30)]


crossing = Exercise(
    right=lambda households, learn, judge: np.intersect1d(households[learn], households[judge]),
    draw=_splits,
    mistakes={
        "those are rows; which households are in both?": lambda h, learn, judge: np.intersect1d(learn, judge),
        "that is how many; which ones?": lambda h, learn, judge: len(np.intersect1d(h[learn], h[judge])),
        "those are the households of either part": lambda h, learn, judge: np.union1d(h[learn], h[judge]),
        "those are in one part alone; in which are they both?": [
            lambda h, learn, judge: np.setdiff1d(h[judge], h[learn]),
            lambda h, learn, judge: np.setdiff1d(h[learn], h[judge]),
            lambda h, learn, judge: np.setxor1d(h[learn], h[judge]),
        ],
        "each household once": [
            lambda h, learn, judge: h[judge][np.isin(h[judge], h[learn])],
            lambda h, learn, judge: h[learn][np.isin(h[learn], h[judge])],
        ],
    },
    measure=lambda answer: answer if isinstance(answer, int | np.integer) else np.sort(list(answer)),
    also=[lambda h, learn, judge: set(h[learn].tolist()) & set(h[judge].tolist())],
)
