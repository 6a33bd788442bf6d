"""What is written is read back unchanged, and no spreadsheet runs it."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.core.text import restore
from advisor.importing import neutralise, read_failures, write_csv, write_jsonl
from advisor.proposal import Failure

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
TRICKY = st.text(st.sampled_from("='+-@\t\r\n\" ,;'a＝\ufeff"), max_size=12)
FIELDS = st.none() | TEXTS | TRICKY
FAILURES = st.builds(
    Failure,
    input=FIELDS,
    output=FIELDS,
    expected=FIELDS,
    note=(TEXTS | TRICKY).filter(str.strip),
    context=FIELDS,
)


@given(st.lists(FAILURES, min_size=1, max_size=5))
@settings(deadline=None, max_examples=200)
def test_csv_and_json_lines_are_read_back_unchanged(failures: list[Failure]) -> None:
    assert list(read_failures("a.csv", write_csv(failures).encode()).failures) == failures
    assert list(read_failures("a.jsonl", write_jsonl(failures).encode()).failures) == failures


@given(TEXTS | TRICKY)
def test_restoring_undoes_neutralising(text: str) -> None:
    assert restore(neutralise(text)) == text


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "'=1", "＝1"])
def test_formulas_are_neutralised(cell: str) -> None:
    assert neutralise(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "plain", "a=b", "'quoted'", "3 - 2"])
def test_plain_text_is_left_alone(cell: str) -> None:
    assert neutralise(cell) == cell


@given(st.lists(FAILURES, min_size=1, max_size=3))
def test_no_written_cell_starts_like_a_formula(failures: list[Failure]) -> None:
    for row in csv.reader(io.StringIO(write_csv(failures), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
