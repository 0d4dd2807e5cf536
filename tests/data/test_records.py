"""The daily records against their card, `helpers.data.records` against a second reading, and their recipe.

What data/README.md states in numbers is computed here from the files, with the csv module instead of pandas, and looked
for in its text.
"""

import csv
import hashlib
import math
import re
import subprocess
import sys
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import data

FOLDER = Path(__file__).resolve().parents[2] / "data"
sys.path.insert(0, str(FOLDER))  # where the recipes lie

from recipes import records as recipe  # noqa: E402

CARD = (FOLDER / "README.md").read_text(encoding="utf-8")
STATIONS = ["brussels", "tunis", "champion", "hyderabad"]
EVERY = [*STATIONS, "simulated"]


def read_rows(name):
    """Return one dictionary a day: "Date" as a date, the rest as the text in the file."""
    with open(FOLDER / f"{name}.csv", encoding="utf-8", newline="") as file:
        return [row | {"Date": date.fromisoformat(row["Date"])} for row in csv.DictReader(file)]


ROWS = {name: read_rows(name) for name in EVERY}


# --- the files and their card ---------------------------------------------------------------------------------------


def test_checksums_in_the_card_are_those_of_the_files():
    listed = dict(re.findall(r"^([0-9a-f]{64})  (\S+)$", CARD, flags=re.MULTILINE))
    assert sorted(listed.values()) == sorted([*(f"{name}.csv" for name in EVERY), "LICENSE.aquacrop"])
    for checksum, file in listed.items():
        assert hashlib.sha256((FOLDER / file).read_bytes()).hexdigest() == checksum, file


def test_no_csv_file_lies_in_the_folder_unlisted():
    assert {file.stem for file in FOLDER.glob("*.csv")} == set(EVERY) == set(data.NAMES)


@pytest.mark.parametrize("name", EVERY)
def test_files_are_plain_utf8_with_lf_line_ends(name):
    content = (FOLDER / f"{name}.csv").read_bytes()
    content.decode("ascii")
    assert b"\r" not in content
    assert content.endswith(b"\n")
    assert not content.endswith(b"\n\n")
    heading = "Date,Temperature" if name == "simulated" else "Date,tmin,tmax,rain,et0"
    assert content.split(b"\n")[0].decode() == heading


@pytest.mark.parametrize("name", EVERY)
def test_days_are_consecutive_and_as_the_card_says(name):
    days = [row["Date"] for row in ROWS[name]]
    assert days == [days[0] + timedelta(days=i) for i in range(len(days))]
    assert re.search(rf"^\| `{name}\.csv` \| .* \| {len(days):,} \| {days[0]} \| {days[-1]} \|$", CARD, re.MULTILINE)


@pytest.mark.parametrize("name", EVERY)
def test_values_are_finite_and_span_what_the_card_says(name):
    for column in list(ROWS[name][0])[1:]:
        values = [float(row[column]) for row in ROWS[name]]
        assert all(map(math.isfinite, values))
        mean = math.fsum(values) / len(values)
        assert f"| `{name}.csv` | `{column}` | {min(values):.2f} | {mean:.2f} | {max(values):.2f} |\n" in CARD


def test_first_and_last_rows_are_those_of_the_package():
    assert_rows("brussels", "1976-01-01,3.0,10.6,5.3,0.3", "2005-12-31,2.1,7.0,3.5,0.3")
    assert_rows("tunis", "1979-01-01,15.0,20.0,0.0,1.5", "2002-05-31,17.0,29.2,0.0,5.9")
    assert_rows("champion", "1982-01-01,-21.11,3.33,0.00,1.59", "2018-12-31,-13.80,0.19,0.00,1.04")
    assert_rows("hyderabad", "2000-01-01,11.3,27.3,0.0,3.6", "2010-12-31,16.0,27.5,0.0,3.3")


