"""The checks of lesson preprocessing: right answers, typical mistakes by name, nonsense."""

import datetime

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from helpers import data
from helpers.exercises import preprocessing as check

NONSENSE = [None, "text", np.nan, np.zeros((2, 2)), object(), [], {}]
CHECKS = [check.longest_gap, check.split_by_date, check.scale, check.to_celsius, check.looks_ahead]


def test_record_with_gaps_lacks_days_and_nothing_else():
    holes = check.record_with_gaps()
    whole = data.load("brussels")["temperature"].loc["1976":"1985"]
    assert holes.notna().all()
    assert holes.equals(whole[holes.index])
    gaps = holes.index.to_series().diff().dt.days.sub(1)
    assert gaps.max() == 11
    assert (gaps == 11).sum() == 1  # the question has one answer
    assert len(whole) - len(holes) == gaps.sum() == 3 + 1 + 11 + 8 + 7 + 9


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ((pd.Timestamp("1979-12-27"), 11), "correct"),
        (["1979-12-27", 11.0], "correct"),
        ((datetime.date(1979, 12, 27), np.int64(11)), "correct"),
        ((np.datetime64("1979-12-27"), pd.Timedelta(days=11)), "correct"),
        ((..., ...), "not attempted yet"),
        ((pd.Timestamp("1979-12-27"), ...), "not attempted yet"),
        (("1979-12-26", 12), "one too many"),
        (("1979-12-27", 12), "one too many"),
        (("1979-12-27", 10), "one too few"),
        (("1979-12-27", 3), "not 3 days"),
        (("1979-12-26", 11), "the last day before the gap"),
        (("1980-01-06", 11), "the end of the gap"),
        (("1980-01-07", 11), "the end of the gap"),
        (("1982-05-03", 16), "two gaps"),
        (("1984-09-30", 9), "does not begin on 1984-09-30"),
        (("1979-12-27", 11, 3), "two things"),
        ((11, "1979-12-27"), "should be a day"),
        (("soon", 11), "should be a day"),
        ((np.nan, 11), "should be a day"),
        ((None, 11), "no day"),
        (("1979-12-27", "eleven"), "a number is expected"),
        (("1979-12-27", None), "a number is expected"),
        (("1979-12-27", np.nan), "a finite number"),
    ],
)
def test_longest_gap(said, answer, verdict):
    check.longest_gap(answer)
    assert verdict in said()


def split_with_masks(frame, a, b):
    days = frame.index
    return frame[days <= a], frame[(days > a) & (days <= b)], frame[days > b]


def shuffled_split(frame, a, b):
    sizes = [len(part) for part in split_with_masks(frame, a, b)]
    mixed = frame.sample(frac=1, random_state=0)
    return mixed.iloc[: sizes[0]], mixed.iloc[sizes[0] : -sizes[2]], mixed.iloc[-sizes[2] :]


def split_by_share(frame, a, b):
    n = len(frame)
    return frame.iloc[: int(0.7 * n)], frame.iloc[int(0.7 * n) : int(0.85 * n)], frame.iloc[int(0.85 * n) :]


