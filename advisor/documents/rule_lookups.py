"""What a record looks up in the rules; `advisor.rules.RuleBook` has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from advisor.rules.schema.rule_schema import Question, RemedyCard, Taxonomy
from advisor.vocabulary import Remedy


class Lookups(Protocol):
    """Names and meanings of questions, causes, modes and remedies."""

    @property
    def questions(self) -> Mapping[str, Question]:
        """Questions by id."""

    @property
    def taxonomy(self) -> Taxonomy:
        """Causes and modes."""

    @property
    def remedies(self) -> Mapping[Remedy, RemedyCard]:
        """Remedy cards by remedy."""
