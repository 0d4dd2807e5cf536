"""Seven shoulder exercises of ten people, as a smart watch felt them; data/activity/README.md says more."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.data.files import found

SENSORS = ("ax", "ay", "az", "wx", "wy", "wz")
"""Three axes of the accelerometer (g), three of the gyroscope (rad/s)."""

EXERCISES = ("PEN", "ABD", "FEL", "IR", "ER", "TRAP", "ROW")
"""Pendulum, abduction, forward elevation, internal and external rotation, lower trapezius row, bent-over row."""

RATE = 25
"""Readings a second."""


class Activity(NamedTuple):
    """The recordings, and what the watch felt in each."""

    recordings: pd.DataFrame
    signals: list[np.ndarray]


def load() -> Activity:
    """Read the recordings.

    Returns
    -------
    recordings
        140 rows, one a recording: `person` (1 to 10), `arm` ("left" or "right"), `exercise` (one of `EXERCISES`),
        `steps` (readings, 473 to 1,309, 25 a second).
    signals
        One array for each row, shape (steps, 6), float32, columns as in `SENSORS`: acceleration in g, gravity
        included, and angular velocity in rad/s.

    Raises
    ------
    FileNotFoundError
        If a file is not in data/activity.
    """
    recordings = pd.read_csv(found("activity", "recordings.csv"))
    thousandths = np.load(found("activity", "signals.npy"), allow_pickle=False)
    signals = np.split((thousandths / 1000).astype("float32"), recordings["first"][1:])
    return Activity(recordings.drop(columns="first"), signals)
