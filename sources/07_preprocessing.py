# ---
# jupyter:
#   lesson:
#     part: The forecast
#     question: How do I load, check, split and scale a daily record without cheating?
#     learn: to load, check, mend, split and scale a daily record, and to recognise a leak
#     need: a little pandas; no neural network is trained here
# ---

# %% [markdown]
# # Preprocessing: a record that is clean, split and scaled
#
# At the end of this lesson you will be able to turn a daily record into numbers that a network can learn from, without
# letting the future into the past.

# %% [markdown]
# One rule runs through the whole lesson:
#
# > A forecast, and everything that was prepared for it, may use only what was known on the day it was made.
#
# To break it is to have a **leak**: news from the future reaches the forecast. A leak makes scores look better than
# they will ever be in use. Some leaks are large and some are tiny. We measure three of them.
#
# The lesson builds on no other. {Lesson:quickstart} shows where these steps belong in the whole.
#
# ## What is in the file?
#
# The record is from Brussels, one line a day. `index_col="Date"` makes the dates the index. `parse_dates` turns their
# text into dates; without it "1976-01-01" would be a word.

# %%
import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsRegressor
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from helpers import data, plots
from helpers.evaluation import rmse, skill
from helpers.exercises import preprocessing as check
from helpers.windows import create_dataset

record = pd.read_csv(data.path("brussels"), index_col="Date", parse_dates=["Date"])
print(f"{len(record):,} days, {record.index[0]:%d %B %Y} to {record.index[-1]:%d %B %Y}")
record.head()

# %% [markdown]
# | column | what it is | unit |
# |---|---|---|
# | `tmin`, `tmax` | lowest and highest temperature of the day | °C |
# | `rain` | rain and melted snow | mm |
# | `et0` | reference evapotranspiration: the water that short grass, never dry, would give off | mm |
#
# What we want to forecast, the **target**, is the daily mean temperature. The file does not have it. The mean of
# `tmin` and `tmax` stands in for it.

# %%
temperature = (record["tmin"] + record["tmax"]) / 2
training_years = temperature.loc[: data.TRAIN_END]
print(f"{len(training_years):,} days up to {data.TRAIN_END} to learn from")

# %% [markdown]
# `training_years` ends with 1997: what comes later is kept for judging. We look at the whole record to find errors in
# it. But whatever could shape a later decision, we look at in the training years only.
#
# ## What does it look like?
#
# Always draw a record before you compute with it, once as a whole and once from near.

# %%
fig, (whole, near) = plots.figure(2, 1, figsize=(8, 4.2))
whole.plot(temperature, linewidth=0.4)
whole.set(ylabel="temperature (°C)", title="Brussels, daily mean, the whole record")
near.plot(temperature.loc["1990"], linewidth=1)
near.set(ylabel="temperature (°C)", title="the year 1990")
plots.show(
    fig,
    "Two line charts of the daily mean temperature in Brussels. The whole record, 1976 to 2005, swings thirty times "
    "between winter and summer, without holes or jumps to impossible values. The year 1990 rises from winter to "
    "summer and falls again, with ups and downs of several degrees within a few days.",
)

# %% [markdown]
# No holes, no spikes, no level that jumps. There is a yearly swing, and on top of it a restless part.
#
# How restless? **Predict first:** how closely is a day's temperature tied to that of the day before, if 1 means
# perfectly and 0 not at all? And to that of a week before?
#
# The **autocorrelation** answers that. It is the correlation of a series with itself, some days later. The number of
# days is the **lag**. We take it twice: once for the temperature, and once for its departure from normal. **Normal**
# is the mean of all training years on the same date.

# %%


def same_date(series):
    """Return the keys that group a daily series by date: all 1 January together, all 2 January, and so on."""
    return [series.index.month.rename("month"), series.index.day.rename("day")]


normal = training_years.groupby(same_date(training_years)).transform("mean")
departure = training_years - normal

lags = range(401)
of_temperature = [training_years.autocorr(lag) for lag in lags]
of_departure = [departure.autocorr(lag) for lag in lags]
for lag in (1, 7, 30, 365):
    print(f"lag {lag:3d} days: temperature {of_temperature[lag]:5.2f}, departure {of_departure[lag]:5.2f}")

# %%
cycle = training_years.groupby(same_date(training_years))
dates = pd.date_range("2000-01-01", "2000-12-31")  # any leap year: only the axis needs it

fig, (left, right) = plots.figure(1, 2)
left.fill_between(dates, cycle.quantile(0.1), cycle.quantile(0.9), alpha=0.3, label="8 years of 10")
left.plot(dates, cycle.mean(), label="mean")
left.set(ylabel="temperature (°C)", title="by date, 1976-1997")
left.set_xticks(dates[dates.day == 1][::2], ["Jan", "Mar", "May", "Jul", "Sep", "Nov"])
left.legend()
right.plot(lags, of_temperature, label="temperature")
right.plot(lags, of_departure, label="departure from normal")
right.set(xlabel="lag (days)", ylabel="autocorrelation", title="how long a day is remembered")
right.legend(loc="upper center")
plots.show(
    fig,
    "Left: mean temperature by date with the band that holds 8 years of 10, about 3 °C in January and 18 °C in July; "
    "the band is about 8 °C wide in summer and up to 15 °C in winter. Right: the autocorrelation of the temperature "
    "swings like a wave over the year; that of the departure from normal falls to nearly 0 within a month and stays "
    "there.",
)

