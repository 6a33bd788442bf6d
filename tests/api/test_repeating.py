"""A write that is sent again is done once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from client import GOOD, Client, problem
from world import World, key

from advisor.domain.lifecycle import Role


def test_the_same_key_and_body_make_one_proposal(either: Client) -> None:
    world, head = either.world, {"Idempotency-Key": key()}
    before = world.store.list_proposals().total
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(
                lambda _: either.ask("POST", "/v1/proposals", body=GOOD, headers=head), range(8)
            )
        )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert world.store.list_proposals().total == before + 1


def test_the_same_key_for_something_else_is_refused(client: Client) -> None:
    head = {"Idempotency-Key": key()}
    id = client.ask("POST", "/v1/proposals", body=GOOD, headers=head).json()["id"]
    other = {**GOOD, "title": "Another"}
    said = client.ask("POST", "/v1/proposals", body=other, headers=head)
    assert "used for another change" in problem(said, 409, "changed")["detail"]
    edit = {"changes": {"title": "Another"}}
    problem(client.ask("PATCH", f"/v1/proposals/{id}", body=edit, headers=head), 409, "changed")
    assert client.ask("GET", f"/v1/proposals/{id}").json()["version"] == 1


def test_a_change_that_is_sent_again_makes_no_version(client: Client) -> None:
    id, head = client.made(), {"Idempotency-Key": key()}
    first, second = (
        client.ask("PATCH", f"/v1/proposals/{id}", body={"changes": {"title": "B"}}, headers=head)
        for _ in range(2)
    )
    assert first.json() == second.json() == {"id": id, "version": 2}


def test_a_submission_that_is_sent_again_is_one_decision(client: Client, world: World) -> None:
    id = world.proposal(reason_against_advice="Prompts were tried for a month.")
    head = {"Idempotency-Key": key()}
    body = {"version": 1, "content": world.store.get(id).draft.fingerprint}
    first, second = (
        client.ask("POST", f"/v1/proposals/{id}/submissions", body=body, headers=head)
        for _ in range(2)
    )
    assert first.status_code == second.status_code == 201 and first.json() == second.json()
    told = client.ask("GET", f"/v1/proposals/{id}/decisions").json()
    assert len(told["decisions"]) == 1


def test_keys_of_two_people_do_not_meet(client: Client, world: World) -> None:
    head = {"Idempotency-Key": key()}
    other = client.token(Role.OWNER, world.person(Role.OWNER))
    ids = {
        client.ask("POST", "/v1/proposals", by, GOOD, head).json()["id"]
        for by in (Role.OWNER, other)
    }
    assert len(ids) == 2
