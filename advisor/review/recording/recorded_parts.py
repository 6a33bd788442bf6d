"""What the parts of a record say, from the records of the field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta

from advisor.domain.assessment import Assessment
from advisor.domain.lifecycle import Action
from advisor.domain.review import ApprovalCondition, Decision, Lease
from advisor.presentation.wording import answer_words
from advisor.proposal import Draft
from advisor.review.decisions.review_case import ReviewCase
from advisor.review.recording.decision_record import (
    Made,
    Pilot,
    RecordedAdvice,
    RecordedAnswer,
    RecordedApproval,
    RecordedCondition,
    Way,
)
from advisor.rules.schema.answers import filled
from advisor.store import Store


def _form(draft: Draft, case: ReviewCase) -> Iterator[RecordedAnswer]:
    for id, one in case.approval.fields.items():
        value = draft.review.get(id)
        if filled(value):
            words = value if one.type == "text" else answer_words(value, one.asked)
            yield RecordedAnswer(id=id, section=one.section, ask=one.ask, answer=str(words))
    for id, question in case.book.questions.items():
        if id in draft.answers:
            words = answer_words(draft.answers[id], question)
            yield RecordedAnswer(id=id, section="triage", ask=question.ask, answer=words)


def _advice(found: Assessment | None) -> RecordedAdvice | None:
    if found is None:
        return None
    titles = {hit.id: hit.title for hit in found.vetoes}
    ways = [
        Way(
            remedies=one.remedies,
            fixed=one.expected_fixed,
            ruled_out=tuple(titles.get(id, id) for id in one.vetoed_by),
        )
        for one in found.ranking
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


def _pilot(store: Store, decided: list[Decision]) -> Pilot | None:
    """Return what the pilot found that was handed in last for this version."""
    handed = [one.detail.get("pilot") for one in decided if one.action is Action.RECORD_PILOT]
    result = store.pilots.result(str(handed[-1])) if handed else None
    if result is None:
        return None
    verdict = result.comparison.verdict
    return Pilot(
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


def _made(one: Decision) -> Made:
    given = {item.name: getattr(one, item.name) for item in fields(one)}
    del given["proposal"]
    changed = {
        "detail": dict(one.detail),
        "conditions": tuple(map(_term, one.conditions)),
    }
    return Made(**given | changed)


def _term(one: ApprovalCondition) -> RecordedCondition:
    return RecordedCondition(
        what=one.what, owner=one.owner, due=one.due, met_by=one.met_by, met_at=one.met_at
    )  # fmt: skip


def _approval(one: Lease) -> RecordedApproval:
    return RecordedApproval(
        decision=one.decision,
        kind="pilot" if one.kind == "pilot" else "adoption",
        granted_at=one.granted_at,
        last_day=(one.expires_at - timedelta(seconds=1)).date(),
        override=one.override,
        minutes=one.minutes,
        compute=one.compute,
        ended_at=one.ended_at,
        ended_why=one.ended_why,
    )
