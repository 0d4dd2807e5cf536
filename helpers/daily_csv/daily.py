"""Daily: one series, one row a day, without gaps; what was done for that is told."""

import numpy as np
import pandas as pd

from helpers.daily_csv.days import NOT_DAILY
from helpers.daily_csv.report import as_a_meter, flags_in, no_input
from helpers.daily_csv.several import DAILY
from helpers.daily_csv.values import Numbers
from helpers.daily_csv.words import Column, DataError, listed, quote

LONGEST_FILLED = 3
"""Days in the longest gap that is filled: a longer one would be more invention than record."""

LONGEST_CLOSED = 31
"""Days in the longest gap that counts as closed, if the reader says that gaps are closed days."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _about_words(column: Column) -> list[str]:
    """Return a sentence on a column of flags, or of a few words or numbers that change once: stations, perhaps."""
    if flags := flags_in(column.name, dict(zip(column.texts, np.bincount(column.codes), strict=True))):
        return [flags]
    changes = np.flatnonzero(np.diff(column.codes.astype(np.int64)))
    if "" in column.texts or not 0 < len(changes) < 2 * len(column.texts) <= 24:
        return []
    line = column.lines[changes[0] + 1]
    before, after = (column.texts[column.codes[changes[0] + step]] for step in (0, 1))
    return [
        f"Column {column.name!r} changes from {quote(before)} to {quote(after)} in line {line}: if another series "
        f"begins there, choose one, as in keep={{{column.name!r}: {after!r}}}."
    ]


def _about_a_sign(column: Column, target: Numbers) -> list[str]:
    """Return a sentence on a column of two texts beside values that are never negative: their sign, perhaps."""
    texts, counts = [text for text in column.texts if text], np.bincount(column.codes)
    if len(texts) != 2 or min(counts) < 0.02 * len(column.codes) or np.nanmin(target.values) < 0:
        return []
    return [
        f"Column {column.name!r} says {listed(texts, ' or ')}: if that is the sign of the values, as with debit and "
        "credit, write a minus before those that are negative."
    ]


def record(
    columns: list[Numbers],
    moments: np.ndarray,
    daily: str | None,
    closed: str | float | None,
    minimum_days: int,
    report: list[str],
) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Return the record, day by day, the first of the columns as its target; and masks of the days that were filled.

    Raises a DataError if the target cannot be used; another column is left out then.
    """
    if not (closed in (None, "carry") or (type(closed) in (int, float) and np.isfinite(closed))):
        raise DataError(f"closed={closed!r} is not known; give closed='carry', or a number such as closed=0")
    order = in_time(moments)
    days = moments[order].astype("datetime64[D]")
    how = daily if (np.diff(days) == np.timedelta64(0)).any() else None
    if how:
        use = _whole_days(days, ~np.isnan(columns[0].values[order]), how, report)
        days, order = days[use], order[use]
    every = pd.date_range(*days[[0, -1]], freq="D", name="Date", unit="ns") if len(days) else pd.DatetimeIndex([])
    position = (days - days[:1]).astype(np.int64)

    def by_days(column: Numbers) -> np.ndarray:
        return by_day(column.values[order], position, len(every), how)

    first, last = last_piece(every[~np.isnan(by_days(columns[0]))], minimum_days, closed, report)
    before, after = (days < first).sum(), (days > last).sum()
    if before or after:
        report.append(f"Kept: {first} to {last}. Left out: {before:,} row(s) before and {after:,} after.")
    inside = every.slice_indexer(first, last)
    found, missing, left_out = {}, {}, {}
    for i, column in enumerate(columns):
        try:
            values = pd.Series(by_days(column)[inside], every[inside])
            what = column.usable() or ("equal on all days" if values.min() == values.max() else "")
            few = not what and len(column.of) < 4 and not no_input(column.name, values.to_numpy(), every[inside])
            if i and (what == "words" or few):
                report += _about_words(column.column)
            if i and what == "words":
                report += _about_a_sign(column.column, columns[0])
            if i and what:
                left_out.setdefault(what, []).append(column.name)
                continue
            if how in ("mean", "sum"):
                report += _so_far(column, column.values[order], days) or _summed_meter(column, order, how)
            fill = "carry" if closed is not None and i else closed
            found[column.name], missing[column.name] = filled(column.name, values, fill, report)
        except DataError as error:
            if not i:
                raise
            report.append(f"Left out: {error}.")
    report += [f"Left out, {what}: {listed(names)}." for what, names in left_out.items()]
    frame = pd.DataFrame(found, index=every[inside], copy=False)
    frame.attrs["filled"] = frame.index[missing[columns[0].name]].strftime("%Y-%m-%d").tolist()
    return frame, missing


