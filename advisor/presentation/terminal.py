"""The recommendation in a terminal: the answer first, one screen long."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table

from advisor.core.console import bullets, laid_out, line, table
from advisor.domain.assessment import AS_SHIPPED, Assessment, Flip
from advisor.presentation.wording import (
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
from advisor.rules import RuleBook

REASONS = 6


def drawn(result: Assessment, book: RuleBook) -> str:
    """Return what `advisor triage FILE` prints, as wide and as coloured as the terminal takes."""
    return laid_out(summary(result, book))


def summary(result: Assessment, book: RuleBook) -> RenderableType:
    """Return the recommendation, ready to be laid out."""
    parts: list[RenderableType] = [
        Panel(line(result.headline), title=line(result.title), title_align="left"),
        line(
            f"{verdict(result.confidence, result.abstained, result.recommendation, result.other)}. "
            f"{trials(result.confidence)}"
        ),
        line(
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


def _section(title: str, lines: list[str]) -> tuple[RenderableType, ...]:
    more = [f"… and {len(lines) - REASONS} more; see --json"] if len(lines) > REASONS else []
    return bullets(title, [*lines[:REASONS], *more])


def _learned(result: Assessment) -> list[str]:
    return [f"Classifier {result.classifier}"] if result.classifier != AS_SHIPPED else []


def _ranking(result: Assessment) -> Table:
    rows = (
        (
            start(combination_words(option.remedies, result.other)),
            percent_range(option.expected_fixed),
            days(option.build_days),
            percent(option.wins),
        )
        for option in result.ranking[:4]
    )
    return table(("Remedy", "Expected to fix", "To build", "Ahead in"), rows)


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
