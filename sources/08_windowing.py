# ---
# jupyter:
#   lesson:
#     part: The forecast
#     question: How does one long series become (samples, time steps, features)?
#     learn: cutting a record into windows by hand, counting and dating them, and which of them may be learned from
#     need: "{lesson:preprocessing} (the record, the split); Python loops and NumPy slices"
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
import tracemalloc
from inspect import signature

import keras
import numpy as np
import tensorflow as tf
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch
from numpy.lib.stride_tricks import sliding_window_view
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import train_test_split

from helpers import data, plots
from helpers.evaluation import rmse
from helpers.exercises import windowing as check
from helpers.models import set_seed
from helpers.windows import create_dataset

record = data.load("brussels")
temperature = record["temperature"]

# %% [markdown]
# ## What does a window look like?
#
# Here are the first ten days of the Brussels record. We cut windows of four days. The target of each is the next day.

# %%
ten = temperature.iloc[:10]
time_step = 4

for first in range(len(ten) - time_step):
    window = ten.iloc[first : first + time_step]
    target_day = ten.index[first + time_step]
    numbers = " ".join(f"{value:5.2f}" for value in window)
    print(f"window {first}: {window.index[0]:%d %b} to {window.index[-1]:%d %b} [{numbers}] → ", end="")
    print(f"{target_day:%d %b} {ten[target_day]:5.2f} °C")

# %% [markdown]
# Each window starts one day after the one before. So every day is used again and again: as the newest day of one
# window, then as an older day of the next ones, and once as a target. A picture shows it better.


# %%
def roles(first_days, days, time_step, horizon=1):
    """Return one row a window: 0 for a day outside it, 1 for a day in it, 2 for a day to predict."""
    since_first = np.arange(days) - np.asarray(first_days)[:, np.newaxis]
    inside = (since_first >= 0) & (since_first < time_step)
    to_predict = (since_first >= time_step) & (since_first < time_step + horizon)
    return np.select([inside, to_predict], [1, 2])


def draw_windows(roles, days, names):
    """Draw the rows that `roles` gives, a square a day."""
    colours = ["#e8e8e8", plots.COLOURS[4], plots.COLOURS[1]]
    fig, ax = plots.figure(figsize=(8, 0.27 * len(roles) + 1.3))
    ax.pcolormesh(roles, cmap=ListedColormap(colours), vmin=0, vmax=2, edgecolor="white", linewidth=2)
    ax.set_xticks(np.arange(len(days)) + 0.5, [f"{day:%d %b}" for day in days], fontsize=8)
    ax.set_yticks(np.arange(len(names)) + 0.5, names)
    ax.invert_yaxis()
    ax.grid(visible=False)
    meaning = ["not part of it", "in the window", "to be predicted"]
    handles = [Patch(color=colour, label=text) for colour, text in zip(colours, meaning, strict=True)]
    fig.legend(handles=handles, loc="outside upper center", ncols=3)
    return fig, ax


fig, ax = draw_windows(roles(range(6), 10, time_step), ten.index, [f"window {first}" for first in range(6)])
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
assert np.array_equal(y_by_hand, temperature[target_days])
print(f"first target: {target_days[0]:%d %B %Y}, last target: {target_days[-1]:%d %B %Y}")

# %% [markdown]
# ## Trap: the last window goes missing
#
# Many tutorials write the loop with one more `- 1`. It looks careful. Nothing fails.


# %%
def create_dataset_of_many_tutorials(values, time_step):
    X, y = [], []
    for first in range(len(values) - time_step - 1):
        X.append(values[first : first + time_step])
        y.append(values[first + time_step, 0])
    return np.array(X), np.array(y)


X_short, y_short = create_dataset_of_many_tutorials(values, time_step)
print(f"{len(X_by_hand):,} windows by formula, {len(X_short):,} by this loop")

