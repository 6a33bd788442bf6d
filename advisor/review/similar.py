"""Earlier proposals that are similar, and how they ended.

Similar rests on titles and descriptions read by the encoder; nothing else of them is compared. A
text is read once and kept by its content, so that ten thousand proposals take one look-up.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import select

from advisor.kept import KeptFile
from advisor.models.encoder import Encoder, Rows
from advisor.review.lifecycle import LEASED, State
from advisor.settings import settings
from advisor.store import Store, rows
from advisor.store.review_tables import DecisionRow, LeaseRow, ReviewRow
from advisor.store.statements import now
from advisor.store.tables import ProposalRow, VersionRow

SHOWN = 5
CLOSE = 0.5
"""Cosine from which two problems are worth comparing."""
FRESH = 8
"""Texts that one look reads anew: a third of a second; the others are read in the background."""
KEPT = 50_000
"""Rows kept in memory, of 1.5 KB each."""
FILE = "similar.sqlite3"
_TABLES = ("CREATE TABLE IF NOT EXISTS text_row (key TEXT PRIMARY KEY, row BLOB NOT NULL)",)
_KIND = np.dtype("<f4")
_known: dict[str, Rows] = {}
_turn = threading.Lock()


@dataclass(frozen=True)
class Like:
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
class Similar:
    """Earlier proposals that are similar, the most similar first."""

    found: tuple[Like, ...]
    compared: int
    waiting: int
    """Proposals that nobody has compared yet; they are read a few at a time."""


@dataclass(frozen=True)
class _HandedIn:
    """A proposal that was ever handed in."""

    proposal: str
    title: str
    state: State
    since: datetime
    key: str


def similar(store: Store, id: str, encoder: Encoder) -> Similar:
    """Return the earlier proposals most like one, among those that were ever handed in.

    Raises:
        NotFoundError: there is no such proposal.
        StoreError: the database, or the file of kept rows, cannot be used.
    """
    everyone = _handed_in(store, encoder)
    others = [one for one in everyone if one.proposal != id]
    mine = [one for one in everyone if one.proposal == id]
    known = {**_rows(store, others, encoder), **_rows(store, mine, encoder)}
    compared = [one for one in others if one.key in known]
    if not compared:
        return Similar((), 0, len(others))
    own = known[mine[0].key] if mine else encoder.encode([_text(store, id)])[0]
    scores = np.stack([known[one.key] for one in compared]) @ own
    best = np.argsort(-scores, kind="stable")[:SHOWN]
    near = [(compared[place], float(scores[place])) for place in best if scores[place] >= CLOSE]
    return Similar(_ended(store, near), len(compared), len(others) - len(compared))


def read_ahead(store: Store, encoder: Callable[[], Encoder]) -> int:
    """Read what nobody compared yet, so that no look waits for it; return how many were read.

    Args:
        store: Where proposals are kept.
        encoder: Gives the encoder, and is not asked while nothing was handed in.
    """
    with store.database.read() as connection:
        if connection.execute(select(ReviewRow.proposal_id).limit(1)).first() is None:
            return 0
    loaded, read = encoder(), 0
    everyone = _handed_in(store, loaded)
    known = set(_kept(everyone))
    while waiting := [one for one in everyone if one.key not in known][:FRESH]:
        known |= _rows(store, waiting, loaded).keys()
        read += len(waiting)
    return read


def _handed_in(store: Store, encoder: Encoder) -> list[_HandedIn]:
    """Return all that were ever handed in, the newest first."""
    query = (
        select(
            ReviewRow.proposal_id,
            ProposalRow.title,
            ReviewRow.state,
            ReviewRow.since,
            VersionRow.fingerprint,
        )
        .join(ProposalRow, ProposalRow.id == ReviewRow.proposal_id)
        .join(
            VersionRow,
            (VersionRow.proposal_id == ProposalRow.id) & (VersionRow.version == ProposalRow.latest),
        )
        .order_by(ReviewRow.since.desc(), ReviewRow.proposal_id)
    )
    with store.database.read() as connection:
        found = connection.execute(query).all()
    mark = encoder.fingerprint[:16]
    return [
        _HandedIn(other, title, State(state), since, f"{content}:{mark}")
        for other, title, state, since, content in found
    ]


def _rows(store: Store, others: Sequence[_HandedIn], encoder: Encoder) -> Mapping[str, Rows]:
    """Return what is known of their texts; a few that are new are read now."""
    found = _kept(others)
    new = [*{one.key: one for one in others if one.key not in found}.values()][:FRESH]
    if new:
        texts = [_text(store, one.proposal) for one in new]
        fresh = _keep(zip((one.key for one in new), encoder.encode(texts), strict=True))
        packed = [(key, row.astype(_KIND).tobytes()) for key, row in fresh.items()]
        with _file().writing() as opened:
            opened.executemany("INSERT OR REPLACE INTO text_row VALUES (?, ?)", packed)
        found |= fresh
    return found


def _kept(others: Sequence[_HandedIn]) -> dict[str, Rows]:
    """Return what was read before."""
    wanted = {one.key for one in others}
    found = _remembered(wanted)
    query = "SELECT key, row FROM text_row WHERE key IN ({keys})"
    return found | _keep(_readable(_file().rows(query, wanted - found.keys())))


def _file() -> KeptFile:
    return KeptFile(settings().home / FILE, "what texts of proposals read as", _TABLES)


def _remembered(wanted: Iterable[str]) -> dict[str, Rows]:
    with _turn:
        return {key: _known[key] for key in wanted if key in _known}


def _keep(found: Iterable[tuple[str, Rows]]) -> dict[str, Rows]:
    """Keep rows in memory, the newest ones, and return them."""
    rows_found = dict(found)
    with _turn:
        _known.update(rows_found)
        while len(_known) > KEPT:
            _known.pop(next(iter(_known)))
    return rows_found


def _readable(found: Sequence[tuple[Any, ...]]) -> Iterator[tuple[str, Rows]]:
    """Yield what is kept; what is no row counts as missing."""
    for key, packed in found:
        if packed and len(packed) % _KIND.itemsize == 0:
            yield str(key), np.frombuffer(packed, _KIND)


def _text(store: Store, id: str) -> str:
    """Return what is compared."""
    with store.database.read() as connection:
        draft = rows.content_of(rows.find(connection, id)).draft
    return f"{draft.title}\n{draft.description}"


def _ended(store: Store, near: Sequence[tuple[_HandedIn, float]]) -> tuple[Like, ...]:
    """Return where those that are near stand now, and the last reason that was given."""
    ids = [one.proposal for one, _ in near]
    said = (
        select(DecisionRow.proposal_id, DecisionRow.reason)
        .where(DecisionRow.proposal_id.in_(ids), DecisionRow.reason != "")
        .order_by(DecisionRow.place)
    )
    running = select(LeaseRow.proposal_id).where(
        LeaseRow.proposal_id.in_(ids), LeaseRow.ended_at.is_(None), LeaseRow.expires_at > now()
    )
    with store.database.read() as connection:
        reasons = {id: reason for id, reason in connection.execute(said)} if ids else {}
        holds = set(connection.execute(running).scalars()) if ids else set()
    return tuple(
        Like(
            proposal=one.proposal,
            title=one.title,
            closeness=min(1.0, score),
            state=one.state if one.state not in LEASED or one.proposal in holds else State.EXPIRED,
            reason=reasons.get(one.proposal, ""),
            at=one.since,
        )
        for one, score in near
    )
