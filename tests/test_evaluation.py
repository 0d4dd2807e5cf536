"""The scores against hand-made numbers and scikit-learn, and the mistakes that they refuse to score."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import mean_absolute_error, root_mean_squared_error

from helpers.evaluation import comparison_table, conformal_margin, draw_blocks, gain, mae, rmse, skill

SCORES = pytest.mark.parametrize("score", [rmse, mae])
DAYS = pd.date_range("2001-01-01", periods=4, freq="D")
TRUTH = pd.Series([1.0, 2.0, 3.0, 4.0], index=DAYS)
FORECAST = pd.Series([1.0, 2.0, 6.0, 0.0], index=DAYS)  # errors 0, 0, 3, −4


def test_rmse_and_mae_by_hand():
    assert rmse(TRUTH, FORECAST) == pytest.approx(2.5)  # √(25 / 4)
    assert mae(TRUTH, FORECAST) == pytest.approx(1.75)  # 7 / 4


def test_scores_agree_with_scikit_learn():
    rng = np.random.default_rng(0)
    truth, forecast = rng.normal(10, 6, 500), rng.normal(10, 6, 500)
    assert rmse(truth, forecast) == pytest.approx(root_mean_squared_error(truth, forecast))
    assert mae(truth, forecast) == pytest.approx(mean_absolute_error(truth, forecast))


@SCORES
def test_scores_are_floats_whatever_comes_in(score):
    expected = score(TRUTH, FORECAST)
    for truth, forecast in [
        (TRUTH.to_numpy(), FORECAST.to_numpy()),
        (TRUTH, FORECAST.to_numpy(dtype=np.float32)),
        (TRUTH.to_list(), FORECAST.astype(int)),
        (TRUTH.to_numpy().reshape(2, 2), FORECAST.to_numpy().reshape(2, 2)),  # several days ahead
    ]:
        found = score(truth, forecast)
        assert type(found) is float
        assert found == pytest.approx(expected)


@SCORES
def test_a_perfect_forecast_has_no_error(score):
    assert score(TRUTH, TRUTH) == 0.0


@SCORES
@pytest.mark.parametrize("n", [1, 4])
def test_n_by_1_against_n_is_refused(score, n):
    truth = TRUTH.to_numpy()[:n]
    with pytest.raises(ValueError, match=r"take forecast\[:, 0\]"):
        score(truth, truth[:, np.newaxis])
    with pytest.raises(ValueError, match="shape"):
        score(truth[:, np.newaxis], truth)


@SCORES
def test_another_length_is_refused(score):
    with pytest.raises(ValueError, match=r"\(1,\)"):
        score(TRUTH.to_numpy(), [2.0])


@SCORES
def test_dates_must_agree(score):
    with pytest.raises(ValueError, match="not for the same days"):
        score(TRUTH, FORECAST.shift(1, freq="D"))
    with pytest.raises(ValueError, match="not for the same days"):
        score(TRUTH, FORECAST.iloc[::-1])
    with pytest.raises(ValueError, match="not for the same days"):
        score(TRUTH.to_frame(), FORECAST.shift(1, freq="D").to_frame())
    assert score(TRUTH, FORECAST.shift(1, freq="D").to_numpy()) == score(TRUTH, FORECAST)  # no dates, no complaint


@SCORES
def test_dates_and_columns_of_tables_must_agree(score):
    truth, forecast = (pd.DataFrame({"one": part, "two": part + 1}) for part in (TRUTH, FORECAST))
    assert score(truth, forecast) == score(TRUTH, FORECAST)
    with pytest.raises(ValueError, match="not for the same days"):
        score(truth, forecast.shift(1, freq="D"))
    with pytest.raises(ValueError, match="not for the same days"):
        score(TRUTH, forecast.shift(1, freq="D"))
    with pytest.raises(ValueError, match=r"columns \['two', 'one'\], truth \['one', 'two'\]"):
        score(truth, forecast[["two", "one"]])


@SCORES
def test_what_lies_under_a_mask_is_not_scored(score):
    masked = np.ma.masked_equal([1.0, -999.0, 6.0, 0.0], -999)
    with pytest.raises(ValueError, match="1 of 4 errors"):
        score(TRUTH.to_numpy(), masked)
    with pytest.raises(ValueError, match="1 of 4 errors"):
        score(np.ma.masked_equal([1, -999, 3, 4], -999), FORECAST.to_numpy())
    assert score(TRUTH.to_numpy(), np.ma.masked_equal(FORECAST.to_numpy(), -999)) == score(TRUTH, FORECAST)


@SCORES
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_missing_values_are_refused_and_counted(score, bad):
    broken = FORECAST.copy()
    broken.iloc[[0, 2]] = bad
    with pytest.raises(ValueError, match="2 of 4 errors"):
        score(TRUTH, broken)
    with pytest.raises(ValueError, match="2 of 4 errors"):
        score(broken, TRUTH)


@SCORES
def test_no_days_are_no_score(score):
    with pytest.raises(ValueError, match="no days"):
        score([], [])


@pytest.mark.parametrize(
    ("model", "reference", "expected"), [(0.0, 2.0, 1.0), (1.5, 2.0, 0.25), (2.0, 2.0, 0.0), (3.0, 2.0, -0.5)]
)
def test_skill_is_the_share_of_the_reference_error_taken_away(model, reference, expected):
    assert skill(model, reference) == pytest.approx(expected)


@pytest.mark.parametrize("reference", [0.0, -1.0, np.nan])
def test_skill_needs_a_reference_that_errs(reference):
    with pytest.raises(ValueError, match="above 0"):
        skill(1.0, reference)


def test_comparison_table_is_sorted_and_complete():
    forecasts = {"persistence": TRUTH + 2, "worse": TRUTH - 3, "better": TRUTH.to_numpy() + np.array([1, -1, 1, -1])}
    table = comparison_table(TRUTH, forecasts)
    assert table.index.to_list() == ["better", "persistence", "worse"]
    assert table.columns.to_list() == ["RMSE (°C)", "MAE (°C)", "skill vs persistence"]
    assert table["RMSE (°C)"].to_list() == pytest.approx([1, 2, 3])
    assert table["MAE (°C)"].to_list() == pytest.approx([1, 2, 3])
    assert table["skill vs persistence"].to_list() == pytest.approx([0.5, 0, -0.5])


def test_comparison_table_takes_its_skill_from_the_rmse():
    table = comparison_table(TRUTH, {"persistence": TRUTH + 5, "other": FORECAST})
    assert table.loc["other"].to_list() == pytest.approx([2.5, 1.75, 0.5])


def test_comparison_table_against_another_reference():
    table = comparison_table(TRUTH, {"climatology": TRUTH + 4, "GRU": TRUTH + 1}, reference="climatology")
    assert table["skill vs climatology"].to_dict() == pytest.approx({"GRU": 0.75, "climatology": 0.0})


def test_comparison_table_needs_its_reference():
    with pytest.raises(ValueError, match=r"'persistence' is not among the forecasts \['GRU'\]"):
        comparison_table(TRUTH, {"GRU": FORECAST})


def test_comparison_table_names_the_forecast_that_does_not_fit():
    with pytest.raises(ValueError, match=r"^GRU: .*take forecast\[:, 0\]"):
        comparison_table(TRUTH, {"persistence": FORECAST, "GRU": FORECAST.to_numpy()[:, np.newaxis]})


def test_blocks_are_runs_of_neighbours_and_all_days_are_drawn_equally_often():
    drawn = draw_blocks(100, 30, draws=2000)
    assert drawn.shape == (2000, 100)
    assert (np.diff(drawn[:, :30]) % 100 == 1).all()
    assert (np.diff(drawn[:, 29:31]) % 100 != 1).mean() > 0.9
    assert np.allclose(np.bincount(drawn.ravel(), minlength=100) / 2000, 1, atol=0.1)
    assert np.array_equal(drawn, draw_blocks(100, 30, draws=2000))
    assert not np.array_equal(drawn, draw_blocks(100, 30, draws=2000, seed=1))
    assert len(np.unique(draw_blocks(50, 1, draws=1))) < 50  # with replacement


NOISE = pd.DataFrame(np.random.default_rng(0).standard_normal((365, 2)), pd.date_range("2001-01-01", periods=365))
ZERO = pd.Series(0.0, NOISE.index)


def test_a_gain_is_the_skill_and_has_an_interval():
    half = gain(ZERO, NOISE[0] / 2, NOISE[0])
    assert half == pytest.approx((0.5, 0.5, 0.5))  # the same share in every draw: errors of one draw, divided
    equal = gain(ZERO, NOISE[1], NOISE[0])
    assert equal.share == pytest.approx(1 - rmse(ZERO, NOISE[1]) / rmse(ZERO, NOISE[0]))
    assert equal.low < 0 < equal.high
    assert gain(ZERO, 1.5 * NOISE[1], NOISE[0]).high < 0
    assert gain(ZERO, NOISE[1] / 100, NOISE[0]).high < 1  # never more than all of the error


def test_a_gain_agrees_with_drawing_days_one_by_one():
    drawn = draw_blocks(365, 7)
    by_hand = [
        1
        - rmse(ZERO.to_numpy()[days], NOISE[1].to_numpy()[days])
        / rmse(ZERO.to_numpy()[days], NOISE[0].to_numpy()[days])
        for days in drawn
    ]
    found = gain(ZERO, NOISE[1], NOISE[0], level=0.8, block=7)
    assert found[1:] == pytest.approx(np.quantile(by_hand, [0.1, 0.9]))


def test_a_gain_over_a_perfect_reference_is_refused():
    with pytest.raises(ValueError, match="the reference makes no error"):
        gain(ZERO, NOISE[0], ZERO)


def test_the_conformal_margin_is_the_right_miss():
    misses = np.random.default_rng(9).permutation(np.arange(1.0, 100))
    assert conformal_margin(misses) == 90
    assert conformal_margin(misses, level=0.5) == 50
    assert conformal_margin(misses[:9]) == misses[:9].max()
    with pytest.raises(ValueError, match="8 days are too few for an interval that holds 90%"):
        conformal_margin(misses[:8])
    with pytest.raises(ValueError, match="1 of 99 misses are NaN"):
        conformal_margin(np.where(misses == 3, np.nan, misses))


def test_the_conformal_margin_holds_what_it_promises_of_days_in_random_order():
    rng = np.random.default_rng(0)
    held = [rng.exponential() <= conformal_margin(rng.exponential(size=19)) for _ in range(4000)]
    assert abs(np.mean(held) - 0.9) < 0.02
