"""The site as a reader meets it: made by `run.py site`, opened in a real browser, from a server and from a folder.

Needs Chromium. Playwright and axe-core are borrowed for the run, as in test_browser.py. SCREENSHOTS names a folder for
pictures of every page.
"""

import functools
import http.server
import json
import os
import re
import subprocess
import sys
import threading
import zipfile
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import numpy as np
import pytest

from helpers.cells import GRU
from tools import explorer

ROOT = Path(__file__).parents[2]
BELOW = "/a/sub path/"  # where the server shows the site
LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
MEGABYTE = 1e6
NARROW = 345  # pixels: 360, less what a desktop's scroll bar takes
RULES = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},  # nothing but colours is different
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return the folder of a site made from what is here, below a folder whose name has a space; beside it its ZIP."""
    folder = tmp_path_factory.mktemp("server") / BELOW.strip("/")
    command = [sys.executable, ROOT / "run.py", "site", folder, "--zip", folder.with_name("release.zip")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site):
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html") if "_static" not in path.parts)


@pytest.fixture(scope="module")
def release(site, tmp_path_factory):
    """Unpack the ZIP file of a release, and return its folder."""
    folder = tmp_path_factory.mktemp("release")
    with zipfile.ZipFile(site.with_name("release.zip")) as packed:
        packed.extractall(folder)
    return folder


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address(site):
    """Serve the site below a sub-path, and return the address of its folder."""
    handler = functools.partial(Quiet, directory=site.parents[len(Path(BELOW.strip("/")).parts) - 1])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{BELOW.replace(' ', '%20')}"
    server.shutdown()


class Window:
    """A browser's window that notes what its pages ask for, and what goes wrong in them."""

    def __init__(self, browser, **options):
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.asked, self.wrong = set(), []
        self.page.on("request", lambda request: self.asked.add(request.url))
        self.page.on("response", lambda answer: answer.status >= 400 and self.wrong.append(answer.url))
        self.page.on("console", lambda said: said.type == "error" and self.wrong.append(said.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))


@pytest.fixture
def window(chromium):
    window = Window(chromium, viewport={"width": 1300, "height": 1000}, reduced_motion="reduce")
    yield window
    window.context.close()
    hosts = {urlsplit(url).hostname for url in window.asked} - {None, ""}  # data and blobs inside the page; a folder
    assert hosts <= {"127.0.0.1"}


@pytest.fixture(scope="module")
def axe(borrow):
    """Return axe-core, which a package carries."""
    folder = borrow("--no-deps", "axe-playwright-python==0.1.8")  # axe-core 4.12.1
    return (folder / "axe_playwright_python" / "axe.min.js").read_text(encoding="utf-8")


def settle(page):
    """Wait until the formulas are typeset and the pictures that are near have come."""
    page.evaluate("window.MathJax?.startup?.promise")


# ---- sizes and links, without a browser ----


def test_small(site, pages):
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) < 30 * MEGABYTE
    assert all((site / name).stat().st_size < 1.5 * MEGABYTE for name in pages)


def test_every_page_forbids_other_hosts_first_of_all(site, pages):
    for name in pages:
        head = (site / name).read_text(encoding="utf-8").split("<head>")[1]
        policy = head.index("Content-Security-Policy")
        assert not re.search(r"<(script|link|style|img)", head[:policy]), name


def ids(html):
    return set(re.findall(r'\b(?:id|name)="([^"]+)"', html))


def test_all_links_resolve(site, pages):
    texts = {name: (site / name).read_text(encoding="utf-8") for name in pages}
    targets = {name: ids(text) for name, text in texts.items()}
    wrong = set()
    for name, text in texts.items():
        for link in re.findall(r'\b(?:href|src|action)="([^"]+)"', text):
            target, fragment = urldefrag(urljoin(f"http://x/{name}", link.replace("&amp;", "&")))
            if not link or re.match(r"[a-z]+:", link):
                continue
            path = unquote(urlsplit(target).path).lstrip("/")
            if not (site / path).is_file() or (fragment and path in targets and unquote(fragment) not in targets[path]):
                wrong.add((name, link))
    assert not wrong


@pytest.mark.parametrize("name", LESSONS)
def test_downloads_are_the_committed_notebooks(site, name):
    html = (site / "notebooks" / f"{name}.html").read_text(encoding="utf-8")
    links = re.findall(r'href="([^"]*_downloads/[^"]+\.ipynb)"', html)
    given = {(site / "notebooks" / link).resolve().read_bytes() for link in links}
    assert given == {(ROOT / "notebooks" / part / f"{name}.ipynb").read_bytes() for part in ("", "solutions")}


