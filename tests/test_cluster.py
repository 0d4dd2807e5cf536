"""helpers.cluster: Dask computes what a loop would, and nothing that was started outlives its block."""

import os
import random
import signal
import subprocess
import sys
import threading
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import dask
import dask.sizeof
import psutil
import pytest
from dask.system import CPU_COUNT

from helpers import cluster

ROOT = Path(__file__).parents[1]
ENGINES = ("distributed", "processes")


@pytest.fixture(params=ENGINES)
def engine(request, monkeypatch):
    """Run a test on both engines: with `distributed`, and as if it were not there."""
    monkeypatch.setattr(cluster, "HAS_DISTRIBUTED", request.param == "distributed")
    return request.param


@pytest.fixture(autouse=True)
def _nothing_is_left():
    before = set(psutil.Process().children(recursive=True))
    yield
    left = set(psutil.Process().children(recursive=True)) - before
    left = {process for process in left if "resource_tracker" not in " ".join(process.cmdline())}
    assert not left, "processes that were started are still there"


def square(number):
    return number**2, os.getpid()


def fails(number):
    raise ValueError(f"number {number} is at fault")


def dies_once(mark):
    if not Path(mark).exists():
        Path(mark).touch()
        os._exit(1)
    return "done"


def threads_of(names):
    """Return the settings, and how many threads NumPy takes."""
    import numpy as np
    from threadpoolctl import threadpool_info

    np.ones((2, 2)) @ np.ones((2, 2))
    return [os.environ.get(name) for name in names], {library["num_threads"] for library in threadpool_info()}


def listening():
    """Return the addresses on which this process and its children hear others."""
    family = [psutil.Process(), *psutil.Process().children(recursive=True)]
    connections = [found for process in family for found in process.net_connections("inet")]
    return {found.laddr.ip for found in connections if found.status == psutil.CONN_LISTEN}


def test_results_are_those_of_a_loop_in_its_order_and_from_other_processes(engine, capsys):
    with cluster.start(2):
        results = cluster.compute([dask.delayed(square)(number) for number in range(12)])
    assert [value for value, _ in results] == [number**2 for number in range(12)]
    assert os.getpid() not in {process for _, process in results}
    assert capsys.readouterr().out.endswith("\r12 of 12 tasks done\n")


def test_a_graph_hands_results_on(engine):
    first = dask.delayed(square)(3)
    with cluster.start(1):
        [total] = cluster.compute([dask.delayed(sum)([dask.delayed(square)(2)[0], first[0]])])
    assert total == 13


def stopped_by(error):
    with cluster.start(2):
        cluster.compute([dask.delayed(square)(1)])
        raise error


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_everything_ends_after_an_error_and_an_interrupt(engine, error):
    with pytest.raises(error):  # `_nothing_is_left` looks for what is left
        stopped_by(error)


def test_the_error_of_a_task_arrives(engine):
    with cluster.start(1), pytest.raises(ValueError, match="number 7 is at fault"):
        cluster.compute([dask.delayed(square)(1), dask.delayed(fails)(7)])


def test_a_worker_that_dies(engine, tmp_path):
    """Distributed gives its task to another worker; Dask's processes say that one died, and end."""
    tasks = [dask.delayed(dies_once)(str(tmp_path / "mark")), dask.delayed(square)(2)]
    if engine == "distributed":
        with cluster.start(2):
            results = cluster.compute(tasks)
        assert results[0] == "done"
        assert results[1][0] == 4
    else:
        with pytest.raises(BrokenProcessPool), cluster.start(2):
            cluster.compute(tasks)


def test_workers_hear_this_computer_alone(engine):
    with cluster.start(2):
        cluster.compute([dask.delayed(square)(1)])
        assert listening() <= {"127.0.0.1"}


@pytest.mark.parametrize("threads", [1, 2])
def test_threads_are_set_before_anything_is_imported(engine, threads):
    names = ["TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"]
    with cluster.start(1, threads=threads):
        [(values, numpy)] = cluster.compute([dask.delayed(threads_of)(names)])
    assert values == 3 * [str(threads)]
    assert numpy <= {min(threads, CPU_COUNT)}  # not on every platform does NumPy tell


def test_the_environment_is_as_before(engine):
    before = dict(os.environ)
    with cluster.start(1, threads=2):
        cluster.compute([dask.delayed(square)(1)])
    assert dict(os.environ) == before


