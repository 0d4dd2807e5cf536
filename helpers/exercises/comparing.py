"""Compare an answer with what is expected: numbers, arrays, texts, dates, and collections of them."""

import datetime
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from helpers.exercises.calling import Hint

RELATIVE = 1e-5  # what two ways of computing the same in single precision may differ by
DATES = datetime.date | np.datetime64  # pd.Timestamp is a datetime.date


def differs(found: Any, expected: Any, decimals: int | None = None) -> str | None:
    """Return None if `found` is what is expected, or else how they differ.

    A number that equals the expected one when both are rounded to `decimals` is right. Arrays, lists, Series, tensors
    and generators of the same numbers are the same; where both have dates, these count as well.

    Raises
    ------
    Hint
        If `found` is of another kind or shape than what is expected.
    """
    if expected is None or isinstance(expected, str | bool | np.bool_ | DATES):
        value = _of_kind(found, expected)
        return None if value == expected else f"{in_words(expected)} is expected, yours is {in_words(value)}"
    if isinstance(expected, Mapping):
        return _mappings_differ(found, expected, decimals)
    if isinstance(expected, set | frozenset):
        return _sets_differ(found, expected)
    if isinstance(expected, list | tuple) and not _is_numeric(expected):
        return _parts_differ(found, expected, decimals)
    return _indices_differ(found, expected) or _numbers_differ(found, expected, decimals)


def number(answer: Any) -> float:
    """Return the answer as a float; lists, arrays and Series of one number count as that number.

    Raises
    ------
    Hint
        If it is not a single, finite number.
    """
    values = _as_floats(answer, "a number")
    if values.size != 1:
        raise Hint(f"a single number is expected; found {values.size} of them")
    value = float(values.ravel()[0])
    if not np.isfinite(value):
        raise Hint(f"a finite number is expected; found {value}")
    return value


