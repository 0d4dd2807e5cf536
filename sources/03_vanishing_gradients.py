# ---
# jupyter:
#   lesson:
#     part: The cell
#     question: How does an error travel back through time, and why does it fade?
#     learn: to carry an error back through time by hand and to check the result, to measure how far it reaches, to say what clipping mends
#     need: "{lesson:gru_by_hand} for the plain recurrent cell and the example; what a derivative and a matrix product are"
# ---

# %% [markdown]
# # Vanishing gradients: how does an error travel back through time?
#
# At the end of this lesson you will be able to carry an error back through time by hand, measure how far it reaches,
# and say what clipping mends and what it does not.

# %% [markdown]
# ## What is to be remembered?
#
# Here is a task that needs memory and nothing else. A network reads a row of numbers, each +1 or −1. After the last one
# it must say **which number came first**. A second input marks the first number with a 1. All that follows is
# distraction. We call it the **recall task**.

# %%
import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from helpers import cells, example, plots
from helpers.cells import state_jacobians
from helpers.exercises import vanishing_gradients as check
from helpers.recall import factor_a_step, gradient_norms


# %% tags=["slide"]
def recall_task(length, samples, rng):
    """Return inputs of shape (samples, length, 2) and answers of shape (samples, 1)."""
    x = np.zeros((samples, length, 2))
    x[..., 0] = rng.choice([-1, 1], size=(samples, length))
    x[:, 0, 1] = 1  # the mark
    return x, x[:, 0, :1].copy()


x, answer = recall_task(length=8, samples=1, rng=np.random.default_rng(0))
print("numbers:", *(f"{number:+.0f}" for number in x[0, :, 0]))
print("marks:  ", *(f"{mark:2.0f}" for mark in x[0, :, 1]))
print(f"answer:  {answer[0, 0]:+.0f}")

# %% [markdown]
# For you this is easy at any length: remember one number, ignore the rest. A network has to **learn** it, from its
# error after the last step. The cause of that error lies at the first step. How much of the error's message arrives
# there?
#
# ## Can I carry an error back by hand?
#
# We take the example of {lesson:gru_by_hand}: two units, and three inputs, +1, −1, +1. The cell is the plain one, with
# the candidate's weights:
#
# $$h_t = \tanh(a_t), \qquad a_t = x_t W + h_{t-1} U + b$$
#
# The **state** is what {lesson:gru_by_hand} called the memory. An **output** $p$ is made from the last state, $h_T$, by
# one more table and one more bias: $p = h_T V + b_V$. Here $V$ picks unit 1, and $b_V$ is 0. So $p$ is the last state of
# unit 1. Suppose that −1 were right. The **loss** says how wrong $p$ is, as one number. Ours is
# $\frac{1}{2}(p - \text{answer})^2$. (The half makes its slope simpler.)


# %% tags=["slide"]
def forward(weights, x):
    """Return all states, shape (T + 1, samples, units), h_0 = 0 first."""
    h = np.zeros((x.shape[1] + 1, len(x), len(weights["U"])))
    for t in range(1, len(h)):
        h[t] = np.tanh(x[:, t - 1] @ weights["W"] + h[t - 1] @ weights["U"] + weights["b"])
    return h


two_units = example.RNN | {"V": np.array([[1.0], [0.0]]), "b_V": np.zeros(1)}
U, states = two_units["U"], forward(two_units, example.X[np.newaxis])[:, 0]  # of the only sample
p, wanted = states[3, 0], -1.0
print(f"p = {p:.3f}, loss {(p - wanted) ** 2 / 2:.3f}; the rows of U: {U[0]}, {U[1]}")
table = np.column_stack([example.X, states[1:], 1 - states[1:] ** 2])
columns = ["x", "h of unit 1", "h of unit 2", "1 − h² of unit 1", "1 − h² of unit 2"]
pd.DataFrame(table, columns=columns, index=range(1, 4)).rename_axis("step").round(3)

# %% [markdown]
# What should happen to $U$? Each of its four numbers needs its **gradient**: nudge it a little, and divide the change of
# the loss by the nudge. That is the slope of the loss. The **chain rule** gives it: along a path, slopes multiply; where
# paths meet, they add. So we walk backwards. $dh_t$ stands for the gradient of the loss with respect to $h_t$, a number
# for each unit, and likewise for everything else.

# %% [markdown] tags=["slide"]
# 1. **From the loss to the last state.** The slope of the loss is $dp = p - \text{answer}$. Only unit 1 has made $p$. So
#    $dh_3 = (dp, 0)$. In general, $dh_T = dp\, V^\top$. (⊤ turns a table: its rows become columns.)
# 2. **Back through the tanh.** The slope of tanh is $1 - \tanh^2$, and $\tanh(a_t)$ is $h_t$. So
#    $da_t = dh_t \odot (1 - h_t^2)$.
# 3. **Back to the state before.** Unit $j$ of $h_{t-1}$ went into unit 1 and into unit 2 of $a_t$, through the two
#    weights of **row** $j$ of $U$. So it collects from both, through the same row. As a product that is
#    $dh_{t-1} = da_t\, U^\top$. Repeat 2 and 3 down to the first step.
# 4. **To the weights.** $U_{jk}$ carried unit $j$ of $h_{t-1}$ to unit $k$ of $a_t$, at every step. So each step adds a
#    part, the product of the two: $dU = \sum_t h_{t-1}^\top da_t$.

