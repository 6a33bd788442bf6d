"""Proposals in a database: every saved change is a version, and no write happens twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from advisor.core.strict import canonical
from advisor.proposal import Draft, difference
from advisor.store.database.audit_trail import Trail
from advisor.store.database.sessions import Database
from advisor.store.database.statements import check_id, check_name, now
from advisor.store.learning.labels import Labels
from advisor.store.learning.learned_versions import LearnedVersions
from advisor.store.people.rights import WRITING, check_role
from advisor.store.pilots.pilot_queue import Pilots
from advisor.store.pilots.pilot_work import PilotWork
from advisor.store.pilots.prices import Prices
from advisor.store.version_writing import Make, Next, first_version, next_version
from advisor.store.versions import listing, version_rows
from advisor.store.versions.changes import changed, failures_in, summary
from advisor.store.versions.content import Content, checked_content
from advisor.store.versions.failure_sets import FailureSets, failures_of
from advisor.store.versions.version_records import (
    ProposalPage,
    SavedVersion,
    Sort,
    Stored,
    VersionInfo,
)


class Store:
    """All proposals of one database. Safe to share between threads, sessions and processes.

    Every write takes an idempotency `key`: the same author and key again return the first result
    and write nothing. Every method raises `StoreError` when the database fails.
    """

    def __init__(self, database: Database) -> None:
        """Use an open database."""
        self._database = database
        self._sets = FailureSets()
        self.labels = Labels(database)
        self.learned = LearnedVersions(database)
        self.pilots = Pilots(database)
        self.pilot_work = PilotWork(database)
        self.prices = Prices(database)
        self.trail = Trail(database)

    @property
    def database(self) -> Database:
        """The database, for those who read and write in one transaction of their own."""
        return self._database

    def create(self, draft: Draft, author: str, key: str) -> SavedVersion:
        """Store a new proposal as version 1.

        Raises:
            InputError: the draft holds what cannot be stored.
            NotAllowedError: the author is known to us and no owner now.
            ConflictError: the key was used for another write.
        """
        check_name("author", author), check_name("key", key)
        check_role(self._database, author, WRITING, "create")
        failures = failures_of(draft.failures)
        content = checked_content(
            draft.model_dump(mode="json", exclude={"failures"}), failures.digest
        )
        new = Next(content, failures, "Created")
        with self._database.write() as connection:
            return first_version(connection, self._sets, new, author, key)

    def edit(self, id: str, changes: Mapping[str, Any], author: str, key: str) -> SavedVersion:
        """Make changes to the latest version, all or none; two people may edit at once.

        Args:
            id: The proposal.
            changes: New values by path: `title`, `description`, `requested`, `failures` (all of
                them), `dismissed`, `current.model`, `answers.<question>`,
                `corrections.<failure id>` and so on; also `answers` or `corrections` as a whole.
                `UNSET` takes a value away, and so does None for a correction.
            author: Who makes them.
            key: Idempotency key.

        Returns:
            The new version, or the latest one when nothing differs.

        Raises:
            InputError: a path or a value is wrong; nothing was written.
            NotAllowedError: the author is known to us and no owner now.
            NotFoundError: there is no such proposal.
            ConflictError: the key was used for another write.
        """
        given = failures_in(changes)
        new = None if given is None else failures_of(given)

        def make(connection: Connection, old: Content) -> Next:
            before = self._sets.read(connection, old.failures)
            after = new or before
            content = checked_content(changed(old.draft, changes), after.digest)
            other = after.digest != before.digest
            sets = (before.items, after.items) if other else ()
            return Next(content, after, summary(old.draft, content.draft, *sets))

        named = (str(path).partition(".") for path in changes)
        said = frozenset(name for group, dot, name in named if dot and group == "corrections")
        return self._advance(id, author, key, make, said)

    def restore(self, id: str, version: int, author: str, key: str) -> SavedVersion:
        """Go back: write a new version with the content of an old one.

        Raises:
            NotFoundError: there is no such proposal or version.
            NotAllowedError: the author is known to us and no owner now.
            ConflictError: the key was used for another write.
        """

        def make(connection: Connection, _: Content) -> Next:
            content = version_rows.content_of(version_rows.find(connection, id, version))
            failures = self._sets.read(connection, content.failures)
            return Next(content, failures, f"Went back to version {version}")

        return self._advance(id, author, key, make)

    def get(self, id: str, version: int | None = None) -> Stored:
        """Return a proposal, the latest version if none is named; archived ones too.

        Raises:
            NotFoundError: there is no such proposal or version.
        """
        with self._database.read() as connection:
            row = version_rows.find(connection, check_id(id), version)
            content = version_rows.content_of(row)
            failures = self._sets.read(connection, content.failures)
        return Stored(
            id=id,
            version=row.version,
            draft=content.whole(failures.items),
            author=row.author,
            created_at=row.created_at,
            updated_at=row.updated_at,
            archived=row.archived_at is not None,
        )

    def versions(self, id: str) -> tuple[VersionInfo, ...]:
        """Return every saved change of a proposal, newest first.

        Raises:
            NotFoundError: there is no such proposal.
        """
        with self._database.read() as connection:
            return version_rows.history(connection, check_id(id))

    def compare(self, id: str, a: int, b: int) -> dict[str, tuple[Any, Any]]:
        """Return what differs from version `a` to `b`, as `advisor.proposal.difference` does.

        Raises:
            NotFoundError: there is no such proposal or version.
        """
        check_id(id)
        with self._database.read() as connection:
            old, new = (
                version_rows.content_of(version_rows.find(connection, id, version))
                for version in (a, b)
            )
            if old.failures == new.failures:
                return difference(old.draft, new.draft)
            sets = [self._sets.read(connection, content.failures) for content in (old, new)]
        return difference(old.whole(sets[0].items), new.whole(sets[1].items))

    def note_assessment(
        self,
        id: str,
        version: int,
        recommendation: str,
        confidence: float,
        abstained: bool,
        fingerprints: Mapping[str, str],
    ) -> None:
        """Keep what triage said about a version, for the list; an older version changes nothing.

        Raises:
            NotFoundError: there is no such proposal or version.
        """
        noted = {
            "recommendation": recommendation,
            "confidence": confidence,
            "abstained": abstained,
            "assessed_version": version,
            "fingerprints": canonical(dict(fingerprints)),
        }
        with self._database.read() as connection:
            version_rows.find(connection, check_id(id), version)
            if listing.is_noted(connection, id, noted):
                return  # drawing a page again writes nothing
        with self._database.write() as connection:
            listing.note(connection, id, version, noted)

    def list_proposals(
        self,
        search: str = "",
        author: str | None = None,
        recommendation: str | None = None,
        sort: Sort = "updated",
        offset: int = 0,
        limit: int = 20,
        archived: bool = False,
    ) -> ProposalPage:
        """Return one page of the list (at most 500 rows), and how many there are in all.

        Args:
            search: Words that must all be in the title, whatever their case.
            author: Only proposals that this person began.
            recommendation: Only those with this recommendation.
            sort: The order.
            offset: Rows to pass over.
            limit: Rows to return.
            archived: Return those that are archived instead of those that are not.

        Raises:
            InputError: the order has another name.
        """
        wanted = listing.conditions(search, author, recommendation, archived)
        if wanted is None:
            return ProposalPage((), 0)
        with self._database.read() as connection:
            return listing.page(connection, wanted, sort, offset, limit)

    def archive(self, id: str, author: str) -> None:
        """Take a proposal off the list; `get` still finds it, and nothing is deleted.

        Raises:
            NotFoundError: there is no such proposal.
        """
        self._archive(id, author, True)

    def unarchive(self, id: str, author: str) -> None:
        """Put a proposal back on the list.

        Raises:
            NotFoundError: there is no such proposal.
        """
        self._archive(id, author, False)

    def close(self) -> None:
        """Close the connections that are not in use; the next call opens new ones."""
        self._database.close()

    def _archive(self, id: str, author: str, hidden: bool) -> None:
        check_role(self._database, author, WRITING, "archive")
        with self._database.write() as connection:
            listing.set_archived(connection, check_id(id), now() if hidden else None)

    def _advance(
        self,
        id: str,
        author: str,
        key: str,
        make: Make,
        said: frozenset[str] = frozenset(),
    ) -> SavedVersion:
        check_id(id), check_name("author", author), check_name("key", key)
        check_role(self._database, author, WRITING, "edit")
        with self._database.write() as connection:
            return next_version(connection, self._sets, id, (author, key), make, said)
