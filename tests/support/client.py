"""A program that uses the API."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

import httpx2
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from world import World, key

from advisor.api import Rates, api
from advisor.domain.lifecycle import Role
from advisor.review.people.tokens import Tokens
from advisor.store import Store
from advisor.ui.middleware import Beside, SecurityHeaders

MANY = Rates("1000000/second", "1000000/second")
GOOD = {
    "title": "Shop assistant quotes old return rules",
    "description": "It answers customers. Rules change each season.",
    "requested": "retrieval",
    "answers": {"facts_change_often": "weekly", "retrieval_tried": False},
    "failures": [{"input": "May I return it?", "output": "14 days", "expected": "30 days"}],
}


class Client:
    """Asks for people of any role."""

    def __init__(self, url: str, world: World) -> None:
        self.url = url
        self.world = world
        self._tokens: dict[str, str] = {}
        self._web = httpx2.Client(base_url=f"{url}/api", timeout=110)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._web.close()

    def token(self, role: Role, person: str | None = None) -> str:
        who = person or self.world.who[role]
        name = f"{who} {role}"
        if name not in self._tokens:
            tokens = Tokens(self.world.store)
            self._tokens[name] = tokens.give(who, role, 30, self.world.admin, key()).secret
        return self._tokens[name]

    def ask(
        self,
        method: str,
        path: str,
        by: Role | str | None = Role.OWNER,
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> httpx2.Response:
        """Send a request; what a good one has is added unless `headers` says it."""
        head: dict[str, str] = {}
        sent: bytes | None = None
        if by is not None:
            head["Authorization"] = f"Bearer {self.token(by) if isinstance(by, Role) else by}"
        if method in {"POST", "PATCH"}:
            head |= {"Content-Type": "application/json", "Idempotency-Key": key()}
            sent = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        wanted = {name: value for name, value in (head | (headers or {})).items() if value}
        return self._web.request(method, path, content=sent, headers=wanted)

    def made(self, by: Role | str = Role.OWNER, **more: Any) -> str:
        """Return the id of a new proposal."""
        answer = self.ask("POST", "/v1/proposals", by, GOOD | more)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


@contextmanager
def serving(open: Callable[[], Store], rates: Rates = MANY) -> Iterator[str]:
    """Serve the API on this machine as the app does, without the screens."""
    beside = Middleware(Beside, under="/api", other=api(open, rates))
    front = [Middleware(SecurityHeaders), beside]
    config = uvicorn.Config(Starlette(middleware=front), port=0, log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def problem(answer: httpx2.Response, status: int, why: str) -> dict[str, Any]:
    """Return what an answer says is wrong, once it has the shape that all have."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert (told["status"], told["why"]) == (status, why)
    assert told["detail"] and "Traceback" not in answer.text
    return told
