"""The recommendation in a terminal: the answer first, one screen long."""

from __future__ import annotations

import sys
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from advisor.assessment import AS_SHIPPED, Assessment, Flip
from advisor.rules import RuleBook
from advisor.terminal import one_line
from advisor.wording import (
    answer_words,
    combination_words,
    days,
    percent,
    percent_range,
    request_words,
    start,
    strength,
    trials,
    verdict,
)

REASONS = 6


def drawn(result: Assessment, book: RuleBook) -> str:
    """Return what `advisor triage FILE` prints, as wide and as coloured as the terminal takes."""
    page = StringIO()
    console = Console(file=page, force_terminal=sys.stdout.isatty() or None)
    console.print(summary(result, book))
    return page.getvalue().rstrip("\n")


def summary(result: Assessment, book: RuleBook) -> RenderableType:
    """Return the recommendation, ready to be laid out."""
    parts: list[RenderableType] = [
        Panel(_text(result.headline), title=_text(result.title), title_align="left"),
        _text(
            f"{verdict(result.confidence, result.abstained, result.recommendation, result.other)}. "
            f"{trials(result.confidence)}"
        ),
        _text(
            request_words(
                result.requested,
                result.recommendation,
                [veto.forbids for veto in result.vetoes],
                result.other,
            )
        ),
        _ranking(result),
        *_section("Why", [_reason(result, place, book) for place in range(len(result.evidence))]),
        *_section("Ruled out", [f"{veto.title}. {veto.instead}" for veto in result.vetoes]),
        *_section("The case against", list(result.case_against)),
        *_section("It would change if", [_flip(flip) for flip in result.flips]),
        *_section("What would settle it", list(result.settle)),
        *_section("First", [step.text for step in result.plan if step.when == "first"]),
        *_section("Stop when", [step.text for step in result.plan if step.when == "stop"]),
        *_section("Failures were read by", _learned(result)),
    ]
    return Group(*parts)


def _text(line: str) -> Text:
    """Return a line that Rich lays out and does not read: no markup, no control letters."""
    return Text(one_line(line))


def _section(title: str, lines: list[str]) -> list[RenderableType]:
    if not lines:
        return []
    more = [f"… and {len(lines) - REASONS} more; see --json"] if len(lines) > REASONS else []
    bullets = Table.grid(padding=(0, 1))
    for line in [*lines[:REASONS], *more]:
        bullets.add_row("•", _text(line))
    return [Text(f"\n{title}", style="bold"), bullets]


def _learned(result: Assessment) -> list[str]:
    return [f"Classifier {result.classifier}"] if result.classifier != AS_SHIPPED else []


def _ranking(result: Assessment) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("Remedy", "Expected to fix", "To build", "Ahead in"):
        table.add_column(heading)
    for option in result.ranking[:4]:
        table.add_row(
            _text(start(combination_words(option.remedies, result.other))),
            _text(percent_range(option.expected_fixed)),
            _text(days(option.build_days)),
            _text(percent(option.wins)),
        )
    return table


def _reason(result: Assessment, place: int, book: RuleBook) -> str:
    item = result.evidence[place]
    said = "; ".join(
        f"{given.ask} {answer_words(given.answer, book.questions[given.question])}"
        + (" (read from the text)" if given.suggested else "")
        for given in item.given
    )
    return f"{item.title} ({strength(item.weight)}). {said}"


def _flip(flip: Flip) -> str:
    return f"{flip.ask} {flip.words} → {combination_words(flip.recommendation)}"
