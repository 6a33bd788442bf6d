"""What a screen shows of a review: the case against, what is missing, and what one may do."""

from __future__ import annotations

import pytest
from world import World

from advisor.domain.lifecycle import MOVES, Action, Role, State
from advisor.errors import NotFoundError
from advisor.review.decisions.review_view import ReviewView, view


def seen(world: World, id: str, by: Role | str = "") -> ReviewView:
    return view(world.store, id, world.book, world.who[by] if isinstance(by, Role) else by)


@pytest.mark.parametrize("state", State)
def test_buttons_are_what_the_desk_takes(quick: World, state: State) -> None:
    id = quick.standing(state)
    for role in Role:
        shown = seen(quick, id, role).buttons
        assert [one.move for one in shown] == [
            move for move in MOVES if move.source is state and role in move.roles
        ]
        assert not [one.hindrance for one in shown if one.hindrance]
    assert not seen(quick, id).buttons and seen(quick, id).state is state


def test_whoever_has_a_part_sees_why_not(quick: World) -> None:
    author = quick.person(Role.OWNER, Role.REVIEWER)
    id = quick.proposal(by=author)
    quick.decide(id, Action.SUBMIT, author)
    shown = {one.move.action: one.hindrance for one in seen(quick, id, author).buttons}
    assert "You wrote a part of it" in shown[Action.APPROVE_PILOT]
    assert not shown[Action.WITHDRAW]


def test_what_speaks_against_it_and_who_agreed(quick: World) -> None:
    id = quick.at(State.SUBMITTED, answers={"labelled_examples": 10}, base_licence="unsure")
    quick.decide(id, Action.OVERRIDE, Role.RISK)
    found = seen(quick, id, Role.REVIEWER)
    assert [bar.id for bar in found.bars] == ["ruled-out-by-triage"]
    assert found.tier.id == "high" and found.tier_because == (
        "A veto of triage would be set aside",
    )
    assert len(found.agreed) == 1 and found.tier.people(found.stage) == 2
    assert set(found.names) >= {quick.who[Role.RISK], quick.who[Role.OWNER]}
    assert found.compute == pytest.approx(1.8e15) and found.modifier_share == pytest.approx(
        100 * 1.8e15 / (1e23 / 3)
    )
    assert {one.id for one in found.missing} == set() and "rights_cleared" in found.checklist
    ends = {one.move.action: one.last_day for one in found.buttons}
    assert ends[Action.APPROVE_PILOT] and ends[Action.REFUSE] is None


def test_a_draft_shows_what_it_still_needs(quick: World) -> None:
    id = quick.proposal("prompting", rollback="", reason_against_advice="")
    found = seen(quick, id, Role.OWNER)
    assert (found.stage, found.state, found.lease) == ("submit", State.DRAFT, None)
    assert [one.id for one in found.missing] == ["rollback"]
    assert [bar.id for bar in found.bars] == ["no-reason-against-advice"]
    assert found.tier.id == "medium"


def test_history_spans_versions(quick: World) -> None:
    id = quick.at(State.APPROVED)
    quick.edit(id, rollback="Another.")
    found = seen(quick, id)
    assert [one.action for one in found.history] == [
        Action.SUBMIT, Action.APPROVE_PILOT, Action.RECORD_PILOT, Action.APPROVE, Action.EDIT,
    ]  # fmt: skip
    assert found.lease is None and found.about.version == 2


def test_an_unknown_proposal_is_not_found(quick: World) -> None:
    with pytest.raises(NotFoundError):
        seen(quick, "x" * 20)
