"""The base model with the instruction, alone or with a few fixed examples before every case.

The examples cover the labels and differ from each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from advisor.domain.cases import Case
from advisor.domain.pilot_result import ArmAnswer
from advisor.domain.pilot_spec import ArmName
from advisor.pilot.arms.answering import answering, training_cases
from advisor.pilot.arms.arm import Arm, ArmJob
from advisor.pilot.arms.generated_answers import Writer
from advisor.pilot.data.splitting import share_of
from advisor.pilot.prompts import Shot
from advisor.pilot.retrieving.lookup import diverse
from advisor.pilot.wordings import choices
from advisor.vocabulary import Remedy

MANY = 2
"""Times the number of examples asked for that may be shown, so that every label has its example."""
LETTERS = 6_000
"""Characters of all examples together."""
LOOKED_AT = 500
"""Training cases that are chosen from: all of them are compared with each other."""


def few_shot_examples(job: ArmJob, most: int = 64) -> tuple[Shot, ...]:
    """Return the examples to show to every case, chosen on the training side, the best one last.

    They are as many as the specification says, at most `most`; more where every label can have one.
    """
    train, many = training_cases(job), min(most, job.frozen.spec.examples_shown)
    looked_at = share_of(train, min(1.0, LOOKED_AT / len(train)), job.seed)
    lengths = sorted(map(_length, looked_at))
    longest = max(LETTERS // many, lengths[len(lengths) // 4])
    pool = [case for case in looked_at if _length(case) <= longest]
    if choices(job.frozen):
        labels = {case.expected for case in pool}
        many = max(many, len(labels)) if len(labels) <= MANY * many else many
        order = _by_label(pool, many)
    else:
        order = iter(_ranked(pool, many))
    return tuple(Shot(case) for case in reversed(list(_within(order, many))))


def _length(case: Case) -> int:
    return len(case.input) + len(case.expected)


def _ranked(cases: Sequence[Case], many: int) -> list[Case]:
    return [cases[place] for place in diverse([case.input for case in cases], many)]


def _by_label(cases: Sequence[Case], many: int) -> Iterator[Case]:
    """Yield the most telling example of each label, then the second of each, and so on."""
    shelves: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        shelves[case.expected].append(case)
    ranked = {label: _ranked(shelf, many) for label, shelf in shelves.items()}
    leaders = _ranked([shelf[0] for shelf in ranked.values()], many)
    for turn in range(max(map(len, ranked.values()))):
        for leader in leaders:
            yield from ranked[leader.expected][turn : turn + 1]


def _within(cases: Iterator[Case], many: int) -> Iterator[Case]:
    """Yield as many as there is room for, but at least one."""
    room = LETTERS
    for place, case in enumerate(islice(cases, many)):
        room -= _length(case)
        if place and room < 0:
            return
        yield case


def _answer_plain(job: ArmJob, cases: Sequence[Case]) -> Iterator[ArmAnswer]:
    writer = Writer.at(job)
    yield from writer.write([writer.prompt(case) for case in cases])


PROMPT = Arm(
    ArmName.PROMPT,
    "Prompt",
    "Your instruction as it stands, without examples.",
    remedies=(Remedy.PROMPTING,),
    trains=False,
    unfit=lambda frozen: "",
    answer=answering(_answer_plain),
)


def _answer_with_examples(job: ArmJob, cases: Sequence[Case]) -> Iterator[ArmAnswer]:
    writer, shots = Writer.at(job), few_shot_examples(job)
    job.notes.details["examples"] = [shot.case.id for shot in shots]
    yield from writer.write([writer.prompt(case, shots=shots) for case in cases])


FEW_SHOT = Arm(
    ArmName.FEW_SHOT,
    "Prompt with examples",
    "Your instruction and the same few training examples before every case.",
    remedies=(Remedy.PROMPTING,),
    trains=False,
    unfit=lambda frozen: "",
    answer=answering(_answer_with_examples),
)
