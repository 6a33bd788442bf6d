"""People with roles on an empty database."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
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


@pytest.fixture(scope="session")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """People of every role on one SQLite file; tests share it, and add what they change."""
    file = tmp_path_factory.mktemp("review") / "quick.sqlite3"
    yield from _world(f"sqlite:///{file}")


@pytest.fixture(scope="session")
def quick_postgres(postgres: Any) -> Iterator[World]:
    """The same in a schema of one PostgreSQL."""
    name = f"review_{uuid.uuid4().hex}"
    with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{name}"')
    yield from _world(f"{postgres.get_uri()}&options=-csearch_path%3D{name}")


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest) -> World:
    """One of these two in turn, for what the databases do differently."""
    kind = {"sqlite": "quick", "postgresql": "quick_postgres"}[request.param]
    found: World = request.getfixturevalue(kind)
    return found


def _world(url: str) -> Iterator[World]:
    opened = Store(Database(database_url(url)))
    root = People(opened).add("Root", None, [Role.ADMINISTRATOR], None, key()).id
    yield World(opened, root, url)
    opened.close()
