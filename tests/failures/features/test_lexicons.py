from __future__ import annotations

import pytest
from counting import grows_less_than

from advisor.failures.features.lexicons import NOTE, SUPPLIED

INVENTED = [
    "It made it up.",
    "it just made all of that up",
    "Makes stuff up whenever it is unsure",
    "making things up again",
    "a made-up quote",
    "That flag doesn’t exist.",
    "the function does not even exist",
    "This package never really existed",
    "There is no such court case",
    "Nobody by that name works here",
    "pulled out of thin air",
    "a non-existent option",
    "It pretends to have run the tests",
    "That isn't a real address",
]
LOOK_ALIKE = [
    "The tone makes up for it",
    "Half of it is made up of headings",
    "cannot make up its mind",
    "The inventory count is wrong",
    "not really friendly",
    "the numbers do not add up",
    "it made the numbers add up",
]


@pytest.mark.parametrize("note", INVENTED)
def test_a_note_that_speaks_of_invention_is_heard(note: str) -> None:
    assert NOTE["invented"].search(note)


@pytest.mark.parametrize("note", LOOK_ALIKE)
def test_a_note_that_only_looks_like_it_is_not(note: str) -> None:
    assert not NOTE["invented"].search(note)


@pytest.mark.parametrize(
    ("family", "note"),
    [
        ("logic", "The summary leaves out the country."),
        ("machine", "The billing page is described wrongly."),
        ("old", "It is nowhere near what we want."),
        ("label", "Its intentions are good."),
        ("logic", "The plant in the picture is a fern."),
    ],
)
def test_a_longer_word_is_not_taken_for_a_shorter_one(family: str, note: str) -> None:
    assert not NOTE[family].search(note)


@pytest.mark.parametrize(
    "note", ["The manual says 8.", "It had the invoice attached.", "see row 3"]
)
def test_a_note_that_names_a_text_is_known(note: str) -> None:
    assert SUPPLIED.search(note)


@pytest.mark.parametrize("note", ["It made it up.", "Opposite of what is right!", "wrong again"])
def test_a_note_that_names_no_text_is_known(note: str) -> None:
    assert not SUPPLIED.search(note)


def _read(text: str) -> None:
    for pattern in (*NOTE.values(), SUPPLIED):
        pattern.findall(text)


@pytest.mark.parametrize("unit", ["made ", "made-", "making a ", "never x ", "does not a ", "not "])
def test_every_list_is_read_in_linear_time(unit: str) -> None:
    short, long = ((unit * size)[:size] for size in (4_000, 32_000))
    assert grows_less_than(12, lambda: _read(short), lambda: _read(long))
