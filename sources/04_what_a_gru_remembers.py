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
# In {lesson:vanishing_gradients} the message of an error faded on its way back through a plain network. On
# average, a step back multiplied it by a factor below 1. A GRU is said to mend that. Does it?
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
#    $d(r \odot h) = da_h\, U_h^\top$, then to its two parts: $d(r \odot h) \odot r$ goes to $h$, and
#    $d(r \odot h) \odot h$ goes to $r$.
# 3. **The gates:** $da_z = dz \odot z (1 - z)$ and $da_r = d(r \odot h) \odot h \odot r (1 - r)$.
#    From there they reach $h$ through $U_z^\top$ and $U_r^\top$.
#
# So **four roads** lead back to $h$. What they carry adds up.

# %%
import keras
import numpy as np
import pandas as pd

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
# $x = 1$, and send a message back from unit 1 of the new state only: $dh = (1, 0)$. Take a pencil. The numbers down to
# $h'$ are those of the way forward. The zero makes the rest short.

# %% tags=["slide"]
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
# Are the roads right? The two tests of {lesson:vanishing_gradients}: nudge each unit of the old state up and down, and
# ask the tape of Keras' own layer.


# %%
def by_nudging(cell, x_t, h, dh):
    slopes = np.zeros(h.shape)
    for unit, nudge in enumerate(1e-5 * np.eye(cell.units)):
        above, below = (cell.forward(x_t[:, np.newaxis], initial_state=h + sign * nudge)[:, 0] for sign in (1, -1))
        slopes[:, unit] = ((above - below) * dh).sum() / 2e-5
    return slopes


ways = {"by nudging": by_nudging(*of_unit_1), "by Keras": cells.keras_step_back(*of_unit_1)}
for name, found in {"four roads": numbers["all four roads"], **ways}.items():
    print(f"{name}:", *(f"{value:+.6f}" for value in found[0]))

# %%
assert np.allclose(numbers["all four roads"], ways["by nudging"], rtol=1e-6)
assert np.allclose(numbers["all four roads"], ways["by Keras"], rtol=1e-9)
assert on_the_way["z"][0, 0] > 0.85
assert roads["direct"][0, 1] == 0
assert 0 < roads["direct"][0, 0] < np.linalg.norm(roads["candidate"])

# %% [markdown] tags=["teacher"]
# A road is easily forgotten. Before any number, ask for all four: where does h, the state before, stand in the
# equations? In the last line, in the candidate (beside r), in z, and in r. Then: why does the direct road bring unit 2
# nothing? It leads from each unit to itself, and the message came from unit 1 only.

# %% [markdown]
# ## What does each road bring in a new GRU?
#
# Sixteen units, random weights as Keras draws them, the recall task, and a message of size 1. On the left the GRU as
# it is. On the right we have shut z, by a bias of −40.


# %% tags=["slide"]
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
    last_steps.append((cell, x[:, -1], h, np.full((1, 16), 0.25)))  # a message of size 1
    _, brought = roads_back(*last_steps[-1])
    sizes[f"b_z = {b_z:.0f}"] = {name: np.linalg.norm(road) for name, road in brought.items()}
pd.DataFrame(sizes).round(3).rename_axis("size of what each road brings back")

# %%
assert all(np.allclose(sum(roads_back(*a)[1].values()), by_nudging(*a), rtol=1e-6, atol=1e-9) for a in last_steps)
assert all(np.allclose(sum(roads_back(*a)[1].values()), cells.keras_step_back(*a), atol=1e-12) for a in last_steps)
assert list(sizes["b_z = 0"]) == sorted(sizes["b_z = 0"], key=sizes["b_z = 0"].get, reverse=True)
assert 0.45 < sizes["b_z = 0"]["direct"] < 0.55 < 5 * sizes["b_z = 0"]["candidate"] < 0.75
assert np.isclose(sizes["b_z = -40"]["direct"], 1)
assert sum(sizes["b_z = -40"].values()) < 1 + 1e-9

# %% [markdown]
# In a new GRU the direct road brings back half, the candidate an eighth, the gates little. With z shut, the direct road
# brings back all. Three of the roads pass through z: where it is 0, they are shut. The direct road only multiplies by
# 1 − z: there it lets the message pass **unchanged**.
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

