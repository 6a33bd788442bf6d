"""What each arm costs to run, and from how many requests on a fine-tune pays."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from advisor.domain.comparison import Comparison, ComparisonOutcome
from advisor.domain.pilot_result import ArmCost, ArmRun
from advisor.domain.pilot_spec import ArmName


class PriceWords(NamedTuple):
    """One price that people may set, with the amount that stands until they do."""

    title: str
    amount: float


PRICES: Mapping[str, PriceWords] = {
    "machine_hour": PriceWords("An hour of the machine that answers and trains", 0.10),
    "endpoint_in": PriceWords("A million tokens sent to the endpoint", 1.00),
    "endpoint_out": PriceWords("A million tokens answered by the endpoint", 4.00),
    "example": PriceWords("One labelled example", 0.50),
    "retraining_day": PriceWords("A day of work on one training run: data, checks, roll-out", 500),
}
"""Amounts in any one currency; our own judgement, meant to be replaced."""
_REMOTE = {ArmName.ENDPOINT}
_UNKNOWN = {ArmName.RECORDED}


def costs(
    runs: Sequence[ArmRun], comparison: Comparison, prices: Mapping[str, float]
) -> tuple[ArmCost, ...]:
    """Return the cost of each arm that answered, in the order of `runs`.

    Args:
        runs: one for each arm, on the whole training side.
        comparison: which arms are as good as which.
        prices: amounts by name; those that are missing are taken from `PRICES`.
    """
    amounts = {name: prices.get(name, words.amount) for name, words in PRICES.items()}
    each = {run.arm: _per_request(run, amounts) for run in runs if run.answers}
    once = {run.arm: _once(run, amounts) for run in runs if run.answers}
    return tuple(
        ArmCost(
            arm=arm,
            per_thousand=None if price is None else 1_000 * price,
            once=once[arm],
            pays_back_at=_pays_back(arm, each, once, comparison),
        )
        for arm, price in each.items()
    )


def _per_request(run: ArmRun, amounts: Mapping[str, float]) -> float | None:
    many = len(run.answers)
    if run.arm in _UNKNOWN:
        return None
    if run.arm in _REMOTE:
        sent, answered = run.usage.tokens_in, run.usage.tokens_out
        priced = sent * amounts["endpoint_in"] + answered * amounts["endpoint_out"]
        return priced / 1e6 / many
    return run.usage.answering_seconds * amounts["machine_hour"] / 3_600 / many


def _once(run: ArmRun, amounts: Mapping[str, float]) -> float:
    if not run.usage.training_tokens:
        return 0.0
    machine = run.usage.training_seconds * amounts["machine_hour"] / 3_600
    return machine + amounts["retraining_day"]


def _pays_back(
    arm: ArmName,
    each: Mapping[ArmName, float | None],
    once: Mapping[ArmName, float],
    comparison: Comparison,
) -> int | None:
    """Return the requests after which training is paid by cheaper answers than the next best's.

    Compared is the cheapest untrained arm that is as good; None where there is none, or where the
    trained arm is not cheaper to run.
    """
    mine = each[arm]
    if not once[arm] or mine is None:
        return None
    rivals = [
        price
        for other, price in each.items()
        if price is not None and not once[other] and _as_good(other, arm, comparison)
    ]
    saved = min(rivals, default=0.0) - mine
    return math.ceil(once[arm] / saved) if saved > 0 else None


def _as_good(rival: ArmName, arm: ArmName, comparison: Comparison) -> bool:
    """Tell whether a rival is better than an arm or equivalent to it."""
    for contrast in comparison.comparisons:
        if {contrast.a, contrast.b} == {rival, arm}:
            good = ComparisonOutcome.BETTER if contrast.b == rival else ComparisonOutcome.WORSE
            return contrast.outcome in {good, ComparisonOutcome.EQUIVALENT}
    return False