# %% [markdown]
# This is **backpropagation through time**. Take a calculator, and the slopes $1 - h^2$ from the table, and
# compare. The program rounds only for printing: your last digit may differ by one or two.

# %%
dh, da, parts = {3: np.array([p - wanted, 0.0])}, {}, {}
for t in (3, 2, 1):
    slope = 1 - states[t] ** 2
    da[t] = dh[t] * slope
    dh[t - 1] = da[t] @ U.T
    parts[t] = np.outer(states[t - 1], da[t])
    for j in (0, 1):
        print(f"da_{t} of unit {j + 1}: ({dh[t][j]:.3f})({slope[j]:.3f}) = {da[t][j]:+.3f}")
    for j in (0, 1) if t > 1 else ():
        collected = " + ".join(f"({da[t][k]:.3f})({U[j, k]:g})" for k in (0, 1))
        print(f"dh_{t - 1} of unit {j + 1}: {collected} = {dh[t - 1][j]:+.3f}")
    print(f"step {t} adds to dU:", *parts[t].round(3) + 0.0)
dU = sum(parts.values())
print("dU:", *dU.round(3))

# %% [markdown]
# Step 1 adds nothing to $dU$: the state before it was 0. Here is the whole way as a picture: forwards along the grey
# arrows, back along the coloured ones.

# %% tags=["slide"]
boxes = {"loss": (7.5, 2.3, "loss", [(p - wanted) ** 2 / 2])}
arrows = ["h3-loss", "loss-dh3"]
for t in (0, 1, 2, 3):
    boxes[f"h{t}"] = (2 * t, 1.4, f"state\n$h_{t}$", states[t])
for t in (1, 2, 3):
    boxes[f"x{t}"] = (2 * t, 0, f"input\n$x_{t}$", example.X[t - 1])
    boxes[f"dh{t}"] = (2 * t, 4.6, f"$dh_{t}$", dh[t])
    boxes[f"da{t}"] = (2 * t, 3.2, f"$da_{t}$", da[t])
    arrows += [f"x{t}-h{t}-$W$", f"h{t - 1}-h{t}-$U$", f"dh{t}-da{t}-$1 - h^2$"]
arrows += ["da3-dh2-$U^\\top$", "da2-dh1-$U^\\top$"]
backward = {name: plots.COLOURS[1] for name in boxes if name[0] in "dl"}
plots.show(
    plots.flow(boxes, arrows, colours=backward, size=(8, 5)),
    "The network unrolled over its three steps, with the numbers of both units. Below, the way forward, from left to "
    "right: each input goes through W, each state through U, into the next state, and the last state into the loss. "
    "Above, the way back, from right to left: from the loss to dh of step 3, times 1 − h² to da of step 3, through the "
    "transpose of U to dh of step 2, and so on to da of step 1.",
)

# %% [markdown] tags=["teacher"]
# Two slips with the calculator: columns of U in place of rows, and tanh taken of h once more. Ask: to whom did unit 1
# send its number? To both units; so on the way back it collects from both, along its row of U. And what is h already?
# tanh(a).

# %% [markdown]
# Unit 2 had no part in the output: its $dh$ is 0 at step 3. But at step 2 it had, because unit 1 listened to it, with
# the weight −1.
#
# All three arrows $U$ are one and the same table, and so are all three arrows $W$. The steps **share** their weights.
# That is why $dU$ is a sum.
#
# ## Is it right?
#
# There is a test that needs no algebra. Really nudge a weight, a little up, then a little down, and divide the
# difference of the two losses by the two nudges. That is the slope, found by trying: the **gradient check**.
#
# And Keras has the same network: `SimpleRNN` is the plain cell, `Dense` makes the output. When Keras trains, it gets the
# gradients from TensorFlow's `tf.GradientTape`, which notes every operation on the way forward, and walks back over its
# notes by the chain rule. We ask the tape for the same $dU$.


# %%
def loss(weights, x, answer):
    """Half the squared error; of many samples, the mean."""
    return np.mean((forward(weights, x)[-1] @ weights["V"] + weights["b_V"] - answer) ** 2) / 2


def by_nudging(weights, x, answer):
    slopes = {name: np.zeros(array.shape) for name, array in weights.items()}
    for name, array in weights.items():
        for index in np.ndindex(array.shape):
            for nudge in (1e-5, -1e-5):
                nudged = array.copy()
                nudged[index] += nudge
                slopes[name][index] += loss(weights | {name: nudged}, x, answer) / (2 * nudge)
    return slopes


