"""Many who decide at once, in threads and in processes, on both databases.

    python -m benchmarks.review_races [--threads 50] [--processes 4] [--proposals 12]

Everybody wants to decide every proposal, each in an order and a way of their own. At the end each
proposal must have exactly one decision, everybody else must have been told who was faster, every
attempt must stand in the trail, and the trail must be intact.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any, NamedTuple

from world import World, key

from advisor.domain.lifecycle import Action, Role, State
from advisor.errors import ConflictError, StoreError
from advisor.review.audit.trail_proof import prove
from advisor.review.decisions.decide import ReviewService
from advisor.review.decisions.decision_requests import DecisionRequest
from advisor.review.people.people import People
from advisor.rules import load
from advisor.store import Store
from advisor.store.database.audit_trail import TrailQuery
from advisor.store.database.sessions import Database, database_url
from advisor.store.review import decisions
from benchmarks.store import databases

WAYS = (Action.APPROVE_PILOT, Action.REFUSE, Action.REQUEST_CHANGES)
PATIENCE = 20
PROCESS = "from benchmarks.review_races import take_part; take_part()"


class Told(NamedTuple):
    """What one person got for deciding one proposal."""

    proposal: str
    decision: str
    """Id of the decision that they made; empty if somebody was faster."""
    why: str
    """What they were told then."""
    seconds: float
    again: int
    """How often the database was too busy and they repeated it, as they are told to."""


def decide(
    desk: ReviewService, id: str, request: DecisionRequest, actor: str, once: str, again: int = 0
) -> Told:
    """Try to decide one proposal; where the database is too busy, do the same once more."""
    begin = time.perf_counter()
    try:
        made, why = desk.decide(id, request, actor, once).id, ""
    except ConflictError as error:
        made, why = "", str(error)
    except StoreError:
        if again == PATIENCE:
            raise
        return decide(desk, id, request, actor, once, again + 1)
    return Told(id, made, why, time.perf_counter() - begin, again)


def all_of(
    desk: ReviewService, work: Sequence[tuple[str, DecisionRequest]], actor: str
) -> list[Told]:
    """Try to decide every proposal, in the order given."""
    return [decide(desk, id, request, actor, key_of(actor, id)) for id, request in work]


def key_of(actor: str, id: str) -> str:
    """Return the key of one person's write."""
    return f"{actor}/{id}"


def at_once(calls: Sequence[Callable[[], list[Told]]]) -> list[Told]:
    """Call from as many threads that start together."""
    start = Barrier(len(calls))

    def run(call: Callable[[], list[Told]]) -> list[Told]:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [one for found in pool.map(run, calls) for one in found]


def in_processes(url: str, work: dict[str, list[tuple[str, DecisionRequest]]]) -> list[Told]:
    """Let one process for each person decide; they start together."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, url, actor],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for actor in work
    ]  # fmt: skip
    lines = [
        json.dumps([[id, request.model_dump(mode="json")] for id, request in one])
        for one in work.values()
    ]
    for process in started:
        assert process.stdout and process.stdout.readline() == "ready\n"
    for process, line in zip(started, lines, strict=True):
        assert process.stdin
        process.stdin.write(f"{line}\n")
        process.stdin.flush()
    found = [json.loads(process.communicate(timeout=600)[0]) for process in started]
    return [Told(*one) for told in found for one in told]


def take_part() -> None:
    """Decide in a process of one's own: what and as whom comes from outside."""
    url, actor = sys.argv[1:]
    desk = ReviewService(Store(Database(database_url(url))), load())
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    work = [
        (id, DecisionRequest.model_validate(one)) for id, one in json.loads(sys.stdin.readline())
    ]
    sys.stdout.write(json.dumps(all_of(desk, work, actor)))


def shares(
    world: World, people: int, proposals: int
) -> dict[str, list[tuple[str, DecisionRequest]]]:
    """Return who decides what: everybody everything, each in an order and a way of their own."""
    ids = [world.at(State.SUBMITTED) for _ in range(proposals)]
    asked = {(id, way): world.request(id, way) for id in ids for way in WAYS}
    found = {}
    for place in range(people):
        order = random.Random(place).sample(ids, len(ids))
        work = [(id, asked[id, WAYS[(place + n) % len(WAYS)]]) for n, id in enumerate(order)]
        found[world.person(Role.REVIEWER)] = work
    return found


