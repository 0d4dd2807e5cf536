"""Files in the shape of real exports, the values invented: `read_daily_csv` gives the right frame or question."""

import warnings

import numpy as np
import pandas as pd
import pytest

from helpers.data import DataError, read_daily_csv

DAYS = pd.date_range("2019-12-01", periods=60)
VALUES = np.round(10 + 5 * np.sin(np.arange(60) / 5) + np.random.RandomState(1).normal(0, 1, 60), 1)
PAIRS = list(zip(range(60), DAYS, VALUES, strict=True))
HOURS = pd.date_range("2020-01-01", periods=30 * 24 + 4, freq="h")
RATES = pd.bdate_range("2010-01-01", "2015-12-31")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "mine.csv"


def read(file, lines, encoding="utf-8", **arguments):
    content = "\r\n".join([*lines, ""]).encode(encoding)
    file.write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return read_daily_csv(file, **{"minimum_days": 25} | arguments)
        finally:
            assert file.read_bytes() == content


def question(file, lines, **arguments):
    with pytest.raises(DataError) as raised:
        read(file, lines, **arguments)
    return str(raised.value).removeprefix("mine.csv: ")


def told(frame):
    return "\n".join(frame.attrs["report"])


def assert_values(frame, columns, values=VALUES, first="2019-12-01"):
    assert list(frame.columns) == columns
    assert f"{frame.index[0]:%Y-%m-%d}" == first
    np.testing.assert_allclose(frame.iloc[:, 0], values)


def without(places):
    """Return the values as they are filled where some are missing."""
    return pd.Series(VALUES).mask(np.isin(np.arange(60), places)).ffill()


# --- the weather ----------------------------------------------------------------------------------------------------


def test_meteostat(file):
    header = "date,tavg,tmin,tmax,prcp,snow,wdir,wspd,wpgt,pres,tsun"  # codespell:ignore pres
    rows = [
        f"{day:%Y-%m-%d},{v},{v - 3:.1f},{v + 4:.1f},{i % 4 / 10},,240,12.2,,10{i % 23:02}.4," for i, day, v in PAIRS
    ]
    frame = read(file, [header, *rows], target="tavg")
    assert_values(frame, ["tavg", "tmin", "tmax", "prcp", "pres"])  # codespell:ignore pres
    assert "Left out, empty: 'snow', 'wpgt', 'tsun'." in told(frame)
    assert "put a line such as date,temperature above it" in question(file, rows)  # the older files have no names
    assert_values(read(file, ["d,a,b,c,d2,e,f,g,h,i,j", *rows], target="a"), ["a", "b", "c", "d2", "i"])


def test_meteostat_with_year_month_and_day_in_columns(file):
    rows = [f"{day.year},{day.month},{day.day},{v},dwd_poi metar,{i % 7 / 10}" for i, day, v in PAIRS]
    frame = read(file, ["year,month,day,temp,temp_source,prcp", *rows], target="temp")
    assert_values(frame, ["temp", "prcp"])
    assert "Dates are in columns 'year', 'month', 'day', joined." in told(frame)


ECAD = """\
EUROPEAN CLIMATE ASSESSMENT & DATASET (ECA&D), file created on: 02-01-2021
THESE DATA CAN BE USED FREELY PROVIDED THAT THE FOLLOWING SOURCE IS ACKNOWLEDGED:

Klein Tank, A.M.G. and Coauthors, 2002. Daily dataset of 20th-century surface
air temperature and precipitation series for the European Climate Assessment.

FILE FORMAT (MISSING VALUE CODE = -9999):

01-06 SOUID: Source identifier
08-15 DATE : Date YYYYMMDD
17-21 TX   : maximum temperature in 0.1 &#176;C
23-27 Q_TX : Quality code for TX (0='valid'; 1='suspect'; 9='missing')

This is the blended series of station GERMANY, POTSDAM (STAID: 54).

STAID, SOUID,    DATE,   TX, Q_TX""".splitlines()


