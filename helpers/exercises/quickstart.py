"""Checks of lesson quickstart."""

from functools import partial
from itertools import permutations

import numpy as np

from helpers import data
from helpers.evaluation import mae, rmse
from helpers.exercises.engine import Exercise

to_celsius = Exercise(
    right=lambda scaled_value, lowest, highest: lowest + scaled_value * (highest - lowest),
    draw=lambda rng: (
        [(0.0, -10.0, 30.0), (1.0, -10.0, 30.0), (0.25, -9.6, 28.1)]
        + [(rng.uniform(-0.1, 1.1), *np.sort(rng.normal(10, 8, 2))) for _ in range(3)]
    ),
    mistakes={
        "the range is right, but 0 must become the lowest temperature": lambda value, low, high: value * (high - low),
        "1 must become the highest temperature; stretch by the range, not by the highest": [
            lambda value, low, high: low + value * high,
            lambda value, low, high: low + value * (high + low),
        ],
        "0 must become the lowest temperature, not the highest": [
            lambda value, low, high: high + value * (high - low),
            lambda value, low, high: high - value * (high - low),
        ],
        "that scales; the question is the way back": lambda value, low, high: (value - low) / (high - low),
        "do not round to whole degrees": lambda value, low, high: round(low + value * (high - low)),
    },
    decimals=2,
    also=[
        lambda value, low, high: [value * high + (1 - value) * low],
        lambda value, low, high: round(low + value * (high - low), 2),
        lambda value, low, high: np.float32(low + value * (high - low)),
    ],
)


def _shape(*sizes, days=slice(None)):
    """Return a function that gives a shape; a size of 0 or below is counted from the days of the record."""
    return lambda: tuple(n if n > 0 else len(data.load("brussels").loc[days]) + n for n in sizes)


shape_of_X = Exercise(  # noqa: N816 (named after the answer)
    right=_shape(-30, 30, 1),
    mistakes={
        "the first windows need days before them: not every day can be an answer": _shape(0, 30, 1),
        "the samples are off by one: what would they be for a record of 31 days?": [
            _shape(samples, 30, 1) for samples in (-31, -29)
        ],
        "the three numbers are right, their order is not: (samples, time steps, features)": [
            _shape(*sizes) for sizes in permutations((-30, 30, 1)) if sizes != (-30, 30, 1)
        ],
        "one number a day goes in, the temperature: that is the number of features": [
            _shape(-30, 30, features) for features in (2, 4, 5)
        ],
        "the time steps are the days in one window": _shape(-30, 100, 1),
        "that is the shape with windows of 100 days": _shape(-100, 100, 1),
        "how many days have 30 days before them? You took away 100": _shape(-100, 30, 1),
        "those are the windows to learn from; the question is about the whole record": (
            _shape(-30, 30, 1, days=slice(data.TRAIN_END))
        ),
    },
    otherwise="how many of the days have 30 days before them, how many are in a window, how many numbers are in a day?",
    also=[lambda: np.array(_shape(-30, 30, 1)()), lambda: [float(size) for size in _shape(-30, 30, 1)()]],
)


def _error(ahead: int, score=rmse, days: slice = slice("2002", None)) -> float:
    """Return the error in °C of "in so many days as today"."""
    temperature = data.load("brussels")["temperature"]
    return score(temperature[days], temperature.shift(ahead)[days])


two_days_ahead_error = Exercise(
    right=partial(_error, 2),
    mistakes={
        "that is one day ahead; today must stand two days later": partial(_error, 1),
        "that is three days ahead": partial(_error, 3),
        "that is the mean squared error; its root is in °C": lambda: _error(2) ** 2,
        "that is the mean absolute error; take rmse": partial(_error, 2, mae),
        "that is over the whole record; the question is about the exam days only": partial(
            _error, 2, rmse, slice(2, None)
        ),
        "that is the error divided by that of one day ahead": lambda: _error(2) / _error(1),
    },
    decimals=2,
    otherwise="compare temperature[exam_days] with temperature.shift(…)[exam_days]",
)
