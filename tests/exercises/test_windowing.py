"""The checks of lesson windowing: right answers, typical mistakes by name, nonsense."""

import numpy as np
import pandas as pd
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from helpers.exercises import windowing as check
from helpers.windows import create_dataset

NONSENSE = [None, "text", np.nan, 3.5, np.zeros((2, 2)), np.full(5, np.nan), object(), [], {}, ("a", "b"), [np.nan, 1]]


# ---------------------------------------------------------------- 1. the axes


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (lambda windows: windows.transpose(0, 2, 1), "correct"),
        (lambda windows: np.swapaxes(windows, 1, 2), "correct"),
        (lambda windows: np.moveaxis(windows, -1, 1).tolist(), "correct"),
        (lambda windows: [window.T for window in windows], "correct"),
        (lambda windows: ..., "not attempted yet"),
        (lambda windows: None, "not attempted yet"),
        (..., "not attempted yet"),
        (lambda windows: windows, "still (samples, features, time)"),
        (lambda windows: windows.reshape(4, 3, 2), "reshape reads them on"),
        (lambda windows: windows.T, "yours have shape (3, 2, 4)"),
        (lambda windows: windows.reshape(4, -1), "yours have shape (4, 6)"),
        (lambda windows: windows.transpose(0, 2, 1)[:, ::-1], "backwards"),
        (lambda windows: windows.transpose(0, 2, 1)[::-1], "the windows are not right"),
        (lambda windows: windows.transpose(0, 2, 1) * np.nan, "NaN"),
        (lambda windows: windows.transpose(0, 2), "stopped with ValueError"),
        (np.zeros((4, 3, 2)), "the function itself"),
    ],
)
def test_to_keras_axes(said, answer, verdict):
    check.to_keras_axes(answer)
    assert verdict in said()


# ---------------------------------------------------------------- 2. some day ahead


def by_helper(values, time_step, lead):
    X, y = create_dataset(values, time_step, horizon=lead)
    return X, (y if lead == 1 else y[:, -1])


def by_loop(values, time_step, lead):
    X, y = [], []
    for first in range(len(values) - time_step - lead + 1):
        X.append(values[first : first + time_step])
        y.append(values[first + time_step + lead - 1, 0])
    return X, y


def by_slices(values, time_step, lead):
    X = sliding_window_view(values[:-lead], time_step, axis=0).transpose(0, 2, 1)
    return X, pd.Series(values[time_step + lead - 1 :, 0])


def one_day_ahead_always(values, time_step, lead):
    return create_dataset(values, time_step)


def tomorrow_with_the_right_count(values, time_step, lead):
    X, y = create_dataset(values, time_step, horizon=lead)
    return X, (y if lead == 1 else y[:, 0])


def all_days(values, time_step, lead):
    return create_dataset(values, time_step, horizon=lead)


def one_window_lost(values, time_step, lead):
    return tuple(part[:-1] for part in by_helper(values, time_step, lead))


def swapped(values, time_step, lead):
    X, y = by_helper(values, time_step, lead)
    return X.transpose(0, 2, 1), y


def inside(values, time_step, lead):
    X, _ = by_helper(values, time_step, lead)
    return X, X[:, -1, 0]


def second_column(values, time_step, lead):
    X, y = by_helper(values, time_step, lead)
    return X, y + 100


def temperature_only(values, time_step, lead):
    X, y = by_helper(values, time_step, lead)
    return X[:, :, :1], y


def one_too_far(values, time_step, lead):
    X, y = by_helper(values, time_step, lead)
    return X, y + 1


def targets_uncut(values, time_step, lead):
    X, _ = by_helper(values, time_step, lead)
    return X, values[:, 0]


