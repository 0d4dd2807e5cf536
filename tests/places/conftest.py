"""What the slow groups share: a copy of the repository, and packages that nobody else needs.

These groups run only when they are named, such as `python3 run.py test tests/places/test_colab.py`.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium")
FLAGS = "no-sandbox disable-gpu disable-quic no-first-run disable-background-networking disable-component-update"
NOT_COPIED = shutil.ignore_patterns(".git", ".venv*", ".*_cache", ".hypothesis", ".ipynb_checkpoints", "__pycache__")


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    """Return a git repository with one commit: what is here now, without what git ignores."""
    copy = tmp_path_factory.mktemp("copy") / "repository"
    shutil.copytree(ROOT, copy, ignore=NOT_COPIED)
    author = ["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q", "-b", "main"], ["add", "."], [*author, "commit", "-q", "-m", "copy"]):
        subprocess.run(["git", *command], cwd=copy, check=True)
    return copy


@pytest.fixture(scope="session")
def pip_install():
    """Return a function that installs from the package index, and skips the test where no index answers."""

    def install(*arguments, python=sys.executable):
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode and re.search(r"Retrying \(|ConnectionError|timed out", done.stderr):
            pytest.skip("no package index answers; this test needs one")
        assert done.returncode == 0, done.stderr

    return install


@pytest.fixture(scope="session")
def borrow(tmp_path_factory, pip_install):
    """Return a function that puts one pinned package into a throw-away folder, and returns the folder."""

    def install(*arguments):
        folder = tmp_path_factory.mktemp("packages")
        pip_install("--target", folder, *arguments)
        return folder

    return install


@pytest.fixture(scope="module")
def chromium(borrow):
    """Yield a headless Chromium."""
    if not CHROMIUM:
        pytest.skip("no Chromium here (Debian: apt install chromium)")
    sys.path.append(str(borrow("playwright==1.65.2")))
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[f"--{flag}" for flag in FLAGS.split()])
        yield browser
        browser.close()


def pytest_terminal_summary(terminalreporter):
    """Name the lessons for which there was no time; this is the last thing said before pytest's own last line."""
    skipped = terminalreporter.stats.get("skipped", [])
    left_out = [
        report.nodeid.split("[")[-1].rstrip("]") for report in skipped if "lack of time" in str(report.longrepr)
    ]
    if left_out:
        terminalreporter.write_line(f"Left out for lack of time: {', '.join(left_out)}")
