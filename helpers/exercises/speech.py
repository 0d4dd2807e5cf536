"""Exercises of the lesson speech."""

import numpy as np

from helpers.exercises.engine import Exercise


def _padded(rng) -> list[tuple]:
    cases = [(np.array([[[2.0], [4.0], [0.0]], [[9.0], [0.0], [0.0]]]), np.array([2, 1]))]
    for clips, steps, features in ((3, 4, 2), (5, 6, 3)):
        lengths = rng.integers(1, steps, clips)
        x = rng.normal(1, 2, (clips, steps, features)).round(2)
        x[0, 0] = 0  # a real step may be 0
        cases.append((np.where((np.arange(steps) < lengths[:, None])[..., None], x, 0), lengths))
    return cases


def _real(x, lengths) -> np.ndarray:
    return x[np.arange(x.shape[1]) < np.asarray(lengths)[:, None]]


mean_of_real_steps = Exercise(
    right=lambda x, lengths: _real(x, lengths).mean(axis=0),
    draw=_padded,
    mistakes={
        "the padding is counted as well": lambda x, lengths: x.mean(axis=(0, 1)),
        "that is one number; one for each feature is asked for": lambda x, lengths: _real(x, lengths).mean(),
        "every clip counts the same, however long; every real step should": lambda x, lengths: (
            x.sum(axis=1) / np.asarray(lengths)[:, None]
        ).mean(axis=0),
        "a real step may be 0; `lengths` says which are real": [
            lambda x, lengths: x[(x != 0).any(axis=-1)].mean(axis=0),
            lambda x, lengths: x.sum(axis=(0, 1)) / (x != 0).sum(axis=(0, 1)),
        ],
        "divide by the number of real steps, not by that of the clips": lambda x, lengths: (
            x.sum(axis=(0, 1)) / len(lengths)
        ),
    },
    also=[lambda x, lengths: x.sum(axis=(0, 1)) / np.sum(lengths)],
)


def _splits(rng) -> list[tuple]:
    cases = [
        (["ann", "ann", "bob"], [True, False, False]),
        (["ann", "bob", "cat"], [True, False, True]),
        (["dan", "bob", "bob", "dan", "ann", "ann"], [True, True, False, False, False, False]),
    ]
    for people in (4, 6):
        voices = rng.choice(["ann", "bob", "cat", "dan", "eva", "fay"][:people], 14)
        cases.append((voices.tolist(), (rng.random(14) < 0.3).tolist()))
    return cases


def _sides(voices, learned) -> tuple[set, set]:
    voices, learned = np.asarray(voices), np.asarray(learned, dtype=bool)
    return set(voices[learned].tolist()), set(voices[~learned].tolist())


heard_before = Exercise(
    right=lambda voices, learned: set.intersection(*_sides(voices, learned)),
    draw=_splits,
    mistakes={
        "those are all voices that are judged; which of them were learned?": lambda v, learned: _sides(v, learned)[1],
        "those are all voices that were learned; which of them are judged?": lambda v, learned: _sides(v, learned)[0],
        "those are the voices on one side only; the others are asked for": lambda v, learned: set.symmetric_difference(
            *_sides(v, learned)
        ),
        "those are all voices": lambda v, learned: set(v),
        "those are new voices; the others are asked for": lambda v, learned: set.difference(*_sides(v, learned)[::-1]),
    },
    also=[
        lambda v, learned: sorted(a for a in set(v) if len({x for n, x in zip(v, learned, strict=True) if n == a}) > 1)
    ],
)


def _answers(rng) -> list[tuple]:
    cases = [
        (["es", "es", "es", "fr"], ["es", "es", "es", "es"]),
        (["es", "es", "fr", "fr", "fr"], ["es", "it", "fr", "fr", "es"]),
    ]
    for size in (12, 30):
        truth = np.concatenate([["es", "fr", "it"], rng.choice(["es", "fr", "it"], size, p=[0.6, 0.3, 0.1])])
        kept = rng.random(len(truth)) < 0.6
        cases.append((truth.tolist(), np.where(kept, truth, rng.choice(["es", "fr", "it"], len(truth))).tolist()))
    return cases


def _shares(truth, answer, of="truth") -> list[float]:
    truth, answer = np.asarray(truth), np.asarray(answer)
    groups = truth if of == "truth" else answer
    return [np.mean((truth == answer)[groups == language]) for language in np.unique(groups)]


balanced = Exercise(
    right=lambda truth, answer: np.mean(_shares(truth, answer)),
    draw=_answers,
    mistakes={
        "every clip counts the same here; every language should": lambda truth, answer: np.mean(
            np.asarray(truth) == np.asarray(answer)
        ),
        "of those *called* Spanish, so many are; asked for: of those that *are* Spanish, so many are called so": (
            lambda truth, answer: np.mean(_shares(truth, answer, "answer"))
        ),
        "that is the worst language; the mean of all is asked for": lambda truth, answer: min(_shares(truth, answer)),
        "that is one number a language; their mean is asked for": lambda truth, answer: _shares(truth, answer),
        "that is the share of errors": lambda truth, answer: 1 - np.mean(_shares(truth, answer)),
    },
    decimals=3,
    also=[lambda truth, answer: [float(np.mean(_shares(truth, answer)))]],
)
