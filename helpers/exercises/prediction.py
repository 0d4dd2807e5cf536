"""Checks of lesson prediction."""

import numpy as np
import pandas as pd
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from helpers import baselines, data
from helpers.evaluation import rmse
from helpers.exercises.checking import Hint, call, exercise, number, numbers


class _RepeatLastDay:
    """A network whose forecast is the last day of each window: what it is fed can be read from what it returns."""

    def predict(self, windows, **_options) -> np.ndarray:
        windows = np.asarray(windows, dtype=float)
        if windows.shape != (1, 5, 1):
            raise Hint(
                f"the network got an array of shape {windows.shape}; one window of 5 days has shape (1, 5, 1): "
                "(samples, time steps, features)"
            )
        return windows[:, -1, :]


@exercise
def forecast_tomorrow(answer) -> None:
    """Judge a function (network, fitted scaler, series in °C, time_step) → °C of the next day."""
    series = pd.Series(
        [3.0, 8.0, 5.0, 9.0, 4.0, 7.0, 6.5], index=pd.date_range("2001-01-01", periods=7), name="temperature"
    )
    scaler = MinMaxScaler().fit(pd.DataFrame({"temperature": [0.0, 10.0]}))
    found = number(call(answer, _RepeatLastDay(), scaler, series, 5))
    if np.isclose(found, 0.65):
        raise Hint("that is still scaled: the way back to °C is missing")
    if np.isclose(found, 4.0):
        raise Hint("the network saw the first days of the series; tomorrow follows the last ones")
    if np.isclose(found, 65.0):
        raise Hint("the network got °C; it was trained on scaled values, so scale the window first")
    if not np.isclose(found, 6.5):
        raise Hint(f"a network that repeats the last day, 6.5 °C, should give 6.5 here; yours gives {found:.2f}")


@exercise
def skill_of_persistence(answer) -> None:
    """Judge the skill of persistence against climatology on the test years."""
    found = number(answer)
    temperature = data.load("brussels")["temperature"]
    test = temperature.loc["2002":]
    model, reference = (
        rmse(test, forecaster(temperature, data.TRAIN_END, test.index))
        for forecaster in (baselines.persistence, baselines.climatology)
    )
    if np.isclose(found, 1 - model / reference, atol=2e-3):
        return
    if np.isclose(found, 1 - reference / model, atol=2e-3):
        raise Hint("the two errors are swapped: the reference, here climatology, comes second")
    if np.isclose(found, model / reference, atol=2e-3):
        raise Hint("that is the share of the error that is left; skill is the share that is taken away")
    if np.isclose(found, 1 - (model / reference) ** 2, atol=2e-3):
        raise Hint("that uses squared errors; this collection counts skill with the RMSE itself")
    if np.isclose(found, 100 * (1 - model / reference), atol=0.2):
        raise Hint("that is in percent; give the share, 1 for a perfect forecast")
    raise Hint(f"{found:.3f} is not right: skill(error of the model, error of the reference)")


@exercise
def correlation_of_changes(answer) -> None:
    """Judge a function (forecast, truth, day before) → correlation of foretold and actual change."""
    rng = np.random.RandomState(8)
    values = pd.Series(10 + 3 * rng.standard_normal(40), index=pd.date_range("2001-01-01", periods=40))
    day_before, truth = values.shift(1).iloc[1:], values.iloc[1:]
    forecast = day_before + 0.5 * (truth - day_before) + rng.standard_normal(39)
    foretold, happened = forecast - day_before, truth - day_before
    found = number(call(answer, forecast, truth, day_before))
    if np.isclose(found, np.corrcoef(forecast, truth)[0, 1]):
        raise Hint("that is the correlation of the values; even an echo has a high one. Take the changes")
    if np.isclose(found, np.corrcoef(forecast.diff().iloc[1:], truth.diff().iloc[1:])[0, 1]):
        raise Hint("the foretold change is from the observed day before, not from the forecast for the day before")
    if np.isclose(found, np.corrcoef(foretold, truth)[0, 1]):
        raise Hint("one of the two is still a value, not a change since the day before")
    if not np.isclose(found, np.corrcoef(foretold, happened)[0, 1]):
        raise Hint(f"{found:.3f} is not right: subtract the day before from both, then correlate")
    echo = call(answer, day_before, truth, day_before)
    if not np.isfinite(np.asarray(echo, dtype=float)).all() or number(echo) != 0:
        raise Hint("right for most forecasts; now give 0.0 for one that never foretells a change")


@exercise
def rain_in_mm(answer) -> None:
    """Judge a function (scaled rain (samples, 1), scaler fitted on three columns) → mm, shape (samples,)."""
    table = np.array([[10.0, 0.0, 1.0], [14.0, 8.0, 2.0], [6.0, 1.0, 3.0]])
    scaler = StandardScaler().fit(table)
    scaled = scaler.transform(table)[:, 1:2]
    found = call(answer, scaled, scaler)
    if np.shape(found) == (3, 1):
        raise Hint("the values keep an axis too many: shape (samples,) is asked for, yours is (samples, 1)")
    found = numbers(found, (3,))
    if np.allclose(found, table[:, 1]):
        return
    if np.allclose(found, scaled[:, 0] * scaler.scale_[0] + scaler.mean_[0]):
        raise Hint("that is the way back for column 0, the temperature; rain is at position 1")
    if np.allclose(found, scaled[:, 0] * scaler.scale_[1]):
        raise Hint("the spread is right; the mean is missing")
    if np.allclose(found, (scaled[:, 0] + scaler.mean_[1]) * scaler.scale_[1]):
        raise Hint("first multiply by the standard deviation, then add the mean: undo the steps in reverse order")
    if np.allclose(found, scaled[:, 0] * scaler.var_[1] + scaler.mean_[1]):
        raise Hint("that multiplies by the variance; the scaler divided by the standard deviation, scale_")
    raise Hint("not right: which two numbers of the scaler belong to the column at position 1?")
