"""What the declarations of lesson what_a_gru_remembers cannot say: the judge's short formula is that of a GRU."""

import numpy as np
import pytest

from helpers.cells import GRU
from helpers.exercises.what_a_gru_remembers import last_states
from helpers.recall import recall_task


@pytest.mark.parametrize(("mark_weight", "bias"), [(20, -10), (8, -3), (-2, 1)])
def test_last_states_are_those_of_a_gru_with_one_unit(mark_weight, bias):
    x, _ = recall_task(30, 40, np.random.default_rng(0))
    no_U, no_b = np.zeros((1, 1)), np.zeros(1)
    cell = GRU(
        W_r=np.zeros((2, 1)), U_r=no_U, b_r=no_b,
        W_z=[[0.0], [mark_weight]], U_z=no_U, b_z=[bias],
        W_h=[[3.0], [0.0]], U_h=no_U, b_h=no_b,
    )  # fmt: skip
    assert np.allclose(last_states(mark_weight, bias, x), cell.forward(x)[:, -1, 0])
