"""What households bought: margarine, and every product's price on that day. data/behaviour/README.md tells more."""

import pandas as pd

from helpers.data.files import found


def load() -> pd.DataFrame:
    """Read the purchases of margarine.

    Returns
    -------
    pandas.DataFrame
        One row a purchase: 4,470 by 516 households. A household's rows stand together, in the package's order,
        which is that of time as far as prices tell. `household` (int64) counts from 1. `product` (int64) is what was
        bought: 0 to 9, the place of its column among the ten that follow. These are named after the products and
        hold their prices (float64, US dollars).

    Raises
    ------
    FileNotFoundError
        If the file is not in the folder `data/behaviour`.
    """
    table = pd.read_csv(found("behaviour", "purchases.csv"))
    places = {name: place for place, name in enumerate(table.columns[2:])}
    return table.assign(product=table["product"].map(places).astype("int64"))
