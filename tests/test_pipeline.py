"""The whole way for any daily record: on all bundled ones, on a random walk, and step by step on made-up days."""

from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers import data, models, pipeline, plots
from helpers.daily_csv import DataError, read_daily_csv
from helpers.pipeline import Gain
from helpers.season import with_season

STATIONS = ("brussels", "tunis", "champion", "hyderabad")
UNCLEAR, CLEAR = Gain(0.02, -0.01, 0.05), Gain(0.04, 0.01, 0.07)


@pytest.fixture
def tiny_network(monkeypatch):
    """Two units in place of 32, and no XLA: what is tested is the way, not the skill. Holds the networks made."""
    made = []

    def network(*size, **options):
        made.append(models.right_sized_model(*size, units=2, **options))
        made[-1].jit_compile = False
        return made[-1]

    monkeypatch.setattr(pipeline, "right_sized_model", network)
    return made


@pytest.fixture
def no_network(monkeypatch):
    """Persistence in place of networks, for what has nothing to do with them."""

    def echo(table, train_end, validation_end, seeds, epochs):
        days = table.index[pipeline.TIME_STEP :].append(table.index[-1:] + pipeline.A_DAY)
        return pd.DataFrame({f"seed {seed}": table.iloc[:, 0].shift(1, freq="D").reindex(days) for seed in seeds})

    monkeypatch.setattr(pipeline, "train_networks", echo)


def days_from(values, first: str = "2010-01-01", name: str = "value") -> pd.DataFrame:
    index = pd.date_range(first, periods=len(values), freq="D", name="Date")
    return pd.DataFrame({name: np.asarray(values, dtype=float)}, index=index)


def walk(days: int = 3000, seed: int = 10) -> pd.DataFrame:
    return days_from(100 + np.cumsum(np.random.RandomState(seed).standard_normal(days)))


def wavy(days: int = 1095) -> pd.DataFrame:
    """Return a yearly wave with weather on it."""
    noise = np.random.RandomState(0).standard_normal(days + 1)
    weather = noise[1:] + 0.6 * noise[:-1]
    return days_from(10 + 8 * np.sin(2 * np.pi * np.arange(days) / 365.25) + weather)


def check_study(result: pipeline.Study, record: pd.DataFrame) -> None:
    """Check what holds for every record."""
    assert result.forecasts.index[0] == result.train_end + pipeline.A_DAY
    assert result.forecasts.index[-1] == record.index[-1] + pipeline.A_DAY
    assert np.isfinite(result.forecasts.to_numpy()).all()
    assert np.allclose(result.forecasts["GRU"], result.networks.mean(axis=1))
    assert result.naive in pipeline.NAIVE
    assert result.choice in (result.naive, "ridge", "GRU")
    assert 0.83 < result.coverages[result.choice] < 0.97
    words = pipeline.in_words(result, "furlong")
    assert words.count("VERDICT") == 1
    assert "furlong" in words
    assert f"The day after the record, {result.forecasts.index[-1]:%Y-%m-%d}" in words


@pytest.mark.parametrize("name", STATIONS)
def test_every_station_gets_a_verdict(tiny_network, name):
    record = read_daily_csv(data.path(name), target="tmax")
    result = pipeline.study(record, seeds=(1,), epochs=1)
    check_study(result, record)
    assert result.gains["ridge over naive"].low > 0
    assert result.choice != result.naive


def test_the_simulated_record_gets_a_verdict(tiny_network):
    record = read_daily_csv(data.path("simulated"), latest="2031-12-31")
    result = pipeline.study(record, seeds=(1,), epochs=1)
    check_study(result, record)
    assert result.choice == "ridge"
    assert "use the straight line" in pipeline.in_words(result, "°C")


def test_on_a_random_walk_the_verdict_is_the_naive_forecast(tiny_network, tmp_path):
    walk().to_csv(tmp_path / "walk.csv")
    record = read_daily_csv(tmp_path / "walk.csv")
    result = pipeline.study(record, seeds=(1,), epochs=1)
    assert result.choice == result.naive == "persistence"
    words = pipeline.in_words(result, "points")
    assert "VERDICT: neither the GRU nor the straight line clearly beats persistence. Use that." in words
    assert "The series drifts" in words
    assert f"{record.iloc[-1, 0]:.1f} points (persistence)" in words


