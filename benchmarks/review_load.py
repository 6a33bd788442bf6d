"""Thirty people at the review desk at once, on SQLite: how fast the queue opens, what goes wrong.

    python -m benchmarks.review_load [--minutes 5] [--proposals 1000] [--browsers 3]

Three sit at a real browser, others read screens over the WebSocket, others write over HTTP. After
each act they think a few seconds. At the end every write that was answered is looked up.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

from advisor.models.encoder import load_encoder
from advisor.review.lifecycle import Role
from advisor.review.people import People
from advisor.review.similar import read_ahead
from advisor.review.tokens import Tokens
from advisor.store import Store
from advisor.store.sessions import Database, database_url
from benchmarks.queue import review
from benchmarks.store import fill
from benchmarks.streaming import COOKIE, Reader, cookie
from tests.running import ARGUMENTS, SYSTEM_BROWSERS, free_port, until_it_answers

SECRET = "load-test-cookie-secret-0123456789abcdef"
PROVIDER = "http://localhost:1"
READERS, WRITERS = 20, 7
THINK = (4.0, 12.0)
"""Seconds between two acts of a person."""
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


@dataclass
class Seen:
    """What everybody saw, from all threads."""

    took: dict[str, list[float]] = field(default_factory=dict)
    wrong: Counter[str] = field(default_factory=Counter)
    written: list[tuple[str, str]] = field(default_factory=list)
    """Proposal and title of every write that was answered; the last of a proposal counts."""
    until: float = 0
    """When everybody goes home."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, seconds: float, fault: str = "") -> None:
        """Write down one act."""
        with self.lock:
            self.took.setdefault(what, []).append(seconds)
            if fault:
                self.wrong[f"{what}: {fault[:200]}"] += 1


@dataclass(frozen=True)
class Desk:
    """The server, its people and its proposals."""

    url: str
    store: Store
    tokens: tuple[str, ...]
    proposals: tuple[str, ...]

    def signed(self, place: int) -> str:
        """Return the cookie of one person."""
        claims = {"iss": PROVIDER, "sub": f"p{place}", "exp": 2**32, "name": f"Person {place}"}
        address = {"email": f"p{place}@example.org", "email_verified": True}
        return cookie(claims | address, self.url, SECRET)


async def read(desk: Desk, place: int, seen: Seen) -> None:
    """Open queue and dossiers in turn until the time is over."""
    chance = random.Random(place)
    async with Reader(desk.url, desk.signed(place)) as window:
        while time.monotonic() < seen.until:
            page, query = chance.choice([
                ("queue", ""),
                ("queue", ""),
                ("dossier", f"p={chance.choice(desk.proposals)}"),
            ])
            try:
                seconds, words, fault = await window.open(page, query)
                lost = "" if "Sign in" not in words and "needs the role" not in words else "no role"
                seen.note(f"{page}, WebSocket", seconds, fault or lost)
            except (TimeoutError, OSError) as error:
                seen.note(f"{page}, WebSocket", 60, repr(error))
            await asyncio.sleep(chance.uniform(*THINK))


def write(desk: Desk, place: int, seen: Seen) -> None:
    """Create a proposal, then edit it, over HTTP until the time is over."""
    chance, turn, id = random.Random(place), 0, ""
    while time.monotonic() < seen.until:
        title, key = f"Writer {place}, turn {turn}", f"{place}-{turn}"
        if not id:
            body: dict[str, Any] = {"title": title, "description": "Letters come out wrong."}
            found, seconds, fault = _send(desk, place, ("POST", "/proposals", body, key))
        else:
            body = {"changes": {"title": title}}
            found, seconds, fault = _send(desk, place, ("PATCH", f"/proposals/{id}", body, key))
        seen.note("write, HTTP", seconds, fault)
        if not fault:
            id = found["id"]
            with seen.lock:
                seen.written.append((id, title))
        turn += 1
        time.sleep(chance.uniform(*THINK))


def _send(
    desk: Desk, place: int, what: tuple[str, str, dict[str, Any], str]
) -> tuple[dict[str, Any], float, str]:
    method, path, body, key = what
    head = {
        "Authorization": f"Bearer {desk.tokens[place]}",
        "Content-Type": "application/json",
        "Idempotency-Key": key,
    }
    request = urllib.request.Request(
        f"{desk.url}/api/v1{path}", json.dumps(body).encode(), head, method=method
    )
    begun = time.perf_counter()
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer), time.perf_counter() - begun, ""
    except urllib.error.HTTPError as error:
        return {}, time.perf_counter() - begun, f"{error.code} {error.read()[:150]!r}"
    except OSError as error:
        return {}, time.perf_counter() - begun, repr(error)


