# ---
# jupyter:
#   lesson:
#     part: Trust
#     question: What do the gates do on real days, and what can be told from them?
#     learn: to watch the gates of a trained network, to ask them a question with a control, to tell what a gate shows from what a forecast uses
#     need: "{lesson:gru_by_hand} and {lesson:conventions} for the gates; {lesson:training} and {lesson:prediction} for the network that is watched"
# ---

# %% [markdown]
# # Inside the network: gates on real days
#
# At the end of this lesson you will be able to watch the gates of a trained network, to test a sentence such as "this
# gate opens when it rains", and to say what cannot be told from a gate.

# %% [markdown]
# A GRU has an update gate for each unit. At each step it decides how much of the unit's memory is replaced:
#
# $$h_t = (1 - z_t) \odot h_{t-1} + z_t \odot h_t'$$
#
# With $z$ near 0 the memory stays. With $z$ near 1 the candidate $h'$ takes its place. In {lesson:gru_by_hand} we chose
# the weights, so we knew what every gate was for. Here training has chosen them. Nobody knows. But every number can be
# looked at.
#
# ## Which networks do we watch?
#
# Small ones: 8 units, 14 days, all columns of the Brussels record and the day of the year, as z-scores. (The gate z is
# another thing.) They learn from 1976 to 1997. Gates and errors are looked at on the validation years, 1998 to 2001,
# from which no network learns. **Eight** networks, from eight random starts. You will see why one is not enough.

# %%
import keras
import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge

from helpers import baselines, data, explorer, plots
from helpers.cells import GRU, sigmoid
from helpers.evaluation import rmse
from helpers.exercises import inside_the_network as check
from helpers.models import start_anew
from helpers.season import with_season
from helpers.windows import create_dataset

# %%
DAYS, UNITS, NETWORKS, EPOCHS, BATCH = 14, 8, 8, 6, 191

record = data.load("brussels").loc[: data.VALIDATION_END]  # the test years stay closed
record = with_season(record)
mean, std = record.loc[: data.TRAIN_END].mean(), record.loc[: data.TRAIN_END].std()
X, y = create_dataset(((record - mean) / std).astype("float32"), DAYS)
answer_days = record.index[DAYS:]
learn = answer_days <= data.TRAIN_END
x = X[~learn]  # the windows that we watch
truth = record["temperature"][answer_days[~learn]]
last_days = record.index[DAYS - 1 : -1][~learn]  # the last day of each: the forecast is made on its evening


def to_celsius(zscores):
    return mean["temperature"] + std["temperature"] * zscores


def copied(model):
    """Return our own GRU with the model's weights, and the weights and bias of its Dense layer."""
    return GRU.from_keras(model.layers[0]), *model.layers[1].get_weights()


