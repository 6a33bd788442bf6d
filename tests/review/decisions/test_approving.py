"""What must be there before anything is approved: fields, checklist, reason, proof, no veto."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from world import REASON, World, decided, key, somebody, whole

from advisor.domain.lifecycle import MOVES, Action, Role, State
from advisor.errors import InputError, NotAllowedError, NotFoundError
from advisor.review.decisions.decision_requests import SHORTEST, reason_problem

BY_HAND = [move for move in MOVES if move.by_hand]


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
            quick.service.decide(id, whole(quick, id, action), quick.who[by], key())


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
        quick.service.decide(id, request, somebody(quick, action), key())


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
    from advisor.domain.comparison import VerdictOutcome

    id = quick.at(State.PILOT)
    found = {**pilot, "outcome": VerdictOutcome(pilot.get("outcome", "confirmed"))}
    quick.decide(id, Action.RECORD_PILOT, Role.RUNNER, pilot=quick.pilot(id, **found))
    with pytest.raises(InputError, match=f"veto {said}"):
        quick.decide(id, Action.APPROVE, Role.REVIEWER)


def test_what_only_adoption_needs_does_not_stop_a_pilot(quick: World) -> None:
    id = quick.at(State.EVALUATED, monitoring="")
    with pytest.raises(InputError, match="review.monitoring: is not filled in"):
        quick.decide(id, Action.APPROVE, Role.REVIEWER)
