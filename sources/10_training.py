# ---
# jupyter:
#   lesson:
#     part: The forecast
#     question: What does `fit` do, when do I stop, what can one run tell?
#     learn: what an optimizer does, to read learning curves, to stop in time, to compare runs fairly, to save a network
#     need: "{lesson:quickstart}, {lesson:preprocessing}, {lesson:windowing} and {lesson:model_building}"
# ---

# %% [markdown]
# # Training: what `fit` does, when to stop, what one run tells
#
# At the end of this lesson you will be able to train a GRU, read its learning curves, stop it at the right moment, and
# say how much a single run is worth.

# %% [markdown]
# We train the quickstart's network again, this time for ten epochs. What happens meanwhile?
# ({Lesson:faster} gets there in seconds.)
#
# The network learns from 1976 to 1997. All decisions are made on the **validation years**, 1998 to 2001. The **test
# years**, 2002 to 2005, are cut off at once. Only one trap, at the end, looks at them.

# %%
import json
import tempfile
from pathlib import Path

import keras
import numpy as np
import pandas as pd

from helpers import baselines, data, plots
from helpers.evaluation import rmse
from helpers.exercises import training as check
from helpers.models import SEED, progress, seed_model, set_seed, start_anew
from helpers.windows import windows_between

# %%
record = data.load("brussels")["temperature"]
temperature = record.loc[: data.VALIDATION_END]
train, validation = temperature.loc[: data.TRAIN_END], temperature.loc["1998":]
low, high = train.min(), train.max()
mean, std = train.mean(), train.std()
zero_to_one = (temperature - low) / (high - low)  # the quickstart's scale
z = (temperature - mean) / std  # z-scores

bar = {}
for name in ("persistence", "damped anomaly", "ridge", "autoregression"):
    forecast = baselines.FORECASTERS[name](temperature, data.TRAIN_END, validation.index)
    bar[name] = rmse(validation, forecast)
    print(f"{name + ':':<15} RMSE {bar[name]:.3f} °C on the validation years")

# %% [markdown]
# ## What does training change, and how?
#
# Training needs two things, and `compile` names them:
#
# - the **loss**: one number that says how wrong the forecasts are. Ours is the mean squared error. Its square root is
#   the RMSE, in scaled units;
# - the **optimizer**: the rule that changes the weights so that the loss falls. Ours is **Adam**.
#
# The quickstart's network has 23,301 weights, too many to watch. So let us train **one**: the forecast `w · today`, in
# z-scores. With w = 1 that is persistence. We start at w = 0, which says "always the mean".
#
# First, the **gradient**. For one weight it is a slope: does the loss rise or fall when w grows, and how steeply? Nudge
# w a little to both sides and see.

# %%
z_train = z.loc[: data.TRAIN_END].to_numpy()
today, tomorrow = z_train[:-1], z_train[1:]


def loss(w):
    return np.mean((w * today - tomorrow) ** 2)


def slope(w, nudge=0.001):
    return (loss(w + nudge) - loss(w - nudge)) / (2 * nudge)


for w in (0.0, 0.5, 1.0, 1.5):
    print(f"w = {w:.1f}: loss {loss(w):.3f}, that is {std * np.sqrt(loss(w)):.2f} °C; slope {slope(w):+.2f}")

# %% [markdown]
# At w = 0 the slope is negative: a larger w makes the loss smaller. At w = 1.5 it is positive: w is too large. So the
# weight must move **against the slope**. How far?
#
# Plain gradient descent moves by learning rate × slope. **Adam** keeps two running averages for each weight:
#
# - moment 1, of the slope: which way has it pointed lately?
# - moment 2, of the squared slope: how large has it been lately?
#
# A running average keeps most of its old value and takes in a little of the new one: 0.9 and 0.1 for moment 1, 0.999 and
# 0.001 for moment 2 (`beta_1` and `beta_2`). Adam then moves by $\text{learning rate} \cdot \text{moment 1} \,/
# \sqrt{\text{moment 2}}$. Both averages start at 0, so at first they are too small. A division corrects that. `epsilon`
# only keeps Adam from dividing by 0.


