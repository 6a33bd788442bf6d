"""Every arm that asks or trains a base model: whole, resumed, stopped, and the same again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from arm_jobs import Told, asked, extracted, job_for, labelled

from advisor.domain.cases import Dataset
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmAnswer
from advisor.domain.pilot_spec import ArmName
from advisor.errors import ModelError
from advisor.pilot.arms.best_prompt import FILE
from advisor.pilot.arms.constrained import schema_for
from advisor.pilot.arms.prompt import LETTERS, few_shot_examples
from advisor.pilot.arms.registry import ARMS, fitting_arms
from advisor.pilot.wordings import WORDINGS

pytestmark = pytest.mark.slow
PILOTS = {"labels": labelled, "fields": extracted, "questions": asked}
WRITING = [
    (name, arm)
    for name in PILOTS
    for arm in ARMS
    if arm not in {ArmName.RECORDED, ArmName.ENDPOINT, ArmName.CLASSIFIER}
    and arm in {one.name for one in fitting_arms(PILOTS[name]())}
]


def made(name: str, base: str) -> Frozen:
    return PILOTS[name](base_model=base)


def texts(answers: list[ArmAnswer]) -> dict[str, str]:
    return {one.case: one.text for one in answers}


@pytest.mark.parametrize(("name", "arm"), WRITING)
def test_an_arm_answers_every_case_says_how_and_does_so_again(
    name: str, arm: ArmName, tiny_name: str, tmp_path: Path
) -> None:
    pilot, told = made(name, tiny_name), Told()
    job = job_for(pilot, tmp_path / "one", told)
    job.folder.mkdir()
    answers = list(ARMS[arm].answer(job))
    assert {one.case for one in answers} == {case.id for case in pilot.data.test}
    assert all(one.score is None and one.tokens_in > 0 for one in answers)
    assert [one.done for one in told.progress if one.stage == "answering"][-1] == len(answers)
    usage = job.notes.usage
    assert usage.tokens_in == sum(one.tokens_in for one in answers)
    assert usage.tokens_out == sum(one.tokens_out for one in answers)
    assert usage.memory_mb > 50
    assert usage.answering_seconds == pytest.approx(sum(one.seconds for one in answers))
    json.dumps(job.notes.details)
    assert job.notes.details["base"] == tiny_name

    half = frozenset({answers[0].case})
    again = job_for(pilot, job.folder, done=half)
    rest = list(ARMS[arm].answer(again))
    assert {one.case for one in rest} == {case.id for case in pilot.data.test} - half
    assert texts(rest).items() <= texts(answers).items()


@pytest.mark.parametrize(("name", "arm"), [one for one in WRITING if one[0] == "labels"])
def test_an_arm_that_is_told_to_stop_ends(
    name: str, arm: ArmName, tiny_name: str, tmp_path: Path
) -> None:
    job = job_for(made(name, tiny_name), tmp_path, stop=lambda: True)
    assert list(ARMS[arm].answer(job)) == []


def test_a_wording_that_was_found_is_not_searched_again(tiny_name: str, tmp_path: Path) -> None:
    best = WORDINGS[2]
    (tmp_path / FILE).write_text(best.name, "utf-8")
    job = job_for(made("labels", tiny_name), tmp_path)
    assert len(list(ARMS[ArmName.PROMPT_BEST].answer(job))) == 3
    assert job.notes.details["wording"] == best.name and "tried" not in job.notes.details


def test_wordings_are_searched_on_the_training_side_alone(tiny_name: str, tmp_path: Path) -> None:
    pilot, told = made("labels", tiny_name), Told()
    job = job_for(pilot, tmp_path, told)
    list(ARMS[ArmName.PROMPT_BEST].answer(job))
    tried: Any = job.notes.details["tried"]
    assert {one["cases"] for one in tried.values()} == {len(pilot.data.train)}
    searching = [one for one in told.progress if one.stage == "preparing" and one.total > 1]
    assert [one.done for one in searching] == sorted(one.done for one in searching)
    assert searching[-1].done == searching[-1].total


def test_constrained_answers_are_labels_or_follow_the_schema(
    tiny_name: str, tmp_path: Path
) -> None:
    from jsonschema import validate

    for name in ("labels", "fields"):
        job = job_for(made(name, tiny_name), tmp_path)
        for one in ARMS[ArmName.CONSTRAINED].answer(job):
            if name == "labels":
                assert one.text in job.frozen.data.labels
            else:
                validate(json.loads(one.text), schema_for(job.frozen) or {})
    assert "read off training answers" in str(job.notes.details["held_to"])


def test_retrieval_shows_documents_or_the_nearest_examples(tiny_name: str, tmp_path: Path) -> None:
    job = job_for(made("questions", tiny_name), tmp_path)
    for one in ARMS[ArmName.RETRIEVAL].answer(job):
        assert one.case.removeprefix("q") in one.shown
    assert job.notes.details["hit_rate"] == 1
    job = job_for(made("labels", tiny_name), tmp_path)
    shown = [one.shown for one in ARMS[ArmName.RETRIEVAL].answer(job)]
    train = {case.id for case in job.frozen.data.train}
    assert len(set(shown)) == 3 and all(set(one) <= train for one in shown)


def test_fine_tuning_learns_and_notes_what_it_took(tiny_name: str, tmp_path: Path) -> None:
    job = job_for(made("labels", tiny_name), tmp_path)
    list(ARMS[ArmName.FINE_TUNING].answer(job))
    losses = [one.loss for one in job.notes.losses]
    assert len(losses) == job.notes.details["steps"] and losses[-1] < losses[0]
    usage = job.notes.usage
    assert usage.training_tokens > 0 and usage.training_seconds > 0
    assert usage.training_flops > 6 * usage.training_tokens
    assert (tmp_path / "adapter_model.safetensors").is_file()


def test_a_share_of_the_examples_is_trained_on(tiny_name: str, tmp_path: Path) -> None:
    job = job_for(made("labels", tiny_name), tmp_path, share=0.5)
    list(ARMS[ArmName.FINE_TUNING].answer(job))
    assert job.notes.details["examples"] == 4


def test_training_that_is_stopped_goes_on_where_it_was(tiny_name: str, tmp_path: Path) -> None:
    pilot, told = made("labels", tiny_name), Told()
    job = job_for(
        pilot,
        tmp_path,
        told,
        stop=lambda: sum(one.stage == "training" for one in told.progress) > 4,
    )
    assert list(ARMS[ArmName.FINE_TUNING].answer(job)) == []
    before = len(job.notes.losses)
    again = job_for(pilot, tmp_path)
    answers = list(ARMS[ArmName.FINE_TUNING].answer(again))
    whole = job_for(pilot, tmp_path / "whole")
    whole.folder.mkdir()
    assert texts(answers) == texts(list(ARMS[ArmName.FINE_TUNING].answer(whole)))
    assert 0 < before < len(again.notes.losses) == len(whole.notes.losses)


def test_a_base_model_that_is_missing_fails_the_arm_with_a_mend(tmp_path: Path) -> None:
    job = job_for(made("labels", str(tmp_path / "none")), tmp_path)
    with pytest.raises(ModelError, match="none"):
        list(ARMS[ArmName.PROMPT].answer(job))


def test_fixed_examples_cover_the_labels_and_leave_long_ones_out(tmp_path: Path) -> None:
    pilot = labelled(examples_shown=2)
    assert {shot.case.expected for shot in few_shot_examples(job_for(pilot, tmp_path))} == {
        "billing", "bug", "delivery"
    }  # fmt: skip
    long = [
        case.model_copy(update={"input": case.input * 400}) if case.id.endswith("0") else case
        for case in pilot.data.train
    ]
    data = Dataset(tuple(long), pilot.data.test)
    shown = few_shot_examples(job_for(Frozen(pilot.spec, data), tmp_path))
    assert not any(shot.case.id.endswith("0") for shot in shown)
    everything_long = Dataset(tuple(one for one in long if one.id.endswith("0")), pilot.data.test)
    (only,) = few_shot_examples(job_for(Frozen(pilot.spec, everything_long), tmp_path))
    assert len(only.case.input) > LETTERS / 2
