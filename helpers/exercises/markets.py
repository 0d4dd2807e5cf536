"""Exercises of the lesson markets."""

import numpy as np

from helpers.exercises.engine import Exercise


def _late(rng) -> list[tuple]:
    cases = []
    for days, late in ((12, 1), (30, 0), (40, 3), (60, 1), (60, 5), (200, 2)):
        truth = 100 + np.cumsum(rng.normal(0, 1, days + 5)).round(2)
        cases.append(((truth[5 - late : days + 5 - late] + rng.normal(0, 0.1, days)).round(2), truth[5:]))
    return cases


def _nearest(forecast, truth, shifts=range(6), back=True):
    errors = []
    for k in shifts:
        days = slice(5 - k, len(truth) - k) if back else slice(k, len(truth) - 5 + k)
        compared = forecast[5:] if back else forecast[: len(truth) - 5]
        errors.append(np.mean((truth[days] - compared) ** 2))
    return int(np.argmin(errors))


days_late = Exercise(
    right=lambda forecast, truth: _nearest(forecast, truth),
    draw=_late,
    mistakes={
        "that looks ahead: compare with the truth of k days before, not after": lambda forecast, truth: _nearest(
            forecast, truth, back=False
        ),
        "k = 0 is possible too: a forecast that is not late": lambda forecast, truth: (
            1 + _nearest(forecast, truth, shifts=range(1, 6))
        ),
        "counted from 1; k = 0 comes first": lambda forecast, truth: 1 + _nearest(forecast, truth),
        "k goes up to 5": lambda forecast, truth: _nearest(forecast, truth, shifts=range(5)),
        "that is the smallest error; its k is asked for": lambda forecast, truth: min(
            np.sqrt(np.mean((truth[5 - k : len(truth) - k] - forecast[5:]) ** 2)) for k in range(6)
        ),
        "that is the k with the largest error": lambda forecast, truth: int(
            np.argmax([np.mean((truth[5 - k : len(truth) - k] - forecast[5:]) ** 2) for k in range(6)])
        ),
    },
    also=[lambda forecast, truth: np.int64(_nearest(forecast, truth))],
)


def _splits(rng) -> list[tuple]:
    drawn = [(int(rng.integers(5, 60)), int(rng.integers(2, 25)), int(rng.integers(100, 900))) for _ in range(4)]
    return [(2, 2, 6), (3, 1, 10), (20, 5, 12), *drawn]


may_be_learned = Exercise(
    right=lambda window, ahead, test_start: max(0, test_start - ahead - window + 1),
    draw=_splits,
    mistakes={
        "these windows end before the test, but not their answers": lambda window, ahead, test_start: max(
            0, test_start - window + 1
        ),
        "one too few: count the window that begins on day 0": lambda window, ahead, test_start: max(
            0, test_start - ahead - window
        ),
        "one too many: the last answer uses the price of the first test day": lambda window, ahead, test_start: max(
            0, test_start - ahead - window + 2
        ),
        "fewer than no windows: where none fits, the answer is 0": lambda window, ahead, test_start: (
            test_start - ahead - window + 1
        ),
        "a window that begins before the test may reach into it": [
            lambda window, ahead, test_start: test_start,
            lambda window, ahead, test_start: max(0, test_start - ahead),
        ],
    },
    also=[
        lambda window, ahead, test_start: sum(i + window - 1 + ahead < test_start for i in range(test_start)),
        lambda window, ahead, test_start: float(max(0, test_start - ahead - window + 1)),
    ],
)


def _tosses(rng) -> list[tuple]:
    drawn = [(int(rng.integers(2, 60)), days, days // 2 + int(rng.integers(6, 14))) for days in (100, 250, 400)]
    return [(1, 10, 8), (20, 10, 9), *drawn]


def _more_than(hits: int, days: int) -> float:
    from scipy.stats import binom

    return binom.sf(hits, days, 0.5)


best_looks_good = Exercise(
    right=lambda strategies, days, hits: 1 - (1 - _more_than(hits - 1, days)) ** strategies,
    draw=_tosses,
    mistakes={
        "`sf` leaves out the very number that you give it; hits itself counts too": lambda strategies, days, hits: (
            1 - (1 - _more_than(hits, days)) ** strategies
        ),
        "that is one strategy alone; the best of all is shown": lambda strategies, days, hits: _more_than(
            hits - 1, days
        ),
        "probabilities of several do not simply add up; ask how probable it is that none is so good": (
            lambda strategies, days, hits: strategies * _more_than(hits - 1, days)
        ),
        "that is the probability that all are so good": lambda strategies, days, hits: (
            _more_than(hits - 1, days) ** strategies
        ),
        "that is the probability that none is so good": lambda strategies, days, hits: (
            (1 - _more_than(hits - 1, days)) ** strategies
        ),
    },
)
