# ---
# jupyter:
#   lesson:
#     part: The cell
#     question: How much does a GRU really remember, and what makes it remember longer?
#     learn: to follow an error back through a GRU, to make a GRU keep from the start, to test an explanation
#     need: "{lesson:gru_by_hand} for the gates, {lesson:vanishing_gradients} for the way back through time"
# ---

# %% [markdown]
# # What a GRU remembers, and what makes it remember longer
#
# At the end of this lesson you will be able to follow an error back through a GRU, start a GRU so that it keeps what it
# has read, and test an explanation of its success with a control.

# %% [markdown]
# In {lesson:vanishing_gradients} the message of an error faded on its way back through a plain network. Each step back
# multiplied it by a factor below 1. A GRU is said to mend that. Does it?
#
# ## Which roads lead back?
#
# Here are the GRU's equations again, $h$ being the state before:
#
# $$r = \sigma(x_t W_r + h U_r + b_r) \qquad z = \sigma(x_t W_z + h U_z + b_z)$$
#
# $$h' = \tanh(x_t W_h + (r \odot h)\, U_h + b_h) \qquad h_t = (1 - z) \odot h + z \odot h'$$
#
# We walk back as before: along a path, slopes multiply; where paths meet, they add. $a_r$, $a_z$ and $a_h$ are what
# stands inside the functions. The slope of σ is $\sigma(1 - \sigma)$.
#
# 1. **The last line** splits $dh_t$ into three: $dh' = dh_t \odot z$, $\;dz = dh_t \odot (h' - h)$, and straight to
#    $h$: $dh_t \odot (1 - z)$.
# 2. **The candidate:** $da_h = dh' \odot (1 - h'^2)$, then through $U_h$ to the product $r \odot h$:
#    $d(r \odot h) = da_h\, U_h^\top$, then to its two parts.
# 3. **The gates:** $da_z = dz \odot z (1 - z)$ and $da_r = d(r \odot h) \odot h \odot r (1 - r)$.
#    From there they reach $h$ through $U_z^\top$ and $U_r^\top$.
#
# So **four roads** lead back to $h$. What they carry adds up.

# %%
import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from helpers import cells, example, plots, recall
from helpers.cells import sigmoid, state_jacobians
from helpers.exercises import what_a_gru_remembers as check
from helpers.recall import factor_a_step, gradient_norms, recall_task


# %%
def roads_back(cell, x_t, h, dh):
    """Return the numbers on the way; and what each road brings to the state before, h, of dh at the new state."""
    r = sigmoid(x_t @ cell.W_r + h @ cell.U_r + cell.b_r)
    z = sigmoid(x_t @ cell.W_z + h @ cell.U_z + cell.b_z)
    candidate = np.tanh(x_t @ cell.W_h + (r * h) @ cell.U_h + cell.b_h)
    da_h = dh * z * (1 - candidate**2)
    d_rh = da_h @ cell.U_h.T
    da_z = dh * (candidate - h) * z * (1 - z)
    da_r = d_rh * h * r * (1 - r)
    on_the_way = {"h": h, "r": r, "z": z, "h′": candidate, "dh": dh}
    on_the_way |= {"da_h": da_h, "d(r ⊙ h)": d_rh, "da_z": da_z, "da_r": da_r}
    roads = {
        "direct": dh * (1 - z),
        "candidate": d_rh * r,
        "update gate": da_z @ cell.U_z.T,
        "reset gate": da_r @ cell.U_r.T,
    }
    return on_the_way, roads


# %% [markdown]
# ## What does each road bring, number by number?
#
# Here is the example of {lesson:gru_by_hand} again: two units, and the inputs 1, −1, 1. We stand behind the last step,
# $x = 1$, and send a message back to unit 1 only: $dh = (1, 0)$. Take a pencil. The numbers down to $h'$ are those of
# the way forward. The zero makes the rest short.

# %%
two_units = cells.GRU(**example.GRU)
h = two_units.forward(example.X[np.newaxis, :2])[:, -1]  # the state after two steps, before the last one
of_unit_1 = (two_units, example.X[np.newaxis, 2], h, np.array([[1.0, 0.0]]))  # cell, x_t, h, dh
on_the_way, roads = roads_back(*of_unit_1)
for name in ("U_h", "U_z", "U_r"):
    print(f"{name}, row by row:", *example.GRU[name])