def test_what_is_said_of_several_parameters_stands_once(site):
    html = (site / "reference" / "helpers.cells.html").read_text(encoding="utf-8")
    docstrings = (ROOT / "helpers" / "cells.py").read_text(encoding="utf-8")
    for said in ("Sizes of the input and of the state.", "Shapes (features, units) for W"):
        assert html.count(said) == docstrings.count(said) > 0
    assert "<strong>W, U, b</strong>" in html


def test_the_decks_share_the_pictures_of_the_pages(site):
    for name in LESSONS:
        deck = (site / "slides" / f"{name}.html").read_text(encoding="utf-8")
        assert 'src="../_images/' in deck
        assert "data:image" not in deck


def test_the_release_holds_site_slides_notebooks_and_licences(site, release):
    top = {path.name for path in release.iterdir()}
    assert top == {"site", "notebooks", "LICENSE", "LICENCES.md", "CITATION.cff"}
    licences = (release / "LICENCES.md").read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!https:)([^)]+)\)", licences):
        assert (release / link).is_file(), link
    for name in LESSONS:
        notebook = (ROOT / "notebooks" / f"{name}.ipynb").read_bytes()
        assert (release / "notebooks" / f"{name}.ipynb").read_bytes() == notebook
        deck = (site / "slides" / f"{name}.html").read_bytes()
        assert (release / "site" / "slides" / f"{name}.html").read_bytes() == deck


# ---- in the browser ----

WIDER = """() => [...document.querySelectorAll('body *')].filter(node => {
    const box = node.getBoundingClientRect();
    const inBox = parent => parent && (['auto', 'scroll', 'hidden'].includes(getComputedStyle(parent).overflowX)
        || inBox(parent.parentElement));
    return box.width && box.right > innerWidth + 1 && !inBox(node.parentElement) && node.checkVisibility();
}).map(node => node.outerHTML.slice(0, 150))"""


def open_page(window, start, name):
    """Open a page, wait for its formulas, and see that nothing went wrong in it."""
    window.page.goto(start + name)
    settle(window.page)
    assert window.page.locator("h1:visible").count() == 1, name
    assert window.page.locator("mjx-merror").count() == 0, name
    assert not window.wrong, (name, window.wrong)


def wear(page, theme):
    """Choose light or dark for all pages to come."""
    page.evaluate("mode => { localStorage.mode = localStorage.theme = mode; }", theme)


def test_every_page_from_a_server_below_a_path(window, address, pages, axe):
    """Nothing from elsewhere, nothing that keeps people out."""
    page, found = window.page, {}
    for name in pages:
        open_page(window, address, name)
        page.evaluate(axe)
        for theme, rules in RULES.items():
            page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
            options = {"runOnly": rules, "resultTypes": ["violations"], "preload": False}
            for problem in page.evaluate("options => axe.run(options)", options)["violations"]:
                found.setdefault((problem["id"], theme), []).append((name, problem["nodes"][0]["html"][:200]))
    assert not found
    assert all(url.startswith((address, "data:", "blob:")) for url in window.asked)


def test_nothing_scrolls_sideways_on_a_narrow_screen(window, address, pages):
    """But code, tables and formulas, in boxes of their own."""
    found = {}
    window.page.set_viewport_size({"width": NARROW, "height": 740})
    for name in pages:
        open_page(window, address, name)
        if window.page.evaluate("document.documentElement.scrollWidth") > NARROW:
            found[name] = window.page.evaluate(WIDER)[:2]
    assert not found, json.dumps(found, indent=1)


def test_every_page_from_a_folder(window, site, pages):
    for name in pages:
        open_page(window, f"{site.as_uri()}/", name)
    assert all(url.startswith((site.as_uri(), "data:", "blob:")) for url in window.asked)


@pytest.mark.parametrize("place", ["server", "folder"])
def test_search_finds_a_lesson_by_a_word_of_its_text(window, site, address, place):
    page = window.page
    page.goto(address if place == "server" else (site / "index.html").as_uri())
    page.keyboard.press("Control+K")
    page.keyboard.type("evapotranspiration")
    page.keyboard.press("Enter")
    page.locator("#search-results li a", has_text="05 GRU against LSTM").first.click()
    assert page.locator("article h1").inner_text().startswith("05 GRU against LSTM")


