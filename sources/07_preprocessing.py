# ---
# jupyter:
#   lesson:
#     part: The forecast
#     question: How do I split a daily record, take out its yearly cycle and scale it, without cheating?
#     learn: to split a record in time, to take out the yearly cycle, to scale, to come back to degrees, to recognise a leak
#     need: "{lesson:cleaning} (a record without faults, filling); no neural network is trained here"
# ---

# %% [markdown]
# # Preprocessing: split and scale without cheating
#
# At the end of this lesson you can turn a clean daily record into numbers that a network can learn from, without
# letting the future into the past.

# %% [markdown]
# One rule runs through the whole lesson:
#
# > A forecast, and everything that was prepared for it, may use only what was known on the day it was made.
#
# To break it is to have a **leak**: news from the future reaches the forecast. A leak makes scores look better than
# they will ever be in use. Some leaks are large and some are tiny. We run three of them.
#
# ## How do I split the record?
#
# Into three parts, by date:
#
# - **training**: what the network, the scalers and every other fitted thing learn from;
# - **validation**: for decisions, such as when to stop the training;
# - **test**: the exam, scored once, at the end.
#
# The parts are in the order of time, because a forecast is: the past is known, the future is wanted. Each part has
# whole years, so each season counts alike. `data.load` reads the record of {lesson:cleaning}, with the daily mean as
# first column.

# %%
from inspect import signature

import numpy as np
import pandas as pd
from matplotlib.colors import ListedColormap
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsRegressor
from sklearn.preprocessing import MinMaxScaler

from helpers import baselines, data, plots
from helpers.evaluation import gain, rmse, skill
from helpers.exercises import preprocessing as check
from helpers.season import yearly_cycle
from helpers.windows import create_dataset

record = data.load("brussels")
days = record.index
train = record[days <= data.TRAIN_END]
validation = record[(days > data.TRAIN_END) & (days <= data.VALIDATION_END)]
test = record[days > data.VALIDATION_END]

parts = {"training": train, "validation": validation, "test": test}
for name, part in parts.items():
    mean = part["temperature"].mean()
    print(f"{name:10} {part.index[0]:%Y-%m-%d} to {part.index[-1]:%Y-%m-%d}: {len(part):5,} days, mean {mean:.2f} °C")

# %%
assert sum(len(part) for part in parts.values()) == len(record)
assert all(map(pd.DataFrame.equals, parts.values(), data.split(record, data.TRAIN_END, data.VALIDATION_END)))
assert test["temperature"].mean() - train["temperature"].mean() > 0.5

# %% [markdown]
# No day is in two parts, and none is lost. Mind the borders: `.loc["1997-12-31":]` **includes** its first day, so
# `.loc[:"1997-12-31"]` beside it would put that day into both parts. The comparisons `<=` and `>` do not. From here on
# `data.split` does the same.
#
# Look at the means. The test years are warmer than the training years, by more than half a degree. Forecasting is
# like that: the days to come are never quite like those you learned from. A split by date keeps that difficulty.
#
# ## What is usual for the day?
#
# Most of a temperature is the calendar: July is warm. The calendar of the days to come is known, so it needs no
# forecast. We take it out, forecast the rest, and put it back.
#
# What is usual on each day of the year is the **yearly cycle**. How far a day lies above or below it is its
# **departure**, or **anomaly**. In {lesson:cleaning} the mean of each date stood for what is usual. It was called
# *normal* there. But a mean of 22 values is restless from date to date. We want a smooth year, so we build it from
# **waves** of a year, half a year and a third of a year. A sine and a cosine of equal length add up to a wave that has
# its top on any day. With the angle $a$ of the day, $2\pi$ for a whole year:
#
# $$\text{usual} = w_0 + \sum_{k=1}^{3} \big( s_k \sin ka + c_k \cos ka \big)$$
#
# The seven weights are fitted by **least squares**: they make the sum of the squared departures as small as it can be,
# **on the training days**.

# %%
temperature = record["temperature"]
is_training = days <= data.TRAIN_END

angle = 2 * np.pi * days.day_of_year.to_numpy() / 365.25
waves = np.column_stack([np.ones(len(days))] + [wave(k * angle) for k in (1, 2, 3) for wave in (np.sin, np.cos)])
weights, *_ = np.linalg.lstsq(waves[is_training], temperature[is_training], rcond=None)
usual_by_hand = waves @ weights
print("waves", waves.shape, "times weights", weights.shape, "make", usual_by_hand.shape)

