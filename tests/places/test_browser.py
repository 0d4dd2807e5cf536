"""JupyterLab as a reader meets it: `run.py lab` and a real browser; every lesson opened, and run by "run all cells".

Needs Chromium (Debian: apt install chromium). Playwright, which drives it, is borrowed from the package index for the
run alone: no lesson needs it, and with it in requirements.txt every reader would download 40 MB more. SCREENSHOTS names
a folder for the pictures.
"""

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import numpy as np
import pytest

from helpers.cells import GRU
from tools import explorer

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium here (Debian: apt install chromium)")

READY = """path => {
    const panel = window.jupyterapp?.shell.currentWidget;
    const isReady = panel?.context?.path === path && panel.context.isReady;
    return isReady && panel.sessionContext.kernelDisplayStatus === 'idle';
}"""
STATE = """() => {
    const panel = window.jupyterapp.shell.currentWidget;
    const cells = [...panel.content.model.cells].map(cell => cell.toJSON()).filter(cell => cell.cell_type === 'code');
    return {
        kernel: panel.sessionContext.kernelDisplayStatus,
        not_run: cells.filter(cell => !cell.execution_count).map(cell => cell.source),
        errors: cells.filter(cell => !(cell.metadata.tags ?? []).includes('raises-exception')).flatMap(cell =>
            cell.outputs.filter(output => output.output_type === 'error').map(output => output.evalue)),
    };
}"""
OPEN = "async path => { await window.jupyterapp.commands.execute('docmanager:open', {path}); }"
SHOW = """async index => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = index;
    await notebook.scrollToItem(index, 'start');
}"""


@pytest.fixture(scope="module")
def lab(repository, tmp_path_factory):
    """Start JupyterLab as run.py does, on a copy, for it saves what it runs; return its address and its token."""
    (repository / ".venv").symlink_to(ROOT / ".venv")
    settings = tmp_path_factory.mktemp("settings")  # not those of whoever runs this
    folders = {f"JUPYTER_{name}_DIR": str(settings) for name in ("CONFIG", "DATA", "RUNTIME")}
    token = secrets.token_hex()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--no-browser", f"--port={port}", f"--IdentityProvider.token={token}", "--expose-app-in-browser"]
    server = subprocess.Popen(
        [sys.executable, repository / "run.py", "lab", *options],
        env=os.environ | folders,
        stderr=subprocess.PIPE,
        text=True,
    )
    said = ""
    for line in server.stderr:
        said += line
        if "is running at" in line:
            break
    else:
        pytest.fail(said)
    threading.Thread(target=server.stderr.read, daemon=True).start()  # or the pipe fills up
    yield f"http://127.0.0.1:{port}", token
    server.terminate()  # it ends its kernels
    server.wait()


@pytest.fixture
def page(chromium, lab):
    """Yield a new window; afterwards shut down all kernels, and look at where the window sent requests to."""
    window, hosts = chromium.new_context(viewport={"width": 1300, "height": 1000}), set()
    window.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page = window.new_page()
    page.on("websocket", lambda websocket: hosts.add(urlsplit(websocket.url).hostname))
    page.set_default_timeout(120_000)
    yield page
    page.evaluate("window.jupyterapp.serviceManager.sessions.shutdownAll()")
    window.close()
    assert hosts - {None} == {"127.0.0.1"}  # None: data and blobs inside the page