def test_a_search_shows_what_the_text_says(window, address):
    """A word of the explorer alone finds no lesson; what is shown of a page is its text, not the buttons around it."""
    page = window.page
    page.goto(f"{address}search.html?q=PyTorch")
    page.locator("#search-results li p.context").first.wait_for()
    assert page.locator("#search-results li a").first.inner_text().startswith("02 ")
    found = page.locator("#search-results li a").all_inner_texts()
    assert not [title for title in found if title.startswith("01 ")]  # its text says nothing of PyTorch
    # It is looked up as "memori", which stands nowhere: its pages are shown from their top.
    page.goto(f"{address}search.html?q=memory")
    page.locator("#search-results li p.context").first.wait_for()
    assert not page.locator("#search-results p.context", has_text="System Settings").count()


TYPED = """form => {
    const field = form.querySelector('input'), {paddingLeft} = getComputedStyle(field);
    const typed = field.getBoundingClientRect().left + parseFloat(paddingLeft);
    return typed - form.querySelector('i').getBoundingClientRect().right;
}"""


@pytest.mark.parametrize("width", [1280, 360])
def test_the_magnifier_does_not_lie_on_what_is_typed(window, address, width):
    page = window.page
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"{address}search.html?q=gate")
    assert page.locator("form.bd-search:visible").evaluate(TYPED) >= 2
    page.goto(address)
    page.keyboard.press("Control+K")
    assert page.locator("#pst-search-dialog form.bd-search").evaluate(TYPED) >= 2


@pytest.mark.parametrize("place", ["server", "folder"])
@pytest.mark.parametrize("name", ["explorer", f"notebooks/{LESSONS[1]}"])
def test_the_explorer_is_part_of_its_page(window, site, address, name, place):
    """It is as high as what it holds, so that there is one thing to scroll, and as dark as the page around it."""
    page = window.page
    page.goto((address if place == "server" else f"{site.as_uri()}/") + f"{name}.html")
    page.locator("iframe[style*='height: ']").wait_for()  # it has been fitted
    assert page.evaluate("document.querySelector('iframe').clientHeight") > 1500
    left = "document.querySelector('iframe').contentDocument.scrollingElement.scrollHeight - frames[0].innerHeight"
    assert page.evaluate(left) <= 0
    grounds = {"dark": "rgb(22, 24, 28)", "light": "rgb(255, 255, 255)"}
    for mode, ground in grounds.items():
        page.locator("button.theme-switch-button:visible").click()
        page.locator(f'button.theme-change-button[data-mode="{mode}"]:visible').click()
        frame = page.frame_locator("iframe[title='GRU explorer']")
        frame.locator(f"html[data-theme={mode}]").wait_for()
        assert frame.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == ground
        around = page.locator("iframe").evaluate("frame => getComputedStyle(frame.parentElement).backgroundColor")
        assert around == "rgba(0, 0, 0, 0)"
        page.reload()
        assert frame.locator("html").get_attribute("data-theme") == mode
    assert not window.wrong


def test_dark_mode_stays(window, address):
    page = window.page
    page.goto(address)
    for mode in ("dark", "light", "dark"):
        page.locator("button.theme-switch-button:visible").click()
        page.locator(f'button.theme-change-button[data-mode="{mode}"]:visible').click()
        assert page.evaluate("document.documentElement.dataset.theme") == mode
        for name in (f"notebooks/{LESSONS[0]}.html", "index.html"):
            page.goto(address + name)
            assert page.evaluate("document.documentElement.dataset.theme") == mode


def test_folds_open_by_keyboard(window, address):
    page = window.page
    page.goto(f"{address}notebooks/{LESSONS[1]}.html")
    for title in ("Set-up: finds the collection", "Proof of what the text says", "A solution", "A unit has z = 0 for"):
        fold = page.locator("details", has=page.locator("summary", has_text=title)).first
        inside = fold.locator(":scope > :not(summary)").first
        assert not inside.is_visible()
        fold.locator("summary").press("Enter")
        assert inside.is_visible()


def test_a_cell_is_copied(chromium, address):
    window = Window(chromium, viewport={"width": 1300, "height": 1000}, permissions=["clipboard-read"])
    page = window.page
    page.goto(f"{address}notebooks/{LESSONS[1]}.html")
    cell = page.locator("div.cell_input", has_text="def plain_memories").first
    cell.hover()
    cell.locator("button.copybtn").click()
    assert page.evaluate("navigator.clipboard.readText()").startswith("def plain_memories")
    window.context.close()


def test_next_leads_through_all_lessons(window, address):
    page, met = window.page, []
    page.goto(f"{address}lessons.html")
    while (link := page.locator("a.right-next")).count() and len(met) < len(LESSONS):
        page.goto(urljoin(page.url, link.get_attribute("href")))
        if "/notebooks/" in page.url:
            met.append(Path(urlsplit(page.url).path).stem)
    assert met == LESSONS


