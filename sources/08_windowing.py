# ---
# jupyter:
#   lesson:
#     part: The forecast
#     question: How does one long series become (samples, time steps, features)?
#     learn: cutting a record into windows by hand, counting and dating them, and which of them may be learned from
#     need: "{lesson:preprocessing} (the split, the z-score, leaks); Python loops and NumPy slices"
# ---

# %% [markdown]
# # Windowing: from one long series to (samples, time steps, features)
#
# At the end of this lesson you can cut a daily record into windows, say which day each of them forecasts, and tell
# which of them a network may learn from.

# %% [markdown]
# A record is one long series. A network learns from many small examples. **Windowing** makes the one into the other.
#
# - A **window** is a few days in a row: what the network is shown.
# - Its **target** is what came next: what the network should have said.
#
# A window and its target together are one **sample**. That is all. Yet most bugs in forecasting code live here: a day
# too few, two axes swapped, a target that the window has already seen. None of them raises an error. So we go slowly,
# and start with ten numbers.

# %%
from inspect import signature

import keras
import numpy as np
from matplotlib.colors import ListedColormap
from numpy.lib.stride_tricks import sliding_window_view
from sklearn.linear_model import LinearRegression

from helpers import baselines, data, plots
from helpers.evaluation import rmse
from helpers.exercises import windowing as check
from helpers.models import set_seed
from helpers.season import yearly_cycle
from helpers.windows import create_dataset

record = data.load("brussels")
temperature = record["temperature"]

# %% [markdown]
# ## What does a window look like?
#
# Here are the first ten days of the Brussels record. We cut windows of four days. The target of each is the next day.

# %% tags=["slide"]
ten = temperature.iloc[:10]
time_step = 4

for first in range(len(ten) - time_step):
    window = ten.iloc[first : first + time_step]
    target_day = ten.index[first + time_step]
    numbers = " ".join(f"{value:5.2f}" for value in window)
    print(f"window {first}: {window.index[0]:%d %b} to {window.index[-1]:%d %b} [{numbers}] → ", end="")
    print(f"{target_day:%d %b} {ten[target_day]:5.2f} °C")

# %% [markdown]
# Each window starts one day after the one before. So a day is used again and again: once as a target (but for the first
# four), then as the newest day of a window, then as an older day of the next ones. A picture shows it better.

# %% tags=["slide"]
fig, ax = plots.windows_by_day(ten.index, 4)
ax.set(xlabel="day of 1976")
plots.show(
    fig,
    "Six rows, one for each window, over ten days in January 1976. Each row has four blue squares, the window, and one "
    "orange square after them, the day to be predicted. Each row is shifted one day to the right; in the last row the "
    "orange square is on the tenth day.",
)

# %% [markdown]
# ## How many windows are there?
#
# **Predict first:** a record has n days, a window has T, and one day is to be predicted. How many windows? Then: how
# many, if h days are to be predicted? Test your formula on the picture.
#
# Slide the window to the right until its last target is the last day of the record. It has moved over n − T − h days.
# With the place where it started, that makes **n − T − h + 1** windows. The number h of days to be predicted is called
# the **horizon**.


# %%
def count_windows(days, time_step, horizon=1):
    return days - time_step - horizon + 1


print("ten days, windows of 4:            ", count_windows(10, 4))
print("ten days, windows of 4, 3 to come: ", count_windows(10, 4, horizon=3))
print(f"the whole record, windows of 30:    {count_windows(len(record), 30):,}")

# %%
assert count_windows(10, 4) == 6  # as in the picture

# %% [markdown] tags=["teacher"]
# They say: n / T, as if windows were pieces. Or n − T + 1: then the last window has no target. Ask: put a finger on
# the last window of the picture. On which day does it begin? Expect: on the sixth of ten, so there are six.

# %% [markdown]
# ## How is it written by hand?
#
# A loop over the first days, and two slices. The values come in as (days, features): one row a day, one column for
# each number that is measured on it. So far that is a single column, the temperature.


# %%
def create_dataset_by_hand(values, time_step):
    X, y = [], []
    for first in range(len(values) - time_step):
        X.append(values[first : first + time_step])
        y.append(values[first + time_step, 0])
    return np.array(X), np.array(y)


time_step = 30
values = temperature.to_numpy()[:, np.newaxis]  # (days,) becomes (days, 1)
X_by_hand, y_by_hand = create_dataset_by_hand(values, time_step)
print("values:", values.shape, " X:", X_by_hand.shape, " y:", y_by_hand.shape)

