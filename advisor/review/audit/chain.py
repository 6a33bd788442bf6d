"""Following the trail from row to row, to the first that does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from advisor.domain.trail import START, TrailEntry, TrailHead, Unreadable

Tell = Callable[[int], object]
"""Is told how many rows were followed."""
STEP = 1_000
"""Rows between two signs of life."""


class ChainFault(NamedTuple):
    """The first row that is wrong, and what is wrong with it."""

    seq: int
    what: str

    def __str__(self) -> str:
        """Return it as one sentence."""
        return f"Broken at row {self.seq:,}: {self.what}."


class ChainCheck(NamedTuple):
    """How far a trail is intact, and the first fault if there is one."""

    head: TrailHead
    fault: ChainFault | None


def check(rows: Iterable[TrailEntry | Unreadable], anchor: TrailHead | None = None) -> ChainCheck:
    """Follow a trail from its first row to the first fault; one row is in memory at a time.

    Args:
        rows: all of them, in order.
        anchor: a head that was written down elsewhere; without it a cut tail is not seen.
    """
    head = START
    for row in rows:
        if isinstance(row, Unreadable):
            return ChainCheck(head, ChainFault(head.seq + 1, f"it cannot be read ({row.what})"))
        if what := fault_of(head, row, anchor):
            return ChainCheck(head, ChainFault(head.seq + 1, what))
        head = TrailHead(row.seq, row.hash)
    return ChainCheck(head, _cut(head, anchor) if anchor else None)


def told(rows: Iterable[TrailEntry | Unreadable], tell: Tell) -> Iterator[TrailEntry | Unreadable]:
    """Yield rows as they come, and tell how many came so far."""
    for count, row in enumerate(rows, start=1):
        yield row
        if count % STEP == 0:
            tell(count)


def _cut(head: TrailHead, anchor: TrailHead) -> ChainFault | None:
    if anchor.seq <= head.seq:
        return None
    rest = f"and so are all rows to {anchor.seq:,}, which the anchor names"
    last = "and the anchor names it"
    return ChainFault(
        head.seq + 1, f"it is missing, {last if anchor.seq == head.seq + 1 else rest}"
    )


def fault_of(head: TrailHead, row: TrailEntry, anchor: TrailHead | None = None) -> str | None:
    """Return what is wrong with a row that follows `head`; nothing if it fits."""
    if found := next((words for wrong, words in _FAULTS if wrong(head, row)), None):
        return found(head, row)
    if anchor and anchor.seq == row.seq and anchor.hash != row.hash:
        return "its hash is not the one of the anchor: it was written anew"
    return None


def _before(head: TrailHead) -> str:
    return f"row {head.seq:,}" if head.seq else "the beginning"


_FAULTS: tuple[
    tuple[Callable[[TrailHead, TrailEntry], bool], Callable[[TrailHead, TrailEntry], str]], ...
] = (
    (
        lambda head, row: row.seq <= head.seq,
        lambda head, row: f"a row with the number {row.seq:,} stands in its place",
    ),
    (
        lambda head, row: row.seq > head.seq + 1,
        lambda head, row: f"it is missing: row {row.seq:,} follows {_before(head)}",
    ),
    (
        lambda head, row: row.hash != row.digest,
        lambda head, row: "its content does not fit its hash: something in it was changed",
    ),
    (
        lambda head, row: row.prev != head.hash,
        lambda head, row: f"it was written after something other than {_before(head)}",
    ),
)
"""What can be wrong with a row that can be read, in the order in which it is told."""
