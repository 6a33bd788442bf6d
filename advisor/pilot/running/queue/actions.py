"""What people do with pilots: queue, watch, pause, resume, cancel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_spec import Spec
from advisor.domain.pilot_state import Ask, PilotInfo
from advisor.pilot.running.compute.hardware import needs
from advisor.pilot.running.compute.steps import arms_to_run
from advisor.pilot.running.queue.estimating import Estimate
from advisor.pilot.running.queue.local_worker import by_itself, ensure_worker
from advisor.pilot.running.queue.snapshot import Snapshot
from advisor.presentation.wording import listing, number
from advisor.store import Store

Check = Callable[[Store, Spec], None]
LINES = 12
"""Lines of the log in a snapshot."""


def queue(
    store: Store,
    frozen: Frozen,
    author: str,
    key: str,
    check: Check,
    estimate: Estimate | None = None,
) -> str:
    """Put a pilot into the queue, see that something works on it, and return its id.

    Args:
        store: where it is kept.
        frozen: the pilot. Where it names no recommended arm, that of its proposal is filled in, so
            that it is fixed before the first answer.
        author: who wants it.
        key: idempotency key; the same author and key again queue nothing.
        check: refuses, with an `InputError`, a pilot that review does not allow.
        estimate: what was shown before, for the time left.

    Raises:
        InputError: there is no such proposal, its review does not allow it now, or the author or
            the key cannot be stored.
    """
    check(store, frozen.spec)
    frozen = with_recommended(store, frozen)
    progress = estimate.snapshot(frozen).model_dump_json() if estimate else ""
    id = store.pilots.add(frozen, author, key, needs(frozen), progress)
    ensure_worker(store)
    return id


def with_recommended(store: Store, frozen: Frozen) -> Frozen:
    """Return the pilot with the arm that stands for what its proposal was recommended, if any."""
    if frozen.spec.recommended is not None or frozen.spec.proposal is None:
        return frozen
    recommendation = store.pilots.recommendation(frozen.spec.proposal)
    if recommendation is None:
        return frozen
    from advisor.pilot.arms.registry import ARMS, arm_for  # heavy: bm25s

    arm = arm_for(recommendation)
    if arm not in {one.name for one in arms_to_run(frozen, tuple(ARMS.values()))}:
        return frozen
    return replace(frozen, spec=frozen.spec.model_copy(update={"recommended": arm}))


def watch(store: Store, id: str) -> Snapshot:
    """Return how far a pilot is; cheap enough to be asked every second.

    Raises:
        NotFoundError: there is no such pilot.
    """
    info = store.pilots.info(id)
    last = Snapshot.model_validate_json(info.progress) if info.progress else _empty(info)
    return last.model_copy(
        update={
            "pilot": info.id,
            "state": info.state,
            "asked": info.asked,
            "why": info.why or _waits(store, info),
            "spent": info.spent,
            "outcome": info.outcome,
            "share_done": 1.0 if info.state == "done" else last.share_done,
            "seconds_left": None if info.over else last.seconds_left,
            "memory_mb": last.memory_mb if info.state == "running" else 0.0,
            "lines": tuple(line.text for line in store.pilots.lines(id, LINES)),
        }
    )


def ask(store: Store, id: str, what: Ask, author: str, key: str) -> Snapshot:
    """Pause, resume or cancel a pilot; return how it stands.

    Raises:
        NotFoundError: there is no such pilot.
        ConflictError: it is over.
        InputError: the author or the key cannot be stored.
    """
    store.pilots.ask(id, what, author, key)
    if what == "resume":
        ensure_worker(store)
    return watch(store, id)


def _empty(info: PilotInfo) -> Snapshot:
    return Snapshot(pilot=info.id, title=info.title, state=info.state)


def _waits(store: Store, info: PilotInfo) -> str:
    """Say what a pilot in the queue waits for."""
    if info.state != "queued":
        return ""
    workers = store.pilots.workers()
    if not workers:
        mend = "it starts by itself" if by_itself() else "start one with: advisor worker"
        return f"Waiting for a worker; {mend}"
    if not any(worker.can(info.needs_memory, info.needs_gpu) for worker in workers):
        wanted = [f"{number(info.needs_memory)} GB of memory"] + ["a GPU"] * info.needs_gpu
        return f"Waiting for a worker on a machine with {listing(wanted)}"
    before = store.pilots.before(info)
    if before:
        return f"Waiting for {before} pilot{'' if before == 1 else 's'} before it"
    return "Starting"
