"""Versions of what corrections taught, and which one is in use."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from advisor.core.strict import canonical
from advisor.errors import NotFoundError
from advisor.store.database.sessions import Database
from advisor.store.database.statements import alone, check_name, now
from advisor.store.people.rights import TEACHING, check_role
from advisor.store.tables.proposals import LearnedRow, LearnedUse
from advisor.store.versions.version_rows import INTEGER_LIMIT


@dataclass(frozen=True)
class LearnedVersion:
    """One version of what corrections taught."""

    version: int
    author: str
    at: datetime
    labels: int
    """Corrections that it learned from."""
    base: str
    """Fingerprint of the head that it belongs to."""
    fingerprint: str
    """SHA-256 of its layer."""
    figures: str
    """Before and after, as JSON."""

    @property
    def name(self) -> str:
        """The version in words, as assessments name it."""
        count = f"{self.labels:,} correction{'' if self.labels == 1 else 's'}"
        return f"version {self.version}, learned on {self.at:%Y-%m-%d} from {count}"


class LearnedVersions:
    """Keeps every version, and who put which to use. Thread-safe.

    Every write takes an idempotency `key`: the same author and key again write nothing.
    """

    def __init__(self, database: Database) -> None:
        """Use an open database."""
        self._database = database

    def add(
        self, layer: bytes, figures: Mapping[str, Any], base: str, author: str, key: str
    ) -> int:
        """Keep a layer as the newest version, put it to use and return its number.

        Args:
            layer: the layer as safetensors.
            figures: before and after; `corrections` says how many it learned from.
            base: fingerprint of the head that it belongs to.
            author: who had it learned.
            key: idempotency key.

        Raises:
            InputError: the author or the key cannot be stored.
            NotAllowedError: the author is known to us and may only read.
        """
        check_name("author", author), check_name("key", key)
        check_role(self._database, author, TEACHING, "teach")
        values = {
            "author": author,
            "key": key,
            "labels": figures["corrections"],
            "base": base,
            "fingerprint": hashlib.sha256(layer).hexdigest(),
            "figures": canonical(dict(figures)),
            "layer": layer,
        }
        with self._database.write() as connection:
            alone(connection, LearnedRow)
            same = select(LearnedRow.version).where(_written_by(LearnedRow, author, key))
            if (earlier := connection.execute(same).scalar()) is not None:
                return int(earlier)
            number = _next(connection, LearnedRow.version)
            connection.execute(insert(LearnedRow).values(version=number, at=now(), **values))
            _use(connection, number, author, key)
        return number

    def use(self, version: int, author: str, key: str) -> None:
        """Put a version to use; 0 is the classifier as it ships.

        Raises:
            NotFoundError: there is no such version.
            InputError: the author or the key cannot be stored.
            NotAllowedError: the author is known to us and may only read.
        """
        check_name("author", author), check_name("key", key)
        check_role(self._database, author, TEACHING, "teach")
        with self._database.write() as connection:
            if version:
                _find(connection, LearnedRow.version, version)
            _use(connection, version, author, key)

    def all(self) -> tuple[LearnedVersion, ...]:
        """Return every version, the newest first."""
        query = select(*_COLUMNS).order_by(LearnedRow.version.desc())
        with self._database.read() as connection:
            return tuple(LearnedVersion(*row) for row in connection.execute(query))

    def active(self) -> LearnedVersion | None:
        """Return the version in use; none when it is the classifier as it ships."""
        last = select(LearnedUse.version).order_by(LearnedUse.number.desc()).limit(1)
        query = select(*_COLUMNS).where(LearnedRow.version == last.scalar_subquery())
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else LearnedVersion(*row)

    def layer(self, version: int) -> bytes:
        """Return the layer of a version.

        Raises:
            NotFoundError: there is no such version.
        """
        with self._database.read() as connection:
            return bytes(_find(connection, LearnedRow.layer, version))


_COLUMNS: tuple[Any, ...] = tuple(
    LearnedRow.__table__.c[name] for name in LearnedVersion.__dataclass_fields__
)


def _find(connection: Connection, column: Any, version: int) -> Any:
    if 1 <= version <= INTEGER_LIMIT:
        query = select(column).where(LearnedRow.version == version)
        if row := connection.execute(query).first():
            return row[0]
    raise NotFoundError("There is no such learned version. Choose one from the list of versions.")


def _written_by(table: Any, author: str, key: str) -> Any:
    return (table.author == author) & (table.key == key)


def _next(connection: Connection, column: Any) -> int:
    return int(connection.execute(select(func.coalesce(func.max(column), 0))).scalar_one()) + 1


def _use(connection: Connection, version: int, author: str, key: str) -> None:
    alone(connection, LearnedUse)
    done = select(LearnedUse.number).where(_written_by(LearnedUse, author, key))
    if connection.execute(done).first() is None:
        number = _next(connection, LearnedUse.number)
        connection.execute(
            insert(LearnedUse).values(
                number=number, version=version, author=author, key=key, at=now()
            )
        )