# %%
def adam(w, steps, learning_rate, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    moment_1, moment_2, path = 0.0, 0.0, [w]
    for step in range(1, steps + 1):
        g = slope(w)
        moment_1 = beta_1 * moment_1 + (1 - beta_1) * g
        moment_2 = beta_2 * moment_2 + (1 - beta_2) * g**2
        usual_slope = moment_1 / (1 - beta_1**step)
        usual_size = np.sqrt(moment_2 / (1 - beta_2**step))
        w = w - learning_rate * usual_slope / (usual_size + epsilon)
        path.append(w)
    return np.array(path)


path = adam(w=0.0, steps=30, learning_rate=0.1)
print("w after each of the first steps:", path[:5].round(4))

# %% [markdown]
# Look at the first step. The slope was almost −2, and yet w moved by 0.1, which is the learning rate. At the first step
# both averages know one slope only. Slope divided by its own size leaves its sign. So **the learning rate is the length
# of Adam's first step, however steep the slope**. The later steps here are no longer than that.

# %% tags=["slide"]
fig, ax = plots.figure()
grid = np.linspace(-0.1, 1.7, 200)
ax.plot(grid, [std * np.sqrt(loss(w)) for w in grid], color="black", label="error of the forecast w · today")
ax.plot(path, [std * np.sqrt(loss(w)) for w in path], "o", markersize=4, label="Adam, 30 steps from w = 0")
ax.axvline(1, linestyle="--", linewidth=1, color=plots.COLOURS[1], label="w = 1: persistence")
ax.set(xlabel="w", ylabel="RMSE on the training years (°C)")
ax.legend()
plots.show(
    fig,
    "The error of the forecast w times today, against w: a valley whose floor is near w = 1. Adam's steps start at the "
    "left, run down the slope, pass the floor and climb the other side a little, and come back. A dashed line marks "
    "persistence, w = 1, close to the floor.",
)

# %% [markdown]
# Adam walks down into the valley. It overshoots, because moment 1 remembers the earlier slopes, and turns back. The
# floor lies a little left of persistence: the best single weight is slightly below 1. Keras' Adam takes the same path;
# the two cells below check it. In a network, it does this for all 23,301 weights at once.

# %%
best_w = np.sum(today * tomorrow) / np.sum(today**2)  # where the slope is 0
weight, by_keras = keras.Variable(0.0), keras.optimizers.Adam(0.1)
keras_path = [0.0]
for w in path[:-1]:
    by_keras.apply([keras.ops.convert_to_tensor(slope(w), "float32")], [weight])
    keras_path.append(float(weight))

# %%
assert np.allclose(path, keras_path, atol=1e-4)
assert abs(path[1] - 0.1) < 1e-6
assert np.abs(np.diff(path)).max() < 1.001 * 0.1
assert 0.9 < best_w < 1
assert path.max() > best_w + 0.1
assert abs(path[-1] - best_w) < 0.1

# %% [markdown] tags=["teacher"]
# They say: the steeper the slope, the longer the step. That is plain gradient descent. Ask: slope −7, learning rate
# 0.1; how far is Adam's first step, and which way? Expect: 0.1, to larger weights.

# %% [markdown]
# ## What does `fit` do?
#
# It does not compute the gradient on all windows at once. It takes one **batch** after the other, and changes all
# weights after each: an **update**. An **epoch** is one pass through all windows. So `fit` is a loop. We write one
# epoch of it by hand, on the windows of a single year, 14 days long, and compare. `train_on_batch` makes one update and
# returns the loss that the batch had **before** it. `windows_between` cuts windows as `create_dataset` does, and keeps
# those whose target is a day from the first date to the last.

# %%
X_year, y_year = windows_between(z, 14, "1997-01-01", data.TRAIN_END)


def small_network(**options):
    """One GRU layer of 32 units. The learning rate is high, 0.02, because a year has few batches."""
    network = keras.Sequential([keras.Input(shape=(14, 1)), keras.layers.GRU(32), keras.layers.Dense(1)])
    network.compile(optimizer=keras.optimizers.Adam(0.02), loss="mean_squared_error", **options)
    return network


set_seed()  # the same random start for both
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
assert all(np.allclose(*pair, atol=1e-5) for pair in zip(by_hand.get_weights(), by_fit.get_weights(), strict=True))
assert np.isclose(np.average(batch_losses, weights=batch_sizes), one_epoch.history["loss"][0], rtol=1e-4)
assert batch_losses[-1] < batch_losses[0]

# %% [markdown] tags=["teacher"]
# They say: an epoch is an update. Ask: how often do the weights change in this epoch? Expect: 12 times, once a batch.
# Was the loss of all batches measured with the same weights? No, with new ones each time. So the reported loss is a
# mean over 12 different networks.

# %% [markdown]
# The weights are the same, and so is the loss. The reported loss is the **mean over the epoch's batches, taken while the
# weights were still changing**.
#
# `fit` adds four things to this loop. It shuffles the windows anew in each epoch (here we switched that off). It
# measures the loss on the validation years **after** each epoch. It calls your **callbacks**, functions that it runs at
# the end of an epoch. It returns all losses as `history`.
#
# ## What does the quickstart's network learn in ten epochs?
#
# The recipe: temperatures from 0 to 1, windows of 100 days, two GRU layers of 50 units, Adam with a learning rate of
# 0.001, batches of 32. `helpers.models.seed_model` builds that network. A callback keeps a copy of the weights after
# every epoch.
#
# **Predict first:** after how many epochs does it stop getting better?

# %%
X_train, y_train = windows_between(zero_to_one, 100, "1976", data.TRAIN_END)
X_val, y_val = windows_between(zero_to_one, 100, "1998", data.VALIDATION_END)

set_seed()
model = seed_model()
weights_after = []
keep = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: weights_after.append(model.get_weights()))

