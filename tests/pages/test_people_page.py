"""People on the screen: the first one, who gets in, roles given and taken, and erasing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from screens import APP, HOSTILE, field, press, texts
from streamlit.testing.v1 import AppTest
from world import World, key

from advisor.domain.lifecycle import Role
from advisor.review.people.people import People
from advisor.store import open_store
from advisor.store.database.audit_trail import TrailQuery
from advisor.ui.screens import page

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def desk(home: Path) -> World:
    root = People(open_store()).add("Root", None, [Role.ADMINISTRATOR], None, key()).id
    return World(open_store(), root, "")


def opened(by: str = "") -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.session_state["acting"] = by
    app.switch_page(page("people")).run()
    assert not app.exception
    return app


def changing(desk: World, id: str) -> AppTest:
    app = opened(desk.admin)
    button_of(app, f"open-{id}").click().run()
    assert not app.exception
    return app


def button_of(app: AppTest, key: str) -> Any:
    return next(one for one in app.button if one.key == key)


def switch(app: AppTest, role: Role) -> AppTest:
    one = next(one for one in app.toggle if one.label.startswith(f"{role}:"))
    one.set_value(not one.value).run()
    assert not app.exception
    return app


def held(desk: World, id: str) -> set[Role]:
    return set(desk.people.find(id).roles)


def test_the_first_person_is_added_here_and_becomes_administrator(home: Path) -> None:
    app = opened()
    assert "first person becomes administrator" in texts(app)
    field(app, "Your name").set_value("Ann Lee")
    press(app, "Add me as administrator")
    (ann,) = People(open_store()).all()
    assert (ann.name, ann.roles) == ("Ann Lee", (Role.ADMINISTRATOR,))
    assert "**Ann Lee** (you): administrator" in texts(app)


def test_where_others_sign_in_the_first_person_is_added_at_the_command_line(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.run()
    monkeypatch.setattr("streamlit.get_option", lambda name: "0.0.0.0")
    app.switch_page(page("people")).run()
    assert not app.exception and not app.text_input
    assert "advisor people add" in app.code[0].value


def test_a_person_is_added_once_nothing_is_wrong_and_is_found(desk: World) -> None:
    app = opened(desk.admin)
    field(app, "Address").set_value("nonsense")
    field(app, "Name").set_value(f"Zed {HOSTILE}")
    app.multiselect[0].set_value([Role.OWNER, Role.RISK])
    button_of(app, "add").click().run()
    assert "is no address" in app.error[0].value
    field(app, "Address").set_value("Zed@Example.org")
    button_of(app, "add").click().run()
    assert desk.people.find("zed@example.org").roles == (Role.OWNER, Role.RISK)
    said = texts(app)
    assert "is here now" in said and "<script>" not in said
    assert field(app, "Name").value == ""
    field(app, "Search").set_value("zed@").run()
    assert (
        "1 person" in texts(app) and len([one for one in app.button if one.label == "Change"]) == 1
    )


def test_a_role_is_given_and_taken_at_once(desk: World) -> None:
    ben = desk.person(Role.REVIEWER, Role.OWNER)
    app = switch(changing(desk, ben), Role.RUNNER)
    assert held(desk, ben) == {Role.REVIEWER, Role.OWNER, Role.RUNNER}
    assert "holds the role runner now" in texts(app)
    switch(app, Role.REVIEWER)
    assert held(desk, ben) == {Role.OWNER, Role.RUNNER}
    (row,) = desk.store.trail.newest(TrailQuery(action="take_role"))
    assert row.actor == desk.admin  # type: ignore[union-attr]


def test_taking_what_locks_somebody_out_is_asked_first(desk: World) -> None:
    risk = desk.who[Role.RISK]
    app = switch(changing(desk, risk), Role.RISK)
    assert held(desk, risk) == {Role.RISK}
    said = app.warning[0].value
    assert "Nobody else holds the role risk" in said and "will have no role left" in said
    press(app, "Keep")
    assert not app.warning and held(desk, risk) == {Role.RISK}
    press(switch(app, Role.RISK), "Take it all the same")
    assert held(desk, risk) == set()


def test_the_last_administrator_keeps_the_role_and_another_one_may_leave(desk: World) -> None:
    app = switch(changing(desk, desk.admin), Role.ADMINISTRATOR)
    assert "You will not see this page any more" in app.warning[0].value
    press(app, "Take it all the same")
    assert "last administrator" in app.error[0].value
    assert held(desk, desk.admin) == {Role.ADMINISTRATOR}
    desk.person(Role.ADMINISTRATOR)
    press(switch(app.run(), Role.ADMINISTRATOR), "Take it all the same")
    assert "needs the role administrator" in app.error[0].value


def test_erasing_says_what_stays_and_is_asked_twice(desk: World) -> None:
    ben = desk.people.add("Ben Lee", "ben@example.org", [Role.OWNER], desk.admin, key()).id
    app = press(changing(desk, ben), "Erase")
    assert "What they decided stays" in app.warning[0].value
    assert not desk.people.find(ben).erased
    press(app, "Erase for good")
    assert desk.people.find(ben).erased
    assert "Ben Lee" not in texts(app) and f"What {ben} decided stays" in texts(app)
