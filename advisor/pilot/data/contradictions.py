"""What is wrong with a specification though each field by itself is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import regex
from jsonschema.exceptions import SchemaError
from jsonschema.validators import Draft202012Validator, validator_for

from advisor.core.terminal import one_line
from advisor.domain.pilot_spec import Metric, Spec, Style, Task
from advisor.errors import Problem
from advisor.models.endpoint import configured

PATTERN_LIMIT = 2_000
"""Characters of a regular expression."""
_DEPTH = 50
"""Levels of a JSON schema."""


def contradictions(spec: Spec, where: str) -> Iterator[Problem]:
    """Yield one problem for each pair of fields that do not go together."""
    for check in (_arms, _schema, _NEEDS.get(spec.judged_by.metric, _nothing)):
        yield from check(spec, where)


def _nothing(spec: Spec, where: str) -> Iterator[Problem]:
    yield from ()


def _arms(spec: Spec, where: str) -> Iterator[Problem]:
    if spec.arms and spec.recommended and spec.recommended not in spec.arms:
        what = f"is {spec.recommended}, which is not among the arms"
        yield Problem(f"{where}.recommended", what, "Add it to arms, or recommend one of them")


def _schema(spec: Spec, where: str) -> Iterator[Problem]:
    place = f"{where}.schema"
    if spec.schema_ is None:
        return
    try:
        distant = sorted(set(_references(spec.schema_, _DEPTH)))
        validator_for(spec.schema_, Draft202012Validator).check_schema(spec.schema_)
    except SchemaError as error:
        inside = ".".join(map(str, error.absolute_path)) or "its top"
        what = f"is no JSON schema: {inside}: {one_line(error.message)[:150]}"
        yield Problem(place, what, "Mend that place; see json-schema.org")
    except (RecursionError, TypeError):
        yield Problem(place, "is nested too deeply or refers to itself", "Flatten it")
    else:
        for one in distant:
            what = f"refers to {one_line(one)[:80]!r}; nothing is fetched"
            yield Problem(place, what, "Put that part under $defs and refer to #/$defs/…")


def _references(part: Any, depth: int) -> Iterator[str]:
    """Yield what a schema refers to outside itself."""
    if depth == 0:
        raise RecursionError
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for one in inner:
        yield from _references(one, depth - 1)
    reference = part.get("$ref", "#") if isinstance(part, dict) else "#"
    if isinstance(reference, str) and not reference.startswith("#"):
        yield reference


def _pattern(spec: Spec, where: str) -> Iterator[Problem]:
    pattern, place = spec.judged_by.pattern, f"{where}.scoring.pattern"
    if pattern is None:
        yield Problem(place, "is missing", "Write the pattern that a right answer matches")
    elif len(pattern) > PATTERN_LIMIT:
        yield Problem(place, f"is longer than {PATTERN_LIMIT:,} characters", "Shorten it")
    else:
        try:
            regex.compile(pattern)
        except (regex.error, RecursionError, OverflowError, MemoryError) as error:
            what = f"is no regular expression: {one_line(str(error))[:100]}"
            yield Problem(place, what, "Mend it, or put a backslash before a sign that is meant")


def _needs_schema(spec: Spec, where: str) -> Iterator[Problem]:
    if spec.schema_ is None:
        mend = "Add the JSON schema that a right answer follows"
        yield Problem(f"{where}.schema", "is missing; the metric schema needs it", mend)


def _style(spec: Spec, where: str) -> Iterator[Problem]:
    style, place = spec.judged_by.style, f"{where}.scoring.style"
    if style == Style():
        mend = "Give max_words, min_words, must_contain or must_not_contain"
        yield Problem(place, "checks nothing", mend)
    if style.min_words and style.max_words and style.min_words > style.max_words:
        yield Problem(place, "wants more words than it allows", "Swap min_words and max_words")


def _labels(spec: Spec, where: str) -> Iterator[Problem]:
    if spec.task is not Task.CLASSIFICATION:
        what = f"is macro_f1, which needs labels; the task is {spec.task}"
        yield Problem(f"{where}.scoring.metric", what, "Use exact, or make it a classification")


def _judge(spec: Spec, where: str) -> Iterator[Problem]:
    if configured() is None:
        what = "is judge, and no judge model is configured"
        mend = "Set ADVISOR_ENDPOINT_URL and ADVISOR_ENDPOINT_MODEL, or use another metric"
        yield Problem(f"{where}.scoring.metric", what, mend)


_NEEDS: dict[Metric, Callable[[Spec, str], Iterator[Problem]]] = {
    Metric.REGEX: _pattern,
    Metric.SCHEMA: _needs_schema,
    Metric.STYLE: _style,
    Metric.MACRO_F1: _labels,
    Metric.JUDGE: _judge,
}