# %% tags=["nbval-ignore-output"]
judge = {"validation_data": (X_val, y_val), "validation_batch_size": len(X_val)}
fitted = model.fit(X_train, y_train, epochs=10, batch_size=32, verbose=0, callbacks=[progress(), keep], **judge)
history = fitted.history

# %% [markdown]
# The losses are squared and scaled. The root, times the range of the scale, is the RMSE in °C.

# %% tags=["nbval-ignore-output", "slide"]
reported = (high - low) * np.sqrt(history["loss"])
on_validation = (high - low) * np.sqrt(history["val_loss"])
fig = plots.learning_curves({"training": reported, "validation": on_validation}, bar)
plots.show(
    fig,
    "RMSE after each of ten epochs. Both curves fall steeply for three epochs, then they are flat. The validation curve "
    "lies below the training curve all the way. From the third epoch on it lies below persistence's line, and it does "
    "not get below the other three lines: ridge, damped anomaly and, lowest, autoregression.",
)
print(f"validation RMSE after 4 epochs {on_validation[3]:.3f} °C, after 10 epochs {on_validation[-1]:.3f} °C")

# %%
assert on_validation[3] < on_validation[-1] + 0.02
assert (on_validation < reported).all()
assert bar["autoregression"] < bar["damped anomaly"] < bar["ridge"] < on_validation[-1] < bar["persistence"]

# %% [markdown]
# Most of the ten epochs bought nothing: the fourth was already as good as the last. And the network ends behind ridge, a
# weighted sum of 30 days, behind the damped anomaly, today's departure from the season times one number, and still
# further behind the autoregression, the last three departures times one number each.
#
# ## Why does the validation curve lie below the training curve?
#
# It looks as if the network were better on years that it has never seen. Two things could make it look so.
#
# 1. The reported training loss is the mean over the epoch, with weights that were still changing. The validation loss
#    is measured afterwards.
# 2. The years are not the same. Some are easier to forecast than others.
#
# With the weights of every epoch we can measure training windows afterwards, too: the last 20 of the 22 years, in
# batches as large as the validation years, for which everything is compiled. And persistence says which years are
# easier.

# %% tags=["nbval-ignore-output", "slide"]
rows = {}
part = slice(-5 * len(X_val), None)
for epoch in (1, 10):
    model.set_weights(weights_after[epoch - 1])
    loss_afterwards = model.evaluate(X_train[part], y_train[part], batch_size=len(X_val), verbose=0)
    rows[f"epoch {epoch}"] = [reported[epoch - 1], (high - low) * np.sqrt(loss_afterwards), on_validation[epoch - 1]]
for name in bar:
    learned = train.iloc[part]
    forecast = baselines.FORECASTERS[name](temperature, data.TRAIN_END, learned.index)
    rows[name] = [np.nan, rmse(learned, forecast), bar[name]]
columns = ["training, as reported", "training, afterwards", "validation"]
below = pd.DataFrame(rows, index=columns).T.rename_axis("RMSE (°C)")
below.round(3)

