from __future__ import annotations

import numpy as np
import pytest

from advisor.failures.features.case import FailureCase
from advisor.failures.features.registry import MODES
from advisor.failures.settled_by import NAMES, TELLS, settled_by
from advisor.proposal import Failure
from advisor.vocabulary import Mode


def said(first: Mode, second: Mode, **parts: str) -> str:
    chances = np.zeros(len(MODES))
    chances[MODES.index(first)], chances[MODES.index(second)] = 0.5, 0.4
    return settled_by(FailureCase.of(Failure(**parts)), chances)


def test_every_mode_has_a_part_that_tells() -> None:
    assert set(TELLS) == set(Mode)
    assert set(TELLS.values()) <= set(NAMES)


@pytest.mark.parametrize(
    ("first", "second", "parts", "wanted"),
    [
        (Mode.UNFAITHFUL, Mode.FABRICATION, {"output": "x", "input": "y"}, "context"),
        (Mode.UNFAITHFUL, Mode.FABRICATION, {"output": "x", "context": "y"}, "expected"),
        (Mode.REASONING, Mode.UNFAITHFUL, {"output": "x", "expected": "y"}, "context"),
        (Mode.REASONING, Mode.FORMAT, {"output": "x", "expected": "y", "input": "z"}, "note"),
    ],
)
def test_the_missing_part_that_tells_most_is_asked_for(
    first: Mode, second: Mode, parts: dict[str, str], wanted: str
) -> None:
    assert said(first, second, **parts) == f"{NAMES[wanted]} would settle it."


def test_where_nothing_is_missing_a_person_is_asked() -> None:
    parts = dict.fromkeys(NAMES, "text")
    assert "other words" in said(Mode.FORMAT, Mode.SYSTEM, **parts)
