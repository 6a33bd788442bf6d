"""Who may call what: the one table that requests, document and tests come from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from advisor.domain.lifecycle import Role

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
