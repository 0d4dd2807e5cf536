"""The whole way for any daily record: on all bundled ones, on a random walk, and step by step on made-up days."""

from functools import cache
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers import data, pipeline, plots
from helpers.daily_csv import DataError, read_daily_csv
from helpers.evaluation import Gain, gain
from helpers.forecasting import small_model
from helpers.inputs import A_DAY
from helpers.season import yearly_cycle

STATIONS = ("brussels", "tunis", "champion", "hyderabad")
UNCLEAR, CLEAR = Gain(0.02, -0.01, 0.05), Gain(0.04, 0.01, 0.07)


@cache
def two_units(features: int):
    return small_model(features, units=2, steps=20, jit_compile=False)


@pytest.fixture
def tiny_network(monkeypatch):
    """Two units in place of 16, and few steps: what is tested is the way, not the skill."""
    monkeypatch.setattr(pipeline, "network", lambda features, steps: two_units(features))
    monkeypatch.setattr(pipeline, "EPOCHS", 1)
    monkeypatch.setattr(pipeline, "FEWEST_STEPS", 20)


@pytest.fixture
def no_network(monkeypatch):
    """Persistence in place of networks, for what has nothing to do with them."""

    def echo(seen, train_end, days, seeds):
        values = seen.table.iloc[:, 0] + seen.cycle[seen.table.index]
        return pd.DataFrame({f"seed {seed}": values.shift(1, freq="D")[days] for seed in seeds}), []

    monkeypatch.setattr(pipeline, "train_networks", echo)


def days_from(values, first: str = "2010-01-01", name: str = "value") -> pd.DataFrame:
    index = pd.date_range(first, periods=len(values), freq="D", name="Date")
    return pd.DataFrame({name: np.asarray(values, dtype=float)}, index=index)


def walk(days: int = 3000, seed: int = 10) -> pd.DataFrame:
    return days_from(100 + np.cumsum(np.random.RandomState(seed).standard_normal(days)))


def wavy(days: int = 1095) -> pd.DataFrame:
    """Return a yearly wave with weather on it, which remembers the day before yesterday."""
    noise = np.random.RandomState(0).standard_normal(days + 2)
    weather = noise[2:] + 0.8 * noise[:-2]
    return days_from(10 + 8 * np.sin(2 * np.pi * np.arange(days) / 365.25) + weather)


def check_study(result: pipeline.Study, record: pd.DataFrame) -> None:
    """Check what holds for every record."""
    assert result.forecasts.index[0] == result.train_end + A_DAY
    assert result.forecasts.index[-1] == record.index[-1] + A_DAY
    assert np.isfinite(result.forecasts.to_numpy()).all()
    assert np.allclose(result.forecasts["GRU"], result.networks.mean(axis=1))
    assert result.naive in pipeline.NAIVE
    assert result.choice in (result.naive, "ridge", "GRU")
    assert 0.83 < result.coverages[result.choice] < 0.97
    assert all(pair.startswith(result.choice) for pair in result.on_test)
    words = pipeline.in_words(result, "furlong")
    assert words.count("VERDICT") == 1
    assert "furlong" in words
    first, last = result.train_end + A_DAY, result.validation_end
    assert f"It rests on {record.columns[0]} on the validation days, {first:%Y-%m-%d} to {last:%Y-%m-%d}" in words
    assert f"The day after the record, {result.forecasts.index[-1]:%Y-%m-%d}" in words


@pytest.mark.parametrize("name", STATIONS)
def test_every_station_gets_a_verdict(tiny_network, name):
    record = read_daily_csv(data.path(name), target="tmax")
    result = pipeline.study(record, seeds=(1,))
    check_study(result, record)
    assert result.naive == "damped anomaly"
    assert result.gains["ridge over naive"].share > 0
    assert result.choice != "GRU"
    assert list(result.forecasts) == [*pipeline.NAIVE, "ridge", "GRU"]


def test_the_simulated_record_gets_a_verdict(tiny_network):
    record = read_daily_csv(data.path("simulated"), latest="2031-12-31")
    result = pipeline.study(record, seeds=(1,))
    check_study(result, record)
    assert result.choice == "ridge"
    assert "use the straight line" in pipeline.in_words(result, "°C")


