"""What a class gets: sheets, pages, slides and packages. The group tests/places/test_classroom.py grades for real."""

import ast
import builtins
import importlib
import importlib.util
import re
import sys
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

from helpers.exercises.engine import Exercise
from helpers.windows import create_dataset
from tools import classroom, lessons, pages, sheets, slides, teaching

TOPICS = [lessons.topic(name) for name in lessons.names()]


def load_grading():
    spec = importlib.util.spec_from_file_location("grading", classroom.COURSE / "grading.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# ---- sheets ----


@pytest.fixture(scope="module", params=lessons.names())
def sheet(request):
    return request.param, sheets.sheet(request.param)


def test_a_sheet_has_an_answer_and_a_locked_check_for_each_exercise(sheet):
    name, book = sheet
    marks = [cell.metadata.nbgrader for cell in book.cells]
    assert sum(mark.grade for mark in marks) == lessons.minutes(name)[1] / lessons.MINUTES_AN_EXERCISE
    assert all(mark.points == 1 and mark.locked for mark in marks if mark.grade)
    assert sum(mark.solution for mark in marks) == sum(mark.grade for mark in marks)
    assert all(mark.solution != mark.locked for mark in marks)
    ids = [mark.grade_id for mark in marks]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"\w+", grade_id) for grade_id in ids)
    for cell in book.cells:
        assert ("### BEGIN SOLUTION" in cell.source) == cell.metadata.nbgrader.solution
        assert ("### BEGIN HIDDEN TESTS" in cell.source) == cell.metadata.nbgrader.grade
        assert ".ipynb" not in cell.source
        assert "{lesson:" not in cell.source


def test_a_sheet_needs_nothing_that_it_does_not_bring(sheet):
    """Each name that a cell uses is bound in it, in a cell above, or by Python."""
    _, book = sheet
    known = set(dir(builtins)) | {"__name__"}
    for cell in book.cells:
        if cell.cell_type == "code":
            used, bound = sheets.names_in(cell.source)
            known |= bound
            assert used <= known, cell.source


def test_a_sheet_trains_nothing(sheet):
    _, book = sheet
    assert not [cell for cell in book.cells if re.search(r"\.fit\(|\bfit\(", cell.source) and not is_answer(cell)]


def is_answer(cell):
    return cell.metadata.nbgrader.solution or cell.cell_type == "markdown"


def test_what_the_exercises_use_is_found_through_names_and_texts():
    lesson = lessons.parse("")  # nothing yet
    assert lesson == []
    cells = [
        sheets.new_code_cell("import numpy as np\nunused = 1\nbase = 2\nbase = 3\nscaled = base * 2\nprint(scaled)"),
        sheets.new_code_cell("def told(x):\n    return x\n\n\ndef untold(x):\n    return x"),
    ]
    exercises = [sheets.new_markdown_cell("Use `told`."), sheets.new_code_cell("answer = scaled")]
    kept = sheets.needed(cells, exercises, "answer = scaled")
    assert ast.unparse(ast.parse(kept)) == ast.unparse(
        ast.parse("import numpy as np\nbase = 3\nscaled = base * 2\ndef told(x):\n    return x")
    )


@pytest.mark.parametrize("code", ["[x for x in z]", "{x for x in z}", "{x: x for x in z}", "sum(x for x in z)"])
def test_a_loop_variable_of_a_comprehension_stays_inside(code):
    assert {"z"} <= sheets.names_in(f"y = {code}")[0] <= {"z", "sum"}
    assert sheets.names_in(f"y = {code}")[1] == {"y"}


# ---- grading ----


def test_grading_raises_with_the_hint_unless_the_answer_is_right():
    grading = load_grading()
    grading.assert_right("gru_by_hand", "new_memory", lambda h, z, candidate: (1 - z) * h + z * candidate)
    grading.assert_right("gru_by_hand", "w_and_b", (14, -7))
    with pytest.raises(AssertionError, match="Keras"):
        grading.assert_right("gru_by_hand", "new_memory", lambda h, z, candidate: z * h + (1 - z) * candidate)
    with pytest.raises(AssertionError, match="not attempted yet"):
        grading.assert_right("gru_by_hand", "w_and_b", (..., ...))


