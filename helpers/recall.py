"""The recall task of the lessons on memory: which number came first? Its sequences, gradients and trained networks.

Networks are trained as a **stack**: the same layer with different weights, along a new first axis of every array, so
that one update trains all of them. `helpers.cells` has the same cells for one network, beside their equations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from helpers import cells

UNITS, NETWORKS, BATCH, UPDATES, LEARNING_RATE, CLIP = 16, 5, 32, 300, 0.01, 1.0


def recall_task(
    length: int, samples: int, rng: np.random.Generator, size: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Draw sequences of random signs, the first one marked by a second input; the first one is the answer.

    Parameters
    ----------
    size
        What each sign is multiplied by, as an input and as an answer.

    Returns
    -------
    inputs, answers : arrays
        Shapes (samples, length, 2) and (samples, 1).
    """
    x = np.zeros((samples, length, 2))
    x[..., 0] = size * rng.choice([-1, 1], size=(samples, length))
    x[:, 0, 1] = 1
    return x, x[:, 0, :1].copy()


def gradient_norms(
    new_cell: Callable[[np.random.Generator], cells.RNN | cells.GRU],
    length: int = 101,
    networks: int = 20,
    size: float = 1.0,
) -> np.ndarray:
    """Return the spectral norm of ∂h_T/∂h_t by steps back, each network on a sequence of its own.

    Parameters
    ----------
    new_cell
        Random generator → cell with two features. Network k gets a generator with seed k.
    size
        Of the inputs, as in `recall_task`.

    Returns
    -------
    np.ndarray, shape (networks, length)
        ``[k, s]`` belongs to T − t = s, so ``[:, 0]`` is 1.
    """
    rows = []
    for seed in range(networks):
        rng = np.random.default_rng(seed)
        cell = new_cell(rng)
        x, _ = recall_task(length, 1, rng, size)
        rows.append(np.linalg.norm(cells.state_jacobians(cell, x[0]), ord=2, axis=(1, 2))[::-1])
    return np.array(rows)


def factor_a_step(norms: np.ndarray) -> float:
    """Return what one step back multiplies the median of `gradient_norms` by, on average from the 10th to the last."""
    middle = np.median(norms, axis=0)
    return float((middle[-1] / middle[10]) ** (1 / (len(middle) - 11)))


@dataclass(frozen=True)
class Trained:
    """A stack of networks after training on the recall task."""

    right: np.ndarray  # the share of right answers of each network, on 500 new sequences
    updates: int
    cells: list  # the trained layer of each network, as a cell of `helpers.cells`


def train(
    kind: str,
    length: int,
    biases: dict[str, float] | None = None,
    updates: int = UPDATES,
    steps_back: int | None = None,
) -> Trained:
    """Train five networks of 16 units on the recall task; stop early once all were right for 20 updates.

    Each starts with random weights as Keras draws them, ends in a weighted sum of the last h_t, and sees 32 new
    sequences an update. The loss is half the mean squared error. Adam has a learning rate of 0.01; each network's
    gradient is clipped to a norm of 1.

    Parameters
    ----------
    kind : {"RNN", "GRU", "LSTM"}
    biases
        What some biases start at, by the names in `helpers.cells`: ``{"b_z": -4}`` makes a GRU keep.
    updates
        At most so many; 0 hands out the networks as they start, which are the same at every length.
    steps_back
        As in `output_and_gradients`.

    Raises
    ------
    ValueError
        If the cell has no bias of that name.
    """
    rng = np.random.default_rng(7)
    weights = _new_weights(kind, biases or {}, rng)
    mean, square = ({name: np.zeros_like(array) for name, array in weights.items()} for _ in range(2))
    shares: list[np.ndarray] = []
    update = 0
    for update in range(1, updates + 1):
        x, answer = _sequences(length, BATCH, rng)
        p, gradients = output_and_gradients(kind, weights, x, answer, steps_back)
        size = np.sqrt(sum((gradient**2).sum(axis=(-2, -1), keepdims=True) for gradient in gradients.values()))
        for name, gradient in gradients.items():
            gradient = gradient * CLIP / np.maximum(size, CLIP)
            mean[name] += 0.1 * (gradient - mean[name])
            square[name] += 0.001 * (gradient**2 - square[name])
            step = mean[name] / (1 - 0.9**update) / (np.sqrt(square[name] / (1 - 0.999**update)) + 1e-8)
            weights[name] -= LEARNING_RATE * step
        shares.append(_right(p, answer))
        if len(shares) >= 20 and np.mean(shares[-20:], axis=0).min() > 0.99:
            break
    x, answer = _sequences(length, 500, rng)
    p, _ = output_and_gradients(kind, weights, x, answer)
    return Trained(_right(p, answer), update, [_as_cell(kind, weights, number) for number in range(NETWORKS)])


