"""Roles bind every write, whatever a page shows; the local user has no roles and needs none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from advisor.domain.lifecycle import Role
from advisor.errors import NotAllowedError
from advisor.proposal import Draft
from advisor.review.people.people import People
from advisor.store import Store
from advisor.store.database.audit_trail import TrailQuery
from advisor.vocabulary import Mode

DRAFT = Draft(title="Letters", description="They come out wrong.")
Write = Callable[[Store, str, str], object]
WRITES: dict[str, tuple[frozenset[Role], Write]] = {
    "create": (frozenset({Role.OWNER}), lambda s, _, who: s.create(DRAFT, who, "c")),
    "edit": (frozenset({Role.OWNER}), lambda s, id, who: s.edit(id, {"title": who}, who, "e")),
    "restore": (frozenset({Role.OWNER}), lambda s, id, who: s.restore(id, 1, who, "r")),
    "archive": (frozenset({Role.OWNER}), lambda s, id, who: s.archive(id, who)),
    "price": (
        frozenset({Role.OWNER, Role.RUNNER}),
        lambda s, _, who: s.prices.set({"cpu_hour": 1.0}, who),
    ),
    "use": (frozenset(Role) - {Role.AUDITOR}, lambda s, _, who: s.learned.use(0, who, "u")),
}


@pytest.fixture
def people(store: Store) -> dict[Role, str]:
    """One person for each role."""
    made = People(store)
    root = made.add("Root", None, [Role.ADMINISTRATOR], None, "root").id
    others = [role for role in Role if role is not Role.ADMINISTRATOR]
    return {Role.ADMINISTRATOR: root} | {
        role: made.add(role, None, [role], root, role).id for role in others
    }


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", WRITES)
def test_a_write_needs_its_role(
    store: Store, people: dict[Role, str], name: str, role: Role
) -> None:
    able, write = WRITES[name]
    id = store.create(DRAFT, "local", "first").id
    before = store.get(id)
    if role in able:
        write(store, id, people[role])
        return
    with pytest.raises(NotAllowedError, match="needs the role"):
        write(store, id, people[role])
    assert store.get(id) == before
    assert store.trail.newest(TrailQuery(actor=people[role]))[0].action == "refused_attempt"


def test_an_auditor_teaches_nothing(store: Store, people: dict[Role, str]) -> None:
    for write in (
        lambda who: store.labels.settle("0" * 64, Mode.STYLE, who),
        lambda who: store.labels.reopen("0" * 64, who),
        lambda who: store.learned.add(b"", {"corrections": 0}, "b", who, "k"),
    ):
        with pytest.raises(NotAllowedError):
            write(people[Role.AUDITOR])


def test_a_person_without_any_role_writes_nothing(store: Store, people: dict[Role, str]) -> None:
    nobody = People(store).add("New", None, [], people[Role.ADMINISTRATOR], "new").id
    with pytest.raises(NotAllowedError):
        store.create(DRAFT, nobody, "c")
