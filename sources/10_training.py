# ---
# jupyter:
#   lesson:
#     part: The forecast
#     question: What does `fit` do, when do I stop, can I trust one run, and what makes it slow?
#     learn: to read learning curves, to stop in time, to compare runs fairly, to train faster, to save a network
#     need: lessons 00 and 04 to 06
# ---

# %% [markdown]
# # Training: what `fit` does, when to stop, what to trust
#
# At the end of this lesson you will be able to train a GRU, stop it at the right moment, say how far one run can be
# trusted, and save what it has learned.

# %% [markdown]
# We train the quickstart's network again, this time for ten epochs. It takes a minute or two. Then we find a network
# that is as good after a few seconds.
#
# ## What do we learn from, and what do we judge by?
#
# As in every lesson: the network learns from 1976 to 1997. All decisions are made on the **validation years**, 1998 to
# 2001. The **test years**, 2002 to 2005, are cut off as soon as the record is loaded. Only one trap, near the end, looks
# at them.

# %%
import json
import tempfile
import time
from pathlib import Path

import keras
import numpy as np
import pandas as pd

from helpers import baselines, data, plots
from helpers.evaluation import rmse
from helpers.exercises import training as check
from helpers.models import SEED, progress, right_sized_model, seed_model, set_seed
from helpers.windows import create_dataset

# %%
record = data.load("brussels")["temperature"]
temperature = record.loc[: data.VALIDATION_END]
train, validation = temperature.loc[: data.TRAIN_END], temperature.loc["1998":]

bar = {}
for name in ("persistence", "ridge"):
    forecast = baselines.FORECASTERS[name](temperature, data.TRAIN_END, validation.index)
    bar[name] = rmse(validation, forecast)
    print(f"{name + ':':<12} RMSE {bar[name]:.3f} °C on the validation years")

# %% [markdown]
# These two are the bar. **Persistence** says "tomorrow will be as today". **Ridge** is a weighted sum of the last 30
# days. The **RMSE** is the root of the mean squared error: the size of a typical miss, in °C.
#
# Two scales will be compared. **0 to 1** is what `MinMaxScaler` makes, the quickstart's choice. A **z-score** is the
# temperature minus the training mean, divided by the training standard deviation. Both are fitted on the training years.

# %%
low, high = train.min(), train.max()
mean, std = train.mean(), train.std()
zero_to_one = (temperature - low) / (high - low)
z = (temperature - mean) / std


def windows(scaled, time_step, first, last):
    """Windows, and their answers, whose answer day lies from `first` to `last`."""
    X, y = create_dataset(scaled, time_step)
    answer_days = scaled.index[time_step:]
    chosen = (answer_days >= first) & (answer_days <= last)
    return X[chosen], y[chosen]


def full_batches(X, y, batch_size):
    """Leave out the oldest windows that would make a smaller batch: Keras prepares anew for every shape of batch."""
    incomplete = len(X) % batch_size
    return X[incomplete:], y[incomplete:]


def in_degrees(mse, degrees_per_unit):
    """From a mean squared error in scaled units to the RMSE in °C."""
    return degrees_per_unit * np.sqrt(mse)


def draw(curves, alt):
    """RMSE in °C after each epoch, one line a name, and persistence on the validation years as the bar."""
    fig = plots.learning_curves(curves, ylabel="RMSE (°C)")
    [ax] = fig.axes
    ax.set_yscale("linear")
    ax.xaxis.get_major_locator().set_params(integer=True)
    for line in ax.get_lines()[1::2]:
        line.set_linestyle("--")  # it shows even where two lines coincide
    ax.axhline(bar["persistence"], color="black", linewidth=1, linestyle=":", label="persistence, validation")
    ax.legend()
    plots.show(fig, alt)


# %% [markdown]
# ## What does `fit` do?
#
# Five words first.
#
# - A **batch** is a handful of windows, here 32.
# - The **loss** is the mean squared error of the forecasts for a batch.
# - The **gradient** says for every weight in which direction the loss grows, and how fast.
# - An **update** changes every weight a little against its gradient. The optimizer (here Adam) decides how much; the
#   **learning rate** sets the scale.
# - An **epoch** is one pass through all windows, batch after batch.
#
# So `fit` is a loop. We write one epoch of it by hand, on the windows of a single year, and compare with `fit`.
# `train_on_batch` makes one update and returns the loss that the batch had **before** it.

# %%
X_year, y_year = windows(z, 30, "1997-01-01", data.TRAIN_END)


def small_network():
    """One GRU layer of 32 units. The learning rate is high, 0.02, because a year has few batches."""
    network = keras.Sequential([keras.Input(shape=(30, 1)), keras.layers.GRU(32), keras.layers.Dense(1)])
    network.compile(optimizer=keras.optimizers.Adam(0.02), loss="mean_squared_error")
    return network


