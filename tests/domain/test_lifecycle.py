"""The table of moves is whole: what the brief of reviewers asks holds for every row."""

from __future__ import annotations

from itertools import product

import pytest

from advisor.domain.lifecycle import (
    APPROVALS,
    BUTTONS,
    LEASED,
    MOVES,
    OPEN,
    STATES,
    Action,
    Role,
    State,
    Who,
    buttons,
    find,
    picture,
)


def test_an_action_leads_to_one_place_from_each_state() -> None:
    places = [(move.source, move.action) for move in MOVES]
    assert len(set(places)) == len(places)
    assert {(state, action) for state, action in product(State, Action) if find(state, action)} == {
        *places
    }


def test_every_state_is_reached_and_none_is_a_dead_end() -> None:
    reached, before = {State.DRAFT}, set[State]()
    while reached != before:
        before = set(reached)
        reached |= {move.target for move in MOVES if move.source in before}
    assert reached == set(State)
    assert all(find(state, Action.EDIT) for state in State)


def test_an_edit_ends_every_approval_and_every_open_review() -> None:
    for state in {*OPEN, *LEASED}:
        move = find(state, Action.EDIT)
        assert move and move.target is State.DRAFT and not move.roles


def test_adoption_takes_a_pilot_and_an_approval_of_its_own() -> None:
    into = {(move.source, move.action) for move in MOVES if move.target is State.APPROVED}
    assert into == {(State.EVALUATED, Action.APPROVE), (State.EVALUATED, Action.OVERRIDE)}
    into = {(move.source, move.action) for move in MOVES if move.target is State.EVALUATED}
    assert {one for one in into if one[0] is not State.EVALUATED} == {
        (State.PILOT, Action.RECORD_PILOT)
    }


def test_whoever_decides_stands_apart_and_gives_a_reason() -> None:
    deciding = {Action.OVERRIDE, Action.REQUEST_CHANGES, Action.REFUSE, *APPROVALS}
    for move in MOVES:
        if move.action in deciding:
            assert move.who is Who.APART and move.reason_required
            assert move.roles <= {Role.REVIEWER, Role.RISK}
    assert {move.roles for move in MOVES if move.action is Action.OVERRIDE} == {
        frozenset({Role.RISK})
    }


def test_administrators_and_auditors_decide_nothing() -> None:
    for state in State:
        assert buttons(state, {Role.ADMINISTRATOR, Role.AUDITOR}) == ()


def test_buttons_are_those_of_the_roles() -> None:
    found = [move.action for move in buttons(State.SUBMITTED, {Role.REVIEWER})]
    assert found == [
        Action.APPROVE_PILOT, Action.REQUEST_CHANGES, Action.REFUSE, Action.ABSTAIN,
    ]  # fmt: skip
    assert buttons(State.REFUSED, Role) == ()


@pytest.mark.parametrize("here", [None, *State])
def test_the_picture_shows_every_move_but_edits(here: State | None) -> None:
    drawn = picture(here)
    for move in MOVES:
        line = f"{move.source} --> {move.target}: {BUTTONS[move.action]}"
        assert (line in drawn) == (
            move.action is not Action.EDIT and move.source is not move.target
        )
    assert (f"class {here} here" in drawn) == (here is not None)


def test_everything_has_words() -> None:
    assert {*BUTTONS} == set(Action) and {*STATES} == set(State)
