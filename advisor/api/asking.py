"""Who asks, and how the answer goes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Header, Path, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from advisor.api.problems import KEPT_NOWHERE, TOKEN, Refused
from advisor.api.service import ACCESS, Service
from advisor.errors import NotAllowedError
from advisor.review.people.tokens import UNKNOWN, Holder

_WORDS = "A token of `advisor token give`, which carries one role and an end."
_BEARER = HTTPBearer(
    scheme_name="token", bearerFormat="adv_…", description=_WORDS, auto_error=False
)
_HOW = "Send the token: Authorization: Bearer adv_…"


def service_of(request: Request) -> Service:
    """Return what all requests share."""
    service: Service = request.app.state.service
    return service


async def holder_of(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]
) -> Holder:
    """Return for whom a program acts, once the token and its role may do what is asked.

    Raises:
        Refused: the token opens nothing, or asks too often.
        NotAllowedError: the role may not do this, or was taken.
    """
    service = service_of(request)
    doors = service.pools.doors
    try:
        holder = await doors.run(service.check, given.credentials if given else "")
    except NotAllowedError as error:
        service.limiter.failed(request.client.host if request.client else "")
        if error.why != UNKNOWN:
            raise
        text = str(error) if given else f"The token is missing. {_HOW}"
        challenge = 'Bearer realm="advisor", error="invalid_token"' if given else "Bearer"
        raise Refused(TOKEN, text, {"www-authenticate": challenge}) from None
    service.limiter.asked(holder.token)
    operation = request.scope["route"].operation_id
    if holder.role not in ACCESS[operation]:
        await doors.run(service.refuse_role, holder, operation)
    return holder


By = Annotated[Holder, Depends(holder_of)]
"""For whom the program acts; checked before anything else is read."""
Shared = Annotated[Service, Depends(service_of)]
ProposalId = Annotated[
    str,
    Path(
        description="A proposal.",
        json_schema_extra={"pattern": "^[a-z0-9]{20}$"},
        examples=["4k2v9x1m7q0c3b8z5n6t"],
    ),
]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        description="Any text of your own for this one write, such as a UUID: sending the same "
        "request with it again does nothing, and answers the same.",
        min_length=1,
        max_length=180,
        pattern=r"^[\x21-\x7e]+$",
        examples=["6b0f5c1e-7c0e-4a0a-9d1f-0d9a3b1f2c3d"],
    ),
]


def reply(record: BaseModel, status: int = 200, headers: Mapping[str, str] = {}) -> Response:
    """Return a record as the answer; written in the thread of the caller, not of the server."""
    text = record.model_dump_json(by_alias=True)
    return Response(text, status, {**KEPT_NOWHERE, **headers}, media_type="application/json")
