# ---
# jupyter:
#   lesson:
#     part: The cell
#     question: Which one, and what does it cost? Measured.
#     learn: what an LSTM is, what each of the two costs, and how to compare two networks without fooling yourself
#     need: "{lesson:gru_by_hand} for the GRU's gates and the example; {lesson:conventions} for Keras' two biases"
# ---

# %% [markdown]
# # GRU against LSTM: which one, and what does it cost?
#
# At the end of this lesson you will be able to say what a GRU saves against an LSTM, to measure it on your own
# computer, and to say whether one of two networks is better or just luckier.

# %% [markdown]
# GRU and LSTM are two kinds of **cell**: two ways to compute the next state from the input and the state before. The
# LSTM (long short-term memory, 1997) is the older of the two. The GRU (2014) is its simpler relative. You will meet
# tables like this one:
#
# | | GRU | LSTM |
# |---|---|---|
# | gates | 2 (reset, update) | 3 (input, forget, output) |
# | states | 1 | 2 |
# | computing | less | more |
# | training speed | faster | slower |
# | performance | similar on many tasks | |
#
# The first two rows are matters of definition. The last three have no numbers. We put numbers to them.

# %%
import time

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.linear_model import Ridge

from helpers import baselines, cells, data, example, plots
from helpers.cells import sigmoid
from helpers.exercises import gru_vs_lstm as check
from helpers.models import start_anew
from helpers.season import with_season
from helpers.windows import create_dataset

# %% [markdown]
# ## What is an LSTM?
#
# Recall how the GRU makes its new state from the old one and the candidate $h'$:
#
# $$h_t = (1 - z_t) \odot h_{t-1} + z_t \odot h_t'$$
#
# One gate, $z$, decides both how much of the old state goes and how much of the candidate comes in. The LSTM has a gate
# for each of the two, $f$ and $i$. And it keeps **two** lists of numbers:
#
# - the **cell state** $c$, its memory;
# - the **hidden state** $h$, what it shows of that memory to the layers behind it and to its own gates.
#
# $$c_t = f_t \odot c_{t-1} + i_t \odot c_t' \qquad h_t = o_t \odot \tanh(c_t)$$
#
# The GRU has $f = 1 - z$ and $i = z$, tied together, and it shows its memory as it is. The LSTM's third gate, $o$,
# decides how much is shown. A reset gate it has not: its candidate sees all of $h$. Here is one time step, an equation a
# line. (`W` meets the input, `U` the hidden state before, `b` is the bias.)


# %%
def lstm_step(x_t, h, c, w):
    i = sigmoid(x_t @ w["W_i"] + h @ w["U_i"] + w["b_i"])  # input gate: how much of the candidate comes in
    f = sigmoid(x_t @ w["W_f"] + h @ w["U_f"] + w["b_f"])  # forget gate: how much of the cell state stays
    o = sigmoid(x_t @ w["W_o"] + h @ w["U_o"] + w["b_o"])  # output gate: how much of it is shown
    candidate = np.tanh(x_t @ w["W_c"] + h @ w["U_c"] + w["b_c"])  # what could be remembered now
    c = f * c + i * candidate
    h = o * np.tanh(c)
    return {"i": i, "f": f, "o": o, "c′": candidate, "c": c, "h": h}


# %% [markdown]
# ## Can I compute one step by hand?
#
# The example of {lesson:gru_by_hand} goes on: two units, the inputs 1, −1, 1, a memory of zeros at first. The LSTM gets
# the same numbers. Its $i$ has those of z, its $f$ those of 1 − z, its $o$ those of the reset gate, its candidate those
# of the GRU's candidate. Here is the **second** step, $x = -1$. Take a pencil: the function only prints what you would
# write.


# %%
def by_hand(name, squeeze):
    W, U, b = (example.LSTM[f"{letter}_{name[0]}"] for letter in "WUb")
    for unit in (0, 1):
        pairs = zip([*x_t, *before["h"]], [*W[:, unit], *U[:, unit]], strict=True)
        products = " + ".join(f"({value:.3g})({weight + 0:g})" for value, weight in pairs)
        total = (x_t @ W + before["h"] @ U + b)[unit]
        print(f"{name} of unit {unit + 1}: {products} + ({b[unit]:g}) = {total:.3f}, squeezed: {squeeze(total):.3f}")


steps = [{"c": np.zeros(2), "h": np.zeros(2)}]
for x_t in example.X:
    steps.append(lstm_step(x_t, steps[-1]["h"], steps[-1]["c"], example.LSTM))

x_t, before, after = example.X[1], steps[1], steps[2]
print("before: c =", before["c"].round(3), "and h =", before["h"].round(3))
for name in "ifo":
    by_hand(name, sigmoid)
by_hand("c′", np.tanh)
for unit in (0, 1):
    i, f, o, candidate, c, h = (after[name][unit] for name in after)
    print(f"c of unit {unit + 1}: ({f:.3f})({before['c'][unit]:.3f}) + ({i:.3f})({candidate:.3f}) = {c:+.3f}", end="; ")
    print(f"h: ({o:.3f}) tanh({c:+.3f}) = {h:+.3f}")

# %% [markdown]
# The same step as a picture, with both units in each box:

