"""What Rich lays out for a terminal, as text."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from io import StringIO

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from advisor.core.terminal import one_line


def laid_out(page: RenderableType) -> str:
    """Return a page as text, as wide and as coloured as the terminal takes."""
    text = StringIO()
    Console(file=text, force_terminal=sys.stdout.isatty() or None).print(page)
    return text.getvalue().rstrip("\n")


def line(text: str) -> Text:
    """Return a line that Rich lays out and does not read: no markup, no control letters."""
    return Text(one_line(text))


def headed(title: str, body: RenderableType) -> tuple[RenderableType, ...]:
    """Return something with a heading above it."""
    return Text(f"\n{title}", style="bold"), body


def bullets(title: str, lines: Iterable[str]) -> tuple[RenderableType, ...]:
    """Return a list with a heading; nothing where there is nothing to list."""
    grid = Table.grid(padding=(0, 1))
    for one in lines:
        grid.add_row("•", line(one))
    return headed(title, grid) if grid.rows else ()


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    """Return a table without borders."""
    drawn = Table(box=None, pad_edge=False)
    for heading in headings:
        drawn.add_column(heading)
    for row in rows:
        drawn.add_row(*map(line, row))
    return drawn
