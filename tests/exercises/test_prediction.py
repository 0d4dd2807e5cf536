"""The checks of lesson prediction: right answers, typical mistakes by name, nonsense."""

import numpy as np
import pandas as pd
import pytest

from helpers import baselines, data
from helpers.evaluation import rmse, skill
from helpers.exercises import prediction as check

TEMPERATURE = data.load("brussels")["temperature"]
TEST = TEMPERATURE.loc["2002":]
PERSISTENCE, CLIMATOLOGY = (
    rmse(TEST, forecaster(TEMPERATURE, data.TRAIN_END, TEST.index))
    for forecaster in (baselines.persistence, baselines.climatology)
)
NONSENSE = [None, "text", np.nan, np.zeros((2, 2)), object(), [], {}]


def tomorrow(network, scaler, series, time_step):
    window = scaler.transform(series.iloc[-time_step:].to_frame()).reshape(1, time_step, 1)
    return scaler.inverse_transform(network.predict(window, verbose=0))[0, 0]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (tomorrow, "correct"),
        (lambda *given: np.array([[tomorrow(*given)]]), "correct"),
        (lambda *given: [float(tomorrow(*given))], "correct"),
        (lambda *given: None, "not attempted yet"),
        (lambda n, s, t, k: n.predict(s.transform(t.iloc[-k:].to_frame())[None]), "still scaled"),
        (lambda n, s, t, k: tomorrow(n, s, t.iloc[:k], k), "first days"),
        (lambda n, s, t, k: s.inverse_transform(n.predict(t.iloc[-k:].to_numpy().reshape(1, k, 1))), "got °C"),
        (lambda n, s, t, k: n.predict(s.transform(t.iloc[-k:].to_frame())), "shape (5, 1)"),
        (lambda n, s, t, k: n.predict(s.transform(t.to_frame())[None]), "shape (1, 7, 1)"),
        (lambda n, s, t, k: 12.0, "should give 6.5"),
        (lambda n, s: 12.0, "TypeError"),
    ],
)
def test_forecast_tomorrow(said, answer, verdict):
    check.forecast_tomorrow(answer)
    assert verdict in said()


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (skill(PERSISTENCE, CLIMATOLOGY), "correct"),
        (np.float32(skill(PERSISTENCE, CLIMATOLOGY)), "correct"),
        (pd.Series([skill(PERSISTENCE, CLIMATOLOGY)]), "correct"),
        (skill(CLIMATOLOGY, PERSISTENCE), "swapped"),
        (PERSISTENCE / CLIMATOLOGY, "taken away"),
        (1 - (PERSISTENCE / CLIMATOLOGY) ** 2, "squared"),
        (100 * skill(PERSISTENCE, CLIMATOLOGY), "percent"),
        (0.9, "not right"),
        (..., "not attempted yet"),
    ],
)
def test_skill_of_persistence(said, answer, verdict):
    check.skill_of_persistence(answer)
    assert verdict in said()


def changes(forecast, truth, before):
    foretold = np.asarray(forecast) - np.asarray(before)
    return 0.0 if not foretold.any() else np.corrcoef(foretold, np.asarray(truth) - np.asarray(before))[0, 1]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (changes, "correct"),
        (lambda f, t, b: [changes(f, t, b)], "correct"),
        (lambda f, t, b: ..., "not attempted yet"),
        (lambda f, t, b: np.corrcoef(f, t)[0, 1], "of the values"),
        (lambda f, t, b: f.diff().corr(t.diff()), "observed day before"),
        (lambda f, t, b: np.corrcoef(f - b, t)[0, 1], "still a value"),
        (lambda f, t, b: -changes(f, t, b), "not right"),
        (lambda f, t, b: (f - b).corr(t - b), "never foretells"),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_correlation_of_changes(said, answer, verdict):
    check.correlation_of_changes(answer)
    assert verdict in said()


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (lambda r, s: r[:, 0] * s.scale_[1] + s.mean_[1], "correct"),
        (lambda r, s: list(s.inverse_transform(np.tile(r, 3))[:, 1]), "correct"),
        (lambda r, s: pd.Series(r.ravel() * s.scale_[1] + s.mean_[1]), "correct"),
        (lambda r, s: None, "not attempted yet"),
        (lambda r, s: r * s.scale_[1] + s.mean_[1], "axis too many"),
        (lambda r, s: r[:, 0] * s.scale_[0] + s.mean_[0], "position 1"),
        (lambda r, s: r[:, 0] * s.scale_[1], "mean is missing"),
        (lambda r, s: (r[:, 0] + s.mean_[1]) * s.scale_[1], "reverse order"),
        (lambda r, s: r[:, 0] * s.var_[1] + s.mean_[1], "variance"),
        (lambda r, s: s.inverse_transform(r), "ValueError"),
        (lambda r, s: r[:, 0], "not right"),
    ],
)
def test_rain_in_mm(said, answer, verdict):
    check.rain_in_mm(answer)
    assert verdict in said()


@pytest.mark.parametrize("answer", NONSENSE, ids=repr)
@pytest.mark.parametrize(
    "judge", [check.forecast_tomorrow, check.skill_of_persistence, check.correlation_of_changes, check.rain_in_mm]
)
def test_nonsense_gets_a_sentence(gets_a_sentence, judge, answer):
    gets_a_sentence(judge, answer)
