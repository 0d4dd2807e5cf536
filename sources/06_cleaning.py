# ---
# jupyter:
#   lesson:
#     part: The forecast
#     question: What is wrong with this record, and how do I find it?
#     learn: to draw a record, to count its faults, to make them missing values, to fill what may be filled
#     need: a little pandas; no neural network is trained here
# ---

# %% [markdown]
# # Cleaning: what is wrong with this record?
#
# At the end of this lesson you can find the faults of a daily record, turn them into missing values in plain sight, and
# say how wrong a filled day is.

# %% [markdown]
# A network learns whatever is in the record, faults included, and raises no error. So the record comes first.
#
# ## What is in the file?
#
# The record is from Brussels, one line a day. `index_col="Date"` makes the dates the index. `parse_dates` turns their
# text into dates; without it "1976-01-01" would be a word.

# %%
import numpy as np
import pandas as pd

from helpers import data, plots
from helpers.evaluation import rmse
from helpers.exercises import cleaning as check

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
# We look for errors in the whole record. But whatever could shape a later decision, we look at in `training_years`
# only: the years after 1997 are kept for judging. (The next picture shows them too. We look there for faults only,
# since a fault would spoil the judging.)
#
# ## What does it look like?
#
# Always draw a record before you compute with it, once as a whole and once from close by.

# %% tags=["slide"]
fig, (whole, near) = plots.figure(2, 1, figsize=(8, 4.2))
whole.plot(temperature, linewidth=0.4)
whole.set(ylabel="temperature (°C)", title="Brussels, daily mean, the whole record")
near.plot(temperature.loc["1990"], linewidth=1)
near.set(ylabel="temperature (°C)", title="the year 1990")
plots.show(
    fig,
    "Two line charts of the daily mean temperature in Brussels. The whole record, 1976 to 2005, swings thirty times "
    "between winter and summer, without long holes or jumps to impossible values. The year 1990 rises from winter to "
    "summer and falls again, with ups and downs of several degrees within a few days.",
)

# %% [markdown]
# No long hole, nothing impossible, no level that jumps. A single missing day would not show here: the line runs across
# it. So we count, below. There is a yearly swing, and on top of it a restless part.
#
# How restless? **Predict first:** how closely is a day's temperature tied to that of the day before, if 1 means
# perfectly and 0 not at all? And to that of a week before?
#
# The **autocorrelation** tells: it is the correlation of a series with itself, some days later. The number of days is the
# **lag**. Below 0 it means the opposite: where one day is warm, the other is cold, as half a year apart. We
# take it twice: once for the temperature, and once for its departure from normal. **Normal** is the mean of all
# training years on the same date.

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

# %% tags=["slide"]
fig, ax = plots.figure()
ax.plot(lags, of_temperature, label="temperature")
ax.plot(lags, of_departure, label="departure from normal")
ax.set(xlabel="lag (days)", ylabel="autocorrelation", title="how long a day is remembered")
ax.legend(loc="upper center")
plots.show(
    fig,
    "Autocorrelation against the lag in days. That of the temperature swings like a wave over the year. That of the "
    "departure from normal falls to nearly 0 within two weeks and stays there.",
)

# %%
assert of_temperature[1] > 0.9
assert of_temperature[365] > 0.6
assert round(of_departure[1], 2) == 0.82
assert round(of_departure[365], 2) == -0.03
assert 0.05 < of_departure[7] < 0.3
assert of_departure[14] < 0.12
assert np.abs(of_departure[30:]).max() < 0.12

# %% [markdown] tags=["teacher"]
# "A year later the tie is strong: the weather comes back." Ask: what do two days of July have in common? The calendar.
# What is left when it is taken out? Next to nothing: look at the last line, lag 365.

# %% [markdown]
# A temperature is closely tied to the one before it, and to the one a year before. The tie to the day a year before is
# the calendar: July is like July. Take the normal away, and it is gone (−0.03). The tie to the day before stays strong
# (0.82), but it fades within two weeks. What happened a month ago says next to nothing about tomorrow, beyond the date.
# (The 100 days that the network of {lesson:quickstart} reads are more than enough.)
#
# ## Is anything wrong with it?
#
# A daily record can be wrong in many ways, and most of them raise no error. Here are two weeks of the record, broken
# on purpose.

# %% tags=["slide"]
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

# %% tags=["slide"]
PLAUSIBLE = pd.DataFrame(
    {"tmin": (-40, 30), "tmax": (-30, 45), "rain": (0, 200), "et0": (0, 15)}, ["lowest", "highest"]
)


