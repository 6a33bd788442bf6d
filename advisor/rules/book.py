"""The rule book: every record under `rules/`, compiled, and what it does on answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from advisor.domain.sources import Source
from advisor.errors import Problem
from advisor.proposal import Answer
from advisor.rules.conditions.answer_space import Chances, answer_space
from advisor.rules.conditions.clause import Answers, Clause
from advisor.rules.loading.material import RuleMaterial, material
from advisor.rules.loading.rule_files import RuleFiles, read_files, rules_folder
from advisor.rules.loading.rule_records import PlacedRecord
from advisor.rules.loading.structure import STRUCTURE
from advisor.rules.schema import answers
from advisor.rules.schema.answers import review_problems
from advisor.rules.schema.approval import (
    ApprovalVeto,
    CheckItem,
    ReviewField,
    Tier,
    TierName,
    TierRule,
)
from advisor.rules.schema.rule_finding import refuse
from advisor.rules.schema.rule_schema import (
    EvidenceRule,
    Question,
    RemedyCard,
    Rule,
    Taxonomy,
    Veto,
)
from advisor.vocabulary import Remedy

R = TypeVar("R", bound=Rule)


@dataclass(frozen=True, eq=False)
class Compiled(Generic[R]):
    """A rule with its conditions compiled."""

    record: R
    clauses: tuple[Clause, ...]
    needs: frozenset[str]
    """Ids of every question its conditions ask about."""

    @property
    def id(self) -> str:
        """The id of the rule."""
        return self.record.id

    def fires(self, answers: Answers) -> bool:
        """Tell whether every condition holds; a condition without its answer does not."""
        return all(clause.holds(answers) for clause in self.clauses)


@dataclass(frozen=True)
class RuleOutcome:
    """What a rule does: it fires, it does not, or it waits for answers."""

    state: Literal["fires", "does not fire", "needs"]
    needs: tuple[str, ...] = ()
    """Questions it waits for, in alphabetical order."""

    def __str__(self) -> str:
        """Return it as examples write it: `needs a, b`."""
        return " ".join((self.state, ", ".join(self.needs))).strip()


@dataclass(frozen=True, eq=False)
class ApprovalRules:
    """What `approval.yaml` says."""

    tiers: Mapping[TierName, Tier]
    fields: Mapping[str, ReviewField]
    """By id, in the order of the file."""
    checklist: tuple[CheckItem, ...]
    raises: tuple[Compiled[TierRule], ...]
    vetoes: tuple[Compiled[ApprovalVeto], ...]


@dataclass(frozen=True, eq=False)
class RuleBook:
    """Everything under `rules/`. Two loads of the same files give the same book."""

    questions: Mapping[str, Question]
    """By id, in the order of the file."""
    evidence: tuple[Compiled[EvidenceRule], ...]
    vetoes: tuple[Compiled[Veto], ...]
    remedies: Mapping[Remedy, RemedyCard]
    taxonomy: Taxonomy
    sources: Mapping[str, Source]
    fingerprint: str
    """SHA-256 over the names and contents of all rule files, 64 hexadecimal digits."""
    approval: ApprovalRules | None = None
    """None where the folder has no approval.yaml."""

    @cached_property
    def answer_space(self) -> Mapping[str, Chances]:
        """For each question the answers that rules can tell apart, with their chances."""
        return {name: answer_space(item, self.clauses) for name, item in self.questions.items()}

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Every condition of every rule of triage."""
        rules: list[Compiled[Any]] = [*self.evidence, *self.vetoes]
        return tuple(clause for rule in rules for clause in rule.clauses)

    def answer_problems(self, given: Mapping[str, Answer], where: str) -> list[Problem]:
        """Return one problem for each unknown question and each answer that does not fit."""
        return list(answers.problems(given, self.questions, where))

    def review_problems(self, given: Mapping[str, Answer], where: str) -> list[Problem]:
        """Return one problem for each unknown field of the review and each that does not fit."""
        fields = self.approval.fields if self.approval else {}
        return list(review_problems(given, fields, where))


def load(folder: Path | None = None) -> RuleBook:
    """Load the rules in `folder` (default: the project's own); unchanged files load once.

    Raises:
        RuleError: with every problem at once: file, line, rule, what, how to mend it.
    """
    return load_files(read_files(folder or rules_folder()))


@lru_cache(maxsize=8)
def load_files(source: RuleFiles) -> RuleBook:
    """Load rule files that are already read; raises as `load` does."""
    found = material(source)
    refuse([*found.findings, *(finding for check in STRUCTURE for finding in check(found))])
    return _book(found)


def _book(found: RuleMaterial) -> RuleBook:
    records = found.records
    return RuleBook(
        questions=found.questions,
        evidence=tuple(_compiled(entry, found) for entry in records.evidence),
        vetoes=tuple(_compiled(entry, found) for entry in records.vetoes),
        remedies={entry.record.id: entry.record for entry in records.remedies},
        taxonomy=records.taxonomy[0].record,
        sources={entry.record.id: entry.record for entry in records.sources},
        fingerprint=found.fingerprint,
        approval=_approval(found) if records.approval.there else None,
    )


def _approval(found: RuleMaterial) -> ApprovalRules:
    records = found.records.approval
    return ApprovalRules(
        tiers={entry.record.id: entry.record for entry in records.tiers},
        fields={entry.record.id: entry.record for entry in records.fields},
        checklist=tuple(entry.record for entry in records.checklist),
        raises=tuple(_compiled(entry, found) for entry in records.raises),
        vetoes=tuple(_compiled(entry, found) for entry in records.vetoes),
    )


def _compiled(entry: PlacedRecord[R], found: RuleMaterial) -> Compiled[R]:
    clauses = found.clauses(entry)
    needs = frozenset[str]().union(*(clause.needs for clause in clauses))
    return Compiled(entry.record, clauses, needs)


FIRES, DOES_NOT_FIRE = RuleOutcome("fires"), RuleOutcome("does not fire")


def outcome(rule: Compiled[Any], answers: Answers) -> RuleOutcome:
    """Return what `rule` does on `answers`; one false condition settles it."""
    return outcome_of(rule.clauses, answers)


def outcome_of(clauses: tuple[Clause, ...], answers: Answers) -> RuleOutcome:
    """Return what a rule with these conditions does on `answers`."""
    results = [clause.holds(answers) for clause in clauses]
    if False in results:
        return DOES_NOT_FIRE
    waiting = [clause.needs for clause, held in zip(clauses, results, strict=True) if held is None]
    if not waiting:
        return FIRES
    asked = frozenset[str]().union(*waiting)
    missing = {name for name in asked if answers.get(name) is None}
    return RuleOutcome("needs", tuple(sorted(missing or asked)))


def representative_answers(question: Question, book: RuleBook) -> Chances:
    """Return the answers to `question` that rules can tell apart, each with its chance."""
    return book.answer_space[question.id]
