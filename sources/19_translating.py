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
# At the end of this lesson you will be able to build a network that reads one sequence and writes another, to compute
# attention by hand, and to say what such a translator has learned and what not.

# %% [markdown]
# ## What is to be translated?
#
# A forecast reads a sequence and gives one number. A translator reads a sequence and **writes** a sequence, of another
# length and in another order. Our sequences are dates: English in many formats, to be written out in French.

# %%
import re
import time
from collections import Counter, defaultdict

import keras
import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer

from helpers import data, plots
from helpers.exercises import translating as check
from helpers.models import start_anew
from helpers.sequences import mean_by_group, shuffle_steps

dates = data.load("translating")
for _, row in dates.groupby("format", sort=False).nth(600).iterrows():
    print(f"{row['english']:<29} → {row['french']}")

# %% [markdown]
# One line for each of 15 formats. They come from **CLDR**, in which the Unicode Consortium collects how the countries of
# the world write dates. The Python package babel carries it. Its licence, Unicode V3, allows nearly everything. From
# each format we have 1,000 days, drawn from 1970 to 2029.
#
# Look at what has to be done. Month names are **translated**. Day and year are **copied**. The order changes.
# 10/2/06 needs to be **completed**: which century? And the French text always begins with the weekday. Where the English
# does not give it, it would have to be **calculated**.
#
# What is wrong with these data? They are written by a program, so there is no typing error in them, and no style. Real
# French says *1er* for the first of a month; CLDR has 1. Britain's short September is *Sept*, America's *Sep*. And 3/8/21,
# as Australia writes it, is left out, since it would mean two days.
#
# ## What is new to the network?
#
# Five formats are kept away from the training. So are 12 years, for the test, and 6 for validation. That gives three
# questions, and each pair of texts is used for one:
#
# - **random pairs**: formats and years that the network knows. Only this pair is new. The tempting split.
# - **new years**: known formats, years that it has never seen.
# - **new formats**: known years, formats that it has never seen.

# %%
NEW_FORMATS = ["en_GB yMMMEd", "en_IN yMMMEd", "en_BZ medium", "en_ZA short", "en_CH short"]
years = np.random.default_rng(2).permutation(np.arange(1970, 2030))
test_years, validation_years = years[:12], years[12:18]

new_format = dates["format"].isin(NEW_FORMATS)
new_year = dates["day"].dt.year.isin(test_years)
for_validation = dates["day"].dt.year.isin(validation_years)
familiar = dates[~(new_format | new_year | for_validation)]


def some(pairs, of_each_format):
    return pairs.groupby("format").sample(of_each_format, random_state=0)


random_pairs = some(familiar, 40)
train = familiar.drop(random_pairs.index)
parts = {
    "learned from": some(train, 20),
    "validation": some(dates[for_validation & ~new_format], 30),
    "random pairs": random_pairs,
    "new years": some(dates[new_year & ~new_format], 60),
    "new formats": some(dates[new_format & ~new_year & ~for_validation], 60),
}
judged = pd.concat(parts, names=["part", None]).reset_index("part")
TESTS = ["random pairs", "new years", "new formats"]
print(f"{len(train):,} pairs to learn from, in {train['format'].nunique()} formats")
print(judged["part"].value_counts(sort=False).to_string())
print("new years:", *sorted(map(int, test_years)))

# %%
assert not set(judged.loc[judged["part"] == "new years", "day"].dt.year) & set(train["day"].dt.year)
assert not set(judged.loc[judged["part"] == "new formats", "format"]) & set(train["format"])
assert not judged.loc[judged["part"] != "learned from"].index.isin(train.index).any()
assert dates.groupby("english")["french"].nunique().max() == 1  # no text means two days

# %% [markdown]
# ## What can be done without a network?
#
# First a measure. A date that is nearly right is wrong: the field calls it **exact match**. We count separately whether
# **day, month and year** are right, all three, and whether the **weekday** is.
#
# Three opponents. We cut the texts into **tokens**: a word, a digit or a mark is one token.
#
# **Nearest text.** Find the training text that has the most pieces of one to four characters in common (weighted by
# how rare they are), and give its French.
#
# **A rule for each shape.** The shape of "May 7, 1998" is *word digit , digit digit digit digit*. For each shape and each
# piece of the French text, find the one or two tokens in a row that tell the most about it in the training pairs, and
# note what follows from what. For the month of 05/07/1998 these are the fourth and fifth token: 0 7 → juillet. What a
# shape has not noted, it looks up in the notes of all shapes.


