"""The naive forecasts against hand-made numbers, against pandas and linear algebra, and blind to the future."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

from helpers import data
from helpers.baselines import (
    FORECASTERS,
    autoregression,
    climatology,
    damped_anomaly,
    persistence,
    ridge,
    seasonal_naive,
)
from helpers.evaluation import rmse
from helpers.season import yearly_cycle

BRUSSELS = data.load("brussels")
TEMPERATURE = BRUSSELS["temperature"]
TRAIN_END = data.TRAIN_END
TEST_DAYS = TEMPERATURE.loc["2002":].index
EVERY = pytest.mark.parametrize("name", list(FORECASTERS))
FITTED = ["climatology", "damped anomaly", "autoregression", "ridge"]
HORIZONS = pytest.mark.parametrize("horizon", [1, 7])


def days(first: str, number: int = 1) -> pd.DatetimeIndex:
    return pd.date_range(first, periods=number, freq="D")


def series(first: str, values) -> pd.Series:
    return pd.Series(np.asarray(values, dtype=float), index=days(first, len(values)))


def noise(first: str, number: int, seed: int = 0) -> pd.Series:
    return series(first, np.random.default_rng(seed).normal(10, 5, number))


# Persistence


@pytest.mark.parametrize(("horizon", "expected"), [(1, [3, 4]), (2, [2, 3]), (3, [1, 2])])
def test_persistence_is_the_value_horizon_days_before(horizon, expected):
    record = series("2001-01-01", [1, 2, 3, 4, 5])
    asked = days("2001-01-04", 2)
    forecast = persistence(record, "2001-01-02", asked, horizon)
    assert forecast.to_list() == expected
    assert forecast.index.equals(asked)
    assert forecast.name == "forecast"


def test_persistence_agrees_with_shifting_rows():
    forecast = persistence(TEMPERATURE, TRAIN_END, TEST_DAYS, horizon=3)
    assert np.array_equal(forecast, TEMPERATURE.shift(3)[TEST_DAYS])


# As a year ago


@pytest.mark.parametrize(
    ("day", "a_year_ago"),
    [
        ("2004-02-28", "2003-02-28"),
        ("2004-02-29", "2003-02-28"),  # the year before has no 29 February
        ("2004-03-01", "2003-03-01"),
        ("2005-02-28", "2004-02-28"),
        ("2005-03-01", "2004-03-01"),  # a 29 February lies between: still the same date
        ("2005-12-31", "2004-12-31"),
    ],
)
def test_seasonal_naive_takes_the_same_date_a_year_ago(day, a_year_ago):
    forecast = seasonal_naive(TEMPERATURE, TRAIN_END, days(day))
    assert forecast.to_list() == [TEMPERATURE[a_year_ago]]
    assert forecast.index.equals(days(day))


# Climatology, and what departs from it


def test_climatology_is_the_yearly_cycle_of_the_first_column():
    cycle = yearly_cycle(TEMPERATURE, TRAIN_END, TEST_DAYS)
    assert np.array_equal(climatology(BRUSSELS, TRAIN_END, TEST_DAYS, horizon=5), cycle)


def departures_by_hand(train_end: str) -> tuple[pd.Series, pd.Series]:
    cycle = yearly_cycle(TEMPERATURE, train_end, TEMPERATURE.index)
    return TEMPERATURE - cycle, cycle


@HORIZONS
def test_damped_anomaly_by_hand(horizon):
    departure, cycle = departures_by_hand(TRAIN_END)
    train = departure.loc[:TRAIN_END].to_numpy()
    before, after = train[:-horizon], train[horizon:]
    share = (before * after).sum() / (before**2).sum()
    expected = cycle[TEST_DAYS] + share * departure.shift(horizon)[TEST_DAYS]
    forecast = damped_anomaly(TEMPERATURE, TRAIN_END, TEST_DAYS, horizon)
    assert forecast.to_numpy() == pytest.approx(expected.to_numpy())


@HORIZONS
def test_autoregression_agrees_with_scikit_learn(horizon):
    departure, cycle = departures_by_hand(TRAIN_END)
    lags = pd.concat([departure.shift(horizon + k) for k in range(3)], axis=1).dropna()
    train = lags.loc[:TRAIN_END]
    line = LinearRegression(fit_intercept=False).fit(train.to_numpy(), departure[train.index])
    expected = cycle[TEST_DAYS] + line.predict(lags.loc[TEST_DAYS].to_numpy())
    forecast = autoregression(TEMPERATURE, TRAIN_END, TEST_DAYS, horizon)
    assert forecast.to_numpy() == pytest.approx(expected.to_numpy())


# Ridge


def ridge_by_linear_algebra(frame: pd.DataFrame, train_end: str, asked: pd.DatetimeIndex, horizon: int) -> np.ndarray:
    """Solve (ZᵀZ + I) b = Zᵀ(y − ȳ) for scaled lags Z: the textbook's ridge with alpha = 1."""
    lags = pd.concat([frame.shift(horizon + k, freq="D") for k in range(30)], axis=1).dropna()
    train_days = lags.index[lags.index <= train_end].intersection(frame.index)
    mean, std = lags.loc[train_days].mean(), lags.loc[train_days].std(ddof=0)
    Z = ((lags.loc[train_days] - mean) / std).to_numpy()
    y = frame.iloc[:, 0][train_days].to_numpy()
    b = np.linalg.solve(Z.T @ Z + np.eye(Z.shape[1]), Z.T @ (y - y.mean()))
    return y.mean() + ((lags.loc[asked] - mean) / std).to_numpy() @ b


