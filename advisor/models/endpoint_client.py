"""One conversation with a chat service over HTTP: patient, limited, and plain about what failed."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx2
from pydantic import ValidationError

from advisor.core.terminal import one_line
from advisor.errors import Problem
from advisor.models.endpoint import ChatAnswer, ChatQuestion, Endpoint, EndpointError
from advisor.models.endpoint_replies import (
    ODD,
    ServiceReply,
    TokenUsage,
    meaning_of,
    said_in_refusal,
)

SHOWN = 200
"""Characters shown of what a service says about a refusal."""
_INSTEAD: dict[str, str | None] = {
    "response_format": None,
    "seed": None,
    "temperature": None,
    "max_tokens": "max_completion_tokens",
}
"""What a service may not know, and what to send instead."""


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
            raise self._error("packs its answers, though asked not to", ODD.mend, final=True)
        content = bytearray()
        async for piece in response.aiter_raw():
            content += piece
            if len(content) > (limit := self._endpoint.limits.answer_bytes):
                what = f"answered with more than {limit / 1e6:g} MB"
                raise self._error(what, "Leave this question out")
        return bytes(content)

    def _answer(self, raw: bytes, seconds: float) -> ChatAnswer:
        try:
            reply = ServiceReply.model_validate_json(raw)
        except ValidationError:
            raise self._error(ODD.what, ODD.mend) from None
        said, used = reply.choices[0], reply.usage or TokenUsage()
        cut = said.finish_reason == "length"
        if not said.message.content:
            mend = "Choose a model that answers at once" if cut else "Leave this question out"
            raise self._error("gave no text", mend)
        counts = used.prompt_tokens, used.completion_tokens
        return ChatAnswer(said.message.content, *counts, cut, seconds)

    def _refused(self, status: int, after: float, raw: bytes) -> Exception:
        meant = meaning_of(status)
        words = "" if status in {401, 403} else self._words(raw)
        what = f"{meant.what} (status {status}{': ' if words else ''}{words})"
        error = self._error(what, meant.mend, meant.final)
        return _Again(error, after) if meant.again else error

    def _words(self, raw: bytes) -> str:
        """Return what the service says, short, on one line and without the key."""
        text = said_in_refusal(raw)
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
