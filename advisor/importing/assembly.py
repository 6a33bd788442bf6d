"""Failures put together, with what was wrong with the rows that are none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import islice

from pydantic import ValidationError

from advisor.core.text import storable
from advisor.importing.tables.columns import preview_text, samples
from advisor.importing.tables.import_result import FieldName, Import, Rejected
from advisor.importing.tables.table import Table
from advisor.proposal import Failure

_PREVIEWED = 5
_TOLD = 5


class Collected:
    """Collects failures and what was wrong with the rows that are none."""

    def __init__(self, rejected: Iterable[Rejected]) -> None:
        """Start with the rows that the format could not read."""
        self.failures: list[Failure] = []
        self.rejected = list(rejected)
        self.notes: list[str] = []

    def reject(self, line: int, reason: str) -> None:
        """Note that the row on `line` could not be read."""
        self.rejected.append(Rejected(line=line, reason=storable(reason)[:300]))

    def add(self, line: int, fields: Callable[[], Mapping[FieldName, str]]) -> None:
        """Make a failure of the fields that are read from the row on `line`, or reject it."""
        try:
            self.failures.append(Failure.model_validate(fields()))
        except ValidationError as error:
            self.reject(line, _reason(error))
        except ValueError as error:
            self.reject(line, str(error))


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    if first["type"] == "string_unicode":
        return f"{field} holds half of a surrogate pair; save the file as UTF-8"
    what = first["msg"].removeprefix("Value error, ")
    return f"{field} {what}" if field else what


def distinct(
    failures: Iterable[Failure], taken: Collection[str] = ()
) -> tuple[tuple[Failure, ...], tuple[str, ...]]:
    """Give failures whose id is taken a new one; return them and the new ids, as `old → new`."""
    seen, kept, renamed = set(taken), [], []
    copies: dict[str, int] = {}
    for failure in failures:
        name = failure.id
        while failure.id is not None and name in seen:
            copies[failure.id] = copies.get(failure.id, 1) + 1
            name = f"{failure.id[:200]}-{copies[failure.id]}"
        if name is not None:
            seen.add(name)
        if name != failure.id:
            renamed.append(f"{failure.id} → {name}")
            failure = failure.model_copy(update={"id": name})
        kept.append(failure)
    return tuple(kept), tuple(renamed)


def assembled(
    table: Table,
    names: Sequence[str],
    found: Collected,
    mapping: Mapping[FieldName, str],
    certain: bool,
    recognised: str,
) -> Import:
    """Return everything a screen shows about what was read; repeated ids are changed."""
    failures, renamed = distinct(found.failures)
    notes = [*table.notes, *found.notes]
    if renamed:
        more = f" and {len(renamed) - _TOLD:,} more" if len(renamed) > _TOLD else ""
        told = ", ".join(text[:80] for text in islice(renamed, _TOLD))
        notes.append(f"Ids that came twice were changed: {told}{more}.")
    return Import(
        failures=failures,
        rejected=tuple(sorted(found.rejected, key=lambda one: one.line)),
        recognised=recognised,
        columns=samples(table, names),
        mapping=mapping,
        needs_mapping=not certain,
        preview=tuple(
            {name: preview_text(row.record.get(name)) for name in names}
            for row in table.rows[:_PREVIEWED]
        ),
        rows=len(table.rows) + len(table.rejected),
        notes=tuple(storable(note) for note in notes),
        sheet=table.sheet,
        encoding=table.encoding,
    )
