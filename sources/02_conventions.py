# ---
# jupyter:
#   lesson:
#     part: The cell
#     question: Why do books, Keras and PyTorch disagree, and how do I move weights between them?
#     learn: to tell which GRU a text or a library means, to count its parameters, to move weights between this collection, Keras and PyTorch
#     need: "{lesson:gru_by_hand}: the four equations of a GRU"
# ---

# %% [markdown]
# # One GRU, five ways to write it
#
# At the end of this lesson you will be able to tell which GRU a text or a library means, to count its parameters, and to
# move weights between this collection, Keras and PyTorch.

# %% [markdown]
# ## What can differ?
#
# There is no single way to write a GRU. Here are two papers, two libraries for neural networks (Keras and PyTorch), and
# this collection. They agree in the idea and differ in four details:
#
# | | z = 1 … | r acts before or after the product with U | order of the blocks | biases for each of r, z, candidate |
# |---|---|---|---|---|
# | this collection | takes the candidate | before | separate | 1 |
# | Cho et al. 2014 | keeps the memory | before (in the first version of the paper: after) | separate | not written |
# | Chung et al. 2014 | takes the candidate | before | separate | not written |
# | Keras | keeps the memory | after (`reset_after=True`, the default); before if `False` | z, r, candidate | 2; 1 if `False` |
# | PyTorch | keeps the memory | after | r, z, candidate | 2 |
#
# None of them is wrong. But weights that were found under one convention are useless under another. Where the shapes
# happen to fit, no program notices. In this lesson every row is computed. Rows that differ only in z and in the order
# are turned into one another. Rows that differ in the place of r cannot be: with more than one unit, that is another GRU
# (unless $U_h$ is diagonal).
#
# We take the example of {lesson:gru_by_hand} again, and mostly its step 2. Some more names. A number that comes in at a
# step is a **feature**; we have one. Keras calls a table that meets the input a **kernel**, one that meets the memory a
# **recurrent kernel**. Their shapes are (features, units) and (units, units).
#
# The four equations are written once for the whole collection, in `helpers/cells.py`. The class there is called `GRU`.
# We call it **our cell**. It takes many sequences at once, so its input has the shape (samples, time steps, features).

# %%
import keras
import numpy as np

from helpers import example, plots
from helpers.cells import GRU, sigmoid
from helpers.exercises import conventions as check

# %%
W, U, b = ({gate: example.GRU[f"{letter}_{gate}"] for gate in "rzh"} for letter in "WUb")
# W["r"] is W_r, U["z"] is U_z, and so on


def our_cell(W, U, b, **options):
    arrays = {"W": W, "U": U, "b": b}
    return GRU(**{f"{letter}_{gate}": arrays[letter][gate] for letter in "WUb" for gate in "rzh"}, **options)


all_h = our_cell(W, U, b).forward(example.X[np.newaxis])[0]
x, old_h = example.X[1], all_h[0]  # the input of step 2, and the memory before it


def one_step(cell):
    """Return the memory after step 2."""
    return cell.forward(x.reshape(1, 1, -1), old_h.reshape(1, -1))[0, 0]


print("all three steps:", *all_h.round(3))
print("step 2 alone:   ", one_step(our_cell(W, U, b)).round(3))

# %%
assert np.allclose(one_step(our_cell(W, U, b)), [0.560, 0.617], atol=0.001)  # what lesson gru_by_hand computed
assert np.allclose(all_h[1], one_step(our_cell(W, U, b)))

# %% [markdown]
# These are the numbers that you computed with a pencil.
#
# ## Which way round is z, and where are its weights?
#
# Documentation may be wrong or out of date. But a layer can be asked. We give Keras' GRU no weights at all, and then a
# bias of 40 in one **block** of its array: in the first third, the second, the third. (The array has two rows. We use
# the first; why there are two comes further down.) What becomes of the memory?
#
# **Predict first:** without weights, what are both gates, and what is the candidate?


# %% tags=["slide"]
def keras_step(arrays, **options):
    """Return the memory after the same step, by Keras' own layer with these arrays."""
    layer = keras.layers.GRU(len(old_h), **options)
    layer.build((1, 1, 1))
    layer.set_weights(arrays)
    return np.asarray(layer(x.reshape(1, 1, -1), initial_state=old_h.reshape(1, -1)))[0]