lost = record.index[len(X_short) : len(X_short) + time_step]
print(
    f"lost: the window {lost[0]:%d %B %Y} to {lost[-1]:%d %B %Y}, with its target {target_days[len(y_short)]:%d %B %Y}"
)

# %% [markdown]
# The lost window is the newest one. Of thousands of windows, one is no great loss. But the dates no longer fit:
# `record.index[time_step:]` has one day more than `y`. Whoever then cuts the dates at the wrong end moves every
# forecast by a day. And on a short series it is more than a detail:

# %%
by_hand, _ = create_dataset_by_hand(values[:5], 4)
by_that_loop, _ = create_dataset_of_many_tutorials(values[:5], 4)
print(f"five days, windows of 4: {len(by_hand)} by hand, {len(by_that_loop)} by that loop")

# %%
assert len(X_by_hand) - len(X_short) == 1
assert np.array_equal(X_by_hand[:-1], X_short)
assert np.array_equal(y_by_hand[:-1], y_short)

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
# The collection's own `create_dataset`, in `helpers.windows`, is these three lines, and checks of what comes in. From
# here on we use it.

# %%
X, y = create_dataset(temperature, time_step)
assert np.array_equal(X, X_by_hand)
assert np.array_equal(y, y_by_hand)

with_a_gap = temperature.copy()
with_a_gap.iloc[1000] = np.nan
for series in (temperature.iloc[:20], with_a_gap):
    try:
        create_dataset(series, time_step)
    except ValueError as error:
        print("ValueError:", error)

# %% [markdown]
# One missing day stands in up to 30 windows and is the target of one more. Whatever is computed with NaN is NaN. So it
# is refused.
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
# With several features, a second way to get the axes wrong opens up. `reshape` also makes three axes of the right
# lengths out of what NumPy gives. **Predict first:** is it the same?

# %%
as_numpy_gives_them = sliding_window_view(two.to_numpy()[:-1], 4, axis=0)
reshaped = as_numpy_gives_them.reshape(X_two.shape)
print("shape:", reshaped.shape, ", as it should be. Window 0:")
print(reshaped[0])

# %% [markdown]
# The shape is right and the numbers are scrambled: the first two "days" are all temperature, the last two all rain.
# `transpose` renames the axes and leaves every number with its day. `reshape` reads the numbers on in the old order
# and cuts them anew. After any change of axes, look at one window.

# %%
assert np.array_equal(as_numpy_gives_them.transpose(0, 2, 1), X_two)
assert not np.array_equal(reshaped, X_two)
assert np.array_equal(reshaped[0, :2].ravel(), two["temperature"].iloc[:4])

# %% [markdown]
# ## What would copies cost?
#
# Each day is in up to 30 windows. The loop by hand copies it 30 times. `sliding_window_view` copies nothing: it gives a
# **view**, an array that reads the memory of another one. `nbytes` says how large an array would be if it stood alone,
# `np.shares_memory` tells whether it does.

# %%
X, y = create_dataset(values, time_step)
print(f"the record:        {values.nbytes / 1e6:.2f} MB")
for name, windows in {"by hand:  ": X_by_hand, "as a view:": X}.items():
    place = "in the record's own memory" if np.shares_memory(windows, values) else "in memory of their own"
    print(f"windows {name} {windows.nbytes / 1e6:.2f} MB, {place}")

# %%
assert np.shares_memory(X, values)
assert not np.shares_memory(X_by_hand, values)

# %% [markdown]
# For one station that is a trifle. For a million time steps of six features it is not:

# %%
tracemalloc.start()  # counts the memory that NumPy asks for
long_record = np.zeros((1_000_000, 6), dtype=np.float32)
X_long, y_long = create_dataset(long_record, 100)
_, peak = tracemalloc.get_traced_memory()
tracemalloc.stop()
print(f"the record: {long_record.nbytes / 1e6:,.0f} MB, its windows as copies: {X_long.nbytes / 1e6:,.0f} MB")
assert np.shares_memory(X_long, long_record)
assert peak < 1.1 * long_record.nbytes  # record and windows together

