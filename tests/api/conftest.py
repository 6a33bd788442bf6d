"""People of every role, and the API served for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from client import Client, serving
from world import World, schema_in, world_at


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        made = tmp_path_factory.mktemp("api")
        patch.setenv("ADVISOR_HOME", str(made))
        yield made


@pytest.fixture(scope="session")
def world(folder: Path) -> Iterator[World]:
    yield from world_at(f"sqlite:///{folder / 'api.sqlite3'}")


@pytest.fixture(scope="session")
def client(world: World) -> Iterator[Client]:
    yield from _client(world)


@pytest.fixture(scope="session")
def postgres_client(folder: Path, postgres: Any) -> Iterator[Client]:
    for made in world_at(schema_in(postgres)):
        yield from _client(made)


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest) -> Client:
    """The API on each database in turn, for what they do differently."""
    kind = {"sqlite": "client", "postgresql": "postgres_client"}[request.param]
    found: Client = request.getfixturevalue(kind)
    return found


def _client(world: World) -> Iterator[Client]:
    with serving(lambda: world.store) as url, Client(url, world) as made:
        yield made
