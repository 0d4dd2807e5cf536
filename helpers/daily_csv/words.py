"""Words: the error, and how cells, names and places are named in its message and in the report."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class DataError(ValueError):
    """A file cannot be used as a daily record. The message says what was found, where, and what to do."""


class Bad(NamedTuple):
    """The first cell of a kind, and how many there are in its column."""

    column: str
    line: int  # lines of the file are counted from 1
    cell: str
    count: int

    @property
    def place(self) -> str:
        """Where it stands, and what was found there."""
        return f"line {self.line}, column {self.column!r}: found {self}"

    def __str__(self) -> str:
        return quote(self.cell) + (f" (and {self.count - 1:,} more such cells)" if self.count > 1 else "")


class Column(NamedTuple):
    """One column of the file. Each distinct text is held, and looked at, once."""

    name: str
    texts: list[str]  # without spaces around them
    codes: np.ndarray  # (rows,) int: which of the texts stands in each row
    lines: np.ndarray  # (rows,) int: where in the file the row stands

    def where(self, test: Callable[[str], object]) -> np.ndarray:
        """Return a mask of the rows, shape (rows,), whose texts pass a test."""
        return np.array([bool(test(text)) for text in self.texts], bool)[self.codes]

    def first(self, wanted: np.ndarray) -> Bad | None:
        """Return the first of the rows in a mask of shape (rows,), if there is one."""
        if not wanted.any():
            return None
        row = wanted.argmax()
        return Bad(self.name, int(self.lines[row]), self.texts[self.codes[row]], int(wanted.sum()))


def chosen(table: list[Column], rows: np.ndarray) -> list[Column]:
    """Return the columns of these rows only (a mask), and of their texts."""
    lines, found = table[0].lines[rows], []
    for column in table:
        present, codes = np.unique(column.codes[rows], return_inverse=True)
        found.append(Column(column.name, [column.texts[code] for code in present], codes, lines))
    return found


def quote(text: str) -> str:
    """Return a cell as it is shown in a message."""
    return repr(text if len(text) <= 40 else text[:40] + "…") if text.strip() else "an empty cell"


def listed(names: list[str], joint: str = ", ") -> str:
    """Return names or cells for a message, a dozen at most."""
    return joint.join(map(quote, names[:12])) + (f" and {len(names) - 12:,} more" if len(names) > 12 else "")


def known(argument: str, name: str, names: list[str]) -> str:
    """Return the name, or say which ones there are."""
    if name not in names:
        raise DataError(f"there is no column for {argument}={name!r}; the columns are {listed(names)}")
    return name
