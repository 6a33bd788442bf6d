"""The queue shows what waits, for whom, in which order, and what stands out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from queues import NOW, age, entitle, row, shown, word
from world import World, key

from advisor.domain.lifecycle import OPEN, Action, Role, State
from advisor.domain.review_queue import GROUPS, AskedDecision, Flag, StateGroup
from advisor.domain.trail import Event
from advisor.errors import NotAllowedError
from advisor.review.decisions.decision_requests import Notice
from advisor.review.queue.open_conditions import list_open_conditions
from advisor.review.queue.upkeep import expire_due, meet, tell
from advisor.rules import RuleBook


def test_a_line_says_what_is_asked_for_whom_it_waits_and_for_how_long(world: World) -> None:
    id = world.at(State.SUBMITTED)
    age(world, id, 3.5)
    found = row(world, id)
    assert (found.state, found.tier, found.version) == (State.SUBMITTED, "low", 1)
    assert (found.asked, found.waits_for, found.days) == (AskedDecision.PILOT, "a reviewer", 3)
    assert (found.owner, found.mine, found.overdue) == ("Somebody", True, False)
    assert (found.flags, found.agreed, found.last_day) == ((), (), None)


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_in_one_group_and_only_open_ones_ask_for_a_decision(
    quick: World, state: State
) -> None:
    id = quick.at(state)
    if state is State.DRAFT:
        quick.decide(id, Action.SUBMIT, Role.OWNER)
        quick.edit(id, product="Other.")
    name = word()
    entitle(quick, id, name)
    found = shown(quick, text=name)
    (group,) = [group for group in StateGroup if state in GROUPS[group]]
    if state is State.EXPIRED:  # nobody wrote it down yet
        (one,) = found.rows
        assert one.state is State.EXPIRED and "ended after" in one.over
        expire_due(quick.store, quick.book)
        found = shown(quick, text=name)
    assert [one.state for one in found.rows] == [state]
    assert dict(found.counts) == {one: int(one is group) for one in StateGroup}
    (one,) = found.rows
    assert bool(one.waits_for) == one.mine == (one.asked is not None) == (state in OPEN)


def test_who_may_not_decide_is_not_waited_for(world: World) -> None:
    writer = world.person(Role.OWNER, Role.REVIEWER)
    id = world.proposal(by=writer)
    world.decide(id, Action.SUBMIT, writer)
    assert not row(world, id, writer).mine
    assert not row(world, id, Role.AUDITOR).mine
    assert not row(world, id, Role.ADMINISTRATOR).mine
    assert row(world, id, Role.RISK).mine
    other = world.person(Role.REVIEWER)
    world.decide(id, Action.ABSTAIN, other)
    assert not row(world, id, other).mine and row(world, id).mine


def test_whoever_ran_the_pilot_is_not_waited_for(world: World) -> None:
    runner = world.person(Role.RUNNER, Role.REVIEWER)
    id = world.at(State.PILOT)
    pilot = world.pilot(id, by=runner)
    world.decide(id, Action.RECORD_PILOT, Role.RUNNER, pilot=pilot)
    assert not row(world, id, runner).mine
    handed = world.at(State.PILOT)
    world.decide(handed, Action.RECORD_PILOT, runner)
    assert not row(world, handed, runner).mine and row(world, handed).mine


def test_two_people_are_waited_for_in_the_high_tier_and_one_of_them_is_from_risk(
    world: World,
) -> None:
    id = world.at(State.SUBMITTED, affects_rights="yes")
    first = row(world, id)
    assert (first.tier, first.waits_for) == ("high", "2 people, one of them with the role risk")
    world.decide(id, Action.APPROVE_PILOT, Role.REVIEWER)
    voted = row(world, id)
    assert (voted.waits_for, voted.agreed, voted.mine) == (
        "somebody with the role risk", ("Somebody",), False,
    )  # fmt: skip
    assert not row(world, id, world.person(Role.REVIEWER)).mine
    assert row(world, id, Role.RISK).mine
    world.decide(id, Action.APPROVE_PILOT, Role.RISK)
    assert row(world, id).state is State.PILOT


def test_where_risk_agreed_first_any_reviewer_is_waited_for(world: World) -> None:
    id = world.at(State.SUBMITTED, affects_rights="yes")
    world.decide(id, Action.APPROVE_PILOT, Role.RISK)
    assert row(world, id).waits_for == "one more reviewer" and row(world, id).mine
    assert not row(world, id, Role.RISK).mine


def test_an_edit_takes_votes_and_the_place_in_the_queue_away(world: World) -> None:
    id = world.at(State.SUBMITTED, affects_rights="yes")
    world.decide(id, Action.APPROVE_PILOT, Role.REVIEWER)
    world.edit(id, product="Another one.")
    voided = row(world, id)
    assert (voided.state, voided.version, voided.agreed) == (State.DRAFT, 2, ())
    assert (voided.asked, voided.mine) == (None, False)
    world.decide(id, Action.SUBMIT, Role.OWNER)
    again = row(world, id)
    assert again.waits_for == "2 people, one of them with the role risk" and again.mine


def test_what_was_adopted_before_asks_for_renewal(world: World) -> None:
    id = world.at(State.APPROVED)
    world.edit(id, product="Another one.")
    world.decide(id, Action.SUBMIT, Role.OWNER)
    assert row(world, id).asked is AskedDecision.RENEWAL
    assert row(world, world.at(State.EVALUATED)).asked is AskedDecision.ADOPTION


def test_what_goes_against_the_advice_is_flagged(world: World) -> None:
    id = world.at(State.SUBMITTED, advice="retrieval", reason_against_advice="There is no network.")
    assert row(world, id).flags == (Flag.AGAINST,)


def test_an_override_and_an_end_that_is_near_are_flagged(world: World) -> None:
    id = world.at(State.SUBMITTED)
    no = {next(iter(world.checklist("low", "pilot"))): {"answer": "no", "note": "Not yet."}}
    world.decide(id, Action.OVERRIDE, Role.RISK, checklist=world.checklist("low", "pilot", **no))
    found = row(world, id)
    assert found.flags == (Flag.OVERRIDE, Flag.EXPIRING)
    assert found.last_day == NOW.date() + timedelta(days=20) and found.days_left in {20, 21}


def test_what_somebody_else_changed_since_i_looked_is_flagged(world: World) -> None:
    id, me = world.at(State.SUBMITTED), world.who[Role.REVIEWER]
    assert row(world, id).flags == ()  # never looked at
    world.store.trail.record(Event("view_dossier", me, "reviewer", proposal=id))
    other = world.who[Role.RISK]
    world.store.trail.record(Event("view_dossier", other, "risk", proposal=id))
    assert row(world, id).flags == ()
    world.decide(id, Action.ABSTAIN, Role.REVIEWER)
    assert row(world, id).flags == ()  # I did that myself
    world.edit(id, product="Another one.")
    assert row(world, id).flags == (Flag.CHANGED,)
    assert row(world, id, Role.RISK).flags == (Flag.CHANGED,)
    world.store.trail.record(Event("view_dossier", me, "reviewer", proposal=id))
    assert row(world, id).flags == ()


def test_stale_evidence_is_flagged_at_once_and_found_by_its_filter_after_a_look(
    world: World,
) -> None:
    data = word()
    id = world.at(State.EVALUATED, data_set=data)
    notice = Notice(kind="data_set", subject=data, note="There is a newer one.")
    tell(world.store, notice, world.who[Role.REVIEWER], key())
    found = row(world, id)
    assert found.flags[-1] is Flag.STALE and found.triggered == (
        "The data set changed: There is a newer one.",
    )
    name = word()
    entitle(world, id, name)
    assert not shown(world, text=name, flag=Flag.STALE).total
    expire_due(world.store, world.book)
    assert shown(world, text=name, flag=Flag.STALE).total == 1
    world.decide(id, Action.RECORD_PILOT, Role.RUNNER)  # it was told of before this pilot ran
    assert row(world, id).flags[-1] is Flag.STALE


def test_a_rule_that_fired_and_changed_makes_evidence_stale(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = world.at(State.EVALUATED, reach="customers")
    book = world.book
    assert book.approval
    rule = next(one for one in book.approval.raises if one.record.id == "tier-reach")
    changed = replace(rule, record=rule.record.model_copy(update={"tier": "high"}))
    raises = tuple(changed if one is rule else one for one in book.approval.raises)
    monkeypatch.setattr(world, "book", _with(book, replace(book.approval, raises=raises)))
    assert "tier-reach" in row(world, id).triggered[0]


def _with(book: RuleBook, approval: Any) -> RuleBook:
    return replace(book, approval=approval)


def test_the_headline_counts_what_waits_whatever_is_filtered(world: World) -> None:
    before = shown(world, text=word()).headline
    id = world.at(State.SUBMITTED)
    age(world, id, 400)
    writer = world.person(Role.OWNER, Role.REVIEWER)
    own = world.proposal(by=writer)
    world.decide(own, Action.SUBMIT, writer)
    after = shown(world, text=word()).headline
    assert (after.waiting, after.mine) == (before.waiting + 2, before.mine + 2)
    assert after.overdue == before.overdue + 1
    assert (after.mine_days, after.waiting_days) == (400, 400)
    theirs = shown(world, writer, text=word()).headline
    others = shown(world, world.person(Role.REVIEWER), text=word()).headline
    assert (theirs.waiting, theirs.mine) == (others.waiting, others.mine - 1)
    world.decide(id, Action.REFUSE, Role.REVIEWER)


def test_a_condition_is_open_until_a_reviewer_without_a_part_says_it_is_met(world: World) -> None:
    owner, id = world.who[Role.OWNER], world.at(State.SUBMITTED)
    due = NOW.date() + timedelta(days=5)
    term = {"what": "Delete the data after the pilot", "owner": owner, "due": due}
    before = list_open_conditions(world.store, 1000, owner)
    made = world.decide(id, Action.APPROVE_PILOT, Role.REVIEWER, conditions=[term])
    after = list_open_conditions(world.store, 1000, owner)
    assert (after.total, after.overdue) == (before.total + 1, before.overdue)
    (one,) = [one for one in after.terms if one.decision == made.id]
    assert (one.proposal, one.what, one.due) == (id, "Delete the data after the pilot", due)
    world.sql("UPDATE decision_condition SET due = :d WHERE decision_id = :i",
              d=date(2026, 1, 1), i=made.id)  # fmt: skip
    late = list_open_conditions(world.store, 1, owner)
    assert late.overdue == before.overdue + 1 and late.terms[0].decision == made.id
    with pytest.raises(NotAllowedError):
        meet(world.store, made.id, 1, owner, key())
    meet(world.store, made.id, 1, world.who[Role.RISK], key())
    assert list_open_conditions(world.store, 1000, owner).total == before.total


def test_all_that_is_overdue_counts_though_few_are_shown(world: World) -> None:
    owner, id = world.person(Role.OWNER), world.at(State.SUBMITTED)
    due = NOW.date() + timedelta(days=5)
    terms = [
        {"what": f"Delete part {place} of the data", "owner": owner, "due": due}
        for place in range(3)
    ]
    made = world.decide(id, Action.APPROVE_PILOT, Role.REVIEWER, conditions=terms)
    world.sql("UPDATE decision_condition SET due = :d WHERE decision_id = :i AND place < 3",
              d=date(2026, 1, 1), i=made.id)  # fmt: skip
    for shown_at_most in (1, 2, 3, 9):
        found = list_open_conditions(world.store, shown_at_most, owner)
        assert (len(found.terms), found.total, found.overdue) == (min(shown_at_most, 3), 3, 2)


def test_nothing_is_ended_twice_and_a_look_changes_nothing_that_holds(world: World) -> None:
    holds, ends = world.at(State.APPROVED), world.at(State.APPROVED)
    expire_due(world.store, world.book)
    world.end_lease(ends)
    written = expire_due(world.store, world.book)
    assert [one.proposal for one in written] == [ends]
    assert expire_due(world.store, world.book) == ()
    assert (world.state(holds), world.state(ends)) == (State.APPROVED, State.EXPIRED)