# %%
assert of_temperature[1] > 0.9
assert of_temperature[365] > 0.6
assert 0.7 < of_departure[1] < 0.85
assert 0.05 < of_departure[7] < 0.3
assert of_departure[14] < 0.12
assert np.abs(of_departure[30:]).max() < 0.12

# %% [markdown]
# A temperature is closely tied to the one before it, and to the one a year before. Most of that is the calendar: July
# is like July. Take the normal away, and what is left has faded after two weeks. What happened a month ago says next to
# nothing about tomorrow, beyond the date.
#
# ## Is anything wrong with it?
#
# A daily record can be wrong in many ways, and most of them raise no error. Here are two weeks of the record, broken
# on purpose.

# %%
broken = record.loc["1976-03-01":"1976-03-14"].copy()
broken["rain"] = broken["rain"].astype(object)
broken.loc["1976-03-03", "rain"] = "0,4"
broken.loc["1976-03-05", "tmax"] = -999
broken.loc["1976-03-07", ["tmin", "tmax"]] = record.loc["1976-03-07", ["tmax", "tmin"]].to_numpy()
broken.loc["1976-03-13", ["tmin", "tmax"]] = record.loc["1976-03-12", ["tmin", "tmax"]].to_numpy()
broken = broken.iloc[[0, 1, 2, 3, 4, 5, 6, 8, 7, 10, 10, 11, 12, 13]]
broken

# %% [markdown]
# **Predict first:** find seven faults.
#
# By eye that works for 14 lines, not for ten thousand. So we count. What is plausible is a judgement, and it belongs
# to a place: these bounds are for Brussels.

# %%
PLAUSIBLE = pd.DataFrame(
    {"tmin": (-40, 30), "tmax": (-30, 45), "rain": (0, 200), "et0": (0, 15)}, ["lowest", "highest"]
)


def look_for_trouble(frame):
    """Count what is suspicious in a daily record, one line for each kind of trouble."""
    days = frame.index
    calendar = pd.date_range(days.min(), days.max(), freq="D")
    numbers = frame.apply(pd.to_numeric, errors="coerce")  # what is not a number becomes NaN
    tidy = numbers[~days.duplicated()].sort_index()
    both = tidy[["tmin", "tmax"]]
    return pd.Series(
        {
            "days out of order": (days[1:] < days[:-1]).sum(),
            "days given twice": days.duplicated().sum(),
            "days missing": len(calendar.difference(days)),
            "values that are no number": numbers.isna().sum().sum(),
            "values out of range": (tidy.lt(PLAUSIBLE.loc["lowest"]) | tidy.gt(PLAUSIBLE.loc["highest"])).sum().sum(),
            "tmin above tmax": (tidy["tmin"] > tidy["tmax"]).sum(),
            "tmin equal to tmax": (tidy["tmin"] == tidy["tmax"]).sum(),
            "both as the day before": (both == both.shift()).all(axis=1).sum(),
        }
    )


trouble = pd.DataFrame({"broken": look_for_trouble(broken), "Brussels": look_for_trouble(record)})
trouble

# %%
faults = trouble["broken"].drop(["tmin above tmax", "tmin equal to tmax"])
assert (faults == 1).all()
assert trouble.loc["tmin above tmax", "broken"] == 2
assert trouble["Brussels"].drop(["tmin equal to tmax", "both as the day before"]).sum() == 0
assert trouble.loc["tmin equal to tmax", "Brussels"] == 4
assert trouble.loc["both as the day before", "Brussels"] == 11

# %% [markdown]
# In the broken piece all seven are found:
#
# - a day is out of order;
# - a day is given twice;
# - a day is missing;
# - a rain amount has a decimal comma, so it is text;
# - a temperature is −999, which is how many files write "not measured";
# - `tmin` and `tmax` are swapped (the −999 rings this bell as well: one fault, two bells);
# - both temperatures stand still from one day to the next, as if a sensor were **frozen**.
#
# Brussels passes all but two checks. It has four days whose lowest and highest temperature are the same, and eleven
# days that repeat both temperatures of the day before. Are these errors?

# %%
flat = record[record["tmin"] == record["tmax"]]
jump = temperature.diff().abs()
print(f"largest change from one day to the next: {jump.max():.1f} °C, on {jump.idxmax():%d %B %Y}")
flat

# %%
assert jump.idxmax() in flat.index

# %% [markdown]
# A day without any difference between its lowest and highest temperature is next to impossible. Perhaps one of the two
# was missing, and the other was put in its place. One of the four days even holds the largest jump of the whole record.
#
# And the eleven repeats? Some must happen by chance, since the values come in steps of 0.1 °C. How many? Count
# the days that missed a repeat narrowly. Chance has no reason to prefer 0.0 to 0.1 or 0.2.

# %%
step = record[["tmin", "tmax"]].diff().round(1)
repeats = (step == 0).all(axis=1).sum()
within = (step.abs() <= 0.2).all(axis=1).sum()  # 5 × 5 pairs of steps, from (−0.2, −0.2) to (0.2, 0.2)
by_chance = (within - repeats) / 24  # without the pair (0, 0)
print(f"repeats of both: {repeats}; expected by chance: about {by_chance:.0f}")
for size in (-0.2, -0.1, 0.0, 0.1, 0.2):
    print(f"tmin changes by {size:4.1f} °C on {(step['tmin'] == size).sum()} days")

