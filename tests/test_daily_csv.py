"""`helpers.data.read_daily_csv`: what it reads, what it refuses, and in which words."""

import gzip
import io
import os
import subprocess
import sys
import tracemalloc
import warnings
import zipfile

import numpy as np
import pandas as pd
import pytest

from helpers import data
from helpers.data import DataError, read_daily_csv

DAYS = pd.date_range("2019-12-25", periods=40)
VALUES = np.round(10 + 5 * np.sin(np.arange(40)), 1)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "mine.csv"


def lines(form="%Y-%m-%d", separator=",", comma=False, header="Day,T"):
    """Return the lines of a good file; line 1 of the file is the first of the list."""
    numbers = [str(value).replace(".", ",") if comma else str(value) for value in VALUES]
    rows = [f"{day.strftime(form)}{separator}{number}" for day, number in zip(DAYS, numbers, strict=True)]
    return [header.replace(",", separator), *rows]


def write(file, content):
    text = "\n".join(content) + "\n" if isinstance(content, list) else content
    file.write_bytes(text if isinstance(text, bytes) else text.encode())


def read(file, content, **arguments):
    """Return the frame; a warning counts as a failure."""
    write(file, content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return read_daily_csv(file, **{"minimum_days": 9} | arguments)


def with_line(number, text):
    """Return the good file with another line in the place of one."""
    changed = lines()
    changed[number - 1] = text
    return changed


def message(file, content, **arguments):
    """Return what a DataError says after the file's name."""
    with pytest.raises(DataError) as raised:
        read(file, content, **arguments)
    name, found = str(raised.value).split(": ", 1)
    assert name == "mine.csv"
    return found


def assert_good(frame, values=VALUES):
    assert frame.index.equals(DAYS[: len(values)])
    assert (frame.index.name, frame.index.freqstr, str(frame.index.dtype)) == ("Date", "D", "datetime64[ns]")
    np.testing.assert_array_equal(frame.to_numpy()[:, 0], values)
    assert set(frame.dtypes) == {np.dtype("float64")}


# --- what it reads --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", data.NAMES)
def test_the_records_of_the_lessons_are_read_as_load_reads_them(name):
    expected = data.load(name)
    target = "Temperature" if name == "simulated" else "tmax"
    frame = read_daily_csv(data.path(name), target=target, latest="2031-12-31")
    assert frame.columns[0] == target
    renamed = frame.rename(columns={"Temperature": "temperature"})
    pd.testing.assert_frame_equal(renamed, expected[renamed.columns])
    assert set(expected.columns) - {"temperature"} <= set(renamed.columns)


def test_a_plain_file_has_a_plain_report(file):
    frame = read(file, lines())
    assert_good(frame)
    assert list(frame.columns) == ["T"]
    assert frame.attrs["report"] == [
        "Dates are in column 'Day'. The separator is a comma, the decimal sign a point.",
        "The target is column 'T'.",
        "Column 'T', the target: lowest 5, middle 10.7, highest 15; 0 day(s) without a value, filled; longest run of "
        "equal values 1 day(s), from 2019-12-25.",
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "form", ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m/%d/%Y"]
)
def test_separators_and_dates(file, separator, form):
    assert_good(read(file, lines(form, separator)))


@pytest.mark.parametrize("separator", [";", "\t"])
def test_decimal_comma(file, separator):
    frame = read(file, lines(separator=separator, comma=True))
    assert_good(frame)
    assert "the decimal sign a comma." in frame.attrs["report"][0]


def test_decimal_comma_in_quotes_between_commas(file):
    quoted = [f'{day:%Y-%m-%d},"{str(value).replace(".", ",")}"' for day, value in zip(DAYS, VALUES, strict=True)]
    assert_good(read(file, ["Day,T", *quoted]))


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: b"\xef\xbb\xbf" + raw,
        lambda raw: raw.replace(b"\n", b"\r\n"),
        lambda raw: raw.replace(b"\n", b"\r"),
        lambda raw: raw.replace(b"Day,T", b'\xef\xbb\xbf"Day" , "T"'),
        lambda raw: b"\n\n" + raw.replace(b"\n", b"\n\n,\n") + b"\n\n",
        lambda raw: raw.rstrip(),
        gzip.compress,
        lambda raw: gzip.compress(b"\xef\xbb\xbf" + raw.replace(b"\n", b"\r\n")),
        lambda raw: raw.replace(b",", b" , "),
        lambda raw: raw.decode().encode("utf-16"),
    ],
    ids=[
        "BOM",
        "CRLF",
        "CR",
        "quoted header",
        "empty lines",
        "no last line end",
        "gz",
        "gz BOM CRLF",
        "spaces",
        "UTF-16",
    ],
)
def test_the_same_record_in_other_bytes(file, change):
    frame = read(file, change(("\n".join(lines()) + "\n").encode()))
    assert_good(frame)
    assert list(frame.columns) == ["T"]


