"""Verdicts and columns in plain words."""

from __future__ import annotations

import pytest

from advisor.domain.comparison import Verdict, VerdictOutcome
from advisor.pilot.comparing.comparison_words import verdict_title
from advisor.pilot.metrics.registry import column_title
from advisor.presentation.arm_titles import arm_title


@pytest.mark.parametrize(
    ("outcome", "named", "recommended", "words"),
    [
        (VerdictOutcome.CONFIRMED, True, "fine_tuning", "Confirmed: fine-tuning"),
        (VerdictOutcome.CONFIRMED, False, "classifier", "Settled: plain classifier"),
        (VerdictOutcome.CONTRADICTED, True, "fine_tuning", "Contradicted: fine-tuning"),
        (VerdictOutcome.INCONCLUSIVE, True, None, "Not settled"),
    ],
)
def test_a_verdict_says_on_what_it_is(
    outcome: VerdictOutcome, named: bool, recommended: str | None, words: str
) -> None:
    verdict = Verdict(
        outcome=outcome,
        because="",
        next="",
        recommended=recommended,
        named=named,
        primary=None,
        margin=0.1,
        best=None,
    )
    assert verdict_title(verdict) == words


def test_columns_have_names_for_people() -> None:
    assert column_title("macro_f1") == "Macro-F1"
    assert column_title("cut") == "Cut at the limit of tokens"
    assert column_title("few_shot") == "Prompt with examples"


def test_arms_of_other_people_keep_their_names() -> None:
    assert arm_title("gpt-next") == "gpt-next"