def test_on_a_random_walk_the_verdict_is_the_naive_forecast(tiny_network, tmp_path):
    walk().to_csv(tmp_path / "walk.csv")
    record = read_daily_csv(tmp_path / "walk.csv")
    result = pipeline.study(record, seeds=(1,))
    assert result.choice == result.naive == "persistence"
    words = pipeline.in_words(result, "points")
    assert "VERDICT: neither the GRU nor the straight line clearly beats persistence. Use that." in words
    assert "The series drifts" in words
    assert f"{record.iloc[-1, 0]:.1f} points (persistence)" in words


@pytest.mark.parametrize("seed", range(5))
def test_no_random_walk_is_beaten_by_a_straight_line(no_network, seed):
    result = pipeline.study(walk(seed=seed), seeds=(1,))
    assert result.choice == result.naive
    assert result.naive in ("persistence", "damped anomaly")  # with a share of nearly 1


@pytest.mark.parametrize("seed", range(5))
def test_days_without_a_value_give_no_gain_and_are_not_scored(no_network, tmp_path, seed):
    record = walk(1500, seed)
    record[record.index.day_of_week != 6].to_csv(tmp_path / "no_sundays.csv")
    filled = read_daily_csv(tmp_path / "no_sundays.csv")
    result = pipeline.study(filled, seeds=(1,))
    assert result.choice == result.naive == "persistence"
    assert 6 not in pipeline.measured(filled).index.day_of_week
    test = filled[result.validation_end + A_DAY :]
    sundays = (test.index.day_of_week == 6).sum()
    expected = f"({len(test) - sundays:,} days; {sundays} more had no value and do not count)"
    assert expected in pipeline.in_words(result, "")
    assert "do not count" not in pipeline.in_words(pipeline.study(record, seeds=(1,)), "")


def test_three_calendar_years_have_a_year_to_learn_from(no_network):
    calendar = wavy()
    calendar.index += pd.Timestamp("2021-01-01") - calendar.index[0]
    assert f"{calendar.index[-1]:%Y-%m-%d}" == "2023-12-31"
    assert list(pipeline.study(calendar, seeds=(1,)).forecasts) == [*pipeline.NAIVE, "ridge", "GRU"]


def test_a_monthly_file_is_refused_with_a_reason(tmp_path):
    months = pd.DataFrame({"value": np.arange(240.0) % 12}, index=pd.date_range("2000-01-01", periods=240, freq="MS"))
    months.to_csv(tmp_path / "monthly.csv", index_label="date")
    with pytest.raises(DataError, match=r"monthly.csv: the values are 31 days apart .* look for the daily record"):
        read_daily_csv(tmp_path / "monthly.csv")


def test_a_short_record_runs_forecasts_do_not_look_ahead_and_the_unit_does_not_matter(tiny_network):
    record = wavy()
    result = pipeline.study(record, seeds=(1,))
    check_study(result, record)
    assert list(result.forecasts) == ["persistence", "a week ago", "ridge", "GRU"]  # one day short of a training year

    changed_from = result.validation_end + pd.Timedelta(days=100)
    later = record.copy()
    later.loc[changed_from:] = 55.0 + np.arange((record.index >= changed_from).sum())[:, np.newaxis] % 3
    found = pipeline.study(later, seeds=(1,))
    assert np.allclose(found.forecasts[:changed_from], result.forecasts[:changed_from], atol=1e-5)
    assert np.allclose(found.margins, result.margins, atol=1e-5)
    # the day after the change sees it
    assert (found.forecasts[changed_from:].iloc[1] - result.forecasts[changed_from:].iloc[1]).abs()["GRU"] > 1

    other_unit = pipeline.study(record * 1000 - 5, seeds=(1,))
    assert np.allclose(other_unit.forecasts["GRU"], result.forecasts["GRU"] * 1000 - 5, rtol=1e-3)
    assert other_unit.choice == result.choice
    assert other_unit.gains["ridge over naive"] == pytest.approx(result.gains["ridge over naive"], rel=1e-6)


def test_no_forecaster_learns_from_what_comes_after_the_training_days(tiny_network):
    """The first forecast after them is made from them alone: by the cycle, the scalers, the weights, the inputs."""
    record = wavy(1500).assign(flag=0.0, other=np.random.RandomState(1).standard_normal(1500))
    first = pipeline.split_ends(record)[0] + A_DAY
    later = record.copy()
    days = int((record.index >= first).sum())
    later.loc[first:] = (30 + np.arange(days) % 7 + np.random.RandomState(2).uniform(size=days))[:, np.newaxis]
    expected, found = (pipeline.study(each, seeds=(1,)) for each in (record, later))
    assert list(found.forecasts) == [*pipeline.NAIVE, "ridge", "GRU"]
    assert np.allclose(found.forecasts.loc[first], expected.forecasts.loc[first], atol=1e-5)
    assert found.seen.left_out == expected.seen.left_out == {"flag": "never changes"}
    assert found.seen.weekly == expected.seen.weekly is False
    assert np.allclose(found.seen.cycle, expected.seen.cycle)