def look_for_trouble(frame):
    """Count what is suspicious in a daily record, one line for each kind of trouble."""
    days = frame.index
    calendar = pd.date_range(days.min(), days.max(), freq="D")
    numbers = frame.apply(pd.to_numeric, errors="coerce")  # what is not a number becomes NaN
    tidy = numbers[~days.duplicated()].reindex(calendar)  # so that the row above is the day before
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
assert (trouble["broken"].drop(["tmin above tmax", "tmin equal to tmax"]) == 1).all()
assert trouble.loc["tmin above tmax", "broken"] == 2
assert trouble["Brussels"].drop(["tmin equal to tmax", "both as the day before"]).sum() == 0
assert trouble.loc["tmin equal to tmax", "Brussels"] == 4
assert trouble.loc["both as the day before", "Brussels"] == 11

# %% [markdown]
# In the broken piece all seven are found:
#
# - a day is out of order, a day is given twice, a day is missing;
# - a rain amount has a decimal comma, so it is text;
# - a temperature is −999, a **code**: many files write "not measured" as a number;
# - `tmin` and `tmax` are swapped (the −999 rings this bell as well: one fault, two bells);
# - both temperatures stand still from one day to the next, as if a sensor were **frozen**.
#
# Brussels passes all but two checks. It has four days whose lowest and highest temperature are the same, and eleven
# days that repeat both temperatures of the day before. Are these errors?

# %%
flat = record[record["tmin"] == record["tmax"]]
jump = temperature.diff().abs()
print(f"largest change from one day to the next: {jump.max():.1f} °C, on {jump.idxmax():%d %B %Y}")
print("29 December 1978 to 6 January 1979 (°C):", *temperature.loc["1978-12-29":"1979-01-06"].round(2))
flat

# %%
assert jump.idxmax() == pd.Timestamp("1978-12-31")
assert jump.idxmax() in flat.index
assert temperature.loc["1978-12-31":"1979-01-06"].max() < -6 < 6 < temperature.loc["1978-12-29":"1978-12-30"].min()

# %% [markdown] tags=["teacher"]
# The seven faults, by date in March 1976: 3, a comma; 5, −999; 7, swapped; 9 before 8; 10, missing; 11, twice; 13,
# both temperatures as on the 12th. "tmin above tmax is 2, so there are two." Ask: what does a −999 in tmax do there?
# It is below tmin, so it rings this bell, too. "Delete all suspicious days." Ask of each: could it be true, and can
# you prove that it is not? The cold of New Year's Eve 1978 was real; only the size of the jump is in doubt.

# %% [markdown]
# A day without any difference between its lowest and highest temperature is next to impossible. Perhaps one of the two
# was missing, and the other was put in its place. One of the four days even holds the largest jump of the whole record.
# The cold is real: the days after it were cold as well. The size of the jump is in doubt. If the day began milder, its
# true `tmax` was higher than −10 °C, and the fall was spread over two days.
#
# Of the eleven repeats some will be chance, since the values come in steps of 0.1 °C. Which ones are not, nobody can
# tell from the file.
#
# What to do? Fifteen suspicious days in eleven thousand will not decide anything. We leave them as they are, and we
# say so. **Mend what you can prove, report what you cannot, and overwrite nothing in the file.**
#
# ## What do I do with missing days?
#
# First make every fault that you can be sure of a missing value, in plain sight. Drop the second copy of a day, put the
# days in order, blank what is no number or out of range, and both values where `tmin` is above `tmax`: something is
# wrong there, but what? The frozen day stays. It may be chance. Then `reindex` to the full calendar: days that are not
# there become rows of NaN ("not a number", the sign for a missing value).

# %%
mended = broken.apply(pd.to_numeric, errors="coerce")
mended = mended[~mended.index.duplicated()].sort_index()
mended = mended.where(mended.ge(PLAUSIBLE.loc["lowest"]) & mended.le(PLAUSIBLE.loc["highest"]))
mended.loc[mended["tmin"] > mended["tmax"], ["tmin", "tmax"]] = np.nan
mended = mended.reindex(pd.date_range("1976-03-01", "1976-03-14", freq="D"))
mended

# %%
assert round(100 * (record["rain"] == 0).mean()) == 44
assert mended.isna().sum().sum() == 1 + 1 + 2 + 4  # the comma, −999, the swapped pair, the whole missing day

