"""Values: from texts to numbers, in one notation, without the codes that mean "not measured"."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from helpers.daily_csv.report import ONE_WAY, no_input
from helpers.daily_csv.words import Bad, Column, DataError, known, listed, quote

LARGEST_VALUE = 1e100  # beyond, sums and differences overflow
SIGNS = {".": "point", ",": "comma"}
EMPTY = set("|.|na|n/a|n.a.|nan|-nan|null|none|<na>|#n/a|#na|#n/a n/a|1.#qnan|-1.#ind".split("|"))  # noqa: SIM905
LOOK_ALIKES = str.maketrans({"−": "-", "–": "-", "﹣": "-", "－": "-"} | dict.fromkeys("\u00a0\u202f\u2007\u2009", " "))
GROUPED = r"[-+]?(?!0)\d{1,3}(?:([ '’%s])\d{2,3})(?:\1\d{2,3})*(?<=\D\d{3})(?:%s\d+)?"  # 12,34,567.8 in India
THOUSANDS = {sign: re.compile(GROUPED % (re.escape(other), re.escape(sign)), re.ASCII) for sign, other in (".,", ",.")}
OPEN = re.compile(r"[-+]?[1-9]\d{0,2}([.,])\d{3}", re.ASCII)  # 1.234: a decimal sign, or thousands?
WHOLE = re.compile(r"[-+]?\d+", re.ASCII)
DECIMALS = re.compile(
    r"[-+]?(?:\d*([.,])\d*(?:e[-+]?\d+)?|\d{1,3}([.,' ’])\d{2,3}(?:\2\d{2,3})*(?<=\D\d{3})(?!\2)([.,])\d+)",
    re.ASCII | re.I,
)
MANY_GROUPS = re.compile(r"[-+]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})+", re.ASCII)
LIKE_A_NUMBER = re.compile(r"[^\w.,]{0,3}[-+]?\d[\d.,' ]*( ?[^\d\s.,]{1,3}| [^\d\s]{1,8})?")  # $3.50, 45 %, 3 hours
IN_ACCOUNTS = re.compile(r"\(([^()]*\d[^()]*)\)|([^-()]*\d)-")  # (980.92) and 980.92- are negative
FAILED = re.compile(r"#[A-ZÄÖÜ]+(/0)?[!?]?|#+")  # what a spreadsheet writes for a formula
TWO = re.compile(r".*\d ?(:|/|-|–|to|h|hrs?|hours?|Std\.?|x|×) ?\d.*")  # 6:30, 6h 30m, 120/80
AS_DATE = re.compile(
    r"\d{1,2}[-. ]{1,2}[^\W\d]{3,}\.?|[^\W\d]{3,}[-. ]\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{4}"
)  # 1.5: 01. Mai
ROUNDED = re.compile(r"[-+]?\d[.,]\d\dE\+\d\d")  # a number that a spreadsheet's column was too narrow for
TIMES = set("k|K|M|B|T|Tsd|Tsd.|Mio|Mio.|Mrd|Mrd.|bn|mn".split("|"))  # noqa: SIM905
CODES = re.compile(r"-?(?:9{2,}(?:\.9+)?|8{3,}|7{3,}|3276[78]|65535|21474836(?:47|48)|(?<=-)127|85|[\d.]+e\+[2-9]\d)")


def notation(columns: list[Column], decimal: str | None, thousands: str | Mapping | None) -> str:
    """Return the decimal sign of the file: the one with which its numbers can be read.

    Columns for which `thousands` holds a sign of their own are not looked at.

    Raises a DataError if all numbers can be read with either sign, and differently: is 1.234 a little more than 1?
    """
    if decimal not in (None, *SIGNS):
        raise DataError(f"decimal={decimal!r} is no decimal sign; give '.' or ','")
    own = thousands if isinstance(thousands, Mapping) else {}
    for name in own:
        known("thousands", name, [column.name for column in columns])
    for sign in own.values() if own else [thousands]:
        if sign not in (None, *SIGNS, " ", "'"):
            raise DataError(f"thousands={sign!r} separates no thousands; give '.', ',', ' ' or \"'\"")
    if decimal and decimal == thousands:
        raise DataError(f"decimal and thousands cannot both be {decimal!r}; leave one of them out")
    if decimal or thousands in tuple(SIGNS):
        return decimal or ".,"[thousands == "."]
    seen, question = Counter(), None
    for column in columns:
        if column.name in own:
            continue
        signs = [_decimal_sign(text.translate(LOOK_ALIKES)) for text in column.texts]
        if len(signs) == 1:
            continue  # such as the latitude, which has a point in Germany, too
        seen.update(signs)
        if question is None and "open" in signs:
            question = column.first(np.array(signs)[column.codes] == "open")
    if question and not seen["."] + seen[","]:
        if error := _two_signs(next(column for column in columns if column.name == question.column)):
            raise error
        sign = OPEN.fullmatch(question.cell.translate(LOOK_ALIKES))[1]
        raise DataError(
            f"{question.place}, which may be a number with three decimals (give "
            f"decimal={sign!r}) or with a separator between thousands (give thousands={sign!r})"
        )
    return "," if seen[","] > seen["."] else "."


def sign_of(name: str, sign: str, thousands: str | Mapping | None) -> str:
    """Return the decimal sign of a column: that of the file, unless its thousands are separated by it."""
    own = thousands.get(name) if isinstance(thousands, Mapping) else None
    return ".,"[own == "."] if own in SIGNS else sign


def ask_about_thousands(columns: list[Column], sign: str, own: Mapping, report: list[str]) -> None:
    """Look for columns in which the file's decimal sign, known from other columns, may separate thousands.

    All their numbers are whole, or have three digits behind the sign. `own` holds the columns for which the reader has
    said what separates thousands.

    Raises a DataError if a whole number is larger than all with the sign: 611 and 1.995 may be visitors.
    """
    for column in columns:
        texts = [text.translate(LOOK_ALIKES) for text in column.texts]
        signed = np.array([bool(match := OPEN.fullmatch(text)) and match[1] == sign for text in texts])
        whole = [float(text) for text in texts if WHOLE.fullmatch(text)]
        numbers = sum(any(map(str.isdigit, text)) for text in texts)
        if column.name in own or not signed.any() or not 1 < numbers == signed.sum() + len(whole):
            continue
        bad = column.first(signed[column.codes])
        answer = f"thousands={{{column.name!r}: {sign!r}}}"
        most = max(float(text.replace(",", ".")) for text, is_signed in zip(texts, signed, strict=True) if is_signed)
        if whole and max(whole) > most:
            raise DataError(
                f"{bad.place}, and {max(whole):.10g}: it may be a number with three decimals (give "
                f"decimal={sign!r}) or with a separator between thousands (give {answer})"
            )
        report.append(
            f"L{bad.place[1:]}, was read as a number with three decimals, as in other columns; if "
            f"the {SIGNS[sign]} separates thousands there, give {answer}."
        )


def cut_at_commas(columns: list[Column], report: list[str]) -> None:
    """Report neighbours that may be one number, cut at a decimal comma without quotes: 12,5 as 12 and 5."""
    for left, right in pairwise(columns):
        digits = {len(text) if text.isdecimal() else 9 for text in right.texts if text}
        if len(digits) == 1 and max(digits) < 4 and all(re.fullmatch(r"-?\d*", text) for text in left.texts):
            report.append(
                f"If {left.name!r} and {right.name!r} are one number with a decimal comma, it was cut: such numbers "
                "need quotes, or a semicolon between the columns."
            )


def _two_signs(column: Column) -> DataError | None:
    """Return the error for a column in which a point stands before three digits, then a comma, or the other way round.

    There is none if a number in it has other digits: 8.5 and 1,234 are well written.
    """
    texts = [text.translate(LOOK_ALIKES) for text in column.texts]
    signs = np.array([match[1] if (match := OPEN.fullmatch(text)) else "" for text in texts])
    others = [text for text, sign in zip(texts, signs, strict=True) if not sign and any(map(str.isdigit, text))]
    if not all(map(WHOLE.fullmatch, others)) or not all(sign in signs for sign in SIGNS):
        return None
    before, bad = sorted(column.first(signs[column.codes] == sign) for sign in SIGNS)
    return DataError(
        f"{bad._replace(count=1).place}, which has another decimal sign than "
        f"{before.cell!r} in line {before.line}; write all alike"
    )


def _decimal_sign(text: str) -> str:
    """Return the decimal sign that a number has, or would have; "open" if both are possible, "" if nothing tells."""
    if OPEN.fullmatch(text):
        return "open"
    if match := MANY_GROUPS.fullmatch(text):
        return ".,"[match[1] == "."]
    match = DECIMALS.fullmatch(text)
    return (match[1] or match[3]) if match and text not in SIGNS else ""


class Numbers:
    """The numbers in a column; `of` holds one for each of its distinct texts."""

    def __init__(self, column: Column, decimal: str, missing: Sequence | None, report: list[str]) -> None:
        self.column, self.name = column, column.name
        texts = [text.translate(LOOK_ALIKES) for text in column.texts]
        plain = texts if decimal == "." else [text.replace(".", "?").replace(",", ".") for text in texts]
        self.of = pd.to_numeric(pd.Series(plain, dtype=object), errors="coerce").to_numpy(np.float64, copy=True)
        grouped = np.zeros(len(texts), bool)
        for i in np.flatnonzero(np.isnan(self.of)):
            if THOUSANDS[decimal].fullmatch(texts[i]):
                grouped[i] = True
                self.of[i] = float(re.sub(f"[^-+0-9{decimal}]", "", texts[i]).replace(",", "."))
        rounded = np.array([bool(ROUNDED.fullmatch(text)) for text in texts], bool)
        self.empty = np.array([text.lower() in EMPTY for text in texts], bool)
        self.coded = _named(missing, column.texts, self.of)
        self.of[self.empty | self.coded] = np.nan
        self.text = self.first(np.isnan(self.of) & ~self.empty & ~self.coded)
        self.like = bool(self.text) and np.mean([bool(LIKE_A_NUMBER.fullmatch(text)) for text in column.texts]) > 0.5
        self.count = int((~np.isnan(self.of))[column.codes].sum())
        for found, what in (
            (grouped, "has a separator between thousands"),
            (self.coded, "means that nothing was measured"),
            (rounded, "was rounded to three digits, as by a spreadsheet: export all digits"),
        ):
            if self.count and (first := self.first(found)):
                report.append(f"Column {self.name!r}, line {first.line}: {first} {what}.")

    @property
    def values(self) -> np.ndarray:
        """The numbers of the rows, shape (rows,), NaN where there is none."""
        return self.of[self.column.codes]

    def first(self, found: np.ndarray) -> Bad | None:
        """Return the first row whose text is in a mask of shape (texts,)."""
        return self.column.first(found[self.column.codes])

    def usable(self) -> str:
        """Return "" if the column holds numbers and nothing else, or what it holds.

        Raises a DataError if a few cells are no numbers, or cannot be computed with.
        """
        if not self.count and not self.text:
            return "empty"
        if self.text and self.text.count > self.count and (not self.like or len(self.of) == 1):
            return "words"
        self._check_cells()
        return ""

    def check(self) -> None:
        """Raise a DataError unless the column can be forecast."""
        if not self.count and not self.text:
            raise DataError(f"column {self.name!r} is empty; choose another one")
        self._check_cells()

    def _check_cells(self) -> None:
        if error := _two_signs(self.column):
            raise error
        bad, why = self.text, self.text and _why_no_number(self.text.cell, self.column.texts)
        if not bad and (bad := self.first(np.abs(self.of) > LARGEST_VALUE)):
            why = "infinite or too large to compute with; empty the cell if nothing was measured"
        if bad:
            raise DataError(f"{bad.place}, {why}")

    def codes(self) -> list[tuple[float, Bad]]:
        """Return the values that look like a code for "not measured", with the first of each.

        Such a value consists of nines, is where a computer's numbers end, or is what a cheap thermometer gives that is
        cut off or has just been switched on (−127, 85). It stands alone, farther from all others than they are from
        each other; or, within their range, it is there far more often than its neighbours. Or it is −1 or −9, several
        times, and nothing else is below zero.
        """
        codes = np.bincount(self.column.codes, minlength=len(self.of))
        usable = (np.abs(self.of) <= LARGEST_VALUE) & (codes > 0)
        there = pd.Series(codes[usable], index=self.of[usable]).groupby(level=0).sum()
        values, counts = there.index.to_numpy(), there.to_numpy()
        suspects = np.array([bool(CODES.fullmatch(f"{value:.10g}")) for value in values], bool)
        found, below = [], values[values < 0]
        if len(below) == 1 and below[0] in (-1, -9) and counts[0] >= 3 and len(values) > 10:
            found.append((below[0], self.first(self.of == below[0])))
        others, number = values[~suspects], counts[~suspects]
        if len(others) < 2:
            return found
        steps = np.diff(others)
        for value, count in zip(values[suspects], counts[suspects], strict=True):
            place = np.searchsorted(others, value)
            near = number[max(0, place - 5) : place + 5].max()
            alone = np.abs(others - value).min() > 2 * steps.max()
            if alone or count > max(4, 5 * near - 3):
                found.append((value, self.first(self.of == value)))
        return found


def _named(missing: Sequence | None, texts: list[str], values: np.ndarray) -> np.ndarray:
    """Return a mask of the texts that the reader named as codes for "not measured"."""
    codes = _as_list(missing)
    try:
        numbers = np.array([code for code in codes if not isinstance(code, str | None)], float)
    except (TypeError, ValueError):
        raise DataError(f"missing={missing!r} is no list of codes; write it as in missing=[-999]") from None
    words = {code.strip() for code in codes if isinstance(code, str)}
    return np.isin(values, numbers) | np.array([text in words for text in texts], bool)


def _as_list(missing: Sequence | float | str | None) -> list:
    try:
        return [] if missing is None else [missing] if isinstance(missing, str) else list(missing)
    except TypeError:
        return [missing]


def ask_about_codes(columns: list[Numbers], missing: Sequence | None, report: list[str]) -> None:
    """Raise a DataError that lists all values that look like codes, with both answers; after an answer, report them.

    Words alone are no answer.
    """
    found = [(column, value, bad) for column in columns for value, bad in column.codes()]
    if found:
        places = [
            f"column {column.name!r} has {quote(bad.cell)} {bad.count:,} time(s), the first in line {bad.line}"
            for column, _, bad in found[:12]
        ]
        words = [code for code in _as_list(missing) if isinstance(code, str)]
        if (missing is not None and not words) or len(words) < len(_as_list(missing)):
            report.append(f"{'; '.join(places)}. Such values were kept.")
            return
        named = [*map(repr, words), *(f"{value:.10g}" for value in dict.fromkeys(value for _, value, _ in found))]
        raise DataError(
            f"{'; '.join(places)}. Such a value may mean that nothing was measured: then give "
            f"missing=[{', '.join(named)}], and the cells count as empty. If it was measured, give "
            f"missing=[{', '.join([*map(repr, words), 'None'] if words else [])}]. If it stands for another number, as "
            "-1 may for no snow, write that one"
        )


def _why_no_number(cell: str, texts: list[str]) -> str:
    """Return what is wrong with a cell, and what to do, seeing the other texts of its column."""
    if re.fullmatch(r"[-+]?\d+[.,]\d+", cell):
        return "which has another decimal sign than other numbers; write all alike, or give decimal='.' or decimal=','"
    if MANY_GROUPS.fullmatch(cell):
        return "which has a separator between thousands that is the decimal sign of other numbers; write all alike"
    if re.fullmatch(r"[-–—]+", cell):
        return f"which may be 0 or 'not measured'; write 0, or give missing=[{cell!r}]"
    if FAILED.fullmatch(cell):
        failed = ", ".join(repr(text) for text in texts if FAILED.fullmatch(text))
        return (
            f"which is what a spreadsheet writes for a formula that failed; empty the cell, or give missing=[{failed}]"
        )
    if AS_DATE.fullmatch(cell):
        return (
            "which is a date; a spreadsheet may have taken numbers for dates (1.5 for 1 May): export the file again, "
            "and save it with no spreadsheet"
        )
    if TWO.fullmatch(cell):
        return "which is more than one number; make one of it, as 6.5 hours or 390 minutes of 6:30, or a column of each"
    if re.search(r"\d", cell):
        return "which is more than a number; " + _how_to_number(texts)
    return (
        "which is no number; write the number that it stands for (0 for a closed shop or a trace, 1 and 0 for yes and "
        f"no); only if nothing was measured, empty the cell, or give missing=[{cell!r}]"
    )


def _how_to_number(texts: list[str]) -> str:
    """Return what to do with a column of texts that hold more than a number."""
    texts = [text.translate(LOOK_ALIKES) for text in texts if any(map(str.isdigit, text))]
    beside = [re.sub(r"[-+(]?\d[\d.,' ]*", "", text).strip("()+- ") for text in texts]
    units = [unit for unit in dict.fromkeys(beside) if unit]
    remedy = "take units, currency signs and words out of the column"
    if len(units) > 1 or ("" in beside and TIMES.intersection(units)):
        remedy = (
            f"its column has {listed(units)} beside numbers{' and numbers alone' * ('' in beside)}: if these are "
            f"units, or stand for thousands or millions, convert all cells to one first; then {remedy}"
        )
    for text in texts:
        if match := IN_ACCOUNTS.fullmatch(text):
            number, more = (match[1] or match[2]).strip(), f"; {remedy}" * bool(units)
            return f"{text!r} is a negative number: write '-{number}', and all such cells so{more}"
        if text.lstrip().startswith(("<", ">", "≤", "≥")):  # without the sign, "less than 5" would be 5
            return f"{text!r} is a limit: write one number for it in all such cells, such as half of 'less than'"
    return remedy


def target_column(columns: list[Numbers], date: str, target: str | None, moments: np.ndarray) -> Numbers:
    """Return the column that was asked for, or else the only one with numbers that change and tell something.

    Raises a DataError if there is no such column, or if there are several.
    """
    names = [column.name for column in columns]
    if target is not None:
        return columns[names.index(known("target", target, names))]
    if len(columns) == 1:
        return columns[0]
    found = [column for column in columns if column.like or column.count > (column.text.count if column.text else 0)]
    found = [
        column for column in found if len(np.unique(column.of)) > 1 or (column.like and len(column.of) > 1)
    ] or found
    if not found:
        raise DataError(f"no column of numbers beside {date!r}: {listed(names)} hold text or nothing")
    if len(found) > 1:
        found = [
            column
            for column in found
            if column.like or no_input(column.name, column.values, moments) in ("", *ONE_WAY)  # a meter may be meant
        ] or found
    if len(found) > 1:
        names = [column.name for column in found]
        likely = max(found, key=lambda column: len(column.of)).name
        raise DataError(f"{listed(names)} hold numbers; name the one to forecast, as in target={likely!r}")
    return found[0]
