# ---
# jupyter:
#   lesson:
#     part: The forecast
#     question: What do `units`, `return_sequences` and the parameter count mean?
#     learn: to build a GRU network, to read its shapes, to count its weights, to test it before a long training
#     need: "{lesson:preprocessing} and {lesson:windowing}; {lesson:gru_by_hand} for the equations"
# ---

# %% [markdown]
# # Model building: what every number in the network means
#
# At the end of this lesson you will be able to build a GRU network, say which shape leaves each layer, count its
# weights with a formula, and say which error it has to beat.

# %% [markdown]
# We build the network of {lesson:quickstart} again: 100 days go in, two GRU layers read them, one number comes out. This
# time we look inside. Nothing is trained for a forecast yet. That is {lesson:training}.
#
# ## What goes in?
#
# The daily mean temperature of Brussels, prepared as in {lesson:preprocessing} and {lesson:windowing}: split in time,
# scaled to z-scores with the mean and standard deviation of the training years, cut into windows of 100 days. (The
# yearly cycle stays in, as in {lesson:quickstart}.) The test years, 2002 to 2005, are cut off in the first line after
# the imports. We judge on the **validation years**, 1998 to 2001.

# %%
import keras
import numpy as np
import pandas as pd

from helpers import data, plots
from helpers.baselines import FORECASTERS
from helpers.evaluation import rmse
from helpers.exercises import model_building as check
from helpers.models import seed_model, set_seed
from helpers.windows import create_dataset

# %%
temperature = data.load("brussels")["temperature"].loc[: data.VALIDATION_END]
train = temperature.loc[: data.TRAIN_END]
mean, std = train.mean(), train.std()
scaled = (temperature - mean) / std

time_step = 100
X, y = create_dataset(scaled, time_step)
target_days = temperature.index[time_step:]  # the day that each y stands for
is_training = target_days <= data.TRAIN_END
X_train, y_train = X[is_training], y[is_training]
X_validation, validation_days = X[~is_training], target_days[~is_training]
print("windows to learn from:", X_train.shape, " windows to judge on:", X_validation.shape)

# %% [markdown]
# ## What has to be beaten?
#
# Decide this before you build anything. A network is worth having only if simple forecasts do worse. These are the six
# of {lesson:preprocessing}: persistence, seasonal naive, climatology, damped anomaly, autoregression and ridge. Here
# are their errors on the validation years. Four of them, in `beside`, are printed with the network's below.

# %% tags=["slide"]
truth = temperature[validation_days]
errors = {name: rmse(truth, f(temperature, data.TRAIN_END, validation_days)) for name, f in FORECASTERS.items()}
bar = pd.Series(errors, name="RMSE on the validation years (°C)").sort_values()
SIMPLE = ("persistence", "ridge", "damped anomaly", "autoregression")
beside = ", ".join(f"{name} {bar[name]:.2f}" for name in SIMPLE)
bar.to_frame().round(3)

# %%
assert bar.index[0] == "autoregression"
assert set(bar.index[1:3]) == {"damped anomaly", "ridge"}  # level on these years
assert list(bar.index[3:]) == ["persistence", "climatology", "seasonal naive"]

# %% [markdown] tags=["teacher"]
# They set the bar at persistence. Ask: what would you use if there were no network? Expect: the best of the six, the
# autoregression.

# %% [markdown]
# Knowing the season alone is far worse than knowing today. Knowing both is best. The bar is the best simple forecast
# that you know: here it is the autoregression, three departures and a calendar.
#
# ## What is `units`?
#
# A GRU reads one day at a time. After each day it keeps a short list of numbers, its memory. It is called the **hidden
# state**. `units` is the length of that list: **how many numbers the memory holds**. You choose it.
#
# Let us see a memory of five numbers. The layer is new, so its weights are random and the memory means nothing yet.
# `return_sequences=True` makes it hand out the memory after every day. More on that soon.