# %% [markdown]
# `yearly_cycle`, in `helpers.season`, does the same, for a column or a whole table. `+ usual` undoes `- usual`:

# %%
usual = yearly_cycle(temperature, data.TRAIN_END, days)
departure = temperature - usual
print("the round trip gives the degrees back:", np.allclose(departure + usual, temperature))
print(f"standard deviation of the training days:  {temperature[is_training].std():.1f} °C")
print(f"standard deviation of their departures:   {departure[is_training].std():.1f} °C")

# %%
assert np.allclose(usual, usual_by_hand)
assert np.allclose(departure + usual, temperature)
assert abs(departure[is_training].mean()) < 1e-9
assert 0.5 < departure[is_training].std() / temperature[is_training].std() < 0.6
of_date = train["temperature"].groupby(train.index.strftime("%m-%d")).mean().drop("02-29")
assert of_date.diff().abs().mean() > 4 * usual["1997"].diff().abs().mean()  # restless

# %% tags=["slide"]
fig, (upper, lower) = plots.figure(2, 1, sharex=True, figsize=(8, 4.5))
upper.plot(temperature["1995":"1997"], linewidth=0.8, label="temperature")
upper.plot(usual["1995":"1997"], label="yearly cycle")
upper.set(ylabel="temperature (°C)")
upper.legend(ncols=2)
lower.plot(departure["1995":"1997"], linewidth=0.8)
lower.axhline(0, color=plots.COLOURS[1])
lower.set(ylabel="departure (°C)")
plots.show(
    fig,
    "Two charts of the years 1995 to 1997. Above, the temperature, restless, and the yearly cycle, a smooth curve that "
    "swings three times between about 3 and 18 °C. Below, the departures: no yearly swing is left, only ups and downs "
    "around 0, most of them within 5 °C. The lowest, about -15 °C, is in January 1997.",
)

# %% [markdown]
# Below, the yearly swing is gone. What is left is the weather: spells of a few days above or below 0. The standard
# deviation, the spread of values around their mean, has fallen by nearly half.
#
# ## How much of today's departure is left tomorrow?
#
# **Predict first:** today is 4 °C warmer than usual. How many of the four will be left tomorrow? "Tomorrow will be as
# today", which is **persistence**, says about 4. "As in an average year", which is **climatology**, says 0. The training
# years can tell.

# %%
today, tomorrow = departure[is_training][:-1].to_numpy(), departure[is_training][1:].to_numpy()
phi = (today * tomorrow).sum() / (today**2).sum()
print(f"of today's departure, {phi:.0%} is left tomorrow")

# %%
strip = np.abs(today - 6) < 0.5
assert strip.sum() > 100
assert 6 * phi - 0.5 < tomorrow[strip].mean() < 5
assert np.isclose(today.std(), tomorrow.std(), rtol=0.001)  # so the cloud's length has slope 1

# %% tags=["slide"]
fig, ax = plots.figure(figsize=(5, 4.2))
ax.plot(today, tomorrow, ".", markersize=2, alpha=0.4, color="grey")
ends = np.array([-15, 12])
for name, slope, style in [("persistence", 1, "--"), ("damped anomaly", phi, "-"), ("climatology", 0, ":")]:
    ax.plot(ends, slope * ends, style, linewidth=2, label=f"{name}: {slope:.2f}")
ax.set(xlabel="departure today (°C)", ylabel="departure tomorrow (°C)")
ax.legend(title="slope")
plots.show(
    fig,
    "Cloud of grey dots, one a training day: tomorrow's departure against today's, both from about -15 to 12 °C. The "
    "cloud is long and narrow and climbs to the right. Three lines through 0: persistence, with slope 1, runs along the "
    "cloud's length. The damped anomaly is flatter, with a slope of about 0.8. Climatology lies flat.",
)

