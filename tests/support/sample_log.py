"""A log that somebody might have, already read: what goes wrong in it is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

import numpy as np

from advisor.domain.assessment import FailureReading
from advisor.failures.probabilities import rounded
from advisor.logs.summary.build import without_groups
from advisor.logs.summary.mode_shares import share
from advisor.logs.summary.summary_record import LogGroup, LogSummary, SummaryProvenance
from advisor.logs.summary.tally import Tally
from advisor.proposal import Failure
from advisor.vocabulary import CAUSE_OF, Mode, Remedy

BEGAN = datetime(2026, 9, 1, 12, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script> **bold** [x](http://evil.example) =1+1"


class Row(NamedTuple):
    row: int
    failure: Failure
    reading: FailureReading
    at: datetime | None


def reading(chances: Sequence[float] | np.ndarray, id: str = "a") -> FailureReading:
    shares = rounded(np.asarray(chances, float))
    mode = max(shares, key=shares.__getitem__)
    return FailureReading(
        id=id,
        mode=mode,
        cause=CAUSE_OF[mode],
        probabilities=shares,
        abstained=shares[mode] < 0.5,
        why="The wanted answer holds a date that is nowhere in what the model was shown.",
    )


def a_row(row: int, chances: Sequence[float] | np.ndarray, at: datetime | None = None) -> Row:
    failure = Failure(id=f"r{row}", input=f"Question {row}", output=f"Answer {row}", note="Wrong.")
    return Row(row, failure, reading(chances, f"r{row}"), at)


def rows(count: int, later: Mapping[Mode, float] | None = None, days: int = 60) -> Iterator[Row]:
    """Yield failures over `days`; in the second half `later` changes what goes wrong."""
    numbers = np.random.default_rng(7)
    mix = dict.fromkeys(Mode, 0.02) | {Mode.STALE_KNOWLEDGE: 0.5, Mode.FORMAT: 0.2}
    for place in range(count):
        day = place * days // count
        now = {**mix, **(later or {})} if day >= days // 2 else mix
        weights = np.array(list(now.values()))
        mode = numbers.choice(len(Mode), p=weights / weights.sum())
        chances = numbers.dirichlet(np.full(len(Mode), 0.2) + 4 * np.eye(len(Mode))[mode])
        yield a_row(place + 1, chances, BEGAN + timedelta(days=day))


def tally_of(given: Iterator[Row] | Sequence[Row]) -> Tally:
    tally = Tally()
    for row in given:
        tally.add(*row)
    return tally


def about(count: int, **changed: object) -> SummaryProvenance:
    known = {
        "file": "support.jsonl",
        "rows": count + 9,
        "rejected": 4,
        "classifier": "5f3a" * 16,
        "started": BEGAN + timedelta(days=80),
        "finished": BEGAN + timedelta(days=80, minutes=4),
    }
    return SummaryProvenance.model_validate(known | changed)


@cache
def summary(count: int = 600, **changed: object) -> LogSummary:
    """Return the summary of a log of `count` failures; its groups are made by hand."""
    tally = tally_of(rows(count, {Mode.FORMAT: 0.9}))
    given = without_groups(tally, about(count, **changed))
    return given.model_copy(
        update={"groups": (a_group(given, count // 5), a_group(given, count // 10))}
    )


def a_group(given: LogSummary, size: int) -> LogGroup:
    return LogGroup(
        id=f"g{size}",
        name=f"Old prices ({size})",
        common="The wanted answer holds a date that is nowhere in what the model was shown.",
        failures=size,
        share=share(size, len(given.sample)),
        modes={Mode.STALE_KNOWLEDGE: size},
        example=str(given.sample[size].failure.id),
        remedy=Remedy.RETRIEVAL,
        why="Showing the facts of today fixes most of them.",
    )
