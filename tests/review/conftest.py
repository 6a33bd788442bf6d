"""People with roles, and a proposal that may be approved."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from advisor.review.lifecycle import Role
from advisor.review.people import People
from advisor.store import Store

_numbers = itertools.count()


def key() -> str:
    """A key that no other write has."""
    return f"key-{next(_numbers)}"


Add = Callable[..., str]


@pytest.fixture
def admin(store: Store) -> str:
    """The first administrator."""
    return People(store).add("Root", None, [Role.ADMINISTRATOR], None, key()).id


@pytest.fixture
def person(store: Store, admin: str) -> Add:
    """What adds a person with roles and returns the id."""
    return lambda *roles: People(store).add("Somebody", None, roles, admin, key()).id
