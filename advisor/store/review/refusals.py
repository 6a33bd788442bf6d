"""Attempts that are refused stand in the trail too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from advisor.domain.trail import Event
from advisor.errors import AdvisorError, ConflictError, InputError, NotAllowedError
from advisor.store.database import audit_trail
from advisor.store.review.write_rights import REFUSED

if TYPE_CHECKING:
    from advisor.store import Store

__all__ = ["REFUSED", "refusals_told"]


@contextmanager
def refusals_told(store: Store, attempt: Event) -> Iterator[None]:
    """Record `attempt` if what happens inside is refused; put the transaction inside.

    What failed for other reasons, such as a database that is down, is no refusal.
    """
    try:
        yield
    except (NotAllowedError, ConflictError, InputError) as error:
        detail = {**attempt.detail, "because": _because(error)}
        with store.database.write() as connection:
            audit_trail.append(connection, replace(attempt, detail=detail))
        raise


def _because(error: AdvisorError) -> str:
    """Return why in one word: the sentence may name people."""
    if isinstance(error, NotAllowedError):
        return error.why
    return "conflict" if isinstance(error, ConflictError) else "incomplete"
