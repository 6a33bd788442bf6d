"""A pilot on a terminal: every arm with its bar and its time left, on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from advisor.core.terminal import one_line, write_message
from advisor.domain.pilot_state import OVER
from advisor.pilot.running.queue.actions import watch
from advisor.pilot.running.queue.local_worker import ensure_worker
from advisor.pilot.running.queue.snapshot import CHECKING, ArmProgress, Snapshot
from advisor.presentation.arm_titles import arm_words
from advisor.presentation.wording import duration, percent
from advisor.store import Store

EVERY = 0.5
"""Seconds between two looks."""
LINE_EVERY = 30.0
"""Seconds between two lines where no terminal draws bars."""
_STATES = {"waiting": "", "running": "", "done": "done", "stopped": "stopped", "failed": "failed"}

Show = Callable[[Snapshot], None]


def follow(store: Store, id: str) -> Snapshot:
    """Show how far a pilot is until it is over or paused; return the last word."""
    with _shown() as show:
        while True:
            now = watch(store, id)
            show(now)
            if now.state in OVER or now.state == "paused":
                return now
            ensure_worker(store)
            time.sleep(EVERY)


@contextmanager
def _shown() -> Iterator[Show]:
    if sys.stderr.isatty():
        with _bars() as show:
            yield show
    else:
        yield _FollowLines().show


@contextmanager
def _bars() -> Iterator[Show]:
    from rich.console import Console  # heavy: rich
    from rich.progress import BarColumn, Progress, TaskID, TextColumn  # heavy: rich

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[told]}", markup=False),
    )
    # Rich would send what is written to standard output to its own console
    with Progress(*columns, console=Console(stderr=True), redirect_stdout=False) as progress:
        tasks: dict[str, TaskID] = {}

        def draw(key: str, name: str, share: float, told: str) -> None:
            if key not in tasks:
                tasks[key] = progress.add_task(name, total=1.0, told="")
            progress.update(tasks[key], description=name, completed=share, told=told)

        def show(now: Snapshot) -> None:
            draw("", "Pilot", now.share_done, whole_words(now))
            for arm in now.arms:
                draw(arm.key, f"  {name_of(arm)}", share_of(arm), arm_told(arm))

        yield show


class _FollowLines:
    """A line now and then, for logs."""

    def __init__(self) -> None:
        self._last = -LINE_EVERY
        self._state = ""

    def show(self, now: Snapshot) -> None:
        moment = time.monotonic()
        if now.state != self._state or moment - self._last >= LINE_EVERY:
            self._last, self._state = moment, now.state
            write_message(one_line(f"{percent(now.share_done)}: {_at_work(now)}{whole_words(now)}"))


def _at_work(now: Snapshot) -> str:
    """Return which run is being computed: `fine-tuning, training, 44/96, `."""
    found = next((arm for arm in now.arms if arm.state == "running"), None)
    return f"{name_of(found)}, {arm_told(found)}, " if found else ""


def name_of(arm: ArmProgress) -> str:
    """Return what a run is called: its arm, with its share and seed where they are not plain."""
    more = [f"{percent(arm.share)} of the examples"] * (arm.share < 1)
    more += [f"seed {arm.seed}"] * (arm.seed != 0)
    return arm_words(arm.arm) + (f" ({', '.join(more)})" if more else "")


def share_of(arm: ArmProgress) -> float:
    """Return how much of a run is done, 0 to 1."""
    if arm.over:
        return 1.0
    if arm.seconds_left is not None and arm.took:
        return arm.took / (arm.took + arm.seconds_left)
    return arm.done / arm.total if arm.total else 0.0


def arm_told(arm: ArmProgress) -> str:
    """Return how a run stands, in a few words."""
    if arm.state in {"stopped", "failed"}:
        return one_line(f"{arm.state}: {arm.why}")
    parts = [arm.stage or ""] if arm.state == "running" else [_STATES[arm.state]]
    parts += [f"{arm.done}/{arm.total}"] if arm.state == "running" and arm.total else []
    parts += [f"loss {arm.loss:.2f}"] if arm.loss is not None and arm.stage == "training" else []
    parts += [f"score {percent(arm.score)}"] if arm.score is not None else []
    parts += [f"{duration(arm.seconds_left)} left"] if arm.seconds_left else []
    return ", ".join(filter(None, parts))


def whole_words(now: Snapshot) -> str:
    """Return how a pilot stands, in a few words."""
    parts: list[str] = [now.state] * (now.state != "running")
    parts += [f"{duration(now.seconds_left)} left"] if now.seconds_left else []
    parts += [CHECKING] * now.checking
    parts += [f"{now.memory_mb / 1e3:.1f} GB"] if now.memory_mb else []
    parts += [now.why] if now.why else []
    return one_line(", ".join(filter(None, parts)))
