"""Arize Phoenix: the runs of an experiment, as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from advisor.importing.exports.answer_text import answered
from advisor.importing.exports.nested_text import split_context, spoken
from advisor.importing.exports.verdicts import annotations_of, passed_by, remark_of, scores_of
from advisor.importing.tables.cell_text import as_text
from advisor.importing.tables.import_result import FieldName

Reading = tuple[dict[FieldName, str], bool | None, dict[str, float]]


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
