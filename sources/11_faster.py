# ---
# jupyter:
#   lesson:
#     part: The forecast
#     question: Why is my training slow, and what makes it faster?
#     learn: to find what makes a training slow, one suspect at a time, and to mend it
#     need: "{lesson:training}; {lesson:model_building} for the count of the weights"
# ---

# %% [markdown]
# # Faster: the same error in a fraction of the time
#
# At the end of this lesson you will be able to find out what makes the training of a GRU slow, and to choose scale,
# window, size, batch and compiler by their price.

# %% [markdown]
# The quickstart's network took ten epochs in {lesson:training}, over a minute, and ended behind ridge. Four epochs
# would have done. Even so it is slow. Which of its settings cost the time? We try the suspects **one at a time**. Each
# trial but the last differs from the one before in a single setting. All are judged on the validation years. The two
# slowest have one epoch, the last has four, the others two. So mind after how many epochs an error is measured.

# %%
import time

import keras
import numpy as np
import pandas as pd

from helpers import baselines, data, plots
from helpers.evaluation import rmse
from helpers.exercises import faster as check
from helpers.models import SEED, right_sized_model, seed_model, set_seed, start_anew
from helpers.windows import windows_between

# %%
temperature = data.load("brussels")["temperature"].loc[: data.VALIDATION_END]
train, validation = temperature.loc[: data.TRAIN_END], temperature.loc["1998":]
low, high = train.min(), train.max()
mean, std = train.mean(), train.std()
zero_to_one = (temperature - low) / (high - low)
z = (temperature - mean) / std

bar = {}
for name in ("persistence", "damped anomaly", "autoregression", "ridge"):
    bar[name] = rmse(validation, baselines.FORECASTERS[name](temperature, data.TRAIN_END, validation.index))
    print(f"{name + ':':<15} RMSE {bar[name]:.3f} °C on the validation years")

# %% [markdown]
# ## What does the recipe cost?
#
# For each trial we note the validation error in °C and the seconds of an epoch. What is trained first takes longer: it
# includes the **preparation**, in which Keras turns the network into a program for windows of this very shape. So we
# train on a single batch first, and note its seconds apart. Of the epochs, one to twelve, we take the fastest, the one
# that other programs disturbed least. Some trials run with one seed. For those with three, the table of all trials has
# the standard error.

# %%
trials = {}


def trial(name, network, scaled, time_step, batch_size, epochs=2, seeds=(1, 2, SEED)):
    """Train `network` anew with each seed on 1976 to 1997, and note in `trials` what it costs and how good it is."""
    X, y = windows_between(scaled, time_step, "1976", data.TRAIN_END, batch_size)
    X_val, y_val = windows_between(scaled, time_step, "1998", data.VALIDATION_END)
    start_anew(network)
    start = time.perf_counter()
    network.fit(X[:batch_size], y[:batch_size], batch_size=batch_size, verbose=0)
    preparation = time.perf_counter() - start
    errors, begins, ends = [], [], []

    def after_an_epoch(epoch, logs):
        ends.append(time.perf_counter())
        errors.append(rmse(y_val, network.predict_on_batch(X_val)[:, 0]) * train.std() / scaled[train.index].std())

    watch = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: begins.append(time.perf_counter()), on_epoch_end=after_an_epoch
    )
    for seed in seeds:
        start_anew(network, seed)
        network.fit(X, y, epochs=epochs, batch_size=batch_size, verbose=0, callbacks=[watch])
    by_epoch = pd.DataFrame(np.reshape(errors, (len(seeds), epochs)))
    seconds = np.min(np.subtract(ends, begins))
    trials[name] = {
        "epochs": epochs,
        "after the first": by_epoch[0].mean(),
        "RMSE (°C)": by_epoch[epochs - 1].mean(),
        "standard error": by_epoch[epochs - 1].sem(),
        "preparation (s)": preparation,
        "epoch (s)": seconds,
        "steps": len(X) // batch_size * time_step * (len(network.layers) - 1),  # an epoch's; explained below
        "million multiplications": round(len(X) * time_step * network.count_params() / 1e6),
    }
    after_each = ", ".join(f"{error:.3f}" for error in by_epoch.mean())
    print(f"{name}: after each epoch {after_each} °C; preparation {preparation:.1f} s, an epoch {seconds:.2f} s")


