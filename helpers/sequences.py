"""What the lessons on sequences of many kinds share: the order of steps, and intervals over groups."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike


def shuffle_steps(x: np.ndarray, rng: np.random.Generator, lengths: ArrayLike | None = None) -> np.ndarray:
    """Return a copy of `x` in which the steps of each sample stand in an order of their own.

    A network that loses nothing by it has not used the order.

    Parameters
    ----------
    x
        Sequences, shape (samples, time steps) or (samples, time steps, features). A step's features stay together.
    lengths
        How many steps of each sample are real, shape (samples,); they come first, and the padding behind them stays
        where it is. Without it all are real.

    Raises
    ------
    ValueError
        If there is not one length for each sample, or one is below 0 or above the number of steps.
    """
    samples, steps = x.shape[:2]
    lengths = np.full(samples, steps) if lengths is None else np.asarray(lengths)
    if lengths.shape != (samples,):
        raise ValueError(f"lengths has shape {lengths.shape}; {samples} samples need ({samples},)")
    if samples and not (0 <= lengths.min() and lengths.max() <= steps):
        raise ValueError(f"lengths run from {lengths.min()} to {lengths.max()}; there are {steps} steps")
    place = np.arange(steps)
    # random numbers below 1 for what is real, the places themselves (from 1 on) for what is padding
    keys = np.where(place < lengths[:, np.newaxis], rng.random((samples, steps)), place + 1)
    order = np.argsort(keys, axis=1)
    return np.take_along_axis(x, order.reshape(order.shape + (1,) * (x.ndim - 2)), axis=1)


class Mean(NamedTuple):
    """A mean with an interval."""

    mean: float
    low: float
    high: float


def mean_by_group(values: ArrayLike, groups: ArrayLike, level: float = 0.95, draws: int = 2000, seed: int = 0) -> Mean:
    """Return the mean of `values` with a bootstrap interval that draws whole groups with replacement.

    What belongs to one person, voice or household is alike, so the groups are what was sampled, not their rows. To
    compare two models give the difference of their scores, row by row. With few groups the interval is too narrow.

    Parameters
    ----------
    values
        One score a row, such as 1 for right and 0 for wrong, shape (rows,).
    groups
        The group of each row, shape (rows,).
    level
        The share of the draws whose means the interval holds.

    Raises
    ------
    ValueError
        If the shapes differ, a value is missing, or there are fewer than two groups.
    """
    values, groups = np.asarray(values, dtype=float), np.asarray(groups)
    if values.ndim != 1 or values.shape != groups.shape:
        raise ValueError(f"values has shape {values.shape}, groups {groups.shape}; both need (rows,)")
    if not np.isfinite(values).all():
        raise ValueError(f"{(~np.isfinite(values)).sum()} of {values.size} values are NaN or infinite")
    _, which = np.unique(groups, return_inverse=True)
    sizes, sums = np.bincount(which), np.bincount(which, weights=values)
    if len(sizes) < 2:
        raise ValueError("one group alone tells nothing about others: give at least two")
    drawn = np.random.default_rng(seed).integers(len(sizes), size=(draws, len(sizes)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Mean(float(values.mean()), float(low), float(high))
