"""A comparison in a terminal: the verdict first, then the figures, in plain words."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from advisor.pilot.arm_words import arm_words
from advisor.pilot.comparing.record import (
    ArmScore,
    Comparison,
    Contrast,
    Outcome,
)
from advisor.pilot.comparing.words import Words
from advisor.pilot.wording import OUTCOMES, verdict_title
from advisor.terminal import one_line
from advisor.wording import percent

COMPARISONS = 12
"""Comparisons shown; --json has all."""


def drawn(result: Comparison, words: Words) -> str:
    """Return what `advisor pilot compare` prints, as wide and as coloured as the terminal takes."""
    page = StringIO()
    console = Console(file=page, force_terminal=sys.stdout.isatty() or None)
    console.print(_page(result, words))
    return page.getvalue().rstrip("\n")


def _page(result: Comparison, words: Words) -> RenderableType:
    verdict = result.verdict
    shown = _first(result)
    left = len(result.comparisons) - len(shown)
    more = (f"… and {left} more comparisons; see --json",) if left else ()
    return Group(
        Panel(_text(verdict.because), title=_text(verdict_title(verdict)), title_align="left"),
        _text(verdict.next),
        *_headed("Scores", _scores(result.arms, words)),
        *(_headed("Compared on the same cases", _comparisons(shown, words)) if shown else ()),
        *_notes((*more, *verdict.notes)),
    )


def _text(line: str) -> Text:
    """Return a line that Rich lays out and does not read: no markup, no control letters."""
    return Text(one_line(line))


def _headed(title: str, body: RenderableType) -> tuple[RenderableType, ...]:
    return Text(f"\n{title}", style="bold"), body


def _rows(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*map(_text, row))
    return table


def _scores(arms: Sequence[ArmScore], words: Words) -> Table:
    return _rows(("Arm", "Score", "95 % range", "Cases"), (_score(arm, words) for arm in arms))


def _score(arm: ArmScore, words: Words) -> tuple[str, ...]:
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


def _comparisons(contrasts: Sequence[Contrast], words: Words) -> Table:
    unit = " in points" if words.scale.is_share else ""
    headings = ("Arm", "against", "is", f"Difference{unit}", "Cases", "Would settle it")
    return _rows(headings, (_contrast(one, words) for one in contrasts))


def _contrast(one: Contrast, words: Words) -> tuple[str, ...]:
    return (
        arm_words(one.b),
        arm_words(one.a),
        OUTCOMES[one.outcome],
        f"{words.signed(one.difference)} ({words.signed(one.low)} to {words.signed(one.high)})",
        f"{one.n:,}",
        _settle(one),
    )


def _settle(one: Contrast) -> str:
    if one.outcome is not Outcome.INCONCLUSIVE:
        return ""
    if one.cases_needed is None:
        return "more cases would not"
    chance = one.chance_that_doubling_settles
    doubled = f", twice as many: {percent(chance)}" if chance is not None else ""
    return f"{one.cases_needed:,} cases{doubled}"


def _notes(notes: Sequence[str]) -> tuple[RenderableType, ...]:
    if not notes:
        return ()
    bullets = Table.grid(padding=(0, 1))
    for note in notes:
        bullets.add_row("•", _text(note))
    return _headed("Good to know", bullets)
