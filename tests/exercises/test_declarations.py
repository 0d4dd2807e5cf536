"""Every exercise: right is right, each mistake hears its own hint, nonsense hears a sentence."""

import importlib
import pkgutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import helpers.exercises
from helpers.exercises.engine import CORRECT, NOT_ATTEMPTED, Exercise, value_of

ROOT = Path(__file__).parents[2]
ENGINE = {"engine", "calling", "comparing"}
MODULES = [found.name for found in pkgutil.iter_modules(helpers.exercises.__path__) if found.name not in ENGINE]
SEEDS = (0, 1, 2)  # what is drawn for a check, and what another judge may draw


def drawn_once(exercise):
    """Return an exercise that gives the same list of cases whenever it draws from the same seed."""
    drawn = {}

    def draw(rng):
        seed = rng.bit_generator.seed_seq.entropy
        if seed not in drawn:
            drawn[seed] = exercise.draw(rng)
        return drawn[seed]

    return replace(exercise, draw=draw) if exercise.draw else exercise


def declarations():
    for topic in MODULES:
        module = importlib.import_module(f"helpers.exercises.{topic}")
        for name, value in vars(module).items():
            if isinstance(value, Exercise):
                yield pytest.param(drawn_once(value), id=f"{topic}.{name}")


ALL = list(declarations())
every_exercise = pytest.mark.parametrize("exercise", ALL)
# A value does not depend on what is drawn.
every_exercise_and_seed = pytest.mark.parametrize(
    ("exercise", "seed"),
    [
        pytest.param(*each.values, seed, id=f"{each.id}-{seed}")
        for each in ALL
        for seed in (SEEDS if each.values[0].draw else SEEDS[:1])
    ],
)
NONSENSE = [
    None,
    "text",
    b"",
    np.nan,
    np.inf,
    True,
    object(),
    [],
    {},
    np.zeros((2, 2)),
    pd.DataFrame(),
    [None],
    ("a", 1),
]


@pytest.fixture(autouse=True, scope="module")
def computed_once():
    """What is declared is computed once for the same cases, though many answers are compared with it."""
    compute, known = Exercise._results, {}

    def results(self, declared, cases):
        key = self.measure, id(declared), id(cases) if self.draw else None
        if key not in known:
            known[key] = compute(self, declared, cases)
        return known[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Exercise, "_results", results)
        yield


def judge(exercise, declared, seed):
    """Judge a declared function as if it were a reader's answer: itself where a function is asked for, or its value."""
    return exercise.judge(declared if exercise.draw else value_of(declared), seed=seed)


def as_list(wrong):
    return wrong if isinstance(wrong, list) else [wrong]


@every_exercise_and_seed
def test_right_is_right_in_every_form(exercise, seed):
    for form in [exercise.right, *exercise.also]:
        assert judge(exercise, form, seed).hint == CORRECT


@every_exercise_and_seed
def test_each_mistake_hears_its_own_hint(exercise, seed):
    """So no two of the right answer and the mistakes agree on all cases: one of them would hear the other's hint."""
    assert exercise.mistakes
    for hint, wrong in exercise.mistakes.items():
        for mistake in as_list(wrong):
            assert judge(exercise, mistake, seed).hint == hint


@every_exercise
def test_hints_are_short_sentences_for_the_reader(exercise):
    for hint in [*exercise.mistakes, exercise.otherwise]:
        assert hint == hint.strip()
        assert "\n" not in hint
        assert not hint.endswith(".")
        assert 10 < len(hint) <= 170


@every_exercise
def test_a_rounded_number_is_right(exercise):
    if exercise.decimals is None or exercise.draw or not isinstance(value_of(exercise.right), float | np.floating):
        pytest.skip("no number that a lesson prints")
    assert exercise.judge(round(float(value_of(exercise.right)), exercise.decimals)).correct


def says_one_sentence(verdict):
    return not verdict.correct and verdict.hint not in ("", NOT_ATTEMPTED) and "\n" not in verdict.hint


@every_exercise
def test_nonsense_hears_a_sentence(exercise):
    for nonsense in NONSENSE:
        assert says_one_sentence(exercise.judge(nonsense)), repr(nonsense)
        if exercise.draw:
            assert says_one_sentence(exercise.judge(lambda *_, answer=nonsense: answer)), repr(nonsense)


@every_exercise
def test_a_blank_is_not_attempted(exercise):
    assert exercise.judge(...).hint == NOT_ATTEMPTED
    if exercise.draw:
        assert exercise.judge(lambda *_: ...).hint == NOT_ATTEMPTED


def test_importing_all_exercises_computes_nothing():
    program = (
        f"import sys, importlib; [importlib.import_module('helpers.exercises.' + m) for m in {MODULES}]; "
        "print('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
