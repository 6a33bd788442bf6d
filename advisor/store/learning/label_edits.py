"""Keeps the words of whoever writes a version: what that person says failures are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete

from advisor.proposal import Draft, Failure
from advisor.store.database.statements import replace_rows
from advisor.store.learning.labels import digest_of, labels_with, values_of
from advisor.store.tables.proposals import LabelRow
from advisor.vocabulary import Mode

_ASKED = 500  # digests in one statement


@dataclass(frozen=True)
class LabelWord:
    """A failure as it stands in a version, and what the version says it is, if anything."""

    failure: Failure
    mode: Mode | None


Words = Mapping[str, LabelWord]
"""By the id of the failure."""


def words(draft: Draft, failures: Sequence[Failure], ids: Iterable[str]) -> dict[str, LabelWord]:
    """Return the failures with these ids and what is said of each."""
    wanted = set(ids)
    return {
        name: LabelWord(failure, draft.corrections.get(name))
        for failure in failures
        if (name := failure.id or "") in wanted
    }


def keep(
    connection: Connection,
    proposal_id: str,
    author: str,
    change: tuple[Words, Words],
    named: frozenset[str] = frozenset(),
) -> None:
    """Keep what a write of `author` says about failures.

    Args:
        connection: the open transaction of that write.
        proposal_id: the proposal.
        author: whose word it is.
        change: words before and after.
        named: ids that the write itself named: said again, even if nothing changed. Of others only
            a change counts, and what somebody said already stays that person's word.
    """
    old, new = change
    said, gone = [], []
    for name in sorted(old.keys() | new.keys() | named):
        before, after = old.get(name), new.get(name)
        if after and after.mode and (name in named or _changed(before, after)):
            said.append((name, after.failure, after.mode))
        elif (known := after or before) and _taken_back(before, after, name in named):
            gone.append(digest_of(known.failure))
    _carry(connection, proposal_id, old, new)
    _forget(connection, author, gone)
    taken = _said_by_others(connection, [item for item in said if item[0] not in named])
    rows = {
        digest_of(failure): values_of(failure, mode, proposal_id, author)
        for name, failure, mode in said
        if (digest_of(failure), mode) not in taken or name in named
    }
    replace_rows(connection, LabelRow, list(rows.values()))


def _changed(before: LabelWord | None, after: LabelWord) -> bool:
    return before is None or before.mode != after.mode


def _taken_back(before: LabelWord | None, after: LabelWord | None, named: bool) -> bool:
    mode_gone = after is None or after.mode is None
    return mode_gone and (named or (before is not None and before.mode is not None))


def _said_by_others(
    connection: Connection, said: Sequence[tuple[str, Failure, Mode]]
) -> set[tuple[str, Mode]]:
    found = labels_with(connection, [digest_of(failure) for _, failure, _ in said])
    return {(label.digest, label.mode) for label in found}


def _forget(connection: Connection, author: str, digests: Sequence[str]) -> None:
    for start in range(0, len(digests), _ASKED):
        part = digests[start : start + _ASKED]
        connection.execute(
            delete(LabelRow).where(LabelRow.author == author, LabelRow.digest.in_(part))
        )


def _carry(connection: Connection, proposal_id: str, old: Words, new: Words) -> None:
    """Let words follow a failure whose texts were changed; they stay those of who said them."""
    moved = {
        digest_of(old[name].failure): new[name].failure
        for name in old.keys() & new.keys()
        if new[name].mode and old[name].failure != new[name].failure
    }
    rows = []
    for label in labels_with(connection, moved):
        if label.proposal_id == proposal_id:
            values = values_of(moved[label.digest], label.mode, proposal_id, label.author)
            rows.append(values | {"at": label.at, "settles": label.settles})
            _forget(connection, label.author, [label.digest])
    replace_rows(connection, LabelRow, rows)
