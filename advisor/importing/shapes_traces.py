"""Langfuse and LangSmith: traces, runs, data sets and experiments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from advisor.importing.headers import plain_name
from advisor.importing.model import FieldName
from advisor.importing.speech import answered, opened, remarks, split_context, spoken
from advisor.importing.table import Row
from advisor.importing.traces import SHOWN, Step, whole
from advisor.importing.values import as_text
from advisor.importing.verdicts import number_of

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
_IDS = ("id", "row_id", "run_id", "example_id")
_LANGFUSE_GIVES = frozenset({"RETRIEVER", "TOOL"})
_LANGFUSE_SILENT = frozenset({"RETRIEVER", "TOOL", "EMBEDDING", "EVALUATOR", "GUARDRAIL", "EVENT"})
_LANGFUSE_LISTS = frozenset(
    "tags tracetags observations modelparameters toolcalls toolcallnames calledtoolnames "
    "tooldefinitions scores comments labels metadata usagedetails costdetails prompt".split()
)
_PREFIXES = ("inputs.", "outputs.", "reference.", "reference_outputs.", "feedback.")


def is_langfuse(record: Mapping[str, Any]) -> bool:
    """Tell a trace, an observation or a data set item by the fields only Langfuse writes."""
    names = {plain_name(name) for name in record}
    marks = names & _LANGFUSE_MARKS
    return bool(names & {"input", "output"}) and ("expectedOutput" in record or len(marks) > 1)


def langfuse_stands_alone(record: Mapping[str, Any]) -> bool:
    """Tell a trace, an item or the first step of a trace from an inner step."""
    return not _plain(record).get("parentobservationid")


def whole_langfuse(rows: Sequence[Row]) -> Sequence[Row]:
    """Keep the traces and the steps that stand for one; what searches and tools gave is context."""
    if not any(_plain(row.record).get("traceid") for row in rows):
        return rows
    return whole([_langfuse_step(row) for row in rows])


def _langfuse_step(row: Row) -> Step:
    named = _plain(row.record)
    shows = _shown_by(named)
    kind = as_text(named.get("type")).upper()
    return Step(
        row=row,
        trace=as_text(named.get("traceid") or named.get("id")),
        name=as_text(named.get("id")),
        parent=as_text(named.get("parentobservationid")),
        says=not shows and kind not in _LANGFUSE_SILENT,
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
    return fields, None, _numbers(scores[0]) | _numbers(scores[1])


def _score_columns(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scores that an export writes as columns of their own, each a list of values."""
    found = {}
    for name, value in record.items():
        values = opened(value) if plain_name(name) not in _LANGFUSE_LISTS else None
        if isinstance(values, list) and values and name not in {"input", "output"}:
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
    gave = kind in _LANGFUSE_GIVES or "retriev" in name
    return spoken(named.get("output")) if gave and kind != "GENERATION" else ""


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
        number = None if isinstance(value, str) else number_of(value)
        if number is not None:
            found[as_text(item.get("name", item.get("key")))] = number
    return found


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


def run_stands_alone(record: Mapping[str, Any]) -> bool:
    """Tell the run of a whole request from a step within one."""
    return not record.get("parent_run_id")


def whole_runs(rows: Sequence[Row]) -> Sequence[Row]:
    """Keep the runs that stand for a whole request; what their search steps gave is context."""
    if not any(row.record.get("parent_run_id") for row in rows):
        return rows
    return whole([_run_step(row) for row in rows])


def _run_step(row: Row) -> Step:
    record = row.record
    kind = as_text(record.get("run_type"))
    gave = spoken(record.get("outputs")) if kind in {"retriever", "tool"} else ""
    return Step(
        row=row,
        trace=as_text(record.get("trace_id") or record.get("id")),
        name=as_text(record.get("id")),
        parent=as_text(record.get("parent_run_id")),
        says=kind not in {"retriever", "tool", "embedding", "prompt", "parser"},
        shows=gave,
    )


def read_langsmith(record: Mapping[str, Any]) -> Reading:
    """Read one run, example or row of an experiment."""
    record = _folded(record)
    run, outputs, expected = _outcome(record)
    output, within = answered(outputs)
    asked, context = split_context(record.get("inputs"))
    given = [
        run.get(name)
        for name in ("feedback", "feedback_stats", "evaluation_scores")
        if run.get(name)
    ]
    notes = [
        spoken(run.get("error")),
        *(remarks(item) for item in given),
        as_text(run.get("notes")),
    ]
    numbers: dict[str, float] = {}
    for item in given:
        numbers |= _numbers(item)
    fields: dict[FieldName, str] = {
        "id": as_text(next((record[name] for name in _IDS if record.get(name)), None)),
        "input": asked,
        "context": context or as_text(record.get(SHOWN)) or within,
        "output": output,
        "expected": answered(expected)[0],
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
