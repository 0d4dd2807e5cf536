"""A deck of slides for each lesson: its title, the cells tagged `slide`, what to take away, and the self-test.

A deck is an HTML page that shows itself with reveal.js. It opens from a folder, without a network. Figures are those of
the built notebook, with their text alternatives; formulas become MathML. What the speaker sees beside a slide are the
notes for the teacher of the section that the slide comes from.
"""

import html
import importlib.resources
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat

from tools import lessons

DECK = Path(__file__).parent / "deck"
MOST = 15
TITLE = "the title"  # in the place of a heading
MATH = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
FOLDED = re.compile(r"<details><summary>(.+?)</summary>\n(.+?)</details>", re.DOTALL)


def write(folder: Path) -> None:
    """Write all decks into a new folder, and beside them reveal.js, which they share."""
    shutil.copytree(DECK, folder)
    reveal = importlib.resources.files("sphinx_revealjs") / "_static" / "revealjs"
    (folder / "reveal").mkdir()
    for part in ("dist/reveal.css", "dist/reveal.js", "plugin/notes/notes.js", "LICENSE"):
        text = (reveal / part).read_text(encoding="utf-8")
        (folder / "reveal" / Path(part).name).write_text(text, encoding="utf-8", newline="\n")
    page = (folder / "deck.html").read_text(encoding="utf-8")
    (folder / "deck.html").unlink()
    for name in lessons.names():
        text = page.replace("{title}", html.escape(lessons.title(name))).replace("{slides}", "\n".join(deck(name)))
        (folder / f"{name}.html").write_text(text, encoding="utf-8", newline="\n")


def deck(name: str) -> list[str]:
    """Return a lesson's slides, each as a `<section>`.

    Raises
    ------
    ValueError
        If they are too many; the message names the file.
    """
    marked = list(_marked(name))
    notes = _notes(name, {heading for heading, _ in marked})
    general = dict(re.findall(r"^### (.+)\n+((?:(?!### ).*\n?)*)", lessons.sections(name)[-1].notes[-1], re.MULTILINE))
    texts = _sections(name)
    slides = [_title(name, general, notes[TITLE])]
    slides += [_slide(f"<h2>{markdown(heading)}</h2>", body, notes[heading]) for heading, body in marked]
    heading = "What to take away"
    slides.append(_slide(f"<h2>{heading}</h2>", markdown(texts[heading]), general["After the lesson, students can"]))
    answers = general["Answers to the open questions"]
    for question, answer in FOLDED.findall(texts["Self-test"]):
        body = f'<p>{markdown(question)}</p><div class="fragment">{markdown(answer)}</div>'
        slides.append(_slide("<h2>Self-test</h2>", body, answers))
        answers = ""  # once is enough
    if len(slides) > MOST:
        raise ValueError(f"sources/{name}.py: {len(slides)} slides; tag fewer cells `slide`, {MOST} is the limit")
    return slides


def _notes(name: str, shown: set[str]) -> dict[str, str]:
    """Return the notes of the sections that have slides; those of a section without one go to the slide before it."""
    notes, last = {TITLE: ""}, TITLE
    for section in lessons.sections(name)[:-1]:
        told = "\n\n".join(section.notes)
        if section.heading in shown:
            last = section.heading
            notes[last] = told
        elif told:
            notes[last] += f"\n\n### {section.heading}\n\n{told}"
    return notes


def _title(name: str, general: dict[str, str], more: str) -> str:
    sentence = lessons.all_cells(name)[0].source.split("\n\n")[1]
    learn = re.split(r", (?:and )?(?=to )", lessons.description(name)["learn"])
    points = "".join(f"<li>{markdown(point)}</li>" for point in learn)
    body = f"<p>{markdown(sentence)}</p>\n<p>You will learn</p>\n<ul>{points}</ul>"
    told = [part for part in general if part.startswith(("An activity", "When time"))]
    notes = "\n\n".join(f"{part}\n\n{general[part]}" for part in told) + more
    return _slide(f"<h1>{markdown(lessons.title(name))}</h1>", body, notes)


