"""Sections that argue: request, causes, remedies, reasons, vetoes, the case against."""

from __future__ import annotations

import re
from collections.abc import Iterable

from advisor.documents.record import (
    Block,
    Bullets,
    Figure,
    Note,
    Paragraph,
    Reason,
    Reasons,
    RecordTable,
    Section,
    TableRow,
)
from advisor.domain.assessment import Assessment, EvidenceItem, GivenAnswer, Option
from advisor.domain.sources import Source
from advisor.presentation import wording
from advisor.presentation.chart_data import sorted_options
from advisor.presentation.chart_parts import svg
from advisor.presentation.charts import ALL as PICTURES
from advisor.proposal import Draft
from advisor.rules import RuleBook
from advisor.vocabulary import Cause

_LINK = re.compile(r"https?://[!-;=?-Z_a-z~%\[\]]+")
_SAID = "You said"
_SUGGESTED = "Read from your text, not confirmed"
_BASIS = {
    "read": "",
    "secondary": ", as quoted by others",
    "computed": ", computed",
    "judgement": ", a judgement",
}


def request(draft: Draft, assessment: Assessment, book: RuleBook) -> Section:
    """Say what was asked for and whether the evidence agrees."""
    vetoed = [hit.forbids for hit in assessment.vetoes]
    words = wording.request_words(
        assessment.requested, assessment.recommendation, vetoed, assessment.other
    )
    blocks: list[Block] = [Paragraph(text=words)]
    if assessment.other:
        blocks.append(Paragraph(text=f"“Another approach” means here: {assessment.other}."))
    if assessment.settle:
        blocks.append(Note(text="The evidence is too thin to decide. This would settle it:"))
        blocks.append(Bullets(items=assessment.settle))
    return Section(id="request", heading="The request", blocks=tuple(blocks))


def causes(draft: Draft, assessment: Assessment, book: RuleBook) -> Section:
    """Show behaviour against knowledge, with what each cause means."""
    meanings = {meaning.id: meaning.meaning for meaning in book.taxonomy.causes}
    ranked = sorted(assessment.causes.items(), key=lambda pair: (-pair[1], pair[0]))
    table = RecordTable(
        head=("Cause", "Share", "What it means"),
        rows=tuple(
            TableRow(cells=(_name(cause), wording.percent(share), meanings.get(cause, "")))
            for cause, share in ranked
        ),
    )
    text = Paragraph(text=_cause_sentence(ranked))
    return Section(
        id="causes",
        heading="Behaviour or knowledge?",
        blocks=(text, *figure("causes", assessment), table),
    )


def remedies(draft: Draft, assessment: Assessment, book: RuleBook) -> Section:
    """Show what each set of remedies would fix and cost."""
    rows = tuple(_option(option, assessment) for option in sorted_options(assessment))
    head = ("Remedies", "Would fix", "To build", "To keep", "")
    note = Paragraph(
        text="Shares are of failures like the ones seen; the range holds in 8 of 10 cases. Effort "
        "is in working days of one person."
    )
    blocks: tuple[Block, ...] = (
        (*figure("options", assessment), RecordTable(head=head, rows=rows), note)
        if rows
        else (Paragraph(text="No remedy was compared."),)
    )
    return Section(id="remedies", heading="What each remedy would fix and cost", blocks=blocks)


def reasons(draft: Draft, assessment: Assessment, book: RuleBook) -> Section:
    """List every reason, heaviest first; those that a stronger one covers come last."""
    items = sorted(
        assessment.evidence, key=lambda item: (not item.counted, -abs(item.weight), item.id)
    )
    blocks: tuple[Block, ...] = (
        (
            *figure("reasons", assessment),
            Reasons(items=tuple(_reason(item, book) for item in items)),
        )
        if items
        else (Paragraph(text="No answer speaks for or against anything yet."),)
    )
    return Section(id="reasons", heading="The reasons", blocks=blocks)


def vetoes(draft: Draft, assessment: Assessment, book: RuleBook) -> Section:
    """List the rules that forbid a remedy here."""
    items = tuple(
        Reason(
            title=hit.title,
            stance=f"rules out {wording.forbidden(hit.forbids, hit.unless_with, assessment.other)}",
            favours=False,
            because=f"{hit.because} Instead: {hit.instead}",
            given=_given(hit.given, book),
            source=_source(hit.source),
            link=_link(hit.source),
        )
        for hit in assessment.vetoes
    )
    block = (
        Reasons(items=items) if items else Paragraph(text="No fixed rule forbids a remedy here.")
    )
    return Section(id="vetoes", heading="What is ruled out", blocks=(block,))


def against(draft: Draft, assessment: Assessment, book: RuleBook) -> Section:
    """Give the strongest case against the recommendation."""
    items = assessment.case_against
    block = Bullets(items=items) if items else Paragraph(text="Nothing known speaks against it.")
    return Section(id="against", heading="The strongest case against", blocks=(block,))


def figure(name: str, assessment: Assessment) -> tuple[Figure, ...]:
    """Return the chart `name`, or nothing when there is nothing to draw."""
    return tuple(
        Figure(
            svg=svg(picture.draw(assessment)),
            alt=picture.alt(assessment),
            caption=picture.caption,
        )
        for picture in PICTURES
        if picture.id == name and picture.shown(assessment)
    )


def _name(cause: Cause) -> str:
    return wording.start(wording.CAUSES[cause])


def _cause_sentence(ranked: list[tuple[Cause, float]]) -> str:
    if not ranked:
        return "Nothing is known about the causes yet."
    parts = [f"{wording.CAUSES[cause]}, {wording.percent(share)}" for cause, share in ranked]
    return f"The largest cause: {', followed by '.join(parts[:2])}."


def _option(option: Option, assessment: Assessment) -> TableRow:
    best = option.remedies == assessment.recommendation
    mark = "best" if best else "out" if option.vetoed_by else ""
    titles = {hit.id: hit.title for hit in assessment.vetoes}
    stopped = wording.listing(titles.get(name, name) for name in option.vetoed_by)
    guess = "best guess" if assessment.abstained else "recommended"
    notes = {"best": guess, "out": f"ruled out: {stopped}", "": ""}
    return TableRow(
        cells=(
            wording.start(wording.combination_words(option.remedies)),
            wording.percent_range(option.expected_fixed).removeprefix("about "),
            wording.days(option.build_days),
            wording.days_a_month(option.keep_days_per_month),
            notes[mark],
        ),
        mark=mark,
    )


def _reason(item: EvidenceItem, book: RuleBook) -> Reason:
    about = wording.target(item.cause, item.mode, item.remedy)
    side = "for" if item.weight > 0 else "against"
    stance = f"{wording.strength(item.weight)} evidence {side} {about}"
    return Reason(
        title=item.title,
        stance=stance if item.counted else f"{stance}; covered by a stronger reason above",
        favours=item.weight > 0,
        because=item.because,
        given=_given(item.given, book),
        source=_source(item.source),
        link=_link(item.source),
    )


def _given(given: Iterable[GivenAnswer], book: RuleBook) -> tuple[str, ...]:
    return tuple(
        f"{_SUGGESTED if answer.suggested else _SAID}: {answer.ask} "
        f"{wording.start(wording.answer_words(answer.answer, book.questions.get(answer.question)))}"
        for answer in given
    )


def _source(source: Source) -> str:
    said = source.basis == "judgement" and "judgement" in source.title.lower()
    return source.title if said else f"{source.title}{_BASIS[source.basis]}"


def _link(source: Source) -> str:
    return source.link if _LINK.fullmatch(source.link) else ""