@pytest.mark.parametrize("seed", range(5))
def test_no_random_walk_is_beaten_by_a_straight_line(no_network, seed):
    result = pipeline.study(walk(seed=seed), seeds=(1,))
    assert result.choice == result.naive == "persistence"


@pytest.mark.parametrize("seed", range(5))
def test_days_without_a_value_give_no_gain_and_are_not_scored(no_network, tmp_path, seed):
    record = walk(1500, seed)
    record[record.index.day_of_week != 6].to_csv(tmp_path / "no_sundays.csv")
    filled = read_daily_csv(tmp_path / "no_sundays.csv")
    result = pipeline.study(filled, seeds=(1,))
    assert result.choice == result.naive == "persistence"
    assert 6 not in pipeline.measured(filled).index.day_of_week
    test = filled[result.validation_end + pipeline.A_DAY :]
    sundays = (test.index.day_of_week == 6).sum()
    expected = f"({len(test) - sundays:,}; {sundays} more had no value and do not count)."
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
    result = pipeline.study(record, seeds=(1,), epochs=1)
    check_study(result, record)
    assert list(result.forecasts) == ["persistence", "a week ago", "ridge", "GRU"]  # one day short of a training year

    changed_from = result.validation_end + pd.Timedelta(days=100)
    later = record.copy()
    later.loc[changed_from:] = 55.0 + np.arange((record.index >= changed_from).sum())[:, np.newaxis] % 3
    found = pipeline.study(later, seeds=(1,), epochs=1)
    assert np.allclose(found.forecasts[:changed_from], result.forecasts[:changed_from], atol=1e-5)
    assert np.allclose(found.half_widths, result.half_widths, atol=1e-5)
    # the day after the change sees it
    assert (found.forecasts[changed_from:].iloc[1] - result.forecasts[changed_from:].iloc[1]).abs()["GRU"] > 1

    other_unit = pipeline.study(record * 1000 - 5, seeds=(1,), epochs=1)
    assert np.allclose(other_unit.forecasts["GRU"], result.forecasts["GRU"] * 1000 - 5, rtol=1e-3)
    assert other_unit.choice == result.choice
    assert other_unit.gains["ridge over naive"] == pytest.approx(result.gains["ridge over naive"], rel=1e-6)


def test_what_comes_after_the_training_days_is_neither_learned_nor_scaled(tiny_network):
    """One epoch, so there is no best one to choose on the validation days."""
    table = with_season(wavy())
    ends = table.index[[364, 729]]
    later = table.copy()
    later.loc[ends[0] + pipeline.A_DAY :, "value"] = 30.0 + np.arange(730) % 3
    expected, found = (
        pipeline.train_networks(t, *ends, (1,), 1).loc[: ends[0] + pipeline.A_DAY] for t in (table, later)
    )
    assert len(found) > 300
    assert np.allclose(found, expected, atol=1e-6)


def test_the_plain_forecasts_learn_from_the_training_days_only():
    record = wavy(1500)
    train_end = record.index[799]
    later = record.copy()
    later.loc[train_end + pipeline.A_DAY :, "value"] = 30.0 + np.arange(700) % 3
    expected, found = (
        pipeline.plain_forecasts(each, with_season(each), train_end, record.index[800:]) for each in (record, later)
    )
    assert list(found) == [*pipeline.NAIVE, "ridge"]
    assert np.allclose(found.iloc[0], expected.iloc[0])


def test_the_interval_is_measured_on_the_validation_days(no_network):
    steps = np.random.RandomState(3).standard_normal(1095)
    result = pipeline.study(days_from(np.cumsum(steps)), seeds=(1,))
    wild_test_days = np.cumsum(steps * np.where(np.arange(1095) < 730, 1, 5))
    found = pipeline.study(days_from(wild_test_days), seeds=(1,))
    assert np.allclose(found.half_widths, result.half_widths)
    assert found.half_widths["GRU"] == pytest.approx(np.sort(np.abs(steps[365:730]))[329])  # number ⌈366 · 0.9⌉ = 330


