"""What a condition may say: the part of rule-engine's language that every rule can be checked in.

A condition compares answers with fixed values (or with each other, with arithmetic). The clock,
functions, patterns and two conditions joined in one line are refused.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from rule_engine import DataType, ast

from advisor.errors import Problem, RuleError
from advisor.rules.schema import answers
from advisor.rules.schema.rule_schema import ConditionSubject

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
_MIRROR = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le"}
_LITERALS = (ast.BooleanExpression, ast.FloatExpression, ast.StringExpression)
_ARITHMETIC = (ast.AddExpression, ast.SubtractExpression, ast.ArithmeticExpression)
_COMPARISONS = (ast.ComparisonExpression, ast.ArithmeticComparisonExpression)
_ALLOWED = {
    ast.SymbolExpression,
    ast.UnaryExpression,
    ast.ContainsExpression,
    ast.ArrayExpression,
    *_COMPARISONS,
    *_LITERALS,
    *_ARITHMETIC,
}
_CHILDREN = (
    "left",
    "right",
    "member",
    "container",
    "value",
    "condition",
    "case_true",
    "case_false",
)


class ValueComparison(NamedTuple):
    """One question compared with fixed values: `op` is a key of `OPERATORS` or `in`."""

    question: str
    op: str
    values: tuple[Any, ...]


class PlainCondition(NamedTuple):
    """A whole condition about one question, as a function of its answer."""

    question: str
    test: Callable[[Any], bool]


class RefusedCondition(NamedTuple):
    """A kind of condition that is refused: how it is recognised, and what to say."""

    applies: Callable[[Any, Mapping[str, ConditionSubject]], bool]
    what: str
    mend: str


def walk(node: Any) -> Iterator[Any]:
    """Yield an expression and every expression inside it."""
    yield node
    for name in _CHILDREN:
        child = getattr(node, name, None)
        for part in child if isinstance(child, list | tuple) else (child,):
            if isinstance(part, ast.ExpressionBase):
                yield from walk(part)


def symbols(expression: Any) -> set[str]:
    """Return the names an expression reads."""
    return {node.name for node in walk(expression) if isinstance(node, ast.SymbolExpression)}


def comparisons(expression: Any) -> list[ValueComparison]:
    """Return every comparison of one question with fixed values inside an expression."""
    return [found for node in walk(expression) if (found := comparison(node))]


def comparison(node: Any) -> ValueComparison | None:
    """Read `question op value`, `value op question` or `question in [values]`, else `None`."""
    if isinstance(node, ast.ContainsExpression):
        return _compared(node.member, "in", getattr(node.container, "value", None))
    if type(node) not in _COMPARISONS:
        return None
    mirrored = _MIRROR.get(node.type, node.type)
    return _compared(node.left, node.type, [node.right]) or _compared(
        node.right, mirrored, [node.left]
    )


def _compared(symbol: Any, op: str, literals: Any) -> ValueComparison | None:
    if not isinstance(symbol, ast.SymbolExpression) or not isinstance(literals, list | tuple):
        return None
    if not all(isinstance(item, _LITERALS) for item in literals):
        return None
    return ValueComparison(symbol.name, op, tuple(_value(item) for item in literals))


def _value(literal: Any) -> Any:
    if not isinstance(literal, ast.FloatExpression):
        return literal.value
    number = float(literal.value)
    return int(number) if number.is_integer() else number


def plain(expression: Any) -> PlainCondition | None:
    """Turn `question`, a comparison, or `not` before either into a function, else `None`."""
    if isinstance(expression, ast.SymbolExpression):
        return PlainCondition(expression.name, bool)
    if isinstance(expression, ast.UnaryExpression) and expression.type == "not":
        inner = plain(expression.right)
        return inner and PlainCondition(inner.question, _negated(inner.test))
    found = comparison(expression)
    return found and PlainCondition(found.question, _test(found))


def _negated(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: not test(value)


def _test(found: ValueComparison) -> Callable[[Any], bool]:
    if found.op == "in":
        values = found.values
        return lambda value: value in values
    compare, fixed = OPERATORS[found.op], found.values[0]
    return lambda value: compare(value, fixed)


def _kinds(expression: Any) -> set[type]:
    return {type(node) for node in walk(expression)}


def _numbers_only(expression: Any, questions: Mapping[str, ConditionSubject]) -> bool:
    return all(
        questions[item.question].type == "number"
        for item in comparisons(expression)
        if item.op in _MIRROR
    )


def _unmatched(expression: Any) -> bool:
    return any(
        node.left.result_type != node.right.result_type
        for node in walk(expression)
        if type(node) in _COMPARISONS
    )


def _outside(expression: Any, questions: Mapping[str, ConditionSubject]) -> bool:
    return any(
        node.scope is not None or node.name not in questions
        for node in walk(expression)
        if isinstance(node, ast.SymbolExpression)
    )


REFUSALS: tuple[RefusedCondition, ...] = (
    RefusedCondition(
        _outside,
        "depends on something that is not a question, such as the clock",
        "Use questions only, so that the same answers always give the same result",
    ),
    RefusedCondition(
        lambda expression, _: ast.LogicExpression in _kinds(expression),
        "joins two conditions",
        "Write one condition a line, so that each can be explained; for 'or', use in [...] or "
        "two rules",
    ),
    RefusedCondition(
        lambda expression, _: ast.NullExpression in _kinds(expression),
        "compares with null",
        "Drop it: a rule waits by itself until its questions are answered",
    ),
    RefusedCondition(
        lambda expression, _: bool(_kinds(expression) - _ALLOWED),
        "is more than a comparison",
        "Compare an answer with a value, as in: labelled_examples >= 200",
    ),
    RefusedCondition(
        lambda expression, _: expression.result_type != DataType.BOOLEAN,
        "is not a yes-or-no condition",
        "Compare it with a value, as in: labelled_examples >= 200",
    ),
    RefusedCondition(
        lambda expression, _: not symbols(expression),
        "asks about no question",
        "Name a question from questions.yaml",
    ),
    RefusedCondition(
        lambda expression, questions: not _numbers_only(expression, questions),
        "puts answers in an order they do not have",
        "Use ==, != or in [...]; < and > are for numbers",
    ),
    RefusedCondition(
        lambda expression, _: any(
            isinstance(node, ast.ContainsExpression)
            and not (
                isinstance(node.member, ast.SymbolExpression)
                and isinstance(node.container, ast.ArrayExpression)
            )
            for node in walk(expression)
        ),
        "uses 'in' the wrong way round",
        "Write: question in ['one answer', 'another answer']",
    ),
)


def check(text: str, expression: Any, questions: Mapping[str, ConditionSubject]) -> None:
    """Refuse an expression that is not one checkable yes-or-no condition about `questions`.

    Raises:
        RuleError: with the first refusal that applies, or with every impossible answer.
    """
    where = f"`{text}`"
    for refusal in REFUSALS:
        if refusal.applies(expression, questions):
            raise RuleError(Problem(where, refusal.what, refusal.mend))
    wrong = [
        found
        for item in comparisons(expression)
        for value in item.values
        if (found := answers.problem(questions[item.question], value, where))
    ]
    if wrong:
        raise RuleError(wrong)
    if _unmatched(expression):
        raise RuleError(
            Problem(where, "compares two different kinds of answer", "Compare like with like")
        )