def test_the_choice_is_made_on_the_validation_days_and_judged_on_the_test_days(no_network):
    record = wavy(1500)
    result = pipeline.study(record, seeds=(1,))
    assert result.choice == "ridge"
    first = result.validation_end + A_DAY
    other = record.copy()
    forgetful = np.random.RandomState(1).standard_normal(len(record))
    other.loc[first:, "value"] = (yearly_cycle(record["value"], first, record.index) + forgetful)[first:]
    found = pipeline.study(other, seeds=(1,))
    assert (found.naive, found.choice) == (result.naive, result.choice)
    assert found.gains == result.gains
    assert np.allclose(found.margins, result.margins)
    assert found.on_test["ridge over naive"].low < 0 < result.on_test["ridge over naive"].low
    for each, study in ((record, result), (other, found)):
        truth = each["value"][first:]
        expected = gain(truth, study.forecasts.loc[truth.index, "ridge"], study.forecasts.loc[truth.index, study.naive])
        assert study.on_test == {"ridge over naive": expected}
    assert "CAUTION: on the test days it does not clearly beat" in pipeline.in_words(found, "")
    assert "CAUTION: on the test days" not in pipeline.in_words(result, "")


def test_the_interval_is_measured_on_the_validation_days(no_network):
    steps = np.random.RandomState(3).standard_normal(1095)
    result = pipeline.study(days_from(np.cumsum(steps)), seeds=(1,))
    wild_test_days = np.cumsum(steps * np.where(np.arange(1095) < 730, 1, 5))
    found = pipeline.study(days_from(wild_test_days), seeds=(1,))
    assert np.allclose(found.margins, result.margins)
    assert found.margins["GRU"] == pytest.approx(np.sort(np.abs(steps[365:730]))[329])  # number ⌈366 · 0.9⌉ = 330


def test_networks_differ_by_seed_and_each_is_the_same_again(tiny_network):
    record = wavy()
    first, second = (pipeline.study(record, seeds=seeds).networks for seeds in [(1, 2), (2,)])
    assert list(first) == ["seed 1", "seed 2"]
    assert np.abs(first["seed 1"] - first["seed 2"]).max() > 1e-3
    assert np.allclose(first["seed 2"], second["seed 2"], atol=1e-5)


def test_departures_are_learned_and_the_cycle_of_the_right_day_comes_back(monkeypatch):
    """A network that says "as today", heard on departures: yesterday's departure on top of today's cycle."""
    monkeypatch.setattr(pipeline, "network", lambda features, steps: two_units(features))

    def no_change(network, table, train_end, *, seed, steps, changes):
        assert changes
        return table.iloc[:, [0]].set_axis([1], axis=1)

    monkeypatch.setattr(pipeline, "train_and_forecast", no_change)
    record = wavy(1500)
    result = pipeline.study(record, seeds=(1,))
    cycle = yearly_cycle(record["value"], result.train_end, result.forecasts.index)
    departures = record["value"] - yearly_cycle(record["value"], result.train_end, record.index)
    expected = departures.shift(1, freq="D")[cycle.index] + cycle
    assert np.allclose(result.networks["seed 1"], expected)


def weekly_shop(days: int = 1095) -> pd.DataFrame:
    """Return sales, closed on Sundays, busiest on Saturdays."""
    index = pd.date_range("2019-01-01", periods=days)
    busy = np.select([index.day_of_week == 6, index.day_of_week == 5], [0, 1.4], 1)
    season = 300 + 80 * np.sin(2 * np.pi * index.day_of_year / 365)
    return days_from(busy * season * (1 + 0.15 * np.random.RandomState(3).standard_normal(days)), "2019-01-01")


def test_a_few_years_of_a_weekly_shop_are_enough_to_learn_the_week():
    result = pipeline.study(weekly_shop(), seeds=(1,))
    assert result.naive == "a week ago"
    assert result.gains["GRU over naive"].share > 0.1
    assert result.gains["ridge over naive"].low > 0
    words = pipeline.in_words(result, "€")
    assert "Inputs: value; the day of the year and of the week." in words
    assert "VERDICT: use" in words
    assert result.choice != result.naive