# %%
assert 3 < by_chance < 5
assert (step["tmin"] == 0).sum() > 1.3 * max((step["tmin"] == size).sum() for size in (-0.2, -0.1, 0.1, 0.2))

# %% [markdown]
# Chance explains about four of the eleven. And `tmin` alone stands still far more often than it changes by a tenth of
# a degree. So some values were probably entered twice. Which ones, nobody can tell from the file.
#
# What to do? Fifteen suspicious days in eleven thousand will not decide anything. We leave them as they are, and we
# say so. **Mend what you can prove, report what you cannot, and overwrite nothing in the file.**
#
# ## What do I do with missing days?
#
# First make every fault a missing value, in plain sight. Drop the second copy of a day, put the days in order, blank
# what is no number or out of range. Then `reindex` to the full calendar: days that are not there become rows of NaN
# ("not a number", the sign for a missing value).

# %%
mended = broken.apply(pd.to_numeric, errors="coerce")
mended = mended[~mended.index.duplicated()].sort_index()
mended = mended.where(mended.ge(PLAUSIBLE.loc["lowest"]) & mended.le(PLAUSIBLE.loc["highest"]))
mended.loc[mended["tmin"] > mended["tmax"], ["tmin", "tmax"]] = np.nan
mended = mended.reindex(pd.date_range("1976-03-01", "1976-03-14", freq="D"))
mended

# %%
assert mended.isna().sum().sum() == 1 + 1 + 2 + 4  # the comma, −999, the swapped pair, the whole missing day

# %% [markdown]
# The order matters. `reindex` refuses a record in which a day stands twice. (Were all numbers of a file written with a
# comma, `pd.read_csv(…, decimal=",")` would save them.)
#
# Why reindex at all? Because the row above a row must be the day before. A network reads a **window**, a run of days on
# end. Without the row for the missing day, a window of 30 rows would span 31 days, without a word.
#
# Now, can a gap be filled? `interpolate` draws a straight line across it. `limit=3` sounds as if it would fill only
# gaps of up to three days. We try both on a piece of 1990 from which we take one day and, later, ten days.
#
# **Predict first:** how many of the ten days are missing after `interpolate(limit=3)`: ten, or none?

# %%
truth = temperature.loc["1990-01-15":"1990-03-05"]
holed = truth.copy()
holed.loc["1990-01-21"] = np.nan
holed.loc["1990-02-10":"1990-02-19"] = np.nan

filled = holed.interpolate()
partly = holed.interpolate(limit=3)
print(f"missing: {holed.isna().sum()};  after interpolate(): {filled.isna().sum()};", end="  ")
print(f"after interpolate(limit=3): {partly.isna().sum()}")

# %%
assert partly.isna().sum() == 7

# %% [markdown]
# Seven. pandas fills the first three days of **every** gap, however long, and leaves the rest. What we meant is
# another thing: fill a short gap whole, leave a long one whole.

# %%


def fill_short_gaps(series, longest):
    """Interpolate gaps of up to `longest` days; leave longer gaps, and both ends of the series, as they are."""
    missing = series.isna()
    run = (missing != missing.shift()).cumsum()  # a new number wherever a gap begins or ends
    gap_length = missing.groupby(run).transform("sum")  # 0 on days that are there
    return series.interpolate(limit_area="inside").where(gap_length <= longest)


print(f"missing after fill_short_gaps: {fill_short_gaps(holed, longest=3).isna().sum()}")

# %%
assert fill_short_gaps(holed, longest=3).isna().sum() == 10

# %%
fig, ax = plots.figure()
ax.plot(truth, color="black", label="observed")
for days, label in (("1990-01-20", "1990-01-22"), "interpolated"), (("1990-02-09", "1990-02-20"), None):
    ax.plot(filled.loc[slice(*days)], color=plots.COLOURS[1], linewidth=2.5, label=label)
ax.set(ylabel="temperature (°C)", title="a gap of one day and a gap of ten days")
ax.legend()
plots.show(
    fig,
    "Observed temperature from mid-January to early March 1990, with the straight lines that interpolation draws "
    "across two gaps. The line across one day misses a small peak by 1.6 °C. The line across ten days climbs steadily "
    "while the observed temperature first falls, then leaps: at worst it is wrong by about 8 °C.",
)

# %% [markdown]
# How wrong is a filled day? We can measure that, because we know the truth. Take a gap out of every 60 days of the
# training years, fill it, compare. We count with the **RMSE**, the root of the mean squared error: the size of a typical
# miss, in °C. We try three ways to fill:
#
# - **interpolate**: the straight line;
# - **carry forward**: repeat the last known day (`ffill`);
# - **normal**: the mean of the same date in the other years.

# %%


def filling_errors(series, gap):
    """Return the RMSE in °C of three ways to fill, when `gap` days out of every 60 are taken away."""
    position = np.arange(len(series)) % 60
    taken = (position >= 15) & (position < 15 + gap)
    holed = series.mask(taken)
    fillings = {
        "interpolate": holed.interpolate(),
        "carry forward": holed.ffill(),
        "normal": holed.groupby(same_date(series)).transform("mean"),
    }
    return {name: rmse(series[taken], filling[taken]) for name, filling in fillings.items()}


