"""All arms, simplest first, and which of them fit a pilot."""

from __future__ import annotations

from collections.abc import Mapping

from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_spec import ArmName
from advisor.pilot.arms.arm import Arm
from advisor.pilot.arms.best_prompt import PROMPT_BEST
from advisor.pilot.arms.constrained import CONSTRAINED
from advisor.pilot.arms.embedding_classifier import CLASSIFIER
from advisor.pilot.arms.endpoint import ENDPOINT
from advisor.pilot.arms.fine_tuning import FINE_TUNING, FINE_TUNING_RETRIEVAL
from advisor.pilot.arms.prompt import FEW_SHOT, PROMPT
from advisor.pilot.arms.recorded import RECORDED
from advisor.pilot.arms.retrieval import RETRIEVAL
from advisor.vocabulary import Combination, Remedy, combination

_ALL = (
    RECORDED,
    PROMPT,
    PROMPT_BEST,
    FEW_SHOT,
    CONSTRAINED,
    ENDPOINT,
    RETRIEVAL,
    CLASSIFIER,
    FINE_TUNING,
    FINE_TUNING_RETRIEVAL,
)
ARMS: Mapping[ArmName, Arm] = {arm.name: arm for arm in _ALL}
"""Simplest first."""

_STANDS: tuple[tuple[Combination, ArmName], ...] = (
    ((Remedy.RETRIEVAL, Remedy.FINE_TUNING), ArmName.FINE_TUNING_RETRIEVAL),
    ((Remedy.FINE_TUNING,), ArmName.FINE_TUNING),
    ((Remedy.RETRIEVAL,), ArmName.RETRIEVAL),
    ((Remedy.OTHER,), ArmName.CONSTRAINED),
    ((Remedy.PROMPTING,), ArmName.FEW_SHOT),
)
"""Which arm tries a combination: the first whose remedies are all in it."""


def arm_for(recommendation: str) -> ArmName:
    """Return the arm that tries what triage recommends, such as `retrieval+fine_tuning`.

    Prompting is tried with examples, which is the most that a prompt can do.

    Raises:
        ValueError: it names an unknown remedy.
    """
    wanted = set(combination(recommendation))
    return next(arm for remedies, arm in _STANDS if wanted.issuperset(remedies))


def fitting_arms(frozen: Frozen) -> tuple[Arm, ...]:
    """Return the arms that are asked for and can run, simplest first."""
    return tuple(arm for arm in _wanted(frozen) if not arm.unfit(frozen))


def _wanted(frozen: Frozen) -> tuple[Arm, ...]:
    return tuple(arm for arm in _ALL if not frozen.spec.arms or arm.name in frozen.spec.arms)
