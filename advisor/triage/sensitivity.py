"""What could change the result: single answers that flip it, and the next question worth asking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, groupby, product
from typing import NamedTuple

import numpy as np

from advisor.domain.assessment import Flip, NextQuestion
from advisor.presentation.wording import answer_words, stretch_words
from advisor.proposal import Answer
from advisor.rules import RuleBook, representative_answers
from advisor.rules.conditions.answer_space import stretch
from advisor.rules.schema.rule_schema import Question
from advisor.triage.evidence import Array, Facts
from advisor.triage.judge import Judge, Judgement, winner_name
from advisor.vocabulary import COMBINATIONS, combination_name

SHARPNESS = 25.0
"""Turns worth into chances of winning: a lead of 4 points is about 1 nat."""
PAIR_QUESTIONS = 5
"""Pairs among this many of the most telling questions are tried before asking stops."""
_BIT = float(np.log(2))


class Possible(NamedTuple):
    """One answer that could be given to one question, and its chance."""

    question: Question
    answer: Answer
    chance: float


def possible_answers(questions: Iterable[Question], book: RuleBook) -> list[Possible]:
    """List every answer that rules can tell apart, question by question."""
    return [
        Possible(question, answer, chance)
        for question in questions
        for answer, chance in representative_answers(question, book)
    ]


def flips(judge: Judge, facts: Facts, base: Judgement) -> tuple[Flip, ...]:
    """Return every single answer whose change would change the recommendation."""
    options = possible_answers(judge.book.questions.values(), judge.book)
    judged = judge.scenarios(facts, [{item.question.id: item.answer} for item in options])
    results = [combination_name(winner_name(judged, place)) for place in range(len(options))]
    runs = groupby(zip(options, results, strict=True), key=_run)
    return tuple(
        _flip([option for option, _ in run], facts, key[1], judge.book)
        for key, run in runs
        if key[1] != combination_name(winner_name(base))
    )


def _run(tried: tuple[Possible, str]) -> tuple[str, str, Answer]:
    """Join neighbouring numbers with the same result; other answers stand alone."""
    option, result = tried
    whole = option.question.type == "number"
    return option.question.id, result, None if whole else option.answer


def _flip(run: Sequence[Possible], facts: Facts, recommendation: str, book: RuleBook) -> Flip:
    question = run[0].question
    return Flip(
        question=question.id,
        ask=question.ask,
        given=facts.answers.get(question.id),
        answer=run[0].answer,
        words=_words(question, [option.answer for option in run], book),
        recommendation=recommendation,
    )


def _words(question: Question, answers: Sequence[Answer], book: RuleBook) -> str:
    if question.type != "number":
        return answer_words(answers[0], question)
    ends = [
        end for answer in answers for end in stretch(question, float(answer or 0), book.clauses)
    ]
    return stretch_words(ends[0], ends[-1], question)


def next_questions(
    judge: Judge, facts: Facts, base: Judgement, asked: Iterable[str]
) -> tuple[NextQuestion, ...]:
    """Return open questions by expected information gain less effort, the best first.

    Empty when no answer to one question, and no two answers to the most telling ones, can change
    the recommendation: then asking may stop.
    """
    done = set(asked)
    questions = [item for item in judge.book.questions.values() if item.id not in done]
    options = possible_answers(questions, judge.book)
    if not options:
        return ()
    judged = judge.scenarios(facts, [{item.question.id: item.answer} for item in options])
    ranked = _ranked(options, judged, base)
    if any(question.could_change_to for question in ranked):
        return tuple(ranked)
    return tuple(ranked) if _pairs_flip(judge, facts, base, ranked[:PAIR_QUESTIONS]) else ()


def _ranked(options: Sequence[Possible], judged: Judgement, base: Judgement) -> list[NextQuestion]:
    chances = winning_chances(judged)
    places: dict[str, list[int]] = {}
    for place, option in enumerate(options):
        places.setdefault(option.question.id, []).append(place)
    ranked = [
        NextQuestion(
            id=name,
            ask=options[rows[0]].question.ask,
            why=options[rows[0]].question.why,
            gain=round(_gain(chances[rows], [options[row].chance for row in rows]), 4),
            could_change_to=_others(judged, base, rows),
        )
        for name, rows in places.items()
    ]
    effort = {option.question.id: option.question.effort for option in options}
    return sorted(ranked, key=lambda item: -item.gain / effort[item.id])


def _others(judged: Judgement, base: Judgement, rows: Sequence[int]) -> tuple[str, ...]:
    changed = {int(judged.winner[row]) for row in rows} - {int(base.winner[0])}
    return tuple(combination_name(COMBINATIONS[place]) for place in sorted(changed))


def winning_chances(judged: Judgement) -> Array:
    """Return a chance of winning for each combination, shape (H, 11), from how their worths lie."""
    worth = np.where(judged.allowed, judged.worth, -np.inf)
    odds = np.exp(SHARPNESS * (worth - worth.max(axis=-1, keepdims=True)))
    return np.asarray(odds / odds.sum(axis=-1, keepdims=True))


def _gain(chances: Array, weights: Sequence[float]) -> float:
    """Return the expected information gain in bits: entropy of the mean less mean entropy."""
    share = np.array(weights) / sum(weights)
    return max(0.0, float(_entropy(share @ chances) - share @ _entropy(chances)))


def _entropy(chances: Array) -> Array:
    return np.asarray(-(chances * np.log(chances + 1e-12)).sum(axis=-1) / _BIT)


def _pairs_flip(
    judge: Judge, facts: Facts, base: Judgement, questions: Sequence[NextQuestion]
) -> bool:
    changes = [
        {first.question.id: first.answer, second.question.id: second.answer}
        for question, other in combinations(
            [judge.book.questions[item.id] for item in questions], 2
        )
        for first, second in product(
            possible_answers([question], judge.book), possible_answers([other], judge.book)
        )
    ]
    if not changes:
        return False
    return bool((judge.scenarios(facts, changes).winner != base.winner[0]).any())
