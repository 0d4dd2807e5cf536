"""Days: from texts to dates and times, in one order of day and month, in one time zone."""

import re
from datetime import date, timedelta

import numpy as np
import pandas as pd

from helpers.daily_csv.words import Column, DataError

CHUNK = 1_000  # rows whose dates are looked at together
YEARS = 1700, 2261  # pandas' nanoseconds begin in 1677 and end in 2262
DATE = re.compile(
    r"(?P<day>(?P<compact>(?:1[7-9]|2\d)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))"
    r"|\d{4}(?P<a>[-/.])\d{1,2}(?P=a)\d{1,2}|\d{1,2}(?P<b>[-/.])\d{1,2}(?P=b)\d{4})"
    r"(?P<time>(?(compact)(?:[01]\d|2[0-3])(?:[0-5]\d)?|(?!))"  # 2020123123 or 202012312359
    r"|[T ] ?\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?P<half>[AP])M)?)?"
    r"(?: ?(?P<zone>Z|UTC|[+-]\d\d:?\d\d))?",
    re.ASCII | re.IGNORECASE,
)
MONTH = re.compile(r"\d{4}[-/]\d{1,2}|\d{1,2}[-/]\d{4}", re.ASCII)
TIME = re.compile(r"(\d{1,2}:\d\d(?::\d\d)?(?: ?[AP]M)?)(?: ?[-–] ?\d{1,2}:\d\d.*)?", re.ASCII | re.IGNORECASE)
TIME_NAME = re.compile(
    r"(.*[ _])?(hours?|hh|hr|he|(uhr)?zeit|stunde|heure|hora|ora|uur|time|tijd|tid|period|interval)( ?\(.*\)| utc)?",
    re.IGNORECASE,
)
PARTS = {
    "year": {"year", "yyyy", "yr", "jahr", "année", "annee", "an", "año", "ano", "anno", "jaar"},
    "month": {"month", "mm", "mo", "mon", "monat", "mois", "mes", "mês", "mese", "maand"},
    "day": {"day", "dd", "dy", "tag", "jour", "día", "dia", "giorno", "dag"},
    "day of the year": {"doy", "yday", "day_of_year", "dayofyear", "day of year"},
}
HOW_TO_DATE = (
    "Dates are written as 2020-12-31, 20201231, 31.12.2020 or 31/12/2020: in digits, four of them for the year. A time "
    "such as 23:00 may follow. Year, month and day may also stand in columns with these names."
)
NOT_DAILY = (
    "A forecast for tomorrow needs a value for nearly every day, and values made up for the days between would teach "
    "nothing; look for the daily record"
)
TURNED = (
    "A spreadsheet may have turned day and month of some dates round: export the file again, and save it with no "
    "spreadsheet"
)


def date_parts(names: list[str]) -> list[int]:
    """Return which columns hold year, month and day, or year and day of the year; none if not all are there."""
    place = {part: i for i, name in reversed(list(enumerate(names))) for part in PARTS if name.lower() in PARTS[part]}
    for wanted in (("year", "month", "day"), ("year", "day of the year")):
        if all(part in place for part in wanted):
            return [place[part] for part in wanted]
    return []


def joined(parts: list[Column]) -> Column:
    """Return one column of dates, as 2020-12-31, made of year, month and day or of year and day of the year."""
    rows = zip(*([part.texts[code] for code in part.codes] for part in parts), strict=True)
    texts = ["-".join(row) if len(parts) == 3 else _from_day_of_year(*row) for row in rows]
    return Column(", ".join(part.name for part in parts), texts, np.arange(len(texts)), parts[0].lines)


def _from_day_of_year(year: str, day: str) -> str:
    try:
        found = date(int(year), 1, 1) + timedelta(int(day) - 1)
    except (ValueError, OverflowError):
        return f"{year}-{day}"
    return found.isoformat() if found.year == int(year) else f"{year}-{day}"


