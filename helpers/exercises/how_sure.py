"""Exercises of the lesson how_sure."""

from math import ceil

import numpy as np
import pandas as pd

from helpers.exercises.engine import Exercise

fewest_days = Exercise(
    right=lambda: 99,
    mistakes={
        "one day fewer will do: is the rank really beyond the last for it?": lambda: 100,
        "for that many, the rank is beyond the last of them: mind the + 1 and the rounding": [
            lambda: 98,
            lambda: 10,
            lambda: 1,
        ],
        "that is the number for a level of 0.9": lambda: 9,
    },
    otherwise="compute the rank for a few n: where is it first one of the n?",
    also=[lambda: min(n for n in range(1, 1000) if ceil((n + 1) * 0.99) <= n), lambda: 99.0],
)


def _at_rank(misses, level, more=1, offset=1):
    return np.sort(misses)[ceil((len(misses) + more) * level) - offset]


frost_margin = Exercise(
    right=lambda errors, level: _at_rank(-errors, level),
    draw=lambda rng: [
        (np.array([-3.0, 4.0, -1.0, 6.0, -2.0, 5.0, 1.0, 3.0, -5.0, 2.0]), 0.8),
        *[(rng.normal(-0.3, 3, days), level) for days, level in ((99, 0.95), (37, 0.9), (58, 0.85), (41, 0.8))],
    ],
    mistakes={
        "the size is right; a margin that is taken off the forecast is positive here": lambda e, p: -_at_rank(-e, p),
        "that guards against warm days; a cold one has truth − forecast below 0": [_at_rank, np.quantile],
        "that counts misses on both sides; a day warmer than forecast is a miss below 0": (
            lambda e, p: _at_rank(np.abs(e), p)
        ),
        "the warmer days are left out; all n days count": lambda e, p: _at_rank(-e[e < 0], min(p, 1 - 1 / sum(e < 0))),
        "tomorrow is missing: the rank is the level times n + 1, rounded up": [
            lambda e, p: _at_rank(-e, p, more=0),
            lambda e, p: np.sort(-e)[int(len(e) * p) - 1],
            lambda e, p: -np.quantile(e, 1 - p, method="lower"),
        ],
        "np.quantile places itself between two days; take the miss at the rank": [
            lambda e, p: np.quantile(-e, p),
            lambda e, p: np.quantile(-e, (len(e) + 1) * p / len(e)),
        ],
        "one place too far: the rank counts from 1, positions from 0": lambda e, p: _at_rank(-e, p, offset=0),
        "put the misses in order first, smallest to largest": [
            lambda e, p: -e[ceil((len(e) + 1) * p) - 1],
            lambda e, p: e[ceil((len(e) + 1) * p) - 1],
        ],
    },
    also=[
        lambda e, p: [float(sorted(-value for value in e)[ceil((len(e) + 1) * p) - 1])],
        lambda e, p: np.quantile(-e, ceil((len(e) + 1) * p) / len(e), method="inverted_cdf"),
    ],
)


def _months(values):
    return values.groupby(values.index.month)


def _share(truth, lower, upper, ends="both"):
    return _months(truth.between(lower, upper, inclusive=ends)).mean()


def _intervals(rng):
    """Return two years with days missing; each month has its own width, share outside, and share on an end."""
    days = pd.date_range("2001-01-01", "2002-12-31")
    days = days[rng.uniform(size=len(days)) < rng.uniform(0.3, 1, 13)[days.month]]
    half = rng.uniform(1, 5, 13)[days.month]
    warm, on_end, outside = (
        rng.uniform(size=len(days)) < rng.uniform(*shares, 13)[days.month]
        for shares in ((0.2, 0.8), (0, 0.6), (0.05, 0.35))
    )
    middle, side = rng.normal(10, 5, len(days)), np.where(warm, 1, -1)
    lower, upper = middle - half, middle + half
    truth = middle + side * half * np.where(outside, 1 + rng.exponential(1, len(days)), rng.uniform(size=len(days)))
    truth = np.where(on_end & ~outside, np.where(warm, upper, lower), truth)
    return tuple(pd.Series(values, days) for values in (truth, lower, upper))


