"""What a pilot will do is known before: order, shares, seeds, needs, the recommended arm."""

from __future__ import annotations

import subprocess
import sys

import pytest
from crew import frozen
from slow_arms import ARMS

from advisor.domain.pilot_spec import ArmName
from advisor.domain.pilot_state import Needs
from advisor.pilot.running.compute.hardware import needs, this_worker
from advisor.pilot.running.compute.steps import PilotStep, plan
from advisor.pilot.running.queue.actions import with_recommended
from advisor.proposal import Draft
from advisor.store import Store


def keys(**more: object) -> list[str]:
    named = {"fine_tuning": {}, "prompt": {}, "classifier": {}}
    return [step.key for step in plan(frozen(named, **more), ARMS)]


def test_simplest_arms_come_first_then_the_curve_then_more_seeds() -> None:
    assert keys(curve=[0.5, 0.25, 1.0], seeds=[3, 4]) == [
        "prompt~3~1.0",
        "classifier~3~1.0",
        "fine_tuning~3~1.0",
        "fine_tuning~3~0.25",
        "fine_tuning~3~0.5",
        "classifier~4~1.0",
        "fine_tuning~4~1.0",
    ]


def test_only_more_seeds_may_be_left_out() -> None:
    steps = plan(frozen({"classifier": {}}, seeds=[0, 1]), ARMS)
    assert [(step.seed, step.optional) for step in steps] == [(0, False), (1, True)]


def test_without_named_arms_all_that_fit_are_tried() -> None:
    pilot = frozen({"few_shot": {"unfit": "There are too few."}}, arms=[], curve=[1.0])
    assert [step.arm for step in plan(pilot, ARMS)] == ["prompt", "classifier", "fine_tuning"]


def test_an_arm_that_is_named_but_does_not_fit_stays_in_the_plan_to_say_why() -> None:
    steps = plan(frozen({"few_shot": {"unfit": "There are too few."}}), ARMS)
    assert steps == (PilotStep(arm=ArmName.FEW_SHOT, seed=0),)


@pytest.mark.parametrize(
    ("model", "gpu"),
    [
        (None, False),
        ("HuggingFaceTB/SmolLM2-135M-Instruct", False),
        ("Qwen2.5-1.5B-Instruct", False),
        ("meta-llama/Llama-3.1-8B", True),
        ("mistral-7b-instruct", True),
        ("models/8bit-quantised", False),
    ],
)
def test_a_large_model_wants_a_gpu(model: str | None, gpu: bool) -> None:
    pilot = frozen({"prompt": {}}, base_model=model, budget={"memory_gb": 6})
    assert needs(pilot) == Needs(6, gpu)


def test_a_worker_knows_its_machine() -> None:
    one, other = this_worker(), this_worker()
    assert one.id != other.id
    assert one.memory > 0.1 and "core" in one.what


def test_a_proposal_names_the_arm_before_the_pilot_is_frozen(store: Store) -> None:
    id = store.create(Draft(title="T"), "ann", "k").id
    pilot = frozen({"prompt": {}, "fine_tuning": {}}, proposal=id)
    assert with_recommended(store, pilot) is pilot
    store.note_assessment(id, 1, "prompting+fine_tuning", 0.9, False, {})
    named = with_recommended(store, pilot)
    assert named.spec.recommended == "fine_tuning" and named.hash != pilot.hash
    chosen = frozen({"prompt": {}, "fine_tuning": {}}, proposal=id, recommended="prompt")
    assert with_recommended(store, chosen) is chosen
    without = frozen({"prompt": {}, "classifier": {}}, proposal=id)
    assert with_recommended(store, without) is without


@pytest.mark.slow
def test_asking_loads_neither_the_workflow_engine_nor_pytorch() -> None:
    heavy = {"torch", "dbos", "transformers", "streamlit", "sklearn", "sentence_transformers"}
    assert loaded("queue.actions, advisor.pilot.running.queue.estimating", heavy) == "set()"


@pytest.mark.slow
def test_the_process_that_computes_starts_without_database_and_workflow_engine() -> None:
    heavy = {"torch", "dbos", "sqlalchemy", "transformers", "streamlit", "sklearn"}
    assert loaded("compute.worker_process", heavy) == "set()"


def loaded(module: str, names: set[str]) -> str:
    code = f"import sys, advisor.pilot.running.{module}; print({names!r} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()