# %% [markdown] tags=["teacher"]
# "The GRU has a direct road, so nothing vanishes." Ask: by what does this road multiply, and what is z in a new GRU?
# By 1 − z; about one half. So half is lost at every step. After how many is less than a thousandth left? Ten.

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
# - **The inputs.** What if they are smaller or larger than ±1, or many? The last column has 30 random numbers a step, of mean 0 and
#   standard deviation 1.
# - **The start of U.** Keras draws the three tables $U$ of a GRU as **one** wide orthogonal matrix. Each of the
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
for size in (0.1, 1, 5):
    factors[f"±{size}"] = {
        kind: factor_a_step(gradient_norms(new, networks=10, size=size)) for kind, new in kinds.items()
    }
factors["30 numbers"] = {kind: factor_a_step(norms_with_30_inputs(new)) for kind, new in kinds.items()}
factors = pd.DataFrame(factors)
rnn, gru, rnn_shrunk, gru_orthogonal = (factors.loc[kind] for kind in kinds)
factors.round(2).rename_axis("factor a step, inputs").rename_axis(None, axis=1)

# %% [markdown]
# - **Large or many inputs** drive the plain network's tanh to where it is flat, and its factor falls. **Small ones**
#   leave it where it is steep: the factor is close to 1. That of the GRU hardly changes. At ±5 even the plain RNN with
#   an orthogonal U forgets faster.
# - **The start.** Compare cells that are drawn alike. With a shrunk U the plain RNN is level with the GRU at ±0.1, and
#   forgets faster elsewhere. With an orthogonal U it forgets more slowly at ±0.1 and ±1, and faster elsewhere.
#
# So "a new GRU forgets faster" is no law of the cell. As Keras draws the two, it holds for small inputs, where the plain
# RNN's factor can come close to 1. The GRU's comes close to 1 at no size: its z is 0.5.

# %%
assert rnn["±1"] > gru["±1"] + 0.1
assert rnn["±0.1"] > 0.95
assert rnn["±5"] < gru["±5"] - 0.03
assert abs(rnn["30 numbers"] - gru["30 numbers"]) < 0.05
assert max(np.ptp(gru), np.ptp(gru_orthogonal)) < 0.12 < 0.2 < min(np.ptp(rnn), np.ptp(rnn_shrunk))
assert abs(rnn_shrunk["±0.1"] - gru["±0.1"]) < 0.03
assert (rnn_shrunk[1:] < gru[1:] - 0.03).all()
assert (rnn[:2] > gru_orthogonal[:2] + 0.05).all()
assert (rnn[2:] < gru_orthogonal[2:] - 0.03).all()
assert max(gru.max(), gru_orthogonal.max()) < 0.8
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

# %% [markdown] tags=["teacher"]
# "So the GRU forgets faster." Ask: in which columns, and started how? As Keras starts both: at ±0.1 and ±1 yes, at ±5
# no. The habit is the point: where two things differ, try each alone before you say "because".

# %% [markdown]
# ## What does a bias towards keeping change?
#
# If z = σ(b_z) starts too large, start with another b_z. A **negative** b_z makes z small, and 1 − z close to 1.
# Nothing else is set differently.

# %% tags=["slide"]
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
# With inputs of ±1 and b_z = −1 the GRU still fades faster than the plain RNN, with −2 more slowly. With −4 its line is
# almost flat: a nudge may arrive 100 steps later with about a third of its size. z is small, so 1 − z is close to 1, so
# its hundredth power is not small. Tallec and Ollivier (2018) choose such biases to suit how far back the task reaches.

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
def ten_steps_back(b_z, b_r=0, new=new_gru):
    def start(rng):
        cell = new(rng)
        cell.b_z[:], cell.b_r[:] = b_z, b_r
        return cell

    return np.median(gradient_norms(start, length=11)[:, 10])


wrong_sign = {
    "right sign, b_z = −4": ten_steps_back(-4),
    "wrong sign, b_z = +4": ten_steps_back(4),
    "wrong sign, each U orthogonal": ten_steps_back(4, new=orthogonal_gru),
    "wrong sign, r near 1": ten_steps_back(4, b_r=4),
    "wrong sign, both": ten_steps_back(4, b_r=4, new=orthogonal_gru),
}
for name, norm in wrong_sign.items():
    print(f"{name:30} norm 10 steps back {norm:.0e}")

