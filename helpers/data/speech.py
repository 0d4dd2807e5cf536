"""Telephone prompts of seven voices in four languages, as MFCC frames, and one recording of each voice.

data/speech/README.md says who speaks, under which licences, and how the clips were cut.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.data import files

VOICES = ("allison_en", "allison_es", "july_es", "june_fr", "armelle_fr", "carlo_it", "paola_it")
"""Who speaks, and in which language: the last two letters."""

RATE = 8000
"""Samples a second of the recordings."""

SCALE = np.array([1] + [4] * 12, dtype="float32")
"""What the files hold is each coefficient times this, rounded."""


class Speech(NamedTuple):
    """Clips of at most two seconds, one for each prompt.

    Attributes
    ----------
    frames
        One array a clip, shape (frames, 13), float32: the mel-frequency cepstral coefficients of 32 ms of sound, every
        20 ms. Clips have 49 to 99 frames. The unit is that of the logarithm of an energy; the first coefficient says
        how loud it is.
    clips
        One row a clip, in the order of `frames`: `voice` (one of `VOICES`), `language` ("en", "es", "fr", "it"),
        `prompt` (the sound's name in Asterisk) and `frames` (how many there are).
    """

    frames: list[np.ndarray]
    clips: pd.DataFrame


def load() -> Speech:
    """Read all clips.

    Raises
    ------
    FileNotFoundError
        If a file is not in the folder `data/speech`.
    """
    clips = pd.read_csv(files.found("speech", "clips.csv"))
    clips.insert(1, "language", clips["voice"].str[-2:])
    frames = []
    for voice in VOICES:
        stored = np.load(files.found("speech", f"{voice}.npy")) / SCALE
        ends = clips.loc[clips["voice"] == voice, "frames"].cumsum()
        frames += np.split(stored, ends[:-1])
    return Speech(frames, clips)


def recording(voice: str) -> bytes:
    """Return a recording of a voice: a .wav file, 8,000 samples a second, 16 bits, at most two seconds.

    All say the prompt `vm-sorry`: "I am sorry, I did not understand your response".

    Raises
    ------
    FileNotFoundError
        If there is no recording of that name.
    """
    return files.found("speech", f"{voice}.wav").read_bytes()
