"""The decision record: what it says, who may take it away, and that every change to it is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from calling import Call, caller
from hypothesis import given, settings
from hypothesis import strategies as st
from world import REASON, World, key, rows, whole

from advisor.core.strict import canonical, digest
from advisor.domain.lifecycle import Action, Role, State
from advisor.domain.trail import TrailEntry, TrailHead
from advisor.errors import InputError, NotAllowedError, NotFoundError
from advisor.review.people.people import People
from advisor.review.recording.decision_record import EXPORTED, Sealed, sha256_of, written
from advisor.review.recording.record_document import document
from advisor.review.recording.record_files import WRITERS, files
from advisor.review.recording.sealing import seal
from advisor.review.recording.verifying import prove_in, prove_record
from advisor.store import open_store

HOSTILE = "<script>alert(1)</script> [x](http://evil.example) | `a` =1+1 #let x = 1 \u202e"
HEADINGS = [
    "Context", "Decision", "Alternatives", "Evidence", "Conditions", "Consequences", "Review by",
    "How it was recorded",
]  # fmt: skip


def sealed(world: World, id: str, by: Role | str = "local") -> Sealed:
    who = world.who[by] if isinstance(by, Role) else by
    return seal(world.store, world.book, id, who, None)


@pytest.fixture(scope="module")
def whole_case(quick: World) -> Sealed:
    """A case with two people, a condition, a no on the checklist and a refused attempt."""
    id = quick.proposal(affects_rights="yes")
    owner, due = quick.who[Role.OWNER], datetime.now(UTC).date() + timedelta(days=9)
    term = {"what": "Count the wrong letters.", "owner": owner, "due": due}
    no = {"answer": "no", "note": "Old customers are few."}
    quick.decide(id, Action.SUBMIT, Role.OWNER)
    with pytest.raises(NotAllowedError):
        quick.decide(id, Action.APPROVE_PILOT, Role.OWNER)
    quick.decide(id, Action.APPROVE_PILOT, Role.REVIEWER, conditions=[term])
    quick.decide(id, Action.APPROVE_PILOT, Role.RISK)
    quick.decide(id, Action.RECORD_PILOT, Role.RUNNER)
    ticks = quick.checklist("high", "adoption", real_gain=no)
    quick.decide(id, Action.APPROVE, Role.REVIEWER, checklist=ticks, conditions=[term])
    quick.decide(id, Action.APPROVE, Role.RISK)
    return sealed(quick, id)


def words(record: Sealed) -> str:
    return WRITERS["md"](record).decode()


def proven(tmp_path: Path, record: Sealed, anchor: TrailHead | None = None) -> str:
    file = tmp_path / "decision.json"
    file.write_bytes(written(record))
    return prove_record(file, anchor).fault


@pytest.mark.parametrize("state", [state for state in State if state is not State.DRAFT])
def test_every_end_is_recorded_refusals_too(quick: World, tmp_path: Path, state: State) -> None:
    id = quick.standing(state)
    record = sealed(quick, id)
    assert (record.body.state, record.body.version) == (state, 1)
    assert [one.heading for one in document(record).sections] == HEADINGS
    assert proven(tmp_path, record) == "" and prove_in(quick.store, record) == ()
    last = rows(quick, id)[-1]
    assert (last.action, last.actor, str(TrailHead(last.seq, last.hash))) == (
        EXPORTED, "local", record.head,
    )  # fmt: skip


def test_it_says_who_decided_what_on_which_version_and_why(whole_case: Sealed) -> None:
    said, body = words(whole_case), whole_case.body
    assert "## Version 1 was approved for adoption, until " in said
    assert "By Somebody (reviewer) and Somebody (risk)" in said
    assert REASON in said and body.content in said and whole_case.head in said
    assert "Count the wrong letters." in said and "Old customers are few." in said
    assert "tried to approve a pilot and was refused: they do not hold the role" in said
    assert "Confirmed: fine-tuning" in said and "it certifies nothing" in said


def test_it_is_about_the_version_that_was_decided(quick: World) -> None:
    id = quick.at(State.APPROVED)
    quick.edit(id, rollback="Another way back.")
    record = sealed(quick, id)
    assert (record.body.version, record.body.latest, record.body.state) == (1, 2, State.DRAFT)
    assert "Version 2 was saved since; it is a draft." in document(record).verdict
    assert record.body.approvals[-1].ended_why == "version 2 was saved"


def test_an_override_says_what_is_set_aside_and_what_holds_it(quick: World) -> None:
    id = quick.at(State.SUBMITTED)
    quick.service.decide(id, whole(quick, id, Action.OVERRIDE), quick.who[Role.RISK], key())
    said = words(sealed(quick, id))
    assert "Risk that is accepted: Some letters" in said and "What holds it down: A clerk" in said


def test_hostile_texts_are_laid_out_and_never_obeyed(quick: World) -> None:
    id = quick.proposal(rollback=HOSTILE, kill_criteria=HOSTILE * 90)
    quick.decide(id, Action.SUBMIT, Role.OWNER, reason=f"{REASON}\n{HOSTILE}")
    quick.decide(id, Action.REFUSE, Role.REVIEWER, reason=f"{REASON}\n{HOSTILE}\n" * 9)
    record = sealed(quick, id)
    assert "<script>" not in (html := WRITERS["html"](record).decode()) and "&lt;script" in html
    assert "<script>" not in (said := words(record)) and "[x](" not in said
    assert WRITERS["pdf"](record) == WRITERS["pdf"](record)
    assert WRITERS["pdf"](record)[:5] == b"%PDF-"


def test_nothing_decided_is_nothing_to_record(quick: World) -> None:
    with pytest.raises(InputError, match="was never handed in"):
        sealed(quick, quick.standing(State.DRAFT))
    for id in ("x" * 20, "", "../../etc/passwd"):
        with pytest.raises(NotFoundError):
            sealed(quick, id)


def test_only_those_who_read_the_dossier_take_it_away(world: World) -> None:
    id = world.at(State.REFUSED)
    for role in (Role.OWNER, Role.REVIEWER, Role.RISK, Role.AUDITOR):
        assert sealed(world, id, role).export.role == role
    other = world.person(Role.OWNER)
    for who in (world.who[Role.RUNNER], world.who[Role.ADMINISTRATOR], other, "nobody"):
        with pytest.raises(NotAllowedError):
            sealed(world, id, who)
        assert (rows(world, id)[-1].action, rows(world, id)[-1].actor) == ("refused_attempt", who)


@settings(max_examples=120)
@given(st.data())
def test_every_single_byte_is_found(
    whole_case: Sealed, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    raw = written(whole_case)
    place, byte = data.draw(st.integers(0, len(raw) - 1)), data.draw(st.integers(0, 255))
    kept = data.draw(st.integers(0, 1))
    changed = raw[:place] + bytes([byte]) + raw[place + 1 - kept :]
    file = tmp_path_factory.getbasetemp() / "changed.json"
    file.write_bytes(changed)
    assert bool(prove_record(file).fault) == (changed != raw)


def forged(record: Sealed, change: Callable[[dict[str, Any]], None]) -> Sealed:
    """What a forger writes who hashes everything anew that they hold."""
    data = record.model_dump(mode="json")
    change(data["body"])
    for made in data["body"]["history"]:
        for row in data["body"]["rows"]:
            detail = json.loads(row["detail"])
            if detail.get("decision") == made["id"]:
                row["detail"] = canonical(detail | {"reason": digest(made["reason"])})
    before = None
    data["sha256"] = digest(data["body"])
    data["export"]["detail"] = canonical({"record": data["sha256"]})
    for row in (*data["body"]["rows"], data["export"]):
        if before and row["seq"] == before["seq"] + 1:
            row["prev"] = before["hash"]
        row["hash"] = TrailEntry.model_validate(row).digest
        before = row
    data["sha256"] = digest(data["body"])
    data["export"]["detail"] = canonical({"record": data["sha256"]})
    data["export"]["hash"] = TrailEntry.model_validate(data["export"]).digest
    data["head"] = f"{data['export']['seq']}:{data['export']['hash']}"
    return Sealed.model_validate(data)


def test_a_record_written_anew_is_found_with_the_head_or_the_database(
    quick: World, whole_case: Sealed, tmp_path: Path
) -> None:
    def other_reason(body: dict[str, Any]) -> None:
        body["history"][-1]["reason"] = "Because I said so, and nobody shall ask me why."

    false = forged(whole_case, other_reason)
    export = whole_case.export
    assert proven(tmp_path, false) == "", "by itself it cannot be told"
    assert "the one that was kept" in proven(tmp_path, false, TrailHead(export.seq, export.hash))
    assert "does not stand in this trail" in prove_in(quick.store, false)[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda body: body["history"].pop(), "is left out"),
        (lambda body: body["rows"].pop(1), "stands in no row"),
        (lambda body: body["rows"][0].update(proposal="x"), "is about another proposal"),
        (lambda body: body["rows"].reverse(), "stands behind row"),
        (lambda body: body["history"][-1].update(role="owner"), "is not what row"),
        (lambda body: body["history"][-2]["conditions"].clear(), "is not what row"),
        (lambda body: body.update(version=2), "records the export of something else"),
    ],
)
def test_what_does_not_fit_together_is_said(
    whole_case: Sealed, tmp_path: Path, change: Callable[[dict[str, Any]], None], said: str
) -> None:
    assert said in proven(tmp_path, forged(whole_case, change))


def test_a_row_left_out_is_found_with_the_database(quick: World, whole_case: Sealed) -> None:
    def forget_the_attempt(body: dict[str, Any]) -> None:
        body["rows"] = [row for row in body["rows"] if row["action"] != "refused_attempt"]

    found = prove_in(quick.store, forged(whole_case, forget_the_attempt))
    assert any("of this trail is left out" in one for one in found)


def test_the_hash_is_that_of_canonical_json(whole_case: Sealed) -> None:
    """Checked with the standard library alone, as an outsider would."""
    data = json.loads(written(whole_case))
    assert digest(data["body"]) == data["sha256"] == sha256_of(whole_case.body)
    assert json.loads(data["export"]["detail"])["record"] == data["sha256"]


@pytest.fixture
def call(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    return caller(monkeypatch, capsys)


@pytest.fixture
def here(home: Path) -> World:
    """People on the database that the settings name."""
    root = People(open_store()).add("Root", None, [Role.ADMINISTRATOR], None, key()).id
    return World(open_store(), root, "")


def test_the_command_writes_a_folder_that_proves_itself(
    call: Call, here: World, tmp_path: Path
) -> None:
    id, out = here.at(State.APPROVED), tmp_path / "decision"
    said = call("record", id, "--out", out)
    head = str(here.store.trail.head())
    assert (said.code, said.out) == (0, "") and f"Keep this elsewhere: {head}" in said.err
    names = {file.name for file in out.iterdir()}
    assert names == {f"decision.{ending}" for ending in ("md", "html", "pdf", "json")}
    file = out / "decision.json"
    assert "Alternatives" in (out / "decision.md").read_text("utf-8")
    assert json.loads(file.read_bytes())["body"]["advice"]["ways"]
    for more in ([], ["--database"], ["--anchor", head]):
        said = call("audit", "verify", file, *more)
        assert (said.code, said.out.startswith("Proven: version 1 of")) == (0, True)
    assert json.loads(call("audit", "verify", file, "--json").out)["proven"] is True
    here.sql("UPDATE version SET content = replace(content, 'It writes', 'It wrote')")
    said = call("audit", "verify", file, "--database")
    assert (said.code, "is not what its row says" in said.out) == (1, True)
    file.write_bytes(file.read_bytes().replace(b"Somebody", b"Somebodi", 1))
    assert call("audit", "verify", file).code == 1


def test_what_cannot_be_written_is_exit_2(call: Call, home: Path, tmp_path: Path) -> None:
    assert call("record", "x" * 20).code == 2
    said = call("record", "x" * 20, "--format", "pdf")
    assert (said.code, "Add --out" in said.err) == (2, True)
    (tmp_path / "notes.txt").write_text("Buy milk", encoding="utf-8")
    said = call("audit", "verify", tmp_path / "notes.txt", "--database")
    assert (said.code, "this is none" in said.err) == (2, True)


def test_a_folder_without_an_adopted_adapter_has_no_card(quick: World, whole_case: Sealed) -> None:
    assert [name for name, _ in files(quick.store, whole_case)] == [
        "decision.pdf", "decision.html", "decision.md", "decision.json",
    ]  # fmt: skip
