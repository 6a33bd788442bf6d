"""Who signed in: what a provider of identities claims becomes one of our people.

The signature was checked where the claims came in. Their end is checked here, and what a person may
do stands in our own table and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from advisor.core.strict import digest
from advisor.core.terminal import one_line
from advisor.domain.trail import Event
from advisor.errors import NotAllowedError
from advisor.store import Store, Transaction
from advisor.store.database import audit_trail
from advisor.store.database.statements import new_id
from advisor.store.people import people
from advisor.store.people.people import Person

LEEWAY = timedelta(minutes=1)
"""How far two clocks may be apart."""
_Id = Annotated[str, Field(min_length=1, max_length=2_000)]


class Claims(BaseModel):
    """What we use of an identity token (OpenID Connect Core 1.0, sections 2 and 5.1)."""

    model_config = ConfigDict(frozen=True, strict=True)

    iss: _Id
    sub: _Id
    exp: int
    email: Annotated[str, Field(max_length=254)] | None = None
    email_verified: bool = False
    name: str | None = None

    @property
    def subject(self) -> str:
        """The provider and what it calls this person, as one SHA-256: our table keeps no more."""
        return digest([self.iss, self.sub])

    @property
    def address(self) -> str | None:
        """The address in small letters, if the provider vouches for it."""
        return self.email.strip().casefold() if self.email and self.email_verified else None


def signed_in(store: Store, given: Mapping[str, Any], at: datetime) -> Person:
    """Return the person that claims mean, with the roles they hold now.

    Whoever comes for the first time is found by their verified address, or added without a role.

    Args:
        store: Where people are kept.
        given: Claims whose signature was checked.
        at: The present moment.

    Raises:
        NotAllowedError: a claim is missing, the sign-in is over, or the person was erased.
    """
    claims = _claims(given)
    if at >= datetime.fromtimestamp(claims.exp, UTC) + LEEWAY:
        raise NotAllowedError("expired", "Your sign-in is over. Sign in again.")
    with store.database.read() as transaction:
        known = people.with_subject(transaction, claims.subject)
    if known:
        return known
    with store.database.write() as transaction:
        return _first_time(transaction, claims)


def _claims(given: Mapping[str, Any]) -> Claims:
    try:
        return Claims.model_validate({name: given.get(name) for name in ("iss", "sub", "exp")} | {
            name: given[name] for name in ("email", "email_verified", "name") if name in given
        })  # fmt: skip
    except ValidationError as error:
        names = sorted({str(item["loc"][0]) for item in error.errors()})
        text = f"The sign-in cannot be used: wrong or missing {', '.join(names)}."
        raise NotAllowedError("claims", text) from None


def _first_time(transaction: Transaction, claims: Claims) -> Person:
    """Tie a subject to a person; two windows that do so at once end at the same one."""
    people.alone_with_people(transaction)
    known = people.with_subject(transaction, claims.subject)
    if known:
        return known
    id = people.unsigned(transaction, claims.address) if claims.address else None
    action = "sign_in_first" if id else "join"
    if id is None:
        id, address = new_id(), claims.address
        free = address and not people.taken(transaction, address)
        people.add(transaction, id, _name(claims), address if free else None)
    people.tie(transaction, id, claims.subject)
    audit_trail.append(transaction, Event(action, id, detail={"person": id}))
    return people.find(transaction, id)


def _name(claims: Claims) -> str:
    """Return how others know a person, from what their provider says."""
    said = one_line(claims.name or "") or (claims.address or "").partition("@")[0]
    return said[:200].strip() or "No name"
