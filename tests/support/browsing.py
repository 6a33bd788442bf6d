"""What every browser test does: wait, and keep a picture."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

OUTPUT = Path(__file__).parents[1] / "output"
PATIENCE = 30_000  # milliseconds; the machine may be busy
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def settled(page: Page) -> None:
    """Wait until the page has been drawn and the server rests."""
    page.wait_for_selector(SETTLED)


def keep(page: Page, name: str) -> None:
    """Keep a screenshot."""
    page.screenshot(path=OUTPUT / f"{name}.png")
