"""Exercises of lesson gru_vs_lstm."""

import numpy as np

from helpers.exercises.engine import Exercise, Hint


def _gru(m, n):
    return 3 * (n**2 + n * m + 2 * n)


def _lstm(m, n):
    return 4 * (n**2 + n * m + n)


def _equal(features, gru_units):
    return min(range(1, gru_units + 2), key=lambda n: abs(_lstm(features, n) - _gru(features, gru_units)))


def _below(m, n):
    return max(units for units in range(1, n + 1) if _lstm(m, units) <= _gru(m, n))


def _exact(m, n):
    return (np.sqrt((m + 1) ** 2 + _gru(m, n)) - (m + 1)) / 2  # where _lstm(m, this) = _gru(m, n)


equal_lstm = Exercise(
    draw=lambda rng: [(1, 4), (7, 16), (20, 100), (3, 11), *((int(m), int(3 * m)) for m in rng.integers(9, 40, 4))],
    right=_equal,
    also=[lambda m, n: np.float64(_equal(m, n)), lambda m, n: [_equal(m, n)], lambda m, n: round(_exact(m, n))],
    mistakes={
        "that is one too few: sizes begin with 1, and positions in a list with 0": lambda m, n: _equal(m, n) - 1,
        "that is one too many": lambda m, n: _equal(m, n) + 1,
        "that is the largest LSTM with no more parameters; the nearest one may lie above": _below,
        "that is the smallest LSTM with more parameters; the nearest one may lie below": lambda m, n: _below(m, n) + 1,
        "that is equal units; an LSTM of the same units has more parameters": lambda m, n: n,
        "your LSTM is larger than the GRU: which of the two has more parameters at equal units?": [
            lambda m, n: n + 1,
            lambda m, n: round(n * 4 / 3),
        ],
        "three quarters of the units is not three quarters of the parameters: they grow with units²": [
            lambda m, n: 0.75 * n,
            lambda m, n: round(0.75 * n),
            lambda m, n: int(0.75 * n),
        ],
        "a layer has a whole number of units": [_exact, lambda m, n: np.sqrt(0.75) * n],
        "that is a number of parameters; the units are asked for": [lambda m, n: _lstm(m, _equal(m, n)), _gru],
        "that is the difference in parameters; the units that make it smallest are asked for": (
            lambda m, n: abs(_lstm(m, _equal(m, n)) - _gru(m, n))
        ),
    },
)


def _two_clocks(rng):
    """Return seconds of both, never as many of one as of the other, with a slow moment; the first call may be quick."""
    cases = [(np.array([9.0, 1.0, 2.0, 1.5]), np.array([12.0, 2.0, 3.0, 2.5, 4.0, 40.0]))]
    for many, more, first in [(5, 8, 9.0), (8, 5, 0.5), (9, 14, 0.7)]:
        g, s = rng.uniform(1, 2, many).round(3), rng.uniform(2, 4, more).round(3)
        g[[0, -2]], s[[0, -1]] = (first, 50.0), (1.1 * first, 60.0)
        cases.append((g, s))
    return cases


def _ratio(average, g, s):
    return average(np.array(g)) / average(np.array(s))


def _turn_by_turn(g, s):
    shared = min(len(g), len(s))
    return np.median(g[1:shared] / s[1:shared])


