"""Binder: what it would build from this repository, and every lesson within the limits of mybinder.org.

There, a reader has 2 GB of memory and one core. Here nbval runs a lesson on one core (pytest itself standing in for
JupyterLab), in a memory control group of 2 GB where one can be made: on Linux, as root. Everywhere the resident memory
of all its processes is read 10 times a second and added up, pages that they share included more than once, and a
lesson above 2 GB is ended.
"""

import ast
import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest
import yaml

ROOT = Path(__file__).parents[2]
LIMIT = 2_000_000_000
DEPENDENCIES = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
PYTHON = next(text for text in DEPENDENCIES[:-1] if text.startswith("python=")).removeprefix("python=")
LESSONS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
SOLVED = sorted((ROOT / "notebooks" / "solutions").glob("[0-9][0-9]_*.ipynb"))
linux_only = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux keeps a process on one core")
EVERY = [pytest.param(path, id=f"unsolved-{path.stem}") for path in LESSONS]
EVERY += [pytest.param(path, id=f"solved-{path.stem}") for path in SOLVED]


def test_repo2docker_takes_environment_yml_and_its_python(repository, borrow):
    paths = {**os.environ, "PYTHONPATH": str(borrow("jupyter-repo2docker==2026.4.0"))}
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(repository)]
    done = subprocess.run(command, env=paths, capture_output=True, text=True)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert f"Building conda environment for python={PYTHON}\n" in said
    assert 'env update -p ${NB_PYTHON_PREFIX} --file "environment.yml"' in said
    assert "requirements.txt" not in said


def test_conda_specifications_parse_strictly(borrow, monkeypatch):
    monkeypatch.syspath_prepend(borrow("py-rattler==0.28.0"))
    from rattler import MatchSpec

    parsed = {str(MatchSpec(text, strict=True).name.normalized) for text in DEPENDENCIES[:-1]}
    assert parsed == {"python", "pip"}
    assert set(DEPENDENCIES[-1]) == {"pip"}
    with pytest.raises(Exception, match="version spec"):
        MatchSpec("python=>3", strict=True)


def test_pip_part_holds_what_the_lessons_import_and_runs_the_quickstart(repository, tmp_path, pip_install):
    python = make_venv(tmp_path / "venv")
    pip_install(*DEPENDENCIES[-1]["pip"], python=python)
    names = sorted(imported())
    missing = f"import importlib.util as u; print([name for name in {names} if not u.find_spec(name)])"
    done = subprocess.run([python, "-c", missing], cwd=repository, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "notebooks/00_quickstart.ipynb"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    print(subprocess.run([python, "--version"], capture_output=True, text=True).stdout)


def make_venv(folder):
    """Make an empty venv, with Binder's Python if this computer has it, or else with the Python at hand."""
    found = shutil.which(f"python{PYTHON}")
    works = found and subprocess.run([found, "-c", ""], capture_output=True).returncode == 0
    subprocess.run([found if works else sys._base_executable, "-m", "venv", folder], check=True)
    return str(folder / "bin" / "python")


def imported():
    """Return the names of all packages that a lesson or a helper imports."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "helpers").rglob("*.py")]
    for path in LESSONS + SOLVED:
        texts += [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    names = set()
    for node in (node for text in texts for node in ast.walk(ast.parse(text))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module.split(".")[0])
    return names


@pytest.fixture
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


def run_limited(command, group, output):
    """Run on one core in the group; return the exit code, seconds, and peak memory in bytes of all processes."""

    def enter():
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        if group:
            (group / "cgroup.procs").write_text(str(os.getpid()))

    start, peak = time.perf_counter(), 0
    child = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, preexec_fn=enter)
    family = [psutil.Process(child.pid)]
    while child.poll() is None:
        family = [family[0], *family[0].children(recursive=True)]
        peak = max(peak, sum(map(resident, family)))
        if peak > LIMIT or was_out_of_memory(group):
            for process in family:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=0.1)
    seconds = time.perf_counter() - start
    psutil.wait_procs(family, timeout=60)  # a group with a process in it cannot be removed
    return child.returncode, seconds, peak


def resident(process):
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0


def was_out_of_memory(group):
    """Tell whether the kernel has ended a process of the group for its memory."""
    records = [group / name for name in ("memory.oom_control", "memory.events")] if group else []
    return any(re.search(r"oom_kill [1-9]", path.read_text()) for path in records if path.exists())


@linux_only
@pytest.mark.parametrize("path", EVERY)
def test_lesson_within_the_limits(path, memory_group, tmp_path, capsys):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(path)]
    with open(tmp_path / "output", "w") as output:
        code, seconds, peak = run_limited(command, memory_group, output)
    held = "held by a control group" if memory_group else "no control group here, only watched"
    with capsys.disabled():
        print(f"\n{path.relative_to(ROOT)}: {seconds:.0f} s on one core, {peak / 1e9:.1f} GB ({held})", flush=True)
    too_much = peak > LIMIT or was_out_of_memory(memory_group)
    assert not too_much, f"needs more than 2 GB: it had {peak / 1e9:.2f} GB when it was ended"
    assert code == 0, (tmp_path / "output").read_text()


@linux_only
def test_more_memory_is_not_to_be_had(memory_group, tmp_path):
    grow = "import os, threading; x = b'x' * 2_100_000_000; threading.Event().wait()"
    with open(tmp_path / "output", "w") as output:
        code, _, peak = run_limited([sys.executable, "-c", grow], memory_group, output)
    assert code == -9
    assert was_out_of_memory(memory_group) or peak > LIMIT
