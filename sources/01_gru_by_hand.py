# ---
# jupyter:
#   lesson:
#     question: What do the two gates do, and can I compute a GRU by hand?
#     learn: to compute a GRU with pencil and paper, to say what its two gates do, to check Keras against your own numbers
#     need: Python and NumPy's arrays; no knowledge of neural networks
# ---

# %% [markdown]
# # The GRU, by hand
#
# At the end of this lesson you will be able to compute a Gated Recurrent Unit (GRU) with pencil and paper, say what its
# two gates do, and check Keras against your own numbers.

# %% [markdown]
# ## Why does order matter?
#
# Here are two short weeks. The numbers are temperatures, minus their mean. One week gets warmer, the other gets colder.
# They hold the same four numbers, so they have the same mean. What will tomorrow bring? The mean cannot help. The
# **order** can.

# %%
import ipywidgets as widgets
import keras
import numpy as np
import pandas as pd

from helpers import data, plots
from helpers.cells import GRU
from helpers.evaluation import rmse
from helpers.exercises import lesson_01 as check
from helpers.models import set_seed
from helpers.windows import create_dataset

# %%
getting_warmer = np.array([-1.0, -0.5, 0.5, 1.0])
getting_colder = getting_warmer[::-1]
print("warmer:", getting_warmer, " mean:", getting_warmer.mean())
print("colder:", getting_colder, " mean:", getting_colder.mean())

# %% [markdown]
# To use the order, read one number at a time and keep a memory of what came before. The memory is called the **hidden
# state**, *h*. At each **time step** a new memory is made from the old one and from the new input *x*:
#
# > new *h* = tanh(*w* · *x* + *u* · old *h*)
#
# This is a **plain recurrent cell**. *w* and *u* are its **weights**, numbers that training finds. Here we choose them.
# They are the same at every step. tanh squeezes any number into the range from −1 to 1, so the memory cannot grow
# without bound.


# %%
def plain_step(h, x, w=1.0, u=0.5):
    return np.tanh(w * x + u * h)


def last_memory(inputs):
    h = 0.0  # at first there is nothing to remember
    for x in inputs:
        h = plain_step(h, x)
    return h


print(f"after the warmer week: h = {last_memory(getting_warmer):+.3f}")
print(f"after the colder week: h = {last_memory(getting_colder):+.3f}")
assert last_memory(getting_warmer) > 0.5
assert last_memory(getting_colder) < -0.5

# %% [markdown]
# The same four numbers, two different memories. The cell has noticed the order.
#
# **Predict first:** a single 1 comes in, and then only zeros. After how many steps has this cell forgotten the 1?

# %%
h = plain_step(0.0, 1.0)  # the 1
for step in range(1, 21):
    h = plain_step(h, 0.0)  # the zeros
    if step in (1, 2, 5, 10, 20):
        print(f"{step:2} steps later: h = {h:.7f}")
assert h < 0.000001

# %% [markdown]
# With *u* = 0.5 at least half of the memory goes at every step. After 20 steps less than a millionth is left. A larger
# *u* would forget more slowly. But then the cell would hold on to **everything** more firmly, also to what it should
# drop. One *u* for all steps cannot say: keep this, drop that.
#
# A GRU decides anew at every step. For that it has gates.
#
# ## What is a gate?
#
# A **gate** is a number between 0 and 1 that something is multiplied by. 0 lets nothing through, 1 lets all through.
#
# To make such a number out of any number, there is the **sigmoid**, written σ: σ(*a*) = 1 / (1 + e^−*a*).


# %%
def sigmoid(a):
    return 1 / (1 + np.exp(-a))


for a in (-6, -2, 0, 2, 6):
    print(f"sigmoid({a:2}) = {sigmoid(a):.3f}   tanh({a:2}) = {np.tanh(a):+.3f}")

# %%
a = np.linspace(-6, 6, 200)
fig, ax = plots.figure(figsize=(7.5, 2.5))
ax.plot(a, sigmoid(a), label="σ(a): from 0 to 1, for gates")
ax.plot(a, np.tanh(a), linestyle="--", label="tanh(a): from −1 to 1, for memories")
ax.set(xlabel="a", ylabel="value")
ax.legend()
plots.show(
    fig,
    "Two S-shaped curves over a from -6 to 6. The sigmoid rises from 0 to 1 and is one half at 0. The tanh rises from -1 "
    "to 1, is 0 at 0 and is steeper.",
)

# %% [markdown]
# Both curves are steep in the middle and flat at the ends. σ says *how much*, tanh says *what*.
#
# ## Which four equations make a GRU?
#
# A GRU layer keeps several numbers in its memory. Each is called a **unit**. So *h* is now a list of numbers, with a
# gate for each. Three signs are needed:
#
# - $[h, x]$ is the memory and the input, written one after the other as one longer list;
# - $W \cdot [h, x]$ multiplies by a table of weights: each unit gets its own weighted sum of that list;
# - $a \odot b$ multiplies number by number.
#
# $h_{t-1}$ is the memory before the step, $h_t$ the memory after it. $b$ is a **bias**, a number that is added whatever
# comes in.
#
# | name | equation | its line of code |
# |---|---|---|
# | reset gate | $r_t = \sigma(W_r \cdot [h_{t-1}, x_t] + b_r)$ | `r = sigmoid(W_r @ np.concatenate([h, x]) + b_r)` |
# | update gate | $z_t = \sigma(W_z \cdot [h_{t-1}, x_t] + b_z)$ | `z = sigmoid(W_z @ np.concatenate([h, x]) + b_z)` |
# | candidate | $h_t' = \tanh(W_h \cdot [r_t \odot h_{t-1}, x_t] + b_h)$ | `candidate = np.tanh(W_h @ np.concatenate([r * h, x]) + b_h)` |
# | new memory | $h_t = (1 - z_t) \odot h_{t-1} + z_t \odot h_t'$ | `h = (1 - z) * h + z * candidate` |
#
# In words:
#
# - The **candidate** is a proposal for the new memory. It looks like the plain cell's memory.
# - The **reset gate** says how much of the old memory the proposal may see.
# - The **update gate** says how much of the proposal is taken. The rest stays as it was.
#
# ## Can I compute one step by hand?
#
# Two units, one input, small numbers. Each table has one row a unit. The first two columns meet the memory, the last
# one meets the input.

