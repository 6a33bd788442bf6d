"""A worker on this machine, started by whoever puts a pilot into the queue."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from advisor.settings import settings
from advisor.store import Store
from advisor.store.sessions import database_url

AGAIN = 20.0
"""Seconds until another one is started where the first was not seen yet."""
COMMAND = (sys.executable, "-m", "advisor", "worker", "--until-idle")
_LAUNCH = (
    "import subprocess, sys; log = open(sys.argv[1], 'ab'); "
    "subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=log, stderr=log, "
    "start_new_session=True)"
)
"""Starts a process that is nobody's child, so that it outlives the app."""
_started = -AGAIN


def ensure_worker(store: Store) -> bool:
    """Start a worker where none lives; return whether pilots need not wait for a person.

    With PostgreSQL teams start workers themselves, on the machines that they choose.
    """
    if store.pilots.workers():
        return True
    global _started
    found = settings()
    if not database_url(found.database).drivername.startswith("sqlite"):
        return False
    if time.monotonic() - _started < AGAIN:
        return True
    _started = time.monotonic()
    found.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    start(found.home / "worker.log")
    return True


def take_up(store: Store) -> None:
    """See that pilots which nobody works on are gone on with, as after the machine was off."""
    if any(info.state in {"queued", "running"} for info in store.pilots.all()):
        ensure_worker(store)


def start(log: Path) -> None:
    """Start a worker that ends when there is nothing to do; it outlives this process."""
    subprocess.run([sys.executable, "-c", _LAUNCH, str(log), *COMMAND], check=True)
