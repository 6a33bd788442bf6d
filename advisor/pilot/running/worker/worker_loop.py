"""`advisor worker`: takes pilots from the queue, one at a time, until it is told to stop."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

from dbos import DBOS

from advisor.core.settings import settings
from advisor.core.terminal import write_message
from advisor.domain.pilot_state import Claim
from advisor.errors import StoreError
from advisor.pilot.arms.arm import Arm
from advisor.pilot.running.compute.child_process import PROGRAM
from advisor.pilot.running.compute.hardware import this_worker
from advisor.pilot.running.worker.dbos_engine import engine, logged
from advisor.pilot.running.worker.pilot_session import PilotSession, Workplace
from advisor.pilot.running.worker.workflow import PilotWorkflow
from advisor.store import Store, open_store

BEAT = 1.0
"""Seconds between two words to the database."""
IDLE = 120.0
"""Seconds without work after which a worker that was started by the app ends."""
_STARTS = 60.0
"""Seconds within which DBOS must start what it was given."""
_LOG = logging.getLogger("advisor.worker")


def serve(
    until_idle: bool = False,
    program: Sequence[str] = PROGRAM,
    arms: Sequence[Arm] | None = None,
    beside: Callable[[Store], AbstractContextManager[object]] = nullcontext,
) -> None:
    """Run pilots until told to stop.

    Args:
        until_idle: end when nothing was to be done for a while, and at once where another worker
            lives on this machine.
        program: how the computing process is started.
        arms: the arms that there are.
        beside: what goes on as long as the worker does.

    Raises:
        StoreError: the database failed for too long.
    """
    if arms is None:
        from advisor.pilot.arms.registry import ARMS  # heavy: bm25s

        arms = tuple(ARMS.values())
    store, worker = open_store(), this_worker()
    if not store.pilot_work.enter(worker, alone_here=until_idle):
        return
    home = settings().home
    workplace = Workplace(store, worker, arms, home / "pilots", home / "worker.log", program)
    workflow = PilotWorkflow()
    with logged(workplace.log), beside(store), _stopping() as stop, engine(store, worker) as queue:
        try:
            _Runner(workplace, workflow, queue, stop).run(IDLE if until_idle else float("inf"))
        finally:
            store.pilot_work.leave(worker)


class _Runner:
    """Takes pilots and runs them, one at a time."""

    def __init__(
        self, workplace: Workplace, workflow: PilotWorkflow, queue: str, stop: threading.Event
    ) -> None:
        """Run pilots on this machine until `stop` is set."""
        self._workplace, self._workflow, self._queue, self._stop = workplace, workflow, queue, stop

    def run(self, idle: float) -> None:
        """Run pilots until nothing was to be done for so many seconds."""
        last = time.monotonic()
        while not self._stop.is_set() and time.monotonic() - last < idle:
            if claim := self._take():
                self._work(claim)
                last = time.monotonic()
            else:
                self._stop.wait(BEAT)

    def _take(self) -> Claim | None:
        try:
            return self._workplace.store.pilot_work.take(self._workplace.worker)
        except StoreError as error:
            _LOG.warning("No pilot could be taken: %s", error)
            return None

    def _work(self, claim: Claim) -> None:
        try:
            session = PilotSession.open(self._workplace, claim)
        except StoreError as error:
            self._workplace.store.pilot_work.leave_pilot(claim, "paused", str(error))
            return
        write_message(f"Running {claim.pilot}: {session.frozen.spec.title}")
        self._workflow.start(session, self._queue)
        self._follow(session)
        self._let_go(session)

    def _follow(self, session: PilotSession) -> None:
        latest = time.monotonic() + _STARTS
        while not session.left.wait(BEAT):
            session.closing = self._stop.is_set()
            session.beat()
            if not session.begun.is_set() and time.monotonic() > latest:
                raise StoreError("The database of workflows did not start the pilot.")

    def _let_go(self, session: PilotSession) -> None:
        if session.broken:
            raise session.broken
        id, stop_reason = session.claim.pilot, session.stop_reason
        if stop_reason is None:
            write_message(f"Ended {id}")
        elif stop_reason.state is not None and not session.record.lost:
            session.beat()
            DBOS.cancel_workflow(id)  # a worker that goes on resumes it
            session.record.leave(stop_reason.state, stop_reason.why)
            write_message(f"Left {id} ({stop_reason.state}) {stop_reason.why}".rstrip())


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """Give what is set when the process is asked to end; asked again it ends at once."""
    asked = threading.Event()

    def note(*_: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    before = {one: signal.signal(one, note) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
