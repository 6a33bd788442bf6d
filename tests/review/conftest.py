"""People with roles on an empty database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from world import Add, World, key

from advisor.review.lifecycle import Role
from advisor.review.people import People
from advisor.store import Store
from advisor.store.sessions import Database, database_url


@pytest.fixture
def admin(store: Store) -> str:
    """The first administrator."""
    return People(store).add("Root", None, [Role.ADMINISTRATOR], None, key()).id


@pytest.fixture
def person(store: Store, admin: str) -> Add:
    """What adds a person with roles and returns the id."""
    return lambda *roles: People(store).add("Somebody", None, roles, admin, key()).id


@pytest.fixture
def world(store: Store, admin: str) -> World:
    """People of every role on an empty database of each kind."""
    return World(store, admin)


@pytest.fixture(scope="session")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The same on one SQLite file for all tests, each of which adds what it changes."""
    file = tmp_path_factory.mktemp("review") / "quick.sqlite3"
    opened = Store(Database(database_url(f"sqlite:///{file}")))
    root = People(opened).add("Root", None, [Role.ADMINISTRATOR], None, key()).id
    yield World(opened, root)
    opened.close()
