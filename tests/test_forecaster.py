"""Again tomorrow: what is saved is what was chosen, gives the same numbers, and refuses what it cannot go on from."""

import json
import os
import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import continuation, data, forecaster, pipeline
from helpers.data import DataError
from tests import saved_forecasters as small

ROOT = Path(__file__).parents[1]
CHOICES = ("GRU", "ridge", *pipeline.NAIVE)


@pytest.fixture(scope="module")
def study():
    with pytest.MonkeyPatch.context() as patch:
        small.without_networks(patch)
        return pipeline.study(small.record(1500))


@pytest.fixture(scope="module")
def with_networks():
    with pytest.MonkeyPatch.context() as patch:
        return small.study(patch, 1500)


@pytest.fixture(scope="module")
def folder(study, tmp_path_factory):
    """Return the folder of a forecaster that needs no TensorFlow."""
    folder = tmp_path_factory.mktemp("saved") / "forecaster"
    pipeline.save(small.earlier(study, "ridge"), folder)
    return folder


@pytest.fixture(scope="module")
def loaded(folder):
    return pipeline.load(folder)


@pytest.mark.parametrize("choice", CHOICES)
def test_what_was_chosen_gives_the_numbers_of_the_study_today_and_later(request, tmp_path, choice):
    study = request.getfixturevalue("with_networks" if choice == "GRU" else "study")
    before = small.earlier(study, choice)
    pipeline.save(before, tmp_path / "forecaster")
    found = pipeline.load(tmp_path / "forecaster")
    assert len(found.networks) == (2 if choice == "GRU" else 0)
    record = before.record
    today = found.forecast(record)
    expected = pipeline.intervals(before, record.index[-1:] + pd.Timedelta(days=1)).iloc[0]
    assert (today.day, today.choice, today.name) == (expected.name, choice, "value")
    assert [today.low, today.value, today.high] == pytest.approx(list(expected), rel=1e-6)
    assert len(today.past) == 0
    assert today.advice == ""

    later = found.forecast(study.record)
    days = study.forecasts.index[-small.ADDED - 1 :]
    band = pipeline.intervals(study._replace(choice=choice), days)
    assert later.day == days[-1]
    np.testing.assert_allclose([later.low, later.value, later.high], band.iloc[-1], rtol=1e-6)
    np.testing.assert_allclose(later.past[["low", "forecast", "high"]], band.iloc[:-1], rtol=1e-6)
    np.testing.assert_array_equal(later.past["observed"], study.record["value"].iloc[-small.ADDED :])
    shuffled = found.forecast(study.record[["value", "flag", "other"]])
    assert shuffled.value == later.value


def test_no_interval_reaches_below_0_for_a_record_that_never_does(study, tmp_path):
    counts = study.record - study.record.min()
    pipeline.save(small.earlier(study._replace(record=counts, margins=study.margins + 1000), "climatology"), tmp_path)
    found = pipeline.load(tmp_path).forecast(counts)
    assert (found.low, found.past["low"].max()) == (0, 0)
    pipeline.save(small.earlier(study._replace(margins=study.margins + 1000), "climatology"), tmp_path)
    assert pipeline.load(tmp_path).forecast(study.record).low < -900


def test_the_networks_of_the_last_day_give_the_very_same_digits(with_networks, tmp_path):
    pipeline.save(with_networks._replace(choice="GRU"), tmp_path)
    found = pipeline.load(tmp_path).forecast(with_networks.record)
    assert found.value == pytest.approx(with_networks.forecasts["GRU"].iloc[-1], rel=1e-12)


def test_a_forecast_sees_nothing_later_than_the_day_before(with_networks, tmp_path):
    study = with_networks
    pipeline.save(small.earlier(study, "GRU"), tmp_path)
    found = pipeline.load(tmp_path)
    whole = found.forecast(study.record)
    for rows in (-20, -1):
        assert found.forecast(study.record.iloc[:rows]).value == pytest.approx(
            whole.past["forecast"].iloc[rows], rel=1e-6
        )


def test_forecasters_of_other_versions_can_be_used_and_agree():
    """The group tests/places/test_colab.py does the same under Colab's versions, and saves anew under both."""
    colab, locked = (small.forecast_of(versions) for versions in ("colab", "locked"))
    assert colab.value == pytest.approx(locked.value, abs=0.05)


