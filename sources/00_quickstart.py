# ---
# jupyter:
#   lesson:
#     part: Start
#     question: Can I predict tomorrow's temperature, end to end, in a few minutes?
#     learn: the eight steps from a CSV file to a forecast in °C
#     need: Python; no knowledge of neural networks
# ---

# %% [markdown]
# # Quickstart: tomorrow's temperature in eight steps
#
# At the end of this lesson you will have trained a Gated Recurrent Unit (GRU) on 22 years of daily temperature and
# forecast one more day, in °C.

# %% [markdown]
# Run the cells from top to bottom with <kbd>Shift</kbd>+<kbd>Enter</kbd>. JupyterLab shows two kinds of cells folded.
# One is the cell above, with which every lesson starts. It finds the collection's own code (the folder `helpers`) and
# data (the folder `data`). The other kind holds only lines with `assert`. They check, on every run, that what the text
# says is so.
#
# A **GRU** is a neural network that reads a sequence one step at a time and keeps a memory of what it has read.
# Here a step is a day. After 100 days, its memory is turned into a guess for day 101. How the memory works is the
# subject of {lesson:gru_by_hand}. Here we use it first.
#
# ## Step 1: import
#
# Five libraries, each with one job: **pandas** reads the record, **NumPy** holds the numbers, **scikit-learn** scales
# them, **Keras** builds and trains the network, **Matplotlib** draws (inside `helpers.plots`).

# %%
import keras
import numpy as np
import pandas as pd
from sklearn.preprocessing import MinMaxScaler

from helpers import baselines, data, plots
from helpers.evaluation import rmse, skill
from helpers.exercises import quickstart as check
from helpers.models import progress, set_seed
from helpers.windows import create_dataset

# %% [markdown]
# ## Step 2: load
#
# One row a day, 1976 to 2005, from Brussels. `index_col="Date"` makes the dates the index, `parse_dates=True` turns
# their text into dates. The file has the day's lowest and highest temperature. We forecast their mean.

# %%
record = pd.read_csv(data.path("brussels"), index_col="Date", parse_dates=True)
temperature = (record["tmin"] + record["tmax"]) / 2
record.head()

# %% [markdown]
# We keep the last four years, 2002 to 2005, for the exam: the **test years**. The network learns from 1976 to 1997
# (`data.TRAIN_END` is the last of these days) and is not trained on the test years. (The years between are for
# decisions during training; {lesson:training} uses them.) We do not even look at the exam before we sit it. So this is
# a picture of years to learn from.

# %%
train = temperature.loc[: data.TRAIN_END]
exam_days = temperature.loc["2002":].index
print(f"{len(temperature):,} days in all, {len(train):,} to learn from, {len(exam_days):,} for the exam")

# %% tags=["slide"]
fig, ax = plots.figure()
ax.plot(train.loc["1994":], linewidth=0.8)
ax.set(ylabel="daily mean temperature (°C)", title="Brussels, the last four of the years to learn from")
plots.show(
    fig,
    "Line chart of the daily mean temperature in Brussels from 1994 to 1997. It swings between winter and "
    "summer, mostly from about 0 to 25 °C, with cold spells down to −12 °C; from one day to the next it moves by a few "
    "degrees.",
)

# %% [markdown]
# Two things are to be seen: a yearly swing, and a restless up and down from day to day. The swing is easy. The
# restlessness is what a forecast for tomorrow has to deal with.
#
# ## Step 3: scale
#
# Networks learn badly from large numbers. `MinMaxScaler` maps the lowest training temperature to 0 and the highest to 1.
# It is **fitted on the training years only**. Otherwise it would carry news from the test years into the training.
# ({Lesson:faster} compares this scale with another one.)

# %%
scaler = MinMaxScaler()
scaler.fit(train.to_frame())
scaled = scaler.transform(temperature.to_frame())
print(f"lowest training day:  {train.min():6.2f} °C → {scaled[: len(train)].min():.2f}")
print(f"highest training day: {train.max():6.2f} °C → {scaled[: len(train)].max():.2f}")

