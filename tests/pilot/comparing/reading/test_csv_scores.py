"""Scores from CSV files as people and spreadsheets write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import InputError
from advisor.pilot.comparing import ScoreTable, compare
from advisor.pilot.comparing.reading import ScoreFile, read_scores


def read(*texts: str | bytes, **more: str) -> ScoreTable:
    sources = [
        ScoreFile(f"scores{place}.csv", text.encode() if isinstance(text, str) else text, **more)
        for place, text in enumerate(texts)
    ]
    return read_scores(sources).table


def column(table: ScoreTable, arm: str) -> list[float | None]:
    return [None if math.isnan(value) else value for value in table.column(arm).tolist()]


def problems(*texts: str | bytes) -> str:
    with pytest.raises(InputError) as refused:
        read(*texts)
    return str(refused.value)


def test_a_table_is_read_as_it_stands() -> None:
    table = read("case,group,prompt,fine_tuning\n1,a,0,1\n2,a,0.5,\n3,,1,1\n")
    assert table.cases == ("1", "2", "3")
    assert table.arms == ("prompt", "fine_tuning")
    assert table.groups == ("group a", "group a", "case 3")
    assert column(table, "prompt") == [0, 0.5, 1]
    assert column(table, "fine_tuning") == [1, None, 1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\ufeffcase,a\r\n1,1\r\n", [1]),
        ("Case;a\n1;0,5\n2;1\n", [0.5, 1]),
        ("case\ta\n1\t 0.25 \n", [0.25]),
        ("case,a,,\n1,1,,\n\n2,0,,\n", [1, 0]),
        ("case,a\n1,TRUE\n2,fail\n3,yes\n", [1, 0, 1]),
        ("case,a\n1,NaN\n2,n/a\n3,-\n4,1e-1\n", [None, None, None, 0.1]),
        ("case,a\n1\n2,1\n", [None, 1]),
        ('"case","a"\n"one\ntwo","1"\n', [1]),
        ("case,a\n1,1\n".encode("utf-16"), [1]),
        ("case,a\nMüller,1\n".encode("cp1252"), [1]),
    ],
)
def test_spreadsheets_write_it_in_many_ways(
    text: str | bytes, expected: list[float | None]
) -> None:
    assert column(read(text), "a") == expected


def test_several_files_are_joined_by_case() -> None:
    table = read("case,a\n1,1\n2,0\n", "case,group,b\n2,g,1\n3,h,0\n")
    assert table.cases == ("1", "2", "3")
    assert column(table, "a") == [1, 0, None]
    assert column(table, "b") == [None, 1, 0]
    assert table.groups == ("case 1", "group g", "group h")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("\n\n", "holds no rows"),
        ("case,a\n", "holds only a header row"),
        ("id,a\n1,1\n", "has no column `case`"),
        ("case,group\n1,x\n", "has no arm"),
        ("case,a,a\n1,1,1\n", "has the column 'a' 2 times"),
        ("case,a\n1,1\n1,0\n", "line 3: repeats the case '1' of line 2"),
        ("case,a\n,1\n", "line 2: has no case"),
        ("case,a\n1,good\n", "line 2: has 'good' under a, which is not a number"),
        ("case,a\n1,inf\n", "'inf' under a"),
        ("case,a\n1,1e999\n", "'1e999' under a"),
        ("case,a\n1,1_000\n", "'1_000' under a"),
        ("case,a\n1,٣\n", "which is not a number"),
        ("case,a\n1,1,0\n", "line 2: has 3 cells where the header has 2"),
        (b"PK\x03\x04 not a log", "is damaged"),
        (b"\x89PNG\r\n", "is a picture"),
        (b"\x81\x00\x00\x00\x02\x03", "does not hold text"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str | bytes, said: str) -> None:
    assert said in problems(text)


def test_everything_wrong_is_said_at_once_up_to_a_limit() -> None:
    assert len(problems("case,a\n1,x\n2,y\n").splitlines()) == 2
    many = "case,a\n" + "".join(f"{place},x\n" for place in range(500))
    assert len(problems(many).splitlines()) == 20


def test_files_that_contradict_each_other_are_refused() -> None:
    assert "scores a on 1 a second time" in problems("case,a\n1,1\n", "case,a\n1,0\n")
    assert "another group" in problems("case,group,a\n1,x,1\n", "case,group,b\n1,y,1\n")


def test_a_name_in_front_is_for_one_arm_only() -> None:
    assert read("case,a\n1,1\n", arm="renamed").arms == ("renamed",)
    with pytest.raises(InputError, match="holds 2 arms"):
        read("case,a,b\n1,1,1\n", arm="renamed")


def test_too_many_arms_are_refused() -> None:
    header = ",".join(f"arm{place}" for place in range(41))
    row = ",".join("1" for _ in range(41))
    assert "41 arms" in problems(f"case,{header}\n1,{row}\n")


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fall_over(data: bytes) -> None:
    try:
        compare(read(data))
    except InputError as error:
        assert error.problems


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=8), min_size=1, max_size=30))
def test_no_cells_make_it_fall_over(cells: list[str]) -> None:
    rows = [cells[place : place + 3] for place in range(0, len(cells), 3)]
    text = "case,a,b\n" + "\n".join(",".join(row) for row in rows)
    try:
        compare(read(text))
    except InputError as error:
        assert error.problems
