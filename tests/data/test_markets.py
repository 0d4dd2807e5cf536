"""The exchange rates and share prices against their card, and the lesson's split by time."""

from pathlib import Path

import numpy as np
import pytest

from helpers import data
from helpers.data import files

FOLDER = Path(__file__).resolve().parents[2] / "data" / "markets"
CARD = (FOLDER / "README.md").read_text(encoding="utf-8")
WINDOW, AHEAD = 20, 20  # as in the lesson, where the split leaks


@pytest.fixture(scope="module")
def markets():
    return data.load("markets")


def test_shapes_and_days_are_those_of_the_card(markets):
    for name, table in {"euro.csv": markets.euro, "stocks.csv": markets.close}.items():
        assert f"| {len(table):,} | {table.index[0]:%Y-%m-%d} | {table.index[-1]:%Y-%m-%d} |" in CARD, name
    assert list(markets.euro.columns) == ["USD", "JPY", "GBP", "SEK", "NOK", "AUD", "CAD", "NZD"]
    assert list(markets.close.columns) == list(markets.adjusted.columns) == ["AAPL", "IBM", "MSFT"]
    assert markets.close.index.equals(markets.adjusted.index)


def test_every_value_is_a_price_and_every_day_a_working_day_in_order(markets):
    for table in markets:
        assert (table.dtypes == np.float64).all()
        assert str(table.index.dtype) == "datetime64[ns]"
        assert table.index.is_monotonic_increasing
        assert table.index.is_unique
        assert table.index.day_of_week.max() <= 4
        assert (np.isfinite(table) & (table > 0)).all(axis=None)


def test_no_day_moves_by_more_than_is_known(markets):
    """A slipped digit would show."""
    assert 0.8 < markets.euro["USD"].min() < markets.euro["USD"].max() < 1.6
    assert np.log(markets.euro).diff().abs().max(axis=None) < 0.08
    assert sorted(np.log(markets.close).diff().abs().stack().nlargest(4).index) == [
        (np.datetime64("2000-06-21"), "AAPL"),
        (np.datetime64("2000-09-29"), "AAPL"),
        (np.datetime64("2003-02-18"), "MSFT"),
        (np.datetime64("2005-02-28"), "AAPL"),
    ]
    big = np.log(markets.adjusted).diff().abs().stack()
    assert list(big[big > 0.2].index) == [(np.datetime64("2000-09-29"), "AAPL")]


def days_in_common(first, last):
    """Return how many days are known to learned windows, as inputs or answers, and are answers of tested ones too."""
    learned = {day for i in first for day in range(i, i + WINDOW + AHEAD)}
    return len(learned & {day for i in last for day in range(i + WINDOW, i + WINDOW + AHEAD)})


def test_no_answer_crosses_a_split_by_time_with_a_gap_and_the_leaky_twins_are_caught(markets):
    windows = np.arange(len(markets.euro) - WINDOW - AHEAD + 1)
    cut = round(0.7 * len(windows))
    assert days_in_common(windows[: cut - AHEAD], windows[cut:]) == 0
    assert days_in_common(windows[:cut], windows[cut:]) == AHEAD - 1  # without a gap
    drawn = np.random.default_rng(0).permutation(windows)
    assert days_in_common(drawn[:cut], drawn[cut:]) > 0.9 * len(windows) * 0.3


def test_the_recipe_s_currencies_are_those_of_the_file(markets):
    text = (FOLDER.parent / "recipes" / "markets.py").read_text(encoding="utf-8")
    assert all(f'"{name}"' in text for name in (*markets.euro, *markets.close))


def test_a_missing_file_is_named_with_the_remedy(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"euro\.csv is missing.*rebuild\.py"):
        data.load("markets")
