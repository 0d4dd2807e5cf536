"""Jane Austen's novels, and networks that have read two of them for minutes."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.data.files import found

ALPHABET = "\n !\"'(),-.:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""All characters that occur, in the order of their numbers."""
NOVELS = ("pride_and_prejudice", "sense_and_sensibility", "northanger_abbey", "persuasion")
SEEDS = (1, 2, 3)


class Writing(NamedTuple):
    """The novels and the record of the long training, as `load` describes them."""

    novels: dict[str, str]
    record: pd.DataFrame
    weights: dict[int, list[np.ndarray]]


def load() -> Writing:
    """Read the novels, and what the long training has left.

    Returns
    -------
    Writing
        `novels`: name → text, of characters in `ALPHABET` alone, each paragraph ended by a line feed; the names are
        `NOVELS`, two whole novels and the first 200,000 characters of two others.
        `record`: a DataFrame with one row a measurement: `seed` (int64), `updates` (int64), and `bits` (float64), the
        bits per character on the validation pages.
        `weights`: seed → the weights of that network after its last update, float32, as Keras' `set_weights` takes
        them.

    Raises
    ------
    FileNotFoundError
        If a file is not in data/writing.
    """
    novels = {name: found("writing", f"{name}.txt").read_bytes().decode("ascii") for name in NOVELS}
    record = pd.read_csv(found("writing", "trained", "record.csv"))
    weights = {}
    for seed in SEEDS:
        with np.load(found("writing", "trained", f"seed_{seed}.npz")) as file:
            weights[seed] = [array.astype("float32") for array in file.values()]
    return Writing(novels, record, weights)
