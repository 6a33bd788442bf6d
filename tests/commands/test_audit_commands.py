"""`advisor audit`: proving, exporting and showing the trail at the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from calling import Call, caller

from advisor.domain.trail import GENESIS, Event
from advisor.proposal import Draft
from advisor.store import open_store
from advisor.store.database.audit_trail import Trail, append


@pytest.fixture
def call(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call `advisor audit` in this process."""
    return caller(monkeypatch, capsys, "audit")


@pytest.fixture
def trail(home: Path) -> Trail:
    """Twelve rows in the database that the settings name."""
    found = open_store().trail
    with found._database.write() as connection:
        for n in range(12):
            detail = {"n": n}
            append(
                connection,
                Event("look", f"u{n % 3}", "auditor", f"p{n % 2}", n + 1, None, None, detail),
            )
    return found


WHOLE = """Triggers: changing a row, deleting a row and putting in a row are refused
Versions: 0, each as its row says
Decisions: 0, each as its row says
Approvals: 0, each with the end that was given
"""


def tamper(trail: Trail, statement: str) -> None:
    """Change what must not change, and leave the triggers as they were."""
    with trail._database.write() as connection:
        kept = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type='trigger'"
        )
        triggers = kept.all()
        for name, _ in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(statement)
        for _, sql in triggers:
            connection.exec_driver_sql(sql)


def test_nothing_stored_is_intact_and_makes_no_database(call: Call, home: Path) -> None:
    said = call("verify")
    assert (said.code, said.out) == (0, f"Intact: 0 rows\nHead: 0:{GENESIS}\n")
    assert call("show") == (0, "", "")
    assert not home.exists()
    assert call("verify", "--anchor", f"3:{'a' * 64}").code == 1


def test_an_intact_trail_gives_its_head_to_keep(call: Call, trail: Trail) -> None:
    said = call("verify")
    assert (said.code, said.out) == (0, f"Intact: 12 rows\nHead: {trail.head()}\n{WHOLE}")
    assert "elsewhere" in said.err
    assert call("verify", "--anchor", str(trail.head())) == (0, said.out, "")
    assert json.loads(call("verify", "--json").out) == {
        "intact": True,
        "head": {"seq": 12, "hash": trail.head().hash},
        "fault": None,
        "checked": [{"found": line, "faults": []} for line in WHOLE.splitlines()],
    }


def test_a_changed_row_is_exit_1_with_its_number_and_what_is_wrong(
    call: Call, trail: Trail
) -> None:
    tamper(trail, "UPDATE trail SET actor = 'intruder' WHERE seq = 7")
    said = call("verify")
    assert said.code == 1
    assert said.out.startswith("Broken at row 7: its content does not fit its hash")
    assert "Last intact row: 6:" in said.out
    fault = json.loads(call("verify", "--json").out)["fault"]
    assert fault["row"] == 7 and "changed" in fault["what"]


def test_a_cut_tail_is_exit_1_with_the_anchor_only(call: Call, trail: Trail) -> None:
    head = trail.head()
    tamper(trail, "DELETE FROM trail WHERE seq > 9")
    assert call("verify").code == 0
    said = call("verify", "--anchor", str(head))
    assert said.code == 1
    assert said.out.startswith("Broken at row 10: it is missing, and so are all rows to 12")


@pytest.mark.parametrize(
    "anchor",
    ["", "12", "12:ab", f"x:{'a' * 64}", f"-1:{'a' * 64}", f"1:{'g' * 64}", "٣:" + "a" * 64],
)
def test_an_anchor_that_is_none_is_exit_2(call: Call, anchor: str) -> None:
    said = call("verify", "--anchor", anchor)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("--anchor: is not ")


def test_an_export_stands_in_the_trail_and_proves_itself(
    call: Call, trail: Trail, tmp_path: Path
) -> None:
    file = tmp_path / "trail.jsonl"
    said = call("export", "--out", file)
    assert (said.code, said.out) == (0, f"Head: {trail.head()}\n")
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [line["seq"] for line in lines[:-1]] == list(range(1, 14))
    assert lines[-2]["action"] == "export_trail"
    assert lines[-1] == {"head": {"seq": 13, "hash": trail.head().hash}}
    assert call("verify", file, "--anchor", str(trail.head())).code == 0
    file.write_bytes(file.read_bytes().replace(b'"u1"', b'"u2"', 1))
    said = call("verify", file)
    assert (said.code, said.out[:18]) == (1, "Broken at row 2: i")


