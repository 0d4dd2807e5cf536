"""Several: rows of one day, and series in one file; what is not to be mixed is asked about or told."""

import re
from collections.abc import Mapping
from itertools import chain, combinations

import numpy as np
import pandas as pd

from helpers.daily_csv.days import TIME
from helpers.daily_csv.report import QUALITY
from helpers.daily_csv.words import Column, DataError, chosen, known, listed

DAILY = {"mean": "mean", "sum": "sum", "last": "last", "max": "highest", "min": "lowest"}
TOTAL = re.compile(r"(grand )?total[es]?|totaal|(ins)?gesamt|\w*summe|suma?|all(e)?( \w+)?|overall", re.IGNORECASE)
ENDS = re.compile(r"(?<![a-z])(end(s|ing|e)?|bis|tot|until|to|fin|fine|hasta)(?![a-z])", re.IGNORECASE)


def kept(table: list[Column], keep: Mapping | None, report: list[str]) -> list[Column]:
    """Return the rows that have the wanted texts in the wanted columns.

    Raises a DataError if there is no such column, or no such text in it.
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
        texts = _texts(column)
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
    said = f"{again:,} row(s) are in all cells as one before; take them out if they were not meant twice."
    return [said] if again else []


def check_rows(moments: np.ndarray, dates: Column, others: list[Column], daily: str | None, report: list[str]) -> None:
    """Look for days out of order and days that are there more than once.

    Raises a DataError if the file holds several series, or several rows a day and nothing says what to do with them.
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
            report += [
                f"Rows that differ in {key.name!r} were added up ({listed(_texts(key))}): if one of them is the total "
                f"of the others, read it alone, as in keep={{{key.name!r}: {_texts(key)[-1]!r}}}."
                for key in keys
            ]
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
    texts = [_texts(key) for key in keys]
    keep = ", ".join(f"{key.name!r}: {text[0]!r}" for key, text in zip(keys, texts, strict=True))
    held = " and ".join(f"{key.name!r} ({listed(text)})" for key, text in zip(keys, texts, strict=True))
    return DataError(
        f"the file holds several series, told apart by column {held}. Choose one, as in keep={{{keep}}}; or, if their "
        "total is wanted, give daily='sum'"
    )


def _texts(column: Column) -> list[str]:
    """Return the texts of a column, in the order of the file."""
    return [column.texts[code] for code in pd.unique(column.codes)]


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
