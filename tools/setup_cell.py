"""The first code cell of every lesson, and the public address that it fetches the collection from on Colab."""

import tomllib
from pathlib import Path

PROJECT = "pyproject.toml"


def public_address(root: Path) -> str:
    """Return the public address of the collection, from its only place, pyproject.toml."""
    project = tomllib.loads((root / PROJECT).read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"]


def is_set(address: str) -> bool:
    """Tell whether a public address is set: GitHub allows no underscore in an owner's name."""
    return "_" not in address.split("/")[3]


def setup_cell(address: str) -> str:
    """Return the set-up cell for a collection published at `address`: four lines, for every reader meets them."""
    name = address.split("/")[4]
    if not is_set(address):
        fetch = f"""assert found() or not on_colab, "{address} is not set: see 'Publishing' in README.md\""""
    else:
        fetch = (
            f'if on_colab and not found(): assert not Path("{name}").exists(), "delete {name}, an interrupted copy"; '
            f'subprocess.run(["git", "clone", "-q", "--depth=1", "{address}"])'
        )
    return f"""\
import subprocess, sys; from pathlib import Path; on_colab = "google.colab" in sys.modules  # fetch a copy there
found = lambda: [p for p in Path("{name}/_").absolute().parents if (p / "helpers/exercises").is_dir()]
{fetch}
assert found(), "open this inside a copy of the collection"; sys.path.insert(0, str(found()[0])); import helpers"""
