"""Call a reader's function: with a time limit, and with a sentence for whatever goes wrong."""

import contextlib
import inspect
import io
import linecache
import re
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from typing import Any

SECONDS = 10  # of processor time for one call: a busy computer does not make an answer wrong
NOT_ATTEMPTED = "not attempted yet"
BLANK_LINE = re.compile(r"^\s*(?:[^#\n]*=\s*|return\s+)?\.\.\.\s*(?:#.*)?$", re.MULTILINE)


class Hint(Exception):  # noqa: N818 (it is no error of the program)
    """What is likely wrong with an answer, in a sentence for the reader."""


class _TooLong(BaseException):  # no Exception: a reader's `except Exception` must not catch it
    pass


def is_blank(answer: Any) -> bool:
    """Tell whether an answer, or a part of it, is still the blank `...`."""
    if isinstance(answer, list | tuple):
        return any(is_blank(part) for part in answer)
    return answer is ...


def call(function: Callable, arguments: tuple) -> Any:
    """Return what the reader's function makes of the arguments; what it prints is not shown.

    Raises
    ------
    Hint
        If it raises, does not end, or returns nothing; the hint says which, with the reader's own line.
    """
    printed = io.StringIO()
    try:
        with _time_limit(), contextlib.redirect_stdout(printed):
            result = function(*arguments)
            if inspect.isgenerator(result):
                result = list(result)
    except _TooLong:
        raise Hint(f"your function had not ended after {SECONDS} seconds: is there a loop without an end?") from None
    except Exception as error:
        raise Hint(_what_stopped(function, len(arguments), error)) from None
    if result is None or result is ...:
        raise Hint(_why_nothing(function, result, printed.getvalue()))
    return result


@contextlib.contextmanager
def _time_limit() -> Iterator[None]:
    """Stop what runs inside after `SECONDS`, where the platform can: not on Windows, not outside the main thread."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_):
        raise _TooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _what_stopped(function: Callable, given: int, error: Exception) -> str:
    what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    own_lines = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    if not own_lines:
        return f"your function cannot be called with the {given} arguments that it gets here: {what}"
    line = linecache.getline(file, own_lines[-1].lineno).strip()
    return f"your function stopped at `{line}`: {what}"


def _why_nothing(function: Callable, result: Any, printed: str) -> str:
    try:
        is_unsolved = bool(BLANK_LINE.search(inspect.getsource(function)))
    except (OSError, TypeError):  # there is no source, for instance of a built-in function
        is_unsolved = False
    if is_unsolved or result is ...:
        return NOT_ATTEMPTED
    if printed:
        return "your function prints its answer; it should return it"
    return "your function returns nothing: it needs a line that begins with return"