gaps = (1, 2, 3, 5, 7, 10, 14, 21, 30)
errors = pd.DataFrame({gap: filling_errors(training_years, gap) for gap in gaps}).T.rename_axis("days missing")
as_today = rmse(training_years.iloc[1:], training_years.shift(1).iloc[1:])
print(f"tomorrow = today: {as_today:.2f} °C")
errors.round(2)

# %%
fig, ax = plots.figure()
for name in errors:
    ax.plot(errors[name], marker="o", markersize=4, label=name)
ax.axhline(as_today, color="black", linestyle=":", label="tomorrow = today")
ax.set(xlabel="length of the gap (days)", ylabel="RMSE of the filled days (°C)", ylim=(0, None))
ax.legend()
plots.show(
    fig,
    "Error of filled days against the length of the gap. Interpolation starts at about 1.6 °C for a single day and "
    "rises to nearly 4 °C for 30 days. Carrying forward is about 1 °C worse throughout. The normal is at about "
    "3.5 °C whatever the length; interpolation reaches it at two to three weeks. A dotted line at 2.2 °C marks the "
    "error of tomorrow = today; interpolation crosses it after three days.",
)

# %%
assert errors["interpolate"].is_monotonic_increasing
assert errors.loc[1, "interpolate"] < 1.8
assert errors.loc[3, "interpolate"] < as_today < errors.loc[5, "interpolate"]
assert (errors["interpolate"] < errors["carry forward"]).all()
assert (errors.loc[:10, "interpolate"] < errors.loc[:10, "normal"]).all()
assert errors.loc[30, "interpolate"] > errors.loc[30, "normal"]

# %% [markdown]
# The longer the gap, the worse the line. For a gap of a month the normal is the better guess. There is no right limit.
# We take three days: up to there a filled day is wrong by no more than the simplest forecast, "tomorrow will be as
# today". A longer gap stays a gap. Then windows are made from the days before it and from the days after it, and none
# across it.
#
# Two things to remember. A filled day is an invention: **never score a forecast on one**. And interpolation looks at
# the day after the gap. That is a leak waiting to happen; the second trap shows it.
#
# ## How do I split the record?
#
# Into three parts, by date:
#
# - **training**: what the network, the scalers and every other fitted thing learn from;
# - **validation**: for decisions, such as when to stop;
# - **test**: the exam, used once, at the end.
#
# The parts are in the order of time, because a forecast is: the past is known, the future is wanted. Each part has
# whole years, so each season counts alike.

# %%
record.insert(0, "temperature", temperature)
days = record.index
train = record[days <= data.TRAIN_END]
validation = record[(days > data.TRAIN_END) & (days <= data.VALIDATION_END)]
test = record[days > data.VALIDATION_END]

parts = {"training": train, "validation": validation, "test": test}
pd.DataFrame(
    {
        name: {
            "first day": f"{part.index[0]:%Y-%m-%d}",
            "last day": f"{part.index[-1]:%Y-%m-%d}",
            "days": len(part),
            "mean temperature (°C)": f"{part['temperature'].mean():.2f}",
        }
        for name, part in parts.items()
    }
).T

# %%
assert sum(len(part) for part in parts.values()) == len(record)
for own, shared in zip(parts.values(), data.split(record, data.TRAIN_END, data.VALIDATION_END), strict=True):
    assert own.equals(shared)
assert test["temperature"].mean() - train["temperature"].mean() > 0.5

# %% [markdown]
# No day is in two parts, and none is lost. Mind the borders: `.loc["1997-12-31":]` **includes** its first day, so
# `.loc[:"1997-12-31"]` beside it would put that day into both parts. The comparisons `<=` and `>` do not. From here on
# `data.split` does the same.
#
# Look at the means. The test years are warmer than the training years, by more than half a degree. Forecasting is
# like that: the days to come are never quite like those you learned from. A split by date keeps that difficulty.
#
# ## How do I scale?
#
# The columns live on different scales: the wettest day has more than 50 mm of rain, and `et0` stays below 10 mm. A
# network starts with small random weights and does best with numbers of about the same small size. **Scaling** brings
# them there. `MinMaxScaler` does it with two numbers for each column, its lowest and its highest value:
#
# $$\text{scaled} = \frac{\text{value} - \text{lowest}}{\text{highest} - \text{lowest}}$$
#
# `fit` finds the two numbers. `transform` applies the formula. We fit on the training part, and transform all parts
# with what was found there.

# %%
FEATURES = ["tmin", "tmax", "rain", "et0"]
assert train["rain"].max() > 50
assert train["et0"].max() < 10

feature_scaler = MinMaxScaler().set_output(transform="pandas")  # a table in, a table out
feature_scaler.fit(train[FEATURES])

scaled_train = feature_scaler.transform(train[FEATURES])
scaled_test = feature_scaler.transform(test[FEATURES])
pd.DataFrame(
    {
        "lowest in training": scaled_train.min(),
        "highest in training": scaled_train.max(),
        "lowest in test": scaled_test.min(),
        "highest in test": scaled_test.max(),
    }
).round(3)

