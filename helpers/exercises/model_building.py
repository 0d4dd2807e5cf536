"""Exercises of the lesson model building."""

from functools import cache, partial

import numpy as np

from helpers import data
from helpers.evaluation import rmse
from helpers.exercises.engine import Exercise, Hint


def _as_texts(answer) -> list[str]:
    """Return shapes of any kind (tuples, lists, arrays, TensorFlow's) as texts; raise a Hint for `None` in one."""
    try:
        given = [tuple(shape) for shape in answer]
    except TypeError:
        raise Hint("three shapes are expected, each several numbers in brackets: [(…), (…), (…)]") from None
    if any(size is None for shape in given for size in shape):
        raise Hint("Keras writes None for any number of windows; here it is known how many there are")
    if len(given) != 3:
        raise Hint(f"three shapes are expected, one for each layer; found {len(given)}")
    return [str(tuple(int(size) for size in shape)) for shape in given]


FIRST, SECOND, THIRD = (32, 60, 24), (32, 12), (32, 3)

shapes = Exercise(
    right=(FIRST, SECOND, THIRD),
    measure=_as_texts,
    mistakes={
        "the samples axis is missing; it comes first in every shape": ((60, 24), (12,), (3,)),
        "the first layer has return_sequences=True: what does it hand on?": ((32, 24), SECOND, THIRD),
        "the second layer is at its default: does it still hand on every day?": [
            (FIRST, (32, 60, 12), last) for last in (THIRD, (32, 60, 3))
        ],
        "the right numbers in the wrong order: (samples, time steps, units)": [
            (first, SECOND, THIRD) for first in ((32, 24, 60), (60, 32, 24))
        ],
        "the features do not stay: a GRU turns them into its units": [
            (first, SECOND, THIRD) for first in ((32, 60, 4, 24), (32, 60, 4))
        ],
        "the last axis is as long as the layer has units, whatever the time steps": ((32, 60, 60), SECOND, THIRD),
        "the last layer is Dense(3): how many numbers for each window?": [
            (FIRST, SECOND, last) for last in ((32, 1), (32, 12, 3))
        ],
    },
    otherwise="go layer by layer: how many windows, how many days if any are left, how many numbers?",
    also=[[[32, 60, 24], [32, 12], np.array([32, 3])]],
)


def _network(shape=(60, 2), units=(24, 12, 6), kind="GRU", outputs=3, last=None, every_day=False, **options):
    """Return the network of exercise 2, or one with a mistake."""
    import keras

    layer, end = getattr(keras.layers, kind), len(units) - 1
    layers = [layer(n, return_sequences=every_day or i < end, **options) for i, n in enumerate(units)]
    return keras.Sequential([keras.Input(shape=shape), *layers, keras.layers.Dense(outputs, activation=last)])


def _functional():
    import keras

    inner = _network()
    return keras.Model(inner.inputs, inner.outputs)


def _description(network) -> str:
    """Return in one line what a network reads and what its layers are."""
    try:
        layers = [layer for layer in network.layers if type(layer).__name__ != "InputLayer"]
        lines = [str(tuple(network.input_shape)[1:])]
    except (AttributeError, TypeError, ValueError):
        raise Hint("a Keras model is expected, such as keras.Sequential([...]) with an Input of known shape") from None
    for layer in layers:
        options = layer.get_config()
        chosen = [options.get(name) for name in ("units", "return_sequences", "go_backwards", "activation")]
        lines.append(f"{type(layer).__name__} {chosen}")
    return "; ".join(lines)


network = Exercise(
    right=_network,
    measure=_description,
    mistakes={
        "the input has its axes swapped: time steps come before features": partial(_network, (2, 60)),
        "each day has 2 features": partial(_network, (60, 1)),
        "one number comes out; three days ahead are three numbers": partial(_network, outputs=1),
        "the last GRU hands on every day; the forecast needs the last memory only": partial(_network, every_day=True),
        "go_backwards=True reads the newest day first: leave it out": partial(_network, go_backwards=True),
        "the last layer has an activation: can it reach every temperature?": [
            partial(_network, last=activation) for activation in ("relu", "sigmoid")
        ],
        "leave the activation of the GRU layers at its default": partial(_network, activation="relu"),
        "the units are in another order than asked for": partial(_network, units=(6, 12, 24)),
        "those are other layers than GRU": partial(_network, kind="LSTM"),
        "three GRU layers are asked for": partial(_network, units=(24, 12)),
    },
    otherwise="look at network.summary(): 60 days of 2 features, GRU layers of 24, 12 and 6 units, then a Dense layer",
    also=[_functional, partial(_network, last="linear"), partial(_network, dropout=0.1)],
)


def _largest(cost) -> int:
    """Return the largest n whose `cost` is within the budget."""
    return max(n for n in range(1, 1000) if cost(n) <= 1000)


largest_n = Exercise(
    right=lambda: _largest(lambda n: 3 * (n * n + 3 * n) + n + 1),
    mistakes={
        "with one bias it would fit; how many has Keras' default?": lambda: _largest(lambda n: 3 * (n * n + 2 * n) + n),
        "there is room for one unit more": 15,
        "that is over the budget": [18, 31],
        "a GRU computes three things a day, each with its own weights": lambda: _largest(lambda n: n * n + 4 * n + 1),
        "that is the number of parameters; the question is n": 929,
    },
    otherwise="units come in whole numbers: count the parameters of GRU(n) and Dense(1) for your n and for n + 1",
    also=[16.0, [16]],
)


@cache
def _scaled():
    """Return the z-scores of the validation and of the training days, and the standard deviation in °C."""
    temperature = data.load("brussels")["temperature"].loc[: data.VALIDATION_END]
    train = temperature.loc[: data.TRAIN_END]
    z = ((temperature - train.mean()) / train.std()).to_numpy()
    return z[len(train) :], z[: len(train)], train.std()


def _floor(low=-1, high=1, squared=False, scaled=False, days=0) -> float:
    """Return the RMSE of the best outputs from `low` to `high` on the validation days, in °C, or with a mistake."""
    z, std = _scaled()[days], _scaled()[2]
    error = rmse(z, np.clip(z, low, high))
    return (1 if scaled else std) * error ** (2 if squared else 1)


tanh_floor = Exercise(
    right=_floor,
    decimals=2,
    mistakes={
        "that is in z-scores; one z-score is one standard deviation, in °C": partial(_floor, scaled=True),
        "that looks like a squared error; take its root before you go to °C": partial(_floor, squared=True),
        "that is sigmoid's floor; tanh reaches below 0 as well": partial(_floor, low=0),
        "that is relu's floor; tanh has two ends": partial(_floor, low=0, high=np.inf),
        "tanh has two ends: −1 and 1": [partial(_floor, low=-np.inf), partial(_floor, high=np.inf)],
        "that is tanh of the target, but the layer may give tanh any number: which output is nearest to the target?": (
            lambda: _scaled()[2] * rmse(_scaled()[0], np.tanh(_scaled()[0]))
        ),
        "that is on the training days; the question is about the validation days": partial(_floor, days=1),
    },
    otherwise="on each day, which number between −1 and 1 is nearest to the target?",
    also=[lambda: [_floor()], lambda: np.float32(_floor())],
)
