"""The NumPy cells against Keras, against the equations written out once more, and against central differences."""

import math
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers.cells import (
    GRU,
    LSTM,
    RNN,
    gru_parameters,
    lstm_parameters,
    rnn_parameters,
    sigmoid,
    state_jacobians,
)

# kind: (Keras layer, NumPy cell, what both need besides the sizes)
KINDS = {
    "rnn": (keras.layers.SimpleRNN, RNN, {}),
    "gru-before": (keras.layers.GRU, GRU, {"reset_after": False}),
    "gru-after": (keras.layers.GRU, GRU, {"reset_after": True}),
    "lstm": (keras.layers.LSTM, LSTM, {}),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def drawn_sizes(count):
    """Return (units, features, steps): both ends of the ranges, then random ones."""
    rng = np.random.default_rng(20)
    ends = [(1, 1, 1), (64, 16, 200)]
    return ends + rng.integers([1, 1, 1], [65, 17, 201], size=(count, 3)).tolist()


def keras_layer(kind, features, units, rng, dtype="float64", **options):
    """Return a built Keras layer whose weights, biases too, are all random."""
    make, _, extra = KINDS[kind]
    layer = make(units, return_sequences=True, dtype=dtype, **extra, **options)
    layer.build((None, None, features))
    # kernel, recurrent kernel, bias if any; twice as large a recurrent kernel would let rounding errors live on
    scales = (1 / math.sqrt(features), 0.5 / math.sqrt(units), 0.5)
    layer.set_weights([rng.normal(0, scales[k], w.shape) for k, w in enumerate(layer.get_weights())])
    return layer


def numpy_cell(kind, features, units, rng):
    """Return a NumPy cell whose weights, biases too, are all random."""
    _, make, extra = KINDS[kind]
    cell = make.initialise(features, units, rng, **extra)
    for name, array in cell.weights.items():
        if name.startswith("b"):
            array[:] = rng.normal(0, 0.5, units)
    return cell


def random_state(kind, batch, units, rng):
    """Return an initial state as `forward` takes it: a pair for the LSTM, else one array."""
    states = rng.normal(0, 0.5, (2, batch, units))
    return tuple(states) if kind == "lstm" else states[0]


def as_list(state):
    """Return the state's arrays: two for the LSTM, else one."""
    return list(state) if isinstance(state, tuple) else [state]


def quick(function, steps):
    """Return a function of tensors as a graph if the series is long: for a short one, preparing it takes longer."""
    return tf.function(function, autograph=False) if steps > 20 else function


def run_keras(layer, x, state=None):
    """Return all hidden states of a Keras layer."""
    tensors = None if state is None else [tf.constant(s, layer.dtype) for s in as_list(state)]
    run = quick(lambda x: layer(x, initial_state=tensors), x.shape[1])
    return run(tf.constant(x, layer.dtype)).numpy()


def in_the_shape_of_keras(kind, gradients):
    """Lay a cell's gradients out as Keras lays out its weights."""
    g = gradients
    if kind == "rnn":
        return [g["W"], g["U"], g["b"]]
    if kind == "lstm":
        return [np.concatenate([g[f"{letter}_{gate}"] for gate in "ifco"], axis=-1) for letter in "WUb"]
    kernels = [np.hstack([-g[f"{letter}_z"], g[f"{letter}_r"], g[f"{letter}_h"]]) for letter in "WU"]
    bias = np.hstack([-g["b_z"], g["b_r"], g["b_h"]])
    if kind == "gru-after":
        bias = np.stack([bias, np.hstack([-g["b_z"], g["b_r"], g["b_Uh"]])])
    return [*kernels, bias]


# Against Keras


@every_kind
@pytest.mark.parametrize(
    ("sizes", "dtype"),
    [(sizes, "float64") for sizes in drawn_sizes(4)] + [(sizes, "float32") for sizes in drawn_sizes(0)],
    ids=str,
)
def test_outputs_equal_those_of_keras(kind, dtype, sizes):
    units, features, steps = sizes
    rng = np.random.default_rng(sizes)
    layer = keras_layer(kind, features, units, rng, dtype)
    x = rng.normal(size=(3, steps, features)).astype(dtype)
    state = random_state(kind, 3, units, rng)
    found = KINDS[kind][1].from_keras(layer).forward(x, state)
    assert found.dtype == np.float64
    # single precision alone costs about 5e-7; in double precision, no mistake can hide behind it
    tolerance = {"float32": 1e-6, "float64": 1e-13}[dtype]
    np.testing.assert_allclose(found, run_keras(layer, x, state), rtol=0, atol=tolerance)


@every_kind
@pytest.mark.parametrize("use_bias", [True, False])
def test_outputs_equal_those_of_keras_from_a_zero_state_and_without_bias(kind, use_bias):
    rng = np.random.default_rng(1)
    layer = keras_layer(kind, 3, 7, rng, use_bias=use_bias)
    x = rng.normal(size=(2, 12, 3))
    found = KINDS[kind][1].from_keras(layer).forward(x)
    np.testing.assert_allclose(found, run_keras(layer, x), rtol=0, atol=1e-13)


@every_kind
@pytest.mark.parametrize("sizes", [(1, 1, 1), (5, 4, 7), (32, 6, 60)], ids=str)
def test_gradients_equal_those_of_gradient_tape(kind, sizes):
    units, features, steps = sizes
    rng = np.random.default_rng(sizes)
    layer = keras_layer(kind, features, units, rng)
    x = rng.normal(size=(3, steps, features))
    state = random_state(kind, 3, units, rng)
    grad = rng.normal(size=(3, steps, units))

    cell = KINDS[kind][1].from_keras(layer)
    cell.forward(x, state)
    found = cell.backward(grad)

    def tape_gradients(x, state):
        with tf.GradientTape() as tape:
            tape.watch([x, *state])
            loss = tf.reduce_sum(layer(x, initial_state=state) * grad)
        return tape.gradient(loss, [*(w.value for w in layer.trainable_weights), x, *state])

    expected = quick(tape_gradients, steps)(tf.constant(x), [tf.constant(s) for s in as_list(state)])
    found = [*in_the_shape_of_keras(kind, found), found["x"], *as_list(found["initial_state"])]
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected, strict=True):
        assert ours.shape == theirs.shape
        # 1e-5 is what is promised; double precision allows far more
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-11 * np.abs(theirs).max())


