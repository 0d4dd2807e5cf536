"""The suite's own strictness: nbval compares what a cell prints, and leaves out what only this computer says."""

import re
import shutil
import subprocess
import sys

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tools.lessons import ROOT


def test_another_output_fails_and_another_log_line_passes(tmp_path):
    """With the conftest of this repository, in one notebook: each run of pytest costs seconds."""
    prints = new_code_cell("print(1 + 1)", execution_count=1)
    prints.outputs = [new_output("stream", name="stdout", text="3\n")]
    warns = new_code_cell("import sys\nprint('a log line', file=sys.stderr)", execution_count=2)
    warns.outputs = [new_output("stream", name="stderr", text="the log line of another computer\n")]
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    (tmp_path / "notebooks").mkdir()
    nbformat.write(new_notebook(cells=[prints, warns], metadata=metadata), tmp_path / "notebooks" / "two.ipynb")
    shutil.copy(ROOT / "conftest.py", tmp_path)
    command = [sys.executable, "-m", "pytest", "-rA", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    told = re.findall(r"^(PASSED|FAILED) notebooks/two\S+::Cell (\d)", done.stdout, re.MULTILINE)
    assert sorted(told) == [("FAILED", "0"), ("PASSED", "1")], done.stdout
