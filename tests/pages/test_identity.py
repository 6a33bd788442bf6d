"""Who is at work: signed in, acting as somebody on this machine, or the local user."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from screens import APP, window
from streamlit.testing.v1 import AppTest

from advisor.domain.lifecycle import Role
from advisor.review.people.people import People
from advisor.store import open_store
from advisor.ui.screens import page

pytestmark = pytest.mark.usefixtures("home")
SIGN_IN = {
    "ADVISOR_SIGN_IN_URL": "https://id.example.org/.well-known/openid-configuration",
    "ADVISOR_SIGN_IN_CLIENT": "advisor",
    "ADVISOR_SIGN_IN_SECRET": "s" * 20,
    "ADVISOR_COOKIE_SECRET": "c" * 40,
    "ADVISOR_PUBLIC_URL": "https://advisor.example.org",
}


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider is configured."""
    for name, value in SIGN_IN.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def bob(home: Path) -> str:
    """A reviewer."""
    people = People(open_store())
    root = people.add("Root", None, [Role.ADMINISTRATOR], None, "root").id
    return people.add("Bob", "bob@example.org", [Role.REVIEWER], root, "bob").id


def user(**more: Any) -> dict[str, Any]:
    return {
        "is_logged_in": True,
        "iss": "https://id.example.org",
        "sub": "u1",
        "exp": int(time.time()) + 600,
        "email": "bob@example.org",
        "email_verified": True,
    } | more


def opened(given: dict[str, Any], screen: str = "") -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.user = given
    app.run()
    if screen:
        app.switch_page(page(screen)).run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    drawn = [*app.title, *app.markdown, *app.error, *app.warning, *app.info]
    return " ".join(str(one.value) for one in drawn)


def test_without_people_nothing_asks_who_one_is() -> None:
    app = window("proposals")
    assert not [one for one in app.selectbox if one.label == "Acting as"]


def test_the_local_user_acts_as_somebody_and_a_new_window_begins_so(bob: str) -> None:
    app = window("proposals")
    assert "Local mode" in words(app)
    next(one for one in app.selectbox if one.label == "Acting as").select(bob).run()
    assert app.session_state["acting"] == bob
    assert window("proposals").session_state["acting"] == bob


def test_acting_is_over_where_other_machines_reach_the_server(
    bob: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamlit.get_option", lambda name: "0.0.0.0")
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.session_state["acting"] = bob
    app.run()
    app.switch_page(page("dossier")).run()
    assert "Local mode" not in words(app)
    assert "has no sign-in" in words(app)
    assert "Bob" not in words(app)


@pytest.mark.usefixtures("provider")
def test_a_provider_shuts_everything_until_somebody_signs_in(bob: str) -> None:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.session_state["acting"] = bob
    app.run()
    assert [one.label for one in app.button] == ["Sign in"]
    assert "Bob" not in words(app)


@pytest.mark.usefixtures("provider")
def test_a_claim_that_is_over_leads_back_to_the_door(bob: str) -> None:
    app = opened(user(exp=int(time.time()) - 3_600))
    assert "Sign in again" in words(app)
    assert [one.label for one in app.button] == ["Sign in"]


@pytest.mark.usefixtures("provider")
def test_a_verified_address_brings_the_roles_given_before(bob: str) -> None:
    app = opened(user())
    assert "**Bob**: reviewer" in words(app)
    assert "no role yet" in words(opened(user(sub="u2", email="eve@example.org", name="Eve")))
