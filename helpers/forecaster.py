"""Again tomorrow: save what a study has chosen, load it elsewhere, and forecast from the record with new rows added.

A folder holds `forecaster.json`, with all numbers but those of the networks, and one `.keras` file a network. The file
names the networks that belong to it and is replaced in one step, after they are complete: an interrupted `save` leaves
the forecaster that was there before, or the new one.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from helpers import baselines
from helpers.continuation import continued, fingerprint
from helpers.daily_csv import DataError
from helpers.evaluation import LEVEL
from helpers.forecasting import A_DAY, PART, TIME_STEP, outputs_of, small_model
from helpers.inputs import Inputs, inputs_as_before
from helpers.windows import create_dataset

if TYPE_CHECKING:
    import keras

    from helpers.pipeline import Study

LINE = "ridge"
NETWORK = "GRU"
FILE = "forecaster.json"
FORMAT = 1
PACKAGES = ("keras", "tensorflow", "tensorflow-cpu", "numpy", "pandas", "scikit-learn")
RECENT = 60
"""The last measured days that are asked whether the interval still holds; of a whole year, more would hide a change."""
RARE = 0.001
"""So rarely may a forecaster that keeps its promise be called broken by one such question; one is asked every day."""
A_YEAR = 365


class Forecast(NamedTuple):
    """The forecast for the day after a record, in the unit of its first column."""

    name: str
    """That column."""
    choice: str
    day: pd.Timestamp
    low: float
    value: float
    high: float
    past: pd.DataFrame
    """The days since it was saved, as forecast the day before: columns low, forecast, high, and observed, which is NaN
    on days without a value."""
    advice: str
    """Why it is time to train anew; "" if it is not."""

    def in_words(self, unit: str = "") -> str:
        """Return what to expect, how yesterday's forecast and all others did, and whether it is time to train anew."""

        def said(value: float, unit: str = unit) -> str:
            return in_unit(value, self.high - self.value, unit)

        lines = [
            f"{self.name} on {self.day:%Y-%m-%d}: {said(self.value)} ({self.choice}), between {said(self.low, '')} and "
            f"{said(self.high)}."
        ]
        scored = self.past.dropna()
        if len(scored):
            low, value, high, observed = scored.iloc[-1]
            place = "inside" if low <= observed <= high else "OUTSIDE"
            lines.append(
                f"Looking back: for {scored.index[-1]:%Y-%m-%d} it said {said(value)}, between {said(low, '')} and "
                f"{said(high)}; {said(observed)} came, {place}."
            )
            lines.append(
                f"Outside were {outside(scored).sum():,} of {len(scored):,} day(s) since it was saved; "
                f"{1 - LEVEL:.0%} are to be expected."
            )
        return "\n".join([*lines, self.advice] if self.advice else lines)


class Forecaster(NamedTuple):
    """What `load` returns."""

    saved: dict
    """What `forecaster.json` holds."""
    networks: list[keras.Model]
    """None for a straight line or a naive forecast."""

    def forecast(self, record: pd.DataFrame, same_unit: bool = False) -> Forecast:
        """Return the forecast for the day after a record, and for each day since it was saved; nothing is trained.

        Parameters
        ----------
        record
            The record that the study was made of, with rows added at its end, read in the same way.
        same_unit
            Whether a jump that looks like another unit is known to be none.

        Raises
        ------
        DataError
            If the record does not continue the one that was learned from: other columns, missing days or values,
            fewer days, changed values, or a jump as from another unit.
        """
        saved = self.saved
        record, observed = continued(record, saved, same_unit)
        days = record.loc[saved["last"] :].index + A_DAY
        band = interval(self._forecasts(record, days), saved["margin"], saved["floor"])
        past = band.iloc[:-1].assign(observed=observed.reindex(days[:-1]))
        low, value, high = map(float, band.iloc[-1])
        advice = train_anew(past.dropna())
        return Forecast(saved["columns"][0], saved["choice"], days[-1], low, value, high, past, advice)

    def _forecasts(self, record: pd.DataFrame, days: pd.DatetimeIndex) -> pd.Series:
        """Return the forecasts for `days`, each made from the days before it alone."""
        saved = self.saved
        if saved["choice"] not in (LINE, NETWORK):
            return naive_forecast(saved["choice"], record, pd.Timestamp(saved["train_end"]), days)
        kept = [name for name in saved["columns"] if name not in saved["left_out"]]
        waves = pd.DataFrame(saved["cycle"], columns=kept) if saved["cycle"] else None
        seen = inputs_as_before(record, saved["left_out"], saved["weekly"], waves)
        if saved["choice"] == LINE:
            forecasts = baselines.follow_line(seen.table, np.array(saved["line"]))
        else:
            forecasts = apply_networks(self.networks, seen, saved["scaler"], saved["time_step"], len(days))
        return forecasts.loc[days] + seen.cycle[days]


