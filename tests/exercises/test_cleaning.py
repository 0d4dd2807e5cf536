"""What the exercises of the lesson cleaning are drawn from: each question has one answer."""

import numpy as np
import pandas as pd

from helpers import data
from helpers.exercises import cleaning


def test_record_with_gaps_lacks_days_and_nothing_else():
    holes = cleaning.record_with_gaps()
    whole = data.load("brussels")["temperature"].loc["1976":"1985"]
    assert holes.notna().all()
    assert holes.equals(whole[holes.index])
    gaps = holes.index.to_series().diff().dt.days.sub(1)
    assert gaps.max() == 11
    assert (gaps == 11).sum() == 1
    assert len(whole) - len(holes) == gaps.sum() == 3 + 1 + 11 + 8 + 7 + 9


def test_the_code_is_a_possible_value_that_comes_far_more_often_than_any_other():
    minutes = cleaning.sunshine_with_code()
    assert (minutes.min(), minutes.max()) == (0, 960)
    assert minutes.idxmax().month == 6
    often = minutes.value_counts()
    assert often.index[:2].tolist() == [0, cleaning.CODE]
    assert often.iloc[1] > 4 * often.iloc[2]
    assert len(minutes) == 2922
    assert minutes.dtype.kind == np.dtype(int).kind


def test_a_wrong_first_day_hears_its_hint_in_every_form():
    """`idxmax` gives a timestamp, not the text that is declared."""
    for hint, wrong in cleaning.longest_gap.mistakes.items():
        for day, length in wrong if isinstance(wrong, list) else [wrong]:
            for form in (str, pd.Timestamp, np.datetime64):
                assert cleaning.longest_gap.judge((form(day), length)).hint == hint
    assert "a day such as" in cleaning.longest_gap.judge(("today or so", 11)).hint
