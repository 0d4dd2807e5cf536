# ---
# jupyter:
#   lesson:
#     part: The cell
#     question: What do the two gates do, and can I compute a GRU by hand?
#     learn: to compute a GRU with pencil and paper, to say what its two gates do, to check Keras against your own numbers
#     need: Python and NumPy's arrays; a calculator; no knowledge of neural networks
# ---

# %% [markdown]
# # The GRU, by hand
#
# At the end of this lesson you will be able to compute a Gated Recurrent Unit (GRU) with pencil and paper, say what its
# two gates do, and check Keras against your own numbers.

# %% [markdown]
# ## Why does order matter?
#
# Two times four days, their temperatures minus the mean: −1, −0.5, 0.5, 1, and 1, 0.5, −0.5, −1. They are the same four
# numbers, so they have the same mean. But in the first four days it gets warmer, in the second four it gets colder. What
# will tomorrow bring? The mean cannot help. The **order** can.
#
# To use the order, read one number at a time and keep a memory of what came before. This memory is called the **hidden
# state**, *h*. At each **time step** the old memory and the new input *x* make a new memory:
#
# > new *h* = tanh(*w* · *x* + *u* · old *h*)
#
# This is a **plain recurrent cell**. *w* and *u* are its **weights**, numbers that training finds. Here we choose them.
# They are the same at every step. tanh(*a*) = (e^*a* − e^−*a*) / (e^*a* + e^−*a*) squeezes any number into the range from
# −1 to 1, so the memory stays in bounds. A calculator has it.
#
# **Training** means: a program tries many small changes of the weights and keeps those that make the forecasts better.
# {Lesson:training} explains it. **Keras** is the library that does so here.

# %%
import ipywidgets as widgets
import keras
import numpy as np
import pandas as pd
from IPython.display import display

from helpers import data, plots
from helpers.cells import GRU
from helpers.evaluation import rmse
from helpers.exercises import gru_by_hand as check
from helpers.models import set_seed
from helpers.windows import create_dataset

# %%
getting_warmer = np.array([-1.0, -0.5, 0.5, 1.0])
getting_colder = getting_warmer[::-1]


def plain_step(h, x, w=1.0, u=0.5):
    return np.tanh(w * x + u * h)


def last_memory(inputs):
    h = 0.0  # at first there is nothing to remember
    for x in inputs:
        h = plain_step(h, x)
    return h


print(f"getting warmer: mean {getting_warmer.mean():.1f}, last memory {last_memory(getting_warmer):+.3f}")
print(f"getting colder: mean {getting_colder.mean():.1f}, last memory {last_memory(getting_colder):+.3f}")
assert last_memory(getting_warmer) > 0.5
assert last_memory(getting_colder) < -0.5

# %% [markdown]
# The same four numbers, two different memories. The cell has noticed the order.
#
# **Predict first:** a single 1 comes in, and then only zeros. After how many steps is less than a hundredth of
# it left?

# %%
h = at_first = plain_step(0.0, 1.0)  # the 1
print(f"at the 1:       h = {h:.7f}")
for step in range(1, 21):
    h = plain_step(h, 0.0)  # the zeros
    if step in (1, 2, 5, 7, 10, 20):
        print(f"{step:2} steps later: h = {h:.7f}, {h / at_first:.2%} of it is left")
assert h < 0.000001

# %% [markdown]
# At least half of the memory goes at every step, because *u* = 0.5. A larger *u* would forget more slowly. But then the
# cell would hold on to **everything** more firmly, also to what it should drop. One *u* for all steps cannot say: keep
# this, drop that.
#
# A GRU decides anew at every step. For that it has gates.
#
# ## What is a gate?
#
# A **gate** is a number between 0 and 1 that something is multiplied by. 0 lets nothing through, 1 lets all through.
# The **sigmoid**, written σ, makes such a number out of any number: σ(*a*) = 1 / (1 + e^−*a*).


# %%
def sigmoid(a):
    return 1 / (1 + np.exp(-a))


a = np.linspace(-6, 6, 200)
fig, ax = plots.figure(figsize=(7.5, 2.5))
ax.plot(a, sigmoid(a), label="σ(a): from 0 to 1, for gates")
ax.plot(a, np.tanh(a), linestyle="--", label="tanh(a): from −1 to 1, for memories")
ax.set(xlabel="a", ylabel="value")
ax.legend()
plots.show(
    fig,
    "Two S-shaped curves. The sigmoid rises from 0 to 1 and is one half at 0. The tanh rises from -1 to 1, is 0 at 0 "
    "and is steeper.",
)

