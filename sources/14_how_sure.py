# ---
# jupyter:
#   lesson:
#     part: Trust
#     question: How sure is tomorrow's forecast, how sure is a gain, and does the interval hold what it promises?
#     learn: to put an interval around any forecast, to count and to score what it holds, to say what nobody promises
#     need: "{lesson:preprocessing} to {lesson:how_far}"
# ---

# %% [markdown]
# # How sure? An interval that holds what it promises
#
# At the end of this lesson you will be able to say between which two temperatures tomorrow will lie, nine times in ten,
# to count whether that is true, and to say what the interval of a gain is worth.

# %% [markdown]
# ## Which days for what?
#
# The full record of Brussels, and the small network of {lesson:how_far}: 14 days, 16 units. It forecasts the departure
# from the yearly cycle ({lesson:preprocessing}); the cycle of the forecast's day is added. It learns from 1976–1997.
# The validation years, 1998–2001, get a second task here. The **test years**, 2002–2005, are opened once, in a section
# of their own. None of their days is scored before it, and nothing is changed after it. ({Lesson:gru_vs_lstm}
# and {lesson:prediction} have scored similar networks and straight lines on them. So they are no longer quite fresh.)

# %%
from math import ceil

import keras
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from helpers import baselines, data, evaluation, plots
from helpers.evaluation import comparison_table, draw_blocks, gain, rmse
from helpers.exercises import how_sure as check
from helpers.forecasting import for_day, small_model, train_and_forecast
from helpers.season import with_season, yearly_cycle
from helpers.windows import create_dataset

SEEDS = (1, 2, 3)
record = data.load("brussels")
temperature = record["temperature"]
train, validation, test = data.split(temperature, data.TRAIN_END, data.VALIDATION_END)

usual = yearly_cycle(record, data.TRAIN_END, record.index)
table = with_season(record - usual)  # the departures, and the day of the year
one_day = small_model(7)
forecasts = {}
for seed in SEEDS:
    departure = for_day(train_and_forecast(one_day, table, data.TRAIN_END, seed=seed))
    forecasts[f"GRU, seed {seed}"] = departure + usual["temperature"]

# %% [markdown]
# ## What would one use instead?
#
# An interval can be put around any forecast. So we make more, from the same training years. Three get the same columns
# as the network, and forecast the departure as well.
#
# - **Ridge**: the straight line, 14 days.
# - **Ridge with products**: of the last 2 days it also gets every square, and the product of every two columns. So a
#   line can use columns together.
# - **Boosting**: the boosted trees of {lesson:prediction}, as they come. Of 2, 4, 7 and 14 days they get what is best on
#   the validation years.
#
# The others see the temperature alone: persistence, the damped anomaly and the autoregression.


# %%
def by_table(model, window, table, usual, last):
    """Fit a model to the days up to `last`; return its forecasts in °C. It sees `window` days of all columns."""
    scaled = StandardScaler().fit(table.loc[:last]).transform(table)
    inputs = create_dataset(scaled, window)[0].reshape(-1, 7 * window)  # one row a forecast day
    days = table.index[window:]
    learn = days <= last
    model.fit(inputs[learn], table["temperature"][days[learn]])
    return pd.Series(model.predict(inputs), days) + usual["temperature"][days]


trees = HistGradientBoostingRegressor(random_state=0)
tried = {window: by_table(trees, window, table, usual, data.TRAIN_END) for window in (2, 4, 7, 14)}
best = min(tried, key=lambda window: rmse(validation, tried[window][validation.index]))
products = make_pipeline(PolynomialFeatures(2, include_bias=False), StandardScaler(), Ridge(100))
by_name = {"ridge": (Ridge(), 14), "ridge with products": (products, 2), "boosting": (trees, best)}


def all_others(record, table, usual, last, days):
    made = {name: by_table(*model, table, usual, last)[days] for name, model in by_name.items()}
    for name in ("autoregression", "damped anomaly", "persistence"):
        made[name] = baselines.FORECASTERS[name](record, last, days)
    return made


forecasts |= all_others(record, table, usual, data.TRAIN_END, record.index[14:])
misses = pd.DataFrame(forecasts).sub(temperature, axis=0).abs()

# %% [markdown]
# ## How sure?
#
# "Tomorrow 14 °C" says nothing about 10 °C or 18 °C. "Between 11 and 17 °C, in nine of ten cases" does, if it is true.
# How often it is true is the **coverage**: the share of days inside the interval. We want 90 %, and narrow.
#
# **Split conformal prediction.** Take days that the model did not learn from, the **calibration days**: here the
# validation years. Note how far it missed on each. Put a margin around the forecast that would have held 90 % of
# these days.
#
# How large a margin exactly? Of *n* misses in order, smallest first, take number $\lceil (n + 1) \cdot 0.9 \rceil$
# (rounded up). Why + 1? Tomorrow's miss may fall before the first of the *n*, between two of them, or after the last:
# *n* + 1 places. With 19 misses there are 20 places. In 18 of them it is no larger than number 18. If all places are
# equally likely, 18 of 20 is 90 %.


