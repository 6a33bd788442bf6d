"""The finite space of answers: for each question, the answers that rules can tell apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from advisor.proposal import Answer
from advisor.rules.conditions.clause import Clause, Truth
from advisor.rules.schema.answers import read
from advisor.rules.schema.rule_schema import ConditionSubject

Chances = tuple[tuple[Answer, float], ...]
"""Answers with their chances, which sum to 1."""


def answer_space(question: ConditionSubject, clauses: Sequence[Clause]) -> Chances:
    """Return the answers to `question` that `clauses` can tell apart, each with its chance.

    Choices give every option, yes_no both answers. Numbers give one value for each stretch
    between the values that conditions compare with (the value itself where it belongs to it).
    Chances come from `likely`; what it leaves out shares the rest evenly.
    """
    about = [clause for clause in clauses if question.id in clause.needs]
    answers = _FINITE[question.type](question, about)
    shares: dict[int, float] = {}
    for text, chance in question.likely.items():
        place = _place(question, read(question, text), answers, about)
        if place is not None:
            shares[place] = shares.get(place, 0.0) + chance
    return tuple(zip(answers, _completed(shares, len(answers)), strict=True))


def _stretches(question: ConditionSubject, clauses: Sequence[Clause]) -> tuple[Answer, ...]:
    seen: dict[tuple[Truth, ...], Answer] = {}
    for value in _candidates(question, clauses):
        seen.setdefault(_signature(question.id, value, clauses), value)
    return tuple(sorted(seen.values(), key=lambda value: float(value or 0)))


def stretch(
    question: ConditionSubject, value: float, clauses: Sequence[Clause]
) -> tuple[float, float]:
    """Return the first and the last number around `value` that `clauses` cannot tell from it."""
    about = [clause for clause in clauses if question.id in clause.needs]
    places = sorted({*_candidates(question, about), value}, key=float)
    alike = _signature(question.id, value, about)
    here = places.index(value)
    differs = [_signature(question.id, place, about) != alike for place in places]
    after = [place for place in range(here, len(places)) if differs[place]]
    before = [place for place in range(here) if differs[place]]
    return places[before[-1] + 1 if before else 0], places[after[0] - 1 if after else -1]


def _candidates(question: ConditionSubject, clauses: Sequence[Clause]) -> Iterable[float]:
    """Yield each cut point, then a value just off either side, then the limits."""
    cuts = sorted({
        value for clause in clauses for name, value in clause.cuts if name == question.id
    })
    whole = all(float(cut).is_integer() for cut in (*cuts, question.minimum))
    step = 1 if whole else 1e-3 * min((abs(cut) for cut in cuts if cut), default=1.0)
    beside = [cut + sign * step for cut in cuts for sign in (-1, 1)]
    for value in (*cuts, *beside, question.minimum, question.maximum):
        if question.minimum <= value <= question.maximum:
            yield int(value) if float(value).is_integer() else value


def _signature(name: str, value: Answer, clauses: Sequence[Clause]) -> tuple[Truth, ...]:
    return tuple(clause.holds({name: value}) for clause in clauses)


def _place(
    question: ConditionSubject, answer: Answer, answers: Sequence[Answer], clauses: Sequence[Clause]
) -> int | None:
    """Return which of `answers` stands for `answer`, or `None`."""
    if answer is None or answer in answers:
        return None if answer is None else answers.index(answer)
    wanted = _signature(question.id, answer, clauses)
    alike = [_signature(question.id, other, clauses) == wanted for other in answers]
    return alike.index(True) if True in alike else None


def _completed(shares: dict[int, float], size: int) -> list[float]:
    rest = max(0.0, 1.0 - sum(shares.values()))
    left_out = size - len(shares)
    chances = [shares.get(place, rest / left_out if left_out else 0.0) for place in range(size)]
    total = sum(chances)
    return [chance / total if total else 1 / size for chance in chances]


_FINITE: dict[str, Callable[[ConditionSubject, Sequence[Clause]], tuple[Answer, ...]]] = {
    "yes_no": lambda *_: (True, False),
    "choice": lambda question, _: question.options,
    "number": _stretches,
}