def test_ecad(file):
    rows = [
        f"    54,{100522 if i < 40 else 901234},{day:%Y%m%d},{-9999 if i in (7, 8) else round(10 * v):5},{q:5}"
        for (i, day, v), q in zip(PAIRS, [9 if i in (7, 8) else i == 20 for i in range(60)], strict=True)
    ]
    assert question(file, ECAD + rows).endswith("name the one to forecast, as in target='TX'")
    assert question(file, ECAD + rows, target="TX") == (
        "column 'TX' has '-9999' 2 time(s), the first in line 24. Such a value may mean that nothing was measured: "
        "then give missing=[-9999], and the cells count as empty. If it was measured, give missing=[]. If it "
        "stands for another number, as -1 may for no snow, write that one"
    )
    frame = read(file, ECAD + rows, target="TX", missing=[-9999])
    assert_values(frame, ["TX", "SOUID", "Q_TX"], 10 * without([7, 8]))
    assert frame.attrs["filled"] == ["2019-12-08", "2019-12-09"]
    for sentence in (
        "The names are in line 16; skipped above the rows: 10 line(s), the first 'EUROPEAN CLIMATE",
        "are they tenths of a degree?",
        "Flags in 'Q_TX': '0' 57 times, '9' 2 times, '1' 1 times. All rows were kept; keep={'Q_TX': '0'}",
    ):
        assert sentence in told(frame)
    frame = read(file, ECAD + rows, target="TX", missing=[-9999], keep={"Q_TX": "0"})
    assert_values(frame, ["TX", "SOUID"], 10 * without([7, 8, 20]))
    assert read(file, ECAD + rows, target="TX", missing=[])["TX"].min() == -9999


def test_ghcn_daily(file):
    header = (
        '"STATION","DATE","LATITUDE","LONGITUDE","ELEVATION","NAME","PRCP","PRCP_ATTRIBUTES","TMAX","TMAX_ATTRIBUTES"'
    )
    rows = [
        f'"GME00102380","{day:%Y-%m-%d}","52.4500","13.3000","  51.0","BERLIN-DAHLEM, GM",'
        f'"{i % 5:5}",",,E","{v * 10:5.0f}",",,E"'
        for i, day, v in PAIRS
    ]
    frame = read(file, [header, *rows], target="TMAX")
    assert_values(frame, ["TMAX", "PRCP"], 10 * VALUES)
    assert "Left out, words: 'STATION', 'NAME', 'PRCP_ATTRIBUTES', 'TMAX_ATTRIBUTES'." in told(frame)
    assert "Left out, equal on all days: 'LATITUDE', 'LONGITUDE', 'ELEVATION'." in told(frame)


def test_ghcn_daily_with_the_elements_below_each_other(file):
    lines = ["ID,DATE,ELEMENT,DATA_VALUE,M_FLAG,Q_FLAG,S_FLAG,OBS_TIME"]
    for i, day, value in PAIRS:
        lines.append(f"GME00102380,{day:%Y%m%d},TMAX,{value * 10:.0f},,,E,")
        lines.append(f"GME00102380,{day:%Y%m%d},PRCP,{i % 5},,,E,")
    asked = "the file holds several series, told apart by column 'ELEMENT' ('TMAX', 'PRCP'). Choose one, as in"
    for arguments in ({}, {"daily": "mean"}, {"daily": "last"}):
        assert question(file, lines, **arguments).startswith(f"{asked} keep={{'ELEMENT': 'TMAX'}}")
    assert_values(read(file, lines, keep={"ELEMENT": "TMAX"}), ["DATA_VALUE"], 10 * VALUES)
    assert question(file, lines, keep={"ELEMENT": "TMIN"}).endswith("column 'ELEMENT' has only 'TMAX', 'PRCP'")


def test_dwd(file):
    names = "STATIONS_ID;MESS_DATUM;QN_3;  FX;  FM;QN_4; RSK;RSKF; SDK;SHK_TAG;  NM; TMK; UPM; TXK; TNK;eor"
    rows = [
        f"        433;{day:%Y%m%d};   10;   6.7;   2.5;    3;   {i % 4 / 10};   8;"
        f"   {'-999' if i == 9 else i % 5 / 2};   0;   7.3;   {'-999' if i in (3, 4) else v};   84.00;"
        f"   {v + 4:.1f};   {v - 3:.1f};eor"
        for i, day, v in PAIRS
    ]
    asked = question(file, [names, *rows], target="TMK")
    assert "column 'SDK' has '-999' 1 time(s), the first in line 11; column 'TMK' has '-999' 2 time(s)" in asked
    assert asked.count("give missing=[-999],") == 1
    frame = read(file, [names, *rows], target="TMK", missing=[-999])
    assert_values(frame, ["TMK", "RSK", "SDK", "TXK", "TNK"], without([3, 4]))


