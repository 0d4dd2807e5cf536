"""Exercises of lesson inside_the_network."""

import numpy as np

from helpers.exercises.engine import Exercise


def _kernels(rng):
    orders = [[1, 2, 0], [2, 0, 3, 1], [3, 1, 0, 4, 2]]  # none is its own way back
    return [(rng.normal(size=(len(order), len(order))).round(2), np.array(order)) for order in orders]


recurrent_in_order = Exercise(
    draw=_kernels,
    right=lambda U, order: U[np.ix_(order, order)],
    also=[
        lambda U, order: U[order][:, order],
        lambda U, order: np.eye(len(U))[order] @ U @ np.eye(len(U))[order].T,
        lambda U, order: [[U[i, j] for j in order] for i in order],
        lambda U, order: U.T[order].T[order],
    ],
    mistakes={
        "the rows are in the new order, the columns are not: a unit also receives": lambda U, order: U[order],
        "the columns are in the new order, the rows are not: a unit also sends": lambda U, order: U[:, order],
        "rows and columns have changed places: what was sent is now received": lambda U, order: U[order][:, order].T,
        "that is the way back: the new unit k has to be the old unit order[k], not the other way round": [
            lambda U, order: U[np.argsort(order)][:, np.argsort(order)],
            lambda U, order: np.eye(len(U))[order].T @ U @ np.eye(len(U))[order],
        ],
        "U[order, order] picks one number a unit: rows and columns have to be put in order one after the other": (
            lambda U, order: U[order, order]
        ),
    },
)


def _update_gates(rng):
    cases = [(2, 1, 0), (2, 1, 1), (4, 2, 2), (6, 3, 0), (6, 3, 4)]
    return [(rng.uniform(0.1, 0.9, size=(days, units)).round(2), ago) for days, units, ago in cases]


def _kept(z):
    return np.prod(1 - z, axis=0)


share_left = Exercise(
    draw=_update_gates,
    right=lambda z, ago: _kept(z[len(z) - ago :]),
    also=[
        lambda z, ago: np.exp(np.log(1 - z[len(z) - ago :]).sum(axis=0)),
        lambda z, ago: np.cumprod(1 - z[::-1], axis=0)[ago - 1] if ago else [1] * z.shape[1],
        lambda z, ago: [float(np.prod([1 - day[unit] for day in z[len(z) - ago :]])) for unit in range(z.shape[1])],
    ],
    mistakes={
        "z is the share that is replaced; what is left of it is 1 − z": lambda z, ago: _kept(1 - z[len(z) - ago :]),
        "that is what has been replaced; the question is what is left": lambda z, ago: 1 - _kept(z[len(z) - ago :]),
        "one day too many: that day's own gate has acted already": lambda z, ago: _kept(z[len(z) - ago - 1 :]),
        "one day is missing: the last day's gate acts as well": lambda z, ago: _kept(z[len(z) - ago : -1]),
        "those are the first days of the window; the last ones are asked for": lambda z, ago: _kept(z[:ago]),
        "z[-0:] is the whole array: with ago = 0 nothing has acted on the memory yet": lambda z, ago: _kept(z[-ago:]),
        "each day takes a share of what is left: multiply, do not add": (
            lambda z, ago: (1 - z[len(z) - ago :]).sum(axis=0)
        ),
        "the gates differ from day to day: multiply the days' own shares, not their mean": (
            lambda z, ago: (1 - z[len(z) - ago :].mean(axis=0)) ** ago if ago else np.ones(z.shape[1])
        ),
        "one number a unit is asked for: multiply over the days only": lambda z, ago: np.prod(1 - z[len(z) - ago :]),
    },
)


def _wavy(windows):
    first, before_last, last = (windows[:, day, 0] for day in (0, -2, -1))
    return np.sin(last) - 0.4 * before_last**2 + first + 0.2 * windows[..., -1].sum(axis=1)


def _windows(rng):
    cases = [((2, 3, 1), 0, 1.0), ((4, 3, 2), 0, 0.5), ((5, 4, 2), 1, 1.5), ((6, 4, 3), 3, -2.0)]
    return [(_wavy, rng.normal(size=shape).round(2), ago, step) for shape, ago, step in cases]


def _moves(predict, windows, day, step, column=0):
    changed = windows.copy()
    changed[:, day, column] += step
    return predict(changed) - predict(windows)


def _movement(day=lambda ago: -1 - ago, mean=lambda moves: np.abs(moves).mean(), column=0, to=lambda step, old: step):
    """Return the function that is asked for, or one with a mistake."""
    return lambda predict, windows, ago, step: mean(
        _moves(predict, windows, day(ago), to(step, windows[:, -1 - ago, 0]), column)
    )


movement = Exercise(
    draw=_windows,
    right=lambda predict, windows, ago, step: np.abs(_moves(predict, windows, -1 - ago, step)).mean(),
    also=[lambda p, w, ago, step: np.mean([abs(float(m)) for m in _moves(p, w, w.shape[1] - 1 - ago, step)])],
    mistakes={
        "movements up and down cancel: take each without its sign, then the mean": [
            _movement(mean=np.mean),
            _movement(mean=lambda moves: abs(moves.mean())),
        ],
        "that is the root of the mean square; the plain mean of the movements is asked for": (
            _movement(mean=lambda moves: np.sqrt((moves**2).mean()))
        ),
        "days are counted back from the last one, and yours are counted from the first": _movement(lambda ago: ago),
        "one day off: with ago = 0 the last day changes; [-0] is the first": _movement(lambda ago: -ago),
        "all columns have changed; only column 0 is asked for": _movement(column=slice(None)),
        "all days have changed; only one is asked for": _movement(lambda ago: slice(None)),
        "the value has been set to `step`; it has to grow by it": _movement(to=lambda step, old: step - old),
        "nothing moves: both forecasts see the same array, because it was changed in place": lambda *_: 0.0,
        "one number is asked for: the mean over all samples": _movement(mean=np.abs),
    },
)
