"""Everything at hand while a worker runs one pilot."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from advisor.domain.frozen_pilot import write_frozen
from advisor.domain.pilot_result import PilotResult
from advisor.domain.pilot_spec import Frozen
from advisor.domain.pilot_state import Claim, PilotState, Worker
from advisor.errors import ConflictError, StoreError
from advisor.pilot.arms.arm import Arm
from advisor.pilot.running.compute.child_process import Child
from advisor.pilot.running.compute.steps import PilotStep, plan
from advisor.pilot.running.queue.stop_reason import CANCELLED, CLOSING, LOST, PAUSED, Halt
from advisor.pilot.running.worker.limits import UsageReading, disk_of, reached
from advisor.pilot.running.worker.live_progress import LiveProgress
from advisor.pilot.running.worker.run_sheet import Sheet
from advisor.store import Store

ADAPTER = ("adapter_config.json", "adapter_model.safetensors")
"""Files of an adapter in PEFT's layout."""
PATIENCE = 60.0
"""Seconds for which a database that does not answer is waited for."""
_DISK_EVERY = 2.0
_AGAIN = 1.0
"""Seconds until a write that must not be lost is tried again."""
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

    place: Workplace
    claim: Claim
    frozen: Frozen
    steps: tuple[PilotStep, ...]
    sheets: dict[str, Sheet]
    live: LiveProgress
    asked: str = ""
    closing: bool = False
    lost: bool = False
    halt: Halt | None = None
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
    _failing_since: float | None = None
    _disk: tuple[float, float, float] = (-_DISK_EVERY, 0.0, float("inf"))

    @classmethod
    def open(cls, place: Workplace, claim: Claim) -> PilotSession:
        """Lay out a pilot as it was left.

        Raises:
            StoreError: it cannot be read.
        """
        pilots = place.store.pilots
        frozen = pilots.frozen(claim.pilot)
        steps = plan(frozen, place.arms)
        kept = {run.key: run for run in pilots.runs(claim.pilot)}
        sheets = {step.key: Sheet.of(kept.get(step.key, step.run)) for step in steps}
        live = LiveProgress(pilots.info(claim.pilot), sheets.values())
        return cls(place, claim, frozen, steps, sheets, live)

    @property
    def folder(self) -> Path:
        """The folder of this pilot; its name is made of letters and digits."""
        return self.place.folder / self.claim.pilot

    @property
    def spent(self) -> float:
        """Seconds that workers spent on this pilot."""
        return self.claim.spent + time.monotonic() - self._since

    def step(self, key: str) -> PilotStep:
        """Return a step by the key of its run."""
        return next(step for step in self.steps if step.key == key)

    def keep_plan(self) -> None:
        """Keep the runs that are to come, where they are not kept yet."""
        kept = {run.key for run in self.place.store.pilots.runs(self.claim.pilot)}
        new = [sheet.run for key, sheet in self.sheets.items() if key not in kept]
        self.place.store.pilot_work.keep_runs(self.claim, new, first=len(kept))

    def child(self) -> Child:
        """Return the computing process; start one where there is none."""
        if self._child is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            file = self.folder / "frozen.json"
            write_frozen(self.frozen, file)
            self._child = Child(self.place.program, file, self.folder, self.place.log)
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

    def reason(self, now: UsageReading) -> Halt | None:
        """Return why work must stop now; none if it may go on."""
        if self.lost:
            return LOST
        asked = {"pause": PAUSED, "cancel": CANCELLED}.get(self.asked)
        if asked or self.closing:
            return asked or CLOSING
        if limit := reached(now, self.frozen.spec.budget):
            why = limit.words(self.frozen.spec.budget)
            if limit.reach == "wait":
                return Halt("leave", why, "paused")
            return Halt(limit.reach, why)
        return None

    def beat(self) -> None:
        """Tell the database how far it is, and hear what was asked.

        Raises:
            StoreError: the database failed for too long.
        """
        work = self.place.store.pilot_work
        if lines := self.live.new_lines():
            self._try(lambda: work.say(self.claim, lines))
        progress = self.live.snapshot(self.spent).model_dump_json()
        self._try(lambda: self._hear(work.beat(self.claim, progress, self.spent)))

    def cancelled(self) -> None:
        """Say at once that the pilot is cancelled; its result follows."""
        self._try(lambda: self.place.store.pilot_work.cancelled(self.claim))

    def _hear(self, asked: str) -> None:
        # what was heard stays: saying that it is cancelled takes the wish away
        self.asked = asked if self.asked != "cancel" else "cancel"

    def keep_adapter(self, key: str) -> None:
        """Keep the adapter that a run left, for workers elsewhere and for people."""
        for name in ADAPTER:
            file = self.folder / key / name
            if file.is_file():
                work = self.place.store.pilot_work
                write = partial(work.keep_file, self.claim, key, name, file)
                self.surely(partial(self._try, write))

    def fetch_adapter(self, key: str) -> bool:
        """See that the adapter of a run lies in its folder; return whether there is one."""
        pilots, folder = self.place.store.pilots, self.folder / key
        for name in pilots.artifacts(self.claim.pilot, key):
            if name in ADAPTER and not (folder / name).is_file():
                folder.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(pilots.artifact(self.claim.pilot, key, name))
        return all((folder / name).is_file() for name in ADAPTER)

    def keep(self, sheet: Sheet) -> bool:
        """Keep a run with its new answers; return whether it is kept.

        Raises:
            StoreError: the database failed for too long.
        """
        run, fresh = sheet.run, list(sheet.fresh)
        if not fresh and run is sheet.kept:
            return True
        if not self._try(lambda: self.place.store.pilot_work.keep_run(self.claim, run, fresh)):
            return False
        del sheet.fresh[: len(fresh)]
        sheet.kept = run
        return True

    def surely(self, write: Callable[[], bool]) -> None:
        """Write again and again until it is done, or the pilot belongs to another worker.

        Raises:
            StoreError: the database failed for too long.
        """
        while not write() and not self.lost:
            time.sleep(_AGAIN)

    def leave(self, state: PilotState, why: str) -> None:
        """Let go of the pilot in this state.

        Raises:
            StoreError: the database failed for too long.
        """
        work = self.place.store.pilot_work
        self.surely(lambda: self._try(lambda: work.leave_pilot(self.claim, state, why)))

    def finish(self, state: PilotState, result: PilotResult) -> None:
        """Keep the result and let go of the pilot.

        Raises:
            StoreError: the database failed for too long.
        """
        work = self.place.store.pilot_work
        self.surely(lambda: self._try(lambda: work.finish(self.claim, state, result)))

    def _try(self, write: Callable[[], None]) -> bool:
        """Write; return whether it was done.

        Raises:
            StoreError: nothing could be written for too long.
        """
        try:
            write()
        except ConflictError:
            self.lost = True
        except StoreError:
            self._failing_since = self._failing_since or time.monotonic()
            if time.monotonic() - self._failing_since > PATIENCE:
                raise
        else:
            self._failing_since = None
            return True
        return False
