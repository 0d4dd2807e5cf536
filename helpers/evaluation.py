"""How far a forecast is from the truth, in the units of the record (°C)."""

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

LEVEL = 0.9
"""What every interval of the collection is meant to hold, unless a lesson says otherwise."""
BLOCK = 30
"""Days in a block of the bootstrap: longer than a spell of weather, and twelve of them still in a year."""


def rmse(truth: np.ndarray | pd.Series, forecast: np.ndarray | pd.Series) -> float:
    """Return the root mean squared error, √mean((forecast − truth)²), in the units of `truth`.

    Large misses weigh more than in `mae`.

    Raises
    ------
    ValueError
        If shapes, dates or columns differ, or a value is missing or masked.
    """
    return float(np.sqrt(np.mean(_errors(truth, forecast) ** 2)))


def mae(truth: np.ndarray | pd.Series, forecast: np.ndarray | pd.Series) -> float:
    """Return the mean absolute error, mean(|forecast − truth|), in the units of `truth`.

    Raises
    ------
    ValueError
        If shapes, dates or columns differ, or a value is missing or masked.
    """
    return float(np.mean(np.abs(_errors(truth, forecast))))


def skill(model_error: float, reference_error: float) -> float:
    """Return 1 − model_error / reference_error: the share of the reference's error that the model takes away.

    1 is a perfect forecast, 0 is as good as the reference, below 0 is worse. Both errors must be of the same kind
    (here: RMSE in °C) on the same days. Some authors use squared errors; this collection does not.

    Raises
    ------
    ValueError
        If the reference error is not above zero: a perfect reference cannot be improved on.
    """
    if not reference_error > 0:
        raise ValueError(f"the reference error must be above 0; found {reference_error}")
    return 1 - model_error / reference_error


def comparison_table(
    truth: pd.Series, forecasts: dict[str, pd.Series | np.ndarray], reference: str = "persistence"
) -> pd.DataFrame:
    """Return one row a forecast, best first: RMSE and MAE in °C, and the skill of its RMSE against `reference`.

    Parameters
    ----------
    truth
        What was observed, in °C, shape (days,).
    forecasts
        Name → forecast in °C for the same days; a Series must carry the same dates.
    reference
        The name in `forecasts` against which skill is counted.

    Raises
    ------
    ValueError
        If `reference` is not among the forecasts, or one of them does not fit the truth (it is named).
    """
    if reference not in forecasts:
        raise ValueError(f"reference {reference!r} is not among the forecasts {list(forecasts)}")
    rows = {}
    for name, forecast in forecasts.items():
        try:
            rows[name] = {"RMSE (°C)": rmse(truth, forecast), "MAE (°C)": mae(truth, forecast)}
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("forecast")
    reference_error = table.loc[reference, "RMSE (°C)"]
    table[f"skill vs {reference}"] = [skill(error, reference_error) for error in table["RMSE (°C)"]]
    return table.sort_values("RMSE (°C)")


def draw_blocks(days: int, block: int, draws: int = 1000, seed: int = 0) -> np.ndarray:
    """Return which days each draw of the block bootstrap takes: positions, shape (draws, days).

    A draw is made of runs of `block` neighbouring days, drawn with replacement. The first day follows the last, so
    that all days are drawn equally often.
    """
    first = np.random.default_rng(seed).integers(days, size=(draws, -(-days // block)))
    return (first[:, :, np.newaxis] + np.arange(block)).reshape(draws, -1)[:, :days] % days


class Gain(NamedTuple):
    """The share of a reference's RMSE that a forecast takes away (its skill), with an interval."""

    share: float
    low: float
    high: float


def gain(truth: pd.Series, forecast: pd.Series, reference: pd.Series, level: float = LEVEL, block: int = BLOCK) -> Gain:
    """Return the skill of a forecast against a reference, with its paired block bootstrap interval.

    Each of 1,000 draws takes the same blocks of days for both forecasts and computes the skill of that draw. The
    middle `level` of these skills is the interval. It holds the luck of the days, not that of a network's seed; with
    few blocks it is too narrow.

    Raises
    ------
    ValueError
        If the days differ, a value is missing, or the reference makes no error in one of the draws.
    """
    errors, of_reference = _errors(truth, forecast), _errors(truth, reference)
    drawn = draw_blocks(len(truth), block)
    mean_squares = [np.mean(each[drawn] ** 2, axis=1) for each in (errors, of_reference)]
    if not (mean_squares[1] > 0).all():
        raise ValueError("the reference makes no error on many of the days: there is nothing to take away")
    low, high = np.quantile(1 - np.sqrt(np.divide(*mean_squares)), [(1 - level) / 2, (1 + level) / 2])
    return Gain(skill(rmse(truth, forecast), rmse(truth, reference)), float(low), float(high))


def conformal_margin(misses: np.ndarray | pd.Series, level: float = LEVEL) -> float:
    """Return the margin that holds a new miss with probability `level` or more, if misses come in random order.

    It is the ⌈(n + 1) · level⌉-th smallest of the n `misses`, absolute errors on days that the forecaster did not
    learn from. (Split conformal prediction: J. Lei and others, 2018, arXiv:1604.04173.)

    Raises
    ------
    ValueError
        If a miss is missing, or there are too few for the level.
    """
    misses = _as_floats(misses)
    rank = math.ceil((len(misses) + 1) * level)
    if rank > len(misses):
        raise ValueError(f"{len(misses)} days are too few for an interval that holds {level:.0%}; give more")
    if not np.isfinite(misses).all():
        raise ValueError(f"{(~np.isfinite(misses)).sum()} of {len(misses)} misses are NaN or infinite")
    return float(np.sort(misses)[rank - 1])


def _errors(truth: np.ndarray | pd.Series, forecast: np.ndarray | pd.Series) -> np.ndarray:
    both_dated = isinstance(truth, pd.Series | pd.DataFrame) and isinstance(forecast, pd.Series | pd.DataFrame)
    if both_dated and not truth.index.equals(forecast.index):
        raise ValueError("forecast and truth are not for the same days: compare them on the same index")
    both_tables = isinstance(truth, pd.DataFrame) and isinstance(forecast, pd.DataFrame)
    if both_tables and not truth.columns.equals(forecast.columns):
        raise ValueError(
            f"forecast has the columns {list(forecast.columns)}, truth {list(truth.columns)}: "
            "compare the same columns in the same order"
        )
    truth, forecast = _as_floats(truth), _as_floats(forecast)
    if truth.shape != forecast.shape:
        # without this, NumPy would broadcast (n,) against (n, 1) to n × n errors, without a word
        raise ValueError(
            f"forecast has shape {forecast.shape}, truth {truth.shape}; Keras predicts (samples, 1): "
            "take forecast[:, 0]"
        )
    if truth.size == 0:
        raise ValueError("there is nothing to compare: no days")
    errors = forecast - truth
    if not np.isfinite(errors).all():
        raise ValueError(f"{(~np.isfinite(errors)).sum()} of {errors.size} errors are NaN or infinite")
    return errors


def _as_floats(values: np.ndarray | pd.Series | pd.DataFrame) -> np.ndarray:
    if np.ma.isMaskedArray(values):  # what lies under a mask is no measurement
        return values.astype(float).filled(np.nan)
    return np.asarray(values, dtype=float)
