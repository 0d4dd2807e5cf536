# ---
# jupyter:
#   lesson:
#     part: Elsewhere
#     question: Can a GRU write like Jane Austen, and does it beat counting letters?
#     learn: to measure a guess in bits, to beat a network by counting, to write with a temperature, to find copies
#     need: "{lesson:training}"
# ---

# %% [markdown]
# # Writing: can a GRU write like Jane Austen, and does it beat counting letters?
#
# At the end of this lesson you will be able to measure in bits how well a model guesses the next character, to judge a
# GRU beside plain counting, to let it write, and to check that what it writes is not copied.

# %% [markdown]
# ## What is there to read?
#
# A network that guesses the next character can write: we take its guess as written, and it goes on. It needs text:
# here novels by Jane Austen (1775–1817), from Julia Silge's R package janeaustenr (MIT licence; the novels are free of
# copyright).

# %%
import re
import time

import keras
import numpy as np
import pandas as pd
from scipy.special import softmax

from helpers import data, plots
from helpers.data.writing import ALPHABET
from helpers.exercises import writing as check
from helpers.models import set_seed, start_anew
from helpers.sequences import mean_by_group, shuffle_steps

novels, record, weights = data.load("writing")
LETTERS = len(ALPHABET)
for name, text in novels.items():
    print(f"{name:<22}{len(text):>8,} characters: {text[:62]} …")

# %% [markdown]
# Line breaks inside paragraphs became spaces. Headings, and a few paragraphs with figures or rare signs, are gone. Of
# two novels only the beginning is kept. *Persuasion* alone wrote "Mr" without a full stop, so one was added. What is
# wrong with them: it is one writer, two centuries ago, and the four editions spell differently ("any thing",
# "anything").
#
# We cut each text into **pages** of 2,000 characters. We learn from *Pride and Prejudice* and *Sense and Sensibility*.
# We choose on *Northanger Abbey* (validation), and judge on *Persuasion* (test). Every eleventh page of the first two is
# kept apart, for a trap.

# %%
PAGE, READ_ONLY = 2000, 50


def numbers(text):
    return np.searchsorted(list(ALPHABET), list(text))  # the alphabet is in order


def as_text(codes):
    return "".join(ALPHABET[number] for number in codes)