# %% [markdown] tags=["teacher"]
# "I set the bias to −4, as in the lesson." In Keras? Ask: whose z does the lesson mean? Keras' z keeps, so there it
# must be +4. Who mixes it up gets no error, and a network that forgets. Which line would have shown it? The one that
# reads b_z back through our cell, at the end of this section.

# %% [markdown]
# With the wrong sign the direct road is shut. Only the candidate's road is left, and there r and the shrunk U weaken the
# message at every step. Mend both, and the GRU is nearly a plain RNN. A message passes again, but not thanks to a gate.
#
# Here is the mended way for a Keras layer. Its bias has two rows, which z adds up, and three blocks, in the order z, r,
# candidate. We set the first block of one row, and ask our own cell what it sees.

# %%
layer = keras.layers.GRU(16)
layer.build((None, None, 2))
kernel, recurrent_kernel, bias = layer.get_weights()
bias[0, :16] = 4  # Keras: positive keeps
layer.set_weights([kernel, recurrent_kernel, bias])
print("b_z in our convention:", np.unique(cells.GRU.from_keras(layer).b_z))

# %%
right, wrong, *one_mended, both_mended = wrong_sign.values()
assert right > 0.5
assert wrong < 1e-4 < min(one_mended)
assert max(one_mended) < 0.05 < 0.2 < both_mended
assert (cells.GRU.from_keras(layer).b_z == -4).all()

# %% [markdown]
# ## Who learns the task?
#
# So far nothing was trained. Now we train on the recall task, at lengths from 10 to 100. Every network has 16 units and
# the same budget: at most 300 updates, each on 32 new sequences. There are five networks of each kind, with different
# random weights, the same five at every length. At the end each is asked 500 new sequences. An answer is right if its
# sign is. Guessing gets half of them right.
#
# `recall.train` does it, with the gradients of these lessons. **Predict first**, from the figure: who gets how far?

# %% tags=["nbval-ignore-output", "slide"]
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
# the luck of its start or of its sequences.
#
# This is one budget, one learning rate, one task. Others may move the border:
# `recall.train("GRU", 20, updates=900).right` gives the GRU three times the updates. Try it.

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
# **forwards**, it says how far the last state moves when the first one is nudged a little. So a start that lets the
# message back also carries the first number forward, before any training.
#
# So here is a **control**: the same task without what the explanation names. We train nothing but the last layer. The
# cell stays as random as it was drawn, and $V$ and its bias are fitted to its last states by **least squares**: NumPy
# finds at once the weights with the smallest mean squared error. No gradient passes through time.


# %%
def last_layer_alone(new_cell, length, seed, to_fit=500):
    """Return the share of right answers when only the last layer is fitted, on `to_fit` sequences."""
    rng = np.random.default_rng(seed)
    cell = new_cell(rng)
    states, answers = [], []
    for samples in (to_fit, 500):  # to fit, to judge
        x, answer = recall_task(length, samples, rng)
        states.append(np.column_stack([cell.forward(x)[:, -1], np.ones(samples)]))  # the ones carry the bias
        answers.append(answer)
    V = np.linalg.lstsq(states[0], answers[0], rcond=None)[0]
    return np.mean(np.sign(states[1] @ V) == answers[1])


new_cells = {"plain RNN": new_rnn, "GRU, b_z = 0": new_gru, "GRU, b_z = -4": lambda rng: new_gru(rng, -4)}
alone = {
    (name, n): [last_layer_alone(new, n, seed) for seed in range(5)] for name, new in new_cells.items() for n in LENGTHS
}

# %% tags=["nbval-ignore-output", "slide"]
rows = {
    (name, n): {
        "norm of ∂h_T/∂h_1, new networks": f"{np.median(norms[name][:, n - 1]):.0e}",
        "last layer alone": f"{np.median(alone[name, n]):.0%}",
        "of single networks": f"{min(alone[name, n]):.0%} to {max(alone[name, n]):.0%}",
        "all trained": f"{success[name, n]:.0%}",
    }
    for name in STARTS
    for n in LENGTHS
}
pd.DataFrame(rows).T.rename_axis(["network", "length"])

