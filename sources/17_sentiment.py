# ---
# jupyter:
#   lesson:
#     part: Elsewhere
#     question: Is this message glad or angry, and who says so best?
#     learn: to turn words into numbers, to mask the padding, to keep relatives out of the test, to ask whether order matters
#     need: "{lesson:training}"
# ---

# %% [markdown]
# # Is this message glad or angry, and who says so best?
#
# At the end of this lesson you will be able to turn messages of different lengths into input for a GRU, to keep the
# padding from being read, and to compare the network with counted words, with a list of words, and with people.

# %% [markdown]
# ## Which messages?
#
# Short messages in the style of Twitter's early years. At least 20 people rated each, from −4, very negative, to 4, very
# positive. The **rating** is their mean. C. J. Hutto and Eric Gilbert collected them (2014). The set is part of the
# package vaderSentiment, under the MIT licence. User names and links were replaced by stand-ins.

# %%
import re
import time
from collections import Counter

import keras
import numpy as np
import pandas as pd
from keras import layers
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import GroupKFold, GroupShuffleSplit, KFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from helpers import data, plots
from helpers.exercises import sentiment as check
from helpers.models import start_anew
from helpers.sequences import shuffle_steps

SEEDS = (1, 2, 3)
messages, words = data.load("sentiment")
for number in (15, 1126, 12, 2300, 352, 2599):
    print(f"{messages['rating'][number]:+.1f}  {messages['text'][number]}")

# %% tags=["slide"]
fig, ax = plots.figure(figsize=(8, 2.8))
ax.hist(messages["rating"], bins=np.arange(-4, 4.01, 0.25), color=plots.COLOURS[0])
ax.axvspan(-0.5, 0.5, color="grey", alpha=0.25, linewidth=0)
ax.set(xlabel="mean rating, from very negative to very positive", ylabel="messages")
plots.show(
    fig,
    "How many messages have which mean rating. There are two hills: a low one near minus 1.5 and a high one near plus "
    "1.5. A grey band marks ratings nearer to 0 than half a point; many messages lie there, too.",
)
print(f"{len(messages):,} messages; above 0: {(messages['rating'] > 0).mean():.0%}")

# %%
assert (messages["rating"] > 0).mean() > 2 / 3

# %% [markdown]
# More than two thirds of the messages are positive. What is wrong with them:
#
# - They are old, in English, and come from nobody knows whom. What they show need not hold for your texts.
# - Rude messages, full names, and what seemed too private were left out, by the rules in `data/recipes/sentiment.py`.
#   So the angriest are missing.
# - Some are relatives of each other. We shall see.
#
# **How sure are the raters themselves?** Compare one of them with the mean of the others. The measure is the field's,
# the **correlation** $r$ between ratings $y$ and forecasts $f$:
#
# $$r = \frac{\sum (y - \bar y)(f - \bar f)}{\sqrt{\sum (y - \bar y)^2 \, \sum (f - \bar f)^2}}$$
#
# It is 1 if the forecasts lie on a rising line, 0 if they know nothing. Their scale does not matter.

# %%
rated = messages.dropna(subset="one")
others = (rated["rating"] * rated["raters"] - rated["one"]) / (rated["raters"] - 1)
one_rater = np.corrcoef(rated["one"], others)[0, 1]
print(f"one rater and the mean of the others: r = {one_rater:.3f}")

# %%
assert 0.80 < one_rater < 0.85

# %% [markdown] tags=["teacher"]
# **They say:** "r is 0.83, so 83 % are right." **Ask:** a forecaster halves every true rating and adds 1; what is r?
# **Expect:** 1, because the points lie on a rising line. So r is no share of right answers.

# %% [markdown]
# Remember this number: about 0.83. It is what one person achieves.
#
# ## Counting words
#
# A text must become numbers. First cut it into pieces, **tokens**. We keep words, and we keep faces such as `:)`,
# `<3`, and rows of `!`.

# %%
TOKEN = re.compile(r"[:;=x8]['o-]?[)(dp/|*\]\[]+|<3+|[#@]?\w+(?:'\w+)?|[!?]+|\.{2,}")


def tokens(text: str) -> list[str]:
    return TOKEN.findall(text.lower().replace("http://url_removed", "url"))


def counting(alpha=0.5, **options):
    """Weigh each token of a message, then draw a straight line through all weights."""
    return make_pipeline(TfidfVectorizer(sublinear_tf=True, **options), Ridge(alpha))


for number in (15, 352):
    print(tokens(messages["text"][number]))

