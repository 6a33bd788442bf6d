"""What is said before the start is near what it takes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from crew import WORKER, frozen
from slow_arms import ARMS

from advisor.domain.frozen_pilot import Frozen
from advisor.pilot.running.compute.arm_timing import spread_by_length
from advisor.pilot.running.compute.steps import plan
from advisor.pilot.running.queue.estimating import Estimate, estimate

pytestmark = pytest.mark.slow

SLOW, TIMED = ("slow_worker_process.py", "timed_worker_process.py")


def guess(pilot: Frozen, bench: str = TIMED, **more: Any) -> Estimate:
    program = (sys.executable, str(WORKER.with_name(bench)))
    return estimate(pilot, program=program, arms=ARMS, **more)


def test_every_arm_is_timed_on_a_few_cases(home: Path) -> None:
    told: list[tuple[int, int]] = []
    pilot = frozen(
        {
            "prompt": {"delay": 0.05},
            "few_shot": {"trouble": "crash"},
            "classifier": {"delay": 0.02},
            "fine_tuning": {"unfit": "There are too few."},
        },
        cases=200,
        curve=[0.5, 1.0],
        seeds=[0, 1],
    )
    found = guess(pilot, tell=lambda done, total: told.append((done, total)))
    seconds = {one.step.key: one.seconds for one in found.steps}
    assert list(seconds) == [step.key for step in plan(pilot, ARMS)]
    assert seconds["prompt~0~1.0"] == pytest.approx(10)
    assert seconds["classifier~0~1.0"] == pytest.approx(4)
    assert seconds["few_shot~0~1.0"] == seconds["fine_tuning~0~0.5"] == 0
    assert seconds["classifier~1~1.0"] == seconds["classifier~0~1.0"]
    why = {one.step.key: one.why for one in found.steps}
    assert "There are too few." in why["fine_tuning~0~0.5"] and not why["prompt~0~1.0"]
    assert not found.hopeless
    assert told == [(done, 4) for done in range(5)]
    assert 0 < found.starting < 60
    needed = [one.seconds for one in found.steps if not one.step.optional]
    assert found.seconds == pytest.approx(found.starting + sum(needed))
    assert found.fits(pilot)
    first = found.snapshot(pilot)
    assert [arm.estimated for arm in first.arms] == list(seconds.values())


def test_where_no_arm_can_run_the_reason_is_told_once(home: Path) -> None:
    trouble = {"trouble": "model"}
    found = guess(frozen({"prompt": trouble, "few_shot": trouble}))
    assert found.hopeless == "There is no base model 'x'. Fetch it first."


def test_timing_can_be_stopped(home: Path) -> None:
    """Otherwise this test would never end."""
    pilot = frozen({"prompt": {"endless": True}, "classifier": {"endless": True}}, cases=100)
    found = guess(pilot, SLOW, stop=lambda: True)
    assert len(found.steps) == 2


def test_what_is_loaded_once_is_not_counted_for_every_case(home: Path) -> None:
    (step,) = guess(frozen({"prompt": {"delay": 0.01, "load": 0.5}}, cases=100)).steps
    assert step.seconds == pytest.approx(0.5 + 100 * 0.01)


def test_a_long_search_is_watched_for_a_while_and_extended(home: Path) -> None:
    (step,) = guess(frozen({"prompt": {"search": 1_000.0}}, cases=100)).steps
    assert step.seconds == pytest.approx(1_000)


def test_the_cases_timed_stand_for_all_by_length() -> None:
    cases = frozen({"prompt": {}}, cases=9).data.test
    longer = tuple(
        case.model_copy(update={"input": "x" * 10 * (place + 1)})
        for place, case in enumerate(cases)
    )
    assert [len(case.input) for case in spread_by_length(longer, 3)] == [20, 50, 80]
    assert spread_by_length(longer, 1)[0] == longer[4]
    assert spread_by_length(longer[:2], 16) == longer[:2]
