"""The command line runs, shows, pauses and cancels pilots; a worker is started where none lives."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from crew import frozen
from running import running_app
from sqlalchemy import text
from typer.testing import CliRunner

from advisor.cli import cli
from advisor.commands import pilot
from advisor.domain.pilot_spec import ArmName
from advisor.domain.pilot_state import Needs
from advisor.errors import ConflictError
from advisor.pilot.data.freezing import load
from advisor.pilot.data.spec_file import read_spec
from advisor.pilot.running.compute.hardware import needs, this_worker
from advisor.pilot.running.queue import local_worker
from advisor.pilot.running.queue.actions import watch
from advisor.pilot.running.queue.snapshot import ArmProgress, Snapshot
from advisor.pilot.running.queue.terminal_follow import (
    _bars,
    _FollowLines,
    arm_told,
    name_of,
    share_of,
    whole_words,
)
from advisor.presentation.wording import duration
from advisor.store import Store, open_store

SPEC = """
title: Mail to departments
task: generation
scoring: {metric: exact}
instruction: Which department?
data: {train: train.jsonl, test: test.jsonl, recorded: old.jsonl}
arms: [recorded]
recommended: recorded
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A pilot of the system that runs today, which is right two times of three."""
    for side, count in (("train", 8), ("test", 36)):
        rows = [
            {"id": f"{side}{n}", "input": f"{side} mail {n}", "expected": "ab"[n % 2]}
            for n in range(count)
        ]
        (tmp_path / f"{side}.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
        if side == "test":
            said = [
                {"id": row["id"], "output": row["expected"] if place % 3 else "wrong"}
                for place, row in enumerate(rows)
            ]
            (tmp_path / "old.jsonl").write_text("\n".join(map(json.dumps, said)), "utf-8")
    (tmp_path / "spec.yaml").write_text(SPEC, "utf-8")
    return tmp_path / "spec.yaml"


@pytest.fixture
def opened(home: Path) -> Iterator[Store]:
    """The database of the home folder; workers that were started are ended."""
    store = open_store()
    yield store
    for worker in store.pilots.workers():
        os.kill(worker.pid, signal.SIGTERM)
    store.close()


def advisor(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "advisor", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)


@pytest.mark.slow
def test_a_pilot_is_run_from_the_command_line(opened: Store, spec: Path) -> None:
    done = advisor("pilot", "run", spec, "--yes", "--json")
    assert done.returncode in {0, 1}, done.stderr
    result = json.loads(done.stdout)
    (arm,) = result["comparison"]["arms"]
    assert (arm["name"], arm["n"], arm["score"]) == ("recorded", 36, pytest.approx(2 / 3))
    assert result["spec"]["title"] == "Mail to departments"
    assert "the system of today:" in done.stderr and "in all on this machine" in done.stderr
    assert "dbos" not in done.stderr.lower() and "Traceback" not in done.stderr
    shown = json.loads(CliRunner().invoke(cli, ["pilot", "show", result["pilot"], "--json"]).stdout)
    assert shown["state"] == "done" and shown["result"] == result
    text = CliRunner().invoke(cli, ["pilot", "show", result["pilot"]])
    assert text.exit_code == 0 and "the system of today" in text.stdout
    (listed,) = CliRunner().invoke(cli, ["pilot", "list"]).stdout.splitlines()
    assert result["pilot"] in listed and "Mail to departments" in listed
    (worker,) = opened.pilots.workers()
    assert (Path(os.environ["ADVISOR_HOME"]) / "worker.log").is_file()
    os.kill(worker.pid, signal.SIGTERM)
    end = time.monotonic() + 30
    while opened.pilots.workers() and time.monotonic() < end:
        time.sleep(0.1)
    assert opened.pilots.workers() == []


@pytest.mark.slow
def test_what_is_wrong_is_said_before_anything_is_timed(spec: Path) -> None:
    spec.write_text(SPEC.replace("recorded: old.jsonl", "recorded: none.jsonl"), "utf-8")
    done = advisor("pilot", "run", spec, "--yes")
    assert done.returncode == 2
    assert "none.jsonl" in done.stderr and "Timing" not in done.stderr


def test_without_a_yes_nothing_starts(
    opened: Store, spec: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from advisor.pilot.running.queue.estimating import Estimate

    monkeypatch.setattr(
        "advisor.pilot.running.queue.estimating.estimate", lambda frozen: Estimate(steps=())
    )
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert pilot.run_pilot(spec, False, False, False) == 1
    assert "add --yes" in capsys.readouterr().err
    assert opened.pilots.all() == ()


def add(store: Store, key: str = "k") -> str:
    pilot = frozen({"prompt": {}})
    return store.pilots.add(pilot, "ann", key, needs(pilot))


def invoke(*words: str) -> Any:
    return CliRunner().invoke(cli, ["pilot", *words])


def test_a_waiting_pilot_says_what_it_waits_for_and_can_be_stopped(opened: Store) -> None:
    first, second = add(opened, "1"), add(opened, "2")
    assert "starts by itself" in watch(opened, first).why
    assert "Waiting for a worker" in invoke("show", first).stdout
    assert invoke("pause", first).exit_code == 0
    assert watch(opened, first).state == "paused"
    assert invoke("cancel", second).exit_code == 0
    listed = [json.loads(line) for line in invoke("list", "--json").stdout.splitlines()]
    assert [one["state"] for one in listed] == ["cancelled", "paused"]
    again = invoke("resume", second)
    assert isinstance(again.exception, ConflictError)


def test_a_pilot_that_no_machine_can_run_says_what_it_wants(opened: Store) -> None:
    from dataclasses import replace

    from advisor.pilot.running.compute.hardware import this_worker

    small = replace(this_worker(), memory=3.0, gpu=False)
    opened.pilot_work.enter(small)
    pilot = frozen({"prompt": {}}, base_model="Llama-3-8B", budget={"memory_gb": 6})
    id = opened.pilots.add(pilot, "ann", "k", needs(pilot))
    assert watch(opened, id).why == (
        "Waiting for a worker on a machine with 6 GB of memory and a GPU"
    )
    opened.pilot_work.leave(small)


@pytest.mark.parametrize(
    ("said", "state", "words"),
    [
        ("c", "cancelled", "cancel"),
        ("p", "paused", "advisor pilot resume"),
        ("l", "queued", "goes on"),
    ],
)
def test_ctrl_c_asks_what_it_means(
    opened: Store,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    said: str,
    state: str,
    words: str,
) -> None:
    id = add(opened)
    monkeypatch.setattr("sys.stdin", _Typed(said))

    def interrupted(*_: object) -> Snapshot:
        raise KeyboardInterrupt

    monkeypatch.setattr(pilot, "follow", interrupted)
    assert pilot._followed(opened, id, False) == 130
    assert watch(opened, id).state == state
    assert words in capsys.readouterr().err


class _Typed(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_only_one_worker_is_started_at_a_time(
    opened: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Path] = []
    monkeypatch.setattr(local_worker, "start", started.append)
    monkeypatch.setattr(local_worker, "_started", -1e9)
    local_worker.take_up(opened)
    assert started == []
    add(opened)
    local_worker.take_up(opened)
    assert local_worker.ensure_worker(opened)
    assert len(started) == 1


def test_no_worker_is_started_for_what_this_machine_cannot_do(
    opened: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        local_worker, "start", lambda log: pytest.fail("it would end with nothing done")
    )
    monkeypatch.setattr(local_worker, "_started", -1e9)
    opened.pilots.add(frozen({"prompt": {}}), "ann", "huge", Needs(memory_gb=1e6))
    local_worker.take_up(opened)


def test_what_goes_wrong_while_pilots_are_taken_up_is_logged_and_tried_again(
    opened: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried = threading.Semaphore(0)

    def fail(log: Path) -> None:
        tried.release()
        raise OSError("no more processes")

    monkeypatch.setattr(local_worker, "start", fail)
    monkeypatch.setattr(local_worker, "AGAIN", 0.0)
    monkeypatch.setattr(local_worker, "LOOK_EVERY", 0.05)
    add(opened)
    over = local_worker.keep_taking_up(opened)
    assert tried.acquire(timeout=10) and tried.acquire(timeout=10)
    over.set()
    for one in threading.enumerate():
        if one.name == "pilots":
            one.join(10)
    assert "no more processes" in caplog.text


@pytest.mark.slow
def test_the_app_takes_up_what_was_left_when_the_machine_was_switched_off(
    opened: Store, spec: Path, tmp_path: Path
) -> None:
    pilot = load(*read_spec(spec))
    id = opened.pilots.add(pilot, "ann", "left", needs(pilot))
    gone = this_worker()
    assert opened.pilot_work.enter(gone) and opened.pilot_work.take(gone)
    with opened._database.write() as connection:
        connection.execute(text("UPDATE worker SET seen_at = '2020-01-01 00:00:00.000000'"))
    assert opened.pilots.info(id).state == "running"
    with running_app([sys.executable, "-m", "advisor", "app"], tmp_path, {}):
        end = time.monotonic() + 90
        while watch(opened, id).state != "done" and time.monotonic() < end:
            time.sleep(0.2)
    assert (opened.pilots.info(id).state, opened.pilots.info(id).deaths) == ("done", 1)


def test_with_postgresql_teams_start_workers_themselves(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_DATABASE_URL", postgres_url)
    store = open_store()
    assert not local_worker.ensure_worker(store)
    store.close()


def arm(**more: Any) -> ArmProgress:
    return ArmProgress(key="k", arm=ArmName.FINE_TUNING, seed=0, share=1.0, **more)


@pytest.mark.parametrize(
    ("one", "name", "told", "share"),
    [
        (arm(), "fine-tuning", "", 0.0),
        (arm(state="done", score=0.914), "fine-tuning", "done, score 91 %", 1.0),
        (
            arm(state="running", stage="training", done=3, total=12, loss=1.234, seconds_left=40),
            "fine-tuning",
            "training, 3/12, loss 1.23, 40 s left",
            0.25,
        ),
        (arm(state="stopped", why="No\ntime."), "fine-tuning", "stopped: No time.", 1.0),
        (
            arm().model_copy(update={"share": 0.25, "seed": 2}),
            "fine-tuning (25 % of the examples, seed 2)",
            "",
            0.0,
        ),
    ],
)
def test_an_arm_is_told_in_a_few_words(
    one: ArmProgress, name: str, told: str, share: float
) -> None:
    assert (name_of(one), arm_told(one), share_of(one)) == (name, told, share)


def test_bars_and_lines_show_any_snapshot(capsys: pytest.CaptureFixture[str]) -> None:
    now = Snapshot(
        pilot="p",
        title="T",
        state="running",
        share_done=0.4,
        seconds_left=100,
        memory_mb=1234,
        why="[bold]odd\x1b",
        arms=(arm(state="running", stage="training", done=1, total=2),),
    )
    assert whole_words(now) == r"2 min left, 1.2 GB, [bold]odd\x1b"
    last = now.model_copy(update={"seconds_left": 0, "why": "", "arms": (arm(state="done"),)})
    assert whole_words(last).startswith("checking what could mislead")
    assert not whole_words(last.model_copy(update={"state": "done"})).startswith("checking")
    with _bars() as show:
        show(now)
        show(now.model_copy(update={"state": "done"}))
    lines = _FollowLines()
    capsys.readouterr()
    lines.show(now)
    lines.show(now)
    assert capsys.readouterr().err.count("40 %: ") == 1


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (89, "89 s"), (90, "2 min"), (3600, "1 h"), (7500, "2 h 5 min")],
)
def test_times_are_said_as_people_do(seconds: float, words: str) -> None:
    assert duration(seconds) == words
