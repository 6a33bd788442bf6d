"""The cases of one file, and what was wrong with the rows that are none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from advisor.domain.cases import Case
from advisor.domain.pilot_result import Finding
from advisor.errors import InputError, Problem

_MOST_BAD = 0.1
"""Share of the rows that may be unusable; more, and the file is refused."""
_TOLD = 10


@dataclass
class CaseRows:
    """The cases of one file, and which row each came from."""

    where: str
    cases: list[Case] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)
    """Line and reason of each row that is no case."""
    lines: dict[int, str | None] = field(default_factory=dict)
    """Line of each row to the id of its case; None where it is no case."""
    notes: list[str] = field(default_factory=list)

    @property
    def order(self) -> tuple[str | None, ...]:
        """The id of the case of each row, in the order of the file."""
        return tuple(self.lines[line] for line in sorted(self.lines))

    def leave_out(self, line: int, reason: str) -> None:
        """Note that the row on `line` is no case."""
        self.bad.append((line, reason))
        self.lines[line] = None

    def findings(self) -> Iterator[Finding]:
        """Yield what a person should know about how the file was read."""
        for note in self.notes:
            yield Finding(check="file", severity="note", what=f"{self.where}: {note}")
        if self.bad:
            what = f"{self.where}: {len(self.bad)} of {len(self.lines)} rows are left out. "
            told = "; ".join(f"row {line} {reason}" for line, reason in self.bad[:_TOLD])
            more = "; …" if len(self.bad) > _TOLD else "."
            yield Finding(check="file", severity="warning", what=what + told + more)

    def check(self) -> None:
        """Refuse a file without cases, or with too many rows that are none.

        Raises:
            InputError: with the first of these rows.
        """
        if len(self.bad) > max(1, _MOST_BAD * len(self.lines)) or not self.cases:
            raise InputError(self._problems())

    def _problems(self) -> Iterator[Problem]:
        for line, reason in sorted(self.bad)[:_TOLD]:
            yield Problem(f"{self.where}, row {line}", reason, "Mend the row or take it out")
        if not self.bad:
            yield Problem(self.where, "holds no case", "Put one case on each row")
        elif len(self.bad) > _TOLD:
            what = f"{len(self.bad):,} of {len(self.lines):,} rows are no cases"
            yield Problem(
                self.where, what, "Check the names of the columns and the form of the rows"
            )
