"""`advisor gate`: exit 0 approved now, 1 not, 2 unknown; one sentence each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from calling import Call, caller
from world import World

from advisor.domain.lifecycle import State


@pytest.fixture
def call(
    quick: World, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    monkeypatch.setenv("ADVISOR_DATABASE_URL", quick.url)
    return caller(monkeypatch, capsys, "gate")


def test_the_exit_says_it(quick: World, call: Call) -> None:
    said = call(quick.standing(State.APPROVED))
    assert said.code == 0 and said.out.startswith("Adoption of version 1 is approved until")
    said = call(quick.standing(State.PILOT))
    assert (said.code, said.out) == (1, "Not approved: It is approved for a pilot.\n")
    assert call(quick.standing(State.PILOT), "--for", "pilot").code == 0
    assert call(quick.standing(State.APPROVED), "--base-model", "Other\x1b[2J").code == 1
    for unknown in ("x" * 20, "../..", "-1"):
        said = call("--", unknown)
        assert (said.code, said.out) == (2, "") and "no such" in said.err


def test_programs_get_json(quick: World, call: Call) -> None:
    id = quick.standing(State.APPROVED)
    said = json.loads(call(id, "--json").out)
    assert (said["approved"], said["proposal"], said["version"], said["override"]) == (
        True, id, 1, False,
    )  # fmt: skip
    assert said["until"] and len(said["content"]) == 64


def test_nothing_stored_is_unknown_and_makes_no_database(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = caller(monkeypatch, capsys, "gate")("x" * 20)
    assert said.code == 2 and "Nothing is stored here yet" in said.err
    assert not home.exists()