# %% tags=["slide"]
boxes = {  # name: (x, y, text, numbers)
    "c": (0.0, 4.5, "cell state before\nc", before["c"]),
    "h": (0.0, 2.4, "hidden state before\nh", before["h"]),
    "x": (0.0, 0.3, "input\nx", x_t),
    "f": (2.1, 3.6, "forget gate\nf = σ(…)", after["f"]),
    "i": (2.1, 2.3, "input gate\ni = σ(…)", after["i"]),
    "new": (2.1, 1.0, "candidate\nc′ = tanh(…)", after["c′"]),
    "o": (2.1, -0.3, "output gate\no = σ(…)", after["o"]),
    "kept": (4.0, 4.5, "kept\nf ⊙ c", after["f"] * before["c"]),
    "taken": (4.0, 1.7, "taken\ni ⊙ c′", after["i"] * after["c′"]),
    "c after": (5.7, 3.1, "cell state after\nsum of both", after["c"]),
    "h after": (7.4, 1.0, "hidden state after\no ⊙ tanh(c)", after["h"]),
}
arrows = [f"{start}-{end}" for start in "hx" for end in ("f", "i", "new", "o")]
arrows += ["c-kept", "f-kept", "i-taken", "new-taken", "kept-c after", "taken-c after", "c after-h after", "o-h after"]
colours = {gate: plots.COLOURS[number] for number, gate in enumerate("iof")}
plots.show(
    plots.flow(boxes, arrows, colours, size=(9, 5)),
    "Flow diagram of one step of an LSTM. The hidden state before, h, and the input x feed three gates and the candidate. "
    "The forget gate f times the cell state before is kept; the input gate i times the candidate is taken. Their sum is "
    "the cell state after. The output gate o times its tanh is the hidden state after. The cell state before goes "
    "nowhere else.",
)

# %% [markdown]
# Follow the cell state along the top. It is multiplied by $f$, and the taken part is added. No table of weights stands
# in its way. The gates do not see it. They see $h$, what was shown of it.
#
# Here are all three steps, beside the GRU of the example.

# %%
gru = cells.GRU(**example.GRU)
gru_h = gru.forward(example.X[np.newaxis])[0]
rows = {}
for t in (1, 2, 3):
    for unit in (0, 1):
        row = {"x": example.X[t - 1, 0]} | {name: values[unit] for name, values in steps[t].items()}
        rows[t, f"unit {unit + 1}"] = row | {"GRU's z": gru.z[0, t - 1, unit], "GRU's h": gru_h[t - 1, unit]}
pd.DataFrame(rows).T.rename_axis(["step", ""]).round(3)

# %% [markdown]
# At step 1 both memories are empty. So the gates are those of the GRU, and the cell state is the GRU's new memory. But
# the LSTM **shows** less of it. From step 2 on its gates see what was shown, not what is kept. So their numbers part.
#
# Keras has the same numbers, in the order i, f, candidate, o:

# %%
layer = keras.layers.LSTM(2, return_sequences=True)
layer.build((None, None, 1))
layer.set_weights([np.concatenate([example.LSTM[f"{a}_{gate}"] for gate in "ifco"], axis=-1) for a in "WUb"])
by_keras = np.asarray(layer(example.X[np.newaxis]))[0]
print("h after step 3 by hand:", steps[3]["h"].round(4), " by Keras:", by_keras[2].round(4))

# %%
assert np.allclose(by_keras, [step["h"] for step in steps[1:]], atol=1e-6)
assert np.allclose(steps[1]["c"], gru_h[0])
assert np.allclose(steps[1]["i"], gru.z[0, 0])
assert np.allclose(steps[1]["f"], 1 - gru.z[0, 0])
assert (np.abs(steps[1]["h"]) < np.abs(steps[1]["c"])).all()
assert (np.abs(steps[2]["i"] - gru.z[0, 1]) > 1e-3).all()

# %% [markdown] tags=["teacher"]
# c and h are easily mixed up. Have them put a finger on c in the diagram and follow it to "cell state after": what
# does it pass? A gate and a sum; no table. Then: who reads h? The gates, the candidate, and the layers behind.

# %% [markdown]
# To go on from where you stopped, a GRU needs one list of numbers, an LSTM two. So at the same `units` the LSTM carries
# twice as many numbers from day to day.
#
# ## How many parameters, at equal units?
#
# Each gate has a kernel, a recurrent kernel and a bias. So has the candidate. Call these a **block**: the GRU has three
# of them, the LSTM four. With *n* units and *m* features, a block has *n*² + *nm* weights and *n* biases. (Keras' GRU
# has 2*n* biases in each.)
#
# **Predict first:** three blocks against four. Is the ratio 3/4?

# %% tags=["slide"]
WINDOW, FEATURES, UNITS = 14, 7, 16  # days in a window, numbers a day, units: used in the whole lesson
KINDS = {"GRU": keras.layers.GRU, "LSTM": keras.layers.LSTM}


def gru_count(features, units):
    return 3 * (units**2 + units * features + 2 * units)


def lstm_count(features, units):
    return 4 * (units**2 + units * features + units)


def built(kind, units):
    layer = kind(units)
    layer.build((None, None, FEATURES))
    return layer


for units in (1, 4, 16, 64, 256):
    gru_has, lstm_has = gru_count(FEATURES, units), lstm_count(FEATURES, units)
    print(f"{units:3} units: GRU {gru_has:7,}  LSTM {lstm_has:7,}  ratio {gru_has / lstm_has:.3f}")

