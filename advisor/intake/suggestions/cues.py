"""Wordings that settle an answer by themselves; they stand in `cues.yaml`."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml

from advisor.core.strict import Strict
from advisor.intake.suggestions.suggestion import Hint, Sentence, Where
from advisor.proposal import Answer

FILE = Path(__file__).with_name("cues.yaml")
SURE = {"clear": 0.92, "likely": 0.8, "possible": 0.6}
"""Chance that an answer read by a wording is right; checked against the exemplars."""

_FLAGS = re.IGNORECASE
_SHOWN = re.compile(r"^\W*(?:examples?|input|q|user|question|text)\s*\d*\s*[:=]", _FLAGS | re.M)
_NONE = re.compile(r"^\W*(?:none|no|nothing|n/?a|not (?:yet|used|any))\b", _FLAGS)


class Cue(Strict):
    """One wording: an answer, the patterns that give it and those that take it back."""

    question: str
    answer: Answer
    sure: Literal["clear", "likely", "possible"]
    any: tuple[str, ...]
    unless: tuple[str, ...] = ()


class Cues(Strict):
    """The file of wordings."""

    words: dict[str, str]
    cues: tuple[Cue, ...]

    def compiled(self, patterns: tuple[str, ...]) -> re.Pattern[str] | None:
        """Return one pattern for all, `<name>` filled in; none when there is nothing to find."""
        whole = "|".join(patterns)
        for name, pattern in self.words.items():
            whole = whole.replace(f"<{name}>", pattern)
        return re.compile(whole, _FLAGS) if whole else None


_Compiled = tuple[Cue, re.Pattern[str], re.Pattern[str] | None]


@lru_cache(maxsize=1)
def _cues() -> tuple[_Compiled, ...]:
    file = Cues.model_validate(yaml.safe_load(FILE.read_text("utf-8")))
    return tuple(
        (cue, found, file.compiled(cue.unless))
        for cue in file.cues
        if (found := file.compiled(cue.any))
    )


def cue_hints(sentence: Sentence) -> list[Hint]:
    """Return what the wording of a sentence answers."""
    text = sentence.plain
    return [
        Hint(cue.question, cue.answer, sentence, SURE[cue.sure])
        for cue, found, unless in _cues()
        if found.search(text) and not (unless and unless.search(text))
    ]


def field_hints(where: Where, text: str) -> list[Hint]:
    """Return what a field of the form says by being filled in as it is."""
    first = text.strip().split("\n", 1)[0].strip()[:300]
    if where == "retrieval" and first:
        sentence = Sentence(first, where)
        return [Hint("retrieval_tried", not _NONE.match(first), sentence, SURE["clear"])]
    if where == "current prompt" and len(_SHOWN.findall(text)) > 1:
        return [Hint("prompting_tried", "basic", Sentence(first, where), SURE["possible"])]
    return []
