"""Why a failure was read as it was, in one plain sentence."""

from __future__ import annotations

import numpy as np

from advisor.domain.assessment import Stage
from advisor.failures.features.case import FailureCase
from advisor.failures.features.facts import held, unsure
from advisor.failures.features.lexicons import NOTE, SPOKEN
from advisor.failures.features.registry import FEATURES, MODES, SPEAKS, Array
from advisor.failures.features.texts import FailureText
from advisor.proposal import Failure
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


def why(case: FailureCase, holds: Array, mode: Mode) -> str:
    """Return what spoke most for `mode`; `holds` is one row of `relations`, shape (features,)."""
    said = _heard(case, mode)
    worth = holds * SPEAKS[:, MODES.index(mode)]
    best = int(np.argmax(worth))
    seen = FEATURES[best].reason(case) if worth[best] >= 0.3 else ""
    reasons = [reason for reason in (said, seen) if reason] or _sounds_like(case, mode)
    return _sentence("; ".join(reasons))


def complaint(family: str, shown: bool) -> str:
    """Return what notes of a family complain about; `shown` is whether any text was supplied."""
    return COMPLAINTS[family] if shown else NOT_GIVEN.get(family, COMPLAINTS[family])


def _heard(case: FailureCase, mode: Mode) -> str:
    family = SPOKEN[mode]
    complaint_words = NOTE[family].search(case.note.raw)
    return (
        f"{complaint(family, bool(case.passage))} (“{complaint_words[0]}”)"
        if complaint_words
        else ""
    )


def _sounds_like(case: FailureCase, mode: Mode) -> list[str]:
    if case.note:
        said = complaint(SPOKEN[mode], bool(case.passage))
        return [f"{said}, as far as its wording tells"]
    return [UNCLEAR]


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].rstrip('.')}."


PARTLY = 0.35
"""Share of the wanted answer's words that a cut passage must still hold."""


def stage(failure: Failure) -> Stage | None:
    """Return where retrieval broke; `None` if no passage was given or none was needed."""
    return stage_of(FailureCase.of(failure))


def stage_of(case: FailureCase) -> Stage | None:
    """Do the same for a failure already taken apart."""
    if not case.context or not case.expected or unsure(case.expected):
        return None
    if _nothing_new(case):
        return None
    if held(case):
        return "misused"
    if ends_cut(case.context) and case.expected_support >= PARTLY:
        return "cut"
    return "not_shown"


def ends_cut(text: FailureText) -> bool:
    """Say whether a passage stops before its end."""
    return text.cut or (bool(text) and text.raw[-1] not in ".!?\"”')]}:|`")


def _nothing_new(case: FailureCase) -> bool:
    return case.expected.known <= case.question.known