numbers = on_the_way | roads | {"all four roads": sum(roads.values())}
pd.DataFrame({name: values[0] for name, values in numbers.items()}, index=["unit 1", "unit 2"]).T.round(3) + 0.0

# %% [markdown]
# The **direct road** leads from each unit to itself: unit 2 gets nothing on it. The other three go through a table
# $U$, and so from unit to unit. At this step z of unit 1 is nearly open, so the candidate replaces most of the memory.
# So the direct road is nearly shut, and the candidate's road brings more.
#
# Are the roads right? The two tests of {lesson:vanishing_gradients}: nudge each unit of the old state up and down; and
# ask Keras' own layer, with `GradientTape`. ({Lesson:conventions} has the sign of z and `reset_after`.)


# %%
def by_nudging(cell, x_t, h, dh):
    slopes = np.zeros(h.shape)
    for unit, nudge in enumerate(1e-5 * np.eye(cell.units)):
        above, below = (cell.forward(x_t[:, np.newaxis], initial_state=h + sign * nudge)[:, 0] for sign in (1, -1))
        slopes[:, unit] = ((above - below) * dh).sum() / 2e-5
    return slopes


def by_tape(cell, x_t, h, dh):
    w, layer = cell.weights, keras.layers.GRU(cell.units, reset_after=False, dtype="float64")
    layer.build((None, None, cell.features))
    layer.set_weights([np.concatenate([-w[f"{a}_z"], w[f"{a}_r"], w[f"{a}_h"]], axis=-1) for a in "WUb"])
    h = tf.constant(h)
    with tf.GradientTape() as tape:
        tape.watch(h)  # notes what becomes of h
        new_h = layer(x_t[:, np.newaxis], initial_state=h)
    return tape.gradient(new_h, h, output_gradients=dh).numpy()


for name, found in {
    "four roads": numbers["all four roads"],
    "by nudging": by_nudging(*of_unit_1),
    "by Keras": by_tape(*of_unit_1),
}.items():
    print(f"{name}:", *(f"{value:+.6f}" for value in found[0]))

# %%
assert np.allclose(numbers["all four roads"], by_nudging(*of_unit_1), rtol=1e-6)
assert np.allclose(numbers["all four roads"], by_tape(*of_unit_1), rtol=1e-9)
assert on_the_way["z"][0, 0] > 0.85
assert roads["direct"][0, 1] == 0
assert 0 < roads["direct"][0, 0] < np.linalg.norm(roads["candidate"])

# %% [markdown]
# ## What does each road bring in a new GRU?
#
# Sixteen units, random weights as Keras draws them, the recall task, and a message of length 1. On the left the GRU as
# it is. On the right we have shut z, by a bias of −40.


# %%
def new_rnn(rng, features=2):
    return cells.RNN.initialise(features, 16, rng)


def new_gru(rng, b_z=0.0, features=2):
    cell = cells.GRU.initialise(features, 16, rng)
    cell.b_z[:] = b_z
    return cell


x, _ = recall_task(length=20, samples=1, rng=np.random.default_rng(1))
h = new_gru(np.random.default_rng(0)).forward(x[:, :-1])[:, -1]  # a state that a new GRU has reached
sizes, last_steps = {}, []
for b_z in (0.0, -40.0):
    cell = new_gru(np.random.default_rng(0), b_z)
    last_steps.append((cell, x[:, -1], h, np.full((1, 16), 0.25)))  # a message of length 1
    _, brought = roads_back(*last_steps[-1])
    sizes[f"b_z = {b_z:.0f}"] = {name: np.linalg.norm(road) for name, road in brought.items()}
pd.DataFrame(sizes).round(3).rename_axis("length of what each road brings back")

