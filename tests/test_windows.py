"""Windows against hand-written ones, a plain loop and the promises of the docstring; what must be refused."""

import tracemalloc
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.windows import create_dataset, windows_between

HALF_TO_NINE = np.array([0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5])


def by_loop(data, time_step, horizon=1, target=0):
    """Return windows and targets as nested lists of exact numbers, made without slicing or NumPy's arithmetic."""
    rows = [[Fraction(float(value)) for value in np.atleast_1d(row)] for row in np.asarray(data)]
    X, y = [], []
    first = 0
    while first + time_step + horizon <= len(rows):
        X.append([rows[first + day] for day in range(time_step)])
        y.append([rows[first + time_step + ahead][target] for ahead in range(horizon)])
        first += 1
    return X, [one for [one] in y] if horizon == 1 else y


def exact(array):
    """Return an array as nested lists of exact numbers, to be compared with `by_loop`."""
    return [exact(part) for part in array] if array.ndim else Fraction(float(array))


# ---------------------------------------------------------------- what comes out


def test_ten_numbers_by_hand():
    X, y = create_dataset(HALF_TO_NINE, 7)
    assert X.shape == (3, 7, 1)
    assert X[:, :, 0].tolist() == [
        [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5],
        [1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5],
        [2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5],
    ]
    assert y.shape == (3,)
    assert y.tolist() == [7.5, 8.5, 9.5]


def test_three_days_ahead_by_hand():
    X, y = create_dataset(HALF_TO_NINE, 6, horizon=3)
    assert X[:, :, 0].tolist() == [[0.5, 1.5, 2.5, 3.5, 4.5, 5.5], [1.5, 2.5, 3.5, 4.5, 5.5, 6.5]]
    assert y.tolist() == [[6.5, 7.5, 8.5], [7.5, 8.5, 9.5]]


def test_two_features_by_hand():
    data = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0], [4.0, 40.0]])
    X, y = create_dataset(data, 2)
    assert X.tolist() == [[[1.0, 10.0], [2.0, 20.0]], [[2.0, 20.0], [3.0, 30.0]]]
    assert y.tolist() == [3.0, 4.0]


def test_the_last_window_is_there():
    # `range(len(data) - time_step - 1)`, which many tutorials have, leaves it out
    _, y = create_dataset(HALF_TO_NINE, 3)
    assert len(y) == 10 - 3
    assert y[-1] == HALF_TO_NINE[-1]


def test_shortest_series_gives_one_window():
    X, y = create_dataset(HALF_TO_NINE[:5], 3, horizon=2)
    assert X.tolist() == [[[0.5], [1.5], [2.5]]]
    assert y.tolist() == [[3.5, 4.5]]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_every_window_and_target_is_that_of_a_plain_loop(draw):
    days = draw.draw(st.integers(2, 25), "days")
    features = draw.draw(st.integers(0, 4), "features")  # 0: one-dimensional
    time_step = draw.draw(st.integers(1, days - 1), "time_step")
    horizon = draw.draw(st.integers(1, days - time_step), "horizon")
    target = draw.draw(st.integers(0, max(features, 1) - 1), "target")
    dtype = draw.draw(st.sampled_from([np.float32, np.float64]), "dtype")
    shape = (days, features) if features else (days,)
    data = np.random.default_rng(draw.draw(st.integers(0, 9), "seed")).normal(size=shape).astype(dtype)
    X, y = create_dataset(data, time_step, horizon, target)
    assert X.shape == (days - time_step - horizon + 1, time_step, max(features, 1))
    assert y.shape == ((len(X),) if horizon == 1 else (len(X), horizon))
    assert (exact(X), exact(y)) == by_loop(data, time_step, horizon, target)


@given(days=st.integers(1, 3000), time_step=st.integers(1, 200), horizon=st.integers(1, 30))
@settings(max_examples=100, deadline=None)
def test_count_is_by_formula_or_the_series_is_refused(days, time_step, horizon):
    series = np.arange(days, dtype=float)
    samples = days - time_step - horizon + 1
    if samples < 1:
        with pytest.raises(ValueError, match="too few"):
            create_dataset(series, time_step, horizon)
        return
    X, y = create_dataset(series, time_step, horizon)
    assert len(X) == len(y) == samples
    # the values are the days' numbers: first and last day of the first and the last window, and what follows
    assert (X[0, 0, 0], X[0, -1, 0], np.ravel(y[0])[0]) == (0, time_step - 1, time_step)
    assert (X[-1, -1, 0], np.ravel(y[-1])[-1]) == (days - 1 - horizon, days - 1)


