"""The lesson many_series on a real cluster: a scheduler and workers, each a process of its own, on 127.0.0.1.

`python3 run.py test tests/places/test_cluster.py` runs this. Nothing of the lesson is changed: it finds the cluster by
the address alone, as it would find one on Kubernetes or SLURM.
"""

import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import dask
import nbformat
import psutil
import pytest

from helpers import cluster
from tests.places.test_colab import EXECUTE, verdicts_of
from tools import lessons

distributed = pytest.importorskip("distributed")

ROOT = Path(__file__).parents[2]
LESSON_SECONDS = 900
PATIENCE = 120  # seconds until what should have happened long ago counts as a failure

TINY = 10_000


def environment(**more):
    return os.environ | {"PYTHONPATH": str(ROOT)} | more


@contextmanager
def running(*command, **more):
    """Start a process; at the end it and all that it started are ended, and seen to be gone."""
    child = psutil.Popen(
        [sys.executable, "-m", "dask", *command],
        env=environment(**more),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield child
    finally:
        family = [child, *(child.children(recursive=True) if child.is_running() else [])]
        if child.is_running():
            child.terminate()
        _, alive = psutil.wait_procs(family, timeout=30)
        for process in alive:
            process.kill()
        psutil.wait_procs(family, timeout=30)
        assert not alive, "a process had to be killed"


@contextmanager
def a_cluster(folder, workers=2, scheme="tcp", **more):
    """Yield the address of a cluster and the processes of its workers."""
    file = folder / "scheduler.json"
    here = ["--host", f"{scheme}://127.0.0.1"]
    with ExitStack() as stack:
        options = ["--port", "0", "--scheduler-file", str(file), "--dashboard-address", "127.0.0.1:0"]
        stack.enter_context(running("scheduler", *here, *options, **more))
        until(file.exists)
        options = ["--scheduler-file", str(file), "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder)]
        yield file, [stack.enter_context(running("worker", *here, *options, **more)) for _ in range(workers)]


def until(happened, seconds=PATIENCE):
    """Wait until something has happened, and fail if it never does."""
    ticks = threading.Event()
    for _ in range(10 * seconds):
        if happened():
            return
        ticks.wait(0.1)
    pytest.fail(f"nothing happened in {seconds} s")


def test_the_lesson_runs_on_a_cluster_though_a_worker_is_killed(repository, tmp_path):
    path = repository / lessons.notebook_path(lessons.find("many_series"), solved=True).relative_to(ROOT)
    with a_cluster(tmp_path) as (file, workers), distributed.Client(scheduler_file=str(file)) as client:
        client.wait_for_workers(2, timeout=PATIENCE)
        address = client.scheduler.address
        command = [sys.executable, "-c", EXECUTE, "--inplace", f"--timeout={LESSON_SECONDS}", path.name]
        settings = environment(DASK_SCHEDULER_ADDRESS=address)
        with open(tmp_path / "output", "w") as output:
            lesson = psutil.Popen(command, cwd=path.parent, env=settings, stdout=output, stderr=subprocess.STDOUT)
        try:
            middle = in_the_middle(client, workers[0])
            until(lambda: lesson.poll() is not None or middle(), LESSON_SECONDS)
            assert lesson.poll() is None, (tmp_path / "output").read_text()
            for process in [*workers[0].children(recursive=True), workers[0]]:  # as if its computer were gone
                process.kill()
            assert lesson.wait(LESSON_SECONDS) == 0, (tmp_path / "output").read_text()
        finally:
            for process in [*lesson.children(recursive=True), lesson] if lesson.is_running() else []:
                process.kill()
        assert len(client.scheduler_info()["workers"]) == 1  # the cluster is still there, but for the dead
    book = nbformat.read(path, as_version=4)
    assert set(verdicts_of(book)) == {"correct"}
    assert f"2 workers at {address}" in str(book)
    assert "on this computer" not in str(book)


def in_the_middle(client, worker):
    """Return a function that tells whether this worker is at work, after the lesson has given out a few tasks."""
    seen = set()

    def happened():
        pids = {process.pid for process in worker.children(recursive=True)}
        mine = {address for address, pid in client.run(os.getpid).items() if pid in pids}
        now = client.processing()
        seen.update(*now.values())
        return len(seen) > 4 and any(now.get(address) for address in mine)

    return happened


def openssl(folder, *command):
    subprocess.run(["openssl", *command], cwd=folder, check=True, capture_output=True)


def certificates(folder):
    """Make an authority, and a certificate that it has signed; return them as Dask's settings."""
    folder.mkdir()
    key = ["-newkey", "rsa:2048", "-nodes"]
    openssl(folder, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=authority")
    openssl(folder, "req", *key, "-keyout", "key.pem", "-out", "request", "-subj", "/CN=cluster")
    signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "cert.pem", "-days", "2"]
    openssl(folder, "x509", "-req", "-in", "request", *signed)
    files = {"cert": str(folder / "cert.pem"), "key": str(folder / "key.pem")}
    mine = {f"{who}.{what}": file for who in ("client", "scheduler", "worker") for what, file in files.items()}
    mine["ca-file"] = str(folder / "ca.pem")
    return {f"distributed.comm.tls.{name}": file for name, file in mine.items()}


def as_environment(settings):
    """Return Dask's settings as environment variables, for processes of their own."""
    return {"DASK_" + name.upper().replace(".", "__").replace("-", "_"): file for name, file in settings.items()}


@pytest.mark.skipif(not shutil.which("openssl"), reason="makes its certificates with openssl")
def test_with_the_wrong_certificate_nobody_gets_in(tmp_path):
    ours, foreign = certificates(tmp_path / "ours"), certificates(tmp_path / "foreign")
    impatient = {"distributed.comm.timeouts.connect": "3s"}
    with a_cluster(tmp_path, 1, "tls", **as_environment(ours)) as (file, _):  # noqa: SIM117
        with dask.config.set(ours), distributed.Client(scheduler_file=str(file)) as client:
            client.wait_for_workers(1, timeout=PATIENCE)
            address = client.scheduler.address
            assert address.startswith("tls://")
            with cluster.start(address=address):
                assert cluster.compute([dask.delayed(abs)(-3)]) == [3]
            for refused in (address, address.replace("tls://", "tcp://")):
                with (
                    dask.config.set(foreign | impatient),
                    pytest.raises(OSError, match=r"TLS certificate|127\.0\.0\.1"),
                ):
                    enter(refused)
            worker = ["worker", address, "--death-timeout", "5", "--no-dashboard"]
            with running(*worker, **as_environment(foreign)) as intruder:
                intruder.wait(PATIENCE)  # it gives up
            assert len(client.scheduler_info()["workers"]) == 1


def enter(address):
    with cluster.start(address=address):
        pass


def test_ten_thousand_tiny_tasks_alone_and_in_batches(tmp_path, capsys):
    """Each counts once. What Dask spends on each is printed, not asserted: the computer may be doing something else."""
    numbers = range(TINY)
    for size in (1, 100):
        with cluster.start(2):
            batches = [list(numbers[first : first + size]) for first in range(0, TINY, size)]
            began = time.perf_counter()
            sums = cluster.compute([dask.delayed(sum)(batch) for batch in batches])
            seconds = time.perf_counter() - began
        assert sums == [sum(batch) for batch in batches]
        with capsys.disabled():
            print(f"\n{TINY} numbers in batches of {size}: {seconds:.1f} s, {seconds / TINY * 1000:.2f} ms each")
