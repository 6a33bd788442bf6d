"""Texts of a failure that talk to whoever judges it: such a judgement would not be its own."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from advisor.failures.second_opinion.prompt import PARTS, without_hidden
from advisor.presentation.wording import MODES
from advisor.proposal import Failure
from advisor.vocabulary import Cause, Mode

SHOWN = 80
"""Characters shown of what was found."""
MOST = 5
"""Findings shown for one failure."""
HIDDEN = "letters that nobody sees"

_NAMES = {
    name
    for mode in Mode
    for name in (mode.value, mode.value.replace("_", "[ -]"), re.escape(MODES[mode]))
} | {cause.value for cause in Cause}
_NAME = f"(?:{'|'.join(sorted(_NAMES))})"
_OUTCOME = r"(?:correct|right|fine|passed|resolved|no failure|not a failure)"
_START = r"(?:^|[.!?:;>)\]}*#\"'-]\s*|\b(?:please|now|then|and|you must|you should)\s+)"
_BEFORE = r"(?:above|previous|prior|earlier|preceding|instructions?|rules|definitions|everything)"
_JUDGES = r"(?:judge|grader|evaluator|classifier|annotator|label?ler)"
_QUOTE = r"[\"'`“”‘’*]{0,3}"

_TALK = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        # an order to judge in some way
        rf"\b(?:label|classify|mark|categori[sz]e|tag|judge|rate|grade|treat|count|report)\s+"
        rf"(?:[\w-]+\s+){{0,4}}?as\s+(?:an?\s+|the\s+)?{_QUOTE}(?:{_NAME}|{_OUTCOME})\b",
        rf"{_QUOTE}\b(?:mode|cause|verdict|failure mode|root cause|category){_QUOTE}\s*"
        rf"(?:is|=|:|must be|should be)\s*{_QUOTE}{_NAME}\b",
        rf"\b(?:right|correct|true|only)\s+(?:answer|label|mode|class|verdict|choice)\s+"
        rf"(?:here\s+)?(?:is|=|:)\s*{_QUOTE}{_NAME}\b",
        rf"\b(?:answer|reply|respond|say|output|return|write|print|choose|pick|select)\s+"
        rf"(?:[\w-]+\s+){{0,3}}?[\"'`“‘]{_NAME}[\"'`”’]",
        r"\b(?:missing_knowledge|stale_knowledge|retrieval_miss)\b",
        r"\"sure\"\s*:\s*[\d.]+",
        # an order to forget the task
        rf"{_START}(?:ignore|disregard|forget|override)\s+(?:[\w-]+\s+){{0,3}}?{_BEFORE}\b",
        r"\b(?:new|updated|real|actual|revised)\s+(?:system\s+)?(?:instructions?|task|prompt)\s*:",
        r"\b(?:system|developer|admin)\s+(?:note|message|override|notice|command)\s*:",
        r"ignorier\w*\s+(?:\w+\s+){0,3}?(?:anweisung|vorgabe|regel)",
        r"ignore[zr]?\s+(?:\w+\s+){0,3}?(?:précédent|ci-dessus|consigne)",
        r"ignor[ae]r?\s+(?:\w+\s+){0,3}?(?:anterior|instruccion|instrucci|instruç|istruzion|precedent)",
        r"игнорир\w*\s+(?:\w+\s+){0,3}?(?:инструкц|указан|предыдущ)",
        r"忽略.{0,8}(?:指令|指示|说明|內容|内容|以上)|以上.{0,6}忽略|指示.{0,4}無視|무시",
        # a call to the judge
        rf"\b(?:dear|note to|message to|attention|hey|hello|to the)\s+(?:the\s+)?(?:ai\s+|llm\s+)?"
        rf"{_JUDGES}\b",
        rf"\byou are now\s+(?:an?\s+|the\s+)?(?:[\w-]+\s+){{0,2}}?{_JUDGES}\b",
        # the turn of another speaker, or the end of the data
        r"<[|｜][\w ]{2,30}[|｜]>|\[/?inst\]|<</?sys>>|<(?:start|end)_of_turn>",
        r"⟦[^⟧]{0,40}⟧|<(?:end of|/)\s*(?:failure|data|log)>",
    )
)


@lru_cache(maxsize=60_000)
def talk(failure: Failure) -> tuple[str, ...]:
    """Return the words in the texts of `failure` that talk to a judge; empty for nearly all."""
    hits: dict[str, None] = {}
    for name in PARTS:
        text = getattr(failure, name) or ""
        if _smuggled(text):
            hits[HIDDEN] = None
        plain = _plain(text)
        for pattern in _TALK:
            if hit := pattern.search(plain):
                hits[" ".join(hit[0].split())[:SHOWN]] = None
    return tuple(hits)[:MOST]


def _plain(text: str) -> str:
    """Return what a reader takes a text for: one width, one case, nothing invisible."""
    same = without_hidden(unicodedata.normalize("NFKC", text)).casefold()
    return re.sub(r"[^\S\n]+", " ", same)


def _smuggled(text: str) -> bool:
    """Tell letters of the block of tags: they show nothing, and a model reads them."""
    return any("\U000e0020" <= letter <= "\U000e007e" for letter in text)
