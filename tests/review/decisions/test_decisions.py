"""Who may decide what on which version: every state, action and role, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from world import REASON, World, decided, key, rows, somebody, whole

from advisor.domain.lifecycle import MOVES, Action, Role, State, Who, find
from advisor.errors import AdvisorError, ConflictError, InputError, NotAllowedError, NotFoundError
from advisor.store.review import approvals

BY_HAND = [move for move in MOVES if move.by_hand]
DECIDERS = {Role.REVIEWER, Role.RISK}


@pytest.mark.parametrize("state", State)
def test_every_action_from_every_state_is_in_the_table_or_refused(
    quick: World, state: State
) -> None:
    stays = quick.standing(state)
    for action in Action:
        move = find(state, action)
        by = somebody(quick, action)
        if move is None or not move.by_hand:
            with pytest.raises(NotAllowedError if action is Action.EDIT or action is Action.EXPIRE
                               else ConflictError):  # fmt: skip
                quick.service.decide(stays, whole(quick, stays, action), by, key())
            assert quick.state(stays) is state
            continue
        id = quick.at(state)
        if state is State.CHANGES and action is Action.SUBMIT:
            quick.edit(id, rollback="Another way back.")
        made = quick.service.decide(id, whole(quick, id, action), by, key())
        assert (made.source, made.target, quick.state(id)) == (state, move.target, move.target)
        last = rows(quick, id)[-1]
        assert (last.action, last.actor, last.content) == (action, by, made.content)


@pytest.mark.parametrize("move", BY_HAND, ids=lambda move: f"{move.source}-{move.action}")
def test_every_role_but_those_of_the_table_is_refused(quick: World, move: Any) -> None:
    id = quick.standing(move.source)
    before = len(decided(quick, id))
    for role in Role:
        if role not in move.roles:
            with pytest.raises(NotAllowedError, match="needs the role") as caught:
                quick.service.decide(id, whole(quick, id, move.action), quick.who[role], key())
            assert caught.value.why == "role"
            last = rows(quick, id)[-1]
            assert (last.action, last.actor) == ("refused_attempt", quick.who[role])
    assert len(decided(quick, id)) == before


@pytest.mark.parametrize(
    "move", [move for move in BY_HAND if move.who is Who.APART],
    ids=lambda move: f"{move.source}-{move.action}",
)  # fmt: skip
def test_author_editor_and_runner_decide_nothing(quick: World, move: Any) -> None:
    author = quick.person(Role.OWNER, *move.roles)
    editor = quick.person(Role.OWNER, *move.roles)
    runner = quick.person(Role.RUNNER, *move.roles)
    id = quick.proposal(by=author)
    quick.edit(id, by=editor, rollback="Mended by a reviewer.")
    quick.decide(id, Action.SUBMIT, author)
    quick.pilot(id, by=runner)
    if move.source is State.EVALUATED:
        quick.decide(id, Action.APPROVE_PILOT, Role.REVIEWER)
        quick.decide(id, Action.RECORD_PILOT, quick.person(Role.RUNNER))
    for person, why in ((author, "writer"), (editor, "writer"), (runner, "runner")):
        with pytest.raises(NotAllowedError) as caught:
            quick.service.decide(id, whole(quick, id, move.action), person, key())
        assert caught.value.why == why
    assert quick.state(id) is move.source


def test_only_a_writer_submits_and_withdraws(world: World) -> None:
    id, other = world.at(State.DRAFT), world.person(Role.OWNER)
    for action in (Action.SUBMIT, Action.WITHDRAW):
        with pytest.raises(NotAllowedError, match="Only somebody who wrote"):
            world.decide(id, action, other)


def test_a_role_that_was_taken_midway_counts_no_more(world: World) -> None:
    id, by = world.at(State.SUBMITTED), world.person(Role.REVIEWER)
    request = world.request(id, Action.APPROVE_PILOT)
    world.people.take(by, Role.REVIEWER, world.admin, key())
    with pytest.raises(NotAllowedError):
        world.service.decide(id, request, by, key())
    assert world.state(id) is State.SUBMITTED


def test_a_stale_version_is_refused_with_what_changed(world: World) -> None:
    id = world.at(State.SUBMITTED)
    request = world.request(id, Action.APPROVE_PILOT)
    world.store.edit(id, {"review.rollback": "None.", "failures": []}, world.who[Role.OWNER], key())
    with pytest.raises(ConflictError, match="version 2 differs from 1 in: Form.*rollback; Failure"):
        world.service.decide(id, request, world.who[Role.REVIEWER], key())
    assert world.state(id) is State.DRAFT
    assert rows(world, id)[-1].action == "refused_attempt"
    wrong = request.model_copy(update={"version": 2})
    with pytest.raises(ConflictError, match="not what is stored"):
        world.service.decide(id, wrong, world.who[Role.REVIEWER], key())


@pytest.mark.parametrize("state", [State.SUBMITTED, State.PILOT, State.EVALUATED, State.APPROVED])
def test_any_edit_voids_what_stood(quick: World, state: State) -> None:
    id = quick.at(state)
    quick.edit(id, rollback="Another way back.")
    assert quick.state(id) is State.DRAFT
    assert not quick.gate(id).approved and not quick.gate(id, "pilot").approved
    with quick.store.database.read() as connection:
        assert approvals.lease(connection, id) is None
    assert '"ends_review":true' in rows(quick, id)[-1].detail
    assert decided(quick, id)[-1].action is Action.EDIT
    quick.decide(id, Action.SUBMIT, Role.OWNER)


def test_the_same_version_is_not_handed_in_again_after_changes_were_asked_for(
    world: World,
) -> None:
    id = world.at(State.CHANGES)
    with pytest.raises(InputError, match="the one that changes were asked for"):
        world.decide(id, Action.SUBMIT, Role.OWNER)
    world.edit(id, rollback="Another way back.")
    assert world.state(id) is State.CHANGES
    assert world.decide(id, Action.SUBMIT, Role.OWNER).version == 2


def test_a_double_click_is_one_decision(world: World) -> None:
    id = world.at(State.SUBMITTED)
    request, by = world.request(id, Action.REFUSE), world.who[Role.REVIEWER]
    once = key()
    first = world.service.decide(id, request, by, once)
    assert world.service.decide(id, request, by, once) == first
    assert len(decided(world, id)) == 2 and len(rows(world, id)) == 3
    with pytest.raises(ConflictError, match="used for another change"):
        world.service.decide(id, request.model_copy(update={"reason": REASON * 2}), by, once)


def test_an_abstention_is_kept_and_binds(world: World) -> None:
    id = world.at(State.SUBMITTED)
    assert world.decide(id, Action.ABSTAIN, Role.REVIEWER).target is State.SUBMITTED
    with pytest.raises(NotAllowedError, match="You abstained"):
        world.decide(id, Action.APPROVE_PILOT, Role.REVIEWER)


@pytest.mark.parametrize("id", ["", "nobody", "x" * 20, "../../etc/passwd"])
def test_an_unknown_proposal_is_not_found(quick: World, id: str) -> None:
    request = quick.request(quick.at(State.DRAFT), Action.SUBMIT)
    with pytest.raises(NotFoundError):
        quick.service.decide(id, request, quick.who[Role.OWNER], key())


def test_hostile_people_and_keys_are_refused(quick: World) -> None:
    id = quick.at(State.DRAFT)
    request = quick.request(id, Action.SUBMIT)
    for actor, once in (("", "k"), ("a\x00", "k"), ("a" * 201, "k"), ("nobody", "")):
        with pytest.raises(AdvisorError):
            quick.service.decide(id, request, actor, once)


def test_the_trail_keeps_no_word_of_a_reason(quick: World) -> None:
    id = quick.at(State.APPROVED)
    assert REASON.split(",")[0] not in str(rows(quick, id))
