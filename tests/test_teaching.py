"""The teacher's notes: in every source, on a page of their own, never in a notebook, and their numbers proved."""

import re

import nbformat
import pytest

from tools import lessons, teaching

LESSONS = lessons.names()
SECTIONS = {name: lessons.sections(name) for name in LESSONS}
PROOFS = {
    name: [cell for cell in lessons.all_cells(name) if lessons.is_for_teacher(cell) and cell.cell_type == "code"]
    for name in LESSONS
}
NOTES_ELSEWHERE = ("Trap", "Exercises")  # a section that begins so has a note of its own
MOST_SLIDES = 9


@pytest.mark.parametrize("name", LESSONS)
def test_page_is_built(name):
    assert teaching.path(name).read_text(encoding="utf-8") == teaching.page(name), "python3 run.py build"


@pytest.mark.parametrize("name", LESSONS)
def test_links_lead_somewhere(name):
    targets = re.findall(r"\]\(([^):#]+)", teaching.page(name))
    assert len(targets) >= 2
    assert not [target for target in targets if not (teaching.path(name).parent / target).exists()]


@pytest.mark.parametrize("name", LESSONS)
def test_minutes_add_up(name):
    [title] = re.findall("^## (.*) minutes: (.*) to read, (.*) for the exercises$", teaching.page(name), re.MULTILINE)
    rows = re.findall(r"^\| .* \| (\d+) \|$", teaching.page(name), re.MULTILINE)
    assert sum(map(int, rows)) == int(title[0]) == int(title[1]) + int(title[2]) == sum(lessons.minutes(name))


@pytest.mark.parametrize("name", LESSONS)
def test_notes_where_students_err(name):
    assert sum(bool(section.notes) for section in SECTIONS[name][:-1]) >= 4
    for section in SECTIONS[name]:
        assert section.notes or not section.heading.startswith(NOTES_ELSEWHERE), section.heading


@pytest.mark.parametrize("name", LESSONS)
@pytest.mark.parametrize("solved", [False, True])
def test_not_in_the_notebooks(name, solved):
    cells = nbformat.read(lessons.notebook_path(name, solved), as_version=4).cells
    assert not {lessons.TEACHER, lessons.SLIDE} & {tag for cell in cells for tag in cell.metadata.get("tags", [])}
    texts = {cell.source for cell in cells}
    assert not texts & {note for section in SECTIONS[name] for note in section.notes}


@pytest.mark.parametrize("name", [name for name in LESSONS if PROOFS[name]])
def test_numbers_are_proved(name):
    """What a note states as a number is asserted below it."""
    for cell in PROOFS[name]:
        assert "assert " in cell.source
        exec(compile(cell.source, f"sources/{name}.py", "exec"), {})


@pytest.mark.parametrize("name", LESSONS)
def test_slides_are_few(name):
    slides = [cell for cell in lessons.all_cells(name) if lessons.SLIDE in cell.metadata.get("tags", [])]
    assert 1 <= len(slides) <= MOST_SLIDES
    assert not any(lessons.is_for_teacher(cell) for cell in slides)
