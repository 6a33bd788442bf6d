"""What a pilot works on: cases with a wanted answer, and documents to look things up in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pydantic import Field

from advisor.core.strict import Strict, digest

CASE_LIMIT = 20_000
"""Cases in one pilot, training and test together."""
TEXT_LIMIT = 200_000
"""Characters in the input or the wanted answer of one case, and in one document."""
DOCUMENT_LIMIT = 50_000
"""Documents in one pilot."""


class Case(Strict):
    """One task with the answer that is wanted."""

    id: str = Field(min_length=1, max_length=200)
    input: str = Field(min_length=1, max_length=TEXT_LIMIT)
    expected: str = Field(min_length=1, max_length=TEXT_LIMIT)
    group: str | None = None
    """What must not be torn apart: one customer, one document, paraphrases of one question."""
    slice: str | None = None
    """A part of the cases that is also reported on its own."""
    gold: tuple[str, ...] = ()
    """Ids of the documents that hold the answer, where known."""


class Document(Strict):
    """One passage that may be looked up."""

    id: str = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1, max_length=TEXT_LIMIT)
    title: str = ""


@dataclass(frozen=True)
class Dataset:
    """Everything that the arms of one pilot share."""

    train: tuple[Case, ...]
    test: tuple[Case, ...]
    documents: tuple[Document, ...] = ()

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the content, 64 hexadecimal digits."""
        parts = (self.train, self.test, self.documents)
        return digest([[one.model_dump(mode="json") for one in part] for part in parts])

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Every wanted answer of the training side, sorted; the choices of a labelling task."""
        return tuple(sorted({case.expected for case in self.train}))
