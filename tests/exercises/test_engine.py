"""The engine that judges answers: what counts as right, what each kind of wrong answer hears."""

import datetime
import threading

import numpy as np
import pandas as pd
import pytest

from helpers.exercises import calling
from helpers.exercises.comparing import differs, in_words
from helpers.exercises.engine import CORRECT, NOT_ATTEMPTED, Exercise, Hint

mean = Exercise(
    right=lambda values: float(np.mean(values)),
    draw=lambda rng: [([1.0, 2.0],), (rng.normal(size=5),)],
    mistakes={"that is the median": lambda values: np.median(values) + (len(values) == 2)},
    decimals=2,
)
double = Exercise(
    right=lambda values: 2 * values,
    draw=lambda rng: [(np.array([1.0, 2.0]),), (rng.normal(size=(4, 3)),)],
    mistakes={"that is the square": lambda values: values**2},
)
answer_to_all = Exercise(
    right=lambda: 42.123,
    mistakes={"the sign is wrong": lambda: -42.123, "that is its half": [lambda: 21.0615, lambda: 21]},
    decimals=1,
    otherwise="look it up",
)


def test_one_line_is_printed_and_the_verdict_returned(capsys):
    verdict = answer_to_all(-42.123)
    assert capsys.readouterr().out == "the sign is wrong\n"
    assert (verdict.correct, verdict.hint) == (False, "the sign is wrong")
    assert answer_to_all(42.123).correct
    assert capsys.readouterr().out == "correct\n"


def test_a_verdict_at_the_end_of_a_cell_shows_nothing_more():
    from IPython.core.formatters import DisplayFormatter

    assert DisplayFormatter().format(answer_to_all.judge(1)) == ({}, {})


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (42.1, CORRECT),
        (np.float32(42.123), CORRECT),
        ([42.123], CORRECT),
        (pd.Series([42.1]), CORRECT),
        (42.0, "look it up"),
        (21, "that is its half"),
        ("42", "a number is expected; found '42'"),
        ([1, 2], "a single number is expected; found 2 of them"),
        (np.nan, "a finite number is expected; found nan"),
        (..., NOT_ATTEMPTED),
        ([...], NOT_ATTEMPTED),
    ],
)
def test_values(answer, hint):
    assert answer_to_all.judge(answer).hint == hint


def in_place(values):
    values *= 2
    return values


def forgotten_return(values):
    values * 2


def printed_only(values):
    print(2 * values)


def unsolved(values):
    """Double."""
    ...


def half_solved(values):
    result = ...  # double it
    print(result)


def failing(values):
    return values.nothing


def swallowing(values):
    while True:
        try:
            while True:
                pass
        except Exception:
            pass


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (in_place, CORRECT),
        (lambda values: (2 * values).tolist(), CORRECT),
        (lambda values: pd.DataFrame(2 * values).squeeze(), CORRECT),
        (lambda values: (row for row in 2 * values), CORRECT),
        (lambda values: [v + v for v in values], CORRECT),
        (lambda values: values**2, "that is the square"),
        (lambda values: values + 1, "<lambda>(values=[1, 2]): at [1] 4 is expected, yours has 3"),
        (lambda values: 2 * values[:1], "an array of shape (2,) is expected; yours has shape (1,)"),
        (forgotten_return, "your function returns nothing"),
        (printed_only, "your function prints its answer"),
        (unsolved, NOT_ATTEMPTED),
        (half_solved, NOT_ATTEMPTED),
        (failing, "your function stopped at `return values.nothing`: AttributeError"),
        (lambda: 1, "your function cannot be called with the 1 arguments"),
        (2.0, "give the function itself, without calling it; found 2"),
    ],
)
def test_functions(answer, hint):
    assert hint in double.judge(answer).hint


def test_what_a_function_prints_is_not_shown(capsys):
    def talkative(values):
        print("debugging")
        return 2 * values

    double(talkative)
    assert capsys.readouterr().out == "correct\n"


@pytest.mark.skipif(not hasattr(calling.signal, "setitimer"), reason="this platform has no such timer")
def test_a_loop_without_an_end_is_stopped(monkeypatch):
    monkeypatch.setattr(calling, "SECONDS", 0.1)
    assert "had not ended after 0.1 seconds" in double.judge(swallowing).hint
    assert calling.signal.getitimer(calling.signal.ITIMER_PROF) == (0, 0)


def test_outside_the_main_thread_there_is_no_limit_and_no_error():
    verdicts = []
    thread = threading.Thread(target=lambda: verdicts.append(double.judge(in_place)))
    thread.start()
    thread.join()
    assert verdicts[0].correct


