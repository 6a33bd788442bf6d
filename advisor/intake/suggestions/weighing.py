"""Joins what head, wordings and numbers say of sentences into one answer a question."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from advisor.intake.suggestions.cues import cue_hints
from advisor.intake.suggestions.head import Floats, ReaderHead
from advisor.intake.suggestions.numbers import numbers
from advisor.intake.suggestions.quantities import quantities
from advisor.intake.suggestions.shares import shares
from advisor.intake.suggestions.suggestion import Hint, Sentence
from advisor.proposal import Answer

THRESHOLD = 0.5
"""Least chance at which a suggestion is made: it is more likely right than not."""
USUAL = 0.02
"""Chance of an answer before a sentence is read: the head's mean."""
TRUST = 0.5
"""How far the head's log-odds count beside a wording; both read the same words."""
UNPATTERNED = 0.75
"""The head says that a number is stated, no pattern says which, and there is only one."""
CONTRADICTED = 0.5
"""What a sentence for another answer takes off, at most."""

_EACH = re.compile(r"\b(?:each|every|per)\b", re.IGNORECASE)

Key = tuple[str, Answer]
Calibration = Mapping[str, tuple[float, float]]


def sentence_hints(sentence: Sentence, chances: Floats, head: ReaderHead) -> list[Hint]:
    """Return what one sentence answers; `chances` has shape (outputs,)."""
    learned: dict[Key, float] = dict(zip(head.outputs, chances.tolist(), strict=True))
    counted = shares(sentence)
    closed = {hint.question for hint in counted}
    worded = [hint for hint in cue_hints(sentence) if hint.question not in closed]
    worded += [*counted, *quantities(sentence)]
    open_keys = {key: chance for key, chance in learned.items() if key[0] not in closed}
    return [_joined(hint, learned) for hint in worded] + list(_head(sentence, open_keys, worded))


def _head(sentence: Sentence, learned: Mapping[Key, float], worded: list[Hint]) -> Iterator[Hint]:
    """Yield what the head says beyond what wordings, shares and quantities say."""
    said = {(hint.question, hint.answer) for hint in worded}
    settled = {question for question, _ in said}
    named = {answer for _, answer in said if not isinstance(answer, bool)}
    for (question, answer), chance in learned.items():
        if answer is not None:
            if (question, answer) not in said:
                yield Hint(question, answer, sentence, chance)
        elif question not in settled:
            lone = _lone_number(question, sentence, chance)
            yield from (hint for hint in lone if hint.answer not in named)


def _joined(hint: Hint, learned: Mapping[Key, float]) -> Hint:
    chance = learned.get((hint.question, hint.answer), learned.get((hint.question, None), USUAL))
    odds = _log_odds(hint.sure) + TRUST * (_log_odds(chance) - _log_odds(USUAL))
    return Hint(hint.question, hint.answer, hint.sentence, _chance(odds))


def _lone_number(question: str, sentence: Sentence, chance: float) -> Iterator[Hint]:
    found = list(numbers(sentence.plain))
    if question == "requests_per_day" or _EACH.search(sentence.plain):
        return
    if len(found) == 1 and found[0].value >= 2:
        yield Hint(question, round(found[0].value), sentence, chance * UNPATTERNED)


def best_answers(
    hints: Sequence[Hint], calibration: Calibration, threshold: float = THRESHOLD
) -> list[Hint]:
    """Return at most one hint a question, its chance lowered by what contradicts it.

    Args:
        hints: what single sentences answer.
        calibration: by question, slope and shift of the log-odds; unchanged where missing.
        threshold: hints with a lower chance are left out.
    """
    by_question: dict[str, list[Hint]] = defaultdict(list)
    for hint in hints:
        by_question[hint.question].append(hint)
    weighed = (_weighed(same, calibration) for same in by_question.values())
    return [hint for hint in weighed if hint.sure >= threshold]


def _weighed(hints: list[Hint], calibration: Calibration) -> Hint:
    best = max(hints, key=lambda hint: hint.sure)
    against = max((hint.sure for hint in hints if hint.answer != best.answer), default=0.0)
    slope, shift = calibration.get(best.question, (1.0, 0.0))
    sure = _chance(slope * _log_odds(best.sure * (1 - CONTRADICTED * against)) + shift)
    return Hint(best.question, best.answer, best.sentence, sure)


def _chance(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def _log_odds(chance: float) -> float:
    kept = min(max(chance, 1e-6), 1 - 1e-6)
    return math.log(kept / (1 - kept))
