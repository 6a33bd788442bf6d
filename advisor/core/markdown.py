"""Texts of other people as Markdown that shows them as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
JOINER = "\u2060"  # invisible; without it a browser makes links of addresses
SPECIAL = "\\`*_{}[]()#+-.!|<>~$:^=&@"


def plain(text: str) -> str:
    """Escape Markdown so that a user's text is shown as typed.

    Letters that turn the direction of writing are dropped, and addresses do not become links.
    """
    kept = "".join(letter for letter in text if letter not in TURNING)
    apart = kept.replace("://", f":{JOINER}//").replace("www.", f"www{JOINER}.")
    return "".join(f"\\{letter}" if letter in SPECIAL else letter for letter in apart)


def verbatim(text: str) -> str:
    """Return Markdown that shows a user's text as typed, its lines and indents included."""
    lines = (line.expandtabs(4) for line in text.splitlines())
    indented = ((len(line) - len(line.lstrip(" ")), line) for line in lines)
    return "  \n".join("\u00a0" * depth + plain(line[depth:]) for depth, line in indented)