# %%
set_seed()  # the same random weights for everybody
layer = keras.layers.GRU(units=5, return_sequences=True)
one_window = X_train[:1]
memory = np.asarray(layer(one_window))
print("in: ", one_window.shape, " (samples, time steps, features)")
print("out:", memory.shape, " (samples, time steps, units)")

# %% tags=["slide"]
fig, (upper, lower) = plots.figure(2, sharex=True, figsize=(8, 5))
upper.plot(one_window[0, :, 0], color="black")
upper.set(ylabel="temperature (z-score)", title="what goes in: one number a day")
lower.plot(memory[0], linewidth=1.2)
lower.plot(np.full(5, time_step - 1), memory[0, -1], "o", color="black", clip_on=False)
lower.set(xlabel="day in the window (0 to 99)", ylabel="hidden state", title="what GRU(5) keeps: five numbers a day")
plots.show(
    fig,
    "Two panels over the 100 days of one window. Above, one black line: the temperature as a z-score. Below, five "
    "coloured lines: the five numbers of the hidden state after each day. They move up and down with the temperature. "
    "Black dots mark their values on the last day.",
)

# %% [markdown]
# `units` is the number of **lines** in the lower panel. The time steps are the **length** of the lines. The two have
# nothing to do with each other.
#
# **Predict first:** the same layer, with the same weights, reads the last 30 days of the window only. Which shape comes
# out?

# %%
for days in (100, 30, 1):
    print(f"{days:3} days in → {np.asarray(layer(one_window[:, -days:])).shape} out")

# %%
assert layer(one_window[:, -30:]).shape == (1, 30, 5)

# %% [markdown] tags=["teacher"]
# They say: one unit for each day. Ask: point at `units` in the figure, then at the time steps. Expect: the number of
# lines, and their length. How many lines for a window of a year? Five.

# %% [markdown]
# Still five lines, now shorter. A GRU uses the same weights every day. So it can read windows of any length.
#
# ## What does `return_sequences` change?
#
# Only what is handed on, not what is computed. A second layer, with the weights of the first, shows it.

# %%
last_day = keras.layers.GRU(5)  # return_sequences=False is the default
last_day.build(one_window.shape)
last_day.set_weights(layer.get_weights())

after_last_day = np.asarray(last_day(one_window))
print("return_sequences=True: ", memory.shape, " the memory after every day")
print("return_sequences=False:", after_last_day.shape, "      the memory after the last day")

# %%
assert np.allclose(memory[:, -1], after_last_day, atol=1e-6)

# %% [markdown] tags=["teacher"]
# They say: with `False` the layer reads only the last day. Cover the lower panel, all but the dots. Ask: how many days
# have made each dot? Expect: all 100.

# %% [markdown]
# The second result is the last row of the first: the five black dots in the figure. That gives the rule:
#
# - a GRU that feeds **another GRU** needs `return_sequences=True`, because a GRU reads a sequence;
# - a GRU that feeds the **final `Dense` layer** of a one-value forecast leaves it at `False`.
#
# ## How are the layers put together?
#
# `Sequential` is a list of layers. The output of each is the input of the next.
#
# - `Input(shape=(100, 1))` says what one sample looks like: 100 time steps, 1 feature (one number a day). The samples
# axis is left out, because any number of windows may come. `Input` has no weights. With it, Keras knows all shapes at
# once.
# - `Dense(1)` turns the last memory into one number: a weighted sum of its 50 values, plus a constant, the **bias**.
#
# A name for each layer makes tables and errors easier to read. It changes nothing else.

# %% tags=["slide"]
set_seed()
model = keras.Sequential(
    [
        keras.Input(shape=(time_step, 1)),
        keras.layers.GRU(50, return_sequences=True, name="first_gru"),
        keras.layers.GRU(50, name="second_gru"),
        keras.layers.Dense(1, name="forecast"),
    ],
    name="two_grus",
)
model.summary(line_length=76, print_fn=print)  # a fixed width and plain text: the same on every computer

