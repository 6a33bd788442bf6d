"""What a decision rests on: the problem, the other ways, and what the pilot found."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.documents.record import Block, Bullets, Note, Paragraph, RecordTable, TableRow
from advisor.pilot.comparing.comparison_words import SHARES, VERDICT_WORDS, contrast_words
from advisor.presentation.arm_titles import arm_title, arm_words
from advisor.presentation.wording import (
    combination_words,
    counted,
    moment,
    percent,
    percent_range,
    start,
)
from advisor.review.audit.trail_words import name_of
from advisor.review.recording.decided import paragraphs
from advisor.review.recording.decision_record import Body, RecordedPilot, RecordedWay

_CONTEXT = {"problem": "The problem", "data": "The data", "change": "What is trained",
            "triage": "Answers to the advisor"}  # fmt: skip
_SEVERITY = {"blocks": "No verdict like this", "warning": "Doubt", "note": "Note"}


def context(body: Body) -> Iterator[Block]:
    """Say what it is about, what was asked for, and how much is at stake."""
    yield from paragraphs(body.description)
    asked = combination_words(body.requested) if body.requested else "nothing in particular"
    by = name_of(body.saved_by, body.names)
    failures = counted(body.failures, "failure")
    yield Paragraph(text=f"Asked for: {asked}. {start(failures)} were shown. Written by {by}.")
    yield Paragraph(text=f"Tier {body.tier.lower()}: {body.tier_meaning}")
    for section, caption in _CONTEXT.items():
        if rows := _form(body, section):
            yield RecordTable(caption=caption, head=("Question", "Answer"), rows=rows)


def _form(body: Body, section: str) -> tuple[TableRow, ...]:
    told = (answer for answer in body.form if answer.section == section)
    return tuple(TableRow(cells=(one.ask, one.answer)) for one in told)


def alternatives(body: Body) -> Iterator[Block]:
    """Say what else was weighed, by the owner and by the advisor."""
    if rows := _form(body, "reasons"):
        yield RecordTable(caption="What the owner says", head=("Question", "Answer"), rows=rows)
    advice = body.advice
    if advice is None:
        yield Paragraph(text="What the advisor said about this version is not part of this record.")
        return
    yield Paragraph(text=f"The advisor: {advice.headline}")
    ways = tuple(_way(way, body.requested, advice.recommendation) for way in advice.ways)
    yield RecordTable(head=("Remedies", "Would fix", "Note"), rows=ways)
    if advice.against:
        yield Note(text="The case against:")
        yield Bullets(items=advice.against)


def _way(one: RecordedWay, requested: str | None, recommended: str) -> TableRow:
    notes = ["asked for"] if one.remedies == requested else []
    notes += ["recommended"] if one.remedies == recommended else []
    notes += [f"ruled out: {title}" for title in one.ruled_out]
    mark = "best" if one.remedies == recommended else "out" if one.ruled_out else ""
    words = start(combination_words(one.remedies))
    return TableRow(cells=(words, percent_range(one.fixed), start("; ".join(notes))), mark=mark)


def evidence(body: Body) -> Iterator[Block]:
    """Say what the pilot found, with its ranges, and what puts it in doubt."""
    found = body.pilot
    if found is None:
        yield Paragraph(text=f"No pilot was handed in for version {body.version}.")
        return
    about = f": {arm_words(found.about)}" if found.about else ""
    yield Paragraph(text=f"{VERDICT_WORDS[found.outcome]}{about}. {found.because}")
    yield Paragraph(
        text=f"Pilot {found.id}, finished {moment(found.finished_at)}. Threshold, cases and ways "
        f"were fixed on {moment(found.fixed_at)}, before the first answer was scored; a "
        f"difference under {SHARES.amount(found.margin)} does not matter."
    )
    yield from _scores(found)
    if found.comparisons:
        yield Bullets(items=tuple(f"{contrast_words(contrast)}." for contrast in found.comparisons))
    yield from _parts(found)
    if found.findings:
        rows = [
            TableRow(cells=(_SEVERITY[finding.severity], finding.what))
            for finding in found.findings
        ]
        yield RecordTable(head=("Kind", "What was found"), rows=tuple(rows))


def _scores(found: RecordedPilot) -> Iterator[Block]:
    rows = [
        TableRow(
            cells=(
                arm_title(arm.name),
                "did not run" if arm.score is None else percent(arm.score),
                "" if arm.low is None else f"{percent(arm.low)} to {percent(arm.high or 0)}",
                f"{arm.n:,}",
            ),
            mark="best" if arm.name == found.about else "",
        )
        for arm in found.arms
    ]
    if rows:
        yield RecordTable(head=("Way of solving it", "Score", "Range", "Cases"), rows=tuple(rows))


def _parts(found: RecordedPilot) -> Iterator[Block]:
    names = sorted({arm for scores in found.slices.values() for arm in scores})
    rows = [
        TableRow(cells=(part, *(percent(scores[arm]) if arm in scores else "" for arm in names)))
        for part, scores in sorted(found.slices.items())
    ]
    if rows:
        yield RecordTable(head=("Part", *map(arm_title, names)), rows=tuple(rows))
