"""Pilots as workers see them: taken from the queue, kept while they run, ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, func, insert, select, update

from advisor.domain.pilot_state import Claim, PilotState, Worker
from advisor.errors import ConflictError
from advisor.store.database.sessions import Database
from advisor.store.database.statements import alone, now, replace_rows
from advisor.store.pilots.pilot_statements import (
    database_now,
    free_pilots_of_the_dead,
    living,
    pack,
    packed_answers,
    run_record,
    set_pilot,
)
from advisor.store.tables.pilots import (
    PilotAnswers,
    PilotArtifact,
    PilotLine,
    PilotRow,
    PilotRun,
    PilotVerdict,
    WorkerRow,
)

if TYPE_CHECKING:
    from advisor.domain.pilot_result import ArmAnswer, ArmRun, PilotResult

PART_BYTES = 8_000_000
"""Bytes of a file in one row."""


class PilotWork:
    """What workers write. A worker that was taken over can write nothing any more."""

    def __init__(self, database: Database) -> None:
        """Use an open database."""
        self._database = database

    def enter(self, worker: Worker, alone_here: bool = False) -> bool:
        """Note a worker; with `alone_here` only where none lives on the same machine.

        Returns:
            Whether it was noted.
        """
        with self._database.write() as connection:
            alone(connection, WorkerRow)
            free_pilots_of_the_dead(connection)
            if alone_here and any(one.host == worker.host for one in living(connection)):
                return False
            moment = database_now(connection)
            values = {name: getattr(worker, name) for name in Worker.__dataclass_fields__}
            connection.execute(
                insert(WorkerRow).values(**values, started_at=moment, seen_at=moment)
            )
        return True

    def seen(self, worker: Worker) -> None:
        """Say that a worker lives."""
        with self._database.write() as connection:
            _seen(connection, worker.id)

    def leave(self, worker: Worker) -> None:
        """Forget a worker; what it held goes back to the queue."""
        with self._database.write() as connection:
            held = update(PilotRow).where(PilotRow.worker == worker.id)
            running = held.where(PilotRow.state == "running")
            connection.execute(running.values(state="queued"))
            connection.execute(held.values(worker=None))
            connection.execute(delete(WorkerRow).where(WorkerRow.id == worker.id))

    def take(self, worker: Worker) -> Claim | None:
        """Take the pilot that waits longest and that this worker can do; none if there is none."""
        with self._database.write() as connection:
            _seen(connection, worker.id)
            free_pilots_of_the_dead(connection)
            query = select(PilotRow.id, PilotRow.claim, PilotRow.spent, PilotRow.started_at)
            query = query.where(PilotRow.state == "queued", PilotRow.needs_memory <= worker.memory)
            if not worker.gpu:
                query = query.where(PilotRow.needs_gpu.is_(False))
            query = query.order_by(PilotRow.queued_at, PilotRow.id).limit(1)
            row = connection.execute(query.with_for_update(skip_locked=True)).first()
            if row is None:
                return None
            taken = {"state": "running", "worker": worker.id, "claim": row.claim + 1, "asked": ""}
            set_pilot(connection, row.id, **taken, started_at=row.started_at or now())
            return Claim(row.id, worker.id, row.claim + 1, row.spent)

    def beat(self, claim: Claim, progress: str, spent: float) -> str:
        """Say that a worker lives and how far its pilot is; return what was asked of the pilot.

        Args:
            claim: the right to write.
            progress: a snapshot, as JSON.
            spent: seconds that workers spent on the pilot.

        Raises:
            ConflictError: another worker took the pilot over.
        """
        with self._held(claim) as connection:
            _seen(connection, claim.worker)
            set_pilot(connection, claim.pilot, progress=progress, spent=spent)
            query = select(PilotRow.asked).where(PilotRow.id == claim.pilot)
            return str(connection.execute(query).scalar_one())

    def keep_runs(self, claim: Claim, runs: Iterable[ArmRun], first: int = 0) -> None:
        """Keep runs without their answers, with places from `first` on.

        Raises:
            ConflictError: another worker took the pilot over.
        """
        rows = [
            {"pilot_id": claim.pilot, "key": run.key, "place": place, "record": run_record(run)}
            for place, run in enumerate(runs, start=first)
        ]
        with self._held(claim) as connection:
            replace_rows(connection, PilotRun, rows)

    def keep_run(self, claim: Claim, run: ArmRun, given: list[ArmAnswer]) -> None:
        """Keep how a run stands, and the answers that are new.

        Raises:
            ConflictError: another worker took the pilot over.
        """
        of_run = (PilotAnswers.pilot_id == claim.pilot, PilotAnswers.key == run.key)
        with self._held(claim) as connection:
            connection.execute(
                update(PilotRun)
                .where(PilotRun.pilot_id == claim.pilot, PilotRun.key == run.key)
                .values(record=run_record(run))
            )
            if given:
                count = select(func.count()).select_from(PilotAnswers).where(*of_run)
                connection.execute(
                    insert(PilotAnswers).values(
                        pilot_id=claim.pilot,
                        key=run.key,
                        block=connection.execute(count).scalar_one(),
                        packed=packed_answers(given),
                    )
                )

    def keep_file(self, claim: Claim, key: str, name: str, path: Path) -> None:
        """Keep a file that a run made, in place of an earlier one of that name.

        Raises:
            ConflictError: another worker took the pilot over.
            OSError: the file cannot be read.
        """
        with self._held(claim) as connection, path.open("rb") as file:
            names = {"pilot_id": claim.pilot, "key": key, "name": name}
            table = PilotArtifact.__table__
            old = delete(PilotArtifact).where(*(table.c[one] == names[one] for one in names))
            connection.execute(old)
            for part, content in enumerate(iter(lambda: file.read(PART_BYTES), b"")):
                connection.execute(
                    insert(PilotArtifact).values(**names, part=part, content=content)
                )

    def say(self, claim: Claim, lines: Iterable[str]) -> None:
        """Add lines to the log.

        Raises:
            ConflictError: another worker took the pilot over.
        """
        with self._held(claim) as connection:
            last = select(func.coalesce(func.max(PilotLine.number), 0))
            query = last.where(PilotLine.pilot_id == claim.pilot)
            number = int(connection.execute(query).scalar_one())
            rows = [
                {"pilot_id": claim.pilot, "number": place, "at": now(), "text": text}
                for place, text in enumerate(lines, start=number + 1)
            ]
            if rows:
                connection.execute(insert(PilotLine), rows)

    def cancelled(self, claim: Claim) -> None:
        """Say that a pilot is cancelled, and hold it until its result is kept.

        Raises:
            ConflictError: another worker took the pilot over.
        """
        with self._held(claim) as connection:
            set_pilot(connection, claim.pilot, state="cancelled", finished_at=now(), asked="")

    def leave_pilot(self, claim: Claim, state: PilotState, why: str = "") -> None:
        """Let go of a pilot in this state.

        Raises:
            ConflictError: another worker took the pilot over.
        """
        over = {"finished_at": now()} if state in {"failed", "cancelled"} else {}
        with self._held(claim) as connection:
            set_pilot(connection, claim.pilot, state=state, why=why, worker=None, asked="", **over)

    def finish(self, claim: Claim, state: PilotState, result: PilotResult, why: str = "") -> None:
        """Keep the result, note its verdict on the proposal, and let go of the pilot.

        Raises:
            ConflictError: another worker took the pilot over.
        """
        verdict = result.comparison.verdict
        with self._held(claim) as connection:
            set_pilot(
                connection,
                claim.pilot,
                state=state,
                why=why,
                worker=None,
                asked="",
                finished_at=result.finished,
                outcome=verdict.outcome,
                result=pack(result.model_dump(mode="json", by_alias=True)),
            )
            query = select(PilotRow.proposal_id).where(PilotRow.id == claim.pilot)
            proposal = connection.execute(query).scalar_one()
            if proposal is not None:
                row = {"proposal_id": proposal, "pilot_id": claim.pilot, "at": result.finished}
                said = {"outcome": verdict.outcome.value, "because": verdict.because}
                replace_rows(connection, PilotVerdict, [row | said])

    @contextmanager
    def _held(self, claim: Claim) -> Iterator[Connection]:
        """Open a transaction in which the claim holds.

        Raises:
            ConflictError: another worker took the pilot over.
        """
        mine = (
            PilotRow.id == claim.pilot,
            PilotRow.worker == claim.worker,
            PilotRow.claim == claim.number,
        )
        with self._database.write() as connection:
            query = select(PilotRow.id).where(*mine).with_for_update()
            if connection.execute(query).first() is None:
                raise ConflictError("Another worker took this pilot over.")
            yield connection


def _seen(connection: Connection, worker: str) -> None:
    at = database_now(connection)
    connection.execute(update(WorkerRow).where(WorkerRow.id == worker).values(seen_at=at))
