"""The build: solutions come out, ids stay, a failing lesson leaves its notebook alone, drift is found."""

import json
import os
import re
import select
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output

from tools import build, elsewhere, lessons, setup_cell

REPOSITORY = Path(__file__).parent.parent

SOURCE = '''\
# ---
# jupyter:
#   lesson:
#     part: Start
#     question: What is added?
#     learn: adding
#     need: nothing
# ---

# %% [markdown]
# # Adding
#
# You will add.

# %%
one = 1

# %% tags=["nbval-ignore-output"]
print(one + 1)

# %%
two = ...
### BEGIN SOLUTION
two = one + 1
### END SOLUTION


# %%
def add(a, b):
    """Add."""
    ...
    ### BEGIN SOLUTION
    total = a + b
    return total
    ### END SOLUTION
'''


@pytest.fixture
def source(tmp_path, monkeypatch):
    """Return a function that writes sources/NAME.py in an otherwise empty collection."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "helpers" / "exercises").mkdir(parents=True)
    monkeypatch.setattr(lessons, "ROOT", tmp_path)
    monkeypatch.setattr(lessons, "SOURCES", tmp_path / "sources")
    monkeypatch.setattr(lessons, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(lessons, "MEASURED", tmp_path / "sources" / "measured.json")
    (tmp_path / "pyproject.toml").write_text('[project.urls]\nRepository = "https://github.com/not_set/adding"\n')

    def write(text: str, name: str = "00_adding"):
        (tmp_path / "sources" / f"{name}.py").write_text(text, encoding="utf-8")
        return lessons.notebook_path(name, False)

    return write


BUILT = []  # SOURCE as a notebook, once it was built


def build_source(path):
    """Build SOURCE, which `source` has written; only the first time does it take an execution."""
    if BUILT:
        path.write_bytes(BUILT[0])
    assert build.build("00_adding", False, always=False)
    BUILT[:] = [path.read_bytes()]


def code(book) -> list[str]:
    return [cell.source for cell in book.cells if cell.cell_type == "code"]


def test_solutions_are_kept_in_one_and_taken_out_of_the_other(source):
    source(SOURCE)
    unsolved, solved = (code(lessons.compose("00_adding", solved)) for solved in (False, True))
    assert unsolved[3:] == ["two = ...", 'def add(a, b):\n    """Add."""\n    ...']
    assert solved[3:] == [
        "two = one + 1",
        'def add(a, b):\n    """Add."""\n    total = a + b\n    return total',
    ]
    assert unsolved[:3] == solved[:3]


def test_header_and_setup_are_added(source):
    source(SOURCE)
    source(SOURCE.replace("# # Adding", "# # Subtracting"), "01_subtracting")
    head, setup, *_ = lessons.compose("00_adding", False).cells
    assert head.source.startswith("# Adding\n\nYou will add.\n\n[Subtracting](01_subtracting.ipynb) →")
    assert "| adding | nothing | 1 min | 0 min | not measured yet |" in head.source
    assert "[Solutions](solutions/00_adding.ipynb)" in head.source
    assert "/github/not_set/adding/blob/main/notebooks/00_adding.ipynb" in head.source
    assert "https://github.com/not_set/adding" in setup.source
    assert len(setup.source.splitlines()) <= 4
    assert setup.metadata == {"jupyter": {"source_hidden": True}}
    last = lessons.compose("01_subtracting", True).cells[0].source
    assert "← [Adding](00_adding.ipynb)" in last
    assert "(../01_subtracting.ipynb)" in last


def test_a_notebook_taken_out_of_the_collection_says_what_it_misses(source, monkeypatch):
    source(SOURCE)
    setup = lessons.compose("00_adding", False).cells[1].source
    monkeypatch.chdir(lessons.ROOT.anchor)
    with pytest.raises(AssertionError, match="open this inside a copy of the collection"):
        exec(setup, {})


@pytest.mark.parametrize("place", [".", "notebooks/solutions", "notebooks/a folder of one's own"])
def test_the_setup_cell_finds_the_collection_from_the_working_directory_and_above(source, monkeypatch, place):
    source(SOURCE)
    (lessons.ROOT / place).mkdir(exist_ok=True)
    monkeypatch.chdir(lessons.ROOT / place)
    monkeypatch.setattr(sys, "path", list(sys.path))
    exec(setup_cell.setup_cell("https://github.com/somebody/adding"), {})
    assert sys.path[0] == str(lessons.ROOT)


def test_on_colab_the_unset_address_is_said(source, monkeypatch):
    source(SOURCE)
    monkeypatch.chdir(lessons.ROOT.anchor)
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    with pytest.raises(AssertionError, match="is not set: see 'Publishing'"):
        exec(lessons.compose("00_adding", False).cells[1].source, {})


def test_measured_cost_is_shown(source):
    source(SOURCE)
    lessons.MEASURED.write_text('{"adding": {"seconds": 15, "peak_mb": 800, "stored_kb": 10}}')
    assert "15 s, 0.8 GB |" in lessons.compose("00_adding", False).cells[0].source
    assert "| 00 | [Adding](notebooks/00_adding.ipynb) | What is added? | 1 + 0 min | 15 s, 0.8 GB |" in lessons.table()


def test_the_table_is_grouped_by_parts_and_sums_up(source):
    source(SOURCE)
    source(SOURCE.replace("part: Start", "part: Trust"), "01_trusting")
    source(SOURCE.replace("part: Start", "part: Trust"), "02_hoping")
    lessons.MEASURED.write_text(
        json.dumps({t: {"seconds": 70, "peak_mb": 800} for t in ("adding", "trusting", "hoping")})
    )
    headings = re.findall(r"\*\*.+", lessons.table())
    assert headings == [
        "**Start**: 1 min to work through, 70 s to run",
        "**Trust**: 2 min to work through, 2 min to run",
        "**All of it**: 3 min to work through, 4 min to run.",
    ]


def test_the_clock_counts_words_lines_and_exercises_but_no_asserts(source):
    words, lines = "word " * 930, "x = 1\n\n" * 30
    asserts = "assert (\n    True\n)\n" * 100
    cells = f"\n# %% [markdown]\n# {words}\n\n# %%\n{lines}\n{asserts}\n# %%\ncheck.one(1)\n\n# %%\ncheck.two(2)\n"
    source(SOURCE + cells)
    reading, exercises = lessons.minutes("00_adding")
    assert reading == round(935 / 200 + (30 + 2 + 6) / 10)  # SOURCE has 5 words and 6 lines of code when unsolved
    assert exercises == 8


@pytest.mark.parametrize(
    ("source_text", "folded"),
    [
        ("assert one", True),
        ("# why\nassert one\nassert (\n    two\n)", True),
        ("wanted = 1\nwanted += 1\nassert wanted == 2", True),
        ("for one in (1, 2):\n    assert one", True),
        ("if one:\n    two = 2\n    assert two\nelse:\n    assert three", True),
        ("with open(one) as file:\n    assert file", True),
        ("assert one\nprint(two)", False),
        ("for one in (1, 2):\n    assert one\n    print(one)", False),
        ("if one:\n    assert two\nelse:\n    print(one)", False),
        ("assert one\n\n\ndef two(): pass", False),
        ("one = 1", False),
        ("", False),
    ],
)
def test_cells_that_only_prove_are_folded(source, source_text, folded):
    source(SOURCE.replace("one = 1\n", f"{source_text}\n", 1))
    cell = lessons.compose("00_adding", False).cells[2]
    assert cell.metadata.get("jupyter", {}).get("source_hidden", False) == folded


def test_lessons_are_named_and_the_build_numbers_them(source):
    source(SOURCE.replace("You will add.", "{Lesson:trusting} and {lesson:adding}; see [data](../data/README.md)."))
    source(SOURCE, "07_trusting")
    for solved, data in ((False, "../data"), (True, "../../data")):
        head = lessons.compose("00_adding", solved).cells[0].source
        assert "[Lesson 07](07_trusting.ipynb) and [lesson 00](00_adding.ipynb)" in head
        assert f"]({data}/README.md)" in head


def test_a_name_that_no_lesson_has_is_refused(source):
    source(SOURCE.replace("You will add.", "See {lesson:subtracting}."))
    with pytest.raises(ValueError, match="no lesson 'subtracting'; there are 00_adding"):
        lessons.compose("00_adding", False)


def test_renaming_a_file_moves_a_lesson_in_the_readme_too(source):
    source(SOURCE, "03_adding")
    table = "<!-- lessons: written by the build -->\nold\n<!-- end of lessons -->\n"
    text = build.with_lessons(f"As [Lesson 00](notebooks/00_adding.ipynb) says.\n{table}")
    assert text.startswith("As [Lesson 03](notebooks/03_adding.ipynb) says.\n<!--")
    assert "| 03 | [Adding](notebooks/03_adding.ipynb) |" in text
    assert build.with_lessons(text) == text


ROW = dict(zip(elsewhere.COLUMNS, "abcdefg", strict=True))


def with_row(source, printed):
    """Build a lesson whose last cell printed these lines, and return the README's table of such lessons."""
    source(SOURCE + '\n# %% tags=["elsewhere"]\nprint()\n')
    book = lessons.compose("00_adding", False)
    book.cells[-1].outputs = [new_output("stream", name="stdout", text="\n".join(printed))]
    path = lessons.notebook_path("00_adding", False)
    path.parent.mkdir(exist_ok=True)
    path.write_text(build.as_text(book))
    return build.with_lessons("<!-- elsewhere: written by the build -->\n<!-- end of elsewhere -->")