# %% [markdown]
# - **All, 10 steps:** the last layer alone nearly does it, in some networks with one wrong answer in four or five. A new
#   network's memory reaches so far.
# - **GRU, b_z = −4:** the last layer alone solves the task, at every length. The untrained state already holds the
#   first number. There was no memory left to learn. So its success is no proof that a gradient taught it one.
# - **GRU, b_z = 0, from 20 steps:** the last layer alone finds nothing. Memory and gradient are both gone. Which of the
#   two is missed, this experiment cannot say.
# - **Plain RNN, 20 steps:** the last layer alone does hardly better than guessing, and training finds the answer. Here a
#   memory **was** learned, with a gradient of a few hundredths at most.
#
# Was it learned by what came back through time? Two more controls on the plain RNN at 20 steps. We fit its last layer on
# as many sequences as training may see. And we train it anew, but drop the message on its way back, after 15 or 19 steps.

# %% tags=["nbval-ignore-output"]
fitted_long = [last_layer_alone(new_rnn, 20, seed, to_fit=300 * 32) for seed in range(5)]
print(f"last layer alone, fitted on {300 * 32:,} sequences: {np.median(fitted_long):.0%}")
cut = {steps: recall.train("RNN", 20, steps_back=steps) for steps in (15, 19, 20)}
for steps, result in cut.items():
    shares = " ".join(f"{share:.0%}" for share in sorted(result.right))
    print(f"message carried back {steps} steps: {shares} right after {result.updates} updates")
for n in (50, 100):
    for start, share in zip(recall.train("RNN", n, updates=0).cells, trained["plain RNN", n].right, strict=True):
        if share > 0.95:
            own = np.median(gradient_norms(lambda rng, start=start: start, n)[:, -1])
            print(f"a plain RNN that learned {n} steps: norm of ∂h_T/∂h_1 at its own start {own:.0e}")

# %% [markdown]
# Cut after 15 steps, it hardly does better than guessing. Cut after 19, only the mark's own step is left out: all five learn, but more slowly.
# So here the message through time was needed.
#
# What helps, then, is a start that **keeps**. It lets the message back, and it keeps the first number. The size of the
# matrix is not all: the plain RNN at 20 steps has more gradient at the mark than the GRU with b_z = 0 at 10. Yet its
# last layer finds next to nothing. And the reach of the first gradient is no wall: if a plain network has learned 50 or
# 100 steps, the last lines above say how little it began with.

# %%
assert min(np.median(alone[name, 10]) for name in STARTS) > 0.85
assert min(min(alone[name, 10]) for name in STARTS) > 0.7
assert min(min(alone["GRU, b_z = -4", n]) for n in LENGTHS) > 0.95
assert max(np.median(alone["GRU, b_z = 0", n]) for n in LENGTHS[1:]) < 0.6
assert np.median(alone["plain RNN", 20]) < 0.6
assert np.median(fitted_long) < 0.65
assert 0.005 < np.median(norms["plain RNN"][:, 19]) < 0.1
assert np.median(norms["plain RNN"][:, 19]) > 1.5 * np.median(norms["GRU, b_z = 0"][:, 9])
assert np.median(cut[15].right) < 0.75
assert min(np.median(cut[19].right), np.median(cut[20].right)) > 0.95
assert cut[19].updates > 1.3 * cut[20].updates

# %% [markdown] tags=["teacher"]
# Stop before the control runs. Why does b_z = −4 learn the task? Expect "the gradient arrives". Ask: what else has
# this start changed? The state keeps the first number, before any training. How could one find out which of the two it
# was? Expect "freeze the cell"; then ask what is left to train. The last layer: that is the control. Afterwards some
# say "then the gradient does not matter". Ask for the row that speaks against it: the plain RNN at 20 steps. Its last
# layer alone hardly does better than guessing, training finds the answer, and with a cut after 15 steps it no longer
# does.

# %% [markdown]
# ## Does an LSTM remember longer?
#
# It is often said. The **LSTM** is the GRU's older relative; {lesson:gru_vs_lstm} has its equations. Here one of them
# is enough. Its memory is a second state, $c_t = f \odot c_{t-1} + i \odot c'$: where the GRU's z does both, the LSTM
# has a gate $f$ that keeps and a gate $i$ that lets in. Keras starts the bias of $f$ at 1. So $f$ starts near σ(1) =
# 0.73, while the GRU starts by keeping 0.5. Here is that start, and one that keeps as firmly as b_z = −4 does. Between them
# stand two **matched** starts: a GRU that keeps 0.73, and an LSTM that keeps 0.5.


