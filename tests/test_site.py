"""The site's text, before Sphinx makes pages of it; tests/places/test_site.py opens the pages."""

import ast
import base64
import re
import zipfile

import pytest

from helpers import explorer
from tools import glossary, lessons, site, site_pages, site_reference, slides

NAMES = lessons.names()
SET = "https://github.com/someone/gru-notebooks"
each_lesson = pytest.mark.parametrize("name", NAMES)


def tagged(book, tag):
    return [cell for cell in book.cells if tag in cell.metadata.get("tags", [])]


def prompts(book):
    return [cell.metadata["mystnb"]["code_prompt_show"] for cell in tagged(book, "hide-input")]


# ---- lessons ----


@each_lesson
def test_a_page_begins_with_its_number_and_title(name):
    source = site_pages.lesson(name).cells[0].source
    assert source.startswith(f"# {name[:2]} {lessons.title(name)}\n")
    assert "←" not in source  # the page has its own links to the neighbours
    assert f"{{download}}`notebook <../downloads/{name}.ipynb>`" in source
    assert f"{{download}}`solved notebook <solutions/{name}.ipynb>`" in source
    assert "| reading |" in source


@each_lesson
def test_set_up_proofs_and_solutions_are_folded(name):
    book = site_pages.lesson(name)
    shown = prompts(book)
    assert shown[0] == site_pages.SETUP
    assert shown.count(site_pages.SETUP) == 1
    proofs = [cell for cell in book.cells if cell.cell_type == "code" and lessons.is_proof(cell.source)]
    assert shown.count(site_pages.PROOF) == len(proofs)
    assert shown.count(site_pages.SOLUTION) * lessons.MINUTES_AN_EXERCISE == lessons.minutes(name)[1]


@each_lesson
def test_a_solution_stands_behind_its_check(name):
    cells = site_pages.lesson(name).cells
    for blank, check, filled in zip(cells, cells[1:], cells[2:], strict=False):
        if filled.metadata.get("mystnb", {}).get("code_prompt_show") == site_pages.SOLUTION:
            assert "..." in blank.source
            assert check.source.startswith("check.")
            assert not filled.outputs


@each_lesson
def test_every_picture_hands_on_its_text_alternative(name):
    for cell in site_pages.lesson(name).cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                assert cell.metadata["mystnb"]["image"]["alt"] == output.data["text/plain"]


def test_two_pictures_in_a_cell_are_refused():
    book = site_pages.lesson(NAMES[0])
    cell = next(cell for cell in book.cells if "image" in cell.metadata.get("mystnb", {}))
    cell.outputs = 2 * [output for output in cell.outputs if "image/png" in output.get("data", {})]
    with pytest.raises(ValueError, match="two pictures"):
        site_pages.dress(cell, "")


def test_without_a_public_address_the_page_says_so(monkeypatch):
    monkeypatch.setattr(lessons, "repository", lambda: "https://github.com/not_set/x")
    source = site_pages.lesson(NAMES[0]).cells[0].source
    assert "has no [public address]" in source
    assert "https://" not in source
    assert "no [public address]" in site_pages.front()
    assert "ask whoever gave you this site for its folder" in site_pages.front()
    assert "git clone" not in site_pages.front()


def test_with_a_public_address_it_leads_to_colab_and_binder(monkeypatch):
    monkeypatch.setattr(lessons, "repository", lambda: SET)
    name = NAMES[0]
    head = lessons.compose(name, solved=False).cells[0].source
    source = site_pages.first_cell(name, head)
    colab = f"https://colab.research.google.com/github/someone/gru-notebooks/blob/main/notebooks/{name}.ipynb"
    assert f"[Open in Colab]({colab})" in source
    assert "[Open in Binder](https://mybinder.org/v2/gh/someone/gru-notebooks/main?" in source
    assert f"git clone {SET}" in site_pages.front()


def test_a_teachers_page_gives_the_solutions_as_a_file_and_leads_to_the_slides(tmp_path):
    (tmp_path / "x.md").write_text("[The lesson](../00_a.ipynb) · [Solutions](../solutions/00_a.ipynb)")
    text = site_pages.teaching_page(tmp_path / "x.md")
    assert text == (
        "[The lesson](../00_a.ipynb) · {download}`Solutions <../solutions/00_a.ipynb>`"
        ' · <a href="../../slides/00_a.html">slides</a>'
    )


@each_lesson
def test_two_pages_for_the_teacher_lead_to_a_lessons_slides(name):
    for page in (name, "README"):
        text = site_pages.teaching_page(lessons.NOTEBOOKS / "teaching" / f"{page}.md")
        assert text.count(f'<a href="../../slides/{name}.html">slides</a>') == 1, page


# ---- the pages around them ----


def test_the_side_bar_has_every_lesson_in_order_under_its_part():
    contents = site_pages.contents()
    listed = re.findall(r"^notebooks/(\d\d_\w+)$", contents, re.MULTILINE)
    assert listed == NAMES
    captions = re.findall(r":caption: (.+)", contents)
    assert [caption for caption in captions if caption in lessons.PARTS] == list(
        dict.fromkeys(lessons.description(name)["part"] for name in NAMES)
    )


