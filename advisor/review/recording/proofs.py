"""How a decision was recorded, and what proves it."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.documents.record import Block, Fact, Paragraph, RecordTable, TableRow
from advisor.presentation.wording import counted, moment
from advisor.review.audit.trail_words import name_of, told, when
from advisor.review.recording.decision_record import Body, Sealed

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
