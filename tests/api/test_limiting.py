"""Who asks too often waits; nobody else does."""

from __future__ import annotations

import anyio
import pytest
from client import Client, problem, serving
from world import World

from advisor.api import Rates
from advisor.api.limiting import Limiter
from advisor.api.pools import Pool
from advisor.api.problems import Refused
from advisor.domain.lifecycle import Role


def test_a_token_that_asks_too_often_waits_and_others_do_not(client: Client, world: World) -> None:
    rates = Rates("5/hour", "100/hour")
    with serving(lambda: world.store, rates) as url, Client(url, world) as other:
        hasty, calm = client.token(Role.RUNNER), client.token(Role.AUDITOR)
        answers = [other.ask("GET", "/v1/proposals", hasty) for _ in range(6)]
        assert [one.status_code for one in answers] == [200] * 5 + [429]
        problem(answers[-1], 429, "often")
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 3_600
        assert other.ask("GET", "/v1/proposals", calm).is_success


def test_wrong_tokens_are_slowed_down_and_good_ones_are_not(client: Client, world: World) -> None:
    with serving(lambda: world.store, Rates("100/hour", "3/hour")) as url:
        with Client(url, world) as other:
            answers = [other.ask("GET", "/v1/proposals", f"adv_{n:043}") for n in range(5)]
            assert [one.status_code for one in answers] == [401] * 3 + [429] * 2
            assert int(problem(answers[-1], 429, "often") and answers[-1].headers["retry-after"])
            good = client.token(Role.AUDITOR)
            assert other.ask("GET", "/v1/proposals", good).is_success


def test_all_addresses_of_one_network_count_together() -> None:
    limiter = Limiter(Rates("9/hour", "2/hour"))
    limiter.failed("2001:db8::1")
    limiter.failed("2001:db8::2%eth0")
    with pytest.raises(Refused):
        limiter.failed("2001:db8::3")
    for other in ("2001:db8:0:1::1", "192.0.2.1", "no address", ""):
        limiter.failed(other)


def test_a_pool_takes_so_many_and_refuses_the_rest() -> None:
    pool, done, refused = Pool(1, 2), [], []
    go = anyio.Event

    async def main() -> None:
        start = go()

        async def one(number: int) -> None:
            try:
                await pool.run(lambda: anyio.from_thread.run(start.wait))
                done.append(number)
            except Refused:
                refused.append(number)

        async with anyio.create_task_group() as group:
            for number in range(5):
                group.start_soon(one, number)
                await anyio.wait_all_tasks_blocked()
            start.set()

    anyio.run(main)
    assert (sorted(done), refused) == ([0, 1, 2], [3, 4])


def test_the_desk_answers_while_failures_are_read(client: Client) -> None:
    failures = [{"note": f"Row {n} came out in the wrong shape"} for n in range(120)]
    id = client.made(failures=failures)
    with_ = client.token(Role.OWNER)
    answered = []

    async def main() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(anyio.to_thread.run_sync, assess)
            while not read:
                answer = await anyio.to_thread.run_sync(
                    lambda: client.ask("GET", f"/v1/proposals/{id}/decisions", with_)
                )
                answered.append(answer.status_code)

    read: list[int] = []

    def assess() -> None:
        read.append(client.ask("GET", f"/v1/proposals/{id}/assessment", with_).status_code)

    anyio.run(main)
    assert read == [200] and len(answered) > 3 and set(answered) == {200}
