"""What policy owners may write under `rules/`, as strict records."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from advisor.core.strict import Strict
from advisor.domain.sources import Spread
from advisor.proposal import Answer
from advisor.vocabulary import Cause, Mode, Remedy

Identifier = str
Strength = Literal["weak", "moderate", "strong"]


class ConditionSubject(Strict):
    """What a condition may speak about: a question, a field of the review or a fact."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    ask: str
    """The question as a product owner reads it, one short sentence ending in a question mark."""
    why: str
    """Why it is asked: what the answer would decide."""
    example: str
    """A concrete case that helps to answer."""
    type: Literal["yes_no", "number", "choice"]
    options: tuple[str, ...] = ()
    labels: dict[str, str] = {}
    """Plain words for options, by option."""
    unit: str = ""
    minimum: float = 0
    maximum: float = 1e12
    likely: dict[str, float] = {}
    """How often each answer is given, by `yes`/`no`, option or number as text; even if missing."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.type == "choice") != bool(self.options):
            raise ValueError("options belong to choices, and every choice needs them")
        return self


class Question(ConditionSubject):
    """One question of the intake form."""

    section: Literal["need", "behaviour", "tried", "data", "running"]
    effort: Literal[1, 2, 3] = 1
    """1 known by heart, 2 ask a colleague, 3 measure it."""
    for_record: str = ""
    """Why the question exists although no rule uses it; empty when a rule does."""


class Effect(Strict):
    """What a rule does when it fires: exactly one of `for` and `against`, and how strongly.

    The target is a cause, a mode or a remedy. On a cause or a mode the weight is evidence about
    what goes wrong. On a remedy it says how well that remedy would work *here* (log-odds of fixing
    a failure), limited to the modes in `on` if given.
    """

    in_favour: str | None = Field(default=None, alias="for")
    against: str | None = None
    weight: Strength
    on: tuple[Mode, ...] = ()

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.in_favour is None) == (self.against is None):
            raise ValueError("give exactly one of 'for' and 'against'")
        if self.target not in {*Cause, *Mode, *Remedy}:
            raise ValueError(f"{self.target!r} is not a cause, a mode or a remedy")
        if self.on and self.target not in set(Remedy):
            raise ValueError("'on' limits the effect on a remedy; drop it here")
        return self

    @property
    def target(self) -> str:
        """The cause, mode or remedy that the rule speaks about."""
        return self.in_favour or self.against or ""


class RuleExample(Strict):
    """Answers, and what the rule must do on them: `fires`, `does not fire` or `needs a, b`."""

    given: dict[str, Answer]
    expect: str = Field(pattern=r"^(fires|does not fire|needs [a-z0-9_, ]+)$")


class Rule(Strict):
    """One declarative entry: conditions, reason, source and the examples that test it."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str
    when: tuple[str, ...] = Field(min_length=1)
    """Conditions in rule-engine syntax, one a line; every one must hold."""
    because: str
    source: Identifier
    """An id in sources.yaml."""
    examples: tuple[RuleExample, ...] = Field(min_length=1)


class EvidenceRule(Rule):
    """A rule that weighs. Per topic and target only the strongest that fires counts."""

    topic: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    then: Effect


class Veto(Rule):
    """A rule that removes the combinations with `forbids` that hold none of `unless_with`."""

    forbids: Remedy
    unless_with: tuple[Remedy, ...] = ()
    instead: str
    """What to do instead, one sentence."""


class Fix(Strict):
    """Share of failures of one mode that a remedy fixes (0 to 1), and where the figure is from."""

    mode: Mode
    share: Spread
    source: Identifier


class RemedyCard(Strict):
    """What one remedy is, fixes and costs."""

    id: Remedy
    name: str
    meaning: str
    overhead: float = Field(ge=0, le=1)
    """What its build and upkeep are worth, as a share of failures it must fix to pay."""
    build_days: Spread
    keep_days_per_month: Spread
    fixes: tuple[Fix, ...]
    """One entry for every mode."""
    first: tuple[str, ...] = Field(min_length=1)
    """What to do first, in order."""
    stop: str
    """When to stop and reconsider."""


class Meaning(Strict):
    """A cause or a mode in plain words."""

    id: str
    name: str
    meaning: str
    example: str
    prior: float = Field(gt=0)
    """How common it is before anything is known: causes sum to 1, modes within a cause sum to 1."""


class Taxonomy(Strict):
    """Causes and modes in plain words, with how common they are."""

    causes: tuple[Meaning, ...]
    modes: tuple[Meaning, ...]
