# ---
# jupyter:
#   lesson:
#     part: Elsewhere
#     question: What will this household buy next?
#     learn: to forecast a choice at every step, to pad without harm, to split by household, to find a leak, to say what a shop must not conclude
#     need: "{lesson:training}"
# ---

# %% [markdown]
# # What will this household buy next?
#
# At the end of this lesson you will be able to forecast choices with a GRU from histories of different lengths, to judge
# it on new households, and to say what a shop may conclude.

# %% [markdown]
# ## What did they buy?
#
# 516 households bought margarine. At each purchase ten products stood on the shelf. We know which one was bought, and
# what **all ten** cost. Given what a household bought so far, and today's prices, which one will it be?

# %%
import time

import keras
import numpy as np
import pandas as pd
from keras.utils import pad_sequences
from scipy.sparse import hstack
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from helpers import data, plots
from helpers.cells import GRU
from helpers.exercises import behaviour as check
from helpers.models import start_anew
from helpers.sequences import mean_by_group, shuffle_steps

every = data.load("behaviour")
table = every[every.groupby("household").cumcount() < 24]  # the first 24 purchases of each household
names = list(table.columns[2:])
household, bought, prices = (table[part].to_numpy() for part in ("household", "product", names))
lengths = np.bincount(household)[1:]
print(f"{len(table):,} of {len(every):,} purchases, {lengths.min()} to {lengths.max()} a household")

print("household 2:")
for row in np.flatnonzero(household == 2):
    print(f"  {names[bought[row]]:<20}{prices[row, bought[row]]:.2f} $, the cheapest {prices[row].min():.2f} $")

# %% tags=["slide"]
fig, (left, right) = plots.figure(1, 2, figsize=(9, 3.8), width_ratios=[1, 1.7], sharey=True)
left.barh(names, np.bincount(bought) / len(bought))
left.set(xlabel="share of all purchases", ylim=(9.6, -0.6))
for number, marker, up in zip((48, 74, 16, 99), "osD^", (-0.24, -0.08, 0.08, 0.24), strict=True):
    own = bought[household == number]
    right.plot(np.arange(1, len(own) + 1), own + up, marker, markersize=5, label=f"household {number}")
right.set(xlabel="purchase of the household, counted")
fig.legend(loc="outside lower center", ncols=4)
plots.show(
    fig,
    "Left, bars: shares of all purchases. Parkay sticks have two fifths, the nine others a sixth or less each. Right: "
    "four households, purchase by purchase. One buys the same every time. One buys generic sticks five times, then others. "
    "Two change more often than not.",
)

# %%
popular = np.bincount(bought) / len(bought)
assert popular.argmax() == 0
assert 0.36 < popular[0] < 0.44
assert table["household"].nunique() == len(lengths) == 516
assert 0.96 < len(table) / len(every) < 0.98
assert len(set(bought[household == 48])) == 1
assert (bought[household == 74][:5] == 4).all()
assert (bought[household == 74][7:] != 4).all()
assert min(np.mean(np.diff(bought[household == number]) != 0) for number in (16, 99)) > 0.7

# %% [markdown] tags=["teacher"]
# **They say:** "So we forecast when they will buy." **Ask:** which days have no row in the table? **Expect:** those
# on which a household bought nothing, or bought elsewhere. So the table can tell which product, never whether or
# when.

# %% [markdown]
# Some buy the same every time, others change more often than not. A good forecast must know them apart.
#
# **Whose data?** They come with the R package `bayesm`, under the GPL, version 2 or later. Its author did not collect
# them: Allenby and Rossi studied them in 1991. Which shops and which years, and whether the panel's owner would grant
# that licence, nobody states (`data/behaviour`).
#
# **What is wrong with them?** The rows have no dates. That they stand in the order of time, only the prices tell:
# households that met the same two sets of prices met them in the same order, with few exceptions (the data card counts
# them). Who bought nothing, or bought elsewhere, has no row. So we forecast **which**, never **whether**. And we keep the
# first 24 purchases of each household: a few have up to 43, and would slow everything down.
#
# ## How is a forecast judged?
#
# A forecast is ten probabilities. Three scores are usual:
#
# - **hit@1**: the share of purchases at which the likeliest product was bought.
# - **hit@3**: the share at which one of the three likeliest was bought. It suits a list of three suggestions.
# - **NLL**, the negative log-likelihood: the mean of $-\ln p$, where $p$ is the probability that the bought product was
#   given. Small is good. Ten equal chances give $\ln 10 = 2.30$.
#
# And on whom? A shop wants to forecast **new households**. So we split by household: all purchases of one are on the same
# side. `GroupKFold` deals the households into five parts by lot. The first is for **choices**: settings were tried on
# it. The other four are **judged**: each is forecast by models that learned from the households outside it. They are
# not quite fresh: earlier versions of this lesson dealt otherwise, so other settings were tried on some of them. And an
# earlier network, which was not given the shares, was judged on them, and lost.

