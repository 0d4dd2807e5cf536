"""The two networks of the collection, and the one place where randomness is fixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras

SEED = 7


def set_seed(seed: int = SEED) -> None:
    """Fix Python's, NumPy's and TensorFlow's random numbers: initial weights and the shuffling of windows."""
    import keras

    keras.utils.set_random_seed(seed)


def seed_model(time_step: int = 100, features: int = 1, units: int = 50) -> keras.Model:
    """Two GRU layers and a Dense(1), compiled with Adam(0.001), mean squared error and XLA.

    XLA makes an epoch faster and changes the numbers in their last digits only.

    Takes windows of shape (samples, time_step, features), gives forecasts of shape (samples, 1), in scaled units.
    """
    import keras

    model = keras.Sequential(
        [
            keras.Input(shape=(time_step, features)),
            keras.layers.GRU(units, return_sequences=True),
            keras.layers.GRU(units),
            keras.layers.Dense(1),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.001), loss="mean_squared_error", jit_compile=True)
    return model


def right_sized_model(
    time_step: int = 30, features: int = 1, units: int = 32, *, training_steps: int, outputs: int = 1
) -> keras.Model:
    """One GRU layer and a Dense, compiled with XLA; Adam's learning rate falls from 0.003 to 0 along a cosine.

    Takes windows of shape (samples, time_step, features), gives forecasts of shape (samples, outputs), in scaled
    units. Meant for z-scores (mean 0, standard deviation 1).

    Parameters
    ----------
    training_steps
        Batches in the whole training: epochs × batches an epoch. The learning rate reaches 0 with the last.
    """
    import keras

    model = keras.Sequential(
        [
            keras.Input(shape=(time_step, features)),
            keras.layers.GRU(units),
            keras.layers.Dense(outputs),
        ]
    )
    schedule = keras.optimizers.schedules.CosineDecay(0.003, training_steps)
    model.compile(
        optimizer=keras.optimizers.Adam(schedule),
        loss="mean_squared_error",
        jit_compile=True,
        steps_per_execution=32,  # so many in one call of TensorFlow: the same numbers, sooner
    )
    return model


def start_anew(model: keras.Model, seed: int = SEED) -> None:
    """Give a model compiled with Adam new random weights, and Adam the state it had before the first step.

    The same numbers as building the model anew after `set_seed(seed)`, but XLA need not compile again, which takes
    longer than training a small network.
    """
    import keras

    set_seed(seed)
    fresh = type(model).from_config(model.get_config())
    model.set_weights(fresh.get_weights())
    for state, of_fresh in zip(_random_states(model), _random_states(fresh), strict=True):
        state.assign(of_fresh)
    for variable in model.optimizer.variables:
        if variable is not model.optimizer.learning_rate:
            variable.assign(keras.ops.zeros_like(variable))


def _random_states(model: keras.Model) -> list:
    """Return what layers such as Dropout draw from; Keras does not count it among the weights."""
    return [variable for variable in model.variables if variable.name == "seed_generator_state"]


def progress() -> keras.callbacks.Callback:
    """Return a callback for `fit` that prints one short line an epoch, in place of Keras' moving bar."""
    import keras

    def line(epoch: int, logs: dict[str, float]) -> None:
        values = ", ".join(f"{name.replace('_', ' ')} {value:.5f}" for name, value in logs.items())
        print(f"epoch {epoch + 1}: {values}", flush=True)

    return keras.callbacks.LambdaCallback(on_epoch_end=line)
