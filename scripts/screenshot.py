"""Take the README's pictures: the real app, a real browser, the examples that ship.

python scripts/screenshot.py [recommendation] [pilot]
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs"
EXAMPLE = "Open: Patient letters"
SIZE = {"width": 1280, "height": 900}
PATIENCE = 60  # seconds
PILOT = 1_800  # seconds that a whole pilot may take


@contextmanager
def app() -> Iterator[str]:
    """Run the app on an empty folder; give its address."""
    with socket.socket() as probe, tempfile.TemporaryDirectory() as home:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
        probe.close()
        command = [sys.executable, "-m", "advisor", "app", "--no-browser", "--port", port]
        environment = os.environ | {"ADVISOR_HOME": home, "ADVISOR_DATABASE_URL": ""}
        server = subprocess.Popen([*command, "--address", "127.0.0.1"], env=environment)
        try:
            wait_for(f"http://127.0.0.1:{port}/api/ready")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def wait_for(url: str) -> None:
    """Wait until the app answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"The app did not answer within {PATIENCE} seconds.")


def recommendation(page: Page) -> None:
    """Open an example and go to its recommendation."""
    page.get_by_text("From an example").click()
    page.get_by_role("button", name=EXAMPLE).click()
    page.get_by_role("link", name="4 Recommendation").click()
    page.get_by_text("How firm:").wait_for()


def pilot(page: Page) -> None:
    """Run the example of a pilot to its verdict."""
    page.get_by_role("link", name="Pilots").first.click()
    page.get_by_role("link", name="See it on an example").click()
    page.get_by_role("button", name="Check, and show what it takes").click()
    page.get_by_role("button", name="Start the pilot").click(timeout=PILOT * 1000)
    page.get_by_text("Next:").wait_for(timeout=PILOT * 1000)


WALKS = {"recommendation": recommendation, "pilot": pilot}


def picture(url: str, name: str) -> None:
    """Walk to a page and keep what the window shows."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(url)
        WALKS[name](page)
        page.get_by_test_id("stVegaLiteChart").first.locator("svg, canvas").first.wait_for()
        page.wait_for_timeout(1000)  # the chart fades in
        page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


def main() -> None:
    """Write `docs/NAME.png` for each name that is given, for all of them if none is."""
    for name in sys.argv[1:] or WALKS:
        with app() as url:
            picture(url, name)
        print(f"Wrote docs/{name}.png")


if __name__ == "__main__":
    main()