def test_networks_differ_by_seed_and_each_is_the_same_again(tiny_network):
    table = with_season(wavy())
    ends = table.index[[364, 729]]
    first, second = (pipeline.train_networks(table, *ends, seeds, 1) for seeds in [(1, 2), (2,)])
    assert list(first) == ["seed 1", "seed 2"]
    assert np.abs(first["seed 1"] - first["seed 2"]).max() > 1e-3
    assert np.allclose(first["seed 2"], second["seed 2"], atol=1e-5)
    assert first.index[0] == table.index[pipeline.TIME_STEP]
    assert first.index[-1] == table.index[-1] + pipeline.A_DAY


def test_a_network_goes_back_to_its_best_epoch_on_the_validation_days(tiny_network):
    values = np.random.RandomState(11).standard_normal(1095)
    values[365:] = np.arange(730) / 50  # "back to the mean", learned from noise, is wrong on a ramp
    table = with_season(days_from(values))
    train_end, validation_end = table.index[[364, 729]]
    forecast = pipeline.train_networks(table, train_end, validation_end, (1,), 60)["seed 1"]
    losses = tiny_network[0].history.history["val_loss"]
    assert len(losses) == np.argmin(losses) + 1 + pipeline.PATIENCE < 60
    truth, train = table["value"], table["value"][:train_end]
    error = (forecast - truth)[train_end + pipeline.A_DAY : validation_end]
    assert np.mean(error**2) / train.var(ddof=0) == pytest.approx(min(losses), rel=1e-3)


def test_a_few_years_of_a_weekly_shop_are_enough_to_learn_the_week():
    days = pd.date_range("2019-01-01", periods=1095)
    busy = np.select([days.day_of_week == 6, days.day_of_week == 5], [0, 1.4], 1)
    season = 300 + 80 * np.sin(2 * np.pi * days.day_of_year / 365)
    sales = busy * season * (1 + 0.15 * np.random.RandomState(3).standard_normal(len(days)))
    result = pipeline.study(days_from(sales, "2019-01-01"), seeds=(1,))
    assert result.naive == "a week ago"
    assert result.gains["GRU over naive"].share > 0.1
    words = pipeline.in_words(result, "€")
    assert "The GRU takes away" in words