# %% [markdown]
# The simplest model that learns: each token of the training messages gets one weight, and a message is the weighted sum
# of its tokens. (Rare tokens count for more: TF-IDF. Ridge keeps the weights small; how small, `alpha`, is chosen
# below.) It knows nothing of order.
#
# ## Trap: relatives on both sides
#
# The obvious split draws messages by chance. Look at one **family** first, messages that share at least half of their
# words.

# %% tags=["slide"]
for rating, text in messages.loc[messages["family"] == 35, ["rating", "text"]].itertuples(index=False):
    print(f"{rating:+.2f}  {text}")

# %% [markdown]
# The authors made variants of some messages, to try out rules of emphasis: 27 families. We call them **designed**. Some
# people also just wrote the same: "Happy birthday". If one of a family is in the training and another in the test, the
# model has all but seen the answer. The control is the same model with **families kept together**: `GroupKFold` deals
# whole families into five parts by lot.

# %%
family = messages["family"]
has_relatives = family.map(family.value_counts()) > 1
rows = {}
for name, deal in {"by chance": KFold, "by family": GroupKFold}.items():
    groups = {"groups": family} if deal is GroupKFold else {}
    draws = []
    for draw in range(3):
        folds = deal(5, shuffle=True, random_state=draw)
        forecast = cross_val_predict(
            counting(analyzer=tokens), messages["text"], messages["rating"], cv=folds, **groups
        )
        miss = (forecast - messages["rating"]) ** 2
        r = np.corrcoef(messages["rating"], forecast)[0, 1]
        draws.append([r, *(np.sqrt(miss[chosen].mean()) for chosen in (has_relatives, ~has_relatives))])
    rows[name] = np.mean(draws, axis=0)
leak = pd.DataFrame(rows, ["r, all", "RMSE, with relatives", "RMSE, without"]).T  # RMSE: in points
print(f"{has_relatives.sum()} of {len(messages):,} messages have relatives")
print(leak.map("{:.3f}".format).to_string())

# %%
assert leak.loc["by chance", "r, all"] > leak.loc["by family", "r, all"] + 0.003
assert leak.loc["by chance", "RMSE, with relatives"] < leak.loc["by family", "RMSE, with relatives"] - 0.15
assert abs(leak["RMSE, without"].diff().iloc[1]) < 0.03
assert messages.loc[messages["designed"], "family"].nunique() == 27

# %% [markdown]
# Each message was forecast by a model that had not seen it (five-fold cross-validation). The table has the means of
# three draws. RMSE is in points of the scale from −4 to 4. Drawn by chance, the messages with relatives look much
# easier than they are. The others are forecast about as well either way. Here the leak is small in the total, because
# few messages have relatives. In your data it may not be.
#
# So from now on families stay together. And the designed families are used for training only. VADER, our opponent, has
# its amounts for `!` and capitals from such texts: for it they are not new.

# %%
with_designed = family.isin(family[messages["designed"]])
ordinary = messages[~with_designed]


def split(table):
    """Return four fifths and one fifth of the messages, families together."""
    parts = next(GroupShuffleSplit(1, test_size=0.2, random_state=1).split(table, groups=table["family"]))
    return [table.iloc[part] for part in parts]


rest, test = split(ordinary)
learn, validation = split(rest)
for alpha in (0.25, 0.5, 1.0, 2.0):
    model = counting(alpha, analyzer=tokens).fit(learn["text"], learn["rating"])
    r = np.corrcoef(validation["rating"], model.predict(validation["text"]))[0, 1]
    print(f"ridge, alpha {alpha:.2f}: r = {r:.3f} on {len(validation)} validation messages")

learning = pd.concat([rest, messages[with_designed]])  # alpha is chosen, 0.5: now all but the test
print(f"to learn from: {len(learning):,}, to judge by: {len(test)}")

# %%
assert not set(learning["family"]) & set(test["family"])
assert not test["designed"].any()

# %% [markdown] tags=["teacher"]
# **They say:** "The total hardly moved, so the leak is harmless." **Ask:** which column of the table moved?
# **Expect:** "RMSE, with relatives". **Ask:** in which data would everything have relatives? **Expect:** reviews of
# one film, photos of one patient.

# %% [markdown]
# ## Who needs no training?
#
# **VADER** (Hutto and Gilbert, 2014) is a list of some 7,500 words and faces that people rated one by one, and a few
# rules: what follows "not" turns round, "very" adds, capitals and `!` add. It learned nothing from our messages, and it
# gives a score from −1 to 1. The package does not run everywhere, so its scores are stored with the data, and so are the
# ratings of the words that appear. We also take the list **without** the rules: look up, and sum. A last step is
# VADER's own, $s / \sqrt{s^2 + 15}$: a second glad word adds less than the first.


