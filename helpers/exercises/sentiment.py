"""Exercises of the lesson sentiment."""

import numpy as np

from helpers.exercises.engine import Exercise


def _splits(rng) -> list[tuple]:
    plain = (np.array([1, 1, 2]), np.array([True, False, True]))
    whole = (np.array([7, 7, 7, 8, 8, 9]), np.array([True, True, False, True, True, False]))
    drawn = [(rng.integers(0, n // 3, n), rng.uniform(size=n) < 0.4) for n in (14, 30, 45)]
    return [plain, whole, *drawn]


count_leaks = Exercise(
    right=lambda family, in_test: int(np.isin(family[in_test], family[~in_test]).sum()),
    draw=_splits,
    mistakes={
        "that counts families; how many test messages have a relative in training?": lambda family, in_test: len(
            np.intersect1d(family[in_test], family[~in_test])
        ),
        "that counts the training messages; count those in the test": lambda family, in_test: int(
            np.isin(family[~in_test], family[in_test]).sum()
        ),
        "that counts both sides; count the test messages alone": lambda family, in_test: int(
            np.isin(family, np.intersect1d(family[in_test], family[~in_test])).sum()
        ),
        "a family that is in the test as a whole does no harm": lambda family, in_test: int(
            sum(np.sum(family == each) > 1 for each in family[in_test])
        ),
    },
    also=[lambda family, in_test: sum(each in set(family[~in_test]) for each in family[in_test])],
)


def _steps(rng) -> list[tuple]:
    plain = (np.array([[1.0], [3.0], [8.0]]), np.array([True, True, False]))
    drawn = [(rng.normal(size=(n, 2)).round(2), np.arange(n) < real) for n, real in ((5, 3), (6, 4), (9, 2))]
    return [plain, *drawn]


masked_mean = Exercise(
    right=lambda vectors, is_word: vectors[is_word].mean(axis=0),
    draw=_steps,
    mistakes={
        "the padding is counted as if it were words": lambda vectors, _: vectors.mean(axis=0),
        "the padding adds nothing to the sum, but it still counts in the number": lambda vectors, is_word: (
            vectors[is_word].sum(axis=0) / len(vectors)
        ),
        "that is the sum; divide by the number of words": lambda vectors, is_word: vectors[is_word].sum(axis=0),
        "that is the last word alone": lambda vectors, is_word: vectors[is_word][-1],
        "one mean for each number of the vectors, not one for all": lambda vectors, is_word: np.full(
            vectors.shape[1], vectors[is_word].mean()
        ),
    },
    also=[lambda vectors, is_word: (vectors * is_word[:, np.newaxis]).sum(axis=0) / is_word.sum()],
)


def _forecasts(rng) -> list[tuple]:
    plain = (np.array([2.0, -1.5, 0.2]), np.array([1.0, 0.4, -0.3]), 0.5)
    drawn = []
    for n, margin in ((12, 0.5), (30, 1.0), (40, 1.5)):
        rating = rng.normal(0, 1.5, n).round(2) + 0.001
        drawn.append((rating, (0.6 * rating + rng.normal(0, 0.9, n)).round(2) + 0.001, margin))
    return [plain, *drawn]


def _share(right, chosen):
    return right[chosen].mean() if chosen.any() else 0.0


clear_accuracy = Exercise(
    right=lambda rating, forecast, margin: _share((rating > 0) == (forecast > 0), np.abs(rating) >= margin),
    draw=_forecasts,
    mistakes={
        "all messages are judged; leave out those whose rating is near 0": lambda rating, forecast, margin: np.mean(
            (rating > 0) == (forecast > 0)
        ),
        "what is clear is said by the rating, not by the forecast": lambda rating, forecast, margin: _share(
            (rating > 0) == (forecast > 0), np.abs(forecast) >= margin
        ),
        "angry messages are clear as well: their ratings are far below 0": lambda rating, forecast, margin: _share(
            (rating > 0) == (forecast > 0), rating >= margin
        ),
        "that is the share that is left; how many of these are right?": lambda rating, forecast, margin: np.mean(
            np.abs(rating) >= margin
        ),
        "divide by the number of clear messages, not by that of all": lambda rating, forecast, margin: np.mean(
            ((rating > 0) == (forecast > 0)) & (np.abs(rating) >= margin)
        ),
        "that is the share of mistakes": lambda rating, forecast, margin: _share(
            (rating > 0) != (forecast > 0), np.abs(rating) >= margin
        ),
    },
    also=[lambda rating, forecast, margin: np.mean((rating * forecast > 0)[np.abs(rating) >= margin])],
)
