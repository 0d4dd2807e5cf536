"""Build the GRU explorer, one page that needs no kernel and no network: `python -m tools.explorer`.

`tools/explorer_page/` holds its template, style and script; the numbers come from `helpers.example` and from
`trained.json` beside the template. `python -m tools.explorer train` makes `trained.json` anew: a small GRU that learns
from Brussels' temperature, and the days of the validation years. `python -m tools.explorer pictures` has Chromium take
the still pictures that the lessons show where the page cannot run.
"""

import argparse
import hashlib
import html
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from helpers import baselines, data, example
from helpers import explorer as shown
from helpers.cells import GRU
from helpers.evaluation import rmse
from helpers.season import yearly_cycle
from tools.lessons import NOTEBOOKS, ROOT

PARTS = ROOT / "tools" / "explorer_page"
TRAINED = PARTS / "trained.json"
BUILT = shown.PAGE
PICTURES = {name: NOTEBOOKS / "images" / f"explorer_{name}.png" for name in ("keeper", "brussels")}
PICTURE_SIZES = {"keeper": (1000, 1330), "brussels": (1000, 1505)}  # down to the end of the curves
PICTURE_COLOURS = 64
DAYS, UNITS, EPOCHS, BATCH, SEED = 30, 3, 12, 64, 7
DECIMALS = 4  # of the weights in the page: what is shown and what is scored are the same numbers


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.explorer", description="Build the GRU explorer.")
    parser.add_argument("what", nargs="?", default="page", choices=["page", "train", "pictures"])
    what = parser.parse_args().what
    if what == "train":
        TRAINED.write_text(json.dumps(trained(), ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    elif what == "page":
        BUILT.write_text(build(), encoding="utf-8", newline="\n")
    else:
        take_pictures()


def take_pictures() -> None:
    """Have Chromium take a picture of the page at each setting that a lesson shows; each says of which page it is."""
    if not (chromium := shutil.which("chromium")):
        sys.exit("explorer: no Chromium here (Debian: apt install chromium)")
    says = PngInfo()
    says.add_text("page", page_id())
    for setting, path in PICTURES.items():
        with tempfile.TemporaryDirectory() as folder:
            taken = Path(folder, "taken.png")
            size = ",".join(map(str, PICTURE_SIZES[setting]))
            options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={size}"]
            command = [chromium, *options, f"--screenshot={taken}", f"{BUILT.as_uri()}#{setting}"]
            subprocess.run(command, check=True, capture_output=True)
            picture = Image.open(taken).convert("RGB").quantize(PICTURE_COLOURS, dither=Image.Dither.NONE)
        picture.save(path, optimize=True, pnginfo=says)


def page_id() -> str:
    """Return what tells one version of the page from another."""
    return hashlib.sha256(BUILT.read_bytes()).hexdigest()


def build() -> str:
    """Return the whole page."""
    parts = {name: (PARTS / f"explorer.{name}").read_text(encoding="utf-8") for name in ("html", "css", "js")}
    numbers = json.dumps(settings(), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    page = parts["html"]
    for place, text in {
        "/* style */": parts["css"].strip(),
        "/* script */": parts["js"].strip(),
        "/* settings */": numbers,
        "<!-- table -->": example_table(),
    }.items():
        assert page.count(place) == 1, place
        page = page.replace(place, text)
    return page


def settings() -> list[dict]:
    """Return what the page can show: the running example, the unit that keeps a pulse, the trained network."""
    return [
        {
            "id": "example",
            "name": "The running example: 2 units, 3 steps",
            "weights": as_lists(example.GRU),
            "x": example.X[:, 0].tolist(),
            "step": 0,
        },
        {
            "id": "keeper",
            "name": f"The keeper: 1 unit, {len(example.PULSES)} steps",
            "weights": as_lists(example.KEEPER),
            "x": example.PULSES[:, 0].tolist(),
            "step": int(np.flatnonzero(example.PULSES)[-1]),
        },
        json.loads(TRAINED.read_text(encoding="utf-8")),
    ]


def as_lists(weights: dict[str, np.ndarray]) -> dict[str, list]:
    """Return weights as JSON has them."""
    return {name: values.tolist() for name, values in weights.items()}


def example_table() -> str:
    """Return the running example's numbers as the rows of an HTML table, for readers without scripts."""
    cell = GRU(**example.GRU)
    cell.forward(example.X[np.newaxis])
    rows = []
    for t, x in enumerate(example.X[:, 0]):
        for unit in range(cell.units):
            numbers = [x, *(array[0, t, unit] for array in (cell.r, cell.z, cell.candidate, cell.h))]
            texts = "".join(f"<td>{html.escape(signed(value))}</td>" for value in numbers)
            rows.append(f'<tr><th scope="row">step {t + 1}, unit {unit + 1}</th>{texts}</tr>')
    return "\n".join(rows)


def signed(value: float) -> str:
    """Return a number with three decimals and a minus sign, as the script of the page writes it."""
    return f"{value:.3f}".replace("-", "−")


def trained() -> dict:
    """Train a GRU of `UNITS` units and return its setting: weights, days, remarkable days, and errors in °C.

    It sees one input, the temperature's departure from an average year as a z-score, for `DAYS` days, and after each
    of them gives the next day's. It learns from the training years; the page shows the validation years.
    """
    import keras

    from helpers.models import set_seed

    temperature = data.load("brussels").loc[: data.VALIDATION_END, "temperature"]
    departure = temperature - yearly_cycle(temperature, data.TRAIN_END, temperature.index)
    std = round(float(departure.loc[: data.TRAIN_END].std()), DECIMALS)
    x = (departure / std).round(3)
    learn = x.loc[: data.TRAIN_END].to_numpy("float32")
    windows = np.lib.stride_tricks.sliding_window_view(learn, DAYS + 1)[::3, :, np.newaxis]

    set_seed(SEED)
    gru = keras.layers.GRU(UNITS, reset_after=False, return_sequences=True)
    model = keras.Sequential([keras.Input((DAYS, 1)), gru, keras.layers.Dense(1)])
    rate = keras.optimizers.schedules.CosineDecay(0.01, EPOCHS * len(windows) // BATCH)
    model.compile(keras.optimizers.Adam(rate), loss="mean_squared_error", jit_compile=True)
    model.fit(windows[:, :-1], windows[:, 1:], epochs=EPOCHS, batch_size=BATCH, verbose=0)
    weights = {name: values.round(DECIMALS) for name, values in GRU.from_keras(gru).weights.items()}
    out, bias = (array.astype(float).round(DECIMALS) for array in model.layers[-1].get_weights())

    watched = x.loc["1998-01-01":]
    cell = GRU(**weights)
    of_days = np.lib.stride_tricks.sliding_window_view(watched.to_numpy(), DAYS)[:-1, :, np.newaxis]
    forecast = (cell.forward(of_days)[:, -1] @ out)[:, 0] + bias[0]
    days = watched.index[DAYS:]  # the days that are forecast
    truth = temperature[days]
    by_gru = pd.Series(truth - departure[days] + std * forecast, days)
    damped = baselines.damped_anomaly(temperature, data.TRAIN_END, days)
    share = np.linalg.lstsq(learn[:-1, np.newaxis], learn[1:], rcond=None)[0][0]
    last = watched.index[DAYS - 1 : -1]  # the days that a window can end with
    change = temperature.diff()[last]
    remarkable = {
        "the sharpest fall": change.idxmin(),
        "the sharpest rise": change.idxmax(),
        "farthest above the season": watched[last].idxmax(),
        "farthest below the season": watched[last].idxmin(),
    }
    return {
        "id": "brussels",
        "name": f"Trained: {UNITS} units, {DAYS} days of Brussels",
        "weights": as_lists(weights),
        "out": out[:, 0].tolist(),
        "bias": float(bias[0]),
        "damped": round(float(share), DECIMALS),
        "errors": {
            "GRU": round(float(rmse(truth, by_gru)), 3),
            "damped": round(float(rmse(truth, damped)), 3),
            "persistence": round(float(rmse(truth, temperature.shift(1)[days])), 3),
        },
        "years": f"{days[0]:%Y}–{days[-1]:%Y}",
        "std": std,
        "window": DAYS,
        "first": f"{watched.index[0]:%Y-%m-%d}",
        "z": [round(1000 * value) for value in watched],  # thousandths
        "celsius": [round(100 * value) for value in temperature[watched.index]],  # hundredths
        "remarkable": [[f"{day:%Y-%m-%d}", name] for name, day in remarkable.items()],
    }


if __name__ == "__main__":
    main()