def test_no_interval_reaches_below_0_for_a_record_that_never_does(no_network):
    sales = weekly_shop()
    result = pipeline.study(sales, seeds=(1,))
    days = result.forecasts.index
    band = pipeline.intervals(result, days)
    assert result.forecasts.loc[days, result.choice].min() < result.margins[result.choice]
    assert band["low"].min() == 0
    assert (band["low"] <= band["forecast"]).all()
    assert (band["forecast"] <= band["high"]).all()
    sunday = pipeline.intervals(result, days[days.day_of_week == 6][-1:]).iloc[0]
    assert sunday["high"] == pytest.approx(
        result.forecasts.loc[sunday.name, result.choice] + result.margins[result.choice]
    )
    below = pipeline.study(sales - 1, seeds=(1,))  # the Sundays are at -1
    assert pipeline.intervals(below, days)["low"].min() < -10


def test_a_loss_is_said_as_what_it_adds_to_the_error(no_network):
    weekly = 10 * (np.arange(1095) % 7 == 0) + np.random.RandomState(2).standard_normal(1095)
    result = pipeline.study(days_from(weekly), seeds=(1,))  # "as today" where "a week ago" would be right
    share, low, high = (-value for value in result.gains["GRU over naive"])
    assert 0 < high < share < low
    said = f"The GRU adds {share:.1%} to its error (90% interval +{high:.1%} to +{low:.1%})"
    assert said in pipeline.in_words(result, "")


def test_the_drawing_counts_the_observed_days_in_the_band(no_network, monkeypatch):
    told = []
    monkeypatch.setattr(plots, "show", lambda fig, alt: told.append((fig, alt)))
    record = walk(1200)
    result = pipeline.study(record, seeds=(1,))
    pipeline.draw(result, "points", "the end")
    [(fig, alt)] = told
    steps = record["value"].diff().abs().iloc[-60:]
    assert f"{(steps <= result.margins['persistence']).sum()} of the 60 observed days are in the band" in alt
    assert "forecasts of persistence made" in alt
    assert fig.axes[0].get_ylabel() == "value (points)"
    plt.close(fig)


def test_the_gains_are_drawn_and_told(no_network, monkeypatch):
    told = []
    monkeypatch.setattr(plots, "show", lambda fig, alt: told.append((fig, alt)))
    studies = {"walk": pipeline.study(walk(1200), seeds=(1,)), "wave": pipeline.study(wavy(1500), seeds=(1,))}
    pipeline.draw_gains(studies)
    [(fig, alt)] = told
    share, low, high = 100 * np.array(studies["wave"].on_test["ridge over naive"])
    assert f"wave, the chosen one, on the test days: {share:+.1f} ({low:+.1f} to {high:+.1f})" in alt
    assert "walk, the chosen one" not in alt
    assert [text.get_text() for text in fig.legends[0].get_texts()] == [
        "ridge",
        "GRU",
        "the chosen one, on the test days",
    ]
    plt.close(fig)


# --- what the verdict warns of --------------------------------------------------------------------------------------


def test_a_column_that_knows_tomorrow_is_suspected(no_network):
    record = wavy()
    honest = pipeline.in_words(pipeline.study(record, seeds=(1,)), "")
    leaking = record.assign(orders=record["value"].shift(-1).ffill())
    assert "known only later" not in honest
    assert "known only later" in pipeline.in_words(pipeline.study(leaking, seeds=(1,)), "")


def test_an_interval_that_does_not_hold_is_reported(no_network):
    steps = np.random.RandomState(1).standard_normal(1095)
    for factor, word in [(3, "too narrow"), (1 / 3, "too wide")]:
        wilder = steps * np.where(np.arange(1095) < 730, 1, factor)
        assert word in pipeline.in_words(pipeline.study(days_from(np.cumsum(wilder)), seeds=(1,)), "")
    assert "the interval is too" not in pipeline.in_words(pipeline.study(days_from(np.cumsum(steps)), seeds=(1,)), "")


def test_whole_numbers_are_no_sign_of_change(no_network):
    steps = np.random.RandomState(4).randint(-2, 3, size=1500)  # ±2 holds every step, before and after
    result = pipeline.study(days_from(np.cumsum(steps)), seeds=(1,))
    assert result.coverages["persistence"] == 1
    assert "the interval is too" not in pipeline.in_words(result, "")


