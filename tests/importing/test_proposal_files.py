"""Proposal files: every wrong file is refused with one clear line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from advisor.core.files import write_whole
from advisor.errors import InputError
from advisor.importing.proposals import read_lines, read_proposal

GOOD = '{"title": "t", "description": "d"}'


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", b"{", "line 1, column 2"),
        ("a.json", b"", "is empty"),
        ("a.yaml", b" \r\n", "is empty"),
        ("a.json", b"\xff\xfe\x00", "not UTF-8"),
        ("a.json", b"[]", "one proposal on each line"),
        ("a.json", b'"text"', "not an object"),
        ("a.yaml", b"a: [", "not YAML"),
        ("a.txt", b"x", "ending .txt"),
        ("a", b"x", "ending none"),
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


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()
    with pytest.raises(InputError, match=r"a\.json: is a folder"):
        read_proposal(tmp_path / "a.json")


@pytest.mark.parametrize("name", ["x" * 300 + ".json", "a\0b.json"])
def test_a_name_that_no_file_can_have_is_no_fault(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_proposal(tmp_path / name)


@pytest.mark.parametrize(
    ("refusal", "words"),
    [(PermissionError(13, "no"), "may not be read"), (OSError(5, "I/O error"), "I/O error")],
)
@pytest.mark.parametrize("read", [read_proposal, lambda path: list(read_lines(path))])
def test_a_file_that_cannot_be_read_is_said_so(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    refusal: OSError,
    words: str,
    read: Callable[[Path], object],
) -> None:
    path = tmp_path / "a.json"
    path.write_text(GOOD, encoding="utf-8")

    def refuse(*_: object) -> None:
        raise refusal

    monkeypatch.setattr(Path, "open", refuse)  # tests may run as root, whom no file refuses
    with pytest.raises(InputError, match=words):
        read(path)


def test_a_line_that_is_too_long_ends_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advisor.importing.proposals.FILE_LIMIT", 100)
    path = tmp_path / "a.jsonl"
    path.write_text(f"{GOOD}\n{'x' * 300}\n{GOOD}\n", encoding="utf-8")
    lines = list(read_lines(path))
    assert [line.proposal is None for line in lines] == [False, True]
    assert "reading stops here" in str(lines[1].problems[0])


def test_windows_line_ends_are_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(f"{GOOD}\r\n\r\n{GOOD}\r\n".encode())
    assert [line.number for line in read_lines(path) if line.proposal] == [1, 3]


def test_a_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"before")
    path.chmod(0o600)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(InputError, match="No space left"):
        patch.setattr("os.fsync", full)
        write_whole(path, b"after")
    assert path.read_bytes() == b"before"
    write_whole(path, b"after")
    assert path.read_bytes() == b"after"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["a.md"]


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link.md").symlink_to(tmp_path / "real.md")
    write_whole(tmp_path / "link.md", b"text")
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_bytes() == b"text"


def test_a_device_stays_a_device() -> None:
    write_whole(Path("/dev/null"), b"text")
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize(
    ("name", "words"),
    [(".", "is a folder"), ("none/a.md", "its folder does not exist"), ("x" * 300, "too long")],
)
def test_a_place_that_cannot_be_written_is_said_so(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        write_whole(tmp_path / name, b"text")
