"""What each person said a failure is: one label for each failure and person, the latest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from advisor.core.strict import canonical, digest
from advisor.proposal import Failure
from advisor.store.database.sessions import Database
from advisor.store.database.statements import check_name, not_found, now, replace_rows
from advisor.store.people.rights import TEACHING, check_role
from advisor.store.tables.proposals import LabelRow
from advisor.vocabulary import Mode

READ_LIMIT = 10_000
"""Labels read at once, the newest ones."""
_ASKED = 500  # digests in one statement; SQLite takes 32,766 values


@dataclass(frozen=True)
class Label:
    """What one person said one failure is."""

    digest: str
    """Stands for the five texts of the failure, wherever it is."""
    author: str
    mode: Mode
    proposal_id: str
    failure_id: str
    at: datetime
    settles: bool
    """Said to end a disagreement: it counts against everything said before."""
    texts: str = field(repr=False)

    @property
    def failure(self) -> Failure:
        """The failure as it was when the label was given."""
        return Failure.model_validate_json(self.texts).model_copy(update={"id": self.failure_id})


def digest_of(failure: Failure) -> str:
    """Return what stands for the five texts of a failure: 64 hexadecimal digits."""
    return digest(failure.model_dump(exclude={"id"}))


class Labels:
    """Reads what people said; writing is part of editing a proposal. Thread-safe."""

    def __init__(self, database: Database) -> None:
        """Use an open database."""
        self._database = database

    def of(self, failures: Sequence[Failure]) -> list[tuple[Label, ...]]:
        """Return for each failure what people said it is, oldest first."""
        names = [digest_of(failure) for failure in failures]
        found: dict[str, list[Label]] = {}
        with self._database.read() as connection:
            for label in labels_with(connection, names):
                found.setdefault(label.digest, []).append(label)
        return [tuple(found.get(name, ())) for name in names]

    def all(self) -> tuple[Label, ...]:
        """Return every label, the newest first; the newest 10,000 if there are more."""
        query = select(*_COLUMNS).order_by(LabelRow.at.desc(), LabelRow.digest, LabelRow.author)
        with self._database.read() as connection:
            rows = connection.execute(query.limit(READ_LIMIT)).all()
        return tuple(map(_label, rows))

    def settle(self, digest: str, mode: Mode, author: str) -> None:
        """End a disagreement: what `author` says counts against everything said before.

        Doing it again changes nothing but the time.

        Raises:
            NotFoundError: nobody said anything about this failure.
            InputError: the author cannot be stored.
            NotAllowedError: they are known to us and may only read.
        """
        check_name("author", author)
        check_role(self._database, author, TEACHING, "teach")
        with self._database.write() as connection:
            earlier = list(labels_with(connection, [digest]))
            if not earlier:
                raise not_found("failure")
            values = values_of(earlier[-1].failure, mode, earlier[-1].proposal_id, author)
            replace_rows(connection, LabelRow, [values | {"settles": True}])

    def reopen(self, digest: str, author: str) -> None:
        """Let a disagreement count as one again; nobody's word is lost.

        Raises:
            NotAllowedError: the author is known to us and may only read.
        """
        check_role(self._database, author, TEACHING, "teach")
        with self._database.write() as connection:
            statement = update(LabelRow).where(LabelRow.digest == digest)
            connection.execute(statement.values(settles=False))


_COLUMNS: tuple[Any, ...] = tuple(LabelRow.__table__.c[name] for name in Label.__dataclass_fields__)


def _label(row: Any) -> Label:
    return Label(**{**row._mapping, "mode": Mode(row.mode)})


def labels_with(connection: Connection, digests: Iterable[str]) -> Iterator[Label]:
    """Yield what people said about failures with these digests, oldest first."""
    wanted = list(dict.fromkeys(digests))
    for start in range(0, len(wanted), _ASKED):
        query = select(*_COLUMNS).where(LabelRow.digest.in_(wanted[start : start + _ASKED]))
        rows = connection.execute(query.order_by(LabelRow.at, LabelRow.author))
        yield from map(_label, rows)


def values_of(failure: Failure, mode: Mode, proposal_id: str, author: str) -> dict[str, Any]:
    """Return the row of a label given now."""
    return {
        "digest": digest_of(failure),
        "author": author,
        "mode": mode.value,
        "proposal_id": proposal_id,
        "failure_id": failure.id or "",
        "at": now(),
        "settles": False,
        "texts": canonical(failure.model_dump(exclude={"id"}, exclude_none=True)),
    }
