"""The checks of lesson vanishing_gradients: right answers, typical mistakes by name, nonsense."""

import numpy as np
import pandas as pd
import pytest

from helpers.cells import GRU, state_jacobians
from helpers.exercises import vanishing_gradients as check

NONSENSE = [None, "text", np.nan, np.zeros((2, 2)), object(), [], {}]
HALF_AFTER_100 = 1 - 0.5 ** (1 / 100)
RIGHT_BIAS = np.log(HALF_AFTER_100 / (1 - HALF_AFTER_100))


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (lambda dh, h, U: (dh * h * (1 - h)) @ U.T, "correct"),
        (lambda dh, h, U: np.einsum("si,ji->sj", dh * (h - h**2), U), "correct"),
        (lambda dh, h, U: (U @ (dh * h * (1 - h)).T).T.tolist(), "correct"),
        (lambda dh, h, U: pd.DataFrame((dh * h * (1 - h)) @ U.T), "correct"),
        (lambda dh, h, U: None, "not attempted yet"),
        (lambda dh, h, U: ..., "not attempted yet"),
        (lambda dh, h, U: (dh * h * (1 - h)) @ U, "the transpose"),
        (lambda dh, h, U: (dh * (1 - h**2)) @ U.T, "slope of tanh"),
        (lambda dh, h, U: dh @ U.T, "leads through the σ"),
        (lambda dh, h, U: dh * h * (1 - h), "one more step"),
        (lambda dh, h, U: (dh @ U.T) * h * (1 - h), "the order"),
        (lambda dh, h, U: (dh * sigmoid(h) * (1 - sigmoid(h))) @ U.T, "already"),
        (lambda dh, h, U: (dh * h) @ U.T, "compare rnn_back_in_time"),
        (lambda dh, h, U: dh * np.nan, "NaN"),
        (lambda dh, h, U: dh[:, :2], "shape (4, 3)"),
        (lambda dh, h: dh, "TypeError"),
        (..., "not attempted yet"),
    ],
)
def test_step_back(said, answer, verdict):
    check.step_back(answer)
    assert verdict in said()


def test_a_step_back_that_changes_its_arguments_is_still_judged(said):
    def in_place(dh, h_t, U):
        dh *= h_t * (1 - h_t)
        return dh @ U.T

    check.step_back(in_place)
    assert said() == "correct"


def test_the_right_step_back_is_the_slope_found_by_nudging():
    rng = np.random.default_rng(1)
    h, U, dh = rng.normal(size=(1, 3)), rng.normal(size=(3, 3)), rng.normal(size=(1, 3))
    new = sigmoid(h @ U)
    for unit, nudge in enumerate(np.eye(3) * 1e-6):
        nudged = ((sigmoid((h + nudge) @ U) - sigmoid((h - nudge) @ U)) * dh).sum() / 2e-6
        assert np.isclose(nudged, ((dh * new * (1 - new)) @ U.T)[0, unit])


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (RIGHT_BIAS, "correct"),
        (np.float32(RIGHT_BIAS), "correct"),
        ([RIGHT_BIAS], "correct"),
        (-4.968, "correct"),
        (-RIGHT_BIAS, "which sign"),
        (HALF_AFTER_100, "that is z;"),
        (1 - HALF_AFTER_100, "that is 1 − z"),
        (np.log(1 / 99), "more than a third"),
        (np.log(0.005 / 0.995), "multiplies 100 times"),
        (-np.log(np.exp(1 / 100) / (1 - np.exp(-1 / 100)) * np.exp(-1 / 100) - 1), "1/e"),
        (-4, "it should leave 0.5"),
        (0, "it should leave 0.5"),
        (-1e6, "leaves 1 after"),
        (1e6, "leaves 0 after"),
        (..., "not attempted yet"),
    ],
)
def test_b_z(said, answer, verdict):
    check.b_z(answer)
    assert verdict in said()


def test_the_right_bias_leaves_one_half():
    assert np.isclose((1 - sigmoid(RIGHT_BIAS)) ** 100, 0.5)


@pytest.mark.parametrize(
    ("mark_weight", "bias", "verdict"),
    [
        (20, -10, "correct"),
        (np.float64(30), [-12.5], "correct"),
        (12, -6, "correct"),
        (6, -6.001, "hardly gets in"),
        (20, 10, "overwrites the memory"),
        (0, 4, "overwrites the memory"),
        (-20, -10, "hardly gets in"),
        (0, 0, "more firmly"),
        (20, -4, "more firmly"),
        (..., -10, "not attempted yet"),
        (20, ..., "not attempted yet"),
        (np.inf, -10, "finite"),
        ("20", -10, "a number is expected"),
    ],
)
def test_memory(said, mark_weight, bias, verdict):
    check.memory(mark_weight, bias)
    assert verdict in said()


def series_of_exercise_4():
    series = np.zeros((101, 2))
    series[:, 0] = np.random.default_rng(6).choice([-1, 1], size=(1, 101))[0]
    series[0, 1] = 1
    return series


def jacobians(reset_after=True):
    return state_jacobians(
        GRU.initialise(2, 16, np.random.default_rng(5), reset_after=reset_after), series_of_exercise_4()
    )


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (lambda: np.linalg.norm(jacobians()[-31], ord=2), "correct"),
        (lambda: [np.linalg.norm(jacobians()[70], ord=2)], "correct"),  # of 101 steps
        (lambda: np.float32(np.linalg.norm(jacobians()[-31], ord=2)), "correct"),
        (lambda: np.linalg.norm(jacobians()[-30], ord=2), "29 steps back"),
        (lambda: np.linalg.norm(jacobians()[-32], ord=2), "31 steps back"),
        (lambda: np.linalg.norm(jacobians()[30], ord=2), "counts from the first step"),
        (lambda: np.linalg.norm(jacobians()[-31]), "Frobenius"),
        (lambda: np.linalg.norm(jacobians(reset_after=False)[-31], ord=2), "reset_after=False"),
        (lambda: 1.0, "turned round"),
        (lambda: ..., "not attempted yet"),
    ],
)
def test_norm_at_30(said, answer, verdict):
    check.norm_at_30(answer())
    assert verdict in said()


@pytest.mark.parametrize("answer", NONSENSE, ids=repr)
@pytest.mark.parametrize("judge", [check.step_back, check.b_z, check.norm_at_30, lambda a: check.memory(a, a)])
def test_nonsense_gets_a_sentence(gets_a_sentence, judge, answer):
    gets_a_sentence(judge, answer)