def test_a_fresh_process_gives_the_same_forecast_without_tensorflow_for_a_line(tmp_path, monkeypatch):
    small.without_networks(monkeypatch)
    small.record().to_csv(tmp_path / "record.csv")
    record = data.read_daily_csv(tmp_path / "record.csv", target="value")
    study = pipeline.study(record)
    pipeline.save(small.earlier(study, "ridge"), tmp_path / "forecaster")
    code = (
        "import sys; from helpers import data, pipeline; record = data.read_daily_csv('record.csv', target='value'); "
        "print(repr(pipeline.load('forecaster').forecast(record).value)); assert 'keras' not in sys.modules"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) == pytest.approx(study.forecasts["ridge"].iloc[-1], rel=1e-9)


def test_the_lines_of_the_readme_do_all_of_it(tmp_path, monkeypatch, capsys):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    [code] = re.findall(r"^```python\n(.*?pipeline\.save.*?)^```", text, re.M | re.S)
    lines = [line for line in code.splitlines() if line.strip()]
    assert len(lines) <= 4
    assert lines[0].startswith("from helpers import")
    small.without_networks(monkeypatch)
    monkeypatch.chdir(tmp_path)
    days = small.record().drop(columns="flag").rename(columns={"value": "sold", "other": "visitors"})
    days.to_csv("sales.csv")
    exec(code, {})
    assert "sold on 2018-04-15: " in capsys.readouterr().out


# --- what is refused ------------------------------------------------------------------------------------------------


def changed(record, day, value):
    record = record.copy()
    record.loc[day, "value"] = value
    return record


def jumped(record, column, by):
    record = record.copy()
    record.loc[record.index[-small.ADDED] :, column] = by(record.loc[record.index[-small.ADDED] :, column])
    return record


REFUSED = {
    "no frame": (lambda r: r["value"], "a record is a DataFrame"),
    "a column less": (lambda r: r.drop(columns="other"), r"other columns: .* missing are \['other'\].* give the same"),
    "a column more": (lambda r: r.assign(more=1.0), r"new are \['more'\].* train and save anew"),
    "a column twice": (lambda r: r[["value", "other", "other"]], "each once"),
    "another target": (lambda r: r[["other", "value", "flag"]], r"read the file with target='value'"),
    "no days": (lambda r: r.reset_index(drop=True), "the index has to hold days"),
    "no rows": (lambda r: r.iloc[:0], "the index has to hold days"),
    "a zone": (lambda r: r.tz_localize("UTC"), "without time zone"),
    "a gap": (lambda r: r.drop(r.index[-5]), r"a gap: 2019-02-05 follows 2019-02-03; .* read_daily_csv"),
    "a day twice": (lambda r: pd.concat([r, r.iloc[-1:]]), "a gap: 2019-02-08 follows 2019-02-08"),
    "backwards": (lambda r: r[::-1], "a gap: "),
    "at noon": (lambda r: r.shift(12, freq="h"), "the first row is 2015-01-01 12:00"),
    "older": (lambda r: r.iloc[: -small.ADDED - 1], "ends on 2018-12-29, before 2018-12-30.*give a newer one"),
    "begins later": (lambda r: r.iloc[1:], "begins on 2015-01-02.* give that record with rows added"),
    "a text": (lambda r: r.assign(other="x"), "a value is no number"),
    "no value": (lambda r: changed(r, "2019-02-01", np.nan), "column 'value' has no finite value on 2019-02-01"),
    "infinite": (lambda r: changed(r, "2017-02-01", np.inf), "column 'value' has no finite value on 2017-02-01"),
    "the past": (lambda r: changed(r, "2016-05-01", 11.11), "the past has changed: the values of 2016 are not"),
    "the first day": (lambda r: changed(r, "2015-01-01", 11.11), "the past has changed: the values of 2015 are not"),
    "the last day": (lambda r: changed(r, "2018-12-30", 11.11), "the past has changed: the values of 2018 are not"),
    "all in °F": (lambda r: r.assign(value=r["value"] * 1.8 + 32), "all there are: is it another place"),
    "new in °F": (lambda r: jumped(r, "value", lambda c: c * 1.8 + 32), "column 'value' jumps: .* give same_unit=True"),
    "×10": (lambda r: jumped(r, "value", lambda c: c * 10), "column 'value' jumps"),
    "other ×10": (lambda r: jumped(r, "other", lambda c: c * 10), "column 'other' jumps"),
    "constant ×2": (lambda r: jumped(r, "flag", lambda c: c * 2), "column 'flag' jumps"),
    "one typo": (lambda r: changed(r, "2019-01-05", 96.0), "column 'value' jumps: 96 on 2019-01-05"),
}


