"""The checks of lesson gru_vs_lstm: right answers, typical mistakes by name, nonsense."""

import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest

from helpers.exercises import gru_vs_lstm as check

JUDGES = [check.equal_lstm, check.fair_ratio, check.share_won_by_gru, check.judgement]
NONSENSE = [None, "text", np.nan, np.zeros((2, 2)), object(), [], {}, 3.0]


def parameters(kind, features, units) -> int:
    layer = kind(units)
    layer.build((None, None, features))
    return layer.count_params()


def gru_count(features, units):
    return 3 * (units**2 + units * features + 2 * units)


def lstm_count(features, units):
    return 4 * (units**2 + units * features + units)


def equal_lstm(features, units):
    return min(range(1, units + 2), key=lambda size: abs(lstm_count(features, size) - gru_count(features, units)))


def next_below(features, units):
    return max(size for size in range(1, units + 2) if lstm_count(features, size) <= gru_count(features, units))


def test_the_check_counts_as_keras_does():
    for features, units in [(7, 16), (1, 32), (3, 11)]:
        assert check._gru(features, units) == parameters(keras.layers.GRU, features, units)
        assert check._lstm(features, units) == parameters(keras.layers.LSTM, features, units)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (equal_lstm, "correct"),
        (lambda m, n: np.int64(equal_lstm(m, n)), "correct"),
        (lambda m, n: [float(equal_lstm(m, n))], "correct"),
        (lambda m, n: None, "not attempted yet"),
        (..., "not attempted yet"),
        (lambda m, n: n, "that is equal units"),
        (lambda m, n: n + 3, "which of the two has more parameters"),
        (lambda m, n: 0.75 * n, "three quarters of the units"),
        (next_below, "one off"),
        (lambda m, n: equal_lstm(m, n) + 1, "one off"),
        (lambda m, n: lstm_count(m, equal_lstm(m, n)), "that is the number of parameters"),
        (lambda m, n: abs(lstm_count(m, equal_lstm(m, n)) - gru_count(m, n)), "that is the difference in parameters"),
        (lambda m, n: equal_lstm(m, n) - 0.3, "whole number of units"),
        (lambda m, n: 3, "compare lstm_count for several units"),
        (lambda m, n: n / 0, "ZeroDivisionError"),
        (lambda m: m, "TypeError"),
        (lambda m, n: "16", "a number is expected"),
        (lambda m, n: np.nan, "finite"),
        (lambda m, n: [1, 2], "single number"),
        (16, "the function itself"),
    ],
)
def test_equal_lstm(said, answer, verdict):
    check.equal_lstm(answer)
    assert verdict in said()


def fair_ratio(gru, lstm):
    return np.median(gru[1:]) / np.median(lstm[1:])


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (fair_ratio, "correct"),
        (lambda g, s: np.float32(fair_ratio(g, s)), "correct"),
        (lambda g, s: pd.Series(g).iloc[1:].median() / pd.Series(s).iloc[1:].median(), "correct"),
        (lambda g, s: fair_ratio(list(g), list(s)), "correct"),
        (lambda g, s: None, "not attempted yet"),
        (..., "not attempted yet"),
        (lambda g, s: np.median(g) / np.median(s), "the first call is still in it"),
        (lambda g, s: g[0] / s[0], "times the compiler"),
        (lambda g, s: np.mean(g[1:]) / np.mean(s[1:]), "one slow moment"),
        (lambda g, s: np.mean(g) / np.mean(s), "the mean, and with the first call"),
        (lambda g, s: fair_ratio(s, g), "upside down"),
        (lambda g, s: min(g[1:]) / min(s[1:]), "the fastest run"),
        (lambda g, s: 0.75, "is not right"),
        (lambda g, s: np.median(g[1:] / s[1:]), "ValueError"),
        (lambda g, s: np.median(g[1:]) / 0.0 if False else np.inf, "finite"),
        (lambda g, s: g[1:], "single number"),
        (0.75, "the function itself"),
    ],
)
def test_fair_ratio(said, answer, verdict):
    check.fair_ratio(answer)
    assert verdict in said()