def moments(column: Column, day_first: bool | None, timezone: str | None, report: list[str]) -> np.ndarray:
    """Return the dates and times of the rows, shape (rows,), datetime64[s], in local time.

    Raises a DataError if a cell is no date like the others, or if nothing tells day from month.
    """
    formats, shape = _formats(column)
    rows = len(column.codes)
    read = {form: np.empty(rows, "datetime64[s]") for form in formats}
    seconds, offsets = np.zeros(rows, np.float32), np.full(rows, np.nan, np.float32)
    times = {}
    for part in (slice(start, start + CHUNK) for start in range(0, rows, CHUNK)):
        matches = [DATE.fullmatch(column.texts[code]) for code in column.codes[part]]
        matches = [match if match and (match["a"], match["b"]) == shape else None for match in matches]
        for form in formats:
            read[form][part] = _parsed([match and match["day"] for match in matches], form)
        for row, match in enumerate(matches, part.start):
            if match and match.end("day") < match.end():
                written = match.string[match.end("day") :]
                if written not in times:
                    times[written] = _seconds(match)
                seconds[row], offsets[row] = times[written]
    for found in read.values():
        found[np.isnan(seconds)] = np.datetime64("NaT")
    found = _in_one_order(read, column, day_first, report) + seconds.astype("timedelta64[s]")
    return _in_zone(found, offsets, column, timezone, report)


def _formats(column: Column) -> tuple[list[str], tuple]:
    """Return the format of the column's first date, or two if day and month may change places, and its signs."""
    for row, text in enumerate(column.texts[code] for code in column.codes):
        if MONTH.fullmatch(text):
            where = f"line {column.lines[row]}, column {column.name!r}"
            raise DataError(f"{where}: found {text!r}, a whole month. {NOT_DAILY}")
        if match := DATE.fullmatch(text):
            signs = match["a"], match["b"]
            if match["compact"]:
                return ["%Y%m%d"], signs
            orders = [["%Y", "%m", "%d"]] if match["a"] else [["%d", "%m", "%Y"], ["%m", "%d", "%Y"]]
            return [(match["a"] or match["b"]).join(order) for order in orders], signs
    first = column.first(column.where(bool))
    raise DataError(f"{first.place if first else f'column {column.name!r} is empty'}, no date. {HOW_TO_DATE}")


def _seconds(match: re.Match) -> tuple[float, float]:
    """Return the seconds since midnight, and the seconds by which the zone is ahead of UTC; NaN for neither."""
    hour, minute, second = ([int(digits) for digits in re.findall(r"(?<!\.)\d\d?", match["time"] or "")] + [0] * 3)[:3]
    if match["half"]:
        hour = hour % 12 + 12 * (match["half"] in "Pp") if hour <= 12 else 25
    if (hour, minute, second) == (24, 0, 0):
        hour, minute = 23, 59  # the end of the day that is written
    seconds = 3600 * hour + 60 * minute + second if hour < 24 and max(minute, second) < 60 else np.nan
    zone = re.sub(r"[:A-Z]", "", (match["zone"] or "").upper())
    offset = int(zone[:3]) * 3600 + int(zone[0] + zone[3:]) * 60 if zone else 0.0
    return seconds, offset if match["zone"] else np.nan


def _parsed(days: list[str | None], form: str) -> np.ndarray:
    found = pd.to_datetime(pd.Series(days, dtype=object), format=form, errors="coerce")
    found = found.to_numpy().astype("datetime64[s]")
    years = found.astype("datetime64[Y]").astype(np.int64) + 1970
    found[(years < YEARS[0]) | (years > YEARS[1])] = np.datetime64("NaT")
    return found


def _in_one_order(read: dict[str, np.ndarray], column: Column, day_first: bool | None, report: list[str]) -> np.ndarray:
    """Return the dates as the one format reads them that fits all, or say which line it cannot read."""
    formats = list(read)
    if len(formats) == 2 and day_first is not None:
        formats = formats[:1] if day_first else formats[1:]
    bad = {form: column.first(np.isnat(read[form])) for form in read}
    fitting = [form for form in formats if bad[form] is None]
    if not fitting:
        raise _no_date({form: read[form] for form in formats}, column)
    found = read[fitting[0]]
    if len(fitting) == 2:
        first, second = read.values()
        if (differ := first != second).any():
            row = differ.argmax()
            a, b = (str(found[row].astype("datetime64[D]")) for found in (first, second))
            raise DataError(
                f"line {column.lines[row]}, column {column.name!r}: the date is {a} or {b}, and no line of the file "
                "tells which; give day_first=True for the first, day_first=False for the second"
            )
    elif day_first is None:
        _ask_about_halves(found, column, fitting[0].startswith("%d"))
        if len(formats) == 2:
            other = next(filter(None, bad.values()))
            report.append(f"Dates are read as {_in_words(fitting[0])}, because of line {other.line}: {other.cell!r}.")
    return found