def without_weights(block):
    """Return Keras' arrays: zeros, but for a bias of 40 in one block."""
    bias = np.zeros((2, 6))
    bias[0, 2 * block : 2 * block + 2] = 40
    return [np.zeros((1, 6)), np.zeros((2, 6)), bias]


print("memory before:      ", old_h.round(3))
print("no weights:         ", keras_step([np.zeros((1, 6)), np.zeros((2, 6)), np.zeros((2, 6))]).round(3))
answers = [keras_step(without_weights(block)) for block in range(3)]
for block, answer in enumerate(answers, start=1):
    print(f"bias 40 in block {block}: ", answer.round(3))

# %%
assert np.allclose(answers, [old_h, 0.5 * old_h, 0.5 * old_h + 0.5])

# %% [markdown] tags=["teacher"]
# "Without weights nothing is left." Ask: what is σ(0), and what is tanh(0)? So half of the memory stays. After the
# run: "block 2 does nothing". Ask: what does the reset gate multiply? The old memory on its way into the candidate,
# where its weights are 0.

# %% [markdown]
# - **No weights:** both gates are σ(0) = 0.5, the candidate is tanh(0) = 0. Half of the memory is left.
# - **Block 1:** the memory stays as it is. So this is the update gate, and in Keras **z = 1 keeps**.
# - **Block 2:** the same as with no weights. This is the reset gate. It weakens what the candidate sees, and with
#   weights of 0 that is nothing anyway.
# - **Block 3:** half of the memory, and half of tanh(40) = 1. This is the candidate.
#
# So Keras' order is z, r, candidate. Any library can be asked in this way.
#
# ## How is z turned round?
#
# Keras writes the last line as $h_t = z_t \odot h_{t-1} + (1 - z_t) \odot h_t'$. Its $z$ is our $1 - z$. And
#
# $$1 - \sigma(a) = \sigma(-a)$$
#
# So it is enough to change the sign of everything inside the σ: of $W_z$, $U_z$ **and** $b_z$. That is exact, not an
# approximation. First in the notation of the two papers. They write $W x + U h$, with columns: each of our tables is
# turned, rows for columns. And they leave out the biases.


# %%
def gates_of_papers(x, h, W, U):
    r = sigmoid(W["r"] @ x + U["r"] @ h)
    z = sigmoid(W["z"] @ x + U["z"] @ h)
    return z, np.tanh(W["h"] @ x + U["h"] @ (r * h))


def cho(x, h, W, U):
    z, candidate = gates_of_papers(x, h, W, U)
    return z * h + (1 - z) * candidate


def chung(x, h, W, U):
    z, candidate = gates_of_papers(x, h, W, U)
    return (1 - z) * h + z * candidate


no_biases = dict.fromkeys("rzh", np.zeros(2))
W_columns, U_columns = ({gate: tables[gate].T for gate in "rzh"} for tables in (W, U))
before = {
    "this collection": one_step(our_cell(W, U, no_biases)),
    "Chung et al. 2014": chung(x, old_h, W_columns, U_columns),
    "Cho et al. 2014": cho(x, old_h, W_columns | {"z": -W_columns["z"]}, U_columns | {"z": -U_columns["z"]}),
    "Cho, sign forgotten": cho(x, old_h, W_columns, U_columns),
}
for name, h_after in before.items():
    print(f"{name:20}", h_after.round(4))

# %%
assert np.allclose(1 - sigmoid(np.linspace(-6, 6)), sigmoid(-np.linspace(-6, 6)))
assert np.allclose(before["Chung et al. 2014"], before["this collection"])
assert np.allclose(before["Cho et al. 2014"], before["this collection"])
assert not np.allclose(before["Cho, sign forgotten"], before["this collection"], atol=0.1)

# %% [markdown]
# The first three are one and the same GRU.
#
# Many texts write one table where we have two: $W_z \cdot [h_{t-1}, x_t]$. Here $[h_{t-1}, x_t]$ is the memory and the
# input, written one after the other as one longer list. **Their** $W_z$ holds our $U_z$ and our $W_z$ side by side,
# turned. It is the same sum:

