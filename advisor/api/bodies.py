"""The body of a request: its type and size are looked at before anything reads it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, TypeVar

from anyio import fail_after
from fastapi import Depends
from pydantic import ValidationError
from starlette.requests import ClientDisconnect, Request

from advisor.api.problems import LARGE, MALFORMED, NO_JSON, Refused
from advisor.core.parsing import decode, parse_json
from advisor.core.settings import UPLOAD_LIMIT_MB
from advisor.core.strict import Strict
from advisor.core.validation import Fields, problems
from advisor.errors import InputError, Problem

LIMIT = UPLOAD_LIMIT_MB * 1_000_000
"""Bytes of a body."""
SECONDS = 60
"""How long a body may take to arrive."""
_Model = TypeVar("_Model", bound=Strict)
_NO_MORE: Fields = MappingProxyType({})


async def body_of(request: Request) -> bytes:
    """Return the body of a request.

    Raises:
        Refused: it is not JSON, has too many bytes, or does not arrive.
    """
    kind, _, more = request.headers.get("content-type", "").partition(";")
    charset = more.strip().lower().replace('"', "")
    if kind.strip().lower() != "application/json" or charset not in {"", "charset=utf-8"}:
        raise Refused(NO_JSON, "Send JSON, and say Content-Type: application/json")
    try:
        with fail_after(SECONDS):
            return await _read(request)
    except (TimeoutError, ClientDisconnect):
        raise Refused(MALFORMED, "The body did not arrive whole.", _CLOSE) from None


async def _read(request: Request) -> bytes:
    stated = request.headers.get("content-length", "")[:_DIGITS]
    _check_size(int(stated) if stated.isdecimal() else 0)
    parts, size = [], 0
    async for part in request.stream():
        parts.append(part)
        _check_size(size := size + len(part))
    return b"".join(parts)


def _check_size(size: int) -> None:
    if size > LIMIT:
        raise Refused(LARGE, f"The body may have {LIMIT:,} bytes. Shorten it.", _CLOSE)


_DIGITS = 20
_CLOSE = {"connection": "close"}
Body = Annotated[bytes, Depends(body_of)]
"""The body of a request, not parsed yet."""


def parsed(raw: bytes, model: type[_Model], fields: Fields = _NO_MORE) -> _Model:
    """Return a body as a record.

    Raises:
        Refused: it is not JSON.
        InputError: it does not fit; one problem for each place.
    """
    try:
        data = parse_json(decode(raw, "body"), "body")
    except InputError as error:
        raise Refused(MALFORMED, str(error)) from None
    if not isinstance(data, dict):
        raise InputError(Problem("body", "is not an object", "Begin it with {"))
    try:
        return model.model_validate(data)
    except ValidationError as error:
        known = {"": model.model_fields, **fields}
        raise InputError(problems(error, "body", known)) from None
