"""Sums over a log that can be taken in any parts and joined in any order, in constant memory.

Probabilities are summed as whole ten-thousandths (a reading has four decimals), so that the sum
does not depend on the order, as it would with floats.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import Field

from advisor.core.strict import Strict
from advisor.domain.assessment import FailureReading
from advisor.logs.summary.sample import Rank, Ranked, Smallest, example_of, hashed, texts_of, within
from advisor.logs.summary.summary_record import (
    CLEAREST,
    FIRST_YEAR,
    LAST_YEAR,
    SAMPLE,
    Count,
    LogExample,
)
from advisor.proposal import Failure
from advisor.vocabulary import Mode

MODES = tuple(Mode)
PLACES = {mode: place for place, mode in enumerate(MODES)}
UNITS = 10_000
"""Parts of a probability of 1."""
MOST_DATES = 1_000
"""Days kept apart; with more, months are, and with more of these, years."""

Level = Literal[10, 7, 4]
"""Letters of a date that are kept: day, month or year."""
_COARSER: dict[Level, Level] = {10: 7, 7: 4}

Numbers = Annotated[tuple[Count, ...], Field(min_length=len(MODES), max_length=len(MODES))]
Line = Annotated[tuple[Count, ...], Field(min_length=len(MODES) + 1, max_length=len(MODES) + 1)]


Kept = Annotated[tuple[tuple[Rank, str], ...], Field(max_length=SAMPLE)]


class _State(Strict):
    answered: Numbers
    unsure: Numbers
    sums: Numbers
    level: Level
    dates: dict[Annotated[str, Field(pattern=r"^\d{4}(-\d\d){0,2}$")], Line]
    sample: Kept
    clearest: dict[Mode, Kept]


class Tally:
    """Everything a summary needs of the rows seen so far. Any split of the rows gives the same."""

    def __init__(self) -> None:
        """Begin with no rows."""
        self.answered = [0] * len(MODES)
        self.unsure = [0] * len(MODES)
        self.sums = [0] * len(MODES)
        self.level: Level = 10
        self.dates: dict[str, list[int]] = {}
        """For each date: how many failures, then the sum of each mode."""
        self._sample = Smallest(SAMPLE, key=2)
        self._clearest = {mode: Smallest(CLEAREST, key=1) for mode in MODES}

    @property
    def failures(self) -> int:
        """How many failures were added."""
        return sum(self.answered) + sum(self.unsure)

    def add(self, row: int, failure: Failure, reading: FailureReading, at: datetime | None) -> None:
        """Add one failure.

        Args:
            row: Its number in the log; no two rows have the same.
            failure: Its texts.
            reading: How it was read.
            at: When it happened, if known; without a zone it counts as UTC. One that cannot be
                right (before 1970, after 2199) counts as unknown.
        """
        parts = [round(reading.probabilities[mode] * UNITS) for mode in MODES]
        counted = self.unsure if reading.abstained else self.answered
        counted[PLACES[reading.mode]] += 1
        _increase(self.sums, parts)
        if at is not None and FIRST_YEAR <= at.year < LAST_YEAR:
            self._add_date(_day(at), [1, *parts])
        self._keep(row, failure, reading, parts[PLACES[reading.mode]])

    def merge(self, other: Tally) -> None:
        """Add what `other` holds of other rows."""
        for mine, theirs in (
            (self.answered, other.answered),
            (self.unsure, other.unsure),
            (self.sums, other.sums),
        ):
            _increase(mine, theirs)
        self._coarsen(other.level)
        for name, line in other.dates.items():
            self._add_date(name, line)
        self._sample.add(other._sample.best())
        for mode in MODES:
            self._clearest[mode].add(other._clearest[mode].best())

    def sample(self) -> tuple[LogExample, ...]:
        """Return the sample, in the order of the log; fewer where their texts are many bytes."""
        return tuple(sorted(within(self._sample.best()), key=_row))

    def clearest(self) -> tuple[LogExample, ...]:
        """Return the clearest examples of each mode, mode by mode."""
        return tuple(within([item for mode in MODES for item in self._clearest[mode].best()]))

    def to_json(self) -> str:
        """Return everything as JSON; equal tallies give equal text."""
        return _State(
            answered=tuple(self.answered),
            unsure=tuple(self.unsure),
            sums=tuple(self.sums),
            level=self.level,
            dates={name: tuple(self.dates[name]) for name in sorted(self.dates)},
            sample=tuple(self._sample.best()),
            clearest={mode: tuple(self._clearest[mode].best()) for mode in MODES},
        ).model_dump_json()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the tally that wrote `text`.

        Raises:
            ValidationError: it was not written by `to_json`.
        """
        state, tally = _State.model_validate_json(text), cls()
        tally.answered, tally.unsure, tally.sums = (
            list(state.answered),
            list(state.unsure),
            list(state.sums),
        )
        tally.level = state.level
        tally.dates = {name: list(line) for name, line in state.dates.items()}
        tally._sample.add(Ranked(*item) for item in state.sample)
        for mode, items in state.clearest.items():
            tally._clearest[mode].add(Ranked(*item) for item in items)
        return tally

    def _keep(self, row: int, failure: Failure, reading: FailureReading, sure: int) -> None:
        texts = texts_of(failure)
        clear = self._clearest[reading.mode]
        for kept, rank, may in (
            (self._sample, (0, hashed(row, *texts), row), True),
            (clear, (-sure, hashed(*texts), row), not reading.abstained),
        ):
            if may and kept.wants(rank):
                kept.add([Ranked(rank, example_of(row, failure, reading))])

    def _add_date(self, name: str, line: list[int]) -> None:
        short = name[: self.level]
        if short in self.dates:
            _increase(self.dates[short], line)
            return
        self.dates[short] = list(line)
        if len(self.dates) > MOST_DATES and self.level in _COARSER:
            self._coarsen(_COARSER[self.level])

    def _coarsen(self, level: Level) -> None:
        if level < self.level:
            finer, self.dates, self.level = self.dates, {}, level
            for name, line in finer.items():
                self._add_date(name, line)


def _increase(sums: list[int], more: list[int]) -> None:
    for place, number in enumerate(more):
        sums[place] += number


def _day(at: datetime) -> str:
    """Return the day in UTC, as `2026-05-14`."""
    return (at if at.tzinfo is None else at.astimezone(UTC)).date().isoformat()


def _row(item: LogExample) -> int:
    return item.row
