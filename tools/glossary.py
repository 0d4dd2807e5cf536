"""The glossary: each term in the words of the lesson that defines it, where it stands in bold for the first time.

`sources/terms.txt` says which bold words are terms, which lesson defines each, and how many sentences are needed.
"""

import functools
import itertools
import json
import re
from typing import NamedTuple

from tools import lessons

TERMS = lessons.SOURCES / "terms.txt"
BLOCK = re.compile(r"\n\s*\n|\n(?=[-|] |\d\. )")  # between paragraphs, items of a list and rows of a table
ITEM = re.compile(r"(- |\d\. )")
SENTENCE = re.compile(r"(?<=[.?!)])\s+(?=[A-Z*$`(\d])")


class Entry(NamedTuple):
    """One term, what it is, and the lesson that says so."""

    term: str
    definition: str
    lesson: str


def entries() -> list[Entry]:
    """Return every term, in alphabetical order.

    Raises
    ------
    ValueError
        If a term stands twice in terms.txt, or its lesson does not set it in bold; the message names both.
    """
    found: dict[str, Entry] = {}
    for topic, before, term, after in terms():
        name = lessons.find(topic)
        if term in found:
            raise ValueError(f"sources/terms.txt: {term!r} stands twice, under {lessons.topic(found[term].lesson)} too")
        found[term] = Entry(term, definition(name, term, before, after), name)
    return sorted(found.values(), key=lambda entry: entry.term.casefold())


def terms() -> list[tuple[str, int, str, int]]:
    """Return what terms.txt says: lesson, sentences before, term, sentences after."""
    found = []
    for line in TERMS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            topic, listed = line.split(": ", 1)
            for marked in listed.split(", "):
                found.append((topic, marked.count("<"), marked.strip("<>"), marked.count(">")))
    return found


def definition(name: str, term: str, before: int = 0, after: int = 0) -> str:
    """Return the sentence in which a lesson first sets a term in bold, with so many sentences around it."""
    every = sentences(name)
    for position, sentence in enumerate(every):
        if f"**{term}**" in sentence:
            return " ".join(every[max(position - before, 0) : position + after + 1])
    raise ValueError(f"sources/terms.txt: {term!r} does not stand in bold in sources/{name}.py")


@functools.cache
def sentences(name: str) -> list[str]:
    """Return the sentences of a lesson's text, in order, its items of lists included."""
    book = json.loads(lessons.notebook_path(name, solved=False).read_text(encoding="utf-8"))
    texts = ["".join(cell["source"]) for cell in book["cells"][1:] if cell["cell_type"] == "markdown"]
    blocks = [" ".join(block.split()) for text in texts for block in BLOCK.split(text)]
    prose = [ITEM.sub("", block, count=1) if ITEM.match(block) else block for block in blocks if block[:1] not in "#|"]
    return [sentence for block in prose for sentence in SENTENCE.split(block)]


def page() -> str:
    """Return the glossary as Markdown, a heading for each letter; its links lead from beside the folder `notebooks`."""
    lines = ["# Glossary", "", "Each term in the words of the lesson that defines it. The link leads there."]
    for letter, group in itertools.groupby(entries(), key=lambda entry: entry.term[0].upper()):
        lines += ["", f"## {letter}"]
        for entry in group:
            text = re.sub(r"\]\((\d\d_\w+\.ipynb)\)", r"](notebooks/\1)", entry.definition)
            lines += ["", entry.term, f": {text} ([lesson {entry.lesson[:2]}](notebooks/{entry.lesson}.ipynb))"]
    return "\n".join(lines) + "\n"
