"""LangSmith: runs, data sets and experiments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from advisor.importing.exports.answer_text import answered
from advisor.importing.exports.nested_text import opened, remarks, split_context, spoken
from advisor.importing.exports.traces import SHOWN, TraceStep, whole
from advisor.importing.exports.verdicts import numbers_of
from advisor.importing.tables.import_result import FieldName
from advisor.importing.tables.table import Row, as_text

Reading = tuple[dict[FieldName, str], bool | None, dict[str, float]]

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
_SILENT = frozenset({"retriever", "tool", "embedding", "prompt", "parser"})
_PREFIXES = ("inputs.", "outputs.", "reference.", "reference_outputs.", "feedback.")


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
    return not as_text(record.get("parent_run_id"))


def whole_runs(rows: Sequence[Row]) -> Sequence[Row]:
    """Keep the runs that stand for a whole request; what their search steps gave is context."""
    if all(run_stands_alone(row.record) for row in rows):
        return rows
    return whole([_run_step(row) for row in rows])


def _run_step(row: Row) -> TraceStep:
    record = row.record
    kind = as_text(record.get("run_type"))
    gave = spoken(record.get("outputs")) if kind in {"retriever", "tool"} else ""
    return TraceStep(
        row=row,
        trace=as_text(record.get("trace_id") or record.get("id")),
        name=as_text(record.get("id")),
        parent=as_text(record.get("parent_run_id")),
        says=kind not in _SILENT and bool(record.get("outputs") or record.get("error")),
        shows=gave,
    )


def read_langsmith(record: Mapping[str, Any]) -> Reading:
    """Read one run, example or row of an experiment."""
    record = _folded(record)
    run, outputs, expected = _outcome(record)
    output, within = answered(opened(outputs))
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
        numbers |= numbers_of(item)
    fields: dict[FieldName, str] = {
        "id": as_text(next((record[name] for name in _IDS if record.get(name)), None)),
        "input": asked,
        "context": context or as_text(record.get(SHOWN)) or within,
        "output": output,
        "expected": answered(opened(expected))[0],
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
