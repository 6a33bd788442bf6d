"""One step of a pilot: an arm is run in the computing process, watched, and kept as it goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from advisor.pilot.running.compute.child_process import ChildGoneError
from advisor.pilot.running.compute.error_messages import words_for_exit
from advisor.pilot.running.compute.messages import Ended, Gave, Noted, ProgressMessage, WorkOrder
from advisor.pilot.running.compute.steps import PilotStep
from advisor.pilot.running.queue.stop_reason import CANCELLED, LOST, Halt, LeftError
from advisor.pilot.running.worker.early_stopping import settled
from advisor.pilot.running.worker.pilot_session import PilotSession
from advisor.pilot.running.worker.run_sheet import Sheet

GRACE = 2.5
"""Seconds in which an arm must end in order; then its process is ended."""
_LOOK = 0.2
"""Seconds between two looks at limits."""
_KEEP = 1.0
"""Seconds between two writes."""


def do(desk: PilotSession, step: PilotStep) -> str:
    """Run a step, or go on with it; return the state of its run.

    Raises:
        LeftError: the step is not over, and is gone on with later.
        StoreError: the database failed for too long.
    """
    sheet = desk.sheets[step.key]
    if not sheet.over:
        desk.free_memory()
        halt = desk.reason(desk.reading()) or _no_time(desk, step)
        if halt is None:
            _Attempt(desk, step, sheet).go()
        else:
            _end(desk, sheet, halt, Ended(state="stopped"))
    return sheet.run.state


def _no_time(desk: PilotSession, step: PilotStep) -> Halt | None:
    """Return why a step that is not needed is left out; none if there is time for it."""
    arm = desk.live.of(step.key)
    left = desk.frozen.spec.budget.minutes * 60 - desk.spent
    if not step.optional or (arm.estimated is not None and arm.estimated < left):
        return None
    return Halt("arm", "There was no time for one more seed.")


def _end(desk: PilotSession, sheet: Sheet, halt: Halt | None, ended: Ended) -> None:
    """Keep how a run ended.

    Raises:
        LeftError: it did not end, but is left.
    """
    if halt and halt.reach == "leave":
        desk.keep(sheet)
        raise LeftError(halt)
    if halt is CANCELLED:
        desk.cancelled()
    cut_short = halt is not None and ended.state != "done"
    state, why = ("stopped", halt.why) if halt and cut_short else (ended.state, ended.why)
    sheet.change(state=state, why=why)
    desk.live.change(sheet.run.key, state=state, why=why, seconds_left=None)
    if why:
        desk.live.say(f"{sheet.run.key}: {why}")
    desk.keep_adapter(sheet.run.key)
    desk.surely(lambda: desk.keep(sheet))  # DBOS notes next that this step is over
    if desk.lost:
        raise LeftError(LOST)


@dataclass
class _Attempt:
    """An arm at work."""

    desk: PilotSession
    step: PilotStep
    sheet: Sheet
    halt: Halt | None = None
    _began: float = field(default_factory=time.monotonic)
    _took_before: float = 0.0
    _kept_at: float = field(default_factory=time.monotonic)
    _deadline: float = float("inf")

    def __post_init__(self) -> None:
        """Remember the run as it is taken up."""
        self._old = self.sheet.run

    def go(self) -> None:
        """Run the arm until it ends or is stopped."""
        done = tuple(one.case for one in self.sheet.answers)
        self._took_before = self.desk.live.of(self.step.key).took
        self.sheet.change(state="running")
        self._note(state="running")
        self.desk.live.say(f"{self.step.key}: begins" + (f" after {len(done)}" if done else ""))
        self.desk.child().send(WorkOrder(do="run", step=self.step, done=done))
        try:
            ended = self._listen()
        except ChildGoneError as error:
            self.desk.end_child()
            ended = Ended(state="failed", why=words_for_exit(error.code))
        _end(self.desk, self.sheet, self.halt, ended)

    def _listen(self) -> Ended:
        while True:
            message = self.desk.child().hear(_LOOK)
            if isinstance(message, Ended):
                return message
            if message is not None:
                _HEARD[type(message)](self, message)
            self._watch()

    def _watch(self) -> None:
        moment = time.monotonic()
        now = self.desk.reading()
        self._set_peak(now.memory_gb * 1e3)
        took = self._took_before + moment - self._began
        self._note(took=took, memory_mb=self.sheet.run.usage.memory_mb)
        if moment - self._kept_at >= _KEEP:
            self._kept_at = moment
            self.desk.keep(self.sheet)
        if self.halt is None:
            self.halt = self.desk.reason(now) or settled(self.desk, self.step)
            if self.halt:
                self.desk.child().send(WorkOrder(do="stop"))
                self._deadline = moment + GRACE
        elif moment > self._deadline:
            self.desk.child().kill()

    def _set_peak(self, memory_mb: float) -> None:
        usage = self.sheet.run.usage
        if memory_mb > usage.memory_mb:
            self.sheet.change(usage=usage.model_copy(update={"memory_mb": memory_mb}))

    def _note(self, **changes: Any) -> None:
        self.desk.live.change(self.step.key, **changes)

    def told(self, message: ProgressMessage) -> None:
        """Note how far the arm is."""
        changes = message.model_dump(include={"stage", "done", "total", "seconds_left", "loss"})
        self._note(**changes | (self._answering(message) if message.stage == "answering" else {}))
        if message.say:
            self.desk.live.say(f"{self.step.key}: {message.say}")

    def _answering(self, message: ProgressMessage) -> dict[str, Any]:
        """Return how far answering is, of all cases: an arm knows only those that it was given."""
        done, total = len(self.sheet.answers), len(self.desk.frozen.data.test)
        open_ = message.total - message.done
        if message.seconds_left is None or not open_:
            return {"done": done, "total": total}
        left = message.seconds_left / open_ * (total - done)
        return {"done": done, "total": total, "seconds_left": left}

    def gave(self, message: Gave) -> None:
        """Take answers."""
        self.sheet.add(message.given)
        self._note(score=self.sheet.score, answered=len(self.sheet.answers))

    def noted(self, message: Noted) -> None:
        """Take what the arm noted down."""
        peak = self.sheet.run.usage.memory_mb
        self.sheet.note(message.usage, message.losses, message.details, self._old)
        self._set_peak(peak)


_HEARD: Mapping[type, Callable[[_Attempt, Any], None]] = {
    ProgressMessage: _Attempt.told,
    Gave: _Attempt.gave,
    Noted: _Attempt.noted,
}