# %%
choosing, *judging = GroupKFold(5, shuffle=True, random_state=0).split(table, groups=household)
judged = np.concatenate([judge for _, judge in judging])


def score(probabilities, truth=bought, rows=judged):
    """Return hit@1, hit@3 and NLL of some rows: probabilities (purchases, 10), truth (purchases,)."""
    given = probabilities[rows, truth[rows]]
    likelier = (probabilities[rows] > given[:, np.newaxis]).sum(axis=1)  # so many products were thought likelier
    return {"hit@1": np.mean(likelier < 1), "hit@3": np.mean(likelier < 3), "NLL": -np.log(given).mean()}


def by_parts(forecast, parts=judging):
    """Return the probabilities of each purchase, from a model that learned from the rows outside its part."""
    made = np.full((len(table), 10), np.nan)
    for learn, judge in parts:
        made[judge] = forecast(learn)[judge]
    return made


# %%
assert np.isclose(score(np.full((len(table), 10), 0.1))["NLL"], np.log(10))
assert not any(np.intersect1d(household[learn], household[judge]).size for learn, judge in judging)

# %% [markdown] tags=["teacher"]
# **They say:** "A product that a household never bought gets the probability 0." **Ask:** what does that cost if it
# buys it today? **Expect:** −ln 0, without end. One such purchase spoils the mean of all.

# %% [markdown]
# ## What would one use instead?
#
# From simple to strong. Each learns from the learning households only.
#
# - **Popularity**: their shares, for everybody.
# - **Last purchase**: what they bought after a product, counted. (A **Markov chain**.)
# - **Shares so far**: what this household bought, counted, plus two purchases made at popularity's shares. Without these,
#   a product never bought before would have the probability 0, and one surprise an endless NLL.
# - **Logit**: a straight line for each product, and a **softmax** over the ten, which turns them into positive numbers
#   that add up to 1. It gets the prices; then the prices and the logarithms of the shares. Here an old purchase counts
#   0.9 times as much with each later one, like the "loyalty" in Guadagni and Little's logit for coffee (1983).
# - **Boosted trees**: the same prices and shares. Trees can use them together, without being told how.

# %%
one_hot = np.eye(10)[bought]
first = np.r_[True, household[1:] != household[:-1]]


def bought_before(keep, history=one_hot):
    """Count what was bought before each purchase; with each later one, an old purchase counts `keep` times as much."""
    counts = np.zeros_like(history)
    for row in np.flatnonzero(~first):
        counts[row] = keep * counts[row - 1] + history[row - 1]
    return counts


def popularity(learn):
    return np.tile(one_hot[learn].mean(axis=0), (len(table), 1))


def to_shares(counts):
    return counts / counts.sum(axis=1, keepdims=True)


def shares(learn, keep=0.9, history=one_hot):
    return to_shares(bought_before(keep, history) + 2 * popularity(learn))


def last_purchase(learn):
    last = bought_before(0)
    after = to_shares(last[learn].T @ one_hot[learn] + 5 * popularity(learn)[:10])
    return np.where(first[:, np.newaxis], popularity(learn), last @ after)


def fitted(model, features, learn):
    return model.fit(features[learn], bought[learn]).predict_proba(features)


def logit(features, learn):
    return fitted(make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500)), features, learn)


def boosted_trees(learn):
    trees = HistGradientBoostingClassifier(max_iter=40, max_leaf_nodes=6, random_state=0)
    return fitted(trees, np.hstack([prices, shares(learn)]), learn)


methods = {
    "popularity": popularity,
    "last purchase": last_purchase,
    "shares so far": lambda learn: shares(learn, keep=1),
    "logit, prices": lambda learn: logit(prices, learn),
    "logit, prices and shares": lambda learn: logit(np.hstack([prices, np.log(shares(learn))]), learn),
    "boosted trees": boosted_trees,
}
others = {name: by_parts(method) for name, method in methods.items()}
scores = pd.DataFrame({name: score(made) for name, made in others.items()}).T
best = scores["NLL"].idxmin()

# %% tags=["nbval-ignore-output", "slide"]
scores.round(3)