def wins(gru, lstm):
    return [g < s for g in gru for s in lstm]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (lambda g, s: np.mean(wins(g, s)), "correct"),
        (lambda g, s: sum(wins(g, s)) / len(g) / len(s), "correct"),
        (lambda g, s: pd.Series(wins(g, s)).mean(), "correct"),
        (lambda g, s: None, "not attempted yet"),
        (..., "not attempted yet"),
        (lambda g, s: sum(wins(g, s)), "divide by the number of all duels"),
        (lambda g, s: np.mean(wins(s, g)), "that is the LSTM's share"),
        (lambda g, s: 100 * np.mean(wins(g, s)), "in percent"),
        (lambda g, s: np.mean([a < b for a, b in zip(g, s, strict=False)]), "each GRU must meet every LSTM"),
        (lambda g, s: float(g.mean() < s.mean()), "one single duel"),
        (lambda g, s: int(g[0] < s[0]), "one single duel"),
        (lambda g, s: 0.123, "12 duels"),
        (lambda g, s: np.mean(g < s), "ValueError"),
        (lambda g, s: wins(g, s), "single number"),
        (lambda g, s: np.nan, "finite"),
        (0.5, "the function itself"),
    ],
)
def test_share_won_by_gru(said, answer, verdict):
    check.share_won_by_gru(answer)
    assert verdict in said()


def judgement(low, high, margin):
    if -margin < low and high < margin:
        return "equal"
    return "GRU" if high < 0 else "LSTM" if low > 0 else "unknown"


def without_margin(low, high, margin):
    return "GRU" if high < 0 else "LSTM" if low > 0 else "unknown"


def by_the_middle(low, high, margin):
    return "equal" if abs(low + high) / 2 < margin else without_margin(low, high, margin)


def margin_last(low, high, margin):
    found = without_margin(low, high, margin)
    return judgement(low, high, margin) if found == "unknown" else found


def one_end_inside(low, high, margin):
    return "equal" if -margin < low or high < margin else without_margin(low, high, margin)


def never_unknown(low, high, margin):
    found = judgement(low, high, margin)
    return found if found != "unknown" else "GRU" if low + high < 0 else "LSTM"


def only_far_from_zero(low, high, margin):
    found = judgement(low, high, margin)
    return "unknown" if found in ("GRU", "LSTM") and min(abs(low), abs(high)) < margin else found


def swapped(low, high, margin):
    return {"GRU": "LSTM", "LSTM": "GRU"}.get(found := judgement(low, high, margin), found)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (judgement, "correct"),
        (lambda low, high, margin: np.str_(judgement(low, high, margin)), "correct"),
        (lambda low, high, margin: None, "not attempted yet"),
        (..., "not attempted yet"),
        (swapped, "below 0 means that the GRU's error is smaller"),
        (without_margin, "every difference in that interval is smaller than the margin"),
        (margin_last, "ask about the margin first"),
        (by_the_middle, "so are differences that matter"),
        (never_unknown, "but the interval holds 0"),
        (only_far_from_zero, "reaches beyond the margin"),
        (one_end_inside, "one side of 0"),
        (lambda low, high, margin: "equal", "one side of 0"),
        (lambda low, high, margin: "no clear winner", "is expected; found 'no clear winner'"),
        (lambda low, high, margin: 1.0, "is expected; found 1.0"),
        (lambda low, high, margin: np.zeros((2, 2)), "is expected"),
        (lambda low, high: "GRU", "TypeError"),
        ("equal", "the function itself"),
    ],
)
def test_judgement(said, answer, verdict):
    check.judgement(answer)
    assert verdict in said()


@pytest.mark.parametrize("answer", NONSENSE, ids=repr)
@pytest.mark.parametrize("judge", JUDGES)
def test_nonsense_gets_a_sentence(gets_a_sentence, judge, answer):
    for nonsense in (answer, lambda *arguments: answer):
        gets_a_sentence(judge, nonsense)


def test_the_checks_load_no_tensorflow():
    program = "import sys, helpers.exercises.gru_vs_lstm; print('tensorflow' in sys.modules or 'keras' in sys.modules)"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
