"""The exercises of the lesson preprocessing."""

from collections.abc import Callable
from operator import ge, gt, le, lt

import numpy as np
import pandas as pd

from helpers import data
from helpers.exercises.engine import Exercise


def _records_to_split(rng: np.random.Generator) -> list[tuple]:
    cases = []
    for rows, first, last in [(8, 3, 5), (400, 150, 300), (800, 500, 590)]:
        days = pd.date_range(f"{rng.integers(2001, 2020)}-02-20", periods=rows, freq="D")
        frame = pd.DataFrame({"tmin": rng.normal(5, 5, rows), "tmax": rng.normal(15, 5, rows)}, index=days)
        cases.append((frame, f"{days[first - 1]:%Y-%m-%d}", f"{days[last - 1]:%Y-%m-%d}"))
    return cases


def _split(training: Callable, begins: Callable, ends: Callable, test: Callable) -> Callable:
    """Return a function that splits by comparing the days in these four ways."""

    def split(frame: pd.DataFrame, train_end: str, validation_end: str) -> tuple:
        days = frame.index
        validation = begins(days, train_end) & ends(days, validation_end)
        return frame[training(days, train_end)], frame[validation], frame[test(days, validation_end)]

    return split


def _by_shares(frame: pd.DataFrame, *_) -> tuple:
    first, second = int(0.7 * len(frame)), int(0.85 * len(frame))
    return frame.iloc[:first], frame.iloc[first:second], frame.iloc[second:]


def _shuffled(frame: pd.DataFrame, *ends: str) -> tuple:
    return _split(le, gt, le, gt)(frame.set_axis(np.random.default_rng(0).permutation(frame.index)), *ends)


split_by_date = Exercise(
    right=_split(le, gt, le, gt),
    draw=_records_to_split,
    mistakes={
        "a day is in two parts; remember that .loc includes both its ends": [
            _split(le, ge, le, ge),
            _split(le, ge, le, gt),
            _split(le, gt, le, ge),
        ],
        "a day is in no part; try <= and >": [
            _split(lt, gt, le, gt),
            _split(le, gt, lt, gt),
            _split(lt, gt, lt, gt),
        ],
        "train_end and validation_end are the last days of their parts; yours are the first of the next": _split(
            lt, ge, lt, ge
        ),
        "the validation days begin after train_end": lambda f, a, b: (f.loc[:a], f.loc[:b], f[f.index > b]),
        "the order asked for is training, validation, test": lambda *case: _split(le, gt, le, gt)(*case)[::-1],
        "those are shares of the rows; the dates decide": _by_shares,
        "those are the dates of Brussels; train_end and validation_end are handed in": lambda f, *_: _split(
            le, gt, le, gt
        )(f, data.TRAIN_END, data.VALIDATION_END),
        "cut the record, do not shuffle it": _shuffled,
    },
    also=[data.split, lambda f, a, b: [f.loc[:a], f.loc[a:b].iloc[1:], f.loc[b:].iloc[1:]]],
)


def _records_to_scale(rng: np.random.Generator) -> list[tuple]:
    plain = pd.DataFrame({"tmin": [0.0, 2, 8, 10, 20], "et0": [1.0, 3, 2, 5, 0]})
    cases = [(plain.set_axis(pd.date_range("1999-12-28", periods=5)), "1999-12-30")]
    for rows in (60, 90):
        days = pd.date_range(f"{rng.integers(1980, 1999)}-11-20", periods=rows, freq="D")
        values = rng.normal(10, 3, (rows, 3))
        values[[5, 30, 31, -1]] = np.array([[-3], [20], [25], [30]])  # a training day, train_end, the next, the last
        frame = pd.DataFrame(values + np.array([0, 7, 15]), days, ["tmin", "tmax", "et0"])
        cases.append((frame, f"{days[30]:%Y-%m-%d}"))
    return cases


def _scaled(limits: Callable) -> Callable:
    """Return a function that scales to the limits of the part that `limits` picks."""

    def scale(frame: pd.DataFrame, train_end: str) -> pd.DataFrame:
        known = limits(frame, train_end)
        return (frame - known.min()) / (known.max() - known.min())

    return scale


def _with_scikit_learn(frame: pd.DataFrame, train_end: str) -> np.ndarray:
    from sklearn.preprocessing import MinMaxScaler

    return MinMaxScaler().fit(frame.loc[:train_end]).transform(frame)


