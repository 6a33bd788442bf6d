"""What the computing process does with an order."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from advisor.domain.pilot_spec import ArmName, Frozen
from advisor.errors import InputError, Problem
from advisor.pilot.arms.arm import Arm, Bench, Diary, Progress
from advisor.pilot.metrics import score_all
from advisor.pilot.running.compute.answer_outbox import Outbox
from advisor.pilot.running.compute.arm_timing import pace_of
from advisor.pilot.running.compute.messages import (
    CheckedMessage,
    Ended,
    MeasuredMessage,
    Message,
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
class Scene:
    """What every order is done with."""

    frozen: Frozen
    folder: Path
    arms: Mapping[ArmName, Arm]
    send: Callable[[Message], None]
    stop: Callable[[], bool]


@dataclass
class _Teller:
    """Passes on how far an arm is, not too often."""

    send: Callable[[Message], None]
    _last: float = -math.inf

    def __call__(self, now: Progress) -> None:
        moment = time.monotonic()
        if now.say or now.done >= now.total or moment - self._last >= EVERY:
            self._last = moment
            loss = now.loss if now.loss is not None and math.isfinite(now.loss) else None
            self.send(ProgressMessage(**{**now._asdict(), "loss": loss}))


def run(scene: Scene, order: WorkOrder) -> Ended:
    """Let an arm answer the test cases that have no answer yet."""
    step = _step(order)
    arm = scene.arms[step.arm]
    if why := arm.unfit(scene.frozen):
        return Ended(state="failed", why=why)
    left = len(scene.frozen.data.test) - len(order.done)
    score = partial(score_all, scene.frozen, stop=scene.stop)
    with Outbox(scene.send, score) as outbox:
        for bench in _benches(scene, step, frozenset(order.done), outbox.diary):
            for given in arm.answer(bench):
                outbox.put(given)
                left -= 1
    if left and not scene.stop():
        return Ended(state="failed", why=f"It left {left} of the cases without an answer.")
    return Ended(state="stopped" if left else "done")


def measure(scene: Scene, order: WorkOrder) -> Ended:
    """Find out how long an arm takes."""
    step = _step(order)
    arm, folder = scene.arms[step.arm], scene.folder / step.key
    if why := arm.unfit(scene.frozen):
        return Ended(state="failed", why=why)
    folder.mkdir(parents=True, exist_ok=True)
    scene.send(ProgressMessage(stage="preparing", done=0, total=1))
    pace = pace_of(arm, step, scene.frozen, folder, scene.stop)
    scene.send(MeasuredMessage(once=pace.once, each=pace.each))
    return Ended()


def _step(order: WorkOrder) -> PilotStep:
    if order.step is None:
        raise InputError(Problem("order", "names no step", "Update worker and advisor together"))
    return order.step


def _benches(
    scene: Scene, step: PilotStep, done: frozenset[str], diary: Callable[[], Diary]
) -> Iterator[Bench]:
    """Yield the work in parts that stand for the whole, so that it may be looked at in between."""
    folder = scene.folder / step.key
    folder.mkdir(parents=True, exist_ok=True)
    tell = _Teller(scene.send)
    for part in parts(scene.frozen):
        if scene.stop():
            return
        answered = frozenset(case.id for case in part.data.test if case.id in done)
        if len(answered) < len(part.data.test):
            yield Bench(part, folder, step.seed, step.share, tell, scene.stop, answered, diary())


def parts(frozen: Frozen) -> Iterator[Frozen]:
    """Yield the pilot with its test cases in random order, many of them in several parts."""
    cases = in_random_order(frozen.data.test, 0)
    size = PART if len(cases) > MANY else len(cases)
    for first in range(0, len(cases), max(1, size)):
        yield replace(frozen, data=replace(frozen.data, test=cases[first : first + size]))


def check(scene: Scene, order: WorkOrder) -> Ended:
    """Look for what would make the verdict doubtful, in the data and in what training changed."""
    from advisor.pilot.checks import look  # heavy: scipy
    from advisor.pilot.running.compute.skills import skills_kept  # heavy: scipy

    scene.send(CheckedMessage(findings=look(scene.frozen, scene.stop)))
    if order.step is not None and not scene.stop():
        folder = scene.folder / order.step.key
        scene.send(CheckedMessage(findings=skills_kept(scene.frozen, folder, scene.stop)))
    return Ended()


JOBS: Mapping[str, Callable[[Scene, WorkOrder], Ended]] = {
    "run": run,
    "measure": measure,
    "check": check,
}
"""By what is ordered; `stop` is heard while another one is done."""