# %%
weights = {
    "W_r": np.array([[1.0, 0.0, -2.0], [0.5, -1.0, 1.0]]),
    "b_r": np.array([0.5, 0.0]),
    "W_z": np.array([[0.0, 1.0, 2.0], [1.0, 0.0, -1.0]]),
    "b_z": np.array([-0.5, -0.5]),
    "W_h": np.array([[1.0, -1.0, 1.0], [0.5, 2.0, -1.0]]),
    "b_h": np.array([0.0, 0.0]),
}
old_h = np.array([0.5, -0.5])
x = np.array([1.0])

# %% [markdown]
# Take a pencil. The function below only writes out what you would write: each product, their sum with the bias, and
# what σ or tanh makes of it.


# %%
def by_hand(name, W, values, b, squeeze):
    sums = W @ values + b
    for unit in (0, 1):
        products = " + ".join(f"({weight:g})({value:.3f})" for weight, value in zip(W[unit], values, strict=True))
        print(f"{name}, unit {unit + 1}: {products} + ({b[unit]:g}) = {sums[unit]:.3f}")
        print(f"{'':>{len(name)}}          {squeeze.__name__}({sums[unit]:.3f}) = {squeeze(sums)[unit]:.3f}")
    return squeeze(sums)


r = by_hand("r", weights["W_r"], np.concatenate([old_h, x]), weights["b_r"], sigmoid)

# %% [markdown]
# The reset gate of unit 1 is nearly shut, that of unit 2 nearly open. The update gate has the same form, with other
# weights:

# %%
z = by_hand("z", weights["W_z"], np.concatenate([old_h, x]), weights["b_z"], sigmoid)

# %% [markdown]
# Now the candidate. First the reset gate weakens the old memory. Then comes the same kind of sum, with tanh in place
# of σ:

# %%
print("r ⊙ h =", (r * old_h).round(3))
candidate = by_hand("h′", weights["W_h"], np.concatenate([r * old_h, x]), weights["b_h"], np.tanh)

# %% [markdown]
# At last the new memory. Each unit mixes its old number with its candidate. z is the share of the candidate:

# %%
new_h = (1 - z) * old_h + z * candidate
for unit in (0, 1):
    kept = f"(1 − {z[unit]:.3f}) · ({old_h[unit]:+.3f})"
    taken = f"{z[unit]:.3f} · ({candidate[unit]:+.3f})"
    print(f"unit {unit + 1}: {kept} + {taken} = {new_h[unit]:+.3f}")
assert z[0] > 0.5 > z[1]

# %% [markdown]
# Unit 1 has its update gate mostly open, so its new memory is mostly the candidate. Unit 2 has it mostly shut, so it
# mostly keeps what it had. That is a GRU. There is nothing else in it.
#
# ## Where does each number go?
#
# The same step as a picture. Each box holds the two units' numbers that we just computed.

# %%
boxes = {  # name: (x, y, text, numbers)
    "h": (0.0, 3.0, "memory before\nh", old_h),
    "x": (0.0, 1.5, "input\nx", x),
    "r": (1.6, 0.0, "reset gate\nr = σ(…)", r),
    "z": (2.3, 2.0, "update gate\nz = σ(…)", z),
    "rh": (2.8, 0.0, "seen of it\nr ⊙ h", r * old_h),
    "c": (4.2, 0.5, "candidate\nh′ = tanh(…)", candidate),
    "kept": (5.6, 3.0, "kept\n(1 − z) ⊙ h", (1 - z) * old_h),
    "taken": (5.6, 0.5, "taken\nz ⊙ h′", z * candidate),
    "new": (7.0, 1.75, "memory after\nsum of both", new_h),
}
arrows = ["h r", "x r", "h z", "x z", "r rh", "h rh", "rh c", "x c", "h kept", "z kept", "z taken", "c taken"]
arrows += ["kept new", "taken new"]
colours = {"r": plots.COLOURS[1], "z": plots.COLOURS[0]}

fig, ax = plots.figure(figsize=(8, 4))
frames = {}
for name, (left, up, text, numbers) in boxes.items():
    shown = "\n".join(f"{number:+.3f}" for number in numbers)
    frame = {"boxstyle": "round", "facecolor": "white", "edgecolor": colours.get(name, "black"), "linewidth": 1.5}
    frames[name] = ax.text(left, up, f"{text}\n{shown}", ha="center", va="center", fontsize=9, bbox=frame)
for start, end in (pair.split() for pair in arrows):
    edges = {"patchA": frames[start].get_bbox_patch(), "patchB": frames[end].get_bbox_patch()}
    style = {"arrowstyle": "-|>", "color": colours.get(start, "grey"), "shrinkA": 0, "shrinkB": 2}
    ax.annotate("", boxes[end][:2], boxes[start][:2], arrowprops=style | edges, zorder=4)
ax.set(xlim=(-0.6, 7.7), ylim=(-0.6, 3.6))
ax.axis("off")
plots.show(
    fig,
    "Flow diagram of one step, left to right. The memory before, h, and the input x feed both gates. The reset gate r "
    "multiplies h, the product and x make the candidate h′. The update gate z splits: 1 − z multiplies h and gives what "
    "is kept, z multiplies h′ and gives what is taken. Their sum is the memory after. Each box shows the numbers of both "
    "units.",
)

# %% [markdown]
# Follow the old memory. It reaches the new one on two ways: straight along the top, where only 1 − z weakens it, and
# through the candidate, where r weakens it first. The gates, in colour, never become memory themselves. They only
# multiply.
#
# ## How does it read a whole sequence?
#
# The same four lines, again and again. Here they are as a function, beside the loop that uses it.


# %%
def gru_step(h, x, weights):
    r = sigmoid(weights["W_r"] @ np.concatenate([h, x]) + weights["b_r"])
    z = sigmoid(weights["W_z"] @ np.concatenate([h, x]) + weights["b_z"])
    candidate = np.tanh(weights["W_h"] @ np.concatenate([r * h, x]) + weights["b_h"])
    h = (1 - z) * h + z * candidate
    return h, r, z