# %% [markdown] tags=["teacher"]
# "No NaN, so nothing is missing." Ask: how does a file look from which a line was cut out? Like any other. "Swap tmin
# and tmax back." Ask: how do you know that one is not simply wrong? Nobody knows; so both are made missing.

# %% [markdown]
# The order matters. Drop copies first: sorting may swap two rows of the same day. And `reindex` refuses a record in
# which a day stands twice. (Were all numbers of a file written with a comma, `pd.read_csv(…, sep=";", decimal=",")`
# would save them.)
#
# Why reindex at all? Because the row above a row must be the day before. A network reads a **window**, a run of days on
# end. Without the row for the missing day, a window of 30 rows would span 31 days, without a word.
#
# A code may also be a possible value, such as 0 or 99. No bound finds it then. But it comes far more often than its
# neighbours, and `series.value_counts()` shows that. (A 0 may be common and true: on 44 of 100 days no rain was
# measured in Brussels.) Exercise 2 has a code.
#
# ## Trap: what does interpolate(limit=3) fill?
#
# Can a gap be filled? `interpolate` draws a straight line across it. `limit=3` sounds as if it would fill only
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
# Seven. pandas fills the first three days of **every** gap, however long, and leaves the rest.
#
# **Mended:** fill a short gap whole, leave a long one whole.

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

# %% tags=["slide"]
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

# %% [markdown] tags=["teacher"]
# Before the cell runs, have everybody write down a number. Ten or none come from the option's name: it sounds like a
# limit on the length of a gap. It is seven. Ask: what does `limit` count, gaps or days? Days, in each gap anew.

# %% [markdown]
# ## How wrong is a filled day?
#
# We can measure that, because we know the truth. Take a gap out of every 60 days of the training years, fill it,
# compare. Then move the gaps by five days and do it again, twelve times in all. So the gaps lie all over the record. We
# count with the RMSE, as in {lesson:quickstart}, and try three ways to fill:
#
# - **interpolate**: the straight line;
# - **carry forward**: repeat the last known day (`ffill`);
# - **normal**: the mean of the same date in the other years.

# %%


def filling_errors(series, gap):
    """Return the RMSE in °C of three ways to fill, when `gap` days out of every 60 are taken away."""
    errors = {"interpolate": [], "carry forward": [], "normal": []}
    for first in range(0, 60, 5):
        taken = (np.arange(len(series)) + first) % 60 < gap
        taken[[0, -1]] = False  # the ends have nothing on the far side
        holed = series.mask(taken)
        errors["interpolate"].append((holed.interpolate() - series)[taken])
        errors["carry forward"].append((holed.ffill() - series)[taken])
        errors["normal"].append((holed.groupby(same_date(series)).transform("mean") - series)[taken])
    return {name: np.sqrt((pd.concat(parts) ** 2).mean()) for name, parts in errors.items()}


gaps = (1, 2, 3, 4, 5, 7, 10, 14, 21, 30)
errors = pd.DataFrame({gap: filling_errors(training_years, gap) for gap in gaps}).T.rename_axis("days missing")
as_today = rmse(training_years.iloc[1:], training_years.shift(1).iloc[1:])
print(f"tomorrow = today: {as_today:.2f} °C")
errors.round(2)

# %% tags=["slide"]
fig, ax = plots.figure()
for name in errors:
    ax.plot(errors[name], marker="o", markersize=4, label=name)
ax.axhline(as_today, color="black", linestyle=":", label="tomorrow = today")
ax.set(xlabel="length of the gap (days)", ylabel="RMSE of the filled days (°C)", ylim=(0, None))
ax.legend()
plots.show(
    fig,
    "Error of filled days against the length of the gap. Interpolation starts at about 1.5 °C for a single day and "
    "rises to nearly 4 °C for 30 days. Carrying forward is about 1 °C worse throughout. The normal is at about "
    "3.6 °C whatever the length; interpolation reaches it at three weeks. A dotted line at 2.2 °C marks the "
    "error of tomorrow = today; interpolation crosses it after three days.",
)

# %%
assert errors["interpolate"].is_monotonic_increasing
assert errors.loc[1, "interpolate"] < 1.6
assert errors.loc[3, "interpolate"] < as_today < errors.loc[4, "interpolate"]
assert (errors["carry forward"] - errors["interpolate"]).between(0.6, 1.2).all()
assert (errors.loc[:10, "interpolate"] < errors.loc[:10, "normal"]).all()
assert 3 < errors.loc[14, "interpolate"] < errors.loc[14, "normal"] < errors.loc[14, "interpolate"] + 0.5
assert errors.loc[30, "interpolate"] > errors.loc[30, "normal"]

