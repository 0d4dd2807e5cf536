"""The daily records that the lessons use, and their split in time."""

import re
from datetime import date
from pathlib import Path

import pandas as pd

from helpers.data import files

NAMES = ("brussels", "tunis", "champion", "hyderabad", "simulated")
"""What `load` and `path` know."""

TRAIN_END = "1997-12-31"
VALIDATION_END = "2001-12-31"
"""The split of the Brussels record in every lesson: training 1976-1997, validation 1998-2001, test 2002-2005."""

ISO_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2}([ T]\d{2}:\d{2}\S*)?)?)?$")


def path(name: str) -> Path:
    """Return where the CSV file of a record is.

    Parameters
    ----------
    name
        One of `NAMES`.

    Raises
    ------
    ValueError
        If there is no record of that name.
    FileNotFoundError
        If its file is not in the folder `data`.
    """
    if name not in NAMES:
        raise ValueError(f"there is no record named {name!r}; the names are {', '.join(NAMES)}")
    return files.found(f"{name}.csv")


def load(name: str) -> pd.DataFrame:
    """Read a daily record.

    Parameters
    ----------
    name
        One of `NAMES`.

    Returns
    -------
    pandas.DataFrame
        One row a day, in order and without gaps; the index `Date` has the frequency "D" and counts nanoseconds
        under every version of pandas. All columns are float64. `temperature` comes first: the day's mean in °C.
        A station's is the mean of `tmin` and `tmax` (°C), which follow with `rain` (mm) and `et0` (mm, reference
        evapotranspiration). "simulated" has `temperature` alone.

    Raises
    ------
    ValueError
        If there is no record of that name.
    FileNotFoundError
        If its file is not in the folder `data`.
    """
    frame = pd.read_csv(path(name), index_col="Date", parse_dates=["Date"]).astype("float64")
    # pandas 2 reads dates as nanoseconds, pandas 3 as microseconds
    frame.index = pd.DatetimeIndex(frame.index.as_unit("ns"), freq="D")
    if name == "simulated":
        return frame.rename(columns={"Temperature": "temperature"})
    frame.insert(0, "temperature", (frame["tmin"] + frame["tmax"]) / 2)
    return frame


def split(
    frame: pd.DataFrame, train_end: str | date, validation_end: str | date
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Cut a record into training, validation and test days, in time order.

    Every day lands in exactly one part. Each part is a copy: changing it leaves `frame` as it was.

    Parameters
    ----------
    frame
        A record whose index is a DatetimeIndex without time zone, in order, no day twice.
    train_end
        The last training day, inclusive, as year-month-day. A shorter text means all of what it names, as in
        pandas' slicing by partial strings: "1997" ends on 31 December, "1997-06" on 30 June. A date or Timestamp
        is that very moment.
    validation_end
        The last validation day, inclusive, read in the same way. The test days are all that follow.

    Returns
    -------
    tuple of three pandas.DataFrame
        Training, validation and test days; none is empty.

    Raises
    ------
    ValueError
        If the index is not as above, an end is not a date, the ends are not in order, or one of the parts would
        be empty, as it is when an end lies outside the record.
    """
    days = frame.index
    _check_days(days)
    first = _last_moment("train_end", train_end)
    second = _last_moment("validation_end", validation_end)
    given = f"train_end={train_end!r} and validation_end={validation_end!r}"
    if first >= second:
        raise ValueError(f"{given} are not in time order; train_end has to be the earlier one")
    a, b = int((days <= first).sum()), int((days <= second).sum())
    for part, rows in {"training": a, "validation": b - a, "test": len(days) - b}.items():
        if rows == 0:
            raise ValueError(
                f"{given} leave no {part} day: the record runs from {days[0]:%Y-%m-%d} to {days[-1]:%Y-%m-%d}; "
                "choose ends inside it that leave at least one day to each part"
            )
    # without copy(), pandas 2 gives views of `frame`, and scaling a part would scale the record
    return frame.iloc[:a].copy(), frame.iloc[a:b].copy(), frame.iloc[b:].copy()


def _check_days(days: pd.Index) -> None:
    """Raise a ValueError unless these are days in time order, each once."""
    if not isinstance(days, pd.DatetimeIndex):
        raise ValueError(
            f"the index is a {type(days).__name__}, not a DatetimeIndex; make one with "
            "frame.set_index('Date') after pd.to_datetime on that column"
        )
    if days.tz is not None:
        raise ValueError(f"the index has the time zone {days.tz}; take it off with frame.tz_localize(None)")
    if len(days) == 0:
        raise ValueError("the record is empty: there is nothing to split; check how it was read")
    if days.hasnans:
        raise ValueError(
            f"{days.isna().sum()} rows have no date; drop them with frame[frame.index.notna()] or give the dates"
        )
    if days.has_duplicates:
        twice = days[days.duplicated()][0]
        raise ValueError(
            f"{twice:%Y-%m-%d} appears more than once; keep one row of each day, with frame[~frame.index.duplicated()]"
        )
    if not days.is_monotonic_increasing:
        raise ValueError("the days are not in time order; sort them with frame.sort_index()")


def _last_moment(name: str, end: str | date) -> pd.Timestamp:
    """Return the last moment of the day, month or year that a text names, or the moment that a date is."""
    if not isinstance(end, str | date):  # a number such as 1997 would be read as nanoseconds since 1970
        raise ValueError(f"{name}={end!r} is of type {type(end).__name__}, not a date; write it as in '1997-12-31'")
    if isinstance(end, str) and not ISO_DATE.match(end):
        raise ValueError(
            f"{name}={end!r} is not a date as year-month-day, and other ways of writing one have two readings "
            "(01.02. is 2 January or 1 February); write it as in '1997-12-31'"
        )
    try:
        moment = pd.Period(end).end_time if isinstance(end, str) else pd.Timestamp(end)
    except (ValueError, AttributeError) as error:  # "NaT" is a Period without an end
        raise ValueError(f"{name}={end!r} is not a date; write it as in '1997-12-31'") from error
    if pd.isna(moment) or moment.tz is not None:
        raise ValueError(f"{name}={end!r} is not a date without time zone, as the record's are; write '1997-12-31'")
    return moment