def by_tape(weights, x, answer):
    rnn, dense = keras.layers.SimpleRNN(len(weights["U"]), dtype="float64"), keras.layers.Dense(1, dtype="float64")
    model = keras.Sequential([rnn, dense])  # one after the other, in 64 bits as in NumPy
    model.build(x.shape)
    model.set_weights(list(weights.values()))
    with tf.GradientTape() as tape:
        found = tf.reduce_mean((model(x) - answer) ** 2) / 2
    return dict(zip(weights, tape.gradient(found, model.trainable_variables), strict=True))


sample = (example.X[np.newaxis], np.array([[wanted]]))
tried, taped = by_nudging(two_units, *sample)["U"], by_tape(two_units, *sample)["U"].numpy()
print("dU by hand:   ", *dU.round(6))
print("dU by nudging:", *tried.round(6))
print("dU by Keras:  ", *taped.round(6))

# %%
assert np.allclose(dU, tried, rtol=1e-6)
assert np.allclose(dU, taped, rtol=1e-9)

# %% [markdown]
# What you did with a calculator is what Keras does.
#
# ## How does it go with any network?
#
# Nothing changes but the number of rows: one for each sample. The loss is a mean, so $dp$ is divided by the number of
# samples. And the other weights get their sums: $dW = \sum_t x_t^\top da_t$ and $db = \sum_t da_t$, over the samples as
# well.


# %%
def back_in_time(weights, h, dh):
    """Carry dh, the gradient with respect to h_T, back to the first step; return da_t for every t from 1 to T."""
    da = {}
    for t in range(len(h) - 1, 0, -1):
        da[t] = dh * (1 - h[t] ** 2)  # 2. back through the tanh
        dh = da[t] @ weights["U"].T  # 3. back to the state before
    return da


def gradients(weights, x, answer):
    """Return the gradient of the loss for every weight; then h and da."""
    h = forward(weights, x)
    dp = (h[-1] @ weights["V"] + weights["b_V"] - answer) / len(x)  # 1.
    da = back_in_time(weights, h, dp @ weights["V"].T)
    dW = sum(x[:, t - 1].T @ da[t] for t in da)  # 4. the sums over the steps
    dU = sum(h[t - 1].T @ da[t] for t in da)
    db = sum(da.values()).sum(axis=0)
    return {"W": dW, "U": dU, "b": db, "V": h[-1].T @ dp, "b_V": dp.sum(axis=0)}, h, da


# %% [markdown]
# Four stages are four places for a mistake. So here are both checks again, for every single weight of a network of
# three units, on four samples of the recall task.

# %%
rng = np.random.default_rng(1)
shapes = {"W": (2, 3), "U": (3, 3), "b": (3,), "V": (3, 1), "b_V": (1,)}
small = {name: rng.normal(scale=0.7, size=shape) for name, shape in shapes.items()}
batch = recall_task(length=8, samples=4, rng=rng)
ways = {
    "by hand": gradients(small, *batch)[0],
    "by nudging": by_nudging(small, *batch),
    "by Keras": by_tape(small, *batch),
}
pd.DataFrame({way: {name: np.ravel(slopes[name])[0] for name in small} for way, slopes in ways.items()}).round(6)

# %%
assert np.allclose(gradients(two_units, *sample)[0]["U"], dU)  # the function does what we did by hand
for name in small:
    assert np.allclose(ways["by hand"][name], ways["by nudging"][name], rtol=1e-6, atol=1e-9), name
    assert np.allclose(ways["by hand"][name], ways["by Keras"][name], rtol=1e-9, atol=1e-12), name

# %% [markdown]
# Every number agrees. (The first of each array is shown, all are compared.)
#
# ## How far back does the message reach?
#
# Look at the example again. How large is the message at each step? The **size** of a list of numbers is the square root
# of the sum of their squares. (Others call it its length or norm.)

# %%
message = {t: np.linalg.norm(dh[t]) for t in (3, 2, 1)}
print("size of dh:", ", ".join(f"{message[t]:.3f} at step {t}" for t in message))

# %%
assert message[2] < 0.3 * message[3]
assert message[1] > 1.5 * message[2]
assert np.isclose(1 - states[3, 0] ** 2, 0.145, atol=5e-4)
assert (1 - states[2] ** 2).min() > 0.7
assert np.linalg.norm(dh[3] @ U.T) > message[3]  # without the slope
assert np.linalg.norm(da[2] @ (U * [[1, 1], [1, 0]]).T) < message[2]  # without the 2

# %% [markdown]
# Two things act on it. **The slope of tanh** makes it smaller: at step 3 unit 1 is near 1, where tanh is flat. Its slope
# is 0.145, and most is lost. Without the slope the message would be larger at step 2 than at step 3. The slope never
# makes it larger, because it is never above 1. **$U$** may do either: at step 2 the slopes are near 1, and the weight 2
# of unit 2 to itself makes the message larger. With a 0 in its place it would get smaller. Which of the two wins in the
# long run?
#
# For one unit, $h_t = \tanh(w x_t + u h_{t-1})$, each step back multiplies by the **factor** $u\,(1 - h_t^2)$. So $k$
# steps back multiply by $k$ factors. Suppose that they are all equal:

