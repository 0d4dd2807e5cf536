"""The explorer in a real browser: its controls are driven, and its numbers compared with those of `helpers.cells`.

It is opened from its file, and SCREENSHOTS names a folder for pictures, as for the lessons in JupyterLab.
"""

import itertools
import os
import re
from pathlib import Path

import numpy as np
import pytest

from helpers.cells import GRU
from tools import explorer

SETTINGS = {one["id"]: one for one in explorer.settings()}
ADDRESS = explorer.BUILT.as_uri()

READ = """() => [...document.querySelectorAll('#table tbody tr')].map(row =>
    [...row.querySelectorAll('td')].map(cell => [cell.textContent, cell.dataset.v ?? null]))"""
PUT = """([sign, reset, chosen]) => {
    document.querySelector(`input[name=sign][value=${sign}]`).click();
    document.querySelector(`input[name=reset][value=${reset}]`).click();
    for (const [id, value] of Object.entries(chosen)) {
        document.getElementById(id).value = value;
        document.getElementById(id).dispatchEvent(new Event('change'));
    }
}"""
FAULTS = """async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];
    const {violations, passes} = await axe.run({runOnly: tags});
    return [passes.length, violations.map(({id, nodes}) => [id, nodes.map(node => node.html)])];
}"""
NAMELESS = """() => {
    const named = control => control.labels?.length ? [...control.labels].map(label => label.textContent).join('')
        : control.textContent;
    const controls = [...document.querySelectorAll('#app input, #app select, #app button, #app summary')];
    return controls.filter(control => !named(control).trim()).map(control => control.outerHTML);
}"""


