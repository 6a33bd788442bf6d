"""Plain text from whatever a cell or a JSON value holds."""

from __future__ import annotations

import json
import math
from typing import Any


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
