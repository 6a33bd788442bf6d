"""Declarative rules: schema, loading, checking, evaluation."""

from advisor.rules.against import RecommendationChange, against, book_at
from advisor.rules.book import (
    Compiled,
    RuleBook,
    RuleOutcome,
    load,
    outcome,
    representative_answers,
)
from advisor.rules.check import check
from advisor.rules.conditions.clause import Clause
from advisor.rules.loading.rule_files import rules_folder
from advisor.rules.schema.rule_finding import RuleFinding

__all__ = [
    "Clause",
    "Compiled",
    "RecommendationChange",
    "RuleBook",
    "RuleFinding",
    "RuleOutcome",
    "against",
    "book",
    "book_at",
    "check",
    "conditions",
    "load",
    "loading",
    "outcome",
    "representative_answers",
    "rules_folder",
    "schema",
]
