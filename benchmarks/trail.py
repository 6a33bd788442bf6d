"""How long the audit trail takes to write one row and to check many, on both databases.

Every transaction waits for the disk, which is measured beside it. Memory is what Python holds at
most meanwhile; the time is that of another run, without counting memory.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import insert

from advisor.core.strict import digest
from advisor.domain.trail import START, Event, TrailEntry, TrailHead, follow
from advisor.review.audit.chain import ChainCheck, check
from advisor.review.audit.trail_file import check_export, exported
from advisor.review.audit.trail_page import page_of
from advisor.review.audit.trail_proof import prove
from advisor.store import Store
from advisor.store.database.audit_trail import Trail, TrailQuery, append
from advisor.store.database.sessions import Database, database_url
from advisor.store.tables.trail import TrailRow
from benchmarks.store import databases

APPENDS = 500
PAGES = {
    "screen: the newest 50 rows": TrailQuery(),
    "screen: 50 rows of a person": TrailQuery(actor="person7"),
    "screen: an action that nobody took": TrailQuery(action="refuse"),
    "screen: the first day of all": TrailQuery(until=datetime(2026, 1, 2, tzinfo=UTC)),
    "screen: the last page": TrailQuery(before=51),
}
REASON = "The style gain is real on the fixed cases, and the interval excludes zero. " * 3


def event(number: int) -> Event:
    """Return a decision of usual size."""
    return Event(
        "approve_pilot",
        f"person{number % 50}",
        "reviewer",
        f"proposal{number % 1000:012}",
        1 + number % 7,
        digest(number),
        digest("rules"),
        {"reason": REASON, "number": number, "conditions": [{"due": "2027-01-31"}]},
    )


def chain(count: int) -> Iterator[TrailEntry]:
    """Yield rows of one trail."""
    head, at = START, datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(count):
        row = follow(head, event(number), at)
        head = TrailHead(row.seq, row.hash)
        yield row


def fill(database: Database, count: int) -> None:
    """Store rows the quick way."""
    rows = chain(count)
    with database.write() as connection:
        while part := [dict(row) for row in islice(rows, 1000)]:
            connection.execute(insert(TrailRow), part)


def append_times(database: Database) -> dict[str, list[float]]:
    """Return how long each append took, by itself and with its transaction, in milliseconds."""
    alone, whole = [], []
    for number in range(APPENDS):
        begin = time.perf_counter()
        with database.write() as connection:
            start = time.perf_counter()
            append(connection, event(number))
            alone.append(1000 * (time.perf_counter() - start))
        whole.append(1000 * (time.perf_counter() - begin))
    return {"append": alone, "append and its transaction": whole}


def disk_times(folder: Path) -> list[float]:
    """Return how long the disk takes to keep 4 kB, which every transaction waits for."""
    times = []
    with (folder / "disk").open("wb", buffering=0) as file:
        for _ in range(APPENDS):
            start = time.perf_counter()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            times.append(1000 * (time.perf_counter() - start))
    return times


def check_stored(trail: Trail) -> ChainCheck:
    """Check the whole trail of a database."""
    with trail.rows() as rows:
        return check(rows)


def export(trail: Trail, file: Path) -> None:
    """Write the whole trail to a file."""
    with trail.rows() as rows, file.open("wb") as out:
        out.writelines(exported(rows, trail.head()))


def seconds(call: Callable[[], object]) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def peak(call: Callable[[], object]) -> float:
    """Return the most memory that Python held during a call, in MB."""
    tracemalloc.start()
    call()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def report(name: str, database: Database, folder: Path) -> None:
    """Print what was measured on one database."""
    for what, times in (append_times(database) | {"disk alone": disk_times(folder)}).items():
        middle, high = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        print(f"| {name} | {what} | {middle:.2f} ms (95 %: {high:.2f} ms) | |")
    trail, file, store = Trail(database), folder / "trail.jsonl", Store(database)
    for what, wanted in PAGES.items():
        times = [1000 * seconds(lambda w=wanted: page_of(store, w)) for _ in range(20)]  # type: ignore[misc]
        print(f"| {name} | {what} | {statistics.median(times):.1f} ms | |")
    calls: dict[str, Callable[[], object]] = {
        "check all": lambda: check_stored(trail),
        "export all": lambda: export(trail, file),
        "check the export": lambda: check_export(file),
        "prove all, tables too": lambda: prove(store),
    }
    for what, call in calls.items():
        print(f"| {name} | {what} | {seconds(call):.2f} s | {peak(call):.1f} MB |")
    assert check_stored(trail).fault is None and check_export(file).fault is None


def main() -> None:
    """Print one table with both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="rows to check")
    count = parser.parse_args().count
    print(f"{count:,} rows, {platform.machine()}, Python {platform.python_version()}\n")
    print("| database | what | time | memory |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as urls:
        for name, url in urls.items():
            database = Database(database_url(url))
            fill(database, count - APPENDS)
            report(name, database, Path(folder))
            database.close()


if __name__ == "__main__":
    main()
