"""Checks of lesson your own data."""

from itertools import product

import numpy as np
import pandas as pd

from helpers.exercises.engine import Exercise, Hint


def _in_place(gru: tuple, ridge: tuple, gru_over_ridge: tuple) -> str:
    """Return the GRU if it clearly beats both, else ridge if it clearly beats the naive one, else the naive one."""
    if gru[0] > 0 and gru_over_ridge[0] > 0:
        return "GRU"
    return "ridge" if ridge[0] > 0 else "naive"


def _intervals(rng: np.random.Generator) -> list[tuple]:
    """Return cases (GRU over naive, ridge over naive, GRU over ridge), each clearly better or worse, or neither."""
    kinds = {"unclear": (-0.01, 0.05), "better": (0.02, 0.06), "worse": (-0.06, -0.02), "open": (-0.05, 0.01)}
    contradictions = [("worse", "better", "better"), ("better", "worse", "worse")]
    chosen = [names for names in product(kinds, repeat=3) if names not in contradictions]
    return [
        tuple(tuple(np.round(kinds[name] + rng.uniform(-0.009, 0.009, 2), 3)) for name in names) for names in chosen
    ]


def _one_of_three(answer) -> str:
    if not isinstance(answer, str) or answer not in ("GRU", "ridge", "naive"):
        raise Hint("the answer has to be one of the texts 'GRU', 'ridge' and 'naive'")
    return answer


def _with_ends(which):
    """Return the rule, fed with another number than the lower end of each interval."""
    return lambda *intervals: _in_place(*((which(*interval),) for interval in intervals))


to_use = Exercise(
    right=lambda gru_over_naive, ridge_over_naive, gru_over_ridge: _in_place(
        gru_over_naive, ridge_over_naive, gru_over_ridge
    ),
    draw=_intervals,
    measure=_one_of_three,
    mistakes={
        "clearly better means that the whole interval is above 0, from its lower end on": [
            _with_ends(lambda low, high: low + high),
            _with_ends(lambda low, high: high),
        ],
        "the GRU has to clearly beat the straight line too": (
            lambda gru, ridge, over: "GRU" if gru[0] > 0 else "ridge" if ridge[0] > 0 else "naive"
        ),
        "the GRU has to clearly beat the naive forecast too": (
            lambda gru, ridge, over: "GRU" if over[0] > 0 else "ridge" if ridge[0] > 0 else "naive"
        ),
        "the GRU has to clearly beat both, whether or not the straight line beats the naive forecast": (
            lambda gru, ridge, over: (
                ("GRU" if over[0] > 0 else "ridge") if ridge[0] > 0 else "GRU" if gru[0] > 0 else "naive"
            )
        ),
        "where the straight line beats the naive forecast, the GRU may still beat both": [
            lambda gru, ridge, over: "ridge" if ridge[0] > 0 else "GRU" if gru[0] > 0 else "naive",
            lambda gru, ridge, over: "ridge" if ridge[0] > 0 else "GRU" if min(gru[0], over[0]) > 0 else "naive",
        ],
        "where the GRU does not beat both, the straight line may still beat the naive forecast": (
            lambda gru, ridge, over: "GRU" if min(gru[0], over[0]) > 0 else "naive"
        ),
        "the naive forecast is not always the one to use": lambda gru, ridge, over: "naive",
    },
    also=[lambda *intervals: np.str_(_in_place(*intervals))],
)

days_gone_wrong = Exercise(
    right=lambda: 132,
    mistakes={
        "that counts all days up to the 12th; on some of them, both readings give the same date": lambda: 144,
        "these are the days on which both readings give the same date; the others up to the 12th go wrong": lambda: 12,
        "dates such as 13/01/2019 can be read in one way only; they stay right": lambda: 365,
        "these are the dates with a day above 12; they can be read in one way only": lambda: 221,
        "that is the number of days that stay right": lambda: 233,
        "that is the number in one month; there are twelve": lambda: 11,
        "that is a share; the number of days is asked for": [lambda: 132 / 365, lambda: 13200 / 365],
    },
    otherwise="which dates can be read in two ways, and which of these differ?",
)