# %% [markdown]
# Both are steep in the middle and flat at the ends. In a GRU, σ says *how much*, tanh says *what*.
#
# ## Which four equations make a GRU?
#
# The memory of a GRU holds several numbers. Each is kept by a **unit**, which has its own two gates. So *h* is now a
# list of numbers. Three signs are needed:
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
# Two units, one input, small numbers. Each table has one row for each unit. Its first two columns meet the memory, the
# last one meets the input.

# %%
weights = {
    "W_r": np.array([[1.0, 0.0, -2.0], [0.5, -1.0, 1.0]]),
    "b_r": np.array([0.2, 0.0]),
    "W_z": np.array([[0.0, 1.0, 2.0], [1.0, 0.0, -1.0]]),
    "b_z": np.array([-0.5, -0.3]),
    "W_h": np.array([[1.0, -1.0, 1.0], [0.5, 2.0, -1.0]]),
    "b_h": np.array([0.0, 0.0]),
}
old_h = np.array([0.5, -0.5])
x = np.array([1.0])

# %% [markdown]
# Take a pencil. The function below only prints what you would write: each product, their sum with the bias, and what σ
# or tanh makes of it.


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
# The reset gate of unit 1 is mostly shut, that of unit 2 mostly open. The update gate has the same form, with other
# weights:

# %%
z = by_hand("z", weights["W_z"], np.concatenate([old_h, x]), weights["b_z"], sigmoid)

# %% [markdown]
# Now the candidate. First the reset gate weakens the old memory. Then comes such a sum again, with tanh in place of σ:

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
assert r[0] < 0.3 < 0.8 < r[1]

# %% [markdown]
# The update gate of unit 1 is mostly open, so its new memory is mostly the candidate. That of unit 2 is mostly shut, so
# it mostly keeps what it had. That is a GRU. There is nothing else in it.
#
# ## Where does each number go?
#
# The same step as a picture. Each box holds the numbers of both units.

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
    "Flow diagram of one step. The memory before, h, and the input x feed both gates. The reset gate r multiplies h; the "
    "product and x make the candidate h′. 1 − z times h is kept, z times h′ is taken. Their sum is the memory after.",
)

# %% [markdown]
# Follow the old memory. It reaches the new one in two ways: along the top, where only 1 − z weakens it, and through the
# candidate, where r weakens it first. The gates, in colour, never become memory themselves. They only multiply.
#
# ## How does it read a whole sequence?
#
# The same four lines, again and again. Here they are as a function, and the loop that uses it.


# %%
def gru_step(h, x, weights):
    r = sigmoid(weights["W_r"] @ np.concatenate([h, x]) + weights["b_r"])
    z = sigmoid(weights["W_z"] @ np.concatenate([h, x]) + weights["b_z"])
    candidate = np.tanh(weights["W_h"] @ np.concatenate([r * h, x]) + weights["b_h"])
    h = (1 - z) * h + z * candidate
    return h, r, z


def gru(inputs, weights):
    """Return the memory and both gates at every step, each of shape (steps, units)."""
    h = np.zeros(len(weights["b_h"]))
    steps = []
    for x in inputs:
        h, r, z = gru_step(h, np.array([x]), weights)
        steps.append((h, r, z))
    return np.array(steps).swapaxes(0, 1)


assert np.allclose(gru_step(old_h, x, weights)[0], new_h)  # the function does what we did by hand

# %%
h, r, z = gru(getting_warmer, weights)
columns = ["x", "r of unit 1", "r of unit 2", "z of unit 1", "z of unit 2", "h of unit 1", "h of unit 2"]
table = pd.DataFrame(np.column_stack([getting_warmer, r, z, h]), columns=columns, index=range(1, 5))
table.rename_axis("step").round(3)

# %% [markdown]
# Read the gates' columns downwards. They change from step to step, because they depend on the input and on the memory.
# That is what the plain cell's *u* could not do.
#
# ## What does each gate do?
#
# We set a gate by hand. With weights of 0 it is σ(bias), whatever comes in. A bias of −40 shuts it, a bias of +40 opens
# it. Everything else stays as it was.
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
    print(f"z = {z[0]:.0f}, memory after step: ", h_after.round(3))
    assert np.allclose(h_after, old_h if bias < 0 else candidate)