# %%
assert below.loc["epoch 1", "training, afterwards"] < below.loc["epoch 1", "training, as reported"] - 0.5
assert below.loc["epoch 10", "training, afterwards"] < below.loc["epoch 10", "training, as reported"] - 0.01
gap, easier = below.loc["epoch 10"], below["training, afterwards"] - below["validation"]
assert 0.04 < gap["training, as reported"] - gap["validation"] < 0.09
assert 0.3 < (gap["training, as reported"] - gap["training, afterwards"]) / (gap.max() - gap.min()) < 0.55
assert easier[["persistence", "damped anomaly"]].between(0.035, 0.045).all()
assert abs(easier["epoch 10"] - easier["persistence"]) < 0.015

# %% [markdown] tags=["teacher"]
# They say: a bug. Or: it generalises so well. Ask: which two columns were measured with the same weights? The second
# and the third, and these lie closer. And for whom else are the validation years easier? Expect: for persistence,
# which has learned nothing.

# %% [markdown]
# In the first epoch nearly all of the gap is the first reason. In the tenth epoch the gap is about 0.07 °C. Nearly half
# goes when we measure afterwards. The rest is the years: persistence and the damped anomaly, too, find the validation
# years easier, by 0.04 °C. (The first column also holds 1976 and 1977, which the others leave out.)
#
# ## When do I stop?
#
# On 22 years the curve went flat. Stopping late cost nothing but time. With little data it is another matter. We take
# one year, 1997, the small network from above, and forty epochs. (`start_anew` gives it new random weights without
# building it again. The oldest windows are left out, so that all batches have 32. The two options of `small_network`
# only save time; {lesson:faster} says how.)
#
# **Predict first:** what will the two curves look like?

# %%
small = small_network(jit_compile=True, steps_per_execution=11)  # the same numbers but for the last digits, sooner
X_z_val, y_z_val = windows_between(z, 14, "1998", data.VALIDATION_END)
judge_z = {"validation_data": (X_z_val, y_z_val), "validation_batch_size": len(X_z_val)}


def train_small(first_day, seed, epochs, order="shuffled", **options):
    """Train from `first_day` to the end of 1997, with `options` for `fit`; return the errors in °C after each epoch."""
    X, y = windows_between(z, 14, first_day, data.TRAIN_END, batch_size=32)
    if order == "spread":  # each batch takes its 32 windows from all seasons and years, at even distances
        places = np.arange(len(X)).reshape(32, -1).T.ravel()
        X, y = X[places], y[places]
    start_anew(small, seed)
    history = small.fit(X, y, epochs=epochs, batch_size=32, shuffle=order == "shuffled", verbose=0, **options).history
    return {name: std * np.sqrt(losses) for name, losses in history.items()}


# %% tags=["nbval-ignore-output", "slide"]
curves = train_small("1997-01-01", SEED, epochs=40, **judge_z)
one_year, one_year_validation = curves["loss"], curves["val_loss"]
fig = plots.learning_curves({"training": one_year, "validation": one_year_validation}, bar)
plots.show(
    fig,
    "RMSE over forty epochs of training on a single year. The training curve keeps falling. The validation curve falls "
    "to a minimum within the first ten epochs or so, then it rises. In the end it is above the line of persistence. It "
    "never reaches the three lower lines, of ridge, damped anomaly and autoregression.",
)
best_epoch = int(np.argmin(one_year_validation)) + 1  # epochs are counted from 1
print(f"best epoch: {best_epoch}, validation RMSE {one_year_validation.min():.3f} °C")
print(f"last epoch: 40, validation RMSE {one_year_validation[-1]:.3f} °C; persistence {bar['persistence']:.3f} °C")

# %%
assert best_epoch < 20
assert bar["ridge"] < one_year_validation.min() < bar["persistence"] < np.mean(one_year_validation[-10:])
assert one_year[-1] < one_year[best_epoch - 1] - 0.05

# %% [markdown]
# The training error keeps falling. The validation error falls, turns, and rises above persistence. This is
# **overfitting**: the network learns the accidents of 1997 by heart.
#
# The simple forecasts have learned from all 22 years. Is that why they are ahead? The control: fit them on 1997 alone.

