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
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from helpers import baselines, data, plots
from helpers.evaluation import comparison_table, gain, rmse, skill
from helpers.exercises import prediction as check
from helpers.forecasting import for_day, small_model, train_and_forecast
from helpers.season import with_season, yearly_cycle
from helpers.windows import create_dataset

# %% [markdown]
# ## What does the network learn from?
#
# From **departures**: the record minus its yearly cycle, both as in {lesson:preprocessing}. The cycle is fitted on
# 1976–1997, and so is all else that is fitted here. The network is of the kind that {lesson:faster} arrived at, one
# GRU layer on windows of 14 days, with fewer units: 16. Its batches hold 128 windows, and its learning rate falls to
# zero within 500 updates.
#
# Two functions spare us repetition:
#
# - `train_and_forecast` turns a table into z-scores and windows, trains a network from a new start, and undoes the
#   z-scores. Each of its forecasts is dated with the day on which it is made.
# - `for_day` dates them with the day that they are for.

# %%
record = data.load("brussels")
temperature = record["temperature"]
_, validation, test = data.split(temperature, data.TRAIN_END, data.VALIDATION_END)
test_days = test.index

usual = yearly_cycle(record, data.TRAIN_END, record.index)
departures = record - usual

learner = small_model(1)  # trained anew for several questions
made = train_and_forecast(learner, departures[["temperature"]], data.TRAIN_END)
network = keras.models.clone_model(learner)  # this one we keep as it is now
network.set_weights(learner.get_weights())

# %% [markdown]
# ## What is tomorrow, in °C?
#
# The record ends on 31 December 2005. Tomorrow is 1 January 2006. Follow the shapes: each line below changes one thing.

# %%
last_days = departures[["temperature"]].iloc[-14:]
print("the last 14 departures:   ", last_days.shape, "   (time steps, features)")

zscores = StandardScaler().fit(departures.loc[: data.TRAIN_END, ["temperature"]])
column = zscores.transform(last_days)
print("as z-scores:              ", column.shape)

window = column[np.newaxis]
print("with the samples axis:    ", window.shape, "(samples, time steps, features)")

scaled_forecast = network.predict(window, verbose=0)
print("what the network returns: ", scaled_forecast.shape, "    (samples, outputs)")

departure = zscores.inverse_transform(scaled_forecast)
print("a departure, same shape:  ", departure.shape)

tomorrow = record.index[-1:] + pd.Timedelta(days=1)
usual_tomorrow = yearly_cycle(temperature, data.TRAIN_END, tomorrow)
print("what is usual that day:   ", usual_tomorrow.shape)

forecast = departure[:, 0] + usual_tomorrow.to_numpy()
print("in °C, one for each day:  ", forecast.shape)

# %% tags=["nbval-ignore-output"]
print(f"usual for {tomorrow[0]:%d %B %Y}:           {usual_tomorrow.iloc[0]:.2f} °C")
print(f"the network's departure from it:     {departure[0, 0]:+.2f} °C")
print(f"The predicted temperature:           {forecast[0]:.2f} °C")
print(f"'Tomorrow = today' would have said:  {temperature.iloc[-1]:.2f} °C")

# %%
assert np.allclose(departure[0, 0], made.iloc[-1, 0], atol=1e-3)  # as train_and_forecast has it
assert made.index[-1] == record.index[-1]

# %% [markdown] tags=["teacher"]
# They forget to undo the scale, or fit a new scaler on the last days, or add the cycle of the day on which the
# forecast is made. Ask: for which day is the forecast? Which day's usual temperature is added? Expect: 1 January
# 2006, both times.

# %% [markdown]
# `predict` takes a stack of windows and gives one number for each. So a single window needs a samples axis of length 1
# in front. `inverse_transform` takes a table with one column per feature. So the answer keeps its two axes until then.
# For a z-score it computes `value · standard deviation + mean`; a fitted `StandardScaler` keeps these numbers, one per
# column, as `scale_` and `mean_`. At last the cycle comes back: that of **the day that the forecast is for**, not of
# the day on which it is made.
#
# ## Trap: a window without its samples axis
#
# What happens if that axis is forgotten? We ask our network, and a copy of it with the same weights. The copy has never
# been used, like a network that was just loaded from a file.