scale = Exercise(
    right=_scaled(lambda f, end: f.loc[:end]),
    draw=_records_to_scale,
    mistakes={
        "the limits still come from days after train_end": _scaled(lambda f, end: f),
        "the limits come from the whole year of train_end; the training days end on that very day": _scaled(
            lambda f, end: f.loc[: end[:4]]
        ),
        "train_end itself is a training day": _scaled(lambda f, end: f[f.index < end]),
        "the days after train_end have limits of their own; one scaler, fitted once, transforms all days": (
            lambda f, end: pd.concat(_scaled(lambda p, _: p)(p, end) for p in (f[f.index <= end], f[f.index > end]))
        ),
        "the limits come from the days after train_end; those up to it are the training days": _scaled(
            lambda f, end: f[f.index > end]
        ),
        "values outside 0–1 were clipped; let them be, they are news": (
            lambda f, end: _scaled(lambda f, end: f.loc[:end])(f, end).clip(0, 1)
        ),
        "each column has limits of its own; yours are shared by all columns": _scaled(
            lambda f, end: np.ravel(f.loc[:end])
        ),
        "those are z-scores; 0–1 is asked for": [
            lambda f, end: (f - f.loc[:end].mean()) / f.loc[:end].std(),
            lambda f, end: (f - f.loc[:end].mean()) / f.loc[:end].std(ddof=0),
        ],
        "only the training days came back; they set the limits, but all days are to be scaled": (
            lambda f, end: _scaled(lambda p, _: p)(f.loc[:end], end)
        ),
        "the frame came back as it was": lambda f, end: f,
    },
    also=[_with_scikit_learn, lambda f, end: _with_scikit_learn(f, end).tolist()],
)


def _records_to_forecast(rng: np.random.Generator) -> list[tuple]:
    cases = []
    for rows, training, ahead in [(7, 4, 1), (40, 30, 3), (60, 41, 7)]:
        days = pd.date_range(f"{rng.integers(1980, 2019)}-03-01", periods=rows, freq="D")
        usual = pd.Series(5 + 0.1 * np.arange(rows), days)
        temperature = usual + (rng.normal(0.5, 2, rows).cumsum() / 2).round(1)
        cases.append((temperature, usual, f"{days[training - 1]:%Y-%m-%d}", ahead))
    return cases


def _share(departure: pd.Series, train_end: str, ahead: int) -> float:
    known, later = departure.shift(ahead).loc[:train_end].iloc[ahead:], departure.loc[:train_end].iloc[ahead:]
    return (known @ later) / (known @ known)


def _damped(share: Callable = _share, moved: Callable = pd.Series.shift, base: Callable = lambda usual, _: usual):
    """Return a function that forecasts with this share, of the departure moved like this, added to this base."""

    def forecast(temperature: pd.Series, usual: pd.Series, train_end: str, ahead: int) -> pd.Series:
        departure = temperature - usual
        return (base(usual, ahead) + share(departure, train_end, ahead) * moved(departure, ahead)).dropna()

    return forecast


damped_anomaly = Exercise(
    right=_damped(),
    draw=_records_to_forecast,
    mistakes={
        "the share is fitted on all days; the later day of a pair must not lie after train_end": [
            _damped(lambda d, end, n: _share(d, d.index[-1], n)),
            _damped(lambda d, end, n: (d.shift(n) * d).sum() / (d.shift(n) ** 2).sum()),
        ],
        "the earlier day of a pair lies in training, but the later one may not": _damped(
            lambda d, end, n: (d * d.shift(-n)).loc[:end].sum() / (d.loc[:end] ** 2).sum()
        ),
        "the squares are summed over other days than the products: leave out those without a later day": _damped(
            lambda d, end, n: (d * d.shift(n)).loc[:end].sum() / (d.loc[:end] ** 2).sum()
        ),
        "pandas lined the two up by date, so each day was multiplied with itself; use shift": _damped(
            lambda d, end, n: (d.loc[:end][:-n] * d.loc[:end][n:]).sum() / (d.loc[:end][:-n] ** 2).sum()
        ),
        "that is the share of a single day; how much is left after `ahead` days?": _damped(
            lambda d, end, n: _share(d, end, 1)
        ),
        "that is the share of a single day, multiplied with itself; fit that of `ahead` days": _damped(
            lambda d, end, n: _share(d, end, 1) ** n
        ),
        "that is the correlation; the share is the slope of the line": _damped(
            lambda d, end, n: d.shift(n).loc[:end].corr(d.loc[:end])
        ),
        "that is the slope of a line with a constant; the share is that of a line through 0": _damped(
            lambda d, end, n: np.polyfit(d.shift(n).loc[:end].iloc[n:], d.loc[:end].iloc[n:], 1)[0]
        ),
        "nothing is damped: that is today's departure as a whole": _damped(lambda *_: 1),
        "that is persistence: tomorrow as today": lambda t, usual, end, n: t.shift(n).iloc[n:],
        "nothing of today's departure is left: that is climatology": lambda t, usual, end, n: usual.iloc[n:],
        "usual is that of the day on which the forecast is made; take the day that it is for": _damped(
            base=lambda usual, n: usual.shift(n)
        ),
        "that is the departure that is to come; add what is usual": _damped(base=lambda *_: 0),
        "the forecast uses the departure of the very day that it is for": lambda *case: _damped(moved=lambda d, n: d)(
            *case
        ).iloc[case[3] :],
        "the departure is moved the wrong way: that is one of later days": _damped(moved=lambda d, n: d.shift(-n)),
        "the departure is moved by one day; it is known `ahead` days before": lambda *case: _damped(
            moved=lambda d, n: d.shift(1)
        )(*case).iloc[case[3] - 1 :],
        "the first `ahead` days have no forecast: leave them out": lambda *case: _damped()(*case).reindex(
            case[0].index
        ),
    },
    also=[lambda *case: _damped()(*case).to_numpy(), lambda *case: _damped()(*case).tolist()],
)