# %% [markdown]
# The dashed line runs along the cloud, yet it is not the best forecast. Take an upright strip: all dots with 6 °C today.
# Their mean lies below the dashed line, near the solid one. Misses count up and down, not across.
#
# $\varphi$, "phi", is the slope of the straight line through 0 that fits the dots best, again by least squares. With
# $d$ for the departure it is $\varphi = \sum d_{\text{today}}\, d_{\text{tomorrow}} \,/ \sum d_{\text{today}}^2$.
# So about 3 of the 4 °C are left. That makes a forecast, the **damped anomaly**:
#
# $$\text{forecast} = \text{usual}_{\text{tomorrow}} + \varphi \cdot d_{\text{today}}$$
#
# Cycle and $\varphi$ are fitted on the training years. We judge on the validation years.

# %%
truth = validation["temperature"]
by_hand = (usual + phi * departure.shift(1))[truth.index]  # shift(1): beside each date, the day before
print(f"damped anomaly by hand: RMSE {rmse(truth, by_hand):.3f} °C on the validation years")

# %% [markdown]
# `helpers.baselines` has it too, and what it is to be compared with. **Seasonal naive** is the same date a year ago.
# **Ridge** is the straight line of {lesson:quickstart}, the weighted sum of the last 30 days. (In {lesson:gru_vs_lstm}
# it read seven numbers a day and did better. Here it reads the temperature alone.) The **autoregression** is the damped
# anomaly with three departures in place of one, each with a weight of its own.

# %% tags=["slide"]
simple = {name: f(temperature, data.TRAIN_END, truth.index) for name, f in baselines.FORECASTERS.items()}
errors = pd.Series({name: rmse(truth, forecast) for name, forecast in simple.items()}).sort_values()
errors.to_frame("RMSE (°C), validation years").round(3)

# %%
assert 0.75 < phi < 0.85
assert np.allclose(simple["damped anomaly"], by_hand)
assert gain(truth, simple["damped anomaly"], simple["persistence"]).low > 0.03
by_year = (pd.DataFrame(simple).sub(truth, axis=0) ** 2).groupby(truth.index.year).mean()
assert (by_year["damped anomaly"] < by_year["persistence"]).all()
assert errors["damped anomaly"] < errors["ridge"] + 0.01
assert gain(truth, simple["autoregression"], simple["ridge"]).low > 0
assert gain(truth, simple["autoregression"], simple["damped anomaly"]).low > 0

# %% [markdown]
# One number and a calendar beat persistence, in each of the four years, and are not behind 30 temperatures. Three
# departures are ahead of both.
#
# Is it the cycle, or the number of days? Here is the control: the same weighted sum, of temperatures and of departures.

# %%


def error_of_sum(series, lags):
    """Forecast from the last `lags` values, with weights fitted on the training days; return the RMSE in °C."""
    before = pd.concat([series.shift(lag) for lag in range(1, lags + 1)], axis=1).iloc[lags:].to_numpy()
    following = series.iloc[lags:]
    learn = following.index <= data.TRAIN_END
    forecast = pd.Series(LinearRegression().fit(before[learn], following[learn]).predict(before), following.index)
    return rmse(series[truth.index], forecast[truth.index])


both = {"of temperatures": temperature, "of departures": departure}
sums = pd.DataFrame({name: {lags: error_of_sum(series, lags) for lags in (1, 3, 30)} for name, series in both.items()})
sums.rename_axis("days in the sum").round(3)

# %%
assert (sums["of departures"] < sums["of temperatures"] - 0.03).all()
assert (sums.loc[3] < sums.loc[1] - 0.02).all()
assert sums.loc[3, "of departures"] < sums.loc[30, "of temperatures"] - 0.03
assert abs(sums.loc[30, "of departures"] - sums.loc[3, "of departures"]) < 0.015

# %% [markdown] tags=["teacher"]
# "The best line runs along the cloud." Ask: in which direction does a forecast miss, up and down or across? Up and
# down. Then have them lay a ruler upright at 6 °C: does the middle of the dots lie above or below the dashed line?
# Below.

# %% [markdown]
# It is both, but the cycle cannot be replaced. Three days are better than one in either sum. Yet whatever the number of
# days, the sum of departures misses by less. Without the cycle, 30 days do not reach what three do with it. From here
# on, the damped anomaly stands beside every network, as a bar to clear.
#
# ## How do I scale?
#
# The columns live on different scales: the wettest training day has more than 50 mm of rain, and `et0` stays below 10
# mm. A network starts with small random weights and does best with numbers of about the same small size. **Scaling**
# brings them there. `MinMaxScaler` does it with two numbers for each column, its lowest and its highest value:
#
# $$\text{scaled} = \frac{\text{value} - \text{lowest}}{\text{highest} - \text{lowest}}$$
#
# `fit` finds the two numbers. `transform` applies the formula. We fit on the training part, and transform all parts
# with what was found there.