def assert_rows(name, first, last):
    lines = (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    assert (lines[1], lines[-1]) == (first, last)


def test_licence_file_is_the_apache_licence():
    text = (FOLDER / "LICENSE.aquacrop").read_text(encoding="utf-8")
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert "Copyright [yyyy] [name of copyright owner]" in text  # the card says that this line was left blank


def test_card_and_rebuild_name_the_same_wheel():
    assert f"SHA-256 {recipe.ARCHIVES[0].sha256})" in CARD
    assert f"{recipe.ARCHIVES[0].package} {recipe.ARCHIVES[0].version}" == "aquacrop 3.1.0"
    assert "aquacrop 3.1.0" in CARD


# --- the blemishes that the card names ------------------------------------------------------------------------------


def card_about(station):
    """Return what the section on blemishes says about one station."""
    section = CARD.split("## Known blemishes")[1].split("\n## ")[0]
    return section.split(f"**{station}**")[1].split("\n**")[0]


def as_before(name, columns):
    """Return the days whose values in these columns are those of the day before."""
    rows = ROWS[name]
    return [b["Date"] for a, b in pairwise(rows) if all(float(a[c]) == float(b[c]) for c in columns)]


ALL_FOUR = ["tmin", "tmax", "rain", "et0"]


@pytest.mark.parametrize("name", STATIONS)
def test_no_impossible_value(name):
    assert "In no file is `tmin` above `tmax`, `rain` below 0 or `et0` below 0." in CARD
    for row in ROWS[name]:
        assert float(row["tmin"]) <= float(row["tmax"])
        assert float(row["rain"]) >= 0
        assert float(row["et0"]) >= 0


def test_brussels_days_with_equal_extremes():
    days = [str(row["Date"]) for row in ROWS["brussels"] if row["tmin"] == row["tmax"]]
    assert f"`tmin` equals `tmax` on {len(days)} days: {', '.join(days)}." in card_about("Brussels")
    for name in ("tunis", "champion", "hyderabad"):
        assert not [row for row in ROWS[name] if float(row["tmin"]) == float(row["tmax"])]


def test_brussels_largest_step():
    rows = ROWS["brussels"]
    mean = [(float(row["tmin"]) + float(row["tmax"])) / 2 for row in rows]
    steps = [abs(b - a) for a, b in pairwise(mean)]
    largest = max(range(len(steps)), key=steps.__getitem__)
    before, after = rows[largest], rows[largest + 1]
    assert after["tmin"] == after["tmax"]
    assert (
        f"On {after['Date']} both are {after['tmin']}, after {before['tmin']} and {before['tmax']} on the day before."
        f" It is the largest step from one day's mean to the next in the file: {steps[largest]:.1f} °C."
    ) in card_about("Brussels")


def test_brussels_repeated_days():
    assert as_before("brussels", ALL_FOUR) == []
    assert (
        f"On {len(as_before('brussels', ['tmin', 'tmax']))} days `tmin` and `tmax` are those of the day before."
        " On none of them are all four values."
    ) in card_about("Brussels")


def test_brussels_days_without_evapotranspiration():
    days = [row["Date"] for row in ROWS["brussels"] if float(row["et0"]) == 0]
    assert {day.month for day in days} == {11, 12}
    assert f"`et0` is 0.0 on {len(days)} days, all of them in November or December." in card_about("Brussels")


def test_brussels_warm_december_day_of_the_card():
    december = {row["Date"]: float(row["tmax"]) for row in ROWS["brussels"] if row["Date"].month == 12}
    assert max(december, key=december.get) == date(1989, 12, 16)
    assert december[date(1989, 12, 16)] == 16.7


def test_brussels_differences_from_the_weather_diary():
    # the diary's tmin and tmax; it gives no minimum for 16 December 2004
    diary = {(2004, 14): (-1.7, 4.0), (2004, 16): (None, 7.1), (2005, 14): (4.1, 8.9), (2005, 16): (2.7, 10.1)}
    rows = {row["Date"]: row for row in ROWS["brussels"]}
    differences = [
        abs(float(rows[date(year, 12, day)][column]) - value)
        for (year, day), values in diary.items()
        for column, value in zip(("tmin", "tmax"), values, strict=True)
        if value is not None
    ]
    assert f"differ from the file by {min(differences):.1f} to {max(differences):.1f} °C" in CARD


def test_tunis_whole_degrees():
    values = [(row["Date"], row[column]) for row in ROWS["tunis"] for column in ("tmin", "tmax")]
    with_tenths = [(day, value) for day, value in values if float(value) % 1]
    ((day, value),) = [entry for entry in with_tenths if entry[0].year <= 1981]
    assert f"From 1979 to 1981 all temperatures are whole degrees, but for one: {value} on {day}." in card_about(
        "Tunis"
    )
    assert len(with_tenths) > len(values) / 2  # so the later years do have tenths


def test_tunis_repeated_days():
    days = as_before("tunis", ["tmin", "tmax"])
    early = [day for day in days if day.year <= 1981]
    assert (
        f"On {len(days)} days `tmin` and `tmax` are those of the day before; {len(early)} of these lie in 1979–1981"
    ) in card_about("Tunis")
    assert f"On {len(as_before('tunis', ALL_FOUR))} days all four values are." in card_about("Tunis")


def test_tunis_ends_within_a_year():
    assert "The last year ends on 31 May" in card_about("Tunis")
    assert ROWS["tunis"][-1]["Date"] == date(2002, 5, 31)


def test_champion_days_with_the_same_temperatures():
    stuck = [row["Date"] for row in ROWS["champion"] if (row["tmin"], row["tmax"]) == ("-27.22", "-16.11")]
    assert stuck == [stuck[0] + timedelta(days=i) for i in range(len(stuck))]
    assert f"From {stuck[0]} to {stuck[-1]} all days have `tmin` -27.22 and `tmax` -16.11." in card_about("Champion")
    repeated = as_before("champion", ["tmin", "tmax"])
    assert set(stuck[1:]) < set(repeated)
    assert (
        f"On {len(repeated)} days `tmin` and `tmax` are those of the day before; {len(stuck) - 1} of these are the ones"
    ) in card_about("Champion")


def test_champion_longest_time_without_rain():
    longest, current = [], []
    for row in ROWS["champion"]:
        current = [*current, row["Date"]] if float(row["rain"]) == 0 else []
        longest = max(longest, current, key=len)
    assert (f"The longest time without rain is {len(longest)} days, from {longest[0]} to {longest[-1]}.") in card_about(
        "Champion"
    )


def test_champion_whole_degrees_fahrenheit():
    def whole(row):
        fahrenheit = [float(row[column]) * 9 / 5 + 32 for column in ("tmin", "tmax")]
        return all(abs(degrees - round(degrees)) < 0.011 for degrees in fahrenheit)  # 0.01 °C of rounding each

    early = [whole(row) for row in ROWS["champion"] if row["Date"].year <= 1985]
    late = [whole(row) for row in ROWS["champion"] if row["Date"].year > 1985]
    assert f"on {sum(early):,} of {len(early):,} days; later hardly ever." in card_about("Champion")
    assert sum(late) < 0.01 * len(late)


def test_hyderabad_repeated_days():
    assert (
        f"On {len(as_before('hyderabad', ['tmin', 'tmax']))} days `tmin` and `tmax` are those of the day before."
        f" On {len(as_before('hyderabad', ALL_FOUR))} of them all four values are."
    ) in card_about("Hyderabad")


def test_hyderabad_two_days_of_heavy_rain():
    third, *heaviest = sorted(ROWS["hyderabad"], key=lambda row: float(row["rain"]))[-3:]
    a, b = sorted(heaviest, key=lambda row: row["Date"])
    assert (
        f"{a['Date']} and {b['Date']} have {a['rain']} and {b['rain']} mm of rain."
        f" No other day has more than {third['rain']} mm."
    ) in card_about("Hyderabad")


# --- load and path --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_load_gives_what_the_csv_module_reads(name):
    frame = data.load(name)
    assert list(frame.index.date) == [row["Date"] for row in ROWS[name]]
    read = {"temperature": "Temperature"} if name == "simulated" else {column: column for column in ALL_FOUR}
    for column, heading in read.items():
        assert frame[column].tolist() == [float(row[heading]) for row in ROWS[name]]


@pytest.mark.parametrize("name", EVERY)
def test_load_gives_a_daily_frame_of_floats(name):
    frame = data.load(name)
    assert frame.index.name == "Date"
    assert frame.index.freqstr == "D"
    assert frame.index.dtype == "datetime64[ns]"
    assert list(frame.columns) == ["temperature"] + (ALL_FOUR if name != "simulated" else [])
    assert set(frame.dtypes) == {np.dtype("float64")}


@pytest.mark.parametrize("name", STATIONS)
def test_temperature_is_half_way_between_the_extremes(name):
    temperature = data.load(name)["temperature"].to_numpy()
    half_way = [(float(row["tmin"]) + float(row["tmax"])) / 2 for row in ROWS[name]]
    np.testing.assert_allclose(temperature, half_way, rtol=0, atol=1e-12)


def test_path_is_the_file_that_a_reader_opens():
    for name in data.NAMES:
        assert data.path(name) == FOLDER / f"{name}.csv"


@pytest.mark.parametrize("function", [data.load, data.path])
@pytest.mark.parametrize("name", ["Brussels", "paris", "", "../data/brussels", None])
def test_unknown_name(function, name):
    with pytest.raises(ValueError, match=r"there (is no record|are no data) named") as error:
        function(name)
    assert repr(name) in str(error.value)
    for known in data.NAMES:
        assert known in str(error.value)


@pytest.mark.parametrize("function", [data.load, data.path])
def test_missing_file(function, tmp_path, monkeypatch):
    monkeypatch.setattr(data.files, "FOLDER", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"python data/rebuild\.py") as error:
        function("tunis")
    assert str(tmp_path / "tunis.csv") in str(error.value)


def test_module_loads_no_keras_and_no_tensorflow():
    code = "import sys, helpers.data; print([name for name in ('keras', 'tensorflow') if name in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=FOLDER.parent, capture_output=True, text=True, check=True
    ).stdout
    assert found.strip() == "[]"


