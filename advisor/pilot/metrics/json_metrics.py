"""JSON in answers: whether it is, which fields are right, whether it follows the schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NoReturn

import regex
from jsonschema.exceptions import ValidationError
from jsonschema.validators import Draft202012Validator, extend, validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable

from advisor.domain.cases import Case
from advisor.domain.pilot_spec import Spec
from advisor.pilot.metrics.metric_definition import AnswerScorer
from advisor.pilot.metrics.overlap import f1, words

NONE = object()
"""Stands for no JSON, as null is a value."""
_LEAVES = 20_000
"""Fields of one answer that are compared."""
SECONDS = 0.2
"""The longest that one pattern of a schema may look at one text."""


def parsed(text: str) -> Any:
    """Return the JSON that `text` is as a whole, or `NONE`."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return NONE


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def found(text: str) -> Any:
    """Return the JSON in `text`, which may stand between other words; `NONE` without any.

    The first object or list counts, as a model that does not stop writes it again and again.
    """
    if (whole := parsed(text)) is not NONE:
        return whole
    start = min((place for sign in "{[" if (place := text.find(sign)) >= 0), default=-1)
    if start < 0:
        return NONE
    try:
        return json.JSONDecoder(parse_constant=_refuse).raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return _between(text, start)


def _between(text: str, start: int) -> Any:
    end = text.rfind("}" if text[start] == "{" else "]")
    return parsed(text[start : end + 1]) if end > start else NONE


def json_valid(text: str, case: Case) -> float:
    """Return 1 if the whole answer is JSON."""
    return float(parsed(text) is not NONE)


def json_f1(text: str, case: Case) -> float | None:
    """Return the F1 of fields and values; None where the wanted answer is no JSON."""
    wanted, said = found(case.expected), found(text)
    if wanted is NONE:
        return None
    return 0.0 if said is NONE else f1(leaves(said), leaves(wanted))


def equal(text: str, case: Case) -> bool:
    """Tell whether both are JSON and mean the same; the order of names does not matter."""
    wanted = parsed(case.expected)
    return wanted is not NONE and parsed(text) == wanted


def leaves(value: Any) -> Iterator[tuple[str, str]]:
    """Yield `(path, value)` of each field; the order in lists does not count, nor do null and {}.

    Values are compared as words, numbers as numbers: 5, 5.0 and "5" are one.
    """
    todo = [("", value)]
    left = _LEAVES
    while todo and left:
        path, one = todo.pop()
        if isinstance(one, dict):
            todo += [(f"{path}.{name}", inner) for name, inner in one.items()]
        elif isinstance(one, list):
            todo += [(f"{path}[]", inner) for inner in one]
        elif one is not None:
            left -= 1
            yield path, _value(one)


def _value(leaf: Any) -> str:
    text = str(leaf)
    try:
        return f"{float(text):.12g}"
    except ValueError:
        return " ".join(words(text)) or text


def follows(spec: Spec) -> AnswerScorer:
    """Return the judge of conformity to the schema of a specification."""
    schema = spec.schema_ or {}
    kind = validator_for(schema, Draft202012Validator)
    checked = extend(kind, _TIMED)
    validator = checked(schema, registry=Registry())  # the empty one fetches nothing

    def judge(text: str, case: Case) -> float | None:
        value = parsed(text)
        try:
            return float(value is not NONE and validator.is_valid(value))
        except (Unresolvable, TimeoutError, regex.error):
            return None
        except RecursionError:
            return 0.0

    return judge


def _matches(pattern: str, text: str) -> bool:
    return regex.search(pattern, text, timeout=SECONDS) is not None


def _pattern(validator: Any, pattern: str, value: Any, schema: Any) -> Iterator[ValidationError]:
    if validator.is_type(value, "string") and not _matches(pattern, value):
        yield ValidationError(f"does not match {pattern!r}")


def _pattern_properties(
    validator: Any, patterns: dict[str, Any], value: Any, schema: Any
) -> Iterator[ValidationError]:
    if not validator.is_type(value, "object"):
        return
    for pattern, inner in patterns.items():
        for name, one in value.items():
            if _matches(pattern, name):
                yield from validator.descend(one, inner, path=name, schema_path=pattern)


def _additional(validator: Any, extra: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    if not validator.is_type(value, "object"):
        return
    patterns = schema.get("patternProperties", {})
    for name in value.keys() - schema.get("properties", {}).keys():
        if not any(_matches(pattern, name) for pattern in patterns):
            yield from validator.descend(value[name], extra, path=name)


_TIMED = {
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional,
}
"""Keywords that look at texts with patterns, each with a limit on its time."""
