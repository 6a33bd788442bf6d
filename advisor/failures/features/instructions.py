"""Instructions in the input that can be checked: does the output keep them?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from advisor.failures.features.texts import FailureText

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve".split()
_COUNT = rf"(\d{{1,4}}|{'|'.join(_SMALL[1:])})"
_UNITS = "word|sentence|paragraph|bullet(?: point)?|item|line|character|letter|point|step|option"
_LEAST = r"at least|no (?:fewer|less) than|minimum(?: of)?|more than"
_MOST = (
    r"at most|no (?:more|longer) than|not more than|maximum(?: of)?|max\.?|under|below|up to|"
    r"within|"
    r"less than|fewer than|limit(?:ed)? (?:of|to)|or less than|in"
)
_SIZE = re.compile(
    rf"(?i)\b(?:(?P<how>exactly|{_LEAST}|{_MOST}|only|just|use|write|give|with)\s+(?:a\s+)?)?"
    rf"{_COUNT}[ -](?P<unit>{_UNITS})s?\b(?P<after> or (?:less|fewer|more)| maximum| minimum| max)?"
)
SIZES = 20
"""Instructions on size that are checked; a request with more is no request."""
_QUOTED = r"[\"'“‘`]([^\"'”’`]{1,60})[\"'”’`]"


@dataclass(frozen=True)
class InstructionCheck:
    """One instruction that could be checked: its kind, whether it is kept, what to tell a user."""

    kind: str
    kept: bool
    because: str


def findings(asked: FailureText, output: FailureText) -> list[InstructionCheck]:
    """Return every instruction found in `asked`, checked against `output`."""
    if not asked or not output:
        return []
    return [instruction for check in CHECKS for instruction in check(asked, output)]


def counted(output: FailureText, unit: str) -> int:
    """Return how many of `unit` (word, sentence, bullet …) the output has."""
    counts: dict[str, Callable[[], int]] = {
        "word": lambda: len(output.raw.split()),
        "sentence": lambda: output.sentences,
        "paragraph": lambda: len([p for p in re.split(r"\n\s*\n", output.raw) if p.strip()]),
        "character": lambda: len(output.raw),
        "letter": lambda: sum(map(str.isalpha, output.raw)),
        "line": lambda: len([line for line in output.raw.splitlines() if line.strip()]),
    }
    return counts.get(unit, lambda: output.bullets or -1)()


def _sizes(asked: FailureText, output: FailureText) -> list[InstructionCheck]:
    out = []
    for size in islice(_SIZE.finditer(asked.raw), SIZES):
        wanted, unit = _integer(size[2]), size["unit"].lower().split()[0]
        how = f"{size['how'] or ''} {size['after'] or ''}".lower()
        has = counted(output, unit)
        if has < 0 or (not how.strip() and unit in ("item", "point", "step", "option", "line")):
            continue
        kept = _fits(how, has, wanted, unit)
        out.append(
            InstructionCheck(
                "size",
                kept,
                f"the request asks for {size[0].strip().lower()}, the answer has {has}",
            )
        )
    return out


def _fits(how: str, has: int, wanted: int, unit: str) -> bool:
    if re.search(rf"{_LEAST}|minimum|more", how) and "no more" not in how and "not more" not in how:
        return has >= wanted
    slack = wanted * 0.1 if unit in ("word", "character") and "exactly" not in how else 0
    if re.search(rf"\b(?:{_MOST}|less|fewer|max)\b", how):
        return has <= wanted + slack
    return abs(has - wanted) <= slack


def _integer(text: str) -> int:
    return int(text) if text.isdigit() else _SMALL.index(text.lower())


def _json(asked: FailureText, output: FailureText) -> list[InstructionCheck]:
    if not re.search(r"(?i)\bjson\b", asked.raw):
        return []
    kept = output.json is not None
    return [
        InstructionCheck(
            "json", kept, "the request asks for JSON, and the answer is not valid JSON as it stands"
        )
    ]


_EMOJI = re.compile("[\U0001f300-\U0001faff☀-➿]")

_SHAPES: tuple[tuple[str, Callable[[FailureText], bool], str], ...] = (
    (
        r"\b(?:as|in|with|use|using) (?:a )?(?:bullet(?:ed|s| points?| list)|numbered list)",
        lambda output: output.bullets > 0,
        "a list",
    ),
    (r"\b(?:as|in) an? (?:markdown )?table\b", lambda output: output.table, "a table"),
    (
        r"\b(?:all|only|in|entirely in) (?:lower[- ]?case|small letters)",
        lambda output: output.raw == output.raw.lower(),
        "small letters only",
    ),
    (
        r"\b(?:all|only|in|entirely in) (?:upper[- ]?case|capital letters|capitals|all caps)",
        lambda output: output.raw == output.raw.upper(),
        "capitals only",
    ),
    (
        r"\b(?:no|without(?: any)?|do(?:n't| not) use(?: any)?|avoid) commas",
        lambda output: "," not in output.raw,
        "no commas",
    ),
    (
        r"\b(?:no|without(?: any)?|do(?:n't| not) use(?: any)?|avoid) emojis?",
        lambda output: not _EMOJI.search(output.raw),
        "no emoji",
    ),
    (
        r"\b(?:no|without(?: any)?|do(?:n't| not) use(?: any)?|avoid) (?:bullet|list)",
        lambda output: output.bullets == 0,
        "no list",
    ),
    (
        r"\b(?:no|without(?: any)?|do(?:n't| not) use(?: any)?|avoid) markdown",
        lambda output: not re.search(r"\*\*|^#|```", output.raw, re.M),
        "no Markdown",
    ),
    (
        r"\b(?:no|without(?: any)?) (?:explanation|comment|preamble|other text|extra text)",
        lambda output: output.sentences <= 2,
        "nothing but the answer",
    ),
    (
        r"\b(?:only|just|simply|either) (?:with )?(?:a )?[\"']?yes[\"']?(?: or |/)[\"']?no\b",
        lambda output: output.flat.rstrip(".") in ("yes", "no"),
        "yes or no",
    ),
    (r"\b(?:one|a single) word\b(?! (?:of|or))", lambda output: len(output.words) == 1, "one word"),
)


def _shape(asked: FailureText, output: FailureText) -> list[InstructionCheck]:
    return [
        InstructionCheck(
            "shape", kept(output), f"the request asks for {name}, and the answer is not like that"
        )
        for pattern, kept, name in _SHAPES
        if re.search(pattern, asked.raw, re.I)
    ]


_MARKS: tuple[tuple[str, Callable[[str, str], bool], str], ...] = (
    (
        r"\b(?:end|finish|close|conclude)s? (?:it |your \w+ |the \w+ )?with(?: the)?(?: "
        r"exact)?(?: \w+)? " + _QUOTED,
        lambda out, mark: out.rstrip(" .!\"'").endswith(mark.rstrip(" .!")),
        "end with",
    ),
    (
        r"\b(?:start|begin|open)s? (?:it |your \w+ |the \w+ )?with(?: the)?(?: exact)?(?: \w+)? "
        + _QUOTED,
        lambda out, mark: out.lstrip(" \"'").startswith(mark),
        "begin with",
    ),
    (
        r"\b(?:include|contain|mention|use)s? (?:the )?(?:\w+ )?(?:words?|phrases?|keywords?|"
        r"terms?) " + _QUOTED,
        lambda out, mark: mark in out,
        "contain",
    ),
    (
        r"\b(?:not|never|without|avoid) (?:\w+ )?(?:the )?(?:words?|phrases?|terms?) " + _QUOTED,
        lambda out, mark: not re.search(rf"\b{re.escape(mark)}\b", out),
        "do without",
    ),
)


def _marks(asked: FailureText, output: FailureText) -> list[InstructionCheck]:
    return [
        InstructionCheck(
            "mark",
            holds(output.flat, quoted[1].lower()),
            f"the request says it must {name} “{quoted[1]}”, and the answer does not",
        )
        for pattern, holds, name in _MARKS
        for quoted in re.finditer(pattern, asked.raw, re.I)
    ]


_LANGUAGES = {
    "english": "the and is of to that",
    "french": "le la les des est et une pour dans que",
    "spanish": "el los las es una por para que con del",
    "german": "der die das und ist nicht ein eine mit für",
    "italian": "il lo gli è una per che con della sono",
    "portuguese": "o os as é uma para que com não do",
    "dutch": "de het een en is niet van voor met dat",
}


def _language(asked: FailureText, output: FailureText) -> list[InstructionCheck]:
    named = re.search(rf"(?i)\b(?:in|into|to) ({'|'.join(_LANGUAGES)})\b", asked.raw)
    if not named or len(output.words) < 6:
        return []
    scores = {
        name: sum(output.words.count(w) for w in words.split())
        for name, words in _LANGUAGES.items()
    }
    best = max(scores.values())
    kept = best == 0 or scores[named[1].lower()] >= best * 0.6
    return [
        InstructionCheck(
            "language",
            kept,
            f"the request asks for {named[1].title()}, and the answer is in another language",
        )
    ]


def _choices(asked: FailureText, output: FailureText) -> list[InstructionCheck]:
    choices = options(asked)
    if not choices or len(output.words) > 12:
        return []
    kept = output.flat.strip(" .\"'") in choices
    return [
        InstructionCheck("choice", kept, "the answer is none of the choices that the request names")
    ]


def options(asked: FailureText) -> frozenset[str]:
    """Return the labels that a request lists (`one of: a, b, c`), in lower case; maybe none."""
    offered = re.search(
        r"(?i)(?:one of|labels?|categor(?:y|ies)|options?|choices|classes|either|intents?|"
        r"queues?|tags?)"
        r"[^:\n]{0,40}[:(\[] ?([^\n.;)\]]{3,400})",
        asked.raw,
    )
    if not offered:
        return frozenset()
    parts = re.split(r",| or |/|\|| and ", offered[1])
    names = [part.strip(" \"'`*-").lower() for part in parts]
    short = [name for name in names if 0 < len(name.split()) <= 4]
    return frozenset(short) if len(short) >= 2 and len(short) == len(names) else frozenset()


CHECKS: tuple[Callable[[FailureText, FailureText], list[InstructionCheck]], ...] = (
    _json,
    _sizes,
    _shape,
    _marks,
    _language,
    _choices,
)
