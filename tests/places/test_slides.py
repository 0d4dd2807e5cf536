"""The slides of every lesson in Chromium, from a folder: nothing cut off, every figure with its text, the keyboard.

They are written by `run.py classroom`, in `.venv-classroom`. SCREENSHOTS names a folder for pictures of them.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import lessons
from tools.slides import MOST

ROOT = Path(__file__).parents[2]
WIDTH, HEIGHT = 1280, 720
CUT_OFF = """([width, height]) => {
    const found = [];
    Reveal.getSlides().forEach((slide, place) => {
        Reveal.slide(place);
        slide.querySelectorAll('.fragment').forEach(part => part.classList.add('visible'));
        for (const part of slide.querySelectorAll(':scope *:not(aside, aside *)')) {
            const box = part.getBoundingClientRect();
            const isOutside = box.left < 0 || box.top < 0 || box.right > width || box.bottom > height;
            if (isOutside) found.push(`${place + 1}: ${part.tagName} ${part.textContent.slice(0, 60)}`);
        }
    });
    return found;
}"""


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("classroom") / "class"
    done = subprocess.run([sys.executable, ROOT / "run.py", "classroom", folder], capture_output=True, text=True)
    if "No matching distribution" in done.stderr or "no answer from the network" in done.stderr:
        pytest.skip("no package index answers; this test needs one")
    assert done.returncode == 0, done.stderr
    return folder / "teacher" / "slides"


@pytest.fixture(scope="module")
def page(chromium, decks):
    """Yield a page for all decks; afterwards look that it asked nobody for anything, and that no script failed."""
    page, asked, complaints = chromium.new_page(viewport={"width": WIDTH, "height": HEIGHT}), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    yield page
    page.close()
    assert all(url.startswith((decks.as_uri(), "data:")) for url in asked)
    assert complaints == []


def open_deck(page, decks, name):
    page.goto(f"{(decks / name).as_uri()}.html")
    page.locator(".reveal.ready").wait_for()
    return page.evaluate("Reveal.getTotalSlides()")


@pytest.mark.parametrize("name", lessons.names())
def test_nothing_is_cut_off_and_every_figure_has_its_text(page, decks, name):
    slides = open_deck(page, decks, name)
    assert 5 < slides <= MOST
    assert page.evaluate(CUT_OFF, [WIDTH, HEIGHT]) == []
    alternatives = page.evaluate("[...document.images].map(image => image.complete && image.naturalWidth && image.alt)")
    assert alternatives
    assert all(alternatives)
    if "SCREENSHOTS" in os.environ:
        for place in range(slides):
            page.evaluate("place => Reveal.slide(place)", place)
            page.screenshot(path=Path(os.environ["SCREENSHOTS"], f"{name[:2]}-{place + 1:02}.png"))


def test_by_the_keyboard_from_the_first_slide_to_the_last_answer(page, decks):
    slides = open_deck(page, decks, lessons.find("vanishing_gradients"))
    page.evaluate("Reveal.slide(0)")
    answers = page.locator(".fragment")
    assert answers.count() == 3
    steps = 0
    while not page.evaluate("Reveal.isLastSlide()") or page.locator(".fragment.visible").count() < 3:
        page.keyboard.press("ArrowRight")
        steps += 1
        assert steps < 50
    assert steps == slides - 1 + 3
    page.keyboard.press("Home")
    assert page.evaluate("Reveal.getIndices().h") == 0


def test_the_speaker_sees_the_notes_for_the_teacher(page, decks):
    name = lessons.find("vanishing_gradients")
    open_deck(page, decks, name)
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    speaker = opened.value
    speaker.get_by_text("An activity without a computer").first.wait_for()
    speaker.close()


def test_on_paper_a_page_a_slide(page, decks):
    name = lessons.find("cleaning")
    slides = open_deck(page, decks, name)
    page.goto(f"{(decks / name).as_uri()}.html?print-pdf")
    page.locator(".pdf-page").nth(slides - 1).wait_for()
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == slides
