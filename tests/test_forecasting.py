"""The network that is trained anew: it learns from the training days only, and its forecasts have the right dates."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from helpers.forecasting import A_DAY, BATCH, PART, for_day, small_model, train_and_forecast

TRAIN_END = pd.Timestamp("2001-12-31")


def made_up(days: int = 1000) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    wave = 10 + 8 * np.sin(2 * np.pi * np.arange(days) / 20)
    index = pd.date_range("2000-01-01", periods=days)
    return pd.DataFrame({"temperature": wave + 0.1 * rng.standard_normal(days), "rain": rng.uniform(size=days)}, index)


@cache  # each training is a new start
def network(outputs: int = 1):
    return small_model(2, outputs, time_step=5, units=2, steps=10, jit_compile=False)


def test_what_comes_after_the_training_days_is_neither_learned_nor_scaled():
    table, model = made_up(), network(3)
    later = table.copy()
    later.loc[TRAIN_END + A_DAY :] = 99.0
    expected, found = (
        train_and_forecast(model, t, TRAIN_END, days_ahead=3, steps=10)[:TRAIN_END] for t in (table, later)
    )
    assert len(found) > 400
    assert np.allclose(found, expected, atol=1e-5)


def test_each_training_is_a_new_start():
    table, model = made_up(), network()
    first, _, again = (train_and_forecast(model, table, TRAIN_END, seed=seed, steps=10) for seed in (1, 2, 1))
    assert np.allclose(first, again, atol=1e-5)
    assert not np.allclose(first, _, atol=1e-2)


def test_a_column_left_out_is_not_seen():
    table, model = made_up(), network()
    other = table.assign(rain=table["rain"].to_numpy()[::-1])
    without = [train_and_forecast(model, t, TRAIN_END, left_out=["rain"], steps=10) for t in (table, other)]
    assert np.allclose(*without, atol=1e-5)
    twin = table.assign(rain=table["temperature"] * 2)
    found = train_and_forecast(
        small_model(2, units=4, steps=150, jit_compile=False), twin, TRAIN_END, left_out=["temperature"], steps=150
    )
    errors = (for_day(found) - table["temperature"]).dropna()
    assert errors.std() < 0.3 * table["temperature"].std()  # it still learns to forecast it, from what is left


def test_forecasts_are_dated_with_the_day_on_which_they_are_made_up_to_the_last():
    table = made_up()
    found = train_and_forecast(
        small_model(2, 2, steps=300, jit_compile=False), table, TRAIN_END, days_ahead=2, steps=300
    )
    assert found.index[-1] == table.index[-1]
    assert len(found) % PART == 0
    for days_ahead in (1, 2):
        forecast = for_day(found, days_ahead)
        assert forecast.index[-1] == table.index[-1] + days_ahead * A_DAY
        both = forecast.index.intersection(table.index)
        errors = {shift: (forecast - table["temperature"].shift(shift)).loc[both].std() for shift in (-1, 0, 1)}
        assert min(errors, key=errors.get) == 0


def test_a_network_that_learns_changes_follows_beyond_the_training_days():
    table = made_up().assign(temperature=np.arange(1000) / 10)
    model = small_model(2, time_step=5, units=2, steps=20, jit_compile=False)
    changes, levels = (
        for_day(train_and_forecast(model, table, TRAIN_END, steps=20, changes=which)) for which in (True, False)
    )
    last = table["temperature"].iloc[-1]
    assert abs(changes[table.index[-1]] - last) < 10
    assert abs(levels[table.index[-1]] - last) > 25
    alone = train_and_forecast(model, table, TRAIN_END, left_out=["temperature"], steps=20, changes=True)
    assert np.allclose(alone[1].diff().iloc[-100:].mean(), 0.1, atol=0.05)  # today's value is added all the same


def test_too_few_days_are_refused():
    table = made_up()
    with pytest.raises(ValueError, match=f"are too few: a batch has {BATCH}"):
        train_and_forecast(network(), table, table.index[50], steps=10)
