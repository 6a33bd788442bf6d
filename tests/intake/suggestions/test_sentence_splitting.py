"""Sentences are pieces of the text."""

from hypothesis import given
from hypothesis import strategies as st

from advisor.intake.suggestions.sentence_splitting import SENTENCE_LIMIT, split


def test_abbreviations_numbers_and_quotes_do_not_end_a_sentence() -> None:
    text = 'We want e.g. a bot. Dr. Smith pays $3.50. "Why?" he asked. See no. 5 and p. 12.'
    assert split(text) == [
        "We want e.g. a bot.",
        "Dr. Smith pays $3.50.",
        '"Why?" he asked.',
        "See no. 5 and p. 12.",
    ]


def test_lists_and_headings_stand_alone_and_wrapped_lines_do_not() -> None:
    text = "# Aim\nA line that is\nwrapped.\n- first\n2. second\nAsked for:\nmore"
    assert split(text) == [
        "Aim",
        "A line that is\nwrapped.",
        "first",
        "second",
        "Asked for:",
        "more",
    ]


@given(st.text(max_size=2_000))
def test_every_sentence_is_in_the_text_in_order_and_short(text: str) -> None:
    place = 0
    for sentence in split(text):
        place = text.index(sentence, place) + len(sentence)
        assert 0 < len(sentence) <= SENTENCE_LIMIT
