"""Style of the code and spelling of the prose."""

import subprocess
import sys

import pytest

from tools.lessons import ROOT

CODE = ["run.py", "conftest.py", "data", "helpers", "sources", "tests", "tools"]
PROSE = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "CITATION.cff", "environment.yml", "pyproject.toml"]
PROSE += ["data/README.md"]


@pytest.mark.parametrize(
    "command",
    [["ruff", "check", *CODE], ["ruff", "format", "--check", *CODE], ["codespell_lib", *CODE, *PROSE]],
    ids=["ruff check", "ruff format", "codespell"],
)
def test_style(command):
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
