"""How much of a wanted text an answer has: words, their order, their letters.

Words are compared without case, signs and English articles (SQuAD, 1606.05250).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from functools import cache
from typing import TYPE_CHECKING

from rapidfuzz.distance import LCSseq

from advisor.domain.cases import Case
from advisor.pilot.metrics.metric_definition import AnswerScorer

if TYPE_CHECKING:
    from sacrebleu.metrics.chrf import CHRF


LONGEST = 20_000
"""Characters of an answer that are compared letter by letter."""
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_SIGNS = re.compile(r"[^\w\s]")
_ALONE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Letters of languages that put no spaces between words: each counts as one."""


def words(text: str) -> list[str]:
    """Return the words that count."""
    plain = _ARTICLES.sub(" ", unicodedata.normalize("NFKC", text).lower())
    return _ALONE.sub(lambda sign: f" {sign[0]} ", _SIGNS.sub(" ", plain)).split()


def same(text: str, other: str) -> bool:
    """Tell whether two texts are the same but for spaces."""
    return text.split() == other.split()


def f1(said: Iterable[Hashable], wanted: Iterable[Hashable]) -> float:
    """Return the harmonic mean of precision and recall of two bags; two empty ones are alike."""
    left, right = Counter(said), Counter(wanted)
    if not left and not right:
        return 1.0
    common = (left & right).total()
    return 2 * common / (left.total() + right.total())


def _by_words(compare: Callable[[list[str], list[str]], float]) -> AnswerScorer:
    """Compare the words; a wanted text without any must be met as it stands."""

    def judge(text: str, case: Case) -> float:
        wanted = words(case.expected)
        return compare(words(text), wanted) if wanted else float(same(text, case.expected))

    return judge


def _rouge_l(said: list[str], wanted: list[str]) -> float:
    return 2 * LCSseq.similarity(said, wanted) / (len(said) + len(wanted))


def _rouge_l_recall(said: list[str], wanted: list[str]) -> float:
    return LCSseq.similarity(said, wanted) / len(wanted)


token_f1 = _by_words(f1)
rouge_l = _by_words(_rouge_l)
rouge_l_recall = _by_words(_rouge_l_recall)
"""ROUGE-L (Lin 2004): the longest sequence of words that both have in this order."""


def chrf(text: str, case: Case) -> float:
    """Return chrF (Popović 2015): pieces of up to six letters in common, recall counting double."""
    if same(text, case.expected):
        return 1.0
    found = _chrf().sentence_score(text[:LONGEST], [case.expected[:LONGEST]])
    return min(1.0, max(0.0, float(found.score) / 100))


@cache
def _chrf() -> CHRF:
    from sacrebleu.metrics.chrf import CHRF  # heavy: sacrebleu

    return CHRF()
