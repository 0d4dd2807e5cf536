"""Report: what each column holds, and what is doubtful in it."""

import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.daily_csv.words import quote

QUALITY = re.compile(
    r"(q|qc|qn|qa|flag)([_ -].*)?|.*[_ -](qc|qa|flags?|attributes)|flags|.*(quality|validity|qualifier|verification).*",
    re.IGNORECASE,
)
TEMPERATURE = re.compile(r"t|t[xngm]k?|t(max|min|avg|mean)|.*temp.*", re.IGNORECASE)
SHORTEST_RUN = 10
"""Days with the same value, on end, that are worth a sentence; of zeros, three times as many."""
FEW = 12  # a column of flags holds no more of them
ONE_WAY = ("only rises", "only falls")


class Doubt(NamedTuple):
    """A place in a column that a reader should look at."""

    first: pd.Timestamp
    last: pd.Timestamp
    sentence: str
    remedy: str = ""


def not_inputs(record: pd.DataFrame) -> dict[str, str]:
    """Return the columns that should not be inputs of a forecast of the first one, and why.

    Parameters
    ----------
    record
        Shape (days, columns), the target first, the index daily, as `read_daily_csv` returns it.

    Returns
    -------
    dict
        Name → reason, for columns that never change, restate the date, count the rows, rise or fall from each day to
        the next, or hold quality flags. The days on which the target was filled are not looked at.
    """
    measured = record.drop(pd.DatetimeIndex(record.attrs.get("filled", [])), errors="ignore")
    days = measured.index.to_numpy()
    reasons = {name: no_input(str(name), measured[name].to_numpy(), days) for name in record.columns[1:]}
    return {name: reason for name, reason in reasons.items() if reason}


def no_input(name: str, values: np.ndarray, moments: np.ndarray) -> str:
    """Return why a column tells a forecast nothing, "" if it may tell something.

    A column restates a part of the date if it is that number, or another one for each (Monday 3, Tuesday 7, …).
    `values` and `moments` have the shape (rows,); NaN is left out.
    """
    there = np.isfinite(values)
    values, days = values[there], pd.DatetimeIndex(moments[there])
    if len(values) < 2 or values.min() == values.max():
        return "never changes"
    calendar = {
        "year": days.year,
        "month": days.month,
        "day of the month": days.day,
        "day of the year": days.day_of_year,
        "quarter": days.quarter,
        "week": days.isocalendar().week,
        "weekday": days.day_of_week,
        "weekday, from Sunday": (days.day_of_week + 1) % 7,
        "date": days.year * 10_000 + days.month * 100 + days.day,
        "year and month": days.year * 100 + days.month,
    }
    codes, distinct = pd.factorize(values)
    for part, numbers in calendar.items():
        numbers = np.asarray(numbers, float)
        again = _nearly_constant(values - numbers) and not _nearly_constant(numbers)  # as the year is, in one year
        if not again and len(distinct) <= len(values) / 2:
            parts, others = pd.factorize(numbers)
            pairs = len(np.unique(codes * len(others) + parts)) if len(others) == len(distinct) else 0
            again = pairs == len(others)
        if again:
            return f"restates the date ({part})"
    steps = np.diff(values)
    if np.median(steps) and np.mean(steps == np.median(steps)) > 0.95:
        return "counts the rows"
    if (steps > 0).all() or (steps < 0).all():
        return ONE_WAY[int(steps[0] < 0)]
    return "holds quality flags" if QUALITY.fullmatch(name) and len(distinct) <= FEW else ""


def _nearly_constant(values: np.ndarray) -> bool:
    return np.mean(values == np.median(values)) > 0.98


def flags_in(name: str, counts: dict[str, int]) -> str:
    """Return a sentence on a column of quality flags, from the rows that each flag has; "" if it holds none."""
    if not QUALITY.fullmatch(name) or not 1 < len(counts) <= FEW:
        return ""
    most = max(counts, key=counts.get)
    said = ", ".join(f"{quote(flag)} {count:,} times" for flag, count in counts.items())
    return f"Flags in {name!r}: {said}. All rows were kept; keep={{{name!r}: {most!r}}} keeps those with this flag."


