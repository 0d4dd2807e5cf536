"""The whole way for any daily record: split, forecasts, a choice, its judgement on the test days, and words for it.

Every step was written out in an earlier lesson; here they are put in a row. All numbers are in the record's unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from helpers import baselines
from helpers.data import DataError, split
from helpers.evaluation import LEVEL, Gain, conformal_margin, gain, rmse, skill
from helpers.forecaster import LINE, NETWORK, floor_of, interval, naive_forecast
from helpers.forecaster import in_unit as in_unit_of
from helpers.forecaster import load as load
from helpers.forecaster import save as save
from helpers.forecasting import A_DAY, BATCH, TIME_STEP, for_day, small_model, train_and_forecast
from helpers.inputs import Inputs, inputs, measured
from helpers.season import DAYS_A_YEAR

if TYPE_CHECKING:
    import keras

EPOCHS = 8
"""Passes through the training days. With 12, the RMSE on Brussels is 0.2 % lower; with 45, a short record overfits."""
FEWEST_STEPS = 250
"""A made-up shop's week takes so many. For one or two years of weather they are too many, and the verdict says so."""
NAIVE = ("persistence", "a week ago", "seasonal naive", "climatology", "damped anomaly")
A_YEAR = pd.DateOffset(years=1)


class Study(NamedTuple):
    """All that `study` finds out about a record, in the record's unit."""

    record: pd.DataFrame
    train_end: pd.Timestamp
    validation_end: pd.Timestamp
    seen: Inputs
    """What ridge and the networks learned from."""
    forecasts: pd.DataFrame
    """One column a forecaster; one row a validation day, a test day, and the day after the record."""
    networks: pd.DataFrame
    """The same rows, one column a network; their mean is the forecaster `NETWORK`."""
    weights: list[list[np.ndarray]]
    """Those of each network, as Keras lists them."""
    naive: str
    """The naive forecast with the smallest RMSE on the validation days: the bar for the others."""
    gains: dict[str, Gain]
    """On the validation days: of the GRU and of ridge over the naive forecast, and of the GRU over ridge."""
    choice: str
    """The forecaster to use, chosen by these gains."""
    on_test: dict[str, Gain]
    """On the test days: the gains of the chosen one; none if that is the naive forecast."""
    margins: pd.Series
    """How far each forecaster's prediction interval reaches to either side, from the validation days."""
    coverages: pd.Series
    """The share of test days inside that interval."""


def study(record: pd.DataFrame, seeds: Sequence[int] = (1, 2, 3)) -> Study:
    """Forecast a daily record in all ways that the lessons taught, choose one of them, and judge it on the last years.

    No forecaster learns from the validation days. So they can choose the naive forecast to beat and the forecaster,
    and measure the interval. The test days judge the one that was chosen.

    Parameters
    ----------
    record
        A clean daily record, the target first, as `helpers.data.read_daily_csv` returns it. At least three years.
    seeds
        One network is trained for each.

    Raises
    ------
    DataError
        If the record is too short, or if its naive forecast makes next to no error on the validation or test days.
    """
    train_end, validation_end = split_ends(record)
    seen = inputs(record, train_end)
    days = pd.date_range(train_end + A_DAY, record.index[-1] + A_DAY)
    networks, weights = train_networks(seen, train_end, days, seeds)
    forecasts = plain_forecasts(record, seen, train_end, days).assign(**{NETWORK: networks.mean(axis=1)})

    _, validation, test = split(measured(record), train_end, validation_end)
    on_validation, on_test = forecasts.loc[validation.index], forecasts.loc[test.index]
    naive = min(forecasts.columns.intersection(NAIVE), key=lambda name: rmse(validation, on_validation[name]))
    gains = compare(validation, on_validation, naive)
    choice = choose(*gains.values(), naive)
    confirmed = {pair: found for pair, found in compare(test, on_test, naive).items() if pair.startswith(choice)}
    margins = on_validation.sub(validation, axis=0).abs().apply(conformal_margin)
    coverages = (on_test.sub(test, axis=0).abs() <= margins).mean()
    return Study(
        record,
        train_end,
        validation_end,
        seen,
        forecasts,
        networks,
        weights,
        naive,
        gains,
        choice,
        confirmed,
        margins,
        coverages,
    )


