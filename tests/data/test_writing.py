"""The novels against their card, the record of the long training, and the lesson's split against its leaky twin."""

import re
from pathlib import Path

import numpy as np
import pytest

from helpers import data
from helpers.data import files, writing

FOLDER = Path(__file__).resolve().parents[2] / "data" / "writing"
CARD = (FOLDER / "README.md").read_text(encoding="utf-8")
PAGE = 2000  # as in the lesson
LEARNED = ("pride_and_prejudice", "sense_and_sensibility")


@pytest.fixture(scope="module")
def loaded():
    return data.load("writing")


def test_lengths_are_those_of_the_card(loaded):
    for name, text in loaded.novels.items():
        row = re.search(rf"^\| `{name}\.txt` \|.*$", CARD, flags=re.MULTILINE)[0]
        assert row.endswith(f"| {len(text):,} | {text.count(chr(10)):,} |")


def test_texts_have_the_alphabet_alone_and_whole_paragraphs(loaded):
    assert set(loaded.novels) == set(writing.NOVELS)
    for text in loaded.novels.values():
        assert set(text) <= set(writing.ALPHABET)
        assert text.endswith("\n")
        assert "\n\n" not in text
        assert "  " not in text
        assert not re.search(r"\bMrs? |^chapter|\bCHAPTER [IVX]", text, flags=re.MULTILINE)


def test_the_alphabet_is_in_order_and_has_no_character_twice():
    assert list(writing.ALPHABET) == sorted(set(writing.ALPHABET))


def test_novels_begin_and_end_as_they_should(loaded):
    beginnings = (
        "It is a truth universally",
        "The family of Dashwood",
        "No one who had ever seen",
        "Sir Walter Elliot, of",
    )
    for text, beginning in zip(loaded.novels.values(), beginnings, strict=True):
        assert text.startswith(beginning)
    assert loaded.novels["pride_and_prejudice"].endswith("the means of uniting them.\n")


def test_the_record_falls_and_the_weights_are_as_many_as_the_network_has(loaded):
    record, weights = loaded.record, loaded.weights
    assert list(record.columns) == ["seed", "updates", "bits"]
    assert set(record["seed"]) == set(weights) == set(writing.SEEDS)
    letters = len(writing.ALPHABET)
    for seed, rows in record.groupby("seed"):
        assert rows["updates"].is_monotonic_increasing
        assert rows["bits"].between(1.5, 4).all()
        assert rows["bits"].iloc[-1] == rows["bits"].min()
        shapes = [(letters, 24), (24, 384), (128, 384), (2, 384), (128, letters), (letters,)]
        assert [array.shape for array in weights[seed]] == shapes
        assert all(array.dtype == np.float32 and np.isfinite(array).all() for array in weights[seed])


def pages(text):
    return [text[start : start + PAGE] for start in range(0, len(text) - PAGE + 1, PAGE)]


def names(text):
    """The words that begin with a capital letter and never come without."""
    without = set(re.findall(r"\b[a-z]+\b", text))
    return {word for word in re.findall(r"\b[A-Z][a-z]{3,}\b", text) if word.lower() not in without}


def shared_names(learned, judged):
    """The share of the names on the judged pages, each as often as it comes, that the learned text has as well."""
    known = names("".join(learned))
    judged = "".join(judged)
    meant = names(judged)
    return np.mean([word in known for word in re.findall(r"\b[A-Z][a-z]{3,}\b", judged) if word in meant])


def test_no_novel_is_on_both_sides_and_the_leaky_twin_is_caught(loaded):
    by_novel = {name: pages(text) for name, text in loaded.novels.items()}
    learned = [page for name in LEARNED for number, page in enumerate(by_novel[name]) if number % 11 != 5]
    leaky = [page for name in LEARNED for page in by_novel[name][5::11]]
    assert not set(learned) & set(by_novel["persuasion"])
    assert not set(learned) & set(leaky)  # not even the leaky split has a page twice
    assert shared_names(learned, by_novel["persuasion"]) < 0.4
    assert shared_names(learned, leaky) > 0.8


def test_missing_file(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"python data/rebuild\.py"):
        data.load("writing")
