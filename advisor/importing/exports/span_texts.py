"""What was asked, said and shown in one span, in the conventions of several years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from advisor.importing.exports.answer_text import answered
from advisor.importing.exports.nested_text import (
    dialogue,
    given,
    last_answer,
    opened,
    spoken,
    turns,
)
from advisor.importing.exports.otlp_attributes import at

Events = Sequence[tuple[str, Mapping[str, Any]]]

_ASKED = (
    "gen_ai.input.messages",
    "llm.input_messages",
    "gen_ai.prompt",
    "ai.prompt.messages",
    "ai.prompt",
    "traceloop.entity.input",
    "input.value",
    "gen_ai.retrieval.query.text",
)
_SAID = (
    "gen_ai.output.messages",
    "llm.output_messages",
    "gen_ai.completion",
    "ai.response.text",
    "traceloop.entity.output",
    "output.value",
)
RETRIEVED = ("retrieval.documents", "gen_ai.retrieval.documents", "reranker.output_documents")
"""Where the documents that a search found stand."""
_DOCUMENTS = (
    *RETRIEVED,
    "gen_ai.tool.call.result",
    "output.value",
    "traceloop.entity.output",
)
_ASKED_EVENTS = {
    "gen_ai.user.message": "user",
    "gen_ai.system.message": "system",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
    "gen_ai.content.prompt": "user",
}
_SAID_EVENTS = frozenset({"gen_ai.choice", "gen_ai.content.completion"})
_BODIES = ("gen_ai.event.content", "gen_ai.prompt", "gen_ai.completion", "content", "message")
_DETAILS = "gen_ai.client.inference.operation.details"


def _talk(value: Any, role: str) -> list[tuple[str, str]]:
    """Return a conversation; a mere text is said by `role`."""
    if value is None:
        return []
    talk = [(who or role, words) for who, words in turns(value) if words]
    words = "" if talk else spoken(value)
    return talk or ([(role, words)] if words else [])


def asked_in(tree: Mapping[str, Any], events: Events) -> tuple[str, str]:
    """Return `(what was asked, what tools gave within the conversation)`."""
    for source in [tree, *(body for name, body in events if name == _DETAILS)]:
        for path in _ASKED:
            if talk := _talk(at(source, path), "user"):
                return dialogue(talk), given(talk)
    told = [turn for name, body in events for turn in _event_talk(name, body)]
    return dialogue(told), given(told)


def _event_talk(name: str, body: Mapping[str, Any]) -> list[tuple[str, str]]:
    role = _ASKED_EVENTS.get(name)
    return _talk(_body(body), role) if role else []


def _body(body: Mapping[str, Any]) -> Any:
    value = opened(next((at(body, name) for name in _BODIES if at(body, name)), None))
    if isinstance(value, Mapping) and isinstance(value.get("message"), Mapping):
        value = value["message"]
    return [value] if isinstance(value, Mapping) and "role" in value else value


def said_in(tree: Mapping[str, Any], events: Events) -> str:
    """Return the last answer in a span."""
    for source in [tree, *(body for name, body in events if name == _DETAILS)]:
        for path in _SAID:
            if answer := _answer(at(source, path)):
                return answer
    found = [_answer(_body(body)) for name, body in events if name in _SAID_EVENTS]
    return next((answer for answer in reversed(found) if answer), "")


def _answer(value: Any) -> str:
    if value is None:
        return ""
    talk = turns(value)
    return last_answer(talk)[1] or dialogue(talk) or answered(value)[0]


def shown_in(tree: Mapping[str, Any], paths: Sequence[str] = _DOCUMENTS) -> str:
    """Return the texts that a search or a tool gave."""
    for path in paths:
        value = opened(at(tree, path))
        documents = value if isinstance(value, list) else [value] if value else []
        texts = [text for item in documents if (text := _document(item))]
        if texts:
            return "\n".join(texts)
    return ""


def _document(item: Any) -> str:
    inner = item.get("document", item) if isinstance(item, Mapping) else item
    if isinstance(inner, Mapping) and inner.keys() & {"id", "score"} and "content" not in inner:
        return ""
    return spoken(inner.get("content", inner)) if isinstance(inner, Mapping) else spoken(inner)
