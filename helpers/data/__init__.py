"""The data that the lessons use: the daily records, and one set for each lesson of the part Elsewhere.

data/README.md describes every file. Loading a set imports only what that set needs.
"""

import importlib
from typing import Any

from helpers.daily_csv import DataError as DataError
from helpers.daily_csv import read_daily_csv as read_daily_csv
from helpers.data import records
from helpers.data.records import NAMES as NAMES
from helpers.data.records import TRAIN_END as TRAIN_END
from helpers.data.records import VALIDATION_END as VALIDATION_END
from helpers.data.records import path as path
from helpers.data.records import split as split

SETS = ("sentiment", "writing", "translating", "speech", "activity", "behaviour", "markets")
"""The sets of the part Elsewhere, named as their lessons."""


def load(name: str) -> Any:
    """Read a daily record or another set of data.

    Parameters
    ----------
    name
        One of `NAMES` (the daily records) or `SETS`.

    Returns
    -------
    pandas.DataFrame or other
        A daily record as `helpers.data.records.load` describes it; a set as `load` in the module of its name does,
        such as `helpers.data.sentiment.load`.

    Raises
    ------
    ValueError
        If there are no data of that name.
    FileNotFoundError
        If a file is not in the folder `data`.
    """
    if name in NAMES:
        return records.load(name)
    if name in SETS:
        return importlib.import_module(f"helpers.data.{name}").load()
    raise ValueError(f"there are no data named {name!r}; the names are {', '.join(NAMES + SETS)}")
