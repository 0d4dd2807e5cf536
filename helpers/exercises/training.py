"""Exercises of the lesson training."""

import numpy as np

from helpers.exercises.engine import Exercise

weight_after_one_step = Exercise(
    right=lambda: 0.51,
    decimals=3,
    mistakes={
        "the length is right, the direction is not: a negative slope says that a larger weight is better": lambda: 0.49,
        "that is how far the weight moves; the question is where it is then": [lambda: 0.01, lambda: -0.01],
        "that is learning rate × slope, plain gradient descent; Adam divides by the usual size of the slope": [
            lambda: 0.9,
            lambda: 0.1,
        ],
        "Adam's moments start at 0, but they are corrected for it": lambda: 0.5 + 0.01 * 0.1 / np.sqrt(0.001),
    },
    otherwise="at the first step only the sign of the slope counts; how far does Adam go then?",
)


def _batches(rng) -> list[tuple]:
    sizes = [np.array([32, 8]), np.array([32, 32, 32, 4]), np.array([64, 64, 17])]
    return [(rng.uniform(0.1, 4, len(size)).round(2), size) for size in sizes]


def _by_loop(losses, sizes):
    losses *= sizes
    return [sum(losses.tolist()) / sum(sizes.tolist())]


reported_loss = Exercise(
    right=lambda batch_losses, batch_sizes: np.average(batch_losses, weights=batch_sizes),
    draw=_batches,
    mistakes={
        "your mean gives the small last batch the weight of a full one": lambda losses, sizes: losses.mean(),
        "that is the last batch alone; fit reports a mean over the epoch": lambda losses, sizes: losses[-1],
        "that is the sum over all windows; a mean is expected": lambda losses, sizes: (losses * sizes).sum(),
        "divide by the number of windows, not of batches": lambda losses, sizes: (losses * sizes).mean(),
    },
    also=[_by_loop, lambda losses, sizes: np.repeat(losses, sizes).mean()],
)


def _stop(losses, patience, *, late=0, equal_is_better=False):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best] or (equal_is_better and loss == losses[best]):
            best = epoch
        if epoch - best == patience + late:
            break
    return epoch + 1, best + 1


def _stop_at_rises(losses, patience):
    """Count the epochs in a row that were no better than the one before them."""
    rises = 0
    for epoch in range(1, len(losses)):
        rises = rises + 1 if losses[epoch] >= losses[epoch - 1] else 0
        if rises == patience:
            break
    return epoch + 1, int(np.argmin(losses[: epoch + 1])) + 1


def _stop_at_misses(losses, patience):
    """Count all epochs that did not improve, whether in a row or not."""
    best = misses = 0
    for epoch in range(1, len(losses)):
        best, misses = (epoch, misses) if losses[epoch] < losses[best] else (best, misses + 1)
        if misses == patience:
            break
    return epoch + 1, best + 1


def _curves(rng) -> list[tuple]:
    fixed = [[3.0, 2.0, 2.5, 1.0], [5.0, 4.0, 3.0, 2.0], [5.0, 3.0, 4.0, 4.1, 3.5, 2.0, 2.5], [3.0] * 5]
    zigzag, late = [5.0, 2.0, 4.0, 3.0, 3.5, 2.5, 1.0], [5.0, 5.5, 4.0, 4.5, 3.0, 3.5, 3.2, 2.0, 2.1]
    drawn = [(rng.integers(10, 40, 12) / 10).tolist() for _ in range(4)]
    return list(zip([*fixed, zigzag, late, *drawn], [1, 2, 2, 2, 3, 2, 1, 2, 3, 4], strict=True))


stop = Exercise(
    right=lambda validation_losses, patience: _stop(validation_losses, patience),
    draw=_curves,
    mistakes={
        "the two numbers are right, their order is not: (epochs run, best epoch)": lambda *case: _stop(*case)[::-1],
        "count both epochs from 1: the place that argmin gives is counted from 0": [
            lambda *case: (_stop(*case)[0], _stop(*case)[1] - 1),
            lambda *case: (_stop(*case)[0] - 1, _stop(*case)[1] - 1),
        ],
        "an equal loss is no improvement": lambda *case: _stop(*case, equal_is_better=True),
        "improving means beating the best loss so far; yours compares each epoch with the one before": _stop_at_rises,
        "start to count patience anew when the loss has improved": _stop_at_misses,
        "yours runs all epochs; stop when the best loss is `patience` epochs old": lambda losses, patience: _stop(
            losses, patience=99
        ),
        "yours stops one epoch late: patience 2 ends with the second epoch without improvement": lambda *case: _stop(
            *case, late=1
        ),
        "that is the last epoch's number twice; the best epoch is the one with the lowest loss so far": lambda *case: (
            (_stop(*case)[0],) * 2
        ),
        "your best epoch comes after the stop: training never reached it": lambda losses, patience: (
            (_stop(losses, patience)[0], _stop(losses, 99)[1])
        ),
    },
    also=[lambda *case: np.array(_stop(*case), dtype=float), lambda *case: list(_stop(*case))],
)


def _errors(rng) -> list[tuple]:
    fixed = (np.array([2.4, 2.1, 2.2]), np.array([2.5, 2.35, 2.15]))
    return [fixed, *((rng.uniform(2, 3, n).round(3), rng.uniform(2, 3, n).round(3)) for n in (4, 6, 9))]


reportable = Exercise(
    right=lambda validation_errors, test_errors: test_errors[np.argmin(validation_errors)],
    draw=_errors,
    mistakes={
        "that epoch was chosen by the test years themselves": lambda validation, test: min(test),
        "that is the last epoch, whatever the validation years say": lambda validation, test: test[-1],
        "its validation error was used to choose the epoch; report another": lambda validation, test: min(validation),
        "that is the place of an epoch; the error at that place is asked for": [
            lambda validation, test: np.argmin(validation),
            lambda validation, test: np.argmin(validation) + 1,
        ],
        "the other way round: the validation years choose, the test years judge": lambda validation, test: validation[
            np.argmin(test)
        ],
        "a mean over epochs is no network's error; choose one epoch": lambda validation, test: test.mean(),
        "that chooses the epoch with the largest validation error": lambda validation, test: test[validation.argmax()],
    },
    also=[lambda validation, test: float(test[list(validation).index(min(validation))])],
)