# %%
one_table = np.hstack([U["z"].T, W["z"].T])
print("one table: ", (one_table @ np.concatenate([old_h, x])).round(3))
print("two tables:", (x @ W["z"] + old_h @ U["z"]).round(3))

# %%
assert np.allclose(one_table @ np.concatenate([old_h, x]), x @ W["z"] + old_h @ U["z"])

# %% [markdown] tags=["teacher"]
# Two slips: 1 − W in place of −W, and the bias forgotten. Have them sketch σ(a) and σ(−a), and add the two at any a:
# always 1. Where does the minus belong? Before everything inside: W, U and b.

# %% [markdown]
# ## Does r act before or after the product?
#
# The candidate can be made in two ways:
#
# $$\text{before:} \quad \tanh(x W_h + (r \odot h) U_h + b_h)$$
#
# $$\text{after:} \quad \tanh(x W_h + b_h + r \odot (h U_h + b_{Uh}))$$
#
# ($b_{Uh}$ is a second bias, beside the product with the memory. The next section is about it. Here it is 0.)
#
# **After** lets a program compute $h U$ for r, z and the candidate in one product, because none of them has to wait for
# r. That suits fast code. It is Keras' default. (The description of the class in Keras 3.15 says both: its text the
# opposite, its list of arguments this. Ask the layer: `keras.layers.GRU(2).reset_after`.)
#
# Is it the same GRU? We compare both without any bias, so that the place of r is all that differs. Once with our two
# units, once with a GRU of one unit:

# %%
after_product = one_step(our_cell(W, U, no_biases, reset_after=True))
print("two units, before:", before["this collection"].round(4))
print("two units, after: ", after_product.round(4))

first_only = [{gate: table[:1, :1] for gate, table in tables.items()} for tables in (W, U)]
series = np.linspace(-1, 1, 10).reshape(1, 10, 1)
before_and_after = [
    our_cell(*first_only, dict.fromkeys("rzh", np.zeros(1)), reset_after=place).forward(series)[0, -1]
    for place in (False, True)
]
print("one unit, ten steps, before and after:", *np.round(before_and_after, 4))

# %%
assert keras.layers.GRU(2).reset_after
assert not np.allclose(after_product, before["this collection"], atol=0.01)
assert np.allclose(*before_and_after)

# %% [markdown] tags=["teacher"]
# "Before or after, that is notation." Let two people be the units, each with an r. Ask each: does your r weaken what
# you send to the other, or what you hear from the other? Before the product: what you send. After it: what you hear.
# Ask then: why does a test with one unit see nothing? It hears only what it sent.

# %% [markdown]
# With two units the results differ. Before the product, unit 1's r weakens what **leaves** unit 1. After it, unit 1's r
# weakens what **reaches** unit 1. This is no matter of notation: they are two GRUs. With one unit and no second bias
# there is nothing to tell apart. So never test such code with one unit.
#
# ## Why two biases?
#
# Keras' default and PyTorch have two biases for each part: one beside the product with the input, one beside that with
# the memory. In Keras they are the two rows of one array. Do we need both? We move a bias of 0.7 from the first row to
# the second, in one block after the other:


# %%
def side_by_side(tables):
    """Return Keras' array: the blocks z, r and candidate, with the sign of z changed."""
    return np.concatenate([-tables["z"], tables["r"], tables["h"]], axis=-1)


moved = {}
for block, name in enumerate(["z", "r", "candidate"]):
    rows = []
    for row in (0, 1):
        bias = np.zeros((2, 6))
        bias[row, 2 * block : 2 * block + 2] = 0.7
        rows.append(keras_step([side_by_side(W), side_by_side(U), bias]))
    moved[name] = np.abs(rows[0] - rows[1]).max()
    print(f"{name:9}: {rows[0].round(4)} with 0.7 in row 1, {rows[1].round(4)} in row 2")

# %%
assert moved["z"] < 1e-6
assert moved["r"] < 1e-6
assert moved["candidate"] > 0.05

