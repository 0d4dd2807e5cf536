# ---
# jupyter:
#   lesson:
#     part: Trust
#     question: Does it work on my CSV, and how do I forecast again tomorrow?
#     learn: to forecast your own daily series, to read a verdict on that forecast, and to forecast again every day without training
#     need: "{lesson:cleaning}, {lesson:prediction}, {lesson:how_far} and {lesson:how_sure}; a CSV file with one value a day helps"
# ---

# %% [markdown]
# # Your own data: does it work on my CSV?
#
# At the end of this lesson you will have a forecast for a daily series of your own, and a verdict in words: whether a
# GRU is worth its trouble there, and how far to trust it. You will have saved what was trained, and forecast from it
# again with new days added. Nothing of yours is overwritten: whatever the lesson writes goes to a temporary folder.

# %%
import math
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from helpers import baselines, data, pipeline
from helpers.daily_csv import draw_report
from helpers.data import DataError, read_daily_csv
from helpers.evaluation import comparison_table, gain, rmse, skill
from helpers.exercises import your_own_data as check

# %% [markdown]
# ## Which file?
#
# For most files this is the only line that you change:
#
# - the **path** of your file, for example `"sales.csv"` if it lies beside this notebook (on Colab: upload it first; on
#   Windows write `r"C:\Users\me\sales.csv"`, with an `r` before the quotation mark),
# - the name of the **column** to forecast, or `None` if the file has only one column of numbers,
# - the **unit** of that column, as it shall stand in the answers.
#
# If `read_daily_csv` asks for something more, add the answer to its call below:
#
# - `day_first`, `decimal`, `thousands`: how dates and numbers are written,
# - `missing`: the codes for "not measured", as in `missing=[-999]`,
# - `keep`: which of several series in one file, as in `keep={"shop": "7"}`,
# - `daily`: what several rows a day become, as in `daily="sum"`,
# - `closed`: what a closed day means, as in `closed=0`,
# - `timezone`: that of your place, if the file has the times of another.
#
# Every column of numbers becomes an input, unless it never changes, only rises or only falls, restates the date, or
# holds quality flags. These are left out; the verdict lists them. A column that is known only later you have to take
# out yourself.
#
# Until you change it, the file is the record of Brussels, and the column is the day's highest temperature.

# %%
PATH, TARGET, UNIT = data.path("brussels"), "tmax", "°C"

# %% [markdown] tags=["teacher"]
# **They type** `"C:\Users\…"` without the `r`. That is a SyntaxError, before anything is read. **Ask:** which of your
# columns are known on the evening of their own day? **Expect:** what was measured that day is known; corrections and
# returned goods come later. The program cannot know this. They have to take such columns out.

# %% [markdown]
# ## What is in it?
#
# `read_daily_csv` reads the file, never changes it, and keeps a report. It finds the separator, the decimal sign and the
# order of day and month by itself, where the file leaves no doubt. Where there is doubt, it stops with a question.
# {Lesson:cleaning} shows what such checks are for.

# %%
record = read_daily_csv(PATH, target=TARGET)
for sentence in record.attrs["report"]:
    print("-", sentence)
print(f"\n{len(record):,} days, {record.index[0]:%Y-%m-%d} to {record.index[-1]:%Y-%m-%d}; {', '.join(record)}")

# %% [markdown]
# Read the report before you go on. It says how the file was understood, what was changed, and what each column holds.
# For Brussels there was nothing to change.
#
# Then look at the record before anything is trained. A stuck instrument, a jump or a drift is seen at a glance. Values
# far from all others, and long runs of one value, are marked.

# %% tags=["slide"]
draw_report(record)

# %% [markdown] tags=["teacher"]
# **They go on without reading**, because no cell failed. **Ask:** how would a stuck instrument, a 0 for "not
# measured" and a lost decimal sign look here? **Expect:** a flat piece; thin spikes down to 0; a stretch ten times as
# high. The 0 is the worst: it could be a value, so no check asks.

# %% [markdown]
# Brussels has its yearly wave, no jump, and no mark.
#
# ## Which days for what?
#
# The last years are for the **test**, the years before them for **validation**, all others for **training**
# ({lesson:preprocessing}). Test and validation get a seventh of the record's years each, in whole years, so that all
# seasons count alike, and one year at least. So a record needs three years. That is the least that is accepted, not
# enough: one training year shows each season once.

