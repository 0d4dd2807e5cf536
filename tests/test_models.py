"""The two networks: shapes, parameter counts by formula, the same start for everybody, the falling learning rate."""

from functools import partial

import keras
import numpy as np
import pytest

from helpers.models import SEED, progress, right_sized_model, seed_model, set_seed, start_anew

BOTH = pytest.mark.parametrize(
    "build", [seed_model, partial(right_sized_model, training_steps=10)], ids=["seed", "right"]
)
SIZES = pytest.mark.parametrize(("time_step", "features", "units"), [(5, 1, 3), (7, 4, 2)])


def gru_count(features: int, units: int) -> int:
    """Three kernels, three recurrent kernels, and two biases for each."""
    return sum(units * features + units * units + 2 * units for _ in ("update", "reset", "candidate"))


def dense_count(features: int, outputs: int) -> int:
    return outputs * features + outputs


def some_windows(samples: int = 16, time_step: int = 5, features: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(samples, time_step, features)), rng.normal(size=samples)


@SIZES
def test_seed_model_has_the_shapes_and_the_parameters_of_two_grus(time_step, features, units):
    model = seed_model(time_step, features, units)
    assert model.input_shape == (None, time_step, features)
    assert [layer.output.shape for layer in model.layers] == [(None, time_step, units), (None, units), (None, 1)]
    assert [layer.count_params() for layer in model.layers] == [
        gru_count(features, units),
        gru_count(units, units),
        dense_count(units, 1),
    ]


def test_seed_model_is_by_default_the_one_of_the_lessons():
    model = seed_model()
    assert model.input_shape == (None, 100, 1)
    assert model.count_params() == 23_301
    assert float(model.optimizer.learning_rate) == pytest.approx(0.001)


@SIZES
@pytest.mark.parametrize("outputs", [1, 7])
def test_right_sized_model_has_the_shapes_and_the_parameters_of_one_gru(time_step, features, units, outputs):
    model = right_sized_model(time_step, features, units, training_steps=10, outputs=outputs)
    assert model.input_shape == (None, time_step, features)
    assert model.output_shape == (None, outputs)
    assert [layer.count_params() for layer in model.layers] == [gru_count(features, units), dense_count(units, outputs)]


@BOTH
def test_the_output_can_reach_every_temperature_and_the_loss_is_the_mean_square(build):
    model = build()
    assert model.layers[-1].activation is keras.activations.linear
    assert model.loss == "mean_squared_error"
    assert isinstance(model.optimizer, keras.optimizers.Adam)


def uncompiled(model: keras.Model) -> keras.Model:
    """Return the model, to be run step by step: for a few batches, preparing a graph or XLA would take far longer."""
    model.jit_compile, model.run_eagerly = False, True
    return model


def first_weights(seed: int) -> list[np.ndarray]:
    set_seed(seed)
    return seed_model(time_step=5, units=3).get_weights()


def two_epochs(*seed: int) -> tuple[list[np.ndarray], list[float], list[np.ndarray]]:
    """Build and train on shuffled batches; return first weights, losses, last weights."""
    set_seed(*seed)
    model = uncompiled(seed_model(time_step=5, units=3))
    first = model.get_weights()
    X, y = some_windows()
    losses = model.fit(X, y, batch_size=8, epochs=2, verbose=0).history["loss"]
    return first, losses, model.get_weights()


def same(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_same_seed_same_weights_same_loss():
    first, losses, last = two_epochs()
    again_first, again_losses, again_last = two_epochs(SEED)
    assert same(first, again_first)
    assert losses == again_losses
    assert same(last, again_last)
    assert not same(first, last)


def test_another_seed_another_start():
    assert same(first_weights(SEED), first_weights(SEED))
    assert not same(first_weights(SEED), first_weights(SEED + 1))


def test_set_seed_fixes_numpy_and_python_too():
    import random

    def draw() -> tuple[float, float]:
        set_seed(3)
        return np.random.rand(), random.random()

    assert draw() == draw()


@BOTH
def test_a_model_that_diverged_and_starts_anew_trains_as_a_new_one(build):
    set_seed(3)
    fresh = uncompiled(build(time_step=5, units=3))
    X, y = some_windows()
    losses = fresh.fit(X, y, batch_size=8, epochs=2, verbose=0).history["loss"]

    used = uncompiled(build(time_step=5, units=3))
    used.fit(X, y * np.nan, batch_size=8, epochs=1, verbose=0)
    assert not np.isfinite(used.get_weights()[0]).any()
    start_anew(used, 3)
    assert used.fit(X, y, batch_size=8, epochs=2, verbose=0).history["loss"] == losses
    assert same(used.get_weights(), fresh.get_weights())


def test_a_model_with_dropout_starts_anew_whatever_it_was_built_and_trained_with():
    def with_dropout(seed):
        set_seed(seed)
        layers = [keras.layers.Dropout(0.5), keras.layers.GRU(3, recurrent_dropout=0.5), keras.layers.Dense(1)]
        model = keras.Sequential([keras.Input(shape=(5, 1)), *layers])
        model.compile("adam", "mean_squared_error")
        return model

    def losses(model):
        return model.fit(X, y, batch_size=8, epochs=2, verbose=0).history["loss"]

    X, y = some_windows()
    fresh = with_dropout(3)
    expected = losses(fresh)
    used = with_dropout(4)
    assert losses(used) != expected
    start_anew(used, 3)
    assert losses(used) == expected
    assert same(used.get_weights(), fresh.get_weights())


def test_learning_rate_falls_from_0003_to_0_along_a_cosine():
    epochs, batches = 4, 2
    model = uncompiled(right_sized_model(time_step=5, units=3, training_steps=epochs * batches))
    X, y = some_windows(samples=16)
    rates = [float(model.optimizer.learning_rate)]
    note = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: rates.append(float(model.optimizer.learning_rate))
    )
    model.fit(X, y, batch_size=8, epochs=epochs, verbose=0, callbacks=[note])
    expected = [0.003 * (1 + np.cos(np.pi * done / epochs)) / 2 for done in range(epochs + 1)]
    assert rates == pytest.approx(expected, abs=1e-8)
    assert rates[-1] == pytest.approx(0, abs=1e-9)


def test_progress_prints_one_line_an_epoch(capsys):
    callback = progress()
    callback.on_epoch_end(0, {"loss": 0.5, "val_loss": 0.25})
    callback.on_epoch_end(1, {"loss": 0.125})
    assert capsys.readouterr().out == "epoch 1: loss 0.50000, val loss 0.25000\nepoch 2: loss 0.12500\n"


def test_progress_works_in_fit(capsys):
    model = uncompiled(seed_model(time_step=5, units=2))
    losses = model.fit(*some_windows(), epochs=2, verbose=0, callbacks=[progress()]).history["loss"]
    printed = capsys.readouterr().out.splitlines()
    assert printed == [f"epoch {number}: loss {value:.5f}" for number, value in enumerate(losses, start=1)]
