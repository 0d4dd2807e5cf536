"""Build the notebooks from sources/: compose the cells, execute them, put the result in place.

Called by `python3 run.py build [LESSON…]`. Without names it builds what differs from its source; a change in the
text alone, or in the set-up cell, keeps the outputs; a change in the code executes the lesson. A lesson that fails
leaves its committed notebook as it was. The teacher's page of each lesson is written beside.
"""

import argparse
import base64
import os
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from tools import elsewhere, lessons, pages, teaching

CELL_SECONDS = 900
README = lessons.ROOT / "README.md"
README_TABLE = re.compile(r"(<!-- (lessons|elsewhere): written by the build -->\n).*?(<!-- end of \2 -->)", re.DOTALL)
README_LINK = re.compile(r"\[([Ll]esson) \d\d\]\(notebooks/\d\d_(\w+)\.ipynb\)")
README_PICTURE = lessons.NOTEBOOKS / "images" / "forecast.png"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py build", description="Rebuild and execute the notebooks.")
    parser.add_argument(
        "lesson",
        nargs="*",
        help="number or name, such as 10 or training; without any: all that differ from their source",
    )
    asked = parser.parse_args(arguments).lesson
    try:
        chosen = [lessons.find(text) for text in asked] or lessons.names()
        failed = sum(not build(name, solved, bool(asked)) for name in chosen for solved in (False, True))
        for name in chosen:
            teaching.path(name).parent.mkdir(exist_ok=True)
            put(teaching.path(name), teaching.page(name))
        for name in pages.names():
            put(teaching.path(name), pages.page(name))
    except ValueError as error:
        print(f"build: {error}", file=sys.stderr)
        return 2
    put(README, with_lessons(README.read_text(encoding="utf-8")))
    return 1 if failed else 0


def with_lessons(readme: str) -> str:
    """Return the README with its two tables as they are now, and its links to lessons with their numbers."""
    tables = {"lessons": lessons.table, "elsewhere": elsewhere.table}

    def link(found: re.Match) -> str:
        name = lessons.find(found[2])
        return f"[{found[1]} {name[:2]}](notebooks/{name}.ipynb)"

    return README_LINK.sub(link, README_TABLE.sub(lambda m: m[1] + tables[m[2]]() + m[3], readme))


def build(name: str, solved: bool, always: bool) -> bool:
    """Bring one notebook up to date and return whether it is; `always` executes it though nothing changed."""
    path = lessons.notebook_path(name, solved)
    book = lessons.compose(name, solved)
    label = path.relative_to(lessons.ROOT)
    if not always and keep_outputs(book, path):
        if path.read_text(encoding="utf-8") != (text := as_text(book)):
            put(path, text)
            print(f"{label}: text updated", flush=True)
        return True
    print(f"{label}: running …", flush=True)
    path.parent.mkdir(exist_ok=True)
    try:
        execute(book, path.parent)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        print(f"{label}: FAILED, the notebook in place is left as it was\n{error}", file=sys.stderr, flush=True)
        return False
    put(path, as_text(book))
    if not solved:
        _export_picture(book)
    print(f"{label}: built", flush=True)
    return True


def execute(book, folder: Path) -> None:
    """Run all cells in a fresh kernel of this environment and clean what differs from run to run."""
    resources = {"metadata": {"path": str(folder)}}
    # coalesce: on a busy computer one print may arrive in several pieces
    NotebookClient(
        book, timeout=CELL_SECONDS, record_timing=False, coalesce_streams=True, resources=resources
    ).execute()
    book.metadata["language_info"] = {"name": "python"}  # the kernel adds this computer's Python version


def keep_outputs(book, path: Path) -> bool:
    """Copy outputs from the notebook at `path` if its code is the same as that of `book`; tell whether it was.

    The set-up cell may differ: it prints nothing, and publishing a copy changes nothing but the address in it.
    """
    if not path.exists():
        return False
    old_code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    new_code = [cell for cell in book.cells if cell.cell_type == "code"]
    old_rest, new_rest = ([(cell.id, cell.metadata.get("tags")) for cell in code[1:]] for code in (old_code, new_code))
    if old_rest != new_rest or old_code[0].outputs:
        return False
    for new, old in zip(new_code, old_code, strict=True):
        new.outputs, new.execution_count = old.outputs, old.execution_count
    return True


def as_text(book) -> str:
    """Return the notebook as it is stored, after validating it."""
    nbformat.validate(book)
    return nbformat.writes(book, version=4) + "\n"


def _export_picture(book) -> None:
    """Write the figure of the cell tagged `readme-picture` to where README.md shows it."""
    for cell in book.cells:
        if "readme-picture" in cell.metadata.get("tags", []):
            [png] = [out.data["image/png"] for out in cell.outputs if "image/png" in out.get("data", {})]
            README_PICTURE.parent.mkdir(exist_ok=True)
            README_PICTURE.write_bytes(base64.b64decode(png))


def put(path: Path, text: str) -> None:
    """Replace a file in one step, so that an interrupted build leaves the old one or the new one."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    os.replace(temporary, path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