model = keras.Sequential([keras.Input(shape=x.shape[1:]), keras.layers.GRU(UNITS), keras.layers.Dense(1)])
rate = keras.optimizers.schedules.CosineDecay(0.01, EPOCHS * len(X[learn]) // BATCH)
model.compile(keras.optimizers.Adam(rate), loss="mean_squared_error", jit_compile=True, steps_per_execution=42)

untrained, trained, fooled = [], [], []
for seed in range(NETWORKS):
    start_anew(model, seed)
    untrained.append(copied(model))
    model.fit(X[learn], y[learn], epochs=EPOCHS, batch_size=BATCH, verbose=0)
    trained.append(copied(model))
by_keras = to_celsius(model.predict(x, batch_size=len(x), verbose=0)[:, 0])  # of the last network

# %% [markdown]
# Each network is kept twice: `untrained`, as it started, and `trained`. `copied` takes its numbers out of Keras and puts
# them into the GRU of this collection. Its equations are those that you have computed by hand, but for the candidate: as
# in Keras, r acts after the product with $U_h$, and there is a second bias ({lesson:conventions}). There the gates lie
# open to view, and we may meddle with them. This function makes the forecast, day by day. `z` or `r`, if given, take
# the place of a gate.


# %%
def forecast(network, x, z=None, r=None):
    """Return forecasts in °C, shape (windows,)."""
    gru, weights, bias = network
    h = np.zeros((len(x), gru.units))
    for t in range(x.shape[1]):
        r_t = sigmoid(x[:, t] @ gru.W_r + h @ gru.U_r + gru.b_r) if r is None else r
        z_t = sigmoid(x[:, t] @ gru.W_z + h @ gru.U_z + gru.b_z) if z is None else z
        candidate = np.tanh(x[:, t] @ gru.W_h + r_t * (h @ gru.U_h + gru.b_Uh) + gru.b_h)
        h = (1 - z_t) * h + z_t * candidate
    return to_celsius((h @ weights + bias)[:, 0])


def gates(network, x):
    """Return update and reset gates, each of shape (windows, days, units)."""
    gru = network[0]
    gru.forward(x)
    return gru.z, gru.r


forecasts = [forecast(network, x) for network in trained]
print(
    "largest difference from Keras on", len(x), "days is below 0.001 °C:", np.abs(forecasts[-1] - by_keras).max() < 1e-3
)

# %%
assert np.abs(forecasts[-1] - by_keras).max() < 1e-3

# %% [markdown]
# It is the same network. And are these networks worth looking at? Beside them stand "tomorrow = today", the damped
# anomaly, and the straight line: ridge on the same 14 × 7 numbers.

# %%
line = Ridge().fit(X[learn].reshape(learn.sum(), -1), y[learn])
errors = {
    "tomorrow = today": rmse(truth, record["temperature"].shift(1)[truth.index]),
    "damped anomaly": rmse(truth, baselines.damped_anomaly(record, data.TRAIN_END, truth.index)),
    "ridge": rmse(truth, to_celsius(line.predict(x.reshape(len(x), -1)))),
    "GRU, mean of eight": np.mean([rmse(truth, values) for values in forecasts]),
}

# %% tags=["nbval-ignore-output"]
for name, error in errors.items():
    print(f"{name:20} {error:.3f} °C")
print("the eight:          ", *(f"{rmse(truth, values):.3f}" for values in forecasts))

# %%
assert max(rmse(truth, values) for values in forecasts) < errors["tomorrow = today"]
assert errors["GRU, mean of eight"] < errors["ridge"] < errors["damped anomaly"]

# %% [markdown] tags=["teacher"]
# Two things are called z: the update gate, and the scale of the inputs (z-scores). When a z comes up, ask which one
# it is. Ask: a gate has z = 0.05; how much of the memory is replaced? Expect: 5 %. Students who know PyTorch say 95
# %: there z is the share that stays ({lesson:conventions}).

# %% [markdown]
# On average they are a little ahead of the line, and the line is ahead of the damped anomaly. Not each of them need be.
# So what we see below are the gates of ordinary small forecasters.
#
# ## What do the gates look like?
#
# We take the sharpest fall of temperature in the validation years, with three weeks before and after. For each day we
# draw the update gates at the last step of the window that ends on this day: when the forecast for the next day is made.
#
# **Predict first:** will you see the cold front in the gates?

# %%
z = np.array([gates(network, x)[0][:, -1] for network in trained])  # (networks, windows, units)
z_start = np.array([gates(network, x)[0][:, -1] for network in untrained])
weather = record.loc[last_days]
change = record["temperature"].diff()[last_days]
front = change.idxmin()
near = np.abs((last_days - front).days) <= 21

# %% tags=["nbval-ignore-output", "slide"]
fig, axes = plots.figure(3, 1, sharex=True, figsize=(8, 6), height_ratios=(2, 1, 3))
axes[0].plot(last_days[near], weather["temperature"][near], color="black")
axes[1].bar(last_days[near], weather["rain"][near], color=plots.COLOURS[4])
for unit in range(UNITS):
    axes[2].plot(last_days[near], z[0, near, unit], color=plots.COLOURS[unit % 7], linestyle="-" if unit < 7 else "--")
for ax, label in zip(axes, ("temperature (°C)", "rain (mm)", "update gates z"), strict=True):
    ax.set_ylabel(label)
    ax.axvline(front, color="grey", linestyle=":")
axes[2].set_ylim(0, 1)
plots.show(
    fig,
    "Temperature, rain and the eight update gates of the first network over six weeks around the sharpest fall of "
    "temperature, which a dotted line marks. Each gate has a level of its own, some high, some low, and moves around it "
    "from day to day, some little and some much.",
)
print(f"{front:%d %B %Y}: {change[front]:+.1f} °C since the day before")

# %% [markdown] tags=["teacher"]
# They see stories: "The blue gate shuts before the front." Let everyone write down one such story, with a gate and a
# day, and keep the sheets. After each of the next sections ask: is your story still possible? Which test could refute
# it? Expect, in the end: one would have to ask beforehand, in several networks, beside untrained ones.

# %% [markdown]
# Each gate has a level of its own, and moves around it from day to day. One could tell stories for hours. *This one
# shuts before the front. That one opens with the rain.* The rest of this lesson is about how to find out which of these
# stories are true.
#
# First go into such a network yourself. The explorer holds a smaller one, trained for it alone: 3 units, which see only
# how far the temperature is from the season, for 30 days. It opens at a sharp fall. **Predict first:** you hold the
# update gates of all units at 1 (under *Change something*). How far does the forecast for the next day move? And with
# all of them at 0?

# %%
explorer.show("brussels")

# %% [markdown]
# <details><summary>No explorer to be seen? JupyterLab shows it once its cell has been run, GitHub shows only this
# picture.</summary>
#
# ![The explorer with the trained network, at the last of 30 days. A diagram of the cell and its equations, filled in; the
# forecast for the next day; the curves of x, r, z, h′ and h of three units.](../notebooks/images/explorer_brussels.png)
#
# </details>
#
# <details><summary>What is the forecast with all update gates at 0?</summary>
#
# The season of the next day, moved by the bias of the last layer. Nothing is ever written into the memory, so it stays
# at 0, whatever the days were like.
#
# </details>
#
# ## Which unit is which?
#
# Can we speak of "unit 3"? Put the units of a network into another order: its gates, its candidate and the weights of
# the last layer, all in the same new order. What changes?


# %%
def reordered(network, order):
    gru, weights, bias = network
    arrays = {}
    for name, array in gru.weights.items():
        array = array[..., order]  # what a unit receives
        arrays[name] = array[order] if name.startswith("U") else array  # U also holds what a unit sends
    return GRU(**arrays, reset_after=True), weights[order], bias


order = np.random.default_rng(0).permutation(UNITS)
difference = np.abs(forecast(reordered(trained[0], order), x) - forecasts[0]).max()
print("new order:", order, "  largest change of a forecast below 1e-9 °C:", difference < 1e-9)

# %%
assert difference < 1e-9
assert np.allclose(gates(reordered(trained[0], order), x)[0], gates(trained[0], x)[0][..., order])

# %% [markdown] tags=["teacher"]
# They say: "Then look at unit 3 of the next network, too." Ask: who gave unit 3 its number? Expect: the random start.
# So the numbers of two networks have nothing to do with each other. Ask: two networks have mean z (0.4, 0.8) and
# (0.8, 0.4); how do they differ? Expect: not at all.

# %% [markdown]
# Nothing. The units are **interchangeable**: a number is a place in a list, as the random start has dealt it. So the
# third unit of one network has nothing to do with the third of another. What can be compared between networks must not
# depend on the order: the mean over all units, or the list **sorted** by size.
#
# ## Which units are slow, which are fast?
#
# The mean of z over all days says how much of its memory a unit replaces in a day. Call a unit **slow** if that is less
# than half, **fast** if it is more. Has training made them so? That needs two controls:
#
# - the **untrained** network, from the same start;
# - a **fooled** network: trained as long, from the same start, but with the answers shuffled, so that there is nothing
#   to learn about tomorrow. It shows what training does whatever is learned.

# %%
rng = np.random.default_rng(0)
for seed in range(4):
    start_anew(model, seed)
    model.fit(X[learn], rng.permutation(y[learn]), epochs=EPOCHS, batch_size=BATCH, verbose=0)
    fooled.append(copied(model))
all_z = {"trained": z, "fooled": np.array([gates(network, x)[0][:, -1] for network in fooled]), "untrained": z_start}
levels = {name: np.sort(values.mean(axis=1)) for name, values in all_z.items()}  # (networks, units), sorted

# %% tags=["nbval-ignore-output", "slide"]
fig, ax = plots.figure(figsize=(8, 3))
for (name, values), marker in zip(levels.items(), "o^s", strict=True):
    for network, sorted_z in enumerate(values):
        label = name if network == 0 else None
        colour = plots.COLOURS[list(levels).index(name)]
        ax.plot(range(1, UNITS + 1), sorted_z, marker=marker, color=colour, alpha=0.6, linewidth=0.8, label=label)
ax.set(xlabel="units of a network, sorted by their mean z", ylabel="mean z", ylim=(0, 1))
ax.legend(ncols=3)
plots.show(
    fig,
    "Mean z of the units of each network, sorted, one line a network. Untrained: flat at one half. Fooled: a little "
    "tilted, mostly below one half. Trained: steep, from between 0.25 and 0.5 to between 0.75 and 0.9, mostly above one half.",
)
for name, values in levels.items():
    print(f"{name:9}  mean of all z {values.mean():.2f}, fastest minus slowest {np.ptp(values, axis=1).mean():.2f}")

# %% [markdown]
# An untrained gate is half open, on average: its biases start at 0. Shuffled answers tilt the line. The real answers do
# two things more, in all eight networks: they open the gates on average, and they spread the units wide, from slow to
# fast. So
# **slow and fast units come from the task**. Nobody asked for them.
#
# Mostly open gates also make sense: today says most about tomorrow, so most of the memory is made anew each day. (That
# is a thought, not a test.)

# %%
assert np.abs(levels["untrained"] - 0.5).max() < 0.08
assert levels["trained"].mean(axis=1).min() > levels["fooled"].mean(axis=1).max()
assert np.ptp(levels["trained"], axis=1).min() > 1.2 * np.ptp(levels["fooled"], axis=1).mean()
assert np.ptp(levels["fooled"], axis=1).min() > np.ptp(levels["untrained"], axis=1).max()

# %% [markdown] tags=["teacher"]
# They say: "The trained networks have slow and fast units, so training has made them." Ask: beside what must the
# trained line stand to show this? Expect: the untrained one. Ask: what does the fooled network show that the
# untrained one cannot? Expect: what training does when there is nothing to learn about tomorrow. It tilts the line
# only a little.

# %% [markdown]
# ## Trap: "this unit has learned to be a thermometer"
#
# We search the first network for the gate that goes most closely with the day's temperature.


# %%
def closest_to_temperature(z):
    """Return the correlation with the day's temperature that is farthest from 0 among the units; z: (windows, units)."""
    correlations = np.corrcoef(z.T, weather["temperature"])[-1, :-1]
    return correlations[np.abs(correlations).argmax()]


# %% tags=["nbval-ignore-output"]
print(f"first network: {closest_to_temperature(z[0]):+.2f}")

# %% [markdown]
# A fine result. It could be printed under a picture: *one of the units has learned to measure warmth*. Now the same
# search in all eight networks, and in the same eight before they had learned anything:

# %% tags=["nbval-ignore-output", "slide"]
for name, values in {"trained": z, "untrained": z_start}.items():
    print(f"{name:9}", *(f"{closest_to_temperature(network):+.2f}" for network in values))

# %% [markdown]
# An untrained network has such a unit as well, and it follows about as closely. No wonder: the gate is a sigmoid of a
# weighted sum, and the temperature is in that sum, with random weights. Among eight gates one will follow it. **That a
# gate answers to something does not show that it was learned.**
#
# Mended: ask the question beforehand, of all units together, and hold the answer against the untrained networks.

# %%
assert min(abs(closest_to_temperature(network)) for network in z_start) > 0.7
assert np.mean([abs(closest_to_temperature(network)) for network in z_start]) > 0.8

# %% [markdown] tags=["teacher"]
# The first correlation convinces them. Before the second print ask: among how many gates was it found? Expect: it is
# the best of eight. Let them bet on the untrained networks: how large will theirs be? Expect: about as large, because
# the temperature is in the weighted sum of every gate.

# %% [markdown]
# ## What opens the gates: a front, rain, a season?
#
# Three questions, asked beforehand. A **front**: a day at least 4 °C colder than the one before. **Rain**: a day with
# 5 mm or more. **Winter**: December to February, against June to August.
#
# The measure is the **reaction**: the mean z of all units on such days, minus that on the other days. Rain and
# fronts have their seasons, so there each day is first compared with the mean of its calendar month. Otherwise we would
# measure the season twice.

# %%
month = last_days.month
fronts, rainy = (change <= -4).to_numpy(), (weather["rain"] >= 5).to_numpy()


def reaction(z, days):
    """Return mean z on some days minus mean z on the others, each day against its month; z: (windows, units)."""
    of_all_units = pd.Series(z.mean(axis=1))
    against_month = (of_all_units - of_all_units.groupby(month).transform("mean")).to_numpy()
    return against_month[days].mean() - against_month[~days].mean()


def winter_reaction(z):
    return z[month.isin([12, 1, 2])].mean() - z[month.isin([6, 7, 8])].mean()


questions = {
    f"front ({fronts.sum()} days)": lambda z: reaction(z, fronts),
    f"rain ({rainy.sum()} days)": lambda z: reaction(z, rainy),
    "winter": winter_reaction,
}
reactions = {
    question: {name: np.array([ask(network) for network in values]) for name, values in all_z.items()}
    for question, ask in questions.items()
}
front_reactions, rain_reactions, winter_reactions = reactions.values()

# %% tags=["nbval-ignore-output", "slide"]
fig, ax = plots.figure(figsize=(8, 3))
for place, answers in enumerate(reactions.values()):
    for shift, (name, marker) in enumerate(zip(all_z, "o^s", strict=True)):
        places = np.full(len(answers[name]), place + 0.2 * shift - 0.2)
        ax.plot(answers[name], places, marker, color=plots.COLOURS[shift], alpha=0.6, label=None if place else name)
ax.axvline(0, color="grey", linewidth=1)
ax.set(yticks=range(3), yticklabels=reactions, ylim=(2.5, -0.5), xlabel="reaction: mean z on these days minus others")
ax.legend(loc="upper right")
plots.show(
    fig,
    "Three rows of dots, for front, rain and winter, one dot a network. Front: trained and untrained networks lie on both "
    "sides of 0, close to it. Rain: all trained networks lie below 0, the fooled and the untrained on both sides. Winter: all trained "
    "networks lie above 0, and most of the others as well.",
)

# %% [markdown]
# - **Front:** dots on both sides of 0. The eight networks do not agree. We have found no common reaction to a front.
#   (There are few such days, so a small one may have escaped us. And a mean over all units cannot see it if some open
#   and others shut.)
# - **Rain:** all eight trained networks shut their gates a little (on the computer that ran this). They started on both
#   sides of 0, and the fooled ones lie on both sides. If it were chance, eight coins would have fallen alike.
# - **Winter:** all eight open them wider in winter. But most of them did so before training. Whether training has added
#   something is left open.
#
# So of three good stories, one holds. And it is small: a few hundredths.

# %%
assert front_reactions["trained"].min() < 0 < front_reactions["trained"].max()
assert rain_reactions["trained"].mean() < -0.015
assert (rain_reactions["trained"] < 0).sum() >= 7
assert rain_reactions["untrained"].min() < 0 < rain_reactions["untrained"].max()
assert rain_reactions["fooled"].min() < 0 < rain_reactions["fooled"].max()
assert (winter_reactions["trained"] > 0).sum() >= 7
assert (winter_reactions["untrained"] > 0).sum() >= 5

# %% [markdown]
# ### Would any other days have done as well?
#
# Another control. We move the marks of all rainy days on by 67 days, then by twice 67, and so on, nineteen times in all.
# (What falls off at the end comes in at the front.) Rainy days stay in groups, as they were. But the rain does not
# belong to them any more.

# %%
elsewhere = [[reaction(n, np.roll(rainy, 67 * k)) for k in range(1, 20)] for n in (*z, *z_start)]
own = np.concatenate([rain_reactions["trained"], rain_reactions["untrained"]])
beyond = np.abs(own) > np.abs(elsewhere).max(axis=1)

# %% tags=["nbval-ignore-output"]
print(f"reaction beyond all 19 of the other days: {beyond[:NETWORKS].sum()} of {NETWORKS} trained networks,")
print(f"{beyond[NETWORKS:].sum()} of {NETWORKS} untrained networks")

# %% [markdown]
# Nearly every network passes, **untrained ones as well**. The rain is among the inputs, so gates answer to it in
# one way or another. Moved marks show that a reaction is there. Only the untrained networks show which part of it was
# learned: that all go the same way.

# %%
assert beyond[:NETWORKS].sum() >= 6
assert beyond[NETWORKS:].sum() >= 6

# %% [markdown]
# ### The rain itself, or what comes with it?
#
# A rainy day is also dull, with a small range of temperature and little evapotranspiration. Watching cannot tell these
# apart. But we can do what the weather cannot: change **only** the rain of the last day, from 0 to 10 mm, and leave
# all else as it was. Such a change is called an **intervention**.

# %%
rain = record.columns.get_loc("rain")


def answer_to_rain(network):
    means = []
    for millimetres in (0, 10):
        changed = x.copy()
        changed[:, -1, rain] = (millimetres - mean["rain"]) / std["rain"]
        means.append(gates(network, changed)[0][:, -1].mean())
    return means[1] - means[0]


answers = np.array([answer_to_rain(network) for network in trained])

# %% tags=["nbval-ignore-output"]
print("change of mean z, trained:", *(f"{answer:+.3f}" for answer in answers))

# %% [markdown]
# The gates shut again. So they answer to the rain itself, also when nothing else is different. **Why** they do so, we
# still do not know. It may help the forecast. It may be a by-product of something that does.

# %%
assert (answers < 0).sum() >= 7
assert answers.mean() < -0.01

# %% [markdown] tags=["teacher"]
# Do not say beforehand which stories hold: of the three, only rain does. They say: "The reaction to rain is beyond
# that of all nineteen moved marks, so it was learned." Ask: do the untrained networks pass that test? Expect: nearly
# all. Ask: what does show learning, then? Expect: trained networks that agree where untrained ones do not. Ask: and
# what shows that it is the rain itself? Expect: a change of the rain alone.

# %% [markdown]
# ## Does the forecast need the gates to move?
#
# Another intervention. We hold each update gate at its own mean, on all days. Slow units stay slow, fast units stay
# fast. But no gate answers to the weather any more. All other weights are as they were. Then the same with the reset
# gates.

# %%
frozen = {"z held": [], "r held": []}
for network in trained:
    z_all, r_all = gates(network, x)
    frozen["z held"].append(rmse(truth, forecast(network, x, z=z_all.mean(axis=(0, 1)))))
    frozen["r held"].append(rmse(truth, forecast(network, x, r=r_all.mean(axis=(0, 1)))))
free = np.array([rmse(truth, values) for values in forecasts])

# %% tags=["nbval-ignore-output", "slide"]
for name, error in errors.items():
    print(f"{name:20} {error:.3f} °C")
for name, values in frozen.items():
    costs = np.array(values) - free
    print(f"GRU, {name:15} {np.mean(values):.3f} °C; it costs a network {costs.min():.3f} to {costs.max():.3f} °C")

# %% [markdown]
# Every network gets worse with its gates held, and on average they are then no better than the straight line. So the
# movement is **used**. (It does not follow that a forecast needs it. A network that is trained with gates that cannot
# move may find another way.)

# %%
assert (np.array(frozen["z held"]) > free + 0.01).all()
assert (np.array(frozen["r held"]) > free).all()
assert np.mean(frozen["z held"]) > errors["ridge"] - 0.01

# %% [markdown] tags=["teacher"]
# They say: "It gets worse, so a GRU needs moving gates." Ask: was any network trained with its gates held? Expect:
# no, they were held afterwards. So these networks use the movement. It does not follow that a network trained without
# it would be worse.

# %% [markdown]
# ## Does a slow unit mean a long memory?
#
# We take the slowest unit of all eight networks. What stays of its memory from one day to another is the product of its
# 1 − z on all days between. Beside it, what the **forecast** makes of the past: we make one day of the window 5 °C
# warmer (its mean, lowest and highest temperature), and see how far the forecast moves.
#
# **Predict first:** the unit keeps a good part for five days. How much of the 5 °C reaches the forecast after
# five days?

# %%
slowest = np.argmin(levels["trained"][:, 0])
network = trained[slowest]
z_all, _ = gates(network, x)
keeps = 1 - z_all[:, :, z_all.mean(axis=(0, 1)).argmin()]


def moved(days_before):
    """Return the mean absolute change of the forecast, in °C, when these days are 5 °C warmer; 0 is the last day."""
    warmer = x.copy()
    warmer[:, [DAYS - 1 - ago for ago in days_before], :3] += 5 / std["temperature"]
    return np.abs(forecast(network, warmer) - forecasts[slowest]).mean()


ago = np.arange(DAYS)
kept = np.array([keeps[:, DAYS - n :].prod(axis=1).mean() for n in ago])
effect = np.array([moved([n]) for n in ago])

# %% tags=["nbval-ignore-output", "slide"]
fig, ax = plots.figure(figsize=(8, 3))
ax.plot(ago, kept, "o-", label="kept by the slowest unit, as a share")
ax.plot(ago, effect / effect[0], "s--", label="effect on the forecast, as a share of the last day's")
ax.set(xlabel="days before the last", ylabel="share")
ax.legend()
plots.show(
    fig,
    "Two falling curves over 13 days. What the slowest unit keeps falls gradually; about a quarter is left after five days. "
    "The effect on the forecast falls to a sixth after one day and is next to nothing from the third day on.",
)
print(
    f"the last day 5 °C warmer moves the forecast by {effect[0]:.2f} °C, the day five days before by {effect[5]:.2f} °C"
)
print(f"all of days 3 to 9 before the last together:     {moved(range(3, 10)):.2f} °C")

# %% [markdown]
# The gate would keep a part of last week. The forecast hardly uses it: a whole week moves it far less than the last day
# alone. 1 − z tells what **may** be kept. How much came in, and what the last layer makes of it, it does not tell. To
# learn what a forecast depends on, change the input and look at the output.

# %%
assert kept[5] > 0.1
assert effect[5] < 0.03 * effect[0]
assert moved(range(3, 10)) < 0.2 * effect[0]

# %% [markdown]
# That was the mean of all forecasts. Is it so in each of them? The gradient tells: how far does this one forecast move
# for each degree that one day of its window gets warmer? We carry it back through the network, as in
# {lesson:vanishing_gradients}. Each column is a forecast of the six weeks around the front, each row a day of its window.

# %%
gru, weights, _ = network
gru.forward(x)
back = np.zeros((len(x), DAYS, UNITS))
back[:, -1] = std["temperature"] * weights[:, 0]
slopes = (gru.backward(back)["x"][..., :3] / std.to_numpy()[:3]).sum(axis=2)[:, ::-1]  # the last day first

# %% tags=["nbval-ignore-output", "slide"]
fig, ax = plots.figure(figsize=(8, 3))
mesh = ax.pcolormesh(last_days[near], ago, slopes[near].T, cmap="RdBu_r", vmin=-1, vmax=1)
ax.set(xlabel="last day of the window", ylabel="days before the last")
fig.colorbar(mesh, label="°C for each °C")
plots.show(
    fig,
    "Heat map of six weeks of forecasts by 14 days of the window. Only the row of the last day is strongly coloured, in red "
    "of a strength that changes from forecast to forecast. The row of the day before is pale, blue or red. All other rows "
    "are nearly white.",
)
last_day = np.quantile(slopes[:, 0], [0.05, 0.5, 0.95])
print("the last day 1 °C warmer: the forecast moves by {:.2f} to {:.2f} °C, median {:.2f}".format(*last_day[[0, 2, 1]]))

# %% [markdown]
# Nearly all of the colour is in the last days, in every forecast. For a straight line each row would have one colour:
# its weight. Here the last day counts now more, now less. So this network is no straight line, and short-sighted all
# the same.

# %%
nudged = x.copy()
nudged[:, -2, :3] += 1e-3 / std.to_numpy()[:3]
assert np.allclose((forecast(network, nudged) - forecasts[slowest]) / 1e-3, slopes[:, 1], atol=1e-3)
assert np.quantile(np.abs(slopes[:, :3]).sum(axis=1) / np.abs(slopes).sum(axis=1), 0.05) > 0.7
assert last_day[2] - last_day[0] > 0.3

# %% [markdown] tags=["teacher"]
# They predict: as large a share as the unit keeps. Ask: what must happen besides keeping, before a warm day reaches
# the forecast? Expect: it must have come into this unit, and the last layer must give the unit weight.

# %% [markdown]
# ## What can be told from gates, and what not?
#
# | sentence | what it takes |
# |---|---|
# | "the trained gates are mostly open, and differ in speed" | the sorted means, beside untrained and fooled networks |
# | "the gates answer to rain" | a question asked beforehand, several networks that agree, and untrained ones that do not |
# | "it is the rain itself" | an intervention on the input |
# | "the forecast uses the movement of the gates" | an intervention on the gates |
# | "the network has recognised the front" | not from its gates: these networks did not even agree |
# | "unit 3 stands for frost" | cannot be told: another start has another unit 3 |
# | "the gate opens *in order to* …" | cannot be told: training has no purposes, only a falling loss |
#
# All of this holds for one town, one kind of network and one short training.
#
# ## Exercises
#
# Replace each `...` and run the cell, then run the check below it.
#
# **1. Another order.** `U` is a recurrent kernel, of shape (units, units): row *i* holds what unit *i* sends, column *j*
# what unit *j* receives. Return it for the units in a new order. The new unit *k* is the old unit `order[k]`.


# %%
def recurrent_in_order(U, order):
    ...
    ### BEGIN SOLUTION
    return U[order][:, order]
    ### END SOLUTION


# %%
check.recurrent_in_order(recurrent_in_order)

# %% [markdown]
# **2. What is left.** `z` holds the update gates of one window, shape (days, units). Which share of the memory that each
# unit had at the end of the day `ago` days before the last is still there after the last day? Return one number a unit.
# (With `ago = 0` all of it is.)


# %%
def share_left(z, ago):
    ...
    ### BEGIN SOLUTION
    return (1 - z[len(z) - ago :]).prod(axis=0)
    ### END SOLUTION


# %%
check.share_left(share_left)

# %% [markdown]
# **3. An intervention.** `predict` is any function from windows, shape (samples, days, features), to forecasts, shape
# (samples,). Return how far its forecasts move, on average, when column 0 of the day `ago` days before the last is
# larger by `step`. Count every movement, up or down.


# %%
def movement(predict, windows, ago, step):
    ...
    ### BEGIN SOLUTION
    changed = windows.copy()
    changed[:, windows.shape[1] - 1 - ago, 0] += step
    return np.abs(predict(changed) - predict(windows)).mean()
    ### END SOLUTION


# %%
check.movement(movement)

# %% [markdown] tags=["teacher"]
# Do exercise 1 together: write U as a table of who sends to whom; expect the rows in order and the columns forgotten.
# In exercise 2 expect `z[-ago:]`: with `ago = 0` that is the whole array. Exercise 3 is for home: expect movements up
# and down that cancel.

# %% [markdown]
# ## What to take away
#
# - Copied into your own cell, a trained network can be watched and meddled with. First compare one output with the
#   original.
# - Units are interchangeable. Compare sorted lists or means over all units.
# - A gate that answers to something proves little: an untrained one answers as well. Several networks that agree, where
#   untrained ones do not, show what was learned.
# - Watching shows what goes together. Only an intervention shows what depends on what.
# - 1 − z says what may be kept, not what the forecast uses.
#
# ## Self-test
#
# <details><summary>A paper shows one gate that closes at every comma of a text. What do you ask?</summary>
#
# Among how many gates was it found? Has an untrained network such a gate too? Do networks from other random starts have
# one? And what happens to the output if the gate is held?
# </details>
#
# <details><summary>Two trained networks have mean z (0.4, 0.8) and (0.8, 0.4). How different are they in this?</summary>
#
# Not at all. Sorted, both are (0.4, 0.8). Each has a slow and a fast unit.
# </details>
#
# <details><summary>A unit has z = 0.05 on all days. Does the forecast depend on the days two weeks ago?</summary>
#
# One cannot tell. The unit keeps about half of its memory for two weeks. Whether anything of use came in, and whether
# the last layer listens to this unit, the gate does not say. Change those days and look at the forecast.
# </details>
#
# ## Where next
#
# {Lesson:your_own_data} leaves the gates shut away and goes the whole way with a record of your own.
# {Lesson:what_a_gru_remembers} has a task that needs a long memory. There the start decides whether a GRU keeps one.
#
# ## References
#
# - J. Chung and others, *Empirical Evaluation of Gated Recurrent Neural Networks on Sequence Modeling*, 2014,
#   [arXiv:1412.3555](https://arxiv.org/abs/1412.3555): the form of the GRU that is used here.
# - J. Adebayo and others, *Sanity Checks for Saliency Maps*, NeurIPS 2018,
#   [arXiv:1810.03292](https://arxiv.org/abs/1810.03292): our two controls, networks with random weights and networks
#   trained on shuffled answers, put to pictures that explain what a network looks at.
# - A. Karpathy, J. Johnson and L. Fei-Fei, *Visualizing and Understanding Recurrent Networks*, 2015,
#   [arXiv:1506.02078](https://arxiv.org/abs/1506.02078): gates and cells of text-reading networks, with the statistics
#   of how often gates are open or shut.

# %% [markdown] tags=["teacher"]
# ### An activity without a computer
#
# **Which two networks are the same?** 12 minutes. Three groups of three play three networks: two students are units,
# the third is the last layer. All others watch and vote. A unit computes new = (1 − z) · old + z · card, with z = ½
# (slow) or z = 1 (fast). Its memory begins at 0. The cards are 8, 4, 6; all units see the same ones.
#
# - Network A: unit 1 slow, unit 2 fast. Forecast: 2 · unit 1 + unit 2.
# - Network B: unit 1 fast, unit 2 slow. Forecast: unit 1 + 2 · unit 2.
# - Network C: the units of A. Forecast: unit 2 alone.
#
# 1. The groups play, and only unit 1 says its memory after each card. In A and C: 4, 4, 5. In B: 8, 4, 6. The others
#    vote with closed eyes: which two networks are the same?
# 2. Now unit 2 shows its memory to the last layer, which says the forecast. A says 16 (2 · 5 + 6), B says 16 (6 + 2 ·
#    5), C says 6.
# 3. Play again, with 16 as the first card. The slow units end at 6. A and B say 18, C says 6.
#
# Then say: A and B are one network with its units in another order. In C the slow unit keeps as much as in A, a
# quarter of what it held after the first card. But its last layer does not use it.
#
# ### Answers to the open questions
#
# - *Will you see the front in the gates?* They move, but not together, and the eight networks do not agree. Wrong:
#   "Yes, in that one." One gate of many is taken for a finding.
# - *How much of the 5 °C after five days?* Next to nothing. Wrong: as much as the unit keeps. What is kept is taken
#   for what is used.
# - *z = 0.05: does the forecast depend on the days two weeks ago?* One cannot tell. Wrong: "Yes, half is kept." The
#   same belief.
# - *One gate closes at every comma. What do you ask?* Among how many gates it was found, and whether untrained
#   networks have one. Wrong: "What does the comma mean to it?" The finding is taken as given.
#
# ### When time is short
#
# No later lesson builds on this one. Skip "Would any other days have done as well?" and the heat map. Keep "Which unit
# is which?", the trap, and "Does a slow unit mean a long memory?".
#
# ### After the lesson, students can
#
# - choose what can be compared between networks (exercise 1, self-test);
# - compute which share of a memory is left (exercise 2);
# - measure what a forecast depends on, by an intervention (exercise 3);
# - explain what a gate that answers, or a slow unit, does not show (trap, self-test).


# %% tags=["teacher"]
# the three networks, with the first cards and with the changed one
def play(cards, z):
    row = [0]
    for card in cards:
        row.append((1 - z) * row[-1] + z * card)
    return row[1:]


for cards, slow, forecasts in [((8, 4, 6), [4, 4, 5], (16, 16, 6)), ((16, 4, 6), [8, 6, 6], (18, 18, 6))]:
    assert play(cards, 1 / 2) == slow
    assert play(cards, 1) == list(cards)
    last_slow, last_fast = slow[-1], cards[-1]
    assert (2 * last_slow + last_fast, last_fast + 2 * last_slow, last_fast) == forecasts
assert (1 - 1 / 2) ** 2 == 1 / 4  # two days after the first card