# %% tags=["nbval-ignore-output"]
recipe = seed_model()  # two layers of 50 units, a learning rate of 0.001
trial("the recipe", recipe, zero_to_one, time_step=100, batch_size=32, epochs=1, seeds=[SEED])

# %% [markdown] tags=["teacher"]
# The seconds differ from computer to computer. "Mine is faster than yours." Let them compare only the rows of one
# table. Ask: what does the first batch do that the second does not? Expect: the preparation.

# %% [markdown]
# ## Suspect 1: the scale
#
# The recipe scales to 0 to 1. There the days lie close together, and squares of small numbers are very small. So the
# loss is tiny from the start.

# %%
scales = {"0 to 1": zero_to_one[train.index], "z-scores": z[train.index]}
rows = {name: [s.mean(), s.std(), s.var(), (s.diff() ** 2).mean()] for name, s in scales.items()}
columns = ["mean", "std", "loss, always the mean", "loss, persistence"]
pd.DataFrame(rows, index=columns).T.rename_axis("scale").round(4) + 0.0  # no minus before a zero

# %% [markdown]
# Perhaps the loss is too small to learn from? That can be tested: we multiply it so that it is as large as that of
# z-scores. Or is it the scale of the windows that go in? Or that of the targets?
#
# Five small races tell: the recipe's scale; the same with the larger loss; z-scores for the target only; for the input
# only; for both. All have one GRU layer of 16 units, 14 days, a learning rate of 0.003 and three epochs on three
# years, and three seeds each.
#
# **Predict first:** which of them learn faster than the first?

# %%
racer = keras.Sequential([keras.Input(shape=(14, 1)), keras.layers.GRU(16), keras.layers.Dense(1)])
racer.compile(optimizer=keras.optimizers.Adam(0.003), loss="mean_squared_error", jit_compile=True)


def race(inputs, targets, seed, loss_times=1.0):
    """Return the validation RMSE in °C after three epochs on 1995 to 1997."""
    (X, _), (_, y) = (windows_between(scaled, 14, "1995", data.TRAIN_END, 32) for scaled in (inputs, targets))
    (X_val, _), (_, y_val) = (windows_between(scaled, 14, "1998", data.VALIDATION_END) for scaled in (inputs, targets))
    start_anew(racer, seed)
    weight = np.full(len(y), loss_times)  # each window's share in the loss
    racer.fit(X, y, sample_weight=weight, epochs=3, batch_size=32, verbose=0)
    return temperature.std() / targets.std() * rmse(y_val, racer.predict_on_batch(X_val)[:, 0])


times = ((high - low) / std) ** 2
races = {
    "0 to 1": (zero_to_one, zero_to_one),
    f"0 to 1, loss × {times:.0f}": (zero_to_one, zero_to_one),
    "only the target in z-scores": (zero_to_one, z),
    "only the input in z-scores": (z, zero_to_one),
    "both in z-scores": (z, z),
}
raced = {
    name: {f"seed {s}": race(*scaled, s, loss_times=times if "×" in name else 1.0) for s in (SEED, 1, 2)}
    for name, scaled in races.items()
}

# %% tags=["nbval-ignore-output", "slide"]
table = pd.DataFrame(raced).T.assign(mean=lambda seeds: seeds.mean(axis=1), error=pd.DataFrame(raced).sem())
table = pd.concat([table.rename(columns={"error": "standard error"}), pd.DataFrame({"mean": bar})])
table.round(2).astype(object).fillna("").rename_axis("RMSE (°C)")

# %%
plain, larger_loss, only_target, only_input, both = (np.mean(list(seeds.values())) for seeds in raced.values())
assert round(times) == 38
assert abs(plain - larger_loss) < 0.05
assert max(only_input, both) < plain - 0.1
assert only_target > plain
assert only_input < both + 0.05

# %% [markdown]
# A loss 38 times as large changes next to nothing. Adam divides every step by the usual size of the gradient
# ({lesson:training}), so the size of the loss cancels out. The obvious suspect is innocent.
#
# The scale of the **input** is guilty. With z-scores as input the network learns faster, whatever the target. Z-scores
# as target alone make it slower. Z-scores for the input alone did no worse here than for both. We go on with both,
# because one scale is easier to undo. Why does the input matter? Let us ask an untrained GRU what
# it has to say about different windows. Its memory after 14 days is 32 numbers. How large is the part of them that is
# the same for all windows, and how much do they differ between windows?