# %%
from_1997 = {}
for name in ("damped anomaly", "autoregression", "ridge"):
    forecast = baselines.FORECASTERS[name](temperature.loc["1997":], data.TRAIN_END, validation.index)
    from_1997[name] = rmse(validation, forecast)
    print(f"{name + ':':<15} RMSE {from_1997[name]:.3f} °C, fitted on 1997 alone")

# %%
assert bar["damped anomaly"] < from_1997["damped anomaly"] < bar["damped anomaly"] + 0.02
assert bar["autoregression"] < from_1997["autoregression"] < bar["autoregression"] + 0.02
assert from_1997["damped anomaly"] < one_year_validation.min() - 0.01 < from_1997["ridge"] - 0.02

# %% [markdown]
# The damped anomaly and the autoregression lose little. The network's best epoch is behind both, although these very
# days chose it. Ridge, with thirty weights to learn from one year, is no longer ahead. (The curve above is that of one
# seed.)
#
# **Early stopping** watches the validation loss. When it has not improved for `patience` epochs, training stops. With
# `restore_best_weights=True` the network goes back to its best epoch.
#
# Beside it, **`ModelCheckpoint`** writes the network to a file whenever an epoch is the best so far. If the computer
# stops in the middle of a long training, that file is there.

# %%
folder = tempfile.TemporaryDirectory()
file = Path(folder.name) / "best.keras"
early = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
checkpoint = keras.callbacks.ModelCheckpoint(file, monitor="val_loss", save_best_only=True)
stopped = train_small("1997-01-01", SEED, epochs=40, callbacks=[early, checkpoint], **judge_z)["val_loss"]
best_weights = small.get_weights()
restored = std * np.sqrt(small.evaluate(X_z_val, y_z_val, batch_size=len(X_z_val), verbose=0))

# %% tags=["nbval-ignore-output"]
print(f"stopped after epoch {len(stopped)}, five epochs after the best one so far")
print(f"last epoch:                    validation RMSE {stopped[-1]:.3f} °C")
print(f"the network that we hold now:  validation RMSE {restored:.3f} °C")

# %%
assert len(stopped) == np.argmin(stopped) + 1 + 5
assert np.isclose(restored, stopped.min(), atol=1e-3)
assert restored < bar["persistence"]

# %% [markdown] tags=["teacher"]
# Before the figure, let them draw the two curves. They draw two that fall and level out, as before. Ask: you know 1997
# by heart and nothing else; how do you do in 1997, and in 1998? Then cover the figure with a sheet, and uncover it
# epoch by epoch. When would you stop? How many epochs they wait is their patience.

# %% [markdown]
# How much patience? Enough to get over a bump: look at your curve. Too much costs only time.
#
# ## Trap: judging by the last epoch
#
# By default `EarlyStopping` does **not** go back.

# %%
print("restores the best weights by default:", keras.callbacks.EarlyStopping().restore_best_weights)

# %%
assert not keras.callbacks.EarlyStopping().restore_best_weights
assert stopped[-1] > restored

# %% [markdown] tags=["teacher"]
# They say: it stopped early, so I hold the best. Ask: patience 5, stopped after epoch 9; which epoch was the best?
# Expect: the fourth. Which do you hold? Without `restore_best_weights=True`, the ninth.

# %% [markdown]
# It stops `patience` epochs after the best one. So when it has stopped, the last epoch is never the best, and without
# the argument you hold that one. Mend it: `restore_best_weights=True`.
#
# ## What can one run tell?
#
# The training with early stopping followed the one of forty epochs to the last digit, up to where it stopped.
# Same seed, same data, same computer, same numbers. (A **seed** is the number from which all random choices follow: the
# first weights, and the order of the windows. On another processor the last digits may differ, and on a graphics card
# two runs may.)

# %%
same = np.array_equal(stopped, one_year_validation[: len(stopped)])
print("same seed, the same losses to the last bit:", same)

# %%
assert same or keras.distribution.list_devices("gpu")

# %% [markdown]
# So one seed can be repeated. But would another seed say the same? Take a real question. "It is a time series, so set
# `shuffle=False`": is that right? {Lesson:windowing} showed why it may be shuffled: what `fit` shuffles are whole
# windows, and the split into years was made before. So shuffling gives nothing away. Does it help?
#
# And if it does, is it because the order is random? Or because a batch in the order of the calendar is one month of
# weather? A third order tells the two apart: nothing is random, but each batch takes its windows from all seasons,
# **spread** evenly.
#
# Three years to learn from, three epochs. Each of five seeds trains three times from the same first weights.
#
# **Predict first:** which of the three orders is worst?

