"""What policy owners may write in `approval.yaml`, as strict records."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from advisor.core.strict import Strict
from advisor.rules.schema.rule_schema import ConditionSubject, Identifier, Rule
from advisor.vocabulary import TIERS as TIERS
from advisor.vocabulary import TierName as TierName

Stage = Literal["submit", "pilot", "adoption"]
"""What a proposal wants: to be looked at, to be tried, to be used."""


def reaches(tier: TierName, needed_from: TierName | None) -> bool:
    """Tell whether something that is needed from a tier on is needed in `tier`."""
    return needed_from is not None and TIERS.index(tier) >= TIERS.index(needed_from)


class LeaseExample(Strict):
    """A day of approval, and the day on which it ends."""

    approved: date
    expires: date


class Tier(Strict):
    """How much is at stake, how many people must agree, and for how long it holds."""

    id: TierName
    name: str
    meaning: str
    pilot_people: int = Field(ge=1, le=2)
    adoption_people: int = Field(ge=1, le=2)
    one_from_risk: bool
    """Whether one of the people who agree must come from risk."""
    months: int = Field(ge=1, le=24)
    """How long an adoption holds."""
    decide_within: int = Field(default=10, ge=1, le=90)
    """Days after which a decision is overdue."""
    because: str
    source: Identifier
    examples: tuple[LeaseExample, ...] = Field(min_length=1)

    def people(self, stage: Stage) -> int:
        """Return how many people must agree."""
        return self.pilot_people if stage == "pilot" else self.adoption_people

    def ends(self, approved: date) -> date:
        """Return the day on which an adoption ends: the same day of a later month, or its last."""
        years, month = divmod(approved.month - 1 + self.months, 12)
        year = approved.year + years
        last = monthrange(year, month + 1)[1]
        return date(year, month + 1, min(approved.day, last))


class ReviewField(Strict):
    """One thing that the form of the review asks, beside what the advisor knows already."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    ask: str
    why: str
    example: str
    section: Literal["problem", "reasons", "data", "change", "success", "risk", "declarations"]
    type: Literal["text", "yes_no", "number", "choice"]
    options: tuple[str, ...] = ()
    labels: dict[str, str] = {}
    unit: str = ""
    minimum: float = 0
    maximum: float = 1e12
    needed_from: TierName | None = None
    """The tier from which on it must be answered; none: only a veto asks for it."""
    needed_for: Literal["submit", "adoption"] = "submit"
    source: Identifier

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.type == "text" and self.options:
            raise ValueError("options belong to choices")
        if self.type != "text":
            _ = self.asked
        return self

    @property
    def asked(self) -> ConditionSubject:
        """What conditions see; of a text they see whether it is filled in."""
        fields = {
            name: getattr(self, name) for name in ConditionSubject.model_fields.keys() - {"likely"}
        }
        return ConditionSubject.model_validate(
            fields | {"type": "yes_no" if self.type == "text" else self.type}
        )


class TierRule(Rule):
    """A rule that lifts a proposal to a tier; one that waits for an answer does so too."""

    tier: Literal["medium", "high"]


class ApprovalVeto(Rule):
    """A rule that forbids an approval whatever people think. One that waits forbids it too."""

    stops: tuple[Stage, ...] = Field(min_length=1)
    override: bool
    """Whether the risk role may set it aside."""
    instead: str
    """What to do instead, one sentence."""

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.override and "submit" in self.stops:
            raise ValueError("nobody overrides at submission; use 'override: no'")
        return self


class CheckItem(Strict):
    """One thing a reviewer looks at before approving."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    ask: str
    why: str
    stages: tuple[Literal["pilot", "adoption"], ...] = Field(min_length=1)
    needed_from: TierName = "low"
    source: Identifier
