"""Failures are kept once, packed, and read from a memory of limited size."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from advisor.errors import InputError
from advisor.proposal import Draft, Failure
from advisor.store import Store
from advisor.store.tables.proposals import FailureSet
from advisor.store.versions import failure_sets
from advisor.store.versions.failure_sets import FailureSets, failures_of

MANY = tuple(Failure(id=f"f{n}", output=f"answer {n}", expected="ä" * 50) for n in range(500))


def sets_in(store: Store) -> int:
    with store._database.read() as connection:
        return connection.execute(select(func.count()).select_from(FailureSet)).scalar_one()


def test_versions_and_proposals_share_one_set(store: Store) -> None:
    first = store.create(Draft(title="A", failures=MANY), "ann", "k1")
    store.create(Draft(title="B", failures=MANY), "bob", "k2")
    for number in range(5):
        store.edit(first.id, {"answers.n_labels": number}, "ann", f"e{number}")
    assert sets_in(store) == 1
    store.edit(first.id, {"failures": MANY[1:]}, "ann", "e")
    assert sets_in(store) == 2
    assert store.get(first.id, 3).draft.failures == MANY


def test_a_set_takes_much_less_room_than_its_text() -> None:
    failures = failures_of(MANY)
    assert len(failures.packed) < len(failures.text) / 10
    assert failures.items == MANY


def test_the_memory_has_a_limit(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failure_sets, "CACHE_BYTES", 3 * len(failures_of(MANY[:100]).text))
    sets = FailureSets()
    parts = [MANY[start : start + 100] for start in range(0, 500, 100)]
    with store._database.write() as connection:
        for part in (*parts, MANY):
            sets.write(connection, failures_of(part))
            assert sets._known.currsize <= failure_sets.CACHE_BYTES
        for part in (*parts, MANY):
            assert sets.read(connection, failures_of(part).digest).items == part
            assert sets._known.currsize == sum(len(known.text) for known in sets._known.values())


def test_all_texts_of_a_proposal_together_have_a_limit(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failure_sets, "LETTERS", sum(len(one.output or "") + 54 for one in MANY))
    saved = store.create(Draft(title="A", failures=MANY), "ann", "k")
    more = (*MANY, Failure(id="more", note="x" * 1_000))
    with pytest.raises(InputError, match="characters together; the limit is"):
        store.edit(saved.id, {"failures": more}, "ann", "e")
    assert store.get(saved.id).draft.failures == MANY


def test_a_set_written_by_a_transaction_that_failed_is_written_again(store: Store) -> None:
    failures = failures_of(MANY)
    with pytest.raises(RuntimeError), store._database.write() as connection:
        store._sets.write(connection, failures)
        raise RuntimeError
    assert sets_in(store) == 0
    store.create(Draft(failures=MANY), "ann", "k")
    assert sets_in(store) == 1
