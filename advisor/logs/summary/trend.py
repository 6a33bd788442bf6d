"""How the mix moved over time, and whether the largest change is more than chance."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist

from advisor.domain.sources import Spread
from advisor.logs.summary.mode_shares import ENOUGH_DAYS, Part, Z, clustered, share
from advisor.logs.summary.summary_record import LargestShift, Share, Trend, TrendPoint, Unit
from advisor.logs.summary.tally import MODES, UNITS, Level

MOST_BARS = 45
"""Points that a chart shows apart."""
ENOUGH = 30
"""Failures a point needs on average to say something."""
HALF = 20
"""Failures each half needs for a comparison."""

Sums = Sequence[float]
"""Number of failures, then the sum of the probabilities of each mode."""


@dataclass(frozen=True)
class Bucket:
    """One way to cut time, from the level of dates on that it can be made from."""

    unit: Unit
    level: Level
    start: Callable[[date], date]


BUCKETS = (
    Bucket("day", 10, lambda day: day),
    Bucket("week", 10, lambda day: max(day, date(1, 1, 7)) - timedelta(days=day.weekday())),
    Bucket("month", 7, lambda day: day.replace(day=1)),
    Bucket("year", 4, lambda day: day.replace(month=1, day=1)),
)


def trend(dates: Mapping[str, Sums], level: Level) -> Trend | None:
    """Return the mix over time; None where everything happened at one time.

    Args:
        dates: Numbers by date as `Tally` keeps them.
        level: How exact the dates are.
    """
    days = {_first(name): line for name, line in sorted(dates.items())}
    ways = [(bucket, _cut(days, bucket)) for bucket in BUCKETS if bucket.level <= level]
    several = [(bucket, points) for bucket, points in ways if len(points) > 1]
    if not several:
        return None
    total = sum(line[0] for line in days.values())
    bucket, points = next(
        (way for way in several if len(way[1]) <= min(MOST_BARS, max(2, total / ENOUGH))),
        several[-1],
    )
    return Trend(
        unit=bucket.unit,
        points=tuple(_point(start, parts) for start, parts in points.items()),
        change=largest_change(points),
    )


def _first(name: str) -> date:
    """Return the first day of `2026`, `2026-05` or `2026-05-14`."""
    year, month, day = (*map(int, name.split("-")), 1, 1)[:3]
    return date(year, month, day)


def _cut(days: Mapping[date, Sums], bucket: Bucket) -> dict[date, list[Sums]]:
    points: dict[date, list[Sums]] = {}
    for day, line in days.items():
        points.setdefault(bucket.start(day), []).append(line)
    return points


def _point(start: date, days: Sequence[Sums]) -> TrendPoint:
    return TrendPoint(
        start=start,
        failures=int(sum(line[0] for line in days)),
        shares={mode: _share(_parts(days, place)) for place, mode in enumerate(MODES, start=1)},
    )


def _share(parts: Sequence[Part]) -> Share:
    """Return a share with what is due to chance; an error at every time hides no change."""
    count, total = (sum(column) for column in zip(*parts, strict=True))
    return share(total, count, parts, error=0.0)


def _parts(days: Sequence[Sums], place: int) -> list[Part]:
    return [(line[0], line[place] / UNITS) for line in days]


def largest_change(points: Mapping[date, Sequence[Sums]]) -> LargestShift | None:
    """Compare the earlier with the later half of the failures; None where either has too few.

    The difference of two shares has one success and one failure added on each side (Agresti and
    Caffo, 2000). Its variance is the binomial one or that between days, whichever is larger; with
    days, Student's t stands for the normal. A classifier that is always off the same way takes no
    part in it. Probabilities are corrected for looking at every mode (Holm, 1979).
    """
    starts = list(points)
    before_each = _before_each(points)
    total = before_each[-1]
    middle = min(range(1, len(starts)), key=lambda place: abs(before_each[place] - total / 2))
    halves = [
        [line for start in part for line in points[start]]
        for part in (starts[:middle], starts[middle:])
    ]
    if min(sum(line[0] for line in half) for half in halves) < HALF:
        return None
    found = [
        compared(*(_parts(half, place) for half in halves)) for place in range(1, len(MODES) + 1)
    ]
    chances = holm([one.chance for one in found])
    best = min(
        range(len(MODES)),
        key=lambda place: (chances[place] >= 0.05, -abs(found[place].after - found[place].before)),
    )
    one = found[best]
    return LargestShift(
        mode=MODES[best],
        since=starts[middle],
        before=one.before,
        after=one.after,
        difference=one.difference,
        chance=chances[best],
    )


def _before_each(points: Mapping[date, Sequence[Sums]]) -> list[float]:
    """Return how many failures lie before each point, and after the last one all."""
    counts = [0.0]
    for days in points.values():
        counts.append(counts[-1] + sum(line[0] for line in days))
    return counts


@dataclass(frozen=True)
class ModeShift:
    """The shares of one mode in two halves."""

    before: float
    after: float
    difference: Spread
    chance: float


def compared(before: Sequence[Part], after: Sequence[Part]) -> ModeShift:
    """Compare one mode between two sets of days."""
    shares, variances = zip(*(_half(days) for days in (before, after)), strict=True)
    difference = shares[1] - shares[0]
    half, chance = _normal(difference, sum(variances))
    if min(len(before), len(after)) > 1 and len(before) + len(after) >= ENOUGH_DAYS:
        between = clustered(before) + clustered(after)
        wider, likelier = _student(difference, between, len(before) + len(after) - 2)
        half, chance = max(half, wider), max(chance, likelier)
    return ModeShift(
        before=round(_mean(before), 6),
        after=round(_mean(after), 6),
        difference=Spread(
            low=round(difference - half, 6),
            mid=round(difference, 6),
            high=round(difference + half, 6),
        ),
        chance=chance,
    )


def _mean(days: Sequence[Part]) -> float:
    return sum(total for _, total in days) / sum(count for count, _ in days)


def _half(days: Sequence[Part]) -> tuple[float, float]:
    """Return the share with one success and one failure added, and its variance."""
    count = sum(number for number, _ in days) + 2
    middle = (sum(total for _, total in days) + 1) / count
    return middle, middle * (1 - middle) / count


def _normal(difference: float, variance: float) -> tuple[float, float]:
    """Return half the 95 % interval, and the probability of such a difference by chance."""
    error = math.sqrt(variance)
    return Z * error, 2 * NormalDist().cdf(-abs(difference) / error)


def _student(difference: float, variance: float, freedom: int) -> tuple[float, float]:
    from scipy.special import stdtr, stdtrit  # heavy: scipy

    if variance <= 0:
        return 0.0, 0.0
    error = math.sqrt(variance)
    half = float(stdtrit(freedom, 0.975)) * error
    return half, 2 * float(stdtr(freedom, -abs(difference) / error))


def holm(chances: Sequence[float]) -> list[float]:
    """Return probabilities corrected for how many there are (Holm, 1979), in the same order."""
    order = sorted(range(len(chances)), key=chances.__getitem__)
    corrected, highest = [0.0] * len(chances), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, chances[place] * (len(chances) - rank)))
        corrected[place] = highest
    return corrected
