"""What the answers weigh: rules that fire, strongest per topic, summed as log-odds.

Weights follow I. J. Good's weight of evidence: the natural log of a likelihood ratio of 2 (weak),
4 (moderate) or 10 (strong). A rule that rests on a suggestion nobody confirmed is soft evidence:
its likelihood ratio is the one expected, 1 + sure * (ratio - 1), so it always weighs less.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.proposal import Answer
from advisor.rules import Compiled, RuleBook
from advisor.rules.schema.rule_schema import Effect, EvidenceRule
from advisor.vocabulary import CAUSE_OF, Mode, Remedy

STRENGTH = {"weak": math.log(2), "moderate": math.log(4), "strong": math.log(10)}

MODES = tuple(Mode)
REMEDIES = tuple(Remedy)

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Facts:
    """What is known: answers a person gave, and suggestions read from the words."""

    answers: Mapping[str, Answer]
    sure: Mapping[str, float] = field(default_factory=dict)
    """Chance from 0 to 1 of each answer that is only a suggestion, by question."""

    def with_answers(self, changes: Mapping[str, Answer]) -> Facts:
        """Return these facts with `changes` answered by a person."""
        sure = {name: chance for name, chance in self.sure.items() if name not in changes}
        return Facts({**self.answers, **changes}, sure)


class Weight(NamedTuple):
    """A rule that fired: its signed weight in nats, and whether it counts in its topic."""

    rule: Compiled[EvidenceRule]
    value: float
    counted: bool


def fired(rules: Iterable[Compiled[EvidenceRule]], facts: Facts) -> list[Compiled[EvidenceRule]]:
    """Return the rules whose every condition holds."""
    return [rule for rule in rules if rule.fires(facts.answers)]


def weigh(rules: Iterable[Compiled[EvidenceRule]], facts: Facts) -> list[Weight]:
    """Weigh rules that fired; only the strongest of each topic and target counts."""
    weighed = sorted(
        ((signed(rule, facts), rule) for rule in rules),
        key=lambda pair: (-abs(pair[0]), pair[1].id),
    )
    topics: set[tuple[str, str]] = set()
    weights = []
    for value, rule in weighed:
        topic = (rule.record.topic, rule.record.then.target)
        weights.append(Weight(rule, value, topic not in topics))
        topics.add(topic)
    return weights


def signed(rule: Compiled[EvidenceRule], facts: Facts) -> float:
    """Return the weight of one rule in nats, negative when it speaks against its target."""
    effect = rule.record.then
    value = STRENGTH[effect.weight]
    unsure = [facts.sure[name] for name in rule.needs if name in facts.sure]
    if unsure:
        value = math.log1p(min(unsure) * math.expm1(value))
    return value if effect.in_favour else -value


def reach(effect: Effect) -> Array:
    """Return where one nat of an effect lands, shape (5, 12).

    Row 0 is evidence on the modes; rows 1 to 4 say how well each remedy fixes each mode.
    """
    lands = np.zeros((1 + len(REMEDIES), len(MODES)))
    if effect.target in set(Remedy):
        on = [mode in effect.on or not effect.on for mode in MODES]
        lands[1 + REMEDIES.index(Remedy(effect.target))] = on
    else:
        lands[0] = [effect.target in {mode, CAUSE_OF[mode]} for mode in MODES]
    return lands


def base_logits(book: RuleBook) -> Array:
    """Return the log of how common each mode is before anything is known, shape (12,)."""
    causes = {meaning.id: meaning.prior for meaning in book.taxonomy.causes}
    modes = {meaning.id: meaning.prior for meaning in book.taxonomy.modes}
    return np.log([causes[CAUSE_OF[mode]] * modes[mode] for mode in MODES])


def softmax(values: Array) -> Array:
    """Return `values` as chances along the last axis."""
    shifted = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))
