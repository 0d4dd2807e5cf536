"""Checks of lesson GRU against LSTM."""

import numpy as np

from helpers.exercises.checking import Hint, call, exercise, number

GRU_SECONDS = [9.0, 1.0, 2.0, 1.5, 30.0, 1.5]
LSTM_SECONDS = [8.0, 2.0, 3.0, 2.5, 2.0, 40.0, 3.0]
GRU_ERRORS = [1.90, 1.93, 1.88]
LSTM_ERRORS = [1.89, 1.91, 1.94, 1.95]
INTERVALS = [
    ((-0.03, -0.02, 0.01), "GRU"),
    ((0.02, 0.03, 0.01), "LSTM"),
    ((-0.03, 0.04, 0.01), "unknown"),
    ((-0.005, 0.004, 0.01), "equal"),
    ((-0.02, -0.01, 0.05), "equal"),
    ((0.01, 0.02, 0.05), "equal"),
    ((-0.03, 0.002, 0.01), "unknown"),
    ((-0.002, 0.03, 0.01), "unknown"),
    ((-0.03, -0.002, 0.01), "GRU"),
    ((0.002, 0.03, 0.01), "LSTM"),
]


def _gru(features: int, units: int) -> int:
    return 3 * (units**2 + units * features + 2 * units)


def _lstm(features: int, units: int) -> int:
    return 4 * (units**2 + units * features + units)


@exercise
def equal_lstm(answer) -> None:
    """Judge a function (features, units of the GRU) → units of the LSTM with the nearest number of parameters."""
    for features, units in [(7, 16), (1, 32), (7, 50), (3, 11), (20, 100)]:
        found, target = number(call(answer, features, units)), _gru(features, units)
        gaps = {size: abs(_lstm(features, size) - target) for size in range(1, units + 2)}
        right = min(gaps, key=gaps.get)
        if found == right:
            continue
        asked = f"equal_lstm({features}, {units})"
        if found == gaps[right]:
            raise Hint(f"{asked} gives {found:g}: that is the difference in parameters; the units are asked for")
        if found == _lstm(features, right):
            raise Hint(f"{asked} gives {found:g}: that is the number of parameters; the units are asked for")
        if found == units:
            raise Hint("that is equal units; an LSTM of the same units has more parameters")
        if found != int(found):
            raise Hint(f"{asked} gives {found:g}: a layer has a whole number of units")
        if found > units:
            raise Hint(f"{asked} gives {found:g}: which of the two has more parameters at equal units?")
        if abs(found - right) == 1:
            raise Hint(
                f"{asked} gives {found:g}, which is one off: the nearest may lie above or below the GRU's number"
            )
        if found == round(0.75 * units) or found == int(0.75 * units):
            raise Hint("three quarters of the units is not three quarters of the parameters: they grow with units²")
        raise Hint(f"{asked} gives {found:g}, which is not right: compare lstm_count for several units with gru_count")


@exercise
def fair_ratio(answer) -> None:
    """Judge a function (seconds of the GRU, seconds of the LSTM) → ratio of the medians without the first call."""
    gru, lstm = np.array(GRU_SECONDS), np.array(LSTM_SECONDS)
    found = number(call(answer, gru, lstm))
    ratios = {
        "the first call is still in it: leave it out of both lists": np.median(gru) / np.median(lstm),
        "that is the ratio of the first calls: it times the compiler": gru[0] / lstm[0],
        "one slow moment moves a mean a long way; which average does not care?": gru[1:].mean() / lstm[1:].mean(),
        "the mean, and with the first call: both are moved by a single slow one": gru.mean() / lstm.mean(),
        "upside down: the GRU's time is divided by the LSTM's": np.median(lstm[1:]) / np.median(gru[1:]),
        "the fastest run is one run; the median speaks for all of them": gru[1:].min() / lstm[1:].min(),
    }
    if np.isclose(found, np.median(gru[1:]) / np.median(lstm[1:])):
        return
    for hint, wrong in ratios.items():
        if np.isclose(found, wrong):
            raise Hint(hint)
    raise Hint(f"{found:.3f} is not right: without the first call, the median of each, then their ratio")


@exercise
def share_won_by_gru(answer) -> None:
    """Judge a function (errors of GRUs, errors of LSTMs) → share of all pairs in which the GRU's is smaller."""
    gru, lstm = np.array(GRU_ERRORS), np.array(LSTM_ERRORS)
    wins = (gru[:, np.newaxis] < lstm).sum()
    found = number(call(answer, gru, lstm))
    if np.isclose(found, wins / (len(gru) * len(lstm))):
        return
    if np.isclose(found, wins):
        raise Hint("that is the number of duels won; divide by the number of all duels")
    if np.isclose(found, 1 - wins / (len(gru) * len(lstm))):
        raise Hint("that is the LSTM's share: the smaller error wins")
    if np.isclose(found, 100 * wins / (len(gru) * len(lstm))):
        raise Hint("a share lies between 0 and 1; yours is in percent")
    if np.isclose(found, np.mean(gru < lstm[: len(gru)])):
        raise Hint("each GRU must meet every LSTM, not only the one with the same number")
    if found in (0, 1):
        raise Hint("that is one single duel; every GRU must meet every LSTM")
    raise Hint(
        f"{found:.3f} is not right: with {len(gru)} GRUs and {len(lstm)} LSTMs there are {len(gru) * len(lstm)} duels"
    )


@exercise
def judgement(answer) -> None:
    """Judge a function (low, high, margin) → "equal", "GRU", "LSTM" or "unknown"."""
    for (low, high, margin), right in INTERVALS:
        found = call(answer, low, high, margin)
        if not isinstance(found, str) or found not in ("equal", "GRU", "LSTM", "unknown"):
            shown = " ".join(repr(found).split())
            raise Hint(f'one of "equal", "GRU", "LSTM", "unknown" is expected; found {shown:.60}')
        if found == right:
            continue
        case = f"judgement({low}, {high}, {margin}) gives {found!r}"
        if {found, right} == {"GRU", "LSTM"}:
            raise Hint(f"{case}: a difference below 0 means that the GRU's error is smaller")
        if right == "equal" and found == "unknown":
            raise Hint(f"{case}, but every difference in that interval is smaller than the margin")
        if right == "equal":
            raise Hint(f"{case}: one is better, but by less than matters; so ask about the margin first")
        if right == "unknown" and found == "equal":
            raise Hint(f"{case}: 0 is in the interval, but so are differences that matter")
        if right == "unknown":
            raise Hint(f"{case}, but the interval holds 0")
        raise Hint(f"{case}: the whole interval lies on one side of 0, and it reaches beyond the margin")
