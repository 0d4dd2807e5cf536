"""The dates of the lesson translating: English texts in many formats, and the same days in French."""

import pandas as pd

from helpers.data.files import found


def load() -> pd.DataFrame:
    """Read the pairs of an English date and a French one.

    Returns
    -------
    pandas.DataFrame
        15,000 rows: `day` (datetime64), `format` (such as "en_GB long": a locale of CLDR and a name of a format),
        `english` and `french` (str). 1,000 rows a format, in order of the day within a format.

    Raises
    ------
    FileNotFoundError
        If the file is not in the folder `data`.
    """
    return pd.read_csv(found("translating", "dates.csv"), parse_dates=["day"])