# %%
assert all(built(keras.layers.GRU, units).count_params() == gru_count(FEATURES, units) for units in (1, 16, 256))
assert all(built(keras.layers.LSTM, units).count_params() == lstm_count(FEATURES, units) for units in (1, 16, 256))
assert all(0.75 < gru_count(FEATURES, units) / lstm_count(FEATURES, units) < 0.85 for units in (1, 4, 16))
assert all(0.75 < gru_count(FEATURES, units) / lstm_count(FEATURES, units) < 0.77 for units in (64, 256))
# the output, and one state or two
assert len(keras.layers.GRU(3, return_state=True)(np.zeros((1, 2, 1), "float32"))) == 2
assert len(keras.layers.LSTM(3, return_state=True)(np.zeros((1, 2, 1), "float32"))) == 3

# %% [markdown]
# A little more than 3/4, because of the second bias. From 64 units on the GRU saves about a quarter.
#
# And how much **computing** is a step? Every number in the two kernels is used once: multiplied, and added to a sum.
# Such a **multiply-add** is what a processor mostly does here. (Biases and gates add a few operations for each unit.
# They are left out.) So at equal units the GRU does exactly three quarters of the work.
#
# One can also turn it round: with the parameters of `GRU(16)`, how large may an LSTM be?


# %%
def multiply_adds(blocks, units):
    return blocks * units * (units + FEATURES)


print(f"GRU({UNITS}):  {gru_count(FEATURES, UNITS):,} parameters, {multiply_adds(3, UNITS):,} multiply-adds a step")
for units in (13, 14, 15, 16):
    print(
        f"LSTM({units}): {lstm_count(FEATURES, units):,} parameters, {multiply_adds(4, units):,} multiply-adds a step"
    )
EQUAL = 14  # units of an LSTM with about the parameters of GRU(16)

# %%
assert multiply_adds(3, 16) / multiply_adds(4, 16) == 3 / 4
assert 0.9 < multiply_adds(3, 16) / multiply_adds(4, EQUAL) < 1.1
assert sum(kernel.size for kernel in built(keras.layers.GRU, 16).get_weights()[:2]) == multiply_adds(3, 16)
assert sum(kernel.size for kernel in built(keras.layers.LSTM, 16).get_weights()[:2]) == multiply_adds(4, 16)

# %% [markdown] tags=["teacher"]
# "Three blocks of four, so exactly 3/4." Ask: of what? Of the multiply-adds. In the parameters it is a little more,
# because Keras' GRU has a second bias. "Then an LSTM with three quarters of the units is as large." Ask: how does the
# number grow when units double? Nearly fourfold. So it is LSTM(14), not LSTM(12), that is as large as GRU(16).

# %% [markdown]
# So there are two fair fights: `GRU(16)` against `LSTM(16)`, at equal units, and `GRU(16)` against `LSTM(14)`, at equal
# parameters. We keep both. In the second the work is nearly the same.
#
# ## Is it faster, then?
#
# **Predict first:** three quarters of the work. Three quarters of the time?
#
# A clock is easy to misread, so we follow five rules:
#
# - the **first call is left out** (the trap below shows why);
# - both run in **one process**, on the same input;
# - they **take turns**, so that a busy moment of the computer hits both;
# - many **repeats**, and the **median**, which a few slow ones cannot move;
# - only the **ratio of the two medians** is reported, and beside it the **middle half** of the ratios turn by turn. The
#   GRU is called faster only if both lie below 1, slower only if both lie above 1. Else it is undecided.
#
# We time a training step of a layer alone: one call, and the gradients of all its weights, by `tf.GradientTape`.
# `tf.function` has TensorFlow read the Python function once and run it by itself afterwards.


# %%
def training_step(kind, units):
    layer = built(kind, units)

    def step(x):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(layer(x) ** 2)
        return tape.gradient(loss, layer.trainable_variables)

    return tf.function(step, autograph=False)


def seconds(function, x):
    start = time.perf_counter()
    np.asarray(function(x)[0])  # wait until it is there
    return time.perf_counter() - start


SIZES, REPEATS = (16, 64, 256), 31
batch = tf.random.stateless_normal((64, WINDOW, FEATURES), seed=(0, 0))
first_calls, medians = {}, pd.DataFrame(columns=["GRU", "LSTM", "low", "high"])
for units in SIZES:
    functions = {name: training_step(kind, units) for name, kind in KINDS.items()}
    first_calls[units] = {name: seconds(function, batch) for name, function in functions.items()}
    orders = [list(KINDS)[:: 1 - turn % 2 * 2] for turn in range(REPEATS)]  # who begins changes every time
    turns = pd.DataFrame([{name: seconds(functions[name], batch) for name in order} for order in orders])
    low, high = (turns["GRU"] / turns["LSTM"]).quantile([0.25, 0.75])
    medians.loc[units] = [turns["GRU"].median(), turns["LSTM"].median(), low, high]
ratio = medians["GRU"] / medians["LSTM"]

# %% tags=["nbval-ignore-output", "slide"]
print("GRU's time / LSTM's, and the middle half of the turns")
for units, row in medians.iterrows():
    found = (ratio[units], row["low"], row["high"])
    called = "the GRU is faster" if max(found) < 1 else "the GRU is slower" if min(found) > 1 else "undecided"
    print("{:3} units: {:.2f} ({:.2f} to {:.2f}), {}".format(units, *found, called))

