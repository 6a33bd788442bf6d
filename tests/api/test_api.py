"""What programs do over HTTP: hand in, read, submit, and ask the gate."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from client import GOOD, Client, problem
from world import World, decided

from advisor.domain.lifecycle import Action, Role, State
from advisor.proposal import parse_proposal
from advisor.triage.assessing.active_classifier import active_classifier
from advisor.triage.recommend import load_tools, triage


def test_a_proposal_is_handed_in_and_read_back(client: Client, world: World) -> None:
    answer = client.ask("POST", "/v1/proposals", body=GOOD)
    saved = answer.json()
    assert answer.status_code == 201 and saved["version"] == 1
    assert answer.headers["location"] == f"/api/v1/proposals/{saved['id']}"
    read = client.ask("GET", f"/v1/proposals/{saved['id']}").json()
    assert read["author"] == {"id": world.who[Role.OWNER], "name": "Somebody"}
    assert read["content"] == world.store.get(saved["id"]).draft.fingerprint
    assert {name: read["proposal"][name] for name in ("title", "requested", "answers")} == {
        name: GOOD[name] for name in ("title", "requested", "answers")
    }
    assert read["proposal"]["failures"][0]["expected"] == "30 days"


def test_the_list_is_in_parts_and_searched(client: Client) -> None:
    ids = [client.made(title=f"Counted {n} parcels") for n in range(3)]
    first = client.ask("GET", "/v1/proposals?search=counted parcels&limit=2").json()
    assert first["total"] == 3 and [one["id"] for one in first["proposals"]] == ids[:0:-1]
    rest = client.ask("GET", "/v1/proposals?search=counted parcels&limit=2&offset=2").json()
    assert [one["id"] for one in rest["proposals"]] == ids[:1]


def test_changes_by_path_make_a_version(client: Client) -> None:
    id = client.made()
    body = {"changes": {"title": "Better", "answers.regulated": True, "review.rollback": "Stop."}}
    assert client.ask("PATCH", f"/v1/proposals/{id}", body=body).json() == {"id": id, "version": 2}
    read = client.ask("GET", f"/v1/proposals/{id}").json()["proposal"]
    assert (read["title"], read["answers"]["regulated"]) == ("Better", True)
    first = client.ask("GET", f"/v1/proposals/{id}?version=1").json()
    assert first["proposal"]["title"] == GOOD["title"]


def test_the_assessment_is_what_triage_prints(client: Client, world: World) -> None:
    id = client.made()
    found = client.ask("GET", f"/v1/proposals/{id}/assessment")
    same = triage(parse_proposal(GOOD), load_tools(classifier=active_classifier()))
    assert found.json() == json.loads(same.model_dump_json())
    row = next(one for one in world.store.list_proposals().rows if one.id == id)
    assert row.recommendation == same.recommendation, "the list shows it too"
    world.sql("UPDATE proposal SET recommendation = NULL WHERE id = :id", id=id)
    assert client.ask("GET", f"/v1/proposals/{id}/assessment").json() == found.json()


def test_a_version_is_submitted_and_decisions_are_read(client: Client, world: World) -> None:
    id = world.proposal(reason_against_advice="Prompts were tried for a month.")
    seen = client.ask("GET", f"/v1/proposals/{id}").json()
    body = {"version": seen["version"], "content": seen["content"]}
    made = client.ask("POST", f"/v1/proposals/{id}/submissions", body=body)
    assert made.status_code == 201, made.text
    assert (made.json()["from"], made.json()["to"]) == ("draft", "submitted")
    today = datetime.now(UTC).date().isoformat()
    term = {"what": "Name a team that does it.", "owner": world.who[Role.RUNNER], "due": today}
    world.decide(id, Action.APPROVE_PILOT, Role.REVIEWER, conditions=[term])
    told = client.ask("GET", f"/v1/proposals/{id}/decisions", Role.AUDITOR).json()
    assert (told["state"], told["tier"], told["version"]) == ("pilot", "medium", 1)
    assert [one["action"] for one in told["decisions"]] == ["submit", "approve_pilot"]
    approval = told["decisions"][1]
    assert approval["person"] == {"id": world.who[Role.REVIEWER], "name": "Somebody"}
    assert approval["conditions"][0]["owner"]["id"] == world.who[Role.RUNNER]
    assert approval["reason"] and approval["detail"]["minutes"] == 120


def test_what_review_lacks_comes_back_as_things_to_mend(client: Client, world: World) -> None:
    id = world.proposal(rollback="")
    about = client.ask("GET", f"/v1/proposals/{id}").json()
    body = {"version": 1, "content": about["content"]}
    told = problem(client.ask("POST", f"/v1/proposals/{id}/submissions", body=body), 409,
                   "unfinished")  # fmt: skip
    assert told["errors"][0]["where"] == "review.rollback"
    assert told["errors"][0]["mend"]


def test_another_version_than_the_latest_is_not_submitted(client: Client, world: World) -> None:
    id = world.proposal()
    content = world.store.get(id).draft.fingerprint
    world.edit(id, rollback="Another way back.")
    body = {"version": 1, "content": content}
    told = problem(client.ask("POST", f"/v1/proposals/{id}/submissions", body=body), 409, "changed")
    assert "changed while you read" in told["detail"]


@pytest.mark.parametrize("state", [State.DRAFT, State.PILOT, State.APPROVED, State.EXPIRED])
def test_the_gate_says_what_the_command_says(client: Client, world: World, state: State) -> None:
    id = world.standing(state)
    for kind in ("pilot", "adoption"):
        said = client.ask("GET", f"/v1/gate/{id}?for={kind}", Role.RUNNER)
        same = world.gate(id, kind)
        assert said.status_code == 200
        assert (said.json()["approved"], said.json()["why"]) == (same.approved, same.why)


def test_the_gate_knows_base_model_and_data_set(client: Client, world: World) -> None:
    path = f"/v1/gate/{world.standing(State.APPROVED)}"
    right = {"base_model": "small model", "data_set": "Mails v1"}

    def ask(**given: str) -> bool:
        query = "&".join(f"{name}={value}" for name, value in given.items())
        return bool(client.ask("GET", f"{path}?{query}", Role.RUNNER).json()["approved"])

    assert ask() and ask(**right)
    assert not ask(**right | {"base_model": "another"}) and not ask(**right | {"data_set": "v2"})


def test_a_pilot_opens_the_gate_as_its_proposal_does(client: Client, world: World) -> None:
    id = world.standing(State.APPROVED)
    pilot = next(one.detail["pilot"] for one in decided(world, id) if "pilot" in one.detail)
    assert client.ask("GET", f"/v1/gate/{pilot}", Role.RUNNER).json()["approved"]
