"""Approvals are leases: the gate says no once they end, are triggered, or are another's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from world import CONTROL, REASON, RISK, World, key

from advisor.domain.lifecycle import Action, Role, State
from advisor.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from advisor.review.decisions.decide import ReviewService
from advisor.review.decisions.decision_requests import Notice
from advisor.review.queue.upkeep import expire_due, meet, tell
from advisor.rules import RuleBook
from advisor.rules.conditions.clause import Compiler
from advisor.store.database.audit_trail import Trail, TrailQuery
from advisor.store.review import approvals, standing

NOTE = "Its maker withdrew the revision."


def lease_of(world: World, id: str) -> standing.Lease:
    with world.store.database.read() as connection:
        found = approvals.lease(connection, id)
    assert found
    return found


def book_with(book: RuleBook, change: str, value: object) -> RuleBook:
    """The same rules with one field of one evidence rule changed."""
    first, *rest = book.evidence
    changed = replace(first, record=first.record.model_copy(update={change: value}))
    return replace(book, evidence=(changed, *rest))


@pytest.mark.parametrize("state", State)
def test_only_an_approval_opens_the_gate(quick: World, state: State) -> None:
    id = quick.standing(state)
    pilot, adoption = quick.gate(id, "pilot"), quick.gate(id)
    assert pilot.approved == (state in {State.PILOT, State.EVALUATED})
    assert adoption.approved == (state is State.APPROVED)
    for answer in (pilot, adoption):
        assert answer.why.endswith(".") and answer.proposal == id
        assert answer.approved == (answer.until is not None)
        assert answer.why.startswith("Not approved: ") != answer.approved


def test_a_pilot_ends_after_thirty_days_and_an_adoption_by_tier(world: World) -> None:
    today = datetime.now(UTC).date()
    low, medium = world.standing(State.APPROVED), world.at(State.APPROVED, reach="public")
    pilot = world.standing(State.PILOT)
    assert lease_of(world, pilot).expires_at.date() == today + timedelta(days=31)
    approval = world.book.approval
    assert approval
    for id, tier in ((low, "low"), (medium, "medium")):
        ends = approval.tiers[tier].ends(today)  # type: ignore[index]
        assert lease_of(world, id).expires_at.date() == ends + timedelta(days=1)
    capped = lease_of(world, pilot)
    assert capped.minutes == 120 and capped.compute == pytest.approx(6 * 1e8 * 1e6 * 3)


def test_a_longer_lease_than_the_tier_allows_is_refused(quick: World) -> None:
    id = quick.at(State.SUBMITTED)
    today = datetime.now(UTC).date()
    for days in (-1, 31):
        with pytest.raises(InputError, match="expires: is not a day on which it may end"):
            quick.decide(id, Action.APPROVE_PILOT, Role.REVIEWER,
                         expires=today + timedelta(days=days))  # fmt: skip
    quick.decide(id, Action.APPROVE_PILOT, Role.REVIEWER, expires=today)
    assert quick.gate(id, "pilot").approved


@pytest.mark.parametrize("state", [State.PILOT, State.APPROVED])
def test_an_approval_that_ended_opens_nothing_and_is_written_down_later(
    world: World, state: State
) -> None:
    id = world.at(state)
    world.end_lease(id)
    assert world.state(id) is State.EXPIRED
    answer = world.gate(id, "pilot" if state is State.PILOT else "adoption")
    assert not answer.approved and "The approval ended after" in answer.why
    with pytest.raises(ConflictError, match="it is expired"):
        world.decide(id, Action.REVOKE, Role.RISK)
    made = [one for one in expire_due(world.store, world.book) if one.proposal == id]
    assert [(one.action, one.target) for one in made] == [(Action.EXPIRE, State.EXPIRED)]
    assert not [one for one in expire_due(world.store, world.book) if one.proposal == id]
    row = Trail(world.store.database).newest(TrailQuery(proposal=id, action="expire"))
    assert [one.actor for one in row] == ["advisor"]  # type: ignore[union-attr]
    world.edit(id, rollback="Renewed, with the figures since.")
    world.decide(id, Action.SUBMIT, Role.OWNER)


@pytest.mark.parametrize(
    ("kind", "field", "said"),
    [
        ("base_model", "base_model", "The base model changed: Its maker"),
        ("stronger_model", "base_model", "A stronger base model is available"),
        ("data_set", "data_set", "The data set changed"),
    ],
)
def test_what_changes_in_the_world_ends_what_rests_on_it(
    world: World, kind: str, field: str, said: str
) -> None:
    name = key()
    hit, other = world.at(State.APPROVED, **{field: f"The {name}"}), world.at(State.PILOT)
    notice = {"kind": kind, "subject": f" the  {name.upper()}", "note": NOTE}
    tell(world.store, Notice.model_validate(notice), world.who[Role.RUNNER], key())
    answer = world.gate(hit)
    assert not answer.approved and said in answer.why and world.state(hit) is State.EXPIRED
    assert world.gate(other, "pilot").approved
    later = world.at(State.PILOT, **{field: f"The {name}"})
    assert world.gate(later, "pilot").approved, "what is approved afterwards reckons with it"
    ended = {one.proposal for one in expire_due(world.store, world.book)}
    assert hit in ended and not {later, other} & ended


@pytest.mark.parametrize("role", [Role.OWNER, Role.AUDITOR])
def test_not_everybody_tells_what_changed(quick: World, role: Role) -> None:
    notice = Notice(kind="base_model", subject="Some Other Model", note=NOTE)
    with pytest.raises(NotAllowedError):
        tell(quick.store, notice, quick.who[role], key())
    once = key()
    told = tell(quick.store, notice, quick.who[Role.RISK], once)
    assert tell(quick.store, notice, quick.who[Role.RISK], once) == told


def test_a_rule_that_fired_and_changed_ends_the_approval(quick: World) -> None:
    rule = quick.book.evidence[0]
    answers = {name: value for name, value in rule.record.examples[0].given.items()}
    assert rule.fires({"personal_data": False, "regulated": False, **answers})
    id = quick.at(State.APPROVED, answers=answers)
    words = book_with(quick.book, "because", "It is said in other words.")
    changed = book_with(quick.book, "when", ("labelled_examples > 9",))
    removed = replace(quick.book, evidence=quick.book.evidence[1:])
    for book, approved in ((words, True), (changed, False), (removed, False)):
        answer = World.gate(_with(quick, book), id)
        assert answer.approved == approved
        assert approved or f"The rule {rule.id!r}, which fired, changed" in answer.why
    still = quick.at(State.APPROVED, answers={})
    assert World.gate(_with(quick, changed), still).approved, "it did not fire there"


def _with(world: World, book: RuleBook) -> World:
    other = object.__new__(World)
    other.__dict__ |= world.__dict__ | {"book": book, "service": ReviewService(world.store, book)}
    return other


def test_stale_evidence_stops_adoption(world: World) -> None:
    name = key()
    id = world.at(State.EVALUATED, data_set=name)
    tell(world.store, Notice(kind="data_set", subject=name, note=NOTE),
         world.who[Role.RISK], key())  # fmt: skip
    assert not world.gate(id, "pilot").approved, "no new pilot either"
    with pytest.raises(InputError, match="veto stale-evidence"):
        world.decide(id, Action.APPROVE, Role.REVIEWER)


def test_the_gate_compares_what_is_about_to_be_trained(quick: World) -> None:
    id = quick.standing(State.APPROVED)
    assert quick.gate(id, base_model="small model", data_set="MAILS v1").approved
    assert "Another base model" in quick.gate(id, base_model="Large Model").why
    assert "Another data set" in quick.gate(id, data_set="mails v2").why


def test_a_pilot_stands_for_its_adapter(quick: World) -> None:
    id = quick.at(State.PILOT)
    first, second = quick.pilot(id), quick.pilot(id)
    quick.decide(id, Action.RECORD_PILOT, Role.RUNNER, pilot=second)
    quick.decide(id, Action.APPROVE, Role.REVIEWER)
    assert quick.gate(second).approved
    assert "Another pilot was approved" in quick.gate(first).why


@pytest.mark.parametrize("id", ["", "nobody", "x" * 20, "../../etc", "a\x00b"])
def test_an_unknown_id_is_not_found(quick: World, id: str) -> None:
    with pytest.raises(NotFoundError):
        quick.gate(id)


def test_an_overdue_condition_closes_the_gate_until_it_is_met(world: World) -> None:
    id, owner = world.at(State.SUBMITTED), world.who[Role.OWNER]
    day = datetime.now(UTC).date()
    term = {"what": "Have two people read the test set.", "owner": owner, "due": day}
    made = world.decide(id, Action.APPROVE_PILOT, Role.REVIEWER, conditions=[term])
    assert world.gate(id, "pilot").approved
    world.sql(
        "UPDATE decision_condition SET due = :day WHERE decision_id = :id",
        day=day - timedelta(days=2),
        id=made.id,
    )
    assert "A condition is overdue since" in world.gate(id, "pilot").why
    for by, error in ((owner, NotAllowedError), (world.person(Role.AUDITOR), NotAllowedError)):
        with pytest.raises(error):
            meet(world.store, made.id, 1, by, key())
    with pytest.raises(NotFoundError):
        meet(world.store, made.id, 2, world.who[Role.RISK], key())
    once = key()
    meet(world.store, made.id, 1, world.who[Role.RISK], once)
    meet(world.store, made.id, 1, world.who[Role.RISK], once)
    with pytest.raises(ConflictError, match="already"):
        meet(world.store, made.id, 1, world.who[Role.RISK], key())
    assert world.gate(id, "pilot").approved


VETOED = {"labelled_examples": 10}


def test_an_override_sets_a_veto_aside_for_two_people_and_a_while(world: World) -> None:
    id = world.at(State.SUBMITTED, answers=VETOED)
    with pytest.raises(InputError, match="veto ruled-out-by-triage"):
        world.decide(id, Action.APPROVE_PILOT, Role.REVIEWER)
    first = world.decide(id, Action.OVERRIDE, Role.RISK)
    assert first.tier == "high" and first.target is State.SUBMITTED
    assert first.detail["set_aside"] == ["ruled-out-by-triage"]
    assert first.detail["override"] == {"accepted_risk": RISK, "control": CONTROL}
    world.decide(id, Action.APPROVE_PILOT, Role.REVIEWER)
    answer = world.gate(id, "pilot")
    assert answer.approved and answer.override and "by override until" in answer.why
    soon = datetime.now(UTC).date() + timedelta(days=21)
    assert lease_of(world, id).expires_at.date() == soon, "the narrower of the two"


def test_an_override_sets_aside_what_held_then_and_nothing_later(quick: World) -> None:
    id = quick.at(State.SUBMITTED, answers=VETOED)
    quick.decide(id, Action.OVERRIDE, Role.RISK)
    approval = quick.book.approval
    assert approval
    later, *others = (veto for veto in approval.vetoes if veto.id == "too-few-failures")
    clause = Compiler(quick.book.questions).compile("labelled_examples < 20")
    stricter = replace(later, clauses=(clause,), needs=clause.needs)
    vetoes = tuple(stricter if one is later else one for one in approval.vetoes)
    book = replace(quick.book, approval=replace(approval, vetoes=vetoes))
    with pytest.raises(InputError, match="veto too-few-failures") as caught:
        World.decide(_with(quick, book), id, Action.APPROVE_PILOT, Role.REVIEWER)
    assert not others and "ruled-out-by-triage" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"override": None}, "override: is missing"),
        ({"override": {"accepted_risk": "ok", "control": CONTROL}}, "override.accepted_risk: has"),
        ({"override": {"accepted_risk": RISK, "control": " "}}, "override.control: has 0"),
        ({"expires": None}, "expires: an override needs its end"),
        ({"expires": datetime.now(UTC).date() + timedelta(days=91)}, "expires: is not a day"),
        ({"reason": "Because."}, "reason: has 8 characters"),
        ({"checklist": {}}, "has no answer"),
    ],
)
def test_an_override_says_all_that_it_must(quick: World, change: object, said: str) -> None:
    id = quick.at(State.SUBMITTED, answers=VETOED)
    with pytest.raises(InputError, match=said):
        quick.decide(id, Action.OVERRIDE, Role.RISK, **change)  # type: ignore[arg-type]


def test_an_override_of_adoption_ends_within_ninety_days(quick: World) -> None:
    from advisor.domain.comparison import VerdictOutcome

    id = quick.at(State.PILOT)
    pilot = quick.pilot(id, VerdictOutcome.INCONCLUSIVE)
    quick.decide(id, Action.RECORD_PILOT, Role.RUNNER, pilot=pilot)
    today = datetime.now(UTC).date()
    with pytest.raises(InputError, match="expires: is not a day"):
        quick.decide(id, Action.OVERRIDE, Role.RISK, expires=today + timedelta(days=91))
    made = quick.decide(id, Action.OVERRIDE, Role.RISK, expires=today + timedelta(days=90))
    assert made.target is State.APPROVED and quick.gate(id).override


def test_there_must_be_something_to_override(quick: World) -> None:
    id = quick.at(State.SUBMITTED)
    with pytest.raises(InputError, match="nothing to set aside"):
        quick.decide(id, Action.OVERRIDE, Role.RISK)
    with pytest.raises(InputError, match="belongs to an override only"):
        quick.decide(id, Action.APPROVE_PILOT, Role.REVIEWER,
                     override={"accepted_risk": REASON, "control": CONTROL})  # fmt: skip