# %% [markdown]
# ## Step 4: windows
#
# The network needs examples: 100 days, and the day that followed. `create_dataset` slides a window of
# `time_step = 100` days along the record. Each window is one example, `X`. The day after it is the answer, `y`.
# {Lesson:windowing} writes this function by hand.
#
# Why 100 days? It is a round number, and no more. {Lesson:cleaning} shows how short the memory of the weather is, and
# {lesson:prediction} does with 14 days.

# %%
time_step = 100
X, y = create_dataset(scaled, time_step)
answer_days = temperature.index[time_step:]  # the day that each y stands for

# %% [markdown]
# ## Step 5: shape
#
# Keras wants its input as **(samples, time steps, features)**: how many windows, how many days in each, how many
# numbers per day. It is easy to forget one of the three, or to swap two. `create_dataset` gives the right shape already,
# so this `reshape` changes nothing. It is here so that you see the three numbers by name.

# %%
X = X.reshape(len(X), time_step, 1)
is_training = answer_days <= data.TRAIN_END
X_train, y_train = X[is_training], y[is_training]
print("all windows:", X.shape, " windows to learn from:", X_train.shape, " answers:", y_train.shape)

# %% [markdown] tags=["teacher"]
# Listen for 100 being called "the features". Ask: which of the three numbers change when a window has 30 days? Two:
# the time steps fall, and there are more samples. Which changes when rain is read as well? Only the last.

# %% [markdown]
# ## Step 6: build and train
#
# A network is a stack of **layers**. Each turns numbers into other numbers, with the help of many adjustable ones, its
# **weights**. Here: two GRU layers with a memory of 50 numbers each. The first hands on its memory after **every** day
# (`return_sequences=True`), because the second wants a sequence to read. The second hands on only its **last** memory.
# `Dense(1)` turns that into one number: the scaled temperature of the next day. This is the way of one window:

# %% tags=["slide"]
layers = ["GRU(50)\n50 numbers\nafter every day", "GRU(50)\n50 numbers\nafter the last", "Dense(1)\none number"]
fig = plots.window_to_forecast(train.iloc[:time_step], layers, train.iloc[time_step : time_step + 1])
plots.show(
    fig,
    "From left to right, joined by arrows: the temperature of 100 days, the window; a box GRU(50), 50 numbers after "
    "every day; a box GRU(50), 50 numbers after the last; a box Dense(1), one number; and one dot, the day 101.",
)

# %% [markdown]
# Training means: guess, measure how far off the guesses are, change every weight a little so that this shrinks, repeat.
# The measure here is the **mean squared error**: each miss, squared, and the mean of all. What training brings down is
# called the **loss**. **Adam** decides how much each weight changes; its
# `learning_rate` sets the pace. One pass through all windows is an **epoch**; within it the
# weights are changed after every **batch** of 32 windows.
#
# We train for 3 epochs to stay under a minute. {Lesson:training} trains longer, and asks whether that helps.

# %%
set_seed()  # the same random start for everybody

model = keras.Sequential(
    [
        keras.Input(shape=(time_step, 1)),
        keras.layers.GRU(50, return_sequences=True),
        keras.layers.GRU(50),
        keras.layers.Dense(1),
    ]
)
adam = keras.optimizers.Adam(learning_rate=0.001)
model.compile(optimizer=adam, loss="mean_squared_error", jit_compile=True)  # jit_compile: the same, sooner

# %% tags=["nbval-ignore-output"]
history = model.fit(X_train, y_train, epochs=3, batch_size=32, verbose=0, callbacks=[progress()])

# %% [markdown]
# The loss is in squared scaled units. It falls, so something is being learned. Whether it is any good, this number
# cannot say. Degrees can.

# %%
assert history.history["loss"][-1] < history.history["loss"][0]

# %% [markdown] tags=["teacher"]
# "GRU(50) reads 50 days." Ask: what must change for windows of 30 days? Only `Input`; the two GRU lines stay. 50 is
# the size of the memory. "The loss falls, so the forecast is good." Ask: better than what? Leave it open until
# persistence comes.

