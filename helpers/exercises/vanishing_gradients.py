"""Checks of lesson vanishing gradients."""

import numpy as np

from helpers.cells import GRU, sigmoid, state_jacobians
from helpers.exercises.checking import Hint, call, exercise, number, numbers

STEPS = 100  # of the memory asked for in exercise 2
LENGTH = 200  # of the task in exercise 3


@exercise
def step_back(answer) -> None:
    """Judge a function (dh, h_t, U) → gradient with respect to the state before, for h_t = σ(…)."""
    rng = np.random.default_rng(0)
    dh, h_t, U = rng.normal(size=(4, 3)), rng.uniform(0.1, 0.9, size=(4, 3)), rng.normal(size=(3, 3))
    found = numbers(call(answer, dh.copy(), h_t.copy(), U.copy()), (4, 3))
    slope = h_t * (1 - h_t)
    wrong = [
        ((dh * slope) @ U, "the slope is right; on the way back it is the transpose of U that counts"),
        ((dh * (1 - h_t**2)) @ U.T, "1 − h² is the slope of tanh; what is the slope of σ, written with its value h?"),
        (dh @ U.T, "the way back also leads through the σ: multiply by its slope first"),
        (dh * slope, "you are back through the σ; one more step leads through U to the state before"),
        ((dh @ U.T) * slope, "the order: σ came last on the way forward, so it comes first on the way back"),
        (
            (dh * sigmoid(h_t) * (1 - sigmoid(h_t))) @ U.T,
            "h_t has been through the σ already; its slope is written with h_t itself",
        ),
    ]
    if np.allclose(found, (dh * slope) @ U.T):
        return
    for value, hint in wrong:
        if np.allclose(found, value):
            raise Hint(hint)
    raise Hint("that is not right: multiply by the slope of σ, then go back through U; compare rnn_back_in_time")


@exercise
def b_z(answer) -> None:
    """Judge the bias of the update gate that leaves one half after 100 steps on the direct road."""
    found = number(answer)
    z = 1 - 0.5 ** (1 / STEPS)
    right = _logit(z)
    wrong = {
        -right: "right size; but in this collection z lets the candidate in, so which sign keeps the state?",
        z: "that is z; the bias is what stands inside the σ: z = σ(b_z)",
        1 - z: "that is 1 − z, what is left after one step; next, which z is that, and which bias?",
        _logit(1 - np.exp(-1 / STEPS)): "that leaves 1/e; the question is about one half",
        _logit(1 / STEPS): "z = 1/100 leaves a bit more than a third after 100 steps; the question is about one half",
        _logit(0.5 / STEPS): "the loss is not the same at each step: 1 − z multiplies 100 times",
    }
    if np.isclose(found, right, rtol=1e-3):
        return
    for value, hint in wrong.items():
        if np.isclose(found, value, rtol=1e-3):
            raise Hint(hint)
    left = (1 - sigmoid(found)) ** STEPS
    raise Hint(f"with b_z = {found:.4g} the direct road leaves {left:.2g} after {STEPS} steps; it should leave 0.5")


@exercise
def memory(mark_weight, bias) -> None:
    """Judge the update gate of a GRU with one unit by letting it solve the task at 200 steps."""
    mark_weight, bias = number(mark_weight), number(bias)
    at_mark, elsewhere = sigmoid(mark_weight + bias), sigmoid(bias)
    last = _last_state(mark_weight, bias)
    if at_mark < 0.5:
        raise Hint(f"at the mark z is only {at_mark:.2g}: the first number hardly gets in; what should z be there?")
    if elsewhere > 0.5:
        raise Hint(f"at the steps without a mark z is {elsewhere:.2g}: each of them overwrites the memory")
    left = (1 - elsewhere) ** (LENGTH - 1)
    if left < 0.5:
        raise Hint(
            f"z is {elsewhere:.2g} at each step without a mark, so after {LENGTH} steps only {left:.2g} of the first "
            "number is left; shut the gate more firmly"
        )
    if not (last > 0).all():
        raise Hint(f"it gives the right answer on {np.mean(last > 0):.0%} of the sequences only")


@exercise
def norm_at_30(answer) -> None:
    """Judge the norm of ∂h_T/∂h_t at T − t = 30 for a GRU with reset_after=True."""
    found = number(answer)
    jacobians = _jacobians(reset_after=True)
    norms = np.linalg.norm(jacobians, ord=2, axis=(1, 2))[::-1]
    frobenius = np.linalg.norm(jacobians[-31])
    reset_before = np.linalg.norm(_jacobians(reset_after=False)[-31], ord=2)
    wrong = {
        norms[29]: "that is 29 steps back: at T − t = 0 the norm is 1",
        norms[31]: "that is 31 steps back: at T − t = 0 the norm is 1",
        norms[70]: "that is 70 steps back: state_jacobians counts from the first step, not from the last",
        frobenius: "that adds up all squared entries (the Frobenius norm); take the lesson's norms()",
        reset_before: "that is a cell with reset_after=False",
    }
    if np.isclose(found, norms[30], rtol=1e-3, atol=0):
        return
    for value, hint in wrong.items():
        if np.isclose(found, value, rtol=1e-3, atol=0):
            raise Hint(hint)
    raise Hint(f"{found:.3g} is not right: take norms(state_jacobians(…)), turned round to count from the last step")


def _logit(z: float) -> float:
    """Return the a for which σ(a) = z."""
    return float(np.log(z / (1 - z)))


def _last_state(mark_weight: float, bias: float) -> np.ndarray:
    """Run the GRU with one unit on 50 sequences of the task; return its last state times the right answer."""
    x = np.zeros((50, LENGTH, 2))
    x[..., 0] = np.random.default_rng(0).choice([-1, 1], size=(50, LENGTH))
    x[:, 0, 1] = 1
    zero = {"U": np.zeros((1, 1)), "b": np.zeros(1)}
    cell = GRU(
        W_r=np.zeros((2, 1)), U_r=zero["U"], b_r=zero["b"],
        W_z=[[0.0], [mark_weight]], U_z=zero["U"], b_z=[bias],
        W_h=[[3.0], [0.0]], U_h=zero["U"], b_h=zero["b"],
    )  # fmt: skip
    return cell.forward(x)[:, -1, 0] * x[:, 0, 0]


def _jacobians(reset_after: bool) -> np.ndarray:
    """Return ∂h_T/∂h_t of the cell and the series of exercise 4."""
    cell = GRU.initialise(2, 16, np.random.default_rng(5), reset_after=reset_after)
    series = np.zeros((101, 2))
    series[:, 0] = np.random.default_rng(6).choice([-1, 1], size=(1, 101))[0]
    series[0, 1] = 1
    return state_jacobians(cell, series)
