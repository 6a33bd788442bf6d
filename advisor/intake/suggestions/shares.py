"""How often the right passage was shown, from words such as `in 48 of 60 the page was missing`."""

from __future__ import annotations

import re

from advisor.intake.suggestions.numbers import NumberInText, numbers
from advisor.intake.suggestions.suggestion import Hint, Sentence

SURE = 0.85
USUALLY, RARELY = 0.75, 0.25
"""Shares from and up to which the form says so."""

_PASSAGE = re.compile(
    r"\b(?:(?:right|correct|needed|relevant|proper|matching|decisive|same) (?:\w+ )?(?:passage|"
    r"page|article|section|document|clause|chunk|record|sheet|paragraph|entry|file|text|source)s?"
    r"|(?:passage|page|article|section|document|paragraph|text)s? with the answer)\b",
    re.IGNORECASE,
)
_SHOWN = re.compile(
    r"\b(?:retrieved|shown|found|among|supplied|in the (?:context|prompt|results|hits)|returned|"
    r"present|there|given|attached|missing|absent|looked up)\b",
    re.IGNORECASE,
)
_ABSENT = re.compile(
    r"\b(?:not|never|missing|absent|no longer)\b|n't\b|(?:in|among) none", re.IGNORECASE
)
_CONDITION = re.compile(r"\b(?:when|if|once) (?:we|they|you|somebody|it is)\b", re.IGNORECASE)
_WORDS: tuple[tuple[float, re.Pattern[str]], ...] = tuple(
    (share, re.compile(pattern, re.IGNORECASE))
    for share, pattern in (
        (0.95, r"\b(?:nearly|almost) (?:all|every|always)\b|\bin (?:all|any)\b"),
        (0.8, r"\b(?:most|usually|mostly|nine times out of ten|typically)\b"),
        (0.5, r"\b(?:half|every (?:other|second)|sometimes|a third|two thirds|some of)\b"),
        (0.1, r"\b(?:few of|rarely|seldom|hardly ever|almost never|nearly never)\b"),
    )
)


def shares(sentence: Sentence) -> list[Hint]:
    """Return how often the right passage was shown, if the sentence says how often."""
    text = sentence.plain
    if not (_PASSAGE.search(text) and _SHOWN.search(text)) or _CONDITION.search(text):
        return []
    share = _share(text)
    if share is None:
        return []
    shown = 1 - share if _ABSENT.search(text) else share
    answer = "usually" if shown >= USUALLY else "rarely" if shown <= RARELY else "sometimes"
    return [Hint("right_passage_shown", answer, sentence, SURE)]


def _share(text: str) -> float | None:
    found = list(numbers(text))
    counted = _of(text, found) or _percent(text)
    if counted is not None:
        return counted
    return next((share for share, words in _WORDS if words.search(text)), None)


def _of(text: str, found: list[NumberInText]) -> float | None:
    """Return 0.8 for `48 of 60`, `60 answers: 48 of them` and `of 60 answers 48`."""
    if re.match(r"(?:out )?of \w", text, re.IGNORECASE) and len(found) > 1:
        return min(1.0, found[1].value / found[0].value) if found[0].value else None
    for place, number in enumerate(found):
        after = text[number.end :]
        if re.match(r"\s*(?:out )?of (?:the |these |our )?(?=\w)", after):
            others = [*found[place + 1 : place + 2], *found[:place][-1:]]
            whole = next((one.value for one in others if one.value >= number.value > 0), None)
            if whole:
                return number.value / whole
    return None


def _percent(text: str) -> float | None:
    found = re.search(r"(\d{1,3}(?:\.\d+)?) ?(?:%|percent|per cent)", text, re.IGNORECASE)
    return min(1.0, float(found[1]) / 100) if found else None