# ---------------------------------------------------------------- what may come in


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("horizon", [1, 3])
def test_precision_is_kept(dtype, horizon):
    X, y = create_dataset(HALF_TO_NINE.astype(dtype), 4, horizon)
    assert X.dtype == y.dtype == dtype


@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.uint8, bool])
def test_whole_numbers_become_float64(dtype):
    X, y = create_dataset(np.array([0, 1, 1, 0, 1]).astype(dtype), 2)
    assert X.dtype == y.dtype == np.float64
    assert y.tolist() == [1.0, 0.0, 1.0]
    assert X[:, :, 0].tolist() == [[0.0, 1.0], [1.0, 1.0], [1.0, 0.0]]


def test_series_frame_and_list_give_what_their_arrays_give():
    days = pd.date_range("2001-01-01", periods=10)
    series = pd.Series(HALF_TO_NINE, index=days, name="temperature")
    frame = pd.DataFrame({"temperature": HALF_TO_NINE, "rain": HALF_TO_NINE[::-1], "frost": range(10)}, index=days)
    for given_data, array in [(series, HALF_TO_NINE), (frame, frame.to_numpy()), (list(HALF_TO_NINE), HALF_TO_NINE)]:
        X, y = create_dataset(given_data, 4)
        X_array, y_array = create_dataset(array, 4)
        np.testing.assert_array_equal(X, X_array)
        np.testing.assert_array_equal(y, y_array)
    assert create_dataset(frame, 4)[0][0, 0].tolist() == [0.5, 9.5, 0.0]


def test_float32_frame_stays_float32():
    frame = pd.DataFrame({"a": HALF_TO_NINE, "b": HALF_TO_NINE}, dtype="float32")
    assert create_dataset(frame, 3)[0].dtype == np.float32


@pytest.mark.parametrize(
    "data",
    [
        np.random.default_rng(1).normal(size=(40, 6))[::2],
        np.random.default_rng(1).normal(size=(20, 6))[:, ::-3],
        np.random.default_rng(1).normal(size=(20, 6))[::-1],
        np.asfortranarray(np.random.default_rng(1).normal(size=(20, 6))),
        np.random.default_rng(1).normal(size=40)[::-2],
        np.broadcast_to(np.array([1.0, 2.0]), (20, 2)),
    ],
    ids=["every second row", "some columns", "reversed", "column by column", "1-D reversed", "repeated row"],
)
def test_any_layout_in_memory_gives_the_same_windows(data):
    X, y = create_dataset(data, 5, horizon=2)
    X_copy, y_copy = create_dataset(np.ascontiguousarray(data), 5, horizon=2)
    np.testing.assert_array_equal(X, X_copy)
    np.testing.assert_array_equal(y, y_copy)


def test_target_by_name_and_by_position():
    frame = pd.DataFrame({"temperature": HALF_TO_NINE, "rain": HALF_TO_NINE * 10})
    for target in ("rain", 1, -1, np.int64(1), np.uint8(1)):
        assert create_dataset(frame, 7, target=target)[1].tolist() == [75.0, 85.0, 95.0]
    for target in ("temperature", 0, -2):
        assert create_dataset(frame, 7, target=target)[1].tolist() == [7.5, 8.5, 9.5]
    assert create_dataset(frame, 6, horizon=3, target="rain")[1].tolist() == [[65.0, 75.0, 85.0], [75.0, 85.0, 95.0]]


def test_numpy_integers_are_whole_numbers_and_do_not_overflow():
    series = np.arange(400.0)
    X, y = create_dataset(series, np.uint8(200), np.uint8(100))
    assert X.shape == (101, 200, 1)
    assert y.shape == (101, 100)
    X, y = create_dataset(series, np.int64(3), np.uint8(1))
    assert X.shape == (397, 3, 1)
    assert y[0] == 3.0


@pytest.mark.parametrize("dtype", [">f8", ">f4", ">i2", "<f8"])
def test_the_order_of_the_bytes_does_not_matter(dtype):
    data = np.arange(10).astype(dtype)
    X, y = create_dataset(data, 4)
    assert X.dtype == (np.float32 if dtype == ">f4" else np.float64)
    assert X.dtype.isnative
    np.testing.assert_array_equal(X, create_dataset(np.arange(10.0), 4)[0])
    np.testing.assert_array_equal(y, np.arange(4.0, 10))


DAYS = pd.date_range("2001-03-20", periods=10, freq="D")


