"""One line of a rule's `when`: true, false, or unknown until its questions are answered.

The text is rule-engine's, its names and types are checked against the questions when it is
compiled. A plain comparison also becomes a small Python function, because the next question and
the flips try thousands of answers; anything else is left to rule-engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import rule_engine
from rule_engine import DataType

from advisor.errors import Problem, RuleError
from advisor.proposal import Answer
from advisor.rules.conditions import language
from advisor.rules.schema.answers import FORMS
from advisor.rules.schema.rule_finding import did_you_mean
from advisor.rules.schema.rule_schema import ConditionSubject

Answers = Mapping[str, Answer]
Truth = bool | None

LENGTH = 300
"""Characters in one condition."""
_TYPES = {"yes_no": DataType.BOOLEAN, "number": DataType.FLOAT, "choice": DataType.STRING}
_HEAVY = re.compile(r"<<|>>|\*\*")
_HINTS = (
    (re.compile(r"(?<![=!<>])=(?![=~])"), "Use == to compare"),
    (re.compile(r"&&|\|\|"), "Write one condition a line"),
    (re.compile(r"!(?![=~])"), "Write 'not' instead of '!'"),
    (re.compile(r"[‘’“”]"), "Use straight quotes: 'word'"),
)
_FAULTS = (rule_engine.EngineError, ArithmeticError, TypeError)


@dataclass(frozen=True)
class Clause:
    """A compiled condition."""

    text: str
    needs: frozenset[str]
    """Ids of the questions it asks about; never empty."""
    holds: Callable[[Answers], Truth] = field(compare=False, repr=False)
    """Tell whether it holds; `None` while an answer is missing or of the wrong type."""
    engine: Callable[[Answers], Truth] = field(compare=False, repr=False)
    """The same answered by rule-engine itself; slow."""
    cuts: tuple[tuple[str, Any], ...] = ()
    """Each question it compares with a fixed value, and the value."""


class Compiler:
    """Compiles conditions over one set of questions."""

    def __init__(
        self,
        questions: Mapping[str, ConditionSubject],
        listed: str = "questions.yaml lists what is asked",
    ) -> None:
        """Keep what conditions may name, by id, and where a person finds these names."""
        self.questions = questions
        self.listed = listed
        types = {name: _TYPES[question.type] for name, question in questions.items()}
        self._context = rule_engine.Context(
            type_resolver=rule_engine.type_resolver_from_dict(types)
        )

    def compile(self, text: str) -> Clause:
        """Compile one condition.

        Raises:
            RuleError: if it is not one yes-or-no comparison of answers.
        """
        rule = self._parse(text)
        expression = rule.statement.expression
        language.check(text, expression, self.questions)
        needs = frozenset(language.symbols(expression))
        types = {name: FORMS[self.questions[name].type].types for name in needs}
        engine = _by_engine(rule, types)
        plain = language.plain(expression)
        holds = _by_function(plain, types[plain.question]) if plain else engine
        cuts = tuple(
            (item.question, value)
            for item in language.comparisons(expression)
            for value in item.values
        )
        return Clause(text, needs, holds, engine, cuts)

    def _parse(self, text: str) -> rule_engine.Rule:
        _refuse_unusual(text)
        try:
            return rule_engine.Rule(text, context=self._context)
        except rule_engine.SymbolResolutionError as error:
            raise self._unknown(text, error.symbol_name) from None
        except Exception as error:
            # the parser folds constants, so that arithmetic in the text may raise anything
            why = getattr(error, "message", "its sum fails").split(" at: ")[0]
            hints = [mend for pattern, mend in _HINTS if pattern.search(text)]
            mend = hints[0] if hints else "Write it like: labelled_examples >= 200"
            raise fault(text, f"cannot be read: {why}", mend) from None

    def _unknown(self, text: str, name: str) -> RuleError:
        if any(name in question.options for question in self.questions.values()):
            mend = f"Put quotes round an answer: {name!r}"
        else:
            mend = did_you_mean(name, self.questions, self.listed)
        return fault(text, f"there is no question {name!r}", mend)


def fault(text: str, what: str, mend: str) -> RuleError:
    """Return the error about one condition."""
    return RuleError(Problem(f"`{text[:120]}`", what, mend))


def _refuse_unusual(text: str) -> None:
    if len(text) > LENGTH or len(text.splitlines()) != 1:
        raise fault(text, "is not one short line", "Write one condition a line")
    if _HEAVY.search(text):
        raise fault(text, "uses a power or a shift", "Compare an answer with a plain value")


def _by_function(
    plain: language.PlainCondition, types: frozenset[type]
) -> Callable[[Answers], Truth]:
    name, test = plain.question, plain.test

    def holds(answers: Answers) -> Truth:
        value = answers.get(name)
        return test(value) if type(value) in types else None

    return holds


def _by_engine(
    rule: rule_engine.Rule, types: Mapping[str, frozenset[type]]
) -> Callable[[Answers], Truth]:
    def holds(answers: Answers) -> Truth:
        if any(type(answers.get(name)) not in allowed for name, allowed in types.items()):
            return None
        try:
            return bool(rule.matches(answers))
        except _FAULTS:  # a division by an answer of zero, for instance
            return None

    return holds