# %%
def from_list(text):
    total = words.reindex(tokens(text)).sum()
    return total / np.sqrt(total**2 + 15)


counted = counting(analyzer=tokens).fit(learning["text"], learning["rating"])
plain = counting().fit(learning["text"], learning["rating"])  # scikit-learn's own tokens
unseen = cross_val_predict(  # forecasts of the learning messages by models that have not seen them
    counting(analyzer=tokens),
    learning["text"],
    learning["rating"],
    cv=GroupKFold(5, shuffle=True, random_state=0),
    groups=learning["family"],
)
both = LinearRegression().fit(np.column_stack([unseen, learning["vader"]]), learning["rating"])

forecasts = pd.DataFrame(index=test.index)
forecasts["words, counted"] = counted.predict(test["text"])
forecasts["VADER's list, summed"] = test["text"].map(from_list)
forecasts["VADER"] = test["vader"]
forecasts["words and VADER"] = both.predict(forecasts[["words, counted", "VADER"]].to_numpy())
simple = forecasts.corrwith(test["rating"])
print(simple.map("{:.3f}".format).to_string())

# %%
assert simple["VADER"] - simple["words, counted"] > 0.05
assert simple["VADER's list, summed"] - simple["words, counted"] > 0.04
assert 0 < simple["VADER"] - simple["VADER's list, summed"] < 0.03
assert simple["words and VADER"] > simple["VADER"] + 0.015
assert simple["VADER"] > one_rater

# %% [markdown] tags=["teacher"]
# **They say:** "VADER must have learned from more messages." **Ask:** from how many did it learn? **Expect:** none;
# people rated its words one by one. **Ask:** what do counted words know of a word that no message to learn from has?
# **Expect:** nothing. VADER knows it if it stands in the list.

# %% [markdown]
# The list beats the model that learned, by far. **Most of VADER is its list**: the rules add little. VADER agrees with
# the crowd a little better than one rater does. Mind that the raters of the words and of the messages were hired and
# trained by the same authors. And learning does add something to VADER: with counted words beside its score, $r$ rises
# again. That last row is the one to beat.
#
# ## Trap: the tokens of the library
#
# Text tools cut texts their own way. Many drop whatever is no letter. (Keras' `TextVectorization` does, too, if it is
# not told otherwise.) Here are scikit-learn's default tokens of one message.

# %% tags=["slide"]
face = messages["text"][95]
by_default = TfidfVectorizer().build_analyzer()(face)
print("the message:    ", face)
print("scikit-learn:   ", " ".join(by_default))
print("ours:           ", " ".join(tokens(face)))
r_default = np.corrcoef(test["rating"], plain.predict(test["text"]))[0, 1]
print(f"\ncounted words, scikit-learn's tokens: r = {r_default:.3f}; ours: {simple['words, counted']:.3f}")

# %%
assert simple["words, counted"] - r_default > 0.02

# %% [markdown] tags=["teacher"]
# Before you run the cell, write "Good morning my lovely tweeps! :-D" on the board. Let them write down the tokens
# that a library will make of it. **They write** the face as one token, as they see it. In scikit-learn's list there
# is neither the face nor the `!`. **Ask:** where does a library say how it cuts? **Expect:** in its default settings,
# if anywhere. Print the tokens.

# %% [markdown]
# The faces are gone, and the `!` with them. Mended by our own tokens, $r$ rises clearly. Look at your tokens before you
# look at any model.
#
# ## From words to a GRU
#
# A GRU reads a sequence of vectors, one a step. In the forecasts a step was a day. Now it is a token. Three things are
# new:
#
# - **A vocabulary.** Each token gets a whole number. 0 is kept for padding, 1 for every token that is not in the
#   vocabulary. Ours holds what is in at least two messages to learn from, or in VADER's list.
# - **An embedding.** The number itself means nothing: token 8 is not twice token 4. The layer `Embedding` is a table with
#   a row of 16 weights for each number. It looks the row up. The rows start at random and are learned like all weights.
# - **Padding and a mask.** Messages differ in length, a batch is a block. Short ones are filled with 0 behind, and what
#   is beyond 24 tokens is cut off. With `mask_zero=True` the layer sends a **mask** along: which steps are real. At a
#   masked step the GRU keeps its state. Without a mask it reads the zeros as if they were words.

