"""A decision record as a document: the decision first, then what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from advisor.documents.record import (
    Block,
    Fact,
    Paragraph,
    Record,
    RecordTable,
    Section,
    TableRow,
    shorten,
)
from advisor.domain.lifecycle import LEASED, STATES, Action, State
from advisor.presentation.wording import counted, day_words, listing, moment, start
from advisor.review.audit.trail_words import name_of, told, when
from advisor.review.recording import decided, grounds
from advisor.review.recording.decision_record import (
    Body,
    RecordedApproval,
    RecordedDecision,
    Sealed,
)

SHOWN = 40
"""Rows of the trail that are listed; the JSON file holds all."""
_QUIET = frozenset({"view_dossier", "rate_pair"})
"""Actions that are counted and not listed."""


def trail(body: Body) -> Iterator[Block]:
    """List what the trail says about it, the newest first."""
    rows = [row for row in body.rows if row.action not in _QUIET]
    quiet = len(body.rows) - len(rows)
    lines = [
        TableRow(
            cells=(
                f"{row.seq:,}",
                when(row),
                name_of(row.actor, body.names),
                told(row, body.names),
            )
        )
        for row in reversed(rows[-SHOWN:])
    ]
    yield RecordTable(head=("Row", "When", "Who", "What"), rows=tuple(lines))
    more = len(rows) - len(lines)
    words = [f"{counted(more, 'older row')}"] if more else []
    words += [f"{counted(quiet, 'row')} about who read it"] if quiet else []
    if words:
        yield Paragraph(text=f"The JSON file holds {' and '.join(words)} more.")


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
    ("trail", "How it was recorded", trail),
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
        origin=origin(sealed),
        closing="It records what was decided; it certifies nothing. To prove it, keep the JSON "
        "file beside this one and run: advisor audit verify FILE.json",
    )


def approval_of(body: Body, made: RecordedDecision) -> RecordedApproval | None:
    """Return the approval that a decision gave."""
    return next((approval for approval in body.approvals if approval.decision == made.id), None)


def _override(body: Body) -> bool:
    return any(made.action is Action.OVERRIDE for made in body.about)


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
    running = [approval.last_day for approval in body.approvals if approval.ended_at is None]
    return running[-1] if running and body.state in {*LEASED, State.EVALUATED} else None


def _short(state: State) -> str:
    return _SHORT.get(state, str(state))


_SHORT: dict[State, str] = {
    State.PILOT: "pilot approved",
    State.CHANGES: "changes asked for",
    State.SUBMITTED: "waits",
    State.EVALUATED: "waits for adoption",
}


def origin(sealed: Sealed) -> tuple[Fact, ...]:
    """Return ids, hashes and the head."""
    body = sealed.body
    prints = body.advice.fingerprints if body.advice else None
    facts = [
        ("Proposal", body.proposal),
        (f"Version {body.version}, SHA-256", body.content),
        ("Rules when it was decided", body.last.rules or "none"),
        *((("Rules of the advice", prints.rules),) if prints else ()),
        ("This record, SHA-256", sealed.sha256),
        ("Head of the trail (keep it elsewhere)", sealed.head),
        ("Written", f"{moment(body.written_at)} by {name_of(body.written_by, body.names)}"),
        ("Advisor", f"version {body.advisor}"),
    ]
    return tuple(Fact(name=name, value=value) for name, value in facts)
