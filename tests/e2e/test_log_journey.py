"""From the summary of a log on another machine to a proposal, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browsing import PATIENCE, keep, settled
from conftest import Server
from playwright.sync_api import Page, expect
from sample_log import summary
from test_accessibility import violations

from advisor.logs.summary.summary_files import to_json

pytestmark = [
    pytest.mark.timeout(180),
    pytest.mark.usefixtures("first_page"),
]
expect.set_options(timeout=PATIENCE)


def test_from_a_summary_of_another_machine_to_a_proposal(
    page: Page, server: Server, tmp_path: Path
) -> None:
    file = tmp_path / "summary.json"
    file.write_bytes(to_json(summary()))
    page.get_by_role("link", name="Logs").click()
    settled(page)
    expect(page.get_by_text("No log yet")).to_be_visible()
    assert violations(page) == []
    page.locator("input[type=file]").set_input_files(file)
    page.wait_for_url(re.compile(r"/log\?log=[0-9a-f]{16}$"))
    settled(page)
    expect(page.get_by_role("heading", name="No kind of failure leads clearly")).to_be_visible()
    expect(page.get_by_text("What helps:")).to_be_visible()
    assert violations(page) == []

    page.get_by_role("tab", name="Over time").click()
    page.get_by_test_id("stButtonGroup").get_by_text("Outdated knowledge").click()
    settled(page)
    chart = page.get_by_role("tabpanel", name="Over time").locator("[data-testid=stVegaLiteChart]")
    tip = page.get_by_text("95 % range", exact=True)
    for _ in range(20):  # a chart that is drawn anew under the pointer does not see it
        page.mouse.move(0, 0)
        chart.hover(position=middle(chart.bounding_box()))
        page.wait_for_timeout(250)
        if tip.is_visible():
            break
    expect(tip).to_be_visible()
    keep(page, "log-over-time")
    page.mouse.move(0, 0)  # what is shown on pointing lies outside the page's regions
    assert violations(page) == []
    page.get_by_role("tab", name="Clearest examples").click()
    page.get_by_text("Broken format: 28 %").click()
    examples = page.get_by_role("tabpanel", name="Clearest examples").locator("details[open]")
    expect(examples.get_by_text("What the model answered").first).to_be_visible()
    assert violations(page) == []

    address = page.url
    page.get_by_role("button", name="Make a proposal of these failures").dblclick()
    page.wait_for_url(re.compile(r"/problem\?p="))
    expect(page.get_by_role("heading", name="Failures in support.jsonl")).to_be_visible()
    page.get_by_role("link", name="2 Failures").click()
    expect(page.get_by_role("heading", name="200 failures")).to_be_visible()

    page.goto(address)
    settled(page)
    page.get_by_role("link", name="All logs").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("is deleted")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="support.jsonl")).to_be_visible()


def middle(box: dict[str, float] | None) -> dict[str, float]:
    """Return the middle of a box, as seen from its corner."""
    assert box
    return {"x": box["width"] / 2, "y": box["height"] / 2}
