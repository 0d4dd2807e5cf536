# ---
# jupyter:
#   lesson:
#     part: The forecast
#     question: How do I get degrees back, and is the forecast any better than a simple one?
#     learn: to forecast tomorrow in °C, to judge four years of forecasts, to see an echo for what it is
#     need: "{lesson:preprocessing} to {lesson:faster}"
# ---

# %% [markdown]
# # Prediction: degrees, and are they any good?
#
# At the end of this lesson you will be able to forecast tomorrow in °C, and to say with numbers what that forecast is
# worth.

# %%
import keras
import numpy as np
import pandas as pd
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from helpers import baselines, data, plots
from helpers.evaluation import comparison_table, rmse, skill
from helpers.exercises import prediction as check
from helpers.models import right_sized_model, seed_model, set_seed
from helpers.windows import create_dataset

# %% [markdown]
# ## Which network do we ask?
#
# First the quickstart's: two GRU layers of 50 units, windows of 100 days, scaled to 0–1, trained on 1976–1997. Two
# epochs only, to save your time. You will see what that costs.

# %%
record = data.load("brussels")
temperature = record["temperature"]
train, _, test = data.split(temperature, data.TRAIN_END, data.VALIDATION_END)
test_days = test.index

scaler = MinMaxScaler().fit(train.to_frame())
X, y = create_dataset(scaler.transform(temperature.to_frame()), 100)
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
print(f"'Tomorrow = today' would have said:              {temperature.iloc[-1]:.2f}°C")

# %% [markdown]
# The quickstart's answer was another one: it had trained an epoch longer.
#
# `predict` takes a stack of windows and gives one number for each. So a single window needs a samples axis of length 1
# in front. `inverse_transform` takes a table with one column per feature. So the answer keeps its two axes until the
# very end.
#
# ## Trap: a window without its samples axis
#
# What happens if that axis is forgotten? We ask our network, and a copy of it with the same weights. The copy has never
# been used, like a network that was just loaded from a file.

# %% tags=["nbval-ignore-output"]
copy = keras.models.clone_model(quickstart)
copy.set_weights(quickstart.get_weights())
for name, network in {"our network": quickstart, "its copy": copy}.items():
    try:
        answers = network.predict(column, verbose=0)
        print(f"{name}: no error, {len(answers)} answers, the first {scaler.inverse_transform(answers)[0, 0]:.1f} °C")
    except ValueError as error:
        print(f"{name}: ValueError: {str(error).splitlines()[0]}")

# %% [markdown]
# The copy says nothing is wrong. It took the 100 days for 100 samples of **one day** each, and gave 100 forecasts that
# knew a single day. Whoever takes the first of them has a plausible number, and a wrong one.
#
# Our own network stumbled, because it had been given arrays with three axes before. The line of its message that is
# shown does not say what is wrong. So print the shape of what you put in, and compare it with (samples, time steps,
# features). `column[np.newaxis]`, or `column.reshape(1, 100, 1)`, mends it.

# %%
assert answers.shape == (100, 1)
assert np.allclose(answers, quickstart(column[:, np.newaxis]), atol=1e-3)  # (100, 1, 1): windows of one day
assert not np.allclose(answers[:1], scaled_forecast, atol=0.01)

# %% [markdown]
# ## Is it any better than a simple forecast?
#
# One day proves nothing. The test years, 2002 to 2005, have 1,461. No network in this lesson learns from them, and its
# settings were chosen on other years.
#
# The four simple forecasts come from `helpers.baselines`: persistence (as today), seasonal naive (as on this date a year
# ago), climatology (as in an average year) and ridge, the straight line (a weighted sum of the last 30 days).
#
# **Predict first:** where in the table will the network stand?

# %%
forecasts = {name: f(temperature, data.TRAIN_END, test_days) for name, f in baselines.FORECASTERS.items()}
answers = scaler.inverse_transform(quickstart.predict(X[is_test], batch_size=len(test), verbose=0))
forecasts["quickstart's GRU, 2 epochs"] = pd.Series(answers[:, 0], index=test_days)
errors = {name: rmse(test, forecast) for name, forecast in forecasts.items()}

