"""What went wrong, as RFC 9457 asks: one JSON shape, with our lines of where, what and mend."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from advisor.api.shapes import Told
from advisor.core.terminal import visible
from advisor.core.validation import complaints
from advisor.errors import (
    AdvisorError,
    ConflictError,
    InputError,
    ModelError,
    NotAllowedError,
    NotFoundError,
    Problem,
    RuleError,
    StoreError,
)

_LOG = logging.getLogger("advisor.api")
KEPT_NOWHERE = {"cache-control": "no-store"}
"""Header of every answer: what a token opens is kept by no one in between."""


class Wrong(Told):
    """One thing to mend."""

    where: str
    what: str
    mend: str


class Fault(Told):
    """Why a request was not done (RFC 9457). `why` is one word for programs."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    """One line for each thing that is wrong."""
    why: str
    errors: tuple[Wrong, ...] = ()
    """The same in parts, where there are parts."""


@dataclass(frozen=True)
class ProblemKind:
    """One way not to do what was asked."""

    status: int
    why: str
    when: str
    """When it happens, for the document of the API."""


MALFORMED = ProblemKind(400, "malformed", "The body is not JSON, or came too slowly or not whole.")
TOKEN = ProblemKind(
    401, "token", "The token is missing, unknown, over, taken back or its person erased."
)
ROLE = ProblemKind(
    403, "role", "The token's role may not do this, or its person does not hold it now."
)
MISSING = ProblemKind(404, "missing", "There is no such thing, or it is not for this token.")
METHOD = ProblemKind(
    405, "method", "The address is right and takes other methods, which `Allow` names."
)
CHANGED = ProblemKind(
    409, "changed", "It was changed meanwhile, or the idempotency key was used before."
)
UNFINISHED = ProblemKind(
    409, "unfinished", "The proposal lacks what review needs; `errors` says what."
)
LARGE = ProblemKind(413, "large", "The body has more bytes than are read.")
NO_JSON = ProblemKind(415, "type", "The body must be `application/json`.")
WRONG = ProblemKind(422, "input", "Something given is wrong or missing; `errors` says what.")
OFTEN = ProblemKind(
    429, "often", "Too many requests; `Retry-After` says for how many seconds to wait."
)
FAULT = ProblemKind(500, "fault", "A fault in the advisor; its number stands in the log.")
BUSY = ProblemKind(503, "unready", "Database, model or rules cannot be used now, or all is busy.")
KINDS = (
    MALFORMED, TOKEN, ROLE, MISSING, METHOD, CHANGED, UNFINISHED, LARGE, NO_JSON, WRONG, OFTEN,
    FAULT, BUSY,
)  # fmt: skip
_OF: tuple[tuple[type[AdvisorError], ProblemKind], ...] = (
    (RuleError, BUSY),
    (InputError, WRONG),
    (NotAllowedError, ROLE),
    (NotFoundError, MISSING),
    (ConflictError, CHANGED),
    (StoreError, BUSY),
    (ModelError, BUSY),
    (AdvisorError, BUSY),
)
_BY_STATUS = {kind.status: kind for kind in KINDS}
_WAIT = {"retry-after": "5"}


class Refused(AdvisorError):
    """A request that is not done, with the kind of answer."""

    def __init__(
        self,
        kind: ProblemKind,
        text: str,
        headers: Mapping[str, str] = {},
        problems: Iterable[Problem] = (),
    ) -> None:
        """Keep the kind, the sentence, what stands in the head of the answer, and what to mend."""
        self.kind = kind
        self.headers = headers
        self.problems = tuple(problems)
        super().__init__(text)


def answer(
    kind: ProblemKind, text: str, wrong: Iterable[Problem] = (), headers: Mapping[str, str] = {}
) -> Response:
    """Return the answer to a request that is not done."""
    fault = Fault(
        title=HTTPStatus(kind.status).phrase,
        status=kind.status,
        detail=visible(text),
        why=kind.why,
        errors=tuple(
            Wrong(
                where=visible(problem.where), what=visible(problem.what), mend=visible(problem.mend)
            )
            for problem in wrong
        ),
    )
    return Response(
        fault.model_dump_json(),
        kind.status,
        {**KEPT_NOWHERE, **headers},
        media_type="application/problem+json",
    )


async def refused(_: Request, error: Exception) -> Response:
    """Answer an error whose text may be shown."""
    if isinstance(error, Refused):
        return answer(error.kind, str(error), error.problems, error.headers)
    kind = next(kind for kind_of, kind in _OF if isinstance(error, kind_of))
    wrong = error.problems if isinstance(error, InputError) else ()
    return answer(kind, str(error), wrong, _WAIT if kind is BUSY else {})


async def not_fitting(_: Request, error: Exception) -> Response:
    """Answer what does not fit in the address or the head of a request."""
    assert isinstance(error, RequestValidationError)
    wrong = sorted(set(complaints(error.errors(), "request", {})))
    return answer(WRONG, "\n".join(map(str, wrong)), wrong)


async def no_route(request: Request, error: Exception) -> Response:
    """Answer an address or a method that there is not."""
    assert isinstance(error, HTTPException)
    if error.status_code == METHOD.status:
        allowed = ", ".join(sorted(_methods(request)))
        return answer(METHOD, f"Use {allowed} here.", (), {"allow": allowed})
    kind = _BY_STATUS.get(error.status_code, MALFORMED)
    return answer(kind, "There is nothing at this address. See /api/openapi.json")


def _methods(request: Request) -> set[str]:
    there: set[str] = set()
    for route in request.app.routes:
        match, _ = route.matches(dict(request.scope))
        there |= set(getattr(route, "methods", None) or ()) if match.value else set()
    return there


async def fault(_: Request, error: Exception) -> Response:
    """Answer a fault of the advisor with a number to find it by in the log."""
    number = secrets.token_hex(4)
    _LOG.error("Fault %s", number, exc_info=error)
    return answer(FAULT, f"Something went wrong here (fault {number}). Nothing was half done.")


HANDLERS: Mapping[Any, Any] = {
    AdvisorError: refused,
    RequestValidationError: not_fitting,
    HTTPException: no_route,
    Exception: fault,
}
"""What answers each kind of error."""
