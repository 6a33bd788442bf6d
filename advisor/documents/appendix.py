"""Sections behind the argument: doubts, flips, failures, plan, the proposal itself."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.documents.argument import figure
from advisor.documents.record import (
    Block,
    Bullets,
    Paragraph,
    RecordStep,
    RecordTable,
    Section,
    Steps,
    TableRow,
    shorten,
)
from advisor.domain.assessment import Assessment, FailureGroup, FailureReading, GivenAnswer
from advisor.presentation import wording
from advisor.presentation.chart_data import group_words
from advisor.proposal import Answer, Draft, Failure
from advisor.rules import RuleBook

LISTED = 50
"""Failures that are listed one by one; the rest is counted."""
_EXCERPT = 140
_PARAGRAPHS = 20


def unknown(draft: Draft, assessment: Assessment, book: RuleBook) -> Section:
    """List what nobody has answered, and which answers could change the result."""
    asked = {item.id: item for item in assessment.next_questions}
    first = [f"{item.ask} {item.why}{_could(item.could_change_to)}" for item in asked.values()]
    rest = [_ask(name, book) for name in assessment.unknown if name not in asked]
    blocks: list[Block] = []
    if first:
        blocks += [
            Paragraph(text="These answers could still change the result:"),
            Bullets(items=first),
        ]
    if rest:
        blocks += [
            Paragraph(text="Also without an answer:" if first else "Without an answer:"),
            Bullets(items=rest),
        ]
    return Section(
        id="unknown",
        heading="What is unknown",
        blocks=tuple(blocks) or (Paragraph(text="Every question has an answer."),),
    )


def flips(draft: Draft, assessment: Assessment, book: RuleBook) -> Section:
    """List every single answer that would change the recommendation."""
    rows = tuple(
        TableRow(
            cells=(
                flip.ask,
                _words(flip.given, flip.question, book),
                flip.words,
                wording.combination_words(flip.recommendation),
            )
        )
        for flip in assessment.flips
    )
    head = ("Question", "Answer now", "If it were", "It would be")
    block = (
        RecordTable(head=head, rows=rows)
        if rows
        else Paragraph(text="No single answer would change the recommendation.")
    )
    return Section(id="flips", heading="What would change the answer", blocks=(block,))


def failures(draft: Draft, assessment: Assessment, book: RuleBook) -> Section:
    """Show the failures by group: what each is, how sure, and why."""
    blocks: list[Block] = [*figure("failures", assessment)]
    left = LISTED
    for group in assessment.groups:
        blocks.append(_group(group, draft, assessment, left))
        left -= min(left, len(group.ids))
    more = len(assessment.failures) - min(LISTED, len(assessment.failures))
    if more:
        blocks.append(
            Paragraph(text=f"And {wording.counted(more, 'failure')} more, not listed here.")
        )
    if assessment.retrieval:
        blocks += [
            Paragraph(text="Where the existing retrieval broke:"),
            Bullets(items=tuple(_stages(assessment))),
        ]
    empty = Paragraph(text="No failures were given, so the answer rests on the form alone.")
    return Section(id="failures", heading="The failures", blocks=tuple(blocks) or (empty,))


def plan(draft: Draft, assessment: Assessment, book: RuleBook) -> Section:
    """Say what to do first, this week, then, and when to stop."""
    steps = tuple(
        RecordStep(when=wording.start(step.when), text=step.text) for step in assessment.plan
    )
    block = Steps(items=steps) if steps else Paragraph(text="There is no plan yet.")
    return Section(id="plan", heading="The plan", blocks=(block,))


def proposal(draft: Draft, assessment: Assessment, book: RuleBook) -> Section:
    """Show the proposal as it was given, and which answers are only suggestions."""
    guesses = _suggested(draft, assessment)
    given = {**draft.answers, **{name: item.answer for name, item in guesses.items()}}
    order = [name for name in book.questions if name in given]
    rows = tuple(
        TableRow(
            cells=(
                _ask(name, book),
                _words(given[name], name, book),
                _origin(name in guesses, given[name]),
            )
        )
        for name in (*order, *sorted(given.keys() - set(order)))
    )
    answers: Block = (
        RecordTable(head=("Question", "Answer", "Where from"), rows=rows)
        if rows
        else Paragraph(text="No question was answered.")
    )
    return Section(id="proposal", heading="The proposal as given", blocks=(*_told(draft), answers))


def _origin(suggested: bool, answer: Answer) -> str:
    if suggested:
        return "read from the text, not confirmed"
    return "given" if answer is not None else "open"


def _told(draft: Draft) -> Iterator[Paragraph]:
    parts = (
        ("", draft.description),
        ("Model today: ", draft.current.model),
        ("Prompt today: ", draft.current.prompt),
        ("Retrieval today: ", draft.current.retrieval),
    )
    for name, content in parts:
        lines = [line for line in (content or "").splitlines() if line.strip()]
        for place, line in enumerate(lines[:_PARAGRAPHS]):
            yield Paragraph(text=f"{name if place == 0 else ''}{line}")
        if len(lines) > _PARAGRAPHS:
            yield Paragraph(text=f"(and {wording.counted(len(lines) - _PARAGRAPHS, 'line')} more)")


def _suggested(draft: Draft, assessment: Assessment) -> dict[str, GivenAnswer]:
    given = [answer for item in assessment.evidence for answer in item.given]
    given += [answer for hit in assessment.vetoes for answer in hit.given]
    return {answer.question: answer for answer in given if answer.suggested}


def _group(group: FailureGroup, draft: Draft, assessment: Assessment, left: int) -> Block:
    caption = (
        f"{group.name}: {group_words(group, assessment)}. "
        f"Points to {wording.REMEDIES[group.remedy]}."
    )
    if not left:
        return Paragraph(text=caption)
    texts = {failure.id: failure for failure in draft.failures}
    readings = {reading.id: reading for reading in assessment.failures}
    rows = tuple(
        TableRow(cells=(_excerpt(name, texts.get(name)), *_reading(readings.get(name))))
        for name in group.ids[:left]
    )
    return RecordTable(caption=caption, head=("Failure", "How sure", "Why"), rows=rows)


def _excerpt(name: str, failure: Failure | None) -> str:
    text = (failure.input or failure.output or failure.note or failure.expected) if failure else ""
    return f"{shorten(name, 40)}: {shorten(text, _EXCERPT)}" if text else shorten(name, 40)


def _reading(reading: FailureReading | None) -> tuple[str, str]:
    if reading is None:
        return ("unknown", "")
    chance = wording.percent(reading.probabilities.get(reading.mode, 0.0))
    sure = f"unsure ({chance})" if reading.abstained else chance
    stage = f" In retrieval, {wording.STAGES[reading.stage]}." if reading.stage else ""
    return ("a person said so" if reading.corrected else sure, f"{reading.why}{stage}")


def _stages(assessment: Assessment) -> Iterator[str]:
    for stage, count in assessment.retrieval.items():
        yield f"{wording.counted(count, 'failure')}: {wording.STAGES[stage]}"


def _could(names: tuple[str, ...]) -> str:
    if not names:
        return ""
    return f" It could lead to {wording.listing(map(wording.combination_words, names), 'or')}."


def _ask(name: str, book: RuleBook) -> str:
    question = book.questions.get(name)
    return question.ask if question else name


def _words(answer: Answer, name: str, book: RuleBook) -> str:
    return wording.answer_words(answer, book.questions.get(name))
