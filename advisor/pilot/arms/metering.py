"""What arms do alike: which cases are open, what was taken, how far they are."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import psutil

from advisor.domain.cases import Case
from advisor.domain.pilot_result import ArmAnswer
from advisor.pilot.arms.arm import ArmJob, Progress
from advisor.pilot.data.splitting import share_of
from advisor.pilot.retrieving.lookup import SearchWatch

if sys.platform != "win32":
    import resource


def open_cases(job: ArmJob) -> tuple[Case, ...]:
    """Return the test cases that have no answer yet."""
    return tuple(case for case in job.frozen.data.test if case.id not in job.done)


def training_side(job: ArmJob) -> tuple[Case, ...]:
    """Return the training cases that this run may use."""
    return share_of(job.frozen.data.train, job.share, job.seed)


def look_of(job: ArmJob, say: str) -> SearchWatch:
    """Return how a search tells this job how far it is."""

    def tell(done: int, total: int) -> None:
        job.tell(Progress("preparing", done, total, say=say if done == total else ""))

    return SearchWatch(tell, job.stop)


def metered(job: ArmJob, answers: Iterable[ArmAnswer]) -> Iterator[ArmAnswer]:
    """Pass answers on; tell how far the arm is, and note in its notes what they took."""
    meter = _Meter(job, len(job.frozen.data.test), len(job.done))
    for given in answers:
        meter.note(given)
        yield given


@dataclass
class _Meter:
    job: ArmJob
    total: int
    done: int
    _first: float | None = None
    """When the first answer came; training and searching are over by then."""
    _since: int = 0
    """Answers after the first."""

    def note(self, given: ArmAnswer) -> None:
        used = self.job.notes.usage
        self.job.notes.usage = used.model_copy(
            update={
                "tokens_in": used.tokens_in + given.tokens_in,
                "tokens_out": used.tokens_out + given.tokens_out,
                "answering_seconds": used.answering_seconds + given.seconds,
                "memory_mb": peak_memory(),
            }
        )
        self.done += 1
        self.job.tell(Progress("answering", self.done, self.total, self._seconds_left()))

    def _seconds_left(self) -> float | None:
        now = time.monotonic()
        if self._first is None:
            self._first = now
            return None
        self._since += 1
        return (now - self._first) / self._since * (self.total - self.done)


def peak_memory() -> float:
    """Return the most memory that this process has held, in MB."""
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset / 1e6)

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


Answerer = Callable[[ArmJob, Sequence[Case]], Iterator[ArmAnswer]]
"""Answers to the open cases."""


def answering(answer: Answerer) -> Callable[[ArmJob], Iterator[ArmAnswer]]:
    """Return `answer` as an arm runs it: only open cases, counted."""

    def run(job: ArmJob) -> Iterator[ArmAnswer]:
        if cases := open_cases(job):
            yield from metered(job, answer(job, cases))

    return run
