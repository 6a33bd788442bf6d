"""Every operation: address, what it gives back, what it takes, and how it may be refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel
from starlette.responses import Response

from advisor.api import proposals, reviews
from advisor.api.pools import PoolName
from advisor.api.problems import (
    BUSY,
    CHANGED,
    FAULT,
    LARGE,
    MALFORMED,
    MISSING,
    NO_JSON,
    OFTEN,
    ROLE,
    TOKEN,
    UNFINISHED,
    WRONG,
    ProblemKind,
)
from advisor.api.shapes import (
    DecisionRead,
    DecisionsRead,
    GateRead,
    Listing,
    ProposalRead,
    Saved,
)
from advisor.domain.assessment import Assessment

Takes = Literal["proposal", "changes", "submission"]
"""What the body holds."""
_ALWAYS = (TOKEN, ROLE, OFTEN, FAULT, BUSY)
_ONE = (*_ALWAYS, MISSING)
_WRITE = (MALFORMED, CHANGED, LARGE, NO_JSON, WRONG)


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked; its name is the one of its function."""

    method: str
    path: str
    do: Callable[..., Response]
    """What it does, in a thread."""
    gives: type[BaseModel]
    refusals: tuple[ProblemKind, ...]
    takes: Takes | None = None
    status: int = 200
    pool: PoolName = "desk"

    @property
    def name(self) -> str:
        """The name in the document and in the table of who may."""
        return self.do.__name__


_PROPOSALS, _ONE_PROPOSAL = "/v1/proposals", "/v1/proposals/{id}"
OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "POST", _PROPOSALS, proposals.create_proposal, Saved, (*_ALWAYS, *_WRITE), "proposal", 201
    ),
    Operation("GET", _PROPOSALS, proposals.list_proposals, Listing, (*_ALWAYS, WRONG)),
    Operation("GET", _ONE_PROPOSAL, proposals.read_proposal, ProposalRead, (*_ONE, WRONG)),
    Operation("PATCH", _ONE_PROPOSAL, proposals.edit_proposal, Saved, (*_ONE, *_WRITE), "changes"),
    Operation(
        "GET", f"{_ONE_PROPOSAL}/assessment", proposals.read_assessment, Assessment, _ONE,
        pool="judging",
    ),
    Operation(
        "POST", f"{_ONE_PROPOSAL}/submissions", reviews.submit_proposal, DecisionRead,
        (*_ONE, *_WRITE, UNFINISHED), "submission", 201, "judging",
    ),
    Operation("GET", f"{_ONE_PROPOSAL}/decisions", reviews.read_decisions, DecisionsRead, _ONE),
    Operation("GET", "/v1/gate/{id}", reviews.ask_gate, GateRead, (*_ONE, WRONG)),
)  # fmt: skip