# %%
assert len(X_by_hand) == len(y_by_hand) == count_windows(len(values), time_step)

# %% [markdown]
# `X` has three axes. They have names, and Keras wants them in this order:
#
# | axis | name | here |
# |---|---|---|
# | 0 | **samples** | how many windows |
# | 1 | **time steps** | days in a window, oldest first |
# | 2 | **features** | numbers a day |
#
# `y` has one number for each window. Which day does it stand for? The first target is the day after the first window,
# so the targets are the record without its first `time_step` days. Keep these dates beside `y`. Every question about
# training and test years is answered with them.

# %%
target_days = record.index[time_step:]
print(f"first target: {target_days[0]:%d %B %Y}, last target: {target_days[-1]:%d %B %Y}")

# %%
assert np.array_equal(y_by_hand, temperature[target_days])

# %% [markdown]
# ## Trap: the last window goes missing
#
# Many tutorials write the loop as `range(len(values) - time_step - 1)`. It looks careful, and nothing fails. It is the
# same as leaving out the last day of the record:

# %%
X_short, y_short = create_dataset_by_hand(values[:-1], time_step)
print(f"{len(X_by_hand):,} windows by formula, {len(X_short):,} by this loop")

lost = record.index[len(X_short) : len(X_short) + time_step]
print(
    f"lost: the window {lost[0]:%d %B %Y} to {lost[-1]:%d %B %Y}, with its target {target_days[len(y_short)]:%d %B %Y}"
)

# %% [markdown]
# The lost window is the newest one. Of thousands of windows, one is no great loss. But the dates no longer fit:
# `record.index[time_step:]` has one day more than `y`. Whoever then cuts the dates at the wrong end moves every
# forecast by a day.

# %%
assert len(X_by_hand) - len(X_short) == 1
assert np.array_equal(X_by_hand[:-1], X_short)
assert np.array_equal(y_by_hand[:-1], y_short)

# %% [markdown] tags=["teacher"]
# They say: one window of thousands does not matter. Ask: which date belongs to the last `y`? 30 December 2005. But
# `record.index[time_step:]` ends on 31 December, so it has one date too many. Let one of them leave out its last date,
# another its first. Expect: the second list is wrong for every window, by a day.

# %% [markdown]
# ## Can NumPy do it without the loop?
#
# `sliding_window_view` gives all windows at once. Two things need care.
#
# - The last day can only be a target. So the windows are cut from `values[:-1]`.
# - NumPy puts the days of a window **last**: (samples, features, time steps). `transpose(0, 2, 1)` brings them into
#   the order that Keras wants.

# %%
as_numpy_gives_them = sliding_window_view(values[:-1], time_step, axis=0)
X_view = as_numpy_gives_them.transpose(0, 2, 1)
y_view = values[time_step:, 0]
print("as NumPy gives them:", as_numpy_gives_them.shape, " for Keras:", X_view.shape)

# %%
assert np.array_equal(X_view, X_by_hand)  # equal to the last bit
assert np.array_equal(y_view, y_by_hand)

# %% [markdown]
# The collection's own `create_dataset`, in `helpers.windows`, is these three lines, and checks of what comes in. It is
# the function that the lessons before this one have used. See what it refuses:

# %%
X, y = create_dataset(temperature, time_step)

with_a_gap = temperature.copy()
with_a_gap.iloc[1000] = np.nan
for series in (temperature.iloc[:20], with_a_gap, with_a_gap.dropna(), temperature[::-1]):
    try:
        create_dataset(series, time_step)
    except ValueError as error:
        print("ValueError:", str(error).split(";")[0].split(", so")[0])

# %%
assert np.array_equal(X, X_by_hand)
assert np.array_equal(y, y_by_hand)
assert np.shares_memory(create_dataset(values, time_step)[0], values)

# %% [markdown]
# Too short; a missing value; a missing day; days in the wrong order. One missing day stands in up to 30 windows and is
# the target of one more.
#
# The loop copies each day up to 30 times. `sliding_window_view` copies nothing. It gives a **view**, an array that reads
# the memory of another one. So a million days have room, too, and the windows are read-only: one number stands in many
# of them. (To pick windows with True and False, or to change their type, makes copies.)
#
# ## What changes with several features?
#
# Only the last axis. Take the ten days again, with two numbers a day: temperature in °C and rain in mm.

