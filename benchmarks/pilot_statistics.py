"""Whether the statistics of a pilot keep their promises: simulated pilots whose truth is known.

    python -m benchmarks.pilot_statistics [--trials 2000]

Prints, as Markdown, how often intervals hold the truth, how often a difference is seen where there
is none and where there is one, how often looking early cries wolf, what the highest score owes to
luck, which verdicts are given, and how far learning curves can be continued.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtri

from advisor.pilot.comparing import ScoreTable, compare, may_stop
from advisor.pilot.comparing.statistics.curve import MeasuredPoint, project
from advisor.pilot.comparing.statistics.intervals import difference_intervals, mean_interval
from advisor.pilot.comparing.statistics.measuring import arm_scores, best_of
from advisor.pilot.comparing.statistics.pairs import ScorePair, pair, sample
from advisor.pilot.comparing.statistics.significance import ALPHA, holm, p_value

Floats = NDArray[np.float64]
ALIKE = 0.6
"""Share of the cases that two arms find equally hard."""
RESAMPLED = 999


@dataclass(frozen=True)
class World:
    """Where simulated pilots come from: two arms on groups of cases."""

    name: str
    groups: int
    size: int
    """Cases in a group."""
    rates: tuple[float, ...]
    """True score of each arm; for graded scores the shift on the hidden scale."""
    grade: Callable[[Floats], Floats] | None = None
    """Turns hidden quality into a graded score; None for right and wrong."""

    def draw(self, rng: np.random.Generator) -> Floats:
        """Return scores of shape (cases, arms)."""
        shape = (self.groups, self.size)
        columns = [self._column(rng, shape, rate, shared) for rate, shared in self._shared(rng)]
        return np.stack([column.ravel() for column in columns], axis=1)

    def _shared(self, rng: np.random.Generator) -> Iterator[tuple[float, Floats]]:
        hard = rng.normal(size=(self.groups, self.size))
        yield from ((rate, hard) for rate in self.rates)

    def _column(
        self, rng: np.random.Generator, shape: tuple[int, int], rate: float, hard: Floats
    ) -> Floats:
        own = rng.normal(size=shape)
        quality = np.sqrt(ALIKE) * hard + np.sqrt(1 - ALIKE) * own
        if self.size > 1:  # an arm is good at some groups and bad at others
            quality = np.sqrt(0.75) * quality + 0.5 * rng.normal(size=(self.groups, 1))
        if self.grade is not None:
            return self.grade(quality + rate)
        right: Floats = (quality < ndtri(rate)).astype(np.float64)
        return right

    def truth(self) -> float:
        """Return the true difference between the last arm and the first."""
        if self.grade is None:
            return self.rates[-1] - self.rates[0]
        hidden = np.random.default_rng(0).normal(size=1_000_000)
        means = [float(self.grade(hidden + rate).mean()) for rate in self.rates]
        return means[-1] - means[0]

    def table(self, drawn: Floats, arms: tuple[str, ...]) -> ScoreTable:
        """Return a draw as a table."""
        names = tuple(f"{place:05}" for place in range(len(drawn)))
        groups = tuple(f"{place // self.size:05}" for place in range(len(drawn)))
        return ScoreTable(names, groups if self.size > 1 else None, arms, drawn)

    def pair(self, drawn: Floats, grouped: bool = True) -> ScorePair:
        """Return two arms of a draw."""
        codes = np.arange(len(drawn)) // (self.size if grouped else 1)
        differences = drawn[:, -1] - drawn[:, 0]
        binary = bool(np.isin(drawn, (0.0, 1.0)).all())
        return ScorePair(differences, codes.astype(np.int64), "a", "b", binary)


def _ceiling(quality: Floats) -> Floats:
    return np.clip(1.2 + 0.3 * quality, 0, 1)


def _rare(quality: Floats) -> Floats:
    return np.clip(1 + 0.4 * (quality + 2.0), 0, 1)


def _judge(quality: Floats) -> Floats:
    grades: Floats = (np.clip(np.round(3.5 + quality), 1, 5) - 1) / 4
    return grades


WORLDS = (
    World("right or wrong, 20 cases, 90 → 95 %", 20, 1, (0.9, 0.95)),
    World("right or wrong, 40 cases, 95 → 95 %", 40, 1, (0.95, 0.95)),
    World("right or wrong, 60 cases, 60 → 60 %", 60, 1, (0.6, 0.6)),
    World("right or wrong, 60 cases, 60 → 75 %", 60, 1, (0.6, 0.75)),
    World("right or wrong, 150 cases, 60 → 75 %", 150, 1, (0.6, 0.75)),
    World("12 groups of 5, 60 → 60 %", 12, 5, (0.6, 0.6)),
    World("20 groups of 5, 60 → 60 %", 20, 5, (0.6, 0.6)),
    World("20 groups of 5, 90 → 95 %", 20, 5, (0.9, 0.95)),
    World("graded, 40 cases, equal", 40, 1, (0.0, 0.0), expit),
    World("graded, 40 cases, near the top", 40, 1, (0.0, 0.5), _ceiling),
    World("graded, 150 cases, faults are rare", 150, 1, (0.0, 0.5), _rare),
    World("judge from 1 to 5, 40 cases", 40, 1, (0.0, 0.5), _judge),
    World("graded, 12 groups of 5, equal", 12, 5, (0.0, 0.0), expit),
    World("graded, 30 groups of 4, near the top", 30, 4, (0.0, 0.5), _ceiling),
)


def bootstrap_t(pair: ScorePair, rng: np.random.Generator) -> tuple[float, float]:
    """Return the studentised bootstrap interval over groups, the usual choice, to compare with."""
    picked = rng.integers(0, pair.clusters, (RESAMPLED, pair.clusters))
    sums, sizes = pair.sums[picked], pair.sizes[picked]
    n = sizes.sum(axis=1)
    means = sums.sum(axis=1) / n
    errors = np.sqrt(((sums - sizes * means[:, None]) ** 2).sum(axis=1)) / n
    error = float(np.sqrt(((pair.sums - pair.sizes * pair.mean) ** 2).sum())) / pair.n
    t = (means - pair.mean)[errors > 1e-12] / errors[errors > 1e-12]
    if not len(t):
        return pair.mean, pair.mean
    low, high = np.quantile(t, (0.975, 0.025))
    return pair.mean - float(low) * error, pair.mean - float(high) * error


def interval_row(world: World, trials: int) -> list[str]:
    """Return how often intervals hold the truth and how often a difference is seen."""
    rng, truth = np.random.default_rng(1), world.truth()
    drawn = [world.draw(rng) for _ in range(trials)]
    found = [world.pair(one) for one in drawn]
    ours = difference_intervals(found)
    usual = [bootstrap_t(one, rng) for one in found]
    first = [one[:, 0] for one in drawn]
    arm = [mean_interval(sample(one, pair.groups)) for one, pair in zip(first, found, strict=True)]
    level = float(np.mean(np.concatenate(first)))
    seen = [p_value(one, 0) < ALPHA for one in found]
    unaware = [p_value(world.pair(one, grouped=False), 0) < ALPHA for one in drawn]
    return [
        world.name,
        _held(ours, truth),
        _held(usual, truth),
        f"{np.mean([low == high for low, high in usual]):.3f}",
        _held(arm, level),
        f"{np.mean(seen):.3f}",
        f"{np.mean(unaware):.3f}" if world.size > 1 else "",
    ]


def _held(intervals: Sequence[tuple[float, float]], truth: float) -> str:
    ends = np.array(intervals, dtype=np.float64)
    held = (ends[:, 0] <= truth + 1e-12) & (truth - 1e-12 <= ends[:, 1])
    return f"{held.mean():.3f}"


def best_row(trials: int) -> list[str]:
    """Return what the best of five equal arms seems, and how often some arm seems better."""
    world, rng = World("", 60, 1, (0.6,) * 5), np.random.default_rng(2)
    arms = tuple("abcde")
    raw, shrunk, naive, held = [], [], [], []
    for _ in range(trials):
        table = world.table(world.draw(rng), arms)
        best = best_of(table, arm_scores(table))
        assert best is not None
        raw.append(best.score - 0.6)
        shrunk.append(best.expected - 0.6)
        p = [p_value(_sure(pair(table, "a", other)), 0) for other in arms[1:]]
        naive.append(min(p) < ALPHA)
        held.append(min(holm(p)) < ALPHA)
    figures = [f"{100 * np.mean(one):.1f}" for one in (raw, shrunk)]
    return ["5 equal arms, 60 cases", *figures, *(f"{np.mean(one):.3f}" for one in (naive, held))]


def _sure(found: ScorePair | None) -> ScorePair:
    assert found is not None
    return found


def looking_row(name: str, world: World, trials: int) -> list[str]:
    """Return how often looking after every ten cases up to 200 shows something, and when."""
    rng, arms = np.random.default_rng(3), ("a", "b")
    ours, naive, stopped = [], [], []
    for _ in range(trials):
        table = world.table(world.draw(rng), arms)
        seen_at = naive_at = 0
        for n in range(10, len(table.cases) + 1, 10):
            part = _first(table, n)
            looked = may_stop(part, [arms], margin=0.1)[0]
            if not seen_at and looked.settled in {"better", "worse"}:
                seen_at = n
            if not naive_at and p_value(_sure(pair(part, *arms)), 0) < ALPHA:
                naive_at = n
        ours.append(seen_at > 0)
        naive.append(naive_at > 0)
        stopped.append(seen_at or np.inf)
    when = np.median(stopped)
    return [
        name,
        f"{np.mean(ours):.3f}",
        f"{np.mean(naive):.3f}",
        f"{when:.0f}" if np.isfinite(when) else "never",
    ]


def _first(table: ScoreTable, n: int) -> ScoreTable:
    seen = table.scores.copy()
    seen[n:] = np.nan
    return ScoreTable(table.cases, table.groups, table.arms, seen)


ARMS = ("prompt", "few_shot", "fine_tuning")
CLAIMS: Mapping[str, tuple[float, ...]] = {
    "fine-tuning better by 25 points": (0.5, 0.55, 0.8),
    "fine-tuning better by 15 points": (0.6, 0.6, 0.75),
    "few-shot as good as fine-tuning": (0.5, 0.75, 0.75),
    "all equal": (0.7, 0.7, 0.7),
    "fine-tuning worse by 20 points": (0.7, 0.7, 0.5),
}


def verdict_row(name: str, rates: tuple[float, ...], cases: int, trials: int) -> list[str]:
    """Return how often fine-tuning, which was recommended, is confirmed and contradicted."""
    world, rng = World(name, cases, 1, rates), np.random.default_rng(4)
    given: Counter[str] = Counter()
    for _ in range(trials):
        table = world.table(world.draw(rng), ARMS)
        given[compare(table, recommended="fine_tuning", margin=0.1).verdict.outcome] += 1
    outcomes = ("confirmed", "contradicted", "inconclusive")
    return [name, str(cases), *(f"{given[outcome] / trials:.2f}" for outcome in outcomes)]


Truth = Callable[[float], float]


def _levelling(rng: np.random.Generator) -> Truth:
    while True:
        end, rate = rng.uniform(0.5, 1), rng.uniform(0.1, 1.2)
        now = rng.uniform(0.3, end)
        if end - (end - now) * 0.25**-rate >= 0:
            return lambda times: float(end - (end - now) * times**-rate)


def _logistic(rng: np.random.Generator) -> Truth:
    start, slope = rng.uniform(-1, 2), rng.uniform(0, 1)
    return lambda times: float(expit(start + slope * np.log2(times)))


def _late(rng: np.random.Generator) -> Truth:
    end, pace = rng.uniform(0.6, 1), rng.uniform(0.25, 1.7)
    now = rng.uniform(0.3, end)
    return lambda times: float(max(0.0, end - (end - now) * np.exp((1 - times) / pace)))


def curve_row(name: str, draw: Callable[[np.random.Generator], Truth], trials: int) -> list[str]:
    """Return how often the range for two and four times the examples holds the truth."""
    rng, held, widths = np.random.default_rng(5), [], []
    for _ in range(trials):
        truth = draw(rng)
        points = [_run(rng, truth, share) for share in (0.25, 0.5, 1.0)]
        found = project(points, 0.05)
        assert found is not None
        two, four = found.projected
        held.append((two.low <= truth(2) <= two.high, four.low <= truth(4) <= four.high))
        widths.append(two.high - two.low)
    return [name, *(f"{share:.3f}" for share in np.mean(held, axis=0)), f"{np.mean(widths):.2f}"]


def _run(rng: np.random.Generator, truth: Truth, share: float) -> MeasuredPoint:
    cases = (rng.random(120) < truth(share)).astype(np.float64)
    low, high = mean_interval(sample(cases, np.arange(120)))
    return MeasuredPoint(int(240 * share), float(cases.mean()), low, high)


def table(headings: str, rows: Iterator[list[str]]) -> None:
    """Print a Markdown table, row by row."""
    columns = headings.split("|")
    print(f"\n| {' | '.join(columns)} |\n|---|{'---:|' * (len(columns) - 1)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")
        sys.stdout.flush()


def main() -> None:
    """Simulate, and print the figures as Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--trials", type=int, default=2_000)
    trials = parser.parse_args().trials
    few = max(1, trials // 5)
    print(f"# Statistics of a pilot: {trials:,} simulated pilots a row, {few:,} for verdicts")
    table(
        "pilots|interval holds|bootstrap-t holds|… has no width|score of one arm holds|"
        "difference seen|… ignoring groups",
        (interval_row(world, trials) for world in WORLDS),
    )
    table(
        "best of|seems better by, points|after shrinking|some arm “better”|… by Holm",
        iter([best_row(trials)]),
    )
    looks = partial(World, "", 200, 1)
    table(
        "looking after every 10 of 200 cases|ours ever sees|McNemar ever sees|median case",
        (
            looking_row(f"{100 * low:.0f} → {100 * high:.0f} %", looks((low, high)), few)
            for low, high in ((0.6, 0.6), (0.6, 0.7), (0.6, 0.8), (0.5, 0.8))
        ),
    )
    table(
        "fine-tuning was recommended|cases|confirmed|contradicted|inconclusive",
        (
            verdict_row(name, rates, cases, few)
            for name, rates in CLAIMS.items()
            for cases in (60, 120, 240)
        ),
    )
    table(
        "learning curve|twice the examples|four times|width for twice",
        (
            curve_row(name, draw, few)
            for name, draw in (
                ("levelling off", _levelling),
                ("logistic", _logistic),
                ("late and steep", _late),
            )
        ),
    )


if __name__ == "__main__":
    main()
