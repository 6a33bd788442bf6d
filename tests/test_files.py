"""Proposal files: every wrong file is refused with one clear line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import InputError
from advisor.files import parse_json, parse_yaml, read_lines, read_proposal

GOOD = '{"title": "t", "description": "d"}'


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", b"{", "line 1, column 2"),
        ("a.json", b'{"title": NaN}', "NaN"),
        ("a.json", b"[" * 100_000, "nested too deeply"),
        ("a.json", b'{"title": ' + b"9" * 5000 + b"}", "number"),
        ("a.json", b"\xff\xfe\x00", "not UTF-8"),
        ("a.json", b"[]", "not an object"),
        ("a.yaml", b"a: [", "not YAML"),
        ("a.yaml", b"a: &x [1]\nb: *x", "aliases"),
        ("a.yaml", b"!!python/object/apply:os.system [echo]", "not YAML"),
        ("a.txt", b"x", "ending .txt"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_proposal(path)


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_proposal(tmp_path / "none.json")


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)
    with pytest.raises(InputError, match="limit is 100 MB"):
        read_proposal(path)


def test_a_byte_order_mark_is_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(GOOD, encoding="utf-8-sig")
    assert read_proposal(path).title == "t"


def test_a_bad_line_does_not_stop_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{GOOD}\nnot json\n\n{GOOD}\n", encoding="utf-8")
    lines = list(read_lines(path))
    assert [line.number for line in lines] == [1, 2, 4]
    assert lines[1].proposal is None
    assert "a.jsonl:2" in str(lines[1].problems[0])


@given(st.text())
def test_any_text_is_data_or_a_problem(text: str) -> None:
    for parse in (parse_json, parse_yaml):
        try:
            parse(text, "x")
        except InputError as error:
            assert "\n" not in str(error)
