"""Versions of what corrections taught are kept, put to use, and set aside again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from advisor.errors import InputError, NotFoundError
from advisor.store import Store

BASE = "ab" * 32


def add(store: Store, layer: bytes = b"layer", key: str = "k", labels: int = 14) -> int:
    return store.learned.add(layer, {"corrections": labels}, BASE, "anna", key)


def test_nothing_is_learned_at_first(store: Store) -> None:
    assert store.learned.active() is None
    assert store.learned.all() == ()


def test_a_new_version_is_in_use_and_reads_back(store: Store) -> None:
    assert add(store, b"one") == 1
    active = store.learned.active()
    assert active and active == store.learned.all()[0]
    assert store.learned.layer(1) == b"one"
    assert (active.version, active.author, active.labels, active.base) == (1, "anna", 14, BASE)
    assert active.name == f"version 1, learned on {active.at:%Y-%m-%d} from 14 corrections"


def test_versions_are_used_in_any_order_and_as_shipped(store: Store) -> None:
    for number in (1, 2):
        add(store, key=f"k{number}", labels=number)
    for version in (1, 0, 2):
        store.learned.use(version, "ben", f"use{version}")
        active = store.learned.active()
        assert (active.version if active else 0) == version
    assert [found.version for found in store.learned.all()] == [2, 1]


def test_a_repeated_write_does_nothing(store: Store) -> None:
    assert add(store, b"one") == add(store, b"other") == 1
    assert store.learned.layer(1) == b"one"
    store.learned.use(0, "ben", "same")
    store.learned.use(1, "ben", "later")
    store.learned.use(0, "ben", "same")
    assert store.learned.active()


@pytest.mark.parametrize("version", [1, -1, 2**31, 10**30])
def test_a_version_that_does_not_exist_is_refused(store: Store, version: int) -> None:
    with pytest.raises(NotFoundError):
        store.learned.use(version, "ben", "k")
    with pytest.raises(NotFoundError):
        store.learned.layer(version)


def test_a_nameless_author_or_key_is_refused(store: Store) -> None:
    with pytest.raises(InputError):
        store.learned.use(0, "", "k")
    with pytest.raises(InputError):
        add(store, key="")


def test_many_at_once_get_numbers_of_their_own(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda n: add(store, key=f"k{n}"), range(8)))
    assert sorted(numbers) == list(range(1, 9))
    active = store.learned.active()
    assert active and active.version in numbers