# %% [markdown]
# In r and z two biases are no more than one: they are added up. In the candidate the second one stands where r weakens
# it. Only there does it make a difference.
#
# ## How many parameters is that?
#
# A **parameter** is a number that training may change: each weight and each bias. With $n$ units and $m$ features, each
# of the three parts (r, z and candidate) has $n \cdot n$ weights for the memory, $n \cdot m$ for the input, and $n$
# biases:
#
# $$3\,(n^2 + nm + n) \quad \text{in textbooks}, \qquad 3\,(n^2 + nm + 2n) \quad \text{in Keras by default and in PyTorch}$$


# %% tags=["slide"]
def count(units, features, biases):
    return 3 * (units**2 + units * features + biases * units)


counted = {}
for n, m in [(2, 1), (5, 4), (50, 1)]:
    default = keras.layers.GRU(n)
    default.build((None, None, m))
    counted[n, m] = default.count_params()
    print(f"units {n:2}, features {m}: textbook {count(n, m, 1):5,}, Keras' default {counted[n, m]:5,}")

# %%
assert count(2, 1, biases=1) == sum(table.size for tables in (W, U, b) for table in tables.values())
assert all(count(n, m, biases=2) == found for (n, m), found in counted.items())

# %% [markdown] tags=["teacher"]
# Let them count the example first, weight by weight. The likely slip leaves out the memory's table, or the biases.
# Ask: how many numbers does one unit have for its r alone? One weight for x, two for the memory of two units, one
# bias: 4. For r, z and the candidate of two units that makes 24.

# %% [markdown]
# If your count and that of Keras differ by three times the units, this is why.
#
# ## How do weights move?
#
# Now all together. **To Keras**: change the sign of z, put the blocks side by side. With `reset_after=False` this gives
# our GRU. **To PyTorch**: the sign of z changes as for Keras. The order is r, z, candidate (there called new, with the
# letter n), the blocks stand one below the other, and the tables are turned. There r always acts after the product. So
# only a GRU of that kind, such as Keras' default, stays the same GRU on the way. The arrays are called `weight_ih`
# (input to hidden), `weight_hh` (hidden to hidden), `bias_ih` and `bias_hh`.
#
# The picture follows the recurrent kernel on its way. Follow the 0.5 of the reset gate.


# %% tags=["slide"]
def as_pytorch(array):
    """Put Keras' blocks z, r, h in PyTorch's order r, z, h, and turn a table as PyTorch does."""
    z, r, h = np.split(array, 3, axis=-1)
    return np.concatenate([r, z, h], axis=-1).T


colour_of = {"r": 1, "z": 0, "h": 2}
gates = {gate: np.full((2, 2), colour) for gate, colour in colour_of.items()}
ours, kinds = np.hstack([U[gate] for gate in "rzh"]), np.hstack([gates[gate] for gate in "rzh"])
panels = {
    "ours: U_r, U_z, U_h": (ours, kinds),
    "Keras: recurrent kernel": (side_by_side(U), abs(side_by_side(gates))),
    "PyTorch: weight_hh": (as_pytorch(side_by_side(U)), as_pytorch(abs(side_by_side(gates)))),
}
fig, axes = plots.figure(1, 3, figsize=(8, 2.7), width_ratios=[6, 6, 3])
for ax, (title, (numbers, kind)) in zip(axes, panels.items(), strict=True):
    for (row, column), number in np.ndenumerate(numbers):
        box = {"facecolor": plots.COLOURS[kind[row, column]], "alpha": 0.3, "edgecolor": "none"}
        ax.text(column, row, f"{number + 0.0:4.1f}", ha="center", va="center", family="monospace", bbox=box)
    ax.set(title=title, xlim=(-0.7, numbers.shape[1] - 0.3), ylim=(numbers.shape[0] - 0.3, -0.7))
    ax.axis("off")
handles = [plots.plt.Rectangle((0, 0), 1, 1, color=plots.COLOURS[k], alpha=0.3) for k in colour_of.values()]
fig.legend(handles, ["reset gate", "update gate", "candidate"], loc="outside lower center", ncols=3)
plots.show(
    fig,
    "The same twelve numbers in three arrays. Ours: three blocks of two by two, for r, z and the candidate. Keras: the "
    "blocks side by side in the order z, r, candidate, with the signs of z changed. PyTorch: the blocks one below the "
    "other in the order r, z, candidate, each turned, rows for columns.",
)