# %%
two = record[["temperature", "rain"]].iloc[:10]
X_two, y_two = create_dataset(two, 4)
print("X:", X_two.shape, " y:", y_two.shape)
print("window 0, one row a day:")
print(X_two[0])
print("its target:", y_two[0], "°C")

# %% [markdown]
# The target is the first column, unless you name another one: `create_dataset(two, 4, target="rain")`.
#
# With several features it matters how the axes are brought into order. `reshape` also makes three axes of the right
# lengths out of what NumPy gives. **Predict first:** is it the same?

# %% tags=["slide"]
as_numpy_gives_them = sliding_window_view(two.to_numpy()[:-1], 4, axis=0)
tables = {  # window 0
    "as NumPy gives it": as_numpy_gives_them[0],
    "transpose: right": as_numpy_gives_them.transpose(0, 2, 1)[0],
    "reshape: wrong": as_numpy_gives_them.reshape(X_two.shape)[0],
}
fig, axes = plots.figure(1, 3, figsize=(8, 2.6), width_ratios=[4, 2, 2])
for ax, (title, table) in zip(axes, tables.items(), strict=True):
    is_rain = np.isin(table, two["rain"])  # no number stands in both columns
    ax.pcolormesh(is_rain, cmap=ListedColormap(plots.COLOURS[4:6]), edgecolor="white", linewidth=2)
    for (row, column), value in np.ndenumerate(table):
        ax.text(column + 0.5, row + 0.5, f"{value:.2f}", ha="center", va="center")
    across, down = ("features", "time steps") if len(table) == 4 else ("time steps", "features")
    ax.set(title=title, xlabel=across, ylabel=down, xticks=[], yticks=[])
    ax.invert_yaxis()
plots.show(
    fig,
    "Three tables of the same eight numbers, temperatures on blue, rain on orange. As NumPy gives it: one row of four "
    "temperatures, one row of four days of rain. Transposed: four rows, each with a day's temperature and its rain. "
    "Reshaped: four rows as well, but the first two hold temperatures only and the last two rain only.",
)

# %% [markdown]
# Blue is temperature, orange is rain. `reshape` has the right shape and scrambles the numbers: its first two "days" are
# all temperature, its last two all rain. `transpose` turns the table and leaves every number with its day. `reshape`
# reads the numbers on, row by row, and cuts them anew. After any change of axes, look at one window.

# %%
assert np.array_equal(tables["transpose: right"], X_two[0])
assert np.array_equal(tables["reshape: wrong"][:2].ravel(), two["temperature"].iloc[:4])
assert not set(two["temperature"]) & set(two["rain"])

# %% [markdown] tags=["teacher"]
# They say: the shape is right, so the array is right. Ask: read the first row of the wrong table aloud, with units.
# Expect: two temperatures and no rain. That is no day.

# %% [markdown]
# ## Does Keras have a function for this?
#
# `keras.utils.timeseries_dataset_from_array` makes the windows batch by batch, while the network trains. Its
# `targets[i]` belongs to the window that **starts** on day i. So the targets begin `time_step` days later than the
# data. Its own documentation cuts the data as well, to `data[:-time_step]`. **Predict first:** is that right?

# %%
recent = values[-1000:]
X_recent, _ = create_dataset(recent, time_step)
for name, inputs in {"all data": recent, "data[:-time_step]": recent[:-time_step]}.items():
    dataset = keras.utils.timeseries_dataset_from_array(inputs, recent[time_step:, 0], time_step)
    X_keras = np.concatenate([windows.numpy() for windows, _ in dataset])
    print(f"{name:18} {len(X_keras)} of {len(X_recent)} windows")

# %%
assert np.array_equal(X_keras, X_recent[: len(X_keras)])
assert len(X_recent) - len(X_keras) == time_step - 1

# %% [markdown]
# The function stops where the targets end. With the data cut as well it stops too early, and the newest windows are
# lost. Two more things to know: give it values of shape (days, features), or the features axis is missing; and give its
# shuffling a `seed=` of its own.
#
# ## How do I predict several days?
#
# Give each window several targets: the `horizon` days that follow it. `y` gets a second axis, (samples, horizon). The
# network then ends in `Dense(horizon)`, and says all days at once. Ten days again, three to be predicted:

# %%
X_ahead, y_ahead = create_dataset(ten, 4, horizon=3)
print("X:", X_ahead.shape, " y:", y_ahead.shape)
for first, targets in enumerate(y_ahead):
    print(f"window {first}, up to {ten.index[first + 3]:%d %b} → from {ten.index[first + 4]:%d %b} on: {targets} °C")

