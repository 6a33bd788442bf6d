"""Plain text from whatever a cell or a JSON value holds."""

from __future__ import annotations

import json
import math
from typing import Any

from advisor.errors import InputError, Problem
from advisor.importing.tables.import_result import FILE_LIMIT, MEGABYTE


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
