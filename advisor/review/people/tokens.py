"""Tokens with which programs act for a person, in one role that this person holds.

A token is 256 random bits and is shown once; only its SHA-256 is kept, which needs no salt, as
nobody can try that many. Person and role are read anew at every use, so an erased person's token
and one for a role that was taken open nothing from then on.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import NamedTuple

from advisor.domain.lifecycle import Role
from advisor.domain.trail import Event
from advisor.errors import ConflictError, InputError, NotAllowedError, Problem, StoreError
from advisor.presentation.wording import moment
from advisor.store import Store, Transaction
from advisor.store.database import audit_trail
from advisor.store.database.statements import claim, new_id, now
from advisor.store.people import people, tokens
from advisor.store.people.people import Person
from advisor.store.people.rights import REFUSED, attempting, role_for
from advisor.store.people.tokens import Token

LONGEST = 365
"""Days that a token may be good for."""
UNKNOWN = "token"
"""Why somebody is refused of whom nothing is known, as `NotAllowedError.why`."""
_SHAPE = re.compile(r"adv_[A-Za-z0-9_-]{43}")


class NewToken(NamedTuple):
    """A new token, and what opens the door: it is never to be had again."""

    token: Token
    secret: str


class Holder(NamedTuple):
    """For whom a program acts now, in which role, and with which token."""

    person: str
    role: Role
    token: str


class Tokens:
    """All tokens of one database. Every write takes an idempotency `key`."""

    def __init__(self, store: Store) -> None:
        """Use an open store."""
        self._store = store

    def of(self, person: str | None = None) -> tuple[Token, ...]:
        """Return the tokens of a person, or of everybody, the newest first."""
        with self._store.database.read() as transaction:
            return tokens.of(transaction, person)

    def give(self, person: str, role: Role, days: int, by: str, key: str) -> NewToken:
        """Give a person a token.

        Args:
            person: Their id.
            role: The one role in which it acts.
            days: How long it is good for.
            by: An administrator.
            key: Idempotency key.

        Raises:
            InputError: it would be good for too long.
            NotFoundError: there is no such person.
            NotAllowedError: `by` is no administrator, or the person does not hold the role.
            ConflictError: the key was used; a token is not shown again.
        """
        secret = f"adv_{secrets.token_urlsafe(32)}"
        at = now()
        if not 1 <= days <= LONGEST:
            raise InputError(Problem("days", f"is {days}", f"Say 1 to {LONGEST}"))
        made = Token(new_id(), person, role, by, at, at + timedelta(days=days))

        def work(transaction: Transaction) -> Event:
            _administrator(transaction, by)
            _may_act(people.find(transaction, person), role)
            asked = ("give_token", person, role, days)
            if claim(transaction, by, key, asked, made.id) != made.id:
                raise ConflictError("This token was given already, and is shown once. Give anew.")
            tokens.add(transaction, made, _digest(secret))
            return _event("give_token", by, Role.ADMINISTRATOR, made)

        self._write(by, "give_token", work)
        return NewToken(made, secret)

    def take(self, id: str, by: str, key: str) -> Token:
        """Take a token back: it opens nothing from now on. Whose it is may do that too.

        Raises:
            NotFoundError: there is no such token.
            NotAllowedError: it is somebody else's, and `by` is no administrator.
            ConflictError: the key was used for another write.
        """

        def work(transaction: Transaction) -> Event | None:
            found = tokens.find(transaction, id)
            if by != found.person:
                _administrator(transaction, by)
            mine = new_id()
            if claim(transaction, by, key, ("take_token", id), mine) != mine or found.taken_at:
                return None
            tokens.take(transaction, id, by)
            role = "" if by == found.person else Role.ADMINISTRATOR
            return _event("take_token", by, role, found)

        self._write(by, "take_token", work)
        with self._store.database.read() as transaction:
            return tokens.find(transaction, id)

    def check(self, secret: str) -> Holder:
        """Return for whom a program acts that shows this token.

        Raises:
            NotAllowedError: it opens nothing (`why` is `UNKNOWN`), or its role was taken.
        """
        if not _SHAPE.fullmatch(secret):
            raise NotAllowedError(UNKNOWN, "This is no token. They begin with adv_")
        with self._store.database.read() as transaction:
            found = tokens.with_digest(transaction, _digest(secret))
            if found is None:
                raise NotAllowedError(UNKNOWN, "This token is not known. Ask for a new one.")
            _check_good(found)
            _may_act(people.find(transaction, found.person), found.role)
        self._note_use(found)
        return Holder(found.person, found.role, found.id)

    def _note_use(self, found: Token) -> None:
        if found.used_at is None or now() - found.used_at >= tokens.USED_EVERY:
            # what only reads goes on where the disk is full
            with suppress(StoreError), self._store.database.write() as transaction:
                tokens.used(transaction, found.id)

    def _write(self, by: str, asked: str, work: Callable[[Transaction], Event | None]) -> None:
        attempt = Event(REFUSED, by, detail={"asked": asked})
        with attempting(self._store.database, attempt) as transaction:
            event = work(transaction)
            if event is not None:
                audit_trail.append(transaction, event)


def _administrator(transaction: Transaction, by: str) -> None:
    refusal = "Only an administrator gives tokens and takes any back."
    role_for(transaction, by, frozenset({Role.ADMINISTRATOR}), refusal)


def _check_good(found: Token) -> None:
    """Refuse a token that was taken or is over.

    Raises:
        NotAllowedError: says since when.
    """
    for over, words in (
        (found.taken_at, "was taken back"),
        (found.ends_at if found.ends_at <= now() else None, "ended"),
    ):
        if over:
            raise NotAllowedError(UNKNOWN, f"This token {words} on {moment(over)}.")


def _may_act(person: Person, role: Role) -> None:
    """Refuse a role that a person does not hold now.

    Raises:
        NotAllowedError: the person was erased, or does not hold it.
    """
    if person.erased:
        raise NotAllowedError(UNKNOWN, "The person whose token this is was erased.")
    if role not in person.roles:
        raise NotAllowedError("role", f"This person does not hold the role {role} now.")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _event(action: str, by: str, role: str, token: Token) -> Event:
    told = {"token": token.id, "person": token.person, "role": token.role}
    return Event(action, by, role, detail=told | {"ends": token.ends_at.isoformat()})