# %%
assert all(np.allclose(sum(roads_back(*a)[1].values()), by_nudging(*a), rtol=1e-6, atol=1e-9) for a in last_steps)
assert all(np.allclose(sum(roads_back(*a)[1].values()), by_tape(*a), rtol=1e-9) for a in last_steps)
assert list(sizes["b_z = 0"]) == sorted(sizes["b_z = 0"], key=sizes["b_z = 0"].get, reverse=True)
assert 0.45 < sizes["b_z = 0"]["direct"] < 0.55 < 5 * sizes["b_z = 0"]["candidate"] < 0.75
assert np.isclose(sizes["b_z = -40"]["direct"], 1)
assert sum(sizes["b_z = -40"].values()) < 1 + 1e-9

# %% [markdown]
# In a new GRU the direct road brings back half, the candidate an eighth, the gates little. With z shut, the direct road
# brings back all. Three of the roads pass through z: where it is 0, they are shut. The direct road only multiplies by
# 1 − z: there it lets the message pass **unchanged**. The GRU's fame rests on this road.
#
# ## How long is the direct road?
#
# A new GRU has zero biases and small random weights. So z starts near σ(0) = 0.5. **Predict first:** what is left on
# the direct road after 100 steps?

# %%
norms = {"plain RNN": gradient_norms(new_rnn, length=200, networks=10)}
for b_z in (0, -1, -2, -4):
    norms[f"GRU, b_z = {b_z}"] = gradient_norms(lambda rng, b_z=b_z: new_gru(rng, b_z), length=200, networks=10)

x, _ = recall_task(length=200, samples=1, rng=np.random.default_rng(1))
cell = new_gru(np.random.default_rng(0))
cell.forward(x)
print(f"mean of z in a new GRU: {cell.z.mean():.2f}")
for k in (1, 10, 100):
    direct = (1 - cell.z[0, -k:]).prod(axis=0).mean()  # over the steps, then the mean of the units
    every = np.median(norms["GRU, b_z = 0"][:, k])
    print(f"{k:3} steps back: 0.5^{k} = {0.5**k:.0e}   direct road {direct:.0e}   all roads {every:.0e}")

# %%
assert 0.45 < cell.z.mean() < 0.55
assert direct < 1e-20
assert every < 1e-12

# %% [markdown]
# The direct road loses half at every step, and 0.5¹⁰⁰ is nothing. (For "all roads" we take the norm of
# $\partial h_T / \partial h_t$, the median of 10 networks.) The other three roads help a good deal. After 100 steps it
# is still next to nothing.
#
# ## Does a new GRU forget faster than a new plain RNN?
#
# In our task it does: compare the first two rows of the table below, in the column ±1. Is it the **cell** that makes the
# difference? Two other things differ, or might.
#
# - **The inputs.** What if they are larger than ±1, or many? The last column has 30 random numbers a step, of mean 0 and
#   standard deviation 1.
# - **The start of U.** Keras draws the three recurrent kernels of a GRU as **one** wide orthogonal matrix. Each of the
#   three alone is no longer orthogonal: it shrinks. So each cell is also drawn in the way of the other.


# %%
def shrunk_rnn(rng, features=2):
    cell = new_rnn(rng, features)
    cell.U[:] = new_gru(rng).U_h  # a third of a wide orthogonal matrix
    return cell


def orthogonal_gru(rng, features=2):
    cell = new_gru(rng, features=features)
    for U in (cell.U_r, cell.U_z, cell.U_h):
        U[:] = new_rnn(rng).U
    return cell


def norms_with_30_inputs(new, networks=10):
    rngs = [np.random.default_rng(seed) for seed in range(networks)]
    jacobians = [state_jacobians(new(rng, features=30), rng.normal(size=(101, 30))) for rng in rngs]
    return np.linalg.norm(jacobians, ord=2, axis=(2, 3))[:, ::-1]


kinds = {
    "plain RNN, U orthogonal (Keras)": new_rnn,
    "GRU, each U shrunk (Keras)": new_gru,
    "plain RNN, U shrunk": shrunk_rnn,
    "GRU, each U orthogonal": orthogonal_gru,
}
factors = {}
for size in (1, 3, 5):
    factors[f"±{size}"] = {
        kind: factor_a_step(gradient_norms(new, networks=10, size=size)) for kind, new in kinds.items()
    }
