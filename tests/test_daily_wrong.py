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
        "Line 2, column 'gas': found '1.995' (and 39 more such cells), was read as a number with three decimals, as in "
        "other columns; if the point separates thousands there, give thousands={'gas': '.'}."
    ) in told(frame)
    assert "three decimals" not in told(read(file, lines, target="gas", decimal="."))
    assert read(file, lines, target="gas", thousands={"gas": "."})["gas"].iloc[0] == 1995
    for cells in (["1.995", "2.61"], ["0.995", "611", "1.995"], ["1,995", "611"]):
        lines = ["date;gas;heat", *rows(cells, ["0.5", "1.5"])]
        assert "three decimals" not in told(read(file, lines, target="gas"))


@pytest.mark.parametrize("sign", [".", ","])
def test_thousands_that_were_typed_in_two_ways(file, sign):
    lines = ["date;visitors;heat", *rows(["375", f"1{sign}995", "2345"], [f"{i}{sign}5" for i in range(7)])]
    assert f"found '1{sign}995' (and 12 more such cells), and 2345: it may be a number with three decimals" in question(
        file, lines, target="visitors"
    )


@pytest.mark.parametrize(("sign", "other"), [(".", ","), (",", ".")])
def test_no_number_of_thousands_begins_with_a_zero(file, sign, other):
    lines = ["date;gas;heat", *rows([f"0{other}789", f"1{other}234"], [f"{i}{sign}5" for i in range(7)])]
    assert f"found '0{other}789' (and 19 more such cells), which has another decimal sign" in question(
        file, lines, target="gas"
    )


def test_the_decimal_sign_changes_half_way(file):
    lines = ["date;gas", *rows(["8.789", "8.611", "611"])[:20], *rows(["8,686", "8,611"])[20:]]
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


def test_a_code_within_a_wide_range_is_known_by_repetition(file):
    values = np.random.RandomState(1).permutation(np.arange(-1500, 1500, 3))[:366]
    values[200] = -1017  # a neighbour that is there twice
    values[3::46] = -999
    assert "column 'n' has '-999' 8 time(s), the first in line 5. Such a value may mean" in question(
        file, series(values)
    )


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
        "missing=['unknown', None]. If it stands for another number, as -1 may for no snow, write that one"
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
        (["6:30", "7:15"], "found '6:30' (and 39 more such cells), which is more than one number; make one of it"),
        (["6h 30m", "7 h 15 m"], "which is more than one number; make one of it, as 6.5 hours or 390 minutes of 6:30"),
        (["120/80", "118/79"], "which is more than one number; make one of it"),
        (["1.7", "01. Mai"], "which is a date; a spreadsheet may have taken numbers for dates (1.5 for 1 May)"),
        (["1.7", "05.01.2024"], "which is a date; a spreadsheet may have taken numbers for dates (1.5 for 1 May)"),
        (["1.7", "5-Jan"], "which is a date; a spreadsheet may have taken numbers for dates (1.5 for 1 May)"),
    ],
)
def test_a_remedy_does_no_harm(file, cells, what):
    lines = ["date;net;n", *rows(cells, ["5", "6"])]
    asked = question(file, lines, target="net")
    assert what in asked
    assert ("convert all cells to one first; then take units, currency" in asked) == ("its column" in what)


def test_numbers_that_a_spreadsheet_rounded_are_told(file):
    frame = read(file, ["date;n", *rows(["1.23E+05", "1.31E+05"])])
    assert frame["n"].iloc[0] == 123_000
    assert "Column 'n', line 2: '1.23E+05' (and 39 more such cells) was rounded to three digits" in told(frame)
    assert "rounded" not in told(read(file, ["date;n", *rows(["1.2345e+05", "131000"])]))


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


def test_rows_that_are_all_narrower_than_the_names(file):
    asked = (
        "line 2 has 3 cells, the header has 4. So have 39 more row(s), up to line 41. Put an empty cell where one is "
        "missing; which column that is, nothing tells"
    )
    assert question(file, ["date,station,high,low", *HEATS], target="high") == asked
    assert list(read(file, ["date,high,low,,", *HEATS], target="high")) == ["high", "low"]


def test_a_narrow_line_that_is_no_row_is_named_by_its_date(file):
    lines = ["date,high,low", *HEATS[:20], "Sum 01/2024,300", *HEATS[20:]]
    assert question(file, lines, target="high").startswith("line 22, column 'date': found 'Sum 01/2024', no year")


