"""Cases from the rows of one file: plain columns, conversations, or both mixed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from advisor.core.text import shown, storable
from advisor.domain.cases import TEXT_LIMIT, Case
from advisor.domain.pilot_spec import Task
from advisor.importing.failures import FORMATS, read_table
from advisor.pilot.data.case_drafts import CaseDraft, drafts
from advisor.pilot.data.case_files import CaseRows
from advisor.pilot.data.spec_paths import Upload

ENDINGS = tuple(
    ending for kind in FORMATS for ending in kind.endings if ending not in {"txt", "md"}
)
"""Endings of the files that cases are read from."""


def read_cases(upload: Upload, task: Task) -> CaseRows:
    """Return the cases in a file.

    Raises:
        InputError: it cannot be read, lacks a column, or too many of its rows are no cases.
    """
    where = shown(upload.name)
    table = read_table(upload.name, upload.data, ENDINGS)
    rows = CaseRows(where, notes=[*table.notes])
    for row in table.rejected:
        rows.leave_out(row.line, row.reason)
    found = list(drafts(table, rows, task))
    _place_setup(found, rows)
    _make(found, rows)
    rows.check()
    return rows


def _place_setup(found: list[CaseDraft], rows: CaseRows) -> None:
    """Put what sets the scene in front of what is asked, unless it is the same in every row."""
    setups = {draft.setup for draft in found}
    if len(setups) == 1:
        if setups != {""}:
            rows.notes.append(
                "The same system message or instruction stands in every row; it was left out, as "
                "the instruction of the specification takes its place."
            )
        return
    for draft in found:
        if draft.setup:
            draft.fields["input"] = f"{draft.setup}\n\n{draft.fields['input']}"


def _make(found: list[CaseDraft], rows: CaseRows) -> None:
    """Make a case of each draft; where the id is missing or taken, the row gives one."""
    seen: set[str] = set()
    for draft in found:
        name = draft.fields["id"] or f"row-{draft.line}"
        while name in seen:
            name = f"{name[:180]}-row-{draft.line}"
        try:
            case = Case.model_validate(draft.fields | {"id": storable(name)})
        except ValidationError as error:
            rows.leave_out(draft.line, _reason(error, draft.fields))
            continue
        seen.add(name)
        rows.cases.append(case)
        rows.lines[draft.line] = case.id


def _reason(error: ValidationError, fields: Mapping[str, Any]) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = str(first["loc"][0])
    if first["type"] == "string_too_long":
        length = len(fields[name] or "")
        limit = TEXT_LIMIT if name in {"input", "expected"} else 200
        return f"has {length:,} characters in {name}; the limit is {limit:,}"
    if first["type"] == "string_unicode":
        return f"{name} holds half of a surrogate pair; save the file as UTF-8"
    return f"{name} {first['msg']}"
