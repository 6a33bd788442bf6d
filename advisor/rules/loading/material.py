"""What loading and checking both work on: records with their compiled conditions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock

from advisor.errors import RuleError
from advisor.rules.conditions.clause import Clause, Compiler
from advisor.rules.loading.rule_files import RuleFiles
from advisor.rules.loading.rule_records import PlacedRecord, RuleRecords, read_records
from advisor.rules.schema.review_facts import FACTS
from advisor.rules.schema.rule_finding import RuleFinding
from advisor.rules.schema.rule_schema import ConditionSubject, Question, Rule


@dataclass(frozen=True)
class RuleMaterial:
    """Records and conditions of one rule folder, however much is wrong with it."""

    fingerprint: str
    records: RuleRecords
    questions: Mapping[str, Question]
    """By id; the first of two with the same id."""
    asked: Mapping[str, ConditionSubject]
    """All that rules of approval may speak about: questions, fields of the review, facts."""
    compiled: Mapping[str, Clause]
    """Conditions that could be compiled, by their text."""
    findings: tuple[RuleFinding, ...]
    """What kept records or conditions from being read."""

    def clauses(self, entry: PlacedRecord[Rule]) -> tuple[Clause, ...]:
        """Return the conditions of a rule that could be compiled."""
        return tuple(self.compiled[text] for text in entry.record.when if text in self.compiled)

    def whole(self, entry: PlacedRecord[Rule]) -> bool:
        """Tell whether every condition of a rule could be compiled."""
        return all(text in self.compiled for text in entry.record.when)


_WORD = re.compile(r"[a-z][a-z0-9_]*")

_NAMES = "questions.yaml and the fields of approval.yaml list what is asked"

Check = Callable[[RuleMaterial], Iterable[RuleFinding]]
"""One thing that must be right about a rule folder."""


_ONE_AT_A_TIME = Lock()
"""rule-engine's parser keeps state between calls, so two threads must not share it."""


def material(source: RuleFiles) -> RuleMaterial:
    """Read and compile rule files. Never raises: `findings` holds what is wrong."""
    records = read_records(source)
    questions: dict[str, Question] = {}
    for entry in records.questions:
        questions.setdefault(entry.record.id, entry.record)
    fields = {entry.record.id: entry.record.asked for entry in records.approval.fields}
    asked = {fact.id: fact for fact in FACTS} | fields | questions
    with _ONE_AT_A_TIME:
        compiled, findings = _compile(records, questions, asked)
    return RuleMaterial(
        source.fingerprint, records, questions, asked, compiled, (*records.findings, *findings)
    )


def _compile(
    records: RuleRecords,
    questions: Mapping[str, ConditionSubject],
    asked: Mapping[str, ConditionSubject],
) -> tuple[dict[str, Clause], list[RuleFinding]]:
    compiled: dict[str, Clause] = {}
    triage: list[PlacedRecord[Rule]] = [*records.evidence, *records.vetoes]
    approval: list[PlacedRecord[Rule]] = [*records.approval.raises, *records.approval.vetoes]
    findings = [
        *_compile_into(compiled, triage, records, Compiler(questions)),
        *_compile_into(compiled, approval, records, Compiler(asked, _NAMES)),
    ]
    return compiled, findings


def _compile_into(
    compiled: dict[str, Clause],
    rules: Iterable[PlacedRecord[Rule]],
    records: RuleRecords,
    compiler: Compiler,
) -> Iterator[RuleFinding]:
    for entry in rules:
        for place, text in enumerate(entry.record.when):
            try:
                compiled[text] = compiled.get(text) or compiler.compile(text)
            except RuleError as error:
                if not _names_broken(text, records):
                    yield from _at(entry, place, error)


def _names_broken(text: str, records: RuleRecords) -> bool:
    """Tell whether a question in `text` is itself unreadable, which is already reported."""
    all_broken = bool(records.findings) and not records.questions
    return all_broken or not records.broken.isdisjoint(_WORD.findall(text))


def _at(entry: PlacedRecord[Rule], place: int, error: RuleError) -> Iterable[RuleFinding]:
    for problem in error.problems:
        what = f"{problem.where} {problem.what}"
        yield entry.finding(what, problem.mend, ("when", place))