# --- several rows a day ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["Total", "gesamt", "Sum", "Summe", "Totale", "Totaal", "All", "All Users"])
def test_a_total_among_the_rows_of_a_day_is_not_added_to_them(file, word):
    counts = [(f"{day:%Y-%m-%d}", 3, 4 + day.day) for day in DAYS]
    lines = ["date,hour,count"]
    for day, morning, evening in counts:
        lines += [f"{day},08:00,{morning}", f"{day},16:00,{evening}", f"{day},{word},{morning + evening}"]
    for daily in (None, "sum", "mean", "last"):
        assert question(file, lines, target="count", daily=daily) == (
            f"line 4, column 'hour': found '{word}' (and 39 more such cells), among several rows a day. If it is the "
            f"total of the others, read it alone with keep={{'hour': '{word}'}}, or take these rows out"
        )
    totals = [morning + evening for _, morning, evening in counts]
    np.testing.assert_array_equal(read(file, lines, target="count", keep={"hour": word})["count"], totals)
    lines = [line for line in lines if word not in line]
    np.testing.assert_array_equal(read(file, lines, target="count", daily="sum")["count"], totals)


def test_a_total_here_and_there_is_no_total_of_the_day(file):
    lines = ["date,what,count", *(f"{day:%Y-%m-%d},{what},3" for day in DAYS for what in ("bread", "cake", "bread"))]
    lines[5] = lines[5].replace("cake", "total")
    assert "among several rows" not in question(file, lines)
    alone = ["date,what,count", *(f"{day:%Y-%m-%d},total,{day.day}" for day in DAYS for _ in range(2))]
    np.testing.assert_array_equal(read(file, alone, daily="sum")["count"], 2 * DAYS.day)


@pytest.mark.parametrize("step", [1, -1])
def test_where_a_second_series_begins_is_said(file, step):
    lines = ["date,high,low", *HEATS[::step], *COLDS[::step]]
    first, last = ("2024-01-01", "2024-02-09")[::step]
    sentence = f"From line 42 on, the days begin again ({first} after {last}). If another series"
    assert f"{sentence}, or another download, begins there, keep one row a day. If these are measurements" in question(
        file, lines, target="high"
    )
    mixed = read(file, lines, target="high", daily="mean")
    assert f"{sentence} begins there, the two were mixed: keep one of them." in told(mixed)
    blocks = thermometer("12", [])
    for other in (blocks, [*blocks[:61], *blocks[91:], *blocks[61:91]]):  # days out of order are not there again
        assert "begin again" not in told(read(file, other, daily="mean"))


ENDS = pd.date_range("2024-01-01 01:00", periods=24 * 40, freq="h")


def test_times_that_may_be_the_ends_of_their_hours_are_told(file):
    lines = ["time,power", *(f"{end:%Y-%m-%d %H:%M},{end.day + end.hour}" for end in ENDS)]
    sentence = "The times are from 01:00 on the first day to 00:00 on the last: if each is the end of what was measured"
    assert sentence in told(read(file, lines, daily="sum"))
    for other in (lines[:-1], [lines[0], *lines[2:]], [lines[0], "2024-01-01 00:00,9", *lines[1:]]):
        assert "is the end of what" not in told(read(file, other, daily="sum"))


@pytest.mark.parametrize("name", ["Hour Ending", "Datum bis", "interval_end", "END"])
def test_names_of_times_that_are_ends_are_told(file, name):
    lines = [f"{name},power", *(f"{end:%Y-%m-%d %H:%M},{end.day + end.hour}" for end in ENDS[5:-5])]
    assert "The times are from 06:00 on the first day to 19:00 on the last: if each is the end" in told(
        read(file, lines, daily="sum")
    )
    lines[0] = "attendance to weekend,power".replace(" to ", " in ")
    assert "is the end of what" not in told(read(file, lines, daily="sum"))


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Time", ["12:00 AM", "6:00 AM", "12:00 PM", "6:00 PM"]),
        ("Interval", ["00:00 - 06:00", "06:00 - 12:00", "12:00 - 18:00", "18:00 - 24:00"]),
        ("Hour (PST)", ["0600", "1200", "1800", "2400"]),
        ("HH", ["0", "6", "12", "18"]),
        ("Hora UTC", ["0000 UTC", "0600 UTC", "1200 UTC", "1800 UTC"]),
        ("Uhrzeit", ["0.30", "6.30", "12.30", "18.30"]),
        ("heure", ["0h00", "6h00", "12h00", "18h00"]),
        ("Zeit", ["0 Uhr", "6 Uhr", "12 Uhr", "18 Uhr"]),
    ],
)
def test_times_in_a_column_are_not_taken_for_series(file, name, cells):
    lines = [f"date;{name};heat"]
    for day in DAYS:
        lines += [f"{day:%Y-%m-%d};{cell};{day.day + i}" for i, cell in enumerate(cells)][::-1]
    assert "If these are measurements within a day" in question(file, lines, target="heat")
    frame = read(file, lines, target="heat", daily="last")
    np.testing.assert_array_equal(frame["heat"], DAYS.day + 3)
    assert f"The times are in column '{name}'." in told(frame)