@pytest.mark.parametrize("features", [1, 4, 9])
@pytest.mark.parametrize("units", [1, 5, 32])
def test_parameter_formulas_equal_count_params(features, units):
    rng = np.random.default_rng(0)
    formulas = {
        "rnn": rnn_parameters(features, units),
        "gru-before": gru_parameters(features, units, reset_after=False),
        "gru-after": gru_parameters(features, units, reset_after=True),
        "lstm": lstm_parameters(features, units),
    }
    for kind, expected in formulas.items():
        layer = keras_layer(kind, features, units, rng)
        assert expected == layer.count_params()
        held = sum(array.size for array in KINDS[kind][1].from_keras(layer).weights.values())
        assert held == expected - (2 * units if kind == "gru-after" else 0)  # as gru_parameters explains


def test_parameter_formulas_give_the_published_examples():
    assert gru_parameters(4, 5, reset_after=False) == 150
    assert gru_parameters(4, 5, reset_after=True) == 165
    assert gru_parameters(1, 32, reset_after=True) == 3360
    assert lstm_parameters(1, 32) == 4352


@every_kind
def test_initialise_draws_as_keras_does(kind):
    make_keras, make, extra = KINDS[kind]
    layer = make_keras(48, seed=3, **extra)
    layer.build((None, None, 40))
    ours, theirs = make.initialise(40, 48, np.random.default_rng(4), **extra), make.from_keras(layer)
    kernels, recurrent = (
        [np.hstack([w for name, w in cell.weights.items() if name[0] == letter]) for cell in (ours, theirs)]
        for letter in "WU"
    )
    # of thousands of uniform draws, the largest comes within 1 % of the limit, which shows the limit
    assert np.abs(kernels[0]).max() == pytest.approx(np.abs(kernels[1]).max(), rel=0.01)
    assert kernels[0].std() == pytest.approx(kernels[1].std(), rel=0.05)
    for wide in recurrent:
        np.testing.assert_allclose(wide @ wide.T, np.eye(48), atol=1e-5)
    for name, array in ours.weights.items():
        if name[0] == "b":
            np.testing.assert_array_equal(array, theirs.weights[name])


