from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta, timezone
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pypdf import PdfReader
from sample_assessment import ABSTAINED, ASSESSMENT, AT, DRAFT, EMPTY, EMPTY_DRAFT
from small_book import BOOK

from advisor.documents.recommendation import build
from advisor.documents.record import Record, tidy
from advisor.documents.render import (
    WRITERS,
    as_json,
    escape_markdown,
    html,
    html_of,
    markdown,
    markdown_of,
    pdf,
    pdf_of,
)
from advisor.domain.assessment import Assessment
from advisor.proposal import Current, Draft, Failure

RECORD = build(DRAFT, ASSESSMENT, BOOK, AT)
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
LAYOUT = {"kind", "id", "mark", "link", "svg", "favours", "abstained"}
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</style></title><svg onload=alert(1)>",
    "a | b | c",
    "`code` ```fence```",
    "[text](javascript:alert(1)) ![x](http://example.com/x.png)",
    "<http://example.com> http://example.com www.example.com",
    "# heading ## ##",
    "- item",
    "1. item",
    "12) item",
    "+ item",
    "> quote",
    "---",
    "===",
    "=cmd|' /C calc'!A0",
    "$x^2$ $$y$$ \\(z\\)",
    "**bold** _it_ ~~gone~~",
    "&lt;b&gt; &#60; &amp;",
    "\\",
    "a\\|b",
    "{{ 7 * 7 }} {% include 'x' %}",
    '#panic("x") #include "/etc/passwd" ] *b* @label',
    "\u202etxt.exe\x00\x07",
    "[ref]: http://example.com",
    "line\n\n# new block\r\n| a |",
    "x" * 3_000,
)


def texts(value: Any, name: str = "") -> Iterator[str]:
    """Yield every text of a dumped record that a reader sees."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from texts(part, key)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part, name)
    elif isinstance(value, str) and value and name not in LAYOUT:
        yield value


def filled(value: Any, text: str, name: str = "") -> Any:
    """Return a dumped record with every text replaced."""
    if isinstance(value, dict):
        return {key: filled(part, text, key) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, text, name) for part in value]
    return text if isinstance(value, str) and value and name not in LAYOUT else value


def record_of(text: str) -> Record:
    return Record.model_validate(filled(SMALL, text))


SMALL = RECORD.model_dump(mode="json")
for _section in SMALL["sections"]:
    for _block in _section["blocks"]:
        if _block["kind"] == "figure":
            _block["svg"] = "<svg></svg>"


class Tags(HTMLParser):
    """Collects tags with the names of their attributes, and the text between."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, ...]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, *(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def markdown_shape(text: str) -> list[str]:
    tokens = READER.parse(text)
    inner = [child for token in tokens for child in token.children or ()]
    return [t.type for t in (*tokens, *inner) if t.type not in {"text", "text_special"}]


def markdown_text(text: str) -> str:
    return Tags(READER.render(text)).text


