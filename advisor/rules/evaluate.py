"""What a rule does on a set of answers, and which answers are worth trying."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from advisor.rules.book import Compiled, RuleBook
from advisor.rules.conditions.answer_space import Chances
from advisor.rules.conditions.clause import Answers, Clause
from advisor.rules.schema.rule_schema import Question


@dataclass(frozen=True)
class RuleOutcome:
    """What a rule does: it fires, it does not, or it waits for answers."""

    state: Literal["fires", "does not fire", "needs"]
    needs: tuple[str, ...] = ()
    """Questions it waits for, in alphabetical order."""

    def __str__(self) -> str:
        """Return it as examples write it: `needs a, b`."""
        return " ".join((self.state, ", ".join(self.needs))).strip()


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
