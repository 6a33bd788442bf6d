"""Probing for a screen: in a process of its own, so that the app stays quick and it can be stopped.

How far it is shows in what it has kept; so nothing is lost when it is stopped.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from advisor.core.terminal import one_line
from advisor.pilot.probing.probe import MOST
from advisor.pilot.probing.probe_cache import kept_probes
from advisor.pilot.probing.probe_material import ProbeMaterial
from advisor.proposal import Draft

SHOWN = 300
"""Characters of a message of the process that are shown."""


@dataclass
class ProbeJob:
    """One run of the command on one proposal."""

    draft: Draft
    process: subprocess.Popen[str]
    before: frozenset[str]
    """What was kept when it began, by time, so that only new findings count."""
    stopped: bool = False
    said: str = ""
    """What it said when it failed."""
    begun: float = field(default_factory=time.monotonic)

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self.process.poll() is None

    @property
    def total(self) -> int:
        """Failures that are asked again."""
        return min(MOST, len(ProbeMaterial.of(self.draft).failures))

    @property
    def done(self) -> int:
        """Failures that have been asked again so far."""
        return len(_kept(self.draft) - self.before)

    @property
    def seconds_left(self) -> float | None:
        """The time left at the present pace; None before the first finding."""
        done = self.done
        if not done:
            return None
        return (time.monotonic() - self.begun) / done * (self.total - done)

    def stop(self) -> None:
        """End it; what was found so far is kept."""
        self.stopped = True
        self.process.terminate()


_jobs: dict[str, ProbeJob] = {}
_starting = threading.Lock()


def job_of(place: str) -> ProbeJob | None:
    """Return the job of a proposal, running or ended, if this process had one."""
    return _jobs.get(place)


def start(place: str, draft: Draft) -> ProbeJob:
    """Begin to probe a proposal; while a job of the same place runs, return that one."""
    with _starting:
        before = _jobs.get(place)
        if before and before.running:
            return before
        folder = tempfile.TemporaryDirectory(prefix="advisor-probe-")
        file = Path(folder.name) / "proposal.json"
        file.write_text(json.dumps(draft.model_dump(mode="json")), encoding="utf-8")
        command = [sys.executable, "-m", "advisor", "probe", str(file), "--json", "--yes"]
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        job = _jobs[place] = ProbeJob(draft, process, frozenset(_kept(draft)))
        threading.Thread(target=_wait, args=(job, folder), daemon=True).start()
        return job


def _wait(job: ProbeJob, folder: tempfile.TemporaryDirectory[str]) -> None:
    _, said = job.process.communicate()
    folder.cleanup()
    if job.process.returncode and not job.stopped:
        job.said = one_line(said)[-SHOWN:]


def _kept(draft: Draft) -> set[str]:
    """Return a name for every finding that is kept about a proposal, new ones named anew."""
    kept = kept_probes().of(draft.failures)
    return {f"{key} {one.at}" for key, one in kept.items()}
