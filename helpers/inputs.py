"""What the forecasters of `helpers.pipeline` get to see of a record, and which of its columns are left out."""

from typing import NamedTuple

import pandas as pd

from helpers.daily_csv import not_inputs
from helpers.forecasting import A_DAY
from helpers.season import DAYS_A_YEAR, cycle_on, fit_cycle, with_season

WEEKLY = 0.2


class Inputs(NamedTuple):
    """The inputs for each day of a record, and what is to be added to a forecast made from them."""

    table: pd.DataFrame
    """The target first, then the other columns that are used, all as departures from their yearly cycle; then the
    day of the year and, for a weekly record, the day of the week."""
    cycle: pd.Series
    """The yearly cycle of the target, up to the day after the record; 0 if there is not one year to fit it to."""
    left_out: dict[str, str]
    """Columns that are no inputs, and why."""
    weekly: bool
    """Whether the day of the week is among the inputs."""
    waves: pd.DataFrame | None
    """What the cycles are made of, as `helpers.season.fit_cycle` returns it; None if there is not one year."""


def inputs(record: pd.DataFrame, train_end: pd.Timestamp) -> Inputs:
    """Return the inputs that a daily record gives, the target first. All is decided on the days up to `train_end`.

    A cycle is taken out if there are 365 of these days or more.
    """
    train = record.loc[:train_end]
    left_out = not_inputs(train)
    waves = fit_cycle(train.drop(columns=list(left_out)), train_end) if len(train) >= DAYS_A_YEAR else None
    return inputs_as_before(record, left_out, is_weekly(train.iloc[:, 0]), waves)


def inputs_as_before(
    record: pd.DataFrame, left_out: dict[str, str], weekly: bool, waves: pd.DataFrame | None
) -> Inputs:
    """Return the inputs that a record gives after all that is decided in `inputs` has been."""
    days = record.index.append(record.index[-1:] + A_DAY)
    table, cycle = record.drop(columns=list(left_out)), pd.Series(0.0, days)
    if waves is not None:
        cycles = cycle_on(days, waves)
        table, cycle = table - cycles.loc[record.index], cycles.iloc[:, 0]
    table = with_season(table)
    if weekly:
        week = pd.get_dummies(pd.Series(table.index.day_name(), table.index), dtype=float)
        table = pd.concat([table, week], axis=1)
    return Inputs(table, cycle, left_out, weekly, waves)


def measured(record: pd.DataFrame) -> pd.Series:
    """Return the target without the days that were filled: no forecast is scored on an invented value."""
    return record.iloc[:, 0].drop(pd.DatetimeIndex(record.attrs.get("filled", [])), errors="ignore")


def is_weekly(series: pd.Series) -> bool:
    """Return whether a daily series follows the week: it changes from day to day as it did a week before.

    The autocorrelation of its changes at 7 days has to be above those at 6 and at 8 days by 0.2. (The changes, because
    the values of a series that drifts are alike at any distance.)
    """
    six, seven, eight = (series.diff().iloc[1:].autocorr(lag) for lag in (6, 7, 8))
    return bool(seven > max(six, eight) + WEEKLY)
