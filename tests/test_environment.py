"""environment.yml, requirements.txt, Colab's set and pyproject.toml tell one story; none names a package index."""

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tools.lessons import ROOT

NAMES = ("requirements.txt", "tests/places/colab.txt", "tools/site.txt", "tools/classroom.txt")
LOCKS = {name: (ROOT / name).read_text(encoding="utf-8") for name in NAMES}
LOCKED, COLAB_LOCKED, SITE_LOCKED, CLASSROOM_LOCKED = (
    dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE)) for text in LOCKS.values()
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
PIP = [Requirement(text) for text in CONDA[-1]["pip"]]
COLAB_LINES = (ROOT / "tests/places/colab.in").read_text(encoding="utf-8").splitlines()
COLAB = [Requirement(text) for line in COLAB_LINES if (text := line.split("#")[0].strip())]
SITE_LINES = (ROOT / "tools/site.in").read_text(encoding="utf-8").splitlines()
SITE = [Requirement(text) for line in SITE_LINES if (text := line.split("#")[0].strip())]
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


@pytest.mark.parametrize("requirement", COLAB, ids=lambda r: r.name)
def test_colabs_lock_holds_what_is_declared(requirement):
    assert requirement.specifier.contains(COLAB_LOCKED[requirement.name])


@pytest.mark.parametrize("requirement", SITE, ids=lambda r: r.name)
def test_the_sites_lock_holds_what_is_declared(requirement):
    assert requirement.specifier.contains(SITE_LOCKED[requirement.name])


@pytest.mark.parametrize("text", PROJECT["project"]["dependencies"])
def test_colab_has_what_the_lessons_import_within_the_ranges(text):
    declared = Requirement(text)
    [colab] = [requirement for requirement in COLAB if requirement.name == declared.name]
    assert declared.specifier.contains(COLAB_LOCKED[declared.name])
    assert str(colab.marker) == str(declared.marker)


def test_in_the_classroom_the_lessons_have_the_versions_of_the_reader():
    assert CLASSROOM_LOCKED | LOCKED == CLASSROOM_LOCKED


def test_the_classrooms_lock_holds_what_is_declared():
    lines = (ROOT / "tools/classroom.in").read_text(encoding="utf-8").splitlines()
    declared = [Requirement(text) for line in lines if (text := line.split("#")[0].strip())]
    assert {"nbgrader", "sphinx-revealjs"} <= {requirement.name for requirement in declared}
    assert all(requirement.specifier.contains(CLASSROOM_LOCKED[requirement.name]) for requirement in declared)


def test_conda_pins_python_in_the_form_that_repo2docker_understands():
    [python] = [text for text in CONDA if isinstance(text, str) and text.startswith("python")]
    assert re.fullmatch(r"python=3\.\d+", python)
    assert f"{python.removeprefix('python=')}.0" in SpecifierSet(PROJECT["project"]["requires-python"])


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes_and_one_version(name):
    entries = re.findall(r"^[a-z0-9._-]+==.*?(?=^[a-z0-9._-]+==|\Z)", LOCKS[name], re.MULTILINE | re.DOTALL)
    assert len(entries) == len({entry.split("==")[0] for entry in entries}) >= 80
    assert all("--hash=sha256:" in entry for entry in entries)


def test_uv_is_locked_with_a_hash_for_each_platform():
    first, *hashes = (ROOT / "tools/uv.txt").read_text(encoding="utf-8").replace("\\\n", "").split()
    assert re.fullmatch(r"uv==[0-9.]+", first)
    assert all(re.fullmatch("--hash=sha256:[0-9a-f]{64}", text) for text in hashes)
    assert len(set(hashes)) >= 4  # Linux on two processors, macOS, Windows


def test_no_package_index_is_named():
    written = ("tools/site.in", "tools/classroom.in", "tests/places/colab.in", "environment.yml", "pyproject.toml")
    for name in (*LOCKS, "tools/uv.txt", *written):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"index-url|/simple|find-links|\.whl", text), name


def test_every_dependency_has_a_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for line, before in zip(text.splitlines()[1:], text.splitlines(), strict=False):
        if re.match(r'    "[a-z]', line) and "==" not in line:
            assert "#" in line.rsplit('"', 1)[1] or before.strip().startswith("#") or "tensorflow" in before, line
