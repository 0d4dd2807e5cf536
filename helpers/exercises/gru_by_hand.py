"""Checks of lesson the GRU by hand."""

import numpy as np

from helpers.exercises.checking import Hint, call, exercise, numbers


@exercise
def new_memory(answer) -> None:
    """Judge a function (h, z, candidate) → the new memory."""
    h, z, candidate = np.array([0.5, -0.5, 0.2]), np.array([0.0, 1.0, 0.25]), np.array([0.9, 0.3, -0.6])
    found = numbers(call(answer, h, z, candidate), (3,))
    mistakes = {
        "with z = 0 the memory must stay as it is; yours takes the candidate. That is the convention of Keras": (
            z * h + (1 - z) * candidate
        ),
        "the candidate's share is right, but the old memory must make room for it": h + z * candidate,
        "the old memory's share is right, but so large a share is not left to the candidate": (1 - z) * h + candidate,
        "what is kept of the old memory is missing": z * candidate,
        "what is taken of the candidate is missing": (1 - z) * h,
    }
    _compare(found, (1 - z) * h + z * candidate, mistakes, f"with h = {h[2]}, z = {z[2]}, candidate = {candidate[2]}")


@exercise
def w_and_b(answer) -> None:
    """Judge the weight and the bias of an update gate that takes a 1 and then keeps it for 50 steps."""
    w, b = numbers(answer, (2,))
    z_at_one, z_at_zero = 1 / (1 + np.exp(-np.clip([w + b, b], -500, 500)))
    left = (1 - z_at_zero) ** 50
    if z_at_one <= 0.95:
        raise Hint(f"for x = 1 your gate opens to z = {z_at_one:.3f} only; what does σ need, to come close to 1?")
    if b >= 0:
        raise Hint(
            f"for x = 0 your gate is z = {z_at_zero:.3f}, open although nothing comes in; which number shuts it?"
        )
    if left < 0.95:
        raise Hint(
            f"the 1 is taken, but after 50 steps only {left:.0%} is left; the gate must shut more tightly at x = 0"
        )


@exercise
def our_W_z(answer) -> None:  # noqa: N802 (named after the answer)
    """Judge a function that takes the update gate's kernel out of Keras' kernel."""
    kernel = np.arange(1.0, 25.0).reshape(2, 12)
    z, r, h = np.split(kernel, 3, axis=1)
    result = np.asarray(call(answer, kernel.copy()))
    if result.shape == (4, 2):
        raise Hint("the shape is (units, features); Keras and this collection both have (features, units)")
    if result.shape == (2, 3):
        raise Hint("your blocks have 3 columns; the kernel has 3 blocks, each with as many columns as there are units")
    found = numbers(result, (2, 4))
    mistakes = {
        "that is the right block, with Keras' sign: there, z = 1 keeps the memory": z,
        "that is the reset gate's block; Keras has another order": r,
        "the sign is changed, but that is the reset gate's block; Keras has another order": -r,
        "that is the candidate's block; Keras has another order": h,
        "the sign is changed, but that is the candidate's block; Keras has another order": -h,
        "1 − z is for the gate; in front of σ it is the sign that changes": 1 - z,
    }
    _compare(found, -z, mistakes, "for a kernel of 2 features and 4 units")


def _compare(found: np.ndarray, right: np.ndarray, mistakes: dict[str, np.ndarray], case: str) -> None:
    """Return if `found` is right, else raise the hint of the mistake that gives it, or one that shows the case."""
    if np.allclose(found, right):
        return
    for hint, wrong in mistakes.items():
        if np.allclose(found, wrong):
            raise Hint(hint)
    raise Hint(f"{case} yours gives {found[-1].round(3)}, which is not right")
