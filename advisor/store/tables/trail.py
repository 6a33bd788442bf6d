"""The table of the audit trail; triggers of the migration refuse every change but the next row."""

from __future__ import annotations

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from advisor.store.tables.proposals import Base

_LOOKS = text("action = 'view_dossier'")


class TrailRow(Base):
    """One event; texts are kept exactly as they were hashed, the time too."""

    __tablename__ = "trail"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(60))
    proposal: Mapped[str | None] = mapped_column(String(40))
    version: Mapped[int | None]
    content: Mapped[str | None] = mapped_column(String(64))
    rules: Mapped[str | None] = mapped_column(String(64))
    detail: Mapped[str]
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index("ix_trail_proposal", "proposal", "seq"),
        Index("ix_trail_actor", "actor", "seq"),
        Index(
            "ix_trail_looks",
            "actor",
            "proposal",
            "seq",
            sqlite_where=_LOOKS,
            postgresql_where=_LOOKS,
        ),
    )