factors["30 numbers"] = {kind: factor_a_step(norms_with_30_inputs(new)) for kind, new in kinds.items()}
factors = pd.DataFrame(factors)
rnn, gru, rnn_shrunk, gru_orthogonal = (factors.loc[kind] for kind in kinds)
factors.round(2).rename_axis("factor a step, inputs").rename_axis(None, axis=1)

# %% [markdown]
# - **Large or many inputs** drive the plain network's tanh to where it is flat. Its factor falls. That of the GRU hardly
#   changes. At ±5 even the plain RNN with an orthogonal U forgets faster.
# - **The start.** Compare cells that are drawn alike. With a shrunk U the plain RNN forgets faster than the GRU in every
#   column. With an orthogonal U it forgets more slowly at ±1, and there only.
#
# So "a new GRU forgets faster" is not about the cell. It holds as Keras draws the two, for small inputs. What holds in
# every place of the table: no factor is near 1.

# %%
assert rnn["±1"] > gru["±1"] + 0.1
assert rnn["±5"] < gru["±5"] - 0.03
assert max(np.ptp(gru), np.ptp(gru_orthogonal)) < 0.12 < 0.2 < min(np.ptp(rnn), np.ptp(rnn_shrunk))
assert (rnn_shrunk < gru - 0.03).all()
assert rnn["±1"] > gru_orthogonal["±1"] + 0.05
assert (rnn[1:] < gru_orthogonal[1:] - 0.03).all()
assert factors.max(axis=None) < 0.9
# the mean slope of the plain network's tanh, with inputs of ±1 and of ±5
assert all(
    slopes[5] < 0.75 * slopes[1]
    for slopes in [
        {
            size: np.mean(1 - new_rnn(np.random.default_rng(0)).forward(recall_task(100, 9, rng, size)[0]) ** 2)
            for rng in [np.random.default_rng(0)]
            for size in (1, 5)
        }
    ]
)

# %% [markdown]
# ## What does a bias towards keeping change?
#
# If z = σ(b_z) starts too large, start with another b_z. A **negative** b_z makes z small, and 1 − z close to 1.
# Nothing else changes.

# %%
fig, ax = plots.gradients_by_steps_back(norms, "new networks (median and band of 10)")
ax.set(ylim=(1e-25, 10))
plots.show(
    fig,
    "Norm of the derivative of the last state with respect to earlier ones, 0 to 199 steps back, on a logarithmic scale. "
    "The GRU with bias 0 falls fastest and leaves the picture; bias -1 falls somewhat faster than the plain RNN, bias -2 "
    "more slowly, and with bias -4 the line is almost flat.",
)
for b_z in (0, -1, -2, -4):
    rows = norms[f"GRU, b_z = {b_z}"]
    print(
        f"b_z = {b_z:2}: z starts near {sigmoid(b_z):.3f}; 100 steps back: direct road {(1 - sigmoid(b_z)) ** 100:.0e}, "
        f"all roads {np.median(rows[:, 100]):.0e}"
    )

# %% [markdown]
# With b_z = −1 the GRU still fades faster than the plain RNN, with −2 more slowly. With −4 its line is almost flat: a
# nudge may arrive 100 steps later with about a third of its size. z is small, so 1 − z is close to 1, so its hundredth
# power is not small. Tallec and Ollivier (2018) choose such biases to suit how far back the task reaches.

# %%
at_100 = {name: np.median(rows[:, 100]) for name, rows in norms.items()}
assert at_100["GRU, b_z = -1"] < at_100["plain RNN"] < at_100["GRU, b_z = -2"]
assert at_100["GRU, b_z = 0"] < at_100["GRU, b_z = -1"] < at_100["GRU, b_z = -2"] < 0.1 < at_100["GRU, b_z = -4"]

# %% [markdown]
# ## Trap: the right bias with the wrong sign
#
# {Lesson:conventions} warned of it: in Keras z **keeps**. So what is −4 here is +4 in Keras. What does the wrong sign
# do to the gradient? There is no error and no warning:

# %%
wrong_sign = gradient_norms(lambda rng: new_gru(rng, b_z=4), length=11)
for b_z, rows in ((-4, norms["GRU, b_z = -4"]), (4, wrong_sign)):
    print(f"b_z = {b_z:+}: norm 10 steps back {np.median(rows[:, 10]):.0e}")

