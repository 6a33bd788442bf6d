"""Many who decide at once: one wins, nothing is lost, and the others are told why."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from world import World, key

from advisor.domain.lifecycle import Action, Role, State
from advisor.domain.review import Decision
from advisor.errors import ConflictError, NotAllowedError
from advisor.store.database.audit_trail import Trail, TrailQuery
from advisor.store.review import decisions

THREADS = 8
_PROCESS = """
import json, sys
from advisor.errors import ConflictError
from advisor.review.decisions.decide import ReviewService
from advisor.review.decisions.decision_requests import DecisionRequest
from advisor.rules import load
from advisor.store import open_store
service = ReviewService(open_store(sys.argv[1]), load())
print("ready", flush=True)
actor, requests = sys.argv[2], json.loads(sys.stdin.readline())
won, told = [], []
for id, request in requests.items():
    try:
        service.decide(id, DecisionRequest.model_validate(request), actor, f"once-{id}")
        won.append(id)
    except ConflictError as error:
        told.append(str(error))
print(json.dumps([won, told]))
"""


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Call from as many threads that start together; errors come back as what they are."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return call()
        except (ConflictError, NotAllowedError) as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def moves(world: World, id: str) -> list[Decision]:
    with world.store.database.read() as connection:
        return [*decisions.about(connection, id)]


def test_two_who_race_make_one_decision_and_the_other_is_told(world: World) -> None:
    id = world.at(State.SUBMITTED)
    people = [world.person(Role.REVIEWER) for _ in range(THREADS)]
    actions = [Action.APPROVE_PILOT, Action.REFUSE, Action.REQUEST_CHANGES]
    asked = [world.request(id, actions[n % 3]) for n in range(THREADS)]
    found = at_once([
        lambda n=n: world.service.decide(id, asked[n], people[n], key()) for n in range(THREADS)
    ])  # fmt: skip
    won = [one for one in found if isinstance(one, Decision)]
    lost = [str(one) for one in found if isinstance(one, ConflictError)]
    assert len(won) == 1 and len(lost) == THREADS - 1
    assert all("is not possible now" in text and "by Somebody" in text for text in lost)
    assert [one.id for one in moves(world, id)][1:] == [won[0].id]
    wanted = TrailQuery(proposal=id, action="refused_attempt")
    assert len(Trail(world.store.database).newest(wanted)) == THREADS - 1


def test_a_button_pressed_many_times_at_once_is_one_decision(world: World) -> None:
    id, by = world.at(State.SUBMITTED), world.who[Role.REVIEWER]
    asked = world.request(id, Action.APPROVE_PILOT)
    once = key()
    found = at_once([lambda: world.service.decide(id, asked, by, once)] * THREADS)
    assert len({one.id for one in found}) == 1 and len(moves(world, id)) == 2


def test_an_edit_and_a_decision_at_once_never_approve_what_nobody_saw(world: World) -> None:
    for _ in range(3):
        id = world.at(State.SUBMITTED)
        asked = world.request(id, Action.APPROVE_PILOT)
        decided, _ = at_once([
            lambda id=id, asked=asked: world.service.decide(
                id, asked, world.who[Role.REVIEWER], key()
            ),
            lambda id=id: world.store.edit(
                id, {"review.rollback": "Another."}, world.who[Role.OWNER], key()
            ),
        ])  # fmt: skip
        assert world.state(id) is State.DRAFT and not world.gate(id, "pilot").approved
        assert isinstance(decided, Decision | ConflictError)
        assert isinstance(decided, Decision) or "changed while you read" in str(decided)


def test_a_role_taken_at_the_same_moment_counts_or_does_not(world: World) -> None:
    id, by = world.at(State.SUBMITTED), world.person(Role.REVIEWER)
    asked = world.request(id, Action.REFUSE)
    decided, _ = at_once([
        lambda: world.service.decide(id, asked, by, key()),
        lambda: world.people.take(by, Role.REVIEWER, world.admin, key()),
    ])  # fmt: skip
    assert world.state(id) is (State.REFUSED if isinstance(decided, Decision) else State.SUBMITTED)
    rows = Trail(world.store.database).newest(TrailQuery(limit=3))
    named = [row.action for row in rows]  # type: ignore[union-attr]
    assert isinstance(decided, Decision) or named[0] == "refused_attempt"


@pytest.mark.slow
def test_two_processes_decide_each_proposal_once(world: World) -> None:
    ids = [world.at(State.SUBMITTED) for _ in range(5)]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _PROCESS, world.url, world.person(Role.REVIEWER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    lines = [
        json.dumps({id: world.request(id, action).model_dump(mode="json") for id in ids})
        for action in (Action.REFUSE, Action.APPROVE_PILOT)
    ]
    assert [one.stdout.readline() for one in processes if one.stdout] == ["ready\n"] * 2
    for one, line in zip(processes, lines, strict=True):
        assert one.stdin
        one.stdin.write(f"{line}\n")
        one.stdin.flush()
    results = [json.loads(one.communicate(timeout=60)[0]) for one in processes]
    won = [id for ids_won, _ in results for id in ids_won]
    assert sorted(won) == sorted(ids)
    assert sum(len(told) for _, told in results) == len(ids)
    for id in ids:
        assert len(moves(world, id)) == 2
