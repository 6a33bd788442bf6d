"""The tables of what people say about a proposal under review beside decisions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from advisor.store.tables.proposals import Base


class CommentRow(Base):
    """One comment. Never changed."""

    __tablename__ = "review_comment"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"))
    version: Mapped[int]
    """The version that was the latest when it was written."""
    actor: Mapped[str] = mapped_column(String(200))
    text: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (Index("ix_review_comment_proposal", "proposal_id", "at"),)


class RatingRow(Base):
    """Which of two outputs a person preferred before they knew whose they are. Never changed."""

    __tablename__ = "blind_rating"

    pilot_id: Mapped[str] = mapped_column(ForeignKey("pilot.id"), primary_key=True)
    person: Mapped[str] = mapped_column(String(200), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    preferred: Mapped[str] = mapped_column(String(40))
    """The arm; empty where they saw no difference."""
    at: Mapped[datetime]
