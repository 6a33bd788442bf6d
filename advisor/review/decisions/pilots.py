"""A pilot of a proposal that was ever submitted starts only under an approval that holds."""

from __future__ import annotations

from advisor.domain.lifecycle import Kind
from advisor.domain.pilot_spec import Spec
from advisor.errors import InputError, Problem
from advisor.presentation.wording import number
from advisor.review.decisions.gate import Use, gate
from advisor.rules import load
from advisor.store import Store
from advisor.store.review import reviewing


def check_start(store: Store, spec: Spec) -> None:
    """Refuse a pilot that review does not allow; one without a proposal, or before review, may run.

    Raises:
        InputError: no approval of a pilot holds now, or it asks for more time than was approved.
    """
    if spec.proposal is None:
        return
    with store.database.read() as connection:
        if not reviewing.was_submitted(connection, spec.proposal):
            return
        lease = reviewing.lease(connection, spec.proposal)
    answer = gate(store, spec.proposal, Use(Kind.PILOT), load())
    if not answer.approved:
        mend = "Submit it for review, and start when the pilot is approved"
        raise InputError(Problem("proposal", answer.why.rstrip("."), mend))
    if lease and lease.minutes is not None and spec.budget.minutes > lease.minutes:
        what = f"is {number(spec.budget.minutes)}; {number(lease.minutes)} are approved"
        raise InputError(Problem("budget.minutes", what, "Ask for less"))
