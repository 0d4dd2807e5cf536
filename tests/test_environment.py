"""environment.yml, requirements.txt and pyproject.toml tell one story, and none names a package index."""

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tools.lessons import ROOT

LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")
LOCKED = dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", LOCK, re.MULTILINE))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
PIP = [Requirement(text) for text in CONDA[-1]["pip"]]
DECLARED = [Requirement(text) for text in PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]]


@pytest.mark.parametrize("requirement", DECLARED, ids=lambda r: r.name)
def test_lock_holds_what_is_declared(requirement):
    assert requirement.specifier.contains(LOCKED[requirement.name])


@pytest.mark.parametrize("requirement", PIP, ids=lambda r: r.name)
def test_conda_has_the_locked_versions(requirement):
    assert str(requirement.specifier) == f"=={LOCKED[requirement.name]}"


def test_conda_has_what_the_lessons_import():
    markers = {r.name: str(r.marker) for r in PIP}
    for requirement in map(Requirement, PROJECT["project"]["dependencies"]):
        assert markers[requirement.name] == str(requirement.marker)


def test_conda_pins_python_in_the_form_that_repo2docker_understands():
    [python] = [text for text in CONDA if isinstance(text, str) and text.startswith("python")]
    assert re.fullmatch(r"python=3\.\d+", python)
    assert f"{python.removeprefix('python=')}.0" in SpecifierSet(PROJECT["project"]["requires-python"])


def test_every_locked_package_has_hashes_and_one_version():
    entries = re.findall(r"^[a-z0-9._-]+==.*?(?=^[a-z0-9._-]+==|\Z)", LOCK, re.MULTILINE | re.DOTALL)
    assert len(entries) == len(LOCKED)
    assert all("--hash=sha256:" in entry for entry in entries)


def test_no_package_index_is_named():
    for name in ("requirements.txt", "environment.yml", "pyproject.toml"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"index-url|/simple|find-links|\.whl", text), name


def test_every_dependency_has_a_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for line, before in zip(text.splitlines()[1:], text.splitlines(), strict=False):
        if re.match(r'    "[a-z]', line) and "==" not in line:
            assert "#" in line.rsplit('"', 1)[1] or before.strip().startswith("#") or "tensorflow" in before, line
