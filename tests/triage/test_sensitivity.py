"""What could change the result: every claim is checked by asking again."""

import pytest

from advisor.presentation.wording import answer_words
from advisor.rules import load, representative_answers
from advisor.samples import samples
from advisor.triage.evidence import Facts
from advisor.triage.judge import Judge, no_readings, winner_name
from advisor.triage.sensitivity import flips, next_questions
from advisor.vocabulary import combination_name

BOOK = load()
JUDGE = Judge(BOOK, no_readings())


def facts(name: str) -> Facts:
    answers = samples()[name].answers
    return Facts({key: value for key, value in answers.items() if value is not None})


@pytest.mark.parametrize("name", samples())
def test_every_flip_flips_when_it_is_tried(name: str) -> None:
    given = facts(name)
    base = JUDGE.judge(given)
    for flip in flips(JUDGE, given, base):
        tried = JUDGE.judge(given.with_answers({flip.question: flip.answer}))
        assert combination_name(winner_name(tried)) == flip.recommendation
        assert flip.recommendation != combination_name(winner_name(base))


@pytest.mark.parametrize("name", samples())
def test_scenarios_judge_exactly_as_judging_afresh(name: str) -> None:
    given = facts(name)
    change = {"labelled_examples": 3000, "facts_change_often": "daily"}
    afresh = JUDGE.judge(given.with_answers(change))
    assert (JUDGE.scenarios(given, [change]).worth == afresh.worth).all()


def test_with_nothing_known_there_is_much_to_ask() -> None:
    nothing = Facts({})
    found = next_questions(JUDGE, nothing, JUDGE.judge(nothing), ())
    assert len(found) == len(BOOK.questions)
    assert found[0].gain > 0
    assert any(question.could_change_to for question in found)


def test_an_answered_question_is_not_asked_again() -> None:
    given = facts("returns-desk")
    found = next_questions(JUDGE, given, JUDGE.judge(given), given.answers)
    assert not {question.id for question in found} & given.answers.keys()


def test_asking_stops_when_nothing_is_left() -> None:
    given = facts("returns-desk")
    assert next_questions(JUDGE, given, JUDGE.judge(given), BOOK.questions) == ()


def test_the_next_question_could_change_more_than_the_last() -> None:
    nothing = Facts({})
    found = next_questions(JUDGE, nothing, JUDGE.judge(nothing), ())
    assert found[0].gain >= found[-1].gain


@pytest.mark.parametrize("name", samples())
def test_every_answer_that_flips_is_named(name: str) -> None:
    given = facts(name)
    base = winner_name(JUDGE.judge(given))
    found = {(flip.question, flip.words) for flip in flips(JUDGE, given, JUDGE.judge(given))}
    for question in BOOK.questions.values():
        if question.type == "number":
            continue
        for answer, _ in representative_answers(question, BOOK):
            tried = winner_name(JUDGE.judge(given.with_answers({question.id: answer})))
            assert (tried != base) == ((question.id, answer_words(answer, question)) in found)


def test_numbers_that_flip_are_named_as_a_stretch() -> None:
    given = facts("patient-letters")
    base = JUDGE.judge(given)
    flip = next(f for f in flips(JUDGE, given, base) if f.question == "labelled_examples")
    edge = int(flip.words.removeprefix("fewer than ").removesuffix(" examples"))
    tried = {
        count: winner_name(JUDGE.judge(given.with_answers({"labelled_examples": count})))
        for count in (0, edge - 1, edge)
    }
    assert combination_name(tried[0]) == combination_name(tried[edge - 1]) == flip.recommendation
    assert tried[edge] == winner_name(base)


def test_a_number_that_stands_between_two_flips_is_not_named() -> None:
    given = facts("patient-letters").with_answers({"labelled_examples": 50})
    for flip in flips(JUDGE, given, JUDGE.judge(given)):
        if flip.question == "labelled_examples":
            assert not flip.words.startswith("50 ")