def gru(inputs, weights):
    """Return the memory and both gates after every step, each of shape (steps, units)."""
    h = np.zeros(len(weights["b_h"]))
    steps = []
    for x in inputs:
        h, r, z = gru_step(h, np.array([x]), weights)
        steps.append((h, r, z))
    all_h, all_r, all_z = (np.array(part) for part in zip(*steps, strict=True))
    return all_h, all_r, all_z


assert np.allclose(gru_step(old_h, x, weights)[0], new_h)  # the function does what we did by hand

# %%
h, r, z = gru(getting_warmer, weights)
columns = ["x", "r of unit 1", "r of unit 2", "z of unit 1", "z of unit 2", "h of unit 1", "h of unit 2"]
pd.DataFrame(np.column_stack([getting_warmer, r, z, h]), columns=columns, index=range(1, 5)).rename_axis("step").round(
    3
)

# %% [markdown]
# Read the columns of the gates downwards. They change from step to step, because they depend on the input and on the
# memory. That is what the plain cell's *u* could not do.
#
# The colder week again leaves another memory:

# %%
h_colder, _, _ = gru(getting_colder, weights)
print("after the warmer week:", h[-1].round(3))
print("after the colder week:", h_colder[-1].round(3))
assert np.abs(h[-1] - h_colder[-1]).max() > 0.3

# %% [markdown]
# ## What does each gate do?
#
# We take a gate in our own hands. Without weights, a gate is the same whatever comes in: σ(bias). A bias of −40 shuts
# it, a bias of +40 opens it. Everything else stays as it was.
#
# **Predict first:** what is the new memory with z = 0? And with z = 1?


# %%
def with_gate(weights, gate, bias):
    fixed = {f"W_{gate}": np.zeros((2, 3)), f"b_{gate}": np.full(2, bias)}
    return weights | fixed


print("memory before:            ", old_h)
print("the candidate:            ", candidate.round(3))
for bias in (-40.0, 40.0):
    h_after, _, z = gru_step(old_h, x, with_gate(weights, "z", bias))
    print(f"z = {z[0]:.0f}: memory after step:", h_after.round(3))
    assert np.allclose(h_after, old_h if bias < 0 else candidate)

# %% [markdown]
# - **z = 0 keeps.** The new memory is the old one, untouched. The input is ignored.
# - **z = 1 replaces.** The new memory is the candidate.
#
# Now the reset gate. It acts inside the candidate, so we look at the candidate, by setting z = 1. What does the
# candidate know of the past? We give it two different pasts and see whether it notices.

# %%
taking_all = with_gate(weights, "z", 40.0)
for bias in (-40.0, 40.0):
    opened_or_shut = with_gate(taking_all, "r", bias)
    one_past, r, _ = gru_step(np.array([0.5, -0.5]), x, opened_or_shut)
    other_past, _, _ = gru_step(np.array([-0.9, 0.3]), x, opened_or_shut)
    print(f"r = {r[0]:.0f}: candidate after one past {one_past.round(3)}, after another {other_past.round(3)}")
    assert np.allclose(one_past, other_past) == (bias < 0)

# %% [markdown]
# - **r = 0 starts afresh.** The candidate is made from the input alone. Any past gives the same candidate.
# - **r = 1 sees all of the past**, as the plain cell does.
#
# The two gates answer two questions. r: *does the past matter for what I now propose?* z: *do I take the proposal?*
#
# ## Can it keep a pulse for 50 steps?
#
# The plain cell forgot a single 1 within 20 steps. Now a GRU of one unit gets a 1, and then 50 zeros. The difference is
# in the update gate. Its weights are all 0 in the first unit, so z = σ(0) = 0.5 at every step. In the second, z depends
# on the input: z = σ(20·x − 6). That opens for the 1 and shuts for the zeros.


# %%
def one_unit(opens_for_x, b_z, b_r=0.0):
    """Weights of a GRU with one unit, whose update gate is z = σ(opens_for_x · x + b_z)."""
    return {
        "W_r": np.array([[0.0, 0.0]]),
        "b_r": np.array([b_r]),
        "W_z": np.array([[0.0, opens_for_x]]),
        "b_z": np.array([b_z]),
        "W_h": np.array([[1.0, 1.0]]),
        "b_h": np.array([0.0]),
    }


pulse = np.array([1.0] + 50 * [0.0])
forgetting, _, _ = gru(pulse, one_unit(opens_for_x=0.0, b_z=0.0))
keeping, _, z_keeping = gru(pulse, one_unit(opens_for_x=20.0, b_z=-6.0))
print(f"z of the keeping unit: {z_keeping[0, 0]:.4f} at the 1, {z_keeping[1, 0]:.4f} at each zero")
print(f"left after 50 zeros, keeping:    {keeping[-1, 0] / keeping[0, 0]:.0%}")
print(f"left after 50 zeros, forgetting: {forgetting[-1, 0] / forgetting[0, 0]:.0e}")
assert keeping[-1, 0] > 0.9 * keeping[0, 0]
assert forgetting[-1, 0] < 1e-5 * forgetting[0, 0]

# %%
fig, ax = plots.figure(figsize=(7.5, 2.5))
ax.plot(keeping, label="z opens for the 1, then shuts")
ax.plot(forgetting, linestyle="--", label="z = 0.5 at every step")
ax.set(xlabel="steps after the 1", ylabel="memory h")
ax.legend(loc="center right")
plots.show(
    fig,
    "Memory of two one-unit GRUs over 50 steps after a single 1. The one whose update gate shuts stays nearly level. The "
    "one with z = 0.5 falls to 0 within about ten steps.",
)

# %% [markdown]
# One unit keeps nearly all, the other next to nothing. Nobody set a clock: the gate was told **what** to look for, not
# how long to wait. A trained GRU finds such weights by itself, if they help. (They do not come for free: before
# training, the biases are 0, and z is near 0.5. Lesson 02 measures what that means for learning.)
#
# ## A gate explorer
#
# Here is the one-unit GRU again. At step 5 it gets a 1, at step 30 a second number that you choose, else zeros. You also
# choose the biases of both gates. First four choices side by side:


