"""Which token opens what: every role against every operation, from the one table."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from client import GOOD, Client, problem
from world import World, key

from advisor.api.operations import OPERATIONS
from advisor.api.service import ACCESS
from advisor.domain.lifecycle import Role, State
from advisor.review.people.tokens import Tokens
from advisor.store.database.audit_trail import Trail, TrailQuery

BODIES = {
    "proposal": GOOD,
    "changes": {"changes": {"title": "Mine now"}},
    "submission": {"version": 1, "content": "0" * 64},
}
PAIRS = [
    pytest.param(one, role, id=f"{one.name}-{role}")
    for one, role in itertools.product(OPERATIONS, Role)
]


def test_every_operation_is_in_the_table_of_who_may() -> None:
    assert {one.name for one in OPERATIONS} == set(ACCESS)


@pytest.mark.parametrize(("one", "role"), PAIRS)
def test_a_token_reaches_what_its_role_may_and_nothing_else(
    client: Client, world: World, one: object, role: Role
) -> None:
    assert isinstance(one, type(OPERATIONS[0]))
    id = world.standing(State.PILOT)
    before = world.store.versions(id), world.store.list_proposals().total
    body = BODIES.get(one.takes or "")
    answer = client.ask(one.method, one.path.replace("{id}", id), role, body)
    if role in ACCESS[one.name]:
        assert answer.status_code in ({one.status} if one.takes != "submission" else {409})
        return
    problem(answer, 403, "role")
    assert (world.store.versions(id), world.store.list_proposals().total) == before
    last = Trail(world.store.database).newest(TrailQuery(limit=1))[0]
    assert (last.action, last.actor, last.role) == ("refused_attempt", world.who[role], role)
    assert one.name in last.detail and "adv_" not in last.detail


@pytest.mark.parametrize("one", OPERATIONS, ids=lambda one: one.name)
def test_without_a_token_nothing_is_told(client: Client, world: World, one: object) -> None:
    assert isinstance(one, type(OPERATIONS[0]))
    path = one.path.replace("{id}", world.standing(State.PILOT))
    for by, headers in ((None, {}), (None, {"Authorization": "Basic YTpi"}), ("adv_", {})):
        answer = client.ask(one.method, path, by, BODIES.get(one.takes or ""), headers)
        problem(answer, 401, "token")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_no_operation_decides() -> None:
    names = {one.name for one in OPERATIONS}
    assert not names & {"approve", "refuse", "decide", "override"}
    assert [one.name for one in OPERATIONS if one.method != "GET"] == [
        "create_proposal", "edit_proposal", "submit_proposal",
    ]  # fmt: skip


def test_somebody_elses_proposal_is_not_there_for_an_owner(client: Client, world: World) -> None:
    other = client.token(Role.OWNER, world.person(Role.OWNER))
    id = world.proposal()
    for one in OPERATIONS:
        if "{id}" in one.path:
            body = BODIES.get(one.takes or "")
            answer = client.ask(one.method, one.path.replace("{id}", id), other, body)
            told = problem(answer, 404, "missing")
            assert told["detail"] == "There is no such proposal. Check the link."
    mine = client.made(other)
    assert client.ask("GET", "/v1/proposals", other).json()["total"] == 1
    assert client.ask("GET", f"/v1/proposals/{mine}", other).status_code == 200
    assert client.ask("GET", f"/v1/proposals/{mine}", Role.REVIEWER).status_code == 200


def test_who_holds_two_roles_acts_in_the_one_of_the_token(client: Client, world: World) -> None:
    both = world.person(Role.OWNER, Role.AUDITOR)
    reads = client.token(Role.AUDITOR, both)
    problem(client.ask("POST", "/v1/proposals", reads, GOOD), 403, "role")
    assert client.ask("POST", "/v1/proposals", client.token(Role.OWNER, both), GOOD).is_success


def _spoiled(good: str) -> dict[str, str]:
    return {
        "cut": good[:-1],
        "longer": good + "A",
        "other case": good.swapcase().replace("ADV_", "adv_"),
        "shouted": good.upper(),
        "one letter": good[:-1] + ("A" if good[-1] != "A" else "B"),
        "forged": "adv_" + "A" * 43,
        "its hash": "adv_" + "0" * 64,
        "a path": "adv_../../../../etc/passwd",
        "sql": "adv_' OR '1'='1",
        "two": f"{good} {good}",
        "nothing": "",
    }


@pytest.mark.parametrize("name", _spoiled("adv_" + "x" * 43))
def test_a_spoiled_token_opens_nothing(client: Client, name: str) -> None:
    spoiled = _spoiled(client.token(Role.REVIEWER))[name]
    answer = client.ask("GET", "/v1/proposals", spoiled or "x")
    told = problem(answer, 401, "token")
    assert client.token(Role.REVIEWER) not in str(told)


def test_a_token_that_is_over_or_taken_back_opens_nothing(client: Client, world: World) -> None:
    tokens, who = Tokens(world.store), world.who[Role.RUNNER]
    over, taken = (tokens.give(who, Role.RUNNER, 1, world.admin, key()) for _ in range(2))
    for given in (over, taken):
        assert client.ask("GET", "/v1/proposals", given.secret).is_success
    world.sql("UPDATE api_token SET ends_at = :at WHERE id = :id", id=over.token.id,
              at=datetime.now(UTC) - timedelta(seconds=1))  # fmt: skip
    tokens.take(taken.token.id, who, key())
    for given, said in ((over, "ended on"), (taken, "was taken back on")):
        answer = client.ask("GET", "/v1/proposals", given.secret)
        assert said in problem(answer, 401, "token")["detail"]


def test_a_role_that_was_taken_and_an_erased_person_open_nothing(
    client: Client, world: World
) -> None:
    who = world.person(Role.RUNNER, Role.AUDITOR)
    token = client.token(Role.RUNNER, who)
    assert client.ask("GET", "/v1/proposals", token).is_success
    world.people.take(who, Role.RUNNER, world.admin, key())
    told = problem(client.ask("GET", "/v1/proposals", token), 403, "role")
    assert told["detail"] == "This person does not hold the role runner now."
    world.people.erase(who, world.admin, key())
    told = problem(client.ask("GET", "/v1/proposals", token), 401, "token")
    assert "was erased" in told["detail"]


def test_the_scheme_is_read_in_any_case(client: Client) -> None:
    head = {"Authorization": f"bearer {client.token(Role.REVIEWER)}"}
    assert client.ask("GET", "/v1/proposals", None, headers=head).is_success
