"""The exercises of the lesson cleaning."""

import datetime
import itertools

import numpy as np
import pandas as pd

from helpers import data
from helpers.exercises.engine import Exercise, Hint, number

# what is taken out of record_with_gaps: no day beside another gap's, and the longest is the third
GAPS = [
    ("1976-02-28", "1976-03-01"),
    ("1977-07-14", "1977-07-14"),
    ("1979-12-27", "1980-01-06"),
    ("1982-05-03", "1982-05-10"),
    ("1982-05-12", "1982-05-18"),
    ("1984-09-30", "1984-10-08"),
]
CODE = 99


def record_with_gaps() -> pd.Series:
    """Return the Brussels temperature in °C, 1976-1985, from which some days are missing altogether."""
    series = data.load("brussels")["temperature"].loc["1976":"1985"]
    for first, last in GAPS:
        series = series.drop(pd.date_range(first, last))
    return series


def sunshine_with_code() -> pd.Series:
    """Return made-up minutes of sunshine a day, shape (2922,); where the instrument failed, a code stands for them."""
    rng = np.random.default_rng(11)
    days = pd.date_range("1998-01-01", "2005-12-31", freq="D")
    longest = 720 + 240 * np.sin(2 * np.pi * (days.day_of_year.to_numpy() - 80) / 365.25)
    share = np.clip(rng.beta(0.8, 1.1, len(days)) * 1.15 - 0.1, 0, 1)  # the dullest days have none
    minutes = np.round(longest * share).astype(int)
    minutes[rng.choice(len(days), 58, replace=False)] = CODE
    return pd.Series(minutes, index=days, name="sunshine")


def _day_and_length(answer: tuple) -> tuple:
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise Hint("two things are asked for: (first missing day, number of missing days)")
    first, length = answer
    first = pd.to_datetime(first, errors="coerce") if isinstance(first, str) else first
    return first, number(pd.Timedelta(length) if isinstance(length, np.timedelta64) else length)


longest_gap = Exercise(
    right=lambda: (pd.Timestamp("1979-12-27"), 11),
    measure=_day_and_length,
    mistakes={
        "a step of two days between rows is a gap of one day: your length is one too many": [
            (day, 12) for day in ("1979-12-26", "1979-12-27")
        ],
        "the length is one too few: count the first and the last missing day both": ("1979-12-27", 10),
        "that is the last day before the gap; the first missing day is asked for": ("1979-12-26", 11),
        "that is the end of the gap; its first missing day is asked for": [
            ("1980-01-06", 11),
            ("1980-01-07", 11),
            ("1980-01-07", 12),
        ],
        "those are two gaps: one day between them is there": [("1982-05-03", 16), ("1982-05-03", 15)],
        "that is a gap, but another one is longer": [
            ("1984-09-30", 9),
            ("1982-05-03", 8),
            ("1982-05-12", 7),
            ("1976-02-28", 3),
        ],
    },
    also=[
        ["1979-12-27", 11.0],
        (np.datetime64("1979-12-27"), pd.Timedelta(days=11)),
        (datetime.date(1979, 12, 27), np.timedelta64(11, "D")),
    ],
    otherwise="look at holes.index.to_series().diff(): where is its largest step, and how many days lie inside it?",
)

code = Exercise(
    right=CODE,
    mistakes={
        "0 comes most often, but a dull day has no sunshine: 0 is a measurement": 0,
        "that is how often it comes; which number is it?": [
            lambda place=place: sunshine_with_code().value_counts().iloc[place] for place in (0, 1)
        ],
        "that is the largest number: a clear day in June": lambda: sunshine_with_code().max(),
        "−999 would be seen at once; this code is a possible value": -999,
    },
    also=[lambda: sunshine_with_code().loc[lambda minutes: minutes > 0].mode(), np.int64(CODE)],
    otherwise="count how often each number comes: which one comes far more often than its neighbours?",
)


def _frame(days: list[int], start: str, values: np.ndarray) -> pd.DataFrame:
    index = pd.Timestamp(start) + pd.to_timedelta(days, unit="D")
    return pd.DataFrame({"tmin": values, "tmax": values + 7.5}, index=index)