# %% tags=["nbval-ignore-output"]
copy = keras.models.clone_model(network)
copy.set_weights(network.get_weights())
for name, asked in {"our network": network, "its copy": copy}.items():
    try:
        answers = asked.predict(column, verbose=0)
        print(f"{name}: no error, {len(answers)} answers, the first {zscores.inverse_transform(answers)[0, 0]:+.1f} °C")
    except ValueError as error:
        print(f"{name}: ValueError: {str(error).splitlines()[0]}")

# %% [markdown]
# The copy says nothing is wrong. It took the 14 days for 14 samples of **one day** each, and gave 14 forecasts that
# knew a single day. Whoever takes the first of them has a plausible number, and a wrong one.
#
# Our own network stumbled, because it had been given arrays with three axes before. The line of its message that is
# shown does not say what is wrong. So print the shape of what you put in, and compare it with (samples, time steps,
# features). `column[np.newaxis]`, or `column.reshape(1, 14, 1)`, mends it.

# %%
assert answers.shape == (14, 1)
assert np.allclose(answers, copy(column[:, np.newaxis]), atol=1e-3)  # (14, 1, 1): windows of one day
assert not np.allclose(answers[:1], scaled_forecast, atol=0.01)

# %% [markdown] tags=["teacher"]
# They say: 14 answers, so 14 days are forecast. Ask: how many days did each answer see? Expect: one. What would have
# shown it? The printed shape.

# %% [markdown]
# ## Is it any better than a simple forecast?
#
# One day proves nothing. The test years, 2002 to 2005, have 1,461. No network in this section learns from them. (They
# were seen more than once while this collection was written. So they are not as fresh as yours should be.) The simple forecasts come from `helpers.baselines`. You know them: **ridge** is a
# weighted sum of the last 30 days, here of the temperature as it is. The **damped anomaly** and the **autoregression**
# know the cycle ({lesson:preprocessing}) and need one weight and three.
#
# We train three networks from three random starts, and take the **mean of their forecasts**. To see what the departures
# are worth, a network and ridge get the other kind of input as well.
#
# **Predict first:** where in the table will the network stand?

# %%
SEEDS = (1, 2, 3)


def train_three(network, table, cycle, train_end=data.TRAIN_END, steps=500) -> pd.DataFrame:
    """Train three networks; return their forecasts for the test days in °C, one a column; `cycle` is added at last."""
    runs = {seed: for_day(train_and_forecast(network, table, train_end, seed=seed, steps=steps)) for seed in SEEDS}
    return pd.DataFrame(runs).add(cycle, axis=0).loc[test_days]


alone = departures[["temperature"]]
three_alone = train_three(learner, alone, usual["temperature"])
forecasts = {name: f(temperature, data.TRAIN_END, test_days) for name, f in baselines.FORECASTERS.items()}
forecasts["ridge, departures"] = baselines.ridge(alone, data.TRAIN_END, test_days) + usual["temperature"][test_days]
raw = train_and_forecast(learner, temperature.to_frame(), data.TRAIN_END)
forecasts["GRU, raw values (one)"] = for_day(raw)[test_days]
forecasts["GRU, departures"] = three_alone.mean(axis=1)
errors = {name: rmse(test, forecast) for name, forecast in forecasts.items()}

# %% tags=["nbval-ignore-output", "slide"]
comparison_table(test, forecasts).round(3)

# %% [markdown]
# RMSE is the root of the mean squared error, MAE the mean of the absolute error. **Skill** is the share of persistence's
# RMSE that a forecast takes away. Below 0 it is worse than "tomorrow = today".
#
# Three things to see.
#
# - The GRU on departures takes away some seven percent of persistence's error.
# - The autoregression does the same with three weights, and so does ridge on departures. **On the day's temperature
#   alone, a GRU is level with a weighted sum.** The three differ by less than 0.01 °C.
# - Without the departures, ridge loses some 0.04 °C. Nothing else differs there, so the cycle helped it. The GRU on raw
#   values is as far behind, but it is one network and not the mean of three.

