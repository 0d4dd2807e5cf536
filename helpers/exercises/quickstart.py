"""Checks of lesson quickstart."""

import numpy as np

from helpers import data
from helpers.evaluation import mae, rmse
from helpers.exercises.engine import Exercise

to_celsius = Exercise(
    right=lambda scaled_value, lowest, highest: lowest + scaled_value * (highest - lowest),
    draw=lambda rng: [
        (0.0, -10.0, 30.0),
        (1.0, -10.0, 30.0),
        (0.25, -9.6, 28.1),
        *((rng.uniform(-0.1, 1.1), *np.sort(rng.normal(10, 8, 2))) for _ in range(3)),
    ],
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

shape_of_X = Exercise(  # noqa: N816 (named after the answer)
    right=lambda: (_days() - 30, 30, 1),
    mistakes={
        "the first windows need days before them: not every day can be an answer": lambda: (_days(), 30, 1),
        "the samples are off by one: what would they be for a record of 31 days?": [
            lambda: (_days() - 31, 30, 1),
            lambda: (_days() - 29, 30, 1),
        ],
        "the three numbers are right, their order is not: (samples, time steps, features)": [
            lambda: (_days() - 30, 1, 30),
            lambda: (30, _days() - 30, 1),
            lambda: (1, 30, _days() - 30),
            lambda: (30, 1, _days() - 30),
            lambda: (1, _days() - 30, 30),
        ],
        "one number a day goes in, the temperature: that is the number of features": [
            lambda: (_days() - 30, 30, 2),
            lambda: (_days() - 30, 30, 4),
            lambda: (_days() - 30, 30, 5),
        ],
        "the time steps are the days in one window": lambda: (_days() - 30, 100, 1),
        "that is the shape with windows of 100 days": lambda: (_days() - 100, 100, 1),
        "how many days have 30 days before them? You took away 100": lambda: (_days() - 100, 30, 1),
        "those are the windows to learn from; the question is about the whole record": lambda: (
            _training() - 30,
            30,
            1,
        ),
    },
    otherwise="how many of the days have 30 days before them, how many are in a window, how many numbers are in a day?",
    also=[lambda: np.array([_days() - 30, 30, 1]), lambda: [_days() - 30.0, 30.0, 1.0]],
)

two_days_ahead_error = Exercise(
    right=lambda: _error(2),
    mistakes={
        "that is one day ahead; today must stand two days later": lambda: _error(1),
        "that is three days ahead": lambda: _error(3),
        "that is the mean squared error; its root is in °C": lambda: _error(2) ** 2,
        "that is the mean absolute error; take rmse": lambda: _error(2, mae),
        "that is over the whole record; the question is about the exam days only": lambda: _error(
            2, days=slice(2, None)
        ),
        "that is the error divided by that of one day ahead": lambda: _error(2) / _error(1),
    },
    decimals=2,
    otherwise="compare temperature[exam_days] with temperature.shift(…)[exam_days]",
)


def _days() -> int:
    return len(data.load("brussels"))


def _training() -> int:
    return len(data.load("brussels").loc[: data.TRAIN_END])


def _error(ahead: int, score=rmse, days: slice = slice("2002", None)) -> float:
    """Return the error in °C of "in so many days as today"."""
    temperature = data.load("brussels")["temperature"]
    return score(temperature[days], temperature.shift(ahead)[days])
