"""Questions to a chat service, many at once, their answers as they come."""

from __future__ import annotations

import asyncio
from asyncio import run_coroutine_threadsafe
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING

from advisor.models.endpoint import ChatAnswer, ChatQuestion, Endpoint, EndpointError, Stop, never

if TYPE_CHECKING:
    from advisor.models.endpoint_client import Client


BREATH = 0.2
"""Seconds after which it is asked whether to stop."""


def chat_all(
    endpoint: Endpoint, questions: Sequence[ChatQuestion], stop: Stop = never
) -> Generator[tuple[int, ChatAnswer | EndpointError], None, None]:
    """Ask many questions, some at once; yield `(place, answer)` as they come, in any order.

    What cannot be answered comes as an error in its place. Closing the iterator, or `stop` (asked
    several times a second), takes back what is still being asked.

    Raises:
        EndpointError: the service would answer none of them: a wrong key, address or model.
    """
    from advisor.models.endpoint_client import Client  # heavy: httpx2

    rest = iter(enumerate(questions))
    asked: dict[Future[ChatAnswer | EndpointError], int] = {}
    with _loop() as loop:
        client = Client(endpoint)
        try:
            while not stop():
                for place, question in islice(rest, endpoint.limits.at_once - len(asked)):
                    asked[run_coroutine_threadsafe(client.ask(question), loop)] = place
                if not asked:
                    return
                done, _ = wait(asked, timeout=BREATH, return_when=FIRST_COMPLETED)
                for one in sorted(done, key=asked.__getitem__):
                    yield asked.pop(one), one.result()
        finally:
            run_coroutine_threadsafe(_end(client), loop).result()


@contextmanager
def _loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Run a loop in a thread of its own: the caller's may run one already, as in a notebook."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(client: Client) -> None:
    asked = asyncio.all_tasks() - {asyncio.current_task()}
    for task in asked:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    await client.close()