# %%
assert round(errors["persistence"], 3) == 2.106
assert errors["damped anomaly"] < errors["persistence"] < errors["climatology"] < errors["seasonal naive"]
assert errors["GRU, departures"] <= 1.97
assert 0.06 < skill(errors["GRU, departures"], errors["persistence"]) < 0.08
assert abs(errors["GRU, departures"] - errors["autoregression"]) < 0.01
assert abs(errors["ridge, departures"] - errors["autoregression"]) < 0.01
assert 0.03 < errors["ridge"] - errors["ridge, departures"] < 0.06
assert 0.03 < errors["GRU, raw values (one)"] - errors["GRU, departures"] < 0.06

# %% [markdown] tags=["teacher"]
# They predict the GRU on top, far ahead. Ask for two rows that differ only in the model, then for two that differ only
# in the input. Expect: GRU and ridge on departures are level; the GRU on raw values and on departures are not. The
# cycle helped.

# %% [markdown]
# ## What does the full record add?
#
# The mean temperature is not all that we know about a day. The record also has its minimum and maximum, the rain and
# the reference evapotranspiration (`et0`: how much water a meadow would lose; high on sunny, dry, windy days). We take
# the departures of all five, and the day of the year as sine and cosine ({lesson:preprocessing}): seven columns. With
# more to learn, the networks get 700 updates.
#
# Beside the networks stand three others, on the same seven columns:
#
# - **Ridge**, as before.
# - **Ridge with products.** To a line each column adds its share, whatever the others say. A clear sky may mean one
#   thing in winter and another in summer. So this line also gets the product of every two columns, and their squares.
# - **Boosted trees.** A tree asks one question after another ("was today's departure above 2 °C?") and ends at a number.
#   A hundred of them are added up, each mending what those before it left. For tables of numbers they are often the
#   model to beat.
#
# How many days do the last two see? We try 2, 4 and 7, and take what is best on the **validation** years.

# %%
full = with_season(departures)
wide = small_model(7, steps=700)
three = {"departures, date": train_three(wide, full, usual["temperature"], steps=700)}
forecasts["GRU, full record"] = three["departures, date"].mean(axis=1)
line = baselines.ridge(full, data.TRAIN_END, temperature["1998":].index) + usual["temperature"]["1998":]
forecasts["ridge, full record"] = line[test_days]


def from_rows(model, days: int) -> pd.Series:
    """Fit a model of scikit-learn on rows of the last `days` days through 1997; return its forecasts in °C."""
    windows, following = create_dataset(full, days)
    rows, dates = windows.reshape(len(windows), -1), full.index[days:]
    learn = dates <= data.TRAIN_END
    return pd.Series(model.fit(rows[learn], following[learn]).predict(rows), dates) + usual["temperature"][dates]


products = PolynomialFeatures(2, include_bias=False)  # the columns, their squares and their products
others = {
    "ridge with products, full record": make_pipeline(StandardScaler(), products, StandardScaler(), Ridge(100)),
    "trees, full record": HistGradientBoostingRegressor(random_state=0),
}
on_validation = {}
for name, model in others.items():
    tried = {f"{days} days": from_rows(model, days) for days in (2, 4, 7)}
    on_validation[name] = pd.Series({days: rmse(validation, f[validation.index]) for days, f in tried.items()})
    forecasts[name] = tried[on_validation[name].idxmin()][test_days]
errors = {name: rmse(test, forecast) for name, forecast in forecasts.items()}

# %% tags=["nbval-ignore-output"]
print("on the validation years, in °C:")
pd.DataFrame(on_validation).T.round(3)

# %% tags=["nbval-ignore-output", "slide"]
print("on the test years:")
chosen = ["persistence", "damped anomaly", "autoregression", "GRU, departures"]
chosen += [name for name in forecasts if "full" in name]
comparison_table(test, {name: forecasts[name] for name in chosen}).round(3)

# %% [markdown]
# To plain ridge the extra columns are worth little: nothing in these four years, about one percent in the validation
# years. The other three are far ahead of it. The line with products is a control. Without the products, on the same two
# days, it is no better than ridge on thirty; with them it comes down by three percent. So it is the **combination** of
# columns that helps, and a line can be given it.
#
# Is the GRU ahead of the trees and of the products? `gain` gives the skill of one forecast against another, and an
# **interval of 90 %**: a range that should hold the true gain in nine cases of ten. It is a little too narrow
# ({lesson:how_sure}). {Lesson:how_far} builds it by hand.

