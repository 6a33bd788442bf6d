"""Declarative rules: schema, loading, checking, evaluation."""

from advisor.rules.book import Compiled, RuleBook, load
from advisor.rules.clause import Clause
from advisor.rules.evaluate import Outcome, outcome, representative_answers
from advisor.rules.files import rules_folder
from advisor.rules.finding import Finding

__all__ = [
    "Clause",
    "Compiled",
    "Finding",
    "Outcome",
    "RuleBook",
    "load",
    "outcome",
    "representative_answers",
    "rules_folder",
]
