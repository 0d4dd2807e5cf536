# ---
# jupyter:
#   lesson:
#     part: The cell
#     question: Which one, and what does it cost? Measured.
#     learn: what an LSTM is, what each of the two costs, and how to compare two networks without fooling yourself
#     need: "{lesson:gru_by_hand} for the GRU's gates; {lesson:conventions} for Keras' two biases"
# ---

# %% [markdown]
# # GRU against LSTM: which one, and what does it cost?
#
# At the end of this lesson you will be able to say what a GRU saves against an LSTM, to measure it on your own
# computer, and to say whether one of two networks is better or just luckier.

# %% [markdown]
# GRU and LSTM are two kinds of **cell**: two ways to compute the next state from the input and the state before. The
# LSTM (long short-term memory, 1997) is the older of the two. The GRU (2014) is its simpler relative. Many articles
# compare them in a table like this one:
#
# | | GRU | LSTM |
# |---|---|---|
# | gates | 2 (reset, update) | 3 (input, forget, output) |
# | states | 1 | 2 |
# | computing | less | more |
# | training speed | faster | slower |
# | performance | similar on many tasks | |
#
# Such a table usually has no numbers. We measure every row, and print the table again at the end.

# %%
import time

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.linear_model import Ridge

from helpers import cells, data, plots
from helpers.cells import sigmoid
from helpers.evaluation import rmse
from helpers.exercises import gru_vs_lstm as check
from helpers.models import set_seed, start_anew
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
# decides how much is shown. Here is one time step, an equation a line. A reset gate it has not: its candidate sees all
# of $h$. (`W` meets the input, `U` the hidden state before, `b` is the bias.)


# %%
def lstm_step(x_t, h, c, w):
    i = sigmoid(x_t @ w["W_i"] + h @ w["U_i"] + w["b_i"])  # input gate: how much of the candidate comes in
    f = sigmoid(x_t @ w["W_f"] + h @ w["U_f"] + w["b_f"])  # forget gate: how much of the cell state stays
    o = sigmoid(x_t @ w["W_o"] + h @ w["U_o"] + w["b_o"])  # output gate: how much of it is shown
    candidate = np.tanh(x_t @ w["W_c"] + h @ w["U_c"] + w["b_c"])  # what could be remembered now
    c = f * c + i * candidate
    h = o * np.tanh(c)
    return h, c


# %% [markdown]
# Is this what Keras computes? We let a Keras layer with random weights read 20 steps, and do the same by hand.

# %%
set_seed()
layer = keras.layers.LSTM(5)
layer.build((None, None, 3))
weights = cells.LSTM.from_keras(layer).weights  # the layer's own numbers, under the names above
x = np.random.default_rng(0).standard_normal((1, 20, 3))

h, c = np.zeros((1, 5)), np.zeros((1, 5))
for t in range(20):
    h, c = lstm_step(x[:, t], h, c, weights)
print("the same as Keras' LSTM, to five decimals:", np.allclose(h, layer(x.astype("float32")), atol=1e-5))

# %%
assert np.allclose(h, layer(x.astype("float32")), atol=1e-5)

# %% [markdown]
# To go on from where you stopped, a GRU needs one list of numbers. An LSTM needs two. So at the same `units` the
# LSTM remembers twice as many numbers.
#
# ## How many parameters, at equal units?
#
# Each gate has a kernel, a recurrent kernel and a bias. So has the candidate. Call these a **block**: the GRU has three
# of them, the LSTM four. With *n* units and *m* features, a block has *n*² + *nm* weights and *n* biases. (Keras' GRU
# has 2*n* biases in each.)
#
# **Predict first:** three blocks against four. Is the ratio 3/4?

# %%
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
# One can also turn it round: with the parameters of `GRU(16)`, how large may an LSTM be?

# %%
for units in (13, 14, 15, 16):
    print(f"LSTM({units}): {lstm_count(FEATURES, units):,} parameters; GRU({UNITS}): {gru_count(FEATURES, UNITS):,}")
EQUAL = 14  # units of an LSTM with about the parameters of GRU(16)

