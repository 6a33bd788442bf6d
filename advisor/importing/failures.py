"""Failures from the files people have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from pydantic import ValidationError

from advisor.errors import InputError, Problem
from advisor.importing.columns import TEXTS, checked, column_names, preview_text, propose, samples
from advisor.importing.decoding import decode
from advisor.importing.delimited import read_delimited
from advisor.importing.freetext import read_text
from advisor.importing.json_records import read_json
from advisor.importing.model import FieldName, Import, Rejected
from advisor.importing.shapes import Shape, find_shape
from advisor.importing.sheets import read_sheet
from advisor.importing.table import Row, Table
from advisor.importing.values import as_text, check_size, ending, shown, storable
from advisor.proposal import Failure

_PREVIEWED = 5
_TOLD = 5


@dataclass(frozen=True)
class _Format:
    endings: tuple[str, ...]
    read: Callable[[bytes, str], Table]


def _text_reader(read: Callable[[str, str], Table]) -> Callable[[bytes, str], Table]:
    def reader(data: bytes, where: str) -> Table:
        decoded = decode(data, where)
        table = read(decoded.text, where)
        return replace(table, encoding=decoded.encoding, notes=(*decoded.notes, *table.notes))

    return reader


FORMATS: tuple[_Format, ...] = (
    _Format(("csv", "psv"), _text_reader(read_delimited)),
    _Format(("txt", "md"), _text_reader(read_text)),
    _Format(("tsv", "tab"), _text_reader(lambda text, where: read_delimited(text, where, "\t"))),
    _Format(("json", "jsonl", "ndjson"), _text_reader(read_json)),
    _Format(("xlsx", "xls", "ods"), read_sheet),
)
ENDINGS: tuple[str, ...] = tuple(one for each in FORMATS for one in each.endings)
"""Endings of the files that `read_failures` takes."""


def read_failures(name: str, data: bytes, mapping: Mapping[str, str] | None = None) -> Import:
    """Return the failures in a file.

    Args:
        name: the file's name; only its ending is looked at, it is never opened.
        data: the file's bytes, at most 20 MB.
        mapping: field of a failure to the column that fills it; without it exports of known tools
            are recognised, else columns are proposed.

    Raises:
        InputError: the file as a whole cannot be read; single rows are listed in `rejected`.
    """
    where = shown(name)
    check_size(where, len(data))
    for kind in FORMATS:
        if ending(name) in kind.endings:
            return _from_table(kind.read(data, where), where, mapping)
    mend = f"Use a file that ends in {', '.join(ENDINGS)}"
    raise InputError(Problem(where, "is of a kind that is not read here", mend))


def read_pasted(text: str, mapping: Mapping[str, str] | None = None) -> Import:
    """Return the failures in pasted text.

    Args:
        text: spreadsheet cells, CSV, JSON, JSON lines, blocks such as `Q: … A: … Expected: …`
            or one complaint a line, which becomes a note.
        mapping: field of a failure to column, for tables.

    Raises:
        InputError: there is nothing in it, too much, or it is broken JSON.
    """
    where = "pasted text"
    check_size(where, len(text.encode("utf-8", "replace")))
    return _from_table(read_text(text, where), where, mapping)


def _from_table(table: Table, where: str, mapping: Mapping[str, str] | None = None) -> Import:
    """Return the failures in rows that a format gave, by shape, given or proposed columns.

    Raises:
        InputError: the mapping names what does not exist.
    """
    names = column_names(table)
    shape = None if mapping else find_shape(table)
    if shape:
        return _by_shape(table, names, shape)
    if mapping:
        used, certain = checked(mapping, names, where), True
    else:
        proposed = propose(table, names)
        used, certain = proposed.mapping, proposed.certain
    maker = _Maker(list(table.rejected))
    for row in table.rows if used.keys() & TEXTS else ():
        maker.add(row.line, partial(_mapped, row, used))
    return _import(table, names, maker, used, certain, table.recognised)


def _mapped(row: Row, mapping: Mapping[FieldName, str]) -> dict[FieldName, str]:
    return {field: as_text(row.record.get(column)) for field, column in mapping.items()}


def _by_shape(table: Table, names: Sequence[str], shape: Shape) -> Import:
    maker = _Maker(list(table.rejected))
    readings = []
    fitting = [row for row in table.rows if shape.fits(row.record)]
    for row in table.rows:
        if not shape.fits(row.record):
            maker.reject(row.line, f"is not like the other rows of this {shape.recognised}")
    gathered = shape.gather(fitting)
    for row in gathered:
        try:
            readings.append((row.line, *shape.read(row.record)))
        except ValueError as error:
            maker.reject(row.line, str(error))
    tests = _pass_fail_scores(scores for *_, scores in readings)
    left_out = 0
    for line, fields, passed, scores in readings:
        graded = [value for name, value in scores.items() if name in tests]
        same = bool(fields.get("output")) and fields.get("output") == fields.get("expected")
        verdict = passed if passed is not None else (min(graded) == 1 if graded else same)
        if verdict:
            left_out += 1
        else:
            maker.add(line, lambda fields=fields: fields)  # type: ignore[misc]
    maker.notes += _told(left_out, len(fitting) - len(gathered), shape.note)
    recognised = f"{shape.recognised} ({table.recognised})"
    found = _import(table, names, maker, {}, True, recognised)
    return found.model_copy(update={"left_out": left_out})


def _told(left_out: int, joined: int, note: str) -> list[str]:
    notes = [f"{joined:,} rows are steps of other rows and were read with them."] if joined else []
    told = f"{left_out:,} rows passed and were left out." if left_out else note
    return [*notes, told] if told else notes


def _pass_fail_scores(all_scores: Iterable[Mapping[str, float]]) -> set[str]:
    """Return the scores that only ever say 0 or 1, and say 0 at least once."""
    seen: dict[str, set[float]] = {}
    for scores in all_scores:
        for name, value in scores.items():
            seen.setdefault(name, set()).add(value)
    return {name for name, values in seen.items() if 0 in values and values <= {0, 1}}


class _Maker:
    """Collects failures and what was wrong with the rows that are none."""

    def __init__(self, rejected: list[Rejected]) -> None:
        self.failures: list[Failure] = []
        self.rejected = rejected
        self.notes: list[str] = []

    def reject(self, line: int, reason: str) -> None:
        self.rejected.append(Rejected(line=line, reason=storable(reason)[:300]))

    def add(self, line: int, fields: Callable[[], Mapping[FieldName, str]]) -> None:
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


def _import(
    table: Table,
    names: Sequence[str],
    maker: _Maker,
    mapping: Mapping[FieldName, str],
    certain: bool,
    recognised: str,
) -> Import:
    failures, renamed = distinct(maker.failures)
    notes = [*table.notes, *maker.notes]
    if renamed:
        more = f" and {len(renamed) - _TOLD:,} more" if len(renamed) > _TOLD else ""
        told = ", ".join(text[:80] for text in islice(renamed, _TOLD))
        notes.append(f"Ids that came twice were changed: {told}{more}.")
    return Import(
        failures=failures,
        rejected=tuple(sorted(maker.rejected, key=lambda one: one.line)),
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
