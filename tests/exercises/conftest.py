"""What the tests of all exercises share."""

import pytest


@pytest.fixture
def said(capsys):
    """Return a function that returns what a check has printed."""
    return lambda: capsys.readouterr().out.strip()


@pytest.fixture
def gets_a_sentence(said):
    """Return a function that asserts that a check meets nonsense with one sentence, neither praise nor traceback."""

    def assert_sentence(judge, answer):
        judge(answer)
        verdict = said()
        assert verdict
        assert verdict != "correct"
        assert "\n" not in verdict

    return assert_sentence
