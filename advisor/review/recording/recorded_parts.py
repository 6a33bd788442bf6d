"""What the parts of a record say, from the records of the field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from advisor.domain.assessment import Assessment
from advisor.domain.lifecycle import Action
from advisor.domain.review import ApprovalCondition, Decision, Lease, final_day
from advisor.presentation.wording import answer_words
from advisor.proposal import Draft
from advisor.review.decisions.review_case import ReviewCase
from advisor.review.recording.decision_record import (
    RecordedAdvice,
    RecordedAnswer,
    RecordedApproval,
    RecordedCondition,
    RecordedDecision,
    RecordedPilot,
    RecordedWay,
)
from advisor.rules.schema.answers import filled
from advisor.store import Store


def recorded_form(draft: Draft, case: ReviewCase) -> Iterator[RecordedAnswer]:
    """Yield every answer of the form, and every one about the problem, in words."""
    for id, one in case.approval.fields.items():
        value = draft.review.get(id)
        if filled(value):
            words = value if one.type == "text" else answer_words(value, one.asked)
            yield RecordedAnswer(id=id, section=one.section, ask=one.ask, answer=str(words))
    for id, question in case.book.questions.items():
        if id in draft.answers:
            words = answer_words(draft.answers[id], question)
            yield RecordedAnswer(id=id, section="triage", ask=question.ask, answer=words)


def recorded_advice(found: Assessment | None) -> RecordedAdvice | None:
    """Return what triage says, if it was asked."""
    if found is None:
        return None
    titles = {hit.id: hit.title for hit in found.vetoes}
    ways = [
        RecordedWay(
            remedies=way.remedies,
            fixed=way.expected_fixed,
            ruled_out=tuple(titles.get(id, id) for id in way.vetoed_by),
        )
        for way in found.ranking
    ]
    return RecordedAdvice(
        recommendation=found.recommendation,
        abstained=found.abstained,
        confidence=found.confidence,
        headline=found.headline,
        against=found.case_against,
        ways=tuple(ways),
        fingerprints=found.fingerprints,
    )


def recorded_pilot(store: Store, decided: list[Decision]) -> RecordedPilot | None:
    """Return what the pilot found that was handed in last for this version."""
    handed = [made.detail.get("pilot") for made in decided if made.action is Action.RECORD_PILOT]
    result = store.pilots.result(str(handed[-1])) if handed else None
    if result is None:
        return None
    verdict = result.comparison.verdict
    return RecordedPilot(
        id=result.pilot,
        hash=result.hash,
        fixed_at=store.pilots.info(result.pilot).created_at,
        finished_at=result.finished,
        title=result.spec.title,
        outcome=verdict.outcome,
        about=verdict.recommended,
        because=verdict.because,
        margin=result.margin,
        arms=result.comparison.arms,
        comparisons=result.comparison.comparisons,
        findings=result.findings,
        slices=result.slices,
    )


def recorded_decision(made: Decision) -> RecordedDecision:
    """Return a decision with its conditions."""
    given = {item.name: getattr(made, item.name) for item in fields(made)}
    del given["proposal"]
    changed = {
        "detail": dict(made.detail),
        "conditions": tuple(map(_term, made.conditions)),
    }
    return RecordedDecision(**given | changed)


def _term(one: ApprovalCondition) -> RecordedCondition:
    return RecordedCondition(
        what=one.what, owner=one.owner, due=one.due, met_by=one.met_by, met_at=one.met_at
    )  # fmt: skip


def recorded_approval(lease: Lease) -> RecordedApproval:
    """Return an approval with its last day."""
    return RecordedApproval(
        decision=lease.decision,
        kind="pilot" if lease.kind == "pilot" else "adoption",
        granted_at=lease.granted_at,
        last_day=final_day(lease),
        override=lease.override,
        minutes=lease.minutes,
        compute=lease.compute,
        ended_at=lease.ended_at,
        ended_why=lease.ended_why,
    )
