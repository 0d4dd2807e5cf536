# ---
# jupyter:
#   lesson:
#     part: Elsewhere
#     question: What does attention add when one sequence becomes another?
#     learn: to turn one sequence into another, to write attention out, to judge a translation on what is really new
#     need: "{lesson:training}"
# ---

# %% [markdown]
# # Translating: what does attention add when one sequence becomes another?
#
# At the end you can build a network that reads one sequence and writes another, compute attention by hand, and say what
# such a network has learned.

# %% [markdown]
# ## What is to be translated?
#
# A translator reads a sequence and **writes** one, of another length and in another order. Ours are dates, from English
# in many formats into French.

# %%
import re
import time
from itertools import pairwise

import keras
import numpy as np
import pandas as pd
from dateutil import parser
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import RidgeClassifier

from helpers import data, plots
from helpers.exercises import translating as check
from helpers.models import start_anew
from helpers.sequences import mean_by_group, shuffle_steps

dates = data.load("translating")
for _, row in dates.groupby("format", sort=False).nth(600).iterrows():
    print(f"{row['english']:<29} → {row['french']}")

# %% [markdown]
# One line for each of 15 formats, with 1,000 days from 1970 to 2029 each. The formats come from **CLDR**, where the
# Unicode Consortium collects how the world writes dates (licence: Unicode V3).
#
# Month names have to be **translated**, day and year **copied**. The order changes. 10/2/06 lacks a century. The French
# begins with the weekday: where the English has none, it would have to be **calculated**.
#
# What is wrong with these data? A program wrote them: no typing errors, no *1er* for the first of a month. And 3/8/21,
# as Australia writes it, is left out: it would mean two days.
#
# ## What is new to the network?
#
# Kept from the training are five formats, 12 years for the test and 6 for validation. Three tests:
#
# - **random pairs**: known formats and years, a new pair. The tempting split.
# - **new years**: known formats, years never seen.
# - **new formats**: known years, formats never seen.

# %%
NEW_FORMATS = ["en_GB yMMMEd", "en_IN yMMMEd", "en_BZ medium", "en_ZA short", "en_CH short"]
years = np.random.default_rng(2).permutation(np.arange(1970, 2030))
new_format = dates["format"].isin(NEW_FORMATS)
for_test, for_validation = (dates["day"].dt.year.isin(chosen) for chosen in (years[:12], years[12:18]))
familiar = dates[~(new_format | for_test | for_validation)]


def some(pairs, of_each_format):
    return pairs.groupby("format").sample(of_each_format, random_state=0)


random_pairs = some(familiar, 40)
train = familiar.drop(random_pairs.index)
parts = {
    "learned from": some(train, 10),
    "validation": some(dates[for_validation & ~new_format], 15),
    "random pairs": some(random_pairs, 20),
    "new years": some(dates[for_test & ~new_format], 36),
    "new formats": some(dates[new_format & ~for_test & ~for_validation], 40),
}
judged = pd.concat(parts, names=["part", None]).reset_index("part")
TESTS = ["random pairs", "new years", "new formats"]
print(f"{len(train):,} pairs to learn from, in {train['format'].nunique()} formats; new years for the test:")
print(*sorted(map(int, years[:12])))

# %%
assert not set(judged.loc[judged["part"] == "new years", "day"].dt.year) & set(train["day"].dt.year)
assert not set(judged.loc[judged["part"] == "new formats", "format"]) & set(train["format"])
assert not judged.loc[judged["part"] != "learned from"].index.isin(train.index).any()
assert dates.groupby("english")["french"].nunique().max() == 1  # no text means two days

# %% [markdown] tags=["teacher"]
# **They say:** "Random pairs are a fair test, none of them was seen." **Ask:** what will be new in the dates of next
# year: the pair, the year or the format? **Expect:** the year, and some day a format as well. So test these two.

# %% [markdown]
# ## What can be done without a network?
#
# A date that is nearly right is wrong: we count **exact matches**. **Day, month and year** must all three be right; the
# **weekday** is counted apart.
#
# **Nearest text.** The French of the training text that shares the most pieces of one to four characters. Rare pieces
# count more.
#
# **A straight line for each piece.** The French has seven pieces: weekday, day, month, four digits. We cut the English
# into **tokens**: a word, a digit or a mark. Each piece has a linear classifier: a weighted sum for each possible
# answer; the largest wins. A feature is a token, or two in a row, with its place and the text's **shape**: "May 7,
# 1998" has the shape *word 9 , 9 9 9 9*. A second such line also sees the tokens alone.
#
# **A calendar.** It learns nothing. We tell it the known formats and 19 French words. Python works out the weekday.
# **With a reader** called dateutil, which comes with pandas: it reads what fits none of these formats.


# %%
def tokens(text):
    return re.findall(r"[^\W\d]+|\d|[^\w\s]", text)


