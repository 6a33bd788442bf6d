"""Options that several commands have."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

RulesFolder = Annotated[
    Path | None, typer.Option("--rules", help="Folder with rules; the shipped ones if left out.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text.")]


class ExportFormat(StrEnum):
    """What `advisor export` writes."""

    MARKDOWN = "md"
    HTML = "html"
    PDF = "pdf"
    JSON = "json"