def test_the_bar_is_chosen_on_the_validation_days(no_network):
    t = np.arange(1500)
    noise = np.random.RandomState(2).standard_normal(1500)
    weekly = 10 * (t % 7 == 0) + 0.1 * noise
    end = len(t) - 360
    weekly[end:] = np.cumsum(noise[end:])  # on the test days, persistence would be the better one
    result = pipeline.study(days_from(weekly), seeds=(1,))
    assert result.naive == "a week ago"


def test_a_target_that_stands_still_on_the_test_days_is_an_error(no_network):
    values = np.random.RandomState(3).standard_normal(1200).cumsum()
    values[-400:] = 7.0
    with pytest.raises(DataError, match=r"the forecast to beat is .* makes no error on many of the days.*; use it"):
        pipeline.study(days_from(values), seeds=(1,))


# --- the steps ------------------------------------------------------------------------------------------------------


def test_the_split_is_in_whole_years_a_year_each_at_least():
    assert [str(end.date()) for end in pipeline.split_ends(data.load("brussels"))] == [
        data.TRAIN_END,
        data.VALIDATION_END,
    ]
    three_years = days_from(np.arange(1096), "2001-01-01")
    assert [str(end.date()) for end in pipeline.split_ends(three_years.iloc[:-1])] == ["2001-12-31", "2002-12-31"]
    fourteen_years = days_from(np.arange(5113), "2001-01-01")
    assert [str(end.date()) for end in pipeline.split_ends(fourteen_years)] == ["2010-12-31", "2012-12-31"]
    with pytest.raises(DataError, match=r"1,094 days are too few.*at least 1,095"):
        pipeline.split_ends(three_years.iloc[:1094])


@pytest.mark.parametrize(
    ("network", "line", "network_over_line", "choice"),
    [
        (UNCLEAR, UNCLEAR, UNCLEAR, "persistence"),
        (UNCLEAR, UNCLEAR, CLEAR, "persistence"),
        (CLEAR, UNCLEAR, UNCLEAR, "persistence"),  # a straight line may be as good
        (CLEAR, UNCLEAR, Gain(-0.02, -0.03, -0.01), "persistence"),  # it is better
        (CLEAR, UNCLEAR, CLEAR, "GRU"),
        (UNCLEAR, CLEAR, UNCLEAR, "ridge"),
        (CLEAR, CLEAR, UNCLEAR, "ridge"),
        (CLEAR, CLEAR, CLEAR, "GRU"),
        (UNCLEAR, CLEAR, CLEAR, "ridge"),
        (CLEAR, CLEAR, Gain(0.01, 0.0, 0.02), "ridge"),
    ],
)
def test_a_forecast_is_used_only_if_it_clearly_beats_all_simpler_ones(network, line, network_over_line, choice):
    assert pipeline.choose(network, line, network_over_line, "persistence") == choice


@pytest.mark.parametrize("gains", list(product((UNCLEAR, CLEAR, Gain(-0.04, -0.07, -0.01)), repeat=3)))
def test_the_verdict_says_what_the_intervals_say(gains):
    network, line, network_over_line = gains
    choice = pipeline.choose(*gains, "persistence")
    named = dict(zip(["GRU over naive", "ridge over naive", "GRU over ridge"], gains, strict=True))
    result = pipeline.Study(*[None] * 7, "persistence", named, choice, on_test={}, margins=0, coverages=0)
    [said] = pipeline._verdict(result, "")
    assert ("use the GRU" in said) == (network.low > 0 and network_over_line.low > 0)
    assert ("use the straight line" in said) == (line.low > 0 and choice != "GRU")
    assert ("neither the GRU nor the straight line" in said) == (choice == "persistence" and network.low <= 0)


@pytest.mark.parametrize(
    ("margin", "value", "text"),
    [
        (3.9, 6.849, "6.8 °C"),
        (0.031, 1.23456, "1.235 °C"),
        (250.0, 1234567.8, "1,234,568 °C"),
        (12.0, 6.849, "7 °C"),
        (0.0, 6.849, "6.8 °C"),
    ],
)
def test_numbers_have_as_many_decimals_as_the_interval_deserves(margin, value, text):
    result = pipeline.Study(*[None] * 9, "ridge", on_test={}, margins=pd.Series({"ridge": margin}), coverages=None)
    assert pipeline.in_unit(value, result, "°C") == text
