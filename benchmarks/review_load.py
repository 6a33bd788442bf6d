"""Thirty people at the review desk at once, on SQLite: how fast the queue opens, what goes wrong.

    python -m benchmarks.review_load [--minutes 5] [--proposals 1000] [--browsers 3] [--rush]

Three sit at a real browser, others read screens over the WebSocket, others write over HTTP. After
each act they think a few seconds. At the end every write that was answered is looked up. Everything
runs on this machine; the browsers get what the others leave, as in life they have machines of their
own, so their times say how they fared here and not how fast the server is.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from running import free_port, until_it_answers

from advisor.domain.lifecycle import Role
from advisor.models.encoder import load_encoder
from advisor.review.dossier.similar_proposals import read_ahead
from advisor.review.people.people import People
from advisor.review.people.tokens import Tokens
from advisor.store import Store
from advisor.store.database.sessions import Database, database_url
from advisor.triage.assessing.assessment_cache import judged_by, keep
from advisor.triage.recommend import load_tools, triage
from benchmarks.queue import review
from benchmarks.review_browsers import THINK, Visit, before, browse, step_back
from benchmarks.store import fill
from benchmarks.streaming import Reader, cookie

SECRET = "load-test-cookie-secret-0123456789abcdef"
PROVIDER = "http://localhost:1"
READERS, WRITERS = 20, 7


@dataclass
class Seen:
    """What everybody saw, from all threads."""

    took: dict[str, list[float]] = field(default_factory=dict)
    wrong: Counter[str] = field(default_factory=Counter)
    written: list[tuple[str, str]] = field(default_factory=list)
    """Proposal and title of every write that was answered; the last of a proposal counts."""
    until: float = 0
    """When everybody goes home."""
    rush: bool = False
    """Everybody begins in the same instant."""
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
    await asyncio.sleep(before(chance, seen.rush))
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
    time.sleep(before(chance, seen.rush))
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
    judge(store, proposals)
    return Desk(url, store, tuple(secrets), proposals)


def judge(store: Store, proposals: tuple[str, ...]) -> None:
    """Keep what triage says about each, as handing in does."""
    kit = load_tools()
    for id in proposals:
        draft = store.get(id).draft
        keep(draft, judged_by(kit, draft.failures), triage(draft, kit))


async def warmed(desk: Desk) -> None:
    """Open each screen once: the first look at a server that just started loads the classifier."""
    async with Reader(desk.url, desk.signed(0)) as window:
        await window.open("queue")
        await window.open("dossier", f"p={desk.proposals[0]}")


def run(desk: Desk, minutes: float, browsers: int, rush: bool) -> Seen:
    """Let everybody work for so many minutes."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max(browsers, 1), context, step_back) as pool:
        list(pool.map(time.sleep, [1] * browsers))  # all are there before the clock starts
        seen = Seen(until=time.monotonic() + 60 * minutes, rush=rush)
        visits = [Visit(desk.url, desk.signed(place), desk.proposals, seen.until, rush, place)
                  for place in range(browsers)]  # fmt: skip
        watching = [pool.submit(browse, visit) for visit in visits]
        threads = [threading.Thread(target=write, args=(desk, browsers + place, seen))
                   for place in range(WRITERS)]  # fmt: skip
        for thread in threads:
            thread.start()
        asyncio.run(_readers(desk, seen, browsers + WRITERS))
        for thread in threads:
            thread.join()
        for act in (act for found in watching for act in found.result()):
            seen.note(*act)
    return seen


async def _readers(desk: Desk, seen: Seen, first: int) -> None:
    """Let the readers work, from this place on."""
    await asyncio.gather(*(read(desk, first + place, seen) for place in range(READERS)))


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
    parser.add_argument("--rush", action="store_true")
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
                seen = run(desk, given.minutes, given.browsers, given.rush)
                return 0 if report(desk, seen) else 1
            finally:
                server.terminate()


if __name__ == "__main__":
    raise SystemExit(main())
