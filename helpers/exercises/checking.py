"""How an exercise is checked: read the answer, compare it, and answer in one sentence, never with a traceback."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

NOT_ATTEMPTED = "not attempted yet"
CORRECT = "correct"


class Hint(Exception):  # noqa: N818 (it is no error of the program)
    """What is likely wrong with an answer, in a sentence for the reader."""


def exercise(judge: Callable[..., None]) -> Callable[..., None]:
    """Make a check of a function that raises `Hint` for a wrong answer and returns for a right one.

    The check prints `not attempted yet` while a blank (`...`) is left, `correct`, or the hint.
    """

    @functools.wraps(judge)
    def check(*answers: Any) -> None:
        print(_verdict(judge, answers))

    return check


def call(function: Callable, *arguments: Any) -> Any:
    """Return what the reader's function makes of `arguments`.

    Raises
    ------
    Hint
        If it is no function, if it raises (the hint says what), or if it returns nothing, as an unsolved one does.
    """
    if not callable(function):
        raise Hint(f"give the function itself, without calling it; found {_short(function)}")
    try:
        result = function(*arguments)
    except Exception as error:
        raise Hint(f"your function stopped with {type(error).__name__}: {error}") from None
    if result is None or result is ...:
        raise Hint(NOT_ATTEMPTED)
    return result


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
    """Return the answer as a float array of the given shape; lists, Series and DataFrames count as arrays.

    Raises
    ------
    Hint
        If it is not numeric, has another shape, or holds NaN or infinite values.
    """
    values = _as_floats(answer, f"an array of shape {shape}")
    if values.shape != shape:
        raise Hint(f"an array of shape {shape} is expected; yours has shape {values.shape}")
    if not np.isfinite(values).all():
        raise Hint("your array holds NaN or infinite values")
    return values


def _verdict(judge: Callable[..., None], answers: tuple) -> str:
    if any(_has_blank(answer) for answer in answers):
        return NOT_ATTEMPTED
    try:
        judge(*answers)
    except Hint as hint:
        return str(hint)
    except Exception as error:
        return f"this answer cannot be checked ({type(error).__name__}: {error}); look again at what is asked for"
    return CORRECT


def _has_blank(answer: Any) -> bool:
    if isinstance(answer, list | tuple):
        return any(_has_blank(part) for part in answer)
    return answer is ...


def _as_floats(answer: Any, expected: str) -> np.ndarray:
    if isinstance(answer, str | bytes | bool) or answer is None:
        raise Hint(f"{expected} is expected; found {_short(answer)}")
    try:
        return np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        raise Hint(f"{expected} is expected; found {_short(answer)}") from None


def _short(answer: Any) -> str:
    text = " ".join(repr(answer).split())
    return text if len(text) <= 60 else f"{type(answer).__name__} {text[:50]}…"