# %%
set_seed()
untrained = keras.layers.GRU(32)
rows = {}
for name, scaled in {"0 to 1": zero_to_one, "z-scores": z}.items():
    memory = keras.ops.convert_to_numpy(untrained(windows_between(scaled, 14, "1997", data.TRAIN_END)[0]))
    rows[name] = {"the same for all windows": np.abs(memory.mean(axis=0)).mean(), "differs": memory.std(axis=0).mean()}
untrained_memory = pd.DataFrame(rows).T.rename_axis("input scale")

# %% tags=["nbval-ignore-output", "slide"]
untrained_memory.round(3)

# %%
assert untrained_memory.loc["0 to 1", "the same for all windows"] > 2 * untrained_memory.loc["0 to 1", "differs"]
assert untrained_memory.loc["z-scores", "differs"] > 2 * untrained_memory.loc["z-scores", "the same for all windows"]

# %% [markdown]
# On the 0-to-1 scale every day is "about a half", and the memory says nearly the same about every window. Z-scores are
# centred on 0 and spread around it, and so is the memory, from the first batch on. (Z-scores change the centre and the
# spread at once. Which of the two matters more, we have not tested.)
#
# Now the recipe with z-scores, and nothing else changed.

# %% tags=["nbval-ignore-output"]
trial("z-scores", recipe, z, time_step=100, batch_size=32, epochs=1, seeds=[SEED])

# %% [markdown] tags=["teacher"]
# They say: a tiny loss teaches little. It is a good guess, so let them bet on the five races. Ask: by what does Adam
# divide? Expect: by the usual size of the gradient, which grows with the loss. Then ask, at the table of the untrained
# memory: on which scale do two windows look different? Expect: on that of z-scores.

# %% [markdown]
# ## Suspect 2: the window
#
# With z-scores the error after one epoch is far smaller, below persistence already. (An epoch has the same work to do.
# What is saved is epochs.) Next: a GRU reads one day after the other: day 2 has to wait for the memory of day 1. A
# hundred days are a hundred steps. Does tomorrow need more than the last 14?


# %%
def stack(layers, units, learning_rate=0.001):
    """Return a compiled network for windows of 14 days."""
    grus = [keras.layers.GRU(units, return_sequences=layer < layers - 1) for layer in range(layers)]
    network = keras.Sequential([keras.Input(shape=(14, 1)), *grus, keras.layers.Dense(1)])
    network.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="mean_squared_error", jit_compile=True)
    return network


# %% tags=["nbval-ignore-output"]
trial("14 days", stack(layers=2, units=50), z, time_step=14, batch_size=32, seeds=[SEED])

# %% [markdown] tags=["teacher"]
# They say: more days do no harm. Ask: can day 50 be computed before day 49? Expect: no. So what do 86 days more
# cost? 86 steps more in every layer, for every batch.

# %% [markdown]
# After the first epoch the error is about the same, and an epoch takes a fraction of the time. (The second epoch is for
# the next comparison.)
#
# ## Suspect 3: the size
#
# First one layer instead of two, then 32 units instead of 50. A layer less halves the steps and leaves
# a third of the multiplications. Fewer units shrink only these.
#
# **Predict first:** which of the two saves more time?

# %% tags=["nbval-ignore-output"]
trial("one layer", stack(layers=1, units=50), z, time_step=14, batch_size=32)
trial("32 units", stack(layers=1, units=32), z, time_step=14, batch_size=32)

# %%
assert trials["z-scores"]["after the first"] < trials["the recipe"]["after the first"] - 0.2
assert trials["z-scores"]["after the first"] < bar["persistence"]
assert trials["14 days"]["after the first"] < trials["z-scores"]["after the first"] + 0.04
assert trials["one layer"]["RMSE (°C)"] < trials["14 days"]["RMSE (°C)"] + 0.06
assert trials["32 units"]["RMSE (°C)"] < bar["persistence"]

# %% [markdown] tags=["teacher"]
# They bet on the units, because the count of weights has $n^2$ in it. Ask: what do fewer units leave as it is? Expect:
# the steps. And one layer less? It halves them. Let them decide by their own table.