# %%
assert y_ahead.shape == (count_windows(10, 4, horizon=3), 3)
assert np.array_equal(y_ahead[0], ten.iloc[4:7])
assert np.array_equal(y_ahead[-1], ten.iloc[-3:])

# %% [markdown]
# This is the way of one such window through a network:

# %% tags=["slide"]
layers = ["GRU\nreads the days\none by one", "Dense(3)\nthree numbers"]
fig = plots.window_to_forecast(temperature.iloc[:30], layers, temperature.iloc[30:33])
plots.show(
    fig,
    "From left to right, joined by arrows: the temperature of 30 days, the window; a box GRU, reads the days one by one; "
    "a box Dense(3), three numbers; and three dots, the days 31 to 33.",
)

# %% [markdown]
# Each window now has a first and a last target day. That matters for the next question.
#
# ## Which windows may cross the split?
#
# {Lesson:preprocessing} splits the days: training to the end of 1997, validation to the end of 2001, test after that. A
# window is many days. To which part does it belong? Decide by the **targets**:
#
# - **A window may look back over the split.** On 1 January 2002, the days of December 2001 are known. Who forecasts
#   that day has them, so the window that forecasts it has them too.
# - **A training target may never lie after the split.** A network that was told how warm 2 January 1998 was cannot be
#   asked for it any more.
#
# With a horizon of one day, each window has one target and belongs to one part. With a longer horizon some windows have
# targets on both sides. They belong to neither.

# %%
horizon = 3
windows_ahead, _ = create_dataset(temperature, time_step, horizon)
first_target = record.index[time_step : time_step + len(windows_ahead)]
last_target = record.index[time_step + horizon - 1 :]

is_training = last_target <= data.TRAIN_END
is_validation = (first_target > data.TRAIN_END) & (last_target <= data.VALIDATION_END)
is_test = first_target > data.VALIDATION_END
on_both_sides = ~(is_training | is_validation | is_test)

masks = {"training": is_training, "validation": is_validation, "test": is_test, "on both sides": on_both_sides}
for name, mask in masks.items():
    print(f"{name:14} {mask.sum():6,} windows")

# %%
assert on_both_sides.sum() == 2 * (horizon - 1)  # two splits
assert (is_training.astype(int) + is_validation + is_test).max() == 1  # no window in two parts

# %% [markdown]
# Here are the windows around the first split, with four days instead of 30 so that they fit.

# %% tags=["slide"]
around = record.loc["1997-12-25":"1998-01-07"].index
first_targets, last_targets = around[4 : 1 - horizon], around[4 + horizon - 1 :]
names = np.select(
    [last_targets <= data.TRAIN_END, first_targets > data.TRAIN_END], ["training", "validation"], default="neither"
)

fig, ax = plots.windows_by_day(around, 4, horizon, names)
ax.axvline(7, color="black", linewidth=2)
ax.set(xlabel="winter 1997/98; the black line is the split")
plots.show(
    fig,
    "Eight windows around the turn of the year 1997/98, each four days long with three days to be predicted. The "
    "one whose targets all lie left of the split is for training. The next two have targets on both sides and are for "
    "neither. The other five are for validation; four of them look back over it.",
)

# %% [markdown]
# The picture shows both rules. The orange days of a window lie on one side of the black line, or the window is not used.
# Its blue days may cross it.
#
# One can also cut the record first and make windows in each part after that. It leaks nothing. But the first 30 days of
# the validation part and of the test part are then never forecast, though their past is known.

# %%
assert list(names) == ["training"] + 2 * ["neither"] + 5 * ["validation"]
assert is_test.sum() - len(create_dataset(temperature.loc["2002":], time_step, horizon)[0]) == time_step
assert (record.index[: len(first_target)][is_test] <= data.VALIDATION_END).sum() == time_step  # so many look back

# %% [markdown] tags=["teacher"]
# They throw out every window that touches both sides. Ask: it is the evening of 31 December 2001. Which temperatures
# do you know? Expect: all of December, so the window may look back. The targets decide.

# %% [markdown]
# ## May the windows be shuffled?
#
# Time must not be shuffled. So why does Keras' `fit` shuffle by default, and why is that right?
#
# Because a window carries its whole past with it. The network starts every window with an empty memory. Let us see: 500
# windows in order, then the same windows shuffled. And then the same windows with the days inside them shuffled. (They
# hold z-scores, fitted on the training years.)

