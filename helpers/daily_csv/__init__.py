"""Read a reader's own daily record from a CSV file: a clean frame with a report, or an error that says what to do.

The rooms: `text` (bytes to lines), `layout` (where the table is), `days` (dates), `values` (numbers), `several` (rows
of one day), `daily` (one row a day), `report` (what is in it), `words` (how that is said).
"""

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path

import pandas as pd

from helpers.daily_csv import daily as one_a_day
from helpers.daily_csv import days, layout, several, text, values
from helpers.daily_csv.daily import LONGEST_CLOSED as LONGEST_CLOSED
from helpers.daily_csv.daily import LONGEST_FILLED as LONGEST_FILLED
from helpers.daily_csv.report import describe
from helpers.daily_csv.report import draw_report as draw_report
from helpers.daily_csv.report import not_inputs as not_inputs
from helpers.daily_csv.values import Numbers
from helpers.daily_csv.words import Column
from helpers.daily_csv.words import DataError as DataError


def read_daily_csv(
    path: str | PathLike,
    date: str | None = None,
    target: str | None = None,
    *,
    day_first: bool | None = None,
    decimal: str | None = None,
    thousands: str | Mapping[str, str] | None = None,
    missing: Sequence[float | str | None] | None = None,
    keep: Mapping[str, str] | None = None,
    daily: str | None = None,
    closed: str | float | None = None,
    timezone: str | None = None,
    latest: str | None = None,
    minimum_days: int = 3 * 365,
) -> pd.DataFrame:
    """Read a daily record of your own from a CSV file and check it.

    The file is only read, never changed. It may be packed with gzip. Titles above the line with the names, totals
    below the rows and comments are skipped. Whatever is not as it stands in the file is told in the report. Where the
    file can be understood in two ways, an error asks, and names the argument that answers.

    Parameters
    ----------
    path
        The file.
    date
        Name of the column of dates. May be left out if only one column looks like dates, or if year, month and day
        stand in columns of these names.
    target
        Name of the column to forecast. May be left out if only one column holds numbers that change.
    day_first
        Whether 01/02/2020 is 1 February (True) or 2 January (False). Needed only if no date in the file tells, or
        if what the dates tell is at odds with the order of the rows.
    decimal, thousands
        The decimal sign, "." or ",", and what stands between thousands. Needed only if no number in the file tells. For
        a column that is written in another way than others: column → what stands between its thousands.
    missing
        The codes that mean "not measured", such as [-999] or ["M"]; they count as empty. An empty list says that values
        that look like codes were measured; beside words, None says it: ["M", None].
    keep
        Column → text: only rows with this text in this column are read. For files that hold several series.
    daily
        What to make of several rows a day: their "mean", "sum", "max" or "min", or the "last".
    closed
        What a day without a value means where a place was closed on it: "carry" for rates and prices, which hold until
        the next, or a number, such as 0 for counts. Then gaps of up to `LONGEST_CLOSED` days are filled with it.
    timezone
        The time zone of your place, such as "Europe/Berlin", for files with times in another one.
    latest
        The last day that may be in the file, as "2031-12-31". By default today: a later date is taken for an error.
    minimum_days
        How many days on end are needed. The default is a year each for training, validation and test.

    Returns
    -------
    pandas.DataFrame
        Shape (days, columns), float64, finite, in the file's units, the target first; the index `Date` as of
        `helpers.data.load`: in order, without gaps, frequency "D". Gaps of up to `LONGEST_FILLED` days are filled with
        the last value before them. At a longer gap of the target the record is cut, and the last piece of at least
        `minimum_days` days is returned. Other columns are there if they are numbers without a longer gap.
        `frame.attrs["report"]` is a list of sentences: how the file was read, every change, every column, and what
        looks odd. `frame.attrs["filled"]` lists the days, as text, on which the target was filled: no forecast should
        be scored on them.

    Raises
    ------
    DataError
        If the file is no daily record or leaves a choice open. The message names the file, the line, the column, what
        was found and what to do.
    """
    file, told = Path(path), []
    try:
        table, dates, sign = _table(file, date, keep, decimal, thousands, told)
        moments = days.moments(dates, day_first, timezone, told)
        days.check_latest(moments, dates, latest, told)
        dates = dates._replace(texts=[], codes=dates.codes[:0])  # a third of all memory; its lines are still needed
        table, moments = days.with_times(table, moments, told)
        several.check_rows(moments, dates, table, daily, told)
        numbers = [Numbers(column, values.sign_of(column.name, sign, thousands), missing, told) for column in table]
        found = values.target_column(numbers, dates.name, target, moments)
        told.append(f"The target is column {found.name!r}.")
        found.check()
        values.ask_about_codes([column for column in numbers if not column.text], missing, told)
        numbers.sort(key=lambda column: column is not found)
        frame, filled = one_a_day.record(numbers, moments, daily, closed, minimum_days, told)
    except DataError as error:
        raise DataError(f"{file.name or file}: {error}") from None
    named = {column.name: column for column in numbers}

    def cells(name: str) -> pd.Series:
        rows = pd.Series(named[name].values, pd.DatetimeIndex(moments)).dropna().sort_index(kind="stable")
        return rows[f"{frame.index[0]:%Y-%m-%d}" : f"{frame.index[-1]:%Y-%m-%d}"]

    frame.attrs["report"] = told + describe(frame, filled, cells)
    return frame


def _table(
    file: Path,
    date: str | None,
    keep: Mapping | None,
    decimal: str | None,
    thousands: str | Mapping | None,
    told: list[str],
) -> tuple[list[Column], Column, str]:
    """Return the columns without that of the dates, that one, and the decimal sign."""
    place, body = layout.find(text.read(file, told), date, told)
    table = layout.columns(body, place)
    del body
    table = several.kept(table, keep, told)
    dates = [table[i] for i in place.dated]
    table = [column for i, column in enumerate(table) if i not in place.dated]
    sign = values.notation(table, decimal, thousands)
    where = ", ".join(repr(part.name) for part in dates)
    where = f"columns {where}, joined" if len(dates) > 1 else f"column {where}"
    told.append(
        f"Dates are in {where}. The separator is a {layout.SEPARATORS[place.separator]}, the decimal "
        f"sign a {values.SIGNS[sign]}."
    )
    if place.separator == "," and "." in dates[0].texts[0]:  # who writes 31.12.2020 writes 12,5, too
        values.cut_at_commas(table, told)
    if decimal is None and not isinstance(thousands, str):
        values.ask_about_thousands(table, sign, thousands or {}, told)
    return table, dates[0] if len(dates) == 1 else days.joined(dates), sign
