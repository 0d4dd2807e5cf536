"""Checks of lesson honest forecasting."""

import numpy as np
import pandas as pd

from helpers.exercises.checking import Hint, call, exercise, number, numbers


@exercise
def frost_margin(answer) -> None:
    """Judge a function (truth − forecast of n days, level) → margin below the forecast, one-sided conformal."""
    errors = np.array([-3.0, 4.0, -1.0, 6.0, -2.0, 5.0, 1.0, 3.0, -5.0, 2.0])
    found = number(call(answer, errors, 0.8))
    if np.isclose(found, 3.0):
        return _margin_of_another_sample(answer)
    if np.isclose(found, -3.0):
        raise Hint("the size is right; a margin that is taken off the forecast has to be positive here")
    if np.isclose(found, 5.0):
        raise Hint(
            "that guards against warm days, counts misses on both sides, or leaves the warmer days out: "
            "all days count, the warmer ones as misses below 0"
        )
    if np.isclose(found, 2.0):
        raise Hint("tomorrow is missing: the rank is the level times n + 1, rounded up")
    if np.isclose(found, np.quantile(-errors, 0.8)):
        raise Hint("np.quantile places itself between two days; take the miss at the rank, counted from 1")
    if np.isclose(found, -5.0) or np.isclose(found, -6.0):
        raise Hint("put the misses below in order first, smallest to largest, and turn the sign: forecast − truth")
    raise Hint(f"{found:.2f} is not right: order forecast − truth, and take the one at rank ⌈(n + 1) · level⌉")


def _margin_of_another_sample(answer) -> None:
    """Catch answers that are right on ten days only by chance: 99 days, level 0.95."""
    errors = np.random.RandomState(9).permutation(np.arange(-60.0, 39.0))
    found = number(call(answer, errors, 0.95))
    if not np.isclose(found, 56.0):
        raise Hint(f"right for 10 days; for 99 days and a level of 0.95 it should be 56.0, yours gives {found:.2f}")


@exercise
def worst_month(answer) -> None:
    """Judge a function (truth, lower, upper as dated Series) → month (1 to 12) of the lowest coverage."""
    truth, lower, upper = _two_years()
    found = number(call(answer, truth, lower, upper))
    is_inside = (lower <= truth) & (truth <= upper)
    by_month = is_inside.groupby(truth.index.month)
    if found == 6:
        return
    if found == by_month.sum().idxmin():
        raise Hint("that month has the fewest days inside because it has fewer days; compare shares, not counts")
    if found == (~is_inside).groupby(truth.index.month).sum().idxmax():
        raise Hint("that counts the days outside; compare shares, not counts")
    if found == by_month.mean().idxmax():
        raise Hint("that is the best month: the lowest coverage is asked for")
    if found == ((lower < truth) & (truth < upper)).groupby(truth.index.month).mean().idxmin():
        raise Hint("a day on the end of its interval is inside: use ≤, not <")
    if found == 5:
        raise Hint("one month too early: months count from 1, positions from 0")
    if found == (upper - lower).groupby(truth.index.month).mean().idxmin():
        raise Hint("that is the month of the narrowest intervals; narrow ones may still hold the truth")
    raise Hint(f"{found:g} is not right: the share of days inside for each month, then the month of the lowest")


def _two_years() -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return days: June has the lowest share inside, February the fewest; July lies on its ends, March is narrow."""
    days = pd.date_range("2001-01-01", "2001-12-31")
    days = days[~((days.month == 2) & (days.day > 10))]
    outside = {6: 15, 1: 2, 2: 3, 3: 1, 4: 3, 5: 4, 7: 1, 8: 3, 9: 2, 10: 0, 11: 1, 12: 16}
    days = days.append(pd.date_range("2002-12-01", "2002-12-31"))
    truth = pd.Series(0.0, index=days)
    half = pd.Series(3.0, index=days).where(days.month != 3, 1.0)
    for month, count in outside.items():
        truth[days[days.month == month][:count]] = 9.0
    touching = days[days.month == 7][5:25]
    truth[touching] = 3.0
    return truth, -half, half


@exercise
def difference_band(answer) -> None:
    """Judge a function (errors a, errors b, positions (draws, days)) → 5 % and 95 % of RMSE(a) − RMSE(b)."""
    rng = np.random.RandomState(90)
    a = rng.standard_normal(60) * 2
    b = a * 1.1 + 0.3 * rng.standard_normal(60)
    positions = rng.randint(0, 60, size=(200, 60))
    a_scores, b_scores = (np.sqrt((errors[positions] ** 2).mean(axis=1)) for errors in (a, b))
    found = numbers(call(answer, a, b, positions), (2,))
    wrong = {
        "both RMSEs must come from the same draw: subtract first, draw by draw, then take the quantiles": (
            np.quantile(a_scores, [0.05, 0.95]) - np.quantile(b_scores, [0.05, 0.95])
        ),
        "the order is turned round: RMSE of the first minus RMSE of the second": np.quantile(
            b_scores - a_scores, [0.05, 0.95]
        ),
        "that is the difference of mean squared errors, in °C²: take the roots first": np.quantile(
            a_scores**2 - b_scores**2, [0.05, 0.95]
        ),
        "those are the ends of the middle 95 %; the middle 90 % is asked for": np.quantile(
            a_scores - b_scores, [0.025, 0.975]
        ),
        "that averages over the draws, not over the days: the days are axis 1": np.quantile(
            np.sqrt((a[positions] ** 2).mean(axis=0)) - np.sqrt((b[positions] ** 2).mean(axis=0)), [0.05, 0.95]
        ),
    }
    right = np.quantile(a_scores - b_scores, [0.05, 0.95])
    if np.allclose(found, right):
        return
    if np.allclose(found, right[::-1]):
        raise Hint("the lower end comes first")
    for hint, values in wrong.items():
        if np.allclose(found, values):
            raise Hint(hint)
    raise Hint(f"{found.round(3).tolist()} is not right: score both on each row of positions, subtract, take quantiles")


@exercise
def choose(answer) -> None:
    """Judge a function (table with validation, test, work; spread) → the name of the setting to use."""
    table = pd.DataFrame(
        {
            "validation": [1.95, 1.90, 1.912, 1.905, 1.93],
            "test": [1.97, 1.93, 1.94, 1.95, 1.90],
            "work": [100, 9000, 1500, 4000, 50_000],
        },
        index=["tiny", "lowest", "small", "middle", "huge"],
    )
    reasons = {
        "huge": "that one is best on the test years; they must not take part in the choice",
        "lowest": "that one has the lowest validation error; cheaper ones are within the spread of it",
        "tiny": "that one is the cheapest of all, but it is not within the spread of the best",
        "middle": "that one is good enough, but another one within the spread costs less",
    }
    _judge_name(call(answer, table, 0.02), "small", reasons)
    _judge_name(
        call(answer, table.iloc[::-1], 0.001),
        "lowest",
        dict.fromkeys(table.index, "right for a spread of 0.02; with 0.001 another should win: does it use `spread`?"),
    )


def _judge_name(found, right: str, reasons: dict[str, str]) -> None:
    if not isinstance(found, str):
        raise Hint("the name of the setting is asked for, a text from the table's index")
    if found == right:
        return
    raise Hint(reasons.get(found, "that is no name in the table's index"))
