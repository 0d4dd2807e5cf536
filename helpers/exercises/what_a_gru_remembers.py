"""Checks of lesson what_a_gru_remembers."""

from functools import lru_cache

import numpy as np

from helpers.cells import sigmoid
from helpers.exercises.engine import Exercise, Hint, number, numbers
from helpers.recall import recall_task

LENGTH, SEQUENCES = 200, 4000  # of the task in `memory`


def _logit(z):
    """Return the a for which σ(a) = z."""
    return np.log(z / (1 - z))


def _bias(left, sign=1):
    """Return a function of steps: the bias with which one step leaves left(steps)."""
    return lambda steps: sign * _logit(1 - left(steps))


bias_for = Exercise(
    right=_bias(lambda steps: 0.5 ** (1 / steps)),
    draw=lambda rng: [(1,), (4,), (100,), *((int(steps),) for steps in rng.integers(7, 300, size=2))],
    decimals=2,
    mistakes={
        "right size; but in this collection z lets the candidate in, so which sign keeps the state?": _bias(
            lambda steps: 0.5 ** (1 / steps), sign=-1
        ),
        "that is z; the bias is what stands inside the σ: z = σ(b_z)": lambda steps: 1 - 0.5 ** (1 / steps),
        "that is 1 − z, what is left after one step; which z is that, and which bias?": lambda n: 0.5 ** (1 / n),
        "the inverse of σ is not the logarithm alone: σ(a) = 1 / (1 + exp(−a))": [
            lambda steps: np.log(1 - 0.5 ** (1 / steps)),
            lambda steps: np.log(0.5 ** (1 / steps)),
        ],
        "that leaves 1/e; the question is about one half": _bias(lambda steps: np.exp(-1 / steps)),
        "1 − z multiplies at every step; the losses do not add up": _bias(lambda steps: 1 - 0.5 / steps),
    },
    also=[
        lambda steps: [-np.log(2 ** (1 / steps) / (2 ** (1 / steps) - 1) - 1)],
        lambda steps: float(np.round(_logit(1 - 0.5 ** (1 / steps)), 2)),
    ],
)


@lru_cache(maxsize=1)
def _sequences() -> tuple[np.ndarray, np.ndarray]:
    return recall_task(LENGTH, SEQUENCES, np.random.default_rng(0))


def last_states(mark_weight: float, bias: float, x: np.ndarray) -> np.ndarray:
    """Return the last state of the one unit of `memory`: each step's candidate, by its share of it that is left."""
    z = sigmoid(mark_weight * x[0, :, 1] + bias)
    left = np.append(np.cumprod(1 - z[:0:-1])[::-1], 1.0)  # what all later steps leave of a step
    return np.tanh(3 * x[..., 0]) @ (z * left)


def _what_it_does(pair) -> str:
    """Return what a GRU with one unit and this update gate does on the recall task."""
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise Hint("two numbers are expected, mark_weight and bias")
    mark_weight, bias = map(number, pair)
    x, answer = _sequences()
    if (np.sign(last_states(mark_weight, bias, x)) == answer[:, 0]).all():
        return "solves it"
    at_mark, elsewhere = sigmoid(mark_weight + bias), sigmoid(bias)
    if elsewhere > 0.5:
        return "overwrites it"
    return "takes nothing in" if at_mark <= elsewhere else "leaks"


def _pairs(*pairs):
    return [lambda pair=pair: pair for pair in pairs]


memory = Exercise(
    right=lambda: (20, -10),
    measure=_what_it_does,
    mistakes={
        "at the mark z is no larger than elsewhere: the first number hardly gets in; what should z be there?": _pairs(
            (-20, -10), (0, 0), (-5, -2)
        ),
        "at the steps without a mark z is above one half: each of them overwrites the memory": _pairs(
            (20, 10), (0, 4), (-20, 10), (-14, 7)
        ),
        "z is larger at the mark than elsewhere, but not by enough: the other steps wash the first number out": _pairs(
            (20, -4), (4, -2), (10, -0.1), (3, -8)
        ),
    },
    also=_pairs((20, -5.5), (20, -5), (9, -10), (8, -10), [np.float64(30), [-12.5]], (12, -6), (6, -8), (6, -6.001)),
)


def _biases(rng: np.random.Generator) -> list[tuple]:
    """Draw biases of one, two and five units, none of them zero, and what b_z should become."""
    return [(rng.normal(size=(2, 3 * units)), b_z) for units, b_z in ((1, -4.0), (2, -1.5), (5, 2.0))]


def _what_counts(bias) -> tuple:
    """Return Keras' bias of z, whose two rows are added up, and all other biases as they are."""
    columns = np.shape(bias)[-1] if np.ndim(bias) == 2 else 0
    bias = numbers(bias, (2, columns))
    units = columns // 3
    return bias[:, :units].sum(axis=0), bias[:, units:]


def _set(first, second, block=0):
    """Return a function that sets both rows of a block; (a, k, m) is a · b_z + k · first row + m · second row."""

    def changed(bias, b_z):
        units = bias.shape[1] // 3
        part = bias[:, block * units : (block + 1) * units]
        part[:] = [a * b_z + k * part[0] + m * part[1] for a, k, m in (first, second)]
        return bias

    return changed


GONE, KEPT_0, KEPT_1 = (0, 0, 0), (0, 1, 0), (0, 0, 1)
with_b_z = Exercise(
    right=_set((-1, 0, 0), GONE),
    draw=_biases,
    measure=_what_counts,
    mistakes={
        "the sign: in this collection a negative b_z keeps, and in Keras?": [
            _set((1, 0, 0), GONE),
            _set((1, 0, 0), KEPT_1),
            _set((1, 0, -1), KEPT_1),
        ],
        "one row is set; but z adds up both rows, and the other one need not be zero": [
            _set((-1, 0, 0), KEPT_1),
            _set(KEPT_0, (-1, 0, 0)),
        ],
        "both rows hold the whole bias; z adds them up, so it gets twice as much": _set((-1, 0, 0), (-1, 0, 0)),
        "that adds to what stands there; the bias should become b_z, whatever it was": _set((-1, 1, 0), KEPT_1),
        "that is the reset gate's block: Keras' order is z, r, candidate": _set((-1, 0, 0), GONE, block=1),
        "that is the candidate's block: Keras' order is z, r, candidate": _set((-1, 0, 0), GONE, block=2),
        "nothing has changed": lambda bias, b_z: bias,
    },
    also=[
        _set((-1, 0, -1), KEPT_1),
        lambda bias, b_z: np.where(np.arange(bias.shape[1]) < bias.shape[1] // 3, -b_z / 2, bias).tolist(),
    ],
)
