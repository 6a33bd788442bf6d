"""How long a pilot will take still: what was estimated, corrected by what was measured."""

from __future__ import annotations

from collections.abc import Sequence

from advisor.pilot.running.queue.snapshot import ArmProgress

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
