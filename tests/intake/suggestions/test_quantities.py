"""Numbers are read in figures and in words, and counted a day."""

import pytest

from advisor.intake.suggestions.numbers import numbers
from advisor.intake.suggestions.quantities import quantities
from advisor.intake.suggestions.suggestion import Sentence


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,500 pairs", 1_500),
        ("1 200 000 rows", 1_200_000),
        ("fifty thousand letters", 50_000),
        ("two to five hundred", 350),
        ("between 200 and 500", 350),
        ("a few hundred", 300),
        ("2.5 million calls", 2_500_000),
        ("40k tickets", 40_000),
        ("half a million rows", 500_000),
        ("one hundred and twenty", 120),
        ("a dozen queues", 12),
        ("tens of thousands of claims", 30_000),
    ],
)
def test_a_number_is_read(text: str, value: float) -> None:
    assert [one.value for one in numbers(text)] == [value]


@pytest.mark.parametrize(
    ("text", "question", "value"),
    [
        ("20 agents handle 50 cases a day each.", "requests_per_day", 1_000),
        ("2,000 invoices per week come in.", "requests_per_day", 286),
        ("Every day about 80 letters are written.", "requests_per_day", 80),
        ("It is sent to one of nine teams.", "n_labels", 9),
        ("There are no labelled examples.", "labelled_examples", 0),
        ("400 tickets have been labelled by two clerks.", "labelled_examples", 400),
    ],
)
def test_a_quantity_answers_its_question(text: str, question: str, value: int) -> None:
    found = {hint.question: hint.answer for hint in quantities(Sentence(text, "description"))}
    assert found == {question: value}


@pytest.mark.parametrize(
    "text",
    [
        "Docs change several times a week.",
        "It costs 3,000 euros a month.",
        "We kept 120 test cases apart.",
        "Twelve nurses work 8 hours a day.",
        "Three examples were added to the prompt.",
        "The firm was founded in 1974.",
        "30% of the staff are part-time.",
    ],
)
def test_other_numbers_answer_nothing(text: str) -> None:
    assert quantities(Sentence(text, "description")) == []
