"""The page for the teacher of each lesson, from the notes in its source.

A note is a text cell tagged `teacher`, at the end of the section it speaks of; the last cell of a source has the
general ones, under the headings of `GENERAL`. A code cell tagged `teacher` proves the numbers in a note: a test runs
it. None of them is in the notebooks. A cell tagged `slide` goes to the lesson's slides.
"""

import re
from pathlib import Path

from tools import lessons

GENERAL = (
    "An activity without a computer",
    "Answers to the open questions",
    "When time is short",
    "After the lesson, students can",
)


def path(name: str) -> Path:
    """Return where a page for the teacher lies, that of a lesson or another."""
    return lessons.NOTEBOOKS / "teaching" / f"{name}.md"


def page(name: str) -> str:
    """Return the page as Markdown: minutes a section, what students get wrong in each, and the general notes.

    Raises
    ------
    ValueError
        If the source does not end with the general notes; the message names the file and the remedy.
    """
    sections = lessons.sections(name)
    general = sections[-1].notes[-1] if sections[-1].notes else ""
    if tuple(re.findall("^### (.+)$", general, re.MULTILINE)) != GENERAL:
        raise ValueError(
            f"sources/{name}.py: needs a text cell tagged `teacher` at its end, "
            f"with these headings of three #: {', '.join(GENERAL)}"
        )
    del sections[-1].notes[-1]
    reading, exercises = lessons.minutes(name)
    rows = [f"| {one.heading} | {one.minutes} |" for one in sections if one.minutes or one.notes]
    text = [
        f"# For the teacher: {lessons.title(name)}",
        f"[The lesson](../{name}.ipynb) · [Solutions](../solutions/{name}.ipynb)",
        f"## {reading + exercises} minutes: {reading} to read, {exercises} for the exercises",
        "\n".join(["| section | minutes |", "|---|---|", *rows]),
        "Run the cells of a section that you skip, too: later ones may need them.",
        "## What students get wrong, and what to ask",
    ]
    for one in sections:
        text += [f"### {one.heading}", *one.notes] if one.notes else []
    text.append(re.sub("^### ", "## ", general, flags=re.MULTILINE))
    return _with_links("\n\n".join(text)) + "\n"


def _with_links(text: str) -> str:
    """Return a text with its links as they lead from one folder below the notebooks."""
    return lessons.with_numbers(re.sub(r"\]\((?=\.\./data)", "](../", text), "../")