# %% [markdown]
# This table is the **summary**. Read its middle column from top to bottom:
#
# | shape | meaning |
# |---|---|
# | `(None, 100, 50)` | any number of windows, 100 days each, 50 numbers after each day |
# | `(None, 50)` | any number of windows, 50 numbers after the last day |
# | `(None, 1)` | any number of windows, one forecast each |
#
# `None` is the samples axis: Keras does not know yet how many windows will come.
#
# The right column counts the **parameters**: the weights and biases that training changes. (KB is their size in memory:
# each takes 4 bytes.) The next section explains the three counts.

# %%
assert [layer.output.shape for layer in model.layers] == [(None, 100, 50), (None, 50), (None, 1)]
assert model.count_params() == seed_model().count_params()  # later lessons take this network from helpers.models

# %% [markdown]
# ## Where do these counts come from?
#
# Each layer keeps its parameters in a few arrays. Here they are, with their shapes.

# %%
for weights in model.weights:
    layer_name, *_, array_name = weights.path.removeprefix("two_grus/").split("/")
    print(f"{layer_name:10}  {array_name:16}  {tuple(weights.shape)!s:>9}  {np.prod(weights.shape):6,} numbers")
print(f"{'':41}{model.count_params():6,} in all")

# %% [markdown]
# A GRU computes three things a day: two gates and a candidate ({lesson:gru_by_hand}). Write $n$ for `units` and $m$ for
# the features that come in. Then each of the three needs a **kernel** for the day's input, $m \times n$ numbers, a
# **recurrent kernel** for the memory, $n \times n$, and a **bias**, $n$. Keras lays the three side by side, so the arrays
# above have 150 = 3 · 50 columns. That makes the textbook's count, $3(n^2 + nm + n)$.
#
# **Predict first:** is it Keras' count for the first layer, with $n = 50$ and $m = 1$?

# %%
n, m = 50, 1
textbook = 3 * (n**2 + n * m + n)
keras_count = model.get_layer("first_gru").count_params()
print(f"textbook: {textbook:,}   Keras: {keras_count:,}   difference: {keras_count - textbook} = 3 · {n}")

# %%
assert keras_count - textbook == 3 * n

# %% [markdown]
# It is not. Keras has $3n$ more: `bias` has the shape `(2, 150)`, so there are two ({lesson:conventions} says why). Its
# count is $3(n^2 + nm + 2n)$. With `reset_after=False` it has one bias and the textbook's count. `Dense` has $m$
# weights and one bias for each output.


# %%
def gru_count(features, units, biases=2):
    return 3 * (units**2 + units * features + biases * units)


def dense_count(features, outputs):
    return outputs * (features + 1)


by_formula = [gru_count(features=1, units=50), gru_count(features=50, units=50), dense_count(features=50, outputs=1)]
for part, count in zip(model.layers, by_formula, strict=True):
    print(f"{part.name:27}  formula {count:6,}  Keras {part.count_params():6,}")

old_gru = keras.layers.GRU(50, reset_after=False)
old_gru.build((None, time_step, 1))
print(f"GRU(50, reset_after=False):  formula {gru_count(1, 50, biases=1):6,}  Keras {old_gru.count_params():6,}")

# %%
assert by_formula == [part.count_params() for part in model.layers]
assert old_gru.count_params() == gru_count(1, 50, biases=1) == textbook

# %% [markdown]
# The second layer gets 50 features, the memory of the first. So its kernel is larger, and it has almost twice as many
# parameters as the first, with the same `units`.
#
# The time steps are in none of the formulas.
#
# **Predict first:** with twice the units, how many times as many parameters does the first layer have?

# %% tags=["slide"]
for units in (25, 50, 100, 200):
    print(f"GRU({units:3}) on 1 feature: {gru_count(1, units):7,} parameters")
growth = gru_count(1, 200) / gru_count(1, 100)
print(f"from 100 to 200 units: {growth:.2f} times as many")

# %%
assert 3.8 < growth < 4

# %% [markdown] tags=["teacher"]
# They forget the factor 3, or give the second layer one feature. Ask: what arrives at the second layer on one day?
# Expect: 50 numbers, the memory of the first.

