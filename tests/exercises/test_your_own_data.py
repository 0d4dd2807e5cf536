"""What the declarations of lesson your own data cannot say: where a number comes from, answers of another kind."""

import pandas as pd
import pytest

from helpers.exercises import your_own_data as check
from helpers.exercises.engine import CORRECT
from helpers.forecaster import RARE, chance_of


def test_the_year_2019_has_132_days_that_go_wrong():
    days = pd.date_range("2019-01-01", "2019-12-31")
    texts = pd.Series(days.strftime("%d/%m/%Y"))
    month_first = pd.to_datetime(texts, format="mixed")
    assert check.days_gone_wrong.judge((month_first.to_numpy() != days.to_numpy()).sum()).hint == CORRECT


def test_the_chance_is_the_one_of_the_forecaster():
    assert check.time_to_train.judge(lambda outside, days: chance_of(outside, days) < RARE).correct


@pytest.mark.parametrize("answer", [0.0004, "yes", [True]])
def test_time_to_train_is_yes_or_no(answer):
    assert "True or False" in check.time_to_train.judge(lambda outside, days: answer).hint


@pytest.mark.parametrize("answer", ["persistence", 1, ("GRU",)])
def test_to_use_names_one_of_three(answer):
    assert "one of the texts" in check.to_use.judge(lambda *_: answer).hint