# %%
errors = {}
for order in ("shuffled", "calendar", "spread"):
    for seed in (SEED, 1, 2, 3, 4):
        train_small("1995-01-01", seed, epochs=3, order=order)
        errors[order, f"seed {seed}"] = std * rmse(y_z_val, small.predict_on_batch(X_z_val)[:, 0])
errors = pd.Series(errors)
worse = errors[["calendar", "spread"]].unstack() - errors["shuffled"]
summary = worse.assign(**{"mean": worse.mean(axis=1), "standard error": worse.sem(axis=1)})

# %% tags=["nbval-ignore-output", "slide"]
summary.rename_axis("worse than shuffled by (°C)").round(3)

# %%
assert summary.loc["calendar", "mean"] > max(0.2, 3 * summary.loc["calendar", "standard error"])
assert (worse.loc["spread"] < 0).all()
assert -0.06 < summary.loc["spread", "mean"] < -0.01

# %% [markdown]
# Look at the single numbers of a row first: they differ from seed to seed. One run of each kind would have said any of
# them.
#
# So report the **mean** over seeds, and how sure it is. The **standard error** is the standard deviation of the numbers
# divided by the square root of their count. It shrinks as seeds are added; the other does not. A rough rule for five
# seeds: a mean difference below three standard errors may well be luck.
#
# Calendar order does great damage here, more than three standard errors. The spread order does none. For these three
# epochs it is even better than shuffling, by some 0.03 °C, in all five seeds. So what helps is not chance but
# **mixture**: a batch with windows from all seasons. Shuffling mixes with no further work, so leave `shuffle` at its
# default, `True`. (The learning rate here is high. How much the order costs at a lower one, we have not tested.)
#
# A seed must be set **before a network is built**, each time. One at the top of a notebook is used up by the first
# network:

# %%
set_seed()
first, second = small_network().get_weights()[0], small_network().get_weights()[0]
set_seed()
third = small_network().get_weights()[0]
print("two networks after one set_seed start from the same weights:", np.array_equal(first, second))
print("set_seed again, and the next one does:                      ", np.array_equal(first, third))

# %%
assert np.array_equal(first, third)
assert not np.array_equal(first, second)

# %% [markdown] tags=["teacher"]
# They say: seed 3 is best, so take seed 3. Ask: would it be best again on other years? Then: what shrinks with more
# seeds, the spread or the standard error? Expect: the standard error. "A time series must not be shuffled" comes back
# here. Ask: what do shuffled and spread batches have in common? Expect: all seasons in each.

# %% [markdown]
# ## How do I keep a trained network?
#
# The file of `ModelCheckpoint` holds the layers, the weights, the optimizer's state; `small.save(file)` writes the same
# at any time. What it does not hold is the scale. Without mean and standard deviation nobody can feed the network or
# read its answers. So they go into a file of their own.

# %%
scale_file = file.with_name("scale.json")
scale_file.write_text(json.dumps({"mean": mean, "std": std, "days": 14}), encoding="utf-8")

loaded, scale = keras.models.load_model(file), json.loads(scale_file.read_text(encoding="utf-8"))
small.set_weights(best_weights)  # those that early stopping had restored
answers = [np.asarray(network(X_z_val)) for network in (small, loaded)]
print("the same answers:", np.allclose(*answers, atol=1e-5), "  the scale came back:", scale["std"] == std)

# %%
assert np.allclose(*answers, atol=1e-5)
assert scale == {"mean": mean, "std": std, "days": 14}

# %% [markdown]
# ## Trap: the test years as validation data
#
# Many tutorials write `validation_data=(X_test, y_test)`, stop early on it, and report its error. The network was then
# chosen by the very days that judge it. How much is that worth?
#
# Take the year 1997 again, ten seeds and eight epochs: two heaps of forty networks. From each heap we choose one by the
# validation years, and one by a single test year. The **gift** is by how much the second has the smaller error in that
# year. As a control, we ask the same in the three other test years, which had no say.

# %%
X_later, y_later = windows_between((record - mean) / std, 14, "1998", "2005-12-31")  # validation and test years
years = record.loc["1998":].index.year
squared = []


def note(epoch, logs):
    squared.append((small.predict_on_batch(X_later)[:, 0] - y_later) ** 2)


