"""Read a reader's own daily record from a CSV file: a clean frame with a report, or an error that says what to do."""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from itertools import chain, islice
from os import PathLike
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import pandas as pd

LONGEST_FILLED = 3
"""Days in the longest gap that is filled: a longer one would be more invention than record."""

LARGEST_FILE = 100_000_000  # bytes, unpacked: a century of 300 columns; a small .gz may unpack to far more
LARGEST_WIDTH = 100  # columns
LARGEST_VALUE = 1e100  # beyond, sums and differences overflow
FIRST_YEAR = 1700  # pandas' nanoseconds begin in 1677
HEAD = 65_536  # bytes looked at to find separator and columns; the csv module stops at cells twice as long
SAMPLE = 200  # lines looked at
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
SIGNS = {".": "point", ",": "comma"}
SIGNATURES = {
    b"PK\x03\x04": "an Excel workbook (or another ZIP archive)",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\xff\xfe": "text in UTF-16, which Excel calls Unicode text",
    b"\xfe\xff": "text in UTF-16, which Excel calls Unicode text",
}

DATE = re.compile(
    r"(?P<moment>"
    r"(?:(?P<compact>(?:1[7-9]|2\d)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))"
    r"|(?P<year>\d{4})(?P<a>[-/.])\d{1,2}(?P=a)\d{1,2}"
    r"|\d{1,2}(?P<b>[-/.])\d{1,2}(?P=b)\d{4})"
    r"(?:(?P<gap>[T ])\d{1,2}:\d\d(?P<seconds>:\d\d(?P<fraction>\.\d{1,6})?)?)?"
    r")(?: ?(?:Z|[+-]\d\d:?\d\d))?",  # the time zone: the day is the one that is written
    re.ASCII,
)
MONTH = re.compile(r"\d{4}[-/]\d{1,2}|\d{1,2}[-/]\d{4}", re.ASCII)
HOW_TO_DATE = (
    "Dates are written as 2020-12-31, 20201231, 31.12.2020 or 31/12/2020: in digits, four of them for the year. A time "
    "such as 23:00 may follow."
)
NOT_DAILY = (
    "A forecast for tomorrow needs a value for nearly every day, and values made up for the days between would teach "
    "nothing; look for the daily record"
)
THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:([., '’\u00a0\u202f])\d{3})(?:\1\d{3})*(?:[.,]\d+)?", re.ASCII)


class DataError(ValueError):
    """A file cannot be used as a daily record. The message says what was found, where, and what to do."""


class _Layout(NamedTuple):
    separator: str
    names: list[str]
    header_line: int  # lines are counted from 1
    sample: list[tuple[int, list[str]]]  # (line, cells) of the first rows


class _Bad(NamedTuple):
    line: int
    cell: str
    count: int  # cells of this kind in the column


class _Table(NamedTuple):
    lines: np.ndarray  # where in the file each row is; rows without any value are left out
    moments: dict[str, np.ndarray]  # datetime64[s], the rows' dates and times as each of the formats reads them
    not_dates: dict[str, _Bad]  # formats that do not fit all rows, with the first cell that they cannot read
    numbers: dict[str, np.ndarray]  # float64, NaN where nothing stands
    texts: dict[str, _Bad]  # columns with cells that are no numbers, with the first of them


def read_daily_csv(
    path: str | PathLike,
    date: str | None = None,
    target: str | None = None,
    *,
    day_first: bool | None = None,
    decimal: str | None = None,
    daily_mean: bool = False,
    latest: str | None = None,
    minimum_days: int = 3 * 365,
) -> pd.DataFrame:
    """Read a daily record of your own from a CSV file and check it.

    The file is only read, never changed. It may be packed with gzip. Its first line names the columns. Whatever is
    not as it stands in the file is told in the report.

    Parameters
    ----------
    path
        The file.
    date
        Name of the column of dates. May be left out if only one column looks like dates.
    target
        Name of the column to forecast. May be left out if only one column holds numbers that change.
    day_first
        Whether 01/02/2020 is 1 February (True) or 2 January (False). Needed only if no date in the file tells.
    decimal
        The decimal sign, "." or ",". By default a comma if a number in the file can be read in no other way.
    daily_mean
        Make one value a day, the mean, of a file with several a day.
    latest
        The last day that may be in the file, as "2031-12-31". By default today: a later date is taken for an error.
    minimum_days
        How many days on end are needed. The default is a year each for training, validation and test.

    Returns
    -------
    pandas.DataFrame
        Shape (days, columns), float64, finite, the target first; the index `Date` as of `helpers.data.load`: in order,
        without gaps, frequency "D". Gaps of up to `LONGEST_FILLED` days are filled with the last value before them: a
        straight line would put the next day's value into today's. At a longer gap of the target the record is cut, and
        the last piece of at least `minimum_days` days is returned. Other columns are there if they are numbers without
        a longer gap. `frame.attrs["report"]` is a list of sentences: how the file was read, every change, and values
        that look odd. `frame.attrs["filled"]` lists the days, as text, on which the target was filled: no forecast
        should be scored on them.

    Raises
    ------
    DataError
        If the file is no daily record or leaves a choice open. The message names the file, the line, the column, what
        was found and what to do.
    """
    file, report = Path(path), []
    try:
        table, date = _read(file, date, decimal, report)
        days = _days(table, date, day_first, report)
        _check_latest(days, table.lines, date, latest)
        _check_order(days, table.lines, daily_mean, report)
        frame = _daily(table, days, _target_column(table, date, target), minimum_days, report)
    except DataError as error:
        raise DataError(f"{file.name or file}: {error}") from None
    frame.attrs["report"] = report
    return frame


def _read(file: Path, date: str | None, decimal: str | None, report: list[str]) -> tuple[_Table, str]:
    """Return what is in the file, and the name of the column of dates."""
    raw = _utf8(_content(file), report)
    layout = _layout(raw)
    date = _date_column(layout, date)
    formats = _date_formats(layout, date)
    decimal = _decimal_sign(raw, layout.separator, decimal)
    report.append(
        f"Dates are in column {date!r}. The separator is a {SEPARATORS[layout.separator]}, "
        f"the decimal sign a {SIGNS[decimal]}."
    )
    return _table(raw, layout, date, formats, decimal), date


# --- bytes to text --------------------------------------------------------------------------------------------------


def _content(file: Path) -> bytes:
    """Return the file's bytes, unpacked, or say why they are no text."""
    if file.is_dir():
        raise DataError("this is a folder; give the path of the CSV file in it")
    if not file.is_file():
        raise DataError(f"there is no such file in {file.absolute().parent}; check the spelling and the folder")
    try:
        with file.open("rb") as stream:
            packed = stream.read(2) == b"\x1f\x8b"
        with gzip.open(file) if packed else file.open("rb") as stream:
            raw = b"".join(_pieces(stream))
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"the file cannot be read ({error}); get a new copy of it") from None
    for signature, kind in SIGNATURES.items():
        if raw.startswith(signature):
            raise DataError(f"this is {kind}; open it and save it as 'CSV UTF-8', then give that file")
    if b"\0" in raw:
        raise DataError("this is a binary file, no text; export the record as CSV")
    return raw


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    size = 0
    while piece := stream.read(HEAD):
        size += len(piece)
        if size > LARGEST_FILE:
            raise DataError(f"more than {LARGEST_FILE:,} bytes are no daily record; keep the columns that you need")
        yield piece


def _utf8(raw: bytes, report: list[str]) -> bytes:
    """Return the text as UTF-8 without byte order mark, every line but the last ended by a line feed alone."""
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if not raw or raw.isspace():
        raise DataError("the file is empty; export or download it again")
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        report.append(
            f"The text is not UTF-8 (line {line}); it was read as Windows-1252, of which latin-1 is a part. "
            "Look at the names of the columns."
        )
        raw = raw.decode("cp1252", errors="replace").encode()
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n")


# --- which column is what -------------------------------------------------------------------------------------------


def _layout(raw: bytes) -> _Layout:
    """Find separator and names from the first lines."""
    head = raw if len(raw) <= HEAD else raw[: raw.rfind(b"\n", 0, HEAD) + 1]
    lines = head.decode().split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise DataError(f"the first {HEAD:,} bytes hold no whole line of text; this is no table")
    rows = {separator: _rows(lines, first, separator) for separator in SEPARATORS}
    separator = max(rows, key=lambda separator: _fit(rows[separator]))
    (_, header), *sample = rows[separator]
    names = [name.strip() or f"column {i}" for i, name in enumerate(header, 1)]
    _check_header(names, first + 1, sample)
    return _Layout(separator, names, first + 1, sample)


def _rows(lines: list[str], first: int, separator: str) -> list[tuple[int, list[str]]]:
    """Return line and cells of the header and of the first rows that are not empty."""
    rows = csv.reader(lines[first : first + SAMPLE], delimiter=separator, skipinitialspace=True)
    return [(first + rows.line_num, row) for row in rows if rows.line_num == 1 or any(map(str.strip, row))]


def _fit(rows: list[tuple[int, list[str]]]) -> tuple[float, int]:
    """Return how well a separator explains the rows: the share that is as wide as the header, and that width."""
    width = len(rows[0][1])
    return (sum(len(row) == width for _, row in rows) / len(rows), width) if width > 1 else (0.0, width)


def _check_header(names: list[str], line: int, sample: list[tuple[int, list[str]]]) -> None:
    if len(names) == 1:
        raise DataError(
            f"line {line} has one column, {_quote(names[0])}; the names and values of a row have to be separated "
            "by comma, semicolon or tab. Lines above the names have to be removed"
        )
    if len(names) > LARGEST_WIDTH:
        raise DataError(f"line {line} has {len(names):,} columns; keep the date, the target and what may help it")
    if any(DATE.fullmatch(name) for name in names):
        raise DataError(f"line {line} holds data, not names; put a line such as date,temperature above it")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DataError(f"line {line} names two columns {_quote(twice)}; give one of them another name")
    if not sample:
        raise DataError(f"there is a header in line {line} but no data below it; export or download the file again")
    for row_line, row in sample:
        if len(row) > len(names):
            raise _too_wide(row_line, len(row), len(names))


def _too_wide(line: int, found: int, expected: int) -> DataError:
    return DataError(
        f"line {line} has {found} cells, the header has {expected}. A cell that holds the separator needs quotes; "
        "lines above the names have to be removed; if all lines end with a separator, so must the header"
    )


def _date_column(layout: _Layout, date: str | None) -> str:
    """Return the name of the one column that looks like dates, or of the one that was asked for."""
    if date is not None:
        return _known("date", date, layout.names)
    found = [name for name in layout.names if _looks_like_dates([cell for _, cell in _cells(layout, name)])]
    if not found:
        line, row = layout.sample[0]
        raise DataError(
            f"no column of dates: line {line} holds {', '.join(map(_quote, row[:5]))}. {HOW_TO_DATE} "
            "Year, month and day in columns of their own have to be joined into one"
        )
    if len(found) > 1:
        raise DataError(f"{_listed(found)} look like dates; name the right one, as in date={found[0]!r}")
    return found[0]


def _known(argument: str, name: str, names: list[str]) -> str:
    if name not in names:
        raise DataError(f"there is no column for {argument}={name!r}; the columns are {_listed(names)}")
    return name


def _cells(layout: _Layout, name: str) -> list[tuple[int, str]]:
    """Return line and text of the column's first cells, without the empty ones."""
    i = layout.names.index(name)
    return [(line, row[i].strip()) for line, row in layout.sample if i < len(row) and row[i].strip()]


def _looks_like_dates(cells: list[str]) -> bool:
    return 2 * sum(bool(DATE.fullmatch(cell) or MONTH.fullmatch(cell)) for cell in cells) > len(cells)


def _date_formats(layout: _Layout, date: str) -> list[str]:
    """Return the format of the column's first date, or two if day and month may change places."""
    cells = _cells(layout, date)
    for line, cell in cells:
        if MONTH.fullmatch(cell):
            raise DataError(f"line {line}, column {date!r}: found {cell!r}, a whole month. {NOT_DAILY}")
        if match := DATE.fullmatch(cell):
            return _formats(match)
    where, what = (f"line {cells[0][0]}, ", _quote(cells[0][1])) if cells else ("", "empty cells")
    raise DataError(f"{where}column {date!r}: found {what}, no date. {HOW_TO_DATE}")


def _formats(match: re.Match) -> list[str]:
    time = ""
    if match["gap"]:
        time = match["gap"] + "%H:%M" + (":%S" if match["seconds"] else "") + (".%f" if match["fraction"] else "")
    if match["compact"]:
        return ["%Y%m%d" + time]
    if match["year"]:
        return [match["a"].join(["%Y", "%m", "%d"]) + time]
    return [match["b"].join(order) + time for order in (["%d", "%m", "%Y"], ["%m", "%d", "%Y"])]


def _decimal_sign(raw: bytes, separator: str, decimal: str | None) -> str:
    """Return the decimal sign: a comma if some cell such as 3,5 is a number in no other way.

    Where a comma separates the cells, a point is the decimal sign. Elsewhere it may separate thousands.
    """
    if decimal is not None:
        if decimal not in SIGNS:
            raise DataError(f"decimal={decimal!r} is no decimal sign; give '.' or ','")
        return decimal
    start, end = ('"', '"') if separator == "," else (rf'(?:^|[{separator}"])', rf'(?=\r?$|[{separator}"])')
    no_thousands = r"(?:\d+,(?:\d\d?|\d{4,})|0+,\d+|\d{4,},\d+)"
    if re.search(rf"{start} *[-+]?{no_thousands} *{end}".encode(), raw, re.MULTILINE):
        return ","
    if separator != ",":
        with_point = re.finditer(rf"{start} *([-+]?\d+\.\d+) *{end}".encode(), raw, re.MULTILINE)
        first = next(with_point, None)
        if first and all(re.fullmatch(rb"[-+]?[1-9]\d{0,2}\.\d{3}", cell[1]) for cell in chain([first], with_point)):
            line = raw[: first.start(1)].count(b"\n") + 1
            raise DataError(
                f"line {line}: found {first[1].decode()!r}, which may be a number with three decimals (give "
                "decimal='.') or with a thousands separator (take it out of the file)"
            )
    return "."


# --- the table ------------------------------------------------------------------------------------------------------


def _table(raw: bytes, layout: _Layout, date: str, formats: list[str], decimal: str) -> _Table:
    """Turn all cells into moments and numbers, a few rows at a time: as text, they would fill the memory."""
    rows = raw.count(b"\n") + 1 - layout.header_line
    lines = np.arange(rows) + layout.header_line + 1
    moments = {form: np.empty(rows, "datetime64[s]") for form in formats}
    numbers = {name: np.empty(rows) for name in layout.names if name != date}
    filled = np.zeros(rows, bool)
    not_dates, texts = {}, {}
    done = 0
    for chunk in _chunks(raw, layout, date, decimal):
        part = slice(done, done + len(chunk))
        done = part.stop
        filled[part] = chunk.notna().any(axis=1)
        cells = _texts(chunk[date])
        for form, values in moments.items():
            values[part] = _as_moments(cells, form)
            _note(not_dates, form, np.isnat(values[part]) & filled[part], lines[part], cells)
        for name, values in numbers.items():
            values[part], bad, cells = _as_numbers(chunk[name], decimal)
            _note(texts, name, bad, lines[part], cells)
    if done < rows:
        raise _line_break(raw)
    for columns in (moments, numbers):
        for name in columns:
            columns[name] = columns[name][filled]
    return _Table(lines[filled], moments, not_dates, numbers, texts)


def _chunks(raw: bytes, layout: _Layout, date: str, decimal: str) -> Iterator[pd.DataFrame]:
    width = len(layout.names)
    form = {"sep": layout.separator, "header": None, "skipinitialspace": True}
    lines = io.BytesIO(raw)
    line = 1 + sum(1 for _ in islice(lines, layout.header_line))
    try:
        for chunk in pd.read_csv(
            io.BytesIO(raw),
            **form,
            decimal=decimal,
            names=layout.names,
            index_col=False,
            dtype={date: object},
            skiprows=layout.header_line,
            skip_blank_lines=False,  # a row is a line: so errors can name it
            low_memory=False,
            chunksize=min(5_000, 50_000 // width),
        ):
            # pandas 2 cuts a chunk's first row to the width of the others, without a word
            first, *_ = islice(lines, len(chunk))
            found = pd.read_csv(io.BytesIO(first), **form, dtype=object).shape[1] if first.strip() else 0
            if found > width:
                raise _too_wide(line, found, width)
            line += len(chunk)
            yield chunk
    except pd.errors.ParserError as error:
        if long := re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(error)):
            expected, line, found = map(int, long.groups())
            raise _too_wide(line, found, expected) from None
        raise _line_break(raw) from None


def _line_break(raw: bytes) -> DataError:
    odd = (i for i, line in enumerate(io.BytesIO(raw), 1) if line.count(b'"') % 2)
    return DataError(
        f"a cell in quotes goes on in the next line; look at line {next(odd, 1)}, and close the quote or "
        "take the line break out"
    )


def _texts(column: pd.Series) -> list[str]:
    """Return the cells as text, empty ones as ''."""
    cells = zip(column.to_numpy(object), column.isna().to_numpy(), strict=True)
    return ["" if missing else str(cell).strip() for cell, missing in cells]


def _as_moments(cells: list[str], form: str) -> np.ndarray:
    """Return moments of shape (cells,), NaT for what does not have this format or is before FIRST_YEAR."""
    matches = map(DATE.fullmatch, cells)  # by itself, pandas takes "now" for a date
    texts = pd.Series([match and match["moment"] for match in matches], dtype=object)
    moments = pd.to_datetime(texts, format=form, errors="coerce").to_numpy().astype("datetime64[s]")
    moments[moments < np.datetime64(str(FIRST_YEAR))] = np.datetime64("NaT")
    return moments


def _as_numbers(column: pd.Series, decimal: str) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return values and a mask of cells that are no number, both of shape (cells,), and the cells if there are any."""
    if column.dtype.kind in "iuf":
        return column.to_numpy(np.float64), np.zeros(len(column), bool), []
    cells = _texts(column)
    plain = cells if decimal == "." else [cell.replace(".", "?").replace(",", ".") for cell in cells]
    values = pd.to_numeric(pd.Series(plain, dtype=object), errors="coerce").to_numpy(np.float64)
    return values, np.isnan(values) & np.array([cell != "" for cell in cells]), cells


def _note(noted: dict[str, _Bad], name: str, bad: np.ndarray, lines: np.ndarray, cells: list[str]) -> None:
    """Keep the first bad cell of a column and count the others."""
    if bad.any():
        first = noted.setdefault(name, _Bad(int(lines[bad.argmax()]), cells[bad.argmax()], 0))
        noted[name] = first._replace(count=first.count + int(bad.sum()))


# --- the days -------------------------------------------------------------------------------------------------------


def _days(table: _Table, date: str, day_first: bool | None, report: list[str]) -> np.ndarray:
    """Return the rows' days, datetime64[D]."""
    form = _date_format(table, date, day_first, report)
    days = table.moments[form].astype("datetime64[D]")
    if (table.moments[form] != days).any():
        report.append("The times of day were used for nothing but the day.")
    return days


def _date_format(table: _Table, date: str, day_first: bool | None, report: list[str]) -> str:
    """Return the format that reads all dates, or say which line it cannot read."""
    formats = list(table.moments)
    if len(formats) == 2 and day_first is not None:
        formats = formats[:1] if day_first else formats[1:]
    fitting = [form for form in formats if form not in table.not_dates]
    if not fitting:
        raise _no_date(date, {form: table.not_dates[form] for form in formats})
    if len(fitting) == 2:
        differ = table.moments[fitting[0]] != table.moments[fitting[1]]
        if differ.any():
            row = differ.argmax()
            a, b = (str(table.moments[form][row].astype("datetime64[D]")) for form in fitting)
            raise DataError(
                f"line {table.lines[row]}, column {date!r}: the date is {a} or {b}, and no line of the file tells "
                "which; give day_first=True for the first, day_first=False for the second"
            )
    elif len(formats) == 2:
        line, cell, _ = next(iter(table.not_dates.values()))
        report.append(f"Dates are read as {_in_words(fitting[0])}, because of line {line}: {cell!r}.")
    return fitting[0]


def _in_words(form: str) -> str:
    for sign, word in zip("YmdHMSf", ["year", "month", "day", "hour", "minute", "second", "fraction"], strict=True):
        form = form.replace("%" + sign, word)
    return form


def _no_date(date: str, not_dates: dict[str, _Bad]) -> DataError:
    """Return the error for a column that no format reads, from the first cells that they cannot read."""
    (form, bad), *others = not_dates.items()
    for other, other_bad in others:
        if other_bad.line != bad.line:
            return DataError(
                f"column {date!r} mixes the order of day and month: line {bad.line} has {bad.cell!r}, which is not "
                f"{_in_words(form)}, line {other_bad.line} has {other_bad.cell!r}, which is not {_in_words(other)}; "
                "write all alike"
            )
    return DataError(
        f"line {bad.line}, column {date!r}: found {_quote(bad.cell)}{_more(bad)}, no {_in_words(form)} since "
        f"{FIRST_YEAR}; mend it, or remove the line if it does not belong to a day"
    )


def _check_latest(days: np.ndarray, lines: np.ndarray, date: str, latest: str | None) -> None:
    try:  # where the date changes first, it is 14 hours later than in UTC
        limit = np.datetime64(latest or np.datetime64("now", "h") + 14, "D")
    except ValueError:
        raise DataError(f"latest={latest!r} is no day; write it as in latest='2031-12-31'") from None
    late = days > limit
    if late.any():
        raise DataError(
            f"line {lines[late.argmax()]}, column {date!r}: found {days[late.argmax()]}, which is after {limit}; mend "
            f"the date or, if the series is meant to reach so far, give latest='{days.max()}'"
        )


def _check_order(days: np.ndarray, lines: np.ndarray, daily_mean: bool, report: list[str]) -> None:
    """Look for days out of order and days that are there more than once."""
    back = days[1:] < days[:-1]
    if back.any():
        row = back.argmax() + 1
        report.append(
            f"The rows are not in order (line {lines[row]}, {days[row]}, comes after {days[row - 1]}); "
            "they were sorted."
        )
    unique, counts = np.unique(days, return_counts=True)
    if len(unique) == len(days):
        return
    usual = int(np.median(counts))
    if not daily_mean:
        day = unique[counts.argmax()]
        a, b = lines[days == day][:2]
        raise DataError(
            f"{(counts > 1).sum()} day(s) are there more than once: {day} has {counts.max()} rows, "
            f"the first in lines {a} and {b}. "
            "If these are hourly or other measurements within a day, daily_mean=True takes their mean; "
            "if they are single sales, add them up first: one row a day, with 0 for a day without any; "
            "if a row is there twice, remove one"
        )
    report.append(
        f"Each day is the mean of its rows, {usual} on most days; {(counts != usual).sum()} day(s) have fewer or more, "
        f"{counts.min()} at least."
    )


# --- the values -----------------------------------------------------------------------------------------------------


def _target_column(table: _Table, date: str, target: str | None) -> str:
    """Return the name of the one column of numbers that change, or of the one that was asked for."""
    names = list(table.numbers)
    if target is not None:
        return _known("target", target, names)
    if len(names) == 1:
        return names[0]
    counts = {name: np.count_nonzero(~np.isnan(values)) for name, values in table.numbers.items()}
    found = [name for name in names if counts[name] > (table.texts[name].count if name in table.texts else 0)]
    found = [name for name in found if np.nanmin(table.numbers[name]) < np.nanmax(table.numbers[name])] or found
    if not found:
        raise DataError(f"no column of numbers beside {date!r}: {_listed(names)} hold text or nothing")
    if len(found) > 1:
        raise DataError(f"{_listed(found)} hold numbers; name the one to forecast, as in target={found[0]!r}")
    return found[0]


def _daily(table: _Table, days: np.ndarray, target: str, minimum_days: int, report: list[str]) -> pd.DataFrame:
    """Return the last long piece of the record, day by day."""
    report.append(f"The target is column {target!r}.")
    _check_numbers(table, target)
    first, last = _piece(days, days[~np.isnan(table.numbers[target])], minimum_days, report)
    inside = (days >= first) & (days <= last)
    position = (days[inside] - first).astype(np.int64)
    index = pd.date_range(first, last, freq="D", name="Date", unit="ns")
    columns, filled = {}, []
    for name in [target, *(name for name in table.numbers if name != target)]:
        try:
            _check_numbers(table, name)
            values = table.numbers[name][inside]
            by_day = _by_day(values, position, len(index))
            if name == target:
                filled = index[np.isnan(by_day)].strftime("%Y-%m-%d").tolist()
            columns[name] = _filled(name, by_day, index, report)
        except DataError as error:
            if name == target:
                raise
            report.append(f"Left out: {error}.")
        else:
            report += _odd(name, values, table.lines[inside])
    frame = pd.DataFrame(columns, index=index, copy=False)
    frame.attrs["filled"] = filled
    return frame


def _check_numbers(table: _Table, name: str) -> None:
    """Raise a DataError unless the column holds nothing but numbers to compute with."""
    if name in table.texts:
        line, cell, _ = bad = table.texts[name]
        raise DataError(f"line {line}, column {name!r}: found {_quote(cell)}{_more(bad)}, {_why_no_number(cell)}")
    values = table.numbers[name]
    if np.isnan(values).all():
        raise DataError(f"column {name!r} is empty; choose another one")
    huge = np.abs(values) > LARGEST_VALUE
    if huge.any():
        bad = _Bad(table.lines[huge.argmax()], f"{values[huge.argmax()]:g}", huge.sum())
        raise DataError(
            f"line {bad.line}, column {name!r}: found {bad.cell}{_more(bad)}, infinite or too large to compute with; "
            "empty the cell if nothing was measured"
        )


def _why_no_number(cell: str) -> str:
    if re.fullmatch(r"[-+]?\d{1,3},\d{3}", cell):
        return "which may have a decimal comma (give decimal=',') or a thousands separator (take it out of the file)"
    if THOUSANDS.fullmatch(cell):
        return "which has a thousands separator; take these out of the file"
    if re.fullmatch(r"[-+]?\d+[.,]\d+", cell):
        return "which has another decimal sign than other numbers; write all alike, or give decimal='.' or decimal=','"
    if re.search(r"\d", cell):
        return "which is more than a number; take units, currency signs and words out of the column"
    return (
        "which is no number; write 0 where the value was zero (a closed shop), 1 and 0 for yes and no, and empty the "
        "cell only where nothing was measured"
    )


def _piece(days: np.ndarray, with_value: np.ndarray, minimum_days: int, report: list[str]) -> tuple:
    """Return first and last day of the last piece that is long enough and has no gap too long to fill."""
    known = np.unique(with_value)
    steps = np.diff(known).astype(np.int64)
    if len(steps) and np.median(steps) > 1:
        raise DataError(f"the values are {np.median(steps):.0f} days apart (median). {NOT_DAILY}")
    cuts = np.flatnonzero(steps > LONGEST_FILLED + 1)
    firsts, lasts = known[np.append(0, cuts + 1)], known[np.append(cuts, -1)]
    lengths = (lasts - firsts).astype(np.int64) + 1
    enough = np.flatnonzero(lengths >= minimum_days)
    gaps = remedy = ""
    if len(cuts):
        remedy = "if the value was zero in the gaps (a closed shop), add these days with a 0, or else "
        gaps = (
            f"{len(cuts):,} gap(s) are longer than {LONGEST_FILLED} days, the longest {steps.max() - 1:,} days after "
            f"{known[steps.argmax()]}. "
        )
    if not len(enough):
        longest = lengths.argmax()
        raise DataError(
            f"{lengths[longest]:,} days on end are too few, {minimum_days:,} are needed. {gaps}The longest piece is "
            f"{firsts[longest]} to {lasts[longest]}; {remedy}get a longer record"
        )
    first, last = firsts[enough[-1]], lasts[enough[-1]]
    if gaps:
        report.append(f"{gaps}They were not filled: the record was cut there.")
    before, after = np.count_nonzero(days < first), np.count_nonzero(days > last)
    if before or after:
        report.append(f"Kept: {first} to {last}. Left out: {before:,} row(s) before and {after:,} after.")
    return first, last


def _by_day(values: np.ndarray, position: np.ndarray, length: int) -> np.ndarray:
    """Return the mean of each day's values, shape (length,), NaN for a day without any."""
    there = ~np.isnan(values)
    count = np.bincount(position[there], minlength=length)
    total = np.bincount(position[there], weights=values[there], minlength=length)
    return np.divide(total, count, out=np.full(length, np.nan), where=count > 0)


def _filled(name: str, values: np.ndarray, index: pd.DatetimeIndex, report: list[str]) -> np.ndarray:
    """Return the values with short gaps filled with the value before them."""
    missing = np.isnan(values)
    if missing.any():
        if missing.all():
            raise DataError(f"column {name!r} is empty from {index[0]:%Y-%m-%d} to {index[-1]:%Y-%m-%d}")
        known = np.flatnonzero(~missing)
        if known[0]:
            raise DataError(
                f"column {name!r} has no value on the first {known[0]:,} day(s) of the record; fill them in, or take "
                "these rows out of the file"
            )
        gaps = np.diff(known, append=len(values)) - 1
        longest = gaps.argmax()
        if gaps[longest] > LONGEST_FILLED:
            raise DataError(
                f"column {name!r} has no value for {gaps[longest]:,} days on end; only up to {LONGEST_FILLED} days "
                "are filled"
            )
        report.append(
            f"Column {name!r} had no value on {missing.sum():,} day(s), in {np.count_nonzero(gaps)} gap(s), the "
            f"longest {gaps[longest]} day(s) from {index[known[longest] + 1]:%Y-%m-%d}; they were filled with the "
            "last value before them."
        )
        values[missing] = np.repeat(values[known], gaps)
    if values.min() == values.max():
        raise DataError(f"column {name!r} is {values[0]:g} on every day; there is nothing to learn from it")
    return values


def _odd(name: str, values: np.ndarray, lines: np.ndarray) -> list[str]:
    """Return a sentence about values that are three times as far from the others as these are spread, if any are.

    The spread is that of the quartiles of the distinct values: so a code such as −999 stands out even if many days
    have it.
    """
    low, high = np.percentile(np.unique(values[~np.isnan(values)]), [25, 75])
    far = (values < low - 3 * (high - low)) | (values > high + 3 * (high - low))
    if not far.any():
        return []
    return [
        f"Column {name!r} has {far.sum():,} value(s) far from most others, {values[far].min():g} to "
        f"{values[far].max():g}, the first in line {lines[far.argmax()]}; they were kept. If they mean 'not measured', "
        "empty these cells."
    ]


# --- words ----------------------------------------------------------------------------------------------------------


def _quote(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…") if text.strip() else "an empty cell"


def _more(bad: _Bad) -> str:
    return f" (and {bad.count - 1:,} more such cells)" if bad.count > 1 else ""


def _listed(names: list[str]) -> str:
    quoted = [_quote(name) for name in names[:12]]
    return ", ".join(quoted) + (f" and {len(names) - 12:,} more" if len(names) > 12 else "")