set_seed()
by_hand = small_network()
batch_losses, batch_sizes = [], []
for start in range(0, len(X_year), 32):
    batch = slice(start, start + 32)
    by_hand.reset_metrics()  # otherwise older versions of Keras return the mean of all batches so far
    batch_losses.append(by_hand.train_on_batch(X_year[batch], y_year[batch]))
    batch_sizes.append(len(y_year[batch]))

set_seed()
by_fit = small_network()
one_epoch = by_fit.fit(X_year, y_year, epochs=1, batch_size=32, shuffle=False, verbose=0)
print(f"{len(X_year)} windows make {batch_sizes.count(32)} batches of 32, and a last one of {batch_sizes[-1]}.")

# %% tags=["nbval-ignore-output"]
print("loss of each batch:", np.round(batch_losses, 2))
print(f"their mean, weighted by size: {np.average(batch_losses, weights=batch_sizes):.4f}")
print(f"what fit reports:             {one_epoch.history['loss'][0]:.4f}")

# %%
for mine, theirs in zip(by_hand.get_weights(), by_fit.get_weights(), strict=True):
    assert np.allclose(mine, theirs, atol=1e-5)
assert np.isclose(np.average(batch_losses, weights=batch_sizes), one_epoch.history["loss"][0], rtol=1e-4)
assert batch_losses[-1] < batch_losses[0]

# %% [markdown]
# The weights are the same, and so is the loss. Remember how the reported loss is made: it is the **mean over the
# epoch's batches, taken while the weights were still improving**.
#
# `fit` adds four things to this loop. It shuffles the windows anew in each epoch (here we switched that off). It
# measures the loss on the validation years **after** each epoch. It calls your callbacks. It returns all losses as
# `history`.
#
# ## What does the quickstart's network learn in ten epochs?
#
# The recipe: temperatures from 0 to 1, windows of 100 days, two GRU layers of 50 units, Adam with a learning rate of
# 0.001, batches of 32. `helpers.models.seed_model` builds that network and compiles it with XLA, of which more below.
# We keep a copy of the weights after every epoch; they will be useful.
#
# **Predict first:** after how many epochs does it stop getting better?

# %%
X_train, y_train = windows(zero_to_one, 100, "1976", data.TRAIN_END)
X_val, y_val = windows(zero_to_one, 100, "1998", data.VALIDATION_END)

set_seed()
model = seed_model()
weights_after = []


def keep_weights(epoch, logs):
    weights_after.append(model.get_weights())


recipe = {
    "batch_size": 32,
    "validation_data": (X_val, y_val),
    "validation_batch_size": len(X_val),
    "verbose": 0,
    "callbacks": [progress(), keras.callbacks.LambdaCallback(on_epoch_end=keep_weights)],
}

# %% tags=["nbval-ignore-output"]
start = time.perf_counter()
first_half = model.fit(X_train, y_train, epochs=5, **recipe)
quickstart_seconds = time.perf_counter() - start

# %% [markdown]
# Calling `fit` again goes on from the weights that the network has. It does not start anew.

# %% tags=["nbval-ignore-output"]
start = time.perf_counter()
second_half = model.fit(X_train, y_train, initial_epoch=5, epochs=10, **recipe)
quickstart_seconds += time.perf_counter() - start

# %% [markdown]
# The losses are squared and scaled. The root, times the range of the scale, is the RMSE in °C.

# %% tags=["nbval-ignore-output"]
curves = {
    "training": in_degrees(first_half.history["loss"] + second_half.history["loss"], high - low),
    "validation": in_degrees(first_half.history["val_loss"] + second_half.history["val_loss"], high - low),
}
draw(
    curves,
    "RMSE after each of ten epochs. Both curves fall steeply for three epochs, then they are flat. The validation curve "
    "lies below the training curve all the way, and from the third epoch on below persistence.",
)
quickstart_rmse = curves["validation"][-1]
print(f"Validation RMSE after 4 epochs {curves['validation'][3]:.3f} °C, after 10 epochs {quickstart_rmse:.3f} °C.")
print(f"Persistence {bar['persistence']:.3f} °C, ridge {bar['ridge']:.3f} °C.")

# %%
assert curves["validation"][3] < quickstart_rmse + 0.02
assert (curves["validation"] < curves["training"]).all()
assert bar["ridge"] < quickstart_rmse < bar["persistence"]
forecast = low + (high - low) * model.predict(X_val, batch_size=len(X_val), verbose=0)[:, 0]
assert np.isclose(rmse(validation.to_numpy(), forecast), quickstart_rmse, atol=1e-3)

