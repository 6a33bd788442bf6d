"""Proving more than the chain: triggers, saved versions, decisions and the ends of approvals."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from world import World, key

from advisor.domain.lifecycle import Action, Role, State
from advisor.domain.trail import Event, TrailHead
from advisor.review.audit.trail_proof import LISTED, prove
from advisor.review.people.people import People
from advisor.store import Store
from advisor.store.database.sessions import Database, database_url

GUARDS = {
    "sqlite": ("DROP TRIGGER trail_update", "DROP TRIGGER trail_delete",
               "DROP TRIGGER trail_insert"),
    "postgresql": ("ALTER TABLE trail DISABLE TRIGGER trail_change",
                   "DROP TRIGGER trail_insert ON trail"),
}  # fmt: skip


def use(store: Store) -> World:
    """Save, decide, approve and edit something."""
    admin = People(store).add("Root", None, [Role.ADMINISTRATOR], None, key()).id
    world = World(store, admin, "")
    world.at(State.APPROVED)
    world.edit(world.at(State.PILOT), rollback="Another.")
    return world


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A database in which all of that happened."""
    file = tmp_path_factory.mktemp("proof") / "first.sqlite3"
    return use(Store(Database(database_url(f"sqlite:///{file}"))))


@pytest.fixture
def used(first: World, tmp_path: Path) -> Iterator[World]:
    """A copy of it, to be tampered with."""
    with sqlite3.connect(tmp_path / "copy.sqlite3") as copy:
        source = first.store.database.engine.raw_connection()
        source.driver_connection.backup(copy)  # type: ignore[union-attr]
        source.close()
    copy.close()
    store = Store(Database(database_url(f"sqlite:///{tmp_path / 'copy.sqlite3'}")))
    yield replace(first, store=store)
    store.close()


def faults(world: World) -> list[str]:
    found = prove(world.store)
    assert found.chain.fault is None
    return [fault for part in found.parts for fault in part.faults]


def test_what_is_as_it_was_is_intact_and_counted(used: World) -> None:
    told: list[int] = []
    found = prove(used.store, used.store.trail.head(), told.append)
    assert found.intact and found.chain.head == used.store.trail.head()
    assert [part.found for part in found.parts] == [
        "Triggers: changing a row, deleting a row and putting in a row are refused",
        "Versions: 3, each as its row says",
        "Decisions: 7, each as its row says",
        "Approvals: 3, each with the end that was given",
    ]


def test_both_databases_tell_the_same(store: Store) -> None:
    used = use(store)
    assert faults(used) == []
    disarm(used)
    used.sql("UPDATE decision SET reason = 'other' WHERE action = 'approve'")
    used.sql("UPDATE lease SET expires_at = '2099-01-01 00:00:00+00:00'")
    said = " ".join(faults(used))
    assert "says: reason" in said and "ends after 2098-12-31" in said


def test_nothing_at_all_is_intact(store: Store) -> None:
    assert prove(store).intact


def test_every_missing_trigger_is_named(used: World) -> None:
    disarm(used)


def disarm(used: World) -> None:
    kind, said = used.store.database.engine.dialect.name, list[str]()
    for statement in GUARDS[kind]:
        used.sql(statement)
        said += [one for one in faults(used) if one not in said]
    assert said == [
        f"Triggers: {what} a row is not refused: a trigger is missing"
        for what in ("changing", "deleting", "putting in")
    ]
    assert prove(used.store).chain.head == used.store.trail.head(), "attempts are taken back"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE version SET content = replace(content, 'It writes', 'It wrote')",
         "is not what its row says"),
        ("UPDATE version SET content = 'no json'", "is not what its row says"),
        ("UPDATE failure_set SET packed = '\\x00'", "is not what its row says"),
        ("UPDATE decision SET reason = 'other' WHERE action = 'approve'", "says: reason"),
        ("UPDATE decision SET actor = 'x' WHERE action = 'approve'", "says: actor"),
        ("UPDATE decision SET detail = '{}' WHERE action = 'approve'", "says: detail"),
        ("UPDATE decision SET detail = '{' WHERE action = 'approve'", "cannot be read"),
        ("UPDATE decision SET target = 'nowhere' WHERE action = 'approve'", "cannot be read"),
        ("UPDATE decision SET id = 'x' WHERE action = 'submit' AND place = 1 AND proposal_id = "
         "(SELECT min(proposal_id) FROM decision)", "stands in no row"),
        ("UPDATE decision SET version = 7 WHERE action = 'edit'", "stands in no row"),
        ("UPDATE lease SET expires_at = '2099-01-01 00:00:00+00:00'", "ends after 2098-12-31"),
        ("DELETE FROM lease", "is not stored or has no end"),
    ],
)  # fmt: skip
def test_what_was_changed_behind_its_back_is_named(used: World, statement: str, said: str) -> None:
    used.sql(statement)
    found = faults(used)
    assert any(said in one for one in found), found


def test_a_version_that_is_gone_or_was_put_in_is_named(used: World) -> None:
    used.sql("DELETE FROM receipt")
    used.sql("UPDATE version SET version = 9 WHERE version = 2")
    said = " ".join(faults(used))
    assert "Version 9 of" in said and "stands in no row" in said
    assert "Version 2 of" in said and "is gone" in said


def test_what_is_older_than_the_trail_is_said_and_no_fault(used: World) -> None:
    used.sql("DELETE FROM receipt")
    used.sql("UPDATE version SET version = 9, at = '2020-01-01 00:00:00+00:00' WHERE version = 2")
    versions = next(part for part in prove(used.store).parts if part.found.startswith("Versions"))
    assert "1 saved before there was a trail" in versions.found


def test_a_broken_chain_says_nothing_of_the_rest(used: World) -> None:
    found = prove(used.store, TrailHead(99, "a" * 64))
    assert found.chain.fault and not found.intact and len(found.parts) == 1


def test_many_faults_are_counted(used: World) -> None:
    for _ in range(LISTED + 5):
        used.proposal()
    used.sql("UPDATE version SET content = 'x'")
    said = faults(used)
    assert len(said) == LISTED + 1 and said[-1] == "and 8 more like these"


def test_rows_with_details_of_any_shape_do_no_harm(used: World) -> None:
    shapes: list[Callable[[], dict[str, object]]] = [
        lambda: {"decision": 7, "from": [], "to": None}, lambda: {"until": {"a": 1}},
    ]  # fmt: skip
    for shape in shapes:
        event = Event(Action.APPROVE, used.who[Role.RISK], detail=shape())
        used.store.trail.record(event)
    assert any("is gone" in one for one in faults(used))
