"""Text that somebody pasted becomes failures."""

from __future__ import annotations

import pytest

from advisor.errors import InputError
from advisor.importing import read_pasted
from advisor.intake.failure_lists import columns_used
from advisor.proposal import Failure


def test_cells_from_a_spreadsheet() -> None:
    found = read_pasted('Question\tOutput\tExpected\r\nWhy?\tNo\t"two\nlines"\r\n')
    assert found.failures == (Failure(input="Why?", output="No", expected="two\nlines"),)


def test_cells_without_a_header_ask_for_the_mapping() -> None:
    found = read_pasted("Why is that so?\tBecause it is.\nAnd when?\tNever again.")
    assert found.needs_mapping
    assert found.mapping == {"input": "Column 1", "output": "Column 2"}
    again = read_pasted(
        "Why is that so?\tBecause it is.\nAnd when?\tNever again.",
        {"input": "Column 1", "expected": "Column 2"},
    )
    assert again.failures[1] == Failure(input="And when?", expected="Never again.")


def test_csv_json_and_json_lines() -> None:
    expected = (Failure(input="a", output="b, c"),)
    assert read_pasted('input,output\na,"b, c"').failures == expected
    assert read_pasted('[{"input": "a", "output": "b, c"}]').failures == expected
    assert read_pasted('\ufeff{"input": "a", "output": "b, c"}\n').failures == expected


@pytest.mark.parametrize(
    "text",
    [
        "Q: one\nA: two\nand more\nExpected: three\n\nQ: four\nA: five\nExpected: six",
        "1. **Question:** one\n**Answer**: two\nand more\nSoll: three\n---\nFrage: four\n"
        "Output: five\nExpected answer: six",
    ],
)
def test_labelled_blocks(text: str) -> None:
    assert read_pasted(text).failures == (
        Failure(input="one", output="two\nand more", expected="three"),
        Failure(input="four", output="five", expected="six"),
    )


def test_blocks_on_one_line_each() -> None:
    found = read_pasted("Q: When? A: At 10 Expected: At 9: sharp\nQ: Where? A: no: there")
    assert found.failures == (
        Failure(input="When?", output="At 10", expected="At 9: sharp"),
        Failure(input="Where?", output="no: there"),
    )


def test_a_block_without_an_outcome_is_listed_with_its_line() -> None:
    found = read_pasted("Q: one\nA: two\n\nQ: three\n")
    assert len(found.failures) == 1
    assert [one.line for one in found.rejected] == [4]


def test_one_complaint_a_line_becomes_notes() -> None:
    found = read_pasted("- It is rude, always; and slow\n2) It invents prices: 5, 6\n\n")
    assert [failure.note for failure in found.failures] == [
        "It is rude, always; and slow",
        "It invents prices: 5, 6",
    ]
    assert found.recognised == "one complaint a line"


def test_only_a_mark_at_the_start_is_taken_for_a_bullet() -> None:
    found = read_pasted("2 * 3 = 7 is what it says\n**bold** text is wrong - always\n")
    assert [failure.note for failure in found.failures] == [
        "2 * 3 = 7 is what it says",
        "**bold** text is wrong - always",
    ]


def test_paragraphs_stay_whole() -> None:
    found = read_pasted("It is rude,\neven at night.\n\n[Urgent] It invents prices.\n")
    assert [failure.note for failure in found.failures] == [
        "It is rude,\neven at night.",
        "[Urgent] It invents prices.",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "is empty"), (" \n\t", "is empty"), ('[{"output": 1}', "is not JSON")],
)
def test_nothing_and_broken_json_are_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_pasted(text)


def test_markup_is_kept_as_text() -> None:
    (failure,) = read_pasted("<script>alert(1)</script>").failures
    assert failure.note == "<script>alert(1)</script>"


def test_which_column_was_read_as_what_is_said() -> None:
    found = read_pasted("Ticket\tBot said\tShould be\tdate\nA\tx\ty\t2026\nB\tv\tw\t2026\n")
    labels = {"id": "Id", "input": "Asked", "output": "Got", "expected": "Wanted"}
    said = columns_used(found, labels | {"note": "Comment", "context": "Shown"})
    for column in ("Ticket", "Bot said", "Should be", "date"):
        assert column in said