for seed in range(10):
    train_small("1997-01-01", seed, epochs=8, callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=note)])


def errors_in(days, heap):
    return std * np.sqrt(np.array(squared)[heap][:, days].mean(axis=1))


gifts = {}
for heap in (slice(0, 40), slice(40, 80)):
    for year in range(2002, 2006):
        here, elsewhere = errors_in(years == year, heap), errors_in((years > 2001) & (years != year), heap)
        honest, peeked = np.argmin(errors_in(years <= 2001, heap)), np.argmin(here)
        gifts[f"heap {heap.stop // 40}", year] = [here[honest] - here[peeked], elsewhere[honest] - elsewhere[peeked]]
gifts = pd.DataFrame(gifts, index=["in the year that chose", "in the other years"]).T
gift = gifts.agg(["mean", "sem"])

# %% tags=["nbval-ignore-output", "slide"]
pd.concat([gifts, gift.rename(index={"sem": "standard error"})]).rename_axis("gift (°C)").round(3)

# %%
assert (gifts["in the year that chose"] >= 0).all()
assert 0.002 < gift.loc["mean", "in the year that chose"] < 0.1
assert gift.loc["mean", "in the year that chose"] > 2 * gift.loc["sem", "in the year that chose"]
assert gift.loc["mean", "in the other years"] < 0.002
assert on_validation[-1] - bar["ridge"] < 0.04

# %% [markdown] tags=["teacher"]
# They say: nothing was trained on the test years. Cover the right column, "in the other years". Is the network that
# the test year chose better? So it seems. Uncover the column: elsewhere it is not. Only the report is better.

# %% [markdown]
# In the year that chose, the gift is never negative: a minimum is never above any other value. It is small in °C. But so
# was the distance between the quickstart's network and ridge. (The eight rows come from two heaps only, so they are
# related. Read the standard error as a lower bound.)
#
# In the other years the network is no better, here a little worse. It suited the accidents of one year, and only the
# report has improved.
#
# Mend it: choose on the validation years. Look at the test years once, when nothing is left to choose.
#
# ## Exercises
#
# Nothing is trained here. Replace each `...` and run the cell, then run the check below it.
#
# **1. Adam's first step.** A weight is 0.5. The slope of the loss there is −40, the learning rate 0.01. What is the
# weight after Adam's first step?

# %%
weight_after_one_step = ...
### BEGIN SOLUTION
weight_after_one_step = 0.5 + 0.01
### END SOLUTION

# %%
check.weight_after_one_step(weight_after_one_step)

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
# does training stop, and which epoch is restored? Return both, in this order. Count from 1. If patience never runs out,
# all epochs are run. An equal loss is no improvement.


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

# %% [markdown] tags=["teacher"]
# In exercise 1 expect 0.49 (the wrong way) or 0.9 (plain gradient descent); each has its hint. Do exercise 3 on paper
# first: losses 5, 3, 4, 3.5, 2 and patience 2. It stops after epoch 4; the best is epoch 2. Who compares with the
# epoch before, not with the best so far, takes 3.5 for an improvement and runs to epoch 5. Exercises 2 and 4 are for
# home; in 2 expect the plain mean.


# %% tags=["teacher"]
def stop(losses, patience):
    best = waited = 0
    for epoch, loss in enumerate(losses):
        best, waited = (epoch, 0) if loss < losses[best] else (best, waited + 1 if epoch else 0)
        if waited == patience:
            break
    return epoch + 1, best + 1


assert stop([5, 3, 4, 3.5, 2], patience=2) == (4, 2)
rises = [later >= earlier for earlier, later in zip([5, 3, 4, 3.5], [3, 4, 3.5, 2], strict=True)]
assert rises == [False, True, False, False]  # never two in a row
assert 0.5 + 0.01 * 40 == 0.9

