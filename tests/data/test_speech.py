"""The voices: the files against their card, the clips, and that no voice is on both sides of the lesson's split."""

import io
import re
import wave
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from helpers import data
from helpers.data import files, speech
from helpers.exercises.speech import heard_before

FOLDER = Path(__file__).resolve().parents[2] / "data" / "speech"
CARD = (FOLDER / "README.md").read_text(encoding="utf-8")
PAIRS = [("allison_es", "july_es"), ("june_fr", "armelle_fr"), ("carlo_it", "paola_it")]


@pytest.fixture(scope="module")
def loaded():
    return data.load("speech")


def test_the_card_gives_credit_where_it_is_asked_for():
    assert "Marco Menardi and his wife" in CARD
    assert "http://www.voip.ammdomus.it" in CARD


def test_every_voice_has_frames_a_recording_and_a_row_of_the_card(loaded):
    for voice in speech.VOICES:
        clips = loaded.clips.query("voice == @voice")
        row = re.search(rf"^\| `{voice}\.npy`.*$", CARD, re.MULTILINE)[0]
        assert f"| {len(clips)} | {clips['frames'].sum():,} |" in row
        with wave.open(io.BytesIO(speech.recording(voice))) as sound:
            assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (speech.RATE, 1, 2)
            assert speech.RATE <= sound.getnframes() <= 2 * speech.RATE


def test_frames_are_what_the_loader_says(loaded):
    assert len(loaded.frames) == len(loaded.clips) == 1903
    assert list(loaded.clips) == ["voice", "language", "prompt", "frames"]
    assert loaded.clips["voice"].unique().tolist() == list(speech.VOICES)
    assert not loaded.clips.duplicated(["voice", "prompt"]).any()
    for clip, expected in zip(loaded.frames, loaded.clips["frames"], strict=True):
        assert clip.shape == (expected, 13)
        assert clip.dtype == np.float32
        assert 49 <= expected <= 99
    whole = np.concatenate(loaded.frames) * speech.SCALE
    assert (whole == np.round(whole)).all()
    assert whole.min() >= -128
    assert whole.max() < 127  # nothing was clipped


def test_no_clip_is_there_twice(loaded):
    assert len({clip.tobytes() for clip in loaded.frames}) == len(loaded.frames)


def test_no_voice_crosses_the_honest_split_and_the_leaky_twin_is_caught(loaded):
    clips = loaded.clips.query("language != 'en'")
    voices = clips["voice"].tolist()
    for chosen in product(*PAIRS):
        learned = clips["voice"].isin(chosen)
        assert heard_before.right(voices, learned.tolist()) == set()
        assert clips["language"][learned].nunique() == clips["language"][~learned].nunique() == 3
    leaky = np.random.default_rng(0).random(len(clips)) < 0.5
    assert heard_before.right(voices, leaky.tolist()) == set(voices)


def test_a_missing_file_is_named_with_the_remedy(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"clips\.csv is missing.*rebuild"):
        speech.load()
    with pytest.raises(FileNotFoundError, match=r"nobody\.wav is missing"):
        speech.recording("nobody")
