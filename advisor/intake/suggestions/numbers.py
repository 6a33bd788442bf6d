"""Numbers in running text, in figures or in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {word: value for value, word in enumerate(_ONES)} | {
    word: 10 * value for value, word in enumerate(_TENS, start=2)
}
_SMALL |= {"couple": 2}
_SCALES = {
    "dozen": 12, "dozens": 12, "hundred": 100, "hundreds": 100,
    "thousand": 1_000, "thousands": 1_000, "k": 1_000,
    "million": 1_000_000, "millions": 1_000_000, "m": 1_000_000, "mio": 1_000_000,
    "billion": 1_000_000_000,
}  # fmt: skip
_SEVERAL = {"several": 5, "few": 3, "some": 3, "many": 5, "tens": 30}
_FIGURE = r"\d{1,3}(?:[,'\u202f\u00a0 ]\d{3})+(?!\d)|\d+(?:\.\d+)?"
_SCALE = r"dozens?|hundreds?|thousands?|millions?|mio|billion"
_WORD = "|".join(sorted(_SMALL, key=len, reverse=True))
_ONE = (
    rf"(?:(?:{_FIGURE})(?:k\b|m\b| ?(?:{_SCALE})\b)?"
    rf"|(?:half a|a few|several|some|many|a couple of|tens of|a|a full|{_WORD})"
    rf"(?:[ -](?:and )?(?:{_WORD}|{_SCALE}))*(?:(?: of)? (?:{_SCALE}))?\b"
    rf"|(?:{_SCALE}|tens)\b(?: of (?:{_SCALE})\b)?)"
)
_SPAN = re.compile(
    rf"(?<![\w.,-])(?P<low>{_ONE})(?:\s?(?:-|to|or|and|up to)\s?(?P<high>{_ONE}))?(?![\w%])",
    re.IGNORECASE,
)
_BARE = {"a", "some", "many", "several", "a full", "a few", "half a", "a couple of", "few"}


@dataclass(frozen=True)
class NumberInText:
    """A number, or the middle of a range, and where it stands in its text."""

    value: float
    start: int
    end: int
    exact: bool
    """False for a range, and for words such as `several hundred`."""


def numbers(text: str) -> Iterator[NumberInText]:
    """Yield the numbers of `text` in order; a range counts once, as its middle."""
    for found in _SPAN.finditer(text):
        low, high = _value(found["low"]), _value(found["high"] or "")
        if low is None:
            continue
        if (
            high is not None
            and re.search(r"\band\b", found[0])
            and "between" not in text[: found.start()].lower()[-9:]
        ):
            high = None
        end = found.end() if high is not None else found.end("low")
        scaled = _same_scale(low, high, found["high"] or "")
        middle = scaled if high is None else (scaled + high) / 2
        loose = any(
            word in found[0].lower()
            for word in (
                "several",
                "few",
                "some",
                "many",
                "dozens",
                "tens",
                "hundreds",
                "thousands",
                "millions",
                "couple",
            )
        )
        yield NumberInText(middle, found.start(), end, high is None and not loose)


def _same_scale(low: float, high: float | None, words: str) -> float:
    """In `two to five hundred` the hundred belongs to both."""
    scale = next(
        (_SCALES[word] for word in re.findall(r"[a-z]+", words.lower()) if word in _SCALES), 1
    )
    return low * scale if high is not None and low < high / scale * 1.0001 and low < scale else low


def _value(words: str) -> float | None:
    words = words.lower().strip()
    if not words or words in _BARE:
        return None
    figure = re.match(_FIGURE, words)
    if figure:
        rest = words[figure.end() :].strip()
        return float(re.sub(r"[,'\s]", "", figure[0])) * _SCALES.get(rest, 1)
    return _spelled(re.findall(r"[a-z]+", words))


def _spelled(words: list[str]) -> float | None:
    total = current = 0.0
    seen = False
    for word in words:
        if word in _SCALES:
            current = (current or (3 if word.endswith("s") else 1)) * _SCALES[word]
            total, current = (total + current, 0.0) if _SCALES[word] > 100 else (total, current)
        elif word in _SEVERAL:
            current = _SEVERAL[word]
        elif word == "half":
            current = 0.5
        elif word in _SMALL:
            current += _SMALL[word]
        else:
            continue
        seen = True
    return total + current if seen else None