def numbers(answer: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Return the answer as a float array of the given shape; anything like an array counts as one.

    Raises
    ------
    Hint
        If it is not numeric or has another shape.
    """
    values = _as_floats(answer, f"an array of shape {shape}")
    if values.shape != shape:
        raise Hint(f"an array of shape {shape} is expected; yours has shape {values.shape}")
    return values


def in_words(value: Any) -> str:
    """Return a short form of a value for a sentence."""
    if isinstance(value, pd.DataFrame | pd.Series):
        return f"{type(value).__name__} of {len(value):,} rows"
    if isinstance(value, np.ndarray) and value.size > 6:
        return f"array of shape {value.shape}"
    if isinstance(value, np.ndarray):
        return in_words(value.tolist())
    if isinstance(value, float | np.floating):
        return f"{value:.6g}"
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, list | tuple) and len(value) <= 6:
        inside = ", ".join(in_words(part) for part in value)
        return f"[{inside}]" if isinstance(value, list) else f"({inside}{',' * (len(value) == 1)})"
    if callable(value) and hasattr(value, "__name__"):
        return value.__name__
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{type(value).__name__} {text[:50]}…"


def _of_kind(found: Any, expected: Any) -> Any:
    """Return `found` as a text, a truth value, a date or None, whichever is expected."""
    if isinstance(expected, DATES):
        return _date(found)
    if isinstance(expected, bool | np.bool_):
        if np.size(found) != 1 or np.asarray(found).dtype != bool:
            raise Hint(f"True or False is expected; found {in_words(found)}")
        return bool(np.asarray(found).ravel()[0])
    if isinstance(expected, str) and not isinstance(found, str):
        raise Hint(f"a text is expected; found {in_words(found)}")
    return found.strip() if isinstance(expected, str) else found


def _date(found: Any) -> pd.Timestamp:
    try:
        if isinstance(found, int | float):  # pandas would read a number as nanoseconds since 1970
            raise TypeError
        day = pd.Timestamp(found)
    except (TypeError, ValueError):
        raise Hint(f"a day such as '1976-05-04' is expected; found {in_words(found)}") from None
    if pd.isna(day):
        raise Hint("a day such as '1976-05-04' is expected; found none")
    return day


def _mappings_differ(found: Any, expected: Mapping, decimals: int | None) -> str | None:
    if isinstance(found, pd.Series):
        found = found.to_dict()
    if not isinstance(found, Mapping):
        raise Hint(f"a dictionary is expected; found {in_words(found)}")
    if set(found) != set(expected):
        raise Hint(f"the keys {in_words(list(expected))} are expected; found {in_words(list(found))}")
    pairs = ((key, differs(found[key], expected[key], decimals)) for key in expected)
    return next((f"{key!r}: {difference}" for key, difference in pairs if difference), None)


def _sets_differ(found: Any, expected: set) -> str | None:
    found = _parts(found)
    if set(found) == set(expected):
        return None
    return f"{in_words(sorted(expected, key=str))} are expected, yours are {in_words(sorted(found, key=str))}"


def _parts_differ(found: Any, expected: list | tuple, decimals: int | None) -> str | None:
    found = _parts(found)
    if len(found) != len(expected):
        raise Hint(f"{len(expected)} parts are expected; found {len(found)}")
    pairs = (differs(*pair, decimals) for pair in zip(found, expected, strict=True))
    return next((f"part {i}: {difference}" for i, difference in enumerate(pairs, 1) if difference), None)


def _parts(found: Any) -> list:
    if isinstance(found, str | bytes) or not hasattr(found, "__iter__"):
        raise Hint(f"several values are expected; found {in_words(found)}")
    return list(found)


def _indices_differ(found: Any, expected: Any) -> str | None:
    """Return how the dates or row names differ, where both have them."""
    if not (isinstance(expected, pd.DataFrame | pd.Series) and isinstance(found, pd.DataFrame | pd.Series)):
        return None
    if len(found) != len(expected):
        raise Hint(f"{len(expected):,} rows are expected; yours has {len(found):,}")
    other = np.flatnonzero(found.index != expected.index)
    if len(other) == 0:
        return None
    right, given = expected.index[other[0]], found.index[other[0]]
    return f"row {other[0]} should be that of {in_words(right)}, yours is that of {in_words(given)}"


def _numbers_differ(found: Any, expected: Any, decimals: int | None) -> str | None:
    right = np.asarray(expected, dtype=float)
    values = np.asarray(number(found)) if right.ndim == 0 else numbers(found, right.shape)
    if not np.isnan(right).any() and not np.isfinite(values).all():
        raise Hint("your array holds NaN or infinite values")
    scale = np.nanmax(np.abs(right), initial=0)
    same = np.isclose(values, right, rtol=RELATIVE, atol=1e-7 * scale, equal_nan=True)
    if decimals is not None:
        same |= np.abs(values - right) <= 0.5001 * 10.0**-decimals
    if same.all():
        return None
    if right.ndim == 0:
        return f"{in_words(float(right))} is expected, yours is {in_words(float(values))}"
    place = tuple(int(i) for i in np.argwhere(~same)[0])
    return f"at {list(place)} {in_words(right[place])} is expected, yours has {in_words(values[place])}"


def _is_numeric(values: list | tuple) -> bool:
    try:
        return np.asarray(values).dtype.kind in "iuf"
    except ValueError:  # parts of several shapes
        return False


def _as_floats(answer: Any, expected: str) -> np.ndarray:
    if isinstance(answer, datetime.timedelta):
        return np.asarray(answer / datetime.timedelta(days=1))
    wrong_kind = Hint(f"{expected} is expected; found {in_words(answer)}")
    if isinstance(answer, str | bytes | bool | np.bool_ | Mapping) or answer is None:
        raise wrong_kind
    if hasattr(answer, "__iter__") and not hasattr(answer, "__array__"):
        answer = list(answer)  # also a generator, a shape of TensorFlow's
    try:
        if np.asarray(answer).dtype.kind in "USM":
            raise wrong_kind
        return np.ma.filled(np.ma.asarray(answer).astype(float), np.nan)
    except (TypeError, ValueError):
        raise wrong_kind from None
