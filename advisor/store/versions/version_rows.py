"""Rows that reading and writing proposals share: a version, its heading, the receipt of a write."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from advisor.store.database.statements import folded, insert_once, not_found, other_write
from advisor.store.tables.proposals import ProposalRow, Receipt, VersionRow
from advisor.store.versions.content import Content, stored_content
from advisor.store.versions.version_records import SavedVersion, VersionInfo

INTEGER_LIMIT = 2**31 - 1
"""The largest number of a version; databases take no more."""
_COLUMNS: tuple[Any, ...] = (
    ProposalRow.author,
    ProposalRow.created_at,
    ProposalRow.updated_at,
    ProposalRow.archived_at,
    VersionRow.version,
    VersionRow.content,
    VersionRow.failures,
)
_INFO: tuple[Any, ...] = tuple(
    VersionRow.__table__.c[name] for name in VersionInfo.__dataclass_fields__
)


def find(connection: Connection, id: str, version: int | None = None) -> Row[Any]:
    """Return one version of a proposal, the latest if none is named.

    Raises:
        NotFoundError: there is no such proposal or version.
    """
    if version is not None and not 1 <= version <= INTEGER_LIMIT:
        raise not_found("version")
    query = (
        select(*_COLUMNS)
        .join(VersionRow, VersionRow.proposal_id == ProposalRow.id)
        .where(ProposalRow.id == id)
        .where(VersionRow.version == (ProposalRow.latest if version is None else version))
    )
    row = connection.execute(query).first()
    if row is None:
        raise not_found("proposal" if version is None else "version")
    return row


def history(connection: Connection, id: str) -> tuple[VersionInfo, ...]:
    """Return every saved change of a proposal, newest first.

    Raises:
        NotFoundError: there is no such proposal.
    """
    query = select(*_INFO).where(VersionRow.proposal_id == id)
    rows = connection.execute(query.order_by(VersionRow.version.desc()))
    changes = tuple(VersionInfo(*row) for row in rows)
    if not changes:
        raise not_found()
    return changes


def content_of(row: Row[Any]) -> Content:
    """Return the content of a row that `find` gave."""
    return stored_content(row.content, row.failures)


def lock(connection: Connection, id: str) -> None:
    """Make other writers of this proposal wait until the transaction ends.

    Raises:
        NotFoundError: there is no such proposal.
    """
    query = select(ProposalRow.id).where(ProposalRow.id == id).with_for_update()
    if connection.execute(query).first() is None:
        raise not_found()


def heading(content: Content, version: int, moment: datetime) -> dict[str, Any]:
    """Return the columns of a proposal that follow its latest version."""
    title = content.draft.title
    return {
        "latest": version,
        "title": title,
        "title_folded": folded(title),
        "updated_at": moment,
    }


def claim(connection: Connection, saved: SavedVersion, author: str, key: str) -> SavedVersion:
    """Write the receipt of a write; return the one that stands: this one, or an earlier one."""
    insert_once(
        connection, Receipt, author=author, key=key, proposal_id=saved.id, version=saved.version
    )
    return receipt(connection, author, key) or saved


def receipt(connection: Connection, author: str, key: str) -> SavedVersion | None:
    """Return what an earlier write with this key led to, or none if there was none."""
    query = select(Receipt.proposal_id, Receipt.version)
    row = connection.execute(query.where(Receipt.author == author, Receipt.key == key)).first()
    return None if row is None else SavedVersion(*row)


def same_write(earlier: SavedVersion, same: bool) -> SavedVersion:
    """Return what the earlier write led to, if this one repeats it.

    Raises:
        ConflictError: the earlier one was a different write.
    """
    if not same:
        raise other_write()
    return earlier
