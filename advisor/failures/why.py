"""Why a failure was read as it was, in one plain sentence, from what really decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from advisor.failures.features.case import FailureCase
from advisor.failures.features.lexicons import NOTE, SPOKEN
from advisor.failures.features.registry import FEATURES, MODES, SPEAKS, Array
from advisor.failures.probabilities import OF_CAUSE
from advisor.failures.record.tokens import RECORD_PARTS
from advisor.vocabulary import Mode

COMPLAINTS = {
    "layout": "the note complains about the layout or the length",
    "tone": "the note complains about the tone or the wording",
    "label": "the note says that the wrong label was chosen",
    "policy": "the note says that a rule or an instruction was not followed",
    "passage": "the note says that the text shown to the model holds something else",
    "private": "the note says that the model cannot know this",
    "old": "the note says that the answer is out of date",
    "invented": "the note says that something was made up",
    "search": "the note says that the search brought the wrong text, or none",
    "unclear": "the note says that the request can be read in more than one way",
    "logic": "the note complains about a calculation, a conclusion or a plan",
    "machine": "the note complains about speed, cost or a technical error",
}
NOT_GIVEN = {
    "passage": "the note speaks of a text that the answer departs from; that text is not given here"
}
"""What to say instead of `COMPLAINTS` where no text was shown to the model."""
UNCLEAR = "nothing in the texts settles it"
LEAST = 0.4
"""Votes, in nats, that an expert or a relation must have had to be named."""


class Grounds(NamedTuple):
    """What the reading of one failure rests on."""

    votes: Array
    """What each expert adds to the log of each mode, shape (experts, modes): for notes, for
    relations, for whole records, and what was learned since, if anything was."""
    relations: Array
    """What each relation adds, shape (features, modes)."""
    without: Array
    """Log probability of each mode, for the expert of whole records, when one part is blanked,
    shape (parts, modes)."""
    whole: Array
    """The same with all parts, shape (modes,)."""


def why(case: FailureCase, grounds: Grounds, mode: Mode) -> str:
    """Return what spoke most for `mode`, against the likeliest mode of another cause."""
    place, rival = MODES.index(mode), _rival(grounds.votes.sum(0), MODES.index(mode))
    gains = grounds.votes[:, place] - grounds.votes[:, rival]
    reasons = dict.fromkeys(
        words
        for expert in np.argsort(-gains, kind="stable")
        if gains[expert] >= max(LEAST, gains.max() / 3)
        for words in EXPERTS[expert](case, grounds, mode, rival)
    )
    return _sentence("; ".join(list(reasons)[:2] or [UNCLEAR]))


def _rival(votes: Array, place: int) -> int:
    other = OF_CAUSE @ OF_CAUSE[place] == 0
    return int(np.where(other, votes, -np.inf).argmax())


def complaint(family: str, shown: bool) -> str:
    """Return what notes of a family complain about; `shown` is whether any text was supplied."""
    return COMPLAINTS[family] if shown else NOT_GIVEN.get(family, COMPLAINTS[family])


def _note(case: FailureCase, grounds: Grounds, mode: Mode, rival: int) -> Iterator[str]:
    said = complaint(SPOKEN[mode], bool(case.passage))
    words = NOTE[SPOKEN[mode]].search(case.note.raw)
    yield f"{said} (“{words[0]}”)" if words else f"{said}, as far as its wording tells"


def _relation(case: FailureCase, grounds: Grounds, mode: Mode, rival: int) -> Iterator[str]:
    place = MODES.index(mode)
    gains = grounds.relations[:, place] - grounds.relations[:, rival]
    best = int(np.where(SPEAKS[:, place] > 0, gains, 0).argmax())
    if gains[best] >= LEAST and SPEAKS[best, place] > 0:
        yield FEATURES[best].reason(case)


PART_NAMES = {
    "input": "the request",
    "context": "the text that was shown",
    "output": "the answer",
    "expected": "the wanted answer",
}


def _whole(case: FailureCase, grounds: Grounds, mode: Mode, rival: int) -> Iterator[str]:
    place = MODES.index(mode)
    there = np.array([bool(getattr(case, part.name)) for part in RECORD_PARTS])
    lost = grounds.whole[place] - grounds.without[:, place]
    part = RECORD_PARTS[int(np.where(there, lost, -np.inf).argmax())].name
    if part == "note":
        yield from _note(case, grounds, mode, rival)
    else:
        like = f"it reads like {KINDS[mode]}"
        yield f"{like}, and {PART_NAMES[part]} tells most" if there.sum() > 1 else like


KINDS: dict[Mode, str] = {
    Mode.FORMAT: "an answer that breaks the form asked for",
    Mode.STYLE: "an answer in the wrong voice",
    Mode.LABEL: "a wrong choice among the team's own labels",
    Mode.PROCEDURE: "an instruction or a policy not followed, or a refusal",
    Mode.UNFAITHFUL: "an answer that departs from a text it was given",
    Mode.MISSING_KNOWLEDGE: "a question about facts the model never had",
    Mode.STALE_KNOWLEDGE: "an answer that was right once",
    Mode.FABRICATION: "an answer with made-up facts",
    Mode.RETRIEVAL_MISS: "a search that brought the wrong text, or none",
    Mode.UNDERSPECIFIED: "a request that leaves open what is wanted",
    Mode.REASONING: "a step in a calculation, deduction or plan that went wrong",
    Mode.SYSTEM: "an answer cut off, or a technical error",
}


def _learned(case: FailureCase, grounds: Grounds, mode: Mode, rival: int) -> Iterator[str]:
    yield "your team's corrections of such failures speak for it"


EXPERTS = (_note, _relation, _whole, _learned)
"""In the order of `Grounds.votes`."""


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].rstrip('.')}."