def with_pairs(text):
    return tokens(text) + [" ".join(two) for two in pairwise(tokens(text))]


def by_place(text):
    shape = ["word" if token.isalpha() else "9" if token.isdigit() else token for token in tokens(text)]
    return [f"{shape} {place}: {key}" for place, key in enumerate(with_pairs(text))]


def line(features):
    counts = CountVectorizer(analyzer=features, binary=True)
    learn, judge = counts.fit_transform(train["english"]), counts.transform(judged["english"])
    ridge = RidgeClassifier(0.1, tol=0.01)
    french = train["french"].str.replace(r"(\d)(?=\d{0,2}$)", r" \1", regex=True).str.split()  # the year as four digits
    written = [ridge.fit(learn, piece).predict(judge) for piece in zip(*french, strict=True)]
    return [" ".join(row) for row in zip(*written, strict=True)]


rare = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), lowercase=False)
closeness = rare.fit_transform(train["english"]) @ rare.transform(judged["english"]).T
outputs = {
    "nearest text": train["french"].to_numpy()[closeness.toarray().argmax(axis=0)],
    "line, by place": line(by_place),
    "line, tokens too": line(lambda text: by_place(text) + with_pairs(text)),
}

FORMATS = "%A, %B %d, %Y|%a, %b %d, %Y|%B %d, %Y|%b %d, %Y|%m/%d/%y|%A, %d %B %Y|%d %B %Y|%d %b %Y|%d/%m/%Y|%Y-%m-%d"
WEEKDAYS = tokens("lundi mardi mercredi jeudi vendredi samedi dimanche")
MONTHS = tokens("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")
days = pd.Series(pd.NaT, judged.index)
for form in FORMATS.split("|"):
    days = days.fillna(pd.to_datetime(judged["english"].str.replace("Sept ", "Sep "), format=form, errors="coerce"))


def in_french(day):
    return "" if pd.isna(day) else f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


unread = judged["english"][days.isna()].str.replace("Sept ", "Sep ")
read = unread.map(lambda text: parser.parse(text, dayfirst=not text[:4].isdigit()))
outputs["calendar"] = days.map(in_french, na_action=None)
outputs["calendar and reader"] = days.fillna(read).map(in_french)

# %% [markdown]
# How good are they? The weekday is counted in new years alone.

# %% tags=["nbval-ignore-output"]
truth = judged["french"].map(tokens)
new_years = judged["part"] == "new years"
with_weekday = judged["english"].str.match("(Mon|Tue|Wed|Thu|Fri|Sat|Sun)")
kind = with_weekday.map({True: "weekday, given", False: "weekday, not given"})


def scores(written):
    """Return for each list of tokens whether day, month and year are right, all three, and whether the weekday is."""
    right = [(one[1:] == other[1:], one[:1] == other[:1]) for one, other in zip(written, truth, strict=True)]
    return pd.DataFrame(right, judged.index, ["date", "weekday"])


def overview(methods):
    rows = {}
    for name, score in methods.items():
        weekdays = score["weekday"][new_years].groupby(kind).mean()
        rows[name] = pd.concat([score["date"].groupby(judged["part"]).mean()[["validation", *TESTS]], weekdays])
    return pd.DataFrame(rows).T


opponents = {name: scores(map(tokens, written)) for name, written in outputs.items()}
simple = overview(opponents)
print(simple.to_string(float_format="{:.2f}".format))

# %%
assert (simple.loc["nearest text", TESTS] < 0.1).all()
assert (simple.loc["line, by place", ["random pairs", "new years", "weekday, given"]] > 0.985).all()
rules = simple.index.str.startswith("calendar")
assert simple["validation"][~rules].idxmax() == "line, by place"
assert simple.loc["line, by place", "new formats"] < 0.1
assert 0.45 < simple.loc["line, tokens too", "new formats"] < 0.65
assert simple.loc["line, tokens too", "new years"] < simple.loc["line, by place", "new years"] - 0.05
assert (simple.loc["calendar"].drop("new formats") == 1).all()
assert simple.loc["calendar", "new formats"] == 0
assert (simple.loc["calendar and reader"] == 1).all()
assert (simple.loc[~rules, "weekday, not given"] < 0.25).all()

# %% [markdown] tags=["teacher"]
# **They say:** "Calendar and reader are right everywhere. Why go on?" **Ask:** what was the calendar told that the
# line had to learn? **Expect:** the formats and 19 words. For dates, take it. For sentences nobody can write such
# rules.

# %% [markdown]
# The nearest text is nearly always another date. The line by place is hardly ever wrong on known formats, and lost on
# new ones. The second gets about half of those, and pays in new years. The calendar is never wrong where it was told
# the format, and with the reader it is right everywhere. So nobody needs a network for this. The question is what a
# network can learn from pairs alone, beside a line that learns from the same pairs.
#
# ## How do texts become numbers?
#
# Each token gets a number, from Keras' `TextVectorization`. 0 is **padding**: it fills up shorter texts. 1 stands for
# what was never seen. The French gets two tokens more, `[start]` and `[end]`.

