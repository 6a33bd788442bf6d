"""Handing in proposals, reading and changing them, and what triage says about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema
from starlette.responses import Response

from advisor.api.asking import By, Key, ProposalId, Shared, reply
from advisor.api.bodies import Body, parsed
from advisor.api.service import OWN_ONLY
from advisor.api.shapes import NO_NUL, Changes, Listing, ProposalRead, Saved, Told
from advisor.errors import InputError
from advisor.proposal import Current, Failure, Proposal, Text
from advisor.rules import load
from advisor.store.versions.version_rows import INTEGER_LIMIT

_FIELDS = {"current": Current.model_fields, "failures": Failure.model_fields}


class Wanted(Told):
    """Which proposals to list."""

    search: Annotated[Text, Field(max_length=200, json_schema_extra=NO_NUL)] = ""
    """Words that must all be in the title."""
    offset: Annotated[int, Field(ge=0, le=INTEGER_LIMIT)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class Which(Told):
    """Which version to read."""

    version: Annotated[int, Field(ge=1, le=INTEGER_LIMIT)] | SkipJsonSchema[None] = None
    """The latest if left out."""


def create_proposal(by: By, shared: Shared, key: Key, raw: Body) -> Response:
    """Hand in a proposal as a draft: the file that `advisor triage` reads. It is version 1."""
    given = parsed(raw, Proposal, _FIELDS)
    _check_questions(given.answers, given.review)
    once = shared.claim(by, key, "create", "", raw)
    saved = shared.open().create(given, by.person, once)
    where = {"location": f"/api/v1/proposals/{saved.id}"}
    return reply(Saved(id=saved.id, version=saved.version), 201, where)


def list_proposals(by: By, shared: Shared, wanted: Annotated[Wanted, Query()]) -> Response:
    """List proposals, those that changed last first; to owners, those that they began."""
    author = by.person if by.role in OWN_ONLY else None
    page = shared.open().list_proposals(
        wanted.search, author, offset=wanted.offset, limit=wanted.limit
    )
    return reply(Listing.of(page))


def read_proposal(
    by: By, shared: Shared, id: ProposalId, which: Annotated[Which, Query()]
) -> Response:
    """Read a proposal with its answers and failures."""
    shared.check_seen(by, id)
    stored = shared.open().get(id, which.version)
    return reply(ProposalRead.of(stored, shared.name(stored.author)))


def edit_proposal(by: By, shared: Shared, id: ProposalId, key: Key, raw: Body) -> Response:
    """Change a proposal of your own: all changes are made, or none. Approvals end by it."""
    shared.check_seen(by, id)
    changes = parsed(raw, Changes).changes
    _check_questions(_named(changes, "answers"), _named(changes, "review"))
    once = shared.claim(by, key, "edit", id, raw)
    saved = shared.open().edit(id, changes, by.person, once)
    return reply(Saved(id=saved.id, version=saved.version))


def _named(changes: Mapping[str, Any], group: str) -> dict[str, Any]:
    """Return the new values of a group, whether it comes whole or one by one."""
    whole = changes.get(group)
    single = {path.partition(".")[2]: value for path, value in changes.items()
             if path.startswith(f"{group}.")}  # fmt: skip
    return {**(whole if isinstance(whole, dict) else {}), **single}


def _check_questions(answers: Mapping[str, Any], review: Mapping[str, Any]) -> None:
    """Refuse answers to questions that there are not, and those that do not fit.

    Raises:
        InputError: with one problem for each.
    """
    book = load()
    problems = book.answer_problems(answers, "body.answers")
    problems += book.review_problems(review, "body.review")
    if problems:
        raise InputError(problems)


def read_assessment(by: By, shared: Shared, id: ProposalId) -> Response:
    """Read what triage says about the latest version, as `advisor triage --json` prints it.

    The first time takes a second or more, longer with many failures.
    """
    shared.check_seen(by, id)
    store = shared.open()
    return reply(shared.assessor.assess(store, store.get(id)))