# %%
def tokens(text):
    return re.findall(r"[^\W\d]+|\d|[^\w\s]", text)


def shape(text):
    return re.sub(r"\d", "9", " ".join("word" if token.isalpha() else token for token in tokens(text)))


def pieces(french):
    weekday, day, month, year = french.split()
    return [weekday, day, month, *year]


def learn_rules(pairs):
    rules, all_notes = {}, [defaultdict(Counter) for _ in range(7)]
    for form, group in pairs.groupby(pairs["english"].map(shape)):
        known = [(tokens(english), pieces(french)) for english, french in zip(group["english"], group["french"], strict=True)]
        steps = len(form.split())
        places = [(first, first + size) for size in (1, 2) for first in range(steps - size + 1)]
        rules[form] = []
        for piece in range(7):
            tried = []
            for first, last in places:
                notes = defaultdict(Counter)
                for english, french in known:
                    notes[tuple(english[first:last])][french[piece]] += 1
                hits = sum(max(counts.values()) for counts in notes.values())
                tried.append((hits, -len(notes), first, last, notes))
            *_, first, last, notes = max(tried, key=lambda entry: entry[:2])  # most hits, then fewest notes
            rules[form].append((first, last, notes))
            for key, counts in notes.items():
                all_notes[piece][key] += counts
    return rules, all_notes


def by_rule(text, rules, all_notes):
    written = []
    for piece, (first, last, notes) in enumerate(rules.get(shape(text), [])):
        key = tuple(tokens(text)[first:last])
        counts = notes.get(key) or all_notes[piece].get(key) or {"?": 1}
        written.append(max(counts, key=counts.get))
    return tokens(" ".join(written))


seen = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), lowercase=False)
closeness = seen.fit_transform(train["english"]) @ seen.transform(judged["english"]).T
nearest = train["french"].to_numpy()[closeness.toarray().argmax(axis=0)]

rules = learn_rules(train)
outputs = {
    "nearest text": [tokens(french) for french in nearest],
    "rule for each shape": [by_rule(english, *rules) for english in judged["english"]],
}

# %% [markdown]
# **A calendar.** The third opponent learns nothing. We tell it the formats, one line each, and 19 French words. Python
# knows calendars, so it knows weekdays, too. (It does not know *Sept*.)

# %%
FORMATS = ["%A, %B %d, %Y", "%a, %b %d, %Y", "%B %d, %Y", "%b %d, %Y", "%m/%d/%y"]
FORMATS += ["%A, %d %B %Y", "%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%Y-%m-%d"]
WEEKDAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()


def by_calendar(texts):
    days = pd.Series(pd.NaT, texts.index)
    for form in FORMATS:
        days = days.fillna(pd.to_datetime(texts.str.replace("Sept ", "Sep "), format=form, errors="coerce"))
    return ["" if pd.isna(d) else f"{WEEKDAYS[d.weekday()]} {d.day} {MONTHS[d.month - 1]} {d.year}" for d in days]


outputs["calendar, by hand"] = [tokens(french) for french in by_calendar(judged["english"])]

truth = [tokens(french) for french in judged["french"]]
weekday_given = judged["english"].str.match("(Mon|Tue|Wed|Thu|Fri|Sat|Sun)").to_numpy()


def scores(written):
    """Return for each text whether day, month and year are right, all three, and whether the weekday is."""
    right = [(one[1:] == other[1:], one[:1] == other[:1]) for one, other in zip(written, truth, strict=True)]
    return pd.DataFrame(right, judged.index, ["date", "weekday"])


