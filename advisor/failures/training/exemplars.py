"""The project's own written failures, and the states in which people give such a case."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from advisor.core.strict import digest
from advisor.failures.features.case import EMPTY, FailureCase
from advisor.failures.features.registry import PARTS
from advisor.failures.features.texts import FailureText
from advisor.proposal import Failure
from advisor.vocabulary import Mode

EXEMPLARS = Path(__file__).parents[1] / "exemplars"

Texts = dict[str, str]
"""Parts of a failure by name; a missing one is not in it."""


@dataclass(frozen=True)
class Exemplar:
    """One written failure with its mode; neither the subject nor who wrote it may matter."""

    case: FailureCase
    mode: Mode
    domain: str
    writer: str
    weight: float = 1.0
    also: Mode | None = None
    """A second mode that a careful reader could defend."""

    @property
    def texts(self) -> Texts:
        """The parts that are there, by name."""
        parts = {part: getattr(self.case, part).raw for part in PARTS}
        return {part: text for part, text in parts.items() if text}


def read_exemplars(folder: Path = EXEMPLARS) -> list[Exemplar]:
    """Return every exemplar, sorted by file and line."""
    rows = [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    return [
        Exemplar(
            FailureCase.of(Failure(**{part: row.get(part) for part in PARTS})),
            Mode(row["mode"]),
            row["domain"],
            writer_of(row["id"]),
            also=Mode(row["also"]) if row.get("also") else None,
        )
        for row in rows
    ]


def writer_of(id: str) -> str:
    """Return who wrote an exemplar: the numbers of all but the first begin with a letter."""
    number = id.rpartition("-")[2]
    return number[0] if number[0].isalpha() else "first"


def variants(exemplar: Exemplar) -> Iterator[Exemplar]:
    """Yield the exemplar as written, then as people give such a case: parts missing or moved."""
    case = exemplar.case
    yield exemplar
    states = (
        ("note", EMPTY, bool(case.note) and bool(case.output or case.expected)),
        ("expected", EMPTY, bool(case.expected and case.output)),
        ("input", EMPTY, bool(case.input and case.both) and not case.context),
    )
    for part, value, makes_sense in states:
        if makes_sense:
            yield _changed(exemplar, **{part: value})
    if case.context and case.input:
        inside = FailureText(f"{case.context.raw}\n\n{case.input.raw}")
        yield _changed(exemplar, input=inside, context=EMPTY)
        yield _changed(exemplar, input=inside, context=EMPTY, note=EMPTY)


def _changed(exemplar: Exemplar, **parts: FailureText) -> Exemplar:
    case = exemplar.case
    kept = {name: getattr(case, name) for name in PARTS}
    case = FailureCase(**{**kept, **parts})
    return replace(exemplar, case=case, weight=0.5)


def exemplars_digest(exemplars: Sequence[Exemplar]) -> str:
    """Return the SHA-256 of everything in the exemplars that training sees."""
    return digest([
        [e.mode, e.domain, *(getattr(e.case, part).whole for part in PARTS)] for e in exemplars
    ])
