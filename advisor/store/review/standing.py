"""Statements about where a proposal stands under review; the caller of each locks the proposal."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    exists,
    false,
    or_,
    select,
    true,
    update,
)

from advisor.core.strict import canonical
from advisor.domain.lifecycle import OPEN, Role, State
from advisor.domain.review import Decision, Standing, Subject
from advisor.domain.review_queue import (
    AskedDecision,
)
from advisor.store.database.statements import replace_rows
from advisor.store.tables.proposals import FailureSet, ProposalRow, VersionRow
from advisor.store.tables.review import LeaseRow, ReviewRow
from advisor.store.versions import version_rows


def subject(connection: Connection, id: str) -> Subject:
    """Return the latest version of a proposal.

    Raises:
        NotFoundError: there is no such proposal.
    """
    found = version_rows.find(connection, id)
    query = (
        select(
            VersionRow.fingerprint,
            ProposalRow.title,
            FailureSet.count,
            ProposalRow.recommendation,
            ProposalRow.assessed_version,
        )
        .join(ProposalRow, ProposalRow.id == VersionRow.proposal_id)
        .join(FailureSet, FailureSet.digest == VersionRow.failures)
        .where(VersionRow.proposal_id == id, VersionRow.version == found.version)
    )
    content, title, failures, advice, assessed = connection.execute(query).one()
    draft = version_rows.content_of(found).draft
    return Subject(id, found.version, content, title, draft, failures, advice, assessed)


def of(connection: Connection, about: Subject) -> Standing:
    """Return where a proposal stands; one that was never submitted is a draft."""
    if found := submitted(connection, about.proposal):
        return found
    at = select(ProposalRow.updated_at).where(ProposalRow.id == about.proposal)
    since = connection.execute(at).scalar_one()
    return Standing(about.proposal, State.DRAFT, about.version, about.content, "", since)


def submitted(connection: Connection, id: str) -> Standing | None:
    """Return where a proposal stands that was ever handed in for review; none for others."""
    query = select(*ReviewRow.__table__.columns).where(ReviewRow.proposal_id == id)
    row = connection.execute(query).first()
    return standing_of(row) if row else None


def standing_of(row: Iterable[Any]) -> Standing:
    """Return where a proposal stands from its row."""
    given = dict(zip(ReviewRow.__table__.columns.keys(), row, strict=True))
    evidence = json.loads(given["evidence"]) if given["evidence"] else {}
    return Standing(
        proposal=given["proposal_id"],
        state=State(given["state"]),
        version=given["version"],
        content=given["content"],
        tier=given["tier"],
        since=given["since"],
        pilot=given["pilot"],
        evidence=evidence,
        against=given["against"],
        stale=given["stale"],
    )


def write(connection: Connection, where: Standing) -> None:
    """Write where a proposal stands; votes count anew from here."""
    values = {
        "proposal_id": where.proposal,
        "state": where.state,
        "version": where.version,
        "content": where.content,
        "tier": where.tier,
        "since": where.since,
        "pilot": where.pilot,
        "evidence": canonical(dict(where.evidence)) if where.evidence else None,
        "asked": _asked(connection, where.proposal, where.state),
        "agreed": 0,
        "agreed_risk": False,
        "against": where.against,
        "stale": False,
    }
    replace_rows(connection, ReviewRow, [values])


def _asked(connection: Connection, id: str, state: State) -> str:
    """Return what is wanted of a proposal in a state; nothing where nobody must decide."""
    if state not in OPEN:
        return ""
    adopted = exists().where(LeaseRow.proposal_id == id, LeaseRow.kind == "adoption")
    if connection.execute(select(adopted)).scalar():
        return AskedDecision.RENEWAL
    return AskedDecision.PILOT if state is State.SUBMITTED else AskedDecision.ADOPTION


def count_vote(connection: Connection, made: Decision) -> None:
    """Count one who agreed to what stays where it is until others agree, too."""
    from_risk = or_(ReviewRow.agreed_risk, true() if made.role == Role.RISK else false())
    here = update(ReviewRow).where(ReviewRow.proposal_id == made.proposal)
    connection.execute(here.values(agreed=ReviewRow.agreed + 1, agreed_risk=from_risk))


def set_stale(connection: Connection, id: str, since: datetime, stale: bool) -> None:
    """Write down whether the evidence of what stands there since then is stale."""
    here = (ReviewRow.proposal_id == id, ReviewRow.since == since)
    connection.execute(update(ReviewRow).where(*here).values(stale=stale))


def titles(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Return titles of proposals by id, of those that there are."""
    query = select(ProposalRow.id, ProposalRow.title).where(ProposalRow.id.in_(sorted(set(ids))))
    return {id: title for id, title in connection.execute(query)}