def pages(name):
    codes = numbers(novels[name])
    return codes[: len(codes) // PAGE * PAGE].reshape(-1, PAGE)


two_novels = np.concatenate([pages("pride_and_prejudice"), pages("sense_and_sensibility")])
tempting = two_novels[5::11]
learn = np.delete(two_novels, np.s_[5::11], axis=0).ravel()  # what is learned from, as one long text
validation, test = pages("northanger_abbey"), pages("persuasion")
print(f"{len(learn):,} characters to learn from; {len(validation)} + {len(test)} + {len(tempting)} pages to judge on")

# %% [markdown]
# ## How good is a guess?
#
# A temperature can be nearly right, a character cannot. So a model gives each character a **probability**, and all of
# them sum to 1. It is good if the character that comes had a high one.
#
# We count in **bits**: $-\log_2 p$. A character that was given 1/2 costs 1 bit, 1/4 costs 2 bits, 1/8 costs 3. Who was
# certain and right pays 0. Who gave 0 to what then comes pays without end. The score is the mean over all characters,
# the **bits per character**. Fewer are better. With $b$ bits a model is as unsure as between $2^b$ characters that are
# equally likely (the **perplexity**). Who knows nothing gives each the same:

# %%
print(f"all {LETTERS} characters equally likely: {np.log2(LETTERS):.2f} bits per character")

# %% [markdown] tags=["teacher"]
# **They say:** "Count how often the guess is right." **Ask:** two models are wrong; one gave 1/2 to the character
# that came, the other 1/8. What does each pay? **Expect:** 1 bit and 3 bits. "Right or wrong" would not tell them
# apart.

# %% [markdown]
# ## The opponent: counting
#
# What comes after `universall`? Look up every `universall` in the text to learn from, and count what came next. The
# characters before are the **context**, here of length 10. Such a context knows much, but more than half of those in
# another novel never came before.
#
# The rule named after **Witten and Bell** (1991) asks the shorter context, without its first character, as well. Let a
# context have come $N$ times, with $T$ different characters after it, and $n$ times with the character $c$ after it.
# Then
#
# $$p(c) = \frac{n + s \cdot T \cdot p_\text{shorter}(c)}{N + s \cdot T}$$
#
# The more often the context came, the more it is trusted. The more different characters came after it, the less. If it
# never came, the shorter one answers alone. With no context at all, $p_\text{shorter}$ is 1/65. Witten and Bell have
# $s = 1$. We add this **strength**: at 16, a context must have come 16 times as often to be trusted as much.
#
# To be fast, a string becomes one whole number: its characters are the digits.


# %%
def strings(codes, length):
    """The number of every string of this length, along the last axis."""
    windows = np.lib.stride_tricks.sliding_window_view(codes, length, axis=-1)
    return windows @ LETTERS ** np.arange(length)[::-1]


def table(found, times):
    """How often each string came; of each context, how often it came and with how many different characters after it."""
    came = pd.Series(times, found)
    context = came.groupby(found // LETTERS)
    return came, context.sum(), context.size()


def count(codes, longest):
    """One table for each length of context from 0 to `longest`."""
    return [table(*np.unique(strings(codes, length + 1), return_counts=True)) for length in range(longest + 1)]


def look_up(column, keys):
    return column.reindex(keys.ravel(), fill_value=0).to_numpy().reshape(keys.shape)


def probabilities(tables, codes, strength=1):
    """What each character was given, from the first that has a whole context."""
    p = 1 / LETTERS
    for length, (came, of_context, kinds) in enumerate(tables):
        keys = strings(codes[..., len(tables) - 1 - length :], length + 1)
        n, N, T = look_up(came, keys), look_up(of_context, keys // LETTERS), look_up(kinds, keys // LETTERS)
        p = np.where(N > 0, (n + strength * T * p) / np.maximum(N + strength * T, 1), p)
    return p


def bits_by_counting(tables, codes, strength=1):
    """The bits of each character but the first 50 of a page, shape (pages, 1950)."""
    return -np.log2(probabilities(tables, codes, strength))[:, READ_ONLY + 1 - len(tables) :]


counted = count(learn, 8)

# %% [markdown]
# The first 50 characters of a page are only read, by all models. Which context and which strength are best? We try them
# on every fifth page of *Northanger Abbey*.

# %%
some = validation[::5]
by_context = pd.DataFrame(
    {s: [bits_by_counting(counted[: context + 1], some, s).mean() for context in range(9)] for s in (1, 4, 16)}
).rename_axis(index="context", columns="strength")
plain = by_context[1].idxmin()
strength, longest = by_context.unstack().idxmin()
best_tables = counted[: longest + 1]
print(f"bits per character; best: strength {strength}, context {longest}; with strength 1: context {plain}")
by_context.map("{:.3f}".format)

# %%
assert (strength, longest, plain) == (16, 8, 5)
assert (by_context.loc[:5].diff().dropna() < 0).all(axis=None)
assert (by_context[16].diff().dropna() < 0).all()
assert np.isin(strings(some, 10), strings(learn, 10)).mean() < 0.5
assert by_context.loc[0, 1] > 4.2
assert by_context.loc[8, 1] > by_context[1].min() + 0.2
assert by_context.loc[longest, strength] < by_context[1].min() - 0.2

# %% [markdown] tags=["teacher"]
# **They say:** "The longer the context, the better." **Ask:** a context came once, with an `a` after it. Which
# probabilities does its count alone give to `a`, and to all others? **Expect:** 1 and 0. **Ask:** then what does
# strength 16 do? **Expect:** in the formula N = 1 and T = 1, so 16 parts of 17 come from the shorter context.

# %% [markdown]
# Without context a character costs what its frequency says, more than 4 bits. Each character of context helps, up to
# five. Longer ones, with strength 1, are trusted too much: it gets worse. With strength 16 they help, up to 8, the
# longest that we try. This is the opponent. (What the field uses is a method named after Kneser and Ney, described by
# Chen and Goodman, 1999. It is not tried here.)
#
# ## The network: a guess at every character
#
# Three things are new against the forecast.
#
# - **An embedding.** A character is a number from 0 to 64, but `b` is not twice `a`. `Embedding` looks up 24 numbers
#   for each character, and training changes them.
# - **A guess at every step.** With `return_sequences=True` the GRU hands on every state. So a window of 64 characters
#   gives 64 lessons. The target is the same text, one character later.
# - **65 outputs.** The softmax, $e^{a_c} / \sum_k e^{a_k}$, makes 65 probabilities of any 65 numbers $a$ (the
#   **logits**). The loss is the mean of $-\ln p$ of what came, the **cross-entropy**: the bits, but for a factor ln 2.
#
# The learning rate falls to 0 along a cosine in 2,000 updates. Here we run the first 100.


# %%
def guesser():
    layers = [keras.layers.Embedding(LETTERS, 24), keras.layers.GRU(128, return_sequences=True)]
    model = keras.Sequential([keras.Input((None,), dtype="int32"), *layers, keras.layers.Dense(LETTERS)])
    slower = keras.optimizers.schedules.CosineDecay(0.01, 2000)
    model.compile(keras.optimizers.Adam(slower), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def bits(logits, truth):
    return np.asarray(keras.losses.sparse_categorical_crossentropy(truth, logits, from_logits=True)) / np.log(2)


def bits_by_network(codes, trained=None):
    if trained is not None:
        network.set_weights(trained)
    return bits(network.predict(codes[:, :-1], batch_size=10, verbose=0), codes[:, 1:])[:, READ_ONLY - 1 :]


set_seed(1)
network = guesser()
starts = np.random.default_rng(1).integers(len(learn) - 64, size=(2000, 32))
seconds, live = 0.0, []
for first, last in ((0, 25), (25, 50), (50, 100)):
    windows = learn[starts[first:last].reshape(-1, 1) + np.arange(65)]
    begun = time.process_time()
    network.fit(windows[:, :-1], windows[:, 1:], batch_size=32, shuffle=False, verbose=0)
    seconds += time.process_time() - begun
    live.append((last, seconds, bits_by_network(some).mean()))
live = pd.DataFrame(live, columns=["updates", "seconds", "bits"])

# %% tags=["nbval-ignore-output"]
print(f"{network.count_params():,} weights", live.round(2).to_string(index=False), sep="\n")

# %%
noted = record[record["seed"] == 1].set_index("updates")["bits"]
assert live["bits"].is_monotonic_decreasing
assert np.abs(live.set_index("updates")["bits"] - noted[live["updates"]]).max() < 0.1
assert live["bits"].iloc[-1] > by_context.loc[3, 1]

# %% [markdown] tags=["teacher"]
# **They say:** "The target is the next character after the window." **Ask:** what is the target of the third step?
# **Expect:** the fourth character; a window of 64 has 64 targets.

# %% [markdown]
# After 100 updates the network knows less than counting with a context of three. A script,
# `data/writing/trained/train.py`, has trained it twenty times as long, with three seeds, noted the bits on the same
# pages, and kept the weights. The first 100 updates of seed 1 are ours, and the bits agree to 0.1.
#
# ## Bits against seconds
#
# The seconds are those in which your processor works (`time.process_time`). For counting, the text grows: a 64th, a
# 16th, a quarter, all.

# %%
second_a_update = np.diff(live["seconds"])[1:].sum() / np.diff(live["updates"])[1:].sum()
start = live["seconds"].iloc[0] - 25 * second_a_update  # what Keras needs before the first update
by_text = []
for share in (64, 16, 4, 1):
    begun = time.process_time()
    tables = count(learn[: len(learn) // share], longest)
    took = time.process_time() - begun
    by_text.append((took, bits_by_counting(tables, some, strength).mean()))
by_text = pd.DataFrame(by_text, columns=["seconds", "bits"])

# %% tags=["nbval-ignore-output", "slide"]
fig, ax = plots.figure()
ax.plot(by_text["seconds"], by_text["bits"], "s-", label="counting, strength 16: more and more text")
ax.axhline(by_context[1].min(), linestyle="--", color=plots.COLOURS[1], label="counting, strength 1, all text")
for seed, rows in record.groupby("seed"):
    label = "GRU, long training, three seeds" if seed == 1 else None
    ax.plot(start + rows["updates"] * second_a_update, rows["bits"], color=plots.COLOURS[2], label=label)
ax.plot(live["seconds"], live["bits"], "o", color=plots.COLOURS[2], label="GRU, trained in this lesson")
ax.set(xscale="log", xlabel="seconds of work (logarithmic)", ylabel="bits per character, validation")
ax.legend()
plots.show(
    fig,
    "Bits per character against seconds of work, on a logarithmic axis. The line of counting falls steeply, within "
    f"{took:.1f} seconds. The three lines of the GRU, close together, begin further right and higher, with the points "
    "measured in this lesson on one. They fall for minutes, two to just below the dashed line of counting with strength 1, "
    "one to that line, none to counting's last point.",
)
print(f"an update: {second_a_update:.3f} s, 2,000 of them: {2000 * second_a_update:.0f} s; counting: {took:.1f} s")

# %%
ends = record.groupby("seed")["bits"].last()
assert (by_text["bits"].diff().dropna() < -0.1).all()
assert (ends > by_text["bits"].iloc[-1] + 0.1).all()
from_dashed = ends - by_context[1].min()
assert from_dashed.between(-0.05, -0.02).sum() == 2
assert np.abs(from_dashed).min() < 0.01
assert record.groupby("updates")["bits"].agg(np.ptp).max() < 0.1

# %% [markdown] tags=["teacher"]
# **They object:** "The GRU was not trained long enough." That may be. **Ask:** what would a fair race hold equal?
# **Expect:** the time, or the number of settings that were tried. By time counting is ahead. Of settings, counting
# had 27 and the GRU one: there the race was unfair to the GRU.

# %% [markdown]
# Counting is done when the network has hardly begun, and each time that it had four times the text, it was better. In
# the long training two of three seeds get past counting with strength 1, and the third ends beside it. None reaches
# strength 16. After hours, or with other settings, it might: counting had the choice of 27, of the GRU you see one.
#
# ## The test: another novel
#
# *Persuasion* has had no part in any choice. (Its scores were seen while this lesson was written.) How far would other
# pages have moved the mean? The **bootstrap** draws as many pages from ours, with repeats, and takes their mean, 2,000
# times. The middle 95 % of these means make the interval. It draws whole pages, because what stands on one page belongs
# together. Neighbouring pages are alike too: the interval is somewhat too narrow. And it is about this novel alone.


# %%
def by_page(of_characters):
    return mean_by_group(of_characters.mean(axis=1), np.arange(len(of_characters)))


each_seed = np.array([bits_by_network(test, trained) for trained in weights.values()])
of_networks, of_counting = each_seed.mean(axis=0), bits_by_counting(best_tables, test, strength)
of_plain = bits_by_counting(counted[: plain + 1], test)
on_test = {
    "counting, strength 1": by_page(of_plain),
    "counting, strength 16": by_page(of_counting),
    "GRU": by_page(of_networks),
    "GRU − strength 1": by_page(of_networks - of_plain),
    "GRU − strength 16": by_page(of_networks - of_counting),
}

# %% tags=["nbval-ignore-output", "slide"]
print("bits per character on Persuasion; the GRU by seed:", ", ".join(f"{each.mean():.3f}" for each in each_seed))
pd.DataFrame(on_test, index=["mean", "low", "high"]).T.round(3)

# %%
assert on_test["GRU − strength 1"].high < 0
assert (each_seed.mean(axis=(1, 2)) < of_plain.mean() - 0.01).all()
assert on_test["GRU − strength 16"].low > 0.15

# %% [markdown] tags=["teacher"]
# **They stop** at "GRU − strength 1", where the GRU wins. Fewer bits are better, so a difference below 0 speaks for
# it. **Ask:** in a paper, who chooses the opponent, and who gains if it is weak? **Expect:** the author, both times.

# %% [markdown]
# The GRU is ahead of counting with strength 1, a little, with each of the three seeds. With strength 16 counting is
# ahead of the GRU, by far more: counting wins. Had we tried no other strength than 1, the verdict would be the other
# way round.
#
# ## Trap: random pages of the same novels
#
# A quicker test: keep some pages of the novels themselves. No page is both learned from and judged on. What is wrong?
# Score the pages that were kept apart.

# %%
split = pd.DataFrame({"another novel": {"counting": of_counting.mean(), "GRU": of_networks.mean()}})
same = [bits_by_network(tempting, trained).mean() for trained in weights.values()]
split["pages of the same novels"] = [bits_by_counting(best_tables, tempting, strength).mean(), np.mean(same)]

# %% tags=["nbval-ignore-output", "slide"]
split.round(3)

# %%
assert (split["pages of the same novels"] < split["another novel"] - 0.05).all()

# %% [markdown]
# Both look better than on a new novel. Was the novel known, or is *Persuasion* harder? The control: judge the **same**
# pages, of *Pride and Prejudice*, by two counts over equally long texts: the rest of that novel, and *Sense and
# Sensibility*.

# %%
kept = pages("pride_and_prejudice")[5::11]
rest = np.delete(pages("pride_and_prejudice"), np.s_[5::11], axis=0).ravel()
other = numbers(novels["sense_and_sensibility"])[: len(rest)]
same_pages = {
    name: bits_by_counting(count(text, longest), kept, strength)
    for name, text in (("same novel", rest), ("other novel", other))
}
gap = same_pages["other novel"] - same_pages["same novel"]
small = set(re.findall(r"\b[a-z]+\b", "".join(novels.values())))
in_name = np.zeros(kept.size, dtype=bool)
for word in re.finditer(r"\b[A-Z][a-z]+\b", as_text(kept.ravel())):
    in_name[word.start() : word.end()] = word[0].lower() not in small  # never written with a small letter
in_name = in_name.reshape(kept.shape)[:, READ_ONLY:]
for name, of_characters in same_pages.items():
    print(f"after the {name}: {of_characters.mean():.3f} bits per character")
print(f"names: {in_name.mean():.1%} of the characters, {gap[in_name].sum() / gap.sum():.0%} of the gap")

# %%
assert by_page(gap).low > 0.05
assert gap[in_name].sum() / gap.sum() > 0.6

# %% [markdown] tags=["teacher"]
# **They say:** "No page is on both sides, so nothing leaks." **Ask:** what is easy to guess on a new page if you know
# the rest of the novel? **Expect:** its names. So keep whole novels on one side.

# %% [markdown]
# The same pages cost much less after the rest of their novel. So it is not the pages: the novel was known. Names (words
# never written small) make most of it. "Bingley" is hard to guess for who has never read it. A novel is a
# **group** that must not be on both sides.
#
# ## Does the order matter?
#
# Counting uses the order. And the network? A smaller one, 64 units, guesses one character from the 8 before it: once
# in order, once shuffled, in learning and in judging. Three seeds each.

# %%
rng = np.random.default_rng(0)
windows = learn[rng.integers(len(learn) - 8, size=(12_800, 1)) + np.arange(9)]
page, place = rng.integers(len(test), size=8_000), rng.integers(READ_ONLY, PAGE - 8, size=(8_000, 1))
judged = test[page[:, np.newaxis], place + np.arange(9)]
orders = {"in order": (windows[:, :-1], judged[:, :-1])}
orders["shuffled"] = tuple(shuffle_steps(context, rng) for context in orders["in order"])

layers = [keras.layers.Embedding(LETTERS, 24), keras.layers.GRU(64), keras.layers.Dense(LETTERS)]
small_reader = keras.Sequential([keras.Input((8,), dtype="int32"), *layers])
small_reader.compile(keras.optimizers.Adam(0.02), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
by_order = {order: [] for order in orders}
for order, (contexts, judged_contexts) in orders.items():
    for seed in (1, 2, 3):
        start_anew(small_reader, seed)
        small_reader.fit(contexts, windows[:, -1], batch_size=128, verbose=0)
        logits = small_reader.predict(judged_contexts, batch_size=1000, verbose=0)
        by_order[order].append(bits(logits, judged[:, -1]))
in_order, shuffled = (np.mean(by_order[order], axis=0) for order in orders)
lost = mean_by_group(shuffled - in_order, page)
found = "order helps" if lost.low > 0 else "order harms" if lost.high < 0 else "no gain to be seen"
one_letter = bits_by_counting(counted[:2], test).mean()

# %% tags=["nbval-ignore-output"]
for order, seeds in by_order.items():
    print(f"{order}: " + ", ".join(f"{each.mean():.3f}" for each in seeds))
print("{}: shuffled − in order {:.3f} ({:.3f} to {:.3f})".format(found, *lost))

# %%
assert found == "order helps"
assert lost.low > 0.5
assert min(each.mean() for each in by_order["shuffled"]) > one_letter

# %% [markdown]
# Without the order more than half a bit is lost. From eight shuffled characters this network guesses worse than who
# counts with the last one alone. (It has seen little text: this shows that order is used, no more.)
#
# ## Let them write
#
# To write, the network goes one character at a time, and must remember. A layer with `stateful=True` keeps its state from
# one call to the next, until `reset_state`. The input has a fixed shape: eight texts, one character each.
#
# Each character is **drawn**, with the probabilities that the network gives. A **temperature** $\tau$ changes them
# first: all logits are divided by it. That gives $p^{1/\tau}$, made to sum to 1. Below 1 the likely becomes likelier,
# near 0 only the likeliest is left. Above 1 the unlikely comes more often.

# %%
TEMPERATURES = np.array([0.01, 0.5, 0.8, 1.5, 1.0, 1.0, 1.0, 1.0])
OPENING = "It is a truth "
layers = [keras.layers.Embedding(LETTERS, 24), keras.layers.GRU(128, stateful=True), keras.layers.Dense(LETTERS)]
writer = keras.Sequential([keras.Input(batch_shape=(len(TEMPERATURES), 1), dtype="int32"), *layers])
writer.set_weights(weights[1])


def write(length, temperatures, remember=True):
    rng = np.random.default_rng(7)
    writer.layers[1].reset_state()
    read = list(np.tile(numbers(OPENING), (len(temperatures), 1)).T)
    for place in range(len(OPENING) + length):
        if not remember:
            writer.layers[1].reset_state()
        logits = writer.predict_on_batch(read[place][:, np.newaxis])
        if place + 1 == len(read):
            p = softmax(logits / temperatures[:, np.newaxis], axis=1)
            read.append((p.cumsum(axis=1) > rng.random((len(p), 1))).argmax(axis=1))
    return [as_text(row) for row in np.transpose(read)]


texts = write(500, TEMPERATURES)
known = set(re.findall(r"[a-z]+", as_text(learn).lower()))
words = [re.findall(r"[a-z]+", text.lower()) for text in texts]
words.append(re.findall(r"[a-z]+", novels["persuasion"].lower()))
real = [np.mean([word in known for word in found]) for found in words]  # the share of words that the novels have

# %% tags=["nbval-ignore-output"]
for row in (1, 2, 4, 3):
    print(f"--- temperature {TEMPERATURES[row]}: {real[row]:.0%} of the words stand in the novels\n{texts[row]}\n")
print(f"--- Persuasion: {real[-1]:.0%}")

# %%
assert real[1] > real[3] + 0.15
assert np.mean(real[4:-1]) + 0.03 < real[-1] < 1

# %% [markdown] tags=["teacher"]
# **They say:** "Low is correct, high is creative." **Ask:** what is left at nearly 0, at 1, and at a huge temperature?
# **Expect:** the likeliest alone; the network's own estimate; all characters alike.

# %% [markdown]
# At 0.5 the network plays safe. At 1 it draws from what it has estimated. At 1.5 it stumbles: fewer of its words are
# words. The control is *Persuasion*: Austen, too, has words that the two novels lack, but fewer than the network at
# temperature 1. Spelling, quotation marks and people's names came from guessing single characters. Sense did not. (One
# text each.)
#
# ## Trap: always the likeliest
#
# Why draw at all, if the network knows which character is the likeliest? The first of the eight rows had a temperature
# of 0.01: it always took that one. Do its last 100 characters stand in it before?

# %% tags=["nbval-ignore-output"]
print(f"{texts[0]}\n\nends with what it has said before: {[text[-100:] in text[:-1] for text in texts]}")

# %%
assert texts[0][-100:] in texts[0][:-1]
assert not any(text[-100:] in text[:-1] for text in texts[3:])

# %% [markdown] tags=["teacher"]
# **They expect** the best text. **Ask:** nothing is drawn. Once the network is in nearly the same state, with the
# same last character, what will it write? **Expect:** what it wrote the last time. So it goes round in a circle.

# %% [markdown]
# It runs in a circle. Each single step is the likeliest, and the text is worthless. Holtzman and others (2020) show the
# same of large networks. Mend it: draw.
#
# ## Trap: a state that begins anew
#
# Leave out `stateful=True`, or reset the state at each call, and nothing fails: text comes.

# %% tags=["nbval-ignore-output", "slide"]
print(write(150, TEMPERATURES, remember=False)[4])

# %% [markdown]
# The network now knows the last character alone. What does that cost? It has only 65 answers. Ask for all, and look up
# what each character of *Persuasion* was given.

# %%
network.set_weights(weights[1])
answers = softmax(network.predict(np.arange(LETTERS)[:, np.newaxis], verbose=0)[:, 0], axis=1)
forgetful = -np.log2(answers[test[:, READ_ONLY - 1 : -1], test[:, READ_ONLY:]]).mean()

# %% tags=["nbval-ignore-output"]
print(f"kept {each_seed[0].mean():.2f}, begun anew {forgetful:.2f}, counting with one character {one_letter:.2f} bits")

# %%
assert forgetful > one_letter > each_seed[0].mean() + 0.5

# %% [markdown]
# Worse than counting with one character of context. How would you notice? Let the same text be read at once, and one
# character at a time. The answers must be equal. A test that cannot fail shows nothing: so also make the mistake.

# %%
at_once = network.predict(test[:8, :20], verbose=0)
equal = {"state kept": True, "begun anew": True}
for state, resets in zip(equal, ([0], range(20)), strict=True):
    for place in range(20):
        if place in resets:
            writer.layers[1].reset_state()
        answer = writer.predict_on_batch(test[:8, place : place + 1])
        equal[state] &= np.allclose(at_once[:, place], answer, atol=1e-3)
print("equal:", equal)

# %%
assert equal == {"state kept": True, "begun anew": False}

# %% [markdown] tags=["teacher"]
# **They say:** "It writes, so it works." **Ask:** how many different answers has a network that knows only the last
# character? **Expect:** 65. **Ask:** which test would have found the mistake? **Expect:** let it read a text at once,
# and one character at a time; the answers must be equal.

# %% [markdown]
# ## Was it copied?
#
# A text may be good because it was learned by heart. What is the longest string that it shares with the text to learn
# from? And what is long? Compare with 2,000 characters by Austen herself that no model has learned from.


# %%
def longest_copy(text, source):
    longest = ""
    for start in range(len(text)):
        while (piece := text[start : start + len(longest) + 1]) in source and len(piece) > len(longest):
            longest = piece
    return longest


source = as_text(learn)
copies = {
    "GRU": longest_copy("#".join(text[len(OPENING) :] for text in texts[4:]), source),
    "Austen, Persuasion": longest_copy(novels["persuasion"][100_000:102_000], source),
}

# %% tags=["nbval-ignore-output"]
for writer_name, copy in copies.items():
    print(f"{writer_name}: {len(copy)} characters, {copy!r}")

# %%
assert max(map(len, copies.values())) < 40
assert len(copies["GRU"]) < len(copies["Austen, Persuasion"]) + 8

# %% [markdown]
# Nothing long was copied: the longest copy is about as short as that of *Persuasion*. That holds for this small network
# at temperature 1.
#
# ## Where is a GRU the right choice?

# %%
sizes = pd.DataFrame({"GRU": [network.count_params(), of_networks.mean()]}, index=["numbers", "bits"])
for context in (3, 4, 5, longest):
    stored = sum(len(column) for columns in counted[: context + 1] for column in columns)
    best_here = by_context.loc[context].idxmin()  # the strength
    sizes[f"context {context}"] = [stored, bits_by_counting(counted[: context + 1], test, best_here).mean()]

# %% tags=["nbval-ignore-output"]
sizes.T.astype({"numbers": int}).round(2)

# %%
assert sizes.loc["numbers", "context 3"] < sizes.loc["numbers", "GRU"] < sizes.loc["numbers", "context 4"] / 2.5
assert sizes.loc["bits", "context 3"] > sizes.loc["bits", "GRU"] + 0.15
assert abs(sizes.loc["bits", "context 4"] - sizes.loc["bits", "GRU"]) < 0.06
assert sizes.loc["bits", "context 5"] < sizes.loc["bits", "GRU"] - 0.05
assert round(sizes.loc["numbers", "context 5"] / sizes.loc["numbers", "GRU"]) == 8

# %% [markdown]
# Where memory is dear. With context 3 counting keeps about as many numbers as the GRU, and is far behind it. With 4 it
# is about level, and keeps three times as many. With 5 it is ahead, and keeps eight times as many. (The keys, by which
# a count is found, are left out.)
#
# More text, more units and longer training may make it better. On 100 million characters of Wikipedia, Graves (2013)
# got 1.67 bits with a large LSTM, and 1.33 when it went on learning while it was judged. The best compression program
# of that day, which mixes many counts, had 1.28. Al-Rfou and others (2019) got 1.06 with attention, 64 layers deep.
# (Another text: not to be compared with ours.)

# %% tags=["elsewhere", "nbval-ignore-output"]
difference = on_test["GRU − strength 16"]
verdict = "counting wins" if difference.low > 0 else "the GRU wins" if difference.high < 0 else "a tie"
print(f"data: {len(learn):,} characters of two novels by Jane Austen")
print("split: another novel")
print("metric: bits per character (fewer are better)")
print(f"opponent: counting letters (Witten–Bell), strength {strength}, context {longest}: {of_counting.mean():.2f}")
print("GRU: {:.2f} ({:.2f} to {:.2f})".format(*on_test["GRU"]))
control = f"{shuffled.mean():.2f}, in order {in_order.mean():.2f} (a smaller one, 8 characters)"
print(f"GRU, order shuffled: {control}; order takes off {lost.mean:.2f} ({lost.low:.2f} to {lost.high:.2f})")
print(f"verdict: {verdict}")

# %% [markdown]
# ## Exercises
#
# Replace each `...` and run the cell, then run the check below it.
#
# **1. Bits.** A model gave the characters that came these probabilities (an array). How many bits per character is that?


# %%
def bits_per_character(probabilities):
    ...
    ### BEGIN SOLUTION
    return -np.log2(probabilities).mean()
    ### END SOLUTION


# %%
check.bits_per_character(bits_per_character)

# %% [markdown]
# **2. Temperature.** You have no logits, only the probabilities, an array that sums to 1. Return them as they are at a
# temperature.


# %%
def with_temperature(probabilities, temperature):
    ...
    ### BEGIN SOLUTION
    powers = probabilities ** (1 / temperature)
    return powers / powers.sum()
    ### END SOLUTION


# %%
check.with_temperature(with_temperature)

# %% [markdown]
# **3. State.** The smallest recurrent network: its state $h$ begins at 0, and with each number $x$ it becomes
# $\text{keep} \cdot h + (1 - \text{keep}) \cdot x$. A text comes in `pieces`, a list of arrays. Read them one after the
# other, as a stateful layer does, and return the state at the end.


# %%
def state_at_end(pieces, keep):
    ...
    ### BEGIN SOLUTION
    state = 0.0
    for x in np.concatenate(pieces):
        state = keep * state + (1 - keep) * x
    return state
    ### END SOLUTION


# %%
check.state_at_end(state_at_end)

# %% [markdown] tags=["teacher"]
# Do 1 together, on the board, with 1/2 and 1/4: 1.5 bits. If they take the mean of the probabilities first, the hint
# says "take the mean of the logarithms". 2 suits pairs. If they divide the probabilities by τ, the hint says that
# this "changes nothing once the sum is 1 again". 3 can go home; expect a state that begins at 0 with each piece.

# %% [markdown]
# ## What to take away
#
# - A guess is scored by the bits of what came, $-\log_2 p$. The mean over a text is the bits per character.
# - Run the count first, and look for a better one. Done well, in a second, it beat minutes of training.
# - Judge on another novel. Random pages of the same novels share their people. They flattered both models.
# - To write, draw with a temperature, and keep the state from character to character. The likeliest alone runs in a
#   circle.
# - Before you admire a text, look for its longest copy, and for that of a text that cannot be copied.
#
# ## Self-test
#
# <details><summary>A model has 2 bits per character. What does that mean?</summary>
#
# On average it is as unsure as between four characters that are equally likely. </details>
#
# <details><summary>Why does a longer context not always help who counts?</summary>
#
# Many long contexts never came before, or once. What came after them then is no estimate. </details>
#
# <details><summary>Your network has 1.6 bits on random pages. What do you ask?</summary>
#
# Whether it had read other pages of the same book. And what counting has on the same pages. </details>
#
# ## Where next
#
# {Lesson:faster} makes training cheaper. {Lesson:inside_the_network} looks into the gates.
#
# ## References
#
# - I. H. Witten and T. C. Bell, *The zero-frequency problem: estimating the probabilities of novel events in adaptive
#   text compression*, 1991, [doi:10.1109/18.87000](https://doi.org/10.1109/18.87000).
# - S. F. Chen and J. Goodman, *An empirical study of smoothing techniques for language modeling*, 1999 (with
#   Kneser–Ney), [doi:10.1006/csla.1999.0128](https://doi.org/10.1006/csla.1999.0128).
# - A. Graves, *Generating sequences with recurrent neural networks*, 2013,
#   [arXiv:1308.0850](https://arxiv.org/abs/1308.0850).
# - R. Al-Rfou and others, *Character-level language modeling with deeper self-attention*, 2019,
#   [arXiv:1808.04444](https://arxiv.org/abs/1808.04444).
# - A. Holtzman and others, *The curious case of neural text degeneration*, 2020,
#   [arXiv:1904.09751](https://arxiv.org/abs/1904.09751).

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# *Count the letters of* abracadabra. Paper; pairs; 15 minutes. The alphabet is a, b, c, d, r.
#
# 1. For each letter, tally what came after it. After a: b, b, c, d. After b: r, r. After r: a, a. After c and d: a.
# 2. The first letter is given. What do the others of *abra* cost? b after a came 2 times of 4: 1 bit. r and a were
#    certain: 0 bits each. The mean is a third of a bit. And *acab*? 2, 0, 1 bits: the mean is one bit.
# 3. Now *abba*. What does b after b cost? It never came: probability 0, a cost without end.
# 4. Let the shorter context help, by the rule with s = 1. Without context: 11 letters, 5 different ones, b came
#    twice. So b gets (2 + 5 · 1/5) / (11 + 5) = 3/16. After a b: 2 letters came, 1 kind, never b. So b gets (0 + 1 ·
#    3/16) / (2 + 1) = 1/16: 4 bits.
#
# Say then: this is the whole opponent; the lesson has 65 characters and contexts of up to 8. The r after b, which
# cost nothing, now costs about half a bit. That is the price for a surprise that does not cost without end.
#
# ### Answers to the open questions
#
# In brackets behind a wrong answer stands the belief that it comes from.
#
# - *Random pages: what is wrong?* The people of the novel are on both sides. Wrong: "Nothing" (only a copied page
#   leaks).
# - *Was the novel known, or is* Persuasion *harder?* Judge the same pages after their own novel and after another
#   one. Wrong: "It is harder, the bits say so" (a difference tells its own cause).
# - *2 bits per character: what does that mean?* As unsure as between four characters. Wrong: "As between two" (bits
#   count the choices).
#
# ### When time is short
#
# Skip "Was it copied?", "Does the order matter?" and "Where is a GRU the right choice?". Run the cells of "Does the
# order matter?" all the same: the trap of the state needs one of its numbers. Keep "How good is a guess?"
# ({lesson:behaviour} scores by a logarithm, too) and the random pages.
#
# ### After the lesson, students can
#
# - compute the bits per character of a guess;
# - change probabilities by a temperature;
# - carry a state across the pieces of a text;
# - explain what random pages of a known novel flatter;
# - explain why the opponent's settings have to be chosen with care, too.

# %% tags=["teacher"]
from collections import Counter
from fractions import Fraction
from itertools import pairwise
from math import log2

text = "abracadabra"
after = Counter(pairwise(text))
came = Counter(text[:-1])


def bits(word):
    return [-log2(Fraction(after[pair], came[pair[0]])) for pair in pairwise(word)]


assert (bits("abra"), bits("acab")) == ([1, 0, 0], [2, 0, 1])
assert after == {(a, b): 1 + (a + b in ("ab", "br", "ra")) for a, b in ("ab", "br", "ra", "ac", "ca", "ad", "da")}
assert after["b", "b"] == 0
b_alone = (text.count("b") + 5 * Fraction(1, 5)) / (len(text) + len(set(text)))
kinds = len({pair for pair in after if pair[0] == "b"})
b_after_b = (after["b", "b"] + kinds * b_alone) / (came["b"] + kinds)
assert (b_alone, b_after_b, -log2(b_after_b)) == (Fraction(3, 16), Fraction(1, 16), 4)
r_after_b = (after["b", "r"] + kinds * b_alone) / (came["b"] + kinds)  # r is as frequent as b
assert 0.4 < -log2(r_after_b) < 0.5
assert (1 - log2(Fraction(1, 4))) / 2 == 1.5  # exercise 1
