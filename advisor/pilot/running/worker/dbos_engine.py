"""DBOS in the process of a worker: where it keeps its notes, in which form, and what it logs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from dbos import DBOS, DBOSPortableJSONSerializer
from dbos._serialization import DefaultSerializer

from advisor.core.settings import settings
from advisor.domain.pilot_state import Worker
from advisor.store import Store
from advisor.store.database.sessions import database_url

_LOG_BYTES = 2_000_000
_NAME = "worker-{}"
"""The queue of one worker, by its id. DBOS cannot choose by hardware, so pilots wait in our table,
and the worker that takes one hands it to its own queue; so does one that takes it over."""


@contextmanager
def engine(store: Store, worker: Worker) -> Iterator[str]:
    """Let DBOS run in this process; give the queue that is this worker's own."""
    _refuse_pickle()
    queue = _NAME.format(worker.id)
    DBOS(
        config={
            "name": "advisor",
            "system_database_url": _workflows(),
            "serializer": DBOSPortableJSONSerializer(),
            "executor_id": worker.id,
            "application_version": "pilots-1",
            "log_level": "WARNING",
        }
    )
    DBOS.listen_queues([queue])
    DBOS.launch()
    try:
        _forget_dead_queues(store, worker)
        DBOS.register_queue(queue, worker_concurrency=1, polling_interval_sec=0.5)
        yield queue
        DBOS.delete_queue(queue)
    finally:
        DBOS.destroy()


def _workflows() -> str:
    """Return where DBOS keeps what it notes: beside a SQLite database, or in PostgreSQL itself."""
    found = settings()
    url = database_url(found.database)
    if url.drivername.startswith("postgresql"):
        return url.render_as_string(hide_password=False)
    return f"sqlite:///{found.home / 'workflows.sqlite3'}"


def _forget_dead_queues(store: Store, worker: Worker) -> None:
    """Forget queues of workers that died; their pilots are resumed through another one."""
    alive = {_NAME.format(one.id) for one in (*store.pilots.workers(), worker)}
    for queue in DBOS.list_queues():
        if queue.name.startswith(_NAME.format("")) and queue.name not in alive:
            DBOS.delete_queue(queue.name)


def _refuse_pickle() -> None:
    """Let DBOS read JSON only: whoever may write to its tables must not run code here."""

    def refuse(*_: object) -> object:
        raise ValueError("pickled data is not read")

    DefaultSerializer.deserialize = refuse  # type: ignore[assignment,method-assign]


@contextmanager
def logged(file: Path) -> Iterator[None]:
    """Write what DBOS and workers say into a file instead of on the terminal."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = RotatingFileHandler(file, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    loggers = [logging.getLogger(name) for name in ("dbos", "advisor.worker")]
    for logger in loggers:
        logger.addHandler(logging.NullHandler())  # what is said at the very end is for nobody
        logger.addHandler(handler)
        logger.propagate = False
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
        handler.close()
