"""The pages for whoever teaches a class, from sources/teaching/: their minutes are the lessons', and add up.

In a page stand, beside `{lesson:training}`:

- `{title:training}`: number and title, with a link;
- `{minutes:training}` and `{minutes:training#When do I stop?}`: the minutes of a lesson, or of one of its sections;
- `{sum:90}`, in a table: the sum of its column, which must not be above 90;
- `{lessons}`: a table of all lessons; `{clock}`: the rule by which minutes are counted.
"""

import re

from tools import lessons, teaching

SOURCES = lessons.SOURCES / "teaching"
MINUTES = re.compile(r"\{minutes:(\w+)(?:#([^}]+))?\}")
TITLE = re.compile(r"\{title:(\w+)\}")
SUM = re.compile(r"\{sum:(\d+)\}")
TABLE = re.compile(r"(?:^\|.*\n)+", re.MULTILINE)


def names() -> list[str]:
    """Return the pages that there are: `["README", "before_the_first_hour", …]`."""
    return sorted(path.stem for path in SOURCES.glob("*.md"))


def page(name: str) -> str:
    """Return a page as Markdown.

    Raises
    ------
    ValueError
        If it names a lesson or a section that does not exist, or if minutes add up to more than they may.
    """
    text = (SOURCES / f"{name}.md").read_text(encoding="utf-8")
    text = MINUTES.sub(lambda found: str(_minutes(*found.groups(), name)), text)
    text = TITLE.sub(lambda found: _title(lessons.find(found[1])), text)
    text = TABLE.sub(lambda table: _added_up(table[0], name), text)
    text = text.replace("{lessons}", _lessons()).replace("{clock}", _clock())
    return lessons.with_numbers(text, "../")


def _minutes(topic: str, heading: str | None, name: str) -> int:
    lesson = lessons.find(topic)
    if heading is None:
        return sum(lessons.minutes(lesson))
    minutes = {section.heading: section.minutes for section in lessons.sections(lesson)}
    if heading not in minutes:
        raise ValueError(f"sources/teaching/{name}.md: the lesson {topic} has no section {heading!r}")
    return minutes[heading]


def _added_up(table: str, name: str) -> str:
    """Return a table with each `{sum:…}` as the sum of the whole numbers above it."""
    rows = [row.split("|") for row in table.splitlines()]
    for row in rows:
        for column, cell in enumerate(row):
            if found := SUM.search(cell):
                total = sum(int(other[column]) for other in rows if other[column].strip().isdecimal())
                if total > int(found[1]):
                    raise ValueError(f"sources/teaching/{name}.md: {total} minutes, where {found[1]} are there")
                row[column] = SUM.sub(str(total), cell)
    return "\n".join("|".join(row) for row in rows) + "\n"


def _title(name: str) -> str:
    return f"[{name[:2]} {lessons.title(name)}](../{name}.ipynb)"


def _lessons() -> str:
    rows = ["| lesson | minutes | what they learn | for you |", "|---|---|---|---|"]
    for name in lessons.names():
        can = lessons.description(name)["learn"]
        rows.append(f"| {_title(name)} | {sum(lessons.minutes(name))} | {can} | [notes]({teaching.path(name).name}) |")
    return "\n".join(rows)


def _clock() -> str:
    return (
        f"{lessons.WORDS_A_MINUTE} words a minute, {lessons.SECONDS_A_LINE} seconds a line of code, "
        f"{lessons.MINUTES_AN_EXERCISE} minutes an exercise"
    )