def test_rounded_results_of_a_function_are_right():
    assert mean.judge(lambda values: round(np.mean(values), 2)).correct
    assert not mean.judge(lambda values: round(np.mean(values), 1)).correct


def test_other_seeds_draw_other_cases():
    first = double.draw(np.random.default_rng(0))[1][0]
    assert double.judge(lambda values: 2 * values if values.size == 2 or (values == first).all() else values).correct
    assert not double.judge(
        lambda values: 2 * values if values.size == 2 or (values == first).all() else values, seed=1
    ).correct


def test_several_answers_go_to_measure_as_one():
    def product(answers):
        a, b = answers
        return a * b

    six = Exercise(right=lambda: (2, 3), measure=product, mistakes={"that is their sum": lambda: (5, 1)})
    assert six.judge(1.5, 4).correct
    assert six.judge((6, 1)).correct
    assert six.judge(1, 5).hint == "that is their sum"
    assert six.judge(2, ...).hint == NOT_ATTEMPTED


DAYS = pd.date_range("2001-01-01", periods=3)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (np.bool_(True), True),
        (" text ", "text"),
        ("2001-01-01", DAYS[0]),
        (datetime.date(2001, 1, 1), DAYS[0]),
        (np.datetime64("2001-01-01"), DAYS[0]),
        (datetime.timedelta(days=11), 11),
        (np.timedelta64(11, "D").astype(object), 11),
        (np.array([11], dtype=object), 11),
        ({"a": 1}.keys(), {"a"}),
        (pd.Index(["a", "b"]), ["a", "b"]),
        ((None, 30, 1), (None, 30, 1)),
        (iter([1, 2]), (1, 2)),
        (pd.Series([1, 2], index=["a", "b"]), {"a": 1, "b": 2}),
        (pd.Series([1.0, 2.0, 3.0], index=DAYS), pd.Series([1.0, 2.0, 3.0], index=DAYS)),
        ([1.0, 2.0, 3.0], pd.Series([1.0, 2.0, 3.0], index=DAYS)),
        ([np.nan, 1.0], np.array([np.nan, 1.0])),
        (None, None),
    ],
)
def test_the_same(found, expected):
    assert differs(found, expected) is None


@pytest.mark.parametrize(
    ("found", "expected", "how"),
    [
        (False, True, "True is expected, yours is False"),
        ("no", "yes", "'yes' is expected, yours is 'no'"),
        ("2001-01-02", DAYS[0], "2001-01-01 is expected, yours is 2001-01-02"),
        ({"a", "b"}, {"a"}, "['a'] are expected, yours are ['a', 'b']"),
        ((1, "x"), (1, "y"), "part 2: 'y' is expected"),
        ({"a": 2}, {"a": 1}, "'a': 1 is expected, yours is 2"),
        (pd.Series([1.0], DAYS[1:2]), pd.Series([1.0], DAYS[:1]), "row 0 should be that of 2001-01-01"),
        ([[1, 2], [3, 5]], [[1, 2], [3, 4]], "at [1, 1] 4 is expected, yours has 5"),
        (1 + 1e-4, 1.0, "1 is expected, yours is 1.0001"),
    ],
)
def test_not_the_same(found, expected, how):
    assert how in differs(found, expected)


@pytest.mark.parametrize(
    ("found", "expected", "how"),
    [
        (1, True, "True or False is expected"),
        (1, "text", "a text is expected"),
        (5, DAYS[0], "a day such as"),
        ("soon", DAYS[0], "a day such as"),
        (3, ["a", "b"], "several values are expected"),
        ([1], ("a", "b"), "2 parts are expected; found 1"),
        ([1], {"a": 1}, "a dictionary is expected"),
        ({"b": 1}, {"a": 1}, "the keys ['a'] are expected; found ['b']"),
        (["1"], [1.0], "is expected; found ['1']"),
        ([np.nan, 1.0], [0.0, 1.0], "NaN"),
        (np.ma.masked_equal([0.0, 1.0], 0), [0.0, 1.0], "NaN"),
        (pd.Series([1.0]), pd.Series([1.0, 2.0]), "2 rows are expected; yours has 1"),
    ],
)
def test_of_another_kind(found, expected, how):
    with pytest.raises(Hint) as hint:
        differs(found, expected)
    assert how in str(hint.value)


def test_long_values_are_shortened_to_one_line():
    assert in_words(np.zeros((3, 4))) == "array of shape (3, 4)"
    assert in_words(pd.DataFrame({"a": range(1000)})) == "DataFrame of 1,000 rows"
    assert len(in_words("x\n" * 1000)) < 80
