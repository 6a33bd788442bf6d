"""A worker on this machine, started by whoever puts a pilot into the queue."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from advisor.settings import settings
from advisor.store import Store
from advisor.store.sessions import database_url

COMMAND = (sys.executable, "-m", "advisor", "worker", "--until-idle")
_LAUNCH = (
    "import subprocess, sys; log = open(sys.argv[1], 'ab'); "
    "subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=log, stderr=log, "
    "start_new_session=True)"
)
"""Starts a process that is nobody's child, so that it outlives the app."""


def ensure_worker(store: Store) -> bool:
    """Start a worker where none lives; return whether pilots need not wait for a person.

    With PostgreSQL teams start workers themselves, on the machines that they choose.
    """
    if store.pilots.workers():
        return True
    found = settings()
    if not database_url(found.database).drivername.startswith("sqlite"):
        return False
    found.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    start(found.home / "worker.log")
    return True


def start(log: Path) -> None:
    """Start a worker that ends when there is nothing to do; it outlives this process."""
    subprocess.run([sys.executable, "-c", _LAUNCH, str(log), *COMMAND], check=True)