def test_a_space_before_quotes(file):
    rows = [f'{day:%Y-%m-%d}, "{str(value).replace(".", ",")}"' for day, value in zip(DAYS, VALUES, strict=True)]
    assert_good(read(file, ['"Day", "T"', *rows], decimal=","))


@pytest.mark.parametrize(("name", "encoding"), [("T in °C", "latin-1"), ("sales in €", "cp1252")])
def test_names_in_utf8_and_in_the_encodings_of_western_europe(file, name, encoding):
    text = "\n".join(lines(header=f"Day,{name}"))
    assert list(read(file, text.encode()).columns) == [name]
    frame = read(file, text.encode(encoding))
    assert list(frame.columns) == [name]
    assert frame.attrs["report"][0].startswith("The text is not UTF-8 (line 1); it was read as Windows-1252, of which")


def test_several_columns_need_the_target_and_bring_the_others(file):
    rows = ["Day,station,a,b,word", *(f"{day:%Y-%m-%d},7,{i % 5},{i * i},calm" for i, day in enumerate(DAYS))]
    assert message(file, rows) == "'a', 'b' hold numbers; name the one to forecast, as in target='b'"
    frame = read(file, rows, target="b")
    assert list(frame.columns) == ["b", "a"]
    assert_good(frame, np.arange(40) ** 2)
    assert frame.attrs["report"][2:4] == ["Left out, equal on all days: 'station'.", "Left out, words: 'word'."]
    rows[9] = rows[9].replace(",7,", ",7 kg,")
    assert read(file, rows, target="b").attrs["report"][2] == (
        "Left out: line 10, column 'station': found '7 kg', which is more than a number; take units, currency signs "
        "and words out of the column."
    )


def test_the_only_column_of_numbers_that_change_is_the_target(file):
    rows = ["Day,station,word,T", *(f"{day:%Y-%m-%d},7,calm,{i}" for i, day in enumerate(DAYS))]
    assert_good(read(file, rows), np.arange(40))


def test_a_name_is_found_for_a_column_without_one(file):
    frame = read(file, lines(header=","))
    assert "The target is column 'column 2'." in frame.attrs["report"]


def test_the_file_is_left_as_it_was(file):
    content = "\n".join([lines()[0], *reversed(lines()[1:])]).encode()
    file.write_bytes(content)
    os.chmod(file, 0o444)
    read_daily_csv(file, minimum_days=9)
    assert file.read_bytes() == content
    assert list(file.parent.iterdir()) == [file]


# --- dates ----------------------------------------------------------------------------------------------------------


def test_the_line_that_tells_day_from_month_is_reported(file):
    assert (
        "Dates are read as day/month/year, because of line 2: '25/12/2019'."
        in read(file, lines("%d/%m/%Y")).attrs["report"]
    )
    assert (
        "Dates are read as month-day-year, because of line 2: '12-25-2019'."
        in read(file, lines("%m-%d-%Y")).attrs["report"]
    )


def test_an_ambiguous_file_is_asked_about(file):
    rows = ["Day,T", *(f"0{i}/01/2020,{i}" for i in range(1, 10))]
    assert message(file, rows) == (
        "line 3, column 'Day': the date is 2020-01-02 or 2020-02-01, and no line of the file tells which; "
        "give day_first=True for the first, day_first=False for the second"
    )
    frame = read(file, rows, day_first=True)
    np.testing.assert_array_equal(frame["T"], range(1, 10))
    assert (frame.index[0], frame.index[-1]) == (pd.Timestamp("2020-01-01"), pd.Timestamp("2020-01-09"))
    assert "31 days apart" in message(file, rows, day_first=False)


