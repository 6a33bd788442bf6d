"""The tables. A change here needs a migration; a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

TITLE_LIMIT = 500
"""Characters of a title that search and sorting see: an index row of PostgreSQL has 2.7 kB."""


class UtcTime(TypeDecorator[datetime]):
    """An instant: always with a time zone in Python, always UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; a time without a zone is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite forgets the zone, PostgreSQL gives the one of the connection."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables; names every constraint so that migrations can change it."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )
    type_annotation_map = {datetime: UtcTime, str: Text}


SORTED_TEXT = String(TITLE_LIMIT).with_variant(String(TITLE_LIMIT, collation="C"), "postgresql")
"""Sorted by code point, so that both databases give the same order."""
_SHOWN = text("archived_at IS NULL")


def _shown(name: str, *columns: str) -> Index:
    return Index(name, *columns, sqlite_where=_SHOWN, postgresql_where=_SHOWN)


class ProposalRow(Base):
    """One proposal: what the list shows. Its content is in its versions."""

    __tablename__ = "proposal"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    author: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    latest: Mapped[int]
    title: Mapped[str]
    title_folded: Mapped[str] = mapped_column(SORTED_TEXT)
    recommendation: Mapped[str | None] = mapped_column(String(100))
    confidence: Mapped[float | None] = mapped_column(Double)
    abstained: Mapped[bool | None]
    assessed_version: Mapped[int | None]
    fingerprints: Mapped[str | None]

    __table_args__ = (
        _shown("ix_proposal_updated", "updated_at", "id"),
        _shown("ix_proposal_created", "created_at", "id"),
        _shown("ix_proposal_title", "title_folded", "id"),
        _shown("ix_proposal_author", "author", "updated_at", "id"),
        _shown("ix_proposal_recommendation", "recommendation", "updated_at", "id"),
    )


class FailureSet(Base):
    """The failures of one or many versions, kept once and named by their content."""

    __tablename__ = "failure_set"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    packed: Mapped[bytes] = mapped_column(LargeBinary)


class VersionRow(Base):
    """One saved change: the whole content but the failures, as canonical JSON."""

    __tablename__ = "version"

    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    author: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    summary: Mapped[str]
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    content: Mapped[str]
    failures: Mapped[str] = mapped_column(ForeignKey("failure_set.digest"))

    __table_args__ = (Index("ix_version_author", "author", "proposal_id"),)


class Receipt(Base):
    """What a write with a key led to, so that repeating it writes nothing."""

    __tablename__ = "receipt"

    author: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    proposal_id: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]

    __table_args__ = (
        # Checked at the end: the receipt is written first, so that only one writer goes on.
        ForeignKeyConstraint(
            ["proposal_id", "version"],
            ["version.proposal_id", "version.version"],
            deferrable=True,
            initially="DEFERRED",
        ),
    )


class LabelRow(Base):
    """What one person said one failure is, with the texts needed to learn from it."""

    __tablename__ = "label"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    author: Mapped[str] = mapped_column(String(200), primary_key=True)
    mode: Mapped[str] = mapped_column(String(40))
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"))
    failure_id: Mapped[str]
    at: Mapped[datetime]
    settles: Mapped[bool]
    texts: Mapped[str]

    __table_args__ = (Index("ix_label_at", "at"),)


class LearnedRow(Base):
    """One version of what corrections taught; the layer is safetensors, the figures are JSON."""

    __tablename__ = "learned"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    author: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    labels: Mapped[int]
    base: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[str] = mapped_column(String(64))
    figures: Mapped[str]
    layer: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (Index("ix_learned_key", "author", "key", unique=True),)


class LearnedUse(Base):
    """Who put which version to use, one row a change; the last one counts. 0 is as shipped."""

    __tablename__ = "learned_use"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    author: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_learned_use_key", "author", "key", unique=True),)