def test_initialise_favours_no_direction():
    rng = np.random.default_rng(5)
    mean = np.mean([RNN.initialise(1, 2, rng).U for _ in range(400)], axis=0)
    assert np.abs(mean).max() < 0.15  # QR without mended signs gives −0.64 on the diagonal


@every_kind
def test_initialise_depends_on_the_generator_alone(kind):
    _, make, extra = KINDS[kind]
    first, again, other = (make.initialise(2, 3, np.random.default_rng(s), **extra).weights for s in (6, 6, 7))
    for name in first:
        np.testing.assert_array_equal(first[name], again[name])
    assert any((first[name] != other[name]).any() for name in first)


# Against the equations, written out once more


def textbook_gru_step(h, x, W_r, b_r, W_z, b_z, W_h, b_h):
    """One step of the textbook's GRU: columns, and matrices that meet the stacked [h, x]."""
    r = 1 / (1 + np.exp(-(W_r @ np.concatenate([h, x]) + b_r)))
    z = 1 / (1 + np.exp(-(W_z @ np.concatenate([h, x]) + b_z)))
    candidate = np.tanh(W_h @ np.concatenate([r * h, x]) + b_h)
    return r, z, candidate, (1 - z) * h + z * candidate


def test_gru_is_the_textbooks():
    rng = np.random.default_rng(8)
    units, features, steps = 4, 3, 6
    stacked = {f"W_{gate}": rng.normal(size=(units, units + features)) for gate in "rzh"}
    biases = {f"b_{gate}": rng.normal(size=units) for gate in "rzh"}
    split = {f"U_{gate}": stacked[f"W_{gate}"][:, :units].T for gate in "rzh"}
    split |= {f"W_{gate}": stacked[f"W_{gate}"][:, units:].T for gate in "rzh"}
    cell = GRU(**split, **biases)
    x, state = rng.normal(size=(2, steps, features)), rng.normal(size=(2, units))
    found = cell.forward(x, state)
    for sample in range(2):
        h = state[sample]
        for t in range(steps):
            r, z, candidate, h = textbook_gru_step(h, x[sample, t], **stacked, **biases)
            np.testing.assert_allclose(found[sample, t], h, rtol=1e-13)
            np.testing.assert_allclose(cell.r[sample, t], r, rtol=1e-13)
            np.testing.assert_allclose(cell.z[sample, t], z, rtol=1e-13)
            np.testing.assert_allclose(cell.candidate[sample, t], candidate, rtol=1e-13)


