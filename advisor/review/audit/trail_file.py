"""The trail in a file, taken away and checked: a row a line as canonical JSON, its head last.

Every byte counts: a line that says the same in other bytes is not the line that was exported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from advisor.core.streams import RawLine, Stream
from advisor.core.strict import canonical
from advisor.domain.lifecycle import Role
from advisor.domain.trail import Event, TrailEntry, TrailHead, Unreadable, row_in
from advisor.review.audit.chain import ChainCheck, ChainFault, check
from advisor.store import Store
from advisor.store.database import audit_trail
from advisor.store.people.rights import REFUSED, attempting, role_for
from advisor.store.versions.version_records import AUTHOR

EXPORTED = "export_trail"
"""The action of the row that an export leaves."""
TAKERS = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
"""Who takes the trail away; the local user may, too, as at the command line."""
_REFUSAL = "Auditors and administrators take the trail away."
_HEAD = re.compile(rb'\{"head":\{"hash":"([0-9a-f]{64})","seq":(0|[1-9]\d{0,9})\}\}\n')


def begin(store: Store, actor: str) -> TrailHead:
    """Record an export and return the head that it will name.

    Raises:
        NotAllowedError: this person may not; the attempt is recorded.
    """
    attempt = Event(REFUSED, actor, detail={"asked": EXPORTED})
    with attempting(store.database, attempt) as transaction:
        role = "" if actor == AUTHOR else role_for(transaction, actor, TAKERS, _REFUSAL)
        row = audit_trail.append(transaction, Event(EXPORTED, actor, role))
    return TrailHead(row.seq, row.hash)


@contextmanager
def pieces(store: Store, head: TrailHead) -> Iterator[Iterator[bytes]]:
    """Give the lines of an export up to a head, one at a time."""
    with store.trail.rows(head.seq) as rows:
        yield exported(rows, head)


def exported(rows: Iterable[TrailEntry | Unreadable], head: TrailHead) -> Iterator[bytes]:
    """Yield the lines of an export; what cannot be read leaves a line that says so."""
    for row in rows:
        if isinstance(row, Unreadable):
            yield f"{canonical({'unreadable': row.what})}\n".encode()
        else:
            yield _line(row)
    yield f"{canonical({'head': head._asdict()})}\n".encode()


def _line(row: TrailEntry) -> bytes:
    return f"{row.model_dump_json()}\n".encode()


def check_export(path: Path, anchor: TrailHead | None = None) -> ChainCheck:
    """Check an exported trail in constant memory.

    Raises:
        InputError: the file cannot be read.
    """
    heads: list[TrailHead] = []
    with closing(Stream(path)) as stream:
        found = check(_rows(stream.lines(0, 1), heads), anchor)
    if found.fault or heads == [found.head]:
        return found
    if heads:
        what = f"the last line of the file names another head, {heads[0]}"
        return found._replace(fault=ChainFault(found.head.seq, what))
    what = "the file ends before it without naming its head, so rows were cut off"
    return found._replace(fault=ChainFault(found.head.seq + 1, what))


def _rows(lines: Iterable[RawLine], heads: list[TrailHead]) -> Iterator[TrailEntry | Unreadable]:
    """Yield the rows, and put the head into `heads`; nothing may stand after it."""
    for line in lines:
        if heads:
            yield Unreadable("it stands after the last line of an export")
        elif found := _HEAD.fullmatch(line.raw):
            heads.append(TrailHead(int(found[2]), found[1].decode()))
        else:
            yield _row(line)


def _row(line: RawLine) -> TrailEntry | Unreadable:
    if line.too_long:
        return Unreadable("the line is far too long")
    row = row_in(line.raw)
    if isinstance(row, TrailEntry) and _line(row) != line.raw:
        return Unreadable("the line is not written as an export writes it")
    return row