# %%
def conformal_margin(misses, level: float = 0.9) -> float:
    """Return the margin that holds a new miss with probability `level` or more, if misses come in random order."""
    rank = ceil((len(misses) + 1) * level)
    if rank > len(misses):
        raise ValueError(f"{len(misses)} days are too few for a level of {level}")
    return float(np.sort(misses)[rank - 1])


margins = misses.loc[validation.index].apply(conformal_margin)

# %% tags=["nbval-ignore-output"]
print("forecast ± margin, in °C")
margins.round(2)

# %%
assert (margins == misses.loc[validation.index].apply(evaluation.conformal_margin)).all()  # the helpers' is the same
assert margins.between(3, 3.6).all()
assert best in (2, 4)  # the two are nearly equal

# %% [markdown] tags=["teacher"]
# They take the miss at 90 % of *n*. Ask: 19 misses lie in order; how many places are there for tomorrow's? Expect:
# 20. In 18 of them it is no larger than miss number 18: 90 %. Then they say: so tomorrow is inside with 90 %, in
# winter too. Write that sentence on the board. "Do the intervals keep their word?" answers it.

# %% [markdown]
# The model may be anything: only its misses are used. Here the margins lie between 3 and 3.6 °C.
#
# ## Trap: intervals from training residuals
#
# Why keep four years aside for a margin? The training years have misses as well, and more of them. Take the 90 % margin
# from there, and count on the validation years.

# %%
tempted = misses[["ridge", "GRU, seed 1", "boosting"]]
too_easy, unseen = tempted.loc[: data.TRAIN_END].dropna(), tempted.loc[validation.index]
residuals = pd.DataFrame(
    {
        "RMSE, training": np.sqrt((too_easy**2).mean()),
        "RMSE, validation": np.sqrt((unseen**2).mean()),
        "coverage, validation": (unseen <= too_easy.apply(conformal_margin)).mean(),
    }
)

# %% tags=["nbval-ignore-output", "slide"]
print("90 % intervals made from the training years (RMSE in °C)")
residuals.round(3)

# %%
assert 0.77 < residuals.loc["boosting", "coverage, validation"] < 0.84
assert abs(residuals.loc["ridge", "coverage, validation"] - 0.9) < 0.02
assert 0.86 < residuals.loc["GRU, seed 1", "coverage, validation"] < 0.92

# %% [markdown] tags=["teacher"]
# They say: 22 years are more than four, so the margin is better. Ask: in which row is the error in training much
# smaller than in validation? Expect: boosting. It knows part of the training years by heart. Ask: could you have
# known beforehand which row it would be? Expect: no. So take unseen days for all.

# %% [markdown]
# The trees have learned part of the training years by heart. Their misses there are smaller than those to come, and
# their "90 %" intervals hold only about 80 %. The straight line and our small GRU get away with it. You do not know in
# advance which you have. Use days that the model has not seen.
#
# ## Can the margin differ from day to day?
#
# So far it is the same all year. Are all days equally hard? Ask the 22 training years: how far does the network miss,
# on average, in each season? Beside it stands the **standard error**: how much this mean moves from one draw of days to
# another (its standard deviation), with days drawn in blocks of 30 ({lesson:how_far}).

