"""The explorer's page as it is committed: what it was built from, and what needs no browser to be seen."""

import re
from html.parser import HTMLParser

import IPython.display
import nbformat
import numpy as np
import pytest
from PIL import Image

from helpers import data, example
from helpers import explorer as in_notebook
from helpers.cells import GRU
from helpers.evaluation import rmse
from tools import explorer, lessons

LESSONS = {"gru_by_hand": "keeper", "inside_the_network": "brussels"}
PAGE = explorer.BUILT.read_text(encoding="utf-8")


def test_built_from_its_parts():
    assert explorer.build() == PAGE, "build it anew: python -m tools.explorer"


def test_small_and_alone():
    """Below 100 kB, and nothing in it that a browser would fetch."""
    assert len(PAGE.encode()) < 100_000
    assert not re.search(r"https?:|url\(|@import|\bsrc=|\bfetch\(|XMLHttpRequest|\bimport\(", PAGE)
    assert re.findall(r'<link[^>]*href="([^"]*)"', PAGE) == ["data:,"]


def test_table_without_scripts():
    [table] = re.findall(r"<noscript>.*?<tbody>(.*?)</tbody>.*?</noscript>", PAGE, re.DOTALL)
    shown = [[float(text.replace("−", "-")) for text in re.findall("<td>(.*?)</td>", row)] for row in table.split("\n")]
    cell = GRU(**example.GRU)
    cell.forward(example.X[np.newaxis])
    x = np.broadcast_to(example.X, (3, 2))
    right = np.stack([x, cell.r[0], cell.z[0], cell.candidate[0], cell.h[0]], axis=-1)
    assert np.allclose([row for row in shown if row], right.reshape(6, 5), atol=5e-4)


@pytest.mark.parametrize(("place", "weights", "x"), [(0, example.GRU, example.X), (1, example.KEEPER, example.PULSES)])
def test_settings_are_the_examples(place, weights, x):
    setting = explorer.settings()[place]
    assert setting["x"] == x[:, 0].tolist()
    assert all(np.array_equal(setting["weights"][name], weights[name]) for name in weights)


def test_trained_network_on_real_days():
    """The days are those of the record, and the errors that the page states are those of the numbers in it."""
    trained = explorer.settings()[-1]
    days = data.load("brussels").loc[trained["first"] : data.VALIDATION_END, "temperature"]
    celsius, z = np.array(trained["celsius"]) / 100, np.array(trained["z"]) / 1000
    assert np.allclose(celsius, days)
    windows = np.lib.stride_tricks.sliding_window_view(z, trained["window"])[:-1, :, np.newaxis]
    out = GRU(**trained["weights"]).forward(windows)[:, -1] @ trained["out"] + trained["bias"]
    tomorrow = slice(trained["window"], None)
    truth, season = celsius[tomorrow], (celsius - trained["std"] * z)[tomorrow]
    damped = season + trained["std"] * trained["damped"] * z[trained["window"] - 1 : -1]
    persistence = celsius[trained["window"] - 1 : -1]
    forecasts = {"GRU": season + trained["std"] * out, "damped": damped, "persistence": persistence}
    for name, forecast in forecasts.items():
        assert abs(rmse(truth, forecast) - trained["errors"][name]) < 0.002, name
    assert trained["errors"]["GRU"] < trained["errors"]["persistence"]


class Frame(HTMLParser):
    """Reads the attributes of a frame, as a browser does."""

    def handle_starttag(self, tag, attributes):
        assert tag == "iframe"
        self.attributes = dict(attributes)


@pytest.mark.parametrize("setting", ["example", *LESSONS.values()])
def test_a_frame_holds_the_whole_page(setting, monkeypatch):
    shown = []
    monkeypatch.setattr(IPython.display, "display", lambda data, **_: shown.append(data))
    in_notebook.show(setting)
    reader = Frame()
    reader.feed(shown[0]["text/html"])
    assert reader.attributes["title"] == "GRU explorer"
    assert reader.attributes["srcdoc"] == PAGE.replace("<html ", f'<html data-setting="{setting}" ')


def test_a_frame_needs_a_setting_that_the_page_has():
    with pytest.raises(ValueError, match="no setting 'keepers'; it has example, keeper, brussels"):
        in_notebook.show("keepers")


@pytest.mark.parametrize("solved", [False, True])
@pytest.mark.parametrize("topic", LESSONS)
def test_lessons_hold_this_page(topic, solved):
    book = nbformat.read(lessons.notebook_path(lessons.find(topic), solved), as_version=4)
    frames = [out.data.get("text/html") for cell in book.cells for out in cell.get("outputs", []) if "data" in out]
    assert in_notebook.frame(LESSONS[topic]) in frames, f"python3 run.py build {topic}"


@pytest.mark.parametrize("setting", LESSONS.values())
def test_pictures_are_of_this_page(setting):
    path = explorer.PICTURES[setting]
    with Image.open(path) as picture:
        assert picture.text["page"] == explorer.page_id(), "take them anew: python -m tools.explorer pictures"
        assert picture.size == explorer.PICTURE_SIZES[setting]
    assert path.stat().st_size < 100_000
