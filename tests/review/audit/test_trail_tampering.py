"""A trail of 1,000 rows in a database: whatever byte of whatever column is changed, it is found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, text

from advisor.domain.trail import START, Event, TrailEntry, TrailHead, follow
from advisor.review.audit.chain import ChainCheck, check
from advisor.store.database.audit_trail import Trail
from advisor.store.database.sessions import Database, database_url
from advisor.store.tables.trail import TrailRow

COUNT = 1_000
COLUMNS = sorted(TrailEntry.model_fields)


@pytest.fixture(scope="module")
def trail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trail]:
    """The rows, and no triggers any more: somebody owns the database."""
    file = tmp_path_factory.mktemp("tampering") / "trail.sqlite3"
    database = Database(database_url(f"sqlite:///{file}"))
    with database.write() as connection:
        for name in ("trail_insert", "trail_update", "trail_delete"):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.execute(insert(TrailRow), [dict(row) for row in ROWS])
    yield Trail(database)
    database.close()


def chain() -> Iterator[TrailEntry]:
    head = START
    for n in range(COUNT):
        detail = {"reason": f"Zoë wrote “{n}”", "number": n}
        event = Event("approve_pilot", f"u{n % 7}", "risk", "p1", n + 1, "a" * 64, "b" * 64, detail)
        row = follow(head, event, datetime(2026, 11, 28, tzinfo=UTC))
        head = TrailHead(row.seq, row.hash)
        yield row


ROWS = [*chain()]


def checked(trail: Trail, anchor: TrailHead | None = None) -> ChainCheck:
    with trail.rows() as rows:
        return check(rows, anchor)


def put(trail: Trail, seq: int, column: str, value: bytes | int) -> None:
    """Write a value as the bytes that it is."""
    kind = "CAST(:value AS TEXT)" if isinstance(value, bytes) else ":value"
    with trail._database.write() as connection:
        connection.execute(
            text(f"UPDATE trail SET {column} = {kind} WHERE seq = :seq"),
            {"value": value, "seq": seq},
        )


@settings(max_examples=40)
@given(st.integers(1, COUNT), st.sampled_from(COLUMNS), st.data())
def test_a_byte_of_any_column_of_any_row_is_found_there(
    trail: Trail, seq: int, column: str, data: st.DataObject
) -> None:
    kept = getattr(ROWS[seq - 1], column)
    if isinstance(kept, int):
        changed: bytes | int = kept + data.draw(st.integers(1, 10**6)) * COUNT
        put(trail, seq, column, changed)
        restore: bytes | int = kept
        now = int(changed) if column == "seq" else seq
    else:
        raw = kept.encode()
        place, flip = data.draw(st.integers(0, len(raw) - 1)), data.draw(st.integers(1, 255))
        put(trail, seq, column, raw[:place] + bytes([raw[place] ^ flip]) + raw[place + 1 :])
        restore, now = raw, seq
    found = checked(trail)
    put(trail, now, column, restore)
    assert found.fault and found.fault.seq == seq
    assert found.head.seq == seq - 1


def test_it_is_whole_again(trail: Trail) -> None:
    assert checked(trail, trail.head()) == (trail.head(), None)


def test_a_cut_tail_is_found_with_the_anchor_only(trail: Trail) -> None:
    head = trail.head()
    with trail._database.write() as connection:
        connection.exec_driver_sql("DELETE FROM trail WHERE seq > 993")
    assert checked(trail).fault is None
    found = checked(trail, head)
    assert found.fault and found.fault.seq == 994 and "all rows to 1,000" in found.fault.what