# %%
parts = data.split(pipeline.measured(record), *pipeline.split_ends(record))
for part, name in zip(parts, ["training", "validation", "test"], strict=True):
    print(f"{name:<10} {part.index[0]:%Y-%m-%d} to {part.index[-1]:%Y-%m-%d}: {len(part):>6,} days")

# %% [markdown]
# ## And the answer?
#
# **Predict first:** by how much will the GRU beat the best naive forecast?
#
# One call goes the whole way. It trains three networks, which takes most of its time.

# %%
result = pipeline.study(record)

# %% tags=["nbval-ignore-output", "slide"]
pipeline.draw_gains({TARGET or "your file": result})

# %% [markdown]
# A bar that lies wholly right of zero is a clear gain over the best naive forecast. For Brussels the GRU's bar lies far
# right, ridge's just right of zero. On the test days, the GRU gains nearly as much. In words:

# %% tags=["nbval-ignore-output"]
print(pipeline.in_words(result, UNIT))

# %%
if data.path("brussels") == PATH:  # what the lesson says about the bundled file, kept true
    assert len(record.attrs["report"]) == 2 + len(record.columns)
    gru, line = result.gains["GRU over naive"], result.gains["ridge over naive"]
    assert result.choice == "GRU"
    assert result.naive == "damped anomaly"
    assert 0.02 < gru.share < 0.08
    assert 0 < line.share < 0.03
    assert result.on_test["GRU over naive"].low > 0
    assert 0.86 < result.coverages["GRU"] < 0.92

# %% [markdown]
# Every sentence above is computed from the numbers. The same sentences come out for your file, with your numbers. The
# rest of this lesson explains them, then tries two more files. First a look at the end of the record.

# %% tags=["nbval-ignore-output", "slide"]
pipeline.draw(result, UNIT, "The end of the record, and the day after")

# %% [markdown]
# ## Which bar has to be cleared?
#
# Five naive forecasts are tried: as today (persistence), as a week ago, as a year ago (seasonal naive), as in an
# average year (climatology), and as in an average year plus a share of today's departure from it (damped anomaly). "As
# a week ago" is here for sales, traffic and whatever else follows the working week. (The last three need a whole
# training year.) The best of them **on the validation days** becomes the bar.
#
# Ridge regression, the straight line of {lesson:prediction}, is tried as well. It gets the same inputs as the networks,
# of the last 30 days. (The "error" in the verdict is the RMSE.)

# %% tags=["nbval-ignore-output"]
validation = parts[1]
on_validation = {name: result.forecasts.loc[validation.index, name] for name in result.forecasts}
table = comparison_table(validation, on_validation, reference=result.naive)
table.rename(columns=lambda name: name.replace("°C", UNIT)).round(3)

# %% [markdown]
# ## What do the networks learn?
#
# Each has one GRU layer of 16 units, as in {lesson:how_far}, and sees 14 days. Its inputs are the columns of the file
# as **departures from their yearly cycle**: today's value less what an average training year has on that date. To them
# come the day of the year, as a sine and a cosine, and the day of the week, if the record follows the week. The
# z-scores are fitted on the training days.
#
# Its answer is **by how much tomorrow's departure differs from today's**. To get tomorrow's value, today's departure
# and tomorrow's cycle are added. The first trap below shows what this is good for.
#
# How long to train? Eight times through the training days, or 250 updates if those are more, with a learning rate that
# falls to 0. So short records are gone through more often. That may lead to overfitting ({lesson:training}); then the
# validation days show it. There is no early stopping, because it would use up the validation days. They have three other
# tasks: to choose the bar, to choose the forecaster, and to measure the interval.
#
# Three seeds; the forecast is the mean of the three networks.
#
# ## How is the verdict reached?
#
# The **gain** is the skill of {lesson:prediction}: the share of another forecast's error that is taken away. It is
# counted on the validation days, with the 90 % interval of the paired block bootstrap ({lesson:how_far}): blocks of 30
# days, the same for both forecasts.
#
# The rule was fixed before any of these days was seen: **a forecast is used only if it clearly beats every simpler one
# that is tried here**. Clearly means that the whole interval lies above zero. So the GRU is used if it clearly beats
# the naive forecast **and** the straight line. If it does not, the straight line is used if it clearly beats the naive
# forecast. If neither does, the naive forecast stays. (Boosted trees and a line with products are not tried. In
# {lesson:prediction} they were hardly behind the GRU.)

