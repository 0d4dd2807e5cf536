"""Write what a class needs: a package for students, one for the teacher, and a course that nbgrader grades.

Called by `python3 run.py classroom FOLDER`. The folder must not exist yet, so nothing of anybody's is overwritten.
"""

import argparse
import os
import re
import shutil
import sys
from pathlib import Path

import nbformat

from tools import lessons, pages, sheets, slides
from tools.build import as_text
from tools.setup_cell import is_set

COURSE, HANDOUT = (Path(__file__).parent / name for name in ("course", "handout"))
QUIZZES = ("quiz_before", "quiz_after")
# What a student needs to open and run the lessons, as in the collection.
STUDENTS = ("run.py", "requirements.txt", "environment.yml", "pyproject.toml", "LICENSE", "helpers", "data")
STUDENTS += ("notebooks", "tools/uv.txt", "tools/jupyterlab")
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*", "recipes", "rebuild.py", "solutions", "teaching")
TO_SOLUTIONS = re.compile(r" · \[Solutions\]\(solutions/\w+\.ipynb\)")
TO_NOWHERE = re.compile(r"\[Open in Colab\]\(\S+\) · \[Open in Binder\]\(\S+\)(?: · |\n\n)?")  # while no address is set


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py classroom", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where to write it: a folder that does not exist yet")
    folder = parser.parse_args(arguments).folder
    if folder.exists():
        print(f"classroom: {folder} exists already; name a new folder, nothing is overwritten", file=sys.stderr)
        return 2
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    write_students(unfinished / "students")
    write_teacher(unfinished / "teacher")
    write_course(unfinished / "course")
    os.rename(unfinished, folder)
    print(f"{folder}: students/ to hand out, teacher/ for you (begin with teacher/notebooks/teaching/README.md),")
    print("course/ for nbgrader (its README.md tells how)")
    return 0


def write_students(folder: Path) -> None:
    """Write what students get: the unsolved lessons and all that they need to run, and no link to a solution."""
    copy(STUDENTS, folder)
    shutil.copyfile(HANDOUT / "README.md", folder / "README.md")
    without_links(folder, TO_SOLUTIONS)


def without_links(folder: Path, *links: re.Pattern) -> None:
    """Take links out of the headers of a package's notebooks: those given, and those that lead nowhere yet."""
    links += () if is_set(lessons.repository()) else (TO_NOWHERE,)
    for path in (folder / "notebooks").rglob("*.ipynb"):
        book = nbformat.read(path, as_version=4)
        for link in links:
            book.cells[0].source = link.sub("", book.cells[0].source)
        path.write_text(as_text(book), encoding="utf-8", newline="\n")


def write_teacher(folder: Path) -> None:
    """Write what the teacher gets: the lessons, their solutions, the pages for the teacher, the quizzes, the slides."""
    copy(STUDENTS, folder)
    for part in ("solutions", "teaching"):
        shutil.copytree(lessons.NOTEBOOKS / part, folder / "notebooks" / part, ignore=LEFT_OUT)
    without_links(folder)
    slides.write(folder / "slides")
    frame = (HANDOUT / "quiz.html").read_text(encoding="utf-8")
    for name in QUIZZES:
        text = frame.replace("{quiz}", slides.markdown(pages.page(name)))
        (folder / f"{name}.html").write_text(text, encoding="utf-8", newline="\n")


def write_course(folder: Path) -> None:
    """Write a course for nbgrader: a sheet for each lesson, and all that they need to run."""
    copy(("helpers", "data"), folder)
    shutil.copytree(COURSE, folder, ignore=LEFT_OUT, dirs_exist_ok=True)
    (folder / "README.md").write_text(pages.page("grading"), encoding="utf-8", newline="\n")
    for name in lessons.names():
        path = folder / "source" / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(as_text(sheets.sheet(name)), encoding="utf-8", newline="\n")


def copy(names: tuple[str, ...], folder: Path) -> None:
    """Copy files and folders of the collection to the same places below a folder."""
    for name in names:
        source, target = lessons.ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=LEFT_OUT)
        else:
            shutil.copyfile(source, target)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
