"""What a euro cost in eight currencies, and what shares of three companies cost in dollars."""

from typing import NamedTuple

import pandas as pd

from helpers.data.files import found


class Markets(NamedTuple):
    """The three tables that `load` describes."""

    euro: pd.DataFrame
    close: pd.DataFrame
    adjusted: pd.DataFrame


def load() -> Markets:
    """Read the exchange rates and the share prices.

    Returns
    -------
    Markets
        Three DataFrames of float64 without gaps, one row a trading day (weekends and holidays are not there), indexed
        by `Date`. `euro`: units of a currency for one euro, 8 columns, 1999-01-04 to 2025-12-31. `close`: the day's
        last price of one share of AAPL, IBM and MSFT in dollars, 2000-03-01 to 2013-03-01. `adjusted`: the same,
        without the jumps of splits and dividends.

    Raises
    ------
    FileNotFoundError
        If a file is not in data/markets.
    """
    euro, stocks = (_read(name) for name in ("euro.csv", "stocks.csv"))
    adjusted = stocks.filter(regex=" adjusted$")
    return Markets(euro, stocks.drop(columns=adjusted.columns), adjusted.rename(columns=lambda name: name.split()[0]))


def _read(name: str) -> pd.DataFrame:
    table = pd.read_csv(found("markets", name), index_col="Date", parse_dates=["Date"]).astype("float64")
    table.index = table.index.as_unit("ns")  # pandas 2 reads dates as nanoseconds, pandas 3 as microseconds
    return table