# %%
LENGTH = 24
counts = Counter(token for text in learning["text"] for token in set(tokens(text)))
vocabulary = sorted(token for token in {*counts, *words.index} if counts[token] > 1 or token in words.index)
to_numbers = layers.TextVectorization(
    standardize=None, split="whitespace", output_sequence_length=LENGTH, vocabulary=vocabulary
)


def as_input(table):
    return to_numbers(np.array([" ".join(tokens(text)) for text in table["text"]], dtype=object)).numpy()


x_learn, x_test = as_input(learning), as_input(test)
print(f"{len(vocabulary):,} tokens in the vocabulary; input to learn from: {x_learn.shape}")
print(f"real steps: {(x_learn > 0).mean():.0%}; not in the vocabulary: {(x_test == 1).sum() / (x_test > 0).sum():.0%}")
print(x_learn[3])

# %%
assert np.array_equal(x_learn[:, 0] > 0, np.ones(len(learning)))

# %% [markdown]
# The network: embedding, GRU, one number out. **Dropout** sets half of the numbers to 0 at random, while it trains; so
# no single word can be leaned on. There is a second embedding of one number, `list`. For now it is 0 for all tokens and
# is not trained. Its hour comes later.
#
# Size, number of epochs and mask were tried on the validation messages, as alpha above. After eight epochs the network
# **without** a mask was the better one there, with each of three seeds. (A mean over all masked states was worse than
# either.) So it is our GRU. Why it is better, we have not tested. It has a price, which comes next.


# %%
def network(mask=False):
    size = len(vocabulary) + 2
    numbers = keras.Input((None,), dtype="int32")
    learned = layers.Embedding(size, 16, mask_zero=mask)(numbers)
    listed = layers.Embedding(size, 1, mask_zero=mask, trainable=False, embeddings_initializer="zeros", name="list")(
        numbers
    )
    steps = layers.Concatenate()([layers.Dropout(0.5)(learned), listed])
    state = layers.GRU(16)(steps)
    model = keras.Model(numbers, layers.Dense(1)(layers.Dropout(0.5)(state)))
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mean_squared_error", steps_per_execution=8)
    return model


def train_and_forecast(model, x_learn, x_test, seed, ratings=None):
    start_anew(model, seed)
    if ratings is not None:
        model.get_layer("list").set_weights([ratings])
    model.fit(x_learn, learning["rating"].to_numpy(), epochs=8, batch_size=128, verbose=0)
    return model.predict(x_test, batch_size=1024, verbose=0)[:, 0]


model = network()
gru = np.column_stack([train_and_forecast(model, x_learn, x_test, seed) for seed in SEEDS])

# %% tags=["nbval-ignore-output"]
trained = int(sum(np.prod(weight.shape) for weight in model.trainable_weights))
print(f"{trained:,} weights to train, {model.layers[1].count_params():,} of them in the embedding")
for seed, forecast in zip(SEEDS, gru.T, strict=True):
    print(f"GRU, seed {seed}: r = {np.corrcoef(test['rating'], forecast)[0, 1]:.3f}")

# %% [markdown] tags=["teacher"]
# **They say:** "Token 1735 is a larger input than token 3." **Ask:** what changes if two tokens exchange their
# numbers before training? **Expect:** two rows of the embedding change places, no more. **Ask:** what does the GRU do
# at a masked step? **Expect:** it keeps its state. If they say "it reads a 0": that is the next trap.

# %% [markdown]
# ## Trap: the padding is read
#
# Without a mask everything runs. But the network reads the zeros. Take ours, and a twin that is trained with a mask.
# Pad the same test messages to 60 steps instead of 24. Nothing about a message has changed.

# %%
masked = network(mask=True)
train_and_forecast(masked, x_learn, x_test, SEEDS[-1])  # the seed that `model` was trained with last
longer = np.pad(x_test, ((0, 0), (0, 36)))
rows = {}
for name, each in {"without mask": model, "with mask": masked}.items():
    short, long = (each.predict(x, batch_size=1024, verbose=0)[:, 0] for x in (x_test, longer))
    rows[name] = [np.corrcoef(test["rating"], forecast)[0, 1] for forecast in (short, long)]
    rows[name].append(np.abs(long - short).mean())
padding = pd.DataFrame(rows, ["r, 24 steps", "r, 60 steps", "moved by"]).T

# %% tags=["nbval-ignore-output"]
print(padding.map("{:.3f}".format).to_string())

# %%
assert padding.loc["with mask", "moved by"] < 1e-4
assert padding.loc["without mask", "moved by"] > 0.02

