"""Turn the lessons' sources into notebook cells. Nothing is executed and nothing is written here."""

import hashlib
import json
import re
import tomllib
from pathlib import Path

import jupytext
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "sources"
NOTEBOOKS = ROOT / "notebooks"
MEASURED = SOURCES / "measured.json"
REFERENCE = re.compile(r"\{([Ll]esson):(\w+)\}")  # {lesson:training}

SETUP = """\
import subprocess, sys  # find this collection's helpers and data; on Colab, fetch them first
from pathlib import Path
address, folder = "{repository}", Path("{name}")
if "google.colab" in sys.modules and not folder.exists():
    assert "_" not in address.split("/")[3], "the address of this collection is not set: see 'Publishing' in README.md"
    assert subprocess.run(["git", "clone", "-q", "--depth=1", address]).returncode == 0, "no clone: is there a network?"
found = [p for p in [folder.resolve(), *Path.cwd().parents] if (p / "helpers").is_dir()]
assert found, "no folder 'helpers' above this notebook: open it inside a copy of the whole collection"
sys.path.insert(0, str(found[0]))
import helpers  # first of all: it silences TensorFlow's start-up notes"""

BLANK_AND_SOLUTION = re.compile(
    r"(?P<blank>^[^\n]*\.\.\.[^\n]*\n)[ \t]*### BEGIN SOLUTION\n(?P<solution>.*?)[ \t]*### END SOLUTION(\n|\Z)",
    re.MULTILINE | re.DOTALL,
)


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
    book = jupytext.reads(_source(name), fmt="py:percent")
    first, *rest = book.cells
    about = book.metadata.get("lesson")
    if not about or first.cell_type != "markdown" or not first.source.startswith("# "):
        raise ValueError(f"sources/{name}.py: needs `lesson: learn, need` in its header, then a cell with the title")
    words = sum(len(cell.source.split()) for cell in book.cells)
    head = new_markdown_cell(with_numbers(f"{first.source}\n\n{_header(name, about, solved, words)}"))
    setup = new_code_cell(_setup_cell())
    cells = [head, setup] + [_cell(cell, solved, name) for cell in rest]
    _give_ids(cells)
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return new_notebook(cells=cells, metadata=metadata)


def table() -> str:
    """Return the table of lessons for the README."""
    rows = ["| # | lesson | the question it answers | run time, memory |", "|---|---|---|---|"]
    for name in names():
        question = jupytext.reads(_source(name), fmt="py:percent").metadata["lesson"]["question"]
        link = f"[{title(name)}](notebooks/{name}.ipynb)"
        rows.append(f"| {name[:2]} | {link} | {with_numbers(question, 'notebooks/')} | {_cost(name)} |")
    return "\n".join(rows) + "\n"


def repository() -> str:
    """Return the public address of the collection, from its only place, pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"]


def _source(name: str) -> str:
    return (SOURCES / f"{name}.py").read_text(encoding="utf-8")


def _setup_cell() -> str:
    return SETUP.format(repository=repository(), name=repository().rsplit("/", 1)[1])


def _header(name: str, about: dict, solved: bool, words: int) -> str:
    folder = "notebooks/solutions" if solved else "notebooks"
    owner_and_name = repository().removeprefix("https://github.com/")
    places = [
        f"[Open in Colab](https://colab.research.google.com/github/{owner_and_name}/blob/main/{folder}/{name}.ipynb)",
        f"[Open in Binder](https://mybinder.org/v2/gh/{owner_and_name}/main?urlpath=lab/tree/{folder}/{name}.ipynb)",
        f"[The lesson, unsolved](../{name}.ipynb)" if solved else f"[Solutions](solutions/{name}.ipynb)",
    ]
    minutes = max(5, 5 * round(words / 150 / 5))
    return (
        f"{' · '.join(_neighbours(name))}\n\n{' · '.join(places)}\n\n"
        "| you will learn | you need | reading | run time, memory |\n|---|---|---|---|\n"
        f"| {about['learn']} | {about['need']} | {minutes} min | {_cost(name)} |"
    )


def _neighbours(name: str) -> list[str]:
    every = names()
    position = every.index(name)
    before, after = every[:position][-1:], every[position + 1 :][:1]
    links = [f"← [{title(other)}]({other}.ipynb)" for other in before]
    return links + [f"[{title(other)}]({other}.ipynb) →" for other in after]


def _cost(name: str) -> str:
    measured = json.loads(MEASURED.read_text(encoding="utf-8")) if MEASURED.exists() else {}
    if topic(name) not in measured:
        return "not measured yet"
    return f"{measured[topic(name)]['seconds']} s, {measured[topic(name)]['peak_mb'] / 1000:.1f} GB"


def _cell(cell, solved: bool, name: str):
    if cell.cell_type == "markdown":
        # solutions lie one folder deeper
        return new_markdown_cell(with_numbers(cell.source.replace("](../", "](../../") if solved else cell.source))
    source = BLANK_AND_SOLUTION.sub(lambda m: m["solution"] if solved else m["blank"], cell.source).strip("\n")
    if "### " in source:
        raise ValueError(
            f"sources/{name}.py: a solution needs a line with `...` just above ### BEGIN SOLUTION, "
            f"and an ### END SOLUTION; look at the cell that begins with {source.splitlines()[0]!r}"
        )
    tags = cell.metadata.get("tags", [])
    return new_code_cell(source, metadata={"tags": tags} if tags else {})


def _give_ids(cells: list) -> None:
    """Derive each id from the cell's text, so that a rebuild changes no id and an edit changes only its own."""
    seen: dict[str, int] = {}
    for cell in cells:
        digest = hashlib.sha256(cell.source.encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        cell.id = f"{digest}-{seen[digest]}"
