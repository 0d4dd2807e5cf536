"""Checks of lesson training."""

import math

import numpy as np

from helpers.exercises.checking import Hint, call, exercise, number, numbers


@exercise
def updates(answer) -> None:
    """Judge a function (windows, batch size, epochs) → number of weight updates."""
    for windows, batch_size, epochs in [(100, 32, 3), (365, 32, 1), (640, 64, 3), (5, 32, 2)]:
        found, right = number(call(answer, windows, batch_size, epochs)), math.ceil(windows / batch_size) * epochs
        if found == right:
            continue
        given = f"{windows:,} windows in batches of {batch_size}, {epochs} epoch(s)"
        if found == windows * epochs:
            raise Hint(f"{given}: that is one update a window; the weights are updated once a batch")
        if found == right // epochs:
            raise Hint(f"{given}: that is one epoch's updates; every epoch goes through all batches again")
        if found in (windows // batch_size * epochs, windows * epochs // batch_size):
            raise Hint(f"{given}: the last batch may be smaller than the others; it makes an update, too")
        if math.isclose(found, windows * epochs / batch_size):
            raise Hint(f"{given}: yours gives {found:g}; there is no part of an update, so round: which way?")
        if found == math.ceil(windows * epochs / batch_size):
            raise Hint(f"{given}: a batch never reaches into the next epoch; round within the epoch")
        raise Hint(f"{given}: {found:g} is not right; count the batches of one epoch first")


@exercise
def reported_loss(answer) -> None:
    """Judge a function (batch losses, batch sizes) → the training loss that fit reports for the epoch."""
    for losses, sizes in [([4.0, 2.0, 1.0], [32, 32, 32]), ([0.9, 0.5, 0.4, 2.0], [32, 32, 32, 4])]:
        losses, sizes = np.array(losses), np.array(sizes)
        found, right = number(call(answer, losses.copy(), sizes.copy())), float(np.average(losses, weights=sizes))
        if math.isclose(found, right, rel_tol=1e-6):
            continue
        given = f"losses {losses.tolist()} of batches of {sizes.tolist()}"
        if math.isclose(found, losses[-1]):
            raise Hint(f"{given}: that is the last batch alone; fit reports a mean over the epoch")
        if math.isclose(found, losses.mean()):
            raise Hint(f"{given}: your mean gives the small last batch the weight of a full one")
        if math.isclose(found, (losses * sizes).sum()):
            raise Hint(f"{given}: that is the sum over all windows; a mean is expected")
        if math.isclose(found, (losses * sizes).mean()):
            raise Hint(f"{given}: divide by the number of windows, not of batches")
        raise Hint(f"{given}: yours gives {found:g}, which is not their mean over all windows")


@exercise
def stop(answer) -> None:
    """Judge a function (validation losses, patience) → (epochs run, best epoch), counted from 1."""
    falling, valley = [5.0, 4.0, 3.0, 2.0], [5.0, 3.0, 4.0, 4.1, 3.5, 2.0, 2.5]
    zigzag = [5.0, 2.0, 4.0, 3.0, 3.5, 2.5, 1.0]
    for losses, patience in [(valley, 2), (zigzag, 3), (valley, 4), (falling, 2), ([3.0, 3.0, 3.0, 3.0], 2)]:
        found = numbers(call(answer, list(losses), patience), (2,))
        if tuple(found) != (right := _early_stopping(losses, patience)):
            raise Hint(f"losses {losses}, patience {patience}: {_why_stop(found, right, losses, patience)}")


def _early_stopping(losses: list[float], patience: int) -> tuple[int, int]:
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best >= patience:
            return epoch + 1, best + 1
    return len(losses), best + 1


def _why_stop(found: np.ndarray, right: tuple[int, int], losses: list[float], patience: int) -> str:
    epochs_run, best = found
    if (best, epochs_run) == right:
        return "the two numbers are right, their order is not: (epochs run, best epoch)"
    if (epochs_run + 1, best + 1) == right:
        return "count epochs from 1; yours seem to be counted from 0"
    if len(set(losses)) == 1:
        return f"an equal loss is no improvement; yours gives {epochs_run:g} epochs, the best of them {best:g}"
    if epochs_run != right[0] and epochs_run == _stop_at_rises(losses, patience):
        return "improving means beating the best loss so far; yours compares each epoch with the one before"
    if epochs_run == len(losses) != right[0]:
        return "yours runs all epochs; stop when the best loss is `patience` epochs old"
    if epochs_run == right[0] + 1:
        return "yours stops one epoch late: with patience 2 it stops after the second epoch without improvement"
    if epochs_run == right[0] and best == epochs_run:
        return "that is the last epoch's number twice; the best epoch is the one with the lowest loss so far"
    if best == int(np.argmin(losses)) + 1 != right[1]:
        return "your best epoch comes after the stop: training never reached it"
    return f"yours gives {epochs_run:g} epochs, the best of them {best:g}; write the losses on paper and count again"


def _stop_at_rises(losses: list[float], patience: int) -> int:
    """Return the epoch at which `patience` losses in a row were no lower than the one before."""
    rises = 0
    for epoch in range(1, len(losses)):
        rises = rises + 1 if losses[epoch] >= losses[epoch - 1] else 0
        if rises == patience:
            return epoch + 1
    return len(losses)


@exercise
def reportable(answer) -> None:
    """Judge a function (validation errors, test errors) → the test error that may be reported."""
    cases = [([2.4, 2.1, 2.2, 2.3], [2.5, 2.35, 2.15, 2.25]), ([2.9, 2.5, 2.0], [2.7, 2.6, 2.4])]
    for validation, test in cases:
        found = number(call(answer, np.array(validation), np.array(test)))
        right = test[int(np.argmin(validation))]
        if math.isclose(found, right):
            continue
        given = f"validation {validation}, test {test}"
        if math.isclose(found, min(test)):
            raise Hint(f"{given}: that epoch was chosen by the test years themselves")
        if math.isclose(found, test[-1]):
            raise Hint(f"{given}: that is the last epoch, whatever the validation years say")
        if math.isclose(found, min(validation)):
            raise Hint(f"{given}: the epoch is right, but its validation error was used to choose it; report another")
        if found in range(len(test)):
            raise Hint(f"{given}: that is the place of an epoch; the error at that place is asked for")
        if math.isclose(found, float(np.mean(test))):
            raise Hint(f"{given}: a mean over epochs is no network's error; choose one epoch")
        raise Hint(f"{given}: yours gives {found:g}; which years choose, and which years judge?")