# %% [markdown]
# In training every column runs from 0 to 1, as it must. In the test years `tmin` goes **above 1**.

# %%
outside = test[(scaled_test > 1).any(axis=1) | (scaled_test < 0).any(axis=1)]
print(f"warmest night of the training years: {train['tmin'].max()} °C")
outside[["tmin", "tmax"]]

# %%
assert len(outside) == 3
assert (outside["tmin"] > train["tmin"].max()).all()
assert set(zip(outside.index.year, outside.index.month, strict=True)) == {(2003, 8), (2004, 8)}

# %% [markdown]
# Three nights, in August 2003 and August 2004, were warmer than any night in 22 years of training. A scaled value above
# 1 says just that: *this has not been seen before*. It is no error. Do not refit the scaler to make it go away, and do
# not clip it to 1. A network can take 1.02, and a heat wave is what one would like to know about.
#
# ### And StandardScaler?
#
# It also has two numbers for each column, the mean and the standard deviation (the size of a typical departure from
# the mean):
#
# $$\text{scaled} = \frac{\text{value} - \text{mean}}{\text{standard deviation}}$$
#
# The result is a **z-score**: how many standard deviations above or below the mean. It has no bounds. Compare how wide
# a typical swing is after each.

# %%
z_scaler = StandardScaler().set_output(transform="pandas")
z_scores_train = z_scaler.fit_transform(train[FEATURES])
spread = pd.DataFrame({"MinMaxScaler": scaled_train.std(), "StandardScaler": z_scores_train.std()})
spread.rename_axis("standard deviation of").round(3)

# %%
assert np.allclose(spread["StandardScaler"], 1, atol=1e-3)
assert spread["MinMaxScaler"].max() < 0.25
assert spread.loc["rain", "MinMaxScaler"] < 0.6 * spread.loc["tmin", "MinMaxScaler"]

# %% [markdown]
# With `StandardScaler` every column swings by 1. With `MinMaxScaler` all swing by less than a quarter, and rain least,
# because its scale is set by one downpour. That is the weakness of `MinMaxScaler`: **two days decide**. Let one −999
# slip through the checks:

# %%
with_fault = train[["tmin"]].copy()
with_fault.iloc[100] = -999
squeezed = MinMaxScaler().set_output(transform="pandas").fit_transform(with_fault)["tmin"]
print(f"all other days now lie between {squeezed.drop(squeezed.idxmin()).min():.3f} and {squeezed.max():.3f}")

# %%
assert squeezed.drop(squeezed.idxmin()).min() > 0.95

# %% [markdown]
# | | `MinMaxScaler` | `StandardScaler` |
# |---|---|---|
# | uses | lowest, highest | mean, standard deviation |
# | gives | 0 to 1 in training | mean 0, standard deviation 1 in training |
# | take it when | bounds are wanted, as for pictures or shares | there is a typical value and no natural bound |
#
# Daily weather is of the second kind, and many tutorials take the first. Lessons 07 and 08 measure what the choice means
# for a network.
#
# ## How do I get degrees back?
#
# A network that reads scaled numbers and is trained on scaled targets answers in scaled numbers. So the target needs a
# way back. Give it **a scaler of its own**. A scaler wants a table, so the column is picked with two pairs of brackets.

# %%
target_scaler = MinMaxScaler()
target_scaler.fit(train[["temperature"]])

scaled_target = target_scaler.transform(test[["temperature"]])
there_and_back = target_scaler.inverse_transform(scaled_target)
print("shape of the scaled target:", scaled_target.shape)
print("the round trip gives the degrees back:", np.allclose(there_and_back, test[["temperature"]]))

# %%
assert np.allclose(there_and_back, test[["temperature"]])

# %% [markdown]
# Here, where several features go in and one target comes out, you carry two scalers. Both belong to the model. Whoever
# keeps the network's weights and loses its scalers has lost the model.
#
# ## Trap: the scaler that saw the test years
#
# `fit_transform` on the whole record, then the split: it is one line shorter, and it is in many tutorials. The scaler
# then knows the extremes of the test years. **Predict first:** how many degrees of error does the leak hide?
#
# To measure it we need a forecaster. We take a cheap one, **ridge regression**: the forecast is a weighted sum of all
# numbers in the window, here 30 days of four features. The weights are found from the training windows, and large ones
# cost a little. All that differs between the two runs is which days the scalers saw.

# %%
answer_days = record.index[30:]  # create_dataset's first answer is day 31; lesson 05 explains its windows
is_training, is_test = answer_days <= data.TRAIN_END, answer_days > data.VALIDATION_END


def ridge_forecast(seen_by_scalers):
    """Return the forecast in °C for all test days; the scalers are fitted on the rows that are handed in."""
    of_features = MinMaxScaler().fit(seen_by_scalers[FEATURES])
    of_target = MinMaxScaler().fit(seen_by_scalers[["temperature"]])
    windows, _ = create_dataset(of_features.transform(record[FEATURES]), 30)
    windows = windows.reshape(len(windows), -1)
    y = of_target.transform(record[["temperature"]])[30:]
    ridge = Ridge().fit(windows[is_training], y[is_training].ravel())
    return of_target.inverse_transform(ridge.predict(windows[is_test]).reshape(-1, 1))[:, 0]