# %% [markdown]
# Two things follow from sharing. First, the windows are **read-only**. One number stands in many windows; to change it
# in one would change it in all.

# %%
try:
    X[0, 0, 0] = 99
except ValueError as error:
    print("ValueError:", error)

# %% [markdown]
# Second, the saving lasts until something copies. Some operations have to, because their result can't be read from the
# record in even strides. **Predict first:** which of these?

# %%
every_other = np.arange(len(X)) % 2 == 0
results = {
    "X[:1000]": X[:1000],
    "X[::2]": X[::2],
    "X[every_other]": X[every_other],
    "X.reshape(len(X), -1)": X.reshape(len(X), -1),
    "X.astype('float32')": X.astype("float32"),
}
is_view = {name: np.shares_memory(result, values) for name, result in results.items()}
for name, view in is_view.items():
    print(f"{name:22} {'view' if view else 'copy'}")

# %%
assert np.array_equal(X[::2], X[every_other])
assert is_view["X[::2]"]
assert not is_view["X[every_other]"]
assert not is_view["X.astype('float32')"]

# %% [markdown]
# Slices are free. A mask, one True or False for each window, picks the same windows here and copies them. A change of
# type copies, too; it is cheaper on the record, before windowing.
#
# Keras copies as well. A small network shows it: all it does is to average each window, over a whole year.

# %%
X_year, y_year = create_dataset(values, 365)
average = keras.Sequential([keras.Input((365, 1)), keras.layers.GlobalAveragePooling1D()])
tracemalloc.start()
year_means = average.predict(X_year, batch_size=len(X_year), verbose=0)
_, peak = tracemalloc.get_traced_memory()
tracemalloc.stop()
assert peak > X_year.size * 4  # all windows, 4 bytes a number: Keras' own float32
assert np.allclose(year_means[:, 0], X_year.mean(axis=(1, 2)), atol=1e-3)
print(f"Keras made a float32 copy of all {len(X_year):,} windows: {X_year.size * 4 / 1e6:.0f} MB")

# %% [markdown]
# For a daily record there is memory enough. For a million time steps there may not be. Then the windows have to be made
# batch by batch, while the network trains. Keras has a function for that.
#
# ## Does Keras have a function for this?
#
# `keras.utils.timeseries_dataset_from_array` keeps the record and makes the windows when they are asked for. Its
# `targets[i]` belongs to the window that **starts** on day i. So the targets begin `time_step` days later than the
# data: `values[time_step:]`. We try it on the last thousand days.


# %%
def collect(dataset):
    """Return all windows and targets of a dataset as two arrays."""
    batches = [(windows.numpy(), targets.numpy()) for windows, targets in dataset]
    return tuple(np.concatenate(parts) for parts in zip(*batches, strict=True))


recent = values[-1000:]
X_recent, y_recent = create_dataset(recent, time_step)
dataset = keras.utils.timeseries_dataset_from_array(recent, targets=recent[time_step:, 0], sequence_length=time_step)
X_keras, y_keras = collect(dataset)
print("X:", X_keras.shape, " y:", y_keras.shape)

# %%
assert np.array_equal(X_keras, X_recent)  # equal to the last bit
assert np.array_equal(y_keras, y_recent)

# %% [markdown]
# Equal again. But there are three pitfalls.
#
# **It is often called with `data[:-T]`.** The example for regression in its own documentation does it. Both arrays are
# then of the same length, which looks tidy. But the function itself stops where the targets end. With the data cut as
# well, it stops too early.

