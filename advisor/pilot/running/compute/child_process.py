"""The computing process, as its worker sees it: started, told, heard, watched, ended."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import psutil

from advisor.pilot.running.compute.hardware import cores
from advisor.pilot.running.compute.messages import ComputeMessage, WorkOrder, line_of, message_of

PROGRAM = (sys.executable, "-m", "advisor.pilot.running.compute.worker_process")
"""How the computing process is started."""
BUSY = 0.5
"""Load a core from which the machine counts as busy."""


class ChildGoneError(Exception):
    """The computing process ended by itself; `code` is its exit code."""

    def __init__(self, code: int) -> None:
        """Keep the exit code."""
        super().__init__(f"ended with {code}")
        self.code = code


class Child:
    """A computing process for one pilot."""

    def __init__(self, program: Sequence[str], file: Path, folder: Path, log: Path) -> None:
        """Start it.

        Args:
            program: how it is started.
            file: the frozen pilot.
            folder: where it may write.
            log: where what it prints is added.
        """
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [*program, str(file), str(folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for the worker
            )
        self._heard: queue.SimpleQueue[ComputeMessage | None] = queue.SimpleQueue()
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def send(self, order: WorkOrder) -> None:
        """Order something; a process that is gone is noticed by `hear`."""
        pipe = self._process.stdin
        try:
            if pipe:
                pipe.write(line_of(order))
                pipe.flush()
        except OSError:
            pass

    def hear(self, seconds: float) -> ComputeMessage | None:
        """Wait up to so many seconds for a message.

        Raises:
            ChildGoneError: the process ended, and said all that it had to say.
        """
        try:
            message = self._heard.get(timeout=seconds)
        except queue.Empty:
            return None
        if message is None:
            raise ChildGoneError(self._process.wait())
        return message

    def memory_gb(self) -> float:
        """Return the memory that it takes now, in GB."""
        try:
            return float(psutil.Process(self._process.pid).memory_info().rss) / 1e9
        except psutil.Error:
            return 0.0

    def kill(self) -> None:
        """Kill it; `hear` notices when it is gone."""
        self._process.kill()

    def end(self) -> None:
        """End it at once, whatever it does, and wait until it is gone."""
        self.kill()
        self._process.wait()
        self._listening.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def _listen(self) -> None:
        pipe = self._process.stdout
        if pipe:
            for line in iter(pipe.readline, b""):
                self._heard.put(message_of(line))
        self._heard.put(None)


def _environment() -> dict[str, str]:
    """Return the environment: few threads that sleep while they wait, and no database."""
    modest = {"OMP_WAIT_POLICY": "passive", "TOKENIZERS_PARALLELISM": "false"}
    threads = str(_threads())
    modest |= {name: threads for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    kept = {name: value for name, value in os.environ.items() if name != "ADVISOR_DATABASE_URL"}
    return modest | kept


def _threads() -> int:
    """Return how many threads compute: one for each core, one fewer on a busy machine."""
    count = cores()
    busy: bool = psutil.getloadavg()[0] > BUSY * count
    return max(1, count - busy)
