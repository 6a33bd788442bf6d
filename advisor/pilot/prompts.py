"""How a case becomes a conversation; the same for every model that is asked.

What never changes comes first, so that its keys and values are computed once: the instruction with
the labels, then examples, then passages, then the case. Passages and inputs that share a turn with
something else stand between tags. Such tags, and marks that models take for the end of a turn, are
disarmed inside them: they are data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from advisor.domain.cases import Case, Document
from advisor.domain.frozen_pilot import Frozen
from advisor.models.endpoint import Message
from advisor.pilot.wordings import PLAIN, WORDINGS, Frame, Wording, frame, joined

PASSAGE = 2_000
"""Characters of one passage at most."""
_TAG = re.compile(
    r"<(?=/?(?:input|passage)\b|\|[^\s<>|]{1,40}\|>|(?:start|end)_of_turn>)", re.IGNORECASE
)


@dataclass(frozen=True)
class Shot:
    """An example that is shown, with the passages that stood beside it."""

    case: Case
    passages: tuple[Document, ...] = ()


@dataclass(frozen=True)
class Prompt:
    """What a model is asked about one case."""

    case: Case
    messages: tuple[Message, ...]
    shown: tuple[str, ...] = ()
    """Ids of the examples or documents in it."""


def prompt_for(frozen: Frozen, case: Case) -> tuple[Message, ...]:
    """Return the plain prompt for one case."""
    return prompt(frame(frozen), case).messages


def wordings(frame: Frame) -> tuple[Wording, ...]:
    """Return the wordings that differ for this task."""
    probe = Case(id="probe", input="probe", expected="probe")
    found: dict[tuple[Message, ...], Wording] = {}
    for wording in WORDINGS:
        found.setdefault(prompt(frame, probe, wording).messages, wording)
    return tuple(found.values())


def prompt(
    frame: Frame,
    case: Case,
    wording: Wording = PLAIN,
    shots: Sequence[Shot] = (),
    passages: Sequence[Document] = (),
) -> Prompt:
    """Return what a model is asked about `case`, with examples and passages shown to it."""
    before = joined(wording.before, frame)
    head = (Message("system", before),) if wording.system else ()
    lead = "" if wording.system else before
    turns = [turn for shot in shots for turn in _example(frame, wording, lead, shot)]
    asked = Message("user", _asked(frame, wording, lead, case.input, passages))
    shown = (*(shot.case.id for shot in shots), *(passage.id for passage in passages))
    return Prompt(case, (*head, *turns, asked), shown)


def fitting(
    frame: Frame,
    case: Case,
    fits: Callable[[Prompt], bool],
    wording: Wording = PLAIN,
    shots: Sequence[Shot] = (),
    passages: Sequence[Document] = (),
) -> Prompt:
    """Return the prompt with as many of the examples and passages as `fits`.

    The first examples go first, then the last passages: these are the least useful ones. A case
    that is too long by itself is left as it is.
    """
    found = prompt(frame, case, wording, shots, passages)
    while (shots or passages) and not fits(found):
        shots, passages = (shots[1:], passages) if shots else ((), passages[:-1])
        found = prompt(frame, case, wording, shots, passages)
    return found


def _example(frame: Frame, wording: Wording, lead: str, one: Shot) -> Iterator[Message]:
    yield Message("user", _asked(frame, wording, lead, one.case.input, one.passages))
    yield Message("assistant", one.case.expected)


def _asked(
    frame: Frame, wording: Wording, lead: str, text: str, passages: Sequence[Document] = ()
) -> str:
    after = joined(wording.after, frame)
    alone = not (lead or passages or after)
    parts = (lead, _passages(passages), _data(text) if alone else _marked("input", text), after)
    return "\n\n".join(part for part in parts if part)


def _passages(passages: Sequence[Document]) -> str:
    return "\n".join(
        _marked("passage", f"{passage.title}\n{passage.text}"[:PASSAGE].strip())
        for passage in passages
    )


def _marked(tag: str, text: str) -> str:
    return f"<{tag}>\n{_data(text)}\n</{tag}>"


def _data(text: str) -> str:
    return _TAG.sub("< ", text)
