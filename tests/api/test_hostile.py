"""Hostile texts in every field are kept to the letter or refused, and never do anything."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import pytest
from client import GOOD, Client, problem
from world import World

from advisor.api.operations import OPERATIONS
from advisor.domain.lifecycle import Role
from advisor.ui.middleware import HEADERS

KEPT = {
    "sql": "'; DROP TABLE proposal; --",
    "path": "../../../../etc/passwd",
    "windows path": "C:\\Windows\\..\\system32",
    "script": "<script>alert(1)</script>",
    "markdown": "[x](javascript:alert(1)) ![y](http://127.0.0.1:1/z)",
    "formula": '=HYPERLINK("http://127.0.0.1:1","x")',
    "template": "{{7*7}} ${7*7} {0.__class__} %s%n",
    "header": "x\r\nSet-Cookie: a=b",
    "control": "\x01\x07\x1b[31m\x7f\u0085\u2028\u202e\ufeff",
    "emoji": "👩‍🚀" * 50,
    "combining": "e" + "\u0301" * 200,
}
REFUSED: dict[str, Any] = {
    "nul": "a\x00b",
    "half": "\ud800",
    "other half": "x\udfffy",
    "long": "x" * 20_001,
    "huge": 10**299,
    "huge fraction": 1e308,
    "list": ["x"],
    "deep": json.loads("[" * 400 + "]" * 400),
    "object": {"__proto__": {"x": 1}, "$ref": "file:///etc/passwd"},
}
TEXTS = ("title", "description", "current.model", "current.prompt", "current.retrieval",
         "review.rollback", "review.intended_use", "failures.note", "failures.input",
         "failures.context", "failures.id")  # fmt: skip
LONG = ("failures.note", "failures.input", "failures.context")
RULED = ("huge", "huge fraction")
"""What fits an answer until the rules are asked, which happens once all else fits."""
OTHERS = ("requested", "answers.regulated", "answers.labelled_examples", "corrections.f1",
          "answers.facts_change_often", "review.reach")  # fmt: skip


def _with(fields: Iterable[str], value: Any) -> dict[str, Any]:
    body = json.loads(json.dumps(GOOD))
    for group, dot, name in (field.partition(".") for field in fields):
        if group == "failures":
            body["failures"][0][name] = value
        elif dot:
            body.setdefault(group, {})[name] = value
        else:
            body[group] = value
    return dict(body)


def _at(read: dict[str, Any], field: str) -> Any:
    group, dot, name = field.partition(".")
    inner = read[group][0] if group == "failures" else read[group]
    return inner[name] if dot else inner


@pytest.mark.parametrize("name", KEPT)
def test_what_is_text_is_kept_to_the_letter_in_every_field(either: Client, name: str) -> None:
    made = either.ask("POST", "/v1/proposals", body=_with(TEXTS, KEPT[name]))
    assert made.status_code == 201, made.text
    read = either.ask("GET", made.headers["location"].removeprefix("/api")).json()
    assert {_at(read["proposal"], field) for field in TEXTS} == {KEPT[name]}
    assert "set-cookie" not in made.headers


@pytest.mark.parametrize("name", REFUSED)
def test_what_nothing_can_keep_is_refused_in_every_field(client: Client, name: str) -> None:
    # people write less than a model that never stops
    texts = [one for one in TEXTS if name != "long" or one not in LONG]
    told = problem(
        client.ask("POST", "/v1/proposals", body=_with(texts, REFUSED[name])), 422, "input"
    )
    where = {one["where"].replace(".#1", "") for one in told["errors"]}
    assert where == {f"body.{one}" for one in texts if not one.startswith("review")} | {
        f"body.{one}" for one in texts if one.startswith("review") and name not in RULED
    }
    id = client.made()
    for field in [*OTHERS, *texts]:
        if not field.startswith("failures"):
            body = {"changes": {field: REFUSED[name]}}
            problem(client.ask("PATCH", f"/v1/proposals/{id}", body=body), 422, "input")
    for field in OTHERS:
        body = _with([field], REFUSED[name])
        problem(client.ask("POST", "/v1/proposals", body=body), 422, "input")
    assert client.ask("GET", f"/v1/proposals/{id}").json()["version"] == 1


@pytest.mark.parametrize("name", [*KEPT.values(), *map(str, ("\x00", "\ud800", "x" * 300, ""))])
def test_odd_names_of_fields_are_refused(client: Client, name: str) -> None:
    id = client.made()
    for body in ({**GOOD, name: 1}, {**GOOD, "answers": {name: 1}}, {**GOOD, "review": {name: 1}}):
        problem(client.ask("POST", "/v1/proposals", body=body), 422, "input")
    for path in (name, f"answers.{name}", f"current.{name}", f"title.{name}", "failures.f1"):
        body = {"changes": {path: "x"}}
        problem(client.ask("PATCH", f"/v1/proposals/{id}", body=body), 422, "input")


IDS = [*KEPT.values(), "%2e%2e", "a\x00b", "x" * 20, "x" * 5_000, "Ä" * 20, "*", "' --"]


@pytest.mark.parametrize("one", [one for one in OPERATIONS if "{id}" in one.path],
                         ids=lambda one: one.name)  # fmt: skip
def test_odd_ids_find_nothing(either: Client, one: Any) -> None:
    body = {"changes": {"title": "x"}} if one.takes == "changes" else {
        "version": 1, "content": "0" * 64,
    }  # fmt: skip
    for id in IDS:
        path = one.path.replace("{id}", quote(id, safe=""))
        answer = either.ask(one.method, path, Role.OWNER, body)
        assert answer.status_code in {404, 405}, (id, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("text", [*KEPT.values(), "%", "_", "\\"])
def test_odd_words_in_a_search_find_what_holds_them(client: Client, text: str) -> None:
    id = client.made(title=f"Odd {text} words")
    answer = client.ask("GET", f"/v1/proposals?limit=100&search={quote(text[:190])}")
    found = [one["id"] for one in answer.json()["proposals"]]
    assert answer.status_code == 200 and id in found


def test_the_gate_takes_odd_names_as_names(client: Client, world: World) -> None:
    id = world.proposal()
    for text in KEPT.values():
        query = f"base_model={quote(text)}&data_set={quote(text)}"
        answer = client.ask("GET", f"/v1/gate/{id}?{query}")
        assert answer.status_code == 200 and not answer.json()["approved"]


def test_other_sites_may_not_read_and_nothing_is_cached(client: Client, world: World) -> None:
    foreign = {"Origin": "https://evil.example"}
    good = client.ask("GET", "/v1/proposals", headers=foreign)
    bad = client.ask("GET", "/v1/proposals", None, headers=foreign)
    none = client.ask("GET", "/nowhere", headers=foreign)
    asked = {**foreign, "Access-Control-Request-Method": "POST",
             "Access-Control-Request-Headers": "authorization"}  # fmt: skip
    before = client.ask("OPTIONS", "/v1/proposals", None, headers=asked)
    assert [one.status_code for one in (good, bad, none, before)] == [200, 401, 404, 405]
    for answer in (good, bad, none, before):
        assert not [name for name in answer.headers if name.startswith("access-control")]
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers
        for name, value in HEADERS.items():
            assert answer.headers[name.decode()] == value.decode()


def test_tokens_stay_out_of_logs(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    token = client.token(Role.OWNER)
    with caplog.at_level(logging.DEBUG):
        client.made()
        client.ask("GET", "/v1/proposals", token[:-1])
        client.ask("DELETE", "/v1/proposals", token)
    server = [one for one in caplog.records if not one.name.startswith(("httpx", "httpcore"))]
    assert token[:-1] not in " ".join(str(one.__dict__) for one in server)
