"""A specification from YAML or JSON, with everything that is wrong in it said at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from advisor.core.files import read_path
from advisor.core.parsing import decode, parse
from advisor.core.text import shown
from advisor.core.validation import problems
from advisor.domain.pilot_spec import Budget, Files, Scoring, Spec, Style
from advisor.errors import InputError, Problem
from advisor.pilot.data.contradictions import contradictions

ENDINGS = (".yaml", ".yml", ".json")
_FIELDS = {
    "": [field.alias or name for name, field in Spec.model_fields.items()],
    "data": Files.model_fields,
    "scoring": Scoring.model_fields,
    "style": Style.model_fields,
    "budget": Budget.model_fields,
}


def read_spec(path: Path) -> tuple[Spec, Path]:
    """Return the specification in a YAML or JSON file, and the folder that its data lies in.

    Raises:
        InputError: one problem for each thing that is wrong.
    """
    if path.suffix.lower() not in ENDINGS:
        what = f"has the ending {path.suffix or 'none'}"
        raise InputError(Problem(shown(path.name), what, f"Use {', '.join(ENDINGS)}"))
    raw = read_path(path)
    return parse_spec(parse(decode(raw, path.name), path.name), shown(path.name)), path.parent


def parse_spec(data: Any, where: str = "specification") -> Spec:
    """Check `data` (parsed JSON or YAML) and return a specification.

    Raises:
        InputError: one problem for each thing that is wrong.
    """
    if not isinstance(data, dict):
        mend = 'Start with {"title": …, "task": …, "instruction": …}'
        raise InputError(Problem(where, "is not an object", mend))
    try:
        spec = Spec.model_validate(data)
    except ValidationError as error:
        raise InputError(problems(error, where, _FIELDS)) from None
    if found := tuple(contradictions(spec, where)):
        raise InputError(found)
    return spec


def spec_yaml(spec: Spec) -> bytes:
    """Return a specification as people write it: what is left at its default is left out."""
    content = spec.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True).encode()
