"""Workers in processes of their own, and small pilots for them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from advisor.domain.cases import Case, Dataset
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_spec import Spec
from advisor.pilot.running.queue.actions import watch
from advisor.pilot.running.queue.snapshot import Snapshot
from advisor.store import Store, open_store

WORKER = Path(__file__).with_name("slow_worker.py")
PATIENCE = 120.0


def frozen(wishes: Mapping[str, Mapping[str, Any]], cases: int = 40, **more: Any) -> Frozen:
    """A pilot with these arms, each with what it is to do (`slow_arms`)."""
    spec = Spec.model_validate(
        {
            "title": "Mail",
            "task": "generation",  # whose checks need no encoder
            "scoring": {"metric": "exact"},
            "instruction": "Which letter?",
            "schema": wishes,
            "arms": list(wishes),
        }
        | more
    )
    train = tuple(Case(id=f"t{n}", input=f"text {n}", expected="ab"[n % 2]) for n in range(8))
    test = tuple(Case(id=f"c{n}", input=f"mail {n}", expected="ab"[n % 2]) for n in range(cases))
    return Frozen(spec, Dataset(train, test))


@dataclass
class Crew:
    """The workers of one home folder or database."""

    environment: dict[str, str]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @classmethod
    def at(cls, home: Path, url: str | None = None) -> Crew:
        """Workers that will keep everything in `home`, or in the database at `url`."""
        given = {"ADVISOR_HOME": str(home), "OMP_NUM_THREADS": "1"}
        return cls(os.environ | given | ({"ADVISOR_DATABASE_URL": url} if url else {}))

    @property
    def store(self) -> Store:
        """The same database."""
        home = Path(self.environment["ADVISOR_HOME"])
        return open_store(
            self.environment.get("ADVISOR_DATABASE_URL") or f"sqlite:///{home}/advisor.sqlite3"
        )

    @property
    def worker(self) -> subprocess.Popen[bytes]:
        """The worker that lives; one is started where none does."""
        return next((one for one in self.workers if one.poll() is None), None) or self.start()

    def start(self) -> subprocess.Popen[bytes]:
        """Start one worker."""
        worker = subprocess.Popen(
            [sys.executable, str(WORKER)], env=self.environment, stderr=subprocess.PIPE
        )
        self.workers.append(worker)
        return worker

    def wait(self, id: str, until: Callable[[Snapshot], object]) -> Snapshot:
        """Watch a pilot until something is so."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            now = watch(self.store, id)
            if until(now):
                return now
            time.sleep(0.1)
        raise AssertionError(f"not so after {PATIENCE} s: {watch(self.store, id)}")

    def end(self) -> None:
        """End every worker, the hard way."""
        for worker in self.workers:
            if worker.stderr and not worker.stderr.closed:
                worker.kill()
                worker.communicate()
        self.store.close()


def kill(worker: subprocess.Popen[bytes]) -> None:
    """Let a worker die as a power cut does."""
    worker.send_signal(signal.SIGKILL)
    worker.wait()


def over(now: Snapshot) -> bool:
    """Whether nothing more will happen."""
    return now.state in {"done", "failed", "cancelled", "paused"}


def answered(now: Snapshot, arm: str) -> int:
    """Cases that an arm has answered."""
    return next((one.answered for one in now.arms if one.arm == arm), 0)
