"""Plain text from whatever a cell or a JSON value holds."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from advisor.errors import InputError, Problem
from advisor.importing.tables.import_result import FILE_LIMIT, MEGABYTE

_FORMULA = r"['\s]*[=+\-@＝＋－＠]|'*[\t\r\n]"
_LOOKS_LIKE_FORMULA = re.compile(_FORMULA)
_NEUTRALISED = re.compile(f"'(?:{_FORMULA})")


def neutralise(cell: str) -> str:
    """Return `cell` so that no spreadsheet runs it as a formula: an apostrophe goes in front."""
    return f"'{cell}" if _LOOKS_LIKE_FORMULA.match(cell) else cell


def restore(cell: str) -> str:
    """Return the text that `neutralise` was given."""
    return cell[1:] if _NEUTRALISED.match(cell) else cell


def as_text(value: Any) -> str:
    """Return a cell as text: nested JSON compact, missing values and NaN as nothing.

    Raises:
        ValueError: the value is nested too deep to be written down.
    """
    if isinstance(value, str):
        return value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return compact(value)


def compact(value: Any) -> str:
    """Return `value` as JSON on one line.

    Raises:
        ValueError: it is nested too deep.
    """
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        raise ValueError("is nested too deep to be read") from None


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


def check_size(where: str, size: int, limit: int = FILE_LIMIT) -> None:
    """Refuse an empty or an oversized file.

    Raises:
        InputError: with the size and the limit.
    """
    if size == 0:
        raise InputError(Problem(where, "is empty", "Choose a file that holds something"))
    if size > limit:
        raise InputError(
            Problem(
                where,
                f"has {size / MEGABYTE:,.1f} MB; the limit is {limit // MEGABYTE} MB",
                "Split it, or keep a sample of the rows",
            )
        )