def describe(record: pd.DataFrame, missing: dict[str, np.ndarray], cells: Callable[[str], pd.Series]) -> list[str]:
    """Return a sentence on each column, and one on each doubtful place.

    `missing` masks the days that were filled; `cells` returns the values of a column as they stand in the file.
    """
    reasons, sentences, doubts = not_inputs(record), [], []
    for i, (name, values) in enumerate(record.items()):
        part = f", {reasons[name]}" if name in reasons else "" if i else ", the target"
        measured = values[~missing[name]]
        low, middle, high = (f"{number:.10g}" for number in np.quantile(measured, [0, 0.5, 1], method="nearest"))
        _, length, first = longest_run(measured)
        sentences.append(
            f"Column {name!r}{part}: lowest {low}, middle {middle}, highest {high}; {missing[name].sum():,} day(s) "
            f"without a value, filled; longest run of equal values {length:,} day(s), from {first:%Y-%m-%d}."
        )
        found = doubtful(name, measured, reasons.get(name, ""), cells(name))
        doubts += [f"{doubt.sentence} {doubt.remedy}".strip() for doubt in found]
    return sentences + doubts


def longest_run(values: pd.Series) -> tuple[float, int, pd.Timestamp]:
    """Return the value that is there most often on end, how often, and the first day of that."""
    starts = np.flatnonzero(np.append(True, np.diff(values.to_numpy()) != 0))
    lengths = np.diff(starts, append=len(values))
    at = lengths.argmax()
    return values.iloc[starts[at]], int(lengths[at]), values.index[starts[at]]


def far_from_others(values: pd.Series) -> pd.Series:
    """Return the values that are three times as far from the others as these are spread.

    The spread is that of the quartiles of the distinct values: so a code such as −999 stands out even if many days
    have it.
    """
    low, high = np.percentile(np.unique(values), [25, 75])
    return values[(values < low - 3 * (high - low)) | (values > high + 3 * (high - low))]


def doubtful(name: str, values: pd.Series, reason: str = "", cells: pd.Series | None = None) -> list[Doubt]:
    """Return the places of a column that a reader should look at.

    `values` are those that were measured; `reason` is why the column is no input; `cells`, if several make a day, are
    the values before that.
    """
    whole, found, cells = (values.index[0], values.index[-1]), [], values if cells is None else cells
    if reason == "holds quality flags":
        counts = {f"{flag:g}": count for flag, count in cells.value_counts().items()}
        return [Doubt(*whole, flags_in(name, counts))]
    if reason and reason not in ONE_WAY:
        return []
    if len(far := far_from_others(cells)):
        said = (
            f"has {len(far):,} value(s) far from most others, {far.min():.6g} to {far.max():.6g}, the first on "
            f"{far.index[0]:%Y-%m-%d}; they were kept."
        )
        remedy = f"If they mean 'not measured', name them, as in missing=[{far.iloc[0]:.10g}]."
        found.append(Doubt(far.index[0], far.index[-1], f"Column {name!r} {said}", remedy))
    value, length, first = longest_run(values)
    if length >= SHORTEST_RUN * (1 if value else 3):
        last = values.index[values.index.get_loc(first) + length - 1]
        said = f"is {value:.6g} on {length:,} days on end, {first:%Y-%m-%d} to {last:%Y-%m-%d}"
        found.append(Doubt(first, last, f"Column {name!r} {said}: was it measured, or did something stick?"))
    for said in (as_a_meter(values), _in_weeks(values), _in_two_units(values), _not_yet(values)):
        found += [Doubt(*whole, f"Column {name!r} {said}")] * bool(said)
    if TEMPERATURE.fullmatch(name) and values.max() > 130 > values.min() + 30 and (values % 1 == 0).all():
        said = f"has whole numbers up to {values.max():.0f}: are they tenths of a degree?"
        found.append(Doubt(*whole, f"Column {name!r} {said}"))
    return found


