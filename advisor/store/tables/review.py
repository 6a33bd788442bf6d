"""The tables of review: people, roles, tokens, where proposals stand, decisions, approvals."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Double, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from advisor.store.tables.proposals import Base


class PersonRow(Base):
    """A person. Name and address stand here and nowhere else, so that they can be erased."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    """In small letters."""
    subject: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the provider and of what it calls this person; none before they sign in."""
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_person_email", "email", unique=True),
        Index("ix_person_subject", "subject", unique=True),
    )


class RoleRow(Base):
    """A role that a person holds now, and who gave it."""

    __tablename__ = "person_role"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    given_by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_person_role_role", "role"),)


class TokenRow(Base):
    """A token with which a program acts for a person in one of their roles; never the token itself.

    The person's id stands here and nothing else about them, so nothing is left to erase.
    """

    __tablename__ = "api_token"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the token."""
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(20))
    given_by: Mapped[str] = mapped_column(String(200))
    given_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """To the minute."""
    taken_by: Mapped[str | None] = mapped_column(String(200))
    taken_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_api_token_digest", "digest", unique=True),
        Index("ix_api_token_person", "person_id", "given_at"),
    )


class ReviewKey(Base):
    """What a write of the review with a key was and led to, so that repeating it writes nothing."""

    __tablename__ = "review_key"

    actor: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    what: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what was asked."""
    result: Mapped[str] = mapped_column(String(40))


class ReviewRow(Base):
    """Where a proposal stands, for the version that was last moved; none yet means a draft."""

    __tablename__ = "review"

    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    content: Mapped[str] = mapped_column(String(64))
    tier: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime]
    pilot: Mapped[str | None] = mapped_column(ForeignKey("pilot.id"))
    """The pilot that was handed in for this version."""
    evidence: Mapped[str | None]
    """What it found about fine-tuning, as JSON."""
    asked: Mapped[str] = mapped_column(String(20))
    """What is wanted, as `Asked` names it."""
    agreed: Mapped[int]
    """How many people agreed since it stands here."""
    agreed_risk: Mapped[bool]
    """Whether one of them came from risk."""
    against: Mapped[bool]
    """Whether the advisor recommended something else when it was moved here."""
    stale: Mapped[bool]
    """Whether something changed in the world since its evidence, when that was looked at last."""

    __table_args__ = (Index("ix_review_state", "state", "since"),)


class DecisionRow(Base):
    """One move, or one vote for a move, with its reason. Never changed."""

    __tablename__ = "decision"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"))
    place: Mapped[int]
    """Counts the decisions about a proposal from 1."""
    version: Mapped[int]
    content: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(20))
    tier: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str]
    detail: Mapped[str]
    """Checklist, caps, what was overridden and why, as JSON."""
    rules: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]

    __table_args__ = (
        Index("ix_decision_proposal", "proposal_id", "place", unique=True),
        Index("ix_decision_action", "action", "at"),
        Index("ix_decision_actor", "actor", "proposal_id"),
    )


class ConditionRow(Base):
    """One thing that an approval depends on: who does it, and by when."""

    __tablename__ = "decision_condition"

    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str]
    owner: Mapped[str] = mapped_column(ForeignKey("person.id"))
    due: Mapped[date]
    met_by: Mapped[str | None] = mapped_column(String(200))
    met_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_decision_condition_owner", "owner", "due"),)


class LeaseRow(Base):
    """An approval with its end, and what it was given for."""

    __tablename__ = "lease"

    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"))
    kind: Mapped[str] = mapped_column(String(20))
    granted_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    override: Mapped[bool]
    minutes: Mapped[float | None] = mapped_column(Double)
    compute: Mapped[float | None] = mapped_column(Double)
    """Floating-point operations of training."""
    baseline: Mapped[str]
    """What it rests on, as JSON: base model, data set, the rules that fired."""
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str]

    __table_args__ = (
        Index("ix_lease_proposal", "proposal_id", "granted_at"),
        Index("ix_lease_expires", "expires_at"),
    )


class NoticeRow(Base):
    """Something changed in the world that ends approvals which rest on it."""

    __tablename__ = "notice"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(500))
    """The base model or data set, folded."""
    note: Mapped[str]
    actor: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_notice_subject", "subject", "at"),)


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
