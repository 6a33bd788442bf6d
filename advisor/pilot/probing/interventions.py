"""What is asked again: for each change, the prompt with this one thing different."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from advisor.failures.features.case import FailureCase
from advisor.failures.features.texts import FailureText
from advisor.models.endpoint import Message
from advisor.pilot.probing.probe_material import SHOWN, ProbeMaterial
from advisor.pilot.probing.probe_records import Intervention
from advisor.proposal import Failure

REPEATS = 3
"""Further answers to the unchanged question, drawn at random."""
WARM = 0.7
"""Temperature at which they are drawn."""
ROOM = 16
"""Tokens an answer may have beyond the wanted one."""
LONGEST = 512
PASSAGES = 3


@dataclass(frozen=True)
class ProbeQuestion:
    """One question with one thing changed."""

    change: Intervention
    messages: tuple[Message, ...]
    max_tokens: int
    """What a small model on this machine may write; to be right, an answer needs no more."""
    temperature: float = 0.0
    seed: int = 0
    labels: tuple[str, ...] = ()
    schema: dict[str, Any] | None = None


def questions_for(
    material: ProbeMaterial, failure: Failure, larger: bool
) -> Iterator[ProbeQuestion]:
    """Yield everything to ask about one failure; what does not apply to it is left out."""
    tokens = min(LONGEST, len(failure.expected or "") // 3 + ROOM)
    plain = _messages(material.prompt, request(failure))
    yield ProbeQuestion(Intervention.AS_IT_WAS, plain, tokens)
    for seed in range(1, REPEATS + 1):
        yield ProbeQuestion(Intervention.AS_IT_WAS, plain, tokens, WARM, seed)
    for change, say in _SAYS.items():
        if messages := say(material, failure):
            yield ProbeQuestion(change, messages, tokens)
    if material.labels or material.schema:
        yield ProbeQuestion(
            Intervention.CONSTRAINED, plain, tokens, labels=material.labels, schema=material.schema
        )
    if larger:
        yield ProbeQuestion(Intervention.LARGER, plain, tokens)


def _messages(system: str, request: str) -> tuple[Message, ...]:
    user = Message("user", request)
    return (Message("system", system), user) if system.strip() else (user,)


def request(failure: Failure) -> str:
    """Return what the model is asked: the input, behind what retrieval had shown it."""
    shown = f"Context:\n{failure.context}\n\n" if failure.context else ""
    return f"{shown}{failure.input}"


def _stated(material: ProbeMaterial, failure: Failure) -> tuple[Message, ...]:
    remark = f" Mind this remark on an earlier answer: {failure.note}" if failure.note else ""
    wanted = f"{material.prompt}\n\n{material.wanted}{remark}".strip()
    return _messages(wanted, request(failure))


def _examples(material: ProbeMaterial, failure: Failure) -> tuple[Message, ...]:
    others = material.others(failure)
    turns = [
        message
        for one in others
        for message in (
            Message("user", request(one)[:SHOWN]),
            Message("assistant", (one.expected or "")[:SHOWN]),
        )
    ]
    system = _messages(material.prompt, request(failure))
    return (*system[:-1], *turns, system[-1]) if others else ()


def _fact(material: ProbeMaterial, failure: Failure) -> tuple[Message, ...]:
    supplied = supply(material, failure)
    if not supplied:
        return ()
    facts = "\n".join(f"- {fact}" for fact in supplied)
    return _messages(material.prompt, f"Facts that are true:\n{facts}\n\n{request(failure)}")


def supply(material: ProbeMaterial, failure: Failure) -> tuple[str, ...]:
    """Return what the model was not shown and needs: passages of the documents, or the facts.

    Without documents these are the sentences of the wanted answer that hold names, numbers or dates
    which stand nowhere in the request. A wanted answer that holds none needs no fact, and a label
    or a JSON object is a form, so for these nothing is supplied.
    """
    wanted = FailureText(failure.expected or "")
    missing = wanted.facts - FailureCase.of(failure).shown
    formed = wanted.raw in material.labels or wanted.json is not None
    if formed or not missing:
        return ()
    if material.passages:
        return tuple(material.passages(f"{failure.input} {failure.expected}"))[:PASSAGES]
    sentences = [one.strip() for one in wanted.raw.replace("\n", ". ").split(". ")]
    return tuple(
        sentence for sentence in sentences if FailureText(f" {sentence}").facts & missing
    ) or (wanted.raw,)


_SAYS: dict[Intervention, Callable[[ProbeMaterial, Failure], tuple[Message, ...]]] = {
    Intervention.STATED: _stated,
    Intervention.EXAMPLES: _examples,
    Intervention.FACT: _fact,
}