def test_day_first_has_to_agree_with_the_file(file):
    assert message(file, lines("%d/%m/%Y"), day_first=False).startswith(
        "line 2, column 'Day': found '25/12/2019' (and 25 more such cells), no month/day/year from 1700 to 2261; mend"
    )


def test_mixed_orders_of_day_and_month(file):
    changed = lines("%d/%m/%Y")
    changed[9] = "1/31/2020,3"
    assert message(file, changed) == (
        "column 'Day' mixes the order of day and month: line 10 has '1/31/2020', which is not day/month/year, "
        "line 2 has '25/12/2019', which is not month/day/year; write all alike"
    )


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2020-02-30",
        "0000-00-00",
        "0000-01-01",
        "1066-10-14",
        "25.12.2019",
        "now",
        "2019-12-25 25:00",
        "NaT",
    ],
)
def test_what_is_no_date_like_the_others(file, text):
    assert message(file, with_line(7, f"{text},3.5")) == (
        f"line 7, column 'Day': found '{text}', no year-month-day from 1700 to 2261; mend it, or remove the "
        "line if it does not belong to a day"
    )


def test_a_row_without_date(file):
    assert message(file, with_line(7, ",3.5")).startswith(
        "line 7, column 'Day': found an empty cell, no year-month-day"
    )


def test_no_column_of_dates(file):
    rows = ["year,week,day,T", "2019,52,2,3.5", "2019,52,3,4.5"]
    assert message(file, rows).startswith(
        "no column of dates: line 2 holds '2019', '52', '2', '3.5'. Dates are written as 2020-"
    )
    assert message(file, rows, date="year").startswith(
        "line 2, column 'year': found '2019' (and 1 more such cells), no date. Dates are written"
    )
    assert message(file, ["a,b", ",1", ",2"], date="a").startswith("column 'a' is empty, no date.")
    assert "four of them for the year" in message(file, ["day,T", "25/12/19,3.5"])


def test_two_columns_of_dates(file):
    rows = ["Day,seen,T", *(f"{day:%Y-%m-%d},2020-03-01,{i}" for i, day in enumerate(DAYS))]
    assert message(file, rows) == "'Day', 'seen' look like dates; name the right one, as in date='Day'"
    assert_good(read(file, rows, date="Day", target="T"), np.arange(40))


def test_a_date_here_and_there_makes_no_column_of_dates(file):
    rows = ["Day,note,T", *(f"{day:%Y-%m-%d},{'2020-01-01' if i == 3 else 'calm'},{i}" for i, day in enumerate(DAYS))]
    assert_good(read(file, rows), np.arange(40))


@pytest.mark.parametrize(("argument", "name"), [("date", "day"), ("target", "Day"), ("target", "t")])
def test_a_name_that_is_not_there(file, argument, name):
    columns = "'Day', 'T'" if argument == "date" else "'T'"
    assert message(file, lines(), **{argument: name}) == (
        f"there is no column for {argument}={name!r}; the columns are {columns}"
    )


def test_future_days(file):
    assert message(file, with_line(7, "2219-12-30,3.5")).startswith(
        "line 7, column 'Day': found 2219-12-30, which is after 20"
    )
    assert message(file, lines(), latest="2020-01-31") == (
        "line 40, column 'Day': found 2020-02-01, which is after 2020-01-31; mend the date; if its values are a plan, "
        "a forecast or bookings so far, remove the rows of days to come; if the series is meant to reach so far, as a "
        "simulated one, give latest='2020-02-02'"
    )
    assert_good(read(file, lines(), latest="2020-02-02"))
    assert (
        message(file, lines(), latest="tomorrow") == "latest='tomorrow' is no day; write it as in latest='2031-12-31'"
    )


def test_duplicate_days(file):
    assert message(file, [*lines(), "2019-12-27,1"]) == (
        "1 day(s) are there more than once: 2019-12-27 has 2 rows, the first in lines 4 and 42. If these are "
        "measurements within a day, daily='mean' takes their mean, 'max', 'min' and 'last' one of them; if they are "
        "amounts, such as single sales, daily='sum' adds them up (and closed=0 sets days without any to 0); if a row "
        "is there twice by mistake, remove one"
    )


