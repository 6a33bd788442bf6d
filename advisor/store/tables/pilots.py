"""The tables of pilots: what is to be done, what was found, and who works on it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Double, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from advisor.store.tables.proposals import Base

KEY_LIMIT = 100
"""Characters in the name of a run inside a pilot."""


class PilotData(Base):
    """The cases and documents of one or many pilots, kept once and named by their content."""

    __tablename__ = "pilot_data"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary)


class PilotRow(Base):
    """One pilot: its frozen specification, how far it is, and who works on it."""

    __tablename__ = "pilot"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    author: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(200))
    proposal_id: Mapped[str | None] = mapped_column(ForeignKey("proposal.id"))
    title: Mapped[str]
    hash: Mapped[str] = mapped_column(String(64))
    spec: Mapped[str]
    data: Mapped[str] = mapped_column(ForeignKey("pilot_data.digest"))
    state: Mapped[str] = mapped_column(String(20))
    asked: Mapped[str] = mapped_column(String(20))
    """What a person asked of a running pilot: nothing, `pause` or `cancel`."""
    why: Mapped[str]
    created_at: Mapped[datetime]
    queued_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    needs_gpu: Mapped[bool]
    needs_memory: Mapped[float] = mapped_column(Double)
    worker: Mapped[str | None] = mapped_column(String(40))
    claim: Mapped[int]
    """How often a worker took it; a worker that lost it holds an old number."""
    deaths: Mapped[int]
    spent: Mapped[float] = mapped_column(Double)
    """Seconds that workers spent on it."""
    progress: Mapped[str]
    outcome: Mapped[str | None] = mapped_column(String(40))
    result: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        Index("ix_pilot_key", "author", "key", unique=True),
        Index("ix_pilot_state", "state", "queued_at"),
        Index("ix_pilot_created", "created_at", "id"),
        Index("ix_pilot_proposal", "proposal_id", "created_at"),
    )


class PilotAsk(Base):
    """Who asked what of a pilot and when; the key makes sure that it is asked once."""

    __tablename__ = "pilot_ask"

    author: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    pilot_id: Mapped[str] = mapped_column(ForeignKey("pilot.id"))
    what: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]


class PilotRun(Base):
    """One arm with one seed and one share, without its answers."""

    __tablename__ = "pilot_run"

    pilot_id: Mapped[str] = mapped_column(ForeignKey("pilot.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY_LIMIT), primary_key=True)
    place: Mapped[int]
    record: Mapped[str]


class _OfRun:
    """What belongs to one run."""

    pilot_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY_LIMIT), primary_key=True)


def _of_run() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["pilot_id", "key"], ["pilot_run.pilot_id", "pilot_run.key"])


class PilotAnswers(_OfRun, Base):
    """A block of answers of one run, packed."""

    __tablename__ = "pilot_answers"

    block: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    packed: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (_of_run(),)


class PilotArtifact(_OfRun, Base):
    """A part of a file that a run made, such as the weights of an adapter."""

    __tablename__ = "pilot_artifact"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (_of_run(),)


class PilotLine(Base):
    """One line of the log of a pilot."""

    __tablename__ = "pilot_line"

    pilot_id: Mapped[str] = mapped_column(ForeignKey("pilot.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    text: Mapped[str]


class PilotVerdict(Base):
    """What a pilot says about the proposal that it was made for."""

    __tablename__ = "pilot_verdict"

    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    pilot_id: Mapped[str] = mapped_column(ForeignKey("pilot.id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(40))
    because: Mapped[str]
    at: Mapped[datetime]


class WorkerRow(Base):
    """One process that runs pilots, and when it was last seen."""

    __tablename__ = "worker"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    host: Mapped[str] = mapped_column(String(200))
    pid: Mapped[int]
    what: Mapped[str]
    """Its machine in words."""
    gpu: Mapped[bool]
    memory: Mapped[float] = mapped_column(Double)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class PriceRow(Base):
    """One price that people set, by name."""

    __tablename__ = "price"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    amount: Mapped[float] = mapped_column(Double)
    author: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
