"""A worker on this machine, started by whoever puts a pilot into the queue."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

from advisor.core.background import keep_doing
from advisor.core.settings import settings
from advisor.pilot.running.compute.hardware import may_suit
from advisor.store import Store
from advisor.store.database.sessions import database_url

AGAIN = 20.0
"""Seconds until another one is started where the first was not seen yet."""
LOOK_EVERY = 20.0
"""Seconds between two looks whether a pilot was left by its worker."""
COMMAND = (sys.executable, "-m", "advisor", "worker", "--until-idle")
_LAUNCH = (
    "import subprocess, sys; log = open(sys.argv[1], 'ab'); "
    "subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=log, stderr=log, "
    "start_new_session=True)"
)
"""Starts a process that is nobody's child, so that it outlives the app."""
_started = -AGAIN


def by_itself() -> bool:
    """Tell whether a worker is started here when one is wanted: with SQLite, on this machine."""
    return database_url(settings().database).drivername.startswith("sqlite")


def ensure_worker(store: Store) -> bool:
    """Start a worker where none lives; return whether pilots need not wait for a person.

    With PostgreSQL teams start workers themselves, on the machines that they choose.
    """
    if store.pilots.workers():
        return True
    global _started
    found = settings()
    if not by_itself():
        return False
    if time.monotonic() - _started < AGAIN:
        return True
    _started = time.monotonic()
    found.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    start(found.home / "worker.log")
    return True


def take_up(store: Store) -> None:
    """See that pilots which nobody works on are gone on with, as after the machine was off."""
    left = (info for info in store.pilots.all() if info.state in {"queued", "running"})
    if any(may_suit(info.needs_memory, info.needs_gpu) for info in left):
        ensure_worker(store)


def keep_taking_up(store: Store) -> threading.Event:
    """Take pilots up in the background, now and whenever a worker died.

    Returns:
        What ends it once it is set; else it ends with the process.
    """
    return keep_doing("pilots", LOOK_EVERY, lambda: take_up(store))


def start(log: Path) -> None:
    """Start a worker that ends when there is nothing to do; it outlives this process."""
    subprocess.run([sys.executable, "-c", _LAUNCH, str(log), *COMMAND], check=True)
