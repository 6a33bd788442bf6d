"""Submitting for review, reading decisions, and the gate. Nobody decides here."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema
from starlette.responses import Response

from advisor.api.asking import By, Key, ProposalId, Shared, reply
from advisor.api.bodies import Body, parsed
from advisor.api.problems import UNFINISHED, Refused
from advisor.api.shapes import (
    NO_NUL,
    DecisionsRead,
    GateRead,
    Submission,
    Told,
    decision_read,
)
from advisor.domain.lifecycle import Action, ApprovalKind
from advisor.errors import InputError
from advisor.proposal import Text
from advisor.review.decisions.decide import ReviewService
from advisor.review.decisions.decision_requests import DecisionRequest
from advisor.review.decisions.gate import Use, gate
from advisor.review.decisions.review_view import view
from advisor.rules import load

_Name = Annotated[Text, Field(max_length=500, json_schema_extra=NO_NUL)] | SkipJsonSchema[None]


class Planned(Told):
    """What is about to happen."""

    kind: Annotated[ApprovalKind, Field(alias="for")] = ApprovalKind.ADOPTION
    """A trial run, or training and use of what was adopted."""
    base_model: _Name = None
    """The base model that is about to be trained: then it must be the one that was approved."""
    data_set: _Name = None
    """The data set that it is about to be trained on: likewise."""


def submit_proposal(by: By, shared: Shared, id: ProposalId, key: Key, raw: Body) -> Response:
    """Submit a version for review, as its owner; it is assessed first.

    What is missing on the form comes back as 409, one error for each thing to mend.
    """
    shared.check_seen(by, id)
    given = parsed(raw, Submission)
    once = shared.claim(by, key, "submit", id, raw)
    store = shared.open()
    if (stored := store.get(id)).version == given.version:
        shared.assessor.assess(store, stored, handed_in=True)
    asked = DecisionRequest(action=Action.SUBMIT, version=given.version, content=given.content)
    try:
        made = ReviewService(store, load()).decide(id, asked, by.person, once)
    except InputError as error:  # what was sent is well; the proposal is not
        raise Refused(UNFINISHED, str(error), problems=error.problems) from None
    names = {by.person: shared.name(by.person) or by.person}
    return reply(decision_read(made, names), 201)


def read_decisions(by: By, shared: Shared, id: ProposalId) -> Response:
    """Read where a proposal stands, and every decision with who made it, why and its conditions.

    To decide, open the dossier in the app: nobody decides without reading it.
    """
    shared.check_seen(by, id)
    return reply(DecisionsRead.of(view(shared.open(), id, load())))


def ask_gate(
    by: By,
    shared: Shared,
    id: Annotated[
        str,
        Path(
            description="A proposal, or the pilot whose adapter is about to be used.",
            json_schema_extra={"pattern": "^[a-z0-9]{20}$"},
            examples=["4k2v9x1m7q0c3b8z5n6t"],
        ),
    ],
    planned: Annotated[Planned, Query()],
) -> Response:
    """Ask whether a training run or an adapter is approved now, as `advisor gate` does.

    **Look at `approved`.** The status is 200 also when the answer is no; a pipeline that only looks
    at the status lets everything through:
    `curl … | jq --exit-status .approved && python train.py`
    """
    use = Use(planned.kind, planned.base_model, planned.data_set)
    answer = gate(shared.open(), id, use, load())
    shared.check_seen(by, answer.proposal)
    return reply(GateRead.of(answer))