# %% tags=["nbval-ignore-output"]
def new_lstm(rng, b_f=1, b_i=0):
    cell = cells.LSTM.initialise(2, 16, rng)
    cell.b_f[:], cell.b_i[:] = b_f, b_i
    return cell


as_in_keras, keeping = "LSTM, as in Keras", "LSTM, b_f = 4, b_i = -4"
matched_gru, matched_lstm = "GRU, b_z = -1", "LSTM, b_f = 0"
jobs = [(as_in_keras, "LSTM", new_lstm, {}, n) for n in LENGTHS[:2]]
jobs.append((matched_gru, "GRU", new_gru, {"b_z": -1}, 20))
jobs.append((matched_lstm, "LSTM", new_lstm, {"b_f": 0}, 20))
jobs.append((keeping, "LSTM", new_lstm, {"b_f": 4, "b_i": -4}, 100))
rows = {}
for name, kind, new, biases, n in jobs:
    success[name, n] = np.median(recall.train(kind, n, biases).right)
    alone[name, n] = [last_layer_alone(lambda rng, new=new, b=biases: new(rng, **b), n, seed) for seed in range(5)]
    rows[name, n] = {"last layer alone": f"{np.median(alone[name, n]):.0%}", "all trained": f"{success[name, n]:.0%}"}
pd.DataFrame(rows).T.rename_axis(["network", "length"])

# %%
assert success[as_in_keras, 10] > 0.95
assert success[as_in_keras, 20] > 0.95
assert np.median(alone[as_in_keras, 10]) > 0.95
assert 0.55 < np.median(alone[as_in_keras, 20]) < 0.85
assert min(success[keeping, 100], np.median(alone[keeping, 100])) > 0.9
assert success[matched_gru, 20] > 0.95
assert success[matched_lstm, 20] < 0.7
assert np.median(alone[matched_lstm, 20]) < 0.6
assert np.median(alone[matched_gru, 20]) > np.median(alone[as_in_keras, 20]) + 0.1
assert np.isclose(sigmoid(1), 0.73, atol=0.005)

# %% [markdown]
# As Keras starts the two, both learn 10 steps. They differ at 20: the LSTM learns, the GRU does not. Is it the cell? No.
# Started to keep 0.73, the GRU learns 20 as well. Started to keep 0.5, the LSTM guesses. **The start decides here, not
# the kind of cell.** (Where both keep 0.73, the GRU's last layer even reads more of the first number.) From a start that
# keeps firmly, both learn 100, and in both the last layer alone does it.
#
# ## What do the trained ones do?
#
# We measure again, on the networks that were trained at length 20. Each line is one network.

# %% tags=["nbval-ignore-output", "slide"]
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
# but their lines lie far apart: at least one that has learned **now** has a small gradient. How large it was on the way,
# the figure does not say. A unit that sits where tanh is flat hardly moves when it is nudged. So its memory is firm, and
# for the same reason its gradient is small.
# Bengio and others (1994) showed that in a plain network a firm memory and a gradient that reaches far are at odds.
#
# And the gate? Is z larger at the mark, where there is something to take in, than elsewhere?

# %% tags=["nbval-ignore-output"]
z_at = {}
for name in ("GRU, b_z = 0", "GRU, b_z = -4"):
    for step in (1, 26):  # where the mark stands
        x, _ = recall_task(50, 100, np.random.default_rng(0))
        x[:, :, 1] = np.arange(1, 51) == step
        for network in trained[name, 50].cells:
            network.forward(x)  # which keeps z
        z = np.array([network.z for network in trained[name, 50].cells])  # (networks, samples, steps, units)
        z_at[name, step] = at, elsewhere = z[:, :, step - 1].mean(), np.delete(z, step - 1, axis=2).mean()
        largest = z[:, :, step - 1].mean(axis=1).max()
        print(
            f"{name:13}, mark at step {step:2}: z there {at:.3f} (largest unit {largest:.2f}), elsewhere {elsewhere:.3f}"
        )

# %%
assert np.median(at_the_mark["GRU, b_z = -4"]) > 1.5
assert at_the_mark["plain RNN"].min() < 0.3 < 1 < at_the_mark["plain RNN"].max()
for step in (1, 26):
    assert z_at["GRU, b_z = -4", step][0] > 1.4 * z_at["GRU, b_z = -4", step][1]
    assert z_at["GRU, b_z = -4", step][0] < 0.2
    assert 0.9 < z_at["GRU, b_z = 0", step][0] / z_at["GRU, b_z = 0", step][1] < 1.2