# %%
for factor in (0.5, 0.8, 1.0, 1.2):
    print(f"{factor} to the power 10, 50, 100:  ", "  ".join(f"{factor**k:.1e}" for k in (10, 50, 100)))

# %% [markdown]
# Below 1, little is soon left. Above 1, it is soon enormous.
#
# With many units, the factor is a matrix: $\partial h_t / \partial h_{t-1}$. Its entry $(i, j)$ says how much unit $i$
# of the new state moves when unit $j$ of the old state is nudged. It is $(1 - h_{t,i}^2)\, U_{ji}$: the slope of unit
# $i$ times the weight from $j$ to $i$. The product of these matrices from step $T$ down to
# step $t + 1$ is $\partial h_T / \partial h_t$. All that happens to the message on its way back is that it is
# multiplied by this product.
#
# We need one number for its size. We take the most that the matrix can do to a message: how many times as large can the
# message get? That is the (spectral) **norm** of the matrix. It is an upper bound: what really arrives may be less.


# %% tags=["slide"]
def products_back(cell, sequence):
    """∂h_T/∂h_t for T − t = 0, 1, 2, …, for one sequence."""
    h = cell.forward(sequence[np.newaxis])[0]
    products = [np.eye(cell.units)]
    for h_t in h[:0:-1]:  # from the last step back
        products.append(products[-1] @ ((1 - h_t**2)[:, np.newaxis] * cell.U.T))
    return np.array(products)


rnn = cells.RNN.initialise(features=2, units=16, rng=np.random.default_rng(0))
[sequence], _ = recall_task(length=101, samples=1, rng=np.random.default_rng(1))
norm = np.linalg.norm(products_back(rnn, sequence), ord=2, axis=(1, 2))
for k in (0, 1, 10, 50, 100):
    print(f"T − t = {k:3}: norm {norm[k]:.1e}")

# %% [markdown]
# `cells.RNN` is the same network in the collection's own code, with random weights as Keras draws them. (RNN means
# recurrent neural network. We call this one the **plain RNN**: it has no gates.) Nothing has been trained. A hundred
# steps back, next to nothing is left. That is the **vanishing gradient**.

# %%
assert np.allclose(
    state_jacobians(rnn, sequence)[::-1], products_back(rnn, sequence)
)  # the collection's own, for any cell
assert norm[100] < 1e-4 < 0.01 < norm[10]

# %% [markdown] tags=["teacher"]
# "The message gets smaller at every step back." Ask: at which step of our example does it grow? From step 2 to step 1.
# What did that? The weight 2 by which unit 2 listens to itself. So two things act on the message, U and the slope of
# tanh, and only the slope can never make it larger.

# %% [markdown]
# ## What does the start of U change?
#
# One network could be an accident. So we draw 20, each with its own sequence, and look at the median and at a band that
# leaves out the two lowest and the two highest. `gradient_norms` of `helpers.recall` does what we just did, 20 times.
#
# Keras starts $U$ as a random **orthogonal** matrix: it turns and mirrors, but it changes no message's size. The simpler
# way is to fill $U$ with independent random numbers. Here are both, and orthogonal ones made 3 times as large.
#
# **Predict first:** which of the three vanish, and which explode?


# %% tags=["slide"]
def orthogonal(rng, gain=1.0):
    cell = cells.RNN.initialise(2, 16, rng)
    cell.U *= gain
    return cell


def independent(rng):
    cell = cells.RNN.initialise(2, 16, rng)
    cell.U[:] = rng.normal(scale=16**-0.5, size=cell.U.shape)  # rows of size 1 on average, as in an orthogonal U
    return cell


norms = {
    "3 × orthogonal": gradient_norms(lambda rng: orthogonal(rng, gain=3)),
    "orthogonal (Keras)": gradient_norms(orthogonal),
    "independent": gradient_norms(independent),
}
fig, ax = plots.gradients_by_steps_back(norms, "a plain RNN, three starts of U (median and band of 20 networks)")
ax.axhline(1, color="black", linewidth=0.8, linestyle=":")
plots.show(
    fig,
    "Norm of the derivative of the last state with respect to earlier ones, 0 to 100 steps back, on a logarithmic scale, "
    "for three starts of a plain RNN. Orthogonal times 3 rises to about a billion. Orthogonal and independent fall to "
    "about a hundred-millionth; the band of the orthogonal ones is narrow, that of the independent ones far wider.",
)


# %%
def spread(rows):
    """How many times as large the band's upper edge is as its lower edge, 100 steps back."""
    low, high = np.quantile(rows[:, 100], [0.1, 0.9])
    return high / low


