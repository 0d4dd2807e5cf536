"""The whole way for any daily record: split, forecasts, a judgement on the test days, and words for it.

Every step was written out in an earlier lesson; here they are put in a row. All numbers are in the record's unit.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers import baselines
from helpers.data import DataError, split
from helpers.evaluation import draw_blocks, rmse, skill
from helpers.models import right_sized_model, start_anew
from helpers.season import DAYS_A_YEAR, with_season
from helpers.windows import create_dataset

TIME_STEP = 14
BATCH = 64
STEPS = 1250
PATIENCE = 10
COVERAGE = 0.9
NAIVE = ("persistence", "a week ago", "seasonal naive", "climatology")
LINE = "ridge"
NETWORK = "GRU"
A_DAY = pd.Timedelta(days=1)
A_YEAR = pd.DateOffset(years=1)


class Gain(NamedTuple):
    """The share of a reference's RMSE that a forecast takes away (skill), with a 95 % interval."""

    share: float
    low: float
    high: float


class Study(NamedTuple):
    """All that `study` finds out about a record, in the record's unit."""

    record: pd.DataFrame
    train_end: pd.Timestamp
    validation_end: pd.Timestamp
    forecasts: pd.DataFrame
    """One column a forecaster; one row a validation day, a test day, and the day after the record."""
    networks: pd.DataFrame
    """The same rows, one column a network; their mean is the forecaster `NETWORK`."""
    naive: str
    """The naive forecast with the smallest RMSE on the validation days: the bar for the others."""
    gains: dict[str, Gain]
    """On the test days: of the GRU and of ridge over the naive forecast, and of the GRU over ridge."""
    choice: str
    """The forecaster to use."""
    half_widths: pd.Series
    """Half of the width of each forecaster's prediction interval."""
    coverages: pd.Series
    """The share of test days inside that interval."""


def study(record: pd.DataFrame, seeds: Sequence[int] = (1, 2, 3), epochs: int | None = None) -> Study:
    """Forecast a daily record in all ways that the lessons taught, and judge the forecasts on its last years.

    Parameters
    ----------
    record
        A clean daily record, the target first, as `helpers.data.read_daily_csv` returns it. At least three years.
    seeds
        One network is trained for each.
    epochs
        Passes through the training windows at most; by default as `train_networks` has it.

    Raises
    ------
    DataError
        If the record is too short, or if its naive forecast makes no error at all on the test days.
    """
    train_end, validation_end = split_ends(record)
    days = pd.date_range(train_end + A_DAY, record.index[-1] + A_DAY)
    table = with_season(record)
    networks = train_networks(table, train_end, validation_end, seeds, epochs).loc[days]
    forecasts = plain_forecasts(record, table, train_end, days).assign(**{NETWORK: networks.mean(axis=1)})

    _, validation, test = split(measured(record), train_end, validation_end)
    naive = best_naive(validation, forecasts.loc[validation.index])
    on_test = forecasts.loc[test.index]
    gains = {
        f"{NETWORK} over naive": gain(test, networks.loc[test.index], on_test[naive]),
        f"{LINE} over naive": gain(test, on_test[[LINE]], on_test[naive]),
        f"{NETWORK} over {LINE}": gain(test, networks.loc[test.index], on_test[LINE]),
    }
    half_widths = forecasts.loc[validation.index].apply(lambda forecast: conformal_half_width(validation, forecast))
    coverages = (on_test.sub(test, axis=0).abs() <= half_widths).mean()
    choice = choose(*gains.values(), naive)
    return Study(record, train_end, validation_end, forecasts, networks, naive, gains, choice, half_widths, coverages)


