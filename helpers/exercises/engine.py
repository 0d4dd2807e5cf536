"""How an exercise is judged: it is declared, and one engine reads the answer, compares it and says one sentence.

An exercise declares what is right, how to draw cases, and which mistakes people make. Nothing is computed before an
answer is checked. tests/exercises/test_declarations.py goes over all declarations.
"""

import copy
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from helpers.exercises.calling import NOT_ATTEMPTED, Hint, call, is_blank
from helpers.exercises.comparing import differs, in_words, number, numbers

__all__ = ["CORRECT", "NOT_ATTEMPTED", "Exercise", "Hint", "Verdict", "number", "numbers"]

CORRECT = "correct"


def value_of(declared: Any, *arguments: Any) -> Any:
    """Return what a declared function gives; what is no function is a value itself."""
    return declared(*arguments) if callable(declared) else declared


@dataclass(frozen=True)
class Verdict:
    """What a check has found: whether the answer is right, and the sentence that it printed."""

    correct: bool
    hint: str

    def _ipython_display_(self) -> None:
        """Show nothing as a cell's value: the sentence is printed already."""


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """An exercise and its judge.

    Parameters
    ----------
    right : callable or value
        The right function; without `draw`, the right value, or a function without arguments that returns it.
    mistakes : dict
        Hint → what is wrong, in the form of `right`, or a list of several.
    draw : callable, optional
        Random generator → list of argument tuples, the smallest first. Without it, the answer is a value.
    decimals : int, optional
        A number that is right to so many decimals is right.
    measure : callable, optional
        What of the answer, or of the function's result, is compared; it may raise `Hint`.
    otherwise : str
        What a wrong value hears that fits no mistake.
    also : list
        Other forms of the right answer, for the tests.
    """

    right: Any
    mistakes: dict[str, Any]
    draw: Callable[[np.random.Generator], list[tuple]] | None = None
    decimals: int | None = None
    measure: Callable = lambda answer: answer
    otherwise: str = "that is not right"
    also: list = field(default_factory=list)

    def __call__(self, *answers: Any) -> Verdict:
        """Judge an answer, print one line, and return the verdict."""
        verdict = self.judge(*answers)
        print(verdict.hint)
        return verdict

    def judge(self, *answers: Any, seed: int = 0) -> Verdict:
        """Judge an answer on the cases drawn with `seed` and return the verdict; never raise."""
        answer = answers[0] if len(answers) == 1 else answers
        try:
            hint = NOT_ATTEMPTED if is_blank(answer) else self._sentence(answer, seed)
        except Hint as wrong_kind:
            hint = str(wrong_kind)
        except Exception as error:
            hint = f"this answer cannot be checked ({type(error).__name__}): look again at what is asked for"
        return Verdict(hint == CORRECT, hint)

    def _sentence(self, answer: Any, seed: int) -> str:
        cases = [()] if self.draw is None else self.draw(np.random.default_rng(seed))
        found = [self._result(answer, case) for case in cases]
        expected = self._results(self.right, cases)
        if self._agree(found, expected):
            return CORRECT
        for hint, wrong in self.mistakes.items():
            for declared in wrong if isinstance(wrong, list) else [wrong]:
                if self._agree(found, self._results(declared, cases)):
                    return hint
        return self._first_difference(answer, cases, found, expected)

    def _result(self, answer: Any, case: tuple) -> Any:
        """Return what is to be compared of the reader's answer: of the value, or of what the function gives."""
        if self.draw is None:
            return self.measure(answer)
        if not callable(answer):
            raise Hint(f"give the function itself, without calling it; found {in_words(answer)}")
        return self.measure(call(answer, copy.deepcopy(case)))

    def _results(self, declared: Any, cases: list[tuple]) -> list:
        """Return what is to be compared of what is declared."""
        return [self.measure(value_of(declared, *copy.deepcopy(case))) for case in cases]

    def _agree(self, found: list, expected: list) -> bool:
        try:
            return not any(differs(*pair, self.decimals) for pair in zip(found, expected, strict=True))
        except Hint:  # another kind or shape
            return False

    def _first_difference(self, answer: Any, cases: list[tuple], found: list, expected: list) -> str:
        """Return a sentence on the first case that fails; of a value it does not tell what is right."""
        for case, value, right in zip(cases, found, expected, strict=True):
            try:
                difference = differs(value, right, self.decimals)
            except Hint as other_kind:
                difference, is_value = str(other_kind), False
            else:
                is_value = self.draw is None
            if difference:
                told = self.otherwise if is_value else difference
                return told if self.draw is None else f"{self._as_call(answer, case)}: {told}"
        raise AssertionError("called although no case fails")

    def _as_call(self, function: Callable, case: tuple) -> str:
        names = inspect.signature(self.right).parameters
        arguments = ", ".join(f"{name}={in_words(value)}" for name, value in zip(names, case, strict=False))
        return f"{getattr(function, '__name__', 'your function')}({arguments})"
