"""Exercises of the lesson how_far."""

import numpy as np
import pandas as pd

from helpers.exercises.engine import Exercise


def _fed_back(then):
    """Return a recursive forecast whose next window is `then(window, forecast)`."""

    def forecasts(forecast_next, past, days):
        window, found = list(past), []
        for _ in range(days):
            found.append(forecast_next(window))
            window = then(window, found[-1])
        return found

    return forecasts


def two_ends(window):
    """Forecast from the newest day, the oldest, and the length of the window."""
    return 0.8 * window[-1] - 0.3 * window[0] + len(window)


_right_way = _fed_back(lambda window, new: [*window[1:], new])

recursive_forecasts = Exercise(
    right=lambda forecast_next, past, days: _right_way(forecast_next, past, days),
    draw=lambda rng: [
        (two_ends, [1.0, 2.0], 3),
        (two_ends, list(rng.normal(10, 8, 5)), 1),
        (two_ends, list(rng.normal(10, 8, 14)), 20),
    ],
    mistakes={
        "the window has grown; when a forecast comes in, the oldest day has to go": _fed_back(lambda w, new: [*w, new]),
        "every forecast is made from the same window: where does the last forecast go?": _fed_back(lambda w, new: w),
        "the newest day stands at the end of the window; the forecast is newer": [
            _fed_back(lambda w, new: [new, *w[:-1]]),
            _fed_back(lambda w, new: [new, *w[1:]]),
        ],
        "the newest day has gone; the oldest, which stands first, has to go": _fed_back(lambda w, new: [*w[:-1], new]),
        "only the forecasts are asked for, without the days of `past`": lambda *given: given[1] + _right_way(*given),
    },
    also=[lambda *given: np.array(_right_way(*given))],
)


def _reach(errors, reference):
    better = np.append(np.asarray(errors) < reference, False)
    return int(np.argmin(better))


reach = Exercise(
    right=_reach,
    draw=lambda rng: [
        *[(errors, 2.0) for errors in ([1.0, 3.0], [1.0, 1.5], [3.0, 1.0], [1.0, 2.0, 1.5])],
        (np.sort(rng.uniform(1, 3, 14)) - np.repeat([0.0, 2.0], [10, 4]), 2.0),
        (rng.uniform(1, 2.5, 14), 2.0),
    ],
    mistakes={
        "that counts every day on which it is better; a lead that comes back later does not count": (
            lambda errors, reference: np.sum(np.asarray(errors) < reference)
        ),
        "that is the last day on which it is better; was it better on all days before?": (
            lambda errors, reference: 1 + np.max(np.flatnonzero(np.asarray(errors) < reference), initial=-1)
        ),
        "right if the lead ends; if it never does, all days count": (
            lambda errors, reference: np.argmin(np.asarray(errors) < reference)
        ),
        "that is the day on which the lead ends; how many are there before it?": lambda *given: 1 + _reach(*given),
        "equal is not better": lambda errors, reference: _reach(errors, reference + 1e-12),
    },
    also=[lambda errors, reference: float(np.cumprod([error < reference for error in errors]).sum())],
)


def _band(ends=(0.05, 0.95), axis=1, power=2, root=0.5, turned=False):
    def band(errors_a, errors_b, positions):
        a, b = (np.mean(np.abs(e[positions]) ** power, axis=axis) ** root for e in (errors_a, errors_b))
        return np.quantile(b - a if turned else a - b, ends)

    return band


def _two_models(rng, draws, days):
    a = 2 * rng.standard_normal(days)
    return a, 1.1 * a + 0.3 * rng.standard_normal(days), rng.integers(days, size=(draws, days))


def _sorted_differences(a, b, positions):
    a, b = (np.sqrt(np.mean(errors[np.sort(positions, axis=1)] ** 2, axis=1)) for errors in (a, b))
    return np.sort(a - b)[[int(0.05 * len(a)), int(0.95 * len(a))]]


difference_band = Exercise(
    right=lambda errors_a, errors_b, positions: _band()(errors_a, errors_b, positions),
    # as many draws as put both quantiles on one of them: then a place in the sorted differences is right as well
    draw=lambda rng: [_two_models(rng, 101, 20), _two_models(rng, 201, 60)],
    mistakes={
        "both RMSEs must come from the same draw: subtract first, draw by draw, then take the quantiles": (
            lambda a, b, p: _band()(a, 0 * b, p) - _band()(b, 0 * a, p)
        ),
        "the order is turned round: RMSE of the first minus RMSE of the second": _band(turned=True),
        "that is the difference of mean squared errors, in °C²: take the roots first": _band(root=1),
        "that is the difference of mean absolute errors; the RMSE is asked for": _band(power=1, root=1),
        "the middle 90 % is asked for: 5 % lie below the band, 5 % above": [_band((0.025, 0.975)), _band((0.1, 0.9))],
        "the lower end comes first": _band((0.95, 0.05)),
        "that averages over the draws, not over the days: the days are axis 1": _band(axis=0),
    },
    also=[_sorted_differences, lambda *given: list(_band()(*given))],
)


def _near(table, spread, column="validation"):
    return table[column] <= table[column].min() + spread


def _cheapest(rows):
    return rows["work"].idxmin() if len(rows) else "none"


def _settings(rng, rows):
    validation = rng.uniform(1.9, 1.95, rows)
    test, work = validation + rng.normal(0, 0.015, rows), 100 * (1 + rng.permutation(rows))
    names = [f"setting {letter}" for letter in "ABCDEFGH"[:rows]]
    return pd.DataFrame({"validation": validation, "test": test, "work": work}, names)


choose = Exercise(
    right=lambda table, spread: _cheapest(table[_near(table, spread)]),
    draw=lambda rng: [
        *[(_settings(rng, 3), spread) for spread in (0.02, 0.04)],
        *[(_settings(rng, 8), spread) for spread in (0.02, 0.001, 0.005, 0.01, 0.03, 0.04) * 2],
    ],
    mistakes={
        "the test years must not take part in the choice": [
            lambda table, spread: table["test"].idxmin(),
            lambda table, spread: _cheapest(table[_near(table, spread, "test")]),
            lambda table, spread: _cheapest(table[_near(table, spread) & _near(table, spread, "test")]),
            lambda table, spread: table[_near(table, spread)]["test"].idxmin(),
        ],
        "that one has the lowest validation error; a cheaper one may be within its spread": (
            lambda table, spread: table["validation"].idxmin()
        ),
        "that one is the cheapest of all; is it within the spread of the best?": lambda table, _: _cheapest(table),
        "that one costs most among the good ones; the least work is asked for": (
            lambda table, spread: table[_near(table, spread)]["work"].idxmax()
        ),
        "right for a spread of 0.02: does it use `spread`?": lambda table, _: _cheapest(table[_near(table, 0.02)]),
    },
    also=[lambda table, spread: np.str_(table[_near(table, spread)].sort_values("work").index[0])],
)
