"""What `advisor audit` does; each function returns its exit code."""

from __future__ import annotations

import re
from pathlib import Path

from advisor.errors import InputError, Problem
from advisor.files import write_pieces
from advisor.review.chain import Checked, check
from advisor.review.trail import Event, Head, Row, Unreadable
from advisor.review.trail_file import check_export, exported
from advisor.store import open_store
from advisor.store.opening import existing_store
from advisor.store.records import AUTHOR
from advisor.store.trail import Wanted
from advisor.terminal import json_line, one_line, write_message, write_results
from advisor.wording import counted

DONE, NO = 0, 1
_ANCHOR = re.compile("([0-9]{1,10}):([0-9a-f]{64})")


def run_verify(file: Path | None, anchor: str | None, as_json: bool) -> int:
    """Check the trail in the database, or an exported one."""
    known = None if anchor is None else _anchor(anchor)
    found = check_export(file, known) if file else _check_stored(known)
    if as_json:
        write_results(json_line(_as_json(found)))
    else:
        for line in _as_text(found):
            write_results(one_line(line))
    if not (known or found.fault or as_json):
        write_message("Keep this head elsewhere: only --anchor shows that rows were cut off later.")
    return NO if found.fault else DONE


def _anchor(text: str) -> Head:
    found = _ANCHOR.fullmatch(text.strip().lower())
    if not found:
        what = "is not the number of a row, a colon and 64 hexadecimal digits"
        raise InputError(Problem("--anchor", what, "Copy it from an export or from `verify`"))
    return Head(int(found[1]), found[2])


def _check_stored(anchor: Head | None) -> Checked:
    store = existing_store()
    if store is None:
        return check((), anchor)
    with store.trail.rows() as rows:
        return check(rows, anchor)


def _as_text(found: Checked) -> list[str]:
    if found.fault:
        return [str(found.fault), f"Last intact row: {found.head}"]
    return [f"Intact: {counted(found.head.seq, 'row')}", f"Head: {found.head}"]


def _as_json(found: Checked) -> dict[str, object]:
    fault = {"row": found.fault.seq, "what": found.fault.what} if found.fault else None
    return {"intact": fault is None, "head": found.head._asdict(), "fault": fault}


def run_export(out: Path) -> int:
    """Write the trail to a file, the record of this export as its last row."""
    trail = open_store().trail
    last = trail.record(Event("export_trail", AUTHOR))
    with trail.rows(last.seq) as rows:
        found = check(rows, Head(last.seq, last.hash))
    with trail.rows(last.seq) as rows:
        write_pieces(out, exported(rows, Head(last.seq, last.hash)))
    write_message(f"Wrote {out}")
    write_results(f"Head: {last.seq}:{last.hash}")
    if found.fault:
        write_message(f"It was written as it is, and it is not intact. {found.fault}")
    return NO if found.fault else DONE


def run_show(wanted: Wanted, as_json: bool) -> int:
    """Print rows, the newest first."""
    store = existing_store()
    for row in store.trail.newest(wanted) if store else ():
        if isinstance(row, Unreadable):
            write_message(f"A row cannot be read ({row.what}). See: advisor audit verify")
        else:
            write_results(json_line(dict(row)) if as_json else one_line(_told(row)))
    return DONE


def _told(row: Row) -> str:
    who = f"{row.actor} ({row.role})" if row.role else row.actor
    version = f"version {row.version}" if row.version else ""
    about = " ".join(filter(None, (row.proposal, version)))
    detail = row.detail if row.detail != "{}" else ""
    parts = (f"{row.seq}", f"{row.at[:19]}Z", who, row.action, about, detail)
    return " · ".join(filter(None, parts))
