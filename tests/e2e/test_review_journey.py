"""A reviewer asks for changes, the owner makes them, the reviewer sees them and approves once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from browsing import PATIENCE, keep, settled
from conftest import Server
from playwright.sync_api import Locator, Page, expect
from test_accessibility import violations
from test_recommendation_journeys import sideways
from world import World, key

from advisor.domain.lifecycle import Action, Role, State
from advisor.presentation.wording import day_words
from advisor.review.decisions.leases import PILOT_DAYS
from advisor.review.decisions.review_view import view
from advisor.review.people.people import People
from advisor.store import Store
from advisor.store.database.sessions import Database, database_url

pytestmark = pytest.mark.timeout(240)
expect.set_options(timeout=PATIENCE)
FIRST = 120_000
"""Milliseconds until the reader is loaded, while other tests load theirs."""

NAMES = {Role.OWNER: "Olga Osei", Role.REVIEWER: "Rita Reyes"}
ASKED = "Say how one goes back when the letters come out wrong, and who does it."
BACK = "The prompt of today stays deployed; team Post switches back in five minutes."
AGREED = "The way back is clear now, the data is cleared, and a pilot costs one afternoon."


@pytest.fixture(scope="module")
def desk(server: Server) -> World:
    """People with names on the database of the running app."""
    store = Store(Database(database_url(f"sqlite:///{server.home / 'advisor.sqlite3'}")))
    root = People(store).add("Root", None, [Role.ADMINISTRATOR], None, key()).id
    found = World(store, root, "")
    for role, name in NAMES.items():
        found.who[role] = found.people.add(name, None, [role], root, key()).id
    return found


def act(page: Page, server: Server, role: Role) -> None:
    """Act as somebody from now on."""
    page.goto(server.url)
    settled(page)
    page.locator(".st-key-account").get_by_role("button").first.click()
    page.get_by_role("combobox", name="Acting as").click()
    page.get_by_role("option", name=re.compile(NAMES[role])).click()
    expect(page.locator(".st-key-account").get_by_text(NAMES[role]).first).to_be_visible()


def show(page: Page, server: Server, screen: str, id: str, heading: str) -> None:
    page.goto(f"{server.url}/{screen}?p={id}")
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible(timeout=FIRST)
    settled(page)


def choose(page: Page, action: str) -> Locator:
    """Choose what to decide, and return the form."""
    form = page.locator(".st-key-decide")
    form.get_by_text(action, exact=True).click()
    expect(form.get_by_role("button", name=re.compile("^Record: "))).to_be_visible()
    return form


def reason(form: Locator, text: str) -> None:
    box = form.get_by_label(re.compile("^Your reason"))
    box.fill(text)
    box.blur()


def test_ask_for_changes_change_see_what_changed_and_approve_once(
    page: Page, server: Server, desk: World
) -> None:
    against = "Letters are short, and no fact is missing."
    id = desk.at(State.SUBMITTED, rollback="Somehow.", reason_against_advice=against)
    act(page, server, Role.REVIEWER)
    show(page, server, "dossier", id, "The case against")
    until = day_words(datetime.now(UTC).date() + timedelta(days=PILOT_DAYS))
    expect(page.get_by_text(f"Approve a pilot of version 1, until {until}")).to_be_visible()
    expect(page.get_by_role("heading", name="Decision", exact=True)).to_be_visible()
    keep(page, "review-1-dossier")
    form = choose(page, "Ask for changes")
    reason(form, ASKED)
    form.get_by_role("button", name="Record: ask for changes to version 1").click()
    expect(page.get_by_text("Recorded: “Ask for changes” on version 1")).to_be_visible()

    act(page, server, Role.OWNER)
    show(page, server, "review_form", id, "Review form")
    expect(page.get_by_text(f"{NAMES[Role.REVIEWER]} asked for changes")).to_be_visible()
    expect(page.get_by_text(ASKED)).to_be_visible()
    box = page.get_by_label("How does one go back, which team does it, and how long does it take?")
    box.fill(BACK)
    page.get_by_role("button", name="Submit version 1 for review").click()
    expect(page.get_by_text("It waits for a reviewer now.")).to_be_visible(timeout=4 * PATIENCE)
    keep(page, "review-2-form")
    assert violations(page) == []

    act(page, server, Role.REVIEWER)
    show(page, server, "dossier", id, "The case against")
    expect(page.get_by_role("heading", name="Changed since you looked")).to_be_visible()
    changed = page.get_by_text("How does one go back").first
    expect(changed).to_be_visible()
    expect(page.get_by_text(BACK).first).to_be_visible()
    form = choose(page, "Approve the pilot")
    answers = form.get_by_role("radiogroup")
    for place in range(1, answers.count()):
        answers.nth(place).get_by_text("Yes", exact=True).click()
    reason(form, AGREED)
    settled(page)
    expect(page.locator("[data-stale=true]")).to_have_count(0)
    assert violations(page) == []
    form.get_by_role(
        "button", name=f"Record: approve a pilot of version 2 until {until}"
    ).dblclick()
    expect(page.get_by_text("Recorded: “Approve the pilot” on version 2")).to_be_visible()
    settled(page)
    keep(page, "review-3-approved")
    page.set_viewport_size({"width": 390, "height": 844})
    assert sideways(page) == 0
    made = [one.action for one in view(desk.store, id, desk.book).history]
    assert made.count(Action.APPROVE_PILOT) == 1 and made[-1] is Action.APPROVE_PILOT
    assert view(desk.store, id, desk.book).state is State.PILOT
