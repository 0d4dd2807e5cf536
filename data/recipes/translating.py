"""English dates in many formats and the same days in French, from the locale data (CLDR) in the package babel."""

import csv
import io
import sys
import tempfile
import zipfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from recipes.archives import Archive, read_member

ARCHIVES = [
    Archive(
        "pypi",
        "babel",
        "2.18.0",
        "babel-2.18.0-py3-none-any.whl",
        "e2b422b277c2b9a9630c1d7903c2a00d0830c409c59ac8cae9081c92f1aeba35",
    )
]
FIRST_DAY, DAYS = date(1970, 1, 1), 21915  # to 31 December 2029
SEED = 20251126
PAIRS = 1000  # of each format

# (locale, format): English as CLDR writes it there. Left out is what would make a text mean two days, such as 3/8/21
# (Australia) beside 8/3/21 (United States).
FORMATS = [
    ("en", "full"),  # Tuesday, August 3, 2021
    ("en", "yMMMEd"),  # Tue, Aug 3, 2021
    ("en", "long"),  # August 3, 2021
    ("en", "medium"),  # Aug 3, 2021
    ("en", "short"),  # 8/3/21
    ("en_GB", "full"),  # Tuesday, 3 August 2021
    ("en_GB", "long"),  # 3 August 2021
    ("en_GB", "medium"),  # 3 Aug 2021
    ("en_GB", "short"),  # 03/08/2021
    ("en_CA", "short"),  # 2021-08-03
    ("en_GB", "yMMMEd"),  # Tue, 3 Aug 2021
    ("en_IN", "yMMMEd"),  # Tue, 3 Aug, 2021
    ("en_BZ", "medium"),  # 03-Aug-2021
    ("en_ZA", "short"),  # 2021/08/03
    ("en_CH", "short"),  # 03.08.2021
]


def make(folder: Path) -> dict[str, bytes]:
    """Return the table and the licence of what is in it, by file name, from the wheel in `folder`."""
    wheel = folder / ARCHIVES[0].file
    return {"dates.csv": table(wheel), "LICENSE": read_member(wheel, "babel/locale-data/LICENSE.unicode")}


def table(wheel: Path) -> bytes:
    """Return the pairs as CSV: day, format, English, French. Each format's days are drawn without replacement."""
    random = np.random.RandomState(SEED)  # its stream is frozen (NEP 19)
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["day", "format", "english", "french"])
    with tempfile.TemporaryDirectory() as unpacked:  # babel reads its locale data from a folder
        zipfile.ZipFile(wheel).extractall(unpacked)
        sys.path.insert(0, unpacked)
        try:
            from babel.dates import format_date, format_skeleton

            for locale, name in FORMATS:
                for number in sorted(random.permutation(DAYS)[:PAIRS]):
                    day = FIRST_DAY + timedelta(days=int(number))
                    by_fields = name.startswith("y")  # yMMMEd: year, short month, short weekday, day, in local order
                    english = (
                        format_skeleton(name, day, None, True, locale) if by_fields else format_date(day, name, locale)
                    )
                    rows.writerow([day, f"{locale} {name}", english, format_date(day, "full", "fr")])
        finally:
            sys.path.remove(unpacked)
    return text.getvalue().encode("utf-8")