# %% [markdown]
# So there are two fair fights: `GRU(16)` against `LSTM(16)`, at equal units, and `GRU(16)` against `LSTM(14)`, at equal
# parameters. We keep both.
#
# ## How much computing is one step?
#
# At each step every number in the two kernels is used once: multiplied, and added to a sum. Such a **multiply-add** is
# what a processor mostly does here. (Biases and gates add a few operations for each unit. They are left out.)


# %%
def multiply_adds(blocks, units):
    return blocks * units * (units + FEATURES)


work = {"GRU(16)": multiply_adds(3, 16), "LSTM(16)": multiply_adds(4, 16), "LSTM(14)": multiply_adds(4, 14)}
for name, count in work.items():
    print(f"{name:8} {count:,} multiply-adds a step; GRU(16) does {work['GRU(16)'] / count:.2f} of that")

# %%
assert work["GRU(16)"] / work["LSTM(16)"] == 3 / 4
assert 0.9 < work["GRU(16)"] / work["LSTM(14)"] < 1.1
assert sum(kernel.size for kernel in built(keras.layers.GRU, 16).get_weights()[:2]) == work["GRU(16)"]
assert sum(kernel.size for kernel in built(keras.layers.LSTM, 16).get_weights()[:2]) == work["LSTM(16)"]

# %% [markdown]
# At equal units the GRU does exactly three quarters of the work. At equal parameters there is hardly a difference.
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
#   GRU is called faster only if this whole half lies below 1.
#
# We time a training step of a layer alone: one call, and the gradients of all its weights. `tf.GradientTape` notes what
# is computed and gives the gradients. `tf.function` has TensorFlow read the Python function once and run it by itself
# afterwards. Each is measured with and without **XLA**, TensorFlow's compiler, which melts many small operations into
# few (`jit_compile=True`).


# %%
def training_step(kind, units, xla):
    layer = built(kind, units)

    def step(x):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(layer(x) ** 2)
        return tape.gradient(loss, layer.trainable_variables)

    return tf.function(step, jit_compile=xla, autograph=False)


def seconds(function, x):
    start = time.perf_counter()
    np.asarray(function(x)[0])  # wait until it is there
    return time.perf_counter() - start


SIZES, REPEATS = (16, 256), 31
batch = tf.random.stateless_normal((64, WINDOW, FEATURES), seed=(0, 0))
first_calls, medians = {}, pd.DataFrame(columns=["XLA", "units", "GRU", "LSTM", "low", "high"])
for xla in (False, True):
    for units in SIZES:
        steps = {name: training_step(kind, units, xla) for name, kind in KINDS.items()}
        first_calls[xla, units] = {name: seconds(step, batch) for name, step in steps.items()}
        orders = [list(KINDS)[:: 1 - turn % 2 * 2] for turn in range(REPEATS)]  # who begins changes every time
        turns = pd.DataFrame([{name: seconds(steps[name], batch) for name in order} for order in orders])
        low, high = (turns["GRU"] / turns["LSTM"]).quantile([0.25, 0.75])
        medians.loc[len(medians)] = [xla, units, turns["GRU"].median(), turns["LSTM"].median(), low, high]
ratio = medians["GRU"] / medians["LSTM"]

# %% tags=["nbval-ignore-output"]
print("GRU's time / LSTM's, and the middle half of the turns")
for row in medians.itertuples():
    print(f"{row.units:3} units, XLA {row.XLA!s:5} {row.GRU / row.LSTM:.2f} ({row.low:.2f} to {row.high:.2f})")
faster, slower = (medians["high"] < 1).sum(), (medians["low"] > 1).sum()
timed = f"GRU's time / LSTM's: {ratio.min():.2f} to {ratio.max():.2f}; faster in {faster} of {len(ratio)}, slower in {slower}"
print(timed)
time_grown = medians["GRU"][medians["units"] == 256].median() / medians["GRU"][medians["units"] == 16].median()
work_grown = multiply_adds(3, 256) / multiply_adds(3, 16)
print(f"From 16 to 256 units the GRU's work grows {work_grown:.0f}-fold, its time {time_grown:.0f}-fold.")

# %% [markdown]
# In the last line the work grows far more than the time does. So the multiply-adds are only a part of the time, and
# nothing says that the rest comes as 3 to 4.
#
# So **"the GRU is faster" is no property of the GRU**. Here only the size and XLA were varied. The batch, the program
# and the processor count as well. On a graphics card Keras uses special code for both (cuDNN). Time it where you will
# use it.

