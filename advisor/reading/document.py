"""Fills the form from a pasted or uploaded project document."""

from __future__ import annotations

from advisor.proposal import Draft, Strict, Text
from advisor.reading.reader import Suggestion, load_reader
from advisor.reading.splitting import split

DESCRIPTION_LIMIT = 2_500
"""Characters."""


class DocumentReading(Strict):
    """What a project document says, as fields of the form."""

    title: Text
    description: Text
    current_prompt: Text | None = None
    suggestions: tuple[Suggestion, ...] = ()


def read_document(text: str) -> DocumentReading:
    """Return title, description and suggested answers of a document's text."""
    sentences = split(text)
    title = sentences[0][:200] if sentences else ""
    description = text.strip()[:DESCRIPTION_LIMIT]
    suggestions = load_reader().read([("document", text)])
    return DocumentReading(title=title, description=description, suggestions=suggestions)


def requested_remedy(draft: Draft) -> tuple[str, str] | None:
    """Return the remedy that the draft's words ask for, and the sentence that asks."""
    for sentence in split(draft.description):
        if "fine-tun" in sentence.lower():
            return "fine_tuning", sentence
    return None
