"""The exercises of the lesson windowing."""

from operator import gt, le, lt
from typing import Any

import numpy as np
import pandas as pd

from helpers.exercises.engine import Exercise, Hint
from helpers.windows import create_dataset


def _with_lead(values: np.ndarray, time_step: int, lead: int) -> tuple[np.ndarray, np.ndarray]:
    samples = len(values) - time_step - lead + 1
    X, _ = create_dataset(values, time_step)
    return X[:samples], values[time_step + lead - 1 :, 0]


def _with_targets(shift: int, column: int = 0):
    """Return the mistake whose targets lie `shift` days too late, as many as there are."""

    def windows(values: np.ndarray, time_step: int, lead: int) -> tuple[np.ndarray, np.ndarray]:
        y = values[time_step + lead - 1 + shift :, column]
        return create_dataset(values, time_step)[0][: len(y)], y[: len(values) - time_step]

    return windows


def _by_loop(values: np.ndarray, time_step: int, lead: int) -> tuple[list, list]:
    firsts = range(len(values) - time_step - lead + 1)
    X = [values[first : first + time_step] for first in firsts]
    return X, [values[first + time_step + lead - 1, 0] for first in firsts]


windows_with_lead = Exercise(
    right=_with_lead,
    draw=lambda rng: [
        (rng.normal(size=(days, 2)).round(2), time_step, lead)
        for days, time_step, lead in [(6, 3, 1), (8, 3, 3), (12, 4, 2), (15, 2, 5)]
    ],
    mistakes={
        "y is always the day after the window; the day `lead` days after it is asked for": [
            lambda v, t, lead: create_dataset(v, t),
            lambda v, t, lead: (_with_lead(v, t, lead)[0], v[t : len(v) - lead + 1, 0]),
        ],
        "y holds all days up to the one that is asked for; pick that one": [
            lambda v, t, lead: create_dataset(v, t, horizon=lead),
            lambda v, t, lead: (_with_lead(v, t, lead)[0], np.reshape(create_dataset(v, t, lead)[1], (-1, lead))),
        ],
        "one window is lost: the very last target is the last day": lambda *case: [p[:-1] for p in _with_lead(*case)],
        "one window is lost: the first one begins on the first day": lambda *case: [p[1:] for p in _with_lead(*case)],
        "lead=1 is the day right after the window; your target is one day later": _with_targets(1),
        "lead=1 is the day right after the window; your target is one day earlier": [
            _with_targets(-1),
            lambda v, t, lead: (_with_lead(v, t, lead)[0], v[t + lead - 2 : -1, 0]),
        ],
        "y is taken from the second column; the first one is asked for": _with_targets(0, column=1),
        "X should hold all columns, not the one that is predicted alone": lambda *case: (
            _with_lead(*case)[0][:, :, :1],
            _with_lead(*case)[1],
        ),
        "X has its axes swapped: (samples, time steps, features)": lambda *case: (
            _with_lead(*case)[0].transpose(0, 2, 1),
            _with_lead(*case)[1],
        ),
        "return X first, then y": lambda *case: _with_lead(*case)[::-1],
    },
    also=[
        _by_loop,
        lambda v, t, lead: (create_dataset(v, t, lead)[0], create_dataset(v, t, lead)[1].reshape(-1, lead)[:, -1]),
    ],
)


def _last_targets(days: pd.DatetimeIndex, time_step: int, horizon: int) -> pd.DatetimeIndex:
    return days[time_step + horizon - 1 :]


def _on(position: int, days: pd.DatetimeIndex, time_step: int, horizon: int) -> pd.DatetimeIndex:
    """Return the day at this position of every window."""
    return days[position : position + len(_last_targets(days, time_step, horizon))]


may_train = Exercise(
    right=lambda days, time_step, horizon, train_end: le(_last_targets(days, time_step, horizon), train_end),
    draw=lambda rng: [
        (
            pd.date_range(first, periods=count),
            time_step,
            horizon,
            f"{pd.Timestamp(first) + pd.Timedelta(days=end):%Y-%m-%d}",
        )
        for first, count, time_step, horizon, end in [
            ("2001-03-01", 9, 3, 1, 5),
            ("2001-12-20", 24, 5, 3, 11),
            (f"{rng.integers(1970, 2020)}-06-20", 60, 14, 7, 40),
        ]
    ],
    mistakes={
        "you let in every window that begins in the training days; what it predicts may lie after them": (
            lambda d, t, h, end: _on(0, d, t, h) <= end
        ),
        "you look at a window's last day; what it predicts comes after that": lambda d, t, h, end: (
            _on(t - 1, d, t, h) <= end
        ),
        "you look at the first day to be predicted; the others must not lie after the split": lambda d, t, h, end: (
            _on(t, d, t, h) <= end
        ),
        "train_end itself is a training day: a target may fall on it": lambda d, t, h, end: lt(
            _last_targets(d, t, h), end
        ),
        "it is the other way round: True for a window that may be trained on": lambda d, t, h, end: gt(
            _last_targets(d, t, h), end
        ),
        "the date is typed in; train_end is handed in": lambda d, t, h, end: _last_targets(d, t, h) <= "2001-12-31",
        "that is one True or False a day; one a window is asked for": lambda d, t, h, end: d <= end,
        "count the windows: the horizon takes its days from them": lambda d, t, h, end: d[t:] <= end,
    },
    also=[
        lambda d, t, h, end: [d[i + t + h - 1] <= pd.Timestamp(end) for i in range(len(d) - t - h + 1)],
        lambda d, t, h, end: pd.Series(_last_targets(d, t, h) <= end).astype(int),
    ],
)

WAYS = {"above the mean", "week so far", "first day", "year ago"}


def _names(answer: Any) -> set[str]:
    if isinstance(answer, str) or not hasattr(answer, "__iter__"):
        raise Hint("give a list of names, for instance ['year ago']")
    found = set(map(str, answer))
    if unknown := sorted(found - WAYS):
        raise Hint(f"there is no way named {unknown[0]!r}; the names are the keys of `ways`")
    return found


leaky = Exercise(
    right=lambda: {"above the mean", "first day"},
    measure=_names,
    mistakes={
        "one is missing: in which of them has every day of the record a part in every number?": lambda: ["first day"],
        "one is missing: which of them takes its targets from the window itself?": lambda: ["above the mean"],
        "'year ago' only looks back: change the record from the target on, and its window stays the same": [
            lambda: ["above the mean", "first day", "year ago"],
            lambda: ["year ago"],
        ],
        "'week so far' only looks back: change the record from the target on, and its window stays the same": [
            lambda: ["above the mean", "first day", "week so far"],
            lambda: ["week so far"],
        ],
        "those are all of them; two only look back": lambda: WAYS,
        "there are some: give each of the ways to sees_the_future": list,
        "those are the honest ones": lambda: ["week so far", "year ago"],
    },
    also=[
        lambda: ("first day", "above the mean"),
        lambda: np.array(["above the mean", "first day"]),
        lambda: {"above the mean": 1, "first day": 1},
    ],
    otherwise="give each of the ways to sees_the_future, and list the names of those for which it says True",
)
