"""The yearly cycle: found where it was put, blind to later days, and undone without a trace."""

import numpy as np
import pandas as pd
import pytest

from helpers import data
from helpers.season import angle_of_year, with_season, yearly_cycle

BRUSSELS = data.load("brussels")
DAYS = BRUSSELS.index


def made_of_waves(days: pd.DatetimeIndex) -> pd.DataFrame:
    angle = angle_of_year(days)
    return pd.DataFrame({"a": 10 + 8 * np.sin(angle) - 2 * np.cos(3 * angle), "b": 5 - np.cos(2 * angle)}, days)


def test_a_cycle_of_three_waves_is_found_and_goes_on():
    record, later = made_of_waves(DAYS[:1000]), DAYS[5000:5400]
    cycle = yearly_cycle(record, "1977-12-31", later)
    pd.testing.assert_frame_equal(cycle, made_of_waves(later))


def test_a_column_alone_is_treated_as_in_the_table():
    alone = yearly_cycle(BRUSSELS["rain"], data.TRAIN_END, DAYS)
    assert alone.name == "rain"
    assert alone.to_numpy() == pytest.approx(yearly_cycle(BRUSSELS, data.TRAIN_END, DAYS)["rain"].to_numpy())


def test_nothing_after_train_end_is_seen():
    later = BRUSSELS.copy()
    later.loc["1998":] = 1e6
    honest = yearly_cycle(BRUSSELS, data.TRAIN_END, DAYS)
    assert yearly_cycle(later, data.TRAIN_END, DAYS).equals(honest)
    later.loc["1997-12-31"] = 1e6
    assert not yearly_cycle(later, data.TRAIN_END, DAYS).equals(honest)


def test_there_and_back():
    usual = yearly_cycle(BRUSSELS, data.TRAIN_END, DAYS)
    departures = BRUSSELS - usual
    assert (departures + usual).to_numpy() == pytest.approx(BRUSSELS.to_numpy(), abs=1e-9)
    train = departures.loc[: data.TRAIN_END]
    assert abs(train.mean()).max() < 1e-9
    by_month = train["temperature"].groupby(train.index.month).mean()
    assert abs(by_month).max() < 0.5  # of a cycle that swings by more than 15 °C


def test_agrees_with_the_mean_of_each_date():
    """Another way to the same thing: the training years' mean for each date, smoothed over 31 days."""
    train = BRUSSELS["temperature"].loc[: data.TRAIN_END]
    year = train.groupby(train.index.strftime("%m-%d")).mean().drop("02-29")
    smooth = pd.concat([year, year, year]).rolling(31, center=True).mean().iloc[365:730]
    cycle = yearly_cycle(BRUSSELS["temperature"], data.TRAIN_END, pd.date_range("2003-01-01", "2003-12-31"))
    assert np.abs(cycle.to_numpy() - smooth.to_numpy()).max() < 1  # of more than 15 °C from winter to summer


def test_a_short_or_unfilled_record_is_refused():
    with pytest.raises(ValueError, match="has 364 days up to 1976-12-29; a yearly cycle needs"):
        yearly_cycle(BRUSSELS, "1976-12-29", DAYS)
    assert np.isfinite(yearly_cycle(BRUSSELS, "1976-12-30", DAYS)).all(axis=None)
    holes = BRUSSELS["temperature"].mask(DAYS == "1980-02-03")
    with pytest.raises(ValueError, match="1 of the training values are missing or infinite: fill them"):
        yearly_cycle(holes, data.TRAIN_END, DAYS)


def test_the_season_makes_neighbours_of_the_ends_of_a_year():
    table = with_season(BRUSSELS[["temperature"]])
    assert list(table) == ["temperature", "sine of the day", "cosine of the day"]
    season = table[["sine of the day", "cosine of the day"]]
    steps = np.hypot(*season.diff().iloc[1:].to_numpy().T)
    assert steps.max() < 0.025
    assert np.hypot(*season.T.to_numpy()) == pytest.approx(1)