@pytest.mark.parametrize("columns", [["temperature"], ["temperature", "rain", "et0"]])
@pytest.mark.parametrize("horizon", [1, 3])
def test_ridge_agrees_with_linear_algebra(columns, horizon):
    frame = BRUSSELS.loc["1990":"2000", columns]
    asked = days("1999-01-01", 400)
    forecast = ridge(frame, "1998-12-31", asked, horizon)
    expected = ridge_by_linear_algebra(frame, "1998-12-31", asked, horizon)
    assert forecast.to_numpy() == pytest.approx(expected, abs=1e-6)
    assert forecast.index.equals(asked)


def test_ridge_finds_a_straight_line():
    rising = series("2001-01-01", np.arange(1000) * 0.1)
    forecast = ridge(rising, "2003-06-30", days("2003-07-01", 20))
    assert forecast.to_numpy() == pytest.approx(rising[forecast.index].to_numpy(), abs=0.05)


# Nothing from the future


@EVERY
@HORIZONS
def test_forecast_sees_nothing_later_than_horizon_days_before(name, horizon):
    day = days("2003-05-20")
    honest = FORECASTERS[name](TEMPERATURE, TRAIN_END, day, horizon)
    garbage = TEMPERATURE.copy()
    garbage.loc[day[0] - pd.Timedelta(days=horizon - 1) :] = 1e6
    assert FORECASTERS[name](garbage, TRAIN_END, day, horizon).equals(honest)


@pytest.mark.parametrize("name", ["persistence", "damped anomaly", "autoregression", "ridge"])
@HORIZONS
def test_forecast_does_see_the_day_horizon_days_before(name, horizon):
    day = days("2003-05-20")
    honest = FORECASTERS[name](TEMPERATURE, TRAIN_END, day, horizon)
    changed = TEMPERATURE.copy()
    changed.loc[day[0] - pd.Timedelta(days=horizon)] += 10
    assert abs(FORECASTERS[name](changed, TRAIN_END, day, horizon) - honest).item() > 0.1


@pytest.mark.parametrize("name", FITTED)
@HORIZONS
def test_what_is_fitted_sees_nothing_after_train_end(name, horizon):
    asked = days("2003-05-20", 30)
    honest = FORECASTERS[name](TEMPERATURE, TRAIN_END, asked, horizon)
    between = TEMPERATURE.copy()
    between.loc["1998-01-01":"2003-03-31"] = np.random.default_rng(0).normal(1e3, 1e6, len(between["1998":"2003-03"]))
    assert FORECASTERS[name](between, TRAIN_END, asked, horizon).equals(honest)


@pytest.mark.parametrize("name", FITTED)
def test_what_is_fitted_does_see_the_last_training_days(name):
    asked = days("2003-01-01", 10)
    honest = FORECASTERS[name](TEMPERATURE, TRAIN_END, asked)
    changed = TEMPERATURE.copy()
    changed.loc["1997-12-20":TRAIN_END] += 100
    assert (abs(FORECASTERS[name](changed, TRAIN_END, asked) - honest) > 1e-3).all()


def test_a_column_of_the_future_does_not_reach_ridge_either():
    day = days("2003-05-20")
    honest = ridge(BRUSSELS, TRAIN_END, day)
    garbage = BRUSSELS.copy()
    garbage.loc["2003-05-20":] = 1e6
    assert ridge(garbage, TRAIN_END, day).equals(honest)


# The day after the record's end


@EVERY
def test_forecasts_the_day_after_the_record_ends(name):
    until_2003 = TEMPERATURE.loc[:"2003-12-31"]
    next_day = days("2004-01-01")
    forecast = FORECASTERS[name](until_2003, TRAIN_END, next_day)
    assert forecast.index.equals(next_day)
    # in the longer record the day is there; its forecast must be the same
    assert forecast.item() == pytest.approx(FORECASTERS[name](TEMPERATURE, TRAIN_END, next_day).item())


def test_persistence_of_the_day_after_is_the_last_value():
    assert persistence(TEMPERATURE, TRAIN_END, days("2006-01-01")).item() == TEMPERATURE.iloc[-1]
    assert persistence(TEMPERATURE, TRAIN_END, days("2006-01-07"), horizon=7).item() == TEMPERATURE.iloc[-1]


# All alike


