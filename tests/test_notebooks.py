"""What is committed under notebooks/ is what the sources say, was executed whole, and holds nothing of one computer."""

import ast
import functools
import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tools import build, lessons, sheets

ROOT = lessons.ROOT
LARGEST_BYTES = 500_000
# outputs that depend on training, timing or platform; what matters in them is asserted in another cell
EXEMPT = "nbval-ignore-output"
KNOWN_TAGS = {EXEMPT, "raises-exception", "readme-picture", "elsewhere"}
FOREIGN = re.compile(r"/(root|home|Users|tmp)/|[A-Z]:\\\\Users|/tmp/ipykernel|site-packages|\.venv")
NOISE = re.compile(r"WARNING|I0000|E0000|oneDNN|cuda|DeprecationWarning|FutureWarning|UserWarning")

BUILT = [(name, solved) for name in lessons.names() for solved in (False, True)]
built = pytest.mark.parametrize(("name", "solved"), BUILT, ids=[f"{n}{'-solved' * s}" for n, s in BUILT])


# JupyterLab keeps copies in .ipynb_checkpoints once a reader has saved something
STORED = [path for path in lessons.NOTEBOOKS.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts]


@functools.cache
def read_path(path: Path):
    """Return a notebook that no test may change."""
    return nbformat.read(path, as_version=4)


def read(name: str, solved: bool):
    return read_path(lessons.notebook_path(name, solved))


def code_cells(book) -> list:
    return [cell for cell in book.cells if cell.cell_type == "code"]


def output_text(book) -> str:
    """Return everything that is stored as output, but for the pictures."""
    outputs = [json.loads(json.dumps(out)) for cell in code_cells(book) for out in cell.outputs]
    for out in outputs:
        out.get("data", {}).pop("image/png", None)
    return json.dumps(outputs, ensure_ascii=False)


def test_every_notebook_has_a_source():
    expected = {lessons.notebook_path(name, solved) for name, solved in BUILT}
    assert set(STORED) == expected


@built
def test_notebook_is_what_the_source_says(name, solved):
    book = lessons.compose(name, solved)
    assert build.keep_outputs(book, lessons.notebook_path(name, solved)), "code differs: python3 run.py build"
    committed = lessons.notebook_path(name, solved).read_text(encoding="utf-8")
    assert committed == build.as_text(book), "text differs: python3 run.py build"


@built
def test_notebook_was_executed_whole_in_order(name, solved):
    counts = [cell.execution_count for cell in code_cells(read(name, solved))]
    assert counts == list(range(1, len(counts) + 1))


@built
def test_notebook_is_valid_small_and_clean(name, solved):
    path = lessons.notebook_path(name, solved)
    book = read(name, solved)
    nbformat.validate(book)
    assert (book.nbformat, book.nbformat_minor) == (4, 5)
    assert path.stat().st_size < LARGEST_BYTES
    for cell in code_cells(book):
        expected_error = "raises-exception" in cell.metadata.get("tags", [])
        kinds = [out.output_type for out in cell.outputs]
        assert ("error" in kinds) == expected_error, cell.source
        assert not any(out.get("name") == "stderr" for out in cell.outputs), cell.source
    assert not FOREIGN.search(output_text(book))
    assert not NOISE.search(output_text(book))


@built
def test_every_figure_has_a_text_alternative(name, solved):
    for cell in code_cells(read(name, solved)):
        for out in cell.outputs:
            if "image/png" in out.get("data", {}):
                assert out.metadata["image/png"]["alt"] == out.data["text/plain"], "draw with plots.show(fig, alt)"


BAR = ("damped anomaly", "ridge")
NETWORK = re.compile("GRU|LSTM|network")


def without_the_bar(table: str) -> list[str]:
    """Return which of the best simple forecasts are missing from a table that compares a network with persistence."""
    if "persistence" not in table or not NETWORK.search(table):
        return []
    return [name for name in BAR if name not in table]


@built
def test_the_best_simple_forecasts_stand_beside_the_network(name, solved):
    for cell in code_cells(read(name, solved)):
        for out in cell.outputs:
            if "text/html" in out.get("data", {}):
                missing = without_the_bar(out.data["text/plain"])
                assert not missing, f"no {' and no '.join(missing)} in\n{out.data['text/plain']}"


