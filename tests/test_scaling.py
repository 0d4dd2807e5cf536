"""tools.scaling: what is computed from the measured times. The measurement itself is `run.py bench --scaling`."""

import pytest

from tools import scaling

ALONE = (24.0, [(1, 0.0, 12.0), (1, 12.0, 14.0), (1, 14.0, 16.0), (1, 16.0, 18.0)])
PAIR = (15.0, [(1, 0.0, 12.0), (2, 0.0, 12.0), (1, 12.0, 14.0), (2, 12.0, 14.0)])


@pytest.fixture(autouse=True)
def _four_stations(monkeypatch):
    monkeypatch.setattr(scaling, "STATIONS", 4)


def test_what_is_not_a_stations_own_is_the_fixed_part():
    assert scaling.at_one_worker(ALONE) == (16.0, 2.0)


def test_efficiency_is_against_one_worker():
    lines = scaling.measured({1: ALONE, 2: PAIR})
    assert lines[2].split() == ["1", "24.0", "10.0", "100%"]
    assert lines[3].split() == ["2", "15.0", "16.0", "80%"]
    assert "16.0 s to start and compile (67%), 2.00 s a station" in lines[4]


def test_with_many_workers_the_scheduler_is_the_bottleneck_and_batches_help():
    rows = [line.split() for line in scaling.on_paper(10.0, 1.0, {1: 0.01, 100: 0.0001})[3:]]
    assert [row[:2] for row in rows] == [[n, w] for n in ("10000", "1000000") for w in ("2", "100", "1000")]
    assert rows[0][2:] == ["1.39", "1.39"]  # 10 s and 5,000 stations a worker
    assert rows[2][2:] == ["0.03", "0.01"]  # 10,000 tasks of 10 ms; 10 s and 10 stations a worker
    assert rows[5][2:] == ["2.78", "0.28"]
