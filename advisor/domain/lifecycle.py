"""The life of a proposal under review: one table, which buttons, picture and tests come from.

Two approvals: of a pilot, which is capped and ends soon, and of adoption, once there is evidence.
One never implies the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a person may be. An administrator gives and takes roles and decides nothing."""

    OWNER = "owner"
    REVIEWER = "reviewer"
    RISK = "risk"
    RUNNER = "runner"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class State(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGES = "changes"
    PILOT = "pilot"
    EVALUATED = "evaluated"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What is done to it. Nobody presses `edit` and `expire`: they follow from a change or time."""

    SUBMIT = "submit"
    APPROVE_PILOT = "approve_pilot"
    RECORD_PILOT = "record_pilot"
    APPROVE = "approve"
    OVERRIDE = "override"
    REQUEST_CHANGES = "request_changes"
    REFUSE = "refuse"
    ABSTAIN = "abstain"
    WITHDRAW = "withdraw"
    REVOKE = "revoke"
    EXPIRE = "expire"
    EDIT = "edit"


class ApprovalKind(StrEnum):
    """What an approval allows."""

    PILOT = "pilot"
    """A trial run, within its caps."""
    ADOPTION = "adoption"
    """Training and using what was tried."""


class Who(StrEnum):
    """How a person must stand to the proposal, beside the role."""

    WRITER = "writer"
    """Wrote a version of it."""
    APART = "apart"
    """Neither wrote any of it nor ran its pilot."""
    ANYONE = "anyone"


@dataclass(frozen=True)
class Move:
    """One move. Without roles it is the advisor's own."""

    source: State
    action: Action
    target: State
    roles: frozenset[Role] = frozenset()
    who: Who = Who.ANYONE
    reason_required: bool = False


APPROVALS = frozenset({Action.APPROVE_PILOT, Action.APPROVE})
"""What counts people and needs the checklist."""
VOTES = APPROVALS | {Action.OVERRIDE}
"""What people agree with; an override agrees, and sets a veto aside."""
OPEN = frozenset({State.SUBMITTED, State.EVALUATED})
"""Where it waits for a decision."""
LEASED = MappingProxyType({State.PILOT: ApprovalKind.PILOT, State.APPROVED: ApprovalKind.ADOPTION})
"""Where an approval runs, and what it allows."""

_S, _A, _W = State, Action, Who
_OWNER = frozenset({Role.OWNER})
_RISK = frozenset({Role.RISK})
_DECIDERS = frozenset({Role.REVIEWER, Role.RISK})
_RUNNERS = frozenset({Role.RUNNER})

MOVES: tuple[Move, ...] = (
    Move(_S.DRAFT, _A.SUBMIT, _S.SUBMITTED, _OWNER, _W.WRITER),
    Move(_S.DRAFT, _A.WITHDRAW, _S.WITHDRAWN, _OWNER, _W.WRITER),
    Move(_S.DRAFT, _A.EDIT, _S.DRAFT),
    Move(_S.SUBMITTED, _A.APPROVE_PILOT, _S.PILOT, _DECIDERS, _W.APART, True),
    Move(_S.SUBMITTED, _A.OVERRIDE, _S.PILOT, _RISK, _W.APART, True),
    Move(_S.SUBMITTED, _A.REQUEST_CHANGES, _S.CHANGES, _DECIDERS, _W.APART, True),
    Move(_S.SUBMITTED, _A.REFUSE, _S.REFUSED, _DECIDERS, _W.APART, True),
    Move(_S.SUBMITTED, _A.ABSTAIN, _S.SUBMITTED, _DECIDERS, _W.ANYONE, True),
    Move(_S.SUBMITTED, _A.WITHDRAW, _S.WITHDRAWN, _OWNER, _W.WRITER),
    Move(_S.SUBMITTED, _A.EDIT, _S.DRAFT),
    Move(_S.CHANGES, _A.SUBMIT, _S.SUBMITTED, _OWNER, _W.WRITER),
    Move(_S.CHANGES, _A.WITHDRAW, _S.WITHDRAWN, _OWNER, _W.WRITER),
    Move(_S.CHANGES, _A.EDIT, _S.CHANGES),
    Move(_S.PILOT, _A.RECORD_PILOT, _S.EVALUATED, _RUNNERS),
    Move(_S.PILOT, _A.WITHDRAW, _S.WITHDRAWN, _OWNER, _W.WRITER),
    Move(_S.PILOT, _A.REVOKE, _S.REVOKED, _DECIDERS, _W.ANYONE, True),
    Move(_S.PILOT, _A.EXPIRE, _S.EXPIRED),
    Move(_S.PILOT, _A.EDIT, _S.DRAFT),
    Move(_S.EVALUATED, _A.RECORD_PILOT, _S.EVALUATED, _RUNNERS),
    Move(_S.EVALUATED, _A.APPROVE, _S.APPROVED, _DECIDERS, _W.APART, True),
    Move(_S.EVALUATED, _A.OVERRIDE, _S.APPROVED, _RISK, _W.APART, True),
    Move(_S.EVALUATED, _A.REQUEST_CHANGES, _S.CHANGES, _DECIDERS, _W.APART, True),
    Move(_S.EVALUATED, _A.REFUSE, _S.REFUSED, _DECIDERS, _W.APART, True),
    Move(_S.EVALUATED, _A.ABSTAIN, _S.EVALUATED, _DECIDERS, _W.ANYONE, True),
    Move(_S.EVALUATED, _A.WITHDRAW, _S.WITHDRAWN, _OWNER, _W.WRITER),
    Move(_S.EVALUATED, _A.EDIT, _S.DRAFT),
    Move(_S.APPROVED, _A.REVOKE, _S.REVOKED, _DECIDERS, _W.ANYONE, True),
    Move(_S.APPROVED, _A.EXPIRE, _S.EXPIRED),
    Move(_S.APPROVED, _A.EDIT, _S.DRAFT),
    Move(_S.REFUSED, _A.EDIT, _S.DRAFT),
    Move(_S.EXPIRED, _A.EDIT, _S.DRAFT),
    Move(_S.REVOKED, _A.EDIT, _S.DRAFT),
    Move(_S.WITHDRAWN, _A.EDIT, _S.DRAFT),
)

BUTTONS = MappingProxyType({
    _A.SUBMIT: "Submit for review",
    _A.APPROVE_PILOT: "Approve the pilot",
    _A.RECORD_PILOT: "Hand in the pilot's result",
    _A.APPROVE: "Approve adoption",
    _A.OVERRIDE: "Override",
    _A.REQUEST_CHANGES: "Ask for changes",
    _A.REFUSE: "Refuse",
    _A.ABSTAIN: "Abstain",
    _A.WITHDRAW: "Withdraw",
    _A.REVOKE: "Revoke the approval",
    _A.EXPIRE: "Expire",
    _A.EDIT: "Edit",
})
"""What stands on the button of an action."""
STATES = MappingProxyType({
    _S.DRAFT: "a draft",
    _S.SUBMITTED: "submitted and waits for approval of a pilot",
    _S.CHANGES: "with its owner, who was asked for changes",
    _S.PILOT: "approved for a pilot",
    _S.EVALUATED: "evaluated and waits for a decision on adoption",
    _S.APPROVED: "approved",
    _S.REFUSED: "refused",
    _S.EXPIRED: "expired",
    _S.REVOKED: "revoked",
    _S.WITHDRAWN: "withdrawn",
})
"""What a proposal in a state is, behind `It is`."""

_BY_PLACE = {(move.source, move.action): move for move in MOVES}


def find(source: State, action: Action) -> Move | None:
    """Return the move that an action makes from a state; none if it is not possible there."""
    return _BY_PLACE.get((source, action))


def buttons(source: State, roles: Iterable[Role]) -> tuple[Move, ...]:
    """Return the moves that a person with these roles may make from a state, in table order."""
    held = frozenset(roles)
    return tuple(move for move in MOVES if move.source is source and move.roles & held)


def picture(here: State | None = None) -> str:
    """Return the table as a Mermaid state diagram; edits, which lead back to a draft, are left out.

    Args:
        here: The state to mark.
    """
    shown = [move for move in MOVES if move.action is not _A.EDIT and move.target != move.source]
    lines = [f"    {move.source} --> {move.target}: {BUTTONS[move.action]}" for move in shown]
    marked = ["    classDef here stroke-width:4px", f"    class {here} here"] if here else []
    return "\n".join(["stateDiagram-v2", f"    [*] --> {_S.DRAFT}", *lines, *marked])
