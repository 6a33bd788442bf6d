"""The typed record that every document is rendered from: what it says, in which order."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from advisor.core.strict import Strict
from advisor.presentation.wording import REPEATABLE

_DIRECTION = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Letters that only turn the writing direction: they can make a text read as another."""


LONGEST = 1_500
"""Characters of one text in a document; the rest is cut off visibly."""
_LOOKED_AT = 8


def tidy(text: str) -> str:
    """Return `text` on one line, without control letters and others that no document may hold."""
    return " ".join("".join(letter for letter in text if _visible(letter)).split())


def _visible(letter: str) -> bool:
    if letter in _DIRECTION or ord(letter) & 0xFFFE == 0xFFFE:
        return False
    return letter.isspace() or unicodedata.category(letter) not in {"Cc", "Cs", "Cn"}


def shorten(text: str, limit: int) -> str:
    """Return at most `limit` characters of `text`; what is cut off leaves a mark."""
    return text if len(text) <= limit else f"{text[:limit].rstrip()} …"


def excerpt(text: str, limit: int) -> str:
    """Return the beginning of a text of any length as one tidy line; a cut leaves a mark."""
    near = text[: _LOOKED_AT * limit]  # a text may have a million letters to be tidied one by one
    line = tidy(near)
    return shorten(line if len(near) == len(text) else f"{line} …", limit)


def _bounded(text: str) -> str:
    return excerpt(text, LONGEST)


Words = Annotated[str, BeforeValidator(_bounded)]
"""Text of any origin, safe to lay out: one line of bounded length, no control letters."""


class Paragraph(Strict):
    """A paragraph."""

    kind: Literal["text"] = "text"
    text: Words


class Note(Strict):
    """A paragraph that must not be overlooked."""

    kind: Literal["note"] = "note"
    text: Words


class Bullets(Strict):
    """A list without order."""

    kind: Literal["bullets"] = "bullets"
    items: tuple[Words, ...]


class TableRow(Strict):
    """One line of a table; `best` and `out` also stand as words in a cell."""

    cells: tuple[Words, ...]
    mark: Literal["", "best", "out"] = ""


class RecordTable(Strict):
    """A table; every row has as many cells as `head`."""

    kind: Literal["table"] = "table"
    caption: Words = ""
    head: tuple[Words, ...]
    rows: tuple[TableRow, ...]


class Figure(Strict):
    """A chart, with the words that say the same."""

    kind: Literal["figure"] = "figure"
    svg: str
    alt: Words
    caption: Words


class Reason(Strict):
    """One reason: what it speaks for or against, with the user's own values and its source."""

    title: Words
    stance: Words
    """`strong evidence for knowledge`"""
    favours: bool
    because: Words
    given: tuple[Words, ...]
    source: Words
    link: str = Field(default="", pattern=r"^(https?://[!-;=?-Z_a-z~%\[\]]+)?$")


class Reasons(Strict):
    """Reasons, heaviest first."""

    kind: Literal["reasons"] = "reasons"
    items: tuple[Reason, ...]


class RecordStep(Strict):
    """One step of the plan."""

    when: Words
    text: Words


class Steps(Strict):
    """The plan in order."""

    kind: Literal["steps"] = "steps"
    items: tuple[RecordStep, ...]


Block = Annotated[
    Paragraph | Note | Bullets | RecordTable | Figure | Reasons | Steps, Field(discriminator="kind")
]


class Section(Strict):
    """A heading with what stands below it."""

    id: str
    heading: Words
    blocks: tuple[Block, ...]


class Fact(Strict):
    """A figure or an origin with its name."""

    name: Words
    value: Words


class Record(Strict):
    """One recommendation as a document."""

    kind: Words
    """`Recommendation` or `Best guess`."""
    abstained: bool
    title: Words
    date: Words
    headline: Words
    verdict: Words
    facts: tuple[Fact, ...]
    """The figures that matter most."""
    sections: tuple[Section, ...]
    origin: tuple[Fact, ...]
    """Fingerprints of proposal, rules and classifier, and the version of the advisor."""
    closing: Words = REPEATABLE
