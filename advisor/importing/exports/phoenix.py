"""Spans of Arize Phoenix and of OpenTelemetry, and Phoenix experiments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from advisor.importing.exports.answer_text import answered
from advisor.importing.exports.nested_text import opened, split_context, spoken
from advisor.importing.exports.otlp_attributes import at, attributes_of
from advisor.importing.exports.span_texts import RETRIEVED, asked_in, said_in, shown_in
from advisor.importing.exports.traces import SHOWN, TraceStep, whole
from advisor.importing.exports.verdicts import annotations_of, passed_by, remark_of, scores_of
from advisor.importing.tables.import_result import FieldName
from advisor.importing.tables.table import Row, as_text

Reading = tuple[dict[FieldName, str], bool | None, dict[str, float]]
_SEARCH = frozenset("retriever retrieval retrieve reranker rerank search_memory".split())
_TOOLS = frozenset("tool execute_tool".split())
_SILENT = frozenset("embedding embeddings guardrail evaluator prompt create_agent".split())
_TRACE = ("traceId", "trace_id", "traceID", "context.trace_id")
_SPAN = ("spanId", "span_id", "spanID", "context.span_id")
_PARENT = ("parent_id", "parentSpanId", "parent_span_id", "parentId", "parentID")
_KIND = (
    "openinference.span.kind",
    "gen_ai.operation.name",
    "gen_ai.span.kind",
    "traceloop.span.kind",
    "span_kind",
)
_PREFIXES = ("attributes.", "gen_ai.", "llm.", "input.", "output.", "retrieval.", "openinference.")
_ATTRIBUTES, _EVENTS = "_attributes", "_events"


def is_phoenix(record: Mapping[str, Any]) -> bool:
    """Tell a span as Phoenix writes it: with its own kind, and its ids under `context`."""
    placed = record.keys() & {"context", "context.span_id", "context.trace_id", "parent_id"}
    return "span_kind" in record and bool(placed) and _has_attributes(record)


def is_span(record: Mapping[str, Any]) -> bool:
    """Tell a span by the ids of its trace and its own, beside attributes or times."""
    named = _named(record, _TRACE, "trace_id") and _named(record, _SPAN, "span_id")
    timed = record.keys() & {"startTimeUnixNano", "start_time_unix_nano"}
    return bool(named) and (bool(timed) or _has_attributes(record))


def _has_attributes(record: Mapping[str, Any]) -> bool:
    if isinstance(opened(record.get("attributes")), Mapping | list):
        return True
    return any(name.startswith(_PREFIXES) for name in record)


def _named(record: Mapping[str, Any], names: Sequence[str], inner: str = "") -> str:
    """Return the first id that is there; it may stand in an object `context`."""
    context = opened(record.get("context"))
    found = context.get(inner) if inner and isinstance(context, Mapping) else None
    return as_text(found or next((record[name] for name in names if record.get(name)), None))


def stands_alone(record: Mapping[str, Any]) -> bool:
    """Tell whether a span read by itself is a whole request: the top of a trace, or a chat."""
    operation = as_text(at(_attributes(record), "gen_ai.operation.name"))
    return not _named(record, _PARENT) or operation in {"chat", "generate_content"}


def whole_spans(rows: Sequence[Row]) -> Sequence[Row]:
    """Keep the spans that stand for a whole request; what search and tools gave is context."""
    return whole([_step(row) for row in rows])


def _step(row: Row) -> TraceStep:
    tree = _attributes(row.record)
    events = list(_events(row.record))
    record = {**row.record, _ATTRIBUTES: tree, _EVENTS: events}
    kind = _kind(record, tree)
    searched = kind in _SEARCH | _TOOLS
    says = not searched and kind not in _SILENT
    return TraceStep(
        row=Row(row.line, record),
        trace=_named(record, _TRACE, "trace_id"),
        name=_named(record, _SPAN, "span_id"),
        parent=_named(record, _PARENT),
        says=says and bool(said_in(tree, events) or (asked_in(tree, events)[0] and _error(record))),
        shows=shown_in(tree) if searched else shown_in(tree, RETRIEVED),
    )


def _kind(record: Mapping[str, Any], tree: Mapping[str, Any]) -> str:
    kinds = [as_text(at(tree, name)) for name in _KIND] + [as_text(record.get("span_kind"))]
    known = _SEARCH | _TOOLS | _SILENT
    words = [kind.lower() for kind in kinds if kind]
    return next((word for word in words if word in known), words[0] if words else "")


def _attributes(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of a span; columns such as `attributes.input.value` belong to them."""
    columns = {
        name.removeprefix("attributes."): value
        for name, value in record.items()
        if name.startswith(_PREFIXES) and value not in (None, "")
    }
    tree = attributes_of(record.get("attributes") or record.get("tags"))
    return {**tree, **attributes_of(columns)} if columns else tree


def _events(record: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    events = opened(record.get("events"))
    for event in events if isinstance(events, list) else []:
        if isinstance(event, Mapping):
            yield as_text(event.get("name")), attributes_of(event.get("attributes"))


def _error(record: Mapping[str, Any]) -> str:
    status = opened(record.get("status"))
    inner = status.get("message") if isinstance(status, Mapping) else None
    told = as_text(record.get("status_message") or inner)
    found = [as_text(at(body, "exception.message")) for _, body in record.get(_EVENTS, ())]
    return told or next((text for text in found if text), "")


def read_span(record: Mapping[str, Any]) -> Reading:
    """Read one span that stands for a whole request."""
    tree, events = record[_ATTRIBUTES], record[_EVENTS]
    asked, within = asked_in(tree, events)
    judged = annotations_of(record) + annotations_of(_object(at(tree, "metadata")))
    judged += [_evaluation(body) for name, body in events if name == "gen_ai.evaluation.result"]
    shown = [text for text in (as_text(record.get(SHOWN)), within) if text]
    notes = [_error(record), *(remark_of(item) for item in judged)]
    fields: dict[FieldName, str] = {
        "id": _named(record, _SPAN, "span_id"),
        "input": asked,
        "context": "\n".join(dict.fromkeys(shown)),
        "output": said_in(tree, events),
        "note": "\n".join(note for note in notes if note),
    }
    return fields, passed_by(item["label"] for item in judged), scores_of(judged)


def _object(value: Any) -> Mapping[str, Any]:
    value = opened(value)
    return value if isinstance(value, Mapping) else {}


def _evaluation(body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": as_text(at(body, "gen_ai.evaluation.name")),
        "label": as_text(at(body, "gen_ai.evaluation.score.label")),
        "score": at(body, "gen_ai.evaluation.score.value"),
        "comment": as_text(at(body, "gen_ai.evaluation.explanation")),
    }


def is_experiment(record: Mapping[str, Any]) -> bool:
    """Tell a run by the output it gave beside the one that was wanted, for one example."""
    return record.keys() >= {"example_id", "input", "output", "reference_output"}


def read_experiment(record: Mapping[str, Any]) -> Reading:
    """Read one run with what was said about it."""
    asked, context = split_context(record["input"])
    output, shown = answered(record["output"])
    judged = annotations_of(record)
    times = as_text(record.get("repetition_number"))
    again = f"-{times}" if times not in {"", "1"} else ""
    notes = [spoken(record.get("error")), *(remark_of(item) for item in judged)]
    fields: dict[FieldName, str] = {
        "id": as_text(record["example_id"]) + again,
        "input": asked,
        "context": context or shown,
        "output": output,
        "expected": answered(record["reference_output"])[0],
        "note": "\n".join(note for note in notes if note),
    }
    return fields, passed_by(item["label"] for item in judged), scores_of(judged)
