"""How an exemplar is given while the encoder is tuned: parts missing, moved or wrapped, cut off."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from advisor.failures.training.exemplars import Exemplar, Texts
from advisor.vocabulary import Mode

AS_WRITTEN = 0.6
"""Share of exemplars given with all their parts."""
WRAPPED = 0.15
INSIDE = 0.5
"""Share of contexts that are given inside the input, where most records have them."""
CUT = 0.06
"""Share of long answers that are cut off in the middle, which makes them failures of the system."""
LONG = 160
WITH_CONTEXT = (
    "Context:\n{context}\n\nQuestion: {input}",
    "{context}\n\n{input}",
    "{input}\n\n{context}",
    "Document:\n{context}\n\n{input}",
    "Knowledge: {context}\n{input}",
    "Use the text below.\n---\n{context}\n---\n{input}",
)
WRAPS = (
    "Question: {input}",
    "User: {input}",
    "### Instruction:\n{input}\n\n### Response:",
    "Human: {input}\n\nAssistant:",
    "Q: {input}\nA:",
    "You are a helpful assistant.\n\n{input}",
)
ENDS = '.!?:)]}"`'

Given = tuple[Texts, Mode, Mode | None]
"""What is shown, its mode, and a second one that could be defended."""


def given(exemplar: Exemplar, random: Random) -> Given:
    """Return one state in which somebody might give this failure."""
    texts = dict(exemplar.texts)
    for change in (_context_inside, _less, _wrapped):
        change(texts, random)
    cut = _cut_off(texts, random) if exemplar.mode != Mode.SYSTEM else None
    return (cut, Mode.SYSTEM, None) if cut else (texts, exemplar.mode, exemplar.also)


def _context_inside(texts: Texts, random: Random) -> None:
    if texts.get("context") and texts.get("input") and random.random() < INSIDE:
        texts["input"] = random.choice(WITH_CONTEXT).format_map(texts)
        del texts["context"]


LESS: tuple[tuple[float, str, Callable[[Texts], bool]], ...] = (
    (0.4, "note", lambda texts: _has(texts, "note", "input") and _answered(texts)),
    (0.25, "expected", lambda texts: _has(texts, "expected", "output")),
    (0.1, "input", lambda texts: _has(texts, "input", "output", "expected")),
)
"""How often, of what is not given as written, a part is left out, and where that makes sense."""


def _less(texts: Texts, random: Random) -> None:
    if random.random() < AS_WRITTEN:
        return
    at = random.random()
    for share, part, makes_sense in LESS:
        if at < share:
            if makes_sense(texts):
                del texts[part]
            return
        at -= share


def _wrapped(texts: Texts, random: Random) -> None:
    if texts.get("input") and random.random() < WRAPPED:
        texts["input"] = random.choice(WRAPS).format_map(texts)


def _cut_off(texts: Texts, random: Random) -> Texts | None:
    output = texts.get("output", "")
    if texts.get("note") or len(output) <= LONG or random.random() >= CUT:
        return None
    begun = output[: random.randint(LONG // 2, len(output) - 20)].rstrip()
    if not begun or begun[-1] in ENDS:
        return None
    kept = {part: text for part, text in texts.items() if part != "expected"}
    return {**kept, "output": begun}


def _has(texts: Texts, *parts: str) -> bool:
    return all(texts.get(part) for part in parts)


def _answered(texts: Texts) -> bool:
    return _has(texts, "output") or _has(texts, "expected")