# %%
assert time_grown < work_grown  # ratios of times differ: they are not asserted

# %% [markdown]
# ## Trap: timing the first call
#
# Many comparisons time one `fit` with one epoch. That contains the first call, in which TensorFlow reads the Python code
# and compiles it.

# %% tags=["nbval-ignore-output"]
first, later = first_calls[True, UNITS], medians[medians["XLA"] & (medians["units"] == UNITS)].iloc[0]
for when, row in {"first call, with XLA": first, "median of the later ones": later}.items():
    print(f"{when:24}  GRU {row['GRU']:.4f} s  LSTM {row['LSTM']:.4f} s  ratio {row['GRU'] / row['LSTM']:.2f}")

# %% [markdown]
# The first line times the compiler. It says nothing about the two networks. Mended: call once, throw that time away,
# then measure.

# %%
assert all(first[name] > 3 * later[name] for name in KINDS)

# %% [markdown]
# ## Which one forecasts better?
#
# The task is that of {lesson:quickstart}: tomorrow's mean temperature in Brussels. This time from 14 days with seven
# numbers each: mean, lowest and highest temperature, rain, evapotranspiration (the water that grass would lose), and
# the sine and cosine of the day of the year, which tell the season. All are **z-scores**: minus the mean of the
# training years, divided by their standard deviation. (That z has nothing to do with the gate. `data.load` reads the
# record and puts the daily mean in the first column. `create_dataset` takes the first column as the target.)
#
# Two simple forecasts stand beside the networks. One is persistence, "tomorrow = today". The other is **ridge
# regression**: a weighted sum of the same 14 × 7 numbers plus a constant, with the weights that make the squared error
# smallest. (A small penalty keeps them from growing large.) It has no gates and no memory. If you double an input, its
# share doubles; so we call it the **straight line**.

# %%
record = data.load("brussels")
angle = 2 * np.pi * record.index.day_of_year / 365.25
record = record.assign(sine=np.sin(angle), cosine=np.cos(angle))
mean, std = record.loc[: data.TRAIN_END].mean(), record.loc[: data.TRAIN_END].std()
X, y = create_dataset(((record - mean) / std).astype("float32"), WINDOW)
days = record.index[WINDOW:]  # the day that each y stands for
learn = days <= data.TRAIN_END
X_train, y_train, X_later, y_later, later_days = X[learn], y[learn], X[~learn], y[~learn], days[~learn]
is_test = later_days > data.VALIDATION_END


def squared_errors(zscores):
    """Return squared errors in °C², shape (days,), of forecasts for all days after the training years."""
    return (std["temperature"] * (zscores - y_later)) ** 2


line = Ridge().fit(X_train.reshape(len(X_train), -1), y_train)
squared = {"ridge": squared_errors(line.predict(X_later.reshape(len(X_later), -1)))[np.newaxis]}
test_days = later_days[is_test]
persistence_error = rmse(record["temperature"][test_days], record["temperature"].shift(1)[test_days])

# %% [markdown]
# Three networks: `GRU(16)`, `LSTM(16)` with equal units, `LSTM(14)` with equal parameters. Each is trained from
# **eight** random starts (**seeds**). Everything else that we set is the same for all: windows, batches, six epochs,
# and Adam with a learning rate that falls from 0.01 to 0. That is chosen for a short run and tuned for none of the
# three.
#
# Each is compiled once. For each seed `start_anew` gives it new random weights, and Adam a fresh start.

# %%
SEEDS, EPOCHS, BATCH = 8, 6, 191  # 191 windows a batch leave no rest: one shape, compiled once
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
        squared[name][seed] = squared_errors(model.predict_on_batch(X_later)[:, 0])

# %%
assert len(X_train) == 42 * BATCH
assert X.shape[1:] == (WINDOW, FEATURES)

# %% [markdown]
# ## Trap: one seed each
#
# The usual comparison trains each network once. Let us do that: seed 0 against seed 0, on the years 1998 to 2001. And
# then with every other pair. Which of the eight GRUs meets which of the eight LSTMs is chance, so all 64 **duels** are
# equally good.