@pytest.mark.parametrize(("change", "message"), REFUSED.values(), ids=REFUSED)
def test_a_record_that_does_not_go_on_is_refused_with_a_remedy(study, loaded, change, message):
    record = change(study.record)
    before = record.copy()
    with pytest.raises(DataError, match=message):
        loaded.forecast(record)
    assert record.equals(before)


def test_smaller_units_are_seen_within_a_week_and_an_answer_is_heard(tmp_path, study):
    sales = study.record[["value"]] * 0 + np.random.RandomState(0).uniform(100, 400, (len(study.record), 1))
    saved = {
        "columns": ["value"],
        "first": f"{sales.index[0]:%Y-%m-%d}",
        "last": f"{sales.index[-8]:%Y-%m-%d}",
        "fingerprint": forecaster.fingerprint(sales.iloc[:-7]),
    }
    assert forecaster.continued(sales, saved)[0].equals(sales)
    thousands = sales.copy()
    thousands.iloc[-7:] /= 1000
    for rows in (len(sales), len(sales) - 6):
        with pytest.raises(DataError, match=r"jumps: .* Is it another unit"):
            forecaster.continued(thousands.iloc[:rows], saved)
    assert forecaster.continued(thousands, saved, same_unit=True)[0].equals(thousands)


@pytest.mark.parametrize("name", ["brussels", "tunis", "champion", "hyderabad"])
def test_true_weather_is_not_taken_for_another_unit(name):
    for _, column in data.load(name).items():
        for end, added in product(range(1500, len(column) - 30, 389), (1, 7, 30)):
            continuation._check_jump(column.iloc[:end], column.iloc[end : end + added], "")


def test_filled_days_are_not_scored(loaded, study):
    record = study.record.copy()
    record.attrs["filled"] = ["2019-01-05", "2015-02-03"]
    found = loaded.forecast(record)
    assert found.past["observed"].isna().sum() == 1
    assert f"of {small.ADDED - 1} day(s)" in found.in_words()


# --- is it time to train anew? --------------------------------------------------------------------------------------


def past(misses, days, first="2020-01-01"):
    index = pd.date_range(first, periods=days)
    observed = np.where(np.arange(days) < misses, 5.0, 0.5)
    return pd.DataFrame({"low": 0.0, "forecast": 0.5, "high": 1.0, "observed": observed}, index)


def test_the_binomial_chance():
    assert forecaster.chance_of(0, 10) == pytest.approx(1)
    assert forecaster.chance_of(10, 10) == pytest.approx(1e-10)
    assert forecaster.chance_of(1, 2) == pytest.approx(0.19)
    drawn = np.random.RandomState(0).binomial(60, 0.1, 200_000) >= 11
    assert forecaster.chance_of(11, 60) == pytest.approx(drawn.mean(), abs=0.002)


@pytest.mark.parametrize(
    ("misses", "days", "told"), [(0, 0, False), (2, 2, False), (4, 4, True), (14, 60, False), (15, 60, True)]
)
def test_more_misses_than_chance_allows_are_told(misses, days, told):
    assert (forecaster.chance_of(misses, days) < forecaster.RARE) == told
    advice = forecaster.train_anew(past(misses, days))
    assert advice.startswith(f"TIME TO TRAIN ANEW: {misses} of the last {days} days were outside" if told else "")
    assert bool(advice) == told


def test_only_the_last_days_are_asked_and_a_year_is_told():
    old = past(60, 120)
    assert forecaster.train_anew(old) == ""
    assert "a year of new days" in forecaster.train_anew(past(20, 400))
    assert forecaster.train_anew(past(10, 364)) == ""


