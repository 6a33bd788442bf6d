"""What an arm is, and what it may use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from advisor.domain.cases import Case
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmAnswer, Loss, Usage
from advisor.domain.pilot_spec import ArmName
from advisor.vocabulary import Combination

Stage = Literal["preparing", "training", "answering"]


class Progress(NamedTuple):
    """How far an arm is."""

    stage: Stage
    done: int
    total: int
    """Of `done`: steps, cases or whatever the stage counts."""
    seconds_left: float | None = None
    loss: float | None = None
    """Of the last training step."""
    say: str = ""
    """A line for the log."""


@dataclass
class ArmNotes:
    """What an arm notes down beside its answers; the runner keeps it with the run."""

    usage: Usage = Usage()
    losses: list[Loss] = field(default_factory=list)
    details: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ArmJob:
    """One run of one arm: what it works on, where it may write, and whom it tells."""

    frozen: Frozen
    folder: Path
    """For checkpoints and the adapter; what lies there from an interrupted run is gone on with."""
    seed: int
    share: float
    """Of the training side that may be used; the same seed gives nested shares."""
    tell: Callable[[Progress], None]
    stop: Callable[[], bool]
    """Asked several times a second; when true the arm ends in order, as soon as it can."""
    done: frozenset[str] = frozenset()
    """Ids of test cases that are answered already."""
    notes: ArmNotes = field(default_factory=ArmNotes)

    @property
    def open_cases(self) -> tuple[Case, ...]:
        """The test cases that have no answer yet."""
        return tuple(case for case in self.frozen.data.test if case.id not in self.done)


@dataclass(frozen=True)
class Arm:
    """One way of solving the task."""

    name: ArmName
    title: str
    what: str
    """One sentence for people."""
    remedies: Combination
    """The remedies that it stands for."""
    trains: bool
    """Whether its outcome depends on a seed and on how many examples it trains on."""
    unfit: Callable[[Frozen], str]
    """Why it cannot run on this specification, in plain words; empty if it can."""
    answer: Callable[[ArmJob], Iterator[ArmAnswer]]
    """Answers to the test cases that are not `done`, without scores, as they come."""