# %%
one_each = {name: np.sqrt(values[:, ~is_test].mean(axis=1)) for name, values in squared.items()}
margins = one_each["GRU(16)"][:, np.newaxis] - one_each["LSTM(16)"]  # below 0: the GRU wins

# %% tags=["nbval-ignore-output"]
print(f"seed 0 against seed 0: GRU {one_each['GRU(16)'][0]:.3f} °C, LSTM {one_each['LSTM(16)'][0]:.3f} °C")
print(f"all {margins.size} duels: the GRU wins {(margins < 0).sum()}, the LSTM wins {(margins > 0).sum()}")
print(f"largest win of the GRU: {-margins.min():.3f} °C; of the LSTM: {margins.max():.3f} °C")
print(f"the straight line, for comparison: {one_each['ridge'][0]:.3f} °C")

# %% [markdown]
# With one seed each you can report either winner, with three decimals. The mend: several seeds each, and their spread.

# %%
assert margins.min() < 0 < margins.max()
assert margins.max() - margins.min() > 0.015

# %% [markdown]
# ## What do eight seeds say?
#
# Now the test years, 2002 to 2005. Nothing above was chosen on them. One dot a network:

# %%
test = {name: values[:, is_test] for name, values in squared.items()}
errors = {name: np.sqrt(values.mean(axis=1)) for name, values in test.items()}
averages = {name: values.mean() for name, values in errors.items()}

# %% tags=["nbval-ignore-output"]
fig, ax = plots.figure(figsize=(8, 3))
for row, name in enumerate(NETWORKS):
    ax.plot(errors[name], np.full(SEEDS, row), "o", alpha=0.6)
    ax.plot(averages[name], row, "|", color="black", markersize=24)
ax.axvline(averages["ridge"], color="black", linestyle="-.", label="straight line (ridge)")
ax.axvline(persistence_error, color="grey", linestyle="--", label="tomorrow = today")
ax.set(yticks=range(3), yticklabels=NETWORKS, ylim=(2.6, -0.6), xlabel="RMSE on the test years (°C)")
ax.legend(loc="center")
plots.show(
    fig,
    "Errors of eight networks of each kind on the test years, as dots, with their mean as a black bar. The three clouds "
    "overlap, between 1.90 and 1.96 °C. The straight line stands at 1.96 °C, close to the clouds, right of nearly all dots. "
    "'Tomorrow = today' is far to the right, at 2.1 °C.",
)
print(f"tomorrow = today {persistence_error:.3f} °C, ", ", ".join(f"{n} {e:.3f} °C" for n, e in averages.items()))

# %% [markdown]
# The three clouds overlap. All dots are far ahead of "tomorrow = today", but **most of that lead the straight line has
# as well**. What a network adds is the short way from the line to the dots. How much of that is owed to gates and
# memory, this does not say.

# %%
assert max(errors[name].max() for name in NETWORKS) < persistence_error - 0.1
assert errors["GRU(16)"].max() > errors["LSTM(16)"].min()
assert errors["LSTM(16)"].max() > errors["GRU(16)"].min()
assert persistence_error - averages["ridge"] > 2 * (averages["ridge"] - averages["GRU(16)"])
assert averages["ridge"] > max(averages[name] for name in NETWORKS)

# %% [markdown]
# ## How sure are we of a difference?
#
# The means differ a little. Two kinds of chance are in that: with eight other **seeds** the means would be others, and
# on other **days** the errors would be.
#
# The **bootstrap** asks: what else could have come out? It draws new seeds from our eight, and new days from our test
# days, both with replacement (some twice, some not at all). It computes the difference again. It repeats this 1,000
# times. The middle 95 % of the results are the **interval**. Three details matter:
#
# - The days are drawn in **blocks** of 30 in a row. Weather lasts, so a bad day for a forecast is often followed by
#   another. Days drawn one by one would look more independent than they are, and the interval would be too narrow.
# - Both are judged on the **same** drawn days. That is what **paired** means. A hard winter is hard for both, and
#   cancels in the difference.
# - Eight seeds drawn again from the same eight differ less than eight new ones would. So we draw one fewer. With so few
#   seeds the interval is **still a little too narrow**.


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
pairs += [(name, "ridge") for name in NETWORKS]
intervals = {pair: interval(test[pair[0]], test[pair[1]]) for pair in pairs}
unpaired = interval(test["GRU(16)"], test["LSTM(16)"], paired=False)

