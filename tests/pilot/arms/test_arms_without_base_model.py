"""Arms that ask no base model: recorded outputs, a classifier, an endpoint."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from arm_jobs import Told, asked, job_for, labelled
from endpoints import Reply, Service, refused, said, service

from advisor.domain.cases import Case, Dataset
from advisor.models.endpoint import Endpoint, EndpointError
from advisor.pilot.arms import endpoint as endpoint_arm
from advisor.pilot.arms.embedding_classifier import CLASSIFIER
from advisor.pilot.arms.endpoint import ENDPOINT
from advisor.pilot.arms.recorded import RECORDED


def test_recorded_outputs_are_answers_and_missing_ones_are_told(tmp_path: Path) -> None:
    job = job_for(labelled(recorded={"bug-3": "bug", "billing-3": "delivery"}), tmp_path)
    texts = {one.case: one.text for one in RECORDED.answer(job)}
    assert texts == {"billing-3": "delivery", "bug-3": "bug", "delivery-3": ""}
    assert job.notes.details["missing"] == ["delivery-3"]
    assert "no outputs" in RECORDED.unfit(labelled())


def test_the_classifier_finds_the_labels_and_says_how(tmp_path: Path) -> None:
    pilot = labelled()
    job = job_for(pilot, tmp_path)
    answers = {one.case: one.text for one in CLASSIFIER.answer(job)}
    assert set(answers) == {case.id for case in pilot.data.test}
    assert answers["bug-3"] == "bug"
    assert job.notes.details["regularisation"] in {1, 4, 16, 64, 256}
    again = {one.case: one.text for one in CLASSIFIER.answer(job_for(pilot, tmp_path))}
    assert again == answers


def test_the_classifier_goes_on_where_it_was_and_uses_its_share(tmp_path: Path) -> None:
    job = job_for(labelled(), tmp_path, share=0.05, done=frozenset({"bug-3"}))
    answers = list(CLASSIFIER.answer(job))
    assert {one.case for one in answers} == {"billing-3", "delivery-3"}
    assert len({one.text for one in answers}) == 1  # one training case, one label


def test_a_classifier_that_is_told_to_stop_ends(tmp_path: Path) -> None:
    assert list(CLASSIFIER.answer(job_for(labelled(), tmp_path, stop=lambda: True))) == []


def test_a_classifier_needs_labels() -> None:
    assert "this task has none" in CLASSIFIER.unfit(asked())
    data = labelled().data
    one = [case.model_copy(update={"expected": "bug"}) for case in data.train]
    assert "same label" in CLASSIFIER.unfit(_with(one))
    own = [case.model_copy(update={"expected": case.id}) for case in data.train]
    assert "of its own" in CLASSIFIER.unfit(_with(own))


def _with(train: list[Case]) -> Any:
    from arm_jobs import frozen

    return frozen(Dataset(tuple(train), labelled().data.test), task="classification")


@contextmanager
def played(monkeypatch: pytest.MonkeyPatch, *replies: Reply) -> Iterator[Service]:
    """A service that gives these replies in turn, as the endpoint that is configured."""
    turns = itertools.cycle(replies)
    with service(lambda body: next(turns)) as server:
        monkeypatch.setattr(endpoint_arm, "configured", server.endpoint)
        yield server


def test_an_endpoint_gets_the_examples_and_counts_tokens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Told()
    job = job_for(labelled(), tmp_path, told)
    with played(monkeypatch, said(" bug ", (50, 2))) as server:
        answers = list(ENDPOINT.answer(job))
    assert [one.text for one in answers] == ["bug"] * 3
    assert {one.shown for one in answers} == {tuple(answers[0].shown)} and len(
        answers[0].shown
    ) == 3
    roles = [message["role"] for message in server.asked[0]["messages"]]
    assert roles == ["system", *["user", "assistant"] * 3, "user"]
    assert (job.notes.usage.tokens_in, job.notes.usage.tokens_out) == (150, 6)
    assert job.notes.usage.memory_mb > 50
    assert [one.done for one in told.progress if one.stage == "answering"] == [1, 2, 3]


def test_a_case_without_an_answer_is_marked_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_for(labelled(), tmp_path)
    with played(monkeypatch, said("bug"), refused(400, "too long"), said("bug")):
        answers = list(ENDPOINT.answer(job))
    assert sorted(one.text for one in answers) == ["", "bug", "bug"]
    (why,) = job.notes.details["unanswered"].values()  # type: ignore[attr-defined]
    assert "too long" in why


def test_a_service_that_answers_nothing_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint_arm, "PATIENCE", 2)
    job = job_for(labelled(), tmp_path)
    with (
        played(monkeypatch, refused(400, "too long")),
        pytest.raises(EndpointError, match="too long"),
    ):
        list(ENDPOINT.answer(job))
    assert len(job.notes.details["unanswered"]) == 2  # type: ignore[arg-type]


def test_a_service_that_is_busy_at_first_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = [refused(429), refused(503)]
    with played(monkeypatch, *busy, *[said("bug")] * 50) as server:
        answers = list(ENDPOINT.answer(job_for(labelled(), tmp_path)))
    assert [one.text for one in answers] == ["bug"] * 3 and len(server.asked) == 5


@pytest.mark.parametrize(("status", "why"), [(401, "does not accept the key"), (404, "knows no")])
def test_a_service_that_refuses_everything_fails_the_arm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, why: str
) -> None:
    with played(monkeypatch, refused(status)), pytest.raises(EndpointError, match=why):
        list(ENDPOINT.answer(job_for(labelled(), tmp_path)))


def test_a_service_that_is_down_fails_the_arm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with played(monkeypatch, said("bug")) as server:
        gone: Endpoint = server.endpoint()
    monkeypatch.setattr(endpoint_arm, "configured", lambda: gone)
    with pytest.raises(EndpointError, match="cannot be reached"):
        list(ENDPOINT.answer(job_for(labelled(), tmp_path)))


def test_without_an_endpoint_the_arm_says_how_to_name_one(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "ADVISOR_ENDPOINT_URL" in ENDPOINT.unfit(labelled())
