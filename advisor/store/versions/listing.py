"""The list of proposals: one page of it, and what is noted there beside the versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from advisor.errors import InputError, Problem
from advisor.store.database.statements import folded, is_plain, not_found
from advisor.store.tables.proposals import ProposalRow
from advisor.store.versions.version_records import ListedProposal, ProposalPage, Sort

PAGE_LIMIT = 500
"""Rows in one page."""
_OFFSET_LIMIT = 2**31 - 1
_COLUMNS: tuple[Any, ...] = (
    ProposalRow.id,
    ProposalRow.latest,
    ProposalRow.title,
    ProposalRow.author,
    ProposalRow.created_at,
    ProposalRow.updated_at,
    ProposalRow.recommendation,
    ProposalRow.confidence,
    ProposalRow.abstained,
    ProposalRow.assessed_version,
)
_ORDERS: dict[Sort, tuple[Any, ...]] = {
    "updated": (ProposalRow.updated_at.desc(), ProposalRow.id.desc()),
    "created": (ProposalRow.created_at.desc(), ProposalRow.id.desc()),
    "title": (ProposalRow.title_folded, ProposalRow.id),
}


def page(
    connection: Connection, wanted: list[ColumnElement[bool]], sort: Sort, offset: int, limit: int
) -> ProposalPage:
    """Return the rows from `offset` on that fulfil every condition, and how many do in all."""
    if sort not in _ORDERS:
        what = f"{str(sort)[:40]!r} is not an order"
        raise InputError(Problem("sort", what, f"Use {', '.join(get_args(Sort))}"))
    total = connection.execute(select(func.count()).select_from(ProposalRow).where(*wanted))
    rows = connection.execute(
        select(*_COLUMNS)
        .where(*wanted)
        .order_by(*_ORDERS[sort])
        .offset(min(max(offset, 0), _OFFSET_LIMIT))
        .limit(min(max(limit, 0), PAGE_LIMIT))
    )
    return ProposalPage(tuple(ListedProposal(*row) for row in rows), total.scalar_one())


def conditions(
    search: str, author: str | None, recommendation: str | None, archived: bool
) -> list[ColumnElement[bool]] | None:
    """Turn what was asked for into conditions; none when no row can fulfil them.

    Every word of `search` must be in the title, whatever its case; `%` and `_` are plain letters.
    """
    if not all(is_plain(text) for text in (search, author or "", recommendation or "")):
        return None
    hidden = ProposalRow.archived_at
    wanted: list[ColumnElement[bool]] = [hidden.is_not(None) if archived else hidden.is_(None)]
    wanted += [
        ProposalRow.title_folded.contains(word, autoescape=True) for word in folded(search).split()
    ]
    exact = {ProposalRow.author: author, ProposalRow.recommendation: recommendation}
    return wanted + [column == value for column, value in exact.items() if value is not None]


def is_noted(connection: Connection, id: str, noted: Mapping[str, Any]) -> bool:
    """Tell whether the list says all this of a proposal already."""
    columns = [ProposalRow.__table__.c[name] for name in noted]
    query = select(*columns).where(ProposalRow.id == id)
    return tuple(connection.execute(query).one()) == tuple(noted.values())


def note(connection: Connection, id: str, version: int, noted: Mapping[str, Any]) -> None:
    """Note what triage said about a version, unless a newer one was assessed."""
    assessed = ProposalRow.assessed_version
    older = or_(assessed.is_(None), assessed <= version)
    here = update(ProposalRow).where(ProposalRow.id == id, older)
    connection.execute(here.values(dict(noted)))


def set_archived(connection: Connection, id: str, at: datetime | None) -> None:
    """Take a proposal off the list, or put it back.

    Raises:
        NotFoundError: there is no such proposal.
    """
    here = update(ProposalRow).where(ProposalRow.id == id)
    if not connection.execute(here.values(archived_at=at)).rowcount:
        raise not_found()
