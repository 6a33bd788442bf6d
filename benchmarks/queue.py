"""How fast a page of the review queue is with many proposals under review, on both databases.

Each figure is all that one drawing of the screen asks the database for, as a reviewer who looked
at hundreds of them. Proposals, votes, approvals and looks are spread over all states.
"""

from __future__ import annotations

import argparse
import platform
import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from advisor.core.strict import canonical
from advisor.domain.lifecycle import OPEN, Action, Role, State
from advisor.domain.review_queue import (
    AskedDecision,
    Filters,
    Flag,
    QueueOrder,
    QueueQuery,
    QueueReader,
    StateGroup,
)
from advisor.domain.trail import START, Event, TrailEntry, TrailHead, follow
from advisor.review.queue.queue_page import queue
from advisor.review.queue.upkeep import expire_due
from advisor.rules import RuleBook, load
from advisor.rules.schema.approval import TIERS
from advisor.store import Store
from advisor.store.database.sessions import Database, database_url
from advisor.store.database.statements import new_id
from advisor.store.review.queue_conditions import LOOK
from advisor.store.tables.proposals import ProposalRow
from advisor.store.tables.review import DecisionRow, LeaseRow, PersonRow, ReviewRow
from advisor.store.tables.trail import TrailRow
from benchmarks.store import databases, fill, measure

ME = "reviewer0"
REVIEWERS = 20
LOOKS = 3
"""Looks at dossiers for each proposal."""
LEASED = {State.PILOT: "pilot", State.EVALUATED: "pilot", State.APPROVED: "adoption"}


def review(database: Database, seed: int) -> None:
    """Put every stored proposal under review, with its decisions, approvals and looks."""
    chance, now = random.Random(seed), datetime.now(UTC)
    with database.write() as connection:
        ids = sorted(connection.execute(select(ProposalRow.id)).scalars())
        people = {f"person{n}" for n in range(50)} | {f"reviewer{n}" for n in range(REVIEWERS)}
        named = [{"id": id, "name": f"Name of {id}", "created_at": now} for id in sorted(people)]
        connection.execute(insert(PersonRow), named)
        made = [_reviewed(chance, id, now) for id in ids]
        for table, place in ((ReviewRow, 0), (DecisionRow, 1), (LeaseRow, 2)):
            rows = [row for one in made if (row := one[place])]
            connection.execute(insert(table), rows)
        for part in _parts(_trail(chance, ids, now)):
            connection.execute(insert(TrailRow), part)
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")  # it does so by itself a minute after such a load


def _reviewed(chance: random.Random, id: str, now: datetime) -> tuple[dict[str, Any] | None, ...]:
    state = chance.choice([*State])
    since = now - timedelta(minutes=chance.randrange(30 * 24 * 60))
    waits = state in OPEN
    row = {
        "proposal_id": id, "state": state, "version": 1, "content": "0" * 64,
        "tier": chance.choice(TIERS), "since": since, "agreed": chance.random() < 0.3,
        "asked": chance.choice([*AskedDecision]) if waits else "", "against": chance.random() < 0.2,
        "stale": chance.random() < 0.05, "agreed_risk": False,
    }  # fmt: skip
    decision = {
        "id": new_id(), "proposal_id": id, "place": 1, "version": 1, "content": "0" * 64,
        "action": Action.APPROVE_PILOT, "actor": f"reviewer{chance.randrange(REVIEWERS)}",
        "role": Role.REVIEWER, "source": state, "target": state, "tier": "low", "reason": "Why",
        "detail": "{}", "rules": "0" * 64, "at": since,
    }  # fmt: skip
    if state not in LEASED:
        return row, decision, None
    lease = {
        "decision_id": decision["id"], "proposal_id": id, "kind": LEASED[state],
        "granted_at": since, "expires_at": now + timedelta(days=chance.randrange(1, 300)),
        "override": chance.random() < 0.1, "ended_why": "",
        "baseline": canonical({"base_model": "small", "data_set": "v1", "rules": {}}),
    }  # fmt: skip
    return row, decision, lease


def _trail(chance: random.Random, ids: list[str], now: datetime) -> Iterator[TrailEntry]:
    head = START
    for number in range(LOOKS * len(ids)):
        looks = number % 2
        who = f"reviewer{chance.randrange(REVIEWERS)}" if looks else "person1"
        event = Event(LOOK if looks else "save_version", who, proposal=chance.choice(ids))
        row = follow(head, event, now)
        head = TrailHead(row.seq, row.hash)
        yield row


def _parts(rows: Iterator[TrailEntry], size: int = 1000) -> Iterator[list[dict[str, Any]]]:
    part: list[dict[str, Any]] = []
    for row in rows:
        part.append(dict(row))
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part


PAGES = {
    "what waits, the most urgent first": QueueQuery(),
    "what waits for me": QueueQuery(Filters(mine=True)),
    "what waits, page 50": QueueQuery(page=50),
    "changed since my last look": QueueQuery(Filters(flag=Flag.CHANGED)),
    "all states, ending first": QueueQuery(Filters(group=None), QueueOrder.ENDING),
    "all states, two words": QueueQuery(Filters(group=None, text="invoice pol")),
    "approved, ending soon": QueueQuery(Filters(group=StateGroup.APPROVED, flag=Flag.EXPIRING)),
    "all states, evidence stale": QueueQuery(Filters(group=None, flag=Flag.STALE)),
    "one owner, highest tier": QueueQuery(Filters(group=None, owner="person7", tier="high")),
}


def calls(store: Store, book: RuleBook) -> dict[str, Callable[[int], object]]:
    """Return what is measured, by name."""
    me = QueueReader(ME, frozenset({Role.REVIEWER}))

    def page(wanted: QueueQuery) -> Callable[[int], object]:
        return lambda _: queue(store, book, me, wanted)

    looks = {name: page(wanted) for name, wanted in PAGES.items()}
    return looks | {"looking for approvals that are over": lambda _: expire_due(store, book)}


def main() -> None:
    """Print one table with both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="proposals under review")
    count, book = parser.parse_args().count, load()
    print(f"{count:,} proposals, {platform.machine()}, Python {platform.python_version()}\n")
    print("| database | page | median ms | 95 % ms |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as urls:
        for name, url in urls.items():
            database = Database(database_url(url))
            store = Store(database)
            fill(store, database, count)
            review(database, 1)
            with database.read() as connection:
                stored = select(func.count()).select_from(ReviewRow)
                assert connection.execute(stored).scalar() == count
            for call, work in calls(store, book).items():
                median, high = measure(work)
                print(f"| {name} | {call} | {median:.1f} | {high:.1f} |", flush=True)
            store.close()


if __name__ == "__main__":
    main()