def test_every_figure_has_its_text_alternative(window, address):
    for name in LESSONS:
        window.page.goto(f"{address}notebooks/{name}.html")
        texts = window.page.locator("article img").evaluate_all("all => all.map(image => image.alt)")
        assert texts
        assert all(len(text) > 40 for text in texts), name


def test_sound_plays(window, address):
    page = window.page
    [name] = [name for name in LESSONS if name.endswith("_speech")]
    page.goto(f"{address}notebooks/{name}.html")
    assert page.locator("audio").count() == 7
    for player in page.locator("audio").all():
        assert player.evaluate("async audio => { audio.muted = true; await audio.play(); return !audio.error; }")


@pytest.mark.parametrize("place", ["server", "folder", "release"])
def test_a_key_turns_the_slides(window, site, release, address, place):
    """From the teacher's page to the slides, to the next one, and to its notes."""
    page = window.page
    start = {"server": address, "folder": f"{site.as_uri()}/", "release": f"{(release / 'site').as_uri()}/"}[place]
    page.goto(f"{start}notebooks/teaching/{LESSONS[3]}.html")
    page.get_by_role("link", name="slides", exact=True).click()
    page.locator(".reveal.ready").wait_for()
    assert page.get_by_role("heading", level=1).is_visible()
    assert not page.get_by_role("heading", level=2).first.is_visible()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("heading", level=2).first.is_visible()
    assert not page.get_by_role("heading", level=1).is_visible()
    assert page.evaluate("Promise.all([...document.images].map(image => image.decode())).then(all => all.length)") > 0
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    current = opened.value.frame_locator("#current-slide iframe")
    current.get_by_role("heading", level=2).first.wait_for()
    opened.value.close()
    assert all(url.startswith((start, "data:", "about:")) for url in window.asked)
    assert not window.wrong


@pytest.mark.parametrize("place", ["server", "folder"])
@pytest.mark.parametrize(
    ("topic", "setting", "step"),
    [("gru_by_hand", "keeper", 3), ("inside_the_network", "brussels", 3), ("", "example", 1)],
)
def test_the_explorer_steps_and_shows_the_numbers_of_a_cell(window, site, address, topic, setting, step, place):
    """In two lessons, and on a page of its own; test_explorer.py drives all its controls."""
    [name] = [f"notebooks/{name}.html" for name in LESSONS if topic and name[3:] == topic] or ["explorer.html"]
    window.page.goto((address if place == "server" else f"{site.as_uri()}/") + name)
    frame = window.page.frame_locator("iframe[title='GRU explorer']")
    assert frame.locator("#setting").input_value() == setting
    [weights] = [one["weights"] for one in explorer.settings() if one["id"] == setting]
    cell = GRU(**{part: np.array(values, dtype=float) for part, values in weights.items()}, reset_after=False)
    frame.get_by_text("All numbers as a table").click()
    rows = frame.locator("#table tbody tr td:nth-child(2)")
    x = [float(value) for value in rows.evaluate_all("all => all.map(cell => cell.dataset.v)")]
    cell.forward(np.reshape(x[:: len(weights["b_h"])], (1, -1, 1)))

    def memory():
        """Return h of each unit: in the words, the last of five numbers behind the input."""
        words = frame.locator("#words").text_content().replace("−", "-")
        return [float(number) for number in re.findall(r"-?\d+\.\d{3}(?!\d)", words)][5::5]

    frame.get_by_label("Step", exact=True).fill(str(step))
    before = memory()
    for _ in range(2):
        frame.get_by_role("button", name="Next").click()
    assert frame.locator("#step-text").text_content().startswith(f"step {step + 2} of ")
    assert memory() != before
    for shown, at in ((before, step), (memory(), step + 2)):
        assert np.allclose(shown, cell.h[0, at - 1], atol=5.01e-4)
    assert not window.wrong


@pytest.mark.skipif("SCREENSHOTS" not in os.environ, reason="no folder named")
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1300, 360])
def test_pictures(chromium, address, pages, theme, width):
    """Keep a picture of every page, for eyes."""
    window = Window(chromium, viewport={"width": width, "height": 900}, reduced_motion="reduce")
    window.page.goto(address)
    wear(window.page, theme)
    folder = Path(os.environ["SCREENSHOTS"])
    for name in pages:
        window.page.goto(address + name)
        settle(window.page)
        picture = folder / f"{theme}-{width}-{name.replace('/', '-').removesuffix('.html')}.png"
        picture.parent.mkdir(parents=True, exist_ok=True)
        window.page.screenshot(path=picture, full_page=theme == "light")
    window.context.close()