@EVERY
def test_every_forecaster_leaves_the_record_as_it_was(name):
    record = BRUSSELS.copy()
    FORECASTERS[name](record, TRAIN_END, TEST_DAYS)
    assert record.equals(BRUSSELS)


@pytest.mark.parametrize("name", [name for name in FORECASTERS if name != "ridge"])
def test_the_first_column_is_the_target(name):
    from_frame = FORECASTERS[name](BRUSSELS, TRAIN_END, TEST_DAYS)
    assert from_frame.equals(FORECASTERS[name](TEMPERATURE, TRAIN_END, TEST_DAYS))


@EVERY
def test_days_may_be_any_days_in_any_order(name):
    some = pd.DatetimeIndex(["2005-03-01", "2003-07-07", "2004-02-29"])
    every = FORECASTERS[name](TEMPERATURE, TRAIN_END, TEST_DAYS)
    forecast = FORECASTERS[name](TEMPERATURE, TRAIN_END, some)
    assert forecast.index.equals(some)
    assert forecast.to_numpy() == pytest.approx(every[some].to_numpy())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("persistence", 2.106),
        ("climatology", 3.465),
        ("damped anomaly", 2.005),
        ("autoregression", 1.964),
        ("ridge", 2.012),
    ],
)
def test_known_errors_on_the_brussels_test_years(name, expected):
    error = rmse(TEMPERATURE[TEST_DAYS], FORECASTERS[name](TEMPERATURE, TRAIN_END, TEST_DAYS))
    assert round(error, 3) == expected


# Errors


def test_persistence_says_which_days_it_cannot_forecast():
    record = noise("2001-01-01", 10)
    with pytest.raises(ValueError, match=r"persistence cannot forecast 2 of the 3 days, the first of them 2001-01-01"):
        persistence(record, "2001-01-05", days("2001-01-01", 3), horizon=2)


@EVERY
def test_days_too_far_ahead_are_refused_with_the_last_day_of_the_record(name):
    too_far = days("2007-02-01")  # more than a year after the end
    if name == "climatology":
        assert np.isfinite(climatology(TEMPERATURE, TRAIN_END, too_far)).all()  # needs no recent day
        return
    with pytest.raises(ValueError, match=r"cannot forecast 1 of the 1 days.*1976-01-01 to 2005-12-31"):
        FORECASTERS[name](TEMPERATURE, TRAIN_END, too_far)


def test_seasonal_naive_needs_a_year_before():
    with pytest.raises(ValueError, match=r"seasonal naive cannot forecast 1 of the 2 days, .* 2001-12-31"):
        seasonal_naive(noise("2001-01-01", 400), "2001-06-01", days("2001-12-31", 2))


@pytest.mark.parametrize("name", ["climatology", "damped anomaly", "autoregression"])
def test_the_yearly_cycle_needs_a_year(name):
    with pytest.raises(ValueError, match="100 days up to 2001-04-10; a yearly cycle needs at least one whole year"):
        FORECASTERS[name](noise("2001-01-01", 500), "2001-04-10", days("2002-01-01", 5))


@pytest.mark.parametrize("name", ["damped anomaly", "autoregression", "ridge"])
def test_gaps_are_refused(name):
    record = noise("2001-01-01", 500)
    for broken in (record.drop(days("2001-03-03")), record.iloc[::-1]):
        with pytest.raises(ValueError, match="daily, in order and without gaps"):
            FORECASTERS[name](broken, "2002-03-30", days("2002-05-01"))


def test_ridge_refuses_missing_values():
    record = noise("2001-01-01", 300)
    record["2001-03-03"] = np.nan
    with pytest.raises(ValueError, match="NaN or infinite"):
        ridge(record, "2001-06-30", days("2001-09-01"))


def test_ridge_needs_a_training_day():
    with pytest.raises(ValueError, match="no training day up to 2001-01-20"):
        ridge(noise("2001-01-01", 300), "2001-01-20", days("2001-09-01"))


def test_ridge_needs_30_days_of_history():
    record = noise("2001-01-01", 300)
    assert np.isfinite(ridge(record, "2001-06-30", days("2001-01-31"))).all()
    with pytest.raises(ValueError, match="ridge cannot forecast 1 of the 1 days"):
        ridge(record, "2001-06-30", days("2001-01-30"))


@EVERY
@pytest.mark.parametrize("horizon", [0, -1, 1.5, True, "1", None])
def test_a_horizon_below_one_day_would_be_no_forecast(name, horizon):
    with pytest.raises(ValueError, match="horizon must be a whole number of days, 1 or more"):
        FORECASTERS[name](TEMPERATURE, TRAIN_END, TEST_DAYS, horizon)


def test_seasonal_naive_refuses_a_horizon_of_more_than_a_year():
    day = days("2005-03-01")  # the same date a year ago is 365 days back
    assert np.isfinite(seasonal_naive(TEMPERATURE, TRAIN_END, day, horizon=365)).all()
    with pytest.raises(ValueError, match="365 days"):
        seasonal_naive(TEMPERATURE, TRAIN_END, day, horizon=366)