def browse(desk: Desk, place: int, seen: Seen) -> None:
    """Open the queue and a dossier in a real browser until the time is over."""
    chance = random.Random(place)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=ARGUMENTS)
        window = browser.new_context()
        window.add_cookies([{"name": COOKIE, "value": desk.signed(place), "url": desk.url}])
        page = window.new_page()
        while time.monotonic() < seen.until:
            for name, path in (
                ("queue", "/queue"),
                ("dossier", f"/dossier?p={chance.choice(desk.proposals)}"),
            ):
                begun = time.perf_counter()
                try:
                    page.goto(desk.url + path)
                    page.wait_for_selector(SETTLED, timeout=60_000)
                    fault = "a fault" if page.get_by_text("(fault ").count() else ""
                except Exception as error:  # noqa: BLE001  whatever a browser says is a result
                    fault = repr(error)
                seen.note(f"{name}, browser", time.perf_counter() - begun, fault)
                time.sleep(chance.uniform(*THINK))
        browser.close()


def _chromium() -> str | None:
    return next(filter(None, map(shutil.which, SYSTEM_BROWSERS)), None)


def prepared(home: Path, url: str, count: int) -> Desk:
    """Fill a database with people and proposals, which the server has read before."""
    os.environ["ADVISOR_HOME"] = str(home)
    database = Database(database_url(f"sqlite:///{home / 'advisor.sqlite3'}"))
    store = Store(database)
    fill(store, database, count)
    review(database, 0)
    people, tokens = People(store), Tokens(store)
    root = people.add("Root", None, [Role.ADMINISTRATOR], None, "root").id
    made = []
    for place in range(30):
        roles = [Role.OWNER, Role.REVIEWER]
        made.append(
            people.add(f"Person {place}", f"p{place}@example.org", roles, root, f"p{place}").id
        )
    secrets = [tokens.give(id, Role.OWNER, 1, root, f"t{id}").secret for id in made]
    with store.database.read() as connection:
        ids = connection.exec_driver_sql("SELECT proposal_id FROM review ORDER BY 1").scalars()
        proposals = tuple(ids)
    read_ahead(store, load_encoder)
    return Desk(url, store, tuple(secrets), proposals)


async def warmed(desk: Desk) -> None:
    """Open each screen once: the first look at a server that just started loads the classifier."""
    async with Reader(desk.url, desk.signed(0)) as window:
        await window.open("queue")
        await window.open("dossier", f"p={desk.proposals[0]}")


def run(desk: Desk, minutes: float, browsers: int) -> Seen:
    """Let everybody work for so many minutes."""
    seen = Seen(until=time.monotonic() + 60 * minutes)
    work: list[tuple[Callable[..., None], int]] = [(browse, place) for place in range(browsers)]
    work += [(write, place) for place in range(3, 3 + WRITERS)]
    threads = [threading.Thread(target=do, args=(desk, place, seen)) for do, place in work]
    for thread in threads:
        thread.start()

    async def readers() -> None:
        places = range(3 + WRITERS, 3 + WRITERS + READERS)
        await asyncio.gather(*(read(desk, place, seen) for place in places))

    asyncio.run(readers())
    for thread in threads:
        thread.join()
    return seen


def report(desk: Desk, seen: Seen) -> bool:
    """Print the table; return whether nothing went wrong."""
    last = dict(seen.written)
    lost = sum(desk.store.get(id).draft.title != title for id, title in last.items())
    versions = sum(len(desk.store.versions(id)) for id in last)
    print("| what | times | median s | p95 s | longest s |\n|---|---:|---:|---:|---:|")
    for name, took in sorted(seen.took.items()):
        middle, high = np.percentile(took, [50, 95])
        print(f"| {name} | {len(took)} | {middle:.2f} | {high:.2f} | {max(took):.2f} |")
    lost += len(seen.written) - versions
    print(
        f"\nWrites answered: {len(seen.written)}; lost: {lost}. Wrong: {sum(seen.wrong.values())}"
    )
    for text, times in seen.wrong.most_common(10):
        print(f"- {times} × {text}")
    return not lost and not seen.wrong


def main() -> int:
    """Start a server, let people work, and print what they saw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--proposals", type=int, default=1_000)
    parser.add_argument("--browsers", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        url = f"http://localhost:{port}"
        environment = os.environ | {
            "ADVISOR_HOME": folder,
            "ADVISOR_DATABASE_URL": "",
            "ADVISOR_SIGN_IN_URL": f"{PROVIDER}/.well-known/openid-configuration",
            "ADVISOR_SIGN_IN_CLIENT": "advisor",
            "ADVISOR_SIGN_IN_SECRET": "none",
            "ADVISOR_COOKIE_SECRET": SECRET,
            "ADVISOR_PUBLIC_URL": url,
        }
        desk = prepared(Path(folder), url, given.proposals)
        command = [sys.executable, "-m", "advisor", "app", "--no-browser", "--port", str(port)]
        with subprocess.Popen(command, env=environment) as server:
            try:
                until_it_answers(f"{url}/api/ready")
                asyncio.run(warmed(desk))
                return 0 if report(desk, run(desk, given.minutes, given.browsers)) else 1
            finally:
                server.terminate()


if __name__ == "__main__":
    raise SystemExit(main())
