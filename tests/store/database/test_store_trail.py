"""The trail in both databases: one transaction, nothing but new rows, one chain whoever writes."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, text

from advisor.domain.trail import GENESIS, START, Event, TrailEntry, TrailHead, follow
from advisor.errors import InputError, NotFoundError, StoreError
from advisor.proposal import Draft
from advisor.review.audit.chain import ChainCheck, check
from advisor.store import Store
from advisor.store.database.audit_trail import Trail, TrailQuery, append
from advisor.store.database.sessions import Database
from advisor.store.database.sessions import database_url as parse_url
from advisor.store.tables.trail import TrailRow

AT = datetime(2026, 11, 1, tzinfo=UTC)
EVENT = Event("approve_pilot", "u1", "reviewer", "p1", 3, "a" * 64, "b" * 64, {"reason": "Zoë"})
THREADS, PROCESSES, EACH = 8, 4, 12
_PROCESS = """
import sys
from advisor.store.database.sessions import Database, database_url
from advisor.domain.trail import Event
from advisor.store.database.audit_trail import Trail
for line in sys.stdin:
    trail = Trail(Database(database_url(line.strip())))
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(int(sys.argv[2])):
        trail.record(Event("look", sys.argv[1], detail={"number": number}))
    print("done", flush=True)
"""


def rows_of(count: int) -> Iterator[dict[str, Any]]:
    head = START
    for n in range(count):
        event = Event("look", f"u{n % 7}", "auditor", "p1", n + 1, "a" * 64, "b" * 64, {"n": n})
        row = follow(head, event, AT + timedelta(hours=n))
        head = TrailHead(row.seq, row.hash)
        yield dict(row)


def fill(database: Database, count: int) -> None:
    rows = rows_of(count)
    with database.write() as connection:
        while part := list(islice(rows, 500)):
            connection.execute(insert(TrailRow), part)


def checked(trail: Trail, anchor: TrailHead | None = None) -> ChainCheck:
    with trail.rows() as rows:
        return check(rows, anchor)


def everything(trail: Trail) -> list[TrailEntry]:
    with trail.rows() as rows:
        return [row for row in rows if isinstance(row, TrailEntry)]


@pytest.fixture
def filled(store: Store) -> Store:
    fill(store._database, 20)
    return store


def disarm(connection: Connection) -> None:
    """Do what an administrator of the database can do."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE trail DISABLE TRIGGER ALL"))
        return
    for name in ("trail_insert", "trail_update", "trail_delete"):
        connection.execute(text(f"DROP TRIGGER {name}"))


def test_an_event_comes_back_as_it_was_written(store: Store) -> None:
    with store._database.write() as connection:
        first = append(connection, EVENT)
        second = append(connection, Event("look", "u2\x07\u2028", detail={"text": "\x00\x1b"}))
    assert (first.seq, first.prev, second.seq, second.prev) == (1, GENESIS, 2, first.hash)
    assert everything(store.trail) == [first, second]
    assert store.trail.head() == checked(store.trail).head == TrailHead(2, second.hash)
    assert abs(datetime.fromisoformat(first.at) - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_change_and_its_row_are_one_transaction(store: Store) -> None:
    with pytest.raises(NotFoundError), store._database.write() as connection:
        append(connection, EVENT)
        raise NotFoundError("stop")
    assert everything(store.trail) == []
    with pytest.raises(InputError, match=r"trail\.detail\.share"):
        store.trail.record(Event("look", "u1", detail={"share": 0.5}))
    assert store.trail.record(EVENT).seq == 1


def test_every_version_stands_in_the_trail(store: Store) -> None:
    id = store.create(Draft(title="One"), "ann", "a").id
    store.edit(id, {"title": "Two"}, "bob", "b")
    store.edit(id, {"title": "Two"}, "bob", "nothing differs")
    store.edit(id, {"title": "Two"}, "bob", "b")
    store.restore(id, 1, "cat", "c")
    found = everything(store.trail)
    assert [(row.action, row.actor, row.proposal, row.version) for row in found] == [
        ("save_version", "ann", id, 1),
        ("save_version", "bob", id, 2),
        ("save_version", "cat", id, 3),
    ]
    versions = reversed(store.versions(id))
    assert [row.content for row in found] == [version.fingerprint for version in versions]
    assert checked(store.trail).fault is None


REFUSED = [
    "UPDATE trail SET detail = '{}' WHERE seq = 5",
    "UPDATE trail SET hash = hash",
    "UPDATE trail SET seq = 99 WHERE seq = 20",
    "DELETE FROM trail WHERE seq = 20",
    "DELETE FROM trail",
    "INSERT INTO trail SELECT 25, at, actor, role, action, proposal, version, content, rules,"
    " detail, hash, prev FROM trail WHERE seq = 20",
    "INSERT INTO trail SELECT 21, at, actor, role, action, proposal, version, content, rules,"
    " detail, prev, hash FROM trail WHERE seq = 20",
    "INSERT INTO trail SELECT * FROM trail WHERE seq = 5 ON CONFLICT (seq)"
    " DO UPDATE SET detail = '{}'",
]
REFUSED_BY = {
    "sqlite": [
        "INSERT OR REPLACE INTO trail SELECT seq, at, 'me', role, action, proposal, version,"
        " content, rules, detail, prev, hash FROM trail WHERE seq = 20",
        "UPDATE OR REPLACE trail SET seq = 5 WHERE seq = 6",
    ],
    "postgresql": ["TRUNCATE trail", "TRUNCATE trail CASCADE"],
}


def test_the_database_takes_the_next_row_and_nothing_else(filled: Store) -> None:
    before = everything(filled.trail)
    for statement in REFUSED + REFUSED_BY[filled._database.engine.dialect.name]:
        refused = pytest.raises(StoreError, match="takes new rows at its end and nothing else")
        with refused, filled._database.write() as connection:
            connection.exec_driver_sql(statement)
    assert everything(filled.trail) == before
    assert filled.trail.record(EVENT).seq == 21


def test_a_session_that_replays_another_server_is_refused_too(postgres_url: str) -> None:
    store = Store(Database(parse_url(postgres_url)))
    store.trail.record(EVENT)
    with pytest.raises(StoreError, match="nothing else"), store._database.write() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("DELETE FROM trail"))
    assert store.trail.head().seq == 1
    store.close()


