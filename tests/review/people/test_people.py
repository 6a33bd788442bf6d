"""Roles are given and taken by an administrator, and people can be erased."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from calling import Call, caller
from sqlalchemy import text
from world import World, key

from advisor.domain.lifecycle import Role
from advisor.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from advisor.review.people.people import FIRST, People
from advisor.store import Store
from advisor.store.database.audit_trail import Trail, TrailQuery

Add = Callable[..., str]
NOT_ADMINISTRATORS = [role for role in Role if role is not Role.ADMINISTRATOR]


@pytest.fixture
def people(store: Store) -> People:
    return People(store)


@pytest.fixture
def call(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    return caller(monkeypatch, capsys, "people")


def actions(store: Store) -> list[tuple[str, str]]:
    rows = Trail(store.database).newest(TrailQuery(limit=500))
    return [(row.action, row.actor) for row in reversed(rows)]  # type: ignore[union-attr]


def test_the_first_person_is_an_administrator_and_made_by_nobody(
    store: Store, people: People
) -> None:
    with pytest.raises(NotAllowedError, match="first person must be an administrator"):
        people.add("Ben", None, [Role.REVIEWER], None, "1")
    ann = people.add(" Ann  Lee ", "Ann@Example.org", [Role.ADMINISTRATOR], None, "2")
    assert (ann.name, ann.email, ann.roles) == (
        "Ann Lee",
        "ann@example.org",
        (Role.ADMINISTRATOR,),
    )
    with pytest.raises(NotAllowedError, match="Say who you are"):
        people.add("Eve", None, [Role.ADMINISTRATOR], None, "3")
    assert actions(store) == [
        ("refused_attempt", FIRST), ("add_person", FIRST), ("refused_attempt", FIRST),
    ]  # fmt: skip


def test_roles_are_given_and_taken_and_read_anew(people: People, admin: str, person: Add) -> None:
    ben = person(Role.REVIEWER)
    assert people.give(ben, Role.RISK, admin, "g").roles == (Role.REVIEWER, Role.RISK)
    assert people.give(ben, Role.RISK, admin, "g2").roles == (Role.REVIEWER, Role.RISK)
    assert people.take(ben, Role.REVIEWER, admin, "t").roles == (Role.RISK,)
    with pytest.raises(NotFoundError):
        people.take(ben, Role.REVIEWER, admin, "t2")


@pytest.mark.parametrize("role", NOT_ADMINISTRATORS)
def test_only_an_administrator_changes_people(quick: World, role: Role) -> None:
    people, admin, ben = quick.people, quick.admin, quick.person(role)
    attempts: list[Callable[[], object]] = [
        lambda: people.add("Eve", None, [], ben, "1"),
        lambda: people.give(ben, Role.ADMINISTRATOR, ben, "2"),
        lambda: people.take(admin, Role.ADMINISTRATOR, ben, "3"),
        lambda: people.erase(admin, ben, "4"),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowedError, match="Only an administrator"):
            attempt()
    assert actions(quick.store)[-4:] == [("refused_attempt", ben)] * 4
    assert people.find(ben).roles == (role,) and Role.ADMINISTRATOR in people.find(admin).roles


def test_the_last_administrator_stays(people: People, admin: str, person: Add) -> None:
    for attempt in (
        lambda: people.take(admin, Role.ADMINISTRATOR, admin, "1"),
        lambda: people.erase(admin, admin, "2"),
    ):
        with pytest.raises(NotAllowedError, match="last administrator"):
            attempt()
    other = person(Role.ADMINISTRATOR)
    assert people.take(admin, Role.ADMINISTRATOR, other, "3").roles == ()


def test_two_administrators_who_take_each_other_leave_one(
    people: People, admin: str, person: Add
) -> None:
    other = person(Role.ADMINISTRATOR)
    start = Barrier(2)

    def take(pair: tuple[str, str]) -> bool:
        start.wait()
        try:
            people.take(pair[0], Role.ADMINISTRATOR, pair[1], "race")
            return True
        except NotAllowedError:
            return False

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(take, [(admin, other), (other, admin)]))
    assert sorted(done) == [False, True]
    assert sum(Role.ADMINISTRATOR in one.roles for one in people.all()) == 1


def test_an_erased_person_leaves_only_an_id(store: Store, people: People, admin: str) -> None:
    ben = people.add("Ben Secret", "ben@secret.org", [Role.REVIEWER], admin, "1").id
    people.erase(ben, admin, "2")
    found = next(one for one in people.all() if one.id == ben)
    assert (found.name, found.email, found.roles, found.erased) == ("(erased)", None, (), True)
    with pytest.raises(ConflictError, match="erased"):
        people.give(ben, Role.REVIEWER, admin, "3")
    with store.database.read() as connection:
        for table in ("person", "person_role", "review_key", "trail"):
            rows = connection.execute(text(f"SELECT * FROM {table}")).all()
            assert rows and "secret" not in str(rows).casefold(), table
    again = people.add("Ben Secret", "ben@secret.org", [], admin, "4")
    assert again.id != ben


def test_a_double_click_adds_one_person(people: People, admin: str) -> None:
    first = people.add("Ben", "b@x.org", [Role.OWNER], admin, "same")
    assert people.add("Ben", "b@x.org", [Role.OWNER], admin, "same") == first
    assert len(people.all()) == 2
    with pytest.raises(ConflictError, match="another change"):
        people.give(first.id, Role.RISK, admin, "same")


def test_an_address_belongs_to_one_person(people: People, admin: str) -> None:
    people.add("Ben", "b@x.org", [], admin, "1")
    with pytest.raises(InputError, match="belongs to somebody already"):
        people.add("Eve", "B@x.org", [], admin, "2")


@pytest.mark.parametrize(
    ("name", "email"),
    [("", None), (" \n", None), ("n" * 201, None), ("Ben", "ben"), ("Ben", "a@b@c"),
     ("Ben", "a b@c"), ("Ben", "a@\x00"), ("Ben", "a" * 65 + "@x.org")],
)  # fmt: skip
def test_what_is_no_name_or_address_is_refused(quick: World, name: str, email: str | None) -> None:
    with pytest.raises(InputError):
        quick.people.add(name, email, [], quick.admin, key())


@pytest.mark.parametrize("who", ["", "nobody", "a\x00b", "x" * 20])
def test_an_unknown_person_is_not_found(quick: World, who: str) -> None:
    with pytest.raises(NotFoundError):
        quick.people.find(who)


def test_the_command_line_does_it_all(call: Call) -> None:
    assert call("list").err.startswith("Nobody yet")
    assert call("add", "Ben", "--role", "owner").code == 2
    ann = call("add", "Ann", "--email", "ann@x.org", "--role", "administrator").out.strip()
    ben = call("add", "Ben\x1b[31m", "--role", "reviewer", "--by", "ann@x.org").out.strip()
    assert call("give", ben, "risk", "--by", ann).out.endswith("reviewer and risk\n")
    assert call("give", ben, "king", "--by", ann).code == 2
    assert call("take", ben, "reviewer", "--by", ben).code == 2
    assert call("take", ben, "reviewer", "--by", ann).code == 0
    said = call("list").out
    assert f"{ann} Ann <ann@x.org>: administrator" in said and "\x1b" not in said
    lines = [json.loads(line) for line in call("list", "--json").out.splitlines()]
    assert [(one["name"], one["roles"]) for one in lines] == [
        ("Ann", ["administrator"]), ("Ben\\x1b[31m", ["risk"]),
    ]  # fmt: skip
    assert call("erase", ben, "--by", ann, answer="n\n").code == 1
    assert call("erase", ben, "--by", ann, answer="y\n").code == 0
    assert call("erase", ann, "--by", ann, "--yes").code == 2
    assert "(erased): no role" in call("list").out
