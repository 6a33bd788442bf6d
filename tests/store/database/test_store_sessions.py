"""Databases are chosen by URL, brought up to date, and fail in plain words."""

from __future__ import annotations

import stat
import subprocess
import sys
from inspect import unwrap
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from advisor.errors import InputError, NotFoundError, StoreError
from advisor.proposal import Draft
from advisor.store import Store, open_store
from advisor.store.database import sessions
from advisor.store.database.sessions import Database
from advisor.store.database.sessions import database_url as parse_url
from advisor.store.migrations import HEAD, configuration, revision, upgrade
from advisor.store.tables.proposals import Base


@pytest.fixture(autouse=True)
def _real_databases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "upgrade", upgrade)
    monkeypatch.setattr(sessions, "_prepare_sqlite", unwrap(sessions._prepare_sqlite))


@pytest.fixture
def database(store: Store) -> Database:
    return store._database


def test_migrations_make_the_tables_from_nothing(database: Database) -> None:
    with database.read() as connection:
        assert revision(connection) == HEAD
        assert ScriptDirectory.from_config(configuration(connection)).get_current_head() == HEAD
        assert set(inspect(connection).get_table_names()) == {
            "alembic_version",
            *Base.metadata.tables,
        }


def test_migrations_end_at_the_tables_of_the_code(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_keys_and_indices_are_those_of_the_code(database: Database) -> None:
    with database.read() as connection:
        found = inspect(connection)
        for name, table in Base.metadata.tables.items():
            assert found.get_pk_constraint(name)["name"] == table.primary_key.name
            keys = {key["name"] for key in found.get_foreign_keys(name)}
            assert keys == {key.name for key in table.foreign_key_constraints}
            indices = {index["name"]: index["column_names"] for index in found.get_indexes(name)}
            assert indices == {
                index.name: [column.name for column in index.columns] for index in table.indexes
            }


def test_migrating_again_changes_nothing(database: Database, store: Store) -> None:
    id = store.create(Draft(title="T"), "ann", "k").id
    with database.write() as connection:
        upgrade(connection)
    assert store.get(id).draft.title == "T"


def test_a_database_of_a_newer_advisor_is_left_alone(database: Database, database_url: str) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version of the advisor"):
        Database(parse_url(database_url))
    with database.read() as connection:
        assert revision(connection) == "9999"


def test_a_write_that_fails_leaves_nothing(database: Database, store: Store) -> None:
    with pytest.raises(NotFoundError), database.write() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        raise NotFoundError("stop")
    with database.read() as connection:
        assert revision(connection) == HEAD


def test_errors_of_the_database_are_plain_and_short(database: Database) -> None:
    with pytest.raises(StoreError) as caught, database.read() as connection:
        connection.execute(text("SELECT secret_value FROM nowhere WHERE x = :x"), {"x": "private"})
    assert "private" not in str(caught.value) and "\n" not in str(caught.value)


def test_sqlite_is_durable_checked_and_private(tmp_path: Path) -> None:
    file = tmp_path / "new" / "folder" / "a b%20?.sqlite3"
    store = Store(Database(parse_url(f"sqlite:///{file}".replace("?", "%3F"))))
    with store._database.read() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 2,
        "busy_timeout": 20_000,
    }
    assert stat.S_IMODE(next(file.parent.glob("*.sqlite3")).stat().st_mode) == 0o600
    store.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "mysql://ann:hunter2@host/name",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://ann:hunter2@host:port/name",
        "http://ann:hunter2@host",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(InputError, match="ADVISOR_DATABASE_URL") as caught:
        parse_url(url)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_postgresql_is_always_reached_by_psycopg_3(scheme: str) -> None:
    assert parse_url(f"{scheme}://ann@host/name").drivername == "postgresql+psycopg"


def test_a_server_that_is_not_there_is_a_plain_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        Database(parse_url(f"postgresql://ann:hunter2@/name?host={tmp_path}"))
    assert "hunter2" not in str(caught.value)


def test_a_file_that_is_no_database_is_a_plain_error(tmp_path: Path) -> None:
    (tmp_path / "text.sqlite3").write_text("This is only a text. " * 500, encoding="utf-8")
    with pytest.raises(StoreError, match="not a database"):
        Database(parse_url(f"sqlite:///{tmp_path}/text.sqlite3"))


def test_a_folder_that_cannot_be_made_is_a_plain_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="Cannot write to the folder"):
        Database(parse_url(f"sqlite:///{tmp_path}/file/advisor.sqlite3"))


def test_a_store_is_opened_once_in_the_home_folder(home: Path) -> None:
    store = open_store()
    assert open_store() is store
    assert (home / "advisor.sqlite3").is_file()
    store.close()


def test_a_url_wins_over_the_home_folder(
    home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_DATABASE_URL", database_url)
    store = open_store()
    assert store is open_store(database_url)
    assert not home.exists()
    store.close()


def test_importing_the_store_loads_nothing_heavy() -> None:
    heavy = {"torch", "sklearn", "pandas", "transformers", "streamlit", "alembic", "psycopg"}
    code = f"import sys, advisor.store; print({heavy!r} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