# %%
STEPS, LENGTH = 10, 9  # the most English tokens; the most French ones, with [end]


def spaced(texts, pattern):
    return np.array([pattern.format(" ".join(tokens(text))) for text in texts])


def numbering(column, length, pattern="{}"):
    """Return the vocabulary, the numbers of the training texts and those of the judged texts."""
    layer = keras.layers.TextVectorization(standardize=None, output_sequence_length=length)
    layer.adapt(spaced(train[column], pattern))
    return layer.get_vocabulary(), *(layer(spaced(pairs[column], pattern)).numpy() for pairs in (train, judged))


ENGLISH, english, judged_english = numbering("english", STEPS)
FRENCH, french, judged_french = numbering("french", LENGTH + 1, "[start] {} [end]")
START, END = FRENCH.index("[start]"), FRENCH.index("[end]")
print(judged["english"].iloc[40], "→", judged_english[40])
print(judged["french"].iloc[40], "→", judged_french[40])

# %%
assert (judged_french != 1).all()  # no French token is unknown
assert max(len(tokens(text)) for text in dates["english"]) == STEPS
assert max(len(tokens(text)) for text in dates["french"]) == LENGTH - 1

# %% [markdown]
# ## How does a network write a sequence?
#
# The **encoder** is a GRU that reads the English. The **decoder** is a second GRU that starts from the encoder's last
# state, and writes. At each step it is given the last token, and says for every French token how probable it is as the
# next one.
#
# In training it is given the **true** last token, whatever it said itself: **teacher forcing**. Input and target are
# the same text, one place apart. The loss, **cross-entropy**, is minus the logarithm of the probability of the true
# next token.

# %% tags=["slide"]
given, to_say = french[:, :-1], french[:, 1:]
print("given ", *[FRENCH[number] for number in given[0]])
print("to say", *[FRENCH[number] for number in to_say[0]])

# %% [markdown]
# What the decoder knows of the English went through one place: the encoder's last state, 64 numbers. **Attention**
# opens a second way: the decoder may look at **all** states of the encoder.
#
# - The **scores**: the decoder's state, the **query** $q$, times each state $h_i$ of the encoder, number by number,
#   added up: the **dot product**. Large where both point the same way.
# - The **weights**: the **softmax** turns scores into shares, which are above 0 and add up to 1.
# - The **context**: the mean of the states, by these weights. The answer comes from query and context.
#
# $$a_i = \frac{e^{q \cdot h_i}}{\sum_j e^{q \cdot h_j}} \qquad c = \sum_i a_i\, h_i$$
#
# Nothing of it is learned: states and queries learn to find each other.

# %%
query = np.array([1.0, 2.0], dtype="float32")
states = np.array([[0.5, 0.2], [0.1, 0.9], [-0.4, 0.3], [-0.4, 0.3]], dtype="float32")  # the last one is padding


def attention(query, states):
    scores = states @ query
    shares = np.exp(scores) / np.exp(scores).sum()
    return shares, shares @ states


shares, context = attention(query, states)
layer = keras.layers.Attention()
by_keras = layer([query[None, None], states[None]]).numpy()[0, 0]
masked = layer([query[None, None], states[None]], mask=[None, np.array([[True, True, True, False]])]).numpy()[0, 0]
print("weights", shares.round(3), "context", context.round(3), "by Keras", by_keras.round(3))
print("by Keras, with a mask", masked.round(3))

# %%
assert np.allclose(context, by_keras, atol=1e-6)
assert np.allclose(attention(query, states[:3])[1], masked, atol=1e-6)
assert np.isclose(shares.sum(), 1)

# %% [markdown]
# Keras' layer does the same. A **mask** says where attention may look; without it the padding gets a share. (The
# encoder needs one, too: `mask_zero` makes it stop at the last real token.)
#
# The mask also gives us a fair opponent. If attention may look at the **last** real token only, its context is always
# the encoder's last state: an encoder–decoder without attention, much as Cho and others had it in 2014, with the same
# layers and as many weights.


# %%
def translator(units=64):
    read = keras.Input((STEPS,), dtype="int32")
    look = keras.Input((STEPS,), dtype="bool")
    said = keras.Input((LENGTH,), dtype="int32")
    embedded = keras.layers.Embedding(len(ENGLISH), 32, mask_zero=True)(read)
    states, last = keras.layers.GRU(units, return_sequences=True, return_state=True)(embedded)
    embedded = keras.layers.Embedding(len(FRENCH), 32)(said)
    queries = keras.layers.GRU(units, return_sequences=True)(embedded, initial_state=last)
    attend = keras.layers.Attention()
    context, weights = attend([queries, states], mask=[None, look], return_attention_scores=True)
    chances = keras.layers.Dense(len(FRENCH), activation="softmax")(keras.layers.Concatenate()([queries, context]))
    inputs = [read, look, said]
    return keras.Model(inputs, chances), keras.Model(inputs, [states, queries, context, weights])


