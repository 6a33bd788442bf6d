"""Signing in at a real OpenID provider: nothing before, one's own roles after, nothing forged."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import OUTPUT, PATIENCE, keep, settled
from conftest import Server
from playwright.sync_api import Browser, BrowserContext, Page, expect
from running import free_port, until_it_answers

from advisor.domain.lifecycle import Role
from advisor.review.people.people import People
from advisor.store import Store
from advisor.store.database.sessions import Database, database_url

BOB = {"sub": "bob", "email": "bob@example.org", "email_verified": True, "name": "Bob Reyes"}
DESK = ("/queue", "/dossier", "/audit", "/people", "/mine")


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """An OpenID provider in a process of its own."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    with (OUTPUT / "provider.log").open("wb") as log:
        running = subprocess.Popen(
            [*command, "--require-nonce", "true", "--user-claims", json.dumps(BOB)],
            stdout=log,
            stderr=log,
        )
    url = f"http://localhost:{port}"
    until_it_answers(f"{url}/.well-known/openid-configuration")
    yield url
    running.terminate()
    running.wait()


@pytest.fixture(scope="module")
def guarded(provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with that provider, just started: nobody opened anything yet."""
    running = Server(tmp_path_factory.mktemp("guarded"))
    running.more = {
        "ADVISOR_SIGN_IN_URL": f"{provider}/.well-known/openid-configuration",
        "ADVISOR_SIGN_IN_CLIENT": "advisor",
        "ADVISOR_SIGN_IN_SECRET": "not-a-secret",
        "ADVISOR_COOKIE_SECRET": "0123456789abcdef0123456789abcdef",
        "ADVISOR_PUBLIC_URL": running.url,
    }
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def people(guarded: Server) -> People:
    """People of that server: an administrator and Bob, whose address is known."""
    found = People(Store(Database(database_url(f"sqlite:///{_file(guarded.home)}"))))
    root = found.add("Root", None, [Role.ADMINISTRATOR], None, "root").id
    found.add("Bob", BOB["email"], [Role.REVIEWER], root, "bob")  # type: ignore[arg-type]
    return found


def _file(home: Path) -> Path:
    return home / "advisor.sqlite3"


@pytest.fixture
def window(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that nobody used before."""
    opened = browser.new_context(viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(PATIENCE)
    yield opened
    opened.close()


def at_the_door(page: Page) -> None:
    """See that there is a way in and nothing else."""
    settled(page)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert page.get_by_test_id("stMain").get_by_role("button").count() == 1
    expect(page.get_by_role("link", name="Proposals")).to_have_count(0)
    assert page.get_by_test_id("stDataFrame").count() == 0


def test_signing_in_opens_what_the_roles_allow_until_they_are_taken(
    guarded: Server, provider: str, people: People, window: BrowserContext
) -> None:
    page = window.new_page()
    for path in DESK:  # the first one meets a server that nobody opened yet
        page.goto(guarded.url + path)
        at_the_door(page)
    keep(page, "sign-in")

    page.goto(f"{guarded.url}/queue?show=all&q=letters")  # as from a message
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="bob").click()
    settled(page)
    expect(page.get_by_role("button", name="Bob")).to_be_visible()
    expect(page.get_by_role("heading", name="Queue", exact=True)).to_be_visible()
    expect(page.get_by_label("Search titles")).to_have_value("letters")
    assert page.url == f"{guarded.url}/queue?show=all&q=letters"
    keep(page, "signed-in")

    page.goto(f"{guarded.url}/audit")
    settled(page)
    expect(page.get_by_text("needs the role")).to_be_visible()
    page.goto(f"{guarded.url}/queue")
    settled(page)
    expect(page.get_by_text("needs the role")).to_have_count(0)

    bob = people.find("bob@example.org").id
    people.take(bob, Role.REVIEWER, people.all()[-1].id, "take")
    page.reload()
    settled(page)
    expect(page.get_by_text("needs the role")).to_be_visible()

    page.get_by_role("button", name="Bob").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: url.startswith(provider))
    page.wait_for_load_state()
    page.goto(guarded.url)
    at_the_door(page)


@pytest.mark.usefixtures("people")
def test_a_forged_cookie_opens_nothing(guarded: Server, window: BrowserContext) -> None:
    claims = json.dumps({**BOB, "is_logged_in": True, "exp": 2**33, "origin": guarded.url})
    for value in (claims, "2|1:0|10:1700000000|15:_streamlit_user|8:eyJ4Ijox|" + "0" * 64):
        window.add_cookies([{"name": "_streamlit_user", "value": value, "url": guarded.url}])
        page = window.new_page()
        page.goto(f"{guarded.url}/queue")
        at_the_door(page)
