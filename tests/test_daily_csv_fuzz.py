"""Anything at all in a file gives a clean daily frame or a DataError, and no warning."""

import gzip
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data import DataError, read_daily_csv

FUZZ = settings(max_examples=60, derandomize=True, deadline=None)


@pytest.fixture(scope="module")
def file():
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "any.csv"


def outcome(file, content, **arguments):
    """Return the frame, found clean, or None for a DataError that names the file."""
    file.write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            frame = read_daily_csv(file, **arguments)
        except DataError as error:
            frame = str(error)
    assert file.read_bytes() == content
    if isinstance(frame, str):
        assert frame.startswith("any.csv: ")
        return None
    days = frame.index
    assert days.equals(pd.date_range(days[0], days[-1], freq="D"))
    assert (days.name, days.freqstr, str(days.dtype)) == ("Date", "D", "datetime64[ns]")
    assert len(days) >= arguments.get("minimum_days", 1095)
    assert set(frame.dtypes) == {np.dtype("float64")}
    assert np.isfinite(frame.to_numpy()).all()
    assert (frame.max() > frame.min()).all()
    assert frame.attrs["report"]
    return frame


@FUZZ
@given(content=st.binary(max_size=300), packed=st.booleans())
def test_any_bytes(file, content, packed):
    outcome(file, gzip.compress(content) if packed else content, minimum_days=2)
    outcome(file, b"\x1f\x8b" + content, minimum_days=2)
    outcome(file, b"date,value\n2020-01-01,1\n2020-01-02,2\n" + content, minimum_days=2)


ODD_CELLS = [
    *[
        "",
        " ",
        "NA",
        "nan",
        "inf",
        "-Infinity",
        "1e308",
        "-1e308",
        "1e999",
        "1e-320",
        "True",
        "0x1f",
        "1_000",
        "١٢",
        "1j",
    ],
    *[
        "3,5",
        "1,234",
        "1.234,5",
        "1 234",
        "1'234",
        "-0",
        "18446744073709551616",
        "-9223372036854775809",
        "12a",
        "'",
        '"',
    ],
    *[
        "now",
        "today",
        "NaT",
        "2020-02-30",
        "0000-00-00",
        "0000-01-01",
        "1500-01-01",
        "9999-12-31",
        "20200103",
        "2020-01",
    ],
    *[
        "03.01.2020",
        "2020-01-03 24:00",
        "2020-01-03T12:00Z",
        "2020-01-03 12:00:00.5 +01:00",
        "a\nb",
        "\u2028",
        "\x1c",
        "\ufeff",
    ],
]
YEAR_FIRST = st.dates(pd.Timestamp("2019-12-30").date(), pd.Timestamp("2020-01-20").date()).map(str)
YEAR_LAST = YEAR_FIRST.map(lambda day: "/".join(reversed(day.split("-"))))
NUMBERS = st.floats(-50, 50).map(str) | st.integers(-(10**4), 10**4).map(str)
CELLS = NUMBERS | YEAR_FIRST | YEAR_LAST | st.sampled_from(ODD_CELLS) | st.text(max_size=4)


def written(table, separator, quoted):
    cells = [['"' + cell.replace('"', '""') + '"' if quoted else cell for cell in row] for row in table]
    return "\n".join(separator.join(row) for row in cells).encode("utf-8", "surrogatepass")


@FUZZ
@given(
    table=st.lists(st.lists(CELLS, max_size=4), max_size=8),
    separator=st.sampled_from(",;\t"),
    quoted=st.booleans(),
    daily=st.sampled_from([None, "mean", "last"]),
)
def test_any_table(file, table, separator, quoted, daily):
    outcome(file, written(table, separator, quoted), minimum_days=2, daily=daily)


@st.composite
def almost_clean(draw):
    """Return a daily table in which a few cells, and perhaps a few rows, are anything, between any lines."""
    days = pd.date_range("2019-12-25", periods=draw(st.integers(2, 40)), freq=draw(st.sampled_from(["D", "B", "6h"])))
    form = draw(st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%Y%m%d", "%Y-%m-%d %H:%MZ", "%d/%m/%YT%H:%M:%S"]))
    table = [[day.strftime(form), str(draw(st.integers(-9, 9))), f"{i % 7}.5"] for i, day in enumerate(days)]
    names = ["Day", "a", "b"]
    if draw(st.booleans()):
        names, table = ["year", "month", "day", "a", "b"], [
            [*day.strftime("%Y %m %d").split(), *row[1:]] for day, row in zip(days, table, strict=True)
        ]  # fmt: skip
    places = st.tuples(st.integers(0, len(table) - 1), st.integers(0, 2), CELLS)
    for row, column, cell in draw(st.lists(places, max_size=3)):
        table[row][column] = cell
    for row in draw(st.lists(st.integers(0, len(table) - 1), max_size=2)):
        table[row] = draw(st.lists(CELLS, max_size=4))
    table = table * draw(st.sampled_from([1, 1, 1, 2]))
    lines = st.lists(st.lists(CELLS | st.just("# note"), max_size=4), max_size=2)
    return [*draw(lines), names, *table, *draw(lines)]


@FUZZ
@given(
    table=almost_clean(),
    separator=st.sampled_from(",;\t"),
    quoted=st.booleans(),
    target=st.sampled_from(["a", "b"]),
    day_first=st.sampled_from([None, True, False]),
    decimal=st.sampled_from([None, ".", ","]),
    thousands=st.sampled_from([None, ".", " "]),
    missing=st.sampled_from([None, [], [-999, "NA"]]),
    daily=st.sampled_from([None, "mean", "sum", "last", "max", "min"]),
    closed=st.sampled_from([None, "carry", 0]),
    timezone=st.sampled_from([None, None, "Europe/Berlin"]),
)
def test_any_few_cells_in_a_daily_table(file, table, separator, quoted, **arguments):
    outcome(file, written(table, separator, quoted), minimum_days=2, **arguments)


@pytest.mark.parametrize("cells", [["9" * 5000, "1.234", "0.5"], ["1e-320", "1e100"], ["0", "1e-320", "1e90"]])
def test_numbers_of_any_size(file, cells):
    for name in ("n", "hour"):
        rows = [
            [f"2020-01-{day:02}", cells[i % len(cells)], f"{i}.5"] for day in range(1, 29) for i in range(day % 2 + 1)
        ]
        outcome(file, written([["Day", name, "b"], *rows], ";", False), minimum_days=9, target=name, daily="sum")
        outcome(file, written([["Day", name, "b"], *rows[::3]], ";", False), minimum_days=9, target="b", daily="sum")


def test_the_fuzz_reaches_clean_frames(file):
    rows = [[f"2020-01-{day:02}", str(day), "x"] for day in range(1, 10)]
    frame = outcome(file, written([["Day", "a", "b"], *rows], ";", True), minimum_days=9)
    np.testing.assert_array_equal(frame["a"], range(1, 10))