# %% [markdown]
# Almost four times, because of $n^2$. Doubling `units` is not a small change.
#
# ## What does the untrained model say?
#
# The network can forecast already. Its kernels are random, its biases are 0, nothing has been learned. It is worth a
# look: this is where training starts.


# %%
def validation_forecast(network):
    z_scores = network.predict(X_validation, batch_size=len(X_validation), verbose=0)
    return mean + std * z_scores[:, 0]  # back to °C


untrained = validation_forecast(model)
untrained_error = rmse(truth, untrained)
always_mean_error = rmse(truth, np.full(len(truth), mean))

# %% tags=["nbval-ignore-output"]
print(f"forecast: from {untrained.min():4.1f} to {untrained.max():4.1f} °C")
print(f"observed: from {truth.min():4.1f} to {truth.max():4.1f} °C")
print(f"RMSE of the untrained network:            {untrained_error:5.2f} °C")
print(f"RMSE of 'always the mean', {mean:.1f} °C:       {always_mean_error:5.2f} °C")
print(f"simple forecasts (°C): {beside}")

# %% [markdown]
# The untrained network says nearly the same on every day: the mean of the training years. Random weights give small
# outputs, and a z-score near 0 **is** the mean. So it makes about the error of "always the mean", several times that of
# persistence.
#
# This tells us what training starts from. The mean squared error of "always the mean", in z-scores, is their variance.
# That is about 1. So ask an untrained network first: `compile` it, then `model.evaluate(…)` returns its loss and trains
# nothing. If its loss on z-scores is far from 1, look for a mistake. (The loss that `fit` reports for a first epoch may
# be far smaller: most of its batches come after some learning.)

# %%
assert untrained.max() - untrained.min() < 0.2 * (truth.max() - truth.min())
assert abs(untrained_error / always_mean_error - 1) < 0.2
assert untrained_error > 2 * bar["persistence"]
assert 0.7 < (untrained_error / std) ** 2 < 1.4

# %% [markdown]
# ## Can it learn one batch by heart?
#
# Before a long training, a short test. Take one batch of 32 windows and train on it alone, again and again. A network
# of 23,301 weights must be able to learn 32 targets by heart. If it cannot, something is broken: a wrong shape, a last
# layer that cannot reach the targets (the last trap below), a learning rate that is far off. The test costs seconds and
# can save hours.
#
# `compile` names the loss and the optimizer, `fit` trains, as in {lesson:quickstart}. {Lesson:training} takes both
# apart. Here one epoch is one batch, so Adam changes the weights once: that is one step in the figure. The learning
# rate is ten times the usual 0.001: we want the batch learned by heart, not learned well.

# %%
X_batch, y_batch = X_train[::250], y_train[::250]  # windows from all the training years
print("the batch:", X_batch.shape)
batch_days = target_days[is_training][::250]
batch_bar = {
    name: rmse(temperature[batch_days], FORECASTERS[name](temperature, data.TRAIN_END, batch_days)) for name in SIMPLE
}

learner = keras.models.clone_model(model)  # so that our model stays untrained
learner.set_weights(model.get_weights())
learner.compile(optimizer=keras.optimizers.Adam(0.01), loss="mean_squared_error")
history = learner.fit(X_batch, y_batch, epochs=150, batch_size=32, verbose=0)
batch_errors = std * np.sqrt(history.history["loss"])

# %% tags=["nbval-ignore-output", "slide"]
fig, ax = plots.figure()
ax.plot(np.arange(1, 151), batch_errors, label="network, on the 32 windows")
for (name, error), style in zip(batch_bar.items(), ("--", ":", "-.", (0, (1, 4))), strict=True):
    ax.axhline(error, linestyle=style, color="black", linewidth=1, label=f"{name}, on the same windows")
ax.set(xlabel="step", ylabel="RMSE (°C)")
ax.legend()
plots.show(
    fig,
    "The network's error on one batch of 32 windows, over 150 steps of training. It starts far above the level lines of "
    "four simple forecasts, which lie close together, passes below them and falls almost to 0.",
)