def overview(methods):
    rows = {}
    for name, score in methods.items():
        rows[name] = score["date"].groupby(judged["part"]).mean()[TESTS].to_dict()
        for column, which in {"weekday, given": weekday_given, "weekday, not given": ~weekday_given}.items():
            rows[name][column] = score.loc[which & (judged["part"] == "new years").to_numpy(), "weekday"].mean()
    return pd.DataFrame(rows).T


opponents = {name: scores(written) for name, written in outputs.items()}
print("day, month and year right; on the right: weekday right, in new years")
print(overview(opponents).to_string(float_format="{:.3f}".format))

# %%
simple = overview(opponents)
assert (simple.loc["nearest text", TESTS] < 0.1).all()
assert (simple.loc["rule for each shape", ["random pairs", "new years"]] > 0.98).all()
assert simple.loc["rule for each shape", "new formats"] < 0.5
assert (simple.loc["calendar, by hand", ["random pairs", "new years"]] == 1).all()
assert (simple.loc["calendar, by hand", ["weekday, given", "weekday, not given"]] == 1).all()
assert simple.loc["calendar, by hand", "new formats"] == 0
assert simple.loc["rule for each shape", "weekday, given"] == 1
assert simple.loc["rule for each shape", "weekday, not given"] < 0.25

# %% [markdown]
# The nearest text is nearly always another date. The rule is hardly ever wrong on the known formats, new years or not. On
# new formats it fails wherever the shape is new. The calendar is never wrong, on the formats that it was told. Each further
# one costs a line. So we know what a network would have to beat.
#
# ## How do texts become numbers?
#
# Each different token gets a number: Keras' `TextVectorization` counts them out. 0 is **padding**: texts have different
# lengths, and an array has rows of one length. 1 stands for what was never seen. The French gets two tokens more,
# `[start]` and `[end]`.

# %%
STEPS, LENGTH = 10, 9  # the most English tokens; the most French ones, with [end]


def numbering(texts, length):
    layer = keras.layers.TextVectorization(standardize=None, output_sequence_length=length)
    layer.adapt(texts)
    return layer


def spaced(texts, before="", after=""):
    return np.array([" ".join([before, *tokens(text), after]).strip() for text in texts])


number_english = numbering(spaced(train["english"]), STEPS)
number_french = numbering(spaced(train["french"], "[start]", "[end]"), LENGTH + 1)
FRENCH = number_french.get_vocabulary()
START, END = FRENCH.index("[start]"), FRENCH.index("[end]")


def numbers(pairs):
    english = number_english(spaced(pairs["english"])).numpy()
    return english, number_french(spaced(pairs["french"], "[start]", "[end]")).numpy()


english, french = numbers(train)
judged_english, judged_french = numbers(judged)
print(f"{len(number_english.get_vocabulary())} English tokens, {len(FRENCH)} French ones")
print(judged["english"].iloc[0], "→", judged_english[0])
print(judged["french"].iloc[0], "→", judged_french[0])

# %%
assert (judged_french != 1).all()  # no French token is unknown
assert max(len(tokens(text)) for text in dates["english"]) == STEPS
assert max(len(tokens(text)) for text in dates["french"]) == LENGTH - 1

# %% [markdown]
# ## How does a network write a sequence?
#
# It has two halves. The **encoder** is a GRU that reads the English. The **decoder** is a second GRU that starts from the
# encoder's last state, and writes. At each step it is given the token that was written last, and says for every French
# token how probable it is as the next one.
#
# At first it writes nonsense. If the nonsense were its next input, it would learn to go on from nonsense. So in training
# it is given the **true** last token, whatever it said itself. That is **teacher forcing**: input and target are the same
# text, one place apart.

# %%
given, to_say = french[:, :-1], french[:, 1:]
for one, other in zip(given[0], to_say[0], strict=True):
    print(f"given {FRENCH[one]:<10} to say {FRENCH[other]}")

# %% [markdown]
# What the decoder knows of the English went through one place: the encoder's last state, 64 numbers. Whether the text has
# 5 tokens or 50, there is no more room. **Attention** opens a second way: at each step the decoder may look at **all**
# states of the encoder. In three lines:
#
# - The **scores**: the dot product of the decoder's state, the **query** $q$, with each state $h_i$ of the encoder. It is
#   large where the two point the same way.
# - The **weights**: the softmax makes shares of the scores, which are above 0 and add up to 1.
# - The **context**: the mean of the states, by these weights.
#
# $$a_i = \frac{e^{q \cdot h_i}}{\sum_j e^{q \cdot h_j}} \qquad c = \sum_i a_i\, h_i$$
#
# Nothing of it is learned. What is learned is to make states and queries that find each other.

