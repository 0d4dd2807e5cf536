"""A small forecaster as Colab's versions save it (`forecasters/colab`), and the locked ones (`forecasters/locked`).

Written anew, under either set of versions, by `python -m tests.saved_forecasters colab` (or `locked`).
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers import forecaster, forecasting, pipeline

FOLDER = Path(__file__).with_name("forecasters")
ADDED = 40


def record(days: int = 1200) -> pd.DataFrame:
    """Return weather with a yearly wave, a second column that goes with it, and a third that never changes."""
    noise = np.random.RandomState(0).standard_normal(days + 2)
    value = 10 + 8 * np.sin(2 * np.pi * np.arange(days) / 365.25) + noise[2:] + 0.8 * noise[:-2]
    index = pd.date_range("2015-01-01", periods=days, freq="D", name="Date")
    return pd.DataFrame({"value": value.round(1), "other": (5 + noise[1:-1]).round(1), "flag": 1.0}, index)


def study(patch, days: int = 1200) -> pipeline.Study:
    """Return a study with two networks of two units, hardly trained: what is tested is the way, not the skill."""
    network = forecasting.small_model(4, units=2, steps=20, jit_compile=False)
    patch.setattr(pipeline, "network", lambda features, steps: network)
    patch.setattr(pipeline, "EPOCHS", 1)
    patch.setattr(pipeline, "FEWEST_STEPS", 20)
    return pipeline.study(record(days), seeds=(1, 2))


def without_networks(patch) -> None:
    """Put "as today" in the networks' place, for what has nothing to do with them: no TensorFlow is loaded."""

    def echo(seen, train_end, days, seeds):
        values = seen.table.iloc[:, 0] + seen.cycle[seen.table.index]
        return pd.DataFrame({"echo": values.shift(1, freq="D")[days]}), []

    patch.setattr(pipeline, "train_networks", echo)


def earlier(result: pipeline.Study, choice: str) -> pipeline.Study:
    """Return a study as it would be before the last days were added to its record, with a choice of ours."""
    return result._replace(record=result.record.iloc[:-ADDED], choice=choice)


def forecast_of(versions: str) -> forecaster.Forecast:
    """Return the forecast of a committed forecaster, found to be one by networks, near the record."""
    found = pipeline.load(FOLDER / versions).forecast(record())
    assert found.choice == "GRU"
    assert len(found.past) == ADDED
    assert found.past["forecast"].sub(found.past["observed"]).abs().mean() < 2
    return found


if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as patch:
        pipeline.save(earlier(study(patch), "GRU"), FOLDER / sys.argv[1])