@pytest.mark.parametrize(
    "index",
    [
        DAYS,
        pd.DatetimeIndex(list(DAYS)),
        DAYS.tz_localize("Europe/Brussels"),
        pd.DatetimeIndex(list(DAYS.tz_localize("Europe/Brussels"))),  # summer time begins on 25 March
        pd.date_range("2001-03-20", periods=10, freq="h"),
        pd.bdate_range("2001-03-20", periods=10),
        pd.date_range("2001-03-20", periods=10, freq="MS"),
        pd.period_range("2001-03", periods=10, freq="M"),
        pd.Index([3, 1, 2, 5, 4, 9, 8, 7, 6, 0]),  # no dates: nothing is known of their order
        pd.Index(["again"] * 10),
    ],
    ids=lambda index: type(index).__name__,
)
def test_rows_one_step_apart_are_welcome(index):
    X, y = create_dataset(pd.Series(HALF_TO_NINE, index), 4)
    np.testing.assert_array_equal(y, HALF_TO_NINE[4:])
    np.testing.assert_array_equal(X[:, 0, 0], HALF_TO_NINE[:-4])


@pytest.mark.parametrize(
    ("rows", "found", "remedy"),
    [
        ([0, 1, 2, 4, 5, 6, 7, 8, 9], "after 2001-03-22 comes 2001-03-24", "asfreq"),
        ([0, 2, 3, 4, 5, 6, 7, 8, 9], "after 2001-03-20 comes 2001-03-22", "asfreq"),
        (range(9, -1, -1), "2001-03-28 comes after 2001-03-29", "sort_index"),
        ([0, 1, 3, 2, 4, 5, 6, 7], "2001-03-22 comes after 2001-03-23", "sort_index"),
        ([0, 1, 2, 2, 3, 4, 5, 6], "2001-03-22 stands twice", "duplicated"),
    ],
)
@pytest.mark.parametrize("index", [DAYS, DAYS.to_period("D")], ids=["dates", "periods"])
@pytest.mark.parametrize("table", [False, True])
def test_dates_that_skip_repeat_or_run_backwards_are_refused(index, rows, found, remedy, table):
    series = pd.Series(HALF_TO_NINE, index).iloc[list(rows)]
    with pytest.raises(ValueError, match=found) as error:
        create_dataset(series.to_frame() if table else series, 3)
    assert remedy in str(error.value)


def test_rows_without_a_date_are_refused():
    days = DAYS.to_series().mask(DAYS == "2001-03-22").array
    with pytest.raises(ValueError, match=r"1 row\(s\) have no date.*notna"):
        create_dataset(pd.Series(HALF_TO_NINE, pd.DatetimeIndex(days)), 3)


@pytest.mark.parametrize("index", [pd.RangeIndex(10), pd.Index([f"{day:%Y-%m-%d}" for day in DAYS])])
def test_an_index_that_runs_backwards_is_refused(index):
    series = pd.Series(HALF_TO_NINE, index)
    create_dataset(series, 3)
    with pytest.raises(ValueError, match=r"runs backwards, from .* to .*sort_index"):
        create_dataset(series[::-1], 3)


# ---------------------------------------------------------------- views: memory and who may write


@pytest.mark.parametrize("horizon", [1, 4])
def test_windows_and_targets_share_the_memory_of_the_data(horizon):
    data = np.random.default_rng(1).normal(size=(50, 3))
    X, y = create_dataset(data, 10, horizon)
    assert np.shares_memory(X, data)
    assert np.shares_memory(y, data)
    data[0, 0] = 99.0  # as the docstring says: a later change shows
    assert X[0, 0, 0] == 99.0


def test_a_million_days_of_six_features_cost_no_copy():
    data = np.zeros((1_000_000, 6), dtype=np.float32)
    data[-2, 4] = 1.0
    tracemalloc.start()
    X, y = create_dataset(data, 100)
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert X.shape == (999_900, 100, 6)
    assert X[-1, -1, 4] == 1.0
    assert X.nbytes > 99 * data.nbytes  # what a copy would hold
    assert np.shares_memory(X, data)
    assert np.shares_memory(y, data)
    assert data.nbytes + kept < 1.01 * data.nbytes
    assert data.nbytes + peak < 1.1 * data.nbytes


@pytest.mark.parametrize("horizon", [1, 2])
@pytest.mark.parametrize("shape", [(10,), (10, 1), (10, 2)])
def test_the_views_are_read_only_and_the_data_stay_writable(shape, horizon):
    data = np.arange(np.prod(shape), dtype=float).reshape(shape)
    before = data.copy()
    X, y = create_dataset(data, 3, horizon)
    with pytest.raises(ValueError, match="read-only"):
        X[0, 0, 0] = 5.0
    with pytest.raises(ValueError, match="read-only"):
        y[0] = 5.0
    assert data.flags.writeable
    np.testing.assert_array_equal(data, before)
    data[-1] = 7.0
    assert np.ravel(y)[-1] == 7.0


