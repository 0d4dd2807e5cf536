"""The checks of lesson how_far: right answers, typical mistakes by name, nonsense."""

from math import ceil

import numpy as np
import pandas as pd
import pytest

from helpers.exercises import how_far as check

NONSENSE = [None, "text", np.nan, np.zeros((2, 2)), object(), [], {}]
JUDGES = [check.frost_margin, check.worst_month, check.difference_band, check.choose]


def margin(errors, level):
    return np.sort(-np.asarray(errors))[ceil((len(errors) + 1) * level) - 1]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (margin, "correct"),
        (lambda e, p: [float(margin(e, p))], "correct"),
        (lambda e, p: pd.Series([margin(e, p)]), "correct"),
        (lambda e, p: None, "not attempted yet"),
        (lambda e, p: -margin(e, p), "positive"),
        (lambda e, p: margin(-e, p), "warm days"),
        (lambda e, p: margin(-np.abs(e), p), "both sides"),
        (lambda e, p: 1.0, "not right"),
        (lambda e, p: np.sort(-e)[ceil(len(e) * p) - 1], "tomorrow is missing"),
        (lambda e, p: np.sort(-e)[int(len(e) * p) - 1], "tomorrow is missing"),
        (lambda e, p: np.quantile(-e, p), "between two days"),
        (lambda e, p: e[ceil((len(e) + 1) * p) - 1], "in order first"),
        (lambda e, p: 3.0, "right for 10 days"),
        (lambda e: 3.0, "TypeError"),
    ],
)
def test_frost_margin(said, answer, verdict):
    check.frost_margin(answer)
    assert verdict in said()


def share_by_month(truth, lower, upper):
    return truth.between(lower, upper).groupby(truth.index.month).mean()


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (lambda t, low, high: share_by_month(t, low, high).idxmin(), "correct"),
        (lambda t, low, high: float(share_by_month(t, low, high).idxmin()), "correct"),
        (lambda t, low, high: np.array([1 + np.argmin(share_by_month(t, low, high))]), "correct"),
        (lambda t, low, high: ..., "not attempted yet"),
        (lambda t, low, high: np.argmin(share_by_month(t, low, high)), "one month too early"),
        (lambda t, low, high: t.between(low, high).groupby(t.index.month).sum().idxmin(), "not counts"),
        (lambda t, low, high: (~t.between(low, high)).groupby(t.index.month).sum().idxmax(), "days outside"),
        (lambda t, low, high: share_by_month(t, low, high).idxmax(), "best month"),
        (
            lambda t, low, high: t.between(low, high, inclusive="neither").groupby(t.index.month).mean().idxmin(),
            "on the end",
        ),
        (lambda t, low, high: (high - low).groupby(t.index.month).mean().idxmin(), "narrowest"),
        (lambda t, low, high: 8, "not right"),
        (lambda t, low, high: share_by_month(t, low, high), "single number"),
    ],
)
def test_worst_month(said, answer, verdict):
    check.worst_month(answer)
    assert verdict in said()


def scores(errors, positions):
    return np.sqrt((errors[positions] ** 2).mean(axis=1))


ENDS = [0.05, 0.95]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (lambda a, b, p: np.quantile(scores(a, p) - scores(b, p), ENDS), "correct"),
        (lambda a, b, p: list(np.percentile(scores(a, p) - scores(b, p), [5, 95])), "correct"),
        (lambda a, b, p: pd.Series(scores(a, p) - scores(b, p)).quantile(ENDS), "correct"),
        (lambda a, b, p: None, "not attempted yet"),
        (lambda a, b, p: np.quantile(scores(a, p), ENDS) - np.quantile(scores(b, p), ENDS), "same draw"),
        (lambda a, b, p: np.quantile(scores(b, p) - scores(a, p), ENDS), "order is turned"),
        (lambda a, b, p: np.quantile(scores(a, p) ** 2 - scores(b, p) ** 2, ENDS), "squared"),
        (lambda a, b, p: np.quantile(scores(a, p) - scores(b, p), [0.025, 0.975]), "95 %"),
        (lambda a, b, p: np.quantile(scores(a, p) - scores(b, p), [0.95, 0.05]), "lower end"),
        (lambda a, b, p: np.quantile(scores(a, p.T) - scores(b, p.T), ENDS), "axis 1"),
        (lambda a, b, p: (0.0, 1.0), "not right"),
        (lambda a, b, p: scores(a, p) - scores(b, p), "shape (2,)"),
    ],
)
def test_difference_band(said, answer, verdict):
    check.difference_band(answer)
    assert verdict in said()


def cheapest_good(table, spread):
    good = table[table["validation"] <= table["validation"].min() + spread]
    return good["work"].idxmin()


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (cheapest_good, "correct"),
        (lambda t, s: np.str_(cheapest_good(t, s)), "correct"),
        (lambda t, s: ..., "not attempted yet"),
        (lambda t, s: t["test"].idxmin(), "test years"),
        (lambda t, s: t["validation"].idxmin(), "cheaper ones"),
        (lambda t, s: t["work"].idxmin(), "cheapest of all"),
        (lambda t, s: "middle", "costs less"),
        (lambda t, s: cheapest_good(t, 0.02), "use `spread`"),
        (lambda t, s: "none", "no name"),
        (lambda t, s: 2, "a text"),
    ],
)
def test_choose(said, answer, verdict):
    check.choose(answer)
    assert verdict in said()


@pytest.mark.parametrize("answer", NONSENSE, ids=repr)
@pytest.mark.parametrize("judge", JUDGES)
def test_nonsense_gets_a_sentence(gets_a_sentence, judge, answer):
    gets_a_sentence(judge, answer)


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("result", NONSENSE[1:], ids=repr)
def test_a_function_that_returns_nonsense_gets_a_sentence(said, judge, result):
    judge(lambda *given: result)
    verdict = said()
    assert verdict
    assert verdict != "correct"
    assert "\n" not in verdict