def test_grading_asks_the_collections_own_check(monkeypatch):
    from helpers.exercises import gru_by_hand

    monkeypatch.setattr(gru_by_hand, "w_and_b", lambda answer: None)
    monkeypatch.setattr(Exercise, "judge", lambda *answers, seed: pytest.fail("the replaced check was asked"))
    with pytest.raises(AssertionError, match="not attempted yet"):
        load_grading().assert_right("gru_by_hand", "w_and_b", (..., ...))


def test_an_answer_for_the_cases_of_the_lesson_alone_gets_no_point():
    from helpers.exercises import gru_by_hand

    seen = [repr(case) for case in gru_by_hand.new_memory.draw(np.random.default_rng(0))]

    def answer(*case):
        return gru_by_hand.new_memory.right(*case) if repr(case) in seen else case[0]

    assert gru_by_hand.new_memory.judge(answer).correct
    with pytest.raises(AssertionError):
        load_grading().assert_right("gru_by_hand", "new_memory", answer)


@pytest.fixture(autouse=True)
def own_modules():
    """Bring back the modules that grading loads anew: other tests hold on to them."""
    before = {name: module for name, module in sys.modules.items() if name.startswith("helpers.exercises")}
    yield
    for name in [name for name in sys.modules if name.startswith("helpers.exercises")]:
        del sys.modules[name]
    sys.modules.update(before)
    for name, module in before.items():
        parent, _, child = name.rpartition(".")
        if parent in sys.modules:
            setattr(sys.modules[parent], child, module)


@pytest.mark.parametrize("topic", TOPICS)
def test_right_is_right_on_the_draws_for_the_grade_and_they_are_other_cases(topic):
    declared = vars(importlib.import_module(f"helpers.exercises.{topic}"))
    for name, exercise in declared.items():
        if isinstance(exercise, Exercise) and exercise.draw:
            shown = repr(exercise.draw(np.random.default_rng(0)))
            for seed in load_grading().SEEDS:
                assert repr(exercise.draw(np.random.default_rng(seed))) != shown, name
                assert exercise.judge(exercise.right, seed=seed).correct, (name, seed)


# ---- pages ----


@pytest.fixture
def page(tmp_path, monkeypatch):
    """Return a function that makes a page of a text."""
    monkeypatch.setattr(pages, "SOURCES", tmp_path)

    def make(text):
        (tmp_path / "plan.md").write_text(text, encoding="utf-8")
        return pages.page("plan")

    return make


def test_minutes_come_from_the_clock_and_add_up(page):
    whole = sum(lessons.minutes(lessons.find("quickstart")))
    exercises = {one.heading: one.minutes for one in lessons.sections(lessons.find("quickstart"))}["Exercises"]
    text = page(
        "| m | what |\n|---|---|\n| 5 | 10 words |\n| {minutes:quickstart} | a |\n"
        "| {minutes:quickstart#Exercises} | b |\n| **{sum:90}** | **of 90** |\n"
    )
    assert f"| {whole} | a |\n| {exercises} | b |\n| **{5 + whole + exercises}** | **of 90** |" in text


def test_minutes_that_do_not_fit_are_refused(page):
    with pytest.raises(ValueError, match=r"sources/teaching/plan.md: 31 minutes, where 30 are there"):
        page("| 1 |\n| {minutes:quickstart} |\n| {sum:30} |\n")


def test_a_section_that_does_not_exist_is_named(page):
    with pytest.raises(ValueError, match="the lesson quickstart has no section 'Gates'"):
        page("{minutes:quickstart#Gates}")


PAGES = {name: pages.page(name) for name in pages.names()}


@pytest.mark.parametrize("name", PAGES)
def test_the_links_of_a_page_lead_somewhere(name):
    built = {teaching.path(other) for other in (*PAGES, *lessons.names())}
    for target in re.findall(r"\]\(([^)#]+)", PAGES[name]):
        path = (teaching.path(name).parent / target).resolve()
        assert target.startswith("https://") or path in built or path.exists(), target
    assert "{" not in PAGES[name]


