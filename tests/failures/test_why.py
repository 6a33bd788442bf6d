from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.failures.features.case import FailureCase
from advisor.failures.features.lexicons import NOTE
from advisor.failures.features.registry import FEATURES, MODES
from advisor.failures.record.tokens import RECORD_PARTS
from advisor.failures.why import COMPLAINTS, Grounds, complaint, why
from advisor.proposal import Failure
from advisor.triage.grouping.group_names import Members
from advisor.vocabulary import Mode

CLAIM = "the text shown to the model"
SIZE, PARTS_READ = len(MODES), len(RECORD_PARTS)
PASSAGE = "The Harbour Library opens at 8 on weekdays and at 10 on Saturdays."
NOTES, RELATIONS, WHOLE, LEARNED = range(4)


def grounds(mode: Mode, *experts: int, part: str = "output", feature: int | None = None) -> Grounds:
    """What a reading rests on if just these experts speak for `mode`."""
    place = MODES.index(mode)
    votes, relations = np.zeros((4, SIZE)), np.zeros((len(FEATURES), SIZE))
    votes[list(experts), place] = 2.0
    without = np.zeros((PARTS_READ, SIZE))
    without[[one.name for one in RECORD_PARTS].index(part), place] = -3.0
    if feature is not None:
        relations[feature, place] = 2.0
    return Grounds(votes, relations, without, np.zeros(SIZE))


def reason(mode: Mode, **parts: str) -> str:
    return why(FailureCase.of(Failure(**parts)), grounds(mode, NOTES), mode).lower()


def test_only_what_decided_is_named() -> None:
    note = FailureCase.of(Failure(note="It made that up.", output="See page 900."))
    assert "made up" in why(note, grounds(Mode.FABRICATION, NOTES), Mode.FABRICATION)
    said = why(note, grounds(Mode.FABRICATION, WHOLE), Mode.FABRICATION)
    assert said == "It reads like an answer with made-up facts, and the answer tells most."
    assert "corrections" in why(note, grounds(Mode.FABRICATION, LEARNED), Mode.FABRICATION)
    assert why(note, grounds(Mode.FABRICATION), Mode.FABRICATION) == (
        "Nothing in the texts settles it."
    )


def test_a_relation_is_named_only_if_it_spoke_for_the_mode() -> None:
    case = FailureCase.of(Failure(output="6 * 4 = 26"))
    wrong_sum = [one.name for one in FEATURES].index("sums_wrong")
    told = why(case, grounds(Mode.REASONING, RELATIONS, feature=wrong_sum), Mode.REASONING)
    assert "calculation" in told
    assert "calculation" not in why(case, grounds(Mode.REASONING, RELATIONS), Mode.REASONING)
    other = grounds(Mode.STYLE, RELATIONS, feature=wrong_sum)
    assert "calculation" not in why(case, other, Mode.STYLE)


def test_the_note_is_quoted_where_it_decided_for_the_whole() -> None:
    case = FailureCase.of(Failure(note="It made that up.", output="See page 900."))
    told = why(case, grounds(Mode.FABRICATION, NOTES, WHOLE, part="note"), Mode.FABRICATION)
    assert told.count("made that up") == 1


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
