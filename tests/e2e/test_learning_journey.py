"""A team corrects how failures are read, the advisor learns it, and goes back, in a browser."""

from __future__ import annotations

import json
import re

import pytest
from browsing import PATIENCE, keep, settled
from conventions import SAME_LABEL_OTHER_SHAPE
from playwright.sync_api import Page, expect
from test_intake_journeys import paste, saved, start, step

pytestmark = [
    pytest.mark.timeout(240),
    pytest.mark.usefixtures("first_page"),
]
expect.set_options(timeout=PATIENCE)

COUNT = 10


def correct(page: Page, place: int) -> None:
    """Say that one failure is something else than it reads as."""
    settled(page)
    box = page.get_by_role("combobox", name=f"What failure c{place} is")
    box.click()
    box.fill("Steps not")
    page.get_by_role("option", name="Steps not followed", exact=True).click()
    saved(page, place + 3)


def test_correct_learn_see_before_and_after_and_go_back(page: Page, server: object) -> None:
    start(page, "Ticket codes")
    step(page, "2 Failures")
    rows = [failure.model_dump(exclude_none=True) for failure in SAME_LABEL_OTHER_SHAPE[:COUNT]]
    paste(page, json.dumps(rows))
    page.get_by_role("button", name=f"Add {COUNT} failures").click()
    expect(page.get_by_role("heading", name=f"{COUNT} failures")).to_be_visible()
    expect(page.get_by_text("Reads as").first).to_be_visible()
    for place in range(COUNT):
        correct(page, place)
    expect(page.get_by_text("because you said so")).to_have_count(COUNT)
    keep(page, "learning-1-corrected")

    page.get_by_role("link", name="The advisor can learn from your corrections").click()
    page.wait_for_url(re.compile("/learning"))
    expect(page.get_by_role("heading", name="by the classifier as it ships")).to_be_visible()
    page.get_by_role("button", name=f"Learn from {COUNT} corrections").click()
    expect(page.get_by_role("heading", name="Version 1 reads failures")).to_be_visible(
        timeout=4 * PATIENCE
    )
    expect(page.get_by_text("Grey ring: before. Blue dot: after.")).to_be_visible(
        timeout=4 * PATIENCE
    )
    expect(page.get_by_test_id("stVegaLiteChart")).to_be_visible()
    page.get_by_text("The figures").click()
    expect(page.get_by_role("cell", name=re.compile("Log loss, corrections"))).to_be_visible()
    settled(page)
    keep(page, "learning-2-learned")

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="by the classifier as it ships")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Use version 1")).to_be_visible()
    keep(page, "learning-3-undone")