@pytest.fixture
def pictures(tmp_path):
    folder = Path(os.environ.get("SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def scroll_to(page, index):
    """Show one cell and return it; JupyterLab draws only the cells near the window."""
    page.evaluate(SHOW, index)
    return page.locator(f'.jp-Notebook:visible .jp-Cell[data-windowed-list-index="{index}"]')


SETTINGS = {one["id"]: one for one in explorer.settings()}
NUMBERS = "cells => cells.map(cell => Number(cell.dataset.v))"
OVERFLOW = "page => [page.scrollHeight - page.clientHeight, page.scrollWidth - page.clientWidth]"


def drive_explorer(page, index):
    """Move a bias in the frame, compare all its numbers with `helpers.cells`, and look whether it stays when away."""
    from playwright.sync_api import expect

    frame = scroll_to(page, index).frame_locator("iframe")
    frame.get_by_label("bias of z", exact=True).fill("-2.5")
    frame.get_by_text("All numbers as a table").click()
    frame.locator("#table td").first.wait_for()
    weights = SETTINGS[frame.get_by_label("Network", exact=True).input_value()]["weights"]
    weights |= {"b_z": [-2.5, *weights["b_z"][1:]]}
    numbers = frame.locator("#table td").evaluate_all(NUMBERS)
    x, *shown = np.moveaxis(np.reshape(numbers, (-1, len(weights["b_z"]), 5)), -1, 0)
    cell = GRU(**weights)
    cell.forward(x[np.newaxis, :, :1])
    right = (array[0] for array in (cell.r, cell.z, cell.candidate, cell.h))
    assert np.abs(np.array(shown) - list(right)).max() < 1e-6
    assert frame.locator("html").evaluate(OVERFLOW) == [0, 0]  # nothing to scroll inside the frame
    scroll_to(page, 0)
    scroll_to(page, index)
    expect(frame.locator("#b-z-text")).to_have_text("−2.500")


def follow_links(page, lesson, head):
    """Click on each neighbour in the lesson's header, and come back."""
    [line] = [line for line in head.splitlines() if line.startswith("←") or line.endswith("→")]
    neighbours = re.findall(r"\]\((\d\d_\w+\.ipynb)\)", line)
    assert len(neighbours) == (LESSONS[0].name != lesson) + (LESSONS[-1].name != lesson)
    for name in neighbours:
        scroll_to(page, 0).locator(f'a[href*="{name}"]').first.click()
        page.wait_for_function(READY, arg=f"notebooks/{name}")
        page.evaluate(OPEN, f"notebooks/{lesson}")
        page.wait_for_function(READY, arg=f"notebooks/{lesson}")


FOLDED = """() => window.jupyterapp.shell.currentWidget.content.widgets.filter(cell => cell.inputHidden).length"""


def open_lesson(page, lab, path):
    """Open a lesson in a workspace of its own and return its cells as they are stored."""
    address, token = lab
    page.goto(f"{address}/lab/workspaces/{path.stem}/tree/notebooks/{path.name}?token={token}")
    page.wait_for_function(READY, arg=f"notebooks/{path.name}")
    return nbformat.read(path, as_version=4).cells


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_opens(page, lab, pictures, path):
    """Rendered, formulas typeset, set-up and proofs folded, neighbours one click away."""
    cells = open_lesson(page, lab, path)
    page.screenshot(path=pictures / f"{path.stem}_top.png")
    assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0  # no question about news, no complaint
    folded = [cell for cell in cells if cell.metadata.get("jupyter", {}).get("source_hidden")]
    assert page.evaluate(FOLDED) == len(folded) >= 2
    for index in (i for i, cell in enumerate(cells) if cell.cell_type == "markdown" and "$" in cell.source):
        cell = scroll_to(page, index)
        cell.locator("mjx-container").first.wait_for()
        assert cell.locator("mjx-merror").count() == 0
    drawn = [i for i, cell in enumerate(cells) if "image/png" in str(cell.get("outputs"))]
    scroll_to(page, drawn[0]).locator("img").first.wait_for()
    page.screenshot(path=pictures / f"{path.stem}_figure.png")
    follow_links(page, path.name, cells[0].source)


SECONDS = "audio => audio.duration > 0 && audio.error === null"


def assert_it_plays(page, index):
    """Every sound of a cell is there whole; JupyterLab leaves stored sounds out until the reader runs the cell."""
    players = scroll_to(page, index).locator("audio")
    players.first.wait_for()
    for player in players.all():
        page.wait_for_function(SECONDS, arg=player.element_handle())


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_runs(page, lab, pictures, path):
    cells = open_lesson(page, lab, path)
    assert page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')") is True
    assert page.evaluate(STATE) == {"kernel": "idle", "not_run": [], "errors": []}
    for index in (i for i, cell in enumerate(cells) if "<audio" in str(cell.get("outputs"))):
        assert_it_plays(page, index)
    explorers = [i for i, cell in enumerate(cells) if "explorer.show(" in cell.source]
    for index in explorers:
        drive_explorer(page, index)
        page.screenshot(path=pictures / f"{path.stem}_explorer.png")
    assert len(explorers) == path.name.endswith(("gru_by_hand.ipynb", "inside_the_network.ipynb"))