# %% [markdown]
# ## Step 7: predict
#
# The record ends on 31 December 2005. We take its last 100 days and ask for the day after. The shape is again (samples,
# time steps, features): one window, 100 days, one number per day.

# %%
last_window = scaled[-time_step:].reshape(1, time_step, 1)
scaled_forecast = model.predict(last_window, verbose=0)
print("shape in:", last_window.shape, " shape out:", scaled_forecast.shape)

# %% [markdown]
# ## Step 8: back to degrees
#
# `inverse_transform` undoes step 3.

# %% tags=["nbval-ignore-output"]
forecast = scaler.inverse_transform(scaled_forecast)[0, 0]
print(f"The predicted temperature for the next day is: {forecast:.2f}°C")
print(f"'Tomorrow will be as today' would have said:   {temperature.iloc[-1]:.2f}°C")

# %%
assert train.min() < forecast < train.max()

# %% [markdown]
# ## Is it any good?
#
# One day proves nothing. So we let the network forecast every day of the four exam years, each from the 100 days
# before it, and compare with the simplest forecast there is: **tomorrow will be as today**. Forecasters call it
# **persistence**. It costs nothing. A network that does not beat it is not worth its electricity.
#
# We count with the **RMSE**, the root of the mean squared error. It is in °C. Large misses weigh more in it than small
# ones. In pandas, `temperature.shift(1)` moves every value one day later: beside each date then stands the temperature
# of the day before.
#
# **Predict first:** will the network win? By how much?

# %%
scaled_exam_forecast = model.predict(X[answer_days.isin(exam_days)], batch_size=len(exam_days), verbose=0)
exam_forecast = scaler.inverse_transform(scaled_exam_forecast)[:, 0]
gru_error = rmse(temperature[exam_days], exam_forecast)

persistence_forecast = temperature.shift(1)[exam_days]
persistence_error = rmse(temperature[exam_days], persistence_forecast)

# %% tags=["nbval-ignore-output", "slide"]
print(f"GRU:         {gru_error:.2f} °C")
print(f"persistence: {persistence_error:.2f} °C")
share = skill(gru_error, persistence_error)  # 1 − gru_error / persistence_error
if share > 0:
    print(f"The GRU takes away {share:.1%} of the error of 'tomorrow = today'.")
else:
    print(f"The GRU is worse than 'tomorrow = today', by {-share:.1%}.")

# %% [markdown]
# Three epochs are enough to beat persistence, and the win is small: a few percent. Today says most about tomorrow.
#
# Is a network needed for that? A weighted sum of the last 30 days also learns from the training years, in no time. We
# call it the **straight line**: with one day in place of 30 it would be one. (Its proper name is **ridge** regression.)
# The **damped anomaly** is simpler still: what is usual for the day, plus a fixed share of how much warmer or colder
# than usual today is. {Lesson:preprocessing} writes it by hand. In all later lessons both stand beside the network.

# %%
line_error = rmse(temperature[exam_days], baselines.ridge(temperature, data.TRAIN_END, exam_days))
damped_error = rmse(temperature[exam_days], baselines.damped_anomaly(temperature, data.TRAIN_END, exam_days))
print(f"straight line:  {line_error:.2f} °C")
print(f"damped anomaly: {damped_error:.2f} °C")

# %% [markdown]
# They do no worse. On the mean temperature alone, a network gives little that they do not give. That changes when it
# sees the other columns of the record as well ({lesson:prediction}).

# %%
assert 0 < skill(gru_error, persistence_error) < 0.06
assert line_error < gru_error + 0.01
assert damped_error < gru_error + 0.01

# %% tags=["slide"]
summer = temperature.loc["2005-06-01":"2005-07-31"].index
fig = plots.forecast_against_truth(
    temperature[summer],
    {
        "GRU": pd.Series(exam_forecast, index=exam_days)[summer],
        "tomorrow = today": persistence_forecast[summer],
    },
)
plots.show(
    fig,
    "Observed temperature in June and July 2005, the GRU's forecast and persistence. Persistence is the observed line, "
    "one day late. The GRU's line lies close to that of persistence.",
)

