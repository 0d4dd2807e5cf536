"""Checks of lesson windowing."""

import numpy as np
import pandas as pd

from helpers.exercises.checking import Hint, call, exercise, numbers


@exercise
def to_keras_axes(answer) -> None:
    """Judge a function (samples, features, time) → (samples, time, features)."""
    windows = np.arange(24.0).reshape(4, 2, 3)
    right = windows.transpose(0, 2, 1)
    found = np.asarray(call(answer, windows.copy()), dtype=float)
    if found.shape == windows.shape:
        raise Hint("the shape is still (samples, features, time): the last two axes have to change places")
    if found.shape != right.shape:
        raise Hint(f"windows of shape (4, 2, 3) have to come out as (4, 3, 2); yours have shape {found.shape}")
    if np.array_equal(found, windows.reshape(right.shape)):
        raise Hint("the shape is right, the numbers are not: reshape reads them on in the old order")
    if np.array_equal(found, right[:, ::-1]):
        raise Hint("the axes are right, but your days run backwards")
    _compare(found, right, "the windows")


@exercise
def windows_with_lead(answer) -> None:
    """Judge a function (values, time_step, lead) → windows and the value `lead` days after each."""
    days = np.arange(12.0)
    values = np.column_stack([days, days + 100])
    for time_step, lead in [(4, 1), (4, 3), (3, 2)]:
        example = f"for 12 days, time_step={time_step}, lead={lead}"
        X, y = _pair(call(answer, values.copy(), time_step, lead))
        right_X = np.stack([values[i : i + time_step] for i in range(12 - time_step - lead + 1)])
        right_y = days[time_step + lead - 1 :]
        _judge_counts(X, y, len(right_y), example)
        if X.shape == right_X.transpose(0, 2, 1).shape:
            raise Hint("X has its axes swapped: (samples, time steps, features)")
        _compare(X, right_X, f"{example} the windows")
        if y[0] < time_step:
            raise Hint(f"{example} the first target is day {y[0]:.0f}, and that day is in the first window")
        if y[0] < right_y[0]:
            raise Hint(f"{example} the first target is day {y[0]:.0f}; that is fewer than `lead` days ahead")
        if y[0] == right_y[0] + 100:
            raise Hint("y is taken from the second column; the first one is asked for")
        _compare(y, right_y, f"{example} the targets")


@exercise
def may_train(answer) -> None:
    """Judge a function (days, time_step, horizon, train_end) → which windows may be trained on."""
    days = pd.date_range("2001-12-20", periods=24, freq="D")
    time_step = 5
    for horizon in (1, 3):
        samples = len(days) - time_step - horizon + 1
        found = np.asarray(call(answer, days, time_step, horizon, "2001-12-31"))
        if found.shape != (samples,):
            raise Hint(
                f"for 24 days, time_step={time_step}, horizon={horizon} there are {samples} windows, and one True or "
                f"False for each is expected; yours have shape {found.shape}"
            )
        _judge_choice(numbers(found, (samples,)), days, time_step, horizon)


@exercise
def leaky(answer) -> None:
    """Judge the names of the ways to make windows that let a window see its own target."""
    honest, leaks = {"week so far", "year ago"}, {"anomaly", "first day"}
    if not isinstance(answer, list | tuple | set | np.ndarray | pd.Series):
        raise Hint("give a list of names, for instance ['year ago']")
    found = {str(name) for name in answer}
    if unknown := sorted(found - honest - leaks):
        raise Hint(f"there is no way named {unknown[0]!r}; the names are the keys of `ways`")
    if wronged := sorted(found & honest):
        raise Hint(f"{wronged[0]!r} only looks back: change the day to be predicted, and its window stays the same")
    if not found:
        raise Hint("there are some: give each of the ways to sees_its_target")
    if "anomaly" not in found:
        raise Hint("one is missing: in which of them has every day of the record a part in every number?")
    if "first day" not in found:
        raise Hint("one is missing: which of them takes its targets from the window itself?")


def _pair(result) -> tuple[np.ndarray, np.ndarray]:
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise Hint("return two arrays: `return X, y`")
    X, y = (np.asarray(part, dtype=float) for part in result)
    if X.ndim == 0 or y.ndim == 0:
        raise Hint("return two arrays, X and y; one of yours is a single number")
    return X, y


def _judge_counts(X: np.ndarray, y: np.ndarray, samples: int, example: str) -> None:
    if len(X) != len(y):
        raise Hint(f"{example} you return {len(X)} windows and {len(y)} targets: each window needs its own")
    if y.ndim != 1:
        raise Hint(f"{example} y has shape {y.shape}: one number a window is asked for")
    if len(X) == samples - 1:
        raise Hint(f"{example} one window is lost: the very last target is the last day")
    if len(X) != samples:
        raise Hint(f"{example} you return {len(X)} windows: count those whose target still lies in the record")


def _judge_choice(found: np.ndarray, days: pd.DatetimeIndex, time_step: int, horizon: int) -> None:
    def on(position: int) -> pd.DatetimeIndex:
        return days[position : position + len(found)]  # the day at this position of every window, targets included

    end = pd.Timestamp("2001-12-31")
    last_target = on(time_step + horizon - 1)
    if np.array_equal(found, last_target <= end):
        return
    mistakes = {
        "you let in every window that begins in the training days; what it predicts may lie after them": on(0) <= end,
        "you look at a window's last day; what it predicts comes after that": on(time_step - 1) <= end,
        "you look at the first day to be predicted; the others must not lie after the split": on(time_step) <= end,
        "train_end itself is a training day: a target may fall on it": last_target < end,
        "it is the other way round: True for a window that may be trained on": last_target > end,
    }
    for hint, mistaken in mistakes.items():
        if np.array_equal(found, mistaken):
            raise Hint(hint)
    raise Hint(
        f"not right for the 24 days from 20 December 2001, time_step={time_step}, horizon={horizon}, "
        "train_end='2001-12-31': on which day does the last target of each window fall?"
    )


def _compare(found: np.ndarray, right: np.ndarray, what: str) -> None:
    if not np.array_equal(numbers(found, right.shape), right):
        raise Hint(f"{what} are not right: the first should be {right[0].tolist()}; yours is {found[0].tolist()}")
