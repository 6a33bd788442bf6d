"""Documents of one recommendation: Markdown, HTML, PDF and JSON, all from the same record."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from advisor.documents.recommendation import build
from advisor.documents.record import Record
from advisor.domain.assessment import Assessment
from advisor.proposal import Draft
from advisor.rules import RuleBook

_TEMPLATES = Path(__file__).parent / "templates"
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
_SPECIAL = re.compile(
    r"[\\`*_{}\[\]#|~$<>&^@]"  # marks anywhere
    r"|^[-+=]"  # lists, headings
    r"|(?<!\d):(?=\S)|(?<=\b[wW]{3})\."  # addresses that readers turn into links
)
_NUMBERED = re.compile(r"^(\d+)([.)])")
_LONG_WORD = re.compile(r"(\S{24})(?=\S)")


def markdown(draft: Draft, assessment: Assessment, book: RuleBook, at: datetime) -> str:
    """Return the recommendation as Markdown; whatever a user wrote stays plain text."""
    return markdown_of(build(draft, assessment, book, at))


def html(draft: Draft, assessment: Assessment, book: RuleBook, at: datetime) -> str:
    """Return the recommendation as one HTML file without scripts and outside requests."""
    return html_of(build(draft, assessment, book, at))


def pdf(draft: Draft, assessment: Assessment, book: RuleBook, at: datetime) -> bytes:
    """Return the recommendation as PDF on A4; the same input gives the same bytes."""
    return pdf_of(build(draft, assessment, book, at), at)


def markdown_of(record: Record) -> str:
    """Return a record as Markdown."""
    return _environment().get_template("record.md.jinja").render(record=record)


def html_of(record: Record) -> str:
    """Return a record as one HTML file."""
    css = Markup((_TEMPLATES / "record.css").read_text(encoding="utf-8"))
    return _environment().get_template("record.html.jinja").render(record=record, css=css)


def pdf_of(record: Record, at: datetime) -> bytes:
    """Return a record as PDF; `at` is its creation date."""
    data = record.model_dump(mode="json")
    content = {name: value if name == "origin" else _soft(value) for name, value in data.items()}
    return bytes(
        typst.compile(
            (_TEMPLATES / "record.typ").read_bytes(),
            sys_inputs={"record": json.dumps(content)},
            ignore_system_fonts=True,
            timestamp=at.replace(microsecond=0),
        )
    )


def as_json(assessment: Assessment) -> str:
    """Return the assessment as the command line prints it, indented."""
    return json.dumps(assessment.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"


def escape_markdown(text: str) -> str:
    """Return `text` such that no Markdown reader sees markup, links or formulas in it."""
    marked = _SPECIAL.sub(lambda found: _ENTITIES.get(found[0], f"\\{found[0]}"), text)
    return _NUMBERED.sub(r"\1\\\2", marked)


def _solid(text: str) -> str:
    """Keep figures and their percent sign on one line."""
    return re.sub(r"(?<=\d) %", "\u00a0%", text)


def _soft(value: Any) -> Any:
    """Allow a line break inside very long words, so that none runs off the page."""
    if isinstance(value, dict):
        return {name: part if name == "svg" else _soft(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_soft(part) for part in value]
    return _LONG_WORD.sub("\\1\u200b", value) if isinstance(value, str) else value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=lambda name: name is not None and name.endswith(".html.jinja"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["md"] = escape_markdown
    environment.filters["solid"] = _solid
    return environment


Writer = Callable[[Draft, Assessment, RuleBook, datetime], bytes]

WRITERS: dict[str, Writer] = {
    "pdf": pdf,
    "html": lambda *given: html(*given).encode(),
    "md": lambda *given: markdown(*given).encode(),
    "json": lambda draft, assessment, book, at: as_json(assessment).encode(),
}
"""How to write each format, by the ending of the file; what most people want comes first."""