# %% tags=["nbval-ignore-output"]
for name, found in result.gains.items():
    print(f"validation days  {name:<18} {found.share:+.1%}, interval {found.low:+.1%} to {found.high:+.1%}")
for name, found in result.on_test.items():
    print(f"test days        {name:<18} {found.share:+.1%}, interval {found.low:+.1%} to {found.high:+.1%}")

# %% [markdown] tags=["teacher"]
# **They say:** "The GRU's bar reaches further right than ridge's, so it wins." **Ask:** which of the intervals
# compares these two? **Expect:** "GRU over ridge", on the same days. **They change** a setting after they have read
# the verdict, and run again. **Ask:** which days are the test now? **Expect:** none, until new ones come.

# %% [markdown]
# Then the gains of the one that was chosen are counted once more, **on the test days**, which had no part in the
# choice. That is the number to report. (For your file this holds. For Brussels it does not quite: earlier lessons have
# scored these years, on the mean temperature.) If the lead is gone there, a sentence beginning with CAUTION says so: it
# may have been luck.
#
# This is the one look at the test days. If you change a setting after reading the verdict and run again, it is no longer
# honest. Two more limits. The interval holds the luck of the days, not that of the seeds; so the verdict also lists the
# networks one by one. And it is a little too narrow, so "clearly" is said a little too often: {lesson:how_sure}
# measures how often.
#
# ## How sure is a single day?
#
# The interval for tomorrow comes from split conformal prediction ({lesson:how_sure}): the absolute errors on the
# validation days, to which no weight was fitted, give the margin. For a record that is never below 0, the interval ends
# there.

# %% tags=["nbval-ignore-output"]
print(f"margin: ±{result.margins[result.choice]:.2f} {UNIT}")
print(f"of the test days, {result.coverages[result.choice]:.1%} are inside")

# %% [markdown]
# The share of test days inside is the check. A few percent off can be luck, above all with one test year. If it is
# far from 90 %, the errors have probably become larger or smaller since the validation days, and another CAUTION says
# so. (One more warns of test days outside the range of the training days.) And 90 % is a mean over all days: before
# Christmas in a shop, fewer may be inside.
#
# ## And again tomorrow?
#
# Training is done once. Then save, and every evening: load, forecast. To see it, let us say that today is 60 days before
# the end of the record. The networks and the margin know only years before that, so they may be saved as of that day.

# %%
temporary = tempfile.TemporaryDirectory()  # deleted with this notebook's kernel
folder = Path(temporary.name)

pipeline.save(result._replace(record=record.iloc[:-60]), folder / "forecaster")

# %% tags=["nbval-ignore-output"]
for path in sorted((folder / "forecaster").iterdir()):
    print(f"{path.name}, {path.stat().st_size / 1000:.0f} kB")

# %% [markdown]
# What you need to forecast is more than a network: the scaler, the yearly cycle, the columns and their order, the margin.
# These numbers are in `forecaster.json`, which you can open and read. The weights of each network are in a `.keras` file.
# Only what the verdict chose is saved. If that is a naive forecast, there is no network.
#
# Now 60 days have passed. Everything below comes from the folder and from the record with its new rows. (We load into a
# new variable. After a restart of the kernel, the imports and the cells of "Which file?" and "What is in it?" come
# first. The tests of this collection do it in a fresh process.)

# %%
forecaster = pipeline.load(folder / "forecaster")
tonight = forecaster.forecast(record)

# %% tags=["nbval-ignore-output"]
print(tonight.in_words(UNIT))

# %%
assert tonight.day == result.forecasts.index[-1]
assert abs(tonight.value - result.forecasts[result.choice].iloc[-1]) < 0.001 * result.margins[result.choice]
assert len(tonight.past) == 60