for name, rows in norms.items():
    factor = factor_a_step(rows)
    print(f"{name:19} factor a step {factor:.2f}, largest {rows.max():.0e}, width of band {spread(rows):.0e}")

gains, sizes = (1, 1.5, 2, 3), (0.1, 1, 10)
factors = {}
for size in sizes:
    by_gain = {g: gradient_norms(lambda rng, g=g: orthogonal(rng, g), networks=10, size=size) for g in gains}
    factors[f"inputs ±{size}"] = {f"{g} × orthogonal": factor_a_step(rows) for g, rows in by_gain.items()}
factors = pd.DataFrame(factors)
factors.round(2).rename_axis("factor a step")

# %% [markdown]
# **Factor a step** is what one step back multiplies the median by, on average from the tenth step back to the last.
#
# - **While U is orthogonal, nothing explodes.** $U$ keeps every size, and the slope of tanh is at most 1. So no norm
#   is ever above 1. With independent numbers, some are. (Training may take $U$ away from there.)
# - **Networks that start orthogonal are more alike.** Their band is far narrower.
# - **With inputs of ±1 the vanishing goes on.** They drive tanh to where its slope is below 1, and these factors
#   multiply. With inputs of ±0.1 the slope stays near 1, and a good part of the message arrives.
# - **A large U explodes, if it makes up for the slopes.** With inputs of ±1 the turn lies near 1.5 times orthogonal. With
#   inputs of ±10 even 3 times is too little.

# %%
assert norms["orthogonal (Keras)"].max() <= 1 + 1e-9
assert norms["independent"].max() > 1.2
assert spread(norms["independent"]) > 10 * spread(norms["orthogonal (Keras)"])
assert 0.7 < factor_a_step(norms["orthogonal (Keras)"]) < 0.95
assert np.median(norms["3 × orthogonal"][:, 100]) > 1e6
assert factors.loc["1 × orthogonal", "inputs ±0.1"] > 0.95
assert (factors["inputs ±10"] < 0.9).all()
assert 0.95 < factors.loc["1.5 × orthogonal", "inputs ±1"] < 1.03 < factors.loc["2 × orthogonal", "inputs ±1"]

# %% [markdown] tags=["teacher"]
# "An orthogonal U keeps every size, so nothing vanishes." Ask: what else stands on the way? The tanh. With which
# inputs is its slope near 1? With small ones: the table says the same.

# %% [markdown]
# ## Trap: the gradient of the weights looks healthy
#
# Here is the size of $dU$, for longer and longer sequences. (It is the root of the sum of its squares, as for a
# message.) If gradients vanish, should it not get smaller?

# %%
network = {"W": rnn.W, "U": rnn.U, "b": rnn.b}
network |= {"V": np.random.default_rng(0).normal(scale=0.25, size=(16, 1)), "b_V": np.zeros(1)}
size_of_dU = {}
for length in (10, 50, 100, 200):
    x, answer = recall_task(length, 64, np.random.default_rng(length))
    slopes, h, da_200 = gradients(network, x, answer)
    size_of_dU[length] = np.linalg.norm(slopes["U"])
    print(f"{length:3} steps: size of dU {size_of_dU[length]:.2f}")

# %% [markdown]
# It does not shrink. But $dU$ is a **sum over the steps**. Let us take the last one apart. The answer stands at the
# first step only.

# %% tags=["slide"]
part = np.array([np.linalg.norm(h[t - 1].T @ da_200[t]) for t in range(1, 201)])  # of step 1 to step 200
of_the_mark = np.linalg.norm(x[:, 0].T @ da_200[1])  # the first step's part of dW
print(f"share of the last 20 steps:      {part[-20:].sum() / part.sum():.1%}")
print(f"share of the first 100 steps:    {part[:100].sum() / part.sum():.0e}")
print(f"what the marked step adds to dW: {of_the_mark:.0e}")

# %%
assert size_of_dU[200] > 0.3 * size_of_dU[10]
assert part[-20:].sum() > 0.9 * part.sum()
assert part[:100].sum() < 1e-4 * part.sum()
assert of_the_mark < 1e-6

# %% [markdown] tags=["teacher"]
# "dU is as large as ever, so the network learns the first number." Ask: of how many parts is dU the sum here, and
# whose are large? Of 200; those of the last steps. Round 1 of the activity shows it.

# %% [markdown]
# The gradient comes from the last steps, which hold nothing but distraction. What the first step wants to say is a
# whisper beside a shout. To multiply the whole gradient by something makes both louder. **Look at the gradient by step,
# not at its sum.**
#
# ## What is lost if the message is cut?
#
# The way back over a long sequence takes time and memory. So training often carries the message back $k$ steps only,
# and drops it there: **truncated backpropagation through time**. Then the sums have their last $k$ parts only. We cut
# in the network above, and in one more, for comparison: its table $W$ is a hundredth as large. Its states stay small, so
# the slopes of its tanh stay near 1, and its message does not fade.
#
# **Predict first:** in which of the two does a cut after 20 steps hardly change $dU$? And which weights get nothing at
# all?