def test_noaa_gsod(file):
    names = (
        '"STATION","DATE","LATITUDE","LONGITUDE","ELEVATION","NAME","TEMP","TEMP_ATTRIBUTES","GUST","MAX",'
        '"MAX_ATTRIBUTES","PRCP","PRCP_ATTRIBUTES","SNDP","FRSHTT"'
    )
    rows = [
        f'"10384099999","{day:%Y-%m-%d}","52.4675","13.402","48.1","BERLIN TEMPELHOF, GM","  {v}","24",'
        f'" {25 + i % 3 if i % 4 else 999.9}","  {40 + v if i != 5 else 9999.9:.1f}","{"*" if i % 2 else " "}",'
        f'" {0.01 * (i % 6) if i % 10 != 7 else 99.99:.2f}","G","999.9","01{i % 2}000"'
        for i, day, v in PAIRS
    ]
    asked = question(file, [names, *rows], target="TEMP")
    assert "give missing=[999.9, 9999.9, 99.99]," in asked
    frame = read(file, [names, *rows], target="TEMP", missing=[999.9, 9999.9, 99.99])
    assert {"MAX", "PRCP"} < set(frame.columns)
    assert frame["MAX"].max() < 60
    assert frame["PRCP"].max() < 1


def test_environment_canada(file):
    names = '"Longitude (x)","Latitude (y)","Station Name","Climate ID","Date/Time","Year","Month","Day",'
    names += '"Data Quality","Max Temp (°C)","Max Temp Flag","Min Temp (°C)"'
    rows = [
        f'"-75.67","45.38","OTTAWA CDA","6105976","{day:%Y-%m-%d}","{day.year}","{day.month:02}","{day.day:02}","",'
        f'"{v}","{"E" if i in (9, 30) else ""}","{v - 5:.1f}"'
        for i, day, v in PAIRS
    ]
    frame = read(file, [names, *rows], target="Max Temp (°C)")
    assert_values(frame, ["Max Temp (°C)", "Year", "Month", "Day", "Min Temp (°C)"])
    assert "Flags in 'Max Temp Flag': an empty cell 58 times, 'E' 2 times. All rows were kept" in told(frame)
    assert "Column 'Year', restates the date (year)" in told(frame)
    frame = read(file, [names, *rows], target="Max Temp (°C)", keep={"Max Temp Flag": ""})
    assert_values(frame, ["Max Temp (°C)", "Year", "Month", "Day", "Min Temp (°C)"], without([9, 30]))


NASA = """\
-BEGIN HEADER-
NASA/POWER Source Native Resolution Daily Data
Dates (month/day/year): 12/01/2019 through 01/29/2020 in LST
Location: latitude  52.5   longitude 13.4
elevation from MERRA-2: Average for 0.5 x 0.625 degree lat/lon region = 47.2 meters
The value for missing source data that cannot be computed or is outside of the sources availability range: -999
parameter(s):
T2M             MERRA-2 Temperature at 2 Meters (C)
-END HEADER-""".splitlines()


@pytest.mark.parametrize("names", ["YEAR,MO,DY,T2M", "YEAR,DOY,T2M"])
def test_nasa_power(file, names):
    parts = ["{0.year},{0.month},{0.day}", "{0.year},{0.day_of_year}"]["DOY" in names]
    rows = [f"{parts.format(day)},{v if i < 58 else -999}" for i, day, v in PAIRS]
    assert "give missing=[-999]," in question(file, [*NASA, names, *rows])
    frame = read(file, [*NASA, names, *rows], missing=[-999])
    assert_values(frame, ["T2M"], VALUES[:58])
    assert "Kept: 2019-12-01 to 2020-01-27. Left out: 0 row(s) before and 2 after." in told(frame)


PLACE = ["latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation"]


def test_open_meteo(file):
    names = "time,temperature_2m_max (°C),precipitation_sum (mm)"
    lines = [*PLACE, "52.52,13.419,38.0,3600,Europe/Berlin,GMT+1", "", names]
    lines += [f"{day:%Y-%m-%d},{v},{i % 5 / 10}" for i, day, v in PAIRS]
    frame = read(file, lines, target="temperature_2m_max (°C)")
    assert_values(frame, names.split(",")[1:])
    assert "The names are in line 4; skipped above the rows: 2 line(s), the first 'latitude,longitude" in told(frame)


