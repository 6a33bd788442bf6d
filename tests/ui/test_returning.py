"""After signing in one is where one wanted to be, and never anywhere else."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from advisor.ui.middleware import CALLBACK, COOKIE, LONGEST, SIGNED, Returning


async def _callback(request: Request) -> Response:
    """Answer as Streamlit does: a cookie for who is let in, cookies taken from who is not."""
    answer = RedirectResponse("/", 302)
    if request.query_params.get("state") == "right":
        answer.set_cookie(SIGNED, "claims")
    else:
        answer.delete_cookie(SIGNED)
    return answer


async def _page(_: Request) -> Response:
    return Response("a page")


@pytest.fixture
def client() -> TestClient:
    routes = [Route(CALLBACK, _callback), Route("/{rest:path}", _page)]
    app = Starlette(routes=routes, middleware=[Middleware(Returning, screens=["queue", "dossier"])])
    return TestClient(app, follow_redirects=False)


def _lands(client: TestClient, state: str = "right") -> str:
    return client.get(f"{CALLBACK}?state={state}").headers["location"]


@pytest.mark.parametrize("address", ["/queue", "/dossier?p=4k2m&from=a%20message#evidence"])
def test_who_followed_a_link_lands_there_once(client: TestClient, address: str) -> None:
    client.get(address)
    assert _lands(client) == address.partition("#")[0]
    assert _lands(client) == "/"


def test_the_last_link_counts_and_the_first_screen_is_a_wish_too(client: TestClient) -> None:
    client.get("/queue")
    client.get("/dossier?p=a")
    client.get("/static/index.js")
    assert _lands(client) == "/dossier?p=a"
    client.get("/queue")
    client.get("/")
    assert _lands(client) == "/"


def test_who_is_not_let_in_keeps_the_wish(client: TestClient) -> None:
    client.get("/queue")
    assert _lands(client, "wrong") == "/"
    assert _lands(client) == "/queue"


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example.org", "https://evil.example.org", "/\\evil.example.org", "/queue/../people",
        "/api/v1/proposals", "/queue\r\nSet-Cookie: a=b", "/queue?q=<b>", "javascript:alert(1)",
        "/queue?q=" + "a" * LONGEST, "/oauth2callback", "",
    ],
)  # fmt: skip
def test_a_cookie_made_by_hand_leads_nowhere_else(client: TestClient, address: str) -> None:
    client.cookies.set(COOKIE, quote(address, safe=""))
    assert _lands(client) == "/"


def test_nobody_reads_the_cookie_but_the_server(client: TestClient) -> None:
    given = client.get("/queue").headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"} <= set(given.split("; "))


def test_what_is_sent_sets_nothing(client: TestClient) -> None:
    assert "set-cookie" not in client.post("/queue").headers
    assert "set-cookie" not in client.get("/queue/more").headers
