from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.failures.features.case import FailureCase
from advisor.failures.features.lexicons import NOTE
from advisor.failures.features.registry import FEATURES
from advisor.failures.why import COMPLAINTS, complaint, why
from advisor.proposal import Failure
from advisor.triage.grouping.group_names import Members
from advisor.vocabulary import Mode

CLAIM = "the text shown to the model"
NOTHING = np.zeros(len(FEATURES))
PASSAGE = "The Harbour Library opens at 8 on weekdays and at 10 on Saturdays."


def reason(mode: Mode, **parts: str) -> str:
    return why(FailureCase.of(Failure(**parts)), NOTHING, mode).lower()


def test_a_supplied_text_is_named_where_there_is_one() -> None:
    note = "The page clearly states 8."
    assert CLAIM in reason(Mode.UNFAITHFUL, note=note, context=PASSAGE)
    inside = f"Context: {PASSAGE}\nQuestion: When does it open?"
    assert CLAIM in reason(Mode.UNFAITHFUL, note=note, input=inside)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(Mode),
    st.lists(st.sampled_from(["The page says 8", "opposite", "it made it up", "slow"]), min_size=1),
)
def test_no_reason_claims_a_shown_text_where_there_is_none(mode: Mode, said: list[str]) -> None:
    assert CLAIM not in reason(mode, note=". ".join(said))
    assert CLAIM not in reason(mode, note=". ".join(said), output="At noon.", expected="At 8.")


@pytest.mark.parametrize("family", NOTE)
def test_every_complaint_has_words_with_and_without_a_shown_text(family: str) -> None:
    assert complaint(family, shown=True) == COMPLAINTS[family]
    assert CLAIM not in complaint(family, shown=False)


@pytest.mark.parametrize(("context", "claimed"), [(PASSAGE, True), (None, False)])
def test_a_group_claims_a_shown_text_only_if_its_members_have_one(
    context: str | None, claimed: bool
) -> None:
    failures = [Failure(note=f"The page says {hour}.", context=context) for hour in (8, 9, 10)]
    cases = [FailureCase.of(one) for one in failures]
    group = Members(cases, {Mode.UNFAITHFUL: 3}, Mode.UNFAITHFUL, ("", 0), ())
    assert (CLAIM in group.sentence) == claimed
