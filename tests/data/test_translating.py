"""The dates of the lesson translating against their card, and the splits that the lesson makes of them."""

import csv
import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers import data
from helpers.data import files
from tools import lessons

FOLDER = Path(__file__).resolve().parents[2] / "data" / "translating"
SOURCE = lessons.SOURCES / f"{lessons.find('translating')}.py"
CARD = (FOLDER / "README.md").read_text(encoding="utf-8")
WEEKDAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905

with open(FOLDER / "dates.csv", encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
DATES = data.load("translating")


def test_the_file_is_plain_utf8_and_small():
    content = (FOLDER / "dates.csv").read_bytes()
    content.decode("utf-8")
    assert b"\r" not in content
    assert len(content) < 1_000_000
    assert "UNICODE LICENSE V3" in (FOLDER / "LICENSE").read_text(encoding="utf-8")


def test_the_loader_reads_what_is_in_the_file():
    assert list(DATES.columns) == ["day", "format", "english", "french"]
    assert DATES["day"].dt.strftime("%Y-%m-%d").tolist() == [row["day"] for row in ROWS]
    assert DATES["english"].tolist() == [row["english"] for row in ROWS]
    assert len(DATES) == 15_000
    assert (DATES["format"].value_counts() == 1000).all()
    assert DATES["format"].nunique() == 15
    assert DATES.groupby("format")["day"].apply(lambda days: days.is_monotonic_increasing and days.is_unique).all()


def test_the_french_is_the_day_written_out():
    for row in ROWS:
        day = date.fromisoformat(row["day"])
        assert date(1970, 1, 1) <= day <= date(2029, 12, 31)
        assert row["french"] == f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def test_what_the_card_counts():
    assert DATES["day"].nunique() == 11_055
    assert DATES["english"].duplicated().sum() == 8
    assert DATES.groupby("english")["french"].nunique().max() == 1
    with_weekday = DATES["english"].str.match("(Mon|Tue|Wed|Thu|Fri|Sat|Sun)")
    formats = set(DATES["format"][with_weekday])
    assert formats == {"en full", "en yMMMEd", "en_GB full", "en_GB yMMMEd", "en_IN yMMMEd"}
    assert with_weekday.sum() == 5000
    words = {word for text in [*DATES["english"], *DATES["french"]] for word in re.findall(r"[^\W\d]+", text)}
    assert len(words) == 57
    assert "a language of 57 words" in CARD


def test_a_missing_file_is_named_with_a_remedy(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"dates\.csv is missing.*rebuild"):
        data.load("translating")


# --- the splits of the lesson ---------------------------------------------------------------------------------------


def shared(one: pd.DataFrame, other: pd.DataFrame) -> dict[str, int]:
    """Return how many years, and how many formats, of the one are in the other as well."""
    return {
        "years": len(set(one["day"].dt.year) & set(other["day"].dt.year)),
        "formats": len(set(one["format"]) & set(other["format"])),
        "pairs": len(set(one.index) & set(other.index)),
    }


@pytest.fixture(scope="module")
def parts():
    """Run the lesson's own cell that splits, and return its parts with the training pairs."""
    cells = re.split(r"^# %%.*$", SOURCE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    [cell] = [cell for cell in cells if "NEW_FORMATS = [" in cell]
    names = {"np": np, "pd": pd, "dates": DATES}
    exec(compile(cell, "the lesson's split", "exec"), names)
    return names["parts"] | {"train": names["train"]}


def test_no_year_and_no_format_crosses_the_honest_split(parts):
    train = parts["train"]
    assert shared(parts["new years"], train)["years"] == 0
    assert shared(parts["validation"], train)["years"] == 0
    assert shared(parts["new years"], parts["validation"])["years"] == 0
    assert shared(parts["new formats"], train)["formats"] == 0
    assert parts["new years"]["day"].dt.year.nunique() == 12
    for name in ("new years", "validation", "random pairs", "new formats"):
        assert shared(parts[name], train)["pairs"] == 0, name


def test_the_leaky_twin_of_the_split_is_caught(parts):
    leaky = shared(parts["random pairs"], parts["train"])
    assert leaky["years"] == 42
    assert leaky["formats"] == 10
