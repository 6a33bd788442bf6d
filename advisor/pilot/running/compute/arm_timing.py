"""How long an arm takes, found out by letting it answer a few cases, or train a few steps."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from advisor.domain.cases import Case
from advisor.domain.frozen_pilot import Frozen
from advisor.pilot.arms.arm import Arm, ArmJob, Progress, Stage
from advisor.pilot.metrics import score_all
from advisor.pilot.running.compute.messages import MeasuredMessage
from advisor.pilot.running.compute.steps import PilotStep

SIZES = (1, 4, 16)
"""Cases answered one time after another; the first time also loads what is needed."""
ENOUGH = 2.0
"""Seconds after which a larger sample says little more."""
LIMIT = 6.0
"""Seconds for which training or searching is watched before it is told to stop."""


@dataclass
class _Watch:
    """Looks at one run, and stops it when it has been seen for long enough."""

    stopped: Callable[[], bool]
    began: float = field(default_factory=time.monotonic)
    stage: Stage = "preparing"
    since: float = 0.0
    """When the stage began, in seconds from the beginning."""
    last: Progress | None = None
    answers: int = 0

    @property
    def now(self) -> float:
        return time.monotonic() - self.began

    def tell(self, progress: Progress) -> None:
        if progress.stage != self.stage:
            self.stage, self.since = progress.stage, self.now
        if progress.done:
            self.last = progress

    def stop(self) -> bool:
        seen = self.answers or (self.last is not None and self.last.stage == self.stage)
        return self.stopped() or (self.now > LIMIT and bool(seen))

    def whole_stage(self) -> float:
        """Return how long the stage will have taken from the beginning on, by how far it is."""
        if self.last is None or not self.last.done:
            return self.now
        if self.last.seconds_left is not None:
            return self.now + self.last.seconds_left
        return self.since + (self.now - self.since) * self.last.total / self.last.done


def pace_of(
    arm: Arm, step: PilotStep, frozen: Frozen, folder: Path, stopped: Callable[[], bool]
) -> MeasuredMessage:
    """Run an arm on a few cases and return what it takes.

    Args:
        arm: which one.
        step: with which seed.
        frozen: the pilot.
        folder: for what it writes; nothing of it is kept.
        stopped: asked often; when true what is known by then is returned.
    """
    first, took = 0.0, {}
    for size in SIZES:
        sample = spread_by_length(frozen.data.test, size)
        watch = _Watch(stopped)
        part = replace(frozen, data=replace(frozen.data, test=sample))
        job = ArmJob(part, folder, step.seed, 1.0, watch.tell, watch.stop)
        given = []
        for one in arm.answer(job):
            given.append(one)
            watch.answers += 1
        score_all(part, given, stopped)
        if watch.answers < len(sample):
            each = watch.now / watch.answers if watch.answers else None
            return MeasuredMessage(once=first or watch.whole_stage(), each=each)
        first = first or watch.now
        took[len(sample)] = watch.now
        if (watch.now > ENOUGH and len(took) > 1) or len(sample) == len(frozen.data.test):
            break
    each = _each(took)
    return MeasuredMessage(once=max(0.0, first - each), each=each)


def _each(took: dict[int, float]) -> float:
    """Return the seconds an answer.

    What an arm does once for all cases counts too much in the time of a few, and what it does once
    for a batch too little in the difference of two samples: the truth lies between.
    """
    (size, whole), *_ = sorted(took.items(), reverse=True)
    mean = whole / size
    timed = sorted(took.items())[1:]
    if len(timed) < 2:
        return mean
    (few, short), (many, long) = timed[-2:]
    slope = (long - short) / (many - few)
    return math.sqrt(mean * slope) if slope > 0 else mean


def spread_by_length(cases: Sequence[Case], size: int) -> tuple[Case, ...]:
    """Return so many cases that stand for all by their length."""
    by_length = sorted(cases, key=lambda case: (len(case.input) + len(case.expected), case.id))
    size = min(size, len(by_length))
    return tuple(by_length[int((place + 0.5) * len(by_length) / size)] for place in range(size))
