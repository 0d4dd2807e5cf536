"""Files that can be read wrongly without a word: `read_daily_csv` asks, refuses or tells, and the remedy does no harm.

The values are invented.
"""

import numpy as np
import pandas as pd
import pytest

from helpers.data import DataError, read_daily_csv

DAYS = pd.date_range("2024-01-01", periods=40)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "mine.csv"


def read(file, lines, **arguments):
    file.write_text("\n".join(lines), encoding="utf-8")
    return read_daily_csv(file, **{"minimum_days": 20} | arguments)


def question(file, lines, **arguments):
    with pytest.raises(DataError) as raised:
        read(file, lines, **arguments)
    return str(raised.value).removeprefix("mine.csv: ")


def told(frame):
    return "\n".join(frame.attrs["report"])


def rows(*cells, days=DAYS):
    """Return lines of the days and of cells that take turns."""
    return [";".join([f"{day:%Y-%m-%d}", *(column[i % len(column)] for column in cells)]) for i, day in enumerate(days)]


# --- three decimals, or thousands -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("sign", "other"), [(".", ","), (",", ".")])
@pytest.mark.parametrize("empty", ["", "-"])
def test_thousands_in_one_column_and_decimals_in_another(file, sign, other, empty):
    visitors = [cell.replace(".", sign) for cell in ("375", "1.995", "611", "2.492")]
    lines = ["date;visitors;heat", *rows(visitors, [f"{i}{sign}5" for i in range(7)]), f"2024-02-10;{empty};1{sign}5"]
    asked = question(file, lines, target="visitors")
    assert asked == (
        f"line 3, column 'visitors': found '1{sign}995' (and 19 more such cells), and 611: it may be a number with "
        f"three decimals (give decimal={sign!r}) or with a separator between thousands (give "
        f"thousands={{'visitors': {sign!r}}})"
    )
    assert question(file, lines, target="heat") == asked
    frame = read(file, lines[:-1], target="visitors", thousands={"visitors": sign})
    np.testing.assert_array_equal(frame[:4], [[375, 0.5], [1995, 1.5], [611, 2.5], [2492, 3.5]])
    assert "has a separator between thousands" in told(frame)
    frame = read(file, lines[:-1], target="visitors", decimal=sign)
    np.testing.assert_array_equal(frame["visitors"].iloc[:4], [375, 1.995, 611, 2.492])
    frame = read(file, lines[:-1], target="heat", thousands={"visitors": " "}, decimal=sign)
    assert frame["visitors"].iloc[1] == 1.995
    assert question(file, lines, thousands={"Visitors": "."}).startswith("there is no column for thousands='Visitors'")
    assert question(file, lines, thousands={"visitors": "_"}).startswith("thousands='_' separates no thousands")


def test_three_decimals_that_another_column_decides_are_told(file):
    lines = ["date;gas;heat", *rows(["1.995", "2.611", "2.492"], ["0.5", "1.5"])]
    frame = read(file, lines, target="gas")
    assert frame["gas"].iloc[0] == 1.995
    assert (
        "Line 2, column 'gas': '1.995' (and 39 more such cells) was read as a number with three decimals, as in other "
        "columns; if the point separates thousands there, give thousands={'gas': '.'}."
    ) in told(frame)
    assert "three decimals" not in told(read(file, lines, target="gas", decimal="."))
    assert read(file, lines, target="gas", thousands={"gas": "."})["gas"].iloc[0] == 1995
    for cells in (["1.995", "2.61"], ["0.995", "611", "1.995"], ["1,995", "611"]):
        lines = ["date;gas;heat", *rows(cells, ["0.5", "1.5"])]
        assert "three decimals" not in told(read(file, lines, target="gas"))
