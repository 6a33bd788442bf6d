"""People of every role, and the API served for them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "review"))

from client import Client, serving
from world import World, key

from advisor.review.lifecycle import Role
from advisor.review.people import People
from advisor.store import Store
from advisor.store.sessions import Database, database_url


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("api")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ADVISOR_HOME", str(folder))
        url = f"sqlite:///{folder / 'api.sqlite3'}"
        opened = Store(Database(database_url(url)))
        root = People(opened).add("Root", None, [Role.ADMINISTRATOR], None, key()).id
        yield World(opened, root, url)
        opened.close()


@pytest.fixture(scope="session")
def client(world: World) -> Iterator[Client]:
    with serving(lambda: world.store) as url:
        with Client(url, world) as made:
            yield made