# %%
FEATURES = ["tmin", "tmax", "rain", "et0"]

feature_scaler = MinMaxScaler().set_output(transform="pandas")  # a table in, a table out
feature_scaler.fit(train[FEATURES])

scaled_train = feature_scaler.transform(train[FEATURES])
scaled_test = feature_scaler.transform(test[FEATURES])
pd.concat({"training": scaled_train.agg(["min", "max"]), "test": scaled_test.agg(["min", "max"])}).round(3)

# %%
assert train["rain"].max() > 50
assert train["et0"].max() < 10

# %% [markdown]
# In training every column runs from 0 to 1, as it must. In the test years `tmin` goes **above 1**. (We look at the test
# years here to see just that. Nothing is decided by it.)

# %%
outside = test[(scaled_test > 1).any(axis=1) | (scaled_test < 0).any(axis=1)]
print(f"warmest night of the training years: {train['tmin'].max()} °C")
outside[["tmin", "tmax"]]

# %%
assert len(outside) == 3
assert (outside["tmin"] > train["tmin"].max()).all()
assert set(zip(outside.index.year, outside.index.month, strict=True)) == {(2003, 8), (2004, 8)}

# %% [markdown] tags=["teacher"]
# "1.02 is an error: clip it, or fit again." Ask: what would the network then be told of that night? That it was no
# warmer than one of the training years. It was.

# %% [markdown]
# Three nights, in August 2003 and August 2004, were warmer than any night in 22 years of training. A scaled value above
# 1 says just that. It is no error. Do not refit the scaler to make it go away, and do not clip it to 1. A network can
# take 1.02, and a heat wave is what one would like to know about.
#
# `StandardScaler` is the other common choice. It subtracts the mean and divides by the standard deviation. The result is
# a **z-score**, as in {lesson:gru_vs_lstm}. It has no bounds, and its standard deviation is 1. Which of the two suits a
# network is measured in {lesson:faster}.
#
# ## How do I get degrees back?
#
# A network that is trained on scaled departures answers in scaled departures. The way back undoes each step, the last
# one first: the scaling, then the cycle. So give the target **a scaler of its own**. A scaler wants a table, and
# `to_frame()` makes one of a single column.

# %%
target_scaler = MinMaxScaler()
target_scaler.fit(departure[train.index].to_frame())

scaled_target = target_scaler.transform(departure[test.index].to_frame())
there_and_back = target_scaler.inverse_transform(scaled_target)[:, 0] + usual[test.index]
print("shape of the scaled target:", scaled_target.shape)
print("the round trip gives the degrees back:", np.allclose(there_and_back, test["temperature"]))

# %%
assert np.allclose(there_and_back, test["temperature"])

# %% [markdown]
# Here, where several features go in and one target comes out, you carry two scalers and a cycle. They belong to the
# model. Whoever keeps the network's weights and loses these has lost the model.
#
# ## Trap: the cycle of the wrong day
#
# The cycle must be that of the day **that the forecast is for**. It is easy to add that of the day **on which it is
# made**. **Predict first:** by how much does that raise the error, one day ahead? And 14 days ahead?

# %%
for ahead in (1, 7, 14):
    right = baselines.damped_anomaly(temperature, data.TRAIN_END, truth.index, horizon=ahead)
    wrong = right - (usual - usual.shift(ahead))[truth.index]
    off = (departure + usual.shift(ahead) - temperature).abs().max()
    print(
        f"{ahead:2} days ahead: RMSE {rmse(truth, right):.3f} °C, with the wrong day {rmse(truth, wrong):.3f} °C; ",
        end="",
    )
    print(f"round trip off by up to {off:.2f} °C")

# %%
cycle_moves = usual.diff(14).abs().max()
assert 1.5 < cycle_moves < 2.5
assert np.isclose(off, cycle_moves)  # of the last pass, 14 days ahead
assert 0 < rmse(truth, by_hand - usual.diff()[truth.index]) - errors["damped anomaly"] < 0.01
assert rmse(truth, wrong) - rmse(truth, right) > 0.25

