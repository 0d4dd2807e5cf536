"""Exercises of the lesson how_sure."""

from math import ceil

import numpy as np
import pandas as pd

from helpers.exercises.engine import Exercise


def _at_rank(misses, level, more=1, offset=1):
    return np.sort(misses)[ceil((len(misses) + more) * level) - offset]


frost_margin = Exercise(
    right=lambda errors, level: _at_rank(-np.asarray(errors), level),
    draw=lambda rng: [
        (np.array([-3.0, 4.0, -1.0, 6.0, -2.0, 5.0, 1.0, 3.0, -5.0, 2.0]), 0.8),
        *((rng.normal(-0.3, 3, days), level) for days, level in ((99, 0.95), (37, 0.9), (58, 0.85), (41, 0.8))),
    ],
    mistakes={
        "the size is right; a margin that is taken off the forecast is positive here": lambda e, p: -_at_rank(-e, p),
        "that guards against warm days; a cold one has truth − forecast below 0": [
            lambda e, p: _at_rank(e, p),
            lambda e, p: np.quantile(e, p),
        ],
        "that counts misses on both sides; days warmer than forecast count as misses below 0": lambda e, p: _at_rank(
            np.abs(e), p
        ),
        "the warmer days are left out, or set to 0 and then left out; all n days count": lambda e, p: _at_rank(
            -e[e < 0], min(p, 1 - 1 / sum(e < 0))
        ),
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


def _share(truth, lower, upper, inclusive="both"):
    return truth.between(lower, upper, inclusive=inclusive).groupby(truth.index.month).mean()


def _intervals(rng):
    """Return two years with days missing; by month, other widths, shares outside, and days on an end."""
    days = pd.date_range("2001-01-01", "2002-12-31")
    days = days[rng.uniform(size=len(days)) < rng.uniform(0.3, 1, 13)[days.month]]
    middle, half = rng.normal(10, 5, len(days)), rng.uniform(1, 5, 13)[days.month]
    outside = rng.uniform(size=len(days)) < rng.uniform(0.05, 0.35, 13)[days.month]
    size = half * np.where(outside, 1 + rng.exponential(1, len(days)), rng.uniform(0, 1, len(days)))
    side = np.where(rng.uniform(size=len(days)) < rng.uniform(0.2, 0.8, 13)[days.month], 1, -1)
    truth, lower, upper = middle + side * size, middle - half, middle + half
    on_end = ~outside & (rng.uniform(size=len(days)) < rng.uniform(0, 0.6, 13)[days.month])
    truth[on_end] = np.where(side > 0, upper, lower)[on_end]
    return tuple(pd.Series(values, days) for values in (truth, lower, upper))


def _five_days():
    days = pd.to_datetime(["2001-01-30", "2001-01-31", "2001-02-01", "2001-02-02", "2001-02-03", "2001-03-01"])
    return tuple(pd.Series(values, days) for values in ([3.0, 9.0, 1.0, -9.0, 9.0, 3.0], [-3.0] * 6, [3.0] * 6))


worst_month = Exercise(
    right=lambda truth, lower, upper: _share(truth, lower, upper).idxmin(),
    draw=lambda rng: [_five_days(), *(_intervals(rng) for _ in range(9))],
    mistakes={
        "months differ in length: compare shares of days, not counts of days": [
            lambda t, low, high: t.between(low, high).groupby(t.index.month).sum().idxmin(),
            lambda t, low, high: (~t.between(low, high)).groupby(t.index.month).sum().idxmax(),
        ],
        "that is the best month: the lowest coverage is asked for": lambda t, low, high: _share(t, low, high).idxmax(),
        "a day on the end of its interval is inside": [
            lambda t, low, high, ends=ends: _share(t, low, high, ends).idxmin() for ends in ("neither", "left", "right")
        ],
        "one month too early: months count from 1, positions from 0": lambda t, low, high: (
            _share(t, low, high).idxmin() - 1
        ),
        "that is the month of the narrowest intervals; narrow ones may still hold the truth": lambda t, low, high: (
            (high - low).groupby(t.index.month).mean().idxmin()
        ),
        "that is the month of the largest misses; how many days are inside?": lambda t, low, high: (
            ((t - (low + high) / 2) ** 2).groupby(t.index.month).mean().idxmax()
        ),
        "that is the worst month of a single year; put the same months of all years together": lambda t, low, high: (
            t.between(low, high).groupby([t.index.year, t.index.month]).mean().idxmin()[1]
        ),
        "an interval has two ends; a truth beyond either is outside": [
            lambda t, low, high: (t >= low).groupby(t.index.month).mean().idxmin(),
            lambda t, low, high: (t <= high).groupby(t.index.month).mean().idxmin(),
        ],
    },
    also=[
        lambda t, low, high: float((~t.between(low, high)).groupby(t.index.month).mean().idxmax()),
        lambda t, low, high: np.array([_share(t, low, high).sort_values(kind="stable").index[0]]),
    ],
)

fewest_days = Exercise(
    right=lambda: 99,
    mistakes={
        "one day fewer will do: is the rank really beyond the last for it?": lambda: 100,
        "for that many, the rank is beyond the last of them: do not forget the + 1 and the rounding": [
            lambda: 98,
            lambda: 1,
            lambda: 10,
        ],
        "that is the number for a level of 0.9": lambda: 9,
    },
    otherwise="compute the rank for a few n: where is it first one of the n?",
    also=[lambda: min(n for n in range(1, 1000) if ceil((n + 1) * 0.99) <= n), lambda: 99.0],
)


def _moving(misses, start, step, level, *, grow=None, shrink=None, on_end=0.0):
    grow, shrink = step * level if grow is None else grow, step * (1 - level) if shrink is None else shrink
    margins = [start]
    for miss in misses:
        margins.append(margins[-1] + grow if miss > margins[-1] - on_end else margins[-1] - shrink)
    return np.array(margins)


moving_margins = Exercise(
    right=lambda misses, start, step, level: _moving(misses, start, step, level)[:-1],
    draw=lambda rng: [
        ([5.0, 1.0], 3.0, 1.0, 0.9),
        ([1.0, 5.0, 1.0], 3.0, 1.0, 0.9),
        ([3.0, 1.0], 3.0, 0.5, 0.8),
        (rng.exponential(2.0, 40), 3.0, 0.4, 0.9),
        (rng.exponential(1.0, 40), 2.0, 0.3, 0.75),
    ],
    mistakes={
        "the first margin is `start`: the margin of a day is set before its miss is known": lambda m, s, step, p: (
            _moving(m, s, step, p)[1:]
        ),
        "one margin for each day; the one for the day after the last is too much": _moving,
        "that shrinks after a day outside; then it has to grow": lambda m, s, step, p: _moving(
            m, s, step, p, grow=-step * (1 - p), shrink=-step * p
        )[:-1],
        "the two steps are exchanged: a day outside is rare and moves the margin more": lambda m, s, step, p: _moving(
            m, s, step, p, grow=step * (1 - p), shrink=step * p
        )[:-1],
        "the step up and the step down are not of the same size: step · level and step · (1 − level)": [
            lambda m, s, step, p: _moving(m, s, step, p, grow=step, shrink=step)[:-1],
            lambda m, s, step, p: _moving(m, s, step, p, grow=step * p, shrink=step * p)[:-1],
            lambda m, s, step, p: _moving(m, s, step, p, grow=step * (1 - p), shrink=step * (1 - p))[:-1],
        ],
        "a miss as large as the margin is inside": lambda m, s, step, p: _moving(m, s, step, p, on_end=1e-9)[:-1],
        "the margin never moves; each day starts from the margin of the day before": lambda m, s, step, p: np.full(
            len(m), s
        ),
        "each day starts from the margin of the day before, not from `start`": lambda m, s, step, p: np.append(
            s, [s + step * p if miss > s else s - step * (1 - p) for miss in m[:-1]]
        ),
    },
    also=[lambda m, s, step, p: _moving(m, s, step, p)[:-1].tolist()],
)