def _tomorrows_target(frame: pd.DataFrame, ahead: int = 1) -> pd.Series:
    """Return how each other column goes with the target of the next day, or of another one."""
    return frame.iloc[:, 1:].corrwith(frame.iloc[:, 0].shift(-ahead))


def _frames(rng: np.random.Generator) -> list[tuple]:
    """Return frames in which one column knows tomorrow's target, rises with it or falls where it rises."""
    frames = []
    for days, sign in ((60, 1), (300, -1), (300, 1)):
        target = pd.Series(rng.normal(size=days + 2)).rolling(3).mean().dropna().reset_index(drop=True)
        others = [target.shift(-1).ffill() * sign, target * -sign, target.shift(1).bfill(), 0 * target]
        names = rng.permutation(["orders", "price", "rain", "visitors"])
        columns = {name: other + 0.05 * rng.normal(size=days) for name, other in zip(names, others, strict=True)}
        frame = pd.DataFrame({"sold": target, **dict(sorted(columns.items()))})
        frames.append((frame.set_axis(pd.date_range("2020-01-01", periods=days), axis=0),))
    return frames


knows_tomorrow = Exercise(
    right=lambda frame: _tomorrows_target(frame).abs().idxmax(),
    draw=_frames,
    mistakes={
        "that is the target itself; look at the other columns": lambda frame: frame.columns[0],
        "that column knows today; shift the target": lambda frame: _tomorrows_target(frame, 0).abs().idxmax(),
        "that column knows yesterday; shift the target the other way": (
            lambda frame: _tomorrows_target(frame, -1).abs().idxmax()
        ),
        "take the size: a column that falls where tomorrow's target rises knows it as well": [
            lambda frame: _tomorrows_target(frame).idxmax(),
            lambda frame: _tomorrows_target(frame).idxmin(),
        ],
        "that column knows next to nothing; the largest size is asked for": (
            lambda frame: _tomorrows_target(frame).abs().idxmin()
        ),
    },
    also=[lambda frame: np.str_(_tomorrows_target(frame).pow(2).sort_values().index[-1])],
)


def _coded(rng: np.random.Generator) -> list[tuple]:
    """Return cases (series, code); each holds a 0, numbers below 0, and the code with the other sign."""
    cases = []
    for code in (-999.0, 9999.0, -99.9):
        values = [3.0, code, 0.0, -4.5, code, 12.0, -code, *rng.normal(0, 10, 4 * bool(cases)).round(1)]
        cases.append((pd.Series(values, pd.date_range("2020-01-01", periods=len(values))), code))
    return cases


def _series_of_numbers(answer) -> pd.Series:
    if not isinstance(answer, pd.Series):
        raise Hint(f"a Series with its days is asked for; yours is a {type(answer).__name__}")
    if answer.map(lambda value: isinstance(value, str)).any():
        raise Hint("your Series holds a text; an empty day is NaN, the number np.nan")
    return answer.astype(float)


without_code = Exercise(
    right=lambda series, code: series.mask(series == code),
    draw=_coded,
    measure=_series_of_numbers,
    mistakes={
        "the days are gone; they have to stay, as empty ones, so that the gap can be seen": (
            lambda series, code: series[series != code]
        ),
        "a 0 is a measurement as well; 'not measured' is NaN": lambda series, code: series.replace(code, 0),
        "the days have got other values; leave them empty (NaN): how to fill is for the reader of the file": [
            lambda series, code: series.replace(code, np.nan).interpolate(),
            lambda series, code: series.replace(code, np.nan).ffill(),
            lambda series, code: series.replace(code, series[series != code].mean()),
        ],
        "the code is the second argument, and not always the same": lambda series, code: series.replace(-999, np.nan),
        "the code is still there": lambda series, code: series,
        "days that were measured are empty now; only those with exactly the code are to be emptied": [
            lambda series, code: series.mask((series == code) | (series < 0)),
            lambda series, code: series.mask(series.abs() == abs(code)),
            lambda series, code: series.mask(series.isin([code, 0])),
        ],
        "that is the other way round: only the days with the code are left": (
            lambda series, code: series.where(series == code)
        ),
    },
    also=[
        lambda series, code: series.replace(code, np.nan),
        lambda series, code: series.where(series != code).astype(object),
        lambda series, code: series.mask(series == code).astype("Float64"),
    ],
)
