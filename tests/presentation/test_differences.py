"""What differs between two versions, told so that a long text does not hide it."""

import pytest

from advisor.presentation.differences import AROUND, Difference, around

LONG = "word " * 40_000


def test_a_short_difference_stays_as_it_is() -> None:
    one = Difference("The prompt today", "old", "new")
    assert around(one) is one


def test_a_long_text_is_cut_to_where_it_differs() -> None:
    found = around(Difference("Failure f1", f"{LONG}old ending", f"{LONG}new ending"))
    assert "old ending" in found.before
    assert "new ending" in found.after
    assert found.before.startswith("(199,800 characters before this are the same) … ")
    assert max(len(found.before), len(found.after)) < AROUND + 200


@pytest.mark.parametrize(("before", "after"), [("nothing", LONG), (LONG, "nothing")])
def test_what_is_left_out_behind_is_counted(before: str, after: str) -> None:
    found = around(Difference("Failure f1", before, after))
    longer = max(found.before, found.after, key=len)
    assert longer.endswith(f" … ({len(LONG) - AROUND:,} more characters)")
    assert "nothing" in (found.before, found.after)
