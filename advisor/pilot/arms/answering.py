"""What arms do alike: which cases they train on, how far they are, what their answers take."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from advisor.core.process_memory import peak_memory
from advisor.domain.cases import Case
from advisor.domain.pilot_result import ArmAnswer
from advisor.pilot.arms.arm import ArmJob, Progress
from advisor.pilot.data.splitting import share_of


def training_cases(job: ArmJob) -> tuple[Case, ...]:
    """Return the training cases that a run may use."""
    return share_of(job.frozen.data.train, job.share, job.seed)


Answerer = Callable[[ArmJob, Sequence[Case]], Iterator[ArmAnswer]]
"""Answers to the open cases."""


def answering(answer: Answerer) -> Callable[[ArmJob], Iterator[ArmAnswer]]:
    """Return `answer` as an arm runs it: only open cases, counted."""

    def run(job: ArmJob) -> Iterator[ArmAnswer]:
        if cases := job.open_cases:
            yield from metered(job, answer(job, cases))

    return run


def metered(job: ArmJob, answers: Iterable[ArmAnswer]) -> Iterator[ArmAnswer]:
    """Pass answers on; tell how far the arm is, and note down what they took."""
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
