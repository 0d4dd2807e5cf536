"""The purchases against their card, and the lesson's split against its leaky twin."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GroupKFold, KFold

from helpers import data
from helpers.data import files

FOLDER = Path(__file__).resolve().parents[2] / "data" / "behaviour"
CARD = (FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def table():
    return data.load("behaviour")


def rows():
    """Return the file's rows as texts, read with the csv module instead of pandas."""
    with open(FOLDER / "purchases.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_what_the_loader_promises(table):
    prices = table.iloc[:, 2:]
    assert table.shape == (4470, 12)
    assert list(table.columns[:2]) == ["household", "product"]
    assert (table.dtypes.iloc[:2] == "int64").all()
    assert (prices.dtypes == "float64").all()
    assert not table.isna().any().any()
    assert table["household"].is_monotonic_increasing
    assert (table["household"].unique() == np.arange(1, 517)).all()
    assert (np.sort(table["product"].unique()) == np.arange(10)).all()
    assert prices.min().min() == 0.19
    assert prices.max().max() == 2.30


def test_the_loader_reads_what_the_file_says(table):
    names = list(table.columns[2:])
    for row, read in zip(rows(), table.itertuples(index=False), strict=True):
        assert (int(row["household"]), row["product"]) == (read.household, names[read.product])
        assert tuple(float(row[name]) for name in names) == read[2:]


def test_numbers_of_the_card(table):
    a_household = table.groupby("household").size()
    prices = table.iloc[:, 2:]
    for text in (
        f"{len(table):,} purchases",
        f"{len(a_household)} households",
        f"{len(prices.drop_duplicates())} different rows of prices",
        f"{(a_household == 1).sum()} households have one purchase",
        f"one has {a_household.max()}",
        f"median {a_household.median():.0f}",
    ):
        assert text in CARD, text


def test_order_is_that_of_time_as_far_as_prices_tell(table):
    """Two rows of prices that two or more households met: did they meet them in the same order?"""
    day = table.iloc[:, 2:].apply(tuple, axis=1).factorize()[0]
    days = day.max() + 1
    first, second = np.zeros((days, days), int), np.zeros((days, days), int)
    for _, met in pd.Series(day).groupby(table["household"].to_numpy()):
        met = met[met != met.shift()].to_numpy()
        earlier, later = np.triu_indices(len(met), 1)
        np.add.at(first, (met[earlier], met[later]), 1)
    second = first.T
    several = np.triu(first + second, 1) > 1
    agree, all_of_them = np.maximum(first, second)[several].sum(), (first + second)[several].sum()
    assert f"{agree:,} of {all_of_them:,}" in CARD


def crosses(groups, split):
    """Tell whether any group is on both sides of any part of a split."""
    return any(np.intersect1d(groups[learn], groups[judge]).size for learn, judge in split)


def test_no_household_crosses_the_lessons_split_and_the_tempting_one_is_caught(table):
    households = table["household"].to_numpy()
    assert not crosses(households, GroupKFold(5, shuffle=True, random_state=0).split(table, groups=households))
    assert crosses(households, KFold(5, shuffle=True, random_state=0).split(table))


def test_a_missing_file_is_named_with_the_remedy(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"purchases\.csv is missing.*rebuild\.py"):
        data.load("behaviour")
