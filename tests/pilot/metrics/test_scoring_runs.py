"""Scores of whole runs: per case, per slice, beside the metric that decides."""

from __future__ import annotations

import pytest

from advisor.domain.cases import Case, Dataset
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmAnswer, ArmRun
from advisor.domain.pilot_spec import ArmName, Spec
from advisor.pilot.metrics import aggregates, score_all, score_table, slice_means

CASES = tuple(
    Case(
        id=f"c{n}",
        input=f"q{n}",
        expected="yes" if n % 2 else "no",
        slice="new" if n > 3 else "old",
    )
    for n in range(6)
)
FROZEN = Frozen(
    Spec.model_validate({"title": "t", "task": "classification", "instruction": "i"}),
    Dataset(CASES[:1], CASES),
)


def run(arm: ArmName, text: str, seed: int = 0, share: float = 1.0) -> ArmRun:
    given = [ArmAnswer(case=case.id, text=text, cut=case.id == "c0") for case in CASES]
    return ArmRun(arm=arm, seed=seed, share=share, answers=score_all(FROZEN, given))


RUNS = (
    run(ArmName.PROMPT, "no\nand more"),
    run(ArmName.FINE_TUNING, "yes"),
    run(ArmName.FINE_TUNING, "no", seed=1),
    run(ArmName.FINE_TUNING, "maybe", share=0.5),
)


def test_each_answer_gets_its_score() -> None:
    assert [one.score for one in RUNS[0].answers] == [1, 0, 1, 0, 1, 0]
    assert RUNS[0].answers[0].cut


def test_seeds_are_averaged_and_smaller_shares_left_out() -> None:
    table = score_table(RUNS)
    assert set(table) == {"prompt", "fine_tuning"}
    assert set(table["fine_tuning"].values()) == {0.5}


def test_slices() -> None:
    assert slice_means(FROZEN, RUNS) == {
        "new": {"prompt": 0.5, "fine_tuning": 0.5},
        "old": {"prompt": 0.5, "fine_tuning": 0.5},
    }


def test_figures_beside_the_score() -> None:
    found = aggregates(FROZEN, RUNS)
    assert found["prompt"] == {"macro_f1": pytest.approx(1 / 3), "cut": pytest.approx(1 / 6)}
    assert found["fine_tuning"]["macro_f1"] == pytest.approx(1 / 3)