# %% tags=["nbval-ignore-output"]
gru_gains = {
    name: gain(test, forecasts["GRU, full record"], forecasts[name]) for name in chosen if "GRU, f" not in name
}
print("the share of the error that the GRU on the full record takes away, and its interval of 90 %")
pd.DataFrame(gru_gains, index=["share", "from", "to"]).T.round(3)

# %% tags=["nbval-ignore-output"]
of_the_others = sum(forecasts[name] for name in others) / 2
print(f"the mean of trees and products: {rmse(test, of_the_others):.2f} °C")

# %%
assert errors["GRU, full record"] <= 1.885
assert all(errors[name] < errors["ridge, full record"] - 0.03 for name in others)
assert errors["GRU, full record"] < errors["ridge, full record"] - 0.06
assert abs(errors["ridge, departures"] - errors["ridge, full record"]) < 0.01
line_alone = baselines.ridge(alone, data.TRAIN_END, validation.index) + usual["temperature"][validation.index]
assert 0.005 < gain(validation, line[validation.index], line_alone).share < 0.02
without_products = from_rows(make_pipeline(StandardScaler(), Ridge(100)), 2)[test_days]
assert on_validation["ridge with products, full record"].idxmin() == "2 days"
assert abs(rmse(test, without_products) - errors["ridge, full record"]) < 0.015
by_products = gain(test, forecasts["ridge with products, full record"], without_products)
assert 0.025 < by_products.share < 0.035
assert by_products.low > 0.01
assert gru_gains["ridge, full record"].low > 0.02
assert gru_gains["autoregression"].low > 0.02

# %% [markdown]
# Against ridge and all simple forecasts the whole interval is above 0. Over the trees and over the products the GRU's
# lead is one to two percent, and the intervals begin near 0. And it is not quite fair: the GRU is a mean of
# three networks, each of the others is one model. **The mean of those two is level with the GRU.** So the lead over the
# simple forecasts does not need a GRU.

# %%
assert all(-0.01 < gru_gains[name].low < 0.015 for name in others)
assert all(0.003 < gru_gains[name].share < 0.025 for name in others)
assert abs(rmse(test, of_the_others) - errors["GRU, full record"]) < 0.015

# %% [markdown] tags=["teacher"]
# They say: now the GRU wins. Ask: how many networks are in its row, how many models in the row of the trees? Expect:
# three, and one. Ask: how good is the mean of trees and products? Expect: level with the GRU. Ask: so what helped?
# Expect: combining columns. A GRU is one way to do it, products and trees are two others.

# %% [markdown]
# ## Which choices helped?
#
# Two questions, each with three networks of the same kind:
#
# - **raw values, date**: does the network need the departures, if it is told the date?
# - **through 2001**: do four more years to learn from help? Nothing has to be chosen any more, so the validation years
#   may be learned from before the test.


# %%
three["raw values, date"] = train_three(wide, with_season(record), 0, steps=700)
later = yearly_cycle(record, data.VALIDATION_END, record.index)
three["through 2001"] = train_three(
    wide, with_season(record - later), later["temperature"], data.VALIDATION_END, steps=700
)

by_seed = pd.DataFrame({name: [rmse(test, runs[seed]) for seed in SEEDS] for name, runs in three.items()}).T
choices = pd.DataFrame({"one network (°C)": by_seed.mean(axis=1), "± standard error": by_seed.std(axis=1) / 3**0.5})
mean_of_three = {name: runs.mean(axis=1) for name, runs in three.items()}
choices["mean forecast of three (°C)"] = [rmse(test, forecast) for forecast in mean_of_three.values()]
gains = [gain(test, forecast, mean_of_three["departures, date"]) for forecast in mean_of_three.values()]
choices[["gain", "from", "to"]] = gains

# %% tags=["nbval-ignore-output", "slide"]
choices.round(3)

# %% [markdown]
# The gain is that of the mean forecast over the one of the first row.
#
# - Raw values with the date are as good as departures with the date. On the full record it does not matter here which
#   of the two tells the season.
# - Four more years take away a little more, and the interval is above 0. They are more years, and they are nearer to
#   the test. Which of the two helps, this does not say.
# - In each row the mean forecast of three networks has a smaller error than one network on average. That is never
#   otherwise: what is wrong in each network's own way averages out.

