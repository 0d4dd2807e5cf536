"""Checks of lesson your own data."""

import math
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


def _at_least(outside: int, days: int) -> float:
    """Return how likely so many days outside, or more, are if one in ten is to be outside."""
    return sum(math.comb(days, k) * 0.1**k * 0.9 ** (days - k) for k in range(outside, days + 1))


def _counts(rng: np.random.Generator) -> list[tuple]:
    """Return cases (outside, days) on either side of the limit, and far from it."""
    edges = [(2, 2), (4, 4), (12, 60), (13, 60), (14, 60), (15, 60), (6, 60), (0, 60), (20, 365), (37, 365), (60, 365)]
    return [*edges, *((int(rng.integers(0, days // 2)), days) for days in (25, 60, 90))]


def _yes_or_no(answer) -> bool:
    if not isinstance(answer, bool | np.bool_):
        raise Hint("the answer has to be True or False")
    return bool(answer)


def _with_chance(chance, limit: float = 0.001):
    return lambda outside, days: chance(outside, days) < limit


time_to_train = Exercise(
    right=_with_chance(_at_least),
    draw=_counts,
    measure=_yes_or_no,
    mistakes={
        "as many or more: the count itself belongs to the sum": _with_chance(
            lambda outside, days: _at_least(outside + 1, days)
        ),
        "that is the chance of exactly so many; add those of all larger counts": _with_chance(
            lambda outside, days: _at_least(outside, days) - _at_least(outside + 1, days)
        ),
        "that is the chance of so many or fewer; far too few outside is no reason to train anew": _with_chance(
            lambda outside, days: 1 - _at_least(outside + 1, days)
        ),
        "a share above 10 % happens half of the time; ask how likely so many are": [
            lambda outside, days: outside > 0.1 * days,
            lambda outside, days: outside >= 0.1 * days,
        ],
        "the limit is one in a thousand": [_with_chance(_at_least, 0.05), _with_chance(_at_least, 0.01)],
        "that is the other way round: a count that is rare by chance is the reason": (
            lambda outside, days: _at_least(outside, days) >= 0.001
        ),
        "0.1 is the chance of a day outside, 0.9 that of a day inside": _with_chance(
            lambda outside, days: _at_least(days - outside, days)
        ),
    },
)