# --- split ----------------------------------------------------------------------------------------------------------


def frame_on(days):
    return pd.DataFrame({"temperature": np.arange(float(len(days)))}, index=pd.DatetimeIndex(days, name="Date"))


RECORD = frame_on(pd.date_range("2000-01-01", "2004-12-31"))


def spans(parts):
    return [(str(part.index[0].date()), str(part.index[-1].date()), len(part)) for part in parts]


def test_split_of_the_lessons():
    parts = data.split(data.load("brussels"), data.TRAIN_END, data.VALIDATION_END)
    assert spans(parts) == [
        ("1976-01-01", "1997-12-31", 8036),
        ("1998-01-01", "2001-12-31", 1461),
        ("2002-01-01", "2005-12-31", 1461),
    ]
    assert "They train on 1976–1997, validate on 1998–2001 and test on 2002–2005." in CARD


@pytest.mark.parametrize(
    "ends",
    [
        ("2001", "2003"),
        ("2001-12", "2003-12"),
        ("2001-12-31", "2003-12-31"),
        ("2001-12-31 00:00", "2003-12-31 23:59"),
        (pd.Timestamp("2001-12-31"), pd.Timestamp("2003-12-31")),
        (date(2001, 12, 31), datetime(2003, 12, 31)),
        ("2001", pd.Timestamp("2003-12-31")),
    ],
)
def test_split_reads_every_kind_of_end(ends):
    assert spans(data.split(RECORD, *ends)) == [
        ("2000-01-01", "2001-12-31", 731),
        ("2002-01-01", "2003-12-31", 730),
        ("2004-01-01", "2004-12-31", 366),
    ]


