"""What `advisor audit` does; each function returns its exit code."""

from __future__ import annotations

from pathlib import Path

from advisor.commands.exits import DONE, NO
from advisor.core.files import write_pieces
from advisor.core.progress import progress
from advisor.core.terminal import json_line, one_line, write_message, write_results
from advisor.domain.lifecycle import STATES
from advisor.domain.trail import TrailEntry, TrailHead, Unreadable, head_of
from advisor.errors import InputError, Problem
from advisor.presentation.wording import counted
from advisor.review.audit.chain import check
from advisor.review.audit.trail_export import begin, pieces
from advisor.review.audit.trail_file import check_export
from advisor.review.audit.trail_proof import Proof, prove
from advisor.review.recording import is_record
from advisor.review.recording.decision_record import Sealed
from advisor.review.recording.verifying import Proven, prove_in, prove_record
from advisor.store import open_store
from advisor.store.database.audit_trail import TrailQuery
from advisor.store.opening import existing_store
from advisor.store.versions.version_records import AUTHOR


def run_verify(file: Path | None, anchor: str | None, database: bool, as_json: bool) -> int:
    """Check the trail in the database and what must fit it, an exported trail, or a record."""
    known = None if anchor is None else head_of(anchor, "--anchor")
    if file and is_record(file):
        return run_prove(file, known, database, as_json)
    if database and file:
        what = "looks decision records up, and this is none"
        raise InputError(Problem("--database", what, "Leave it out, or leave the file out"))
    found = Proof(check_export(file, known)) if file else check_stored(known)
    if as_json:
        write_results(json_line(_as_json(found)))
    else:
        for line in _as_text(found):
            write_results(one_line(line))
    if not (known or as_json) and found.intact:
        write_message("Keep this head elsewhere: only --anchor shows that rows were cut off later.")
    return DONE if found.intact else NO


def check_stored(anchor: TrailHead | None) -> Proof:
    """Check the database that the settings name; nothing stored is intact."""
    store = existing_store()
    if store is None:
        return Proof(check((), anchor))
    with progress("Checking", store.trail.head().seq, prints=False) as tell:
        return prove(store, anchor, tell)


def _as_text(found: Proof) -> list[str]:
    chain = found.chain
    faults = [f"{fault}." for part in found.parts for fault in part.faults]
    whole = [part.found for part in found.parts if not part.faults]
    if chain.fault:
        return [str(chain.fault), f"Last intact row: {chain.head}", *faults]
    return [*faults, f"Intact: {counted(chain.head.seq, 'row')}", f"Head: {chain.head}", *whole]


def _as_json(found: Proof) -> dict[str, object]:
    chain = found.chain
    fault = {"row": chain.fault.seq, "what": chain.fault.what} if chain.fault else None
    return {
        "intact": found.intact,
        "head": chain.head._asdict(),
        "fault": fault,
        "checked": [part._asdict() for part in found.parts],
    }


def run_export(out: Path) -> int:
    """Write the trail to a file, the record of this export as its last row."""
    store = open_store()
    head = begin(store, AUTHOR)
    with store.trail.rows(head.seq) as rows:
        found = check(rows, head)
    with pieces(store, head) as lines:
        write_pieces(out, lines)
    write_message(f"Wrote {out}")
    write_results(f"Head: {head}")
    if found.fault:
        write_message(f"It was written as it is, and it is not intact. {found.fault}")
    return NO if found.fault else DONE


def run_show(wanted: TrailQuery, as_json: bool) -> int:
    """Print rows, the newest first."""
    store = existing_store()
    for row in store.trail.newest(wanted) if store else ():
        if isinstance(row, Unreadable):
            write_message(f"A row cannot be read ({row.what}). See: advisor audit verify")
        else:
            write_results(json_line(dict(row)) if as_json else one_line(_told(row)))
    return DONE


def _told(row: TrailEntry) -> str:
    who = f"{row.actor} ({row.role})" if row.role else row.actor
    version = f"version {row.version}" if row.version else ""
    about = " ".join(filter(None, (row.proposal, version)))
    detail = row.detail if row.detail != "{}" else ""
    parts = (f"{row.seq}", f"{row.at[:19]}Z", who, row.action, about, detail)
    return " · ".join(filter(None, parts))


def run_prove(file: Path, anchor: TrailHead | None, database: bool, as_json: bool) -> int:
    """Prove a record by itself, and with `database` that its rows stand in the trail here."""
    found = prove_record(file, anchor)
    faults: tuple[str, ...] = (found.fault,) if found.fault else ()
    if database and found.record and not faults:
        faults = _in_database(found.record)
    if as_json:
        write_results(json_line(_proof_json(found, faults, database)))
    else:
        for line in faults or _proof_text(found, database):
            write_results(one_line(line))
    if not (faults or database or anchor or as_json):
        write_message("By itself. --database looks it up in the trail, --anchor in what you kept.")
    return NO if faults else DONE


def _in_database(record: Sealed) -> tuple[str, ...]:
    """Return what is wrong with the trail here, or with the record against it."""
    store = existing_store()
    if store is None:
        raise InputError(Problem("--database", "there is none here", "See ADVISOR_DATABASE_URL"))
    proof = check_stored(TrailHead(record.export.seq, record.export.hash))
    if proof.chain.fault:
        return (f"The trail here does not prove it. {proof.chain.fault}",)
    others = (f"{fault}." for part in proof.parts for fault in part.faults)
    return (*prove_in(store, record), *others)


def _proof_text(found: Proven, database: bool) -> list[str]:
    record = found.record
    assert record is not None  # without one there is a fault
    body = record.body
    where = " All of it stands in the trail here." if database else ""
    return [
        f"Proven: version {body.version} of {body.proposal} was {STATES[body.state]} when this "
        f"was written.{where}",
        f"Decisions: {len(body.history):,}, and {counted(len(body.rows) + 1, 'row')} of the trail",
        f"SHA-256: {record.sha256}",
        f"Head: {record.head}",
    ]


def _proof_json(found: Proven, faults: tuple[str, ...], database: bool) -> dict[str, object]:
    record = found.record
    return {
        "proven": not faults,
        "faults": [*faults],
        "database": database,
        "proposal": record.body.proposal if record else None,
        "version": record.body.version if record else None,
        "content": record.body.content if record else None,
        "state": record.body.state if record else None,
        "sha256": record.sha256 if record else None,
        "head": record.head if record else None,
    }
