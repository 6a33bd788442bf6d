"""Which remedy a draft's words ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from advisor.intake.suggestions.sentence_splitting import split
from advisor.intake.suggestions.suggestion import plain
from advisor.proposal import Draft
from advisor.vocabulary import Remedy, combination_name

_MODEL = r"(?:language |ai |small |smaller |open |local |custom )*(?:model|llm)"


@dataclass(frozen=True)
class _Named:
    remedy: Remedy
    pattern: re.Pattern[str]


_REMEDIES: tuple[_Named, ...] = (
    _Named(
        Remedy.FINE_TUNING,
        re.compile(
            rf"\bfine-? ?tun\w*|\b(?:re-?)?train(?:ed|ing)? (?:up )?(?:a|an|our|the|their|its|his|"
            rf"it|one|something|on|some)\b(?! (?:staff|people|team|agents|colleagues|clerks))|"
            rf"\b(?:tuned|custom|bespoke|own|trained|distilled) (?:own )?{_MODEL}|"
            rf"\b{_MODEL} (?:of (?:our|their|its) own|trained|tuned)|\blora\b|\bdistil\w*",
            re.IGNORECASE,
        ),
    ),
    _Named(
        Remedy.RETRIEVAL,
        re.compile(
            r"\bRAG\b|\bretriev\w+|\bvector (?:store|database|search)|\bsemantic search"
            r"|\bconnect(?:ed|ing)? (?:it|the \w+) to (?:our|the) (?:documents|wiki|files|search)",
            re.IGNORECASE,
        ),
    ),
    _Named(
        Remedy.PROMPTING,
        re.compile(
            r"\b(?:better|new|longer|clearer|improved?|improving|rewrite|rework) (?:the |our |a )?"
            r"(?:system )?(?:prompts?|instructions)\b|\bprompt engineering\b|\bfew-?shot\b",
            re.IGNORECASE,
        ),
    ),
    _Named(
        Remedy.OTHER,
        re.compile(
            r"\b(?:larger|bigger|stronger|newer) (?:language )?model\b|\bconstrained decoding\b"
            r"|\bstructured outputs?\b|\bjson mode\b|\bsolver\b|\bcalculator\b|\btool use\b",
            re.IGNORECASE,
        ),
    ),
)

_ASKS = re.compile(
    r"\b(?:wants?|wanted|wish(?:es)?|like|asks?|asked|request\w*|propos\w+|suggest\w*|recommend\w*"
    r"|plan(?:s|ned|ning)?|intends?|offer(?:s|ed)?|advised|advises?|consider\w*|promised|idea"
    r"|keen|needs?|should|shall|could|aim|goal|demand\w*|pushing|hop(?:es?|ing)|brought up|going to"
    r"|budget for|apply|applies|approval|let's|ready to|think\w*|insist\w*)\b",
    re.IGNORECASE,
)
_STARTS = re.compile(r"^\W*(?:fine-?tun|train|retrain|distil|build|add|use|introduce|switch)", re.I)
_REFUSES = re.compile(
    r"\b(?:(?:not|n't|never|no longer|nobody) (?:\w+ ){0,3}(?:want|ask|plan|propos|consider|fine|"
    r"train|tun)\w*|instead of|rather than|(?:decided|advised|argued) against|rejected|without)\b",
    re.IGNORECASE,
)
_TRIED = re.compile(r"\b(?:tried|tested|already (?:use|have|run)|last year)\b", re.IGNORECASE)


def requested_remedy(draft: Draft) -> tuple[str, str] | None:
    """Return the remedies that the words ask for, as one name, and the sentence that asks.

    The description is read before the title; none when nothing is asked for.
    """
    for text in (draft.description, draft.title):
        for sentence in split(text):
            asked = _asked(plain(sentence), text is draft.title)
            if asked:
                return combination_name(asked), sentence
    return None


def _asked(sentence: str, is_title: bool) -> list[Remedy]:
    asks = _ASKS.search(sentence) or _STARTS.match(sentence) or is_title
    if not asks or _REFUSES.search(sentence) or _TRIED.search(sentence):
        return []
    return [named.remedy for named in _REMEDIES if named.pattern.search(sentence)]
