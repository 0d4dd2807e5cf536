# ---
# jupyter:
#   lesson:
#     part: Scale
#     question: A hundred series, and several cores or computers. One network for each, or one for all?
#     learn: to hand a loop to Dask, to survive a dead worker, to tell when learning from all series pays
#     need: "{lesson:training}"
# ---

# %% [markdown]
# # Many series, many machines
#
# At the end of this lesson you will be able to run the same function on every core, or on a cluster, to lose a worker
# without losing a result, and to compare one network for all series with one for each.

# %% [markdown]
# ## What is the work?
#
# Sixty-four daily temperature records of ten years. Four are the last years of the real stations. Sixty are
# **simulated**, in memory, from a seed. Each has a climate of its own, from the sea to far inland. The sixty obey one law
# of weather, and their noise is known. So we also know the best possible forecast of each.
#
# We made this world so that its stations have something in common. Does sharing pay, from two years, from eight? And does a
# real station gain?

# %%
import json
import os
import tracemalloc
from concurrent.futures.process import BrokenProcessPool
from itertools import cycle, product
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, time

import dask
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge

from helpers import cluster, data, plots
from helpers.data import stations
from helpers.evaluation import rmse
from helpers.exercises import many_series as check
from helpers.forecasting import small_model
from helpers.models import start_anew
from helpers.season import yearly_cycle
from helpers.sequences import mean_by_group
from helpers.windows import create_dataset

TEST, WINDOW = 730, 14  # days
STEPS, BATCH = 96, 256
SEEDS, REAL = (1, 2, 3), list(data.NAMES[:4])


def collection():
    """Return ten years of temperature, in °C, of every station: name → Series."""
    simulated = stations.simulate(60, seed=1).temperature
    real = {name: data.load(name)["temperature"].iloc[-len(simulated) :] for name in REAL}
    return dict(simulated.items()) | real


world = stations.simulate(60, seed=1)
NAMES = list(world.climate.index)
LEARNED, NEW = NAMES[:48], NAMES[48:]
SEED = dict(zip(NAMES + REAL, cycle(SEEDS)))  # of what is trained for one station
noise = (world.temperature - world.expected).iloc[-TEST:]
best = np.sqrt((noise**2).mean())  # °C: the error of the best possible forecast, by station

# %%
usual = yearly_cycle(world.temperature, world.temperature.index[-TEST - 1], world.temperature.index)
fig, axes = plots.figure(1, 2, sharex=True, sharey=True)
ends = world.climate["amplitude"].agg(["idxmin", "idxmax"])
for ax, name, where in zip(axes, ends, ("at the sea", "far inland"), strict=True):
    today = (world.temperature - usual)[name].shift()
    for shown, alpha in ((world.temperature, 0.2), (world.expected, 1)):
        ax.scatter(today, (shown - usual)[name], s=2, alpha=alpha)
    ax.set(title=f"{name}, {where}", xlabel="today's departure (°C)", ylabel="tomorrow's departure (°C)")
alt = "Clouds of dots; in each the best possible forecast: at the sea nearly a line; inland it bends, the cloud is larger."
plots.show(fig, alt)

# %% [markdown]
# A dot is a day. A **departure** is what it differs from the usual of its season. The second colour is the best possible
# forecast. At the sea it is nearly a line. Inland it bends: warm departures fade sooner than cold ones.
#
# The last two years are the test. The `years` before them are for learning: 8, or only 2. From the last 14 departures, in
# units of their standard deviation, comes the next. Steps, sizes and rates were chosen on sixty other stations (seed 2).


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


def untrained(features, steps):
    return small_model(features, units=8, steps=steps, jit_compile=False)


def learn(network, X, y, seed, steps):
    """Train it for some steps on windows drawn with a seed."""
    drawn = np.random.default_rng(seed).integers(len(X), size=steps * BATCH)
    network.fit(X[drawn], y[drawn], batch_size=BATCH, shuffle=False, verbose=0)


def own_network(name, seed, years=8):
    """Train a network for one station. Return its test error in °C, and where and when that was."""
    began = time()
    X, y, spread, _ = prepared(name, years)
    network = cluster.once(untrained, 1, STEPS)
    start_anew(network, seed)
    learn(network, X[:-TEST], y[:-TEST], seed, STEPS)
    error = spread * rmse(y[-TEST:], network(X[-TEST:]).numpy()[:, 0])
    return {"station": name, "error": error, "process": os.getpid(), "began": began, "ended": time()}


