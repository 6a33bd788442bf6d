"""Whether an answer follows a JSON schema, whatever patterns and references the schema holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import regex
from jsonschema.exceptions import ValidationError
from jsonschema.validators import Draft202012Validator, extend, validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable

from advisor.domain.cases import Case
from advisor.domain.pilot_spec import Spec
from advisor.pilot.metrics.json_metrics import NONE, parsed
from advisor.pilot.metrics.measure_type import One

SECONDS = 0.2
"""The longest one pattern may look at one text."""


def follows(spec: Spec) -> One:
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
