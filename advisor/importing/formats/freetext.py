"""Rows from text of no stated form: a table, JSON, labelled blocks, or one complaint a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from advisor.errors import InputError, Problem
from advisor.importing.formats.delimited import find_separator, read_delimited
from advisor.importing.formats.json_records import read_json
from advisor.importing.tables.headers import known_headers, plain_name, recognised_headers
from advisor.importing.tables.import_result import FieldName
from advisor.importing.tables.table import Row, Table, check_rows
from advisor.proposal import FAILURE_LIMIT

_LABEL = re.compile(r"[-*•\d.)\s]{0,8}\**([^\W\d_][\w ]{0,29}?)\**\s?[:：]\**\s*(.*)", re.DOTALL)
_SHORT: dict[str, FieldName] = {
    "q": "input",
    "a": "output",
    "user": "input",
    "customer": "input",
    "bot": "output",
    "ai": "output",
    "model": "output",
    "answer": "output",
    "antwort": "output",
    "réponse": "output",
    "e": "expected",
}
_INNER = re.compile(r"(?<=\S)\s+(?=[A-ZÀ-Þ][\w ]{0,29}[:：]\s)")
_LABEL_LENGTH = 40
_RULER = re.compile(r"\s*([-=*_#])\1{2,}\s*")
_BULLET = re.compile(r"\A\s*(?:[-*•–]|\d{1,4}[.)])\s+")


def read_text(text: str, where: str) -> Table:
    """Return the rows of text whose form is not known.

    Args:
        text: spreadsheet cells, CSV, JSON, JSON lines, blocks such as `Q: … A: … Expected: …`
            or one complaint a line, which becomes a note.
        where: what to call the text in messages.

    Raises:
        InputError: there is nothing in it, too much, or it is broken JSON.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise InputError(Problem(where, "is empty", "Give at least one failure"))
    table = _json(text, where) or _cells(text, where) or _blocks(text, where)
    return table or _lines(text, where)


def _json(text: str, where: str) -> Table | None:
    """Read JSON; broken JSON is an error only where the text can be nothing else."""
    start = "".join(text[:100].split())
    if not start.startswith(("{", "[")):
        return None
    try:
        return read_json(text, where)
    except InputError:
        if start.startswith(('{"', '[{"', '["', "[[", "[]", "{}")):
            raise
        return None


def _cells(text: str, where: str) -> Table | None:
    """Read cells: tabs in most lines, or a first line that names at least two columns."""
    lines = text.strip("\n").split("\n")
    filled = [line for line in lines if line.strip()]
    if sum("\t" in line for line in filled) > 0.5 * len(filled):
        return read_delimited(text, where, "\t")
    separator = find_separator([line + "\n" for line in lines])
    names = [name.strip(' "') for name in filled[0].split(separator)]
    known = recognised_headers(names)
    if len(names) > 1 and len(filled) > 1 and known and 2 * known >= len(names):
        return read_delimited(text, where, separator)
    return None


def _blocks(text: str, where: str) -> Table | None:
    """Read labelled blocks; None where fewer than two kinds of label are used."""
    rows = list(islice((row for row in _labelled(text) if row.record), FAILURE_LIMIT + 1))
    fields = {name for row in rows for name in row.record}
    if len(fields) < 2 or not fields & {"output", "expected", "note"}:
        return None
    check_rows(where, len(rows))
    return Table(rows=rows, recognised="labelled blocks")


def _labelled(text: str) -> Iterator[Row]:
    """Give one row a block: a new one starts at a label that is taken, or after a ruler."""
    record: dict[str, list[str]] = {}
    start, current = 1, None
    for line, content in _pieces(text):
        field, words = _label(content)
        if _RULER.fullmatch(content) or (field and field in record):
            yield Row(start, _joined(record))
            record, current = {}, None
        if field:
            start = line if not record else start
            record[field], current = [words], field
        elif current and not _RULER.fullmatch(content):
            record[current].append(content)
    yield Row(start, _joined(record))


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Give each line with its number; one such as `Q: … A: …` is cut before the later labels."""
    for line, content in enumerate(text.split("\n"), start=1):
        start = 0
        if _label(content)[0]:
            for inner in _INNER.finditer(content):
                if _label(content[inner.end() : inner.end() + _LABEL_LENGTH])[0]:
                    yield line, content[start : inner.start()]
                    start = inner.end()
        yield line, content[start:]


def _joined(record: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: "\n".join(lines).strip() for name, lines in record.items()}


def _label(line: str) -> tuple[FieldName | None, str]:
    found = _LABEL.fullmatch(line)
    if not found:
        return None, ""
    word = plain_name(found[1])
    return _SHORT.get(word) or known_headers().get(word), found[2]


def _lines(text: str, where: str) -> Table:
    """Read one complaint a paragraph where blank lines part them, else one a line."""
    paragraphs = [(line, words) for line, words in _paragraphs(text)]
    parted = len(paragraphs) > 1
    found = paragraphs if parted else _single_lines(text)
    check_rows(where, len(found))
    kind = "paragraph" if parted else "line"
    rows = [Row(line, {"note": _BULLET.sub("", words, count=1).strip()}) for line, words in found]
    return Table(rows=rows, recognised=f"one complaint a {kind}")


def _single_lines(text: str) -> list[tuple[int, str]]:
    return [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    start = 1
    kept: list[str] = []
    for line, content in enumerate([*text.split("\n"), ""], start=1):
        if content.strip():
            start = line if not kept else start
            kept.append(content)
        elif kept:
            yield start, "\n".join(kept)
            kept = []
