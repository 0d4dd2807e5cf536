"""The recall task: its sequences, how far its gradient reaches, and stacks of networks trained on it."""

import numpy as np
import pytest

from helpers import cells, recall


def test_the_first_number_is_marked_and_is_the_answer():
    x, answer = recall.recall_task(7, 50, np.random.default_rng(0), size=3)
    assert x.shape == (50, 7, 2)
    assert answer.shape == (50, 1)
    assert set(np.unique(x[..., 0])) == {-3, 3}
    assert (x[:, 0, 1] == 1).all()
    assert (x[:, 1:, 1] == 0).all()
    assert (answer == x[:, 0, :1]).all()


def test_gradient_norms_count_from_the_last_step_back():
    def constant(rng):  # no input: h stays 0, and each step back multiplies by U
        return cells.RNN(W=np.zeros((2, 3)), U=0.5 * np.eye(3), b=np.zeros(3))

    norms = recall.gradient_norms(constant, length=13, networks=2)
    assert np.allclose(norms, 0.5 ** np.arange(13))
    assert np.isclose(recall.factor_a_step(norms), 0.5)


@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
def test_gradients_of_a_stack_are_those_of_its_cells(kind):
    rng = np.random.default_rng(1)
    single = [getattr(cells, kind).initialise(2, 4, rng) for _ in range(3)]
    weights = {name: np.stack([cell.weights[name] for cell in single]) for name in single[0].weights}
    weights = {name: array[:, np.newaxis] if name[0] == "b" else array for name, array in weights.items()}
    weights |= {"V": rng.normal(size=(3, 4, 1)), "b_V": rng.normal(size=(3, 1, 1))}
    x, answer = rng.normal(size=(3, 5, 6, 2)), rng.normal(size=(3, 5, 1))
    p, gradients = recall.output_and_gradients(kind, weights, x, answer)
    for number, cell in enumerate(single):
        V = weights["V"][number]
        h = cell.forward(x[number])
        output = h[:, -1] @ V + weights["b_V"][number]
        assert np.allclose(p[number], output)
        grad = np.zeros_like(h)
        grad[:, -1] = (output - answer[number]) / 5 @ V.T
        for name, expected in cell.backward(grad).items():
            if name in weights:
                assert np.allclose(gradients[name][number].reshape(expected.shape), expected), name
        assert np.allclose(gradients["V"][number], h[:, -1].T @ (output - answer[number]) / 5)
    assert set(gradients) == set(weights)


@pytest.mark.parametrize(("kind", "biases"), [("RNN", None), ("GRU", {"b_z": -4}), ("LSTM", {"b_f": 4, "b_i": -4})])
def test_a_trained_stack_answers_and_hands_out_its_cells(kind, biases):
    trained = recall.train(kind, 5, biases)
    assert (trained.right > 0.95).all()
    assert 20 <= trained.updates < recall.UPDATES
    assert len(trained.cells) == recall.NETWORKS
    x, answer = recall.recall_task(5, 200, np.random.default_rng(3))
    last = trained.cells[0].forward(x)[:, -1]
    fitted = last @ np.linalg.lstsq(last, answer, rcond=None)[0]
    assert (np.sign(fitted) == answer).mean() > 0.95


def test_biases_are_where_a_stack_starts():
    [cell, *_] = recall.train("GRU", 3, {"b_z": -40}, updates=1).cells
    assert np.abs(cell.b_z + 40).max() < 0.1
    with pytest.raises(ValueError, match="b_f"):
        recall.train("GRU", 3, {"b_f": 4})


def test_too_few_updates_teach_nothing():
    trained = recall.train("GRU", 30, updates=3)
    assert trained.updates == 3
    assert (trained.right < 0.7).all()


@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
def test_a_cut_message_leaves_the_marks_weights_without_gradient(kind):
    x, answer = recall.recall_task(6, recall.NETWORKS * 4, np.random.default_rng(0))
    x, answer = x.reshape(recall.NETWORKS, 4, 6, 2), answer.reshape(recall.NETWORKS, 4, 1)
    rng = np.random.default_rng(1)
    drawn = [getattr(cells, kind).initialise(2, 3, rng).weights for _ in range(recall.NETWORKS)]
    weights = {name: np.stack([one[name] for one in drawn]) for name in drawn[0]}
    weights = {name: array[:, np.newaxis] if name[0] == "b" else array for name, array in weights.items()}
    weights |= {"V": rng.normal(size=(recall.NETWORKS, 3, 1)), "b_V": np.zeros((recall.NETWORKS, 1, 1))}
    whole, all_steps, cut = (recall.output_and_gradients(kind, weights, x, answer, steps)[1] for steps in (None, 6, 5))
    for name, gradient in whole.items():
        assert np.array_equal(gradient, all_steps[name])
        if name[0] == "W":
            assert (cut[name][:, 1] == 0).all()
    assert any((whole[name][:, 1] != 0).all() for name in whole if name[0] == "W")


def test_without_updates_the_networks_start_alike_at_every_length():
    [short, long] = (recall.train("RNN", length, updates=0) for length in (3, 9))
    assert short.updates == 0
    assert all(np.array_equal(a.U, b.U) for a, b in zip(short.cells, long.cells, strict=True))
