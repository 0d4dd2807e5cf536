"""The checks of lesson model_building: right answers, typical mistakes by name, nonsense."""

import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest
from keras.layers import GRU, LSTM, Dense

from helpers import data
from helpers.exercises import model_building as check

TEMPERATURE = data.load("brussels")["temperature"]
TRAIN = TEMPERATURE.loc[:"1997"]
STD = TRAIN.std()
Z = ((TEMPERATURE - TRAIN.mean()) / STD).loc["1998":"2001"].to_numpy()
Z_TRAIN = ((TRAIN - TRAIN.mean()) / STD).to_numpy()
NONSENSE = [None, "text", np.nan, np.zeros((2, 2)), object(), [], {}]


def root_mean_square(misses) -> float:
    return float(np.sqrt(np.mean(np.square(misses))))


SHAPES = [(32, 60, 24), (32, 12), (32, 3)]


@pytest.mark.parametrize(
    "answer", [SHAPES, tuple(SHAPES), [list(shape) for shape in SHAPES], [tuple(np.array(s)) for s in SHAPES]]
)
def test_right_shapes(said, answer):
    check.shapes(answer)
    assert said() == "correct"


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        ([..., ..., ...], "not attempted yet"),
        ([SHAPES[0], ..., SHAPES[2]], "not attempted yet"),
        ([(None, 60, 24), (None, 12), (None, 3)], "Keras writes None"),
        ([(60, 24), (12,), (3,)], "shape 1: the samples axis is missing"),
        ([(32, 24), (32, 12), (32, 3)], "shape 1: this layer has return_sequences=True"),
        ([(32, 24, 60), (32, 12), (32, 3)], "wrong order"),
        ([(32, 60, 4), (32, 12), (32, 3)], "ends with the features"),
        ([(32, 60, 60), (32, 12), (32, 3)], "ends with the time steps"),
        ([(32, 60, 24), (32, 60, 12), (32, 3)], "shape 2 has a time axis"),
        ([(32, 60, 24), (32,), (32, 3)], "shape 2: after the samples axis"),
        ([(32, 60, 24), (32, 12), (32, 1)], "shape 3 is not right"),
        ([(32, 60, 24), (32, 12)], "three shapes are expected"),
        ([32, 32, 32], "several numbers in brackets"),
    ],
)
def test_wrong_shapes(said, answer, hint):
    check.shapes(answer)
    assert hint in said()


def stack(*layers, input_shape=(60, 2)) -> keras.Model:
    return keras.Sequential([keras.Input(shape=input_shape), *layers])


def three_grus(units=(24, 12, 6), **options) -> list:
    return [GRU(n, return_sequences=position < 2, **options) for position, n in enumerate(units)]


def functional() -> keras.Model:
    first = keras.Input(shape=(60, 2))
    rest = first
    for layer in [*three_grus(), Dense(3)]:
        rest = layer(rest)
    return keras.Model(first, rest)


@pytest.mark.parametrize(
    "build",
    [lambda: stack(*three_grus(), Dense(3)), lambda: stack(*three_grus(), Dense(3, activation="linear")), functional],
)
def test_right_network(said, build):
    check.network(build())
    assert said() == "correct"


@pytest.mark.parametrize(
    ("build", "hint"),
    [
        (lambda: stack(*three_grus(), Dense(1)), "three days ahead"),
        (lambda: stack(*three_grus(), Dense(3), input_shape=(2, 60)), "axes swapped"),
        (lambda: stack(*three_grus(), Dense(3), input_shape=(60, 1)), "60 days of 2 features"),
        (lambda: stack(*three_grus((24, 12))[:1], GRU(12), Dense(3)), "three GRU layers and one Dense"),
        (lambda: stack(LSTM(24), Dense(3)), "found LSTM, Dense"),
        (lambda: stack(*three_grus((6, 12, 24)), Dense(3)), "found [6, 12, 24, 3]"),
        (lambda: stack(*three_grus(), Dense(3, activation="relu")), "ends with relu"),
        (lambda: stack(*three_grus(activation="relu"), Dense(3)), "at its default"),
        (lambda: stack(*three_grus()[:2], GRU(6, return_sequences=True), Dense(3)), "the last memory only"),
        (lambda: keras.Sequential([GRU(24)]), "Input of known shape"),
        (lambda: GRU(24), "a Keras model is expected"),
    ],
)
def test_wrong_network(said, build, hint):
    check.network(build())
    assert hint in said()


