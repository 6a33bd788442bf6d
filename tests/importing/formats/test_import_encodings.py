"""Files in old, mixed or damaged encodings become failures, and are told about."""

from __future__ import annotations

import pytest

from advisor.importing import read_failures
from advisor.proposal import Failure


@pytest.mark.parametrize(
    ("codec", "shown"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_common_encodings_are_read(codec: str, shown: str) -> None:
    data = "Eingabe;Ausgabe\nGrüße aus Köln;„falsch“\n".encode(codec)
    found = read_failures("a.csv", data)
    assert found.failures == (Failure(input="Grüße aus Köln", output="„falsch“"),)
    assert found.encoding == shown


def test_cyrillic_in_an_old_encoding_is_read() -> None:
    text = "вопрос;вывод\nКогда вы открываетесь завтра утром?;Мы никогда не открываемся\n" * 5
    found = read_failures("a.csv", text.encode("cp1251"))
    assert found.failures[0].output == "Мы никогда не открываемся"
    assert any("save as UTF-8" in note for note in found.notes)


def test_rows_of_two_encodings_are_not_taken_for_a_third() -> None:
    data = "input,output\nGrüße,ok\n".encode() + "Köln,schön\n".encode("cp1252")
    found = read_failures("a.csv", data)
    assert found.encoding == "UTF-8"
    assert [failure.input for failure in found.failures] == ["Grüße", "K\ufffdln"]
    assert any("2 characters are not valid UTF-8" in note for note in found.notes)


def test_a_few_broken_bytes_do_not_turn_utf8_into_something_else() -> None:
    data = "input,output\nGrüße,schön\n".encode() + b"broken \xff,caf\xc3\xa9\n"
    found = read_failures("a.csv", data)
    assert found.encoding == "UTF-8"
    assert found.failures[0].input == "Grüße"
    assert any("not valid UTF-8" in note for note in found.notes)