honest, leaking = ridge_forecast(train), ridge_forecast(record)
persistence = record["temperature"].shift(1)[test.index]  # tomorrow will be as today
print(f"scalers saw the training years: {rmse(test['temperature'], honest):.3f} °C")
print(f"scalers saw all years:          {rmse(test['temperature'], leaking):.3f} °C")
print(f"tomorrow = today:               {rmse(test['temperature'], persistence):.3f} °C")
print(f"largest change in any forecast: {np.abs(honest - leaking).max():.3f} °C")

# %%
assert abs(rmse(test["temperature"], honest) - rmse(test["temperature"], leaking)) < 0.005
assert np.abs(honest - leaking).max() < 0.05
assert rmse(test["temperature"], honest) < rmse(test["temperature"], persistence)

# %% [markdown]
# Nothing, to two decimals. Here the leak is real and worthless. Why?

# %%
seen_only_later = [
    name
    for name in [*FEATURES, "temperature"]
    if not np.allclose([record[name].min(), record[name].max()], [train[name].min(), train[name].max()])
]
print("columns whose lowest or highest value is not in the training years:", seen_only_later)

# %%
assert seen_only_later == ["tmin"]
assert record["tmin"].min() == train["tmin"].min()
assert 0 < record["tmin"].max() - train["tmin"].max() < 1

# %% [markdown]
# Because 22 years had seen nearly all extremes already. Only one of the two limits of `tmin` moved, by less than a
# degree. On a short record, or one that climbs, the limits would move more.
#
# So is the rule pedantry? No. We could only say that the leak is harmless **after looking at the test years**. Fitting
# on the training part costs nothing and needs no such excuse. And other steps of preparation know far more of the
# future than two limits. Two of them follow.
#
# ## Trap: the filled day that knew tomorrow
#
# Let every tenth day of the training years be missing. We fill it, and then forecast the day after it with "tomorrow =
# today", where today is the filled day. **Predict first:** which filling gives the best forecast, and can it be better
# than a thermometer that worked?

# %%
is_missing = np.arange(len(training_years)) % 10 == 5
day_after = training_years.index[np.flatnonzero(is_missing)[:-1] + 1]
with_gaps = training_years.mask(is_missing)

todays = {"measured": training_years, "carried forward": with_gaps.ffill(), "interpolated": with_gaps.interpolate()}
next_day_errors = {name: rmse(training_years[day_after], today.shift(1)[day_after]) for name, today in todays.items()}
for name, error in next_day_errors.items():
    print(f"today's temperature {name + ':':16} tomorrow = today is wrong by {error:.2f} °C")

# %%
assert next_day_errors["interpolated"] < 0.85 * next_day_errors["measured"]
assert next_day_errors["carried forward"] > 1.2 * next_day_errors["measured"]
assert np.isclose(next_day_errors["interpolated"], next_day_errors["carried forward"] / 2)

# %% [markdown]
# The interpolated day beats the measured one. That cannot be: no guess knows today better than the thermometer does.
# It is the straight line. Its far end **is** tomorrow, the very value that we forecast. Half of the answer was in the
# question, so the error is half of that of carrying forward. A centred moving average ("to take out the noise") is a
# leak of the same kind, on every day of the record.
#
# A result that is too good is the best sign of a leak.
#
# **Mended:** fill as if the record ended on the day of the forecast. A gap that reaches this day can only be carried
# forward. That scores worse, and it is the truth: with today missing, tomorrow is harder. A gap further back may be
# interpolated, since the day after it is known.
#
# ## Trap: the shuffled split
#
# `train_test_split` shuffles unless told otherwise. For photographs that is fine. Our windows overlap: the window that
# ends today and the one that ended yesterday share 29 of 30 days. Shuffled, one goes to training and its twin to the
# test.
#
# What is that worth? We forecast the mean of the **next seven days** from the 30 days before, with **nearest
# neighbours**: find the five training windows most like this one, answer with the mean of what followed them. It
# learns by remembering, and nothing shows a leak better. Beside it stands ridge regression, which has only 31 numbers
# to remember with. We split in three ways, always about four years to judge and the rest to learn from:
#
# - **shuffled windows**: every window goes where chance puts it;
# - **shuffled years**: whole years go where chance puts them, so the twins stay together;
# - **by date**: learn from 1976-1997, judge on 1998-2001. (The test years stay closed.)
#
# **Predict first:** which one looks best, and which one can you believe?

# %%
open_years = temperature.loc[: data.VALIDATION_END]
X, y = create_dataset(open_years, 30, horizon=7)
X, y = X[:, :, 0], y.mean(axis=1)
first_day = open_years.index[30 : 30 + len(y)]  # of the seven days to forecast
last_day = first_day + pd.Timedelta(days=6)

by_date = np.flatnonzero(last_day <= data.TRAIN_END), np.flatnonzero(first_day > data.TRAIN_END)
judged_years = train_test_split(first_day.year.unique(), test_size=4, random_state=0)[1]
in_judged_years = first_day.year.isin(judged_years)
splits = {
    "shuffled windows": train_test_split(np.arange(len(y)), test_size=len(by_date[1]), random_state=0),
    "shuffled years": (np.flatnonzero(~in_judged_years), np.flatnonzero(in_judged_years)),
    "by date": by_date,
}

