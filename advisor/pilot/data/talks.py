"""Cases written as conversations: what was asked, what set the scene, what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from advisor.importing.exports.nested_text import is_conversation, last_answer, opened, turns

_FROM = {"human": "user", "gpt": "assistant", "chatgpt": "assistant", "bot": "assistant"}
_SETUP = frozenset({"system", "developer"})


class Talk(NamedTuple):
    """One conversation taken apart."""

    setup: str
    """What the system message says."""
    asked: str
    answer: str
    """The last turn if it is the model's; else nothing."""


def talk_in(value: Any) -> Talk | None:
    """Return the conversation that a cell holds; None if it holds none."""
    if not isinstance(value, list | dict) and not _may_be_json(value):
        return None
    content = opened(value)
    if isinstance(content, Mapping):
        content = content.get("messages") or content.get("conversations")
    if not isinstance(content, list):
        return None
    content = [_renamed(item) for item in content]
    if not is_conversation(content):
        return None
    before, answer = last_answer(turns(content))
    setup = "\n".join(words for role, words in before if role in _SETUP and words)
    said = [(role, words) for role, words in before if role not in _SETUP and words]
    if len(said) == 1:
        return Talk(setup, said[0][1], answer)
    return Talk(setup, "\n".join(f"{role}: {words}" for role, words in said), answer)


def _may_be_json(value: Any) -> bool:
    return isinstance(value, str) and value.lstrip()[:1] in {"[", "{"}


def _renamed(item: Any) -> Any:
    """Return a message of `from` and `value` as one of `role` and `content`."""
    if not isinstance(item, Mapping) or "from" not in item or "value" not in item:
        return item
    role = str(item["from"])
    return {"role": _FROM.get(role, role), "content": item["value"]}
