"""Checks of lesson prediction."""

import numpy as np
import pandas as pd
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from helpers import baselines, data
from helpers.evaluation import rmse
from helpers.exercises.engine import Exercise, Hint


class _Network:
    """A network of 5 days whose scaled forecast is `last` · last day + `first` · first day + `plus`: no identity."""

    def __init__(self, last: float, first: float, plus: float):
        self.last, self.first, self.plus = last, first, plus

    def __repr__(self) -> str:
        return f"({self.last:.2g} · last day + {self.first:.2g} · first day + {self.plus:.2g})"

    def predict(self, windows, *_, **__) -> np.ndarray:
        windows = np.asarray(windows, dtype=float)
        if windows.shape != (1, 5, 1):
            raise ValueError(f"one window of 5 days has shape (1, 5, 1); the network got {windows.shape}")
        return self.last * windows[:, -1] + self.first * windows[:, 0] + self.plus

    __call__ = predict


def _tomorrows(rng: np.random.Generator) -> list[tuple]:
    """Return cases (network, fitted scaler, series in °C, time_step), the plainest first."""
    networks = [_Network(0.5, 0, 0), _Network(0.7, 0.2, 0.05), _Network(*rng.uniform(0.2, 0.7, 3))]
    recent = [[3.0, 8.0, 5.0, 9.0, 4.0, 7.0, 6.5], *rng.normal(10, 6, (2, 9)).round(1)]
    cases = []
    for network, scaler, values in zip(
        networks, [MinMaxScaler(), StandardScaler(), MinMaxScaler()], recent, strict=True
    ):
        history = pd.DataFrame({"temperature": np.append([-8.0, 31.0], rng.normal(10, 6, 30))})
        series = pd.Series(values, pd.date_range("2001-01-01", periods=len(values)), name="temperature")
        cases.append((network, scaler.fit(history), series, 5))
    return cases


def _tomorrow(net, scaler, series, n) -> float:
    return scaler.inverse_transform(net.predict(_window(scaler, series, n)))[0, 0]


def _window(scaler, series, n) -> np.ndarray:
    return scaler.transform(series.iloc[-n:].to_frame())[np.newaxis]


def _raw(series, n) -> np.ndarray:
    return series.to_numpy()[-n:].reshape(1, n, 1)


def _refitted(scaler):
    return lambda net, _, series, n: _tomorrow(net, scaler.fit(series.to_frame()), series, n)


forecast_tomorrow = Exercise(
    right=lambda network, fitted_scaler, series, time_step: _tomorrow(network, fitted_scaler, series, time_step),
    draw=_tomorrows,
    mistakes={
        "that is still scaled: the way back to °C is missing": lambda net, s, t, n: net.predict(_window(s, t, n))[0, 0],
        "the network saw the first days of the series; tomorrow follows the last ones": (
            lambda net, s, t, n: _tomorrow(net, s, t.iloc[:n], n)
        ),
        "the network's window ends a day too early": lambda net, s, t, n: _tomorrow(net, s, t.iloc[:-1], n),
        "the network saw the days in reverse order": lambda net, s, t, n: _tomorrow(net, s, t.iloc[-n:][::-1], n),
        "the network got °C; it was trained on scaled values, so scale the window first": [
            lambda net, s, t, n: s.inverse_transform(net.predict(_raw(t, n)))[0, 0],
            lambda net, s, t, n: net.predict(_raw(t, n))[0, 0],
        ],
        "that is a scaler of your own; the network knows the scale of the one that is handed in": [
            _refitted(MinMaxScaler()),
            _refitted(StandardScaler()),
        ],
        "that is the last day itself, not what the network makes of it": lambda net, s, t, n: t.iloc[-1],
    },
    decimals=2,
    also=[
        lambda net, s, t, n: s.inverse_transform(net(_window(s, t, n), training=False)),
        lambda net, s, t, n: [round(_tomorrow(net, s, t.tail(n), n), 2)],
    ],
)


def _errors() -> tuple[float, float]:
    """Return the errors in °C of persistence and of climatology on the test years."""
    temperature = data.load("brussels")["temperature"]
    test = temperature.loc["2002":]
    simple = (baselines.persistence, baselines.climatology)
    return tuple(rmse(test, forecast(temperature, data.TRAIN_END, test.index)) for forecast in simple)


def _skill(model: float, reference: float) -> float:
    return 1 - model / reference


skill_of_persistence = Exercise(
    right=lambda: _skill(*_errors()),
    mistakes={
        "the two errors are swapped: the reference, here climatology, comes second": lambda: _skill(*_errors()[::-1]),
        "that is the share of the error that is left, not the share taken away": lambda: 1 - _skill(*_errors()),
        "that uses squared errors; skill is counted with the RMSE": lambda: 1 - (1 - _skill(*_errors())) ** 2,
        "that is the difference in °C; skill is a share": [
            lambda: _errors()[1] - _errors()[0],
            lambda: _errors()[0] - _errors()[1],
        ],
        "the sign is wrong: the smaller error has a skill above 0": lambda: -_skill(*_errors()),
        "that is in percent; give the share, 1 for a perfect forecast": [
            lambda: 100 * _skill(*_errors()),
            lambda: round(100 * _skill(*_errors())),
        ],
    },
    decimals=2,
    otherwise="skill takes two errors: that of the forecast, then that of the reference",
)


