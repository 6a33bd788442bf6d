"""From facts and failures to a mix of modes, and from there to the set of remedies that wins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from advisor.failures.probabilities import posterior_sums
from advisor.proposal import Answer
from advisor.rules import Compiled, RuleBook
from advisor.rules.schema.rule_schema import EvidenceRule, Veto
from advisor.triage.evidence import (
    MODES,
    REMEDIES,
    Array,
    Facts,
    Weight,
    base_logits,
    fired,
    reach,
    softmax,
    weigh,
)
from advisor.triage.value import RemedyFigures, figures, fixed, overheads, winners
from advisor.vocabulary import COMBINATIONS, Combination

PSEUDO_FAILURES = 8.0
"""The answers count as much as this many failures; from 4 to 10 the published cases agree."""
SCALE = 1.4
"""Evidence is scaled by this before it meets the prior: the rules' words were chosen cautiously."""


@dataclass(frozen=True)
class JudgedFacts:
    """One set of facts, judged. H stands for the number of scenarios judged at once."""

    alpha: Array
    """Dirichlet parameters of the mix of modes, shape (H, 12)."""
    odds: Array
    """Log-odds that a remedy fixes a mode, shape (H, 4, 12)."""
    allowed: NDArray[np.bool_]
    """Combinations that no veto removes, shape (H, 11)."""
    worth: Array
    """Share fixed less overhead, shape (H, 11)."""
    winner: NDArray[np.intp]
    """Index of the winning combination, shape (H,)."""

    @property
    def mix(self) -> Array:
        """Expected shares of the modes, shape (H, 12)."""
        return np.asarray(self.alpha / self.alpha.sum(axis=-1, keepdims=True))


@dataclass(frozen=True)
class Judge:
    """Rules and the failures' mode probabilities, ready to judge many sets of facts."""

    book: RuleBook
    readings: Array
    """Mode probabilities of the failures, shape (failures, 12)."""
    shift: Array = field(default_factory=lambda: np.zeros((len(REMEDIES), len(MODES))))
    """What probes add to the log-odds that a remedy fixes a mode, shape (4, 12)."""

    @cached_property
    def figures(self) -> RemedyFigures:
        """Remedy figures as log-odds."""
        return figures(self.book.remedies)

    @cached_property
    def cost(self) -> Array:
        """Overhead of each combination, shape (11,)."""
        return overheads(self.figures.overhead)

    @cached_property
    def base(self) -> Array:
        """Log-prior of the modes before any answer, shape (12,)."""
        return base_logits(self.book)

    @cached_property
    def rules_about(self) -> Mapping[str, Sequence[Compiled[EvidenceRule]]]:
        """Evidence rules by the question they depend on."""
        return {
            name: [rule for rule in self.book.evidence if name in rule.needs]
            for name in self.book.questions
        }

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Place of each evidence rule, by id."""
        return {rule.id: place for place, rule in enumerate(self.book.evidence)}

    @cached_property
    def reaches(self) -> Array:
        """Where one nat of each evidence rule lands, shape (rules, 5, 12)."""
        return np.stack([reach(rule.record.then) for rule in self.book.evidence])

    def weights(self, facts: Facts) -> list[Weight]:
        """Return every rule that fires on `facts` with its weight, strongest first."""
        return weigh(fired(self.book.evidence, facts), facts)

    def vetoes(self, facts: Facts) -> list[Compiled[Veto]]:
        """Return the vetoes that hold. One that rests on an unconfirmed suggestion does not."""
        return [
            veto
            for veto in self.book.vetoes
            if veto.fires(facts.answers) and not veto.needs & facts.sure.keys()
        ]

    def judge(self, facts: Facts) -> JudgedFacts:
        """Judge one set of facts (H = 1)."""
        return self._decide([self.weights(facts)], [self._allowed(facts)])

    def scenarios(self, facts: Facts, changes: Sequence[Mapping[str, Answer]]) -> JudgedFacts:
        """Judge `facts` under each of `changes`; only rules about changed questions run again."""
        before = fired(self.book.evidence, facts)
        weighed, allowed = [], []
        for change in changes:
            changed = facts.with_answers(change)
            again = {rule.id: rule for name in change for rule in self.rules_about[name]}
            kept = [rule for rule in before if rule.id not in again]
            weighed.append(weigh([*kept, *fired(again.values(), changed)], changed))
            allowed.append(self._allowed(changed))
        return self._decide(weighed, allowed)

    def _allowed(self, facts: Facts) -> list[bool]:
        vetoes = [veto.record for veto in self.vetoes(facts)]
        return [not any(forbids(veto, chosen) for veto in vetoes) for chosen in COMBINATIONS]

    def _sum(self, weighed: Sequence[Sequence[Weight]]) -> Array:
        """Sum the weights that count, shape (H, 5, 12)."""
        values = np.zeros((len(weighed), len(self.book.evidence)))
        for row, weights in zip(values, weighed, strict=True):
            for weight in weights:
                if weight.counted:
                    row[self.places[weight.rule.id]] = weight.value
        return np.tensordot(values, self.reaches, axes=1)

    def _decide(
        self, weighed: Sequence[Sequence[Weight]], allowed: Sequence[Sequence[bool]]
    ) -> JudgedFacts:
        summed = self._sum(weighed)
        alpha = self._alpha(softmax(self.base + SCALE * summed[:, 0]))
        odds = self.figures.centre + self.shift + summed[:, 1:]
        mix = alpha / alpha.sum(axis=-1, keepdims=True)
        worth = fixed(mix, odds) - self.cost
        open_sets = np.array(allowed, dtype=bool)
        return JudgedFacts(alpha, odds, open_sets, worth, winners(worth, self.cost, open_sets))

    def _alpha(self, prior: Array) -> Array:
        """Add the failures to the prior, each read in the light of the answers."""
        if not len(self.readings):
            return PSEUDO_FAILURES * prior
        return np.asarray(PSEUDO_FAILURES * prior + posterior_sums(self.readings, prior))


def forbids(veto: Veto, chosen: Combination) -> bool:
    """Tell whether `veto` removes the combination `chosen`."""
    return veto.forbids in chosen and not set(veto.unless_with) & set(chosen)


def winner_name(judgement: JudgedFacts, scenario: int = 0) -> Combination:
    """Return the winning combination of one scenario."""
    return COMBINATIONS[int(judgement.winner[scenario])]


def no_readings() -> Array:
    """Return an empty set of readings, shape (0, 12)."""
    return np.zeros((0, len(MODES)))
