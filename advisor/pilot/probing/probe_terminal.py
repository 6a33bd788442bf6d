"""What a probe found, for a terminal: the answer first, then what mended what, then the doubts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from textwrap import shorten

from rich.console import Group, RenderableType
from rich.panel import Panel

from advisor.core.console import bullets, headed, laid_out, line, table
from advisor.core.terminal import one_line
from advisor.pilot.probing.probe_records import (
    CHANGE_WORDS,
    JUDGE_WORDS,
    Intervention,
    ProbedFailure,
    ProbeResult,
)
from advisor.pilot.probing.probe_words import doubts, headline, judged_by, why
from advisor.presentation.wording import CAUSES, listing, start

ID_SHOWN, ASKED_SHOWN = 24, 44
"""Characters that are shown of an id, and of what was asked."""
_OUTCOMES = {True: "right", False: "wrong", None: ""}


def drawn(result: ProbeResult, asked: Mapping[str, str]) -> str:
    """Return a result as text; `asked` are the inputs of the failures, by key."""
    return laid_out(Group(*_parts(result, asked)))


def _parts(result: ProbeResult, asked: Mapping[str, str]) -> Iterator[RenderableType]:
    title = line(f"Probe of {result.model}")
    yield Panel(line(headline(result)), title=title, title_align="left")
    changes = [count.change for count in result.counts]
    yield table(
        ("Asked again", "Right", "What is different"),
        [
            (
                CHANGE_WORDS[count.change].title,
                f"{count.right} of {count.tried}",
                CHANGE_WORDS[count.change].what,
            )
            for count in result.counts
        ],
    )
    rows = [_row(failure, asked.get(failure.key, ""), changes) for failure in result.probed]
    headings = ("Failure", *(CHANGE_WORDS[one].title for one in changes), "Judged by")
    yield from headed("Failure by failure", table(headings, rows))
    yield from bullets("What that says", _reasons(result))
    yield from bullets("What counted as right", _ways(result))
    yield from bullets("Bear in mind", doubts(result))


def _row(found: ProbedFailure, asked: str, changes: Iterable[Intervention]) -> tuple[str, ...]:
    name = f"{_id(found)} {shorten(one_line(asked), ASKED_SHOWN, placeholder=' …')}"
    return name, *(_outcome(found, change) for change in changes), judged_by(found)


def _outcome(found: ProbedFailure, change: Intervention) -> str:
    """Return `right`, `wrong`, nothing, or how many of several answers are right."""
    judged = [
        attempt.right
        for attempt in found.tries
        if attempt.change is change and attempt.right is not None
    ]
    if len(judged) > 1:
        return f"{sum(judged)} of {len(judged)}"
    return _OUTCOMES[found.outcome(change)]


def _reasons(result: ProbeResult) -> Iterator[str]:
    """Yield each reason once, with the failures that it holds for."""
    same: dict[tuple[str, str], list[str]] = {}
    for failure in result.probed:
        cause = start(CAUSES[failure.cause]) if failure.cause else "Open"
        same.setdefault((cause, why(failure, result.own_model)), []).append(_id(failure))
    for (cause, reason), ids in same.items():
        yield f"{cause} ({listing(ids)}): {reason}"


def _ways(result: ProbeResult) -> Iterator[str]:
    used = {attempt.judged_by for found in result.probed for attempt in found.tries}
    for by, words in JUDGE_WORDS.items():
        if by in used:
            yield f"{start(words.title)}: {words.what}."


def _id(found: ProbedFailure) -> str:
    return one_line(found.id)[:ID_SHOWN]