# %% [markdown]
# Most of the ten epochs bought nothing: the fourth was already as good as the last. And look at where the network ends:
# ahead of persistence, behind ridge. All that training loses to a weighted sum.
#
# ## Why does the validation curve lie below the training curve?
#
# It looks as if the network were better on years that it has never seen. Two things make it look so.
#
# 1. The reported training loss is the mean over the epoch, with weights that were still improving. The validation loss
#    is measured afterwards.
# 2. The years are not the same. Some are easier to forecast than others.
#
# We have the weights after every epoch. So we can measure the training windows as `fit` measures the validation
# windows: afterwards. Every eighth training window is enough.

# %% tags=["nbval-ignore-output"]
rows = []
for epoch in (1, 10):
    model.set_weights(weights_after[epoch - 1])
    afterwards = model.evaluate(X_train[::8], y_train[::8], batch_size=256, verbose=0)
    rows.append([curves["training"][epoch - 1], in_degrees(afterwards, high - low), curves["validation"][epoch - 1]])
persistence_train = rmse(train.iloc[1:], train.shift(1).iloc[1:])
rows.append([np.nan, persistence_train, bar["persistence"]])
columns = ["training, as reported", "training, afterwards", "validation"]
below = pd.DataFrame(rows, columns=columns, index=["epoch 1", "epoch 10", "persistence"])
below.rename_axis("RMSE (°C)").round(3)

# %% [markdown]
# ## Why does it learn slowly?
#
# The loss was tiny from the start. Here is why. On a scale from 0 to 1 the days lie close together, and squares of small
# numbers are very small.

# %%
scales = {"0 to 1": zero_to_one.loc[: data.TRAIN_END], "z-scores": z.loc[: data.TRAIN_END]}
rows = {
    name: {
        "mean": days.mean(),
        "std": days.std(),
        "loss, always the mean": days.var(),
        "loss, persistence": (days.diff() ** 2).mean(),
    }
    for name, days in scales.items()
}
pd.DataFrame(rows).T.rename_axis("scale").round(4) + 0.0  # no minus before a zero

# %% [markdown]
# Perhaps the loss is too small to learn from? Small loss, small gradients, small updates? That can be tested. We
# multiply the loss of the 0-to-1 network so that it is as large as that of z-scores.
#
# Three small networks, the same in all but this: 30 days, one GRU layer of 32 units, Adam with a learning rate of 0.002,
# four epochs on five years.
#
# **Predict first:** which of them learns faster than the plain 0-to-1 network?


# %%
def race(scaled, loss_times=1.0, shuffle=True):
    """Validation RMSE in °C after each of four epochs on 1993 to 1997."""
    X_few, y_few = full_batches(*windows(scaled, 30, "1993", data.TRAIN_END), batch_size=32)
    X_judge, y_judge = windows(scaled, 30, "1998", data.VALIDATION_END)
    set_seed()
    network = keras.Sequential([keras.Input(shape=(30, 1)), keras.layers.GRU(32), keras.layers.Dense(1)])
    adam = keras.optimizers.Adam(0.002)
    network.compile(optimizer=adam, loss="mean_squared_error", loss_weights=[loss_times])
    history = network.fit(
        X_few,
        y_few,
        epochs=4,
        batch_size=32,
        shuffle=shuffle,
        validation_data=(X_judge, y_judge),
        validation_batch_size=len(X_judge),
        verbose=0,
    )
    return in_degrees(np.array(history.history["val_loss"]) / loss_times, temperature.std() / scaled.std())


# %% tags=["nbval-ignore-output"]
larger = ((high - low) / std) ** 2
races = {
    "0 to 1": race(zero_to_one),
    f"0 to 1, loss × {larger:.0f}": race(zero_to_one, loss_times=larger),
    "z-scores": race(z),
}
draw(
    races,
    "Validation RMSE of three networks after each of four epochs. The curve of the 0-to-1 network and that of the same "
    "network with the larger loss lie on top of each other. The curve of z-scores is far below, and after four epochs "
    "it alone has crossed the line of persistence.",
)

# %%
plain, with_larger_loss, with_z_scores = (rmses[-1] for rmses in races.values())
assert round(larger) == 38
assert abs(plain - with_larger_loss) < 0.05
assert with_z_scores < plain - 0.1
assert with_z_scores < bar["persistence"] < plain

# %% [markdown]
# A loss 38 times as large changes nothing. Adam divides every update by the usual size of the gradient, so the size of
# the loss cancels out. The obvious suspect is innocent.
#
# What does help is another scale. Let us ask the untrained GRU what it has to say about different windows. Its memory
# after 30 days is 32 numbers. How large is the part of them that is the same for all windows, and how much do they
# differ between windows?

