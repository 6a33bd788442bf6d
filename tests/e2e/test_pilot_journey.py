"""A team brings examples, looks at the estimate, starts, goes away, and comes back to a verdict."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from browsing import PATIENCE, keep, settled
from conftest import Server
from playwright.sync_api import Page, TimeoutError, expect
from test_accessibility import violations

pytestmark = [
    pytest.mark.timeout(400),
    pytest.mark.usefixtures("first_page"),
]
expect.set_options(timeout=PATIENCE)

OPENINGS = 6  # of five seconds each
PILOT = 300_000  # milliseconds: a worker starts, a base model loads, two cores may be busy


def choose(page: Page, label: str, *options: str) -> None:
    """Choose options in a list of several; a redrawn form closes the list, so it is opened anew."""
    settled(page)
    box = page.get_by_role("combobox", name=re.compile(label))
    for name in options:
        option = page.get_by_role("option", name=name, exact=True)
        for _ in range(OPENINGS):
            if not option.is_visible():
                box.click()
            with suppress(TimeoutError):
                option.click(timeout=5_000)
                break
        else:
            raise AssertionError(f"the list {label!r} never showed {name!r}")
    page.keyboard.press("Escape")
    settled(page)


def test_estimate_start_leave_and_come_back_to_a_verdict(page: Page, server: Server) -> None:
    page.get_by_role("link", name="Pilots").first.click()
    page.get_by_role("link", name="See it on an example").click()
    expect(page.get_by_role("heading", name="New pilot")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Sort messages to a bicycle rental")
    page.get_by_text("What is compared, what counts as better").click()
    choose(page, "Ways to try", "Plain prompt", "Plain classifier")
    page.get_by_role("button", name="Check, and show what it takes").click()
    expect(page.get_by_text("It takes about")).to_be_visible(timeout=PILOT)
    expect(page.get_by_text("cases kept for the test")).to_be_visible()
    settled(page)
    keep(page, "pilot-1-estimate")
    assert violations(page) == []

    page.get_by_role("button", name="Start the pilot").click()
    page.wait_for_url(re.compile("/pilot\\?"))
    expect(page.get_by_text("You may close this page")).to_be_visible()
    keep(page, "pilot-2-running")
    address = page.url
    page.goto(server.url)
    page.goto(address)
    verdict = page.get_by_role("heading", name=re.compile("Settled: "))
    expect(verdict).to_be_visible(timeout=PILOT)
    expect(page.get_by_text("Next:")).to_be_visible()
    settled(page)
    keep(page, "pilot-3-verdict")
    assert violations(page) == []

    page.get_by_role("tab", name="Outputs").click()
    expect(page.get_by_text("Wanted:").first).to_be_visible()
    keep(page, "pilot-4-outputs")
    with page.expect_download() as download:
        page.get_by_role("button", name="Report as PDF").click()
    assert download.value.suggested_filename.endswith(".pdf")
    page.get_by_role("link", name="All pilots").click()
    expect(page.get_by_text("Done").first).to_be_visible()
    assert violations(page) == []