def pytorch_gru(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """Return all hidden states of one series by the four formulas in the documentation of torch.nn.GRU."""
    W_ir, W_iz, W_in = weight_ih.reshape(3, len(h), -1)
    W_hr, W_hz, W_hn = weight_hh.reshape(3, len(h), -1)
    b_ir, b_iz, b_in = bias_ih.reshape(3, -1)
    b_hr, b_hz, b_hn = bias_hh.reshape(3, -1)
    states = []
    for x_t in x:
        r = 1 / (1 + np.exp(-(W_ir @ x_t + b_ir + W_hr @ h + b_hr)))
        z = 1 / (1 + np.exp(-(W_iz @ x_t + b_iz + W_hz @ h + b_hz)))
        n = np.tanh(W_in @ x_t + b_in + r * (W_hn @ h + b_hn))
        h = (1 - z) * n + z * h
        states.append(h)
    return np.array(states)


@pytest.mark.parametrize(("units", "features"), [(1, 1), (4, 3), (3, 5)])
def test_from_torch_follows_pytorchs_formulas(units, features):
    rng = np.random.default_rng(9)
    shapes = [(3 * units, features), (3 * units, units), (3 * units,), (3 * units,)]
    weights = [rng.normal(size=shape) for shape in shapes]
    x, state = rng.normal(size=(2, 9, features)), rng.normal(size=(2, units))
    found = GRU.from_torch(*weights).forward(x, state)
    expected = [pytorch_gru(x[k], state[k], *weights) for k in range(2)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_lstm_keeps_gates_that_give_its_states():
    rng = np.random.default_rng(10)
    cell = numpy_cell("lstm", 2, 3, rng)
    h_0, c_0 = random_state("lstm", 2, 3, rng)
    x = rng.normal(size=(2, 5, 2))
    h = cell.forward(x, (h_0, c_0))
    h_before = np.concatenate([h_0[:, np.newaxis], h[:, :-1]], axis=1)
    c_before = np.concatenate([c_0[:, np.newaxis], cell.c[:, :-1]], axis=1)
    for gate in "ifo":
        inside = x @ cell.weights[f"W_{gate}"] + h_before @ cell.weights[f"U_{gate}"] + cell.weights[f"b_{gate}"]
        np.testing.assert_allclose(getattr(cell, gate), 1 / (1 + np.exp(-inside)), rtol=1e-13)
    np.testing.assert_allclose(cell.candidate, np.tanh(x @ cell.W_c + h_before @ cell.U_c + cell.b_c))
    np.testing.assert_allclose(cell.c, cell.f * c_before + cell.i * cell.candidate, rtol=1e-13)
    np.testing.assert_allclose(h, cell.o * np.tanh(cell.c), rtol=1e-13)


# Against central differences


def central_differences(f, array, step=1e-5):
    """Return the derivative of f() with respect to each entry of `array`, which f reads."""
    derivatives = []
    for index in np.ndindex(array.shape):
        value = array[index]
        array[index] = value + step
        above = f()
        array[index] = value - step
        below = f()
        array[index] = value
        derivatives.append((above - below) / (2 * step))
    return np.array(derivatives)


@every_kind
def test_gradients_equal_central_differences(kind):
    rng = np.random.default_rng(11)
    cell = numpy_cell(kind, 2, 3, rng)
    x, grad = rng.normal(size=(2, 5, 2)), rng.normal(size=(2, 5, 3))
    state = random_state(kind, 2, 3, rng)
    cell.forward(x, state)
    gradients = cell.backward(grad)
    assert set(cell.weights) < set(gradients)
    pairs = [(gradients[name], array) for name, array in cell.weights.items()]
    pairs += [(gradients["x"], x), *zip(as_list(gradients["initial_state"]), as_list(state), strict=True)]
    for found, array in pairs:
        expected = central_differences(lambda: np.sum(cell.forward(x, state) * grad), array)
        np.testing.assert_allclose(found, expected.reshape(array.shape), rtol=0, atol=1e-7)


@pytest.mark.parametrize("kind", ["rnn", "gru-before", "gru-after"])
def test_state_jacobians_equal_central_differences(kind):
    rng = np.random.default_rng(12)
    cell = numpy_cell(kind, 2, 3, rng)
    x = rng.normal(size=(6, 2))
    h = cell.forward(x[np.newaxis])
    found = state_jacobians(cell, x)
    assert found.shape == (6, 3, 3)
    np.testing.assert_array_equal(found[-1], np.eye(3))
    for t in range(5):
        h_t = h[:, t].copy()
        columns = central_differences(lambda t=t, h_t=h_t: cell.forward(x[np.newaxis, t + 1 :], h_t)[0, -1], h_t)
        np.testing.assert_allclose(found[t], columns.T, rtol=0, atol=1e-9)


def test_state_jacobians_leave_the_cell_as_it_was():
    rng = np.random.default_rng(13)
    cell = numpy_cell("gru-before", 2, 3, rng)
    cell.forward(rng.normal(size=(4, 7, 2)))
    kept = {name: getattr(cell, name).copy() for name in ("x", "r", "z", "candidate", "h", "initial_state")}
    state_jacobians(cell, rng.normal(size=(5, 2)))
    for name, array in kept.items():
        np.testing.assert_array_equal(getattr(cell, name), array)


@pytest.mark.parametrize("kind", ["rnn", "gru-before", "gru-after"])
def test_gradients_of_the_states_count_every_path(kind):
    rng = np.random.default_rng(14)
    cell = numpy_cell(kind, 2, 3, rng)
    x, grad = rng.normal(size=(1, 5, 2)), rng.normal(size=(1, 5, 3))
    h = cell.forward(x)
    found = cell.backward(grad)["h"]
    np.testing.assert_array_equal(found[:, -1], grad[:, -1])
    for t in range(4):
        h_t = h[:, t].copy()

        def loss(t=t, h_t=h_t):
            later = cell.forward(x[:, t + 1 :], h_t)
            return np.sum(h_t * grad[:, t]) + np.sum(later * grad[:, t + 1 :])

        np.testing.assert_allclose(found[0, t], central_differences(loss, h_t), rtol=0, atol=1e-8)


def test_gradients_of_both_lstm_states_count_what_they_say():
    rng = np.random.default_rng(15)
    cell = numpy_cell("lstm", 2, 3, rng)
    x, grad = rng.normal(size=(1, 5, 2)), rng.normal(size=(1, 5, 3))
    h = cell.forward(x)
    c, o = cell.c.copy(), cell.o.copy()
    found = cell.backward(grad)
    for t in range(4):
        h_t, c_t = h[:, t].copy(), c[:, t].copy()

        def loss(h_t, c_t, t=t):
            later = cell.forward(x[:, t + 1 :], (h_t, c_t))
            return np.sum(h_t * grad[:, t]) + np.sum(later * grad[:, t + 1 :])

        by_h = central_differences(lambda h_t=h_t, c_t=c_t, loss=loss: loss(h_t, c_t), h_t)
        by_c = central_differences(lambda c_t=c_t, loss=loss, t=t: loss(o[:, t] * np.tanh(c_t), c_t), c_t)
        np.testing.assert_allclose(found["h"][0, t], by_h, rtol=0, atol=1e-8)
        np.testing.assert_allclose(found["c"][0, t], by_c, rtol=0, atol=1e-8)


# Small things


def test_sigmoid_is_accurate_and_never_overflows():
    a = np.linspace(-700, 700, 2801)
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_allclose(sigmoid(a), 1 / (1 + np.exp(-a)), rtol=1e-12)
        np.testing.assert_array_equal(sigmoid([-np.inf, -1e300, 0, 1e300, np.inf]), [0, 0, 0.5, 1, 1])
        assert sigmoid(np.uint8(2)) == pytest.approx(1 / (1 + math.exp(-2)))
    assert sigmoid(np.float32([1])).dtype == np.float32


@every_kind
def test_dtype_holds_throughout(kind):
    rng = np.random.default_rng(16)
    layer = keras_layer(kind, 2, 3, rng)
    cell = KINDS[kind][1].from_keras(layer, dtype=np.float32)
    h = cell.forward(rng.normal(size=(2, 4, 2)))
    gradients = cell.backward(np.ones_like(h))
    arrays = [h, *cell.weights.values(), *as_list(gradients.pop("initial_state")), *gradients.values()]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


@every_kind
def test_backward_does_not_depend_on_arrays_that_the_caller_holds(kind):
    rng = np.random.default_rng(17)
    cell = numpy_cell(kind, 2, 3, rng)
    x, grad, state = rng.normal(size=(2, 4, 2)), rng.normal(size=(2, 4, 3)), random_state(kind, 2, 3, rng)
    h = cell.forward(x, state)
    before = cell.backward(grad)
    for array in (x, h, *as_list(state)):
        array[:] = 99
    after = cell.backward(grad)
    for name in cell.weights:
        np.testing.assert_array_equal(before[name], after[name])


def test_gru_b_Uh_is_zero_if_left_out():  # noqa: N802
    rng = np.random.default_rng(18)
    weights = numpy_cell("gru-before", 2, 3, rng).weights
    x = rng.normal(size=(1, 4, 2))
    left_out = GRU(**weights, reset_after=True).forward(x)
    np.testing.assert_array_equal(left_out, GRU(**weights, b_Uh=np.zeros(3), reset_after=True).forward(x))
    assert np.abs(left_out - GRU(**weights).forward(x)).max() > 1e-3


def test_importing_the_cells_loads_no_keras():
    code = "import sys, helpers.cells; sys.exit(any(m in sys.modules for m in ('keras', 'tensorflow')))"
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parent.parent, check=True)


# Errors


@every_kind
@pytest.mark.parametrize("shape", [(5, 2), (2, 5, 3), (2, 0, 2), (1, 2, 5, 2)], ids=str)
def test_forward_names_a_wrong_shape(kind, shape):
    cell = numpy_cell(kind, 2, 4, np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"\(batch, time, features\) with 2 features.*found shape") as error:
        cell.forward(np.zeros(shape))
    assert str(shape) in str(error.value)


@every_kind
@pytest.mark.parametrize("shape", [(3,), (2, 3), (1, 4)], ids=str)
def test_forward_names_a_wrong_initial_state(kind, shape):
    cell = numpy_cell(kind, 2, 4, np.random.default_rng(0))
    state = (np.zeros((2, 4)), np.zeros(shape)) if kind == "lstm" else np.zeros(shape)
    with pytest.raises(ValueError, match=r"\(batch, units\) = \(2, 4\)") as error:
        cell.forward(np.zeros((2, 5, 2)), state)
    assert str(shape) in str(error.value)


def test_lstm_needs_a_pair_as_initial_state():
    cell = numpy_cell("lstm", 2, 4, np.random.default_rng(0))
    for state in (np.zeros((2, 4)), (np.zeros((2, 4)),)):
        with pytest.raises(ValueError, match=r"pair \(h, c\); found"):
            cell.forward(np.zeros((2, 5, 2)), state)


@every_kind
def test_backward_refuses_a_gradient_of_the_last_step_alone(kind):
    cell = numpy_cell(kind, 2, 4, np.random.default_rng(0))
    with pytest.raises(RuntimeError, match="Call forward first"):
        cell.backward(np.zeros((2, 5, 4)))
    cell.forward(np.zeros((2, 5, 2)))
    with pytest.raises(ValueError, match=r"= \(2, 5, 4\); found \(2, 4\)"):
        cell.backward(np.zeros((2, 4)))


@every_kind
def test_weights_have_to_fit_together(kind):
    cell = numpy_cell(kind, 2, 4, np.random.default_rng(0))
    extra = KINDS[kind][2]
    for name, array in cell.weights.items():
        with pytest.raises(ValueError, match=r"must have shape.*found shape"):
            type(cell)(**cell.weights | {name: np.zeros((*array.shape, 1))}, **extra)
        with pytest.raises(ValueError, match=r"must have shape.*found shape"):
            type(cell)(**cell.weights | {name: np.zeros([size + 1 for size in array.shape])}, **extra)
    with pytest.raises(ValueError, match=r"floating-point type.*int64"):
        type(cell)(**cell.weights, **extra, dtype=np.int64)


def test_second_bias_needs_reset_after():
    weights = numpy_cell("gru-after", 2, 4, np.random.default_rng(0)).weights
    with pytest.raises(ValueError, match="reset_after=True"):
        GRU(**weights)


REFUSED = {
    "activation": "relu",
    "recurrent_activation": "hard_sigmoid",
    "go_backwards": True,
    "stateful": True,
}
# SimpleRNN has no recurrent activation
REFUSALS = [(kind, name) for kind in KINDS for name in REFUSED if (kind, name) != ("rnn", "recurrent_activation")]


@pytest.mark.parametrize(("kind", "name"), REFUSALS)
def test_from_keras_refuses_what_it_cannot_do(kind, name):
    make_keras, make, extra = KINDS[kind]
    layer = make_keras(3, **extra, **{name: REFUSED[name]})
    with pytest.raises(ValueError, match=f"found {name}={REFUSED[name]!r}"):
        make.from_keras(layer)


@every_kind
def test_from_keras_refuses_a_masked_layer(kind):
    make_keras, make, extra = KINDS[kind]
    layer = make_keras(3, **extra)
    keras.Sequential([keras.Input((None, 2)), keras.layers.Masking(), layer])
    with pytest.raises(ValueError, match="gets one"):
        make.from_keras(layer)


@every_kind
@pytest.mark.parametrize("wrap", [keras.layers.Bidirectional, keras.layers.TimeDistributed], ids=lambda w: w.__name__)
def test_from_keras_refuses_a_layer_that_another_may_mask(kind, wrap):
    """In Bidirectional, the mask of a Masking before it leaves no trace in the layer itself."""
    make_keras, make, extra = KINDS[kind]
    wrapper = wrap(make_keras(3, **extra))
    shape = (None, 2) if wrap is keras.layers.Bidirectional else (4, None, 2)
    keras.Sequential([keras.Input(shape), keras.layers.Masking(), wrapper])
    layer = wrapper.forward_layer if wrap is keras.layers.Bidirectional else wrapper.layer
    with pytest.raises(ValueError, match=r"may give it a mask.*get_weights"):
        make.from_keras(layer)


@every_kind
def test_from_keras_does_as_its_refusal_of_a_wrapped_layer_says(kind):
    make_keras, make, extra = KINDS[kind]
    both = keras.layers.Bidirectional(make_keras(3, return_sequences=True, **extra))
    x = np.random.default_rng(21).normal(size=(2, 4, 2))
    expected = np.asarray(both(x))[..., :3]
    own = make_keras(3, **extra)
    own.build((None, None, 2))
    own.set_weights(both.forward_layer.get_weights())
    np.testing.assert_allclose(make.from_keras(own).forward(x), expected, rtol=0, atol=1e-6)


@every_kind
def test_from_keras_sees_the_mask_of_any_of_a_layers_models(kind):
    make_keras, make, extra = KINDS[kind]
    layer, x, mask = make_keras(3, **extra), keras.Input((None, 2)), keras.Input((None,))
    layer(x)
    make.from_keras(layer)
    layer(x, mask=mask)  # a second call, with a mask of numbers
    with pytest.raises(ValueError, match="gets one"):
        make.from_keras(layer)


@every_kind
def test_from_keras_takes_a_layer_with_dropout_which_acts_in_training_only(kind):
    rng = np.random.default_rng(22)
    layer = keras_layer(kind, 2, 3, rng, dropout=0.2, recurrent_dropout=0.3)
    x = rng.normal(size=(2, 6, 2))
    np.testing.assert_allclose(KINDS[kind][1].from_keras(layer).forward(x), run_keras(layer, x), rtol=0, atol=1e-13)


@every_kind
def test_from_keras_takes_a_layer_of_a_model(kind):
    make_keras, make, extra = KINDS[kind]
    layer = make_keras(3, **extra)
    keras.Sequential([keras.Input((None, 2)), layer])
    x = np.random.default_rng(19).normal(size=(2, 4, 2))
    np.testing.assert_allclose(make.from_keras(layer).forward(x)[:, -1], layer(x), rtol=0, atol=1e-6)


@every_kind
def test_from_keras_refuses_an_unbuilt_layer_and_another_kind(kind):
    make_keras, make, extra = KINDS[kind]
    with pytest.raises(ValueError, match=r"no weights yet.*layer\.build"):
        make.from_keras(make_keras(3, **extra))
    with pytest.raises(ValueError, match="found Dense"):
        make.from_keras(keras.layers.Dense(3))


def test_from_torch_names_wrong_shapes():
    right = [(6, 3), (6, 2), (6,), (6,)]
    GRU.from_torch(*map(np.zeros, right))
    wrong = {0: [(3, 6), (6,), (8, 3)], 1: [(2, 6), (6,), (8, 2)], 2: [(2,), (1, 6)], 3: [(2,), (1, 6)]}
    for position, shapes in wrong.items():
        for shape in shapes:
            given = [*right[:position], shape, *right[position + 1 :]]
            with pytest.raises(ValueError, match=r"\(3·units, features\).*found"):
                GRU.from_torch(*map(np.zeros, given))
    with pytest.raises(ValueError, match=r"found \[\(8, 3\), \(8, 2\)"):  # an LSTM's
        GRU.from_torch(*map(np.zeros, [(8, 3), (8, 2), (8,), (8,)]))


@pytest.mark.parametrize("size", [0, -1, 2.0, "3"])
def test_sizes_are_whole_and_positive(size):
    rng = np.random.default_rng(0)
    for count in (rnn_parameters, lstm_parameters, lambda m, n: gru_parameters(m, n, reset_after=True)):
        with pytest.raises(ValueError, match=r"features must be a whole number.*found"):
            count(size, 3)
        with pytest.raises(ValueError, match=r"units must be a whole number.*found"):
            count(3, size)
    for cell in (RNN, GRU, LSTM):
        with pytest.raises(ValueError, match=r"units must be a whole number.*found"):
            cell.initialise(2, size, rng)


@pytest.mark.parametrize("cell", [RNN, GRU, LSTM])
def test_initialise_needs_a_generator(cell):
    with pytest.raises(ValueError, match=r"default_rng\(0\); found 42"):
        cell.initialise(2, 3, 42)


def test_state_jacobians_refuse_an_lstm_and_a_batch():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="found LSTM"):
        state_jacobians(LSTM.initialise(2, 3, rng), np.zeros((5, 2)))
    with pytest.raises(ValueError, match=r"\(time, features\); found shape \(1, 5, 2\)"):
        state_jacobians(GRU.initialise(2, 3, rng), np.zeros((1, 5, 2)))