@pytest.mark.parametrize("horizon", [1, 2])
def test_a_series_and_a_frame_stay_writable(horizon):
    series = pd.Series(HALF_TO_NINE.copy())
    frame = pd.DataFrame({"a": HALF_TO_NINE, "b": HALF_TO_NINE})
    create_dataset(series, 3, horizon)
    create_dataset(frame, 3, horizon, target="b")
    series.iloc[-1] = 70.0
    frame.loc[9, "b"] = 80.0
    assert (series.iloc[-1], frame.loc[9, "b"]) == (70.0, 80.0)


@pytest.mark.parametrize("horizon", [1, 2])
def test_read_only_data_are_welcome(horizon):
    data = HALF_TO_NINE.copy()
    data.flags.writeable = False
    X, y = create_dataset(data, 3, horizon)
    assert (exact(X), exact(y)) == by_loop(data, 3, horizon)


def test_copies_may_be_changed():
    X, y = (array.copy() for array in create_dataset(HALF_TO_NINE, 3))
    X[0, 0, 0] = y[0] = 5.0
    assert HALF_TO_NINE[[0, 3]].tolist() == [0.5, 3.5]


@pytest.mark.parametrize("horizon", [1, 2])
def test_keras_trains_on_the_views(horizon):
    import keras

    data = np.random.default_rng(3).normal(size=(60, 2)).astype(np.float32)
    X, y = create_dataset(data, 5, horizon)
    results = []
    for inputs, targets in [(X, y), (X.copy(), y.copy())]:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((5, 2)), keras.layers.Flatten(), keras.layers.Dense(horizon)])
        model.compile(optimizer="adam", loss="mean_squared_error", run_eagerly=True)
        fitted = model.fit(inputs, targets, epochs=2, batch_size=16, validation_split=0.2, verbose=0)
        results.append([fitted.history["loss"], fitted.history["val_loss"], model.predict(inputs, verbose=0)])
    for of_views, of_copies in zip(*results, strict=True):
        np.testing.assert_allclose(of_views, of_copies, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(X[0], data[:5])


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize("name", ["time_step", "horizon"])
@pytest.mark.parametrize("value", [0, -1, True, False, np.True_, 2.0, np.float64(3), "3", None, [3]])
def test_time_step_and_horizon_are_whole_numbers_from_one(name, value):
    with pytest.raises(ValueError, match=f"{name} must be a whole number of days, 1 or more; found"):
        create_dataset(HALF_TO_NINE, **{"time_step": 3, "horizon": 1, name: value})


@pytest.mark.parametrize(("time_step", "horizon", "needed"), [(10, 1, 11), (9, 2, 11), (3, 40, 43), (100, 1, 101)])
def test_too_short_a_series_is_refused_with_what_it_needs(time_step, horizon, needed):
    with pytest.raises(ValueError, match=f"10 days are too few.*at least {needed};"):
        create_dataset(HALF_TO_NINE, time_step, horizon)


@pytest.mark.parametrize("empty", [[], np.zeros(0), np.zeros((0, 3)), pd.Series([], dtype=float)])
def test_empty_series_is_too_short(empty):
    with pytest.raises(ValueError, match="0 days are too few"):
        create_dataset(empty, 3)


def test_no_column_is_no_target():
    with pytest.raises(ValueError, match=r"0 column\(s\)"):
        create_dataset(np.zeros((10, 0)), 3)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("row", [0, 6, 9])
def test_nan_and_infinity_are_refused_with_their_place(bad, dtype, row):
    data = np.column_stack([HALF_TO_NINE, HALF_TO_NINE]).astype(dtype)
    data[row, 1] = bad
    with pytest.raises(ValueError, match=rf"1 day\(s\) hold NaN or infinite values, the first at position {row};"):
        create_dataset(data, 3)


@pytest.mark.parametrize("dtype", [float, np.float32, int])
@pytest.mark.parametrize("columns", [1, 2])
def test_masked_days_are_refused_with_their_place(dtype, columns):
    data = np.full((10, columns), 5, dtype=dtype)
    data[[3, 6], columns - 1] = -999
    masked = np.ma.masked_equal(data if columns > 1 else data[:, 0], -999)
    with pytest.raises(ValueError, match=r"2 day\(s\) are masked, the first at position 3;.*filled\(np\.nan\)"):
        create_dataset(masked, 3)


def test_a_mask_that_hides_nothing_is_no_obstacle():
    X, _ = create_dataset(np.ma.masked_equal(HALF_TO_NINE, -999), 3)
    np.testing.assert_array_equal(X, create_dataset(HALF_TO_NINE, 3)[0])


def test_days_with_nan_are_counted_once():
    data = np.column_stack([HALF_TO_NINE, HALF_TO_NINE])
    data[[3, 5]] = np.nan
    with pytest.raises(ValueError, match=r"2 day\(s\) hold NaN or infinite values, the first at position 3;"):
        create_dataset(data, 3)


def test_largest_numbers_are_finite():
    largest = np.finfo(np.float32).max
    X, _ = create_dataset(np.full((10, 4), largest, dtype=np.float32), 3)
    np.testing.assert_array_equal(X, largest)


@pytest.mark.parametrize("shape", [(), (4, 5, 1), (2, 2, 2, 2)])
def test_other_dimensions_are_refused(shape):
    with pytest.raises(ValueError, match=r"must have shape \(days,\) or \(days, features\); found"):
        create_dataset(np.ones(shape), 1)


def test_windows_are_not_windowed_again():
    X, _ = create_dataset(HALF_TO_NINE, 3)
    with pytest.raises(ValueError, match="do not window them again"):
        create_dataset(X, 3)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (HALF_TO_NINE.astype(object), "object"),
        (HALF_TO_NINE.astype(str), "<U"),
        (HALF_TO_NINE.astype(complex), "complex128"),
        (HALF_TO_NINE.astype(np.float16), "float16"),
        (pd.date_range("2001-01-01", periods=10), "datetime64"),
        (pd.DataFrame({"temperature": HALF_TO_NINE, "note": ["wet"] * 10}), "object"),
        (None, "object"),
    ],
)
def test_anything_but_float_numbers_is_refused(data, found):
    with pytest.raises(ValueError, match=f"must hold float32 or float64 numbers; found {found}"):
        create_dataset(data, 3)


