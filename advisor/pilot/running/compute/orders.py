"""What the computing process does with an order."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_spec import ArmName
from advisor.errors import InputError, Problem
from advisor.pilot.arms.arm import Arm, ArmJob, ArmNotes, Progress
from advisor.pilot.metrics import score_all
from advisor.pilot.running.compute.answer_outbox import AnswerOutbox
from advisor.pilot.running.compute.arm_timing import pace_of
from advisor.pilot.running.compute.checking import findings
from advisor.pilot.running.compute.messages import (
    CheckedMessage,
    ComputeMessage,
    EndedMessage,
    ProgressMessage,
    WorkOrder,
)
from advisor.pilot.running.compute.steps import PilotStep, in_random_order

EVERY = 0.25
"""Seconds between two words about progress."""
MANY, PART = 300, 200
"""Of more test cases than `MANY`, so many are given to an arm at once: it may answer them in any
order, and only parts that are whole say whether it may stop early."""


@dataclass(frozen=True)
class OrderContext:
    """What every order is done with."""

    frozen: Frozen
    folder: Path
    arms: Mapping[ArmName, Arm]
    send: Callable[[ComputeMessage], None]
    stop: Callable[[], bool]


@dataclass
class _Teller:
    """Passes on how far an arm is, not too often."""

    send: Callable[[ComputeMessage], None]
    _last: float = -math.inf

    def __call__(self, now: Progress) -> None:
        moment = time.monotonic()
        if now.say or now.done >= now.total or moment - self._last >= EVERY:
            self._last = moment
            loss = now.loss if now.loss is not None and math.isfinite(now.loss) else None
            self.send(ProgressMessage(**{**now._asdict(), "loss": loss}))


def run(context: OrderContext, order: WorkOrder) -> EndedMessage:
    """Let an arm answer the test cases that have no answer yet."""
    step = _step(order)
    arm = context.arms[step.arm]
    if why := arm.unfit(context.frozen):
        return EndedMessage(state="failed", why=why)
    left = len(context.frozen.data.test) - len(order.done)
    score = partial(score_all, context.frozen, stop=context.stop)
    with AnswerOutbox(context.send, score) as outbox:
        for job in _jobs(context, step, frozenset(order.done), outbox.notes):
            for given in arm.answer(job):
                outbox.put(given)
                left -= 1
    if left and not context.stop():
        return EndedMessage(state="failed", why=f"It left {left} of the cases without an answer.")
    return EndedMessage(state="stopped" if left else "done")


def measure(context: OrderContext, order: WorkOrder) -> EndedMessage:
    """Find out how long an arm takes."""
    step = _step(order)
    arm, folder = context.arms[step.arm], context.folder / step.key
    if why := arm.unfit(context.frozen):
        return EndedMessage(state="failed", why=why)
    folder.mkdir(parents=True, exist_ok=True)
    context.send(ProgressMessage(stage="preparing", done=0, total=1))
    context.send(pace_of(arm, step, context.frozen, folder, context.stop))
    return EndedMessage()


def _step(order: WorkOrder) -> PilotStep:
    if order.step is None:
        raise InputError(Problem("order", "names no step", "Update worker and advisor together"))
    return order.step


def _jobs(
    context: OrderContext, step: PilotStep, done: frozenset[str], notes: Callable[[], ArmNotes]
) -> Iterator[ArmJob]:
    """Yield the work in parts that stand for the whole, so that it may be looked at in between."""
    folder = context.folder / step.key
    folder.mkdir(parents=True, exist_ok=True)
    tell = _Teller(context.send)
    for part in parts(context.frozen):
        if context.stop():
            return
        answered = frozenset(case.id for case in part.data.test if case.id in done)
        if len(answered) < len(part.data.test):
            yield ArmJob(part, folder, step.seed, step.share, tell, context.stop, answered, notes())


def parts(frozen: Frozen) -> Iterator[Frozen]:
    """Yield the pilot with its test cases in random order, many of them in several parts."""
    cases = in_random_order(frozen.data.test, 0)
    size = PART if len(cases) > MANY else len(cases)
    for first in range(0, len(cases), max(1, size)):
        yield replace(frozen, data=replace(frozen.data, test=cases[first : first + size]))


def check(context: OrderContext, order: WorkOrder) -> EndedMessage:
    """Look for what would make the verdict doubtful, in the data and in what training changed."""
    adapter = context.folder / order.step.key if order.step else None
    for found in findings(context.frozen, adapter, context.stop):
        context.send(CheckedMessage(findings=found))
    return EndedMessage()


JOBS: Mapping[str, Callable[[OrderContext, WorkOrder], EndedMessage]] = {
    "run": run,
    "measure": measure,
    "check": check,
}
"""By what is ordered; `stop` is heard while another one is done."""
