"""Turn the committed notebooks into a web site, slides included: `python3 run.py site [FOLDER] [--zip FILE]`.

Nothing is executed, nothing is fetched, and no page asks another host for anything. What is said around the lessons is
in `tools/site_pages.py` and `tools/glossary.py`, how it looks in `tools/site_page/`.
"""

import argparse
import base64
import importlib.resources
import os
import re
import shutil
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import nbformat

from tools import glossary, lessons, site_pages, site_reference, slides

SETTINGS = lessons.ROOT / "tools" / "site_page"
MARK = "searchindex.js"  # every site has one
COPIED = ("CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "CITATION.cff", "notebooks/images", "notebooks/solutions")
# What the lessons' formulas need of MathJax, a fortieth of it.
MATHJAX = ("startup.js", "core.js", "input/tex-base.js", "input/tex/extensions/ams.js", "output/chtml.js")
MATHJAX += ("output/chtml/fonts/tex.js", "output/chtml/fonts/woff-v2", "a11y/assistive-mml.js")
# The theme's icons come as a font, too: without this script a page is half as large.
ICONS = re.compile(r'<script defer src="[^"]*/fontawesome\.js[^"]*"></script>\n?')


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py site", description="Turn the committed notebooks into a web site.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("site"), help="where it goes; without: site")
    parser.add_argument("--zip", type=Path, metavar="FILE", help="pack site, notebooks and licences for a release, too")
    asked = parser.parse_args(arguments)
    began = time.monotonic()
    try:
        check_places(asked.folder, asked.zip)
        pages, size = build(asked.folder.resolve())
        if asked.zip:
            pack(asked.folder, asked.zip)
    except (ValueError, OSError) as error:
        print(f"site: {error}", file=sys.stderr)
        return 1
    print(f"{asked.folder}: {pages} pages, {size / 1e6:.0f} MB, {time.monotonic() - began:.0f} s.", end=" ")
    print(f"Open {asked.folder / 'index.html'}" + (f"; packed in {asked.zip}" if asked.zip else ""))
    return 0


def check_places(folder: Path, packed: Path | None) -> None:
    """Raise a ValueError where the site would take the place of something else."""
    if folder.exists() and not (folder.is_dir() and (is_site(folder) or not any(folder.iterdir()))):
        raise ValueError(f"{folder} holds something else than a site: name another folder, or remove it")
    if packed and packed.exists():
        raise ValueError(f"{packed} is there already: name another file, or remove it")


def is_site(folder: Path) -> bool:
    """Tell whether a folder was written by an earlier call."""
    return (folder / MARK).exists()


def build(folder: Path) -> tuple[int, int]:
    """Write the site to a folder, in one step at the end; return how many pages it has, and its size in bytes."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as temporary:
        source, made = Path(temporary, "source"), Path(temporary, "site")
        stage(source)
        render(source, made, Path(temporary, "doctrees"))
        add_slides(made)
        if folder.exists():
            folder.rename(Path(temporary, "old"))
        made.rename(folder)
    files = [path for path in folder.rglob("*") if path.is_file()]
    return sum(path.suffix == ".html" for path in files), sum(path.stat().st_size for path in files)


def stage(source: Path) -> None:
    """Write what Sphinx reads. It lies as in the repository, so that links between files hold."""
    for name in COPIED:
        copy(lessons.ROOT / name, source / name)
    for card in (lessons.ROOT / "data").glob("*/README.md"):
        copy(card, source / card.relative_to(lessons.ROOT))
    write(source / "data" / "README.md", site_pages.cards())
    write(source / "index.md", site_pages.front())
    write(source / "lessons.md", site_pages.table())
    write(source / "licences.md", site_pages.licences())
    write(source / "glossary.md", glossary.page())
    if site_pages.EXPLORER.exists():
        write(source / "explorer.md", site_pages.explorer())
    for path in site_pages.teaching_notes():
        write(source / path.relative_to(lessons.ROOT), site_pages.teaching_page(path))
    for name, text in site_reference.pages().items():
        write(source / "reference" / f"{name}.rst", text)
    for name in lessons.names():
        write(source / "notebooks" / f"{name}.ipynb", nbformat.writes(site_pages.lesson(name), version=4))
        copy(lessons.notebook_path(name, solved=False), source / "downloads" / f"{name}.ipynb")


def copy(what: Path, to: Path) -> None:
    """Copy a file or a folder; what is not there is left out."""
    if what.is_dir():
        shutil.copytree(what, to)
    elif what.exists():
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(what, to)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def render(source: Path, made: Path, doctrees: Path) -> None:
    """Make the pages; a link that leads nowhere, or any other warning, is an error.

    Raises
    ------
    ValueError
        If Sphinx is not content. It has said why.
    """
    from sphinx.cmd.build import build_main

    command = ["-b", "html", "-j", "auto", "-q", "-W", "--keep-going", "-c", SETTINGS, "-d", doctrees, source, made]
    if build_main([str(word) for word in command]):
        raise ValueError("Sphinx found what is said above; the site in place is left as it was")
    carry(made / "_static")
    for page in made.rglob("*.html"):
        page.write_text(ICONS.sub("", page.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    (made / ".nojekyll").touch()  # GitHub Pages would leave out what begins with an underscore


def carry(static: Path) -> None:
    """Put beside the pages what Sphinx does not, and take away what no page needs."""
    carried = Path(str(importlib.resources.files("sphinx-mathjax-offline"))) / "static" / "mathjax"
    for name in MATHJAX:
        copy(carried / name, static / "mathjax" / name)
    copy(site_pages.EXPLORER, static / "explorer.html")
    for unused in {*static.rglob("*.map"), *static.rglob("fontawesome.js*")}:
        unused.unlink()


def add_slides(made: Path) -> None:
    """Write the decks beside the pages. They show the pages' pictures instead of carrying the same ones again."""
    slides.write(made / "slides")
    shown = {path.read_bytes(): path.name for path in (made / "_images").glob("*.png")}
    for deck in (made / "slides").glob("*.html"):
        text = re.sub(
            r'(?<=<img src=")data:image/png;base64,([^"]+)',
            lambda found: f"../_images/{shown[base64.b64decode(found[1])]}",
            deck.read_text(encoding="utf-8"),
        )
        write(deck, text)


def pack(folder: Path, packed: Path) -> None:
    """Write the ZIP file of a release: the site with its slides, the notebooks, and what may be done with them."""
    temporary = packed.with_name(f".{packed.name}.new")
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        for top, name in ((folder, "site"), (lessons.NOTEBOOKS, "notebooks")):
            for path in sorted(path for path in top.rglob("*") if path.is_file()):
                if ".ipynb_checkpoints" not in path.parts:
                    archive.write(path, f"{name}/{path.relative_to(top).as_posix()}")
        for name in ("LICENSE", "CITATION.cff"):
            archive.write(lessons.ROOT / name, name)
        # All other pages that it names are in the site.
        archive.writestr("LICENCES.md", re.sub(r"\]\(([\w/]+)\.md\)", r"](site/\1.html)", site_pages.licences()))
    os.replace(temporary, packed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