# %% [markdown]
# Does it compute the same? For Keras, its own layer judges. For PyTorch we compute what its documentation says, because
# PyTorch itself is not needed in this collection. Here are its formulas and those of Keras' default, for
# two biases:


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


in_keras = [side_by_side(W), side_by_side(U), np.random.default_rng(0).normal(size=(2, 6))]
in_pytorch = [as_pytorch(array) for array in (*in_keras[:2], *in_keras[2])]
after = {
    "Keras, its layer": keras_step(in_keras),
    "Keras, by hand": keras_default(x, old_h, *in_keras),
    "PyTorch, by hand": pytorch(x, old_h, *in_pytorch),
    "our cell, from PyTorch": one_step(GRU.from_torch(*in_pytorch)),
}
before_product = {
    "our cell": one_step(our_cell(W, U, b)),
    "Keras, its layer": keras_step([side_by_side(part) for part in (W, U, b)], reset_after=False),
}
for place, rows in {"reset_after=False": before_product, "reset_after=True, random biases": after}.items():
    print(place)
    for name, h_after in rows.items():
        print(f"  {name:22}", h_after.round(4))

# %%
assert np.allclose(*before_product.values(), atol=1e-6)
assert all(np.allclose(h_after, after["Keras, its layer"], atol=1e-6) for h_after in after.values())

# %% [markdown]
# All rows of the table are computed now. Those that let r act in the same place agree, as far as Keras' 32-bit numbers
# go. (The papers' rows are compared without biases.)
#
# The way back is in the helpers: `GRU.from_keras(layer)` takes a Keras layer, `GRU.from_torch(…)` the four arrays.
# Both give our cell, z in our direction. Later lessons use the first to look into trained networks.
#
# **To convert PyTorch's weights to Keras'**, change no sign: in both, z keeps. Bring each of the four arrays from one order
# into the other. (Exercise 3 does so with `weight_ih`.) The two biases become the two rows of Keras' `bias`, `bias_ih`
# first. Do not add them up.

# %%
layer = keras.layers.GRU(2, return_sequences=True)  # all steps, not only the last
layer.build((1, 3, 1))
layer.set_weights(in_keras)
sequence = example.X[np.newaxis]
copied = GRU.from_keras(layer)

# %%
assert np.allclose(copied.W_z, W["z"])  # the sign is changed back
assert np.allclose(copied.forward(sequence), np.asarray(layer(sequence)), atol=1e-6)

# %% [markdown] tags=["teacher"]
# Let everybody point at the 0.5 of the reset gate in all three arrays: ours, first row of U_r, second column; Keras,
# first row, fourth column; PyTorch, second row, first column. Ask: what happened to it between Keras and PyTorch? Its
# block moved to the top, and the table was turned.

# %% [markdown]
# ## Trap: the shapes fit, and it is wrong
#
# In {lesson:gru_by_hand} a GRU of one unit kept a 1 for fifty steps. Its update gate was σ(20x − 6). We bring it to
# Keras: as it should be, with the sign forgotten, and with PyTorch's order of blocks.

# %% tags=["slide"]
z, r, candidate = (20.0, 0.0, -6.0), (0.0, 0.0, 0.0), (1.0, 1.0, 0.0)  # weight of the input, of the memory, bias
turned = tuple(-number for number in z)
pulse = np.array([1.0] + 50 * [0.0]).reshape(1, 51, 1)
kept = {}
for name, blocks in {
    "as it should be": (turned, r, candidate),
    "sign forgotten": (z, r, candidate),
    "PyTorch's order": (r, turned, candidate),
}.items():
    kernel, recurrent_kernel, bias = np.array(blocks).T
    unit = keras.layers.GRU(1, reset_after=False)
    unit.build(pulse.shape)
    unit.set_weights([kernel.reshape(1, 3), recurrent_kernel.reshape(1, 3), bias])
    kept[name] = float(np.asarray(unit(pulse))[0, 0])
    print(f"{name}: after 50 steps the memory is {kept[name]:.4f}")

