"""People of every role, and the API served for them."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

sys.path.append(str(Path(__file__).parents[1] / "review"))

from client import Client, serving
from world import World, key

from advisor.review.lifecycle import Role
from advisor.review.people import People
from advisor.store import Store
from advisor.store.sessions import Database, database_url


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        made = tmp_path_factory.mktemp("api")
        patch.setenv("ADVISOR_HOME", str(made))
        yield made


@pytest.fixture(scope="session")
def world(folder: Path) -> Iterator[World]:
    yield from _world(f"sqlite:///{folder / 'api.sqlite3'}")


@pytest.fixture(scope="session")
def client(world: World) -> Iterator[Client]:
    yield from _client(world)


@pytest.fixture(scope="session")
def postgres_client(folder: Path, postgres: Any) -> Iterator[Client]:
    name = f"api_{uuid.uuid4().hex}"
    with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{name}"')
    for made in _world(f"{postgres.get_uri()}&options=-csearch_path%3D{name}"):
        yield from _client(made)


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest) -> Client:
    """The API on each database in turn, for what they do differently."""
    kind = {"sqlite": "client", "postgresql": "postgres_client"}[request.param]
    found: Client = request.getfixturevalue(kind)
    return found


def _world(url: str) -> Iterator[World]:
    opened = Store(Database(database_url(url)))
    root = People(opened).add("Root", None, [Role.ADMINISTRATOR], None, key()).id
    yield World(opened, root, url)
    opened.close()


def _client(world: World) -> Iterator[Client]:
    with serving(lambda: world.store) as url, Client(url, world) as made:
        yield made
