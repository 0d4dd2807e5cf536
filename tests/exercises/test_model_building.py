"""What the declarations of lesson model building cannot say: Keras itself agrees with the answers called right."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers.exercises import model_building as check


def test_keras_agrees_with_the_shapes(monkeypatch):
    layers = [keras.layers.GRU(24, return_sequences=True), keras.layers.GRU(12), keras.layers.Dense(3)]
    network = keras.Sequential([keras.Input(batch_shape=(32, 60, 4)), *layers])
    assert check.shapes.judge([layer.output.shape for layer in network.layers]).correct
    assert check.shapes.judge([tf.TensorShape(layer.output.shape) for layer in network.layers]).correct
    assert "None" in check.shapes.judge([(None, 60, 24), (None, 12), (None, 3)]).hint


@pytest.mark.parametrize(("n", "fits"), [(16, True), (17, False)])
def test_keras_agrees_with_the_largest_n(n, fits):
    network = keras.Sequential([keras.Input((None, 1)), keras.layers.GRU(n), keras.layers.Dense(1)])
    assert (network.count_params() <= 1000) is fits
    assert check.largest_n.judge(n).correct is fits


@pytest.mark.parametrize("answer", [keras.layers.GRU(24), keras.Sequential([keras.layers.GRU(24)]), np.zeros(3)])
def test_what_is_no_network_of_known_shape_hears_what_is_expected(answer):
    assert "Input of known shape" in check.network.judge(answer).hint