# %% [markdown]
# With the wrong sign the GRU throws nearly its whole state away at every step. Here is the mended way for a Keras
# layer. Its bias has two rows, which z adds up, and three blocks, in the order z, r, candidate. We set the first block
# of one row, and ask our own cell what it sees.

# %%
layer = keras.layers.GRU(16)
layer.build((None, None, 2))
kernel, recurrent_kernel, bias = layer.get_weights()
bias[0, :16] = 4  # Keras: positive keeps
layer.set_weights([kernel, recurrent_kernel, bias])
print("b_z in our convention:", np.unique(cells.GRU.from_keras(layer).b_z))

after = gradient_norms(lambda rng: cells.GRU.initialise(2, 16, rng, reset_after=True), networks=10)
print(f"factor a step with Keras' reset gate, b_z = 0: {factor_a_step(after):.2f}")

# %% [markdown]
# (By default Keras applies the reset gate after the product with $U_h$. That does not change the picture, as the last
# line shows: the factor is that of our GRU.)

# %%
assert np.median(wrong_sign[:, 10]) < 1e-2 < 0.5 < np.median(norms["GRU, b_z = -4"][:, 10])
assert (cells.GRU.from_keras(layer).b_z == -4).all()
assert abs(factor_a_step(after) - gru["±1"]) < 0.02

# %% [markdown]
# ## Who learns the task?
#
# So far nothing was trained. Now we train on the recall task, at lengths from 10 to 100. Every network has 16 units and
# the same budget: at most 300 updates, each on 32 new sequences. There are five networks of each kind, with different
# random weights. At the end each is asked 500 new sequences. An answer is right if its sign is. Guessing gets half of
# them right.
#
# `recall.train` does it, with the gradients of these lessons. **Predict first**, from the figure: who gets how far?

# %% tags=["nbval-ignore-output"]
STARTS = {"plain RNN": ("RNN", {}), "GRU, b_z = 0": ("GRU", {}), "GRU, b_z = -4": ("GRU", {"b_z": -4})}
LENGTHS = [10, 20, 50, 100]

trained = {(name, n): recall.train(kind, n, biases) for name, (kind, biases) in STARTS.items() for n in LENGTHS}
success = {job: np.median(result.right) for job, result in trained.items()}
table = {
    name: {n: " ".join(f"{share:.0%}" for share in sorted(trained[name, n].right)) for n in LENGTHS} for name in STARTS
}
pd.DataFrame(table).rename_axis("length").rename_axis("right answers of five networks", axis=1)

# %% [markdown]
# The GRU that starts as in Keras, with b_z = 0, learns 10 steps, and guesses from 20 on. With b_z = −4 it learns all
# lengths. The plain RNN learns 20 steps. At 50 and more most plain networks guess; one or another may have learned, by
# the luck of its start.
#
# This is one budget, one learning rate, one task. More updates or another learning rate move the border.

# %%
assert min(success[name, 10] for name in STARTS) > 0.95  # all can learn the short task
assert min(success["GRU, b_z = -4", n] for n in LENGTHS) > 0.95  # 100 steps are no hindrance
assert max(success["GRU, b_z = 0", n] for n in LENGTHS[1:]) < 0.7
assert success["plain RNN", 20] > 0.95
assert max(success["plain RNN", n] for n in LENGTHS[2:]) < 0.7

# %% [markdown]
# ## Trap: it was the gradient
#
# The explanation lies at hand. "At the start with b_z = −4 the gradient reaches the mark, so the GRU can learn a
# memory. With b_z = 0 it does not, so it cannot." It fits the table. Is it true?
#
# Look at $\partial h_T / \partial h_1$ again. Read backwards, it says what is left of the error's message. Read
# **forwards**, it says how far the last state moves when the first one is nudged: what is left of the first number. It
# is **one and the same matrix**. A start that lets the message back also keeps the first number, before any training.
#
# So here is a **control**: the same task without what the explanation names. We train nothing but the last layer. The
# cell stays as random as it was drawn, and $V$ and its bias are fitted to its last states by **least squares**: NumPy
# finds at once the weights with the smallest mean squared error. No gradient passes through time.