def test_every_plan_leaves_time_for_questions():
    sums = re.findall(r"^\| \*\*(\d+)\*\* \| \*\*of (\d+)", PAGES["plans"], re.MULTILINE)
    assert len(sums) == 4
    assert all(int(needed) <= 0.95 * int(given) for needed, given in sums)
    weeks = re.findall(r"^\| \d+ \| .*? \| (\d+) \| .*? \| (\d+) \|$", PAGES["plans"], re.MULTILINE)
    assert len(weeks) == 12
    assert all(int(minutes) <= 50 for week in weeks for minutes in week)


def test_in_the_term_each_lesson_comes_once_and_after_those_that_it_needs():
    term = PAGES["plans"].split("## A term")[1]
    lines = [line for line in term.splitlines() if re.match(r"\| \d", line)]
    order = [lesson for line in lines for lesson in re.findall(r"\.\./(\w+)\.ipynb", line)]
    assert len(order) == len(set(order)) == 24
    for place, lesson in enumerate(order):
        for _, topic in lessons.REFERENCE.findall(lessons.description(lesson)["need"]):
            assert lessons.find(topic) in order[:place], (lesson, topic)


# ---- quizzes ----


@pytest.mark.parametrize("name", classroom.QUIZZES)
def test_a_quiz_has_ten_questions_and_says_what_each_wrong_answer_stands_for(name):
    questions = PAGES[name].split("\n## ")[1:]
    assert [question.split(".")[0] for question in questions] == [str(number) for number in range(1, 11)]
    rights = []
    for question in questions:
        asked, answer = question.split("<details><summary>Answer</summary>\n\n")
        [right, reason] = re.match(r"\*\*([A-D])\.\*\* (.+?)\n\n", answer, re.DOTALL).groups()
        options = re.findall(r"^- ([A-D])\. .", asked, re.MULTILINE)
        explained = re.findall(r"^- ([A-D]): .", answer, re.MULTILINE)
        assert sorted([right, *explained]) == options == list("ABCD"), question
        assert re.search(r"\.\./\d\d_\w+\.ipynb", reason), question  # a lesson explains it
        assert answer.rstrip().endswith("</details>")
        rights.append(right)
    assert set(rights) == set("ABCD")


def test_the_numbers_in_the_quizzes_are_right():
    before, after = PAGES["quiz_before"], PAGES["quiz_after"]
    gru = lambda h, z, candidate: (1 - z) * h + z * candidate  # noqa: E731
    assert gru(8, 0.25, 4) == 7
    assert "0.75 · 8 + 0.25 · 4 = 7" in before
    assert (gru(8, 0.75, 4), (8 + 4) / 2, 8 + 0.25 * 4) == (5, 6, 9)  # the wrong ones, as they are explained
    assert 0.0045 < 0.9**50 < 0.0055
    assert len(range(10 - 3)) == 7
    assert gru(0.8, 0.25, -0.4) == pytest.approx(0.5)
    assert gru(0.8, 0.75, -0.4) == pytest.approx(-0.1)
    assert (0.8 - 0.4) / 2 == pytest.approx(0.2)
    assert 0.8 + 0.25 * -0.4 == pytest.approx(0.7)
    z = 1 / (1 + np.exp(4))
    assert round(z, 3) == 0.018
    assert round(np.log(0.5) / np.log(1 - z)) == 38
    assert "About 38" in after
    windows = create_dataset(np.zeros((1000, 2)), 30)[0]
    assert windows.shape == (970, 30, 2)
    assert 1000 // 30 == 33


# ---- slides ----


@pytest.fixture
def formulas(monkeypatch):
    """Stand in for what makes MathML: it is in the classroom's environment only."""
    converter = SimpleNamespace(convert=lambda formula, display: f"<math {display}>{formula}</math>")
    monkeypatch.setitem(sys.modules, "latex2mathml", SimpleNamespace(converter=converter))
    monkeypatch.setitem(sys.modules, "latex2mathml.converter", converter)


@pytest.mark.parametrize("name", lessons.names())
def test_a_deck_has_a_title_pictures_with_their_text_what_to_take_away_and_the_self_test(formulas, name):
    deck = slides.deck(name)
    assert 6 <= len(deck) <= slides.MOST
    assert "<h1>" in deck[0]
    assert "<h2>What to take away</h2>" in deck[-4]
    assert deck[-4].count("<li>") >= 3
    assert all("<h2>Self-test</h2>" in slide and '<div class="fragment">' in slide for slide in deck[-3:])
    for slide in deck:
        shown = slide.split('<aside class="notes">')[0]
        assert "$" not in re.sub("<pre>.*?</pre>", "", shown, flags=re.DOTALL)
        assert shown.count("<img ") == len(
            re.findall(r'<img src="data:image/png;base64,[^"]+" alt="[^"]{20,}">', shown)
        )
        assert "href" not in slide
    assert deck[0].split('<aside class="notes">')[1].count("An activity without a computer") == 1