# %% [markdown] tags=["teacher"]
# **They say:** "Zeros do nothing." **Ask:** what does `Embedding` make of a 0? **Expect:** the numbers of row 0,
# learned like any other row; so the state moves. **They say:** "So the network with a mask is the better one."
# **Ask:** which column would say so, and from how many seeds? **Expect:** "r, 24 steps", from one. It does not tell.
# Sure is only that the mask makes the forecast independent of the padding.

# %% [markdown]
# The last column is in points, on average. With the mask nothing moves. Without it the forecast depends on how many
# zeros happened to be added. That is bearable here, because `as_input` pads all messages alike, to 24. Who cannot
# promise that needs the mask. The first column, with one seed each, does not say which network is better. So our choice,
# made on the validation messages, may have been luck.
#
# ## Does order matter?
#
# "Not good, just bad" and "not bad, just good" have the same words. Whoever counts cannot tell them apart. A GRU could.
# Does it? Train and judge it on messages whose tokens are in an order drawn by chance. The padding stays behind.
# (VADER's scores for shuffled words are stored with the data.)

# %%
rng = np.random.default_rng(0)
mixed_learn, mixed_test = (shuffle_steps(x, rng, (x > 0).sum(axis=1)) for x in (x_learn, x_test))
gru_shuffled = np.column_stack([train_and_forecast(model, mixed_learn, mixed_test, seed) for seed in SEEDS])

# %% [markdown] tags=["teacher"]
# **They say:** "If the GRU is as good on shuffled words, order does not matter in language." Come back to this at the
# table in "All of them, with an interval". **Ask:** which method loses there when the words are shuffled? **Expect:**
# VADER, and much on negated messages.

# %% [markdown]
# ## What would change that?
#
# Two ideas, two controls. **Knowledge**: tell the network what the list says of each token. That is what `list` is
# for: it now gets VADER's rating, and 0 for all other tokens. Everything else stays. **More messages**: how does $r$ grow
# with the number of messages? Counting is quick, so ask there.

# %%
ratings = np.zeros((len(vocabulary) + 2, 1), dtype="float32")
ratings[2:, 0] = words.reindex(vocabulary).fillna(0)
gru_list = np.column_stack([train_and_forecast(model, x_learn, x_test, seed, ratings) for seed in SEEDS])

shares = (1 / 8, 1 / 4, 1 / 2, 1)
curve = []
for share in shares:
    some = rest.sample(frac=share, random_state=1)
    forecast = counting(analyzer=tokens).fit(some["text"], some["rating"]).predict(test["text"])
    curve.append(np.corrcoef(test["rating"], forecast)[0, 1])
    print(f"counted words from {len(some):,} messages: r = {curve[-1]:.3f}")

# %%
assert np.all(np.diff(curve) > 0.015)

# %% [markdown]
# Each doubling still helps. So more messages would help whoever has to learn the words.
#
# ## All of them, with an interval
#
# The test messages are a sample. So draw them anew 2,000 times, **whole families** with replacement, and compute $r$ each
# time. From one draw to the next all methods see the same messages. So differences are compared **pairwise**. The middle
# 95 % of the draws are the interval. For the networks it is the mean of $r$ over three seeds. The interval holds the luck
# of the sample, not the luck of the training.


# %%
def correlation(truth, forecast, times):
    """Return r for each draw; `times`, shape (draws, messages), says how often each message was drawn."""
    share = times / times.sum(axis=1, keepdims=True)
    y, f = truth - truth.mean(), forecast - forecast.mean()
    mean_y, mean_f = share @ y, share @ f
    spread = (share @ y**2 - mean_y**2) * (share @ f**2 - mean_f**2)
    return (share @ (y * f) - mean_y * mean_f) / np.sqrt(spread)


_, which = np.unique(test["family"], return_inverse=True)
n = which.max() + 1
times = np.random.default_rng(0).multinomial(n, np.full(n, 1 / n), size=2000)[:, which]
times = np.vstack([np.ones(len(test)), times])  # the first "draw" is the test itself

forecasts["VADER, words shuffled"] = test["vader_shuffled"]
by_name = {name: values.to_numpy()[:, np.newaxis] for name, values in forecasts.items()}
by_name |= {"GRU": gru, "GRU, words shuffled": gru_shuffled, "GRU with the list": gru_list}
y = test["rating"].to_numpy()
drawn = {name: np.mean([correlation(y, f, times) for f in each.T], axis=0) for name, each in by_name.items()}