def test_what_a_lesson_elsewhere_printed_becomes_a_row_of_the_readme(source):
    table = with_row(source, [f"{column}: {value}" for column, value in ROW.items()])
    assert "| [00 adding](notebooks/00_adding.ipynb) | a | b | c | d | e | f | g |\n<!--" in table


@pytest.mark.parametrize(
    "printed",
    [
        [],
        [f"{column}: {value}" for column, value in ROW.items()][1:],
        [f"{column}: {value}" for column, value in ROW.items()][::-1],
        [f"{column}: " for column in ROW],
        ["and so on", *(f"{column}: {value}" for column, value in ROW.items())],
    ],
)
def test_a_row_that_is_not_whole_is_refused(source, printed):
    with pytest.raises(ValueError, match=r"00_adding: the cell tagged elsewhere printed"):
        with_row(source, printed)


def test_an_edit_changes_only_the_ids_of_the_cells_that_it_touches(source):
    source(SOURCE)
    before = [cell.id for cell in lessons.compose("00_adding", False).cells]
    source(SOURCE.replace("one = 1\n", "one = 1\n\n# %%\none = 1\n"))
    after = [cell.id for cell in lessons.compose("00_adding", False).cells]
    assert len(set(after)) == len(after) == len(before) + 1
    assert set(before) < set(after)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("two = ...\n", "two = 0\n", "needs a line with `...`"),
        ("### END SOLUTION\n\n\n", "\n\n", "END SOLUTION"),
        ("# # Adding", "# Adding", "a cell with the title"),
        ("#   lesson:", "#   lessons:", "with part, question, learn and need in its header"),
        ("part: Start", "part: Finish", "the parts are Start, The cell"),
    ],
)
def test_a_malformed_source_is_refused_by_name(source, old, new, message):
    assert old in SOURCE
    source(SOURCE.replace(old, new, 1))
    with pytest.raises(ValueError, match=r"sources/00_adding\.py") as error:
        lessons.compose("00_adding", False)
    assert message in str(error.value)


