from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.rules.loading.yaml_lines import LineError, YamlPlace, parse


def test_every_part_knows_its_line() -> None:
    parsed = parse(b"- id: a\n  when:\n    - x\n    - y\n- id: b\n")
    (_, first), (_, second) = parsed.items()
    assert (first.line(), first.line("when"), first.line("when", 1), second.line()) == (1, 2, 4, 5)


def test_a_part_that_is_not_there_has_the_line_around_it() -> None:
    assert YamlPlace(parse(b"a:\n  b: 1\n").node).line("a", "c", "d") == 1


def test_keys_stay_words_and_values_do_not() -> None:
    assert parse(b"on: yes\nyes: 1\n3: no\n").data == {"on": True, "yes": 1, "3": False}


def test_windows_files_read_the_same() -> None:
    assert parse(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n").data == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("content", "what", "line"),
    [
        (b"", "is empty", 0),
        (b"# only a comment\n", "is empty", 0),
        (b"\xff\xfe", "not UTF-8", 0),
        (b"a: 1\nb: [", "not YAML", 3),
        (b"- !retrieval_tried\n", "holds a tag", 1),
        (b"a: 1\na: 2\n", "'a' twice", 2),
        (b"a: &x 1\nb: *x\n", "*x", 2),
        (b"[1]: 2\n", "key that is not a word", 1),
        (b"a: 2020-13-45\n", "YAML cannot read", 0),
        (b"a: !!int x\n", "holds a tag", 1),
        (b"a: !!bool x\n", "holds a tag", 1),
        (b"a: !!timestamp x\n", "holds a tag", 1),
        (b"[" * 200_000, "nested too deeply", 1),
        (b"- " * 200_000, "nested too deeply", 1),
        (b"a: \x00\n", "not YAML", 0),
    ],
)
def test_what_is_not_plain_yaml_is_refused_with_its_line(
    content: bytes, what: str, line: int
) -> None:
    with pytest.raises(LineError) as caught:
        parse(content)
    assert what in caught.value.what
    assert caught.value.line == line


@given(st.one_of(st.binary(max_size=80), st.text(max_size=80).map(str.encode)))
def test_any_bytes_parse_or_are_refused(content: bytes) -> None:
    try:
        parse(content)
    except LineError:
        pass
