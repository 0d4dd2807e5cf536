"""The checks of lesson gru_by_hand: right answers, typical mistakes by name, nonsense."""

import numpy as np
import pandas as pd
import pytest

from helpers.exercises import gru_by_hand as check

CHECKS = [check.new_memory, check.w_and_b, check.our_W_z]
NONSENSE = [None, "text", np.nan, np.inf, True, np.zeros((2, 2)), object(), [], {}, lambda: 1, lambda *a: "text"]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (lambda h, z, c: (1 - z) * h + z * c, "correct"),
        (lambda h, z, c: h + z * (c - h), "correct"),
        (lambda h, z, c: list((1 - z) * h + z * c), "correct"),
        (lambda h, z, c: pd.Series((1 - z) * h + z * c), "correct"),
        (lambda h, z, c: [(1 - gate) * old + gate * new for old, gate, new in zip(h, z, c, strict=True)], "correct"),
        (lambda h, z, c: z * h + (1 - z) * c, "convention of Keras"),
        (lambda h, z, c: h + z * c, "make room"),
        (lambda h, z, c: (1 - z) * h + c, "not left to the candidate"),
        (lambda h, z, c: z * c, "kept of the old memory is missing"),
        (lambda h, z, c: (1 - z) * h, "taken of the candidate is missing"),
        (lambda h, z, c: (h + c) / 2, "with h = 0.2, z = 0.25, candidate = -0.6"),
        (lambda h, z, c: float(np.sum(h)), "shape"),
        (lambda h, z, c: None, "not attempted yet"),
        (lambda h, z: h, "TypeError"),
        (lambda h, z, c: h * np.nan, "NaN"),
        (0.5, "the function itself"),
        (..., "not attempted yet"),
    ],
)
def test_new_memory(said, answer, verdict):
    check.new_memory(answer)
    assert verdict in said()


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ((14.0, -7.0), "correct"),
        ([100, -50], "correct"),
        (np.array([5000.0, -2000.0]), "correct"),
        ((np.float32(20), np.int64(-8)), "correct"),
        ((12.0, -6.0), "after 50 steps only 88% is left"),
        ((10.0, -4.0), "after 50 steps only 40% is left"),
        ((8.0, -7.0), "opens to z = 0.731"),
        ((-14.0, 7.0), "opens to z = 0.001"),
        ((14.0, 7.0), "open although nothing comes in"),
        ((5.0, 0.0), "open although nothing comes in"),
        ((14.0, ...), "not attempted yet"),
        ((14.0,), "shape (2,)"),
        ((np.nan, -7.0), "NaN"),
    ],
)
def test_w_and_b(said, answer, verdict):
    check.w_and_b(answer)
    assert verdict in said()


def block(kernel: np.ndarray, position: int) -> np.ndarray:
    return np.split(kernel, 3, axis=1)[position]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (lambda kernel: -kernel[:, : kernel.shape[1] // 3], "correct"),
        (lambda kernel: -1 * block(kernel, 0), "correct"),
        (lambda kernel: (-block(kernel, 0)).tolist(), "correct"),
        (lambda kernel: pd.DataFrame(-block(kernel, 0)), "correct"),
        (lambda kernel: block(kernel, 0), "Keras' sign"),
        (lambda kernel: block(kernel, 1), "that is the reset gate's block"),
        (lambda kernel: -block(kernel, 1), "the sign is changed, but that is the reset gate's"),
        (lambda kernel: block(kernel, 2), "that is the candidate's block"),
        (lambda kernel: -block(kernel, 2), "the sign is changed, but that is the candidate's"),
        (lambda kernel: 1 - block(kernel, 0), "the sign that changes"),
        (lambda kernel: -block(kernel, 0).T, "(units, features)"),
        (lambda kernel: -kernel[:, :3], "3 columns"),
        (lambda kernel: -kernel[:, ::3], "not right"),
        (lambda kernel: -kernel, "shape"),
        (lambda kernel: None, "not attempted yet"),
        (lambda kernel: block(kernel, 0) / 0, "infinite"),
        (np.zeros((2, 4)), "the function itself"),
        (..., "not attempted yet"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_our_w_z(said, answer, verdict):
    check.our_W_z(answer)
    assert verdict in said()


def test_checks_leave_the_readers_kernel_alone(said):
    def in_place(kernel):
        kernel *= -1
        return kernel[:, :4]

    check.our_W_z(in_place)
    assert said() == "correct"


@pytest.mark.parametrize("answer", NONSENSE, ids=repr)
@pytest.mark.parametrize("judge", CHECKS)
def test_nonsense_gets_a_sentence(gets_a_sentence, judge, answer):
    gets_a_sentence(judge, answer)