# %% [markdown] tags=["teacher"]
# "The score is nearly the same, so it is right." Ask: what would show the mistake for certain, without any forecast? A
# round trip: the true departures, sent the way back, must give the record.

# %% [markdown]
# One day ahead, the score does not notice. In a day the cycle moves by a tenth of a degree. Two weeks ahead, all
# forecasts come late by two weeks of season. A **round trip** notices at once: hand the way back the true departures in
# place of forecast ones, and the record must come out. Test every way back like this.
#
# ## Trap: the scaler that saw the test years
#
# `fit_transform` on the whole record, then the split: it is one line shorter, and it is in many tutorials. The scaler
# then knows the extremes of the test years. **Predict first:** how many of the eight limits change?

# %%
of_all, of_training, of_one_year = (part[FEATURES].agg(["min", "max"]) for part in (record, train, train.loc["1976"]))
(of_all - of_training).round(1)

# %%
moves = of_all != of_training
assert moves.to_numpy().sum() == 1
assert moves.loc["max", "tmin"]
assert 0 < (of_all - of_training).loc["max", "tmin"] < 1
assert (of_all != of_one_year).to_numpy().sum() == 5

# %% [markdown]
# One, and by less than a degree. The scaled test value of the warmest night is 1.00 in place of 1.02. Here the leak is
# real and tiny, because 22 years had seen nearly all extremes. After a single year, five of the eight would still move.
#
# The yearly cycle is fitted as well. What if it sees the whole record?

# %%
usual_of_all = yearly_cycle(temperature, days[-1], days)
gained = rmse(truth, usual[truth.index]) - rmse(truth, usual_of_all[truth.index])
print(f"the cycle of all years is warmer by {(usual_of_all - usual).mean():.2f} °C")
print(f"on the validation years, climatology's error falls by {gained:.2f} °C")

# %%
assert 0.1 < (usual_of_all - usual).mean() < 0.3
assert 0.03 < gained < 0.08
warmer_alone = (usual + (usual_of_all - usual).mean())[truth.index]
assert rmse(truth, usual[truth.index]) - rmse(truth, warmer_alone) > 0.5 * gained

# %% [markdown] tags=["teacher"]
# "The leak is tiny, so the rule does not matter." Ask: how do you know that it is tiny? By looking at the later years.
# After one year of training, five limits would move. And the cycle that saw all years? Its gain is pretended, too.

# %% [markdown]
# It has been told that later years are warmer. That alone makes up more than half of the pretended gain.
#
# So is the rule pedantry? No. We could only say that a leak is small **after looking at later years**. Fitting on the
# training part costs nothing and needs no such excuse. And other steps of preparation know far more of the future. Two
# of them follow.
#
# ## Trap: the filled day that knew tomorrow
#
# Let every tenth day of the training years be missing. We fill it, and then forecast the day after it with "tomorrow =
# today", where today is the filled day. **Predict first:** which filling gives the best forecast, and can it be better
# than a thermometer that worked?

# %% tags=["slide"]
training_years = train["temperature"]
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

# %% [markdown] tags=["teacher"]
# "Interpolation is just better." Ask: better than a thermometer that worked? Let them draw the line over the gap, and
# name the day at its far end: tomorrow, the day to be forecast.

# %% [markdown]
# The interpolated day beats the measured one. That cannot be: no guess knows today better than the thermometer does.
# It is the straight line. Its far end **is** tomorrow, the very value that we forecast. Half of the answer was in the
# question, so the error is half of that of carrying forward.
#
# A result that is too good is the best sign of a leak.
#
# **Mended:** fill as if the record ended on the day of the forecast. A gap that reaches this day may be filled from its
# past only. Carry the last value forward, or let its departure fade towards 0. That scores worse, and it is the truth:
# with today missing, tomorrow is harder. A gap further back may be interpolated, since the day after it is known.
#
# ## Trap: the shuffled split
#
# `train_test_split` shuffles unless told otherwise. For photographs that is fine. Our windows overlap: the window that
# ends today and the one that ended yesterday share 29 of 30 days. Shuffled, one goes to training and its twin to the
# test.
#
# What is that worth? We forecast the mean of the **next seven days** from the 30 days before, with **nearest
# neighbours**: find the five training windows most like this one, answer with the mean of what followed them.
# (`horizon=7` makes the seven days after each window its answer.) It learns by remembering, and nothing shows a leak
# better. We split in three ways, always about four years to judge and the rest to learn from:
#
# - **shuffled windows**: every window goes where chance puts it;
# - **shuffled years**: whole years go where chance puts them, so the twins stay together;
# - **by date**: learn from 1976-1997, judge on 1998-2001. (The test years stay closed.)
#
# **Predict first:** which one looks best, and which one can you believe?