# %% tags=["nbval-ignore-output"]
by_heart = validation_forecast(learner)
by_heart_error = rmse(truth, by_heart)
print(f"on the 32 windows:       {batch_errors[0]:.2f} °C at first, {batch_errors[-1]:.2f} °C at the end")
print(f"on the validation years: {by_heart_error:.2f} °C")
print(f"simple forecasts (°C):   {beside}")

# %% [markdown]
# Passed. The error on the batch is almost gone, so the layers fit together and the targets can be reached. (Whether each
# target belongs to its window, this test cannot say: wrong targets are learned by heart as well.) The result is **not**
# a good forecast: on days that it has not seen, it is worse than persistence. Learning by heart is called
# **overfitting**. Here it is the test. In {lesson:training} it is the enemy.

# %%
assert batch_errors[-1] < 0.5 * min(batch_bar.values())
assert by_heart_error > bar["persistence"]

# %% [markdown] tags=["teacher"]
# They say: an error of nearly 0, a great network. Ask: what would you know if it could not do this? Expect: that
# something is broken. Which error would you tell a customer? The one on the validation years.

# %% [markdown]
# ## Trap: `return_sequences` forgotten
#
# Two GRU layers, both at their default. The first hands on its last memory only, and the second finds no sequence.

# %%
forgetful = [keras.layers.GRU(50, name="first_gru"), keras.layers.GRU(50, name="second_gru")]
try:
    keras.Sequential([keras.Input(shape=(time_step, 1)), *forgetful, keras.layers.Dense(1)])
except ValueError as error:
    print(error)

# %% [markdown] tags=["teacher"]
# They mend `second_gru`, because the message names it. Ask: which axis is missing, and which layer should have handed
# it on? Expect: the time axis, and the layer before.

# %% [markdown]
# How to read it, from the end: a layer received `(None, 50)`. That has two axes (`ndim=2`): samples and units. It
# expected three: samples, time steps, features. So the **time axis is missing**. The message names the layer that
# complains, `second_gru`. The mistake is in the layer **before** it.
#
# Mended: `return_sequences=True` in `first_gru`, as in our model.
#
# ## Trap: one `return_sequences` too many
#
# The opposite mistake raises no error at all.

# %%
set_seed()
two_sequences = [keras.layers.GRU(50, return_sequences=True) for _ in range(2)]  # the mistake
too_many = keras.Sequential([keras.Input(shape=(time_step, 1)), *two_sequences, keras.layers.Dense(1)])
too_many.compile(loss="mean_squared_error")
keras_loss = too_many.evaluate(X_batch, y_batch, verbose=0)

all_outputs = np.asarray(too_many(X_batch))
print("forecasts:", all_outputs.shape, " targets:", y_batch.shape)

# %% [markdown]
# There are 100 forecasts for each window, one after every day. Each window has one target. What did Keras compare with
# what? NumPy can tell: we take **every** forecast of every window minus **every** target of the batch.

# %%
every_pair = all_outputs - y_batch  # (32, 100, 1) − (32,) → (32, 100, 32)
print("differences:", every_pair.shape)
print(f"the best that can be learned so: {std * y_batch.std():.2f} °C on these 32 windows")
print(f"persistence on them:             {batch_bar['persistence']:.2f} °C")

# %%
assert np.isclose(keras_loss, np.mean(every_pair**2), rtol=1e-4)
assert not np.isclose(keras_loss, np.mean((all_outputs[:, -1, 0] - y_batch) ** 2), rtol=1e-4)
assert y_batch.std() * std > 2 * batch_bar["persistence"]
assert np.isclose(batch_bar["persistence"], std * rmse(y_batch, X_batch[:, -1, 0]))