def in_time(moments: np.ndarray) -> np.ndarray:
    """Return the rows in order of time; in a file with the newest first, so are those with the same date and time."""
    steps = np.diff(moments).astype(np.int64)
    rows = np.arange(len(moments))[:: -1 if (steps < 0).sum() > (steps > 0).sum() else 1]
    return rows[np.argsort(moments[rows], kind="stable")]


def by_day(values: np.ndarray, position: np.ndarray, length: int, how: str | None) -> np.ndarray:
    """Return one value a day, shape (length,), NaN for days without any; the rows are in order of time."""
    found = np.full(length, np.nan)
    if how is None:
        found[position] = values
    else:
        groups = pd.Series(values).groupby(position)
        of_days = groups.sum(min_count=1) if how == "sum" else groups.agg(how)
        found[of_days.index] = of_days
    return found


def _whole_days(days: np.ndarray, measured: np.ndarray, how: str, report: list[str]) -> np.ndarray:
    """Return a mask of the rows without those of a first or last day that is incomplete.

    Only rows with a value of the target count, a mask.
    """
    use = np.ones(len(days), bool)
    if not measured.any():
        return use
    unique, counts = np.unique(days[measured], return_counts=True)
    usual = np.median(counts)
    told = f"Each day is the {DAILY[how]} of its values, {usual:.0f} on most days"
    if np.mean(np.abs(counts - usual) <= usual / 23) < 0.8:  # a day of 23 hours, in spring, is complete
        report.append(f"{told}. Whether the first and the last day are complete, nothing tells.")
        return use
    least = f", {counts.min()} at least, on {unique[counts.argmin()]}" * bool((counts != usual).any())
    report.append(f"{told}; {(counts != usual).sum():,} day(s) have fewer or more{least}.")
    for end in (0, -1):
        if counts[end] < usual - usual / 23:
            report.append(f"Left out: {unique[end]}, incomplete with {counts[end]} value(s).")
            use &= days != unique[end]
    return use


def _so_far(column: Numbers, values: np.ndarray, days: np.ndarray) -> list[str]:
    """Return a sentence on a column that rises all day and starts anew at midnight; the rows are in order of time."""
    steps, inside = np.diff(values), np.diff(days) == np.timedelta64(0)
    known = ~np.isnan(steps)
    up, night = steps[known & inside], steps[known & ~inside]
    if len(up) < 3 * len(night) or not len(night) or np.mean(up >= 0) < 0.99 or np.mean(up > 0) < 0.1:
        return []
    if np.mean(night < 0) < 0.9:
        return []
    return [
        f"Column {column.name!r} rises within each day, and starts anew: if it is the total of the day so far, "
        "daily='max' reads it."
    ]


def _summed_meter(column: Numbers, order: np.ndarray, how: str) -> list[str]:
    """Return a sentence on readings of a meter that were added up: their sum goes up and down, so it looks sound."""
    values = column.values[order]
    if how != "sum" or not as_a_meter(values[~np.isnan(values)]):
        return []
    return [
        f"Column {column.name!r} hardly ever falls from row to row: if it is a meter or a total, its sums mean "
        "nothing; read it with daily='last', and forecast by how much it grows a day."
    ]


