"""What is kept of one pilot while it runs; a database that does not answer is waited for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from advisor.domain.pilot_result import ArmRun, PilotResult
from advisor.domain.pilot_state import Claim, PilotState
from advisor.errors import ConflictError, StoreError
from advisor.pilot.running.worker.run_sheet import RunSheet
from advisor.store import Store

ADAPTER = ("adapter_config.json", "adapter_model.safetensors")
"""Files of an adapter in PEFT's layout."""
PATIENCE = 60.0
"""Seconds for which a database that does not answer is waited for."""
_AGAIN = 1.0
"""Seconds until a write that must not be lost is tried again."""


class PilotRecord:
    """One pilot in the database, as the worker that has claimed it writes it.

    Every method that writes raises `StoreError` once the database has failed for too long.
    """

    def __init__(self, store: Store, claim: Claim, folder: Path) -> None:
        """Write by the right of `claim`; adapters lie in `folder`."""
        self.folder = folder
        self.lost = False
        """Whether the pilot belongs to another worker by now."""
        self._pilots, self._work, self._claim = store.pilots, store.pilot_work, claim
        self._failing_since: float | None = None

    def keep_plan(self, runs: Iterable[ArmRun]) -> None:
        """Keep the runs that are to come, where they are not kept yet."""
        kept = {run.key for run in self._pilots.runs(self._claim.pilot)}
        new = [run for run in runs if run.key not in kept]
        self._work.keep_runs(self._claim, new, first=len(kept))

    def keep(self, sheet: RunSheet) -> bool:
        """Keep a run with its new answers; return whether it is kept."""
        run, fresh = sheet.run, list(sheet.fresh)
        if not fresh and run is sheet.kept:
            return True
        if not self._try(lambda: self._work.keep_run(self._claim, run, fresh)):
            return False
        del sheet.fresh[: len(fresh)]
        sheet.kept = run
        return True

    def surely_keep(self, sheet: RunSheet) -> None:
        """Keep a run, and wait until it is kept."""
        self._surely(lambda: self.keep(sheet))

    def keep_adapter(self, key: str) -> None:
        """Keep the adapter that a run left, for workers elsewhere and for people."""
        for name in ADAPTER:
            file = self.folder / key / name
            if file.is_file():
                write = partial(self._work.keep_file, self._claim, key, name, file)
                self._surely(partial(self._try, write))

    def fetch_adapter(self, key: str) -> bool:
        """See that the adapter of a run lies in its folder; return whether there is one."""
        folder = self.folder / key
        for name in self._pilots.artifacts(self._claim.pilot, key):
            if name in ADAPTER and not (folder / name).is_file():
                folder.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(self._pilots.artifact(self._claim.pilot, key, name))
        return all((folder / name).is_file() for name in ADAPTER)

    def say(self, lines: Sequence[str]) -> None:
        """Add lines to the log of the pilot."""
        if lines:
            self._try(lambda: self._work.say(self._claim, lines))

    def beat(self, progress: str, spent: float) -> str | None:
        """Tell how far it is; return what was asked meanwhile, None if nobody answers."""
        asked: list[str] = []
        self._try(lambda: asked.append(self._work.beat(self._claim, progress, spent)))
        return asked[0] if asked else None

    def cancelled(self) -> None:
        """Say at once that the pilot is cancelled; its result follows."""
        self._try(lambda: self._work.cancelled(self._claim))

    def leave(self, state: PilotState, why: str) -> None:
        """Let go of the pilot in this state."""
        write = partial(self._work.leave_pilot, self._claim, state, why)
        self._surely(lambda: self._try(write))

    def finish(self, state: PilotState, result: PilotResult) -> None:
        """Keep the result and let go of the pilot."""
        write = partial(self._work.finish, self._claim, state, result)
        self._surely(lambda: self._try(write))

    def _surely(self, write: Callable[[], bool]) -> None:
        """Write again and again until it is done, or the pilot belongs to another worker."""
        while not write() and not self.lost:
            time.sleep(_AGAIN)

    def _try(self, write: Callable[[], None]) -> bool:
        """Write; return whether it was done."""
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
