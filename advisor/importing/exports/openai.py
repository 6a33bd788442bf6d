"""OpenAI: chat messages, evaluation data sets, evaluation logs and downloaded evaluation runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from advisor.importing.exports.nested_text import (
    dialogue,
    given,
    last_answer,
    opened,
    remarks,
    split_context,
    spoken,
    turns,
)
from advisor.importing.tables.headers import known_headers, plain_name
from advisor.importing.tables.import_result import FieldName
from advisor.importing.tables.table import Row, as_text

Reading = tuple[dict[FieldName, str], bool | None, dict[str, float]]


def _talk(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    return turns(record.get("messages", record.get("input")))


def is_chat(record: Mapping[str, Any]) -> bool:
    """Tell a conversation by its messages with roles; alone, or under `input` beside `ideal`."""
    talk = _talk(record)
    return bool(talk) and all(role for role, _ in talk)


def read_chat(record: Mapping[str, Any]) -> Reading:
    """Read one conversation: its last answer is the output; other fields go by their names."""
    talk = _talk(record)
    asked, answer = last_answer(talk)
    fields: dict[FieldName, str] = {
        "input": dialogue(asked),
        "output": answer,
        "context": given(asked),
    }
    known = known_headers()
    for name, value in record.items():
        field = known.get(plain_name(name))
        if name not in {"messages", "input"} and field and not fields.get(field):
            fields[field] = spoken(value)
    return fields, None, {}


def is_eval_log(record: Mapping[str, Any]) -> bool:
    """Tell a line of an evaluation log: an event, the settings, or the final report."""
    event = record.keys() >= {"sample_id", "type", "data"}
    return event or any(isinstance(record.get(name), Mapping) for name in ("spec", "final_report"))


def join_eval_log(rows: Sequence[Row]) -> Sequence[Row]:
    """Put the events of one sample together; the settings and the report are left out."""
    joined: dict[str, Row] = {}
    for row in rows:
        data = row.record.get("data")
        if "sample_id" not in row.record or not isinstance(data, Mapping):
            continue
        sample = as_text(row.record.get("sample_id"))
        before = joined.get(sample, Row(row.line, {"sample_id": sample}))
        joined[sample] = Row(before.line, {**before.record, **data})
    return list(joined.values())


def read_eval_log(record: Mapping[str, Any]) -> Reading:
    """Read what was joined of one sample."""
    fields: dict[FieldName, str] = {
        "id": as_text(record.get("sample_id")),
        "input": _asked(record.get("prompt", record.get("input"))),
        "output": _first(record.get("sampled", record.get("picked"))),
        "expected": _first(record.get("expected", record.get("ideal"))),
        "note": spoken(record.get("reason", record.get("comment"))),
    }
    verdict = record.get("correct")
    return fields, verdict if isinstance(verdict, bool) else None, {}


def _asked(value: Any) -> str:
    talk = turns(value)
    return dialogue(talk) if talk else spoken(value)


def _first(value: Any) -> str:
    value = opened(value)
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return value[0] if len(value) == 1 else " | ".join(value)
    return spoken(value)


def is_eval_item(record: Mapping[str, Any]) -> bool:
    """Tell one item of an evaluation run downloaded from the platform."""
    return record.keys() >= {"datasource_item", "sample"}


def read_eval_item(record: Mapping[str, Any]) -> Reading:
    """Read one item of an evaluation run with the verdicts of its graders."""
    sample = record["sample"] if isinstance(record["sample"], Mapping) else {}
    item = record["datasource_item"] if isinstance(record["datasource_item"], Mapping) else {}
    item = item.get("item", item) if isinstance(item.get("item"), Mapping) else item
    known = known_headers()
    wanted = [name for name in item if known.get(plain_name(name)) == "expected"]
    rest = {name: value for name, value in item.items() if name not in wanted}
    asked, context = split_context(rest)
    results = [part for part in _list(record.get("results")) if isinstance(part, Mapping)]
    failed = [part for part in results if part.get("passed") is False]
    fields: dict[FieldName, str] = {
        "id": as_text(record.get("id")),
        "input": _asked(sample.get("input")) or asked,
        "context": context,
        "output": _asked(sample.get("output")),
        "expected": "\n".join(spoken(item[name]) for name in wanted),
        "note": remarks(failed),
    }
    verdict = record.get("status") == "pass" or (not failed if results else None)
    return fields, verdict, {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