# %% [markdown]
# After two epochs the smaller networks, too, are ahead of persistence. They lose at most
# 0.04 °C against the one run with two layers. That may be luck: see the standard errors further down.
#
# ## Suspect 4: the batch
#
# The days of a window have to wait for each other. The windows of a batch do not: they are computed side by side. So
# batches of 64 halve the number of steps. But they halve the updates, too. We try them with the learning rate as it
# is, and then with one three times as high.

# %% tags=["nbval-ignore-output"]
larger_batch = stack(layers=1, units=32)
trial("batches of 64", larger_batch, z, time_step=14, batch_size=64)
larger_batch.optimizer.learning_rate = 0.003
trial("learning rate 0.003", larger_batch, z, time_step=14, batch_size=64)

# %%
assert trials["batches of 64"]["RMSE (°C)"] > trials["32 units"]["RMSE (°C)"] + 0.04
assert trials["learning rate 0.003"]["RMSE (°C)"] < trials["batches of 64"]["RMSE (°C)"] - 0.04

# %% [markdown] tags=["teacher"]
# They say: larger batches are faster, so they are better. Ask: how many updates has an epoch now? Expect: half. What
# makes up for it? A higher learning rate, or more epochs.

# %% [markdown]
# The larger batch alone bought nothing. An epoch has half the steps, but it teaches less, because it has half as many
# updates. With the higher learning rate the two epochs suffice again. The two belong together.
#
# ## How should the learning rate end?
#
# A high learning rate gets there quickly. But its last steps may be too long to settle. So let it fall during the
# training, here along a cosine, from 0.003 to 0.

