"""One core and 2 GB, as on Binder: run a command within these limits.

Memory is held by a control group where one can be made: on Linux, as root. Everywhere the resident memory of all its
processes is read 10 times a second and added up, pages that they share included more than once, and a command above
2 GB is ended.
"""

import contextlib
import os
import re
import subprocess
import time
from pathlib import Path

import psutil

LIMIT = 2_000_000_000


@contextlib.contextmanager
def memory_group():
    """Yield the folder of a control group that the kernel keeps below 2 GB, or None where none can be made."""
    for top, limit in (("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max")):
        group = Path(top, f"lesson-{os.getpid()}")
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            (group / limit).write_text(str(LIMIT))
            yield group
            return
        except OSError:  # version 2 without the memory controller
            continue
        finally:
            group.rmdir()
    yield None


def run_limited(command, group, folder, output, environment=None):
    """Run on one core in the group; return the exit code, seconds, and peak memory in bytes of all processes."""

    def enter():
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        if group:
            (group / "cgroup.procs").write_text(str(os.getpid()))

    start, peak = time.perf_counter(), 0
    child = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT, preexec_fn=enter
    )
    family = [psutil.Process(child.pid)]
    while child.poll() is None:
        family = [family[0], *family[0].children(recursive=True)]
        peak = max(peak, sum(map(_resident, family)))
        if peak > LIMIT or was_out_of_memory(group):
            for process in family:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=0.1)
    seconds = time.perf_counter() - start
    psutil.wait_procs(family, timeout=60)  # a group with a process in it cannot be removed
    return child.returncode, seconds, peak


def was_out_of_memory(group):
    """Tell whether the kernel has ended a process of the group for its memory."""
    records = [group / name for name in ("memory.oom_control", "memory.events")] if group else []
    return any(re.search(r"oom_kill [1-9]", path.read_text()) for path in records if path.exists())


def _resident(process):
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0