# %% tags=["nbval-ignore-output"]
for (a, b), (low, high) in intervals.items():
    difference = averages[a] - averages[b]
    print(f"{a:8} minus {b:8} {difference:+.3f} °C, interval {low:+.3f} to {high:+.3f}: {verdict(low, high)}")
print(f"the first of them, not paired:    interval {unpaired[0]:+.3f} to {unpaired[1]:+.3f}")

# %% [markdown]
# An interval that holds 0 means: the data do not say which of the two is better. The verdict is computed from that, not
# from the difference alone. It holds for this recipe and for weather as in these four years.
#
# - **GRU against LSTM:** no clear winner.
# - **GRU against the straight line:** on the mean the GRU is ahead by some four hundredths of a degree. The upper
#   end of the interval lies so close to 0 that it may fall on either side. Read the verdict.
# - **Not paired**, the interval is several times as wide, only because some days are harder than others. Pairing costs
#   nothing.

# %%
assert 0.015 < averages["ridge"] - averages["GRU(16)"] < 0.06
assert intervals["GRU(16)", "ridge"][0] < -0.03
assert -0.03 < intervals["GRU(16)", "ridge"][1] < 0.015
assert intervals["GRU(16)", "LSTM(16)"][0] < 0 < intervals["GRU(16)", "LSTM(16)"][1]
assert abs(averages["GRU(16)"] - averages["LSTM(16)"]) < 0.03
assert np.diff(unpaired)[0] > 3 * np.diff(intervals["GRU(16)", "LSTM(16)"])[0]

# %% [markdown]
# ## Trap: "as good, with fewer parameters"
#
# That is what the comparison at equal units invites us to say of the GRU. But is the saving its merit? Perhaps this task
# simply does not need 16 units. Then a **smaller LSTM** is as good as well. We have one: `LSTM(14)`.

# %% tags=["nbval-ignore-output"]
low, high = intervals["LSTM(16)", "LSTM(14)"]
for name, count in {"GRU(16)": gru_count(FEATURES, UNITS), "LSTM(14)": lstm_count(FEATURES, EQUAL)}.items():
    print(f"{name:8} saves {1 - count / lstm_count(FEATURES, UNITS):.0%} of the parameters of LSTM(16)")
print(f"LSTM(16) against LSTM(14): {verdict(low, high)}; {low:+.3f} to {high:+.3f} °C")

# %% [markdown]
# The smaller LSTM saves nearly as much, and there is no clear winner either. So the saving is not a gift of the GRU's
# gates alone.
#
# Mind what "no clear winner" says. It does **not** say that the two are equal. It says that we do not know which is
# better, and the interval says how large the difference may be: two or three hundredths of a degree. Whether that
# matters to you, you must decide **before** you look. (Exercise 3 makes a rule of it.)

# %%
assert abs(gru_count(FEATURES, UNITS) - lstm_count(FEATURES, EQUAL)) < 0.03 * lstm_count(FEATURES, UNITS)
assert max(np.abs(intervals[pair]).max() for pair in pairs[:3]) < 0.05

# %% [markdown]
# ## Is there anything that only one of them can do?
#
# Yes: **count without end**. The LSTM's cell state is a sum. With f = 1 and i = 1 each step adds the candidate, and
# nothing limits the sum. We set the weights of one unit by hand. Its gates are always open, and its candidate is 1 at
# a pulse and 0 otherwise. A GRU cannot do it in this way. Its new state is a **weighted mean** of the old state and the
# candidate, so it stays between −1 and 1, whatever the weights.
# %%
pulses = np.random.default_rng(3).integers(2, size=(1, 500, 1)).astype(float)  # at each of 500 steps a pulse or none
by_hand = {f"{part}_{block}": np.zeros((1, 1)) for part in "WU" for block in "ifco"}
by_hand |= {"W_c": np.full((1, 1), 20.0), "b_c": np.zeros(1)} | {f"b_{gate}": np.full(1, 20.0) for gate in "ifo"}
counter = cells.LSTM(**by_hand)  # σ(20) is 1, tanh(20) is 1, tanh(0) is 0
shown = counter.forward(pulses)
print(
    f"pulses: {pulses.sum():.0f}   LSTM's cell state at the end: {counter.c[0, -1, 0]:.3f}, shown as {shown[0, -1, 0]:.3f}"
)
# %%
assert np.isclose(counter.c[0, -1, 0], pulses.sum(), atol=1e-3)
# a GRU's state stays between −1 and 1, however wild its weights
assert all(
    np.abs(cells.GRU(**{name: 100 * array for name, array in cell.weights.items()}).forward(pulses)).max() < 1 + 1e-9
    for cell in [cells.GRU.initialise(features=1, units=50, rng=np.random.default_rng(4))]
)