# %%
def last_layer_alone(new_cell, length, seed):
    """Return the share of right answers when only the last layer is fitted."""
    rng = np.random.default_rng(seed)
    cell = new_cell(rng)
    states, answers = [], []
    for _ in ("to fit", "to judge"):
        x, answer = recall_task(length, 200, rng)
        states.append(np.column_stack([cell.forward(x)[:, -1], np.ones(200)]))  # the ones carry the bias
        answers.append(answer)
    V = np.linalg.lstsq(states[0], answers[0], rcond=None)[0]
    return np.mean(np.sign(states[1] @ V) == answers[1])


new_cells = {"plain RNN": new_rnn, "GRU, b_z = 0": new_gru, "GRU, b_z = -4": lambda rng: new_gru(rng, -4)}
alone = {
    (name, n): np.median([last_layer_alone(new, n, seed) for seed in range(5)])
    for name, new in new_cells.items()
    for n in LENGTHS
}

# %% tags=["nbval-ignore-output"]
rows = {
    (name, n): {
        "gradient at the mark, at the start": f"{np.median(norms[name][:, n - 1]):.0e}",
        "last layer alone": f"{alone[name, n]:.0%}",
        "all trained": f"{success[name, n]:.0%}",
    }
    for name in STARTS
    for n in LENGTHS
}
pd.DataFrame(rows).T.rename_axis(["network", "length"])

# %% [markdown]
# - **All, 10 steps:** the last layer alone nearly does it. A new network's memory reaches so far.
# - **GRU, b_z = −4:** the last layer alone solves the task, at every length. The untrained state already holds the
#   first number. There was no memory left to learn. So its success is no proof that a gradient taught it one.
# - **GRU, b_z = 0, from 20 steps:** the last layer alone finds nothing. Memory and gradient are both gone. Which of the
#   two is missed, this experiment cannot say.
# - **Plain RNN, 20 steps:** the last layer alone guesses, and training finds the answer. Here a memory **was** learned,
#   by a gradient of a few hundredths.
#
# So what helps is a start that **keeps**. Memory and gradient are then two names for one matrix. And the reach of the
# first gradient is no wall. Look in the table of the five networks for a plain one that learned 50 or 100 steps: if
# there is one, it began with next to no gradient.

# %%
assert min(alone[name, 10] for name in STARTS) > 0.85
assert min(alone["GRU, b_z = -4", n] for n in LENGTHS) > 0.95
assert max(alone["GRU, b_z = 0", n] for n in LENGTHS[1:]) < 0.65
assert alone["plain RNN", 20] < 0.65
assert 0.005 < np.median(norms["plain RNN"][:, 19]) < 0.1

# %% [markdown]
# ## Does an LSTM remember longer?
#
# It is often said. The **LSTM** is the GRU's older relative; {lesson:gru_vs_lstm} has its equations. Here one of them
# is enough. Its memory is a second state, $c_t = f \odot c_{t-1} + i \odot c'$: where the GRU's z does both, the LSTM
# has a gate $f$ that keeps and a gate $i$ that lets in. Keras starts the bias of $f$ at 1. So $f$ starts near σ(1) =
# 0.73, while the GRU starts by keeping 0.5. Here is that start, and one that keeps as firmly as b_z = −4 does. The
# control stands beside both.


# %% tags=["nbval-ignore-output"]
def new_lstm(rng, b_f=1, b_i=0):
    cell = cells.LSTM.initialise(2, 16, rng)
    cell.b_f[:], cell.b_i[:] = b_f, b_i
    return cell


as_in_keras, keeping = "LSTM, as in Keras", "LSTM, b_f = 4, b_i = -4"
lstms = {}
for name, biases, lengths in ((as_in_keras, {}, LENGTHS[:3]), (keeping, {"b_f": 4, "b_i": -4}, LENGTHS[3:])):
    for n in lengths:
        success[name, n] = np.median(recall.train("LSTM", n, biases).right)
        shares = [last_layer_alone(lambda rng, biases=biases: new_lstm(rng, **biases), n, seed) for seed in range(5)]
        alone[name, n] = np.median(shares)
        lstms[name, n] = {"last layer alone": f"{alone[name, n]:.0%}", "all trained": f"{success[name, n]:.0%}"}
