"""The pages of the site as text: the committed notebooks, and what is said around them. Nothing is executed."""

import copy
import re
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from helpers.explorer import frame
from tools import lessons
from tools.setup_cell import is_set

TEMPLATE = lessons.ROOT / "tools" / "site_page" / "index.md"
EXPLORER = lessons.ROOT / "helpers" / "explorer.html"
SETUP, PROOF, SOLUTION = "Set-up: finds the collection", "Proof of what the text says", "A solution"
FENCE = "`" * 10  # longer than any in what it holds
LAUNCH = "[Open in Colab]("
# Behind what leads a teacher to a lesson's solutions or notes. Sphinx makes no deck, so the link to one is HTML.
BEFORE_SLIDES = re.compile(r"\{download\}`Solutions <\.\./solutions/(\w+)\.ipynb>`|\[notes\]\((\w+)\.md\)")
SLIDES = r' · <a href="../../slides/\1\2.html">slides</a>'
NOT_SET = "Colab and Binder: not yet, this copy has no [public address](../CONTRIBUTING.md#publishing)"
CARRIED = (
    "The site carries MathJax (Apache License 2.0), the fonts of Font Awesome Free (SIL OFL 1.1), the themes "
    "sphinx-book-theme and pydata-sphinx-theme (BSD 3-Clause) with Bootstrap (MIT), and scripts of Sphinx (BSD "
    "2-Clause), MyST-NB (BSD 3-Clause) and sphinx-copybutton with clipboard.js (MIT). The slides carry reveal.js with "
    "marked (MIT)."
)


def lesson(name: str):
    """Return a committed lesson as a page: numbered, its set-up and proofs folded, a folded solution per exercise.

    Raises
    ------
    ValueError
        If a cell holds two pictures: the text alternative of one would stand at both.
    """
    book = copy.deepcopy(nbformat.read(lessons.notebook_path(name, solved=False), as_version=4))
    solved = nbformat.read(lessons.notebook_path(name, solved=True), as_version=4)
    book.cells[0].source = first_cell(name, book.cells[0].source)
    for position, cell in enumerate(book.cells):
        if cell.cell_type == "code":
            dress(cell, SETUP if position == 1 else PROOF)
    for position in reversed(exercises(book, solved)):
        book.cells.insert(position + 2, solution(solved.cells[position]))  # behind the check
    return book


def first_cell(name: str, source: str) -> str:
    """Return the title with the lesson's number, and the links that make sense on a page."""
    title, sentence, *rest = source.split("\n\n")
    [links] = [text for text in rest if LAUNCH in text]
    table = rest[rest.index(links) + 1]
    links_to = f"[notebook](../downloads/{name}.ipynb) · [solved notebook](solutions/{name}.ipynb)"
    downloads = f"Download: {with_downloads(links_to)}"
    places = " · ".join(links.split(" · ")[:2]) if is_set(lessons.repository()) else NOT_SET
    return "\n\n".join([title.replace("# ", f"# {name[:2]} ", 1), sentence, f"{downloads} · {places}", table])


def with_downloads(text: str) -> str:
    """Return a text whose links to notebooks that are no pages give the files."""
    return re.sub(r"\[([^]]+)\]\(((?:\.\./)?(?:downloads|solutions)/\w+\.ipynb)\)", r"{download}`\1 <\2>`", text)


def dress(cell, prompt: str) -> None:
    """Fold a cell that the notebook folds, and hand on the text alternative of its picture."""
    tags = cell.metadata.get("tags", [])
    shown = {}
    if cell.metadata.get("jupyter", {}).get("source_hidden"):
        cell.metadata["tags"] = [*tags, "hide-input"]
        shown["code_prompt_show"] = shown["code_prompt_hide"] = prompt
    pictures = [output for output in cell.outputs if "image/png" in output.get("data", {})]
    if len(pictures) > 1:
        raise ValueError(f"a cell with two pictures: show each in a cell of its own; it begins {cell.source[:60]!r}")
    for output in pictures:
        shown["image"] = {"alt": output.metadata["image/png"]["alt"]}
    if shown:
        cell.metadata["mystnb"] = shown


def exercises(book, solved) -> list[int]:
    """Return the positions of the cells that the solved lesson fills."""
    pairs = enumerate(zip(book.cells, solved.cells, strict=True))
    return [at for at, (cell, filled) in pairs if cell.cell_type == "code" and cell.source != filled.source]