fair_ratio = Exercise(
    draw=_two_clocks,
    right=lambda gru_seconds, lstm_seconds: np.median(gru_seconds[1:]) / np.median(lstm_seconds[1:]),
    also=[
        lambda g, s: _ratio(np.median, list(g)[1:], list(s)[1:]),
        lambda g, s: [np.quantile(g[1:], 0.5) / np.quantile(s[1:], 0.5)],
    ],
    mistakes={
        "the first call is still in both": lambda g, s: _ratio(np.median, g, s),
        "the first call is still in the LSTM's seconds": lambda g, s: _ratio(np.median, g[1:], s),
        "the first call is still in the GRU's seconds": lambda g, s: _ratio(np.median, g, s[1:]),
        "the first call has to go, and you have left out the slowest one": (
            lambda g, s: _ratio(np.median, np.sort(g)[:-1], np.sort(s)[:-1])
        ),
        "you have left out the last call of each, not the first": lambda g, s: _ratio(np.median, g[:-1], s[:-1]),
        "that is the ratio of the first calls: it times the compiler": lambda g, s: g[0] / s[0],
        "one slow moment moves a mean a long way; which average does not care?": lambda g, s: _ratio(
            np.mean, g[1:], s[1:]
        ),
        "the mean, and with the first call: both are moved by a single slow one": lambda g, s: _ratio(np.mean, g, s),
        "upside down: the GRU's time is divided by the LSTM's": lambda g, s: _ratio(np.median, s[1:], g[1:]),
        "the fastest run is one run; the median speaks for all of them": [
            lambda g, s: _ratio(np.min, g[1:], s[1:]),
            lambda g, s: _ratio(np.min, g, s),
        ],
        "that is the median of the ratios, turn by turn; the ratio of the two medians is asked for": _turn_by_turn,
        "that is the GRU's median alone; it has to be divided by the LSTM's": lambda g, s: np.median(g[1:]),
        "a ratio is asked for, and you have taken the difference": lambda g, s: np.median(g[1:]) - np.median(s[1:]),
    },
)


def _intervals(rng):
    cases = [(-3, -2, 1), (2, 3, 1), (-3, 4, 1), (-0.5, 0.4, 1), (-2, -1, 5), (1, 2, 5), (-3, 0.2, 1), (-0.2, 3, 1)]
    cases += [(-3, -0.2, 1), (0.2, 3, 1), (-3, 1, 2), (-1, 3, 2), (2, 2.5, 1), (-2.5, -2, 1), (-0.9, 0.9, 1)]
    return [tuple(np.round(np.array(case) * rng.uniform(0.009, 0.011), 5).tolist()) for case in cases]


def _one_of_four(answer):
    if isinstance(answer, str) and answer in ("equal", "GRU", "LSTM", "unknown"):
        return str(answer)
    raise Hint('one of the texts "equal", "GRU", "LSTM", "unknown" is expected')


def _better(low, high, beyond=0.0):
    return "GRU" if high < -beyond else "LSTM" if low > beyond else "unknown"


def _judgement(low, high, margin):
    return "equal" if -margin < low and high < margin else _better(low, high)


def _swapped(low, high, margin):
    return {"GRU": "LSTM", "LSTM": "GRU"}.get(found := _judgement(low, high, margin), found)


def _never_unknown(low, high, margin):
    found = _judgement(low, high, margin)
    return found if found != "unknown" else "GRU" if low + high < 0 else "LSTM"


judgement = Exercise(
    draw=_intervals,
    measure=_one_of_four,
    right=_judgement,
    also=[lambda a, b, margin: np.str_("equal" if max(abs(a), abs(b)) < margin else _better(a, b))],
    mistakes={
        "a difference below 0 means that the GRU's error is smaller: then the GRU is better": _swapped,
        "the margin is not used: where every difference is smaller than it, the two are equal": (
            lambda a, b, margin: _better(a, b)
        ),
        "one may be better, but by less than matters: so ask about the margin first": (
            lambda a, b, margin: _better(a, b) if _better(a, b) != "unknown" else _judgement(a, b, margin)
        ),
        "the middle of the interval is within the margin; the whole interval has to be": (
            lambda a, b, margin: "equal" if abs(a + b) / 2 < margin else _better(a, b)
        ),
        "the width of the interval says how sure we are; where it lies says how large the difference may be": (
            lambda a, b, margin: "equal" if b - a < margin else _better(a, b)
        ),
        "one end within the margin is not enough: both have to be": [
            lambda a, b, margin: "equal" if -margin < a or b < margin else _better(a, b),
            lambda a, b, margin: "equal" if min(abs(a), abs(b)) < margin else _better(a, b),
        ],
        "an interval that holds 0 and reaches beyond the margin decides nothing": [
            _never_unknown,
            lambda a, b, margin: "equal" if a < 0 < b else _judgement(a, b, margin),
        ],
        "to be better, the interval has to leave out 0; it need not leave out the margin": (
            lambda a, b, margin: "equal" if -margin < a and b < margin else _better(a, b, margin)
        ),
    },
)
