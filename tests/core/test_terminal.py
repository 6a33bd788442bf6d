"""Text from users on a terminal: shown, never obeyed."""

import io
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.core.terminal import (
    json_line,
    one_line,
    speak_utf8,
    visible,
    write_message,
    write_results,
)
from advisor.errors import AdvisorError

ANY = st.text(st.characters())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        ("a\rb\x9bc", r"a\rb\x9bc"),
        ("gpj\u202eexe", r"gpj\u202eexe"),
        ("\udce9", r"\udce9"),
        ("naïve [bold] — ✓ שלום\t", "naïve [bold] — ✓ שלום\t"),
    ],
)
def test_what_steers_a_terminal_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(ANY)
def test_one_line_stays_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    assert "\x1b" not in one_line(text)


@given(ANY)
def test_a_json_line_is_one_harmless_line_that_reads_back_the_same(text: str) -> None:
    line = json_line({text: text})
    assert json.loads(line) == {text: text}
    assert line.isprintable() or not any(
        ord(letter) < 160 and not letter.isprintable() for letter in line
    )
    assert len(line.splitlines()) == 1
    line.encode("utf-8")


def test_a_terminal_with_an_old_alphabet_gets_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(raw, encoding="ascii"))
    speak_utf8()
    write_message("Größe …\nnext")
    sys.stderr.flush()
    assert raw.getvalue().decode() == "Größe …\nnext\n"


def test_a_full_disk_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def flush(self) -> None:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(AdvisorError, match="No space left on device"):
        write_results("text")
