"""Purchases of margarine by households, from the R package bayesm."""

import warnings
from pathlib import Path

from recipes.archives import Archive, read_member

ARCHIVES = [
    Archive(
        "debian",
        "r-cran-bayesm",
        "3.1-5+dfsg-1",
        "r-cran-bayesm_3.1-5+dfsg-1_amd64.deb",
        "57252e899b2e9913aa2c22938050d4b6c7a8c68ae54b909baaeb5f8130d4b75a",
    )
]
TABLE = "usr/lib/R/site-library/bayesm/data/margarine.rda"
COPYRIGHT = "usr/share/doc/r-cran-bayesm/copyright"
PRODUCTS = {
    "PPk_Stk": "Parkay stick",
    "PBB_Stk": "Blue Bonnet stick",
    "PFl_Stk": "Fleischmann's stick",
    "PHse_Stk": "house stick",
    "PGen_Stk": "generic stick",
    "PImp_Stk": "Imperial stick",
    "PSS_Tub": "Shed Spread tub",
    "PPk_Tub": "Parkay tub",
    "PFl_Tub": "Fleischmann's tub",
    "PHse_Tub": "house tub",
}


def make(folder: Path) -> dict[str, bytes]:
    """Return the content of each file, by its name, from the package in `folder`."""
    package = folder / ARCHIVES[0].file
    return {"purchases.csv": purchases(read_member(package, TABLE)), "COPYRIGHT": read_member(package, COPYRIGHT)}


def purchases(rda: bytes) -> bytes:
    """Turn R's table into CSV: a row a purchase, in the table's order.

    Households are numbered 1, 2, … in the order in which they come, in place of the panel's own numbers. What the
    package tells of their income, size and work is left out. Prices keep their two decimals.

    Raises
    ------
    ValueError
        If a household's rows do not stand together, or a price is no whole number of cents.
    """
    import rdata

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # R notes how it stores row names; they are not used
        table = rdata.conversion.convert(rdata.parser.parse_data(rda))["margarine"]["choicePrice"]
    number, before, rows = 0, None, [",".join(["household", "product", *PRODUCTS.values()])]
    seen = set()
    for household, choice, *prices in table[["hhid", "choice", *PRODUCTS]].itertuples(index=False):
        if household != before:
            if household in seen:
                raise ValueError(f"the rows of household {household} do not stand together")
            seen.add(household)
            number, before = number + 1, household
        if any(abs(100 * price - round(100 * price)) > 1e-6 for price in prices):
            raise ValueError(f"a price of household {household} is no whole number of cents: {prices}")
        product = list(PRODUCTS.values())[int(choice) - 1]
        rows.append(",".join([str(number), product, *(f"{price:.2f}" for price in prices)]))
    return ("\n".join(rows) + "\n").encode("utf-8")