def test_open_meteo_by_the_hour(file):
    lines = [*PLACE, "52.52,13.419,38.0,0,GMT,GMT", "", "time,temperature_2m (°C)"]
    lines += [f"{hour:%Y-%m-%dT%H:%M},{hour.day + hour.hour / 10}" for hour in HOURS]
    assert "daily='mean' takes their mean" in question(file, lines)
    frame = read(file, lines, daily="mean")
    assert_values(frame, ["temperature_2m (°C)"], np.arange(1, 31) + 1.15, "2020-01-01")
    assert "Left out: 2020-01-31, incomplete with 4 value(s)." in told(frame)
    for daily, hour in {"sum": 27.6, "last": 2.3, "max": 2.3, "min": 0}.items():
        factor = 24 if daily == "sum" else 1
        assert_values(
            read(file, lines, daily=daily), ["temperature_2m (°C)"], factor * np.arange(1, 31) + hour, "2020-01-01"
        )


# --- rates ----------------------------------------------------------------------------------------------------------

HOLIDAYS = pd.DatetimeIndex(
    [f"{year}-{day}" for year in range(2010, 2016) for day in ("01-01", "12-25", "12-26")]
    + ["2010-04-02", "2010-04-05", "2011-04-22", "2011-04-25", "2012-04-06", "2012-04-09"]
    + ["2013-03-29", "2013-04-01", "2014-04-18", "2014-04-21", "2015-04-03", "2015-04-06"]
)
OPEN = RATES[~RATES.isin(HOLIDAYS)]


def rate(day):
    return round(1.1 + np.sin(day.toordinal() / 90) / 10, 4)


def test_fred(file):
    rows = [f"{day:%Y-%m-%d},{'.' if day in HOLIDAYS else rate(day)}" for day in RATES]
    asked = question(file, ["observation_date,DEXUSEU", *rows], minimum_days=1095)
    assert "Nearly all Saturdays and Sundays are missing, and 01-01, 12-25" in asked
    assert "closed='carry' for rates and prices, which hold on a closed day" in asked
    frame = read(file, ["observation_date,DEXUSEU", *rows], minimum_days=1095, closed="carry")
    assert (len(frame), f"{frame.index[0]:%Y-%m-%d}") == (2189 - 1, "2010-01-04")
    assert frame.loc["2014-04-21", "DEXUSEU"] == rate(pd.Timestamp("2014-04-17"))
    kept = frame.drop(pd.DatetimeIndex(frame.attrs["filled"]))
    assert kept.index.equals(OPEN)
    np.testing.assert_array_equal(kept["DEXUSEU"], [rate(day) for day in OPEN])


def test_ecb(file):
    newest_first = [f"{day:%Y-%m-%d},{rate(day):.4f},{120 + day.day}.5,N/A," for day in OPEN[::-1]]
    arguments = {"target": "USD", "minimum_days": 1095}
    assert "closed='carry'" in question(file, ["Date,USD,JPY,CYP,", *newest_first], **arguments)
    frame = read(file, ["Date,USD,JPY,CYP,", *newest_first], closed="carry", **arguments)
    assert list(frame.columns) == ["USD", "JPY"]
    assert "they were sorted" in told(frame)

    portal = [f'"{day:%Y-%m-%d}","{day:%d %b %Y}","{rate(day):.4f}"' for day in OPEN]
    other = read(
        file,
        ['"DATE","TIME PERIOD","US dollar/Euro (EXR.D.USD.EUR.SP00.A)"', *portal],
        minimum_days=1095,
        closed="carry",
    )
    np.testing.assert_array_equal(other.iloc[:, 0], frame["USD"])

    names = "KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE,OBS_STATUS,DECIMALS,TITLE"
    sdmx = [f"EXR.D.USD.EUR.SP00.A,D,USD,EUR,SP00,A,{day:%Y-%m-%d},{rate(day):.4f},A,4,US dollar/Euro" for day in OPEN]
    other = read(file, [names, *sdmx], minimum_days=1095, closed="carry")
    np.testing.assert_array_equal(other["OBS_VALUE"], frame["USD"])


# --- visits, sales, meters ------------------------------------------------------------------------------------------

ANALYTICS = [f"# {'-' * 40}", "# Example", "# Audience overview", "# 20191201-20200129", f"# {'-' * 40}", ""]


