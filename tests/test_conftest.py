"""The suite's own strictness: nbval compares what a cell prints, and leaves out what only this computer says."""

import re
import shutil
import subprocess
import sys

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tools.lessons import ROOT

PRINTS = "print(1 + 1)"
WARNS = "import sys\nprint('a log line', file=sys.stderr)"


def write(path, source, **stored):
    cell = new_code_cell(source, execution_count=1, outputs=[new_output("stream", **stored)])
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(new_notebook(cells=[cell], metadata=metadata), path)


def test_another_output_fails_and_another_log_line_passes(tmp_path):
    """With the conftest of this repository, on a notebook of one cell each."""
    (tmp_path / "notebooks").mkdir()
    write(tmp_path / "notebooks" / "output.ipynb", PRINTS, name="stdout", text="3\n")
    write(tmp_path / "notebooks" / "log.ipynb", WARNS, name="stderr", text="the log line of another computer\n")
    shutil.copy(ROOT / "conftest.py", tmp_path)
    command = [sys.executable, "-m", "pytest", "-rA", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    told = re.findall(r"^(PASSED|FAILED) notebooks/(\w+)", done.stdout, re.MULTILINE)
    assert sorted(told) == [("FAILED", "output"), ("PASSED", "log")], done.stdout