# %% tags=["nbval-ignore-output"]
comparison_table(test, forecasts).round(3)

# %%
assert round(errors["persistence"], 3) == 2.106
assert errors["ridge"] < errors["persistence"] < errors["climatology"] < errors["seasonal naive"]
assert errors["persistence"] < errors["quickstart's GRU, 2 epochs"]
assert quickstart.count_params() == 23_301

# %% [markdown]
# RMSE is the root of the mean squared error, MAE the mean of the absolute error. **Skill** is the share of persistence's
# RMSE that a forecast takes away. Below 0 it is worse than "tomorrow = today".
#
# Our network with its 23,301 parameters is worse than that. A straight line with 30 weights beats both. This stays
# unnoticed where nobody asks.
#
# ## What mends it?
#
# Two epochs are few; the quickstart's three suffice to pass persistence. We take the network that {lesson:faster}
# arrived at: one layer of 32 units, **z-scores** (mean 0, standard deviation 1), batches of 64, and a learning rate
# that starts higher and falls to zero. Two things differ: windows of 14 days (in {lesson:cleaning} what happened two
# weeks ago said next to nothing), and ten epochs. Here everything changes at once, so this lesson cannot say which of
# it helps. {Lesson:faster} took most of it apart.
#
# The way back from a z-score is `value · standard deviation + mean`. A fitted `StandardScaler` keeps these numbers, one
# per column, as `scale_` and `mean_`.

# %%
STEPS, EPOCHS, BATCH = 14, 10, 64


