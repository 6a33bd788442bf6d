"""Fills the form from a pasted or uploaded project document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt

from advisor.core.strict import Strict
from advisor.intake.suggestions.reader import Suggestion, load_reader
from advisor.intake.suggestions.requested_remedy import requested_remedy
from advisor.proposal import Draft, Requested, Text

TITLE_LIMIT, DESCRIPTION_LIMIT, PROMPT_LIMIT = 120, 2_500, 8_000
"""Characters."""

_MARKDOWN = MarkdownIt("zero").enable(["heading", "fence", "list", "blockquote"])
"""What is not enabled, such as a line of dashes under a paragraph, stays text."""
_LABEL = re.compile(r"^(?:title|project|subject|proposal|name)\s*:\s*", re.IGNORECASE)
_PROMPT = re.compile(
    r"^\W*(?:(?:the|our|current|system|present|existing|today's)\s+){0,3}(?:system\s+)?prompt\b"
    r"(?:\s+(?:today|now|in use|we use|template|text))*\s*(?P<mark>:)?\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
_TELLS: tuple[tuple[float, re.Pattern[str]], ...] = tuple(
    (weight, re.compile(pattern, re.IGNORECASE))
    for weight, pattern in (
        (
            2.0,
            r"\b(?:wrong|fail\w*|mistakes?|errors?|problem|complain\w*|invent\w*|ignor\w*|"
            r"inconsisten\w*|outdated|slow|expensive|incorrect|broken|too)\b",
        ),
        (
            2.0,
            r"\b(?:fine-?tun\w*|train\w*|retrieval|prompt\w*|rag|propos\w*|request\w*|"
            r"asked for|want\w*|recommend\w*)\b",
        ),
        (
            1.5,
            r"\b(?:model|assistant|bot|chatbot|llm|system|tool|answers?|summar\w+|classif\w+|"
            r"drafts?|writes?|extract\w*|reply|replies)\b",
        ),
        (1.0, r"\b(?:users?|customers?|staff|team|clerks?|agents?|patients?|people)\b"),
        (
            -4.0,
            r"\b(?:copyright|all rights reserved|confidential|version \d|page \d+ of|"
            r"table of contents|changelog|attendees|agenda)\b|"
            r"\b(?:contact|phone|author|date):|^\|",
        ),
    )
)
"""What makes a paragraph worth keeping: what goes wrong, what is asked, what for, for whom."""


class DocumentReading(Strict):
    """What a project document says, as fields of the form."""

    title: Text
    description: Text
    current_prompt: Text | None = None
    requested: Requested | None = None
    requested_sentence: str = ""
    """The sentence that asks for it, letter for letter."""
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True)
class _Part:
    """A paragraph of the document, or the text under a heading about the prompt."""

    text: str
    kind: str
    """`heading`, `prompt` or `text`."""


def read_document(text: str) -> DocumentReading:
    """Return title, description, prompt, what is asked for, and suggested answers.

    The description is made of whole paragraphs, in their order: those that say what the model
    should do, for whom, what goes wrong and what was asked for. It may be empty.
    """
    text = text.replace("\x00", " ").encode("utf-8", "replace").decode("utf-8")
    parts = list(_parts(text))
    title = _title(parts)
    body = [part.text for part in parts if part.kind == "text" and part.text != title]
    prompt = "\n".join(part.text for part in parts if part.kind == "prompt")[:PROMPT_LIMIT]
    suggestions = load_reader().read([("document", "\n\n".join(body)), ("current prompt", prompt)])
    description = _description(body, {suggestion.sentence for suggestion in suggestions}) or title
    asked = requested_remedy(Draft(title=title, description="\n\n".join(body)[:20_000]))
    return DocumentReading(
        title=title,
        description=description,
        current_prompt=prompt or None,
        requested=asked[0] if asked else None,
        requested_sentence=asked[1] if asked else "",
        suggestions=suggestions,
    )


def _parts(text: str) -> Iterator[_Part]:
    """Yield headings and paragraphs in order; a block of code belongs to its paragraph."""
    kind, lines = "text", list[str]()
    for mark, line in _lines(text):
        prompt = None if mark == "code" else _PROMPT.match(line)
        starts_prompt = bool(prompt and (mark == "heading" or prompt["mark"]))
        if lines and (mark in {"heading", "blank"} or starts_prompt):
            yield _Part("\n".join(lines).strip(), kind)
            kind, lines = "text", []
        if starts_prompt and prompt:
            kind, lines = "prompt", [prompt["rest"]] if prompt["rest"] else []
        elif mark == "heading":
            kind = "text"
            yield _Part(line, "heading")
        elif line.strip():
            lines.append(line)


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield each line with what it is: `heading`, `code`, `text` or `blank`; the last is blank."""
    source = text.splitlines()
    marked = [("text" if line.strip() else "blank", line) for line in source]
    tokens = _MARKDOWN.parse("\n".join(source))
    for number, token in enumerate(tokens):
        start, end = token.map or (0, 0)
        if token.type == "fence":
            marked[start:end] = _code(source[start:end], token.markup)
        elif token.type == "heading_open" and token.level == 0:
            title = tokens[number + 1].content
            marked[start] = ("heading" if title else "blank", title)
    yield from marked
    yield "blank", ""


def _code(lines: list[str], fence: str) -> list[tuple[str, str]]:
    """Return a block of code line by line, its fences empty; the last may be missing."""
    fences = {0, len(lines) - 1} if lines[-1].strip().startswith(fence) else {0}
    return [("code", "" if place in fences else line) for place, line in enumerate(lines)]


def _title(parts: list[_Part]) -> str:
    first = next((part.text for part in parts if part.kind == "heading"), "")
    if not first:
        first = next((part.text for part in parts if part.kind == "text"), "")
    line = _LABEL.sub("", first.split("\n", 1)[0].strip().strip("*_")).strip()
    if len(line) <= TITLE_LIMIT:
        return line
    sentence = re.split(r"(?<=[.!?])\s", line, maxsplit=1)[0]
    if len(sentence) <= TITLE_LIMIT:
        return sentence
    return f"{sentence[: TITLE_LIMIT - 1].rsplit(' ', 1)[0]}…"


def _description(paragraphs: list[str], rests_on: set[str]) -> str:
    """Return the most telling paragraphs that fit, in the order of the document."""
    worth = [_worth(paragraph, rests_on) for paragraph in paragraphs]
    chosen: set[int] = set()
    room = DESCRIPTION_LIMIT
    for place in sorted(range(len(paragraphs)), key=lambda place: (-worth[place], place)):
        needed = len(paragraphs[place]) + 2
        if needed <= room and (worth[place] >= 0 or not chosen):
            chosen.add(place)
            room -= needed
    if not chosen and paragraphs:
        return paragraphs[0][:DESCRIPTION_LIMIT].rsplit(" ", 1)[0]
    return "\n\n".join(paragraphs[place] for place in sorted(chosen))


def _worth(paragraph: str, rests_on: set[str]) -> float:
    answers = sum(sentence in paragraph for sentence in rests_on)
    return 2 * answers + sum(weight for weight, tells in _TELLS if tells.search(paragraph))
