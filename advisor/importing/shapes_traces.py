"""Langfuse and LangSmith: traces, runs, data sets and experiments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from advisor.importing.headers import plain_name
from advisor.importing.model import FieldName
from advisor.importing.speech import opened, remarks, split_context, spoken
from advisor.importing.table import Row
from advisor.importing.values import as_text

Reading = tuple[dict[FieldName, str], bool | None, dict[str, float]]

_LANGFUSE_MARKS = frozenset(
    "sourcetraceid traceid observations htmlpath projectid datasetrunid datasetitemid bookmarked "
    "sessionid totalcost expectedoutput parentobservationid sourceobservationid usagedetails "
    "datasetid datasetname".split()
)
_RUN_MARKS = frozenset(
    "run_type parent_run_id trace_id session_id dotted_order feedback feedback_stats".split()
)
_REFERENCES = (
    "reference_outputs",
    "reference_output",
    "reference",
    "expected_outputs",
    "expected",
)
_PREFIXES = ("inputs.", "outputs.", "reference.", "reference_outputs.", "feedback.")


def is_langfuse(record: Mapping[str, Any]) -> bool:
    """Tell a trace, an observation or a data set item by the fields only Langfuse writes."""
    names = {plain_name(name) for name in record}
    marks = names & _LANGFUSE_MARKS
    return bool(names & {"input", "output"}) and ("expectedOutput" in record or len(marks) > 1)


def read_langfuse(record: Mapping[str, Any]) -> Reading:
    """Read one trace, observation or data set item."""
    named = {plain_name(name): value for name, value in record.items()}
    asked, context = split_context(named.get("input"))
    scores = named.get("scores")
    remarked = [remarks(named.get(name)) for name in ("scores", "comments", "comment")]
    remarked.append(spoken(named.get("statusmessage")))
    fields: dict[FieldName, str] = {
        "id": as_text(named.get("id")),
        "input": asked,
        "context": context or _retrieved(named.get("observations")),
        "output": spoken(named.get("output")),
        "expected": spoken(named.get("expectedoutput")),
        "note": "\n".join(text for text in remarked if text),
    }
    return fields, None, _numbers(scores)


def _retrieved(observations: Any) -> str:
    """Return what the steps that search gave back."""
    steps = observations if isinstance(observations, list) else []
    return "\n".join(
        spoken(step.get("output"))
        for step in steps
        if isinstance(step, Mapping)
        and (step.get("type") == "RETRIEVER" or "retriev" in as_text(step.get("name")).lower())
    )


def _numbers(scores: Any) -> dict[str, float]:
    """Return the scores that are numbers or yes and no, by name."""
    scores = opened(scores)
    if isinstance(scores, Mapping):
        scores = [{"name": name, "value": value} for name, value in scores.items()]
    found: dict[str, float] = {}
    for item in scores if isinstance(scores, list) else []:
        if not isinstance(item, Mapping):
            continue
        value = item.get("value", item.get("score"))
        value = value.get("avg") if isinstance(value, Mapping) else value
        if isinstance(value, bool | int | float):
            found[as_text(item.get("name", item.get("key")))] = _finite(value)
    return found


def _finite(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return 2.0


def is_langsmith(record: Mapping[str, Any]) -> bool:
    """Tell a run, an example or a row of an experiment by `inputs` beside what came out."""
    record = _folded(record)
    outcome = {"outputs", "actual_outputs", "runs", *_REFERENCES}
    named = isinstance(opened(record.get("inputs")), Mapping)
    return named and bool(record.keys() & outcome)


def is_langsmith_example(record: Mapping[str, Any]) -> bool:
    """Tell an example of a data set: no run made its outputs, so they are the expected ones."""
    made = {"actual_outputs", "runs", *_REFERENCES, *_RUN_MARKS}
    return is_langsmith(record) and not _folded(record).keys() & made


def _folded(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Put columns such as `inputs.question` back under `inputs`."""
    folded: dict[str, Any] = {}
    for name, value in record.items():
        prefix = next((prefix for prefix in _PREFIXES if name.startswith(prefix)), None)
        if prefix is None:
            folded.setdefault(name, value)
        elif value not in ("", None) and isinstance(
            inner := folded.setdefault(prefix[:-1], {}), dict
        ):
            inner[name.removeprefix(prefix)] = value
    return folded


def whole_runs(rows: Sequence[Row]) -> Sequence[Row]:
    """Keep the runs that stand for a whole request; what their search steps gave is context."""
    if not any(row.record.get("parent_run_id") for row in rows):
        return rows
    shown: dict[str, list[str]] = {}
    for row in rows:
        if row.record.get("run_type") == "retriever":
            trace = as_text(row.record.get("trace_id"))
            shown.setdefault(trace, []).append(spoken(row.record.get("outputs")))
    roots = [row for row in rows if not row.record.get("parent_run_id")]
    return [
        Row(row.line, {**row.record, "_retrieved": "\n".join(shown.get(_trace(row), []))})
        for row in roots
    ]


def _trace(row: Row) -> str:
    return as_text(row.record.get("trace_id") or row.record.get("id"))


def read_langsmith(record: Mapping[str, Any]) -> Reading:
    """Read one run, example or row of an experiment."""
    record = _folded(record)
    run, output, expected = _outcome(record)
    asked, context = split_context(record.get("inputs"))
    given = [
        run.get(name)
        for name in ("feedback", "feedback_stats", "evaluation_scores")
        if run.get(name)
    ]
    notes = [spoken(run.get("error")), *(remarks(item) for item in given)]
    numbers: dict[str, float] = {}
    for item in given:
        numbers |= _numbers(item)
    fields: dict[FieldName, str] = {
        "id": as_text(record.get("id") or record.get("row_id") or record.get("example_id")),
        "input": asked,
        "context": context or as_text(record.get("_retrieved")),
        "output": spoken(output),
        "expected": spoken(expected),
        "note": "\n".join(note for note in notes if note),
    }
    return fields, None, numbers


def _outcome(record: Mapping[str, Any]) -> tuple[Mapping[str, Any], Any, Any]:
    """Return `(run, output, expected)`; the outputs of a mere example are the expected ones."""
    runs = record.get("runs")
    if isinstance(runs, list) and runs and isinstance(runs[0], Mapping):
        return runs[0], runs[0].get("outputs"), record.get("outputs")
    output = record.get("outputs", record.get("actual_outputs"))
    for name in _REFERENCES:
        if record.get(name):
            return record, output, record[name]
    if record.keys() & _RUN_MARKS:
        return record, output, None
    return record, None, output
