# ---
# jupyter:
#   lesson:
#     part: Elsewhere
#     question: Which language is spoken, and what did the network really hear?
#     learn: to turn sound into frames, to mask clips of unequal length, to find out what a high score is made of
#     need: "{lesson:training}"
# ---

# %% [markdown]
# # Speech: which language is spoken, and what did the network really hear?
#
# At the end of this lesson you will be able to turn a recording into the numbers that a network reads, to train a GRU on
# clips of unequal length, and to find out whether a high score comes from what you asked for.

# %% [markdown]
# A telephone exchange says "I am sorry, I did not understand". Is it Spanish, French or Italian? A GRU reads the sound
# step by step and names the language. It will be right in nearly all cases. Then we let it listen to somebody else.

# %%
import io
from itertools import product
from time import perf_counter

import keras
import numpy as np
import pandas as pd
from IPython.display import Audio, display
from keras.utils import pad_sequences
from scipy.fft import dct
from scipy.io import wavfile
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import recall_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helpers import cells, data, plots
from helpers.data.speech import RATE, SCALE, VOICES, recording
from helpers.exercises import speech as check
from helpers.models import start_anew
from helpers.sequences import mean_by_group

frames, clips = data.load("speech")
voice, language = clips["voice"].to_numpy(), clips["language"].to_numpy()
for name, rows in clips.groupby("voice", sort=False):
    print(f"{name:<11} {len(rows):4d} clips, {rows['frames'].sum() * 0.02 / 60:4.1f} minutes")

# %% [markdown]
# The last two letters are the language: English, Spanish, French, Italian. Allison speaks two. Listen to all: each
# says that they are sorry and did not understand. **Run the cell to hear them**: JupyterLab plays no stored sound before
# you have run the cell yourself.

# %%
for name in VOICES:
    print(name)
    display(Audio(data=recording(name)))

# %% [markdown] tags=["teacher"]
# **They say:** "Count the clips that are right." **Ask:** of the clips in Spanish, French and Italian, most are
# Italian. Somebody always answers "Italian"; what is the share of clips that are right? **Expect:** more than a
# third. **Ask:** and the mean of the three languages? **Expect:** exactly 1/3, since two of them get 0. That is the
# balanced accuracy.

# %% [markdown]
# A person who knows the languages needs one sentence to tell them apart, whoever speaks.
#
# **Who made them?** They are the prompts of the telephone exchange Asterisk, from seven packages of Debian.
#
# - `paola_it`: these sound files were made by **Marco Menardi and his wife** (© 2006–2011 Marco Menardi and Paola Dal
#   Zot). They are at **http://www.voip.ammdomus.it**. Licence: CC BY-SA 3.0 Italy. That she is the voice, we presume.
# - `allison_en`, `allison_es`: Allison Smith. `june_fr`: June Wallack. All CC BY-SA 3.0.
# - `carlo_it`: Carlo Flora, CC BY 3.0.
# - `july_es`: July E. Jiménez, © 2006 Avatar Ltda., GPL version 2.
# - `armelle_fr`: Armelle Desjardins, © 2006 Michel Gutierrez, a licence like BSD.
#
# `data/speech/README.md` says more. Please do not use the recordings to imitate these people.
#
# **How were they cut?** One clip is the beginning of one prompt, at least one second and at most two. Silence at the
# ends is gone, and all clips are equally loud. What lies below 100 Hz is filtered out: nearly all of Armelle's
# recordings and many of July's began away from zero, an offset that faded. It cannot be heard, and it would have
# given them away. We found it by looking at the waves. All went through the same codec (what packs sound into fewer
# bits), that of a mobile phone, GSM.
#
# **What is wrong with them?** Six people are few, and only Carlo is a man. Each voice comes with its own studio,
# microphone, list of prompts and accent. As the packages say, Allison's Spanish is that of Mexico, July's that of
# Colombia, and June's French that of Canada. With one package a voice, nobody can tell these apart. So "voice" means
# all of them together here.
#
# July has half as many clips as the others. So we score each language by itself and take the mean. This is the
# **balanced accuracy**. Who always gives the same of three answers gets exactly 1/3.
#
# ## How does sound become numbers?
#
# A recording is 8,000 numbers a second, the **samples**: how far the air pressure was above or below its mean. For
# decades one has described the sound instead, every few milliseconds, by a few numbers: a **frame**. Five steps lead
# from July's sentence to its frames:
#
# 1. strengthen the high tones: subtract 97 % of the sample before;
# 2. cut windows of 256 samples (32 ms), every 160 samples (20 ms), faded in and out;
# 3. measure how strong each tone is in a window (the **spectrum**, by a Fourier transform);
# 4. add it up in 26 bands that are narrow for low tones and wide for high ones, as the ear hears (the **mel** scale),
#    and take logarithms;
# 5. describe the 26 numbers by 13: their mean (times a constant), and ever finer waves across the bands (a cosine
#    transform).
#
# The 13 are the **mel-frequency cepstral coefficients**, MFCCs. The first says how loud the frame is, the others describe
# the shape of its spectrum. The shape tells an *a* from an *s*. Finer waves are left out: they hold most of the pitch.

