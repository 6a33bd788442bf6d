"""A trail in a file: one row a line as canonical JSON, and its head in the last line.

Every byte counts: a line that says the same in other bytes is not the line that was exported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from advisor.core.streams import RawLine, Stream
from advisor.core.strict import canonical
from advisor.domain.trail import TrailEntry, TrailHead, Unreadable, row_in
from advisor.review.audit.chain import ChainCheck, ChainFault, check

_HEAD = re.compile(rb'\{"head":\{"hash":"([0-9a-f]{64})","seq":(0|[1-9]\d{0,9})\}\}\n')


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