clear = np.abs(y) >= 0.5
negated = test["text"].str.contains(r"\b(?:not|no|never|nothing|cannot)\b|n't\b", case=False).to_numpy()
rows = {}
for name, each in by_name.items():
    right = np.mean((each > 0) == (y > 0)[:, np.newaxis], axis=1)
    r_negated = np.mean([np.corrcoef(y[negated], f[negated])[0, 1] for f in each.T])
    rows[name] = (drawn[name][0], *np.quantile(drawn[name][1:], [0.025, 0.975]))
    rows[name] += (r_negated, right.mean(), right[clear].mean())
table = pd.DataFrame(rows, ["r", "low", "high", "r, negated", "sign right", "sign, clear"]).T

# %% tags=["nbval-ignore-output"]
print(
    f"{len(test)} messages, {negated.sum()} of them negated; {clear.mean():.0%} are clear: half a point or more from 0"
)
print(f"always 'glad': sign right {(y > 0).mean():.3f}, of the clear ones {(y > 0)[clear].mean():.3f}")
print(table.map("{:.3f}".format).to_string())

# %%
PAIRS = [("VADER", "GRU"), ("VADER", "words, counted"), ("GRU", "words, counted"), ("GRU", "GRU, words shuffled")]
PAIRS += [
    ("GRU with the list", "GRU"),
    ("GRU with the list", "VADER's list, summed"),
    ("words and VADER", "GRU with the list"),
    ("VADER", "VADER, words shuffled"),
]
rows = {}
for one, other in PAIRS:
    gain = drawn[one] - drawn[other]
    rows[f"{one} − {other}"] = (gain[0], *np.quantile(gain[1:], [0.025, 0.975]))
gains = pd.DataFrame(rows, ["gain in r", "low", "high"]).T
by_order = gains.loc["GRU − GRU, words shuffled"]
found = "order helps" if by_order["low"] > 0 else "order harms" if by_order["high"] < 0 else "no gain to be seen"
one_each = [
    np.corrcoef(y, f)[0, 1] - np.corrcoef(y, mixed)[0, 1] for f, mixed in zip(gru.T, gru_shuffled.T, strict=True)
]

# %% tags=["nbval-ignore-output"]
print(gains.map("{:.3f}".format).to_string())
print(f"order and the GRU: {found}; one seed each:", ", ".join(f"{gain:+.3f}" for gain in one_each))

# %%
assert gains.loc["VADER − GRU", "low"] > 0
assert gains.loc["VADER − words, counted", "low"] > 0.03
assert abs(gains.loc["GRU − words, counted", "gain in r"]) < 0.05
assert found == "no gain to be seen"
assert np.abs([by_order["gain in r"], *one_each]).max() < 0.03
assert gains.loc["GRU with the list − GRU", "low"] > 0.02
assert abs(gains.loc["GRU with the list − VADER's list, summed", "gain in r"]) < 0.06
assert gains.loc["words and VADER − GRU with the list", "gain in r"] > -0.01
assert gains.loc["VADER − VADER, words shuffled", "low"] > 0.002
assert table.loc["VADER", "r, negated"] - table.loc["VADER, words shuffled", "r, negated"] > 0.1
assert (
    table.loc[["VADER", "words, counted"], "sign, clear"] > table.loc[["VADER", "words, counted"], "sign right"]
).all()
assert (table["r, negated"] < table["r"]).all()

# %% tags=["slide"]
fig, ax = plots.figure(figsize=(8, 3.4))
order = table.sort_values("r").index
place = np.arange(len(order))
colours = [plots.COLOURS[1] if "GRU" in name else plots.COLOURS[0] for name in order]
ax.hlines(place, table.loc[order, "low"], table.loc[order, "high"], color=colours, linewidth=2)
ax.scatter(table.loc[order, "r"], place, color=colours, zorder=3)
ax.axvline(one_rater, color="black", linestyle="--", linewidth=1, label="one rater")
ax.set_yticks(place, order)
ax.set(xlabel="r with the mean rating, 95 % interval")
ax.legend(loc="lower right")
plots.show(
    fig,
    "The correlation of each method with the mean rating, with its interval. Words and VADER together, VADER, its list "
    "alone and the GRU with the list lie at a dashed line for one rater, or above it. Counted words, VADER with words "
    "shuffled, and the GRU, in order or shuffled, lie below.",
)

