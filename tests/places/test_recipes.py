"""Make every data file again from the packages it comes from: `python3 run.py test tests/places/test_recipes.py`.

A reader never needs this; the author of a recipe does. It takes pip, and apt-get of Debian 12 for what lies there.
"""

import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
RECIPES = sorted({path.stem for path in ROOT.glob("data/recipes/[a-z]*.py")} - {"archives"})


@pytest.fixture(scope="session")
def python(tmp_path_factory, pip_install):
    """Return the Python of an environment that has what the recipes need, and nothing else."""
    folder = tmp_path_factory.mktemp("recipes")
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    pip_install(f"numpy=={np.__version__}", "-r", str(ROOT / "data" / "recipes" / "requirements.txt"), python=python)
    return python


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_gives_the_committed_files_byte_for_byte(name, python, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data" / "recipes", data / "recipes")
    shutil.copy(ROOT / "data" / "rebuild.py", data)
    done = subprocess.run([python, data / "rebuild.py", name], cwd=tmp_path, capture_output=True, text=True)
    if re.search(r"apt-get could not download", done.stderr):
        pytest.skip("this needs apt-get of Debian 12, and its package lists: apt-get update")
    assert done.returncode == 0, done.stderr
    files = [data / line.partition(": ")[0] for line in done.stdout.splitlines()]
    assert len(files) >= 1
    for file in files:
        committed = ROOT / file.relative_to(tmp_path)
        assert file.read_bytes() == committed.read_bytes(), file.name
    # nothing lies beside them that no recipe makes, but texts
    made = {file.name for file in files}
    folder = ROOT / "data" / ("" if name == "records" else name)
    others = {path.name for path in folder.iterdir() if path.is_file()} - made - {"README.md", "rebuild.py"}
    assert not [file for file in others if not file.startswith("LICENSE")]