# %%
cut = keras.utils.timeseries_dataset_from_array(
    recent[:-time_step], targets=recent[time_step:, 0], sequence_length=time_step
)
X_cut, y_cut = collect(cut)
last_target = record.index[-1000:][time_step:][len(y_cut) - 1]
print(f"{len(X_recent)} windows there are, {len(X_cut)} came out: {len(X_recent) - len(X_cut)} lost, the newest ones")
print(f"last target: {last_target:%d %B %Y}, though the record ends on {record.index[-1]:%d %B %Y}")

# %%
assert len(X_recent) - len(X_cut) == time_step - 1
assert np.array_equal(y_cut, y_recent[: len(y_cut)])

# %% [markdown]
# **One-dimensional data lose the features axis.** The windows then have two axes. A GRU wants three.

# %%
for some_values in (recent[:, 0], recent):
    dataset = keras.utils.timeseries_dataset_from_array(some_values, recent[time_step:, 0], time_step)
    first_windows, _ = next(iter(dataset))
    print("values of shape", some_values.shape, "→ a batch of shape", tuple(first_windows.shape))
    assert first_windows.ndim == some_values.ndim + 1

# %% [markdown]
# **Its shuffling has a seed of its own.** Without `seed=`, it draws one from NumPy's global random numbers.
# TensorFlow's seed alone does not fix the order.


# %%
def first_batch(seed, numpy_seed):
    tf.random.set_seed(7)
    np.random.seed(numpy_seed)  # stands for whatever ran before
    shuffled = keras.utils.timeseries_dataset_from_array(
        recent, recent[time_step:, 0], time_step, shuffle=True, seed=seed
    )
    return next(iter(shuffled))[1].numpy()


for seed in (None, 7):
    same = np.array_equal(first_batch(seed, numpy_seed=1), first_batch(seed, numpy_seed=2))
    print(f"tf.random.set_seed(7), seed={seed}: {'the same order again' if same else 'another order'}")
    assert same == (seed == 7)

# %% [markdown]
# ## How do I predict several days?
#
# Give each window several targets: the `horizon` days that follow it. `y` gets a second axis, (samples, horizon). The
# network then ends in `Dense(horizon)`, and says all days at once. Ten days again, three to be predicted:

# %%
X_ahead, y_ahead = create_dataset(ten, 4, horizon=3)
print("X:", X_ahead.shape, " y:", y_ahead.shape)
for first, targets in enumerate(y_ahead):
    last_day, first_target, last_target = ten.index[[first + 3, first + 4, first + 6]]
    print(f"window {first}, up to {last_day:%d %b} → {first_target:%d} to {last_target:%d %b}: {targets} °C")

# %%
assert y_ahead.shape == (count_windows(10, 4, horizon=3), 3)
assert np.array_equal(y_ahead[0], ten.iloc[4:7])
assert np.array_equal(y_ahead[-1], ten.iloc[-3:])

# %% [markdown]
# Each window now has a first and a last target day. That matters for the next question.
#
# ## Which windows may cross the split?
#
# {Lesson:preprocessing} splits the days: training to the end of 1997, validation to the end of 2001, test after that. A window is
# many days. To which part does it belong? Decide by the **targets**:
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
X, y = create_dataset(temperature, time_step, horizon)
first_target = record.index[time_step : time_step + len(X)]
last_target = record.index[time_step + horizon - 1 :]

is_training = last_target <= data.TRAIN_END
is_validation = (first_target > data.TRAIN_END) & (last_target <= data.VALIDATION_END)
is_test = first_target > data.VALIDATION_END
on_both_sides = ~(is_training | is_validation | is_test)

for name, mask in {
    "training": is_training,
    "validation": is_validation,
    "test": is_test,
    "on both sides of a split": on_both_sides,
}.items():
    print(f"{name:25} {mask.sum():6,} windows")

# %%
assert on_both_sides.sum() == 2 * (horizon - 1)  # two splits
assert (is_training.astype(int) + is_validation + is_test).max() == 1  # no window in two parts

# %% [markdown]
# Here are the windows around the first split, with four days instead of 30 so that they fit.

