"""One text of a failure, taken apart: words, facts, layout, kind of answer."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from advisor.failures.features.lexicons import STOP

READ = 6_000
"""Characters that features look at: the head and, half as long, the tail of a longer text."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_CJK = re.compile(r"[぀-ヿ㐀-鿿가-힯]")
# each pattern is linear on text made to slow it down: benchmarks/fuzz.py holds them to it
_NUMBER = re.compile(  # the second kind is none: it passes over a run that `_` makes part of a name
    r"(?<![\w.])(?:([-+]?\d[\d,]*+(?:\.\d++)?+)(?!\w*_)|[-+]?\d[\d,]*+)"
)
_YEAR = re.compile(r"\b(?:1[5-9]\d\d|20\d\d)\b")
_DATE = re.compile(
    r"(?i)\b(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep"
    r"|oct|nov|dec)[a-z]*\.? \d{1,2}|\d{1,2}\.? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"[a-z]*)\b"
)
_URL = re.compile(r"(?i)\b(?:https?://|www\.)[^\s)>\]\"']+")
_NAME = re.compile(
    r"(?<=[\w,;:)’'\-] )[A-Z][\w’'-]+|\b[A-Z]{2,}[\w-]*\b|\b\w[^\WA-Z0-9]*[A-Z0-9]\w*-\w+\b"
)
_SENTENCE = re.compile(r"[^.!?。！？\n]+(?:[.!?。！？]+|\n|$)")
_BULLET = re.compile(r"(?m)^[^\S\n]*(?:[-*•–]|\d{1,2}[.)])\s+\S")
_FENCE = re.compile(r"```[\w-]*\n?(.*?)(?:```|$)", re.DOTALL)
_CALL = re.compile(
    r"\b[a-zA-Z_][\w.]{0,60}\s?\((?=[^()=:'\"\w]*[=:'\"\w])[^()]*\)"
    r"|\"(?:name|function|tool|arguments)\"\s*:"
)
_SPACE = re.compile(r"\s+")
FEW_WORDS = 12
"""A shorter text may well end without a stop."""
MIDDLE, STOPS = ",;-(", ".!?:)"


def _left_open(text: str) -> bool:
    """Say whether a fence, or the bold type or a bracket of the last line, is not closed."""
    last = text.splitlines()[-1]
    return (
        text.count("```") % 2 == 1 or last.count("**") % 2 == 1 or last.count("(") > last.count(")")
    )