# %%
forecasters = {"nearest neighbours": KNeighborsRegressor(5), "ridge": Ridge()}
rows = []
for forecaster, model in forecasters.items():
    for split, (learn, judge) in splits.items():
        error = rmse(y[judge], model.fit(X[learn], y[learn]).predict(X[judge]))
        naive = rmse(y[judge], X[judge, -1])  # the coming week will be as today
        rows.append((forecaster, split, error, naive, skill(error, naive)))
result = pd.DataFrame(rows, columns=["forecaster", "split", "RMSE (°C)", "as today (°C)", "skill"])
result = result.set_index(["forecaster", "split"])
result.round(2)

# %% [markdown]
# **Skill** is the share of the naive error that the forecaster takes away. 0 means no better than "the coming week
# will be as today".

# %%
neighbours_skill, ridge_skill = result.loc["nearest neighbours", "skill"], result.loc["ridge", "skill"]
assert neighbours_skill["shuffled windows"] > 0.2
assert abs(neighbours_skill["by date"]) < 0.05
assert neighbours_skill["shuffled years"] < 0.1
assert abs(ridge_skill["shuffled windows"] - ridge_skill["by date"]) < 0.03

# %% [markdown]
# With shuffled windows the nearest neighbours seem to take away about a quarter of the naive error. By date they are
# worth nothing at all. That gap is pure pretence, and it is not the fault of easier years: when whole years are
# shuffled, the skill is gone as well. It is the twins. See how often the most similar training window overlaps the one
# to be judged:

# %%
for split, (learn, judge) in splits.items():
    neighbours = KNeighborsRegressor(1).fit(X[learn], y[learn])
    nearest = learn[neighbours.kneighbors(X[judge], return_distance=False)[:, 0]]
    overlap = (np.abs(nearest - judge) < 30).mean()
    print(f"{split + ':':18} the nearest training window overlaps in {overlap:4.0%} of the cases")
    assert (overlap > 0.4) == (split == "shuffled windows")
    assert overlap > 0.4 or overlap < 0.02

# %% [markdown]
# And ridge regression? Its skill is the same, shuffled or not. It has too few numbers to remember single weeks with. So
# a shuffled split does not flatter every model. It flatters those that can remember, and a network has thousands of
# numbers to remember with. (Bergmeir and others, below, prove that shuffling is allowed for models that use nothing but
# the past values, provided that their errors are uncorrelated.)
#
# **Mended:** the date of the answer decides which part a window belongs to. Its 30 days may reach back into the part
# before, since the past is known. Shuffling the training windows among themselves, during training, is another matter,
# and fine: {lesson:training}.
#
# ## Trap: inverse_transform on one column of several
#
# A network has read four scaled features and forecast one scaled temperature a day. Its output has shape
# (samples, 1). Here are three such outputs, and the scaler of the four features.

# %%
scaled_forecast = target_scaler.transform(test[["temperature"]])[:3]  # a stand-in for what a network returns

try:
    feature_scaler.inverse_transform(scaled_forecast)
except ValueError as error:
    print("ValueError:", error)

# %% [markdown]
# The message speaks of broadcasting. It means: *this scaler has four columns, you gave it one.* The remedy is the
# scaler that knows the target and nothing else.

# %%
print(target_scaler.inverse_transform(scaled_forecast)[:, 0])

# %% [markdown]
# The second message that people meet comes with one dimension too few:

# %%
try:
    target_scaler.inverse_transform(scaled_forecast[:, 0])
except ValueError as error:
    print("ValueError:", str(error).splitlines()[0])

# %% [markdown]
# A scaler wants a table, (samples, columns). `.reshape(-1, 1)` makes a column of a plain list of numbers, and
# `[:, 0]` makes a plain list of a column.
#
# A workaround is handed around on the web: pad the forecast with zeros to four columns, invert, pick one. It runs.
# But if the wrong column is picked, it runs as well:

# %%
padded = np.zeros((3, len(FEATURES)))
padded[:, 0] = scaled_forecast[:, 0]
as_if_tmin = feature_scaler.set_output(transform="default").inverse_transform(padded)[:, 0]
print("observed, °C:        ", test["temperature"].iloc[:3].to_numpy())
print("with tmin's limits:  ", as_if_tmin.round(2))

# %%
assert (np.abs(as_if_tmin - test["temperature"].iloc[:3]) > 1).all()

# %% [markdown]
# Wrong by degrees, and no error. A scaler for the target alone cannot go wrong in this way.
#
# ## Exercises
#
# Replace each `...` and run the cell, then run the check below it.
#
# **1. The longest gap.** `holes` is a record from which days are missing altogether. Which gap is the longest? Give
# its first missing day, and the number of missing days.

# %%
holes = check.record_with_gaps()

longest_gap = (..., ...)
### BEGIN SOLUTION
step_between_rows = holes.index.to_series().diff()
day_before_gap = step_between_rows.idxmax() - step_between_rows.max()
longest_gap = (day_before_gap + pd.Timedelta(days=1), step_between_rows.max().days - 1)
### END SOLUTION

# %%
check.longest_gap(longest_gap)

