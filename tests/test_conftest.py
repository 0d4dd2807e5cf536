"""The suite's own strictness: nbval compares what a cell prints, and leaves out what only this computer says."""

import shutil
import subprocess
import sys

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tools.lessons import ROOT

PRINTS = new_code_cell("print(1 + 1)", execution_count=1)
WARNS = new_code_cell("import sys\nprint('a log line', file=sys.stderr)", execution_count=1)


def run(folder, cell, stored) -> str:
    """Run nbval, with the conftest of this repository, on a notebook of one cell; return pytest's last line."""
    cell.outputs = [new_output("stream", **stored)]
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    (folder / "notebooks").mkdir()
    nbformat.write(new_notebook(cells=[cell], metadata=metadata), folder / "notebooks" / "one.ipynb")
    shutil.copy(ROOT / "conftest.py", folder)
    command = [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout.strip().splitlines()[-1]


def test_another_output_fails(tmp_path):
    assert run(tmp_path, PRINTS, {"name": "stdout", "text": "3\n"}).startswith("1 failed")


def test_another_log_line_passes(tmp_path):
    assert run(tmp_path, WARNS, {"name": "stderr", "text": "the log line of another computer\n"}).startswith("1 passed")
