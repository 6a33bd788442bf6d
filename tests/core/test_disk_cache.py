"""Files of kept answers: what a reader sees while a first writer is at work."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from advisor.core.disk_cache import KeptFile
from advisor.errors import StoreError

ONE = "CREATE TABLE IF NOT EXISTS one (key TEXT PRIMARY KEY)"
TWO = "CREATE TABLE IF NOT EXISTS two (key TEXT PRIMARY KEY)"


@pytest.fixture
def kept(tmp_path: Path) -> KeptFile:
    return KeptFile(tmp_path / "folder" / "kept.sqlite3", "the kept answers", (ONE, TWO))


def _keep(kept: KeptFile, key: str) -> None:
    with kept.writing() as file:
        file.execute("INSERT INTO two VALUES (?) ON CONFLICT DO NOTHING", [key])


def _found(kept: KeptFile, *keys: str) -> list[str]:
    return sorted(row[0] for row in kept.rows("SELECT key FROM two WHERE key IN ({keys})", keys))


def test_without_a_file_nothing_is_found_and_none_is_made(kept: KeptFile) -> None:
    assert _found(kept, "a") == []
    assert not kept.path.exists()


def test_a_file_whose_first_writer_has_only_just_begun_holds_nothing(kept: KeptFile) -> None:
    kept.path.parent.mkdir()
    kept.path.touch()
    assert _found(kept, "a") == []


def test_more_keys_than_one_statement_takes_are_found(kept: KeptFile) -> None:
    _keep(kept, "a")
    assert _found(kept, *(f"other {place}" for place in range(1_000)), "a", "a") == ["a"]


def test_those_who_read_while_the_first_write_is_made_never_see_half_of_it(
    kept: KeptFile, tmp_path: Path
) -> None:
    for turn in range(20):
        fresh = KeptFile(tmp_path / f"{turn}.sqlite3", kept.what, kept.tables)
        with ThreadPoolExecutor(8) as pool:
            writing = pool.submit(_keep, fresh, "a")
            seen = list(pool.map(lambda _, file=fresh: _found(file, "a"), range(40)))
            writing.result()
        assert all(one in ([], ["a"]) for one in seen)
        assert _found(fresh, "a") == ["a"]


def test_a_failed_write_leaves_nothing_behind(kept: KeptFile) -> None:
    with pytest.raises(ZeroDivisionError), kept.writing() as file:
        file.execute("INSERT INTO two VALUES ('a')")
        raise ZeroDivisionError
    assert _found(kept, "a") == []


def test_a_damaged_file_is_named_with_what_to_do(kept: KeptFile) -> None:
    kept.path.parent.mkdir()
    kept.path.write_bytes(b"no database" * 1_000)
    with pytest.raises(StoreError, match="the kept answers cannot be used .* delete this file"):
        _found(kept, "a")