CHANGES = [
    ("UPDATE trail SET actor = 'u9' WHERE seq = 7", 7),
    ("UPDATE trail SET at = '2026-11-01T06:00:00.000001+00:00' WHERE seq = 7", 7),
    ("UPDATE trail SET role = 'risk' WHERE seq = 1", 1),
    ("UPDATE trail SET action = 'Look' WHERE seq = 20", 20),
    ("UPDATE trail SET proposal = NULL WHERE seq = 7", 7),
    ("UPDATE trail SET version = version + 1 WHERE seq = 7", 7),
    ("UPDATE trail SET content = NULL, rules = content WHERE seq = 7", 7),
    ("UPDATE trail SET detail = ' {\"n\":6}' WHERE seq = 7", 7),
    ("UPDATE trail SET prev = hash WHERE seq = 7", 7),
    ("UPDATE trail SET hash = upper(hash) WHERE seq = 7", 7),
    ("UPDATE trail SET hash = prev WHERE seq = 20", 20),
    ("UPDATE trail SET seq = 90 WHERE seq = 7", 7),
    ("DELETE FROM trail WHERE seq = 7", 7),
    ("DELETE FROM trail WHERE seq < 7", 1),
]


def test_what_an_administrator_changes_is_named(filled: Store) -> None:
    with filled._database.write() as connection:
        disarm(connection)
        connection.exec_driver_sql("CREATE TABLE kept AS SELECT * FROM trail")
    for statement, row in CHANGES:
        with filled._database.write() as connection:
            connection.exec_driver_sql(statement)
        found = checked(filled.trail)
        assert found.fault and found.fault.seq == row, statement
        assert found.head.seq == row - 1
        with filled._database.write() as connection:
            connection.exec_driver_sql("DELETE FROM trail")
            connection.exec_driver_sql("INSERT INTO trail SELECT * FROM kept")
        assert checked(filled.trail).fault is None, statement


def test_a_cut_tail_is_found_with_the_anchor_only(filled: Store) -> None:
    anchor = filled.trail.head()
    with filled._database.write() as connection:
        disarm(connection)
        connection.execute(text("DELETE FROM trail WHERE seq > 10"))
    assert checked(filled.trail).fault is None
    found = checked(filled.trail, anchor)
    assert found.fault and found.fault.seq == 11
    filled.trail.record(EVENT)  # even when it has grown again
    found = checked(filled.trail, TrailHead(11, anchor.hash))
    assert found.fault and found.fault.seq == 11


