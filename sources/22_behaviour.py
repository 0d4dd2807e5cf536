# ---
# jupyter:
#   lesson:
#     part: Elsewhere
#     question: What will this household buy next?
#     learn: to forecast a choice at every step, to pad and to mask, to split by household, to see a leak, to say what a shop must not conclude
#     need: "{lesson:training}"
# ---

# %% [markdown]
# # What will this household buy next?
#
# At the end of this lesson you will be able to forecast choices with a GRU from histories of different lengths, to judge
# them on households that it has never seen, and to say what a shop may conclude from it.

# %% [markdown]
# ## What did they buy?
#
# 516 households bought margarine, 4,470 times. At each purchase ten products stood on the shelf. We know what was bought
# and what **all ten** cost. The question is asked at the shelf: this history, these prices; which one will it be?

# %%
import time

import keras
import numpy as np
import pandas as pd
from keras.utils import pad_sequences
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from helpers import data, plots
from helpers.exercises import behaviour as check
from helpers.models import start_anew
from helpers.sequences import mean_by_group, shuffle_steps

table = data.load("behaviour")
names = list(table.columns[2:])
household, bought, prices = (table[part].to_numpy() for part in ("household", "product", names))

print("household 2:")
for row in np.flatnonzero(household == 2):
    cheapest = prices[row].argmin()
    print(f"  {names[bought[row]]:<20} {prices[row, bought[row]]:.2f} $, cheapest {prices[row].min():.2f} $")

# %%
fig, (left, right) = plots.figure(1, 2, figsize=(9, 3.8), width_ratios=[1, 1.7], sharey=True)
share = np.bincount(bought) / len(bought)
left.barh(names, share)
left.set(xlabel="share of all purchases", ylim=(9.6, -0.6))
for colour, marker, number in zip(plots.COLOURS, "osD^", (2, 9, 20, 28), strict=False):
    own = bought[household == number]
    right.plot(np.arange(1, len(own) + 1), own, marker, color=colour, markersize=5, label=f"household {number}")
right.set(xlabel="purchase of the household")
fig.legend(loc="outside lower center", ncols=4)
plots.show(fig, "ALT")

# %%
lengths = np.bincount(household)[1:]
print(f"purchases of a household: {lengths.min()} to {lengths.max()}, median {np.median(lengths):.0f}")

# %%
assert table.shape == (4470, 12)
assert len(lengths) == 516

# %% [markdown]
# TEXT
#
# ## How is a forecast judged?

# %%
folds = list(GroupKFold(5).split(table, groups=household))
choosing, *judging = folds
judged = np.concatenate([judge for _, judge in judging])


def score(probabilities, truth, rows):
    """Return hit@1, hit@3 and the mean negative log-likelihood of these rows."""
    given = probabilities[rows, truth[rows]]
    place = (probabilities[rows] > given[:, np.newaxis]).sum(axis=1)  # how many were thought likelier
    return {"hit@1": np.mean(place < 1), "hit@3": np.mean(place < 3), "NLL": -np.log(given).mean()}


# %% [markdown]
# ## What would one use instead?

# %%
one_hot = np.eye(10)[bought]
first = np.r_[True, household[1:] != household[:-1]]


def memory(keep):
    """Return what was bought before each purchase, counted; a purchase counts `keep` times less with each later one."""
    counts = np.zeros_like(one_hot)
    for row in np.flatnonzero(~first):
        counts[row] = keep * counts[row - 1] + one_hot[row - 1]
    return counts


def popularity(learn):
    return one_hot[learn].mean(axis=0)


def shares(keep, learn):
    """Return shares of the history before each purchase; two purchases at popularity's shares are added to it."""
    counts = memory(keep) + 2 * popularity(learn)
    return counts / counts.sum(axis=1, keepdims=True)


def markov(learn):
    """Return how often the learning households bought each product after the last one; at first, popularity."""
    last = memory(0)
    after = last[learn].T @ one_hot[learn] + 5 * popularity(learn)
    return np.where(first[:, np.newaxis], popularity(learn), last @ (after / after.sum(axis=1, keepdims=True)))


def logit(features):
    def forecast(learn):
        x, model = features(learn), make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))
        return model.fit(x[learn], bought[learn]).predict_proba(x)

    return forecast