@pytest.mark.parametrize(("name", "parts"), [("Hora", 24), ("SETTLEMENT_PERIOD", 48), ("interval", 96)])
def test_parts_of_the_day_that_are_counted(file, name, parts):
    lines = [f"date;{name};load"]
    for day in DAYS:
        last = parts + parts // 24 * ((day.day == 31) - (day.day == 30))  # the clocks are put back, or forward
        lines += [f"{day:%Y-%m-%d};{part};{day.day + part / 100:.2f}" for part in range(1, last + 1)]
    frame = read(file, lines, target="load", daily="mean")
    np.testing.assert_allclose(frame["load"], [line_mean(day, parts) for day in DAYS])
    assert "2 day(s) have fewer or more" in told(frame)
    shops = [line.replace(name, "shop") for line in lines]
    assert "told apart by column 'shop'" in question(file, shops, target="load", daily="mean")
    customers = [f"{line.rsplit(';', 1)[0]}00;{line.rsplit(';', 1)[1]}" for line in lines[1:]]
    assert "The times are in" not in told(read(file, [lines[0], *customers], target="load", daily="sum"))


def line_mean(day, parts):
    last = parts + parts // 24 * ((day.day == 31) - (day.day == 30))
    return day.day + (last + 1) / 200


def test_rows_of_several_kinds_are_told(file):
    lines = ["date,Debit or credit,amount"]
    for day in DAYS:
        lines += [f"{day:%Y-%m-%d},Debit,{day.day}.5"] * (1 + day.day % 2) + [f"{day:%Y-%m-%d},Credit,20"] * (
            day.day % 3
        )
    sentence = (
        "Rows with 'Debit', 'Credit' in column 'Debit or credit' were put together: if they are not of one kind, "
    )
    assert sentence + "choose one, as in keep={'Debit or credit': 'Debit'}." in told(read(file, lines, daily="sum"))
    assert "put together" not in told(read(file, lines, daily="sum", keep={"Debit or credit": "Debit"}))
    weekdays = [f"{day:%Y-%m-%d},{day:%A},{day.day}" for day in DAYS for _ in range(1 + day.day % 2)]
    assert "put together" not in told(read(file, ["date,weekday,sold", *weekdays], daily="sum"))


def test_prices_are_no_times(file):
    prices = [f"{day:%Y-%m-%d};{1 + i % 7}.{10 + i % 45};{i}" for i, day in enumerate(DAYS.repeat(3))]
    assert "The times are in" not in told(read(file, ["date;price;n", *prices], target="n", daily="sum"))


def test_rows_that_are_not_valid_are_told(file):
    lines = ["time;heat;Validity", *(f"{hour};{i % 17};{-1 if i % 20 == 3 else 1}" for i, hour in enumerate(HOURS))]
    frame = read(file, lines, target="heat", daily="mean")
    assert "Flags in 'Validity': '1' 114 times, '-1' 6 times." in told(frame)
    assert "keep={'Validity': '1'} keeps those with this flag." in told(frame)


def test_rows_that_are_there_twice_are_told(file):
    lines = thermometer("12", [])
    sales = ["date,sold", *(f"{day:%Y-%m-%d},{day.day + i}" for day in DAYS for i in range(3))]
    for other in (lines, sales):
        assert "as one before" not in told(read(file, other, daily="sum"))
    twice = [lines[0], *(line for line in lines[1:] for _ in range(2))]
    assert "120 row(s) are in all cells as one before; take them out if" in told(read(file, twice, daily="sum"))


