"""Documents to look things up in: files with text, and tables with one document a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from advisor.core.text import ending, shown, storable
from advisor.domain.cases import DOCUMENT_LIMIT, TEXT_LIMIT, Case, Document
from advisor.domain.pilot_result import Finding
from advisor.errors import InputError, Problem
from advisor.importing.failures import read_table
from advisor.importing.formats.text_documents import DOCUMENT_ENDINGS, read_document
from advisor.importing.tables.columns import column_names
from advisor.importing.tables.headers import plain_name
from advisor.importing.tables.table import as_text
from advisor.pilot.data.case_columns import no_column
from advisor.pilot.data.case_rows import ENDINGS as TABLE_ENDINGS
from advisor.pilot.data.gathered_problems import GatheredProblems
from advisor.pilot.data.passages import OVERLAP, PASSAGE, passages, plain
from advisor.pilot.data.spec_paths import Upload

ENDINGS = DOCUMENT_ENDINGS + TABLE_ENDINGS
"""Endings of the files that documents are read from."""
_TEXTS = ("text", "content", "body", "passage", "document", "page content", "chunk", "answer")
_IDS = ("id", "doc id", "document id", "passage id", "key", "url", "source")
_TITLES = ("title", "heading", "name", "subject", "question")
_ID_LETTERS = 180


@dataclass
class Corpus:
    """The passages of all documents, by the id of the document they come from."""

    parts: dict[str, tuple[Document, ...]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def documents(self) -> tuple[Document, ...]:
        """All passages, in the order they were read."""
        return tuple(part for parts in self.parts.values() for part in parts)

    def add(self, name: str, title: str, text: str) -> None:
        """Put a document in, in passages; an id that is taken gets a number."""
        base, copy = name[:_ID_LETTERS], 2
        key = base
        while key in self.parts:
            key, copy = f"{base}-{copy}", copy + 1
        found = list(passages(text))
        ids = [key] if len(found) == 1 else [f"{key}#{n}" for n in range(1, len(found) + 1)]
        self.parts[key] = tuple(
            Document(id=one, text=part, title=title[:200])
            for one, part in zip(ids, found, strict=True)
        )


def read_documents(uploads: Sequence[Upload]) -> Corpus:
    """Return the documents in files, long ones cut into passages.

    Raises:
        InputError: one problem for each file that cannot be read, named.
    """
    corpus, gathered = Corpus(), GatheredProblems()
    gathered.each(
        lambda upload: _READERS.get(ending(upload.name), _unread)(upload, corpus), uploads
    )
    count = len(corpus.documents)
    if count > DOCUMENT_LIMIT:
        what = f"have {count:,} passages; the limit is {DOCUMENT_LIMIT:,}"
        gathered.problems.append(Problem("documents", what, "Give those that the cases need"))
    gathered.check()
    corpus.findings += _cut(corpus.parts.values())
    return corpus


def _cut(parts: Iterable[tuple[Document, ...]]) -> Iterator[Finding]:
    long = [part for part in parts if len(part) > 1]
    if long:
        what = (
            f"{len(long)} long documents were cut into {sum(map(len, long))} passages of at most "
            f"{PASSAGE} characters, neighbours sharing up to {OVERLAP}."
        )
        yield Finding(check="file", severity="note", what=what)


def _file(upload: Upload, corpus: Corpus) -> None:
    found = read_document(upload.name, upload.data)
    corpus.findings += [
        Finding(check="file", severity="warning", what=f"{shown(upload.name)}: {note}")
        for note in found.notes
    ]
    first = found.text.partition("\n")[0].lstrip("# ").strip()
    title = first if found.text.startswith("#") else shown(upload.name).rpartition(".")[0]
    corpus.add(storable(upload.name), storable(title), found.text)


def _table(upload: Upload, corpus: Corpus) -> None:
    where = shown(upload.name)
    table = read_table(upload.name, upload.data, TABLE_ENDINGS)
    names = {plain_name(name): name for name in reversed(column_names(table))}
    text, key, title = (_first(names, wanted) for wanted in (_TEXTS, _IDS, _TITLES))
    if text is None:
        raise InputError(no_column("text", list(names.values())[:10], where, "Name it 'text'"))
    problems = [
        Problem(f"{where}, row {row.line}", row.reason, "Mend the row") for row in table.rejected
    ]
    for row in table.rows:
        words = _words(row.record, text)
        if not words or len(words) > TEXT_LIMIT:
            what = "has no text" if not words else f"has {len(words):,} characters of text"
            mend = f"Take it out, or cut it; the limit is {TEXT_LIMIT:,} characters"
            problems.append(Problem(f"{where}, row {row.line}", what, mend))
            continue
        heading = _words(row.record, title) if title != text else ""
        corpus.add(_words(row.record, key) or f"row-{row.line}", heading, words)
    if problems:
        raise InputError(problems)


def _unread(upload: Upload, corpus: Corpus) -> None:
    mend = f"Take it out of the folder, or save it as one of {', '.join(ENDINGS)}"
    raise InputError(Problem(shown(upload.name), "is of a kind that is not read here", mend))


def _first(names: Mapping[str, str], wanted: Sequence[str]) -> str | None:
    return next((names[plain_name(one)] for one in wanted if plain_name(one) in names), None)


def _words(record: Mapping[str, Any], name: str | None) -> str:
    return storable(as_text(record.get(name)).replace("\x00", "").strip()) if name else ""


_READERS = dict.fromkeys(DOCUMENT_ENDINGS, _file) | dict.fromkeys(TABLE_ENDINGS, _table)


def with_gold(cases: Sequence[Case], corpus: Corpus) -> tuple[list[Case], list[Finding]]:
    """Name the passages that hold the answer where a case names a whole document.

    Of a document in several passages these are the ones with the wanted answer in them, else all.
    """
    if not corpus.parts or not any(case.gold for case in cases):
        return list(cases), []
    lost = [case.id for case in cases if any(name not in corpus.parts for name in case.gold)]
    what = f"{len(lost)} cases name a document in gold that is not there; those names are left out."
    findings = [Finding(check="file", severity="warning", what=what, cases=tuple(lost))]
    found = [case.model_copy(update={"gold": tuple(_gold(case, corpus))}) for case in cases]
    return found, findings if lost else []


def _gold(case: Case, corpus: Corpus) -> Iterator[str]:
    answer = plain(case.expected)
    for name in case.gold:
        parts = corpus.parts.get(name, ())
        holding = [part.id for part in parts if answer in plain(part.text)]
        yield from holding or (part.id for part in parts)
