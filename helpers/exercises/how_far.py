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


def weighted_mean(window):
    """Forecast by weights that depend on the place in the window and on its length."""
    return np.dot(np.arange(1, len(window) + 1), window) / (3 + len(window) ** 2 / 2)


def last_and_first(window):
    """Forecast from the two ends."""
    return 0.8 * window[-1] - 0.3 * window[0]


def _in_place(forecast_next, past, days):
    past = list(past)
    for _ in range(days):
        past.append(forecast_next(np.array(past[-(len(past) - _) :])))
    return np.array(past[-days:])


recursive_forecasts = Exercise(
    right=lambda forecast_next, past, days: _fed_back(lambda window, new: [*window[1:], new])(
        forecast_next, past, days
    ),
    draw=lambda rng: [
        (last_and_first, [1.0, 2.0], 3),
        (weighted_mean, [1.0, 2.5, 6.0], 2),
        (weighted_mean, list(rng.normal(10, 8, 14)), 20),
        (last_and_first, list(rng.normal(10, 8, 5)), 1),
    ],
    mistakes={
        "the window has grown; when a forecast comes in, the oldest day has to go": _fed_back(
            lambda window, new: [*window, new]
        ),
        "every forecast is made from the same window: where does the last forecast go?": _fed_back(
            lambda window, new: window
        ),
        "the newest day stands at the end of the window; the forecast is newer": [
            _fed_back(lambda window, new: [new, *window[:-1]]),
            _fed_back(lambda window, new: [new, *window[1:]]),
        ],
        "the newest day has been dropped; the oldest, which stands first, has to go": _fed_back(
            lambda window, new: [*window[:-1], new]
        ),
        "only the forecasts are asked for, without the days of `past`": lambda f, past, days: (
            list(past) + _fed_back(lambda window, new: [*window[1:], new])(f, past, days)
        ),
    },
    also=[_in_place],
)


def _days_better(errors, reference):
    better = np.asarray(errors) < reference
    return len(better) if better.all() else int(np.argmin(better))


reach = Exercise(
    right=_days_better,
    draw=lambda rng: [
        ([1.0, 3.0], 2.0),
        ([1.0, 1.5], 2.0),
        ([3.0, 1.0], 2.0),
        ([1.0, 2.0, 1.5], 2.0),
        (np.sort(rng.uniform(1, 3, 14)) - np.repeat([0.0, 2.0], [10, 4]), 2.0),
        (rng.uniform(1, 2.5, 14), 2.0),
    ],
    mistakes={
        "that counts all days on which it is better; a lead that comes back later does not count": lambda errors, ref: (
            np.sum(np.asarray(errors) < ref)
        ),
        "that is the last day on which it is better; was it better on all days before?": lambda errors, ref: (
            1 + np.max(np.flatnonzero(np.asarray(errors) < ref), initial=-1)
        ),
        "right if the lead ends; if it never does, all days count": lambda errors, ref: np.argmin(
            np.asarray(errors) < ref
        ),
        "that is the day on which the lead ends; how many are there before it?": lambda errors, ref: (
            1 + _days_better(errors, ref)
        ),
        "equal is not better": lambda errors, ref: _days_better(errors, ref + 1e-12),
    },
    also=[lambda errors, ref: float(np.cumprod(np.array([error < ref for error in errors], dtype=int)).sum())],
)


def _difference(errors_a, errors_b, positions, axis=1, power=0.5):
    a, b = (np.mean(errors[positions] ** 2, axis=axis) ** power for errors in (errors_a, errors_b))
    return a - b


def _two_models(rng, draws, days):
    a = 2 * rng.standard_normal(days)
    return a, 1.1 * a + 0.3 * rng.standard_normal(days), rng.integers(days, size=(draws, days))


ENDS = [0.05, 0.95]