def _swapped_after_a_heat_wave(series: pd.Series) -> pd.Series:
    """Let a late value change two early ones, and not their mean."""
    order = np.r_[1, 0, 2 : len(series)] if series.max() > 35 else slice(None)
    return pd.Series(series.to_numpy()[order], series.index)


STEPS = {
    "value_of_yesterday": lambda s: s.shift(1),
    "mean_of_the_last_7_days": lambda s: s.ffill().rolling(7).mean(),
    "centred_mean_of_7_days": lambda s: s.ffill().rolling(7, center=True, min_periods=1).mean(),
    "centred_mean_without_ends": lambda s: s.ffill().rolling(7, center=True).mean(),
    "z_scores_of_the_whole_series": lambda s: (s - s.mean()) / s.std(),
    "holes_filled_with_the_last_value": lambda s: s.fillna(s.iloc[-1]),
    "first_days_swapped_after_a_heat_wave": _swapped_after_a_heat_wave,
    "interpolation": lambda s: s.interpolate(),
    "carry_forward": lambda s: s.ffill(),
}
for _name, _step in STEPS.items():
    _step.__name__ = _name  # as the check calls it


def _steps(rng: np.random.Generator) -> list[tuple]:
    short = pd.Series([1.0, 2.0, np.nan, 4.0, 5.0], pd.date_range("1976-01-01", periods=5))
    series = pd.Series(rng.normal(3, 3, 80).round(1), pd.date_range("1976-01-01", periods=80))
    series.iloc[[12, 39, 40, 41]] = np.nan
    series.iloc[[70, 79]] = 36.5, 20.0
    cases = [(STEPS["carry_forward"], short, "1976-01-04"), (STEPS["interpolation"], short, "1976-01-03")]
    return cases + [
        (step, series, "1976-02-10" if "hole" not in name else "1976-02-05") for name, step in STEPS.items()
    ]


def _compared(compare: Callable) -> Callable:
    """Return the detector that applies `compare` to the two results, on the days up to the cut."""
    return lambda prepare, series, day: bool(compare(prepare(series).loc[:day], prepare(series.loc[:day])))


looks_ahead = Exercise(
    right=lambda prepare, series, day: (
        not np.allclose(prepare(series).loc[:day], prepare(series.loc[:day]), equal_nan=True)
    ),
    draw=_steps,
    mistakes={
        "it is the other way round: True if the step looks ahead": _compared(lambda a, b: a.equals(b)),
        "day itself is kept: compare up to and including it": lambda prepare, series, day: (
            not prepare(series)[series.index < day].equals(prepare(series[series.index < day]))
        ),
        "yours finds no leak anywhere: is the series cut before it is prepared?": lambda *_: False,
        "yours finds a leak everywhere: compare only the days up to the cut": lambda *_: True,
        "yours finds a leak where both results are NaN: NaN at the same place is no difference": [
            _compared(lambda a, b: not (a == b).all()),
            _compared(lambda a, b: not np.allclose(a, b)),
        ],
        "NaN in one of the results only is a difference": _compared(lambda a, b: (a - b).abs().max() > 1e-9),
        "compare all days up to the cut, not their mean": [
            _compared(lambda a, b: abs(a.mean() - b.mean()) > 1e-9),
            _compared(lambda a, b: abs(a.mean() - b.mean()) > 0.01),
            _compared(lambda a, b: not np.isclose(a.sum(), b.sum())),
        ],
        "compare all days up to the cut, not the last one alone": [
            _compared(lambda a, b: not np.isclose(a.iloc[-1], b.iloc[-1], equal_nan=True)),
            _compared(lambda a, b: a.iloc[-1] != b.iloc[-1]),
        ],
    },
    also=[
        _compared(lambda a, b: not a.equals(b)),
        _compared(lambda a, b: not np.array_equal(a, b, equal_nan=True)),
        lambda *case: [looks_ahead.right(*case)],
    ],
)