# %% [markdown]
# It is the number that the study has for that day, without training. The forecasts for the 60 days are made anew, each
# from the days before it, so yesterday's can be looked back at.
#
# **When to train anew?** One day in ten is meant to lie outside. If more do, it may be chance. How likely are so many, or
# more, out of so many days? The **binomial distribution** tells, as for coins that fall on "outside" one time in ten. The
# last 60 days are asked. Below one in a thousand, the answer ends with `TIME TO TRAIN ANEW`.
#
# A forecast is only as good as the record that it gets. Here are three that do not continue the one that was saved.

# %%
tenfold = record.copy()
tenfold.iloc[-5:, 0] *= 10
broken = {"a day is missing": record.drop(record.index[-3]), "older": record.iloc[:-70], "other unit": tenfold}
for name, wrong in broken.items():
    try:
        forecaster.forecast(wrong)
    except DataError as error:
        print(f"{name}: {error}\n")

# %% [markdown] tags=["teacher"]
# **They say:** "I save the network, that is enough." **Ask:** tomorrow's row comes in degrees. What must happen to it
# before the network sees it, and what to the answer? **Expect:** take the cycle off; scale with the **old** means and
# standard deviations; keep the old order of the columns. To the answer, today's departure and tomorrow's cycle are
# added. If someone fits a new scaler, ask on which scale the network has learned: the old one.

# %% [markdown]
# Corrected values of the past and other columns are refused as well. A jump that is no mistake you confirm with
# `same_unit=True`.
#
# For your own file, outside this lesson, two lines are enough. Run the first once, the second every evening:
#
# ```python
# pipeline.save(pipeline.study(record), "my forecaster")
# print(pipeline.load("my forecaster").forecast(record).in_words("pieces"))
# ```
#
# ## What if my file is a mess?
#
# Real files are. Here is one, made from the record of Tunis: semicolons, decimal commas, day before month, Windows line
# ends, an older way of storing letters (not UTF-8, today's usual one), a column of notes, an empty cell, missing days,
# a gap of 20 days, and the last month on top.

# %%
tunis = data.load("tunis")
messy = pd.DataFrame({"day": tunis.index.strftime("%d/%m/%Y"), "highest (°C)": tunis["tmax"].to_numpy(), "note": ""})
messy.loc[700, "note"] = "sirocco"
messy.loc[4000, "highest (°C)"] = np.nan
messy = messy.drop(index=[*range(1800, 1820), 3000, 5001, 5002])
messy = pd.concat([messy.iloc[-31:], messy.iloc[:-31]])
messy.to_csv(folder / "messy.csv", sep=";", decimal=",", index=False, encoding="latin-1", lineterminator="\r\n")

print((folder / "messy.csv").read_text(encoding="latin-1")[:72])

# %%
messy_record = read_daily_csv(folder / "messy.csv")
for sentence in messy_record.attrs["report"]:
    print("-", sentence)

# %%
assert len(messy_record) == 8552 - 1820
assert len(messy_record.attrs["filled"]) == 4

# %% [markdown]
# Nothing was dropped without a word. Up to three days are filled with the last value before them. (A straight line
# would lead to tomorrow's value; see {lesson:preprocessing}.) That is invention too, so it should stay rare, and no
# forecast is scored on such a day. A long gap is not filled: the record is cut there, and its last long piece is used.
# If your shop is closed on Sundays or over Christmas, give `closed=0`: otherwise these days are filled with sales that
# never were. For prices and rates, `closed="carry"` holds the last one. And if your file has a row for each sale,
# `daily="sum"` adds them up.

# %%
messy_result = pipeline.study(messy_record, seeds=(1,))  # one network, to save time

# %% tags=["nbval-ignore-output"]
print(pipeline.in_words(messy_result, "°C"))

# %%
assert messy_result.choice == messy_result.naive == "damped anomaly"
assert max(found.share for found in messy_result.gains.values()) < 0.03

# %% [markdown]
# Here the damped anomaly is enough: an average year, plus a share of today's departure from it. This file has one column
# of numbers, and neither the line nor the GRU clearly finds more in it. (On one column, {lesson:prediction} found a GRU
# hardly ahead of a straight line, too.)
#
# ## What if there is nothing to find?
#
# A **random walk** is today plus a throw of dice. Prices on a market come close to it. Tomorrow's best forecast is
# today: on average, nothing does better. We make one, and have picked one that goes far.
#
# **Predict first:** what should an honest verdict say?