def save(study: Study, folder: str | os.PathLike) -> None:
    """Save the forecaster that a study has chosen, to a folder of its own.

    A forecaster that is there already is replaced; anything else is left alone.

    Raises
    ------
    DataError
        If the folder holds other files, or cannot be written to.
    """
    folder = Path(folder)
    try:
        _check_free(folder)
        folder.mkdir(parents=True, exist_ok=True)
        networks = {}
        if study.choice == NETWORK:
            for content in map(_as_keras_file, study.weights):
                digest = hashlib.sha256(content).hexdigest()
                networks[f"network-{digest[:12]}.keras"] = digest
                _write(folder / f"network-{digest[:12]}.keras", content)
        saved = _numbers(study) | {"networks": networks}
        text = json.dumps(saved | {"checksum": _checksum(saved)}, indent=1, ensure_ascii=False)
        _write(folder / FILE, text.encode())
        for path in folder.glob(f"network-{'?' * 12}.keras*"):
            if path.name not in networks:
                path.unlink()
    except OSError as error:
        raise DataError(f"{folder} cannot be written to ({error}); give another folder") from error


def load(folder: str | os.PathLike) -> Forecaster:
    """Return the forecaster that `save` has written to a folder.

    Raises
    ------
    DataError
        If a file is missing, damaged, changed or of another version of this collection.
    """
    folder = Path(folder)
    remedy = "bring back a copy of the folder, or train and save anew: pipeline.save(pipeline.study(record), folder)"
    content = _read(folder / FILE, f"give the folder that pipeline.save has written, or {remedy}")
    try:
        saved = json.loads(content)
        form, checksum = saved["format"], saved.pop("checksum")
        if form == FORMAT and checksum != _checksum(saved):
            raise ValueError("its numbers are not those that were saved")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise DataError(f"{folder / FILE} is damaged or was changed ({error}); {remedy}") from error
    if form != FORMAT:
        raise DataError(f"{folder / FILE} has format {form!r}, this version reads {FORMAT}; train and save anew")
    networks = []
    for name, digest in saved["networks"].items():
        if hashlib.sha256(_read(folder / name, remedy)).hexdigest() != digest:
            raise DataError(f"{folder / name} is damaged or was changed; {remedy}")
        network = _network(len(saved["scaler"]["mean"]), saved["time_step"], saved["units"])
        try:
            network.load_weights(folder / name)
        except Exception as error:  # whatever another version of Keras may raise
            then, now = (", ".join(map(" ".join, each.items())) for each in (saved["versions"], _versions()))
            raise DataError(f"{folder / name} was saved with {then}; {now} cannot read it; {remedy}") from error
        networks.append(network)
    return Forecaster(saved, networks)


# --- applying, for `study` as well ----------------------------------------------------------------------------------


def naive_forecast(name: str, record: pd.DataFrame, train_end: pd.Timestamp, days: pd.DatetimeIndex) -> pd.Series:
    """Return a naive forecast for `days`, from the record and the days up to `train_end` alone."""
    if name == "a week ago":
        return baselines.persistence(record, train_end, days, horizon=7)
    return baselines.FORECASTERS[name](record, train_end, days)


