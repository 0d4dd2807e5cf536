"""What the declarations of the lesson gru_by_hand cannot say."""

import numpy as np
import pytest

from helpers.exercises import gru_by_hand as check


@pytest.mark.parametrize("answer", [(np.nan, -7.0), (14.0, -np.inf)])
def test_weight_and_bias_are_finite(answer):
    assert "finite" in check.w_and_b.judge(answer).hint


def test_a_carried_rounding_is_forgiven():
    """Three decimals carried with a pencil, two written down."""
    r, z = 0.378, 0.731
    candidate = round(float(np.tanh(-1 + 2 * round(r * 0.6, 3))), 3)
    answer = [round(value, 2) for value in (r, z, candidate, (1 - z) * 0.6 + z * candidate)]
    assert check.by_pencil.judge(answer).correct
