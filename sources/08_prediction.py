# ---
# jupyter:
#   lesson:
#     question: How do I get degrees back, and is the forecast any better than a naive one?
#     learn: to forecast tomorrow in °C, to judge four years of forecasts, to see an echo for what it is
#     need: lessons 04 to 07
# ---

# %% [markdown]
# # Prediction: degrees, and are they any good?
#
# At the end of this lesson you will be able to forecast tomorrow in °C, and to say with numbers what that forecast is
# worth.

# %%
import re

import numpy as np
import pandas as pd
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from helpers import baselines, data, plots
from helpers.evaluation import comparison_table, rmse, skill
from helpers.exercises import lesson_08 as check
from helpers.models import right_sized_model, seed_model, set_seed
from helpers.windows import create_dataset

# %% [markdown]
# ## Which network do we ask?
#
# First the quickstart's: two GRU layers of 50 units, windows of 100 days, scaled to 0–1, trained on 1976–1997. Two
# epochs only, to save your time. What that costs will be seen.

# %%
record = data.load("brussels")
temperature = record["temperature"]
train, validation, test = data.split(temperature, data.TRAIN_END, data.VALIDATION_END)
test_days = test.index

scaler = MinMaxScaler().fit(train.to_frame())
scaled = scaler.transform(temperature.to_frame())
X, y = create_dataset(scaled, 100)
answer_days = temperature.index[100:]
is_training, is_test = answer_days <= data.TRAIN_END, answer_days.isin(test_days)

set_seed()
quickstart = seed_model()
_ = quickstart.fit(X[is_training], y[is_training], epochs=2, batch_size=32, verbose=0)

# %% [markdown]
# ## What is tomorrow, in °C?
#
# The record ends on 31 December 2005. Tomorrow is 1 January 2006. Follow the shapes: each line below changes one thing.

# %%
last_days = temperature.iloc[-100:]
print("the last 100 days:        ", last_days.shape)

column = scaler.transform(last_days.to_frame())
print("scaled, as a column:      ", column.shape, " (time steps, features)")

window = column[np.newaxis]
print("with the samples axis:    ", window.shape, "(samples, time steps, features)")

scaled_forecast = quickstart.predict(window, verbose=0)
print("what the network returns: ", scaled_forecast.shape, "    (samples, outputs)")

forecast = scaler.inverse_transform(scaled_forecast)
print("back in °C, same shape:   ", forecast.shape)

# %% tags=["nbval-ignore-output"]
tomorrow = temperature.index[-1] + pd.Timedelta(days=1)
print(f"The predicted temperature for {tomorrow:%d %B %Y} is: {forecast[0, 0]:.2f}°C")

# %% [markdown]
# The network says one number a window. `predict` takes a stack of windows, so a single window needs a samples axis of
# length 1 in front. `inverse_transform` takes a table with one column a feature, so the answer keeps its two axes until
# the very end.
#
# ## Trap: a window without its samples axis
#
# What happens if the axis is forgotten?

# %%
try:
    answer = quickstart.predict(column, verbose=0)
    axis_was_missed = answer.shape != (1, 1)
    print("no error, but an answer of shape", answer.shape)
except Exception as error:
    axis_was_missed = True
    without_colours = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    print(f"{type(error).__name__}: {without_colours.splitlines()[0]}")
assert axis_was_missed

# %% [markdown]
# Keras took the 100 days for 100 samples and stumbled later. The message comes from deep inside and names no cause.
# When a message speaks of shapes or ranks, print the shape of what you put in and compare it with (samples, time steps,
# features). `column[np.newaxis]`, or `column.reshape(1, 100, 1)`, mends it.
#
# ## Is it any better than a naive forecast?
#
# One day proves nothing. The test years have 1,461. Until this lesson nobody has looked at them; they are used once, now.
#
# Four forecasts that cost next to nothing come from `helpers.baselines`, and all are called alike:
#
# - **persistence**: tomorrow will be as today,
# - **seasonal naive**: as on this date a year ago,
# - **climatology**: as on an average year, smoothed,
# - **ridge**: a straight line through the last 30 days, fitted on the training years.
#
# **Predict first:** in which place will the network come?

