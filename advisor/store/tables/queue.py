"""The table of what is to be told outside: written with what it tells, sent afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from advisor.store.tables.proposals import Base


class OutboxRow(Base):
    """One message to one person, or to the webhook. It names nobody but by id."""

    __tablename__ = "outbox"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of what is told, the way and the person: nothing is put in twice."""
    channel: Mapped[str] = mapped_column(String(20))
    person: Mapped[str] = mapped_column(String(40))
    """Empty for the webhook."""
    kind: Mapped[str] = mapped_column(String(40))
    proposal_id: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str]
    """Ids, days and figures that the words are made of, as JSON."""
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    """When to try; while somebody tries, when another one may."""
    tries: Mapped[int]
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    problem: Mapped[str]
    """Why the last try failed."""

    __table_args__ = (
        Index("ix_outbox_next", "sent_at", "given_up_at", "next_at"),
        Index("ix_outbox_given_up", "given_up_at"),
    )