# %% [markdown]
# The layers behind see tanh(c), so only "many". But let the candidate be −1 for a closing bracket, and c comes back to 0
# when as many were closed as opened. Weiss and others (2018) show for numbers of limited precision that the LSTM can
# count and the GRU cannot, and that trained LSTMs do count. A daily temperature does not need it.
#
# ## The table again, measured

# %% tags=["nbval-ignore-output"]
rows = [
    ("gates, states", "2 and 1 / 3 and 2", "2 and 1 / 3 and 2"),
    ("computing, equal units", "GRU less", f"{work['GRU(16)'] / work['LSTM(16)']:.2f} of the LSTM's multiply-adds"),
    ("computing, equal parameters", "", f"{work['GRU(16)'] / work['LSTM(14)']:.2f} of the LSTM's multiply-adds"),
    ("training speed", "GRU faster", timed),
]
for what, pair in zip(("equal units", "equal parameters"), pairs, strict=False):
    low, high = intervals[pair]
    rows.append((f"error, {what}", "similar", f"GRU − LSTM: {low:+.3f} to {high:+.3f} °C: {verdict(low, high)}"))
low, high = intervals["GRU(16)", "ridge"]
rows.append(("error, beside the straight line", "", f"GRU − ridge: {low:+.3f} to {high:+.3f} °C: {verdict(low, high)}"))
pd.set_option("display.max_colwidth", None)
pd.DataFrame(rows, columns=["", "said (GRU / LSTM)", "measured"]).set_index("")

# %% [markdown]
# One row of such tables is missing here: "the LSTM remembers longer". {Lesson:what_a_gru_remembers} is about that. One
# warning: Keras starts the LSTM's forget gate with a bias of 1, "rather keep", and the GRU's update gate with 0. Who
# compares them as Keras starts them compares two biases as well. Our own comparison does so too. Jozefowicz and others
# (2015) found an LSTM behind the GRU, and a bias of 1 in its forget gate closed the gap.

# %%
# Keras' order of the blocks: z, r, candidate; and i, f, candidate, o
assert (built(keras.layers.GRU, 3).get_weights()[2] == 0).all()
assert (built(keras.layers.LSTM, 3).get_weights()[2][3:6] == 1).all()

# %% [markdown]
# ## When to take which?
#
# - **No reason for either?** Take the GRU: one state, simpler equations. Chung and others (2014) found the two
#   comparable on music and speech. And ask first whether a straight line would do.
# - **Do not expect much from the choice.** Greff and others (2017) tried eight variants of the LSTM in thousands of
#   runs. None was significantly better than the plain one. One of them ties the input gate to the forget gate, as the
#   GRU's z does: with fewer parameters it was not significantly worse.
# - **Something must be counted or added up over a long time?** Take the LSTM (Weiss and others 2018).
# - **It must be fast or small?** Time both where they will run, at the same error, not at the same units.
# - **Much depends on it?** Train both, with several seeds, and compute the interval.
#
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

# %% [markdown]
# ## What to take away
#
# - An LSTM has three gates and two states, a GRU two gates and one state.
# - At equal units a GRU has about three quarters of the parameters and exactly three quarters of the multiply-adds. At
#   equal parameters it saves hardly anything.
# - Three quarters of the work is not three quarters of the time. Leave out the first call, take turns, report the ratio
#   of medians.
# - One seed each decides nothing. Several seeds, the same days, an interval, and only then a verdict.
# - A straight line on the same inputs takes most of what can be gained. What is left for a network is small.
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
