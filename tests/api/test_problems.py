"""What is not done comes back in one shape, with a plain reason and never a traceback."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from client import GOOD, Client, problem, serving
from world import World

from advisor.api import bodies
from advisor.api.bodies import LIMIT
from advisor.domain.lifecycle import Role
from advisor.store import Store
from advisor.store.database.sessions import Database, database_url


def test_an_address_that_is_none_and_a_method_that_does_not_fit(client: Client) -> None:
    for path in ("/", "/v1", "/v2/proposals", "/v1/proposals/", "/docs", "/redoc", "/v1/gate"):
        problem(client.ask("GET", path), 404, "missing")
    answer = client.ask("DELETE", "/v1/proposals")
    assert "GET, POST" in problem(answer, 405, "method")["detail"]
    assert answer.headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is not JSON"), (b"{", "line 1, column 2"), (b"\xff\xfe", "is not UTF-8"),
        (b"[" * 100_000, "nested too deeply"), (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": NaN}', "not a number"), (b'{"a": ' + b"9" * 5_000 + b"}", "5,000 digits"),
    ],
)  # fmt: skip
def test_what_is_no_json_is_said_with_its_place(client: Client, body: bytes, said: str) -> None:
    told = problem(client.ask("POST", "/v1/proposals", body=body), 400, "malformed")
    assert said in told["detail"]


def test_what_does_not_fit_is_said_all_at_once(client: Client) -> None:
    body = {**GOOD, "titel": "x", "requested": "magic", "failures": [{}], "description": 5}
    told = problem(client.ask("POST", "/v1/proposals", body=body), 422, "input")
    found = {one["where"]: one for one in told["errors"]}
    assert set(found) == {"body.titel", "body.requested", "body.failures.#1", "body.description"}
    assert found["body.titel"]["mend"] == "Did you mean 'title'?"
    assert told["detail"].count("\n") == 3


def test_questions_that_there_are_not_are_refused(client: Client) -> None:
    id = client.made()
    wrong = {"answers": {"regulatd": True}, "review": {"rolback": "x"}}
    for method, path, body in (
        ("POST", "/v1/proposals", {**GOOD, **wrong}),
        ("PATCH", f"/v1/proposals/{id}", {"changes": wrong}),
        ("PATCH", f"/v1/proposals/{id}",
         {"changes": {"answers.regulatd": True, "review.rolback": "x"}}),
    ):  # fmt: skip
        told = problem(client.ask(method, path, body=body), 422, "input")
        assert {one["where"] for one in told["errors"]} == {
            "body.answers.regulatd",
            "body.review.rolback",
        }
        assert "Did you mean 'regulated'?" in told["detail"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "offset=-1", "limit=x", "sort=title", f"offset={10**20}",
              "search=" + "a" * 201]
)  # fmt: skip
def test_a_query_that_does_not_fit_is_refused(client: Client, query: str) -> None:
    told = problem(client.ask("GET", f"/v1/proposals?{query}"), 422, "input")
    assert told["errors"][0]["where"] == f"request.query.{query.partition('=')[0]}"


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonx",
             "multipart/form-data; boundary=x", "application/json; charset=latin-1"]
)  # fmt: skip
def test_only_json_is_read(client: Client, kind: str | None) -> None:
    head = {"Content-Type": kind or ""}
    answer = client.ask("POST", "/v1/proposals", body=GOOD, headers=head)
    problem(answer, 415, "type")
    good = {"Content-Type": 'Application/JSON; charset="utf-8"'}
    assert client.ask("POST", "/v1/proposals", body=GOOD, headers=good).is_success


@pytest.mark.parametrize("key", ["", "x" * 181, "a b", "caf\xe9"])
def test_a_write_needs_a_key(client: Client, key: str) -> None:
    head = {"Idempotency-Key": key} if key.isascii() else {"Idempotency-Key": key.encode("latin-1")}
    told = problem(client.ask("POST", "/v1/proposals", body=GOOD, headers=head), 422, "input")  # type: ignore[arg-type]
    assert told["errors"][0]["where"] == "request.header.Idempotency-Key"


def test_a_body_that_is_too_large_is_not_read_to_its_end(client: Client) -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        for _ in range(10 * LIMIT // 65_536):
            read += 65_536
            yield b"x" * 65_536

    problem(client.ask("POST", "/v1/proposals", body=b"x" * (LIMIT + 1)), 413, "large")
    head = {"Authorization": f"Bearer {client.token(Role.OWNER)}",
            "Content-Type": "application/json", "Idempotency-Key": "k"}  # fmt: skip
    try:
        answer = client._web.request("POST", "/v1/proposals", content=endless(), headers=head)
        problem(answer, 413, "large")
    except OSError:
        pass  # the server closed the connection before all was sent
    assert LIMIT < read < 3 * LIMIT


def _raw(client: Client, length: str, body: bytes, cut: bool) -> bytes:
    parts = urlsplit(client.url)
    head = (
        f"POST /api/v1/proposals HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {client.token(Role.OWNER)}\r\nIdempotency-Key: k\r\n"
        f"Connection: close\r\n{length}\r\n\r\n"
    )
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20) as line:
        line.sendall(head.encode() + body)
        if cut:
            line.shutdown(socket.SHUT_WR)
        found = b""
        while piece := line.recv(65_536):
            found += piece
    return found


@pytest.mark.parametrize(
    ("length", "body", "status"),
    [
        (f"Content-Length: {10**12}", b"{", b"413"),
        ("Content-Length: -5", b"{}", b"400"),
        ("Content-Length: many", b"{}", b"400"),
        ("Content-Length: 1", b'{"title": "x"}', b"400"),
        ("Content-Length: 2\r\nContent-Length: 3", b"{}", b"400"),
        ("Transfer-Encoding: chunked", b"zz\r\n{}\r\n0\r\n\r\n", b"400"),
        ("Content-Length: 5000", b"{}", b""),
    ],
)
def test_a_length_that_lies_reaches_nothing(
    client: Client, world: World, length: str, body: bytes, status: bytes
) -> None:
    before = world.store.list_proposals().total
    found = _raw(client, length, body, cut=not status)
    assert found.split(b" ", 2)[1:2] == [status] if status else not found or b" 400 " in found
    assert world.store.list_proposals().total == before
    assert client.ask("GET", "/v1/proposals").is_success


def test_a_body_that_never_comes_is_not_waited_for(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "SECONDS", 0.2)
    found = _raw(client, "Content-Length: 5000", b"{", cut=False)
    assert b" 400 " in found and b"did not arrive whole" in found


def test_a_database_that_is_gone_is_said_in_plain_words(
    tmp_path: Path, client: Client, world: World
) -> None:
    file = tmp_path / "gone.sqlite3"
    store = Store(Database(database_url(f"sqlite:///{file}")))
    store.close()
    file.write_bytes(b"no database " * 1_000)
    with serving(lambda: store) as url, Client(url, world) as other:
        answer = other.ask("GET", "/v1/proposals", client.token(Role.OWNER))
        told = problem(answer, 503, "unready")
    assert told["detail"].startswith("The database did not do this") and "SELECT" not in str(told)
    assert int(answer.headers["retry-after"]) > 0


def test_a_fault_of_ours_has_a_number_and_tells_nothing(
    client: Client, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def fails() -> Store:
        raise ZeroDivisionError("a secret of the inside")

    with serving(fails) as url, Client(url, world) as other:
        told = problem(other.ask("GET", "/v1/proposals", client.token(Role.OWNER)), 500, "fault")
    number = next(one.args[0] for one in caplog.records if one.name == "advisor.api")
    assert str(number) in told["detail"] and "secret" not in str(told)
