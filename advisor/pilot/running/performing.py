"""What the computing process does with an order."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from advisor.errors import InputError, Problem
from advisor.pilot.arms.arm import Arm, Bench, Progress
from advisor.pilot.metrics import score_all
from advisor.pilot.running.messages import Ended, Message, Order, Told
from advisor.pilot.running.outbox import Outbox
from advisor.pilot.running.steps import Step
from advisor.pilot.spec import ArmName, Frozen

EVERY = 0.25
"""Seconds between two words about progress."""


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
            self.send(Told(**{**now._asdict(), "loss": loss}))


def run(scene: Scene, order: Order) -> Ended:
    """Let an arm answer the test cases that have no answer yet."""
    step = _step(order)
    arm, bench = scene.arms[step.arm], _bench(scene, step, frozenset(order.done))
    if why := arm.unfit(scene.frozen):
        return Ended(state="failed", why=why)
    left = len(scene.frozen.data.test) - len(bench.done)
    score = partial(score_all, scene.frozen, stop=scene.stop)
    with Outbox(scene.send, score, bench.diary) as outbox:
        for given in arm.answer(bench):
            outbox.put(given)
            left -= 1
    if left and not scene.stop():
        return Ended(state="failed", why=f"It left {left} of the cases without an answer.")
    return Ended(state="stopped" if left else "done")


def _step(order: Order) -> Step:
    if order.step is None:
        raise InputError(Problem("order", "names no step", "Update worker and advisor together"))
    return order.step


def _bench(scene: Scene, step: Step, done: frozenset[str]) -> Bench:
    folder = scene.folder / step.key
    folder.mkdir(parents=True, exist_ok=True)
    tell = _Teller(scene.send)
    return Bench(scene.frozen, folder, step.seed, step.share, tell, scene.stop, done)


JOBS: Mapping[str, Callable[[Scene, Order], Ended]] = {"run": run}
"""By what is ordered; `stop` is heard while another one is done."""