# %% [markdown]
# The mean of their squares is Keras' loss: the folded cell compares the two. Our targets have one axis, as
# `create_dataset` makes them. For forecasts of shape (32, 1) Keras adds the second axis itself. For (32, 100, 1) it does
# not, and the shapes were stretched until they fitted (**broadcasting**). Each forecast is compared with its own target
# and with those of the 31 other windows. The best reply to that is the mean of all targets, whatever the window. So
# this network would learn to say the same number every day. No warning is printed.
#
# Mended by leaving it out. One line guards against it and belongs under every model:
# `assert model.output_shape == (None, 1)`. (It stands in the folded cell below.)

# %%
print("too_many:", too_many.output_shape, " model:", model.output_shape)

# %%
assert model.output_shape == (None, 1)

# %% [markdown] tags=["teacher"]
# They say: Keras takes it and gives a loss, so it is right. Ask: you give one answer, and it is compared with the
# targets of all 32 windows. What do you answer? Expect: their mean. And that is the same answer for every window.

# %% [markdown]
# ## Trap: `units` taken for the time steps
#
# "My window has 100 days, so I need `GRU(100)`." If that were so, the network would need other weights for another
# window. Let us change the window and keep `units`.

# %% tags=["slide"]
for window in (10, 100, 365):
    one_gru = keras.Sequential([keras.Input(shape=(window, 1)), keras.layers.GRU(50), keras.layers.Dense(1)])
    print(f"{window:3} time steps, 50 units: {one_gru.count_params():,} parameters")
print(f"100 time steps, 100 units: {gru_count(1, 100) + dense_count(100, 1):,} parameters")

# %%
assert one_gru.count_params() == gru_count(1, 50) + dense_count(50, 1)

# %% [markdown] tags=["teacher"]
# They give each day a unit of its own. Ask: what grows with a longer window? Expect: the time, not the count.

# %% [markdown]
# The same count three times. A longer window makes the network **slower**, because it takes more steps with the same
# weights. More units make it **larger**. These are two separate choices. Both are made by trying, on the validation
# years.
#
# ## Trap: a last activation that cannot reach the target
#
# An **activation** is a function applied to a layer's output. Networks for other tasks end with
# `activation="relu"` or `"sigmoid"`, and it is easy to copy such a line. relu turns every negative number into 0.
# sigmoid gives numbers between 0 and 1 only. Our targets are z-scores. About half of them are below 0.
#
# No training is needed to see the damage. Suppose the network were perfect: on every day it gave the nearest value that
# its last activation can reach. How large would its error be?

# %% tags=["slide"]
z = scaled[validation_days].to_numpy()
reachable = {"none (linear)": (-np.inf, np.inf), "relu": (0, np.inf), "sigmoid": (0, 1)}
floors = {name: std * rmse(z, np.clip(z, low, high)) for name, (low, high) in reachable.items()}
for name, floor in floors.items():
    print(f"last activation {name:13}: no error can be smaller than {floor:.2f} °C")
print(f"simple forecasts (°C): {beside}")
print(f"targets below 0: {np.mean(z < 0):.0%}")

# %%
assert floors["sigmoid"] > floors["relu"] > bar["persistence"]
assert 0.4 < np.mean(z < 0) < 0.6

# %% [markdown]
# With relu or sigmoid at the end, even a perfect network loses to "tomorrow will be as today". Keras gives no error
# here either. The one-batch test finds it:

# %%
set_seed()
with_relu = keras.models.clone_model(model)  # the same layers with new random weights
with_relu.layers[-1].activation = keras.activations.relu  # the mistake
with_relu.compile(optimizer=keras.optimizers.Adam(0.01), loss="mean_squared_error")
relu_history = with_relu.fit(X_batch, y_batch, epochs=60, batch_size=32, verbose=0)
relu_errors = std * np.sqrt(relu_history.history["loss"])
relu_floor = std * rmse(y_batch, np.maximum(y_batch, 0))

# %% tags=["nbval-ignore-output"]
print(f"with relu,  after  60 steps: {relu_errors[-1]:.2f} °C on its own 32 windows")
print(f"no training can get it below {relu_floor:.2f} °C")
print(f"linear,     after  60 steps: {batch_errors[59]:.2f} °C")
print(f"linear,     after 150 steps: {batch_errors[-1]:.2f} °C")