@pytest.mark.parametrize("end", ["2002", "2002-02", "2002-02-03"])
def test_a_short_text_ends_where_pandas_ends_it(end):
    train, validation, _ = data.split(RECORD, end, "2003")
    pd.testing.assert_frame_equal(train, RECORD.loc[:end])
    pd.testing.assert_frame_equal(pd.concat([train, validation]), RECORD.loc[:"2003"], check_freq=False)


def test_parts_stay_daily():
    assert [part.index.freqstr for part in data.split(RECORD, "2001", "2003")] == ["D", "D", "D"]


def test_changing_a_part_leaves_the_record_alone():
    record = RECORD.copy()
    for part in data.split(record, "2001", "2003"):
        part.iloc[0, 0] = -1.0  # pandas 2 would write through a view
    pd.testing.assert_frame_equal(record, RECORD)


@st.composite
def records(draw):
    """Draw the days of a record, in order and perhaps with gaps."""
    offsets = draw(st.sets(st.integers(0, 900), min_size=3, max_size=60))
    return [date(1999, 6, 1) + timedelta(days=offset) for offset in sorted(offsets)]


@settings(deadline=None, derandomize=True)
@given(days=records(), picks=st.data())
def test_split_loses_nothing_and_shares_nothing(days, picks):
    i = picks.draw(st.integers(0, len(days) - 3), label="last training day")
    j = picks.draw(st.integers(i + 1, len(days) - 2), label="last validation day")
    kind = picks.draw(st.sampled_from([str, pd.Timestamp, lambda day: day]), label="kind of end")
    frame = frame_on(days)
    parts = data.split(frame, kind(days[i]), kind(days[j]))
    assert [list(part.index.date) for part in parts] == [days[: i + 1], days[i + 1 : j + 1], days[j + 1 :]]
    pd.testing.assert_frame_equal(pd.concat(parts), frame)
    assert not parts[0].index.intersection(parts[1].index.union(parts[2].index)).size
    assert not parts[1].index.intersection(parts[2].index).size


