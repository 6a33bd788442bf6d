"""The rule of the verdict: the first of a list of statements that holds.

The simplest arm that is good enough wins. A costlier one is confirmed only where it is shown to be
better than every simpler one; it is contradicted where a simpler one is shown to be as good within
the margin, or any other is shown to be better.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from advisor.domain.comparison import Verdict, VerdictOutcome
from advisor.pilot.comparing.verdict import verdict_words as say
from advisor.pilot.comparing.verdict.notes import notes
from advisor.pilot.comparing.verdict.standing import VerdictCase

HOPELESS_SCORE = 0.05
"""Share of the scale up to which the best arm does not solve the task at all."""


@dataclass(frozen=True)
class VerdictRule:
    """When it holds, what it means, and how to say so."""

    holds: Callable[[VerdictCase], bool]
    outcome: VerdictOutcome
    because: Callable[[VerdictCase], str]
    next: Callable[[VerdictCase], str]


def _none_works(case: VerdictCase) -> bool:
    best = case.best
    scale = case.table.scale
    return best is None or best.score <= scale.low + HOPELESS_SCORE * scale.width


def _is_beaten(case: VerdictCase) -> bool:
    return any(view.beaten for view in case.views)


def _has_simpler_match(case: VerdictCase) -> bool:
    return case.named and any(view.replaceable for view in case.views)


def _is_shown(case: VerdictCase) -> bool:
    return all(view.better for view in case.simpler) and all(v.not_worse for v in case.telling)


RULES = (
    VerdictRule(
        lambda case: not case.views, VerdictOutcome.INCONCLUSIVE, say.alone, say.add_an_arm
    ),
    VerdictRule(
        lambda case: not case.telling, VerdictOutcome.INCONCLUSIVE, say.too_few, say.add_cases
    ),
    VerdictRule(_none_works, VerdictOutcome.INCONCLUSIVE, say.none_works, say.look_at_answers),
    VerdictRule(_is_beaten, VerdictOutcome.CONTRADICTED, say.beaten, say.take_the_better),
    VerdictRule(
        _has_simpler_match, VerdictOutcome.CONTRADICTED, say.simpler_does, say.take_the_simpler
    ),
    VerdictRule(_is_shown, VerdictOutcome.CONFIRMED, say.shown, say.go_on),
    VerdictRule(lambda case: True, VerdictOutcome.INCONCLUSIVE, say.undecided, say.how_to_settle),
)


def judge(case: VerdictCase, primary: tuple[str, str] | None) -> Verdict:
    """Return whether the arm in question is the right one, in sentences."""
    rule = next(rule for rule in RULES if rule.holds(case))
    return Verdict(
        outcome=rule.outcome,
        because=rule.because(case),
        next=rule.next(case),
        recommended=case.arm,
        named=case.named,
        primary=primary,
        margin=case.margin,
        best=case.best,
        notes=notes(case),
    )
