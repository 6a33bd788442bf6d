"""Asking in the background, so that a screen can be left, drawn again, or stop it."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field

from advisor.errors import AdvisorError
from advisor.failures.second_opinion.ask import OpinionModel
from advisor.models.endpoint import EndpointError
from advisor.proposal import Failure


@dataclass
class OpinionJob:
    """One run of questions; what it has answered is kept, also when it is stopped."""

    total: int
    done: int = 0
    refused: list[str] = field(default_factory=list)
    """Why single failures have no answer."""
    failed: str = ""
    """Why it ended early."""
    stopped: bool = False
    running: bool = True
    begun: float = field(default_factory=time.monotonic)

    @property
    def seconds_left(self) -> float | None:
        """Return the time left at the present pace; None before the first answer."""
        if not self.done:
            return None
        return (time.monotonic() - self.begun) / self.done * (self.total - self.done)

    def stop(self) -> None:
        """Ask nothing more, and take back what is being asked."""
        self.stopped = True


_jobs: dict[str, OpinionJob] = {}
_starting = threading.Lock()


def job_of(place: str) -> OpinionJob | None:
    """Return the job of a proposal, running or ended, if this process had one."""
    return _jobs.get(place)


def start(place: str, judge: OpinionModel, failures: Sequence[Failure]) -> OpinionJob:
    """Begin to ask about `failures`; while a job of the same place runs, return that one."""
    with _starting:
        before = _jobs.get(place)
        if before and before.running:
            return before
        job = _jobs[place] = OpinionJob(judge.estimate(failures).requests)
        threading.Thread(target=_run, args=(job, judge, failures), daemon=True).start()
        return job


def _run(job: OpinionJob, judge: OpinionModel, failures: Sequence[Failure]) -> None:
    try:
        with closing(judge.ask(failures, lambda: job.stopped)) as answers:
            for _, answer in answers:
                job.done += 1
                if isinstance(answer, EndpointError):
                    job.refused.append(str(answer))
    except AdvisorError as error:
        job.failed = str(error)
    finally:
        job.running = False
