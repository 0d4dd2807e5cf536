"""Layout: where the table stands in the text, what separates its cells, which line names them, where the dates are."""

import csv
import io
import operator
import re
import warnings
from collections import Counter
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.daily_csv.days import DATE, HOW_TO_DATE, MONTH, date_parts
from helpers.daily_csv.words import Column, DataError, chosen, known, listed, quote

LARGEST_WIDTH = 100  # columns
HEAD = 65_536  # bytes looked at to find the table; the csv module stops at cells twice as long
SAMPLE = 1_000  # lines looked at
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
DATE_NAME = re.compile(r"(?<![a-z])(date|datum|day|tag|jour|time|zeit|fecha|data|dato|giorno|dag)", re.IGNORECASE)
NUMBER = re.compile(r"[-+]?[\d., ]*\d")
COMMENT = re.compile(rb"^[ \t]*#.*$", re.MULTILINE)


class Layout(NamedTuple):
    """Where the table is. Lines are counted from 1, columns from 0."""

    separator: str
    names: list[str]
    line: int  # of the names
    first: int  # line of the first row
    width: int  # cells in most rows
    dated: list[int]  # columns with the date of a row: one, or year, month and day; none where nothing is a date


def find(raw: bytes, date: str | None, report: list[str]) -> tuple[Layout, bytes]:
    """Return where the table is, and its rows: the text without what stands above and below it.

    The names are in the last line above the first row with a date that is as wide as the rows. `date` names the
    column of dates, if several look like it.

    Raises a DataError if there is no such table. The message says which line is not as expected.
    """
    head = raw if len(raw) <= HEAD else raw[: raw.rfind(b"\n", 0, HEAD) + 1]
    lines = head.decode().split("\n")[:SAMPLE]
    if not any(map(str.strip, lines)):
        raise DataError(f"the first {HEAD:,} bytes hold no whole line of text; this is no table")
    tables = {separator: [_cells(line, separator) for line in lines] for separator in SEPARATORS}
    layout = _dated(tables) or _in_parts(tables) or _undated(tables, lines)
    _check(layout, tables[layout.separator], lines)
    layout = _with_date_column(layout, tables[layout.separator], date, report)
    above = [line.strip() for i, line in enumerate(lines[: layout.first - 1], 1) if i != layout.line and line.strip()]
    if above:
        report.append(f"The names are in line {layout.line}; skipped above the rows: {_counted(above)}.")
    return layout, _body(raw, layout, report)


def _counted(lines: list[str]) -> str:
    return f"{len(lines):,} line(s), the first {quote(lines[0])}"


def _cells(line: str, separator: str) -> list[str]:
    """Return the cells of one line; a line of comment may hold the names."""
    line = line.lstrip("# ") if line.startswith("#") else line
    return [cell.strip() for cell in next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])]


def _names(row: list[str]) -> list[str]:
    return [name or f"column {i}" for i, name in enumerate(row, 1)]


def _date_cell(row: list[str]) -> int | None:
    return next((i for i, cell in enumerate(row) if DATE.fullmatch(cell) or MONTH.fullmatch(cell)), None)


def _dated(tables: dict[str, list[list[str]]]) -> Layout | None:
    """Return the table whose rows have a date in the same column, and the same width, in as many lines as possible."""
    best, found = (0, 0), None
    for separator, rows in tables.items():
        shapes = Counter((len(row), _date_cell(row)) for row in rows if len(row) > 1)
        for (width, column), count in shapes.items():
            if column is not None and (count, width) > best:
                best, found = (count, width), (separator, rows, width, column)
    return found and _below_the_names(*found)


def _below_the_names(separator: str, rows: list[list[str]], width: int, column: int) -> Layout:
    """Return the layout of a table whose rows are known, with the names that stand above them."""
    first = next(i for i, row in enumerate(rows) if len(row) == width and _date_cell(row) == column)
    above = [i for i, row in enumerate(rows[:first]) if len(row) >= max(2, width - 1) and _date_cell(row) != column]
    if not above and sum(_date_cell([cell]) == 0 for cell in rows[first]) > 3:
        raise DataError(
            f"line {first + 1} has days beside each other; a row a day is needed: a spreadsheet exchanges rows and "
            "columns when it pastes, if told to transpose"
        )
    before = rows[first - 1] if first else []
    if not above and len(before) > 1 and all(before) and not any(map(NUMBER.fullmatch, before)):
        raise _too_wide(first + 1, width, len(before))
    if not above:
        raise DataError(f"line {first + 1} holds data, not names; put a line such as date,temperature above it")
    line = ([i for i in above if any(rows[i])] or above)[-1]
    first = line + 1
    while (
        line - 1 in above
        and len(rows[line - 1]) == len(rows[line])
        and _names_better(*rows[line - 1 : line + 1], column)
    ):
        first = line + 1 if any(map(NUMBER.fullmatch, rows[line])) else first  # a row whose date is wrong
        line -= 1
    names = rows[line]
    if len(names) == width - 1 and not any(row[-1] for row in rows[first:] if len(row) == width):
        names = [*names, ""]  # all rows end with a separator, the names do not
    return Layout(separator, _names(names), line + 1, first + 1, width, [column])