def test_unsorted_days_are_sorted_and_reported(file):
    header, *rows = lines()
    frame = read(file, [header, *reversed(rows)])
    assert_good(frame)
    assert frame.attrs["report"][1] == (
        "The rows are not in order (line 3, 2020-02-01, comes after 2020-02-02); they were sorted."
    )


@pytest.mark.parametrize(
    "form", ["%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%dT%H:%MZ", "%Y%m%d %H:%M+01:00"]
)
def test_hourly_data_are_offered_ways_to_one_value_a_day(file, form):
    hours = pd.date_range("2019-12-25", periods=24 * 40, freq="h")
    rows = ["Time,T", *(f"{hour.strftime(form)},{hour.day_of_year + hour.hour / 4}" for hour in hours)]
    assert message(file, rows).startswith(
        "40 day(s) are there more than once: 2019-12-25 has 24 rows, the first in lines 2 and 3. If these are "
        "measurements within a day, daily='mean'"
    )
    del rows[30]
    frame = read(file, rows, daily="mean")
    expected = DAYS.day_of_year + 11.5 / 4
    np.testing.assert_allclose(frame["T"].drop(pd.Timestamp("2019-12-26")), expected.delete(1))
    assert frame["T"].iloc[1] == pytest.approx(360 + (24 * 11.5 - 5) / 4 / 23)
    assert (
        "Each day is the mean of its values, 24 on most days; 1 day(s) have fewer or more, 23 at least, on 2019-12-26."
        in frame.attrs["report"]
    )


def test_times_of_day_that_say_nothing(file):
    frame = read(file, lines("%Y-%m-%d 12:00"))
    assert_good(frame)
    assert "The times of day were used for nothing but the day." in frame.attrs["report"]
    assert len(read(file, lines("%Y-%m-%d 00:00")).attrs["report"]) == 3


def test_monthly_data_are_refused_with_a_reason(file):
    months = pd.date_range("1990-01-01", periods=300, freq="MS")
    reason = "A forecast for tomorrow needs a value for nearly every day"
    full = ["Month,T", *(f"{month:%Y-%m-%d},{month.month}" for month in months)]
    assert message(file, full).startswith(f"the values are 31 days apart (median). {reason}")
    short = ["Month,T", *(f"{month:%Y-%m},{month.month}" for month in months)]
    assert message(file, short).startswith(f"line 2, column 'Month': found '1990-01', a whole month. {reason}")


# --- gaps and length ------------------------------------------------------------------------------------------------


def test_short_gaps_are_filled_with_the_value_before_them_and_named(file):
    rows = ["Day,T", *(f"{day:%Y-%m-%d},{i**2}" for i, day in enumerate(DAYS))]
    rows[5], rows[6], rows[7] = "2019-12-29,", "2019-12-30,NA", None  # the third day has no line at all
    rows[20] = "2020-01-13,"
    frame = read(file, [row for row in rows if row])
    expected = np.arange(40.0) ** 2
    expected[4:7] = 3**2
    expected[19] = 18**2
    assert_good(frame, expected)
    assert frame.attrs["report"][2] == (
        "Column 'T' had no value on 4 day(s), in 2 gap(s), the longest 3 day(s) from 2019-12-29; "
        "they were filled with the last value before them."
    )
    assert frame.attrs["filled"] == ["2019-12-29", "2019-12-30", "2019-12-31", "2020-01-13"]
    assert read(file, lines()).attrs["filled"] == []


def test_at_a_long_gap_the_record_is_cut(file):
    rows = lines()
    del rows[11:15]  # 2020-01-04 to 2020-01-07
    frame = read(file, rows)
    assert (str(frame.index[0].date()), len(frame)) == ("2020-01-08", 26)
    np.testing.assert_array_equal(frame["T"], VALUES[14:])
    assert frame.attrs["report"][2:4] == [
        "1 gap(s) are longer than 3 days, the longest 4 days after 2020-01-03. They were not filled: "
        "the record was cut there.",
        "Kept: 2020-01-08 to 2020-02-02. Left out: 10 row(s) before and 0 after.",
    ]


