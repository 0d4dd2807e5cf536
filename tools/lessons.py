"""Turn the lessons' sources into notebook cells. Nothing is executed and nothing is written here."""

import ast
import functools
import hashlib
import itertools
import json
import re
from pathlib import Path
from typing import NamedTuple

import jupytext
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.setup_cell import public_address, setup_cell

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "sources"
NOTEBOOKS = ROOT / "notebooks"
MEASURED = SOURCES / "measured.json"
WORDS_A_MINUTE, SECONDS_A_LINE, MINUTES_AN_EXERCISE = 200, 6, 4  # by the honest clock
LONGEST_MINUTES = 50
PARTS = ("Start", "The cell", "The forecast", "Trust", "Elsewhere", "Scale")
REFERENCE = re.compile(r"\{([Ll]esson):(\w+)\}")  # {lesson:training}
TEACHER, SLIDE = "teacher", "slide"  # tags in a source; tools/teaching.py says what becomes of them

BLANK_AND_SOLUTION = re.compile(
    r"(?P<blank>^[^\n]*\.\.\.[^\n]*\n)[ \t]*### BEGIN SOLUTION\n(?P<solution>.*?)[ \t]*### END SOLUTION(\n|\Z)",
    re.MULTILINE | re.DOTALL,
)


class Section(NamedTuple):
    """A section of a lesson: its heading, its minutes by the clock, and its notes for the teacher as they stand."""

    heading: str
    minutes: int
    notes: list[str]


def names() -> list[str]:
    """Return the lessons that exist, in the reader's order: `["00_quickstart", …]`."""
    return sorted(path.stem for path in SOURCES.glob("[0-9][0-9]_*.py"))


def topic(name: str) -> str:
    """Return a lesson's name without its number, which is only its place in the series."""
    return name[3:]


def find(text: str) -> str:
    """Return the lesson that a number, a topic or a whole name stands for.

    Raises
    ------
    ValueError
        If there is none; the message names those that there are.
    """
    matches = [name for name in names() if text in (name, name[:2], topic(name))]
    if not matches:
        raise ValueError(f"no lesson {text!r}; there are {', '.join(names())}")
    return matches[0]


def with_numbers(text: str, folder: str = "") -> str:
    """Return the text with each `{lesson:training}` as `[lesson NN](NN_training.ipynb)`, the lesson's number for NN.

    A capital letter stays one. `folder` leads from the text to the notebooks.

    Raises
    ------
    ValueError
        If there is no such lesson.
    """

    def link(reference: re.Match) -> str:
        name = find(reference[2])
        return f"[{reference[1]} {name[:2]}]({folder}{name}.ipynb)"

    return REFERENCE.sub(link, text)


def notebook_path(name: str, solved: bool) -> Path:
    """Return where the built lesson lies."""
    return NOTEBOOKS / ("solutions" if solved else "") / f"{name}.ipynb"


def title(name: str) -> str:
    """Return the lesson's title, the text of its only H1."""
    return re.search(r"^# # (.+)$", _source(name), re.MULTILINE).group(1)


def compose(name: str, solved: bool):
    """Return the lesson as a notebook without outputs: header and set-up added, solutions kept or taken out.

    Raises
    ------
    ValueError
        If the source breaks the shape of a lesson; the message names the file and the remedy.
    """
    first, *rest = learners_cells(name)
    about = description(name)
    if first.cell_type != "markdown" or not first.source.startswith("# "):
        raise ValueError(f"sources/{name}.py: needs a cell with the title after its header")
    head = new_markdown_cell(f"{_text(first.source, solved)}\n\n{_header(name, about, solved)}")
    setup = new_code_cell(setup_cell(repository()), metadata={"jupyter": {"source_hidden": True}})
    cells = [head, setup] + [_cell(cell, solved, name) for cell in rest]
    _give_ids(cells)
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return new_notebook(cells=cells, metadata=metadata)


def minutes(name: str) -> tuple[int, int]:
    """Return how long a lesson takes, in minutes: to read text and code, and to solve the exercises.

    This is the collection's only clock. Asserts, the set-up cell and solutions are not counted.
    """
    clocks = [_clock(cell.cell_type, content(cell, False, name)) for cell in learners_cells(name)]
    return round(sum(reading for reading, _ in clocks)), sum(exercises for _, exercises in clocks)


