"""Exercises of the lesson writing."""

import numpy as np

from helpers.exercises.engine import Exercise


def _guesses(rng) -> list[tuple]:
    drawn = [(rng.uniform(0.01, 0.9, n).round(3),) for n in (3, 5, 8)]
    return [(np.array([0.5, 0.25]),), (np.array([0.5, 0.5, 0.125]),), *drawn]


bits_per_character = Exercise(
    right=lambda probabilities: -np.log2(probabilities).mean(),
    draw=_guesses,
    mistakes={
        "those are nats; bits need the logarithm to the base 2": lambda p: -np.log(p).mean(),
        "that is the logarithm of the mean; take the mean of the logarithms": lambda p: -np.log2(np.mean(p)),
        "those are the bits of the whole text; how many is that a character?": lambda p: -np.log2(p).sum(),
        "a bit cannot be negative here: mind the sign": lambda p: np.log2(p).mean(),
        "that weights each character by its probability; each has come once, so each counts once": [
            lambda p: -(p * np.log2(p)).sum(),
            lambda p: -(p * np.log2(p)).mean(),
        ],
        "that is the perplexity, 2 to the power of the bits": lambda p: 2 ** -np.log2(p).mean(),
    },
    also=[lambda p: -np.log(np.prod(p)) / np.log(2) / len(p)],
)


def _tempered(p, power):
    return p**power / (p**power).sum()


def _temperatures(rng) -> list[tuple]:
    drawn = [(rng.dirichlet(np.ones(n)), float(t)) for n, t in ((4, 0.7), (6, 1.6), (5, 0.25))]
    return [(np.array([0.5, 0.25, 0.25]), 0.5), (np.array([0.8, 0.1, 0.1]), 2.0), *drawn]


with_temperature = Exercise(
    right=lambda probabilities, temperature: _tempered(probabilities, 1 / temperature),
    draw=_temperatures,
    mistakes={
        "they must sum to 1: divide by their sum": lambda p, t: p ** (1 / t),
        "that is the wrong way round: a low temperature must make the likely likelier": lambda p, t: _tempered(p, t),
        "dividing all by the temperature changes nothing once the sum is 1 again: the logarithm is divided": [
            lambda p, t: p / t,
            lambda p, t: (p / t) / (p / t).sum(),
        ],
        "exp undoes log: take the logarithm of the probabilities before you divide by the temperature": lambda p, t: (
            np.exp(p / t) / np.exp(p / t).sum()
        ),
        "those are logarithms; exp brings the probabilities back": lambda p, t: np.log(p) / t,
    },
    also=[lambda p, t: np.exp(np.log(p) / t) / np.exp(np.log(p) / t).sum()],
)


def _read(pieces, keep, anew=False, new=None):
    state, states = 0.0, []
    for piece in pieces:
        if anew:
            state = 0.0
        for value in piece:
            state = keep * state + (1 - keep if new is None else new) * value
        states.append(state)
    return states


def _pieces(rng) -> list[tuple]:
    drawn = [
        ([rng.normal(size=n).round(2) for n in lengths], float(k)) for lengths, k in (((3, 2, 4), 0.7), ((1, 5), 0.9))
    ]
    return [([np.array([1.0]), np.array([2.0])], 0.75), ([np.array([1.0, 0.0]), np.array([0.0, 2.0])], 0.25), *drawn]


state_at_end = Exercise(
    right=lambda pieces, keep: _read(pieces, keep)[-1],
    draw=_pieces,
    mistakes={
        "the state began at 0 again with each piece; it goes on from where the last piece left it": lambda p, keep: (
            _read(p, keep, anew=True)[-1]
        ),
        "keep is the share of the old state, 1 − keep that of the new number": lambda p, keep: _read(p, 1 - keep)[-1],
        "that is the state after the first piece": lambda p, keep: _read(p, keep)[0],
        "one state at the end is asked for, not one for each piece": lambda p, keep: _read(p, keep),
        "the new number comes in by the share 1 − keep, not whole": lambda p, keep: _read(p, keep, new=1)[-1],
    },
    also=[lambda p, keep: _read([np.concatenate(p)], keep)[-1]],
)