@settings(deadline=None, derandomize=True)
@given(days=records(), ends=st.tuples(*[st.dates(date(1999, 1, 1), date(2003, 1, 1))] * 2))
def test_split_at_any_dates_is_right_or_refused(days, ends):
    expected = [
        [day for day in days if day <= ends[0]],
        [day for day in days if ends[0] < day <= ends[1]],
        [day for day in days if ends[1] < day],
    ]
    if ends[0] < ends[1] and all(expected):
        assert [list(part.index.date) for part in data.split(frame_on(days), *map(str, ends))] == expected
    else:
        with pytest.raises(ValueError, match=r"not in time order|leave no"):
            data.split(frame_on(days), *map(str, ends))


@pytest.mark.parametrize(
    ("frame", "found", "remedy"),
    [
        (RECORD.reset_index(), "RangeIndex", "set_index"),
        (RECORD.set_axis(RECORD.index.astype(str)), "not a DatetimeIndex", "to_datetime"),
        (RECORD.tz_localize("UTC"), "time zone UTC", "tz_localize"),
        (RECORD.iloc[:0], "empty", "how it was read"),
        (frame_on([pd.Timestamp("2000-01-01"), pd.NaT, pd.Timestamp("2003-01-01")]), "1 rows have no date", "notna"),
        (pd.concat([RECORD, RECORD.loc[["2003-05-06"]]]), "2003-05-06 appears more than once", "duplicated"),
        (RECORD[::-1], "not in time order", "sort_index"),
    ],
    ids=["no dates", "dates as text", "time zone", "empty", "NaT", "duplicate", "unsorted"],
)
def test_split_refuses_a_bad_index(frame, found, remedy):
    with pytest.raises(ValueError, match=found) as error:
        data.split(frame, "2001", "2002")
    assert remedy in str(error.value)


@pytest.mark.parametrize(
    ("ends", "found"),
    [
        (("2003", "2001"), "train_end='2003' and validation_end='2001' are not in time order"),
        (("2001", "2001"), "not in time order"),
        (("1999", "2001"), "leave no training day: the record runs from 2000-01-01 to 2004-12-31"),
        (("1997", "1999"), "leave no training day"),
        (("2001", "2004"), "leave no test day"),
        (("2001", "2009"), "leave no test day"),
        (("2004", "2009"), "leave no validation day"),
        (("soon", "2001"), "train_end='soon' is not a date"),
        (("2001", "2003-02-30"), "validation_end='2003-02-30' is not a date"),
        (("", "2003"), "train_end='' is not a date"),
        (("NaT", "2003"), "train_end='NaT' is not a date"),
        (("01.02.2001", "2003"), "train_end='01.02.2001' is not a date as year-month-day"),
        (("2001", "02/01/2003"), "validation_end='02/01/2003' is not a date as year-month-day"),
        (("2001-1-2", "2003"), "write it as in '1997-12-31'"),
        (("2001Q4", "2003"), "write it as in '1997-12-31'"),
        (("31 December 2001", "2003"), "write it as in '1997-12-31'"),
        (("2001-13", "2003"), "train_end='2001-13' is not a date"),
        ((pd.NaT, "2003"), "train_end=NaT is not a date"),
        ((2001, 2003), "train_end=2001 is of type int"),
        (("2001", None), "validation_end=None is of type NoneType"),
        (("2001", pd.Timestamp("2003-12-31", tz="UTC")), "date without time zone"),
    ],
)
def test_split_refuses_bad_ends(ends, found):
    with pytest.raises(ValueError, match=r"date|choose|earlier") as error:
        data.split(RECORD, *ends)
    assert found in str(error.value)


