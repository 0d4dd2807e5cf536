"""How answers are read: blanks, types that count as numbers, and no traceback whatever comes in."""

import numpy as np
import pandas as pd
import pytest

from helpers.exercises.checking import Hint, call, exercise, number, numbers


@exercise
def is_four(answer):
    """Judge whether the answer is 4."""
    if number(answer) != 4:
        raise Hint("not 4")


def said(capsys, answer) -> str:
    is_four(answer)
    return capsys.readouterr().out.strip()


@pytest.mark.parametrize("answer", [4, 4.0, np.int64(4), np.float32(4), [4], (4,), np.array([[4]]), pd.Series([4])])
def test_every_type_of_one_number_counts(capsys, answer):
    assert said(capsys, answer) == "correct"


@pytest.mark.parametrize("answer", [..., [...], (4, ...), [[..., 1]]])
def test_a_blank_is_not_attempted(capsys, answer):
    assert said(capsys, answer) == "not attempted yet"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "found None"),
        ("four", "found 'four'"),
        (True, "found True"),
        (float("nan"), "finite"),
        (float("inf"), "finite"),
        ([4, 4], "found 2 of them"),
        ([], "found 0 of them"),
        (object(), "a number is expected"),
        (pd.DataFrame({"a": ["x"]}), "a number is expected"),
        (5, "not 4"),
    ],
)
def test_anything_else_gets_a_sentence(capsys, answer, words):
    verdict = said(capsys, answer)
    assert words in verdict
    assert "\n" not in verdict


def test_an_unforeseen_error_in_a_check_is_no_traceback(capsys):
    @exercise
    def broken(answer):
        """Judge nothing."""
        return answer.no_such_thing

    broken(4)
    assert "cannot be checked (AttributeError" in capsys.readouterr().out


def test_numbers_want_the_shape():
    assert numbers([[1, 2]], (1, 2)).tolist() == [[1.0, 2.0]]
    with pytest.raises(Hint, match=r"yours has shape \(2,\)"):
        numbers([1, 2], (2, 1))
    with pytest.raises(Hint, match="NaN"):
        numbers([1, np.nan], (2,))


def test_call_hands_on_errors_and_blanks_as_hints():
    assert call(lambda a: a + 1, 1) == 2
    with pytest.raises(Hint, match="ZeroDivisionError"):
        call(lambda: 1 / 0)
    with pytest.raises(Hint, match="not attempted yet"):
        call(lambda: None)
    with pytest.raises(Hint, match="without calling it"):
        call(3)
