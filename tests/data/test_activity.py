"""The recordings of data/activity against their card, and the lesson's split on the real data."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.model_selection import GroupKFold, KFold

from helpers import data
from helpers.data import activity, files

FOLDER = Path(__file__).resolve().parents[2] / "data" / "activity"
CARD = (FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def loaded():
    return data.load("activity")


def test_everybody_does_every_exercise_once_with_each_arm(loaded):
    recordings = loaded.recordings
    assert list(recordings.columns) == ["person", "arm", "exercise", "steps"]
    assert len(recordings) == len(recordings.drop_duplicates(["person", "arm", "exercise"])) == 10 * 2 * 7
    assert set(recordings["person"]) == set(range(1, 11))
    assert set(recordings["arm"]) == {"left", "right"}
    assert set(recordings["exercise"]) == set(activity.EXERCISES)


def test_the_signals_are_as_the_card_says(loaded):
    recordings, signals = loaded
    assert [signal.shape for signal in signals] == [(steps, 6) for steps in recordings["steps"]]
    assert all(signal.dtype == np.float32 for signal in signals)
    whole = np.concatenate(signals)
    assert len(whole) == 122_019
    assert f"{len(whole):,} rows" in CARD
    assert np.isfinite(whole).all()
    assert len({signal.tobytes() for signal in signals}) == len(signals)  # no recording appears twice
    length = np.linalg.norm(whole[:, :3], axis=1)
    assert 0.95 < np.median(length) < 1.15  # g: gravity is in it
    assert np.abs(whole[:, 3:]).max() < 18.2  # rad/s
    fast = np.abs(whole[:, 3:]).max(axis=1) > 12
    person = np.repeat(recordings["person"], recordings["steps"]).to_numpy()
    assert set(person[fast]) == {4}


def test_the_left_arm_is_mirrored(loaded):
    means = loaded.recordings.assign(ax=[signal[:, 0].mean() for signal in loaded.signals])
    clear = means[~means["exercise"].isin(["IR", "ER"])]
    assert (clear.loc[clear["arm"] == "right", "ax"] < 0).all()
    assert (clear.loc[clear["arm"] == "left", "ax"] > 0).all()


def people_on_both_sides(person, splits):
    return [set(person[learn]) & set(person[test]) for learn, test in splits]


def test_no_person_crosses_the_split_and_its_leaky_twin_is_caught(loaded):
    person = np.repeat(loaded.recordings["person"], loaded.recordings["steps"] // 50).to_numpy()  # a row a window
    honest = people_on_both_sides(person, GroupKFold(5).split(person, groups=person))
    assert not any(honest)
    leaky = people_on_both_sides(person, KFold(5, shuffle=True, random_state=0).split(person))
    assert all(len(both) == 10 for both in leaky)


def test_a_missing_file_is_told_with_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"recordings.csv is missing.*rebuild.py"):
        data.load("activity")
