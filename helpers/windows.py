"""Cut one long daily series into windows: (samples, time steps, features)."""

import numpy as np
import pandas as pd


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
        float64 stay as they are; whole numbers become float64.
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
        For a series that is too short, holds NaN or infinite values, has more than two dimensions or holds
        something else than numbers; for a time_step or horizon that is no whole number or below 1; for a target
        that is not there, or whose name stands over two columns.
    """
    time_step, horizon = _whole_days("time_step", time_step), _whole_days("horizon", horizon)
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
            "fill or cut them before windowing (lesson 04)"
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


def _as_float_matrix(data: np.ndarray | pd.Series | pd.DataFrame) -> np.ndarray:
    values = np.asarray(data)
    if values.dtype.kind in "iub":
        values = values.astype(np.float64)
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