# %%
assert scores["NLL"].idxmin() == scores["hit@1"].idxmax() == scores["hit@3"].idxmax() == "boosted trees"
assert (scores.loc["popularity", "NLL"] > scores["NLL"].drop("popularity")).all()
assert scores.loc["logit, prices and shares", "NLL"] < scores.loc[["shares so far", "logit, prices"], "NLL"].min() - 0.2
assert scores.loc["logit, prices and shares", "hit@1"] > scores.loc["shares so far", "hit@1"] + 0.09
assert 0.1 < scores["hit@3"].max() - scores["hit@3"]["popularity"] < 0.25

# %% [markdown] tags=["teacher"]
# **They choose** popularity as the opponent: the GRU will beat it by far. **Ask:** which row would a shop use that
# has no network? **Expect:** the trees, which are best in all three scores.

# %% [markdown]
# Neither the history alone nor the prices alone come far. Together they take more than 0.2 off the NLL of either: a
# household has its few products, and today's prices choose among them. The trees are the best simple method, in all
# three scores. **They** are the opponent.
#
# Note hit@3: three suggestions hold the purchase in nearly nine of ten cases; popularity's three in about seven.
#
# ## Trap: a share that knows the future
#
# "How often does this household buy Parkay sticks?" It is tempting to count that once, over the whole table, and to give
# it to the logit as a column.


# %%
def leaky_logit(learn):
    whole = pd.DataFrame(one_hot).groupby(household).transform("sum").to_numpy()
    return logit(np.hstack([prices, np.log(to_shares(whole + 2 * popularity(learn)))]), learn)


leaky = by_parts(leaky_logit)
at_first = judged[first[judged]]
two = {"leaky": leaky, "honest": others["logit, prices and shares"]}
trap = pd.DataFrame(
    {name: [score(made, rows=rows)["hit@1"] for rows in (judged, at_first)] for name, made in two.items()}
)
trap.index = ["all purchases", "first purchases"]

# %% tags=["nbval-ignore-output", "slide"]
print("hit@1")
trap.round(3)

# %%
assert 0.1 < trap.loc["all purchases", "leaky"] - trap.loc["all purchases", "honest"] < 0.13
assert 0.7 < trap.loc["first purchases", "leaky"] < 0.8
assert trap.loc["first purchases", "honest"] < 0.5

# %% [markdown] tags=["teacher"]
# **They say:** "Households are kept apart, so nothing leaks." **Ask:** what can anybody know before a household's
# first purchase? **Expect:** today's prices, and what others buy. So to be right in three of four first purchases is
# too good to be true.

# %% [markdown]
# Eleven purchases in a hundred more, from one column. Too good? Look at the **first** purchases. Nothing is known of these
# households, yet the leaky model is right in three of four cases. The share over the whole history holds today's
# purchase, and all that come later.
#
# The split does not prevent it. So ask of each column: **would it be the same if the story ended here?**
# Exercise 1 is that column, mended.
#
# ## Trap: purchases shuffled before the split
#
# The usual `KFold(shuffle=True)` puts single **purchases** aside. Then most households are on both sides. Ask the logit
# twice: as it is, and with the household's number, one-hot, as 516 more columns.

# %%
number = OneHotEncoder().fit_transform(household[:, np.newaxis])  # sparse: only the ones are stored
by_purchase = list(KFold(5, shuffle=True, random_state=0).split(table))[1:]
mixed_rows = np.concatenate([judge for _, judge in by_purchase])


def known_logit(learn):
    usual = StandardScaler().fit_transform(np.hstack([prices, np.log(shares(learn))]))
    return fitted(LogisticRegression(max_iter=300, tol=1e-3), hstack([usual, number]).tocsr(), learn)


splits = {}
for name, method in {"without the number": methods["logit, prices and shares"], "with it": known_logit}.items():
    tempting = score(by_parts(method, by_purchase), rows=mixed_rows)["NLL"]
    splits[name] = {"single purchases": tempting, "whole households": score(by_parts(method))["NLL"]}
splits = pd.DataFrame(splits).T

# %% tags=["nbval-ignore-output"]
print("NLL of the logit, split by…")
splits.round(3)

# %%
assert splits.loc["with it", "single purchases"] < splits.loc["without the number", "single purchases"] - 0.02
assert splits.loc["with it", "whole households"] > splits.loc["without the number", "whole households"] + 0.02
assert abs(splits.loc["without the number"].diff().iloc[1]) < 0.06

# %% [markdown] tags=["teacher"]
# **They say:** "Without the number both splits score nearly the same, so the split does not matter." **Ask:** which
# model could profit from the wrong split? **Expect:** one that can recognise a household, such as the one with its
# number.