# %% [markdown]
# `cluster.once(make, …)` returns `make(…)`, made **once a process**: reading the data and compiling a network take longer
# than training it.
#
# ## What does a plain loop take?

# %%
some = LEARNED[:10]
began = time()
loop = pd.DataFrame([own_network(name, SEED[name]) for name in some])
loop[["began", "ended"]] -= began  # in seconds from the start

# %% tags=["nbval-ignore-output"]
loop.eval("seconds = ended - began")[["station", "error", "seconds"]].round(3).head(4)

# %% [markdown]
# The first station takes longest: there TensorFlow was imported, and the network compiled.

# %% [markdown] tags=["teacher"]
# They wonder why a `cluster.once` is needed: "the network is made above the loop". Ask: in which process will the function
# run? Expect: in another one, later. Nothing that stands above the loop is there.

# %% [markdown]
# ## The same function on every core
#
# **Dask** is an engine for many tasks. A **task** is a call that is still to come. `dask.delayed(f)(x)` does not
# call `f`. It notes the call, and returns a promise. A promise can be handed on to another call. So notes become a
# **graph**: an arrow leads from what is needed to what needs it.

# %%
tasks = [dask.delayed(own_network)(name, SEED[name], dask_key_name=name) for name in some[:3]]
mean = dask.delayed(lambda told: np.mean([each["error"] for each in told]))(tasks, dask_key_name="mean error")  # noted
needs = mean.dask.get_all_dependencies()  # of each call, those that it waits for
boxes = {key: (3, -2, key, []) if needs[key] else (0, -row, key, []) for row, key in enumerate(sorted(needs))}
arrows = [f"{first}-{then}" for then in needs for first in needs[then]]
plots.show(
    plots.flow(boxes, arrows, {}, size=(8, 2.2)),
    "Three boxes with the names of stations; an arrow leads from each to a box 'mean error'.",
)

# %% [markdown]
# To start the calls, Dask needs **workers**: processes that wait for tasks. `cluster.start(2)` starts two on this
# computer, `cluster.start()` as many as cores and memory allow. They end with the block. `cluster.compute` hands out the
# tasks, and brings the results back in their order.
#
# With the package `distributed` a **scheduler** hands the tasks out, and a page in the browser shows it at work. Colab
# lacks the package. There Dask's own processes do the work.


# %% tags=["nbval-ignore-output"]
def at_work(names, years=8):
    return cluster.compute([dask.delayed(own_network)(name, SEED[name], years) for name in names])


most = min(2, cluster.fitting())  # workers: 1 where cores and memory allow no second
began = time()
with cluster.start(most):
    on_workers = pd.DataFrame(at_work(some))
    of_real, of_two_years = at_work(REAL), at_work(some, years=2)  # for later, as the workers are there
on_workers[["began", "ended"]] -= began

# %% tags=["nbval-ignore-output", "slide"]
fig, axes = plots.figure(2, 1, sharex=True, figsize=(8, 3))
for ax, (title, told) in zip(axes, {"a plain loop": loop, f"workers: {most}": on_workers}.items(), strict=True):
    row = told["process"].rank(method="dense")
    ax.barh(row, told["ended"] - told["began"], left=told["began"], edgecolor="white")
    ax.set(title=title, yticks=[])
ax.set(xlim=(0, None), xlabel="seconds from the start")
plots.show(
    fig,
    "Above, the plain loop: a long bar, then nine short ones, one after another. Below, a row for each worker: at first "
    "nothing, then a long bar in each row, then short ones, which are shared out.",
)

