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
from advisor.pilot.running.worker.workflow import Flow
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
    place = Workplace(store, worker, arms, home / "pilots", home / "worker.log", program)
    flow = Flow()
    with logged(place.log), beside(store), _stopping() as stop, engine(store, worker) as queue:
        try:
            _Runner(place, flow, queue, stop).run(IDLE if until_idle else float("inf"))
        finally:
            store.pilot_work.leave(worker)


class _Runner:
    """Takes pilots and runs them, one at a time."""

    def __init__(self, place: Workplace, flow: Flow, queue: str, stop: threading.Event) -> None:
        """Run pilots on this machine until `stop` is set."""
        self._place, self._flow, self._queue, self._stop = place, flow, queue, stop

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
            return self._place.store.pilot_work.take(self._place.worker)
        except StoreError as error:
            _LOG.warning("No pilot could be taken: %s", error)
            return None

    def _work(self, claim: Claim) -> None:
        try:
            desk = PilotSession.open(self._place, claim)
        except StoreError as error:
            self._place.store.pilot_work.leave_pilot(claim, "paused", str(error))
            return
        write_message(f"Running {claim.pilot}: {desk.frozen.spec.title}")
        self._flow.start(desk, self._queue)
        self._follow(desk)
        self._let_go(desk)

    def _follow(self, desk: PilotSession) -> None:
        latest = time.monotonic() + _STARTS
        while not desk.left.wait(BEAT):
            desk.closing = self._stop.is_set()
            desk.beat()
            if not desk.begun.is_set() and time.monotonic() > latest:
                raise StoreError("The database of workflows did not start the pilot.")

    def _let_go(self, desk: PilotSession) -> None:
        if desk.broken:
            raise desk.broken
        id, halt = desk.claim.pilot, desk.halt
        if halt is None:
            write_message(f"Ended {id}")
        elif halt.state is not None and not desk.lost:
            desk.beat()
            DBOS.cancel_workflow(id)  # a worker that goes on resumes it
            desk.leave(halt.state, halt.why)
            write_message(f"Left {id} ({halt.state}) {halt.why}".rstrip())


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
