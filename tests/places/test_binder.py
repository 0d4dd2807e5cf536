"""Binder: what it would build from this repository, and every lesson within the limits of mybinder.org.

There, a reader has 2 GB of memory and one core. Here nbval runs a lesson within these limits (pytest itself standing in
for JupyterLab).
"""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml

from tests.places import limits

ROOT = Path(__file__).parents[2]
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
def group():
    with limits.memory_group() as folder:
        yield folder


@linux_only
@pytest.mark.parametrize("path", EVERY)
def test_lesson_within_the_limits(path, group, tmp_path, capsys):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(path)]
    with open(tmp_path / "output", "w") as output:
        code, seconds, peak = limits.run_limited(command, group, ROOT, output)
    held = "held by a control group" if group else "no control group here, only watched"
    with capsys.disabled():
        print(f"\n{path.relative_to(ROOT)}: {seconds:.0f} s on one core, {peak / 1e9:.1f} GB ({held})", flush=True)
    too_much = peak > limits.LIMIT or limits.was_out_of_memory(group)
    assert not too_much, f"needs more than 2 GB: it had {peak / 1e9:.2f} GB when it was ended"
    assert code == 0, (tmp_path / "output").read_text()


@linux_only
def test_more_memory_is_not_to_be_had(group, tmp_path):
    grow = "import os, threading; x = b'x' * 2_100_000_000; threading.Event().wait()"
    with open(tmp_path / "output", "w") as output:
        code, _, peak = limits.run_limited([sys.executable, "-c", grow], group, tmp_path, output)
    assert code == -9
    assert limits.was_out_of_memory(group) or peak > limits.LIMIT