# %% [markdown]
# **2. The split.** Write `split_by_date`: three parts, in time order. `train_end` and `validation_end` are the last
# days of their parts. It should work for any daily record in order, not for Brussels alone.

# %%


def split_by_date(frame, train_end, validation_end):
    ...
    ### BEGIN SOLUTION
    days = frame.index
    training = frame[days <= train_end]
    validation = frame[(days > train_end) & (days <= validation_end)]
    return training, validation, frame[days > validation_end]
    ### END SOLUTION


# %%
check.split_by_date(split_by_date)

# %% [markdown]
# **3. The leaking scaler.** This function leaks:
#
# ```python
# def scale(frame, train_end):
#     return MinMaxScaler().fit_transform(frame)
# ```
#
# Write one that does not. It returns **all** days scaled to 0–1 with the limits of the days up to and including
# `train_end`.

# %%


def scale(frame, train_end):
    ...
    ### BEGIN SOLUTION
    return MinMaxScaler().fit(frame.loc[:train_end]).transform(frame)
    ### END SOLUTION


# %%
check.scale(scale)

# %% [markdown]
# **4. The way back.** A network hands you its forecast as an array of shape (samples, 1), scaled. Return the degrees,
# one plain number a sample: shape (samples,). It should work with either kind of scaler.

# %%


def to_celsius(forecast, scaler_of_target):
    ...
    ### BEGIN SOLUTION
    return scaler_of_target.inverse_transform(forecast)[:, 0]
    ### END SOLUTION


# %%
check.to_celsius(to_celsius)

# %% [markdown]
# **5. A detector for leaks.** There is a test that finds leaks in any step of preparation. Cut the series after some
# day, and prepare the short series. Prepare the whole series too. If the results differ on the days up to the cut,
# then the step has looked ahead.
#
# Write it. `prepare` is a function that takes a series and returns a series of the same days, for example
# `lambda series: series.ffill()`. Return `True` if it looks ahead, `False` if not. (A value may be NaN in both results.
# That is no difference, but `NaN == NaN` is `False`.)

# %%


def looks_ahead(prepare, series, day):
    ...
    ### BEGIN SOLUTION
    with_future = prepare(series).loc[:day]
    without_future = prepare(series.loc[:day])
    return not np.allclose(with_future, without_future, equal_nan=True)
    ### END SOLUTION


# %%
check.looks_ahead(looks_ahead)

# %% [markdown]
# ## What to take away
#
# - Draw the record, count its faults, make them missing values, leave the file alone.
# - Give every day of the calendar a row. Fill short gaps, whole; leave long ones. A filled day is a guess.
# - Split by date, before anything is fitted.
# - Fit scalers on the training part. A test value outside 0–1 is news, not an error.
# - The target has a scaler of its own.
# - A leak can be worthless (the scaler, here) or make a useless forecaster look good (the shuffle). You cannot tell
#   beforehand. A score that is too good is the best sign.
#
# ## Self-test
#
# <details><summary>In the test part a scaled temperature is 1.07. What has happened, and what do you do?</summary>
#
# A day was warmer than any day of the training part, by 7 % of the training range. Nothing is to be done. It would be
# a mistake to fit the scaler again, or to clip the value.
# </details>
#
# <details><summary>Why is a shuffled split worse for windows than for single days?</summary>
#
# Neighbouring windows share nearly all of their days, and their targets may overlap too. After shuffling, almost every
# test window has such a twin among the training windows. A model that remembers the twin seems to forecast.
# </details>
#
# <details><summary>A colleague smooths the record with a centred moving average of 7 days, then splits it by date and
# gets a remarkable score. What do you say?</summary>
#
# The smoothed value of today contains the next three days. Every input knows part of its answer, on both sides of the
# split. Cut the series at one day and smooth it again: the last values change, so the step looks ahead.
# </details>
#
# ## Where next
#
# {Lesson:windowing} cuts the scaled record into windows. Lessons 07 and 08 train on them and come back to degrees. {Lesson:your_own_data} runs
# such checks on a file of your own.
#
# ## References
#
# - I. Durre and others, *Comprehensive Automated Quality Assurance of Daily Surface Observations*, Journal of Applied
#   Meteorology and Climatology 49, 2010, [doi:10.1175/2010JAMC2375.1](https://doi.org/10.1175/2010JAMC2375.1): the
#   checks that a large archive of daily records runs.
# - C. Bergmeir, R. J. Hyndman and B. Koo, *A note on the validity of cross-validation for evaluating autoregressive
#   time series prediction*, Computational Statistics & Data Analysis 120, 2018,
#   [doi:10.1016/j.csda.2017.11.003](https://doi.org/10.1016/j.csda.2017.11.003): when a shuffled split is allowed.
# - V. Cerqueira, L. Torgo and I. Mozetič, *Evaluating time series forecasting models: an empirical study on performance
#   estimation methods*, Machine Learning 109, 2020,
#   [doi:10.1007/s10994-020-05910-7](https://doi.org/10.1007/s10994-020-05910-7): when it is not.
# - S. Kapoor and A. Narayanan, *Leakage and the Reproducibility Crisis in ML-based Science*, 2022,
#   [arXiv:2207.07048](https://arxiv.org/abs/2207.07048): what leaks have done in 17 fields of research.
# - The record: see the data card, `data/README.md`.
