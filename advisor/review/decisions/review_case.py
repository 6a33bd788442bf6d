"""Everything a decision is made on, read in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from advisor.domain.lifecycle import State
from advisor.domain.review import Decision, Lease, Standing, Subject
from advisor.errors import InputError, Problem
from advisor.review.decisions import leases
from advisor.review.decisions.approval_facts import answers
from advisor.review.decisions.judgement import Judgement
from advisor.rules import RuleBook
from advisor.rules.book import ApprovalRules
from advisor.rules.schema.approval import Tier
from advisor.store import Transaction
from advisor.store.database.statements import now
from advisor.store.review import approvals, decisions, standing


@dataclass(frozen=True)
class ReviewCase:
    """A proposal in its latest version: where it stands, and what the rules say about it."""

    transaction: Transaction
    book: RuleBook
    approval: ApprovalRules
    about: Subject
    where: Standing
    """As it is written down; `state` reckons with time and triggers too."""
    lease: Lease | None
    triggered: tuple[str, ...]
    over: str
    """Why the approval it stands on is over, though nobody wrote that down yet."""
    judged: Judgement
    """What the rules say about it."""
    decided: tuple[Decision, ...]
    """About this version, the oldest first."""
    at: datetime

    @property
    def state(self) -> State:
        """Where it stands now."""
        return State.EXPIRED if self.over else self.where.state

    @property
    def tier(self) -> Tier:
        """How much is at stake."""
        return self.judged.tier


def read_case(transaction: Transaction, id: str, book: RuleBook) -> ReviewCase:
    """Read everything about a proposal.

    Raises:
        NotFoundError: there is no such proposal.
        InputError: the rules say nothing about approvals.
    """
    if book.approval is None:
        problem = Problem("approval.yaml", "is missing", "Without it nothing can be reviewed")
        raise InputError(problem)
    about, at = standing.subject(transaction, id), now()
    where, lease = standing.of(transaction, about), approvals.lease(transaction, id)
    changes = leases.changes_since(transaction, book, [lease] if lease else ())
    triggered = leases.triggers(lease, changes) if lease else ()
    given = answers(about, where, bool(triggered), book, book.approval)
    return ReviewCase(
        transaction=transaction,
        book=book,
        approval=book.approval,
        about=about,
        where=where,
        lease=lease,
        triggered=triggered,
        over=leases.over(where, lease, triggered, at),
        judged=Judgement(book, book.approval, about.draft, given),
        decided=decisions.about(transaction, id, about.version),
        at=at,
    )
