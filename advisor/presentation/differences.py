"""What differs between two versions, told for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os.path import commonprefix
from typing import TYPE_CHECKING, Any

from advisor.presentation.wording import MODES, answer_words, combination_words
from advisor.vocabulary import Mode

if TYPE_CHECKING:
    from advisor.rules import RuleBook

NOTHING = "nothing"
AROUND = 2_000
"""Characters shown of a text that differs."""
LEAD = 200
"""Of these, how many stand before the first difference."""
FIELDS: dict[str, str] = {
    "title": "What it is about",
    "description": "The problem in your words",
    "current.model": "The model today",
    "current.prompt": "The prompt today",
    "current.retrieval": "Documents shown today",
}
TEXTS: dict[str, str] = {
    "input": "What was asked",
    "output": "What the model answered",
    "expected": "What was wanted",
    "note": "Your comment",
    "context": "What retrieval showed it",
}
"""The fields of a failure as people read them."""


@dataclass(frozen=True)
class Difference:
    """One difference: what it is about, and what was there before and after."""

    what: str
    before: str
    after: str


def told(changes: Mapping[str, tuple[Any, Any]], book: RuleBook) -> list[Difference]:
    """Return what `Store.compare` found as people read it; one entry a field or a failure."""
    lines = [_field(path, *change, book) for path, change in changes.items() if _single(path)]
    return [line for field in lines for line in field] + _failures(changes)


def _single(path: str) -> bool:
    return not path.startswith("failures.")


def _field(path: str, before: Any, after: Any, book: RuleBook) -> list[Difference]:
    group, _, name = path.partition(".")
    if group == "answers":
        question = book.questions.get(name)
        words = [
            "no answer" if value is None else answer_words(value, question)
            for value in (before, after)
        ]
        return [Difference(question.ask if question else name, *words)]
    if group == "review":
        return [_review(name, before, after, book)]
    if group == "corrections":
        return _corrections(before or {}, after or {})
    if group == "dismissed":
        return [_dismissed(before or (), after or (), book)]
    if path == "requested":
        names = [combination_words(value) if value else NOTHING for value in (before, after)]
        return [Difference("What was asked for", *names)]
    return [Difference(FIELDS.get(path, path), str(before or NOTHING), str(after or NOTHING))]


def _review(name: str, before: Any, after: Any, book: RuleBook) -> Difference:
    field = book.approval.fields.get(name) if book.approval else None
    asked = field.asked if field and field.type != "text" else None
    words = [
        "no answer" if value is None else answer_words(value, asked) for value in (before, after)
    ]
    return Difference(field.ask if field else name, *words)


def _corrections(before: Mapping[str, str], after: Mapping[str, str]) -> list[Difference]:
    def words(given: Mapping[str, str], name: str) -> str:
        return MODES[Mode(given[name])] if name in given else "as the advisor reads it"

    return [
        Difference(f"What failure {name} is", words(before, name), words(after, name))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]


def _dismissed(before: Any, after: Any, book: RuleBook) -> Difference:
    def words(names: Any) -> str:
        asked = (book.questions[name].ask for name in names if name in book.questions)
        return "\n".join(asked) or NOTHING

    return Difference("Suggestions you set aside", words(before), words(after))


def around(difference: Difference) -> Difference:
    """Return a difference with long texts cut to where they begin to differ."""
    if max(len(difference.before), len(difference.after)) <= AROUND:
        return difference
    same = len(commonprefix([difference.before, difference.after]))
    begin = max(0, same - LEAD)
    cut = (_window(text, begin) for text in (difference.before, difference.after))
    return Difference(difference.what, *cut)


def _window(text: str, begin: int) -> str:
    end = begin + AROUND
    before = f"({begin:,} characters before this are the same) … " if begin else ""
    after = f" … ({len(text) - end:,} more characters)" if len(text) > end else ""
    return f"{before}{text[begin:end]}{after}"


def _failures(changes: Mapping[str, tuple[Any, Any]]) -> list[Difference]:
    """Join the fields of one failure; an id may hold dots, the name of a field never does."""
    by_failure: dict[str, dict[str, tuple[Any, Any]]] = {}
    for path, change in changes.items():
        if not _single(path):
            name, _, field = path.removeprefix("failures.").rpartition(".")
            by_failure.setdefault(name, {})[field] = change
    return [
        Difference(f"Failure {name}", _texts(fields, 0), _texts(fields, 1))
        for name, fields in by_failure.items()
    ]


def _texts(fields: Mapping[str, tuple[Any, Any]], side: int) -> str:
    lines = [
        f"{label}: {fields[name][side]}"
        for name, label in TEXTS.items()
        if name in fields and fields[name][side]
    ]
    return "\n".join(lines) or NOTHING
