"""Which arms there are, which fit, and which one stands for a recommendation."""

from __future__ import annotations

import pytest
from arm_jobs import asked, extracted, labelled

from advisor.domain.pilot_spec import ArmName
from advisor.pilot.arms.registry import ARMS, arm_for, fitting_arms
from advisor.vocabulary import COMBINATIONS, combination_name


def test_every_arm_is_there_simplest_first() -> None:
    assert tuple(ARMS) == tuple(ArmName)
    assert all(arm.name is name for name, arm in ARMS.items())


@pytest.mark.parametrize("pilot", [labelled(), asked(), extracted()])
def test_each_arm_fits_or_says_why_not(home: object, pilot: object) -> None:
    fit = {arm.name for arm in fitting_arms(pilot)}  # type: ignore[arg-type]
    why = {arm.name: arm.unfit(pilot) for arm in ARMS.values() if arm.unfit(pilot)}  # type: ignore[arg-type]
    assert fit.isdisjoint(why) and fit | set(why) == set(ARMS)
    assert all(len(one.split()) > 3 for one in why.values())


def test_only_arms_that_are_asked_for_run(home: object) -> None:
    pilot = labelled(arms=["fine_tuning", "prompt", "recorded"])
    assert [arm.name for arm in fitting_arms(pilot)] == [ArmName.PROMPT, ArmName.FINE_TUNING]
    assert ARMS[ArmName.RECORDED].unfit(pilot)


@pytest.mark.parametrize("remedies", COMBINATIONS)
def test_every_recommendation_has_an_arm_that_needs_nothing_else(remedies: object) -> None:
    arm = ARMS[arm_for(combination_name(remedies))]  # type: ignore[arg-type]
    assert set(arm.remedies) <= set(remedies)  # type: ignore[call-overload]


def test_simple_recommendations_have_the_arm_of_their_name() -> None:
    assert arm_for("fine_tuning") is ArmName.FINE_TUNING
    assert arm_for("prompting+retrieval") is ArmName.RETRIEVAL
    assert arm_for("prompting+retrieval+fine_tuning") is ArmName.FINE_TUNING_RETRIEVAL
    with pytest.raises(ValueError, match="magic"):
        arm_for("magic")
