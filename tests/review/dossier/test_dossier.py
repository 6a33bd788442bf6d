"""The dossier: who may read it, what it says first, and what it says of parts without a result."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from piloted import piloted
from world import World, key

from advisor.domain.assessment import Assessment
from advisor.domain.lifecycle import VOTES, Action, Role, State
from advisor.errors import NotAllowedError, NotFoundError
from advisor.models.encoder import load_encoder
from advisor.presentation.wording import combination_words
from advisor.review.dossier import Dossier, dossier
from advisor.review.dossier.access import note_view, views
from advisor.review.dossier.dossier_evidence import modes
from advisor.store import Stored
from advisor.store.database.audit_trail import TrailQuery
from advisor.triage.recommend import load_tools, triage
from advisor.vocabulary import Mode

pytestmark = pytest.mark.usefixtures("home")


_judged: dict[str, Assessment] = {}


def assess(stored: Stored) -> Assessment:
    """Judge the same content once."""
    content = stored.draft.fingerprint
    if content not in _judged:
        _judged[content] = triage(stored.draft, load_tools())
    return _judged[content]


def read(world: World, id: str, by: Role | str = Role.REVIEWER) -> Dossier:
    who = world.who[by] if isinstance(by, Role) else by
    return dossier(world.store, world.book, id, who, assess, load_encoder())


def opened(world: World, id: str, by: Role | str = Role.REVIEWER) -> Dossier:
    """Read it as the page does, which records it."""
    found = read(world, id, by)
    note_view(world.store, found, world.who[by] if isinstance(by, Role) else by)
    return found


def test_what_exactly_is_decided_is_said(quick: World) -> None:
    found = read(quick, quick.standing(State.SUBMITTED))
    assert found.asks.startswith("Approve a pilot of version 1, until ")
    assert found.asks.endswith(", at most 120 minutes and 1.8e15 operations")
    assert read(quick, quick.standing(State.EVALUATED)).asks.startswith("Approve adoption of")
    assert "a pilot of version 1 is approved until" in read(quick, quick.standing(State.PILOT)).asks
    refused = read(quick, quick.standing(State.REFUSED))
    assert refused.asks == "Nothing now: version 1 is refused"


@pytest.mark.parametrize("role", [Role.RUNNER, Role.ADMINISTRATOR])
def test_who_may_not_read_is_refused_and_it_is_recorded(quick: World, role: Role) -> None:
    id = quick.standing(State.SUBMITTED)
    with pytest.raises(NotAllowedError, match="read its dossier"):
        read(quick, id, role)
    row, *_ = quick.store.trail.newest(TrailQuery(id, quick.who[role], "refused_attempt"))
    assert '"asked":"view_dossier"' in row.detail and '"because":"role"' in row.detail


def test_the_owner_reads_what_they_wrote_and_nothing_else(quick: World) -> None:
    id = quick.standing(State.SUBMITTED)
    mine = read(quick, id, Role.OWNER)
    assert mine.reads_only and not [one for one in mine.view.buttons if one.move.action in VOTES]
    with pytest.raises(NotAllowedError):
        read(quick, id, quick.person(Role.OWNER))
    former = quick.person(Role.OWNER)
    other = quick.proposal(by=former)
    quick.people.take(former, Role.OWNER, quick.admin, "take-owner")
    with pytest.raises(NotAllowedError):
        read(quick, other, former)


def test_an_auditor_reads_and_decides_nothing(quick: World) -> None:
    found = read(quick, quick.standing(State.SUBMITTED), Role.AUDITOR)
    assert found.reads_only and found.view.buttons == ()


def test_an_unknown_proposal_is_not_found(quick: World) -> None:
    for id in ("x" * 20, "../../etc/passwd", ""):
        with pytest.raises(NotFoundError):
            read(quick, id)


def test_the_case_against_comes_from_rules_unknowns_and_flips(quick: World) -> None:
    id = quick.at(
        State.SUBMITTED, advice="retrieval",
        answers={"needs_private_or_new_facts": True, "labelled_examples": 10},
        reason_against_advice="The device has no network, so nothing can be looked up.",
        base_licence="unsure",
    )  # fmt: skip
    found = read(quick, id)
    against = found.against
    assert [one.id for one in against.bars] == ["ruled-out-by-triage"]
    assert any(one.cause == "knowledge" for one in against.elsewhere)
    assert all(one.counted for one in against.elsewhere)
    heaviest = [abs(one.weight) for one in against.elsewhere]
    assert heaviest == sorted(heaviest, reverse=True)
    assert len(against.unknown) > 10 and against.missing == ()
    assert not found.advice.agrees and "no network" in found.advice.reason
    best = combination_words(found.advice.recommendation)
    assert against.rather.casefold().startswith(f"{best} should fix about ")
    assert "; fine-tuning about " in against.rather


@pytest.mark.parametrize("asked", [None, "the recommendation"])
def test_where_nothing_else_is_recommended_the_case_against_does_not_say_so(
    quick: World, asked: str | None
) -> None:
    id = quick.at(State.SUBMITTED)
    wanted = asked and read(quick, id).advice.recommendation
    quick.store.edit(id, {"requested": wanted}, quick.who[Role.OWNER], key())
    assert read(quick, id).against.rather == ""


def test_a_view_is_recorded_once_for_a_version_and_an_hour(quick: World) -> None:
    id, reader = quick.at(State.SUBMITTED), quick.person(Role.REVIEWER)
    for _ in range(3):
        opened(quick, id, reader)
    assert len(views(quick.store, id, reader)) == 1
    quick.decide(id, Action.REQUEST_CHANGES, Role.RISK)
    quick.edit(id, rollback="The other way.")
    opened(quick, id, reader)
    assert [row.version for row in views(quick.store, id, reader)] == [2, 1]


def test_what_changed_since_one_looked_is_told_field_by_field(quick: World) -> None:
    id, reader = quick.at(State.SUBMITTED), quick.person(Role.REVIEWER)
    assert opened(quick, id, reader).since is None
    assert read(quick, id, reader).seen_at is not None
    quick.decide(id, Action.REQUEST_CHANGES, Role.REVIEWER)
    quick.edit(id, rollback="The other way.", data_set="mails v2")
    quick.decide(id, Action.SUBMIT, Role.OWNER)
    since = opened(quick, id, reader).since
    assert since and since.version == 1 and not since.rules
    told = {one.what.partition("?")[0]: (one.before, one.after) for one in since.fields}
    assert told["Which data set is it trained on"] == ("mails v1", "mails v2")
    assert len(told) == 2
    assert ["Ask for changes" in one for one in since.happened] == [True, False]
    again = read(quick, id, reader).since
    assert again == since, "it stays until something else changes"


def test_missing_parts_are_said_with_what_they_block(quick: World) -> None:
    found = read(quick, quick.standing(State.SUBMITTED))
    gaps = {one.part: one.blocks for one in found.gaps}
    assert "adoption" in gaps["No pilot has a result yet"]
    assert "No probe was run" in gaps and found.trial is None and found.blind is None


def test_modes_have_intervals_and_count_what_is_read_surely(quick: World) -> None:
    found = read(quick, quick.standing(State.SUBMITTED)).modes
    assert all(one.share.low < one.share.mid < one.share.high for one in found)
    read_so = [(Mode.FORMAT, 0.9, False), (Mode.FORMAT, 0.4, True), (Mode.STYLE, 0.3, True)]
    failures = [
        SimpleNamespace(mode=mode, probabilities={mode: sure}, abstained=unsure)
        for mode, sure, unsure in read_so
    ]
    counted = modes(SimpleNamespace(failures=failures))  # type: ignore[arg-type]
    assert [(one.mode, one.count) for one in counted] == [(Mode.FORMAT, 1), (Mode.STYLE, 0)]


def test_a_pilot_is_shown_with_what_training_cost(quick: World) -> None:
    id = quick.at(State.PILOT)
    pilot = piloted(quick, id)
    known = read(quick, id)
    assert known.trial and not known.trial.handed_in and known.trial.says == ""
    assert "not handed in" in " ".join(one.part for one in known.gaps)
    quick.decide(id, Action.RECORD_PILOT, Role.RUNNER, pilot=pilot)
    trial = read(quick, id).trial
    assert trial and trial.handed_in and trial.says == "confirmed"
    assert (trial.simpler, trial.tuned, trial.cases) == ("prompt", "fine_tuning", 40)
    assert [one.check for one in trial.regressions] == ["skills_kept", "safety_kept"]
    assert trial.worst and trial.worst.name == "old customers" and trial.worst.against
    assert trial.fixed <= trial.result.started


def test_a_pilot_without_fine_tuning_or_checks_says_so(quick: World) -> None:
    id = quick.at(State.PILOT)
    piloted(quick, id, findings=())
    parts = " ".join(one.part for one in read(quick, id).gaps)
    assert "skills and refusals after training were not checked" in parts


def test_an_override_is_shown(quick: World) -> None:
    id = quick.at(State.SUBMITTED, answers={"labelled_examples": 10})
    assert not read(quick, id).override
    quick.decide(id, Action.OVERRIDE, Role.RISK)
    found = read(quick, id)
    assert found.override and found.against.set_aside == {"ruled-out-by-triage"}
