"""What is decided on one set of facts: the set of remedies that wins, and how often it wins."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from advisor.rules import Compiled
from advisor.rules.schema.rule_schema import Veto
from advisor.triage.evidence import MODES, REMEDIES, Array, Facts
from advisor.triage.judge import Judge, Judgement, winner_name
from advisor.triage.value import DRAWS, draws, fixed, winners
from advisor.vocabulary import (
    CAUSE_OF,
    COMBINATIONS,
    Cause,
    Combination,
    Mode,
    Remedy,
)

MORE_FAILURES = (5, 10, 20, 40, 80)
"""How many more are tried, to say how many would settle it."""


@dataclass(frozen=True)
class Decision:
    """One set of facts, decided; the same seed gives the same draws."""

    judge: Judge
    facts: Facts
    seed: int

    @cached_property
    def judgement(self) -> Judgement:
        """The judgement on the facts as they are."""
        return self.judge.judge(self.facts)

    @cached_property
    def chosen(self) -> Combination:
        """The recommended combination."""
        return winner_name(self.judgement)

    @cached_property
    def vetoes(self) -> list[Compiled[Veto]]:
        """The vetoes that hold."""
        return self.judge.vetoes(self.facts)

    @cached_property
    def wins(self) -> Array:
        """Share of draws in which each combination wins, shape (11,)."""
        return self._wins(self.judgement.alpha[0])

    def more_failures(self, confidence: float) -> int | None:
        """Return how many more failures of the same mix would make it so sure; None if many."""
        place = COMBINATIONS.index(self.chosen)
        alpha, mix = self.judgement.alpha[0], self.judgement.mix[0]
        enough = (n for n in MORE_FAILURES if self._wins(alpha + n * mix)[place] >= confidence)
        return next(enough, None)

    def _wins(self, alpha: Array) -> Array:
        worth = self.shares_fixed(alpha) - self.judge.cost
        won = winners(worth, self.judge.cost, self.judgement.allowed[0])
        return np.bincount(won, minlength=len(COMBINATIONS)) / DRAWS

    def shares_fixed(self, alpha: Array) -> Array:
        """Return what each combination fixes in each draw, shape (DRAWS, 11)."""
        odds, spread = self.judgement.odds[0], self.judge.figures.spread
        return fixed(*draws(alpha, odds, spread, self.seed))

    def modes(self) -> dict[Mode, float]:
        """Return the expected share of each mode."""
        return {mode: round(share, 4) for mode, share in self._mix.items()}

    def causes(self) -> dict[Cause, float]:
        """Return the expected share of each cause."""
        mix = self._mix
        return {
            cause: round(sum(mix[mode] for mode in MODES if CAUSE_OF[mode] is cause), 4)
            for cause in Cause
        }

    @cached_property
    def _mix(self) -> dict[Mode, float]:
        return self._by_mode(np.ones(len(MODES)))

    @cached_property
    def fixes(self) -> Array:
        """Chance that a remedy fixes a mode here, shape (4, 12)."""
        return np.asarray(1 / (1 + np.exp(-self.judgement.odds[0])))

    def repaired_by(self, remedy: Remedy) -> dict[Mode, float]:
        """Return the share of failures of each mode that one remedy would fix."""
        return self._by_mode(self.fixes[REMEDIES.index(remedy)])

    def missed(self) -> dict[Mode, float]:
        """Return the share of failures of each mode that what is chosen would not fix."""
        rows = [REMEDIES.index(remedy) for remedy in self.chosen]
        return self._by_mode(np.prod(1 - self.fixes[rows], axis=0))

    def _by_mode(self, chance: Array) -> dict[Mode, float]:
        return dict(zip(MODES, (self.judgement.mix[0] * chance).tolist(), strict=True))
