"""Simulated stations: daily temperatures whose climates are drawn from a range and whose best forecast is known."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.season import angle_of_year

RUN_IN = 200
"""Days that are simulated before the first, so that it knows nothing of how the simulation began."""


class Stations(NamedTuple):
    """What `simulate` gives."""

    temperature: pd.DataFrame
    expected: pd.DataFrame
    climate: pd.DataFrame


def simulate(count: int = 60, years: int = 10, seed: int = 0, first: str = "2010-01-01") -> Stations:
    """Make daily mean temperatures of stations that share one law of weather, each with a climate of its own.

    The temperature is the station's yearly cycle and a departure from it. Measured in units of the station's noise σ,
    the departure u of a day is

        u = φ · u₁ − δ · |u₁| − κ · g · |g| + ε,    g = 0.85 · (g of the day before) + 0.15 · u₁,

    where u₁ is that of the day before and ε is drawn from the standard normal distribution. So warm departures fade
    sooner than cold ones (δ), and what has lasted for weeks is pushed back (κ). The rest of the sum, all but ε, is the
    best possible forecast, and σ its error to expect.

    Every climate is drawn from a range: how far the station is from the sea, and what goes with it, more or less.

    Returns
    -------
    Stations
        `temperature` and `expected`, the best possible forecast: one row a day, one column a station ("s00", "s01" …),
        in °C. `climate`: one row a station; `mean`, `amplitude` and `noise` (σ) in °C, `phi`, `delta`, `kappa`.
        The same numbers for the same arguments.

    Raises
    ------
    ValueError
        If there is no station or no year.
    """
    if count < 1 or years < 1:
        raise ValueError(f"count and years must be 1 or more; found {count} and {years}")
    rng = np.random.default_rng(seed)
    climate = _climates(count, rng)
    days = pd.date_range(first, periods=round(365.25 * years), freq="D", name="Date")
    noise = rng.normal(size=(RUN_IN + len(days), count))
    departures, expected = _weather(climate, noise)
    cycle = climate["mean"].to_numpy() - np.outer(np.cos(angle_of_year(days) - 0.35), climate["amplitude"])
    sigma = climate["noise"].to_numpy()
    tables = (pd.DataFrame(cycle + sigma * part[RUN_IN:], days, climate.index) for part in (departures, expected))
    return Stations(*tables, climate)


def _climates(count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the climates: 0 is at the sea, 1 far from it."""
    inland = rng.uniform(size=count)

    def near(at_sea: float, far_from_it: float, spread: float) -> np.ndarray:
        return at_sea + (far_from_it - at_sea) * inland + rng.uniform(-spread, spread, count)

    columns = {
        "mean": rng.uniform(4, 22, count),
        "amplitude": near(4, 13, 1),
        "noise": near(1.2, 2.6, 0.2),
        "phi": near(0.7, 0.5, 0.03),
        "delta": near(0.15, 0.45, 0.03),
        "kappa": near(0.3, 1.0, 0.05),
    }
    return pd.DataFrame(columns, index=[f"s{number:02}" for number in range(count)])


def _weather(climate: pd.DataFrame, noise: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the departures and what could be known of them the day before, both in units of σ, shape of `noise`."""
    phi, delta, kappa = (climate[name].to_numpy() for name in ("phi", "delta", "kappa"))
    departures, expected = np.zeros_like(noise), np.zeros_like(noise)
    lasting = np.zeros(len(climate))
    for day in range(1, len(noise)):
        before = departures[day - 1]
        lasting = 0.85 * lasting + 0.15 * before
        expected[day] = phi * before - delta * np.abs(before) - kappa * lasting * np.abs(lasting)
        departures[day] = expected[day] + noise[day]
    return departures, expected
