"""Figures: a text for each, none left open, the user's own style untouched, colours that can be told apart."""

import subprocess
import sys
from itertools import combinations
from pathlib import Path

import IPython.display
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from helpers import plots

mpl.use("Agg")
plt = plots.plt
ALT = "A line that rises."
DAYS = pd.date_range("2001-01-01", periods=5, freq="D")
TRUTH = pd.Series([1.0, 2.0, 3.0, 4.0, 5.0], index=DAYS)


@pytest.fixture
def shown(monkeypatch) -> list:
    """What `show` hands to the notebook, as (data, options)."""
    calls = []
    monkeypatch.setattr(IPython.display, "display", lambda data, **options: calls.append((data, options)))
    with mpl.rc_context():  # `figure` sets the style; other tests start without it
        yield calls
    plt.close("all")


def test_show_stores_the_picture_with_its_text(shown):
    fig, ax = plots.figure()
    ax.plot([1, 2, 3])
    plots.show(fig, ALT)
    [(bundle, options)] = shown
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert bundle["text/plain"] == ALT
    assert options == {"metadata": {"image/png": {"alt": ALT}}, "raw": True}


def test_show_closes_the_figure(shown):
    fig, _ = plots.figure()
    assert plt.fignum_exists(fig.number)
    plots.show(fig, ALT)
    assert not plt.get_fignums()


@pytest.mark.parametrize("alt", ["", "  \n"])
def test_show_refuses_a_figure_without_a_text(shown, alt):
    fig, _ = plots.figure()
    with pytest.raises(ValueError, match="text alternative"):
        plots.show(fig, alt)
    assert shown == []


def test_figure_gives_axes_in_the_style_of_the_collection(shown):
    _, ax = plots.figure()
    colours = [ax.plot([0, n])[0].get_color() for n in range(len(plots.COLOURS))]
    assert colours == plots.COLOURS
    assert not ax.spines["top"].get_visible()
    assert plots.figure(2, 3, sharex=True)[1].shape == (2, 3)


def test_importing_leaves_the_style_of_the_user_alone():
    program = """
import matplotlib.pyplot as plt
plt.switch_backend("Agg")
plt.rcParams["font.size"] = 17
before = dict(plt.rcParams)
from helpers import plots
assert dict(plt.rcParams) == before
fig, ax = plt.subplots()
assert ax.xaxis.label.get_size() == 17
plots.figure()
assert dict(plt.rcParams) != before, "figure() sets the style, as it says: this comparison does see a change"
print("untouched")
"""
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True)
    assert done.stdout.strip() == "untouched", done.stderr


def test_forecast_against_truth_draws_every_line_with_its_name_and_unit(shown):
    fig = plots.forecast_against_truth(TRUTH, {"GRU": TRUTH + 1, "persistence": TRUTH - 1})
    [ax] = fig.axes
    drawn = {line.get_label(): line.get_ydata() for line in ax.lines}
    assert list(drawn) == ["observed", "GRU", "persistence"]
    assert np.array_equal(drawn["observed"], TRUTH)
    assert np.array_equal(drawn["GRU"], TRUTH + 1)
    assert np.array_equal(drawn["persistence"], TRUTH - 1)
    assert len({line.get_color() for line in ax.lines}) == 3
    assert ax.get_ylabel() == "temperature (°C)"
    [legend] = fig.legends
    assert [text.get_text() for text in legend.get_texts()] == list(drawn)


def test_learning_curves_count_epochs_from_1_and_draw_the_bars_as_level_lines(shown):
    fig = plots.learning_curves({"training": [3.0, 2.0, 1.0], "validation": [4.0, 3.0]}, {"persistence": 2.5})
    [ax] = fig.axes
    *curves, bar = ax.lines
    assert [line.get_xdata().tolist() for line in curves] == [[1, 2, 3], [1, 2]]
    assert [list(line.get_ydata()) for line in curves] == [[3.0, 2.0, 1.0], [4.0, 3.0]]
    assert list(bar.get_ydata()) == [2.5, 2.5]
    assert len({line.get_linestyle() for line in ax.lines}) == 3
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_yscale()) == ("epoch", "RMSE (°C)", "linear")
    many = plots.learning_curves({"training": [1.0]}, {f"bar {n}": n for n in range(7)})
    assert [line.get_label() for line in many.axes[0].lines] == ["training", *(f"bar {n}" for n in range(7))]


def test_each_column_of_a_table_is_a_line_over_its_index(shown):
    table = pd.DataFrame({"ridge": [2.0, 3.0], "GRU": [1.0, 2.0]}, index=[1990, 1991])
    fig = plots.columns(table, "year", "RMSE (°C)")
    [ax] = fig.axes
    assert [line.get_label() for line in ax.lines] == ["ridge", "GRU"]
    assert [line.get_xdata().tolist() for line in ax.lines] == [[1990, 1991]] * 2
    assert [list(line.get_ydata()) for line in ax.lines] == [[2.0, 3.0], [1.0, 2.0]]
    assert (ax.get_xlabel(), ax.get_ylabel(), list(ax.get_xticks())) == ("year", "RMSE (°C)", [1990, 1991])


# Colours. How a colour looks to a colour-blind reader: the matrices of Machado, Oliveira and Fernandes (2009), for
# light as it adds up ("linear"), at full severity. Distance: CIE 1976, where about 2.3 can just be told apart.

