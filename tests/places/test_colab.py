"""Rehearse Colab: a folder with nothing but the notebook, and no way out but the clone that the set-up cell makes.

`python3 run.py test --colab` runs this with the versions that Colab has (colab.in, locked in colab.txt), `python3
run.py test tests/places/test_colab.py` with those of requirements.txt. Nothing is compared with the stored outputs,
because other versions print other digits: what matters is asserted in the lessons.
"""

import tomllib
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).parents[2]
ADDRESS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Repository"]
OWNER, NAME = ADDRESS.split("/")[-2:]
PUBLISHED = ADDRESS.replace(OWNER, "somebody")  # what the address will look like
LESSONS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
CELL_SECONDS = 900  # a slow computer is no mistake in a lesson
FROM_CLONE = f"from pathlib import Path\nassert Path('{NAME}').resolve() in Path(helpers.__file__).parents"


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


def setup_cell(address):
    """Return the set-up cell, the same in every lesson, with this address."""
    source = first_code_cell(nbformat.read(LESSONS[0], as_version=4)).source
    assert source.count(ADDRESS) == 1
    return new_code_cell(source.replace(ADDRESS, address))


def first_code_cell(book):
    return next(cell for cell in book.cells if cell.cell_type == "code")


def execute(book, folder):
    """Run a notebook in a fresh kernel; an error in a cell is raised."""
    NotebookClient(book, timeout=CELL_SECONDS, resources={"metadata": {"path": str(folder)}}).execute()


def execute_cells(cells, folder):
    execute(new_notebook(cells=cells), folder)
    return cells


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lesson(colab, path):
    book = nbformat.read(path, as_version=4)
    setup = first_code_cell(book)
    assert setup.source.count(ADDRESS) == 1
    setup.source = setup.source.replace(ADDRESS, PUBLISHED)
    book.cells.append(new_code_cell(FROM_CLONE))
    nbformat.write(book, colab / path.name)
    execute(book, colab)
    assert setup.outputs == []
    assert sorted(found.name for found in colab.iterdir()) == sorted([path.name, NAME])


def test_a_second_run_of_the_setup_cell_does_nothing(colab):
    mark = new_code_cell(f"mark = Path('{NAME}', 'mark'); mark.touch()")
    unmoved = new_code_cell(f"import os\nassert mark.exists() and os.listdir() == ['{NAME}']")
    cells = [setup_cell(PUBLISHED), mark, setup_cell(PUBLISHED), new_code_cell(FROM_CLONE), unmoved]
    assert [cell.outputs for cell in execute_cells(cells, colab)] == 5 * [[]]


def test_a_wrong_address_says_what_to_do_and_leaves_nothing_in_the_way(colab):
    wrong = setup_cell(PUBLISHED.replace("somebody", "nobody"))
    with pytest.raises(CellExecutionError, match="no clone: is there a network"):
        execute_cells([wrong], colab)
    assert list(colab.iterdir()) == []
    execute_cells([setup_cell(PUBLISHED), new_code_cell(FROM_CLONE)], colab)


def test_the_unset_address_is_said_plainly(colab):
    unset = setup_cell(ADDRESS.replace(OWNER, "owner_not_set"))
    with pytest.raises(CellExecutionError, match="the address of this collection is not set"):
        execute_cells([unset], colab)
    assert list(colab.iterdir()) == []