# %% [markdown]
# Without the number the two splits say nearly the same. With it, the split of single purchases promises a gain: from the
# household's **later** purchases the model has learned what it likes, and is asked about the earlier ones. For new
# households the same columns do harm: their number was never seen.
#
# So a wrong split costs nothing until a model can use it; a network has many ways to. The task says which is right: new
# households, or tomorrow's purchase of old ones (then cut in time).
#
# ## How does a GRU read a household?
#
# Three things are new against a forecast of temperatures.
#
# **Categories in.** Product 3 is not three times product 1. So the last purchase enters as ten numbers, nine 0 and one 1:
# **one-hot**. At the first purchase all ten are 0. Beside them stand today's ten prices and the logarithms of the shares,
# as z-scores. The network gets what the trees get: else it would have to learn to count.
#
# **A forecast at every step.** With `return_sequences=True` the GRU gives its state after every step, and a Dense layer
# with a softmax makes ten probabilities of each. At step *t* it has read purchases 1 to *t* − 1, and the prices up to *t*.
# The loss is the NLL, `sparse_categorical_crossentropy`. A household of 24 purchases gives 24 targets.
#
# **Different lengths.** A batch is one array, so all households need the same number of steps. `pad_sequences` fills the
# rest with zeros. We put them **behind** the purchases (`padding="post"`; Keras' default is in front): a GRU reads from
# left to right, so they cannot change what it said before. Only the loss must not count the zeros. That is what **sample
# weights** are for: 1 at a step where the loss counts, else 0. Here they are 0 on the padding, and on every purchase
# that the model must not learn from.

# %%
starts = np.flatnonzero(first)[1:]


def padded(values):
    """Return one row a household: (516, 24) or (516, 24, features), zeros behind its last purchase."""
    return pad_sequences(np.split(values, starts), padding="post", dtype="float32")


real = padded(np.ones(len(table))) == 1
print(f"{1 - real.mean():.0%} of the steps are padding")

# %%
EPOCHS, BATCH, UNITS = 10, 43, 32
seen = keras.Input((24, 30))  # the last purchase, today's prices, the shares so far
state = keras.layers.GRU(UNITS, return_sequences=True)(seen)
both = keras.layers.Concatenate()([state, seen])
model = keras.Model(seen, keras.layers.Dense(10, activation="softmax")(both))
batches = len(lengths) // BATCH  # an epoch has 12
rate = keras.optimizers.schedules.CosineDecay(0.01, EPOCHS * batches)  # falls to 0, as in the lesson on speed
model.compile(
    optimizer=keras.optimizers.Adam(rate),
    loss="sparse_categorical_crossentropy",
    weighted_metrics=["sparse_categorical_crossentropy"],
    jit_compile=True,
    steps_per_execution=batches,
)


def train(learn, seed, rows):
    """Learn from some purchases, the steps in the order of `rows`; return the probabilities at all steps."""
    history = one_hot[rows]
    usual = np.hstack([prices[rows], np.log(shares(learn, history=history))])
    usual = StandardScaler().fit(usual[learn]).transform(usual)
    x = padded(np.hstack([bought_before(0, history), usual]))
    products, weights = padded(bought[rows]), padded(np.isin(rows, learn))
    start_anew(model, seed)
    model.fit(x, products, sample_weight=weights, epochs=EPOCHS, batch_size=BATCH, verbose=0)
    return np.asarray(model(x))[real]


# %% [markdown]
# The state is **joined** with today's inputs before the softmax (`Concatenate`): so today's prices need not pass the
# gates. `bought_before(0)` is the last purchase alone. XLA makes it fast ({lesson:faster}). Rate and epochs were tried on
# the households for choices.
#
# Networks differ by the luck of their first weights. **The** forecast of the GRU is the mean of three networks'
# probabilities.

# %% tags=["nbval-ignore-output"]
SEEDS = (1, 2, 3)


def by_seeds(rows):
    """Return the probabilities at each step, from one network a seed that learned from the rows outside its part."""
    return {seed: by_parts(lambda learn, seed=seed: train(learn, seed, rows)) for seed in SEEDS}


gru = by_seeds(np.arange(len(table)))
mean_gru = np.mean(list(gru.values()), axis=0)
named = {f"GRU, seed {seed}": made for seed, made in gru.items()} | {"GRU, mean of the seeds": mean_gru}
compared = pd.concat([scores, pd.DataFrame({name: score(made) for name, made in named.items()}).T])
compared.round(3)

# %% [markdown] tags=["teacher"]
# **They feed** the product as one number. **Ask:** is product 3 something between products 2 and 4? **Expect:** no,
# so it enters one-hot. **They pad** in front. **Ask:** which states do zeros in front change, and which do zeros
# behind? **Expect:** in front, all that follow; behind, none at a real purchase.

# %% [markdown]
# ## Trap: the loss on the screen
#
# Before the verdict, look at what `fit` itself said at the end of the last training.

