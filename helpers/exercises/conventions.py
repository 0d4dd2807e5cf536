"""Exercises of the lesson conventions."""

import numpy as np

from helpers.exercises.engine import Exercise


def _keras_arrays(rng, units, features):
    shapes = (features, 3 * units), (units, 3 * units), (3 * units,)
    return tuple(rng.uniform(0.1, 1, shape).round(2) * rng.choice([-1, 1], shape) for shape in shapes)


def _block(number, sign=-1, bias_sign=None):
    """Return a function that takes the block of this number out of kernel, recurrent kernel and bias."""

    def take(kernel, recurrent_kernel, bias):
        *tables, bias = (np.split(array, 3, axis=-1)[number] for array in (kernel, recurrent_kernel, bias))
        return *(sign * table for table in tables), (sign if bias_sign is None else bias_sign) * bias

    return take


def _in_place(kernel, recurrent_kernel, bias):
    for array in (kernel, recurrent_kernel, bias):
        array *= -1
    units = len(bias) // 3
    return [kernel[:, :units], recurrent_kernel[:, :units].tolist(), bias[:units]]


our_update_gate = Exercise(
    right=_block(0),
    draw=lambda rng: [_keras_arrays(rng, 2, 1), _keras_arrays(rng, 4, 2), _keras_arrays(rng, 3, 5)],
    mistakes={
        "that is the right block, with Keras' sign: there, z = 1 keeps the memory": _block(0, sign=1),
        "the weights are turned round, the bias is not; it stands inside the σ as well": _block(0, bias_sign=1),
        "the bias is turned round, the weights are not; they stand inside the σ as well": _block(0, 1, bias_sign=-1),
        "that is the reset gate's block; Keras has another order": [_block(1), _block(1, sign=1)],
        "that is the candidate's block; Keras has another order": [_block(2), _block(2, sign=1)],
        "1 − z is for the gate; inside the σ it is the sign that changes": (
            lambda *arrays: tuple(1 - part for part in _block(0, sign=1)(*arrays))
        ),
        "a third of the columns is right, but not every third: each block's columns lie together": (
            lambda kernel, recurrent_kernel, bias: (-kernel[:, ::3], -recurrent_kernel[:, ::3], -bias[::3])
        ),
        "the tables are turned; Keras and this collection both have (features, units) and (units, units)": (
            lambda *arrays: tuple(part.T for part in _block(0)(*arrays))
        ),
        "the three are right, their order is not: W_z, U_z, b_z": (
            lambda *arrays: tuple(_block(0)(*arrays)[part] for part in (1, 0, 2))
        ),
    },
    also=[_in_place],
)


def _count(units, features, biases):
    return 3 * (units**2 + units * features + biases * units)


def _both(first, second):
    return tuple(_count(*first, biases) + _count(*second, biases) for biases in (1, 2))


parameters = Exercise(
    right=lambda: _both((32, 7), (16, 32)),
    mistakes={
        "the second GRU reads the first one's memory; how many numbers is that?": [
            lambda: _both((32, 7), (16, 7)),
            lambda: _both((32, 7), (16, 1)),
            lambda: _both((32, 7), (16, 16)),
        ],
        "that is the first GRU alone": lambda: (_count(32, 7, 1), _count(32, 7, 2)),
        "that is the second GRU alone": lambda: (_count(16, 32, 1), _count(16, 32, 2)),
        "both numbers are right, their order is not: textbooks first": lambda: _both((32, 7), (16, 32))[::-1],
        "a GRU has three parts, r, z and candidate; yours has one": lambda: tuple(
            total // 3 for total in _both((32, 7), (16, 32))
        ),
        "that is with four parts; a GRU has three, r, z and candidate": lambda: tuple(
            total // 3 * 4 for total in _both((32, 7), (16, 32))
        ),
        "the biases are missing from the first number, so the second has one where it needs two": lambda: (
            _count(32, 7, 0) + _count(16, 32, 0),
            _count(32, 7, 1) + _count(16, 32, 1),
        ),
        "the first number is right; Keras has a second bias in r, z and the candidate": [
            lambda: (_both((32, 7), (16, 32))[0], _both((32, 7), (16, 32))[0]),
            lambda: (_both((32, 7), (16, 32))[0], _both((32, 7), (16, 32))[0] + 32 + 16),
        ],
        "units and features are exchanged": lambda: _both((7, 32), (32, 16)),
    },
    otherwise="count one GRU after the other: units², units times features, and the biases, three times each",
)


def _reordered(order, sign=1, turn=True):
    def reorder(weight_ih):
        blocks = np.split(weight_ih, 3)
        blocks[1] = sign * blocks[1]
        found = np.concatenate([blocks[part] for part in order])
        return found.T if turn else found

    return reorder


keras_kernel = Exercise(
    right=_reordered((1, 0, 2)),
    draw=lambda rng: [
        (rng.uniform(0.1, 1, (3 * units, features)).round(2) * rng.choice([-1, 1], (3 * units, features)),)
        for units, features in [(2, 1), (2, 6), (4, 3)]
    ],
    mistakes={
        "the table is turned, but the blocks stand in PyTorch's order": _reordered((0, 1, 2)),
        "the order is right, but Keras has the blocks side by side": _reordered((1, 0, 2), turn=False),
        "PyTorch and Keras agree on z, so no sign changes": [_reordered((1, 0, 2), -1), _reordered((0, 1, 2), -1)],
        "r and z change places; the candidate is last in both": [
            _reordered(order) for order in [(1, 2, 0), (2, 1, 0), (2, 0, 1), (0, 2, 1)]
        ],
        "the shape is right, but reshape tears rows apart; .T turns a table": lambda weight_ih: weight_ih.reshape(
            weight_ih.shape[::-1]
        ),
    },
    also=[
        lambda weight_ih: _reordered((1, 0, 2))(weight_ih).tolist(),
        lambda weight_ih: weight_ih.reshape(3, -1, weight_ih.shape[1])[[1, 0, 2]].reshape(weight_ih.shape).T,
    ],
)