# %%
set_seed()
reader = keras.Sequential([keras.Input((time_step, 1)), keras.layers.GRU(4), keras.layers.Dense(1)])
train = record.loc[: data.TRAIN_END]
z_scores = ((record - train.mean()) / train.std()).astype("float32")
X_scaled, y_scaled = create_dataset(z_scores["temperature"], time_step)
some = X_scaled[:500]
rng = np.random.default_rng(7)
order, order_of_days = rng.permutation(len(some)), rng.permutation(time_step)

in_order, shuffled, days_shuffled = (np.array(reader(X)) for X in (some, some[order], some[:, order_of_days]))
print(f"windows shuffled: the answers differ by {np.abs(shuffled - in_order[order]).max():.2f} at most")
print(f"days within the windows shuffled: by {np.abs(days_shuffled - in_order).max():.2f}")

# %%
assert signature(keras.Model.fit).parameters["shuffle"].default is True
assert np.allclose(shuffled, in_order[order], atol=1e-5)
assert not np.allclose(days_shuffled, in_order, atol=1e-2)

# %% [markdown]
# The order of the windows changes nothing; the order of the days within a window does. So it is allowed to shuffle the
# windows. There is also a reason to do it. The weights change after every batch. A batch of neighbouring
# windows shows the network one season, and nothing else. Look at the mean target of each batch of 32:

