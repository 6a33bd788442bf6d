"""Whether a failure can be read at all; where it cannot, nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from advisor.failures.features.case import FailureCase
from advisor.failures.features.registry import PARTS

FOREIGN = 0.3
"""Share of letters outside the Latin script from which a text is not read: the default encoder
learnt English, and takes texts in another script for one another."""
GARBLED = 0.5
"""Share of signs in runs that no language has, such as base64, from which a text is not read."""
LONGEST = 50_000
"""Characters of a part above which its ends no longer stand for the whole; 25 pages."""
TRACED = 0.5
"""Share of a note's lines that belong to a stack trace, from which it is one."""
TURNS = 4
"""Turns from which a note is a conversation."""
_RUN = re.compile(r"(?<!\S)(?!https?:)\S{40,}")
_TRACE = re.compile(
    r"(?m)^(?:Traceback |\s*File \".*\", line \d|\s+at \S+\(|\s*\w*(?:Error|Exception)\b|\s{4,}\S)"
)
_TURN = re.compile(r"(?mi)^\W{0,3}(?:user|assistant|human|ai|bot|agent|customer|system)\W{0,3}:")
SCRIPTS = {"CJK": "Chinese or Japanese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese"}


class Hurdle(NamedTuple):
    """One reason why a failure cannot be read."""

    met: Callable[[FailureCase], bool]
    because: str
    """What is the matter; `{script}` stands for the foreign script."""
    mend: str
    """What would settle it."""


def _whole(case: FailureCase) -> str:
    """Return what tells most: a note that is a text, else all parts."""
    note = case.note.raw
    if sum(sign.isalpha() for sign in note) >= 12 and not _foreign(note):  # noqa: PLR2004
        return note
    return "\n".join(getattr(case, part).raw for part in PARTS)


def _foreign(text: str) -> str:
    scripts = Counter(_script(sign) for sign in text if sign.isalpha())
    if scripts.total() - scripts["LATIN"] <= FOREIGN * scripts.total():
        return ""
    name = next(name for name, _ in scripts.most_common() if name != "LATIN")
    return SCRIPTS.get(name, name.title())


def _script(sign: str) -> str:
    return "LATIN" if sign.isascii() else unicodedata.name(sign, "UNKNOWN").split()[0]


def _garbled(case: FailureCase) -> bool:
    text = _whole(case)
    return sum(len(run) for run in _RUN.findall(text)) > GARBLED * len(text)


def _endless(case: FailureCase) -> bool:
    return not case.note and any(len(getattr(case, part).whole) > LONGEST for part in PARTS)


def _trace(case: FailureCase) -> bool:
    lines = [line for line in case.note.raw.splitlines() if line.strip()]
    traced = sum(bool(_TRACE.match(line)) for line in lines)
    return len(lines) > 2 and traced >= TRACED * len(lines) and not (case.output or case.expected)  # noqa: PLR2004


def _conversation(case: FailureCase) -> bool:
    return len(_TURN.findall(case.note.raw)) >= TURNS


def _nothing(case: FailureCase) -> bool:
    return not any(sign.isalnum() for sign in _whole(case))


IN_WORDS = "A note in English that says what is wrong would settle it."
SCRIPT = Hurdle(
    lambda case: bool(_foreign(_whole(case))),
    "The encoder does not read {script} script",
    f"{IN_WORDS} So would a multilingual encoder (ADVISOR_ENCODER).",
)
HURDLES = (
    Hurdle(_nothing, "There are no words in it", IN_WORDS),
    SCRIPT,
    Hurdle(_garbled, "Most of it is encoded or garbled, not text", IN_WORDS),
    Hurdle(
        _trace,
        "The note is a program's stack trace",
        "The output, and a note that says what is wrong with it, would settle it.",
    ),
    Hurdle(
        _conversation,
        "The note holds a whole conversation",
        "Put the request into the input and the answer into the output, and say what is wrong.",
    ),
    Hurdle(
        _endless,
        f"A part is longer than {LONGEST:,} characters, and only its ends are read",
        "A note, or the passage that is wrong, would settle it.",
    ),
)
"""Every one, the first that is met is told."""


def illegible(case: FailureCase, any_script: bool = False) -> str:
    """Return why a failure cannot be read, and what would settle it; empty if it can be read.

    Args:
        case: the failure.
        any_script: whether the encoder that is set reads more than the Latin script.
    """
    for hurdle in HURDLES:
        if hurdle.met(case) and not (any_script and hurdle is SCRIPT):
            because = hurdle.because.format(script=_foreign(_whole(case)))
            return f"Cannot tell. {because}. {hurdle.mend}"
    return ""