def test_front_page_and_table_link_to_what_is_there():
    written = {
        "index.md",
        "lessons.md",
        "glossary.md",
        "explorer.md",
        "reference/index.rst",
    }
    for text in (site_pages.front(), site_pages.table(), site_pages.licences()):
        assert "{" not in re.sub(r"```\{toctree\}", "", text)
        for link in re.findall(r"\]\((?!https:)([^)#]+)", text):
            assert link in written or (lessons.ROOT / link).exists(), link


def test_the_explorer_stands_whole_in_its_page():
    """A page that a folder's page frames is another origin: it could not fit its height to what it holds."""
    page = site_pages.explorer()
    assert explorer.frame("example") in page
    assert "src=" not in re.sub(r"srcdoc='[^']*'", "", page)


def test_the_changelog_is_a_page_with_the_newest_first():
    assert "\nCHANGELOG\n" in site_pages.contents()
    text = (lessons.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == sorted(set(headings), reverse=True)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", heading) for heading in headings)


def test_the_front_page_shows_the_forecast_with_its_text():
    assert re.search(r"!\[[^]]{60,}\]\(notebooks/images/forecast\.png\)", site_pages.front())


def test_the_reference_has_every_module_that_the_readme_names():
    named = set(re.findall(r"^\| `(helpers\.\w+)` \|", site_pages.readme_section("Who starts where"), re.MULTILINE))
    found = set(site_reference.modules())
    assert named - {"helpers.exercises"} <= found
    assert {"helpers.data.records", "helpers.daily_csv", "helpers.exercises.engine"} <= found
    assert not {name for name in found if name.startswith("helpers.daily_csv.")}


def test_a_signature_is_as_it_stands_without_self():
    text = "class A:\n    def f(self, x: int | None=None, *, y: str='a') -> B: pass\ndef g(selfish): pass"
    cell, g = ast.parse(text).body
    assert site_reference.signature(cell.body[0]) == "f(x: int | None=None, *, y: str='a') -> B"
    assert site_reference.signature(g) == "g(selfish)"


def test_only_what_is_for_others_is_in_the_reference():
    tree = ast.parse(
        "def _f(): pass\nclass C:\n    a: int\n    _b: int = 1\n    def g(self): pass\n    def _h(self): pass"
    )
    assert [node.name for node in site_reference.public(tree)] == ["C"]
    [found] = site_reference.public(tree)
    assert [node.name for node in site_reference.public(found)] == ["g"]
    assert site_reference.fields(found) == ["a\n   :type: int"]


# ---- glossary ----


def test_every_term_is_defined_where_the_list_says():
    entries = glossary.entries()
    assert len(entries) == len(glossary.terms()) > 100
    for entry in entries:
        assert f"**{entry.term}**" in entry.definition
        assert entry.definition.count("(") == entry.definition.count(")"), entry
        assert 5 <= len(entry.definition.split()) <= 80, entry


def test_the_glossary_is_in_alphabetical_order_and_links_to_the_lesson():
    page = glossary.page()
    assert re.findall(r"^## (.)$", page, re.MULTILINE) == sorted(set(re.findall(r"^## (.)$", page, re.MULTILINE)))
    name = lessons.find("gru_by_hand")
    assert "\ngate\n: A **gate** is a number between 0 and 1" in page
    assert f"([lesson {name[:2]}](notebooks/{name}.ipynb#what-is-a-gate))" in page
    assert not re.search(r"\]\(\d\d_", page)


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        ("gru_by_hand: gate\nconventions: gate", "'gate' stands twice"),
        ("gru_by_hand: gateau", "'gateau' does not"),
        ("gru_by_hand: gate\n+ gates: More.", "'gates', to which"),
    ],
)
def test_a_wrong_term_is_named(tmp_path, monkeypatch, listed, message):
    (tmp_path / "terms.txt").write_text(listed)
    monkeypatch.setattr(glossary, "TERMS", tmp_path / "terms.txt")
    with pytest.raises(ValueError, match=message):
        glossary.entries()


def test_marks_add_sentences():
    name = lessons.find("gru_by_hand")
    alone, *where = glossary.definition(name, "hidden state")
    assert alone == "This memory is called the **hidden state**, $h$."
    assert where == [name, "#why-does-order-matter"]
    assert glossary.definition(name, "hidden state", before=1)[0].endswith(f"what came before. {alone}")
    assert glossary.definition(name, "hidden state", after=1)[0].startswith(f"{alone} At each **time step**")


def test_marks_add_nothing_from_another_section(monkeypatch):
    found = [("One.", "#a"), ("A **term**.", "#b"), ("Two.", "#b"), ("Three.", "#c")]
    monkeypatch.setattr(glossary, "sentences", lambda name: found)
    assert glossary.definition("x", "term", before=1, after=2) == ("A **term**. Two.", "x", "#b")


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Can I keep a pulse, for 50 steps?", "can-i-keep-a-pulse-for-50-steps"),
        ("Trap: `return_sequences` forgotten", "trap-return_sequences-forgotten"),
    ],
)
def test_a_place_is_what_the_site_makes_of_a_heading(heading, expected):
    assert glossary.slug(heading) == expected