# %% [markdown] tags=["teacher"]
# Before the cell runs, have everybody write down how many percent of persistence's error the GRU will take away.
# Expect the objection that the network is too small, or trained too briefly. Ask: what can anyone know of tomorrow who
# has seen nothing but temperatures? Without persistence beside it, 2 °C might have looked good: that is the point, so
# do not excuse the small win. "Then why a network at all?" On this one column there is little reason.
# {Lesson:prediction} gives it more columns. "My number is different." The last digits differ from computer to
# computer. A win between 0 and 6 % is as expected.

# %% [markdown]
# Persistence is the truth, one day late. The network's line is not far from that: it leans on the last day as well. Does
# such a network do more than echo? {Lesson:prediction} tests it.
#
# ## Trap: a small loss is not a small error
#
# The loss looked tiny. It is tempting to report it. Here is the same number for the test years:

# %%
low, high = train.min(), train.max()
scaled_mse = np.mean((scaled_exam_forecast[:, 0] - y[answer_days.isin(exam_days)]) ** 2)

# %% tags=["nbval-ignore-output"]
print(f"mean squared error, scaled: {scaled_mse:.5f}")
print(f"its root, times the range:  {np.sqrt(scaled_mse) * (high - low):.2f} °C")

# %% [markdown]
# Thousandths of what? Of a square, in units in which the whole range from the coldest to the hottest day is 1. Its
# root times that range is the error in °C that we know already, and it is not tiny. So every score in this collection
# is in °C, beside simple forecasts.

# %%
assert np.isclose(np.sqrt(scaled_mse) * (high - low), gru_error, rtol=1e-3)

# %% [markdown] tags=["teacher"]
# "0.003, so it is 99.7 % right." Ask: what would be the loss of the very same forecast on a scale from 0 to 100? Every
# miss is 100 times as large, its square ten thousand times. So the number depends on the scale.

# %% [markdown]
# ## Exercises
#
# Replace each `...` and run the cell, then run the check below it. The check says `not attempted yet`, `correct`,
# or what is probably wrong.
#
# **1. Back to degrees, by hand.** Write what `inverse_transform` does: from a scaled value, and the lowest and highest
# training temperature, to °C.


# %%
def to_celsius(scaled_value, lowest, highest):
    ...
    ### BEGIN SOLUTION
    return lowest + scaled_value * (highest - lowest)
    ### END SOLUTION


# %%
check.to_celsius(to_celsius)

# %% [markdown]
# **2. A shorter window.** With `time_step = 30`, what shape would `X` have, made from the whole record? Answer with
# three numbers, and without running `create_dataset`.

# %%
shape_of_X = (..., ..., ...)
### BEGIN SOLUTION
shape_of_X = (len(temperature) - 30, 30, 1)
### END SOLUTION

# %%
check.shape_of_X(shape_of_X)

# %% [markdown]
# **3. The day after tomorrow.** What is the RMSE in °C of "the day after tomorrow will be as today", on the exam days?
# `temperature.shift(n)` and `rmse` are all you need.

# %%
two_days_ahead_error = ...
### BEGIN SOLUTION
two_days_ahead_error = rmse(temperature[exam_days], temperature.shift(2)[exam_days])
### END SOLUTION

# %%
check.two_days_ahead_error(two_days_ahead_error)

# %% [markdown] tags=["teacher"]
# Do 1 together: what must 0 become, what 1? The likely slip stretches by the highest value; its hint says "stretch by
# the range, not by the highest". In 2 the likely answer makes a sample of every day. Draw a record of 31 days: how
# many windows have an answer? One. Leave 3 for home; who takes `shift(1)` hears "that is one day ahead".