def _changes(forecast, truth, day_before) -> float:
    foretold = forecast - day_before
    return foretold.corr(truth - day_before) if foretold.any() else 0.0


def _forecasts(rng: np.random.Generator) -> list[tuple]:
    """Return cases (forecast, truth, day before), two days of each without a foretold change; at last a pure echo."""
    cases = []
    for days in (5, 40, 40):
        values = pd.Series(10 + 3 * rng.normal(size=days), pd.date_range("2001-01-01", periods=days)).round(1)
        day_before, truth = values.shift(1).iloc[1:], values.iloc[1:]
        forecast = day_before + 0.5 * (truth - day_before) + rng.normal(size=days - 1).round(1)
        forecast.iloc[1:3] = day_before.iloc[1:3]
        cases.append((forecast, truth, day_before))
    return [*cases, (day_before.copy(), truth, day_before)]


def _guarded(correlation):
    """Return the function that gives the 0.0 that is asked for an echo, and else `correlation`."""
    return lambda f, truth, before: correlation(f, truth, before) if (f != before).any() else 0.0


def _not_nan(answer):
    if isinstance(answer, float) and np.isnan(answer):
        raise Hint("for a forecast that never foretells a change yours gives NaN; 0.0 is asked for")
    return answer


correlation_of_changes = Exercise(
    right=_changes,
    draw=_forecasts,
    measure=_not_nan,
    mistakes={
        "that is the correlation of the values; even an echo has a high one. Take the changes": [
            lambda f, truth, before: f.corr(truth),
            _guarded(lambda f, truth, before: f.corr(truth)),
        ],
        "the foretold change is from the observed day before, not from the forecast for the day before": [
            lambda f, truth, before: f.diff().corr(truth.diff()),
            _guarded(lambda f, truth, before: f.diff().corr(truth.diff())),
        ],
        "one of the two is still a value, not a change since the day before": [
            _guarded(lambda f, truth, before: (f - before).corr(truth)),
            _guarded(lambda f, truth, before: f.corr(truth - before)),
        ],
        "that is the forecast's error, not the actual change": [
            _guarded(lambda f, truth, before: (f - before).corr(truth - f)),
            _guarded(lambda f, truth, before: (f - before).corr(f - truth)),
        ],
        "the sign is wrong: subtract the day before from both": lambda f, truth, before: -_changes(f, truth, before),
        "a forecast that foretells no change on some days is no echo; only one that never does is": (
            lambda f, truth, before: 0.0 if (f == before).any() else _changes(f, truth, before)
        ),
        "that is how often the direction was right; a correlation is asked for": (
            lambda f, truth, before: np.mean(np.sign(f - before) == np.sign(truth - before))
        ),
    },
    decimals=3,
    also=[
        lambda f, truth, before: [round(_changes(f, truth, before), 3)],
        lambda f, truth, before: np.nan_to_num((f - before).corr(truth - before)),
    ],
)


def _rain(rng: np.random.Generator) -> list[tuple]:
    """Return cases (scaled rain, scaler fitted on three columns)."""
    tables = [np.array([[10.0, 0.0, 1.0], [14.0, 8.0, 2.0], [6.0, 1.0, 3.0]])]
    tables += [np.abs(rng.normal([10, 2, 3], [6, 3, 1], size=(days, 3))) for days in (6, 4)]
    scalers = [StandardScaler().fit(table) for table in tables]
    return [(scaler.transform(table)[:-1, 1:2], scaler) for table, scaler in zip(tables, scalers, strict=True)]


rain_in_mm = Exercise(
    right=lambda scaled_rain, fitted_scaler: scaled_rain[:, 0] * fitted_scaler.scale_[1] + fitted_scaler.mean_[1],
    draw=_rain,
    mistakes={
        "there is an axis too many: shape (samples,) is asked for, yours is (samples, 1)": (
            lambda rain, s: rain * s.scale_[1] + s.mean_[1]
        ),
        "those are all three columns; only the rain is asked for": lambda rain, s: s.inverse_transform(
            np.tile(rain, 3)
        ),
        "that is the way back for another column; rain is at position 1": [
            lambda rain, s: rain[:, 0] * s.scale_[0] + s.mean_[0],
            lambda rain, s: rain[:, 0] * s.scale_[2] + s.mean_[2],
        ],
        "the spread is right; the mean is missing": lambda rain, s: rain[:, 0] * s.scale_[1],
        "the mean is right; the spread is missing": lambda rain, s: rain[:, 0] + s.mean_[1],
        "first multiply, then add the mean: undo the steps in reverse order": (
            lambda rain, s: (rain[:, 0] + s.mean_[1]) * s.scale_[1]
        ),
        "that multiplies by the variance; the scaler divided by the standard deviation, scale_": (
            lambda rain, s: rain[:, 0] * s.var_[1] + s.mean_[1]
        ),
        "that scales once more; the question is the way back": lambda rain, s: (rain[:, 0] - s.mean_[1]) / s.scale_[1],
        "those are still the scaled values": lambda rain, s: rain[:, 0],
    },
    also=[
        lambda rain, s: list(s.inverse_transform(np.tile(rain, 3))[:, 1]),
        lambda rain, s: pd.Series(rain.ravel() * np.sqrt(s.var_[1]) + s.mean_[1]),
    ],
)