# %% [markdown] tags=["teacher"]
# "Three quarters of the work, so three quarters of the time." Let several computers in the room read out their
# verdicts, for 16, 64 and 256 units. Do they agree? Whatever comes out, ask: may the table at the beginning say
# "faster"? Only with the sizes, the computer and the method beside it.

# %% [markdown]
# Read the verdicts. Do the rows agree, with each other and with 0.75? Do they say the same when you run it again?
#
# **Three quarters of the work does not promise three quarters of the time.** Here only the size was varied. The batch,
# the compiler, the program and the processor count as well. On a graphics card Keras uses special code for both
# (cuDNN). Time it where you will use it.
#
# ## Trap: timing the first call
#
# It is easy to time one `fit` with one epoch. That contains the first call, in which TensorFlow reads the Python code.

# %% tags=["nbval-ignore-output"]
for when, row in {"first call": first_calls[UNITS], "median of the later ones": medians.loc[UNITS]}.items():
    print(f"{when:24}  GRU {row['GRU']:.4f} s  LSTM {row['LSTM']:.4f} s  ratio {row['GRU'] / row['LSTM']:.2f}")

# %% [markdown] tags=["teacher"]
# "One `fit` with one epoch of each, and compare." Ask: what else is in this time? TensorFlow reads the Python code,
# once. Which line of the output tells what a long training costs? The second.

# %% [markdown]
# The first line times the reading, not the two networks; and the one that comes first also pays for TensorFlow's own
# start. Mended: call once, throw that time away, then measure.
#
# ## Which one forecasts better?
#
# The task is that of {lesson:quickstart}: tomorrow's mean temperature in Brussels. This time from 14 days with seven
# numbers each: mean, lowest and highest temperature, rain, evapotranspiration (the water that grass would lose), and
# the sine and cosine of the day of the year, which tell the season. All are **z-scores**: minus the mean of the
# training years, divided by their standard deviation. (That z has nothing to do with the gate. `data.load` reads the
# record and puts the daily mean in the first column. `create_dataset` takes the first column as the target.)
#
# Three simple forecasts stand beside the networks.
#
# - **Persistence:** tomorrow will be as today.
# - The **damped anomaly:** of today's departure from what is usual on its date, a share φ is left tomorrow. So: what is
#   usual on tomorrow's date, plus φ times today's departure. The usual and φ are fitted on the training years.
#   ({Lesson:preprocessing} takes it apart.)
# - **Ridge regression:** a weighted sum of the same seven numbers of the last days, plus a constant, with the weights
#   that make the squared error smallest. (A small penalty keeps them from growing large.) It has no gates and no memory.
#   If you double an input, its share doubles; so we call it the **straight line**. How many days it sees is chosen on
#   the validation years, 1998 to 2001.

# %%
record = with_season(data.load("brussels"))
mean, std = record.loc[: data.TRAIN_END].mean(), record.loc[: data.TRAIN_END].std()
X, y = create_dataset(((record - mean) / std).astype("float32"), WINDOW)
days = record.index[WINDOW:]  # the day that each y stands for
learn = days <= data.TRAIN_END
X_train, y_train, X_later, y_later, later_days = X[learn], y[learn], X[~learn], y[~learn], days[~learn]
is_test = later_days > data.VALIDATION_END


def squared_errors(forecast):
    """Return squared errors in °C², shape (1, days), of z-scores for all days after the training years."""
    return (std["temperature"] * (np.asarray(forecast) - y_later)[np.newaxis]) ** 2


squared = {}
for name, forecaster in {"persistence": baselines.persistence, "damped anomaly": baselines.damped_anomaly}.items():
    celsius = forecaster(record, data.TRAIN_END, later_days)
    squared[name] = squared_errors((celsius - mean["temperature"]) / std["temperature"])

lines = {}
for seen in (1, 2, 3, 5, 7, 14):
    line = Ridge().fit(X_train[:, -seen:].reshape(len(X_train), -1), y_train)
    lines[seen] = squared_errors(line.predict(X_later[:, -seen:].reshape(len(X_later), -1)))
best = min(lines, key=lambda seen: lines[seen][:, ~is_test].mean())
squared["ridge"] = lines[best]
print(f"The straight line sees {best} days.")

# %% [markdown]
# Three networks: `GRU(16)`, `LSTM(16)` with equal units, `LSTM(14)` with equal parameters. Each is trained from
# **six** random starts (**seeds**). Everything else that we set is the same for all: windows, batches, six epochs, and
# Adam with a learning rate that falls from 0.01 to 0. That is chosen for a short run and tuned for none of the three.
#
# One thing differs that is no part of the cell. Keras starts the LSTM's forget gate with a bias of 1, "rather keep", and
# the GRU's update gate with 0. {Lesson:what_a_gru_remembers} shows what that can do. Jozefowicz and others (2015) found
# an LSTM behind the GRU, and a bias of 1 in its forget gate closed the gap.
#
# Each is compiled once (`jit_compile`: the same numbers, sooner), and an epoch is one call (`steps_per_execution`). For
# each seed `start_anew` gives it new random weights, and Adam a fresh start.

