"""Parts of an assessment made from rules and readings: reasons, vetoes, groups of failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from advisor.domain.assessment import (
    EvidenceItem,
    FailureGroup,
    FailureReading,
    GivenAnswer,
    Option,
    Stage,
    VetoHit,
)
from advisor.domain.sources import Spread
from advisor.rules import Compiled, RuleBook
from advisor.rules.schema.rule_schema import EvidenceRule, Veto
from advisor.triage.decision import Decision
from advisor.triage.evidence import MODES, REMEDIES, Array, Facts, Weight
from advisor.triage.judge import forbids, no_readings
from advisor.vocabulary import CAUSE_OF, COMBINATIONS, Cause, Mode, Remedy, combination_name


def matrix(readings: Sequence[FailureReading]) -> Array:
    """Return the readings' probabilities, shape (failures, 12)."""
    if not readings:
        return no_readings()
    return np.array([[reading.probabilities[mode] for mode in MODES] for reading in readings])


def retrieval_stages(readings: Sequence[FailureReading]) -> dict[Stage, int]:
    """Count failures by where existing retrieval broke."""
    stages = [reading.stage for reading in readings if reading.stage]
    return {stage: stages.count(stage) for stage in sorted(set(stages))}


def evidence_item(weight: Weight, facts: Facts, book: RuleBook) -> EvidenceItem:
    """Turn a weighed rule into a reason that can be shown."""
    record = weight.rule.record
    target = record.then.target
    mode = Mode(target) if target in set(Mode) else None
    cause = CAUSE_OF[mode] if mode else Cause(target) if target in set(Cause) else None
    return EvidenceItem(
        id=record.id,
        topic=record.topic,
        title=record.title,
        cause=cause,
        mode=mode,
        remedy=Remedy(target) if target in set(Remedy) else None,
        weight=round(weight.value, 4),
        counted=weight.counted,
        because=record.because,
        source=book.sources[record.source],
        given=_givens(weight.rule, facts, book),
    )


def veto_hit(veto: Compiled[Veto], facts: Facts, book: RuleBook) -> VetoHit:
    """Turn a veto that holds into a record that can be shown."""
    record = veto.record
    return VetoHit(
        id=record.id,
        title=record.title,
        forbids=record.forbids,
        unless_with=record.unless_with,
        because=record.because,
        instead=record.instead,
        source=book.sources[record.source],
        given=_givens(veto, facts, book),
    )


def _givens(
    rule: Compiled[EvidenceRule] | Compiled[Veto], facts: Facts, book: RuleBook
) -> tuple[GivenAnswer, ...]:
    return tuple(
        GivenAnswer(
            question=name,
            ask=book.questions[name].ask,
            condition=clause.text,
            answer=facts.answers.get(name),
            suggested=name in facts.sure,
        )
        for clause in rule.clauses
        for name in sorted(clause.needs)
    )


def groups(
    readings: Sequence[FailureReading], worth: Array, book: RuleBook
) -> tuple[FailureGroup, ...]:
    """Group failures by mode, the largest group first.

    Args:
        readings: the failures as read.
        worth: chance that a remedy fixes a mode, less its overhead, shape (4, 12).
        book: names the modes.
    """
    names: Mapping[str, str] = {item.id: item.name for item in book.taxonomy.modes}
    grouped = []
    for place, mode in enumerate(MODES):
        members = [reading for reading in readings if reading.mode is mode]
        if members:
            remedy = REMEDIES[int(worth[:, place].argmax())]
            share = len(members) / len(readings)
            grouped.append(_group(mode, names[mode], members, share, remedy))
    return tuple(sorted(grouped, key=lambda group: (-group.share, group.mode)))


def _group(
    mode: Mode, name: str, members: Sequence[FailureReading], share: float, remedy: Remedy
) -> FailureGroup:
    return FailureGroup(
        mode=mode,
        name=name,
        ids=tuple(reading.id for reading in members),
        share=round(share, 4),
        certainty=round(sum(item.probabilities[mode] for item in members) / len(members), 4),
        example=max(members, key=lambda item: (item.probabilities[mode], item.id)).id,
        remedy=remedy,
    )


def ranking(decision: Decision) -> tuple[Option, ...]:
    """Return the chosen combination, then the others by value, those ruled out last."""
    shares = decision.shares_fixed(decision.judgement.alpha[0])
    low, high = np.quantile(shares, [0.1, 0.9], axis=0)
    mid = shares.mean(axis=0)
    options = [
        _option(decision, place, Spread(low=min(lo, mi), mid=mi, high=max(hi, mi)))
        for place, (lo, mi, hi) in enumerate(np.round(np.stack([low, mid, high], 1), 4).tolist())
    ]
    best = combination_name(decision.chosen)
    return tuple(sorted(options, key=lambda o: (o.remedies != best, bool(o.vetoed_by), -o.value)))


def _option(decision: Decision, place: int, share: Spread) -> Option:
    chosen = COMBINATIONS[place]
    cards = [decision.judge.book.remedies[remedy] for remedy in chosen]
    overhead = float(decision.judge.cost[place])
    return Option(
        remedies=combination_name(chosen),
        expected_fixed=share,
        overhead=round(overhead, 4),
        value=round(share.mid - overhead, 4),
        wins=round(float(decision.wins[place]), 4),
        build_days=_total([card.build_days for card in cards]),
        keep_days_per_month=_total([card.keep_days_per_month for card in cards]),
        vetoed_by=tuple(veto.id for veto in decision.vetoes if forbids(veto.record, chosen)),
    )


def _total(parts: Sequence[Spread]) -> Spread:
    return Spread(
        low=sum(part.low for part in parts),
        mid=sum(part.mid for part in parts),
        high=sum(part.high for part in parts),
    )