worst_month = Exercise(
    right=lambda truth, lower, upper: _share(truth, lower, upper).idxmin(),
    draw=lambda rng: [_intervals(rng) for _ in range(10)],
    mistakes={
        "months differ in length: compare shares of days, not counts of days": [
            lambda t, low, high: _months(t.between(low, high)).sum().idxmin(),
            lambda t, low, high: _months(~t.between(low, high)).sum().idxmax(),
        ],
        "that is the best month: the lowest coverage is asked for": lambda *given: _share(*given).idxmax(),
        "a day on the end of its interval is inside": [
            lambda *given, ends=ends: _share(*given, ends).idxmin() for ends in ("neither", "left", "right")
        ],
        "one month too early: months count from 1, positions from 0": lambda *given: _share(*given).idxmin() - 1,
        "that is the month of the narrowest intervals; narrow ones may still hold the truth": (
            lambda t, low, high: _months(high - low).mean().idxmin()
        ),
        "that is the month of the largest misses; how many days are inside?": (
            lambda t, low, high: _months((t - (low + high) / 2) ** 2).mean().idxmax()
        ),
        "that is the worst month of a single year; put the same months of all years together": (
            lambda t, low, high: t.between(low, high).groupby([t.index.year, t.index.month]).mean().idxmin()[1]
        ),
        "an interval has two ends; a truth beyond either is outside": [
            lambda t, low, high: _months(t >= low).mean().idxmin(),
            lambda t, low, high: _months(t <= high).mean().idxmin(),
        ],
    },
    also=[
        lambda t, low, high: float(_months(~t.between(low, high)).mean().idxmax()),
        lambda *given: np.array([_share(*given).sort_values(kind="stable").index[0]]),
    ],
)


def _moving(up=lambda level: level, down=lambda level: 1 - level, shown=slice(None, -1), on_end=0.0):
    """Return the margins that move by `up(level)` and `down(level)` steps."""

    def margins(misses, start, step, level):
        found = [start]
        for miss in misses:
            found.append(found[-1] + step * (up(level) if miss > found[-1] - on_end else -down(level)))
        return np.array(found)[shown]

    return margins


def _never_from_yesterday(misses, start, step, level):
    return np.append(start, [start + step * (level if miss > start else level - 1) for miss in misses[:-1]])


moving_margins = Exercise(
    right=lambda misses, start, step, level: _moving()(misses, start, step, level),
    draw=lambda rng: [
        ([5.0, 1.0], 3.0, 1.0, 0.9),
        ([1.0, 5.0, 1.0], 3.0, 1.0, 0.9),
        ([3.0, 1.0], 3.0, 0.5, 0.8),
        (rng.exponential(2.0, 40), 3.0, 0.4, 0.9),
        (rng.exponential(1.0, 40), 2.0, 0.3, 0.75),
    ],
    mistakes={
        "the first margin is `start`: the margin of a day is set before its miss is known": _moving(
            shown=slice(1, None)
        ),
        "one margin for each day; the one for the day after the last is too much": _moving(shown=slice(None)),
        "that shrinks after a day outside; then it has to grow": _moving(lambda p: p - 1, lambda p: -p),
        "the two steps are exchanged: a day outside is rare and moves the margin more": (
            _moving(lambda p: 1 - p, lambda p: p)
        ),
        "the step up and the step down are not of the same size: step · level and step · (1 − level)": [
            _moving(size, size) for size in (lambda p: 1, lambda p: p, lambda p: 1 - p)
        ],
        "a miss as large as the margin is inside": _moving(on_end=1e-9),
        "the margin never moves": _moving(lambda p: 0, lambda p: 0),
        "each day starts from the margin of the day before, not from `start`": _never_from_yesterday,
    },
    also=[lambda *given: _moving()(*given).tolist()],
)