def split_for_brussels_only(frame, a, b):
    return split_with_masks(frame, data.TRAIN_END, data.VALIDATION_END)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (split_with_masks, "correct"),
        (data.split, "correct"),
        (lambda f, a, b: list(split_with_masks(f, a, b)), "correct"),
        (lambda f, a, b: (f.loc[:a], f.loc[a:b].iloc[1:], f.loc[b:].iloc[1:]), "correct"),
        (lambda f, a, b: None, "not attempted yet"),
        (lambda f, a, b: (f.loc[:a], f.loc[a:b], f.loc[b:]), "1997-12-31 is in two parts"),
        (lambda f, a, b: (f[f.index < a], f[(f.index > a) & (f.index <= b)], f[f.index > b]), "in no part"),
        (lambda f, a, b: (f[f.index < a], f[(f.index >= a) & (f.index < b)], f[f.index >= b]), "should run from"),
        (lambda f, a, b: split_with_masks(f, a, b)[::-1], "training part runs from 2002-01-01"),
        (lambda f, a, b: (f, f.iloc[:0], f.iloc[:0]), "should run from 1976-01-01 to 1997-12-31"),
        (lambda f, a, b: (f.iloc[:0], f, f.iloc[:0]), "training part is empty"),
        (shuffled_split, "do not shuffle"),
        (split_by_share, "should run from"),
        (split_for_brussels_only, "should run from 1990-01-01 to 1990-06-30"),
        (lambda f, a, b: tuple(part * 2 for part in split_with_masks(f, a, b)), "not those of the frame"),
        (lambda f, a, b: split_with_masks(f, a, b)[:2], "three parts"),
        (lambda f, a, b: f, "three parts"),
        (lambda f, a, b: [part["tmin"] for part in split_with_masks(f, a, b)], "DataFrame"),
        (lambda f, a, b: [part.reset_index() for part in split_with_masks(f, a, b)], "cannot be checked"),
        (lambda f, a, b: f.no_such_thing, "AttributeError"),
        (lambda f: f, "TypeError"),
        (..., "not attempted yet"),
    ],
)
def test_split_by_date(said, answer, verdict):
    check.split_by_date(answer)
    assert verdict in said()


def scale_with_scikit_learn(frame, train_end):
    return MinMaxScaler().fit(frame.loc[:train_end]).transform(frame)


def scale_by_hand(frame, train_end):
    train = frame.loc[:train_end]
    return (frame - train.min()) / (train.max() - train.min())


def scale_each_part(frame, train_end):
    known = frame.index <= train_end
    return np.vstack([MinMaxScaler().fit_transform(frame[part]) for part in (known, ~known)])


def scale_without_last_training_day(frame, train_end):
    return MinMaxScaler().fit(frame[frame.index < train_end]).transform(frame)


def scale_with_shared_limits(frame, train_end):
    train = frame.loc[:train_end].to_numpy()
    return (frame - train.min()) / (train.max() - train.min())


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (scale_with_scikit_learn, "correct"),
        (scale_by_hand, "correct"),
        (lambda f, end: scale_by_hand(f, end).to_numpy().tolist(), "correct"),
        (lambda f, end: scale_by_hand(f, end).astype("float32"), "correct"),
        (lambda f, end: None, "not attempted yet"),
        (lambda f, end: MinMaxScaler().fit_transform(f), "limits still come from days after"),
        (scale_each_part, "limits of their own; one scaler"),
        (lambda f, end: MinMaxScaler().fit(f[f.index > end]).transform(f), "come from the days after"),
        (lambda f, end: MinMaxScaler(clip=True).fit(f.loc[:end]).transform(f), "clipped"),
        (scale_with_shared_limits, "shared by all columns"),
        (lambda f, end: StandardScaler().fit(f.loc[:end]).transform(f), "z-scores"),
        (lambda f, end: f, "came back as it was"),
        (lambda f, end: 1 - scale_by_hand(f, end), "become 0 and the highest 1"),
        (lambda f, end: scale_by_hand(f, end).loc[:end], "only the training days"),
        (lambda f, end: scale_by_hand(f, end)[["tmin"]], "an array of shape"),
        (lambda f, end: scale_by_hand(f, end) * np.nan, "NaN"),
        (lambda f, end: "scaled", "is expected"),
        (lambda f, end: 3.0, "an array of shape"),
        (lambda f, end: MinMaxScaler().transform(f), "NotFittedError"),
        (..., "not attempted yet"),
    ],
)
def test_scale(said, answer, verdict):
    check.scale(answer)
    assert verdict in said()