def test_errors_that_grow_are_told_in_words(loaded, study):
    record = study.record.copy()
    wild = np.random.RandomState(1).choice([-6.0, 6.0], small.ADDED)
    record.iloc[-small.ADDED :, 0] += wild
    words = loaded.forecast(record, same_unit=True).in_words("°C")
    assert "TIME TO TRAIN ANEW" in words
    calm = loaded.forecast(study.record)
    assert "TIME TO TRAIN ANEW" not in calm.in_words("°C")
    scored = calm.past
    misses = ((scored["observed"] < scored["low"]) | (scored["observed"] > scored["high"])).sum()
    assert f"Outside were {misses} of 40 day(s) since it was saved; 10% are to be expected." in calm.in_words("°C")
    assert f"value on 2019-02-09: {calm.value:.1f} °C (ridge)" in calm.in_words("°C")
    assert f"Looking back: for 2019-02-08 it said {scored['forecast'].iloc[-1]:.1f} °C" in calm.in_words("°C")


# --- files ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def two(with_networks):
    return [small.earlier(with_networks, choice) for choice in ("GRU", "ridge")]


@pytest.mark.parametrize("first", [0, 1])
def test_an_interrupted_save_leaves_the_old_one_or_the_new_one(two, tmp_path, monkeypatch, first):
    old, new = two[first], two[1 - first]
    outcomes = []
    for stop in range(1, 9):
        folder, calls = tmp_path / str(stop), []
        pipeline.save(old, folder)

        def stumble(function, calls=calls, stop=stop):
            def call(*arguments, **named):
                calls.append(function)
                if len(calls) == stop:
                    raise KeyboardInterrupt
                return function(*arguments, **named)

            return call

        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", stumble(os.replace))
            patch.setattr(os, "fsync", stumble(os.fsync))
            patch.setattr(Path, "unlink", stumble(Path.unlink))
            try:
                pipeline.save(new, folder)
            except KeyboardInterrupt:
                outcomes.append(pipeline.load(folder).saved["choice"])
            else:
                outcomes.append("done")
        pipeline.save(new, folder)
        assert pipeline.load(folder).saved["choice"] == new.choice
        assert len(list(folder.iterdir())) == (3 if new.choice == "GRU" else 1)
    assert old.choice in outcomes
    assert "done" in outcomes
    assert set(outcomes) <= {old.choice, new.choice, "done"}


def test_a_save_overwrites_nothing_but_a_forecaster(two, tmp_path):
    (tmp_path / "photo.jpg").write_text("mine")
    with pytest.raises(DataError, match=r"holds other files, such as 'photo.jpg'; give a folder of its own"):
        pipeline.save(two[1], tmp_path)
    with pytest.raises(DataError, match=r"photo.jpg is a file; give the name of a folder"):
        pipeline.save(two[1], tmp_path / "photo.jpg")
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]
    pipeline.save(two[0], tmp_path / "new" / "deep")
    (tmp_path / "new" / "deep" / "note.txt").write_text("mine")
    pipeline.save(two[1], tmp_path / "new" / "deep")
    assert sorted(path.name for path in (tmp_path / "new" / "deep").iterdir()) == ["forecaster.json", "note.txt"]


def test_there_is_no_pickle_and_all_is_named(two, tmp_path):
    pipeline.save(two[0], tmp_path)
    saved = json.loads((tmp_path / "forecaster.json").read_text(encoding="utf-8"))
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".keras"}
    assert saved["columns"] == ["value", "other", "flag"]
    assert saved["left_out"] == {"flag": "never changes"}
    assert {"keras", "numpy", "pandas"} <= set(saved["versions"])
    assert list(saved["fingerprint"]) == ["2015", "2016", "2017", "2018"]
    assert np.array(saved["cycle"]).shape == (7, 2)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("forecaster.json", None),
        ("forecaster.json", b""),
        ("forecaster.json", b"\xff\xfe"),
        ("forecaster.json", b"[" * 100_000),
        ("forecaster.json", b"[1, 2]"),
        ("forecaster.json", b"{}"),
        ("forecaster.json", lambda old: old.replace(b'"margin": ', b'"margin": 1')),
        ("forecaster.json", lambda old: old[:-100]),
        ("network", None),
        ("network", b""),
        ("network", lambda old: old[:-1] + b"x"),
        ("network", lambda old: old[: len(old) // 2]),
    ],
)
def test_a_bad_file_is_named_with_a_remedy(two, tmp_path, file, content):
    pipeline.save(two[0], tmp_path)
    path = next(each for each in tmp_path.iterdir() if each.name.startswith(file))
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content(path.read_bytes()) if callable(content) else content)
    with pytest.raises(DataError, match=re.escape(str(path)) + ".*train and save anew"):
        pipeline.load(tmp_path)