# %%
open_years = record["temperature"].loc[: data.VALIDATION_END]
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

# %% tags=["slide"]
is_judged = pd.DataFrame({name: np.isin(np.arange(len(y)), judge) for name, (_, judge) in splits.items()}, first_day)
around = is_judged.loc["1997-11-15":"1998-02-15"]
fig, ax = plots.figure(figsize=(8, 2))
ax.pcolormesh(
    around.index, range(3), around.T, cmap=ListedColormap([plots.COLOURS[4], plots.COLOURS[1]]), edgecolor="white"
)
ax.set(
    yticks=range(3),
    yticklabels=around.columns,
    title="each window by its first answer: blue to learn from, orange to judge",
)
ax.invert_yaxis()
ax.grid(visible=False)
plots.show(
    fig,
    "Three rows of squares, one for each way to split, a square for each window around the turn of the year 1997/98. "
    "Shuffled windows: single orange squares among many blue ones. Shuffled years: all blue, for both years went to "
    "the part to learn from. By date: blue until December 1997, orange from January 1998 on.",
)

# %%
assert signature(train_test_split).parameters["shuffle"].default is True
assert is_judged["shuffled windows"].rolling(3, center=True).min()[is_judged["shuffled windows"]].mean() < 0.1
assert not around["shuffled years"].any()

# %% [markdown]
# In the first row nearly every orange window has a blue one right beside it: its twin. (In the last row the six windows
# from 26 to 31 December have answers on both sides. They belong to neither part, and are drawn in blue.)

# %% tags=["slide"]
rows = {}
for split, (learn, judge) in splits.items():
    neighbours = KNeighborsRegressor(5).fit(X[learn], y[learn])
    error = rmse(y[judge], neighbours.predict(X[judge]))
    naive = rmse(y[judge], X[judge, -1])  # the coming week will be as today
    nearest = learn[neighbours.kneighbors(X[judge], 1, return_distance=False)[:, 0]]
    overlapping = (np.abs(nearest - judge) < 30).mean()  # the nearest window shares days with the one judged
    rows[split] = [error, naive, skill(error, naive), overlapping]
result = pd.DataFrame.from_dict(rows, "index", columns=["RMSE (°C)", "as today (°C)", "skill", "overlapping"])
result.round(2)

# %%
assert result.loc["shuffled windows", "skill"] > 0.2
assert result.loc["shuffled years", "skill"] < 0.1
assert abs(result.loc["by date", "skill"]) < 0.05
assert result.loc["shuffled windows", "overlapping"] > 0.4
assert (result.loc[["shuffled years", "by date"], "overlapping"] < 0.02).all()

# %% [markdown] tags=["teacher"]
# "Shuffling is fair, every window has the same chance." Ask: what does a twin in training know of the judged window?
# 29 of its 30 days. "So never shuffle." Ask: what of the training windows among themselves? They may be shuffled: none
# of them is judged.

# %% [markdown]
# **Skill** is the share of the naive error that the forecaster takes away. 0 means no better than "the coming week
# will be as today".
#
# With shuffled windows the nearest neighbours seem to take away about a quarter of the naive error. By date they are
# worth nothing at all. That gap is pure pretence, and it is not the fault of easier years: when whole years are
# shuffled, the skill is gone as well. It is the twins. The last column shows how often the most similar training window
# shares days with the one to be judged.
#
# **Mended:** the dates of the answers decide which part a window belongs to. One with answers on both sides belongs to
# none. Its 30 days may reach back into the part before, since the past is known. {Lesson:windowing} draws such windows.
# Shuffling the training windows among themselves, during training, is another matter, and fine.
#
# ## Trap: inverse_transform on one column of several
#
# A network has read four scaled features and forecast one scaled departure a day. Its output has shape (samples, 1).
# Here are three such outputs, and the scaler of the four features.