def test_the_last_piece_that_is_long_enough_is_kept(file):
    rows = lines()
    del rows[31:35]
    frame = read(file, rows)
    assert_good(frame, VALUES[:30])
    assert frame.attrs["report"][3] == "Kept: 2019-12-25 to 2020-01-23. Left out: 0 row(s) before and 6 after."


def test_too_few_days_says_how_many_it_needs(file):
    assert message(file, lines(), minimum_days=41) == (
        "40 days on end are too few, 41 are needed. The longest piece is 2019-12-25 to 2020-02-02; get a longer record"
    )
    assert_good(read(file, lines(), minimum_days=40))
    assert "40 days on end are too few, 1,095 are needed" in message(file, lines(), minimum_days=3 * 365)
    with pytest.raises(DataError, match="1,095 are needed"):
        read_daily_csv(file)


def test_too_few_days_because_of_gaps(file):
    rows = lines()
    del rows[11:15]
    assert message(file, rows, minimum_days=27).startswith(
        "26 days on end are too few, 27 are needed. 1 gap(s) are longer than 3 days, the longest 4 days after "
        "2020-01-03. The longest piece is 2020-01-08 to 2020-02-02; if nothing took place in the gaps, give "
        "closed=0 for counts, or closed='carry' for rates and prices, which hold on a closed day; or else get a longer "
        "record"
    )


def test_empty_cells_at_the_ends_are_left_out(file):
    rows = lines()
    rows[1], rows[40] = "2019-12-25,", "2020-02-02,"
    frame = read(file, rows)
    np.testing.assert_array_equal(frame["T"], VALUES[1:-1])
    assert "Kept: 2019-12-26 to 2020-02-01. Left out: 1 row(s) before and 1 after." in frame.attrs["report"]


def test_another_column_without_a_first_value_is_left_out(file):
    rows = ["Day,T,b", *(f"{day:%Y-%m-%d},{i},{'' if i < 2 else i % 3}" for i, day in enumerate(DAYS))]
    frame = read(file, rows, target="T")
    assert list(frame.columns) == ["T"]
    assert "column 'b' has no value on the first 2 day(s) of the record; fill them in" in frame.attrs["report"][2]


def test_the_last_days_of_another_column_may_not_be_known_yet(file):
    rows = ["Day,T,b", *(f"{day:%Y-%m-%d},{i},{'' if i > 36 else i}" for i, day in enumerate(DAYS))]
    frame = read(file, rows, target="T")
    assert frame["b"].iloc[-4:].tolist() == [36] * 4
    assert frame.attrs["filled"] == []  # of the target, nothing was


def test_another_column_that_is_empty_where_the_target_is_not_is_left_out(file):
    rows = ["Day,T,b", *(f"{day:%Y-%m-%d},{i if i > 20 else ''},{i if i < 20 else ''}" for i, day in enumerate(DAYS))]
    frame = read(file, rows, target="T")
    assert list(frame.columns) == ["T"]
    assert "column 'b' is empty from 2020-01-15 to 2020-02-02" in frame.attrs["report"][3]


def test_another_column_with_a_long_gap_is_left_out(file):
    rows = ["Day,T,b", *(f"{day:%Y-%m-%d},{i},{'' if 5 <= i < 9 else i % 3}" for i, day in enumerate(DAYS))]
    frame = read(file, rows, target="T")
    assert list(frame.columns) == ["T"]
    assert frame.attrs["report"][2] == (
        "Left out: column 'b' has no value for 4 days on end; only up to 3 days are filled."
    )


# --- values ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        (
            "calm",
            "which is no number; write the number that it stands for (0 for a closed shop or a trace",
        ),
        ("3.5 C", "which is more than a number; take units, currency signs and words out of the column"),
        ("$1,141.50", "which is more than a number"),
        ("True", "which is no number"),
        ("1.234.567", "which has a separator between thousands that is the decimal sign of other numbers"),
        ("-", "which may be 0 or 'not measured'; write 0, or give missing=['-']"),
    ],
)
def test_text_in_numbers(file, cell, what):
    assert message(file, with_line(9, f'2020-01-01,"{cell}"')).startswith(f"line 9, column 'T': found {cell!r}, {what}")


