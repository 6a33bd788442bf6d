"""What is said before the start is near what it takes."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import pytest
from crew import WORKER, frozen
from slow_arms import ARMS

from advisor.domain.frozen_pilot import Frozen
from advisor.pilot.running.compute.arm_timing import pace_of, spread_by_length
from advisor.pilot.running.compute.steps import plan
from advisor.pilot.running.queue.estimating import Estimate, estimate

PROGRAM = (sys.executable, str(WORKER.with_name("slow_worker_process.py")))


def guess(pilot: Frozen, **more: Any) -> Estimate:
    return estimate(pilot, program=PROGRAM, arms=ARMS, **more)


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
    assert 10 * 0.67 < seconds["prompt~0~1.0"] < 10 * 1.5
    assert 4 * 0.67 < seconds["classifier~0~1.0"] < 4 * 1.5
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
    began = time.monotonic()
    pilot = frozen({"prompt": {"delay": 0.5}, "classifier": {"delay": 0.5}}, cases=100)
    found = guess(pilot, stop=lambda: True)
    assert len(found.steps) == 2
    assert time.monotonic() - began < 20


def test_what_is_loaded_once_is_not_counted_for_every_case(tmp_path: Path) -> None:
    pilot = frozen({"prompt": {"delay": 0.01, "load": 0.5}}, cases=100)
    pace = pace_of(ARMS[0], plan(pilot, ARMS)[0], pilot, tmp_path, lambda: False)
    assert pace.each is not None and 0.008 < pace.each < 0.02
    assert 0.4 < pace.once < 0.8


def test_a_long_search_is_watched_for_a_while_and_extended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advisor.pilot.running.compute.arm_timing.LIMIT", 0.5)
    pilot = frozen({"prompt": {"search": 10.0}}, cases=100)
    pace = pace_of(ARMS[0], plan(pilot, ARMS)[0], pilot, tmp_path, lambda: False)
    assert pace.each is None
    assert 5 < pace.once < 20


def test_the_cases_timed_stand_for_all_by_length() -> None:
    cases = frozen({"prompt": {}}, cases=9).data.test
    longer = tuple(
        case.model_copy(update={"input": "x" * 10 * (place + 1)})
        for place, case in enumerate(cases)
    )
    assert [len(case.input) for case in spread_by_length(longer, 3)] == [20, 50, 80]
    assert spread_by_length(longer, 1)[0] == longer[4]
    assert spread_by_length(longer[:2], 16) == longer[:2]