# %%
assert abs(choices.loc["raw values, date", "gain"]) < 0.01
assert choices.loc["raw values, date", "from"] < 0 < choices.loc["raw values, date", "to"]
assert choices.loc["through 2001", "mean forecast of three (°C)"] <= 1.875
assert choices.loc["through 2001", "from"] > 0
assert (choices["mean forecast of three (°C)"] <= choices["one network (°C)"]).all()

# %% [markdown]
# From here on "GRU" is the mean forecast of the first row, trained through 1997 as all others are.

# %% tags=["readme-picture", "slide"]
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
# All three come late at a turn of the weather. (The straight line is ridge.) The record knows one town. What the wind
# will bring tomorrow is somewhere else today, and weather services look there.
#
# ## Does the forecast merely echo yesterday?
#
# In the chart, a forecast looks like the truth, shifted by a day. Is there more in it? The usual test draws the
# **foretold change**, forecast minus today, against the **actual change**. An echo foretells none. We draw two
# forecasts that know nearly nothing beside the GRU: climatology, which has not even looked at today, and the damped
# anomaly, which only leads back to the usual.

# %% tags=["slide"]
day_before = temperature.shift(1)[test_days]
fig, axes = plots.figure(1, 3, figsize=(8, 3.3), sharex=True, sharey=True)
for ax, name in zip(axes, ["climatology", "damped anomaly", "GRU, full record"], strict=True):
    foretold, actual = forecasts[name] - day_before, test - day_before
    ax.scatter(foretold, actual, s=4, alpha=0.3)
    ax.axline((0, 0), slope=1, color="black", linewidth=1, linestyle="--")
    ax.set(title=f"{name}\ncorrelation {np.corrcoef(foretold, actual)[0, 1]:.2f}", xlabel="foretold change (°C)")
axes[0].set_ylabel("actual change (°C)")
plots.show(
    fig,
    "Three clouds of points, foretold against actual change in °C on the test days, each with the diagonal where they "
    "would be equal. Climatology's cloud is much wider than it is high. That of the damped anomaly is narrow and upright, "
    "within two degrees. The GRU's is wider, within five degrees, and leans more clearly along the diagonal.",
)

# %% [markdown]
# All three clouds lean to the right. Climatology foretells changes with a correlation of 0.3, and has not seen today.
# Whatever leads back to the usual earns as much: after a warm day it says "cooler", and it often gets cooler.
#
# So ask more strictly. Does what a forecast says **beyond** a reference go with what then happens beyond it? The answer
# is a correlation. 0: you know nothing that the reference does not know. 1: you know all the rest. As reference we take
# an echo (persistence), and one that leads back to the usual (the damped anomaly).


# %%
def knows_beyond(name: str, reference: str) -> float:
    said, happened = forecasts[name] - forecasts[reference], test - forecasts[reference]
    return np.corrcoef(said, happened)[0, 1]


names = ["climatology", "autoregression", "GRU, departures", "ridge, full record", *others, "GRU, full record"]
references = ["persistence", "damped anomaly"]
beyond = pd.DataFrame({f"beyond {ref}": {name: knows_beyond(name, ref) for name in names} for ref in references})
beyond["RMSE (°C)"] = pd.Series(errors)

# %% tags=["nbval-ignore-output", "slide"]
beyond.round(3)

# %% [markdown]
# The second column sees through climatology: it falls to nothing. The GRU on the temperature alone keeps 0.2, like the
# autoregression with its three weights. On the full record the GRU keeps more, about 0.35, the trees and the products
# nearly as much. **So it is no mere echo, and not only a way back to the usual.**

# %%
assert 0.25 < beyond.loc["climatology", "beyond persistence"] < 0.35
assert abs(beyond["beyond persistence"]["climatology"] - beyond["beyond persistence"]["GRU, departures"]) < 0.1
assert abs(beyond.loc["climatology", "beyond damped anomaly"]) < 0.04
assert 0.15 < beyond.loc["GRU, departures", "beyond damped anomaly"] < 0.25
assert 0.15 < beyond.loc["autoregression", "beyond damped anomaly"] < 0.25
assert 0.3 < beyond.loc["GRU, full record", "beyond damped anomaly"] < 0.4
assert all(0.26 < beyond.loc[name, "beyond damped anomaly"] < 0.4 for name in others)