# %%
rate, sound = wavfile.read(io.BytesIO(recording("july_es")))
stronger = np.append(sound[0], sound[1:] - 0.97 * sound[:-1])
windows = np.lib.stride_tricks.sliding_window_view(stronger, 256)[::160] * np.hamming(256)
spectrum = np.abs(np.fft.rfft(windows)) ** 2 / 256  # (frames, 129): from 0 to 4,000 Hz
mel = np.linspace(0, 2595 * np.log10(1 + 4000 / 700), 28)  # equal distances for the ear
edges = np.floor(257 * 700 * (10 ** (mel / 2595) - 1) / rate)  # the same in tones of the spectrum
bands = np.array([np.interp(np.arange(129), edges[i : i + 3], [0, 1, 0]) for i in range(26)])
energies = np.log(spectrum @ bands.T)
coefficients = dct(energies, norm="ortho")[:, :13]
print(f"{len(sound):,} samples -> {energies.shape} energies -> {coefficients.shape} coefficients")

# %%
of_july = clips.query("voice == 'july_es' and prompt == 'vm-sorry'").index[0]
stored = frames[of_july]
assert rate == RATE
assert stored.shape == coefficients.shape
assert (np.abs(coefficients - stored) <= 0.5001 / SCALE).all()  # the files hold rounded numbers
assert np.allclose(coefficients[:, 0], energies.sum(axis=1) / np.sqrt(26))

# %% tags=["slide"]
fig, axes = plots.figure(3, figsize=(7, 4.5), sharex=True)
axes[0].plot(np.arange(len(sound)) / rate, sound, linewidth=0.4)
axes[0].set(ylabel="sample")
seconds = [0, len(energies) * 0.02]
axes[1].imshow(energies.T, origin="lower", aspect="auto", extent=[*seconds, 0.5, 26.5], cmap="cividis")
axes[1].set(ylabel="band, low to high")
z = (coefficients - coefficients.mean(axis=0)) / coefficients.std(axis=0)
axes[2].imshow(z.T, origin="lower", aspect="auto", extent=[*seconds, -0.5, 12.5], cmap="cividis")
axes[2].set(ylabel="MFCC (z-scores)", xlabel="time (s)")
for ax in axes[1:]:
    ax.grid(visible=False)
plots.show(
    fig,
    "Three pictures of two seconds of sound, one below the other. The wave of the recording swells and fades with each "
    "syllable. The energies in 26 bands, as a heat map: syllables are bright, most of all in the low bands, with bright "
    "stripes; pauses are dark. The 13 coefficients as a heat map: the first follows the loudness, the others change from "
    "sound to sound.",
)

# %% [markdown] tags=["teacher"]
# **They get lost** in the five steps. Let them keep two things: a frame is 13 numbers every 20 ms, and there is a
# logarithm in it. **Ask:** a telephone line makes a tone half as strong; what does that do to the logarithm?
# **Expect:** it subtracts a number, the same in every frame. "Can the voice be taken out?" needs this.

# %% [markdown]
# Yellow is much, blue is little. Each syllable is a swelling of the wave above and a bright patch in the bands below
# it. The lowest band stays dark: that is what was filtered out. In the lowest picture, row 0 is bright where the
# sound is loud. The other rows change from sound to sound.
#
# The stored frames were computed like this, by a library, and rounded. The cell above the figure compares the two.
#
# ## The tempting split, and the opponent
#
# First as one usually begins: three voices, one a language. Draw 120 clips of each voice at random to learn from. Judge
# by the other clips, which the model has never seen.
#
# The **opponent** knows nothing of time. It gets the mean and the spread (the standard deviation) of each coefficient
# over the clip, 26 numbers in all. **Logistic regression** weighs them: one weighted sum for each language, and the
# largest wins. Its settings are the defaults.

# %%
LANGUAGES = ["es", "fr", "it"]
label = np.array([LANGUAGES.index(name) if name in LANGUAGES else 0 for name in language])  # English: later
rng = np.random.default_rng(20)
drawn = np.zeros(len(clips), dtype=bool)
for name in VOICES:
    drawn[rng.choice(np.flatnonzero(voice == name), 120, replace=False)] = True
summary = np.array([np.r_[clip.mean(axis=0), clip.std(axis=0)] for clip in frames])