def test_a_day_whose_later_hours_are_empty_is_no_whole_day(file):
    lines = ["time,kWh,heat", *(f"{hour},{1 + i % 7},20.{i % 9}" for i, hour in enumerate(HOURS))]
    for i in (1, 50, 119, 120):
        lines[i] = lines[i].replace(f",{1 + (i - 1) % 7},", ",,")
    frame = read(file, lines, target="kWh", daily="sum")
    assert (f"{frame.index[0]:%Y-%m-%d}", f"{frame.index[-1]:%Y-%m-%d}") == ("2024-01-02", "2024-02-08")
    for sentence in (
        "3 on most days; 3 day(s) have fewer or more, 1 at least, on 2024-02-09.",
        "Left out: 2024-01-01, incomplete with 2 value(s).",
        "Left out: 2024-02-09, incomplete with 1 value(s).",
    ):
        assert sentence in told(frame)
    assert len(read(file, lines, target="heat", daily="sum")) == 40


@pytest.mark.parametrize("step", [1, -1])
def test_the_last_balance_of_a_day_is_the_last_in_time(file, step):
    lines = [f"{day:%d.%m.%Y};{day.day * k}.5;{100 * day.day + k}" for day in DAYS for k in (3, 7)]
    frame = read(file, ["date;amount;balance", *lines[::step]], target="balance", daily="last", decimal=".")
    np.testing.assert_array_equal(frame["balance"], 100 * DAYS.day + 7)


def test_a_total_of_the_day_so_far(file):
    lines = ["time,yield,heat"]
    for day in DAYS:
        lines += [
            f"{day:%Y-%m-%d} {hour:02}:00,{hour * (5 + day.day % 3)},{hour % 7 + day.day % 2}"
            for hour in range(0, 24, 4)
        ]
    sentence = (
        "Column 'yield' rises within each day, and starts anew: if it is the total of the day so far, daily='max'"
    )
    for daily in ("sum", "mean"):
        frame = read(file, lines, target="yield", daily=daily)
        assert sentence in told(frame)
        assert "'heat' rises" not in told(frame)
    assert "starts anew" not in told(read(file, lines, target="yield", daily="max"))
    meter = [lines[0], *(f"{line.split(',')[0]},{i}.5,{i % 7}" for i, line in enumerate(lines[1:]))]
    assert "starts anew" not in told(read(file, meter, target="yield", daily="mean"))
    twice = [line for line in lines if " 04:" in line or " 20:" in line]
    assert "starts anew" not in told(read(file, [lines[0], *twice], target="yield", daily="sum"))


# --- dates and times ------------------------------------------------------------------------------------------------

YEAR = pd.date_range("2024-01-01", periods=366)


def turned(form, twist=lambda day: pd.Timestamp(day.year, day.day, day.month) if day.day <= 12 else day):
    """Return a record in which day and month of half the dates change places; the value is the day of the month."""
    return [f"{twist(day).strftime(form)};{day.day}" for day in YEAR]


@pytest.mark.parametrize(
    ("form", "day_first"),
    [("%d.%m.%Y", True), ("%m/%d/%Y", False), ("%Y-%m-%d", False), ("%Y%m%d", False), ("%d.%m.%Y 07:30", True)],
)
@pytest.mark.parametrize("step", [1, -1])
def test_dates_that_a_spreadsheet_turned_round_in_half_the_rows(file, form, day_first, step):
    lines = ["date;heat", *turned(form)[::step]]
    lines[80:82] = lines[81:79:-1]  # two rows out of order do not hide it
    line = 3 if step > 0 else 22
    cell = lines[line - 1].split(";")[0]
    asked = question(file, lines)
    assert asked.startswith(f"line {line}, column 'date': found {cell!r} (and 131 more such cells), which is 2024-")
    days = ("2024-02-01", "2024-01-02") if step > 0 else ("2024-12-12", "2024-12-12")
    if step > 0:
        assert "which is {} if it is written like dates after the 12th of a month; but".format(*days) in asked
        assert f"the rows are in order only if it is {days[1]}. A spreadsheet may have turned day and month" in asked
    assert asked.endswith(f"give day_first={day_first}")
    assert read(file, lines, day_first=day_first).loc["2024-02-01", "heat"] == 2