# %% [markdown] tags=["teacher"]
# There are two opposite errors. "The curve is a day late, so the forecast is worthless." Ask: is its error below that
# of persistence? Expect: yes. "It foretells changes with a correlation of 0.3, so it has skill." Ask: which forecast
# in the figure has that correlation without having seen today? Expect: climatology. Then go to the column "beyond
# damped anomaly": climatology falls to about 0 there, the GRU on the full record keeps about 0.35.

# %% [markdown]
# ## When does it miss?
#
# One error for four years hides much. Here it is by season, and for the days after a day above 22 °C.

# %%
months = {"winter": [12, 1, 2], "spring": [3, 4, 5], "summer": [6, 7, 8], "autumn": [9, 10, 11]}
groups = {name: test_days.month.isin(which) for name, which in months.items()} | {"after > 22 °C": day_before > 22}
names = ["persistence", "damped anomaly", "ridge, full record", "trees, full record", "GRU, full record"]
by_group = pd.DataFrame(
    {group: {name: rmse(test[days], forecasts[name][days]) for name in names} for group, days in groups.items()}
)

# %% tags=["nbval-ignore-output"]
by_group.round(2)

# %% [markdown]
# The GRU on the full record is ahead of persistence in every season. After hot days its lead over persistence is
# largest. The trees have nearly the same.

# %%
assert (by_group.loc["GRU, full record"] < by_group.loc["persistence"]).all()
assert (by_group.loc["GRU, full record"] / by_group.loc["persistence"]).idxmin() == "after > 22 °C"
assert groups["after > 22 °C"].sum() == 50

# %% [markdown]
# ## Trap: days picked by their outcome
#
# In August 2003 the heat stayed. How good were the forecasts in those famous thirteen days?

# %% tags=["slide"]
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

# %% tags=["nbval-ignore-output", "slide"]
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

# %% [markdown] tags=["teacher"]
# They say: trained forecasts fail in the heat. Ask: on the evening of 1 August 2003, what was known about the next
# day? Expect: that it comes after a hot day. Nobody knew that the heat would stay. So the fair group is "after > 22
# °C", and there persistence is last.

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
best_possible = rmse(late, (normal + 0.9 * weather.shift(1) - 0.2 * weather.shift(2))[late.index])
cycle = yearly_cycle(simulated, "2023-12-31", simulated.index)
simulated_gru = for_day(train_and_forecast(learner, (simulated - cycle).to_frame(), "2023-12-31")) + cycle
simple = ["persistence", "damped anomaly", "autoregression", "ridge"]
of_best = {name: baselines.FORECASTERS[name](simulated, "2023-12-31", late.index) for name in simple}
of_best["GRU"] = simulated_gru[late.index]
above_best = {name: rmse(late, forecast) / best_possible - 1 for name, forecast in of_best.items()}

# %% tags=["nbval-ignore-output", "slide"]
print(f"best possible: {best_possible:.3f} °C")
for name, more in above_best.items():
    print(f"{name + ':':<16} {more:.1%} above it")

# %% [markdown]
# The GRU and the autoregression are within one percent of the best possible. So both find nearly all that there is to be
# found: this formula **is** a weighted sum of two departures. Ridge sees no departures, and is a little behind. The test
# shows that nothing is wrong with our network and its training. It does not show that a GRU is needed. For Brussels
# nobody knows the best.

# %%
assert 0 < above_best["autoregression"] < 0.01
assert 0 < above_best["GRU"] < 0.012
assert above_best["autoregression"] < above_best["ridge"] < 0.05
assert above_best["persistence"] > 0.05

# %% [markdown] tags=["teacher"]
# They say: so the GRU is within one percent of the best possible for Brussels, too. Ask: how do we know the best
# possible here? Expect: we wrote the formula. For Brussels nobody has one.

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

# %% [markdown] tags=["teacher"]
# In exercise 1 expect a scaler fitted on the series at hand, or an answer that is still scaled; the hints say so. Do
# exercise 3 together. Ask: why has an echo a high correlation of values? Expect: most of tomorrow is in today. And of
# changes? It foretells none, so return 0.0. Exercises 2 and 4 are for home: expect the two errors swapped in 2, and
# in 4 the mean added before multiplying.

