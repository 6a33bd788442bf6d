"""What a pilot will do, step by step: simplest arms first, then the curve, then more seeds."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from advisor.core.strict import Strict
from advisor.domain.cases import Case
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmRun
from advisor.domain.pilot_spec import ArmName
from advisor.pilot.arms.arm import Arm


class PilotStep(Strict):
    """One arm with one seed and one share of the training side."""

    arm: ArmName
    seed: int
    share: float = 1.0
    optional: bool = False
    """Whether it is left out when the time will not do."""

    @property
    def run(self) -> ArmRun:
        """The run that this step will fill."""
        return ArmRun(arm=self.arm, seed=self.seed, share=self.share, state="waiting")

    @property
    def key(self) -> str:
        """Name of the run inside the pilot."""
        return self.run.key


def plan(frozen: Frozen, arms: Sequence[Arm]) -> tuple[PilotStep, ...]:
    """Return every step in the order in which it is done.

    Args:
        frozen: the pilot.
        arms: all that there are, simplest first.
    """
    used = arms_to_run(frozen, arms)
    return (*_once(frozen, used), *_curve(frozen, used), *_more_seeds(frozen, used))


def arms_to_run(frozen: Frozen, arms: Sequence[Arm]) -> tuple[Arm, ...]:
    """Return the arms that the specification names, or else every one that fits."""
    named = frozen.spec.arms
    return tuple(arm for arm in arms if (arm.name in named if named else not arm.unfit(frozen)))


def _once(frozen: Frozen, arms: Sequence[Arm]) -> Iterator[PilotStep]:
    for arm in arms:
        yield PilotStep(arm=arm.name, seed=frozen.spec.seeds[0])


def _curve(frozen: Frozen, arms: Sequence[Arm]) -> Iterator[PilotStep]:
    if any(arm.name is ArmName.FINE_TUNING for arm in arms):
        for share in sorted(frozen.spec.curve):
            if share < 1:
                yield PilotStep(arm=ArmName.FINE_TUNING, seed=frozen.spec.seeds[0], share=share)


def _more_seeds(frozen: Frozen, arms: Sequence[Arm]) -> Iterator[PilotStep]:
    for seed in frozen.spec.seeds[1:]:
        for arm in arms:
            if arm.trains:
                yield PilotStep(arm=arm.name, seed=seed, optional=True)


def in_random_order(cases: Sequence[Case], seed: int) -> tuple[Case, ...]:
    """Return the cases in random order, those of one group together."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(f"group {case.group}" if case.group else f"case {case.id}", []).append(
            case
        )
    names = sorted(groups)
    random.Random(seed).shuffle(names)
    return tuple(case for name in names for case in groups[name])
