"""Exports of known tools, told by their shape: how each is recognised and read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.core.text import restore
from advisor.importing.exports.annotation import (
    is_argilla,
    is_label_studio,
    read_argilla,
    read_label_studio,
)
from advisor.importing.exports.langfuse import (
    is_langfuse,
    langfuse_stands_alone,
    read_langfuse,
    whole_langfuse,
)
from advisor.importing.exports.langsmith import (
    is_langsmith,
    is_langsmith_example,
    read_langsmith,
    run_stands_alone,
    whole_runs,
)
from advisor.importing.exports.openai import (
    is_chat,
    is_eval_item,
    is_eval_log,
    join_eval_log,
    read_chat,
    read_eval_item,
    read_eval_log,
)
from advisor.importing.exports.phoenix import (
    is_experiment,
    is_phoenix,
    is_span,
    read_experiment,
    read_span,
    stands_alone,
    whole_spans,
)
from advisor.importing.exports.promptfoo import (
    is_promptfoo,
    is_promptfoo_table,
    read_promptfoo,
    read_promptfoo_table,
)
from advisor.importing.tables.import_result import FIELDS, FieldName
from advisor.importing.tables.table import Row, Table, as_text

_LOOKED_AT = 50
_ENOUGH = 0.5


@dataclass(frozen=True)
class Shape:
    """One known export."""

    recognised: str
    fits: Callable[[Mapping[str, Any]], bool]
    read: Callable[[Mapping[str, Any]], tuple[dict[FieldName, str], bool | None, dict[str, float]]]
    """Fields; True where the record passed its test, None where it does not say; scores."""
    gather: Callable[[Sequence[Row]], Sequence[Row]] = lambda rows: rows
    """Puts records together that belong to one case."""
    note: str = ""
    alone: Callable[[Mapping[str, Any]], bool] = lambda record: True
    """Whether a record, read by itself, is a case and no step of one."""


def _read_own_csv(
    record: Mapping[str, Any],
) -> tuple[dict[FieldName, str], bool | None, dict[str, float]]:
    return {name: restore(as_text(record.get(name))) for name in FIELDS}, False, {}


_NO_VERDICT = "The file does not say which rows went wrong: remove the rows that are right."
_NO_SYSTEM = "System messages were left out: give the prompt where the form asks for it."
_REFERENCE = "The outputs of these examples were read as the expected answers."

OWN_CSV = Shape("our own table of failures", lambda record: True, _read_own_csv)

SHAPES: tuple[Shape, ...] = (
    Shape("promptfoo results", is_promptfoo, read_promptfoo),
    Shape("promptfoo table", is_promptfoo_table, read_promptfoo_table),
    Shape("OpenAI evals log", is_eval_log, read_eval_log, join_eval_log),
    Shape("OpenAI evals run", is_eval_item, read_eval_item),
    Shape("LangSmith data set", is_langsmith_example, read_langsmith, note=_REFERENCE),
    Shape("Label Studio export", is_label_studio, read_label_studio, note=_NO_VERDICT),
    Shape("Argilla export", is_argilla, read_argilla, note=_NO_VERDICT),
    Shape("Arize Phoenix experiment", is_experiment, read_experiment, note=_NO_VERDICT),
    Shape("Arize Phoenix spans", is_phoenix, read_span, whole_spans, _NO_VERDICT, stands_alone),
    Shape("OpenTelemetry spans", is_span, read_span, whole_spans, _NO_VERDICT, stands_alone),
    Shape(
        "LangSmith export",
        is_langsmith,
        read_langsmith,
        whole_runs,
        _NO_VERDICT,
        run_stands_alone,
    ),
    Shape(
        "Langfuse export",
        is_langfuse,
        read_langfuse,
        whole_langfuse,
        _NO_VERDICT,
        langfuse_stands_alone,
    ),
    Shape("chat messages", is_chat, read_chat, note=f"{_NO_VERDICT} {_NO_SYSTEM}"),
)


def find_shape(table: Table) -> Shape | None:
    """Return the export that most of the first rows fit; None where none does."""
    if table.columns == FIELDS:
        return OWN_CSV
    first = [row.record for row in table.rows[:_LOOKED_AT]]
    for shape in SHAPES:
        if sum(shape.fits(record) for record in first) >= max(1, _ENOUGH * len(first)):
            return shape
    return None


def shape_of(record: Mapping[str, Any]) -> Shape | None:
    """Return the export that one record comes from; None where it fits none."""
    return next((shape for shape in SHAPES if shape.fits(record)), None)