# %%
steps = np.random.RandomState(10).standard_normal(3000)
walk = pd.DataFrame({"price": 100 + np.cumsum(steps)}, index=pd.date_range("2015-01-01", periods=3000, name="date"))
walk.round(2).to_csv(folder / "walk.csv")

walk_record = read_daily_csv(folder / "walk.csv")
walk_result = pipeline.study(walk_record, seeds=(1,))
drifted = walk_record.iloc[:, 0][walk_result.validation_end :] < walk_record.iloc[:, 0][: walk_result.train_end].min()

# %% tags=["nbval-ignore-output"]
print(pipeline.in_words(walk_result, "points"))

# %%
assert walk_result.choice == walk_result.naive == "persistence"
assert walk_result.gains["GRU over naive"].share < 0.01
assert drifted.mean() > 0.5

# %% tags=["nbval-ignore-output", "slide"]
pipeline.draw(walk_result, "points", "A random walk: the band is all that there is to say")

# %% [markdown]
# "Use the naive forecast" is no failure of the method. For a walk it is the right answer, and it saves you from
# trusting a network that has learned dice: whatever it makes of them is noise, added to "as today". Besides, most test
# days lie below all the training days. For a file of your own it means: no gain was shown. The interval is still of
# use: it says how far a day may jump.
#
# Exchange rates are the famous case. In 1983, Meese and Rogoff found that "as today" forecast them, one to twelve
# months ahead, as well as any model of the time that they tried.
#
# ## Three files, three verdicts?

# %% tags=["nbval-ignore-output", "slide"]
pipeline.draw_gains({"your file": result, "messy.csv": messy_result, "walk.csv": walk_result})

# %% [markdown]
# As delivered, your file is Brussels. For messy.csv and walk.csv the bars hold zero, so no gain was shown. Where the naive
# forecast was chosen, there is nothing to test.
#
# ## What is refused?
#
# Some files cannot be used as they are. The message says why, and what to do.

# %%
ten_years = pd.date_range("2010-01-01", "2019-12-31")
values = np.round(10 + 5 * np.sin(np.arange(len(ten_years)) / 58), 1)
daily = pd.DataFrame({"date": ten_years.strftime("%Y-%m-%d"), "sold": values})
refused = {
    "monthly.csv": daily[ten_years.day == 1],
    "two_columns.csv": daily.assign(returned=values[::-1]),
    "too_short.csv": daily.iloc[-500:],
    "each_day_twice.csv": pd.concat([daily, daily.iloc[-3:]]),
    "text.csv": daily.assign(sold=[f"{value} kg" for value in values]),
}
for file, content in refused.items():
    content.to_csv(folder / file, index=False)
    try:
        read_daily_csv(folder / file)
    except DataError as error:
        print(f"{error}\n")
    else:
        raise AssertionError(f"{file} was accepted")

# %% [markdown]
# The monthly file can't be mended. A forecast for tomorrow needs a value for nearly every day. Thirty invented days for
# each measured one would make a long, smooth and worthless record.
#
# A series that reaches into the future, as a simulated one may, is refused too, unless you say how far it is meant to
# reach: `read_daily_csv(path, latest="2031-12-31")`.
#
# ## Trap: a network that has to name the level
#
# The walk's test days lie mostly below all of its training days. (We picked it for that. With other walks the trap may
# not show.) Here is the same network, trained in the same way to name tomorrow's departure itself, not the change.

# %%
days = walk_result.forecasts.index
learned = walk_result.seen, walk_result.train_end
levels = pipeline.train_networks(*learned, days, seeds=(1,), changes=False)[0]["seed 1"]

walk_test = walk_record["price"].loc[walk_result.validation_end + pd.Timedelta(days=1) :]
level_error = rmse(walk_test, levels[walk_test.index])
change_error = rmse(walk_test, walk_result.networks.loc[walk_test.index, "seed 1"])
naive_error = rmse(walk_test, walk_result.forecasts.loc[walk_test.index, "persistence"])

# %% tags=["nbval-ignore-output"]
print(f"persistence:                 {naive_error:5.2f} points")
print(f"a network that says changes: {change_error:5.2f} points")
print(f"a network that says levels:  {level_error:5.2f} points")

# %%
assert level_error > 1.7 * naive_error
assert change_error < 1.25 * naive_error