# %%
y_train = y_by_hand[target_days <= data.TRAIN_END]
y_train = y_train[: len(y_train) // 32 * 32]  # whole batches
batch_means = {
    name: targets.reshape(-1, 32).mean(axis=1)
    for name, targets in {"in order": y_train, "shuffled": rng.permutation(y_train)}.items()
}
for name, means in batch_means.items():
    print(f"{name}: the means of the batches run from {means.min():5.1f} to {means.max():4.1f} °C")

# %%
assert batch_means["shuffled"].std() < batch_means["in order"].std() / 3

# %% [markdown] tags=["teacher"]
# They say: never shuffle a time series. Ask: what does the network still know of one window when it reads the next?
# Expect: nothing.

# %% [markdown]
# Shuffled, every batch is a small sample of all seasons. In order, the network is pulled towards winter for a while,
# then towards summer.
#
# But mind the sequence of steps: **split by date first, shuffle the training windows after that**. To shuffle first and
# split after is the leak of {lesson:preprocessing}.
#
# ## Trap: swapped axes
#
# It is easy to reshape to (samples, **1, time steps**) in place of (samples, time steps, 1); well-known tutorials do it.
# Keras takes both. All three networks below train without an error.
# The third has the five columns of the record, swapped.
#
# Read the swapped shape aloud: one time step, with 30 features. The GRU takes one step and is done. At that step its
# memory is still empty. The **recurrent weights**, which the old memory is multiplied with, have nothing to work on.
# **Predict first:** what does training do to these weights?


# %%
def train_small_gru(windows, targets):
    """Train a GRU with a memory of 16 numbers for one epoch; return the share of recurrent weights that change."""
    set_seed()
    layer = keras.layers.GRU(16)
    model = keras.Sequential([keras.Input(windows.shape[1:]), layer, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.005), "mean_squared_error", jit_compile=False)
    before = layer.cell.recurrent_kernel.numpy()  # Keras' name for the recurrent weights
    model.fit(windows, targets, batch_size=128, verbose=0)
    return (layer.cell.recurrent_kernel.numpy() != before).mean()


X_five, _ = create_dataset(z_scores, time_step)
changed = {}
for windows in (some, some.transpose(0, 2, 1), X_five[:500].transpose(0, 2, 1)):
    changed[windows.shape] = train_small_gru(windows, y_scaled[:500])
    print(f"windows of shape {windows.shape}: training changed {changed[windows.shape]:.0%} of the recurrent weights")

# %%
assert changed[500, 30, 1] > 0.99
assert changed[500, 1, 30] == 0
assert changed[500, 5, 30] > 0.99

# %% [markdown]
# With one column, training changes none of them. The network runs, and nothing in it is recurrent: it is a plain layer
# with gates. With the five columns of the record it does take steps, but through the **columns**: first all 30
# temperatures at once, then all 30 minima, at last 30 days of evapotranspiration.
#
# How to notice it: say the shape aloud, with names. And count the weights. A GRU uses the same weights on every day, so
# their number must not change with the length of the window.


# %% tags=["slide"]
def count_weights(*shape):
    return keras.Sequential([keras.Input(shape), keras.layers.GRU(16)]).count_params()


for days in (30, 60):
    print(f"windows of {days} days: {count_weights(days, 1):,} weights, swapped {count_weights(1, days):,}")

# %%
assert count_weights(30, 1) == count_weights(60, 1)
assert count_weights(1, 30) < count_weights(1, 60)

# %% [markdown] tags=["teacher"]
# They say: no error, so it is right. Ask, at the second line: how many steps does this GRU take, with what in its
# memory? Expect: one, with nothing. Which weights meet only zeros? The recurrent ones.

# %% [markdown]
# ## Trap: the target is inside the window
#
# One day too far in a slice, and the window holds its own target. A weighted sum of the 30 days, with weights fitted by
# least squares, finds it at once.


# %%
def windows_of(inputs, series):
    """Return windows of the inputs, and beside each the day of the series that comes next, in °C."""
    X, _ = create_dataset(inputs, time_step)
    return X, series[inputs.index[time_step:]]


def least_squares_error(X, y):
    """Fit a weighted sum of each window's days to the training years; return its RMSE on the validation years in °C."""
    X = X.reshape(len(X), -1)
    is_training = y.index <= data.TRAIN_END
    is_validation = (y.index > data.TRAIN_END) & (y.index <= data.VALIDATION_END)
    return rmse(y[is_validation], LinearRegression().fit(X[is_training], y[is_training]).predict(X[is_validation]))


inputs, next_day = windows_of(temperature, temperature)
honest = least_squares_error(inputs, next_day)
off_by_one = least_squares_error(inputs, temperature.iloc[time_step - 1 : -1])
validation = temperature["1998":"2001"]
naive = rmse(validation, temperature.shift(1)[validation.index])
damped = rmse(validation, baselines.damped_anomaly(temperature, data.TRAIN_END, validation.index))
print(f"honest:                {honest:.2f} °C (tomorrow = today: {naive:.2f} °C, damped anomaly: {damped:.2f} °C)")
print(f"target in the window:  {off_by_one:.2f} °C")

# %% [markdown]
# Zero. That is too good to be true, so somebody will look. This one (it stood in the self-test of
# {lesson:preprocessing}) is worse, because it only looks like a good
# forecast: the record is smoothed before it is windowed, "to take out the noise". `center=True` puts each mean in the
# middle of its seven days. So the last number of every window contains the day to be predicted, and the two after it.

# %%
smoothed = least_squares_error(*windows_of(temperature.rolling(7, center=True).mean().dropna(), temperature))
print(f"smoothed beforehand:  {smoothed:.2f} °C")

# %%
assert off_by_one < 1e-6
assert smoothed < min(honest, damped) / 2
assert honest < naive

# %% [markdown]
# Nobody forecasts tomorrow's temperature from thirty numbers that well. A test finds such leaks without any theory. It
# is that of exercise 4 in {lesson:preprocessing}, for windows: in place of cutting the record, **change it from one day
# on. The first window whose target changes must not change itself.** We try each day of a month, since a leak may touch
# a few days only. The month lies after the training years. Whatever is fitted on the training years may know those
# years from end to end, and that is no leak.


# %%
def sees_the_future(make_windows):
    """Make the record 50 °C warmer from one day on; tell whether a window changes together with its target."""
    X, y = make_windows(temperature)
    for day in temperature.loc["1998-01"].index:
        warmer = temperature.copy()
        warmer.loc[day:] += 50
        X_warmer, y_warmer = make_windows(warmer)
        first = (np.asarray(y_warmer) != np.asarray(y)).argmax()  # the first window whose target has changed
        if (X_warmer[first] != X[first]).any():
            return True
    return False


training_maximum = temperature.loc[: data.TRAIN_END].max()
preparations = {
    "as it is": lambda series: series,
    "centred mean of 7 days": lambda series: series.rolling(7, center=True).mean().dropna(),
    "mean of this day and the 6 before": lambda series: series.rolling(7).mean().dropna(),
    "divided by the maximum of all years": lambda series: series / series.max(),
    "divided by the training maximum": lambda series: series / training_maximum,
    "departure, cycle of all years": lambda series: series - yearly_cycle(series, series.index[-1], series.index),
    "departure, cycle of the training": lambda series: series - yearly_cycle(series, data.TRAIN_END, series.index),
    "every tenth day interpolated": lambda series: series.mask(np.arange(len(series)) % 10 == 5).interpolate(),
}
leaks = {
    name: sees_the_future(lambda series, prepare=prepare: windows_of(prepare(series), series))
    for name, prepare in preparations.items()
}
for name, leak in leaks.items():
    print(f"{name:36} {'sees the future' if leak else 'honest'}")

# %%
assert list(leaks.values()) == [False, True, False, True, False, True, False, True]

# %% [markdown] tags=["teacher"]
# They say: smoothing only takes out noise. Ask: which days does a centred mean of seven need on the last day of the
# window? Expect: three later ones, and the first of them is the target. Let them guess all eight preparations before
# they are printed. Many take "divided by the maximum of all years" for honest. Ask: when was the maximum? It may lie
# in the years to be forecast.

# %% [markdown]
# A mean that only looks back is honest. That is how to mend it. (One thing this test cannot see: a choice that you made
# by looking at the test years.)
#
# ## Exercises
#
# Replace each `...` and run the cell, then run the check below it. The check says `not attempted yet`, `correct`,
# or what is probably wrong.
#
# **1. Some day ahead.** A farmer wants to know the temperature `lead` days after the window, and no other day:
# `lead=1` is tomorrow, `lead=3` is three days from now. Write the function that returns `X` and `y`, with one number a
# window in `y`. `values` has shape (days, features); the first column is to be predicted, and `X` holds all columns. A
# loop is fine, and so is `create_dataset`.


# %%
def windows_with_lead(values, time_step, lead):
    ...
    ### BEGIN SOLUTION
    X, y = create_dataset(values, time_step, horizon=lead)
    return X, (y if lead == 1 else y[:, -1])
    ### END SOLUTION


# %%
check.windows_with_lead(windows_with_lead)

# %% [markdown]
# **2. On which side?** Write a function that returns True or False for each window, in order: may it be trained on?
# `days` is the record's index, `train_end` is the last training day, such as "2001-12-31". You may compare a
# DatetimeIndex with it directly.


# %%
def may_train(days, time_step, horizon, train_end):
    ...
    ### BEGIN SOLUTION
    last_target = days[time_step + horizon - 1 :]
    return last_target <= train_end
    ### END SOLUTION


# %%
check.may_train(may_train)


# %% [markdown]
# **3. Find the leaks.** Here are four ways to make windows. Some let a window see its own target, or later days. Guess
# first, then test, and list the names of those that leak.

# %%
ways = {
    # degrees above or below the mean of the record
    "above the mean": lambda series: windows_of(series - series.mean(), series),
    # temperature, and beside it the mean of this day and the six before
    "week so far": lambda series: windows_of(
        series.to_frame("t").assign(week=series.rolling(7).mean()).dropna(), series
    ),
    # windows of 30 days, and `targets=series`
    "first day": lambda series: (windows_of(series, series)[0], series.iloc[:-time_step]),
    # temperature, and beside it what it was 365 days ago
    "year ago": lambda series: windows_of(series.to_frame("t").assign(ago=series.shift(365)).dropna(), series),
}

# %%
leaky = [...]
### BEGIN SOLUTION
leaky = [name for name, make_windows in ways.items() if sees_the_future(make_windows)]
### END SOLUTION

# %%
check.leaky(leaky)

# %% [markdown] tags=["teacher"]
# In exercise 1 expect a `y` that is always the day after the window; the hint says which day is asked for. Do exercise
# 2 together, at the picture of the split. Exercise 3 is for home. Collect guesses first: "year ago" looks guilty and
# is honest, "above the mean" looks harmless and leaks: the mean of the record knows later days.

# %% [markdown]
# ## What to take away
#
# - A record of n days has n − T − h + 1 windows of T days with h days to predict. Count them, and keep the dates of the
#   targets beside `y`.
# - The axes are (samples, time steps, features). Swapped, everything runs: with one feature a GRU is no longer
#   recurrent, with several it steps through the columns.
# - Windows can be views. They cost no memory until something copies them.
# - A window belongs to the part of the record in which its targets lie. It may look back over the split.
# - Split by date, then shuffle the training windows.
# - A score too good to be true is most likely a leak. Change the record from one day on and see what moves.
#
# ## Self-test
#
# <details><summary>A year of 365 days, windows of 30 days, a horizon of 7: how many windows?</summary>
#
# 365 − 30 − 7 + 1 = 329.
# </details>
#
# <details><summary>The first test target is 1 January 2002. Its window holds days of 2001. Is that a leak?</summary>
#
# No. On the evening of 31 December 2001 these days are known. A leak runs the other way: from the days to be predicted
# into training, or into the window.
# </details>
#
# <details><summary>A model's input shape is (None, 1, 100), for 100 days of temperature. What does its GRU do?</summary>
#
# It takes a single step, with 100 features. Its memory is empty at that step, so its recurrent weights are never used
# and never trained.
# </details>
#
# ## Where next
#
# {Lesson:model_building} builds the network that reads these windows, and explains `units` and `return_sequences`.
# {Lesson:training} trains it.
#
# ## References
#
# - NumPy,
# [`sliding_window_view`](https://numpy.org/doc/stable/reference/generated/numpy.lib.stride_tricks.sliding_window_view.html).
# - Keras, [`timeseries_dataset_from_array`](https://keras.io/api/data_loading/timeseries/).
# - S. Kaufman, S. Rosset, C. Perlich and O. Stitelman, *Leakage in Data Mining: Formulation, Detection, and Avoidance*,
#   2012, [doi:10.1145/2382577.2382579](https://doi.org/10.1145/2382577.2382579).
# - S. Ben Taieb, G. Bontempi, A. Atiya and A. Sorjamaa, *A review and comparison of strategies for multi-step ahead time
#   series forecasting based on the NN5 forecasting competition*, 2011,
#   [arXiv:1108.3259](https://arxiv.org/abs/1108.3259): several days at once, or one after the other?

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# **Windows from a paper strip.** 12 minutes, in pairs. A strip of ten squares with ten temperatures: 6.8, 7.95, 6.65,
# 4.05, 5.55, 8.05, 8.45, 6.1, 5.8 and 8.1 °C. A piece of cardboard with a hole four squares wide.
#
# 1. Slide the cardboard. Write down each window and its target, the next square. There are 6.
# 2. Now the next three squares are to be predicted. There are 4 windows.
# 3. Draw a red line after day 7: up to there is training, after it validation. Sort the four. The first is for
#    training, the last for validation, the two between for neither.
#
# Then say: the window for validation, days 4 to 7, lies wholly left of the line. It may, for its targets count: days 8
# to 10.
#
# ### Answers to the open questions
#
# - *How many windows?* n − T − h + 1. Wrong: n / T. Windows are taken for pieces.
# - *Is `reshape` the same as `transpose`?* No. Wrong: yes. Shape is taken for content.
# - *Is `data[:-time_step]` right?* No: the newest 29 windows are lost. Wrong: yes, the documentation says so.
# - *What does training do to the recurrent weights?* Nothing. Wrong: it trains them on 30 features. Axes are taken for
#   interchangeable.
#
# ### When time is short
#
# Skip "Can NumPy do it without the loop?" and "Does Keras have a function for this?". Keep the axes in "How is it
# written by hand?", "Which windows may cross the split?" and the last trap. {Lesson:how_far} needs "How do I predict
# several days?".
#
# ### After the lesson, students can
#
# - compute how many windows a record has (self-test);
# - cut windows for any day ahead (exercise 1);
# - decide which windows may be trained on (exercise 2);
# - find a leak by changing the record (exercise 3);
# - explain why a GRU of one feature with swapped axes is not recurrent (trap, self-test).


# %% tags=["teacher"]
from helpers import data

strip = [6.8, 7.95, 6.65, 4.05, 5.55, 8.05, 8.45, 6.1, 5.8, 8.1]


# the paper strip: days, window and horizon, counted by sliding the frame
def slide(days, window, horizon):
    return [first for first in range(1, days + 1) if first + window + horizon - 1 <= days]


line, sorted_by_hand = 7, {"training": [], "validation": [], "neither": []}
for first in slide(10, 4, 3):
    targets = range(first + 4, first + 7)
    left = [day <= line for day in targets]
    sorted_by_hand["training" if all(left) else "neither" if any(left) else "validation"].append(first)

assert (len(slide(10, 4, 1)), slide(10, 4, 1)[-1]) == (6, 6)
assert sorted_by_hand == {"training": [1], "validation": [4], "neither": [2, 3]}
assert data.load("brussels")["temperature"].iloc[:10].round(2).tolist() == strip
assert len(slide(10, 4, 3)) == 4
[begin] = sorted_by_hand["validation"]
assert begin + 3 == line  # the last day of its window