# %%
def cut_after(k, network):
    """Return how much of dU is missing, and the size of the gradient of the mark's weights (row 2 of W)."""
    x, answer = recall_task(200, 64, np.random.default_rng(200))
    slopes, h, da = gradients(network, x, answer)
    kept = range(200 - k + 1, 201)
    missing = slopes["U"] - sum(h[t - 1].T @ da[t] for t in kept)
    mark = sum(x[:, t - 1, 1] @ da[t] for t in kept)
    return np.linalg.norm(missing) / np.linalg.norm(slopes["U"]), np.linalg.norm(mark)


cuts = {}
for name, one in {"as above": network, "no fading": network | {"W": rnn.W / 100}}.items():
    for k in (5, 20, 199, 200):
        missing, mark = cuts[name, k] = cut_after(k, one)
        print(
            f"{name:9}, cut after {k:3} steps: {missing:6.1%} of dU missing, gradient of the mark's weights {mark:.1g}"
        )

# %%
for k in (5, 20, 199):
    assert cuts["as above", k][1] == cuts["no fading", k][1] == 0
assert cuts["as above", 20][0] < 0.03 < 0.7 < cuts["no fading", 20][0]
assert cuts["as above", 200][1] < 1e-10 < 0.01 < cuts["no fading", 200][1]

# %% [markdown]
# In the network above a cut after 20 steps hardly changes $dU$: what it drops had faded already. Whether that is
# harmless for the **task** is another question: the little that is dropped may be all that speaks of the mark. In the
# other network the cut drops most of $dU$. (A cut after 200 of 200 steps is no cut.)
#
# The mark stands at the first step. So its weights get their gradient there and nowhere else. Any cut leaves exactly 0,
# even one after 199 of 200 steps, even where the message would have arrived. **No weight is changed for what it did
# before the cut.** The windows of {lesson:windowing} are a cut as well: no error gets behind their first day. And
# forwards, too, the state starts from 0 there.
#
# ## What if the factor is above one?
#
# Then **gradients explode**. One unit shows it best. It gets −0.65 at the first step, then nothing for 49 steps; its
# bias is 0.1, and the right answer is 1. We draw the loss for many values of its weight $u$.


# %% tags=["slide"]
def one_unit(u, T):
    """Return the last state and the slope of the loss, for every value of u at once."""
    h = [np.zeros_like(u)]
    for t in range(1, T + 1):
        h.append(np.tanh((-0.65 if t == 1 else 0) + u * h[t - 1] + 0.1))
    dh, du = h[T] - 1, 0
    for t in range(T, 0, -1):  # the walk back from above
        da = dh * (1 - h[t] ** 2)
        du, dh = du + da * h[t - 1], da * u
    return h[T], du


u = np.linspace(0.8, 1.8, 2001)
last, du = one_unit(u, T=50)
losses = (last - 1) ** 2 / 2
fig, ax = plots.figure(figsize=(8, 3))
ax.plot(u, losses)
ax.set(xlabel="recurrent weight u", ylabel="loss", title="one unit, 50 steps: a cliff")
plots.show(
    fig,
    "The loss over the recurrent weight u from 0.8 to 1.8: low on the left, high on the right, and near 1.29 a wall.",
)
for T in (3, 10, 50):
    print(f"steepest slope with {T:2} steps: {np.abs(one_unit(u, T)[1]).max():5.1f}")

# %% [markdown]
# The loss is low on the left, high on the right, with a wall between them near $u = 1.29$. Left of it the unit ends
# above 0. Right of it the unit gets stuck below 0. A tiny change of $u$ decides, because 50 steps multiply it: with 3
# steps there is no wall.
#
# Training takes steps against the slope: new $u$ = $u$ − **learning rate** · slope. The rate is a small number. On the
# cliff that step is huge all the same. The usual remedy is to **clip** the gradient: if the size of all gradients
# together is above a limit, scale them down to the limit. The direction stays.


# %% tags=["slide"]
def clip(gradients, limit):
    size = np.sqrt(sum((gradient**2).sum() for gradient in gradients.values()))
    return {name: gradient * min(1, limit / size) for name, gradient in gradients.items()}


steepest, learning_rate = np.abs(du).argmax(), 0.05
free = u[steepest] - learning_rate * du[steepest]
clipped = u[steepest] - learning_rate * clip({"u": du[steepest]}, limit=1.0)["u"]
loss_after = np.interp(clipped, u, losses)
print(f"before the step: u = {u[steepest]:.2f}, loss {losses[steepest]:.2f}")
print(f"free step:       u = {free:.0f}")
print(f"clipped step:    u = {clipped:.2f}, loss {loss_after:.2f}")

adam, weight = keras.optimizers.Adam(learning_rate), keras.Variable(u[steepest])
adam.apply([keras.ops.convert_to_tensor(du[steepest], dtype="float32")], [weight])
print(f"a step of Adam, not clipped: u = {float(weight):.2f}")