# %%
assert relu_errors.min() > relu_floor - 0.01
assert batch_errors[-1] < 0.5 * relu_floor

# %% [markdown] tags=["teacher"]
# They say: sigmoid keeps the forecast within bounds, that is safe. Ask: which days have a z-score below 0? Expect: all
# that are colder than the mean. With relu or sigmoid none of them can be forecast.

# %% [markdown]
# Mended by leaving the activation out: `Dense(1)` is linear and reaches every number. For a forecast of a quantity,
# that is the right choice.
#
# ## Exercises
#
# Replace each `...` and run the cell, then run the check below it.
#
# **1. Shapes.** A batch of **32** windows of 60 days with 4 features a day goes into
# `GRU(24, return_sequences=True)`, then `GRU(12)`, then `Dense(3)`. Which shape leaves each layer? Answer without
# running it, with the number 32 in place of `None`.

# %%
shapes = [..., ..., ...]
### BEGIN SOLUTION
shapes = [(32, 60, 24), (32, 12), (32, 3)]
### END SOLUTION

# %%
check.shapes(shapes)

# %% [markdown]
# **2. Build it.** A network that reads 60 days of 2 features a day and forecasts the **next three days**, three numbers
# at once. Three GRU layers, with 24, 12 and 6 units. There is no need to compile it.

# %%
network = ...
### BEGIN SOLUTION
network = keras.Sequential(
    [
        keras.Input(shape=(60, 2)),
        keras.layers.GRU(24, return_sequences=True),
        keras.layers.GRU(12, return_sequences=True),
        keras.layers.GRU(6),
        keras.layers.Dense(3),
    ]
)
### END SOLUTION

# %%
check.network(network)

# %% [markdown]
# **3. A budget.** You may spend **1,000 parameters** on Keras' `GRU(n)` with 1 feature, followed by `Dense(1)`. What is
# the largest n?

# %%
largest_n = ...
### BEGIN SOLUTION
largest_n = max(n for n in range(1, 100) if gru_count(1, n) + dense_count(n, 1) <= 1000)
### END SOLUTION

# %%
check.largest_n(largest_n)

# %% [markdown]
# **4. Out of reach.** `tanh` gives numbers between −1 and 1. A friend ends the network with
# `Dense(1, activation="tanh")`, on the same z-scores. What is the smallest RMSE in °C that the friend can reach on the
# validation days?

# %%
tanh_floor = ...
### BEGIN SOLUTION
tanh_floor = std * rmse(z, np.clip(z, -1, 1))
### END SOLUTION

# %%
check.tanh_floor(tanh_floor)

# %% [markdown] tags=["teacher"]
# Do exercise 1 together. Expect `(32, 60, 12)` after the second layer; the hint asks whether a layer at its default
# still hands on every day. In exercise 3 expect 17, with one bias; the hint asks how many Keras has. Exercises 2 and 4
# are for home. In 4 expect tanh of the target, not the nearest number within reach.


# %% tags=["teacher"]
def largest(biases):
    return max(n for n in range(1, 100) if 3 * (n * n + n + biases * n) + n + 1 <= 1000)


assert (largest(biases=1), largest(biases=2)) == (17, 16)