@pytest.mark.parametrize("form", ["%d.%m.%Y", "%Y-%m-%d"])
def test_dates_that_are_right_are_not_taken_for_turned_ones(file, form):
    good = turned(form, twist=lambda day: day)
    assert read(file, ["date;heat", *good[::-1]])["heat"].iloc[1] == 2
    for rows in (good[:5] + good[5:9][::-1] + good[9:], good[200:] + good[:200]):
        assert read(file, ["date;heat", *rows])["heat"].iloc[1] == 2
    for seed in range(4):
        order = np.random.RandomState(seed).permutation(366)
        assert read(file, ["date;heat", *(good[i] for i in order)])["heat"].iloc[1] == 2


def test_dates_in_two_ways_of_writing(file):
    lines = ["date;heat", *turned("%d.%m.%Y", twist=lambda day: day)]
    for i, day in enumerate(YEAR, 1):
        if day.day <= 12:
            lines[i] = f"{day.year}-{day.day:02}-{day.month:02};{day.day}"
    assert question(file, lines) == (
        "line 14, column 'date': found '13.01.2024' (and 221 more such cells), no year-month-day from 1700 to 2261; "
        "line 2 has '2024-01-01'. A spreadsheet may have turned day and month of some dates round: export the file "
        "again, and save it with no spreadsheet"
    )


def test_a_line_that_is_no_date_does_not_mix_day_and_month(file):
    lines = ["date;sold", *(f"{day:%d.%m.%Y};{day.day}" for day in DAYS)]
    lines.insert(32, "Summe 01/2024;496")
    assert question(file, lines) == (
        "line 33, column 'date': found 'Summe 01/2024', no day.month.year from 1700 to 2261; mend it, or remove the "
        "line if it does not belong to a day"
    )
    lines.insert(10, "Anfang;1")
    assert question(file, lines).startswith("line 11, column 'date': found 'Anfang' (and 1 more such cells), no day.mo")


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d.%m.%Y"])
def test_another_column_of_dates_is_told(file, form):
    lines = ["Date;Temp;Date 2;Rain"]
    lines += [
        f"{day.strftime(form)};{i % 9};{(day - YEAR.freq * 200).strftime(form)};{i % 5}.5" for i, day in enumerate(YEAR)
    ]
    assert "'Date', 'Date 2' look like dates; name the right one" in question(file, lines)
    frame = read(file, lines, date="Date", target="Temp")
    assert "Dates, too, are in 'Date 2': a row was taken for its day in 'Date'." in told(frame)
    assert "Dates, too" not in told(read(file, [line.rsplit(";", 2)[0] for line in lines], date="Date"))


def test_dates_that_are_empty_where_cells_were_merged(file):
    lines = ["date,shift,sold"]
    for day in DAYS:
        lines += [f"{day:%Y-%m-%d},early,{day.day}", f",late,{day.day}"]
    assert question(file, lines, daily="sum").endswith(
        "if cells were merged, write the date in each of its rows; or else mend it, or remove the line if it does not "
        "belong to a day"
    )


def test_days_beside_each_other(file):
    lines = ["sensor," + ",".join(f"{day:%Y-%m-%d}" for day in DAYS), "a," + ",".join("3" * 40)]
    assert question(file, lines).startswith("line 1 has days beside each other; a row a day is needed")


def test_years_of_another_calendar_are_no_dates(file):
    lines = ["date;heat", *(f"{day:%d/%m}/{day.year + 543};{day.day}" for day in DAYS)]
    for arguments in ({}, {"latest": "2600-01-01"}):
        assert "found '01/01/2567' (and 39 more such cells), no day/month/year from 1700 to 2261; mend" in question(
            file, lines, **arguments
        )


def test_a_last_day_that_is_not_over_is_told(file):
    last = (np.datetime64("now", "h") + 14).astype("datetime64[D]")  # where the date changes first
    lines = ["date;heat", *(f"{day:%Y-%m-%d};{day.day}" for day in pd.date_range(end=last, periods=40))]
    sentence = f"The last day, {last}, is not over yet: if its values are not complete, take it out."
    assert sentence in told(read(file, lines))
    assert "not over yet" not in told(read(file, lines, latest="2190-12-31"))
    assert "not over yet" not in told(read(file, ["date;heat", *rows([str(i) for i in range(9)])]))