# %%
assert kept["as it should be"] > 0.7
assert kept["sign forgotten"] < 1e-4
assert 0.4 < kept["PyTorch's order"] / (0.5 * np.tanh(1)) < 0.6

# %% [markdown] tags=["teacher"]
# "The shapes fit, so it is right." Ask: what would have told you? Only an output, beside that of the original. And
# with which input, how many units, which biases? A single step, a single unit or biases of 0 can each hide a mistake.

# %% [markdown]
# No error message. With the sign forgotten the 1 is not even taken. With PyTorch's order half of its candidate is
# taken, and about half of that is kept. The arrays have the right shapes each time. **Whatever you copy,
# compare one output with the original first**, with more than one unit, more than one step and biases that are not 0.
#
# ## Exercises
#
# Replace each `...` and run the cell, then run the check below it.
#
# **1. From Keras to here.** A Keras GRU with `reset_after=False` has a `kernel` of shape (features, 3·units), a
# `recurrent_kernel` of shape (units, 3·units) and a `bias` of shape (3·units,). Return $W_z$, $U_z$ and $b_z$ of this
# collection.


# %%
def our_update_gate(kernel, recurrent_kernel, bias):
    ...
    ### BEGIN SOLUTION
    units = len(recurrent_kernel)
    return -kernel[:, :units], -recurrent_kernel[:, :units], -bias[:units]
    ### END SOLUTION


# %%
check.our_update_gate(our_update_gate)

# %% [markdown]
# **2. Count.** A GRU of 32 units reads 7 features. A second GRU, of 16 units, reads the first one's memory. How many
# parameters have both together: as textbooks count, and in Keras by default?

# %%
parameters = (..., ...)
### BEGIN SOLUTION
parameters = (count(32, 7, 1) + count(16, 32, 1), count(32, 7, 2) + count(16, 32, 2))
### END SOLUTION

# %%
check.parameters(parameters)

# %% [markdown]
# **3. From PyTorch to Keras.** Turn PyTorch's `weight_ih`, of shape (3·units, features), into Keras' `kernel`.


# %%
def keras_kernel(weight_ih):
    ...
    ### BEGIN SOLUTION
    r, z, candidate = np.split(weight_ih.T, 3, axis=1)
    return np.concatenate([z, r, candidate], axis=1)
    ### END SOLUTION


# %%
check.keras_kernel(keras_kernel)

# %% [markdown] tags=["teacher"]
# Do 2 together: it needs a pencil only. The likely slip gives the second GRU 7 features; the hint asks how many
# numbers it reads of the first: 32. In 1 the likely slip changes the sign of the tables and not that of the bias; the
# hint says where the bias stands. In 3 the likely slip changes the sign of z; the hint says that "PyTorch and Keras
# agree on z". 3 is for home.

