"""Tokens are given once by an administrator, kept as hashes, and end."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from calling import Call, caller
from sqlalchemy import text
from world import key

from advisor.domain.lifecycle import Role
from advisor.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from advisor.review.people.people import People
from advisor.review.people.tokens import LONGEST, UNKNOWN, Tokens
from advisor.store import Store
from advisor.store.database.audit_trail import Trail, TrailQuery
from advisor.store.people import tokens


@pytest.fixture
def admin(store: Store) -> str:
    return People(store).add("Root", None, [Role.ADMINISTRATOR], None, key()).id


@pytest.fixture
def ben(store: Store, admin: str) -> str:
    roles = [Role.OWNER, Role.RUNNER]
    return People(store).add("Ben", "ben@x.org", roles, admin, key()).id


@pytest.fixture
def desk(store: Store) -> Tokens:
    return Tokens(store)


def test_only_the_hash_of_a_token_is_kept_and_the_trail_has_ids(
    store: Store, desk: Tokens, admin: str, ben: str
) -> None:
    made = desk.give(ben, Role.OWNER, 30, admin, "1")
    assert made.secret.startswith("adv_") and len(made.secret) == 47
    assert desk.check(made.secret) == (ben, Role.OWNER, made.token.id)
    desk.take(made.token.id, admin, "2")
    with store.database.read() as connection:
        kept = [str(connection.execute(text(f"SELECT * FROM {table}")).all())
                for table in ("api_token", "trail", "review_key")]  # fmt: skip
    assert made.secret not in str(kept) and made.secret[4:] not in str(kept)
    digest = hashlib.sha256(made.secret.encode()).hexdigest()
    assert digest in kept[0] and digest not in kept[1]
    rows = [row for row in Trail(store.database).newest(TrailQuery(limit=2))]
    assert [row.action for row in rows] == ["take_token", "give_token"]
    for row in rows:
        told = json.loads(row.detail)
        assert (told["person"], told["token"], told["role"]) == (ben, made.token.id, "owner")
        assert row.actor == admin and "Ben" not in row.detail


def test_two_tokens_have_nothing_in_common(desk: Tokens, admin: str, ben: str) -> None:
    first, second = (desk.give(ben, Role.OWNER, 30, admin, key()).secret for _ in range(2))
    assert first != second
    assert desk.check(first).token != desk.check(second).token


def test_a_double_click_gives_one_token_and_shows_it_once(
    desk: Tokens, admin: str, ben: str
) -> None:
    desk.give(ben, Role.OWNER, 30, admin, "same")
    with pytest.raises(ConflictError, match="shown once"):
        desk.give(ben, Role.OWNER, 30, admin, "same")
    assert len(desk.of(ben)) == 1


def test_a_token_ends_within_a_year(desk: Tokens, admin: str, ben: str) -> None:
    for days in (0, -1, LONGEST + 1, 10**9):
        with pytest.raises(InputError, match="Say 1 to 365"):
            desk.give(ben, Role.OWNER, days, admin, "1")
    longest = desk.give(ben, Role.OWNER, LONGEST, admin, "2").token
    assert longest.ends_at - longest.given_at == timedelta(days=LONGEST)


def test_only_an_administrator_gives_and_only_a_role_that_is_held(
    desk: Tokens, admin: str, ben: str
) -> None:
    with pytest.raises(NotAllowedError, match="Only an administrator"):
        desk.give(ben, Role.OWNER, 30, ben, "1")
    with pytest.raises(NotAllowedError, match="does not hold the role reviewer"):
        desk.give(ben, Role.REVIEWER, 30, admin, "2")
    with pytest.raises(NotFoundError):
        desk.give("x" * 20, Role.OWNER, 30, admin, "3")
    assert desk.of() == ()


def test_a_token_is_taken_back_by_its_person_or_an_administrator(
    store: Store, desk: Tokens, admin: str, ben: str
) -> None:
    eve = People(store).add("Eve", None, [Role.REVIEWER], admin, key()).id
    mine, other = (desk.give(ben, Role.OWNER, 30, admin, key()) for _ in range(2))
    with pytest.raises(NotAllowedError, match="Only an administrator"):
        desk.take(mine.token.id, eve, "1")
    assert desk.check(mine.secret).person == ben
    first = desk.take(mine.token.id, ben, "2")
    assert desk.take(mine.token.id, admin, "3") == first, "it stays as it was"
    assert desk.take(other.token.id, admin, "4").taken_by == admin
    for given in (mine, other):
        with pytest.raises(NotAllowedError, match="taken back") as refused:
            desk.check(given.secret)
        assert refused.value.why == UNKNOWN
    with pytest.raises(NotFoundError):
        desk.take("x" * 20, admin, "5")


def test_the_last_use_is_noted_now_and_then(
    store: Store, desk: Tokens, admin: str, ben: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = desk.give(ben, Role.RUNNER, 30, admin, "1")
    assert desk.of(ben)[0].used_at is None
    desk.check(made.secret)
    first = desk.of(ben)[0].used_at
    desk.check(made.secret)
    assert first and desk.of(ben)[0].used_at == first
    monkeypatch.setattr(tokens, "USED_EVERY", timedelta(0))
    desk.check(made.secret)
    later = desk.of(ben)[0].used_at
    assert later and later > first


@pytest.fixture
def call(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    return caller(monkeypatch, capsys)


def test_the_command_line_gives_lists_and_takes(call: Call) -> None:
    ann = call("people", "add", "Ann", "--email", "a@x.org", "--role", "administrator").out.strip()
    call("people", "add", "CI\x1b[31m", "--email", "ci@x.org", "--role", "runner", "--by", ann)
    assert call("token", "list").err.startswith("No token yet")
    given = call("token", "give", "ci@x.org", "runner", "--by", "a@x.org", "--days", "30")
    secret = given.out.strip()
    assert given.code == 0 and secret.startswith("adv_") and secret not in given.err
    assert "not shown again" in given.err and "\x1b" not in given.err
    listed = call("token", "list", "ci@x.org")
    id = listed.out.split()[0]
    assert "as runner: until" in listed.out and "never used" in listed.out
    assert secret not in listed.out and "\x1b" not in listed.out
    assert json.loads(call("token", "list", "--json").out)["id"] == id
    assert call("token", "list", ann).out == ""
    assert call("token", "take", id, "--by", ann).code == 0
    assert "taken back" in call("token", "list").out
    for wrong in (
        ("give", "ci@x.org", "reviewer", "--by", ann), ("give", "nobody", "runner", "--by", ann),
        ("give", "ci@x.org", "runner", "--by", "ci@x.org"), ("take", "x", "--by", ann),
        ("give", "ci@x.org", "runner", "--by", ann, "--days", "366"),
        ("give", "ci@x.org", "king", "--by", ann), ("list", "nobody"),
    ):  # fmt: skip
        assert call("token", *wrong).code == 2, wrong