# %%
losses = model.history.history
reported, per_purchase = losses["loss"][-1], losses["sparse_categorical_crossentropy"][-1]
counted = len(judging[-1][0]) / real.size

# %% tags=["nbval-ignore-output"]
print(f"loss: {reported:.3f}; of these steps count {counted:.0%}: {reported / counted:.3f}")
print(f"the weighted metric: {per_purchase:.3f}")

# %%
assert np.isclose(reported / counted, per_purchase, rtol=0.02)
assert 0.2 < reported < 0.4

# %% [markdown]
# A loss of about 0.3, where the trees have more than 1? It is the mean over **all** steps. Those of weight 0 cost
# nothing, but they are counted. Divide by the share that counts, and the number is an NLL again. Keras does that in
# `weighted_metrics`.
#
# And the padding itself? Put nonsense there, and look whether any forecast moves.

# %%
x = np.random.default_rng(0).normal(size=(516, 24, 30)).astype("float32")
nonsense = np.where(real[:, :, np.newaxis], x, 99)
moved = np.abs(np.asarray(model(x)) - np.asarray(model(nonsense))).max(axis=2)
print(f"largest change at a purchase: {moved[real].max():.6f}, in the padding: {moved[~real].max():.2f}")

# %%
assert moved[real].max() < 1e-6
assert moved[~real].max() > 0.5

# %% [markdown] tags=["teacher"]
# **They say:** "A loss of 0.3 beats the trees, which have 1.1." **Ask:** of four steps one counts, and costs 1.2;
# what is the mean over all four? **Expect:** 0.3. **Ask:** how do you get the NLL back? **Expect:** divide by the
# share of steps that count.

# %% tags=["teacher"]
assert abs(1.2 / 4 - 0.3) < 1e-9

# %% [markdown]
# None does. What comes behind does not reach back. In front it would: then a network needs a `Masking` layer.
#
# ## Who is better, and how sure is that?
#
# We compare purchase by purchase: the NLL of the GRU minus that of another. The purchases of a household are alike, so
# the interval draws whole **households** (`mean_by_group`, 95 %). Below 0 the GRU is better.
#
# And does **order** matter? The control: every household's steps in random order, each purchase with the prices of its
# day, and the shares counted anew. The same network learns from such histories and is judged on such. It knows what was
# bought before, but not when. We run the same three seeds, and take the mean of their probabilities again.


# %%
def surprise(probabilities, truth=bought):
    """Return the negative log-likelihood of each judged purchase."""
    return -np.log(probabilities[judged, truth[judged]])


mixed = shuffle_steps(padded(np.arange(len(table))), np.random.default_rng(0), lengths)[real].astype(int)
mixed_gru = by_seeds(mixed)
by_gru, by_mixed = surprise(mean_gru), surprise(np.mean(list(mixed_gru.values()), axis=0), bought[mixed])
pairs = {name: by_gru - surprise(made) for name, made in others.items()} | {"GRU, order shuffled": by_gru - by_mixed}
rows = {name: mean_by_group(values, household[judged]) for name, values in pairs.items()}
differences = pd.DataFrame(rows, index=["mean", "low", "high"]).T
order = differences.loc["GRU, order shuffled"]
found = "order helps" if order["high"] < 0 else "order harms" if order["low"] > 0 else "no gain to be seen"
one_each = [surprise(gru[seed]).mean() - surprise(mixed_gru[seed], bought[mixed]).mean() for seed in SEEDS]

# %% tags=["nbval-ignore-output", "slide"]
ends = np.abs(differences[["low", "high"]].sub(differences["mean"], axis=0).to_numpy())
fig, ax = plots.figure(figsize=(8, 3))
ax.errorbar(differences["mean"], differences.index, xerr=ends.T, fmt="o", capsize=3)
ax.axvline(0, color="black", linewidth=1)
ax.set(xlabel="NLL of the GRU minus that of the other (below 0: the GRU is better)")
plots.show(
    fig,
    "Points with 95 % intervals: the NLL of the GRU minus that of each other method. A vertical line at 0 marks a draw. "
    "Popularity, last purchase, shares so far and the logit on prices lie far to the left of it; the logit on prices and "
    "shares and the GRU with shuffled order lie a little to the left of it, the boosted trees a little to the right.",
)
print(f"{found}; in order minus shuffled, one seed each:", ", ".join(f"{value:+.3f}" for value in one_each))
differences.round(3)