def test_the_other_decimal_sign(file):
    rows = lines(separator=";", comma=True)
    rows[8] = "2020-01-01;3.5"
    assert message(file, rows) == (
        "line 9, column 'T': found '3.5', which has another decimal sign than other numbers; "
        "write all alike, or give decimal='.' or decimal=','"
    )
    assert message(file, rows, decimal=".").startswith(
        "line 2, column 'T': found '10,0' (and 38 more such cells), which has"
    )
    assert message(file, lines(), decimal=";") == "decimal=';' is no decimal sign; give '.' or ','"


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_point_before_three_digits_is_not_guessed(file, separator, line_end):
    numbers = [*(f"1.{100 + i}" for i in range(30)), *range(900, 910)]
    rows = [f"{day:%d.%m.%Y}{separator}{number}" for day, number in zip(DAYS, numbers, strict=True)]
    content = line_end.join([f"Day{separator}T", *rows, ""])
    assert message(file, content) == (
        "line 2, column 'T': found '1.100' (and 29 more such cells), which may be a number with three decimals (give "
        "decimal='.') or with a separator between thousands (give thousands='.')"
    )
    assert_good(read(file, content, decimal="."), [float(number) for number in numbers])
    assert_good(read(file, content, thousands="."), [*range(1100, 1130), *range(900, 910)])
    assert_good(
        read(file, content.replace("1.129", "1.13")), [*(float(number) for number in numbers[:29]), 1.13, *numbers[30:]]
    )


def test_a_decimal_comma_in_the_last_column_of_a_windows_file(file):
    assert_good(read(file, "\r\n".join(lines(separator=";", comma=True))))


def test_a_comma_before_three_digits_is_not_guessed(file):
    rows = ["Day;T", *(f"{day:%Y-%m-%d};1,{100 + i}" for i, day in enumerate(DAYS))]
    assert message(file, rows).startswith("line 2, column 'T': found '1,100' (and 39 more such cells), which may be a")
    assert_good(read(file, rows, thousands=","), 1100 + np.arange(40))
    assert_good(read(file, rows, decimal=","), (1100 + np.arange(40)) / 1000)
    rows[3] = "2019-12-27;0,102"  # nothing but a decimal comma
    assert read(file, rows)["T"].iloc[2] == 0.102


@pytest.mark.parametrize("cell", ["inf", "-Infinity", "-1e101"])
def test_infinite_values(file, cell):
    assert message(file, with_line(9, f"2020-01-01,{cell}")) == (
        f"line 9, column 'T': found {cell!r}, infinite or too large to compute with; empty the cell if "
        "nothing was measured"
    )


def test_a_constant_series(file):
    rows = ["Day,T", *(f"{day:%Y-%m-%d},5" for day in DAYS)]
    assert message(file, rows) == "column 'T' is 5 on every day; there is nothing to learn from it"


def test_a_target_without_any_value(file):
    rows = ["Day,T", *(f"{day:%Y-%m-%d}," for day in DAYS)]
    assert message(file, rows) == "column 'T' is empty; choose another one"
    assert message(file, ["Day,a,b", "2020-01-01,x,", "2020-01-02,y,"]) == (
        "no column of numbers beside 'Day': 'a', 'b' hold text or nothing"
    )


@pytest.mark.parametrize("places", [[8], [8, 9, 20, 21, 22, 23, 24, 30]])
def test_absurd_values_are_shown_and_kept(file, places):
    rows = lines()
    for place in places:
        rows[place] = rows[place].split(",")[0] + ",-500"
    frame = read(file, rows)
    assert (frame["T"] == -500).sum() == len(places)
    assert (
        f"Column 'T' has {len(places)} value(s) far from most others, -500 to -500, the first on 2020-01-01; "
        "they were kept. If they mean 'not measured', name them, as in missing=[-500]."
    ) in frame.attrs["report"]


# --- files that are no table ----------------------------------------------------------------------------------------


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(
        DataError, match=r"^nowhere\.csv: there is no such file in .*; check the spelling and the folder$"
    ):
        read_daily_csv(tmp_path / "nowhere.csv")
    with pytest.raises(DataError, match=r"this is a folder; give the path of the CSV file in it$"):
        read_daily_csv(str(tmp_path))


def excel():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return stream.getvalue()


