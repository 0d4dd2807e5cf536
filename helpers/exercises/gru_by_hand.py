"""Exercises of the lesson gru_by_hand."""

import numpy as np

from helpers.cells import sigmoid
from helpers.exercises.engine import Exercise, Hint, numbers


def _one_step(h=0.6, x=-1.0, squeeze=np.tanh, bias=True, seen=None, keeps=False, weight=2.0):
    """Return r, z, candidate and new memory of the exercise's unit; each option is a mistake."""
    r = sigmoid(1.0 * x + 0.5 * h + 0.2 * bias)
    z = sigmoid(-1.0 * x + 1.0 * h - 0.6 * bias)
    candidate = squeeze(1.0 * x + weight * (r if seen is None else seen) * h)
    new = z * h + (1 - z) * candidate if keeps else (1 - z) * h + z * candidate
    return r, z, candidate, new


by_pencil = Exercise(
    right=_one_step,
    mistakes={
        "the gates and the candidate are right; z is the candidate's share, and 1 − z is that of the old memory": (
            lambda: _one_step(keeps=True)
        ),
        "the gates are right; r weakens the memory before the candidate sees it": lambda: _one_step(seen=1),
        "the gates are right; the candidate is made by tanh, not by σ": lambda: _one_step(squeeze=sigmoid),
        "the gates are right; is the memory in your candidate the one before the step?": lambda: _one_step(seen=0),
        "the gates are right; the memory's weight in the candidate is 2": lambda: _one_step(weight=1),
        "r, z and the candidate are right; look at the mix": [
            lambda mix=mix: (*_one_step()[:3], mix(0.6, *_one_step()[1:3]))
            for mix in (
                lambda h, z, candidate: z * candidate,
                lambda h, z, candidate: (1 - z) * h,
                lambda h, z, candidate: h + z * candidate,
                lambda h, z, candidate: (1 - z) * h + candidate,
                lambda h, z, candidate: (1 - z) * h - z * candidate,
            )
        ],
        "input and memory are exchanged": lambda: _one_step(h=-1.0, x=0.6),
        "the biases are missing": lambda: _one_step(bias=False),
        "the order is another: r, z, candidate, new memory": [
            lambda order=order: tuple(_one_step()[part] for part in order)
            for order in [(1, 0, 2, 3), (3, 0, 1, 2), (2, 0, 1, 3)]
        ],
        "those are the sums; σ makes a gate of one, tanh a candidate": lambda: (-0.5, 1.0, -0.5469, -0.2384),
    },
    also=[lambda: np.round(_one_step(), 3), lambda: [round(value, 2) for value in _one_step()]],
    decimals=2,
    otherwise="compute one after the other, r first: σ of input times weight, plus memory times weight, plus bias",
)

new_memory = Exercise(
    right=lambda h, z, candidate: (1 - z) * h + z * candidate,
    draw=lambda rng: [
        tuple(np.array([value]) for value in (0.5, 0.25, -0.6)),
        (rng.uniform(-1, 1, 3), rng.uniform(0.05, 0.4, 3), rng.uniform(-1, 1, 3)),
        (rng.uniform(-1, 1, 4), rng.uniform(0.6, 0.95, 4), rng.uniform(-1, 1, 4)),
    ],
    mistakes={
        "z is the share of the candidate; yours makes it the share of the old memory, as Keras does": (
            lambda h, z, candidate: z * h + (1 - z) * candidate
        ),
        "the candidate's share is right, but the old memory must make room for it": (
            lambda h, z, candidate: h + z * candidate
        ),
        "the old memory's share is right, but so large a share is not left to the candidate": (
            lambda h, z, candidate: (1 - z) * h + candidate
        ),
        "what is kept of the old memory is missing": lambda h, z, candidate: z * candidate,
        "what is taken of the candidate is missing": lambda h, z, candidate: (1 - z) * h,
        "look at the sign of what is taken": lambda h, z, candidate: (1 - z) * h - z * candidate,
    },
    also=[
        lambda h, z, candidate: h + z * (candidate - h),
        lambda h, z, candidate: [(1 - gate) * old + gate * new for old, gate, new in zip(h, z, candidate, strict=True)],
        lambda h, z, candidate: np.add(np.multiply(h, 1 - z, out=h), np.multiply(candidate, z, out=candidate), out=h),
    ],
)


def _what_the_gate_does(answer) -> str:
    w, b = numbers(answer, (2,))
    if not np.isfinite([w, b]).all():
        raise Hint("two finite numbers are expected, a weight and a bias")
    at_one, at_zero = sigmoid([w + b, b])
    takes, keeps = at_one > 0.95, (1 - at_zero) ** 50 >= 0.95
    if takes and keeps:
        return "takes and keeps"
    if at_zero >= 0.5:
        return "open at both" if takes else "turned round" if at_one < 0.5 else "open at 0"
    return "leaks" if takes else "does not open" if keeps else "neither"


w_and_b = Exercise(
    right=lambda: (14.0, -7.0),
    measure=_what_the_gate_does,
    mistakes={
        "your gate is open at 0 and shut at 1, as Keras would have it; here z = 1 takes": lambda: (-14, 7),
        "your gate is open at 0, although nothing comes in; which number shuts it?": [lambda: (14, 7), lambda: (5, 0)],
        "your gate is open at 0, and hardly more so at 1": lambda: (1, 1),
        "the 1 is taken, but too little is left after 50 steps: the gate must shut more tightly at 0": [
            lambda: (12, -6),
            lambda: (10, -4),
        ],
        "at 0 it keeps well, but at 1 it does not open enough; which number opens it for an input?": lambda: (8, -7),
        "at 1 it does not open enough, and at 0 it does not shut enough": lambda: (1, -1),
    },
    also=[lambda: [100, -50], lambda: np.array([5000.0, -2000.0]), lambda: (np.float32(20), np.int64(-8))],
)
