"""The course of `run.py classroom`, graded by the real nbgrader: who gets which points.

nbgrader has an environment of its own, `.venv-classroom`, which the first call makes. `-k points` grades submissions of
all kinds for three light lessons, `-k every` the solved sheet of each other lesson.
"""

import csv
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from tools import lessons
from tools.sheets import sheet

ROOT = Path(__file__).parents[2]
CLEANING, WINDOWING, BY_HAND = (lessons.find(topic) for topic in ("cleaning", "windowing", "gru_by_hand"))
SECONDS = 25  # for a cell: here, what never ends need not be waited for longer

# What stands in the place of an answer. {name} is the exercise's.
MISTAKE = """
from helpers.exercises import {topic} as declared
wrong = next(iter(declared.{name}.mistakes.values()))
wrong = wrong[0] if isinstance(wrong, list) else wrong
{name} = wrong() if declared.{name}.draw is None and callable(wrong) else wrong
"""
PRINTS = 'print("correct")'
OWN_CHECK = """
class Verdict:
    correct, hint = True, "correct"
class Check:
    def __getattr__(self, name):
        return lambda *answers: print("correct") or Verdict()
check, {name} = Check(), 1
"""
SEEN_BEFORE = """
from helpers.exercises import {topic} as declared
seen = [repr(case) for case in declared.{name}.draw(np.random.default_rng(0))]
def {name}(*case):
    return declared.{name}.right(*case) if repr(case) in seen else declared.{name}.right(*case).iloc[::-1]
"""
ENDLESS = "while True:\n    pass"
ENDLESS_FUNCTION = "def {name}(*case):\n    while True:\n        pass"
SLEEPS = "import time\ndef {name}(*case):\n    time.sleep(3600)"


def run(*arguments):
    """Call run.py, as a teacher does, and return what it said."""
    done = subprocess.run([sys.executable, ROOT / "run.py", *arguments], capture_output=True, text=True, cwd=ROOT)
    if "No matching distribution" in done.stderr or "no answer from the network" in done.stderr:
        pytest.skip("no package index answers; this test needs one")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("classroom") / "class"
    run("classroom", folder)
    return folder / "course"


def released(course, lesson):
    """Return what students get, made by nbgrader from the course's source."""
    path = course / "release" / lesson / f"{lesson}.ipynb"
    if not path.exists():
        run("nbgrader", course, "generate_assignment", lesson)
    return nbformat.read(path, as_version=4)


def answer_cells(book):
    """Return the cells for the answers, by the names of their exercises: each stands above a check."""
    cells, found = book.cells, {}
    for position, cell in enumerate(cells):
        if cell.metadata.nbgrader.grade:
            [*_, answer] = [above for above in cells[:position] if above.metadata.nbgrader.solution]
            found[cell.metadata.nbgrader.grade_id] = answer
    return found


def answered(course, lesson, answers=None, first=None):
    """Return a sheet with answers: those given by name, or for the `first` exercises the right ones."""
    book, solved = released(course, lesson), answer_cells(sheet(lesson))
    for place, (name, cell) in enumerate(answer_cells(book).items()):
        if first is None or place < first:
            answer = (answers or {}).get(name, solved[name].source)
            cell.source = answer.replace("{name}", name).replace("{topic}", lessons.topic(lesson))
    return book


def hand_in(course, lesson, student, book):
    folder = course / "submitted" / student / lesson
    folder.mkdir(parents=True)
    nbformat.write(book, folder / f"{lesson}.ipynb")
    return folder


def marks(course, lesson):
    """Grade a lesson's submissions with nbgrader, and return the points of each student, and the most there are."""
    run("nbgrader", course, "autograde", lesson, f"--Execute.timeout={SECONDS}")
    run("nbgrader", course, "export")
    with open(course / "grades.csv", newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["assignment"] == lesson]
    return {row["student_id"]: float(row["score"]) for row in rows}, {float(row["max_score"]) for row in rows}


def test_points_of_all_kinds_of_submissions(course):
    names = list(answer_cells(released(course, CLEANING)))
    assert names == ["longest_gap", "code", "every_day", "frozen"]
    functions = ["every_day", "frozen"]
    hand_in(course, CLEANING, "right", answered(course, CLEANING))
    hand_in(course, CLEANING, "wrong", answered(course, CLEANING, dict.fromkeys(names, MISTAKE)))
    hand_in(course, CLEANING, "half", answered(course, CLEANING, first=2))
    hand_in(course, CLEANING, "prints", answered(course, CLEANING, dict.fromkeys(names, PRINTS)))
    hand_in(course, CLEANING, "own check", answered(course, CLEANING, dict.fromkeys(names, OWN_CHECK)))
    hand_in(course, CLEANING, "knows the cases", answered(course, CLEANING, dict.fromkeys(functions, SEEN_BEFORE)))
    endless = dict(zip(names, [ENDLESS, ENDLESS, ENDLESS_FUNCTION, SLEEPS], strict=True))
    hand_in(course, CLEANING, "endless", answered(course, CLEANING, endless))

    book = released(course, CLEANING)
    folder = hand_in(course, CLEANING, "untouched", book)
    (folder / "helpers" / "exercises").mkdir(parents=True)  # a package that would find everything right
    (folder / "helpers" / "__init__.py").write_text("raise SystemExit")
    (folder / "grading.py").write_text("assert_right = print")

    for cell in book.cells:
        if cell.metadata.nbgrader.grade:
            cell.source = "pass"
    book.cells.insert(0, new_code_cell("print('correct')"))
    hand_in(course, CLEANING, "changed checks", book)

    book = answered(course, CLEANING)
    book.cells = [cell for cell in book.cells if cell.metadata.nbgrader.grade_id != "code"]
    hand_in(course, CLEANING, "deleted a check", book)

    assert marks(course, CLEANING) == (
        {
            "right": 4,
            "wrong": 0,
            "half": 2,
            "prints": 0,
            "own check": 0,
            "knows the cases": 2,  # the two exercises that ask for a value
            "endless": 0,
            "untouched": 0,
            "changed checks": 0,
            "deleted a check": 3,
        },
        {4},
    )


@pytest.mark.parametrize("lesson", [WINDOWING, BY_HAND])
def test_points_of_a_lesson(course, lesson):
    names = list(answer_cells(released(course, lesson)))
    hand_in(course, lesson, "right", answered(course, lesson))
    hand_in(course, lesson, "wrong", answered(course, lesson, dict.fromkeys(names, MISTAKE)))
    hand_in(course, lesson, "first only", answered(course, lesson, first=1))
    points, most = marks(course, lesson)
    assert most == {len(names)}
    assert {student: points[student] for student in ("right", "wrong", "first only")} == {
        "right": len(names),
        "wrong": 0,
        "first only": 1,
    }


def test_what_students_get_tells_no_solution(course):
    book = released(course, CLEANING)
    code = "\n".join(cell.source for cell in book.cells)
    assert "grading" not in code
    assert "SOLUTION" not in code
    for name, cell in answer_cells(book).items():
        assert "..." in cell.source
        assert cell.source.count("\n") <= 4, name


@pytest.mark.parametrize("lesson", [name for name in lessons.names() if name not in (CLEANING, WINDOWING, BY_HAND)])
def test_every_solved_sheet_gets_all_points(course, lesson):
    book = answered(course, lesson)
    hand_in(course, lesson, "right", book)
    points, most = marks(course, lesson)
    assert {points["right"]} == most == {len(answer_cells(book))}