# %% [markdown]
# **Who says so best?** VADER beats the GRU: the interval of their difference lies above 0. The GRU and counted words
# are close. Their interval reaches to about 0, and other seeds may shift it a little. So this test
# does not decide between them.
#
# **Order.** With shuffled words the GRU is about as good as with words in order, with each seed. The interval of the
# difference holds 0. So over all messages there is no clear sign that order helps it. VADER's
# rules do lose with shuffled words, and much on negated messages. So there **is** something in the order. Negated
# messages are harder for all. With shuffled words the GRU, too, loses there, perhaps by chance.
#
# **Knowledge.** Told what the list says of each word, the same GRU gains a great deal. It passes the plain sum of that
# list, and it is level with counted words beside VADER, which learn and know as well: that interval holds 0. So of all
# that we tried, knowing the words helped the GRU most.
#
# **The tempting score.** Whoever leaves out the messages near 0 gets a higher accuracy, with the same forecasts. Look
# for such a sentence when you read of 97 %. And compare with "always glad".

# %% [markdown] tags=["teacher"]
# **They say:** "The two intervals overlap, so there is no difference." **Ask:** is a message that is hard for one
# method hard for the other, too? **Expect:** often. So look at the interval of the difference, over the same draws:
# that is the second table.

# %% [markdown]
# ## Where a GRU is the right choice
#
# Large networks that have read hundreds of millions of messages first, and then learn from a few rated ones, do better
# than networks trained from nothing. BERTweet (2020) read 850 million English tweets. TweetEval (2020) compares such
# networks on one footing. They know the words before they see our first rating. That is idea one, on a large scale. We
# have not run them here.
#
# A GRU stays small. It reads a message token by token, and its state is all that it must keep.

# %% tags=["nbval-ignore-output"]
start = time.perf_counter()
model.predict(x_test, batch_size=len(x_test), verbose=0)
seconds = time.perf_counter() - start
print(
    f"{trained:,} weights; {1e3 * seconds / len(x_test):.2f} ms a message, {1e6 * seconds / x_test.size:.0f} µs a step: "
    f"one batch of {len(x_test)}, padding and the overhead of predict included"
)


# %% tags=["elsewhere", "nbval-ignore-output"]
def in_words(name):
    return "{:.3f} ({:.2f} to {:.2f})".format(*table.loc[name, ["r", "low", "high"]])


lead = drawn["words and VADER"] - drawn["GRU"]
low, high = np.quantile(lead[1:], [0.025, 0.975])
verdict = "the list and counting win" if low > 0 else "the GRU wins" if high < 0 else "not decided"
print(f"data: {len(messages):,} rated messages")
print("split: new messages, families of alike ones kept together")
print("metric: correlation with the mean rating")
print(f"opponent: counted words and a word list with rules (VADER): {in_words('words and VADER')}")
print(f"GRU: {in_words('GRU')}")
adds = "order adds {:+.3f} ({:+.3f} to {:+.3f})".format(*by_order)
print(f"GRU, order shuffled: {in_words('GRU, words shuffled')}; {adds}")
print(f"verdict: {verdict}; the list alone, untrained, has {in_words('VADER')}")

# %% [markdown]
# ## Exercises
#
# Replace each `...` and run the cell, then run the check below it.
#
# **1. Find the leak.** `family` has the family of each message, `in_test` is True for test messages. Both are arrays.
# How many test messages have a relative in the training?


# %%
def count_leaks(family, in_test):
    ...
    ### BEGIN SOLUTION
    return np.isin(family[in_test], family[~in_test]).sum()
    ### END SOLUTION


# %%
check.count_leaks(count_leaks)

# %% [markdown]
# **2. Mind the mask.** A network could also take the mean of a message's vectors, in place of a GRU. `vectors` has the
# shape (steps, numbers), and `is_word` is False where there is padding. Return the mean over the words, one number for
# each column.


# %%
def masked_mean(vectors, is_word):
    ...
    ### BEGIN SOLUTION
    return vectors[is_word].mean(axis=0)
    ### END SOLUTION


# %%
check.masked_mean(masked_mean)

# %% [markdown]
# **3. The tempting score.** Return the accuracy of the sign among the clear messages: those whose **rating** is `margin`
# or more away from 0, on either side. All arguments but `margin` are arrays; no forecast is 0.


# %%
def clear_accuracy(rating, forecast, margin):
    ...
    ### BEGIN SOLUTION
    clear = np.abs(rating) >= margin
    return ((rating > 0) == (forecast > 0))[clear].mean()
    ### END SOLUTION


# %%
check.clear_accuracy(clear_accuracy)

