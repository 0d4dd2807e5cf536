"""One small network, trained from a new start for every question of the lessons on trust and of `helpers.pipeline`.

It must be small because it is trained often: 16 units, windows of 14 days, about 500 training steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.models import right_sized_model, start_anew
from helpers.windows import create_dataset

if TYPE_CHECKING:
    import keras

BATCH = 128
STEPS = 500
PART = 256
TIME_STEP = 14
A_DAY = pd.Timedelta(days=1)


def small_model(
    features: int,
    outputs: int = 1,
    *,
    time_step: int = TIME_STEP,
    units: int = 16,
    loss: str | Callable = "mean_squared_error",
    steps: int = STEPS,
    jit_compile: bool = True,
) -> keras.Model:
    """Return an untrained GRU layer and a Dense; Adam's learning rate falls from 0.01 to 0 in `steps` steps.

    Takes windows of shape (samples, time_step, features), gives shape (samples, outputs), both as z-scores. XLA is
    worth its compilation only if the network is trained several times; otherwise give `jit_compile=False`.
    """
    import keras

    network = right_sized_model(time_step, features, units, outputs=outputs, training_steps=steps)
    falling_rate = keras.optimizers.schedules.CosineDecay(0.01, steps)
    network.compile(keras.optimizers.Adam(falling_rate), loss=loss, jit_compile=jit_compile, steps_per_execution=32)
    return network


def train_and_forecast(
    network: keras.Model,
    table: pd.DataFrame,
    train_end: str | pd.Timestamp,
    *,
    seed: int = 1,
    days_ahead: int = 1,
    left_out: Sequence[str] = (),
    steps: int = STEPS,
    changes: bool = False,
) -> pd.DataFrame:
    """Train a network from a new start on the days up to `train_end`; return its forecasts of column 0.

    Parameters
    ----------
    network
        As `small_model` makes it, with one input for each column of `table`. What it has learned before is gone.
    table
        A daily record without gaps, the column to forecast first.
    train_end
        The last day that it learns from, as an input or as an answer. Also the last that the z-scores know.
    days_ahead
        Its answers are the values of the next day and of all days up to this one. With several `outputs` and one
        day ahead, each output is compared with that day's value, as for quantiles.
    left_out
        Columns that it shall not see: their z-scores are 0, the column's mean, on every day.
    steps
        About so many training steps: whole epochs.
    changes
        Whether it learns by how much column 0 differs from the last day of the window, not the value itself. The
        forecasts are values all the same: that day's value is added.

    Returns
    -------
    pandas.DataFrame
        In the unit of column 0: one row a window, one column an output, counted from 1. A row is dated with the
        last day of its window, on which the forecast is made (`for_day` moves it to the day that it is for). The
        first few rows are missing, fewer than 256.

    Raises
    ------
    ValueError
        If fewer windows than a batch of 128 end by `train_end`.
    """
    from sklearn.preprocessing import StandardScaler

    time_step = network.input_shape[1]
    scaler = StandardScaler().fit(table.loc[:train_end])
    values = scaler.transform(table).astype("float32")
    # the extra rows, whose values are never used, make windows appear whose answers are not known yet
    padded = np.vstack([values, np.zeros((days_ahead, values.shape[1]), "float32")])
    _, answers = create_dataset(padded, time_step, days_ahead)
    windows, _ = create_dataset(np.where(table.columns.isin(left_out), np.float32(0), padded), time_step, days_ahead)

    made_on = table.index[time_step - 1 :]
    answers = answers.reshape(len(answers), -1)
    start = values[time_step - 1 :, :1] if changes else np.zeros((len(answers), 1), "float32")
    known = int((made_on + days_ahead * A_DAY <= pd.Timestamp(train_end)).sum())
    if known < BATCH:
        raise ValueError(f"{known} windows up to {train_end} are too few: a batch has {BATCH}; give a later day")
    learn = slice(known % BATCH, known)  # whole batches only: XLA would compile once more for a smaller one
    start_anew(network, seed)
    network.fit(
        windows[learn],
        (answers - start)[learn],
        batch_size=BATCH,
        epochs=round(steps / (known // BATCH)),
        verbose=0,
    )
    outputs = outputs_of(network, windows)
    last = slice(-len(outputs), None)
    columns = range(1, outputs.shape[1] + 1)
    return pd.DataFrame((start[last] + outputs) * scaler.scale_[0] + scaler.mean_[0], made_on[last], columns)


def outputs_of(network: keras.Model, windows: np.ndarray) -> np.ndarray:
    """Return what a network says to windows of shape (samples, time_step, features): shape (samples, outputs).

    The first few are left out, fewer than 256: XLA compiles for parts of one size only once, and few windows are in
    memory at a time.
    """
    parts = len(windows) // PART
    split = np.split(windows[len(windows) - PART * parts :], parts)
    return np.concatenate([network.predict_on_batch(part) for part in split])


def for_day(forecasts: pd.DataFrame, days_ahead: int = 1) -> pd.Series:
    """Return the forecasts made `days_ahead` days before, dated with the day that they are for."""
    return forecasts[days_ahead].shift(days_ahead, freq="D")