def _marked(name: str) -> Iterator[tuple[str, str]]:
    """Yield heading and content, as HTML, of each cell that is tagged `slide`."""
    built = nbformat.read(lessons.notebook_path(name, False), as_version=4).cells[1:]  # header and set-up are one more
    heading = "The beginning"
    for cell, shown in zip(lessons.learners_cells(name), built, strict=True):
        headings = re.findall(r"^## (.+)$", cell.source, re.MULTILINE) if cell.cell_type == "markdown" else []
        heading = (headings or [heading])[-1]
        if lessons.SLIDE not in cell.metadata.get("tags", []):
            continue
        is_text = cell.cell_type == "markdown"
        text = re.sub(r"^## .+\n", "", lessons.with_numbers(cell.source), flags=re.MULTILINE) if is_text else ""
        yield heading, markdown(text) if is_text else _outputs(shown, name)


def _outputs(cell, name: str) -> str:
    """Return a cell's pictures as HTML; of a cell without any, its tables and what it has printed."""
    if not cell.outputs:
        raise ValueError(f"sources/{name}.py: a cell tagged `slide` shows nothing: {cell.source.splitlines()[0]!r}")
    pictures = "".join(
        f'<img src="data:image/png;base64,{output.data["image/png"].strip()}"'
        f' alt="{html.escape(output.metadata["image/png"]["alt"])}">'
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    )
    if pictures:
        return f'<div class="pictures">{pictures}</div>'
    parts = [_printed(output) for output in cell.outputs]
    return f'<div style="font-size: {_pixels(parts)}px">{"".join(parts)}</div>'


def _printed(output) -> str:
    data = output.get("data", {})
    if "text/html" in data:
        return re.sub(r"<style.*?</style>|\n *", "", data["text/html"], flags=re.DOTALL)
    return f"<pre>{html.escape(data['text/plain'] if data else output.text)}</pre>"


def _pixels(parts: list[str]) -> int:
    """Return the size of letters at which printed lines and tables fit a slide, as far as can be told from here."""
    rows = [line for part in parts for line in re.split(r"</tr>|\n", part) if line.strip()]
    cells = [[html.unescape(re.sub("<.*?>", "", cell)) for cell in re.split("</t[hd]>", row)] for row in rows]
    longest = max(sum(len(cell) + 3 for cell in row) for row in cells)
    columns = zip(*(row for row in cells if len(row) == max(map(len, cells))), strict=True)
    widest = sum(max(map(len, column)) + 3 for column in columns)
    return int(min(28, 1160 / (0.61 * max(longest, widest)), 540 / (1.5 * len(rows))))


def _slide(head: str, body: str, notes: str) -> str:
    return f'<section>\n{head}\n{body}\n<aside class="notes">{markdown(notes)}</aside>\n</section>'


def _sections(name: str) -> dict[str, str]:
    """Return the texts of a lesson's sections by their headings, without the code."""
    texts = [cell.source for cell in lessons.learners_cells(name) if cell.cell_type == "markdown"]
    text = lessons.with_numbers("\n\n".join(texts))
    _, *rest = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    return dict(zip(rest[::2], rest[1::2], strict=True))


def markdown(text: str) -> str:
    """Return Markdown as HTML: formulas as MathML, links as their text, a lone line without a paragraph around it."""
    from markdown_it import MarkdownIt

    text = lessons.with_numbers(text)
    text = re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", text)
    formulas = []

    def put_aside(found: re.Match) -> str:
        from latex2mathml.converter import convert

        formulas.append(convert(found[1] or found[2], display="block" if found[1] else "inline"))
        return f"FORMULA{len(formulas) - 1}FORMULA"

    text = MATH.sub(put_aside, text)
    made = MarkdownIt("commonmark").enable("table").render(text).strip()
    made = re.sub(r"FORMULA(\d+)FORMULA", lambda found: formulas[int(found[1])], made)
    lone = re.fullmatch(r"<p>((?:(?!<p>).)*)</p>", made, re.DOTALL)
    return lone[1] if lone else made
