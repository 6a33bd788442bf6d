"""Small statements that the tables of pilots share."""

from __future__ import annotations

import json
import socket
import zlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import psutil
from sqlalchemy import Connection, delete, func, select, update

from advisor.domain.pilot_result import ArmRun
from advisor.domain.pilot_state import OVER, PilotInfo, Worker
from advisor.errors import NotFoundError
from advisor.store.database.statements import check_id, not_found, now
from advisor.store.tables.pilots import PilotAnswers, PilotRow, PilotRun, WorkerRow

if TYPE_CHECKING:
    from advisor.domain.pilot_result import ArmAnswer

SILENT = 20.0
"""Seconds after which a worker that was not seen counts as dead."""
JUST_SEEN = 3.0
"""Seconds for which a worker is believed to live even if its process cannot be found."""
DEATHS = 5
"""Workers that may end in the middle of one pilot before a person must look."""
_FAST = 3  # zlib: nearly the size of 6, in half the time
INFO: tuple[Any, ...] = tuple(PilotRow.__table__.c[name] for name in PilotInfo.__dataclass_fields__)
_WORKER: tuple[Any, ...] = tuple(
    WorkerRow.__table__.c[name] for name in Worker.__dataclass_fields__
)


def as_json(value: Any) -> str:
    """Write JSON that any column holds: a NUL byte or half of a letter is written out."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def pack(value: Any) -> bytes:
    """Return JSON, compressed."""
    return zlib.compress(as_json(value).encode(), _FAST)


def unpack(packed: bytes) -> Any:
    """Return what `pack` was given."""
    return json.loads(zlib.decompress(packed))


def find(connection: Connection, id: str, lock: bool = False) -> PilotInfo:
    """Return one pilot; with `lock` other writers of it wait until the transaction ends.

    Raises:
        NotFoundError: there is no such pilot.
    """
    query = select(*INFO).where(PilotRow.id == _known(id))
    row = connection.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise not_found("pilot")
    return PilotInfo(*row)


def _known(id: str) -> str:
    try:
        return check_id(id)
    except NotFoundError:
        raise not_found("pilot") from None


def set_pilot(connection: Connection, id: str, **values: Any) -> None:
    """Change columns of one pilot."""
    connection.execute(update(PilotRow).where(PilotRow.id == id).values(**values))


def database_now(connection: Connection) -> datetime:
    """Return the time by the clock that all workers share."""
    if connection.dialect.name == "postgresql":
        found: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return found
    return now()


def living(connection: Connection) -> list[Worker]:
    """Return the workers that are alive, the oldest first."""
    gone = set(dead(connection))
    query = select(*_WORKER).order_by(WorkerRow.started_at, WorkerRow.id)
    found = (Worker(*row) for row in connection.execute(query))
    return [worker for worker in found if worker.id not in gone]


def dead(connection: Connection) -> list[str]:
    """Return the ids of workers that were not seen for long, or whose process ended here."""
    at = database_now(connection)
    rows = connection.execute(
        select(WorkerRow.id, WorkerRow.host, WorkerRow.pid, WorkerRow.seen_at)
    )
    return [row.id for row in rows if _is_dead(row, at - row.seen_at)]


def _is_dead(row: Any, silent: timedelta) -> bool:
    seconds = silent.total_seconds()
    if seconds > SILENT:
        return True
    return seconds > JUST_SEEN and row.host == this_host() and not _runs(row.pid)


def this_host() -> str:
    """Return the name of this machine."""
    return socket.gethostname()[:200]


def _runs(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:
        return True  # somebody else's process


def free_pilots_of_the_dead(connection: Connection) -> None:
    """Give pilots whose worker died back to the queue, and forget those workers."""
    gone = dead(connection)
    if not gone:
        return
    held = select(*INFO).where(PilotRow.worker.in_(gone)).with_for_update()
    for row in connection.execute(held).all():
        set_pilot(connection, row.id, worker=None, asked="", **_without_worker(PilotInfo(*row)))
    connection.execute(delete(WorkerRow).where(WorkerRow.id.in_(gone)))


def _without_worker(info: PilotInfo) -> dict[str, Any]:
    """Return what becomes of a pilot that lost its worker."""
    if info.state in OVER:
        return {}
    if info.asked == "cancel":
        return {"state": "cancelled", "finished_at": now()}
    if info.asked == "pause":
        return {"state": "paused"}
    if info.deaths + 1 >= DEATHS:
        why = f"{DEATHS} workers ended in the middle of it. Look into their logs, then resume"
        return {"state": "paused", "why": why, "deaths": info.deaths + 1}
    return {"state": "queued", "deaths": info.deaths + 1}


def read_runs(connection: Connection, id: str) -> tuple[ArmRun, ...]:
    """Return every run of a pilot with its answers, in the order of the plan."""
    given = _answers(connection, id)
    query = select(PilotRun.key, PilotRun.record).where(PilotRun.pilot_id == id)
    rows = connection.execute(query.order_by(PilotRun.place, PilotRun.key))
    return tuple(
        ArmRun.model_validate(json.loads(row.record) | {"answers": given.get(row.key, [])})
        for row in rows
    )


def _answers(connection: Connection, id: str) -> dict[str, list[Any]]:
    query = select(PilotAnswers.key, PilotAnswers.packed).where(PilotAnswers.pilot_id == id)
    found: dict[str, list[Any]] = {}
    for row in connection.execute(query.order_by(PilotAnswers.key, PilotAnswers.block)):
        found.setdefault(row.key, []).extend(unpack(row.packed))
    return found


def outcome_of(connection: Connection, id: str) -> tuple[Any, list[Any]]:
    """Return the result of a pilot that is done, and what each of its runs used."""
    packed = connection.execute(select(PilotRow.result).where(PilotRow.id == id)).scalar_one()
    assert packed is not None  # what is done has one
    runs = select(PilotRun.record).where(PilotRun.pilot_id == id)
    usage = [json.loads(record)["usage"] for record in connection.execute(runs).scalars()]
    return unpack(packed), usage


def run_record(run: ArmRun) -> str:
    """Return a run without its answers, as JSON."""
    return as_json(run.model_dump(mode="json", exclude={"answers"}))


def packed_answers(given: list[ArmAnswer]) -> bytes:
    """Return a block of answers, packed."""
    return pack([one.model_dump(mode="json", exclude_defaults=True) for one in given])