def test_build_executes_then_keeps_outputs_of_unchanged_code(source, monkeypatch):
    path = source(SOURCE)
    assert build.build("00_adding", False, always=False)
    first = nbformat.read(path, as_version=4)
    assert first.cells[3].outputs[0].text == "2\n"
    assert [cell.execution_count for cell in first.cells if cell.cell_type == "code"] == [1, 2, 3, 4, 5]
    assert first.metadata.language_info == {"name": "python"}

    monkeypatch.setattr(build, "execute", lambda *_: pytest.fail("executed although no code has changed"))
    source(SOURCE.replace("You will add.", "You will learn to add."))
    assert build.build("00_adding", False, always=False)
    second = nbformat.read(path, as_version=4)
    assert "You will learn to add." in second.cells[0].source
    assert [cell for cell in second.cells if cell.cell_type == "code"] == [
        cell for cell in first.cells if cell.cell_type == "code"
    ]


def test_another_address_executes_nothing(source, monkeypatch):
    path = source(SOURCE)
    build_source(path)
    first = nbformat.read(path, as_version=4)
    project = lessons.ROOT / "pyproject.toml"
    project.write_text(project.read_text().replace("not_set", "somebody"))
    monkeypatch.setattr(build, "execute", lambda *_: pytest.fail("executed although only the address has changed"))
    assert build.build("00_adding", False, always=False)
    second = nbformat.read(path, as_version=4)
    assert "https://github.com/somebody/adding" in second.cells[1].source
    assert "not_set" not in path.read_text(encoding="utf-8")
    assert [cell.get("outputs") for cell in second.cells] == [cell.get("outputs") for cell in first.cells]
    assert second.cells[1].execution_count == 1


