"""Earlier proposals that are similar, and how they ended.

Similar rests on titles and descriptions read by the encoder; nothing else of them is compared. A
text is read once and kept by its content, so that ten thousand proposals take one look-up.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from cachetools import LRUCache

from advisor.core.disk_cache import DiskCache
from advisor.domain.lifecycle import State
from advisor.models.encoder import Encoder, Rows
from advisor.store import Store
from advisor.store.review import earlier_proposals
from advisor.store.versions import version_rows

SHOWN = 5
CLOSE = 0.5
"""Cosine from which two problems are worth comparing."""
FRESH = 8
"""Texts that one look reads anew: a third of a second; the others are read in the background."""
KEPT = 50_000
"""Rows kept in memory, of 1.5 KB each."""
FILE = "similar.sqlite3"
_CACHE = DiskCache(FILE, "what texts of proposals read as", "text_row", ("row BLOB NOT NULL",))
_KIND = np.dtype("<f4")
_known: LRUCache[str, Rows] = LRUCache(KEPT)
_turn = threading.Lock()


@dataclass(frozen=True)
class SimilarProposal:
    """An earlier proposal that is similar, and how it ended."""

    proposal: str
    title: str
    closeness: float
    """Cosine of the two texts, 0 to 1."""
    state: State
    reason: str
    """Of the last decision, in the words of whoever made it."""
    at: datetime


@dataclass(frozen=True)
class SimilarProposals:
    """Earlier proposals that are similar, the most similar first."""

    found: tuple[SimilarProposal, ...]
    compared: int
    waiting: int
    """Proposals that nobody has compared yet; they are read a few at a time."""


_HandedIn = dict[str, str]
"""What its text is kept under, for each proposal that was ever handed in, the newest first."""


def similar(store: Store, id: str, encoder: Encoder) -> SimilarProposals:
    """Return the earlier proposals most like one, among those that were ever handed in.

    Raises:
        NotFoundError: there is no such proposal.
        StoreError: the database, or the file of kept rows, cannot be used.
    """
    others = _handed_in(store, encoder)
    mine = {id: others.pop(id)} if id in others else {}
    known = {**_rows(store, others, encoder), **_rows(store, mine, encoder)}
    compared = [one for one, key in others.items() if key in known]
    if not compared:
        return SimilarProposals((), 0, len(others))
    own = known[mine[id]] if mine else encoder.encode([_text(store, id)])[0]
    scores = np.stack([known[others[one]] for one in compared]) @ own
    best = np.argsort(-scores, kind="stable")[:SHOWN]
    near = {compared[place]: float(scores[place]) for place in best if scores[place] >= CLOSE}
    return SimilarProposals(_likes(store, near), len(compared), len(others) - len(compared))


def read_ahead(store: Store, encoder: Callable[[], Encoder]) -> int:
    """Read what nobody compared yet, so that no look waits for it; return how many were read.

    Args:
        store: Where proposals are kept.
        encoder: Gives the encoder, and is not asked while nothing was handed in.
    """
    with store.database.read() as transaction:
        if not earlier_proposals.any_handed_in(transaction):
            return 0
    loaded, read = encoder(), 0
    everyone = _handed_in(store, loaded)
    known = set(_kept(everyone.values()))
    waiting = [(one, key) for one, key in everyone.items() if key not in known]
    for start in range(0, len(waiting), FRESH):
        read += len(_rows(store, dict(waiting[start : start + FRESH]), loaded))
    return read


def _handed_in(store: Store, encoder: Encoder) -> _HandedIn:
    """Return under which key the text of each is kept that was ever handed in."""
    with store.database.read() as transaction:
        contents = earlier_proposals.handed_in(transaction)
    mark = encoder.fingerprint[:16]
    return {id: f"{content}:{mark}" for id, content in contents.items()}


def _rows(store: Store, others: _HandedIn, encoder: Encoder) -> Mapping[str, Rows]:
    """Return what is known of their texts; a few that are new are read now."""
    found = _kept(others.values())
    new = [*{key: one for one, key in others.items() if key not in found}.items()][:FRESH]
    if new:
        texts = [_text(store, one) for _, one in new]
        fresh = _keep(zip((key for key, _ in new), encoder.encode(texts), strict=True))
        _CACHE.put({key: (row.astype(_KIND).tobytes(),) for key, row in fresh.items()})
        found |= fresh
    return found


def _kept(keys: Iterable[str]) -> dict[str, Rows]:
    """Return what was read before."""
    wanted = set(keys)
    found = _remembered(wanted)
    if len(found) == len(wanted):
        return found
    return found | _keep(_readable(_CACHE.get(wanted - found.keys())))


def _remembered(wanted: Iterable[str]) -> dict[str, Rows]:
    with _turn:
        return {key: _known[key] for key in wanted if key in _known}


def _keep(found: Iterable[tuple[str, Rows]]) -> dict[str, Rows]:
    """Keep rows in memory, the newest ones, and return them."""
    rows_found = dict(found)
    with _turn:
        _known.update(rows_found)
    return rows_found


def _readable(found: Mapping[str, tuple[Any, ...]]) -> Iterator[tuple[str, Rows]]:
    """Yield what is kept; what is no row counts as missing."""
    for key, (packed,) in found.items():
        if packed and len(packed) % _KIND.itemsize == 0:
            yield str(key), np.frombuffer(packed, _KIND)


def _text(store: Store, id: str) -> str:
    """Return what is compared."""
    with store.database.read() as transaction:
        draft = version_rows.content_of(version_rows.find(transaction, id)).draft
    return f"{draft.title}\n{draft.description}"


def _likes(store: Store, near: Mapping[str, float]) -> tuple[SimilarProposal, ...]:
    """Return those that are near with how they ended, the most similar first."""
    if not near:
        return ()
    with store.database.read() as transaction:
        ended = earlier_proposals.ended(transaction, near)
    return tuple(
        SimilarProposal(proposal=id, closeness=min(1.0, closeness), **vars(ended[id]))
        for id, closeness in near.items()
        if id in ended
    )