@pytest.fixture(scope="module")
def thousand(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Trail, sqlite3.Connection]]:
    """A trail of 1,000 rows in SQLite without its triggers, and a connection to edit it."""
    file = tmp_path_factory.mktemp("trail") / "advisor.sqlite3"
    database = Database(parse_url(f"sqlite:///{file}"))
    fill(database, 1_000)
    with database.write() as connection:
        disarm(connection)
    trail = Trail(database)
    with closing(sqlite3.connect(file, isolation_level=None)) as editor:
        editor.execute("PRAGMA synchronous = OFF")
        yield trail, editor
    assert checked(trail) == (trail.head(), None)  # every edit was taken back
    database.close()


@settings(max_examples=70)
@given(st.data())
def test_every_single_byte_of_every_row_counts(
    thousand: tuple[Trail, sqlite3.Connection], data: st.DataObject
) -> None:
    trail, connection = thousand
    row = data.draw(st.integers(1, 1_000), "row")
    column = data.draw(st.sampled_from(sorted(TrailEntry.model_fields.keys() - {"seq"})), "column")
    read = f"SELECT CAST({column} AS BLOB) FROM trail WHERE seq = ?"
    raw = connection.execute(read, (row,)).fetchone()[0]
    place = data.draw(st.integers(0, len(raw) - 1), "place")
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != raw[place]), "byte")
    store_text(connection, row, column, raw[:place] + bytes([byte]) + raw[place + 1 :])
    found = checked(trail)
    store_text(connection, row, column, raw)
    assert found.fault and found.fault.seq == row


def store_text(connection: sqlite3.Connection, row: int, column: str, raw: bytes) -> None:
    """Store bytes as the text of a column, whether they are text or not."""
    statement = f"UPDATE trail SET {column} = CAST(? AS TEXT) WHERE seq = ?"
    connection.execute(statement, (raw, row))


def test_a_text_that_became_bytes_is_found(thousand: tuple[Trail, sqlite3.Connection]) -> None:
    """The same bytes with another type: one byte of the file of SQLite."""
    trail, connection = thousand
    connection.execute("UPDATE trail SET actor = CAST(actor AS BLOB) WHERE seq = 400")
    found = checked(trail)
    connection.execute("UPDATE trail SET actor = CAST(actor AS TEXT) WHERE seq = 400")
    assert found.fault and found.fault.seq == 400


@pytest.fixture(scope="module")
def processes() -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that write to each database whose URL they are told: starting takes longer."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _PROCESS, f"process{number}", str(EACH)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    yield started
    for process in started:
        process.communicate(timeout=60)
        assert process.returncode == 0


def tell(processes: list[subprocess.Popen[str]], line: str) -> None:
    for process in processes:
        assert process.stdin
        process.stdin.write(f"{line}\n")
        process.stdin.flush()


def hear(processes: list[subprocess.Popen[str]]) -> set[str]:
    return {process.stdout.readline() for process in processes if process.stdout}


@pytest.mark.slow
def test_threads_and_processes_that_write_at_once_make_one_chain(
    store: Store, database_url: str, processes: list[subprocess.Popen[str]]
) -> None:
    def work(thread: int) -> None:
        for number in range(EACH):
            store.trail.record(Event("look", f"thread{thread}", detail={"number": number}))

    tell(processes, database_url)
    assert hear(processes) == {"ready\n"}
    tell(processes, "go")
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))
    assert hear(processes) == {"done\n"}
    rows = everything(store.trail)
    assert [row.seq for row in rows] == list(range(1, EACH * (THREADS + PROCESSES) + 1))
    assert checked(store.trail).fault is None
    for actor in {row.actor for row in rows}:
        own = [row.detail for row in rows if row.actor == actor]
        assert own == [f'{{"number":{number}}}' for number in range(EACH)]


def test_the_newest_rows_come_first_and_filters_add_up(filled: Store) -> None:
    def found(**wanted: Any) -> list[int]:
        rows = filled.trail.newest(TrailQuery(**wanted))
        return [row.seq for row in rows if isinstance(row, TrailEntry)]

    assert found() == list(range(20, 0, -1))
    assert found(limit=3) == [20, 19, 18]
    assert found(actor="u2") == [17, 10, 3]
    assert found(actor="u2", since=AT + timedelta(hours=9)) == [17, 10]
    assert found(proposal="p1", action="look", limit=1) == [20]
    assert found(proposal="other") == found(action="loo%") == found(actor="\x00") == []


def test_the_trail_can_be_read_while_it_grows(filled: Store) -> None:
    with filled.trail.rows() as rows:
        first = next(iter(rows))
        filled.trail.record(EVENT)
        assert isinstance(first, TrailEntry)
        assert check([first, *rows]).head.seq == 20
    assert checked(filled.trail).head.seq == 21