# %%
around = record.loc["1997-12-25":"1998-01-07"].index
firsts = np.arange(count_windows(len(around), 4, horizon))
first_targets, last_targets = around[firsts + 4], around[firsts + 4 + horizon - 1]
names = np.select(
    [last_targets <= data.TRAIN_END, first_targets > data.TRAIN_END], ["training", "validation"], default="neither"
)

fig, ax = draw_windows(roles(firsts, len(around), 4, horizon), around, names)
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

# %%
assert list(names) == ["training"] + 2 * ["neither"] + 5 * ["validation"]

# %% [markdown]
# There is another way, often seen: cut the record first, make windows in each part after that. It leaks nothing. But
# the first days of each part then have no window, though their past is known.

# %%
test_days = record.loc["2002":]
X_cut_first, _ = create_dataset(test_days["temperature"], time_step, horizon)
looking_back = (record.index[: len(X)][is_test] <= data.VALIDATION_END).sum()
print(f"windows first: {is_test.sum():,} test windows, {looking_back} of them look back into the years before")
print(f"cut first:     {len(X_cut_first):,} test windows")
assert is_test.sum() - len(X_cut_first) == looking_back == time_step

# %% [markdown]
# ## May the windows be shuffled?
#
# Time must not be shuffled. So why does Keras' `fit` shuffle by default, and why is that right?

# %%
assert signature(keras.Model.fit).parameters["shuffle"].default is True

# %% [markdown]
# Because a window carries its whole past with it. The network starts every window with an empty memory. What it says
# about one window does not depend on the window before. Let us see: a GRU, first with 500 windows in order, then
# with the same windows shuffled. (The temperatures are scaled with the training years, as in {lesson:preprocessing}.)

# %%
set_seed()
reader = keras.Sequential([keras.Input((time_step, 1)), keras.layers.GRU(4), keras.layers.Dense(1)])
train = temperature.loc[: data.TRAIN_END]
scaled = ((temperature - train.mean()) / train.std()).astype("float32")
X_scaled, y_scaled = create_dataset(scaled, time_step)
some = X_scaled[:500]
order = np.random.default_rng(7).permutation(len(some))

in_order = np.array(reader(some))
shuffled = np.array(reader(some[order]))
days_shuffled = np.array(reader(some[:, np.random.default_rng(7).permutation(time_step)]))
same_answers = np.allclose(shuffled, in_order[order], atol=1e-5)
print("windows shuffled:                 ", "the same answers" if same_answers else "other answers")
same_answers = np.allclose(days_shuffled, in_order, atol=1e-2)
print("days within the windows shuffled: ", "the same answers" if same_answers else "other answers")

# %%
assert np.allclose(shuffled, in_order[order], atol=1e-5)
assert not np.allclose(days_shuffled, in_order, atol=1e-2)

# %% [markdown]
# So it is allowed. There is also a reason to do it. The weights change after every batch. A batch of neighbouring
# windows shows the network one season, and nothing else. Look at the mean target of each batch of 32:

# %%
X, y = create_dataset(temperature, time_step)
y_train = y[target_days <= data.TRAIN_END]
whole_batches = len(y_train) // 32 * 32
order = np.random.default_rng(7).permutation(len(y_train))
for name, targets in {"in order": y_train, "shuffled": y_train[order]}.items():
    batch_means = targets[:whole_batches].reshape(-1, 32).mean(axis=1)
    print(f"{name}: the means of the batches run from {batch_means.min():5.1f} to {batch_means.max():4.1f} °C")

# %%
means_in_order = y_train[:whole_batches].reshape(-1, 32).mean(axis=1)
means_shuffled = y_train[order][:whole_batches].reshape(-1, 32).mean(axis=1)
assert means_shuffled.std() < means_in_order.std() / 3

