"""The few-shot prompt with answers that can only be a label, or JSON of the wanted form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from advisor.domain.cases import Case
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmAnswer
from advisor.domain.pilot_spec import ArmName
from advisor.pilot.arms.answering import answering
from advisor.pilot.arms.arm import Arm, ArmJob
from advisor.pilot.arms.generated_answers import Writer
from advisor.pilot.arms.prompt import few_shot_examples
from advisor.pilot.wordings import choices
from advisor.vocabulary import Remedy

if TYPE_CHECKING:
    from advisor.models.generation import AnswerForm


CHOICES = 10
"""A text with no more different values than this is a choice …"""
EACH = 5
"""… if each occurs this often on average."""
DEPTH = 8
"""Levels of objects and lists that are looked into."""
Schema = dict[str, Any]


def schema_for(frozen: Frozen) -> Schema | None:
    """Return the schema that a right answer to this task follows, if there is one."""
    if frozen.spec.schema_ is not None:
        return frozen.spec.schema_
    objects = [_object(case.expected) for case in frozen.data.train]
    if not objects or any(one is None for one in objects):
        return None
    return derived(objects, DEPTH)


def derived(values: Sequence[Any], depth: int) -> Schema:
    """Return a schema that holds for all `values` and for what looks like them."""
    kinds = [kind for kind in _KINDS if any(kind.holds(value) for value in values)]
    options = [kind.schema([v for v in values if kind.holds(v)], depth) for kind in kinds]
    return options[0] if len(options) == 1 else {"anyOf": options}


def _object(answer: str) -> dict[str, Any] | None:
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _objects(values: Sequence[dict[str, Any]], depth: int) -> Schema:
    if depth == 0:
        return {"type": "object"}
    names = _in_order(values)
    return {
        "type": "object",
        "properties": {
            name: derived([value[name] for value in values if name in value], depth - 1)
            for name in names
        },
        "required": [name for name in names if all(name in value for value in values)],
        "additionalProperties": False,
    }


def _in_order(values: Sequence[dict[str, Any]]) -> list[str]:
    """Return all names, sorted if every object is, else as they first occur."""
    names = list(dict.fromkeys(name for value in values for name in value))
    return sorted(names) if all(list(value) == sorted(value) for value in values) else names


def _lists(values: Sequence[list[Any]], depth: int) -> Schema:
    items = [item for value in values for item in value]
    if depth == 0 or not items:
        return {"type": "array"}
    return {
        "type": "array",
        "items": derived(items, depth - 1),
        "maxItems": 2 * max(map(len, values)),
    }


def _texts(values: Sequence[str], depth: int) -> Schema:
    different = sorted(set(values))
    if len(different) <= CHOICES and len(values) >= EACH * len(different):
        return {"enum": different}
    return {"type": "string", "maxLength": 2 * max(map(len, values)) + 20}


@dataclass(frozen=True)
class _Kind:
    holds: Callable[[Any], bool]
    schema: Callable[[Sequence[Any], int], Schema]


def _plain(name: str) -> Callable[[Sequence[Any], int], Schema]:
    return lambda values, depth: {"type": name}


_KINDS = (
    _Kind(lambda value: isinstance(value, dict), _objects),
    _Kind(lambda value: isinstance(value, list), _lists),
    _Kind(lambda value: isinstance(value, str), _texts),
    _Kind(lambda value: isinstance(value, bool), _plain("boolean")),
    _Kind(lambda value: isinstance(value, int) and not isinstance(value, bool), _plain("integer")),
    _Kind(lambda value: isinstance(value, float), _plain("number")),
    _Kind(lambda value: value is None, _plain("null")),
)


def _unfit(frozen: Frozen) -> str:
    if choices(frozen) or schema_for(frozen):
        return ""
    return "there is neither a list of labels nor a JSON schema that answers could be held to"


def _answer(job: ArmJob, cases: Sequence[Case]) -> Iterator[ArmAnswer]:
    writer, shots = Writer.at(job), few_shot_examples(job)
    job.notes.details["examples"] = [shot.case.id for shot in shots]
    prompts = [writer.prompt(case, shots=shots) for case in cases]
    if labels := choices(job.frozen):
        job.notes.details["held_to"] = "the likeliest label of the list"
        yield from writer.choose(prompts, labels)
    else:
        yield from writer.write(prompts, _form(job))


def _form(job: ArmJob) -> AnswerForm:
    """Return the form of an answer, and note down where it is from."""
    from advisor.models.generation import AnswerForm  # heavy: torch

    schema = schema_for(job.frozen)
    assert schema is not None, "the arm was asked for though it does not fit"
    given = job.frozen.spec.schema_ is not None
    source = "the schema of the specification" if given else "a schema read off training answers"
    job.notes.details |= {"held_to": source, "schema": schema}
    return AnswerForm.schema(schema)


CONSTRAINED = Arm(
    ArmName.CONSTRAINED,
    "Held to the form",
    "The prompt with examples, and answers that can only be a label of the list, or JSON of the "
    "schema.",
    remedies=(Remedy.OTHER,),
    trains=False,
    unfit=_unfit,
    answer=answering(_answer),
)
