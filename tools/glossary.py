"""The glossary: each term in the words of the lesson that defines it, where it stands in bold for the first time.

`sources/terms.txt` says which bold words are terms, which lesson defines each, how many sentences are needed, and what
there is to add.
"""

import functools
import itertools
import json
import re
from typing import NamedTuple

from tools import lessons

TERMS = lessons.SOURCES / "terms.txt"
BLOCK = re.compile(r"\n\s*\n|\n(?=[-|] |\d\. )")  # between paragraphs, items of a list and rows of a table
MARK = re.compile(r"^(- |> |\d\. )")  # of an item of a list, of a quotation
HEADING = re.compile(r"^(#{2,3} .+)$", re.MULTILINE)
SENTENCE = re.compile(r"(?<=[.?!)])\s+(?=[A-Z*$`(\d])")


class Entry(NamedTuple):
    """One term, what it is, the lesson that says so, and the place there: `#` and what its heading is in an address."""

    term: str
    definition: str
    lesson: str
    place: str


def entries() -> list[Entry]:
    """Return every term, in alphabetical order.

    Raises
    ------
    ValueError
        If a term stands twice in terms.txt, its lesson does not set it in bold, or something is added to no term; the
        message names the term.
    """
    found: dict[str, Entry] = {}
    for topic, before, term, after in terms():
        name = lessons.find(topic)
        if term in found:
            raise ValueError(f"sources/terms.txt: {term!r} stands twice, under {lessons.topic(found[term].lesson)} too")
        found[term] = Entry(term, *definition(name, term, before, after))
    for term, more in additions().items():
        if term not in found:
            raise ValueError(f"sources/terms.txt: {term!r}, to which a sentence is added, is no term of its list")
        found[term] = found[term]._replace(definition=f"{found[term].definition} {more}")
    return sorted(found.values(), key=lambda entry: entry.term.casefold())


def terms() -> list[tuple[str, int, str, int]]:
    """Return what terms.txt says: lesson, sentences before, term, sentences after."""
    found = []
    for line in TERMS.read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "#+":
            topic, listed = line.split(": ", 1)
            for marked in listed.split(", "):
                found.append((topic, marked.count("<"), marked.strip("<>"), marked.count(">")))
    return found


def additions() -> dict[str, str]:
    """Return what terms.txt adds to terms, with the links of the glossary's page."""
    lines = [line for line in TERMS.read_text(encoding="utf-8").splitlines() if line.startswith("+")]
    split = (line.removeprefix("+ ").split(": ", 1) for line in lines)
    return {term: lessons.with_numbers(more, "notebooks/") for term, more in split}


def definition(name: str, term: str, before: int = 0, after: int = 0) -> tuple[str, str, str]:
    """Return the sentence in which a lesson first sets a term in bold, and so many around it; the lesson; the place."""
    every = sentences(name)
    for position, (sentence, place) in enumerate(every):
        if f"**{term}**" in sentence:
            around = every[max(position - before, 0) : position + after + 1]
            return " ".join(text for text, other in around if other == place), name, place
    raise ValueError(f"sources/terms.txt: {term!r} does not stand in bold in sources/{name}.py")


@functools.cache
def sentences(name: str) -> list[tuple[str, str]]:
    """Return the sentences of a lesson's text in order, its items of lists included, each with its place.

    A formula stands in the line: in an entry there is no room for one of its own.
    """
    book = json.loads(lessons.notebook_path(name, solved=False).read_text(encoding="utf-8"))
    texts = ["".join(cell["source"]) for cell in book["cells"][1:] if cell["cell_type"] == "markdown"]
    found, place = [], ""
    for piece in HEADING.split("\n\n".join(texts)):
        if HEADING.match(piece):
            place = f"#{slug(piece.lstrip('# '))}"
            continue
        blocks = [" ".join(block.split()).replace("$$", "$") for block in BLOCK.split(piece)]
        prose = [MARK.sub("", block, count=1) for block in blocks if block[:1] not in "#|"]
        found += [(sentence, place) for block in prose for sentence in SENTENCE.split(block)]
    return found


def slug(heading: str) -> str:
    """Return what a heading is in an address, by the rule of GitHub and of the site."""
    return re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-"))


def page() -> str:
    """Return the glossary as Markdown, a heading for each letter; its links lead from beside the folder `notebooks`."""
    lines = ["# Glossary", "", "Each term in the words of the lesson that defines it. The link leads there."]
    for letter, group in itertools.groupby(entries(), key=lambda entry: entry.term[0].upper()):
        lines += ["", f"## {letter}"]
        for entry in group:
            text = re.sub(r"\]\((\d\d_\w+\.ipynb)\)", r"](notebooks/\1)", entry.definition)
            link = f"[lesson {entry.lesson[:2]}](notebooks/{entry.lesson}.ipynb{entry.place})"
            lines += ["", entry.term, f": {text} ({link})"]
    return "\n".join(lines) + "\n"