SIGHT = {
    "full colour": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
CLEARLY_APART = 15.0


def test_gradients_by_steps_back_draw_the_median_of_the_networks(shown):
    norms = np.array([[1.0, 0.1], [1.0, 0.2], [1.0, 0.9]])
    _, ax = plots.gradients_by_steps_back({"a": norms, "b": norms / 2}, "two starts")
    assert [line.get_label() for line in ax.get_lines()] == ["a", "b"]
    assert list(ax.get_lines()[0].get_ydata()) == [1.0, 0.2]
    assert ax.get_yscale() == "log"
    assert ax.get_title() == "two starts"
    _, same = plots.gradients_by_steps_back({"c": norms}, ax=ax)
    assert same is ax


def linear(colour: str) -> np.ndarray:
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    t = TO_XYZ @ light.clip(0, 1) / TO_XYZ.sum(axis=1)
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def smallest_distance(colours: list[str], sight: str) -> float:
    seen = [lab(SIGHT[sight] @ linear(colour)) for colour in colours]
    return min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2))


@pytest.mark.parametrize("sight", list(SIGHT))
def test_colours_can_be_told_apart(sight):
    assert smallest_distance(plots.COLOURS, sight) > CLEARLY_APART


def test_the_measure_knows_a_pair_that_colour_blind_readers_confuse():
    red_and_green = ["#d62728", "#2ca02c"]  # of Matplotlib's own colours
    assert smallest_distance(red_and_green, "full colour") > 5 * CLEARLY_APART
    assert smallest_distance(red_and_green, "deuteranopia") < CLEARLY_APART


def contrast_on_white(colour: str) -> float:
    """Return the contrast ratio of WCAG 2: 1 for white, 21 for black."""
    luminance = TO_XYZ[1] @ linear(colour)
    return float(1.05 / (luminance + 0.05))


def test_colours_stand_out_on_white():
    assert contrast_on_white("white") == pytest.approx(1)
    assert contrast_on_white("black") == pytest.approx(21)
    assert contrast_on_white("#F0E442") < 2  # the palette's yellow, left out for this
    assert min(contrast_on_white(colour) for colour in plots.COLOURS) > 2
    assert min(contrast_on_white(colour) for colour in plots.COLOURS[:3]) > 3  # the first three, used in most figures


def test_windows_by_day_has_a_row_for_each_window(shown):
    _, ax = plots.windows_by_day(DAYS, 2, horizon=2)
    roles = ax.collections[0].get_array().reshape(2, 5)
    assert roles.tolist() == [[1, 1, 2, 2, 0], [0, 1, 1, 2, 2]]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["window 0", "window 1"]
    assert ax.get_xticklabels()[-1].get_text() == "05 Jan"
    _, ax = plots.windows_by_day(DAYS, 4, names=["training"])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["training"]


def test_windows_by_day_needs_room_for_one(shown):
    with pytest.raises(ValueError, match="5 days have no room for 5 days and 1 to predict"):
        plots.windows_by_day(DAYS, 5)


def test_a_window_and_its_target_are_drawn_on_one_scale(shown):
    fig = plots.window_to_forecast(TRUTH[:3], ["GRU", "Dense(2)"], TRUTH[3:])
    left, gru, dense, right = fig.axes
    assert left.lines[0].get_xydata().tolist() == [[1, 1], [2, 2], [3, 3]]
    assert right.lines[0].get_xydata().tolist() == [[4, 4], [5, 5]]
    assert [ax.texts[0].get_text() for ax in (gru, dense)] == ["GRU", "Dense(2)"]
    fig.canvas.draw()
    assert left.get_ylim() == right.get_ylim()
    assert left.get_ylim()[1] > 5


def test_flow_draws_every_box_with_its_numbers_and_every_arrow(shown):
    boxes = {"h": (0, 1, "memory", [0.5, -0.25]), "r": (2, 0, "gate", [0.1]), "c": (4, 0, "candidate", [0.2])}
    fig = plots.flow(boxes, ["h-r", "r-c"], colours={"r": plots.COLOURS[1]})
    [ax] = fig.axes
    texts = [text for text in ax.texts if text.get_text()]
    assert [text.get_text() for text in texts] == ["memory\n+0.500\n-0.250", "gate\n+0.100", "candidate\n+0.200"]
    assert [text.get_position() for text in texts] == [(0, 1), (2, 0), (4, 0)]
    from_h, from_r = [text.arrow_patch for text in ax.texts if not text.get_text()]
    assert from_r.get_edgecolor() == texts[1].get_bbox_patch().get_edgecolor() != from_h.get_edgecolor()
    fig.canvas.draw()  # only now does Matplotlib place text and arrows
    shape = ax.get_window_extent()
    assert all(shape.x0 < t.get_window_extent().x0 and t.get_window_extent().x1 < shape.x1 for t in texts)


def test_flow_writes_on_an_arrow(shown):
    fig = plots.flow({"h": (0, 1, "memory", [0.5]), "r": (2, 0, "gate", [0.1])}, ["h-r-U-1"], colours={})
    [text] = [text for text in fig.axes[0].texts if text.get_text() == "U-1"]
    assert text.get_position() == (1, 0.5)


def test_flow_refuses_an_arrow_to_nowhere(shown):
    with pytest.raises(KeyError, match="nowhere"):
        plots.flow({"h": (0, 0, "memory", [1])}, ["h-nowhere"], colours={})