def _names_better(upper: list[str], lower: list[str], column: int) -> bool:
    """Tell whether the upper of two lines holds the names, and the lower one units, or a row whose date is wrong."""
    named = [any(map(DATE_NAME.search, row[column : column + 1])) for row in (upper, lower)]
    numbers = [any(map(NUMBER.fullmatch, row)) for row in (upper, lower)]
    names = [len({*row} - {""}) for row in (upper, lower)]
    if named[0] != named[1]:
        return named[0] or (names[1] == 1 and names[0] > 1)
    return numbers == [False, True] or (numbers[0] == numbers[1] and names[0] > names[1])


def _in_parts(tables: dict[str, list[list[str]]]) -> Layout | None:
    """Return the table with year, month and day of the date in columns of their own."""
    for separator, rows in tables.items():
        for line, row in enumerate(rows, 1):
            if parts := date_parts(row):
                return Layout(separator, _names(row), line, line + 1, len(row), parts)
    return None


def _undated(tables: dict[str, list[list[str]]], lines: list[str]) -> Layout:
    """Return the table that looks most like one, although nothing in it looks like a date."""
    best, found = (0, 1), []
    for separator, rows in tables.items():
        table = [(i, row) for i, row in enumerate(rows, 1) if any(row) and not lines[i - 1].startswith("#")]
        for width, count in Counter(len(row) for _, row in table).items():
            if width > 1 and (count, width) > best:
                best, found = (count, width), [separator, *next((i, row) for i, row in table if len(row) == width)]
    if not found:
        line = next(i for i, text in enumerate(lines) if text.strip())
        raise DataError(
            f"line {line + 1} has one column, {quote(lines[line])}; the names and values of a row have to be separated "
            "by comma, semicolon or tab"
        )
    separator, line, row = found
    return Layout(separator, _names(row), line, line + 1, len(row), [])


def _check(layout: Layout, rows: list[list[str]], lines: list[str]) -> None:
    names = layout.names
    if len(names) > LARGEST_WIDTH:
        raise DataError(f"line {layout.line} has {len(names):,} columns; keep the date, the target and what may help")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DataError(f"line {layout.line} names two columns {quote(twice)}; give one of them another name")
    below = [(i, row) for i, row in enumerate(rows, 1) if i >= layout.first and any(row)]
    if not below:
        raise DataError(f"there is a header in line {layout.line} but no data below it; export or download it again")
    line, row = below[0]  # pandas would cut this one to the width of the names
    if len(row) > len(names) and not lines[line - 1].startswith("#"):
        raise _too_wide(line, len(row), len(names))


def _with_date_column(layout: Layout, rows: list[list[str]], date: str | None, report: list[str]) -> Layout:
    """Return the layout with the column that was asked for, or with the only one that looks like dates."""
    names, below = layout.names, [row for row in rows[layout.first - 1 :] if any(row)]
    if date is None and len(layout.dated) > 1:
        return layout
    cells = [[row[i] for row in below if i < len(row) and row[i]] for i in range(len(names))]
    found = [i for i, column in enumerate(cells) if 2 * sum(_date_cell([cell]) == 0 for cell in column) > len(column)]
    if date is not None:
        place = names.index(known("date", date, names))
        if others := [names[i] for i in found if i != place]:
            report.append(f"Dates, too, are in {listed(others)}: a row was taken for its day in {date!r}.")
        return layout._replace(dated=[place])
    if not found:
        raise DataError(f"no column of dates: line {layout.first} holds {listed(below[0][:5])}. {HOW_TO_DATE}")
    if len(found) > 1:
        found_names = [names[i] for i in found]
        raise DataError(f"{listed(found_names)} look like dates; name the right one, as in date={found_names[0]!r}")
    return layout._replace(dated=found)


def _too_wide(line: int, found: int, expected: int, so_have: str = "") -> DataError:
    return DataError(
        f"line {line} has {found} cells, the header has {expected}. {so_have}A cell that holds the separator needs "
        "quotes; a name that is missing in the header has to be added, and an empty cell to rows without that column"
    )


