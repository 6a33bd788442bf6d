"""What `advisor audit` does; each function returns its exit code."""

from __future__ import annotations

from pathlib import Path

from advisor.commands.exits import DONE, NO
from advisor.core.files import write_pieces
from advisor.core.terminal import json_line, one_line, progress, write_message, write_results
from advisor.domain.trail import TrailEntry, TrailHead, Unreadable, head_of
from advisor.errors import InputError, Problem
from advisor.presentation.wording import counted
from advisor.review.audit.chain import check
from advisor.review.audit.trail_file import begin, check_export, pieces
from advisor.review.audit.trail_proof import Proof, prove
from advisor.store import open_store
from advisor.store.database.audit_trail import TrailQuery
from advisor.store.opening import existing_store
from advisor.store.versions.version_records import AUTHOR


def run_verify(file: Path | None, anchor: str | None, database: bool, as_json: bool) -> int:
    """Check the trail in the database and what must fit it, or an exported trail."""
    known = None if anchor is None else head_of(anchor, "--anchor")
    if database and file:
        what = "looks decision records up, and this is none"
        raise InputError(Problem("--database", what, "Leave it out, or leave the file out"))
    proof = Proof(check_export(file, known)) if file else check_stored(known)
    if as_json:
        write_results(json_line(_as_json(proof)))
    else:
        for line in _as_text(proof):
            write_results(one_line(line))
    if not (known or as_json) and proof.intact:
        write_message("Keep this head elsewhere: only --anchor shows that rows were cut off later.")
    return DONE if proof.intact else NO


def check_stored(anchor: TrailHead | None) -> Proof:
    """Check the database that the settings name; nothing stored is intact."""
    store = existing_store()
    if store is None:
        return Proof(check((), anchor))
    with progress("Checking", store.trail.head().seq, prints=False) as tell:
        return prove(store, anchor, tell)


def _as_text(proof: Proof) -> list[str]:
    chain = proof.chain
    faults = [f"{fault}." for part in proof.parts for fault in part.faults]
    whole = [part.found for part in proof.parts if not part.faults]
    if chain.fault:
        return [str(chain.fault), f"Last intact row: {chain.head}", *faults]
    return [*faults, f"Intact: {counted(chain.head.seq, 'row')}", f"Head: {chain.head}", *whole]


def _as_json(proof: Proof) -> dict[str, object]:
    chain = proof.chain
    fault = {"row": chain.fault.seq, "what": chain.fault.what} if chain.fault else None
    return {
        "intact": proof.intact,
        "head": chain.head._asdict(),
        "fault": fault,
        "checked": [part._asdict() for part in proof.parts],
    }


def run_export(out: Path) -> int:
    """Write the trail to a file, the record of this export as its last row."""
    store = open_store()
    head = begin(store, AUTHOR)
    with store.trail.rows(head.seq) as rows:
        chain = check(rows, head)
    with pieces(store, head) as lines:
        write_pieces(out, lines)
    write_message(f"Wrote {out}")
    write_results(f"Head: {head}")
    if chain.fault:
        write_message(f"It was written as it is, and it is not intact. {chain.fault}")
    return NO if chain.fault else DONE


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