def test_split_refuses_a_validation_part_inside_a_gap():
    gap = RECORD[(RECORD.index < "2001") | (RECORD.index >= "2003")]
    with pytest.raises(ValueError, match="leave no validation day"):
        data.split(gap, "2001", "2002")


# --- the simulated record -------------------------------------------------------------------------------------------

CELL = dict(re.findall(r"^\| (.+?) \| (-?[\d.]+) \|.*\|$", CARD.split("| Parameter |")[1], re.MULTILINE))
PARAMETER = {name: float(value) for name, value in CELL.items()}
SIMULATED = np.array([float(row["Temperature"]) for row in ROWS["simulated"]])


def normal_by_the_card(t):
    p = PARAMETER
    cycle = math.cos(2 * math.pi * (t - p["warmest day"]) / p["year"])
    return p["mean"] + p["trend"] * t / (10 * p["year"]) + p["amplitude"] * cycle


WEATHER = SIMULATED - [normal_by_the_card(t) for t in range(len(SIMULATED))]


def rmse(errors):
    return float(np.sqrt(np.mean(np.square(errors))))


def innovations(weather):
    return weather[2:] - PARAMETER["φ1"] * weather[1:-1] - PARAMETER["φ2"] * weather[:-2]


def test_card_and_rebuild_have_the_same_parameters():
    assert PARAMETER == {
        "mean": recipe.MEAN,
        "trend": recipe.TREND,
        "amplitude": recipe.AMPLITUDE,
        "warmest day": recipe.WARMEST_DAY,
        "year": recipe.YEAR,
        "φ1": recipe.PHI1,
        "φ2": recipe.PHI2,
        "σ": recipe.SIGMA,
        "days": recipe.DAYS,
        "seed": recipe.SEED,
    }
    assert date(2010, 1, 1) == recipe.FIRST_DAY
    assert date(2010, 1, 1) + timedelta(days=recipe.WARMEST_DAY) == date(2010, 7, 20)


def test_simulated_file_is_what_the_formula_gives():
    assert recipe.simulated_file() == (FOLDER / "simulated.csv").read_bytes()


def test_no_simulated_value_is_near_a_rounding_edge():
    # sin, cos, log and sqrt may differ in their last digit (1e-15) between computers: the two decimals must not
    exact = 100 * (recipe.normal(np.arange(recipe.DAYS)) + recipe.weather())
    assert np.abs(exact % 1 - 0.5).min() > 1e-6
    assert b"-0.00" not in (FOLDER / "simulated.csv").read_bytes()


def test_known_parameters_leave_noise_of_standard_deviation_sigma():
    e = innovations(WEATHER)
    sigma, n = PARAMETER["σ"], len(e)
    assert abs(e.std() - sigma) < 3 * sigma / math.sqrt(2 * n)
    assert abs(e.mean()) < 3 * sigma / math.sqrt(n)
    correlations = [np.corrcoef(e[lag:], e[:-lag])[0, 1] for lag in range(1, 8)]
    assert max(map(abs, correlations)) < 3 / math.sqrt(n)
    assert abs(np.mean(np.abs(e) < sigma) - 0.6827) < 3 * math.sqrt(0.6827 * 0.3173 / n)  # as a normal has


def theoretical_rmse():
    """Return the RMSE of the best forecast, persistence and the normal value, from the weights of old innovations.

    w[t] = σ Σ psi[k] e[t−k] has the variance σ² Σ psi[k]², and its step from day to day σ² Σ (psi[k] − psi[k−1])².
    The card goes another way, through the correlation of one day with the next.
    """
    psi = [1.0, PARAMETER["φ1"]]
    while len(psi) < 400:
        psi.append(PARAMETER["φ1"] * psi[-1] + PARAMETER["φ2"] * psi[-2])
    four_years = np.array([normal_by_the_card(t) for t in range(1462)])
    weather_step = PARAMETER["σ"] ** 2 * np.square(np.diff(psi, prepend=0.0)).sum()
    persistence = math.sqrt(weather_step + np.square(np.diff(four_years)).mean())
    return PARAMETER["σ"], persistence, PARAMETER["σ"] * math.sqrt(np.square(psi).sum())


def test_card_gives_the_theoretical_errors():
    best, persistence, normal = theoretical_rmse()
    assert f"has an RMSE of σ = {best:.3f} °C.**" in CARD
    assert f'**Persistence ("tomorrow = today") has an RMSE of {persistence:.3f} °C**' in CARD
    assert f"has an RMSE of √γ = {normal:.3f} °C.**" in CARD
    assert f"= {normal**2:.3f} °C²" in CARD


