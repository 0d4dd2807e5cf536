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


def test_the_decimal_sign_changes_half_way(file):
    lines = ["date;gas;heat", *rows(["8.789", "8.611", "611"])[:20], *rows(["8,686", "8,611"])[20:]]
    asked = (
        "line 22, column 'gas': found '8,686', which has another decimal sign than '8.789' in line 2; write all alike"
    )
    for arguments in ({}, {"decimal": "."}, {"decimal": ","}, {"thousands": "."}, {"thousands": ","}):
        assert question(file, lines, target="gas", **arguments) == asked
    lines = ["date;gas;heat", *rows(["8.789", "8,686"], ["0.5", "1.5"])]
    assert "which has another decimal sign than '8.789' in line 2" in question(file, lines, target="gas")
    assert "Left out: line 3, column 'gas': found '8,686', which has" in told(read(file, lines, target="heat"))
    well = ["date;gas;heat", *rows(["8.789", "8,686", "8.5"], ["0.5", "1.5"])]
    assert read(file, well, target="gas")["gas"].iloc[1] == 8686


# --- codes ----------------------------------------------------------------------------------------------------------

HOURS = [f"{day:%Y-%m-%d} {hour:02}:00" for day in DAYS for hour in (0, 8, 16)]


def thermometer(code, places, word="12"):
    """Return rows of a thermometer, three a day, with a code in some of them, and perhaps a word in one."""
    cells = [str(10 + i % 7) for i in range(120)]
    for place in places:
        cells[place] = code
    cells[50] = word
    return ["time,heat", *(f"{hour},{cell}" for hour, cell in zip(HOURS, cells, strict=True))]


@pytest.mark.parametrize(("code", "value"), [("-127.0", -127), ("-999", -999), ("85", 85)])
def test_codes_within_a_day_are_asked_about(file, code, value):
    lines = thermometer(code, [13, 31])
    for daily in ("mean", "min", "max"):
        asked = question(file, lines, daily=daily)
        assert asked.startswith(f"column 'heat' has '{code}' 2 time(s), the first in line 15. Such a value may mean")
        assert f"then give missing=[{value}]," in asked
    frame = read(file, lines, daily="mean", missing=[value])
    assert frame["heat"].between(10, 16).all()
    frame = read(file, lines, daily="mean", missing=[])
    assert f"Column 'heat' has 2 value(s) far from most others, {value} to {value}, the first on 2024-01-05" in told(
        frame
    )
    assert told(frame).endswith(f"name them, as in missing=[{value}].")


def test_cells_far_from_others_within_a_day_are_told(file):
    frame = read(file, thermometer("-130", [13, 31]), daily="mean")
    assert "Column 'heat' has 2 value(s) far from most others, -130 to -130, the first on 2024-01-05" in told(frame)
    assert told(frame).endswith("as in missing=[-130].")


def test_words_for_not_measured_leave_the_codes_open(file):
    lines = thermometer("-999", [13, 31], "unknown")
    asked = question(file, lines, daily="mean", missing=["unknown"])
    assert question(file, lines, daily="mean", missing="unknown") == asked
    assert asked.endswith(
        "then give missing=['unknown', -999], and the cells count as empty. If it was measured, give "
        "missing=['unknown', None]"
    )
    assert read(file, lines, daily="min", missing=["unknown", -999])["heat"].min() == 10
    frame = read(file, lines, daily="min", missing=["unknown", None])
    assert frame["heat"].min() == -999
    assert "Such values were kept." in told(frame)