def test_scale_names_the_lost_training_day(said, monkeypatch):
    frame = data.load("brussels")
    frame.loc["1978-12-31", "tmax"] = 60.0  # in the record itself no limit falls on the last training day
    monkeypatch.setattr(check.data, "load", lambda name: frame)
    check.scale(scale_without_last_training_day)
    assert "train_end itself" in said()


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (lambda forecast, scaler: scaler.inverse_transform(forecast)[:, 0], "correct"),
        (lambda forecast, scaler: scaler.inverse_transform(forecast).ravel().tolist(), "correct"),
        (lambda forecast, scaler: pd.Series(scaler.inverse_transform(forecast).squeeze()), "correct"),
        (lambda forecast, scaler: None, "not attempted yet"),
        (lambda forecast, scaler: scaler.inverse_transform(forecast), "still a column"),
        (lambda forecast, scaler: scaler.transform(forecast)[:, 0], "once more"),
        (lambda forecast, scaler: forecast[:, 0], "still scaled"),
        (lambda forecast, scaler: scaler.inverse_transform(forecast[:, 0]), "Expected 2D array"),
        (lambda forecast, scaler: forecast[:, 0] * 30, "with a MinMaxScaler the first sample"),
        (
            lambda forecast, scaler: forecast[:, 0] * scaler.data_range_[0] + scaler.data_min_[0],
            "'StandardScaler' object has no attribute",
        ),
        (lambda forecast, scaler: scaler.inverse_transform(forecast)[0], "shape (5,) is expected"),
        (lambda forecast, scaler: scaler.inverse_transform(forecast)[:, 0] * np.nan, "NaN"),
        (lambda forecast, scaler: "warm", "is expected"),
        (lambda forecast: forecast, "TypeError"),
        (..., "not attempted yet"),
    ],
)
def test_to_celsius(said, answer, verdict):
    check.to_celsius(answer)
    assert verdict in said()


def compare(prepare, series, day, equal):
    return not equal(prepare(series).loc[:day], prepare(series.loc[:day]))


def right_detector(prepare, series, day):
    return compare(prepare, series, day, lambda a, b: np.allclose(a, b, equal_nan=True))


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (right_detector, "correct"),
        (lambda p, s, d: compare(p, s, d, lambda a, b: a.equals(b)), "correct"),
        (lambda p, s, d: np.bool_(right_detector(p, s, d)), "correct"),
        (lambda p, s, d: [right_detector(p, s, d)], "correct"),
        (lambda p, s, d: None, "not attempted yet"),
        (lambda p, s, d: not right_detector(p, s, d), "the opposite"),
        (lambda p, s, d: compare(p, s, d, lambda a, b: (a == b).all()), "NaN at the same place"),
        (lambda p, s, d: not p(s).loc[:d].equals(p(s).loc[:d]), "no leak anywhere"),
        (lambda p, s, d: not p(s).equals(p(s.loc[:d])), "leak everywhere"),
        (lambda p, s, d: abs(p(s).loc[:d].mean() - p(s.loc[:d]).mean()) > 0.1, "one value or a mean"),
        (lambda p, s, d: p(s).loc[:d] == p(s.loc[:d]), "one True or False"),
        (lambda p, s, d: "yes", "one True or False"),
        (lambda p, s, d: 1, "one True or False"),
        (lambda p, s, d: np.nan, "one True or False"),
        (lambda p, s, d: p(s) == p(s.loc[:d]), "ValueError"),
        (lambda p, s: True, "TypeError"),
        (..., "not attempted yet"),
    ],
)
def test_looks_ahead(said, answer, verdict):
    check.looks_ahead(answer)
    assert verdict in said()


@pytest.mark.parametrize("judge", CHECKS)
@pytest.mark.parametrize("answer", NONSENSE, ids=lambda answer: type(answer).__name__)
def test_nonsense_gets_an_answer_and_no_traceback(said, judge, answer):
    judge(answer)
    assert said() not in ("", "correct", "not attempted yet")


@pytest.mark.parametrize("judge", CHECKS[1:])
@pytest.mark.parametrize("result", [*NONSENSE[1:], -1.0], ids=lambda result: type(result).__name__)
def test_a_function_that_returns_nonsense_gets_an_answer_and_no_traceback(said, judge, result):
    judge(lambda *_: result)
    assert said() not in ("", "correct", "not attempted yet")
