"""The auditor's screen: who sees it, whether the trail is intact, and who did what."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from desk_screens import at
from screens import HOSTILE, field, press, texts
from streamlit.testing.v1 import AppTest
from world import World, key, whole

from advisor.domain.lifecycle import Action, Role, State
from advisor.domain.trail import Event
from advisor.review.audit.trail_file import check_export
from advisor.review.decisions.review_view import view
from advisor.review.people.people import People
from advisor.review.recording import is_record
from advisor.review.recording.sealing import seal
from advisor.review.recording.verifying import prove_record
from advisor.store import open_store
from advisor.store.database.audit_trail import TrailQuery
from advisor.ui.review import audit_exports, record_exports

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def desk(home: Path) -> World:
    root = People(open_store()).add("Root", None, [Role.ADMINISTRATOR], None, key()).id
    return World(open_store(), root, "")


def opened(desk: World, by: Role = Role.AUDITOR, **url: str) -> AppTest:
    return at(desk, by, "audit", **url)


def told(app: AppTest) -> list[str]:
    return [str(text) for text in app.table[0].value["Who did what"]] if app.table else []


def test_risk_sees_overrides_and_no_trail(desk: World) -> None:
    app = opened(desk, Role.RISK)
    assert [one.value for one in app.header] == ["Overrides"] and not app.table


def test_rows_are_told_in_plain_words_with_names(desk: World) -> None:
    id = desk.at(State.APPROVED)
    desk.store.edit(id, {"title": HOSTILE}, desk.who[Role.OWNER], key())
    desk.people.take(desk.who[Role.RISK], Role.RISK, desk.admin, key())
    app = opened(desk)
    lines = told(app)
    assert lines[0] == "**Root** (administrator) took the role risk from Somebody"
    assert lines[1] == "**Somebody** saved version 2, which ended its review"
    assert lines[2].startswith("**Somebody** (reviewer) approved adoption \\(version 1\\), until ")
    assert "<script>" not in str(app.table[0].value["Proposal"][1])


def test_rows_are_filtered_from_the_url_and_nonsense_filters_nothing(desk: World) -> None:
    id, by = desk.at(State.PILOT), desk.who[Role.REVIEWER]
    desk.at(State.REFUSED)
    app = opened(desk, proposal=id, person=by, to="2999-01-01", **{"from": "2020-01-01"})
    assert len(told(app)) == 1
    app = opened(desk, before="9" * 40, person="nobody", **{"from": "yesterday", "to": "\u0663"})
    assert len(told(app)) == desk.store.trail.head().seq
    field(app, "Proposal").set_value("none such").run()
    assert not told(app) and "No row is like this" in texts(app)


def test_a_filter_stands_in_the_url_and_pages_turn(desk: World) -> None:
    desk.at(State.REFUSED)
    for n in range(60):
        desk.store.trail.record(Event("look", "u", detail={"n": n}))
    app = opened(desk)
    first = list(app.table[0].value["Row"])
    press(app, "Older")
    second = list(app.table[0].value["Row"])
    assert int(first[-1]) == int(second[0]) + 1 and app.query_params["before"] == first[-1]
    field(app, "What").set_value("refuse").run()
    assert len(told(app)) == 1 and app.query_params["action"] in ("refuse", ["refuse"])
    assert "before" not in app.query_params


def test_an_intact_trail_is_said_to_be_and_an_anchor_is_checked(desk: World) -> None:
    head = desk.store.trail.head()
    desk.at(State.APPROVED)
    app = press(opened(desk), "Check the whole trail")
    assert "Intact: " in app.success[0].value
    assert "changing a row, deleting a row" in texts(app) and "Versions\\: 1, each" in texts(app)
    assert app.code[0].value == str(desk.store.trail.head())
    field(app, "A head that you kept").set_value(str(head))
    press(app, "Check the whole trail")
    assert "goes on from the head that you kept" in app.success[0].value
    field(app, "A head that you kept").set_value(f"99:{'a' * 64}")
    assert "it is missing" in press(app, "Check the whole trail").error[0].value
    field(app, "A head that you kept").set_value("nonsense")
    assert "is not the number of a row" in press(app, "Check the whole trail").error[0].value


def test_what_is_wrong_is_named(desk: World) -> None:
    id = desk.at(State.APPROVED)
    desk.end_lease(id)
    app = press(opened(desk), "Check the whole trail")
    assert "It is not intact" in app.error[0].value and "Approval of decision" in app.error[0].value


def test_the_export_proves_itself_and_is_recorded(desk: World, tmp_path: Path) -> None:
    file = tmp_path / "trail.jsonl"
    file.write_bytes(audit_exports._trail(desk.who[Role.AUDITOR]))
    found = check_export(file)
    assert found == (desk.store.trail.head(), None)
    (row,) = desk.store.trail.newest(TrailQuery(action="export_trail"))
    assert (row.actor, row.role) == (desk.who[Role.AUDITOR], "auditor")  # type: ignore[union-attr]


def test_overrides_in_force_say_who_why_and_until_when(desk: World) -> None:
    id = desk.at(State.SUBMITTED)
    desk.service.decide(id, whole(desk, id, Action.OVERRIDE), desk.who[Role.RISK], key())
    said = texts(opened(desk, Role.RISK))
    assert "1 override, the newest first" in said
    assert "**Somebody** for a pilot, version 1" in said
    assert "Risk that is accepted: Some letters" in said


def test_the_record_of_a_decision_is_taken_away_from_the_dossier(
    desk: World, tmp_path: Path
) -> None:
    """What the buttons do; no browser is here to press them."""
    id = desk.at(State.REFUSED)
    sealed = seal(desk.store, desk.book, id, desk.who[Role.REVIEWER], None)
    with zipfile.ZipFile(io.BytesIO(record_exports._archive(sealed))) as archive:
        file = tmp_path / "decision.json"
        file.write_bytes(archive.read("decision.json"))
        assert len(archive.namelist()) == 4
    assert is_record(file) and prove_record(file).fault == ""
    assert view(desk.store, id, desk.book).history