# %%
assert np.abs(du).max() > 50 > 10 > np.abs(one_unit(u, T=3)[1]).max()
assert (last[u < 1.28] > 0).all()
assert (last[u > 1.3] < 0).all()
assert abs(free - u[steepest]) > 2
assert loss_after < 0.1 < losses[steepest]
assert np.isclose(float(weight), clipped, atol=1e-3)
assert 1.25 < u[steepest] < 1.33

# %% [markdown]
# The free step throws $u$ far out of the picture. The clipped step goes down the cliff. In Keras it is
# `keras.optimizers.SGD(0.05, global_clipnorm=1.0)` (all together, as here), or `clipnorm=1.0` (each array on its own).
# **Adam**, the usual way to train, scales each step by the size of recent gradients. So it does not fly off in this way.
# There clipping keeps one huge gradient from spoiling that memory of sizes.
#
# ## Trap: clip to remember more
#
# Clipping has mended the explosion. Does it help against the vanishing as well?

# %%
vanished = clip({"u": np.array(1e-8)}, limit=1.0)["u"]
print(f"1e-8, clipped to 1: {vanished:.0e}")

# %%
assert vanished == 1e-8

# %% [markdown] tags=["teacher"]
# "Then scale small gradients up." Ask: dU is a sum over the steps; which of its parts grow? All of them. The first
# step's share stays what it was.

# %% [markdown]
# What is below the limit passes unchanged. Clipping is for exploding gradients. Against the vanishing it takes
# something else: a road back whose factor is close to 1. {Lesson:what_a_gru_remembers} looks for it in the GRU.
#
# ## Exercises
#
# Replace each `...` and run the cell, then the check below it.
#
# **1. Unchanged.** A plain unit, $h_t = \tanh(w x_t + u h_{t-1})$, has the same state `h` at every step. Which `u`
# carries the message back unchanged, with a factor of exactly 1?


# %%
def lossless_u(h):
    ...
    ### BEGIN SOLUTION
    # At h = 0.6 the slope is 0.64, so u must be 1.5625. A unit that is nearly full needs a very large u.
    return 1 / (1 - h**2)
    ### END SOLUTION


# %%
check.lossless_u(lossless_u)

# %% [markdown]
# **2. Another activation.** Suppose the network used the sigmoid in place of tanh:
# $h_t = \sigma(x_t W + h_{t-1} U + b)$. The slope of σ is $\sigma\,(1 - \sigma)$. Write one step back: from the
# gradient with respect to $h_t$ to the gradient with respect to $h_{t-1}$. `dh` and `h_t` have shape (samples, units).


# %%
def step_back(dh, h_t, U):
    ...
    ### BEGIN SOLUTION
    # The slope h (1 − h) is at most 1/4. So where U keeps sizes, no step back leaves more than a quarter.
    return (dh * h_t * (1 - h_t)) @ U.T
    ### END SOLUTION


# %%
check.step_back(step_back)

# %% [markdown]
# **3. Each on its own.** The lesson's `clip` scales all gradients together. Write Keras' `clipnorm`, which looks at
# each array on its own: one whose size is above `limit` is scaled down to the size `limit`, any other stays as it
# is. `gradients` is a dictionary of arrays, and so is the answer.


# %%
def clip_each(gradients, limit):
    ...
    ### BEGIN SOLUTION
    # The direction of all together changes: the large arrays get smaller, the small ones stay.
    return {name: g * min(1, limit / np.linalg.norm(g)) for name, g in gradients.items()}
    ### END SOLUTION


# %%
check.clip_each(clip_each)

# %% [markdown] tags=["teacher"]
# Do 1 together, at h = 0.5: the slope is 0.75, so u = 4/3. The likely slip gives the slope itself; the hint says what
# the product must be. In 2 it is the slope of tanh, or U not turned; each has its hint. 3 is for home; who scales all
# together hears that this is the lesson's clip.

