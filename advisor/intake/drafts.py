"""What the intake screens decide: texts to drafts, failures together, how far one is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from advisor.errors import InputError, Problem
from advisor.importing import Import, Rejected, distinct, neutralise
from advisor.presentation.wording import counted
from advisor.proposal import FAILURE_LIMIT, FIELD_LIMIT, Answer, Draft, Failure, problems_of

if TYPE_CHECKING:  # the first page stays free of what reads and judges
    from advisor.domain.assessment import Assessment
    from advisor.intake.suggestions.project_document import DocumentReading
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


class SampleKind(NamedTuple):
    """What an example problem is about, in a few words."""

    kind: str
    short: str


KINDS: dict[str, SampleKind] = {
    "returns-desk": SampleKind(
        "Facts that change", "A polite assistant quotes rules of last season."
    ),
    "docs-search": SampleKind(
        "Search that misses", "The bot looks things up, but finds the wrong page."
    ),
    "staff-handbook": SampleKind(
        "A small, private text", "Forty pages that the model has never seen."
    ),
    "council-minutes": SampleKind(
        "A weak request", "Summaries are long, take sides and skip the vote."
    ),
    "support-routing": SampleKind(
        "Labels of your own", "64 codes that mean what only insiders know."
    ),
    "patient-letters": SampleKind(
        "Facts and a voice", "Letters need a private list and a house voice."
    ),
    "invoice-fields": SampleKind(
        "A strict format", "The values are right; the JSON around them breaks."
    ),
    "fleet-costs": SampleKind(
        "Exact sums", "The model understands the question and adds up wrongly."
    ),
    "review-screening": SampleKind(
        "Cost and speed", "Good decisions that cost too much and take long."
    ),
    "better-assistant": SampleKind(
        "An open wish", "It should be better; nobody has said what that is."
    ),
}
"""What kind of case each example is."""


@dataclass(frozen=True)
class Beginning:
    """What a person wrote to start a proposal."""

    title: str
    does: str
    whom: str
    wrong: str
    requested: str | None = None

    @property
    def description(self) -> str:
        """The three texts as one, each in a paragraph of its own."""
        parts = (("", self.does), ("For whom: ", self.whom), ("What goes wrong: ", self.wrong))
        return "\n\n".join(f"{name}{text.strip()}" for name, text in parts if text.strip())

    @property
    def problems(self) -> dict[str, str]:
        """What is wrong, by field, and how to mend it."""
        asked = {
            "title": "Write one line, so that you find it again.",
            "does": "Write a sentence or two on what the model should do.",
            "wrong": "Write a sentence or two on what goes wrong today.",
        }
        found = {name: say for name, say in asked.items() if not getattr(self, name).strip()}
        for name in ("title", "does", "whom", "wrong"):
            if wrong := text_problem(getattr(self, name)):
                found[name] = wrong
        if not found and (wrong := text_problem(self.description)):
            found["wrong"] = f"Together with the fields above this {wrong}"
        return found

    def draft(self) -> Draft:
        """Return the draft that starts the proposal."""
        return Draft(
            title=self.title.strip(), description=self.description, requested=self.requested
        )


def text_problem(text: str) -> str:
    """Say what is wrong with a text, or nothing."""
    if len(text) > FIELD_LIMIT:
        return f"has {len(text):,} characters; the limit is {FIELD_LIMIT:,}. Shorten it."
    if "\x00" in text:
        return "holds a NUL byte. Paste it as plain text."
    return ""


def draft_of(reading: DocumentReading) -> Draft:
    """Return a draft from what a document says.

    Sentences that answer a question but stand outside the description are kept behind it, so that
    what was read from the document can be read again.
    """
    body = reading.description
    more = dict.fromkeys(item.sentence for item in reading.suggestions if item.sentence not in body)
    text = "\n".join([body, *(["", "Also in the document:"] if more else []), *more])
    return Draft.model_validate({
        "title": reading.title,
        "description": text[:FIELD_LIMIT],
        "current": {"prompt": reading.current_prompt},
    })


def joined(old: Sequence[Failure], new: Sequence[Failure]) -> tuple[Failure, ...]:
    """Return `old` with `new` behind; a new one with an id that is taken gets another.

    Raises:
        InputError: together they are too many.
    """
    if (total := len(old) + len(new)) > FAILURE_LIMIT:
        what = f"there would be {total:,}; the limit is {FAILURE_LIMIT:,}"
        raise InputError(Problem("failures", what, "Add fewer, or remove some first"))
    taken = {failure.id or "" for failure in old}
    named, place = [], len(old)
    for failure in new:
        while not failure.id:
            place += 1
            if f"f{place}" not in taken:
                failure = failure.model_copy(update={"id": f"f{place}"})
        named.append(failure)
    return (*old, *distinct(named, taken)[0])


def put_back(before: Sequence[Failure], now: Sequence[Failure]) -> tuple[Failure, ...]:
    """Return `now` with the failures that were there `before` and are gone, each in its place."""
    here = {failure.id: failure for failure in now}
    old = [here.pop(failure.id, failure) for failure in before]
    return (*old, *here.values())


def without(failures: Sequence[Failure], id: str) -> tuple[Failure, ...]:
    """Return the failures but one."""
    return tuple(failure for failure in failures if failure.id != id)


def replaced(failures: Sequence[Failure], new: Failure) -> tuple[Failure, ...]:
    """Return the failures with the one that has the id of `new` changed to it."""
    return tuple(new if failure.id == new.id else failure for failure in failures)


def holding(failures: Sequence[Failure], words: str) -> list[Failure]:
    """Return the failures that hold every word, in any of their texts and whatever its case."""
    wanted = words.casefold().split()
    if not wanted:
        return list(failures)
    texts = ((one, " ".join(text for _, text in one if text).casefold()) for one in failures)
    return [one for one, text in texts if all(word in text for word in wanted)]


def typed(rows: Iterable[Mapping[str, object]]) -> tuple[Failure, ...]:
    """Return the failures typed into a table; empty rows are none.

    Raises:
        InputError: one problem for each row that is wrong.
    """
    found: list[Failure] = []
    problems: list[Problem] = []
    for place, row in enumerate(rows, start=1):
        given = {name: str(value) for name, value in row.items() if value and str(value).strip()}
        try:
            found += [Failure.model_validate(given)] if given else []
        except ValidationError as error:
            problems += problems_of(error, f"row {place}")
    if problems:
        raise InputError(problems)
    return tuple(found)


def rejected_csv(rejected: Iterable[Rejected]) -> str:
    """Return the rows that could not be read as CSV; formulas are neutralised."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(["line", "reason"])
    writer.writerows([row.line, neutralise(row.reason)] for row in rejected)
    return buffer.getvalue()


def reading_words(total: int, left: int, spent: float) -> str:
    """Say how far reading is, and how long it will take; `spent` in seconds."""
    done = total - left
    words = f"Reading the failures: {done:,} of {total:,}."
    if not done:
        return words
    seconds = max(1, round(spent / done * left))
    amount = counted(seconds, "second") if seconds < 90 else f"{seconds / 60:.0f} minutes"
    return f"{words} About {amount} left."


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


def columns_used(found: Import, labels: Mapping[str, str]) -> str:
    """Say which column was read as what, and which was not used; empty if there are no columns."""
    used = [f"{labels[field]}: {column}" for field, column in found.mapping.items()]
    rest = [item.name for item in found.columns if item.name not in found.mapping.values()]
    return ". ".join([*used, *([f"Not used: {', '.join(rest)}"] if used and rest else [])])
