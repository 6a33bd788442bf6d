"""Words, and the errors that may be shown."""

import pytest

from advisor.errors import AdvisorError, InputError, Problem, RuleError
from advisor.vocabulary import (
    CAUSE_OF,
    COMBINATIONS,
    Cause,
    Mode,
    combination,
    combination_name,
)


def test_every_mode_has_a_cause_and_every_cause_a_mode() -> None:
    assert set(CAUSE_OF) == set(Mode)
    assert set(CAUSE_OF.values()) == set(Cause)


@pytest.mark.parametrize("chosen", COMBINATIONS)
def test_a_combination_reads_back_from_its_name(chosen: tuple[str, ...]) -> None:
    assert combination(combination_name(chosen)) == chosen
    assert combination_name(reversed(chosen)) == combination_name(chosen)


def test_no_combination_stands_twice() -> None:
    assert len({frozenset(chosen) for chosen in COMBINATIONS}) == len(COMBINATIONS)


def test_an_unknown_remedy_is_refused() -> None:
    with pytest.raises(ValueError, match="magic"):
        combination("retrieval+magic")


def test_problems_are_sorted_told_once_and_one_line_each() -> None:
    late, early = Problem("b", "is wrong", "Mend\nit"), Problem("a", "is missing")
    error = InputError([late, early, late])
    assert str(error) == "a: is missing.\nb: is wrong. Mend it"
    assert isinstance(RuleError(late), AdvisorError)