# %%
def draw_memory(ax, second, b_z, b_r):
    """Draw the one-unit GRU's input, memory and gates over 50 steps; return the memory."""
    inputs = np.zeros(50)
    inputs[5], inputs[30] = 1.0, second
    h, r, z = gru(inputs, one_unit(opens_for_x=20.0, b_z=b_z, b_r=b_r))
    ax.bar(np.arange(50), inputs, color="lightgrey", width=1.0, label="input x")
    ax.plot(h, color="black", linewidth=2, label="memory h")
    ax.plot(z, color=plots.COLOURS[0], linewidth=1, label="update gate z")
    ax.plot(r, color=plots.COLOURS[1], linewidth=1, linestyle="--", label="reset gate r")
    ax.set_title(f"bias of z: {b_z:g}, bias of r: {b_r:g}")
    return h


fig, axes = plots.figure(2, 2, sharex=True, sharey=True, figsize=(8, 4))
memories = {}
for row, b_z in enumerate((-6, 0)):
    for column, b_r in enumerate((-4, 4)):
        memories[b_z, b_r] = draw_memory(axes[row, column], 0.5, b_z, b_r)[:, 0]
for ax in axes[1]:
    ax.set_xlabel("step")
for ax in axes[:, 0]:
    ax.set_ylabel("value")
fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
plots.show(
    fig,
    "Four panels of input, memory and both gates over 50 steps. Above, with the update gate's bias at -6, the memory jumps "
    "at each input and stays level between. Below, with the bias at 0, it fades between the inputs. On the left, with the "
    "reset gate shut, the second input replaces the memory. On the right, with it open, the second input is added to it.",
)

# %% [markdown]
# - **Upper row:** the update gate opens for an input only. Between inputs the memory stays level.
# - **Lower row:** the update gate is at least half open all the time. The memory fades.
# - **Left:** the reset gate is shut. The second input **replaces** the memory.
# - **Right:** the reset gate is open. The second input is **added** to the memory, within tanh's limits.

# %%
for b_r in (-4, 4):
    assert memories[-6, b_r][29] > 0.9 * memories[-6, b_r][5]  # level between the inputs
    assert memories[0, b_r][29] < 0.5 * memories[0, b_r][5]  # fading
assert abs(memories[-6, -4][30] - np.tanh(0.5)) < 0.05  # replaced: the candidate of the input alone
assert memories[-6, 4][30] > memories[-6, 4][29]  # added

# %% [markdown]
# Now you. The cells below make three sliders. Drag them, or press <kbd>Tab</kbd> to reach one and the arrow keys to
# move it. They work in JupyterLab and Colab. Where nothing runs, on GitHub for example, a line of text stands in their
# place.


# %%
def explore(second, b_z, b_r):
    fig, ax = plots.figure(figsize=(8, 3.2))
    h = draw_memory(ax, second, b_z, b_r)
    ax.set(xlabel="step", ylabel="value", ylim=(-1.05, 1.05))
    fig.legend(loc="outside lower center", ncols=4)
    plots.show(fig, f"Input, memory and gates over 50 steps. The last memory is {h[-1, 0]:.2f}.")


def slider(name, value, low, high, step):
    return widgets.FloatSlider(
        value, description=name, min=low, max=high, step=step, style={"description_width": "initial"}
    )


sliders = {
    "second": slider("second input", 0.5, -1.0, 1.0, 0.1),
    "b_z": slider("bias of z", -6.0, -8.0, 8.0, 0.5),
    "b_r": slider("bias of r", 0.0, -8.0, 8.0, 0.5),
}

# %% tags=["nbval-ignore-output"]
widgets.VBox([*sliders.values(), widgets.interactive_output(explore, sliders)])

# %% [markdown]
# Things to try:
#
# - Make the second input −1. Why does nothing happen? (The gate opens for **positive** inputs only: 20·(−1) − 6 is far
#   below 0.)
# - Push the bias of z to 8. The memory becomes a plain cell's: what r lets through, and the input, at every step.
# - Make the second input 0.3, with the bias of z back at −6. Then 20·0.3 − 6 = 0. How far does the update gate open?
#
# ## Does Keras compute the same?
#
# Libraries write a sample as a row, and they split each of our tables in two: the part that meets the input, the
# **kernel**, and the part that meets the memory, the **recurrent kernel**. So we cut each table and turn it:
#
# | here | in Keras | shape |
# |---|---|---|
# | last column of `W_r`, turned | kernel, as in `x @ W` | (features, units) |
# | first two columns of `W_r`, turned | recurrent kernel, as in `h @ U` | (units, units) |
#
# A **feature** is one number of the input at a step. We have one. `helpers.cells` has a GRU written in that way, for
# whole batches of sequences. We call it **our cell**. Later lessons use it.

# %%
units = 2
W = {gate: weights[f"W_{gate}"][:, units:].T for gate in "rzh"}
U = {gate: weights[f"W_{gate}"][:, :units].T for gate in "rzh"}
b = {gate: weights[f"b_{gate}"] for gate in "rzh"}

our_cell = GRU(
    W_r=W["r"], U_r=U["r"], b_r=b["r"], W_z=W["z"], U_z=U["z"], b_z=b["z"], W_h=W["h"], U_h=U["h"], b_h=b["h"]
)
sequence = getting_warmer.reshape(1, 4, 1)  # (samples, time steps, features)
by_our_cell = our_cell.forward(sequence)
by_loop, _, _ = gru(getting_warmer, weights)
print("largest difference to the loop:", np.abs(by_our_cell[0] - by_loop).max().round(12))
assert np.allclose(by_our_cell[0], by_loop, atol=1e-12)

# %% [markdown]
# Now Keras. It keeps the three parts side by side in one array, in the order **z, r, h**. And its update gate works the
# other way round: **in Keras, z = 1 keeps the old memory**. Because σ(−*a*) = 1 − σ(*a*), it is enough to change the
# sign of everything that belongs to z.


# %%
def side_by_side(parts):
    return np.concatenate([-parts["z"], parts["r"], parts["h"]], axis=-1)


layer = keras.layers.GRU(units, reset_after=False, return_sequences=True)  # all steps, not only the last
layer.build(sequence.shape)
layer.set_weights([side_by_side(W), side_by_side(U), side_by_side(b)])
by_keras = np.asarray(layer(sequence))