def test_the_length_of_training_is_what_the_lesson_says():
    three_years = 3 * 365 - pipeline.TIME_STEP
    assert (three_years // pipeline.BATCH, pipeline.BATCH, pipeline.STEPS) == (16, 64, 1250)


def test_a_loss_is_said_as_what_it_adds_to_the_error(no_network):
    weekly = 10 * (np.arange(1095) % 7 == 0) + np.random.RandomState(2).standard_normal(1095)
    result = pipeline.study(days_from(weekly), seeds=(1,))  # "as today" where "a week ago" would be right
    share, low, high = (-value for value in result.gains["GRU over naive"])
    assert 0 < high < share < low
    said = f"The GRU adds {share:.1%} to its error (95% interval +{high:.1%} to +{low:.1%})"
    assert said in pipeline.in_words(result, "")


def test_the_drawing_counts_the_observed_days_in_the_band(no_network, monkeypatch):
    told = []
    monkeypatch.setattr(plots, "show", lambda fig, alt: told.append((fig, alt)))
    record = walk(1200)
    result = pipeline.study(record, seeds=(1,))
    pipeline.draw(result, "points", "the end")
    [(fig, alt)] = told
    steps = record["value"].diff().abs().iloc[-60:]
    assert f"{(steps <= result.half_widths['persistence']).sum()} of the 60 observed days are in the band" in alt
    assert "forecasts of persistence made" in alt
    assert fig.axes[0].get_ylabel() == "value (points)"
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
    with pytest.raises(DataError, match="makes no error: there is nothing to beat"):
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


def test_the_season_joins_december_and_january():
    table = with_season(days_from(np.arange(731), "2001-01-01"))
    season = table.iloc[:, 1:]
    steps = np.linalg.norm(season.diff().iloc[1:], axis=1)
    assert list(table.columns[:1]) == ["value"]
    assert steps.max() < 0.03
    assert steps.min() > 0.003
    assert np.linalg.norm(season.iloc[0] - season.iloc[182]) > 1.99


def test_a_gain_is_the_share_of_the_error_and_has_an_interval():
    truth = walk(365).iloc[:, 0]
    noise = pd.Series(np.random.RandomState(4).standard_normal(365), index=truth.index)
    half = pipeline.gain(truth, (truth + noise / 2).to_frame(), truth + noise)
    assert half.share == pytest.approx(0.5)
    assert 0.4 < half.low < half.share < half.high < 0.6
    same = pipeline.gain(truth, (truth + noise).to_frame(), truth + noise)
    assert same == pytest.approx((0, 0, 0))
    worse = pipeline.gain(truth, (truth + 1.2 * noise).to_frame(), truth + noise)
    assert worse.high < 0


def test_the_interval_holds_the_luck_of_the_seeds():
    truth = walk(365).iloc[:, 0]
    noise = pd.Series(np.random.RandomState(5).standard_normal(365), index=truth.index)
    opposite = pd.DataFrame({"a": truth + noise / 2, "b": truth - noise / 2})
    found = pipeline.gain(truth, opposite, truth + noise)
    assert found.share == pytest.approx(1)  # together they are perfect
    assert found.low < 0.6  # one of them alone is not


def test_the_interval_knows_that_neighbouring_days_are_alike():
    truth = walk(730).iloc[:, 0]
    spells = pd.Series(np.repeat(np.random.RandomState(6).standard_normal(73), 10), index=truth.index)
    other = pd.Series(np.repeat(np.random.RandomState(7).standard_normal(73), 10), index=truth.index)
    day_by_day, in_blocks = (
        pipeline.gain(truth, (truth + other).to_frame(), truth + spells, block=block) for block in (1, 30)
    )
    assert in_blocks.high - in_blocks.low > 1.8 * (day_by_day.high - day_by_day.low)


def test_days_are_drawn_in_pairs():
    truth = walk(365).iloc[:, 0]
    noise = pd.Series(3 * np.random.RandomState(8).standard_normal(365), index=truth.index)
    found = pipeline.gain(truth, (truth + 0.95 * noise).to_frame(), truth + noise)
    assert found.high - found.low < 0.02  # unpaired, it would be ten times as wide


def test_the_conformal_width_is_the_right_error():
    truth = days_from(np.zeros(99)).iloc[:, 0]
    errors = np.random.RandomState(9).permutation(np.arange(1.0, 100)) * np.where(np.arange(99) % 2, 1, -1)
    assert pipeline.conformal_half_width(truth, truth + errors) == 90
    assert pipeline.conformal_half_width(truth, truth + errors, coverage=0.5) == 50
    with pytest.raises(ValueError, match="8 days are too few for an interval that covers 90%"):
        pipeline.conformal_half_width(truth[:8], truth[:8])
    assert pipeline.conformal_half_width(truth[:9], truth[:9] + errors[:9]) == np.abs(errors[:9]).max()


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
    result = pipeline.Study(*[None] * 5, naive="persistence", gains=named, choice=choice, half_widths=0, coverages=0)
    [said] = pipeline._verdict(result)
    assert ("use the GRU" in said) == (network.low > 0 and network_over_line.low > 0)
    assert ("use the straight line" in said) == (line.low > 0 and choice != "GRU")
    assert ("neither the GRU nor the straight line" in said) == (choice == "persistence" and network.low <= 0)


@pytest.mark.parametrize(
    ("half_width", "value", "text"),
    [
        (3.9, 6.849, "6.8 °C"),
        (0.031, 1.23456, "1.235 °C"),
        (250.0, 1234567.8, "1,234,568 °C"),
        (12.0, 6.849, "7 °C"),
        (0.0, 6.849, "6.8 °C"),
    ],
)
def test_numbers_have_as_many_decimals_as_the_interval_deserves(half_width, value, text):
    result = pipeline.Study(*[None] * 7, choice="ridge", half_widths=pd.Series({"ridge": half_width}), coverages=None)
    assert pipeline.in_unit(value, result, "°C") == text
