"""Who may decide what on which version: every state, action and role, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from world import REASON, World, key

from advisor.errors import AdvisorError, ConflictError, InputError, NotAllowedError, NotFoundError
from advisor.review.lifecycle import MOVES, Action, Role, State, Who, find
from advisor.review.reasons import SHORTEST, reason_problem
from advisor.review.requests import Request
from advisor.store import reviewing
from advisor.store.trail import Trail, Wanted

BY_HAND = [move for move in MOVES if move.by_hand]
DECIDERS = {Role.REVIEWER, Role.RISK}


def rows(world: World, id: str) -> list[Any]:
    return [*reversed(Trail(world.store.database).newest(Wanted(proposal=id, limit=500)))]


def decided(world: World, id: str) -> list[Any]:
    with world.store.database.read() as connection:
        return [*reviewing.decisions(connection, id)]


def somebody(world: World, action: Action) -> str:
    """A person whose role and hands allow an action wherever the table has it."""
    move = next(move for move in MOVES if move.action is action)
    if action is Action.OVERRIDE or not move.roles:
        return world.who[Role.RISK]
    return world.who[next(role for role in Role if role in move.roles)]


def more(action: Action) -> dict[str, Any]:
    """What makes an override possible: the reviewer's own no, which it sets aside."""
    if action is not Action.OVERRIDE:
        return {}
    return {"checklist": {"honestly_tried": {"answer": "no", "note": "Only one prompt."}}}


def whole(world: World, id: str, action: Action) -> Request:
    made = world.request(id, action)
    ticks = {name: tick.model_dump() for name, tick in made.checklist.items()}
    extra = more(action).get("checklist", {})
    return Request.model_validate(made.model_dump() | {"checklist": ticks | extra})


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
                quick.desk.decide(stays, whole(quick, stays, action), by, key())
            assert quick.state(stays) is state
            continue
        id = quick.at(state)
        if state is State.CHANGES and action is Action.SUBMIT:
            quick.edit(id, rollback="Another way back.")
        made = quick.desk.decide(id, whole(quick, id, action), by, key())
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
                quick.desk.decide(id, whole(quick, id, move.action), quick.who[role], key())
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
    editor, runner = quick.person(*move.roles), quick.person(Role.RUNNER, *move.roles)
    id = quick.proposal(by=author)
    quick.edit(id, by=editor, rollback="Mended by a reviewer.")
    quick.decide(id, Action.SUBMIT, author)
    quick.pilot(id, by=runner)
    if move.source is State.EVALUATED:
        quick.decide(id, Action.APPROVE_PILOT, Role.REVIEWER)
        quick.decide(id, Action.RECORD_PILOT, quick.person(Role.RUNNER))
    for person, why in ((author, "writer"), (editor, "writer"), (runner, "runner")):
        with pytest.raises(NotAllowedError) as caught:
            quick.desk.decide(id, whole(quick, id, move.action), person, key())
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
        world.desk.decide(id, request, by, key())
    assert world.state(id) is State.SUBMITTED


def test_a_stale_version_is_refused_with_what_changed(world: World) -> None:
    id = world.at(State.SUBMITTED)
    request = world.request(id, Action.APPROVE_PILOT)
    world.store.edit(id, {"review.rollback": "None.", "failures": []}, world.who[Role.OWNER], key())
    with pytest.raises(ConflictError, match="version 2 differs from 1 in: Form.*rollback; Failure"):
        world.desk.decide(id, request, world.who[Role.REVIEWER], key())
    assert world.state(id) is State.DRAFT
    assert rows(world, id)[-1].action == "refused_attempt"
    wrong = request.model_copy(update={"version": 2})
    with pytest.raises(ConflictError, match="not what is stored"):
        world.desk.decide(id, wrong, world.who[Role.REVIEWER], key())


@pytest.mark.parametrize("state", [State.SUBMITTED, State.PILOT, State.EVALUATED, State.APPROVED])
def test_any_edit_voids_what_stood(quick: World, state: State) -> None:
    id = quick.at(state)
    quick.edit(id, rollback="Another way back.")
    assert quick.state(id) is State.DRAFT
    assert not quick.gate(id).approved and not quick.gate(id, "pilot").approved
    with quick.store.database.read() as connection:
        assert reviewing.lease(connection, id) is None
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
    first = world.desk.decide(id, request, by, once)
    assert world.desk.decide(id, request, by, once) == first
    assert len(decided(world, id)) == 2 and len(rows(world, id)) == 3
    with pytest.raises(ConflictError, match="used for another change"):
        world.desk.decide(id, request.model_copy(update={"reason": REASON * 2}), by, once)


