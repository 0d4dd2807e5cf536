"""Checks of lesson vanishing_gradients."""

import numpy as np

from helpers.cells import sigmoid
from helpers.exercises.engine import Exercise


def _states(rng: np.random.Generator) -> list[tuple]:
    return [(0.5,), (-0.8,), *((float(h),) for h in rng.uniform(0.1, 0.95, size=3))]


lossless_u = Exercise(
    right=lambda h: 1 / (1 - h**2),
    draw=_states,
    mistakes={
        "that is the slope of tanh; u times this slope must be 1": [
            lambda h: 1 - h**2,
            lambda h: 1 - np.tanh(h) ** 2,
        ],
        "h has been through the tanh already: its slope is written with h itself": lambda h: 1 / (1 - np.tanh(h) ** 2),
        "h (1 − h) is the slope of the sigmoid; this unit has a tanh": lambda h: 1 / (h * (1 - h)),
        "with u = 1 the slope of tanh is left, and it is below 1": lambda h: 1.0,
        "look at the slope of tanh again: is it 1 − h, or 1 − h²?": [lambda h: 1 / (1 - h), lambda h: 1 / (1 - abs(h))],
        "each step back passes one tanh, so u meets its slope once: no square of it, no root": [
            lambda h: 1 / (1 - h**2) ** 2,
            lambda h: 1 / np.sqrt(1 - h**2),
        ],
        "the sign: a factor of −1 turns the message round at every step": lambda h: -1 / (1 - h**2),
    },
    also=[lambda h: (1 - h * h) ** -1, lambda h: [np.cosh(np.arctanh(h)) ** 2]],
)


def _steps(rng: np.random.Generator) -> list[tuple]:
    """Draw dh, h_t and U, one sample and one unit first; U is nowhere symmetric."""
    shapes = [(1, 1), (1, 2), (4, 3)]
    return [(rng.normal(size=(n, k)), rng.uniform(0.1, 0.9, size=(n, k)), rng.normal(size=(k, k))) for n, k in shapes]


def _in_place(dh, h_t, U):
    dh *= h_t
    dh *= 1 - h_t
    return dh @ U.T


def _back(slope, through=lambda U: U.T):
    """Return a step back: times the slope, a function of h_t, then through U."""
    return lambda dh, h_t, U: (dh * slope(h_t)) @ through(U)


def _slope(h):
    return h * (1 - h)


step_back = Exercise(
    right=_back(_slope),
    draw=_steps,
    mistakes={
        "the slope is right; on the way back it is the transpose of U that counts": _back(_slope, lambda U: U),
        "1 − h² is the slope of tanh; what is the slope of σ, written with its value h?": _back(lambda h: 1 - h**2),
        "the way back also leads through the σ: multiply by its slope first": [
            _back(np.ones_like),
            _back(np.ones_like, lambda U: U),
        ],
        "you are back through the σ; one more step leads through U to the state before": _back(
            _slope, lambda U: np.eye(len(U))
        ),
        "the order: σ came last on the way forward, so it comes first on the way back": (
            lambda dh, h_t, U: (dh @ U.T) * _slope(h_t)
        ),
        "h_t has been through the σ already; its slope is written with h_t itself": _back(lambda h: _slope(sigmoid(h))),
        "half of the slope of σ is missing": [_back(lambda h: h), _back(lambda h: 1 - h)],
    },
    also=[_in_place, lambda dh, h_t, U: (U @ (dh * h_t * (1 - h_t)).T).T.tolist()],
)


def _gradients(rng: np.random.Generator) -> list[tuple]:
    """Draw dictionaries of arrays: some above their limit, some below, all of them together above it."""
    small, large = np.array([0.3, -0.4]), np.array([[3.0, 0.0], [0.0, -4.0]])
    more = {"W": rng.normal(size=(2, 3)), "U": 5 * rng.normal(size=(3, 3)), "b": 0.01 * rng.normal(size=3)}
    return [({"b": small}, 1.0), ({"U": large, "b": small}, 2.0), (more, 0.5), (more, 1.3)]


def _norm(array):
    return np.sqrt((array**2).sum())


def _each(scale):
    """Return a function that multiplies each array by scale(array, limit)."""
    return lambda gradients, limit: {name: array * scale(array, limit) for name, array in gradients.items()}


def _together(gradients, limit):
    size = np.sqrt(sum(_norm(array) ** 2 for array in gradients.values()))
    return {name: array * min(1, limit / size) for name, array in gradients.items()}


def _clipped_in_place(gradients, limit):
    for name in gradients:
        gradients[name] *= limit / max(limit, _norm(gradients[name]))
    return gradients


clip_each = Exercise(
    right=_each(lambda array, limit: limit / max(limit, _norm(array))),
    draw=_gradients,
    mistakes={
        "that scales all together, as the lesson's clip does; here each array has its own size": _together,
        "an array whose size is below the limit must stay as it is": [
            _each(lambda array, limit: limit / _norm(array)),
            _each(lambda array, limit: max(1, limit / _norm(array))),
        ],
        "that cuts each number (Keras' clipvalue), which turns the direction of an array; scale the whole array": (
            lambda gradients, limit: {name: np.clip(array, -limit, limit) for name, array in gradients.items()}
        ),
        "the size is the square root of the sum of the squares": [
            _each(lambda array, limit: limit / max(limit, (array**2).sum())),
            _each(lambda array, limit: limit / max(limit, np.abs(array).sum())),
        ],
        "that is the spectral norm of the matrices; the size of an array takes all its numbers": _each(
            lambda array, limit: limit / max(limit, np.linalg.norm(array, ord=2))
        ),
        "an array above the limit should get the size limit, not the size 1": _each(
            lambda array, limit: 1 if _norm(array) <= limit else 1 / _norm(array)
        ),
    },
    also=[_clipped_in_place, _each(lambda array, limit: min(1, limit / np.linalg.norm(array)))],
)