# %% [markdown]
# Shuffled, every batch is a small sample of all seasons. In order, the network is pulled towards winter for a while,
# then towards summer.
#
# But mind the sequence of steps: **split by date first, shuffle the training windows after that**. To shuffle first and
# split after, as `train_test_split` does by default, is a leak. Neighbouring windows share all days but one. So how
# many "test" targets has the network then seen as an input day of a training window?

# %%
assert signature(train_test_split).parameters["shuffle"].default is True

shuffled_samples = np.random.default_rng(7).permutation(len(X))
training_samples, test_samples = np.split(shuffled_samples, [int(0.8 * len(X))])
seen = np.zeros(len(record), dtype=bool)
for first in training_samples:
    seen[first : first + time_step] = True
share = seen[test_samples + time_step].mean()  # the target of window i is day i + time_step
print(f"{share:.1%} of the 'test' targets stand in a training window")
assert share > 0.99

# %% [markdown]
# ## Trap: swapped axes
#
# It is easy to reshape to (samples, **1, time steps**) in place of (samples, time steps, 1); well-known tutorials do it.
# Keras takes both. Both networks below train without an error.
#
# Read the swapped shape aloud: one time step, with 30 features. The GRU takes one step and is done. At that step its
# memory is still empty. The **recurrent kernel**, the weights that the old memory is multiplied with, has nothing to
# work on. **Predict first:** what does training do to these weights?