# %% [markdown] tags=["teacher"]
# Do 3 together: they will meet that number in papers. Listen for "clear is what the forecast is sure of"; the hint is
# "what is clear is said by the rating, not by the forecast". 1 suits pairs with cards: a colour is a family, two
# piles are training and test. If they count both piles, the hint says "count the test messages alone". 2 can go home.
# If they divide by all steps, the hint says that the padding "still counts in the number".

# %% [markdown]
# ## What to take away
#
# - Tokens become numbers, numbers become vectors (an embedding). Padding is masked, or it is always the same.
# - Look at the tokens: a library may have thrown the faces away.
# - Keep relatives on one side of the split.
# - A list that people made beats a network that sees three thousand messages. Most of it is the list, not the rules.
# - A network that is told the list is level with the best simple method.
# - Shuffle the order. Without a clear loss, nothing shows that order helped.
# - An accuracy without the unclear cases is another task.
#
# ## Self-test
#
# <details><summary>Why is 0 not a word?</summary>
#
# It stands for padding. With `mask_zero=True` steps with 0 are skipped. </details>
#
# <details><summary>A network does as well on shuffled words. Does order carry nothing?</summary>
#
# Not so: this network, from these messages, did not clearly gain by it. VADER lost with shuffled words. </details>
#
# <details><summary>The score rose when the unclear messages were left out. Is the model better?</summary>
#
# No. The forecasts are the same. The task has become easier. </details>
#
# ## Where next
#
# {Lesson:how_sure} says more on intervals and their promise. {Lesson:inside_the_network} looks at what the gates do.
#
# ## References
#
# - C. J. Hutto and E. Gilbert, *VADER: a parsimonious rule-based model for sentiment analysis of social media text*,
#   2014, [doi:10.1609/icwsm.v8i1.14550](https://doi.org/10.1609/icwsm.v8i1.14550).
# - D. Q. Nguyen, T. Vu and A. T. Nguyen, *BERTweet: a pre-trained language model for English tweets*, 2020,
#   [arXiv:2005.10200](https://arxiv.org/abs/2005.10200).
# - F. Barbieri and others, *TweetEval: unified benchmark and comparative evaluation for tweet classification*, 2020,
#   [arXiv:2010.12421](https://arxiv.org/abs/2010.12421).

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# *Be the raters.* 15 minutes, in groups of five. Sheet one has the six messages that the lesson prints first, without
# their ratings. Sheet two has four texts, each with its words in alphabetical order: the first of these messages, the
# last, "not good, just bad" and "not bad, just good".
#
# 1. Everyone rates sheet one, in whole numbers from −4 to 4, alone and in silence.
# 2. Each group writes its numbers into a table, a row for each message. On which message do you disagree most? Who is
#    nearest to the mean of the other four? Then read out the ratings of the lesson: +2.0, +0.8, −0.8, −0.7, −1.6,
#    −3.0.
# 3. Everyone rates sheet two. For which texts did you miss the order?
#
# Say then: one person agrees with the mean of the others only so far; in the lesson r is 0.83. The last two texts of
# sheet two are the same: "bad good just not". No rating is right for both. In most messages the words alone tell a
# good deal; with a "not" they may tell nothing.
#
# ### Answers to the open questions
#
# In brackets behind a wrong answer stands the belief that it comes from.
#
# - *Does order matter?* For this network there is no clear sign; for VADER, yes. Wrong: "No" (what one network does
#   not use is not in the data).
# - *Why is 0 not a word?* It is padding. Wrong: "0 means neutral" (a token's number is its rating).
# - *The score rose without the unclear messages: is the model better?* No, the task became easier. Wrong: "Yes, the
#   noise is gone" (a score tells of the model alone, not of the task).
#
# ### When time is short
#
# Skip the second half of "What would change that?", counting on more and more messages, and "Where a GRU is the right
# choice". Keep "Trap: relatives on both sides", "From words to a GRU" and the trap of the padding:
# {lesson:translating} and {lesson:speech} pad and mask again.
#
# ### After the lesson, students can
#
# - count the test messages that have a relative in the training;
# - compute a mean without the padding, and say what a mask does to the state;
# - explain why a score without the unclear cases is that of another task;
# - explain what shuffled words show about a network, and what they do not.

# %% tags=["teacher"]
import numpy as np

rating = np.array([-3.0, -0.5, 1.0, 3.5])
assert np.isclose(np.corrcoef(rating, rating / 2 + 1)[0, 1], 1)  # half of each, plus 1
for text in ("not good just bad", "not bad just good"):
    assert sorted(text.split()) == ["bad", "good", "just", "not"]
