"""Seven shoulder exercises, as a smart watch on the wrist felt them, from the package seglearn."""

import io
from pathlib import Path

import numpy as np

from recipes.archives import Archive, read_member

ARCHIVES = [
    Archive(
        "pypi",
        "seglearn",
        "1.2.5",
        "seglearn-1.2.5-py3-none-any.whl",
        "ec6b952c85c9627050102854b372d85951563d3b990df677d7c55547e87413dd",
    )
]
ARMS = ("left", "right")  # the package's 0 and 1


def make(folder: Path) -> dict[str, bytes]:
    """Return the content of each file, by its name, from the wheel in `folder`."""
    wheel = folder / ARCHIVES[0].file
    # A pickle can run code. This one's SHA-256 is known, and only this recipe opens it.
    stored = np.load(io.BytesIO(read_member(wheel, "seglearn/data/watch_dataset.npy")), allow_pickle=True).item()
    order = np.lexsort((stored["y"], -stored["side"], stored["subject"]))  # by person, right arm first, by exercise
    rows, signals, first = ["person,arm,exercise,first,steps"], [], 0
    for place in order:
        signal = thousandths(halved(stored["X"][place]))
        arm, exercise = ARMS[int(stored["side"][place])], stored["y_labels"][stored["y"][place]]
        rows.append(f"{stored['subject'][place]},{arm},{exercise},{first},{len(signal)}")
        signals.append(signal)
        first += len(signal)
    table = io.BytesIO()
    np.save(table, np.concatenate(signals), allow_pickle=False)
    return {
        "signals.npy": table.getvalue(),
        "recordings.csv": ("\n".join(rows) + "\n").encode("utf-8"),
        "LICENSE": read_member(wheel, "seglearn-1.2.5.dist-info/LICENSE"),
    }


def halved(signal: np.ndarray) -> np.ndarray:
    """Return the mean of each two readings in a row: 50 a second become 25. An odd last one is left out."""
    return (signal[0 : len(signal) // 2 * 2 : 2] + signal[1::2]) / 2


def thousandths(signal: np.ndarray) -> np.ndarray:
    """Return whole thousandths of the unit, as 16-bit integers.

    Raises
    ------
    ValueError
        If a reading does not fit into 16 bits.
    """
    rounded = np.round(1000 * signal)
    if np.abs(rounded).max() > np.iinfo(np.int16).max:
        raise ValueError("a reading is too large for 16 bits of thousandths")
    return rounded.astype("<i2")
