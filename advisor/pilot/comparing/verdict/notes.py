"""What a reader should know to judge the figures, one sentence each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from advisor.domain.comparison import ComparisonOutcome
from advisor.pilot.comparing.verdict.standing import VerdictCase
from advisor.presentation.arm_titles import arm_title, arm_words
from advisor.presentation.wording import counted, listing, number

_EASY = 0.98
"""Share of the scale from which on all arms solve everything."""
_LUCK = 0.01


def notes(case: VerdictCase) -> tuple[str, ...]:
    """Return every note that applies."""
    return tuple(note for source in _SOURCES for note in source(case))


def _order(case: VerdictCase) -> Iterator[str]:
    arms = case.table.simplest_first()
    if len(arms) > 1:
        guessed = any(case.table.guesses_cost(arm) for arm in arms)
        how = ", by the order of the columns where no cost was given" if guessed else ""
        yield f"Simplest first{how}: {', '.join(map(arm_words, arms))}."


def _scale(case: VerdictCase) -> Iterator[str]:
    scale = case.table.scale
    if not scale.is_share:
        yield (
            f"Scores run from {number(scale.low)} to {number(scale.high)}; "
            f"a difference of {number(case.margin)} matters."
        )


def _groups(case: VerdictCase) -> Iterator[str]:
    if case.table.groups:
        count = len(set(case.table.groups))
        yield f"Cases come in {counted(count, 'group')}; whole groups are compared, not cases."


def _luck(case: VerdictCase) -> Iterator[str]:
    best = case.best
    luck = (best.score - best.expected) / case.table.scale.width if best else 0.0
    ran = [arm for arm in case.scores if arm.n]
    if best and luck >= _LUCK and len(ran) > 1:
        yield (
            f"{arm_title(best.arm)} scored highest of {len(ran)}, and the highest is partly luck: "
            f"expect about {case.words.score(best.expected)} on new cases, not "
            f"{case.words.score(best.score)}."
        )


def _missing(case: VerdictCase) -> Iterator[str]:
    for arm in case.scores:
        if arm.n == 0:
            yield f"{arm_title(arm.name)} ran no case and is left out."
    few = [view.name for view in case.views if not view.enough]
    if few and case.telling:
        yield f"Too few cases ran with {listing(few)} to say anything about it."


def _alike(case: VerdictCase) -> Iterator[str]:
    by_scores: dict[bytes, list[str]] = {}
    for arm in case.scores:
        if arm.n:
            by_scores.setdefault(case.table.column(arm.name).tobytes(), []).append(
                arm_words(arm.name)
            )
    for arms in by_scores.values():
        if len(arms) > 1:
            yield (
                f"{listing(arms)} have the same score in every case: check that they really are "
                "different things."
            )


def _easy(case: VerdictCase) -> Iterator[str]:
    scale = case.table.scale
    scored = [arm.score for arm in case.scores if arm.score is not None]
    if len(scored) > 1 and min(scored) >= scale.low + _EASY * scale.width:
        yield "Every arm solves nearly every case: harder cases would tell more."


def _outside(case: VerdictCase) -> Iterator[str]:
    """Name an arm that was not asked about and is better than the one in question."""
    left_out = set(case.table.arms) - {case.arm, *case.against}
    for comparison in case.measured:
        contrast = comparison.contrast
        ahead = {ComparisonOutcome.BETTER: contrast.b, ComparisonOutcome.WORSE: contrast.a}.get(
            contrast.outcome
        )
        if ahead in left_out and case.arm in {contrast.a, contrast.b}:
            yield (
                f"{arm_title(ahead)}, which this verdict is not about, is better than {case.name}."
            )


_SOURCES: tuple[Callable[[VerdictCase], Iterator[str]], ...] = (
    _order,
    _scale,
    _groups,
    _luck,
    _missing,
    _alike,
    _easy,
    _outside,
)