def solution(cell):
    """Return a solved cell, folded."""
    fold = {"code_prompt_show": SOLUTION, "code_prompt_hide": SOLUTION}
    return new_code_cell(cell.source, metadata={"tags": ["hide-input"], "mystnb": fold})


def front() -> str:
    """Return the front page: the README's introduction, three ways in, and the order of all pages."""
    readme = (lessons.ROOT / "README.md").read_text(encoding="utf-8")
    introduction = readme.split("\n\n", 1)[1].split("\n## ")[0].strip()
    kit = " [Plans, notes, slides and quizzes](notebooks/teaching/README.md) come with the lessons."
    return TEMPLATE.read_text(encoding="utf-8").format(
        introduction=introduction,
        teaching=kit if teaching_notes() else "",
        conventions=lessons.find("conventions")[:2],
        run=run_it(lessons.repository()),
        contents=contents(),
    )


def run_it(address: str) -> str:
    """Return how to get the collection and start it."""
    if is_set(address):
        name = address.rsplit("/", 1)[1]
        get = f"```\ngit clone {address}\ncd {name}\npython3 run.py lab\n```"
    else:
        get = (
            "The collection has no [public address](CONTRIBUTING.md#publishing) yet: ask whoever gave you this site "
            "for its folder. Open a terminal in that folder, and type:"
            "\n\n```\npython3 run.py lab\n```"
        )
    return f"{get}\n\nIt makes an environment of its own, then opens the lessons. Python 3.11, 3.12 or 3.13 is needed."


def contents() -> str:
    """Return the order of the pages, a heading for each part, for the side bar and for "next"."""
    parts: dict[str, list[str]] = {"Overview": ["lessons"]}
    for name in lessons.names():
        parts.setdefault(lessons.description(name)["part"], []).append(f"notebooks/{name}")
    if EXPLORER.exists():
        parts["Overview"].append("explorer")
    if teaching_notes():
        parts["For the teacher"] = ["notebooks/teaching/README"]
    parts["To look up"] = ["glossary", "data/README", "reference/index", "CONTRIBUTING", "CHANGELOG", "licences"]
    return "\n\n".join(toctree(caption, pages) for caption, pages in parts.items())


def toctree(caption: str, pages: list[str]) -> str:
    """Return a list of pages that only the side bar shows."""
    return "\n".join(["```{toctree}", f":caption: {caption}", ":hidden:", "", *pages, "```"])


def teaching_page(path: Path) -> str:
    """Return a teacher's page with links to slides; the first of them, README.md, has all others in the side bar."""
    text = BEFORE_SLIDES.sub(rf"\g<0>{SLIDES}", with_downloads(path.read_text(encoding="utf-8")))
    below = [other.stem for other in teaching_notes() if other != path]
    return f"{text}\n{toctree('For the teacher', below)}\n" if path.name == "README.md" else text


def explorer() -> str:
    """Return the page that shows the GRU explorer, which is a page of its own.

    The frame holds all of it: so it can be as high as it needs, opened from a folder, too.
    """
    return f"""\
# A GRU to play with

Step through a GRU, move its inputs, weights and gates, and see what follows. Nothing is computed elsewhere.

<p><a href="_static/explorer.html">Open it in a window of its own</a></p>

{FENCE}{{raw}} html
{frame("example")}
{FENCE}
"""


def table() -> str:
    """Return the page with the table of lessons."""
    return f"# All lessons\n\n{readme_section('Lessons').split('<!--')[0].strip()}\n\n{lessons.table()}"


def licences() -> str:
    """Return what may be done with the collection, and with what the site carries."""
    return f"# Licences\n\n{readme_section('Licences')}\n\n{CARRIED}\n"


def readme_section(heading: str) -> str:
    """Return what stands in the README below a heading."""
    readme = (lessons.ROOT / "README.md").read_text(encoding="utf-8")
    return re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", readme, re.MULTILINE | re.DOTALL)[1].strip()


def teaching_notes() -> list[Path]:
    """Return the teacher's pages, if the build has written any."""
    return sorted((lessons.NOTEBOOKS / "teaching").glob("*.md"))


def cards() -> str:
    """Return the page about the data, with the cards of the sets below it in the side bar."""
    folder = lessons.ROOT / "data"
    below = sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.glob("*/README.md"))
    return f"{(folder / 'README.md').read_text(encoding='utf-8')}\n{toctree('Data', below)}\n"