# %%
SEASONS = {"winter": (12, 1, 2), "spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11)}


def with_error(values: pd.Series, months) -> tuple[float, float]:
    """Return the mean of the values in these months, and its standard error over draws of days in blocks."""
    chosen = values.index.month.isin(months)
    drawn = draw_blocks(len(values), evaluation.BLOCK)  # (draws, days)
    means = (values.to_numpy() * chosen)[drawn].sum(axis=1) / chosen[drawn].sum(axis=1)
    return values[chosen].mean(), means.std()


seen = misses["GRU, seed 1"].loc[: data.TRAIN_END].dropna()
of_season = pd.DataFrame({season: with_error(seen, months) for season, months in SEASONS.items()}, ["mean", "error"])

# %% tags=["nbval-ignore-output", "slide"]
print("mean miss in the training years and its standard error, in °C")
of_season.round(3)

# %%
worse = of_season.loc["mean", "winter"] - of_season.loc["mean", "summer"]
assert worse > 3 * np.hypot(*of_season.loc["error", ["winter", "summer"]])

# %% [markdown]
# Winter is harder than summer, by more than three standard errors. So there is something to mend. Three ways, all made
# before the test years are opened:
#
# **By season.** Divide each miss by $s$, the size that it usually has on that day of the year, and calibrate the
# quotients. Their margin is a factor $k$, and the interval is forecast $\pm\, k \cdot s$. (Lei and others, 2018.) For
# $s$ we take the yearly cycle of the misses in the training years. There they may be too small, as in the trap above.
# That does little harm if they are too small by about the same share in all seasons. And $k$ comes from unseen days.
#
# **Quantiles, moved.** A network can learn the ends of an interval. The 95 % quantile of tomorrow is the temperature
# that it stays below with a probability of 95 %. The **pinball loss** makes a network learn it. If the truth is above
# the forecast, each degree costs 0.95. If it is below, each degree costs 0.05. To be too low is 19 times as dear, so
# the network goes up until one day in twenty is above. With 0.05 and 0.95 swapped it learns the 5 % quantile. Our three
# outputs learn the 5 %, the 50 % and the 95 % quantile at once. Nothing guarantees that 90 % of new days lie between
# the outer two. So they are calibrated as well: now the miss is how far the truth lies outside them, below 0 if it is
# inside, and both ends move by its margin. (Conformalised quantile regression: Romano, Patterson and Candès, 2019.)
#
# **By width.** As by season, but $s$ is half the distance between the two quantiles. It knows the last 14 days.

# %%
LEVELS = np.array([0.05, 0.5, 0.95], dtype="float32")


def pinball(truth, forecast):
    """Mean pinball loss; truth (samples, 1), forecast (samples, 3), one column a level."""
    too_low = truth - forecast
    return keras.ops.mean(keras.ops.maximum(LEVELS * too_low, (LEVELS - 1) * too_low), axis=-1)


def calibrated(forecast, size):
    """Return forecast ± factor · size, with the factor that holds 90 % of the validation days."""
    factor = conformal_margin(((forecast - temperature).abs() / size)[validation.index])
    return forecast - factor * size, forecast + factor * size


quantile_network = small_model(7, outputs=3, loss=pinball)
intervals = {}  # (way, seed): lower end, upper end
for seed in SEEDS:
    forecast = forecasts[f"GRU, seed {seed}"].dropna()
    miss = misses[f"GRU, seed {seed}"].dropna()
    quantiles = train_and_forecast(quantile_network, table, data.TRAIN_END, seed=seed).shift(1, freq="D")
    low, high = (quantiles[output] + usual["temperature"] for output in (1, 3))
    move = conformal_margin(np.maximum(low - temperature, temperature - high)[validation.index])
    intervals["fixed", seed] = calibrated(forecast, 1)
    intervals["by season", seed] = calibrated(forecast, yearly_cycle(miss, data.TRAIN_END, forecast.index))
    intervals["quantiles, moved", seed] = low - move, high + move
    intervals["by width", seed] = calibrated(forecast, (high - low) / 2)

# %%
assert not any((low >= high).any() for low, high in intervals.values())  # nothing in the loss keeps them in order

# %% [markdown] tags=["teacher"]
# The pinball loss loses people: the 95 % quantile is taken for the warmest day. Ask: the truth is 2 °C above, then 2
# °C below; what does each cost? Expect: 1.9 and 0.1. Ask: so where would you put the forecast? Expect: so high that
# only one day in twenty is above. They also ask why quantiles that were learned have to be moved: nothing guarantees
# that 90 % of new days lie between them.

# %% [markdown]
# ## How sure are we of a gain?
#
# Soon we compare forecasts by `gain`, with its 90 % interval from days drawn in blocks. That is a promise too, so count.
# On real days the true gain is not known. So we make days on which it is: two forecasts that are **equally good**. Their
# errors correlate by 0.9. Each day keeps the share φ of the error of the day before, and adds something new. Of 2,000
# such pairs, how many 90 % intervals hold the true gain, 0? How many lie above 0, so that one would announce a gain? That
# should be 5 %.


# %%
def promise(days: int, phi: float, block: int, pairs: int = 2000) -> tuple[float, float]:
    """Return how often the 90 % interval of a gain holds 0, which is true here, and how often it lies above 0."""
    errors = np.random.default_rng(0).normal(size=(50 + days, 3, pairs))
    for day in range(1, 50 + days):  # the first 50 days only run in
        errors[day] += phi * errors[day - 1]
    common, one, other = errors[50:].swapaxes(0, 1)
    times = np.array([np.bincount(draw, minlength=days) for draw in draw_blocks(days, block, draws=500)])
    gains = 1 - np.sqrt((times @ (3 * common + one) ** 2) / (times @ (3 * common + other) ** 2))
    low, high = np.quantile(gains, [0.05, 0.95], axis=0)
    return np.mean((low <= 0) & (0 <= high)), np.mean(low > 0)


cases = [(days, phi, block) for days in (365, 1461) for phi in (0, 0.8) for block in (1, 30)]
promised = pd.DataFrame([promise(*case) for case in cases], columns=["holds 0", "false gains"])
promised.index = pd.MultiIndex.from_tuples(cases, names=["days", "φ", "days a block"])

# %% tags=["nbval-ignore-output", "slide"]
promised.round(3)

# %%
holds = promised["holds 0"].unstack()
single, blocks = holds[1].unstack(), holds[30].unstack()  # a row a number of days, a column a φ
assert 0.81 < blocks.loc[365, 0.8] < 0.85
assert 0.84 < blocks.loc[1461, 0.8] < 0.88
assert (blocks[0.8] < blocks[0]).all()
assert (blocks[0] < 0.9).all()
assert (single[0.8] < 0.6).all()
false_gains = promised["false gains"]
assert 0.08 < false_gains[365, 0.8, 30] < 0.11
assert 0.055 < false_gains[1461, 0.8, 30] < 0.085
assert min(false_gains[365, 0.8, 1], false_gains[1461, 0.8, 1]) > 0.2
assert single.loc[365, 0] > blocks.loc[365, 0] + 0.01
own = (forecasts["GRU, seed 1"] - temperature)[validation.index]
assert abs(own.autocorr()) < 0.15
assert (baselines.damped_anomaly(record, data.TRAIN_END, validation.index, 7) - validation).autocorr() > 0.7

# %% [markdown] tags=["teacher"]
# They say: a 90 % interval holds the truth in 90 % of cases, that is what the name says. Ask: how can that be checked
# for gains, if nobody knows the true gain? Expect: on days that we make, with a gain of 0. Then read the row of 365
# days, φ = 0.8, blocks of 30: about 83 of 100.

# %% [markdown]
# **The interval is too narrow.** From one year of related days (φ = 0.8) it holds the truth in about 83 of 100 cases
# instead of 90. So about 9 of 100 forecasts that are no better get a "clear gain", instead of 5. From four years it is
# about 7. Where days are not related (φ = 0) it is nearer to the promise.
#
# Why? A year has only twelve blocks, and twelve are a small sample. The control: where days are independent, single
# days do better than blocks. But with related days they fail badly: more than 20 false gains in 100. So we stay with
# blocks. Our network's errors one day ahead are hardly related, as with φ = 0. Those of a forecast a week ahead are, as
# with φ = 0.8.
#
# So an interval that begins just above 0 shows little. And it holds the luck of the **days**, not that of the seed: look
# at several seeds.
#
# ## What do the test years say?
#
# Now, and once. The next-day forecasts first.

# %% tags=["nbval-ignore-output"]
verdict = comparison_table(test, {name: forecast[test.index] for name, forecast in forecasts.items()})
verdict.round(3)

# %%
simple = ["boosting", "ridge with products", "ridge", "autoregression", "damped anomaly"]
gains = pd.DataFrame(
    {
        (f"over {name}", seed): gain(test, forecasts[f"GRU, seed {seed}"][test.index], forecasts[name][test.index])
        for name in simple
        for seed in SEEDS
    },
    index=["share", "5 %", "95 %"],
).T

# %% tags=["nbval-ignore-output", "slide"]
print("share of the error that the GRU takes away, with its 90 % interval, by seed")
gains.round(3)

# %%
test_rmse = verdict["RMSE (°C)"]
three_seeds = test_rmse[[f"GRU, seed {seed}" for seed in SEEDS]]
assert three_seeds.max() < test_rmse[simple].min()
assert (gains.loc[[f"over {name}" for name in simple[2:]], "5 %"] > 0.01).all()
assert gains.loc[[f"over {name}" for name in simple[:2]], "share"].between(0, 0.02).all()
assert gains.loc[[f"over {name}" for name in simple[:2]], "5 %"].between(-0.015, 0.004).all()
assert abs(test_rmse["ridge"] - test_rmse["autoregression"]) < 0.005
assert 0.005 < -gain(validation, *(forecasts[n][validation.index] for n in ("autoregression", "ridge"))).share < 0.015
assert round(test_rmse["autoregression"] - test_rmse["ridge with products"], 2) == 0.07
assert (test_rmse["ridge with products"] - three_seeds).between(0, 0.025).all()
assert np.ptp(gains.loc["over boosting", "share"]) < np.ptp(gains.loc[("over boosting", 1), ["5 %", "95 %"]])

# %% [markdown] tags=["teacher"]
# They say: the GRU has the smallest error, so it is the best. Ask: over ridge with products, where do the intervals
# of the three seeds begin? Expect: near 0 or below. These days hardly tell the two apart. Ask: what would you run at
# work? Expect: the autoregression first, more only if the gain is worth the upkeep.

# %% [markdown]
# - All three seeds have the smallest error. Over ridge, the autoregression and the damped anomaly the intervals lie well
#   above 0.
# - Over **boosting**, and over **ridge with products**, the gain is about 1 %, and the intervals begin near 0 or below
#   it. These days hardly tell them apart.
# - On these four years the autoregression, three weights on the temperature alone, matches the straight line on 98
#   inputs. On the validation years the line was one percent ahead.
#
# If this were your task, start with the autoregression. Ridge with products takes 0.07 °C off it, the GRU about 0.01 °C
# more. Keep the GRU if its gain on **your** record is worth its upkeep.
#
# ## Do the intervals keep their word?
#
# The coverage on the test years, all together and by season, with its standard error.

# %%
shares = {}
for (name, seed), ends in intervals.items():
    if seed == 1:
        inside = test.between(*(end[test.index] for end in ends))  # a day on the end of its interval is inside
        parts = {"all": range(1, 13), **SEASONS}
        shares[name] = {part: with_error(inside, months) for part, months in parts.items()}
shares = pd.DataFrame(shares)
calibrated_on = {year: conformal_margin(misses.loc[str(year), "GRU, seed 1"]) for year in range(1998, 2002)}
by_year = {year: (misses.loc[test.index, "GRU, seed 1"] <= margin).mean() for year, margin in calibrated_on.items()}

# %% tags=["nbval-ignore-output", "slide"]
print("fixed, calibrated on one year only:", ", ".join(f"{year}: {share:.1%}" for year, share in by_year.items()))
shares.map(lambda pair: "{:.3f} ± {:.3f}".format(*pair))

# %%
kept, errors = (shares.map(lambda pair, place=place: pair[place]) for place in (0, 1))
fixed = kept["fixed"]
assert abs(kept.loc["all"] - 0.9).max() < 0.03
assert fixed["summer"] - 0.9 > 1.8 * errors.loc["summer", "fixed"]
assert fixed["winter"] < fixed["all"] < fixed["summer"]
assert (np.ptp(kept.drop("all")[["by season", "by width"]], axis=0) < np.ptp(fixed.drop("all")) - 0.01).all()
assert 0.015 < np.ptp(list(by_year.values())) < 0.045

# %% [markdown] tags=["teacher"]
# They say: with the fixed margin fewer winter days are inside, so the promise is broken. Ask: for which days was it
# given? Expect: for all days together, as if they came in random order. Go back to the sentence on the board: "in
# winter too" was never promised.

# %% [markdown]
# Over the four years each kind holds very nearly what it promised. With the **fixed** margin summer has too much, by
# about two standard errors or more, and winter less than the mean. Four years alone would only be a suspicion. But the
# training years had told us so beforehand. With the margins by season and by width the seasons lie closer together.
#
# The calibration days are a sample, too. The first line shows it: from single years the coverage differs by about three
# percent. Here that is little.
#
# ## Which interval is best?
#
# Narrow is good, and to hold the truth is good. The **interval score** puts both into one number, in °C. For an interval
# from $l$ to $u$ of level $1 - \alpha$ and the truth $y$ (Gneiting and Raftery, 2007):
#
# $$S = (u - l) + \frac{2}{\alpha} \max(l - y, 0) + \frac{2}{\alpha} \max(y - u, 0)$$
#
# The width, and at 90 % twenty more for each degree that the truth is outside. Smaller is better. Who gives the true
# 5 % and 95 % quantiles has the best score to expect, so it cannot be cheated. It is the pinball loss of the two ends,
# times 20.


# %%
def interval_score(truth, low, high, alpha=0.1):
    return high - low + 2 / alpha * np.maximum(low - truth, 0) + 2 / alpha * np.maximum(truth - high, 0)


drawn = draw_blocks(len(test), evaluation.BLOCK)
scores = {key: interval_score(test, *(end[test.index] for end in ends)).to_numpy() for key, ends in intervals.items()}
rows = {}
for name, seed in scores:
    score, of_fixed = scores[name, seed], scores["fixed", seed]
    low, high = np.quantile(1 - score[drawn].mean(axis=1) / of_fixed[drawn].mean(axis=1), [0.05, 0.95])
    width = np.subtract(*(end[test.index].mean() for end in intervals[name, seed][::-1]))
    rows[name, seed] = (width, score.mean(), 1 - score.mean() / of_fixed.mean(), low, high)
by_score = pd.DataFrame(rows, index=["width (°C)", "score (°C)", "gain over fixed", "5 %", "95 %"]).T.sort_index()

# %% tags=["nbval-ignore-output", "slide"]
by_score.round(3)

# %%
assert interval_score(14.0, 11.0, 17.0) == 6
assert np.isclose(interval_score(17.2, 11.0, 17.0), 6 + 4)
truths = np.array([[10.0], [14.0], [17.2]])
losses = pinball(truths.astype("float32"), np.array([[11, 14, 17]], dtype="float32")).numpy()
losses -= np.abs(truths[:, 0] - 14) / 2 / 3  # without the middle output
assert np.allclose(losses * 3 * 20, interval_score(truths[:, 0], 11, 17), rtol=1e-3)
gained = by_score["gain over fixed"].unstack()
assert gained.loc["by season"].between(0.003, 0.02).all()
assert gained.loc["by width"].between(0.005, 0.035).all()
assert by_score.loc["by width", "5 %"].between(0, 0.016).all()
assert by_score.loc["by season", "5 %"].between(-0.004, 0.01).all()
assert np.ptp(gained.loc["quantiles, moved"]) > np.ptp(gained.loc["by season"])
assert np.ptp(by_score["width (°C)"]) < 0.6

# %% tags=["slide"]
spring = test.loc["2005-03":"2005-04"].index
fig = plots.forecast_against_truth(test[spring], {})
fig.legends.clear()
styles = {"fixed": {"alpha": 0.25}, "by width": {"facecolor": "none", "edgecolor": plots.COLOURS[1]}}
for name, style in styles.items():
    fig.axes[0].fill_between(spring, *(end[spring] for end in intervals[name, 1]), label=name, **style)
fig.axes[0].set_title("Intervals for the next day that should hold nine days in ten, spring 2005")
fig.legend(loc="outside lower center", ncols=3)
plots.show(
    fig,
    "Observed daily temperature in March and April 2005 as a black line, with two bands that follow it a day late: the "
    "fixed one, of the same width every day, and the one by width, which widens and narrows a little. Most days "
    "lie inside both. At the sudden turn to warm weather in mid-March a day lies well above them.",
)

# %% [markdown] tags=["teacher"]
# They say: the wider, the safer. Ask: what does the interval from −50 to 50 °C score? Expect: 100, its width, with
# all days inside. Ask: and 11 to 17 °C, if the truth is 17.2? Expect: 6 for the width, and 20 · 0.2 = 4 for the miss,
# so 10. Smaller is better.

# %% [markdown]
# **By season** takes about 1 % off the score, and the intervals begin hardly above 0. **By width** takes about 2 % off.
# Its intervals begin between half a percent and one percent. That it is better than by season, this does not show. The
# **moved quantiles** are about as wide, but lie elsewhere, and their gain depends on the seed. So a margin that knows the
# day is a little better. On this record the fixed margin is nearly as good.
#
# **What conformal prediction promises**: if the days came in random order (in the field's word: if they were
# **exchangeable**), then 90 % or more of new days would be inside on average, whatever the model, however wrong.
#
# **What it does not**: 90 % in winter, or on the day that you care about. And days do not come in random order. Winter
# days come together, and a climate that warms leaves its calibration years behind. For time series the promise is an
# expectation that has to be checked. Gibbs and Candès (2021) let the interval grow after a miss and shrink after a hit,
# so that the share comes right in the long run (exercise 4).
#
# ## How sure several days ahead?
#
# Each horizon has its own misses, so it needs its own margin. Here for forecasts that cost nothing, from the validation
# years. The coverage is that of the damped anomaly on the test years: with its own margin, and with tomorrow's.

# %%
scored = temperature[validation.index.union(test.index)]
rows = {}
for ahead in (1, 2, 3, 5, 7, 14):
    missed = {}
    for name in ("persistence", "ridge", "damped anomaly", "climatology"):
        missed[name] = (baselines.FORECASTERS[name](record, data.TRAIN_END, scored.index, ahead) - scored).abs()
    rows[ahead] = {name: conformal_margin(miss[validation.index]) for name, miss in missed.items()}
    for column, whose in {"coverage": ahead, "coverage, tomorrow's margin": 1}.items():
        rows[ahead][column] = (missed["damped anomaly"][test.index] <= rows[whose]["damped anomaly"]).mean()
horizons = pd.DataFrame(rows).T.rename_axis("days ahead")

# %% tags=["nbval-ignore-output", "slide"]
print("margins in °C")
horizons.round(2)

# %%
damped, climate = horizons["damped anomaly"], horizons["climatology"]
assert damped.is_monotonic_increasing
assert damped[3] < 0.94 * climate[3]
assert (abs(damped / climate - 1)[[7, 14]] < 0.04).all()
assert (horizons["persistence"] > climate)[[3, 5, 7, 14]].all()
assert horizons.loc[14, "persistence"] > 1.3 * climate[14]
assert horizons.loc[14, "ridge"] > climate[14]
assert (abs(horizons["coverage"] - 0.9) < 0.02).all()
assert horizons.loc[3, "coverage, tomorrow's margin"] < 0.76

# %% [markdown]
# The margin of the damped anomaly grows for about a week. Then it is climatology's: the forecast knows nothing more than
# the season, and its interval says so. Persistence needs more than climatology from the third day on. Tomorrow's
# margin, kept for three days ahead, holds fewer than 76 % of the days.
#
# ## Do other places agree?
#
# Three more stations, each judged on its own last years. All settings stay as they were in Brussels. One seed.

# %%
rows = {}
for name, last in {"tunis": "1995-12-31", "champion": "2007-12-31", "hyderabad": "2007-12-31"}.items():
    station = data.load(name)
    cycle = yearly_cycle(station, last, station.index)
    departures = with_season(station - cycle)
    truth = station["temperature"].loc[last:].iloc[1:]
    gru = (for_day(train_and_forecast(one_day, departures, last)) + cycle["temperature"])[truth.index]
    for other, forecast in all_others(station, departures, cycle, last, truth.index).items():
        rows[name, other] = (rmse(truth, gru), rmse(truth, forecast), *gain(truth, gru, forecast))
elsewhere = pd.DataFrame(rows, index=["RMSE, GRU", "RMSE", "gain of the GRU", "5 %", "95 %"]).T

# %% tags=["nbval-ignore-output", "slide"]
elsewhere.round(3)

# %%
over = elsewhere.swaplevel()
assert (over.loc["persistence", "5 %"] > 0).all()
assert (elsewhere.loc["champion", "gain of the GRU"] > 0).all()
assert elsewhere.loc[("champion", "ridge with products"), "gain of the GRU"] < 0.012
assert over.loc[("ridge", "tunis"), "5 %"] < 0.004
assert elsewhere.loc["tunis", "RMSE"].idxmin() == "ridge"
assert elsewhere.loc["hyderabad", "RMSE"].idxmin() == "ridge with products"
assert elsewhere.loc[("hyderabad", "ridge with products"), "gain of the GRU"] < 0
assert abs(elsewhere.loc[("hyderabad", "ridge"), "gain of the GRU"]) < 0.015

# %% [markdown]
# The GRU beats persistence everywhere. In Champion, Nebraska, it has the smallest error, half a percent below that of
# ridge with products. In Tunis the straight line comes closest, and the interval begins near 0 or below. In Hyderabad,
# with eight years to learn from, the line is level with the GRU, and the line with products has a smaller error. With
# Hyderabad alone, this lesson would end otherwise.
#
# ## Exercises
#
# Replace each `...` and run the cell, then run the check below it.
#
# **1. How many days does it take?** With few calibration days, the rank $\lceil (n + 1) \cdot \text{level} \rceil$ is
# beyond the last of the *n* misses. What is the smallest *n* for which an interval of level **0.99** can be made?

# %%
fewest_days = ...
### BEGIN SOLUTION
fewest_days = 99  # 100 · 0.99 = 99; for 98 days the rank would be 99 as well
### END SOLUTION

# %%
check.fewest_days(fewest_days)

# %% [markdown]
# **2. Guard against frost.** A grower asks: "how cold may it get?" A miss to the cold side is bad, one to the warm
# side is not. Keep **all** *n* days in the count: a day warmer than forecast is a miss below 0. From `errors`, an array
# of truth − forecast on *n* calibration days, find the margin so that `forecast − margin` is undercut with a probability
# of at most 1 − `level`. Mind tomorrow's place among the *n*.


# %%
def frost_margin(errors, level):
    ...
    ### BEGIN SOLUTION
    colder = np.sort(-errors)
    return colder[ceil((len(colder) + 1) * level) - 1]
    ### END SOLUTION


# %%
check.frost_margin(frost_margin)

# %% [markdown]
# **3. Where does the promise fail?** `truth`, `lower` and `upper` are Series with the same dates. Return the month, 1
# to 12, in which the coverage is lowest, all years together. Months differ in length, and a day on the end of its
# interval is inside.


# %%
def worst_month(truth, lower, upper):
    ...
    ### BEGIN SOLUTION
    return truth.between(lower, upper).groupby(truth.index.month).mean().idxmin()
    ### END SOLUTION


# %%
check.worst_month(worst_month)

# %% [markdown]
# **4. A margin that learns.** A simple form of the idea of Gibbs and Candès. The first day's margin is `start`. After a
# day outside (its miss is larger than the margin) the margin grows by `step · level`. After a day inside it shrinks by
# `step · (1 − level)`. From `misses`, one a day, in order, to the margins that these days had.


# %%
def moving_margins(misses, start, step, level):
    ...
    ### BEGIN SOLUTION
    margins = [start]
    for miss in misses[:-1]:
        margins.append(margins[-1] + (step * level if miss > margins[-1] else -step * (1 - level)))
    return margins
    ### END SOLUTION


# %%
check.moving_margins(moving_margins)

# %% [markdown] tags=["teacher"]
# Do exercise 1 together: expect 100 or 98. Compute the ranks: for 98 days it is 99, beyond the last; for 99 days it
# is 99. In exercise 2 expect misses to both sides, or the warm days left out. In exercise 3 expect counts of days,
# though months differ in length. Exercise 4 is for home. Let them first play three days on paper; expect lists that
# begin with the second margin, without `start`.

# %% [markdown]
# ## What to take away
#
# - An interval is a promise that can be counted. Calibrate it on unseen days, and count by season too.
# - Split conformal prediction puts an honest margin around any forecast. The promise is about all days together.
# - A margin that knows how hard the day is can be a little better. The interval score decides.
# - Each horizon has its own margin. It grows until it is climatology's.
# - The interval of a gain is too narrow, most of all with few or related days. What begins just above 0 shows little.
# - Open the test years once, and say so if they were open before.
#
# ## Self-test
#
# <details><summary>A 90 % interval held 90 % of the test days. What may still be wrong?</summary>
#
# It may hold fewer in one season, and the days outside may come in one spell. Count by season, and look at the days
# outside. </details>
#
# <details><summary>Why not take the margin from the training years?</summary>
#
# The model may know them by heart. Then its misses there are too small. </details>
#
# <details><summary>The pinball loss for 0.95: the truth is 2 °C above the forecast, then 2 °C below. What does each cost?</summary>
#
# 1.9 and 0.1. So it pays to go up, until one day in twenty is above. </details>
#
# ## Where next
#
# {Lesson:inside_the_network} looks at what the gates do on real days. {Lesson:your_own_data} does all this with your own
# CSV file, and ends with a verdict in words.
#
# ## References
#
# - J. Lei and others, *Distribution-free predictive inference for regression*, 2018 (split conformal prediction, plain
#   and scaled), [arXiv:1604.04173](https://arxiv.org/abs/1604.04173).
# - Y. Romano, E. Patterson and E. Candès, *Conformalized quantile regression*, 2019,
#   [arXiv:1905.03222](https://arxiv.org/abs/1905.03222).
# - T. Gneiting and A. E. Raftery, *Strictly proper scoring rules, prediction, and estimation*, 2007 (the interval score),
#   [doi:10.1198/016214506000001437](https://doi.org/10.1198/016214506000001437).
# - I. Gibbs and E. Candès, *Adaptive conformal inference under distribution shift*, 2021,
#   [arXiv:2106.00170](https://arxiv.org/abs/2106.00170).
# - R. Koenker and G. Bassett, *Regression quantiles*, 1978 (the pinball loss),
#   [doi:10.2307/1913643](https://doi.org/10.2307/1913643).

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# **Everybody is tomorrow.** 12 minutes, twenty cards numbered 1 to 20. They are the misses of twenty days. Everyone
# holds one; in a small class, two.
#
# 1. One card is tomorrow. Put the other 19 in order. The 18th of them is the margin. Tomorrow is inside if its card
#    is not larger. Do it with card 7 (margin 19, inside), then with card 20 (margin 18, outside).
# 2. Everyone takes their own card as tomorrow, and stands up if it is inside. 18 of 20 stand, all but 19 and 20: 90
#    %. With any twenty other numbers it is the same.
# 3. Now 1 to 10 are days of summer, 11 to 20 of winter. Calibrate on summer: of ten misses the 10th is the margin (11
#    · 0.9, rounded up). It is 10. How many winter days are inside? None.
#
# Then say: the promise holds if each card could be tomorrow as well as any other. Days of a year cannot.
#
# ### Answers to the open questions
#
# - *Why n + 1?* Tomorrow's miss takes a place among the *n*. Wrong: it is a correction for few days. The formula is
#   learned without the places that it counts.
# - *Which is the smallest n for 99 %?* 99. Wrong: 100. It forgets that tomorrow is the hundredth.
# - *90 % inside: what may be wrong?* One season, or the days outside in one spell. Wrong: nothing. The whole is taken
#   for each part.
# - *Why not from the training years?* They may be known by heart. Wrong: it is fine, there are more days.
#
# ### When time is short
#
# Skip "Do other places agree?" and the code of "How sure are we of a gain?"; its table is enough. Of the three ways
# in "Can the margin differ from day to day?" speak of "by season" only; one cell makes all three. Keep "How sure?",
# its trap, "Do the intervals keep their word?" and the margins in "How sure several days ahead?".
#
# ### After the lesson, students can
#
# - compute a conformal margin and the days that it takes (exercises 1 and 2);
# - measure coverage by month (exercise 3);
# - compute a margin that moves with each miss (exercise 4);
# - explain why training residuals promise too much (trap, self-test);
# - compute what a miss costs in the pinball loss (self-test).

# %% tags=["teacher"]
# the twenty cards, and summer and winter
import math


def margin(misses, level=0.9):
    return sorted(misses)[math.ceil((len(misses) + 1) * level) - 1]


cards = range(1, 21)
assert math.ceil(20 * 0.9) == 18
assert sum(tomorrow <= margin([card for card in cards if card != tomorrow]) for tomorrow in cards) == 18
assert [margin([card for card in cards if card != tomorrow]) for tomorrow in (7, 19, 20)] == [19, 18, 18]
assert math.ceil(11 * 0.9) == margin(range(1, 11)) == 10
assert math.ceil(99 * 0.99) == math.ceil(100 * 0.99) == 99
assert sum(winter <= margin(range(1, 11)) for winter in range(11, 21)) == 0
assert min(n for n in range(1, 200) if math.ceil((n + 1) * 0.99) <= n) == 99
