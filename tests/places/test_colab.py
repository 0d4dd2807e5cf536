"""Rehearse Colab: a folder with nothing but the notebook, and no way out but the clone that the set-up cell makes.

`python3 run.py test --colab` runs this with the versions that Colab has (colab.in, locked in colab.txt), `python3
run.py test tests/places/test_colab.py` with those of requirements.txt. The lessons are the solved ones, on one core and
below 2 GB, as on Binder. Nothing is compared with the stored outputs, because other versions print other digits: what
matters is asserted in the lessons, and every check must say `correct`.

LESSONS_UNTIL, in seconds since 1970, is when no further lesson is begun; those whose source changed last come first.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

from helpers import pipeline
from tests import saved_forecasters
from tests.places import limits
from tools.setup_cell import public_address, setup_cell

ROOT = Path(__file__).parents[2]
NAME = public_address(ROOT).rsplit("/", 1)[1]
PUBLISHED = f"https://github.com/somebody/{NAME}"  # what the address will look like
CELL_SECONDS = 900  # a slow computer is no mistake in a lesson
EXECUTE = "from nbclient.cli import main; main()"
FROM_CLONE = f"assert Path('{NAME}').resolve() in Path(helpers.__file__).parents"
UNTIL = float(os.environ.get("LESSONS_UNTIL", "inf"))


def last_change(path):
    """Return when the lesson's source was committed last; without git, all are of one age."""
    command = ["git", "log", "-1", "--format=%ct", "--", f"sources/{path.stem}.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return int(done.stdout.strip() or 0)


LESSONS = sorted((ROOT / "notebooks" / "solutions").glob("[0-9][0-9]_*.ipynb"))
LESSONS.sort(key=last_change, reverse=True)


@pytest.fixture
def colab(tmp_path, monkeypatch, repository):
    """Return an empty folder on a computer that looks like Colab, where git reaches only a copy of this repository."""
    stub = tmp_path / "stub" / "google" / "colab"  # no google/__init__.py: other packages live in google as well
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    content = tmp_path / "content"
    for folder in (stub, startup, content):
        folder.mkdir(parents=True)
    (stub / "__init__.py").touch()
    (startup / "colab.py").write_text(f"import sys\nsys.path.append({str(stub.parents[1])!r})\nimport google.colab\n")
    (tmp_path / "gitconfig").write_text(
        f'[url "{repository.as_uri()}"]\n    insteadOf = {PUBLISHED}\n'
        '[protocol]\n    allow = never\n[protocol "file"]\n    allow = always\n'
    )
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    return content


def first_code_cell(book):
    return next(cell for cell in book.cells if cell.cell_type == "code")


def execute(book, folder):
    """Run a notebook in a fresh kernel; an error in a cell is raised."""
    NotebookClient(book, timeout=CELL_SECONDS, resources={"metadata": {"path": str(folder)}}).execute()


def execute_cells(cells, folder):
    execute(new_notebook(cells=cells), folder)
    return cells


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux keeps a process on one core")
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_solved_lesson(colab, path, capsys):
    if time.time() > UNTIL:
        pytest.skip("left out for lack of time")
    book = nbformat.read(path, as_version=4)
    setup = first_code_cell(book)
    setup.source = setup_cell(PUBLISHED)
    book.cells.append(new_code_cell(FROM_CLONE))
    nbformat.write(book, colab / path.name)
    command = [sys.executable, "-c", EXECUTE, "--inplace", f"--timeout={CELL_SECONDS}", path.name]
    with limits.memory_group() as group, open(colab.parent / "output", "w") as output:
        code, seconds, peak = limits.run_limited(command, group, colab, output)
    with capsys.disabled():
        print(f"\n{path.stem}, solved: {seconds:.0f} s on one core, {peak / 1e9:.1f} GB", flush=True)
    assert peak <= limits.LIMIT, f"needs more than 2 GB: it had {peak / 1e9:.2f} GB when it was ended"
    assert code == 0, (colab.parent / "output").read_text()
    book = nbformat.read(colab / path.name, as_version=4)
    assert first_code_cell(book).outputs == []
    assert sorted(found.name for found in colab.iterdir()) == sorted([path.name, NAME])
    verdicts = verdicts_of(book)
    assert len(verdicts) >= 3
    assert set(verdicts) == {"correct"}


def verdicts_of(book):
    """Return what the checks of the exercises said; on a busy computer one print may arrive in several pieces."""
    checks = [cell for cell in book.cells if cell.cell_type == "code" and re.search(r"^check\.", cell.source, re.M)]
    return ["".join(output.text for output in cell.outputs).strip() for cell in checks]


def test_a_second_run_of_the_setup_cell_does_nothing(colab):
    mark = new_code_cell(f"mark = Path('{NAME}', 'mark'); mark.touch()")
    unmoved = new_code_cell(f"import os\nassert mark.exists() and os.listdir() == ['{NAME}']")
    setup = new_code_cell(setup_cell(PUBLISHED))
    cells = [setup, mark, setup.copy(), new_code_cell(FROM_CLONE), unmoved]
    assert [cell.outputs for cell in execute_cells(cells, colab)] == 5 * [[]]


def setup(address):
    return new_code_cell(setup_cell(address))


def test_a_wrong_address_says_what_to_do_and_leaves_nothing_in_the_way(colab):
    with pytest.raises(CellExecutionError, match="open this inside a copy of the collection"):
        execute_cells([setup(PUBLISHED.replace("somebody", "nobody"))], colab)
    assert list(colab.iterdir()) == []
    execute_cells([setup(PUBLISHED), new_code_cell(FROM_CLONE)], colab)


def test_an_interrupted_clone_is_said_to_be_one(colab):
    (colab / NAME / ".git").mkdir(parents=True)
    with pytest.raises(CellExecutionError, match=f"delete {NAME}, an interrupted copy"):
        execute_cells([setup(PUBLISHED)], colab)


def test_an_existing_copy_comes_first(colab, repository):
    copy = colab / "my own name"
    copy.symlink_to(repository)
    here = new_code_cell(
        f"from pathlib import Path\nassert Path({str(repository)!r}) in Path(helpers.__file__).resolve().parents"
    )
    execute_cells([setup(PUBLISHED), here], copy / "notebooks")
    assert list(colab.iterdir()) == [copy]


@pytest.mark.parametrize("versions", ["colab", "locked"])
def test_a_forecaster_saved_on_either_side_can_be_used(versions, tmp_path, monkeypatch):
    """Saved on Colab's versions it loads on the locked ones, and the other way round: run this group under both."""
    there = saved_forecasters.forecast_of(versions)
    pipeline.save(saved_forecasters.earlier(saved_forecasters.study(monkeypatch), "GRU"), tmp_path)
    here = pipeline.load(tmp_path).forecast(saved_forecasters.record())
    assert here.value == pytest.approx(there.value, abs=0.05)


def test_the_unset_address_is_said_plainly(colab):
    with pytest.raises(CellExecutionError, match="is not set: see 'Publishing'"):
        execute_cells([setup(PUBLISHED.replace("somebody", "owner_not_set"))], colab)
    assert list(colab.iterdir()) == []