def sections(name: str) -> list[Section]:
    """Return the sections of a lesson, each from one H2 to the next; what stands before the first is `The beginning`.

    Their minutes add up to those of the lesson.
    """
    found, read = [Section("The beginning", 0, [])], 0.0
    for cell in all_cells(name):
        if is_for_teacher(cell):
            if cell.cell_type == "markdown":
                found[-1].notes.append(cell.source)
            continue
        source, is_text = content(cell, False, name), cell.cell_type == "markdown"
        for piece in re.split(r"^(?=## )", source, flags=re.MULTILINE) if is_text else [source]:
            if is_text and (heading := re.match(r"## (.+)", piece)):
                found.append(Section(heading[1], 0, []))
            reading, exercises = _clock(cell.cell_type, piece)
            spent = round(read + reading) - round(read) + exercises  # so that the parts add up to the rounded whole
            found[-1] = found[-1]._replace(minutes=found[-1].minutes + spent)
            read += reading
    return found


def all_cells(name: str) -> list:
    """Return the cells of a lesson's source, those for the teacher too. They are not to be changed."""
    return _parsed(_source(name)).cells


def learners_cells(name: str) -> list:
    """Return the cells of a lesson's source without those for the teacher. They are not to be changed."""
    return [cell for cell in all_cells(name) if not is_for_teacher(cell)]


def is_for_teacher(cell) -> bool:
    """Tell whether a source's cell is a note for the teacher, or proves the numbers in one."""
    return TEACHER in cell.metadata.get("tags", [])


def is_proof(source: str) -> bool:
    """Tell whether a cell only proves what the text says, so that nobody needs to read it.

    It holds asserts, in loops and other blocks or not, and assignments for them, and nothing else.
    """
    statements = parse(source)
    asserts = [node for statement in statements for node in ast.walk(statement) if isinstance(node, ast.Assert)]
    return bool(asserts) and all(map(_proves, statements))


def _proves(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.For | ast.If | ast.With):
        return all(map(_proves, [*statement.body, *getattr(statement, "orelse", [])]))
    return isinstance(statement, ast.Assert | ast.Assign | ast.AugAssign)


def table() -> str:
    """Return the tables of lessons for the README, one for each part of the series, and what all of it takes."""
    about = {name: description(name) for name in names()}
    parts = itertools.groupby(names(), key=lambda name: about[name]["part"])
    text = "\n".join(_part(part, list(lessons), about) for part, lessons in parts)
    return f"{text}\n**All of it**: {_sum(names())}.\n"


def _part(part: str, lessons: list[str], about: dict) -> str:
    rows = [
        f"**{part}**: {_sum(lessons)}",
        "",
        "| # | lesson | the question it answers | reading + exercises | run time, memory |",
    ]
    rows.append("|---|---|---|---|---|")
    for name in lessons:
        link, question = f"[{title(name)}](notebooks/{name}.ipynb)", with_numbers(about[name]["question"], "notebooks/")
        reading, exercises = minutes(name)
        rows.append(f"| {name[:2]} | {link} | {question} | {reading} + {exercises} min | {_cost(name)} |")
    return "\n".join(rows) + "\n"


def _sum(lessons: list[str]) -> str:
    """Return in words how long some lessons take to work through, and to run."""
    hours, rest = divmod(sum(map(sum, map(minutes, lessons))), 60)
    to_work = f"{hours} h {rest} min" if hours else f"{rest} min"
    seconds = [_measured()[topic(name)]["seconds"] for name in lessons if topic(name) in _measured()]
    to_run = f"{sum(seconds) / 60:.0f} min" if sum(seconds) >= 100 else f"{sum(seconds)} s"
    return f"{to_work} to work through, {to_run} to run" + " (not all measured yet)" * (len(seconds) < len(lessons))


def repository() -> str:
    """Return the public address of the collection."""
    return public_address(ROOT)


def _source(name: str) -> str:
    return (SOURCES / f"{name}.py").read_text(encoding="utf-8")


@functools.cache
def _parsed(text: str):
    """Return a source as jupytext reads it, not to be changed: it is read once for several uses."""
    return jupytext.reads(text, fmt="py:percent")


def description(name: str) -> dict:
    """Return what the source's header says of the lesson."""
    about = _parsed(_source(name)).metadata.get("lesson", {})
    if set(about) != {"part", "question", "learn", "need"} or about["part"] not in PARTS:
        raise ValueError(
            f"sources/{name}.py: needs `lesson:` with part, question, learn and need in its header; "
            f"the parts are {', '.join(PARTS)}"
        )
    return about