def pdf_text(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def packed(text: str) -> str:
    """Return `text` without spaces, so that line breaks of a layout do not matter."""
    return re.sub(r"[\s\u200b]+", "", text)


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return {
        "md": markdown_text(markdown(DRAFT, ASSESSMENT, BOOK, AT)),
        "html": Tags(html(DRAFT, ASSESSMENT, BOOK, AT)).text,
        "pdf": pdf_text(pdf(DRAFT, ASSESSMENT, BOOK, AT)),
    }


@pytest.mark.parametrize("kind", ["md", "html", "pdf"])
def test_all_formats_hold_the_same_facts(kind: str, pages: dict[str, str]) -> None:
    data = RECORD.model_dump(mode="json")
    charts = {
        b[part]
        for s in data["sections"]
        for b in s["blocks"]
        for part in ("alt", "caption")
        if b["kind"] == "figure"
    }
    shown = packed(pages[kind])
    missing = [text for text in texts(data) if text not in charts and packed(text) not in shown]
    assert missing == []


@pytest.mark.parametrize("kind", ["md", "html", "pdf"])
def test_fingerprints_version_and_date_are_in_every_document(
    kind: str, pages: dict[str, str]
) -> None:
    prints = ASSESSMENT.fingerprints
    for part in (prints.proposal, prints.rules, prints.classifier, "version"):
        assert part in packed(pages[kind])
    assert "23November2026,20:25UTC" in packed(pages[kind])


def test_json_is_the_assessment() -> None:
    assert Assessment.model_validate(json.loads(as_json(ASSESSMENT))) == ASSESSMENT


@pytest.mark.parametrize("ending", WRITERS)
def test_the_same_input_gives_the_same_bytes(ending: str) -> None:
    assert WRITERS[ending](DRAFT, ASSESSMENT, BOOK, AT) == WRITERS[ending](
        DRAFT, ASSESSMENT, BOOK, AT
    )


@pytest.mark.parametrize("ending", WRITERS)
def test_nothing_known_still_gives_a_document(ending: str) -> None:
    assert WRITERS[ending](EMPTY_DRAFT, EMPTY, BOOK, AT)


@pytest.mark.parametrize("write", [markdown, html])
def test_an_abstention_says_best_guess(write: Any) -> None:
    assert "Best guess" in write(DRAFT, ABSTAINED, BOOK, AT)
    assert "Best guess" not in write(DRAFT, ASSESSMENT, BOOK, AT)


def test_the_pdf_names_title_pages_and_guess() -> None:
    reader = PdfReader(io.BytesIO(pdf(DRAFT, ABSTAINED, BOOK, AT)))
    assert reader.metadata is not None
    assert reader.metadata.title == f"Best guess: {DRAFT.title}"
    assert f"page 1 of {len(reader.pages)}" in reader.pages[0].extract_text()


def test_html_asks_nothing_of_the_outside() -> None:
    text = html(DRAFT, ASSESSMENT, BOOK, AT)
    tags = {tag for tag, *_ in Tags(text).tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "image", "use"}
    assert "url(" not in text and "@import" not in text
    assert "default-src 'none'" in text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_changes_no_layout(text: str) -> None:
    assert_plain(text)


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1).filter(lambda text: bool(tidy(text))))
def test_free_text_changes_no_layout(text: str) -> None:
    assert_plain(text)


def assert_plain(text: str) -> None:
    record, plain = record_of(text), record_of("word")
    assert markdown_shape(markdown_of(record)) == markdown_shape(markdown_of(plain))
    assert Tags(html_of(record)).tags == Tags(html_of(plain)).tags


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8")) | st.sampled_from(HOSTILE))
def test_escaped_markdown_reads_as_it_was_written(text: str) -> None:
    line = tidy(text)
    assert packed(markdown_text(escape_markdown(line))) == packed(line)


def test_markdown_readers_make_no_addresses_of_text() -> None:
    escaped = escape_markdown("http://a.example www.a.example mailto:a@b.example 20:25")
    assert "http://" not in escaped and "www.a" not in escaped and "mailto:a" not in escaped
    assert escaped.endswith("20:25")


def test_hostile_text_is_only_text_in_the_pdf() -> None:
    text = '#panic("x") #include "/etc/passwd" $x$ ] *b* <label> @ref // \\ `raw` = head'
    assert packed(text) in packed(pdf_text(pdf_of(record_of(text), AT)))


def test_the_longest_fields_make_a_document_of_bounded_length() -> None:
    word, lines = "x" * 20_000, "x\n" * 10_000
    current = Current(model=word, prompt=lines, retrieval=lines)
    answers = dict.fromkeys(DRAFT.answers, word)
    failures = tuple(Failure(id=f"c{n}", input=word, output=word) for n in range(1, 13))
    draft = Draft(
        title=word, description=lines, current=current, answers=answers, failures=failures
    )
    assert len(PdfReader(io.BytesIO(pdf(draft, ASSESSMENT, BOOK, AT))).pages) < 15


def test_any_moment_with_a_zone_will_do() -> None:
    at = AT.astimezone(timezone(timedelta(hours=5, minutes=30))).replace(microsecond=123456)
    created = PdfReader(io.BytesIO(pdf(EMPTY_DRAFT, EMPTY, BOOK, at))).metadata
    assert created is not None and created.creation_date == at.replace(microsecond=0)