assert largest < 0.3  # of b_z = −4, the mark at step 26

# %% [markdown]
# With b_z = −4, z has become about twice as large at the mark as elsewhere, and not only at the first step, where the
# state is 0: also where we have moved the mark to step 26. But it is small in both places, in every unit: the gate is
# far from "open here, shut there". The task does not ask for more.
#
# Gates alone do not give a long memory. When a task reaches far back, do not trust the name of the cell: set the bias,
# and measure.
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
# trained one. Return it with the bias `b_z` of **this collection's** convention in every unit's update gate. The other
# biases stay as they are.


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

# %% [markdown] tags=["teacher"]
# Do 2 together. The likely slip shuts the gate everywhere; the hint asks what z should be at the mark. In 1 it is the
# sign; the hint asks which sign keeps. In 3 it is writing the whole bias into both rows; the hint says that z adds
# them up. 3 is for home.

# %% [markdown]
# ## What to take away
#
# - Four roads lead back through a GRU. The direct one multiplies by 1 − z, and by nothing else.
# - A new GRU starts at z = 0.5: its direct road is short. A bias of the update gate mends that: negative here, positive
#   in Keras.
# - A start that keeps helps twice: it lets the message back, and it keeps the first number. Both are read from one
#   matrix. But its size alone does not say whether the number can still be read.
# - Before you believe an explanation, take away what it names. With b_z = −4 the last layer alone did as well.
#
# ## Self-test
#
# <details><summary>A friend sets the update gate's bias of a Keras GRU to −4, "so that it remembers". What happens?</summary>
#
# In Keras z keeps the old state. With −4, z is near 0, and the state is replaced by the candidate at every step. It needs
# +4.
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

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# **The strip** (12 minutes; for each pair two strips of paper of 32 cm, from A3 sheets, a ruler, scissors). The strip
# is what the direct road carries. At each step, cut off the share z of what is left.
#
# 1. First strip, z = 0.5, five steps: 1 cm is left.
# 2. Second strip, z = 0.1, five steps: 18.9 cm. Go on: after how many steps is less than half of the 32 cm left? After
#    7.
# 3. Without scissors: pairs choose a z so that more than half is left after 20 steps. Any z up to 0.03 will do.
#
# Write "first number" on the left end of what is left, "error" on the right end. Its length is the share that gets
# through: read to the right, of the first number; read to the left, of the error. Half of the class argues "it learned
# because the error arrived", half "it had the number all along". Which experiment decides? Take away what one side
# names: leave the cell as it was drawn, so that no error travels, and fit the last layer alone.
#
# ### Answers to the open questions
#
# - *What is left on the direct road after 100 steps?* One half to the hundredth power, as good as nothing. Wrong:
#   "all, that is what the road is for".
# - *Who gets how far?* The start that keeps learns every length. Wrong: "any GRU beats the plain RNN", which trusts
#   the name of the cell.
# - *Does it show that the gradients were needed? (self-test)* No. Thin: "correlation is no cause". Ask for the
#   control.
#
# ### When time is short
#
# Run the cells of *Does a new GRU forget faster than a new plain RNN?* without a word: the first trap needs them. Skip
# *Does an LSTM remember longer?* and *What do the trained ones do?* Do not skip *How long is the direct road?*, *What
# does a bias towards keeping change?* and *Trap: it was the gradient*: {lesson:gru_vs_lstm} leans on the start, and
# the habit of a control runs through all that follows.
#
# ### After the lesson, students can
#
# - compute what is left on the direct road, and the bias for a wanted memory (exercise 1, self-test);
# - choose an update gate that solves the recall task without training (exercise 2);
# - set a Keras layer's bias so that it keeps, with the right sign (exercise 3, trap);
# - explain why a success does not prove its explanation, and name a control (trap, self-test).

# %% tags=["teacher"]
import numpy as np


def left(z, steps, length=32):
    return length * (1 - z) ** steps


assert np.isclose(left(0.5, 5), 1)
assert np.isclose(left(0.1, 5), 18.9, atol=0.05)
assert left(0.1, 6) > 16 > left(0.1, 7)
assert left(0.03, 20) > 16 > left(0.04, 20)
assert left(0.5, 10, length=1) < 0.001 < left(0.5, 9, length=1)