# %% [markdown]
# - **z = 0 keeps.** The new memory is the old one, untouched. The input is ignored.
# - **z = 1 replaces.** The new memory is the candidate.
#
# Now the reset gate. It acts inside the candidate. With z = 1 the new memory **is** the candidate, so we can see it. We
# give it two different pasts. Does it notice?

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
# The plain cell forgot a single 1 within 20 steps. Now a GRU of one unit gets a 1, and then 50 zeros. Its update gate
# looks at the input, z = σ(20·x + *b_z*). With *b_z* = −6 the gate is open for the 1 and shut for the zeros. With
# *b_z* = 0 it is half open for the zeros. The reset gate is σ(*b_r*) at every step.


# %%
def one_unit(b_z, b_r):
    return {
        "W_r": np.array([[0.0, 0.0]]),
        "b_r": np.array([b_r]),
        "W_z": np.array([[0.0, 20.0]]),
        "b_z": np.array([b_z]),
        "W_h": np.array([[1.0, 1.0]]),
        "b_h": np.array([0.0]),
    }


pulse = np.array([1.0] + 50 * [0.0])
left = {}
for b_z in (-6.0, 0.0):
    h, _, z = gru(pulse, one_unit(b_z, b_r=0.0))
    left[b_z] = h[-1, 0] / h[0, 0]
    print(f"b_z = {b_z:2.0f}: z is {z[0, 0]:.3f} at the 1, {z[1, 0]:.3f} at a zero; at the end {left[b_z]:.7f} is left")
assert left[-6] > 0.9
assert left[0] < 1e-5

# %% [markdown]
# One keeps nearly all, the other next to nothing. The rest leaks away, because z is never quite 0. Nobody set a clock:
# the gate was told **what** to look for, not how long to wait.
#
# ## A gate explorer
#
# The same unit gets a 1 at step 5 and 0.5 at step 60. Its candidate is tanh(r·h + x): what r lets it see of the memory,
# plus the input. Here are four choices of its two biases:


# %%
def draw_memory(ax, second, b_z, b_r):
    """Draw the unit's input, memory and gates over 80 steps; return the memory."""
    inputs = np.zeros(80)
    inputs[5], inputs[60] = 1.0, second
    h, r, z = gru(inputs, one_unit(b_z, b_r))
    ax.bar(np.arange(80), inputs, color="lightgrey", width=1, label="input x")
    ax.plot(z, color=plots.COLOURS[0], linewidth=1, label="update gate z")
    ax.plot(r, color=plots.COLOURS[1], linewidth=1, linestyle="--", label="reset gate r")
    ax.plot(h, color="black", linewidth=2, label="memory h")
    ax.set_title(f"bias of z: {b_z:g}, bias of r: {b_r:g}")
    return h[:, 0]


fig, axes = plots.figure(2, 2, sharex=True, sharey=True, figsize=(8, 4))
biases = [(-6, -4), (-6, 4), (0, -4), (0, 4)]
memories = [draw_memory(ax, 0.5, b_z, b_r) for ax, (b_z, b_r) in zip(axes.flat, biases, strict=True)]
for ax in axes[1]:
    ax.set_xlabel("step")
for ax in axes[:, 0]:
    ax.set_ylabel("value")
fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
plots.show(
    fig,
    "Four panels of input, memory and both gates over 80 steps. Above, with the update gate's bias at -6, the memory jumps "
    "at each input and stays nearly level between. Below, with the bias at 0, it fades. On the left, with the reset gate "
    "shut, the second input replaces the memory. On the right, with it open, the second input is added to it.",
)

# %% [markdown]
# - **Upper row:** the update gate opens for an input only. The pulse is kept, but for a small leak.
# - **Lower row:** the update gate is at least half open all the time. The pulse fades, more slowly where r lets the
#   candidate see it.
# - **Upper left:** the reset gate is shut. The second input **replaces** the memory.
# - **Upper right:** the reset gate is open. The second input is **added** to the memory, as far as tanh lets it.

# %%
assert all(memory[59] > 0.8 * memory[5] for memory in memories[:2])  # kept
assert all(memory[59] < 0.3 * memory[5] for memory in memories[2:])  # faded
assert abs(memories[0][60] - np.tanh(0.5)) < 0.05  # replaced: the candidate of the input alone
assert memories[1][60] > memories[1][59] + 0.05  # added