def last_piece(
    known: pd.DatetimeIndex, minimum_days: int, closed: str | float | None, report: list[str]
) -> tuple[np.datetime64, np.datetime64]:
    """Return first and last day of the last piece that is long enough and has no gap too long to fill.

    Raises a DataError if there is no such piece. What is offered instead was tried.
    """
    if not len(known):
        raise DataError("no day is complete, or none has a value; get a longer record")
    days = known.to_numpy().astype("datetime64[D]")
    steps = np.diff(days).astype(np.int64)
    if len(steps) and np.median(steps) > 1:
        raise DataError(f"the values are {np.median(steps):.0f} days apart (median). {NOT_DAILY}")
    pattern = closed_days(known)
    if closed is None and pattern:
        report.append(
            f"{pattern} A closed day is not one on which nothing was measured: give closed=0 for counts (a closed "
            "shop sells nothing), or closed='carry' for rates and prices, which hold until the next."
        )
    longest = LONGEST_FILLED if closed is None else LONGEST_CLOSED
    firsts, lasts = _pieces(days, steps, longest)
    lengths = (lasts - firsts).astype(np.int64) + 1
    gaps = ""
    if len(firsts) > 1:
        gaps = (
            f"{len(firsts) - 1:,} gap(s) are longer than {longest} days, the longest {steps.max() - 1:,} days after "
            f"{days[steps.argmax()]}. "
        )
    enough = np.flatnonzero(lengths >= minimum_days)
    if not len(enough):
        remedy = "get a longer record"
        with_closed = np.subtract(*reversed(_pieces(days, steps, LONGEST_CLOSED))).astype(np.int64).max() + 1
        if closed is None and with_closed >= minimum_days:
            remedy = (
                "if nothing took place in the gaps, give closed=0 for counts, or closed='carry' for rates and prices, "
                "which hold on a closed day; or else get a longer record"
            )
        at = lengths.argmax()
        raise DataError(
            f"{lengths[at]:,} days on end are too few, {minimum_days:,} are needed. {gaps}{pattern}"
            f"{' ' * bool(pattern)}The longest piece is {firsts[at]} to {lasts[at]}; {remedy}"
        )
    if gaps:
        report.append(f"{gaps}They were not filled: the record was cut there.")
    return firsts[enough[-1]], lasts[enough[-1]]


def _pieces(days: np.ndarray, steps: np.ndarray, longest: int) -> tuple[np.ndarray, np.ndarray]:
    cuts = np.flatnonzero(steps > longest + 1)
    return days[np.append(0, cuts + 1)], days[np.append(cuts, -1)]


def closed_days(known: pd.DatetimeIndex) -> str:
    """Return a sentence on the days that are missing week by week, or year by year; "" if there are none."""
    every = pd.date_range(known[0], known[-1])
    if len(every) < 56 or len(every) == len(known):
        return ""
    missing = pd.Series(~every.isin(known), index=every)
    week = missing.groupby(every.day_of_week).mean()
    closed = [day for day in range(7) if week[day] > 0.8]
    rest = missing[~every.day_of_week.isin(closed)]
    weekdays = " and ".join(f"{WEEKDAYS[day]}s" for day in closed)
    year = rest.groupby(rest.index.strftime("%m-%d")).agg(["mean", "size"])
    feasts = year.index[(year["mean"] > 0.8) & (year["size"] >= 3)].tolist()
    if not closed and not feasts:
        return ""
    parts = f"Nearly all {weekdays} are missing" if closed else ""
    if feasts:
        some = ", ".join(feasts[:3]) + ", …" * (len(feasts) > 3)
        parts += f"{', and' if closed else 'Missing are'} {some} of most years"
    return f"{parts} ({missing.sum():,} days without a value)."


def filled(name: str, values: pd.Series, closed: str | float | None, report: list[str]) -> tuple[pd.Series, np.ndarray]:
    """Return the values without gaps, and a mask of the days that had none.

    They get the last value before them; a straight line would put the next day's value into today's. With a number
    for `closed`, they get that.

    Raises a DataError if the values do not begin on the first day, if a gap is too long, or if all values are equal.
    """
    missing = values.isna().to_numpy()
    if missing.all():
        raise DataError(f"column {name!r} is empty from {values.index[0]:%Y-%m-%d} to {values.index[-1]:%Y-%m-%d}")
    there = np.flatnonzero(~missing)
    if there[0]:
        raise DataError(
            f"column {name!r} has no value on the first {there[0]:,} day(s) of the record; fill them in, or take "
            "these rows out of the file"
        )
    gaps = np.diff(there, append=len(values)) - 1
    at = gaps.argmax()
    longest = LONGEST_FILLED if closed is None else LONGEST_CLOSED
    if gaps[at] > longest:
        raise DataError(
            f"column {name!r} has no value for {gaps[at]:,} days on end; only up to {longest} days are filled"
        )
    if missing.any():
        carried = closed in (None, "carry")
        report.append(
            f"Column {name!r} had no value on {missing.sum():,} day(s), in {np.count_nonzero(gaps):,} gap(s), the "
            f"longest {gaps[at]} day(s) from {values.index[there[at] + 1]:%Y-%m-%d}; they were filled with "
            + ("the last value before them." if carried else f"{closed:g}.")
        )
        values = values.ffill() if carried else values.fillna(float(closed))
    if values.min() == values.max():
        raise DataError(f"column {name!r} is {values.iloc[0]:g} on every day; there is nothing to learn from it")
    return values, missing
