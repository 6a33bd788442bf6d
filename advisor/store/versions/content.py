"""The content of one version: canonical JSON without the failures, which are kept apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from advisor.core.strict import canonical
from advisor.errors import InputError, Problem, StoreError
from advisor.proposal import Draft, Failure, problems_of
from advisor.store.database.statements import is_plain

CONTENT_LIMIT = 5_000_000
"""Characters in one version, failures aside."""


@dataclass(frozen=True)
class Content:
    """What one version holds: a draft without failures, and the digest of its failures."""

    draft: Draft
    failures: str

    @cached_property
    def text(self) -> str:
        """The draft as canonical JSON: the same content always gives the same text."""
        return canonical(self.draft.model_dump(mode="json", exclude={"failures"}))

    def same(self, other: Content) -> bool:
        """Tell whether two contents are equal; unlike `==` on drafts, 1 is not True here."""
        return (self.text, self.failures) == (other.text, other.failures)

    def fingerprint(self, failures: bytes) -> str:
        """Return `Draft.fingerprint` of the whole, given the canonical JSON of the failures."""
        return fingerprint_of(self.text, failures)

    def whole(self, failures: tuple[Failure, ...]) -> Draft:
        """Return the draft with its failures; ids are there already."""
        return self.draft.model_copy(update={"failures": failures})


def fingerprint_of(text: str, failures: bytes) -> str:
    """Return `Draft.fingerprint` of a draft written without its failures, and these.

    Raises:
        ValueError: the text is no JSON, or no text.
    """
    fields = json.loads(text) | {"failures": None}
    hashed = hashlib.sha256()
    for place, name in enumerate(sorted(fields)):
        hashed.update(f'{"," if place else "{"}"{name}":'.encode())
        hashed.update(failures if name == "failures" else canonical(fields[name]).encode())
    hashed.update(b"}")
    return hashed.hexdigest()


def stored_content(text: str, failures: str) -> Content:
    """Read content back.

    Raises:
        StoreError: this advisor does not understand it.
    """
    try:
        return Content(Draft.model_validate_json(text), failures)
    except ValidationError:
        raise StoreError(
            "This version was written by another version of the advisor and cannot be read."
        ) from None


def checked_content(data: Any, failures: str) -> Content:
    """Check `data` (a draft without failures, from anyone) and return it as content.

    Raises:
        InputError: one problem for each thing that is wrong.
    """
    try:
        content = Content(Draft.model_validate(data), failures)
    except ValidationError as error:
        raise InputError(problems_of(error, "proposal")) from None
    _check_writable(content)
    return content


def _check_writable(content: Content) -> None:
    """Refuse what JSON or a database cannot hold, before either is reached."""
    if not all(is_plain(text) for text in _strings(content.draft)):
        what = "holds a NUL byte or half of a letter"
        raise InputError(Problem("proposal", what, "Type the text again, or save it as UTF-8"))
    try:
        size = len(content.text)
    except ValueError:
        what = "holds a number that cannot be saved"
        raise InputError(Problem("proposal", what, "Type a plain number")) from None
    if size > CONTENT_LIMIT:
        what = f"has {size:,} characters; the limit is {CONTENT_LIMIT:,}"
        raise InputError(Problem("proposal", what, "Shorten it"))


def _strings(draft: Draft) -> Iterator[str]:
    """Yield every text and name; not from JSON, which replaces odd letters in names."""
    pending: list[Any] = [draft.model_dump(exclude={"failures"})]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            pending += [*item, *item.values()]
        elif isinstance(item, tuple):
            pending += item
