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
        "that is one update a window; the weights are changed once a batch": lambda n, batch, epochs: n * epochs,
        "that is one epoch's updates; every epoch goes through all batches again": lambda n, batch, epochs: math.ceil(
            n / batch
        ),
        "the last batch may be smaller than the others; it makes an update, too": [
            lambda n, batch, epochs: n // batch * epochs,
            lambda n, batch, epochs: n * epochs // batch,
            lambda n, batch, epochs: round(n / batch) * epochs,
        ],
        "there is no part of an update, so round: which way?": lambda n, batch, epochs: n / batch * epochs,
        "a batch never reaches into the next epoch; round within the epoch": lambda n, batch, epochs: math.ceil(
            n * epochs / batch
        ),
        "where the windows fill the last batch, there is no further one": lambda n, batch, epochs: (
            (n // batch + 1) * epochs
        ),
    },
    also=[
        lambda n, batch, epochs: [len(range(0, n, batch)) * epochs],
        lambda *case: np.int64(-(-case[0] // case[1]) * case[2]),
    ],
)


def _epochs(rng) -> list[tuple]:
    drawn = [(n, batch, int(rng.integers(7, 200)), int(rng.integers(2, 5))) for n, batch, _ in _trainings(rng)[3:]]
    return [(64, 32, 10, 1), (100, 32, 30, 2), *drawn]


steps_in_a_row = Exercise(
    right=lambda windows, batch_size, days, layers: math.ceil(windows / batch_size) * days * layers,
    draw=_epochs,
    mistakes={
        "a layer waits for the one before it: count the layers": lambda n, batch, days, layers: (
            math.ceil(n / batch) * days
        ),
        "the days of a window wait for each other: count the days": lambda n, batch, days, layers: (
            math.ceil(n / batch) * layers
        ),
        "the windows of a batch are computed side by side: count batches": lambda n, batch, days, layers: (
            n * days * layers
        ),
        "that is a single batch; an epoch has several": lambda n, batch, days, layers: days * layers,
        "a smaller last batch takes as many steps as a full one": [
            lambda n, batch, days, layers: n // batch * days * layers,
            lambda n, batch, days, layers: n / batch * days * layers,
            lambda n, batch, days, layers: math.ceil(n / batch * days * layers),
        ],
    },
    also=[lambda n, batch, days, layers: float(-(-n // batch) * days * layers)],
)


def _prices(rng) -> list[tuple]:
    drawn = [(round(rng.uniform(1, 9), 2), float(rng.choice([0.13, 0.37, 0.71, 1.1]))) for _ in range(5)]
    return [(3.0, 2.0), (0.5, 0.7), *((extra + 0.003, gain) for extra, gain in drawn)]


ahead_after = Exercise(
    right=lambda extra, gain: math.floor(extra / gain) + 2,
    draw=_prices,
    mistakes={
        "the first epoch gains nothing: add it": [
            lambda extra, gain: math.ceil(extra / gain),
            lambda extra, gain: math.floor(extra / gain) + 1,
        ],
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


def _fastest(errors, seconds, allowed):
    return int(np.argmin(np.where(errors <= allowed, seconds, np.inf)))


fastest = Exercise(
    right=lambda errors, seconds, tolerance: _fastest(errors, seconds, errors.min() + tolerance),
    draw=_networks,
    mistakes={
        "that is the fastest of all, however large its error": lambda errors, seconds, tolerance: np.argmin(seconds),
        "that is the smallest error; a faster one within the tolerance will do": lambda errors, *_: np.argmin(errors),
        "the place is right among those that are good enough; it is asked for among all": lambda errors, seconds, t: (
            np.argmin(seconds[errors <= errors.min() + t])
        ),
        "that is its time; its place is asked for": lambda errors, seconds, t: seconds[
            _fastest(errors, seconds, errors.min() + t)
        ],
        "that is its error; its place is asked for": lambda errors, seconds, t: errors[
            _fastest(errors, seconds, errors.min() + t)
        ],
        "counted from 1; count from 0": lambda errors, seconds, t: _fastest(errors, seconds, errors.min() + t) + 1,
        "that is the slowest of those that are good enough": lambda errors, seconds, t: np.argmax(
            np.where(errors <= errors.min() + t, seconds, 0)
        ),
    },
    also=[
        lambda errors, seconds, t: min(
            (i for i in range(len(errors)) if errors[i] <= min(errors) + t), key=lambda i: seconds[i]
        )
    ],
)
