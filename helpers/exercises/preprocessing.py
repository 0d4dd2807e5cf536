"""Checks of lesson preprocessing."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from helpers import data
from helpers.exercises.checking import Hint, call, exercise, number, numbers

FEATURES = ["tmin", "tmax", "rain", "et0"]

# what is taken out of record_with_gaps: no day beside another gap's, and the longest is the third
GAPS = [
    ("1976-02-28", "1976-03-01"),
    ("1977-07-14", "1977-07-14"),
    ("1979-12-27", "1980-01-06"),
    ("1982-05-03", "1982-05-10"),
    ("1982-05-12", "1982-05-18"),
    ("1984-09-30", "1984-10-08"),
]


def record_with_gaps() -> pd.Series:
    """Return the Brussels temperature in °C, 1976-1985, from which some days are missing altogether."""
    series = data.load("brussels")["temperature"].loc["1976":"1985"]
    for first, last in GAPS:
        series = series.drop(pd.date_range(first, last))
    return series


@exercise
def longest_gap(answer) -> None:
    """Judge the first missing day of the longest gap and its number of days."""
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise Hint("two things are asked for: (first missing day, number of missing days)")
    first = _day(answer[0])
    length = answer[1].days if isinstance(answer[1], pd.Timedelta) else number(answer[1])
    right_first, right_last = (pd.Timestamp(day) for day in GAPS[2])
    right_length = (right_last - right_first).days + 1
    if first == right_first and length == right_length:
        return
    if length == right_length + 1:
        raise Hint("a step of two days between rows is a gap of one day: your length is one too many")
    if length == right_length - 1:
        raise Hint("the length is one too few: count the first and the last missing day both")
    if first == right_first - pd.Timedelta(days=1):
        raise Hint("that is the last day before the gap; the first missing day is asked for")
    if first in (right_last, right_last + pd.Timedelta(days=1)):
        raise Hint("that is the end of the gap; its first missing day is asked for")
    if first == right_first:
        raise Hint(f"the day is right, but not {length:g} days are missing from it on")
    if pd.Timestamp(GAPS[3][0]) <= first <= pd.Timestamp(GAPS[4][1]):
        raise Hint("those are two gaps: one day between them is there")
    raise Hint(f"the longest gap does not begin on {first:%Y-%m-%d}; look at holes.index.to_series().diff()")


@exercise
def split_by_date(answer) -> None:
    """Judge a function (frame, train_end, validation_end) → training, validation, test."""
    whole = data.load("brussels")
    two_years = whole.loc["1990":"1991", FEATURES]
    for frame, train_end, validation_end in [
        (whole, data.TRAIN_END, data.VALIDATION_END),
        (two_years, "1990-06-30", "1991-03-31"),
    ]:
        found = call(answer, frame.copy(), train_end, validation_end)
        if not isinstance(found, tuple | list) or len(found) != 3:
            raise Hint("return three parts: training, validation, test")
        if not all(isinstance(part, pd.DataFrame) for part in found):
            raise Hint("each part is a piece of the frame: a DataFrame with its dates")
        right = data.split(frame, train_end, validation_end)
        _judge_days(frame, found, right)
        if not all(part.equals(expected) for part, expected in zip(found, right, strict=True)):
            raise Hint("the days are right, but the values are not those of the frame")


def _judge_days(frame: pd.DataFrame, found: list[pd.DataFrame], right: tuple[pd.DataFrame, ...]) -> None:
    names = ("training", "validation", "test")
    if all(part.index.equals(expected.index) for part, expected in zip(found, right, strict=True)):
        return
    every_day = pd.Index(np.concatenate([part.index.to_numpy() for part in found]))
    if not all(part.index.is_monotonic_increasing for part in found):
        raise Hint("the days of a part are not in time order: cut the record, do not shuffle it")
    if every_day.has_duplicates:
        twice = every_day[every_day.duplicated()][0]
        raise Hint(f"{twice:%Y-%m-%d} is in two parts; remember that .loc includes both ends")
    lost = frame.index.difference(every_day)
    if len(lost) > 0:
        raise Hint(f"{len(lost)} day(s) are in no part, the first of them {lost[0]:%Y-%m-%d}; try <= and >")
    for name, part, expected in zip(names, found, right, strict=True):
        if not part.index.equals(expected.index):
            span = "is empty" if part.empty else f"runs from {part.index[0]:%Y-%m-%d} to {part.index[-1]:%Y-%m-%d}"
            raise Hint(
                f"the {name} part {span}; it should run from {expected.index[0]:%Y-%m-%d} "
                f"to {expected.index[-1]:%Y-%m-%d}"
            )


@exercise
def scale(answer) -> None:
    """Judge a function (frame, train_end) → all days, scaled with the limits of the training days."""
    frame, train_end = data.load("brussels")[FEATURES].loc["1977":"1980"], "1978-12-31"
    known = (frame.index <= train_end).sum()
    found = call(answer, frame.copy(), train_end)
    if np.shape(found)[:1] == (known,):
        raise Hint("only the training days came back; they set the limits, but all days are to be scaled")
    found = numbers(found, frame.shape)
    values = frame.to_numpy()
    train, later = values[:known], values[known:]
    right = _to_limits_of(train, values)
    if np.allclose(found, right):
        return
    typical_mistakes = {
        "all values lie between 0 and 1: the limits still come from days after train_end": _to_limits_of(
            values, values
        ),
        "the days after train_end have limits of their own; one scaler, fitted once, transforms all days": np.vstack(
            [_to_limits_of(train, train), _to_limits_of(later, later)]
        ),
        "the limits come from the days after train_end; those up to it are the training days": _to_limits_of(
            later, values
        ),
        "values outside 0–1 were clipped; let them be, they are news": right.clip(0, 1),
        "each column has limits of its own; yours seem to be shared by all columns": _to_limits_of(
            train.ravel(), values
        ),
        "those are z-scores; 0–1 is asked for": (values - train.mean(axis=0)) / train.std(axis=0),
        "the frame came back as it was": values,
    }
    for hint, mistake in typical_mistakes.items():
        if np.allclose(found, mistake):
            raise Hint(hint)
    if np.allclose(found, _to_limits_of(train[:-1], values)):
        raise Hint("train_end itself is a training day")
    raise Hint("the lowest training value of each column should become 0 and the highest 1; yours do not")


def _to_limits_of(known: np.ndarray, values: np.ndarray) -> np.ndarray:
    lowest, highest = known.min(axis=0), known.max(axis=0)
    return (values - lowest) / (highest - lowest)


@exercise
def to_celsius(answer) -> None:
    """Judge a function (scaled forecast, target scaler) → degrees, one a sample."""
    from sklearn.preprocessing import MinMaxScaler, StandardScaler

    temperature = data.load("brussels")[["temperature"]]
    right = temperature.iloc[:5, 0].to_numpy()
    for scaler in (MinMaxScaler(), StandardScaler()):
        scaler.fit(temperature.loc[: data.TRAIN_END].to_numpy())
        forecast = scaler.transform(right.reshape(-1, 1))
        result = call(answer, forecast.copy(), scaler)
        if np.shape(result) == (5, 1):
            raise Hint("that is still a column, shape (5, 1); pick its only column to get shape (5,)")
        found = numbers(result, (5,))
        if np.allclose(found, right):
            continue
        if np.allclose(found, forecast[:, 0]):
            raise Hint("the forecast came back as it was: still scaled")
        if np.allclose(found, scaler.transform(forecast)[:, 0]):
            raise Hint("that scales the forecast once more; the way back has another name")
        raise Hint(f"with a {type(scaler).__name__} the first sample gives {found[0]:.2f} °C, not {right[0]:.2f} °C")


@exercise
def looks_ahead(answer) -> None:
    """Judge a function (prepare, series, day) → whether prepare uses days after `day`."""
    series = data.load("brussels")["temperature"].loc["1976-01-01":"1976-03-31"].copy()
    day = "1976-02-10"
    series.loc["1976-02-09":"1976-02-12"] = np.nan  # so that a filling at the cut has something to fill
    steps: dict[str, tuple[Callable, bool]] = {
        "carry forward": (lambda s: s.ffill(), False),
        "yesterday's value": (lambda s: s.shift(1), False),
        "the mean of the last 7 days": (lambda s: s.ffill().rolling(7).mean(), False),
        "interpolation": (lambda s: s.interpolate(), True),
        "the centred mean of 7 days": (lambda s: s.ffill().rolling(7, center=True, min_periods=1).mean(), True),
        "z-scores of the whole series": (lambda s: (s - s.mean()) / s.std(), True),
    }
    said = {name: _yes_or_no(call(answer, step, series.copy(), day)) for name, (step, _) in steps.items()}
    wrong = {name for name, (_, ahead) in steps.items() if said[name] != ahead}
    if not wrong:
        return
    starts_with_nan = {"yesterday's value", "the mean of the last 7 days"}
    if len(wrong) == len(steps):
        raise Hint("yours answers the opposite: True should mean that the step looks ahead")
    if not any(said.values()):
        raise Hint("yours finds no leak anywhere: is the series cut before it is prepared?")
    if all(said.values()):
        raise Hint("yours finds a leak everywhere: compare only the days up to the cut, and mind NaN")
    if wrong <= starts_with_nan | {"carry forward"}:
        raise Hint(
            f"yours finds a leak in {sorted(wrong)[0]!r}, which has none: NaN at the same place is no difference"
        )
    name = sorted(wrong)[0]
    raise Hint(f"for {name!r} yours says {said[name]}; compare all days up to the cut, not one value or a mean")


def _yes_or_no(answer: Any) -> bool:
    if np.size(answer) != 1 or np.asarray(answer).dtype != bool:
        raise Hint("the answer should be one True or False; found " + type(answer).__name__)
    return bool(np.asarray(answer).ravel()[0])


def _day(answer: Any) -> pd.Timestamp:
    if isinstance(answer, int | float):  # pandas would read a number as nanoseconds since 1970
        raise Hint(f"the first of the two should be a day such as '1976-05-04'; found {answer!r}")
    try:
        day = pd.Timestamp(answer)
    except (TypeError, ValueError):
        raise Hint(f"the first of the two should be a day such as '1976-05-04'; found {answer!r}") from None
    if pd.isna(day):
        raise Hint("the first of the two is no day")
    return day.normalize()
