"""What could change the result: every claim is checked by asking again."""

import pytest

from advisor.evidence import Facts
from advisor.judge import Judge, no_readings, winner_name
from advisor.rules import load
from advisor.samples import samples
from advisor.vocabulary import combination_name
from advisor.whatif import flips, next_questions

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
