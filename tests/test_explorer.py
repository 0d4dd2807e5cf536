"""The explorer's page as it is committed: what it was built from, and what needs no browser to be seen."""

import re

import numpy as np
import pytest

from helpers import data, example
from helpers.cells import GRU
from helpers.evaluation import rmse
from tools import explorer

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


def test_first_setting_is_the_example():
    first = explorer.settings()[0]
    assert first["x"] == example.X[:, 0].tolist()
    assert all(np.array_equal(first["weights"][name], example.GRU[name]) for name in example.GRU)


@pytest.mark.skipif(not explorer.TRAINED.exists(), reason="no trained network in the page yet")
def test_trained_network_on_real_days():
    """The days are those of the record, and the errors that the page states are those of the numbers in it."""
    trained = explorer.settings()[1]
    days = data.load("brussels").loc[trained["first"] : data.VALIDATION_END, "temperature"]
    celsius, z = np.array(trained["celsius"]) / 100, np.array(trained["z"]) / 1000
    assert np.allclose(celsius, days)
    windows = np.lib.stride_tricks.sliding_window_view(z, trained["window"])[:-1, :, np.newaxis]
    out = GRU(**trained["weights"]).forward(windows)[:, -1] @ trained["out"] + trained["bias"]
    tomorrow = slice(trained["window"], None)
    truth, season = celsius[tomorrow], (celsius - trained["std"] * z)[tomorrow]
    damped = season + trained["std"] * trained["damped"] * z[trained["window"] - 1 : -1]
    assert abs(rmse(truth, season + trained["std"] * out) - trained["errors"]["GRU"]) < 0.006
    assert abs(rmse(truth, damped) - trained["errors"]["damped"]) < 0.006
    assert abs(rmse(truth, celsius[trained["window"] - 1 : -1]) - trained["errors"]["persistence"]) < 0.006
    assert trained["errors"]["GRU"] < trained["errors"]["persistence"]
