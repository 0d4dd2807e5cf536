"""Train the network of the lesson writing for longer than a lesson may take, and note how it gets better.

    python data/writing/trained/train.py               all seeds that are not there yet: minutes each
    python data/writing/trained/train.py 2 --stop 400  seed 2 up to its 400th update; the next call goes on from there

In the top folder of the repository, in the lessons' environment. It writes record.csv and seed_*.npz beside itself. The
network, its batches and its pages are those of the lesson, which trains the first updates itself and compares. Other
processors and other versions of TensorFlow round differently: the last digits of the bits, and the texts that such a
network writes, are not the same there.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import keras
import numpy as np
import pandas as pd

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parents[2]))

from helpers.data import writing  # noqa: E402

UPDATES, BATCH, STEPS, PAGE, READ_ONLY = 2000, 32, 64, 2000, 50
MEASURED = (25, 50, 100, 200, 300, 500, 700, 1000, 1400, 1700, 2000)
LEARNING_RATE = 0.01


def numbers(text: str) -> np.ndarray:
    """Return the number of each character."""
    return np.array([writing.ALPHABET.index(character) for character in text], dtype="int32")


def pages(text: str) -> np.ndarray:
    """Return the whole pages of a text, shape (pages, PAGE)."""
    codes = numbers(text)
    return codes[: len(codes) // PAGE * PAGE].reshape(-1, PAGE)


def network() -> keras.Model:
    """Return the lesson's network."""
    letters = len(writing.ALPHABET)
    layers = [keras.layers.Embedding(letters, 24), keras.layers.GRU(128, return_sequences=True)]
    model = keras.Sequential([keras.Input((None,), dtype="int32"), *layers, keras.layers.Dense(letters)])
    slower = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, UPDATES)
    model.compile(keras.optimizers.Adam(slower), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def bits(model: keras.Model, of: np.ndarray) -> float:
    """Return the bits per character on these pages, without the first characters of each."""
    logits = model.predict(of[:, :-1], batch_size=10, verbose=0)
    losses = keras.losses.sparse_categorical_crossentropy(of[:, 1:], logits, from_logits=True)
    return float(np.asarray(losses)[:, READ_ONLY - 1 :].mean() / np.log(2))


def train(seed: int, stop: int) -> None:
    """Train one network up to its update number `stop`, from where an earlier call left it."""
    novels = {name: (FOLDER.parent / f"{name}.txt").read_bytes().decode("ascii") for name in writing.NOVELS}
    learn = np.concatenate([pages(novels[name]) for name in writing.NOVELS[:2]])
    learn = np.delete(learn, np.s_[5::11], axis=0).ravel()  # every eleventh page is kept for the tempting score
    judge = pages(novels["northanger_abbey"])[::5]
    keras.utils.set_random_seed(seed)
    model = network()
    starts = np.random.default_rng(seed).integers(len(learn) - STEPS, size=(UPDATES, BATCH))
    unfinished = Path(tempfile.gettempdir()) / f"writing_{seed}.npz"
    done, rows = 0, []
    model.optimizer.build(model.trainable_variables)
    if unfinished.exists():
        with np.load(unfinished) as kept:
            done, rows = int(kept["done"]), kept["rows"].tolist()
            for variable, value in zip(model.weights + model.optimizer.variables, list(kept.values())[2:], strict=True):
                variable.assign(value)
    for update in range(done, stop):
        text = learn[starts[update][:, np.newaxis] + np.arange(STEPS + 1)]
        model.train_on_batch(text[:, :-1], text[:, 1:])
        if update + 1 in MEASURED:
            rows.append([seed, update + 1, round(bits(model, judge), 4)])
            print(*rows[-1], f"{time.process_time():.0f} s", flush=True)
    values = {f"{i:02}": np.asarray(value) for i, value in enumerate(model.weights + model.optimizer.variables)}
    np.savez(unfinished, done=stop, rows=rows, **values)
    if stop == UPDATES:
        unfinished.unlink()
        np.savez(FOLDER / f"seed_{seed}.npz", *(value.astype("float16") for value in model.get_weights()))
        file = FOLDER / "record.csv"
        old = pd.read_csv(file) if file.exists() else pd.DataFrame(columns=["seed", "updates", "bits"])
        new = pd.DataFrame(rows, columns=old.columns).astype({"seed": int, "updates": int})
        record = pd.concat([old[old["seed"] != seed], new]) if len(old) else new
        record.sort_values(["seed", "updates"]).to_csv(file, index=False, lineterminator="\n")


def main() -> None:
    """Train what was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("seed", nargs="*", type=int)
    parser.add_argument("--stop", type=int, default=UPDATES)
    given = parser.parse_args()
    missing = [seed for seed in writing.SEEDS if not (FOLDER / f"seed_{seed}.npz").exists()]
    for seed in given.seed or missing:
        train(seed, given.stop)


if __name__ == "__main__":
    main()