def split_ends(record: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the last training day and the last validation day.

    Validation and test get a seventh of the record's years each, whole years so that every season counts alike, and
    one year at least.

    Raises
    ------
    DataError
        If the record is shorter than three years of 365 days.
    """
    if len(record) < 3 * DAYS_A_YEAR:
        raise DataError(
            f"{len(record):,} days are too few: training, validation and test need a year each, so at least "
            f"{3 * DAYS_A_YEAR:,} days; get a longer record"
        )
    years = max(1, len(record) // DAYS_A_YEAR // 7)
    last = record.index[-1]
    return last - 2 * years * A_YEAR, last - years * A_YEAR


def plain_forecasts(
    record: pd.DataFrame, seen: Inputs, train_end: pd.Timestamp, days: pd.DatetimeIndex
) -> pd.DataFrame:
    """Return the naive forecasts for `days` and that of ridge regression on the inputs, one column each.

    Those that need a training year are left out if there is none.
    """
    names = NAIVE if days[0] - A_YEAR >= record.index[0] else NAIVE[:2]
    forecasts = {name: naive_forecast(name, record, train_end, days) for name in names}
    forecasts[LINE] = baselines.ridge(seen.table, train_end, days) + seen.cycle[days]
    return pd.DataFrame(forecasts)


def train_networks(
    seen: Inputs, train_end: pd.Timestamp, days: pd.DatetimeIndex, seeds: Sequence[int], changes: bool = True
) -> tuple[pd.DataFrame, list[list[np.ndarray]]]:
    """Return one-day forecasts of the target for `days`, one column a seed, and the weights of each network.

    Each network learns from the days up to `train_end`, and by how much tomorrow's departure differs from today's: so
    it stays near the record where that leaves the range of the training days. (Without `changes` it learns tomorrow's
    departure itself.) It goes through them `EPOCHS` times; in a short record more often, until it has made
    `FEWEST_STEPS` training steps.
    """
    steps = max(FEWEST_STEPS, EPOCHS * ((len(seen.table[:train_end]) - TIME_STEP) // BATCH))
    model = network(seen.table.shape[1], steps)
    forecasts, weights = {}, []
    for seed in seeds:
        found = train_and_forecast(model, seen.table, train_end, seed=seed, steps=steps, changes=changes)
        forecasts[f"seed {seed}"] = for_day(found).reindex(days)
        weights.append(model.get_weights())
    return pd.DataFrame(forecasts).add(seen.cycle[days], axis=0), weights


@cache
def network(features: int, steps: int) -> keras.Model:
    """Return the network for so many inputs and training steps, built once: each training starts it anew."""
    return small_model(features, time_step=TIME_STEP, steps=steps, jit_compile=False)


def compare(truth: pd.Series, forecasts: pd.DataFrame, naive: str) -> dict[str, Gain]:
    """Return the gains of the GRU and of ridge over the naive forecast, and of the GRU over ridge.

    Raises
    ------
    DataError
        If the naive forecast makes next to no error.
    """
    pairs = {
        f"{NETWORK} over naive": (NETWORK, naive),
        f"{LINE} over naive": (LINE, naive),
        f"{NETWORK} over {LINE}": (NETWORK, LINE),
    }
    try:
        return {pair: gain(truth, forecasts[one], forecasts[other]) for pair, (one, other) in pairs.items()}
    except ValueError as error:
        raise DataError(
            f"{truth.index[0]:%Y-%m-%d} to {truth.index[-1]:%Y-%m-%d}, {len(truth):,} days to judge by: the forecast "
            f"to beat is {naive}, but {error}; use it, or get a record that changes there"
        ) from error


def choose(network_over_naive: Gain, line_over_naive: Gain, network_over_line: Gain, naive: str) -> str:
    """Return the forecaster to use: one that clearly beats every simpler one.

    The network has to clearly beat the naive one and the line, the line the naive one. Clearly means that the whole
    interval is above 0.
    """
    if network_over_naive.low > 0 and network_over_line.low > 0:
        return NETWORK
    return LINE if line_over_naive.low > 0 else naive


def intervals(result: Study, days: pd.DatetimeIndex) -> pd.DataFrame:
    """Return the chosen forecasts for some days with their interval: columns low, forecast and high.

    None of the three is below 0 for a record that never is.
    """
    return interval(result.forecasts.loc[days, result.choice], result.margins[result.choice], floor_of(result.record))


def draw_gains(studies: dict[str, Study]) -> None:
    """Show the gains of some studies over their naive forecast, with intervals, and that of the chosen on test days."""
    from helpers import plots

    fig, ax = plots.figure(figsize=(8, 1.5 + 0.5 * len(studies)))
    told, seen = [], set()
    for row, (name, result) in enumerate(studies.items()):
        found = {who: result.gains[f"{who} over naive"] for who in (LINE, NETWORK)}
        if result.on_test:
            found["the chosen one, on the test days"] = result.on_test[f"{result.choice} over naive"]
        for place, (who, each) in enumerate(found.items()):
            share, low, high = 100 * np.array(each)
            height, colour = row + 0.2 * place - 0.2, plots.COLOURS[place]
            ax.hlines(height, low, high, color=colour, linewidth=2)
            ax.plot(share, height, "os^"[place], color=colour, label=who if who not in seen else None)
            seen.add(who)
            told.append(f"{name}, {who}: {share:+.1f} ({low:+.1f} to {high:+.1f})")
    ax.axvline(0, color="black", linewidth=1)
    ax.set(yticks=range(len(studies)), yticklabels=studies, xlabel="share of the naive forecast's error taken away (%)")
    ax.set_ylim(len(studies) - 0.5, -0.5)
    fig.legend(loc="outside lower center", ncols=3)
    plots.show(fig, f"Gains over the naive forecast in %, with {LEVEL:.0%} intervals. {'; '.join(told)}.")


def draw(result: Study, unit: str, title: str) -> None:
    """Show the last 60 days of a record, the chosen forecasts for them, and the forecast for the day after."""
    from helpers import plots

    days = result.forecasts.index[-61:]
    truth = measured(result.record).reindex(days[:-1])
    band = intervals(result, days)
    inside = int(truth.between(band["low"][:-1], band["high"][:-1]).sum())
    low, tomorrow, high = band.iloc[-1]
    fig, ax = plots.figure()
    ax.fill_between(days, band["low"], band["high"], color=plots.COLOURS[4], alpha=0.3, label=f"{LEVEL:.0%}")
    ax.plot(truth, color="black", linewidth=1.5, label="observed")
    ax.plot(band["forecast"], color=plots.COLOURS[0], linewidth=1.2, label=f"{result.choice}, the day before")
    reach = [[tomorrow - low], [high - tomorrow]]
    ax.errorbar(days[-1], tomorrow, reach, color=plots.COLOURS[1], marker="o", capsize=4, label="tomorrow")
    ax.set(ylabel=f"{result.record.columns[0]} ({unit})", title=title)
    fig.legend(loc="outside lower center", ncols=4)
    plots.show(
        fig,
        f"The last 60 days of the record, the forecasts of {result.choice} made the day before with their {LEVEL:.0%} "
        "band, and the forecast for the day after the record with its interval. "
        f"{inside} of the {truth.count()} observed days are in the band.",
    )


def in_words(result: Study, unit: str) -> str:
    """Return the verdict on a record, in sentences that are computed from the numbers."""
    sentences = [_inputs, _scores, _verdict, _rests_on, _confirmed, _trust, _tomorrow]
    return "\n".join(line for write in sentences for line in write(result, unit))


def _inputs(result: Study, unit: str) -> list[str]:
    seen = result.seen
    used = ", ".join(map(str, result.record.columns.drop(list(seen.left_out))))
    departures = " as departures from the yearly cycle" if seen.cycle.any() else ""
    week = " and of the week" if seen.weekly else ""
    return [
        f"Inputs: {used}{departures}; the day of the year{week}.",
        *(f"Left out: {name}, which {reason} on the training days." for name, reason in seen.left_out.items()),
    ]


def _scores(result: Study, unit: str) -> list[str]:
    _, validation, _ = split(measured(result.record), result.train_end, result.validation_end)
    error = rmse(validation, result.forecasts.loc[validation.index, result.naive])
    alone = [skill(rmse(validation, found), error) for _, found in result.networks.loc[validation.index].items()]
    return [
        f"The naive forecast to beat is {result.naive}: RMSE {in_unit(error, result, unit)}.",
        f"The GRU {_beats(result.gains[f'{NETWORK} over naive'])}; "
        f"its networks one by one: {', '.join(f'{share:+.1%}' for share in alone)}.",
        f"A straight line (ridge) {_beats(result.gains[f'{LINE} over naive'])}.",
        f"Against the straight line, the GRU {_beats(result.gains[f'{NETWORK} over {LINE}'])}.",
    ]


def _span(result: Study, part: pd.Series, before: pd.Timestamp, last: pd.Timestamp) -> str:
    filled = len(result.record[before + A_DAY : last]) - len(part)
    uncounted = f"; {filled:,} more had no value and do not count" if filled else ""
    return f"{before + A_DAY:%Y-%m-%d} to {last:%Y-%m-%d} ({len(part):,} days{uncounted})"


def _beats(found: Gain) -> str:
    if found.high < 0:
        return f"adds {-found.share:.1%} to its error ({LEVEL:.0%} interval {-found.high:+.1%} to {-found.low:+.1%})"
    interval = f"{LEVEL:.0%} interval {found.low:+.1%} to {found.high:+.1%}"
    if found.low > 0:
        return f"takes away {found.share:.1%} of its error ({interval})"
    return f"cannot be told from it: {found.share:+.1%} ({interval})"


def _verdict(result: Study, unit: str) -> list[str]:
    if result.choice == NETWORK:
        return [f"VERDICT: use the GRU. It clearly beats {result.naive}, and the straight line too."]
    if result.choice == LINE:
        return [f"VERDICT: use the straight line. It beats {result.naive}, and the GRU does not clearly beat both."]
    if result.gains[f"{NETWORK} over naive"].low > 0:
        return [
            f"VERDICT: use {result.naive}. The GRU clearly beats it, but not the straight line, "
            f"which does not clearly beat {result.naive}: these days do not tell what is best."
        ]
    return [f"VERDICT: neither the GRU nor the straight line clearly beats {result.naive}. Use that."]


def _rests_on(result: Study, unit: str) -> list[str]:
    _, validation, _ = split(measured(result.record), result.train_end, result.validation_end)
    span = _span(result, validation, result.train_end, result.validation_end)
    return [f"It rests on {result.record.columns[0]} on the validation days, {span}."]


def _confirmed(result: Study, unit: str) -> list[str]:
    """Return how the chosen forecaster does on the test days, which had no part in the choice."""
    *_, test = split(measured(result.record), result.train_end, result.validation_end)
    span = _span(result, test, result.validation_end, result.record.index[-1])
    error = in_unit(rmse(test, result.forecasts.loc[test.index, result.choice]), result, unit)
    lines = [f"Tested on {span}: {result.choice} has RMSE {error}."]
    for pair, found in result.on_test.items():
        other = result.naive if pair.endswith("naive") else "the straight line"
        lines.append(f"Against {other}, it {_beats(found)}.")
        if found.low <= 0:
            lines.append(f"CAUTION: on the test days it does not clearly beat {other}; the gain may have been luck.")
    return lines


def _trust(result: Study, unit: str) -> list[str]:
    """Return how far the chosen forecast can be trusted, and what should make the reader suspicious."""
    train, validation, test = split(measured(result.record), result.train_end, result.validation_end)
    coverage, margin = result.coverages[result.choice], result.margins[result.choice]
    before = ((result.forecasts.loc[validation.index, result.choice] - validation).abs() <= margin).mean()
    lines = [
        f"How far to trust it: {LEVEL:.0%} of the days were meant to lie within "
        f"±{in_unit(margin, result, unit)}; {coverage:.1%} of the test days did."
    ]
    if abs(coverage - before) > 0.05:
        width = "narrow" if coverage < before else "wide"
        lines.append(
            f"CAUTION: the interval is too {width}; the errors have probably changed since the validation days."
        )
    outside = ((test < train.min()) | (test > train.max())).mean()
    if outside > 0.05:
        lines.append(
            f"CAUTION: {outside:.0%} of the test days lie outside the range of the training days. The series drifts."
        )
    if max(result.gains[f"{name} over naive"].share for name in (NETWORK, LINE)) > 0.5:
        lines.append("CAUTION: more than half of the naive error is gone. That is rare; is a column known only later?")
    return lines


def _tomorrow(result: Study, unit: str) -> list[str]:
    day = result.forecasts.index[-1]
    low, value, high = intervals(result, result.forecasts.index[-1:]).iloc[0]
    return [
        f"The day after the record, {day:%Y-%m-%d}: {in_unit(value, result, unit)} ({result.choice}), "
        f"between {in_unit(low, result, '')} and {in_unit(high, result, unit)}."
    ]


def in_unit(value: float, result: Study, unit: str) -> str:
    """Return a number with its unit, with as many decimals as the width of the prediction interval deserves."""
    return in_unit_of(value, result.margins[result.choice], unit)
