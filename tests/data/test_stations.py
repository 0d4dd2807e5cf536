"""The simulated stations: what is said to be known of them is so."""

import numpy as np
import pandas as pd
import pytest

from helpers import baselines
from helpers.data import stations
from helpers.evaluation import rmse


@pytest.fixture(scope="module")
def sixty():
    return stations.simulate(60, years=10, seed=3)


def test_shape_and_dates(sixty):
    days = pd.date_range("2010-01-01", "2019-12-31", freq="D")
    for table in (sixty.temperature, sixty.expected):
        assert table.shape == (len(days) + 0, 60)
        assert table.index.equals(days)
        assert (table.dtypes == "float64").all()
    assert list(sixty.climate.index) == list(sixty.temperature.columns)


def test_the_same_seed_gives_the_same_stations_and_another_seed_others():
    first, again, other = (stations.simulate(2, years=1, seed=seed).temperature for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not np.isclose(first, other).any()


def test_the_noise_is_what_the_climate_says_and_cannot_be_forecast(sixty):
    noise = (sixty.temperature - sixty.expected) / sixty.climate["noise"]
    assert noise.std().between(0.95, 1.05).all()
    assert noise.apply(lambda series: abs(series.autocorr())).max() < 0.07
    assert abs(np.corrcoef(noise.to_numpy().ravel(), sixty.expected.to_numpy().ravel())[0, 1]) < 0.01


def test_no_simple_forecast_is_better_than_the_best_possible(sixty):
    days = sixty.temperature.index[-730:]
    for name in sixty.temperature.columns[:10]:
        truth, best = sixty.temperature[name][days], sixty.expected[name][days]
        for forecaster in (baselines.persistence, baselines.damped_anomaly, baselines.autoregression):
            assert rmse(truth, forecaster(sixty.temperature[name], "2017-12-31", days)) > rmse(truth, best)


def test_climates_lie_in_their_ranges_and_go_with_the_distance_from_the_sea(sixty):
    climate = sixty.climate
    assert climate["mean"].between(4, 22).all()
    assert climate["amplitude"].between(3, 14).all()
    assert climate["noise"].between(1, 2.8).all()
    assert climate[["amplitude", "noise", "delta", "kappa"]].corr().min().min() > 0.6
    assert climate[["amplitude", "phi"]].corr().iloc[0, 1] < -0.6


@pytest.mark.parametrize(("count", "years"), [(0, 10), (3, 0)])
def test_there_must_be_a_station_and_a_year(count, years):
    with pytest.raises(ValueError, match="1 or more"):
        stations.simulate(count, years)