def test_a_table_without_the_bar_is_found():
    assert without_the_bar("persistence 2.1\nridge 2.0\nGRU 1.9") == ["damped anomaly"]
    assert without_the_bar("persistence 2.1\ndamped anomaly 2.0\nridge 2.0\nGRU 1.9") == []
    assert without_the_bar("persistence 2.1\nclimatology 3.4") == []


@built
def test_only_known_tags_and_only_cells_with_output_are_exempt(name, solved):
    for cell in code_cells(read(name, solved)):
        assert set(cell.metadata.get("tags", [])) <= KNOWN_TAGS
        if EXEMPT in cell.metadata.get("tags", []):
            assert cell.outputs, f"exempt without need:\n{cell.source}"


@built
def test_what_is_folded_only_proves_and_all_that_proves_is_folded(name, solved):
    book = read(name, solved)
    folded = [cell for cell in code_cells(book) if cell.metadata.get("jupyter", {}).get("source_hidden")]
    shown = [cell for cell in code_cells(book) if cell not in folded]
    used = set().union(*(sheets.names_in(cell.source)[0] for cell in shown))
    for cell in folded[1:]:  # behind the set-up cell
        assert not cell.outputs, cell.source
    for cell in shown:
        asserted = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Assert)]
        assert not asserted, f"it asserts and does more: {cell.source}"
    set_by_readable = set().union(*(sheets.names_in(cell.source)[1] for cell in shown))
    set_by_proofs = set().union(*(sheets.names_in(cell.source)[1] for cell in folded[1:]))
    assert not set_by_proofs & used - set_by_readable, "a cell to be read needs what a folded one sets"


@built
def test_checks_say_what_they_should(name, solved):
    verdicts = [
        out.text.strip()
        for cell in code_cells(read(name, solved))
        if re.search(r"^check\.", cell.source, re.MULTILINE)
        for out in cell.outputs
    ]
    assert 3 <= len(verdicts) <= 5
    assert set(verdicts) == {"correct" if solved else "not attempted yet"}


@pytest.mark.parametrize("name", lessons.names())
def test_lesson_has_the_shape_of_a_lesson(name):
    text = "\n".join(cell.source for cell in read(name, False).cells if cell.cell_type == "markdown")
    outside_code = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    assert len(re.findall(r"^# ", outside_code, re.MULTILINE)) == 1
    for heading in ("## Exercises", "## What to take away", "## Self-test", "## Where", "## References"):
        assert re.search(f"^{heading}", text, re.MULTILINE), heading
    assert re.search(r"^##+ Trap", text, re.MULTILINE)
    assert text.count("<details>") == text.count("</details>") >= 3
    assert not re.search(r"<details>.*</summary>\n[^\n]", text), "markdown inside <details> needs an empty line first"


def links(path: Path) -> list[str]:
    if path.suffix == ".ipynb":
        cells = read_path(path).cells
        text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    else:
        text = path.read_text(encoding="utf-8")
    return re.findall(r"\]\(([^)\s]+)\)", text)


TEXTS = [*ROOT.glob("*.md"), *ROOT.glob("data/**/*.md"), *STORED]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_local_links_resolve(path):
    for link in links(path):
        if not re.match(r"https?://|mailto:|#", link):
            assert (path.parent / link.split("#")[0]).exists(), link


def test_readme_is_what_the_build_writes():
    text = build.README.read_text(encoding="utf-8")
    assert [mark for _, mark, _ in build.README_TABLE.findall(text)] == ["lessons", "elsewhere"]
    assert build.with_lessons(text) == text, "python3 run.py build"


@pytest.mark.parametrize("name", lessons.names())
def test_a_lesson_fits_into_an_evening(name):
    assert sum(lessons.minutes(name)) <= lessons.LONGEST_MINUTES, "cut it, or split it: one idea a lesson"


NAMED = [*ROOT.glob("sources/*.py"), *ROOT.glob("helpers/**/*.py"), *ROOT.glob("*.md"), *ROOT.glob("data/**/*.md")]
NAMED += [ROOT / "pyproject.toml", ROOT / "run.py", *ROOT.glob("tools/*.py")]


@pytest.mark.parametrize("path", NAMED, ids=lambda path: str(path.relative_to(ROOT)))
def test_lessons_are_named_not_numbered(path):
    text = re.sub(build.README_LINK, "", build.README_TABLE.sub("", path.read_text(encoding="utf-8")))
    assert not re.search(r"\blessons?(?: |\n# )\d|lesson_\d", text, re.IGNORECASE), (
        "write {lesson:topic}, or use helpers.lessons"
    )


