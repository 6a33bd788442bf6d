"""What the screen of questions asks, and how far one is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from advisor.proposal import Answer, Draft

if TYPE_CHECKING:
    from advisor.domain.assessment import Assessment
    from advisor.rules import RuleBook
    from advisor.rules.schema.rule_schema import Question


UNKNOWN = "I don't know"
SECTIONS: dict[str, str] = {
    "need": "What the answers need",
    "behaviour": "How it should behave",
    "tried": "What you tried",
    "data": "Your examples",
    "running": "How it will run",
}


def choices(question: Question) -> list[tuple[Answer, str]]:
    """Return the answers to a question that is not about a number, each in words."""
    if question.type == "yes_no":
        return [(True, "Yes"), (False, "No"), (None, UNKNOWN)]
    named = [(option, question.labels.get(option, option)) for option in question.options]
    return [*named, (None, UNKNOWN)]


def sections(book: RuleBook) -> dict[str, list[Question]]:
    """Return the questions by section, both in their usual order."""
    return {
        name: [item for item in book.questions.values() if item.section == name]
        for name in SECTIONS
    }


def progress_words(book: RuleBook, draft: Draft, result: Assessment) -> str:
    """Say how many questions are answered, and whether more can change the result."""
    done = sum(name in draft.answers for name in book.questions)
    words = f"{done} of {len(book.questions)} answered."
    if not result.next_questions:
        return f"{words} None that is left can change the result."
    able = sum(bool(item.could_change_to) for item in result.next_questions)
    if not able:
        return f"{words} Only several more answers together could change the result."
    return f"{words} {able} of those left could still change the result."


def asked_before(book: RuleBook, draft: Draft, asked: Sequence[str], here: str) -> str | None:
    """Return the question to go back to from `here`: the one answered before it, if any."""
    known = [name for name in book.questions if name in draft.answers and name not in asked]
    order = [*known, *(name for name in asked if name in draft.answers)]
    place = order.index(here) if here in order else len(order)
    return order[place - 1] if place else None
