"""Langfuse: traces, observations and data set items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from advisor.importing.exports.answer_text import answered
from advisor.importing.exports.nested_text import opened, remarks, split_context, spoken
from advisor.importing.exports.traces import SHOWN, TraceStep, whole
from advisor.importing.exports.verdicts import numbers_of
from advisor.importing.tables.headers import plain_name
from advisor.importing.tables.import_result import FieldName
from advisor.importing.tables.table import Row, as_text

Reading = tuple[dict[FieldName, str], bool | None, dict[str, float]]

_MARKS = frozenset(
    "sourcetraceid traceid observations htmlpath projectid datasetrunid datasetitemid bookmarked "
    "sessionid totalcost expectedoutput parentobservationid sourceobservationid usagedetails "
    "datasetid datasetname".split()
)
_TELLING = ("output", "expectedoutput", "statusmessage", "comments", "scores")
_GIVES = frozenset({"RETRIEVER", "TOOL"})
_SILENT = frozenset({"RETRIEVER", "TOOL", "EMBEDDING", "EVALUATOR", "GUARDRAIL", "EVENT"})
_LISTS = frozenset(
    "tags tracetags observations modelparameters toolcalls toolcallnames calledtoolnames "
    "tooldefinitions scores comments labels metadata usagedetails costdetails prompt "
    "input output expectedoutput".split()
)


def is_langfuse(record: Mapping[str, Any]) -> bool:
    """Tell a trace, an observation or a data set item by the fields only Langfuse writes."""
    names = {plain_name(name) for name in record}
    marks = names & _MARKS
    return bool(names & {"input", "output"}) and ("expectedOutput" in record or len(marks) > 1)


def langfuse_stands_alone(record: Mapping[str, Any]) -> bool:
    """Tell a trace, an item or the first step of a trace from an inner step."""
    return not _plain(record).get("parentobservationid")


def whole_langfuse(rows: Sequence[Row]) -> Sequence[Row]:
    """Keep the traces and the steps that stand for one; what searches and tools gave is context."""
    if not any(_plain(row.record).get("traceid") for row in rows):
        return rows
    return whole([_langfuse_step(row) for row in rows])


def _langfuse_step(row: Row) -> TraceStep:
    named = _plain(row.record)
    shows = _shown_by(named)
    kind = as_text(named.get("type")).upper()
    told = any(named.get(name) for name in _TELLING)
    return TraceStep(
        row=row,
        trace=as_text(named.get("traceid") or named.get("id")),
        name=as_text(named.get("id")),
        parent=as_text(named.get("parentobservationid")),
        says=told and not shows and kind not in _SILENT,
        shows=shows,
    )


def _plain(record: Mapping[str, Any]) -> dict[str, Any]:
    return {plain_name(name): value for name, value in record.items()}


def read_langfuse(record: Mapping[str, Any]) -> Reading:
    """Read one trace, observation or data set item."""
    named = _plain(record)
    asked, context = split_context(named.get("input"))
    output, within = answered(named.get("output"))
    scores = [named.get("scores"), _score_columns(record)]
    remarked = [remarks(item) for item in (*scores, named.get("comments"), named.get("comment"))]
    remarked.append(spoken(named.get("statusmessage")))
    shown = (context, as_text(record.get(SHOWN)), _retrieved(named.get("observations")), within)
    fields: dict[FieldName, str] = {
        "id": as_text(named.get("id")),
        "input": asked,
        "context": next((text for text in shown if text), ""),
        "output": output,
        "expected": answered(named.get("expectedoutput"))[0],
        "note": "\n".join(text for text in remarked if text),
    }
    return fields, None, numbers_of(scores[0]) | numbers_of(scores[1])


def _score_columns(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scores that an export writes as columns of their own, each a list of values."""
    found = {}
    for name, value in record.items():
        values = opened(value) if plain_name(name) not in _LISTS else None
        if isinstance(values, list) and values:
            if all(isinstance(item, str | int | float) for item in values):
                found[name] = values[0] if len(values) == 1 else as_text(values)
    return found


def _retrieved(observations: Any) -> str:
    """Return what the steps that search gave back."""
    observations = opened(observations)
    steps = observations if isinstance(observations, list) else []
    shown = [_shown_by(_plain(step)) for step in steps if isinstance(step, Mapping)]
    return "\n".join(text for text in shown if text)


def _shown_by(named: Mapping[str, Any]) -> str:
    """Return what a search or a tool gave; nothing for any other step."""
    kind, name = as_text(named.get("type")).upper(), as_text(named.get("name")).lower()
    gave = kind in _GIVES or "retriev" in name
    return spoken(named.get("output")) if gave and kind != "GENERATION" else ""
