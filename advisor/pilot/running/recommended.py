"""The arm that a verdict is about, where the specification leaves it to the proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from advisor.pilot.arms.arm import Arm
from advisor.pilot.running.steps import chosen
from advisor.pilot.spec import ArmName, Frozen
from advisor.store import Store
from advisor.vocabulary import Remedy, combination

THOROUGH = (
    ArmName.PROMPT_BEST,
    ArmName.FEW_SHOT,
    ArmName.PROMPT,
    ArmName.ENDPOINT,
    ArmName.CONSTRAINED,
    ArmName.CLASSIFIER,
    ArmName.RETRIEVAL,
    ArmName.FINE_TUNING,
    ArmName.FINE_TUNING_RETRIEVAL,
    ArmName.RECORDED,
)
"""Of several arms that stand for one remedy, the one that shows it at its best comes first."""


def with_recommended(store: Store, frozen: Frozen) -> Frozen:
    """Return the pilot with the arm that stands for what its proposal was recommended."""
    if frozen.spec.recommended is not None or frozen.spec.proposal is None:
        return frozen
    from advisor.pilot.arms import ARMS

    remedies = store.pilots.recommendation(frozen.spec.proposal)
    arm = arm_for(remedies, chosen(frozen, ARMS)) if remedies else None
    spec = frozen.spec.model_copy(update={"recommended": arm})
    return replace(frozen, spec=spec)


def arm_for(remedies: str, arms: Sequence[Arm]) -> ArmName | None:
    """Return the most thorough arm that stands for these remedies; None if there is none."""
    wanted = set(combination(remedies))
    # every arm is prompted, so prompting beside another remedy asks for nothing more
    wanted = wanted - {Remedy.PROMPTING} or wanted
    fitting = [arm.name for arm in arms if set(arm.remedies) == wanted]
    return min(fitting, key=THOROUGH.index, default=None)
