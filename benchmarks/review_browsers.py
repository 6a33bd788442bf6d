"""A person of the load test at a real browser: opens the queue and a dossier in turn."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from playwright.sync_api import Page, sync_playwright
from running import ARGUMENTS, SYSTEM_BROWSERS

from benchmarks.streaming import COOKIE

THINK = (4.0, 12.0)
"""Seconds between two acts of a person."""
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
EVERY = 4
"""Every so many turns a page is opened by its address."""
SHOWN = 9
"""Lines of the queue of which one is clicked."""


@dataclass(frozen=True)
class Visit:
    """Who comes, to what, for how long."""

    url: str
    signed: str
    """The cookie of a person who signed in."""
    proposals: tuple[str, ...]
    until: float
    """On the monotonic clock of this machine."""
    rush: bool
    place: int


def step_back() -> None:
    """Give this process, and browsers that it starts, only what others leave of the processors.

    A nice value would not do: Chromium sets its own.
    """
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def before(chance: random.Random, rush: bool) -> float:
    """Return the seconds before a person's first act: nobody clicks in the very same millisecond.

    With `rush` all do.
    """
    return 0 if rush else chance.uniform(0, THINK[1])


def browse(visit: Visit) -> list[tuple[str, float, str]]:
    """Work until the time is over; return what was done, its seconds, and what was wrong.

    Every fourth time by the address, as from a link in a message: then the browser loads the whole
    application anew. Else by a click.
    """
    chance, seen = random.Random(visit.place), []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=ARGUMENTS)
        window = browser.new_context()
        window.add_cookies([{"name": COOKIE, "value": visit.signed, "url": visit.url}])
        page, turn = window.new_page(), 0
        time.sleep(before(chance, visit.rush))
        while time.monotonic() < visit.until:
            anew = turn % EVERY == 0
            for name, heading, path, click in _acts(page, visit, chance):
                go = partial(page.goto, visit.url + path) if anew else click
                how = "by its address" if anew else "clicked"
                seen.append((f"{name}, browser, {how}", *_timed(page, heading, go)))
                time.sleep(chance.uniform(*THINK))
            turn += 1
        browser.close()
    return seen


def _acts(
    page: Page, visit: Visit, chance: random.Random
) -> list[tuple[str, str, str, Callable[[], object]]]:
    """Return the two acts of a turn: name, heading that shows it is there, address, click."""
    menu = page.get_by_role("link", name="Queue", exact=True).first
    line = page.get_by_test_id("stMain").get_by_test_id("stPageLink").get_by_role("link")
    id, place = chance.choice(visit.proposals), chance.randrange(SHOWN)
    return [
        ("queue", "Queue", "/queue", menu.click),
        ("dossier", "Decisions so far", f"/dossier?p={id}", line.nth(place).click),
    ]


def _timed(page: Page, heading: str, go: Callable[[], object]) -> tuple[float, str]:
    """Open a page and wait until it is whole; return the seconds and what was wrong."""
    begun = time.perf_counter()
    try:
        go()
        page.get_by_role("heading", name=heading).first.wait_for(timeout=60_000)
        page.wait_for_selector(SETTLED, timeout=60_000)
        fault = "a fault" if page.get_by_text("(fault ").count() else ""
    except Exception as error:  # noqa: BLE001  whatever a browser says is a result
        fault = repr(error)
    return time.perf_counter() - begun, fault


def _chromium() -> str | None:
    return next(filter(None, map(shutil.which, SYSTEM_BROWSERS)), None)