print("by hand:", by_loop[-1].round(4))
print("Keras:  ", by_keras[0, -1].round(4))
assert np.allclose(by_keras, by_our_cell, atol=1e-6)

# %% [markdown]
# Equal, to the last digit that Keras' 32-bit numbers have. So what you did with a pencil **is** what Keras does.
#
# The other way, from any Keras layer to our cell, is `GRU.from_keras`. We try it on random weights and random input, for
# both settings of `reset_after`. What that setting means comes next.

# %%
rng = np.random.default_rng(0)
some_input = rng.normal(size=(5, 20, 3)).astype("float32")  # 5 samples, 20 steps, 3 features
for reset_after in (False, True):
    random_layer = keras.layers.GRU(4, reset_after=reset_after, return_sequences=True)
    random_layer.build(some_input.shape)
    random_layer.set_weights([rng.normal(size=array.shape) for array in random_layer.get_weights()])
    ours = GRU.from_keras(random_layer).forward(some_input)
    assert np.allclose(ours, random_layer(some_input), atol=1e-5)
    print(f"reset_after={reset_after!s:5}: our cell equals Keras on {ours.size} numbers")

# %% [markdown]
# ## Why do books disagree?
#
# There is no single way to write a GRU. These five agree in the idea, and differ in four details:
#
# | | z = 1 … | r acts … the product with the recurrent kernel | order of the blocks | biases |
# |---|---|---|---|---|
# | this collection | takes the candidate | before | separate | 1 each |
# | Cho et al. 2014 | keeps the memory | before (in the first version of the paper: after) | separate | not written |
# | Chung et al. 2014 | takes the candidate | before | separate | not written |
# | Keras | keeps the memory | after (`reset_after=True`, the default); before if `False` | z, r, h side by side | 2 each; 1 if `False` |
# | PyTorch | keeps the memory | after | r, z, n one below the other (n is the candidate) | 2 each |
#
# **After** means: first multiply the memory with the recurrent kernel, then weaken the result with r. It suits fast
# code, because all products with the memory can be done at once. A second bias then makes a difference, as r weakens it
# and does not weaken the first.
#
# Each row of the table as code, in its own notation. Inputs and memories are columns here, as on paper.


# %%
def cho(x, h, W, U):
    r = sigmoid(W["r"] @ x + U["r"] @ h)
    z = sigmoid(W["z"] @ x + U["z"] @ h)
    candidate = np.tanh(W["h"] @ x + U["h"] @ (r * h))
    return z * h + (1 - z) * candidate


def chung(x, h, W, U):
    r = sigmoid(W["r"] @ x + U["r"] @ h)
    z = sigmoid(W["z"] @ x + U["z"] @ h)
    candidate = np.tanh(W["h"] @ x + U["h"] @ (r * h))
    return (1 - z) * h + z * candidate


def keras_default(x, h, kernel, recurrent_kernel, bias):
    x_z, x_r, x_h = np.split(x @ kernel + bias[0], 3)
    h_z, h_r, h_h = np.split(h @ recurrent_kernel + bias[1], 3)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    candidate = np.tanh(x_h + r * h_h)
    return z * h + (1 - z) * candidate


def pytorch(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    x_r, x_z, x_n = np.split(weight_ih @ x + bias_ih, 3)
    h_r, h_z, h_n = np.split(weight_hh @ h + bias_hh, 3)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * h_n)
    return (1 - z) * n + z * h


# %% [markdown]
# First the family "before". All get our two-unit weights, without biases, because the papers write none. Only Cho's z
# needs its sign changed.

# %%
no_biases = weights | {name: np.zeros(2) for name in ("b_r", "b_z", "b_h")}
W_columns = {gate: W[gate].T for gate in "rzh"}
U_columns = {gate: U[gate].T for gate in "rzh"}

before = {
    "this collection": gru_step(old_h, x, no_biases)[0],
    "Cho et al. 2014": cho(x, old_h, W_columns | {"z": -W_columns["z"]}, U_columns | {"z": -U_columns["z"]}),
    "Chung et al. 2014": chung(x, old_h, W_columns, U_columns),
}
keras_before = keras.layers.GRU(units, reset_after=False, use_bias=False)
keras_before.build((1, 1, 1))
keras_before.set_weights([side_by_side(W), side_by_side(U)])
before["Keras, reset_after=False"] = np.asarray(keras_before(x.reshape(1, 1, 1), initial_state=old_h.reshape(1, 2)))[0]

for name, h_after in before.items():
    print(f"{name:25}", h_after.round(4))
    assert np.allclose(h_after, before["this collection"], atol=1e-6)

# %% [markdown]
# Then the family "after", with two random biases for each part. Keras' own layer is the judge. PyTorch is not installed
# here. We compute what its documentation says, with Keras' weights put in PyTorch's order.

# %%
keras_layer = keras.layers.GRU(units)
assert keras_layer.reset_after  # the default
keras_layer.build((1, 1, 1))
kernel, recurrent_kernel = side_by_side(W), side_by_side(U)
bias = rng.normal(size=(2, 3 * units)).round(1)
keras_layer.set_weights([kernel, recurrent_kernel, bias])


def r_z_n(array):
    """Put Keras' blocks z, r, h in PyTorch's order r, z, n, one below the other."""
    z, r, n = np.split(array, 3, axis=-1)
    return np.concatenate([r, z, n], axis=-1).T


after = {
    "Keras, its layer": np.asarray(keras_layer(x.reshape(1, 1, 1), initial_state=old_h.reshape(1, 2)))[0],
    "Keras, by hand": keras_default(x, old_h, kernel, recurrent_kernel, bias),
    "PyTorch, by hand": pytorch(x, old_h, r_z_n(kernel), r_z_n(recurrent_kernel), r_z_n(bias[0]), r_z_n(bias[1])),
    "our cell": GRU.from_keras(keras_layer).forward(x.reshape(1, 1, 1), initial_state=old_h.reshape(1, 2))[0, 0],
}
for name, h_after in after.items():
    print(f"{name:25}", h_after.round(4))
    assert np.allclose(h_after, after["Keras, its layer"], atol=1e-6)