# --- more than a number ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        (["1,462.81", "(980.92)"], "'(980.92)' is a negative number: write '-980.92', and all such cells so"),
        (["$1,462.81", "($980.92)"], "'($980.92)' is a negative number: write '-$980.92', and all such cells so; take"),
        (["1.462,81", "980,92-"], "'980,92-' is a negative number: write '-980,92', and all such cells so"),
        (["500 kWh", "0.5 MWh"], "its column has 'kWh', 'MWh' beside numbers: if these are units"),
        (["368.11K", "1.20M"], "its column has 'K', 'M' beside numbers: if these are units, or stand for thousands"),
        (["368", "1.20K"], "its column has 'K' beside numbers and numbers alone: if these are units"),
        (["$3.50", "€3.50"], "its column has '$', '€' beside numbers: if these are units, or stand for thousands or "),
        (["3.50 €", "-4.50 €"], "which is more than a number; take units, currency signs and words out of the column"),
        (["3.50", "4.50*"], "which is more than a number; take units, currency signs and words out of the column"),
    ],
)
def test_a_remedy_does_no_harm(file, cells, what):
    lines = ["date;net;n", *rows(cells, ["5", "6"])]
    asked = question(file, lines, target="net")
    assert what in asked
    assert ("convert all cells to one first; then take units, currency" in asked) == ("its column" in what)


def test_what_a_spreadsheet_writes_for_a_formula_that_failed(file):
    lines = ["date;heat", *rows(["3.5", "4.5"] * 4 + ["#DIV/0!"] + ["3.5"] * 4 + ["#NV"] + ["2.5"] * 50)]
    assert question(file, lines) == (
        "line 10, column 'heat': found '#DIV/0!' (and 1 more such cells), which is what a spreadsheet writes for a "
        "formula that failed; empty the cell, or give missing=['#DIV/0!', '#NV']"
    )
    frame = read(file, lines, missing=["#DIV/0!", "#NV"])
    assert frame.attrs["filled"] == ["2024-01-09", "2024-01-14"]


# --- where the columns change places --------------------------------------------------------------------------------

HEATS = [f"{day:%Y-%m-%d},{20 + i % 5},{5 + i % 3}" for i, day in enumerate(DAYS)]
COLDS = [f"{day:%Y-%m-%d},{5 + i % 3},{20 + i % 5}" for i, day in enumerate(DAYS)]


@pytest.mark.parametrize(
    ("between", "said"),
    [
        (["date,low,high"], "line 22 names the columns as 'date', 'low', 'high'."),
        (["", "Station 7", "date,rain,high"], "line 24 names the columns as 'date', 'rain', 'high'."),
        (["date,high,low"], "line 22 names the columns again."),
    ],
)
def test_names_among_the_rows(file, between, said):
    asked = question(file, ["date,high,low", *HEATS[:20], *between, *COLDS[20:]], target="high")
    assert asked == (
        f"{said} If another series begins there, keep one; if the columns change places there, bring all rows into "
        f"the order of line 1; then remove {said[:7]}"
    )


def test_a_column_that_begins_half_way(file):
    wider = [row.replace(",", f",3.{i % 9},", 1) for i, row in enumerate(HEATS)]
    lines = ["date,high,low", *HEATS[:20], *wider[20:]]
    assert question(file, lines, target="high") == (
        "line 22 has 4 cells, the header has 3. So have 19 more row(s), up to line 41. A cell that holds the separator "
        "needs quotes; a name that is missing in the header has to be added, and an empty cell to rows without that "
        "column"
    )
    asked = (
        "line 2 has 3 cells, the header has 4. So have 19 more row(s), up to line 21. Put an empty cell where one is "
        "missing; which column that is, nothing tells"
    )
    assert question(file, ["date,battery,high,low", *lines[1:]], target="high") == asked
    assert question(file, ["date,battery,high,low", *HEATS, wider[9]], target="high").startswith("line 2 has 3 cells")
    mended = [row.replace(",", ",,", 1) for row in HEATS[:20]]
    frame = read(file, ["date,battery,high,low", *mended, *wider[20:]], target="high")
    np.testing.assert_array_equal(frame["high"], 20 + np.arange(40) % 5)


def test_a_narrow_line_that_is_no_row_is_named_by_its_date(file):
    lines = ["date,high,low", *HEATS[:20], "Sum 01/2024,300", *HEATS[20:]]
    assert question(file, lines, target="high").startswith("line 22, column 'date': found 'Sum 01/2024', no year")