def test_a_broken_trail_is_exported_as_it_is_with_exit_1(
    call: Call, trail: Trail, tmp_path: Path
) -> None:
    tamper(trail, "UPDATE trail SET detail = CAST(x'FF7B7D' AS TEXT) WHERE seq = 5")
    said = call("export", "--out", tmp_path / "trail.jsonl")
    assert said.code == 1
    assert "not intact. Broken at row 5" in said.err
    said = call("verify", tmp_path / "trail.jsonl")
    assert (said.code, said.out[:16]) == (1, "Broken at row 5:")


def test_a_place_that_cannot_be_written_is_exit_2(call: Call, trail: Trail, tmp_path: Path) -> None:
    for out in (tmp_path, tmp_path / "nowhere" / "trail.jsonl"):
        said = call("export", "--out", out)
        assert said.code == 2
        assert str(out) in said.err


def test_a_file_that_is_not_there_is_exit_2(call: Call, tmp_path: Path) -> None:
    said = call("verify", tmp_path / "trail.jsonl")
    assert (said.code, said.out) == (2, "")
    assert "no such file" in said.err


def test_a_file_that_is_no_export_is_broken_at_its_first_row(call: Call, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Buy milk\n", encoding="utf-8")
    said = call("verify", tmp_path / "notes.txt")
    assert (said.code, said.out[:35]) == (1, "Broken at row 1: it cannot be read ")


def test_rows_are_shown_newest_first_and_filtered(call: Call, trail: Trail) -> None:
    lines = call("show").out.splitlines()
    assert len(lines) == 12
    assert lines[0].startswith("12 · 20")
    assert lines[0].endswith('Z · u2 (auditor) · look · p1 version 12 · {"n":11}')

    def shown(*words: str) -> list[int]:
        said = call("show", "--json", *words)
        assert said.code == 0
        return [json.loads(line)["seq"] for line in said.out.splitlines()]

    assert shown("--limit", "2") == [12, 11]
    assert shown("--actor", "u1") == [11, 8, 5, 2]
    assert shown("--actor", "u1", "--proposal", "p0") == [11, 5]
    assert shown("--action", "save_version") == []
    assert shown("--since", "2020-01-01T10:00:00+02:00", "--limit", "1") == [12]
    assert shown("--since", "2999-01-01") == []


def test_a_row_that_cannot_be_read_does_not_hide_the_others(call: Call, trail: Trail) -> None:
    tamper(trail, "UPDATE trail SET version = 'three' WHERE seq = 5")
    said = call("show")
    assert len(said.out.splitlines()) == 11
    assert "A row cannot be read" in said.err


def test_letters_that_steer_a_terminal_are_written_out(call: Call, trail: Trail) -> None:
    trail.record(Event("look", "u\x1b[2J\nfake", detail={"note": "\x1b]0;x\x07"}))
    for words in (["show", "--limit", "1"], ["show", "--limit", "1", "--json"]):
        said = call(*words)
        assert len(said.out.splitlines()) == 1
        assert "\x1b" not in said.out


def test_a_saved_proposal_is_in_the_trail(call: Call) -> None:
    id = open_store().create(Draft(title="T"), "ann", "k").id
    assert f" · ann · save_version · {id} version 1" in call("show", "--proposal", id).out


@pytest.mark.parametrize("words", [["show", "--since", "yesterday"], ["show", "--limit", "0"]])
def test_a_filter_that_cannot_be_read_is_exit_2(call: Call, words: list[str]) -> None:
    assert call(*words).code == 2


def test_verifying_loads_no_model() -> None:
    heavy = {"torch", "sklearn", "pandas", "transformers", "streamlit", "scipy", "rule_engine"}
    code = f"import sys, advisor.commands.audit; print({heavy!r} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