def _check_rows(body: bytes, layout: Layout) -> None:
    """Look for names that stand among the rows, and for rows that are wider or narrower than others.

    Raises a DataError if there are any: below them, or in them, values may belong to other columns than the names say.
    """
    names, separator, dated = layout.names, layout.separator.encode(), [layout.names[i] for i in layout.dated]
    full, first, last, found = 0, {}, {}, Counter()
    for line, text in enumerate(io.BytesIO(body), layout.first):
        if text.count(separator) + 1 == len(names) and not (dated and dated[0].encode() in text):
            full += 1
        elif len(text) < HEAD and not text.count(b'"') % 2:
            row = _cells(text.decode().strip("\n"), layout.separator)
            if len(row) > 1 and dated and dated == [row[i] for i in layout.dated if i < len(row)]:
                raise DataError(
                    f"line {line} names the columns {'again' if row == names else f'as {listed(row)}'}. If another "
                    f"series begins there, keep one; if the columns change places there, bring all rows into the order "
                    f"of line {layout.line}; then remove line {line}"
                )
            full += len(row) == len(names)
            wide = len(row) > len(names) + (row[-1:] == [""])
            if wide or (len(row) < len(names) and _has_date(row, layout)):
                first.setdefault(wide, (line, len(row)))
                last[wide] = line
                found[wide] += 1
    for wide in sorted(found, reverse=True):
        more = f"So have {found[wide] - 1:,} more row(s), up to line {last[wide]}. " * (found[wide] > 1)
        if wide:
            raise _too_wide(*first[wide], len(names), more)
        line, count = first[wide]
        if full or names[count:] != _names([""] * len(names))[count:]:
            raise DataError(
                f"line {line} has {count} cells, the header has {len(names)}. {more}Put an empty cell where one is "
                "missing; which column that is, nothing tells"
            )


def _body(raw: bytes, layout: Layout, report: list[str]) -> bytes:
    """Return the rows, without what stands below them; comments among them become empty lines."""
    start = 0
    for _ in range(layout.first - 1):
        start = raw.find(b"\n", start) + 1
    end, below = len(raw), []
    while end > start and layout.dated:
        begin = raw.rfind(b"\n", start, end) + 1 or start
        line = raw[begin:end].decode()
        if _is_row(line, layout):
            break
        below.insert(0, (end, line.strip() if any(_cells(line, layout.separator)) else ""))
        end = begin - 1
    if end > start:
        damaged = next((i for i, (_, line) in enumerate(below) if line and not _is_damaged(line, layout)), len(below))
        end = below[damaged - 1][0] if damaged else end
        if left := [line for _, line in below[damaged:] if line]:
            report.append(f"Skipped below the rows: {_counted(left)}.")
    return _without_comments(raw[start : end if end > start else len(raw)].rstrip(b"\n"), layout, report)


def _is_row(line: str, layout: Layout) -> bool:
    row = _cells(line, layout.separator)
    return len(row) == layout.width and _has_date(row, layout)


def _has_date(row: list[str], layout: Layout) -> bool:
    dated = layout.dated
    if not dated or max(dated) >= len(row):
        return False
    return _date_cell(row[dated[0] :]) == 0 if len(dated) == 1 else all(row[i].isdigit() for i in dated)


def _is_damaged(line: str, layout: Layout) -> bool:
    """Tell a row with a wrong date, or with a cell too many, from a line that does not belong to the table."""
    row = _cells(line, layout.separator)
    return not line.startswith("#") and len(row) > max(1, *layout.dated) and any(map(str.isdigit, row[layout.dated[0]]))


def _without_comments(body: bytes, layout: Layout, report: list[str]) -> bytes:
    comments = []

    def emptied(match: re.Match) -> bytes:
        if layout.dated and _is_row(match[0].decode(), layout):
            return match[0]
        comments.append(match[0].decode())
        return b""

    if b"#" in body:
        body = COMMENT.sub(emptied, body)
    if comments:
        report.append(f"Skipped among the rows: {_counted(comments)}.")
    return body


def columns(body: bytes, layout: Layout) -> list[Column]:
    """Return the table's columns as text, without rows that are empty.

    Raises a DataError if a row is wider than the names, or if a cell goes on in the next line.
    """
    _check_rows(body, layout)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pd.errors.ParserWarning)  # rows that all end with a separator
            table = pd.read_csv(
                io.BytesIO(body),
                sep=layout.separator,
                header=None,
                names=range(len(layout.names)),
                index_col=False,
                dtype=str,
                keep_default_na=False,
                na_filter=False,
                skipinitialspace=True,
                skip_blank_lines=False,  # a row is a line: so errors can name it
                low_memory=False,
            )
    except pd.errors.ParserError as error:
        if long := re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(error)):
            expected, line, found = map(int, long.groups())
            raise _too_wide(line + layout.first - 1, found, expected) from None
        raise _line_break(body, layout) from None
    if len(table) != body.count(b"\n") + 1:
        raise _line_break(body, layout)
    lines = np.arange(layout.first, layout.first + len(table), dtype=np.int32)
    found = []
    for i, name in enumerate(layout.names):
        cells, texts = table.pop(i).to_numpy(object), {}
        if i in layout.dated:  # hardly a text is there twice
            codes, texts = np.arange(len(cells), dtype=np.int32), map(str.strip, cells)
        else:
            codes = np.fromiter((texts.setdefault(text.strip(), len(texts)) for text in cells), np.int32, len(cells))
        found.append(Column(name, list(texts), codes, lines))
    empty = np.logical_and.reduce([column.where(operator.not_) for column in found])
    return chosen(found, ~empty) if empty.any() else found


def _line_break(body: bytes, layout: Layout) -> DataError:
    odd = (i for i, line in enumerate(io.BytesIO(body), layout.first) if line.count(b'"') % 2)
    return DataError(
        f"a cell in quotes goes on in the next line; look at line {next(odd, layout.first)}, and close the quote or "
        "take the line break out"
    )
