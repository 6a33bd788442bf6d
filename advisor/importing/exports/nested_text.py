"""Readable text from the nested values that tools export: messages, variables, scores."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from advisor.importing.formats.json_records import parse
from advisor.importing.tables.headers import SYNONYMS, plain_name
from advisor.importing.tables.table import as_text, compact

CONTEXT_NAMES = frozenset(plain_name(name) for name in SYNONYMS["context"].split(","))
_WRAPPERS = ("messages", "generations", "choices", "output", "content", "text", "message")
_TEXTS = ("text", "content", "page_content", "pageContent")
_DEPTH = 6
_ROLES = {"human": "user", "ai": "assistant", "system": "system", "tool": "tool"}
_SILENT = frozenset({"reasoning", "thinking", "redacted_thinking"})
_GIVEN = frozenset({"tool_call_response", "tool_result"})
_ANSWERS = frozenset({"assistant", "model", "ai"})
_SHOWN = frozenset({"tool", "function"})
_SETUP = frozenset({"system", "developer"})


def opened(value: Any) -> Any:
    """Return what a cell holds: JSON written as text is parsed, everything else stays."""
    if isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
        try:
            return parse(value)
        except (json.JSONDecodeError, ValueError):
            return value
    return value


def spoken(value: Any, depth: int = _DEPTH) -> str:
    """Return the words in `value`: the text of a message, the only entry of an object, or JSON."""
    value = opened(value)
    if depth == 0:
        return as_text(value)
    if isinstance(value, Mapping):
        return _of_object(value, depth - 1)
    if is_conversation(value):
        return conversation(value)
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        return spoken(value[0], depth - 1)
    if isinstance(value, list) and value:
        parts = [_part(item) for item in value]
        if None not in parts:
            return "\n".join(part for part in parts if part)
    return as_text(value)


def _of_object(value: Mapping[str, Any], depth: int) -> str:
    filled = {name: inner for name, inner in value.items() if inner not in (None, "", [], {})}
    if len(filled) == 1:
        return spoken(next(iter(filled.values())), depth)
    for wrapper in _WRAPPERS:
        inner = filled.get(wrapper)
        if inner and ("role" in filled or "type" in filled or wrapper == "messages"):
            return spoken(inner, depth)
    if all(isinstance(inner, (str, int, float, bool)) for inner in filled.values()):
        return "\n".join(f"{name}: {as_text(inner)}" for name, inner in filled.items())
    return compact(value) if value else ""


def is_conversation(value: Any) -> bool:
    """Tell a list of messages with roles."""
    if not isinstance(value, list) or not value:
        return False
    items = [_message(item) if isinstance(item, Mapping) else {} for item in value]
    said = any("content" in item and "role" in item for item in items)
    return said and all("role" in item or "type" in item for item in items)


def _message(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a message with `role` and `content`, whatever tool wrapped it."""
    for wrapper in ("message", "kwargs", "data"):
        inner = item.get(wrapper)
        if isinstance(inner, Mapping) and inner.keys() & {"content", "parts", "contents"}:
            item = {**item, **inner}
            break
    content = item.get("content") or item.get("parts") or item.get("contents")
    role = item.get("role") or _ROLES.get(as_text(item.get("type")).lower())
    changed = {"content": content} if content else {}
    return {**item, **changed, **({"role": role} if role else {})}


def _part(item: Any) -> str | None:
    """Return the text of one part of a message; None where it is none."""
    if isinstance(item, str):
        return item
    if not isinstance(item, Mapping):
        return None
    inner = item.get("message_content", item.get("document"))
    item = inner if isinstance(inner, Mapping) else item
    kind = as_text(item.get("type"))
    if kind in _SILENT:
        return ""
    text = next((item[name] for name in _TEXTS if item.get(name)), None)
    if isinstance(text, str):
        return text
    if kind in _GIVEN:
        return spoken(item.get("response", item.get("result", item.get("content"))), 2)
    return f"[{kind}]" if kind else None


def turns(messages: Any) -> list[tuple[str, str]]:
    """Return a conversation as `(role, words)`; anything else as nothing."""
    messages = opened(messages)
    if isinstance(messages, Mapping):
        messages = messages.get("messages")
    if not isinstance(messages, list):
        return []
    if len(messages) == 1 and isinstance(messages[0], list):
        messages = messages[0]
    found = [_message(item) for item in messages if isinstance(item, Mapping)]
    return [(as_text(item.get("role")), _content(item)) for item in found]


def dialogue(talk: Sequence[tuple[str, str]]) -> str:
    """Return what was asked, without set-up and tools; a single turn without its speaker."""
    said = [(role, words) for role, words in talk if role not in _SETUP | _SHOWN and words]
    if len(said) == 1:
        return said[0][1]
    return "\n".join(f"{role}: {words}" for role, words in said)


def given(talk: Sequence[tuple[str, str]]) -> str:
    """Return what tools gave the model within a conversation."""
    return "\n".join(words for role, words in talk if role in _SHOWN and words)


def last_answer(talk: Sequence[tuple[str, str]]) -> tuple[Sequence[tuple[str, str]], str]:
    """Return a conversation as `(what came before, the last answer)`; none if it ends otherwise."""
    if talk and talk[-1][0] in _ANSWERS:
        return talk[:-1], talk[-1][1]
    return talk, ""


def _content(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    words = content if isinstance(content, str) else spoken(content, 2)
    extra = message.get("additional_kwargs")
    calls = message.get("tool_calls") or message.get("function_call")
    calls = calls or (extra.get("tool_calls") if isinstance(extra, Mapping) else None)
    return words or (compact(calls) if calls else "")


def conversation(messages: Sequence[Any]) -> str:
    """Return what was said, one speaker a line; a single message without its speaker."""
    said = [(role, words) for role, words in turns(messages) if role not in _SETUP]
    if len(said) == 1:
        return said[0][1]
    return "\n".join(f"{role}: {words}" for role, words in said)


def split_context(value: Any) -> tuple[str, str]:
    """Return `(input, context)` of the variables of one test or run."""
    value = opened(value)
    if not isinstance(value, Mapping):
        return spoken(value), ""
    shown = {name: inner for name, inner in value.items() if plain_name(name) in CONTEXT_NAMES}
    asked = {name: inner for name, inner in value.items() if name not in shown}
    return spoken(asked), "\n".join(spoken(inner) for inner in shown.values())


def remarks(scores: Any) -> str:
    """Return scores and comments as lines such as `correctness: 0 (wrong year)`."""
    scores = opened(scores)
    if isinstance(scores, Mapping):
        scores = [{"name": name, "value": value} for name, value in scores.items()]
    if not isinstance(scores, list):
        return as_text(scores)
    return "\n".join(line for item in scores if (line := _remark(item)))


def _remark(item: Any) -> str:
    if not isinstance(item, Mapping):
        return as_text(item)
    name = as_text(item.get("name", item.get("key", item.get("label"))))
    value = item.get("value", item.get("score", item.get("stringValue")))
    if isinstance(value, Mapping):
        value = value.get("avg", value.get("value", value))
    comment = spoken(item.get("comment", item.get("content", item.get("reason"))), 1)
    score = f"{name}: {as_text(value)}" if name and value is not None else ""
    return f"{score} ({comment})" if score and comment else score or comment
