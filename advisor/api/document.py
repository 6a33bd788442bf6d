"""The OpenAPI document (3.1): operations, examples, every way to be refused, and tokens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from advisor import __version__
from advisor.api.operations import OPERATIONS, Operation
from advisor.api.problems import BUSY, OFTEN, TOKEN, Fault
from advisor.api.schemas import given_schemas
from advisor.api.service import ACCESS
from advisor.domain.lifecycle import Role
from advisor.presentation.wording import listing
from advisor.rules import RuleBook

_ABOUT = """Hand proposals in from an intake portal, read what the advisor says, and ask from a
pipeline whether a training run is approved now.

Every request carries a token: `Authorization: Bearer adv_…`. An administrator gives one with
`advisor token give PERSON ROLE`; it acts for that person in that one role, and both are read anew
at every request. To an owner's token a proposal is there if its person wrote a part of it.

Writes carry an `Idempotency-Key`: sent again with the same key, a request does nothing more and
answers the same, so it is safe to repeat it after a broken connection.

What is refused comes back as `application/problem+json` (RFC 9457) with a sentence in `detail`,
one word for programs in `why`, and what to mend in `errors`.

**Nobody decides here.** A decision needs the dossier, which is read in the app; a program that
approves has read nothing."""
_EXAMPLES: dict[str, Any] = {
    "proposal": {
        "title": "Shop assistant quotes old return rules",
        "description": "It answers customers. Rules change each season.",
        "requested": "fine_tuning",
        "answers": {"facts_change_often": "weekly", "retrieval_tried": False},
        "failures": [{"input": "May I return it?", "output": "14 days", "expected": "30 days"}],
    },
    "changes": {"changes": {"answers.labelled_examples": 400, "review.rollback": "Switch it off."}},
    "submission": {"version": 1, "content": "0" * 64},
}
_SENT = {"proposal": "ProposalGiven", "changes": "ChangesGiven", "submission": "SubmissionGiven"}
_WAIT = {"description": "Seconds to wait.", "schema": {"type": "integer"}, "required": True}
_SCHEME = {"description": "How to show a token.", "schema": {"type": "string"}, "required": True}
_HEADERS = {
    OFTEN.status: {"Retry-After": _WAIT},
    BUSY.status: {"Retry-After": _WAIT},
    TOKEN.status: {"WWW-Authenticate": _SCHEME},
}


def document(routes: Sequence[BaseRoute], book: RuleBook) -> str:
    """Return the document as JSON."""
    written = get_openapi(
        title="The advisor",
        version=__version__,
        description=_ABOUT,
        routes=routes,
        servers=[{"url": "/api"}],
    )
    schemas = written["components"]["schemas"]
    schemas |= given_schemas(book) | _fault()
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for operation in OPERATIONS:
        _complete(written["paths"][operation.path][operation.method.lower()], operation)
    return json.dumps(written)


def _fault() -> dict[str, Any]:
    made = Fault.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**made.pop("$defs"), "Fault": made}


def _complete(told: dict[str, Any], operation: Operation) -> None:
    """Add what FastAPI cannot know: the body, who may, and where a new proposal leads."""
    able = listing((role for role in Role if role in ACCESS[operation.name]), "or")
    told["description"] += f"\n\nNeeds a token of the role {able}."
    kept = {
        str(status) for status in (operation.status, *(kind.status for kind in operation.refusals))
    }
    told["responses"] = {k: v for k, v in told["responses"].items() if k in kept}
    if operation.takes:
        kind = {"$ref": f"#/components/schemas/{_SENT[operation.takes]}"}
        sent = {"schema": kind, "examples": {"one": {"value": _EXAMPLES[operation.takes]}}}
        told["requestBody"] = {"required": True, "content": {"application/json": sent}}
    if operation.takes == "proposal":
        told["responses"][str(operation.status)] |= {"links": _links(), "headers": _LOCATION}
    if operation.name == "read_proposal":
        told["responses"][str(operation.status)] |= {"links": {"submit_proposal": _SUBMIT}}


_ID = {"id": "$response.body#/id"}
_SEEN = {"version": "$response.body#/version", "content": "$response.body#/content"}
_SUBMIT = {"operationId": "submit_proposal", "parameters": _ID, "requestBody": _SEEN}
_LOCATION = {
    "Location": {
        "description": "Its address.", "schema": {"type": "string"}, "required": True,
    }
}  # fmt: skip


def _links() -> dict[str, Any]:
    """Return what may be asked about a proposal once it is there."""
    return {
        operation.name: {"operationId": operation.name, "parameters": _ID}
        for operation in OPERATIONS
        if "{id}" in operation.path
    }


def responses(operation: Operation) -> dict[int | str, dict[str, Any]]:
    """Return how an operation may be refused, for the document."""
    fault = {"schema": {"$ref": "#/components/schemas/Fault"}}
    return {
        status: {
            "description": " ".join(k.when for k in operation.refusals if k.status == status),
            "content": {"application/problem+json": fault},
            **({"headers": _HEADERS[status]} if status in _HEADERS else {}),
        }
        for status in sorted({kind.status for kind in operation.refusals})
    }