# %% [markdown] tags=["teacher"]
# "Interpolation has the smallest error, so it is best." Ask: on which day does its line end, and who knows that day
# when the forecast is made? Nobody. {Lesson:preprocessing} makes a trap of it. "Is three days the right limit?" No
# number is right. Our reason is the dotted line: up to three days a filled day is wrong by no more than "tomorrow =
# today".

# %% [markdown]
# The longer the gap, the worse the interpolation. For a gap of a month the normal is the better guess. There is no
# right limit. We take three days: up to there a filled day is wrong by no more than the simplest forecast, "tomorrow
# will be as today". A longer gap stays a gap. Then windows are made from the days before it and from the days after it,
# and none across it.
#
# Two things to remember. A filled day is an invention: **never score a forecast on one**. And interpolation looks at
# the day after the gap. {Lesson:preprocessing} shows what that does to a score.
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
# **2. The code.** `sunshine` is made up: minutes of sunshine a day, from 0 on a dull day to more than 900 on a clear day
# in June. On some days the instrument failed, and the file has a number for that. Which one?

# %%
sunshine = check.sunshine_with_code()

code = ...
### BEGIN SOLUTION
# 0 comes most often, and that can be true of dull days; the next one comes far more often than any other
code = sunshine.value_counts().index[1]
### END SOLUTION

# %%
check.code(code)

# %% [markdown]
# **3. A row for every day.** Write `every_day`. It takes a record with days out of order, given twice or missing, and
# returns it in order, with one row for each day from the first to the last. Of a day that is given twice the first row
# counts. A missing day becomes a row of NaN.

# %%


def every_day(frame):
    ...
    ### BEGIN SOLUTION
    once = frame[~frame.index.duplicated()]
    return once.reindex(pd.date_range(once.index.min(), once.index.max(), freq="D"))
    ### END SOLUTION


# %%
check.every_day(every_day)

# %% [markdown]
# **4. Frozen.** Two equal days may be chance; five in a row are a sensor that has stopped. Write `frozen`. It takes a
# daily series and returns True or False for each day: does it belong to a run of at least `shortest` equal values?
# (`fill_short_gaps` above numbers its runs. The same trick works here.)

# %%


def frozen(series, shortest):
    ...
    ### BEGIN SOLUTION
    run = (series != series.shift()).cumsum()  # a new number wherever the value changes
    return series.groupby(run).transform("size") >= shortest
    ### END SOLUTION


# %%
check.frozen(frozen)

# %% [markdown] tags=["teacher"]
# Do 2 together. The likely answer is 0; the hint says that 0 is a measurement. In 1 the likely slip is one day too
# many: with rows for 1 June and 3 June the difference is two, but only one day is missing. In 3 it is a missing day
# without a row; in 4, a run seen only once it is long enough. 3 and 4 are for home.

