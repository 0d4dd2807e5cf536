"""Checks of lesson model building."""

import numpy as np

from helpers import data
from helpers.evaluation import rmse
from helpers.exercises.checking import Hint, exercise, number

BATCH, STEPS, FEATURES = 32, 60, 4
BUDGET = 1000


@exercise
def shapes(answer) -> None:
    """Judge the shapes that leave GRU(24, return_sequences=True), GRU(12) and Dense(3)."""
    expected = [(BATCH, STEPS, 24), (BATCH, 12), (BATCH, 3)]
    if not isinstance(answer, list | tuple) or len(answer) != 3:
        raise Hint("three shapes are expected, one for each layer: [(…), (…), (…)]")
    for position, (given, right) in enumerate(zip(answer, expected, strict=True), start=1):
        _judge_shape(f"shape {position}", given, right)


@exercise
def network(answer) -> None:
    """Judge a Keras model: 60 days of 2 features → GRU 24, 12, 6 → Dense(3)."""
    if not hasattr(answer, "layers") or not hasattr(answer, "output_shape"):
        raise Hint("a Keras model is expected, such as keras.Sequential([...]) with an Input of known shape")
    layers = [layer for layer in answer.layers if type(layer).__name__ != "InputLayer"]
    kinds = [type(layer).__name__ for layer in layers]
    if tuple(answer.input_shape) == (None, 2, 60):
        raise Hint("the input has its axes swapped: time steps come before features")
    if tuple(answer.input_shape) != (None, 60, 2):
        raise Hint(f"60 days of 2 features are expected to go in; your input shape is {answer.input_shape}")
    if kinds != ["GRU", "GRU", "GRU", "Dense"]:
        raise Hint(f"three GRU layers and one Dense are expected; found {', '.join(kinds) or 'no layer'}")
    if layers[2].return_sequences:
        raise Hint("the last GRU hands on its memory after every day; the forecast needs the last memory only")
    units = [layer.units for layer in layers]
    if units[3] == 1:
        raise Hint("one number comes out; three days ahead are three numbers")
    if units != [24, 12, 6, 3]:
        raise Hint(f"the units are expected to be 24, 12, 6 and then 3 outputs; found {units}")
    activation = layers[3].activation.__name__
    if activation != "linear":
        raise Hint(f"the last layer ends with {activation}; can it reach every temperature?")
    if [layer.activation.__name__ for layer in layers[:3]] != ["tanh"] * 3:
        raise Hint("leave the activation of the GRU layers at its default")


@exercise
def largest_n(answer) -> None:
    """Judge the largest GRU on 1 feature that fits the budget together with its Dense(1)."""
    found = number(answer)
    if found != round(found) or found < 1:
        raise Hint(f"units come in whole numbers from 1; found {found:g}")
    n = int(found)
    right = max(n for n in range(1, BUDGET) if _total(n, biases=2) <= BUDGET)
    if n == right:
        return
    if n == max(n for n in range(1, BUDGET) if _total(n, biases=1) <= BUDGET):
        raise Hint(f"with one bias GRU({n}) would fit; how many has Keras' default?")
    if _total(n, biases=2) > BUDGET:
        raise Hint(f"GRU({n}) and Dense(1) have {_total(n, biases=2):,} parameters: over the budget")
    raise Hint(f"GRU({n}) and Dense(1) have {_total(n, biases=2):,} parameters: there is room for one unit more")


@exercise
def weight_after_one_step(answer) -> None:
    """Judge where Adam's first step leads from 0.5, with slope −40 and learning rate 0.01."""
    found = number(answer)
    weight, slope, rate = 0.5, -40.0, 0.01
    if np.isclose(found, weight + rate):
        return
    if np.isclose(found, weight - rate):
        raise Hint("the length is right, the direction is not: a negative slope says that a larger weight is better")
    if np.isclose(abs(found), rate):
        raise Hint("that is how far the weight moves; the question is where it is then")
    if np.isclose(found, weight - rate * slope) or np.isclose(found, weight + rate * slope):
        raise Hint("that is learning rate × slope, plain gradient descent; Adam divides by the usual size of the slope")
    raise Hint("at the first step only the sign of the slope counts; how far does Adam go then?")


@exercise
def tanh_floor(answer) -> None:
    """Judge the smallest RMSE in °C on the validation days of outputs between −1 and 1, on z-scores."""
    found = number(answer)
    temperature = data.load("brussels")["temperature"].loc[: data.VALIDATION_END]
    train = temperature.loc[: data.TRAIN_END]
    mean, std = train.mean(), train.std()
    z = ((temperature - mean) / std).iloc[len(train) :]
    right = rmse(z, z.clip(-1, 1))
    wrong = {
        right: "that is in z-scores; one z-score is one standard deviation, in °C",
        std * right**2: "that looks like a squared error; take its root before you go to °C",
        std * rmse(z, z.clip(0, 1)): "that is sigmoid's floor; tanh reaches below 0 as well",
        std * rmse(z, z.clip(lower=0)): "that is relu's floor; tanh has two ends",
        std * rmse(z, z.clip(upper=1)): "tanh has two ends: it does not go below −1 either",
        std * rmse(z, np.tanh(z)): "that is what tanh makes of the target; the layer before it is free to give tanh "
        "any number: which outputs can be reached, and which of them is nearest?",
    }
    if np.isclose(found, std * right, rtol=1e-3):
        return
    for value, hint in wrong.items():
        if np.isclose(found, value, rtol=1e-3):
            raise Hint(hint)
    if np.isclose(found, std * rmse((train - mean) / std, ((train - mean) / std).clip(-1, 1)), rtol=1e-3):
        raise Hint("that is on the training days; the question is about the validation days")
    raise Hint(f"{found:.3f} °C is not right: on each day, which number between −1 and 1 is nearest to the target?")


def _judge_shape(name: str, given, right: tuple[int, ...]) -> None:
    """Compare one shape with the right one and raise a Hint for what is wrong first."""
    if not isinstance(given, list | tuple):
        raise Hint(f"{name} should be several numbers in brackets, such as (32, 5); found {given!r}")
    given = tuple(given)
    if None in given:
        raise Hint(f"{name}: Keras writes None for any number of windows; here there are {BATCH}")
    if given == right:
        return
    if given == right[1:]:
        raise Hint(f"{name}: the samples axis is missing; it comes first")
    if len(given) > len(right):
        raise Hint(f"{name} has a time axis; does this layer still hand on every day?")
    if len(given) < len(right) == 3:
        raise Hint(f"{name}: this layer has return_sequences=True, so the time axis stays")
    if len(given) < len(right):
        raise Hint(f"{name}: after the samples axis comes one for the numbers that the layer gives")
    if sorted(given, key=str) == sorted(right, key=str):
        raise Hint(f"{name} has the right numbers in the wrong order: (samples, time steps, units)")
    if given[-1] == FEATURES:
        raise Hint(f"{name} ends with the features that go in; the last axis is what comes out of the layer")
    if given[-1] == STEPS:
        raise Hint(f"{name} ends with the time steps; the last axis is as long as the layer has units")
    raise Hint(f"{name} is not right: {given}; how many samples, days (if any are left) and units?")


def _total(units: int, biases: int) -> int:
    """Return the parameters of a GRU on 1 feature, with one or two biases, and of a Dense(1) behind it."""
    return 3 * (units**2 + units + biases * units) + units + 1
