"""Whether this person may make this move on this version now."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from advisor.domain.lifecycle import BUTTONS, MOVES, STATES, Action, Move, Role, Who, find
from advisor.errors import ConflictError, NotAllowedError
from advisor.presentation.wording import listing, moment
from advisor.review.decisions.decision_requests import DecisionRequest
from advisor.review.decisions.review_case import ReviewCase
from advisor.store.people import people
from advisor.store.people.rights import role_for
from advisor.store.review import parts
from advisor.store.versions import version_rows
from advisor.store.versions.changes import summary


def allowed(case: ReviewCase, request: DecisionRequest, actor: str) -> tuple[Move, Role]:
    """Return the move, and the role in which a person makes it.

    Raises:
        NotAllowedError: the role is not held now, or the person has a part in the proposal.
        ConflictError: it was changed or decided meanwhile; says what changed.
    """
    role = _role(case, request.action, actor)
    _check_seen(case, request)
    move = find(case.state, request.action)
    if move is None:
        raise ConflictError(_not_now(case, request.action))
    _CHECKS[move.who](case, actor)
    return move, role


def hindrance(case: ReviewCase, move: Move, actor: str) -> str:
    """Return why a person with the role may not make a move; nothing if they may."""
    try:
        _CHECKS[move.who](case, actor)
    except NotAllowedError as error:
        return str(error)
    return ""


def _role(case: ReviewCase, action: Action, actor: str) -> Role:
    able = frozenset[Role]().union(*(move.roles for move in MOVES if move.action is action))
    wanted = listing((role for role in Role if role in able), "or")
    needs = f"needs the role {wanted}" if able else "happens by itself"
    refusal = f"“{BUTTONS[action]}” {needs}, which you do not hold now."
    return role_for(case.transaction, actor, able, refusal)


def _check_seen(case: ReviewCase, request: DecisionRequest) -> None:
    """Refuse a decision about anything but the version that is the latest now."""
    about = case.about
    if (request.version, request.content) == (about.version, about.content):
        return
    if request.version >= about.version:
        raise ConflictError(f"Version {request.version} is not what is stored. Load it again.")
    seen, latest = (
        version_rows.content_of(version_rows.find(case.transaction, about.proposal, version))
        for version in (request.version, about.version)
    )
    changed = [text for text in (summary(seen.draft, latest.draft),) if text]
    changed += ["Failures"] if seen.failures != latest.failures else []
    raise ConflictError(
        f"It changed while you read: version {about.version} differs from {request.version} in: "
        f"{'; '.join(changed) or 'nothing that shows'}. Read it, then decide."
    )


def _not_now(case: ReviewCase, action: Action) -> str:
    """Say why a button does nothing now, and who was faster."""
    last = case.decided[-1] if case.decided else None
    who = people.names(case.transaction, [last.actor]).get(last.actor, last.actor) if last else ""
    before = f" “{BUTTONS[last.action]}” by {who}, {moment(last.at)}." if last else ""
    over = f" {case.over}." if case.over else ""
    return (
        f"“{BUTTONS[action]}” is not possible now: it is {STATES[case.state]}.{over}{before} "
        "Load the page again."
    )


def _wrote(case: ReviewCase, actor: str) -> None:
    if actor not in parts.writers(case.transaction, case.about.proposal):
        raise NotAllowedError("writer", "Only somebody who wrote this proposal does that.")


def _apart(case: ReviewCase, actor: str) -> None:
    id = case.about.proposal
    has_part = (
        ("writer", parts.writers(case.transaction, id), "You wrote a part of it"),
        ("runner", parts.runners(case.transaction, id), "You ran its pilot"),
        ("abstained", _abstained(case), "You abstained on this version"),
    )
    for why, people_with_a_part, words in has_part:
        if actor in people_with_a_part:
            raise NotAllowedError(why, f"{words}, so another person must decide.")


def _abstained(case: ReviewCase) -> frozenset[str]:
    return frozenset(made.actor for made in case.decided if made.action is Action.ABSTAIN)


_CHECKS: Mapping[Who, Callable[[ReviewCase, str], None]] = {
    Who.WRITER: _wrote,
    Who.APART: _apart,
    Who.ANYONE: lambda *_: None,
}
