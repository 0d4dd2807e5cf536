"""The checks of lesson your_own_data: right answers, typical mistakes by name, nonsense."""

import numpy as np
import pandas as pd
import pytest

from helpers.exercises import your_own_data as check

NONSENSE = [None, "text", np.nan, np.zeros((2, 2)), object(), [], {}]


def in_place(gru, ridge, over):
    if ridge[0] > 0:
        return "GRU" if over[0] > 0 else "ridge"
    return "GRU" if gru[0] > 0 else "naive"


def always_best_share(gru, ridge, over):
    if sum(over) > 0 and sum(gru) > 0:
        return "GRU"
    return "ridge" if sum(ridge) > 0 else "naive"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (in_place, "correct"),
        (lambda *given: np.str_(in_place(*given)), "correct"),
        (lambda *given: None, "not attempted yet"),
        (always_best_share, "lower end is above 0"),
        (
            lambda gru, ridge, over: "GRU" if gru[0] > 0 else "ridge" if ridge[0] > 0 else "naive",
            "does not clearly beat",
        ),
        (lambda gru, ridge, over: "ridge" if ridge[0] > 0 else "GRU" if gru[0] > 0 else "naive", "in place before it"),
        (lambda *given: "naive", "the naive one is out"),
        (lambda *given: "persistence", "one of the texts"),
        (lambda *given: 1, "one of the texts"),
        (lambda gru, ridge: "GRU", "TypeError"),
    ],
)
def test_to_use(said, answer, verdict):
    check.to_use(answer)
    assert verdict in said()


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (132, "correct"),
        (np.int64(132), "correct"),
        ([132.0], "correct"),
        (pd.Series([132]), "correct"),
        (..., "not attempted yet"),
        (144, "both readings give the same date"),
        (12, "others up to the 12th"),
        (365, "one way only"),
        (221, "one way only"),
        (233, "stay right"),
        (11, "there are twelve"),
        (100, "not right"),
    ],
)
def test_days_gone_wrong(said, answer, verdict):
    check.days_gone_wrong(answer)
    assert verdict in said()


def test_the_year_2019_has_132_days_that_go_wrong():
    days = pd.date_range("2019-01-01", "2019-12-31")
    texts = pd.Series(days.strftime("%d/%m/%Y"))
    month_first = pd.to_datetime(texts, format="mixed")
    assert (month_first.to_numpy() != days.to_numpy()).sum() == 132


def leak(frame):
    return frame.iloc[:, 1:].corrwith(frame.iloc[:, 0].shift(-1)).abs().idxmax()


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (leak, "correct"),
        (lambda f: max(f.columns[1:], key=lambda name: abs(f[name].corr(f.iloc[:, 0].shift(-1)))), "correct"),
        (lambda f: np.str_(leak(f)), "correct"),
        (lambda f: ..., "not attempted yet"),
        (lambda f: f.corrwith(f.iloc[:, 0]).abs().idxmax(), "the target itself"),
        (lambda f: f.iloc[:, 1:].corrwith(f.iloc[:, 0]).abs().idxmax(), "did you shift"),
        (lambda f: f.iloc[:, 1:].corrwith(f.iloc[:, 0].shift(-1)).idxmax(), "size"),
        (lambda f: f.iloc[:, 1:].corrwith(f.iloc[:, 0].shift(1)).abs().idxmax(), "other way"),
        (lambda f: f.iloc[:, 1:].corrwith(f.iloc[:, 0].shift(-1)).abs().idxmin(), "next to nothing"),
        (lambda f: f.columns, "name of one column"),
        (lambda f: "price", "not the name"),
    ],
)
def test_knows_tomorrow(said, answer, verdict):
    check.knows_tomorrow(answer)
    assert verdict in said()


def emptied_in_place(series, code):
    series[series == code] = np.nan
    return series


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (lambda s, code: s.mask(s == code), "correct"),
        (lambda s, code: s.replace(code, np.nan), "correct"),
        (lambda s, code: np.where(s == code, np.nan, s), "correct"),
        (lambda s, code: [None if value == code else value for value in s], "correct"),
        (lambda s, code: None, "not attempted yet"),
        (emptied_in_place, "has changed"),
        (lambda s, code: s[s != code], "the days are gone"),
        (lambda s, code: s.replace(code, 0), "a 0 is a measurement"),
        (lambda s, code: s.replace(code, np.nan).interpolate(), "leave them empty"),
        (lambda s, code: s.replace(-999, np.nan), "still there"),
        (lambda s, code: s.mask(s < 0).mask(s == code), "measured are empty"),
        (lambda s, code: s.mask(s == code) * 2, "other days have changed"),
        (lambda s, code: s.mask(s == code).to_frame(), "shape (6, 1)"),
    ],
)
def test_without_code(said, answer, verdict):
    check.without_code(answer)
    assert verdict in said()


@pytest.mark.parametrize("answer", NONSENSE, ids=repr)
@pytest.mark.parametrize("judge", [check.to_use, check.days_gone_wrong, check.knows_tomorrow, check.without_code])
def test_nonsense_gets_a_sentence(gets_a_sentence, judge, answer):
    gets_a_sentence(judge, answer)


@pytest.mark.parametrize("answer", NONSENSE[1:], ids=repr)
@pytest.mark.parametrize("judge", [check.to_use, check.knows_tomorrow, check.without_code])
def test_functions_that_return_nonsense_get_a_sentence(said, judge, answer):
    judge(lambda *given: answer)
    verdict = said()
    assert verdict
    assert verdict != "correct"
    assert "\n" not in verdict
