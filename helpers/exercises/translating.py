"""Exercises of the lesson translating."""

import numpy as np

from helpers.exercises.engine import Exercise

_FRENCH = ("lundi", "mardi", "1", "2", "0", "mai", "août", "9", "7")


def _sentences(rng) -> list[tuple]:
    drawn = [(list(rng.choice(_FRENCH, size)),) for size in (4, 8, 6)]
    return [(["mardi", "3", "août"],), *drawn]


teacher_forcing = Exercise(
    right=lambda tokens: (["[start]", *tokens], [*tokens, "[end]"]),
    draw=_sentences,
    measure=lambda pair: [list(part) for part in pair],
    mistakes={
        "then the decoder is given the very token that it must say": [
            lambda tokens: (["[start]", *tokens], ["[start]", *tokens]),
            lambda tokens: (["[start]", *tokens, "[end]"], ["[start]", *tokens, "[end]"]),
            lambda tokens: ([*tokens, "[end]"], [*tokens, "[end]"]),
            lambda tokens: (tokens, tokens),
        ],
        "the other way round: first what it is given, then what it must say": lambda tokens: (
            [*tokens, "[end]"],
            ["[start]", *tokens],
        ),
        "it must also learn to stop": lambda tokens: (["[start]", *tokens[:-1]], list(tokens)),
        "with the whole text and its end at hand there are more tokens given than said": lambda tokens: (
            ["[start]", *tokens, "[end]"],
            [*tokens, "[end]"],
        ),
    },
    also=[lambda tokens: [("[start]", *tokens), (*tokens, "[end]")]],
)


def _lookups(rng) -> list[tuple]:
    cases = [(np.array([1.0, 0.0]), np.array([[2.0, 1.0], [0.0, 3.0], [1.0, 1.0]]), np.array([True, True, False]))]
    for steps, units in ((4, 3), (6, 2)):
        real = np.arange(steps) < steps - int(rng.integers(1, 3))
        cases.append((rng.normal(size=units), rng.normal(size=(steps, units)), real))
    return cases


def _weights(scores):
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


def _attend(query, states, real):
    return _weights(np.where(real, states @ query, -np.inf)) @ states


def _normalised_before(query, states, real):
    return (_weights(states @ query) * real) @ states


attend = Exercise(
    right=_attend,
    draw=_lookups,
    decimals=3,
    mistakes={
        "the padding still gets a share": lambda query, states, real: _weights(states @ query) @ states,
        "a score of 0 is no small score: e to the 0 is 1": lambda query, states, real: (
            _weights((states @ query) * real) @ states
        ),
        "the weights of the real places do not add up to 1": _normalised_before,
        "those are the weights; the weighted mean of the states is asked for": lambda query, states, real: _weights(
            np.where(real, states @ query, -np.inf)
        ),
        "scores are no weights yet: softmax": lambda query, states, real: ((states @ query) * real) @ states,
        "that is the state with the highest score; a mean is asked for": lambda query, states, real: states[
            np.argmax(np.where(real, states @ query, -np.inf))
        ],
        "a plain mean does not use the query": lambda query, states, real: states[real].mean(axis=0),
    },
    also=[
        lambda query, states, real: _weights(states[real] @ query) @ states[real],
        lambda query, states, real: _weights(states @ query - 1e9 * ~real) @ states,
    ],
)


def _outputs(rng) -> list[tuple]:
    truths = [["mardi", "3", "août", "2", "0"], ["jeudi", "1", "4", "mai", "1", "9"], ["lundi", "9", "juin", "2", "0"]]
    cases = [
        (
            [["lundi", "3", "août", "2", "0"], ["jeudi", "1", "4", "mai", "1", "8"], ["lundi", "9", "juin", "2"]],
            truths,
        )
    ]
    for _ in range(3):
        outputs = [list(truth) for truth in truths * 2]
        for output in outputs:
            place = int(rng.integers(0, 2 * len(output)))
            if place < len(output):
                output[place] = "8"
            elif place == len(output):
                output.pop()
        outputs[0][0], outputs[1][1] = "samedi", "2"
        cases.append((outputs, truths * 2))
    return cases


def _share(compare):
    return lambda outputs, truths: np.mean([compare(o, t) for o, t in zip(outputs, truths, strict=True)])


def _tokens_right(start):
    def share(outputs, truths):
        pairs = [pair for o, t in zip(outputs, truths, strict=True) for pair in zip(o[start:], t[start:], strict=False)]
        return np.mean([one == other for one, other in pairs])

    return share


date_right = Exercise(
    right=_share(lambda output, truth: output[1:] == truth[1:]),
    draw=_outputs,
    decimals=3,
    mistakes={
        "the weekday, the first token, does not count here": _share(lambda output, truth: output == truth),
        "that is the share of tokens; a date is right only as a whole": [_tokens_right(1), _tokens_right(0)],
        "a text that stops too soon is not right": _share(
            lambda output, truth: all(a == b for a, b in zip(output[1:], truth[1:], strict=False))
        ),
        "that is a count; a share is asked for": lambda outputs, truths: sum(
            o[1:] == t[1:] for o, t in zip(outputs, truths, strict=True)
        ),
        "that is the share of the wrong ones": _share(lambda output, truth: output[1:] != truth[1:]),
    },
    also=[lambda outputs, truths: sum(o[1:] == t[1:] for o, t in zip(outputs, truths, strict=True)) / len(truths)],
)
