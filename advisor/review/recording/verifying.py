"""Proving a record without the app, and with the database that it came from.

Without it: every byte is as it was written, the hash of what it says stands in the row of its
export, each row fits its own hash and its neighbours, and every decision fits the row that recorded
it. Whoever changes the record has to write the row of the export anew, and its hash with it:
therefore keep the head elsewhere, or ask the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from advisor.core.parsing import parse_json
from advisor.core.validation import problems
from advisor.domain.lifecycle import Action
from advisor.domain.review import ApprovalCondition, Decision, decision_in, detail_in, misfits
from advisor.domain.trail import TrailEntry, TrailHead
from advisor.errors import InputError, Problem
from advisor.presentation.wording import listing
from advisor.review.audit.trail_proof import LISTED
from advisor.review.recording.decision_record import (
    EXPORTED,
    FORMAT,
    Body,
    RecordedDecision,
    Sealed,
    sha256_of,
    written,
)
from advisor.store import Store
from advisor.store.database import audit_trail

LIMIT = 200_000_000
"""Bytes of a record."""


class Proven(NamedTuple):
    """What a record is about, and the first thing that is wrong with it; empty if nothing is."""

    fault: str
    record: Sealed | None = None


def prove_record(path: Path, anchor: TrailHead | None = None) -> Proven:
    """Check a record by itself.

    Args:
        path: The JSON file.
        anchor: The head that was written down when it was exported.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LIMIT + 1)
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise InputError(Problem(path.name, what, "Check the path")) from None
    try:
        record = Sealed.model_validate(parse_json(raw.decode(), path.name))
    except ValidationError as error:
        first = min(problems(error, "record", {}))
        return Proven(f"It is no {FORMAT}: {first.where} {first.what}")
    except (InputError, UnicodeDecodeError):
        return Proven(f"It is no {FORMAT}: it cannot be read")
    return Proven(next(_faults(record, raw, anchor), ""), record)


def _faults(record: Sealed, raw: bytes, anchor: TrailHead | None) -> Iterator[str]:
    if written(record) != raw:
        yield "It is not written as it was: a letter was changed, added or taken away"
    if record.sha256 != sha256_of(record.body):
        yield "What it says does not fit its SHA-256: something in it was changed"
    yield from _of_export(record)
    yield from _of_rows(record)
    yield from _of_decisions(record.body)
    if anchor and str(anchor) != record.head:
        yield "Its head is not the one that was kept: it was written anew"


def _of_export(record: Sealed) -> Iterator[str]:
    """Yield what is wrong with the row that the export left."""
    row, body = record.export, record.body
    if row.hash != row.digest:
        yield f"Row {row.seq:,}, of the export, does not fit its hash"
    if record.head != str(TrailHead(row.seq, row.hash)):
        yield "The head is not the row of the export"
    said = (row.action, row.proposal, row.version, row.content, detail_in(row).get("record"))
    if said != (EXPORTED, body.proposal, body.version, body.content, record.sha256):
        yield f"Row {row.seq:,} records the export of something else"


def _of_rows(record: Sealed) -> Iterator[str]:
    """Yield what is wrong with the rows that belong to it."""
    rows = (*record.body.rows, record.export)
    for row in rows:
        if row.hash != row.digest:
            yield f"Row {row.seq:,} does not fit its hash: something in it was changed"
        if row.proposal != record.body.proposal:
            yield f"Row {row.seq:,} is about another proposal"
    for left, right in zip(rows, rows[1:], strict=False):
        if left.seq >= right.seq:
            yield f"Row {right.seq:,} stands behind row {left.seq:,}"
        if left.seq + 1 == right.seq and right.prev != left.hash:
            yield f"Row {right.seq:,} was written after something other than row {left.seq:,}"


def _of_decisions(body: Body) -> Iterator[str]:
    """Yield decisions that are not what their rows say, and rows without their decision."""
    rows = {made: row for row in body.rows if (made := decision_in(row))}
    for recorded in body.history:
        row = rows.pop(recorded.id, None)
        if row is None and recorded.action is not Action.EDIT:
            yield f"Decision {recorded.id} stands in no row"
        if row and (wrong := [*misfits(row, _decision(body, recorded))]):
            yield f"Decision {recorded.id} is not what row {row.seq:,} says: {listing(wrong)}"
    for id, row in rows.items():
        yield f"Decision {id} of row {row.seq:,} is left out"


def _decision(body: Body, one: RecordedDecision) -> Decision:
    terms = tuple(
        ApprovalCondition(one.id, place, term.what, term.owner, term.due)
        for place, term in enumerate(one.conditions, start=1)
    )
    given = {name: getattr(one, name) for name in _SAME}
    return Decision(proposal=body.proposal, conditions=terms, **given)


_SAME = ("id", "version", "content", "action", "actor", "role", "source", "target", "tier",
         "reason", "rules", "at", "detail")  # fmt: skip


def prove_in(store: Store, record: Sealed) -> tuple[str, ...]:
    """Return rows of a record that do not stand in the trail of this database, and those left out.

    Whether that trail is intact itself is another question.
    """
    with store.trail.reading() as transaction:
        stored = audit_trail.about(transaction, record.body.proposal)
    there = {row.seq: row for row in stored if isinstance(row, TrailEntry)}
    mine = {row.seq: row for row in (*record.body.rows, record.export)}
    absent = [seq for seq, row in mine.items() if there.get(seq) != row]
    left_out = [seq for seq in there if seq < record.export.seq and seq not in mine]
    return (
        *(f"Row {seq:,} does not stand in this trail" for seq in absent[:LISTED]),
        *(f"Row {seq:,} of this trail is left out" for seq in left_out[:LISTED]),
    )