def test_a_network_that_keras_cannot_read_is_told_with_the_versions(two, tmp_path, monkeypatch):
    monkeypatch.setattr(forecaster, "_as_keras_file", lambda weights: b"PK: of another time")
    pipeline.save(two[0], tmp_path)
    with pytest.raises(DataError, match=r"network-.*\.keras was saved with keras \S+, .*; keras .* cannot read it"):
        pipeline.load(tmp_path)


def test_another_format_and_no_folder_are_told(folder, tmp_path):
    with pytest.raises(DataError, match=r"forecaster.json cannot be read .*give the folder that pipeline.save"):
        pipeline.load(tmp_path / "nothing")
    saved = json.loads((folder / "forecaster.json").read_text(encoding="utf-8"))
    (tmp_path / "forecaster.json").write_text(json.dumps(saved | {"format": 99}), encoding="utf-8")
    with pytest.raises(DataError, match="has format 99, this version reads 1; train and save anew"):
        pipeline.load(tmp_path)


# --- anything at all ------------------------------------------------------------------------------------------------

ODD = st.sampled_from([np.nan, np.inf, -np.inf, 1e308, -1e308, 1e-320, 0.0, -0.0, None, "x", "", "12", True])


def outcome(act):
    """Return what comes out, or the message of the DataError."""
    try:
        return act()
    except DataError as error:
        return str(error)


EDITS = st.lists(
    st.tuples(st.integers(-60, -1) | st.integers(0, 1499), st.integers(0, 2), ODD | st.floats()), max_size=3
)


@settings(max_examples=80, derandomize=True, deadline=None)
@given(
    edits=EDITS,
    rows=st.slices(1500) | st.just(slice(None)),
    columns=st.permutations(["value", "other", "flag"]) | st.just(["value", "other", "flag"]),
    shift=st.sampled_from([0, 0, 0, 1, -1, 40, 10**4]),
    filled=st.sampled_from([[], ["2019-01-05"]]),
    same_unit=st.booleans(),
)
def test_any_record_gives_a_forecast_or_a_clear_error(study, loaded, edits, rows, columns, shift, filled, same_unit):
    record = study.record.astype(object) if edits else study.record.copy()
    for row, column, value in edits:
        record.iloc[row, column] = value
    record = record[list(columns)].iloc[rows].shift(shift, freq="D")
    record.attrs["filled"] = filled
    found = outcome(lambda: loaded.forecast(record, same_unit))
    if isinstance(found, str):
        assert re.search(r"read_daily_csv|give|read the file|train and save", found)
    else:
        assert np.isfinite([found.low, found.value, found.high]).all()
        assert found.low <= found.value <= found.high
        assert found.day == record.index[-1] + pd.Timedelta(days=1)
        assert found.in_words("°C")


@settings(max_examples=100, derandomize=True, deadline=None)
@given(at=st.integers(0, 10**6), byte=st.binary(min_size=1, max_size=3), content=st.binary(max_size=40) | st.none())
def test_any_change_of_the_file_is_seen(folder, tmp_path_factory, at, byte, content):
    old = (folder / "forecaster.json").read_bytes()
    at %= len(old)
    new = old[:at] + byte + old[at + len(byte) :] if content is None else content
    other = tmp_path_factory.mktemp("other")
    (other / "forecaster.json").write_bytes(new)
    found = outcome(lambda: pipeline.load(other))
    if isinstance(found, str):
        assert "forecaster.json" in found
    else:
        assert found.saved == pipeline.load(folder).saved