# %% [markdown]
# Within a family, changing signs and order turns one GRU into another exactly. Between the families that is not enough,
# because "before" and "after" multiply in another order. With the same weights and no biases at all, they differ:

# %%
one_bias_less = keras_default(x, old_h, kernel, recurrent_kernel, np.zeros((2, 3 * units)))
print("before:", before["this collection"].round(4))
print("after: ", one_bias_less.round(4))
assert np.abs(one_bias_less - before["this collection"]).max() > 0.01

# %% [markdown]
# ## How many parameters is that?
#
# A **parameter** is a number that training may change: each weight and each bias. With *n* units and *m* features, each
# of the three parts (r, z and candidate) has *n* rows of *n* + *m* weights, and *n* biases:
#
# > 3(*n*² + *nm* + *n*), and in Keras by default 3(*n*² + *nm* + 2*n*), because of the second bias.


# %%
def count(units, features, biases):
    return 3 * (units**2 + units * features + biases * units)


by_counting = sum(array.size for array in weights.values())
print(f"our two units: formula {count(2, 1, biases=1)}, counted {by_counting}")
assert count(2, 1, biases=1) == by_counting == layer.count_params()

for n, m in [(2, 1), (5, 4), (50, 1)]:
    default = keras.layers.GRU(n)
    default.build((None, None, m))
    print(f"units {n:2}, features {m}: textbook {count(n, m, 1):5,}, Keras' default {default.count_params():5,}")
    assert default.count_params() == count(n, m, biases=2)

# %% [markdown]
# ## What do the gates of a trained GRU do?
#
# So far we chose the weights. Now training chooses. A GRU of 8 units reads 30 days of Brussels' daily mean temperature
# and forecasts the next day. The temperatures are **z-scores**: minus the mean of the training years, divided by their
# standard deviation. How training works is the subject of lesson 07. Here we want to look inside.
#
# We train **twice**, from two random starts. You will see why.

# %%
temperature = data.load("brussels")["temperature"].loc[: data.VALIDATION_END]  # the test years stay unseen
train = temperature.loc[: data.TRAIN_END]
mean, std = train.mean(), train.std()
X, y = create_dataset((temperature - mean) / std, time_step=30)
answer_days = temperature.index[30:]  # the day that each y stands for
is_training = answer_days <= data.TRAIN_END
validation_days = answer_days[~is_training]
truth = temperature[validation_days]
persistence_error = rmse(truth, temperature.shift(1)[validation_days])


