"""Spans taken out of the batches in which OpenTelemetry writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_WRAPPERS = (
    "resourceSpans",
    "resource_spans",
    "batches",
    "scopeSpans",
    "scope_spans",
    "instrumentationLibrarySpans",
    "spans",
)
BATCHES = _WRAPPERS[:3]
"""Names of the list that a whole batch of spans stands under."""


def spread(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Give each span of a batch; any other record as it is."""
    for name in _WRAPPERS:
        inner = record.get(name)
        if isinstance(inner, list) and all(isinstance(item, Mapping) for item in inner):
            for item in inner:
                yield from [item] if name == "spans" else spread(item)
            return
    yield record
