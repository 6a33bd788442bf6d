"""The words of messages, made when they are sent: names are those of that moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from advisor.core.settings import settings
from advisor.domain.lifecycle import Action
from advisor.domain.review import ApprovalCondition, Decision
from advisor.presentation.wording import day_words
from advisor.review.notifying.channels import MAIL
from advisor.review.notifying.message import OutgoingMessage
from advisor.review.notifying.notices import DUE, ENDS, VOTE
from advisor.store import Transaction
from advisor.store.people import people
from advisor.store.review import decisions, standing
from advisor.store.review.message_outbox import Waiting

KINDS: Mapping[str, str] = {
    Action.SUBMIT: "For review: {title}",
    Action.RECORD_PILOT: "The pilot has a result: {title}",
    VOTE: "One agreed, others must, too: {title}",
    Action.APPROVE_PILOT: "The pilot is approved: {title}",
    Action.APPROVE: "Adoption is approved: {title}",
    Action.OVERRIDE: "Approved by override: {title}",
    Action.REQUEST_CHANGES: "Changes are asked for: {title}",
    Action.REFUSE: "Refused: {title}",
    Action.REVOKE: "The approval was revoked: {title}",
    Action.EXPIRE: "The approval is over: {title}",
    ENDS: "The approval ends on {last}: {title}",
    DUE: "A condition is due on {last}: {title}",
}
"""What each kind of message is called."""


@dataclass(frozen=True)
class _MessageParts:
    """What the lines of a message are made of."""

    waiting: Waiting
    decision: Decision | None
    names: Mapping[str, str]

    @property
    def private(self) -> bool:
        """Whether one person reads it, not everybody in a channel."""
        return self.waiting.channel == MAIL


def written(transaction: Transaction, waiting: Waiting) -> OutgoingMessage:
    """Return a message in words.

    Raises:
        NotFoundError: what it tells of is gone.
    """
    title = standing.titles(transaction, [waiting.proposal]).get(waiting.proposal) or "Untitled"
    named = waiting.detail.get("decision")
    decision = decisions.find(transaction, named) if named else None
    last = waiting.detail.get("last")
    day = day_words(date.fromisoformat(last)) if last else ""
    told = _MessageParts(waiting, decision, _names(transaction, decision))
    lines = [line for part in _PARTS for line in part(told)]
    subject = KINDS[waiting.kind].format(title=title, last=day)
    return OutgoingMessage(waiting.id, subject, tuple(lines), link(waiting.proposal))


def link(proposal: str) -> str | None:
    """Return the address of a dossier, if it is known under which people reach the advisor."""
    base = settings().public_url
    return f"{base}/dossier?{urlencode({'p': proposal})}" if base else None


def _names(transaction: Transaction, decision: Decision | None) -> Mapping[str, str]:
    if decision is None:
        return {}
    ids = {decision.actor, *(term.owner for term in decision.conditions)}
    return people.names(transaction, ids)


def _who(told: _MessageParts) -> list[str]:
    made = told.decision
    if made is None or told.waiting.kind == DUE:
        return []
    by = told.names.get(made.actor)
    return [f"Version {made.version}, by {by}." if by else f"Version {made.version}."]


def _reason(told: _MessageParts) -> list[str]:
    made = told.decision
    if made is None or not made.reason or not told.private or told.waiting.kind == DUE:
        return []
    return [f"Reason: {made.reason}"]


def _conditions(told: _MessageParts) -> list[str]:
    made = told.decision
    if made is None or not told.private:
        return []
    asked = made.conditions
    if told.waiting.kind == DUE:
        asked = tuple(one for one in asked if one.place == told.waiting.detail["place"])
    return [_condition(one, told.names) for one in asked]


def _condition(one: ApprovalCondition, names: Mapping[str, str]) -> str:
    owner = names.get(one.owner, "somebody")
    return f"Condition: {one.what} ({owner}, by {day_words(one.due)})"


def _next(told: _MessageParts) -> list[str]:
    return [found] if (found := _NEXT.get(told.waiting.kind)) else []


_NEXT: Mapping[str, str] = {
    Action.SUBMIT: "It waits for a decision.",
    Action.RECORD_PILOT: "It waits for a decision on adoption.",
    VOTE: "It waits for one more decision.",
    Action.REQUEST_CHANGES: "Make the changes, then hand it in again.",
    ENDS: "After that day nothing may be trained or used under it. Renewing takes a new version.",
    DUE: "A reviewer marks it as met; while it is overdue the approval does not count.",
}
_PARTS: tuple[Callable[[_MessageParts], list[str]], ...] = (_who, _reason, _conditions, _next)
"""The lines of a message, in this order."""
