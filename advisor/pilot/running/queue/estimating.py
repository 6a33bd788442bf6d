"""What a pilot will take: each arm is timed on a few cases in a process of its own."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from advisor.core.settings import settings
from advisor.core.strict import Strict
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_spec import ArmName
from advisor.pilot.arms.arm import Arm
from advisor.pilot.running.compute.child_process import PROGRAM, Child, ChildGoneError
from advisor.pilot.running.compute.messages import (
    EndedMessage,
    MeasuredMessage,
    WorkOrder,
    write_frozen,
)
from advisor.pilot.running.compute.steps import PilotStep, plan
from advisor.pilot.running.queue.snapshot import ArmProgress, Snapshot

Tell = Callable[[int, int], object]
"""Is told how many arms are timed, of how many."""
_LOOK = 0.2


class StepEstimate(Strict):
    """What one step will take."""

    step: PilotStep
    seconds: float
    why: str = ""
    """Why it cannot run, in plain words with the mend; empty where it can."""


class Estimate(Strict):
    """What a pilot will take on this machine."""

    steps: tuple[StepEstimate, ...]
    starting: float = 0.0
    """Seconds until the first arm begins."""

    @property
    def seconds(self) -> float:
        """Seconds for everything that is not optional."""
        return self.starting + sum(one.seconds for one in self.steps if not one.step.optional)

    @property
    def hopeless(self) -> str:
        """Why nothing can run here; empty where something can."""
        reasons = list(dict.fromkeys(one.why for one in self.steps))
        return " ".join(reasons) if reasons and all(reasons) else ""

    def fits(self, frozen: Frozen) -> bool:
        """Tell whether the time allowed will do."""
        return self.seconds <= 60 * frozen.spec.budget.minutes

    def snapshot(self, frozen: Frozen) -> Snapshot:
        """Return the first snapshot: nothing done, every time known."""
        arms = tuple(
            ArmProgress(
                key=one.step.key,
                arm=one.step.arm,
                seed=one.step.seed,
                share=one.step.share,
                estimated=one.seconds,
            )
            for one in self.steps
        )
        return Snapshot(
            pilot="", title=frozen.spec.title, state="queued", seconds_left=self.seconds, arms=arms
        )


def estimate(
    frozen: Frozen,
    tell: Tell = lambda done, total: None,
    stop: Callable[[], bool] = lambda: False,
    program: Sequence[str] = PROGRAM,
    arms: Sequence[Arm] | None = None,
) -> Estimate:
    """Time every arm on a few cases and return what the whole will take on this machine.

    Args:
        frozen: the pilot.
        tell: is told how many arms are timed.
        stop: asked several times a second; when true the rest is guessed from what was timed.
        program: how the computing process is started.
        arms: the arms that there are.

    An arm that fails here takes no time, and says why: it will fail there too.
    """
    if arms is None:
        from advisor.pilot.arms.registry import ARMS  # heavy: bm25s

        arms = tuple(ARMS.values())
    steps = plan(frozen, arms)
    with tempfile.TemporaryDirectory(prefix="advisor-") as folder:
        timed = _Timed(frozen, Path(folder), program, stop)
        paces = timed.all([step for step in steps if step.share == 1 and not step.optional], tell)
    trains = {arm.name for arm in arms if arm.trains}
    known = [pace.each for pace in paces.values() if pace.each is not None]
    usual = sorted(known)[len(known) // 2] if known else 0.0
    return Estimate(
        starting=timed.starting,
        steps=tuple(
            StepEstimate(
                step=step,
                seconds=_seconds(step, paces.get(step.arm), usual, frozen, step.arm in trains),
                why=timed.failed.get(step.arm, ""),
            )
            for step in steps
        ),
    )


def _seconds(
    step: PilotStep, pace: MeasuredMessage | None, usual: float, frozen: Frozen, trains: bool
) -> float:
    if pace is None:
        return 0.0
    once = pace.once * step.share if trains else pace.once
    each = usual if pace.each is None else pace.each
    return once + each * len(frozen.data.test)


class _Timed:
    """A computing process that times arms; a new one follows where one ends by itself."""

    def __init__(
        self, frozen: Frozen, folder: Path, program: Sequence[str], stop: Callable[[], bool]
    ) -> None:
        """Time the arms of a pilot, with files in `folder`."""
        self._folder, self._program, self._stop = folder, program, stop
        self._file = folder / "frozen.json"
        self._began = time.monotonic()
        self.starting = 0.0
        self.failed: dict[ArmName, str] = {}
        """Why arms could not be timed."""
        write_frozen(frozen, self._file)

    def all(self, steps: Sequence[PilotStep], tell: Tell) -> dict[ArmName, MeasuredMessage]:
        """Time one step an arm; an arm that fails is left out."""
        paces: dict[ArmName, MeasuredMessage] = {}
        child = self._child()
        try:
            for done, step in enumerate(steps):
                tell(done, len(steps))
                try:
                    if pace := self._one(child, step):
                        paces[step.arm] = pace
                except ChildGoneError:
                    child.end()
                    child = self._child()
            tell(len(steps), len(steps))
        finally:
            child.end()
        return paces

    def _child(self) -> Child:
        log = settings().home / "worker.log"
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Child(self._program, self._file, self._folder, log)

    def _one(self, child: Child, step: PilotStep) -> MeasuredMessage | None:
        child.send(WorkOrder(do="measure", step=step))
        pace: MeasuredMessage | None = None
        while True:
            message = child.hear(_LOOK)
            if self._stop():
                child.send(WorkOrder(do="stop"))
            if message and not self.starting:
                self.starting = time.monotonic() - self._began
            if isinstance(message, MeasuredMessage):
                pace = message
            if isinstance(message, EndedMessage):
                if message.state == "failed":
                    self.failed[step.arm] = message.why
                return pace