def train_right_sized(table: pd.DataFrame, train_end: str) -> pd.Series:
    """Train on z-scores of `table` up to `train_end`; return the forecast in °C of column 0, dated with its day."""
    zscores = StandardScaler().fit(table.loc[:train_end])
    windows, answers = create_dataset(zscores.transform(table).astype("float32"), STEPS)
    days = table.index[STEPS:]
    learn = days <= train_end
    learn[: learn.sum() % BATCH] = False  # whole batches only: XLA would compile once more for a smaller one
    set_seed()
    network = right_sized_model(STEPS, table.shape[1], training_steps=EPOCHS * learn.sum() // BATCH)
    network.fit(windows[learn], answers[learn], epochs=EPOCHS, batch_size=BATCH, verbose=0)
    scaled_answers = network.predict(windows, batch_size=len(windows), verbose=0)[:, 0]
    return pd.Series(scaled_answers * zscores.scale_[0] + zscores.mean_[0], index=days)


forecasts["GRU, temperature only"] = train_right_sized(temperature.to_frame(), data.TRAIN_END)[test_days]
errors["GRU, temperature only"] = rmse(test, forecasts["GRU, temperature only"])

# %% tags=["nbval-ignore-output"]
comparison_table(test, forecasts).round(3)

# %% [markdown]
# It takes away some five percent of persistence's error. And it is level with the straight line: the two differ by less
# than 0.02 °C. **On the day's temperature alone, a GRU hardly beats a straight line.** Each network here was trained
# once. From another random start its error differs a little ({lesson:faster} trains such a network with three seeds).
# So nobody should make much of a lead of that size.

# %%
assert abs(errors["GRU, temperature only"] - errors["ridge"]) < 0.02
assert 0.035 < skill(errors["GRU, temperature only"], errors["persistence"]) < 0.06

# %% [markdown]
# ## What does the full record add?
#
# The mean temperature is not all that we know about a day. The record also has its minimum and maximum, the rain and
# the reference evapotranspiration (`et0`: how much water a meadow would lose; high on sunny, dry, windy days). To these
# we add the day of the year, as a sine and a cosine, so that 31 December and 1 January are neighbours.


# %%
def with_season(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the day of the year as two more columns, a sine and a cosine."""
    angle = 2 * np.pi * table.index.day_of_year / 365.25
    return table.assign(sine=np.sin(angle), cosine=np.cos(angle))


full_record = with_season(record)
print(list(full_record.columns))
forecasts["GRU, full record"] = train_right_sized(full_record, data.TRAIN_END)[test_days]
forecasts["ridge, full record"] = baselines.ridge(full_record, data.TRAIN_END, test_days)
errors |= {name: rmse(test, forecasts[name]) for name in ("GRU, full record", "ridge, full record")}
gain_gru = errors["GRU, temperature only"] - errors["GRU, full record"]
gain_ridge = errors["ridge"] - errors["ridge, full record"]

# %% tags=["nbval-ignore-output"]
comparison_table(test, forecasts).round(3)

# %% [markdown]
# In this run the GRU beats the straight line. ({Lesson:gru_vs_lstm} compared a similar pair with eight seeds: the GRU
# was ahead there too, by less.) What the extra columns say helps the line less than half as much. To the line, each
# column adds its share, whatever the others say. A network can use them **together**: a clear sky in winter may mean
# something else than in summer. (That this is the reason is a guess. {Lesson:how_far} asks what the forecast owes to
# what.)

# %%
assert errors["GRU, full record"] < errors["ridge, full record"] - 0.04
assert gain_gru > 0.08
assert gain_ridge < 0.5 * gain_gru

# %% tags=["readme-picture"]
spring = test.loc["2005-03-15":"2005-05-31"].index
drawn = {"GRU, full record": "GRU", "ridge, full record": "straight line", "persistence": "tomorrow = today"}
fig = plots.forecast_against_truth(test[spring], {label: forecasts[name][spring] for name, label in drawn.items()})
fig.axes[0].set_title("Forecast for the next day, Brussels, spring 2005: a test year")
plots.show(
    fig,
    "Observed daily mean temperature in Brussels from mid-March to May 2005, with the forecasts made the day before by the "
    "GRU, the straight line and persistence. All three follow the observed line about a day late; the first two swing "
    "less far.",
)

# %% [markdown]
# All three come late at a turn of the weather. The record knows one town. What the wind will bring tomorrow is somewhere
# else today, and weather services look there.
#
# ## Does the forecast merely echo yesterday?
#
# In the chart, a forecast looks like the truth, shifted by a day. Is there more in it? Two forecasts that know nearly
# nothing show how little it takes to look like more:
#
# - the **echo** itself, persistence. It never foretells a change;
# - the echo that **leads back to the usual**. After a warm day it says "cooler", after a cold day "warmer". It takes
#   what is usual for the day, and adds a fixed share of today's departure from it. Forecasters call it **damped
#   persistence**.
#
# The share is one number, fitted on the training years.

# %%
usual = baselines.climatology(temperature, data.TRAIN_END, temperature.index)
departure = temperature - usual
learn = departure.loc[: data.TRAIN_END]
share = (learn * learn.shift(1)).sum() / (learn.shift(1) ** 2).sum()
forecasts["damped persistence"] = (usual + share * departure.shift(1))[test_days]
errors["damped persistence"] = rmse(test, forecasts["damped persistence"])
print(f"Of today's departure, {share:.0%} is expected to be left tomorrow: RMSE {errors['damped persistence']:.3f} °C.")

# %% [markdown]
# Now the question to each forecast: does what you say **beyond** such a reference go with what then happens beyond it?
# The answer is a correlation. 0: you know nothing that the reference does not know. 1: you know all the rest.


# %%
def knows_beyond(name: str, reference: str) -> float:
    said, happened = forecasts[name] - forecasts[reference], test - forecasts[reference]
    return np.corrcoef(said, happened)[0, 1]


names = ["climatology", "ridge", "GRU, temperature only", "ridge, full record", "GRU, full record"]
references = ["persistence", "damped persistence"]
beyond = pd.DataFrame({f"beyond {ref}": {name: knows_beyond(name, ref) for name in names} for ref in references})
beyond["RMSE (°C)"] = pd.Series(errors)

# %% tags=["nbval-ignore-output"]
beyond.round(3)

# %% [markdown]
# Look at the first column. The GRU on the temperature alone foretells changes, with a correlation of 0.3. That sounds
# like knowledge. But climatology gets the same, and it has not even looked at today. Whatever leads back to the usual
# earns as much.
#
# The second column sees through it: climatology falls to nothing. The GRU on the temperature alone keeps about 0.1. And
# its error is that of damped persistence, which is one number and a calendar. So it **is** little more than an echo that
# leads back to the usual. With the full record it is more. It keeps 0.3, the straight line 0.2.

# %%
assert 0.25 < beyond.loc["climatology", "beyond persistence"] < 0.35
assert abs(beyond["beyond persistence"]["climatology"] - beyond["beyond persistence"]["GRU, temperature only"]) < 0.05
assert abs(beyond.loc["climatology", "beyond damped persistence"]) < 0.04
assert 0.06 < beyond.loc["GRU, temperature only", "beyond damped persistence"] < 0.17
assert abs(errors["GRU, temperature only"] - errors["damped persistence"]) < 0.02
assert 0.28 < beyond.loc["GRU, full record", "beyond damped persistence"] < 0.4
assert 0.15 < beyond.loc["ridge, full record", "beyond damped persistence"] < 0.25

# %% [markdown]
# ## When does it miss?
#
# One error for four years hides much. Here it is by season, and for the days after a day above 22 °C.

# %%
day_before = temperature.shift(1)[test_days]
months = {"winter": [12, 1, 2], "spring": [3, 4, 5], "summer": [6, 7, 8], "autumn": [9, 10, 11]}
groups = {name: test_days.month.isin(which) for name, which in months.items()} | {"after > 22 °C": day_before > 22}
names = ["persistence", "damped persistence", "ridge, full record", "GRU, full record"]
by_group = pd.DataFrame(
    {group: {name: rmse(test[days], forecasts[name][days]) for name in names} for group, days in groups.items()}
)

# %% tags=["nbval-ignore-output"]
by_group.round(2)

# %% [markdown]
# The GRU on the full record is ahead of persistence in every season. After hot days its lead is largest: persistence
# expects that the heat stays.

# %%
assert (by_group.loc["GRU, full record"] < by_group.loc["persistence"]).all()
assert (by_group.loc["GRU, full record"] / by_group.loc["persistence"]).idxmin() == "after > 22 °C"
assert groups["after > 22 °C"].sum() == 50

# %% [markdown]
# ## Trap: days picked by their outcome
#
# In August 2003 the heat stayed. How good were the forecasts in those famous thirteen days?

# %%
august = test.loc["2003-07-28":"2003-08-25"].index
fig = plots.forecast_against_truth(test[august], {label: forecasts[name][august] for name, label in drawn.items()})
fig.axes[0].set_title("The heatwave of August 2003")
plots.show(
    fig,
    "Observed temperature and the forecasts of the GRU, the straight line and persistence from 28 July to 25 August 2003. "
    "On most of the hot days in the first half of August the first two lie below the observed line, by up to three or "
    "four degrees.",
)

# %%
heatwave = test.loc["2003-08-01":"2003-08-13"].index
by_choice = pd.DataFrame(
    {"1–13 August 2003": {name: rmse(test[heatwave], forecasts[name][heatwave]) for name in names}}
)
by_choice["after > 22 °C"] = by_group["after > 22 °C"]

# %% tags=["nbval-ignore-output"]
by_choice.round(2)

# %% [markdown]
# In the heatwave the naive forecast wins. Do trained forecasts fail in the heat? It looks so, and the second column says
# the opposite. Why? We picked the thirteen days **because** the heat stayed. On the evening of 1 August nobody knew
# that. After all 50 hot days, whatever followed, persistence is last and the GRU first.
#
# So choose the days for a comparison by what was known when the forecast was made.

# %%
assert by_choice["1–13 August 2003"].idxmin() == "persistence"
assert by_choice["after > 22 °C"].idxmin() == "GRU, full record"
assert by_choice["after > 22 °C"].idxmax() == "persistence"

# %% [markdown]
# ## How good could it be at best?
#
# For real weather nobody knows. So we ask where the answer is known. `simulated.csv` is made from a formula
# ([the data card](../data/README.md) explains it). A day's temperature is what is normal for the day, plus weather:
#
# - normal: 12 °C, a trend of 0.3 °C in ten years, and a yearly cycle of ±8 °C with its top 200 days after 1 January;
# - weather: 0.9 times yesterday's, minus 0.2 times that of the day before, plus a random push with a standard deviation
#   of 2 °C.
#
# If you know the formula, you can forecast all but the push. **On average, no forecast can do better.** We judge on
# what comes from 2027 on, and train on what comes before 2024. (The years between are left out, as if for validation.)

# %%
simulated = data.load("simulated")["temperature"]
days = np.arange(len(simulated))
normal = 12 + 0.3 * days / 3652.5 + 8 * np.cos(2 * np.pi * (days - 200) / 365.25)
weather = simulated - normal

late = simulated.loc["2027":]
table = with_season(simulated.to_frame())
best_possible = rmse(late, (normal + 0.9 * weather.shift(1) - 0.2 * weather.shift(2))[late.index])
above_best = {
    "persistence": rmse(late, simulated.shift(1)[late.index]) / best_possible - 1,
    "straight line": rmse(late, baselines.ridge(table, "2023-12-31", late.index)) / best_possible - 1,
    "GRU": rmse(late, train_right_sized(table, "2023-12-31")[late.index]) / best_possible - 1,
}

# %% tags=["nbval-ignore-output"]
print(f"best possible: {best_possible:.3f} °C")
for name, more in above_best.items():
    print(f"{name + ':':<14} {more:.1%} above it")

# %% [markdown]
# The network and the straight line are both within two percent of the best possible. So both find nearly all that there
# is to be found: this formula **is** a weighted sum. The test shows that nothing is wrong with our network and its
# training. It does not show that a GRU is needed. For Brussels nobody knows the best.

# %%
assert 0 < above_best["straight line"] < 0.02
assert 0 < above_best["GRU"] < 0.02
assert above_best["persistence"] > 0.05

# %% [markdown]
# ## Exercises
#
# Replace each `...` and run the cell, then run the check below it.
#
# **1. Tomorrow, with shapes.** Write `forecast_tomorrow`: from a network, a fitted scaler and a pandas Series in °C to
# the forecast for the day after its end, as one float. It uses the last `time_step` days. The check brings small
# networks and scalers of its own.


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
# **2. Skill against another bar.** Persistence is hard to beat, climatology is easier. What is the skill of
# **persistence** against **climatology** on the test days? Use `errors` and `skill`.

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
# **4. The right column back.** A scaler was fitted on three columns: `temperature`, `rain`, `et0`. A network gives
# scaled forecasts of `rain`, the column at position 1, as an array of shape (samples, 1). Write `rain_in_mm` for a
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
# - A score stands beside the simple forecasts, in °C, on days that no network learned from and no setting was chosen on.
# - On the temperature alone a GRU is level with a straight line. With the full record it is ahead.
# - A forecast that foretells changes may only lead back to the usual. Compare it with one that does just that.
# - Choose the days of a comparison by what was known when the forecast was made.
#
# ## Self-test
#
# <details><summary>A chart shows a forecast that looks like the truth, a day late. Is the model worthless?</summary>
#
# Not necessarily. Most of tomorrow is in today. Ask whether its error is below that of persistence and of damped
# persistence, and whether it knows anything beyond them.
# </details>
#
# <details><summary>The small network with 14 days beat the large one with 100. Does that prove that small is better?</summary>
#
# No. The two also differ in their scale, their batches, their learning rate and the length of their training. To learn
# which of these matters, change one at a time, as {lesson:faster} does.
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
# You have gone the whole way from a file to a judged forecast. {Lesson:how_far} asks how many days ahead it reaches, and
# {lesson:how_sure} between which temperatures tomorrow will lie. {Lesson:your_own_data} goes the same way with a file of
# your own.
#
# ## References
#
# - S. Lerch and others, *Forecaster's Dilemma: Extreme Events and Forecast Evaluation*, 2017,
#   [arXiv:1512.09244](https://arxiv.org/abs/1512.09244): why days must not be picked by their outcome.
# - R. J. Hyndman and A. B. Koehler, *Another look at measures of forecast accuracy*, 2006,
#   [doi:10.1016/j.ijforecast.2006.03.001](https://doi.org/10.1016/j.ijforecast.2006.03.001).
