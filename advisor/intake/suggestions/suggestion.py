"""What reading returns, and the pieces of text it reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from advisor.core.strict import Strict
from advisor.proposal import Answer

Where = Literal["title", "description", "current prompt", "retrieval", "failure note", "document"]


class Suggestion(Strict):
    """An answer that the words support; a person confirms or rejects it."""

    question: str
    answer: Answer
    sentence: str
    """What it rests on, letter for letter as in the text."""
    where: Where
    sure: float = Field(ge=0, le=1)
    """Chance that the answer is right, calibrated."""


@dataclass(frozen=True)
class Sentence:
    """One sentence, letter for letter, and the text it is from."""

    text: str
    where: Where

    @property
    def plain(self) -> str:
        """The sentence on one line, with straight quotes and single spaces."""
        return plain(self.text)


@dataclass(frozen=True)
class Hint:
    """One piece of evidence: a sentence speaks for an answer, with a chance of being right."""

    question: str
    answer: Answer
    sentence: Sentence
    sure: float


Reads = Callable[[Sentence], list[Hint]]

_STRAIGHT = str.maketrans({
    "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " ", "\u202f": " ",
})  # fmt: skip


def plain(text: str) -> str:
    """Return `text` on one line, with straight quotes and hyphens and single spaces."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return " ".join(text.translate(_STRAIGHT).split())
