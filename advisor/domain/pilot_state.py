"""What the store gives back about pilots and workers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

PilotState = Literal["queued", "running", "paused", "done", "failed", "cancelled"]
"""`failed`: no arm gave an answer."""
Ask = Literal["pause", "resume", "cancel"]
OVER: frozenset[str] = frozenset({"done", "failed", "cancelled"})
"""States that nothing follows on."""


@dataclass(frozen=True)
class Needs:
    """What a machine must have to run a pilot."""

    memory_gb: float
    gpu: bool = False


@dataclass(frozen=True)
class PilotInfo:
    """One pilot without its data, its answers and its result."""

    id: str
    author: str
    title: str
    hash: str
    proposal_id: str | None
    state: PilotState
    asked: str
    """What was asked of a running pilot and is not done yet: nothing, `pause` or `cancel`."""
    why: str
    """Why it waits, was paused or failed, in plain words with the mend."""
    created_at: datetime
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    needs_gpu: bool
    needs_memory: float
    """GB."""
    worker: str | None
    deaths: int
    """How many workers ended in the middle of it since a person last resumed it."""
    spent: float
    """Seconds."""
    progress: str
    """The last snapshot, as JSON; empty before the first."""
    outcome: str | None
    """Confirmed, contradicted or inconclusive, once it is done."""

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in OVER


@dataclass(frozen=True)
class Worker:
    """One process that runs pilots, and the machine that it runs on."""

    id: str
    host: str
    pid: int
    what: str
    """The machine in words."""
    gpu: bool
    memory: float
    """GB."""

    def can(self, needs_memory: float, needs_gpu: bool) -> bool:
        """Tell whether this machine has what a pilot needs."""
        return self.memory >= needs_memory and (self.gpu or not needs_gpu)


@dataclass(frozen=True)
class Claim:
    """The right of one worker to write about one pilot, until another one takes it over."""

    pilot: str
    worker: str
    number: int
    spent: float
    """Seconds that were spent on the pilot before."""


@dataclass(frozen=True)
class LogLine:
    """One line of the log of a pilot."""

    number: int
    at: datetime
    text: str


@dataclass(frozen=True)
class NotedVerdict:
    """What a pilot says about the proposal that it was made for."""

    pilot: str
    outcome: str
    because: str
    at: datetime


@dataclass(frozen=True)
class Price:
    """One price that people set."""

    name: str
    amount: float
    author: str
    at: datetime
