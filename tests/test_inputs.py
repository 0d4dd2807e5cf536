"""What goes into the networks of the pipeline: departures, no columns that only count or say the date, the week."""

import numpy as np
import pandas as pd
import pytest

from helpers import data
from helpers.daily_csv import read_daily_csv
from helpers.inputs import A_DAY, inputs, is_weekly
from helpers.season import yearly_cycle

DAYS = pd.date_range("2001-01-01", "2004-12-31", name="Date")
RNG = np.random.default_rng(0)


def made_up(**columns) -> pd.DataFrame:
    return pd.DataFrame({"sold": RNG.normal(100, 10, len(DAYS)), **columns}, DAYS)


@pytest.mark.parametrize("train_end", ["2002-12-31", "2001-12-31"])
def test_columns_that_say_nothing_of_their_own_are_left_out(train_end):
    later_only = np.where(DAYS > train_end, RNG.normal(size=len(DAYS)), 3.0)
    flag = np.isin(DAYS.strftime("%m-%d"), ["01-01", "05-01", "12-25"]).astype(float)
    record = made_up(
        price=later_only,
        row=np.arange(len(DAYS)) + 7.0,
        left=1000.0 - np.arange(len(DAYS)),
        decimal_year=DAYS.year + DAYS.day_of_year / 366,
        stamp=DAYS.strftime("%Y%m%d").astype(float),
        year=DAYS.year.astype(float),
        month=DAYS.month - 1.0,
        period=DAYS.strftime("%Y%m").astype(float),
        week=DAYS.isocalendar().week.to_numpy(dtype=float),
        day=DAYS.day.astype(float),
        weekday_codes=np.array([3, 7, 1, 9, 2, 20, 5.0])[DAYS.day_of_week],
        meter=np.cumsum(RNG.uniform(0.1, 9, len(DAYS))),
        qc=(np.arange(len(DAYS)) % 50 == 3) * 9.0,
        sunday_is_1=(DAYS.day_of_week + 1) % 7 + 1.0,
        holiday=flag,
        weekend=(DAYS.day_of_week > 4).astype(float),
        rain=np.maximum(RNG.normal(size=len(DAYS)), 0),
        visitors=RNG.integers(100, 900, len(DAYS)).astype(float),
    )
    seen = inputs(record, pd.Timestamp(train_end))
    assert list(seen.table.columns[:5]) == ["sold", "holiday", "weekend", "rain", "visitors"]
    assert set(seen.left_out) == set(record.columns) - set(seen.table.columns)
    assert seen.left_out["price"] == "never changes"
    assert seen.left_out["left"] == "counts the rows"
    assert seen.left_out["decimal_year"] == seen.left_out["meter"] == "only rises"
    assert seen.left_out["stamp"] == "restates the date (date)"
    assert seen.left_out["day"] == "restates the date (day of the month)"
    assert seen.left_out["sunday_is_1"] == seen.left_out["weekday_codes"] == "restates the date (weekday)"
    assert seen.left_out["qc"] == "holds quality flags"


def test_they_are_found_where_days_are_missing_in_the_file(tmp_path):
    """A filled day repeats the row before: its date is not that of its day."""
    record = made_up(year=DAYS.year, month=DAYS.month, day=DAYS.day).drop(DAYS[RNG.choice(len(DAYS) - 1, 40)])
    record.insert(0, "number", range(len(record)))
    record.to_csv(tmp_path / "sales.csv")
    found = read_daily_csv(tmp_path / "sales.csv", target="sold")
    assert len(found.attrs["filled"]) > 20
    seen = inputs(found, pd.Timestamp("2002-12-31"))
    assert set(seen.left_out) == {"number", "year", "month", "day"}


def test_the_target_is_never_left_out():
    record = pd.DataFrame({"sold": np.arange(len(DAYS), dtype=float)}, DAYS)
    assert inputs(record, DAYS[800]).left_out == {}


def test_the_bundled_records_lose_no_column():
    for name in data.NAMES:
        record = data.load(name)
        assert inputs(record, record.index[2000]).left_out == {}


def test_inputs_are_departures_of_all_columns_and_the_cycle_reaches_the_next_day():
    record, train_end = data.load("brussels"), pd.Timestamp(data.TRAIN_END)
    seen = inputs(record, train_end)
    assert list(seen.table) == [*record, "sine of the day", "cosine of the day"]
    assert seen.table.index.equals(record.index)
    assert seen.cycle.index[-1] == record.index[-1] + A_DAY
    cycles = yearly_cycle(record, train_end, record.index)
    assert np.allclose(seen.table[record.columns] + cycles, record)
    assert np.allclose(seen.cycle.iloc[:-1], cycles.iloc[:, 0])
    assert not seen.weekly


def test_less_than_a_year_has_no_cycle():
    record = made_up()
    seen = inputs(record, DAYS[363])
    assert (seen.cycle == 0).all()
    assert seen.table["sold"].equals(record["sold"])
    assert inputs(record, DAYS[364]).cycle.any()


def weekly(strength: float, drift: float = 0.0) -> pd.Series:
    noise = np.random.default_rng(1).normal(size=len(DAYS))
    return pd.Series(strength * (DAYS.day_of_week == 5) + noise + np.cumsum(drift * noise), DAYS)


def test_the_week_is_an_input_where_the_record_follows_it():
    record = weekly(5.0).to_frame("sold")
    seen = inputs(record, DAYS[800])
    assert seen.weekly
    week = seen.table.iloc[:, -7:]
    assert set(week) == {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
    assert (week.sum(axis=1) == 1).all()
    assert (week.loc[DAYS.day_name() == "Monday", "Monday"] == 1).all()


def test_a_week_that_begins_after_the_training_days_is_not_known():
    record = weekly(0.0).add(5.0 * (DAYS.day_of_week == 5) * (DAYS > DAYS[500])).to_frame("sold")
    assert not inputs(record, DAYS[500]).weekly
    assert inputs(record, DAYS[-1]).weekly


def test_a_week_is_told_from_chance_and_from_drift():
    assert is_weekly(weekly(5.0))
    assert is_weekly(weekly(5.0, drift=1.0))
    assert not is_weekly(weekly(0.0))
    assert not is_weekly(weekly(0.0, drift=1.0))
    assert not is_weekly(pd.Series(1.0, DAYS))
    every_six_days = pd.Series(5.0 * (np.arange(len(DAYS)) % 6 == 0), DAYS)
    assert not is_weekly(every_six_days)
    rng = np.random.default_rng(2)
    assert sum(is_weekly(pd.Series(rng.normal(size=365))) for _ in range(300)) <= 3
    for name in data.NAMES:
        assert not is_weekly(data.load(name).iloc[:, 0])
