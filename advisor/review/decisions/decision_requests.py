"""What a person sends in when they decide: strict records, as it may come from anywhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from advisor.core.strict import Strict
from advisor.domain.lifecycle import Action
from advisor.errors import Problem
from advisor.proposal import Text

Words = Annotated[Text, Field(max_length=4_000)]
Short = Annotated[Text, Field(min_length=1, max_length=200)]
Place = Annotated[int, Field(ge=1, le=2**31 - 1)]
Sha = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Tick(Strict):
    """What a reviewer found at one place of the checklist."""

    answer: Literal["yes", "no", "not_applicable"]
    note: Words = ""


class ConditionTerm(Strict):
    """One thing that an approval depends on: what, who does it, and by when."""

    what: Annotated[Words, Field(min_length=10)]
    owner: Short
    """Id of a person."""
    due: date


class Override(Strict):
    """What stands in for a veto that is set aside."""

    accepted_risk: Words
    control: Words
    """What is done to hold the risk down."""


class DecisionRequest(Strict):
    """One decision about one version, named by its number and its content."""

    action: Action
    version: Place
    content: Sha
    reason: Words = ""
    checklist: Annotated[dict[Short, Tick], Field(max_length=100)] = {}
    conditions: Annotated[tuple[ConditionTerm, ...], Field(max_length=20)] = ()
    expires: date | None = None
    """Last day of an approval; as long as the rules allow if left out. Overrides must say."""
    minutes: Annotated[float, Field(gt=0, le=10_080, allow_inf_nan=False)] = 120
    """How long a pilot may take."""
    compute: Annotated[float, Field(gt=0, le=1e30, allow_inf_nan=False)] | None = None
    """How many operations a pilot may train with; what the form says if left out."""
    override: Override | None = None
    pilot: Short | None = None
    """Id of the pilot that is handed in."""


class Notice(Strict):
    """Something that changed in the world and ends what rests on it."""

    kind: Literal["base_model", "data_set", "stronger_model"]
    subject: Annotated[Text, Field(min_length=1, max_length=500, pattern=r"\S")]
    """The base model or data set, as forms name it."""
    note: Words


@dataclass(frozen=True)
class Caps:
    """What an approval allows, once enough people agreed."""

    kind: str
    """`pilot` or `adoption`."""
    last_day: date
    override: bool
    minutes: float | None = None
    compute: float | None = None


@dataclass(frozen=True)
class MoveOutcome:
    """Whether the move is made, or was only voted for, and what is to be kept with it."""

    made: bool = True
    detail: Mapping[str, Any] = field(default_factory=dict)
    conditions: tuple[ConditionTerm, ...] = ()
    caps: Caps | None = None
    pilot: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)


SHORTEST = 40
"""Characters of a reason."""
_LETTERS = 10
"""Different letters in one; a few keys pressed again and again have fewer."""
_WORD = re.compile(r"\w+")


def reason_problem(where: str, text: str) -> Problem | None:
    """Return what keeps a text from being a reason: too short, or filled up; else none."""
    plain = " ".join(text.split())
    if len(plain) < SHORTEST:
        what = f"has {len(plain)} characters; at least {SHORTEST} are needed"
        return Problem(where, what, "Say what decided it, so that others can follow")
    if _filler(plain.casefold()):
        return Problem(where, "is filled up and says nothing", "Say what decided it")
    return None


def tick_problems(
    asked: Mapping[str, str], given: Mapping[str, tuple[str | None, str]]
) -> Iterator[Problem]:
    """Yield what of a checklist has no answer, or no note where it needs one.

    Args:
        asked: What mends a missing answer, by what is asked.
        given: Answer and note, by what is asked.
    """
    for name, mend in asked.items():
        answer, note = given.get(name, (None, ""))
        if answer is None:
            yield Problem(f"checklist.{name}", "has no answer", mend)
        elif answer != "yes" and not note.strip():
            yield Problem(f"checklist.{name}", "needs a note", "Say why it is not a yes")


def _filler(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) < len(text) / 2 or len(set(letters)) < _LETTERS:
        return True
    words = _WORD.findall(text)
    most = Counter(words).most_common(1)[0][1]
    return len(words) > 2 and most > len(words) / 3
