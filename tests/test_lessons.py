"""helpers.lessons: where a message sends its reader."""

from helpers import lessons


def test_the_number_is_that_of_the_notebook(tmp_path, monkeypatch):
    (tmp_path / "07_windowing.ipynb").touch()
    monkeypatch.setattr(lessons, "NOTEBOOKS", tmp_path)
    assert lessons.lesson("windowing") == "lesson 07"


def test_without_notebooks_it_is_the_name(tmp_path, monkeypatch):
    monkeypatch.setattr(lessons, "NOTEBOOKS", tmp_path / "nowhere")
    assert lessons.lesson("windowing") == "the lesson windowing"


def test_the_quickstart_is_found_where_the_notebooks_are():
    assert lessons.lesson("quickstart") == "lesson 00"
