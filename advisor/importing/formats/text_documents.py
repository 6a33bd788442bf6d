"""The text of a project document: Markdown, plain text, Word or PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from advisor.core.files import check_size
from advisor.core.text import ending, shown, storable
from advisor.errors import InputError, Problem
from advisor.importing.formats.decoding import decode
from advisor.importing.formats.subprocess_reader import check_unlocked, check_unpacked, read_apart
from advisor.importing.tables.import_result import DOCUMENT_LIMIT, ImportedDocument


@dataclass(frozen=True)
class _DocumentFormat:
    endings: tuple[str, ...]
    read: Callable[[bytes, str], ImportedDocument]


def _plain(recognised: str) -> Callable[[bytes, str], ImportedDocument]:
    def reader(data: bytes, where: str) -> ImportedDocument:
        decoded = decode(data, where)
        return _document(decoded.text, recognised, where, notes=decoded.notes)

    return reader


def _docx(data: bytes, where: str) -> ImportedDocument:
    check_unlocked(data, where)
    check_unpacked(data, where)
    return _document(read_apart("docx", data, where)["text"], "Word document", where)


def _pdf(data: bytes, where: str) -> ImportedDocument:
    if b"%PDF-" not in data[:1024]:
        raise InputError(Problem(where, "is not a PDF", "Check the ending of the file's name"))
    found = read_apart("pdf", data, where)
    pages = found["pages"]
    if not found["text"].strip():
        mend = "Run text recognition (OCR) on it, or paste the text"
        raise InputError(Problem(where, "holds pictures of pages, but no text", mend))
    return _document(found["text"], "PDF", where, pages=pages)


_FORMATS: tuple[_DocumentFormat, ...] = (
    _DocumentFormat(("md", "markdown"), _plain("Markdown")),
    _DocumentFormat(("txt", "text"), _plain("plain text")),
    _DocumentFormat(("docx",), _docx),
    _DocumentFormat(("pdf",), _pdf),
)
DOCUMENT_ENDINGS: tuple[str, ...] = tuple(one for each in _FORMATS for one in each.endings)
"""Endings of the files that `read_document` takes."""


def read_document(name: str, data: bytes) -> ImportedDocument:
    """Return the text of a document; what is over 200,000 characters is cut, and a note says so.

    Args:
        name: the file's name; only its ending is looked at, it is never opened.
        data: the file's bytes, at most 20 MB.

    Raises:
        InputError: it is of another kind, damaged, locked, too large, or has no text.
    """
    where = shown(name)
    check_size(where, len(data))
    for kind in _FORMATS:
        if ending(name) in kind.endings:
            return kind.read(data, where)
    mend = f"Use a file that ends in {', '.join(DOCUMENT_ENDINGS)}, or paste the text"
    raise InputError(Problem(where, "is of a kind that is not read here", mend))


def read_pasted_document(text: str) -> ImportedDocument:
    """Return pasted text as a document, with the same limits.

    Raises:
        InputError: there is nothing in it, or it is too large.
    """
    where = "pasted text"
    check_size(where, len(text.encode("utf-8", "replace")))
    return _document(text, "pasted text", where)


def _document(
    text: str,
    recognised: str,
    where: str,
    pages: int | None = None,
    notes: tuple[str, ...] = (),
) -> ImportedDocument:
    text = storable(text).replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        raise InputError(Problem(where, "holds no text", "Choose another file, or paste the text"))
    if len(text) > DOCUMENT_LIMIT:
        cut = f"Only the first {DOCUMENT_LIMIT:,} characters were read; the rest was left out."
        text, notes = text[:DOCUMENT_LIMIT], (*notes, cut)
    return ImportedDocument(text=text, pages=pages, recognised=recognised, notes=notes)
