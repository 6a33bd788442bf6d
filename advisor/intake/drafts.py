"""What the intake screens decide: texts to drafts, failures together, how far one is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from advisor.proposal import FIELD_LIMIT, Draft

if TYPE_CHECKING:
    from advisor.intake.suggestions.project_document import DocumentReading


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
        wrongs = {name: say for name, say in asked.items() if not getattr(self, name).strip()}
        for name in ("title", "does", "whom", "wrong"):
            if wrong := text_problem(getattr(self, name)):
                wrongs[name] = wrong
        if not wrongs and (wrong := text_problem(self.description)):
            wrongs["wrong"] = f"Together with the fields above this {wrong}"
        return wrongs

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
