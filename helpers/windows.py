"""Cut one long daily series into windows: (samples, time steps, features)."""

import numpy as np
import pandas as pd

from helpers.lessons import lesson


def create_dataset(
    data: np.ndarray | pd.Series | pd.DataFrame, time_step: int, horizon: int = 1, target: int | str = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return every window of `time_step` days and the value, or values, that follow it.

    Window i holds the days i … i + time_step − 1. Its target is day i + time_step and, for a longer horizon,
    the days after it. A series of n days has n − time_step − horizon + 1 windows.

    `X` and `y` are read-only views: no day is copied, however many windows it is part of. Copy them
    (`X.copy()`) before you change a value; a later change to `data` itself shows in them.

    Parameters
    ----------
    data
        One series, shape (days,), or several side by side, shape (days, features), in time order. float32 and
        float64 stay as they are; whole numbers become float64. The dates of a Series or DataFrame are respected:
        each row must be one step after the row before.
    time_step
        Days in a window.
    horizon
        Days to predict after each window.
    target
        The column to predict: its position or, for a DataFrame, its name.

    Returns
    -------
    X
        Windows, shape (samples, time_step, features).
    y
        Targets in the units of `data`, shape (samples,) for horizon 1, else (samples, horizon).

    Raises
    ------
    ValueError
        For a series that is too short, holds masked, NaN or infinite values, has more than two dimensions or holds
        something else than numbers; for dates that run backwards, stand twice or leave out a day; for a time_step
        or horizon that is no whole number or below 1; for a target that is not there, or whose name stands over
        two columns.
    """
    time_step, horizon = _whole_days("time_step", time_step), _whole_days("horizon", horizon)
    if isinstance(data, pd.Series | pd.DataFrame):
        _check_order(data.index)
    values = _as_float_matrix(data)
    column = _column_position(data, target, values.shape[1])
    if len(values) < time_step + horizon:
        raise ValueError(
            f"{len(values)} days are too few: one window of {time_step} days and its {horizon} day(s) to predict "
            f"need at least {time_step + horizon}; give a longer series or a shorter time_step"
        )
    # NaN and infinite values show in the extremes; to look for them day by day would take memory
    if not np.isfinite([values.min(), values.max()]).all():
        bad = ~np.isfinite(values).all(axis=1)
        raise ValueError(
            f"{bad.sum()} day(s) hold NaN or infinite values, the first at position {bad.argmax()}; "
            f"fill or cut them before windowing ({lesson('cleaning')})"
        )
    windows = np.lib.stride_tricks.sliding_window_view(values[:-horizon], time_step, axis=0)
    X = windows.transpose(0, 2, 1)
    following = values[time_step:, column]
    y = following if horizon == 1 else np.lib.stride_tricks.sliding_window_view(following, horizon)
    y.flags.writeable = False
    return X, y


def windows_between(
    series: pd.Series | pd.DataFrame, time_step: int, first: str, last: str, batch_size: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Return the windows whose target is a day from `first` to `last`, and these targets; the days before may be in X.

    Parameters
    ----------
    series
        One value, or several columns, a day, dated; the target is the first column.
    time_step
        Days in a window.
    first, last
        Days such as "1997-01-01"; "1997" is its first day.
    batch_size
        The oldest windows that would make a smaller batch are left out: XLA compiles anew for every size of batch.

    Returns
    -------
    X
        Windows, shape (samples, time_step, features), in the units of `series`.
    y
        Targets, shape (samples,).

    Raises
    ------
    ValueError
        As `create_dataset`, or if no whole batch of windows lies between the two days.
    """
    X, y = create_dataset(series, time_step)
    target_days = series.index[time_step:]
    chosen = (target_days >= first) & (target_days <= last)
    skipped = chosen.sum() % batch_size
    if chosen.sum() == skipped:
        raise ValueError(f"no {batch_size} windows of {time_step} days have a target from {first} to {last}")
    return X[chosen][skipped:], y[chosen][skipped:]


def _whole_days(name: str, value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name} must be a whole number of days, 1 or more; found {value!r}")
    return int(value)  # NumPy's small integers overflow: −np.uint8(1) is 255


def _check_order(index: pd.Index) -> None:
    """Raise a ValueError unless every row is one step after the row before, as far as the index can tell."""
    if not isinstance(index, pd.DatetimeIndex | pd.PeriodIndex):
        if index.is_monotonic_decreasing and not index.is_monotonic_increasing:
            raise ValueError(
                f"the index runs backwards, from {index[0]} to {index[-1]}; turn the record round: data.sort_index()"
            )
        return
    if index.hasnans:
        raise ValueError(f"{index.isna().sum()} row(s) have no date; drop them: data[data.index.notna()]")
    if not index.is_monotonic_increasing:
        late = int((index[1:] < index[:-1]).argmax())
        raise ValueError(
            f"the rows are not in time order: {_day(index[late + 1])} comes after {_day(index[late])}; "
            "sort them: data.sort_index()"
        )
    if index.has_duplicates:
        raise ValueError(
            f"{_day(index[index.duplicated()][0])} stands twice; keep one row of each day: "
            "data[~data.index.duplicated()]"
        )
    if isinstance(index, pd.DatetimeIndex) and index.freq is not None:
        return  # such as business days: pandas has checked them
    # as the clock on the wall shows them: where summer time begins, a day has 23 hours
    moments = index.tz_localize(None) if isinstance(index, pd.DatetimeIndex) else index
    steps = np.diff(moments.asi8)
    if len(steps) and (steps != steps.min()).any():
        gap = int((steps != steps.min()).argmax())
        raise ValueError(
            f"rows are missing: after {_day(index[gap])} comes {_day(index[gap + 1])}, so a window across that place "
            "would not hold the days that it seems to hold; give every day a row with data.asfreq('D'), then fill "
            f"the missing values, or cut the record there ({lesson('cleaning')})"
        )


def _day(moment: pd.Timestamp | pd.Period) -> str:
    return str(moment).removesuffix(" 00:00:00")


def _as_float_matrix(data: np.ndarray | pd.Series | pd.DataFrame) -> np.ndarray:
    if np.ma.is_masked(data):
        bad = np.ma.getmaskarray(data).reshape(len(data), -1).any(axis=1)
        raise ValueError(
            f"{bad.sum()} day(s) are masked, the first at position {bad.argmax()}; what lies under a mask is no "
            "measurement: make it NaN with data.astype(float).filled(np.nan), then fill or cut these days "
            f"({lesson('cleaning')})"
        )
    values = np.asarray(data)
    if values.dtype.kind in "iub":
        values = values.astype(np.float64)
    elif not values.dtype.isnative:  # most significant byte first, as netCDF files have it
        values = values.astype(values.dtype.newbyteorder("="))
    if values.dtype not in (np.float32, np.float64):
        raise ValueError(
            f"data must hold float32 or float64 numbers; found {values.dtype}. "
            "Leave out columns of text or dates, and turn the rest into numbers: data.astype('float64')"
        )
    if values.ndim not in (1, 2):
        raise ValueError(
            f"data must have shape (days,) or (days, features); found {values.shape}. "
            "If these are windows already, do not window them again"
        )
    return values[:, np.newaxis] if values.ndim == 1 else values


def _column_position(data: np.ndarray | pd.Series | pd.DataFrame, target: int | str, columns: int) -> int:
    if isinstance(target, str):
        names = list(data.columns) if isinstance(data, pd.DataFrame) else []
        if names.count(target) != 1:
            raise ValueError(
                f"target {target!r} names {names.count(target)} of the columns {names}; it has to name one. "
                "Without column names, give a position, counted from 0"
            )
        return names.index(target)
    is_position = isinstance(target, int | np.integer) and not isinstance(target, bool)
    if not is_position or not -columns <= target < columns:
        raise ValueError(f"target {target!r} is not there: data has {columns} column(s), counted from 0")
    return int(target)
