"""What Schemathesis is told beside the document of the API."""

from __future__ import annotations

import json
from typing import Any

import schemathesis

GROUPS = ("answers", "review")
IN_EXAMPLES = {"facts_change_often", "retrieval_tried", "labelled_examples", "rollback"}


@schemathesis.hook
def before_load_schema(_: schemathesis.HookContext, schema: dict[str, Any]) -> None:
    """Keep one question of each form, and no group twice: what is alike takes as long again."""
    given = schema["components"]["schemas"]
    changes = given["ChangesGiven"]["properties"]["changes"]["properties"]
    for group in GROUPS:
        fields = given[f"{group.capitalize()}Given"]["properties"]
        forms = {json.dumps(fits.get("type", "enum")): name for name, fits in fields.items()}
        for name in fields.keys() - set(forms.values()) - IN_EXAMPLES:
            del fields[name], changes[f"{group}.{name}"]
    for group in (*GROUPS, "current", "failures"):
        del changes[group]  # they come whole in a new proposal


@schemathesis.hook
def filter_body(_: schemathesis.HookContext, body: Any) -> bool:
    """Leave out failures of the same id, which JSON Schema cannot tell from others."""
    inner = body.get("changes", body) if isinstance(body, dict) else None
    failures = inner.get("failures") if isinstance(inner, dict) else None
    if not isinstance(failures, list):
        return True
    ids = [one.get("id") for one in failures if isinstance(one, dict)]
    named = [id for id in ids if isinstance(id, str)]
    return len(named) == len(set(named))
