"""What each row of a table of cases says, before the part that all rows share is taken out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from advisor.domain.pilot_spec import Task
from advisor.importing.exports.nested_text import is_conversation, last_answer, opened, turns
from advisor.importing.tables.columns import column_names
from advisor.importing.tables.table import Table, as_text
from advisor.pilot.data.case_columns import Roles, case_roles, sure
from advisor.pilot.data.case_files import CaseRows

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


class _Unfit(ValueError):
    """One row that is no case: what is wrong."""


@dataclass
class CaseDraft:
    """One row: its line, what sets the scene in it, and the fields of its case."""

    line: int
    setup: str
    fields: dict[str, Any]


def drafts(table: Table, rows: CaseRows, task: Task) -> Iterator[CaseDraft]:
    """Give what each row says; note in `rows` what cannot be read."""
    names = column_names(table)
    roles, notes = case_roles(names, rows.where)
    rows.notes += notes
    kinds: Counter[str] = Counter()
    for row in table.rows:
        try:
            draft = _draft(row.record, roles, task, kinds)
            yield CaseDraft(row.line, *draft)
        except ValueError as error:
            rows.leave_out(row.line, str(error))
    rows.notes += _told(kinds)


def _told(kinds: Counter[str]) -> Iterator[str]:
    if kinds["talk"] and kinds["plain"]:
        yield (
            f"{kinds['talk']} rows are conversations and {kinds['plain']} are plain; each was "
            "read in its own way."
        )
    if kinds["several"]:
        yield f"{kinds['several']} rows give several right answers; only the first of each counts."


def _draft(
    record: Mapping[str, Any], roles: Roles, task: Task, kinds: Counter[str]
) -> tuple[str, dict[str, Any]]:
    """Return what sets the scene in one row, and the fields of its case."""
    cells: dict[str, Any] = {role: record.get(name) for role, name in roles.items()}
    talk = talk_in(cells.get("talk")) or talk_in(cells.get("input"))
    kinds["talk" if talk else "plain"] += 1
    fields: dict[str, Any] = {
        name: _words(cells.get(name)) or None for name in ("id", "group", "slice")
    }
    fields["gold"] = _ids(cells.get("gold"))
    fields["input"] = talk.asked if talk else _words(cells.get("input"))
    given, said = _answer(cells.get("expected"), task, kinds), talk.answer if talk else ""
    fields["expected"] = given or said if sure(roles) else said or given
    _check(fields, talk, "talk" in roles)
    return (talk.setup if talk else _words(cells.get("setup"))), fields


def _words(value: Any) -> str:
    return as_text(value).replace("\x00", "").strip()


def _check(fields: Mapping[str, Any], talk: Talk | None, chats: bool) -> None:
    if not fields["input"].strip():
        raise _Unfit("has no conversation and no input" if chats and not talk else "has no input")
    if not fields["expected"].strip():
        raise _Unfit("ends without an answer of the assistant" if talk else "has no wanted answer")


def _ids(value: Any) -> tuple[str, ...]:
    """Return ids of documents: a list, JSON of one, or text with commas."""
    value = opened(value)
    parts = value if isinstance(value, list) else _words(value).split(",")
    return tuple(text for part in parts if (text := _words(part)))


def _answer(value: Any, task: Task, kinds: Counter[str]) -> str:
    """Return the wanted answer; the last turn of a conversation, the first of several."""
    if talk := talk_in(value):
        return talk.answer
    if isinstance(value, Mapping) and isinstance(value.get("text"), list):
        value = value["text"]
    if task is not Task.EXTRACTION and isinstance(value, list) and value:
        if all(isinstance(one, str | int | float) for one in value):
            kinds["several"] += len(value) > 1
            value = value[0]
    return _words(value)