def test_high_stakes_need_two_people_and_one_from_risk(world: World) -> None:
    id = world.proposal(affects_rights="yes")
    world.decide(id, Action.SUBMIT, Role.OWNER)
    first = world.decide(id, Action.APPROVE_PILOT, Role.REVIEWER)
    assert first.tier == "high" and first.target is first.source is State.SUBMITTED
    with pytest.raises(NotAllowedError, match="another person must"):
        world.decide(id, Action.APPROVE_PILOT, Role.REVIEWER)
    assert world.decide(id, Action.APPROVE_PILOT, world.person(Role.REVIEWER)).target is (
        State.SUBMITTED
    ), "two reviewers are not enough"
    assert world.decide(id, Action.APPROVE_PILOT, Role.RISK).target is State.PILOT
    world.decide(id, Action.RECORD_PILOT, Role.RUNNER)
    world.decide(id, Action.APPROVE, Role.REVIEWER)
    assert not world.gate(id).approved
    world.decide(id, Action.RECORD_PILOT, Role.RUNNER, pilot=world.pilot(id))
    world.decide(id, Action.APPROVE, Role.RISK)
    assert world.state(id) is State.EVALUATED, "a vote on older evidence does not count"
    world.decide(id, Action.APPROVE, Role.REVIEWER)
    assert world.gate(id).approved


def test_an_abstention_is_kept_and_binds(world: World) -> None:
    id = world.at(State.SUBMITTED)
    assert world.decide(id, Action.ABSTAIN, Role.REVIEWER).target is State.SUBMITTED
    with pytest.raises(NotAllowedError, match="You abstained"):
        world.decide(id, Action.APPROVE_PILOT, Role.REVIEWER)


@pytest.mark.parametrize("form", [{"rollback": ""}, {"reach": None}, {"data_set": " "}])
def test_what_a_tier_needs_must_be_filled_in(quick: World, form: Mapping[str, Any]) -> None:
    id = quick.proposal(**form)
    with pytest.raises(InputError, match=f"review.{next(iter(form))}: is not filled in"):
        quick.decide(id, Action.SUBMIT, Role.OWNER)


@pytest.mark.parametrize(
    ("advice", "answers", "form", "said"),
    [
        ("prompting", {}, {"reason_against_advice": ""}, "veto no-reason-against-advice"),
        ("fine_tuning", {"personal_data": True}, {}, "veto personal-data-unhandled"),
        ("fine_tuning", {}, {"synthetic_share": 5}, "veto synthetic-data-without-terms"),
        ("fine_tuning", {"personal_data": None}, {}, "Not known: personal_data"),
        ("fine_tuning", {}, {"rolback": "x"}, "the review has no field 'rolback'"),
    ],
)
def test_what_keeps_a_proposal_from_being_submitted(
    quick: World, advice: str, answers: Any, form: Any, said: str
) -> None:
    id = quick.proposal(advice, answers, **form)
    with pytest.raises(InputError, match=said):
        quick.decide(id, Action.SUBMIT, Role.OWNER)


def test_an_assessment_of_an_older_version_does_not_count(quick: World) -> None:
    id = quick.proposal()
    quick.store.edit(id, {"title": "Letters, better"}, quick.who[Role.OWNER], key())
    with pytest.raises(InputError, match="This version was not assessed"):
        quick.decide(id, Action.SUBMIT, Role.OWNER)


def test_a_veto_stops_a_pilot_whatever_people_think(quick: World) -> None:
    id = quick.at(State.SUBMITTED, data_rights="partly")
    for action, by in ((Action.APPROVE_PILOT, Role.REVIEWER), (Action.OVERRIDE, Role.RISK)):
        with pytest.raises(InputError, match="The rights in the data are not clear"):
            quick.desk.decide(id, whole(quick, id, action), quick.who[by], key())


def test_the_checklist_is_answered_in_full_and_a_no_needs_a_condition(quick: World) -> None:
    id = quick.at(State.SUBMITTED)
    ticks = quick.checklist("low", "pilot")
    way_back = {"answer": "no", "note": "Nobody is named."}
    owner = quick.who[Role.OWNER]
    term = {"what": "Name a team that does it.", "owner": owner, "due": "2000-01-01"}
    for checklist, conditions, said in (
        ({}, [], "checklist.way_back: has no answer"),
        (ticks | {"way_bakc": {"answer": "yes"}}, [], "Did you mean 'way_back'"),
        (ticks | {"way_back": {"answer": "no"}}, [], "needs a note"),
        (ticks | {"way_back": way_back}, [], "says no to way_back"),
        (ticks | {"way_back": way_back}, [term], "conditions.#1.due: is not within"),
        (ticks, [term | {"owner": "nobody"}], "conditions.#1.owner: is nobody"),
    ):
        with pytest.raises(InputError, match=said):
            quick.decide(id, Action.APPROVE_PILOT, Role.REVIEWER,
                         checklist=checklist, conditions=conditions)  # fmt: skip
    day = quick.decide(quick.at(State.SUBMITTED), Action.APPROVE_PILOT, Role.REVIEWER).detail
    made = quick.decide(id, Action.APPROVE_PILOT, Role.REVIEWER,
                        checklist=ticks | {"way_back": way_back},
                        conditions=[term | {"due": day["expires"]}])  # fmt: skip
    assert made.target is State.PILOT and decided(quick, id)[-1].conditions == made.conditions


