"""What a check of honesty is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from advisor.domain.cases import Case
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmRun, Finding


@dataclass(frozen=True)
class DataCheck:
    """One look at the data before anything runs."""

    name: str
    title: str
    what: str
    """One sentence for people: what it looks for, and why it matters."""
    look: Callable[[Frozen], Iterator[Finding]]


@dataclass(frozen=True)
class AnswerCheck:
    """One look at what the arms answered."""

    name: str
    title: str
    what: str
    look: Callable[[Frozen, Sequence[ArmRun]], Iterator[Finding]]


def ids(cases: Sequence[Case]) -> tuple[str, ...]:
    """Return the ids of cases, for a finding."""
    return tuple(case.id for case in cases)


def quoted(text: str, length: int = 60) -> str:
    """Return the beginning of a text in quotes, on one line."""
    line = " ".join(text[: 4 * length].split())
    return f"“{line[:length].rstrip()} …”" if len(line) > length else f"“{line}”"