# %%
forecasts = {name: f(temperature, data.TRAIN_END, test_days) for name, f in baselines.FORECASTERS.items()}


def in_degrees(scaled_forecasts: np.ndarray, fitted_scaler) -> pd.Series:
    """Return (samples, 1) scaled forecasts as a Series in °C, dated with the test days."""
    return pd.Series(fitted_scaler.inverse_transform(scaled_forecasts)[:, 0], index=test_days)


quickstart_name = "quickstart's GRU, 2 epochs"
forecasts[quickstart_name] = in_degrees(quickstart.predict(X[is_test], batch_size=256, verbose=0), scaler)

# %% tags=["nbval-ignore-output"]
comparison_table(test, forecasts).round(3)

# %%
errors = {name: rmse(test, forecast) for name, forecast in forecasts.items()}
assert round(errors["persistence"], 3) == 2.106
assert errors["ridge"] < errors["persistence"] < errors["climatology"] < errors["seasonal naive"]
assert errors["persistence"] < errors[quickstart_name]
assert quickstart.count_params() == 23_301

# %% [markdown]
# **Skill** is the share of persistence's error that a forecast takes away. 0 is no better than "tomorrow = today",
# below 0 is worse.
#
# Our network with its 23,301 parameters is worse than "tomorrow = today". A straight line through 30 numbers, fitted in a
# blink, beats both. Such things happen often. They stay unnoticed where nobody asks.
#
# Two epochs are few. The quickstart's three suffice to pass persistence, and lesson 07 trains ten. Even then the straight
# line stays ahead.
#
# ## Why is it no better, and what mends it?
#
# Look at what the network was given to explain.

# %%
scaled_train = scaled[: len(train), 0]
print(f"variance of the scaled training years: {scaled_train.var():.4f}")
print(f"mean square of a day's change:         {np.mean(np.diff(scaled_train) ** 2):.4f}")

# %% [markdown]
# On the 0–1 scale everything is small. All the weather of 22 years has a variance of a few hundredths. What separates a
# good forecast from persistence is some ten-thousandths of loss. The gradients shrink in proportion to such numbers,
# and so learning is slow.
#
# The mend is plain: scale to mean 0 and standard deviation 1 (**z-scores**), so that the loss starts near 1. At the
# same time we take the right-sized network of lesson 07: one layer of 32 units, windows of 30 days, a learning rate
# that starts higher and falls to zero.

# %%
assert scaled_train.var() < 0.05


