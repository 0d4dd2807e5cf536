"""Daily: one series, one row a day, without gaps; what was done for that is told."""

import re
from collections.abc import Mapping
from itertools import chain, combinations

import numpy as np
import pandas as pd

from helpers.daily_csv.days import NOT_DAILY, TIME
from helpers.daily_csv.report import QUALITY, flags_in
from helpers.daily_csv.values import Numbers
from helpers.daily_csv.words import Column, DataError, chosen, known, listed, quote

LONGEST_FILLED = 3
"""Days in the longest gap that is filled: a longer one would be more invention than record."""

LONGEST_CLOSED = 31
"""Days in the longest gap that counts as closed, if the reader says that gaps are closed days."""

DAILY = {"mean": "mean", "sum": "sum", "last": "last value", "max": "highest value", "min": "lowest value"}
TOTAL = re.compile(
    r"(grand )?total[es]?|to+taal|(ins)?gesamt|sum(me|a)?|all[es]?|(all|alle) \w+|overall", re.IGNORECASE
)
ENDS = re.compile(
    r"(?<![a-z])(end(s|ing|e)?|bis|tot|until|to|fin|fine|hasta)(?![a-z])", re.IGNORECASE
)  # names of times
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def kept(table: list[Column], keep: Mapping | None, report: list[str]) -> list[Column]:
    """Return the rows that have the wanted texts in the wanted columns.

    Raises
    ------
    DataError
        If there is no such column, or no such text in it.
    """
    if not isinstance(keep, Mapping | None):
        raise DataError(f"keep={keep!r} names no column; write it as in keep={{'shop': '7'}}")
    for name, wanted in (keep or {}).items():
        column = table[[c.name for c in table].index(known("keep", name, [c.name for c in table]))]
        rows = column.where(str(wanted).strip().__eq__)
        if not rows.any():
            there = list(dict.fromkeys(column.texts[code] for code in np.unique(column.codes)))
            raise DataError(f"keep={{{name!r}: {str(wanted)!r}}}: column {name!r} has only {listed(there)}")
        report.append(f"Kept: the {rows.sum():,} of {len(rows):,} rows with {str(wanted)!r} in column {name!r}.")
        table = chosen(table, rows)
    return table


def stacked(moments: np.ndarray, columns: list[Column]) -> list[Column]:
    """Return the columns that tell series apart that are stacked in one file, none if there is but one series.

    With them, no date and time is there twice; each holds a few texts, as many as rows may share a moment.
    """
    codes, unique = pd.factorize(moments)
    most = int(np.bincount(codes).max())
    if len(unique) > 0.9 * len(moments) or most < 2:
        return []
    keys = []
    for column in columns:
        key, texts = pd.factorize(column.codes)
        if 1 < len(texts) <= min(3 * most, len(key) / 2):
            keys.append((column, key))
    for few in chain(combinations(keys, 1), combinations(keys[:12], 2)):
        pairs = codes.astype(np.int64)
        for _, key in few:
            pairs = pairs * (key.max() + 1) + key
        if len(np.unique(pairs)) > 0.99 * len(pairs):
            return [column for column, _ in few]
    return []


def _put_together(days: np.ndarray, columns: list[Column]) -> list[str]:
    """Return a sentence on each column whose rows of a day may be of several kinds: words, or devices in turn."""
    sentences = []
    for column in columns:
        texts = [column.texts[code] for code in pd.unique(column.codes)]
        if not 1 < len(texts) <= 12 or QUALITY.fullmatch(column.name) or all(map(TIME.fullmatch, texts)):
            continue
        table = pd.crosstab(days, column.codes)
        words = all(re.search(r"[^\W\d]", text) for text in texts if text)
        in_turn = (table > 0).to_numpy().mean() > 0.9 and table.sum().max() < 1.1 * table.sum().min()
        if ((table > 0).sum(axis=1) > 1).any() if words else in_turn:
            sentences.append(
                f"Rows with {listed(texts)} in column {column.name!r} were put together: if they are not of one kind, "
                f"choose one, as in keep={{{column.name!r}: {texts[0]!r}}}."
            )
    return sentences


def _again(moments: np.ndarray, columns: list[Column]) -> list[str]:
    """Return a sentence on rows that are equal to others in all cells, if there are any."""
    codes = pd.factorize(moments)[0]
    for column in columns:
        codes = pd.factorize(codes * len(column.texts) + column.codes)[0]
    again = len(codes) - codes.max() - 1
    return [f"{again:,} row(s) are in all cells as one before; take them out if they were not meant twice."] * bool(
        again
    )


def _about_words(column: Column) -> list[str]:
    """Return a sentence on a column of words that are flags, or that change once: another station, perhaps."""
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