def boosting(learn):
    x = np.hstack([prices, shares(0.9, learn)])
    model = HistGradientBoostingClassifier(max_iter=40, learning_rate=0.1, max_leaf_nodes=6, random_state=0)
    return model.fit(x[learn], bought[learn]).predict_proba(x)


def by_folds(forecast, parts):
    """Return each row's probabilities, forecast by a model that learned from the other rows of the parts."""
    made = np.full((len(table), 10), np.nan)
    for learn, judge in parts:
        made[judge] = forecast(learn)[judge]
    return made


def prices_and(history):
    return lambda learn: np.hstack([prices, np.log(history(learn))])


# %%
for keep in (1, 0.9, 0.8, 0.7):
    made = by_folds(logit(prices_and(lambda learn, keep=keep: shares(keep, learn))), [choosing])
    print(f"keep {keep}: NLL {score(made, bought, choosing[1])['NLL']:.3f}")

# %%
others = {
    "popularity": lambda learn: np.tile(popularity(learn), (len(table), 1)),
    "last purchase (Markov)": markov,
    "shares so far": lambda learn: shares(1, learn),
    "logit, prices": logit(lambda learn: prices),
    "logit, prices and shares": logit(prices_and(lambda learn: shares(0.9, learn))),
    "boosted trees, the same": boosting,
}
probabilities = {name: by_folds(forecast, judging) for name, forecast in others.items()}
results = pd.DataFrame({name: score(made, bought, judged) for name, made in probabilities.items()}).T

# %% tags=["nbval-ignore-output"]
results.round(3)

# %% [markdown]
# ## Trap: a share that knows the future


# %%
def whole_history(learn):
    counts = pd.DataFrame(one_hot).groupby(household).transform("sum").to_numpy() + 2 * popularity(learn)
    return counts / counts.sum(axis=1, keepdims=True)


leaky = by_folds(logit(prices_and(whole_history)), judging)

# %% [markdown]
# ## The network

# %%
steps = lengths.max()
starts = np.flatnonzero(first)[1:]


def padded(values):
    """Return one row a household: (516, 43) or (516, 43, features); zeros after its last purchase."""
    return pad_sequences(np.split(values, starts), padding="post", dtype="float32")


real = padded(np.ones(len(table))) > 0

seen = keras.Input((steps, 20))  # the last purchase, one-hot, and today's prices
remembered = keras.layers.GRU(32, return_sequences=True)(seen)
both = keras.layers.Concatenate()([remembered, seen])
model = keras.Model(seen, keras.layers.Dense(10, activation="softmax")(both))
EPOCHS, BATCH = 24, 86
rate = keras.optimizers.schedules.CosineDecay(0.01, EPOCHS * len(lengths) // BATCH)
model.compile(
    optimizer=keras.optimizers.Adam(rate),
    loss="sparse_categorical_crossentropy",
    weighted_metrics=["sparse_categorical_crossentropy"],
    jit_compile=True,
)


def inputs(products, scaled):
    last = np.zeros((*products.shape, 10), dtype="float32")
    last[:, 1:] = np.eye(10)[products[:, :-1]]
    return np.concatenate([last, scaled], axis=-1)


def train(learn, seed, shuffled=False):
    """Train on some purchases; return the probabilities of all, what was bought, and the history of `fit`."""
    scaled = StandardScaler().fit(prices[learn]).transform(prices)
    sequences = padded(np.column_stack([bought, scaled]))
    if shuffled:
        sequences = shuffle_steps(sequences, np.random.default_rng(seed), lengths)
    products = sequences[:, :, 0].astype(int)
    x = inputs(products, sequences[:, :, 1:])
    weights = padded(np.isin(np.arange(len(table)), learn))
    start_anew(model, seed)
    fitted = model.fit(x, products, sample_weight=weights, epochs=EPOCHS, batch_size=BATCH, verbose=0)
    return np.asarray(model(x))[real], products[real], fitted.history


# %%
t0 = time.perf_counter()
SEEDS = (1, 2, 3)
gru = {seed: by_folds(lambda learn, seed=seed: train(learn, seed)[0], judging) for seed in SEEDS}
print(time.perf_counter() - t0)
for seed in SEEDS:
    print(score(gru[seed], bought, judged))