@pytest.mark.parametrize("name", lessons.names())
def test_the_speaker_sees_every_note_those_of_a_section_without_slides_beside_the_slide_before_it(formulas, name):
    deck = slides.deck(name)
    headings = [section.heading for section in lessons.sections(name)]
    position = 0  # of the last slide before the section's end
    for heading, section in zip(headings, lessons.sections(name)[:-1], strict=False):
        own = [i for i, slide in enumerate(deck[:-4]) if f"<h2>{slides.markdown(heading)}</h2>" in slide]
        position = max([position, *own])
        for note in section.notes:
            assert slides.markdown(note) in deck[position], heading


def test_a_slide_that_shows_nothing_is_named():
    cell = lessons.new_code_cell("quiet = 1")
    with pytest.raises(ValueError, match="shows nothing: 'quiet = 1'"):
        slides._outputs(cell, "03_vanishing_gradients")


def test_letters_get_smaller_where_there_is_more_to_print():
    assert slides._pixels(["<pre>one line</pre>"]) == 28
    assert slides._pixels(["<pre>" + 20 * "line\n" + "</pre>"]) <= 540 / (1.5 * 20)
    assert slides._pixels(["<pre>" + 120 * "x" + "</pre>"]) * 0.61 * 120 <= 1160


def test_markdown_becomes_html_without_links(formulas):
    assert slides.markdown("see [the card](../data/README.md)") == "see the card"
    assert slides.markdown("*a* $x_1$ b") == "<em>a</em> <math inline>x_1</math> b"
    assert slides.markdown("- one\n- two").count("<li>") == 2


# ---- packages ----


@pytest.fixture(scope="module")
def students(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class") / "students"
    classroom.write_students(folder)
    return folder


def test_students_get_no_solution_and_no_link_to_one(students):
    assert not [path for path in students.rglob("*") if re.search("solution|teaching|sources", path.name)]
    for path in students.glob("notebooks/*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert "solutions/" not in text
        assert "SOLUTION" not in text


@pytest.mark.parametrize("address_is_set", [False, True])
def test_links_to_colab_are_handed_out_when_they_lead_somewhere(tmp_path, monkeypatch, address_is_set):
    monkeypatch.setattr(classroom, "is_set", lambda address: address_is_set)
    monkeypatch.setattr(classroom.slides, "write", lambda folder: None)  # a package for it is not here
    classroom.write_students(tmp_path / "students")
    classroom.write_teacher(tmp_path / "teacher")
    for path in tmp_path.glob("*/notebooks/**/*.ipynb"):
        header = nbformat.read(path, as_version=4).cells[0].source
        assert ("Colab" in header) == ("Binder" in header) == address_is_set
        assert "\n\n\n" not in header
    lesson = nbformat.read(tmp_path / "teacher" / "notebooks" / f"{lessons.names()[0]}.ipynb", as_version=4)
    assert "[Solutions](solutions/" in lesson.cells[0].source


def test_the_links_in_the_students_package_lead_somewhere(students):
    for path in [*students.glob("notebooks/*.ipynb"), students / "README.md", students / "data" / "README.md"]:
        for target in re.findall(r"\]\(((?:\.\./)*[\w/]+\.(?:ipynb|md|png))", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_a_student_can_start_the_package(students):
    """What run.py and a lesson's first cell look for is there; the group tests/places/ starts it."""
    for name in (
        "run.py",
        "requirements.txt",
        "tools/uv.txt",
        "tools/jupyterlab",
        "helpers/exercises",
        "data/tunis.csv",
    ):
        assert (students / name).exists(), name
    assert not list(students.rglob("__pycache__"))


def test_an_existing_folder_is_left_alone(tmp_path, capsys):
    (tmp_path / "kept").write_text("mine")
    assert classroom.main([str(tmp_path)]) == 2
    assert "nothing is overwritten" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