# %% tags=["nbval-ignore-output"]
total = on_workers["ended"].max()
alone, each = ((told["ended"] - told["began"]).median() for told in (loop, on_workers))
fixed = total - -(-len(some) // most) * each  # -(-a // b) is a / b, rounded up
print(f"a plain loop: {loop['ended'].max():.1f} s; workers: {most}, {total:.1f} s")
print(f"a station: in the loop {alone:.2f} s, on a worker {each:.2f} s; not a station's own: {fixed:.1f} s")
seconds = {workers: [fixed + -(-count // workers) * each for count in (10, 1000)] for workers in (1, 2, 10, 100)}
pd.DataFrame(seconds, ["10 stations, seconds computed", "1,000 stations"]).T.round(1)

# %%
assert loop["error"].equals(on_workers["error"])
assert os.getpid() not in set(on_workers["process"])

# %% [markdown]
# **The results are the loop's, to the last digit.** The seed stands in the call. So on one computer neither worker nor
# order matters. (Not by itself: Dask, too, draws from Python's random numbers, until `helpers.cluster` gives it its own.)
#
# **The time does not halve. It may even grow.** Each worker has to start, to import TensorFlow and to compile its network.
# So there is a gap and a long first bar, in every row: the **fixed part**. A station, too, may take longer. For *n*
# stations, *w* workers and *s* seconds a station
#
# $$T = T_\text{fixed} + \lceil n / w \rceil \cdot s$$
#
# The more stations a worker has, the less the fixed part matters. More workers than tasks gain nothing.
# (The law behind it: Amdahl, 1967.)

# %% [markdown] tags=["teacher"]
# Before the figure let them bet: two workers, so half the time? Ask of the long first bars: who has to pay them? Expect:
# every worker. Then: which of the two numbers changes with the stations, which with the workers?

# %% [markdown]
# ## Trap: more threads than cores
#
# A worker is a process on one core. But the libraries in it start threads of their own. Left alone, NumPy takes as many as
# there are cores, in **every** worker. With two workers, that is twice as many threads as cores.


# %% tags=["nbval-ignore-output"]
def least_squares(number):
    """Return the seconds that NumPy takes to fit 60 numbers to 2,000 equations."""
    table = np.random.default_rng(number).normal(size=(2000, 60))
    began = perf_counter()
    np.linalg.lstsq(table, table[:, 0], rcond=None)
    return perf_counter() - began


print(f"workers: {most}, cores: {os.cpu_count()}")
for threads in (1, os.cpu_count()):
    with cluster.start(most, threads=threads):
        took = cluster.compute([dask.delayed(least_squares)(number) for number in range(4)])
    print(f"threads a worker: {threads}, seconds a task: {np.median(took):.3f}")

# %% [markdown]
# If the second takes longer on your computer, the threads stand in each other's way. **Workers times threads: no more
# than cores.** So `cluster.start` gives each worker one thread, if you say nothing, and does so before NumPy or TensorFlow
# is imported: later they do not listen.

# %% [markdown] tags=["teacher"]
# They say: more threads are faster. Ask: how many cores have you? And how many threads are ready to run? Expect: twice as
# many as cores. If the times hardly differ on your computer, its NumPy may do without such threads, as on a Mac.

# %% [markdown]
# ## Trap: the data travel with every task
#
# A task brings along what it is given. Hand it the table of all stations, and the table travels sixty times. Hand it a
# **name**, and let the worker make or read the table itself, once.


# %%
def warmest(name, table=None):
    return (cluster.once(collection) if table is None else table)[name].max()


# %% tags=["nbval-ignore-output"]
shipped, took = {}, {}
with cluster.start():
    cluster.compute([dask.delayed(warmest)(name) for name in NAMES[:8]])  # to import and to make the data
    for way, more in {"with the table": {"table": world.temperature}, "by name": {}}.items():
        began = perf_counter()
        shipped[way] = cluster.compute([dask.delayed(warmest)(name, **more) for name in NAMES])
        took[way] = perf_counter() - began
overhead = took["by name"] / len(NAMES)  # what Dask spends on a task that does next to nothing
print(", ".join(f"{way}: {seconds:.2f} s" for way, seconds in took.items()))
megabytes = world.temperature.to_numpy().nbytes / 1e6
print(f"{len(NAMES)} tables of {megabytes:.1f} MB; overhead {1000 * overhead:.1f} ms a task")

# %%
assert shipped["with the table"] == shipped["by name"] == list(world.temperature.max())

# %% [markdown]
# The answers are the same. On one computer the times may be close, for memory is near. Over a network a hundred megabytes
# take their time. With twice the stations it is four times as much. So the data must be within the workers' reach: in a
# shared folder, in a store, or made from a seed as here. (What only you have, Dask's `scatter` brings to each once.)

# %% [markdown] tags=["teacher"]
# They say: a table of two megabytes is nothing. Ask: how often does it travel? Expect: once a task. Then: and with ten
# thousand stations the table itself grows. So the bytes grow with the square.

# %% [markdown]
# ## What if a worker dies?
#
# Computers are switched off, and memory runs out. So each station's result goes to disk, **one file a station, written in
# one step**: under another name first, then renamed. A file is there whole, or not at all. Who finds it need not compute.
# Here a task is the damped anomaly, a line from the last day.


# %%
def damped_anomaly(name, years=8):
    X, y, spread, _ = prepared(name, years)
    last = X[:, -1, 0]
    slope, offset = np.polyfit(last[:-TEST], y[:-TEST], 1)
    return spread * rmse(y[-TEST:], slope * last[-TEST:] + offset)


def kept(name, folder):
    """Return a station's result from disk, or compute it and put it there in one step; what fails, says who and why."""
    file = Path(folder, f"{name}.json")
    if not file.exists():
        try:
            result = damped_anomaly(name)
        except Exception as error:
            return f"{name}: {type(error).__name__} {error}"
        unfinished = file.with_name(f".{file.name}.new")
        unfinished.write_text(json.dumps(result))
        os.replace(unfinished, file)
    return json.loads(file.read_text())


def unlucky(name, folder):
    """As `kept`, but the first worker that comes to station s07 dies on the spot."""
    mark = Path(folder, "died")
    if name == "s07" and not mark.exists():
        mark.touch()
        os._exit(1)
    return kept(name, folder)


def go_on(function, names, folder):
    """Compute until all is there. Dask's own processes end with the one that dies: then begin again, from disk."""
    while True:
        try:
            with cluster.start():
                return cluster.compute([dask.delayed(function)(name, folder) for name in names])
        except BrokenProcessPool:
            print("\na process died: once more, from what is on disk")


def times_of_files(folder):
    return {file.name: file.stat().st_mtime_ns for file in Path(folder).glob("s*.json")}


# %% tags=["nbval-ignore-output"]
with TemporaryDirectory() as folder:
    survived = go_on(unlucky, NAMES[:16], folder)
    died, first_files = Path(folder, "died").exists(), times_of_files(folder)
    wanted = [*NAMES[:24], "atlantis"]
    went_on = go_on(kept, wanted, folder)
    files = times_of_files(folder)
print(f"after the death: {len(survived)} results of 16; gone on: {len(files)} files; the last result: {went_on[-1]!r}")

# %%
assert died
assert survived == [damped_anomaly(name) for name in NAMES[:16]]
assert went_on[:16] == survived
assert len(files) == 24
assert all(files[name] == written for name, written in first_files.items())
assert went_on[-1] == "atlantis: KeyError 'atlantis'"

# %% [markdown]
# - **A worker died** in the middle. The scheduler gave its task to another one. All sixteen results are there, each once,
#   as without workers. (Dask's own processes all end when one dies. There the run begins anew, from disk.)
# - **The second run went on from disk.** It wanted 24. The 16 old files were not touched.
# - **A station failed**, for there is no such place. Its result says which and why, and the others are done. An error that
#   is raised would end the whole run.

# %% [markdown] tags=["teacher"]
# They say: I write the result when it is done, what can happen? Ask: the plug is pulled in the middle of the write. What
# will the next run read? Expect: half a file, and no error until much later. Then: why does the other name begin with a
# dot? Expect: so that nobody takes it for a result.

# %% [markdown]
# ## One network for all?
#
# So far each station has its own network. Two more ways:
#
# - **one for all**: a single network learns from 48 of the sixty at once, **with** or **without** four numbers that describe
#   the station (mean, size of the cycle, spread, correlation from day to day), beside each day;
# - **fine-tuned**: that network, trained a little further on one station.
#
# The opponents: for each station the damped anomaly (a line from the last day) and ridge (from all 14). And one that
# shares as well: boosted trees ({lesson:how_sure}) on the windows of all, with the four numbers.


# %%
JUDGED = some + NEW + REAL


def inputs(name, years, described):
    """Return a station's windows, with its four numbers as columns beside each day or without, answers and spread."""
    X, y, spread, numbers = cluster.once(prepared, name, years)
    if described:
        every = np.array([cluster.once(prepared, other, years)[3] for other in LEARNED])
        numbers = ((numbers - every.mean(axis=0)) / every.std(axis=0)).astype("float32")
        X = np.concatenate([X, np.broadcast_to(numbers, (*X.shape[:2], 4))], axis=2)
    return X, y, spread


def learned_windows(years, described):
    parts = [inputs(name, years, described) for name in LEARNED]
    return np.concatenate([X[:-TEST] for X, _, _ in parts]), np.concatenate([y[:-TEST] for _, y, _ in parts])


def errors_of(forecast, years, described):
    """Return the test error in °C of every station that is judged; `forecast` takes windows."""
    X, y, spreads = zip(*(inputs(name, years, described) for name in JUDGED), strict=True)
    truth = np.stack([each[-TEST:] for each in y])  # a row a station, a column a day
    ahead = np.reshape(forecast(np.concatenate([each[-TEST:] for each in X])), truth.shape)
    return {name: spreads[row] * rmse(truth[row], ahead[row]) for row, name in enumerate(JUDGED)}


def ridge(name, years):
    X, y, spread, _ = cluster.once(prepared, name, years)
    line = Ridge().fit(X[:-TEST, :, 0], y[:-TEST])
    return spread * rmse(y[-TEST:], line.predict(X[-TEST:, :, 0]))


def one_for_all(years, described, seed):
    X, y = learned_windows(years, described)
    network = cluster.once(untrained, X.shape[2], 2 * STEPS)
    start_anew(network, seed)
    learn(network, X, y, seed, 2 * STEPS)
    return errors_of(network, years, described), network.get_weights()


def fine_tuned(trained, name, years):
    X, y, spread = inputs(name, years, described=False)
    network = cluster.once(untrained, 1, 2 * STEPS)
    start_anew(network, 1)
    network.set_weights(trained[1])
    network.optimizer.iterations.assign(3 * STEPS // 2)  # the learning rate has fallen far: go on from there
    learn(network, X[:-TEST], y[:-TEST], 1, STEPS // 2)
    return spread * rmse(y[-TEST:], network(X[-TEST:]).numpy()[:, 0])


YEARS = 2, 8
shared = {key: dask.delayed(one_for_all)(*key) for key in product(YEARS, (False, True), SEEDS)}
tuned = {
    ("fine-tuned", years, name): dask.delayed(fine_tuned)(shared[years, False, SEED[name]], name, years)
    for years, name in [*product(YEARS, some), *product([8], REAL)]
}

# %% tags=["nbval-ignore-output"]
with cluster.start():
    results = cluster.compute([*shared.values(), *tuned.values()])

# %%
errors = dict(zip(tuned, results[len(shared) :], strict=True))
for years, told in ((8, on_workers.to_dict("records")), (8, of_real), (2, of_two_years)):
    errors |= {("own network", years, result["station"]): result["error"] for result in told}
columns = lambda X: np.hstack([X[:, :, 0], X[:, -1, 1:]])  # the 14 departures and, once, the four numbers
for years in YEARS:
    X, y = learned_windows(years, described=True)
    drawn = np.random.default_rng(0).permutation(len(X))[:60_000]
    trees = HistGradientBoostingRegressor(random_state=0).fit(columns(X[drawn]), y[drawn])
    ways = {"boosted trees for all": errors_of(lambda X, trees=trees: trees.predict(columns(X)), years, True)}
    for way, described in {"one for all": False, "one for all, described": True}.items():
        by_seed = [made for key, (made, _) in zip(shared, results, strict=False) if key[:2] == (years, described)]
        ways[way] = pd.DataFrame(by_seed).mean()
    for way, function in {"damped anomaly": damped_anomaly, "ridge": ridge}.items():
        ways[way] = {name: function(name, years) for name in JUDGED}
    errors |= {(way, years, name): made[name] for way, made in ways.items() for name in JUDGED}
table = pd.Series(errors).unstack([0, 1])  # a row a station, a column a way and its years
above = 100 * (table.loc[some + NEW].div(best[some + NEW], axis=0) - 1)  # % above the best possible error

# %% tags=["nbval-ignore-output", "slide"]
for names, title in ((some, "ten of the 48 stations"), (NEW, "the twelve not learned from")):
    shown = above.loc[names].dropna(axis=1)
    text = shown.apply(lambda column: "{:.1f} ({:.1f} to {:.1f})".format(*mean_by_group(column, column.index)))
    print(f"{title}: % above the best possible error from 2 years and from 8, mean and its interval")
    print(text.unstack().loc[shown.mean().unstack()[2].sort_values().index].to_string(), end="\n\n")

# %%
pairs = [("own network", "ridge"), ("one for all", "own network"), ("one for all, described", "one for all")]
pairs += [("fine-tuned", other) for other in ("one for all", "own network", "boosted trees for all")]
gains = {}
for years, (one, other) in product(YEARS, pairs):
    difference = above.loc[some, (one, years)] - above.loc[some, (other, years)]
    gains[years, one, other] = mean_by_group(difference, difference.index)

# %% tags=["nbval-ignore-output"]
for (years, one, other), (mean, low, high) in gains.items():
    verdict = f"{one} is better" if high < 0 else f"{other} is better" if low > 0 else "these stations do not tell"
    print(f"{years} years, {one} against {other}: {mean:+.2f} ({low:+.2f} to {high:+.2f}): {verdict}")

# %% tags=["nbval-ignore-output"]
print("the real stations, error in °C from 8 years")
table.loc[REAL].xs(8, axis=1, level=1).T.round(2)

# %%
learned, new, real = above.loc[some].mean(), above.loc[NEW].mean(), table.loc[REAL].xs(8, axis=1, level=1)
for years in YEARS:
    assert gains[years, "own network", "ridge"][2] < 0
    assert abs(gains[years, "one for all", "own network"][0]) < 1
    assert gains[years, "one for all, described", "one for all"][2] > 0
    assert learned["fine-tuned", years] < learned["one for all", years]
    assert gains[years, "fine-tuned", "own network"][2] < 0
    assert abs(gains[years, "fine-tuned", "boosted trees for all"][0]) < 1
    assert new["boosted trees for all", years] < new["one for all", years] < new["ridge", years]
assert (real["one for all"] > real[["own network", "ridge", "damped anomaly"]].max(axis=1)).all()
assert (real["fine-tuned"] < real["one for all"]).all()
assert (real["fine-tuned"] > real["ridge"]).all()

# %% [markdown]
# The unit is a percentage point of the best possible error. The verdicts above hold for these ten stations.
#
# - **A network for each** beats ridge, from two years as from eight.
# - **One network for all** is about as good as a network for each, less than a point apart. It is one instead of 48.
# - **The four numbers** do not make it better.
# - **Fine-tuned**, it beats a network of the station's own, from two years as from eight. (It also took more steps.)
# - **The opponent that shares as well**, the trees, is about as good. So it need not be a GRU.
# - **A station that was not learned from** is forecast better by the network of the others than by a ridge of its own, and
#   best by the trees.
# - **The real stations** live in another world. There the network for all is worse than a line from the last day.
#   Fine-tuning mends a part of it. At all four ridge remains better. Sharing needs something in common.

# %% [markdown] tags=["teacher"]
# They say: more data are always better. Point at the real stations. Ask: what did the one network learn from? Expect: from
# another world. What would be needed? Stations of the same kind. And ask for the opponent before the verdict.

# %% [markdown]
# ## More than fits into memory
#
# Once copied, windows hold 14 times the numbers of their data; with four more beside each day, 70 times. With a
# thousand times more stations they do not fit. But `fit` needs one batch at a time. So leave them on disk: `np.load(…,
# mmap_mode="r")` reads only what a batch asks for.


# %% tags=["nbval-ignore-output"]
def losses(pieces):
    network = cluster.once(untrained, 1, STEPS)
    start_anew(network, 1)
    return network.fit(pieces, epochs=2, steps_per_epoch=STEPS // 3, shuffle=False, verbose=0).history["loss"]


def in_pieces(X, y):
    for first in range(0, len(X), BATCH):
        yield np.array(X[first : first + BATCH]), np.array(y[first : first + BATCH])


X, y = learned_windows(8, described=False)
order = np.random.default_rng(0).permutation(len(X))[: STEPS * BATCH]  # shuffled once, before they are written
X, y = X[order], y[order]
with TemporaryDirectory() as folder:
    np.save(Path(folder, "windows.npy"), X)
    in_memory = losses(in_pieces(X, y))
    on_disk = np.load(Path(folder, "windows.npy"), mmap_mode="r")
    from_disk = losses(in_pieces(on_disk, y))
    tracemalloc.start()
    at_once = max(tracemalloc.get_traced_memory()[1] for _ in in_pieces(on_disk, y))
    tracemalloc.stop()
    on_disk._mmap.close()  # or Windows could not delete the file
print(f"on disk {X.nbytes / 1e6:.1f} MB, in memory at once {at_once / 1e6:.2f} MB")

# %%
assert in_memory == from_disk
assert at_once < 3 * X[:BATCH].nbytes < X.nbytes / 10

# %% [markdown]
# The same losses, to the last digit. In memory are two pieces, however long the file. What changed: you shuffle
# **once**, before writing. (`dask.array` cuts such a store into pieces for a cluster.)
#
# ## Many machines
#
# Nothing above names a machine. Set the address before Python starts, and the same lesson runs on a cluster:
#
# ```
# DASK_SCHEDULER_ADDRESS=tls://10.0.0.5:8786 python3 run.py lab
# ```
#
# A test of the collection does so, and kills a worker. Three things are up to you. The workers need the same packages, and
# `helpers`. The folder of results must be one that all can see. And whoever reaches a scheduler can run anything on its
# workers: use TLS, with certificates of your own. With the wrong one nobody gets in (tested, too).
#
# Where does the address come from? **Not run here**, by their documentation: `dask-jobqueue` asks a queue such as SLURM for
# workers (`SLURMCluster(cores=…, memory=…)`, then `.scale(100)`), `dask-kubernetes` has `KubeCluster(name=…)`,
# `dask-cloudprovider` the large clouds (`FargateCluster()` and others). Each has a `scheduler_address`.
#
# ### What breaks first?
#
# From this run: the fixed part, the seconds a station, and the round trip of a nearly empty task. The scheduler hands out
# one after another.

# %% tags=["nbval-ignore-output"]
hours = {}
for count, workers in product((64, 10_000, 1_000_000), (2, 100, 1000)):
    hours[f"{count:,}", workers] = [
        max(fixed + -(-tasks // workers) * count / tasks * each, tasks * overhead) / 3600
        for tasks in (count, -(-count // 100))
    ]
print("hours, computed")
pd.DataFrame(hours, ["a task a station", "a task for 100 stations"]).T.round(2)

# %% [markdown]
# With a million small networks on a thousand workers the scheduler may be the bottleneck. Then give each task a hundred
# stations. (With ten thousand, most workers would have none.) And a million results in one process are too many: let the
# workers write them, as `kept` does.

# %% [markdown] tags=["teacher"]
# They say: with a thousand workers it takes no time. Ask: who hands the tasks out? Expect: one process, one after the
# other.

# %% [markdown]
# ## Exercises
#
# Replace each `...` and run the cell, then run the check below it.
#
# **1. How long will it take?** From the number of tasks, the number of workers, the fixed part and the seconds a task takes,
# to the seconds until the last task is done. A task is not divided.


# %%
def seconds_needed(tasks, workers, fixed, each):
    ...
    ### BEGIN SOLUTION
    return fixed + -(-tasks // workers) * each
    ### END SOLUTION


# %%
check.seconds_needed(seconds_needed)

# %% [markdown]
# **2. How many workers fit?** A worker takes `threads` cores, and 0.9 GB of the `free_gb` GB that are free. Where none fits,
# the answer is 1.


# %%
def workers_that_fit(cores, free_gb, threads):
    ...
    ### BEGIN SOLUTION
    return max(1, min(cores // threads, int(free_gb / 0.9)))
    ### END SOLUTION


# %%
check.workers_that_fit(workers_that_fit)

# %% [markdown]
# **3. What is left to do?** After an interrupt. From the names of all stations and the names of the files in the folder, to a
# list of the stations that are still to be computed, in their order. A finished one has a file `NAME.json`.


# %%
def left_to_do(names, files):
    ...
    ### BEGIN SOLUTION
    return [name for name in names if f"{name}.json" not in files]
    ### END SOLUTION


# %%
check.left_to_do(left_to_do)

# %% [markdown] tags=["teacher"]
# In exercise 1 expect that the fixed part is divided as well; its hint says that all start at the same time. Do it together,
# with the figure of loop and workers beside it. In exercise 2 the memory is forgotten. Exercise 3 is for home: expect that a
# file which is still being written counts as done.

# %% [markdown]
# ## What to take away
#
# - First the plain loop. Then the same function, as tasks. With the seed in the call, the results are the same.
# - The fixed part (start, imports, compilation) is not shared out. Make things once a process.
# - One thread a worker, as many workers as cores and memory allow.
# - Send names, not tables. Write one file a station, in one step.
# - What learns from all series can beat what learns from one, if the series have something in common. Look for the best
#   opponent that shares as well.
#
# ## Self-test
#
# <details><summary>Ten tasks of 6 seconds, a fixed part of 12 seconds. How long on one worker, on five, on twenty?</summary>
#
# 72, 24 and 18 seconds. More than ten workers gain nothing: there are ten tasks. </details>
#
# <details><summary>A worker is killed while it writes a result. What does the next run find?</summary>
#
# A file under the unfinished name, or none. Not half a result under the right one. It computes the station again. </details>
#
# <details><summary>A global network does badly at your station. What would you try?</summary>
#
# To train it a little further there; and the simplest forecasts. Perhaps your station has little in common with those that it
# learned from. </details>
#
# ## Where next
#
# {Lesson:your_own_data} forecasts your own record. {Lesson:faster} makes the single network quicker, which helps on every
# worker.
#
# ## References
#
# - P. Montero-Manso and R. J. Hyndman, *Principles and algorithms for forecasting groups of time series: locality and
#   globality*, 2021, [arXiv:2008.00444](https://arxiv.org/abs/2008.00444).
# - M. Rocklin, *Dask: parallel computation with blocked algorithms and task scheduling*, 2015,
#   [doi:10.25080/Majora-7b98e3ed-013](https://doi.org/10.25080/Majora-7b98e3ed-013).
# - G. M. Amdahl, *Validity of the single processor approach to achieving large scale computing capabilities*, 1967,
#   [doi:10.1145/1465482.1465560](https://doi.org/10.1145/1465482.1465560).

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# **The post office.** 15 minutes. Two to four clerks (workers), one postmaster (the scheduler), twelve envelopes with a sum
# in each, a watch. Before the first envelope every clerk copies the table of 7 from the board, which takes a minute: the
# fixed part.
#
# 1. One clerk, twelve envelopes. A sum takes 10 seconds. Predict: 60 + 12 · 10 = 180 seconds.
# 2. Two clerks: 60 + 6 · 10 = 120 seconds. Twice the clerks, and a third of the time is saved.
# 3. Five clerks: 60 + 3 · 10 = 90 seconds, because two clerks get a third envelope.
# 4. Send a clerk out of the room in the middle. Where is the envelope? The postmaster knows who had it, and gives its copy to
#    another. Is a sum counted twice?
#
# Say then: nobody has to trust a clerk, only the postmaster's list and the finished sheets on the table.
#
# ### Answers to the open questions
#
# - *Ten tasks of 6 seconds, fixed part 12:* 72, 24, 18. Wrong: 3.6 for twenty workers. All is taken for divisible.
# - *A worker is killed while it writes:* an unfinished name or nothing. Wrong: half a result. That is what happens without
#   the second name.
# - *A global network does badly at your station:* train it further there, and look at the simplest forecasts. Wrong: a
#   larger network. Too little capacity is taken for too little in common.
#
# ### When time is short
#
# Skip "More than fits into memory" and "Trap: more threads than cores". Keep "The same function on every core", "What if
# a worker dies?" and the table of "One network for all?".
#
# ### After the lesson, students can
#
# - compute what a number of workers brings (exercise 1), and how many fit on a computer (exercise 2);
# - mend a run so that it goes on after an interrupt (exercise 3);
# - explain why the time does not halve with two workers (self-test);
# - choose between a network for each series and one for all, with an opponent that shares as well.

# %% tags=["teacher"]
# the post office, and the self-test
seconds = lambda tasks, workers, fixed, each: fixed + -(-tasks // workers) * each
assert [seconds(12, clerks, 60, 10) for clerks in (1, 2, 5)] == [180, 120, 90]
assert [seconds(10, workers, 12, 6) for workers in (1, 5, 20)] == [72, 24, 18]