# %%
query = np.array([1.0, 2.0], dtype="float32")
states = np.array([[0.5, 0.2], [0.1, 0.9], [-0.4, 0.3], [-0.4, 0.3]], dtype="float32")  # the last one is padding


def attention(query, states):
    scores = states @ query
    weights = np.exp(scores) / np.exp(scores).sum()
    return weights, weights @ states


weights, context = attention(query, states)
layer = keras.layers.Attention()
by_keras = layer([query[None, None], states[None]])
masked = layer([query[None, None], states[None]], mask=[None, np.array([[True, True, True, False]])])
print("weights", weights.round(3), "context", context.round(3))
print("Keras:", by_keras.numpy()[0, 0].round(3), "and without the padding:", masked.numpy()[0, 0].round(3))

# %%
assert np.allclose(context, by_keras.numpy()[0, 0], atol=1e-6)
assert np.allclose(attention(query, states[:3])[1], masked.numpy()[0, 0], atol=1e-6)
assert np.isclose(weights.sum(), 1)

# %% [markdown]
# Keras' layer does the same. Without a **mask** the padding gets a share as well. The mask says at which places attention
# may look. (The encoder needs one, too: `mask_zero` makes it stop at the last real token. In this series only
# sequences of equal length had none.)
#
# The mask also gives us a fair opponent. If attention may look at the **last** real token only, its context is the
# encoder's last state, at each step: an encoder–decoder without attention, as Cho and others had it in 2014. Same layers,
# same number of weights. Only where it may look is different.


# %%
def translator(units=64):
    read = keras.Input((STEPS,), dtype="int32")
    look = keras.Input((STEPS,), dtype="bool")
    said = keras.Input((LENGTH,), dtype="int32")
    embedded = keras.layers.Embedding(number_english.vocabulary_size(), 32, mask_zero=True)(read)
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
    length = (english > 0).sum(axis=1, keepdims=True)
    return np.arange(STEPS) == length - 1


EPOCHS, BATCH = 3, 64
keras.utils.set_random_seed(1)
model, inside = translator()
schedule = keras.optimizers.schedules.CosineDecay(0.01, EPOCHS * -(-len(train) // BATCH))
loss = keras.losses.SparseCategoricalCrossentropy(ignore_class=0)  # padding is not scored
model.compile(optimizer=keras.optimizers.Adam(schedule), loss=loss)
print(f"{model.count_params():,} weights, {sum(model.layers[4].get_weights()[0].shape)}")

# %% [markdown]
# An **embedding** is a table: for each token a row of 32 numbers, which are weights and are learned. Units and epochs were
# chosen on the validation years.
#
# ## How is a text written without a teacher?
#
# In use there is no true last token. The decoder gets its own: it takes the most probable token, and that is its next
# input. This is **greedy decoding**. We write all texts at once, and compute the whole decoder anew at each step. That
# is wasteful, but short.


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
    noting = [keras.callbacks.LambdaCallback(on_epoch_end=note)]
    model.fit([english, look(english), given], to_say, batch_size=BATCH, epochs=EPOCHS, verbose=0, callbacks=noting)
    written, chance = write(judged_english, look(judged_english))
    return scores([as_tokens(row) for row in written]), written, chance, np.array(weekdays)


results = {}
rng = np.random.default_rng(0)
mixed, judged_mixed = (shuffle_steps(texts, rng, (texts > 0).sum(axis=1)) for texts in (english, judged_english))
results["order shuffled", 1] = learn(1, everywhere, mixed, judged_mixed)
results["last state only", 1] = learn(1, last_only)
forced = model.predict_on_batch([judged_english, last_only(judged_english), judged_french[:, :-1]])
for seed in (3, 2, 1):
    results["attention", seed] = learn(seed)
