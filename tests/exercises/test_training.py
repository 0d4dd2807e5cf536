"""The checks of lesson training: right answers, typical mistakes by name, nonsense."""

import math

import numpy as np
import pandas as pd
import pytest

from helpers.exercises import training as check

NONSENSE = [None, "text", 3.0, np.nan, np.zeros((2, 2)), object(), []]
NONSENSE_RESULTS = ["text", np.nan, np.inf, np.zeros((2, 3)), object(), [], {}, True]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (lambda n, b, e: math.ceil(n / b) * e, "correct"),
        (lambda n, b, e: np.int64(-(-n // b) * e), "correct"),
        (lambda n, b, e: [len(range(0, n, b)) * e], "correct"),
        (lambda n, b, e: None, "not attempted yet"),
        (lambda n, b, e: ..., "not attempted yet"),
        (lambda n, b, e: n * e, "one update a window"),
        (lambda n, b, e: n // b * e, "may be smaller"),
        (lambda n, b, e: n / b * e, "no part of an update"),
        (lambda n, b, e: math.ceil(n / b), "one epoch's updates"),
        (lambda n, b, e: math.ceil(n * e / b), "into the next epoch"),
        (lambda n, b, e: b * e, "count the batches"),
        (lambda n, b: n, "TypeError"),
        (..., "not attempted yet"),
    ],
)
def test_updates(said, answer, verdict):
    check.updates(answer)
    assert verdict in said()


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (lambda losses, sizes: np.average(losses, weights=sizes), "correct"),
        (lambda losses, sizes: sum(a * b for a, b in zip(losses, sizes, strict=True)) / sum(sizes), "correct"),
        (lambda losses, sizes: pd.Series([(losses * sizes).sum() / sizes.sum()]), "correct"),
        (lambda losses, sizes: None, "not attempted yet"),
        (lambda losses, sizes: losses.mean(), "weight of a full one"),
        (lambda losses, sizes: losses[-1], "last batch alone"),
        (lambda losses, sizes: (losses * sizes).sum(), "sum over all windows"),
        (lambda losses, sizes: (losses * sizes).mean(), "not of batches"),
        (lambda losses, sizes: losses.max(), "not their mean"),
        (lambda losses, sizes: losses, "a single number"),
    ],
)
def test_reported_loss(said, answer, verdict):
    check.reported_loss(answer)
    assert verdict in said()


def right_stop(losses, patience, start=1, strict=True):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best] or (not strict and loss == losses[best]):
            best = epoch
        if epoch - best == patience:
            break
    return epoch + start, best + start


def compares_with_the_one_before(losses, patience):
    waited = 0
    for epoch in range(1, len(losses)):
        waited = waited + 1 if losses[epoch] >= losses[epoch - 1] else 0
        if waited == patience:
            break
    return epoch + 1, int(np.argmin(losses[: epoch + 1])) + 1


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (right_stop, "correct"),
        (lambda losses, patience: list(right_stop(losses, patience)), "correct"),
        (lambda losses, patience: np.array(right_stop(losses, patience), dtype=float), "correct"),
        (lambda losses, patience: pd.Series(right_stop(losses, patience)), "correct"),
        (lambda losses, patience: None, "not attempted yet"),
        (lambda losses, patience: right_stop(losses, patience)[::-1], "order is not"),
        (lambda losses, patience: right_stop(losses, patience, start=0), "from 1"),
        (lambda losses, patience: right_stop(losses, patience + 1), "one epoch late"),
        (lambda losses, patience: (right_stop(losses, patience)[0],) * 2, "last epoch's number twice"),
        (lambda losses, patience: (len(losses), int(np.argmin(losses)) + 1), "runs all epochs"),
        (
            lambda losses, patience: (right_stop(losses, patience)[0], int(np.argmin(losses)) + 1),
            "never reached it",
        ),
        (lambda losses, patience: right_stop(losses, patience, strict=False), "no improvement"),
        (lambda losses, patience: (1, 1), "on paper"),
        (lambda losses, patience: 3, "an array of shape (2,)"),
        (lambda losses, patience: losses[99], "IndexError"),
    ],
)
def test_stop(said, answer, verdict):
    check.stop(answer)
    assert verdict in said()


def test_stop_knows_who_compares_with_the_epoch_before(said):
    check.stop(compares_with_the_one_before)
    assert "the one before" in said()


def test_stop_agrees_with_keras():
    # the rule that the check enforces is the one of the library; Keras is not needed for the check itself
    import keras

    class Network:
        stop_training = False
        optimizer = None

        def get_weights(self):
            return []

    for losses, patience in [([5.0, 3.0, 4.0, 4.1, 3.5, 2.0, 2.5], 2), ([3.0, 3.0, 3.0, 3.0], 2), ([5.0, 4.0, 3.0], 2)]:
        callback = keras.callbacks.EarlyStopping(patience=patience, mode="min", restore_best_weights=True)
        callback.set_model(Network())
        callback.on_train_begin()
        for epochs_run, loss in enumerate(losses, start=1):
            callback.on_epoch_end(epochs_run - 1, {"val_loss": loss})
            if callback.model.stop_training:
                break
        assert (epochs_run, callback.best_epoch + 1) == right_stop(losses, patience)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (lambda validation, test: test[np.argmin(validation)], "correct"),
        (lambda validation, test: float(test[list(validation).index(min(validation))]), "correct"),
        (lambda validation, test: pd.Series(test, index=validation).sort_index().iloc[:1], "correct"),
        (lambda validation, test: None, "not attempted yet"),
        (lambda validation, test: min(test), "by the test years themselves"),
        (lambda validation, test: test[-1], "last epoch"),
        (lambda validation, test: min(validation), "report another"),
        (lambda validation, test: np.argmin(validation), "place of an epoch"),
        (lambda validation, test: np.mean(test), "no network's error"),
        (lambda validation, test: max(test), "which years choose"),
        (lambda validation, test: test, "a single number"),
    ],
)
def test_reportable(said, answer, verdict):
    check.reportable(answer)
    assert verdict in said()


@pytest.mark.parametrize("judge", [check.updates, check.reported_loss, check.stop, check.reportable])
@pytest.mark.parametrize(
    "answer",
    NONSENSE + [lambda *arguments, result=result: result for result in NONSENSE_RESULTS],
    ids=[f"answer {a!r:.20}" for a in NONSENSE] + [f"returns {r!r:.20}" for r in NONSENSE_RESULTS],
)
def test_nonsense_gets_one_sentence(said, judge, answer):
    judge(answer)
    verdict = said()
    assert verdict not in ("", "correct", "not attempted yet")
    assert "Traceback" not in verdict