# %% tags=["slide"]
epochs, batch_size = 4, 64
updates = epochs * (len(windows_between(z, 14, "1976", data.TRAIN_END)[0]) // batch_size)
falling = keras.optimizers.schedules.CosineDecay(0.003, updates)
fig, ax = plots.figure(figsize=(8, 2.5))
ax.plot(range(updates + 1), [float(falling(update)) for update in range(updates + 1)])
ax.set(xlabel="update", ylabel="learning rate")
plots.show(
    fig,
    "The learning rate over the updates of four epochs: it starts at 0.003, falls slowly at first, fastest half-way, and "
    "slowly again towards 0 at the end.",
)

# %%
assert np.isclose(float(falling(0)), 0.003)
assert float(falling(updates)) < 1e-6

# %% [markdown]
# `helpers.models.right_sized_model` builds this network. It has one more setting, `steps_per_execution=32`, which
# changes the time, not the numbers (see below). So this trial differs from the one before in three things: the falling
# rate, four epochs, and this setting. Which of them helped, we have not tested.

# %% tags=["nbval-ignore-output"]
right_sized = right_sized_model(14, training_steps=updates)
trial("right-sized", right_sized, z, time_step=14, batch_size=batch_size, epochs=epochs)

# %%
right = trials["right-sized"]
assert bar["damped anomaly"] - 0.01 < right["RMSE (°C)"] < bar["ridge"] + 0.01
assert bar["autoregression"] < right["RMSE (°C)"] - 0.01
assert right["standard error"] < 0.01

# %% [markdown]
# About as good as ridge. The damped anomaly is not behind, and the autoregression, three weights and the cycle, is
# ahead. They know the season. This network does not.
#
# The three seeds had to wait for one preparation. `start_anew` gives a network new random weights without preparing it
# again. That saves seconds for every further seed.
#
# ## Where did the time go?

# %% tags=["nbval-ignore-output", "slide"]
table = pd.DataFrame(trials).T.drop(columns="after the first")
counts = table.round(3).astype({"epochs": int, "steps": int, "million multiplications": int}).astype(object)
pd.concat([counts, pd.DataFrame({"RMSE (°C)": bar}).round(3)]).fillna("").rename_axis("trial")

# %%
large, small = trials["the recipe"], trials["right-sized"]
for count in ("million multiplications", "steps"):
    print(f"{count} of an epoch: {large[count] / small[count]:.0f} times fewer than the recipe's")

# %% tags=["nbval-ignore-output"]
print(f"seconds of an epoch: {large['epoch (s)'] / small['epoch (s)']:.0f} times less")

# %%
assert large["steps"] > 10 * small["steps"]
assert large["million multiplications"] > 15 * small["million multiplications"]

# %% [markdown]
# A GRU uses each of its weights once a day. So weights × days × windows is a fair count of an epoch's multiplications.
# The **steps** are those that wait for each other: batches × days × layers.
#
# The preparation is kept out of the seconds: it is paid once, however many epochs follow. The time of an epoch follows
# neither count exactly. Each step has two prices: a fixed one, for starting it and waiting for the one before, and one
# for its multiplications. Each batch has a price, too, for the update of the weights. Compare the
# rows "one layer" and "32 units": the same steps, less than half the multiplications. If their times are close, the
# fixed prices weigh most. These are the times of the computer that ran the cells. They jump: "batches of 64" and the row
# below it are equal work.

# %% tags=["nbval-ignore-output", "slide"]
fig, ax = plots.figure()
ax.loglog(table["steps"].astype(float), table["epoch (s)"].astype(float), "o")
shown = ["the recipe", "14 days", "one layer", "batches of 64", "right-sized"]
for name in shown:
    place = (trials[name]["steps"], trials[name]["epoch (s)"])
    ax.annotate(name, place, xytext=(-6, 4), textcoords="offset points", ha="right")
ax.set(xlabel="steps one after another, in an epoch", ylabel="seconds an epoch", xlim=(600, 80000))
ax.set_xticks([1000, 3000, 10000, 30000], ["1,000", "3,000", "10,000", "30,000"])
ax.set_yticks([0.1, 0.3, 1, 3, 10], ["0.1", "0.3", "1", "3", "10"])
ax.minorticks_off()
plots.show(
    fig,
    "Seconds of an epoch against the steps that wait for each other, both axes logarithmic. The recipe, with most "
    "steps, is at the top right; trials with fewer steps lie lower and further to the left.",
)

# %% [markdown]
# ## Trap: timing the first epoch
#
# {Lesson:gru_vs_lstm} left out the first call, in which TensorFlow reads the code. Here it compiles, too. Is that worth
# it? **XLA**, the compiler, turns the network into machine code made for this very shape of windows.
# `jit_compile=True` switches it on, as in all trials so far. Does it help?
#
# And the setting that we owe you: `steps_per_execution=32` hands 32 batches to TensorFlow, the library that computes for
# Keras here, in one call. Keras itself then works once in 32 batches.
#
# Two networks without XLA, one with each setting, complete a table of four. Look at the seconds only. The rows do not
# have equally many epochs to take the fastest from, so believe large differences only.

# %% tags=["nbval-ignore-output", "slide"]
for batches in (1, 32):
    without = stack(layers=1, units=32)
    without.compile(keras.optimizers.Adam(0.003), "mean_squared_error", steps_per_execution=batches)
    trial(f"without XLA, {batches} a call", without, z, time_step=14, batch_size=64, seeds=[SEED])
four = ["without XLA, 1 a call", "without XLA, 32 a call", "batches of 64", "right-sized"]
seconds = pd.DataFrame({name: trials[name] for name in four}).loc[["preparation (s)", "epoch (s)"]].T
seconds.set_axis(["without XLA, 1 batch a call", "without XLA, 32", "XLA, 1 batch a call", "XLA, 32"]).round(2)

# %%
one, many = (trials[f"without XLA, {batches} a call"]["RMSE (°C)"] for batches in (1, 32))
assert np.isclose(one, many, atol=0.01)

# %% [markdown] tags=["teacher"]
# They say: XLA is slower, I measured it. Ask: what is in the seconds of the first epoch? Expect: the compiling. How
# often is that paid? Once for a network. Then: how many epochs will you train? Exercise 3 is this question.

# %% [markdown]
# By the first epoch alone, preparation included, XLA may look like a mistake, because it compiles for seconds. What it
# gains, it gains later. Mend the measurement: time the preparation and the epochs apart, and ask how many epochs you
# will train. For a network that trains for a few seconds, compiling may take longer than training. It pays where one
# compiled network is used again, with `start_anew`. And it compiles once more for every new shape: that is why a few of
# the oldest windows are left out here.
#
# One thing more costs nothing: **threads**. Such small steps may gain nothing from a second core. Hold TensorFlow to
# one, after `import tensorflow as tf` with `tf.config.threading.set_intra_op_parallelism_threads(1)` before the first
# network, and measure. The other core is then free for another training.
#
# ## What would a graphics card change?
#
# Nothing in this collection needs one. If you have one, an NVIDIA card on Linux or in Colab, some sentences above
# change.
#
# - Keras' GRU then runs in **cuDNN**, NVIDIA's library, as long as the layer keeps its defaults: `tanh` and `sigmoid`,
#   `reset_after=True`, biases, no `recurrent_dropout`, no `unroll`.
# - cuDNN and XLA do not go together. With `jit_compile=True` Keras warns and goes on **without** XLA. So there the
#   comparison above compares nothing: neither network has XLA.
# - Newer cards multiply in **TF32**, with about three decimal digits. So two ways to compute the same number agree to
#   about a thousandth, not to a millionth. `NVIDIA_TF32_OVERRIDE=0` in the environment, set before Python starts,
#   switches that off.
# - Two runs with the same seed need not be equal to the last bit. `tf.config.experimental.enable_op_determinism()` asks
#   for that, and costs time.
# - A card computes many windows side by side, and the days still wait for each other. A small network in small batches
#   may gain nothing. Measure, with larger batches, too. This cell does, if Keras sees a card:

# %% tags=["nbval-ignore-output"]
if keras.distribution.list_devices("gpu"):
    for size in (64, 512):
        trial(f"on the card, batches of {size}", stack(1, 32), z, time_step=14, batch_size=size, seeds=[SEED])
else:
    print("Keras sees no graphics card here.")

# %% [markdown] tags=["teacher"]
# They say: a graphics card would mend it all. Ask: what does day 2 wait for? Expect: for the memory of day 1, on every
# machine. Only the windows of a batch go side by side.

# %% [markdown]
# ## Exercises
#
# Nothing is trained here. Replace each `...` and run the cell, then run the check below it.
#
# **1. How many updates?** From the number of windows, the batch size and the epochs: how often are the weights changed?
# The last batch of an epoch may be smaller than the others.


# %%
def count_updates(windows, batch_size, epochs):
    ...
    ### BEGIN SOLUTION
    batches = -(-windows // batch_size)
    return batches * epochs
    ### END SOLUTION


# %%
check.count_updates(count_updates)

# %% [markdown]
# **2. Steps one after another.** How many steps wait for each other in one epoch? The last batch may be smaller than the
# others; it takes as many steps.


# %%
def steps_in_a_row(windows, batch_size, days, layers):
    ...
    ### BEGIN SOLUTION
    batches = -(-windows // batch_size)
    return batches * days * layers
    ### END SOLUTION


# %%
check.steps_in_a_row(steps_in_a_row)

# %% [markdown]
# **3. Does compiling pay?** A compiler costs `extra` seconds in the first epoch and saves `gain` seconds in every later
# one. Both are above 0. After how many epochs, the first included, is the training with it ahead for the first time?


# %%
def ahead_after(extra, gain):
    ...
    ### BEGIN SOLUTION
    epochs = 1
    while gain * (epochs - 1) <= extra:
        epochs += 1
    return epochs
    ### END SOLUTION


# %%
check.ahead_after(ahead_after)

# %% [markdown]
# **4. The fastest that is good enough.** Several networks have been tried: their validation errors in °C and their
# seconds (two arrays). Which place, counted from 0, has the fastest whose error is at most `tolerance` above the
# smallest error?


# %%
def fastest(errors, seconds, tolerance):
    ...
    ### BEGIN SOLUTION
    good_enough = errors <= errors.min() + tolerance
    return np.argmin(np.where(good_enough, seconds, np.inf))
    ### END SOLUTION


# %%
check.fastest(fastest)

# %% [markdown] tags=["teacher"]
# In exercise 1 expect `windows // batch_size * epochs`; the hint speaks of the smaller last batch. Do exercise 2
# together, right after the activity: expect windows counted in place of batches. In exercise 3 expect `ceil(extra /
# gain)`: it leaves out the first epoch, which gains nothing. Exercise 4 is for home: expect the place among the good
# ones, not among all.

# %% [markdown]
# ## What to take away
#
# - Change one setting at a time, and note error and time of each.
# - Give a GRU z-scores as input. With Adam, the size of the loss does not matter.
# - Steps wait for each other: batches × days × layers. Fewer days, one layer, larger batches with a higher learning
#   rate.
# - Time the preparation apart. Compile once and start anew.
#
# ## Self-test
#
# <details><summary>Why do 100 days cost more time than 14, however many cores the computer has?</summary>
#
# Each day has to wait for the memory of the day before. Only the windows of a batch can be computed side by side.
# </details>
#
# <details><summary>You double the batch. The epochs are shorter, but the error after two of them is larger. Why?</summary>
#
# Half as many updates. Raise the learning rate, or train more epochs.
# </details>
#
# <details><summary>A colleague multiplies the loss by 100 "to learn faster", with Adam. What happens?</summary>
#
# Next to nothing. Adam divides by the usual size of the gradient, which is 100 times as large as well.
# </details>
#
# ## Where next
#
# The network trains in seconds, so several seeds are affordable. On raw temperatures it is about as good as ridge, and
# behind the autoregression. {Lesson:prediction} takes it to the test years, and gives it more to read than the temperature.
#
# ## References
#
# - Y. LeCun, L. Bottou, G. B. Orr and K.-R. Müller, *Efficient BackProp*, 1998,
#   [doi:10.1007/3-540-49430-8_2](https://doi.org/10.1007/3-540-49430-8_2): why inputs should be centred and scaled.
# - I. Loshchilov and F. Hutter, *SGDR: Stochastic Gradient Descent with Warm Restarts*, 2016,
#   [arXiv:1608.03983](https://arxiv.org/abs/1608.03983): the cosine.

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# **Steps that wait.** 12 minutes, eight students with a number each, slips of paper for the sums. A student is a day,
# a slip is the memory of a window. At each clap, everyone who holds a slip adds their number and hands it to the next
# day of their window. Count the claps.
#
# 1. One window of eight days, all in one row: one slip, 8 claps.
# 2. Two rows of four, two windows in one batch: two slips at once, 4 claps.
# 3. The same two windows in two batches: the second slip starts when the first is done. 8 claps.
# 4. Eight windows of one day in one batch: eight slips at once, 1 clap. What has nobody received? A memory.
#
# Ask: how many additions were made each time? 8. Then say: the work was the same, the waiting was not. But after each
# batch the weights change: case 3 has two updates, case 2 has one.
#
# ### Answers to the open questions
#
# - *Which of the races learn faster?* Those with z-scores as input. Wrong: the larger loss. Adam is taken for plain
#   gradient descent.
# - *Which saves more time, one layer less or fewer units?* One's own table says. Wrong: the units, for certain. Work
#   is taken for time.
# - *Does tomorrow need more than the last 14 days?* The error is about the same without them. Wrong: more is better.
# - *Why do 100 days cost more, however many cores? (self-test)* Each day waits for the one before. Wrong: eight cores,
#   an eighth of the time. Waiting is taken for work that can be shared.
#
# ### When time is short
#
# Skip "What would a graphics card change?" and the table of four in "Trap: timing the first epoch". Of "How should the
# learning rate end?" show the figure, since {lesson:prediction} lets its rate fall too, and run the other cells
# without a word: the table of all trials needs them. Keep "Suspect 1: the scale", "Suspect 4: the batch" and that
# table, in "Where did the time go?".
#
# ### After the lesson, students can
#
# - compute the updates (exercise 1) and the waiting steps (exercise 2) of a training;
# - compute after how many epochs compiling pays (exercise 3);
# - choose the fastest network that is good enough (exercise 4);
# - explain why the size of the loss does not matter to Adam (self-test);
# - mend a larger batch that learns too little (self-test).


# %% tags=["teacher"]
# claps, additions and updates, played through batch by batch
def play(windows, days, batch):
    claps = additions = updates = 0
    for first in range(0, windows, batch):
        for _ in range(days):
            claps += 1
            additions += min(batch, windows - first)
        updates += 1
    return claps, additions, updates


assert [play(*case) for case in [(1, 8, 1), (2, 4, 2), (2, 4, 1), (8, 1, 8)]] == [
    (8, 8, 1),
    (4, 8, 1),
    (8, 8, 2),
    (1, 8, 1),
]