def draws_while_dask_estimates(size):
    cluster.once(square, 2)  # as the tasks do, it uses the module
    random.seed(1)
    before = random.getstate()
    dask.sizeof.sizeof(dict.fromkeys(range(size), "text"))
    return random.getstate() != before


def test_dask_leaves_the_random_numbers_of_a_task_alone(engine):
    with cluster.start(1):
        assert cluster.compute([dask.delayed(draws_while_dask_estimates)(10_000)]) == [False]


def test_dask_would_draw_from_them(monkeypatch):
    """If it no longer does, helpers.cluster need not care."""
    monkeypatch.setattr(dask.sizeof, "random", random)
    assert draws_while_dask_estimates(10_000)


PROGRAM = """
import os, sys, threading
import dask
from helpers import cluster

def hang():
    os.write(1, b"working\\n")
    threading.Event().wait()

if __name__ == "__main__":
    cluster.HAS_DISTRIBUTED = sys.argv[1] == "distributed"
    with cluster.start(2):
        cluster.compute([dask.delayed(hang)(), dask.delayed(hang)(dask_key_name="second")])
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no groups of processes that an interrupt reaches")
def test_ctrl_c_ends_all_of_it(engine, tmp_path):
    """In a terminal, and in a notebook, an interrupt reaches the workers as well."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    child = subprocess.Popen(
        [sys.executable, program, engine],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
    )
    watch = threading.Timer(120, child.kill)  # of use only if the test fails
    watch.start()
    while "working" not in (line := child.stdout.readline()):
        assert line, "it ended before it worked"
    family = psutil.Process(child.pid).children(recursive=True)
    assert len(family) >= 2
    os.killpg(child.pid, signal.SIGINT)
    child.wait()
    watch.cancel()
    _, alive = psutil.wait_procs(family, timeout=30)
    assert not alive
    child.stdout.close()


def test_a_cluster_that_is_there_is_used_and_left_running(capsys):
    from distributed import Client, LocalCluster

    options = {"n_workers": 1, "threads_per_worker": 1, "processes": False, "dashboard_address": None}
    with LocalCluster(host="127.0.0.1", protocol="tcp", **options) as there:
        with dask.config.set({"scheduler-address": there.scheduler_address}), cluster.start() as client:
            assert client.scheduler.address == there.scheduler_address
            assert cluster.compute([dask.delayed(square)(5)])[0][0] == 25
        assert there.scheduler_address in capsys.readouterr().out
        with Client(there) as client:  # it answers still
            assert len(client.nthreads()) == 1


def test_an_address_where_nobody_answers():
    with dask.config.set({"distributed.comm.timeouts.connect": "0.2s"}), pytest.raises(OSError, match="9"):  # noqa: SIM117
        with cluster.start(address="tcp://127.0.0.1:9"):
            pass


@pytest.mark.parametrize(
    ("cores", "free_gb", "fit"), [(8, 3.0, 3), (2, 30.0, 2), (4, 0.5, 1), (1, 13.0, 1), (16, 9.1, 10)]
)
def test_as_many_workers_as_cores_and_memory_allow(monkeypatch, cores, free_gb, fit):
    memory = psutil.virtual_memory()._replace(available=int(free_gb * 1e9))
    monkeypatch.setattr(cluster, "CPU_COUNT", cores)
    monkeypatch.setattr(cluster, "HAS_DISTRIBUTED", False)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    assert cluster.fitting() == fit


def test_a_container_has_less_memory_than_its_computer(monkeypatch):
    import distributed.system

    monkeypatch.setattr(cluster, "CPU_COUNT", 8)
    monkeypatch.setattr(distributed.system, "MEMORY_LIMIT", psutil.Process().memory_info().rss + 2 * 900_000_000)
    assert 1 <= cluster.fitting() <= 2


def test_once_makes_it_once_for_each_argument():
    made = []

    def make(number):
        made.append(number)
        return [number]

    first = cluster.once(make, 1)
    assert cluster.once(make, 1) is first
    assert cluster.once(make, 2) == [2]
    assert made == [1, 2]


def test_nothing_else_imports_dask():
    modules = [f"helpers.{path.stem}" for path in (ROOT / "helpers").glob("[a-z]*.py") if path.stem != "cluster"]
    program = f"import importlib, sys; [importlib.import_module(m) for m in {modules}]; print('dask' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