# %% [markdown]
# ## What to take away
#
# - A single window needs its samples axis; the way back to °C uses the scaler that was fitted on the training years.
# - A score stands beside the simple forecasts, in °C, on days that no network learned from and no setting was chosen on.
# - On the temperature alone a GRU is level with three weights. With the full record it is ahead of every sum of the
#   plain columns. A sum with products, and boosted trees, come within about two percent.
# - Tell the network the season, by departures or by the date. Learn from the latest years before you forecast.
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
# <details><summary>The GRU on departures beat ridge on raw values by 0.05 °C. Does that speak for the GRU?</summary>
#
# No. The two also differ in their input. Ridge on departures closes nearly the whole gap. Compare models on the same
# input, and inputs with the same model.
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
# your own. Where else GRUs are used, and whether they are the best choice there, {lesson:sentiment} to {lesson:markets}
# ask, each on real data.
#
# ## References
#
# - S. Lerch and others, *Forecaster's Dilemma: Extreme Events and Forecast Evaluation*, 2017,
#   [arXiv:1512.09244](https://arxiv.org/abs/1512.09244): why days must not be picked by their outcome.
# - R. J. Hyndman and A. B. Koehler, *Another look at measures of forecast accuracy*, 2006,
#   [doi:10.1016/j.ijforecast.2006.03.001](https://doi.org/10.1016/j.ijforecast.2006.03.001).

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# **Beat "tomorrow = today".** 12 minutes, paper. The daily means of Brussels from 1 to 11 January 2001, rounded, are
# 5, 9, 7, 8, 8, 6, 4, 3, 4, 2, 2. Keep the list to yourself. Tell the class that 3 °C is usual for these days.
#
# 1. Say the first number. Everyone writes a forecast for the next day, in whole degrees. Then say the next number.
#    Everyone notes the miss, without its sign. Go on to the end: ten forecasts.
# 2. Everyone adds up the ten misses. "Tomorrow = today" has 15. "Always 3" has 27. "Today, one degree nearer to 3"
#    has 14.
# 3. Who is below 15? Better, or lucky?
#
# Then say: ten days do not tell 14 from 15. The days were fixed beforehand: the first of a year. Ask: what would be
# wrong with the days on which the temperature jumped most? Expect: they are picked by their outcome, and on just
# these "tomorrow = today" misses most.
#
# ### Answers to the open questions
#
# - *Where will the network stand?* Level with the autoregression. Wrong: clearly first. A larger model is taken for a
#   better one.
# - *GRU on departures against ridge on raw values?* It says nothing about the GRU. Wrong: it speaks for it. Model and
#   input both differ, and all of the gain is credited to the model.
# - *A forecast that looks like the truth, a day late: worthless?* Not necessarily. Wrong: yes. A curve is judged by
#   eye, not beside persistence.
# - *Near the best possible on the simulated record?* Network and training work. Wrong: the forecast of Brussels is
#   near its best, too.
#
# ### When time is short
#
# Skip "Which choices helped?" and "How good could it be at best?". Run the cells of the first all the same: the
# figure of August 2003 needs them, and "Does the forecast merely echo yesterday?" speaks of its chart. Of "When does
# it miss?" keep the column "after > 22 °C", for the trap. Keep "Is it any better than a simple forecast?", "What does
# the full record add?", from which {lesson:how_far} and {lesson:how_sure} go on, and "Does the forecast merely echo
# yesterday?".
#
# ### After the lesson, students can
#
# - compute tomorrow in °C, with the right shapes and scale (exercises 1 and 4);
# - compute a skill against any other forecast (exercise 2);
# - measure whether a forecast foretells changes (exercise 3);
# - choose the days of a comparison (trap) and what stays the same in it (self-test);
# - explain what a simulated record can show (self-test).

# %% tags=["teacher"]
# the eleven days, from the record, and the three simple forecasters
from helpers import baselines, data

temperature = data.load("brussels")["temperature"]
days = temperature["2001-01-01":"2001-01-11"]
seen = days.round().astype(int).to_list()
usual = baselines.climatology(temperature, data.TRAIN_END, days.index).round()
back = [day - 1 if day > 3 else day + 1 if day < 3 else 3 for day in seen]

assert seen == [5, 9, 7, 8, 8, 6, 4, 3, 4, 2, 2]
assert set(usual) == {3}
for forecasts, misses in [(seen, 15), ([3] * 11, 27), (back, 14)]:
    assert sum(abs(day - said) for day, said in zip(seen[1:], forecasts[:-1], strict=True)) == misses