def _untidy_frames(rng: np.random.Generator) -> list[tuple]:
    cases = [(_frame([1, 0, 3, 3], "1976-02-28", np.array([1.5, 2.5, 3.5, 4.5])),)]
    for year in (1983, 1996):
        days = rng.permutation(np.delete(np.arange(100), rng.choice(np.arange(2, 98), 10, replace=False)))
        days = [*days, *rng.choice(days, 15, replace=False)]
        cases.append((_frame(days, f"{year}-02-20", rng.normal(5, 3, len(days)).round(1)),))
    return cases


def _every_day(frame: pd.DataFrame, keep: str | bool = "first") -> pd.DataFrame:
    calendar = pd.date_range(frame.index.min(), frame.index.max(), freq="D")
    return frame[~frame.index.duplicated(keep=keep)].reindex(calendar)


every_day = Exercise(
    right=lambda frame: _every_day(frame),
    draw=_untidy_frames,
    mistakes={
        "a missing day becomes a row of NaN; yours has no row for it": [
            lambda frame: frame[~frame.index.duplicated()].sort_index(),
            lambda frame: _every_day(frame).dropna(),
        ],
        "sorting may swap two rows of the same day: drop the copies first": lambda f: _every_day(f.sort_index()),
        "of a day that is given twice the first row counts; yours keeps the last": lambda f: _every_day(f, keep="last"),
        "of a day that is given twice one row stays; yours loses both": lambda frame: _every_day(frame, keep=False),
        "of a day that is given twice the first row counts; yours mixes them": lambda f: f.resample("D").mean(),
        "a missing day becomes a row of NaN; yours is filled": [
            lambda frame: _every_day(frame).interpolate(),
            lambda frame: _every_day(frame).ffill(),
            lambda frame: _every_day(frame).fillna(0),
        ],
        "the calendar runs from the earliest to the latest day; these need not be the first and the last row": (
            lambda frame: frame[~frame.index.duplicated()].reindex(pd.date_range(frame.index[0], frame.index[-1]))
        ),
        "the frame came back as it was": lambda frame: frame,
    },
    also=[
        lambda frame: frame[~frame.index.duplicated()].sort_index().asfreq("D"),
        lambda frame: frame.groupby(level=0).first().asfreq("D"),
        lambda frame: _every_day(frame.sort_index(kind="stable")),
    ],
)


def _series_that_stick(rng: np.random.Generator) -> list[tuple]:
    cases = [(pd.Series([1.0, 1.0, 1.0, 2.0, 3.0, 3.0, 1.0], pd.date_range("1976-01-01", periods=7)), 3)]
    for shortest in (2, 3, 5):
        lengths = [shortest, *rng.integers(1, shortest + 3, 20), 1, shortest - 1, 1, shortest + 2]
        values = np.resize(rng.permutation(np.arange(8)) / 10 + 4, len(lengths))  # each comes back later
        values = np.repeat(values, lengths)
        cases.append((pd.Series(values, pd.date_range("1990-01-01", periods=len(values))), shortest))
    return cases


def _length_of_run(series: pd.Series) -> pd.Series:
    return series.groupby((series != series.shift()).cumsum()).transform("size")


def _by_loop(series: pd.Series, shortest: int) -> list:
    runs = [len(list(run)) for _, run in itertools.groupby(series)]
    return [length >= shortest for length in runs for _ in range(length)]


frozen = Exercise(
    right=lambda series, shortest: _length_of_run(series) >= shortest,
    draw=_series_that_stick,
    mistakes={
        "at least: a run of just `shortest` days counts": lambda series, shortest: _length_of_run(series) > shortest,
        "the first days of a run belong to it too; yours sees the run only once it is long enough": (
            lambda series, shortest: series.groupby((series != series.shift()).cumsum()).cumcount() + 1 >= shortest
        ),
        "equal days count only if they follow one another; yours counts a value wherever it stands": (
            lambda series, shortest: series.map(series.value_counts()) >= shortest
        ),
        "that compares each day with the one before; the length of the run is asked for": [
            lambda series, shortest: series == series.shift(),
            lambda series, shortest: (series == series.shift()) | (series == series.shift(-1)),
        ],
        "it is the other way round: True for a day in a run": lambda series, least: _length_of_run(series) < least,
        "those are the lengths of the runs; True or False is asked for": lambda series, _: _length_of_run(series),
    },
    also=[_by_loop, lambda series, shortest: _length_of_run(series).ge(shortest).to_numpy()],
)
