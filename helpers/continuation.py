"""Does a record continue the one that a forecaster learned from? If not, an error says where, and what to do."""

import hashlib

import numpy as np
import pandas as pd

from helpers.daily_csv import DataError
from helpers.forecasting import A_DAY
from helpers.inputs import measured

ANEW = "train and save anew, with pipeline.study and pipeline.save"
WEEK = 7


def continued(record: pd.DataFrame, saved: dict, same_unit: bool = False) -> tuple[pd.DataFrame, pd.Series]:
    """Check a record; return it from the first day that was learned from on, and what was measured of its target.

    Parameters
    ----------
    record
        Shape (days, columns), the target first, as `read_daily_csv` returns it.
    saved
        What was learned from: its `columns`, `first` and `last` day, and `fingerprint`.
    same_unit
        Whether a jump that looks like another unit is known to be none.

    Returns
    -------
    tuple
        The record, float64, its columns in the order of `saved`; and its first column without the days filled.

    Raises
    ------
    DataError
        If columns differ, a day or a value is missing, the record is older, the past has changed, or a value jumps.
    """
    first, last = saved["first"], saved["last"]
    learned = f"{first} to {last}"
    _check_columns(record, saved["columns"])
    _check_days(record.index, first, last)
    observed = measured(record).loc[first:]
    record = _as_numbers(record.loc[first:, saved["columns"]])
    now = fingerprint(record.loc[:last])
    changed = [year for year, digest in saved["fingerprint"].items() if now[year] != digest]
    if changed:
        all_of_them = " (all there are: is it another place, or another unit?)" if len(changed) == len(now) else ""
        raise DataError(
            f"the past has changed: the values of {', '.join(changed)}{all_of_them} are not those that were learned "
            f"from, {learned}; give that record with rows added at its end. If it was corrected, {ANEW}"
        )
    if not same_unit:
        for _, column in record.items():
            _check_jump(column.loc[:last], column.loc[last:].iloc[1:], learned)
    return record, observed


def fingerprint(record: pd.DataFrame) -> dict[str, str]:
    """Return a hash of each year's values, to nine digits: versions of pandas may read the last ones differently."""
    years = record.groupby(record.index.year)
    lines = {year: part.to_csv(header=False, float_format="%.9g", lineterminator="\n") for year, part in years}
    return {str(year): hashlib.sha256(text.encode()).hexdigest() for year, text in lines.items()}


def _check_columns(record: pd.DataFrame, columns: list[str]) -> None:
    if not isinstance(record, pd.DataFrame):
        raise DataError(f"a record is a DataFrame, as read_daily_csv returns it; found a {type(record).__name__}")
    found = list(record.columns)
    if len(found) != len(columns) or set(found) != set(columns):
        missing, new = [name for name in columns if name not in found], [name for name in found if name not in columns]
        raise DataError(
            f"other columns: {columns} were learned from; missing are {missing}, new are {new}; "
            f"give the same columns, each once, or {ANEW}"
        )
    if found[0] != columns[0]:
        raise DataError(
            f"the first column is {found[0]!r}, but {columns[0]!r} is what is forecast; "
            f"read the file with target={columns[0]!r}"
        )


def _check_days(days: pd.Index, first: str, last: str) -> None:
    if not isinstance(days, pd.DatetimeIndex) or days.tz is not None or days.hasnans or not len(days):
        raise DataError("the index has to hold days, without time zone; read the file with read_daily_csv")
    odd = np.flatnonzero(days[1:] - days[:-1] != A_DAY)
    if len(odd) or days[0] != days[0].normalize():
        before, after = (
            str(day).removesuffix(" 00:00:00") for day in days[[odd[0], odd[0] + 1] if len(odd) else [0, 0]]
        )
        at = f"{after} follows {before}" if len(odd) else f"the first row is {after}"
        raise DataError(
            f"a gap: {at}; each day has to have one row, in order: read the file with read_daily_csv, which fills "
            "short gaps and tells the long ones"
        )
    if days[-1] < pd.Timestamp(last):
        raise DataError(
            f"the record ends on {days[-1]:%Y-%m-%d}, before {last}, the last day of the one that was learned from; "
            "give a newer one (after a long gap, read_daily_csv may have cut it there: its report says so)"
        )
    if days[0] > pd.Timestamp(first):
        raise DataError(
            f"the record begins on {days[0]:%Y-%m-%d}; {first} to {last} was learned from, so it cannot be told "
            f"whether it continues that; give that record with rows added at its end, or {ANEW}"
        )


def _as_numbers(record: pd.DataFrame) -> pd.DataFrame:
    remedy = "read the file with read_daily_csv, which fills short gaps"
    try:
        values = record.to_numpy("float64", na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise DataError(f"a value is no number ({error}); {remedy}") from error
    missing = np.argwhere(~np.isfinite(values))
    if len(missing):
        row, column = missing[0]
        raise DataError(
            f"column {record.columns[column]!r} has no finite value on {record.index[row]:%Y-%m-%d}; {remedy}"
        )
    return pd.DataFrame(values, record.index, record.columns)


def _check_jump(old: pd.Series, new: pd.Series, learned: str) -> None:
    """Raise a DataError if new values look as if they were in another unit.

    Either a change from one day to the next is more than twice the largest that was learned from, or the median of the
    last days, a week at most, is out of the range of all such medians: by more than that range or, in a record that is
    never below 0, below half of its lowest.
    """
    if not len(new):
        return
    week = min(len(new), WEEK)
    medians, middle = old.rolling(week).median(), new.iloc[-week:].median()
    low, high = medians.min(), medians.max()
    far = middle > 2 * high - low or middle < 2 * low - high or (old.min() >= 0 and middle < low / 2)
    steps = pd.concat([old.iloc[-1:], new]).diff().abs()
    jumps = steps.index[steps > 2 * old.diff().abs().max()]
    if far or len(jumps):
        day = jumps[0] if len(jumps) else new.index[-week]
        raise DataError(
            f"column {old.name!r} jumps: {new[day]:.6g} on {day:%Y-%m-%d}, after {old.min():.6g} to {old.max():.6g} "
            f"from {learned}. Is it another unit, or a mistake in the file? Mend that; if it was measured so, give "
            "same_unit=True"
        )
