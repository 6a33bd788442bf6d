"""An exported trail: every byte of it counts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.core.files import write_pieces
from advisor.domain.trail import START, Event, TrailEntry, TrailHead, Unreadable, follow
from advisor.errors import InputError
from advisor.review.audit.chain import ChainCheck
from advisor.review.audit.trail_file import check_export, exported

COUNT = 1_000
AT = datetime(2026, 11, 28, tzinfo=UTC)


def chain(count: int) -> list[TrailEntry]:
    head, rows = START, []
    for n in range(count):
        detail = {"reason": f"Zoë wrote “{n}”\n", "number": n}
        event = Event("approve_pilot", f"u{n % 7}", "reviewer", "p1", n + 1, "a" * 64, None, detail)
        rows.append(follow(head, event, AT))
        head = TrailHead(rows[-1].seq, rows[-1].hash)
    return rows


ROWS = chain(COUNT)
HEAD = TrailHead(COUNT, ROWS[-1].hash)
WHOLE = b"".join(exported(ROWS, HEAD))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "trail.jsonl"


def checked(file: Path, content: bytes, anchor: TrailHead | None = None) -> ChainCheck:
    file.write_bytes(content)
    return check_export(file, anchor)


def test_an_intact_export_is_intact(file: Path) -> None:
    assert checked(file, WHOLE) == (HEAD, None)
    assert checked(file, WHOLE, HEAD) == (HEAD, None)
    assert checked(file, b"".join(exported([], START))) == (START, None)


@settings(max_examples=150)
@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255), st.integers(0, 1))
def test_every_byte_changed_or_put_in_is_found(
    tmp_path_factory: pytest.TempPathFactory, place: int, byte: int, taken: int
) -> None:
    """In a trail of 1,000 rows; `taken` is 0 where the byte is put in before another one."""
    changed = WHOLE[:place] + bytes([byte]) + WHOLE[place + taken :]
    if changed == WHOLE:
        return
    found = checked(tmp_path_factory.getbasetemp() / "changed.jsonl", changed)
    row = WHOLE.count(b"\n", 0, place) + 1
    assert found.fault and found.fault.seq in {row, row - 1, row + 1}


@pytest.mark.parametrize("flip", [1, 128])
def test_each_single_byte_of_a_row_and_of_the_head_is_found(file: Path, flip: int) -> None:
    """One bit of each byte in turn: another letter, or no text at all."""
    small = b"".join(exported(ROWS[:1], TrailHead(1, ROWS[0].hash)))
    for place, byte in enumerate(small):
        changed = small[:place] + bytes([byte ^ flip]) + small[place + 1 :]
        assert checked(file, changed).fault, place


@given(st.integers(0, len(WHOLE) - 1))
def test_every_cut_is_found_without_an_anchor(
    tmp_path_factory: pytest.TempPathFactory, place: int
) -> None:
    """Because the head is in the last line."""
    file = tmp_path_factory.getbasetemp() / "cut.jsonl"
    if place:
        assert checked(file, WHOLE[:place]).fault


def test_a_cut_with_a_head_of_its_own_is_found_with_the_anchor_only(file: Path) -> None:
    cut = b"".join(exported(ROWS[:990], TrailHead(990, ROWS[989].hash)))
    assert checked(file, cut).fault is None
    found = checked(file, cut, HEAD)
    assert found.fault and found.fault.seq == 991


@pytest.mark.parametrize("ending", [b"", b"\r\n", b"{}\n", b"\xff\n", b'{"head":1}\n'])
def test_a_line_after_the_head_is_found(file: Path, ending: bytes) -> None:
    assert bool(checked(file, WHOLE + ending).fault) == bool(ending)


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b"1",
        b"{" * 5_000,
        b'{"seq":' + b"9" * 5_000 + b"}",
        b"x" * 17_000_000,
        b'{"seq":1,"seq":1}',
        b"\x00",
    ],
)
def test_what_is_no_row_is_said_in_a_line(file: Path, line: bytes) -> None:
    found = checked(file, line + b"\n" + WHOLE)
    assert found.fault and found.fault.seq == 1
    assert len(str(found.fault)) < 300


def test_the_same_row_written_in_another_way_is_found(file: Path) -> None:
    first, rest = WHOLE.split(b"\n", 1)
    for other in (
        first.replace(b'","', b'", "', 1),
        first.replace("ë".encode(), b"\\u00eb"),
        first.replace(b'"seq":1,', b'"seq":1.0,'),
        b'{"seq":1,' + first.replace(b'"seq":1,', b"")[1:],
    ):
        assert other != first
        found = checked(file, other + b"\n" + rest)
        assert found.fault and found.fault.seq == 1


def test_a_row_that_cannot_be_read_leaves_its_place_in_the_export(file: Path) -> None:
    lines = exported([*ROWS[:4], Unreadable("row.at: is nothing"), *ROWS[5:]], HEAD)
    found = checked(file, b"".join(lines))
    assert found.fault and found.fault.seq == 5


def test_a_file_that_is_not_there_or_empty_is_wrong_input(file: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        check_export(file)
    with pytest.raises(InputError, match="is a folder"):
        check_export(file.parent)
    with pytest.raises(InputError, match="is empty"):
        checked(file, b"")


def test_a_file_that_cannot_be_written_to_its_end_is_left_as_it_was(file: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"new"
        raise OSError(28, "No space left on device")

    file.write_bytes(b"old")
    with pytest.raises(InputError, match="No space left"):
        write_pieces(file, broken())
    assert (file.read_bytes(), os.listdir(file.parent)) == (b"old", [file.name])
