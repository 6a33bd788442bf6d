"""The arm that a verdict is about, where the specification leaves it to the proposal."""

from __future__ import annotations

from dataclasses import replace

from advisor.domain.pilot_spec import Frozen
from advisor.pilot.running.compute.steps import chosen
from advisor.store import Store


def with_recommended(store: Store, frozen: Frozen) -> Frozen:
    """Return the pilot with the arm that stands for what its proposal was recommended, if any."""
    if frozen.spec.recommended is not None or frozen.spec.proposal is None:
        return frozen
    recommendation = store.pilots.recommendation(frozen.spec.proposal)
    if recommendation is None:
        return frozen
    from advisor.pilot.arms.registry import ARMS, arm_for  # heavy: scipy

    arm = arm_for(recommendation)
    if arm not in {one.name for one in chosen(frozen, tuple(ARMS.values()))}:
        return frozen
    return replace(frozen, spec=frozen.spec.model_copy(update={"recommended": arm}))
