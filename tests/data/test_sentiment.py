"""The messages against their card, the split that keeps families together, and the rules of the recipe."""

import sys

import numpy as np
import pytest
from sklearn.model_selection import GroupKFold, GroupShuffleSplit, KFold, ShuffleSplit

from helpers import data
from helpers.data import files

FOLDER = files.FOLDER / "sentiment"
CARD = (FOLDER / "README.md").read_text(encoding="utf-8")

sys.path.insert(0, str(files.FOLDER))
from recipes import sentiment as recipe  # noqa: E402


@pytest.fixture(scope="module")
def loaded():
    return data.load("sentiment")


def test_messages_are_what_the_card_says(loaded):
    messages, words = loaded
    assert len(messages) == 3714
    assert messages.index.is_unique
    assert messages["designed"].sum() == 173
    assert messages["designed"].dtype == bool
    assert messages.loc[messages["designed"], "family"].nunique() == 27
    assert messages["rating"].between(-4, 4).all()
    assert messages[["vader", "vader_shuffled"]].abs().max().max() <= 1
    assert messages["text"].str.strip().str.len().min() > 0
    assert not messages["text"].duplicated().any()
    assert (messages["one"].isna() == messages["designed"]).all()
    assert (messages["raters"].isna() == messages["designed"]).all()
    assert messages["raters"].min() == 20
    assert set(messages["one"].dropna()) <= set(range(-4, 5))
    assert (len(words), words[":)"], words["love"]) == (1099, 2.0, 3.2)
    assert words.index.is_unique
    assert words.between(-4, 4).all()


def test_a_family_is_named_after_its_first(loaded):
    messages, _ = loaded
    first = messages.groupby("family").apply(lambda group: group.index.min(), include_groups=False)
    assert (first.to_numpy() == first.index).all()


def crossing(messages, parts) -> int:
    learn, test = (messages.iloc[part]["family"] for part in parts)
    return int(test.isin(learn).sum())


@pytest.mark.parametrize(
    ("honest", "leaky"),
    [
        (GroupShuffleSplit(1, test_size=0.2, random_state=1), ShuffleSplit(1, test_size=0.2, random_state=1)),
        (GroupKFold(5, shuffle=True, random_state=0), KFold(5, shuffle=True, random_state=0)),
    ],
)
def test_no_family_crosses_the_honest_splits_and_their_leaky_twins_are_caught(loaded, honest, leaky):
    messages, _ = loaded
    assert not any(crossing(messages, parts) for parts in honest.split(messages, groups=messages["family"]))
    assert all(crossing(messages, parts) > 30 for parts in leaky.split(messages))


def test_nothing_of_what_the_rules_forbid_is_left(loaded):
    messages, _ = loaded
    assert not messages["text"].str.contains(recipe.STARRED.pattern, case=False).any()
    assert not messages["text"].map(recipe.CONTACT.search).any()
    assert not messages["text"].str.contains(r"&(?:amp|lt|gt);").any()
    read = {*recipe.READ_OFFENSIVE, *recipe.READ_PERSONAL, *recipe.READ_NOT_ENGLISH}
    assert not read.intersection(messages.index)


def test_rules_of_the_recipe():
    rude, given, family = {"blah", "two words"}, {"ann"}, {"lee"}
    assert recipe.is_rude("blahs!", rude)
    assert recipe.is_rude("these two words", rude)
    assert recipe.is_rude("what a b**h", rude)
    assert not recipe.is_rude("*waves* damn nice blackbird", rude)
    assert recipe.has_full_name("Ann B. Lee is here", given, family)
    assert not recipe.has_full_name("Ann is here, says lee", given, family)


def test_families_are_chained():
    texts = ["I love it", "I LOVE it!!", "rain again", "love it", "@anonymous love it so"]
    assert recipe.families(texts) == [0, 0, 2, 0, 0]


def test_a_missing_file_is_named_with_its_remedy(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"messages.csv is missing.*rebuild.py"):
        data.load("sentiment")


def test_scores_go_with_ratings(loaded):
    messages, _ = loaded
    by_words = np.corrcoef(messages["rating"], messages[["vader", "vader_shuffled"]].to_numpy().T)[0, 1:]
    assert 0.8 < by_words[1] < by_words[0] < 0.9
