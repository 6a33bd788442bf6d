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
from advisor.domain.pilot_spec import Task
from advisor.models.endpoint import Message

LISTED = 300
"""Labels that are listed in a prompt; of more, the model has to learn the names."""
LEARNED = 10
"""A longer list is left out where a fine-tuned model is asked: it knows the labels by heart."""
TOLD = 0.8
"""Share of the labels that an instruction must name for them not to be listed again."""
SAMPLE = 600
"""Characters of an answer that is shown for its form."""
PASSAGE = 2_000
"""Characters of one passage at most."""
_TAG = re.compile(
    r"<(?=/?(?:input|passage)\b|\|[^\s<>|]{1,40}\|>|(?:start|end)_of_turn>)", re.IGNORECASE
)


@dataclass(frozen=True)
class Frame:
    """What is the same in all prompts of a pilot."""

    instruction: str
    labels: tuple[str, ...] = ()
    """The choices of a labelling task."""
    sample: str = ""
    """An answer of the training side that shows the form."""


@dataclass(frozen=True)
class Wording:
    """One way of putting the task."""

    name: str
    what: str
    """The difference to the plain way, for people."""
    before: tuple[Callable[[Frame], str], ...]
    """What the instruction is made of."""
    system: bool = True
    """Whether the instruction is a system message; else it stands in the turn of the case."""
    after: tuple[Callable[[Frame], str], ...] = ()
    """What follows the case, in its turn."""


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


def frame(frozen: Frozen) -> Frame:
    """Return what all prompts of this pilot share."""
    answers = sorted({case.expected for case in frozen.data.train}, key=lambda one: (len(one), one))
    sample = answers[len(answers) // 2] if answers else ""
    return Frame(frozen.spec.instruction.strip(), choices(frozen), sample[:SAMPLE])


def prompt_for(frozen: Frozen, case: Case) -> tuple[Message, ...]:
    """Return the plain prompt for one case."""
    return prompt(frame(frozen), case).messages


def choices(frozen: Frozen) -> tuple[str, ...]:
    """Return the labels of a labelling task; none for another."""
    if frozen.spec.task is not Task.CLASSIFICATION:
        return ()
    return frozen.spec.labels or frozen.data.labels


def without_list(frame: Frame) -> Frame:
    """Return the frame without a long list of labels: a fine-tuned model knows them by heart."""
    if len(frame.labels) <= LEARNED:
        return frame
    lines = [line for line in frame.instruction.splitlines() if not _lists(line, frame.labels)]
    return Frame("\n".join(lines).strip() or frame.instruction, (), frame.sample)


def _lists(line: str, labels: Sequence[str]) -> bool:
    return sum(label in line for label in labels) > len(labels) / 4


def _instruction(frame: Frame) -> str:
    return frame.instruction


def _labels(frame: Frame) -> str:
    named = sum(label in frame.instruction for label in frame.labels)
    if not frame.labels or len(frame.labels) > LISTED or named >= TOLD * len(frame.labels):
        return ""
    return f"Labels: {', '.join(frame.labels)}"


def _unlisted(frame: Frame) -> str:
    return without_list(frame).instruction


def _only(frame: Frame) -> str:
    what = "one of the labels" if frame.labels else "the answer"
    return f"Answer only with {what}, without any explanation."


def _form(frame: Frame) -> str:
    return f"An answer looks like this: {frame.sample}" if frame.sample else ""


def _cue(frame: Frame) -> str:
    return "Label:" if frame.labels else "Answer:"


WORDINGS: tuple[Wording, ...] = (
    Wording("plain", "The instruction as a system message, then the case alone.",
            (_instruction, _labels)),
    Wording("only", "It also says to answer without any explanation.",
            (_instruction, _labels, _only)),
    Wording("form", "It also shows the form of an answer.",
            (_instruction, _labels, _form)),
    Wording("turn", "Everything in one turn.",
            (_instruction, _labels), system=False),
    Wording("cue", "Everything in one turn, which ends where the answer begins.",
            (_instruction, _labels, _only), system=False, after=(_cue,)),
    Wording("last", "In one turn, and the instruction comes again after the case.",
            (_instruction, _labels), system=False, after=(_instruction, _only)),
    Wording("unlisted", "Without the list of labels.",
            (_unlisted, _only)),
)  # fmt: skip
"""The plain way first: it wins ties."""
PLAIN = WORDINGS[0]


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
    before = _joined(wording.before, frame)
    head = (Message("system", before),) if wording.system else ()
    lead = "" if wording.system else before
    turns = [turn for one in shots for turn in _example(frame, wording, lead, one)]
    asked = Message("user", _asked(frame, wording, lead, case.input, passages))
    shown = (*(one.case.id for one in shots), *(one.id for one in passages))
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
    after = _joined(wording.after, frame)
    alone = not (lead or passages or after)
    parts = (lead, _passages(passages), _data(text) if alone else _marked("input", text), after)
    return "\n\n".join(part for part in parts if part)


def _passages(passages: Sequence[Document]) -> str:
    return "\n".join(
        _marked("passage", f"{one.title}\n{one.text}"[:PASSAGE].strip()) for one in passages
    )


def _marked(tag: str, text: str) -> str:
    return f"<{tag}>\n{_data(text)}\n</{tag}>"


def _data(text: str) -> str:
    return _TAG.sub("< ", text)


def _joined(parts: Sequence[Callable[[Frame], str]], frame: Frame) -> str:
    return "\n\n".join(text for part in parts if (text := part(frame)))
