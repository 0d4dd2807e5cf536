"""Checks of lesson your own data."""

from itertools import product

import numpy as np
import pandas as pd

from helpers.exercises.checking import Hint, call, exercise, number, numbers

CLEAR, UNCLEAR, WORSE = (0.02, 0.06), (-0.01, 0.05), (-0.05, -0.02)


@exercise
def to_use(answer) -> None:
    """Judge a function (three intervals) → the forecast that is in place in the end."""
    for gru, ridge, gru_over_ridge in product((CLEAR, UNCLEAR, WORSE), repeat=3):
        if gru == WORSE and gru_over_ridge == CLEAR and ridge == CLEAR:
            continue  # contradicts itself
        expected = _in_place(gru[0], ridge[0], gru_over_ridge[0])
        found = call(answer, gru, ridge, gru_over_ridge)
        if not isinstance(found, str) or found not in ("GRU", "ridge", "naive"):
            raise Hint("the answer has to be one of the texts 'GRU', 'ridge' and 'naive'")
        if found != expected:
            raise Hint(_why_not(found, expected, (gru, ridge, gru_over_ridge)))


def _in_place(gru: float, ridge: float, gru_over_ridge: float) -> str:
    """Return the choice from the lower ends of the three intervals."""
    simple, gru = ("ridge", gru_over_ridge) if ridge > 0 else ("naive", gru)
    return "GRU" if gru > 0 else simple


def _why_not(found: str, expected: str, given: tuple) -> str:
    named = f"for the intervals {given[0]}, {given[1]} and {given[2]} yours says {found!r}: "
    if expected == "naive":
        return (
            named + "neither of the two clearly beats the naive forecast; clearly means that the lower end is above 0"
        )
    if found == "naive":
        return named + "one of the two clearly beats the naive forecast, so the naive one is out"
    if expected == "ridge":
        return named + (
            "the straight line clearly beats the naive forecast, and the GRU does not clearly beat the line "
            "(clearly means that the lower end is above 0)"
        )
    return named + "here the GRU clearly beats the forecast that is in place before it"


@exercise
def days_gone_wrong(answer) -> None:
    """Judge how many days of 2019 get another date if the month is read first."""
    found = number(answer)
    hints = {
        144: "that counts all days up to the 12th; on some of them, both readings give the same date",
        12: "these are the days on which both readings give the same date; the others up to the 12th go wrong",
        365: "dates such as 13/01/2019 can be read in one way only; they stay right",
        221: "these are the dates with a day above 12; they can be read in one way only",
        233: "that is the number of days that stay right",
        11: "that is the number in one month; there are twelve",
    }
    if found in hints:
        raise Hint(hints[found])
    if found != 132:
        raise Hint(f"{found:g} is not right: which dates can be read in two ways, and which of these differ?")


@exercise
def knows_tomorrow(answer) -> None:
    """Judge a function (frame, target first) → name of the column that goes most closely with tomorrow's target."""
    frame = _frame_with_a_leak()
    found = call(answer, frame)
    if not isinstance(found, str):
        raise Hint("the name of one column is expected, a text")
    hints = {
        "sold": "that is the target itself; look at the other columns",
        "today's twin": "that column knows today; did you shift the target, and take the size of the correlation?",
        "yesterday's": "that column knows yesterday; shift the target the other way",
        "harmless": "that column knows next to nothing; the largest size is asked for",
    }
    if found in hints:
        raise Hint(hints[found])
    if found != "orders":
        raise Hint(f"{found!r} is not the name of the right column")


def _frame_with_a_leak() -> pd.DataFrame:
    rng = np.random.RandomState(10)
    target = pd.Series(rng.standard_normal(400)).rolling(3).mean().bfill()  # neighbouring days are alike
    noise = 0.05 * rng.standard_normal((4, 400))
    columns = {
        "sold": target,
        "today's twin": target + noise[0],
        "yesterday's": target.shift(1).bfill() + noise[1],
        "orders": -target.shift(-1).ffill() + noise[2],  # falls where tomorrow rises: the size counts
        "harmless": pd.Series(noise[3]),
    }
    return pd.DataFrame(columns).set_axis(pd.date_range("2020-01-01", periods=400), axis=0)


@exercise
def without_code(answer) -> None:
    """Judge a function (series, code) → the series with NaN where the code stands."""
    for code in (-999.0, 9999.0):
        given = pd.Series([3.0, code, 0.0, -4.5, code, 12.0], index=pd.date_range("2020-01-01", periods=6))
        expected = given.where(given != code)
        kept = given.copy()
        found = call(answer, given, code)
        if not given.equals(kept):
            raise Hint("the Series that was given has changed; work on a copy, or use a method that returns a new one")
        if len(np.shape(found)) == 1 and len(found) == 4:
            raise Hint("the days are gone; they have to stay, as empty ones, so that the gap can be seen")
        values = np.asarray(found, dtype=float)
        if values.shape != (6,):
            raise Hint(f"a Series with one value for each of the 6 days is expected; yours has shape {values.shape}")
        _check_emptied(values, expected.to_numpy(), code)


def _check_emptied(values: np.ndarray, expected: np.ndarray, code: float) -> None:
    filled = values[np.isnan(expected)]
    if (filled == code).any():
        raise Hint(f"the code {code:g} is still there; it is the second argument, and not always the same")
    if (filled == 0).all():
        raise Hint("a 0 is a measurement as well; 'not measured' is NaN")
    if not np.isnan(filled).all():
        raise Hint("the days have got other values; leave them empty (NaN): how to fill is for the reader of the file")
    numbers(values[~np.isnan(expected)], (4,)) if not np.isnan(values[~np.isnan(expected)]).any() else _lost()
    if not np.allclose(values, expected, equal_nan=True):
        raise Hint("other days have changed as well; only those with exactly the code are to be emptied")


def _lost() -> None:
    raise Hint("days that were measured are empty now; only those with exactly the code are to be emptied")
