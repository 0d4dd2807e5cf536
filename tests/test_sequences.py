"""`helpers.sequences`: the order of steps, and intervals over groups."""

import numpy as np
import pytest

from helpers.sequences import mean_by_group, shuffle_steps


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("shape", [(50, 9), (50, 9, 2)])
def test_each_sample_keeps_its_steps_in_an_order_of_its_own(shape, rng):
    x = np.arange(np.prod(shape)).reshape(shape)
    kept = x.copy()
    shuffled = shuffle_steps(x, rng)
    np.testing.assert_array_equal(x, kept)
    np.testing.assert_array_equal(np.sort(shuffled, axis=1), x)  # a step's features too: they grow together
    orders = np.argsort(shuffled.reshape(50, 9, -1)[:, :, 0], axis=1)
    assert len({tuple(order) for order in orders}) > 40


def test_padding_stays_where_it_is(rng):
    lengths = np.array([0, 1, 4, 6])
    x = np.where(np.arange(6) < lengths[:, np.newaxis], np.arange(1, 7), 0)
    for _ in range(20):
        shuffled = shuffle_steps(x, rng, lengths)
        np.testing.assert_array_equal(shuffled == 0, x == 0)
        np.testing.assert_array_equal(np.sort(shuffled), np.sort(x))


def test_every_order_is_as_likely(rng):
    x = np.tile([0, 1, 2, 9, 9], (12_000, 1))
    orders, counts = np.unique(shuffle_steps(x, rng, np.full(12_000, 3)), axis=0, return_counts=True)
    assert len(orders) == 6
    assert (abs(counts - 2000) < 200).all()  # five standard deviations


@pytest.mark.parametrize(
    ("lengths", "message"),
    [
        ([3, 3], "2 samples|shape"),
        ([3], r"shape \(1,\)"),
        ([1, 2, 7], "run from 1 to 7; there are 5"),
        ([-1, 2, 3], "-1"),
    ],
)
def test_lengths_that_do_not_fit(lengths, message, rng):
    with pytest.raises(ValueError, match=message):
        shuffle_steps(np.zeros((3, 5)), rng, lengths)


def test_mean_is_that_of_the_rows_and_the_interval_that_of_groups():
    groups = np.repeat(np.arange(20), 50)
    by_group = np.random.default_rng(1).normal(size=20)
    found = mean_by_group(by_group[groups], groups)
    assert found.mean == pytest.approx(by_group.mean())
    # all rows of a group are alike, so the interval is as wide as that of 20 numbers, not of 1,000
    spread = by_group.std() / np.sqrt(20)
    assert (found.high - found.low) == pytest.approx(2 * 1.96 * spread, rel=0.1)
    alone = mean_by_group(by_group[groups], np.arange(1000))
    assert (alone.high - alone.low) < (found.high - found.low) / 5


def test_interval_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(2)
    groups = np.repeat(np.arange(30), rng.integers(1, 9, size=30))
    held = 0
    for _ in range(400):
        values = rng.normal(size=30)[groups] + rng.normal(size=len(groups))
        found = mean_by_group(values, groups, draws=400)
        held += found.low <= 0 <= found.high
    assert 0.88 < held / 400 < 0.98


def test_names_of_groups_may_be_text():
    assert mean_by_group([0, 1, 1], ["a", "b", "b"]).mean == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("values", "groups", "message"),
    [
        ([1, 2], [1], r"shape \(2,\), groups \(1,\)"),
        ([[1, 2]], [[1, 2]], r"need \(rows,\)"),
        ([1, np.nan], [1, 2], "1 of 2 values"),
        ([1, 2], [1, 1], "at least two"),
        ([], [], "at least two"),
    ],
)
def test_scores_that_do_not_fit(values, groups, message):
    with pytest.raises(ValueError, match=message):
        mean_by_group(values, groups)