def train_right_sized(table: pd.DataFrame, train_end: str, time_step: int, epochs: int, batch: int = 64):
    """Return a network trained on z-scores of `table` up to `train_end`, and a forecast in °C of column 0 for all days.

    The forecast is a Series dated with the day that it is for.
    """
    zscores = StandardScaler().fit(table.loc[:train_end])
    values = zscores.transform(table).astype("float32")
    windows, answers = create_dataset(values, time_step)
    days = table.index[time_step:]
    learn = days <= train_end
    set_seed()
    network = right_sized_model(time_step, table.shape[1], training_steps=epochs * -(-learn.sum() // batch))
    network.fit(windows[learn], answers[learn], epochs=epochs, batch_size=batch, verbose=0)
    scaled_answers = network.predict(windows, batch_size=512, verbose=0)[:, 0]
    return network, pd.Series(scaled_answers * zscores.scale_[0] + zscores.mean_[0], index=days)


mean_network, mean_forecast = train_right_sized(temperature.to_frame(), data.TRAIN_END, time_step=30, epochs=6)
forecasts["GRU, the mean alone"] = mean_forecast[test_days]

# %% tags=["nbval-ignore-output"]
comparison_table(test, forecasts).round(3)

# %%
errors["GRU, the mean alone"] = rmse(test, forecasts["GRU, the mean alone"])
assert errors["GRU, the mean alone"] <= 2.02
assert abs(errors["GRU, the mean alone"] - errors["ridge"]) < 0.02
assert 0.035 < skill(errors["GRU, the mean alone"], errors["persistence"]) < 0.06

# %% [markdown]
# Mended: it takes away some five percent of persistence's error. And it is level with the straight line: the two differ
# by less than 0.02 °C. **On the day's mean temperature alone, a GRU hardly beats a straight line**, because there is
# hardly anything else to find in it.
#
# One thing about the scaling back. For z-scores it is `value · standard deviation + mean`, of the one column that was
# forecast. That is what `inverse_transform` does, without the need to fill in the columns that were not.
#
# ## Does the forecast merely echo yesterday?
#
# This is the question that readers of such charts ask most. The line of the forecast looks like the truth, shifted by a
# day. A test needs a number. Here are two.
#
# 1. To which day is the forecast closer: to the one that it is for, or to the day before?
# 2. The forecast says by how much tomorrow differs from today. Does that difference go with what then happens? An echo
#    says "no change", every day.

# %%
yesterday = temperature.shift(1)[test_days]


def echo_test(forecast: pd.Series) -> dict[str, float]:
    """Return how far a forecast is from its own day and from the day before, and how its changes go with the truth's."""
    foretold, happened = forecast - yesterday, test - yesterday
    has_opinion = foretold.abs().max() > 0
    return {
        "RMSE to its day (°C)": rmse(test, forecast),
        "RMSE to the day before (°C)": rmse(yesterday, forecast),
        "correlation of changes": np.corrcoef(foretold, happened)[0, 1] if has_opinion else 0.0,
        "right direction": np.mean(np.sign(foretold) == np.sign(happened)) if has_opinion else 0.0,
    }


echoes = pd.DataFrame({name: echo_test(forecasts[name]) for name in ("persistence", "ridge", "GRU, the mean alone")}).T

# %% tags=["nbval-ignore-output"]
echoes.round(3)

# %% [markdown]
# By the first measure the network **is** close to an echo: its forecast lies far nearer to the day before than to its
# own day. That is no mistake. Most of what can be known about tomorrow is today.
#
# By the second it is more. Persistence never foretells a change. The network's changes go with the truth's, weakly, and
# their direction is right more often than a coin. That little is the whole gain.

# %%
gru_echo = echoes.loc["GRU, the mean alone"]
assert gru_echo["RMSE to the day before (°C)"] < 0.6 * gru_echo["RMSE to its day (°C)"]
assert 0.2 < gru_echo["correlation of changes"] < 0.5
assert 0.55 < gru_echo["right direction"] < 0.7
assert echoes.loc["persistence", "RMSE to the day before (°C)"] == 0

# %% [markdown]
# ## What does the full record add?
#
# The mean temperature is not all that we know about a day. The record also has its minimum and maximum, the rain and
# the reference evapotranspiration (`et0`: how much water a meadow would lose; high on sunny, dry, windy days). To these
# we add the day of the year, as a sine and a cosine, so that 31 December and 1 January are neighbours.

# %%
angle = 2 * np.pi * record.index.day_of_year / 365.25
full_record = record.assign(sine=np.sin(angle), cosine=np.cos(angle))
print(list(full_record.columns))

# %%
full_network, full_forecast = train_right_sized(full_record, data.TRAIN_END, time_step=14, epochs=15)
forecasts["GRU, full record"] = full_forecast[test_days]
forecasts["ridge, full record"] = baselines.ridge(full_record, data.TRAIN_END, test_days)

# %% tags=["nbval-ignore-output"]
comparison_table(test, forecasts).round(3)

# %%
errors |= {name: rmse(test, forecasts[name]) for name in ("GRU, full record", "ridge, full record")}
assert errors["GRU, full record"] <= 1.90
assert errors["GRU, full record"] < errors["ridge, full record"] - 0.04
assert errors["GRU, the mean alone"] - errors["GRU, full record"] > 0.08

# %% [markdown]
# Now the network is worth its name. The same extra columns help the straight line less than half as much as the GRU:
# what they say depends on each other, and a line cannot use that. The gain came from **more information**, not from a
# larger network: this one is smaller than the quickstart's and looks at 14 days, not 100.

# %%
gain_gru = errors["GRU, the mean alone"] - errors["GRU, full record"]
gain_ridge = errors["ridge"] - errors["ridge, full record"]
assert gain_ridge < 0.5 * gain_gru
assert full_network.count_params() < quickstart.count_params()

# %% tags=["readme-picture"]
spring = test_days[(test_days >= "2005-03-15") & (test_days <= "2005-05-31")]
fig = plots.forecast_against_truth(
    test[spring],
    {"GRU, full record": forecasts["GRU, full record"][spring], "tomorrow = today": forecasts["persistence"][spring]},
)
fig.axes[0].set_title("Forecast for the next day, Brussels, spring 2005: a test year")
plots.show(
    fig,
    "Observed daily mean temperature in Brussels from mid-March to May 2005, the GRU's forecast of the day before, and "
    "persistence. Both forecasts follow the observed line about a day late; the GRU's swings less far.",
)

# %% [markdown]
# Both forecasts still come late at a turn of the weather. No network can see from yesterday's numbers in one town what
# the wind will bring tomorrow. Weather services look at the whole atmosphere.
#
# ## When does it miss?
#
# One error for four years hides much. By season:

# %%
season = test_days.month.map(lambda month: ["winter", "spring", "summer", "autumn"][month % 12 // 3])
names = ["persistence", "ridge", "GRU, the mean alone", "GRU, full record"]
by_season = pd.DataFrame(
    {
        name: {
            s: rmse(test[season == s], forecasts[name][season == s]) for s in ["winter", "spring", "summer", "autumn"]
        }
        for name in names
    }
)

# %% tags=["nbval-ignore-output"]
by_season.round(2)

# %%
assert (by_season["GRU, full record"] < by_season["persistence"]).all()

# %% [markdown]
# The full-record GRU is ahead of persistence in every season. Now the hardest weeks of the test years: the **heatwave
# of August 2003**.

# %%
august = test_days[(test_days >= "2003-07-28") & (test_days <= "2003-08-25")]
fig = plots.forecast_against_truth(test[august], {name: forecasts[name][august] for name in names[::3]})
fig.axes[0].set_title("The heatwave of August 2003")
plots.show(
    fig,
    "Observed temperature, persistence and the full-record GRU from 28 July to 25 August 2003. During the hot days "
    "in the first half of August the GRU's forecast stays below the observed line.",
)

# %% tags=["nbval-ignore-output"]
hot_days = test_days[(test_days >= "2003-08-01") & (test_days <= "2003-08-13")]
bias = {name: (forecasts[name][hot_days] - test[hot_days]).mean() for name in names}
print(f"{'1–13 August 2003':<22}{'mean error':>12}{'RMSE':>10}")
for name in names:
    print(f"{name:<22}{bias[name]:>9.2f} °C{rmse(test[hot_days], forecasts[name][hot_days]):>7.2f} °C")

# %% [markdown]
# The **mean error** keeps its sign: below zero, the forecast is too cold. Every trained forecast is colder than
# persistence here. It pulls a hot day back towards the usual, because in the training years a hot day was mostly followed
# by a cooler one. In a heatwave that is wrong day after day, and "tomorrow = today" beats both GRUs for once. Where the
# extremes matter most, a forecast trained on the mean squared error is too tame.

# %%
assert all(bias[name] < bias["persistence"] < 0 for name in names[1:])
hot_errors = {name: rmse(test[hot_days], forecasts[name][hot_days]) for name in names}
assert hot_errors["persistence"] < min(hot_errors["GRU, the mean alone"], hot_errors["GRU, full record"])

# %% [markdown]
# ## How good could it be at best?
#
# For real weather nobody knows. So we ask where the answer is known. `simulated.csv` is made from a formula: a yearly
# cycle, a slow trend, and weather that remembers two days and gets a random push of standard deviation 2 °C every day.
# (The data card, `data/README.md`, has the formula.) Who knows the formula can forecast everything but the push. **No
# forecast can do better.**

# %%
simulated = data.load("simulated")["temperature"]
days = np.arange(len(simulated))
normal = 12 + 0.3 * days / 3652.5 + 8 * np.cos(2 * np.pi * (days - 200) / 365.25)
weather = simulated - normal
best_possible = normal + 0.9 * weather.shift(1) - 0.2 * weather.shift(2)

late = simulated.loc["2027":]
print(f"best possible: {rmse(late, best_possible[late.index]):.3f} °C")
print(f"persistence:   {rmse(late, simulated.shift(1)[late.index]):.3f} °C")

# %%
angle = 2 * np.pi * simulated.index.day_of_year / 365.25
with_day_of_year = simulated.to_frame().assign(sine=np.sin(angle), cosine=np.cos(angle))
_, simulated_forecast = train_right_sized(with_day_of_year, "2023-12-31", time_step=14, epochs=6)

# %% tags=["nbval-ignore-output"]
above_best = rmse(late, simulated_forecast[late.index]) / rmse(late, best_possible[late.index]) - 1
print(f"The GRU's error is {above_best:.1%} above the best possible.")

# %%
assert 0 < above_best < 0.03

# %% [markdown]
# Within three percent of perfection, after a few seconds of training. So this network and this training can find what is
# there to be found. On Brussels, what remains is mostly what these numbers do not hold.
#
# ## Where else are GRUs used?
#
# Forecasting one temperature is a small use. Four others, each with a pointer and a caution.
#
# **Language.** The GRU was made for translation: one network reads a sentence, another writes it in a second language
# (Cho and others, 2014). Today's translators and chat programs are transformers, which read all words at once and train
# faster on large machines (Vaswani and others, 2017). A GRU still serves where text must be handled word by word on a
# small device.
#
# **Speech.** Sound is a long sequence of short steps. Ravanelli and others (2017) made the GRU lighter for speech
# recognition: they took the reset gate out, and training became faster by more than 30 % without a loss. Which parts of
# a GRU one needs depends on the task.
#
# **Health records.** A patient is measured at odd times, and what is missing says something. GRU-D builds the time since
# the last measurement into the gates (Che and others, 2018). Such a model supports a decision; it was fitted to the
# hospitals that it saw.
#
# **Recommendations.** What a visitor clicks is a sequence, often a short one from an unknown person. GRU4Rec predicts the
# next click from it (Hidasi and others, 2015). Here as well, ask first what a naive forecast ("what most people click
# next") would score.
#
# ## Exercises
#
# **1. Tomorrow, with shapes.** Write `forecast_tomorrow`: from a network, a fitted scaler and a pandas Series in °C to
# the forecast for the day after its end, as one float. It uses the last `time_step` days. The check gives it a
# network that simply repeats the last day.


# %%
def forecast_tomorrow(network, fitted_scaler, series, time_step):
    ...
    ### BEGIN SOLUTION
    column = fitted_scaler.transform(series.iloc[-time_step:].to_frame())
    scaled_answer = network.predict(column[np.newaxis], verbose=0)
    return float(fitted_scaler.inverse_transform(scaled_answer)[0, 0])
    ### END SOLUTION


# %%
check.forecast_tomorrow(forecast_tomorrow)

# %% [markdown]
# **2. Skill against another bar.** Persistence is a hard bar for tomorrow. In summer holiday brochures the bar is
# climatology. What is the skill of **persistence** against **climatology** on the test days? Use `errors` and `skill`.

# %%
skill_of_persistence = ...
### BEGIN SOLUTION
skill_of_persistence = skill(errors["persistence"], errors["climatology"])
### END SOLUTION

# %%
check.skill_of_persistence(skill_of_persistence)

# %% [markdown]
# **3. Catch the echo.** Somebody sends you a forecast as a Series in °C, and the truth for the same days and the day
# before them. Write `correlation_of_changes`: the correlation between the foretold and the actual change since the day
# before. Return 0.0 if the forecast never foretells a change.


# %%
def correlation_of_changes(forecast, truth, day_before):
    ...
    ### BEGIN SOLUTION
    foretold, happened = forecast - day_before, truth - day_before
    if (foretold == 0).all():
        return 0.0
    return float(np.corrcoef(foretold, happened)[0, 1])
    ### END SOLUTION


# %%
check.correlation_of_changes(correlation_of_changes)

# %% [markdown]
# **4. The right column back.** A scaler was fitted on three columns: `temperature`, `rain`, `et0`. A network gives scaled
# forecasts of `rain`, the column at position 1, as an array of shape (samples, 1). Write `rain_in_mm` for a
# `StandardScaler`: back to mm, shape (samples,).


# %%
def rain_in_mm(scaled_rain, fitted_scaler):
    ...
    ### BEGIN SOLUTION
    return scaled_rain[:, 0] * fitted_scaler.scale_[1] + fitted_scaler.mean_[1]
    ### END SOLUTION


# %%
check.rain_in_mm(rain_in_mm)

# %% [markdown]
# ## What to take away
#
# - A single window needs its samples axis; the way back to °C uses the scaler that was fitted on the training years.
# - A score stands beside the naive forecasts and a straight line, in °C, on days that nobody has used before.
# - On the mean alone a GRU is level with a straight line. More information helped; a larger network did not.
# - A forecast may lie close to yesterday and still know something. Test it by its changes.
# - In a heatwave the forecast is too tame.
#
# ## Self-test
#
# <details><summary>A chart shows a forecast that looks like the truth, a day late. Is the model worthless?</summary>
#
# Not necessarily. Most of tomorrow is in today. Compare its error with persistence, and its foretold changes with the
# actual ones.
# </details>
#
# <details><summary>Why did the larger network with the longer window lose?</summary>
#
# It was given less: the mean alone, on a scale on which everything is small, and two epochs. More weights do not add
# information.
# </details>
#
# <details><summary>On the simulated record the GRU is close to the best possible. What does that say about Brussels?</summary>
#
# That the network and the training work. It does not say how good a forecast of Brussels could be: there the formula,
# if there is one, is not known.
# </details>
#
# ## Where next
#
# You have gone the whole way from a file to a judged forecast. To look again at a single step: lesson 04 for the
# record, 05 for windows, 06 for the network, 07 for training. What is inside the GRU is the subject of lessons 01 to 03.
#
# ## References
#
# - K. Cho and others, 2014, [arXiv:1406.1078](https://arxiv.org/abs/1406.1078).
# - A. Vaswani and others, *Attention Is All You Need*, 2017, [arXiv:1706.03762](https://arxiv.org/abs/1706.03762).
# - M. Ravanelli and others, *Improving speech recognition by revising gated recurrent units*, 2017,
#   [arXiv:1710.00641](https://arxiv.org/abs/1710.00641).
# - Z. Che and others, *Recurrent Neural Networks for Multivariate Time Series with Missing Values*, 2018,
#   [doi:10.1038/s41598-018-24271-9](https://doi.org/10.1038/s41598-018-24271-9).
# - B. Hidasi and others, *Session-based Recommendations with Recurrent Neural Networks*, 2015,
#   [arXiv:1511.06939](https://arxiv.org/abs/1511.06939).