# %% [markdown] tags=["teacher"]
# **They say:** "More units or more epochs will mend it." **Ask:** between which numbers does the state of a GRU stay?
# **Expect:** −1 and 1. **Ask:** and a weighted sum of such states? **Expect:** it has limits as well. So the network
# cannot name a level far outside those of its training.

# %% [markdown]
# The state of a GRU is a mean of candidates, which are tanh's, so it stays between −1 and 1. So its answer cannot
# follow a series far out of the range that it was trained on. A change can be small at any level. So the pipeline
# learns changes: then a wrong answer is wrong by a change, not by a level. It is no cure for everything. In a growing
# shop the changes grow as well.
#
# ## Trap: 03/04/2020, the wrong way round
#
# Is 03/04/2020 in April or in March? pandas takes the month first. On the first 13th of a month it stumbles, and its
# message offers `format="mixed"`: each date for itself. Let's take that advice, on the record of Brussels with the day
# first.

# %%
brussels = data.load("brussels")["tmax"]
texts = pd.Series(brussels.index.strftime("%d/%m/%Y"))
try:
    pd.to_datetime(texts)
except ValueError as error:
    advice = str(error)
    print(advice.partition(". You")[0])
mixed = pd.DatetimeIndex(pd.to_datetime(texts, format="mixed"))
wrong = pd.Series(brussels.to_numpy(), index=mixed).sort_index()
print(f"days on the wrong date: {np.mean(mixed != brussels.index):.0%}")
print(f"each day there, once:   {wrong.index.equals(brussels.index)}")

# %% [markdown]
# A third of the days stand on a wrong date. No error, no gap, no day twice: a check of the dates alone finds nothing,
# because the days up to the 12th have only changed places among themselves. What would the scores say?


# %%
def scores(series: pd.Series) -> tuple[float, float]:
    """Return the RMSE of persistence on 2002-2005 and the straight line's gain over it."""
    test = series.loc["2002":]
    naive, line = (f(series, data.TRAIN_END, test.index) for f in (baselines.persistence, baselines.ridge))
    return rmse(test, naive), skill(rmse(test, line), rmse(test, naive))


for name, series in {"dates as they were": brussels, "dates mixed up": wrong}.items():
    naive_rmse, line_gain = scores(series)
    print(f"{name:<18} persistence {naive_rmse:.2f} °C, the straight line takes away {line_gain:.0%} of it")

# %%
assert "format='mixed'" in advice
assert wrong.index.equals(brussels.index)
assert 0.3 < np.mean(mixed != brussels.index) < 0.4
assert scores(wrong)[0] > 1.5 * scores(brussels)[0]
assert scores(wrong)[1] > 2 * scores(brussels)[1]

# %% [markdown]
# The gain looks splendid, and it is worth nothing. The mix-up has ruined persistence. The straight line mends a part of
# what should not have been broken.
#
# The remedy is to read all dates in **one** format, and to ask which line decides it. The report does:

# %%
pd.DataFrame({"date": texts, "tmax": brussels.to_numpy()}).to_csv(folder / "day_first.csv", index=False)
mended = read_daily_csv(folder / "day_first.csv")
print(mended.attrs["report"][1])

# %%
assert np.array_equal(mended["tmax"], brussels)

# %% [markdown] tags=["teacher"]
# **They say:** "Wrong dates would raise an error." Show that each day is there, once. **They say:** "A gain of 19 %
# is a success." **Ask:** why does the gain rise when the data get worse? **Expect:** the mix-up hurts persistence
# more than the line.

# %% [markdown]
# ## Trap: better, by one number
#
# A hundred "forecasters" try their luck on the walk's test year. Each says: as today, and 0.05 more or less, by the
# toss of a coin. None knows anything. How many of them have a skill above zero?

# %%
persistence = walk_result.forecasts.loc[walk_test.index, "persistence"]
rng = np.random.RandomState(3)
tossers = []
for _ in range(100):
    tossed = persistence + 0.05 * rng.choice([-1, 1], len(persistence))
    tossers.append(gain(walk_test, tossed, persistence))

above_zero = sum(found.share > 0 for found in tossers)
clearly_above_zero = sum(found.low > 0 for found in tossers)
print(f"skill above 0:                {above_zero:>3} of 100")
print(f"whole interval above 0:       {clearly_above_zero:>3} of 100")

