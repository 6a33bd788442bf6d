"""The words around the form of a decision: what is offered, what forbids it, what it led to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from advisor.domain.lifecycle import BUTTONS, VOTES, Action
from advisor.domain.review import Decision, set_aside
from advisor.presentation.wording import day_words
from advisor.review.decisions.judgement import Bar
from advisor.review.decisions.review_view import ReviewView

OFFERED = (
    Action.APPROVE_PILOT,
    Action.APPROVE,
    Action.OVERRIDE,
    Action.REQUEST_CHANGES,
    Action.REFUSE,
    Action.ABSTAIN,
    Action.REVOKE,
)
"""What is decided on a dossier."""
_DOES: Mapping[Action, str] = {
    Action.APPROVE_PILOT: "approve a pilot of version {}",
    Action.APPROVE: "approve adoption of version {}",
    Action.OVERRIDE: "override what forbids version {}",
    Action.REQUEST_CHANGES: "ask for changes to version {}",
    Action.REFUSE: "refuse version {}",
    Action.ABSTAIN: "abstain on version {}",
    Action.REVOKE: "revoke the approval of version {}",
}
_AFTER: Mapping[Action, str] = {
    Action.APPROVE_PILOT: "A pilot may start now. This cannot be undone; a reviewer or risk can "
    "revoke the approval here at any time.",
    Action.APPROVE: "It may be trained and used now. This cannot be undone; a reviewer or risk can "
    "revoke the approval here at any time.",
    Action.OVERRIDE: "The veto is set aside until then, and every screen says so. This cannot be "
    "undone; a reviewer or risk can revoke the approval here at any time.",
    Action.REQUEST_CHANGES: "It is with its owner now. This cannot be undone; once the owner "
    "submits a changed version, it waits here again.",
    Action.REFUSE: "It is refused. This cannot be undone; the owner may change it and submit anew.",
    Action.ABSTAIN: "Others decide this version. This cannot be undone; on the next version you "
    "may decide again.",
    Action.REVOKE: "No training and no use rests on it any more. This cannot be undone; the owner "
    "may submit a new version.",
}
_VOTED = (
    "It counts; another person must agree before anything changes. It cannot be taken back; if you "
    "learn something new, write a comment or ask for changes."
)


def record_words(view: ReviewView, action: Action, expires: date | None) -> str:
    """Return what stands on the button: what is recorded."""
    until = f" until {day_words(expires)}" if expires and action in VOTES else ""
    return f"Record: {_DOES[action].format(view.about.version)}{until}"


def after_words(made: Decision) -> str:
    """Return what a decision led to, and what can still be done about it."""
    voted = made.target is made.source and made.action in VOTES
    return _VOTED if voted else _AFTER[made.action]


def forbidding(view: ReviewView, action: Action) -> tuple[Bar, ...]:
    """Return the vetoes that would refuse this now."""
    if action not in VOTES:
        return ()
    aside = set_aside(view.agreed)
    overrides = action is Action.OVERRIDE
    return tuple(
        bar for bar in view.bars if bar.id not in aside and not (bar.override and overrides)
    )


def people_words(view: ReviewView, action: Action) -> str:
    """Return how many people must agree, and how many did; nothing where one is enough."""
    needed = view.tier.people(view.stage)
    if action not in VOTES or needed == 1:
        return ""
    risk = ", one of them from risk" if view.tier.one_from_risk else ""
    so_far = len(view.agreed)
    return f"{needed} people must agree{risk}. So far: {so_far}."


def offered(view: ReviewView) -> tuple[Action, ...]:
    """Return what this person may decide here now."""
    return tuple(
        button.move.action
        for button in view.buttons
        if button.move.action in OFFERED and not button.hindrance
    )


def hindrances(view: ReviewView) -> tuple[str, ...]:
    """Return why this person may not do what their role allows, one sentence each."""
    return tuple(
        f"{BUTTONS[button.move.action]}: {button.hindrance}"
        for button in view.buttons
        if button.move.action in OFFERED and button.hindrance
    )
