"""How far a pilot is, for the screen and the command line."""

from __future__ import annotations

from datetime import datetime

from advisor.core.strict import Strict
from advisor.domain.pilot_result import ArmState
from advisor.domain.pilot_spec import ArmName
from advisor.domain.pilot_state import PilotState
from advisor.pilot.arms.arm import Stage

CHECKING = "checking what could mislead, and whether other skills suffered; a few minutes"
"""What happens while `Snapshot.checking` holds."""


class ArmProgress(Strict):
    """How far one arm with one seed and one share is."""

    key: str
    arm: ArmName
    seed: int
    share: float
    state: ArmState = "waiting"
    why: str = ""
    stage: Stage | None = None
    done: int = 0
    """Of `total`: steps, cases or whatever the stage counts."""
    total: int = 0
    estimated: float | None = None
    """Seconds, before it began."""
    took: float = 0.0
    """Seconds so far."""
    seconds_left: float | None = None
    loss: float | None = None
    score: float | None = None
    """Mean over the cases that are answered."""
    answered: int = 0
    memory_mb: float = 0.0
    """Peak."""

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in {"done", "stopped", "failed"}


class Snapshot(Strict):
    """How far a pilot is."""

    pilot: str
    title: str
    state: PilotState
    asked: str = ""
    """What was asked and is not done yet: nothing, `pause` or `cancel`."""
    why: str = ""
    """Why it waits, was paused, stopped or failed, in plain words."""
    at: datetime | None = None
    """When the worker wrote it; None before the first word."""
    share_done: float = 0.0
    """0 to 1, by time where that is known, else by arms."""
    seconds_left: float | None = None
    spent: float = 0.0
    """Seconds."""
    memory_mb: float = 0.0
    """Of the computing process now."""
    arms: tuple[ArmProgress, ...] = ()
    lines: tuple[str, ...] = ()
    """The last lines of the log."""
    outcome: str | None = None
    """Of the verdict, once it is there."""

    @property
    def checking(self) -> bool:
        """Whether all arms are over and what could mislead is looked for, skills kept included."""
        return self.state == "running" and bool(self.arms) and all(arm.over for arm in self.arms)
