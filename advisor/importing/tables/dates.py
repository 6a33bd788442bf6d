"""When something happened, from the ways in which tools write it down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from advisor.importing.tables.headers import plain_name

NAMES = (
    "timestamp",
    "start_time",
    "start_timestamp",
    "startTimeUnixNano",
    "trace_timestamp",
    "observed_time_unix_nano",
    "created_at",
    "inserted_at",
    "date",
    "datetime",
    "time",
    "day",
    "when",
    "end_time",
    "updated_at",
    "datum",
    "fecha",
)
"""Names of the fields that hold it, the most telling first; case and signs do not matter."""
_PLACES = {plain_name(name): place for place, name in enumerate(NAMES)}
_SCALES = (1, 1_000, 1_000_000, 1_000_000_000)
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
_LONGEST = 40


def when(record: Mapping[str, Any]) -> datetime | None:
    """Return when a record says that it happened, in UTC; None where it does not say."""
    known = [(_PLACES[word], name) for name in record if (word := plain_name(name)) in _PLACES]
    for _, name in sorted(known):
        if (moment := parsed(record[name])) is not None:
            return moment
    return None


def parsed(value: Any) -> datetime | None:
    """Return a moment in UTC: ISO 8601, or seconds to nanoseconds since 1970; else None.

    A time without a zone is taken for UTC. Only the years 1990 to 2099 count.
    """
    if isinstance(value, datetime):
        moment: datetime | None = value
    elif isinstance(value, str):
        text = value.strip()[:_LONGEST]
        moment = _elapsed(float(text)) if text.isdecimal() and text.isascii() else _iso(text)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        moment = _elapsed(value)
    else:
        moment = None
    return _plausible(moment)


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _elapsed(number: float) -> datetime | None:
    """Read a count since 1970 in the one unit that gives a plausible year."""
    for scale in _SCALES:
        if _EARLIEST.timestamp() * scale <= number < _LATEST.timestamp() * scale:
            return datetime.fromtimestamp(number / scale, UTC)
    return None


def _plausible(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        moment = aware.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return moment if _EARLIEST <= moment < _LATEST else None
