"""Pilots run in workers of their own: to the end, and past everything that goes wrong."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from crew import Crew, answered, frozen, kill, over
from sqlalchemy import text

from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmRun, PilotResult
from advisor.pilot.running.compute.hardware import needs
from advisor.pilot.running.queue.actions import ask
from advisor.proposal import Draft

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
"""A worker takes a second to start, on a machine that everybody uses half a minute."""


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    """One worker on SQLite that does one pilot after the other."""
    crew = Crew.at(tmp_path_factory.mktemp("workers"))
    yield crew
    crew.end()


def queue(crew: Crew, pilot: Frozen, key: str) -> str:
    assert crew.worker
    return crew.store.pilots.add(pilot, "ann", key, needs(pilot))


def result(crew: Crew, id: str) -> PilotResult:
    found = crew.store.pilots.result(id)
    assert found
    return found


def runs(crew: Crew, id: str) -> dict[str, ArmRun]:
    return {run.arm: run for run in crew.store.pilots.runs(id)}


def test_a_pilot_runs_to_its_verdict(crew: Crew) -> None:
    proposal = crew.store.create(Draft(title="T"), "ann", "k").id
    pilot = frozen(
        {"prompt": {"right": 10}, "few_shot": {"right": 95}},
        recommended="few_shot",
        proposal=proposal,
    )
    id = queue(crew, pilot, "end")
    assert queue(crew, pilot, "end") == id
    now = crew.wait(id, over)
    assert (now.state, now.share_done, now.outcome) == ("done", 1.0, "confirmed")
    assert [(arm.state, arm.answered) for arm in now.arms] == [("done", 40)] * 2
    assert now.lines[0] == "prompt~0~1.0: begins"
    found = result(crew, id)
    assert (found.pilot, found.hash) == (id, pilot.hash)
    assert {one.name: one.n for one in found.comparison.arms} == {"prompt": 40, "few_shot": 40}
    assert found.comparison.verdict.outcome == "confirmed"
    assert found.environment["data"] == pilot.data.fingerprint
    assert all(run.usage.memory_mb > 10 for run in found.runs)
    assert [one.pilot for one in crew.store.pilots.verdicts(proposal)] == [id]
    assert len(crew.store.pilots.all()) == 1


def test_arms_that_fail_say_why_and_the_rest_goes_on(crew: Crew) -> None:
    pilot = frozen(
        {
            "prompt": {"trouble": "crash", "after": 3},
            "few_shot": {"trouble": "full", "after": 5},
            "classifier": {"trouble": "bug"},
            "fine_tuning": {"right": 90, "loss": "nan"},
        },
        curve=[1.0],
        recommended="classifier",
    )
    id = queue(crew, pilot, "fail")
    now = crew.wait(id, over)
    assert now.state == "done"
    found = runs(crew, id)
    assert [found[arm].state for arm in pilot.spec.arms] == ["failed"] * 3 + ["done"]
    for arm, words in (
        ("prompt", "code 3"),
        ("few_shot", "The disk is full"),
        ("classifier", "KeyError"),
    ):
        assert words in found[arm].why
    assert len(found["few_shot"].answers) == 5
    assert found["fine_tuning"].losses == ()
    verdict = result(crew, id).comparison.verdict
    assert verdict.outcome == "inconclusive" and "KeyError" in verdict.because


def test_a_pilot_of_which_nothing_comes_has_failed(crew: Crew) -> None:
    pilot = frozen({"prompt": {"trouble": "model"}, "few_shot": {"unfit": "There are too few."}})
    now = crew.wait(id := queue(crew, pilot, "nothing"), over)
    assert (now.state, now.why) == ("failed", "There is no base model 'x'. Fetch it first.")
    assert runs(crew, id)["few_shot"].why == "There are too few."
    assert crew.store.pilots.result(id) is None


def test_limits_stop_an_arm_and_what_is_finished_is_kept(crew: Crew) -> None:
    pilot = frozen(
        {
            "prompt": {"memory_mb": 60, "delay": 0.1},
            "few_shot": {"disk_mb": 4, "delay": 0.1},
            "classifier": {"right": 80},
        },
        budget={"memory_gb": 0.8, "disk_gb": 0.02, "minutes": 5},
    )
    now = crew.wait(id := queue(crew, pilot, "limits"), over)
    found = runs(crew, id)
    assert now.state == "done"
    assert found["prompt"].state == "stopped" and "0.8 GB of memory" in found["prompt"].why
    assert found["few_shot"].state == "stopped" and "0.02 GB on disk" in found["few_shot"].why
    assert 0 < len(found["prompt"].answers) < 40 and 0 < len(found["few_shot"].answers) < 40
    notes = " ".join(result(crew, id).comparison.verdict.notes)
    assert "memory" in notes and "disk" in notes


def test_when_the_time_is_used_up_everything_stops_in_order(crew: Crew) -> None:
    pilot = frozen({"prompt": {}, "few_shot": {"delay": 0.3}, "classifier": {}})
    id = queue(crew, pilot, "time")
    crew.wait(id, lambda now: answered(now, "few_shot") >= 2)
    ask(crew.store, id, "pause", "ann", "time-pause")
    crew.wait(id, over)
    with crew.store._database.write() as connection:
        spent = {"spent": pilot.spec.budget.minutes * 60, "id": id}
        connection.execute(text("UPDATE pilot SET spent = :spent WHERE id = :id"), spent)
    ask(crew.store, id, "resume", "ann", "time-resume")
    crew.wait(id, lambda now: now.state == "done")
    found = runs(crew, id)
    assert found["prompt"].state == "done"
    assert {found[arm].state for arm in ("few_shot", "classifier")} == {"stopped"}
    assert 2 <= len(found["few_shot"].answers) < 40 and not found["classifier"].answers
    assert "30 minutes was used up" in found["classifier"].why
    assert "30 minutes" in " ".join(result(crew, id).comparison.verdict.notes)


def test_cancel_stops_even_an_arm_that_does_not_listen(crew: Crew) -> None:
    pilot = frozen({"prompt": {}, "few_shot": {"delay": 0.3, "deaf": True}})
    id = queue(crew, pilot, "cancel")
    crew.wait(id, lambda now: answered(now, "few_shot") >= 2)
    ask(crew.store, id, "cancel", "ann", "c")
    crew.wait(id, lambda now: over(now) and now.outcome)
    found = runs(crew, id)
    assert found["prompt"].state == "done" and len(found["prompt"].answers) == 40
    assert found["few_shot"].state == "stopped" and 2 <= len(found["few_shot"].answers) < 40
    assert "cancelled" in result(crew, id).comparison.verdict.because
    assert crew.store.pilots.info(id).state == "cancelled"


def test_a_paused_pilot_goes_on_from_its_answers(crew: Crew) -> None:
    pilot = frozen({"prompt": {}, "few_shot": {"delay": 0.05}})
    id = queue(crew, pilot, "pause")
    crew.wait(id, lambda now: answered(now, "few_shot") >= 5)
    ask(crew.store, id, "pause", "ann", "p")
    now = crew.wait(id, over)
    before = runs(crew, id)
    assert now.state == "paused" and before["few_shot"].state == "running"
    ask(crew.store, id, "resume", "ann", "r")
    assert crew.wait(id, lambda now: now.state == "done")
    after = runs(crew, id)
    kept = len(before["few_shot"].answers)
    assert 5 <= kept < 40
    assert after["few_shot"].answers[:kept] == before["few_shot"].answers
    assert len(after["few_shot"].answers) == after["few_shot"].usage.tokens_out == 40
    assert after["prompt"] == before["prompt"]


def test_a_killed_worker_loses_at_most_a_few_answers(crew: Crew) -> None:
    id = queue(crew, frozen({"prompt": {}, "few_shot": {"delay": 0.1}}, cases=60), "kill")
    crew.wait(id, lambda _: "few_shot" in runs(crew, id) and runs(crew, id)["few_shot"].answers)
    kill(crew.worker)
    kept = runs(crew, id)
    assert 0 < len(kept["few_shot"].answers) < 60
    assert crew.worker
    now = crew.wait(id, over)
    done = runs(crew, id)
    assert now.state == "done" and crew.store.pilots.info(id).deaths == 1
    assert done["prompt"] == kept["prompt"]
    assert done["few_shot"].answers[: len(kept["few_shot"].answers)] == kept["few_shot"].answers
    assert len({one.case for one in done["few_shot"].answers}) == 60
    assert "few_shot~0~1.0: begins after" in " ".join(now.lines)
    assert now.lines.count("prompt~0~1.0: begins") == 1


def test_a_worker_asked_to_end_gives_its_pilot_back(crew: Crew) -> None:
    worker = crew.worker
    id = queue(crew, frozen({"prompt": {"delay": 0.2}}), "term")
    crew.wait(id, lambda now: answered(now, "prompt") >= 2)
    worker.send_signal(signal.SIGTERM)
    _, told = worker.communicate(timeout=20)
    info = crew.store.pilots.info(id)
    assert (worker.returncode, info.state, info.worker, info.deaths) == (0, "queued", None, 0)
    assert crew.store.pilots.workers() == []
    assert b"dbos" not in told.lower() and b"Traceback" not in told


def test_a_pilot_is_done_whether_mlflow_takes_it_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlflow import MlflowClient

    runs, address = tmp_path / "runs", (tmp_path / "runs").as_uri()
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    crew = Crew.at(tmp_path)
    try:
        id = queue(crew, frozen({"prompt": {}}), "taken")
        now = crew.wait(id, over)
        client = MlflowClient(address, address)
        experiment = client.get_experiment_by_name("advisor pilots")
        (run,) = client.search_runs([experiment.experiment_id])
        assert (now.state, run.data.tags["advisor.pilot"]) == ("done", id)
        assert now.lines[-1] == f"Logged to MLflow as run {run.info.run_id}"
        assert not [one for one in result(crew, id).findings if one.check == "mlflow"]
        runs.rename(tmp_path / "away")
        runs.write_text("no folder", encoding="utf-8")
        now = crew.wait(id := queue(crew, frozen({"prompt": {}}), "refused"), over)
        (found,) = [one for one in result(crew, id).findings if one.check == "mlflow"]
        assert now.state == "done" and now.lines[-1] == found.what
        assert found.severity == "note" and "Check MLFLOW_TRACKING_URI" in found.what
    finally:
        crew.end()


def test_workers_share_a_postgresql_queue_and_take_over_from_each_other(
    tmp_path: Path, postgres_url: str
) -> None:
    crew = Crew.at(tmp_path, postgres_url)
    try:
        pair = [crew.start(), crew.start()]
        slow = frozen({"prompt": {}, "few_shot": {"delay": 0.1}}, cases=30)
        ids = [queue(crew, slow, key) for key in ("a", "b")]
        for id in ids:
            crew.wait(id, lambda now: answered(now, "few_shot") >= 3)
        holders = [crew.store.pilots.info(id).worker for id in ids]
        assert len(set(holders)) == 2
        pids = {one.id: one.pid for one in crew.store.pilots.workers()}
        kill(next(one for one in pair if one.pid == pids[str(holders[0])]))
        assert {crew.wait(id, over).state for id in ids} == {"done"}
        assert crew.store.pilots.info(ids[0]).deaths == 1
        assert len(runs(crew, ids[0])["few_shot"].answers) == 30
    finally:
        crew.end()
