"""Text from outside: fit for a message, a database and a spreadsheet."""

from __future__ import annotations

import re

_FORMULA = r"['\s]*[=+\-@＝＋－＠]|'*[\t\r\n]"
_LOOKS_LIKE_FORMULA = re.compile(_FORMULA)
_NEUTRALISED = re.compile(f"'(?:{_FORMULA})")


def neutralise(cell: str) -> str:
    """Return `cell` so that no spreadsheet runs it as a formula: an apostrophe goes in front."""
    return f"'{cell}" if _LOOKS_LIKE_FORMULA.match(cell) else cell


def restore(cell: str) -> str:
    """Return the text that `neutralise` was given."""
    return cell[1:] if _NEUTRALISED.match(cell) else cell


def storable(text: str) -> str:
    """Return `text` with halves of surrogate pairs replaced, so that it can be shown."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def shown(name: str) -> str:
    """Return the last part of a file's name, fit for a message; never used as a path."""
    last = re.split(r"[\\/]", storable(name))[-1]
    printable = "".join(letter if letter.isprintable() else " " for letter in last)
    return printable.strip()[-80:] or "file"


def ending(name: str) -> str:
    """Return what stands after the last dot of a file's name, in lower case, or nothing."""
    stem, dot, last = shown(name).rpartition(".")
    return last.lower() if dot and stem else ""
