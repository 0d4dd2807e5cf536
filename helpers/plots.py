"""One style for every figure: units on the axes, colours that colour-blind readers can tell apart, a text for each."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The palette of Okabe and Ito, made for colour-blind readers, in the order in which it is used; yellow is left out,
# because it is too light for a line on white.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000"]

STYLE = {
    "axes.prop_cycle": plt.cycler(color=COLOURS),
    "axes.grid": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.alpha": 0.3,
    "figure.figsize": (8, 3.5),
    "figure.dpi": 100,
    "figure.constrained_layout.use": True,
    "font.size": 10,
    "legend.frameon": False,
    "date.converter": "concise",
}


def figure(rows: int = 1, columns: int = 1, **options) -> tuple[Figure, Axes | np.ndarray]:
    """Return a new figure and its axes; further options as in `plt.subplots`.

    Sets the collection's style for this and all later figures: Matplotlib reads parts of it only when lines and
    legends are drawn.
    """
    plt.rcParams.update(STYLE)
    return plt.subplots(rows, columns, **options)


def show(fig: Figure, alt: str) -> None:
    """Show a figure in the notebook with its text alternative, and close it.

    Parameters
    ----------
    alt
        What the figure shows and what is to be seen in it, for readers who cannot see it. It is stored with the
        picture and takes its place where pictures are not shown.

    Raises
    ------
    ValueError
        If the text is empty.
    """
    from IPython.display import display

    if not alt.strip():
        raise ValueError("every figure needs a text alternative: say what is to be seen in it")
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png")
    plt.close(fig)
    display({"image/png": buffer.getvalue(), "text/plain": alt}, metadata={"image/png": {"alt": alt}}, raw=True)


def forecast_against_truth(truth: pd.Series, forecasts: dict[str, pd.Series], ylabel: str = "temperature (°C)"):
    """Return a figure of what was observed, in black, and of each forecast for the same days."""
    fig, ax = figure()
    ax.plot(truth.index, truth, color="black", linewidth=1.5, label="observed")
    for name, forecast in forecasts.items():
        ax.plot(truth.index, forecast, linewidth=1.2, label=name)
    ax.set(ylabel=ylabel)
    fig.legend(loc="outside lower center", ncols=1 + len(forecasts))
    return fig


def learning_curves(losses: dict[str, list[float]], ylabel: str = "mean squared error (scaled units)"):
    """Return a figure of the loss after each epoch, one line a name, epochs counted from 1."""
    fig, ax = figure()
    for name, values in losses.items():
        ax.plot(np.arange(1, len(values) + 1), values, marker="o", markersize=3, label=name)
    ax.set(xlabel="epoch", ylabel=ylabel, yscale="log")
    ax.legend()
    return fig


def flow(boxes: dict[str, tuple], arrows: list[str], colours: dict[str, str], size: tuple[float, float] = (8, 4)):
    """Return a figure of boxes that hold numbers, joined by arrows.

    Parameters
    ----------
    boxes
        Name → (x, y, text, numbers): the box's centre, and what stands in it, the numbers below the text.
    arrows
        Pairs of names, such as `"h-r"` for an arrow from box h to box r.
    colours
        Name → colour, of the box's frame and of the arrows that leave it. The others are black and grey.
    size
        Width and height in inches.

    Raises
    ------
    KeyError
        If an arrow or a colour names no box.
    """
    fig, ax = figure(figsize=size)
    frames = {}
    for name, (x, y, text, values) in boxes.items():
        lines = "\n".join([text, *(f"{value:+.3f}" for value in values)])
        edge = {"boxstyle": "round", "facecolor": "white", "edgecolor": "black", "linewidth": 1.5}
        frames[name] = ax.text(x, y, lines, ha="center", va="center", fontsize=9, bbox=edge).get_bbox_patch()
    for name, colour in colours.items():
        frames[name].set_edgecolor(colour)
    for start, end in (pair.split("-") for pair in arrows):
        style = {"arrowstyle": "-|>", "color": colours.get(start, "grey"), "shrinkA": 0, "shrinkB": 2}
        edges = {"patchA": frames[start], "patchB": frames[end]}
        ax.annotate("", boxes[end][:2], boxes[start][:2], arrowprops=style | edges, zorder=4)
    places = np.array([box[:2] for box in boxes.values()])
    (left, low), (right, high) = places.min(axis=0) - 0.6, places.max(axis=0) + 0.6
    ax.set(xlim=(left, right), ylim=(low, high))
    ax.axis("off")
    return fig