def test_largest_n_is_the_one_that_keras_can_afford():
    sizes = {n: stack(GRU(n), Dense(1), input_shape=(None, 1)).count_params() for n in (16, 17)}
    assert sizes[16] <= 1000 < sizes[17]


@pytest.mark.parametrize("answer", [16, 16.0, np.int64(16), [16], pd.Series([16])])
def test_right_largest_n(said, answer):
    check.largest_n(answer)
    assert said() == "correct"


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "not attempted yet"),
        (17, "with one bias"),
        (18, "over the budget"),
        (15, "room for one unit more"),
        (16.5, "whole numbers"),
        (0, "whole numbers"),
    ],
)
def test_wrong_largest_n(said, answer, hint):
    check.largest_n(answer)
    assert hint in said()


def test_keras_takes_the_step_that_the_check_calls_right():
    weight = keras.Variable(0.5)
    keras.optimizers.Adam(learning_rate=0.01).apply([keras.ops.convert_to_tensor(-40.0)], [weight])
    assert float(weight) == pytest.approx(0.51, abs=1e-6)


@pytest.mark.parametrize("answer", [0.51, np.float32(0.51), [0.51], 0.5 + 0.01])
def test_right_weight_after_one_step(said, answer):
    check.weight_after_one_step(answer)
    assert said() == "correct"


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "not attempted yet"),
        (0.49, "the direction is not"),
        (0.01, "how far the weight moves"),
        (-0.01, "how far the weight moves"),
        (0.9, "plain gradient descent"),
        (0.1, "plain gradient descent"),
        (0.5, "only the sign"),
    ],
)
def test_wrong_weight_after_one_step(said, answer, hint):
    check.weight_after_one_step(answer)
    assert hint in said()


FLOOR = STD * root_mean_square(np.where(np.abs(Z) > 1, np.abs(Z) - 1, 0))


@pytest.mark.parametrize("answer", [FLOOR, np.float64(FLOOR), [FLOOR], round(FLOOR, 3)])
def test_right_tanh_floor(said, answer):
    check.tanh_floor(answer)
    assert said() == "correct"


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "not attempted yet"),
        (FLOOR / STD, "in z-scores"),
        (FLOOR**2 / STD, "squared error"),
        (STD * root_mean_square(Z - Z.clip(0, 1)), "sigmoid's floor"),
        (STD * root_mean_square(np.minimum(Z, 0)), "relu's floor"),
        (STD * root_mean_square(np.maximum(Z - 1, 0)), "does not go below"),
        (STD * root_mean_square(Z - np.tanh(Z)), "what tanh makes of the target"),
        (STD * root_mean_square(Z_TRAIN - Z_TRAIN.clip(-1, 1)), "training days"),
        (1000.0, "nearest to the target"),
    ],
)
def test_wrong_tanh_floor(said, answer, hint):
    check.tanh_floor(answer)
    assert hint in said()


@pytest.mark.parametrize("answer", NONSENSE, ids=[type(answer).__name__ for answer in NONSENSE])
@pytest.mark.parametrize(
    "judge", [check.shapes, check.network, check.largest_n, check.weight_after_one_step, check.tanh_floor]
)
def test_nonsense_gets_one_sentence(said, judge, answer):
    judge(answer)
    verdict = said()
    assert verdict
    assert "\n" not in verdict
    assert verdict not in ("correct", "not attempted yet")


def test_checks_load_no_tensorflow():
    program = "import sys; from helpers.exercises import model_building; print('tensorflow' in sys.modules)"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
