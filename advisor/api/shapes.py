"""What goes in and out, as strict records."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field

from advisor.core.strict import Strict
from advisor.domain.lifecycle import Action, State
from advisor.domain.review import ApprovalCondition, Decision
from advisor.proposal import Draft
from advisor.review.decisions import gate
from advisor.review.decisions.decision_requests import Place, Sha
from advisor.review.decisions.review_view import ReviewView
from advisor.store.versions.version_records import ListedProposal, ProposalPage, Stored

Id = Annotated[str, Field(description="20 letters and digits.", examples=["4k2v9x1m7q0c3b8z5n6t"])]


NO_NUL: Any = {"pattern": r"^[^\x00]*$"}
"""What `Text` refuses, for the document."""


class Told(Strict):
    """A record whose docstrings stand in the document."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Changes(Told):
    """New values by path, such as `title` or `answers.regulated`; all are made, or none."""

    changes: Annotated[dict[str, Any], Field(min_length=1, max_length=1_000)]


class Submission(Told):
    """Which version is handed in: the one that was read."""

    version: Place
    content: Sha


class Saved(Told):
    """Where a write ended up."""

    id: Id
    version: int


class Human(Told):
    """A person, or a program with a person's place."""

    id: str
    name: str | None
    """None for somebody who is not known here."""


class ProposalRead(Told):
    """One version of a proposal."""

    id: Id
    version: int
    content: Sha
    """SHA-256 of the version; decisions are about this."""
    author: Human
    """Who began it."""
    created_at: datetime
    updated_at: datetime
    archived: bool
    proposal: Draft

    @classmethod
    def of(cls, stored: Stored, name: str | None) -> Self:
        """Return what is shown of a version."""
        return cls(
            id=stored.id,
            version=stored.version,
            content=stored.draft.fingerprint,
            author=Human(id=stored.author, name=name),
            created_at=stored.created_at,
            updated_at=stored.updated_at,
            archived=stored.archived,
            proposal=stored.draft,
        )


class Line(Told):
    """One line of the list of proposals."""

    id: Id
    version: int
    title: str
    author: str
    """The id of who began it."""
    created_at: datetime
    updated_at: datetime
    recommendation: str | None
    assessed_version: int | None

    @classmethod
    def of(cls, row: ListedProposal) -> Self:
        """Return what is shown of a line."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class Listing(Told):
    """A part of the list, those that changed last first, and how many there are in all."""

    total: int
    proposals: tuple[Line, ...]

    @classmethod
    def of(cls, page: ProposalPage) -> Self:
        """Return what is shown of a part."""
        return cls(total=page.total, proposals=tuple(map(Line.of, page.rows)))


class ConditionRead(Told):
    """One thing that an approval depends on."""

    what: str
    owner: Human
    due: date
    met_by: str | None
    met_at: datetime | None


class DecisionRead(Told):
    """One move, or one vote for a move: then `to` is `from`, as others must agree too."""

    id: Id
    version: int
    content: Sha
    action: Action
    from_: Annotated[State, Field(alias="from")]
    to: State
    tier: str
    person: Human
    role: str
    reason: str
    at: datetime
    rules: str
    """SHA-256 of the rules in force."""
    detail: dict[str, Any]
    """Checklist, caps, and what an override accepts."""
    conditions: tuple[ConditionRead, ...]


class DecisionsRead(Told):
    """Where a proposal stands now, and everything that was decided, the oldest first."""

    id: Id
    version: int
    content: Sha
    state: State
    over: str
    """Why an approval is over although nobody ended it; else empty."""
    tier: str
    missing: tuple[str, ...]
    """Fields of the review that the next stage needs."""
    decisions: tuple[DecisionRead, ...]

    @classmethod
    def of(cls, seen: ReviewView) -> Self:
        """Return what is shown of a review."""
        return cls(
            id=seen.about.proposal,
            version=seen.about.version,
            content=seen.about.content,
            state=seen.state,
            over=seen.over,
            tier=seen.tier.id,
            missing=tuple(one.id for one in seen.missing),
            decisions=tuple(decision_read(one, dict(seen.names)) for one in seen.history),
        )


def decision_read(made: Decision, names: dict[str, str]) -> DecisionRead:
    """Return what is shown of a decision."""
    same = ("id", "version", "content", "action", "tier", "role", "reason", "at", "rules")
    given = {name: getattr(made, name) for name in same}
    more = {
        "from": made.source,
        "to": made.target,
        "person": Human(id=made.actor, name=names.get(made.actor)),
        "detail": dict(made.detail),
        "conditions": tuple(_condition(one, names) for one in made.conditions),
    }
    return DecisionRead.model_validate(given | more)


def _condition(condition: ApprovalCondition, names: dict[str, str]) -> ConditionRead:
    owner = Human(id=condition.owner, name=names.get(condition.owner))
    return ConditionRead(
        what=condition.what,
        owner=owner,
        due=condition.due,
        met_by=condition.met_by,
        met_at=condition.met_at,
    )


class GateRead(Told):
    """Whether a use is approved now. Go on only if `approved` is true: the status is 200 anyway."""

    approved: bool
    why: str
    """One sentence."""
    proposal: Id
    version: int
    content: Sha
    state: State
    until: datetime | None
    override: bool

    @classmethod
    def of(cls, answer: gate.GateAnswer) -> Self:
        """Return what is shown of an answer."""
        return cls(**{name: getattr(answer, name) for name in cls.model_fields})