def by_regression(learn, label, summary=summary):
    """Learn from the clips `learn`; return an answer for every clip."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    return model.fit(summary[learn], label[learn]).predict(summary)


def balanced_accuracy(judged, answer, label=label):
    """Mean over the labels of the share of the clips that were called so."""
    return recall_score(label[judged], answer[judged], average="macro")


three = np.isin(voice, ["allison_es", "june_fr", "carlo_it"])
tempting = balanced_accuracy(three & ~drawn, by_regression(three & drawn, label))

# %% tags=["nbval-ignore-output"]
print(f"logistic regression, other clips of the same voices: balanced accuracy {tempting:.3f}")

# %%
assert tempting > 0.95

# %% [markdown] tags=["teacher"]
# **They say:** "Nearly all clips are right, so the task is solved." **Ask:** what do all Italian clips of this split
# share, beside the language? **Expect:** Carlo, the only man, his studio, his microphone, his prompts. Collect it on
# the board, and leave it there for "The honest split".

# %% [markdown]
# Nearly all are right, from means and spreads alone. Does a network need to do better?
#
# ## A GRU for clips of unequal length
#
# What is new against the forecast of {lesson:training}?
#
# - **One answer of three.** The last layer has three outputs. `softmax` makes them positive and their sum 1: a
#   probability for each language. The loss is the **cross-entropy**, minus the logarithm of the probability that the
#   network gave to the right language. (`sparse`: the languages are given as 0, 1 and 2.)
# - **Wider steps.** A frame comes every 20 ms. We join eight to one step of 8 · 13 = 104 numbers, 160 ms. So a clip
#   has at most 12 steps. Up to seven frames at its end are left over and dropped.
# - **Unequal lengths.** A batch is one array, so all clips in it need the same length. Short ones are filled up with
#   zeros at the end. This is **padding**. The layer `Masking` finds the steps that hold only zeros, and the GRU skips
#   them: its state stays what it was.
#
# Mean and standard deviation for the z-scores come from real frames of the clips that are learned, before the
# padding. `start_anew` gives the network new random weights. `jit_compile` and `steps_per_execution` only save time,
# as in {lesson:gru_vs_lstm}.


# %%
def to_steps(frames, learn):
    """Return z-scored frames, eight joined to a step and padded with zeros: (clips, 12, 104)."""
    real = np.concatenate([frames[clip] for clip in np.flatnonzero(learn)])
    mean, spread = real.mean(axis=0), real.std(axis=0)
    steps = [((clip - mean) / spread)[: len(clip) // 8 * 8].reshape(-1, 104) for clip in frames]
    return pad_sequences(steps, padding="post", dtype="float32")


network = keras.Sequential(
    [
        keras.Input(shape=(12, 104)),
        keras.layers.Masking(),
        keras.layers.GRU(32),
        keras.layers.Dense(3, activation="softmax"),
    ]
)
network.compile(
    optimizer=keras.optimizers.Adam(0.003),
    loss="sparse_categorical_crossentropy",
    jit_compile=True,
    steps_per_execution=30,
)


def by_gru(learn, label, seed, frames=frames, epochs=8):
    """Learn from the clips `learn`, beginning anew; return the most probable answer for every clip."""
    x = to_steps(frames, learn)
    start_anew(network, seed)
    rng = np.random.default_rng(seed)
    order = np.concatenate([rng.permutation(np.flatnonzero(learn)) for _ in range(epochs)])
    network.fit(x[order], label[order], batch_size=32, shuffle=False, verbose=0)  # all epochs in one call: faster
    return network.predict_on_batch(x).argmax(axis=1)


x, lengths = to_steps(frames, three & drawn), clips["frames"].to_numpy() // 8  # padded; how many steps are real
tempting_gru = balanced_accuracy(three & ~drawn, by_gru(three & drawn, label, seed=1))
trained = network.get_weights()

# %% tags=["nbval-ignore-output"]
print(f"GRU, {network.count_params():,} weights, other clips of the same voices: {tempting_gru:.3f}")

# %%
assert tempting_gru > 0.9
assert network.count_params() == 3 * 32 * (104 + 32 + 2) + 3 * (32 + 1)
assert x.shape == (1903, 12, 104)
assert (np.any(x != 0, axis=-1) == (np.arange(12) < lengths[:, np.newaxis])).all()  # only padding is all zeros

# %% [markdown] tags=["teacher"]
# **They pad** first and scale afterwards. **Ask:** what does scaling make of the 0 of the padding? **Expect:** −mean
# / spread. **Ask:** what does `Masking` look for? **Expect:** steps of zeros, and now there are none.

# %% [markdown]
# Size and epochs were set by these clips, so this score is a little too good. The voices that come below had no part
# in it.
#
# ## Trap: padding without a mask
#
# Is the layer `Masking` worth a line? Take it away and keep all weights. Then hang silence on: 24 more steps of zeros
# behind every clip. How many answers change?

# %%
longer = np.pad(x, [(0, 0), (0, 24), (0, 0)])
changed, moved = {}, {}
for name, mask in {"with a mask": [keras.layers.Masking()], "without": []}.items():
    layers = [*mask, keras.layers.GRU(32), keras.layers.Dense(3, activation="softmax")]
    model = keras.Sequential([keras.Input(shape=(None, 104)), *layers])
    model.set_weights(trained)  # a mask has none
    before, after = (model.predict(given, batch_size=len(x), verbose=0) for given in (x, longer))
    changed[name] = np.sum(before.argmax(axis=1) != after.argmax(axis=1))
    moved[name] = np.abs(before - after).max()

# %% tags=["nbval-ignore-output", "slide"]
for name in changed:
    print(
        f"{name:<11} {changed[name]:3d} of {len(x):,} answers change; largest change of a probability {moved[name]:.3f}"
    )

# %%
assert moved["with a mask"] < 1e-4
assert changed["with a mask"] == 0
assert changed["without"] > 0.2 * len(x)
assert moved["without"] > 0.5

# %% [markdown] tags=["teacher"]
# **They say:** "Zeros say nothing, so nothing happens." **Ask:** with x = 0, what is left in the gates and in h′?
# **Expect:** the biases and the old state. So h moves on at every step of the padding.

# %% [markdown]
# With the mask the padding does nothing. Without it the network goes on calculating after the end, and more than one
# answer in five changes. So the answer depends on the longest clip that happens to be in the array, not only on what
# was said. (These weights were trained with the mask. A network trained without it may get used to the padding that
# it saw; we did not try.)
#
# ## The honest split: new voices
#
# Near perfect, twice. Would you sell it? The clips were new, but not the voices. Who calls tomorrow is somebody else.
# So train on one voice of each language, and judge by the other voice of each. With two voices a language there are
# 2 · 2 · 2 = 8 ways to choose. We take all of them, and train the GRU with three seeds for each.
#
# Beside each we train a **twin**: the same network from the same seed, but the frames of each clip are **shuffled**,
# when it learns and when it is judged.

# %%
PAIRS = [("allison_es", "july_es"), ("june_fr", "armelle_fr"), ("carlo_it", "paola_it")]
CHOICES = list(product(*PAIRS))
SEEDS = (1, 2, 3)
six = language != "en"


def judge(answer, chosen, **about):
    """Return one row a voice: the share of its clips that were called by its language."""
    rows = []
    for name in sum(PAIRS, ()):
        new = name not in chosen
        judged = (voice == name) & (new | ~drawn)
        about |= {"voices": "new" if new else "same", "voice": name, "chosen": chosen}
        rows.append({**about, "right": np.mean(answer[judged] == label[judged])})
    return rows


def by_model(rows):
    """Return balanced accuracy by model and by voices, new or same, with 95 % intervals over draws of voices."""
    groups = pd.DataFrame(rows).groupby(["model", "voices"], sort=False)
    return {key: mean_by_group(part["right"], part["voice"]) for key, part in groups}


rng = np.random.default_rng(1)
shuffled = [rng.permutation(clip) for clip in frames]  # each clip's frames in an order of their own
rows = []
for chosen in CHOICES:
    learn = np.isin(voice, chosen) & drawn
    rows += judge(by_regression(learn, label), chosen, model="regression")
    for seed in SEEDS:
        rows += judge(by_gru(learn, label, seed), chosen, model="GRU", seed=seed)
        rows += judge(by_gru(learn, label, seed, shuffled), chosen, model="GRU, shuffled", seed=seed)
results, scores = pd.DataFrame(rows), by_model(rows)
by_choice = results.groupby(["model", "voices", "chosen"])["right"].mean().unstack("chosen")

# %% tags=["nbval-ignore-output"]
print("balanced accuracy and 95 % interval; chance 0.333")
for (model, voices), score in scores.items():
    print(f"{model:<14} {voices:<4} voices: {score.mean:.3f} ({score.low:.3f} to {score.high:.3f})")

# %%
for model in ("regression", "GRU"):
    assert scores[model, "same"].mean > 0.95
    assert scores[model, "new"].low < 1 / 3 < scores[model, "new"].high
assert (by_choice.xs("new", level="voices") < 0.5).all(axis=None)
assert (by_choice.xs("same", level="voices") > 0.9).all(axis=None)
assert (by_choice.loc[("regression", "new")] < 1 / 3).sum() >= 5

# %% tags=["slide"]
fig, ax = plots.figure()
for number, model in enumerate(("regression", "GRU", "GRU, shuffled")):
    for voices, marker in (("same", "o"), ("new", "D")):
        place = np.arange(8) + (number - 1) * 0.2
        given = {"color": plots.COLOURS[number], "label": f"{model}, {voices} voices"}
        ax.plot(place, by_choice.loc[(model, voices), CHOICES], marker, markersize=5, **given)
ax.axhline(1 / 3, color="black", linestyle="--", linewidth=1, label="chance")
names = ["\n".join(name.split("_")[0] for name in chosen) for chosen in CHOICES]
ax.set(ylabel="balanced accuracy", ylim=(0, 1.05), xlabel="voices that were learned")
ax.set_xticks(np.arange(8), names)
fig.legend(loc="outside right upper")
plots.show(
    fig,
    "Balanced accuracy for each of the eight choices of voices. For other clips of the same voices all three models lie "
    "near 1 in every choice. For new voices the GRU, shuffled or not, scatters around the dashed line of chance, 0.33; "
    "the regression lies mostly below it. Nothing reaches 0.5.",
)

# %% [markdown] tags=["teacher"]
# **They say:** "Below chance is a bug." **Ask:** does somebody who is always wrong know nothing? **Expect:** no, they
# know something that points the wrong way. **They say:** "So many clips, and such a wide interval?" **Ask:** how many
# people are behind it? **Expect:** six.

# %% [markdown]
# The circles are near 1, the diamonds around chance or below it, whichever voices were learned, for the opponent as
# for the network. The first number was not wrong. It answered an easier question: who knows which of three voices
# this is knows the language, too.
#
# The interval is a bootstrap ({lesson:gru_vs_lstm}). It draws the six **voices**, not the clips, because tomorrow the
# voice is new. It is wide. With six voices it is still too narrow, all the more as the voices that were learned are
# of the same six.
#
# ## What did it hear?
#
# "It learned the voices, not the languages" is a guess so far. It can be tested.
#
# **The same voice in two languages.** Let the models learn English from Allison and Spanish from July. Then play
# Allison's Spanish. Who listens to the language says Spanish. Who listens to the voice says English.

# %%
pair = np.isin(voice, ["allison_en", "july_es"])
spanish = (language == "es").astype(int)
heard = {"regression": by_regression(pair & drawn, spanish)}
heard |= {f"GRU, seed {seed}": by_gru(pair & drawn, spanish, seed) for seed in SEEDS}
same = {name: balanced_accuracy(pair & ~drawn, given, spanish) for name, given in heard.items()}
asked = ["allison_es", "june_fr", "carlo_it", "armelle_fr", "paola_it"]
called = pd.DataFrame({name: {other: given[voice == other].mean() for other in asked} for name, given in heard.items()})

# %% tags=["nbval-ignore-output", "slide"]
for name in heard:
    print(f"{name:<11} same voices: {same[name]:.3f}")
print("\nshare called Spanish:")
print(called.T.round(2).to_string())

# %%
assert min(same.values()) > 0.97
assert called.loc["allison_es"].max() < 0.35
assert called.loc[["june_fr", "carlo_it"], "regression"].max() < 0.35 < 0.6 < called.loc["armelle_fr", "regression"]

# %% [markdown]
# English or Spanish: nearly perfect. And Allison's Spanish is called English in most cases. In another language the
# voice stays, and so does the answer.
#
# Is it her voice alone? Look at the French and the Italian, who are neither. The regression calls June and Carlo
# English, too. Both come from Allison's collection. Armelle, who does not, is called Spanish. So a part of it may be
# how a collection was made. The GRU parts them less clearly: look at June. And Allison's Spanish may have an accent: we
# do not know her first language. The next test has the collections mixed.
#
# **Languages that do not exist.** Put the six voices into three groups of two, but never two of one language
# together. Nobody speaks the "language" of such a group. Each real group has one voice of the collection (Allison,
# June, Carlo) and one that is not. Let the invented ones have that, too: this leaves two ways. If the network uses
# what a real language has in common, the real groups must be easier to learn than these.

# %%
(allison, july), (june, armelle), (carlo, paola) = PAIRS
invented = [
    [(allison, armelle), (june, paola), (carlo, july)],
    [(allison, paola), (june, july), (carlo, armelle)],
]
learned = {"real": [], "invented": []}
for kind, sets in {"real": [PAIRS], "invented": invented}.items():
    for groups, seed in product(sets, SEEDS):
        group = np.array([sum(number * (name in groups[number]) for number in range(3)) for name in voice])
        learned[kind].append(balanced_accuracy(six & ~drawn, by_gru(six & drawn, group, seed), group))

# %% tags=["nbval-ignore-output", "slide"]
for kind, values in learned.items():
    print(f"{kind} groups, balanced accuracy:", ", ".join(f"{value:.3f}" for value in values))

# %%
assert min(learned["invented"]) > 0.88
assert np.mean(learned["invented"]) > np.mean(learned["real"]) - 0.02

# %% [markdown] tags=["teacher"]
# **They say** "It learned the voices" before any test. **Ask:** which results would refute that? **Expect:**
# Allison's Spanish is called Spanish; invented groups are harder to learn than real ones. Then look: neither is so.

# %% [markdown]
# Invented languages are learned as well as real ones. So a score as high as this can be had without any language in
# it.
#
# **And below chance?** In most of the eight choices the regression lies below 1/3. So a new voice often resembles a
# learned voice of *another* language. The collection is a suspect here as well: in each language one voice comes from
# it and the other does not. But six voices are too few to convict a suspect. We can only try to take away what
# differs.
#
# ## Can the voice be taken out?
#
# A simple remedy for microphones and telephone lines. Each makes some tones stronger and some weaker, always by the
# same factors. In the logarithm a factor is a number that is added, the same in every frame. So subtract from each
# clip its own mean of each coefficient (**cepstral mean normalisation**). What stays the same through a clip is gone.
# The regression then has the spreads alone. Each choice is trained once.

# %%
centred = [clip - clip.mean(axis=0) for clip in frames]
rows = []
for seed, chosen in enumerate(CHOICES):
    learn = np.isin(voice, chosen) & drawn
    rows += judge(by_regression(learn, label, summary[:, 13:]), chosen, model="regression, spreads")
    rows += judge(by_gru(learn, label, seed, centred), chosen, model="GRU, means removed")
removed = by_model(rows)

# %% tags=["nbval-ignore-output"]
for (model, voices), score in removed.items():
    print(f"{model:<19} {voices:<4} voices: {score.mean:.3f} ({score.low:.3f} to {score.high:.3f})")

# %%
for model in ("regression, spreads", "GRU, means removed"):
    assert 0.8 < removed[model, "same"].mean < scores["GRU", "same"].mean - 0.03
    assert removed[model, "new"].low < 1 / 3 < removed[model, "new"].high

# %% [markdown]
# The known voices are harder to tell now, so the means carried a part of what told them apart. The new voices are
# still no better than chance. What is left tells voices apart as well, and we see no sign of the languages.
#
# ## Does order matter?
#
# Compare the network with its twin on shuffled frames, pair by pair: same choice, same voice, same seed. What does order
# add to the balanced accuracy?

# %%
wide = results.pivot_table(index=["voices", "chosen", "seed", "voice"], columns="model", values="right")
lost = (wide["GRU"] - wide["GRU, shuffled"]).reset_index(name="lost")
order = {key: mean_by_group(part["lost"], part["voice"]) for key, part in lost.groupby("voices")}
found = {
    key: "order helps" if gain.low > 0 else "order harms" if gain.high < 0 else "no gain to be seen"
    for key, gain in order.items()
}

# %% tags=["nbval-ignore-output"]
for voices, gain in order.items():
    print(f"{voices:<4} voices: {gain.mean:+.3f} ({gain.low:+.3f} to {gain.high:+.3f}), {found[voices]}")

# %%
assert set(found.values()) == {"no gain to be seen"}
assert -0.02 < order["same"].low < order["same"].high < 0.02
assert scores["regression", "same"].mean > max(scores[name, "same"].mean for name in ("GRU", "GRU, shuffled"))

# %% [markdown] tags=["teacher"]
# **They say:** "So order means nothing in speech." **Ask:** which task has the network really solved? **Expect:** to
# know a voice. For that the order was not needed. For languages this experiment says nothing.

# %% [markdown]
# Not here. The twin cannot know which sound follows which, and does as well. Both intervals hold 0. On the voices they
# know, order adds less than 0.02 even at the interval's end. There the regression on means and spreads is even a
# little better than both.
#
# This is no verdict on language. Which sounds follow which is a part of every language. But to know one voice from
# another the order was not needed, and on new voices neither is better than chance.
#
# ## What would make it work, and where is a GRU right?
#
# **Many voices a language**, and many microphones, so that none can stand for the language. Recurrent networks have
# done it: an LSTM on clips of three seconds in eight languages beat the reference of its time by up to 26 % (Zazo and
# others, 2016). X-vectors come from a network that takes mean and spread over time, like our opponent, but of what it
# has learned to hear. They gave excellent results in the evaluation of 2017 by NIST, an institute for standards
# (Snyder and others, 2018). There, varied copies of the recordings helped.
#
# The trap of this lesson is there as well. Dey, Saha and Sahidullah (2021) trained on one collection of Indian
# languages, and tested on another. The error (the rate at which false alarms and misses are equal; guessing has 50 %)
# rose from 12 % to 43 %.
#
# **On a device, while somebody speaks**, a GRU fits well. It needs one step and 32 numbers of memory, and nothing of
# the sound before. So would the opponent, with running sums. What the GRU adds is the order, so ask first whether
# order gains anything on your data. Here is the time of a step in plain NumPy, with the cell of {lesson:gru_by_hand}.
# The MFCCs and the last layer are not in it.

# %%
layer = keras.layers.GRU(32)  # the same without a mask
layer.build((None, None, 104))
layer.set_weights(network.layers[1].get_weights())
cell, state, times = cells.GRU.from_keras(layer, "float32"), None, []
for step in x[0]:
    begin = perf_counter()
    state = cell.forward(step[np.newaxis, np.newaxis], state)[:, -1]
    times.append(perf_counter() - begin)

# %% tags=["nbval-ignore-output"]
print(f"{network.count_params():,} weights, {1000 * np.median(times):.2f} ms for a step of 160 ms of sound")

# %% [markdown]
# ## The result

# %% tags=["elsewhere", "nbval-ignore-output"]
gru, twin, opponent = (scores[model, "new"] for model in ("GRU", "GRU, shuffled", "regression"))
beaten = [name for name, score in {"the GRU": gru, "the regression": opponent}.items() if score.low > 1 / 3]
same_voices = min(scores["GRU", "same"].mean, scores["regression", "same"].mean)
print(f"data: {six.sum():,} clips of six voices, three languages")
print("split: new voices")
print("metric: balanced accuracy (chance 0.333)")
print(
    f"opponent: logistic regression on mean and spread: {opponent.mean:.3f} ({opponent.low:.2f} to {opponent.high:.2f})"
)
print(f"GRU: {gru.mean:.3f} ({gru.low:.2f} to {gru.high:.2f})")
adds = "order adds {:+.3f} ({:+.3f} to {:+.3f})".format(*order["new"])
print(f"GRU, order shuffled: {twin.mean:.3f} ({twin.low:.2f} to {twin.high:.2f}); {adds}")
print(
    f"verdict: {' and '.join(beaten) or 'neither'} better than chance; "
    f"both {same_voices:.2f} or more on voices they know: they learned voices"
)

# %% [markdown]
# ## Exercises
#
# Replace each `...` and run the cell, then run the check below it.
#
# **1. A mean without the padding.** `x` holds clips that were padded at the end with zeros, shape (clips, steps,
# features). `lengths` says how many steps of each clip are real. Return the mean of each feature over all real steps.
# A real step may hold zeros, too.


# %%
def mean_of_real_steps(x, lengths):
    ...
    ### BEGIN SOLUTION
    real = np.arange(x.shape[1]) < lengths[:, np.newaxis]  # (clips, steps)
    return x[real].mean(axis=0)
    ### END SOLUTION


# %%
check.mean_of_real_steps(mean_of_real_steps)

# %% [markdown]
# **2. Who was heard before?** `voices` is a list with the name of each clip's voice. `learned` is a list of True (learn
# from this clip) and False (judge by it). Return the voices that are on both sides, as a set. For an honest split it is
# empty.


# %%
def heard_before(voices, learned):
    ...
    ### BEGIN SOLUTION
    voices, learned = np.array(voices), np.array(learned)
    return set(voices[learned]) & set(voices[~learned])
    ### END SOLUTION


# %%
check.heard_before(heard_before)

# %% [markdown]
# **3. Balanced accuracy.** From the lists `truth` and `answer`, the languages of some clips: for each language in `truth`,
# the share of its clips that were called so. Return the mean of these shares.


# %%
def balanced(truth, answer):
    ...
    ### BEGIN SOLUTION
    truth, answer = np.array(truth), np.array(answer)
    return np.mean([np.mean(answer[truth == name] == name) for name in set(truth)])
    ### END SOLUTION


# %%
check.balanced(balanced)

# %% [markdown] tags=["teacher"]
# Do 2 together, with names on cards in two heaps: learn and judge. 1 suits pairs. If they leave out all zeros, the
# hint is "a real step may be 0"; if they average clip by clip, it says that every real step should count the same. 3
# can go home. Listen for "of those called Spanish"; the hint says: "of those that *are* Spanish, so many are called
# so".

# %% [markdown]
# ## What to take away
#
# - Sound becomes frames: 13 MFCCs every 20 ms say what a short piece sounds like.
# - Clips of unequal length are padded **and** masked.
# - A split decides what a score means. Random clips ask for known voices, new voices ask for the language.
# - A score far from what you expect, above **or below** chance, is a question. Test the guess that answers it, with a
#   control that could refute it.
# - What was sampled are six people, not 1,617 clips. The interval draws people.
#
# ## Self-test
#
# <details><summary>A network names the language of random clips with 99 %. What do you ask first?</summary>
#
# Whether the people of the test clips were in the training clips. And whether anything else goes with the language: the
# microphone, the room, the file format. </details>
#
# <details><summary>Why does Masking need z-scores that are made before the padding?</summary>
#
# It skips steps that hold only zeros. Scaled after the padding, the padded steps would no longer be zero, and the mean
# would be drawn to the padding. </details>
#
# <details><summary>Ten thousand more clips of the same six voices: does the interval on new voices become narrower?</summary>
#
# Hardly. It comes from the differences between six voices. More people are needed. </details>
#
# ## Where next
#
# {Lesson:how_sure} has more on intervals that hold what they promise. {Lesson:inside_the_network} looks at what the gates
# do.
#
# ## References
#
# - R. Zazo and others, *Language Identification in Short Utterances Using Long Short-Term Memory (LSTM) Recurrent Neural
#   Networks*, 2016, [doi:10.1371/journal.pone.0146917](https://doi.org/10.1371/journal.pone.0146917).
# - D. Snyder and others, *Spoken Language Recognition using X-vectors*, 2018,
#   [doi:10.21437/Odyssey.2018-15](https://doi.org/10.21437/Odyssey.2018-15).
# - S. Dey, G. Saha and M. Sahidullah, *Cross-Corpora Language Recognition: A Preliminary Investigation with Indian
#   Languages*, 2021, [arXiv:2105.04639](https://arxiv.org/abs/2105.04639).

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# *Two languages, two pens.* 12 minutes. Eight cards to learn from and four to judge. On the front stands a word,
# written with a blue or a red pen; on the back, its language. Both languages are invented: in Lo words end with a
# vowel, in Ka with a consonant. Do not say so.
#
# | pen | cards to learn from | language |
# |---|---|---|
# | blue | mola, tiru, besa, kino | Lo |
# | red | darit, posek, lugan, femir | Ka |
#
# 1. Show the eight, front and back, one by one. Nobody speaks.
# 2. Show only the fronts of *sopi* (blue), *gavun* (red), *rimat* (blue) and *tulo* (red). Everyone writes down four
#    languages.
# 3. Turn the cards: Lo, Ka, Ka, Lo. Everyone counts, and says by what they decided.
#
# Whoever went by the last letter has 4. Whoever went by the pen has 2: both of the first two, none of the others. Say
# then: nobody was careless; in the eight cards pen and language go together. On the two cards where they part, going
# by the pen is not at chance but below. Ask: which card to learn from would have helped? Expect: a Lo word in red, or
# a Ka word in blue. Ask: would ten thousand more of the same kind? Expect: no.
#
# ### Answers to the open questions
#
# In brackets behind a wrong answer stands the belief that it comes from.
#
# - *Does a network need to do better?* On this split there is nothing left to show. Wrong: "Yes, it hears the order"
#   (the more complicated model is the better one).
# - *Near perfect, twice. Would you sell it?* Not before new voices. Wrong: "Yes, the clips were new" (new rows are
#   new cases).
# - *Ten thousand more clips of the six voices: is the interval narrower?* Hardly. Wrong: "Yes, much" (clips are what
#   was sampled).
#
# ### When time is short
#
# Skip the five steps of the MFCCs, "Can the voice be taken out?" and "What would make it work, and where is a GRU
# right?". Keep "The honest split: new voices" and "What did it hear?".
#
# ### After the lesson, students can
#
# - compute a mean without the padding, and say in which order to scale and pad;
# - find the voices that are on both sides of a split;
# - compute a balanced accuracy;
# - explain with a control what a high score was made of;
# - explain why an interval has to draw people.

# %% tags=["teacher"]
cards = {"sopi": ("blue", "Lo"), "gavun": ("red", "Ka"), "rimat": ("blue", "Ka"), "tulo": ("red", "Lo")}
learned = {"blue": ("Lo", ["mola", "tiru", "besa", "kino"]), "red": ("Ka", ["darit", "posek", "lugan", "femir"])}


def by_ending(word):
    return "Lo" if word[-1] in "aeiou" else "Ka"


assert all(by_ending(word) == language for language, words in learned.values() for word in words)
assert [by_ending(word) == language for word, (_, language) in cards.items()] == [True] * 4
assert [learned[pen][0] == language for pen, language in cards.values()] == [True, True, False, False]
