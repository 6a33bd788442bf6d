"""Files of kept answers: what a reader sees while a first writer is at work."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.core.disk_cache import DiskCache
from advisor.errors import StoreError

COLUMNS = ("answer TEXT NOT NULL", "seconds REAL")


@pytest.fixture
def kept(tmp_path: Path) -> DiskCache:
    return DiskCache(tmp_path / "folder" / "kept.sqlite3", "the kept answers", "kept", COLUMNS)


def _keep(kept: DiskCache, key: str) -> None:
    kept.put({key: ("yes", 0.5)})


def _found(kept: DiskCache, *keys: str) -> list[str]:
    return sorted(kept.get(keys))


def test_without_a_file_nothing_is_found_and_none_is_made(kept: DiskCache) -> None:
    assert _found(kept, "a") == []
    assert not kept.path.exists()


def test_a_file_whose_first_writer_has_only_just_begun_holds_nothing(kept: DiskCache) -> None:
    kept.path.parent.mkdir()
    kept.path.touch()
    assert _found(kept, "a") == []


def test_more_keys_than_one_statement_takes_are_found(kept: DiskCache) -> None:
    _keep(kept, "a")
    assert _found(kept, *(f"other {place}" for place in range(1_000)), "a", "a") == ["a"]


def test_what_was_kept_comes_back_and_is_replaced_unless_the_first_counts(kept: DiskCache) -> None:
    kept.put({"a": ("yes", 0.5), "b": ("no", None)})
    kept.put({"a": ("no", 1.0)}, first_counts=True)
    kept.put({"b": ("yes", 2.0)})
    assert kept.get(["b", "a", "c"]) == {"a": ("yes", 0.5), "b": ("yes", 2.0)}


def test_the_oldest_make_room(kept: DiskCache) -> None:
    for key in ("a", "b", "a", "c"):
        kept.put({key: ("yes", 0.5)}, most=2)
    assert _found(kept, "a", "b", "c") == ["a", "c"]


def test_a_file_of_an_earlier_form_is_read_and_written(kept: DiskCache) -> None:
    kept.path.parent.mkdir()
    with sqlite3.connect(kept.path) as file:
        file.execute(
            "CREATE TABLE kept (place INTEGER PRIMARY KEY AUTOINCREMENT, "
            "key TEXT NOT NULL UNIQUE, answer TEXT NOT NULL, seconds REAL)"
        )
        file.execute("INSERT INTO kept (key, answer) VALUES ('a', 'yes')")
    _keep(kept, "b")
    assert kept.get(["a", "b"]) == {"a": ("yes", None), "b": ("yes", 0.5)}


def test_those_who_read_while_the_first_write_is_made_never_see_half_of_it(
    kept: DiskCache, tmp_path: Path
) -> None:
    for turn in range(20):
        fresh = replace(kept, file=tmp_path / f"{turn}.sqlite3")
        with ThreadPoolExecutor(8) as pool:
            writing = pool.submit(_keep, fresh, "a")
            seen = list(pool.map(lambda _, file=fresh: _found(file, "a"), range(40)))
            writing.result()
        assert all(one in ([], ["a"]) for one in seen)
        assert _found(fresh, "a") == ["a"]


def test_a_failed_write_leaves_nothing_behind(kept: DiskCache) -> None:
    with pytest.raises(ZeroDivisionError), kept.writing() as file:
        file.execute("INSERT INTO kept VALUES ('a', 'yes', 1)")
        raise ZeroDivisionError
    assert _found(kept, "a") == []


def test_a_damaged_file_is_named_with_what_to_do(kept: DiskCache) -> None:
    kept.path.parent.mkdir()
    kept.path.write_bytes(b"no database" * 1_000)
    with pytest.raises(StoreError, match="the kept answers cannot be used .* delete this file"):
        _found(kept, "a")