# %%
set_seed()
untrained = keras.layers.GRU(32)
rows = {}
for name, scaled in {"0 to 1": zero_to_one, "z-scores": z}.items():
    memory = keras.ops.convert_to_numpy(untrained(windows(scaled, 30, "1997", data.TRAIN_END)[0]))
    rows[name] = {"the same for all windows": np.abs(memory.mean(axis=0)).mean(), "differs": memory.std(axis=0).mean()}
untrained_memory = pd.DataFrame(rows).T.rename_axis("input scale")

# %% tags=["nbval-ignore-output"]
untrained_memory.round(3)

# %%
assert untrained_memory.loc["0 to 1", "the same for all windows"] > 2 * untrained_memory.loc["0 to 1", "differs"]
assert untrained_memory.loc["z-scores", "differs"] > 2 * untrained_memory.loc["z-scores", "the same for all windows"]

# %% [markdown]
# On the 0-to-1 scale every day is "about a half", and the memory says nearly the same about every window. Its weights
# have to grow before it tells January from July, and one update of Adam moves a weight by no more than about the
# learning rate. Z-scores are centred on 0 and spread around it, and so is the memory, from the first batch on.
#
# So: **z-scores for the input of a GRU**, unless you have a reason.
#
# ## Does it have to be that large?
#
# The quickstart's network reads 100 days with two layers. We try a smaller one: one GRU layer of 32 units, 30 days,
# z-scores, batches of 64. Its learning rate begins at 0.003 and falls to 0 along a cosine, so that the last updates are
# the gentlest. Like the quickstart's, it is compiled with **XLA**, which turns the computation into machine code made
# for this very shape. `helpers.models.right_sized_model` builds it.
#
# Four epochs, with three seeds. A **seed** is the number from which all random choices follow: the first weights, and
# the order of the windows.

# %% tags=["nbval-ignore-output"]
epochs, batch_size = 4, 64
X_z, y_z = full_batches(*windows(z, 30, "1976", data.TRAIN_END), batch_size)
X_z_val, y_z_val = windows(z, 30, "1998", data.VALIDATION_END)

small_rmses, small_seconds = {}, {}
for seed in (SEED, 1, 2):
    set_seed(seed)
    small = right_sized_model(training_steps=epochs * len(X_z) // batch_size)
    start = time.perf_counter()
    small_history = small.fit(
        X_z,
        y_z,
        epochs=epochs,
        batch_size=batch_size,
        validation_data=(X_z_val, y_z_val),
        validation_batch_size=len(X_z_val),
        verbose=0,
    )
    small_seconds[seed] = time.perf_counter() - start
    small_rmses[seed] = in_degrees(small_history.history["val_loss"][-1], std)
    print(f"seed {seed}: validation RMSE {small_rmses[seed]:.3f} °C, {small_seconds[seed]:.0f} s")
print(f"the quickstart's: {quickstart_rmse:.3f} °C, {quickstart_seconds:.0f} s")

# %%
assert max(small_rmses.values()) < quickstart_rmse + 0.02
assert max(small_rmses.values()) < bar["ridge"] + 0.01

# %% [markdown]
# No worse than the quickstart's network, at a fraction of the cost, and level with ridge. How large a fraction does
# arithmetic alone explain? A GRU uses each of its weights once a time step. So weights × time steps × windows × epochs is
# a fair count of multiplications.

# %%
multiplications = {
    "quickstart": model.count_params() * 100 * len(X_train) * 10,
    "right-sized": small.count_params() * 30 * len(X_z) * epochs,
}
for name, count in multiplications.items():
    print(f"{name + ':':<13} {count / 1e9:6.1f} billion multiplications")
fewer = multiplications["quickstart"] / multiplications["right-sized"]
print(f"That is {fewer:.0f} times fewer.")

# %% tags=["nbval-ignore-output"]
print(f"The time is {quickstart_seconds / np.median(list(small_seconds.values())):.0f} times less.")

# %% [markdown]
# ## What makes it slow?
#
# The time does not shrink as much as the arithmetic. Something else costs time.
#
# Within a window, day 2 has to wait for the memory of day 1, and so on. The days of a window cannot be computed side by
# side. The windows of a batch can. So what counts is the number of **steps one after another**: batches × time steps.
#
# We measure seconds an epoch on 256 windows. The first epoch is left out, because it includes the preparation. Of the
# others we take the fastest, the one that other programs disturbed least.
#
# **Predict first:** how many times the time do 100 days cost, instead of 25? Batches of 128, instead of 32? Twice the
# units?


# %%
def time_epochs(days, batch_size, units=32, xla=False):
    """Seconds of the first epoch, and of the fastest of the next three."""
    X_timed, y_timed = X_train[:256, -days:], y_train[:256]
    network = keras.Sequential([keras.Input(shape=(days, 1)), keras.layers.GRU(units), keras.layers.Dense(1)])
    network.compile(optimizer="adam", loss="mean_squared_error", jit_compile=xla)
    clock = [time.perf_counter()]
    tick = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: clock.append(time.perf_counter()))
    network.fit(X_timed, y_timed, epochs=4, batch_size=batch_size, verbose=0, callbacks=[tick])
    first, *others = np.diff(clock)
    return first, min(others)