def test_a_setup_cell_that_printed_something_is_run_again(source):
    path = source(SOURCE)
    build_source(path)
    book = nbformat.read(path, as_version=4)
    book.cells[1].outputs = [nbformat.v4.new_output("stream", text="a note")]
    nbformat.write(book, path)
    assert not build.keep_outputs(lessons.compose("00_adding", False), path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("one = 1", "one = 2"),
        (' tags=["nbval-ignore-output"]', ""),
        ("# %%\none = 1\n", ""),
    ],
)
def test_changed_code_or_tags_are_drift(source, old, new):
    path = source(SOURCE)
    build_source(path)
    source(SOURCE.replace(old, new))
    assert not build.keep_outputs(lessons.compose("00_adding", False), path)


def test_a_failing_lesson_leaves_its_notebook_as_it_was(source, capsys):
    path = source(SOURCE)
    build_source(path)
    before = path.read_bytes()
    source(SOURCE.replace("one = 1", "one = 1 / 0"))
    assert not build.build("00_adding", False, always=False)
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == [path]
    assert "ZeroDivisionError" in capsys.readouterr().err


BLOCKS = """\
import threading

pipe = open("../pipe", "w")
pipe.write("running")
pipe.flush()
threading.Event().wait()
"""
BUILD = """\
import sys
from pathlib import Path
from tools import build, lessons

lessons.ROOT = Path(sys.argv[1])
lessons.SOURCES, lessons.NOTEBOOKS = lessons.ROOT / "sources", lessons.ROOT / "notebooks"
lessons.MEASURED = lessons.SOURCES / "measured.json"
build.build("00_adding", False, always=False)
"""


@pytest.mark.skipif(os.name == "nt", reason="POSIX only")
def test_a_build_killed_in_a_lesson_leaves_the_notebook_as_it_was_and_no_kernel(source, tmp_path):
    path = source(SOURCE)
    build_source(path)
    before = path.read_bytes()
    source(SOURCE.replace("one = 1\n", f"one = 1\n{BLOCKS}"))
    os.mkfifo(tmp_path / "pipe")
    command = [sys.executable, "-c", BUILD, tmp_path]
    killed = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(tmp_path / "pipe") as pipe:  # waits until the lesson opens the other end
        assert pipe.read(7) == "running"
        killed.kill()
        killed.wait()
        assert select.select([pipe], [], [], 60)[0], "the kernel outlived the build"
        assert pipe.read() == ""
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_build_killed_while_it_writes_leaves_the_old_notebook(source, monkeypatch):
    path = source(SOURCE)
    build_source(path)
    before = path.read_bytes()
    source(SOURCE.replace("one = 1", "one = 2"))
    with monkeypatch.context() as patched:
        patched.setattr(build.os, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            build.build("00_adding", False, always=False)
    assert path.read_bytes() == before
    assert build.build("00_adding", False, always=False)
    assert path.read_bytes() != before
    assert list(path.parent.iterdir()) == [path]


def interrupted(*_):
    raise KeyboardInterrupt


def test_an_unknown_lesson_is_named_with_the_known_ones(source, capsys):
    source(SOURCE)
    assert build.main(["17"]) == 2
    assert "no lesson '17'; there are 00_adding" in capsys.readouterr().err


def test_sections_with_their_minutes_and_notes_for_the_teacher(source):
    """A note belongs to the section it stands in, is on no learner's clock, and is in no notebook."""
    words, note = "word " * 300, '# %% [markdown] tags=["teacher"]\n# Ask: what is {}?\n\n'
    source(
        SOURCE
        + f"\n# %% [markdown]\n# {words}\n# ## One\n# {words}\n# ## Two\n# {words}\n\n"
        + note.format("two")
        + '# %% tags=["teacher"]\nassert 2 == 1 + 1\n\n# %% tags=["slide", "readme-picture"]\ncheck.one(1)\n\n'
        + note.format("asked")
    )
    sections = lessons.sections("00_adding")
    assert [(section.heading, section.notes) for section in sections] == [
        ("The beginning", []),
        ("One", []),
        ("Two", ["Ask: what is two?", "Ask: what is asked?"]),
    ]
    assert sum(section.minutes for section in sections) == sum(lessons.minutes("00_adding")) == 5 + 4
    assert [section.minutes for section in sections] == [2, 2, 5]  # 1.9, 1.5, 1.6 + 4: rounded so that they add up
    built = lessons.compose("00_adding", False).cells
    assert not [cell for cell in built if "Ask" in cell.source or "assert" in cell.source.splitlines()[0]]
    assert built[-1].metadata == {"tags": ["readme-picture"]}
