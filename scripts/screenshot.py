"""Take the README's pictures: the real app, a real browser, the examples that ship.

python scripts/screenshot.py [recommendation] [pilot]
"""

from __future__ import annotations

import os
import re
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

from playwright.sync_api import Page, ViewportSize, sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs"
EXAMPLE = "Open: Shop assistant"
SIZE: ViewportSize = {"width": 1280, "height": 900}
PATIENCE = 60  # seconds
PILOT = 1_800  # seconds that a whole pilot may take


def submitted(home: str) -> None:
    """Put people and a proposal under review into a folder: fine-tuning against the advice."""
    from advisor.domain.lifecycle import Action, Role
    from advisor.review.decisions.decide import ReviewService
    from advisor.review.decisions.decision_requests import DecisionRequest
    from advisor.review.decisions.review_view import view
    from advisor.review.people.people import People
    from advisor.samples import samples
    from advisor.store import open_store
    from advisor.triage.recommend import load_tools, triage

    os.environ |= {"ADVISOR_HOME": home, "ADVISOR_DATABASE_URL": ""}
    store, kit = open_store(), load_tools()
    people = People(store)
    root = people.add("Ada Admin", None, [Role.ADMINISTRATOR], None, "root").id
    owner = people.add("Olga Orders", None, [Role.OWNER], root, "owner").id
    people.add("Ben Reviewer", None, [Role.REVIEWER], root, "reviewer")
    approval = kit.book.approval
    assert approval
    form = {
        one.id: one.example if one.type == "text" else one.options[0] if one.options else 1
        for one in approval.fields.values()
    }
    form |= {"can_be_undone": True, "base_parameters": 8, "training_tokens": 2, "epochs": 3}
    told = samples()["returns-desk"].model_copy(update={"requested": "fine_tuning", "review": form})
    id = store.create(told, owner, "made").id
    result = triage(store.get(id).draft, kit)
    store.note_assessment(id, 1, result.recommendation, result.confidence, result.abstained, {})
    about = view(store, id, kit.book, owner).about
    request = DecisionRequest(action=Action.SUBMIT, version=about.version, content=about.content)
    ReviewService(store, kit.book).decide(id, request, owner, "submitted")


def dossier(page: Page) -> None:
    """Open the dossier of what waits, as its reviewer."""
    page.get_by_role("button", name="Local user").click()
    page.get_by_label("Acting as").click()
    page.get_by_role("option", name="Ben Reviewer").click()
    page.get_by_role("link", name="Queue").click()
    page.get_by_role("link", name=re.compile("return", re.IGNORECASE)).first.click()
    page.get_by_text("The case against").wait_for()
    page.get_by_text("Nobody answered").wait_for()


@contextmanager
def app(name: str) -> Iterator[str]:
    """Run the app on a folder with what a picture needs; give its address."""
    with socket.socket() as probe, tempfile.TemporaryDirectory() as home:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
        probe.close()
        command = [sys.executable, "-m", "advisor", "app", "--no-browser", "--port", port]
        environment = os.environ | {"ADVISOR_HOME": home, "ADVISOR_DATABASE_URL": ""}
        if name == "dossier":
            submitted(home)
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


def chart(page: Page) -> None:
    """Wait until the first chart is drawn."""
    page.get_by_test_id("stVegaLiteChart").first.locator("svg, canvas").first.wait_for()


def recommendation(page: Page) -> None:
    """Open an example and go to its recommendation."""
    page.get_by_text("From an example").click()
    page.get_by_role("button", name=EXAMPLE).click()
    page.get_by_role("link", name="4 Recommendation").click()
    page.get_by_text("How firm:").wait_for()
    chart(page)


def pilot(page: Page) -> None:
    """Run the example of a pilot to its verdict."""
    page.get_by_role("link", name="Pilots").first.click()
    page.get_by_role("link", name="See it on an example").click()
    page.get_by_role("button", name="Check, and show what it takes").click()
    page.get_by_role("button", name="Start the pilot").click(timeout=PILOT * 1000)
    page.get_by_text("Next:").wait_for(timeout=PILOT * 1000)
    chart(page)


WALKS = {"recommendation": recommendation, "pilot": pilot, "dossier": dossier}


def picture(url: str, name: str) -> None:
    """Walk to a page and keep what the window shows."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(url)
        WALKS[name](page)
        page.wait_for_timeout(2000)  # charts fade in
        page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


def main() -> None:
    """Write `docs/NAME.png` for each name that is given, for all of them if none is."""
    for name in sys.argv[1:] or WALKS:
        with app(name) as url:
            picture(url, name)
        print(f"Wrote docs/{name}.png")


if __name__ == "__main__":
    main()