def train_gru(seed):
    set_seed(seed)
    model = keras.Sequential([keras.Input(shape=(30, 1)), keras.layers.GRU(8), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mean_squared_error")
    model.fit(X[is_training], y[is_training], epochs=12, batch_size=256, verbose=0)
    return model


# %% [markdown]
# The last layer, `Dense(1)`, is a weighted sum of the 8 memories plus a bias. So we can do the whole forecast ourselves:
# our cell, then that sum.


# %%
def read_gates(model):
    """Return our cell, run over all windows, and its forecasts in °C."""
    cell = GRU.from_keras(model.layers[0])
    cell.forward(X)
    return cell, forecast_from(cell.h, model)


def forecast_from(h, model):
    dense_weights, dense_bias = model.layers[1].get_weights()
    return mean + std * (h[:, -1] @ dense_weights + dense_bias)[:, 0]


models = [train_gru(seed) for seed in (7, 8)]
readings = [read_gates(model) for model in models]
by_keras = mean + std * models[0].predict(X[~is_training], batch_size=512, verbose=0)[:, 0]
assert np.allclose(readings[0][1][~is_training], by_keras, atol=1e-3)  # our forecast is Keras' forecast, to 0.001 °C
errors = [rmse(truth, forecasts[~is_training]) for _, forecasts in readings]

# %% tags=["nbval-ignore-output"]
print(f"tomorrow = today: {persistence_error:.3f} °C")
for run, error in enumerate(errors, start=1):
    print(f"GRU, run {run}:       {error:.3f} °C")

# %% [markdown]
# The errors are for the validation years, 1998 to 2001, which the network has not learned from. Both runs beat
# "tomorrow = today", and both about equally.

# %%
assert max(errors) < persistence_error
assert abs(errors[0] - errors[1]) < 0.05

# %% [markdown]
# ### The gates over real dates
#
# The record's coldest and hottest week up to 2001: when were they? We look at both with three weeks before and after.
# For each day we draw the gates of run 1 at the last step of the window that **ends** on this day. That is the moment
# when the forecast is made. A **slow** unit keeps more than half of its memory on an average day, a **fast** one less.
# The reset gates are drawn for the slow units only.

# %%
weekly = temperature.rolling(7).mean()
events = {"the coldest week": weekly.idxmin(), "the hottest week": weekly.idxmax()}
for name, last_day in events.items():
    print(f"{name}: the 7 days to {last_day:%d %B %Y}, {weekly[last_day]:.1f} °C on average")

last_days = temperature.index[29:-1]  # the last day of each window
cell = readings[0][0]
z_by_day = pd.DataFrame(cell.z[:, -1], index=last_days)
r_by_day = pd.DataFrame(cell.r[:, -1], index=last_days)
slow = z_by_day.mean() < 0.5

# %% tags=["nbval-ignore-output"]
fig, axes = plots.figure(3, 2, sharex="col", sharey="row", figsize=(8, 5))
for column, (name, last_day) in enumerate(events.items()):
    days = pd.date_range(last_day - pd.Timedelta(days=27), last_day + pd.Timedelta(days=21))
    top, middle, bottom = axes[:, column]
    top.plot(temperature[days], color="black")
    top.set_title(name)
    middle.plot(z_by_day.loc[days, ~slow], color=plots.COLOURS[1], linestyle="--", linewidth=1, label="fast units")
    middle.plot(z_by_day.loc[days, slow], color=plots.COLOURS[0], label="slow units")
    bottom.plot(r_by_day.loc[days, slow], color=plots.COLOURS[0])
    middle.set_ylim(0, 1)
    bottom.set_ylim(0, 1)
    for ax in axes[:, column]:
        ax.axvspan(last_day - pd.Timedelta(days=6), last_day, color="lightgrey", alpha=0.5)
for ax, label in zip(axes[:, 0], ("temperature (°C)", "update gates z", "reset gates r"), strict=True):
    ax.set_ylabel(label)
handles = {label: handle for handle, label in zip(*axes[1, 0].get_legend_handles_labels(), strict=True)}
fig.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=2)
plots.show(
    fig,
    "Six panels: temperature, update gates of all 8 units and reset gates of the slow units, around the coldest week on the "
    "left and the hottest week on the right. The update gates fall into two groups: slow units stay low, fast units near "
    "1. Some slow units open far in the cold week, another one opens a little in the hot week. The reset gates move with "
    "the temperature too.",
)

# %% [markdown]
# ### What can be read from them
#
# **How fast each unit replaces its memory.** That is z itself. Nobody asked for fast and slow units.
# Training has made both kinds, in both runs.

# %%
mean_z = [np.sort(run_cell.z[:, -1].mean(axis=0)) for run_cell, _ in readings]
closest = max(abs(np.corrcoef(temperature[last_days], z_by_day[unit])[0, 1]) for unit in z_by_day)

# %% tags=["nbval-ignore-output"]
for run, values in enumerate(mean_z, start=1):
    print(f"run {run}, mean z of each unit, slowest first:", values.round(2))
print(f"run 1: the slowest unit keeps {1 - mean_z[0][0]:.0%} a day, the fastest {1 - mean_z[0][-1]:.0%}")
print(f"run 1: the closest correlation of a unit's z with the day's temperature is {closest:.2f} (sign left out)")
weeks = {name: z_by_day.loc[day - pd.Timedelta(days=6) : day].mean() for name, day in events.items()}
for unit in z_by_day.columns[slow]:
    in_weeks = ", ".join(f"in {name} {mean_of_week[unit]:.2f}" for name, mean_of_week in weeks.items())
    print(f"run 1, a slow unit: z is {z_by_day[unit].mean():.2f} on average, {in_weeks}")

# %%
for values in mean_z:
    assert values[0] < 0.3
    assert values[-1] > 0.85
assert closest > 0.7

# %% [markdown]
# **What a gate answers to.** Some gates follow the temperature closely. They open as it gets colder, or as it gets
# warmer, and shut on the way back. The print above has one line for each slow unit.
#
# ### What cannot be read from them
#
# **Not that the network has recognised a cold snap.** The gates that move in the cold week follow the temperature on
# all days of 26 years. It is a thermometer, not an alarm.
#
# **Not what the forecast depends on.** The slowest unit keeps most of its memory from day to day. Does the forecast
# then depend on last week? That can be tested. We make one day 5 °C warmer, and see how far the forecast moves. We
# compare with the share of a memory that the slowest unit's update gate lets through from that day: the product of its
# 1 − z.

# %%
some_windows = X[::20]
slowest = int(np.argmin(z_by_day.mean()))
unchanged = forecast_from(cell.forward(some_windows), models[0])
kept_each_step = 1 - cell.z[:, :, slowest]
days_ago = np.arange(11)
moved, kept = [], []
for ago in days_ago:
    warmer = some_windows.copy()
    warmer[:, 29 - ago, 0] += 5 / std
    moved.append(np.abs(forecast_from(cell.forward(warmer), models[0]) - unchanged).mean())
    kept.append(kept_each_step[:, 30 - ago :].prod(axis=1).mean())

# %% tags=["nbval-ignore-output"]
print("one day 5 °C warmer moves the forecast by")
for ago in (0, 1, 2, 5, 10):
    print(
        f"  {moved[ago]:.2f} °C, {ago:2} days before the last; the slowest unit's gate keeps {kept[ago]:.0%} since then"
    )

fig, ax = plots.figure(figsize=(8, 3))
ax.plot(days_ago, kept, marker="o", label="what the slowest unit's gate keeps of that day")
ax.plot(days_ago, np.array(moved) / moved[0], marker="s", linestyle="--", label="how far that day moves the forecast")
ax.set(xlabel="days before the last day of the window", ylabel="relative to the last day", ylim=(0, 1.05))
ax.legend()
plots.show(
    fig,
    "Two falling lines over 0 to 10 days before the last day. What the slowest unit's gate keeps falls slowly, from 1 to "
    "well above a half. How far a day moves the forecast falls to about a quarter after one day and close to 0 after two.",
)

# %% [markdown]
# The gate would let last week through. The forecast hardly moves: what counts is the last day or two. A gate tells what
# **may** be remembered. What is used, the rest of the network decides. To learn that, change the input and look at the
# output.

# %%
assert kept[5] > 0.3
assert moved[5] < 0.15 * moved[0]

# %% [markdown]
# **Not what "unit 3" does.** Train again, and the units have other gates and other numbers. Compare the two rows of mean
# z above: the same data, nearly the same error, another set of gates. A story about one unit of one run is a story about
# a random seed.

# %%
assert np.abs(mean_z[0] - mean_z[1]).max() > 0.05

# %% [markdown]
# ## Trap: z the wrong way round
#
# You copy weights from Keras into the equation of this lesson. The shapes fit. The code runs. The network that we have
# just trained shows what happens:

# %%
right = GRU.from_keras(models[0].layers[0])
wrong = GRU.from_keras(models[0].layers[0])
for name in ("W_z", "U_z", "b_z"):
    setattr(wrong, name, -getattr(wrong, name))  # the mistake: back to the sign that Keras stores
wrong_error = rmse(truth, forecast_from(wrong.forward(X[~is_training]), models[0]))
right_error = rmse(truth, forecast_from(right.forward(X[~is_training]), models[0]))

# %% tags=["nbval-ignore-output"]
print(f"z the wrong way round: {wrong_error:.2f} °C")
print(f"z the right way round: {right_error:.2f} °C")
print(f"tomorrow = today:      {persistence_error:.2f} °C")

# %% [markdown]
# No error message, only a useless forecast: fast units now keep, slow units now forget. Mended by changing the sign of
# all that belongs to z, which `GRU.from_keras` does. Whatever you copy, compare one output with the original first.

# %%
assert wrong_error > 1.2 * persistence_error
assert right_error < persistence_error

# %% [markdown]
# ## Trap: "with r = 1 a GRU is a plain RNN"
#
# One reads this often. We open the reset gate fully and compare with the plain cell that has the candidate's weights.


# %%
def plain_rnn(inputs, weights):
    h = np.zeros(2)
    for x in inputs:
        h = np.tanh(weights["W_h"] @ np.concatenate([h, [x]]) + weights["b_h"])
    return h


r_open = with_gate(weights, "r", 40.0)
r_open_z_open = with_gate(r_open, "z", 40.0)
print("plain RNN:        ", plain_rnn(getting_warmer, weights).round(3))
print("GRU, r = 1:       ", gru(getting_warmer, r_open)[0][-1].round(3))
print("GRU, r = 1, z = 1:", gru(getting_warmer, r_open_z_open)[0][-1].round(3))
assert not np.allclose(plain_rnn(getting_warmer, weights), gru(getting_warmer, r_open)[0][-1], atol=0.01)
assert np.allclose(plain_rnn(getting_warmer, weights), gru(getting_warmer, r_open_z_open)[0][-1])

# %% [markdown]
# r = 1 makes the **candidate** a plain cell's. The new memory still mixes it with the old one. Only with z = 1 as well
# is the mix gone, and a plain RNN is left.
#
# ## Trap: `reset_after` taken from the description
#
# The description of Keras' GRU speaks of two variants, and says that the default one applies the reset gate before the
# product. The layer itself says:

# %%
sentences = " ".join(keras.layers.GRU.__doc__.split()).split(". ")
print("The description:", *(sentence for sentence in sentences if "default one" in sentence))
print("The layer:       reset_after =", keras.layers.GRU(2).reset_after)
assert keras.layers.GRU(2).reset_after

# %% [markdown]
# Believing the description, you give its weights to a textbook GRU:

# %%
textbook_layer = keras.layers.GRU(units, reset_after=False)
textbook_layer.build((None, None, 1))
try:
    textbook_layer.set_weights(keras_layer.get_weights())
except ValueError as error:
    print("ValueError:", error)

# %% [markdown]
# So "after" is the default. You notice it when you count parameters, and when you load weights: the two biases do not
# fit into one. Mended by saying which one you mean: `reset_after=False` for the textbook's equation, `True` for Keras'
# own.
#
# ## Exercises
#
# Replace each `...` and run the cell, then run the check below it.
#
# **1. The last line.** Write the new memory from the old one, `h`, the update gate `z` and the candidate, in this
# collection's convention.


# %%
def new_memory(h, z, candidate):
    ...
    ### BEGIN SOLUTION
    return (1 - z) * h + z * candidate
    ### END SOLUTION


# %%
check.new_memory(new_memory)

# %% [markdown]
# **2. A better keeper.** The update gate of a unit is z = σ(*w*·*x* + *b*). Choose *w* and *b* so that an input of 1 is
# taken almost fully (z > 0.95), and **at least 95 %** of the memory is left after 50 steps with x = 0. (Let the
# candidate be 0 in these steps: then each step leaves 1 − z.)

# %%
w_and_b = (..., ...)
### BEGIN SOLUTION
w_and_b = (14.0, -7.0)
### END SOLUTION

# %%
check.w_and_b(w_and_b)

# %% [markdown]
# **3. How long is slow?** A slow unit has z = 0.1 on every day, and its candidate is 0. After how many days is less than
# half of its memory left?

# %%
days_to_half = ...
### BEGIN SOLUTION
days_to_half = next(days for days in range(1, 100) if (1 - 0.1) ** days < 0.5)
### END SOLUTION

# %%
check.days_to_half(days_to_half)

# %% [markdown]
# **4. From Keras to here.** Write a function that takes Keras' `kernel`, of shape (features, 3·units), and returns the
# kernel of the update gate in this collection's convention, of shape (features, units).


# %%
def our_W_z(kernel):
    ...
    ### BEGIN SOLUTION
    units = kernel.shape[1] // 3
    return -kernel[:, :units]
    ### END SOLUTION


# %%
check.our_W_z(our_W_z)

# %% [markdown]
# ## What to take away
#
# - A GRU is four lines: reset gate, update gate, candidate, mix.
# - z decides, at every step and for every unit, how much of the memory is replaced. r decides how much of the past the
#   proposal may see.
# - z near 0 keeps a memory for as long as it stays there.
# - Keras and PyTorch write z the other way round and apply r after the product. With signs and order changed, our
#   numbers are theirs.
# - Gates show what a unit may remember. They do not show what the forecast uses.
#
# ## Self-test
#
# <details><summary>A unit has z = 0 for 100 steps. What do the inputs of these steps do to its memory?</summary>
#
# Nothing. The new memory is the old one at every step, whatever the candidate is. So r does not matter for this unit's
# memory either.
# </details>
#
# <details><summary>r = 0 and z = 1 in all units at one step. What does the memory know afterwards?</summary>
#
# This step's input only. The candidate was made without the past, and it has replaced the memory.
# </details>
#
# <details><summary>A blog says: "the update gate was near 0 in January, so the network ignored January". What do you ask?</summary>
#
# First, which convention: in Keras and PyTorch, z near 0 **takes** the candidate. Then, whether anyone has changed
# January's input and looked at the forecast. And whether a second run shows the same.
# </details>
#
# ## Where next
#
# Lesson 02 asks how far back a GRU can really learn, and measures it. Lesson 03 compares it with the LSTM. If you would
# rather build a forecast now, go on with lesson 04.
#
# ## References
#
# - K. Cho and others, *Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine Translation*,
#   2014, [arXiv:1406.1078](https://arxiv.org/abs/1406.1078): the paper that introduced the GRU. Its first and its later
#   versions differ in where the reset gate acts.
# - J. Chung and others, *Empirical Evaluation of Gated Recurrent Neural Networks on Sequence Modeling*, 2014,
#   [arXiv:1412.3555](https://arxiv.org/abs/1412.3555): the convention of this collection.
# - Keras, [GRU layer](https://keras.io/api/layers/recurrent_layers/gru/).
# - PyTorch, [torch.nn.GRU](https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html): its equations and the
#   layout of its weights.