def _ask_about_halves(found: np.ndarray, column: Column, is_day_first: bool) -> None:
    """Raise a DataError if the rows are in order only if dates up to the 12th have day and month the other way round.

    So a spreadsheet leaves them that takes 01.02.2024 for its own 2 January, and 13.01.2024 for text.
    """
    back = np.zeros((2, 2), int)  # steps down and up, as written and turned round; a few rows at a time save memory
    for start in range(0, len(found), CHUNK):
        days = found[start : start + CHUNK + 1].astype("datetime64[D]")
        for steps, count in zip((np.diff(days), np.diff(_turned(days))), back, strict=True):
            count += (steps < np.timedelta64(0)).sum(), (steps > np.timedelta64(0)).sum()
    if 4 * back[1].min() < back[0].min():
        days = found.astype("datetime64[D]")
        turned = _turned(days)
        bad, row = column.first(turned != days), (turned != days).argmax()
        raise DataError(
            f"{bad.place}, which is {days[row]} if it is written like dates after the 12th of a month; but the rows "
            f"are in order only if it is {turned[row]}. {TURNED}. If the dates are right, and the rows out of order, "
            f"give day_first={is_day_first}"
        )


def _turned(days: np.ndarray) -> np.ndarray:
    """Return the days up to the 12th of a month with day and month the other way round, the others as they are."""
    months = days.astype("datetime64[M]")
    month, day = months.astype(np.int64) % 12, (days - months).astype(np.int64)
    return np.where(day < 12, (months - month + day).astype(days.dtype) + month, days)


def _in_words(form: str) -> str:
    for sign, word in zip("Ymd", ["year", "month", "day"], strict=True):
        form = form.replace("%" + sign, word)
    return form


def _no_date(read: dict[str, np.ndarray], column: Column) -> DataError:
    """Return the error for a column that no format reads: about a cell that none of them can read, or about two."""
    bad = {form: column.first(np.isnat(found)) for form, found in read.items()}
    form = max(bad, key=lambda form: bad[form].line)  # the one that reads more
    found = bad.pop(form)
    for other, first in bad.items():
        if not np.isnat(read[other][column.lines == found.line][0]):
            return DataError(
                f"column {column.name!r} mixes the order of day and month: line {found.line} has {found.cell!r}, which "
                f"is not {_in_words(form)}, line {first.line} has {first.cell!r}, which is not {_in_words(other)}; "
                "write all alike"
            )
    remedy = "mend it, or remove the line if it does not belong to a day"
    if found.count > 1 and not found.cell:
        remedy = "if cells were merged, write the date in each of its rows; or else " + remedy
    good = column.first(~np.isnat(read[form]))
    if found.count > 1 and good and _signs(found.cell) not in (None, _signs(good.cell)):
        remedy = f"line {good.line} has {good.cell!r}. {TURNED}"
    return DataError(f"{found.place}, no {_in_words(form)} from {YEARS[0]} to {YEARS[1]}; {remedy}")


def _signs(date: str) -> tuple | None:
    """Return what stands between the parts of a date with the year first, and with the year last."""
    return (match := DATE.fullmatch(date)) and (match["a"], match["b"])