# %%
assert (differences.iloc[:4]["high"] < -0.2).all()
assert -0.02 < differences.loc["logit, prices and shares", "mean"] < -0.005
assert 0.01 < differences.loc["boosted trees", "mean"] < 0.06
assert differences.loc["boosted trees", "low"] > 0
assert -0.025 < order["mean"] < -0.005
assert -0.025 < min(one_each) <= max(one_each) < -0.005
assert abs(order["high"]) < 0.01
assert surprise(mean_gru).mean() < min(surprise(made).mean() for made in gru.values()) - 0.003

# %% [markdown] tags=["teacher"]
# **They say:** "A history is a sequence, so its order must matter." **Ask:** what does the network still know when
# the purchases are shuffled? **Expect:** how often each product was bought before. The score hardly falls, so that is
# nearly all that it used.

# %% [markdown]
# The GRU is far ahead of popularity, of what is counted alone and of prices alone: by more than 0.2. Beside the logit
# with the same prices and shares it is ahead by one or two hundredths. The **trees** are ahead of it by a few.
#
# Order is worth little. Each of the three seeds is better in order, by one or two hundredths. But households differ: the
# interval ends so near 0 that other households could turn the verdict printed above. What matters most is **how
# often** a household bought what, and that is counted before the network begins.
#
# ## What does a history buy?
#
# The same scores by the number of purchases that came before.

# %%
before = table.groupby("household").cumcount().to_numpy()[judged]
groups = pd.cut(before, [-1, 0, 1, 3, 7, 23], labels=["0", "1", "2–3", "4–7", "8–23"])
shown = ("popularity", "logit, prices", "boosted trees")
by_length = pd.DataFrame({name: surprise(others[name]) for name in shown} | {"GRU": by_gru})
by_length = by_length.groupby(groups, observed=True).mean()
ahead = by_length["GRU"] - by_length["boosted trees"]

# %% tags=["nbval-ignore-output", "slide"]
fig, ax = plots.figure(figsize=(8, 3.2))
for (name, values), marker in zip(by_length.items(), "osD^", strict=True):
    ax.plot(by_length.index, values, marker=marker, label=name)
ax.set(xlabel="purchases before", ylabel="NLL")
ax.legend()
plots.show(
    fig,
    "The NLL by the number of purchases before, in five groups. Popularity and the logit on prices alone stay high. The "
    "GRU begins at the logit on prices, the boosted trees a little lower. Both fall with each group, and end together.",
)

# %%
assert (by_length[["GRU", "boosted trees"]].diff().iloc[1:] < -0.05).all(axis=None)
assert (by_length[["GRU", "boosted trees"]].iloc[1] < by_length[["GRU", "boosted trees"]].iloc[0] - 0.1).all()
assert by_length.loc["0", "GRU"] > by_length.loc["0", "logit, prices"] - 0.06
assert ahead["0"] > 0.03
assert ahead["8–23"] < ahead["0"] - 0.02
assert abs(by_length.loc["8–23", "popularity"] - by_length.loc["0", "popularity"]) < 0.15

# %% [markdown]
# Before the first purchase there is nothing to remember. There the GRU is about as good as the logit on prices alone, and
# the trees are ahead: they make more of ten prices. The first purchase takes more than 0.1 off both. With a long history
# the two are close.
#
# ## What must a shop not conclude?
#
# Prices help the forecast. Do low prices **make** people buy? The table cannot tell. Here is a shop in which the price
# does nothing at all. In some weeks it advertises a product. Then it also lowers the price. People see the advertisement
# and buy.

# %% tags=["slide"]
rng = np.random.default_rng(0)
advertised, by_lot = rng.uniform(size=(2, 20_000)) < 0.3
buys = rng.uniform(size=20_000) < np.where(advertised, 0.5, 0.2)  # the price plays no part
for name, cheap in {"low when advertised": advertised, "low by lot": by_lot}.items():
    print(f"price {name}: {buys[cheap].mean():.0%} buy at the low price, {buys[~cheap].mean():.0%} at the usual one")

# %%
assert buys[advertised].mean() > buys[~advertised].mean() + 0.25
assert abs(buys[by_lot].mean() - buys[~by_lot].mean()) < 0.02

# %% [markdown] tags=["teacher"]
# **They say:** "Low prices help the forecast, so lower the prices." **Ask:** in the invented shop, why do many buy at
# the low price? **Expect:** because of the advertisement, which comes with it. **Ask:** how could a shop find out
# what the price alone does? **Expect:** by prices drawn by lot.

# %% [markdown]
# As a forecast the first line is right, as long as the shop goes on as before. As advice it is wrong: a low price alone
# sells nothing here. Only prices drawn by lot show it. In our table no lot was drawn.
#
# The same holds for suggestions. A hit says that the household bought what we would have suggested, **without** the
# suggestion. And "bought before, buys again" may be habit, or taste that was always there. Dubé, Hitsch and Rossi took a
# whole paper to part the two, on margarine too.
#
# ## What does a GRU cost here?

