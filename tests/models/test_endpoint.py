"""A chat service is asked with patience and limits, and a failure says what to mend."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import threading
from contextlib import closing
from itertools import count
from typing import Any

import pytest
from endpoints import QUICK, Reply, refused, said, service
from pydantic import SecretStr

from advisor.errors import InputError
from advisor.models.chat import chat_all
from advisor.models.endpoint import (
    ChatAnswer,
    ChatQuestion,
    Endpoint,
    EndpointError,
    Limits,
    Message,
    configured,
)

PATIENT = Limits(seconds=60, at_once=QUICK.at_once)
KEY = "sk-very-secret-key"
HELLO = ChatQuestion((Message("system", "Be brief."), Message("user", "Hello")))
SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}


def chat(endpoint: Endpoint, question: ChatQuestion) -> ChatAnswer:
    """Ask one question."""
    with closing(chat_all(endpoint, [question])) as answers:
        _, answer = next(answers)
    if isinstance(answer, EndpointError):
        raise answer
    return answer


def asks(text: str) -> ChatQuestion:
    return ChatQuestion((Message("user", text),))


def test_a_question_is_sent_as_the_service_expects_it() -> None:
    with service(lambda body: said("Hi.", (12, 3))) as there:
        answer = chat(there.endpoint(key=SecretStr(KEY)), HELLO)
        assert answer._replace(seconds=0) == ChatAnswer("Hi.", 12, 3, cut=False, seconds=0)
        assert there.paths == ["/v1/chat/completions"]
        assert there.headers[0]["authorization"] == f"Bearer {KEY}"
        assert there.asked == [
            {
                "model": "test-model",
                "messages": [
                    {"role": "system", "content": "Be brief."},
                    {"role": "user", "content": "Hello"},
                ],
                "temperature": 0.0,
                "max_tokens": 512,
                "seed": 0,
            }
        ]


def test_token_counts_may_be_missing_and_an_answer_may_be_cut() -> None:
    with service(lambda body: said("Once upon", None, "length")) as there:
        answer = chat(there.endpoint(), HELLO)
    assert (answer.tokens_in, answer.tokens_out, answer.cut) == (None, None, True)
    assert "authorization" not in there.headers[0]


def test_what_a_service_does_not_know_is_left_out_and_remembered() -> None:
    def old(body: dict[str, Any]) -> Reply:
        for name in ("response_format", "seed", "max_tokens"):
            if name in body:
                return refused(400, f"Unrecognized request argument: {name}")
        return said("{}")

    with service(old) as there:
        questions = [ChatQuestion(HELLO.messages, SCHEMA)] * 2
        one = there.endpoint(Limits(**{**QUICK.__dict__, "at_once": 1}))
        answers = dict(chat_all(one, questions))
    assert [type(answer) for answer in answers.values()] == [ChatAnswer, ChatAnswer]
    assert len(there.asked) == 5
    assert set(there.asked[-1]) == {"model", "messages", "temperature", "max_completion_tokens"}


def test_a_service_without_schemas_is_asked_without() -> None:
    with service(lambda body: refused(422) if "response_format" in body else said("{}")) as there:
        assert chat(there.endpoint(), ChatQuestion(HELLO.messages, SCHEMA)).text == "{}"
        assert there.asked[0]["response_format"]["json_schema"]["schema"] == SCHEMA


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_busy_service_is_asked_again(status: int) -> None:
    turn = count()
    with service(
        lambda body: said("Hi.") if next(turn) == 2 else refused(status, Retry_After="0.01")
    ) as there:
        assert chat(there.endpoint(), HELLO).text == "Hi."
    assert len(there.asked) == 3


def test_waiting_as_long_as_asked_but_no_longer_than_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    turn, waits, wait = count(), [], asyncio.sleep

    async def noted(seconds: float) -> None:
        waits.append(seconds)
        await wait(seconds)

    monkeypatch.setattr(asyncio, "sleep", noted)
    with service(
        lambda body: refused(429, Retry_After="3600") if next(turn) == 0 else said("Hi.")
    ) as there:
        limits = Limits(seconds=2, tries=2, wait=0.01, longest_wait=0.3)
        assert chat(there.endpoint(limits), HELLO).text == "Hi."
    assert max(waits) == 0.3  # a server of other tests sleeps for a tenth now and then


@pytest.mark.parametrize(
    ("reply", "what", "tries"),
    [
        (refused(401, KEY), "does not accept the key", 1),
        (refused(403, KEY), "does not allow this", 1),
        (refused(404, "no model 'test-model'"), "ADVISOR_ENDPOINT_MODEL", 1),
        (refused(400, f"bad {KEY}\x1b[31m\nline"), "refused the question", 1),
        (refused(307, Location="http://127.0.0.1:1/v1"), "sends to another address", 1),
        (refused(429), "gets too many questions", 3),
        (refused(500), "has a fault of its own", 3),
        (refused(600), "gave an answer that is none", 1),
        (Reply(b"<html>Welcome</html>"), "gave an answer that is none", 1),
        (Reply(b"[" * 100_000), "gave an answer that is none", 1),
        (Reply(b'{"choices": []}'), "gave an answer that is none", 1),
        (said(None), "gave no text", 1),
        (said("", why="length"), "a model that answers at once", 1),
        (Reply(gzip.compress(b"{}"), headers={"Content-Encoding": "gzip"}), "packs its answers", 1),
        (said("x" * 1_000_001), "more than 1 MB", 1),
    ],
)
def test_a_failure_is_one_plain_line(
    reply: Reply, what: str, tries: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with service(lambda body: reply) as there:
        with pytest.raises(EndpointError, match=what) as failed:
            chat(there.endpoint(key=SecretStr(KEY)), HELLO)
        assert len(there.asked) == tries
    line = str(failed.value)
    assert line.startswith(f"127.0.0.1:{there.server_port}: ")
    assert "\n" not in line and "\x1b" not in line and len(line) < 500
    assert KEY not in line + caplog.text
    assert failed.value.__cause__ is None


def test_a_slow_service_is_left_in_time() -> None:
    given_up = threading.Event()

    def slow(body: dict[str, Any]) -> Reply:
        given_up.wait(PATIENT.seconds)
        return said("late")

    with service(slow) as there:
        limits = Limits(seconds=1, tries=2, wait=0.01)  # enough to be connected, on a busy machine
        with pytest.raises(EndpointError, match="did not answer within 1 s"):
            chat(there.endpoint(limits), HELLO)
        given_up.set()
        assert len(there.asked) == 2


def test_nobody_there_is_said() -> None:
    with service(lambda body: said("Hi.")) as there:
        gone = there.endpoint()
    with pytest.raises(EndpointError, match="cannot be reached"):
        chat(gone, HELLO)


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with service(lambda body: said("Hi.")) as there:
        assert chat(there.endpoint(), HELLO).text == "Hi."


def test_many_are_asked_at_once_within_the_limit_and_each_answer_has_its_place() -> None:
    full = threading.Event()

    def play(body: dict[str, Any]) -> Reply:
        if there.most == QUICK.at_once:
            full.set()
        full.wait(PATIENT.seconds)
        text = body["messages"][0]["content"]
        return refused(400) if text == "5" else said(f"answer {text}")

    with service(play) as there:
        answers = dict(chat_all(there.endpoint(PATIENT), [asks(str(n)) for n in range(12)]))
    assert there.most == QUICK.at_once
    assert isinstance(answers.pop(5), EndpointError)
    assert {n: answer.text for n, answer in answers.items() if isinstance(answer, ChatAnswer)} == {
        n: f"answer {n}" for n in range(12) if n != 5
    }


def test_closing_takes_back_what_was_not_answered() -> None:
    full, closed = threading.Event(), threading.Event()

    def play(body: dict[str, Any]) -> Reply:
        if there.most == QUICK.at_once:
            full.set()
        event = full if body["messages"][0]["content"] == "0" else closed
        event.wait(PATIENT.seconds)
        return said("Hi.")

    with service(play) as there:
        questions = [asks(str(n)) for n in range(50)]
        with closing(chat_all(there.endpoint(PATIENT), questions)) as answers:
            assert next(answers)[0] == 0
        closed.set()
        assert len(there.asked) <= QUICK.at_once + 1


def test_a_wrong_key_ends_everything_at_once() -> None:
    with service(lambda body: refused(401)) as there:
        with pytest.raises(EndpointError, match="key"):
            list(chat_all(there.endpoint(), [HELLO] * 50))
        assert len(there.asked) <= QUICK.at_once


def test_nothing_asked_needs_no_service() -> None:
    assert list(chat_all(Endpoint("http://127.0.0.1:1", "m"), [])) == []


def test_prices_are_for_a_million_tokens() -> None:
    assert Endpoint("u", "m", price_in=2.0, price_out=10.0).price(500_000, 100_000) == 2.0
    assert Endpoint("u", "m", price_in=2.0).price(1, 1) is None


def test_without_settings_there_is_no_endpoint(home: Any) -> None:
    assert configured() is None


def test_settings_name_the_endpoint_and_hide_its_key(
    home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_ENDPOINT_URL", "https://models.example.org/v1/chat/completions")
    with pytest.raises(InputError, match="ADVISOR_ENDPOINT_MODEL: is not set"):
        configured()
    monkeypatch.setenv("ADVISOR_ENDPOINT_MODEL", "small")
    monkeypatch.setenv("ADVISOR_ENDPOINT_KEY", f" {KEY}\n")
    monkeypatch.setenv("ADVISOR_ENDPOINT_PRICE_IN", "0.5")
    found = configured()
    assert found is not None
    assert (found.url, found.host) == ("https://models.example.org/v1", "models.example.org")
    assert found.key is not None and found.key.get_secret_value() == KEY
    assert KEY not in repr(found)
    monkeypatch.delenv("ADVISOR_ENDPOINT_URL")
    with pytest.raises(InputError, match="ADVISOR_ENDPOINT_URL: is not set"):
        configured()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", "http://models.example.org/v1"),
        ("URL", "http://127.0.0.1.example.org/v1"),
        ("URL", f"https://user:{KEY}@models.example.org/v1"),
        ("URL", f"https://models.example.org/v1?key={KEY}"),
        ("URL", "https://models.example.org:99999/v1"),
        ("URL", "https://[models"),
        ("URL", "file:///etc/passwd"),
        ("URL", "models.example.org"),
        ("KEY", f"{KEY}\nX-Other: 1"),
        ("PRICE_IN", "-1"),
        ("PRICE_OUT", "nan"),
    ],
)
def test_a_setting_that_cannot_be_used_is_said_without_its_secret(
    name: str, value: str, home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"ADVISOR_ENDPOINT_{name}", value)
    with pytest.raises(InputError, match=f"ADVISOR_ENDPOINT_{name}: ") as failed:
        configured()
    assert KEY not in str(failed.value)


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "127.8.8.8:1", "[::1]:80"])
def test_a_server_on_this_machine_needs_no_encryption(
    host: str, home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_ENDPOINT_URL", f"http://{host}/v1/")
    monkeypatch.setenv("ADVISOR_ENDPOINT_MODEL", "m")
    found = configured()
    assert found is not None and found.url == f"http://{host}/v1"


def test_the_body_of_a_question_is_json_that_any_text_survives() -> None:
    text = 'quotes " \\ \u2028 \u202e 日本 \x07'
    with service(lambda body: said(json.dumps(body["messages"][0]["content"]))) as there:
        assert json.loads(chat(there.endpoint(), asks(text)).text) == text
