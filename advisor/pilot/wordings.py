"""Ways of putting a task to a model: what all prompts of a pilot share, and what differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_spec import Task

LISTED = 300
"""Labels that are listed in a prompt; of more, the model has to learn the names."""
LEARNED = 10
"""A longer list is left out where a fine-tuned model is asked: it knows the labels by heart."""
TOLD = 0.8
"""Share of the labels that an instruction must name for them not to be listed again."""
SAMPLE = 600
"""Characters of an answer that is shown for its form."""


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


def frame(frozen: Frozen) -> Frame:
    """Return what all prompts of this pilot share."""
    answers = sorted({case.expected for case in frozen.data.train}, key=lambda one: (len(one), one))
    sample = answers[len(answers) // 2] if answers else ""
    return Frame(frozen.spec.instruction.strip(), choices(frozen), sample[:SAMPLE])


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


def joined(parts: Sequence[Callable[[Frame], str]], frame: Frame) -> str:
    """Return what several parts say of a frame, a blank line between them."""
    return "\n\n".join(text for part in parts if (text := part(frame)))