# %% [markdown]
# ## What to take away
#
# - `units` is how many numbers the memory holds. The time steps are how often it is updated. Neither follows from the
#   other.
# - `return_sequences=True` hands on the memory after every day, `False` after the last day only. Between two GRUs:
#   `True`.
# - Textbook: $3(n^2 + nm + n)$ parameters. Keras: $3(n^2 + nm + 2n)$, because `reset_after=True` has two biases.
# - Before you train: write down the bar in °C, look at the output shape, learn one batch by heart.
#
# ## Self-test
#
# <details><summary>You double the window from 100 to 200 days. What happens to the parameter count of the network?</summary>
#
# Nothing. The same weights are used on every day. Only the time that a forecast takes grows.
# </details>
#
# <details><summary>Keras says: "expected ndim=3, found ndim=2. Full shape received: (None, 64)". What is wrong, and where?</summary>
#
# A GRU got the last memory of the layer before it, without a time axis. The layer **before** the one that complains
# needs `return_sequences=True`. It is the one with 64 units.
# </details>
#
# <details><summary>A network cannot learn one batch of 32 windows by heart. Should it train longer on all the data?</summary>
#
# No. Something is broken that no amount of data mends: look at the shapes, at the last activation and at the
# learning rate.
# </details>
#
# ## Where next
#
# The network is built and the bar is known. {Lesson:training} trains it: what `fit` does, when to stop, and whether one
# run can be trusted. {Lesson:faster} makes it quick. {Lesson:prediction} goes back to degrees and opens the test years.
#
# ## References
#
# - K. Cho and others, *Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine Translation*,
#   2014, [arXiv:1406.1078](https://arxiv.org/abs/1406.1078): the GRU. Its first and its later version differ in where
#   the reset gate acts; that is why Keras has `reset_after`.
# - A. Karpathy, *A Recipe for Training Neural Networks*, 2019,
#   [karpathy.github.io](https://karpathy.github.io/2019/04/25/recipe/): one batch by heart, and other checks before a
#   long training.

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# **Be a GRU of three units.** 12 minutes, three students at the board, four cards: 32, 0, 2, 1. The memories start
# empty, at zero. All follow one rule, new = (1 − z) · old + z · card, with z = 1, ½ and ¼.
#
# 1. Show a card a day. After each, all three write their number on the board, each in a row of their own. With z = 1
#    the row becomes 32, 0, 2, 1; with z = ½ it becomes 16, 8, 5, 3; with z = ¼ it becomes 8, 6, 5, 4.
# 2. Ask: where are the units, where the time steps? Which shape would Keras give? (1, 4, 3): one window, four time
#    steps, three units.
# 3. Wipe out all but the last column: `return_sequences=False`, shape (1, 3). Can a second GRU read what they had on
#    day 2? No, it is gone.
# 4. Show four more cards, of any numbers. Does anybody need a new rule? Nobody: eight days need no more units.
#
# Then say: units are people, or rows of the board; time steps are its columns. (A real GRU computes z anew each day.)
#
# ### Answers to the open questions
#
# - *The last 30 days only: which shape?* (1, 30, 5). Wrong: an error. The layer is taken to be built for 100 days.
# - *Is the textbook's count that of Keras?* No, it is 3n too few. Wrong: yes. It forgets that Keras' default has two
#   biases.
# - *Twice the units, how many times the parameters?* Almost four times. Wrong: twice. Parameters are taken for units.
# - *It cannot learn one batch by heart: should it train longer? (self-test)* No. Wrong: yes, more helps. A fault is
#   taken for a lack of training.
#
# ### When time is short
#
# Run the cells of "What does the untrained model say?" without a word: the next section needs them. Skip "Trap:
# `units` taken for the time steps". Keep "What has to be beaten?", "What does `return_sequences` change?", "Trap: one
# `return_sequences` too many", of which nothing warns, and "Where do these counts come from?": {lesson:faster} counts
# so.
#
# ### After the lesson, students can
#
# - name the shape that leaves each layer (exercise 1);
# - build a network for several days ahead (exercise 2);
# - compute its parameters (exercise 3);
# - measure what a last activation makes impossible (exercise 4);
# - choose the layer to mend from an error message (self-test).

# %% tags=["teacher"]
# the three units at the board
cards, rows = [32, 0, 2, 1], []
for z in (1, 1 / 2, 1 / 4):
    memory, row = 0, []
    for card in cards:
        memory = (1 - z) * memory + z * card
        row.append(memory)
    rows.append(row)

assert rows == [[32, 0, 2, 1], [16, 8, 5, 3], [8, 6, 5, 4]]