def everywhere(english):
    return english > 0


def last_only(english):
    return np.arange(STEPS) == (english > 0).sum(axis=1, keepdims=True) - 1


EPOCHS, BATCH = 3, 64
keras.utils.set_random_seed(1)
model, inside = translator()
adam = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.01, EPOCHS * -(-len(train) // BATCH)))
model.compile(adam, loss=keras.losses.SparseCategoricalCrossentropy(ignore_class=0))  # padding is not scored

# %% [markdown] tags=["teacher"]
# **They say:** "In training the decoder is given the answer." **Ask:** what is it given where it has to say *mai*?
# **Expect:** the true token before, a digit of the day. **They say:** "A score of 0 means: not looked at." **Ask:**
# there are three states, and all scores are 0; what are the shares? **Expect:** a third each, because e to the 0 is
# 1.

# %% [markdown]
# An **embedding** is a table: for each token 32 numbers, which are learned. `CosineDecay` lowers the learning rate from
# 0.01 to 0. Units and epochs were chosen on the validation years.
#
# ## How is a text written without a teacher?
#
# In use the most probable token becomes the next input: **greedy decoding**.


# %%
def write(english, look):
    """Return what is written, as numbers, and how probable the network held each token."""
    written = np.zeros((len(english), LENGTH + 1), dtype="int64")
    written[:, 0] = START
    chance = np.zeros((len(english), LENGTH))
    for step in range(LENGTH):
        chances = model.predict_on_batch([english, look, written[:, :-1]])[:, step]
        written[:, step + 1], chance[:, step] = chances.argmax(axis=1), chances.max(axis=1)
    return written[:, 1:], chance


def as_tokens(row):
    stop = list(row).index(END) if END in row else LENGTH
    return [FRENCH[number] for number in row[:stop]]


def learn(seed, look=everywhere, english=english, judged_english=judged_english):
    """Train anew; return scores, what was written, the chances, and the weekdays written after each epoch."""
    first = np.zeros_like(judged_french[:, :-1])
    first[:, 0] = START
    weekdays = []

    def note(epoch, logs):
        weekdays.append(model.predict_on_batch([judged_english, look(judged_english), first])[:, 0].argmax(axis=1))

    start_anew(model, seed)
    options = {"epochs": EPOCHS, "verbose": 0, "callbacks": [keras.callbacks.LambdaCallback(on_epoch_end=note)]}
    model.fit([english, look(english), given], to_say, batch_size=BATCH, **options)
    written, chance = write(judged_english, look(judged_english))
    return scores([as_tokens(row) for row in written]), written, chance, np.array(weekdays)


# %% [markdown]
# Three random starts, and from each three trainings: with attention; with attention, but the tokens of each text, learned
# or judged, in a **random order**; without attention.

# %%
SEEDS = (1, 2, 3)
results = {}
rng = np.random.default_rng(0)
mixed, judged_mixed = (shuffle_steps(texts, rng, (texts > 0).sum(axis=1)) for texts in (english, judged_english))
for seed in SEEDS:
    results[f"GRU, order shuffled, seed {seed}"] = learn(seed, everywhere, mixed, judged_mixed)
for seed in SEEDS[::-1]:  # what is trained last is looked into below
    results[f"GRU, last state only, seed {seed}"] = learn(seed, last_only)
forced = model.predict_on_batch([judged_english, last_only(judged_english), judged_french[:, :-1]])
for seed in SEEDS[::-1]:
    results[f"GRU, attention, seed {seed}"] = learn(seed)

# %% tags=["nbval-ignore-output"]
started = time.perf_counter()
write(judged_english, everywhere(judged_english))
milliseconds = 1000 * (time.perf_counter() - started) / len(judged) / LENGTH
print(f"{model.count_params():,} weights; {milliseconds:.2f} ms a token, {len(judged):,} texts at once")

# %% [markdown]
# ## Trap: to score with the answer at hand
#
# The quickest score is one that `fit` can give: the share of tokens that are right. Without attention, in new years,
# all tokens but the weekday (seed 1):

# %% tags=["nbval-ignore-output"]
to_write = judged_french[new_years, 2:]
with_teacher = (forced[new_years, 1:].argmax(axis=-1) == to_write)[to_write > 0].mean()
last_state = results["GRU, last state only, seed 1"][0]["date"][new_years].mean()
print(f"tokens right, the teacher at hand: {with_teacher:.2f}; dates right, written alone: {last_state:.2f}")

# %%
assert with_teacher > 0.7
assert last_state < with_teacher - 0.3

# %% [markdown] tags=["teacher"]
# **They say:** "Most tokens are right, so most dates are." **Ask:** six tokens, each right nine times in ten,
# independently; how many dates are whole? **Expect:** hardly more than half. And when it writes alone, a wrong token
# may mislead the next ones.

# %% tags=["teacher"]
assert 0.5 < 0.9**6 < 0.55

# %% [markdown]
# Some tokens are easy, such as `[end]`, and each is said after the **true** ones. Let it write alone, and count whole
# dates.
#
# ## What does attention add?

# %% tags=["nbval-ignore-output", "slide"]
networks = {name: result[0] for name, result in sorted(results.items())}
table = overview(opponents | networks)
table.round(2)

# %%
with_attention = table.loc[[f"GRU, attention, seed {seed}" for seed in SEEDS]]
without = table.loc[[f"GRU, last state only, seed {seed}" for seed in SEEDS]]
mean = with_attention.mean()
assert (with_attention["random pairs"] > 0.93).all()
assert mean["new years"] < mean["random pairs"] - 0.05
assert mean["validation"] < mean["random pairs"] - 0.2
assert with_attention["new years"].min() > without["new years"].max() + 0.2
assert with_attention["random pairs"].min() > without["random pairs"].max() + 0.1
assert 0.4 < mean["new formats"] < 0.75
assert mean["new years"] < table.loc["line, by place", "new years"] - 0.05

# %% [markdown] tags=["teacher"]
# **They read** the column "random pairs" and stop: with attention it is solved. **Ask:** which column says how it does
# on dates to come? **Expect:** new years.

# %% [markdown]
# With attention nearly every random pair is right. With the last state only all three networks are behind, most of all
# in new years: the best of them is well below the worst with attention. So attention pays, in the same number of
# updates. More we did not try.
#
# **Random pairs** say that the task is solved, **new years** that it is not. On new formats about half is right, much
# as with the second line.
#
# ## Where does it look?
#
# Network 1 (seed 1), the true text at hand, on two dates that it got right. Our own lines make the same weights as the
# layer. A row shows where it looked for one token.

# %%
looks = [judged_english, everywhere(judged_english), judged_french[:, :-1]]
at_states, queries, contexts, weights = inside.predict_on_batch(looks)
own = np.where(looks[1][:, None], queries @ at_states.swapaxes(1, 2), -np.inf)  # all dot products; none with padding
own = np.exp(own - own.max(axis=-1, keepdims=True))  # the same shares, and no number gets too large
own = own / own.sum(axis=-1, keepdims=True)

# %%
assert np.allclose(own, weights, atol=1e-5)
assert np.allclose(own @ at_states, contexts, atol=1e-4)

# %% tags=["nbval-ignore-output", "slide"]
right = results["GRU, attention, seed 1"][0]["date"] & new_years
shown = [np.flatnonzero(right & (judged["format"] == form))[0] for form in ("en full", "en_GB short")]
fig, axes = plots.figure(1, 2, figsize=(8.5, 4.2))
for ax, number in zip(axes, shown, strict=True):
    reads, writes = tokens(judged["english"].iloc[number]), [*truth.iloc[number], "[end]"]
    ax.imshow(weights[number, : len(writes), : len(reads)], cmap="Blues", vmin=0, vmax=1)
    ax.set_xticks(range(len(reads)), reads, rotation=90)
    ax.set_yticks(range(len(writes)), writes)
    ax.set(xlabel="reads", ylabel="writes", title=judged["english"].iloc[number])
    ax.grid(False)
plots.show(
    fig,
    "Two grids of attention weights, English tokens across, French ones down. In most rows one cell is dark, at or near "
    "the token that is translated: left, it jumps for day and month; for the year it mostly runs down to the right.",
)

# %% [markdown] tags=["teacher"]
# **They say:** "It looks at the month, so it understands the month." **Ask:** which experiment would show that it has
# to look there? **Expect:** hide that place from attention, and see whether the answer changes. The lesson does not
# do it.

# %% [markdown]
# Here most rows have one dark cell, though nobody told the network where to look. Where the order differs, it jumps.
# The place is often the token itself, sometimes a little after it: there the encoder has read it, too. (We see where it
# looked, not whether it had to.)
#
# ## What goes wrong in new years?

# %% tags=["nbval-ignore-output", "slide"]
year, unseen = judged["day"].dt.year, judged["part"].isin(["new years", "validation"])
fig, ax = plots.figure()
for seed, marker in zip(SEEDS, "osD", strict=True):
    by_year = networks[f"GRU, attention, seed {seed}"]["date"][unseen].groupby(year).mean()
    ax.plot(by_year.index.astype(str), by_year, marker, alpha=0.7, label=f"seed {seed}")
ax.tick_params(axis="x", rotation=90)
ax.set(xlabel="year that is new to the network (validation and test)", ylabel="share of dates right")
fig.legend(loc="outside lower center", ncols=3)
plots.show(
    fig,
    "Share of dates right in each of 18 unseen years, for three random starts. Most points lie near 1 or at 0. In five "
    "years one start is above 0.8 and another at or near 0.",
)

# %% tags=["nbval-ignore-output"]
missed = []
for seed in SEEDS:
    score, written, *_ = results[f"GRU, attention, seed {seed}"]
    said = ["".join(as_tokens(row)[-4:]) for row in written]
    missed.append(pd.DataFrame({"true": year.astype(str), "written": said})[~score["date"] & unseen])
missed = pd.concat(missed)
digits = [
    sum(a != b for a, b in zip(*pair, strict=False)) for pair in zip(missed["true"], missed["written"], strict=True)
]
other_year, one_digit = np.mean(np.array(digits) > 0), np.mean(np.array(digits) == 1)
print(f"of {len(missed)} wrong dates {other_year:.2f} have a wrong year, {one_digit:.2f} a single wrong digit in it")
print(missed.value_counts().head(4).to_string())

# %%
by_seed = {s: networks[f"GRU, attention, seed {s}"]["date"][unseen].groupby(year).mean() for s in SEEDS}
by_seed = pd.DataFrame(by_seed)
assert other_year > 0.7
assert one_digit > 0.6
assert (by_seed.max(axis=1) - by_seed.min(axis=1)).max() > 0.5
assert ((by_seed < 0.2) | (by_seed > 0.75)).mean(axis=None) > 0.6

# %% [markdown]
# **Whole years** are right or wrong, and which ones depends on the random start. Mostly one digit of the year is
# another. So it did not learn to copy digits. To the line by place no year is new: it has a classifier for each digit.
#
# What was drawn is the year, and 12 are few: validation, 6 others, came out much lower. Intervals are drawn by year, on
# new formats by format. Other random starts are not in them.


# %% tags=["nbval-ignore-output"]
def of_part(score, part="new years"):
    rows, groups = judged["part"] == part, judged["format"] if part == "new formats" else year
    return mean_by_group(np.asarray(score, dtype=float)[rows], groups[rows])


def dates_right(name):
    return np.array([networks[f"GRU, {name}, seed {seed}"]["date"] for seed in SEEDS], dtype=float)  # (seeds, dates)


gru = dates_right("attention").mean(axis=0)
places, both = (opponents[name]["date"].astype(float) for name in ("line, by place", "line, tokens too"))
added = of_part(gru - dates_right("last state only").mean(axis=0))
behind, ahead = of_part(places - gru), of_part(gru - both, "new formats")
print("attention adds, new years:         {:.2f} ({:.2f} to {:.2f})".format(*added))
print("the line by place adds, new years: {:.2f} ({:.2f} to {:.2f})".format(*behind))
print("GRU over line, new formats:        {:+.2f} ({:+.2f} to {:+.2f})".format(*ahead))

# %%
assert added.low > 0.1
assert behind.low > 0
assert ahead.low < 0.1

# %% [markdown] tags=["teacher"]
# **They say:** "There are hundreds of dates, so why is the interval so wide?" **Ask:** what was drawn to be new?
# **Expect:** 12 years. For one network most of them are nearly all right or nearly all wrong.

# %% [markdown]
# Attention adds much. The line by place is still better. On new formats there is no clear winner: five are few, too.
#
# ## Which weekday does it write when none is given?
#
# What network 1 writes for a date without a weekday, and how probable it held each token:

# %% tags=["nbval-ignore-output", "slide"]
_, written, chance, _ = results["GRU, attention, seed 1"]
number = np.flatnonzero(new_years & (judged["format"] == "en short"))[0]
print(judged["english"].iloc[number], "→", judged["french"].iloc[number])
for token, probable in zip([*as_tokens(written[number]), "[end]"], chance[number], strict=False):
    print(f"{token:<10}{probable:.2f}")

# %% [markdown]
# Over all dates: the share of weekdays right after each epoch, and how probable it held what it wrote in the end:

# %% tags=["nbval-ignore-output"]
rows = {}
for seed in SEEDS:
    _, _, chance, weekdays = results[f"GRU, attention, seed {seed}"]
    for label, which in (("given", with_weekday), ("not given", ~with_weekday)):
        after = (weekdays == judged_french[:, 1])[:, which].mean(axis=1)
        rows[label, seed] = [*after, chance[which, 0].mean()]
weekday = pd.DataFrame(rows, index=["epoch 1", "epoch 2", "epoch 3", "held probable"]).T.sort_index()
weekday.round(2)

# %%
learned = ~with_weekday & (judged["part"] == "learned from")
by_heart = [networks[f"GRU, attention, seed {seed}"]["weekday"][learned].mean() for seed in SEEDS]
assert weekday.loc["given", "epoch 3"].mean() > 0.8
assert weekday.loc["given", "epoch 3"].min() > 0.4
assert weekday.loc["not given", ["epoch 1", "epoch 2", "epoch 3"]].stack().between(0.1, 0.2).all()
assert weekday.loc["not given", "held probable"].between(0.15, 0.35).all()
assert np.mean(by_heart) < 0.3

# %% [markdown] tags=["teacher"]
# **They say:** "The French is perfect, so the weekday is right." **Ask:** the English has no weekday; how often is a
# guess right? **Expect:** once in seven. **Ask:** what in the French gives the guess away? **Expect:** nothing.

# %% [markdown]
# A weekday that is given is translated. One that is not given is guessed: right in one case of seven, as by chance.
# While the given ones rose, these did not move. Even of texts that it **learned from** fewer than three in ten are
# right. Yet the calendar got every one. This training did not bring the arithmetic. (A longer one we did not try.)
#
# The French does not show it. The probability hints at it: such a weekday was held about 0.2 probable. (One that is
# given, and right, can be held improbable too.)
#
# ## Does order matter?
#
# Compare with the networks on shuffled tokens, in new years, date by date.

# %% tags=["nbval-ignore-output"]
mixed_up = dates_right("order shuffled")
gains = dates_right("attention") - mixed_up
order = of_part(gains.mean(axis=0))
found = "order helps" if order.low > 0 else "order harms" if order.high < 0 else "no gain to be seen"
one_each = [of_part(gain).mean for gain in gains]
adds = "{:.2f} ({:.2f} to {:.2f})".format(*order)
print(f"{found}: it adds {adds}; one seed each:", ", ".join(f"{gain:.2f}" for gain in one_each))

# %%
assert found == "order helps"
assert min(one_each) > 0.3
assert all(of_part(score, part).mean < 0.4 for score in mixed_up for part in ("random pairs", "new years"))

# %% [markdown]
# Yes: on shuffled tokens each of the three networks gets few dates right. Some loss is certain: {8, /, 3, /, 2, 1} is no
# date.
#
# ## When is this the right tool?
#
# Not for dates: calendar and reader are right. The network is for sentences, for which nobody can write the rules. With attention, one came level with
# the phrase-based translators of its time (Bahdanau and others). Large translators today keep attention without
# recurrence (Vaswani and others). A GRU with attention may still serve where memory is short: ours is small, as counted
# above.

# %% tags=["elsewhere", "nbval-ignore-output"]
winner = "the line wins" if behind.low > 0 else "the GRU wins" if behind.high < 0 else "no clear winner"
beyond = "the GRU" if ahead.low > 0 else "the line" if ahead.high < 0 else "neither"
print(f"data: {len(dates):,} dates in {dates['format'].nunique()} English formats")
print("split: new years")
print("metric: day, month and year right")
print(f"opponent: a linear classifier for each piece: {of_part(places).mean:.3f}")
print("GRU: {:.3f} ({:.2f} to {:.2f})".format(*of_part(gru)))
print("GRU, order shuffled: {:.3f} ({:.2f} to {:.2f});".format(*of_part(mixed_up.mean(axis=0))), f"order adds {adds}")
rule = simple.loc["calendar and reader"].min()
print(f"verdict: {winner}; on new formats {beyond}; a calendar and a ready-made reader, by rule: {rule:.2f} everywhere")

# %% [markdown]
# ## Exercises
#
# Replace each `...`, run the cell, then the check below it.
#
# **1. Teacher forcing.** From a list of French tokens, return two lists: what the decoder is given at each step, then
# what it has to say. Use `"[start]"` and `"[end]"`.


# %%
def teacher_forcing(tokens):
    ...
    ### BEGIN SOLUTION
    return ["[start]", *tokens], [*tokens, "[end]"]
    ### END SOLUTION


# %%
check.teacher_forcing(teacher_forcing)

# %% [markdown]
# **2. Attention with a mask.** `query` has the shape (units,), `states` (steps, units). `real` is False where there is
# padding. Return the context, with no share for the padding.


# %%
def attend(query, states, real):
    ...
    ### BEGIN SOLUTION
    scores = np.where(real, states @ query, -np.inf)
    weights = np.exp(scores - scores.max())
    return weights / weights.sum() @ states
    ### END SOLUTION


# %%
check.attend(attend)

# %% [markdown]
# **3. Exact match.** `outputs` and `truths` are lists of lists of tokens, the weekday first. Return the share of the
# texts in which all tokens **but the weekday** are right.


# %%
def date_right(outputs, truths):
    ...
    ### BEGIN SOLUTION
    return np.mean([output[1:] == truth[1:] for output, truth in zip(outputs, truths, strict=True)])
    ### END SOLUTION


# %%
check.date_right(date_right)

# %% [markdown] tags=["teacher"]
# Do 2 together, with two states and one padding on the board. Listen for "set the score of the padding to 0"; the
# hint is "a score of 0 is no small score: e to the 0 is 1". 1 suits pairs with two paper strips. If the strips are
# not shifted, the hint is "then the decoder is given the very token that it must say". 3 can go home. If they count
# tokens, the hint says that a date is "right only as a whole".

# %% [markdown]
# ## What to take away
#
# - A decoder is given the truth in training, its own words in use.
# - Attention is a dot product, a softmax and a weighted mean.
# - Judge what is written alone, and whole. Keep back whatever will be new in use.
# - A fluent sentence is no sign of knowledge.
# - Where a rule or a straight line will do, take it.
#
# ## Self-test
#
# <details><summary>Why is the loss in training no measure of a translation?</summary>
#
# There each token follows the true ones, in use the network's own. </details>
#
# <details><summary>All scores of a query are equal. What is the context?</summary>
#
# The plain mean of the states. </details>
#
# <details><summary>A translator is right in 99 % of a random tenth of its pairs. What do you ask?</summary>
#
# What was new in it: words, kinds of text, or only pairs? </details>
#
# ## Where next
#
# {Lesson:inside_the_network} looks into the gates.
#
# ## References
#
# - K. Cho and others, *Learning phrase representations using RNN encoder–decoder for statistical machine translation*,
#   2014, [arXiv:1406.1078](https://arxiv.org/abs/1406.1078).
# - D. Bahdanau and others, *Neural machine translation by jointly learning to align and translate*, 2014,
#   [arXiv:1409.0473](https://arxiv.org/abs/1409.0473).
# - M.-T. Luong and others, *Effective approaches to attention-based neural machine translation*, 2015 (the dot
#   product), [arXiv:1508.04025](https://arxiv.org/abs/1508.04025).
# - A. Vaswani and others, *Attention is all you need*, 2017, [arXiv:1706.03762](https://arxiv.org/abs/1706.03762).

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# *Attention with a pencil.* 15 minutes, groups of three, squared paper. Each group gets four strips: *Thursday, May
# 7, 1998*; *Wednesday, 29 September 2004*; *Sun, 26 Feb, 2006*; *7 May 1998*. On the backs stands the French: *jeudi
# 7 mai 1998*; *mercredi 29 septembre 2004*; *dimanche 26 février 2006*; *jeudi 7 mai 1998*. Write the French weekdays
# and months on the board. A token is a word, a digit or a mark.
#
# 1. A reads one of the first three strips and writes at most four characters on a slip: the last state. B sees only
#    the slip, and writes the French. C compares it with the back. Take the next strip.
# 2. Now the strip *Thursday, May 7, 1998* lies open. For each French token B points at the English token that is
#    needed. C draws a grid, English tokens across, French tokens down, and shades that cell.
# 3. The last strip, *7 May 1998*, has no weekday. Where does B point for *jeudi*?
#
# In step 2 *jeudi, 7, mai* point at tokens 1, 4 and 3, and the digits of the year at tokens 6 to 9. Say then: with
# four characters A must choose what to keep; with 64 numbers the encoder must, too. The grid jumps, then runs down a
# diagonal, as in the lesson. In step 3 there is no place to point at. B can only calculate, or guess.
#
# ### Answers to the open questions
#
# In brackets behind a wrong answer stands the belief that it comes from.
#
# - *Which weekday does it write when none is given?* A guess, right in one of seven. Wrong: "It leaves it out" (a
#   network knows when it does not know).
# - *All scores of a query are equal: what is the context?* The plain mean of the states. Wrong: "Zero" (no preference
#   means that it looks at nothing).
# - *99 % of a random tenth: what do you ask?* What was new in it. Wrong: "How large was the test?" (a larger test of
#   the same kind is a harder one).
#
# ### When time is short
#
# Skip the code of the opponents, "What goes wrong in new years?" and "When is this the right tool?". Keep "How does a
# network write a sequence?", with the attention by hand, and the trap. No later lesson needs attention.
#
# ### After the lesson, students can
#
# - write input and target of a decoder for teacher forcing;
# - compute a context from a query, states and a mask;
# - measure a translation by whole dates, written alone;
# - explain why known formats and years say little about new ones.

# %% tags=["teacher"]
from datetime import date

day = date(1998, 5, 7)
read = ["Thursday", ",", "May", "7", ",", *str(day.year)]  # the tokens of the strip
assert day.weekday() == 3  # 0 is a Monday
assert [read[place - 1] for place in (1, 4, 3, 6, 7, 8, 9)] == ["Thursday", "7", "May", *"1998"]
assert date(2004, 9, 29).weekday() == 2
assert date(2006, 2, 26).weekday() == 6
