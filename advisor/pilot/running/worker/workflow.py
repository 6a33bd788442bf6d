"""A pilot as a durable workflow: each run of an arm is a step, and a killed worker loses none.

DBOS notes which steps are over; what they found stands in the tables of the advisor. A step that
is left in the middle counts as never begun, and goes on from the answers that were kept.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from dbos import DBOS, DBOSConfiguredInstance, SetWorkflowID
from dbos import error as dbos_error

from advisor.errors import StoreError
from advisor.pilot.running.compute.error_messages import words_for
from advisor.pilot.running.worker.concluding import conclude
from advisor.pilot.running.worker.pilot_session import PilotSession
from advisor.pilot.running.worker.step_runner import run_step
from advisor.pilot.running.worker.stop_reasons import LeftError, StopReason

_LOG = logging.getLogger("advisor.worker")


@DBOS.dbos_class("Flow")  # as in the databases of teams: pilots under way are found by it
class PilotWorkflow(DBOSConfiguredInstance):
    """The workflow of one worker; it runs the pilot of its session."""

    def __init__(self) -> None:
        """Be known under one name on every machine, so that any worker can go on."""
        super().__init__("pilots")
        self.session: PilotSession | None = None

    def start(self, session: PilotSession, queue: str) -> None:
        """Start the pilot of a session, or go on with it, through the queue of this worker."""
        self.session = session
        id = session.claim.pilot
        if DBOS.get_workflow_status(id) is None:
            with SetWorkflowID(id):
                DBOS.enqueue_workflow(queue, self.pilot, id)
        else:
            DBOS.resume_workflow(id, queue_name=queue)

    @DBOS.workflow(name="pilot")
    def pilot(self, id: str) -> str:
        """Run one pilot from its first open step to its result."""
        with self._in_session(id) as session:
            session.begun.set()
        try:
            for key in self.prepare(id):
                self.run(id, key)
            return self.end(id)
        finally:
            session.end_child()
            session.left.set()

    @DBOS.step(name="prepare")
    def prepare(self, id: str) -> list[str]:
        """Keep the plan; return the keys of its runs."""
        with self._in_session(id) as session:
            session.record.keep_plan(sheet.run for sheet in session.sheets.values())
            return list(session.sheets)

    @DBOS.step(name="run")
    def run(self, id: str, key: str) -> str:
        """Run one arm; return the state of its run."""
        with self._in_session(id) as session:
            return run_step(session, session.step(key))

    @DBOS.step(name="end")
    def end(self, id: str) -> str:
        """Keep the result; return the state of the pilot."""
        with self._in_session(id) as session:
            return conclude(session)

    @contextmanager
    def _in_session(self, id: str) -> Iterator[PilotSession]:
        """Give the session; whatever goes wrong leaves the step open, to be gone on with later."""
        session = self.session
        if session is None or session.claim.pilot != id:
            raise _open(id)
        try:
            yield session
        except LeftError as left:
            session.stop_reason = left.stop_reason
            raise _open(id) from left
        except StoreError as error:
            session.broken = error
            raise _open(id) from error
        except Exception as error:
            _LOG.exception("A pilot stopped unexpectedly")
            session.stop_reason = StopReason("leave", words_for(error), "paused")
            raise _open(id) from error


def _open(id: str) -> BaseException:
    """Return what tells DBOS that a step has no outcome yet."""
    return dbos_error.DBOSWorkflowCancelledError(f"Pilot {id} is left open")