def measured(record: pd.DataFrame) -> pd.Series:
    """Return the target without the days that were filled: no forecast is scored on an invented value."""
    return record.iloc[:, 0].drop(pd.DatetimeIndex(record.attrs.get("filled", [])))


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
    record: pd.DataFrame, table: pd.DataFrame, train_end: pd.Timestamp, days: pd.DatetimeIndex
) -> pd.DataFrame:
    """Return the naive forecasts for `days` and that of ridge regression on `table`, one column each.

    Those that need a training year are left out if there is none.
    """
    forecasts = {
        "persistence": baselines.persistence(record, train_end, days),
        "a week ago": _a_week_ago(record, days),
    }
    if days[0] - A_YEAR >= record.index[0]:
        forecasts["seasonal naive"] = baselines.seasonal_naive(record, train_end, days)
        forecasts["climatology"] = baselines.climatology(record, train_end, days)
    forecasts[LINE] = baselines.ridge(table, train_end, days)
    return pd.DataFrame(forecasts)


def _a_week_ago(record: pd.DataFrame, days: pd.DatetimeIndex) -> pd.Series:
    """As on the same day of the week before: the bar for whatever follows working days."""
    return baselines.persistence(record, "", days, horizon=7)


def train_networks(
    table: pd.DataFrame,
    train_end: pd.Timestamp,
    validation_end: pd.Timestamp,
    seeds: Sequence[int] = (1, 2, 3),
    epochs: int | None = None,
) -> pd.DataFrame:
    """Return one-day forecasts of column 0, one column a seed, up to the day after the record.

    Each network is trained on z-scores of the days up to `train_end`. It learns by how much tomorrow differs from
    today: so it stays near the record where that leaves the range of the training days. It keeps the weights of the
    epoch with the smallest error on the validation days, those after `train_end` and up to `validation_end`.

    Without a number of `epochs` there are 10, or as many as make `STEPS` training steps if those are more: in a
    short record an epoch is only a few steps. Training stops sooner after `PATIENCE` epochs without gain.
    """
    from keras.callbacks import EarlyStopping
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(table.loc[:train_end].to_numpy())
    values = scaler.transform(table.to_numpy()).astype("float32")
    # one more row, whose values are never used, makes the last window (no answer yet) appear as well
    windows, answers = create_dataset(np.vstack([values, values[-1:]]), TIME_STEP)
    today = windows[:, -1, 0]
    changes = answers - today
    days = table.index[TIME_STEP:].append(table.index[-1:] + A_DAY)
    learn = np.flatnonzero(days <= train_end)
    learn = learn[len(learn) % BATCH :]  # whole batches only: XLA would compile once more for a smaller one
    validate = (days > train_end) & (days <= validation_end)
    epochs = epochs or max(10, math.ceil(STEPS * BATCH / len(learn)))
    network = right_sized_model(TIME_STEP, table.shape[1], training_steps=epochs * len(learn) // BATCH)
    forecasts = {}
    for seed in seeds:
        start_anew(network, seed)
        network.fit(
            windows[learn],
            changes[learn],
            batch_size=BATCH,
            epochs=epochs,
            validation_data=(windows[validate], changes[validate]),
            validation_batch_size=validate.sum(),
            callbacks=[EarlyStopping(patience=PATIENCE, restore_best_weights=True)],
            verbose=0,
        )
        change = network.predict(windows, batch_size=len(windows), verbose=0)[:, 0]
        forecasts[f"seed {seed}"] = (change + today) * scaler.scale_[0] + scaler.mean_[0]
    return pd.DataFrame(forecasts, index=days)


def best_naive(truth: pd.Series, forecasts: pd.DataFrame) -> str:
    """Return the name of the naive forecast with the smallest RMSE."""
    return min((name for name in NAIVE if name in forecasts), key=lambda name: rmse(truth, forecasts[name]))


def gain(truth: pd.Series, networks: pd.DataFrame, reference: pd.Series, draws: int = 1000, block: int = 30) -> Gain:
    """Return how much of the reference's RMSE the mean of some networks takes away, with a 95 % interval.

    The interval is a bootstrap's: each draw takes blocks of days on end (errors of neighbouring days are alike; the
    last day is followed by the first), the same days for both forecasts, and as many networks as there are, with
    replacement. So it holds the luck of the days and of the seeds.

    Parameters
    ----------
    truth
        What was observed, shape (days,).
    networks
        One column a network, same days.
    reference
        The forecast to beat, same days.
    draws
        Bootstrap samples.
    block
        Days in a block.

    Raises
    ------
    DataError
        If the reference makes no error.
    """
    reference_error = rmse(truth, reference)
    if reference_error == 0:
        raise DataError(
            f"on the {len(truth):,} days to judge, {truth.index[0]:%Y-%m-%d} to {truth.index[-1]:%Y-%m-%d}, the naive "
            "forecast makes no error: there is nothing to beat; use it, or get a record that changes there"
        )
    share = skill(rmse(truth, networks.mean(axis=1)), reference_error)
    errors = networks.to_numpy() - truth.to_numpy()[:, np.newaxis]
    reference_errors = reference.to_numpy() - truth.to_numpy()
    seeds = np.random.default_rng(1).integers(errors.shape[1], size=(draws, errors.shape[1]))
    drawn = [
        _root_mean_square(reference_errors[days]) - _root_mean_square(errors[days][:, seeds[i]].mean(axis=1))
        for i, days in enumerate(draw_blocks(len(truth), block, draws))
    ]
    low, high = np.percentile(np.divide(drawn, reference_error), [2.5, 97.5])
    return Gain(share, float(low), float(high))


def _root_mean_square(errors: np.ndarray) -> float:
    return math.sqrt(np.mean(errors**2))


def conformal_half_width(truth: pd.Series, forecast: pd.Series, coverage: float = COVERAGE) -> float:
    """Return the half width of an interval around the forecast, by split conformal prediction.

    It is the ⌈(n + 1) · coverage⌉-th smallest of the n absolute errors, on days that the forecaster did not learn from.

    Raises
    ------
    ValueError
        If the days are too few for the coverage.
    """
    rank = math.ceil((len(truth) + 1) * coverage)
    if rank > len(truth):
        raise ValueError(f"{len(truth)} days are too few for an interval that covers {coverage:.0%}; give more")
    return float(np.sort(np.abs(forecast.to_numpy() - truth.to_numpy()))[rank - 1])


def choose(network_over_naive: Gain, line_over_naive: Gain, network_over_line: Gain, naive: str) -> str:
    """Return the forecaster to use: one that clearly beats every simpler one.

    The network has to clearly beat the naive one and the line, the line the naive one. Clearly means that the whole
    interval is above 0.
    """
    if network_over_naive.low > 0 and network_over_line.low > 0:
        return NETWORK
    return LINE if line_over_naive.low > 0 else naive


def draw(result: Study, unit: str, title: str) -> None:
    """Show the last 60 days of a record, the chosen forecasts for them, and the forecast for the day after."""
    from helpers import plots

    days = result.forecasts.index[-61:]
    truth = measured(result.record).reindex(days[:-1])
    chosen, half_width = result.forecasts.loc[days, result.choice], result.half_widths[result.choice]
    inside = int((chosen.iloc[:-1] - truth).abs().le(half_width).sum())
    fig, ax = plots.figure()
    ax.fill_between(days, chosen - half_width, chosen + half_width, color=plots.COLOURS[4], alpha=0.3, label="90 %")
    ax.plot(truth, color="black", linewidth=1.5, label="observed")
    ax.plot(chosen, color=plots.COLOURS[0], linewidth=1.2, label=f"{result.choice}, the day before")
    ax.errorbar(days[-1], chosen.iloc[-1], half_width, color=plots.COLOURS[1], marker="o", capsize=4, label="tomorrow")
    ax.set(ylabel=f"{result.record.columns[0]} ({unit})", title=title)
    fig.legend(loc="outside lower center", ncols=4)
    plots.show(
        fig,
        f"The last 60 days of the record, the forecasts of {result.choice} made the day before with their 90 % band, "
        "and the forecast for the day after the record with its interval. "
        f"{inside} of the {truth.count()} observed days are in the band.",
    )


def in_words(result: Study, unit: str) -> str:
    """Return the verdict on a record, in sentences that are computed from the numbers."""
    return "\n".join([*_scores(result, unit), *_verdict(result), *_trust(result, unit), _tomorrow(result, unit)])


def _scores(result: Study, unit: str) -> list[str]:
    test = measured(result.record)[result.validation_end + A_DAY :]
    filled = len(result.record[result.validation_end + A_DAY :]) - len(test)
    uncounted = f"; {filled:,} more had no value and do not count" if filled else ""
    error = rmse(test, result.forecasts.loc[test.index, result.naive])
    alone = [skill(rmse(test, network), error) for _, network in result.networks.loc[test.index].items()]
    return [
        f"Test days: {test.index[0]:%Y-%m-%d} to {test.index[-1]:%Y-%m-%d} ({len(test):,}{uncounted}).",
        f"The naive forecast to beat is {result.naive}: RMSE {in_unit(error, result, unit)}.",
        f"The GRU {_beats(result.gains[f'{NETWORK} over naive'])}; "
        f"its networks one by one: {', '.join(f'{share:+.1%}' for share in alone)}.",
        f"A straight line (ridge) {_beats(result.gains[f'{LINE} over naive'])}.",
        f"Against the straight line, the GRU {_beats(result.gains[f'{NETWORK} over {LINE}'])}.",
    ]


def _beats(found: Gain) -> str:
    interval = f"95% interval {found.low:+.1%} to {found.high:+.1%}"
    if found.low > 0:
        return f"takes away {found.share:.1%} of its error ({interval})"
    if found.high < 0:
        return f"adds {-found.share:.1%} to its error (95% interval {-found.high:+.1%} to {-found.low:+.1%})"
    return f"cannot be told from it: {found.share:+.1%} ({interval})"


def _verdict(result: Study) -> list[str]:
    if result.choice == NETWORK:
        return [f"VERDICT: use the GRU. It clearly beats {result.naive}, and the straight line too."]
    if result.choice == LINE:
        return [f"VERDICT: use the straight line. It beats {result.naive}, and the GRU does not clearly beat both."]
    if result.gains[f"{NETWORK} over naive"].low > 0:
        return [
            f"VERDICT: use {result.naive}. The GRU clearly beats it, but not the straight line, "
            f"which does not clearly beat {result.naive}: these test days do not tell what is best."
        ]
    return [f"VERDICT: neither the GRU nor the straight line clearly beats {result.naive}. Use that."]


def _trust(result: Study, unit: str) -> list[str]:
    """Return how far the chosen forecast can be trusted, and what should make the reader suspicious."""
    train, validation, test = split(measured(result.record), result.train_end, result.validation_end)
    coverage, half_width = result.coverages[result.choice], result.half_widths[result.choice]
    before = ((result.forecasts.loc[validation.index, result.choice] - validation).abs() <= half_width).mean()
    lines = [
        f"How far to trust it: {COVERAGE:.0%} of the days were meant to lie within "
        f"±{in_unit(half_width, result, unit)}; {coverage:.1%} of the test days did."
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


def _tomorrow(result: Study, unit: str) -> str:
    day = result.forecasts.index[-1]
    value, half_width = result.forecasts.loc[day, result.choice], result.half_widths[result.choice]
    low, high = in_unit(value - half_width, result, ""), in_unit(value + half_width, result, unit)
    return (
        f"The day after the record, {day:%Y-%m-%d}: {in_unit(value, result, unit)} ({result.choice}), "
        f"between {low} and {high}."
    )


def in_unit(value: float, result: Study, unit: str) -> str:
    """Return a number with its unit, with as many decimals as the width of the prediction interval deserves."""
    decimals = max(0, 1 - math.floor(math.log10(result.half_widths[result.choice] or 1)))
    return f"{value:,.{decimals}f} {unit}".strip()