TABLE = "Day,T\n2020-01-01,1\n2020-01-02,2\n"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b" \r\n\t\n", "the file is empty"),
        (gzip.compress(b""), "the file is empty"),
        ("Day,T\n", "there is a header in line 1 but no data below it"),
        ("\nDay,T\n,\n\n", "there is a header in line 2 but no data below it"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "this is a binary file, no text"),
        (excel(), "this is an Excel workbook (or another ZIP archive); open it and save it as 'CSV UTF-8'"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "this is an old Excel workbook"),
        (gzip.compress(TABLE.encode())[:-12], "the file cannot be read ("),
        ("Day T\n2020-01-01 1\n", "line 1 has one column, 'Day T'; the names and values of a row have to be"),
        ("2020-01-01,1\n2020-01-02,2\n", "line 1 holds data, not names; put a line such as date,temperature above it"),
        ("Day,T,T\n2020-01-01,1,2\n", "line 1 names two columns 'T'; give one of them another name"),
        (TABLE + "2020-01-03,3,5\n", "line 4 has 3 cells, the header has 2. A cell that holds the separator"),
        (TABLE + '2020-01-03,"3\n2020-01-04,4\n', "a cell in quotes goes on in the next line; look at line 4"),
        (TABLE + '2020-01-03,"3\n"\n2020-01-04,4\n', "a cell in quotes goes on in the next line; look at line 4"),
        ("Day," + ",".join(map(str, range(100))) + "\n", "line 1 has 101 columns; keep the date, the target and what"),
        ("x" * 70_000, "the first 65,536 bytes hold no whole line of text"),
    ],
)  # fmt: skip
def test_what_is_no_table(file, content, what):
    assert message(file, content).startswith(what)


@pytest.mark.parametrize("row", [0, 250, 4_999, 5_000, 11_000])
def test_a_long_row_is_named_by_its_line(file, row):
    many = [f"{day:%Y-%m-%d},{i}" for i, day in enumerate(pd.date_range("1990-01-01", periods=12_000))]
    many[row] += ",5"
    assert message(file, ["Day,T", "", *many]).startswith(f"line {row + 3} has 3 cells, the header has 2.")


def test_a_bad_cell_far_down_is_named_by_its_line(file):
    many = [f"{day:%Y-%m-%d},{i}" for i, day in enumerate(pd.date_range("1990-01-01", periods=12_000))]
    many[11_000] += "?"
    expected = "line 11003, column 'T': found '11000?', which is more than a number"
    assert message(file, ["Day,T", "", *many]).startswith(expected)
    many[2_000] += "?"
    expected = "line 2003, column 'T': found '2000?' (and 1 more such cells), which is more than a number"
    assert message(file, ["Day,T", "", *many]).startswith(expected)


def test_a_packed_file_that_unpacks_to_too_much(file, monkeypatch):
    monkeypatch.setattr("helpers.daily_csv.text.LARGEST_FILE", 100_000)
    assert message(file, gzip.compress(b"x" * 100_001)).startswith("more than 100,000 bytes are no daily record")


def test_an_unreadable_file(file, monkeypatch):
    def refuse(*_):
        raise PermissionError("not yours")

    write(file, lines())
    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(DataError, match=r"the file cannot be read \(not yours\); get a new copy of it"):
        read_daily_csv(file)


# --- size -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "columns"), [("%Y-%m-%d", 1), ("%Y%m%d", 1), ("%d/%m/%Y", 1), ("%Y-%m-%d", 40)])
def test_memory_stays_within_ten_times_the_file(file, form, columns):
    rows = 40_000 if columns == 1 else 8_000
    days = pd.date_range("1900-01-01", periods=rows).strftime(form)
    numbers = np.random.default_rng(0).integers(100, 1000, (rows, columns)).astype(str)  # short cells: a small file
    names = ",".join(f"c{i}" for i in range(columns))
    write(file, [f"Day,{names}", *(",".join([day, *row]) for day, row in zip(days, numbers, strict=True))])
    tracemalloc.start()
    frame = read_daily_csv(file, target="c0")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert frame.shape == (rows, columns)
    assert peak < 10 * file.stat().st_size


def test_import_loads_pandas_and_nothing_heavier():
    heavy = ("keras", "tensorflow", "sklearn", "matplotlib")
    code = f"import sys, helpers.data; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