# %% [markdown]
# ## What to take away
#
# - Eight steps: import, load, scale, windows, shape, build and train, predict, back to degrees.
# - The scaler and the network are fitted on the training years only.
# - A forecast is worth what it takes away from the error of a simple one, in °C.
#
# ## Self-test
#
# <details><summary>Why is the scaler fitted on the training years only?</summary>
#
# The lowest and the highest temperature of the exam years are not known when the forecast is made. A scaler that knows
# them carries a piece of the future into the training.
# </details>
#
# <details><summary>What does each number in (10858, 100, 1) mean?</summary>
#
# 10,858 windows (samples), 100 days in each (time steps), one number a day (features).
# </details>
#
# <details><summary>A friend's network has a loss of 0.003. Is it good?</summary>
#
# Nobody can say without the scale. One needs the error in the units of the record, and the error of a simple forecast,
# such as persistence, on the same days.
# </details>
#
# ## Where each step is explained
#
# | step | lesson |
# |---|---|
# | what a GRU is, and what it remembers | {lesson:gru_by_hand} to {lesson:gru_vs_lstm} |
# | load | {lesson:cleaning} |
# | scale | {lesson:preprocessing} |
# | windows, shape | {lesson:windowing} |
# | build | {lesson:model_building} |
# | train | {lesson:training}, {lesson:faster} |
# | predict, back to degrees, is it any good? | {lesson:prediction} |
# | how far, how sure, and why? | {lesson:how_far} to {lesson:inside_the_network} |
# | the same with a file of yours | {lesson:your_own_data} |
#
# ## References
#
# - K. Cho and others, *Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine Translation*,
#   2014, [arXiv:1406.1078](https://arxiv.org/abs/1406.1078): the paper that introduced the GRU.
# - D. P. Kingma and J. Ba, *Adam: A Method for Stochastic Optimization*, 2014,
#   [arXiv:1412.6980](https://arxiv.org/abs/1412.6980).
# - The record: see [the data card](../data/README.md).

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# **Ten forecasts** (12 minutes; paper, one pencil each). Here are real days of Brussels, from 20 May 1990, in whole
# °C: 16, 17, 15, 15, 15, 12, 11, 13, 13, 13, 15. Read out the first. Everybody writes a forecast for the next day.
# Read out that day; everybody notes by how much they missed it, without the sign. Go on to the last day, and add up
# the ten misses. You play persistence: its sum is 11. Who is below 11? Who always wrote 16 has 23. Say then: 11 cost
# nothing. Would the winner bet on winning the next ten days, too? Ten days prove little; the exam has four years.
#
# ### Answers to the open questions
#
# - *Will the network win? By how much?* Yes, by a few percent. Wrong: "by half". The misconception: a network finds
#   what is not in the data.
# - *Why is the scaler fitted on the training years only?* The thin answer is "for fairness". Ask: who could know in
#   1997 how warm the warmest exam day would be? Wrong: "to save time".
# - *Is a loss of 0.003 good?* Nobody can say without the scale. Wrong: "yes, it is nearly 0". It mistakes the loss for
#   a share of wrong answers.
#
# ### When time is short
#
# Run up to *Step 6: build and train* before class, and let them read *Step 1: import* at home. *Step 5: shape* can be
# told in two sentences. Do not skip *Is it any good?* and *Trap: a small loss is not a small error*: every later
# lesson counts in °C, beside persistence. Exercise 3 can wait.
#
# ### After the lesson, students can
#
# - compute degrees from a scaled value (exercise 1);
# - say how many windows a record gives, and name the three numbers of their shape (exercise 2, self-test);
# - measure the error of persistence in °C, two days ahead (exercise 3);
# - explain why a small loss says nothing by itself (trap, self-test);
# - explain why the scaler sees the training years only (self-test).

# %% tags=["teacher"]
import numpy as np

from helpers import data

days = data.load("brussels").loc["1990-05-20":"1990-05-30", "temperature"].round().to_numpy()
assert days.tolist() == [16, 17, 15, 15, 15, 12, 11, 13, 13, 13, 15]
assert np.abs(np.diff(days)).sum() == 11  # persistence
assert np.abs(days[1:] - 16).sum() == 23