def _in_zone(
    found: np.ndarray, offsets: np.ndarray, column: Column, timezone: str | None, report: list[str]
) -> np.ndarray:
    """Return the moments in a time zone, and say so; without one, as they are written."""
    zoned = ~np.isnan(offsets)
    if timezone is None:
        if zoned.any():
            hours = np.unique((found - found.astype("datetime64[D]")).astype("timedelta64[h]").astype(int))
            early = " All times are near midnight: is that the midnight of another place?" * int(min(hours) >= 21)
            report.append(
                f"The times have a time zone (line {column.lines[zoned.argmax()]}: {column.first(zoned).cell!r}). The "
                f"day is the one that is written there.{early} To move all to the days of your place, give its zone, "
                "as in timezone='Europe/Berlin'."
            )
        return found
    if not zoned.all():
        bad = column.first(~zoned)
        raise DataError(
            f"{bad.place}, a time without a zone: timezone={timezone!r} does "
            "not tell by how much to move it; leave timezone out"
        )
    try:
        local = pd.DatetimeIndex(found - offsets.astype("timedelta64[s]"), tz="UTC").tz_convert(timezone)
    except Exception:  # pandas 2 and 3 raise different errors for a zone that is not known
        raise DataError(f"timezone={timezone!r} is no time zone; write it as in timezone='Europe/Berlin'") from None
    report.append(f"The times were moved to {timezone}.")
    return local.tz_localize(None).to_numpy().astype("datetime64[s]")


def check_latest(found: np.ndarray, column: Column, latest: str | None, report: list[str]) -> None:
    """Raise a DataError if a moment is after the latest day, by default today; report a day that may not be over."""
    try:  # where the date changes first, it is 14 hours later than in UTC
        limit = np.datetime64(latest or np.datetime64("now", "h") + 14, "D")
    except (ValueError, TypeError):
        raise DataError(f"latest={latest!r} is no day; write it as in latest='2031-12-31'") from None
    days = found.astype("datetime64[D]")
    late = days > limit
    if late.any():
        raise DataError(
            f"line {column.lines[late.argmax()]}, column {column.name!r}: found {days[late.argmax()]}, which is after "
            f"{limit}; mend the date; if its values are a plan, a forecast or bookings so far, remove the rows of days "
            f"to come; if the series is meant to reach so far, as a simulated one, give latest='{days.max()}'"
        )
    if latest is None and days.max() >= np.datetime64("now", "D"):
        report.append(f"The last day, {days.max()}, is not over yet: if its values are not complete, take it out.")


def with_times(columns: list[Column], found: np.ndarray, report: list[str]) -> tuple[list[Column], np.ndarray]:
    """Return the columns, and the moments with the times that stand in a column of their own.

    They are looked for where days are there more than once, and have no times.
    """
    if (found != found.astype("datetime64[D]")).any() or len(np.unique(found)) == len(found):
        return columns, found
    for column in columns:
        times = _times(column.name, [column.texts[code] for code in np.unique(column.codes)])
        seconds = np.array([times.get(text, 0) for text in column.texts])[column.codes]
        if times and not np.isnan(seconds).any():
            report.append(f"The times are in column {column.name!r}.")
            return [other for other in columns if other is not column], found + seconds.astype("timedelta64[s]")
    return columns, found


def _times(name: str, texts: list[str]) -> dict[str, float]:
    """Return the seconds since midnight of texts that are times, or parts of the day that are counted; else nothing."""
    written = {text: re.sub(r" ?(utc|gmt|uhr|h)$", "", text.lower()) for text in texts}
    if named := TIME_NAME.fullmatch(name):
        written = {text: re.sub("[.h]", ":", time) for text, time in written.items()}  # 6.30 and 6h30
    matches = {text: TIME.fullmatch(time) for text, time in written.items()}
    if all(matches.values()):
        return {text: _seconds(DATE.fullmatch(f"2000-01-01 {match[1]}"))[0] for text, match in matches.items()}
    if not named or not all(time.isdecimal() and len(time) < 5 for time in written.values()):
        return {}
    counts = {text: int(time) for text, time in written.items()}
    most = max(counts.values())
    if most > 2400:
        return {}
    if most > 100:  # 0100 to 2400
        return {text: min(3600 * (n // 100) + 60 * (n % 100), 86_399) for text, n in counts.items()}
    parts = next(parts for parts in (24, 48, 96) if most <= 25 / 24 * parts)  # the day on which clocks are put back
    return {text: min(n * 86_400 / parts, 86_399) for text, n in counts.items()}
