"""What `read_daily_csv` asks, that each answer works, and what its report and its picture say of doubtful places."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers import daily_csv
from helpers.data import DataError, read_daily_csv

DAYS = pd.date_range("2020-01-01", periods=400)
SOLD = np.random.RandomState(2).poisson(30, 400)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "mine.csv"


def read(file, table, **arguments):
    """Return the frame for a DataFrame, or for lines, that were written to the file."""
    if isinstance(table, pd.DataFrame):
        table.to_csv(file, index=False)
    else:
        file.write_text("\n".join(table), encoding="utf-8")
    return read_daily_csv(file, **{"minimum_days": 200} | arguments)


def question(file, table, **arguments):
    with pytest.raises(DataError) as raised:
        read(file, table, **arguments)
    return str(raised.value).removeprefix("mine.csv: ")


def told(frame):
    return "\n".join(frame.attrs["report"])


def shop(days=DAYS, **columns):
    return pd.DataFrame({"date": days.strftime("%Y-%m-%d"), "sold": SOLD[: len(days)]} | columns)


# --- where the table is ---------------------------------------------------------------------------------------------

ROWS = [f"{day:%Y-%m-%d},{sold},{i % 9}" for i, (day, sold) in enumerate(zip(DAYS, SOLD, strict=True))]


@pytest.mark.parametrize(
    ("above", "sentence"),
    [
        (["Sales, shop 7, 2021", "date,sold,returned"], "The names are in line 2; skipped above the rows: 1 line(s)"),
        (["Sales of shop 7", "", "date,sold,returned"], "The names are in line 3; skipped above the rows: 1 line(s)"),
        (["date,sold,returned", ",pieces,pieces"], "The names are in line 1; skipped above the rows: 1 line(s)"),
        (["date,sold,returned", "yyyy-mm-dd,n,n"], "The names are in line 1; skipped above the rows: 1 line(s)"),
        (
            ["# by the till", "date,sold,returned", "# one row a day"],
            "skipped above the rows: 1 line(s), the first '# by",
        ),
        (["# date,sold,returned"], "The target is column"),
        (
            ["date,sold,returned", "shop,7th,7th", "Date,,"],
            "The names are in line 1; skipped above the rows: 2 line(s)",
        ),
        (
            ["shop,7", "from,2020-01-01", "date,sold,returned"],
            "The names are in line 3; skipped above the rows: 2 line(s)",
        ),
    ],
)
def test_the_names_are_found(file, above, sentence):
    frame = read(file, above + ROWS, target="sold")
    assert list(frame.columns) == ["sold", "returned"]
    np.testing.assert_array_equal(frame["sold"], SOLD)
    assert sentence in told(frame)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([*ROWS, "Total,12003,1600"], "Skipped below the rows: 1 line(s), the first 'Total,12003,1600'."),
        (
            [*ROWS, "", "Source: the till, 2021"],
            "Skipped below the rows: 1 line(s), the first 'Source: the till, 2021'.",
        ),
        ([*ROWS[:9], "# a flood, 2020-01-09", *ROWS[9:]], "Skipped among the rows: 1 line(s), the first '# a flood"),
    ],
)
def test_what_stands_below_and_among_the_rows_is_skipped(file, lines, sentence):
    frame = read(file, ["date,sold,returned", *lines], target="sold")
    np.testing.assert_array_equal(frame["sold"], SOLD)
    assert sentence in told(frame)


def test_a_row_that_is_damaged_is_not_skipped(file):
    names = ["date,sold,returned"]
    assert "line 402, column 'date': found '2021-02-30'" in question(
        file, [*names, *ROWS, "2021-02-30,5,5"], target="sold"
    )
    assert "line 402 has 4 cells, the header has 3" in question(
        file, [*names, *ROWS, "2021-02-04,5,5,5"], target="sold"
    )
    assert "line 2, column 'date': found '2020-13-01'" in question(
        file, [*names, "2020-13-01,5,5", *ROWS], target="sold"
    )


def test_times_in_some_rows_only(file):
    table = shop()
    table.loc[table.index % 2 == 0, "date"] += " 00:00"
    np.testing.assert_array_equal(read(file, table)["sold"], SOLD)


# --- several rows a day ---------------------------------------------------------------------------------------------


def stacked():
    shops = [
        shop(shop=name, temperature=np.arange(400) % 7).assign(sold=SOLD + 100 * n) for n, name in enumerate("ABC")
    ]
    return pd.concat(shops).sort_values(["date", "shop"])


def test_stacked_series_are_never_averaged(file):
    asked = (
        "the file holds several series, told apart by column 'shop' ('A', 'B', 'C'). Choose one, as in "
        "keep={'shop': 'A'}; or, if their total is wanted, give daily='sum'"
    )
    for daily in (None, "mean", "last", "max", "min"):
        assert question(file, stacked(), target="sold", daily=daily) == asked
    np.testing.assert_array_equal(read(file, stacked(), target="sold", keep={"shop": "B"})["sold"], SOLD + 100)
    total = read(file, stacked(), target="sold", daily="sum")
    np.testing.assert_array_equal(total["sold"], 3 * SOLD + 300)
    assert (
        "Rows that differ in 'shop' were added up ('A', 'B', 'C'): if one of them is the total of the others, read it "
        "alone, as in keep={'shop': 'C'}."
    ) in told(total)
    assert question(file, stacked(), keep={"shop": "D"}).endswith("column 'shop' has only 'A', 'B', 'C'")
    assert question(file, stacked(), keep={"Shop": "A"}).startswith("there is no column for keep='Shop'")


def test_series_that_two_columns_tell_apart(file):
    table = pd.concat([stacked().assign(item=item, sold=SOLD.repeat(3) + item) for item in (1, 2)])
    asked = question(file, table, target="sold")
    assert "told apart by column 'shop' ('A', 'B', 'C') and 'item' ('1', '2')" in asked
    assert "keep={'shop': 'A', 'item': '1'}" in asked
    np.testing.assert_array_equal(read(file, table, target="sold", keep={"shop": "A", "item": 1})["sold"], SOLD + 1)


def test_stacked_series_with_several_rows_a_day(file):
    hours = pd.date_range("2020-01-01", periods=24 * 250, freq="h")
    table = pd.concat([
        pd.DataFrame({"time": hours.strftime("%Y-%m-%d %H:%M"), "device": name, "power": hours.hour + hours.day + n})
        for n, name in enumerate(("x", "y"))
    ])  # fmt: skip
    assert "told apart by column 'device' ('x', 'y')" in question(file, table, daily="mean")
    assert "daily='mean' takes their mean" in question(file, table, keep={"device": "y"})
    frame = read(file, table, keep={"device": "y"}, daily="max")
    np.testing.assert_array_equal(frame["power"], 24 + frame.index.day)


def test_devices_that_take_turns_are_told(file):
    times = pd.date_range("2020-01-01", periods=48 * 250, freq="30min")
    turns = np.arange(len(times)) % 2
    table = pd.DataFrame(
        {"time": times.strftime("%Y-%m-%d %H:%M"), "device": turns + 7, "power": times.day + 9 * turns}
    )
    frame = read(file, table, target="power", daily="mean")
    sentence = "Rows with '7', '8' in column 'device' were put together: if they are not of one kind, choose one, as in"
    assert f"{sentence} keep={{'device': '7'}}." in told(frame)
    frame = read(file, table, keep={"device": "7"}, daily="mean")
    np.testing.assert_array_equal(frame["power"], frame.index.day)
    assert "put together" not in told(frame)


def test_another_shop_further_down_is_told(file):
    table = shop(shop=["North"] * 150 + ["South"] * 250)
    sentence = (
        "Column 'shop' changes from 'North' to 'South' in line 152: if another series begins there, choose one, as in"
    )
    frame = read(file, table)
    assert f"{sentence} keep={{'shop': 'South'}}." in told(frame)
    assert len(read(file, table, keep={"shop": "South"})) == 250
    assert "changes from" not in told(read(file, shop(weather=["wet", "dry"] * 200, note=[""] * 399 + ["stocktaking"])))


def test_hours_that_are_named_by_their_end(file):
    rows = [f"{day:%Y-%m-%d} {hour:02}:00,{day.day + hour}" for day in DAYS for hour in range(1, 25)]
    np.testing.assert_array_equal(read(file, ["time,x", *rows], daily="last")["x"], DAYS.day + 24)


def test_single_sales_are_added_up(file):
    random = np.random.RandomState(0)
    days = DAYS[np.sort(random.randint(0, 400, 3000))].union(DAYS[[0, -1]])
    days = days.append(DAYS[random.randint(0, 400, 3000)]).sort_values()
    days = days[~days.isin(DAYS[[50, 51, 52, 53, 54]])]
    table = pd.DataFrame({"date": days.strftime("%d.%m.%Y"), "price": random.randint(1, 90, len(days))})
    frame = read(file, table, daily="sum", closed=0)
    assert frame["price"].iloc[50:55].tolist() == [0] * 5
    assert frame["price"].sum() == table["price"].sum()
    assert len(frame.attrs["filled"]) == 5
    assert "Whether the first and the last day are complete, nothing tells." in told(frame)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ({"daily": "median"}, "daily='median' is not known; give 'mean' or 'sum' or 'last' or 'max' or 'min'"),
        ({"closed": "zero"}, "closed='zero' is not known; give closed='carry', or a number such as closed=0"),
        ({"closed": np.nan}, "closed=nan is not known; give closed='carry', or a number such as closed=0"),
        ({"keep": "A"}, "keep='A' names no column; write it as in keep={'shop': '7'}"),
        ({"missing": 5j}, "missing=5j is no list of codes; write it as in missing=[-999]"),
        ({"thousands": "_"}, "thousands='_' separates no thousands; give '.', ',', ' ' or \"'\""),
        ({"decimal": ",", "thousands": ","}, "decimal and thousands cannot both be ','; leave one of them out"),
    ],
)
def test_arguments_that_are_not_known(file, arguments, what):
    assert question(file, shop(), **arguments) == what


# --- closed days ----------------------------------------------------------------------------------------------------


def test_closed_sundays_and_a_closed_fortnight(file):
    open_days = DAYS[(DAYS.day_of_week != 6) & ~DAYS.isin(DAYS[200:214])]
    table = shop(open_days)
    asked = question(file, table, minimum_days=380)
    assert "Nearly all Sundays are missing (69 days without a value)." in asked
    assert "give closed=0 for counts, or closed='carry' for rates and prices" in asked
    zero = read(file, table, minimum_days=380, closed=0)
    carried = read(file, table, minimum_days=380, closed="carry")
    missing = DAYS[~DAYS.isin(open_days)]
    for frame in (zero, carried):
        assert frame.index.equals(DAYS)
        assert frame.attrs["filled"] == missing.strftime("%Y-%m-%d").tolist()
    assert (zero.loc[missing, "sold"] == 0).all()
    assert (carried.loc[DAYS[200:214], "sold"] == carried["sold"].iloc[199]).all()
    told_only = read(file, shop(DAYS[DAYS.day_of_week != 6]))
    assert "Nearly all Sundays are missing (57 days without a value). A closed day is not one on which" in told(
        told_only
    )
    assert "closed" not in told(read(file, shop()))


def test_what_would_not_help_is_not_offered(file):
    table = shop(DAYS[:150].append(DAYS[260:]))
    assert question(file, table).endswith("; get a longer record")


# --- codes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "places", "values"),
    [
        (-999, [5], np.arange(400) * 37 % 960),  # minutes of sunshine
        (-999, [5, 6, 70, 90], np.arange(400) * 37 % 960),
        (-99, range(5, 300, 11), np.round(250 * np.sin(np.arange(400) / 58) + np.arange(400) % 17)),  # inside the range
        (9999, [7], SOLD),
        (99.9, [7, 8, 50], SOLD / 10),
        (-9999, [7], np.arange(400) * 37 % 960 - 400),
        (1e20, [7], SOLD),
        (-1, [7, 8, 90], SOLD),
    ],
)
def test_codes_are_asked_about(file, code, places, values):
    values = np.asarray(values, float)
    values[list(places)] = code
    table = shop().assign(sold=values)
    asked = question(file, table)
    answer = f"missing=[{code:.10g}]"
    assert f"Such a value may mean that nothing was measured: then give {answer}," in asked
    frame = read(file, table, missing=[code])
    assert len(frame.attrs["filled"]) == len(places)
    assert code not in frame["sold"].to_numpy()
    assert f"(and {len(places) - 1} more such cells) means that nothing was measured" in told(frame) or len(places) == 1
    assert (read(file, table, missing=[])["sold"] == code).sum() == len(places)
    assert "Such values were kept." in told(read(file, table, missing=[-5]))


@pytest.mark.parametrize(
    "values",
    [
        np.arange(400) * 37 % 1100,  # 999 among others
        np.clip(np.arange(400) * 7 % 130, 0, 99),  # percent that end at 99, now and then
        SOLD * 33,
        np.round(np.random.RandomState(1).gamma(0.3, 400, 400)),
    ],
)
def test_numbers_that_are_none(file, values):
    values = np.asarray(values, float)
    if values.max() == 99:
        values[::3] += 0.5
    assert len(read(file, shop().assign(sold=values))) == 400


def test_amounts_with_a_sign_of_currency_are_not_passed_over(file):
    table = shop(price=[f"${sold}.50" for sold in SOLD])
    assert question(file, table).startswith("'sold', 'price' hold numbers; name the one to forecast")
    assert "take units, currency signs and words out of the column" in question(file, table, target="price")
    assert "Left out: line 2, column 'price': found '$" in told(read(file, table, target="sold"))


def test_words_for_not_measured(file):
    table = shop().astype({"sold": str})
    table.loc[[7, 9], "sold"] = "M"
    assert question(file, table).endswith("only if nothing was measured, empty the cell, or give missing=['M']")
    assert read(file, table, missing=["M"]).attrs["filled"] == ["2020-01-08", "2020-01-10"]
    table.loc[[7, 9], "sold"] = "-"
    assert question(file, table).endswith("write 0, or give missing=['-']")
    assert read(file, table, missing="-").attrs["filled"] == ["2020-01-08", "2020-01-10"]


# --- what is doubtful -----------------------------------------------------------------------------------------------


def test_columns_that_are_no_inputs(file):
    table = shop(
        No=np.arange(1, 401),
        year=DAYS.year,
        month=DAYS.month,
        day=DAYS.day,
        yday=DAYS.day_of_year,
        weekday=DAYS.day_of_week + 1,
        q_sold=(np.arange(400) % 50 == 3) * 9,
        promotion=(np.arange(400) % 6 == 3) * 1,
        temperature=SOLD * 3 % 41,
    )
    frame = read(file, table, target="sold")
    expected = {
        "No": "counts the rows",
        "year": "restates the date (year)",
        "month": "restates the date (month)",
        "day": "restates the date (day of the month)",
        "yday": "restates the date (day of the year)",
        "weekday": "restates the date (weekday)",
        "q_sold": "holds quality flags",
    }
    assert daily_csv.not_inputs(frame) == expected
    for name, reason in expected.items():
        assert f"Column {name!r}, {reason}: lowest" in told(frame)
    assert "Column 'promotion': lowest 0, middle 0, highest 1; 0 day(s) without a value, filled" in told(frame)
    assert daily_csv.not_inputs(frame.assign(same=5.0))["same"] == "never changes"
    # they leave no doubt about which column is meant
    assert read(file, table[["date", "sold", "No", "year", "q_sold"]]).columns[0] == "sold"
    indexed = shop().reset_index()
    assert list(read(file, indexed.rename(columns={"index": ""})).columns) == ["sold", "column 1"]


@pytest.mark.parametrize(
    ("start", "stop", "value", "sentence"),
    [
        (100, 190, 31, "Column 'sold' is 31 on 90 days on end, 2020-04-10 to 2020-07-08: was it measured"),
        (100, 160, 0, "Column 'sold' is 0 on 60 days on end"),
        (100, 109, 31, ""),
        (100, 120, 0, ""),
    ],
)
def test_equal_values_on_end(file, start, stop, value, sentence):
    values = SOLD.copy()
    values[[start - 1, stop]] = 50
    values[start:stop] = value
    report = told(read(file, shop().assign(sold=values)))
    assert sentence in report
    assert ("on end" in report) == bool(sentence)
    assert f"longest run of equal values {stop - start} day(s), from 2020-04-10" in report


def test_the_report_is_drawn_with_the_doubtful_places_marked(file, monkeypatch):
    values = SOLD.astype(float)
    values[100:160] = 31
    values[300] = 900
    values[7] = np.nan
    frame = read(file, shop(No=np.arange(400), heat=SOLD % 5).assign(sold=values), target="sold")
    shown = {}
    monkeypatch.setattr("helpers.plots.show", lambda fig, alt: shown.update(fig=fig, alt=alt))
    daily_csv.draw_report(frame)
    assert [ax.get_ylabel() for ax in shown["fig"].axes] == ["sold", "No", "heat"]
    labels = {text.get_text() for text in shown["fig"].legends[0].get_texts()}
    assert labels == {"far from most others", "equal values on end", "no value, filled"}
    for words in ("2020-01-01 to 2021-02-03", "1 day(s) of sold had no value", "on 60 days on end", "900 to 900"):
        assert words in shown["alt"]
    plt.close(shown["fig"])
    frame.attrs.clear()
    daily_csv.draw_report(frame[["heat"]])
    plt.close(shown["fig"])
    assert "Nothing in it is doubtful." in shown["alt"]
    assert not shown["fig"].legends[0].get_texts()
