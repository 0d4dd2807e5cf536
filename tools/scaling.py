"""Measure how many stations a minute one worker and several train, and say what thousands would take.

Called by `python3 run.py bench --scaling`. Every number of workers gets processes of its own, so that starting,
importing and compiling are in its time. What is left out of reach here is computed from what was measured.
"""

import math
import os
import time

import dask
import numpy as np

from helpers import cluster
from helpers.data import stations
from helpers.forecasting import small_model
from helpers.models import start_anew
from helpers.windows import create_dataset

STATIONS, STEPS, BATCH = 48, 96, 128
TINY, TOGETHER = 10_000, 100


def report() -> str:
    """Train the stations with 1, 2 … workers, time tiny tasks, and return both as a table, with what follows."""
    runs = {workers: measure(workers) for workers in range(1, cluster.fitting() + 1)}
    overheads = {size: overhead(size) for size in (1, TOGETHER)}
    fixed, each = at_one_worker(runs[1])
    return "\n".join([*measured(runs), *tiny(overheads), *on_paper(fixed, each, overheads)])


def train(number: int) -> tuple[int, float, float]:
    """Train a network for one station; return the process, and when it began and ended."""
    began = time.time()
    series = cluster.once(simulated).iloc[:, number]
    X, y = create_dataset(((series - series.mean()) / series.std()).to_numpy("float32"), 14)
    network = cluster.once(untrained)
    start_anew(network, number)
    drawn = np.random.default_rng(number).integers(len(X), size=STEPS * BATCH)
    network.fit(X[drawn], y[drawn], batch_size=BATCH, verbose=0)
    return os.getpid(), began, time.time()


def simulated():
    return stations.simulate(STATIONS).temperature


def untrained():
    return small_model(1, units=8, steps=STEPS, jit_compile=False)


def measure(workers: int) -> tuple[float, list]:
    """Return the seconds that all stations take, the start of the workers included, and what each task tells."""
    began = time.perf_counter()
    with cluster.start(workers):
        told = cluster.compute([dask.delayed(train)(number) for number in range(STATIONS)])
    return time.perf_counter() - began, told


def at_one_worker(run: tuple[float, list]) -> tuple[float, float]:
    """Return what a run of one worker takes whatever its number of stations, and for each station; both in s."""
    seconds, told = run
    each = float(np.median([ended - began for _, began, ended in told]))
    return seconds - STATIONS * each, each


def overhead(size: int) -> float:
    """Return the seconds that a tiny task takes, if `size` of them are one task of Dask's."""
    batches = [range(first, first + size) for first in range(0, TINY, size)]
    with cluster.start(1):
        cluster.compute([dask.delayed(sum)(range(3))])
        began = time.perf_counter()
        cluster.compute([dask.delayed(sum)(batch) for batch in batches])
        return (time.perf_counter() - began) / TINY


def measured(runs: dict) -> list[str]:
    alone = runs[1][0]
    lines = [
        f"{STATIONS} stations, starting and compiling included",
        "workers   seconds   stations a minute   efficiency",
    ]
    for workers, (seconds, _) in runs.items():
        a_minute, efficiency = 60 * STATIONS / seconds, alone / seconds / workers
        lines.append(f"{workers:>7}{seconds:>10.1f}{a_minute:>20.1f}{efficiency:>13.0%}")
    fixed, each = at_one_worker(runs[1])
    share = fixed / alone
    return [*lines, f"one worker: {fixed:.1f} s to start and compile ({share:.0%}), {each:.2f} s a station", ""]


def tiny(overheads: dict) -> list[str]:
    return [f"{TINY} tiny tasks, {size} in a batch: {1000 * each:.2f} ms each" for size, each in overheads.items()]


def on_paper(fixed: float, each: float, overheads: dict) -> list[str]:
    """Return what more stations take: their work on all workers, but no less than the scheduler spends on the tasks."""
    lines = ["", "computed from these: hours for", "stations    workers   one a task   100 a task"]
    for count in (10_000, 1_000_000):
        for workers in (2, 100, 1000):
            work = fixed + math.ceil(count / workers) * each
            hours = [max(work, count * spent) / 3600 for spent in overheads.values()]
            lines.append(f"{count:>8}{workers:>11}{hours[0]:>13.2f}{hours[1]:>13.2f}")
    return lines
