"""Every combination of remedies: what it would fix and cost, what rules it out, when it wins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from advisor.domain.assessment import Option
from advisor.domain.sources import Spread
from advisor.triage.decision import Decision
from advisor.triage.judge import forbids
from advisor.vocabulary import COMBINATIONS, combination_name


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