# %% [markdown]
# ## What to take away
#
# - Adam moves each weight against its slope. The learning rate is the length of its first step.
# - `fit` is a loop: batch, loss, gradient, update. The reported training loss is a mean over the epoch; the validation
#   loss is measured after it.
# - Stop when the validation loss stops falling, and restore the best weights.
# - Train with several seeds. Report the mean and its standard error.
# - Save the scale beside the network. Keep the test years for the end.
#
# ## Self-test
#
# <details><summary>The validation loss is below the training loss. Is something wrong?</summary>
#
# Not necessarily. The training loss is a mean over the epoch, taken while the weights were changing; and the validation
# years may be easier. Measure the training windows after the epoch, and compare persistence on both.
# </details>
#
# <details><summary>Two runs differ by 0.01 °C. Which network is better?</summary>
#
# Nobody can say from two runs. Train each with several seeds, and compare the mean difference with its standard error.
# </details>
#
# <details><summary>Early stopping ended the training. Which network do you hold?</summary>
#
# By default that of the last epoch, `patience` epochs after the best one. With `restore_best_weights=True`, the best.
# </details>
#
# ## Where next
#
# Ten epochs took over a minute, and ridge, the damped anomaly and the autoregression were still ahead. {Lesson:faster} finds
# out why it was slow. {Lesson:prediction} takes trained networks to the test years.
#
# ## References
#
# - D. P. Kingma and J. Ba, *Adam: A Method for Stochastic Optimization*, 2014,
#   [arXiv:1412.6980](https://arxiv.org/abs/1412.6980).
# - L. Prechelt, *Automatic early stopping using cross validation: quantifying the criteria*, Neural Networks 11, 1998,
#   [doi:10.1016/S0893-6080(98)00010-0](https://doi.org/10.1016/S0893-6080%2898%2900010-0).
# - X. Bouthillier and others, *Accounting for Variance in Machine Learning Benchmarks*, 2021,
#   [arXiv:2103.03098](https://arxiv.org/abs/2103.03098).

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# **Two recipes and a die.** 12 minutes, in pairs, a die each. One throw is one training. Recipe A makes the error that
# the die shows; recipe B makes one less. So B is better by 1.
#
# 1. Each pair trains A once and B once, and names the better one. Of the 36 cases B wins in 21, and A in 10.
# 2. Each pair trains both five times and compares the two means. A still wins in about 16 of 100 cases.
# 3. Collect on the board, from each pair, its mean of A minus its mean of B. Compute the mean of these differences,
#    their standard deviation, and that divided by the root of their number: the standard error. With ten pairs expect
#    a mean near 1, a standard deviation near 1.1 and a standard error near 0.3.
#
# Then say: more throws do not make the die steadier. They only make the mean surer.
#
# ### Answers to the open questions
#
# - *After how many epochs does it stop getting better?* About four. Wrong: ten. Longer is taken for better. Point at
#   the lines of ridge, damped anomaly and autoregression, which it never reaches.
# - *What will the two curves on one year look like?* Training falls; validation turns and rises above persistence.
#   Wrong: both level out. The figure of 22 years is taken for a law.
# - *Which order is worst?* The calendar. Wrong: shuffled. The order of the windows is taken for that of the days
#   inside them.
# - *Two runs differ by 0.01 °C: which is better? (self-test)* Nobody can say. Wrong: the smaller. One run is taken for
#   the recipe.
#
# ### When time is short
#
# Skip "How do I keep a trained network?", which {lesson:your_own_data} does again. Skip the two moments as well, but
# say that Adam divides by the usual size of the slope: {lesson:faster} needs it. Keep "What does `fit` do?", "When do
# I stop?", "What can one run tell?" and the last trap.
#
# ### After the lesson, students can
#
# - compute Adam's first step (exercise 1) and the loss that `fit` reports (exercise 2);
# - choose the epoch to stop at and the one to keep (exercise 3);
# - choose the one error that may be reported (exercise 4);
# - compare two recipes by a mean difference and its standard error (self-test).

# %% tags=["teacher"]
# the die, exactly: how often B wins, how often A
import numpy as np


def wins(throws):
    total = np.ones(1)
    for _ in range(throws):
        total = np.convolve(total, np.ones(6) / 6)
    lead = np.arange(-5 * throws, 5 * throws + 1) + throws  # the sum of A's errors minus that of B's
    chance = np.convolve(total, total[::-1])
    return chance[lead > 0].sum(), chance[lead < 0].sum()


assert np.allclose(wins(1), [21 / 36, 10 / 36])
assert round(100 * wins(5)[1]) == 16
spread = np.sqrt(2 * np.var(np.arange(1, 7)) / 5)  # of the difference of two means of five throws
assert np.isclose(spread, 1.1, atol=0.05)
assert np.isclose(spread / np.sqrt(10), 0.3, atol=0.05)
