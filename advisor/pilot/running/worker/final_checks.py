"""The checks of honesty at the end of a pilot, made in the computing process."""

from __future__ import annotations

from advisor.domain.pilot_finding import Finding
from advisor.domain.pilot_result import ArmRun
from advisor.pilot.checks import look_after
from advisor.pilot.running.compute.child_process import ChildGoneError
from advisor.pilot.running.compute.error_messages import words_for_exit
from advisor.pilot.running.compute.messages import CheckedMessage, Ended, WorkOrder
from advisor.pilot.running.compute.steps import PilotStep
from advisor.pilot.running.queue.stop_reason import CANCELLED, LeftError
from advisor.pilot.running.worker.pilot_session import PilotSession

_LOOK = 0.2


def findings_of(desk: PilotSession, runs: tuple[ArmRun, ...]) -> tuple[Finding, ...]:
    """Return what every check found; those that need time are left out of a cancelled pilot.

    Raises:
        LeftError: the pilot is to be gone on with later.
    """
    early = desk.frozen.findings if desk.asked == "cancel" else _looked(desk)
    return (*early, *look_after(desk.frozen, runs))


def _looked(desk: PilotSession) -> tuple[Finding, ...]:
    desk.live.say("Checking what could mislead")
    found: list[Finding] = []
    child = desk.child()
    child.send(WorkOrder(do="check", step=_trained(desk)))
    while True:
        try:
            message = child.hear(_LOOK)
        except ChildGoneError as error:
            desk.end_child()
            return (*found, _unchecked(words_for_exit(error.code)))
        if isinstance(message, CheckedMessage):
            found += message.findings
        if isinstance(message, Ended):
            return (*found, *([_unchecked(message.why)] if message.state == "failed" else []))
        _leave_if_asked(desk)


def _leave_if_asked(desk: PilotSession) -> None:
    halt = desk.reason(desk.reading())
    if halt and halt.reach == "leave":
        raise LeftError(halt)
    if halt is CANCELLED:
        desk.child().send(WorkOrder(do="stop"))


def _trained(desk: PilotSession) -> PilotStep | None:
    """Return the first step that left an adapter of the whole training side."""
    whole = (step for step in desk.steps if step.share == 1 and not step.optional)
    return next((step for step in whole if desk.fetch_adapter(step.key)), None)


def _unchecked(why: str) -> Finding:
    what = f"Not everything could be checked. {why}"
    return Finding(check="unchecked", severity="warning", what=what)
