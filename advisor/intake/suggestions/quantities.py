"""Answers that are numbers: how many labels, examples and requests a day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from advisor.intake.suggestions.numbers import NumberInText, numbers
from advisor.intake.suggestions.suggestion import Hint, Sentence

_EXACT, _LOOSE = 0.87, 0.75
"""Chance that a number read by a pattern is right; checked against the exemplars."""

_GAP = r"\W+(?:[\w'/-]+\W+){0,%d}?"
_LABEL = (
    r"(?:labels?|categor(?:y|ies)|classes|codes|intents?|tags|queues|buckets|grades|reasons|themes"
    r"|outcomes|bins|headings|verdicts|departments|topics|teams|types|groups|levels|desks|folders"
    r"|reason codes|sections|shelves|statuses|specialties|wards|crews|inboxes|mailboxes|"
    r"severities)\b"
)
_SORTS = re.compile(
    r"\b(?:re)?(?:sort|rout|classif|assign|label|code[sd]?\b|coding|tag|categor|triag|grade|"
    r"forward|choos|"
    r"pick|decide|bucket|sent to|goes to|go to|scheme|taxonom|one of|into|send)",
    re.IGNORECASE,
)
_LOOKS_LIKE_LABELS = re.compile(rf"^{_GAP % 3}{_LABEL}", re.IGNORECASE)
_NOT_LABELS = re.compile(
    r"^\W+(?:[\w-]+\W+){0,2}?(?:different|other|examples|pairs|samples|cases|per|a day)\b", re.I
)

_MADE = (
    r"(?:(?:hand-?)?labell?ed|annotated|reviewed|coded|graded|corrected|approved|tagged|scored|"
    r"curated"
    r"|verified|checked|hand-written|rewritten|edited|signed|double-checked|resolved|classified|"
    r"marked"
    r"|hand-sorted|sorted|routed|finished|rated|expert-written|gold|confirmed)"
)
_EXAMPLE = (
    r"(?:examples|pairs|annotations|samples|demonstrations|before-and-after|model answers|gold)"
)
_AFTER_EXAMPLES = re.compile(
    rf"^(?:{_GAP % 5}{_EXAMPLE}\b|{_GAP % 2}{_MADE}\b|{_GAP % 6}(?:labell?ed|annotated|coded|"
    rf"graded by|"
    rf"corrected by|as (?:they were )?(?:finally )?(?:sent|signed)|with (?:the|their|its) "
    rf"(?:right|correct|final|"
    rf"approved|answers?|labels?|codes?|ideal|good|proper|corrected|edited|human)|"
    rf"that (?:\w+ )?(?:\w+ )?(?:corrected|labell?ed|approved|signed|coded|edited|checked|graded)|"
    rf"(?:already )?(?:sorted|classified|tagged|routed|signed off|marked up)) ?)",
    re.IGNORECASE,
)
_NOT_EXAMPLES = re.compile(
    r"few-?shot|in the prompt|to the prompt|test (?:set|cases?)|held[- ]out|hold-?out|set aside|"
    r"kept apart"
    r"|kept aside|\bevals?\b|evaluation|failures?\b|a day\b|per day|every day|to label\b|would "
    r"need|unlabell?ed"
    r"|benchmark|reserved|needs? (?:at least|about)|should (?:collect|label)|could (?:collect|"
    r"label)",
    re.IGNORECASE,
)
_NO_EXAMPLES = re.compile(
    r"\b(?:(?:have|there (?:are|is)|got|with|hold|keep)\s+(?:\w+\s+)?no|not have any|don't have "
    r"any|without any|"
    r"not a single|nobody has (?:written|collected|kept) any|no)\s+(?:(?:labell?ed|annotated|"
    r"good|training|"
    r"reviewed|approved|usable|example|corrected|gold|written)\s+)+(?:examples?|data|pairs|"
    r"answers|samples|set|"
    r"records)\b|\bnothing (?:is|has been) labell?ed\b|\bnone of (?:it|them|these) (?:is|are|has|"
    r"have)(?: been)? labell?ed",
    re.IGNORECASE,
)

_A_DAY = {
    "second": 86_400.0, "minute": 1_440.0, "hour": 10.0, "day": 1.0, "shift": 2.0, "night": 1.0,
    "morning": 1.0, "daily": 1.0, "week": 1 / 7, "weekly": 1 / 7, "month": 1 / 30,
    "monthly": 1 / 30, "quarter": 1 / 91, "year": 1 / 365, "hourly": 10.0, "annually": 1 / 365,
    "yearly": 1 / 365,
}  # fmt: skip
_PERIOD = re.compile(
    r"^(?P<of>\W+(?:(?!\d|(?:each|per|a|every|in)\b)[\w'/-]+\W+){0,7}?)(?:(?:a|an|per|each|every|"
    r"/)\W?\s?(?:working |single |business |normal )?"
    r"(?P<unit>second|minute|hour|day|shift|night|morning|week|month|quarter|year)\b|"
    r"(?P<ly>daily|weekly|monthly|hourly|annually|yearly)\b)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"\b(?:(?P<ly>daily|weekly|monthly|hourly|yearly)|(?:a|per|each|every) (?:working |single )?"
    r"(?P<unit>second|minute|hour|day|shift|night|morning|week|month|quarter|year))\b"
    r"\W+(?:(?:volume|load|traffic|of|is|about|around|some|up to|we get|it gets|get) ?)*\W*$",
    re.IGNORECASE,
)
_NOT_REQUESTS = re.compile(
    r"\b(?:times|hours?|days?|weeks?|minutes?|euros?|dollars?|pounds?|usd|eur|cents?|percent|"
    r"releases?|updates?|"
    r"amendments?|changes?|edits?|tokens?|versions?|revisions?|commits?|people|staff|employees|"
    r"prices?|pages)\b"
    r"|chang|updat|amend|revis|retrain|costs?\b|bill\b|budget|[$€£]",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"\b(?:each|per (?:agent|clerk|person|head|user|nurse|branch|editor|desk|driver))\b", re.I
)
_WORKERS = re.compile(
    rf"^{_GAP % 2}(?:agents|clerks|people|users|nurses|branches|editors|desks|advisers|officers|"
    rf"engineers|"
    r"technicians|doctors|lawyers|teachers|analysts|shops|stores|drivers|handlers)\b",
    re.IGNORECASE,
)


def quantities(sentence: Sentence) -> list[Hint]:
    """Return what the numbers of a sentence answer."""
    text = sentence.plain
    found = list(numbers(text))
    hints = [*_labels(sentence, text, found), *_examples(sentence, text, found)]
    return hints + list(_requests(sentence, text, found))


def _labels(sentence: Sentence, text: str, found: list[NumberInText]) -> Iterator[Hint]:
    if not _SORTS.search(text):
        return
    for number in found:
        after = text[number.end :]
        if number.value >= 2 and _LOOKS_LIKE_LABELS.search(after) and not _NOT_LABELS.search(after):
            yield _hint("n_labels", round(number.value), sentence, number)


def _examples(sentence: Sentence, text: str, found: list[NumberInText]) -> Iterator[Hint]:
    if _NO_EXAMPLES.search(text):
        yield Hint("labelled_examples", 0, sentence, _LOOSE)
    elif not _NOT_EXAMPLES.search(text):
        for number in found:
            if number.value >= 4 and _AFTER_EXAMPLES.search(text[number.end :]):
                yield _hint("labelled_examples", round(number.value), sentence, number)


def _requests(sentence: Sentence, text: str, found: list[NumberInText]) -> Iterator[Hint]:
    for number in found:
        period = _PERIOD.search(text[number.end :])
        of = period["of"] if period else text[number.end : number.end + 30]
        period = period or _BEFORE.search(text[: number.start])
        if period is None or _money(text, number) or _NOT_REQUESTS.search(of):
            continue
        value = number.value * _A_DAY[(period["unit"] or period["ly"]).lower()]
        value *= _workers(text, found, number)
        yield _hint("requests_per_day", max(1, round(value)), sentence, number)


def _money(text: str, number: NumberInText) -> bool:
    around = text[max(0, number.start - 2) : number.end + 2]
    return any(sign in around for sign in "$€£%") or text[number.end :].lstrip().startswith("%")


def _workers(text: str, found: list[NumberInText], number: NumberInText) -> float:
    """Return 20 for `20 agents with 50 cases a day each`."""
    if not _EACH.search(text):
        return 1
    return next(
        (other.value for other in found if other != number and _WORKERS.search(text[other.end :])),
        1,
    )


def _hint(question: str, value: int, sentence: Sentence, number: NumberInText) -> Hint:
    return Hint(question, value, sentence, _EXACT if number.exact else _LOOSE)