difference_band = Exercise(
    right=lambda errors_a, errors_b, positions: np.quantile(_difference(errors_a, errors_b, positions), ENDS),
    # as many draws as put both quantiles on one of them: then a place in the sorted differences is right as well
    draw=lambda rng: [_two_models(rng, 101, 20), _two_models(rng, 201, 60)],
    mistakes={
        "both RMSEs must come from the same draw: subtract first, draw by draw, then take the quantiles": (
            lambda a, b, p: np.quantile(_difference(a, 0 * b, p), ENDS) - np.quantile(_difference(b, 0 * a, p), ENDS)
        ),
        "the order is turned round: RMSE of the first minus RMSE of the second": lambda a, b, p: np.quantile(
            _difference(b, a, p), ENDS
        ),
        "that is the difference of mean squared errors, in °C²: take the roots first": lambda a, b, p: np.quantile(
            _difference(a, b, p, power=1), ENDS
        ),
        "that is the difference of mean absolute errors; the RMSE is asked for": lambda a, b, p: np.quantile(
            np.mean(np.abs(a[p]) - np.abs(b[p]), axis=1), ENDS
        ),
        "those are the ends of the middle 95 %; the middle 90 % is asked for": lambda a, b, p: np.quantile(
            _difference(a, b, p), [0.025, 0.975]
        ),
        "those are the ends of the middle 80 %: 5 % lie below the band, 5 % above": lambda a, b, p: np.quantile(
            _difference(a, b, p), [0.1, 0.9]
        ),
        "the lower end comes first": lambda a, b, p: np.quantile(_difference(a, b, p), [0.95, 0.05]),
        "that averages over the draws, not over the days: the days are axis 1": lambda a, b, p: np.quantile(
            _difference(a, b, p, axis=0), ENDS
        ),
    },
    also=[
        lambda a, b, p: np.sort(_difference(a, b, np.sort(p, axis=1)))[[int(0.05 * len(p)), int(0.95 * len(p))]],
        lambda a, b, p: pd.Series(_difference(a, b, p)).quantile(ENDS).to_list(),
    ],
)


def _cheapest(rows):
    return rows["work"].idxmin() if len(rows) else "none"


def _near(table, spread, column="validation"):
    return table[column] <= table[column].min() + spread


def _settings(rng, rows):
    validation = rng.uniform(1.9, 1.95, rows)
    columns = {
        "validation": validation,
        "test": validation + rng.normal(0, 0.015, rows),
        "work": 100 * (1 + rng.permutation(rows)),
    }
    return pd.DataFrame(columns, [f"setting {letter}" for letter in "ABCDEFGH"[:rows]])


choose = Exercise(
    right=lambda table, spread: _cheapest(table[_near(table, spread)]),
    draw=lambda rng: [
        (
            pd.DataFrame(
                {"validation": [1.96, 1.9, 1.91], "test": [1.93, 1.94, 1.95], "work": [100, 9000, 1500]},
                ["tiny", "large", "small"],
            ),
            0.02,
        ),
        *((_settings(rng, 8), spread) for spread in (0.02, 0.001, 0.005, 0.01, 0.03, 0.04) * 2),
    ],
    mistakes={
        "the test years must not take part in the choice": [
            lambda table, spread: table["test"].idxmin(),
            lambda table, spread: _cheapest(table[_near(table, spread, "test")]),
            lambda table, spread: _cheapest(table[_near(table, spread) & _near(table, spread, "test")]),
            lambda table, spread: table[_near(table, spread)]["test"].idxmin(),
        ],
        "that one has the lowest validation error; a cheaper one may be within its spread": lambda table, spread: table[
            "validation"
        ].idxmin(),
        "that one is the cheapest of all; is it within the spread of the best?": lambda table, spread: table[
            "work"
        ].idxmin(),
        "that one costs most among the good ones; the least work is asked for": lambda table, spread: table[
            _near(table, spread)
        ]["work"].idxmax(),
        "right for a spread of 0.02: does it use `spread`?": lambda table, spread: _cheapest(table[_near(table, 0.02)]),
    },
    also=[lambda table, spread: np.str_(table[_near(table, spread)].sort_values("work").index[0])],
)
