"""Many tasks at once with Dask: on the cores of this computer, or on a cluster whose address is given.

    with cluster.start():
        results = cluster.compute([dask.delayed(train)(name) for name in names])

Nothing here computes or schedules: Dask does. Where its package `distributed` is missing, as on Colab, Dask's own
processes do the work; they know of no other computers, and of no dashboard.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import dask
import dask.sizeof
import psutil
from dask.callbacks import Callback
from dask.system import CPU_COUNT

if TYPE_CHECKING:
    from dask.delayed import Delayed
    from distributed import Client

WORKER_BYTES = 900_000_000
"""What a process with TensorFlow and a small network takes."""
HOST = "127.0.0.1"  # nobody but this computer gets in
HAS_DISTRIBUTED = find_spec("distributed") is not None

# To estimate sizes, Dask draws from Python's global random numbers, in a thread of its own: between the seed of a task
# and the initial weights that Keras draws with it, and the weights are others. So it gets numbers of its own, here and
# in every worker whose tasks use this module.
dask.sizeof.random = random.Random(0)

_kept: dict[tuple, Any] = {}


@contextmanager
def start(workers: int | None = None, *, address: str | None = None, threads: int = 1) -> Iterator[Client | None]:
    """Let Dask compute in other processes until the block ends; print what they are.

    A cluster that is there already is used as it is, and left running. What is started here is ended here, also after
    an error or an interrupt. It hears this computer alone.

    Parameters
    ----------
    workers
        How many processes to start on this computer; without it, as many as `fitting` says.
    address
        The scheduler of a cluster that is there already, such as "tls://10.0.0.5:8786"; without it, the one that
        the environment variable DASK_SCHEDULER_ADDRESS named when Python started. Without any, this computer.
    threads
        In how many threads TensorFlow and NumPy may compute inside a process that is started here.

    Yields
    ------
    distributed.Client or None
        The client, which Dask uses by itself from here on. None where `distributed` is missing.

    Raises
    ------
    ModuleNotFoundError
        If there is an address, but no `distributed`.
    OSError
        If nobody answers at the address.
    """
    address = address or dask.config.get("scheduler-address", None)
    workers = workers or fitting()
    settings = dict.fromkeys(
        ("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(threads)
    )
    if address:
        from distributed import Client

        with Client(address) as client:
            print(f"{_in_words(len(client.nthreads()))} at {address}, dashboard {client.dashboard_link}")
            yield client
    elif HAS_DISTRIBUTED:
        with _environment(settings), _local(workers) as client:
            print(f"{_in_words(workers)} on this computer, dashboard {client.dashboard_link}")
            yield client
    else:
        with _environment(settings), _processes(workers):
            print(f"{_in_words(workers)} on this computer, processes of Dask's own")
            yield None


def fitting() -> int:
    """Return how many workers fit on this computer: one a core, and 0.9 GB of free memory for each; at least one."""
    free = psutil.virtual_memory().available
    if HAS_DISTRIBUTED:
        from distributed.system import MEMORY_LIMIT  # knows the limits of a container

        free = min(free, MEMORY_LIMIT - psutil.Process().memory_info().rss)
    return max(1, min(CPU_COUNT, free // WORKER_BYTES))


def compute(tasks: Sequence[Delayed]) -> list:
    """Return the results of delayed tasks in their order, as `dask.compute` does, and count on one line what is done.

    Raises
    ------
    Exception
        What a task raised.
    """
    tasks, keys = list(tasks), {task.key for task in tasks}
    done = itertools.count(1)

    def tell() -> None:
        print(f"\r{next(done)} of {len(keys)} tasks done", end="", flush=True)

    client = _client()
    try:
        if client is None:
            with Callback(posttask=lambda key, *_: tell() if key in keys else None):
                return list(dask.compute(*tasks, chunksize=1))  # one task at a time to each process
        from distributed import as_completed

        futures = client.compute(tasks)
        for _ in as_completed(futures):
            tell()
        return client.gather(futures)
    finally:
        print()


def once(make: Callable, *arguments: Any) -> Any:
    """Return `make(*arguments)`, made once in each process, however many tasks ask for it.

    For what every task of a worker needs: a compiled network, a table of data. Who gets it must not change it, or
    bring it back to its start first (`helpers.models.start_anew`).
    """
    key = (make.__code__, arguments)  # the code, not the function: each task brings a copy of its own from a notebook
    if key not in _kept:
        _kept[key] = make(*arguments)
    return _kept[key]


def _in_words(workers: int) -> str:
    return f"{workers} worker{'s' * (workers != 1)}"


def _client() -> Client | None:
    if not HAS_DISTRIBUTED:
        return None
    from distributed import Client

    try:
        return Client.current()
    except ValueError:
        return None


@contextmanager
def _environment(settings: dict[str, str]) -> Iterator[None]:
    """Set variables for the processes that are started in this block; NumPy reads them once, when it is imported."""
    before = dict(os.environ)
    os.environ.update(settings)
    try:
        yield
    finally:
        for name in os.environ.keys() - before.keys():  # of the settings, and of those that Dask adds
            del os.environ[name]
        os.environ.update(before)


@contextmanager
def _local(workers: int) -> Iterator[Client]:
    from distributed import Client, LocalCluster

    # without a host of its own, the dashboard would hear every computer
    options = {"host": HOST, "dashboard_address": f"{HOST}:0", "silence_logs": "CRITICAL"}
    with LocalCluster(n_workers=workers, threads_per_worker=1, **options) as local, Client(local) as client:
        yield client


@contextmanager
def _processes(workers: int) -> Iterator[None]:
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))  # TensorFlow survives no fork
    before = multiprocessing.active_children()
    try:
        with dask.config.set(scheduler="processes", pool=pool):
            yield
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            if process not in before:
                process.terminate()
                process.join()