# %% [markdown]
# ## What to take away
#
# - Backpropagation through time multiplies one factor for each step back. Below 1 the message vanishes, above 1 it
#   explodes.
# - In a plain RNN the factor is $U$ times the slope of tanh. An orthogonal $U$ keeps it from exploding at the start. With
#   inputs of ±1 it does not stop the vanishing.
# - A gradient made by hand is checked by nudging, or against Keras' tape.
# - Clipping tames explosions. What has vanished it leaves as it is.
# - Judge how far a network can learn by the gradient of the early steps, not by the size of the summed gradient.
#
# ## Self-test
#
# <details><summary>Why does the gradient of U stay large although the gradient vanishes?</summary>
#
# It is a sum over the steps. The last steps fill it. What vanishes is the part of the early steps.
# </details>
#
# <details><summary>A unit has u = 1 and a state of 0.5 at every step. What is left of the message after 10 steps back?</summary>
#
# The factor is 1 · (1 − 0.25) = 0.75, and 0.75 to the power 10 is 0.06.
# </details>
#
# <details><summary>Your gradients explode, and your network forgets. What does clipping mend?</summary>
#
# The first only. It scales large gradients down. What has vanished stays as small as it was.
# </details>
#
# ## Where next
#
# {Lesson:what_a_gru_remembers} follows the error through a GRU, and trains networks on the recall task.
#
# ## References
#
# - Y. Bengio, P. Simard and P. Frasconi, *Learning long-term dependencies with gradient descent is difficult*, 1994,
#   [doi:10.1109/72.279181](https://doi.org/10.1109/72.279181): the vanishing, measured and proved.
# - S. Hochreiter and J. Schmidhuber, *Long Short-Term Memory*, 1997,
#   [doi:10.1162/neco.1997.9.8.1735](https://doi.org/10.1162/neco.1997.9.8.1735): the first network built against it.
# - R. Pascanu, T. Mikolov and Y. Bengio, *On the difficulty of training recurrent neural networks*, 2013,
#   [arXiv:1211.5063](https://arxiv.org/abs/1211.5063): vanishing, exploding, the cliff, clipping by the norm.
# - R. J. Williams and J. Peng, *An efficient gradient-based algorithm for on-line training of recurrent network
#   trajectories*, 1990, [doi:10.1162/neco.1990.2.4.490](https://doi.org/10.1162/neco.1990.2.4.490): the cut after $k$
#   steps.
# - A. M. Saxe, J. L. McClelland and S. Ganguli, *Exact solutions to the nonlinear dynamics of learning in deep linear
#   neural networks*, 2014, [arXiv:1312.6120](https://arxiv.org/abs/1312.6120): orthogonal starts.

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# **The chain** (12 minutes; nine people in a row, paper; more people make a second row). Everybody's state is 0.5, and so
# is the one before the first person. So the slope of tanh is 0.75. You are the loss, and say "100" to the last person.
# Each writes down the number that arrives, multiplies it by u and by 0.75, rounds it to a whole number, and whispers it to
# the person before. The first person only writes.
#
# 1. u = 1, so times 0.75. About 10 arrives at the first. All nine numbers add up to about 370; the three nearest to
#    you hold more than 60 % of that, the first less than 3 %.
# 2. u = 2, so times 1.5. More than 2,500 arrives.
# 3. What must u be, so that 100 arrives? 4/3.
#
# At the trap of the healthy gradient, not before, say: the gradient of u is the sum of all nine, but for a factor that is
# the same for all. In round 1 it looks healthy; who fills it? The last three. At the trap of clipping: clip the sum at
# 1,000: round 2 changes, round 1 does not.
#
# ### Answers to the open questions
#
# - *Which of the three starts vanish, which explode?* Orthogonal and independent vanish, three times orthogonal
#   explodes. Wrong: "orthogonal does neither". It forgets the tanh.
# - *In which network does a cut after 20 steps hardly change dU?* In the one whose message has faded already. Wrong:
#   "in the other, its message is steady". There, what is cut off still counts.
# - *Which weights get nothing at all?* Those of the mark. Wrong: "the early ones"; all steps share their weights.
# - *What is left after 10 steps back? (self-test)* 0.06. Wrong: 1, "because u = 1". It forgets the slope.
#
# ### When time is short
#
# Run the cells of *How does it go with any network?* without a word: the first trap needs them. Skip *What is lost if
# the message is cut?* Of *What if the factor is above one?* show only the figure of the cliff, but run its cells for
# the last trap. Do not skip *Can I carry an error back by hand?*, *How far back does the message reach?* and the first
# trap: {lesson:what_a_gru_remembers} walks the same way through a GRU, and measures by the same norm.
#
# ### After the lesson, students can
#
# - compute a step back through an activation and U (exercise 2);
# - compute what is left of a message after many steps (self-test), and the u that leaves all (exercise 1);
# - explain why a large dU proves nothing about the first step (trap, self-test);
# - mend an explosion by clipping, and say what that leaves as it is (exercise 3, trap).

# %% tags=["teacher"]
import numpy as np


def heard(u, people=9, rounded=True):
    numbers = [100.0]
    while len(numbers) < people:
        numbers.append(numbers[-1] * u * 0.75)
        if rounded:
            numbers[-1] = np.floor(numbers[-1] + 0.5)
    return np.array(numbers)  # the last person's first


assert np.isclose(1 - 0.5**2, 0.75)
for rounded in (True, False):
    once, twice = heard(1, rounded=rounded), heard(2, rounded=rounded)
    assert abs(once[-1] - 10) <= 1
    assert abs(once.sum() - 370) < 4
    assert once[:3].sum() / once.sum() > 0.6
    assert once[-1] / once.sum() < 0.03
    assert twice[-1] > 2500
    assert once.sum() < 1000 < twice.sum()
assert np.allclose(heard(4 / 3, rounded=False), 100)
