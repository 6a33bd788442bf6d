"""One conversation with a chat service over HTTP: patient, limited, and plain about what failed."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import httpx2
from pydantic import BaseModel, Field, ValidationError

from advisor.core.terminal import one_line
from advisor.errors import Problem
from advisor.models.endpoint import ChatAnswer, ChatQuestion, Endpoint, EndpointError

SHOWN = 200
"""Characters shown of what a service says about a refusal."""
_INSTEAD: dict[str, str | None] = {
    "response_format": None,
    "seed": None,
    "temperature": None,
    "max_tokens": "max_completion_tokens",
}
"""What a service may not know, and what to send instead."""


@dataclass(frozen=True)
class StatusMeaning:
    """What a status means."""

    statuses: range
    what: str
    mend: str
    again: bool = False
    """Worth another try."""
    final: bool = False
    """Every other question would fare the same."""


_REFUSALS = (
    StatusMeaning(range(300, 400), "sends to another address, which is not followed",
            "Set ADVISOR_ENDPOINT_URL to the final address", final=True),
    StatusMeaning(range(401, 402), "does not accept the key", "Check ADVISOR_ENDPOINT_KEY",
            final=True),
    StatusMeaning(range(402, 403), "wants to be paid first", "Check the account there", final=True),
    StatusMeaning(range(403, 404), "does not allow this", "Check ADVISOR_ENDPOINT_KEY", final=True),
    StatusMeaning(range(404, 406), "knows no such address or model",
            "Check ADVISOR_ENDPOINT_URL (most end in /v1) and ADVISOR_ENDPOINT_MODEL", final=True),
    StatusMeaning(range(408, 409), "was too slow", "Try again later", again=True),
    StatusMeaning(range(429, 430), "gets too many questions", "Try again later",
            again=True, final=True),
    StatusMeaning(range(400, 500), "refused the question", "Leave this one out"),
    StatusMeaning(range(500, 600), "has a fault of its own", "Try again later", again=True),
)  # fmt: skip
_ODD = StatusMeaning(range(0), "gave an answer that is none", "Check ADVISOR_ENDPOINT_URL")


class _Said(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    message: _Said
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int | None = Field(default=None, ge=0, le=1e9)
    completion_tokens: int | None = Field(default=None, ge=0, le=1e9)


class _Reply(BaseModel):
    choices: list[_Choice] = Field(min_length=1)
    usage: _Usage | None = None


class _Detail(BaseModel):
    message: str


class _RefusedRequest(BaseModel):
    error: _Detail


class _Again(Exception):
    """Worth another try, perhaps after some seconds."""

    def __init__(self, error: EndpointError, after: float = 0.0) -> None:
        super().__init__(str(error))
        self.error = error
        self.after = after


class Client:
    """Asks one service; questions may be asked at the same time. Close it at the end."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Open nothing yet."""
        self._endpoint = endpoint
        self._key = endpoint.key.get_secret_value() if endpoint.key else ""
        self._unknown: set[str] = set()
        self._http = httpx2.AsyncClient(
            headers={"Accept-Encoding": "identity"}  # a small answer must not unpack to a huge one
            | ({"Authorization": f"Bearer {self._key}"} if self._key else {}),
            timeout=endpoint.limits.seconds,
            trust_env=False,
            follow_redirects=False,
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def ask(self, question: ChatQuestion) -> ChatAnswer | EndpointError:
        """Return the answer, or why there is none.

        Raises:
            EndpointError: a final one.
        """
        limits, wait = self._endpoint.limits, self._endpoint.limits.wait
        for left in reversed(range(limits.tries)):
            try:
                return await self._fitting(question)
            except _Again as failed:
                if left:
                    await asyncio.sleep(max(wait, min(failed.after, limits.longest_wait)))
                    wait *= 2
                    continue
                error = failed.error
            except EndpointError as failed:
                error = failed
            if error.final:
                raise error
            return error
        raise AssertionError("a question is tried at least once")

    async def _fitting(self, question: ChatQuestion) -> ChatAnswer:
        """Ask; what the service does not know of the question is left out, and asked again."""
        while True:
            begun = time.monotonic()
            status, after, raw = await self._post(self._body(question))
            if status == 200:
                return self._answer(raw, time.monotonic() - begun)
            if not self._adapted(status, raw, question):
                raise self._refused(status, after, raw)

    def _body(self, question: ChatQuestion) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._endpoint.model,
            "messages": [message._asdict() for message in question.messages],
            "temperature": question.temperature,
            "max_tokens": question.max_tokens,
        }
        if question.seed is not None:
            body["seed"] = question.seed
        if question.schema is not None:
            form = {"name": "answer", "strict": True, "schema": question.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        for name in self._unknown & body.keys():
            value, instead = body.pop(name), _INSTEAD[name]
            if instead:
                body[instead] = value
        return body

    def _adapted(self, status: int, raw: bytes, question: ChatQuestion) -> bool:
        """Note what the service does not know; whether asking again makes sense."""
        if status not in {400, 404, 415, 422, 501}:
            return False
        open_ = [name for name in _INSTEAD if name in self._body(question)]
        named = [name for name in open_ if name.encode() in raw]
        if status != 404 and "response_format" in open_:
            named = named or ["response_format"]
        self._unknown.update(named)
        return bool(named)

    async def _post(self, body: dict[str, Any]) -> tuple[int, float, bytes]:
        """Return status, seconds to wait and content."""
        limits = self._endpoint.limits
        try:
            async with asyncio.timeout(limits.seconds):
                address = f"{self._endpoint.url}/chat/completions"
                async with self._http.stream("POST", address, json=body) as response:
                    after = _seconds(response.headers.get("retry-after", ""))
                    return response.status_code, after, await self._content(response)
        except (TimeoutError, httpx2.TimeoutException):
            what = f"did not answer within {limits.seconds:g} s"
            raise _Again(self._error(what, "Try again later")) from None
        except (httpx2.HTTPError, httpx2.InvalidURL):
            mend = "Check ADVISOR_ENDPOINT_URL and the network; proxies are not used"
            raise _Again(self._error("cannot be reached", mend, final=True)) from None

    async def _content(self, response: httpx2.Response) -> bytes:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise self._error("packs its answers, though asked not to", _ODD.mend, final=True)
        content = bytearray()
        async for piece in response.aiter_raw():
            content += piece
            if len(content) > (limit := self._endpoint.limits.answer_bytes):
                what = f"answered with more than {limit / 1e6:g} MB"
                raise self._error(what, "Leave this question out")
        return bytes(content)

    def _answer(self, raw: bytes, seconds: float) -> ChatAnswer:
        try:
            reply = _Reply.model_validate_json(raw)
        except ValidationError:
            raise self._error(_ODD.what, _ODD.mend) from None
        said, used = reply.choices[0], reply.usage or _Usage()
        cut = said.finish_reason == "length"
        if not said.message.content:
            mend = "Choose a model that answers at once" if cut else "Leave this question out"
            raise self._error("gave no text", mend)
        counts = used.prompt_tokens, used.completion_tokens
        return ChatAnswer(said.message.content, *counts, cut, seconds)

    def _refused(self, status: int, after: float, raw: bytes) -> Exception:
        meant = next((one for one in _REFUSALS if status in one.statuses), _ODD)
        words = "" if status in {401, 403} else self._words(raw)
        what = f"{meant.what} (status {status}{': ' if words else ''}{words})"
        error = self._error(what, meant.mend, meant.final)
        return _Again(error, after) if meant.again else error

    def _words(self, raw: bytes) -> str:
        """Return what the service says, short, on one line and without the key."""
        try:
            text = _RefusedRequest.model_validate_json(raw).error.message
        except ValidationError:
            return ""
        text = text.replace(self._key, "…") if self._key else text
        return one_line(text[: 4 * SHOWN])[:SHOWN].rstrip(". ")

    def _error(self, what: str, mend: str, final: bool = False) -> EndpointError:
        return EndpointError(Problem(self._endpoint.host, what, mend), final)


def _seconds(text: str) -> float:
    try:
        asked = float(text)
    except ValueError:  # a date, or nothing
        return 0.0
    return asked if asked > 0 else 0.0
