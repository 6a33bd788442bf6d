"""The gate: is this training run or this adapter approved now? Pipelines ask before they start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from advisor.domain.lifecycle import STATES, ApprovalKind, State
from advisor.domain.pilot_spec import Spec
from advisor.domain.review import Lease
from advisor.errors import InputError, NotFoundError, Problem
from advisor.presentation.wording import number
from advisor.review.decisions.leases import last_words, named
from advisor.review.decisions.review_case import ReviewCase, read_case
from advisor.rules import RuleBook, load
from advisor.store import Store, Transaction
from advisor.store.database.statements import check_id
from advisor.store.pilots import pilot_statements
from advisor.store.review import approvals, standing

_STATES = {
    ApprovalKind.PILOT: frozenset({State.PILOT, State.EVALUATED}),
    ApprovalKind.ADOPTION: frozenset({State.APPROVED}),
}


@dataclass(frozen=True)
class Use:
    """What is about to happen."""

    kind: ApprovalKind = ApprovalKind.ADOPTION
    base_model: str | None = None
    """The base model that is about to be trained, if the pipeline says it."""
    data_set: str | None = None
    """The data set that it is about to be trained on."""


@dataclass(frozen=True)
class GateAnswer:
    """Whether it may happen now, and why."""

    approved: bool
    why: str
    """One sentence."""
    proposal: str
    version: int
    content: str
    state: State
    until: datetime | None = None
    override: bool = False


def gate(store: Store, id: str, what: Use, book: RuleBook) -> GateAnswer:
    """Answer whether a use is approved now.

    Args:
        store: Where decisions are kept.
        id: A proposal, or a pilot whose adapter is about to be used.
        what: What is about to happen.
        book: The rules in force.

    Raises:
        NotFoundError: there is no such proposal or pilot.
        InputError: the rules say nothing about approvals.
    """
    with store.database.read() as transaction:
        proposal, pilot = _named(transaction, id)
        case = read_case(transaction, proposal, book)
        reason = next(_against(case, what, pilot), "")
        return _answer(case, what, reason)


def _named(transaction: Transaction, id: str) -> tuple[str, str | None]:
    """Return the proposal that an id leads to, and the pilot if it is the id of one."""
    try:
        return standing.subject(transaction, check_id(id)).proposal, None
    except NotFoundError:
        info = pilot_statements.find(transaction, id)
    if info.proposal_id is None:
        raise NotFoundError("This pilot belongs to no proposal, so nobody could approve it.")
    return info.proposal_id, info.id


def _against(case: ReviewCase, what: Use, pilot: str | None) -> Iterator[str]:
    """Yield what stands against it, the weightiest first."""
    if case.over:
        yield case.over
    if case.state not in _STATES[what.kind] or case.lease is None:
        yield f"It is {STATES[case.state]}"
    if case.lease is not None:
        yield from _of_lease(case, case.lease, what)
    if pilot is not None and pilot != case.where.pilot:
        yield "Another pilot was approved than this one"


def _of_lease(case: ReviewCase, lease: Lease, what: Use) -> Iterator[str]:
    if lease.expires_at <= case.at:
        yield f"The approval ended after {last_words(lease)}"
    yield from case.triggered
    for given, name, words in (
        (what.base_model, "base_model", "base model"),
        (what.data_set, "data_set", "data set"),
    ):
        if given is not None and named(given) != lease.baseline.get(name):
            yield f"Another {words} was approved than the one named"
    for decided in case.decided:
        for term in decided.conditions:
            if term.met_at is None and term.due < case.at.date():
                yield f"A condition is overdue since {term.due.isoformat()}: {term.what}"


def _answer(case: ReviewCase, what: Use, reason: str) -> GateAnswer:
    lease, about = case.lease, case.about
    if reason or lease is None:
        why = f"Not approved: {reason.rstrip('.')}."
        return GateAnswer(False, why, about.proposal, about.version, about.content, case.state)
    by = "by override " if lease.override else ""
    words = "The pilot" if what.kind is ApprovalKind.PILOT else "Adoption"
    why = f"{words} of version {about.version} is approved {by}until {last_words(lease)}."
    return GateAnswer(
        True, why, about.proposal, about.version, about.content, case.state, lease.expires_at,
        lease.override,
    )  # fmt: skip


def check_start(store: Store, spec: Spec) -> None:
    """Refuse a pilot that review does not allow; one without a proposal, or before review, may run.

    Raises:
        InputError: no approval of a pilot holds now, or it asks for more time than was approved.
    """
    if spec.proposal is None:
        return
    with store.database.read() as transaction:
        if standing.submitted(transaction, spec.proposal) is None:
            return
        lease = approvals.lease(transaction, spec.proposal)
    answer = gate(store, spec.proposal, Use(ApprovalKind.PILOT), load())
    if not answer.approved:
        mend = "Submit it for review, and start when the pilot is approved"
        raise InputError(Problem("proposal", answer.why.rstrip("."), mend))
    if lease and lease.minutes is not None and spec.budget.minutes > lease.minutes:
        what = f"is {number(spec.budget.minutes)}; {number(lease.minutes)} are approved"
        raise InputError(Problem("budget.minutes", what, "Ask for less"))