def judged(world: World, told: Sequence[Told], people: int) -> dict[str, Any]:
    """Return what came out, and end with an error if anything was lost or happened twice."""
    ids = {one.proposal for one in told}
    won = [one for one in told if one.decision]
    lost = [one for one in told if not one.decision]
    with world.store.database.read() as connection:
        stored = {
            one.id for id in ids for one in decisions.about(connection, id)
            if one.action in WAYS
        }  # fmt: skip
    refused = sum(
        len(world.store.trail.newest(TrailQuery(id, action="refused_attempt", limit=10_000)))
        for id in ids
    )
    assert len(told) == people * len(ids), "somebody got no answer"
    assert len(won) == len(ids) == len({one.proposal for one in won}), "not one decision each"
    assert {one.decision for one in won} == stored, "a decision was lost, or was made unseen"
    assert refused == len(lost), "an attempt is not in the trail"
    assert all(" by Somebody, " in one.why for one in lost), "somebody was not told who was faster"
    assert prove(world.store).intact, "the trail is broken"
    return {"decisions": len(won), "told": len(lost)}


def same_button(world: World, threads: int) -> tuple[list[Told], dict[str, Any]]:
    """Press one button from many threads with one key: one decision, the same for all."""
    id, actor = world.at(State.SUBMITTED), world.who[Role.REVIEWER]
    request, once = world.request(id, Action.APPROVE_PILOT), key()
    told = at_once([lambda: [decide(world.service, id, request, actor, once)]] * threads)
    assert len({one.decision for one in told}) == 1 and all(one.decision for one in told)
    return told, {"decisions": 1, "told": 0}


def own_work(world: World, threads: int) -> tuple[list[Told], dict[str, Any]]:
    """Let everybody decide a proposal of their own at once: nobody's is lost."""
    ids = [world.at(State.SUBMITTED) for _ in range(threads)]
    work = [(id, world.request(id, Action.REFUSE), world.person(Role.REVIEWER)) for id in ids]
    told = at_once([
        lambda id=id, request=request, who=who: [  # type: ignore[misc]
            decide(world.service, id, request, who, key_of(who, id))
        ]
        for id, request, who in work
    ])  # fmt: skip
    assert all(one.decision for one in told)
    with world.store.database.read() as connection:
        for one in told:
            last = decisions.about(connection, one.proposal)[-1]
            assert last.id == one.decision, "a decision was lost"
    return told, {"decisions": len(told), "told": 0}


def line(name: str, what: str, told: Sequence[Told], found: dict[str, Any]) -> str:
    """Return one row of the table."""
    took = [1000 * one.seconds for one in told]
    middle, high = statistics.median(took), statistics.quantiles(took, n=20)[-1]
    answers = f"{found['decisions']:,} | {found['told']:,} | {sum(one.again for one in told):,}"
    return f"| {name} | {what} | {len(told):,} | {answers} | {middle:.0f} ({high:.0f}) |"


def race(name: str, url: str, threads: int, processes: int, proposals: int) -> None:
    """Run every race on one database and print its rows."""
    store = Store(Database(database_url(url)))
    admin = People(store).add("Root", None, [Role.ADMINISTRATOR], None, key()).id
    world = World(store, admin, url)
    work = shares(world, threads, proposals)
    told = at_once([lambda a=a, w=w: all_of(world.service, w, a) for a, w in work.items()])  # type: ignore[misc]
    print(line(name, f"{threads} threads", told, judged(world, told, threads)), flush=True)
    work = shares(world, processes, 4 * proposals)
    told = in_processes(url, work)
    print(line(name, f"{processes} processes", told, judged(world, told, processes)), flush=True)
    print(line(name, f"one button, {threads} times", *same_button(world, threads)), flush=True)
    print(line(name, f"{threads} threads, each its own", *own_work(world, threads)), flush=True)
    store.close()


def main() -> None:
    """Print one table with both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=50)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--proposals", type=int, default=12, help="that all threads decide")
    given = parser.parse_args()
    print("| database | who | attempts | decisions | told who was faster | too busy, repeated | "
          "median ms (95 %) |")  # fmt: skip
    print("|---|---|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as urls:
        for name, url in urls.items():
            race(name, url, given.threads, given.processes, given.proposals)


if __name__ == "__main__":
    main()
