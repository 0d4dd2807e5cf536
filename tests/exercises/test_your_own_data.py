"""What the declarations of lesson your own data cannot say: where a number comes from, answers of another kind."""

import numpy as np
import pandas as pd
import pytest

from helpers.exercises import your_own_data as check
from helpers.exercises.engine import CORRECT


def test_the_year_2019_has_132_days_that_go_wrong():
    days = pd.date_range("2019-01-01", "2019-12-31")
    texts = pd.Series(days.strftime("%d/%m/%Y"))
    month_first = pd.to_datetime(texts, format="mixed")
    assert check.days_gone_wrong.judge((month_first.to_numpy() != days.to_numpy()).sum()).hint == CORRECT


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda series, code: series.mask(series == code).to_numpy(), "a Series with its days is asked for"),
        (lambda series, code: series.mask(series == code).to_frame(), "a Series with its days is asked for"),
        (lambda series, code: series.astype(object).replace(code, "NaN"), "NaN, the number np.nan"),
    ],
)
def test_without_code_in_another_form(answer, hint):
    assert hint in check.without_code.judge(answer).hint


def test_the_code_may_be_emptied_in_place():
    def in_place(series, code):
        series[series == code] = np.nan
        return series

    assert check.without_code.judge(in_place).correct


@pytest.mark.parametrize("answer", ["persistence", 1, ("GRU",)])
def test_to_use_names_one_of_three(answer):
    assert "one of the texts" in check.to_use.judge(lambda *_: answer).hint