def test_no_entry_holds_a_formula_on_a_line_of_its_own_or_a_mark_of_markdown():
    for entry in glossary.entries():
        assert "$$" not in entry.definition, entry
        assert entry.definition[0] not in ">-#|", entry
        assert not entry.definition.startswith(("Its ", "They ")), entry  # whose? who?


def test_what_libraries_call_differently_leads_to_the_conventions():
    entries = {entry.term: entry.definition for entry in glossary.entries()}
    name = lessons.find("conventions")
    for term in ("update gate", "reset gate"):
        assert f"esson {name[:2]}](notebooks/{name}.ipynb)" in entries[term]
    assert "Keras and PyTorch: there z is the share of the old memory that is kept" in entries["update gate"]


# ---- where it goes ----


def test_only_a_site_is_replaced(tmp_path, capsys):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    assert site.main([str(tmp_path / "mine")]) == 1
    assert "holds something else than a site" in capsys.readouterr().err
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


def test_an_empty_folder_and_an_older_site_are_replaced(tmp_path):
    site.check_places(tmp_path, None)
    (tmp_path / site.MARK).touch()
    site.check_places(tmp_path, None)


def test_a_file_is_not_replaced(tmp_path):
    for taken in (tmp_path / "site", tmp_path / "release.zip"):
        taken.write_text("mine")
    with pytest.raises(ValueError, match="something else"):
        site.check_places(tmp_path / "site", None)
    with pytest.raises(ValueError, match=r"release\.zip is there already"):
        site.check_places(tmp_path / "new", tmp_path / "release.zip")


def test_a_site_that_fails_leaves_the_old_one(tmp_path, monkeypatch, capsys):
    def fail(*_):
        raise ValueError("Sphinx is not content")

    old = tmp_path / "site"
    old.mkdir()
    (old / site.MARK).write_text("old")
    monkeypatch.setattr(site, "stage", lambda source: None)
    monkeypatch.setattr(site, "render", fail)
    assert site.main([str(old)]) == 1
    assert "not content" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert (old / site.MARK).read_text() == "old"


def test_a_deck_shows_the_pages_pictures_instead_of_its_own(tmp_path, monkeypatch):
    pictures = {"one.png": b"\x89PNG 1", "two.png": b"\x89PNG 2"}
    (tmp_path / "_images").mkdir()
    for name, picture in pictures.items():
        (tmp_path / "_images" / name).write_bytes(picture)
    one, two = (base64.b64encode(picture).decode() for picture in pictures.values())
    deck = (
        '<pre>data:image/png;base64,</pre><img src="data:image/png;base64,{}" alt="first"><img src="{}" alt="second">'
    )

    def written(folder):
        folder.mkdir()
        (folder / "00_a.html").write_text(deck.format(two, f"data:image/png;base64,{one}"), encoding="utf-8")

    monkeypatch.setattr(slides, "write", written)
    site.add_slides(tmp_path)
    text = (tmp_path / "slides" / "00_a.html").read_text(encoding="utf-8")
    assert text == deck.replace("data:image/png;base64,{}", "{}").format("../_images/two.png", "../_images/one.png")


def test_the_release_holds_site_slides_notebooks_and_licences(tmp_path):
    (tmp_path / "site" / "slides").mkdir(parents=True)
    (tmp_path / "site" / "data").mkdir()
    for name in ("index.html", "slides/00_a.html", "data/README.html", "CONTRIBUTING.html", "CHANGELOG.html"):
        (tmp_path / "site" / name).write_text("hello")
    site.pack(tmp_path / "site", tmp_path / "release.zip")
    with zipfile.ZipFile(tmp_path / "release.zip") as packed:
        names = packed.namelist()
        assert {"site/index.html", "site/slides/00_a.html", "LICENSE", "LICENCES.md"} <= set(names)
        for name in NAMES:
            assert {f"notebooks/{name}.ipynb", f"notebooks/solutions/{name}.ipynb"} <= set(names)
        licences = packed.read("LICENCES.md").decode()
        for said in ("CC BY 4.0", "MathJax (Apache", "reveal.js with marked (MIT)"):
            assert said in licences
        assert set(re.findall(r"\]\((?!https:)([^)]+)\)", licences)) <= set(names)


def test_what_sphinx_reads_lies_as_in_the_repository(tmp_path, monkeypatch):
    monkeypatch.setattr(site_reference, "pages", lambda: {"index": "needs Sphinx"})
    site.stage(tmp_path)
    for name in ("CONTRIBUTING.md", "CHANGELOG.md", "data/speech/README.md", "notebooks/images/forecast.png"):
        assert (tmp_path / name).read_bytes() == (lessons.ROOT / name).read_bytes()
    for name in NAMES:
        original = lessons.notebook_path(name, solved=False).read_bytes()
        assert (tmp_path / "downloads" / f"{name}.ipynb").read_bytes() == original
