"""Pilots as people see them: put into the queue, looked at, paused, resumed, cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, insert, select

from advisor.domain.pilot_result import PilotResult
from advisor.domain.pilot_state import Ask, LogLine, Needs, NotedVerdict, PilotInfo, Worker
from advisor.errors import ConflictError, InputError, NotFoundError, Problem
from advisor.store.database.sessions import Database
from advisor.store.database.statements import check_name, insert_once, is_plain, new_id, now
from advisor.store.people.rights import TRYING, check_role
from advisor.store.pilots.pilot_data import keep_data, read_frozen, spec_text
from advisor.store.pilots.pilot_statements import (
    INFO,
    find,
    free_pilots_of_the_dead,
    living,
    read_runs,
    set_pilot,
    unpack,
)
from advisor.store.tables.pilots import PilotArtifact, PilotAsk, PilotLine, PilotRow, PilotVerdict
from advisor.store.tables.proposals import ProposalRow

if TYPE_CHECKING:
    from advisor.domain.frozen_pilot import Frozen
    from advisor.domain.pilot_result import ArmRun

LIST_LIMIT = 500
"""Pilots in one list."""
_WAITING: Mapping[Ask, Mapping[str, Any]] = {
    "pause": {"state": "paused"},
    "resume": {"state": "queued", "why": "", "deaths": 0},
    "cancel": {"state": "cancelled"},
}
"""What becomes of a pilot that no worker holds."""
_RUNNING: Mapping[Ask, str] = {"pause": "pause", "resume": "", "cancel": "cancel"}
"""What its worker is told."""


class Pilots:
    """All pilots of one database. Safe to share between threads, sessions and processes.

    Every write takes an idempotency `key`: the same author and key again write nothing.
    """

    def __init__(self, database: Database) -> None:
        """Use an open database."""
        self._database = database

    def add(self, frozen: Frozen, author: str, key: str, needs: Needs, progress: str = "") -> str:
        """Put a pilot into the queue and return its id.

        Args:
            frozen: the pilot.
            author: who wants it.
            key: idempotency key.
            needs: what a machine must have to run it.
            progress: the first snapshot, as JSON.

        Raises:
            InputError: the author or the key cannot be stored, or there is no such proposal.
            NotAllowedError: the author is known to us, and neither owner nor runner now.
        """
        check_name("author", author), check_name("key", key)
        check_role(self._database, author, TRYING, "add_pilot")
        with self._database.write() as connection:
            row = _new_row(connection, frozen, needs)
            insert_once(connection, PilotRow, author=author, key=key, progress=progress, **row)
            query = select(PilotRow.id).where(PilotRow.author == author, PilotRow.key == key)
            return str(connection.execute(query).scalar_one())

    def ask(self, id: str, what: Ask, author: str, key: str) -> PilotInfo:
        """Pause, resume or cancel a pilot; one that runs does it within seconds.

        Raises:
            NotFoundError: there is no such pilot.
            ConflictError: it is over, so that nothing can be asked of it any more.
            InputError: the author or the key cannot be stored.
            NotAllowedError: the author is known to us, and neither owner nor runner now.
        """
        check_name("author", author), check_name("key", key)
        check_role(self._database, author, TRYING, "ask_pilot")
        with self._database.write() as connection:
            free_pilots_of_the_dead(connection)
            info = find(connection, id, lock=True)
            done = select(PilotAsk.what).where(PilotAsk.author == author, PilotAsk.key == key)
            if connection.execute(done).first() is None:
                values = _asked(info, what)
                set_pilot(connection, id, **values)
                connection.execute(
                    insert(PilotAsk).values(
                        author=author, key=key, pilot_id=id, what=what, at=now()
                    )
                )
            return find(connection, id)

    def info(self, id: str) -> PilotInfo:
        """Return how a pilot stands.

        Raises:
            NotFoundError: there is no such pilot.
        """
        with self._database.read() as connection:
            return find(connection, id)

    def all(
        self, author: str | None = None, proposal: str | None = None, limit: int = 100
    ) -> tuple[PilotInfo, ...]:
        """Return the newest pilots (at most 500): all, or those of a person or a proposal."""
        exact = {PilotRow.author: author, PilotRow.proposal_id: proposal}
        if not all(is_plain(value) for value in exact.values() if value is not None):
            return ()
        query = select(*INFO).order_by(PilotRow.created_at.desc(), PilotRow.id)
        query = query.where(*(name == value for name, value in exact.items() if value is not None))
        with self._database.read() as connection:
            rows = connection.execute(query.limit(min(max(limit, 0), LIST_LIMIT)))
            return tuple(PilotInfo(*row) for row in rows)

    def before(self, info: PilotInfo) -> int:
        """Return how many pilots stand in the queue before this one."""
        query = select(func.count()).select_from(PilotRow).where(PilotRow.state == "queued")
        with self._database.read() as connection:
            earlier = connection.execute(query.where(PilotRow.queued_at < info.queued_at))
            return int(earlier.scalar_one())

    def workers(self) -> list[Worker]:
        """Return the workers that are alive."""
        with self._database.read() as connection:
            return living(connection)

    def frozen(self, id: str) -> Frozen:
        """Return the specification of a pilot with its data.

        Raises:
            NotFoundError: there is no such pilot.
            StoreError: another version of the advisor wrote it.
        """
        with self._database.read() as connection:
            return read_frozen(connection, find(connection, id).id)

    def runs(self, id: str) -> tuple[ArmRun, ...]:
        """Return what every arm did so far, with its answers.

        Raises:
            NotFoundError: there is no such pilot.
        """
        with self._database.read() as connection:
            return read_runs(connection, find(connection, id).id)

    def result(self, id: str) -> PilotResult | None:
        """Return what a pilot found; none before its end.

        Raises:
            NotFoundError: there is no such pilot.
        """
        with self._database.read() as connection:
            query = select(PilotRow.result).where(PilotRow.id == find(connection, id).id)
            packed = connection.execute(query).scalar_one()
        return None if packed is None else PilotResult.model_validate(unpack(packed))

    def lines(self, id: str, last: int = 20) -> tuple[LogLine, ...]:
        """Return the last lines of the log of a pilot, the oldest first."""
        query = select(PilotLine.number, PilotLine.at, PilotLine.text)
        query = query.where(PilotLine.pilot_id == id).order_by(PilotLine.number.desc())
        with self._database.read() as connection:
            rows = connection.execute(query.limit(max(last, 0))).all()
        return tuple(LogLine(*row) for row in reversed(rows))

    def artifacts(self, id: str, key: str) -> tuple[str, ...]:
        """Return the names of the files that a run left, sorted."""
        query = select(PilotArtifact.name).distinct().where(_of(id, key))
        with self._database.read() as connection:
            return tuple(sorted(connection.execute(query).scalars()))

    def artifact(self, id: str, key: str, name: str) -> bytes:
        """Return a file that a run left.

        Raises:
            NotFoundError: there is no such file.
        """
        query = select(PilotArtifact.content).where(_of(id, key), PilotArtifact.name == name)
        with self._database.read() as connection:
            parts = connection.execute(query.order_by(PilotArtifact.part)).scalars().all()
        if not parts:
            raise NotFoundError("This run left no such file.")
        return b"".join(map(bytes, parts))

    def recommendation(self, proposal: str) -> str | None:
        """Return what triage recommended for a proposal; none if it did not, or there is none."""
        query = select(ProposalRow.recommendation).where(ProposalRow.id == proposal)
        with self._database.read() as connection:
            return connection.execute(query).scalar()

    def verdicts(self, proposal: str) -> tuple[NotedVerdict, ...]:
        """Return what pilots say about a proposal, the newest first."""
        columns = (PilotVerdict.pilot_id, PilotVerdict.outcome, PilotVerdict.because)
        query = select(*columns, PilotVerdict.at).where(PilotVerdict.proposal_id == proposal)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(PilotVerdict.at.desc()))
            return tuple(NotedVerdict(*row) for row in rows)


def _of(id: str, key: str) -> Any:
    return (PilotArtifact.pilot_id == id) & (PilotArtifact.key == key)


def _new_row(connection: Connection, frozen: Frozen, needs: Needs) -> dict[str, Any]:
    moment = now()
    return {
        "id": new_id(),
        "proposal_id": _proposal(connection, frozen.spec.proposal),
        "title": frozen.spec.title,
        "hash": frozen.hash,
        "spec": spec_text(frozen),
        "data": keep_data(connection, frozen),
        "state": "queued",
        "asked": "",
        "why": "",
        "created_at": moment,
        "queued_at": moment,
        "needs_gpu": needs.gpu,
        "needs_memory": needs.memory_gb,
        "claim": 0,
        "deaths": 0,
        "spent": 0.0,
    }


def _proposal(connection: Connection, id: str | None) -> str | None:
    query = select(ProposalRow.id).where(ProposalRow.id == id)
    if id is not None and connection.execute(query).first() is None:
        problem = Problem("proposal", "is not the id of one", "Copy it from the link, or leave it")
        raise InputError(problem)
    return id


def _asked(info: PilotInfo, what: Ask) -> dict[str, Any]:
    """Return the columns that change.

    Raises:
        ConflictError: the pilot is over.
    """
    if info.over:
        if what == "cancel":
            return {"state": info.state}  # what is over has stopped already
        raise ConflictError(f"This pilot is {info.state}. Start a new one.")
    if info.worker is not None:
        return {"asked": _RUNNING[what]}
    if what == "resume" and info.state != "paused":
        return {"state": info.state}
    moment = now()
    times = {"resume": {"queued_at": moment}, "cancel": {"finished_at": moment}}
    return dict(_WAITING[what]) | times.get(what, {})
