"""Everything at hand while a worker runs one pilot."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_state import Claim, Worker
from advisor.errors import StoreError
from advisor.pilot.arms.arm import Arm
from advisor.pilot.running.compute.child_process import Child
from advisor.pilot.running.compute.messages import write_frozen
from advisor.pilot.running.compute.steps import PilotStep, plan
from advisor.pilot.running.worker.live_progress import LiveProgress
from advisor.pilot.running.worker.pilot_record import PilotRecord
from advisor.pilot.running.worker.run_sheet import RunSheet
from advisor.pilot.running.worker.stop_reasons import (
    CANCELLED,
    CLOSING,
    LOST,
    PAUSED,
    StopReason,
    UsageReading,
    disk_of,
    reached,
)
from advisor.store import Store

_DISK_EVERY = 2.0
_HELD_ON = 0.75
"""Share of the memory allowed that may be held on to between two runs."""


@dataclass(frozen=True)
class Workplace:
    """Where a worker works, and with what."""

    store: Store
    worker: Worker
    arms: Sequence[Arm]
    folder: Path
    """For the files of all pilots."""
    log: Path
    program: Sequence[str]
    """How the computing process is started."""


@dataclass
class PilotSession:
    """One pilot being run; one thread works, another one tells and listens."""

    workplace: Workplace
    claim: Claim
    frozen: Frozen
    steps: tuple[PilotStep, ...]
    sheets: dict[str, RunSheet]
    live: LiveProgress
    record: PilotRecord
    asked: str = ""
    closing: bool = False
    stop_reason: StopReason | None = None
    """Why it was left, once it was."""
    broken: StoreError | None = None
    """What the database said when it failed for too long."""
    begun: threading.Event = field(default_factory=threading.Event)
    left: threading.Event = field(default_factory=threading.Event)
    """Set when the working thread has nothing more to do."""
    looked: dict[str, int] = field(default_factory=dict)
    """Cases at the last look whether an arm may stop early."""
    _since: float = field(default_factory=time.monotonic)
    _child: Child | None = None
    _disk: tuple[float, float, float] = (-_DISK_EVERY, 0.0, float("inf"))

    @classmethod
    def open(cls, workplace: Workplace, claim: Claim) -> PilotSession:
        """Lay out a pilot as it was left.

        Raises:
            StoreError: it cannot be read.
        """
        pilots = workplace.store.pilots
        frozen = pilots.frozen(claim.pilot)
        steps = plan(frozen, workplace.arms)
        kept = {run.key: run for run in pilots.runs(claim.pilot)}
        sheets = {step.key: RunSheet.of(kept.get(step.key, step.run)) for step in steps}
        live = LiveProgress(pilots.info(claim.pilot), sheets.values())
        record = PilotRecord(workplace.store, claim, workplace.folder / claim.pilot)
        return cls(workplace, claim, frozen, steps, sheets, live, record)

    @property
    def folder(self) -> Path:
        """The folder of this pilot; its name is made of letters and digits."""
        return self.record.folder

    @property
    def spent(self) -> float:
        """Seconds that workers spent on this pilot."""
        return self.claim.spent + time.monotonic() - self._since

    def step(self, key: str) -> PilotStep:
        """Return a step by the key of its run."""
        return next(step for step in self.steps if step.key == key)

    def child(self) -> Child:
        """Return the computing process; start one where there is none."""
        if self._child is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            file = self.folder / "frozen.json"
            write_frozen(self.frozen, file)
            self._child = Child(self.workplace.program, file, self.folder, self.workplace.log)
        return self._child

    def end_child(self) -> None:
        """End the computing process, if there is one."""
        if self._child:
            self._child.end()
            self._child = None

    def free_memory(self) -> None:
        """End the computing process between two runs if it holds on to much memory."""
        allowed = self.frozen.spec.budget.memory_gb * _HELD_ON
        if self._child and self._child.memory_gb() > allowed:
            self.end_child()

    def reading(self) -> UsageReading:
        """Return what the pilot takes at this moment."""
        moment = time.monotonic()
        if moment - self._disk[0] >= _DISK_EVERY and self.folder.is_dir():
            self._disk = (moment, *disk_of(self.folder))
        memory = self._child.memory_gb() if self._child else 0.0
        self.live.memory_mb = memory * 1e3
        return UsageReading(self.spent / 60, memory, *self._disk[1:])

    def reason(self, now: UsageReading) -> StopReason | None:
        """Return why work must stop now; none if it may go on."""
        if self.record.lost:
            return LOST
        asked = {"pause": PAUSED, "cancel": CANCELLED}.get(self.asked)
        if asked or self.closing:
            return asked or CLOSING
        return reached(now, self.frozen.spec.budget)

    def beat(self) -> None:
        """Tell the database how far it is, and hear what was asked.

        Raises:
            StoreError: the database failed for too long.
        """
        self.record.say(self.live.new_lines())
        progress = self.live.snapshot(self.spent).model_dump_json()
        asked = self.record.beat(progress, self.spent)
        # what was heard stays: saying that it is cancelled takes the wish away
        if asked is not None and self.asked != "cancel":
            self.asked = asked
