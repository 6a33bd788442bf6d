"""One step of a pilot: an arm is run in the computing process, watched, and kept as it goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from advisor.pilot.running.compute.child_process import ChildGoneError
from advisor.pilot.running.compute.error_messages import words_for_exit
from advisor.pilot.running.compute.messages import (
    AnswersMessage,
    EndedMessage,
    NotesMessage,
    ProgressMessage,
    WorkOrder,
)
from advisor.pilot.running.compute.steps import PilotStep
from advisor.pilot.running.worker.early_stopping import early_stop_reason
from advisor.pilot.running.worker.pilot_session import PilotSession
from advisor.pilot.running.worker.run_sheet import RunSheet
from advisor.pilot.running.worker.stop_reasons import CANCELLED, LOST, LeftError, StopReason

GRACE = 2.5
"""Seconds in which an arm must end in order; then its process is ended."""
_LOOK = 0.2
"""Seconds between two looks at limits."""
_KEEP = 1.0
"""Seconds between two writes."""


def run_step(session: PilotSession, step: PilotStep) -> str:
    """Run a step, or go on with it; return the state of its run.

    Raises:
        LeftError: the step is not over, and is gone on with later.
        StoreError: the database failed for too long.
    """
    sheet = session.sheets[step.key]
    if not sheet.over:
        session.free_memory()
        stop_reason = session.reason(session.reading()) or _no_time(session, step)
        if stop_reason is None:
            _Attempt(session, step, sheet).go()
        else:
            _end(session, sheet, stop_reason, EndedMessage(state="stopped"))
    return sheet.run.state


def _no_time(session: PilotSession, step: PilotStep) -> StopReason | None:
    """Return why a step that is not needed is left out; none if there is time for it."""
    arm = session.live.of(step.key)
    left = session.frozen.spec.budget.minutes * 60 - session.spent
    if not step.optional or (arm.estimated is not None and arm.estimated < left):
        return None
    return StopReason("arm", "There was no time for one more seed.")


def _end(
    session: PilotSession, sheet: RunSheet, stop_reason: StopReason | None, ended: EndedMessage
) -> None:
    """Keep how a run ended.

    Raises:
        LeftError: it did not end, but is left.
    """
    if stop_reason and stop_reason.reach == "leave":
        session.record.keep(sheet)
        raise LeftError(stop_reason)
    if stop_reason is CANCELLED:
        session.record.cancelled()
    cut_short = stop_reason is not None and ended.state != "done"
    state, why = (
        ("stopped", stop_reason.why) if stop_reason and cut_short else (ended.state, ended.why)
    )
    sheet.change(state=state, why=why)
    session.live.change(sheet.run.key, state=state, why=why, seconds_left=None)
    if why:
        session.live.say(f"{sheet.run.key}: {why}")
    session.record.keep_adapter(sheet.run.key)
    session.record.surely_keep(sheet)  # DBOS notes next that this step is over
    if session.record.lost:
        raise LeftError(LOST)


@dataclass
class _Attempt:
    """An arm at work."""

    session: PilotSession
    step: PilotStep
    sheet: RunSheet
    stop_reason: StopReason | None = None
    _began: float = field(default_factory=time.monotonic)
    _took_before: float = 0.0
    _kept_at: float = field(default_factory=time.monotonic)
    _deadline: float = float("inf")

    def __post_init__(self) -> None:
        """Remember the run as it is taken up."""
        self._old = self.sheet.run

    def go(self) -> None:
        """Run the arm until it ends or is stopped."""
        done = tuple(answer.case for answer in self.sheet.answers)
        self._took_before = self.session.live.of(self.step.key).took
        self.sheet.change(state="running")
        self._note(state="running")
        self.session.live.say(f"{self.step.key}: begins" + (f" after {len(done)}" if done else ""))
        self.session.child().send(WorkOrder(do="run", step=self.step, done=done))
        try:
            ended = self._listen()
        except ChildGoneError as error:
            self.session.end_child()
            ended = EndedMessage(state="failed", why=words_for_exit(error.code))
        _end(self.session, self.sheet, self.stop_reason, ended)

    def _listen(self) -> EndedMessage:
        while True:
            message = self.session.child().hear(_LOOK)
            if isinstance(message, EndedMessage):
                return message
            if message is not None:
                _HEARD[type(message)](self, message)
            self._watch()

    def _watch(self) -> None:
        moment = time.monotonic()
        now = self.session.reading()
        self._set_peak(now.memory_gb * 1e3)
        took = self._took_before + moment - self._began
        self._note(took=took, memory_mb=self.sheet.run.usage.memory_mb)
        if moment - self._kept_at >= _KEEP:
            self._kept_at = moment
            self.session.record.keep(self.sheet)
        if self.stop_reason is None:
            self.stop_reason = self.session.reason(now) or early_stop_reason(
                self.session, self.step
            )
            if self.stop_reason:
                self.session.child().send(WorkOrder(do="stop"))
                self._deadline = moment + GRACE
        elif moment > self._deadline:
            self.session.child().kill()

    def _set_peak(self, memory_mb: float) -> None:
        usage = self.sheet.run.usage
        if memory_mb > usage.memory_mb:
            self.sheet.change(usage=usage.model_copy(update={"memory_mb": memory_mb}))

    def _note(self, **changes: Any) -> None:
        self.session.live.change(self.step.key, **changes)

    def take_progress(self, message: ProgressMessage) -> None:
        """Note how far the arm is."""
        changes = message.model_dump(include={"stage", "done", "total", "seconds_left", "loss"})
        self._note(**changes | (self._answering(message) if message.stage == "answering" else {}))
        if message.say:
            self.session.live.say(f"{self.step.key}: {message.say}")

    def _answering(self, message: ProgressMessage) -> dict[str, Any]:
        """Return how far answering is, of all cases: an arm knows only those that it was given."""
        done, total = len(self.sheet.answers), len(self.session.frozen.data.test)
        open_ = message.total - message.done
        if message.seconds_left is None or not open_:
            return {"done": done, "total": total}
        left = message.seconds_left / open_ * (total - done)
        return {"done": done, "total": total, "seconds_left": left}

    def take_answers(self, message: AnswersMessage) -> None:
        """Take answers."""
        self.sheet.add(message.given)
        self._note(score=self.sheet.score, answered=len(self.sheet.answers))

    def take_notes(self, message: NotesMessage) -> None:
        """Take what the arm noted down."""
        peak = self.sheet.run.usage.memory_mb
        self.sheet.note(message.usage, message.losses, message.details, self._old)
        self._set_peak(peak)


_HEARD: Mapping[type, Callable[[_Attempt, Any], None]] = {
    ProgressMessage: _Attempt.take_progress,
    AnswersMessage: _Attempt.take_answers,
    NotesMessage: _Attempt.take_notes,
}
