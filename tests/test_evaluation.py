"""The scores against hand-made numbers and scikit-learn, and the mistakes that they refuse to score."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import mean_absolute_error, root_mean_squared_error

from helpers.evaluation import comparison_table, draw_blocks, mae, rmse, skill

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