pd.DataFrame(lstms).T.rename_axis(["network", "length"])

# %%
assert success[as_in_keras, 10] > 0.95
assert success[as_in_keras, 20] > 0.95
assert success[as_in_keras, 50] < 0.7
assert alone[as_in_keras, 10] > 0.95
assert 0.55 < alone[as_in_keras, 20] < 0.85
assert alone[as_in_keras, 50] < 0.65
assert min(success[keeping, 100], alone[keeping, 100]) > 0.9

# %% [markdown]
# As Keras starts the two, both learn 10 steps, and at 50 both guess. They differ at 20: the LSTM learns, the GRU does
# not. There the LSTM's last layer alone already does better than guessing: its start has kept a part of the first
# number, the GRU's has not. From a start that keeps, both learn 100, and in both the last layer alone does it. **The
# start decides here, not the kind of cell.**
#
# ## What do the trained ones do?
#
# We measure again, on the networks that were trained at length 20. Each line is one network.

# %% tags=["nbval-ignore-output"]
fig, panels = plots.figure(1, 3, sharey=True, figsize=(8, 3))
at_the_mark = {}
for ax, name in zip(panels, STARTS, strict=True):
    result = trained[name, 20]
    after = np.concatenate([gradient_norms(lambda rng, cell=cell: cell, 20, networks=1) for cell in result.cells])
    for row, share in zip(after, result.right, strict=True):
        learned = share > 0.95
        ax.plot(row, color=plots.COLOURS[0 if learned else 1], linestyle="-" if learned else "--")
    ax.plot(np.median(norms[name], axis=0)[:20], color="black", linestyle=":")
    ax.set(title=name, yscale="log", xlabel="steps back, T − t")
    at_the_mark[name] = after[result.right > 0.95, -1]
panels[0].set(ylabel="norm of ∂h_T/∂h_t")
fig.suptitle("solid: learned · dashed: did not learn · dotted: before training", fontsize=10)
plots.show(
    fig,
    "Three panels, one for each start, of networks trained at length 20: norm of the derivative against the steps back, a "
    "line for each network and a dotted line for the start. Those of the GRU with bias -4 have risen well above 1. Those of "
    "the GRU with bias 0 still fall as they did at the start. Those of the plain RNN, all learned, lie far apart: most "
    "rise above 1, one falls to a hundredth and below.",
)

# %% [markdown]
# The lines of the GRU that started by keeping have risen above 1: a nudge of the first state now moves the last one
# **further** than the nudge itself. The GRU with b_z = 0 fades about as it did. The plain networks have all learned,
# but their lines lie far apart: at least one learned with a small gradient. That is possible. A unit that sits where
# tanh is flat hardly moves when it is nudged. So its memory is firm, and for the same reason its gradient is small.
# Bengio and others (1994) showed that in a plain network a firm memory and a gradient that reaches far are at odds.
#
# And the gate? Is z larger at the mark, where there is something to take in, than elsewhere?

# %% tags=["nbval-ignore-output"]
z_at = {}
for name in ("GRU, b_z = 0", "GRU, b_z = -4"):
    x, _ = recall_task(50, 100, np.random.default_rng(0))
    for cell in trained[name, 50].cells:
        cell.forward(x)  # which keeps z
    z = np.array([cell.z for cell in trained[name, 50].cells])  # (networks, samples, steps, units)
    z_at[name] = z[:, :, 0].mean(), z[:, :, 1:].mean()
    print(f"{name:13}: z at the mark {z_at[name][0]:.3f}, elsewhere {z_at[name][1]:.3f}")

# %%
assert np.median(at_the_mark["GRU, b_z = -4"]) > 1.5
assert at_the_mark["plain RNN"].min() < 0.3 < 1 < at_the_mark["plain RNN"].max()
assert z_at["GRU, b_z = -4"][0] > 1.4 * z_at["GRU, b_z = -4"][1]
assert z_at["GRU, b_z = -4"][0] < 0.2
assert 0.9 < z_at["GRU, b_z = 0"][0] / z_at["GRU, b_z = 0"][1] < 1.2