# %% [markdown]
# ## What to take away
#
# - In this collection and in Chung et al., z = 1 takes the candidate. In Cho et al., Keras and PyTorch, z = 1 keeps the
#   memory. Changing the sign of $W_z$, $U_z$ and $b_z$ turns one into the other.
# - r acts before the product in both papers (as last published), after it in Keras' default and in PyTorch. These are
#   two different GRUs.
# - Keras' blocks are z, r, candidate, side by side. PyTorch's are r, z, candidate, one below the other.
# - Where r acts after the product there is a second bias, so 3 parameters more for each unit.
# - A layer can be asked: a large bias in one block shows what the block does.
#
# ## Self-test
#
# <details><summary>A blog says: "the update gate was near 0 in January, so the network ignored January". What do you ask first?</summary>
#
# Which convention? In Keras and PyTorch, z near 0 **takes** the candidate.
# </details>
#
# <details><summary>You changed the signs of W_z and U_z, and the outputs are still a little off. What is missing?</summary>
#
# The bias. It stands inside the σ as well.
# </details>
#
# <details><summary>A colleague copies weights from PyTorch into Keras with `reset_after=False`, and adds the two biases up. Is that right?</summary>
#
# No. PyTorch's r acts after the product. With `reset_after=False` it acts before. And the candidate's two biases must
# stay apart, because r weakens only one of them.
# </details>
#
# ## Where next
#
# {Lesson:vanishing_gradients} carries an error back through the plain recurrent cell, {lesson:what_a_gru_remembers}
# through these equations. {Lesson:inside_the_network} copies a trained network into our cell and looks at its gates.
#
# ## References
#
# - K. Cho and others, *Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine Translation*,
#   2014, [arXiv:1406.1078](https://arxiv.org/abs/1406.1078). Its first and its later versions differ in where the reset
#   gate acts.
# - J. Chung and others, *Empirical Evaluation of Gated Recurrent Neural Networks on Sequence Modeling*, 2014,
#   [arXiv:1412.3555](https://arxiv.org/abs/1412.3555).
# - [Keras' GRU](https://keras.io/api/layers/recurrent_layers/gru/) and
#   [PyTorch's](https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html).

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# **Ask the layer** (10 minutes; a board, three slips of paper). You are a layer of one unit, without weights. Your
# memory is 0.8. Put the slips z, r and candidate in an order that nobody sees: these are your blocks. Throw a coin:
# does your z = 1 keep or take? The class may put a bias of 40 into block 1, 2 or 3, and hears your new memory. It
# starts from 0.8 each time.
#
# | block | new memory |
# |---|---|
# | none, or reset gate | 0.4 |
# | candidate | 0.9 |
# | update gate, z = 1 keeps | 0.8 |
# | update gate, z = 1 takes | 0 |
#
# Write only the left column on the board; groups work out the right one first. Three questions are always enough for
# the order and the direction. Then a group is the layer. Say at the end: no documentation was needed.
#
# ### Answers to the open questions
#
# - *Without weights, what are both gates and the candidate?* One half, one half, 0. Wrong: all 0. It mistakes a weight
#   of 0 for a shut gate.
# - *"The update gate was near 0 in January" (self-test).* Ask which convention. Wrong: "so January was ignored", and
#   also "so January was taken". Neither asks.
# - *Do we need both biases?* Only in the candidate, and only where r acts after. Wrong: "yes, one for x and one for
#   h"; in a sum two biases are one.
# - *The colleague's copy (self-test).* It has two faults: r acts at another place, and the candidate's two biases were
#   added up. Ask until both are named.
#
# ### When time is short
#
# Skip the single table $W_z \cdot [h_{t-1}, x_t]$ at the end of *How is z turned round?* Of *Why two biases?* tell
# only the last lines, but run its cell: later cells need it. Do not skip *Which way round is z, and where are its
# weights?* nor the trap: {lesson:what_a_gru_remembers} sets a bias in Keras, and {lesson:inside_the_network} reads its
# gates.
#
# ### After the lesson, students can
#
# - take the update gate out of a Keras layer and turn it round (exercise 1);
# - compute the number of parameters, as textbooks and as Keras count (exercise 2);
# - mend the order of PyTorch's blocks for Keras (exercise 3);
# - explain why fitting shapes prove nothing, and what to compare (trap);
# - explain why r before and r after the product are two GRUs (self-test).

# %% tags=["teacher"]
import numpy as np

from helpers import example
from helpers.cells import sigmoid

U_r, U_z, U_h = (example.GRU[f"U_{gate}"] for gate in "rzh")  # where the 0.5 goes
in_keras, in_pytorch = np.hstack([-U_z, U_r, U_h]), np.hstack([U_r, -U_z, U_h]).T
assert U_r[0, 1] == in_keras[0, 3] == in_pytorch[1, 0] == 0.5


def new_memory(block, keeps, memory=0.8):
    bias = dict.fromkeys(["z", "r", "h"], 0.0) | {block: 40.0}
    candidate, z = np.tanh(bias["h"]), sigmoid(bias["z"])
    return z * memory + (1 - z) * candidate if keeps else (1 - z) * memory + z * candidate


assert all(np.allclose([new_memory("r", keeps), new_memory("h", keeps)], [0.4, 0.9]) for keeps in (True, False))
assert np.allclose([new_memory("z", keeps=True), new_memory("z", keeps=False)], [0.8, 0.0])
