"""Outputs of the system that runs today, matched with the cases they answer."""

from __future__ import annotations

from collections.abc import Sequence

from advisor.core.text import shown, storable
from advisor.domain.cases import TEXT_LIMIT, Case
from advisor.domain.pilot_result import Finding
from advisor.errors import InputError, Problem
from advisor.importing.failures import read_table
from advisor.importing.tables.columns import column_names
from advisor.importing.tables.table import Table, as_text
from advisor.pilot.data.case_columns import Roles, output_roles
from advisor.pilot.data.case_rows import ENDINGS
from advisor.pilot.data.spec_paths import Upload

Recorded = tuple[tuple[str, str], ...]


def read_recorded(
    upload: Upload, test: Sequence[Case], order: Sequence[str | None]
) -> tuple[Recorded, list[Finding]]:
    """Return `(case id, output)` for the test cases, in their order, and what is missing.

    Args:
        upload: a table with the column `output`, and `id` or the order of the cases.
        test: the cases that are asked for.
        order: the id of each row of the file that the test cases come from.

    Raises:
        InputError: the outputs cannot be matched with the cases.
    """
    where = shown(upload.name)
    table = read_table(upload.name, upload.data, ENDINGS)
    roles = output_roles(column_names(table), where)
    said = _by_id(table, roles) if "id" in roles else _by_order(table, roles, order, where)
    found = tuple((case.id, said[case.id]) for case in test if case.id in said)
    if not found:
        mend = "Use the ids of the cases, or leave the column id out and keep their order"
        raise InputError(Problem(where, "no output belongs to a test case", mend))
    if len(found) == len(test):
        return found, []
    missing = tuple(case.id for case in test if case.id not in said)
    what = f"{where}: {len(missing)} of {len(test)} test cases have no recorded output."
    return found, [Finding(check="file", severity="warning", what=what, cases=missing)]


def _by_id(table: Table, roles: Roles) -> dict[str, str]:
    rows = [row.record for row in table.rows]
    return {
        as_text(row.get(roles["id"])).strip(): _output(row.get(roles["output"])) for row in rows
    }


def _by_order(
    table: Table, roles: Roles, order: Sequence[str | None], where: str
) -> dict[str, str]:
    rows = sorted([(row.line, row.record) for row in table.rows], key=lambda row: row[0])
    if len(rows) != len(order) or table.rejected:
        what = f"has {len(rows):,} outputs for {len(order):,} cases, and no column id"
        raise InputError(Problem(where, what, "Give one output for each case, or add ids"))
    texts = [_output(record.get(roles["output"])) for _, record in rows]
    return {name: text for name, text in zip(order, texts, strict=True) if name is not None}


def _output(value: object) -> str:
    return storable(as_text(value).replace("\x00", ""))[:TEXT_LIMIT]