# %% tags=["nbval-ignore-output"]
numpy_gru, kept = GRU.from_keras(model.layers[1]), np.zeros((1, UNITS))
start = time.perf_counter()
for step in range(100):  # one more purchase: the new state from it and the state kept
    kept = numpy_gru.forward(x[:1, step % 24 : step % 24 + 1], kept)[:, 0]
each = (time.perf_counter() - start) / 100
print(
    f"{model.count_params():,} weights; a household is kept as {UNITS} numbers; a step in NumPy takes {1e6 * each:.0f} µs"
)

# %% [markdown]
# That is little, and can run at the till: keep the state and the ten counts, feed in one purchase, forget the history.
# The trees need the counts alone.
#
# With thousands of products and long sessions of clicks, Hidasi and others (2016) reported marked gains of a GRU over
# item-to-item methods. Ludewig and others (2021) compared twelve methods: in most cases simple neighbours did better than
# the networks. So there too: **first the simple method, then the same split for both**.


# %% tags=["elsewhere", "nbval-ignore-output"]
def in_words(mean):
    return f"{mean.mean:.3f} ({mean.low:.3f} to {mean.high:.3f})"


against = differences.loc[best]
winner = "the GRU wins" if against["high"] < 0 else f"{best} win" if against["low"] > 0 else "no clear winner"
print(f"data: {len(table):,} purchases by {len(lengths)} households")
print("split: new households")
print("metric: negative log-likelihood, smaller is better")
print(f"opponent: {best} on prices and shares so far: {scores.loc[best, 'NLL']:.3f}")
print(f"GRU: {in_words(mean_by_group(by_gru, household[judged]))}")
shuffled = in_words(mean_by_group(by_mixed, household[judged]))
gain = f"{-order['mean']:.3f} ({-order['high']:.3f} to {-order['low']:.3f})"
print(f"GRU, order shuffled: {shuffled}; order takes off {gain}")
print(f"verdict: {winner}")

# %% [markdown]
# ## Exercises
#
# Replace each `...` and run the cell, then run the check below it.
#
# **1. Mend the leak.** `products` is one household's purchases in order, as numbers from 0 to `of` − 1. Return one row a
# purchase: the share of each product in the purchases **before** it. In the first row all are 0.


# %%
def shares_so_far(products, of):
    ...
    ### BEGIN SOLUTION
    counts = np.cumsum(np.eye(of)[products], axis=0) - np.eye(of)[products]
    return counts / np.maximum(np.arange(len(products)), 1)[:, np.newaxis]
    ### END SOLUTION


# %%
check.shares_so_far(shares_so_far)

# %% [markdown]
# **2. Do not count the padding.** `probabilities` has the shape (households, steps, products), `products` (households,
# steps) what was bought, `lengths` how many steps of each household are real; the rest, behind, is padding. Return the
# NLL: its mean over the real purchases.


# %%
def masked_loss(probabilities, products, lengths):
    ...
    ### BEGIN SOLUTION
    given = np.take_along_axis(probabilities, products[:, :, np.newaxis], axis=2)[:, :, 0]
    is_real = np.arange(products.shape[1]) < lengths[:, np.newaxis]
    return -np.log(given[is_real]).mean()
    ### END SOLUTION


# %%
check.masked_loss(masked_loss)

# %% [markdown]
# **3. Who is on both sides?** `households` gives the household of each row; `learn` and `judge` are row numbers. Return
# the households that have rows in both, each once.


# %%
def crossing(households, learn, judge):
    ...
    ### BEGIN SOLUTION
    return np.intersect1d(households[learn], households[judge])
    ### END SOLUTION


# %%
check.crossing(crossing)

# %% [markdown] tags=["teacher"]
# Do 1 together, on a strip of paper with a cover. Listen for "the cumulative sum"; taken as it is, the hint is "that
# holds what is bought today". 2 suits pairs. If they set the losses of the padding to 0 and take the mean, the hint
# says that these steps "still count in the number that you divide by". 3 can go home. If they return row numbers, the
# hint is "those are rows; which households are in both?".

