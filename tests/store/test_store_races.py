"""Many threads and processes at once lose nothing and write nothing twice."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from advisor.proposal import Draft
from advisor.store import SavedVersion, Store
from advisor.store.database.sessions import Database
from advisor.store.database.sessions import database_url as parse_url

THREADS = 20
_PROCESS = """
import json, sys
from advisor.proposal import Draft
from advisor.store import open_store
store = open_store(sys.argv[1])
print("ready", flush=True)
name, id = sys.argv[2], sys.stdin.readline().strip()
created = store.create(Draft(title="Twice"), "ann", "same")
edited = [store.edit(id, {f"answers.{name}_{n}": n}, name, f"k{n}").version for n in range(15)]
shared = store.edit(id, {"description": "once"}, "ann", "shared")
print(json.dumps([created.id, edited, shared.version]))
"""


def at_once(call: Callable[[int], Any]) -> list[Any]:
    """Call from many threads that start together."""
    start = Barrier(THREADS)

    def run(number: int) -> Any:
        start.wait()
        return call(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_many_clicks_create_one_proposal(store: Store) -> None:
    found = at_once(lambda _: store.create(Draft(title="T"), "ann", "same"))
    assert len(set(found)) == 1
    assert store.list_proposals().total == 1
    assert len(store.versions(found[0].id)) == 1


def test_many_clicks_edit_once(store: Store) -> None:
    id = store.create(Draft(title="T"), "ann", "k").id
    found = at_once(lambda _: store.edit(id, {"title": "New"}, "ann", "same"))
    assert set(found) == {SavedVersion(id, 2)}
    assert len(store.versions(id)) == 2


def test_tabs_that_edit_different_fields_lose_nothing(store: Store) -> None:
    id = store.create(Draft(title="T", failures=[{"note": "n"}]), "ann", "k").id  # type: ignore[list-item]
    found = at_once(lambda n: store.edit(id, {f"answers.q{n}": n}, "ann", f"k{n}"))
    assert sorted(saved.version for saved in found) == list(range(2, THREADS + 2))
    assert store.get(id).draft.answers == {f"q{n}": n for n in range(THREADS)}


def test_reading_goes_on_while_others_write(store: Store) -> None:
    id = store.create(Draft(title="0"), "ann", "k").id

    def work(number: int) -> None:
        if number % 2:
            store.edit(id, {"title": str(number)}, "ann", f"k{number}")
        else:
            stored = store.get(id)
            assert stored.draft.fingerprint == store.get(id, stored.version).draft.fingerprint
            assert store.list_proposals().total == 1

    at_once(work)


@pytest.mark.slow
def test_two_processes_start_and_write_at_once(database_url: str) -> None:
    """They find an empty database, so both want to make the tables."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _PROCESS, database_url, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("left", "right")
    ]
    assert [process.stdout.readline() for process in processes if process.stdout] == ["ready\n"] * 2
    store = Store(Database(parse_url(database_url)))
    id = store.create(Draft(title="T"), "me", "k").id
    for process in processes:
        assert process.stdin
        process.stdin.write(f"{id}\n")
        process.stdin.flush()
    results = [json.loads(process.communicate(timeout=60)[0]) for process in processes]
    (left, left_edits, left_shared), (right, right_edits, right_shared) = results
    assert left == right
    assert left_shared == right_shared
    assert sorted({*left_edits, *right_edits, left_shared}) == list(range(2, 33))
    assert len(store.get(id).draft.answers) == 30
    store.close()
