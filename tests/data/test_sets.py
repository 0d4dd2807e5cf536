"""What holds for every set of data: it is small, has a card and a licence, and its checksums are those of the card."""

import hashlib
import re
from pathlib import Path

import pytest

from helpers import data

FOLDER = Path(__file__).resolve().parents[2] / "data"
SETS = sorted(path.name for path in FOLDER.iterdir() if (path / "README.md").is_file())
every_set = pytest.mark.parametrize("name", SETS)


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def test_every_set_that_can_be_loaded_has_a_folder_and_a_recipe():
    assert SETS == sorted(data.SETS)
    assert set(SETS) <= {path.stem for path in FOLDER.glob("recipes/*.py")}


@every_set
def test_a_set_is_small(name):
    assert sum(path.stat().st_size for path in files(FOLDER / name)) < 3_000_000


def test_all_of_it_is_small():
    assert sum(path.stat().st_size for path in files(FOLDER)) < 12_000_000


@every_set
def test_the_card_lists_every_file_with_its_checksum(name):
    card = (FOLDER / name / "README.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^([0-9a-f]{64})  (\S+)$", card, flags=re.MULTILINE))
    there = {str(path.relative_to(FOLDER / name).as_posix()): path for path in files(FOLDER / name)}
    del there["README.md"]
    assert sorted(listed.values()) == sorted(there)
    for checksum, file in listed.items():
        assert hashlib.sha256(there[file].read_bytes()).hexdigest() == checksum, file


@every_set
def test_a_licence_lies_beside_it(name):
    assert list((FOLDER / name).glob("LICENSE*"))


@every_set
def test_the_page_of_all_data_names_it(name):
    assert f"[`{name}/`]({name}/README.md)" in (FOLDER / "README.md").read_text(encoding="utf-8")
