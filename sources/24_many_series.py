# ---
# jupyter:
#   lesson:
#     part: Scale
#     question: A hundred series, and several cores or computers. One network for each, or one for all?
#     learn: to hand a loop to Dask, to survive a dead worker, to tell when one network for all series pays
#     need: "{lesson:training}"
# ---

# %% [markdown]
# # Many series, many machines
#
# At the end of this lesson you will be able to run the same function on every core, or on a cluster, to lose a worker
# without losing a result, and to say when one network for all series beats one for each.

# %% [markdown]
# ## What is the work?
#
# Sixty-four daily temperature records of ten years. Four are the last years of the real stations. Sixty are
# **simulated**, in memory, from a seed. Each has a climate of its own, from the sea (station `s24`, say) to far inland.
# All of them obey one law of weather, and their noise is known. So we also know the best possible forecast of each, and
# how far above it a network stays.
#
# We made this world so that its stations have something in common. That sharing *can* pay here is no discovery. How much
# it pays, from how many years, and whether a real station gains by it: that is the question.

# %%
import json
import os
import pickle
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, time

import dask
import keras
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge

from helpers import cluster, data, plots
from helpers.data import stations
from helpers.evaluation import rmse
from helpers.exercises import many_series as check
from helpers.models import right_sized_model, start_anew
from helpers.season import yearly_cycle
from helpers.sequences import mean_by_group
from helpers.windows import create_dataset

TEST, WINDOW = 730, 14  # days
REAL = list(data.NAMES[:4])


def collection():
    """Return ten years of temperature, in °C, of every station: name → Series."""
    simulated = stations.simulate(60, seed=1).temperature
    real = {name: data.load(name)["temperature"].iloc[-len(simulated) :] for name in REAL}
    return dict(simulated.items()) | real


world = stations.simulate(60, seed=1)
NAMES = list(world.climate.index)
LEARNED, NEW = NAMES[:48], NAMES[48:]
noise = (world.temperature - world.expected).iloc[-TEST:]
best = np.sqrt((noise**2).mean())  # °C: the error of the best possible forecast, by station

# %%
inland = world.climate["amplitude"].sort_values().index
usual = yearly_cycle(world.temperature, world.temperature.index[-TEST - 1], world.temperature.index)
fig, axes = plots.figure(1, 2, sharex=True, sharey=True)
for ax, name, where in zip(axes, inland[[0, -1]], ("at the sea", "far inland"), strict=True):
    today = (world.temperature - usual)[name].shift()
    ax.scatter(today, (world.temperature - usual)[name], s=2, alpha=0.2)
    ax.scatter(today, (world.expected - usual)[name], s=2)
    ax.set(title=f"{name}, {where}", xlabel="today's departure (°C)")
axes[0].set(ylabel="tomorrow's departure (°C)")
plots.show(
    fig,
    "Tomorrow's departure from the yearly cycle against today's, one cloud for a station at the sea and one for a station "
    "far inland. In the clouds lies the best possible forecast. At the sea it is nearly a straight line; inland it bends "
    "at 0: warm departures fade sooner than cold ones.",
)

# %% [markdown]
# A dot is a day. The second colour is the best possible forecast. At the sea it is nearly a line. Inland it bends: warm
# departures fade sooner than cold ones. Around it lies what nobody can know.
#
# The task is that of {lesson:how_far}. The last two years are the test. The `years` before them are for learning: 8, or
# only 2. From the last 14 departures, divided by their spread, comes the next. Steps, sizes and rates were chosen on
# sixty other stations (seed 2).


# %%
def prepared(name, years):
    """Return windows and answers (the last TEST of them are the test), the spread in °C, four numbers of the station."""
    series = cluster.once(collection)[name].iloc[-TEST - 365 * years :]
    last = series.index[-TEST - 1]
    cycle = yearly_cycle(series, last, series.index)
    spread = (series - cycle)[:last].std()
    departures = ((series - cycle) / spread).astype("float32")
    X, y = create_dataset(departures, WINDOW)
    return X, y, spread, [cycle.mean(), cycle.std(), spread, departures[:last].autocorr()]


def untrained(features, steps, rate=0.01):
    network = right_sized_model(WINDOW, features, 8, training_steps=steps)
    falling = keras.optimizers.schedules.CosineDecay(rate, steps)
    network.compile(keras.optimizers.Adam(falling), "mean_squared_error", steps_per_execution=32)
    return network


STEPS, BATCH = 96, 128


def learn(network, X, y, seed, steps=STEPS):
    drawn = np.random.default_rng(seed).integers(len(X), size=steps * BATCH)
    network.fit(X[drawn], y[drawn], batch_size=BATCH, shuffle=False, verbose=0)


def own_network(name, years=8, seed=1):
    """Train a network for one station. Return its test error in °C, and where and when that was."""
    began = time()
    X, y, spread, _ = prepared(name, years)
    network = cluster.once(untrained, 1, STEPS)
    start_anew(network, seed)
    learn(network, X[:-TEST], y[:-TEST], seed)
    error = spread * rmse(y[-TEST:], network(X[-TEST:]).numpy()[:, 0])
    return {"station": name, "error": error, "process": os.getpid(), "began": began, "ended": time()}


# %% [markdown]
# `cluster.once(make, …)` returns `make(…)`, made **once a process**: reading the data and compiling a network take longer
# than training it.
#
# ## What does a plain loop take?

# %%
some = LEARNED[:12]
loop = [own_network(name) for name in some[:4]]

# %% tags=["nbval-ignore-output"]
pd.DataFrame(loop).eval("seconds = ended - began")[["station", "error", "seconds"]].round(3)

# %% [markdown]
# The first station takes longest. There TensorFlow compiled the network. The others found it ready.
#
# ## The same function on every core
#
# **Dask** is an engine for many tasks. A **task** is a call of a function that is to come. `dask.delayed(f)(x)` does not
# call `f`. It notes the call, and returns a promise. A promise can be handed on to another call. So notes become a
# **graph**: an arrow leads from what is needed to what needs it.


# %%
def draw_graph(result):
    needs = result.dask.get_all_dependencies()
    column = lambda key: 1 + max(map(column, needs[key]), default=-1)
    rows, places = {}, {}
    for key in sorted(needs):
        rows[column(key)] = rows.get(column(key), 0) + 1
        places[key] = (column(key), -rows[column(key)])
    fig, ax = plots.figure(figsize=(8, 2.2))
    for key, place in places.items():
        ax.text(*place, key, ha="center", va="center", bbox={"boxstyle": "round", "facecolor": "white"})
        for other in needs[key]:
            ax.annotate("", place, places[other], arrowprops={"arrowstyle": "->", "shrinkA": 30, "shrinkB": 30})
    ax.set(xlim=(-0.5, max(rows) + 0.5), ylim=(-max(rows.values()) - 0.7, -0.3))
    ax.axis("off")
    return fig


tasks = [dask.delayed(own_network)(name, dask_key_name=name) for name in some]
mean = dask.delayed(lambda results: np.mean([each["error"] for each in results]))(tasks[:3], dask_key_name="mean error")
plots.show(draw_graph(mean), "Three boxes with the names of stations; an arrow leads from each to a box 'mean error'.")
