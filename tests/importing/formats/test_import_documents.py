"""Project documents give their text, with limits and without running anything."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
import typst
from packing import with_entry

from advisor.errors import InputError
from advisor.importing import read_document, read_pasted_document
from advisor.importing.tables.import_result import DOCUMENT_LIMIT


def pdf(source: str) -> bytes:
    made = typst.compile(source.encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


def word(*, paragraphs: int = 1) -> bytes:
    document = docx.Document()
    document.add_heading("Help desk", level=2)
    for _ in range(paragraphs):
        document.add_paragraph("The bot invents opening hours. " * 20)
    table = document.add_table(rows=2, cols=2)
    for place, text in enumerate(["Question", "Wrong", "When?", "At 25:00"]):
        table.cell(place // 2, place % 2).text = text
    document.add_paragraph("The end.")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["a.md", "a.txt", "A.MARKDOWN"])
def test_text_and_markdown(name: str) -> None:
    found = read_document(name, "# Über uns\r\n\r\nText\x00".encode())
    assert found.text == "# Über uns\n\nText"
    assert found.pages is None


def test_a_word_document_keeps_the_order_of_headings_text_and_tables() -> None:
    found = read_document("a.docx", word())
    assert found.recognised == "Word document"
    order = ["## Help desk", "The bot invents", "Question | Wrong\nWhen? | At 25:00", "The end."]
    places = [found.text.index(part) for part in order]
    assert places == sorted(places)


def test_a_pdf_gives_text_and_pages() -> None:
    found = read_document("a.pdf", pdf("The bot invents hours. #pagebreak() Second page."))
    assert found.pages == 2
    assert found.text == "The bot invents hours.\n\nSecond page."


def test_a_pdf_without_text_says_so() -> None:
    with pytest.raises(InputError, match="no text"):
        read_document("a.pdf", pdf("#rect()"))


def test_a_locked_pdf_says_so() -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("secret"))))
    writer.encrypt("word", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    with pytest.raises(InputError, match="locked with a password"):
        read_document("a.pdf", buffer.getvalue())


def test_long_documents_are_cut_and_the_person_is_told() -> None:
    for found in (
        read_document("a.txt", b"word " * DOCUMENT_LIMIT),
        read_document("a.docx", word(paragraphs=400)),
        read_pasted_document("word " * DOCUMENT_LIMIT),
    ):
        assert len(found.text) == DOCUMENT_LIMIT
        assert "first 200,000 characters" in found.notes[0]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.md", b"", "is empty"),
        ("a.md", b" \n", "holds no text"),
        ("a.exe", b"x", "ends in md"),
        ("a.pdf", b"x", "not a PDF"),
        ("a.pdf", b"%PDF-1.7\ngarbage", "cannot|can be read|damaged"),
        ("a.docx", b"x", "cannot be unpacked"),
        ("a.txt", b"%PDF-1.7", "is a PDF"),
        ("a.txt", b"x" * 20_000_001, "limit is 20 MB"),
    ],
)
def test_documents_that_cannot_be_read_say_why(name: str, data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as raised:
        read_document(name, data)
    assert "\n" not in str(raised.value)


def test_a_packed_file_that_is_no_word_document_says_so() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("x", "y")
    with pytest.raises(InputError, match="not a Word document"):
        read_document("a.docx", buffer.getvalue())


def test_entities_in_a_word_document_are_never_expanded_or_fetched() -> None:
    original = word()
    with zipfile.ZipFile(io.BytesIO(original)) as packed:
        xml = packed.read("word/document.xml").decode()
    attack = (
        '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        '<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    )
    head, _, rest = xml.partition("?>")
    changed = f"{head}?>{attack}{rest.replace('The end.', 'END&b;&f;')}".encode()
    try:
        text = read_document("a.docx", with_entry(original, "word/document.xml", changed)).text
    except InputError:
        text = ""
    assert "root:" not in text
    assert "lol" not in text