def test_messages_of_helpers_name_lessons_that_exist():
    named = re.compile(r'\blesson\("(\w+)"\)')
    topics = {t for path in ROOT.glob("helpers/**/*.py") for t in named.findall(path.read_text(encoding="utf-8"))}
    assert topics <= {lessons.topic(name) for name in lessons.names()}


def test_address_stands_in_pyproject_only():
    address = lessons.repository()
    owner = address.split("/")[3]
    for path in [*(ROOT / "sources").glob("*.py"), *ROOT.glob("helpers/**/*.py"), *ROOT.glob("tools/*.py")]:
        assert owner not in path.read_text(encoding="utf-8"), path
    for path in TEXTS:
        for found in re.findall(r"https://github\.com/[\w-]+/[\w-]+", path.read_text(encoding="utf-8")):
            if found.endswith(address.rsplit("/", 1)[1]):
                assert found == address, path


def test_helpers_import_loads_no_tensorflow_and_nothing_heavy():
    program = "import sys, helpers; print([m for m in ('tensorflow', 'keras', 'pandas', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_data_windows_baselines_evaluation_plots_and_checks_load_no_tensorflow():
    modules = ["data", "windows", "season", "baselines", "evaluation", "plots", "models", "forecasting", "inputs"]
    modules += ["pipeline", "exercises.engine"]
    program = (
        f"import sys, importlib; [importlib.import_module('helpers.' + m) for m in {modules}]; "
        "print('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# GitHub says of the first: "The following macros are not allowed". The last four number equations, which it does not.
REFUSED_MACROS = r"\\(?:operatorname|mbox|phantom|(?:re)?newcommand|def|let|require|href|class|label|tag|ref|eqref)\b"


def github_faults(text: str) -> list[str]:
    """Return what GitHub would not show as it is meant: math that it refuses, folds that show raw Markdown."""
    prose = re.sub(r"```.*?```|`[^`\n]*`", "code", text, flags=re.DOTALL)
    faults = [f"refused macro: {found}" for found in re.findall(REFUSED_MACROS, prose)]
    around = re.split(r"\$\$.*?\$\$", prose, flags=re.DOTALL)
    for before, after in itertools.pairwise(around):
        if not (re.search(r"(\A|\n\n)\Z", before) and re.match(r"\n\n|\n?\Z", after)):
            faults.append(f"$$ needs an empty line before and after: …{before[-30:]}$$")
    faults += ["an odd number of dollar signs: write \\\\$"] * (len(re.findall(r"(?<!\\)\$", prose)) % 2)
    faults += [f"needs an empty line: {found!r}" for found in re.findall(r"</summary>(?!\n\n).{0,30}", prose)]
    faults += [f"must begin a line: {found!r}" for found in re.findall(r"[^\n]+<details>", prose)]
    return faults


@built
def test_github_shows_math_and_folds(name, solved):
    for cell in read(name, solved).cells:
        if cell.cell_type == "markdown":
            assert github_faults(cell.source) == []


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("So $h_t = z$ and\n\n$$h = \\text{new}$$\n\nagain.", 0),
        ("It costs 5 \\$, and `$HOME` is code.", 0),
        ("<details><summary>Answer</summary>\n\n**Yes**\n\n</details>", 0),
        ("$\\operatorname{sigmoid}(x)$", 1),
        ("$$\\newcommand{\\s}{\\sigma} \\s \\tag{1}$$", 2),
        ("as follows:\n$$h = z$$\n\nagain", 1),
        ("$$h = z$$ where", 1),
        ("costs 5 $", 1),
        ("<details><summary>Answer</summary>\n**Yes**</details>", 1),
        ("Look: <details><summary>Answer</summary>\n\nYes</details>", 1),
    ],
)
def test_github_faults_are_found(text, faults):
    assert len(github_faults(text)) == faults, github_faults(text)


@built
def test_lessons_install_nothing(name, solved):
    """On Colab a lesson leaves the installed TensorFlow, NumPy and pandas as they are."""
    for cell in code_cells(read(name, solved)):
        assert not re.search(r"^\s*[!%]|\b(pip|conda|apt)\b", cell.source, re.MULTILINE), cell.source
