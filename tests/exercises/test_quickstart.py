"""The checks of lesson quickstart: right answers, typical mistakes by name, nonsense."""

import numpy as np
import pandas as pd
import pytest

from helpers import data
from helpers.evaluation import rmse
from helpers.exercises import quickstart as check

DAYS = 10_958
TEMPERATURE = data.load("brussels")["temperature"]
EXAM = TEMPERATURE.loc["2002":].index
NONSENSE = [None, "text", np.nan, np.zeros((2, 2)), object(), [], {}]


def right_celsius(scaled, low, high):
    return low + scaled * (high - low)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (right_celsius, "correct"),
        (lambda s, low, high: np.array([right_celsius(s, low, high)]), "correct"),
        (lambda s, low, high: pd.Series([high * s + low * (1 - s)]), "correct"),
        (lambda s, low, high: None, "not attempted yet"),
        (lambda s, low, high: s * (high - low), "0 must become"),
        (lambda s, low, high: low + s * high, "stretch by the range"),
        (lambda s, low, high: (s - low) / (high - low), "that scales"),
        (lambda s, low, high: high - s * (high - low), "try 0 and 1"),
        (lambda s, low, high: 1 / 0, "ZeroDivisionError"),
        (lambda s: s, "TypeError"),
        (lambda s, low, high: "warm", "a number is expected"),
        (lambda s, low, high: np.nan, "finite"),
        (3.0, "the function itself"),
        (..., "not attempted yet"),
    ],
)
def test_to_celsius(said, answer, verdict):
    check.to_celsius(answer)
    assert verdict in said()


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ((DAYS - 30, 30, 1), "correct"),
        ([DAYS - 30, 30, 1], "correct"),
        (np.array([DAYS - 30, 30, 1]), "correct"),
        ((..., ..., ...), "not attempted yet"),
        ((DAYS - 30, ..., 1), "not attempted yet"),
        ((DAYS, 30, 1), "not every day"),
        ((DAYS - 31, 30, 1), "off by one"),
        ((DAYS - 29, 30, 1), "off by one"),
        ((DAYS - 30, 1, 30), "order is not"),
        ((DAYS - 30, 30, 5), "features"),
        ((DAYS - 30, 100, 1), "time steps"),
        ((DAYS - 100, 30, 1), "how many of them"),
        ((DAYS - 30, 30), "shape (3,)"),
        ((np.nan, 30, 1), "NaN"),
    ],
)
def test_shape_of_x(said, answer, verdict):
    check.shape_of_X(answer)
    assert verdict in said()


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (rmse(TEMPERATURE[EXAM], TEMPERATURE.shift(2)[EXAM]), "correct"),
        (np.float32(rmse(TEMPERATURE[EXAM], TEMPERATURE.shift(2)[EXAM])), "correct"),
        (rmse(TEMPERATURE[EXAM], TEMPERATURE.shift(1)[EXAM]), "one day ahead"),
        (rmse(TEMPERATURE[EXAM], TEMPERATURE.shift(3)[EXAM]), "three days"),
        (rmse(TEMPERATURE[EXAM], TEMPERATURE.shift(2)[EXAM]) ** 2, "its root"),
        (rmse(TEMPERATURE.iloc[2:], TEMPERATURE.shift(2).iloc[2:]), "whole record"),
        (7.0, "not right"),
        (..., "not attempted yet"),
    ],
)
def test_two_days_ahead_error(said, answer, verdict):
    check.two_days_ahead_error(answer)
    assert verdict in said()


@pytest.mark.parametrize("answer", NONSENSE, ids=repr)
@pytest.mark.parametrize("judge", [check.to_celsius, check.shape_of_X, check.two_days_ahead_error])
def test_nonsense_gets_a_sentence(gets_a_sentence, judge, answer):
    gets_a_sentence(judge, answer)
