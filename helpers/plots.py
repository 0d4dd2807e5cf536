"""One style for every figure: units on the axes, colours that colour-blind readers can tell apart, a text for each."""

from __future__ import annotations

import io
from itertools import cycle
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


def columns(table: pd.DataFrame, xlabel: str, ylabel: str):
    """Return a figure of each column of a table against its index: a line, and a marker for each row."""
    fig, ax = figure()
    for name, values in table.items():
        ax.plot(table.index, values, marker="o", markersize=3, label=name)
    ax.set(xlabel=xlabel, ylabel=ylabel, xticks=table.index)
    fig.legend(loc="outside lower center", ncols=3)
    return fig


def learning_curves(errors: dict[str, np.ndarray], bars: dict[str, float], ylabel: str = "RMSE (°C)"):
    """Return a figure of the error after each epoch, counted from 1, one line a name, and of bars that do not train.

    `errors` and `bars` are in the units of `ylabel`; each bar is a level line.
    """
    fig, ax = figure()
    for number, (name, values) in enumerate(errors.items()):
        style = "--" if number % 2 else "-"  # two lines that coincide both show
        ax.plot(np.arange(1, len(values) + 1), values, style, marker="o", markersize=3, label=name)
    for (name, value), style in zip(bars.items(), cycle((":", "--", "-.", "-")), strict=False):
        ax.axhline(value, color="black", linewidth=1, linestyle=style, label=name)
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set(xlabel="epoch", ylabel=ylabel)
    ax.legend()
    return fig


def gradients_by_steps_back(norms: dict[str, np.ndarray], title: str = "", ax: Axes | None = None):
    """Draw norms of ∂h_T/∂h_t against the steps back, T − t: medians and bands of 80 % of the networks.

    Parameters
    ----------
    norms
        Name → array of shape (networks, steps), as `helpers.recall.gradient_norms` gives.
    ax
        Where to draw; a new figure if left out.

    Returns
    -------
    fig, ax
    """
    fig, ax = figure(figsize=(7, 3.3)) if ax is None else (ax.figure, ax)
    for name, rows in norms.items():
        low, middle, high = np.quantile(rows, [0.1, 0.5, 0.9], axis=0)
        [line] = ax.plot(middle, label=name)
        ax.fill_between(np.arange(len(middle)), low, high, color=line.get_color(), alpha=0.2, linewidth=0)
    ax.set(xlabel="steps back, T − t", ylabel="norm of ∂h_T/∂h_t", yscale="log", title=title)
    ax.legend()
    return fig, ax


def windows_by_day(days: pd.DatetimeIndex, time_step: int, horizon: int = 1, names: list[str] | None = None):
    """Return a figure, and its axes, of all windows that `days` have room for: a row a window, a square a day.

    `names` stand beside the rows; without them the rows are "window 0", "window 1" and so on.

    Raises
    ------
    ValueError
        If there is room for no window.
    """
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    rows = len(days) - time_step - horizon + 1
    if rows < 1:
        raise ValueError(f"{len(days)} days have no room for {time_step} days and {horizon} to predict")
    since_first = np.arange(len(days)) - np.arange(rows)[:, np.newaxis]
    inside = (since_first >= 0) & (since_first < time_step)
    to_predict = (since_first >= time_step) & (since_first < time_step + horizon)

    meaning = {"not part of it": "#e8e8e8", "in the window": COLOURS[4], "to be predicted": COLOURS[1]}
    fig, ax = figure(figsize=(8, 0.27 * rows + 1.3))
    colours = ListedColormap(list(meaning.values()))
    ax.pcolormesh(np.select([inside, to_predict], [1, 2]), cmap=colours, vmin=0, vmax=2, edgecolor="white", linewidth=2)
    ax.set_xticks(np.arange(len(days)) + 0.5, [f"{day:%d %b}" for day in days], fontsize=8)
    ax.set_yticks(np.arange(rows) + 0.5, names if names is not None else [f"window {row}" for row in range(rows)])
    ax.invert_yaxis()
    ax.grid(visible=False)
    handles = [Patch(color=colour, label=text) for text, colour in meaning.items()]
    fig.legend(handles=handles, loc="outside upper center", ncols=3)
    return fig, ax


def flow(boxes: dict[str, tuple], arrows: list[str], colours: dict[str, str], size: tuple[float, float] = (8, 4)):
    """Return a figure of boxes that hold numbers, joined by arrows.

    Parameters
    ----------
    boxes
        Name → (x, y, text, numbers): the box's centre, and what stands in it, the numbers below the text.
    arrows
        Pairs of names, such as `"h-r"` for an arrow from box h to box r. What follows a second dash, as in `"h-r-U"`,
        stands on the arrow.
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
    for start, end, *text in (arrow.split("-", 2) for arrow in arrows):
        style = {"arrowstyle": "-|>", "color": colours.get(start, "grey"), "shrinkA": 0, "shrinkB": 2}
        edges = {"patchA": frames[start], "patchB": frames[end]}
        ax.annotate("", boxes[end][:2], boxes[start][:2], arrowprops=style | edges, zorder=4)
        if text:
            x, y = np.mean([boxes[start][:2], boxes[end][:2]], axis=0)
            style = {"color": colours.get(start, "black"), "backgroundcolor": "white", "fontsize": 9, "zorder": 5}
            ax.text(x, y, *text, ha="center", va="center", **style).get_bbox_patch().set_boxstyle("square", pad=0.1)
    places = np.array([box[:2] for box in boxes.values()])
    (left, low), (right, high) = places.min(axis=0) - 0.6, places.max(axis=0) + 0.6
    ax.set(xlim=(left, right), ylim=(low, high))
    ax.axis("off")
    return fig


def window_to_forecast(window: pd.Series, layers: list[str], target: pd.Series, ylabel: str = "temperature (°C)"):
    """Return a figure of a sample's way through a network: its window, a box for each layer, the days to be predicted.

    `window` and `target` are in the units of `ylabel`. The days are counted from 1, the first day of the window.
    """
    fig, axes = figure(1, len(layers) + 2, figsize=(8, 2.2), width_ratios=[4, *[2] * len(layers), 1.2])
    left, *boxes, right = axes
    days = np.arange(1, len(window) + len(target) + 1)
    left.plot(days[: len(window)], window, marker="o", markersize=2, linewidth=0.8)
    left.set(title=f"window: {len(window)} days", xlabel="day", ylabel=ylabel)
    ahead = days[len(window) :]
    right.plot(ahead, target, "o", color=COLOURS[1])
    right.set(title="to predict", xlabel="day", xticks=ahead, xlim=(ahead[0] - 1, ahead[-1] + 1))
    right.sharey(left)
    right.tick_params(labelleft=False)
    for ax, text in zip(boxes, layers, strict=True):
        ax.axis("off")
        ax.text(0.5, 0.5, text, ha="center", va="center", fontsize=9, bbox={"boxstyle": "round", "facecolor": "white"})
    for ax in axes[1:]:
        arrow = ax.annotate("→", (-0.05, 0.5), xycoords="axes fraction", ha="center", va="center", fontsize=16)
        arrow.set_in_layout(False)
    return fig
