"""What all requests share, and the work that needs no web."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from advisor.api.limiting import Limiter
from advisor.api.pools import Pools
from advisor.domain.lifecycle import Role
from advisor.domain.trail import Event
from advisor.errors import NotAllowedError
from advisor.review.people.tokens import Holder, Tokens
from advisor.store import Store
from advisor.store.database.statements import check_id, claim, new_id, not_found
from advisor.store.people import people
from advisor.store.people.rights import REFUSED, refusals_told
from advisor.store.review import parts
from advisor.triage.assessing.assessor import Assessor

_OWNER = frozenset({Role.OWNER})
_READERS = frozenset(Role) - {Role.ADMINISTRATOR}
ACCESS: Mapping[str, frozenset[Role]] = MappingProxyType({
    "create_proposal": _OWNER,
    "list_proposals": _READERS,
    "read_proposal": _READERS,
    "edit_proposal": _OWNER,
    "read_assessment": _READERS,
    "submit_proposal": _OWNER,
    "read_decisions": _READERS,
    "ask_gate": frozenset(Role),
})
"""The roles that may call an operation."""
OWN_ONLY = _OWNER
"""Roles to which a proposal is there only if their person wrote a part of it."""


@dataclass(frozen=True)
class Service:
    """What all requests share."""

    open: Callable[[], Store]
    """Gives the open database."""
    limiter: Limiter
    assessor: Assessor = field(default_factory=Assessor)
    pools: Pools = field(default_factory=Pools)

    def check(self, secret: str) -> Holder:
        """Return for whom a program acts; raises as `Tokens.check` does."""
        return Tokens(self.open()).check(secret)

    def refuse_role(self, holder: Holder, operation: str) -> None:
        """Record that a token was used for what its role may not do.

        Raises:
            NotAllowedError: always.
        """
        detail = {"asked": operation, "token": holder.token}
        attempt = Event(REFUSED, holder.person, holder.role, detail=detail)
        with refusals_told(self.open().database, attempt):
            raise NotAllowedError("role", f"A token of the role {holder.role} may not do this.")

    def check_seen(self, holder: Holder, id: str) -> None:
        """Refuse a proposal that is not for this token, in the words for one that is not there.

        Raises:
            NotFoundError: it is not there for this token.
        """
        check_id(id)
        if holder.role in OWN_ONLY:
            with self.open().database.read() as connection:
                if holder.person not in parts.writers(connection, id):
                    raise not_found()

    def claim(self, holder: Holder, key: str, operation: str, about: str, raw: bytes) -> str:
        """Keep what a key was used for, to the byte; return the key for the write itself.

        Raises:
            ConflictError: it was used for something else.
        """
        with self.open().database.write() as connection:
            asked = (operation, about, hashlib.sha256(raw).hexdigest())
            claim(connection, holder.person, f"asked/{key}", asked, new_id())
        return f"api/{key}"

    def name(self, person: str) -> str | None:
        """Return how a person is known; none for somebody who is not in our table."""
        with self.open().database.read() as connection:
            return people.names(connection, [person]).get(person)
