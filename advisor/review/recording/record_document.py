"""A decision record as a document: the decision first, then what it rests on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from advisor.documents.record import Fact, Record, Section, shorten
from advisor.domain.lifecycle import LEASED, STATES, Action, State
from advisor.presentation.wording import day_words, listing, moment, start
from advisor.review.recording import decided, grounds, proofs
from advisor.review.recording.decision_record import Body, Made, RecordedApproval, Sealed

_DONE: dict[Action, str] = {
    Action.SUBMIT: "was handed in for review",
    Action.APPROVE_PILOT: "was approved for a pilot",
    Action.RECORD_PILOT: "has a result of its pilot and waits for a decision",
    Action.APPROVE: "was approved for adoption",
    Action.OVERRIDE: "was approved against what stands in the way",
    Action.REQUEST_CHANGES: "was sent back for changes",
    Action.REFUSE: "was refused",
    Action.ABSTAIN: "was abstained on",
    Action.WITHDRAW: "was withdrawn by its owner",
    Action.REVOKE: "is no longer approved: the approval was revoked",
    Action.EXPIRE: "is no longer approved: the approval ended",
}
_SECTIONS: tuple[tuple[str, str, Callable[[Body], decided.Blocks]], ...] = (
    ("context", "Context", grounds.context),
    ("decision", "Decision", decided.decision),
    ("alternatives", "Alternatives", grounds.alternatives),
    ("evidence", "Evidence", grounds.evidence),
    ("conditions", "Conditions", decided.conditions),
    ("consequences", "Consequences", decided.consequences),
    ("review-by", "Review by", decided.review_by),
    ("trail", "How it was recorded", proofs.trail),
)
"""Headings of an architecture decision record, in their order, and the proof."""


def document(sealed: Sealed) -> Record:
    """Return what every format is written from."""
    body = sealed.body
    return Record(
        kind="Decision record",
        abstained=body.state not in LEASED or _override(body),
        title=shorten(body.title, 200),
        date=moment(body.last.at),
        headline=_headline(body),
        verdict=_verdict(body),
        facts=_facts(body),
        sections=tuple(
            Section(id=id, heading=heading, blocks=tuple(blocks(body)))
            for id, heading, blocks in _SECTIONS
        ),
        origin=proofs.origin(sealed),
        closing="It records what was decided; it certifies nothing. To prove it, keep the JSON "
        "file beside this one and run: advisor audit verify FILE.json",
    )


def approval_of(body: Body, made: Made) -> RecordedApproval | None:
    """Return the approval that a decision gave."""
    return next((one for one in body.approvals if one.decision == made.id), None)


def _override(body: Body) -> bool:
    return any(one.action is Action.OVERRIDE for one in body.about)


def _headline(body: Body) -> str:
    last = body.last
    words = f"Version {body.version} {_DONE.get(last.action, STATES[last.target])}"
    given = approval_of(body, last)
    return f"{words}, until {day_words(given.last_day)}." if given else f"{words}."


def _verdict(body: Body) -> str:
    last, who = body.last, [decided.signed(body, one) for one in decided.voters(body)]
    by = listing(who) if who else decided.signed(body, last)
    return f"By {by}, {moment(last.at)}. {_now(body)}"


def _now(body: Body) -> str:
    """Say where it stands when the record is written, if that is something else by now."""
    if body.over:
        return f"{body.over.rstrip('.')}."
    if body.latest != body.version:
        return f"Version {body.latest} was saved since; it is {STATES[body.state]}."
    same = body.state is body.last.target
    return "It stands." if same and body.state in LEASED else f"It is {STATES[body.state]}."


def _facts(body: Body) -> tuple[Fact, ...]:
    facts = [
        Fact(name="Stands now", value=start(_short(body.state))),
        Fact(name="Tier", value=body.tier),
        Fact(name="Version", value=str(body.version)),
    ]
    until = _until(body)
    return (*facts, Fact(name="Until", value=day_words(until))) if until else tuple(facts)


def _until(body: Body) -> date | None:
    running = [one.last_day for one in body.approvals if one.ended_at is None]
    return running[-1] if running and body.state in {*LEASED, State.EVALUATED} else None


def _short(state: State) -> str:
    return _SHORT.get(state, str(state))


_SHORT: dict[State, str] = {
    State.PILOT: "pilot approved",
    State.CHANGES: "changes asked for",
    State.SUBMITTED: "waits",
    State.EVALUATED: "waits for adoption",
}