# %% [markdown]
# Now you. Drag the three sliders, or press <kbd>Tab</kbd> to reach one and the arrow keys to move it. (They need a running
# notebook, in JupyterLab or Colab.) Make the second input −1: why does nothing happen? The gate opens for **positive**
# inputs only: 20·(−1) − 6 is far below 0.


# %%
def explore(second, b_z, b_r):
    fig, ax = plots.figure(figsize=(8, 3.2))
    memory = draw_memory(ax, second, b_z, b_r)
    ax.set(xlabel="step", ylabel="value", ylim=(-1.05, 1.05))
    fig.legend(loc="outside lower center", ncols=4)
    plots.show(fig, f"Input, memory and gates over 80 steps. The last memory is {memory[-1]:.2f}.")


sliders = {
    "second": widgets.FloatSlider(0.5, min=-1, max=1, step=0.1, description="second x"),
    "b_z": widgets.FloatSlider(-6, min=-8, max=8, step=0.5, description="bias of z"),
    "b_r": widgets.FloatSlider(0, min=-8, max=8, step=0.5, description="bias of r"),
}

# %% tags=["nbval-ignore-output"]
# The explorer, and a text that takes its place where no widget can be shown.
explorer = widgets.VBox([*sliders.values(), widgets.interactive_output(explore, sliders)])
view = {"version_major": 2, "version_minor": 0, "model_id": explorer.model_id}
text = "Run this notebook to get the sliders. The four pictures above show what they do."
display({"application/vnd.jupyter.widget-view+json": view, "text/plain": text}, raw=True)

# %% [markdown]
# ## Does Keras compute the same?
#
# Keras cuts each of our tables in two. The columns that meet the input are the **kernel**, those that meet the memory
# the **recurrent kernel**. Keras writes inputs and memories as rows, so both are turned: `x @ W + h @ U`. Their shapes are
# (features, units) and (units, units). A **feature** is one number of the input at a step. We have one.
#
# Keras keeps the three parts side by side in one array, in the order **z, r, candidate**. And its update gate works the
# other way round: **in Keras, z = 1 keeps the old memory**. Because σ(−*a*) = 1 − σ(*a*), it is enough to change the
# sign of everything that belongs to z.

# %%
units = 2
W = {gate: weights[f"W_{gate}"][:, units:].T for gate in "rzh"}
U = {gate: weights[f"W_{gate}"][:, :units].T for gate in "rzh"}
b = {gate: weights[f"b_{gate}"] for gate in "rzh"}


def side_by_side(parts):
    return np.concatenate([-parts["z"], parts["r"], parts["h"]], axis=-1)


sequence = getting_warmer.reshape(1, 4, 1)  # (samples, time steps, features)
layer = keras.layers.GRU(units, reset_after=False, return_sequences=True)  # all steps, not only the last
layer.build(sequence.shape)
layer.set_weights([side_by_side(W), side_by_side(U), side_by_side(b)])

by_hand_all_steps, _, _ = gru(getting_warmer, weights)
by_keras = np.asarray(layer(sequence))[0]
print("by hand:", by_hand_all_steps[-1].round(4))
print("Keras:  ", by_keras[-1].round(4))
assert np.allclose(by_keras, by_hand_all_steps, atol=1e-6)

# %% [markdown]
# Equal, as far as Keras' 32-bit numbers go. What you did with a pencil **is** what Keras does. (`reset_after=False` is
# explained below.)
#
# The other way, from any Keras layer to this lesson's equations, is written in `helpers.cells`. We call that GRU **our
# cell**. It keeps the two halves of each table apart, in Keras' shapes: `W_z` meets the input, `U_z` the memory.

# %%
our_cell = GRU.from_keras(layer)
assert np.allclose(our_cell.forward(sequence)[0], by_hand_all_steps, atol=1e-6)
assert np.allclose(our_cell.W_z, W["z"])  # the sign is changed back