# %%
assert above_zero > 15
assert 0 < clearly_above_zero < 10

# %% [markdown] tags=["teacher"]
# **They say:** "So some of the hundred can forecast." **Ask:** what does each of them know? **Expect:** nothing but
# "as today". If you keep the best of them, you keep luck.

# %% [markdown]
# By the number alone, a good many coins beat persistence. By the interval, only a few do. So no verdict without an
# interval.
#
# A few are not none. If you try twenty networks on the same days and keep the best, you have tossed twenty coins. So
# choose on the validation days, and use the test days once.
#
# ## Exercises
#
# Replace each `...` and run the cell, then run the check below it.
#
# **1. Which one to use?** Write `to_use`. It gets three intervals from the validation days, each as `(low, high)`: of
# the GRU over the naive forecast, of the straight line over the naive forecast, and of the GRU over the straight line.
# It returns `"GRU"`, `"ridge"` or `"naive"`, by the rule of this lesson: the GRU has to clearly beat both.


# %%
def to_use(gru_over_naive, ridge_over_naive, gru_over_ridge):
    ...
    ### BEGIN SOLUTION
    if gru_over_naive[0] > 0 and gru_over_ridge[0] > 0:
        return "GRU"
    return "ridge" if ridge_over_naive[0] > 0 else "naive"
    ### END SOLUTION


# %%
check.to_use(to_use)

# %% [markdown]
# **2. How many days go wrong?** In the year 2019, how many days are put on a **wrong date** if every date that can be
# read with the month first is read so, although the day comes first? Answer with a number.

# %%
days_gone_wrong = ...
### BEGIN SOLUTION
year = pd.date_range("2019-01-01", "2019-12-31")
days_gone_wrong = np.sum((year.day <= 12) & (year.day != year.month))
### END SOLUTION

# %%
check.days_gone_wrong(days_gone_wrong)

# %% [markdown]
# **3. The column that knows tomorrow.** Somebody's file has a column that holds, in the row of each day, something known
# only a day later. It makes every forecast look wonderful. Write `knows_tomorrow`: from a DataFrame, the target first,
# to the name of the other column that goes most closely with **tomorrow's** target. (Closely: by the size of the
# correlation.)


# %%
def knows_tomorrow(frame):
    ...
    ### BEGIN SOLUTION
    tomorrow = frame.iloc[:, 0].shift(-1)
    return frame.iloc[:, 1:].corrwith(tomorrow).abs().idxmax()
    ### END SOLUTION


# %%
check.knows_tomorrow(knows_tomorrow)

# %% [markdown]
# **4. Time to train anew?** Write `time_to_train`: from the number of days outside and the number of days to True or
# False. True if so many outside, **or more**, have a chance below 0.001 when each day is outside with probability 0.1.
# (Exactly k of n: `math.comb(n, k) * 0.1**k * 0.9**(n - k)`.)


# %%
def time_to_train(outside, days):
    ...
    ### BEGIN SOLUTION
    return sum(math.comb(days, k) * 0.1**k * 0.9 ** (days - k) for k in range(outside, days + 1)) < 0.001
    ### END SOLUTION


# %%
check.time_to_train(time_to_train)

# %% [markdown] tags=["teacher"]
# Do 1 together: lay three strips of paper on a line with a zero, one for each interval. Listen for "it beats the
# naive forecast, so the GRU"; the hint is "the GRU has to clearly beat the straight line too". 2 is for pairs with a
# calendar. If they answer 144, the hint says that on some days both readings give the same date: those on which day
# and month are equal. 3 and 4 can go home.