def test_google_analytics(file):
    counts = [880 + 10 * i for i in range(60)]
    quoted = [f'"{count:,}"' if count > 999 else str(count) for count in counts]
    lines = [*ANALYTICS, "Date,Sessions", *(f"{day:%Y%m%d},{count}" for day, count in zip(DAYS, quoted, strict=True))]
    lines += [',"70,500"']
    assert "or with a separator between thousands (give thousands=',')" in question(file, lines)
    frame = read(file, lines, thousands=",")
    assert_values(frame, ["Sessions"], counts)
    assert "Skipped below the rows: 1 line(s), the first ',\"70,500\"'." in told(frame)
    days = [f"{i:04},{count}" for i, count in enumerate(counts)]
    assert question(file, [*ANALYTICS, "Nth day,Active users", *days]).startswith("no column of dates: line 8 holds")
    days = [f"{day:%-m/%-d/%y},{count}" for day, count in zip(DAYS, counts, strict=True)]
    assert "four of them for the year" in question(file, [*ANALYTICS, "Day Index,Users", *days])


def test_matomo(file):
    rows = [f"{day:%Y-%m-%d},{50 + i % 13},{60 + i % 17},{40 + i % 9}%" for i, day, _ in PAIRS]
    lines = ["Date,Unique visitors,Visits,Bounce Rate", *rows]
    frame = read(file, lines, "utf-16", target="Visits")
    assert_values(frame, ["Visits", "Unique visitors"], 60 + np.arange(60) % 17)
    assert "Left out: line 2, column 'Bounce Rate': found '40%' (and 59 more such cells), which is more" in told(frame)
    assert "take units, currency signs and words out" in question(file, lines, target="Bounce Rate")


SALES = np.round(987 + 37.25 * np.arange(60), 2)


@pytest.mark.parametrize(
    ("names", "form", "signs", "encoding"),
    [
        (["sep=;", "Datum;Umsatz in €"], "%d.%m.%Y", ".,", "cp1252"),
        (["Datum;Umsatz in €"], "%d.%m.%Y", "',", "utf-8-sig"),
        (["Date;Chiffre d’affaires"], "%d/%m/%Y", "\u202f,", "utf-8"),
        (["Date;Chiffre d’affaires"], "%d/%m/%Y", "\u00a0,", "cp1252"),
        (["Date,Sales"], "%m/%d/%Y", ",.", "utf-8"),
    ],
    ids=["German", "Swiss", "French", "French, older", "US"],
)
def test_excel(file, names, form, signs, encoding):
    numbers = [f"{sale:,.2f}".translate(str.maketrans(",.", signs)) for sale in SALES]
    mark = '"' if "," in names[-1] else ""
    separator = "," if mark else ";"
    rows = [f"{day.strftime(form)}{separator}{mark}{n}{mark}" for day, n in zip(DAYS, numbers, strict=True)]
    frame = read(file, [*names, *rows, f"Total{separator}{mark}{numbers[-1]}{mark}"], encoding)
    assert_values(frame, [names[-1].split(separator)[1]], SALES)
    assert "has a separator between thousands" in told(frame)
    assert "Skipped below the rows: 1 line(s), the first" in told(frame)


def test_thousands_as_germans_write_them_in_a_file_with_commas(file):
    counts = 987 + 37 * np.arange(60)
    rows = [f"{day:%d.%m.%Y},{f'{n:,}'.replace(',', '.')}" for day, n in zip(DAYS, counts, strict=True)]
    assert question(file, ["Datum,Umsatz", *rows]) == (
        "line 3, column 'Umsatz': found '1.024' (and 58 more such cells), which may be a number with three decimals "
        "(give decimal='.') or with a separator between thousands (give thousands='.')"
    )
    assert_values(read(file, ["Datum,Umsatz", *rows], thousands="."), ["Umsatz"], counts)
    assert read(file, ["Datum,Umsatz", *rows], decimal=".")["Umsatz"].iloc[1] == 1.024


def test_minus_signs_and_spaces_that_only_look_like_them(file):
    rows = [f"{day:%Y-%m-%d},\u2212{value}\u00a0" for _, day, value in PAIRS]
    assert_values(read(file, ["day,loss", *rows]), ["loss"], -VALUES)