def output_and_gradients(
    kind: str, weights: dict[str, np.ndarray], x: np.ndarray, answer: np.ndarray, steps_back: int | None = None
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return the outputs of a stack and the gradient of half the mean squared error of each network.

    Parameters
    ----------
    weights
        By the names of the cell's equations, each with the networks as first axis, biases of shape
        (networks, 1, units); "V" of shape (networks, units, 1) and "b_V" of shape (networks, 1, 1).
    x, answer : arrays
        Shapes (networks, samples, time, features) and (networks, samples, 1).
    steps_back
        The gradient's message is carried back so many steps, at least one, and dropped there; None: to the first step.
    """
    x_by_step = np.moveaxis(x, -2, 0)
    forward, backward = PASSES[kind]
    kept = forward(weights, x_by_step)
    last = kept["h"][-1]
    p = last @ weights["V"] + weights["b_V"]
    dp = (p - answer) / x.shape[-3]
    before, da = backward(weights, kept, dp @ weights["V"].mT)
    gradients = {"V": last.mT @ dp, "b_V": dp.sum(axis=-2, keepdims=True)}
    for gate in da:
        if steps_back is not None:
            da[gate][:-steps_back] = 0
        gradients[f"W{gate}"] = (x_by_step.mT @ da[gate]).sum(axis=0)
        gradients[f"U{gate}"] = (before[gate].mT @ da[gate]).sum(axis=0)
        gradients[f"b{gate}"] = da[gate].sum(axis=0).sum(axis=-2, keepdims=True)
    return p, gradients


def _rnn_forward(w, x_by_step):
    h = [np.zeros((*x_by_step.shape[1:-1], w["U"].shape[-1]), dtype=x_by_step.dtype)]
    for x_t in x_by_step:
        h.append(np.tanh(x_t @ w["W"] + h[-1] @ w["U"] + w["b"]))
    return {"h": np.stack(h)}


def _rnn_backward(w, kept, dh):
    h = kept["h"]
    da = np.zeros_like(h[1:])
    for t in range(len(da), 0, -1):
        da[t - 1] = dh * (1 - h[t] ** 2)
        dh = da[t - 1] @ w["U"].mT
    return {"": h[:-1]}, {"": da}


def _sigmoid(a):
    return (1 + np.tanh(a / 2)) / 2  # the same function as `cells.sigmoid`, and faster


def _gru_forward(w, x_by_step):
    h = np.zeros((*x_by_step.shape[1:-1], w["U_h"].shape[-1]), dtype=x_by_step.dtype)
    kept = {"h": [h], "r": [], "z": [], "candidate": []}
    for x_t in x_by_step:
        r = _sigmoid(x_t @ w["W_r"] + h @ w["U_r"] + w["b_r"])
        z = _sigmoid(x_t @ w["W_z"] + h @ w["U_z"] + w["b_z"])
        candidate = np.tanh(x_t @ w["W_h"] + (r * h) @ w["U_h"] + w["b_h"])
        h = (1 - z) * h + z * candidate
        for name, value in zip(kept, (h, r, z, candidate), strict=True):
            kept[name].append(value)
    return {name: np.stack(values) for name, values in kept.items()}


def _gru_backward(w, kept, dh):
    states = kept["h"][:-1]  # the states before each step
    da = {gate: np.zeros_like(states) for gate in ("_r", "_z", "_h")}
    for t in reversed(range(len(states))):
        h, r, z, candidate = states[t], kept["r"][t], kept["z"][t], kept["candidate"][t]
        da_h = dh * z * (1 - candidate**2)
        d_rh = da_h @ w["U_h"].mT
        da_z = dh * (candidate - h) * z * (1 - z)
        da_r = d_rh * h * r * (1 - r)
        dh = dh * (1 - z) + d_rh * r + da_z @ w["U_z"].mT + da_r @ w["U_r"].mT
        da["_r"][t], da["_z"][t], da["_h"][t] = da_r, da_z, da_h
    return {"_r": states, "_z": states, "_h": kept["r"] * states}, da


def _lstm_forward(w, x_by_step):
    h = c = np.zeros((*x_by_step.shape[1:-1], w["U_c"].shape[-1]), dtype=x_by_step.dtype)
    kept = {"h": [h], "c": [c], "i": [], "f": [], "candidate": [], "o": []}
    for x_t in x_by_step:
        i, f, o = (_sigmoid(x_t @ w[f"W_{gate}"] + h @ w[f"U_{gate}"] + w[f"b_{gate}"]) for gate in "ifo")
        candidate = np.tanh(x_t @ w["W_c"] + h @ w["U_c"] + w["b_c"])
        c = f * c + i * candidate
        h = o * np.tanh(c)
        for name, value in zip(kept, (h, c, i, f, candidate, o), strict=True):
            kept[name].append(value)
    return {name: np.stack(values) for name, values in kept.items()}


def _lstm_backward(w, kept, dh):
    states, dc = kept["h"][:-1], 0
    da = {f"_{gate}": np.zeros_like(states) for gate in "ifco"}
    for t in reversed(range(len(states))):
        i, f, candidate, o = (kept[name][t] for name in ("i", "f", "candidate", "o"))
        tanh_c = np.tanh(kept["c"][t + 1])
        dc = dc + dh * o * (1 - tanh_c**2)
        da["_o"][t] = dh * tanh_c * o * (1 - o)
        da["_f"][t] = dc * kept["c"][t] * f * (1 - f)
        da["_i"][t] = dc * candidate * i * (1 - i)
        da["_c"][t] = dc * i * (1 - candidate**2)
        dc = dc * f
        dh = sum(da[gate][t] @ w[f"U{gate}"].mT for gate in da)
    return dict.fromkeys(da, states), da


PASSES = {
    "RNN": (_rnn_forward, _rnn_backward),
    "GRU": (_gru_forward, _gru_backward),
    "LSTM": (_lstm_forward, _lstm_backward),
}


def _sequences(length, samples, rng):
    """Return single-precision sequences and answers for a whole stack."""
    x, answer = recall_task(length, NETWORKS * samples, rng)
    shape = (NETWORKS, samples)
    return x.reshape(*shape, length, 2).astype(np.float32), answer.reshape(*shape, 1).astype(np.float32)


def _right(p, answer):
    return (np.sign(p) == answer).mean(axis=(-2, -1))


def _new_weights(kind, biases, rng):
    """Return the random weights of a stack, in single precision."""
    cell = getattr(cells, kind)
    drawn = [cell.initialise(2, UNITS, rng).weights for _ in range(NETWORKS)]
    weights = {name: np.stack([one[name] for one in drawn]) for name in drawn[0]}
    if not set(biases) <= set(weights):
        raise ValueError(f"{kind} has no {sorted(set(biases) - set(weights))}; its weights are {list(weights)}.")
    for name in weights:
        if name[0] == "b":
            weights[name] = weights[name][:, np.newaxis]
            weights[name][:] = biases.get(name, weights[name])
    weights |= {"V": rng.normal(scale=UNITS**-0.5, size=(NETWORKS, UNITS, 1)), "b_V": np.zeros((NETWORKS, 1, 1))}
    return {name: array.astype(np.float32) for name, array in weights.items()}


def _as_cell(kind, weights, number):
    """Return one network of a stack, without its last layer."""
    one = {name: array[number] for name, array in weights.items() if "V" not in name}
    return getattr(cells, kind)(**{name: array[0] if name[0] == "b" else array for name, array in one.items()})
