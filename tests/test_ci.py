"""The public CI runs what a reader types, on every system and Python that the collection is for."""

import re
import tomllib

import yaml
from packaging.specifiers import SpecifierSet

from tools.lessons import ROOT

WORKFLOW = yaml.load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"), yaml.BaseLoader)
JOB = WORKFLOW["jobs"]["test"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_pythons_are_those_of_pyproject():
    supported = SpecifierSet(PROJECT["requires-python"])
    assert JOB["strategy"]["matrix"]["python"] == [f"3.{n}" for n in range(30) if supported.contains(f"3.{n}")]
    assert JOB["steps"][1]["with"]["python-version"] == "${{ matrix.python }}"


def test_linux_mac_and_windows():
    systems = JOB["strategy"]["matrix"]["os"]
    assert [name.split("-")[0] for name in systems] == ["ubuntu", "macos", "windows"]
    assert JOB["runs-on"] == "${{ matrix.os }}"


def test_it_runs_what_a_reader_types():
    assert [step["run"] for step in JOB["steps"] if "run" in step] == ["python run.py test"]


def test_it_runs_on_changes_and_weekly():
    assert set(WORKFLOW["on"]) == {"push", "pull_request", "schedule"}
    [schedule] = WORKFLOW["on"]["schedule"]
    assert re.fullmatch(r"\d+ \d+ \* \* \d", schedule["cron"])


# ---- the workflow that publishes the site ----

SITE = yaml.load((ROOT / ".github" / "workflows" / "site.yml").read_text(encoding="utf-8"), yaml.BaseLoader)


def test_the_site_is_published_only_where_the_address_is_this_repositorys():
    [check] = [step for step in SITE["jobs"]["build"]["steps"] if step.get("id") == "address"]
    line = re.search(r'grep -qxF "(.+)" pyproject.toml', check["run"])[1].replace('\\"', '"')
    address = PROJECT["urls"]["Repository"]
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    assert line.replace("$GITHUB_REPOSITORY", address.removeprefix("https://github.com/")) in text
    for job in ("pages", "release"):
        assert SITE["jobs"][job]["if"].startswith("needs.build.outputs.published && ")
    uploads = [step for step in SITE["jobs"]["build"]["steps"] if step.get("uses", "").startswith("actions/upload")]
    assert len(uploads) == 2
    assert all(step["if"].startswith("steps.address.outputs.published && ") for step in uploads)


def test_the_site_is_made_as_a_reader_makes_it():
    [command] = [step["run"] for step in SITE["jobs"]["build"]["steps"] if "run.py" in step.get("run", "")]
    assert command.startswith("python run.py site ")
    assert command.endswith(" --zip gru-notebooks-site.zip")
