"""Sentences of the dossier: what exactly is decided, and figures that people can read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from advisor.domain.lifecycle import STATES, Action, State
from advisor.presentation.wording import answer_words, day_words, number
from advisor.review.decisions.approval_facts import THRESHOLD
from advisor.review.decisions.decision_requests import DecisionRequest
from advisor.review.decisions.leases import last_day, last_words
from advisor.review.decisions.review_view import ReviewView

LETTERS = 6
"""Letters of an id that name a proposal where people type it again."""


def number_of(id: str) -> str:
    """Return the short name of a proposal."""
    return id[:LETTERS]


def operations(amount: float) -> str:
    """Return a number of operations in few letters: `4.8e17`, `1,200`."""
    return f"{amount:.2g}".replace("e+", "e") if amount >= 1e6 else number(amount)


def caps_words(minutes: float | None, compute: float | None) -> str:
    """Return what a pilot may take: `, at most 120 minutes and 4.8e17 operations`."""
    parts = [f"{number(minutes)} minutes"] if minutes is not None else []
    parts += [f"{operations(compute)} operations"] if compute is not None else []
    return f", at most {' and '.join(parts)}" if parts else ""


def asks(view: ReviewView) -> str:
    """Return what exactly is decided now, in one sentence."""
    return _ASKS.get(view.state, _nothing)(view, datetime.now(UTC).date())


def _pilot(view: ReviewView, today: date) -> str:
    day = last_day(Action.APPROVE_PILOT, "pilot", view.tier, today)
    minutes = float(DecisionRequest.model_fields["minutes"].default)
    return (
        f"Approve a pilot of version {view.about.version}, until {day_words(day)}"
        f"{caps_words(minutes, view.compute)}"
    )


def _adoption(view: ReviewView, today: date) -> str:
    day = last_day(Action.APPROVE, "adoption", view.tier, today)
    return f"Approve adoption of version {view.about.version}, until {day_words(day)}"


def _running(view: ReviewView, _: date) -> str:
    lease = view.lease
    until = f" until {last_words(lease)}{caps_words(lease.minutes, lease.compute)}" if lease else ""
    what = "a pilot" if view.state is State.PILOT else "adoption"
    return f"Nothing now: {what} of version {view.about.version} is approved{until}"


def _nothing(view: ReviewView, _: date) -> str:
    return f"Nothing now: version {view.about.version} is {STATES[view.state]}"


_ASKS: Mapping[State, Callable[[ReviewView, date], str]] = {
    State.SUBMITTED: _pilot,
    State.EVALUATED: _adoption,
    State.PILOT: _running,
    State.APPROVED: _running,
}
_FIGURES = ("base_parameters", "training_tokens", "epochs")


def share_words(view: ReviewView) -> str:
    """Return the share of the threshold that the training comes to, and how it is worked out.

    Operations are six times parameters times tokens seen (Kaplan and others 2020); the threshold is
    that of the EU guidelines on general-purpose models for a base of unknown compute.
    """
    given = view.about.draft.review
    if view.compute is None or view.modifier_share is None:
        missing = [name.replace("_", " ") for name in _FIGURES if given.get(name) is None]
        return f"Not known: the form does not say {', '.join(missing) or 'it in numbers'}."
    billions, millions, epochs = (answer_words(given.get(name)) for name in _FIGURES)
    return (
        f"6 × {billions} billion parameters × {millions} million tokens × {epochs} passes = "
        f"{operations(view.compute)} operations. A third of 1e23 is {operations(THRESHOLD)}, so "
        f"this is {percent_words(view.modifier_share)} of it; from 100 % on, whoever trains "
        "counts as the provider of the model."
    )


def percent_words(percent: float) -> str:
    """Return a percentage in so many places that it is not nothing: `0.0014 %`."""
    if percent >= 0.01:
        return f"{number(percent)} %"
    return f"{percent:.2g} %" if percent >= 1e-4 else "under 0.0001 %"
