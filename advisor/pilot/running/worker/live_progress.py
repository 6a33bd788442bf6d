"""How far a pilot is, as its worker knows it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from advisor.core.terminal import one_line
from advisor.domain.pilot_state import PilotInfo
from advisor.pilot.running.queue.snapshot import ArmProgress, Snapshot
from advisor.pilot.running.worker.run_sheet import RunSheet
from advisor.store.database.statements import now

_TRUST = (0.25, 4.0)
"""How far measured times may correct what was estimated."""


def correction(arms: Sequence[ArmProgress]) -> float:
    """Return by how much the rest will take longer than estimated.

    What is done counts by its part of the whole: a few quick prompts say little of a long training.
    """
    pairs = [(arm.took, arm.estimated) for arm in arms if arm.state == "done" and arm.estimated]
    rest = sum(arm.estimated or 0.0 for arm in arms if not arm.over)
    estimated = rest + sum(guess for _, guess in pairs)
    if not estimated:
        return 1.0
    return min(max((rest + sum(took for took, _ in pairs)) / estimated, _TRUST[0]), _TRUST[1])


def seconds_left(arm: ArmProgress, factor: float) -> float | None:
    """Return the seconds that one arm will take still; None if nobody knows."""
    if arm.over:
        return 0.0
    if arm.estimated is None:
        return arm.seconds_left if arm.stage == "answering" else None
    guess = max(0.0, arm.estimated * factor - arm.took)
    if arm.seconds_left is None:
        return guess
    # what an arm says of its last stage is surer than the estimate of the whole
    return arm.seconds_left if arm.stage == "answering" else max(guess, arm.seconds_left)


def share_done(arms: Sequence[ArmProgress], factor: float) -> float:
    """Return the share that is done, 0 to 1: by time where all times are known, else by arms."""
    left = [seconds_left(arm, factor) for arm in arms]
    known = [seconds for seconds in left if seconds is not None]
    if not arms:
        return 0.0
    if len(known) < len(left):
        return sum(arm.over for arm in arms) / len(arms)
    took = sum(arm.took for arm in arms)
    return took / (took + sum(known)) if took + sum(known) > 0 else 1.0


_LINES = 200
_LINE = 400
"""Letters in one line of the log."""


class LiveProgress:
    """Collects progress from the thread that works, for the thread that tells. Thread-safe."""

    def __init__(self, info: PilotInfo, sheets: Iterable[RunSheet]) -> None:
        """Begin with what was kept; estimates are taken from the last snapshot."""
        before = _known(info.progress)
        self._info = info
        self._one = threading.Lock()
        self._arms = {sheet.run.key: _taken_up(sheet, before) for sheet in sheets}
        self._lines: list[str] = []
        self.memory_mb = 0.0

    def change(self, key: str, **changes: Any) -> None:
        """Note something about one run."""
        with self._one:
            self._arms[key] = self._arms[key].model_copy(update=changes)

    def of(self, key: str) -> ArmProgress:
        """Return how far one run is."""
        return self._arms[key]

    def say(self, line: str) -> None:
        """Add a line to the log."""
        with self._one:
            if len(self._lines) < _LINES:  # what floods the log is not kept
                self._lines.append(one_line(line)[:_LINE])

    def new_lines(self) -> list[str]:
        """Return the lines that were not returned before."""
        with self._one:
            lines, self._lines = self._lines, []
        return lines

    def estimate_left(self) -> float | None:
        """Return the seconds that everything will take still; None if nobody knows."""
        arms = tuple(self._arms.values())
        factor = correction(arms)
        left = [seconds_left(arm, factor) for arm in arms]
        return None if None in left else sum(filter(None, left))

    def snapshot(self, spent: float) -> Snapshot:
        """Return how far everything is."""
        with self._one:
            arms = tuple(self._arms.values())
        return Snapshot(
            pilot=self._info.id,
            title=self._info.title,
            state="running",
            at=now(),
            share_done=share_done(arms, correction(arms)),
            seconds_left=self.estimate_left(),
            spent=spent,
            memory_mb=self.memory_mb,
            arms=arms,
        )


def _known(progress: str) -> Mapping[str, ArmProgress]:
    if not progress:
        return {}
    return {arm.key: arm for arm in Snapshot.model_validate_json(progress).arms}


def _taken_up(sheet: RunSheet, before: Mapping[str, ArmProgress]) -> ArmProgress:
    run = sheet.run
    known = before.get(run.key) or ArmProgress(
        key=run.key, arm=run.arm, seed=run.seed, share=run.share
    )
    changes = {"state": run.state, "why": run.why, "score": sheet.score}
    return known.model_copy(update=changes | {"answered": len(sheet.answers)})