# %% [markdown]
# ## Why do books disagree?
#
# There is no single way to write a GRU. These five agree in the idea and differ in four details:
#
# | | z = 1 … | r acts before or after the product with the recurrent kernel | order of the blocks | biases for each of r, z, candidate |
# |---|---|---|---|---|
# | this collection | takes the candidate | before | separate | 1 |
# | Cho et al. 2014 | keeps the memory | before (in the first version of the paper: after) | separate | not written |
# | Chung et al. 2014 | takes the candidate | before | separate | not written |
# | Keras | keeps the memory | after (`reset_after=True`, the default); before if `False` | z, r, candidate | 2; 1 if `False` |
# | PyTorch | keeps the memory | after | r, z, candidate | 2 |
#
# The two places, for the candidate, with *W* for the kernel and *U* for the recurrent kernel:
#
# > before: tanh(*xW* + (*r* ⊙ *h*)*U* + *b*)
# >
# > after: tanh(*xW* + *b* + *r* ⊙ (*hU* + *b*₂))
#
# **After** lets a program compute *hU* for r, z and candidate in one product, because none of them has to wait for r.
# That suits fast code. And its second bias *b*₂ stands where r weakens it. (In r and z two biases are no more than one:
# they are added up.)
#
# Each row is now computed, in its own notation. First the papers. They get our two-unit weights without biases. For Cho,
# the sign of z's weights is changed.


# %%
def gates_before(x, h, W, U):
    r = sigmoid(W["r"] @ x + U["r"] @ h)
    z = sigmoid(W["z"] @ x + U["z"] @ h)
    return z, np.tanh(W["h"] @ x + U["h"] @ (r * h))


def cho(x, h, W, U):
    z, candidate = gates_before(x, h, W, U)
    return z * h + (1 - z) * candidate


def chung(x, h, W, U):
    z, candidate = gates_before(x, h, W, U)
    return (1 - z) * h + z * candidate


no_biases = weights | {name: np.zeros(2) for name in ("b_r", "b_z", "b_h")}
W_columns = {gate: W[gate].T for gate in "rzh"}
U_columns = {gate: U[gate].T for gate in "rzh"}
before = {
    "this collection": gru_step(old_h, x, no_biases)[0],
    "Cho et al. 2014": cho(x, old_h, W_columns | {"z": -W_columns["z"]}, U_columns | {"z": -U_columns["z"]}),
    "Chung et al. 2014": chung(x, old_h, W_columns, U_columns),
}
for name, h_after in before.items():
    print(f"{name:17}", h_after.round(4))
    assert np.allclose(h_after, before["this collection"])

# %% [markdown]
# Then the libraries as they are by default, with two random biases for each part. (Keras with `reset_after=False` was
# executed above.) Keras' own layer is the judge. For PyTorch we compute what its documentation says.


# %%
def gates_after(from_x, from_h, order):
    x_part = dict(zip(order, np.split(from_x, 3), strict=True))
    h_part = dict(zip(order, np.split(from_h, 3), strict=True))
    r = sigmoid(x_part["r"] + h_part["r"])
    z = sigmoid(x_part["z"] + h_part["z"])
    return z, np.tanh(x_part["h"] + r * h_part["h"])


def keras_default(x, h, kernel, recurrent_kernel, bias):
    z, candidate = gates_after(x @ kernel + bias[0], h @ recurrent_kernel + bias[1], order="zrh")
    return z * h + (1 - z) * candidate


