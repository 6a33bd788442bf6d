"""People with roles on an empty database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from world import Add, World, key, schema_in, world_at

from advisor.domain.lifecycle import Role
from advisor.review.people.people import People
from advisor.store import Store


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
    yield from world_at(f"sqlite:///{file}")


@pytest.fixture(scope="session")
def quick_postgres(postgres: Any) -> Iterator[World]:
    """The same in a schema of one PostgreSQL."""
    yield from world_at(schema_in(postgres))


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest) -> World:
    """One of these two in turn, for what the databases do differently."""
    kind = {"sqlite": "quick", "postgresql": "quick_postgres"}[request.param]
    found: World = request.getfixturevalue(kind)
    return found