# %%
scaled_forecast = scaled_target[:3]  # a stand-in for what a network returns

try:
    feature_scaler.inverse_transform(scaled_forecast)
except ValueError as error:
    print("ValueError:", error)

# %% [markdown]
# The message speaks of broadcasting. It means: *this scaler has four columns, you gave it one.* The remedy is the
# scaler that knows the target and nothing else.

# %%
print(target_scaler.inverse_transform(scaled_forecast)[:, 0] + usual[test.index[:3]])

# %% [markdown] tags=["teacher"]
# "Then add three columns of zeros." Ask: which scaler was fitted on departures? Not this one: it would read the
# departure as a scaled `tmin`.

# %% [markdown]
# A scaler wants a table, (samples, columns). If it says "Expected 2D array, got 1D array", `.reshape(-1, 1)` makes a
# column of a plain list of numbers. `[:, 0]` makes a plain list of a column.
#
# ## Exercises
#
# Replace each `...` and run the cell, then run the check below it.
#
# **1. The split.** Write `split_by_date`: three parts, in time order. `train_end` and `validation_end` are the last
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
# **2. The leaking scaler.** This function leaks:
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
# **3. A week ahead.** Write `damped_anomaly` for any number of days `ahead`. How much of a departure is left so many
# days later? Fit that share on pairs of days that both lie in training, up to and including `train_end`. `temperature`
# and `usual` are Series on the same days. Return the forecast for every day that has one: all but the first `ahead`.
# (pandas lines up dates by itself, and `.sum()` skips NaN.)

# %%


def damped_anomaly(temperature, usual, train_end, ahead):
    ...
    ### BEGIN SOLUTION
    departure = temperature - usual
    known = departure.shift(ahead)  # beside each day, the departure that is known when the forecast is made
    products = (known * departure).loc[:train_end].sum()
    share = products / (known.loc[:train_end] ** 2).sum()
    return (usual + share * known).iloc[ahead:]
    ### END SOLUTION


# %%
check.damped_anomaly(damped_anomaly)

# %% [markdown]
# **4. A detector for leaks.** Here is a test for any step of preparation. Cut the series after some day, and prepare the
# short series. Prepare the whole series too. If the results differ on the days up to the cut, then the step has looked
# ahead. (If they agree, try other days: a leak may touch a few days only.)
#
# Write it. `prepare` is a function that takes a series and returns a series of the same days, for example
# `lambda series: series.ffill()`. `day` is the last day that is kept. Return `True` if it looks ahead, `False` if not.
# (A value may be NaN in both results. That is no difference, but `NaN == NaN` is `False`.)

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

# %% [markdown] tags=["teacher"]
# Do 2 together: on which days does `fit` look, on which does `transform`? The likely slip takes the limits of all
# days; the hint says so. In 1 it puts a border day into two parts, since `.loc` includes both ends. In 3 it fits the
# share on all days; in 4 it takes NaN for a difference. 3 and 4 are for home.