# %% [markdown]
# ## What to take away
#
# - Name your file, read the report, read the verdict.
# - The bar is the best naive forecast. The GRU has to clear it with its whole interval, and to clearly beat the straight
#   line, too. Choose on the validation days; the test days judge the choice, once.
# - "Use the naive forecast" is a result.
# - Let a network learn changes if the series may leave the range of its training days.
# - Wrong dates raise no error, and a code that could be a value, such as 0, raises no question. Read the report.
# - Save the network with its scaler, cycle, columns and margin. Load, add rows, forecast, look back; train anew when more
#   days lie outside than chance allows.
#
# ## Self-test
#
# <details><summary>Your file: the GRU takes away 3 % of the naive error, interval −1 % to +7 %. What do you use?</summary>
#
# The naive forecast, or the straight line if that one is clearly better. The interval holds zero: the gain may be luck.
# More validation days may decide it.
# </details>
#
# <details><summary>The gain is 80 %. Should you be glad?</summary>
#
# Be suspicious first. Is a column known only after the day in whose row it stands? Is there a code such as −999 in the
# target? Are the dates right?
# </details>
#
# <details><summary>Of the test days, 75 % lie inside the interval that was meant for 90 %. What has happened?</summary>
#
# Most likely the errors have grown since the validation years: the series has changed. The conformal promise holds for
# days that are like those on which the width was measured. Take newer validation days, or a wider interval.
# </details>
#
# ## Where next
#
# Try a file of your own, save its forecaster, and ask it every evening. Judge anew when a year of new days has come in.
#
# The networks learn from the training years only, so that the interval stays honest. For daily use you could train once
# more on all years. {Lesson:prediction} found that this helps a little. Then the margin has to be measured anew.
#
# {Lesson:sentiment} begins the part on other things than days: words, voices, arms, purchases and prices.
#
# ## References
#
# - R. A. Meese and K. Rogoff, *Empirical exchange rate models of the seventies: Do they fit out of sample?*, 1983,
#   [doi:10.1016/0022-1996(83)90017-X](https://doi.org/10.1016/0022-1996%2883%2990017-X).
# - J. Lei and others, *Distribution-Free Predictive Inference for Regression*, 2018,
#   [arXiv:1604.04173](https://arxiv.org/abs/1604.04173): split conformal prediction.
# - H. R. Künsch, *The Jackknife and the Bootstrap for General Stationary Observations*, 1989,
#   [doi:10.1214/aos/1176347265](https://doi.org/10.1214/aos/1176347265): the bootstrap with blocks.

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# *Time to train anew?* 12 minutes. One cup for two students, with ten slips of paper, numbered 0 to 9.
#
# 1. A draw is a day. The slip goes back each time. 0 is a day outside its interval, all others are inside: so this
#    interval holds exactly its 90 %. Each student draws 20 days and counts those outside.
# 2. Two of 20 are to be expected. Whoever has 4 or more stands up and says: "Train anew!"
# 3. Then take the limit of the lesson, a chance below one in a thousand. For 20 days that is 8 or more. Who still
#    stands?
#
# Of 20 students two or three are to be expected to stand at 4, though nothing has changed; at 8, almost certainly
# nobody. Say then: the alarm should ring at a count that chance hardly gives. The price is that it rings late.
#
# ### Answers to the open questions
#
# In brackets behind a wrong answer stands the belief that it comes from.
#
# - *By how much will the GRU beat the best naive forecast?* By 2 to 8 %. Wrong: "By half" (a naive forecast knows
#   nothing).
# - *What should an honest verdict say* of a walk? Use the naive forecast. Wrong: "A small gain" (a network always
#   finds something).
# - *3 %, interval −1 % to +7 %: what do you use?* The naive forecast, or the line if that is clearly better. Wrong:
#   "The GRU" (the middle of an interval is the result).
# - *A gain of 80 %: glad?* Look for a column that knows tomorrow, a code in the target, wrong dates. Wrong: "Yes" (a
#   large number is a good one).
#
# ### When time is short
#
# Skip "What if my file is a mess?", "Three files, three verdicts?", "What is refused?". If you leave out the cells of
# the first, leave out those of the second as well. Keep "And the answer?", "How is the verdict reached?", "And again
# tomorrow?", "What if there is nothing to find?" and the trap of the level: {lesson:markets} meets it again.
#
# ### After the lesson, students can
#
# - choose between GRU, line and naive forecast by three intervals;
# - find a column that knows tomorrow;
# - count the dates that a wrong reading moves;
# - explain why a network learns changes where a series leaves its range;
# - decide by the chance of a count whether to train anew.

# %% tags=["teacher"]
from math import comb


def at_least(outside, days=20):
    return sum(comb(days, k) * 0.1**k * 0.9 ** (days - k) for k in range(outside, days + 1))


assert 2 < 20 * at_least(4) < 3
assert at_least(8) < 0.001 < at_least(7)
assert (1 - at_least(8)) ** 20 > 0.98
