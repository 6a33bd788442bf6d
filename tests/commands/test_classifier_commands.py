"""`advisor classifier`: what was learned, learning, and going back, at the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from calling import Call, caller
from conventions import CONVENTION, SAME_LABEL_OTHER_SHAPE

from advisor.__main__ import main
from advisor.failures.learning.learn import LEAST
from advisor.proposal import Draft
from advisor.store import open_store
from advisor.vocabulary import Mode


@pytest.fixture
def call(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call `advisor classifier` in this process; return exit code, results and messages."""
    return caller(monkeypatch, capsys, "classifier")


def corrected(count: int = 30, modes: tuple[Mode, ...] = (CONVENTION,)) -> str:
    failures = SAME_LABEL_OTHER_SHAPE[:count]
    said = {one.id or "": modes[place % len(modes)] for place, one in enumerate(failures)}
    draft = Draft(title="Tickets", description="d", failures=failures, corrections=said)
    return open_store().create(draft, "anna", "made").id


def shown(call: Call) -> Any:
    code, out, _ = call("show", "--json")
    assert code == 0
    return json.loads(out)


def test_show_makes_no_database(call: Call, home: Path) -> None:
    code, out, _ = call("show")
    assert (code, "as shipped" in out) == (0, True)
    assert shown(call) == {"in_use": 0, "corrections": 0, "disagreements": 0, "versions": []}
    assert not home.exists()


@pytest.mark.slow
def test_learn_use_and_go_back(call: Call) -> None:
    corrected()
    code, out, err = call("learn")
    assert (code, err) == (0, "")
    assert out.startswith("Version 1 is in use: of 30 corrections")
    assert shown(call)["in_use"] == 1
    assert "In use: version 1, learned on" in call("show")[1]
    assert call("use", "0")[0] == 0
    assert shown(call)["in_use"] == 0
    assert call("use", "1")[0] == 0
    assert shown(call)["versions"][0]["figures"]["corrections"] == 30


def test_a_refusal_is_exit_1_with_its_reason(call: Call) -> None:
    corrected(4)
    code, out, err = call("learn")
    assert (code, out) == (1, "")
    assert f"Correct {LEAST - 4} more failures" in err
    code, out, _ = call("learn", "--json")
    assert code == 1
    assert json.loads(out)["version"] is None


def test_disagreements_are_counted(call: Call) -> None:
    id = corrected(3)
    open_store().edit(id, {"corrections.c0": Mode.STYLE}, "ben", "b")
    found = shown(call)
    assert (found["corrections"], found["disagreements"]) == (2, 1)
    assert "2 corrections; 1 disagreement to settle" in call("show")[1]


@pytest.mark.parametrize("version", ["7", "99999999999999999999", "-1", "x"])
def test_a_version_that_is_not_there_is_exit_2(call: Call, version: str) -> None:
    code, _, err = call("use", version)
    assert code == 2
    assert err


def test_triage_names_the_version_and_keeps_it(
    call: Call, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    corrected()
    call("learn")
    file = tmp_path / "p.json"
    file.write_text('{"title": "t", "description": "d", "failures": [{"note": "Too stiff"}]}')
    monkeypatch.setattr(sys, "argv", ["advisor", "triage", str(file), "--json"])
    with pytest.raises(SystemExit):
        main()
    assert json.loads(capsys.readouterr().out)["classifier"].startswith("version 1, learned on")