def as_a_meter(values: pd.Series | np.ndarray) -> str:
    """Return what makes the values look like the readings of a meter; "" if they do not."""
    steps = np.diff(values)
    falls = np.count_nonzero(steps < 0)
    if len(steps) <= 30 or falls > len(steps) / 25 or np.mean(steps > 0) < 0.1:
        return ""
    falls = f"falls on {falls:,} day(s) only" if falls else "never falls"
    return f"{falls}: if it is a meter or a total, forecast by how much it grows a day."


def _in_weeks(values: pd.Series) -> str:
    """Return a question about values that are there on one day of the week alone, or that go on by the same step."""
    busy = values.index[values != 0].day_name().value_counts()
    if 10 < busy.sum() < 0.3 * len(values) and busy.iloc[0] > 0.95 * busy.sum():
        return f"is 0 on all days but {busy.index[0]}s: is it a record of weeks?"
    steps, size = np.diff(values), values.abs().max()
    same = (np.abs(np.diff(steps)) < 1e-6 * size) & ~((steps[1:] == 0) & (values.to_numpy()[1:-1] == 0))
    if len(same) and same.mean() > 0.6:
        return "goes on by the same step on most days: is it a record of weeks or months, written down for each day?"
    return ""


def _in_two_units(values: pd.Series) -> str:
    """Return a question about a wide gap between small and large values, "" if there is none."""
    sizes = np.sort(values.abs()[values != 0])
    edge = max(3, len(sizes) // 50)  # fewer are far from most others
    with np.errstate(over="ignore"):
        gaps = sizes[edge:-edge] / sizes[edge - 1 : -edge - 1]
    if not len(gaps) or gaps.max() < 20:
        return ""
    low, high = sizes[gaps.argmax() + edge - 1 :][:2]
    return f"has no value between {low:.6g} and {high:.6g}: are there two units, or was a decimal sign lost?"


def _not_yet(values: pd.Series) -> str:
    """Return a question about zeros on the last days alone, such as a table has that is filled in day by day."""
    zeros = np.count_nonzero(values == 0)
    if zeros < 3 or values.iloc[-zeros:].any():
        return ""
    return f"is 0 on the last {zeros:,} days, and on no other: were they measured?"


def draw_report(record: pd.DataFrame) -> None:
    """Show a figure of a record that `read_daily_csv` returned: a row a column, six at most, doubtful places marked."""
    from helpers import plots

    filled = pd.DatetimeIndex(record.attrs.get("filled", []))
    names = list(record.columns[:6])
    fig, axes = plots.figure(len(names), 1, figsize=(8, 1 + 1.2 * len(names)), sharex=True, squeeze=False)
    sentences, reasons = [], not_inputs(record)
    for name, ax in zip(names, axes[:, 0], strict=True):
        values = record[name].drop(filled) if name == names[0] else record[name]
        ax.plot(record[name], color="black", linewidth=0.6)
        ax.set_ylabel(name if len(name) <= 16 else name[:15] + "…")
        if len(far := far_from_others(values)):
            ax.plot(far, "o", color=plots.COLOURS[1], markersize=4, label="far from most others")
        for first, last, sentence, _ in doubtful(name, values, reasons.get(name, "")):
            sentences.append(sentence)
            if "on end" in sentence:
                ax.axvspan(first, last, color=plots.COLOURS[4], alpha=0.4, label="equal values on end")
    if len(filled):
        axes[0, 0].plot(record[names[0]][filled], "|", color=plots.COLOURS[3], label="no value, filled")
    labels = {label: handle for ax in axes[:, 0] for handle, label in zip(*ax.get_legend_handles_labels(), strict=True)}
    fig.legend(labels.values(), labels.keys(), loc="outside lower center", ncols=3)
    plots.show(
        fig,
        f"The record from {record.index[0]:%Y-%m-%d} to {record.index[-1]:%Y-%m-%d}, one row for each of "
        f"{', '.join(names)}. {len(filled):,} day(s) of {names[0]} had no value and were filled. "
        + (" ".join(sentences) or "Nothing in it is doubtful."),
    )