# %% [markdown]
# ## What to take away
#
# - Draw the record, count its faults, make them missing values, leave the file alone.
# - What is plausible belongs to a place. A code in the middle of the range is found by its repetition.
# - Give every day of the calendar a row. Then the row above is the day before.
# - Fill short gaps, whole; leave long ones. A filled day is a guess, and its error can be measured.
# - Mend what you can prove, report what you cannot.
#
# ## Self-test
#
# <details><summary>A record has 3,652 rows, in order, and no NaN. Is it ten years without a gap?</summary>
#
# Nobody knows yet. A missing day need not be a row of NaN; it may be no row at all. Compare the index with the calendar.
# </details>
#
# <details><summary>In a file of river levels 9.99 m stands on 41 days, spread over twenty years, and the highest other level
# is 11.2 m. What is it?</summary>
#
# Most likely a code. A measured level of exactly 9.99 m would not come back 41 times. The file's description may say so;
# make these values missing and report it.
# </details>
#
# <details><summary>Two weeks are missing in May. What do you fill in?</summary>
#
# Nothing, if you can do without. After two weeks the straight line is hardly better than the mean of the same dates in
# other years, and both miss by more than 3 °C. Leave the gap, and make no window across it.
# </details>
#
# ## Where next
#
# {Lesson:preprocessing} splits and scales the clean record. {Lesson:your_own_data} runs such checks on a file of your
# own.
#
# ## References
#
# - I. Durre and others, *Comprehensive Automated Quality Assurance of Daily Surface Observations*, Journal of Applied
#   Meteorology and Climatology 49, 2010, [doi:10.1175/2010JAMC2375.1](https://doi.org/10.1175/2010JAMC2375.1): the
#   checks that a large archive of daily records runs.
# - The record: see the data card, `data/README.md`.

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# **Seven faults** (15 minutes, before the lesson; a copy of this table for each group). Lowest and highest temperature
# in °C, rain in mm:
#
# | day | tmin | tmax | rain |
# |---|---|---|---|
# | 2 June | 9.1 | 17.4 | 0.0 |
# | 3 June | 8.7 | 19.0 | 0.0 |
# | 5 June | 10.2 | 21.3 | 1.2 |
# | 6 June | 21.9 | 11.5 | 0.0 |
# | 8 June | 12.3 | -999 | 0.0 |
# | 7 June | 12.0 | 22.4 | 0,6 |
# | 9 June | 11.1 | 20.7 | 3.4 |
# | 9 June | 11.1 | 20.7 | 3.4 |
# | 10 June | 10.4 | 18.9 | 0.0 |
# | 11 June | 10.4 | 18.9 | 2.1 |
#
# Five minutes to find them; five to write *mend*, *make missing* or *leave and report* beside each. Expect *mend* for
# 8 before 7 June and for the second 9 June; *make missing* for 4 June, which needs a row, for the swapped pair of 6
# June, the −999 and the comma; *report* for 11 June, which has the temperatures of 10 June. Groups differ on the comma
# and the pair. Both answers can be defended: ask what they would be inventing. Say then: now ten thousand lines.
#
# ### Answers to the open questions
#
# - *How closely is a day tied to the one before, and to a week before?* Very closely; less, but still closely, by the
#   season. Its departure from normal hardly remembers a week. Wrong: "the weather lasts a week", which mistakes the
#   season for the weather.
# - *How many are missing after `limit=3`?* Seven. Wrong: ten, "the gap is too long", or none.
# - *3,652 rows and no NaN (self-test).* Nobody knows yet. Wrong: "ten years have 3,652 days, so all are there". A day
#   given twice may hide a missing one.
# - *Two weeks missing in May (self-test).* Leave the gap. Wrong: "interpolate, always". It mistakes a filled day for a
#   measured one.
#
# ### When time is short
#
# Skip the autocorrelation at the end of *What does it look like?* (run its cells: `same_date` is needed later);
# {lesson:preprocessing} asks how much is left tomorrow. Tell *How wrong is a filled day?* by its picture. Do not skip
# *Is anything wrong with it?* and *What do I do with missing days?*: {lesson:windowing} counts rows as days, and
# {lesson:your_own_data} needs the eye for faults.
#
# ### After the lesson, students can
#
# - measure the longest gap of a record (exercise 1);
# - tell a code from a measurement by its repetition (exercise 2, self-test);
# - mend a record so that every day has one row (exercise 3, self-test);
# - find where a sensor has stopped (exercise 4);
# - choose which gaps to fill, and explain what `limit` does (trap, self-test).

# %% tags=["teacher"]
from itertools import pairwise

days = [2, 3, 5, 6, 8, 7, 9, 9, 10, 11]
tmin = [9.1, 8.7, 10.2, 21.9, 12.3, 12.0, 11.1, 11.1, 10.4, 10.4]
tmax = [17.4, 19.0, 21.3, 11.5, -999, 22.4, 20.7, 20.7, 18.9, 18.9]
rain = ["0.0", "0.0", "1.2", "0.0", "0.0", "0,6", "3.4", "3.4", "0.0", "2.1"]
rows = list(zip(days, tmin, tmax, strict=True))

faults = {
    "missing": [day for day in range(2, 12) if day not in days],
    "out of order": [later for day, later in pairwise(days) if later < day],
    "given twice": sorted({day for day in days if days.count(day) > 1}),
    "swapped": [day for day, low, high in rows if low > high > -50],
    "a code": [day for day, _, high in rows if high <= -50],
    "no number": [day for day, amount in zip(days, rain, strict=True) if "," in amount],
    "frozen": [b[0] for a, b in pairwise(rows) if a[1:] == b[1:] and a[0] != b[0]],
}
assert faults == {
    "missing": [4],
    "out of order": [7],
    "given twice": [9],
    "swapped": [6],
    "a code": [8],
    "no number": [7],
    "frozen": [11],
}