@pytest.mark.parametrize(
    "text",
    ["", "ok", " " * 60, "x" * 60, "asdf jkl " * 10, "." * 80, "good good good good good good good",
     "fine, " * 20, "1234567890 " * 6],
)  # fmt: skip
def test_filler_is_no_reason(text: str) -> None:
    assert reason_problem("reason", text)


@pytest.mark.parametrize(
    "text", [REASON, "Die Rechte an den Daten sind geklärt, der Test ist fair."]
)
def test_a_reason_is_a_reason(text: str) -> None:
    assert len(text) >= SHORTEST and reason_problem("reason", text) is None


@pytest.mark.parametrize("action", [move.action for move in BY_HAND if move.reason_required])
def test_a_decision_without_a_reason_is_refused(quick: World, action: Action) -> None:
    move = next(move for move in BY_HAND if move.action is action)
    id = quick.standing(move.source)
    request = whole(quick, id, action).model_copy(update={"reason": "Looks good to me."})
    with pytest.raises(InputError, match="reason: has 17 characters"):
        quick.desk.decide(id, request, somebody(quick, action), key())


def test_a_pilot_is_handed_in_only_from_under_its_approval(quick: World) -> None:
    id, other = quick.at(State.SUBMITTED), quick.at(State.PILOT)
    early = quick.pilot(id)
    quick.decide(id, Action.APPROVE_PILOT, Role.REVIEWER)
    for pilot, said in (
        (early, "was not started under this approval"),
        (quick.pilot(other), "belongs to another proposal"),
        (None, "is missing"),
    ):
        with pytest.raises(InputError, match=said):
            quick.decide(id, Action.RECORD_PILOT, Role.RUNNER, pilot=pilot)
    with pytest.raises(NotFoundError):
        quick.decide(id, Action.RECORD_PILOT, Role.RUNNER, pilot="x" * 20)
    once = quick.pilot(id)
    quick.decide(id, Action.RECORD_PILOT, Role.RUNNER, pilot=once)
    with pytest.raises(InputError, match="handed in before"):
        quick.decide(id, Action.RECORD_PILOT, Role.RUNNER, pilot=once)


@pytest.mark.parametrize(
    ("pilot", "said"),
    [
        ({"outcome": "contradicted"}, "pilot-contradicts"),
        ({"outcome": "inconclusive"}, "pilot-proves-nothing"),
        ({"arm": "prompt"}, "pilot-proves-nothing"),
        ({"flops": 1e30}, "pilot-over-limit"),
    ],
)
def test_adoption_rests_on_what_the_pilot_says_of_fine_tuning(
    quick: World, pilot: dict[str, Any], said: str
) -> None:
    from advisor.pilot.comparing.record import Answer

    id = quick.at(State.PILOT)
    found = {**pilot, "outcome": Answer(pilot.get("outcome", "confirmed"))}
    quick.decide(id, Action.RECORD_PILOT, Role.RUNNER, pilot=quick.pilot(id, **found))
    with pytest.raises(InputError, match=f"veto {said}"):
        quick.decide(id, Action.APPROVE, Role.REVIEWER)


def test_what_only_adoption_needs_does_not_stop_a_pilot(quick: World) -> None:
    id = quick.at(State.EVALUATED, monitoring="")
    with pytest.raises(InputError, match="review.monitoring: is not filled in"):
        quick.decide(id, Action.APPROVE, Role.REVIEWER)


@pytest.mark.parametrize("id", ["", "nobody", "x" * 20, "../../etc/passwd"])
def test_an_unknown_proposal_is_not_found(quick: World, id: str) -> None:
    request = quick.request(quick.at(State.DRAFT), Action.SUBMIT)
    with pytest.raises(NotFoundError):
        quick.desk.decide(id, request, quick.who[Role.OWNER], key())


def test_hostile_people_and_keys_are_refused(quick: World) -> None:
    id = quick.at(State.DRAFT)
    request = quick.request(id, Action.SUBMIT)
    for actor, once in (("", "k"), ("a\x00", "k"), ("a" * 201, "k"), ("nobody", "")):
        with pytest.raises(AdvisorError):
            quick.desk.decide(id, request, actor, once)


def test_the_trail_keeps_no_word_of_a_reason(quick: World) -> None:
    id = quick.at(State.APPROVED)
    assert REASON.split(",")[0] not in str(rows(quick, id))
