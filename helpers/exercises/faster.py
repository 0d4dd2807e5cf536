"""Exercises of the lesson faster."""

import math

import numpy as np

from helpers.exercises.engine import Exercise


def _trainings(rng) -> list[tuple]:
    drawn = [(int(rng.integers(200, 9000)), int(rng.integers(20, 130)), int(rng.integers(3, 9))) for _ in range(4)]
    return [(100, 32, 3), (5, 32, 2), (640, 64, 3), *drawn]


count_updates = Exercise(
    right=lambda windows, batch_size, epochs: math.ceil(windows / batch_size) * epochs,
    draw=_trainings,
    mistakes={
        "that is one update a window; the weights are changed once a batch": lambda n, b, epochs: n * epochs,
        "that is one epoch's updates; every epoch goes through all batches again": lambda n, b, _: math.ceil(n / b),
        "the last batch may be smaller than the others; it makes an update, too": [
            lambda n, b, epochs: n // b * epochs,
            lambda n, b, epochs: n * epochs // b,
            lambda n, b, epochs: round(n / b) * epochs,
        ],
        "there is no part of an update, so round: which way?": lambda n, b, epochs: n / b * epochs,
        "a batch never reaches into the next epoch; round within the epoch": lambda n, b, e: math.ceil(n * e / b),
        "where the windows fill the last batch, there is no further one": lambda n, b, epochs: (n // b + 1) * epochs,
    },
    also=[lambda n, b, epochs: [len(range(0, n, b)) * epochs]],
)


def _epochs(rng) -> list[tuple]:
    drawn = [(n, batch, int(rng.integers(7, 200)), int(rng.integers(2, 5))) for n, batch, _ in _trainings(rng)[3:]]
    return [(64, 32, 10, 1), (100, 32, 30, 2), *drawn]


steps_in_a_row = Exercise(
    right=lambda windows, batch_size, days, layers: math.ceil(windows / batch_size) * days * layers,
    draw=_epochs,
    mistakes={
        "a layer waits for the one before it: count the layers": lambda n, b, days, _: math.ceil(n / b) * days,
        "the days of a window wait for each other: count the days": lambda n, b, _, layers: math.ceil(n / b) * layers,
        "the windows of a batch are computed side by side: count batches": lambda n, _, days, layers: n * days * layers,
        "that is a single batch; an epoch has several": lambda n, b, days, layers: days * layers,
        "a smaller last batch takes as many steps as a full one": [
            lambda n, b, days, layers: n // b * days * layers,
            lambda n, b, days, layers: n / b * days * layers,
        ],
    },
    also=[lambda n, b, days, layers: float(-(-n // b) * days * layers)],
)


def _prices(rng) -> list[tuple]:
    drawn = [(round(rng.uniform(1, 9), 2), float(rng.choice([0.13, 0.37, 0.71, 1.1]))) for _ in range(5)]
    return [(3.0, 2.0), (0.5, 0.7), *((extra + 0.003, gain) for extra, gain in drawn)]


ahead_after = Exercise(
    right=lambda extra, gain: math.floor(extra / gain) + 2,
    draw=_prices,
    mistakes={
        "the first epoch gains nothing: add it": lambda extra, gain: math.ceil(extra / gain),
        "that many later epochs are not enough yet": lambda extra, gain: math.floor(extra / gain),
        "there is no part of an epoch, so round: which way?": [
            lambda extra, gain: extra / gain,
            lambda extra, gain: extra / gain + 1,
        ],
        "divide what it costs by what a later epoch saves": lambda extra, gain: math.ceil(gain / extra) + 1,
        "one epoch too many": lambda extra, gain: math.floor(extra / gain) + 3,
    },
    also=[lambda extra, gain: next(n for n in range(1, 1000) if gain * (n - 1) > extra)],
)


def _networks(rng) -> list[tuple]:
    plain = (np.array([2.05, 2.04, 2.30]), np.array([40.0, 9.0, 2.0]), 0.05)
    tight = (np.array([2.05, 2.04, 2.10, 2.07]), np.array([40.0, 90.0, 2.0, 3.0]), 0.02)
    last = (np.array([2.30, 2.11, 2.13, 2.09, 2.04]), np.array([2.0, 3.0, 3.5, 5.0, 40.0]), 0.06)
    drawn = [(rng.uniform(2, 2.2, n).round(3), rng.uniform(1, 60, n).round(1), 0.08) for n in (6, 8)]
    return [plain, tight, last, *drawn]


def _fastest(errors, seconds, tolerance, choose=np.argmin, otherwise=np.inf):
    return choose(np.where(errors <= errors.min() + tolerance, seconds, otherwise))


fastest = Exercise(
    right=lambda errors, seconds, tolerance: _fastest(errors, seconds, tolerance),
    draw=_networks,
    mistakes={
        "that is the fastest of all, however large its error": lambda errors, seconds, _: np.argmin(seconds),
        "that is the smallest error; a faster one within the tolerance will do": lambda errors, *_: np.argmin(errors),
        "that is its place among those that are good enough; it is asked for among all": lambda errors, seconds, t: (
            np.argmin(seconds[errors <= errors.min() + t])
        ),
        "that is its time; its place is asked for": lambda *case: _fastest(*case, choose=np.min),
        "that is its error; its place is asked for": lambda *case: case[0][_fastest(*case)],
        "counted from 1; count from 0": lambda *case: _fastest(*case) + 1,
        "that is the slowest of those that are good enough": lambda *case: _fastest(*case, np.argmax, 0),
    },
    also=[lambda e, seconds, t: min((i for i in range(len(e)) if e[i] <= min(e) + t), key=lambda i: seconds[i])],
)