# %% [markdown]
# ## What to take away
#
# - Split by date, before anything is fitted.
# - Take out the yearly cycle, forecast the departure, add the cycle of the day that the forecast is for.
# - The damped anomaly is the simplest bar: what is usual tomorrow, plus a share of today's departure. With three
#   departures the bar is a little higher.
# - Fit cycle and scalers on the training part. A test value outside 0–1 is news, not an error.
# - The target has a scaler of its own. Test the way back with a round trip.
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
# {Lesson:windowing} cuts the prepared record into windows. {Lesson:training} trains on them, and {lesson:prediction}
# comes back to degrees.
#
# ## References
#
# - R. J. Hyndman and G. Athanasopoulos, *Forecasting: Principles and Practice*, 2021: waves for a yearly cycle (there:
#   Fourier terms), autoregression.
# - V. Cerqueira, L. Torgo and I. Mozetič, *Evaluating time series forecasting models: an empirical study on performance
#   estimation methods*, Machine Learning 109, 2020,
#   [doi:10.1007/s10994-020-05910-7](https://doi.org/10.1007/s10994-020-05910-7): which ways to split a series can be
#   trusted.
# - S. Kapoor and A. Narayanan, *Leakage and the Reproducibility Crisis in ML-based Science*, 2022,
#   [arXiv:2207.07048](https://arxiv.org/abs/2207.07048): what leaks have done in 17 fields of research.
# - The record: see the data card, `data/README.md`.

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# **Twins** (15 minutes; for each group a set of nine cards). Twelve days had 4, 7, 9, 6, 3, 5, 8, 11, 10, 12, 14 and
# 13 °C. Each card has three days in a row on the front, and the next day, the answer, on the back. Card 1 has 4, 7, 9,
# and 6 on its back; card 2 has 7, 9, 6, and 3; card 9 has 10, 12, 14, and 13. Half of the groups play by date, half
# shuffled; none knows of the other half.
#
# 1. By date: of cards 1 to 6 both sides may be read. Forecast the backs of 7, 8 and 9.
# 2. Shuffled: of all cards but 3, 5 and 8 both sides may be read. Forecast the backs of these three.
#
# All hear the same rule. Look for a readable card whose front begins with the last two days of yours: its third day is
# your forecast. If there is none, forecast the last day of yours. Shuffled, the rule finds all three, 5, 11 and 14,
# without a miss. By date no card helps; the forecasts 10, 12 and 14 miss by 2, 2 and 1. Ask: who forecasts better?
# Nobody; one half could read the answers. Say: a network finds the twins too, unseen.
#
# ### Answers to the open questions
#
# - *4 °C warmer than usual: how much is left tomorrow?* About 3. Wrong: "4", persistence, or "0", climatology.
# - *By how much does the wrong day's cycle raise the error?* Hardly at all one day ahead, clearly 14 days ahead.
#   Wrong: "much, at once", as if every mistake showed in the score.
# - *How many of the eight limits change?* One. Wrong: "all". After a single year it would be five.
# - *Which split looks best, which can you believe?* The shuffled windows; by date. Wrong: "shuffled, for it has all
#   seasons in both parts". So has the split by date: it cuts whole years.
# - *Which filling gives the best forecast?* Interpolating, and it even beats the thermometer: it knows tomorrow.
#   Wrong: "the measured day, nothing can beat it", which is how it should be.
# - *The centred average of 7 days (self-test).* Thin: "smoothing makes it easier". Ask: which days are in today's
#   mean? Three of them are later.
#
# ### When time is short
#
# Tell *Trap: the scaler that saw the test years* by its result; skip *Trap: inverse_transform on one column of
# several* until somebody meets the message. Do not skip *How do I split the record?*, *How much of today's departure
# is left tomorrow?* and *Trap: the shuffled split*: later forecasts are split and judged so.
#
# ### After the lesson, students can
#
# - split a daily record so that no day is lost or in two parts (exercise 1);
# - mend a scaler that has seen too much (exercise 2, trap);
# - compute the damped anomaly for any number of days ahead (exercise 3);
# - test any step of preparation for a leak (exercise 4, self-test);
# - explain why shuffled windows flatter a forecaster (trap, self-test).

# %% tags=["teacher"]
days = [4, 7, 9, 6, 3, 5, 8, 11, 10, 12, 14, 13]
cards = {k + 1: (days[k : k + 3], days[k + 3]) for k in range(9)}


def found(judged):
    """Return what the rule forecasts for each judged card, None where no open card fits."""
    open_cards = [front for number, (front, _) in cards.items() if number not in judged]
    return [next((front[2] for front in open_cards if front[:2] == cards[k][0][1:]), None) for k in judged]


def misses_of_the_last_day(judged):
    return [abs(cards[k][1] - cards[k][0][2]) for k in judged]


assert len(set(days)) == 12
assert (cards[1], cards[2], cards[9]) == (([4, 7, 9], 6), ([7, 9, 6], 3), ([10, 12, 14], 13))
assert found([3, 5, 8]) == [cards[k][1] for k in (3, 5, 8)] == [5, 11, 14]
assert found([7, 8, 9]) == [None, None, None]
assert [cards[k][0][2] for k in (7, 8, 9)] == [10, 12, 14]
assert misses_of_the_last_day([7, 8, 9]) == [2, 2, 1]