def test_a_smart_meter_in_utc(file):
    times = pd.date_range("2020-01-01 00:00", periods=48 * 40 + 7, freq="30min")
    ends = times + pd.Timedelta("30min")
    rows = [
        f"{(t.day + t.hour) / 100:.3f}, {t:%Y-%m-%dT%H:%M:%S}+00:00, {e:%Y-%m-%dT%H:%M:%S}+00:00"
        for t, e in zip(times, ends, strict=True)
    ]
    lines = ["Consumption (kWh), Start, End", *rows]
    assert "'Start', 'End' look like dates; name the right one, as in date='Start'" in question(file, lines)
    assert "amounts, such as single sales, daily='sum' adds them up" in question(file, lines, date="Start")
    frame = read(file, lines, date="Start", daily="sum")
    assert_values(frame, ["Consumption (kWh)"], [(48 * day.day + 2 * 276) / 100 for day in frame.index], "2020-01-01")
    assert "To move all to the days of your place, give its zone" in told(frame)
    moved = read(file, lines, date="Start", daily="sum", timezone="Europe/Athens")
    assert f"{moved.index[0]:%Y-%m-%d} {moved.index[-1]:%Y-%m-%d}" == "2020-01-02 2020-02-09"
    assert "The times were moved to Europe/Athens." in told(moved)
    assert "Left out: 2020-01-01, incomplete with 44 value(s)." in told(moved)
    assert "'London' is no time zone" in question(file, lines, date="Start", daily="sum", timezone="London")


def test_local_midnight_in_utc(file):
    rows = [f"{day - pd.Timedelta('1h'):%Y-%m-%dT%H:%M:%SZ},{value}" for _, day, value in PAIRS]
    frame = read(file, ["time,load", *rows])
    assert_values(frame, ["load"], first="2019-11-30")
    assert "All times are near midnight: is that the midnight of another place?" in told(frame)
    assert_values(read(file, ["time,load", *rows], timezone="Europe/Berlin"), ["load"])
    plain = [row.replace("T23:00:00Z", "") for row in rows]
    assert question(file, ["time,load", *plain], timezone="Europe/Berlin").endswith("leave timezone out")


@pytest.mark.parametrize("form", ["{0.hour}", "{0.hour:02}:{0.minute:02}", "{1}"])
def test_the_hour_in_a_column_of_its_own(file, form):
    rows = [f"{hour:%Y-%m-%d};{form.format(hour, hour.hour + 1)};{hour.day + hour.hour / 10}" for hour in HOURS]
    frame = read(file, ["date;hour;power", *rows], daily="mean")
    assert_values(frame, ["power"], np.arange(1, 31) + 1.15, "2020-01-01")
    parts = [f"{t.year};{t.month};{t.day};{t.hour};{t.day + t.hour / 10}" for t in HOURS]
    frame = read(file, ["Year;Month;Day;Hour;power", *parts], daily="max", minimum_days=20)
    assert_values(frame, ["power"], np.arange(1, 31) + 2.3, "2020-01-01")


def test_a_meter_that_only_grows(file):
    rows = [f"{day:%d.%m.%Y} 00:00;{str(1000 + i * 7.25 + i % 3).replace('.', ',')}" for i, day, _ in PAIRS]
    frame = read(file, ["Zeitpunkt der Messung;Zählerstand (kWh)", *rows])
    assert "never falls: if it is a meter or a total, forecast by how much it grows a day" in told(frame)


def test_a_fitness_tracker(file):
    rows = [f'"{day:%Y-%m-%d}","2,{100 + i * 7 % 80}","{5 + i % 9},{100 + i * 13 % 800}","{v}"' for i, day, v in PAIRS]
    sleep = ["", "Sleep", "Start Time,End Time,Minutes Asleep", '"2020-01-02 11:00PM","2020-01-03 7:00AM","432"']
    lines = ["Activities", "Date,Calories Burned,Steps,Distance", *rows, *sleep]
    frame = read(file, lines, target="Steps")
    assert_values(
        frame, ["Steps", "Calories Burned", "Distance"], [(5 + i % 9) * 1000 + 100 + i * 13 % 800 for i in range(60)]
    )
    assert "Skipped below the rows: 3 line(s), the first 'Sleep'." in told(frame)
    assert "Skipped above" not in told(frame)
    assert "skipped above the rows: 1 line(s), the first 'Activities'." in told(frame)