@pytest.mark.parametrize("target", [2, -3, 0.0, True, None, [0]])
def test_absent_position_is_refused(target):
    with pytest.raises(ValueError, match=r"is not there: data has 2 column\(s\)"):
        create_dataset(np.ones((10, 2)), 3, target=target)


def test_absent_name_is_refused_with_those_there():
    frame = pd.DataFrame({"temperature": HALF_TO_NINE, "rain": HALF_TO_NINE})
    with pytest.raises(ValueError, match=r"'snow' names 0 of the columns \['temperature', 'rain'\]"):
        create_dataset(frame, 3, target="snow")
    with pytest.raises(ValueError, match="Without column names, give a position"):
        create_dataset(frame.to_numpy(), 3, target="rain")


def test_a_name_over_two_columns_is_refused():
    frame = pd.DataFrame(np.ones((10, 2)), columns=["rain", "rain"])
    with pytest.raises(ValueError, match="'rain' names 2 of the columns"):
        create_dataset(frame, 3, target="rain")
    assert create_dataset(frame, 3, target=1)[1].tolist() == [1.0] * 7


DATED = pd.Series(np.arange(10.0), index=pd.date_range("1996-12-28", periods=10))  # its last day is 6 January 1997


def test_windows_between_are_those_whose_target_lies_between_the_days():
    X, y = windows_between(DATED, 3, "1997-01-01", "1997-01-04")
    assert y.tolist() == [4.0, 5.0, 6.0, 7.0]
    assert X[:, :, 0].tolist() == [[1.0, 2.0, 3.0], [2.0, 3.0, 4.0], [3.0, 4.0, 5.0], [4.0, 5.0, 6.0]]
    assert windows_between(DATED, 3, "1996", "1996-12-31")[1].tolist() == [3.0]  # the first that has a window


def test_windows_between_leaves_out_the_oldest_that_fill_no_batch():
    X, y = windows_between(DATED.to_frame(), 3, "1997-01-01", "1997-01-05", batch_size=2)
    assert y.tolist() == [5.0, 6.0, 7.0, 8.0]
    assert X.shape == (4, 3, 1)


@pytest.mark.parametrize(("first", "batch_size"), [("1999", 1), ("1997-01-05", 4)])
def test_no_windows_between_are_refused(first, batch_size):
    with pytest.raises(ValueError, match=f"no {batch_size} windows of 3 days have a target from {first} to 2000"):
        windows_between(DATED, 3, first, "2000", batch_size)
