"""A comparison in a terminal: the verdict first, then the figures, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table

from advisor.core.console import bullets, headed, laid_out, line, table
from advisor.domain.comparison import ArmScore, Comparison, ComparisonOutcome, Contrast
from advisor.pilot.comparing.comparison_words import OUTCOME_WORDS, verdict_title
from advisor.pilot.comparing.statistics.score_words import ScoreWords
from advisor.presentation.arm_titles import arm_words
from advisor.presentation.wording import percent

COMPARISONS = 12
"""Comparisons shown; --json has all."""


def drawn(result: Comparison, words: ScoreWords) -> str:
    """Return what `advisor pilot compare` prints, as wide and as coloured as the terminal takes."""
    return laid_out(_page(result, words))


def _page(result: Comparison, words: ScoreWords) -> RenderableType:
    verdict = result.verdict
    shown = _first(result)
    left = len(result.comparisons) - len(shown)
    more = (f"… and {left} more comparisons; see --json",) if left else ()
    return Group(
        Panel(line(verdict.because), title=line(verdict_title(verdict)), title_align="left"),
        line(verdict.next),
        *headed("Scores", _scores(result.arms, words)),
        *(headed("Compared on the same cases", _comparisons(shown, words)) if shown else ()),
        *bullets("Good to know", (*more, *verdict.notes)),
    )


def _scores(arms: Sequence[ArmScore], words: ScoreWords) -> Table:
    return table(("Arm", "Score", "95 % range", "Cases"), (_score(arm, words) for arm in arms))


def _score(arm: ArmScore, words: ScoreWords) -> tuple[str, ...]:
    if arm.score is None or arm.low is None or arm.high is None:
        return arm_words(arm.name), "not run", "", "0"
    ends = f"{words.score(arm.low)} to {words.score(arm.high)}"
    return arm_words(arm.name), words.score(arm.score), ends, f"{arm.n:,}"


def _first(result: Comparison) -> list[Contrast]:
    """Return the comparisons worth a line: those of the arm in question before all others."""
    arm, primary = result.verdict.recommended, result.verdict.primary
    ordered = sorted(
        result.comparisons, key=lambda one: ((one.a, one.b) != primary, arm not in {one.a, one.b})
    )
    return ordered[:COMPARISONS]


def _comparisons(contrasts: Sequence[Contrast], words: ScoreWords) -> Table:
    unit = " in points" if words.scale.is_share else ""
    headings = ("Arm", "against", "is", f"Difference{unit}", "Cases", "Would settle it")
    return table(headings, (_contrast(contrast, words) for contrast in contrasts))


def _contrast(one: Contrast, words: ScoreWords) -> tuple[str, ...]:
    return (
        arm_words(one.b),
        arm_words(one.a),
        OUTCOME_WORDS[one.outcome],
        f"{words.signed(one.difference)} ({words.signed(one.low)} to {words.signed(one.high)})",
        f"{one.n:,}",
        _settle(one),
    )


def _settle(one: Contrast) -> str:
    if one.outcome is not ComparisonOutcome.INCONCLUSIVE:
        return ""
    if one.cases_needed is None:
        return "more cases would not"
    chance = one.chance_that_doubling_settles
    doubled = f", twice as many: {percent(chance)}" if chance is not None else ""
    return f"{one.cases_needed:,} cases{doubled}"