def _header(name: str, about: dict, solved: bool) -> str:
    folder = "notebooks/solutions" if solved else "notebooks"
    owner_and_name = repository().removeprefix("https://github.com/")
    places = [
        f"[Open in Colab](https://colab.research.google.com/github/{owner_and_name}/blob/main/{folder}/{name}.ipynb)",
        f"[Open in Binder](https://mybinder.org/v2/gh/{owner_and_name}/main?urlpath=lab/tree/{folder}/{name}.ipynb)",
        f"[The lesson, unsolved](../{name}.ipynb)" if solved else f"[Solutions](solutions/{name}.ipynb)",
    ]
    reading, exercises = minutes(name)
    return with_numbers(
        f"{' · '.join(_neighbours(name))}\n\n{' · '.join(places)}\n\n"
        "| you will learn | you need | reading | exercises | run time, memory |\n|---|---|---|---|---|\n"
        f"| {about['learn']} | {about['need']} | {reading} min | {exercises} min | {_cost(name)} |"
    )


def _neighbours(name: str) -> list[str]:
    every = names()
    position = every.index(name)
    before, after = every[:position][-1:], every[position + 1 :][:1]
    links = [f"← [{title(other)}]({other}.ipynb)" for other in before]
    return links + [f"[{title(other)}]({other}.ipynb) →" for other in after]


def _measured() -> dict:
    return json.loads(MEASURED.read_text(encoding="utf-8")) if MEASURED.exists() else {}


def _cost(name: str) -> str:
    measured = _measured().get(topic(name))
    return f"{measured['seconds']} s, {measured['peak_mb'] / 1000:.1f} GB" if measured else "not measured yet"


def _clock(kind: str, source: str) -> tuple[float, int]:
    """Return the minutes to read a text or code, and those to solve the exercises in it."""
    if kind == "markdown":
        return len(source.split()) / WORDS_A_MINUTE, 0
    lines = len(re.findall(r"\S.*", source)) - _assert_lines(source)
    exercises = len(re.findall(r"^check\.", source, re.MULTILINE))
    return lines * SECONDS_A_LINE / 60, exercises * MINUTES_AN_EXERCISE


def parse(source: str) -> list[ast.stmt]:
    """Return the statements of a code cell; none if it is no plain Python."""
    try:
        return ast.parse(source).body
    except SyntaxError:  # a magic command, or a mistake that is shown on purpose
        return []


def _assert_lines(source: str) -> int:
    nodes = (node for statement in parse(source) for node in ast.walk(statement))
    return sum(node.end_lineno - node.lineno + 1 for node in nodes if isinstance(node, ast.Assert))


def _text(source: str, solved: bool) -> str:
    """Return a text with links that lead from where the notebook lies: solutions lie one folder deeper."""
    return with_numbers(source.replace("](../", "](../../") if solved else source)


def content(cell, solved: bool, name: str) -> str:
    """Return what a learner gets of a source's cell: its text with links, its code with the blank or the solution."""
    if cell.cell_type == "markdown":
        return _text(cell.source, solved)
    source = BLANK_AND_SOLUTION.sub(lambda m: m["solution"] if solved else m["blank"], cell.source).strip("\n")
    if "### " in source:
        raise ValueError(
            f"sources/{name}.py: a solution needs a line with `...` just above ### BEGIN SOLUTION, "
            f"and an ### END SOLUTION; look at the cell that begins with {source.splitlines()[0]!r}"
        )
    return source


def _cell(cell, solved: bool, name: str):
    source = content(cell, solved, name)
    if cell.cell_type == "markdown":
        return new_markdown_cell(source)
    tags = [tag for tag in cell.metadata.get("tags", []) if tag != SLIDE]
    metadata = {"tags": tags} if tags else {}
    if is_proof(source):
        metadata["jupyter"] = {"source_hidden": True}  # JupyterLab folds it; it runs all the same
    return new_code_cell(source, metadata=metadata)


def _give_ids(cells: list) -> None:
    """Derive each id from the cell's text, so that a rebuild changes no id and an edit changes only its own."""
    seen: dict[str, int] = {}
    for cell in cells:
        digest = hashlib.sha256(cell.source.encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        cell.id = f"{digest}-{seen[digest]}"