@pytest.mark.parametrize("stations", [("433", "10384"), ("Berlin", "Potsdam")])
def test_another_station_further_down_is_told(file, stations):
    lines = ["date;station;heat", *rows(["station"], [str(i) for i in range(9)])]
    lines[1:] = [line.replace("station", stations[i >= 20]) for i, line in enumerate(lines[1:])]
    assert (
        f"Column 'station' changes from '{stations[0]}' to '{stations[1]}' in line 22: if another series begins there, "
        f"choose one, as in keep={{'station': '{stations[1]}'}}."
    ) in told(read(file, lines, target="heat"))
    years = ["date;year;heat", *(f"{day:%Y-%m-%d};{day.year};{day.day}" for day in DAYS.shift(-20))]
    assert "another series" not in told(read(file, years, target="heat"))
    dry = ["date;dry;heat", *rows(["1", "0", "0"], [str(i) for i in range(9)])]
    assert "another series" not in told(read(file, dry, target="heat"))


# --- what a record may be -------------------------------------------------------------------------------------------


def series(values):
    return ["date;n", *(f"{day:%Y-%m-%d};{value}" for day, value in zip(YEAR, values, strict=True))]


WALK = np.round(50 + 9 * np.sin(np.arange(366)) + np.random.RandomState(2).normal(0, 3, 366), 2)
WEEKS = np.repeat(WALK, 7)[:366]
USE = np.round(10 * np.cumsum(WALK)) / 10


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (WEEKS, "goes on by the same step on most days: is it a record of weeks or months, written down for each day?"),
        (np.interp(np.arange(366), np.arange(0, 366, 30), WALK[:13]), "goes on by the same step on most days"),
        (np.where(YEAR.day_of_week == 2, WALK, 0), "is 0 on all days but Wednesdays: is it a record of weeks?"),
        (np.where(np.arange(366) < 200, 1000 * WALK, WALK), "are there two units, or was a decimal sign lost?"),
        (np.where(np.arange(366) % 3, 1000 * WALK, WALK / 100), "are there two units, or was a decimal sign lost?"),
        (USE, "never falls: if it is a meter or a total, forecast by how much it grows a day."),
        (USE % 5000, "falls on 3 day(s) only: if it is a meter or a total, forecast by how much it grows a day."),
        (np.where(np.arange(366) < 350, WALK, 0), "is 0 on the last 16 days, and on no other: were they measured?"),
        (pd.Series(WALK, YEAR).groupby(YEAR.month).cumsum().to_numpy(), "falls on 11 day(s) only: if it is a meter"),
    ],
)
def test_what_a_column_may_be_is_asked(file, values, sentence):
    assert sentence in told(read(file, series(values)))


@pytest.mark.parametrize(
    "values",
    [
        WALK,
        np.where(YEAR.day_of_week < 5, WALK, 0),
        np.where(np.random.RandomState(3).rand(366) < 0.1, WALK, 0),
        np.maximum(0, WALK - 55),
        np.exp(WALK / 10),
        np.cumsum(WALK - 50),
        np.where(np.arange(366) < 2, 0.01, WALK),
    ],
)
def test_what_a_column_is_not_is_not_asked(file, values):
    said = told(read(file, series(np.round(values, 2))))
    for words in ("same step", "record of weeks", "two units", "if it is a meter", "on no other"):
        assert words not in said