def check_rows(moments: np.ndarray, dates: Column, others: list[Column], daily: str | None, report: list[str]) -> None:
    """Look for days out of order and days that are there more than once.

    Raises
    ------
    DataError
        If the file holds several series, or several rows a day and nothing says what to do with them.
    """
    if daily not in (None, *DAILY):
        raise DataError(f"daily={daily!r} is not known; give {listed(list(DAILY), ' or ')}")
    days, lines = moments.astype("datetime64[D]"), dates.lines
    if len(np.unique(days)) < len(days):
        _check_totals(days, others)
        keys = stacked(moments, others)
        if keys and daily != "sum":
            raise _several_series(keys)
        if keys:
            report.append(f"Rows that differ in {listed([key.name for key in keys])} were added up.")
        if daily is None:
            raise _several_rows(days, lines)
        report += _at_their_ends(moments, dates.name)
        report += _again(moments, others)
        report += [] if keys else _put_together(days, others)
        if again := _begins_again(days, lines):
            report.append(f"{again} If another series begins there, the two were mixed: keep one of them.")
    elif (moments != days).any():
        report.append("The times of day were used for nothing but the day.")
    elif daily:
        report.append(f"daily={daily!r} was not needed: no day is there more than once.")
    back = days[1:] < days[:-1]
    if back.any():
        row = back.argmax() + 1
        report.append(
            f"The rows are not in order (line {lines[row]}, {days[row]}, comes after {days[row - 1]}); "
            "they were sorted."
        )


def _check_totals(days: np.ndarray, columns: list[Column]) -> None:
    """Raise a DataError if one of several rows a day is the total of the others, on most days."""
    for column in columns:
        total = column.where(TOTAL.fullmatch)
        if total.any() and not total.all() and 2 * len(np.unique(days[total])) > len(np.unique(days)):
            row = column.first(total)
            raise DataError(
                f"{row.place}, among several rows a day. If it is the total of the others, read it alone with "
                f"keep={{{row.column!r}: {row.cell!r}}}, or take these rows out"
            )


def _begins_again(days: np.ndarray, lines: np.ndarray) -> str:
    """Return a sentence on the line in which days come again that were there before, "" if none tells."""
    steps = np.diff(days).astype(np.int64)
    back = np.flatnonzero(steps < 0 if np.median(np.append(steps[steps != 0], 0)) >= 0 else steps > 0)
    row = back[0] + 1 if 0 < len(back) <= 12 else 0
    if not row or np.isin(days[row:], days[:row]).sum() < 2:
        return ""
    return f"From line {lines[row]} on, the days begin again ({days[row]} after {days[row - 1]})."


def _at_their_ends(moments: np.ndarray, name: str) -> list[str]:
    """Return a sentence if the times may be the ends of what was measured: so says the name, or first and last time."""
    times = np.unique(moments)
    first, last = (time - time.astype("datetime64[D]") for time in times[[0, -1]])
    if not (len(times) > 1 and first == np.diff(times).min() and not last) and not ENDS.search(name):
        return []
    return [
        f"The times are from {str(times[0])[11:16]} on the first day to {str(times[-1])[11:16]} on the last: if each "
        "is the end of what was measured, what ended at midnight was counted to the day after; then take a step off "
        "the times in the file."
    ]


def _several_series(keys: list[Column]) -> DataError:
    texts = [[key.texts[code] for code in pd.unique(key.codes)] for key in keys]
    keep = ", ".join(f"{key.name!r}: {text[0]!r}" for key, text in zip(keys, texts, strict=True))
    held = " and ".join(f"{key.name!r} ({listed(text)})" for key, text in zip(keys, texts, strict=True))
    return DataError(
        f"the file holds several series, told apart by column {held}. Choose one, as in keep={{{keep}}}; or, if their "
        "total is wanted, give daily='sum'"
    )


def _several_rows(days: np.ndarray, lines: np.ndarray) -> DataError:
    unique, counts = np.unique(days, return_counts=True)
    day = unique[counts.argmax()]
    a, b = lines[days == day][:2]
    again = _begins_again(days, lines)
    if again:
        again += " If another series, or another download, begins there, keep one row a day. "
    return DataError(
        f"{(counts > 1).sum():,} day(s) are there more than once: {day} has {counts.max()} rows, the first in lines "
        f"{a} and {b}. {again}If these are measurements within a day, daily='mean' takes their mean, "
        "'max', 'min' and 'last' one of them; if they are amounts, such as single sales, daily='sum' adds them up (and "
        "closed=0 sets days without any to 0); if a row is there twice by mistake, remove one"
    )


def record(
    columns: list[Numbers],
    moments: np.ndarray,
    daily: str | None,
    closed: str | float | None,
    minimum_days: int,
    report: list[str],
) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Return the record, day by day, the first of the columns as its target; and masks of the days that were filled.

    Raises
    ------
    DataError
        If the target cannot be used; another column is left out then.
    """
    if not (closed in (None, "carry") or (type(closed) in (int, float) and np.isfinite(closed))):
        raise DataError(f"closed={closed!r} is not known; give closed='carry', or a number such as closed=0")
    order = np.argsort(moments, kind="stable")
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
            if what and i:
                report += _about_words(column.column) if what == "words" else []
                left_out.setdefault(what, []).append(column.name)
                continue
            if how in ("mean", "sum"):
                report += _so_far(column, column.values[order], days)
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


def last_piece(
    known: pd.DatetimeIndex, minimum_days: int, closed: str | float | None, report: list[str]
) -> tuple[np.datetime64, np.datetime64]:
    """Return first and last day of the last piece that is long enough and has no gap too long to fill.

    Raises
    ------
    DataError
        If there is no such piece. What is offered instead was tried.
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

    Raises
    ------
    DataError
        If the values do not begin on the first day, if a gap is too long, or if all values are equal.
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