def apply_networks(
    networks: list[keras.Model], seen: Inputs, scaler: dict[str, list[float]], time_step: int, days: int
) -> pd.Series:
    """Return the mean of the networks' forecasts, as departures from the yearly cycle, for at least the last `days`.

    Each network gets z-scores and says by how much the next day's differs from the last one's.
    """
    count = min(-(-days // PART) * PART, len(seen.table) - time_step + 1)
    table = seen.table.iloc[-(count + time_step - 1) :]
    mean, scale = np.array(scaler["mean"]), np.array(scaler["scale"])  # float64, which a list's number would not be
    values = ((table.to_numpy() - mean) / scale).astype("float32")
    # one more row, whose values are never used, makes the last window (no answer yet) appear as well
    windows, _ = create_dataset(np.vstack([values, np.zeros((1, values.shape[1]), "float32")]), time_step)
    outputs = [outputs_of(network, windows)[:, 0] for network in networks]
    start, made_on = values[-len(outputs[0]) :, 0], table.index[-len(outputs[0]) :]
    forecasts = [(start + output) * scale[0] + mean[0] for output in outputs]
    return pd.Series(np.mean(forecasts, axis=0), made_on + A_DAY)


def interval(forecasts: pd.Series, margin: float, floor: float | None) -> pd.DataFrame:
    """Return forecasts with their interval: columns low, forecast and high, none below `floor`."""
    band = {"low": forecasts - margin, "forecast": forecasts, "high": forecasts + margin}
    return pd.DataFrame(band).clip(lower=floor)


def in_unit(value: float, margin: float, unit: str) -> str:
    """Return a number with its unit, with as many decimals as the width of the prediction interval deserves."""
    decimals = max(0, 1 - math.floor(math.log10(margin or 1)))
    return f"{value:,.{decimals}f} {unit}".strip()


# --- is it time to train anew? --------------------------------------------------------------------------------------


def outside(scored: pd.DataFrame) -> pd.Series:
    """Return on which days the observed value was outside its interval."""
    return ~scored["observed"].between(scored["low"], scored["high"])


def chance_of(misses: int, days: int, share: float = 1 - LEVEL) -> float:
    """Return how likely so many misses, or more, are if each of `days` misses with probability `share`: binomial."""
    return sum(math.comb(days, k) * share**k * (1 - share) ** (days - k) for k in range(misses, days + 1))


def train_anew(scored: pd.DataFrame) -> str:
    """Return why it is time to train anew, "" if it is not.

    The last 60 measured days are asked: if more of them lie outside than chance allows once in 1,000 such questions,
    the errors have grown. (As a question is asked every day, a forecaster that keeps its promise is called broken
    in 3 of 100 years, by simulation; more often if its misses come in a row.)
    """
    recent = scored.iloc[-RECENT:]
    misses = int(outside(recent).sum())
    chance = chance_of(misses, len(recent))
    if chance < RARE:
        return (
            f"TIME TO TRAIN ANEW: {misses} of the last {len(recent)} days were outside, {1 - LEVEL:.0%} were promised; "
            f"so many come by chance {max(chance, 1e-6):.1g} of the time. Look at the newest rows first: is a mistake "
            "among them? Then train anew: pipeline.save(pipeline.study(record), folder)."
        )
    if len(scored) >= A_YEAR:
        return "TIME TO TRAIN ANEW: a year of new days has come in, which it has not learned from."
    return ""


# --- files ----------------------------------------------------------------------------------------------------------


def _numbers(study: Study) -> dict:
    """Return all that `forecaster.json` holds but for the networks' files."""
    from sklearn.preprocessing import StandardScaler

    record, seen, days = study.record, study.seen, study.record.index
    scaler = StandardScaler().fit(seen.table.loc[: study.train_end])
    return {
        "format": FORMAT,
        "choice": study.choice,
        "columns": list(record.columns),
        "left_out": seen.left_out,
        "weekly": seen.weekly,
        "first": f"{days[0]:%Y-%m-%d}",
        "train_end": f"{study.train_end:%Y-%m-%d}",
        "last": f"{days[-1]:%Y-%m-%d}",
        "cycle": None if seen.waves is None else seen.waves.to_numpy().tolist(),
        "scaler": {"mean": scaler.mean_.tolist(), "scale": scaler.scale_.tolist()},
        "line": baselines.fit_line(seen.table, study.train_end).tolist() if study.choice == LINE else None,
        "time_step": TIME_STEP,
        "units": len(study.weights[0][1]) if study.choice == NETWORK else None,
        "margin": float(study.margins[study.choice]),
        "floor": floor_of(record),
        "level": LEVEL,
        "versions": _versions(),
        "fingerprint": fingerprint(record),
    }


def floor_of(record: pd.DataFrame) -> float | None:
    """Return 0 for a record whose first column is never below it, else None: no interval reaches below."""
    return 0.0 if record.iloc[:, 0].min() >= 0 else None


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # one of the two TensorFlows
            continue
    return found


def _network(features: int, time_step: int, units: int) -> keras.Model:
    return small_model(features, time_step=time_step, units=units, jit_compile=False)


def _as_keras_file(weights: list[np.ndarray]) -> bytes:
    """Return the content of a `.keras` file with these weights: of the GRU's inputs, its state, its bias, the Dense."""
    network = _network(len(weights[0]), TIME_STEP, len(weights[1]))
    network.set_weights(weights)
    with tempfile.TemporaryDirectory() as folder:
        network.save(Path(folder) / "network.keras")
        return (Path(folder) / "network.keras").read_bytes()


def _checksum(saved: dict) -> str:
    return hashlib.sha256(json.dumps(saved, sort_keys=True).encode()).hexdigest()


def _check_free(folder: Path) -> None:
    """Raise a DataError if a folder holds something else than a forecaster."""
    if folder.exists() and not folder.is_dir():
        raise DataError(f"{folder} is a file; give the name of a folder")
    if folder.is_dir() and not (folder / FILE).exists():
        others = [path.name for path in folder.iterdir() if not path.name.startswith(("network-", FILE))]
        if others:
            raise DataError(f"{folder} holds other files, such as {min(others)!r}; give a folder of its own")


def _write(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole, or as it was before."""
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)


def _read(path: Path, remedy: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}); {remedy}") from error
