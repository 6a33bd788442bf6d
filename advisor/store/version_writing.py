"""Writing one version: its rows, and the words of whoever writes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import Connection, insert, update

from advisor.domain.lifecycle import LEASED, Action, State, find
from advisor.domain.review import Decision, Standing
from advisor.domain.trail import Event
from advisor.store.database import audit_trail
from advisor.store.database.statements import new_id, now
from advisor.store.learning.label_edits import keep, words
from advisor.store.review import approvals, decisions, standing
from advisor.store.tables.proposals import ProposalRow, VersionRow
from advisor.store.versions import version_rows
from advisor.store.versions.content import Content
from advisor.store.versions.failure_sets import Failures, FailureSets
from advisor.store.versions.version_records import SavedVersion


class Next(NamedTuple):
    """What a version that is about to be written holds."""

    content: Content
    failures: Failures
    summary: str


Make = Callable[[Connection, Content], Next]
"""Says what follows from what there is now."""


def first_version(
    connection: Connection, sets: FailureSets, new: Next, author: str, key: str
) -> SavedVersion:
    """Write a proposal with its first version, once; return what stands.

    Raises:
        ConflictError: the key was used for another write.
    """
    saved = SavedVersion(new_id(), 1)
    earlier = version_rows.claim(connection, saved, author, key)
    if earlier != saved:
        return version_rows.same_write(earlier, earlier.version == 1)
    moment = now()
    heading = version_rows.heading(new.content, 1, moment)
    row = {"id": saved.id, "author": author, "created_at": moment}
    connection.execute(insert(ProposalRow).values(row | heading))
    draft = new.content.draft
    said = words(draft, new.failures.items, draft.corrections)
    keep(connection, saved.id, author, ({}, said))
    _append(connection, sets, saved, author, new)
    return saved


def next_version(
    connection: Connection,
    sets: FailureSets,
    id: str,
    write: tuple[str, str],
    make: Make,
    said: frozenset[str] = frozenset(),
) -> SavedVersion:
    """Write what follows the latest version, once; nothing where nothing differs.

    Args:
        connection: The open transaction.
        sets: Where failures are kept.
        id: The proposal.
        write: The author, and the idempotency key.
        make: Says what follows.
        said: Ids of failures of which the write says what they are.

    Raises:
        NotFoundError: there is no such proposal.
        ConflictError: the key was used for another write.
    """
    author, key = write
    version_rows.lock(connection, id)
    if earlier := version_rows.receipt(connection, author, key):
        return version_rows.same_write(earlier, earlier.id == id)
    row = version_rows.find(connection, id)
    old = version_rows.content_of(row)
    new = make(connection, old)
    same = new.content.same(old)
    saved = SavedVersion(id, row.version if same else row.version + 1)
    version_rows.same_write(saved, version_rows.claim(connection, saved, author, key) == saved)
    if not same:
        heading = version_rows.heading(new.content, saved.version, now())
        connection.execute(update(ProposalRow).where(ProposalRow.id == id).values(heading))
    _keep_words(connection, sets, saved, author, (old, new), said)
    if not same:
        _append(connection, sets, saved, author, new)
    return saved


def _append(
    connection: Connection, sets: FailureSets, saved: SavedVersion, author: str, new: Next
) -> None:
    """Write the rows of a version, the one of the audit trail last; approvals are void then."""
    sets.write(connection, new.failures)
    fingerprint = new.content.fingerprint(new.failures.text)
    connection.execute(
        insert(VersionRow).values(
            proposal_id=saved.id,
            version=saved.version,
            author=author,
            at=now(),
            summary=new.summary,
            fingerprint=fingerprint,
            content=new.content.text,
            failures=new.failures.digest,
        )
    )
    ended = _void(connection, saved, author, fingerprint)
    event = Event(
        "save_version",
        author,
        proposal=saved.id,
        version=saved.version,
        content=fingerprint,
        detail={"ends_review": True} if ended else {},
    )
    audit_trail.append(connection, event)


def _void(connection: Connection, saved: SavedVersion, author: str, content: str) -> bool:
    """Take back what stands for older versions, because a new one was saved.

    Returns:
        Whether it stood anywhere else than where it stands now.
    """
    stood = standing.submitted(connection, saved.id)
    move = find(stood.state, Action.EDIT) if stood else None
    if move is None or move.source is move.target:
        return False
    if move.source in {*LEASED, State.EVALUATED}:
        approvals.end(connection, saved.id, f"version {saved.version} was saved")
    at = now()
    standing.write(connection, Standing(saved.id, move.target, saved.version, content, "", at))
    decisions.write(
        connection,
        Decision(
            new_id(), saved.id, saved.version, content, Action.EDIT, author, "", move.source,
            move.target, "", "", "", at,
        ),
    )  # fmt: skip
    return True


def _keep_words(
    connection: Connection,
    sets: FailureSets,
    saved: SavedVersion,
    author: str,
    change: tuple[Content, Next],
    said: frozenset[str],
) -> None:
    """Keep what a write says failures are; `said` holds the ids that it named."""
    old, new = change
    before, after = old.draft, new.content.draft
    if not said and (before.corrections, old.failures) == (
        after.corrections,
        new.failures.digest,
    ):
        return
    ids = before.corrections.keys() | after.corrections.keys() | said
    if ids:
        there = sets.read(connection, old.failures).items
        told = words(before, there, ids), words(after, new.failures.items, ids)
        keep(connection, saved.id, author, told, said)
