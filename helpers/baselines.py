"""Forecasts that cost nothing or next to nothing: the bar that a network has to clear.

Every forecaster is called the same way, `forecaster(record, train_end, days, horizon=1)`, and gives a forecast in
the units of the record for each of `days`. A forecast for a day sees nothing later than `horizon` days before it,
and what is fitted (cycle, weights) is fitted on the days up to and including `train_end` only.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.lessons import lesson
from helpers.season import DAYS_A_YEAR, yearly_cycle
from helpers.windows import create_dataset

RIDGE_LAGS = 30
AUTOREGRESSION_LAGS = 3


def persistence(
    record: pd.Series | pd.DataFrame, train_end: str, days: pd.DatetimeIndex, horizon: int = 1
) -> pd.Series:
    """Tomorrow will be as today: the value `horizon` days before.

    `train_end` is not used; it is here because all forecasters are called alike.

    Raises
    ------
    ValueError
        If the record lacks the value that one of `days` is forecast from, or for a horizon below 1.
    """
    _check_horizon(horizon)
    return _on_days(_target(record).shift(horizon, freq="D"), days, "persistence", record)


def seasonal_naive(
    record: pd.Series | pd.DataFrame, train_end: str, days: pd.DatetimeIndex, horizon: int = 1
) -> pd.Series:
    """As on the same date a year ago; 29 February looks at 28 February.

    `train_end` and `horizon` (up to 365 days) change nothing: a year ago is always known.

    Raises
    ------
    ValueError
        If the record has no day a year before one of `days`, or for a horizon below 1 or above 365.
    """
    _check_horizon(horizon)
    if horizon > DAYS_A_YEAR:
        raise ValueError(
            f"the value of a year ago is known {DAYS_A_YEAR} days ahead at most; found a horizon of {horizon} days"
        )
    year_before = days - pd.DateOffset(years=1)
    values = _target(record).reindex(year_before).to_numpy()
    return _on_days(pd.Series(values, index=days), days, "seasonal naive", record)


def climatology(
    record: pd.Series | pd.DataFrame, train_end: str, days: pd.DatetimeIndex, horizon: int = 1
) -> pd.Series:
    """As on an average year: the yearly cycle of the training years (`helpers.season.yearly_cycle`).

    Raises
    ------
    ValueError
        If there are fewer than 365 training days, or for a horizon below 1.
    """
    _check_horizon(horizon)
    return yearly_cycle(_target(record), train_end, days).rename("forecast")


def damped_anomaly(
    record: pd.Series | pd.DataFrame, train_end: str, days: pd.DatetimeIndex, horizon: int = 1
) -> pd.Series:
    """As on an average year, plus a share φ of the departure from it that was seen `horizon` days before.

    φ is the slope of the least-squares line through the origin, from one day's departure to that of `horizon` days
    later, in the training years. (In meteorology: damped anomaly persistence.)

    Raises
    ------
    ValueError
        If there are fewer than 365 training days, gaps in the record, no value `horizon` days before one of `days`,
        or for a horizon below 1.
    """
    return _on_departures(record, train_end, days, horizon, lags=1, name="damped anomaly")


def autoregression(
    record: pd.Series | pd.DataFrame, train_end: str, days: pd.DatetimeIndex, horizon: int = 1
) -> pd.Series:
    """As on an average year, plus a weighted sum of the last three departures from it.

    The three weights are fitted by least squares on the training years. (An autoregression of order 3, for each
    horizon directly.)

    Raises
    ------
    ValueError
        As for `damped_anomaly`, with three values before each of `days`.
    """
    return _on_departures(record, train_end, days, horizon, lags=AUTOREGRESSION_LAGS, name="autoregression")


def _on_departures(
    record: pd.Series | pd.DataFrame, train_end: str, days: pd.DatetimeIndex, horizon: int, lags: int, name: str
) -> pd.Series:
    """Return the cycle plus a weighted sum of the `lags` departures that end `horizon` days before."""
    _check_horizon(horizon)
    target = _target(record)
    _check_daily(target.index)
    departures = target - yearly_cycle(target, train_end, target.index)
    inputs = pd.concat([departures.shift(horizon + lag, freq="D") for lag in range(lags)], axis=1, join="inner")
    learn = inputs.index.intersection(departures.loc[:train_end].index)
    weights, *_ = np.linalg.lstsq(inputs.loc[learn].to_numpy(), departures[learn].to_numpy(), rcond=None)
    forecast = inputs @ weights + yearly_cycle(target, train_end, inputs.index)
    return _on_days(forecast, days, name, record)


def ridge(record: pd.Series | pd.DataFrame, train_end: str, days: pd.DatetimeIndex, horizon: int = 1) -> pd.Series:
    """Return a straight line through the last 30 days of every column, fitted by ridge regression.

    The inputs are scaled to mean 0 and standard deviation 1 on the training windows, so that the penalty
    (alpha = 1, scikit-learn's default) weighs all of them alike.

    Raises
    ------
    ValueError
        If there are fewer than 30 days of history for one of `days`, no training window, gaps in the record, or
        for a horizon below 1.
    """
    return _on_days(follow_line(record, fit_line(record, train_end, horizon), horizon), days, "ridge", record)


def fit_line(record: pd.Series | pd.DataFrame, train_end: str, horizon: int = 1) -> np.ndarray:
    """Return the straight line of `ridge`: one weight for each column on each of the last 30 days, then what to add.

    Shape (30 · columns + 1,), for values in the units of the record; errors as `ridge`.
    """
    from sklearn.linear_model import Ridge
    from sklearn.preprocessing import StandardScaler

    _check_horizon(horizon)
    inputs, forecast_days = _lagged(record, horizon)
    is_training = forecast_days.isin(_target(record).loc[:train_end].index)
    if not is_training.any():
        raise ValueError(f"no training day up to {train_end} has {RIDGE_LAGS} days before it")
    targets = _target(record).reindex(forecast_days)
    scaler = StandardScaler().fit(inputs[is_training])
    model = Ridge().fit(scaler.transform(inputs[is_training]), targets[is_training])
    weights = model.coef_ / scaler.scale_
    return np.append(weights, model.intercept_ - weights @ scaler.mean_)


def follow_line(record: pd.Series | pd.DataFrame, line: np.ndarray, horizon: int = 1) -> pd.Series:
    """Return the forecast of `fit_line`'s straight line from each window of 30 days, dated with its day."""
    inputs, forecast_days = _lagged(record, horizon)
    return pd.Series(inputs @ line[:-1] + line[-1], forecast_days)


FORECASTERS: dict[str, Callable[..., pd.Series]] = {
    "persistence": persistence,
    "seasonal naive": seasonal_naive,
    "climatology": climatology,
    "damped anomaly": damped_anomaly,
    "autoregression": autoregression,
    "ridge": ridge,
}
"""All of them, so that a table is one loop."""


def _check_horizon(horizon: int) -> None:
    if isinstance(horizon, bool) or not isinstance(horizon, int | np.integer) or horizon < 1:
        raise ValueError(f"horizon must be a whole number of days, 1 or more; found {horizon!r}")


def _check_daily(days: pd.DatetimeIndex) -> None:
    if (days[1:] - days[:-1] != pd.Timedelta(days=1)).any():
        raise ValueError(
            f"the record must be daily, in order and without gaps ({lesson('cleaning')} shows how to mend it)"
        )


def _target(record: pd.Series | pd.DataFrame) -> pd.Series:
    return record.iloc[:, 0] if isinstance(record, pd.DataFrame) else record


def _lagged(record: pd.Series | pd.DataFrame, horizon: int) -> tuple[np.ndarray, pd.DatetimeIndex]:
    """Return the last 30 days flattened, shape (days, 30 · columns), and the day that each row forecasts."""
    frame = record.to_frame() if isinstance(record, pd.Series) else record
    _check_daily(frame.index)
    # one more row, whose values are never used, makes the last window (no target yet) appear as well
    padded = np.vstack([frame.to_numpy(dtype=float), np.zeros(frame.shape[1])])
    windows, _ = create_dataset(padded, RIDGE_LAGS)
    last_days = frame.index[RIDGE_LAGS - 1 :]
    return windows.reshape(len(windows), -1), last_days + pd.Timedelta(days=horizon)


def _on_days(forecast: pd.Series, days: pd.DatetimeIndex, name: str, record: pd.Series | pd.DataFrame) -> pd.Series:
    forecast = forecast.reindex(days)
    if forecast.isna().any():
        raise ValueError(
            f"{name} cannot forecast {forecast.isna().sum()} of the {len(days)} days, the first of them "
            f"{forecast.index[forecast.isna()][0]:%Y-%m-%d}: the record ({record.index[0]:%Y-%m-%d} to "
            f"{record.index[-1]:%Y-%m-%d}) lacks the values that they are forecast from"
        )
    return forecast.rename("forecast")