# %% [markdown]
# ## What to take away
#
# - A category enters one-hot, and a softmax gives a probability to each product at each step. The loss is the NLL.
# - Pad behind, and keep the padding out of the loss by sample weights. Then the loss on the screen is no NLL.
# - Split by household, if new households are to come. A wrong split shows only when a model can use it.
# - A column that counts the whole history knows the future, whatever the split.
# - Give the network what its opponent gets.
# - A forecast of what people buy is not a forecast of what they would buy if you did something else.
#
# ## Self-test
#
# <details><summary>Your model has hit@3 = 0.88. Is that good?</summary>
#
# Ask what popularity has, on the same purchases. And nobody was offered anything: it does not say what a suggestion
# would sell. </details>
#
# <details><summary>`fit` reports 0.3, `evaluate` on unpadded data 1.2. Where may the difference come from?</summary>
#
# Steps of weight 0 may be counted in the mean. Divide by the share of steps that count, or use `weighted_metrics`.
# </details>
#
# <details><summary>All purchases of a household are on one side of the split. Can a column still leak?</summary>
#
# Yes: one that is made from the household's later purchases. </details>
#
# ## Where next
#
# {Lesson:how_sure} has more on intervals, and {lesson:your_own_data} does the whole way with your own table.
#
# ## References
#
# - The package bayesm 3.1-5 by P. Rossi, which has the data and names as their source: G. Allenby and P. Rossi, *Quality
#   perceptions and asymmetric switching between brands*, Marketing Science 10, 1991.
# - P. Guadagni and J. Little, *A logit model of brand choice calibrated on scanner data*, Marketing Science 2, 1983,
#   pages 203–238.
# - J.-P. Dubé, G. Hitsch and P. Rossi, *State dependence and alternative explanations for consumer inertia*, 2009,
#   [doi:10.3386/w14912](https://doi.org/10.3386/w14912).
# - B. Hidasi and others, *Session-based recommendations with recurrent neural networks*, 2016 (a GRU for clicks),
#   [arXiv:1511.06939](https://arxiv.org/abs/1511.06939).
# - M. Ludewig and others, *Empirical analysis of session-based recommendation algorithms*, 2021,
#   [doi:10.1007/s11257-020-09277-1](https://doi.org/10.1007/s11257-020-09277-1).

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# *A share that knows the future.* 12 minutes, pairs. Each pair has a sheet of paper as a cover, and three strips. A
# strip is a household with six purchases: A A A A A A; B B C B B B; C A A B A A. Popularity says A.
#
# 1. *With the future:* look at the whole strip, take the product that it has most often, and forecast it six times.
#    Count the hits.
# 2. *Honest:* cover the strip, and uncover it from left to right. Before each purchase forecast the product that was
#    bought most often so far; in a tie, the one of them that was bought last; at the beginning, A.
# 3. Compare: with the future 6, 5 and 4 hits, together 15 of 18. Honest: 6, 4 and 3, together 13.
# 4. Count the first purchases alone: with the future 2 of 3, honest 1 of 3.
#
# Say then: at a first purchase nothing is known of the household. To be better there gives the leak away. Ask of each
# column: would it be the same if the story ended here?
#
# ### Answers to the open questions
#
# In brackets behind a wrong answer stands the belief that it comes from.
#
# - *Eleven in a hundred more, from one column: too good?* Yes: see the first purchases. Wrong: "No, the split is
#   right" (leaks come from splits alone).
# - *Do low prices make people buy?* The table cannot tell. Wrong: "Yes, they improve the forecast" (what helps to
#   forecast is a cause).
# - *hit@3 = 0.88: is that good?* Ask what popularity has; and no suggestion was made. Wrong: "Yes, 88 % would take
#   it" (a hit is a sale).
# - *Households are on one side each. Can a column still leak?* Yes, if it is made from later purchases. Wrong: "No"
#   (leaks come from splits alone).
#
# ### When time is short
#
# Skip "What does a history buy?" and "What does a GRU cost here?". Keep "Trap: a share that knows the future", "Trap:
# the loss on the screen", and "What must a shop not conclude?".
#
# ### After the lesson, students can
#
# - compute shares from the purchases before each one only;
# - compute a loss without the padding, and explain the one that `fit` prints;
# - find the households on both sides of a split;
# - explain when a wrong split raises a score;
# - explain why a forecast of choices is no advice on prices.

# %% tags=["teacher"]
from collections import Counter


def likeliest(past):
    counts = Counter(past)
    most = [product for product in counts if counts[product] == max(counts.values())]
    return most[0] if len(most) == 1 else past[-1] if past else "A"


strips = "AAAAAA", "BBCBBB", "CAABAA"
future = [[likeliest(strip) == product for product in strip] for strip in strips]
honest = [[likeliest(strip[:place]) == product for place, product in enumerate(strip)] for strip in strips]
assert [list(map(sum, hits)) for hits in (future, honest)] == [[6, 5, 4], [6, 4, 3]]
assert [sum(hits[0] for hits in each) for each in (future, honest)] == [2, 1]
assert Counter("".join(strips)).most_common(1)[0][0] == "A"