# %%
SEEDS, EPOCHS, BATCH = 6, 6, 191  # 191 windows a batch leave no rest: one shape, compiled once
NETWORKS = {
    "GRU(16)": (keras.layers.GRU, 16),
    "LSTM(16)": (keras.layers.LSTM, 16),
    "LSTM(14)": (keras.layers.LSTM, EQUAL),
}
for name, (kind, units) in NETWORKS.items():
    model = keras.Sequential([keras.Input(shape=(WINDOW, FEATURES)), kind(units), keras.layers.Dense(1)])
    rate = keras.optimizers.schedules.CosineDecay(0.01, EPOCHS * len(X_train) // BATCH)
    model.compile(keras.optimizers.Adam(rate), loss="mean_squared_error", jit_compile=True, steps_per_execution=42)
    squared[name] = np.empty((SEEDS, len(X_later)))
    for seed in range(SEEDS):
        start_anew(model, seed)
        model.fit(X_train, y_train, epochs=EPOCHS, batch_size=BATCH, verbose=0)
        squared[name][seed] = squared_errors(model.predict_on_batch(X_later)[:, 0])[0]

# %%
assert len(X_train) == 42 * BATCH
assert X.shape[1:] == (WINDOW, FEATURES)
# Keras' order of the blocks: z, r, candidate; and i, f, candidate, o
assert (built(keras.layers.GRU, 3).get_weights()[2] == 0).all()
assert (built(keras.layers.LSTM, 3).get_weights()[2][3:6] == 1).all()

# %% [markdown]
# ## Trap: one seed each
#
# The quick comparison trains each network once. Let us do that: seed 0 against seed 0, on the validation years. And
# then with every other pair. Which of the six GRUs meets which of the six LSTMs is chance, so all 36 **duels** are
# equally good.

# %%
SIMPLE = ("persistence", "damped anomaly", "ridge")
one_each = {name: np.sqrt(values[:, ~is_test].mean(axis=1)) for name, values in squared.items()}
margins = one_each["GRU(16)"][:, np.newaxis] - one_each["LSTM(16)"]  # below 0: the GRU wins

# %% tags=["nbval-ignore-output", "slide"]
print(f"seed 0 against seed 0: GRU {one_each['GRU(16)'][0]:.3f} °C, LSTM {one_each['LSTM(16)'][0]:.3f} °C")
print(f"all {margins.size} duels: the GRU wins {(margins < 0).sum()}, the LSTM wins {(margins > 0).sum()}")
print("beside them:", ", ".join(f"{name} {one_each[name][0]:.3f} °C" for name in SIMPLE))

# %% [markdown]
# With one seed each you can report either winner, with three decimals. The mend: several seeds each, and their spread.

# %%
assert margins.min() < 0 < margins.max()
assert margins.max() - margins.min() > 0.015

# %% [markdown] tags=["teacher"]
# Read out only the first line, seed 0 against seed 0, and ask for the winner. Then show the duels. "So take the mean
# of all." Ask: would another six seeds give the same mean? Leave it open: *How sure are we of a difference?* answers
# it.

# %% [markdown]
# ## What do six seeds say?
#
# Now the test years, 2002 to 2005. Nothing above was chosen on them. One dot a network:

# %%
test = {name: values[:, is_test] for name, values in squared.items()}
errors = {name: np.sqrt(values.mean(axis=1)) for name, values in test.items()}
averages = {name: values.mean() for name, values in errors.items()}

# %% tags=["nbval-ignore-output", "slide"]
fig, ax = plots.figure(figsize=(8, 3))
for row, name in enumerate(NETWORKS):
    ax.plot(errors[name], np.full(SEEDS, row), "o", alpha=0.6)
    ax.plot(averages[name], row, "|", color="black", markersize=24)
for name, style, colour in zip(SIMPLE, ("--", ":", "-."), ("grey", "black", "black"), strict=True):
    ax.axvline(averages[name], color=colour, linestyle=style, label=name)
ax.set(yticks=range(3), yticklabels=NETWORKS, ylim=(2.6, -0.6), xlabel="RMSE on the test years (°C)")
fig.legend(loc="outside upper center", ncols=3)
plots.show(
    fig,
    "Errors of six networks of each kind on the test years, as dots, with their mean as a black bar. The three clouds "
    "overlap, between 1.90 and 1.96 °C. The straight line, ridge, stands at the right edge of the clouds, at 1.95 °C. The "
    "damped anomaly is farther right, at 2.0 °C, and persistence far to the right, at 2.1 °C.",
)
print(", ".join(f"{name} {error:.3f} °C" for name, error in averages.items()))

# %% [markdown]
# The three clouds overlap. All dots are far ahead of persistence, and ahead of the damped anomaly, but **most of the
# lead over persistence the straight line has as well**. What a network adds is the short way from the line to the dots.
# How much of that is owed to gates and memory, this does not say.

# %%
assert max(errors[name].max() for name in NETWORKS) < averages["damped anomaly"] - 0.02
assert averages["ridge"] < averages["damped anomaly"] - 0.02 < averages["persistence"] - 0.08
assert max(errors[name].min() for name in NETWORKS) < min(errors[name].max() for name in NETWORKS)  # overlap
assert averages["persistence"] - averages["ridge"] > 2 * (averages["ridge"] - averages["GRU(16)"])
assert averages["ridge"] > max(averages[name] for name in NETWORKS)

# %% [markdown]
# ## How sure are we of a difference?
#
# The means differ a little. Two kinds of chance are in that. With six other **seeds** the means would come out
# differently. On other **days** the errors would too.
#
# The **bootstrap** asks: what else could have come out? It draws new seeds from our six, and new days from our test
# days, both with replacement (some twice, some not at all). It computes the difference again. It repeats this 1,000
# times. The middle 95 % of the results are the **interval**. Three details matter:
#
# - The days are drawn in **blocks** of 30 in a row. Weather lasts, so a bad day for a forecast is often followed by
#   another. Days drawn one by one would look more independent than they are, and the interval would be too narrow.
# - Both are judged on the **same** drawn days. That is what **paired** means. A hard winter is hard for both, and
#   cancels in the difference.
# - Only six seeds are there to draw from, so what is drawn varies too little. To make up for that, we draw five in place
#   of six. With so few seeds the interval is **still a little too narrow**.


# %%
def mean_rmse(squared, days, rng):
    drawn = squared[rng.integers(len(squared), size=max(1, len(squared) - 1))]
    return np.sqrt(drawn[:, days].mean(axis=1)).mean()  # the RMSE of each seed, then their mean


def draw_days(days, rng, block=30):
    starts = rng.integers(days - block + 1, size=-(-days // block))
    return (starts[:, np.newaxis] + np.arange(block)).ravel()[:days]


def interval(a, b, paired=True, repeats=1000):
    """95 % interval of the mean RMSE of `a` minus that of `b`, both squared errors of shape (seeds, days)."""
    rng, n = np.random.default_rng(0), a.shape[1]
    differences = []
    for _ in range(repeats):
        days_a = draw_days(n, rng)
        days_b = days_a if paired else draw_days(n, rng)
        differences.append(mean_rmse(a, days_a, rng) - mean_rmse(b, days_b, rng))
    return np.quantile(differences, [0.025, 0.975])


def verdict(low, high):
    return "the first is better" if high < 0 else "the second is better" if low > 0 else "no clear winner"


pairs = [("GRU(16)", "LSTM(16)"), ("GRU(16)", "LSTM(14)"), ("LSTM(16)", "LSTM(14)")]
pairs += [("GRU(16)", simple) for simple in SIMPLE]
intervals = {pair: interval(test[pair[0]], test[pair[1]]) for pair in pairs}
unpaired = interval(test["GRU(16)"], test["LSTM(16)"], paired=False)

# %% tags=["nbval-ignore-output", "slide"]
for (a, b), (low, high) in intervals.items():
    difference = averages[a] - averages[b]
    print(f"{a:8} minus {b:8} {difference:+.3f} °C, interval {low:+.3f} to {high:+.3f}: {verdict(low, high)}")
print(f"the first of them, not paired:    interval {unpaired[0]:+.3f} to {unpaired[1]:+.3f}")

# %% [markdown]
# An interval that holds 0 means: the data do not say which of the two is better. The verdict is computed from that, not
# from the difference alone. It holds for this recipe and for weather as in these four years.
#
# - **GRU against LSTM:** no clear winner.
# - **GRU against persistence and the damped anomaly:** the GRU is better.
# - **GRU against the straight line:** on the mean the GRU is ahead by a few hundredths of a degree. The upper end of the
#   interval lies so close to 0 that it may fall on either side. Read the verdict.
# - **Not paired**, the interval is several times as wide, only because some days are harder than others.

# %%
assert 0.01 < averages["ridge"] - averages["GRU(16)"] < 0.04
assert intervals["GRU(16)", "ridge"][0] < -0.03
assert -0.03 < intervals["GRU(16)", "ridge"][1] < 0.03
assert max(intervals["GRU(16)", simple][1] for simple in SIMPLE[:2]) < 0
assert all(low < 0 < high for low, high in (intervals[pair] for pair in pairs[:3]))
assert abs(averages["GRU(16)"] - averages["LSTM(16)"]) < 0.03
assert np.diff(unpaired)[0] > 3 * np.diff(intervals["GRU(16)", "LSTM(16)"])[0]

# %% [markdown] tags=["teacher"]
# "No clear winner, so they are equal." Ask: what becomes of the interval with very few test days? It gets wide, and is
# more likely to hold 0. So 0 in the interval may only mean that we know too little. "Why not draw new days for each
# network?" Ask: what if one of them draws the hard winter? Then it loses by its days, not by its cell.

# %% [markdown]
# ## Trap: "as good, with fewer parameters"
#
# That is what the comparison at equal units invites us to say of the GRU. But is the saving its merit? Perhaps this
# task simply does not need 16 units. Then a **smaller LSTM** would do as well. We have one: `LSTM(14)`.

# %% tags=["nbval-ignore-output"]
low, high = intervals["LSTM(16)", "LSTM(14)"]
print(f"LSTM(16) against LSTM(14): {verdict(low, high)}; {low:+.3f} to {high:+.3f} °C")

# %% [markdown]
# The smaller LSTM saves nearly as much, and against it there is no clear winner either. So this comparison does not
# show that the saving comes from the GRU's gates.
#
# Mind what "no clear winner" says. It does **not** say that the two are equal. It says that we do not know which is
# better, and the interval says how large the difference may be: two or three hundredths of a degree. Whether that
# matters to you, you must decide **before** you look. (Exercise 3 makes a rule of it.)

# %%
assert abs(gru_count(FEATURES, UNITS) - lstm_count(FEATURES, EQUAL)) < 0.03 * lstm_count(FEATURES, UNITS)
assert max(np.abs(intervals[pair]).max() for pair in pairs[:3]) < 0.05

# %% [markdown] tags=["teacher"]
# "So the GRU is the better bargain: as good, and smaller." Ask: what else could be smaller and as good? A smaller
# LSTM. That control was missing. It is the habit of {lesson:what_a_gru_remembers}: take away what the explanation
# names.

# %% [markdown]
# ## When to take which?
#
# - **No reason for either?** Take the GRU: one state, simpler equations. Chung and others (2014) found the two
#   comparable on music and speech. And ask first whether a straight line would do.
# - **Do not expect much from the choice.** Greff and others (2017) tried eight variants of the LSTM in thousands of
#   runs. None was significantly better than the plain one. One of them ties the input gate to the forget gate, as the
#   GRU's z does: with fewer parameters it was not significantly worse.
# - **Something must be counted or added up over a long time?** Take the LSTM. With f = 1 and i = 1 its cell state is a
#   sum that nothing limits. A GRU's memory is a weighted mean, so it stays between −1 and 1. Weiss and others (2018) show
#   for numbers of limited precision that the LSTM can count and the GRU cannot, and that trained LSTMs do count. (What
#   the next layer sees is tanh of the sum. So its steps must be small.)
# - **It must be fast or small?** Time both where they will run, at the same error, not at the same units.
# - **Much depends on it?** Train both, with several seeds, and compute the interval.

# %%
# one unit of an LSTM, its gates always open, its candidate 1 at a pulse and 0 otherwise: c is the number of pulses
assert all(
    np.isclose(counter.forward(pulses).size, 500) and np.isclose(counter.c[0, -1, 0], pulses.sum(), atol=1e-3)
    for pulses in [np.random.default_rng(3).integers(2, size=(1, 500, 1))]
    for zeros, opened in [({f"{part}_{gate}": [[0.0]] for part in "WU" for gate in "ifoc"}, [20.0])]
    for counter in [cells.LSTM(**zeros | {"W_c": [opened], "b_i": opened, "b_f": opened, "b_o": opened, "b_c": [0.0]})]
)
# a GRU's state stays between −1 and 1, however wild its weights
assert all(
    np.abs(cells.GRU(**{name: 100 * array for name, array in cell.weights.items()}).forward(pulses)).max() < 1 + 1e-9
    for pulses in [np.random.default_rng(3).integers(2, size=(1, 500, 1))]
    for cell in [cells.GRU.initialise(features=1, units=50, rng=np.random.default_rng(4))]
)

# %% [markdown]
# ## Exercises
#
# Replace each `...` and run the cell, then run the check below it.
#
# **1. A fair opponent.** Write a function that says how many units an LSTM may have, so that its number of parameters
# is as close as possible to that of a GRU. `gru_count` and `lstm_count` are all you need.


# %%
def equal_lstm(features, gru_units):
    ...
    ### BEGIN SOLUTION
    target = gru_count(features, gru_units)
    return min(range(1, gru_units + 2), key=lambda units: abs(lstm_count(features, units) - target))
    ### END SOLUTION


# %%
check.equal_lstm(equal_lstm)

# %% [markdown]
# **2. A fair clock.** You get the seconds of each network, as two arrays, in the order in which they were measured.
# The first of each is the first call. Return the ratio GRU / LSTM that this lesson would report.


# %%
def fair_ratio(gru_seconds, lstm_seconds):
    ...
    ### BEGIN SOLUTION
    return np.median(gru_seconds[1:]) / np.median(lstm_seconds[1:])
    ### END SOLUTION


# %%
check.fair_ratio(fair_ratio)

# %% [markdown]
# **3. Equal, or not known?** "No clear winner" can mean two things: the difference is too small to matter, or we know
# too little. Write a judgement that tells them apart. It gets the interval of the GRU's error minus the LSTM's, and a
# `margin`: differences smaller than it do not matter. It returns
#
# - `"equal"` if the whole interval lies between −margin and +margin;
# - otherwise `"GRU"` or `"LSTM"` if the whole interval says that this one is better;
# - otherwise `"unknown"`.


# %%
def judgement(low, high, margin):
    ...
    ### BEGIN SOLUTION
    if -margin < low and high < margin:
        return "equal"
    if high < 0:
        return "GRU"
    if low > 0:
        return "LSTM"
    return "unknown"
    ### END SOLUTION


# %%
check.judgement(judgement)

# %% [markdown] tags=["teacher"]
# Do 3 together: draw each interval as a bar beside the margin. The likely slip never says "unknown"; the hint says
# which interval decides nothing. In 1 it is three quarters of the units, in 2 the first call left in. 1 and 2 are for
# home.

# %% [markdown]
# ## What to take away
#
# - An LSTM has three gates and two states, a GRU two gates and one state.
# - At equal units a GRU has about three quarters of the parameters and exactly three quarters of the multiply-adds. At
#   equal parameters it saves hardly anything.
# - Three quarters of the work does not promise three quarters of the time. Leave out the first call, take turns, report
#   the ratio of medians.
# - One seed each decides nothing. Several seeds, the same days, an interval, and only then a verdict.
# - A straight line on the same inputs has most of a network's lead over persistence. What is left for the network is so
#   small that the interval may hold 0.
#
# ## Self-test
#
# <details><summary>A GRU with 50 units is replaced by an LSTM with 50 units, and the error falls. Is the LSTM the better cell?</summary>
#
# That does not follow. The LSTM has about a third more parameters, so a larger GRU might do as well. And with one seed
# each it may be luck. Compare at equal parameters too, with several seeds and an interval.
# </details>
#
# <details><summary>The interval of the difference goes from −0.03 to +0.01 °C. What do you report?</summary>
#
# No clear winner, with the interval. If you had said beforehand that less than 0.05 °C does not matter, you may say
# more: for your purpose the two are equal.
# </details>
#
# <details><summary>Why are both networks judged on the same drawn days?</summary>
#
# Some days are hard for every forecast. On the same days that cancels in the difference. On different days it would be
# added to it, and hide a small difference.
# </details>
#
# ## Where next
#
# The theory ends here. {Lesson:cleaning} turns to the data: what is wrong with a daily record, and how to mend it.
#
# ## References
#
# - S. Hochreiter and J. Schmidhuber, *Long Short-Term Memory*, Neural Computation 9, 1997,
#   [doi:10.1162/neco.1997.9.8.1735](https://doi.org/10.1162/neco.1997.9.8.1735): the LSTM, still without a forget gate.
# - F. A. Gers, J. Schmidhuber and F. Cummins, *Learning to Forget: Continual Prediction with LSTM*, Neural Computation
#   12, 2000, [doi:10.1162/089976600300015015](https://doi.org/10.1162/089976600300015015): the forget gate.
# - K. Cho and others, *Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine Translation*,
#   2014, [arXiv:1406.1078](https://arxiv.org/abs/1406.1078): the GRU.
# - J. Chung and others, *Empirical Evaluation of Gated Recurrent Neural Networks on Sequence Modeling*, 2014,
#   [arXiv:1412.3555](https://arxiv.org/abs/1412.3555).
# - R. Jozefowicz, W. Zaremba and I. Sutskever, *An Empirical Exploration of Recurrent Network Architectures*, ICML 2015,
#   [PMLR 37](https://proceedings.mlr.press/v37/jozefowicz15.html).
# - K. Greff and others, *LSTM: A Search Space Odyssey*, IEEE Transactions on Neural Networks and Learning Systems 28,
#   2017, [doi:10.1109/TNNLS.2016.2582924](https://doi.org/10.1109/TNNLS.2016.2582924),
#   [arXiv:1503.04069](https://arxiv.org/abs/1503.04069).
# - G. Weiss, Y. Goldberg and E. Yahav, *On the Practical Computational Power of Finite Precision RNNs for Language
#   Recognition*, ACL 2018, [arXiv:1805.04908](https://arxiv.org/abs/1805.04908).
# - H. R. Künsch, *The Jackknife and the Bootstrap for General Stationary Observations*, The Annals of Statistics 17,
#   1989, [doi:10.1214/aos/1176347265](https://doi.org/10.1214/aos/1176347265): why blocks.

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# **A blind duel** (12 minutes; three packs of six cards, face down). On each card is an RMSE. Packs 1 and 2 both hold
# 1.91, 1.92, 1.93, 1.94, 1.95 and 1.96 °C; on pack 3 each is 0.01 less. The class does not know this. Call pack 1
# "GRU" and pack 2 "LSTM". Ten times a student draws a card from each; the lower wins, a tie counts for neither; keep
# the score on the board, and put the cards back. The class names the better cell, and says how sure it is. Then turn
# all cards over: the packs are the same.
#
# Do it again, with pack 3 in place of one of the two. Now one **is** better. Of the 36 possible duels it wins 21,
# loses 10, and 5 are ties. Say: ten duels do not tell the first game from the second. The means would; but they, too,
# come from six draws. Hence the interval.
#
# ### Answers to the open questions
#
# - *Is the ratio 3/4?* A little more, because of the second bias. Wrong: "exactly". It counts blocks, and takes all
#   blocks for equally large.
# - *Three quarters of the time?* Not promised; each computer says it for itself. Wrong: "yes"; work is not time.
# - *What do you report of −0.03 to +0.01 °C? (self-test)* No clear winner, with the interval. Wrong: "the GRU is
#   better by 0.01", the middle. Thin: "no winner", without the interval.
# - *Is the LSTM of 50 units the better cell?* It does not follow. Three doubts: it is larger, one seed each is luck,
#   and other days might say otherwise. Ask for all three.
#
# ### When time is short
#
# Skip *Is it faster, then?* with its trap, and *When to take which?* Of *Can I compute one step by hand?* show only
# the diagram. Do not skip *Trap: one seed each* and *How sure are we of a difference?*: later verdicts rest on seeds
# and an interval.
#
# ### After the lesson, students can
#
# - choose an LSTM of a GRU's size (exercise 1);
# - measure two running times so that the ratio can be trusted (exercise 2, trap);
# - judge an interval: better, equal or unknown (exercise 3, self-test);
# - explain why one seed each decides nothing (trap, self-test);
# - explain why both networks are judged on the same days (self-test).

# %% tags=["teacher"]
import numpy as np

cards = np.arange(191, 197)  # hundredths of a degree


def duels(a, b):
    differences = a[:, np.newaxis] - b
    return [int((differences < 0).sum()), int((differences > 0).sum()), int((differences == 0).sum())]


wins, losses, ties = duels(cards, cards)
assert wins == losses
assert duels(cards - 1, cards) == [21, 10, 5]