def pytorch(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    z, candidate = gates_after(weight_ih @ x + bias_ih, weight_hh @ h + bias_hh, order="rzh")
    return (1 - z) * candidate + z * h


def as_pytorch(array):
    """Put Keras' blocks z, r, h in PyTorch's order r, z, h, and turn a table as PyTorch does."""
    z, r, h = np.split(array, 3, axis=-1)
    return np.concatenate([r, z, h], axis=-1).T


keras_layer = keras.layers.GRU(units)
assert keras_layer.reset_after  # the default
keras_layer.build((1, 1, 1))
bias = np.random.default_rng(0).normal(size=(2, 3 * units))
from_keras = [side_by_side(W), side_by_side(U), bias]
keras_layer.set_weights(from_keras)

after = {
    "Keras, its layer": np.asarray(keras_layer(x.reshape(1, 1, 1), initial_state=old_h.reshape(1, 2)))[0],
    "Keras, by hand": keras_default(x, old_h, *from_keras),
    "PyTorch, by hand": pytorch(x, old_h, *map(as_pytorch, [from_keras[0], from_keras[1], bias[0], bias[1]])),
}
for name, h_after in after.items():
    print(f"{name:17}", h_after.round(4))
    assert np.allclose(h_after, after["Keras, its layer"], atol=1e-6)

# %% [markdown]
# Changing signs and order turns one into the other exactly, as long as r acts in the same place. It does not turn
# "before" into "after", not even without biases:

# %%
without_biases = keras_default(x, old_h, side_by_side(W), side_by_side(U), np.zeros((2, 3 * units)))
print("before:", before["this collection"].round(4))
print("after: ", without_biases.round(4))
assert not np.allclose(without_biases, before["this collection"], atol=0.01)

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


assert count(2, 1, biases=1) == sum(array.size for array in weights.values()) == layer.count_params()

for n, m in [(2, 1), (5, 4), (50, 1)]:
    default = keras.layers.GRU(n)
    default.build((None, None, m))
    print(f"units {n:2}, features {m}: textbook {count(n, m, 1):5,}, Keras' default {default.count_params():5,}")
    assert default.count_params() == count(n, m, biases=2)

# %% [markdown]
# ## What do the gates of a trained GRU do?
#
# So far we chose the weights. Now training chooses. A GRU of 8 units reads 30 days of Brussels' daily mean temperature
# and forecasts the next day. The temperatures are **standardised**: minus the mean of the training years, divided by
# their standard deviation. (Later lessons call that z-scores. The gate z is another thing.)
#
# The network learns from the **training years**, 1976 to 1997. It is judged on the **validation years**, 1998 to 2001,
# which it has not seen. How training works is {lesson:training}'s matter: take the next cell as a machine that finds weights,
# and read on behind it. It ends with `Dense(1)`, a weighted sum of the 8 memories plus a bias. So the whole forecast is
# our cell, then that sum. We train **twice**, from two random starts (`seed`). You will see why.

# %%
temperature = data.load("brussels")["temperature"].loc[: data.VALIDATION_END]  # the test years stay unseen
train = temperature.loc[: data.TRAIN_END]
mean, std = train.mean(), train.std()
X, y = create_dataset((temperature - mean) / std, time_step=30)
answer_days = temperature.index[30:]  # the day that each y stands for
is_training = answer_days <= data.TRAIN_END
truth = temperature[answer_days[~is_training]]
persistence_error = rmse(truth, temperature.shift(1)[truth.index])


def train_gru(seed):
    set_seed(seed)
    model = keras.Sequential([keras.Input(shape=(30, 1)), keras.layers.GRU(8), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mean_squared_error")
    model.fit(X[is_training], y[is_training], epochs=12, batch_size=256, verbose=0)
    return model


def forecast_from(h, model):
    """Return forecasts in °C, from all memories of our cell."""
    dense_weights, dense_bias = model.layers[1].get_weights()
    return mean + std * (h[:, -1] @ dense_weights + dense_bias)[:, 0]


models = [train_gru(seed) for seed in (7, 8)]
cells = [GRU.from_keras(model.layers[0]) for model in models]
forecasts = [forecast_from(cell.forward(X), model)[~is_training] for cell, model in zip(cells, models, strict=True)]
errors = [rmse(truth, forecast) for forecast in forecasts]

# %% tags=["nbval-ignore-output"]
print(f"tomorrow = today: {persistence_error:.3f} °C")
for run, error in enumerate(errors, start=1):
    print(f"GRU, run {run}:       {error:.3f} °C")

# %% [markdown]
# These are root mean squared errors on the validation years: the size of a typical miss. Both runs beat "tomorrow =
# today", and both about equally. And our cell forecasts what Keras forecasts:

# %%
by_keras = mean + std * models[0].predict(X[~is_training], batch_size=512, verbose=0)[:, 0]
print("equal to 0.001 °C on every day:", np.allclose(forecasts[0], by_keras, atol=1e-3))
assert np.allclose(forecasts[0], by_keras, atol=1e-3)
assert max(errors) < persistence_error
assert abs(errors[0] - errors[1]) < 0.06

# %% [markdown]
# ### The gates over real dates
#
# We look at the coldest and the hottest week up to 2001, with three weeks before and after. For each day we draw the
# gates of run 1 at the last step of the window that **ends** on this day. That is when the forecast is made. A **slow**
# unit keeps more than half of its memory on an average day, a **fast** one less. The reset gates are drawn for the slow
# units only.

# %%
weekly = temperature.rolling(7).mean()
events = {"the coldest week": weekly.idxmin(), "the hottest week": weekly.idxmax()}
for name, last_day in events.items():
    print(f"{name}: the 7 days to {last_day:%d %B %Y}, {weekly[last_day]:.1f} °C on average")

last_days = temperature.index[29:-1]  # the last day of each window
z_by_day = pd.DataFrame(cells[0].z[:, -1], index=last_days)
r_by_day = pd.DataFrame(cells[0].r[:, -1], index=last_days)
slow = z_by_day.mean() < 0.5

# %% tags=["nbval-ignore-output"]
fig, axes = plots.figure(3, 2, sharex="col", sharey="row", figsize=(8, 5), dpi=90)
for column, (name, last_day) in enumerate(events.items()):
    days = pd.date_range(last_day - pd.Timedelta(days=27), last_day + pd.Timedelta(days=21))
    top, middle, bottom = axes[:, column]
    top.plot(temperature[days], color="black")
    top.set_title(name)
    middle.plot(z_by_day.loc[days, ~slow], color="grey", linestyle="--", linewidth=1)
    for unit, colour in zip(slow.index[slow], plots.COLOURS, strict=False):
        middle.plot(z_by_day.loc[days, unit], color=colour, label=f"unit {unit + 1}")
        bottom.plot(r_by_day.loc[days, unit], color=colour)
    for ax in (middle, bottom):
        ax.set_ylim(0, 1)
    for ax in axes[:, column]:
        ax.axvspan(last_day - pd.Timedelta(days=6), last_day, color="lightgrey", alpha=0.5)
for ax, label in zip(axes[:, 0], ("temperature (°C)", "update gates z", "reset gates r"), strict=True):
    ax.set_ylabel(label)
axes[1, 0].get_lines()[0].set_label("fast units")
fig.legend(*axes[1, 0].get_legend_handles_labels(), loc="outside lower center", ncols=5)
plots.show(
    fig,
    "Six panels: temperature, update gates of all 8 units and reset gates of the slow ones, around the coldest week on "
    "the left and the hottest week on the right. The update gates of the fast units lie near 1, those of the slow units "
    "far lower. Some rise or fall as the temperature does.",
)

# %% [markdown]
# ### What can be read from them
#
# **How fast each unit replaces its memory.** That is z itself. Nobody asked for fast and slow units. Training has made
# both kinds, in both runs.
#
# **What a gate answers to.** At least one slow unit's update gate follows the temperature closely, up or down. So in an
# extreme week it is far from its average.

# %% tags=["nbval-ignore-output"]
mean_z = [cell.z[:, -1].mean(axis=0) for cell in cells]
for run, values in enumerate(mean_z, start=1):
    print(f"run {run}, mean z of units 1 to 8:", values.round(2))
correlations = z_by_day.loc[:, slow].corrwith(temperature[last_days])
closest = correlations.abs().idxmax()
way = "warmer" if correlations[closest] > 0 else "colder"
print(f"run 1: unit {closest + 1} opens as it gets {way}; correlation with temperature {correlations[closest]:+.2f}")
shifts = []
for name, last_day in events.items():
    in_week = z_by_day.loc[last_day - pd.Timedelta(days=6) : last_day, slow].mean()
    shifts.append((in_week - z_by_day.loc[:, slow].mean()).abs().max())
    print(f"run 1, {name}: a slow unit's z is {shifts[-1]:.2f} away from its average")

# %%
for values in mean_z:
    assert values.min() < 0.3
    assert values.max() > 0.8
assert abs(correlations[closest]) > 0.7
assert max(shifts) > 0.2

# %% [markdown]
# ### What cannot be read from them
#
# **Not that the network has recognised a cold snap.** The gate with that correlation follows the temperature on all days
# of 26 years. It is a thermometer, not an alarm.
#
# **Not what the forecast depends on.** The slowest unit keeps most of its memory from day to day. Does the forecast then
# depend on days long past? Test it: make a day 5 °C warmer, and see how far the forecast moves. Beside it stands the
# share of that day's memory that the slowest unit's update gate has kept since: the product of its 1 − z. At last, make
# a whole week warmer.

# %% tags=["nbval-ignore-output"]
cell, model = cells[0], models[0]
some_windows = X[::20]
unchanged = forecast_from(cell.forward(some_windows), model)
kept_each_day = 1 - cell.z[:, :, mean_z[0].argmin()]
moved, kept = {}, {}
for ago in (0, 1, 2, 5, 10):
    warmer = some_windows.copy()
    warmer[:, 29 - ago, 0] += 5 / std
    moved[ago] = np.abs(forecast_from(cell.forward(warmer), model) - unchanged).mean()
    kept[ago] = kept_each_day[:, 30 - ago :].prod(axis=1).mean()
    print(f"{ago:2} days before the last: moves the forecast by {moved[ago]:.2f} °C, kept {kept[ago]:.0%}")
warmer = some_windows.copy()
warmer[:, 20:27, 0] += 5 / std
week = np.abs(forecast_from(cell.forward(warmer), model) - unchanged).mean()
print(f"all of days 3 to 9 before the last: {week:.2f} °C")

# %%
assert kept[5] > 0.3
assert moved[5] < moved[2] < 0.2 * moved[0]
assert week < 0.15 * moved[0]

# %% [markdown]
# The gate would keep last week. But a whole week moves the forecast far less than the last day alone. 1 − z tells what
# **may** be kept. How much came in, and what the last layer makes of it, it does not tell. To learn what a forecast
# depends on, change the input and look at the output.
#
# **Not what "unit 3" does.** Compare the two rows of mean z above, unit by unit: the same data, nearly the same error,
# and other units are the slow ones. A story about one unit of one run is a story about a random seed.

# %%
assert np.abs(mean_z[0] - mean_z[1]).max() > 0.3

# %% [markdown]
# ## Trap: z the wrong way round
#
# You copy weights from Keras into the equations of this lesson. The shapes fit. The code runs. Here is our trained
# network, with the sign of z as Keras stores it:

# %%
wrong = GRU.from_keras(model.layers[0])
for name in ("W_z", "U_z", "b_z"):
    setattr(wrong, name, -getattr(wrong, name))
wrong_error = rmse(truth, forecast_from(wrong.forward(X[~is_training]), model))

# %% tags=["nbval-ignore-output"]
print(f"z the wrong way round: {wrong_error:.2f} °C")
print(f"z the right way round: {errors[0]:.2f} °C")
print(f"tomorrow = today:      {persistence_error:.2f} °C")

# %% [markdown]
# No error message, only a useless forecast: fast units now keep, slow units now forget. Mended by the change of sign, as
# in `GRU.from_keras`. Whatever you copy, compare one output with the original first.

# %%
assert errors[0] < persistence_error < wrong_error / 1.1

# %% [markdown]
# ## Trap: "with r = 1 a GRU is a plain RNN"
#
# We open the reset gate fully and compare with the plain cell that has the candidate's weights.


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
# **3. From Keras to here.** Write a function that takes Keras' `kernel`, of shape (features, 3·units), and returns the
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
# - z decides, at every step and for every unit, how much of the memory is replaced. While z is near 0, it is kept.
# - r decides how much of the past the candidate may see.
# - Keras and PyTorch write z the other way round and apply r after the product.
# - Gates show what a unit may remember. They do not show what the forecast uses.
#
# ## Self-test
#
# <details><summary>A unit has z = 0 for 100 steps. What do the inputs of these steps do to its memory?</summary>
#
# Nothing. The new memory is the old one, whatever the candidate is.
# </details>
#
# <details><summary>r = 0 and z = 1 in all units at one step. What does the memory know afterwards?</summary>
#
# This step's input only. The candidate was made without the past, and it has replaced the memory.
# </details>
#
# <details><summary>A blog says: "the update gate was near 0 in January, so the network ignored January". What do you ask?</summary>
#
# Which convention? In Keras and PyTorch, z near 0 **takes** the candidate. Has anyone changed January's input and
# looked at the forecast? Does a second run show the same?
# </details>
#
# ## Where next
#
# {Lesson:vanishing_gradients} measures how far back a GRU can really learn. {Lesson:gru_vs_lstm} compares it with the LSTM. {Lesson:preprocessing} starts to build a
# forecast.
#
# ## References
#
# - K. Cho and others, *Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine Translation*,
#   2014, [arXiv:1406.1078](https://arxiv.org/abs/1406.1078): the paper that introduced the GRU. Its first and its later
#   versions differ in where the reset gate acts.
# - J. Chung and others, *Empirical Evaluation of Gated Recurrent Neural Networks on Sequence Modeling*, 2014,
#   [arXiv:1412.3555](https://arxiv.org/abs/1412.3555): the convention of this collection.
# - [Keras' GRU](https://keras.io/api/layers/recurrent_layers/gru/) and
#   [PyTorch's](https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html).
