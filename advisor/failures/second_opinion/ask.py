"""Ask a language model for a second opinion on failures; the cost is known before.

What it says joins the classifier's reading in `advised_reader`. Nothing needs it.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import NamedTuple

from advisor.errors import AdvisorError, Problem
from advisor.failures.second_opinion.injection_flags import talk
from advisor.failures.second_opinion.opinion_cache import OpinionCache
from advisor.failures.second_opinion.prompt import ModeVerdict, question_for, read_verdict
from advisor.models.chat import chat_all
from advisor.models.endpoint import ChatAnswer, Endpoint, EndpointError, Stop, configured, never
from advisor.proposal import Failure

SECONDS = 2.0
"""Seconds that an answer takes, before the first one was measured."""
BYTES_PER_TOKEN = 3.5
"""UTF-8 bytes; English has about 4.5 a token, so that the estimate is rather too high."""


class OpinionEstimate(NamedTuple):
    """What asking would take."""

    requests: int
    cached: int
    """Answered before: these cost nothing."""
    flagged: int
    """Left out, because their texts talk to the judge."""
    tokens_in: int
    tokens_out: int
    """At most: as many as the answers may have."""
    price: float | None
    """At most, in the currency of the settings; None when no price is set."""
    seconds: float


class AskableFailures(NamedTuple):
    """Failures by what can be asked about them."""

    open: tuple[Failure, ...]
    """To ask about: each text once."""
    answered: tuple[Failure, ...]
    flagged: tuple[tuple[Failure, tuple[str, ...]], ...]
    """Not asked about, each with the words in its texts that talk to the judge."""


@dataclass(frozen=True)
class OpinionModel:
    """The model that is asked for a second opinion, and what it has said so far."""

    endpoint: Endpoint
    kept: OpinionCache

    def sorted(self, failures: Sequence[Failure]) -> AskableFailures:
        """Say which failures are open, answered, or talk to the judge."""
        known = self.kept.verdicts(failures)
        flagged = {failure.key: words for failure in failures if (words := talk(failure))}
        free = [failure for failure in failures if failure.key not in flagged]
        return AskableFailures(
            open=tuple(
                {failure.key: failure for failure in free if failure.key not in known}.values()
            ),
            answered=tuple(failure for failure in free if failure.key in known),
            flagged=tuple(
                (failure, flagged[failure.key]) for failure in failures if failure.key in flagged
            ),
        )

    def estimate(self, failures: Sequence[Failure]) -> OpinionEstimate:
        """Return what asking about `failures` would take; nothing is sent."""
        found = self.sorted(failures)
        questions = [question_for(one) for one in found.open]
        size = sum(len(turn.content.encode()) for one in questions for turn in one.messages)
        tokens = math.ceil(size / BYTES_PER_TOKEN), sum(one.max_tokens for one in questions)
        one = self.kept.seconds() or SECONDS
        rounds = math.ceil(len(questions) / self.endpoint.limits.at_once)
        return OpinionEstimate(
            len(questions),
            len(found.answered),
            len(found.flagged),
            *tokens,
            self.endpoint.price(*tokens),
            rounds * one,
        )

    def ask(
        self, failures: Sequence[Failure], stop: Stop = never
    ) -> Generator[tuple[Failure, ModeVerdict | EndpointError], None, None]:
        """Ask about the open ones of `failures`, keep each answer at once, and yield it.

        Closing it, or `stop`, takes back what was not answered yet.

        Raises:
            EndpointError: the model would answer none of them.
            StoreError: an answer cannot be kept.
        """
        to_ask = self.sorted(failures).open
        questions = [question_for(one) for one in to_ask]
        with closing(chat_all(self.endpoint, questions, stop)) as answers:
            for place, answer in answers:
                yield to_ask[place], self._kept(to_ask[place], answer)

    def _kept(
        self, failure: Failure, answer: ChatAnswer | EndpointError
    ) -> ModeVerdict | EndpointError:
        if isinstance(answer, EndpointError):
            return answer
        if verdict := read_verdict(answer.text):
            return self.kept.keep(failure, verdict, answer)
        what = "the answer was cut off" if answer.cut else "the answer names no single mode"
        mend = "A larger model keeps to the form more often"
        return EndpointError(Problem(self.endpoint.model, what, mend))


def judge_model() -> OpinionModel | None:
    """Return the model that the settings name, or None.

    Raises:
        InputError: the settings name only a part of it.
    """
    endpoint = configured()
    return OpinionModel(endpoint, OpinionCache(endpoint.model)) if endpoint else None


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


def start_asking(place: str, judge: OpinionModel, failures: Sequence[Failure]) -> OpinionJob:
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