@dataclass(frozen=True)
class FailureText:
    """One part of a failure; everything about it is worked out once, when asked for."""

    whole: str

    @cached_property
    def raw(self) -> str:
        """The text without its borders, its middle cut out if it is very long."""
        text = self.whole.strip()
        if len(text) <= READ:
            return text
        return f"{text[: READ * 2 // 3]}\n{text[-READ // 3 :]}"

    def __bool__(self) -> bool:
        """Say whether there is any text."""
        return bool(self.raw)

    @cached_property
    def flat(self) -> str:
        """Lower case, single spaces."""
        return _SPACE.sub(" ", self.raw.lower())

    @cached_property
    def words(self) -> list[str]:
        """Words in lower case; languages without spaces give single signs."""
        text = (
            _CJK.sub(lambda sign: f" {sign[0]} ", self.flat) if _CJK.search(self.raw) else self.flat
        )
        return _WORD.findall(text)

    @cached_property
    def content(self) -> frozenset[str]:
        """Words that carry meaning, cut to a rough stem."""
        return frozenset(stem(word) for word in self.words if word not in STOP)

    @cached_property
    def numbers(self) -> list[str]:
        """Numbers in order, written alike (`1,200.50` is `1200.5`)."""
        return [number(found) for found in _NUMBER.findall(self.raw) if found]

    @cached_property
    def years(self) -> list[int]:
        """Years in order."""
        return [int(year) for year in _YEAR.findall(self.raw)]

    @cached_property
    def dates(self) -> frozenset[str]:
        """Dates as written, in lower case, and years."""
        return frozenset(date.lower() for date in _DATE.findall(self.raw)) | frozenset(
            map(str, self.years)
        )

    @cached_property
    def names(self) -> frozenset[str]:
        """Words with a capital inside a sentence, abbreviations and codes, in lower case."""
        found = {stem(name.lower().removesuffix("'s")) for name in _NAME.findall(self.raw)}
        return frozenset(found - STOP)

    @cached_property
    def urls(self) -> frozenset[str]:
        """Links."""
        return frozenset(url.lower().rstrip(".,/") for url in _URL.findall(self.raw))

    @cached_property
    def facts(self) -> frozenset[str]:
        """Numbers, names, dates and links together."""
        return frozenset(self.numbers) | self.names | self.dates | self.urls

    @cached_property
    def known(self) -> frozenset[str]:
        """Content words and facts as one set."""
        return self.content | self.facts

    @cached_property
    def sentences(self) -> int:
        """How many sentences."""
        return sum(1 for found in _SENTENCE.findall(self.raw) if _WORD.search(found))

    @cached_property
    def bullets(self) -> int:
        """Lines that begin like an item of a list."""
        return len(_BULLET.findall(self.raw))

    @cached_property
    def table(self) -> bool:
        """Whether it holds a Markdown table."""
        return self.raw.count("|") >= 4 and "\n" in self.raw

    @cached_property
    def fenced(self) -> bool:
        """Whether it holds a code fence."""
        return "```" in self.raw

    @cached_property
    def json(self) -> Any:
        """What it holds as JSON, an object or a list; `None` if it is not JSON as it stands."""
        return _parsed(self.raw)

    @cached_property
    def inner_json(self) -> Any:
        """JSON inside a fence or between other words; `None` if there is none."""
        fence = _FENCE.search(self.raw)
        if fence and (found := _parsed(fence[1].strip())) is not None:
            return found
        start, end = self.raw.find("{"), self.raw.rfind("}")
        return _parsed(self.raw[start : end + 1]) if 0 <= start < end else None

    @cached_property
    def like_json(self) -> bool:
        """Whether it begins as JSON does."""
        return bool(re.match(r"\s*(?:```json|[{\[]\s*[\"{\[])", self.raw))

    @cached_property
    def calls(self) -> list[str]:
        """What looks like calls of functions or tools."""
        return [found.split("(")[0].strip().lower() for found in _CALL.findall(self.raw)]

    @cached_property
    def short_label(self) -> bool:
        """Whether it looks like a label: up to four words, no sentence, no number, no question."""
        text = self.raw
        if not text or len(text) > 48 or len(self.words) > 5 or "\n" in text:
            return False
        return text[-1] not in ".?!:" and not self.like_json and not self.calls and not self.numbers

    @cached_property
    def cut(self) -> bool:
        """Whether a longer text ends in the middle of a sentence, a list item, a table or code."""
        text = self.raw
        if text.endswith(("[...]", "...", "…", "[truncated]", "<truncated>")):
            return True
        if len(self.words) < FEW_WORDS or self.json is not None:
            return False
        return _left_open(text) or (text[-1] in MIDDLE or text[-1].isalpha()) and self._runs_on

    @cached_property
    def _runs_on(self) -> bool:
        """Whether the last line is of a kind that ends with a stop elsewhere in this text."""
        *before, last = [line for line in self.raw.splitlines() if line.strip()]
        if "|" in last:
            return False
        if not _BULLET.match(last):
            return len(last.split()) > FEW_WORDS // 2
        items = [line.rstrip()[-1] in STOPS for line in before if _BULLET.match(line)]
        return len(items) > 1 and sum(items) >= 0.6 * len(items)

    @cached_property
    def word_length(self) -> float:
        """Mean letters a word."""
        return sum(map(len, self.words)) / len(self.words) if self.words else 0.0

    @cached_property
    def sentence_length(self) -> float:
        """Mean words a sentence."""
        return len(self.words) / self.sentences if self.sentences else 0.0


def stem(word: str) -> str:
    """Return a rough stem: endings that rarely carry meaning are dropped."""
    for ending in ("'s", "’s", "ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def number(text: str) -> str:
    """Return a number written one way; not finite or huge ones stay as they are."""
    plain = text.replace(",", "").lstrip("+").rstrip(".")
    try:
        return f"{float(plain):.10g}" if len(plain) < 16 else plain
    except ValueError:
        return plain


def _parsed(text: str) -> Any:
    if not text.startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
