"""How often the right passage was shown is counted, not guessed."""

import pytest

from advisor.intake.suggestions.shares import shares
from advisor.intake.suggestions.suggestion import Sentence


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("In 48 of 60 bad answers the correct article had not been retrieved.", "rarely"),
        ("We read 60 answers: in 48 of them the right article was missing.", "rarely"),
        ("The right page was shown in nine of ten failures.", "usually"),
        ("Of thirty wrong answers, twenty-eight had the right page in the prompt.", "usually"),
        ("The correct section was retrieved in 94% of the cases.", "usually"),
        ("The right passage was present in half of the cases.", "sometimes"),
        ("In most wrong answers the passage with the answer was not among them.", "rarely"),
    ],
)
def test_a_share_becomes_an_answer(text: str, answer: str) -> None:
    (hint,) = shares(Sentence(text, "description"))
    assert (hint.question, hint.answer) == ("right_passage_shown", answer)


@pytest.mark.parametrize(
    "text",
    [
        "When we paste the right page, most answers are right.",
        "Nine of ten users like it.",
        "The right page was shown.",
    ],
)
def test_without_a_share_of_shown_passages_nothing_is_said(text: str) -> None:
    assert shares(Sentence(text, "description")) == []
