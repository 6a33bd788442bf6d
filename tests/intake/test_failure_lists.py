"""What the intake screens decide."""

import pytest

from advisor.intake.failure_lists import reading_words


@pytest.mark.parametrize(
    ("left", "spent", "words"),
    [
        (1_000, 0.0, "Reading the failures: 0 of 1,000."),
        (500, 30.0, "Reading the failures: 500 of 1,000. About 30 seconds left."),
        (500, 300.0, "Reading the failures: 500 of 1,000. About 5 minutes left."),
        (100, 1.0, "Reading the failures: 900 of 1,000. About 1 second left."),
        (500, 1.0, "Reading the failures: 500 of 1,000. About 1 second left."),
    ],
)
def test_progress_says_how_far_it_is_and_how_long_it_will_take(
    left: int, spent: float, words: str
) -> None:
    assert reading_words(1_000, left, spent) == words