@pytest.fixture
def opened(chromium):
    """Yield a function that opens the page; afterwards look that it asked nobody for anything, and did not fail."""
    contexts, requests, complaints = [], [], []

    def opening(fragment="", width=1100, **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(ADDRESS + fragment)
        return page

    yield opening
    for context in contexts:
        context.close()
    assert {url.partition("#")[0] for url in requests} == {ADDRESS}
    assert complaints == []


@pytest.fixture(scope="module")
def axe(borrow):
    """Return the source of axe-core, which finds what keeps people from using a page."""
    folder = borrow("--no-deps", "axe-playwright-python==0.1.8")  # axe-core 4.12.1
    return (folder / "axe_playwright_python" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def pictures(tmp_path):
    folder = Path(os.environ.get("SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def shown(page):
    """Return the numbers of the table, shape (steps, units, 5), and check that each text is its number, rounded."""
    page.evaluate("document.getElementById('numbers').open = true")
    page.wait_for_selector("#table td")
    rows = page.evaluate(READ)
    for text, value in itertools.chain(*rows):
        assert abs(float(text.replace("−", "-")) - float(value)) <= 5.0001e-4
    units = page.locator("#unit option").count()
    return np.array([[float(value) for _, value in row] for row in rows]).reshape(-1, units, 5)


def by_cells(weights, x, sign="takes", reset="before", hold=None, at=None):
    """Return the same numbers by `helpers.cells`, step by step; `hold` maps (gate, unit) to 0 or 1."""
    weights = {name: np.array(values, dtype=float) for name, values in weights.items()}
    units = len(weights["b_h"])
    if sign == "forgot":  # its z keeps, so that of the cell is what is left
        weights |= {name: -weights[name] for name in ("W_z", "U_z", "b_z")}
    h, rows = np.zeros((1, units)), []
    for t, x_t in enumerate(x):
        of_step = {name: values.copy() for name, values in weights.items()}
        for (gate, unit), value in (hold or {}).items() if at in (None, t) else ():
            opens = value if gate == "r" or sign == "takes" else 1 - value
            of_step[f"W_{gate}"][:, unit] = of_step[f"U_{gate}"][:, unit] = 0
            of_step[f"b_{gate}"][unit] = np.inf if opens else -np.inf
        cell = GRU(**of_step, reset_after=reset == "after")
        cell.forward([[[x_t]]], h)
        h = cell.h[:, 0]
        z = cell.z if sign == "takes" else 1 - cell.z
        rows.append([np.full(units, x_t), cell.r[0, 0], z[0, 0], cell.candidate[0, 0], h[0]])
    return np.array(rows).swapaxes(1, 2)


def put(page, sign="takes", reset="before", hold=None, at=None):
    """Set the controls, in one go: `test_controls_by_hand` shows that a mouse and keys do the same."""
    page.locator("#free").click()
    chosen = {f"hold-{gate}-{unit + 1}": str(value) for (gate, unit), value in (hold or {}).items()}
    page.evaluate(PUT, [sign, reset, chosen | {"hold-at": "" if at is None else str(at)}])


def begin(page, name):
    page.get_by_label("Network", exact=True).select_option(name)
    return shown(page)[:, 0, 0]


def numbers(text):
    return [float(number.replace("−", "-")) for number in re.findall(r"−?\d+\.\d{3}(?!\d)", text)]


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("sign", ["takes", "keeps", "forgot"])
@pytest.mark.parametrize("reset", ["before", "after"])
def test_numbers(opened, name, sign, reset):
    """Every convention with each gate of each unit held, at all steps and at one, and with inputs changed."""
    page = opened()
    x, weights = begin(page, name), SETTINGS[name]["weights"]
    units, steps = len(weights["b_h"]), len(x)
    if "x" in SETTINGS[name]:
        assert x.tolist() == SETTINGS[name]["x"]
    rng = np.random.default_rng(0)
    holds = [{}] + [{(gate, unit): value} for gate in "rz" for unit in range(units) for value in (0, 1)]
    holds += [{(gate, unit): int(rng.integers(2)) for gate in "rz" for unit in range(units)}]
    for hold in holds:
        for at in (None, int(rng.integers(steps))):
            put(page, sign, reset, hold, at)
            assert np.abs(shown(page) - by_cells(weights, x, sign, reset, hold, at)).max() < 1e-6
    for value in (-4.0, 0.123456, 2.5):
        step = int(rng.integers(steps))
        page.get_by_label("Step", exact=True).fill(str(step + 1))
        page.get_by_label("x at this step, written").fill(str(value))
        x[step] = value
        assert np.abs(shown(page) - by_cells(weights, x, sign, reset, hold, at)).max() < 1e-6
    page.get_by_role("button", name="All inputs as they were").click()
    assert not np.array_equal(shown(page)[:, 0, 0], x)


@pytest.mark.parametrize("name", SETTINGS)
def test_biases(opened, name):
    """Each bias of each gate moved on its own, at the ends and between; then all as they were."""
    page = opened()
    x, weights = begin(page, name), SETTINGS[name]["weights"]
    for unit in range(len(weights["b_h"])):
        page.get_by_label("Unit", exact=True).select_option(index=unit)
        for gate in "rz":
            for value in (-10, -2.5, 10):
                page.get_by_label(f"bias of {gate}", exact=True).fill(str(value))
                biases = [value if i == unit else bias for i, bias in enumerate(weights[f"b_{gate}"])]
                changed = weights | {f"b_{gate}": biases}
                assert np.abs(shown(page) - by_cells(changed, x)).max() < 1e-6
            page.get_by_role("button", name="All biases as they were").click()
    assert np.abs(shown(page) - by_cells(weights, x)).max() < 1e-6
    page.get_by_label("bias of z", exact=True).press("ArrowRight")
    assert not np.allclose(shown(page), by_cells(weights, x), atol=1e-6)


def test_a_pulse_is_kept_and_a_negative_input_is_ignored(opened):
    """What the lesson gru_by_hand asks the reader to try, with the page as it opens there."""
    page = opened("#keeper")
    assert page.locator("#step-text").text_content() == "step 60 of 80"
    page.get_by_label("x at this step, written").fill("-1")
    h = shown(page)[:, 0, 4]
    assert h[58] > 0.8 * h[4]
    assert abs(h[59] - h[58]) < 1e-9


def test_controls_by_hand(opened):
    page, weights = opened(), SETTINGS["example"]["weights"]
    page.get_by_label("z keeps, its weights left").check()
    page.get_by_label("after the product").check()
    page.get_by_label("z of unit 2", exact=True).select_option(value="1")
    page.get_by_label("r of unit 1", exact=True).select_option(value="0")
    page.get_by_label("Hold at").select_option(value="1")
    hold = {("z", 1): 1, ("r", 0): 0}
    assert np.abs(shown(page) - by_cells(weights, [1, -1, 1], "forgot", "after", hold, 1)).max() < 1e-6
    page.get_by_role("button", name="All gates free").click()
    page.get_by_label("Hold at").select_option(value="")
    assert np.abs(shown(page) - by_cells(weights, [1, -1, 1], "forgot", "after")).max() < 1e-6


@pytest.mark.parametrize("sign", ["takes", "keeps", "forgot"])
def test_picture_equations_and_words_agree(opened, sign):
    page = opened()
    put(page, sign, "after", {("r", 1): 1}, 1)
    right = by_cells(SETTINGS["example"]["weights"], [1, -1, 1], sign, "after", {("r", 1): 1}, 1)
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Unit", exact=True).select_option(index=1)
    _, r, z, candidate, h = right[1].T
    before = right[0, :, 4]
    for box, values in {"h": before, "r": r, "z": z, "c": candidate, "new": h}.items():
        assert np.allclose(
            numbers(" ".join(page.locator(f"[data-box={box}] text").all_text_contents())), values, atol=5.01e-4
        )
    words = numbers(page.locator("#words").text_content())
    assert np.allclose(words, [-1, *np.column_stack([r, z, candidate, before, h]).ravel()], atol=5.01e-4)
    results = page.locator(".equation .result").all_text_contents()
    assert "held" in results[0]
    assert np.allclose([numbers(text)[-1] for text in results[1:]], [z[1], candidate[1], h[1]], atol=5.01e-4)


def test_steps_by_keyboard_and_film(opened):
    from playwright.sync_api import expect

    page = opened()
    slider = page.get_by_label("Step", exact=True)
    slider.press("ArrowRight")
    assert page.locator("#step-text").text_content() == "step 2 of 3"
    slider.press("Home")
    page.get_by_role("button", name="Back").press("Enter")  # nothing before the first
    assert page.locator("#step-text").text_content() == "step 1 of 3"
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").wait_for()
    expect(page.locator("#step-text")).to_have_text("step 3 of 3")
    page.get_by_role("button", name="Play").wait_for()  # it has ended by itself
    assert page.locator("#words").get_attribute("aria-live") == "polite"


def test_inputs_by_keyboard_and_by_dragging(opened):
    page = opened()
    page.get_by_label("x at this step, dragged").press("ArrowLeft")
    assert shown(page)[0, 0, 0] < 1
    point = page.locator("#time .dot").nth(2)
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    across, down = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(across, down)
    page.mouse.down()
    page.mouse.move(across, down + 15, steps=3)
    page.mouse.up()
    x = shown(page)[:, 0, 0]
    assert page.locator("#step-text").text_content() == "step 3 of 3"
    assert x[2] < 0.9
    assert np.abs(shown(page) - by_cells(SETTINGS["example"]["weights"], x)).max() < 1e-6


def test_predict_first(opened):
    page = opened()
    page.get_by_role("checkbox", name="Predict first").check()
    page.get_by_role("button", name="Next").click()
    page.evaluate("document.getElementById('numbers').open = true")
    page.wait_for_selector("#table td")
    right = by_cells(SETTINGS["example"]["weights"], [1, -1, 1])
    secrets = {f"{abs(value):.3f}" for value in right[1:, :, 1:].ravel()} - {
        f"{abs(value):.3f}" for value in right[0].ravel()
    }
    visible = page.locator("#app").inner_text() + page.locator("svg").first.text_content()
    assert not [secret for secret in secrets if secret in visible]
    assert [text for text, _ in page.evaluate(READ)[2]] == ["−1.000", "?", "?", "?", "?"]
    page.get_by_label("it stays").check()
    page.get_by_role("button", name="Show the answer").click()
    verdict = page.locator("#verdict").text_content()
    change = right[1, 0, 4] - right[0, 0, 4]
    assert -0.1 < change < -0.05
    assert "it falls. You said: it stays" in verdict
    assert f"{right[1, 0, 4]:.3f}" in page.locator("#words").text_content()
    page.get_by_role("button", name="Next").click()
    assert "hidden" in page.locator("#words").text_content()
    assert page.locator("#verdict").text_content() == ""


def test_real_days(opened):
    """A date, a remarkable day, and the forecast of it; dates that the page has not lead to the nearest."""
    one, page = SETTINGS["brussels"], opened("#brussels")
    z = np.array(one["z"]) / 1000
    first = np.datetime64(one["first"])
    for day in ("1998-01-30", "2000-02-29", "2001-12-30"):
        page.locator("#date").fill(day)
        end = int((np.datetime64(day) - first).astype(int)) + 1
        numbers_shown = shown(page)
        assert np.abs(numbers_shown - by_cells(one["weights"], z[end - one["window"] : end])).max() < 1e-6
        season = one["celsius"][end] / 100 - one["std"] * z[end]
        forecast = season + one["std"] * (numbers_shown[-1, :, 4] @ one["out"] + one["bias"])
        assert abs(float(page.locator("#forecast").get_attribute("data-v")) - forecast) < 1e-6
    assert "changes" not in page.locator("#forecast").text_content()
    put(page, hold={("z", unit): 0 for unit in range(len(one["out"]))})  # nothing is written into the memory
    assert abs(float(page.locator("#forecast").get_attribute("data-v")) - season - one["std"] * one["bias"]) < 1e-6
    assert "without your changes" in page.locator("#forecast").text_content()
    page.locator("#remarkable").select_option(index=1)
    assert page.locator("#date").input_value() == one["remarkable"][0][0]
    page.locator("#date").evaluate("e => { e.value = '2010-01-01'; e.dispatchEvent(new Event('change')); }")
    assert page.locator("#date").input_value() == "2001-12-30"


@pytest.mark.parametrize("name", SETTINGS)
def test_fits_and_is_named(opened, pictures, name):
    """At 360 pixels nothing scrolls sideways; every control has a name; dark where the reader wants it."""
    for scheme, width in (("light", 1100), ("light", 360), ("dark", 360)):
        page = opened(f"#{name}", width, color_scheme=scheme, reduced_motion="reduce")
        page.get_by_role("button", name="Back" if name == "brussels" else "Next").click()
        assert page.evaluate("document.getAnimations().length") == 0  # the reader wants none
        assert page.evaluate(NAMELESS) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        back = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (back == "rgb(255, 255, 255)") == (scheme == "light")
        page.screenshot(path=pictures / f"explorer_{name}_{scheme}_{width}.png", full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", SETTINGS)
def test_axe_finds_nothing(opened, axe, name, scheme):
    """No fault of WCAG 2.2, A or AA: as it opens, and with a question asked, a part picked out and the table open."""
    page = opened(f"#{name}", color_scheme=scheme)
    page.evaluate(axe)
    passed, faults = page.evaluate(FAULTS)
    assert passed > 20
    assert faults == []
    page.get_by_role("checkbox", name="Predict first").check()
    page.get_by_role("button", name="z: update gate").click()
    page.get_by_text("All numbers as a table").click()
    assert page.evaluate(FAULTS)[1] == []
    page.get_by_role("button", name="Show the answer").click()
    assert page.evaluate(FAULTS)[1] == []


def test_axe_finds_a_fault(opened, axe):
    page = opened()
    page.evaluate(axe)
    page.evaluate("document.querySelector('label[for=setting]').remove()")
    assert [rule for rule, _ in page.evaluate(FAULTS)[1]] == ["select-name"]


def test_focus_is_seen_and_stays(opened):
    """Tab reaches the controls, each with an outline; a button that was pressed keeps the focus."""
    page, seen = opened(), set()
    for _ in range(35):
        page.keyboard.press("Tab")
        name, width = page.evaluate(
            "[document.activeElement.id, getComputedStyle(document.activeElement).outlineWidth]"
        )
        seen.add(name)
        if name:
            assert width == "3px"
    reached = "setting next play step predict unit x-range x-number hold-z-2 free b-z b-reset"
    assert set(reached.split()) <= seen
    page.locator("#last").press("Enter")
    assert page.evaluate("document.activeElement.id") == "last"


def test_without_scripts(opened):
    page = opened(java_script_enabled=False)
    assert page.locator("#app").is_hidden()
    table = page.get_by_role("table").inner_text()
    right = by_cells(SETTINGS["example"]["weights"], [1, -1, 1])
    assert np.allclose(numbers(table), right.ravel(), atol=5.01e-4)
