"""What `advisor audit verify` does with a decision record; it returns its exit code."""

from __future__ import annotations

from pathlib import Path

from advisor.commands.audit import check_stored
from advisor.commands.exits import DONE, NO
from advisor.core.terminal import json_line, one_line, write_message, write_results
from advisor.domain.lifecycle import STATES
from advisor.domain.trail import TrailHead, head_of
from advisor.errors import InputError, Problem
from advisor.presentation.wording import counted
from advisor.review.recording.decision_record import Sealed
from advisor.review.recording.verifying import Proven, prove_in, prove_record
from advisor.store.opening import existing_store


def run_prove(file: Path, anchor: str | None, database: bool, as_json: bool) -> int:
    """Prove a record by itself, and with `database` that its rows stand in the trail here."""
    proof = prove_record(file, head_of(anchor, "--anchor") if anchor is not None else None)
    faults: tuple[str, ...] = (proof.fault,) if proof.fault else ()
    if database and proof.record and not faults:
        faults = _in_database(proof.record)
    if as_json:
        write_results(json_line(_proof_json(proof, faults, database)))
    else:
        for line in faults or _proof_text(proof, database):
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


def _proof_text(proof: Proven, database: bool) -> list[str]:
    record = proof.record
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


def _proof_json(proof: Proven, faults: tuple[str, ...], database: bool) -> dict[str, object]:
    record = proof.record
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
