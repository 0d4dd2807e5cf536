"""The yearly cycle of a daily record: what an average year does, and where in the year a day lies."""

from typing import TypeVar

import numpy as np
import pandas as pd

DAYS_A_YEAR = 365
WAVES = 3

Table = TypeVar("Table", pd.Series, pd.DataFrame)


def yearly_cycle(record: Table, train_end: str | pd.Timestamp, days: pd.DatetimeIndex) -> Table:
    """Return what an average year has on each of `days`, column by column, in the record's units.

    It is a mean and three waves, of a year, half a year and a third of a year, fitted by least squares to the days up
    to and including `train_end`: seven numbers a column, so that a short record does not learn its own weather by
    heart. (Fourier terms, as in R. J. Hyndman and G. Athanasopoulos, *Forecasting: Principles and Practice*, 2021.)
    `record - yearly_cycle(record, train_end, record.index)` are the departures; adding the cycle of the day that a
    forecast is for undoes it.

    Raises
    ------
    ValueError
        If there are fewer than 365 days up to `train_end`, or one of them has no value.
    """
    cycle = cycle_on(days, fit_cycle(record, train_end))
    return cycle.iloc[:, 0].rename(record.name) if isinstance(record, pd.Series) else cycle


def fit_cycle(record: Table, train_end: str | pd.Timestamp) -> pd.DataFrame:
    """Return the seven numbers of each column's yearly cycle, shape (7, columns); errors as `yearly_cycle`."""
    train = record.loc[:train_end]
    if len(train) < DAYS_A_YEAR:
        raise ValueError(
            f"the record has {len(train)} days up to {pd.Timestamp(train_end):%Y-%m-%d}; "
            "a yearly cycle needs at least one whole year, 365 days: give a later day"
        )
    values = train.to_numpy(dtype=float)
    if not np.isfinite(values).all():
        raise ValueError(f"{(~np.isfinite(values)).sum()} of the training values are missing or infinite: fill them")
    weights, *_ = np.linalg.lstsq(_waves(train.index), values, rcond=None)
    return pd.DataFrame(weights, columns=getattr(record, "columns", None))


def cycle_on(days: pd.DatetimeIndex, weights: pd.DataFrame) -> pd.DataFrame:
    """Return the cycle that `fit_cycle` found, on each of `days`: shape (days, columns), in the record's units."""
    return pd.DataFrame(_waves(days) @ weights.to_numpy(), days, weights.columns)


def with_season(record: pd.DataFrame) -> pd.DataFrame:
    """Return the record with the day of the year as a sine and a cosine: neighbours across the turn of the year."""
    angle = angle_of_year(record.index)
    season = {"sine of the day": np.sin(angle), "cosine of the day": np.cos(angle)}
    return pd.concat([record, pd.DataFrame(season, index=record.index)], axis=1)


def angle_of_year(days: pd.DatetimeIndex) -> np.ndarray:
    """Return how far the year has gone on each of `days`, as an angle: 2π is a whole year."""
    return 2 * np.pi * days.day_of_year.to_numpy() / 365.25


def _waves(days: pd.DatetimeIndex) -> np.ndarray:
    """Return the shapes that a cycle is made of: shape (days, 1 + 2 · WAVES)."""
    angle = angle_of_year(days)
    waves = [wave(k * angle) for k in range(1, WAVES + 1) for wave in (np.sin, np.cos)]
    return np.column_stack([np.ones(len(days)), *waves])
