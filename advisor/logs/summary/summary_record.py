"""What is kept of a classified log: figures, groups and examples. It travels as one JSON file."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, field_validator, model_validator

from advisor.core.strict import Strict, digest
from advisor.domain.assessment import FailureReading
from advisor.domain.sources import Spread
from advisor.proposal import Failure
from advisor.vocabulary import Cause, Mode, Remedy

SAMPLE = 2_000
"""Failures kept of a log, drawn at random but always the same ones."""
CLEAREST = 3
"""Examples kept of each mode."""
MOST_POINTS = 400
MOST_GROUPS = 200
FIRST_YEAR = 1970
LAST_YEAR = 2200
"""A date outside these years is a mistake."""

Count = Annotated[int, Field(ge=0, le=10**15)]
Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Line = Annotated[str, Field(max_length=1_000)]
Unit = Literal["day", "week", "month", "year"]


class Share(Spread):
    """A share from 0 to 1 with its 95 % interval."""

    @model_validator(mode="after")
    def _is_a_share(self) -> Self:
        if not (self.low >= 0 and self.high <= 1):
            raise ValueError("a share lies between 0 and 1")
        return self


class SummaryProvenance(Strict):
    """Where a summary comes from."""

    file: Line
    """Name of the log, without its folders."""
    rows: Count
    """Rows in the log, whatever became of them."""
    rejected: Count
    """Rows that could not be read."""
    classifier: Line
    """`Classifier.fingerprint`."""
    started: AwareDatetime
    finished: AwareDatetime

    @field_validator("started", "finished")
    @classmethod
    def _is_of_our_time(cls, at: AwareDatetime) -> AwareDatetime:
        if not FIRST_YEAR < at.year < LAST_YEAR:
            raise ValueError("is not a date of our time; correct the year")
        return at


class LogExample(Strict):
    """One failure of the log, long texts cut in the middle, and how it was read."""

    row: Count
    failure: Failure
    reading: FailureReading

    @model_validator(mode="after")
    def _is_read_in_full(self) -> Self:
        chances = self.reading.probabilities
        if set(chances) != set(Mode) or not all(0 <= one <= 1 for one in chances.values()):
            raise ValueError("a reading needs one probability from 0 to 1 for each mode")
        return self


class ModeShare(Strict):
    """How much of what goes wrong is one mode."""

    mode: Mode
    share: Share
    read: Count
    """Failures read as this mode whose cause is sure enough to count on."""
    unsure: Count
    """Failures that look most like this mode, and whose cause is too unsure to count on."""


class CauseShare(Strict):
    """How much of what goes wrong has one cause."""

    cause: Cause
    share: Share


class RemedyShare(Strict):
    """What one remedy alone would do about the failures, before anything else is known."""

    remedy: Remedy
    fixed: Fraction
    """Share of the failures it is expected to fix."""
    overhead: Fraction
    """Share it must fix to pay for itself."""


class TrendPoint(Strict):
    """The failures of one day, week, month or year (UTC)."""

    start: date
    failures: Count
    shares: dict[Mode, Share]

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if set(self.shares) != set(Mode) or not self.failures:
            raise ValueError("a point needs failures, and the share of each mode")
        return self


class LargestShift(Strict):
    """The mode whose share differs most between the earlier and the later half of the failures."""

    mode: Mode
    since: date
    """First day of the later half."""
    before: Fraction
    after: Fraction
    difference: Spread
    """`after` less `before`, with its 95 % interval."""
    chance: Fraction
    """Probability of a difference as large by chance, corrected for looking at every mode."""

    @property
    def real(self) -> bool:
        """Whether it is more than chance explains."""
        return self.chance < 0.05


class Trend(Strict):
    """How the mix moved over time."""

    unit: Unit
    points: tuple[TrendPoint, ...] = Field(min_length=2, max_length=MOST_POINTS)
    change: LargestShift | None
    """None where there are too few failures to compare."""


class LogGroup(Strict):
    """Failures of the sample that are alike."""

    id: Line
    name: Line
    common: Line
    """What they have in common."""
    failures: Count
    """How many of the sample."""
    share: Share
    """Of the whole log."""
    modes: dict[Mode, Count]
    example: Line
    """Id of the failure nearest the middle."""
    remedy: Remedy
    why: Line
    """Why this remedy."""


class LogSummary(Strict):
    """A classified log in figures, groups and examples."""

    version: Literal[1] = 1
    about: SummaryProvenance
    failures: Count
    """Failures that were read."""
    abstained: Count
    """Of these, how many have a cause that is too unsure to count on."""
    undated: Count
    modes: tuple[ModeShare, ...] = Field(min_length=len(Mode), max_length=len(Mode))
    causes: tuple[CauseShare, ...] = Field(min_length=len(Cause), max_length=len(Cause))
    remedies: tuple[RemedyShare, ...] = Field(min_length=len(Remedy), max_length=len(Remedy))
    trend: Trend | None = None
    groups: tuple[LogGroup, ...] = Field(default=(), max_length=MOST_GROUPS)
    clearest: tuple[LogExample, ...] = Field(default=(), max_length=CLEAREST * len(Mode))
    sample: tuple[LogExample, ...] = Field(default=(), max_length=SAMPLE)

    @model_validator(mode="after")
    def _names_everything_once(self) -> Self:
        names = (
            [item.mode for item in self.modes] == list(Mode)
            and [item.cause for item in self.causes] == list(Cause)
            and [item.remedy for item in self.remedies] == list(Remedy)
        )
        if not names:
            raise ValueError("modes, causes and remedies must each stand once, in their order")
        return self

    @model_validator(mode="after")
    def _finds_every_example(self) -> Self:
        ids = {item.failure.id for item in self.sample}
        if len(ids) < len(self.sample):
            raise ValueError("two failures of the sample have the same id")
        if not all(item.example in ids for item in self.groups):
            raise ValueError("the example of a group is not in the sample")
        return self

    @property
    def id(self) -> str:
        """Sixteen hexadecimal digits that stand for the content."""
        return digest(self.model_dump(mode="json"))[:16]