def test_a_rate_that_is_seldom_raised_is_no_meter(file):
    assert "if it is a meter" not in told(read(file, series(2 + np.arange(366) // 20 / 4)))


def test_numbers_that_may_be_cut_at_the_decimal_comma_are_told(file):
    lines = ["Datum,Temp,Bemerkung", *(f"{day:%d.%m.%Y},{day.day - 9},{day.day % 10}" for day in DAYS)]
    sentence = "If 'Temp' and 'Bemerkung' are one number with a decimal comma, it was cut: such numbers need quotes, or"
    assert sentence in told(read(file, lines, target="Temp"))
    for other in (
        [line.replace(",", ";") for line in lines],
        [lines[0], *(f"{day:%Y-%m-%d},{day.day - 9},{day.day % 10}" for day in DAYS)],
        [f"{line}0" if i % 2 else line for i, line in enumerate(lines)],
        [lines[0], *(f"{day:%d.%m.%Y},{day.day - 9}.5,{day.day % 10}" for day in DAYS)],
        [lines[0], *(f"{day:%d.%m.%Y},{day.day - 9},-{day.day % 10}" for day in DAYS)],
    ):
        assert "decimal comma, it was cut" not in told(read(file, other, target="Temp"))


# --- what twenty more exports did -----------------------------------------------------------------------------------


def by_the_hour(values):
    """Return lines with four values a day."""
    times = pd.date_range("2024-01-01", periods=len(values), freq="6h")
    return ["time,x", *(f"{time:%Y-%m-%d %H:%M},{value:.2f}" for time, value in zip(times, values, strict=True))]


def test_readings_of_a_meter_that_were_added_up_are_told(file):
    use = np.random.RandomState(4).gamma(2, 1, 160)
    sentence = (
        "Column 'x' hardly ever falls from row to row: if it is a meter or a total, its sums mean nothing; read it "
        "with daily='last', and forecast by how much it grows a day."
    )
    for meter in (1043 + np.cumsum(use), np.cumsum(use) % 100):
        assert sentence in told(read(file, by_the_hour(meter), daily="sum"))
        assert sentence not in told(read(file, by_the_hour(meter), daily="last"))
    assert sentence not in told(read(file, by_the_hour(use), daily="sum"))


def test_a_word_that_stands_for_a_number_is_not_called_missing_first(file):
    asked = question(file, ["date;snow", *rows(["1.5", "2", "T", "3"])])
    assert asked.index("write the number that it stands for (0 for a closed shop or a trace") < asked.index("missing=")
    assert asked.endswith("only if nothing was measured, empty the cell, or give missing=['T']")


def test_a_code_may_stand_for_a_number(file):
    asked = question(file, ["date;snow", *rows(["-999", "-999", "12", "-999", "30", "44"])])
    assert asked.endswith("If it stands for another number, as -1 may for no snow, write that one")


def test_bookings_of_days_to_come_are_no_record(file):
    to_come = pd.date_range(pd.Timestamp.now().normalize() - pd.Timedelta(days=39), periods=60)
    asked = question(file, ["date;rooms", *rows(["90", "80", "75"], days=to_come)])
    assert "if its values are a plan, a forecast or bookings so far, remove the rows of days to come" in asked


@pytest.mark.parametrize("cell", ["<5", "< 0.5", "≤5", ">400"])
def test_a_limit_does_not_become_a_number_by_losing_its_sign(file, cell):
    asked = question(file, ["date;cases", *rows(["12", "9", cell, "17"])])
    assert asked.endswith(
        f"{cell!r} is a limit: write one number for it in all such cells, such as half of 'less than'"
    )


# --- a sign in a column of its own, a total by another name, decimal commas without quotes ---------------------------


def test_a_sign_in_a_column_of_its_own_is_told(file):
    said = "Column 'side' says {}: if that is the sign of the values, as with debit and credit, write a minus before"
    for side in (["+", "-", "-"], ["D", "C"], ["above", "below", ""]):
        lines = ["date;side;height", *rows(side, ["0.17", "0.18", "0.4"])]
        texts = " or ".join(map(repr, side[:2]))
        assert said.format(texts) in told(read(file, lines, target="height"))
    for side, height in ((["a", "b", "c"], "0.17"), (["+", "-"], "-0.17")):
        lines = ["date;side;height", *rows(side, [height, "0.18"])]
        assert "the sign of the values" not in told(read(file, lines, target="height"))


def shifts(total):
    sheets = [{"early": 10 + i % 4, "late": 20, total: 30 + i % 4} for i in range(len(DAYS))]
    days = [f"{day:%Y-%m-%d};{name};{n}" for day, of in zip(DAYS, sheets, strict=True) for name, n in of.items()]
    return ["date;shift;sheets", *days]


def test_a_total_by_a_name_that_is_not_known_is_told_when_rows_are_added_up(file):
    frame = read(file, shifts("T"), target="sheets", daily="sum")
    np.testing.assert_array_equal(frame["sheets"].iloc[:4], [60, 62, 64, 66])
    assert (
        "Rows that differ in 'shift' were added up ('early', 'late', 'T'): if one of them is the total of the others, "
        "read it alone, as in keep={'shift': 'T'}."
    ) in told(frame)


def test_a_sum_of_a_day_in_german(file):
    assert "If it is the total of the others" in question(file, shifts("Tagessumme"), target="sheets", daily="sum")


def test_decimal_commas_without_quotes_below_names(file):
    lines = ["date,level,heat", *(f"{day:%Y-%m-%d},28,{i % 7},5,{i % 3}" for i, day in enumerate(DAYS))]
    assert question(file, lines, target="level").startswith("line 2 has 5 cells, the header has 3. A cell that holds")
    assert "put a line such as date,temperature above it" in question(file, lines[1:], target="level")
