"""What the declarations of lesson training cannot say: Keras itself agrees with the answers called right."""

import keras
import numpy as np
import pytest

from helpers.exercises import training as check


def test_keras_takes_the_step_that_the_check_calls_right():
    weight = keras.Variable(0.5)
    keras.optimizers.Adam(learning_rate=0.01).apply([keras.ops.convert_to_tensor(-40.0)], [weight])
    assert check.weight_after_one_step.judge(float(weight)).correct


class Network:
    stop_training = False
    optimizer = None

    def get_weights(self):
        return []


@pytest.mark.parametrize("seed", range(3))
def test_keras_stops_where_the_check_says(seed):
    for losses, patience in check._curves(np.random.default_rng(seed)):
        callback = keras.callbacks.EarlyStopping(patience=patience, mode="min", restore_best_weights=True)
        callback.set_model(Network())
        callback.on_train_begin()
        for epochs_run, loss in enumerate(losses, start=1):
            callback.on_epoch_end(epochs_run - 1, {"val_loss": loss})
            if callback.model.stop_training:
                break
        assert (epochs_run, callback.best_epoch + 1) == check.stop.right(losses, patience)
