"""Steps of a trace put together: which stand for a whole request, and what the model was shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.importing.tables.table import Row

SHOWN = "_shown"
"""Field under which a whole request carries what its steps gave the model."""


@dataclass(frozen=True)
class TraceStep:
    """One row of a trace."""

    row: Row
    trace: str
    name: str
    """Its own id; may be missing."""
    parent: str
    says: bool
    """Whether it holds an answer of its own; a search or a tool does not."""
    shows: str = ""
    """What it gave the model to answer from."""


def whole(steps: Sequence[TraceStep]) -> list[Row]:
    """Return the rows that stand for a whole request, with what was shown within their trace.

    Such a step has an answer, and no step above it has one.
    """
    known = {(step.trace, step.name): step for step in steps if step.name}
    answered: dict[tuple[str, str], bool] = {}
    shown: dict[str, dict[str, None]] = {}
    for step in steps:
        if step.shows and step.trace:
            shown.setdefault(step.trace, {})[step.shows] = None
    rows = []
    for step in steps:
        if step.says and not _answered_above(step, known, answered):
            given = "\n".join(shown.get(step.trace, {})) or step.shows
            rows.append(Row(step.row.line, {**step.row.record, SHOWN: given}))
    return rows


def _answered_above(
    step: TraceStep, known: dict[tuple[str, str], TraceStep], answered: dict[tuple[str, str], bool]
) -> bool:
    """Tell whether a step above has an answer; each way up is walked once, circles end."""
    path, found, key = [], False, (step.trace, step.parent)
    while key in known and not found:
        if key in answered:
            found = answered[key]
            break
        answered[key] = False
        path.append(key)
        found = known[key].says
        key = (step.trace, known[key].parent)
    answered.update(dict.fromkeys(path, found))
    return found
