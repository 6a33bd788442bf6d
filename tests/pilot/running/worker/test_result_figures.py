"""Scores, verdict and curve are made of the runs alone, and say what did not go as planned."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from crew import frozen

from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmAnswer, ArmRun, Finding
from advisor.domain.pilot_spec import ArmName
from advisor.pilot.comparing import VerdictOutcome
from advisor.pilot.running.compute.hardware import this_worker
from advisor.pilot.running.compute.steps import PilotStep
from advisor.pilot.running.worker.concluding import environment
from advisor.pilot.running.worker.early_stopping import early_stop_reason
from advisor.pilot.running.worker.pilot_session import PilotSession
from advisor.pilot.running.worker.result_figures import (
    SEEN,
    UNSEEN,
    comparison_of,
    curve_of,
    fact_means,
    seeds_of,
    usable,
)
from advisor.pilot.running.worker.run_sheet import RunSheet

PILOT = frozen({"prompt": {}, "few_shot": {}}, cases=80, recommended="few_shot")


def run(arm: str, right: float, pilot: Frozen = PILOT, answered: int = 80, **more: Any) -> ArmRun:
    draw = random.Random(f"{arm}{more.get('seed', 0)}")
    answers = tuple(
        ArmAnswer(case=case.id, text="x", score=float(draw.random() < right))
        for case in pilot.data.test[:answered]
    )
    return ArmRun(arm=ArmName(arm), answers=answers, **more)


def test_arms_are_compared_on_the_cases_that_both_answered() -> None:
    found = comparison_of(PILOT, [run("prompt", 0.2), run("few_shot", 0.9, answered=50)])
    assert {one.name: one.n for one in found.arms} == {"prompt": 80, "few_shot": 50}
    assert [one.n for one in found.comparisons] == [50]
    assert found.verdict.outcome == VerdictOutcome.CONFIRMED
    assert found.verdict.margin == pytest.approx(0.1)


def test_what_stopped_or_failed_is_said_beside_the_verdict() -> None:
    runs = [
        run("prompt", 0.2, state="stopped", answered=60, why="The time was used up."),
        run("few_shot", 0.9),
        run("classifier", 0.9, state="failed", why="Memory ran out."),
    ]
    found = comparison_of(PILOT, runs)
    assert [one.name for one in found.arms] == ["prompt", "few_shot"]
    assert [run.arm for run in usable(runs)] == ["prompt", "few_shot"]
    notes = " ".join(found.verdict.notes)
    assert "Plain prompt stopped after 60 cases: The time was used up." in notes
    assert "Plain classifier failed: Memory ran out." in notes


@pytest.mark.parametrize(
    ("runs", "more", "words"),
    [
        (
            [run("prompt", 0.2), run("few_shot", 0.9, state="failed", why="No model.")],
            {},
            "the recommended arm, gave no answers. No model.",
        ),
        ([run("prompt", 0.2), run("few_shot", 0.9)], {"cancelled": True}, "was cancelled"),
        (
            [run("prompt", 0.2), run("few_shot", 0.9)],
            {"findings": [Finding(check="x", severity="blocks", what="Copies on both sides.")]},
            "Copies on both sides.",
        ),
    ],
)
def test_without_what_it_takes_there_is_no_verdict(
    runs: Sequence[ArmRun], more: dict[str, Any], words: str
) -> None:
    verdict = comparison_of(PILOT, runs, **more).verdict
    assert verdict.outcome == VerdictOutcome.INCONCLUSIVE
    assert words in verdict.because and verdict.next


def test_a_doubt_alone_leaves_the_verdict() -> None:
    doubt = Finding(check="x", severity="warning", what="A doubt.")
    runs = [run("prompt", 0.2), run("few_shot", 0.9)]
    assert comparison_of(PILOT, runs, [doubt]) == comparison_of(PILOT, runs)


def test_the_curve_grows_with_the_examples_and_goes_on_as_a_projection() -> None:
    runs = [
        run("fine_tuning", 0.9),
        run("fine_tuning", 0.4, share=0.25),
        run("fine_tuning", 0.7, share=0.5),
        run("fine_tuning", 0.1, share=0.5, seed=9),
        run("fine_tuning", 0.1, share=0.75, state="failed"),
    ]
    points, words = curve_of(PILOT, runs)
    known = [point for point in points if not point.projected]
    assert [point.examples for point in known] == [2, 4, 8]
    assert known[0].score < known[1].score < known[2].score
    assert all(point.low <= point.score <= point.high for point in points)
    assert [point.examples for point in points if point.projected] == [16, 32]
    assert "16" in words


def test_one_point_is_no_curve() -> None:
    assert curve_of(PILOT, [run("fine_tuning", 0.9), run("prompt", 0.5)]) == ((), "")


def test_the_spread_over_seeds_is_shown() -> None:
    runs = [run("fine_tuning", right, seed=seed) for seed, right in enumerate((0.1, 0.9))]
    (found,) = seeds_of([*runs, run("prompt", 0.5), run("fine_tuning", 0.5, share=0.5)])
    assert found.severity == "note" and "Fine-tuning was run with 2 seeds" in found.what


def test_scores_on_seen_and_unseen_facts_stand_apart() -> None:
    cases = tuple(
        case.model_copy(update={"expected": f"It opened in {1900 + place}."})
        for place, case in enumerate(PILOT.data.test)
    )
    train = tuple(
        case.model_copy(update={"expected": f"It opened in {1900 + place}."})
        for place, case in enumerate(PILOT.data.train)
    )
    pilot = replace(PILOT, data=replace(PILOT.data, train=train, test=cases))
    answers = tuple(
        ArmAnswer(case=case.id, text="x", score=float(place < 8))
        for place, case in enumerate(cases)
    )
    found = fact_means(pilot, [ArmRun(arm=ArmName.FINE_TUNING, answers=answers)])
    assert found == {SEEN: {"fine_tuning": 1.0}, UNSEEN: {"fine_tuning": 0.0}}
    assert fact_means(PILOT, [run("prompt", 0.5)]) == {}


def test_what_a_repetition_needs_is_noted() -> None:
    tuned = run("fine_tuning", 0.5, details={"base": "Smol", "base_identity": "ab"})
    noted = environment(PILOT, this_worker(), [run("prompt", 0.5), tuned])
    assert noted["base"] == "Smol" and noted["base_identity"] == "ab"
    assert noted["data"] == PILOT.data.fingerprint
    assert {"advisor", "python", "torch", "transformers", "processor", "seeds"} <= noted.keys()


def looking(pilot: Frozen, *runs: ArmRun) -> PilotSession:
    """A session with nothing on it but runs."""
    session = PilotSession.__new__(PilotSession)
    session.frozen, session.looked = pilot, {}
    session.sheets = {one.key: RunSheet.of(one) for one in runs}
    return session


def test_a_clear_arm_stops_before_all_cases_are_answered() -> None:
    pilot = frozen({"prompt": {}, "few_shot": {}}, cases=400, recommended="few_shot")
    first = run("prompt", 0.1, pilot, answered=400)
    step = PilotStep(arm=ArmName.FEW_SHOT, seed=0)
    everything = run("few_shot", 0.95, pilot, answered=400).answers
    for count in range(0, 400, 40):
        order = [one.id for one in in_order(pilot)][:count]
        given = tuple(one for one in everything if one.case in order)
        session = looking(pilot, first, ArmRun(arm=ArmName.FEW_SHOT, answers=given))
        if stop_reason := early_stop_reason(session, step):
            break
    assert stop_reason is not None and stop_reason.reach == "arm"
    assert 30 <= count <= 200 and f"after {count} of 400 cases" in stop_reason.why
    assert "better" in stop_reason.why
    assert early_stop_reason(session, step) is None, "it looks once at each number of cases"


def in_order(pilot: Frozen) -> Sequence[Any]:
    from advisor.pilot.running.compute.steps import in_random_order

    return in_random_order(pilot.data.test, 0)


def test_an_arm_that_others_are_still_to_be_compared_with_goes_on() -> None:
    pilot = frozen({"prompt": {}, "few_shot": {}}, cases=400, recommended="few_shot")
    session = looking(
        pilot,
        ArmRun(arm=ArmName.PROMPT),
        run("few_shot", 0.95, pilot, answered=400),
    )
    assert early_stop_reason(session, PilotStep(arm=ArmName.FEW_SHOT, seed=0)) is None


@pytest.mark.parametrize(
    "step",
    [
        PilotStep(arm=ArmName.FINE_TUNING, seed=0, share=0.5),
        PilotStep(arm=ArmName.FINE_TUNING, seed=1, optional=True),
    ],
)
def test_points_of_the_curve_and_more_seeds_are_never_cut_short(step: PilotStep) -> None:
    assert early_stop_reason(looking(PILOT), step) is None
