"""Exercises of the lesson activity."""

import numpy as np

from helpers.exercises.engine import Exercise


def _pairs(rng) -> list[tuple]:
    drawn = [tuple(rng.integers((0, 0, 40), (400, 400, 200)).tolist()) for _ in range(4)]
    return [(0, 50, 100), (80, 20, 100), (0, 300, 100), (10, 110, 100), (30, 30, 50), *drawn]


shared_readings = Exercise(
    right=lambda first, second, width: max(0, width - abs(first - second)),
    draw=_pairs,
    mistakes={
        "windows that lie far apart share nothing; no number of readings is below 0": lambda a, b, w: w - abs(a - b),
        "the second window may begin before the first": [
            lambda a, b, w: max(0, w - (b - a)),
            lambda a, b, w: max(0, min(w, w - (b - a))),
        ],
        "that is how far apart they begin; how much do both hold?": lambda a, b, w: abs(a - b),
        "windows that only touch share nothing: count again": lambda a, b, w: max(0, w - abs(a - b) + 1),
        "that is a share; the number of readings is asked for": lambda a, b, w: max(0, w - abs(a - b)) / w,
    },
    also=[lambda a, b, w: len(set(range(a, a + w)) & set(range(b, b + w)))],
)

TURNED = np.array([-1, -1, 1, -1, -1, 1])


def _windows(rng) -> list[tuple]:
    return [(rng.normal(size=(steps, 6)).round(3),) for steps in (1, 3, 8)]


turn_over = Exercise(
    right=lambda window: window * TURNED,
    draw=_windows,
    mistakes={
        "that is a mirror image; a turned watch is turned, not mirrored, and both vectors turn alike": [
            lambda window: window * [-1, -1, 1, 1, 1, -1],
            lambda window: window * [-1, 1, 1, 1, -1, -1],
        ],
        "the axis about which the watch is turned keeps its direction": lambda window: -window,
        "the gyroscope is turned as well": lambda window: window * [-1, -1, 1, 1, 1, 1],
        "only the axis of the turn keeps its sign; two axes lie across it": [
            lambda window: window * [-1, 1, 1, -1, 1, 1],
            lambda window: window * [1, -1, 1, 1, -1, 1],
        ],
        "that turns back the time; only signs change": lambda window: window[::-1] * TURNED,
        "the axes do not change places; half a turn only reverses them": lambda window: window[:, [1, 0, 2, 4, 3, 5]],
    },
    also=[lambda window: (window * TURNED).tolist()],
)


def _judged(rng) -> list[tuple]:
    small = (np.array([True, False, True, True]), np.array([1, 1, 2, 2]))
    uneven = (np.array([1, 1, 1, 1, 1, 1, 0, 0]), np.array([4, 4, 4, 4, 4, 9, 9, 7]))
    drawn = []
    for _ in range(3):
        person = np.repeat(np.arange(4), rng.integers(3, 30, 4))
        drawn.append(((rng.random(len(person)) < 0.3 + 0.15 * person).astype(int), person))
    return [small, uneven, *drawn]


def _each(right, person) -> np.ndarray:
    return np.array([np.mean(right[person == one]) for one in np.unique(person)])


mean_of_people = Exercise(
    right=lambda right, person: np.mean(_each(right, person)),
    draw=_judged,
    mistakes={
        "that is the share of all windows; who has many windows counts for more": lambda right, person: np.mean(right),
        "that is one number a person; take their mean": _each,
        "that is the person on whom it does worst": lambda right, person: np.min(_each(right, person)),
        "that is the middle person; the mean is asked for": lambda right, person: np.median(_each(right, person)),
        "that is the share of wrong ones": lambda right, person: 1 - np.mean(_each(right, person)),
    },
    also=[lambda right, person: sum(_each(right, person).tolist()) / len(set(person.tolist()))],
)