def test_measured_errors_agree_with_theory():
    measured = rmse(innovations(WEATHER)), rmse(np.diff(SIMULATED)), rmse(WEATHER)
    assert "Measured on the file, the three are {:.3f}, {:.3f} and {:.3f} °C".format(*measured) in CARD
    np.testing.assert_allclose(measured, theoretical_rmse(), rtol=0.02)


def test_weather_is_stationary_from_the_first_day(monkeypatch):
    monkeypatch.setattr(recipe, "DAYS", 4)
    runs = []
    for seed in range(2000):
        monkeypatch.setattr(recipe, "SEED", seed)
        runs.append(recipe.weather())
    covariance = np.cov(runs, rowvar=False)
    variance = theoretical_rmse()[2] ** 2
    tolerance = 4 * variance * math.sqrt(2 / len(runs))
    np.testing.assert_allclose(np.diag(covariance), variance, rtol=0, atol=tolerance)
    lag_one = variance * PARAMETER["φ1"] / (1 - PARAMETER["φ2"])
    np.testing.assert_allclose(np.diag(covariance, 1), lag_one, rtol=0, atol=tolerance)


# --- the recipe on the package's tables -------------------------------------------------------------------------------

TABS = (
    "Day\tMonth\tYear\tTmin(C)\tTmax(C)\tPrcp(mm)\tEt0(mm)\n"
    "28\t2\t1976\t3.0\t10.6\t5.3\t0.3\n"
    "29\t2\t1976\t-4.1\t1.8\t0.0\t0.5\n"
)
SPACES = (
    "Day       Month     Year      Tmin(C)        Tmax(C)        Prcp(mm)       Et0(mm)        \n"
    "31        12        1982      -21.11         3.33           0.00           1.59           \n"
    "1         1         1983      -10.00         0.56           0.25           0.86           \n"
)
OTHER_NAMES = "Day\tMonth\tYear\tMinTemp\tMaxTemp\tPrecipitation\tReferenceET\r\n1\t1\t2000\t11.3\t27.3\t0.0\t3.6\r\n"
TABLES = {"brussels": TABS, "tunis": TABS, "champion": SPACES, "hyderabad": OTHER_NAMES}
EXPECTED = {
    "brussels.csv": b"Date,tmin,tmax,rain,et0\n1976-02-28,3.0,10.6,5.3,0.3\n1976-02-29,-4.1,1.8,0.0,0.5\n",
    "champion.csv": b"Date,tmin,tmax,rain,et0\n1982-12-31,-21.11,3.33,0.00,1.59\n1983-01-01,-10.00,0.56,0.25,0.86\n",
    "hyderabad.csv": b"Date,tmin,tmax,rain,et0\n2000-01-01,11.3,27.3,0.0,3.6\n",
}
EXPECTED["tunis.csv"] = EXPECTED["brussels.csv"]


def test_columns_go_by_name_not_by_place():
    table = "Year Month Day Et0(mm) Prcp(mm) Tmax(C) Tmin(C)\n2000 12 31 4 3 2 1\n"
    assert recipe.station_csv(table) == b"Date,tmin,tmax,rain,et0\n2000-12-31,1,2,3,4\n"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (TABS.replace("Prcp(mm)", "Rain(in)"), r"unknown 'Rain\(in\)'.*add its names"),
        (TABS.replace("Tmax(C)", "Tmin(C)"), "reads as .*'tmin', 'tmin'"),
        (TABS.replace("\t10.6", ""), "line 2 has 6 values, not 7"),
        (TABS.replace("-4.1", "n/a"), "line 3 holds something that is not a number.*n/a"),
        (TABS.replace("-4.1", "nan"), "line 3 holds something that is not a number"),
        (TABS.replace("29\t2\t", "1\t3\t"), "line 3 is 1976-03-01, but the day after the line before is 1976-02-29"),
        (TABS.replace("29\t2\t", "28\t2\t"), "line 3 is 1976-02-28, but"),
    ],
)
def test_a_table_of_another_kind_is_refused(table, message):
    with pytest.raises(ValueError, match=message):
        recipe.station_csv(table)
