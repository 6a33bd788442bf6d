"""Declarative rules: schema, loading, checking, evaluation."""

from advisor.rules.against import Change, against, book_at
from advisor.rules.book import Compiled, RuleBook, load
from advisor.rules.check import check
from advisor.rules.conditions.clause import Clause
from advisor.rules.evaluate import Outcome, outcome, representative_answers
from advisor.rules.loading.rule_files import rules_folder
from advisor.rules.schema.rule_finding import Finding

__all__ = [
    "Change",
    "Clause",
    "Compiled",
    "Finding",
    "Outcome",
    "RuleBook",
    "against",
    "book_at",
    "check",
    "load",
    "outcome",
    "representative_answers",
    "rules_folder",
]