# %% [markdown]
# With b_z = −4, z has become about twice as large at the mark as elsewhere. But it is small in both places: the gate is
# far from "open here, shut there". The task does not ask for more.
#
# So the gates make a long memory **possible**. They do not give it. When a task reaches far back, do not trust the name
# of the cell: set the bias, and measure.
#
# ## Exercises
#
# Replace each `...` and run the cell, then the check below it.
#
# **1. A memory to order.** On the direct road alone, with z = σ(b_z) at every step: which b_z, in this collection's
# convention, leaves exactly one half after `steps` steps?


# %%
def bias_for(steps):
    ...
    ### BEGIN SOLUTION
    z = 1 - 0.5 ** (1 / steps)  # because (1 − z) to the power of steps is one half
    return np.log(z / (1 - z))  # the inverse of σ
    ### END SOLUTION


# %%
check.bias_for(bias_for)

# %% [markdown]
# **2. A memory built by hand.** A GRU with one unit is to solve the task for 200 steps, without any training: the sign
# of its last state is the answer. Its candidate is h′ = tanh(3 · number), and its update gate is z = σ(`mark_weight` ·
# mark + `bias`). Choose the two numbers. The check asks it 4,000 sequences; all must be right.

# %%
mark_weight, bias = ..., ...
### BEGIN SOLUTION
mark_weight, bias = 20, -10  # at the mark z = σ(10), open; at all other steps z = σ(−10), shut
### END SOLUTION

# %%
check.memory(mark_weight, bias)

# %% [markdown]
# **3. Keras, to order.** `bias` is that of a Keras GRU as it is by default, of shape (2, 3 · units). It may be a
# trained one. Return a copy in which every unit's update gate has the bias `b_z` of **this collection's** convention.
# The other biases stay as they are.


# %%
def with_b_z(bias, b_z):
    ...
    ### BEGIN SOLUTION
    units = bias.shape[1] // 3
    bias = bias.copy()
    bias[0, :units] = -b_z  # Keras: positive keeps
    bias[1, :units] = 0  # the two rows are added up
    return bias
    ### END SOLUTION


# %%
check.with_b_z(with_b_z)

# %% [markdown]
# ## What to take away
#
# - Four roads lead back through a GRU. The direct one multiplies by 1 − z, and by nothing else.
# - A new GRU starts at z = 0.5: its direct road is short. A bias of the update gate mends that: negative here, positive
#   in Keras.
# - Memory and gradient are the same matrix, read in two directions. A start that keeps gives both.
# - Before you believe an explanation, take away what it names. With b_z = −4 the last layer alone did as well.
#
# ## Self-test
#
# <details><summary>A friend sets the update gate's bias of a Keras GRU to −4, "so that it remembers". What happens?</summary>
#
# In Keras z keeps the old state. With −4, z is near 0, and the state is thrown away at every step. It needs +4.
# </details>
#
# <details><summary>A unit has z = 0.1 at every step. What is left on its direct road after 20 steps?</summary>
#
# 0.9 to the power 20, which is 0.12.
# </details>
#
# <details><summary>A network learns a task once its gradients reach far. Does that show that the gradients were needed?</summary>
#
# No. What made them reach far may have given it the memory as well. Fit the last layer alone, and compare.
# </details>
#
# ## Where next
#
# {Lesson:gru_vs_lstm} compares the GRU with its older relative. {Lesson:training} trains a network on the real record.
#
# ## References
#
# - C. Tallec and Y. Ollivier, *Can recurrent neural networks warp time?*, 2018,
#   [arXiv:1804.11188](https://arxiv.org/abs/1804.11188): biases of the gates for a chosen length of memory.
# - R. Jozefowicz, W. Zaremba and I. Sutskever, *An Empirical Exploration of Recurrent Network Architectures*, 2015,
#   [proceedings.mlr.press/v37/jozefowicz15](https://proceedings.mlr.press/v37/jozefowicz15.html): a gate that starts by
#   keeping, in the GRU's older relative.
# - Y. Bengio, P. Simard and P. Frasconi, *Learning long-term dependencies with gradient descent is difficult*, 1994,
#   [doi:10.1109/72.279181](https://doi.org/10.1109/72.279181): a firm memory or a gradient that reaches far.
