"""Checks of lesson quickstart."""

import numpy as np

from helpers import data
from helpers.evaluation import rmse
from helpers.exercises.checking import Hint, call, exercise, number, numbers


@exercise
def to_celsius(answer) -> None:
    """Judge a function (scaled value, lowest, highest) → °C."""
    for value, low, high in [(0.0, -10.0, 30.0), (1.0, -10.0, 30.0), (0.25, -10.0, 30.0), (1.5, 5.0, 7.0)]:
        found, right = number(call(answer, value, low, high)), low + value * (high - low)
        if np.isclose(found, right):
            continue
        if np.isclose(found, value * (high - low)):
            raise Hint(f"the range is right, but 0 must become the lowest temperature, {low}; yours gives {found}")
        if np.isclose(found, low + value * high):
            raise Hint(f"1 must become the highest temperature, {high}; stretch by the range, not by the highest")
        if np.isclose(found, (value - low) / (high - low)):
            raise Hint("that scales; the question is the way back")
        raise Hint(f"to_celsius({value}, {low}, {high}) gives {found}, which is not right; try 0 and 1 first")


@exercise
def shape_of_X(answer) -> None:  # noqa: N802 (named after the answer)
    """Judge the shape of X with 30 days a window."""
    samples, steps, features = numbers(answer, (3,)).astype(int)
    days = len(data.load("brussels"))
    if samples == days:
        raise Hint("the first windows need days before them: not every day can be an answer")
    if samples in (days - 30 - 1, days - 30 + 1):
        raise Hint(f"the samples are off by one: what would they be for a record of 31 days, not of {days:,}?")
    if sorted((samples, steps, features)) == [1, 30, days - 30] and (steps, features) != (30, 1):
        raise Hint("the three numbers are right, their order is not: (samples, time steps, features)")
    if features != 1:
        raise Hint("one number a day goes in, the temperature: that is the number of features")
    if steps != 30:
        raise Hint("the time steps are the days in one window")
    if samples != days - 30:
        raise Hint(f"the record has {days:,} days; how many of them have 30 days before them?")


@exercise
def two_days_ahead_error(answer) -> None:
    """Judge the RMSE of persistence two days ahead on the exam years."""
    found = number(answer)
    temperature = data.load("brussels")["temperature"]
    exam = temperature.loc["2002":].index
    errors = {shift: rmse(temperature[exam], temperature.shift(shift)[exam]) for shift in (1, 2, 3)}
    if np.isclose(found, errors[2], rtol=1e-3):
        return
    if np.isclose(found, errors[1], rtol=1e-3):
        raise Hint("that is one day ahead; today must stand two days later")
    if np.isclose(found, errors[3], rtol=1e-3):
        raise Hint("that is three days ahead")
    if np.isclose(found, errors[2] ** 2, rtol=1e-3):
        raise Hint("that is the mean squared error; its root is in °C")
    whole = temperature.iloc[2:]
    if np.isclose(found, rmse(whole, temperature.shift(2)[whole.index]), rtol=1e-3):
        raise Hint("that is over the whole record; the question is about the exam days only")
    raise Hint(f"{found:.3f} °C is not right: compare temperature[exam_days] with temperature.shift(…)[exam_days]")