# %% tags=["nbval-ignore-output"]
trials = {
    "25 days": {"days": 25, "batch_size": 32},
    "100 days": {"days": 100, "batch_size": 32},
    "100 days, batches of 128": {"days": 100, "batch_size": 128},
    "100 days, 64 units": {"days": 100, "batch_size": 32, "units": 64},
    "100 days, XLA": {"days": 100, "batch_size": 32, "xla": True},
}
rows = [[256 // trial["batch_size"] * trial["days"], *time_epochs(**trial)] for trial in trials.values()]
timed = pd.DataFrame(rows, trials, columns=["steps", "first epoch (s)", "epoch (s)"])
timed["ratio"] = timed["epoch (s)"] / timed.loc["100 days", "epoch (s)"]
timed.round(2)

# %% tags=["nbval-ignore-output"]
more_multiplications = (64**2 + 3 * 64) / (32**2 + 3 * 32)  # the weights of a GRU with one feature, lesson 06
changes = {
    "25 days": "a quarter of the steps, by fewer days",
    "100 days, batches of 128": "a quarter of the steps, by larger batches",
    "100 days, 64 units": f"twice the units, {more_multiplications:.1f} times the multiplications",
}
for trial, change in changes.items():
    print(f"{timed.loc[trial, 'ratio']:.2f} times the time: {change}")

# %%
assert timed.loc["100 days", "steps"] == 4 * timed.loc["25 days", "steps"]
assert timed.loc["25 days", "steps"] == timed.loc["100 days, batches of 128", "steps"]

# %% [markdown]
# These are the times of the computer that ran the cell. If nothing else keeps yours busy, it will show the same picture:
# fewer steps one after another make an epoch shorter, and it does not matter much how you save them. Twice the units make
# nearly four times the multiplications; the time grows less than that, because at this size a step is mostly waiting.
# If your numbers look different, run the cell of the table once more.
#
# That gives three levers.
#
# - **Fewer days.** Does the forecast need the older ones? Judge on the validation years.
# - **Larger batches.** Fewer steps, each a little dearer. But an epoch then has fewer updates, so you may need more
#   epochs, or a higher learning rate.
# - **XLA.** It compiles during the first epoch, and the later epochs may gain. How many epochs make it worth the wait?

# %% tags=["nbval-ignore-output"]
extra = timed.loc["100 days, XLA", "first epoch (s)"] - timed.loc["100 days", "first epoch (s)"]
gain = timed.loc["100 days", "epoch (s)"] - timed.loc["100 days, XLA", "epoch (s)"]
print(f"XLA: {extra:+.1f} s in the first epoch, {-gain:+.2f} s in every later one")
if extra > 0 and gain > 0:
    print(f"On 256 windows it pays after {np.ceil(extra / gain):.0f} epochs.")

# %% [markdown]
# ## When do I stop?
#
# On 22 years the quickstart's curve went flat. Stopping late cost nothing but time. With little data it is another
# matter. We take one year, 1997, the small network from the top of this lesson, and thirty-five epochs.
#
# **Predict first:** what will the two curves look like?


# %%
X_1997, y_1997 = full_batches(X_year, y_year, 32)


def train_on_one_year(seed, *callbacks):
    """Train for up to thirty-five epochs; return the network, its errors in °C, and its weights after each epoch."""
    set_seed(seed)
    network = small_network()
    weights = []
    keep = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: weights.append(network.get_weights()))
    history = network.fit(
        X_1997,
        y_1997,
        epochs=35,
        batch_size=32,
        validation_data=(X_z_val, y_z_val),
        validation_batch_size=len(X_z_val),
        verbose=0,
        callbacks=[*callbacks, keep],
    )
    errors = {name: in_degrees(history.history[name], std) for name in ("loss", "val_loss")}
    return network, errors, weights


# %% tags=["nbval-ignore-output"]
too_long, too_long_errors, _ = train_on_one_year(SEED)
draw(
    {"training": too_long_errors["loss"], "validation": too_long_errors["val_loss"]},
    "RMSE over thirty-five epochs of training on a single year. The training curve keeps falling. The validation curve "
    "falls to a minimum within the first ten epochs or so, then it rises, and in the end it is above persistence.",
)
best_epoch = int(np.argmin(too_long_errors["val_loss"])) + 1
print(f"best epoch: {best_epoch}, validation RMSE {min(too_long_errors['val_loss']):.3f} °C")
print(
    f"last epoch: 35, validation RMSE {too_long_errors['val_loss'][-1]:.3f} °C; persistence {bar['persistence']:.3f} °C"
)

# %%
assert best_epoch < 20
assert min(too_long_errors["val_loss"]) < bar["persistence"] < np.mean(too_long_errors["val_loss"][-10:])
assert too_long_errors["loss"][-1] < too_long_errors["loss"][best_epoch - 1] - 0.05

# %% [markdown]
# The training error keeps falling. The validation error falls, turns, and rises until the network is worse than
# persistence. This is **overfitting**: the network learns the accidents of 1997 by heart.
#
# **Early stopping** watches the validation loss. When it has not improved for `patience` epochs, training stops. With
# `restore_best_weights=True` the network goes back to its best epoch.

# %%
early = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
stopped, stopped_errors, stopped_weights = train_on_one_year(SEED, early)

# %% tags=["nbval-ignore-output"]
epochs_run = len(stopped_errors["val_loss"])
restored_rmse = in_degrees(stopped.evaluate(X_z_val, y_z_val, batch_size=len(X_z_val), verbose=0), std)
print(f"stopped after epoch {epochs_run}, five epochs after the best one so far")
print(f"the network that we hold now: validation RMSE {restored_rmse:.3f} °C")

# %%
assert epochs_run == np.argmin(stopped_errors["val_loss"]) + 1 + 5
assert np.isclose(restored_rmse, min(stopped_errors["val_loss"]), atol=1e-3)
assert restored_rmse < bar["persistence"]

# %% [markdown]
# How much patience? Enough to get over a bump: look at your curve. Too much costs only time.
#
# ## Can I trust one run?
#
# The second training followed the first one to the last digit, up to where it stopped. Same seed, same data, same
# computer, same numbers.

# %%
same = np.array_equal(stopped_errors["val_loss"], too_long_errors["val_loss"][:epochs_run])
print("same seed, the same losses to the last bit:", same)
assert same

# %% [markdown]
# On another processor the last digits may differ. And the seed must be set **before the network is built**, each time.
# A seed at the top of a notebook is used up by the first network:

# %%
set_seed()
first, second = small_network().get_weights()[0], small_network().get_weights()[0]
set_seed()
third = small_network().get_weights()[0]
print("two networks after one set_seed start from the same weights:", np.array_equal(first, second))
print("set_seed again, and the next one does:                      ", np.array_equal(first, third))
assert np.array_equal(first, third)
assert not np.array_equal(first, second)

# %% [markdown]
# Now other seeds. Nothing else changes: the same year, the same network, the same early stopping.

# %% tags=["nbval-ignore-output"]
year_errors, year_weights = {SEED: stopped_errors["val_loss"]}, {SEED: stopped_weights}
for seed in (1, 2):
    _, errors, year_weights[seed] = train_on_one_year(seed, early)
    year_errors[seed] = errors["val_loss"]
spread = {
    "GRU on 1 year": pd.Series({seed: min(errors) for seed, errors in year_errors.items()}),
    "right-sized GRU on 22 years": pd.Series(small_rmses),
}
table = pd.DataFrame({name: s.agg(["count", "min", "mean", "max"]) for name, s in spread.items()}).T
table["max − min"] = table["max"] - table["min"]
table.rename_axis("validation RMSE (°C)").round(3)

# %%
assert table.loc["GRU on 1 year", "max − min"] > 2 * table.loc["right-sized GRU on 22 years", "max − min"]

# %% [markdown]
# The seed is a throw of dice. With one year to learn from, it decides more than with 22 years.
#
# A rule: run at least three seeds, report mean and spread. **A difference that is smaller than the spread is no
# difference.** We ran the quickstart's network once, so we do not know its spread. Before we call it worse than the
# right-sized one, it would have to run with other seeds, too.
#
# ## How do I keep a trained network?
#
# `save` writes one file: the layers, the weights, the optimizer's state. What it does not hold is the scale. Without mean
# and standard deviation nobody can feed the network or read its answers. So they go into a file of their own.

# %%
with tempfile.TemporaryDirectory() as folder:
    small.save(Path(folder) / "gru.keras")
    scale = {"mean": mean, "std": std, "days": 30}
    (Path(folder) / "scale.json").write_text(json.dumps(scale), encoding="utf-8")

    loaded = keras.models.load_model(Path(folder) / "gru.keras")
    loaded_scale = json.loads((Path(folder) / "scale.json").read_text(encoding="utf-8"))

before = small.predict(X_z_val, batch_size=len(X_z_val), verbose=0)
after = loaded.predict(X_z_val, batch_size=len(X_z_val), verbose=0)
print("answers of the saved and the loaded network are identical:", np.array_equal(before, after))
print("the scale came back:", loaded_scale == scale)
print("updates that the loaded optimizer remembers:", int(loaded.optimizer.iterations))
assert np.array_equal(before, after)
assert loaded_scale == scale
assert int(loaded.optimizer.iterations) == epochs * len(X_z) // batch_size

# %% [markdown]
# ## Trap: judging by the last epoch
#
# `EarlyStopping` stops in time and yet leaves you with the wrong network. Its default is not to go back.

# %%
print("restores the best weights by default:", keras.callbacks.EarlyStopping().restore_best_weights)
assert not keras.callbacks.EarlyStopping().restore_best_weights

# %% tags=["nbval-ignore-output"]
print(f"last epoch, by default:  {stopped_errors['val_loss'][-1]:.3f} °C")
print(f"best epoch, restored:    {restored_rmse:.3f} °C")

# %% [markdown]
# Stopping comes `patience` epochs after the best one, by construction. So the last epoch is never the best one when early
# stopping has stopped. Mend it: `restore_best_weights=True`.

# %%
assert stopped_errors["val_loss"][-1] > restored_rmse

# %% [markdown]
# ## Trap: the test years as validation data
#
# Many tutorials write `validation_data=(X_test, y_test)`, stop early on it, and report the error on it. The epoch was
# then chosen by the very days that judge it. How much is that worth? We have three networks, and
# for each its validation error and its weights after every epoch. We look at the test years twice for each: at the epoch
# that the validation years choose, and at the epoch that the test years choose themselves.

# %% tags=["nbval-ignore-output"]
all_z = (record - mean) / std
X_test, y_test = windows(all_z, 30, "2002", "2005-12-31")
judged = small_network()
rows = {}
for seed, weights in year_weights.items():
    test_errors = []
    for epoch_weights in weights:
        judged.set_weights(epoch_weights)
        test_errors.append(in_degrees(judged.evaluate(X_test, y_test, batch_size=len(X_test), verbose=0), std))
    rows[seed] = {
        "chosen on validation years": test_errors[np.argmin(year_errors[seed])],
        "chosen on test years": min(test_errors),
    }
chosen = pd.DataFrame(rows).T.rename_axis("test RMSE (°C), seed")
chosen["gift"] = chosen["chosen on validation years"] - chosen["chosen on test years"]
chosen.round(4)

# %%
assert (chosen["gift"] >= 0).all()
assert chosen["gift"].max() < 0.05

# %% [markdown]
# The gift is never negative: a minimum is never above any other value. Nothing about the network has improved, only the
# report. Here the gift is small, because neighbouring epochs are much alike. But it can only grow with everything else
# that you choose on the test years: the seed, the units, the window. Choose among many, and you report luck.
#
# Mend it: choose on the validation years. Look at the test years once, when nothing is left to choose.
#
# ## Trap: "accuracy" on a regression
#
# Copied from a classification example: `metrics=["accuracy"]`. Keras does not complain.

# %%
stopped.compile(loss="mean_squared_error", metrics=["accuracy"])
loss, accuracy = stopped.evaluate(X_z_val, y_z_val, batch_size=len(X_z_val), verbose=0)
print(f"accuracy: {accuracy:.4f}")

# %% [markdown]
# Is the network useless? No. Keras sees one output and takes "accuracy" for **binary accuracy**: a forecast above 0.5
# counts as 1, any other as 0, and it is right if the answer is exactly that number. Let us ask how a perfect forecast
# would do.

# %%
perfect = keras.metrics.BinaryAccuracy()
print(f"accuracy of a perfect forecast: {float(perfect(y_z_val, y_z_val)):.4f}")
print(f"days whose z-score is exactly 0 or 1: {np.isin(y_z_val, (0, 1)).sum()}")
assert accuracy == float(perfect(y_z_val, y_z_val)) == 0

# %% [markdown]
# The same. Mend it: a regression is judged by the size of its misses, RMSE or mean absolute error, in °C, beside a naive
# forecast.
#
# ## Trap: `shuffle=False`, because it is a time series
#
# It sounds right. But what `fit` shuffles are whole windows. Inside each window the days stay in order, and the split
# into years was made before. Without shuffling, a batch of 32 windows is about one month, and each update pulls the
# network towards that month's weather. Look again at the batch losses at the top of this lesson: January 1997 was very
# cold.
#
# The race once more, with z-scores, in the order of the calendar:

# %% tags=["nbval-ignore-output"]
in_order = race(z, shuffle=False)[-1]
print(f"shuffled:          {with_z_scores:.3f} °C after four epochs")
print(f"calendar order:    {in_order:.3f} °C after four epochs")

# %%
assert in_order > with_z_scores + 0.04

# %% [markdown]
# Mend it: leave `shuffle` at its default, `True`.
#
# ## Exercises
#
# Nothing is trained here. Replace each `...` and run the cell, then run the check below it.
#
# **1. How many updates?** From the number of windows, the batch size and the epochs: how often are the weights changed?


# %%
def updates(windows, batch_size, epochs):
    ...
    ### BEGIN SOLUTION
    batches = -(-windows // batch_size)
    return batches * epochs
    ### END SOLUTION


# %%
check.updates(updates)

# %% [markdown]
# **2. What `fit` reports.** From the losses of an epoch's batches and their sizes (two arrays): which training loss does
# `fit` report?


# %%
def reported_loss(batch_losses, batch_sizes):
    ...
    ### BEGIN SOLUTION
    return np.average(batch_losses, weights=batch_sizes)
    ### END SOLUTION


# %%
check.reported_loss(reported_loss)

# %% [markdown]
# **3. Early stopping, by hand.** From a list of validation losses and a patience of at least 1: after how many epochs
# does training stop, and which epoch is restored? Count from 1. If patience never runs out, all epochs are run. An equal
# loss is no improvement.


# %%
def stop(validation_losses, patience):
    ...
    ### BEGIN SOLUTION
    best_epoch = 1
    for epoch, loss in enumerate(validation_losses, start=1):
        if loss < validation_losses[best_epoch - 1]:
            best_epoch = epoch
        if epoch - best_epoch == patience:
            break
    return epoch, best_epoch
    ### END SOLUTION


# %%
check.stop(stop)

# %% [markdown]
# **4. The one number for the report.** You have a network's errors after each epoch, on the validation years and on the
# test years (two arrays). Which test error may you report?


# %%
def reportable(validation_errors, test_errors):
    ...
    ### BEGIN SOLUTION
    return test_errors[np.argmin(validation_errors)]
    ### END SOLUTION


# %%
check.reportable(reportable)

# %% [markdown]
# ## What to take away
#
# - `fit` is a loop: batch, loss, gradient, update. The reported training loss is a mean over the epoch; the validation
#   loss is measured after it.
# - Give a GRU z-scores. With Adam, the size of the loss does not matter.
# - Stop when the validation loss stops falling, and restore the best weights.
# - At least three seeds. A difference smaller than their spread is no difference.
# - Time follows the steps one after another: batches × days in a window.
# - Save the scale beside the network. Keep the test years for the end.
#
# ## Self-test
#
# <details><summary>The validation loss is below the training loss. Is something wrong?</summary>
#
# Not necessarily. The training loss is a mean over the epoch, taken while the weights were improving; and the validation
# years may be easier. Measure the training windows after the epoch, and compare persistence on both.
# </details>
#
# <details><summary>Two runs differ by 0.01 °C. Which network is better?</summary>
#
# Nobody can say from two runs. Train each with several seeds. If the seeds differ by as much, there is no difference.
# </details>
#
# <details><summary>Why do 100 days cost more time than 25, however many cores the computer has?</summary>
#
# Each day has to wait for the memory of the day before. Only the windows of a batch can be computed side by side.
# </details>
#
# ## Where next
#
# {Lesson:prediction} takes trained networks to the test years and asks whether they are any better than a naive forecast.
#
# ## References
#
# - D. P. Kingma and J. Ba, *Adam: A Method for Stochastic Optimization*, 2014,
#   [arXiv:1412.6980](https://arxiv.org/abs/1412.6980).
# - Y. LeCun, L. Bottou, G. B. Orr and K.-R. Müller, *Efficient BackProp*, 1998,
#   [doi:10.1007/3-540-49430-8_2](https://doi.org/10.1007/3-540-49430-8_2): why inputs should be centred and scaled.
# - L. Prechelt, *Automatic early stopping using cross validation: quantifying the criteria*, Neural Networks 11, 1998,
#   [doi:10.1016/S0893-6080(98)00010-0](https://doi.org/10.1016/S0893-6080%2898%2900010-0).
# - I. Loshchilov and F. Hutter, *SGDR: Stochastic Gradient Descent with Warm Restarts*, 2016,
#   [arXiv:1608.03983](https://arxiv.org/abs/1608.03983): the cosine.
# - X. Bouthillier and others, *Accounting for Variance in Machine Learning Benchmarks*, 2021,
#   [arXiv:2103.03098](https://arxiv.org/abs/2103.03098).