def nan_targets(values, time_step, lead):
    X, y = by_helper(values, time_step, lead)
    return X, y * np.nan


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (by_helper, "correct"),
        (by_loop, "correct"),
        (by_slices, "correct"),
        (lambda values, time_step, lead: None, "not attempted yet"),
        (lambda values, time_step, lead: ..., "not attempted yet"),
        (..., "not attempted yet"),
        (one_day_ahead_always, "count those whose target still lies in the record"),
        (tomorrow_with_the_right_count, "fewer than `lead` days ahead"),
        (all_days, "one number a window"),
        (one_window_lost, "one window is lost"),
        (swapped, "axes swapped"),
        (inside, "that day is in the first window"),
        (second_column, "second column"),
        (temperature_only, "an array of shape (8, 4, 2) is expected; yours has shape (8, 4, 1)"),
        (one_too_far, "the targets are not right: the first should be 4.0; yours is 5.0"),
        (targets_uncut, "8 windows and 12 targets"),
        (nan_targets, "NaN"),
        (lambda values, time_step, lead: by_helper(values, time_step, lead)[0], "return two arrays"),
        (lambda values, time_step, lead: (1, 2), "a single number"),
        (lambda values, time_step, lead: 1 / 0, "ZeroDivisionError"),
        (lambda values: values, "TypeError"),
        (by_helper(np.arange(8.0).reshape(4, 2), 2, 1), "the function itself"),
    ],
)
def test_windows_with_lead(said, answer, verdict):
    check.windows_with_lead(answer)
    assert verdict in said()


# ---------------------------------------------------------------- 3. on which side


def by_last_target(days, time_step, horizon, train_end):
    return days[time_step + horizon - 1 :] <= train_end


def count(days, time_step, horizon):
    return len(days) - time_step - horizon + 1


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (by_last_target, "correct"),
        (lambda d, t, h, end: list(by_last_target(d, t, h, end)), "correct"),
        (lambda d, t, h, end: pd.Series(by_last_target(d, t, h, end)), "correct"),
        (lambda d, t, h, end: by_last_target(d, t, h, end).astype(int), "correct"),
        (lambda d, t, h, end: [d[i + t + h - 1] <= pd.Timestamp(end) for i in range(count(d, t, h))], "correct"),
        (lambda d, t, h, end: None, "not attempted yet"),
        (..., "not attempted yet"),
        (lambda d, t, h, end: d[: count(d, t, h)] <= end, "begins in the training days"),
        (lambda d, t, h, end: d[t - 1 : -h] <= end, "a window's last day"),
        (lambda d, t, h, end: d[t : t + count(d, t, h)] <= end, "the first day to be predicted"),
        (lambda d, t, h, end: d[t + h - 1 :] < end, "a target may fall on it"),
        (lambda d, t, h, end: d[t + h - 1 :] > end, "the other way round"),
        (lambda d, t, h, end: d[t:] <= end, "for 24 days, time_step=5, horizon=3 there are 17 windows"),
        (lambda d, t, h, end: d <= end, "there are 19 windows"),
        (lambda d, t, h, end: d[d <= end], "there are 19 windows"),
        (lambda d, t, h, end: np.ones(count(d, t, h)), "on which day does the last target"),
        (lambda d, t, h, end: np.arange(count(d, t, h)), "on which day does the last target"),
        (lambda d, t, h, end: np.full(count(d, t, h), np.nan), "NaN"),
        (lambda d, t, h, end: ["yes"] * count(d, t, h), "is expected"),
        (lambda d, t, h, end: True, "there are 19 windows"),
        (np.ones(19, dtype=bool), "the function itself"),
    ],
)
def test_may_train(said, answer, verdict):
    check.may_train(answer)
    assert verdict in said()


# ---------------------------------------------------------------- 4. find the leaks


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (["anomaly", "first day"], "correct"),
        (("first day", "anomaly"), "correct"),
        ({"first day", "anomaly"}, "correct"),
        (np.array(["anomaly", "first day"]), "correct"),
        (pd.Series(["first day", "anomaly"]), "correct"),
        ([...], "not attempted yet"),
        (..., "not attempted yet"),
        (["first day"], "every day of the record a part in every number"),
        (["anomaly"], "takes its targets from the window itself"),
        (["anomaly", "first day", "year ago"], "'year ago' only looks back"),
        (["week so far"], "'week so far' only looks back"),
        ([], "there are some"),
        (["first_day", "anomaly"], "no way named 'first_day'"),
        ([1, None], "no way named"),
        ("anomaly", "give a list"),
    ],
)
def test_leaky(said, answer, verdict):
    check.leaky(answer)
    assert verdict in said()


# ---------------------------------------------------------------- nonsense


@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda nonsense: type(nonsense).__name__)
@pytest.mark.parametrize("judge", [check.to_keras_axes, check.windows_with_lead, check.may_train, check.leaky])
def test_nonsense_gets_a_sentence(said, judge, nonsense):
    judge(nonsense)
    of_itself = said()
    judge(lambda *arguments: nonsense)
    of_a_function = said()
    for verdict in (of_itself, of_a_function):
        assert verdict
        assert verdict != "correct"
        assert "Traceback" not in verdict
