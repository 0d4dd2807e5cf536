"""The five daily records: four stations from the package aquacrop, and a simulated one from a formula."""

import math
import re
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from recipes.archives import Archive, read_member

ARCHIVES = [
    Archive(
        "pypi",
        "aquacrop",
        "3.1.0",
        "aquacrop-3.1.0-py3-none-any.whl",
        "1d72e30aa64b5ef1ba02af64a0c5ed3911903d9291870479d65b5c1cefd77458",
    )
]
STATIONS = ("brussels", "tunis", "champion", "hyderabad")
COLUMNS = {
    "Day": "day",
    "Month": "month",
    "Year": "year",
    "Tmin(C)": "tmin",
    "MinTemp": "tmin",
    "Tmax(C)": "tmax",
    "MaxTemp": "tmax",
    "Prcp(mm)": "rain",
    "Precipitation": "rain",
    "Et0(mm)": "et0",
    "ReferenceET": "et0",
}
NUMBER = re.compile(r"-?\d+(\.\d+)?")

SEED = 20100101
FIRST_DAY = date(2010, 1, 1)
DAYS = 8000
MEAN = 12.0  # °C
TREND = 0.3  # °C per decade
AMPLITUDE = 8.0  # °C
WARMEST_DAY = 200  # days after 1 January: 20 July
YEAR = 365.25  # days
PHI1, PHI2 = 0.9, -0.2
SIGMA = 2.0  # °C


def make(folder: Path) -> dict[str, bytes]:
    """Return the content of each file, by its name, from the wheel in `folder`."""
    return station_files(folder / ARCHIVES[0].file) | {"simulated.csv": simulated_file()}


def station_files(wheel: Path) -> dict[str, bytes]:
    """Return the content of each station's CSV file, by file name."""
    return {
        f"{name}.csv": station_csv(read_member(wheel, f"aquacrop/data/{name}_climate.txt").decode("utf-8"))
        for name in STATIONS
    }


def station_csv(text: str) -> bytes:
    """Turn one of the package's climate tables into CSV. Every number keeps the digits that it has there.

    Parameters
    ----------
    text
        A table with a heading, columns parted by tabs or spaces: day, month, year, minimum and maximum
        temperature (°C), rain (mm), reference evapotranspiration (mm).

    Raises
    ------
    ValueError
        If the heading is not one of the known ones, a line has not seven numbers, or the lines are not
        consecutive days.
    """
    heading, *lines = text.splitlines()
    names = [COLUMNS.get(name, f"unknown {name!r}") for name in heading.split()]
    if sorted(names) != sorted(set(COLUMNS.values())):
        raise ValueError(f"the heading {heading!r} reads as {names}; add its names to COLUMNS")
    rows = ["Date,tmin,tmax,rain,et0"]
    expected_day = None
    for number, line in enumerate(lines, start=2):
        fields = line.split()
        if len(fields) != len(names):
            raise ValueError(f"line {number} has {len(fields)} values, not {len(names)}: {line!r}")
        if not all(NUMBER.fullmatch(field) for field in fields):
            raise ValueError(f"line {number} holds something that is not a number: {line!r}")
        value = dict(zip(names, fields, strict=True))
        day = date(int(value["year"]), int(value["month"]), int(value["day"]))
        if day != (expected_day or day):
            raise ValueError(f"line {number} is {day}, but the day after the line before is {expected_day}")
        expected_day = day + timedelta(days=1)
        rows.append(f"{day},{value['tmin']},{value['tmax']},{value['rain']},{value['et0']}")
    return csv_bytes(rows)


def simulated_file() -> bytes:
    """Return the content of simulated.csv: the normal for each day plus the weather, in °C."""
    days = np.arange(DAYS)
    temperature = normal(days) + weather()
    rows = ["Date,Temperature"]
    rows += [f"{FIRST_DAY + timedelta(days=int(t))},{temperature[t]:.2f}" for t in days]
    return csv_bytes(rows)


def normal(days: np.ndarray) -> np.ndarray:
    """Return what is usual for each day (°C): mean, slow trend and yearly cycle.

    Parameters
    ----------
    days
        Days since 1 January 2010.
    """
    cycle = np.cos(2 * np.pi * (days - WARMEST_DAY) / YEAR)
    return MEAN + TREND * days / (10 * YEAR) + AMPLITUDE * cycle


def weather() -> np.ndarray:
    """Return the departure from normal (°C) on each day: a stationary AR(2) process.

    w[t] = φ1 w[t−1] + φ2 w[t−2] + σ e[t], with e standard normal. The first two days are drawn from the
    stationary distribution, so that no day is special.
    """
    # RandomState and not default_rng: NumPy has frozen RandomState's stream for good (NEP 19), so the same seed
    # gives the same numbers in every later version.
    e = np.random.RandomState(SEED).standard_normal(DAYS)
    correlation = PHI1 / (1 - PHI2)  # of one day with the next
    spread = SIGMA / math.sqrt(1 - PHI1 * correlation - PHI2 * (PHI1 * correlation + PHI2))
    w = np.empty(DAYS)
    w[0] = spread * e[0]
    w[1] = correlation * w[0] + spread * math.sqrt(1 - correlation**2) * e[1]
    for t in range(2, DAYS):
        w[t] = PHI1 * w[t - 1] + PHI2 * w[t - 2] + SIGMA * e[t]
    return w


def csv_bytes(rows: list[str]) -> bytes:
    """Return the rows as UTF-8 with LF line ends, on every system."""
    return ("\n".join(rows) + "\n").encode("utf-8")