# %%
def train_small_gru(windows, targets, epochs):
    """Train 16 units; return the network, and the recurrent kernel before and after."""
    set_seed()
    layer = keras.layers.GRU(16)
    model = keras.Sequential([keras.Input(windows.shape[1:]), layer, keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss="mean_squared_error")
    before = layer.cell.recurrent_kernel.numpy()
    model.fit(windows, targets, epochs=epochs, batch_size=128, verbose=0)
    return model, before, layer.cell.recurrent_kernel.numpy()


for windows in (some, some.transpose(0, 2, 1)):
    _, before, after = train_small_gru(windows, y_scaled[:500], epochs=1)
    changed = (before != after).mean()
    print(f"windows of shape {windows.shape}: training changed {changed:.0%} of the {before.size} recurrent weights")
    assert changed > 0.99 if windows is some else changed == 0

# %% [markdown]
# Not one. The network runs, and nothing in it is recurrent: it is a plain layer with gates.
#
# What does the mistake cost in °C? We take all five columns of the record, as z-scores of the training years
# ({lesson:preprocessing}), and train one small network twice: with the axes right, and swapped. Swapped, it steps through the
# **columns**: first all 30 temperatures at once, then all 30 minima, at last 30 days of evapotranspiration. We score
# on the validation years; the test years are not for this.

# %%
train = record.loc[: data.TRAIN_END]
z_scores = ((record - train.mean()) / train.std()).astype("float32")
print("columns:", ", ".join(z_scores.columns))
X, y = create_dataset(z_scores, time_step)
is_training = target_days <= data.TRAIN_END
is_validation = (target_days > data.TRAIN_END) & (target_days <= data.VALIDATION_END)
truth = temperature[target_days[is_validation]]


def validation_error(windows):
    """Train on the training windows; return the RMSE on the validation years in °C."""
    model, _, _ = train_small_gru(windows[is_training], y[is_training], epochs=3)
    forecast = np.array(model(windows[is_validation]))[:, 0]
    return rmse(truth, forecast * train["temperature"].std() + train["temperature"].mean())


right = validation_error(X)
swapped = validation_error(X.transpose(0, 2, 1))
persistence = rmse(truth, temperature.shift(1)[truth.index])

# %% tags=["nbval-ignore-output"]
print(f"axes right, {X.shape[1:]}:        {right:.2f} °C")
print(f"axes swapped, {X.transpose(0, 2, 1).shape[1:]}:      {swapped:.2f} °C")
print(f"'tomorrow will be as today':  {persistence:.2f} °C")

# %% [markdown]
# After the same short training of three epochs, the one with the right axes beats "tomorrow will be as today". The one
# with swapped axes loses to it. It had the same days, the same columns, the same number of units.

# %%
assert right < persistence < swapped

# %% [markdown]
# How to notice it: say the shape aloud, with names. And count the weights. A GRU uses the same weights on every day, so
# their number must not change with the length of the window.


# %%
def count_weights(shape):
    return keras.Sequential([keras.Input(shape), keras.layers.GRU(16)]).count_params()


for days in (30, 60):
    print(f"windows of {days} days: {count_weights((days, 1)):,} weights, swapped {count_weights((1, days)):,}")

# %%
assert count_weights((30, 1)) == count_weights((60, 1))
assert count_weights((1, 30)) < count_weights((1, 60))

# %% [markdown]
# ## Trap: the target is inside the window
#
# One day too far in a slice, and the window holds its own target. A straight line, fitted by least squares, finds it
# at once. As before we count in RMSE, the size of a typical miss in °C.


# %%
def line_error(X, y, target_days):
    """Fit a straight line to the training windows; return its RMSE on the validation years in °C."""
    days = X.reshape(len(X), -1)
    is_training = target_days <= data.TRAIN_END
    is_validation = (target_days > data.TRAIN_END) & (target_days <= data.VALIDATION_END)
    line = LinearRegression().fit(days[is_training], y[is_training])
    return rmse(y[is_validation], line.predict(days[is_validation]))


X, y = create_dataset(temperature, time_step)
honest = line_error(X, y, target_days)
off_by_one = line_error(X, values[time_step - 1 : -1, 0], record.index[time_step - 1 : -1])
print(f"honest:                {honest:.2f} °C")
print(f"target in the window:  {off_by_one:.2f} °C")

# %% [markdown]
# Zero. That is too good to be true, so somebody will look. This one is worse, because it only looks like a good
# forecast: the record is smoothed before it is windowed, "to take out the noise". `center=True` puts each mean in the
# middle of its seven days. So the last number of every window contains the day to be predicted, and the two after it.

# %%
smooth = temperature.rolling(7, center=True).mean().dropna()
X_smooth, _ = create_dataset(smooth, time_step)
smooth_days = smooth.index[time_step:]
smoothed = line_error(X_smooth, temperature[smooth_days].to_numpy(), smooth_days)
print(f"honest:               {honest:.2f} °C")
print(f"smoothed beforehand:  {smoothed:.2f} °C")

# %%
assert off_by_one < 1e-6
assert smoothed < honest / 2
assert honest < persistence

# %% [markdown]
# Nobody forecasts tomorrow's temperature from thirty numbers that well. There is a test for every leak of this kind. It
# needs no theory: **change one day, and look at the windows that have it as their target. They must not change.**


# %%
def sees_its_target(make_windows, day=5000):
    """Make one day 1 °C warmer; tell whether a window changes whose target changes as well."""
    warmer = temperature.copy()
    warmer.iloc[day] += 1
    X, y = make_windows(temperature)
    X_warmer, y_warmer = make_windows(warmer)
    window_changes = (X_warmer != X).any(axis=(1, 2))
    target_changes = y_warmer != y
    return bool((window_changes & target_changes).any())


def honest_windows(series):
    return create_dataset(series, time_step)


def smoothed_windows(series):
    smooth = series.rolling(7, center=True).mean().dropna()
    X, _ = create_dataset(smooth, time_step)
    return X, series[smooth.index[time_step:]].to_numpy()


def smoothed_backwards(series):
    smooth = series.rolling(7).mean().dropna()  # the mean of this day and the six before it
    X, _ = create_dataset(smooth, time_step)
    return X, series[smooth.index[time_step:]].to_numpy()


for make_windows in (honest_windows, smoothed_windows, smoothed_backwards):
    print(f"{make_windows.__name__:20} sees its target: {sees_its_target(make_windows)}")

# %%
assert not sees_its_target(honest_windows)
assert sees_its_target(smoothed_windows)
assert not sees_its_target(smoothed_backwards)

# %% [markdown]
# A mean that only looks back is honest. That is how to mend it.
#
# ## Exercises
#
# Replace each `...` and run the cell, then run the check below it. The check says `not attempted yet`, `correct`,
# or what is probably wrong.
#
# **1. The axes.** `sliding_window_view` gives (samples, features, time steps). Write the function that turns such
# windows into what Keras wants.


# %%
def to_keras_axes(windows):
    ...
    ### BEGIN SOLUTION
    return windows.transpose(0, 2, 1)
    ### END SOLUTION


# %%
check.to_keras_axes(to_keras_axes)

# %% [markdown]
# **2. Some day ahead.** A farmer wants to know the temperature `lead` days after the window, and no other day:
# `lead=1` is tomorrow, `lead=3` is three days from now. Write the function that returns `X` and `y`, with one number a
# window in `y`. `values` has shape (days, features); the first column is to be predicted. A loop is fine, and so is
# `create_dataset`.


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
# **3. On which side?** Write a function that returns True or False for each window, in order: may it be trained on?
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
# **4. Find the leaks.** Here are four ways to make windows. Some let a window see its own target. Guess first, then
# test, and list the names of those that leak.


# %%
def anomaly(series):
    """Degrees above or below the mean of the record."""
    return create_dataset(series - series.mean(), time_step)


def week_so_far(series):
    """Temperature, and beside it the mean of this day and the six before."""
    both = series.to_frame("temperature").assign(week=series.rolling(7).mean()).dropna()
    return create_dataset(both, time_step)


def first_day(series):
    """Windows of 30 days, and `targets=series`."""
    X, _ = create_dataset(series, time_step)
    return X, series.to_numpy()[: len(X)]


def year_ago(series):
    """Temperature, and beside it what it was 365 days ago."""
    both = series.to_frame("temperature").assign(year_ago=series.shift(365)).dropna()
    return create_dataset(both, time_step)


ways = {"anomaly": anomaly, "week so far": week_so_far, "first day": first_day, "year ago": year_ago}

# %%
leaky = [...]
### BEGIN SOLUTION
leaky = [name for name, make_windows in ways.items() if sees_its_target(make_windows)]
### END SOLUTION

# %%
check.leaky(leaky)

# %% [markdown]
# ## What to take away
#
# - A record of n days has n − T − h + 1 windows of T days with h days to predict. Count them, and keep the dates of the
#   targets beside `y`.
# - The axes are (samples, time steps, features). Swapped, everything runs, and a GRU is no longer recurrent.
# - Windows can be views. They cost no memory until something copies them.
# - A window belongs to the part of the record in which its targets lie. It may look back over the split.
# - Split by date, then shuffle the training windows.
# - A score too good to be true is a target inside the window. Change one day and see what moves.
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
# {Lesson:model_building} builds the network that reads these windows, and explains `units` and `return_sequences`. {Lesson:training} trains
# it.
#
# ## References
#
# - NumPy,
#   [`sliding_window_view`](https://numpy.org/doc/stable/reference/generated/numpy.lib.stride_tricks.sliding_window_view.html).
# - Keras, [`timeseries_dataset_from_array`](https://keras.io/api/data_loading/timeseries/).
# - S. Kaufman, S. Rosset, C. Perlich and O. Stitelman, *Leakage in Data Mining: Formulation, Detection, and Avoidance*,
#   2012, [doi:10.1145/2382577.2382579](https://doi.org/10.1145/2382577.2382579).
# - S. Ben Taieb, G. Bontempi, A. Atiya and A. Sorjamaa, *A review and comparison of strategies for multi-step ahead time
#   series forecasting based on the NN5 forecasting competition*, 2011,
#   [arXiv:1108.3259](https://arxiv.org/abs/1108.3259): several days at once, or one after the other?
