"""Every screen is checked with axe-core, and can be used with the keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import PATIENCE, settled
from conftest import Server
from playwright.sync_api import Page, expect
from test_recommendation_journeys import SLOW, example, seeded, show

from advisor.proposal import Draft

pytestmark = pytest.mark.timeout(180)
expect.set_options(timeout=PATIENCE)

ALLOWED = {
    "presentation-role-conflict": "st.file_uploader: its drop zone is presentational and named",
}
"""Rules that Streamlit itself breaks, each with the reason; anything else is ours to mend."""
OPTIONS = {"resultTypes": ["violations"]}


def violations(page: Page) -> list[str]:
    """Return what axe finds on a page, without Streamlit's own faults, one line each."""
    found: list[dict[str, Any]] = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {node['target']} {node['html'][:160]}"
        for one in found
        for node in one["nodes"]
        if one["id"] not in ALLOWED
    ]


@pytest.fixture(scope="module")
def letters(server: Server) -> str:
    return seeded(server, example("patient-letters"))


@pytest.mark.parametrize("screen", ["problem", "failures", "questions", "versions"])
def test_screens_of_a_proposal(page: Page, server: Server, letters: str, screen: str) -> None:
    show(page, server, letters, screen)
    assert violations(page) == []


def test_every_tab_of_the_recommendation(page: Page, server: Server, letters: str) -> None:
    show(page, server, letters)
    for tab in ("Remedies", "Reasons", "Doubts", "Failures", "Plan"):
        page.get_by_role("tab", name=tab).click()
        opened = page.get_by_role("tabpanel").filter(visible=True).locator("summary")
        if opened.count():
            opened.first.click()
        assert violations(page) == [], tab


def test_a_guess(page: Page, server: Server) -> None:
    show(page, server, seeded(server, Draft(title="Nothing known yet")))
    assert violations(page) == []


@pytest.mark.usefixtures("first_page")
def test_the_list_of_proposals(page: Page, letters: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert violations(page) == []


def test_the_rules(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/rules")
    expect(page.get_by_text("evidence rules")).to_be_visible(timeout=SLOW)
    settled(page)
    for tab in ("Rules", "Questions", "Remedies", "Approval", "Sources"):
        page.get_by_role("tab", name=tab).click()
        opened = page.get_by_role("tabpanel").filter(visible=True).locator("summary")
        if opened.count():
            opened.first.click()
        assert violations(page) == [], tab


def test_questions_are_answered_with_the_keyboard_alone(page: Page, server: Server) -> None:
    show(
        page,
        server,
        seeded(server, Draft(title="By keyboard", description="It fails.")),
        "questions",
    )
    expect(page.get_by_role("button", name="Yes", exact=True)).to_be_visible()
    _tab_to(page, "Yes")
    page.keyboard.press("Enter")
    expect(page.get_by_text("This is version 2.")).to_be_visible()
    settled(page)
    expect(page.get_by_text("1 of 32 answered")).to_be_visible()
    _tab_to(page, "See the recommendation")
    page.keyboard.press("Enter")
    expect(page.get_by_text("How firm:")).to_be_visible(timeout=SLOW)


def test_tabs_and_details_open_with_the_keyboard(page: Page, server: Server, letters: str) -> None:
    show(page, server, letters)
    page.get_by_role("tab", name="Remedies").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Reasons")).to_have_attribute("aria-selected", "true")
    detail = page.get_by_role("tabpanel").filter(visible=True).locator("summary").first
    detail.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Source:").filter(visible=True).first).to_be_visible()


def _tab_to(page: Page, words: str) -> None:
    """Press Tab until the focus stands on something with these words, on a page that rests."""
    settled(page)
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('a, button')"):
            if words in page.evaluate("document.activeElement.innerText").splitlines():
                return
    raise AssertionError(f"Tab never reaches {words!r}")
